//! Rules O: what a session opens, and how it ties the session.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::support::{logoff, logon, raw_code};
use mapi_session::memory::{Memory, Profile, Store};
use mapi_session::notification::Connection;
use mapi_session::property::{PropTag, Props};
use mapi_session::session::SessionRef;
use mapi_session::session::bound::Bound;
use mapi_session::subsystem::{
    RawMsgStore, RawObject, RawProfAdmin, RawProfileSection, RawProp, RawPropTable,
    RawProviderAdmin, RawServiceAdmin, RawSession, RawTable, Subsystem,
};
use mapi_session::table::{Bookmark, Restriction, StoreRow};
use mapi_session::{
    Adopted, EntryId, EventMask, HResult, Live, LoggedOff, LogoffError, LogoffFlags, LogonRequest,
    Mapi, MapiUid, MsgStore, Notification, OpenStoreFlags, Registration, Session, UiParam,
};

fn memory() -> Memory {
    let profile = Profile::new("Outlook")
        .store(Store::new("Archive").read_only())
        .store(Store::new("Mailbox").default_store());
    Memory::builder()
        .profile(profile)
        .profile(Profile::new("Empty"))
        .build()
        .unwrap()
}

/// An application that keeps the session and what came from it in one struct.
struct Application {
    session: Arc<Session<Live, Memory>>,
    store: MsgStore<'static, Memory>,
    registration: Registration<'static, Memory>,
}

