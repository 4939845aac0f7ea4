//! Rules N11 and N13: the store table and the status table as objects, and stores that come and go.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};

use crate::support::{assert_gone, code, id, logoff, logon, raw_code, raw_logon};
use mapi_session::flags::StatusCode;
use mapi_session::memory::{
    Answer, Folder, Memory, Profile, ProviderCall, Service, Store, Transport,
};
use mapi_session::notification::{Connection, TableEvent, TableEventKind};
use mapi_session::property::{PropTag, Property, PropertyValue};
use mapi_session::session::registration::ObjectRegistration;
use mapi_session::session::table::LiveTable;
use mapi_session::subsystem::{RawSession, RawTable, Subsystem};
use mapi_session::table::{StatusRow, StoreRow};
use mapi_session::types::DefaultStore;
use mapi_session::{
    EntryId, EventMask, HResult, LogonRequest, Mapi, MsgStore, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
};

const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;

fn memory_of(profile: Profile) -> Memory {
    Memory::builder().profile(profile).build().unwrap()
}

fn two_stores() -> Memory {
    memory_of(
        Profile::new("Outlook")
            .store(Store::new("Archive"))
            .store(Store::new("Mailbox").default_store()),
    )
}

/// The events of a table so far: what happened, and to the row of which name.
fn heard(told: &Receiver<Notification>) -> Vec<(TableEventKind, Option<String>)> {
    let events = told.try_iter().map(table_event);
    events.map(|event| (event.event(), name(&event))).collect()
}

fn table_event(event: Notification) -> TableEvent {
    let Notification::Table(event) = event else {
        panic!("{event:?}");
    };
    event
}

fn name(event: &TableEvent) -> Option<String> {
    let mut row = event.row().iter();
    row.find_map(|it| match &it.value {
        PropertyValue::String(name) if it.tag == PropTag::DISPLAY_NAME => Some(name.clone()),
        _ => None,
    })
}

fn named(kind: TableEventKind, name: &str) -> (TableEventKind, Option<String>) {
    (kind, Some(name.into()))
}

// N11: the rows are those of now, each time.
#[test]
fn a_live_table_has_the_rows_of_the_table_that_is_read_at_once() {
    let memory = two_stores();
    let session = logon(&memory);
    let stores = session.open_msg_stores_table().unwrap();
    let statuses = session.open_status_table().unwrap();
    for default in ["Archive", "Mailbox"] {
        let store = id(&memory, &[default]);
        session
            .set_default_store(DefaultStore::Default, Some(&store))
            .unwrap();
        let rows = stores.all_rows().unwrap();
        assert_eq!(rows, session.msg_stores_table().unwrap());
        assert_eq!(rows.default_store().unwrap().display_name(), default);
        assert_eq!(
            statuses.all_rows().unwrap(),
            session.status_table().unwrap()
        );
    }
    assert_eq!(format!("{stores:?}"), "LiveTable(MemoryStoreTable)");
    assert_eq!(format!("{statuses:?}"), "LiveTable(MemoryStatusTable)");
    drop((stores, statuses));
    logoff(session);
}

