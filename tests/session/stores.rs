//! Rules M1, M2, M8, M17 and O4: the stores of a session, listed, opened and made the default one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, mpsc};

use crate::support::{Profiles, code, id, logoff, logon, raw_code, raw_logon};
use mapi_session::error::{Call, Warning};
use mapi_session::flags::{
    ProfileSectionFlags, ResourceFlags, ResourceMethods, ServiceFlags, StatusCode, StoreSupportMask,
};
use mapi_session::memory::{
    AddressBook, Answer, Dialog, Folder, Memory, Profile, ProviderCall, Question, Service, Store,
    Transport,
};
use mapi_session::notification::{TableEvent, TableEventKind};
use mapi_session::property::{PropTag, Property};
use mapi_session::session::registration::ObjectRegistration;
use mapi_session::session::store::StoreLogoff;
use mapi_session::session::table::{LiveMsgStoresTable, LiveStatusTable};
use mapi_session::subsystem::{
    RawEntry, RawObject, RawProp, RawServiceAdmin, RawSession, Subsystem,
};
use mapi_session::table::{ProfileRow, StatusRow, StoreRow};
use mapi_session::types::{DefaultStore, ObjectType, ResourceType};
use mapi_session::{
    EntryId, Error, EventMask, HResult, Live, LogonFlags, LogonRequest, Mapi, MapiUid, MsgStore,
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
        assert_eq!(row.provider_display(), "Message store in memory");
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

// M1: PR_MDB_PROVIDER is the type of the store, and not which store it is.
#[test]
fn a_store_is_found_by_its_type() {
    let public = MapiUid::new(*b"public folders 1");
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").default_store())
        .store(Store::new("Archive"))
        .store(
            Store::new("All public folders")
                .provider_type(public)
                .provider_display("Exchange Public Folders")
                .provider_dll_name("EMSMDB"),
        )
        .transport(Transport::new("SMTP").provider_dll_name("SMTPXP"));
    let memory = memory_of(profile);
    let session = logon(&memory);
    let table = session.msg_stores_table().unwrap();
    let types: BTreeSet<_> = table.rows().iter().map(StoreRow::provider).collect();
    assert_eq!(types.len(), 2);
    let mut found = table.rows().iter().filter(|row| row.provider() == public);
    let row = found.next().unwrap();
    assert_eq!(row.display_name(), "All public folders");
    assert_eq!(row.provider_display(), "Exchange Public Folders");
    assert_eq!(found.next(), None);
    let store = session
        .open_msg_store(row.entry_id(), OpenStoreFlags::empty())
        .unwrap();
    let display = PropTag::PROVIDER_DISPLAY;
    let props = store.props(&[display]).unwrap();
    assert_eq!(props.text(display), Some("Exchange Public Folders"));

    // Its row in the status table can be found by the same names.
    let table = session.status_table().unwrap();
    let columns = table.rows().iter().map(|row| {
        let name = row.display_name();
        (name, row.provider_display(), row.provider_dll_name())
    });
    let ours = "mapi-session";
    let expected = [
        ("Outlook", "MAPI", ours),
        ("MAPI spooler", "MAPI", ours),
        ("Address book", "MAPI", ours),
        ("Mailbox", "Message store in memory", ours),
        ("Archive", "Message store in memory", ours),
        ("All public folders", "Exchange Public Folders", "EMSMDB"),
        ("SMTP", "Transport in memory", "SMTPXP"),
    ];
    assert_eq!(columns.collect::<Vec<_>>(), expected);
    for row in table.rows() {
        assert_eq!(row.object_type(), ObjectType::STATUS);
    }
    drop(store);
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
    assert_eq!(identity.entry_id(), Some(&id(&memory, &["Global", "Me"])));
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
    let store = session.open_msg_store(&store, OpenStoreFlags::empty());
    let store = store.unwrap();
    assert_eq!(status(&session), StatusCode::AVAILABLE);
    drop(store);
    logoff(session);
}

// M1, M16: of the two ways in which character sets are incompatible, the second.
#[test]
fn a_session_with_nothing_but_unicode_says_so() {
    let builder = Memory::builder().without_ansi().profile(stores());
    let memory = builder.build().unwrap();
    let session = raw_logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let store = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0);
    let store = store.unwrap().ignore_warning();
    let of = HResult::MAPI_E_NOT_FOUND;
    let row = session
        .status_table(UNICODE)
        .unwrap()
        .ignore_warning()
        .rows()[0]
        .clone();
    let opened = session.open_entry(Some(row.entry_id().as_bytes()), 0);
    let RawEntry::Object(_, status) = opened.unwrap().ignore_warning() else {
        panic!("a store");
    };
    for (flags, expected) in [
        (0, HResult::MAPI_E_BAD_CHARWIDTH),
        (UNICODE, HResult::S_OK),
        (1, HResult::MAPI_E_UNKNOWN_FLAGS),
    ] {
        assert_eq!(raw_code(session.msg_stores_table(flags)), expected);
        assert_eq!(raw_code(session.status_table(flags)), expected);
        assert_eq!(raw_code(session.enum_adr_types(flags)), expected);
        assert_eq!(raw_code(session.last_error(of, flags)), expected);
        assert_eq!(raw_code(store.last_error(of, flags)), expected);
        assert_eq!(raw_code(status.last_error(of, flags)), expected);
    }
    // What has no text to give, or is never asked for in Unicode, works.
    let changed = status.change_password(Some("a"), Some("b"), 0);
    assert_eq!(raw_code(changed), HResult::MAPI_E_BAD_CHARWIDTH);
    let admin = session.admin_services(0).unwrap().ignore_warning();
    assert_eq!(raw_code(admin.msg_service_table(0)), HResult::S_OK);
    drop((store, status, admin));
    let typed = logon(&memory);
    assert_eq!(typed.msg_stores_table().unwrap().rows().len(), 3);
    assert_eq!(typed.last_error(of).unwrap(), None);
    logoff(typed);
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
        (Call::SESSION_GET_MSG_STORES_TABLE, bad)
    );
    let error = session.status_table().unwrap_err();
    assert_eq!(
        (error.call(), error.hresult()),
        (Call::SESSION_GET_STATUS_TABLE, bad)
    );
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
            (Call::SESSION_OPEN_MSG_STORE, hresult)
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
        ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
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
        DefaultStore::Primary => (ResourceFlags::PRIMARY_STORE, false, true),
        DefaultStore::Secondary => (ResourceFlags::SECONDARY_STORE, false, true),
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
    let folder = session.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    assert_eq!(code(open(online)), one_side);
    drop(folder);
    for (here, there, words) in [
        (cached, online, "in its local copy, and MDB_ONLINE is set"),
        (online, cached, "on its server, and MDB_ONLINE is not set"),
    ] {
        let store = open(here).unwrap();
        let folder = session.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
        drop(store);
        let refused = open(there).unwrap_err();
        assert_eq!(refused.hresult(), one_side);
        assert!(refused.to_string().contains(words), "{refused}");
        drop(folder);
        drop(open(there).unwrap());
    }
    logoff(session);
}