// O1
#[test]
fn an_arc_cannot_be_taken_apart_while_an_object_holds_a_share() {
    let memory = memory();
    let session = Arc::new(logon(&memory));
    let id = session.msg_stores_table().unwrap().rows()[1]
        .entry_id()
        .clone();
    let app = Application {
        store: MsgStore::open(
            Arc::clone(&session),
            UiParam::NONE,
            &id,
            OpenStoreFlags::BEST_ACCESS,
        )
        .unwrap(),
        registration: Registration::advise(
            Arc::clone(&session),
            None,
            EventMask::EXTENDED,
            |_: &Notification| {},
        )
        .unwrap(),
        session,
    };
    assert!(app.store.is_writable().unwrap());
    assert!(std::ptr::eq(app.store.session(), &*app.session));

    let Application {
        session,
        store,
        registration,
    } = app;
    let session = Arc::try_unwrap(session).unwrap_err();
    drop(store);
    let session = Arc::try_unwrap(session).unwrap_err();
    drop(registration);
    let session = Arc::try_unwrap(session).unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

// O1: the last share that goes, goes with the object, and the session is released with it.
#[test]
fn a_store_that_holds_the_last_share_releases_the_session() {
    let memory = memory();
    let session = Arc::new(logon(&memory));
    let id = session.msg_stores_table().unwrap().rows()[0]
        .entry_id()
        .clone();
    let store = MsgStore::open(
        Arc::clone(&session),
        UiParam::NONE,
        &id,
        OpenStoreFlags::empty(),
    )
    .unwrap();
    drop(session);
    assert_eq!(memory.open_sessions(), 1);
    assert!(!store.is_writable().unwrap());
    drop(store);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
}

// O1: what holds a share is opened with the same arguments as what borrows. A prepared form, which
// takes nothing but the message that it consumes, is left out.
#[cfg(feature = "testing")]
#[test]
fn what_holds_a_share_is_opened_by_the_same_call_as_what_borrows() {
    use mapi_session::testing::Recorder;
    use mapi_session::{Entry, Error, Object, ProfileSection, ServiceAdmin};

    const DESK: UiParam = UiParam::new(0xDE5C);
    type Opens = fn(&Arc<Session<Live, Recorder<Memory>>>, &EntryId, u32) -> Result<(), Error>;
    fn sink(_: &Notification) {}
    fn uid(id: &EntryId) -> MapiUid {
        id.provider_uid().unwrap()
    }
    let pairs: [[Opens; 2]; 8] = [
        [
            |it, id, bits| it.open_msg_store(id, bits.into()).map(drop),
            |it, id, bits| MsgStore::open(Arc::clone(it), UiParam::NONE, id, bits.into()).map(drop),
        ],
        [
            |it, id, bits| it.open_msg_store_with_ui(DESK, id, bits.into()).map(drop),
            |it, id, bits| MsgStore::open(Arc::clone(it), DESK, id, bits.into()).map(drop),
        ],
        [
            |it, _, bits| it.open_address_book(DESK, bits.into()).map(drop),
            |it, _, bits| Object::open_address_book(Arc::clone(it), DESK, bits.into()).map(drop),
        ],
        [
            |it, id, bits| it.open_entry(id, bits.into()).map(drop),
            |it, id, bits| Entry::open(Arc::clone(it), id, bits.into()).map(drop),
        ],
        [
            |it, id, bits| it.open_profile_section(uid(id), bits.into()).map(drop),
            |it, id, bits| ProfileSection::open(Arc::clone(it), uid(id), bits.into()).map(drop),
        ],
        [
            |it, _, _| it.admin_services().map(drop),
            |it, _, _| ServiceAdmin::open(Arc::clone(it)).map(drop),
        ],
        [
            |it, _, bits| it.advise(bits.into(), sink).map(drop),
            |it, _, bits| Registration::advise(Arc::clone(it), None, bits.into(), sink).map(drop),
        ],
        [
            |it, id, bits| it.advise_object(id, bits.into(), sink).map(drop),
            |it, id, bits| {
                Registration::advise(Arc::clone(it), Some(id), bits.into(), sink).map(drop)
            },
        ],
    ];
    let recorder = Recorder::new(memory());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook")).unwrap());
    // Without a bit, one that is added shows; and with every bit, one that is left out.
    for (store, bits) in [("Mailbox", 0), ("Archive", u32::MAX)] {
        let id = recorder.below().entry_id("Outlook", &[store]).unwrap();
        for pair in pairs {
            let [borrowed, shared] = pair.map(|opens| {
                let before = recorder.calls().len();
                let _ = opens(&session, &id, bits);
                let made = recorder.calls().swap_remove(before);
                (made.call(), made.args().to_vec(), made.hresult())
            });
            assert_eq!(borrowed, shared, "{bits:#X}");
        }
    }
    let session = Arc::into_inner(session).unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
}

// O4
#[test]
fn a_second_logon_sees_the_same_stores() {
    let memory = memory();
    let first = logon(&memory);
    let stores = first.msg_stores_table().unwrap();
    let names: Vec<_> = stores.rows().iter().map(StoreRow::display_name).collect();
    assert_eq!(names, ["Archive", "Mailbox"]);
    assert_eq!(stores.default_store().unwrap().display_name(), "Mailbox");
    first.logoff(LogoffFlags::empty()).unwrap();
    for _ in 0..3 {
        let again = logon(&memory);
        assert_eq!(again.msg_stores_table().unwrap(), stores);
        again.logoff(LogoffFlags::empty()).unwrap();
    }
}

#[test]
fn a_profile_without_stores_has_an_empty_table() {
    let mapi = Mapi::initialize(memory()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Empty")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(stores.rows(), []);
    assert_eq!(stores.default_store(), None);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// What of M2 the first slice has.
#[test]
fn access_is_what_was_asked_for_and_what_the_store_allows() {
    let memory = memory();
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    let no_access = HResult::MAPI_E_NO_ACCESS;
    for (store, flags, writable) in [
        (1, OpenStoreFlags::empty(), Ok(false)),
        (1, OpenStoreFlags::WRITE, Ok(true)),
        (1, OpenStoreFlags::BEST_ACCESS, Ok(true)),
        (0, OpenStoreFlags::empty(), Ok(false)),
        (0, OpenStoreFlags::WRITE, Err(no_access)),
        (
            0,
            OpenStoreFlags::WRITE | OpenStoreFlags::BEST_ACCESS,
            Err(no_access),
        ),
        (0, OpenStoreFlags::BEST_ACCESS, Ok(false)),
        (
            1,
            OpenStoreFlags::from(0x2),
            Err(HResult::MAPI_E_UNKNOWN_FLAGS),
        ),
    ] {
        let opened = session.open_msg_store(stores.rows()[store].entry_id(), flags);
        let seen = opened
            .and_then(|store| store.is_writable())
            .map_err(|error| error.hresult());
        assert_eq!(seen, writable, "store {store}, {flags:?}");
    }
    let refused = session.open_msg_store(stores.rows()[0].entry_id(), OpenStoreFlags::WRITE);
    assert!(refused.unwrap_err().to_string().contains("\"Archive\""));
    session.logoff(LogoffFlags::empty()).unwrap();
}

#[test]
fn an_identifier_that_is_no_stores_is_refused_and_quoted() {
    let memory = memory();
    let session = logon(&memory);
    let known = session.msg_stores_table().unwrap().rows()[0]
        .entry_id()
        .clone();
    assert!(known.provider_uid().is_some());
    let (short, not_found) = (HResult::MAPI_E_INVALID_ENTRYID, HResult::MAPI_E_NOT_FOUND);
    let mut longer = known.as_bytes().to_vec();
    longer.push(0xEE);
    for (bytes, hresult, quoted) in [
        (vec![], short, "\"\" has 0"),
        (vec![0xAB; 19], short, "has 19"),
        (vec![0xAB; 20], not_found, "ABABAB"),
        (longer, not_found, "EE"),
    ] {
        let error = session.open_msg_store(&EntryId::new(bytes), OpenStoreFlags::empty());
        let error = error.unwrap_err();
        assert_eq!(error.hresult(), hresult);
        let text = error.to_string();
        assert!(
            text.contains(quoted) && text.starts_with("IMAPISession::OpenMsgStore: "),
            "{text}"
        );
    }
    session.logoff(LogoffFlags::empty()).unwrap();
}

#[test]
fn a_raw_null_identifier_is_invalid_and_table_flags_are_checked() {
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let flags = LogonRequest::new_session("Outlook").raw_flags();
    let logon = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    let (session, _) = logon.unwrap().into_parts();
    let failure = session.open_msg_store(UiParam::NONE, None, 0).unwrap_err();
    assert_eq!(failure.hresult(), HResult::MAPI_E_INVALID_ENTRYID);
    session.msg_stores_table(0x8000_0000).unwrap();
    let failure = session.msg_stores_table(0x8000_0001).unwrap_err();
    assert_eq!(failure.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

#[test]
fn an_entry_identifier_names_its_provider_in_bytes_4_to_19() {
    let bytes: Vec<u8> = (0..24).collect();
    let uid: [u8; 16] = std::array::from_fn(|index| index as u8 + 4);
    assert_eq!(
        EntryId::new(bytes.clone()).provider_uid(),
        Some(MapiUid::new(uid))
    );
    assert_eq!(
        EntryId::new(&bytes[..20]).provider_uid(),
        Some(MapiUid::new(uid))
    );
    assert_eq!(EntryId::new(&bytes[..19]).provider_uid(), None);
    assert_eq!(format!("{:?}", EntryId::new([0xAB, 0x01])), "EntryId(AB01)");
}

// Short and long ones are kept in different ways, which nobody may notice.
#[test]
fn an_entry_identifier_is_its_bytes_however_many() {
    fn hash(value: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    }
    let bytes: Vec<Vec<u8>> = [0, 1, 20, 23, 24, 25, 40, 72]
        .into_iter()
        .flat_map(|length| [vec![1; length], [vec![1; length], vec![0]].concat()])
        .collect();
    for one in &bytes {
        let entry_id = EntryId::new(one);
        assert_eq!(entry_id.as_bytes(), one);
        assert_eq!(entry_id.clone().as_bytes(), one);
        for other in &bytes {
            let others = EntryId::new(other);
            assert_eq!(entry_id == others, one == other);
            assert_eq!(entry_id.cmp(&others), one.cmp(other), "{one:?}, {other:?}");
            assert_eq!(entry_id.partial_cmp(&others), one.partial_cmp(other));
            assert_eq!(hash(&entry_id) == hash(&others), one == other);
        }
    }
}

// What may cross threads: over Memory everything but a dispatcher.
#[test]
fn sessions_and_objects_are_send_and_sync() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Mapi<Memory>>();
    crosses::<Session<Live, Memory>>();
    crosses::<Session<LoggedOff, Memory>>();
    crosses::<LogoffError<Memory>>();
    crosses::<MsgStore<'_, Memory>>();
    crosses::<Registration<'_, Memory>>();
    crosses::<Notification>();
    crosses::<mapi_session::Error>();
}

/// A tool that is generic over its subsystem, with no other bound than threads ask for.
struct Tool<B: Subsystem>(Mapi<B>);

impl<B: Subsystem + Send + Sync> Tool<B> {
    /// Logs on and off on a thread of its own.
    fn run(self) -> std::thread::JoinHandle<usize> {
        std::thread::spawn(move || {
            let session = self.0.logon(&LogonRequest::new_session("Outlook")).unwrap();
            let stores = session.msg_stores_table().unwrap().rows().len();
            session.logoff(LogoffFlags::empty()).unwrap();
            stores
        })
    }
}

// "A generic struct over `B: Subsystem` that is sent to a thread": it needs no `'static`.
#[test]
fn a_generic_tool_moves_to_a_thread() {
    let mapi = Mapi::initialize(memory()).unwrap();
    assert_eq!(Tool(mapi).run().join().unwrap(), 2);
}

// O1: the session comes out of its last Arc; before that, the Arc is given back.
#[test]
fn a_session_is_taken_out_of_its_last_arc_only() {
    let memory = memory();
    let session = Arc::new(logon(&memory));
    let row = session.msg_stores_table().unwrap().rows()[0].clone();
    let flags = OpenStoreFlags::BEST_ACCESS;
    let store = MsgStore::open(Arc::clone(&session), UiParam::NONE, row.entry_id(), flags).unwrap();
    let shared = session.unshare().unwrap_err();
    assert_eq!(shared.hresult(), HResult::MAPI_E_BUSY);
    assert_eq!(
        shared.to_string(),
        "IMAPISession::Logoff: MAPI_E_BUSY (0x8004010B): other shares in the session: 1"
    );
    let session = shared.into_inner();
    assert!(session.query_identity().is_ok(), "nothing has changed");
    drop(store);
    let session = session.unshare().unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

// O1: what an add-in opens from a session that it adopted can stand beside it in one struct.
#[test]
fn an_adopted_session_is_borrowed_or_shared_too() {
    let memory = memory();
    let owner = Arc::new(logon(&memory));
    let row = owner.msg_stores_table().unwrap().rows()[0].clone();
    let adopted = Adopted::from(Arc::clone(&owner));
    let flags = OpenStoreFlags::BEST_ACCESS;
    let open = |session: SessionRef<'_, Memory>| {
        MsgStore::open(session, UiParam::NONE, row.entry_id(), flags).map(drop)
    };
    open((&adopted).into()).unwrap();
    let store: MsgStore<'static, _> =
        MsgStore::open(adopted.clone(), UiParam::NONE, row.entry_id(), flags).unwrap();
    drop(adopted);
    assert!(owner.unshare().is_err(), "the store has a share");
    drop(store);
}

/// Objects of a subsystem that has only what every one has to have.
struct Bare;

impl RawProp for Bare {}
impl RawMsgStore for Bare {
    type Object = Self;
}
impl RawObject for Bare {
    type Table = BareTable;
}
impl RawProfileSection for Bare {}
impl RawServiceAdmin for Bare {
    type ProfileSection = Self;
    type ProviderAdmin = Self;
}
impl RawProviderAdmin for Bare {
    type ProfileSection = Self;
}
impl RawProfAdmin for Bare {
    type ServiceAdmin = Self;
}
impl RawTable for Bare {
    type Row = StoreRow;
}

/// A table of properties that has only what every one has to have.
#[derive(Debug)]
struct BareTable;

impl RawTable for BareTable {
    type Row = Props;
}
impl RawPropTable for BareTable {}

// The defaults of the traits: methods that a subsystem does not have.
#[test]
fn a_method_that_is_not_there_is_not_supported() {
    let (sink, connection) = (|_: &Notification| {}, Connection::new(1));
    let (none, uid) = (UiParam::NONE, MapiUid::new([0; 16]));
    let answers = [
        raw_code(RawProp::last_error(&Bare, HResult::S_OK, 0)),
        raw_code(Bare.save_changes(0)),
        raw_code(Bare.props(None, 0)),
        raw_code(Bare.prop_list(0)),
        raw_code(Bare.set_props(&[])),
        raw_code(Bare.delete_props(&[])),
        raw_code(Bare.info()),
        raw_code(Bare.support_mask()),
        raw_code(Bare.open_entry(None, 0)),
        raw_code(Bare.store_logoff(0)),
        raw_code(Bare.submit_message(0)),
        raw_code(Bare.read_stream(PropTag::BODY)),
        raw_code(Bare.ids_from_names(&[], 0)),
        raw_code(Bare.names_from_ids(&[], 0)),
        raw_code(Bare.receive_folder(None, 0)),
        raw_code(Bare.receive_folder_table(0)),
        raw_code(Bare.contents_table(0)),
        raw_code(Bare.hierarchy_table(0)),
        raw_code(Bare.create_message(0)),
        raw_code(Bare.create_folder(1, "Name", "", 0)),
        raw_code(Bare.delete_messages(&[], none, 0)),
        raw_code(Bare.set_read_flags(None, none, 0)),
        raw_code(Bare.recipient_table(0)),
        raw_code(Bare.modify_recipients(0, &[])),
        raw_code(Bare.attachment_table(0)),
        raw_code(Bare.open_attach(0, 0)),
        raw_code(RawPropTable::last_error(&BareTable, HResult::S_OK, 0)),
        raw_code(BareTable.set_columns(&[], 0)),
        raw_code(BareTable.query_columns(0)),
        raw_code(BareTable.row_count(0)),
        raw_code(BareTable.seek_row(Bookmark::CURRENT, 0)),
        raw_code(BareTable.restrict(None, 0)),
        raw_code(BareTable.sort_table(&[], 0)),
        raw_code(BareTable.find_row(&Restriction::all([]), Bookmark::CURRENT, 0)),
        raw_code(BareTable.query_sort_order()),
        raw_code(BareTable.query_position()),
        raw_code(BareTable.create_bookmark()),
        raw_code(BareTable.free_bookmark(Bookmark::CURRENT)),
        raw_code(BareTable.query_rows(1, 0)),
        raw_code(Bare.msg_service_table(0)),
        raw_code(Bare.create_msg_service("Service", "Name", none, 0)),
        raw_code(Bare.delete_msg_service(uid)),
        raw_code(Bare.copy_msg_service(uid, &Bare, none, 0)),
        raw_code(Bare.rename_msg_service(uid, 0, "Name")),
        raw_code(Bare.configure_msg_service(uid, none, 0, &[])),
        raw_code(RawServiceAdmin::open_profile_section(&Bare, uid, 0)),
        raw_code(Bare.msg_service_transport_order(&[], 0)),
        raw_code(Bare.admin_providers(uid, 0)),
        raw_code(Bare.set_primary_identity(None, 0)),
        raw_code(RawMsgStore::advise(&Bare, None, 0, sink)),
        raw_code(RawMsgStore::unadvise(&Bare, connection)),
        raw_code(RawObject::advise(&Bare, None, 0, sink)),
        raw_code(RawObject::unadvise(&Bare, connection)),
        raw_code(Bare.rows()),
        raw_code(RawTable::advise(&Bare, 0, sink)),
        raw_code(RawTable::unadvise(&Bare, connection)),
        raw_code(RawServiceAdmin::provider_table(&Bare, 0)),
        raw_code(Bare.create_msg_service_ex("Service", "Name", none, 0)),
        raw_code(RawProviderAdmin::last_error(&Bare, HResult::S_OK, 0)),
        raw_code(RawProviderAdmin::provider_table(&Bare, 0)),
        raw_code(Bare.create_provider("Provider", &[], none, 0)),
        raw_code(Bare.delete_provider(uid)),
        raw_code(RawProviderAdmin::open_profile_section(&Bare, uid, 0)),
        raw_code(RawProfAdmin::last_error(&Bare, HResult::S_OK, 0)),
        raw_code(Bare.profile_table(0)),
        raw_code(Bare.create_profile("P", None, none, 0)),
        raw_code(Bare.delete_profile("P", 0)),
        raw_code(Bare.change_profile_password("P", None, None, 0)),
        raw_code(Bare.copy_profile("P", None, "Q", none, 0)),
        raw_code(Bare.rename_profile("P", None, "Q", none, 0)),
        raw_code(Bare.set_default_profile(None, 0)),
        raw_code(Bare.admin_services("P", None, none, 0)),
    ];
    assert_eq!(answers, [HResult::MAPI_E_NO_SUPPORT; 72]);
}

// O1: what a program has bound to a session holds its share in it, and is released before the logoff.
#[test]
fn what_is_bound_to_a_session_comes_before_its_logoff() {
    let memory = Memory::builder()
        .profile(Profile::new("Bound"))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Bound")).unwrap());
    let admin = session.raw().admin_services(0).unwrap().ignore_warning();
    let bound = Bound::new(Arc::clone(&session), admin);
    assert_eq!(
        bound.msg_service_table(0).unwrap().ignore_warning().rows(),
        []
    );
    assert!(std::ptr::eq(bound.session(), &*session));
    let refused = session.unshare().unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_BUSY);
    drop(bound);
    let session = refused.into_inner().unshare().unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(memory.released_live(), 0);
}

// O2: a logoff below the type is one that the type does not know; nothing works any more.
#[test]
fn a_session_that_was_ended_through_raw_fails_and_is_dropped() {
    let memory = Memory::builder()
        .profile(Profile::new("Raw"))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Raw")).unwrap();
    session.raw().logoff(UiParam::NONE, 0, 0).unwrap();
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(session.status_table().unwrap_err().hresult(), gone);
    match session.logoff(LogoffFlags::empty()) {
        Err(LogoffError::Failed { error, .. }) => assert_eq!(error.hresult(), gone),
        other => panic!("{other:?}"),
    }
    assert_eq!(memory.open_sessions(), 0);
}

#[test]
fn what_is_bound_is_itself() {
    let memory = Memory::builder().profile(Profile::new("Outlook"));
    let session = logon(&memory.build().unwrap());
    let mut bound = session.bind(String::from("from COM"));
    bound.push('!');
    assert_eq!(bound.len(), 9);
    assert_eq!(format!("{bound:?}"), "Bound(\"from COM!\")");
    drop(bound);
    logoff(session);
}
