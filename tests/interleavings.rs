//! Every interleaving of two or three calls on one subsystem, by loom: `RUSTFLAGS="--cfg loom"
//! cargo test --release --test interleavings`.
//!
//! Each model prints how many schedules it explored, with how many threads and how many
//! preemptions. An exploration has no other bound: whatever `LOOM_MAX_PERMUTATIONS` and its like
//! say, it goes on until no schedule is left, and the outcomes that it saw have to be exactly those
//! that the model lists. So a race that no schedule reaches any more fails the model too.
//!
//! What loom does not see:
//! - `Arc`, `Weak` and `mpsc` of std. Where two threads meet in nothing else, it would try one
//!   order only: a list that is copied because a round still goes through it, a sink that is
//!   dropped by this thread or by that one. So the sinks and threads here make a
//!   [step](House::step), which loom sees, and which synchronises nothing.
//! - spurious wake-ups, and time: a wait with a time limit ends at once, but lets others in
//!   between.
#![cfg(loom)]
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::sync::atomic::AtomicUsize as Count;
use std::sync::{Arc, Mutex};

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread::{self, JoinHandle, ThreadId};
use mapi_session::memory::{
    Answer, Builder, Folder, HeldNotifications, Memory, Profile, ProviderCall, Store, Transport,
};
use mapi_session::subsystem::{RawEntry, RawMsgStore, RawObject, RawResult, RawSession, Subsystem};
use mapi_session::{
    AdviseSink, EntryId, EventMask, ExtendedEvent, HResult, Live, LogoffFlags, LogonFlags,
    LogonRequest, Mapi, MapiUid, Notification, OpenEntryFlags, OpenStoreFlags, ProfileFlags,
    ProfileSectionFlags, Session, StoreLogoffFlags, UiParam,
};

type Client = <Memory as Subsystem>::Session;

/// Runs the model in every schedule; it tells what each has come to, and that must be these
/// outcomes and no others.
#[track_caller]
fn explore<O: ToString>(
    name: &str,
    bound: Bound,
    outcomes: &[&str],
    model: impl Fn() -> O + Send + Sync + 'static,
) {
    let mut builder = loom::model::Builder::new();
    builder.max_threads = bound.threads;
    builder.preemption_bound = bound.preemptions;
    builder.max_branches = 10_000;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.checkpoint_file = None;

    let seen = Arc::new(Mutex::new(BTreeMap::<String, usize>::new()));
    let count = Arc::clone(&seen);
    builder.check(move || {
        let outcome = model().to_string();
        *count.lock().unwrap().entry(outcome).or_default() += 1;
    });

    let seen = seen.lock().unwrap();
    let schedules: usize = seen.values().sum();
    let preemptions = match bound.preemptions {
        None => "any number of preemptions".to_string(),
        Some(most) => format!("at most {most} preemptions"),
    };
    // Not `println!`: a test that passes says this too.
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "{name}: all {schedules} schedules of {} threads with {preemptions}: {seen:?}",
        bound.threads
    )
    .unwrap();
    let mut expected = outcomes.to_vec();
    expected.sort_unstable();
    assert_eq!(seen.keys().collect::<Vec<_>>(), expected, "{name}");
}

#[derive(Clone, Copy)]
struct Bound {
    threads: usize,
    preemptions: Option<usize>,
}

/// Two threads, and every schedule of them.
const TWO: Bound = Bound {
    threads: 2,
    preemptions: None,
};

/// Two threads, with so many preemptions.
const fn two(preemptions: usize) -> Bound {
    Bound {
        threads: 2,
        preemptions: Some(preemptions),
    }
}

/// Three threads, with so many preemptions.
const fn three(preemptions: usize) -> Bound {
    Bound {
        threads: 3,
        preemptions: Some(preemptions),
    }
}

const JOIN: LogonFlags = LogonFlags::empty();
const INDIVIDUAL: LogonFlags = LogonFlags::NEW_SESSION;
const SHARED: LogonFlags = LogonFlags::NEW_SESSION.union(LogonFlags::ALLOW_OTHERS);

const PLAIN: LogoffFlags = LogoffFlags::empty();

/// A subsystem with one profile, and what happens around it.
#[derive(Clone)]
struct House {
    memory: Memory,
    /// How many sessions the store's provider was logged off from.
    ended: Arc<Count>,
    steps: Steps,
}

/// Places where loom switches threads.
#[derive(Clone, Default)]
struct Steps(Arc<AtomicUsize>);

impl Steps {
    fn step(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl House {
    fn new() -> Self {
        Self::with(|builder| builder)
    }

    fn with(describe: impl FnOnce(Builder) -> Builder) -> Self {
        Self::of(|profile, _| profile, describe)
    }

    /// One whose profile has more in it; the hooks of that can make steps.
    fn of(
        extend: impl FnOnce(Profile, &Steps) -> Profile,
        describe: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let steps = Steps::default();
        let ended = Arc::new(Count::new(0));
        let count = Arc::clone(&ended);
        let store = Store::new("Mailbox").hook(move |call| {
            if call == ProviderCall::Logoff {
                count.fetch_add(1, Ordering::Relaxed);
            }
            HResult::S_OK
        });
        let profile = Profile::new("P").default_profile().store(store);
        let profile = extend(profile, &steps);
        let memory = describe(Memory::builder().profile(profile))
            .build()
            .unwrap();
        memory.initialize(0, 0).unwrap();
        Self {
            memory,
            ended,
            steps,
        }
    }

    /// A place where loom switches threads.
    fn step(&self) {
        self.steps.step();
    }

    fn try_log_on(&self, flags: LogonFlags) -> Result<Client, HResult> {
        let session = self
            .memory
            .logon_ex(UiParam::NONE, Some("P"), None, flags.bits());
        value(session)
    }

    #[track_caller]
    fn log_on(&self, flags: LogonFlags) -> Client {
        self.try_log_on(flags).unwrap()
    }

    /// Does it on another thread.
    fn spawn<T: 'static>(&self, act: impl FnOnce(&House) -> T + 'static) -> JoinHandle<T> {
        let house = self.clone();
        thread::spawn(move || {
            house.step();
            act(&house)
        })
    }

    fn sessions_ended(&self) -> usize {
        self.ended.load(Ordering::Relaxed)
    }

    /// Nobody is logged on, and nothing is left of those who were: so many sessions, of which so
    /// many were released live.
    #[track_caller]
    fn is_empty(&self, sessions: usize, released_live: usize) {
        assert_eq!(self.memory.open_sessions(), 0, "open sessions");
        assert_eq!(self.sessions_ended(), sessions, "sessions that ended");
        assert_eq!(self.memory.released_live(), released_live, "released live");
        let joined = self.memory.logon_ex(UiParam::NONE, None, None, 0);
        assert_eq!(
            value(joined).unwrap_err(),
            HResult::MAPI_E_LOGON_FAILED,
            "a shared session is left to join"
        );
        let profiles = self.memory.profiles();
        profiles.rename("P", "Q", ProfileFlags::empty()).unwrap();
        let [profile] = &profiles.list(ProfileFlags::empty()).unwrap()[..] else {
            unreachable!("there is one profile");
        };
        assert_eq!(profile.name, "Q", "the profile is still in use");
    }
}

fn value<T>(result: RawResult<T>) -> Result<T, HResult> {
    result
        .map(|success| success.into_parts().0)
        .map_err(|failure| failure.hresult())
}

fn log_off(client: &Client, flags: LogoffFlags) -> Result<(), HResult> {
    value(client.logoff(UiParam::NONE, flags.bits(), 0))
}

/// The event that is written as this digit.
fn event(digit: u32) -> Notification {
    Notification::Extended(ExtendedEvent {
        event: digit,
        parameters: Box::default(),
    })
}

/// What one sink was told. C is the critical error that ends the session, E the extended event of a
/// client that has left, a digit an event of the test's.
#[derive(Clone)]
struct Ear {
    house: House,
    told: Arc<Mutex<Told>>,
    /// Set after the sink was unregistered.
    deaf: Arc<AtomicBool>,
}

#[derive(Default)]
struct Told {
    events: Vec<(ThreadId, char)>,
    /// The threads that know that the sink is unregistered.
    know: HashSet<ThreadId>,
    dropped: usize,
}

struct Sink(Ear);

impl Ear {
    fn new(house: &House) -> Self {
        Self {
            house: house.clone(),
            told: Arc::default(),
            deaf: Arc::default(),
        }
    }

    fn sink(&self) -> Sink {
        Sink(self.clone())
    }

    #[track_caller]
    fn advised(house: &House, client: &Client) -> Self {
        let ear = Self::new(house);
        ear.advise(client).unwrap();
        ear
    }