// ---- M17

/// A profile with one store, and a store that is in no profile.
fn with_an_outside_store(outside: Store) -> (Memory, EntryId) {
    let memory = Memory::builder()
        .profile(Profile::new("Outlook").store(Store::new("Mailbox").default_store()))
        .profile(Profile::new("Other"))
        .store_outside(outside.folder(Folder::new("Inbox").message("Hello")))
        .build()
        .unwrap();
    let store = memory.store_outside(&["Delegate"]).unwrap();
    (memory, store)
}

fn store_names(session: &Session<Live, Memory>) -> Vec<String> {
    let table = session.msg_stores_table().unwrap();
    let names = table.into_iter().map(|row| row.display_name().to_owned());
    names.collect()
}

/// As MFCMAPI opens a mailbox by an identifier that it has made itself.
const MAILBOX_LOGON: OpenStoreFlags = OpenStoreFlags::NO_DIALOG
    .union(OpenStoreFlags::NO_MAIL)
    .union(OpenStoreFlags::TEMPORARY)
    .union(OpenStoreFlags::BEST_ACCESS);

// M17, L9, E9: it is logged on when it is opened, and off at the end of the session, of which alone it
// is.
#[test]
fn a_temporary_store_outside_the_profile_is_of_its_session_alone() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&calls);
    // Who it is elsewhere is nothing to this profile.
    let delegate = Store::new("Delegate").primary_identity("Somebody");
    let (memory, outside) = with_an_outside_store(delegate.hook(move |call| {
        noted.lock().unwrap().push(call);
        HResult::S_OK
    }));
    let called = || std::mem::take(&mut *calls.lock().unwrap());
    let inbox = memory.store_outside(&["Delegate", "Inbox"]).unwrap();
    let (session, other) = (logon(&memory), logon(&memory));
    let open_inbox =
        |session: &Session<Live, Memory>| code(session.open_entry(&inbox, OpenEntryFlags::empty()));
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    assert_eq!(open_inbox(&session), unknown);
    assert!(called().is_empty());

    let store = session.open_msg_store(&outside, MAILBOX_LOGON).unwrap();
    assert_eq!(called(), [ProviderCall::LogOn, ProviderCall::Open]);
    assert_eq!(store.info().unwrap().entry_id(), &outside);
    assert!(store.is_writable().unwrap());
    assert_eq!(open_inbox(&session), HResult::S_OK);
    assert_eq!(open_inbox(&other), unknown);
    assert_eq!(store_names(&session), ["Mailbox"]);
    let statuses = session.status_table().unwrap();
    let mut rows = statuses.rows().iter();
    let row = rows.find(|row| row.display_name() == "Delegate").unwrap();
    let flags = ResourceFlags::TEMP_SECTION | ResourceFlags::NO_PRIMARY_IDENTITY;
    assert_eq!(row.resource_flags(), flags);
    let admin = session.admin_services().unwrap();
    assert_eq!(admin.msg_service_table().unwrap().rows().len(), 1);
    drop((admin, store));
    // Its section is there as long as it is.
    let section = |session: &Session<Live, Memory>| {
        let flags = ProfileSectionFlags::FORCE_ACCESS;
        code(session.open_profile_section(outside.provider_uid().unwrap(), flags))
    };
    assert_eq!(section(&session), HResult::S_OK);
    // O6
    assert_eq!(called().last(), Some(&ProviderCall::LogOff));
    logoff(session);
    assert_eq!(called(), [ProviderCall::Shutdown]);
    logoff(other);
    let next = logon(&memory);
    assert_eq!(store_names(&next), ["Mailbox"]);
    assert_eq!(section(&next), HResult::MAPI_E_NOT_FOUND);
    logoff(next);
    assert!(called().is_empty());
    // P7: nobody uses the profile, so it is deleted at once, and its name is free.
    let mapi = Mapi::initialize(memory).unwrap();
    let profiles = mapi.admin_profiles().unwrap();
    profiles
        .delete_profile("Outlook", Default::default())
        .unwrap();
    profiles
        .create_profile("Outlook", Default::default())
        .unwrap();
}