// M1, N11: the columns that the pages have, and no others.
#[test]
fn a_row_is_told_with_all_its_columns() {
    let tags = |row: Vec<Property>| row.iter().map(|it| it.tag).collect::<Vec<_>>();
    let session = logon(&two_stores());
    let row = session.msg_stores_table().unwrap().rows()[1].clone();
    let long = |value: u32| PropertyValue::Long(value as i32);
    let text = |value: &str| PropertyValue::String(value.into());
    let binary = |value: &[u8]| PropertyValue::Binary(value.into());
    let columns = [
        (0x0FFF_0102, binary(row.entry_id().as_bytes())),
        (0x3001_001F, text("Mailbox")),
        (0x3009_0003, long(row.resource_flags().bits())),
        (0x3400_000B, PropertyValue::Boolean(true)),
        (0x3414_0102, binary(row.provider().as_bytes())),
        (0x3006_001F, text(row.provider_display())),
        (0x3D0C_0102, binary(row.service_uid().as_bytes())),
        (0x0FF6_0102, binary(row.instance_key())),
        (0x0FF9_0102, binary(row.record_key())),
        (0x0FFE_0003, long(1)),
        (0x3E03_0003, long(row.resource_type().get())),
    ];
    let columns = columns.map(|(tag, value)| Property::new(PropTag::new(tag), value));
    assert_eq!(row.properties(), columns);

    let statuses = session.status_table().unwrap();
    let always = [
        0x0FFF_0102,
        0x3001_001F,
        0x3E03_0003,
        0x3009_0003,
        0x3E02_0003,
        0x3E04_0003,
        0x3006_001F,
        0x300A_001F,
        0x0FF6_0102,
        0x3000_0003,
        0x0FFE_0003,
    ]
    .map(PropTag::new);
    assert_eq!(tags(statuses.rows()[0].properties()), always);
    logoff(session);

    let book = mapi_session::memory::AddressBook::new("Contacts").identity("Ana");
    let session = logon(&memory_of(Profile::new("Outlook").address_book(book)));
    let statuses = session.status_table().unwrap();
    let row: &StatusRow = statuses.rows().last().unwrap();
    let identity = [0x3E00_001F, 0x3E05_0102, 0x3E01_0102].map(PropTag::new);
    assert_eq!(tags(row.properties()), [&always[..], &identity].concat());
    logoff(session);
}