    fn advise(&self, client: &Client) -> Result<mapi_session::Connection, HResult> {
        value(client.advise(None, EventMask::EXTENDED.bits(), self.sink()))
    }

    fn heard(&self) -> String {
        let told = self.told.lock().unwrap();
        told.events.iter().map(|(_, event)| event).collect()
    }

    fn heard_on(&self, thread: ThreadId) -> String {
        let told = self.told.lock().unwrap();
        let there = told.events.iter().filter(|(on, _)| *on == thread);
        there.map(|(_, event)| event).collect()
    }

    fn dropped(&self) -> usize {
        self.told.lock().unwrap().dropped
    }

    /// The sink's unregistration has returned.
    fn is_deaf(&self) {
        self.deaf.store(true, Ordering::Release);
    }

    /// Whether this thread knows by now that the unregistration has returned.
    fn knows(&self) -> bool {
        let deaf = self.deaf.load(Ordering::Acquire);
        if deaf {
            let me = thread::current().id();
            self.told.lock().unwrap().know.insert(me);
        }
        deaf
    }
}

impl AdviseSink for Sink {
    fn on_notify(&self, notification: &Notification) {
        let letter = match notification {
            Notification::Extended(event) => char::from_digit(event.event, 10).unwrap(),
            _ if notification.ends_session() => 'C',
            other => unreachable!("{other:?}"),
        };
        let letter = if letter == '0' { 'E' } else { letter };
        let me = thread::current().id();
        self.0.house.step();
        {
            let mut told = self.0.told.lock().unwrap();
            assert!(
                !told.know.contains(&me),
                "{letter} was told on a thread that knows of the unregistration"
            );
            told.events.push((me, letter));
        }
        self.0.house.step();
        self.0.knows();
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.0.told.lock().unwrap().dropped += 1;
    }
}

/// S2, S5: a client logs on while the last one of the shared session leaves it by `leave`.
#[track_caller]
fn join_while_the_last_client_leaves(
    name: &str,
    released_live: usize,
    leave: impl Fn(Client) + Copy + Send + Sync + 'static,
) {
    explore(name, TWO, &["joined", "opened"], move || {
        let house = House::new();
        let last = house.log_on(SHARED);
        let leaving = house.spawn(move |_| leave(last));
        house.step();
        let client = house.log_on(JOIN | LogonFlags::ALLOW_OTHERS);
        leaving.join().unwrap();

        client.msg_stores_table(0).unwrap();
        assert_eq!(house.memory.open_sessions(), 1);
        let sessions = house.sessions_ended();
        // Whichever session it is, others find it.
        let other = house.log_on(JOIN);
        assert_eq!(house.memory.open_sessions(), 1);
        let ear = Ear::advised(&house, &other);
        log_off(&client, PLAIN).unwrap();
        assert_eq!(ear.heard(), "E");
        log_off(&other, PLAIN).unwrap();
        house.is_empty(sessions + 1, released_live);
        ["joined", "opened"][sessions]
    });
}

#[test]
fn whoever_logs_on_while_the_last_client_logs_off_is_on_a_live_session() {
    join_while_the_last_client_leaves("logon, last logoff", 0, |last| {
        log_off(&last, PLAIN).unwrap();
    });
}

// E11 too.
#[test]
fn whoever_logs_on_while_the_last_client_is_released_is_on_a_live_session() {
    join_while_the_last_client_leaves("logon, last release", 1, drop);
}

/// S5, S6: a client logs on while one of the shared session logs off with MAPI_LOGOFF_SHARED.
#[track_caller]
fn join_while_a_client_logs_off_with_shared(name: &str, another_stays: bool) {
    let outcomes = ["joined, heard ", "joined, heard CE", "opened, heard "];
    explore(name, TWO, &outcomes, move || {
        let house = House::new();
        let first = house.log_on(SHARED);
        let stays = another_stays.then(|| house.log_on(JOIN));
        let leaving = house.spawn(move |_| log_off(&first, LogoffFlags::SHARED).unwrap());
        house.step();
        let client = house.log_on(JOIN | LogonFlags::ALLOW_OTHERS);
        let ear = Ear::advised(&house, &client);
        leaving.join().unwrap();

        client.msg_stores_table(0).unwrap();
        let heard = ear.heard();
        let open = house.memory.open_sessions();
        let joined = open + house.sessions_ended() == 1;
        // The older session can be joined no more, and is in the way of the newer one as long as it
        // is open.
        let later = house.log_on(JOIN);
        let further = usize::from(joined || another_stays);
        assert_eq!(house.memory.open_sessions(), open + further);
        if let Some(stays) = stays {
            log_off(&stays, PLAIN).unwrap();
            let told = if joined { "E" } else { "" };
            assert_eq!(ear.heard(), format!("{heard}{told}"));
        }
        log_off(&client, PLAIN).unwrap();
        log_off(&later, PLAIN).unwrap();
        house.is_empty(usize::from(!joined) + 1 + further, 0);
        let what = if joined { "joined" } else { "opened" };
        format!("{what}, heard {heard}")
    });
}

#[test]
fn whoever_logs_on_during_a_shared_logoff_joins_the_session_or_opens_one() {
    join_while_a_client_logs_off_with_shared("logon, last logoff with SHARED", false);
}

#[test]
fn whoever_logs_on_during_a_shared_logoff_of_one_of_several_joins_or_opens() {
    join_while_a_client_logs_off_with_shared("logon, logoff with SHARED", true);
}

// S6, in the typed layer
#[test]
fn a_typed_join_during_a_shared_logoff_gets_a_live_session_or_none() {
    explore(
        "join_shared, logoff(SHARED)",
        TWO,
        &["joined", "refused"],
        || {
            let house = House::new();
            let mapi = Mapi::initialize(house.memory.clone()).unwrap();
            let request = LogonRequest::new_session("P").allow_others();
            let first = mapi.logon(&request).unwrap();
            let leaving = house.spawn(|_| drop(first.logoff(LogoffFlags::SHARED).unwrap()));
            house.step();
            let client = mapi.logon(&LogonRequest::join_shared());
            leaving.join().unwrap();
            let outcome = match client {
                Ok(client) => {
                    client.msg_stores_table().unwrap();
                    drop(client.logoff(PLAIN).unwrap());
                    "joined"
                }
                Err(error) => {
                    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
                    "refused"
                }
            };
            house.is_empty(1, 0);
            outcome
        },
    );
}

/// N7, O2: a client registers while it is logged off, which the typed layer does not let it do.
#[track_caller]
fn advise_while_the_client_logs_off(name: &str, flags: LogonFlags) {
    explore(name, TWO, &["cancelled", "refused"], move || {
        let house = House::new();
        let client = Arc::new(house.log_on(flags));
        let ear = Ear::new(&house);
        let leaving = house.spawn({
            let client = Arc::clone(&client);
            move |_| log_off(&client, PLAIN).unwrap()
        });
        house.step();
        let advised = ear.advise(&client);
        leaving.join().unwrap();

        assert_eq!(ear.dropped(), 1, "dropped sinks");
        house.memory.notify(None, event(1));
        assert_eq!(ear.heard(), "");
        drop(client);
        house.is_empty(1, 0);
        match advised {
            Ok(_) => "cancelled",
            Err(HResult::MAPI_E_INVALID_OBJECT) => "refused",
            Err(other) => unreachable!("{other}"),
        }
    });
}

#[test]
fn a_registration_during_the_logoff_of_its_individual_session_is_cancelled_or_refused() {
    advise_while_the_client_logs_off("advise, own logoff", INDIVIDUAL);
}

#[test]
fn a_registration_during_the_logoff_of_its_shared_session_is_cancelled_or_refused() {
    advise_while_the_client_logs_off("advise, own logoff, shared", SHARED);
}

/// N2, N3: a client registers while another one logs off.
#[track_caller]
fn advise_while_another_logs_off(name: &str, flags: LogoffFlags, told: &'static str) {
    let due = format!("{told}, as was due");
    explore(name, TWO, &["", told, &due], move || {
        let house = House::new();
        let client = house.log_on(SHARED);
        let other = house.log_on(JOIN);
        let advised = Arc::new(AtomicBool::new(false));
        let leaving = house.spawn({
            let advised = Arc::clone(&advised);
            move |_| {
                let due = advised.load(Ordering::Acquire);
                log_off(&other, flags).unwrap();
                due
            }
        });
        house.step();
        let ear = Ear::advised(&house, &client);
        advised.store(true, Ordering::Release);
        let due = leaving.join().unwrap();

        let heard = ear.heard();
        assert_eq!(ear.dropped(), 0);
        log_off(&client, PLAIN).unwrap();
        assert_eq!((ear.heard(), ear.dropped()), (heard.clone(), 1));
        house.is_empty(1, 0);
        heard + if due { ", as was due" } else { "" }
    });
}

#[test]
fn a_registration_during_the_logoff_of_another_client_hears_of_it_or_not() {
    advise_while_another_logs_off("advise, other's logoff", PLAIN, "E");
}

#[test]
fn a_registration_during_a_shared_logoff_hears_all_of_it_or_nothing() {
    advise_while_another_logs_off(
        "advise, other's logoff with SHARED",
        LogoffFlags::SHARED,
        "CE",
    );
}

// N7. "!" is where the thread that tells has come to know of the unregistration.
#[test]
fn a_thread_that_knows_of_an_unregistration_starts_no_call() {
    let outcomes = ["", "!", "1", "1!", "12", "12!"];
    explore("unadvise, two notifications", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::new(&house);
        let connection = ear.advise(&client).unwrap();
        let telling = house.spawn({
            let ear = ear.clone();
            move |house| {
                for digit in [1, 2] {
                    ear.knows();
                    house.memory.notify(None, event(digit));
                }
                ear.knows()
            }
        });
        house.step();
        value(client.unadvise(connection)).unwrap();
        ear.is_deaf();
        let knew = telling.join().unwrap();

        assert_eq!(ear.dropped(), 1);
        house.memory.notify(None, event(3));
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        ear.heard() + if knew { "!" } else { "" }
    });
}

