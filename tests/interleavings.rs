//! Every interleaving of two or three calls on one subsystem, by loom: `RUSTFLAGS="--cfg loom"
//! cargo test --release --test interleavings`. A binary of its own: nothing else is built for loom.
//!
//! The rules themselves run under one lock, one after the other. What can interleave is what the
//! driver does outside of it: sinks are told, the user is asked, providers are called, a logon waits
//! for its turn. So there is a model for each pair of calls that differs in that, and none for two
//! rules that are decided at once.
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
#![cfg(all(loom, feature = "memory"))]
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::sync::atomic::AtomicUsize as Count;
use std::sync::{Arc, Mutex};

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use loom::thread::{self, JoinHandle, ThreadId};
use mapi_session::flags::StoreLogoffFlags;
use mapi_session::memory::{
    Answer, Builder, Folder, HeldNotifications, Memory, MemoryProfileAdmin, Profile, ProviderCall,
    Store, Transport,
};
use mapi_session::notification::ExtendedEvent;
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProfAdmin, RawResult, RawSession, Subsystem,
};
use mapi_session::{
    AdviseSink, EntryId, EventMask, HResult, LogoffFlags, LogonFlags, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
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
            if call == ProviderCall::LogOff {
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

    fn notify(&self, digit: u32) {
        self.memory.notify(None, event(digit));
    }

    /// Registers a sink that does something for each event.
    fn on_event(&self, client: &Client, act: impl Fn(&House, u32) + Send + Sync + 'static) {
        let house = self.clone();
        let sink = move |event: &Notification| {
            house.step();
            if let Notification::Extended(event) = event {
                act(&house, event.event());
            }
        };
        value(client.advise(None, EventMask::EXTENDED.bits(), sink)).unwrap();
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
        let profiles = profiles(&self.memory);
        rename(&profiles, "P", "Q");
        let table = value(profiles.profile_table(0)).unwrap();
        let [profile] = table.rows() else {
            unreachable!("there is one profile");
        };
        assert_eq!(profile.name(), "Q", "the profile is still in use");
    }
}

/// What a provider was called for: L is its logon, O its logoff, S its shutdown, R the release of its
/// store, Q, N and D the calls of a fast shutdown.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<String>>);

impl Calls {
    fn get(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    /// What the provider does: it writes its calls down here.
    fn hook(&self, steps: &Steps) -> impl Fn(ProviderCall) -> HResult + Send + Sync + 'static {
        let (calls, steps) = (self.clone(), steps.clone());
        move |call| {
            steps.step();
            calls.0.lock().unwrap().push(match call {
                ProviderCall::LogOn => 'L',
                ProviderCall::LogOff => 'O',
                ProviderCall::Shutdown => 'S',
                ProviderCall::StoreLogoff(_) => 'R',
                ProviderCall::QueryFastShutdown => 'Q',
                ProviderCall::NotifyProcessShutdown => 'N',
                ProviderCall::DoFastShutdown => 'D',
                ProviderCall::Open => return HResult::S_OK,
                other => unreachable!("{other:?}"),
            });
            steps.step();
            HResult::S_OK
        }
    }

    /// A house with a transport that writes its calls down here, and with a message to send.
    fn house(&self) -> House {
        let extend = |profile: Profile, steps: &Steps| {
            let smtp = Transport::new("SMTP")
                .address_type("SMTP")
                .hook(self.hook(steps));
            let outbox = Folder::new("Outbox")
                .message(mapi_session::memory::Message::from("Minutes").to("Kim"));
            profile
                .transport(smtp)
                .store(Store::new("Post").folder(outbox))
        };
        House::of(extend, |builder| builder)
    }

    /// A house with a store whose provider writes its calls down here.
    fn house_with_store(&self) -> House {
        let extend = |profile: Profile, steps: &Steps| {
            let archive = Store::new("Archive").fast_shutdown(true);
            profile.store(archive.hook(self.hook(steps)))
        };
        House::of(extend, |builder| builder)
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
    Notification::Extended(ExtendedEvent::new(digit, []))
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

    fn advise(&self, client: &Client) -> Result<mapi_session::notification::Connection, HResult> {
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
            Notification::Extended(event) => char::from_digit(event.event(), 10).unwrap(),
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

// S2, S5
#[test]
fn whoever_logs_on_while_the_last_client_logs_off_is_on_a_live_session() {
    explore("logon, last logoff", TWO, &["joined", "opened"], || {
        let house = House::new();
        let last = house.log_on(SHARED);
        let leaving = house.spawn(move |_| log_off(&last, PLAIN).unwrap());
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
        house.is_empty(sessions + 1, 0);
        ["joined", "opened"][sessions]
    });
}

// S5, S6
#[test]
fn whoever_logs_on_during_a_shared_logoff_joins_the_session_or_opens_one() {
    let outcomes = ["joined, heard ", "joined, heard CE", "opened, heard "];
    explore("logon, last logoff with SHARED", TWO, &outcomes, || {
        let house = House::new();
        let first = house.log_on(SHARED);
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
        assert_eq!(house.memory.open_sessions(), open + usize::from(joined));
        log_off(&client, PLAIN).unwrap();
        log_off(&later, PLAIN).unwrap();
        house.is_empty(2, 0);
        let what = if joined { "joined" } else { "opened" };
        format!("{what}, heard {heard}")
    });
}

// N7, O2: which the typed layer does not let a client do
#[test]
fn a_registration_during_the_logoff_of_its_session_is_cancelled_or_refused() {
    explore("advise, own logoff", TWO, &["cancelled", "refused"], || {
        let house = House::new();
        let client = Arc::new(house.log_on(INDIVIDUAL));
        let ear = Ear::new(&house);
        let leaving = house.spawn({
            let client = Arc::clone(&client);
            move |_| log_off(&client, PLAIN).unwrap()
        });
        house.step();
        let advised = ear.advise(&client);
        leaving.join().unwrap();

        assert_eq!(ear.dropped(), 1, "dropped sinks");
        house.notify(1);
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

// N2, N3
#[test]
fn a_registration_during_a_shared_logoff_hears_all_of_it_or_nothing() {
    let outcomes = ["", "CE", "CE, as was due"];
    explore("advise, other's logoff with SHARED", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(SHARED);
        let other = house.log_on(JOIN);
        let advised = Arc::new(AtomicBool::new(false));
        let leaving = house.spawn({
            let advised = Arc::clone(&advised);
            move |_| {
                let due = advised.load(Ordering::Acquire);
                log_off(&other, LogoffFlags::SHARED).unwrap();
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
                    house.notify(digit);
                }
                ear.knows()
            }
        });
        house.step();
        value(client.unadvise(connection)).unwrap();
        ear.is_deaf();
        let knew = telling.join().unwrap();

        assert_eq!(ear.dropped(), 1);
        house.notify(3);
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        ear.heard() + if knew { "!" } else { "" }
    });
}

// N14, N7: the same, where a thread of the subsystem's own tells; the last MAPIUninitialize ends that.
#[test]
fn an_unregistration_stops_the_thread_for_notifications() {
    const MULTITHREAD_NOTIFICATIONS: u32 = 1;
    let outcomes = ["", "1", "12"];
    explore("unadvise, queued notifications", two(3), &outcomes, || {
        let house = House::new();
        let initialized = house.memory.initialize(0, MULTITHREAD_NOTIFICATIONS);
        value(initialized).unwrap();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::new(&house);
        let connection = ear.advise(&client).unwrap();
        house.notify(1);
        house.step();
        house.notify(2);
        house.step();
        value(client.unadvise(connection)).unwrap();
        ear.is_deaf();
        house.notify(3);
        log_off(&client, PLAIN).unwrap();
        house.is_empty(1, 0);
        let heard = ear.heard();
        house.memory.uninitialize();
        house.memory.uninitialize();
        heard
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
                house.notify(digit);
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
    let outcomes = ["Ok; told 0", "Ok; told 1", "unknown; told 1"];
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
        let telling = house.spawn(|house| house.notify(1));
        house.step();
        let result = value(client.unadvise(connection));
        telling.join().unwrap();

        let invalid = Err(HResult::MAPI_E_NOT_FOUND);
        let told = std::mem::take(&mut *told.lock().unwrap());
        assert_eq!(ear.dropped(), 1);
        let outcome = match (result, &told[..]) {
            (Ok(()), []) => "Ok; told 0",
            (Ok(()), [by_sink]) if *by_sink == invalid => "Ok; told 1",
            (result, [Ok(())]) if result == invalid => "unknown; told 1",
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

// N1, N7: a place on the list is used again while the event goes to those who were on it
#[test]
fn a_registration_in_the_place_of_another_hears_only_what_it_asked_for() {
    let outcomes = [",", "1,", ",1"];
    explore("unadvise and advise, notification", TWO, &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let (old, new) = (Ear::new(&house), Ear::new(&house));
        let connection = old.advise(&client).unwrap();
        let telling = house.spawn(|house| house.notify(1));
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

// N2, N3, E4: another client hears of each
#[test]
fn two_shared_logoffs_at_once_are_each_heard_of_once() {
    let outcomes = ["CECE", "CCEE"];
    explore("two logoffs with SHARED", TWO, &outcomes, || {
        let house = House::new();
        let stays = house.log_on(SHARED);
        let ear = Ear::advised(&house, &stays);
        let [leave_there, leave_here] = [house.log_on(JOIN), house.log_on(JOIN)].map(|client| {
            let ear = ear.clone();
            move |house: &House| {
                house.step();
                log_off(&client, LogoffFlags::SHARED).unwrap();
                assert_eq!(ear.heard_on(thread::current().id()), "CE");
            }
        });
        let there = house.spawn(leave_there);
        leave_here(&house);
        there.join().unwrap();

        stays.msg_stores_table(0).unwrap();
        assert_eq!(house.memory.open_sessions(), 1);
        let heard = ear.heard();
        log_off(&stays, PLAIN).unwrap();
        assert_eq!((ear.heard(), ear.dropped()), (heard.clone(), 1));
        house.is_empty(1, 0);
        heard
    });
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

// E1, E8, N3: which the typed layer does not let a client do. No logoff finds the other one under way:
// each is decided at once.
#[test]
fn of_a_plain_and_a_shared_logoff_of_one_session_object_one_is_told() {
    let outcomes = ["Ok, invalid: E", "invalid, Ok: CE"];
    explore("two logoffs of one object", TWO, &outcomes, || {
        let house = House::new();
        let stays = house.log_on(SHARED);
        let listening = Ear::advised(&house, &stays);
        let client = Arc::new(house.log_on(JOIN));
        let own = Ear::advised(&house, &client);
        let there = house.spawn({
            let client = Arc::clone(&client);
            move |_| log_off(&client, PLAIN)
        });
        house.step();
        let here = log_off(&client, LogoffFlags::SHARED);
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
            Err(HResult::MAPI_E_INVALID_OBJECT) => "invalid",
            Err(other) => unreachable!("{other}"),
        });
        format!("{}: {heard}", results.join(", "))
    });
}

// E11, N7
#[test]
fn a_client_that_is_released_during_a_notification_hears_no_more() {
    explore("release, notification", TWO, &["", "1"], || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &client);
        let telling = house.spawn(|house| house.notify(1));
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
            house.notify(1);
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
            house.notify(1);
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
            house.notify(1);
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
    let outcomes = ["cancelled, Ok", "cancelled, busy", "invalid, Ok"];
    logoff_while_the_user_is_asked(name, &Answer::Cancel, &outcomes);
}

#[test]
fn a_logoff_while_the_user_accepts_another_is_busy_or_too_late_or_first() {
    let name = "logoff with a dialog, accepted; logoff";
    let outcomes = ["Ok, busy", "Ok, invalid", "invalid, Ok"];
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

/// OK to a choice of profiles, whose field is empty (L2).
fn pick() -> Answer {
    Answer::Pick("P".into())
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
            pick()
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
        house.memory.user().answer(pick());
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
            shown.answer(&house, pick());
            shown.answer(&house, pick());
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
                pick()
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
        Shown::default().answer(&house, pick());
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
        shown.answer(&house, pick());
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

// E5: the clients of all sessions are told
#[test]
fn an_individual_session_that_logs_off_during_a_fast_shutdown_is_told_or_not() {
    explore("fast shutdown, individual logoff", TWO, &["", "C"], || {
        let house = House::with(Builder::fast_shutdown);
        let first = house.log_on(SHARED);
        let client = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &client);
        let leaving = house.spawn(move |_| log_off(&first, LogoffFlags::SHARED).unwrap());
        house.step();
        log_off(&client, PLAIN).unwrap();
        ear.is_deaf();
        leaving.join().unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(2, 0);
        ear.heard()
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

// N5: what a sink causes waits until all know of what it was told
#[test]
fn what_a_sink_causes_is_told_once_and_after_its_cause() {
    let outcomes = ["1234", "1324", "1342", "2134"];
    let name = "notification that causes others, notification";
    explore(name, two(4), &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        house.on_event(&client, |house, digit| match digit {
            1 => house.notify(3),
            3 => house.notify(4),
            _ => {}
        });
        // On another session, which is told later.
        let other = house.log_on(INDIVIDUAL);
        let ear = Ear::advised(&house, &other);
        let telling = house.spawn(|house| house.notify(2));
        house.step();
        house.notify(1);
        assert_eq!(ear.heard_on(thread::current().id()), "134");
        telling.join().unwrap();
        let heard = ear.heard();
        log_off(&client, PLAIN).unwrap();
        log_off(&other, PLAIN).unwrap();
        assert_eq!((ear.heard(), ear.dropped()), (heard.clone(), 1));
        house.is_empty(2, 0);
        heard
    });
}

// N5, N8: nor does it overtake its cause, or each other, where another thread holds back
#[test]
fn what_a_sink_causes_around_a_hold_keeps_its_order() {
    explore(
        "notification that causes others, hold",
        TWO,
        &["134"],
        || {
            let house = House::new();
            let client = house.log_on(INDIVIDUAL);
            house.on_event(&client, |house, digit| {
                if digit == 1 {
                    house.notify(3);
                    house.notify(4);
                }
            });
            let ear = Ear::advised(&house, &client);
            let telling = house.spawn(|house| house.notify(1));
            house.step();
            drop(house.memory.hold_notifications());
            telling.join().unwrap();
            log_off(&client, PLAIN).unwrap();
            assert_eq!(ear.dropped(), 1);
            house.is_empty(1, 0);
            ear.heard()
        },
    );
}

// N7, N8: a sink causes an event and unregisters another sink; what was held back arrives all the same
#[test]
fn what_a_sink_causes_arrives_after_an_unregistration_only_from_a_hold() {
    let outcomes = ["1", "13 late", "13 late, as was due"];
    let name = "notification that causes another and unadvises, hold";
    explore(name, TWO, &outcomes, || {
        let house = House::new();
        let client = Arc::new(house.log_on(INDIVIDUAL));
        let held = Shown::default();
        let due = Shown::default();
        let ear = Ear::new(&house);
        let connection = ear.advise(&client).unwrap();
        house.on_event(&client, {
            let (client, held, due) = (Arc::downgrade(&client), held.clone(), due.clone());
            move |house, digit| {
                if digit == 1 {
                    let before = held.get();
                    house.notify(3);
                    due.0.store(before && held.get(), Ordering::Relaxed);
                    value(client.upgrade().unwrap().unadvise(connection)).unwrap();
                }
            }
        });
        let telling = house.spawn(|house| house.notify(1));
        house.step();
        let hold = house.memory.hold_notifications();
        held.0.store(true, Ordering::Relaxed);
        house.step();
        held.0.store(false, Ordering::Relaxed);
        drop(hold);
        telling.join().unwrap();
        log_off(&client, PLAIN).unwrap();
        assert_eq!(ear.dropped(), 1);
        drop(client);
        house.is_empty(1, 0);
        match (&ear.heard()[..], due.get()) {
            ("1", false) => "1",
            ("13", false) => "13 late",
            ("13", true) => "13 late, as was due",
            other => unreachable!("{other:?}"),
        }
    });
}

// N8: a sink holds back, and lets go
#[test]
fn what_is_told_around_a_hold_in_a_sink_is_told_once_and_in_its_order() {
    // That of each thread: 1 and 3, 2 and 4.
    let outcomes = ["1234", "1243", "1324", "2134", "2143", "2413"];
    let name = "notification with a hold in its sink, two notifications";
    explore(name, two(4), &outcomes, || {
        let house = House::new();
        let client = house.log_on(INDIVIDUAL);
        house.on_event(&client, |house, digit| {
            if digit == 1 {
                let hold = house.memory.hold_notifications();
                house.notify(3);
                drop(hold);
            }
        });
        let ear = Ear::advised(&house, &client);
        let telling = house.spawn(|house| {
            house.notify(2);
            house.notify(4);
        });
        house.step();
        house.notify(1);
        telling.join().unwrap();
        log_off(&client, PLAIN).unwrap();
        assert_eq!(ear.dropped(), 1);
        house.is_empty(1, 0);
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
            house.notify(1);
            house.notify(2);
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
            house.notify(1);
            house.notify(2);
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
                house.notify(1);
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
                house.notify(1);
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

// F3, F4, E8: the providers are told while others can call
#[test]
fn of_a_fast_shutdown_and_a_logoff_of_one_session_object_one_succeeds() {
    let outcomes = ["Ok, busy: LQND", "Ok, invalid: LQND", "invalid, Ok: LQNOS"];
    explore("DoFastShutdown, logoff", TWO, &outcomes, || {
        let calls = Calls::default();
        let house = calls.house_with_store();
        let client = Arc::new(house.log_on(INDIVIDUAL));
        let ear = Ear::advised(&house, &client);
        value(client.query_fast_shutdown()).unwrap();
        value(client.notify_process_shutdown()).unwrap();
        let shutting_down = house.spawn({
            let client = Arc::clone(&client);
            move |_| value(client.do_fast_shutdown())
        });
        house.step();
        let here = log_off(&client, PLAIN);
        let results = [shutting_down.join().unwrap(), here];
        assert_eq!((ear.heard(), ear.dropped()), (String::new(), 1));
        let check = value(client.msg_stores_table(0)).unwrap_err();
        assert_eq!(check, HResult::MAPI_E_INVALID_OBJECT);
        drop(client);
        house.is_empty(usize::from(results[1].is_ok()), 0);
        let results = results.map(|result| match result {
            Ok(()) => "Ok",
            Err(HResult::MAPI_E_BUSY) => "busy",
            Err(HResult::MAPI_E_INVALID_OBJECT) => "invalid",
            Err(other) => unreachable!("{other}"),
        });
        format!("{}: {}", results.join(", "), calls.get())
    });
}

// O2, O6, T3, E9: nobody is told of the release of what the session's end has closed; one that came
// before it logs the provider off, once, and the provider may hear late.
#[test]
fn a_store_that_is_released_while_its_session_ends_is_closed_once() {
    let outcomes = ["LROS", "LRSO", "LSRO", "LOS"];
    explore("release of a store, logoff", TWO, &outcomes, || {
        let calls = Calls::default();
        let house = calls.house_with_store();
        let client = house.log_on(INDIVIDUAL);
        let archive = house.memory.entry_id("P", &["Archive"]).unwrap();
        let read = OpenStoreFlags::empty().bits();
        let store = client.open_msg_store(UiParam::NONE, Some(archive.as_bytes()), read);
        let store = value(store).unwrap();
        let leaving = house.spawn(move |_| log_off(&client, PLAIN).unwrap());
        house.step();
        drop(store);
        leaving.join().unwrap();
        house.is_empty(1, 0);
        calls.get()
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

fn profiles(memory: &Memory) -> MemoryProfileAdmin {
    value(memory.admin_profiles(0)).unwrap()
}

fn rename(profiles: &MemoryProfileAdmin, old: &str, new: &str) {
    value(profiles.rename_profile(old, None, new, UiParam::NONE, 0)).unwrap();
}

// P2
#[test]
fn a_profile_that_is_deleted_during_a_logon_goes_with_its_last_session() {
    let outcomes = ["logged on", "failed"];
    explore("logon, deletion of the profile", TWO, &outcomes, || {
        let house = House::new();
        // Opened first: only the deletion is to be interleaved.
        let admin = profiles(&house.memory);
        let create = |house: &House, name: &str| {
            let created = house.memory.create_profile(&Profile::new(name));
            created.map_err(|error| error.hresult())
        };
        let deleting = house.spawn(move |_| {
            value(admin.delete_profile("P", 0)).unwrap();
            admin
        });
        house.step();
        let client = house.try_log_on(INDIVIDUAL);
        deleting.join().unwrap();
        let outcome = match client {
            Ok(client) => {
                assert_eq!(create(&house, "P"), Err(HResult::MAPI_E_NO_ACCESS));
                log_off(&client, PLAIN).unwrap();
                "logged on"
            }
            Err(error) => {
                assert_eq!(error, HResult::MAPI_E_LOGON_FAILED);
                "failed"
            }
        };
        create(&house, "P").unwrap();
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
        let profiles = profiles(&house.memory);
        rename(&profiles, "P", "R");
        leaving.join().unwrap();
        // Back again, for what comes next.
        rename(&profiles, "R", "P");
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

// L9, E9, O2: whoever has started it is told that the session is gone.
#[test]
fn a_transport_that_starts_while_its_session_ends_is_logged_off_once() {
    let outcomes = ["started, invalid", "started, 1", "too late"];
    explore("first need, logoff", TWO, &outcomes, || {
        let calls = Calls::default();
        let house = calls.house();
        let client = Arc::new(house.log_on(INDIVIDUAL));
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
            ("LOS", Ok(1)) => "started, 1",
            ("LOS", Err(HResult::MAPI_E_INVALID_OBJECT)) => "started, invalid",
            ("", Err(HResult::MAPI_E_INVALID_OBJECT)) => "too late",
            other => unreachable!("{other:?}"),
        }
    });
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
                if call == ProviderCall::LogOn {
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

// T2, T4: a flush is the work of the session's transports
#[test]
fn a_store_that_is_purged_while_its_session_ends_has_sent_all_or_is_left_for_others() {
    let outcomes = ["sent", "too late"];
    explore("purge, logoff", TWO, &outcomes, || {
        let calls = Calls::default();
        let house = calls.house();
        let client = house.log_on(INDIVIDUAL);
        let post = submit_minutes(&house, &client);
        let read = OpenStoreFlags::empty().bits();
        let store = client.open_msg_store(UiParam::NONE, Some(post.as_bytes()), read);
        let store = value(store).unwrap();

        let leaving = house.spawn(move |_| log_off(&client, PLAIN).unwrap());
        house.step();
        let purged = value(store.store_logoff(StoreLogoffFlags::PURGE.bits()));
        let left = house.memory.outgoing(&post).len();
        leaving.join().unwrap();
        assert_eq!(house.memory.outgoing(&post).len(), left);
        house.is_empty(1, 0);
        match (purged, left) {
            (Ok(_), 0) => "sent",
            (Err(HResult::MAPI_E_INVALID_OBJECT), 1) => "too late",
            other => unreachable!("{other:?}"),
        }
    });
}