// M17: without MDB_TEMPORARY it comes into the table, with an event, and into the profile.
#[test]
fn a_store_that_is_not_temporary_comes_into_the_profile() {
    let (memory, outside) = with_an_outside_store(Store::new("Delegate"));
    let (session, other) = (logon(&memory), logon(&memory));
    let (sink, told) = mpsc::channel();
    let table = session.open_msg_stores_table().unwrap();
    let registration = table.advise_sink(sink).unwrap();
    for (flags, names, events) in [
        (MAILBOX_LOGON, &["Mailbox"][..], 0),
        (OpenStoreFlags::empty(), &["Mailbox", "Delegate"], 1),
        (OpenStoreFlags::empty(), &["Mailbox", "Delegate"], 0),
        (MAILBOX_LOGON, &["Mailbox", "Delegate"], 0),
    ] {
        drop(session.open_msg_store(&outside, flags).unwrap());
        assert_eq!(store_names(&session), names, "{flags:?}");
        let told: Vec<_> = told.try_iter().collect();
        assert_eq!(told.len(), events, "{flags:?}");
        for event in told {
            let Notification::Table(event) = event else {
                panic!("{event:?}")
            };
            assert_eq!(event.event(), TableEventKind::ROW_ADDED);
        }
    }
    let statuses = having(&session, ResourceFlags::TEMP_SECTION);
    assert_eq!(statuses, [[""; 0], [""; 0]]);
    assert_eq!(store_names(&other), ["Mailbox"], "it began before");
    drop(registration);
    drop(table);
    logoff(session);
    logoff(other);
    let next = logon(&memory);
    assert_eq!(store_names(&next), ["Mailbox", "Delegate"]);
    let admin = next.admin_services().unwrap();
    assert_eq!(admin.msg_service_table().unwrap().rows().len(), 1);
    drop(admin);
    // It can be the default one, as others can.
    next.set_default_store(DefaultStore::Default, Some(&outside))
        .unwrap();
    logoff(next);
    let last = logon(&memory);
    let table = last.msg_stores_table().unwrap();
    assert_eq!(table.default_store().unwrap().entry_id(), &outside);
    logoff(last);
}