// N7, N3: unregistered between the two events of one departure
#[test]
fn an_unregistration_during_a_shared_logoff_stops_before_the_next_event() {
    let outcomes = ["", "C", "CE"];
    explore(
        "unadvise, other's logoff with SHARED",
        TWO,
        &outcomes,
        || {
            let house = House::new();
            let client = house.log_on(SHARED);
            let other = house.log_on(JOIN);
            let ear = Ear::new(&house);
            let connection = ear.advise(&client).unwrap();
            let leaving = house.spawn(move |_| log_off(&other, LogoffFlags::SHARED).unwrap());
            house.step();
            value(client.unadvise(connection)).unwrap();
            ear.is_deaf();
            leaving.join().unwrap();

            assert_eq!(ear.dropped(), 1);
            log_off(&client, PLAIN).unwrap();
            house.is_empty(1, 0);
            ear.heard()
        },
    );
}

// N7, with two threads that tell
#[test]
fn an_unregistration_stops_the_calls_of_every_thread() {
    let outcomes = ["", "1", "2", "12", "21"];
    explore("unadvise, two that notify", three(4), &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::new(&house);
        let connection = ear.advise(&client).unwrap();
        let telling = [1, 2].map(|digit| {
            let ear = ear.clone();
            house.spawn(move |house| {
                ear.knows();
                house.memory.notify(None, event(digit));
            })
        });
        value(client.unadvise(connection)).unwrap();
        ear.is_deaf();
        for thread in telling {
            thread.join().unwrap();
        }

        assert_eq!(ear.dropped(), 1);
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        ear.heard()
    });
}

// N7: the sink unregisters itself
#[test]
fn of_two_unregistrations_one_by_the_sink_itself_one_succeeds() {
    let outcomes = ["Ok; told 0", "Ok; told 1", "invalid; told 1"];
    explore("unadvise, unadvise by the sink", TWO, &outcomes, || {
        let house = House::new();
        let client = Arc::new(house.log_on(INDIVIDUAL));
        let ear = Ear::new(&house);
        let other = Ear::advised(&house, &client);
        let told = Arc::new(Mutex::new(Vec::new()));
        let own = Arc::new(std::sync::OnceLock::new());
        let connection = value(client.advise(None, EventMask::EXTENDED.bits(), {
            let (client, told, own, sink) = (
                Arc::downgrade(&client),
                told.clone(),
                own.clone(),
                ear.sink(),
            );
            move |event: &Notification| {
                sink.on_notify(event);
                let result = value(client.upgrade().unwrap().unadvise(*own.get().unwrap()));
                told.lock().unwrap().push(result);
            }
        }));
        let connection = connection.unwrap();
        own.set(connection).unwrap();
        let telling = house.spawn(|house| house.memory.notify(None, event(1)));
        house.step();
        let result = value(client.unadvise(connection));
        telling.join().unwrap();

        let invalid = Err(HResult::MAPI_E_INVALID_PARAMETER);
        let told = std::mem::take(&mut *told.lock().unwrap());
        assert_eq!(ear.dropped(), 1);
        let outcome = match (result, &told[..]) {
            (Ok(()), []) => "Ok; told 0",
            (Ok(()), [by_sink]) if *by_sink == invalid => "Ok; told 1",
            (result, [Ok(())]) if result == invalid => "invalid; told 1",
            other => unreachable!("{other:?}"),
        };
        // The client's other registration is still counted, and so it is cancelled with the
        // session.
        assert_eq!(other.heard(), "1");
        log_off(&client, PLAIN).unwrap();
        assert_eq!(other.dropped(), 1);
        house.is_empty(1, 0);
        outcome
    });
}

// N7, N3, O1, in the typed layer: the guard is dropped, and the session logged off
#[test]
fn a_dropped_guard_hears_no_more_of_a_shared_logoff() {
    explore(
        "drop(Registration), logoff(SHARED)",
        TWO,
        &["", "C", "CE"],
        || {
            let house = House::new();
            let mapi = Mapi::initialize(house.memory.clone()).unwrap();
            let request = LogonRequest::new_session("P").allow_others();
            let other: Session<Live, _> = mapi.logon(&request).unwrap();
            let session = mapi.logon(&LogonRequest::join_shared()).unwrap();
            let ear = Ear::new(&house);
            let leaving = house.spawn(|_| drop(other.logoff(LogoffFlags::SHARED).unwrap()));
            house.step();
            let registration = session.advise(EventMask::EXTENDED, ear.sink()).unwrap();
            drop(registration);
            ear.is_deaf();
            drop(session.logoff(PLAIN).unwrap());
            leaving.join().unwrap();
            assert_eq!(ear.dropped(), 1);
            house.is_empty(1, 0);
            ear.heard()
        },
    );
}

/// A slot of the list is used again while a round goes through the list.
// N1, N7
#[test]
fn a_registration_in_the_place_of_another_hears_only_what_it_asked_for() {
    let outcomes = [",", "1,", ",1"];
    explore("unadvise and advise, notification", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let (old, new) = (Ear::new(&house), Ear::new(&house));
        let connection = old.advise(&client).unwrap();
        let telling = house.spawn(|house| house.memory.notify(None, event(1)));
        house.step();
        value(client.unadvise(connection)).unwrap();
        old.is_deaf();
        new.advise(&client).unwrap();
        telling.join().unwrap();
        assert_eq!((old.dropped(), new.dropped()), (1, 0));
        log_off(&client, PLAIN).unwrap();
        assert_eq!((old.dropped(), new.dropped()), (1, 1));
        house.is_empty(1, 0);
        format!("{},{}", old.heard(), new.heard())
    });
}

// N1, N7: two clients of one list
#[test]
fn clients_that_register_at_once_do_not_disturb_each_other() {
    explore("advise and unadvise, other's advise", TWO, &["1"], || {
        let house = House::new();
        let client = house.log_on(SHARED);
        let other = house.log_on(JOIN);
        let (gone, stays) = (Ear::new(&house), Ear::new(&house));
        let working = house.spawn({
            let ear = gone.clone();
            move |_| {
                let connection = ear.advise(&other).unwrap();
                value(other.unadvise(connection)).unwrap();
                ear.is_deaf();
                other
            }
        });
        house.step();
        stays.advise(&client).unwrap();
        let other = working.join().unwrap();
        house.memory.notify(None, event(1));
        assert_eq!((gone.heard(), gone.dropped()), (String::new(), 1));
        log_off(&other, PLAIN).unwrap();
        let heard = stays.heard();
        assert_eq!(heard, "1E");
        log_off(&client, PLAIN).unwrap();
        assert_eq!(stays.dropped(), 1);
        house.is_empty(1, 0);
        "1"
    });
}

