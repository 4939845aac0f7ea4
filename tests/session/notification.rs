//! Rules N, and E4 and E5: who is told of what.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Barrier, Mutex};

use mapi_session::memory::{HeldNotifications, Memory, MemorySession, Profile, Store, Transport};
use mapi_session::notification::{
    Connection, CriticalError, ExtendedEvent, NewMail, ObjectEvent, ObjectEventKind, StatusEvent,
    TableEvent, TableEventKind,
};
use mapi_session::session::advise::this_thread_sink;
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::types::ObjectType;
use mapi_session::{
    AdviseSink, EntryId, EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, Notification,
    Registration, Session, UiParam,
};

fn profile(name: &str) -> Profile {
    Profile::new(name)
        .store(Store::new("Mailbox"))
        .store(Store::new("Silent").silent())
}

fn mapi() -> Mapi<Memory> {
    let memory = Memory::builder()
        .profile(profile("One"))
        .profile(profile("Two"));
    Mapi::initialize(memory.build().unwrap()).unwrap()
}

fn shared(mapi: &Mapi<Memory>, profile: &str) -> Session<Live, Memory> {
    mapi.logon(&LogonRequest::new_session(profile).allow_others())
        .unwrap()
}

fn join(mapi: &Mapi<Memory>) -> Session<Live, Memory> {
    mapi.logon(&LogonRequest::join_shared()).unwrap()
}

type Ear<'s> = (Receiver<Notification>, Registration<'s, Memory>);

fn listen(session: &Session<Live, Memory>, mask: EventMask) -> Ear<'_> {
    let (sink, told) = mpsc::channel();
    (told, session.advise_sink(mask, sink).unwrap())
}

fn heard(ear: &Ear<'_>) -> Vec<EventMask> {
    ear.0.try_iter().map(|event| event.event()).collect()
}

const PLAIN: LogoffFlags = LogoffFlags::empty();
const CRITICAL: EventMask = EventMask::CRITICAL_ERROR;
const EXTENDED: EventMask = EventMask::EXTENDED;

// N1, N2
#[test]
fn a_plain_logoff_is_an_extended_event_for_those_who_asked() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let asked = listen(&listener, EXTENDED);
    let asked_too = listen(&listener, EventMask::all());
    let did_not = listen(&listener, EventMask::all() - EXTENDED);
    let nothing = listen(&listener, EventMask::empty());
    join(&mapi).logoff(PLAIN).unwrap();
    let heard = [&asked, &asked_too, &did_not, &nothing].map(heard);
    assert_eq!(heard, [vec![EXTENDED], vec![EXTENDED], vec![], vec![]]);
}

// N1, N3, E4
#[test]
fn a_shared_logoff_is_a_critical_error_for_all_and_then_an_extended_event() {
    let mapi = mapi();
    let (first, second, third) = (shared(&mapi, "One"), join(&mapi), join(&mapi));
    let ears = [
        listen(&first, EXTENDED),
        listen(&first, EventMask::empty()),
        listen(&third, EXTENDED),
        listen(&third, EventMask::NEW_MAIL),
    ];
    second.logoff(LogoffFlags::SHARED).unwrap();
    let both = vec![CRITICAL, EXTENDED];
    let heard = ears.each_ref().map(heard);
    assert_eq!(heard, [both.clone(), vec![CRITICAL], both, vec![CRITICAL]]);
}

// N3
#[test]
fn the_critical_error_says_that_the_session_ends() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let ear = listen(&listener, EXTENDED);
    join(&mapi).logoff(LogoffFlags::SHARED).unwrap();
    let events: Vec<_> = ear.0.try_iter().collect();
    let [Notification::CriticalError(error), extended] = &events[..] else {
        unreachable!("{events:?}");
    };
    assert_eq!(error.hresult(), HResult::MAPI_E_END_OF_SESSION);
    assert_eq!(error.entry_id(), None);
    assert!(error.error().unwrap().error().contains("log off"));
    assert_eq!(
        [events[0].ends_session(), extended.ends_session()],
        [true, false]
    );
}

