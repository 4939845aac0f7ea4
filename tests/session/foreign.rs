//! Code that is not ours can fail: panics in the Drop of sinks and hooks, and in subscribers of
//! tracing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{Memory, MemorySession, Profile, ProviderCall, Store};
use mapi_session::notification::ExtendedEvent;
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::{
    AdviseSink, EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, Notification,
    Registration, Session, UiParam,
};

use crate::support::Profiles;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("bomb");
    }
}
impl AdviseSink for Bomb {
    fn on_notify(&self, _: &Notification) {}
}

fn two_profiles() -> Memory {
    Memory::builder()
        .profile(Profile::new("P").default_profile())
        .profile(Profile::new("Q"))
        .build()
        .unwrap()
}

/// A session on "P".
fn live() -> (Memory, Session<Live, Memory>) {
    let memory = two_profiles();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    (memory, session)
}

fn raw(memory: &Memory, name: &str, flags: u32) -> MemorySession {
    memory
        .logon_ex(UiParam::NONE, Some(name), None, flags)
        .unwrap()
        .into_parts()
        .0
}

const SHARED: u32 = 0x2A;
const OWN: u32 = 0x22;

// N9. Aborts the process: the second panic comes while the first unwinds through the Vec.
#[test]
fn a_logoff_survives_two_sinks_that_panic_when_dropped() {
    let (memory, session) = live();
    std::mem::forget(session.advise_sink(EventMask::EXTENDED, Bomb).unwrap());
    std::mem::forget(session.advise_sink(EventMask::EXTENDED, Bomb).unwrap());
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    drop(ended);
    assert_eq!(memory.open_sessions(), 0);
}

// N9: two sinks that are unregistered while a round is under way.
#[test]
fn a_round_survives_two_sinks_that_panic_when_dropped() {
    let memory = Memory::builder()
        .profile(Profile::new("P"))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = Arc::new(
        mapi.logon(&LogonRequest::new_session("P").allow_others())
            .unwrap(),
    );
    let guards = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&guards);
    let first = Registration::advise(
        Arc::clone(&session),
        None,
        EventMask::EXTENDED,
        move |_: &Notification| {
            let guards = std::mem::take(&mut *shared.lock().unwrap());
            drop(guards);
        },
    )
    .unwrap();
    for _ in 0..2 {
        let guard =
            Registration::advise(Arc::clone(&session), None, EventMask::EXTENDED, Bomb).unwrap();
        guards.lock().unwrap().push(guard);
    }
    let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
    other.logoff(LogoffFlags::empty()).unwrap();
    drop(first);
}

// N9, "Nothing panics"
#[test]
fn unadvise_survives_a_sink_that_panics_when_dropped() {
    let (_, session) = live();
    let registration = session.advise_sink(EventMask::EXTENDED, Bomb).unwrap();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(registration)));
    assert!(dropped.is_ok(), "the sink's panic came out of Unadvise");
}

// "Nothing panics": a refused advise
#[test]
fn a_refused_advise_survives_a_sink_that_panics_when_dropped() {
    let (_, session) = live();
    let advised = catch_unwind(AssertUnwindSafe(|| {
        session
            .advise_sink(EventMask::from_bits_retain(0x0100_0000), Bomb)
            .is_err()
    }));
    assert!(advised.is_ok(), "the sink's panic came out of Advise");
}

fn bomb_hook() -> impl Fn(ProviderCall) -> HResult + Send + Sync + 'static {
    let bomb = Bomb;
    move |_| {
        let _ = &bomb;
        HResult::S_OK
    }
}

// P2, "Nothing panics"
#[test]
fn releasing_the_last_session_of_a_deleted_profile_survives_its_hook() {
    let memory = Memory::builder().build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let profile = Profile::new("P").store(Store::new("S").hook(bomb_hook()));
    memory.create_profile(&profile).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    memory
        .profiles()
        .delete_profile("P", ProfileFlags::empty())
        .unwrap();
    let _ = catch_unwind(AssertUnwindSafe(|| drop(profile)));
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    let released = catch_unwind(AssertUnwindSafe(|| drop(ended)));
    assert!(released.is_ok(), "the hook's panic came out of Release");
}

