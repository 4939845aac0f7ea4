//! Rules M3, M5, M6, M10, O2 and O3: entries and the address book, opened and compared; the last
//! error; and what is left of it all after the logoff.

use std::sync::{Arc, Mutex, OnceLock, mpsc};

use crate::support::{Profiles, code, id, letter, logoff, logon, raw_code, raw_logon};
use mapi_session::error::{Call, CallError, Failure, Warning};
use mapi_session::flags::{AddressBookFlags, StoreLogoffFlags};
use mapi_session::memory::{
    AddressBook, Answer, Dialog, Folder, Memory, MemoryMsgStore, MemoryObject, MemorySession,
    Profile, ProviderCall, Question, Service, Store, Transport,
};
use mapi_session::notification::{Connection, ExtendedEvent};
use mapi_session::property::{PropTag, Property};
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProfileSection, RawProp, RawResult, RawServiceAdmin,
    RawSession, Subsystem,
};
use mapi_session::types::{DefaultStore, FormMessage, FormToken, ObjectType};
use mapi_session::{
    EntryId, EventMask, HResult, LogonRequest, Mapi, MapiUid, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
};
use proptest::prelude::*;

const DESK: UiParam = UiParam::new(0xDE5C);
const UNICODE: u32 = 0x8000_0000;
const SECTION: MapiUid = MapiUid::new([0x5E; 16]);

const READ: OpenEntryFlags = OpenEntryFlags::empty();
const MODIFY: OpenEntryFlags = OpenEntryFlags::MODIFY;
const BEST: OpenEntryFlags = OpenEntryFlags::BEST_ACCESS;
const DEFERRED: OpenEntryFlags = OpenEntryFlags::DEFERRED_ERRORS;

const INVALID: HResult = HResult::MAPI_E_INVALID_ENTRYID;
const UNKNOWN: HResult = HResult::MAPI_E_UNKNOWN_ENTRYID;
const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;
const NO_ACCESS: HResult = HResult::MAPI_E_NO_ACCESS;

fn memory() -> Memory {
    let inbox = Folder::new("Inbox")
        .message(letter("Hello"))
        .folder(Folder::new("Old").message(letter("Bye")));
    let mailbox = Store::new("Mailbox").default_store().folder(inbox);
    let archive = Store::new("Archive").read_only();
    let profile = Profile::new("Outlook")
        .store(mailbox)
        .store(archive.folder(Folder::new("1999").message(letter("Y2K"))))
        .store(Store::new("Vault").unconfigured())
        .address_book(AddressBook::new("Contacts").mail_user("Ann").identity("Me"))
        .transport(
            Transport::new("SMTP")
                .address_type("SMTP")
                .identity("Sender"),
        );
    let home = Profile::new("Home").store(Store::new("Elsewhere").folder(Folder::new("Inbox")));
    Memory::builder()
        .profile(profile)
        .profile(home)
        .installed_service(Service::new("Fax"))
        .build()
        .unwrap()
}

// M5
#[test]
fn an_entry_is_opened_as_what_it_is() {
    let memory = memory();
    let session = logon(&memory);
    for (path, object_type, parent) in [
        (
            &["Mailbox", "Inbox", "Hello"][..],
            ObjectType::MESSAGE,
            Some(&["Mailbox", "Inbox"][..]),
        ),
        (
            &["Mailbox", "Inbox", "Old"],
            ObjectType::FOLDER,
            Some(&["Mailbox", "Inbox"]),
        ),
        (
            &["Mailbox", "Inbox", "Old", "Bye"],
            ObjectType::MESSAGE,
            Some(&["Mailbox", "Inbox", "Old"]),
        ),
        (
            &["Archive", "1999", "Y2K"],
            ObjectType::MESSAGE,
            Some(&["Archive", "1999"]),
        ),
        (&["Mailbox"], ObjectType::STORE, None),
        (&["Archive"], ObjectType::STORE, None),
        (&["Contacts"], ObjectType::ADDRESS_BOOK_CONTAINER, None),
        (
            &["Contacts", "Ann"],
            ObjectType::MAIL_USER,
            Some(&["Contacts"]),
        ),
        (
            &["Contacts", "Me"],
            ObjectType::MAIL_USER,
            Some(&["Contacts"]),
        ),
    ] {
        let entry_id = id(&memory, path);
        let entry = session.open_entry(&entry_id, READ).unwrap();
        let info = entry.info().unwrap();
        assert_eq!(info.entry_id(), &entry_id, "{path:?}");
        assert_eq!(info.object_type(), object_type, "{path:?}");
        assert_eq!(Some(&info.display_name()), path.last());
        assert_eq!(
            info.parent_id(),
            parent.map(|path| id(&memory, path)).as_ref(),
            "{path:?}"
        );
        assert!(!info.is_writable());
        // The type that comes with it says the same as the object.
        let of_variant = match &entry {
            mapi_session::Entry::MsgStore(_) => ObjectType::STORE,
            mapi_session::Entry::Folder(object) => object.object_type(),
            mapi_session::Entry::Message(object) => object.object_type(),
            mapi_session::Entry::Object(object) => object.object_type(),
            other => panic!("{other:?}"),
        };
        assert_eq!(of_variant, object_type);
    }
    logoff(session);
}

// M5: status objects and the address book, which are MAPI's own.
#[test]
fn what_mapi_provides_is_opened_for_reading() {
    let memory = memory();
    let session = logon(&memory);
    let mut own: Vec<_> = session
        .status_table()
        .unwrap()
        .into_iter()
        .map(|row| (row.entry_id().clone(), ObjectType::STATUS))
        .collect();
    assert_eq!(own.len(), 8);
    let book = session
        .open_address_book(UiParam::NONE, AddressBookFlags::empty())
        .unwrap();
    own.push((
        book.info().unwrap().entry_id().clone(),
        ObjectType::ADDRESS_BOOK,
    ));
    drop(book);
    for (entry_id, object_type) in own {
        for flags in [READ, BEST] {
            let info = session
                .open_entry(&entry_id, flags)
                .unwrap()
                .info()
                .unwrap();
            assert_eq!(
                (info.object_type(), info.is_writable()),
                (object_type, false)
            );
            assert_eq!(info.entry_id(), &entry_id);
        }
        // By status-object-implementation a status object is then opened for reading.
        let modified = session.open_entry(&entry_id, MODIFY);
        match object_type {
            ObjectType::STATUS => assert!(!modified.unwrap().info().unwrap().is_writable()),
            _ => assert_eq!(code(modified), NO_ACCESS),
        }
        // There is no other that begins like it.
        let mut longer = entry_id.as_bytes().to_vec();
        longer.push(0);
        assert_eq!(
            code(session.open_entry(&EntryId::new(&longer[..]), READ)),
            NOT_FOUND
        );
        longer[23] = 0x77;
        assert_eq!(
            code(session.open_entry(&EntryId::new(&longer[..24]), READ)),
            NOT_FOUND
        );
    }
    logoff(session);
}

// M5
#[test]
fn what_is_no_entry_is_told_apart_by_the_code() {
    let memory = memory();
    let session = logon(&memory);
    let raw = raw_logon(&memory);
    let foreign = memory.entry_id("Home", &["Elsewhere", "Inbox"]).unwrap();
    let with =
        |entry_id: &EntryId, rest: &[u8]| EntryId::new([&entry_id.as_bytes()[..20], rest].concat());
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let contacts = id(&memory, &["Contacts"]);
    let mut cases = vec![
        (hello.clone(), HResult::S_OK),
        (EntryId::new([]), INVALID),
        (foreign, UNKNOWN),
        (EntryId::new([0xAB; 20]), UNKNOWN),
        (EntryId::new([0xAB; 24]), UNKNOWN),
        (with(&hello, &0_u32.to_le_bytes()), NOT_FOUND),
        (with(&hello, &99_u32.to_le_bytes()), NOT_FOUND),
        (with(&hello, &[0xFF; 4]), NOT_FOUND),
        (with(&hello, &[1, 0, 0, 0, 0]), NOT_FOUND),
        (with(&contacts, &0_u32.to_le_bytes()), NOT_FOUND),
        (with(&contacts, &3_u32.to_le_bytes()), NOT_FOUND),
        (EntryId::new([0xFF; 20]), NOT_FOUND),
        (EntryId::new([0xFF; 24]), NOT_FOUND),
    ];
    let cut = |length: usize| EntryId::new(&hello.as_bytes()[..length]);
    cases.extend((1..20).map(|length| (cut(length), UNKNOWN)));
    cases.extend((21..24).map(|length| (cut(length), NOT_FOUND)));
    for (entry_id, expected) in cases {
        for flags in [READ, BEST, DEFERRED] {
            let opened = session.open_entry(&entry_id, flags);
            let used = opened.and_then(|entry| entry.info());
            assert_eq!(code(used), expected, "{entry_id:?}, {flags:?}");
        }
    }
    // The first 20 bytes are the store's own.
    assert!(
        session
            .open_entry(&cut(20), READ)
            .unwrap()
            .into_msg_store()
            .is_ok()
    );
    for entry_id in [None, Some(&[][..])] {
        assert_eq!(raw_code(raw.open_entry(entry_id, 0)), INVALID);
    }
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
    logoff(session);
}