// N4
#[test]
fn who_logs_off_is_not_told() {
    let mapi = mapi();
    let other = shared(&mapi, "One");
    for flags in [PLAIN, LogoffFlags::SHARED] {
        let memory = mapi.subsystem();
        memory.initialize(0, 0).unwrap();
        let logon = memory.logon_ex(UiParam::NONE, None, None, 0);
        let Ok(success) = logon else { break };
        let (session, _) = success.into_parts();
        let (sink, told) = mpsc::channel();
        session.advise(None, EventMask::all().bits(), sink).unwrap();
        session.logoff(UiParam::NONE, flags.bits(), 0).unwrap();
        assert_eq!(
            told.recv(),
            Err(mpsc::RecvError),
            "told nothing, and the sink is gone"
        );
        memory.uninitialize();
    }
    other.logoff(PLAIN).unwrap();
}

// E4: any client may set the flag, and each that does is heard once by each other client.
#[test]
fn every_client_may_ask_the_others_to_log_off() {
    let mapi = mapi();
    let clients = [shared(&mapi, "One"), join(&mapi), join(&mapi)];
    let [first, second, third] = clients;
    let ear = listen(&third, EXTENDED);
    first.logoff(LogoffFlags::SHARED).unwrap();
    second.logoff(LogoffFlags::SHARED).unwrap();
    assert_eq!(heard(&ear), [CRITICAL, EXTENDED, CRITICAL, EXTENDED]);
    drop(ear);
    third.logoff(LogoffFlags::SHARED).unwrap();
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// E4, E5: without the switch only the shared session's clients are told, with it everybody is.
#[test]
fn the_fast_shutdown_tells_the_clients_of_every_session() {
    for fast_shutdown in [false, true] {
        let builder = Memory::builder()
            .profile(profile("One"))
            .profile(profile("Two"));
        let builder = if fast_shutdown {
            builder.fast_shutdown()
        } else {
            builder
        };
        let mapi = Mapi::initialize(builder.build().unwrap()).unwrap();
        let (first, second) = (shared(&mapi, "One"), join(&mapi));
        let other_shared = shared(&mapi, "Two");
        let individual = mapi.logon(&LogonRequest::new_session("Two")).unwrap();
        let ears = [
            listen(&second, EXTENDED),
            listen(&other_shared, EXTENDED),
            listen(&individual, EXTENDED),
        ];
        first.logoff(LogoffFlags::SHARED).unwrap();
        let others = if fast_shutdown {
            vec![CRITICAL]
        } else {
            vec![]
        };
        let heard_by_each = ears.each_ref().map(heard);
        assert_eq!(
            heard_by_each,
            [vec![CRITICAL, EXTENDED], others.clone(), others]
        );

        // A plain logoff is nobody else's matter under either.
        drop(ears);
        let ear = listen(&individual, EventMask::all());
        second.logoff(PLAIN).unwrap();
        assert_eq!(heard(&ear), []);
    }
}

// N6
#[test]
fn a_this_thread_sink_is_told_when_its_thread_dispatches() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let told = RefCell::new(Vec::new());
    let (sink, dispatcher) = this_thread_sink(|event: &Notification| {
        told.borrow_mut()
            .push((event.event(), std::thread::current().id()));
    });
    let registration = listener.advise_sink(EXTENDED, sink).unwrap();
    let leaver = join(&mapi);
    std::thread::spawn(move || drop(leaver.logoff(LogoffFlags::SHARED).unwrap()))
        .join()
        .unwrap();
    assert_eq!(told.borrow().len(), 0);
    assert_eq!(dispatcher.dispatch(), 2);
    let here = std::thread::current().id();
    assert_eq!(*told.borrow(), [(CRITICAL, here), (EXTENDED, here)]);
    assert_eq!(dispatcher.dispatch(), 0);

    // What was queued before Unadvise is still dispatched after it.
    mapi.subsystem().notify(None, an_extended_event());
    drop(registration);
    assert_eq!(dispatcher.dispatch(), 1);
}