/// N2, N3, E4, E11: clients of one session leave it at once, each in its way; another one hears of
/// each.
#[track_caller]
fn clients_leave_at_once<const N: usize>(
    name: &str,
    bound: Bound,
    leave: [Leave; N],
    released_live: usize,
    outcomes: &[&str],
) {
    explore(name, bound, outcomes, move || {
        let house = House::new();
        let stays = house.log_on(SHARED);
        let ear = Ear::advised(&house, &stays);
        let leaving = leave.map(|(leave, told)| {
            let client = house.log_on(JOIN);
            let ear = ear.clone();
            move |house: &House| {
                house.step();
                leave(client);
                assert_eq!(ear.heard_on(thread::current().id()), told);
            }
        });
        // The last of them on this thread.
        let mut leaving = Vec::from(leaving);
        let here = leaving.pop().unwrap();
        let there: Vec<_> = leaving
            .into_iter()
            .map(|leave| house.spawn(leave))
            .collect();
        here(&house);
        there.into_iter().for_each(|thread| thread.join().unwrap());

        stays.msg_stores_table(0).unwrap();
        assert_eq!(house.memory.open_sessions(), 1);
        let heard = ear.heard();
        log_off(&stays, PLAIN).unwrap();
        assert_eq!((ear.heard(), ear.dropped()), (heard.clone(), 1));
        house.is_empty(1, released_live);
        heard
    });
}

/// A way to leave, and how it reads to others.
type Leave = (fn(Client), &'static str);

const LOG_OFF: Leave = (|client| log_off(&client, PLAIN).unwrap(), "E");
const LOG_OFF_SHARED: Leave = (
    |client| log_off(&client, LogoffFlags::SHARED).unwrap(),
    "CE",
);
const RELEASE: Leave = (drop, "E");

#[test]
fn two_shared_logoffs_at_once_are_each_heard_of_once() {
    let leave = [LOG_OFF_SHARED; 2];
    let outcomes = ["CECE", "CCEE"];
    clients_leave_at_once("two logoffs with SHARED", TWO, leave, 0, &outcomes);
}

#[test]
fn three_shared_logoffs_at_once_are_each_heard_of_once() {
    let leave = [LOG_OFF_SHARED; 3];
    let outcomes = ["CCCEEE", "CCECEE", "CCEECE", "CECCEE", "CECECE"];
    clients_leave_at_once("three logoffs with SHARED", three(3), leave, 0, &outcomes);
}

#[test]
fn a_shared_logoff_and_a_release_at_once_are_each_heard_of_once() {
    let leave = [LOG_OFF_SHARED, RELEASE];
    let outcomes = ["CEE", "ECE"];
    clients_leave_at_once("logoff with SHARED, release", TWO, leave, 1, &outcomes);
}

#[test]
fn a_logoff_and_a_release_at_once_are_each_heard_of_once() {
    let leave = [LOG_OFF, RELEASE];
    clients_leave_at_once("logoff, release", TWO, leave, 1, &["EE"]);
}

// N4: each of the two has a sink of its own
#[test]
fn a_client_that_logs_off_hears_of_others_but_not_of_itself() {
    let outcomes = [",", "C,", "CE,", ",C", ",CE"];
    explore("two logoffs with SHARED and sinks", TWO, &outcomes, || {
        let house = House::new();
        let clients = [house.log_on(SHARED), house.log_on(JOIN)];
        let ears = [0, 1].map(|i| Ear::advised(&house, &clients[i]));
        let [act_there, act_here] = {
            let mut ears = ears.clone().into_iter();
            clients.map(|client| {
                let ear = ears.next().unwrap();
                move |house: &House| {
                    house.step();
                    log_off(&client, LogoffFlags::SHARED).unwrap();
                    ear.is_deaf();
                    assert_eq!(ear.heard_on(thread::current().id()), "");
                }
            })
        };
        let there = house.spawn(act_there);
        act_here(&house);
        there.join().unwrap();
        assert_eq!(ears.each_ref().map(Ear::dropped), [1, 1]);
        house.is_empty(1, 0);
        ears.map(|ear| ear.heard()).join(",")
    });
}

// N3, N5, E8: everybody does as told, and logs off when the session is to end
#[test]
fn clients_that_log_off_when_told_to_each_log_off_once() {
    explore(
        "two logoffs with SHARED, obeyed",
        two(5),
        &["all ended"],
        || {
            let house = House::new();
            let clients = [SHARED, JOIN, JOIN].map(|flags| Arc::new(house.log_on(flags)));
            let ended = Arc::new(Count::new(0));
            let log_off_once = |client: &Arc<Client>| {
                let (client, ended) = (Arc::downgrade(client), Arc::clone(&ended));
                move |flags| match log_off(&client.upgrade().unwrap(), flags) {
                    Ok(()) => drop(ended.fetch_add(1, Ordering::Relaxed)),
                    Err(HResult::MAPI_E_BUSY | HResult::MAPI_E_INVALID_OBJECT) => {}
                    Err(other) => unreachable!("{other}"),
                }
            };
            for client in &clients {
                let (obey, house) = (log_off_once(client), house.clone());
                let sink = move |event: &Notification| {
                    house.step();
                    if event.ends_session() {
                        obey(PLAIN);
                    }
                };
                value(client.advise(None, 0, sink)).unwrap();
            }
            let first = log_off_once(&clients[0]);
            let there = house.spawn(move |_| first(LogoffFlags::SHARED));
            house.step();
            log_off_once(&clients[1])(LogoffFlags::SHARED);
            there.join().unwrap();
            assert_eq!(ended.load(Ordering::Relaxed), 3);
            drop(clients);
            house.is_empty(1, 0);
            "all ended"
        },
    );
}

// S5, E9, E11
#[test]
fn of_the_last_two_clients_that_are_released_at_once_one_ends_the_session() {
    explore("two releases", TWO, &["ended once"], || {
        let house = House::new();
        let clients = [house.log_on(SHARED), house.log_on(JOIN)];
        let [one, two] = clients;
        let there = house.spawn(move |_| drop(one));
        house.step();
        drop(two);
        there.join().unwrap();
        house.is_empty(1, 2);
        "ended once"
    });
}

/// E1, E8: two calls log one session object off, which the typed layer does not let them do.
#[track_caller]
fn two_logoffs_of_one_client(name: &str, flags: [LogoffFlags; 2], told: [&'static str; 2]) {
    let outcomes = [
        format!("Ok, busy: {}", told[0]),
        format!("Ok, invalid: {}", told[0]),
        format!("busy, Ok: {}", told[1]),
        format!("invalid, Ok: {}", told[1]),
    ];
    let outcomes = outcomes.each_ref().map(String::as_str);
    explore(name, TWO, &outcomes, move || {
        let house = House::new();
        let stays = house.log_on(SHARED);
        let listening = Ear::advised(&house, &stays);
        let client = Arc::new(house.log_on(JOIN));
        let own = Ear::advised(&house, &client);
        let there = house.spawn({
            let client = Arc::clone(&client);
            move |_| log_off(&client, flags[0])
        });
        house.step();
        let here = log_off(&client, flags[1]);
        let results = [there.join().unwrap(), here];

        assert_eq!((own.heard(), own.dropped()), (String::new(), 1));
        let check = value(client.msg_stores_table(0)).unwrap_err();
        assert_eq!(check, HResult::MAPI_E_INVALID_OBJECT);
        drop(client);
        let heard = listening.heard();
        log_off(&stays, PLAIN).unwrap();
        house.is_empty(1, 0);
        let results = results.map(|result| match result {
            Ok(()) => "Ok",
            Err(HResult::MAPI_E_BUSY) => "busy",
            Err(HResult::MAPI_E_INVALID_OBJECT) => "invalid",
            Err(other) => unreachable!("{other}"),
        });
        format!("{}: {heard}", results.join(", "))
    });
}

#[test]
fn of_two_logoffs_of_one_session_object_one_succeeds() {
    two_logoffs_of_one_client("two logoffs of one object", [PLAIN; 2], ["E"; 2]);
}

#[test]
fn of_a_plain_and_a_shared_logoff_of_one_session_object_one_is_told() {
    let flags = [PLAIN, LogoffFlags::SHARED];
    two_logoffs_of_one_client("two unlike logoffs of one object", flags, ["E", "CE"]);
}

// O2
#[test]
fn a_store_that_outlives_its_session_works_or_is_invalid() {
    explore("store, logoff", TWO, &["works", "invalid"], || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let table = value(client.msg_stores_table(0)).unwrap();
        let entry_id = table.rows()[0].entry_id().as_bytes().to_vec();
        let flags = OpenStoreFlags::BEST_ACCESS.bits();
        let store = value(client.open_msg_store(UiParam::NONE, Some(&entry_id), flags)).unwrap();
        let leaving = house.spawn(move |_| log_off(&client, PLAIN).unwrap());
        house.step();
        let during = value(store.info()).map(|info| info.is_writable);
        leaving.join().unwrap();
        let after = value(store.info()).map(drop);
        assert_eq!(after, Err(HResult::MAPI_E_INVALID_OBJECT));
        house.is_empty(1, 0);
        drop(store);
        match during {
            Ok(writable) => {
                assert!(writable);
                "works"
            }
            Err(HResult::MAPI_E_INVALID_OBJECT) => "invalid",
            Err(other) => unreachable!("{other}"),
        }
    });
}

// E11, N7
#[test]
fn a_client_that_is_released_during_a_notification_hears_no_more() {
    explore("release, notification", TWO, &["", "1"], || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &client);
        let telling = house.spawn(|house| house.memory.notify(None, event(1)));
        house.step();
        drop(client);
        ear.is_deaf();
        telling.join().unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(1, 1);
        ear.heard()
    });
}