// P1, "Nothing panics"
#[test]
fn deleting_a_profile_survives_its_hook() {
    let memory = Memory::builder()
        .profile(Profile::new("P").store(Store::new("S").hook(bomb_hook())))
        .build()
        .unwrap();
    let _mapi = Mapi::initialize(memory.clone()).unwrap();
    let deleted = catch_unwind(AssertUnwindSafe(|| {
        memory.profiles().delete_profile("P", ProfileFlags::empty())
    }));
    assert!(
        deleted.is_ok(),
        "the hook's panic came out of DeleteProfile"
    );
}

// N9, L13: the end of somebody else's profile, dropped on the thread that tells.
#[test]
fn a_logoff_survives_the_end_of_another_sessions_hook() {
    let memory = Memory::builder()
        .fast_shutdown()
        .profile(Profile::new("A"))
        .profile(Profile::new("B").store(Store::new("S").hook(bomb_hook())))
        .build()
        .unwrap();
    memory.initialize(0, 0).unwrap();
    let a = raw(&memory, "A", SHARED);
    let b = Arc::new(Mutex::new(Some(raw(&memory, "B", OWN))));
    let sinks = Arc::clone(&b);
    b.lock()
        .unwrap()
        .as_ref()
        .unwrap()
        .advise(None, EventMask::EXTENDED.bits(), move |_: &Notification| {
            let ending = sinks.lock().unwrap().take();
            drop(ending); // B is released by its own sink; the round has the last share in it
        })
        .unwrap();
    memory
        .profiles()
        .delete_profile("B", ProfileFlags::empty())
        .unwrap();
    let logged_off = catch_unwind(AssertUnwindSafe(|| {
        a.logoff(UiParam::NONE, LogoffFlags::SHARED.bits(), 0)
            .is_ok()
    }));
    drop(a);
    assert_eq!(
        memory.open_sessions(),
        0,
        "the logoff of A was cut off: {logged_off:?}"
    );
    assert!(matches!(logged_off, Ok(true)));
}

// Subscribers.

/// Calls a closure with the message of each event.
struct On<F>(F);

struct Message(String);
impl tracing::field::Visit for Message {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

impl<F: Fn(&str) + Send + Sync + 'static> Subscriber for On<F> {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        (self.0)(&message.0);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn with<T>(on: impl Fn(&str) + Send + Sync + 'static, run: impl FnOnce() -> T) -> Option<T> {
    tracing::subscriber::with_default(On(on), || catch_unwind(AssertUnwindSafe(run)).ok())
}

fn panic_at(text: &'static str) -> impl Fn(&str) + Send + Sync + 'static {
    move |message| assert!(!message.contains(text), "the subscriber panics")
}

fn event() -> Notification {
    Notification::Extended(ExtendedEvent::new(1, []))
}

// "Nothing panics", L13, S5: whatever the subscriber panics at, and at every event at once.
#[test]
fn a_subscriber_that_panics_costs_only_its_own_event() {
    for text in ["", "logged on", "joined", "asks all clients", "has ended"] {
        let memory = two_profiles();
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let first = LogonRequest::new_session("P").allow_others();
        // Of another profile than asked for: that is warned of.
        let join = LogonRequest::from_raw(Some("Q"), 0);
        let done = with(panic_at(text), || {
            let (first, joined) = (mapi.logon(&first).unwrap(), mapi.logon(&join).unwrap());
            first.logoff(LogoffFlags::SHARED).unwrap();
            joined.logoff(LogoffFlags::empty()).unwrap();
        });
        assert!(done.is_some(), "{text:?} came out");
        assert_eq!(memory.open_sessions(), 0, "{text:?}");
    }
}

// "Nothing panics": a Drop that threw while a test fails would abort the process.
#[test]
fn a_failing_test_under_a_strict_subscriber_fails_and_no_more() {
    let (memory, session) = live();
    let failed = with(panic_at(""), move || {
        let _session = session;
        panic!("a test fails");
    });
    assert!(failed.is_none());
    assert_eq!(memory.open_sessions(), 0);
}

// E11: a session that was logged off is not said to be released live.
#[test]
fn a_logoff_whose_event_panics_is_a_logoff() {
    let (memory, session) = live();
    let released_live = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&released_live);
    let strict = move |message: &str| {
        if message.contains("live") {
            seen.fetch_add(1, Ordering::SeqCst);
        }
        panic!("the subscriber panics");
    };
    let ended = with(strict, || session.logoff(LogoffFlags::empty()).is_ok());
    assert_eq!(ended, Some(true));
    assert_eq!(released_live.load(Ordering::SeqCst), 0);
    assert_eq!(memory.released_live(), 0);
}

