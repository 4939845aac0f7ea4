//! Rules M1, M2, M8 and O4: the stores of a session, listed, opened and made the default one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, mpsc};

use crate::support::{Profiles, code, id, logoff, logon, raw_code, raw_logon};
use mapi_session::error::{Call, Warning};
use mapi_session::flags::{
    ResourceFlags, ResourceMethods, ServiceFlags, StatusCode, StoreSupportMask,
};
use mapi_session::memory::{
    AddressBook, Answer, Dialog, Folder, Memory, Profile, ProviderCall, Question, Service, Store,
    Transport,
};
use mapi_session::notification::{TableEvent, TableEventKind};
use mapi_session::property::{Property, PropertyValue};
use mapi_session::session::store::StoreLogoff;
use mapi_session::subsystem::{RawMsgStore, RawSession, Subsystem};
use mapi_session::table::{StatusRow, StoreRow};
use mapi_session::types::{DefaultStore, ObjectType, ResourceType};
use mapi_session::{
    EntryId, Error, EventMask, HResult, Live, LogonFlags, LogonRequest, Mapi, MsgStore,
    Notification, OpenEntryFlags, OpenStoreFlags, Session, UiParam,
};

const DESK: UiParam = UiParam::new(0xDE5C);
const UNICODE: u32 = 0x8000_0000;

fn memory_of(profile: Profile) -> Memory {
    Memory::builder().profile(profile).build().unwrap()
}

/// Stores of every kind; in the order of the table "Archive", "Mailbox", "Public".
fn stores() -> Profile {
    Profile::new("Outlook")
        .store(Store::new("Archive").read_only())
        .store(Store::new("Temporary").hidden())
        .store(
            Store::new("Mailbox")
                .default_store()
                .folder(Folder::new("Inbox").message("Hello")),
        )
        .address_book(AddressBook::new("Contacts").no_status_row())
        .transport(Transport::new("SMTP").address_type("SMTP"))
        .service(
            Service::new("Exchange")
                .store(Store::new("Public").no_status_row())
                .address_book(AddressBook::new("Global").identity("Me")),
        )
}

// M1
#[test]
fn the_store_table_has_all_required_columns() {
    let memory = memory_of(stores());
    let session = logon(&memory);
    let table = session.msg_stores_table().unwrap();
    let no_identity = ResourceFlags::NO_PRIMARY_IDENTITY;
    let expected = [
        ("Archive", no_identity),
        ("Mailbox", no_identity | ResourceFlags::DEFAULT_STORE),
        ("Public", no_identity),
    ];
    assert_eq!(table.rows().len(), expected.len());
    for (row, (name, flags)) in table.into_iter().zip(expected) {
        assert_eq!(row.display_name(), name);
        assert_eq!(*row.entry_id(), id(&memory, &[name]));
        assert_eq!(row.resource_flags(), flags, "{name}");
        assert_eq!(row.is_default(), name == "Mailbox");
        assert_eq!(row.provider_display(), name);
        assert_eq!(Some(row.provider()), row.entry_id().provider_uid());
        assert_eq!(row.object_type(), ObjectType::STORE);
        assert_eq!(row.resource_type(), ResourceType::STORE_PROVIDER);
        // PR_ENTRYID opens it, and says the same.
        let store = session
            .open_msg_store(row.entry_id(), OpenStoreFlags::empty())
            .unwrap();
        let info = store.info().unwrap();
        assert_eq!(
            (info.entry_id(), info.display_name()),
            (row.entry_id(), name)
        );
        assert_eq!(
            (info.object_type(), info.parent_id()),
            (ObjectType::STORE, None)
        );
    }
    logoff(session);
}

// M1: PR_INSTANCE_KEY and PR_RECORD_KEY tell rows and stores apart; the latter in every session.
#[test]
fn keys_of_the_store_table_differ_and_record_keys_last() {
    let memory = memory_of(stores());
    let first = logon(&memory);
    let table = first.msg_stores_table().unwrap();
    let instances: BTreeSet<_> = table.rows().iter().map(StoreRow::instance_key).collect();
    let records: BTreeSet<_> = table.rows().iter().map(StoreRow::record_key).collect();
    assert_eq!((instances.len(), records.len()), (3, 3));
    assert!(!instances.contains(&[][..]) && !records.contains(&[][..]));
    let second = logon(&memory);
    let again = second.msg_stores_table().unwrap();
    for (row, other) in table.rows().iter().zip(again.rows()) {
        assert_eq!(row.record_key(), other.record_key());
    }
    logoff(first);
    logoff(second);
}

// M1
#[test]
fn a_hidden_store_is_not_in_the_table_and_opens_by_its_identifier() {
    let memory = memory_of(stores());
    let session = logon(&memory);
    let hidden = id(&memory, &["Temporary"]);
    let table = session.msg_stores_table().unwrap();
    assert!(table.rows().iter().all(|row| *row.entry_id() != hidden));
    let store = session
        .open_msg_store(&hidden, OpenStoreFlags::WRITE)
        .unwrap();
    assert_eq!(store.info().unwrap().display_name(), "Temporary");
    drop(store);
    logoff(session);
}

// M1: by finding-a-profile-name, whatever profile was named at the logon.
#[test]
fn the_subsystems_row_has_the_name_of_the_profile() {
    let memory = Memory::builder()
        .profile(Profile::new("Work").default_profile())
        .profile(Profile::new("Home"));
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let named = |request: &LogonRequest| {
        let session = mapi.logon(request).unwrap();
        let table = session.status_table().unwrap();
        let row = table.first(ResourceType::SUBSYSTEM).unwrap();
        (row.display_name().to_owned(), session)
    };
    let shared = LogonRequest::new_session("Home").allow_others();
    let (name, _shared) = named(&shared);
    assert_eq!(name, "Home");
    let joins = LogonRequest::from_raw(Some("Work"), 0);
    assert_eq!(named(&joins).0, "Home");
    assert_eq!(named(&LogonRequest::new_session("Work")).0, "Work");
}