/// A dialog that is shown on one thread, as another one sees it.
#[derive(Clone, Default)]
struct Shown(Arc<std::sync::atomic::AtomicBool>);

impl Shown {
    fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The user's next answer, which takes a while.
    fn answer(&self, house: &House, answer: Answer) {
        let (house_there, shown) = (house.clone(), self.clone());
        house.memory.user().answer_with(move |_| {
            assert!(!shown.0.swap(true, Ordering::Relaxed), "two dialogs");
            house_there.step();
            shown.0.store(false, Ordering::Relaxed);
            answer
        });
    }
}

// E7, E8
#[test]
fn a_session_works_while_its_user_is_asked_and_when_the_user_has_cancelled() {
    let outcomes = ["during the dialog", "else"];
    explore(
        "logoff with a dialog, cancelled; other calls",
        TWO,
        &outcomes,
        || {
            let house = House::new();
            let shown = Shown::default();
            shown.answer(&house, Answer::Cancel);
            let client = Arc::new(house.log_on(INDIVIDUAL));
            let ear = Ear::new(&house);
            let leaving = house.spawn({
                let client = Arc::clone(&client);
                move |_| log_off(&client, LogoffFlags::UI)
            });
            house.step();
            let before = shown.get();
            let connection = ear.advise(&client).unwrap();
            house.memory.notify(None, event(1));
            assert_eq!(ear.heard(), "1");
            value(client.unadvise(connection)).unwrap();
            value(client.msg_stores_table(0)).unwrap();
            let during = before && shown.get();
            assert_eq!(leaving.join().unwrap(), Err(HResult::MAPI_E_USER_CANCEL));
            value(client.msg_stores_table(0)).unwrap();
            log_off(&client, PLAIN).unwrap();
            house.is_empty(1, 0);
            if during { "during the dialog" } else { "else" }
        },
    );
}

// E2, N7
#[test]
fn a_registration_while_the_user_is_asked_ends_with_the_session() {
    let outcomes = ["", "1", "refused"];
    explore(
        "logoff with a dialog, accepted; advise",
        TWO,
        &outcomes,
        || {
            let house = House::new();
            Shown::default().answer(&house, Answer::Accept);
            let client = Arc::new(house.log_on(INDIVIDUAL));
            let ear = Ear::new(&house);
            let leaving = house.spawn({
                let (client, ear) = (Arc::clone(&client), ear.clone());
                move |_| {
                    log_off(&client, LogoffFlags::UI).unwrap();
                    ear.is_deaf();
                }
            });
            house.step();
            let advised = ear.advise(&client);
            ear.knows();
            house.memory.notify(None, event(1));
            leaving.join().unwrap();
            assert_eq!(ear.dropped(), 1);
            house.is_empty(1, 0);
            match advised {
                Ok(_) => ear.heard(),
                Err(HResult::MAPI_E_INVALID_OBJECT) => "refused".into(),
                Err(other) => unreachable!("{other}"),
            }
        },
    );
}

/// E7, E8: a logoff while another one asks the user.
#[track_caller]
fn logoff_while_the_user_is_asked(name: &str, answer: &Answer, outcomes: &[&str]) {
    let answer = answer.clone();
    explore(name, TWO, outcomes, move || {
        let house = House::new();
        Shown::default().answer(&house, answer.clone());
        let client = Arc::new(house.log_on(INDIVIDUAL));
        let ear = Ear::advised(&house, &client);
        let asking = house.spawn({
            let client = Arc::clone(&client);
            move |_| log_off(&client, LogoffFlags::UI)
        });
        house.step();
        let here = log_off(&client, PLAIN);
        let results = [asking.join().unwrap(), here];
        if results.iter().all(Result::is_err) {
            // Both were refused, so nothing has changed.
            value(client.msg_stores_table(0)).unwrap();
            house.memory.notify(None, event(1));
            assert_eq!((ear.heard(), ear.dropped()), ("1".into(), 0));
            log_off(&client, PLAIN).unwrap();
        }
        assert_eq!(ear.dropped(), 1);
        house.is_empty(1, 0);
        let results = results.map(|result| match result {
            Ok(()) => "Ok",
            Err(HResult::MAPI_E_BUSY) => "busy",
            Err(HResult::MAPI_E_USER_CANCEL) => "cancelled",
            Err(HResult::MAPI_E_INVALID_OBJECT) => "invalid",
            Err(other) => unreachable!("{other}"),
        });
        results.join(", ")
    });
}

#[test]
fn a_logoff_while_the_user_cancels_another_succeeds_or_is_busy() {
    let name = "logoff with a dialog, cancelled; logoff";
    let outcomes = [
        "cancelled, Ok",
        "cancelled, busy",
        "busy, Ok",
        "invalid, Ok",
    ];
    logoff_while_the_user_is_asked(name, &Answer::Cancel, &outcomes);
}

#[test]
fn a_logoff_while_the_user_accepts_another_is_busy_or_too_late_or_first() {
    let name = "logoff with a dialog, accepted; logoff";
    let outcomes = ["Ok, busy", "Ok, invalid", "busy, Ok", "invalid, Ok"];
    logoff_while_the_user_is_asked(name, &Answer::Accept, &outcomes);
}

// N3, E9: not ended before the user has answered
#[test]
fn a_client_whose_user_is_asked_still_hears_of_a_shared_logoff() {
    let outcomes = ["", "C", "CE"];
    explore(
        "logoff with a dialog, other's logoff with SHARED",
        TWO,
        &outcomes,
        || {
            let house = House::new();
            Shown::default().answer(&house, Answer::Accept);
            let client = house.log_on(SHARED);
            let other = house.log_on(JOIN);
            let ear = Ear::advised(&house, &client);
            let leaving = house.spawn(move |_| log_off(&other, LogoffFlags::SHARED).unwrap());
            house.step();
            log_off(&client, LogoffFlags::UI).unwrap();
            ear.is_deaf();
            leaving.join().unwrap();
            assert_eq!(ear.dropped(), 1);
            house.is_empty(1, 0);
            ear.heard()
        },
    );
}

/// A logon that has to ask the user.
fn ask(house: &House, flags: LogonFlags) -> Result<Client, HResult> {
    let flags = (flags | LogonFlags::LOGON_UI).bits();
    value(house.memory.logon_ex(UiParam::NONE, None, None, flags))
}

/// L8: what becomes of a logon while another one asks the user. `nested` is done by the user, while
/// the dialog is shown.
#[track_caller]
fn logon_while_the_user_is_asked(
    name: &str,
    flags: LogonFlags,
    nested: fn(&House),
    outcomes: &[&str],
) {
    explore(name, TWO, outcomes, move || {
        let house = House::new();
        let came = Arc::new(Count::new(0));
        let (there, came_there) = (house.clone(), Arc::clone(&came));
        let waited = Arc::new(Count::new(0));
        let waited_there = Arc::clone(&waited);
        house.memory.user().answer_with(move |_| {
            let open = there.memory.open_sessions();
            nested(&there);
            there.step();
            // Nobody has come in; and one who is on the way in waits.
            assert_eq!(there.memory.open_sessions(), open);
            waited_there.fetch_add(
                came_there.load(Ordering::Relaxed).saturating_sub(open),
                Ordering::Relaxed,
            );
            Answer::Accept
        });
        let asking = house.spawn(|house| ask(house, INDIVIDUAL).unwrap());
        came.fetch_add(1, Ordering::Relaxed);
        house.step();
        let client = house.try_log_on(INDIVIDUAL | flags);
        let other = asking.join().unwrap();

        let waited = waited.load(Ordering::Relaxed) > 0;
        let outcome = match &client {
            Ok(client) => {
                assert_eq!(house.memory.open_sessions(), 2);
                log_off(client, PLAIN).unwrap();
                if waited { "waited" } else { "did not wait" }
            }
            Err(error) => {
                assert_eq!(*error, HResult::MAPI_E_TIMEOUT);
                assert!(waited, "gave up without a reason to wait");
                "gave up"
            }
        };
        let sessions = house.sessions_ended() + 1;
        log_off(&other, PLAIN).unwrap();
        house.is_empty(sessions, 0);
        outcome
    });
}

#[test]
fn a_logon_waits_while_another_asks_the_user() {
    let outcomes = ["waited", "did not wait"];
    logon_while_the_user_is_asked("logon with a dialog, logon", JOIN, |_| {}, &outcomes);
}