// M17, M5: OpenEntry takes the identifier too; nothing else does before the store is open.
#[test]
fn a_store_outside_the_profile_is_opened_by_open_entry() {
    let (memory, outside) = with_an_outside_store(Store::new("Delegate"));
    let session = logon(&memory);
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    assert_eq!(code(session.compare_entry_ids(&outside, &outside)), unknown);
    let set = session.set_default_store(DefaultStore::Default, Some(&outside));
    assert_eq!(code(set), HResult::MAPI_E_NOT_FOUND);
    let longer = EntryId::new([outside.as_bytes(), &[1, 0, 0, 0]].concat());
    let opened = session.open_msg_store(&longer, OpenStoreFlags::empty());
    assert_eq!(code(opened), HResult::MAPI_E_NOT_FOUND);
    let opened = session
        .open_entry(&outside, OpenEntryFlags::empty())
        .unwrap();
    let store = opened.into_msg_store().unwrap();
    assert_eq!(store.info().unwrap().entry_id(), &outside);
    assert!(session.compare_entry_ids(&outside, &outside).unwrap());
    drop(store);
    assert_eq!(store_names(&session), ["Mailbox", "Delegate"]);
    logoff(session);
    // Another profile's sessions have no part in it.
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let other = mapi.logon(&LogonRequest::new_session("Other")).unwrap();
    assert_eq!(store_names(&other), [""; 0]);
    logoff(other);
}

// M17, L10: it is opened later than at logon, so a user who cancels can be asked again.
#[test]
fn a_store_outside_the_profile_asks_for_what_it_lacks() {
    let (memory, outside) = with_an_outside_store(Store::new("Delegate").unconfigured());
    let session = logon(&memory);
    let open = |flags| code(session.open_msg_store_with_ui(DESK, &outside, flags));
    let silent = MAILBOX_LOGON;
    assert_eq!(open(silent), HResult::MAPI_E_LOGON_FAILED);
    memory.user().answer(Answer::Cancel);
    assert_eq!(open(OpenStoreFlags::TEMPORARY), HResult::MAPI_E_USER_CANCEL);
    memory.user().answer(Answer::Accept);
    assert_eq!(open(OpenStoreFlags::TEMPORARY), HResult::S_OK);
    assert_eq!(open(silent), HResult::S_OK);
    logoff(session);
}

// M17: one that cannot be opened does not come into the profile.
#[test]
fn a_store_that_fails_stays_outside_the_profile() {
    let (memory, outside) = with_an_outside_store(Store::new("Delegate").hook(|call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_NO_ACCESS,
        _ => HResult::S_OK,
    }));
    let session = logon(&memory);
    let opened = session.open_msg_store(&outside, OpenStoreFlags::NO_DIALOG);
    assert_eq!(code(opened), HResult::MAPI_E_NO_ACCESS);
    assert_eq!(store_names(&session), ["Mailbox"]);
    let opened = session.open_msg_store(&id(&memory, &["Mailbox"]), OpenStoreFlags::empty());
    assert_eq!(code(opened), HResult::S_OK);
    logoff(session);
    let next = logon(&memory);
    assert_eq!(store_names(&next), ["Mailbox"]);
    logoff(next);
}

