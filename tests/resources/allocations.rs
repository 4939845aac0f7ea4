//! What the hot paths allocate: nothing a session, one object a registration, and the typed layer
//! nothing.

use allocation_counter::{AllocationInfo, measure};
use mapi_session::flags::InitFlags;
use mapi_session::memory::{Memory, Profile, Service, Store};
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::{
    EventMask, LogoffFlags, LogonFlags, LogonRequest, Mapi, Notification, OpenStoreFlags, UiParam,
};

/// "Outlook" with one store, and further profiles.
fn memory(profiles: usize) -> Memory {
    let outlook = Profile::new("Outlook")
        .default_profile()
        .store(Store::new("Mailbox").default_store());
    (1..profiles)
        .map(|number| Profile::new(format!("Profile {number}")))
        .fold(Memory::builder().profile(outlook), |builder, profile| {
            builder.profile(profile)
        })
        .build()
        .unwrap()
}

fn mapi(profiles: usize) -> Mapi<Memory> {
    Mapi::initialize(memory(profiles)).unwrap()
}

/// What one run in the steady state allocates: whatever is made once is made by the first two.
fn steady<T>(mut run: impl FnMut() -> T) -> AllocationInfo {
    drop((run(), run()));
    measure(|| drop(run()))
}

#[track_caller]
fn assert_allocates(allocations: u64, found: AllocationInfo) {
    assert_eq!(found.count_total, allocations, "{found:?}");
    assert_eq!(found.count_current, 0, "what is left: {found:?}");
    assert_eq!(found.bytes_current, 0, "what is left: {found:?}");
}

fn cycle(mapi: &Mapi<Memory>, request: &LogonRequest<'_>) {
    let session = mapi.logon(request).unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
}

// Speed: no heap allocation a cycle, however many profiles there are. E13: none is left.
#[test]
fn a_session_allocates_nothing() {
    for profiles in [1, 1000] {
        let mapi = mapi(profiles);
        for request in [
            LogonRequest::new_session("Outlook"),
            LogonRequest::default_profile(),
        ] {
            assert_allocates(0, steady(|| cycle(&mapi, &request)));
        }
        // The first one, before anything is warm, leaves nothing either.
        let fresh = self::mapi(profiles);
        let first = measure(|| cycle(&fresh, &LogonRequest::new_session("Outlook")));
        assert_eq!(first.bytes_current, 0, "{first:?}");
    }
}

// M9, "nothing leaks": what a deleted service had in its profile goes with the last who has it.
#[test]
fn a_service_that_comes_and_goes_leaves_nothing() {
    let service = Service::new("Archive").store(Store::new("Archive"));
    let memory = Memory::builder().installed_service(service);
    let memory = memory.profile(Profile::new("Outlook")).build().unwrap();
    let mapi = Mapi::initialize(memory).unwrap();
    let come_and_go = || {
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        let admin = session.admin_services().unwrap();
        admin.create_msg_service("Archive", "Archive").unwrap();
        let uid = admin.msg_service_table().unwrap().rows()[0].uid();
        admin.delete_msg_service(uid).unwrap();
        drop(admin);
        session.logoff(LogoffFlags::empty()).unwrap();
    };
    let found = steady(come_and_go);
    assert_eq!(found.bytes_current, 0, "what is left: {found:?}");
}

// E11, E13
#[test]
fn a_session_that_is_released_live_allocates_nothing() {
    let mapi = mapi(1);
    assert_allocates(
        0,
        steady(|| mapi.logon(&LogonRequest::new_session("Outlook")).unwrap()),
    );
}

// S4: a session object for each client, while nobody listens.
#[test]
fn a_client_that_joins_allocates_nothing() {
    let mapi = mapi(1);
    let owner = mapi
        .logon(&LogonRequest::new_session("Outlook").allow_others())
        .unwrap();
    assert_allocates(0, steady(|| cycle(&mapi, &LogonRequest::join_shared())));
    owner.logoff(LogoffFlags::empty()).unwrap();
}

// S5, E13: its place in the list of those that can be joined.
#[test]
fn a_shared_session_leaves_nothing() {
    let mapi = mapi(1);
    let request = LogonRequest::new_session("Outlook").allow_others();
    let found = steady(|| cycle(&mapi, &request));
    assert!(found.count_total <= 1, "{found:?}");
    assert_eq!(found.bytes_current, 0, "{found:?}");
}