// N11: the mask, and whose registration it is.
#[test]
fn a_table_tells_of_its_own_events_only() {
    let memory = two_stores();
    let session = raw_logon(&memory);
    let table = session.open_msg_stores_table(0).unwrap().ignore_warning();
    let sink = |_: &Notification| {};
    let masks = [
        (EventMask::TABLE_MODIFIED.bits(), HResult::S_OK),
        (
            (EventMask::TABLE_MODIFIED | EventMask::CRITICAL_ERROR | EventMask::EXTENDED).bits(),
            HResult::S_OK,
        ),
        (0, HResult::MAPI_E_INVALID_PARAMETER),
        (0x400, HResult::MAPI_E_UNKNOWN_FLAGS),
        (
            EventMask::STATUS_OBJECT_MODIFIED.bits(),
            HResult::MAPI_E_NO_SUPPORT,
        ),
        (
            (EventMask::TABLE_MODIFIED | EventMask::NEW_MAIL).bits(),
            HResult::MAPI_E_NO_SUPPORT,
        ),
    ];
    for (mask, wanted) in masks {
        assert_eq!(raw_code(table.advise(mask, sink)), wanted, "{mask:#X}");
    }

    let events = EventMask::TABLE_MODIFIED.bits();
    let of_table = table.advise(events, sink).unwrap().ignore_warning();
    let other = session.open_msg_stores_table(0).unwrap().ignore_warning();
    let of_session = session.advise(None, 0, sink).unwrap().ignore_warning();
    assert_eq!(raw_code(session.unadvise(of_table)), NOT_FOUND);
    assert_eq!(raw_code(other.unadvise(of_table)), NOT_FOUND);
    assert_eq!(raw_code(table.unadvise(of_session)), NOT_FOUND);
    assert_eq!(raw_code(table.unadvise(Connection::new(0))), NOT_FOUND);
    assert_eq!(raw_code(table.unadvise(of_table)), HResult::S_OK);
    assert_eq!(raw_code(table.unadvise(of_table)), NOT_FOUND);
    for flags in [1, u32::MAX] {
        let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
        assert_eq!(raw_code(session.open_msg_stores_table(flags)), unknown);
        assert_eq!(raw_code(session.open_status_table(flags)), unknown);
    }
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// N11: one registration that ends leaves the others.
#[test]
fn a_table_tells_as_long_as_somebody_is_registered() {
    let memory = two_stores();
    let session = raw_logon(&memory);
    let table = session.open_msg_stores_table(0).unwrap().ignore_warning();
    let (sink, told) = mpsc::channel();
    let events = EventMask::TABLE_MODIFIED.bits();
    let advise = || table.advise(events, sink.clone()).unwrap().ignore_warning();
    let [one, two] = [advise(), advise()];
    let archive = id(&memory, &["Archive"]);
    for (ended, changes) in [(one, 2), (two, 0)] {
        table.unadvise(ended).unwrap();
        session
            .set_default_store(1, Some(archive.as_bytes()))
            .unwrap();
        assert_eq!(told.try_iter().count(), changes);
        session.set_default_store(1, None).unwrap();
        told.try_iter().for_each(drop);
    }
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// N11, M8: whichever was registered first.
#[test]
fn the_store_table_tells_before_the_status_table() {
    let memory = two_stores();
    let session = logon(&memory);
    let (stores, statuses) = (
        session.open_msg_stores_table().unwrap(),
        session.open_status_table().unwrap(),
    );
    let (sink, told) = mpsc::channel();
    let of = |table: &'static str| {
        let sink = sink.clone();
        move |_: &Notification| sink.send(table).unwrap()
    };
    let registered = statuses.advise(of("status")).unwrap();
    let also = stores.advise(of("stores")).unwrap();
    let archive = id(&memory, &["Archive"]);
    let default = DefaultStore::Default;
    session.set_default_store(default, Some(&archive)).unwrap();
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(told, ["stores", "stores", "status", "status"]);
    drop((registered, also));
    drop((stores, statuses));
    logoff(session);
}

// O2, N7: after the logoff, and after the release of the table, nothing is told and nothing leaks.
#[test]
fn a_registration_ends_with_its_table_and_with_its_session() {
    let memory = two_stores();
    let archive = id(&memory, &["Archive"]);
    for table_first in [true, false] {
        let session = raw_logon(&memory);
        let table = session.open_msg_stores_table(0).unwrap().ignore_warning();
        let (sink, told) = mpsc::channel();
        let events = EventMask::TABLE_MODIFIED.bits();
        let registered = table.advise(events, sink.clone()).unwrap();
        table.advise(events, sink).unwrap();
        let connection = registered.ignore_warning();
        let set = |store: Option<&EntryId>| {
            session
                .set_default_store(1, store.map(EntryId::as_bytes))
                .unwrap();
        };
        set(Some(&archive));
        assert_eq!(told.try_iter().count(), 4);
        if table_first {
            drop(table);
            assert_gone(&told);
            set(None);
            session.logoff(UiParam::NONE, 0, 0).unwrap();
        } else {
            session.logoff(UiParam::NONE, 0, 0).unwrap();
            assert_gone(&told);
            let invalid = HResult::MAPI_E_INVALID_OBJECT;
            assert_eq!(raw_code(table.rows()), invalid);
            assert_eq!(
                raw_code(table.advise(events, |_: &Notification| {})),
                invalid
            );
            assert_eq!(raw_code(table.unadvise(connection)), invalid);
        }
        memory.uninitialize();
        let mailbox = id(&memory, &["Mailbox"]);
        let session = logon(&memory);
        let default = DefaultStore::Default;
        session.set_default_store(default, Some(&mailbox)).unwrap();
        logoff(session);
    }
}

// N11: an application that keeps its table and the registration in one struct.
#[test]
fn a_table_is_shared_with_its_registration() {
    struct Watch {
        registration: ObjectRegistration<'static, Stores>,
        table: Arc<Stores>,
    }
    type Stores = mapi_session::session::table::LiveMsgStoresTable<'static, Memory>;
    let memory = two_stores();
    let session = Arc::new(logon(&memory));
    let table = Arc::new(LiveTable::open_msg_stores(Arc::clone(&session)).unwrap());
    let (sink, told) = mpsc::channel();
    let registration = ObjectRegistration::with_table(Arc::clone(&table), sink).unwrap();
    assert_ne!(registration.connection(), Connection::new(0));
    let watch = Watch {
        registration,
        table,
    };
    let archive = id(&memory, &["Archive"]);
    let default = DefaultStore::Default;
    session.set_default_store(default, Some(&archive)).unwrap();
    let modified = TableEventKind::ROW_MODIFIED;
    assert_eq!(
        heard(&told),
        ["Archive", "Mailbox"].map(|it| named(modified, it))
    );
    drop(watch.registration);
    session.set_default_store(default, None).unwrap();
    assert_gone(&told);
    drop(watch.table);
    logoff(session.unshare().unwrap());
}

// N13, N11: in the tables of the sessions that are open on the profile, and for those to come.
#[test]
fn a_store_that_comes_and_goes_is_told_by_the_tables() {
    let memory = two_stores();
    let session = logon(&memory);
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    // Of an older version of the profile.
    let admin = session.admin_services().unwrap();
    let services = admin.msg_service_table().unwrap();
    admin.set_primary_identity(None).unwrap();
    drop(admin);
    let younger = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let (stores, statuses) = (
        session.open_msg_stores_table().unwrap(),
        younger.open_status_table().unwrap(),
    );
    let (sink, told) = mpsc::channel();
    let (status_sink, status_told) = mpsc::channel();
    let registrations = (
        stores.advise_sink(sink).unwrap(),
        statuses.advise_sink(status_sink).unwrap(),
    );

    let file = Store::new("File").folder(Folder::new("Inbox").message("Hello"));
    let added = memory.add_store("Outlook", file).unwrap();
    let events: Vec<_> = told.try_iter().map(table_event).collect();
    let table = stores.all_rows().unwrap();
    let row = table.rows().last().unwrap();
    let expected = TableEvent::new(TableEventKind::ROW_ADDED)
        .with_index(Some(row.instance_key().into()))
        .with_prior(Some(table.rows()[1].instance_key().into()))
        .with_row(row.properties());
    assert_eq!(events, [expected]);
    assert_eq!((row.entry_id(), row.display_name()), (&added, "File"));
    assert_eq!(
        heard(&status_told),
        [named(TableEventKind::ROW_ADDED, "File")]
    );

    // It can be used like any other.
    let flags = OpenStoreFlags::BEST_ACCESS;
    let store = session.open_msg_store(&added, flags).unwrap();
    let hello = memory
        .entry_id("Outlook", &["File", "Inbox", "Hello"])
        .unwrap();
    let message = store.open_entry(&hello, OpenEntryFlags::empty()).unwrap();
    let later = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    assert_eq!(later.msg_stores_table().unwrap(), table);

    let key = row.instance_key();
    memory.remove_store("Outlook", &added).unwrap();
    let gone = TableEvent::new(TableEventKind::ROW_DELETED).with_index(Some(key.into()));
    assert_eq!(
        told.try_iter().collect::<Vec<_>>(),
        [Notification::Table(gone)]
    );
    assert_eq!(heard(&status_told), [(TableEventKind::ROW_DELETED, None)]);
    for session in [&session, &younger, &later] {
        assert_eq!(session.msg_stores_table().unwrap().rows().len(), 2);
        assert_eq!(code(session.open_msg_store(&added, flags)), NOT_FOUND);
        let opened = session.open_entry(&hello, OpenEntryFlags::empty());
        assert_eq!(code(opened), HResult::MAPI_E_UNKNOWN_ENTRYID);
    }
    // What is open of it is open.
    assert_eq!(store.info().unwrap().display_name(), "File");
    assert_eq!(message.info().unwrap().display_name(), "Hello");
    assert_eq!(code(memory.remove_store("Outlook", &added)), NOT_FOUND);

    drop(registrations);
    drop((message, store, stores, statuses));
    let admin = session.admin_services().unwrap();
    assert_eq!(admin.msg_service_table().unwrap(), services);
    drop(admin);
    for session in [session, younger, later] {
        logoff(session);
    }
    let session = logon(&memory);
    assert_eq!(session.msg_stores_table().unwrap().rows().len(), 2);
    logoff(session);
}

// N13, O6, E9: the provider of a store that has left is logged off and shut down as of any other.
#[test]
fn a_store_that_leaves_can_be_used_to_its_end() {
    let memory = two_stores();
    let session = logon(&memory);
    let calls: Arc<Mutex<Vec<ProviderCall>>> = Arc::default();
    let log = Arc::clone(&calls);
    let hooked = Store::new("File").hook(move |call| {
        log.lock().unwrap().push(call);
        HResult::S_OK
    });
    let added = memory.add_store("Outlook", hooked).unwrap();
    assert_eq!(*calls.lock().unwrap(), [], "nobody has opened it");
    let store = session
        .open_msg_store(&added, OpenStoreFlags::empty())
        .unwrap();
    memory.remove_store("Outlook", &added).unwrap();
    let called = || std::mem::take(&mut *calls.lock().unwrap());
    assert_eq!(called(), [ProviderCall::LogOn, ProviderCall::Open]);
    store.info().unwrap();
    // O6
    drop(store);
    assert_eq!(called().last(), Some(&ProviderCall::LogOff));
    logoff(session);
    assert_eq!(called(), [ProviderCall::Shutdown]);
    assert_eq!(Arc::strong_count(&calls), 1, "the hook is gone");
}

// N13: what cannot be added or removed changes nothing.
#[test]
fn a_store_that_cannot_come_or_go_is_refused() {
    let memory = two_stores();
    let session = logon(&memory);
    let before = session.msg_stores_table().unwrap();
    let nobody = EntryId::new([7; 20]);
    let second = Store::new("Second").default_store();
    let refused = [
        code(memory.add_store("Nobody", Store::new("File"))),
        code(memory.add_store("Outlook", second)),
        code(memory.remove_store("Nobody", &id(&memory, &["Archive"]))),
        code(memory.remove_store("Outlook", &nobody)),
        code(memory.remove_store("Outlook", &EntryId::new([]))),
    ];
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    assert_eq!(
        refused,
        [NOT_FOUND, invalid, NOT_FOUND, NOT_FOUND, NOT_FOUND]
    );
    assert_eq!(session.msg_stores_table().unwrap(), before);
    logoff(session);
    let mailbox = id(&memory, &["Mailbox"]);
    memory.remove_store("Outlook", &mailbox).unwrap();
    memory
        .add_store("Outlook", Store::new("Second").default_store())
        .unwrap();
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(
        stores.default_store().map(StoreRow::display_name),
        Some("Second")
    );
    logoff(session);
}

// N11: a row of the status table is another when its provider has logged on at last.
#[test]
fn a_provider_that_logs_on_late_changes_its_status_row() {
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Vault").unconfigured().identity("Ana"))
            .transport(Transport::new("SMTP")),
    );
    let session = logon(&memory);
    let statuses = session.open_status_table().unwrap();
    let (sink, told) = mpsc::channel();
    let registration = statuses.advise_sink(sink).unwrap();
    let vault = id(&memory, &["Vault"]);
    memory.user().answer(Answer::Accept);
    let flags = OpenStoreFlags::BEST_ACCESS;
    let store = MsgStore::open(&session, UiParam::new(1), &vault, flags).unwrap();
    let modified = named(TableEventKind::ROW_MODIFIED, "Vault");
    assert_eq!(heard(&told), [modified]);
    let table = statuses.all_rows().unwrap();
    let mut rows = table.rows().iter();
    let row = rows.find(|row| row.display_name() == "Vault").unwrap();
    assert_eq!(row.status_code(), StatusCode::AVAILABLE);
    assert!(row.identity().is_some());
    // O6: it has no row when it is released.
    drop(store);
    assert_eq!(heard(&told), [(TableEventKind::ROW_DELETED, None)]);
    drop(registration);
    drop(statuses);
    logoff(session);
}