// M5, M1, L11: a transport has a status object when it has a row.
#[test]
fn the_status_object_of_a_transport_comes_with_its_row() {
    let transport = Transport::new("SMTP").address_type("SMTP");
    let profile = Profile::new("Outlook").transport(transport);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let first = logon(&memory);
    let rows = first.status_table().unwrap();
    let row = rows.first(mapi_session::types::ResourceType::TRANSPORT_PROVIDER);
    let status = row.unwrap().entry_id().clone();
    logoff(first);
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    for (flags, expected) in [
        (mapi_session::LogonFlags::empty(), HResult::S_OK),
        (mapi_session::LogonFlags::NO_MAIL, NOT_FOUND),
    ] {
        let request = LogonRequest::new_session("Outlook").flags(flags);
        let session = mapi.logon(&request).unwrap();
        assert_eq!(
            code(session.open_entry(&status, READ)),
            NOT_FOUND,
            "not started"
        );
        let rows = session.status_table().unwrap();
        let has_row = rows.rows().iter().any(|row| *row.entry_id() == status);
        assert_eq!(has_row, expected == HResult::S_OK);
        let opened = session
            .open_entry(&status, READ)
            .and_then(|entry| entry.info());
        assert_eq!(code(opened), expected, "{flags:?}");
        logoff(session);
    }
}

// M5, L9: a transport answers for its entries once it is started, and not before.
#[test]
fn an_entry_of_a_provider_that_is_not_open_is_unknown() {
    let memory = memory();
    let session = logon(&memory);
    let sender = id(&memory, &["SMTP", "Sender"]);
    let vault = id(&memory, &["Vault"]);
    let inside = EntryId::new([vault.as_bytes(), &[1, 0, 0, 0]].concat());
    assert_eq!(code(session.open_entry(&inside, READ)), UNKNOWN);
    assert_eq!(code(session.open_entry(&sender, READ)), UNKNOWN);
    assert_eq!(code(session.compare_entry_ids(&sender, &sender)), UNKNOWN);
    assert_eq!(session.enum_adr_types().unwrap(), ["SMTP"]);
    let info = session.open_entry(&sender, READ).unwrap().info().unwrap();
    assert_eq!(
        (info.object_type(), info.display_name()),
        (ObjectType::MAIL_USER, "Sender")
    );
    assert!(session.compare_entry_ids(&sender, &sender).unwrap());
    logoff(session);
}

