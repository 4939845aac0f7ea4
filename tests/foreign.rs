//! Code that is not ours can fail: panics in the Drop of sinks and hooks, and in tracing subscribers.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use mapi_session::memory::{Memory, MemorySession, Profile, Store};
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::{
    AdviseSink, EventMask, HResult, LogoffFlags, LogonRequest, Mapi, Notification, ProfileFlags,
    UiParam,
};
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
    let memory = Memory::builder()
        .profile(Profile::new("P"))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    std::mem::forget(session.advise(EventMask::EXTENDED, Bomb).unwrap());
    std::mem::forget(session.advise(EventMask::EXTENDED, Bomb).unwrap());
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
    let first = session
        .advise_arc(EventMask::EXTENDED, move |_: &Notification| {
            let guards = std::mem::take(&mut *shared.lock().unwrap());
            drop(guards);
        })
        .unwrap();
    for _ in 0..2 {
        let guard = session.advise_arc(EventMask::EXTENDED, Bomb).unwrap();
        guards.lock().unwrap().push(guard);
    }
    let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
    drop(other.logoff(LogoffFlags::empty()).unwrap());
    drop(first);
}

// N9, "Nothing panics"
#[test]
fn unadvise_survives_a_sink_that_panics_when_dropped() {
    let memory = Memory::builder()
        .profile(Profile::new("P"))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    let registration = session.advise(EventMask::EXTENDED, Bomb).unwrap();
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(registration)));
    assert!(dropped.is_ok(), "the sink's panic came out of Unadvise");
}

// "Nothing panics": a refused advise
#[test]
fn a_refused_advise_survives_a_sink_that_panics_when_dropped() {
    let memory = Memory::builder()
        .profile(Profile::new("P"))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    let advised = catch_unwind(AssertUnwindSafe(|| {
        session
            .advise(EventMask::from_bits_retain(0x0100_0000), Bomb)
            .is_err()
    }));
    assert!(advised.is_ok(), "the sink's panic came out of Advise");
}

fn bomb_hook() -> impl Fn(mapi_session::memory::ProviderCall) -> HResult + Send + Sync + 'static {
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
    memory.profiles().create(&profile).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    memory
        .profiles()
        .delete("P", ProfileFlags::empty())
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
        memory.profiles().delete("P", ProfileFlags::empty())
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
        .delete("B", ProfileFlags::empty())
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

fn two_profiles() -> Memory {
    Memory::builder()
        .profile(Profile::new("P").default_profile())
        .profile(Profile::new("Q"))
        .build()
        .unwrap()
}

// L13, "nothing leaks"
#[test]
fn a_logon_that_a_subscriber_cuts_off_opens_no_session() {
    let memory = two_profiles();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    assert!(
        with(panic_at("logged on"), || mapi
            .logon(&LogonRequest::new_session("P")))
        .is_none()
    );
    assert_eq!(memory.open_sessions(), 0);
}

// S5, "nothing leaks"
#[test]
fn a_join_that_a_subscriber_cuts_off_is_no_client() {
    let memory = two_profiles();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi
        .logon(&LogonRequest::new_session("P").allow_others())
        .unwrap();
    let join = LogonRequest::from_raw(Some("Q"), 0);
    assert!(with(panic_at("joined a shared session"), || mapi.logon(&join)).is_none());
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(memory.open_sessions(), 0);
}

// S5, "nothing leaks"
#[test]
fn a_shared_logoff_that_a_subscriber_cuts_off_ends_the_session() {
    let memory = Memory::builder()
        .profile(Profile::new("P"))
        .fast_shutdown()
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi
        .logon(&LogonRequest::new_session("P").allow_others())
        .unwrap();
    assert!(
        with(panic_at("asks all clients"), || session
            .logoff(LogoffFlags::SHARED))
        .is_none()
    );
    assert_eq!(memory.open_sessions(), 0);
}