/// A closure that panics when it is told for the first time, and how often it is told.
fn panics_once() -> (Arc<AtomicUsize>, impl Fn(&Notification) + Send + Sync) {
    let told = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&told);
    let sink = move |_: &Notification| {
        assert_ne!(count.fetch_add(1, Ordering::SeqCst), 0, "the sink panics");
    };
    (told, sink)
}

// N8, N9: late events go on arriving after a panic that the subscriber panics at.
#[test]
fn late_notifications_survive_a_sink_and_its_subscriber() {
    let (memory, session) = live();
    let (told, sink) = panics_once();
    let registration = session.advise(EventMask::EXTENDED, sink).unwrap();
    let held = memory.hold_notifications();
    memory.notify(None, event());
    memory.notify(None, event());
    assert!(with(panic_at("panicked"), || drop(held)).is_some());
    assert_eq!(told.load(Ordering::SeqCst), 2);
    memory.notify(None, event());
    assert_eq!(told.load(Ordering::SeqCst), 3);
    drop(registration);
}

// N9: the others are told.
#[test]
fn the_other_sinks_survive_a_sink_and_its_subscriber() {
    let (memory, session) = live();
    let (told, sink) = panics_once();
    let first = session.advise(EventMask::EXTENDED, sink).unwrap();
    let (second_told, sink) = panics_once();
    let second = session.advise(EventMask::EXTENDED, sink).unwrap();
    let notified = with(panic_at("panicked"), || memory.notify(None, event()));
    assert!(notified.is_some());
    let told = [told, second_told].map(|told| told.load(Ordering::SeqCst));
    assert_eq!(told, [1, 1]);
    drop((first, second));
}

// E8: a logoff that the user's decision cut off has changed nothing.
#[test]
fn a_session_survives_a_decision_and_its_subscriber() {
    let memory = two_profiles();
    memory.initialize(0, 0).unwrap();
    let session = raw(&memory, "P", OWN);
    memory.user().answer_with(|_| panic!("the user panics"));
    let refused = with(panic_at("panicked"), || {
        session.logoff(UiParam::NONE, LogoffFlags::UI.bits(), 0)
    });
    let refused = refused.unwrap().unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_USER_CANCEL);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
}

// E9, E10: every provider is logged off and shut down.
#[test]
fn the_other_providers_survive_a_provider_and_its_subscriber() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let hook = |name: &'static str| {
        let calls = Arc::clone(&calls);
        move |call: ProviderCall| {
            calls.lock().unwrap().push((name, call));
            match call {
                ProviderCall::LogOff => HResult::MAPI_E_CALL_FAILED,
                _ => HResult::S_OK,
            }
        }
    };
    let memory = Memory::builder().profile(
        Profile::new("P")
            .store(Store::new("A").hook(hook("A")))
            .store(Store::new("B").hook(hook("B"))),
    );
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    calls.lock().unwrap().clear();
    let ended = with(panic_at("a provider failed"), || {
        session.logoff(LogoffFlags::empty()).is_ok()
    });
    assert_eq!(ended, Some(true));
    let (logoff, shutdown) = (ProviderCall::LogOff, ProviderCall::Shutdown);
    let expected = [
        ("A", logoff),
        ("A", shutdown),
        ("B", logoff),
        ("B", shutdown),
    ];
    assert_eq!(*calls.lock().unwrap(), expected);
}
