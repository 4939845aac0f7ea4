//! GetLastError of what a session opens.

use crate::support::{code, id, letter, logoff, logon, raw_code, raw_logon, value};
use mapi_session::error::MapiError;
use mapi_session::flags::{MsgServiceFlags, ProfileSectionFlags};
use mapi_session::memory::{Folder, Memory, Profile, ProviderAnswer, ProviderCall, Service, Store};
use mapi_session::property::{PropTag, Property};
use mapi_session::subsystem::{RawEntry, RawMsgStore, RawObject, RawProp, RawSession};
use mapi_session::{
    EntryId, Error, HResult, LogonFlags, MapiUid, OpenEntryFlags, OpenStoreFlags, UiParam,
};

fn memory() -> Memory {
    let inbox = Folder::new("Inbox").message(letter("Hello"));
    let mailbox = Store::new("Mailbox").default_store().folder(inbox);
    let profile = Profile::new("Outlook").store(mailbox);
    let mail = Service::new("Mail");
    let builder = Memory::builder().profile(profile).installed_service(mail);
    builder.build().unwrap()
}

const NOBODYS: [u8; 24] = [0xFE; 24];

// M16: each object knows its own last failure, and the session none of them.
#[test]
fn each_object_knows_its_own_last_failure() {
    let memory = memory();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let open = || {
        session
            .open_msg_store(&mailbox, OpenStoreFlags::empty())
            .unwrap()
    };
    let (store, other) = (open(), open());
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let nobodys = EntryId::new(NOBODYS);
    let uid = MapiUid::new([1; 16]);
    session
        .open_profile_section(uid, ProfileSectionFlags::MODIFY)
        .unwrap()
        .set_props(&[Property::new(PropTag::DISPLAY_NAME, "x")])
        .unwrap();
    let section = session
        .open_profile_section(uid, ProfileSectionFlags::empty())
        .unwrap();
    let admin = session.admin_services().unwrap();

    let check = |error: Error, last: &dyn Fn(HResult) -> Result<Option<MapiError>, Error>| {
        let known = last(error.hresult()).unwrap().unwrap();
        assert_eq!(Some(known.error()), error.reason());
        assert_eq!(known.component(), "mapi-session");
        assert_eq!(last(HResult::MAPI_E_TIMEOUT).unwrap(), None);
        assert_eq!(session.last_error(error.hresult()).unwrap(), None);
    };
    let error = store
        .open_entry(&nobodys, OpenEntryFlags::empty())
        .unwrap_err();
    check(error.clone(), &|it| store.last_error(it));
    assert_eq!(other.last_error(error.hresult()).unwrap(), None);
    let entry = session.open_entry(&hello, OpenEntryFlags::empty()).unwrap();
    let refused = entry.into_message().unwrap().submit().unwrap_err();
    let error = refused.error().clone();
    let message = refused.into_inner();
    check(error, &|it| message.last_error(it));
    let error = admin.delete_msg_service(uid).unwrap_err();
    check(error, &|it| admin.last_error(it));
    let error = section.delete_props(&[PropTag::DISPLAY_NAME]).unwrap_err();
    check(error, &|it| section.last_error(it));
    // A success with a warning is known too.
    let computed = Property::new(PropTag::PROFILE_NAME, "x");
    let service =
        admin.create_msg_service_ex("Mail", "Mail", UiParam::NONE, MsgServiceFlags::empty());
    admin
        .configure_msg_service(service.unwrap(), &[computed])
        .unwrap();
    let warned = HResult::MAPI_W_ERRORS_RETURNED;
    let known = admin.last_error(warned).unwrap().unwrap();
    assert!(known.error().contains("0x3D12001F"), "{known:?}");

    // A success changes nothing; nor does a property that is missing.
    store.info().unwrap();
    store.props(&[PropTag::SUBJECT]).unwrap();
    assert!(
        store
            .last_error(HResult::MAPI_E_UNKNOWN_ENTRYID)
            .unwrap()
            .is_some()
    );
    drop((store, other, message, section, admin));
    logoff(session);
}

// M16: a provider says what MAPIERROR holds; of an opening, to the session.
#[test]
fn what_a_provider_says_of_its_failure_is_told() {
    let said = MapiError::new("The server is down.")
        .with_component("EMSMDB")
        .with_low_level_error(0x6BA)
        .with_context(0x2C9);
    let answer = ProviderAnswer::new(HResult::MAPI_E_NETWORK_ERROR);
    assert_eq!(answer.error(), None);
    assert_eq!(answer.with_error(said.clone()).error(), Some(&said));
    let says = said.clone();
    let store = Store::new("Mailbox").hook(move |call| match call {
        ProviderCall::Open => {
            ProviderAnswer::new(HResult::MAPI_E_NETWORK_ERROR).with_error(says.clone())
        }
        _ => ProviderAnswer::from(HResult::S_OK),
    });
    let profile = Profile::new("Outlook").store(store);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let opened = session.open_msg_store(&mailbox, OpenStoreFlags::empty());
    let network = HResult::MAPI_E_NETWORK_ERROR;
    assert_eq!(code(opened), network);
    assert_eq!(session.last_error(network).unwrap(), Some(said.clone()));

    // One that opens in spite of it knows why each of its uses fails.
    let deferred = OpenStoreFlags::DEFERRED_ERRORS;
    let store = session.open_msg_store(&mailbox, deferred).unwrap();
    assert_eq!(code(store.info()), network);
    assert_eq!(store.last_error(network).unwrap(), Some(said));
    drop(store);
    logoff(session);
}

// M16, O2: the flags are checked; and nothing is told of what is gone.
#[test]
fn the_raw_calls_check_their_flags_and_that_the_object_is_there() {
    let memory = memory();
    let session = raw_logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let best = OpenStoreFlags::BEST_ACCESS.bits();
    let open =
        || value(session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), best)).unwrap();
    let (store, ended) = (open(), open());
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let flags = OpenEntryFlags::MODIFY.bits();
    let opened = value(session.open_entry(Some(hello.as_bytes()), flags)).unwrap();
    let RawEntry::Object(_, message) = opened else {
        panic!("a store");
    };
    let of = HResult::MAPI_E_UNKNOWN_ENTRYID;
    assert_eq!(raw_code(store.open_entry(Some(&NOBODYS), 0)), of);
    for bit in (0..32).map(|bit| 1 << bit) {
        let expected = match bit == LogonFlags::UNICODE.bits() {
            true => HResult::S_OK,
            false => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        assert_eq!(raw_code(store.last_error(of, bit)), expected);
        assert_eq!(raw_code(message.last_error(of, bit)), expected);
        // A flag that is refused is no last failure.
        assert!(value(store.last_error(of, 0)).unwrap().is_some());
    }
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(raw_code(ended.store_logoff(1)), HResult::S_OK);
    assert_eq!(raw_code(ended.last_error(of, 0)), gone);
    assert_eq!(raw_code(message.submit_message(0)), HResult::S_OK);
    assert_eq!(raw_code(message.last_error(of, 0)), gone);
    assert_eq!(raw_code(session.logoff(UiParam::NONE, 0, 0)), HResult::S_OK);
    assert_eq!(raw_code(store.last_error(of, 0)), gone);
}