#[test]
fn a_logon_in_a_hurry_gives_up_only_while_another_asks_the_user() {
    let outcomes = ["waited", "did not wait", "gave up"];
    let flags = LogonFlags::TIMEOUT_SHORT;
    logon_while_the_user_is_asked(
        "logon with a dialog, logon in a hurry",
        flags,
        |_| {},
        &outcomes,
    );
}

#[test]
fn a_logon_inside_the_dialog_of_another_does_not_let_others_in() {
    let outcomes = ["waited", "did not wait"];
    let nested = |house: &House| {
        house.memory.user().answer(Answer::Accept);
        let client = ask(house, INDIVIDUAL).unwrap();
        log_off(&client, PLAIN).unwrap();
    };
    logon_while_the_user_is_asked(
        "logon with a dialog in a dialog, logon",
        JOIN,
        nested,
        &outcomes,
    );
}

// L8
#[test]
fn two_logons_that_ask_the_user_ask_one_after_the_other() {
    explore(
        "two logons with a dialog, logon",
        three(4),
        &["3 open"],
        || {
            let house = House::new();
            let shown = Shown::default();
            shown.answer(&house, Answer::Accept);
            shown.answer(&house, Answer::Accept);
            let asking = [0, 1].map(|_| house.spawn(|house| ask(house, INDIVIDUAL).unwrap()));
            house.step();
            let client = house.log_on(INDIVIDUAL);
            let clients = asking.map(|thread| thread.join().unwrap());
            assert_eq!(house.memory.open_sessions(), 3);
            for client in clients.iter().chain([&client]) {
                log_off(client, PLAIN).unwrap();
            }
            house.is_empty(3, 0);
            "3 open"
        },
    );
}

// I1, L8: the library goes while a logon asks the user. One that began meanwhile cannot have been
// in time.
#[test]
fn no_logon_that_waited_for_another_outlives_the_library() {
    let outcomes = ["neither logged on"];
    explore(
        "logon with a dialog that uninitialises, logon",
        TWO,
        &outcomes,
        || {
            let house = House::new();
            let (there, waiting) = (house.clone(), Arc::new(Mutex::new(None)));
            let started = Arc::clone(&waiting);
            house.memory.user().answer_with(move |_| {
                let logon = there.spawn(|house| house.try_log_on(INDIVIDUAL));
                *started.lock().unwrap() = Some(logon);
                there.step();
                there.memory.uninitialize();
                Answer::Accept
            });
            let asked = ask(&house, INDIVIDUAL).map(drop);
            let waiting = waiting.lock().unwrap().take().unwrap();
            for logon in [asked, waiting.join().unwrap().map(drop)] {
                assert_eq!(logon.unwrap_err(), HResult::MAPI_E_NOT_INITIALIZED);
            }
            assert_eq!(house.memory.open_sessions(), 0);
            "neither logged on"
        },
    );
}

// L8, S2: whoever asks decides again after the dialog, and a shared session cannot have come up
// meanwhile
#[test]
fn a_logon_joins_what_was_opened_before_it_asked() {
    let outcomes = ["joined, 0 dialogs", "opened, 1 dialogs"];
    explore("logon with a dialog, shared logon", TWO, &outcomes, || {
        let house = House::new();
        Shown::default().answer(&house, Answer::Accept);
        let asking = house.spawn(|house| ask(house, JOIN).unwrap());
        house.step();
        let shared = house.log_on(SHARED);
        let client = asking.join().unwrap();
        let open = house.memory.open_sessions();
        let dialogs = house.memory.user().dialogs().len();
        log_off(&shared, PLAIN).unwrap();
        log_off(&client, PLAIN).unwrap();
        house.is_empty(open, 0);
        format!("{}, {dialogs} dialogs", ["joined", "opened"][open - 1])
    });
}

// L8: it is logons that are serialised
#[test]
fn a_logoff_does_not_wait_for_a_logon_that_asks_the_user() {
    let outcomes = ["during the dialog", "else"];
    explore("logon with a dialog, logoff", TWO, &outcomes, || {
        let house = House::new();
        let shown = Shown::default();
        shown.answer(&house, Answer::Accept);
        let client = house.log_on(SHARED);
        let asking = house.spawn(|house| ask(house, INDIVIDUAL).unwrap());
        house.step();
        let before = shown.get();
        log_off(&client, PLAIN).unwrap();
        let during = before && shown.get();
        let other = asking.join().unwrap();
        log_off(&other, PLAIN).unwrap();
        house.is_empty(2, 0);
        if during { "during the dialog" } else { "else" }
    });
}

/// E5: a client logs off with MAPI_LOGOFF_SHARED, and the clients of all sessions are told; one of
/// another session leaves.
#[track_caller]
fn leave_during_a_fast_shutdown(name: &str, flags: LogonFlags, leave: fn(Client), live: usize) {
    explore(name, TWO, &["", "C"], move || {
        let house = House::with(Builder::fast_shutdown);
        let first = house.log_on(SHARED);
        let client = house.log_on(flags);
        let ear = Ear::advised(&house, &client);
        let leaving = house.spawn(move |_| log_off(&first, LogoffFlags::SHARED).unwrap());
        house.step();
        leave(client);
        ear.is_deaf();
        leaving.join().unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(2, live);
        ear.heard()
    });
}

#[test]
fn an_individual_session_that_logs_off_during_a_fast_shutdown_is_told_or_not() {
    let name = "fast shutdown, individual logoff";
    leave_during_a_fast_shutdown(name, INDIVIDUAL, LOG_OFF.0, 0);
}

#[test]
fn an_individual_session_that_is_released_during_a_fast_shutdown_is_told_or_not() {
    let name = "fast shutdown, individual release";
    leave_during_a_fast_shutdown(name, INDIVIDUAL, RELEASE.0, 1);
}

#[test]
fn another_shared_session_that_ends_during_a_fast_shutdown_is_told_or_not() {
    let name = "fast shutdown, logoff of another shared session";
    leave_during_a_fast_shutdown(name, SHARED, LOG_OFF.0, 0);
}

// E5, N3
#[test]
fn an_individual_session_that_registers_during_a_fast_shutdown_is_told_or_not() {
    let outcomes = ["", "C", "C, as was due"];
    explore("fast shutdown, individual advise", TWO, &outcomes, || {
        let house = House::with(Builder::fast_shutdown);
        let first = house.log_on(SHARED);
        let client = house.log_on(INDIVIDUAL);
        let advised = Arc::new(AtomicBool::new(false));
        let leaving = house.spawn({
            let advised = Arc::clone(&advised);
            move |_| {
                let due = advised.load(Ordering::Acquire);
                log_off(&first, LogoffFlags::SHARED).unwrap();
                due
            }
        });
        house.step();
        let ear = Ear::advised(&house, &client);
        advised.store(true, Ordering::Release);
        let due = leaving.join().unwrap();
        let heard = ear.heard();
        log_off(&client, PLAIN).unwrap();
        assert_eq!((ear.heard(), ear.dropped()), (heard.clone(), 1));
        house.is_empty(2, 0);
        heard + if due { ", as was due" } else { "" }
    });
}

// E5: two at once
#[test]
fn two_fast_shutdowns_at_once_are_both_heard_of() {
    explore("two fast shutdowns", TWO, &["CC"], || {
        let house = House::with(Builder::fast_shutdown);
        let [one, two] = [(); 2].map(|()| house.log_on(SHARED));
        let listens = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &listens);
        let leaving = house.spawn(move |_| log_off(&one, LogoffFlags::SHARED).unwrap());
        house.step();
        log_off(&two, LogoffFlags::SHARED).unwrap();
        leaving.join().unwrap();
        log_off(&listens, PLAIN).unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(3, 0);
        ear.heard()
    });
}

// N8
#[test]
fn what_is_told_around_a_hold_is_told_once_and_in_its_order() {
    explore("hold, two notifications", TWO, &["12"], || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &client);
        let telling = house.spawn(|house| {
            house.memory.notify(None, event(1));
            house.memory.notify(None, event(2));
        });
        house.step();
        drop(house.memory.hold_notifications());
        telling.join().unwrap();
        log_off(&client, PLAIN).unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(1, 0);
        ear.heard()
    });
}

// N8
#[test]
fn two_holds_at_once_lose_nothing_and_repeat_nothing_and_keep_the_order() {
    explore("two holds, two notifications", three(4), &["12"], || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &client);
        let holding = house.spawn(|house| drop(house.memory.hold_notifications()));
        let telling = house.spawn(|house| {
            house.memory.notify(None, event(1));
            house.memory.notify(None, event(2));
        });
        house.step();
        drop(house.memory.hold_notifications());
        holding.join().unwrap();
        telling.join().unwrap();
        log_off(&client, PLAIN).unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(1, 0);
        ear.heard()
    });
}