// M17, P1
#[test]
fn a_store_outside_the_profiles_is_no_profiles_default() {
    let stores = [
        Store::new("Delegate").default_store(),
        Store::new("Delegate").primary_store(),
        Store::new("Delegate").secondary_store(),
    ];
    for store in stores {
        let built = Memory::builder().store_outside(store).build();
        let error = built.map(drop).unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
        assert!(error.reason().unwrap().contains("\"Delegate\""), "{error}");
    }
}

// M17, P2: a profile that is gone gets no store; the session has it all the same.
#[test]
fn a_deleted_profile_gets_no_store() {
    let (memory, outside) = with_an_outside_store(Store::new("Delegate"));
    let session = logon(&memory);
    memory
        .profiles()
        .delete_profile("Outlook", Default::default())
        .unwrap();
    drop(
        session
            .open_msg_store(&outside, OpenStoreFlags::empty())
            .unwrap(),
    );
    assert_eq!(store_names(&session), ["Mailbox", "Delegate"]);
    logoff(session);
    let mapi = Mapi::initialize(memory).unwrap();
    let gone = mapi.logon(&LogonRequest::new_session("Outlook"));
    assert_eq!(code(gone), HResult::MAPI_E_LOGON_FAILED);
}

// M17, P2: what a profile is to be called when its last session has ended is not forgotten.
#[test]
fn a_profile_is_renamed_although_a_session_took_a_store_from_outside() {
    let (memory, outside) = with_an_outside_store(Store::new("Delegate"));
    let session = logon(&memory);
    let profiles = memory.profiles();
    profiles
        .rename_profile("Outlook", "Renamed", Default::default())
        .unwrap();
    drop(session.open_msg_store(&outside, MAILBOX_LOGON).unwrap());
    // Nor because it lacks a service now.
    let admin = profiles.admin_services("Outlook").unwrap();
    let uid = admin.msg_service_table().unwrap().rows()[0].uid();
    admin.delete_msg_service(uid).unwrap();
    drop(admin);
    logoff(session);
    let table = profiles.profile_table(Default::default()).unwrap();
    let names: Vec<_> = table.rows().iter().map(ProfileRow::name).collect();
    assert_eq!(names, ["Other", "Renamed"]);
}

// ---- M2: what a provider can do

// M2, M1
#[test]
fn an_offline_provider_says_so_and_cannot_be_opened_on_its_server() {
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Mailbox").cached().offline())
            .address_book(AddressBook::new("Global").offline())
            .transport(Transport::new("SMTP").offline())
            .store(Store::new("Archive")),
    );
    let session = logon(&memory);
    let statuses = session.status_table().unwrap();
    let rows = statuses.rows()[3..].iter();
    let codes: Vec<_> = rows
        .map(|row| (row.display_name(), row.status_code()))
        .collect();
    let offline = StatusCode::OFFLINE;
    let expected = [
        ("Global", offline),
        ("Mailbox", offline),
        ("Archive", StatusCode::AVAILABLE),
        ("SMTP", offline),
    ];
    assert_eq!(codes, expected);
    let open = |store, flags| code(session.open_msg_store(&id(&memory, &[store]), flags));
    let online = OpenStoreFlags::ONLINE;
    assert_eq!(open("Mailbox", OpenStoreFlags::empty()), HResult::S_OK);
    assert_eq!(open("Mailbox", online), HResult::MAPI_E_NETWORK_ERROR);
    assert_eq!(open("Archive", online), HResult::S_OK);
    logoff(session);
}