// M1: of MAPI's own, by pidtagresourcemethods; of providers, what status-object-implementation asks of
// every one and of a transport.
#[test]
fn the_status_table_says_which_methods_each_status_object_has() {
    let memory = memory_of(stores());
    let session = logon(&memory);
    let validates = ResourceMethods::VALIDATE_STATE;
    let flushes = validates | ResourceMethods::FLUSH_QUEUES;
    for row in session.status_table().unwrap() {
        let expected = match row.resource_type() {
            ResourceType::SPOOLER | ResourceType::TRANSPORT_PROVIDER => flushes,
            _ => validates,
        };
        assert_eq!(row.resource_methods(), expected, "{row:?}");
    }
    logoff(session);
}

// M1: one for MAPI, the spooler, the address book; each transport that is active; and each provider
// that reports its status.
#[test]
fn the_status_table_has_a_row_for_each_resource_and_all_required_columns() {
    let memory = memory_of(stores());
    let session = logon(&memory);
    let table = session.status_table().unwrap();
    let expected = [
        ("Outlook", ResourceType::SUBSYSTEM),
        ("MAPI spooler", ResourceType::SPOOLER),
        ("Address book", ResourceType::ADDRESS_BOOK),
        ("Global", ResourceType::ADDRESS_BOOK_PROVIDER),
        ("Archive", ResourceType::STORE_PROVIDER),
        ("Temporary", ResourceType::STORE_PROVIDER),
        ("Mailbox", ResourceType::STORE_PROVIDER),
        ("SMTP", ResourceType::TRANSPORT_PROVIDER),
    ];
    let rows: Vec<_> = table
        .rows()
        .iter()
        .map(|row| (row.display_name(), row.resource_type()))
        .collect();
    assert_eq!(rows, expected);
    let keys: BTreeSet<_> = table.rows().iter().map(StatusRow::instance_key).collect();
    assert_eq!(keys.len(), expected.len());
    for (row, row_id) in table.rows().iter().zip(0..) {
        let name = row.display_name();
        assert_eq!(row.row_id(), row_id);
        assert_eq!(row.status_code(), StatusCode::AVAILABLE, "{name}");
        assert!(!row.provider_dll_name().is_empty());
        let is_default = row.resource_flags().contains(ResourceFlags::DEFAULT_STORE);
        assert_eq!(is_default, name == "Mailbox");
        assert_eq!(row.identity().is_some(), name == "Global");
        let opened = session.open_entry(row.entry_id(), OpenEntryFlags::empty());
        let info = opened.unwrap().info().unwrap();
        assert_eq!(
            (info.object_type(), info.display_name()),
            (ObjectType::STATUS, name)
        );
    }
    let identity = table.rows()[3].identity().unwrap();
    assert_eq!(identity.display_name(), "Me");
    assert_eq!(identity.entry_id(), &id(&memory, &["Global", "Me"]));
    assert!(!identity.search_key().is_empty());
    logoff(session);
}

// M1, L11
#[test]
fn without_mail_no_transport_has_a_status_row_and_the_spooler_fails() {
    let memory = memory_of(stores());
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let request = LogonRequest::new_session("Outlook").flags(LogonFlags::NO_MAIL);
    let session = mapi.logon(&request).unwrap();
    let table = session.status_table().unwrap();
    assert_eq!(table.first(ResourceType::TRANSPORT_PROVIDER), None);
    let spooler = table.first(ResourceType::SPOOLER).unwrap();
    assert_eq!(spooler.status_code(), StatusCode::FAILURE);
    logoff(session);
}

// M1, L11: MAPI_NO_MAIL is one client's own.
#[test]
fn a_client_without_mail_has_no_rows_of_the_transports_that_others_use() {
    let memory = memory_of(stores());
    let mapi = Mapi::initialize(memory).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let mailing = mapi.logon(&shared).unwrap();
    let request = LogonRequest::join_shared().flags(LogonFlags::NO_MAIL);
    let other = mapi.logon(&request).unwrap();
    let transport = ResourceType::TRANSPORT_PROVIDER;
    for _ in 0..2 {
        assert!(mailing.status_table().unwrap().first(transport).is_some());
        assert_eq!(other.status_table().unwrap().first(transport), None);
        assert_eq!(mailing.enum_adr_types().unwrap(), ["SMTP"]);
        assert_eq!(other.enum_adr_types().unwrap(), [""; 0]);
    }
    logoff(other);
    logoff(mailing);
}

// M1: a provider that could not log on has a row that says so.
#[test]
fn a_provider_that_is_not_logged_on_has_a_status_of_failure() {
    let memory = memory_of(Profile::new("Outlook").store(Store::new("Mailbox").unconfigured()));
    let session = logon(&memory);
    let status = |session: &Session<Live, Memory>| {
        let table = session.status_table().unwrap();
        table
            .first(ResourceType::STORE_PROVIDER)
            .unwrap()
            .status_code()
    };
    assert_eq!(status(&session), StatusCode::FAILURE);
    memory.user().answer(Answer::Accept);
    let store = id(&memory, &["Mailbox"]);
    drop(
        session
            .open_msg_store(&store, OpenStoreFlags::empty())
            .unwrap(),
    );
    assert_eq!(status(&session), StatusCode::AVAILABLE);
    logoff(session);
}