// The same, where nothing has happened in the session yet.
#[test]
fn an_entry_of_a_transport_is_unknown_in_a_new_session() {
    let profile = Profile::new("Outlook").transport(Transport::new("SMTP").identity("Sender"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    for path in [&["SMTP"][..], &["SMTP", "Sender"]] {
        let entry_id = id(&memory, path);
        assert_eq!(
            code(session.open_entry(&entry_id, READ)),
            UNKNOWN,
            "{path:?}"
        );
        assert_eq!(
            code(session.compare_entry_ids(&entry_id, &entry_id)),
            UNKNOWN
        );
    }
    logoff(session);
}

// M5, L10
#[test]
fn what_a_disabled_service_has_is_unknown_but_for_its_stores() {
    let refuses = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
        _ => HResult::S_OK,
    };
    let exchange = Service::new("Exchange")
        .store(Store::new("Mailbox").folder(Folder::new("Inbox")))
        .address_book(AddressBook::new("Global").mail_user("Ann").hook(refuses));
    let profile = Profile::new("Outlook").service(exchange);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let failed = HResult::MAPI_E_LOGON_FAILED;
    for (path, expected) in [
        (&["Mailbox"][..], failed),
        (&["Mailbox", "Inbox"], UNKNOWN),
        (&["Global"], UNKNOWN),
        (&["Global", "Ann"], UNKNOWN),
    ] {
        let entry_id = id(&memory, path);
        assert_eq!(
            code(session.open_entry(&entry_id, READ)),
            expected,
            "{path:?}"
        );
        assert_eq!(
            code(session.compare_entry_ids(&entry_id, &entry_id)),
            UNKNOWN
        );
        let mask = mapi_session::EventMask::all();
        let advised = session.advise_object(&entry_id, mask, |_: &Notification| {});
        assert_eq!(code(advised), UNKNOWN, "{path:?}");
    }
    logoff(session);
}

// M5
#[test]
fn a_store_is_opened_as_with_no_dialog() {
    let memory = memory();
    let session = logon(&memory);
    let vault = id(&memory, &["Vault"]);
    memory.user().answer(Answer::Accept);
    let error = session.open_entry(&vault, READ).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    assert_eq!(error.call(), Call::SESSION_OPEN_ENTRY);
    let deferred = session.open_entry(&vault, DEFERRED).unwrap();
    assert_eq!(code(deferred.info()), HResult::MAPI_E_LOGON_FAILED);
    drop(deferred);
    assert_eq!(memory.user().dialogs(), []);
    let store = session
        .open_msg_store(&vault, OpenStoreFlags::empty())
        .unwrap();
    drop(store);
    assert_eq!(memory.user().dialogs().len(), 1);
    assert_eq!(code(session.open_entry(&vault, READ)), HResult::S_OK);
    logoff(session);
}

// M5: PR_ACCESS_LEVEL
#[test]
fn an_entry_is_opened_for_reading_unless_more_is_asked_for() {
    let memory = memory();
    let session = logon(&memory);
    for (path, may_write) in [
        (&["Mailbox", "Inbox"][..], true),
        (&["Mailbox", "Inbox", "Hello"], true),
        (&["Archive", "1999"], false),
        (&["Archive", "1999", "Y2K"], false),
        (&["Mailbox"], true),
        (&["Archive"], false),
        (&["Contacts"], true),
        (&["Contacts", "Ann"], true),
    ] {
        let entry_id = id(&memory, path);
        let open = |flags| {
            let entry = session.open_entry(&entry_id, flags);
            let info = entry.and_then(|entry| entry.info());
            info.map(|info| info.is_writable())
                .map_err(|error| error.hresult())
        };
        let write = may_write.then_some(true).ok_or(NO_ACCESS);
        assert_eq!(open(READ), Ok(false), "{path:?}");
        assert_eq!(open(BEST), Ok(may_write), "{path:?}");
        assert_eq!(open(MODIFY), write, "{path:?}");
        assert_eq!(open(MODIFY | BEST), write, "{path:?}");
        // Deferred, the opening succeeds, and the first use says it.
        let deferred = session.open_entry(&entry_id, MODIFY | DEFERRED).unwrap();
        assert_eq!(code(deferred.info()), write.err().unwrap_or(HResult::S_OK));
        drop(deferred);
        // These say where the address book looks, which has no copies here.
        let elsewhere = OpenEntryFlags::NO_CACHE | OpenEntryFlags::CACHE_ONLY;
        assert_eq!(
            open(elsewhere | OpenEntryFlags::SHOW_SOFT_DELETES),
            Ok(false)
        );
    }
    logoff(session);
}

// M5
#[test]
fn undefined_flags_are_refused_before_anything_else() {
    let memory = memory();
    let raw = raw_logon(&memory);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let mailbox = id(&memory, &["Mailbox"]);
    let opened = raw
        .open_msg_store(DESK, Some(mailbox.as_bytes()), 0x4)
        .unwrap();
    let store = opened.ignore_warning();
    for bit in 0..32 {
        let flags: u32 = 1 << bit;
        let expected = match flags & !0x421B {
            0 => HResult::S_OK,
            _ => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        assert_eq!(
            raw_code(raw.open_entry(Some(inbox.as_bytes()), flags)),
            expected
        );
        assert_eq!(
            raw_code(store.open_entry(Some(inbox.as_bytes()), flags)),
            expected
        );
        let book = raw_code(raw.open_address_book(DESK, flags));
        let known = if flags == 1 {
            HResult::S_OK
        } else {
            HResult::MAPI_E_UNKNOWN_FLAGS
        };
        assert_eq!(book, known, "{flags:#X}");
        if expected.is_failure() {
            assert_eq!(raw_code(raw.open_entry(None, flags)), expected);
            assert_eq!(raw_code(store.open_entry(None, flags)), expected);
        }
    }
    drop(store);
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M5: IMsgStore::OpenEntry opens what is in that store, with no more access than it has.
#[test]
fn a_store_opens_its_own_entries() {
    let memory = memory();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let ok = |writable: bool| Ok(writable);
    for (flags, [read, best, modify]) in [
        (
            OpenStoreFlags::empty(),
            [ok(false), ok(false), Err(NO_ACCESS)],
        ),
        (OpenStoreFlags::WRITE, [ok(false), ok(true), ok(true)]),
        (OpenStoreFlags::BEST_ACCESS, [ok(false), ok(true), ok(true)]),
    ] {
        let store = session.open_msg_store(&mailbox, flags).unwrap();
        for (entry_flags, expected) in [(READ, read), (BEST, best), (MODIFY, modify)] {
            let entry = store.open_entry(&hello, entry_flags);
            let seen = entry.and_then(|entry| Ok(entry.info()?.is_writable()));
            let seen = seen.map_err(|error| (error.call(), error.hresult()));
            let expected = expected.map_err(|code| (Call::STORE_OPEN_ENTRY, code));
            assert_eq!(seen, expected, "{flags:?}, {entry_flags:?}");
        }
        for (entry_id, expected) in [
            (id(&memory, &["Archive", "1999"]), UNKNOWN),
            (id(&memory, &["Contacts", "Ann"]), UNKNOWN),
            (id(&memory, &["Archive"]), UNKNOWN),
            (EntryId::new([0xFF; 24]), UNKNOWN),
            (EntryId::new(&hello.as_bytes()[..19]), UNKNOWN),
            (
                EntryId::new([&hello.as_bytes()[..20], &[9, 9, 0, 0]].concat()),
                NOT_FOUND,
            ),
            (mailbox.clone(), NOT_FOUND),
        ] {
            let opened = store.open_entry(&entry_id, READ);
            assert_eq!(code(opened), expected, "{entry_id:?}");
        }
    }
    logoff(session);
}

// M14
#[test]
fn null_opens_the_root_folder_in_which_all_others_are() {
    let memory = memory();
    let session = logon(&memory);
    for name in ["Mailbox", "Archive", "Vault"] {
        memory.user().answer(Answer::Accept);
        let store = session.open_msg_store(&id(&memory, &[name]), OpenStoreFlags::BEST_ACCESS);
        let store = store.unwrap();
        let may_write = store.is_writable().unwrap();
        for (flags, is_writable) in [(READ, false), (BEST, may_write)] {
            let root = store.open_root_folder(flags).unwrap();
            let info = root.info().unwrap();
            assert_eq!(info.object_type(), ObjectType::FOLDER);
            assert_eq!(info.parent_id(), Some(info.entry_id()), "its own parent");
            assert_ne!(info.entry_id(), store.info().unwrap().entry_id());
            assert_eq!(info.is_writable(), is_writable);
            for same in [
                store.open_entry(&EntryId::new([]), flags),
                store.open_entry(info.entry_id(), flags),
                session.open_entry(info.entry_id(), flags),
            ] {
                assert_eq!(same.unwrap().info().unwrap(), info);
            }
        }
        let root = store.open_root_folder(READ).unwrap();
        let root = root.info().unwrap().entry_id().clone();
        for top in ["Inbox", "1999"] {
            if let Some(top) = memory.entry_id("Outlook", &[name, top]) {
                let top = store.open_entry(&top, READ).unwrap().info().unwrap();
                assert_eq!(top.parent_id(), Some(&root));
            }
        }
        assert!(session.compare_entry_ids(&root, &root).unwrap());
    }
    // A session has no root.
    let raw = raw_logon(&memory);
    assert_eq!(raw_code(raw.open_entry(None, 0)), INVALID);
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
    logoff(session);
}

// M14: flags and access come first, as with any other folder.
#[test]
fn the_root_folder_is_opened_as_any_other() {
    let memory = memory();
    let session = logon(&memory);
    let code_of = |name, flags, entry_flags| {
        let store = session
            .open_msg_store(&id(&memory, &[name]), flags)
            .unwrap();
        code(store.open_root_folder(entry_flags))
    };
    let (reads, writes) = (OpenStoreFlags::empty(), OpenStoreFlags::WRITE);
    let ok = HResult::S_OK;
    assert_eq!(code_of("Mailbox", reads, MODIFY), NO_ACCESS);
    assert_eq!(code_of("Mailbox", writes, MODIFY), ok);
    assert_eq!(code_of("Archive", reads, BEST), ok);
    assert_eq!(code_of("Archive", reads, MODIFY), NO_ACCESS);
    let undefined = OpenEntryFlags::from_bits_retain(0x4);
    let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
    assert_eq!(code_of("Mailbox", reads, undefined), unknown);
    logoff(session);
}

// O5: one store object, with the access of its first opening.
#[test]
fn a_store_that_is_open_is_opened_as_the_same_store() {
    let memory = memory();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let one = mapi.logon(&shared).unwrap();
    let two = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let apart = logon(&memory);
    let (mailbox, archive) = (id(&memory, &["Mailbox"]), id(&memory, &["Archive"]));
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let (reads, writes) = (OpenStoreFlags::empty(), OpenStoreFlags::WRITE);
    let best = OpenStoreFlags::BEST_ACCESS;
    for first in [reads, writes, best] {
        let may_write = first != reads;
        let store = one.open_msg_store(&mailbox, first).unwrap();
        for session in [&one, &two] {
            for second in [reads, writes, best] {
                let again = session.open_msg_store(&mailbox, second).unwrap();
                assert_eq!(
                    again.is_writable().unwrap(),
                    may_write,
                    "{first:?}, {second:?}"
                );
                let support = again.support_mask().unwrap();
                assert_eq!(support, store.support_mask().unwrap());
            }
            let entry = session.open_entry(&mailbox, MODIFY).unwrap();
            assert_eq!(entry.info().unwrap().is_writable(), may_write);
            drop(entry);
            let modified = session.open_entry(&inbox, MODIFY);
            let expected = if may_write { HResult::S_OK } else { NO_ACCESS };
            assert_eq!(code(modified), expected);
        }
        // Another session has a store object of its own.
        let others = apart.open_msg_store(&mailbox, writes).unwrap();
        assert!(others.is_writable().unwrap());
        // What is open of the store keeps it as it is (O3).
        let folder = store.open_entry(&inbox, READ).unwrap();
        drop(store);
        let again = two.open_msg_store(&mailbox, writes).unwrap();
        assert_eq!(again.is_writable().unwrap(), may_write);
        drop((again, folder));
        assert!(
            two.open_msg_store(&mailbox, writes)
                .unwrap()
                .is_writable()
                .unwrap()
        );
        drop(others);
    }
    let store = one.open_msg_store(&archive, reads).unwrap();
    let again = one.open_msg_store(&archive, writes).unwrap();
    assert!(!again.is_writable().unwrap(), "nothing is checked again");
    drop((store, again));
    assert_eq!(code(one.open_msg_store(&archive, writes)), NO_ACCESS);
    for session in [one, two, apart] {
        logoff(session);
    }
}

// M5, M14: what a session has open for reading, it writes to in no way.
#[test]
fn a_store_that_is_open_for_reading_is_read_through_the_session_too() {
    let memory = memory();
    let session = logon(&memory);
    let store = session.open_msg_store(&id(&memory, &["Mailbox"]), OpenStoreFlags::empty());
    let store = store.unwrap();
    for path in [&["Mailbox", "Inbox"][..], &["Mailbox", "Inbox", "Hello"]] {
        let entry_id = id(&memory, path);
        let both = |flags| {
            let seen = [
                session.open_entry(&entry_id, flags),
                store.open_entry(&entry_id, flags),
            ];
            let seen = seen.map(|entry| {
                let info = entry.and_then(|entry| entry.info());
                info.map_err(|error| error.hresult())
            });
            assert_eq!(seen[0], seen[1], "{path:?}, {flags:?}");
            seen[0].clone().map(|info| info.is_writable())
        };
        assert_eq!(both(READ), Ok(false));
        assert_eq!(both(BEST), Ok(false));
        assert_eq!(both(MODIFY), Err(NO_ACCESS));
        assert_eq!(both(MODIFY | DEFERRED), Err(NO_ACCESS));
    }
    drop(store);
    logoff(session);
}

// M5: PR_ACCESS and PR_ACCESS_LEVEL of what the user can only read.
#[test]
fn a_folder_that_can_only_be_read_says_so_and_so_do_its_messages() {
    use mapi_session::flags::ObjectAccess as May;
    let of_message = May::READ | May::MODIFY | May::DELETE;
    let of_folder = May::all();
    let read = May::READ;
    let folders = || {
        let rules = Folder::new("Rules").read_only().message(letter("One"));
        let rules = rules.folder(Folder::new("Drafts").message(letter("Two")));
        Folder::new("Inbox").message(letter("Three")).folder(rules)
    };
    let profile = Profile::new("Outlook")
        .store(Store::new("Strict").folder(folders()))
        .store(Store::new("Lenient").folder(folders()).downgrades())
        .store(
            Store::new("Public")
                .folder(folders())
                .downgrades()
                .read_only(),
        );
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let lenient = Ok(false);
    for (name, refused, may_write) in [
        ("Strict", Err(NO_ACCESS), true),
        ("Lenient", lenient, true),
        ("Public", lenient, false),
    ] {
        for (path, access) in [
            (&["Inbox"][..], of_folder),
            (&["Inbox", "Three"], of_message),
            (&["Inbox", "Rules"], read),
            (&["Inbox", "Rules", "One"], read),
            (&["Inbox", "Rules", "Drafts"], of_folder),
            (&["Inbox", "Rules", "Drafts", "Two"], of_message),
        ] {
            let access = if may_write { access } else { read };
            let path = [&[name], path].concat();
            let entry_id = id(&memory, &path);
            let open = |flags| {
                let info = session.open_entry(&entry_id, flags)?.info()?;
                assert_eq!(info.access(), Some(access), "{path:?}");
                Ok(info.is_writable())
            };
            let open = |flags| open(flags).map_err(|error: mapi_session::Error| error.hresult());
            let is_writable = access != read;
            assert_eq!(open(READ), Ok(false));
            assert_eq!(open(BEST), Ok(is_writable), "{path:?}");
            let modified = if is_writable { Ok(true) } else { refused };
            assert_eq!(open(MODIFY), modified, "{path:?}");
        }
        let store = session.open_msg_store(&id(&memory, &[name]), OpenStoreFlags::WRITE);
        let store = store.unwrap();
        assert_eq!(store.is_writable().unwrap(), may_write, "{name}");
        let root = store.open_root_folder(READ).unwrap().info().unwrap();
        let of_root = if may_write {
            of_folder - May::DELETE
        } else {
            read
        };
        assert_eq!(root.access(), Some(of_root), "nobody deletes it");
        assert_eq!(store.info().unwrap().access(), None);
    }
    logoff(session);
}

// M13
#[test]
fn a_deleted_folder_opens_under_deferred_errors_and_fails_when_it_is_used() {
    let memory = memory();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let contacts = id(&memory, &["Contacts"]);
    let store = session
        .open_msg_store(&mailbox, OpenStoreFlags::WRITE)
        .unwrap();
    let inside = |of: &EntryId, number: u32| {
        EntryId::new([&of.as_bytes()[..20], &number.to_le_bytes()].concat())
    };
    for (entry_id, object_type) in [
        (inside(&mailbox, 77), ObjectType::FOLDER),
        (EntryId::new(&hello.as_bytes()[..22]), ObjectType::FOLDER),
        (inside(&contacts, 77), ObjectType::MAIL_USER),
    ] {
        assert_eq!(code(session.open_entry(&entry_id, READ)), NOT_FOUND);
        for flags in [DEFERRED, DEFERRED | MODIFY, DEFERRED | BEST] {
            let entry = session.open_entry(&entry_id, flags).unwrap();
            assert_eq!(entry.object_type(), object_type);
            for _ in 0..2 {
                let error = entry.info().unwrap_err();
                assert_eq!(error.call(), Call::PROP_GET_PROPS);
                assert_eq!(error.hresult(), NOT_FOUND);
            }
        }
    }
    let gone = store.open_entry(&inside(&mailbox, 77), DEFERRED).unwrap();
    assert_eq!(code(gone.info()), NOT_FOUND);
    drop(gone);
    // A message that has been sent meanwhile.
    let message = store.open_entry(&hello, MODIFY).unwrap();
    message.into_message().unwrap().submit().unwrap();
    memory.let_time_pass();
    memory.let_time_pass();
    let gone = || {
        let message = store.open_entry(&hello, DEFERRED | MODIFY).unwrap();
        message.into_message().unwrap()
    };
    assert_eq!(code(gone().info()), NOT_FOUND);
    let error = session.prepare_form(gone()).unwrap_err();
    assert_eq!(error.hresult(), NOT_FOUND);
    let message = gone();
    assert_eq!(
        code(message.submit().map_err(CallError::into_error)),
        NOT_FOUND
    );
    // What MAPI itself says is not deferred.
    for (entry_id, expected) in [
        (EntryId::new([]), INVALID),
        (EntryId::new([7; 24]), UNKNOWN),
        (EntryId::new([0xFF; 24]), NOT_FOUND),
        (id(&memory, &["SMTP", "Sender"]), HResult::S_OK),
    ] {
        assert_eq!(code(session.open_entry(&entry_id, DEFERRED)), expected);
    }
    drop(store);
    logoff(session);
}

// M5: a message that is on its way can be read, and one that is sent is gone.
#[test]
fn a_submitted_message_is_only_read() {
    let memory = memory();
    let session = logon(&memory);
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let message = session
        .open_entry(&hello, MODIFY)
        .unwrap()
        .into_message()
        .unwrap();
    message.submit().unwrap();
    assert_eq!(
        memory.outgoing(&id(&memory, &["Mailbox"])),
        std::slice::from_ref(&hello)
    );
    assert_eq!(
        code(session.open_entry(&hello, MODIFY)),
        HResult::MAPI_E_SUBMITTED
    );
    let deferred = session.open_entry(&hello, MODIFY | DEFERRED).unwrap();
    assert_eq!(code(deferred.info()), HResult::MAPI_E_SUBMITTED);
    drop(deferred);
    for flags in [READ, BEST] {
        let info = session.open_entry(&hello, flags).unwrap().info().unwrap();
        assert!(!info.is_writable());
    }
    memory.let_time_pass();
    memory.let_time_pass();
    assert_eq!(code(session.open_entry(&hello, READ)), NOT_FOUND);
    logoff(session);
}

// M6
#[test]
fn identifiers_are_compared_by_the_provider_they_have_in_common() {
    let memory = memory();
    let session = logon(&memory);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let flagged =
        |entry_id: &EntryId| EntryId::new([&[0x80, 1, 2, 3], &entry_id.as_bytes()[4..]].concat());
    let mailbox = id(&memory, &["Mailbox"]);
    let short = EntryId::new(&inbox.as_bytes()[..19]);
    let too_long = EntryId::new([inbox.as_bytes(), &[0]].concat());
    let no_object = EntryId::new([mailbox.as_bytes(), &[77, 0, 0, 0]].concat());
    let no_status = EntryId::new([[0xFF; 20].as_slice(), &[77, 0, 0, 0]].concat());
    let spooler = session.status_table().unwrap().rows()[1].entry_id().clone();
    let subsystem = session.status_table().unwrap().rows()[0].entry_id().clone();
    let foreign = memory.entry_id("Home", &["Elsewhere"]).unwrap();
    for (one, other, expected) in [
        (&inbox, &inbox, Ok(true)),
        (&inbox, &flagged(&inbox), Ok(true)),
        (&mailbox, &flagged(&mailbox), Ok(true)),
        (
            &inbox,
            &id(&memory, &["Mailbox", "Inbox", "Hello"]),
            Ok(false),
        ),
        (
            &inbox,
            &flagged(&id(&memory, &["Mailbox", "Inbox", "Old"])),
            Ok(false),
        ),
        (&inbox, &mailbox, Ok(false)),
        (
            &id(&memory, &["Contacts", "Ann"]),
            &id(&memory, &["Contacts", "Ann"]),
            Ok(true),
        ),
        (
            &id(&memory, &["Contacts", "Ann"]),
            &id(&memory, &["Contacts"]),
            Ok(false),
        ),
        (&spooler, &flagged(&spooler), Ok(true)),
        (&spooler, &subsystem, Ok(false)),
        (&inbox, &id(&memory, &["Archive", "1999"]), Err(UNKNOWN)),
        (&inbox, &spooler, Err(UNKNOWN)),
        (&foreign, &foreign, Err(UNKNOWN)),
        (&EntryId::new([7; 24]), &EntryId::new([7; 24]), Err(UNKNOWN)),
        (&inbox, &short, Err(UNKNOWN)),
        (&short, &short, Err(UNKNOWN)),
        // What refers to no object.
        (&inbox, &no_object, Err(UNKNOWN)),
        (&no_object, &no_object, Err(UNKNOWN)),
        (&too_long, &too_long, Err(UNKNOWN)),
        (&no_status, &no_status, Err(UNKNOWN)),
        (
            &id(&memory, &["SMTP"]),
            &id(&memory, &["SMTP"]),
            Err(UNKNOWN),
        ),
        (&EntryId::new([]), &EntryId::new([]), Err(UNKNOWN)),
        // Its provider could not log on, and is not open.
        (
            &id(&memory, &["Vault"]),
            &id(&memory, &["Vault"]),
            Err(UNKNOWN),
        ),
    ] {
        for (one, other) in [(one, other), (other, one)] {
            let same = session.compare_entry_ids(one, other);
            let same = same.map_err(|error| error.hresult());
            assert_eq!(same, expected, "{one:?}, {other:?}");
        }
    }
    logoff(session);
}

// M6
#[test]
fn comparing_takes_no_null_and_no_flags() {
    let memory = memory();
    let raw = raw_logon(&memory);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let inbox = Some(inbox.as_bytes());
    for (one, other) in [(None, None), (inbox, None), (None, inbox)] {
        assert_eq!(raw_code(raw.compare_entry_ids(one, other, 0)), UNKNOWN);
    }
    for bit in 0..32 {
        for entry_id in [inbox, None] {
            let compared = raw.compare_entry_ids(entry_id, inbox, 1 << bit);
            assert_eq!(raw_code(compared), HResult::MAPI_E_INVALID_PARAMETER);
        }
    }
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M3
#[test]
fn the_address_book_opens_whatever_its_providers_say() {
    for (answer, warns) in [
        (HResult::S_OK, false),
        (HResult::MAPI_W_ERRORS_RETURNED, false),
        (HResult::MAPI_E_NETWORK_ERROR, true),
        (HResult::MAPI_E_NO_ACCESS, true),
    ] {
        for step in [ProviderCall::LogOn, ProviderCall::Open] {
            let hook = move |call| if call == step { answer } else { HResult::S_OK };
            let profile = Profile::new("Outlook")
                .address_book(AddressBook::new("Good"))
                .address_book(AddressBook::new("Bad").hook(hook))
                .address_book(AddressBook::new("Worse").hook(hook));
            let memory = Memory::builder().profile(profile).build().unwrap();
            let session = logon(&memory);
            let book = session
                .open_address_book(DESK, AddressBookFlags::empty())
                .unwrap();
            let info = book.info().unwrap();
            assert_eq!(info.object_type(), ObjectType::ADDRESS_BOOK);
            let errors_returned = HResult::MAPI_W_ERRORS_RETURNED;
            let warning = book.open_warning().map(Warning::hresult);
            assert_eq!(
                warning,
                warns.then_some(errors_returned),
                "{answer}, {step:?}"
            );
            let known = session.last_error(errors_returned).unwrap();
            let named = known.map(|error| {
                let names = |name: &str| error.error().contains(name);
                assert!(names(&answer.to_string()), "{}", error.error());
                (names("\"Good\""), names("\"Bad\""), names("\"Worse\""))
            });
            assert_eq!(
                named,
                warns.then_some((false, true, true)),
                "{answer}, {step:?}"
            );
            drop(book);
            logoff(session);
        }
    }
}

// M3, E9: one that is gone by then, with its session and its profile, is not asked.
#[test]
fn an_address_book_that_goes_while_it_logs_on_is_not_opened() {
    let to_end = Arc::new(Mutex::new(None::<Arc<MemorySession>>));
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (ending, noted) = (Arc::clone(&to_end), Arc::clone(&calls));
    let book = AddressBook::new("Global").hook(move |call| {
        noted.lock().unwrap().push(call);
        let first = noted.lock().unwrap().len() == 1;
        if let Some(session) = ending.lock().unwrap().take() {
            session.logoff(UiParam::NONE, 0, 0).unwrap();
        }
        match first {
            true => HResult::MAPI_E_FAILONEPROVIDER,
            false => HResult::S_OK,
        }
    });
    let profile = Profile::new("Outlook").address_book(book);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = Arc::new(raw_logon(&memory));
    let profiles = memory.profiles();
    profiles
        .delete_profile("Outlook", Default::default())
        .unwrap();
    *to_end.lock().unwrap() = Some(Arc::clone(&session));
    let opened = session.open_address_book(UiParam::NONE, 0);
    assert_eq!(raw_code(opened), HResult::MAPI_E_INVALID_OBJECT);
    let opens = |call: &&ProviderCall| **call == ProviderCall::Open;
    assert_eq!(calls.lock().unwrap().iter().find(opens), None);
    memory.uninitialize();
}

// What is quoted is shortened where it is longer than 64 bytes.
#[test]
fn a_long_entry_identifier_is_quoted_shortened() {
    let memory = memory();
    let session = logon(&memory);
    for (length, end) in [(64, "AB"), (65, "AB... (65 bytes)")] {
        let unknown = EntryId::new(vec![0xAB; length]);
        let error = session.open_entry(&unknown, READ).unwrap_err();
        let quoted = format!("{}{end}", "AB".repeat(63));
        assert!(error.to_string().contains(&quoted), "{error}");
        assert_eq!(error.to_string().contains("..."), length > 64);
    }
    logoff(session);
}

// M3
#[test]
fn address_books_ask_the_user_where_that_is_allowed() {
    let profile = Profile::new("Outlook").address_book(AddressBook::new("Global").unconfigured());
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let open = |flags| {
        let book = session.open_address_book(DESK, flags).unwrap();
        book.info().unwrap();
        book.open_warning().map(Warning::hresult)
    };
    let warning = Some(HResult::MAPI_W_ERRORS_RETURNED);
    assert_eq!(open(AddressBookFlags::NO_DIALOG), warning);
    assert_eq!(memory.user().dialogs(), []);
    let shown = Dialog::new(
        Question::ConfigureProvider {
            provider: "Global".into(),
            error: HResult::MAPI_E_UNCONFIGURED,
        },
        DESK,
    );
    // A user who cancels does without it.
    memory.user().answer(Answer::Cancel);
    assert_eq!(open(AddressBookFlags::empty()), warning);
    assert_eq!(memory.user().take_dialogs(), std::slice::from_ref(&shown));
    memory.user().answer(Answer::Accept);
    assert_eq!(open(AddressBookFlags::empty()), None);
    assert_eq!(memory.user().take_dialogs(), [shown]);
    assert_eq!(open(AddressBookFlags::NO_DIALOG), None);
    logoff(session);
}

// M18, M5, M6, M2, M8, N10: an identifier with another of the provider's MAPIUIDs names the same.
#[test]
fn further_identifiers_of_a_provider_name_the_same_objects() {
    let (second, third) = (MapiUid::new([0x22; 16]), MapiUid::new([0x33; 16]));
    let outbox = Folder::new("Outbox").message(letter("Minutes"));
    let profile = Profile::new("Outlook")
        .store(
            Store::new("Mailbox")
                .folder(outbox)
                .further_uid(second)
                .further_uid(third),
        )
        .store(
            Store::new("Archive")
                .folder(Folder::new("Outbox"))
                .further_uid(third),
        )
        .address_book(
            AddressBook::new("Global")
                .mail_user("Ana")
                .further_uid(second),
        );
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let under = |uid: MapiUid, path: &[&str]| {
        let mut bytes = id(&memory, path).as_bytes().to_vec();
        bytes[4..20].copy_from_slice(uid.as_bytes());
        EntryId::new(bytes)
    };
    // The second is that of the address book, which logs on first; the third is the first store's.
    for (path, uid, is_first) in [
        (&["Mailbox", "Outbox"][..], third, true),
        (&["Mailbox", "Outbox", "Minutes"], third, true),
        (&["Archive", "Outbox"], third, false),
        (&["Global", "Ana"], second, true),
    ] {
        let (own, other) = (id(&memory, path), under(uid, path));
        let opened = session.open_entry(&other, OpenEntryFlags::empty());
        let info = opened.unwrap().into_object().unwrap().info().unwrap();
        assert_eq!(*info.entry_id() == own, is_first, "{path:?}");
        let compared = session.compare_entry_ids(&own, &other);
        match is_first {
            true => assert!(compared.unwrap(), "{path:?}"),
            false => assert_eq!(code(compared), HResult::MAPI_E_UNKNOWN_ENTRYID),
        }
    }
    let store = under(third, &["Mailbox"]);
    let opened = session
        .open_msg_store(&store, OpenStoreFlags::empty())
        .unwrap();
    assert_eq!(
        opened.info().unwrap().entry_id(),
        &id(&memory, &["Mailbox"])
    );
    let inbox = under(third, &["Mailbox", "Outbox"]);
    drop(opened.open_entry(&inbox, OpenEntryFlags::empty()).unwrap());
    session
        .set_default_store(DefaultStore::Default, Some(&store))
        .unwrap();
    let table = session.msg_stores_table().unwrap();
    let default = table.default_store().unwrap();
    assert_eq!(default.entry_id(), &id(&memory, &["Mailbox"]));
    // Events of the object reach who registered by another of its identifiers.
    let (sink, told) = mpsc::channel();
    let registration = session
        .advise_object(&inbox, EventMask::EXTENDED, move |event: &Notification| {
            sink.send(event.clone()).unwrap();
        })
        .unwrap();
    let event = Notification::Extended(ExtendedEvent::new(1, []));
    memory.notify(Some(&id(&memory, &["Mailbox", "Outbox"])), event);
    assert_eq!(told.try_iter().count(), 1);
    drop((registration, opened));
    // What nobody has registered is nobody's.
    let unknown = under(MapiUid::new([0x44; 16]), &["Mailbox"]);
    let opened = session.open_entry(&unknown, OpenEntryFlags::empty());
    assert_eq!(code(opened), HResult::MAPI_E_UNKNOWN_ENTRYID);
    logoff(session);
}

// M18: a provider that is not logged on has registered nothing, where another one has.
#[test]
fn a_further_identifier_is_that_of_who_is_logged_on() {
    let shared = MapiUid::new([0x22; 16]);
    let fails = Store::new("Mailbox").further_uid(shared).unconfigured();
    let profile = Profile::new("Outlook")
        .store(fails)
        .store(Store::new("Archive").further_uid(shared));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let store = EntryId::new([&[0; 4], &shared.as_bytes()[..]].concat());
    let open = || {
        let opened = session.open_msg_store_with_ui(DESK, &store, OpenStoreFlags::empty());
        opened.unwrap().info().unwrap().display_name().to_owned()
    };
    assert_eq!(open(), "Archive");
    memory.user().answer(Answer::Accept);
    let mailbox = id(&memory, &["Mailbox"]);
    drop(
        session
            .open_msg_store_with_ui(DESK, &mailbox, OpenStoreFlags::empty())
            .unwrap(),
    );
    assert_eq!(open(), "Mailbox");
    logoff(session);
}

/// A call of a session that is made to fail, and with what.
type Misuse = (
    &'static str,
    HResult,
    fn(&MemorySession, &Objects) -> Option<Failure>,
);

/// Something of each kind, from a session that may be another.
struct Objects {
    store: MemoryMsgStore,
    folder: MemoryObject,
    message: MemoryObject,
}

impl Objects {
    fn open(memory: &Memory, session: &MemorySession) -> Self {
        let object = |path: &[&str]| {
            let entry = session.open_entry(Some(id(memory, path).as_bytes()), 1);
            match entry.unwrap().ignore_warning() {
                RawEntry::Object(_, object) => object,
                RawEntry::MsgStore(store) => panic!("{store:?}"),
            }
        };
        let mailbox = id(memory, &["Mailbox"]);
        let store = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0x4);
        Self {
            store: store.unwrap().ignore_warning(),
            folder: object(&["Mailbox", "Inbox"]),
            message: object(&["Mailbox", "Inbox", "Hello"]),
        }
    }
}

const UNKNOWN_FLAGS: HResult = HResult::MAPI_E_UNKNOWN_FLAGS;
const INVALID_PARAMETER: HResult = HResult::MAPI_E_INVALID_PARAMETER;

/// Every method of IMAPISession that can fail, but GetLastError itself.
const MISUSES: &[Misuse] = &[
    ("GetMsgStoresTable", UNKNOWN_FLAGS, |s, _| {
        s.msg_stores_table(1).err()
    }),
    ("OpenMsgStore", INVALID, |s, _| {
        s.open_msg_store(DESK, None, 0).err()
    }),
    ("OpenAddressBook", UNKNOWN_FLAGS, |s, _| {
        s.open_address_book(DESK, 2).err()
    }),
    ("OpenProfileSection", NOT_FOUND, |s, _| {
        s.open_profile_section(MapiUid::new([9; 16]), 0).err()
    }),
    ("GetStatusTable", UNKNOWN_FLAGS, |s, _| {
        s.status_table(1).err()
    }),
    ("OpenEntry", UNKNOWN, |s, _| {
        s.open_entry(Some(&[1; 20]), 0).err()
    }),
    ("CompareEntryIDs", UNKNOWN, |s, _| {
        s.compare_entry_ids(None, None, 0).err()
    }),
    ("Advise", INVALID, |s, _| {
        s.advise(Some(&[1]), 0, |_: &Notification| {}).err()
    }),
    ("Unadvise", HResult::MAPI_E_NOT_FOUND, |s, _| {
        s.unadvise(Connection::new(77)).err()
    }),
    ("MessageOptions", HResult::MAPI_E_NO_SUPPORT, |s, o| {
        s.message_options(DESK, 0, "SMTP", &o.message).err()
    }),
    (
        "QueryDefaultMessageOpt",
        HResult::MAPI_E_NO_SUPPORT,
        |s, _| s.query_default_message_opt("SMTP", 0).err(),
    ),
    ("EnumAdrTypes", UNKNOWN_FLAGS, |s, _| {
        s.enum_adr_types(1).err()
    }),
    ("Logoff", INVALID_PARAMETER, |s, _| {
        s.logoff(DESK, 0, 1).err()
    }),
    ("SetDefaultStore", INVALID_PARAMETER, |s, _| {
        s.set_default_store(0, None).err()
    }),
    ("AdminServices", INVALID_PARAMETER, |s, _| {
        s.admin_services(1).err()
    }),
    ("ShowForm", INVALID_PARAMETER, |s, o| {
        let form = FormMessage::default();
        s.show_form(DESK, &o.store, &o.folder, FormToken::new(77), 0, &form)
            .err()
    }),
    ("PrepareForm", INVALID_PARAMETER, |s, o| {
        s.prepare_form(&o.folder).err()
    }),
    (
        "NotifyProcessShutdown",
        HResult::MAPI_E_CALL_FAILED,
        |s, _| s.notify_process_shutdown().err(),
    ),
    ("DoFastShutdown", HResult::MAPI_E_CALL_FAILED, |s, _| {
        s.do_fast_shutdown().err()
    }),
];

// M10
#[test]
fn the_last_error_is_that_of_the_last_failure_of_this_session_object() {
    let memory = memory();
    let raw = raw_logon(&memory);
    let other = raw_logon(&memory);
    let objects = Objects::open(&memory, &raw);
    let last = |session: &MemorySession, hresult| {
        let known = session.last_error(hresult, UNICODE).unwrap();
        known.ignore_warning()
    };
    let all: Vec<_> = MISUSES.iter().map(|(_, hresult, _)| *hresult).collect();
    for hresult in &all {
        assert_eq!(last(&raw, *hresult), None, "before any failure");
    }
    for (name, expected, misuse) in MISUSES {
        let failure = misuse(&raw, &objects).unwrap();
        assert_eq!(failure.hresult(), *expected, "{name}");
        // A success in between, and asking for another one, change nothing.
        raw.msg_stores_table(0).unwrap();
        assert_eq!(last(&raw, HResult::MAPI_E_VERSION), None);
        assert_eq!(last(&raw, HResult::S_OK), None);
        for _ in 0..2 {
            let error = last(&raw, *expected).unwrap();
            assert_eq!(Some(error.error()), failure.reason(), "{name}");
            assert!(!error.component().is_empty());
        }
        let others = all.iter().filter(|hresult| *hresult != expected);
        assert!(
            others
                .into_iter()
                .all(|hresult| last(&raw, *hresult).is_none()),
            "{name}"
        );
        assert_eq!(
            last(&other, *expected),
            None,
            "{name}: a session of its own"
        );
    }
    drop(objects);
    for session in [raw, other] {
        session.logoff(UiParam::NONE, 0, 0).unwrap();
        memory.uninitialize();
    }
}

// M10: also success that warns; and clients of one session have errors of their own.
#[test]
fn a_warning_is_a_last_error_of_one_client() {
    let profile = Profile::new("Outlook").store(Store::new("Mailbox"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let one = mapi.logon(&shared).unwrap();
    let two = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let no_service = HResult::MAPI_W_NO_SERVICE;
    assert_eq!(one.query_identity().unwrap().hresult(), no_service);
    assert!(
        !one.last_error(no_service)
            .unwrap()
            .unwrap()
            .error()
            .is_empty()
    );
    assert_eq!(two.last_error(no_service).unwrap(), None);
    logoff(one);
    logoff(two);
}

// M10
#[test]
fn the_last_error_comes_in_the_text_that_the_session_has() {
    for ansi in [false, true] {
        let mut builder = Memory::builder().profile(Profile::new("Outlook"));
        if ansi {
            builder = builder.without_unicode();
        }
        let memory = builder.build().unwrap();
        let raw = raw_logon(&memory);
        let failure = raw.open_entry(None, 0).unwrap_err();
        let ask = |flags| raw_code(raw.last_error(failure.hresult(), flags));
        let unicode = if ansi {
            HResult::MAPI_E_BAD_CHARWIDTH
        } else {
            HResult::S_OK
        };
        assert_eq!((ask(0), ask(UNICODE)), (HResult::S_OK, unicode));
        for bit in 0..31 {
            assert_eq!(ask(1 << bit), UNKNOWN_FLAGS);
        }
        // Asking badly is no failure to be asked for.
        let known = raw
            .last_error(failure.hresult(), 0)
            .unwrap()
            .ignore_warning();
        assert_eq!(Some(known.unwrap().error()), failure.reason());
        raw.logoff(UiParam::NONE, 0, 0).unwrap();
        memory.uninitialize();
    }
}

/// Every raw call of a session, and of every object that came from it; with good arguments.
fn every_call(
    memory: &Memory,
    session: &MemorySession,
    objects: &Objects,
    section: &impl RawProfileSection,
    admin: &impl RawServiceAdmin,
    token: FormToken,
) -> Vec<(&'static str, HResult)> {
    let mailbox = id(memory, &["Mailbox"]);
    let mailbox = Some(mailbox.as_bytes());
    let hello = id(memory, &["Mailbox", "Inbox", "Hello"]);
    let hello = Some(hello.as_bytes());
    let Objects {
        store,
        folder,
        message,
    } = objects;
    let form = FormMessage::default();
    let property = Property::new(PropTag::new(0x6600_0003), 1);
    let abort = StoreLogoffFlags::ABORT.bits();
    vec![
        ("last_error", raw_code(session.last_error(HResult::S_OK, 0))),
        ("msg_stores_table", raw_code(session.msg_stores_table(0))),
        (
            "open_msg_store",
            raw_code(session.open_msg_store(DESK, mailbox, 0)),
        ),
        (
            "open_address_book",
            raw_code(session.open_address_book(DESK, 0)),
        ),
        (
            "open_profile_section",
            raw_code(session.open_profile_section(SECTION, 1)),
        ),
        ("status_table", raw_code(session.status_table(0))),
        ("open_entry", raw_code(session.open_entry(hello, 0))),
        (
            "open_entry of a store",
            raw_code(session.open_entry(mailbox, 0)),
        ),
        (
            "compare_entry_ids",
            raw_code(session.compare_entry_ids(hello, hello, 0)),
        ),
        (
            "advise",
            raw_code(session.advise(None, 0, |_: &Notification| {})),
        ),
        ("unadvise", raw_code(session.unadvise(Connection::new(1)))),
        (
            "message_options",
            raw_code(session.message_options(DESK, 0, "SMTP", message)),
        ),
        (
            "query_default_message_opt",
            raw_code(session.query_default_message_opt("SMTP", 0)),
        ),
        ("enum_adr_types", raw_code(session.enum_adr_types(0))),
        ("query_identity", raw_code(session.query_identity())),
        (
            "set_default_store",
            raw_code(session.set_default_store(1, mailbox)),
        ),
        ("admin_services", raw_code(session.admin_services(0))),
        (
            "show_form",
            raw_code(session.show_form(DESK, store, folder, token, 0, &form)),
        ),
        ("prepare_form", raw_code(session.prepare_form(message))),
        (
            "query_fast_shutdown",
            raw_code(session.query_fast_shutdown()),
        ),
        (
            "notify_process_shutdown",
            raw_code(session.notify_process_shutdown()),
        ),
        ("do_fast_shutdown", raw_code(session.do_fast_shutdown())),
        ("store.info", raw_code(store.info())),
        ("store.support_mask", raw_code(store.support_mask())),
        ("store.open_entry", raw_code(store.open_entry(hello, 0))),
        ("store.store_logoff", raw_code(store.store_logoff(abort))),
        ("folder.info", raw_code(folder.info())),
        ("folder.submit_message", raw_code(folder.submit_message(0))),
        ("message.info", raw_code(message.info())),
        (
            "message.submit_message",
            raw_code(message.submit_message(0)),
        ),
        ("section.props", raw_code(section.props(None, 0))),
        ("section.prop_list", raw_code(section.prop_list(0))),
        (
            "section.set_props",
            raw_code(section.set_props(&[property])),
        ),
        (
            "admin.msg_service_table",
            raw_code(admin.msg_service_table(0)),
        ),
        (
            "admin.create_msg_service",
            raw_code(admin.create_msg_service("Fax", "Fax", UiParam::NONE, 0)),
        ),
        (
            "admin.delete_msg_service",
            raw_code(admin.delete_msg_service(MapiUid::new([1; 16]))),
        ),
        (
            "admin.set_primary_identity",
            raw_code(admin.set_primary_identity(None, 0)),
        ),
        ("logoff", raw_code(session.logoff(DESK, 0, 0))),
    ]
}

// O2
#[test]
fn after_the_logoff_every_call_on_every_object_fails_and_release_works() {
    let memory = memory();
    let session = raw_logon(&memory);
    let objects = Objects::open(&memory, &session);
    let section = session
        .open_profile_section(SECTION, 1)
        .unwrap()
        .ignore_warning();
    let admin = session.admin_services(0).unwrap().ignore_warning();
    let token = session
        .prepare_form(&objects.message)
        .unwrap()
        .ignore_warning();
    let book = session.open_address_book(DESK, 0).unwrap().ignore_warning();
    session.logoff(UiParam::NONE, 0, 0).unwrap();

    let gone = HResult::MAPI_E_INVALID_OBJECT;
    for (call, hresult) in every_call(&memory, &session, &objects, &section, &admin, token) {
        assert_eq!(hresult, gone, "{call}");
    }
    assert_eq!(raw_code(book.info()), gone);
    assert_eq!(raw_code(book.submit_message(0)), gone);
    assert_eq!(memory.user().dialogs(), []);

    // Where the library is not there any more, that comes first.
    memory.uninitialize();
    let not_initialized = HResult::MAPI_E_NOT_INITIALIZED;
    for (call, hresult) in every_call(&memory, &session, &objects, &section, &admin, token) {
        assert_eq!(hresult, not_initialized, "{call}");
    }
    drop((session, objects, section, admin, book));
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));

    // Nothing of that was left open, and nothing was changed.
    let session = raw_logon(&memory);
    let section = session
        .open_profile_section(SECTION, 1)
        .unwrap()
        .ignore_warning();
    let props = section.props(None, UNICODE).unwrap().ignore_warning();
    let tags: Vec<_> = props.iter().map(|it| it.tag).collect();
    assert_eq!(
        tags,
        [PropTag::OBJECT_TYPE, PropTag::PROFILE_NAME],
        "what every section has"
    );
    drop(section);
    assert_eq!(memory.outgoing(&id(&memory, &["Mailbox"])), []);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// O2, I1: the library goes while a session lives: the objects only answer to release.
#[test]
fn without_the_library_no_call_works_and_release_does() {
    let memory = memory();
    let session = raw_logon(&memory);
    let objects = Objects::open(&memory, &session);
    let section = session
        .open_profile_section(SECTION, 1)
        .unwrap()
        .ignore_warning();
    let admin = session.admin_services(0).unwrap().ignore_warning();
    memory.uninitialize();
    let token = FormToken::new(1);
    for (call, hresult) in every_call(&memory, &session, &objects, &section, &admin, token) {
        assert_eq!(hresult, HResult::MAPI_E_NOT_INITIALIZED, "{call}");
    }
    let flags = LogonRequest::new_session("Outlook").raw_flags();
    let again = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    assert_eq!(raw_code(again), HResult::MAPI_E_NOT_INITIALIZED);
    drop((admin, section, objects, session));
    // The logoff that was among the calls ended it.
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

// O2: a message that is submitted, and a store that is logged off, are as dead.
#[test]
fn a_used_up_object_only_answers_to_release() {
    let memory = memory();
    let session = raw_logon(&memory);
    let Objects {
        store,
        folder,
        message,
    } = Objects::open(&memory, &session);
    message.submit_message(0).unwrap();
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(raw_code(message.info()), gone);
    assert_eq!(raw_code(message.submit_message(0)), gone);
    assert_eq!(raw_code(session.prepare_form(&message)), gone);
    store
        .store_logoff(StoreLogoffFlags::NO_WAIT.bits())
        .unwrap();
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    assert_eq!(raw_code(store.info()), gone);
    assert_eq!(raw_code(store.support_mask()), gone);
    assert_eq!(raw_code(store.open_entry(Some(inbox.as_bytes()), 0)), gone);
    assert_eq!(
        raw_code(store.store_logoff(StoreLogoffFlags::ABORT.bits())),
        gone
    );
    // What was opened before lives.
    assert_eq!(raw_code(folder.info()), HResult::S_OK);
    drop((store, folder, message));
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// O3
#[test]
fn a_folder_and_a_message_keep_their_store_open() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&calls);
    let store = Store::new("Mailbox").hook(move |call| {
        log.lock().unwrap().push(call);
        HResult::S_OK
    });
    let store = store.folder(Folder::new("Inbox").message(letter("Hello")));
    let profile = Profile::new("Outlook").store(store);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let open = |path: &[&str]| session.open_entry(&id(&memory, path), READ).unwrap();
    let mailbox = open(&["Mailbox"]).into_msg_store().unwrap();
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let folder = mailbox
        .open_entry(&inbox, READ)
        .unwrap()
        .into_folder()
        .unwrap();
    let message = open(&["Mailbox", "Inbox", "Hello"]).into_message().unwrap();
    let take = || std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(take(), [ProviderCall::LogOn, ProviderCall::Open]);
    drop(mailbox);
    assert_eq!(folder.info().unwrap().display_name(), "Inbox");
    drop(folder);
    assert_eq!(message.info().unwrap().display_name(), "Hello");
    assert_eq!(take(), [], "the store is open");
    drop(message);
    let abort = ProviderCall::StoreLogoff(StoreLogoffFlags::ABORT);
    assert_eq!(take(), [abort, ProviderCall::LogOff], "O6");
    logoff(session);
    assert_eq!(take(), [ProviderCall::Shutdown]);
}

// O6: the last release logs the store off in its session, and its next opening on again.
#[test]
fn a_store_is_logged_off_with_its_last_release() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&calls);
    let store = Store::new("Mailbox").hook(move |call| {
        log.lock().unwrap().push(call);
        HResult::S_OK
    });
    let store = store.folder(Folder::new("Inbox"));
    let profile = Profile::new("Outlook")
        .store(store)
        .store(Store::new("Archive").folder(Folder::new("1999")));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let take = || std::mem::take(&mut *calls.lock().unwrap());
    let abort = ProviderCall::StoreLogoff(StoreLogoffFlags::ABORT);
    let (on, open, off) = (
        ProviderCall::LogOn,
        ProviderCall::Open,
        ProviderCall::LogOff,
    );
    assert_eq!(take(), [on]);
    for (name, folder) in [("Archive", "1999"), ("Mailbox", "Inbox")] {
        let (store, folder) = (id(&memory, &[name]), id(&memory, &[name, folder]));
        let row = || {
            let table = session.status_table().unwrap();
            let mut rows = table.rows().iter();
            rows.find(|row| row.display_name() == name).cloned()
        };
        let known = || {
            let mask = mapi_session::EventMask::NEW_MAIL;
            let heard = session.advise_object(&folder, mask, |_: &Notification| {});
            let codes = [
                code(session.open_entry(&folder, READ)),
                code(session.compare_entry_ids(&folder, &folder)),
                code(heard),
                row().map_or(UNKNOWN, |_| HResult::S_OK),
            ];
            assert!(codes.windows(2).all(|pair| pair[0] == pair[1]), "{codes:?}");
            codes[0] == HResult::S_OK
        };
        let status = row().unwrap().entry_id().clone();
        assert!(known(), "MAPI has started the provider");
        let mailbox = session.open_msg_store(&store, OpenStoreFlags::empty());
        assert!(known());
        let object = session.open_entry(&status, READ).unwrap();
        assert_eq!(object.info().unwrap().display_name(), name);
        drop(mailbox.unwrap());
        assert_eq!(code(object.info()), HResult::MAPI_E_INVALID_OBJECT);
        assert!(!known());
        assert_eq!(code(session.open_entry(&status, READ)), NOT_FOUND);
        let listed = session.msg_stores_table().unwrap();
        assert!(listed.rows().iter().any(|row| *row.entry_id() == store));
        let entry = session.open_entry(&store, READ).unwrap();
        assert!(known(), "it is open again");
        drop(entry);
        assert!(!known());
    }
    let twice = [open, abort, off, on, open, abort, off];
    assert_eq!(take(), twice);
    logoff(session);
    assert_eq!(take(), [ProviderCall::Shutdown]);
}

// O6: it is opened again, or it stays as it is.
#[test]
fn a_released_store_that_refuses_to_open_stays_released() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&calls);
    let full = HResult::MAPI_E_FAILONEPROVIDER;
    let store = Store::new("Mailbox").hook(move |call| {
        let mut calls = log.lock().unwrap();
        calls.push(call);
        let openings = calls.iter().filter(|call| **call == ProviderCall::Open);
        match (call, openings.count()) {
            (ProviderCall::Open, 2 | 3) => full,
            _ => HResult::S_OK,
        }
    });
    let profile = Profile::new("Outlook").store(store.folder(Folder::new("Inbox")));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let open = |flags| session.open_msg_store(&mailbox, flags);
    drop(open(OpenStoreFlags::empty()).unwrap());
    for flags in [OpenStoreFlags::empty(), OpenStoreFlags::DEFERRED_ERRORS] {
        let used = open(flags).and_then(|store| store.info());
        assert_eq!(code(used), full, "{flags:?}");
        assert_eq!(code(session.open_entry(&inbox, READ)), UNKNOWN);
        assert_eq!(session.status_table().unwrap().rows().len(), 3);
    }
    let store = open(OpenStoreFlags::empty()).unwrap();
    assert_eq!(code(session.open_entry(&inbox, READ)), HResult::S_OK);
    drop(store);
    logoff(session);
    let calls = calls.lock().unwrap();
    let count = |call| calls.iter().filter(|it| **it == call).count();
    assert_eq!(count(ProviderCall::LogOn), 4, "{calls:?}");
    assert_eq!(count(ProviderCall::LogOff), 4, "{calls:?}");
    assert_eq!(count(ProviderCall::Shutdown), 1, "{calls:?}");
}