// N6: to its end, however long the queue is.
#[test]
fn one_dispatch_tells_all_that_is_queued() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let told = RefCell::new(Vec::new());
    let (sink, dispatcher) = this_thread_sink(|event: &Notification| {
        told.borrow_mut().push(event.clone());
    });
    let registration = session.advise_sink(EXTENDED, sink).unwrap();
    let queued: Vec<_> = (0..1000).map(numbered).collect();
    for event in &queued {
        mapi.subsystem().notify(None, event.clone());
    }
    assert_eq!(dispatcher.dispatch(), queued.len());
    assert_eq!(*told.borrow(), queued);
    assert_eq!(dispatcher.dispatch(), 0);
    drop(registration);
}

// N7
#[test]
fn after_unadvise_the_sink_is_gone() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let ear = listen(&listener, EXTENDED);
    let (told, registration) = ear;
    drop(registration);
    join(&mapi).logoff(PLAIN).unwrap();
    assert_eq!(told.recv(), Err(mpsc::RecvError));
}

// N8
#[test]
fn an_event_that_is_held_back_arrives_after_unadvise() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let ear = listen(&listener, EXTENDED);
    let held = mapi.subsystem().hold_notifications();
    join(&mapi).logoff(LogoffFlags::SHARED).unwrap();
    assert_eq!(heard(&ear), []);
    let (told, registration) = ear;
    drop(registration);
    mapi.subsystem().notify(None, an_extended_event());
    drop(held);
    let events: Vec<_> = told.iter().map(|event| event.event()).collect();
    assert_eq!(
        events,
        [CRITICAL, EXTENDED],
        "what came after Unadvise is not for it"
    );
    let ear = listen(&listener, EXTENDED);
    mapi.subsystem().notify(None, an_extended_event());
    assert_eq!(heard(&ear), [EXTENDED], "nothing is held back any more");
}

// N8: as long as anybody holds back.
#[test]
fn two_who_hold_back() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let ear = listen(&session, EXTENDED);
    let (one, two) = (
        mapi.subsystem().hold_notifications(),
        mapi.subsystem().hold_notifications(),
    );
    mapi.subsystem().notify(None, an_extended_event());
    drop(one);
    assert_eq!(heard(&ear), []);
    drop(two);
    assert_eq!(heard(&ear), [EXTENDED]);
}

fn an_extended_event() -> Notification {
    numbered(7)
}

fn numbered(event: u32) -> Notification {
    Notification::Extended(ExtendedEvent::new(event, [1, 2]))
}

// N1, M6: an object is the same whatever the flags in its identifier say.
#[test]
fn an_object_is_told_of_under_any_flags() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let mailbox = stores.rows()[0].entry_id();
    let flagged = EntryId::new([&[0x80, 1, 2, 3], &mailbox.as_bytes()[4..]].concat());
    assert!(session.compare_entry_ids(mailbox, &flagged).unwrap());
    let (sender, events) = mpsc::channel();
    let registration = Registration::advise(&session, Some(&flagged), EventMask::EXTENDED, sender);
    let event = Notification::Extended(ExtendedEvent::new(1, []));
    mapi.subsystem().notify(Some(mailbox), event);
    assert_eq!(events.try_iter().count(), 1);
    drop(registration);
}

// N10
#[test]
fn what_the_session_opens_and_sends_no_notifications_is_known() {
    let transport = Transport::new("SMTP").identity("Me");
    let memory = Memory::builder().profile(Profile::new("One").transport(transport));
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let advised = |entry_id: &EntryId| {
        let advised = session.advise_object(entry_id, EventMask::NEW_MAIL, |_: &Notification| {});
        advised.map_err(|error| error.hresult()).err()
    };
    let me = mapi.subsystem().entry_id("One", &["SMTP", "Me"]).unwrap();
    assert_eq!(advised(&me), Some(HResult::MAPI_E_UNKNOWN_ENTRYID), "L9");
    let status = session.status_table().unwrap();
    assert_eq!(advised(&me), Some(HResult::MAPI_E_NO_SUPPORT));
    let own = status.rows()[0].entry_id();
    assert_eq!(advised(own), Some(HResult::MAPI_E_NO_SUPPORT));
}

