//! Entry identifiers: their bytes and their text, and what a session does with those that are cut,
//! changed, or made up.

use std::str::FromStr;

use arbitrary::{Result, Unstructured};
use mapi_session::error::Success;
use mapi_session::memory::{AddressBook, Folder, Memory, MemorySession, Profile, Store, Transport};
use mapi_session::subsystem::{RawEntry, RawProp, RawResult, RawSession, Subsystem};
use mapi_session::types::ObjectType;
use mapi_session::{EntryId, HResult, LogonFlags, Notification, UiParam};

const INVALID_ENTRYID: HResult = HResult::MAPI_E_INVALID_ENTRYID;
const UNKNOWN_ENTRYID: HResult = HResult::MAPI_E_UNKNOWN_ENTRYID;

/// A text, and then three identifiers of what the session has, or like them.
pub(crate) fn body(data: &[u8]) {
    check_text(&String::from_utf8_lossy(data));
    let memory = memory();
    let session = logon(&memory);
    let known = known(&memory, &session);
    let mut u = Unstructured::new(data);
    if let Ok(ids) = three(&mut u, &known) {
        ids.iter().for_each(check_bytes);
        for id in &ids {
            check_openings(&session, id);
        }
        check_comparisons(&session, &ids);
    }
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    assert_eq!(memory.open_sessions(), 0);
}

fn memory() -> Memory {
    let inbox = Folder::new("Inbox")
        .message("Hello")
        .folder(Folder::new("Deep").read_only());
    let profile = Profile::new("P")
        .store(Store::new("Mailbox").default_store().folder(inbox))
        .store(Store::new("Archive").read_only().folder(Folder::new("Old")))
        .address_book(AddressBook::new("Contacts").mail_user("Ana"))
        .transport(Transport::new("Mail").primary_identity("Ana"));
    let outside = Store::new("Delegate").folder(Folder::new("Inbox"));
    let builder = Memory::builder().profile(profile).store_outside(outside);
    builder.build().unwrap()
}

fn logon(memory: &Memory) -> MemorySession {
    memory.initialize(0, 0).unwrap();
    let flags = (LogonFlags::NEW_SESSION | LogonFlags::EXTENDED).bits();
    let session = memory.logon_ex(UiParam::NONE, Some("P"), None, flags);
    session.unwrap().ignore_warning()
}

fn known(memory: &Memory, session: &MemorySession) -> Vec<EntryId> {
    const PATHS: [&[&str]; 8] = [
        &["Mailbox"],
        &["Mailbox", "Inbox"],
        &["Mailbox", "Inbox", "Hello"],
        &["Mailbox", "Inbox", "Deep"],
        &["Archive"],
        &["Archive", "Old"],
        &["Contacts"],
        &["Contacts", "Ana"],
    ];
    let inside = PATHS.map(|path| memory.entry_id("P", path).unwrap());
    let outside = memory.store_outside(&["Delegate", "Inbox"]).unwrap();
    let status = session.status_table(0).unwrap().ignore_warning();
    let status = status.into_iter().map(|row| row.entry_id().clone());
    let identity = session.query_identity().unwrap().ignore_warning();
    inside
        .into_iter()
        .chain(status)
        .chain([outside, identity])
        .collect()
}

fn three(u: &mut Unstructured<'_>, known: &[EntryId]) -> Result<[EntryId; 3]> {
    Ok([like(u, known)?, like(u, known)?, like(u, known)?])
}

fn like(u: &mut Unstructured<'_>, known: &[EntryId]) -> Result<EntryId> {
    let mut bytes = match known.get(u.choose_index(known.len() + 1)?) {
        Some(id) => id.as_bytes().to_vec(),
        None => u.arbitrary::<Vec<u8>>()?,
    };
    for _ in 0..u.int_in_range(0..=2)? {
        let at = u.choose_index(bytes.len() + 1)?;
        match u.int_in_range(0..=3)? {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, u.arbitrary()?),
            // The flags
            2 if bytes.len() >= 4 => bytes[..4].copy_from_slice(&u.arbitrary::<[u8; 4]>()?),
            _ if at < bytes.len() => bytes[at] ^= 1 << u.int_in_range(0..=7)?,
            _ => {}
        }
    }
    Ok(EntryId::new(bytes))
}