// M2: as MFCMAPI meets it, which tries again without the flag.
#[test]
fn a_provider_can_refuse_the_flags_of_the_cache() {
    let inbox = || Folder::new("Inbox");
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Mailbox").folder(inbox()).without_cache_flags())
            .store(Store::new("Archive").folder(inbox())),
    );
    let session = logon(&memory);
    let refused = HResult::MAPI_E_UNKNOWN_FLAGS;
    for (name, expected) in [("Mailbox", refused), ("Archive", HResult::S_OK)] {
        let (store, folder) = (id(&memory, &[name]), id(&memory, &[name, "Inbox"]));
        let best = OpenStoreFlags::BEST_ACCESS;
        let opened = session.open_msg_store(&store, best | OpenStoreFlags::ONLINE);
        assert_eq!(code(opened), expected, "{name}");
        let opened = session.open_msg_store(&store, best).unwrap();
        let best = OpenEntryFlags::BEST_ACCESS;
        let no_cache = best | OpenEntryFlags::NO_CACHE;
        for entry in [&store, &folder] {
            assert_eq!(
                code(session.open_entry(entry, no_cache)),
                expected,
                "{name}"
            );
            assert_eq!(code(session.open_entry(entry, best)), HResult::S_OK);
        }
        assert_eq!(code(opened.open_entry(&folder, no_cache)), expected);
        assert_eq!(code(opened.open_entry(&folder, best)), HResult::S_OK);
        drop(opened);
    }
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
        let kept = |names: &[&str]| {
            let names = list(names);
            [
                if in_store_table {
                    names.clone()
                } else {
                    Vec::new()
                },
                names,
            ]
        };
        let then = kept(if in_profile { &["Archive"] } else { initial });
        assert_eq!(having(&next, flag), then, "{which:?}");

        // None: cleared, here and where it was kept.
        session.set_default_store(which, None).unwrap();
        assert_eq!(having(&session, flag), [list(&[]), list(&[])]);
        assert_eq!(having(&next, flag), then, "{which:?}");
        logoff(next);
        let next = logon(&memory);
        let then = kept(if in_profile { &[] } else { initial });
        assert_eq!(having(&next, flag), then, "{which:?}");
        assert!(others || next.msg_stores_table().unwrap().default_store().is_none());
        logoff(next);
        logoff(session);
    }
}

// M8: which stores are for logon the profile keeps, and the status table tells.
#[test]
fn the_stores_for_logon_are_described_and_one_of_each_kind() {
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Mailbox").default_store().primary_store())
            .store(Store::new("Archive").secondary_store().never_default()),
    );
    let session = logon(&memory);
    let list = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    for (flag, stores, statuses) in [
        (ResourceFlags::PRIMARY_STORE, &[][..], &["Mailbox"][..]),
        (ResourceFlags::SECONDARY_STORE, &[], &["Archive"]),
        (ResourceFlags::NO_DEFAULT_STORE, &["Archive"], &["Archive"]),
    ] {
        assert_eq!(having(&session, flag), [list(stores), list(statuses)]);
    }
    logoff(session);
}

// M1: a temporary store is there for the sessions that have it, and not for those that begin once one
// of them has ended.
#[test]
fn a_temporary_store_is_gone_after_the_logoff() {
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Temporary").hidden().primary_identity("Me"))
            .store(Store::new("Mailbox").primary_identity("You")),
    );
    let temporary = id(&memory, &["Temporary"]);
    let opens = |session: &Session<Live, Memory>| {
        code(session.open_msg_store(&temporary, OpenStoreFlags::empty()))
    };
    let services = |session: &Session<Live, Memory>| {
        let admin = session.admin_services().unwrap();
        let names = admin.msg_service_table().unwrap().into_iter();
        names.map(|row| row.name().to_owned()).collect::<Vec<_>>()
    };
    let (one, two) = (logon(&memory), logon(&memory));
    assert_eq!(services(&one), ["Mailbox", "Temporary"]);
    logoff(one);
    assert_eq!(opens(&two), HResult::S_OK);
    let three = logon(&memory);
    assert_eq!(opens(&three), HResult::MAPI_E_NOT_FOUND);
    assert_eq!(services(&three), ["Mailbox"]);
    assert_eq!(
        having(&three, ResourceFlags::PRIMARY_IDENTITY),
        [["Mailbox"], ["Mailbox"]]
    );
    logoff(three);
    assert_eq!(opens(&two), HResult::S_OK);
    // Nor does the end of the session that has it change the profile once more.
    logoff(two);
    let last = logon(&memory);
    assert_eq!(services(&last), ["Mailbox"]);
    logoff(last);
}