// N1, N7
#[test]
fn a_registration_is_one_allocation() {
    let mapi = mapi(1);
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let advise = || {
        session
            .advise(EventMask::EXTENDED, |_: &Notification| {})
            .unwrap()
    };
    assert_allocates(1, steady(advise));
    let others = [advise(), advise(), advise()];
    assert_allocates(1, steady(advise));
    drop(others);
}

// E13, N7: what a session allocated for its registrations goes with it.
#[test]
fn registrations_leave_nothing_once_their_session_is_gone() {
    let mapi = mapi(1);
    let found = steady(|| {
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        let advise = |_| {
            session
                .advise(EventMask::EXTENDED, |_: &Notification| {})
                .unwrap()
        };
        drop((0..10).map(advise).collect::<Vec<_>>());
        session.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(
        (found.count_current, found.bytes_current),
        (0, 0),
        "{found:?}"
    );
}

// N2: telling clones nothing for each who is told.
#[test]
fn telling_many_allocates_as_little_as_telling_one() {
    let telling = |clients: usize| {
        let mapi = mapi(1);
        let owner = mapi
            .logon(&LogonRequest::new_session("Outlook").allow_others())
            .unwrap();
        let advise = |_| {
            owner
                .advise(EventMask::EXTENDED, |_: &Notification| {})
                .unwrap()
        };
        let registrations: Vec<_> = (0..clients).map(advise).collect();
        let found = steady(|| cycle(&mapi, &LogonRequest::join_shared()));
        drop(registrations);
        found
    };
    assert_allocates(1, telling(1));
    assert_allocates(1, telling(1000));
}

// M2
#[test]
fn opening_a_store_allocates_nothing() {
    let mapi = mapi(1);
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let entry_id = stores.default_store().unwrap().entry_id();
    let open = || {
        session
            .open_msg_store(entry_id, OpenStoreFlags::BEST_ACCESS)
            .unwrap()
    };
    assert_allocates(0, steady(open));
}

// M1: the rows, and in each two names and two keys; the identifier is short.
#[test]
fn a_store_table_allocates_what_it_gives() {
    let mapi = mapi(1);
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    assert_allocates(5, steady(|| session.msg_stores_table().unwrap()));
}

// The typed layer costs no allocation: call by call, as many as the subsystem's own.
#[test]
fn the_typed_layer_allocates_nothing() {
    const FLAGS: LogonFlags = LogonFlags::NEW_SESSION.union(LogonFlags::USE_DEFAULT);
    let raw = memory(1);
    raw.initialize(0, InitFlags::empty().bits()).unwrap();
    let raw_logon = || {
        raw.logon_ex(UiParam::NONE, None, None, FLAGS.bits())
            .unwrap()
            .into_parts()
            .0
    };
    let mapi = mapi(1);
    let logon = || mapi.logon(&LogonRequest::default_profile()).unwrap();

    let raw_cycle = steady(|| raw_logon().logoff(UiParam::NONE, 0, 0).unwrap());
    let cycle = steady(|| logon().logoff(LogoffFlags::empty()).unwrap());
    assert_eq!(cycle, raw_cycle, "logon and logoff");

    let (raw_session, session) = (raw_logon(), logon());
    let raw_table = steady(|| raw_session.msg_stores_table(0).unwrap());
    let table = steady(|| session.msg_stores_table().unwrap());
    assert_eq!(table, raw_table, "the table of stores");

    let stores = session.msg_stores_table().unwrap();
    let entry_id = stores.default_store().unwrap().entry_id();
    let raw_open = steady(|| {
        raw_session
            .open_msg_store(UiParam::NONE, Some(entry_id.as_bytes()), 0)
            .unwrap()
    });
    let open = steady(|| {
        session
            .open_msg_store(entry_id, OpenStoreFlags::empty())
            .unwrap()
    });
    assert_eq!(open, raw_open, "a store");

    let sink = |_: &Notification| {};
    let raw_advise = steady(|| {
        let (connection, _) = raw_session.advise(None, 0, sink).unwrap().into_parts();
        raw_session.unadvise(connection).unwrap()
    });
    let advise = steady(|| session.advise(EventMask::empty(), sink).unwrap());
    assert_eq!(advise, raw_advise, "a registration");

    let raw_refusal = steady(|| raw_session.logoff(UiParam::NONE, 0, 1).unwrap_err());
    let mut live = Some(session);
    let refusal = steady(
        || match live.take().unwrap().logoff_raw(UiParam::NONE, 0, 1) {
            Err(mapi_session::LogoffError::Refused { error, session }) => {
                live = Some(session);
                error
            }
            other => unreachable!("{other:?}"),
        },
    );
    assert_eq!(refusal, raw_refusal, "a refused logoff");
    raw.uninitialize();
}