fn check_text(text: &str) {
    let is_hex = text.len() % 2 == 0 && text.bytes().all(|it| it.is_ascii_hexdigit());
    match EntryId::from_str(text) {
        Ok(id) => {
            assert!(is_hex, "{text:?}");
            assert_eq!(id.to_string(), text.to_ascii_uppercase());
        }
        Err(error) => {
            assert!(!is_hex, "{text:?}");
            let start: String = text.chars().take(80).collect();
            assert!(error.to_string().starts_with(&format!("{start:?}")));
        }
    }
}

fn check_bytes(id: &EntryId) {
    let bytes = id.as_bytes();
    for text in [id.to_string(), id.to_string().to_lowercase()] {
        assert_eq!(text.parse().as_ref(), Ok(id));
    }
    let uid = id.provider_uid().map(|it| it.as_bytes().to_vec());
    assert_eq!(uid.as_deref(), bytes.get(4..20));
}

/// M2, M5, N10
fn check_openings(session: &MemorySession, id: &EntryId) {
    let bytes = Some(id.as_bytes());
    let is_short = id.as_bytes().len() < 20;
    let store = session.open_msg_store(UiParam::NONE, bytes, 0);
    let advised = session.advise(bytes, 2, |_: &Notification| {});
    let opened = session.open_entry(bytes, 0);
    if is_short {
        assert_eq!(code(&store), INVALID_ENTRYID);
        assert_eq!(code(&advised), INVALID_ENTRYID);
        let of_entry = match id.as_bytes() {
            [] => INVALID_ENTRYID,
            _ => UNKNOWN_ENTRYID,
        };
        assert_eq!(code(&opened), of_entry);
    }
    if let Ok(advised) = advised {
        session.unadvise(advised.ignore_warning()).unwrap();
    }
    let Ok(opened) = opened else {
        assert!(store.is_err());
        return;
    };
    let (object_type, info) = match opened.ignore_warning() {
        RawEntry::MsgStore(it) => (ObjectType::STORE, it.info()),
        RawEntry::Object(object_type, it) => (object_type, it.info()),
    };
    assert_eq!(store.is_ok(), object_type == ObjectType::STORE);
    // What was opened is what was asked for.
    let info = info.unwrap().ignore_warning();
    assert_eq!(info.object_type(), object_type);
    let own = Some(info.entry_id().as_bytes());
    let compared = session.compare_entry_ids(own, bytes, 0);
    assert!(compared.unwrap().ignore_warning());
}

/// M6: it is an equivalence.
fn check_comparisons(session: &MemorySession, ids: &[EntryId; 3]) {
    let compare = |one: &EntryId, other: &EntryId| {
        let (one, other) = (Some(one.as_bytes()), Some(other.as_bytes()));
        let compared = session.compare_entry_ids(one, other, 0);
        compared
            .map(Success::ignore_warning)
            .map_err(|it| it.hresult())
    };
    for one in ids {
        let of_itself = compare(one, one);
        assert!(
            matches!(of_itself, Ok(true) | Err(UNKNOWN_ENTRYID)),
            "{of_itself:?}"
        );
        for other in ids {
            let both = compare(one, other);
            assert_eq!(both, compare(other, one));
            if both.is_ok() {
                assert_eq!((of_itself, compare(other, other)), (Ok(true), Ok(true)));
            }
            for third in ids {
                if both == Ok(true) {
                    assert_eq!(compare(one, third), compare(other, third));
                }
            }
        }
    }
}

fn code<T>(result: &RawResult<T>) -> HResult {
    match result {
        Ok(success) => success.hresult(),
        Err(failure) => failure.hresult(),
    }
}