// N10
#[test]
fn an_object_is_resolved_by_its_provider() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let (mailbox, silent) = (stores.rows()[0].entry_id(), stores.rows()[1].entry_id());
    let folder = EntryId::new([mailbox.as_bytes(), &[1, 2, 3]].concat());
    let foreign = EntryId::new([0xAB; 20]);
    let (empty, short) = (EntryId::new([]), EntryId::new([0xAB; 19]));
    for (entry_id, expected) in [
        (mailbox, None),
        (&folder, None),
        (silent, Some(HResult::MAPI_E_NO_SUPPORT)),
        (&foreign, Some(HResult::MAPI_E_UNKNOWN_ENTRYID)),
        (&empty, Some(HResult::MAPI_E_INVALID_ENTRYID)),
        (&short, Some(HResult::MAPI_E_INVALID_ENTRYID)),
    ] {
        let advised = session.advise_object(entry_id, EventMask::NEW_MAIL, |_: &Notification| {});
        assert_eq!(
            advised.err().map(|error| error.hresult()),
            expected,
            "{entry_id:?}"
        );
    }
}

#[test]
fn undefined_bits_of_a_mask_are_refused() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let error = session
        .advise(EventMask::from(0x0000_0400), |_: &Notification| {})
        .unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(
        error.to_string(),
        "IMAPISession::Advise: MAPI_E_UNKNOWN_FLAGS (0x80040106): the bits 0x00000400 are not defined"
    );
}

/// One event of every kind, and the bit that asks for it.
fn every_kind(entry_id: &EntryId) -> Vec<(EventMask, Notification)> {
    let object = |kind| {
        Notification::Object(
            ObjectEvent::new(kind, entry_id.clone(), ObjectType::MESSAGE)
                .with_property_tags(vec![0x0037_001F]),
        )
    };
    let critical =
        CriticalError::new(HResult::MAPI_E_NOT_ENOUGH_MEMORY).with_entry_id(Some(entry_id.clone()));
    let new_mail = NewMail::new(entry_id.clone(), entry_id.clone(), "IPM.Note");
    let table = TableEvent::new(TableEventKind::CHANGED);
    let status = StatusEvent::new(entry_id.clone(), Vec::new());
    vec![
        (
            EventMask::CRITICAL_ERROR,
            Notification::CriticalError(critical),
        ),
        (EventMask::NEW_MAIL, Notification::NewMail(new_mail)),
        (EventMask::OBJECT_CREATED, object(ObjectEventKind::Created)),
        (EventMask::OBJECT_DELETED, object(ObjectEventKind::Deleted)),
        (
            EventMask::OBJECT_MODIFIED,
            object(ObjectEventKind::Modified),
        ),
        (EventMask::OBJECT_MOVED, object(ObjectEventKind::Moved)),
        (EventMask::OBJECT_COPIED, object(ObjectEventKind::Copied)),
        (
            EventMask::SEARCH_COMPLETE,
            object(ObjectEventKind::SearchComplete),
        ),
        (EventMask::TABLE_MODIFIED, Notification::Table(table)),
        (
            EventMask::STATUS_OBJECT_MODIFIED,
            Notification::Status(status),
        ),
        (
            EventMask::INDEXING,
            Notification::Indexing(ExtendedEvent::new(0, [1])),
        ),
        (EventMask::EXTENDED, an_extended_event()),
    ]
}

// N1: each kind reaches those whose mask has its bit, on the object that they named, whole.
#[test]
fn masks_and_targets_choose() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let mailbox = stores.rows()[0].entry_id();
    for (bit, event) in every_kind(mailbox) {
        assert_eq!(event.event(), bit);
        let (sink, told) = mpsc::channel();
        let with = Registration::advise(&session, Some(mailbox), bit, sink).unwrap();
        let (sink, not_told) = mpsc::channel();
        let without =
            Registration::advise(&session, Some(mailbox), EventMask::all() - bit, sink).unwrap();
        let of_session = listen(&session, EventMask::all());
        mapi.subsystem().notify(Some(mailbox), event.clone());
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [event]);
        assert_eq!(not_told.try_iter().count(), 0, "{bit:?}");
        assert_eq!(heard(&of_session), []);
        drop((with, without, of_session));
    }
}