// O6, O3: what is opened without the store does not log it off, and holds it once it is open.
#[test]
fn a_folder_alone_neither_opens_nor_closes_its_store() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&calls);
    let store = Store::new("Mailbox").hook(move |call| {
        log.lock().unwrap().push(call);
        HResult::S_OK
    });
    let profile = Profile::new("Outlook").store(store.folder(Folder::new("Inbox")));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let take = || std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(take(), [ProviderCall::LogOn]);
    let (mailbox, inbox) = (
        id(&memory, &["Mailbox"]),
        id(&memory, &["Mailbox", "Inbox"]),
    );
    for _ in 0..2 {
        drop(session.open_entry(&inbox, MODIFY).unwrap());
    }
    assert_eq!(take(), []);

    let folder = session.open_entry(&inbox, MODIFY).unwrap();
    let store = session.open_msg_store(&mailbox, OpenStoreFlags::empty());
    drop(store.unwrap());
    assert_eq!(take(), [ProviderCall::Open]);
    // The store is open for reading as long as the folder holds it.
    assert_eq!(code(session.open_entry(&inbox, MODIFY)), NO_ACCESS);
    drop(folder);
    let abort = ProviderCall::StoreLogoff(StoreLogoffFlags::ABORT);
    assert_eq!(take(), [abort, ProviderCall::LogOff]);
    assert_eq!(code(session.open_entry(&inbox, READ)), UNKNOWN);
    logoff(session);
    assert_eq!(take(), [ProviderCall::Shutdown]);
}

