//! Flag words: those of a type, and as the calls take them that it is for.

use arbitrary::{Result, Unstructured};
use mapi_session::flags::{
    AddressBookFlags, FlushFlags, FuzzyLevel, InitFlags, MsgServiceFlags, ObjectAccess,
    ProfileFlags, ProfileSectionFlags, ReadFlags, ResourceFlags, ResourceMethods, ServiceFlags,
    SettingsFlags, ShowFormFlags, StatusCode, StoreLogoffFlags, StoreSupportMask, ValidateFlags,
};
use mapi_session::memory::{AddressBook, Memory, Profile, Store};
use mapi_session::subsystem::{
    InvalidArgument, RawResult, RawSession, Subsystem, check_flags, check_logoff, check_zero,
    refuses_logoff,
};
use mapi_session::{
    EventMask, HResult, LogoffFlags, LogonFlags, MapiUid, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
};

/// Every four bytes are a word. The first few are passed to the calls too.
pub(crate) fn body(data: &[u8]) {
    let mut u = Unstructured::new(data);
    for count in 0..16 {
        let Ok(bits) = word(&mut u) else { break };
        check_types(bits);
        if count < 2 {
            check_calls(bits);
        }
    }
}

/// A few bits, or any.
fn word(u: &mut Unstructured<'_>) -> Result<u32> {
    if u.is_empty() {
        return Err(arbitrary::Error::NotEnoughData);
    }
    let bit = |u: &mut Unstructured<'_>| Ok(1 << u.int_in_range(0..=31)?);
    match u.int_in_range(0..=2)? {
        0 => bit(u),
        1 => Ok(bit(u)? | bit(u)? | bit(u)?),
        _ => u.arbitrary(),
    }
}

macro_rules! check_types {
    ($bits:ident: $($Flags:ident)*) => {$(
        let flags = $Flags::from_bits_retain($bits);
        assert_eq!(flags, $Flags::from($bits));
        assert_eq!((flags.bits(), u32::from(flags)), ($bits, $bits));
        check($bits, $Flags::all().bits());
    )*};
}

fn check_types(bits: u32) {
    check_types! { bits:
        AddressBookFlags EventMask FlushFlags FuzzyLevel InitFlags LogoffFlags LogonFlags
        MsgServiceFlags ObjectAccess OpenEntryFlags OpenStoreFlags ProfileFlags
        ProfileSectionFlags ReadFlags ResourceFlags ResourceMethods ServiceFlags SettingsFlags
        ShowFormFlags StatusCode StoreLogoffFlags StoreSupportMask ValidateFlags
    }
    let logoff = LogoffFlags::from(bits);
    for reserved in [0, bits] {
        let expected = check_flags(bits, LogoffFlags::all().bits())
            .and_then(|()| check_zero("ulReserved", reserved));
        assert_eq!(check_logoff(bits, reserved), expected.map(|()| logoff));
    }
}

/// Exactly the undefined bits are refused, by name.
fn check(bits: u32, defined: u32) {
    match check_flags(bits, defined) {
        Ok(()) => assert_eq!(bits | defined, defined),
        Err(refused) => {
            let InvalidArgument::UndefinedBits {
                bits: undefined, ..
            } = refused
            else {
                panic!("{refused:?}");
            };
            assert_ne!(undefined, 0);
            assert_eq!(undefined & defined, 0);
            assert_eq!(undefined | bits & defined, bits);
            assert!(refused.to_string().contains(&format!("{undefined:#010X}")));
            assert_eq!(refused.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
        }
    }
}

/// The calls say MAPI_E_UNKNOWN_FLAGS to undefined bits, and to no others (I3, L7, E6).
fn check_calls(bits: u32) {
    let profile = Profile::new("P").store(Store::new("Mailbox"));
    let profile = profile.address_book(AddressBook::new("Contacts"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mailbox = memory.entry_id("P", &["Mailbox"]).unwrap();
    let mailbox = Some(mailbox.as_bytes());
    let (none, uid) = (UiParam::NONE, MapiUid::default());

    // A thread of its own for each input takes too long.
    let without_thread = bits & !InitFlags::MULTITHREAD_NOTIFICATIONS.bits();
    let initialized = refuses(Memory::default().initialize(0, without_thread));
    assert_eq!(initialized, has_undefined(bits, InitFlags::all().bits()));
    memory.initialize(0, 0).unwrap();
    let logged_on = memory.logon_ex(none, Some("P"), None, bits);
    assert_eq!(
        refuses(logged_on),
        has_undefined(bits, LogonFlags::all().bits())
    );

    let new = (LogonFlags::NEW_SESSION | LogonFlags::EXTENDED).bits();
    let session = memory.logon_ex(none, Some("P"), None, new).unwrap();
    let session = session.ignore_warning();
    let sink = |_: &Notification| {};
    let calls = [
        (
            OpenStoreFlags::all().bits(),
            refuses(session.open_msg_store(none, mailbox, bits)),
        ),
        (
            OpenEntryFlags::all().bits(),
            refuses(session.open_entry(mailbox, bits)),
        ),
        (
            AddressBookFlags::all().bits(),
            refuses(session.open_address_book(none, bits)),
        ),
        (
            ProfileSectionFlags::all().bits(),
            refuses(session.open_profile_section(uid, bits)),
        ),
        (
            EventMask::all().bits(),
            refuses(session.advise(mailbox, bits, sink)),
        ),
    ];
    for (call, (defined, refused)) in calls.into_iter().enumerate() {
        assert_eq!(refused, has_undefined(bits, defined), "{call}: {bits:#X}");
    }

    // E6, E8
    let refused = check_logoff(bits, 0).err().map(|it| it.hresult());
    let logged_off = session.logoff(none, bits, 0).err().map(|it| it.hresult());
    match refused {
        Some(_) => assert_eq!(logged_off, refused),
        // Nobody answers the dialog.
        None if bits & LogoffFlags::UI.bits() != 0 => {
            assert_eq!(logged_off, Some(HResult::MAPI_E_USER_CANCEL));
        }
        None => assert_eq!(logged_off, None),
    }
    let is_open = logged_off.is_some_and(refuses_logoff);
    assert_eq!(memory.open_sessions(), usize::from(is_open));
    drop(session);
    assert_eq!(memory.open_sessions(), 0);
}

fn refuses<T>(result: RawResult<T>) -> bool {
    result.is_err_and(|failure| failure.hresult() == HResult::MAPI_E_UNKNOWN_FLAGS)
}

fn has_undefined(bits: u32, defined: u32) -> bool {
    bits & !defined != 0
}