struct Counter(Mutex<usize>);

impl AdviseSink for Counter {
    fn on_notify(&self, _: &Notification) {
        *self.0.lock().unwrap() += 1;
    }
}

// What can be a sink: a closure, a boxed one, a sender, a type of one's own, one behind an Arc.
#[test]
fn sinks_of_every_sort() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let counter = Arc::new(Counter(Mutex::new(0)));
    let (sender, told) = mpsc::channel();
    let (closure, boxed) = (Arc::clone(&counter), Arc::clone(&counter));
    let boxed: Box<dyn Fn(&Notification) + Send + Sync> = Box::new(move |e| boxed.on_notify(e));
    let any: Arc<dyn AdviseSink> = Arc::clone(&counter) as _;
    let registrations = [
        session
            .advise(EXTENDED, move |event: &Notification| {
                closure.on_notify(event);
            })
            .unwrap(),
        session.advise(EXTENDED, boxed).unwrap(),
        session.advise_sink(EXTENDED, sender).unwrap(),
        session.advise_sink(EXTENDED, any).unwrap(),
        session.advise_sink(EXTENDED, Arc::clone(&counter)).unwrap(),
    ];
    mapi.subsystem().notify(None, an_extended_event());
    assert_eq!(*counter.0.lock().unwrap(), 4);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [an_extended_event()]);
    drop(registrations);
    assert_eq!(Arc::strong_count(&counter), 1);
}

// Connections: never zero, no two alike while they are open, and nobody else's.
#[test]
fn a_connection_is_its_clients_own() {
    let memory = mapi().subsystem().clone();
    memory.initialize(0, 0).unwrap();
    let logon = |name, flags| {
        memory
            .logon_ex(UiParam::NONE, name, None, flags)
            .unwrap()
            .into_parts()
            .0
    };
    let (one, two) = (logon(Some("One"), 0x8), logon(None, 0));
    let sink = |_: &Notification| {};
    let connection = |session: &<Memory as Subsystem>::Session| {
        session.advise(None, 0, sink).unwrap().into_parts().0
    };
    let (a, b, c) = (connection(&one), connection(&one), connection(&two));
    assert!(a != b && b != c && a != c);
    assert!(
        [a, b, c]
            .iter()
            .all(|connection| *connection != Connection::new(0))
    );

    let invalid = |outcome: Result<_, mapi_session::error::Failure>| {
        assert_eq!(
            outcome.unwrap_err().hresult(),
            HResult::MAPI_E_INVALID_PARAMETER
        );
    };
    invalid(two.unadvise(a));
    invalid(one.unadvise(c));
    one.unadvise(a).unwrap();
    invalid(one.unadvise(a));
    for number in [0, 1, 99, u64::MAX, 1 << 32, a.get() ^ 1 << 40] {
        invalid(one.unadvise(Connection::new(number)));
    }
    let again = connection(&one);
    assert_ne!(again, a, "a freed place gets a new number");
    invalid(one.unadvise(a));
    for (session, open) in [(&one, b), (&one, again), (&two, c)] {
        session.unadvise(open).unwrap();
    }
}

fn raw_logon(memory: &Memory) -> MemorySession {
    let flags = LogonRequest::new_session("One").raw_flags();
    let logon = memory.logon_ex(UiParam::NONE, Some("One"), None, flags);
    logon.unwrap().into_parts().0
}