// O6: what fails there fails nobody.
#[test]
fn a_store_that_fails_its_logoff_is_released_all_the_same() {
    let refuses = |call| match call {
        ProviderCall::LogOff | ProviderCall::StoreLogoff(_) => HResult::MAPI_E_CALL_FAILED,
        _ => HResult::S_OK,
    };
    let profile = Profile::new("Outlook").store(Store::new("Mailbox").hook(refuses));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    for _ in 0..2 {
        drop(
            session
                .open_msg_store(&mailbox, OpenStoreFlags::empty())
                .unwrap(),
        );
    }
    assert_eq!(session.status_table().unwrap().rows().len(), 3);
    // E10: at the logoff there is nothing left to fail.
    let logged_off = session.logoff(mapi_session::LogoffFlags::empty()).unwrap();
    assert!(!format!("{logged_off:?}").contains("MAPI_W_ERRORS_RETURNED"));
}

// O3: in any order of release, nothing of the provider is left.
#[test]
fn no_order_of_release_leaks() {
    let orders: [[usize; 4]; 6] = [
        [0, 1, 2, 3],
        [3, 2, 1, 0],
        [1, 0, 3, 2],
        [2, 3, 0, 1],
        [0, 3, 1, 2],
        [2, 0, 1, 3],
    ];
    for order in orders {
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        let store = Store::new("Mailbox").cached().hook(move |_| {
            let _ = &held;
            HResult::S_OK
        });
        let profile = Profile::new("Outlook")
            .store(store.folder(Folder::new("Inbox").message(letter("Hello"))));
        let memory = Memory::builder().profile(profile).build().unwrap();
        let session = raw_logon(&memory);
        let Objects {
            store,
            folder,
            message,
        } = Objects::open(&memory, &session);
        let mut objects: [Option<Box<dyn std::any::Any>>; 4] = [
            Some(Box::new(session)),
            Some(Box::new(store)),
            Some(Box::new(folder)),
            Some(Box::new(message)),
        ];
        for index in order {
            objects[index] = None;
        }
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
        memory.uninitialize();
        drop(memory);
        assert_eq!(Arc::strong_count(&alive), 1, "{order:?}");
    }
}