// N11, M17: a store from outside the profile has a status row from when it is opened, with MDB_TEMPORARY
// too; and so one that is refused.
#[test]
fn a_temporary_store_is_told_by_the_status_table() {
    let memory = Memory::builder()
        .profile(Profile::new("Outlook"))
        .store_outside(Store::new("Delegated"))
        .store_outside(Store::new("Sealed").read_only())
        .build()
        .unwrap();
    let session = logon(&memory);
    let statuses = session.open_status_table().unwrap();
    let (sink, told) = mpsc::channel();
    let registration = statuses.advise_sink(sink).unwrap();
    let open = |name, flags| {
        let id = memory.store_outside(&[name]).unwrap();
        session.open_msg_store(&id, OpenStoreFlags::TEMPORARY | flags)
    };
    let delegated = open("Delegated", OpenStoreFlags::empty()).unwrap();
    let added = |name| named(TableEventKind::ROW_ADDED, name);
    assert_eq!(heard(&told), [added("Delegated")]);
    let refused = open("Sealed", OpenStoreFlags::WRITE);
    assert_eq!(code(refused), HResult::MAPI_E_NO_ACCESS);
    assert_eq!(heard(&told), [added("Sealed")]);
    drop(delegated);
    drop(registration);
    drop(statuses);
    logoff(session);
}