// M1, M9: a service loses its temporary store, and goes with it if it has nothing else.
#[test]
fn a_service_that_has_more_than_a_temporary_store_stays() {
    let both = Service::new("Both")
        .store(Store::new("Temporary").hidden())
        .store(Store::new("Mailbox"));
    let memory = memory_of(
        Profile::new("Outlook")
            .service(both)
            .service(Service::new("Empty"))
            .store(Store::new("Scratch").hidden()),
    );
    logoff(logon(&memory));
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let names = admin.msg_service_table().unwrap().into_iter();
    let names: Vec<_> = names.map(|row| row.name().to_owned()).collect();
    assert_eq!(names, ["Both", "Empty"]);
    assert_eq!(store_names(&session), ["Mailbox"]);
    drop(admin);
    logoff(session);
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
            .store(Store::new("Never").never_default())
            .store(Store::new("Silent").silent()),
    );
    let session = logon(&memory);
    let (sink, told) = mpsc::channel();
    let live_tables = tables_of(&session);
    let registrations = listen(&live_tables, &sink);
    let tables = || {
        (
            session.msg_stores_table().unwrap(),
            session.status_table().unwrap(),
        )
    };
    let before = tables();
    let unsupported = HResult::MAPI_E_NO_SUPPORT;
    let short = EntryId::new(&id(&memory, &["Mailbox"]).as_bytes()[..19]);
    let lacking = ["No submit", "No create", "No modify", "Archive", "Never"];
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
    drop(registrations);
    drop(live_tables);
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
    let before = before.map(StoreRow::instance_key);
    row_event(row.instance_key(), before, row.properties())
}

fn status_event(session: &Session<Live, Memory>, store: &str) -> Notification {
    let table = session.status_table().unwrap();
    let place = table
        .rows()
        .iter()
        .position(|row| row.display_name() == store);
    let place = place.unwrap();
    let (before, row) = (&table.rows()[place - 1], &table.rows()[place]);
    let before = Some(before.instance_key());
    row_event(row.instance_key(), before, row.properties())
}

type Tables<'s> = (LiveMsgStoresTable<'s, Memory>, LiveStatusTable<'s, Memory>);

fn tables_of(session: &Session<Live, Memory>) -> Tables<'_> {
    let stores = session.open_msg_stores_table().unwrap();
    (stores, session.open_status_table().unwrap())
}

/// Registers with both.
fn listen<'t, 's>(
    (stores, statuses): &'t Tables<'s>,
    sink: &mpsc::Sender<Notification>,
) -> (
    ObjectRegistration<'t, LiveMsgStoresTable<'s, Memory>>,
    ObjectRegistration<'t, LiveStatusTable<'s, Memory>>,
) {
    let of_stores = stores.advise_sink(sink.clone()).unwrap();
    (of_stores, statuses.advise_sink(sink.clone()).unwrap())
}

fn row_event(index: &[u8], prior: Option<&[u8]>, row: Vec<Property>) -> Notification {
    let event = TableEvent::new(TableEventKind::ROW_MODIFIED)
        .with_index(Some(index.into()))
        .with_prior(prior.map(Into::into))
        .with_row(row);
    Notification::Table(event)
}

// M8, N1: an event for each row of either table that has changed, in the order of the table; to those
// who registered with the tables, and not with the session.
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
        let strange_tables = tables_of(&stranger);
        let not_told = listen(&strange_tables, &sink);
        let (sink, unasked) = mpsc::channel();
        let unasking = other.advise_sink(EventMask::all(), sink).unwrap();
        let (sink, own) = mpsc::channel();
        let own_tables = tables_of(&session);
        let own_registrations = listen(&own_tables, &sink);
        let (sink, others) = mpsc::channel();
        let other_tables = tables_of(&other);
        let registrations = listen(&other_tables, &sink);

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
        drop((not_told, unasking, own_registrations, registrations));
        drop((strange_tables, own_tables, other_tables));
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
    let tables = tables_of(&session);
    let registrations = listen(&tables, &sink);
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
    drop(registrations);
    drop(tables);
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
    // With this one the temporary store goes.
    logoff(logon(&memory));
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