/// A subsystem for all cases, and what its sessions know.
fn fixture() -> &'static (Memory, Vec<EntryId>) {
    static FIXTURE: OnceLock<(Memory, Vec<EntryId>)> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let memory = memory();
        memory.initialize(0, 0).unwrap();
        let mut known: Vec<_> = [
            &["Mailbox"][..],
            &["Mailbox", "Inbox"],
            &["Mailbox", "Inbox", "Hello"],
            &["Archive", "1999", "Y2K"],
            &["Vault"],
            &["Contacts", "Ann"],
            &["SMTP", "Sender"],
        ]
        .into_iter()
        .map(|path| id(&memory, path))
        .collect();
        known.push(memory.entry_id("Home", &["Elsewhere", "Inbox"]).unwrap());
        known.push(EntryId::new(
            [&[0; 4][..], &[0xFF; 16], &[1, 1, 0, 0]].concat(),
        ));
        (memory, known)
    })
}

/// Any bytes; or an identifier that means something, with some bytes changed, cut or extended.
fn entry_ids() -> impl Strategy<Value = Vec<u8>> {
    let known = &fixture().1;
    let near = (
        0..known.len(),
        prop::collection::vec((0_usize..28, any::<u8>()), 0..3),
        prop_oneof![Just(20_usize), Just(24_usize), 0_usize..28],
    );
    let near = near.prop_map(|(which, changes, length)| {
        let mut bytes = known[which].as_bytes().to_vec();
        bytes.resize(length, 0);
        for (place, byte) in changes {
            if let Some(at) = bytes.get_mut(place) {
                *at = byte;
            }
        }
        bytes
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..64), near]
}