// N8: a hold that one knows of holds
#[test]
fn nothing_is_told_during_a_hold() {
    let outcomes = ["told at once", "told late", "told late, as was due"];
    explore("notification, hold", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &client);
        let held = Arc::new(AtomicBool::new(false));
        let letting_go = Shown::default();
        let telling = house.spawn({
            let (held, letting_go, ear) = (held.clone(), letting_go.clone(), ear.clone());
            move |house| {
                let due = held.load(Ordering::Acquire);
                house.memory.notify(None, event(1));
                let at_once = !ear.heard_on(thread::current().id()).is_empty();
                assert!(!(due && at_once) || letting_go.get());
                (due && !letting_go.get(), at_once)
            }
        });
        house.step();
        let hold: HeldNotifications = house.memory.hold_notifications();
        held.store(true, Ordering::Release);
        house.step();
        letting_go.0.store(true, Ordering::Relaxed);
        drop(hold);
        let (due, at_once) = telling.join().unwrap();
        assert_eq!(ear.heard(), "1");
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        match (at_once, due) {
            (true, _) => "told at once",
            (false, true) => "told late, as was due",
            (false, false) => "told late",
        }
    });
}

// N8: what was held back before an unregistration arrives after it
#[test]
fn what_is_held_back_arrives_also_after_an_unregistration() {
    let outcomes = ["", "1 late", "1 late, as was due"];
    explore("notification, hold and unadvise", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::new(&house);
        let connection = ear.advise(&client).unwrap();
        let hold = house.memory.hold_notifications();
        let held_back = Shown::default();
        let telling = house.spawn({
            let held_back = held_back.clone();
            move |house| {
                house.memory.notify(None, event(1));
                held_back.0.store(true, Ordering::Relaxed);
                house.step();
                thread::current().id()
            }
        });
        house.step();
        let due = held_back.get();
        value(client.unadvise(connection)).unwrap();
        drop(hold);
        let there = telling.join().unwrap();
        let (heard, at_once) = (ear.heard(), ear.heard_on(there));
        assert_eq!(ear.dropped(), 1);
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        match (&heard[..], &at_once[..], due) {
            ("", "", false) => "",
            ("1", "", false) => "1 late",
            ("1", "", true) => "1 late, as was due",
            other => unreachable!("{other:?}"),
        }
    });
}

// N3, N8
#[test]
fn a_departure_around_a_hold_is_told_in_its_order() {
    explore("hold, logoff with SHARED", TWO, &["CE"], || {
        let house = House::new();
        let client = house.log_on(SHARED);
        let other = house.log_on(JOIN);
        let ear = Ear::advised(&house, &client);
        let leaving = house.spawn(move |_| log_off(&other, LogoffFlags::SHARED).unwrap());
        house.step();
        drop(house.memory.hold_notifications());
        leaving.join().unwrap();
        log_off(&client, PLAIN).unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(1, 0);
        ear.heard()
    });
}

// L13
#[test]
fn of_two_logons_for_the_last_session_one_succeeds() {
    explore("two logons, one session allowed", TWO, &["one"], || {
        let house = House::with(|builder| builder.session_limit(1));
        let there = house.spawn(|house| house.try_log_on(INDIVIDUAL));
        house.step();
        let here = house.try_log_on(INDIVIDUAL);
        let clients = match (there.join().unwrap(), here) {
            (Ok(client), Err(error)) | (Err(error), Ok(client)) => {
                assert_eq!(error, HResult::MAPI_E_LOGON_FAILED);
                client
            }
            other => unreachable!("{other:?}"),
        };
        log_off(&clients, PLAIN).unwrap();
        house.is_empty(1, 0);
        "one"
    });
}

// L13
#[test]
fn a_logon_during_the_logoff_that_makes_room_for_it_succeeds_or_fails() {
    let outcomes = ["logged on", "failed"];
    explore("logon, logoff, one session allowed", TWO, &outcomes, || {
        let house = House::with(|builder| builder.session_limit(1));
        let client = house.log_on(INDIVIDUAL);
        let leaving = house.spawn(move |_| log_off(&client, PLAIN).unwrap());
        house.step();
        let other = house.try_log_on(INDIVIDUAL);
        leaving.join().unwrap();
        match other {
            Ok(other) => {
                log_off(&other, PLAIN).unwrap();
                house.is_empty(2, 0);
                "logged on"
            }
            Err(error) => {
                assert_eq!(error, HResult::MAPI_E_LOGON_FAILED);
                house.is_empty(1, 0);
                "failed"
            }
        }
    });
}

// P2
#[test]
fn a_profile_that_is_deleted_during_a_logon_goes_with_its_last_session() {
    let outcomes = ["logged on", "failed"];
    explore("logon, deletion of the profile", TWO, &outcomes, || {
        let house = House::new();
        let profiles = |house: &House, name: &str| {
            let profiles = house.memory.profiles();
            let created = profiles.create(&Profile::new(name));
            created.map_err(|error| error.hresult())
        };
        let deleting = house.spawn(|house| {
            let profiles = house.memory.profiles();
            profiles.delete("P", ProfileFlags::empty()).unwrap();
        });
        house.step();
        let client = house.try_log_on(INDIVIDUAL);
        deleting.join().unwrap();
        let outcome = match client {
            Ok(client) => {
                assert_eq!(profiles(&house, "P"), Err(HResult::MAPI_E_NO_ACCESS));
                log_off(&client, PLAIN).unwrap();
                "logged on"
            }
            Err(error) => {
                assert_eq!(error, HResult::MAPI_E_LOGON_FAILED);
                "failed"
            }
        };
        profiles(&house, "P").unwrap();
        house.is_empty(house.sessions_ended(), 0);
        outcome
    });
}

// P2
#[test]
fn a_profile_that_is_renamed_during_the_last_logoff_has_its_new_name_after_it() {
    explore("logoff, renaming of the profile", TWO, &["renamed"], || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let leaving = house.spawn(move |_| log_off(&client, PLAIN).unwrap());
        house.step();
        let profiles = house.memory.profiles();
        profiles.rename("P", "R", ProfileFlags::empty()).unwrap();
        leaving.join().unwrap();
        // Back again, for what comes next.
        profiles.rename("R", "P", ProfileFlags::empty()).unwrap();
        house.is_empty(1, 0);
        "renamed"
    });
}

// I1, I2, E8
#[test]
fn a_logoff_during_the_last_uninitialize_ends_the_session() {
    let outcomes = ["Ok", "not initialised"];
    explore("logoff, uninitialize", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(SHARED);
        let ear = Ear::advised(&house, &client);
        let ending = house.spawn(|house| house.memory.uninitialize());
        house.step();
        let result = log_off(&client, PLAIN);
        let dropped = ear.dropped();
        drop(client);
        ending.join().unwrap();
        assert_eq!(ear.dropped(), 1);
        value(house.memory.initialize(0, 0)).unwrap();
        match result {
            Ok(()) => {
                assert_eq!(dropped, 1);
                house.is_empty(1, 0);
                "Ok"
            }
            Err(error) => {
                assert_eq!((error, dropped), (HResult::MAPI_E_NOT_INITIALIZED, 1));
                house.is_empty(1, 0);
                "not initialised"
            }
        }
    });
}

/// The calls of a transport: L is its logon, O its logoff, S its shutdown.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<String>>);