// N11: of a row that a table does not have, it tells nothing.
#[test]
fn a_row_that_is_not_in_the_view_has_no_event() {
    let hidden = Store::new("Hidden").hidden().no_status_row();
    let service = Service::new("Quiet").store(hidden);
    let memory = memory_of(Profile::new("Outlook").service(service));
    let session = logon(&memory);
    let (stores, statuses) = (
        session.open_msg_stores_table().unwrap(),
        session.open_status_table().unwrap(),
    );
    let (sink, told) = mpsc::channel();
    let registrations = (
        stores.advise_sink(sink.clone()).unwrap(),
        statuses.advise_sink(sink).unwrap(),
    );
    let store = id(&memory, &["Hidden"]);
    session
        .set_default_store(DefaultStore::Default, Some(&store))
        .unwrap();
    let unseen = Store::new("Unseen").hidden().no_status_row();
    memory.add_store("Outlook", unseen).unwrap();
    assert_eq!(heard(&told), []);
    drop(registrations);
    drop((stores, statuses));
    logoff(session);
}

// M8: of each kind a profile has one store at most, and says which two there would be. The service of a store that
// comes has its name.
#[test]
fn a_store_of_a_kind_that_is_there_cannot_come() {
    let kinds: [(&str, fn(Store) -> Store); 3] = [
        ("default", Store::default_store),
        ("primary", Store::primary_store),
        ("secondary", Store::secondary_store),
    ];
    for (there, describe) in kinds {
        let profile = Profile::new("Outlook").store(describe(Store::new("Mailbox")));
        let memory = memory_of(profile);
        for (kind, describe) in kinds {
            let added = memory.add_store("Outlook", describe(Store::new("Added")));
            if kind == there {
                let error = added.unwrap_err();
                assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
                let text = error.to_string();
                for part in [kind, "\"Outlook\"", "\"Added\""] {
                    assert!(text.contains(part), "{text}");
                }
            } else {
                assert!(added.is_ok(), "{there}, {kind}");
            }
        }
        let session = logon(&memory);
        let admin = session.admin_services().unwrap();
        let table = admin.msg_service_table().unwrap();
        let names = table.rows().iter().map(|row| row.name().to_owned());
        assert_eq!(names.collect::<Vec<_>>(), ["Added", "Added", "Mailbox"]);
        drop(admin);
        logoff(session);
    }
}