#[track_caller]
fn documented<T>(call: &str, bytes: &[u8], result: RawResult<T>, codes: &[HResult]) {
    let hresult = raw_code(result);
    let known = hresult.is_success() || codes.contains(&hresult);
    assert!(known, "{call} of {bytes:02X?}: {hresult}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    // M5, M2, M6, M8, N10
    #[test]
    fn any_bytes_are_answered_with_a_documented_code(
        bytes in entry_ids(),
        other in entry_ids(),
        deferred in any::<bool>(),
    ) {
        let memory = &fixture().0;
        let flags = LogonRequest::new_session("Outlook").raw_flags();
        let session = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
        let session = session.unwrap().ignore_warning();
        let mailbox = id(memory, &["Mailbox"]);
        let store = session.open_msg_store(DESK, Some(mailbox.as_bytes()), 0x10);
        let store = store.unwrap().ignore_warning();
        let (entry_id, flags) = (Some(&bytes[..]), if deferred { 0x8 } else { 0 });
        let failed = HResult::MAPI_E_LOGON_FAILED;
        let unsupported = HResult::MAPI_E_NO_SUPPORT;

        for access in [0, 0x1, 0x10] {
            let opened = session.open_entry(entry_id, flags | access);
            let codes = [INVALID, UNKNOWN, NOT_FOUND, NO_ACCESS, failed];
            documented("OpenEntry", &bytes, opened, &codes);
            let opened = store.open_entry(entry_id, flags | access);
            documented("IMsgStore::OpenEntry", &bytes, opened, &[INVALID, UNKNOWN, NOT_FOUND]);
        }
        for access in [0x1, 0x5, 0x11] {
            let opened = session.open_msg_store(DESK, entry_id, flags | access);
            let codes = [INVALID, NOT_FOUND, NO_ACCESS, failed];
            documented("OpenMsgStore", &bytes, opened, &codes);
        }
        let compared = session.compare_entry_ids(entry_id, Some(&other), 0);
        let reversed = session.compare_entry_ids(Some(&other), entry_id, 0);
        prop_assert_eq!(raw_code(compared.clone()), raw_code(reversed.clone()));
        if let (Ok(compared), Ok(reversed)) = (&compared, &reversed) {
            prop_assert_eq!(compared, reversed);
        }
        documented("CompareEntryIDs", &bytes, compared, &[UNKNOWN]);
        // What opens is the same as itself.
        let opened = session.open_entry(entry_id, 0);
        if opened.is_ok() {
            let same = session.compare_entry_ids(entry_id, entry_id, 0);
            prop_assert!(same.unwrap().ignore_warning());
        }
        drop(opened);
        let advised = session.advise(entry_id, 0x10, |_: &Notification| {});
        documented("Advise", &bytes, advised, &[INVALID, UNKNOWN, unsupported]);
        for which in 1..=5 {
            let set = session.set_default_store(which, entry_id);
            documented("SetDefaultStore", &bytes, set, &[INVALID, NOT_FOUND, unsupported]);
        }
        drop(store);
        session.logoff(UiParam::NONE, 0, 0).unwrap();
    }
}