// O2: a thread unadvises its own open registration while another logs the session off.
#[test]
fn unadvise_that_a_logoff_overtakes_says_that_the_session_is_gone() {
    let memory = mapi().subsystem().clone();
    memory.initialize(0, 0).unwrap();
    for _ in 0..20_000 {
        let session = raw_logon(&memory);
        let connection = session
            .advise(None, 0, |_: &Notification| ())
            .unwrap()
            .into_parts()
            .0;
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                barrier.wait();
                session.logoff(UiParam::NONE, 0, 0).unwrap();
            });
            barrier.wait();
            if let Err(error) = session.unadvise(connection) {
                assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_OBJECT, "{error}");
            }
        });
    }
}

// N8: all that is queued waits for whoever holds back, a sink that is told late too.
#[test]
fn a_hold_that_a_late_sink_takes_holds_the_rest() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let kept: Arc<Mutex<Option<HeldNotifications>>> = Arc::default();
    let told = Arc::new(AtomicUsize::new(0));
    let (place, count, holder) = (Arc::clone(&kept), Arc::clone(&told), memory.clone());
    let registration = session
        .advise(EventMask::EXTENDED, move |_: &Notification| {
            count.fetch_add(1, Ordering::SeqCst);
            place
                .lock()
                .unwrap()
                .get_or_insert_with(|| holder.hold_notifications());
        })
        .unwrap();
    let held = memory.hold_notifications();
    memory.notify(None, an_extended_event());
    memory.notify(None, an_extended_event());
    drop(held);
    assert_eq!(told.load(Ordering::SeqCst), 1, "told while held");
    let guard = kept.lock().unwrap().take();
    drop(guard);
    drop(registration);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// N8: in their order; an event that comes while the late ones arrive is the last.
#[test]
fn an_event_that_a_late_sink_raises_overtakes_nothing() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let heard: Arc<Mutex<Vec<Notification>>> = Arc::default();
    let (hears, raiser) = (Arc::clone(&heard), memory.clone());
    let registration = session
        .advise(EXTENDED, move |event: &Notification| {
            hears.lock().unwrap().push(event.clone());
            if *event == numbered(1) {
                raiser.notify(None, numbered(3));
            }
        })
        .unwrap();
    let held = memory.hold_notifications();
    memory.notify(None, numbered(1));
    memory.notify(None, numbered(2));
    drop(held);
    drop(registration);
    assert_eq!(*heard.lock().unwrap(), [1, 2, 3].map(numbered));
}

// N5, N8: the same where what a sink causes is held back in part, and another thread lets it go.
#[test]
fn what_a_sink_causes_keeps_its_order_around_a_hold() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let heard: Arc<Mutex<Vec<Notification>>> = Arc::default();
    let (hears, raiser) = (Arc::clone(&heard), memory.clone());
    let raising = session
        .advise(EXTENDED, move |event: &Notification| {
            if *event == numbered(1) {
                raiser.notify(None, numbered(2));
                let held = raiser.hold_notifications();
                raiser.notify(None, numbered(3));
                std::thread::spawn(move || drop(held)).join().unwrap();
            }
        })
        .unwrap();
    let hearing = session
        .advise(EXTENDED, move |event: &Notification| {
            hears.lock().unwrap().push(event.clone());
        })
        .unwrap();
    memory.notify(None, numbered(1));
    drop((raising, hearing));
    assert_eq!(*heard.lock().unwrap(), [1, 2, 3].map(numbered));
}

// Individual sessions are told by age, every time.
#[test]
fn individual_sessions_are_told_in_one_order() {
    let mapi = mapi();
    let heard: Arc<Mutex<Vec<usize>>> = Arc::default();
    let sessions: Vec<_> = (0..20)
        .map(|_| mapi.logon(&LogonRequest::new_session("One")).unwrap())
        .collect();
    let guards: Vec<_> = sessions
        .iter()
        .enumerate()
        .map(|(index, session)| {
            let heard = Arc::clone(&heard);
            session
                .advise(EventMask::EXTENDED, move |_: &Notification| {
                    heard.lock().unwrap().push(index);
                })
                .unwrap()
        })
        .collect();
    mapi.subsystem().notify(None, an_extended_event());
    drop(guards);
    assert_eq!(*heard.lock().unwrap(), (0..20).collect::<Vec<_>>());
}