// M1
#[test]
fn tables_take_the_unicode_flag_and_no_other() {
    let memory = memory_of(stores());
    let session = raw_logon(&memory);
    for bit in 0..32 {
        let flag = 1 << bit;
        let expected = match flag {
            UNICODE => HResult::S_OK,
            _ => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        for flags in [flag, flag | UNICODE] {
            assert_eq!(
                raw_code(session.msg_stores_table(flags)),
                expected,
                "{flags:#X}"
            );
            assert_eq!(
                raw_code(session.status_table(flags)),
                expected,
                "{flags:#X}"
            );
        }
    }
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M1
#[test]
fn an_ansi_session_has_tables_in_ansi_only() {
    let builder = Memory::builder().without_unicode();
    let memory = builder.profile(stores()).build().unwrap();
    let bad = HResult::MAPI_E_BAD_CHARWIDTH;
    let raw = raw_logon(&memory);
    for (flags, expected) in [
        (0, HResult::S_OK),
        (UNICODE, bad),
        (UNICODE | 1, HResult::MAPI_E_UNKNOWN_FLAGS),
    ] {
        assert_eq!(raw_code(raw.msg_stores_table(flags)), expected);
        assert_eq!(raw_code(raw.status_table(flags)), expected);
    }
    assert_eq!(
        raw.msg_stores_table(0)
            .unwrap()
            .ignore_warning()
            .rows()
            .len(),
        3
    );
    raw.logoff(UiParam::NONE, 0, 0).unwrap();

    let session = logon(&memory);
    let error = session.msg_stores_table().unwrap_err();
    assert_eq!(
        (error.call(), error.hresult()),
        (Call::GetMsgStoresTable, bad)
    );
    let error = session.status_table().unwrap_err();
    assert_eq!((error.call(), error.hresult()), (Call::GetStatusTable, bad));
    logoff(session);
    memory.uninitialize();
}

// M2: PR_ACCESS_LEVEL and PR_STORE_SUPPORT_MASK.
#[test]
fn a_store_is_opened_for_reading_unless_more_is_asked_for() {
    use StoreSupportMask as Mask;
    let all = Mask::MODIFY_OK | Mask::CREATE_OK | Mask::SUBMIT_OK | Mask::NOTIFY_OK;
    let reading = Mask::SUBMIT_OK | Mask::NOTIFY_OK;
    let read_only = Mask::READONLY | Mask::NOTIFY_OK;
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Mailbox"))
            .store(Store::new("Archive").read_only())
            .store(Store::new("Silent").silent())
            .store(Store::new("Drafts").lacks(Mask::SUBMIT_OK | Mask::CREATE_OK)),
    );
    let session = logon(&memory);
    let (read, write) = (OpenStoreFlags::empty(), OpenStoreFlags::WRITE);
    let best = OpenStoreFlags::BEST_ACCESS;
    for (store, flags, expected) in [
        ("Mailbox", read, Ok((false, reading))),
        ("Mailbox", write, Ok((true, all))),
        ("Mailbox", best, Ok((true, all))),
        ("Mailbox", write | best, Ok((true, all))),
        ("Archive", read, Ok((false, read_only))),
        ("Archive", write, Err(no_access)),
        ("Archive", best, Ok((false, read_only))),
        ("Archive", write | best, Err(no_access)),
        ("Silent", best, Ok((true, all - Mask::NOTIFY_OK))),
        ("Silent", read, Ok((false, Mask::SUBMIT_OK))),
        (
            "Drafts",
            best,
            Ok((true, Mask::MODIFY_OK | Mask::NOTIFY_OK)),
        ),
        ("Drafts", read, Ok((false, Mask::NOTIFY_OK))),
    ] {
        let seen = session
            .open_msg_store(&id(&memory, &[store]), flags)
            .map(|store| (store.is_writable().unwrap(), store.support_mask().unwrap()))
            .map_err(|error| error.hresult());
        assert_eq!(seen, expected, "{store}, {flags:?}");
    }
    logoff(session);
}

// M2
#[test]
fn what_is_no_store_of_the_session_is_not_found() {
    let memory = Memory::builder()
        .profile(stores())
        .profile(Profile::new("Home").store(Store::new("Elsewhere")))
        .build()
        .unwrap();
    let session = logon(&memory);
    let raw = raw_logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]).as_bytes().to_vec();
    let foreign = memory.entry_id("Home", &["Elsewhere"]).unwrap();
    let other_flags = [&[1, 2, 3, 4], &mailbox[4..]].concat();
    let (not_found, invalid) = (HResult::MAPI_E_NOT_FOUND, HResult::MAPI_E_INVALID_ENTRYID);
    let mut cases = vec![
        (mailbox.clone(), HResult::S_OK),
        (other_flags, HResult::S_OK),
        (foreign.as_bytes().into(), not_found),
        (
            id(&memory, &["Mailbox", "Inbox"]).as_bytes().into(),
            not_found,
        ),
        (id(&memory, &["Contacts"]).as_bytes().into(), not_found),
        (id(&memory, &["SMTP"]).as_bytes().into(), not_found),
        (id(&memory, &["Global", "Me"]).as_bytes().into(), not_found),
        (vec![0xFF; 20], not_found),
        ([&mailbox[..], &[0; 4]].concat(), not_found),
    ];
    cases.extend((0..20).map(|length| (mailbox[..length].to_vec(), invalid)));
    for (bytes, expected) in cases {
        let entry_id = EntryId::new(bytes);
        let opened = session.open_msg_store(&entry_id, OpenStoreFlags::empty());
        assert_eq!(code(opened), expected, "{entry_id:?}");
        // What the store is, is known at once: nothing to defer.
        let deferred = session.open_msg_store(&entry_id, OpenStoreFlags::DEFERRED_ERRORS);
        assert_eq!(code(deferred), expected, "{entry_id:?}");
    }
    for entry_id in [None, Some(&[][..])] {
        assert_eq!(raw_code(raw.open_msg_store(DESK, entry_id, 0)), invalid);
    }
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
    logoff(session);
}