impl Calls {
    fn get(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    /// A house with a transport that writes its calls down here, and with a message to send.
    fn house(&self) -> House {
        let extend = |profile: Profile, steps: &Steps| {
            let (calls, steps) = (self.clone(), steps.clone());
            let smtp = Transport::new("SMTP")
                .address_type("SMTP")
                .hook(move |call| {
                    steps.step();
                    calls.0.lock().unwrap().push(match call {
                        ProviderCall::Logon => 'L',
                        ProviderCall::Logoff => 'O',
                        ProviderCall::Shutdown => 'S',
                        other => unreachable!("{other:?}"),
                    });
                    steps.step();
                    HResult::S_OK
                });
            let outbox = Folder::new("Outbox").message("Minutes");
            profile
                .transport(smtp)
                .store(Store::new("Post").folder(outbox))
        };
        House::of(extend, |builder| builder)
    }
}

/// How many address types the session has, which needs its transports.
fn address_types(client: &Client) -> Result<usize, HResult> {
    value(client.enum_adr_types(0)).map(|types| types.len())
}

// L9
#[test]
fn of_two_clients_that_first_need_the_transports_one_starts_them() {
    // Whoever comes second does not wait, and may not see the one that is being started.
    let outcomes = ["0 and 1", "1 and 0", "1 and 1"];
    explore("first need, first need", TWO, &outcomes, || {
        let calls = Calls::default();
        let house = calls.house();
        let first = house.log_on(SHARED);
        let second = house.log_on(JOIN);
        let other = house.spawn(move |_| (address_types(&second).unwrap(), second));
        house.step();
        let mine = address_types(&first).unwrap();
        let (theirs, second) = other.join().unwrap();
        assert_eq!(calls.get(), "L");
        assert_eq!(address_types(&first), Ok(1));
        assert_eq!(address_types(&second), Ok(1));
        log_off(&first, PLAIN).unwrap();
        assert_eq!(calls.get(), "L");
        log_off(&second, PLAIN).unwrap();
        assert_eq!(calls.get(), "LOS");
        house.is_empty(1, 0);
        format!("{mine} and {theirs}")
    });
}

/// L9, E9: the transports are first needed while their session ends by `leave`.
#[track_caller]
fn first_need_while_the_session_ends(name: &str, flags: LogonFlags) {
    let outcomes = ["started, 0", "started, 1", "too late"];
    explore(name, TWO, &outcomes, move || {
        let calls = Calls::default();
        let house = calls.house();
        let client = Arc::new(house.log_on(flags));
        let leaves = Arc::clone(&client);
        let leaving = house.spawn(move |_| log_off(&leaves, PLAIN).unwrap());
        house.step();
        let types = address_types(&client);
        leaving.join().unwrap();
        let made = calls.get();
        assert_eq!(address_types(&client), Err(HResult::MAPI_E_INVALID_OBJECT));
        drop(client);
        house.is_empty(1, 0);
        assert_eq!(calls.get(), made, "none later");
        match (&*made, types) {
            ("LOS", Ok(seen)) => format!("started, {seen}"),
            ("", Err(HResult::MAPI_E_INVALID_OBJECT) | Ok(0)) => "too late".into(),
            other => unreachable!("{other:?}"),
        }
    });
}

#[test]
fn a_transport_that_starts_while_its_individual_session_ends_is_logged_off_once() {
    first_need_while_the_session_ends("first need, logoff", INDIVIDUAL);
}

#[test]
fn a_transport_that_starts_while_its_shared_session_ends_is_logged_off_once() {
    first_need_while_the_session_ends("first need, last logoff", SHARED);
}

// L8, L9, S2
#[test]
fn a_session_is_joined_when_its_providers_have_started() {
    let outcomes = ["joined", "opened"];
    explore("logon with providers, join", TWO, &outcomes, || {
        let started = Arc::new(Count::new(0));
        let count = Arc::clone(&started);
        let extend = |profile: Profile, steps: &Steps| {
            let steps = steps.clone();
            let slow = Store::new("Slow").hook(move |call| {
                steps.step();
                if call == ProviderCall::Logon {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                steps.step();
                HResult::S_OK
            });
            profile.store(slow)
        };
        let house = House::of(extend, |builder| builder);
        let ready = Arc::clone(&started);
        let joining = house.spawn(move |house| {
            let client = house.log_on(JOIN);
            (client, ready.load(Ordering::Relaxed))
        });
        house.step();
        let first = house.log_on(SHARED);
        let (second, ready) = joining.join().unwrap();
        let sessions = house.memory.open_sessions();
        assert_eq!(started.load(Ordering::Relaxed), sessions);
        // The one that it joined, or the one that it opened.
        assert!(ready >= 1);
        log_off(&first, PLAIN).unwrap();
        assert_eq!(house.memory.open_sessions(), 1);
        log_off(&second, PLAIN).unwrap();
        house.is_empty(sessions, 0);
        ["joined", "opened"][sessions - 1]
    });
}

/// Puts the message of [`Calls::house`] into the outgoing queue of its store, and gives that.
fn submit_minutes(house: &House, client: &Client) -> EntryId {
    let entry_id = |path: &[&str]| house.memory.entry_id("P", path).unwrap();
    let minutes = entry_id(&["Post", "Outbox", "Minutes"]);
    let modify = OpenEntryFlags::MODIFY.bits();
    let opened = value(client.open_entry(Some(minutes.as_bytes()), modify)).unwrap();
    let RawEntry::Object(_, message) = opened else {
        unreachable!("it is a message");
    };
    value(message.submit_message(0)).unwrap();
    entry_id(&["Post"])
}

// T4: whatever a session was doing for a message, it does not take it along.
#[test]
fn a_message_that_is_begun_while_its_session_ends_is_left_for_others() {
    let outcomes = ["sent by the next"];
    explore("time passes, logoff", TWO, &outcomes, || {
        let calls = Calls::default();
        let house = calls.house();
        let client = house.log_on(INDIVIDUAL);
        let post = submit_minutes(&house, &client);

        let leaving = house.spawn(move |_| log_off(&client, PLAIN).unwrap());
        house.step();
        house.memory.let_time_pass();
        leaving.join().unwrap();
        assert_eq!(house.memory.outgoing(&post).len(), 1);

        let next = house.log_on(INDIVIDUAL);
        assert_eq!(address_types(&next), Ok(1));
        house.memory.let_time_pass();
        house.memory.let_time_pass();
        assert_eq!(house.memory.outgoing(&post), []);
        log_off(&next, PLAIN).unwrap();
        house.is_empty(2, 0);
        "sent by the next"
    });
}

// T2, T4: a flush and the transports' own work take the same locks.
#[test]
fn a_store_that_is_purged_while_time_passes_is_empty() {
    explore("time passes, purge", TWO, &["sent"], || {
        let calls = Calls::default();
        let house = calls.house();
        let client = house.log_on(INDIVIDUAL);
        let post = submit_minutes(&house, &client);
        let read = OpenStoreFlags::empty().bits();
        let store = client.open_msg_store(UiParam::NONE, Some(post.as_bytes()), read);
        let store = value(store).unwrap();

        let purging = house.spawn(move |_| {
            value(store.store_logoff(StoreLogoffFlags::PURGE.bits())).unwrap();
        });
        house.step();
        house.memory.let_time_pass();
        purging.join().unwrap();
        assert_eq!(house.memory.outgoing(&post), []);
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        "sent"
    });
}

// T2, E1: of two calls one logs the store off.
#[test]
fn of_two_logoffs_of_a_store_one_succeeds() {
    explore("two logoffs of a store", TWO, &["one"], || {
        let calls = Calls::default();
        let house = calls.house();
        let post = house.memory.entry_id("P", &["Post"]).unwrap();
        let client = house.log_on(INDIVIDUAL);
        let read = OpenStoreFlags::empty().bits();
        let store = client.open_msg_store(UiParam::NONE, Some(post.as_bytes()), read);
        let store = Arc::new(value(store).unwrap());
        let other = Arc::clone(&store);
        let no_wait = StoreLogoffFlags::NO_WAIT.bits();
        let other = house.spawn(move |_| value(other.store_logoff(no_wait)).is_ok());
        house.step();
        let this = value(store.store_logoff(no_wait)).is_ok();
        let other = other.join().unwrap();
        drop(store);
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        match (this, other) {
            (true, false) | (false, true) => "one",
            _ => "not one",
        }
    });
}

/// The end of a session while it opens a section for writing: afterwards another one can.
fn a_section_while_the_session_ends(name: &str, flags: LogonFlags) {
    const SECTION: MapiUid = MapiUid([0x5E; 16]);
    let outcomes = ["MAPI_E_INVALID_OBJECT", "Ok"];
    explore(name, TWO, &outcomes, move || {
        let house = House::new();
        let open = |client: &Client| {
            let modify = ProfileSectionFlags::MODIFY.bits();
            value(client.open_profile_section(SECTION, modify))
        };
        let client = Arc::new(house.log_on(flags));
        let opening = Arc::clone(&client);
        let opening = house.spawn(move |_| open(&opening));
        house.step();
        log_off(&client, PLAIN).unwrap();
        let opened = opening.join().unwrap();
        let next = house.log_on(INDIVIDUAL);
        drop(open(&next).unwrap());
        log_off(&next, PLAIN).unwrap();
        match opened {
            Ok(_) => "Ok",
            Err(error) => {
                assert_eq!(error, HResult::MAPI_E_INVALID_OBJECT);
                "MAPI_E_INVALID_OBJECT"
            }
        }
    });
}

// M4, E1
#[test]
fn a_section_that_is_opened_while_an_individual_session_ends_is_closed() {
    a_section_while_the_session_ends("open section, individual logoff", INDIVIDUAL);
}

// M4, E1
#[test]
fn a_section_that_is_opened_while_a_shared_session_ends_is_closed() {
    a_section_while_the_session_ends("open section, shared logoff", SHARED);
}