// M2
#[test]
fn undefined_flags_are_refused_before_anything_else() {
    let memory = memory_of(stores());
    let raw = raw_logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    for bit in 0..32 {
        let flags: u32 = 1 << bit;
        let expected = match flags & !0x1BD {
            0 => HResult::S_OK,
            _ => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        let opened = raw.open_msg_store(DESK, Some(mailbox.as_bytes()), flags);
        assert_eq!(raw_code(opened), expected, "{flags:#X}");
        if expected.is_failure() {
            assert_eq!(raw_code(raw.open_msg_store(DESK, None, flags)), expected);
        }
    }
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M2: every code of the page, and others, from the provider.
#[test]
fn the_provider_says_what_becomes_of_an_opening() {
    let answer = Arc::new(Mutex::new(HResult::S_OK));
    let says = Arc::clone(&answer);
    let store = Store::new("Mailbox").hook(move |call| match call {
        ProviderCall::Open => *says.lock().unwrap(),
        _ => HResult::S_OK,
    });
    let memory = memory_of(Profile::new("Outlook").store(store));
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    for hresult in [
        HResult::MAPI_E_NO_ACCESS,
        HResult::MAPI_E_NOT_FOUND,
        HResult::MAPI_E_UNKNOWN_CPID,
        HResult::MAPI_E_UNKNOWN_LCID,
        HResult::MAPI_E_LOGON_FAILED,
        HResult::MAPI_E_NETWORK_ERROR,
        HResult::new(0x8004_0FFF),
    ] {
        *answer.lock().unwrap() = hresult;
        let error = session
            .open_msg_store(&mailbox, OpenStoreFlags::WRITE)
            .unwrap_err();
        assert_eq!(
            (error.call(), error.hresult()),
            (Call::OpenMsgStore, hresult)
        );
        assert!(error.reason().unwrap().contains("\"Mailbox\""), "{error}");
        let opened = session.open_entry(&mailbox, OpenEntryFlags::empty());
        assert_eq!(code(opened), hresult);
        let deferred = session
            .open_msg_store(&mailbox, OpenStoreFlags::DEFERRED_ERRORS)
            .unwrap();
        assert_eq!(code(deferred.info()), hresult);
    }
    for hresult in [HResult::S_OK, HResult::MAPI_W_ERRORS_RETURNED] {
        *answer.lock().unwrap() = hresult;
        let store = session
            .open_msg_store(&mailbox, OpenStoreFlags::WRITE)
            .unwrap();
        assert!(store.is_writable().unwrap());
        let warning = store.open_warning().map(Warning::hresult);
        assert_eq!(warning, hresult.is_warning().then_some(hresult));
        let entry = session.open_entry(&mailbox, OpenEntryFlags::empty());
        let entry = entry.unwrap().into_msg_store().unwrap();
        assert_eq!(entry.open_warning(), store.open_warning());
        drop((store, entry));
        let known = session.last_error(hresult).unwrap();
        let text = known.map(|error| error.error().contains("\"Mailbox\""));
        assert_eq!(text, hresult.is_warning().then_some(true));
    }
    logoff(session);
}

// M2
#[test]
fn a_store_without_configuration_asks_the_user_where_that_is_allowed() {
    let memory = memory_of(Profile::new("Outlook").store(Store::new("Mailbox").unconfigured()));
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let no_dialog = || code(session.open_msg_store(&mailbox, OpenStoreFlags::NO_DIALOG));
    assert_eq!(no_dialog(), HResult::MAPI_E_LOGON_FAILED);
    let entry = session.open_entry(&mailbox, OpenEntryFlags::empty());
    assert_eq!(code(entry), HResult::MAPI_E_LOGON_FAILED);
    assert_eq!(memory.user().dialogs(), []);

    // The user cancels, and can be asked again.
    let shown = Dialog::new(
        Question::ConfigureProvider {
            provider: "Mailbox".into(),
            error: HResult::MAPI_E_UNCONFIGURED,
        },
        DESK,
    );
    let with_dialog = || {
        let opened = session.open_msg_store_with_ui(DESK, &mailbox, OpenStoreFlags::empty());
        code(opened)
    };
    memory.user().answer(Answer::Cancel);
    assert_eq!(with_dialog(), HResult::MAPI_E_USER_CANCEL);
    assert_eq!(memory.user().take_dialogs(), std::slice::from_ref(&shown));
    assert_eq!(no_dialog(), HResult::MAPI_E_LOGON_FAILED);
    memory.user().answer(Answer::Accept);
    assert_eq!(with_dialog(), HResult::S_OK);
    assert_eq!(memory.user().take_dialogs(), [shown]);

    // What was given once is known: here, and in the next session.
    assert_eq!((no_dialog(), with_dialog()), (HResult::S_OK, HResult::S_OK));
    logoff(session);
    let session = logon(&memory);
    let opened = session.open_msg_store(&mailbox, OpenStoreFlags::NO_DIALOG);
    assert_eq!(code(opened), HResult::S_OK);
    assert_eq!(memory.user().dialogs(), []);
    logoff(session);
}

// M2, L10: what a service that is disabled has cannot be opened, whatever the user would say.
#[test]
fn a_store_of_a_disabled_service_fails_without_a_dialog() {
    let refuses = AddressBook::new("Global").hook(|call| match call {
        ProviderCall::Logon => HResult::MAPI_E_UNCONFIGURED,
        _ => HResult::S_OK,
    });
    let service = Service::new("Exchange")
        .store(Store::new("Mailbox"))
        .address_book(refuses);
    let memory = memory_of(Profile::new("Outlook").service(service));
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let opened = session.open_msg_store_with_ui(DESK, &mailbox, OpenStoreFlags::empty());
    let error = opened.unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    assert!(error.to_string().contains("disabled"), "{error}");
    assert_eq!(memory.user().dialogs(), []);
    logoff(session);
}

// M2
#[test]
fn deferred_errors_show_at_every_use() {
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").unconfigured())
        .store(Store::new("Archive").read_only());
    let memory = memory_of(profile);
    let session = logon(&memory);
    let deferred = OpenStoreFlags::DEFERRED_ERRORS;
    for (store, flags, expected) in [
        (
            "Mailbox",
            OpenStoreFlags::NO_DIALOG,
            HResult::MAPI_E_LOGON_FAILED,
        ),
        ("Archive", OpenStoreFlags::WRITE, HResult::MAPI_E_NO_ACCESS),
        ("Archive", OpenStoreFlags::BEST_ACCESS, HResult::S_OK),
    ] {
        let entry_id = id(&memory, &[store]);
        let opened = session.open_msg_store(&entry_id, flags | deferred).unwrap();
        assert_eq!(code(opened.info()), expected, "{store}, {flags:?}");
        assert_eq!(code(opened.is_writable()), expected);
        assert_eq!(code(opened.support_mask()), expected);
        let entry = opened.open_entry(&entry_id, OpenEntryFlags::empty());
        let not_found = HResult::MAPI_E_NOT_FOUND;
        assert_eq!(
            code(entry),
            if expected.is_failure() {
                expected
            } else {
                not_found
            }
        );
        let logged_off = opened.logoff(StoreLogoff::Abort).map_err(Error::from);
        assert_eq!(code(logged_off), expected);
    }
    assert_eq!(memory.user().dialogs(), []);
    logoff(session);
}

/// A session's side of a cached store is taken.
fn taken(opened: Result<MsgStore<'_, Memory>, Error>) {
    assert_eq!(code(opened), HResult::MAPI_E_FAILONEPROVIDER);
}

// M2
#[test]
fn online_and_cached_exclude_each_other_in_one_session() {
    let profile = Profile::new("Outlook")
        .store(
            Store::new("Exchange")
                .cached()
                .folder(Folder::new("Inbox").message("Hello")),
        )
        .store(Store::new("Archive"));
    let memory = memory_of(profile);
    let (exchange, archive) = (id(&memory, &["Exchange"]), id(&memory, &["Archive"]));
    let (cached, online) = (OpenStoreFlags::empty(), OpenStoreFlags::ONLINE);
    for (first, second) in [(cached, online), (online, cached)] {
        let session = logon(&memory);
        let one = session.open_msg_store(&exchange, first).unwrap();
        taken(session.open_msg_store(&exchange, second));
        taken(session.open_msg_store(&exchange, second | OpenStoreFlags::WRITE));
        // The same side any number of times; and other sessions, and other stores, have their own.
        let two = session.open_msg_store(&exchange, first).unwrap();
        let other = logon(&memory);
        drop(other.open_msg_store(&exchange, second).unwrap());
        logoff(other);
        let store = session.open_msg_store(&archive, first).unwrap();
        drop(session.open_msg_store(&archive, second).unwrap());
        drop((one, store));
        taken(session.open_msg_store(&exchange, second));
        drop(two);
        // Closed, as the page asks: the other side can be had.
        let three = session.open_msg_store(&exchange, second).unwrap();
        taken(session.open_msg_store(&exchange, first));
        three.logoff(StoreLogoff::Abort).unwrap();
        drop(session.open_msg_store(&exchange, first).unwrap());
        logoff(session);
    }
}

// M2: the clients of a shared session are in one session. A refusal can be deferred.
#[test]
fn online_and_cached_exclude_each_other_among_the_clients_of_a_session() {
    let memory = memory_of(Profile::new("Outlook").store(Store::new("Exchange").cached()));
    let exchange = id(&memory, &["Exchange"]);
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let one = mapi.logon(&shared).unwrap();
    let two = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let store = one
        .open_msg_store(&exchange, OpenStoreFlags::ONLINE)
        .unwrap();
    taken(two.open_msg_store(&exchange, OpenStoreFlags::empty()));
    assert_eq!(
        code(two.open_entry(&exchange, OpenEntryFlags::empty())),
        HResult::MAPI_E_FAILONEPROVIDER
    );
    let deferred = two
        .open_msg_store(&exchange, OpenStoreFlags::DEFERRED_ERRORS)
        .unwrap();
    assert_eq!(code(deferred.info()), HResult::MAPI_E_FAILONEPROVIDER);
    drop(store);
    // One that never opened holds no side.
    drop(
        one.open_msg_store(&exchange, OpenStoreFlags::ONLINE)
            .unwrap(),
    );
    drop(
        one.open_msg_store(&exchange, OpenStoreFlags::empty())
            .unwrap(),
    );
    drop(deferred);
    logoff(one);
    logoff(two);
}

// M2, O3: what was opened from the store keeps it open, on its side.
#[test]
fn a_folder_keeps_its_side_of_a_cached_store() {
    let store = Store::new("Exchange").cached();
    let store = store.folder(Folder::new("Inbox").message("Hello"));
    let memory = memory_of(Profile::new("Outlook").store(store));
    let exchange = id(&memory, &["Exchange"]);
    let session = logon(&memory);
    let online = session
        .open_msg_store(&exchange, OpenStoreFlags::ONLINE)
        .unwrap();
    let inbox = id(&memory, &["Exchange", "Inbox"]);
    let folder = online.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    drop(online);
    taken(session.open_msg_store(&exchange, OpenStoreFlags::empty()));
    drop(
        session
            .open_msg_store(&exchange, OpenStoreFlags::ONLINE)
            .unwrap(),
    );
    drop(folder);
    drop(
        session
            .open_msg_store(&exchange, OpenStoreFlags::empty())
            .unwrap(),
    );
    logoff(session);
}

const ALL: [DefaultStore; 5] = [
    DefaultStore::Default,
    DefaultStore::SimpleTemporary,
    DefaultStore::SimplePermanent,
    DefaultStore::Primary,
    DefaultStore::Secondary,
];

/// The flag that a value sets; whether in the store table; whether in the profile.
fn effect(which: DefaultStore) -> (ResourceFlags, bool, bool) {
    match which {
        DefaultStore::Default => (ResourceFlags::DEFAULT_STORE, true, true),
        DefaultStore::SimpleTemporary => (ResourceFlags::SIMPLE_STORE, true, false),
        DefaultStore::SimplePermanent => (ResourceFlags::SIMPLE_STORE, true, true),
        DefaultStore::Primary => (ResourceFlags::PRIMARY_STORE, false, false),
        DefaultStore::Secondary => (ResourceFlags::SECONDARY_STORE, false, false),
        other => unreachable!("{other:?}"),
    }
}

/// Who has a flag, in the store table and in the status table.
fn having(session: &Session<Live, Memory>, flag: ResourceFlags) -> [Vec<String>; 2] {
    let stores = session.msg_stores_table().unwrap();
    let stores = stores
        .into_iter()
        .filter(|row| row.resource_flags().contains(flag));
    let statuses = session.status_table().unwrap();
    let statuses = statuses
        .into_iter()
        .filter(|row| row.resource_flags().contains(flag));
    [
        stores.map(|row| row.display_name().to_string()).collect(),
        statuses.map(|row| row.display_name().to_owned()).collect(),
    ]
}

fn two_stores() -> Memory {
    memory_of(
        Profile::new("Outlook")
            .address_book(AddressBook::new("Contacts"))
            .store(Store::new("Archive"))
            .store(Store::new("Mailbox").default_store()),
    )
}

// M8, M9: of a store that another client has deleted, it is the session's default and nothing more.
#[test]
fn a_deleted_store_is_no_default_of_the_profile() {
    let service = |name: &str, store: Store| Service::new(name).store(store);
    let memory = memory_of(
        Profile::new("Outlook")
            .service(service("Old", Store::new("Archive")))
            .service(service("New", Store::new("Mailbox").default_store())),
    );
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let table = admin.msg_service_table().unwrap();
    let old = table.rows().iter().find(|row| row.name() == "Old").unwrap();
    admin.delete_msg_service(old.uid()).unwrap();
    let archive = id(&memory, &["Mailbox"]);
    let deleted = session.msg_stores_table().unwrap();
    let deleted = deleted.rows().iter().find(|row| *row.entry_id() != archive);
    session
        .set_default_store(DefaultStore::Default, Some(deleted.unwrap().entry_id()))
        .unwrap();
    let next = logon(&memory);
    let table = next.msg_stores_table().unwrap();
    assert_eq!(table.default_store().unwrap().display_name(), "Mailbox");
    drop(admin);
    [session, next].into_iter().for_each(logoff);
}

// M9
#[test]
fn an_installed_service_has_one_default_store_at_most() {
    let two = Service::new("Exchange")
        .store(Store::new("A").default_store())
        .store(Store::new("B").default_store());
    let error = Memory::builder()
        .installed_service(two)
        .build()
        .unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
    let text = error.to_string();
    assert!(
        ["\"Exchange\"", "\"A\"", "\"B\""]
            .iter()
            .all(|name| text.contains(name)),
        "{text}"
    );
}

// M2: what is opened through the session is of the cache, or of the side that is in use.
#[test]
fn an_object_of_a_cached_store_counts_for_its_side() {
    let inbox = Folder::new("Inbox");
    let memory =
        memory_of(Profile::new("Outlook").store(Store::new("Mailbox").folder(inbox).cached()));
    let session = logon(&memory);
    let (mailbox, inbox) = (
        id(&memory, &["Mailbox"]),
        id(&memory, &["Mailbox", "Inbox"]),
    );
    let open = |flags| session.open_msg_store(&mailbox, flags);
    let (cached, online) = (OpenStoreFlags::empty(), OpenStoreFlags::ONLINE);
    let one_side = HResult::MAPI_E_FAILONEPROVIDER;
    for (here, there) in [(cached, online), (online, cached)] {
        let store = open(here).unwrap();
        let folder = session.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
        drop(store);
        assert_eq!(code(open(there)), one_side);
        drop(folder);
        drop(open(there).unwrap());
    }
    let folder = session.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    assert_eq!(code(open(online)), one_side);
    drop(folder);
    logoff(session);
}

// M8
#[test]
fn the_five_values_are_five_values_and_no_bits() {
    let memory = two_stores();
    let raw = raw_logon(&memory);
    let archive = id(&memory, &["Archive"]);
    for flags in (0..=8).chain([0x10, 0x8000_0001, u32::MAX]) {
        let (given, empty) = match flags {
            1..=5 => (HResult::S_OK, HResult::MAPI_E_INVALID_ENTRYID),
            _ => [HResult::MAPI_E_INVALID_PARAMETER; 2].into(),
        };
        // Null clears it; a stray empty identifier must not.
        for (entry_id, expected) in [
            (Some(archive.as_bytes()), given),
            (None, given),
            (Some(&[][..]), empty),
        ] {
            assert_eq!(
                raw_code(raw.set_default_store(flags, entry_id)),
                expected,
                "{flags:#X}"
            );
        }
    }
    for which in ALL {
        assert_eq!(DefaultStore::from_raw(which.raw()), Some(which));
    }
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M8
#[test]
fn each_value_changes_the_tables_and_the_profile_as_the_page_says() {
    for which in ALL {
        let (flag, in_store_table, in_profile) = effect(which);
        let memory = two_stores();
        let session = logon(&memory);
        let others = flag != ResourceFlags::DEFAULT_STORE;
        let default = || having(&session, ResourceFlags::DEFAULT_STORE);
        let was_default = default();
        let list = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();

        for store in ["Archive", "Mailbox", "Mailbox", "Archive"] {
            let entry_id = id(&memory, &[store]);
            session.set_default_store(which, Some(&entry_id)).unwrap();
            let in_table = if in_store_table {
                list(&[store])
            } else {
                Vec::new()
            };
            assert_eq!(
                having(&session, flag),
                [in_table, list(&[store])],
                "{which:?}"
            );
            assert!(
                !others || default() == was_default,
                "{which:?} leaves the default"
            );
        }
        // Another session that is open has its own.
        let next = logon(&memory);
        let initial: &[&str] = if others { &[] } else { &["Mailbox"] };
        let kept = list(if in_profile { &["Archive"] } else { initial });
        assert_eq!(
            having(&next, flag),
            [kept.clone(), kept.clone()],
            "{which:?}"
        );

        // None: cleared, here and where it was kept.
        session.set_default_store(which, None).unwrap();
        assert_eq!(having(&session, flag), [list(&[]), list(&[])]);
        assert_eq!(having(&next, flag), [kept.clone(), kept], "{which:?}");
        logoff(next);
        let next = logon(&memory);
        let kept = list(if in_profile { &[] } else { initial });
        assert_eq!(having(&next, flag), [kept.clone(), kept], "{which:?}");
        assert!(others || next.msg_stores_table().unwrap().default_store().is_none());
        logoff(next);
        logoff(session);
    }
}

// M8: and the message service table of the profile, for the service that has the default store.
#[test]
fn the_service_of_the_default_store_says_so() {
    let memory = two_stores();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let with_default = || {
        let table = admin.msg_service_table().unwrap();
        let mut rows = table.into_iter();
        let row = rows.find(|row| row.resource_flags().contains(ServiceFlags::DEFAULT_STORE));
        row.map(|row| row.name().to_owned())
    };
    assert_eq!(with_default().as_deref(), Some("Mailbox"));
    let archive = id(&memory, &["Archive"]);
    session
        .set_default_store(DefaultStore::Default, Some(&archive))
        .unwrap();
    assert_eq!(with_default().as_deref(), Some("Archive"));
    session
        .set_default_store(DefaultStore::Default, None)
        .unwrap();
    assert_eq!(with_default(), None);
    drop(admin);
    logoff(session);
}

// M8: it has to submit, create and modify.
#[test]
fn a_store_that_cannot_be_the_default_one_is_refused_and_nothing_changes() {
    use StoreSupportMask as Mask;
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Mailbox").default_store())
            .store(Store::new("No submit").lacks(Mask::SUBMIT_OK))
            .store(Store::new("No create").lacks(Mask::CREATE_OK))
            .store(Store::new("No modify").lacks(Mask::MODIFY_OK))
            .store(Store::new("Archive").read_only())
            .store(Store::new("Silent").silent()),
    );
    let session = logon(&memory);
    let (sink, told) = mpsc::channel();
    let registration = session.advise_sink(EventMask::all(), sink).unwrap();
    let tables = || {
        (
            session.msg_stores_table().unwrap(),
            session.status_table().unwrap(),
        )
    };
    let before = tables();
    let unsupported = HResult::MAPI_E_NO_SUPPORT;
    let short = EntryId::new(&id(&memory, &["Mailbox"]).as_bytes()[..19]);
    let lacking = ["No submit", "No create", "No modify", "Archive"];
    for store in lacking {
        let store_id = id(&memory, &[store]);
        let refused = session.set_default_store(DefaultStore::Default, Some(&store_id));
        assert_eq!(code(refused), unsupported, "{store}");
    }
    for which in ALL {
        let unknown = session.set_default_store(which, Some(&EntryId::new([0xAB; 20])));
        assert_eq!(code(unknown), HResult::MAPI_E_NOT_FOUND);
        let refused = session.set_default_store(which, Some(&short));
        assert_eq!(code(refused), HResult::MAPI_E_INVALID_ENTRYID);
    }
    assert_eq!(tables(), before);
    assert_eq!(told.try_iter().count(), 0);
    let silent = id(&memory, &["Silent"]);
    session
        .set_default_store(DefaultStore::Default, Some(&silent))
        .unwrap();
    // The page asks it of the default store, and of no other.
    for which in ALL.into_iter().filter(|it| *it != DefaultStore::Default) {
        for store in lacking {
            let store = id(&memory, &[store]);
            session.set_default_store(which, Some(&store)).unwrap();
        }
    }
    drop(registration);
    logoff(session);
}

/// The event of a row that has changed, from its table as it is now.
fn store_event(session: &Session<Live, Memory>, store: &str) -> Notification {
    let table = session.msg_stores_table().unwrap();
    let place = table
        .rows()
        .iter()
        .position(|row| row.display_name() == store);
    let place = place.unwrap();
    let row = &table.rows()[place];
    let before = place.checked_sub(1).map(|place| &table.rows()[place]);
    row_event(
        row.instance_key(),
        before.map(StoreRow::instance_key),
        row.entry_id(),
        ObjectType::STORE,
        row.resource_flags(),
        Some(row.is_default()),
    )
}

fn status_event(session: &Session<Live, Memory>, store: &str) -> Notification {
    let table = session.status_table().unwrap();
    let place = table
        .rows()
        .iter()
        .position(|row| row.display_name() == store);
    let place = place.unwrap();
    let (before, row) = (&table.rows()[place - 1], &table.rows()[place]);
    row_event(
        row.instance_key(),
        Some(before.instance_key()),
        row.entry_id(),
        ObjectType::STATUS,
        row.resource_flags(),
        None,
    )
}

fn row_event(
    index: &[u8],
    prior: Option<&[u8]>,
    entry_id: &EntryId,
    object_type: ObjectType,
    flags: ResourceFlags,
    is_default: Option<bool>,
) -> Notification {
    let columns = [
        (
            0x0FFF_0102,
            PropertyValue::Binary(entry_id.as_bytes().into()),
        ),
        (0x0FFE_0003, PropertyValue::Long(object_type.get() as i32)),
        (0x3009_0003, PropertyValue::Long(flags.bits() as i32)),
    ];
    let default = is_default.map(|set| (0x3400_000B, PropertyValue::Boolean(set)));
    Notification::Table(
        TableEvent::new(TableEventKind::ROW_MODIFIED)
            .with_index(Some(index.into()))
            .with_prior(prior.map(Into::into))
            .with_row(
                columns
                    .into_iter()
                    .chain(default)
                    .map(|(tag, value)| Property { tag, value })
                    .collect(),
            ),
    )
}

// M8: an event for each row of either table that has changed, in the order of the table.
#[test]
fn every_client_of_the_session_is_told_of_each_row_that_changed() {
    for which in ALL {
        let memory = two_stores();
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let shared = LogonRequest::new_session("Outlook").allow_others();
        let session = mapi.logon(&shared).unwrap();
        let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
        let stranger = logon(&memory);
        let (sink, strange) = mpsc::channel();
        let not_told = stranger.advise_sink(EventMask::all(), sink).unwrap();
        let (sink, unasked) = mpsc::channel();
        let unasking = other
            .advise_sink(EventMask::all() - EventMask::TABLE_MODIFIED, sink)
            .unwrap();
        let (sink, own) = mpsc::channel();
        let own_registration = session
            .advise_sink(EventMask::TABLE_MODIFIED, sink)
            .unwrap();
        let (sink, others) = mpsc::channel();
        let registration = other.advise_sink(EventMask::TABLE_MODIFIED, sink).unwrap();

        let (flag, in_store_table, _) = effect(which);
        let mut now = (flag == ResourceFlags::DEFAULT_STORE).then_some("Mailbox");
        let steps = [
            Some("Archive"),
            Some("Archive"),
            Some("Mailbox"),
            None,
            None,
            Some("Mailbox"),
        ];
        for store in steps {
            let entry_id = store.map(|store| id(&memory, &[store]));
            session.set_default_store(which, entry_id.as_ref()).unwrap();
            let changed = |name: &&str| (now == Some(*name)) != (store == Some(*name));
            let changed: Vec<_> = ["Archive", "Mailbox"].into_iter().filter(changed).collect();
            let mut expected = Vec::new();
            if in_store_table {
                expected.extend(changed.iter().map(|name| store_event(&session, name)));
            }
            expected.extend(changed.iter().map(|name| status_event(&session, name)));
            assert_eq!(
                own.try_iter().collect::<Vec<_>>(),
                expected,
                "{which:?}, {store:?}"
            );
            assert_eq!(others.try_iter().collect::<Vec<_>>(), expected);
            now = store;
        }
        assert_eq!(
            (strange.try_iter().count(), unasked.try_iter().count()),
            (0, 0)
        );
        drop((not_told, unasking, own_registration, registration));
        logoff(stranger);
        logoff(other);
        logoff(session);
    }
}

// M8: there is no event of a row that is not there.
#[test]
fn a_store_without_a_row_has_no_event() {
    let capable = Profile::new("Outlook")
        .store(Store::new("Temporary").hidden())
        .store(Store::new("Quiet").no_status_row())
        .store(Store::new("Mailbox"));
    let memory = memory_of(capable);
    let session = logon(&memory);
    let (sink, told) = mpsc::channel();
    let registration = session
        .advise_sink(EventMask::TABLE_MODIFIED, sink)
        .unwrap();
    let set = |store: &str| {
        let store = id(&memory, &[store]);
        session
            .set_default_store(DefaultStore::Default, Some(&store))
            .unwrap();
        told.try_iter().collect::<Vec<_>>()
    };
    let temporary = set("Temporary");
    assert_eq!(temporary, [status_event(&session, "Temporary")]);
    let quiet = set("Quiet");
    // The first in its table: the hidden one before it is not there.
    let expected = [
        store_event(&session, "Quiet"),
        status_event(&session, "Temporary"),
    ];
    assert_eq!(quiet, expected);
    let mailbox = set("Mailbox");
    let expected = [
        store_event(&session, "Quiet"),
        store_event(&session, "Mailbox"),
        status_event(&session, "Mailbox"),
    ];
    assert_eq!(mailbox, expected);
    drop(registration);
    logoff(session);
}

// M8, P2
#[test]
fn the_default_of_a_profile_to_be_deleted_is_set_for_the_session_alone() {
    let memory = two_stores();
    let session = logon(&memory);
    memory
        .profiles()
        .delete_profile("Outlook", Default::default())
        .unwrap();
    let store = session.msg_stores_table().unwrap().rows()[0]
        .entry_id()
        .clone();
    session
        .set_default_store(DefaultStore::Default, Some(&store))
        .unwrap();
    let archive = vec!["Archive".to_string()];
    assert_eq!(
        having(&session, ResourceFlags::DEFAULT_STORE),
        [archive.clone(), archive]
    );
    logoff(session);
    let mapi = Mapi::initialize(memory).unwrap();
    let gone = mapi.logon(&LogonRequest::new_session("Outlook"));
    assert_eq!(code(gone), HResult::MAPI_E_LOGON_FAILED);
}

// O4
#[test]
fn logging_on_again_sees_and_opens_the_same_stores() {
    let memory = memory_of(stores());
    let first = logon(&memory);
    let table = first.msg_stores_table().unwrap();
    let statuses = first.status_table().unwrap();
    let store = first
        .open_msg_store(table.rows()[1].entry_id(), OpenStoreFlags::WRITE)
        .unwrap();
    let info = store.info().unwrap();
    drop(store);
    logoff(first);
    for _ in 0..2 {
        let again = logon(&memory);
        assert_eq!(again.msg_stores_table().unwrap(), table);
        assert_eq!(again.status_table().unwrap(), statuses);
        // The identifier of the first session is as good as the own one.
        let store = again
            .open_msg_store(table.rows()[1].entry_id(), OpenStoreFlags::WRITE)
            .unwrap();
        assert_eq!(store.info().unwrap(), info);
        drop(store);
        logoff(again);
    }
}

// O2: a store object outlives its session, and can only be released.
#[test]
fn a_raw_store_is_dead_after_the_logoff() {
    let memory = memory_of(Profile::new("Outlook").store(Store::new("Mailbox").cached()));
    let session = raw_logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let opened = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0);
    let store = opened.unwrap().ignore_warning();
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    assert_eq!(raw_code(store.info()), HResult::MAPI_E_INVALID_OBJECT);
    drop((session, store));
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    memory.uninitialize();
}
