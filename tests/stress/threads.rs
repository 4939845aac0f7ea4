//! Many threads on one subsystem, and sinks that do what sinks should not: rules N5, N7 and N9, and
//! E13.

use std::array;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc;
use std::sync::{Arc, Barrier, Mutex, OnceLock, Weak};
use std::thread::{self, ThreadId};

use crate::support::{Profiles, in_time, value};
use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{Folder, Memory, Profile, ProviderCall, Store};
use mapi_session::notification::{Connection, ExtendedEvent};
use mapi_session::subsystem::{RawMsgStore, RawProp, RawSession, Subsystem};
use mapi_session::{
    AdviseSink, EntryId, EventMask, HResult, LogoffFlags, LogonFlags, LogonRequest, Mapi, MsgStore,
    Notification, OpenStoreFlags, Registration, UiParam,
};

type RawClient = <Memory as Subsystem>::Session;
type RawStore = <RawClient as RawSession>::MsgStore;

const JOIN: LogonFlags = LogonFlags::empty();
const INDIVIDUAL: LogonFlags = LogonFlags::NEW_SESSION;
const SHARED: LogonFlags = LogonFlags::NEW_SESSION.union(LogonFlags::ALLOW_OTHERS);

const PLAIN: LogoffFlags = LogoffFlags::empty();

/// A panic that leaves no trace in the test's output.
fn panic_quietly() -> ! {
    resume_unwind(Box::new("a panic on purpose"))
}

fn event() -> Notification {
    Notification::Extended(ExtendedEvent::new(1, []))
}

/// C for the critical error that ends the session, E for the extended event of a client that has
/// left, 1 for [`event`].
fn letter(notification: &Notification) -> char {
    match notification {
        Notification::Extended(event) if event.event() == 1 => '1',
        Notification::Extended(_) => 'E',
        _ if notification.ends_session() => 'C',
        other => panic!("{other:?}"),
    }
}

/// A subsystem, and what happened on it.
struct World {
    memory: Memory,
    store: EntryId,
    released_live: AtomicUsize,
    sinks: AtomicUsize,
    sinks_dropped: AtomicUsize,
    provider_calls: Arc<Mutex<HashMap<ProviderCall, usize>>>,
}

impl World {
    fn new() -> Arc<Self> {
        let provider_calls = Arc::new(Mutex::new(HashMap::new()));
        let calls = Arc::clone(&provider_calls);
        let store = Store::new("Mailbox").hook(move |call| {
            *calls.lock().unwrap().entry(call).or_default() += 1;
            HResult::S_OK
        });
        let memory = Memory::builder()
            .profile(Profile::new("P").default_profile().store(store))
            .build()
            .unwrap();
        value(memory.initialize(0, 0)).unwrap();
        let client = value(memory.logon_ex(UiParam::NONE, None, None, 0x42)).unwrap();
        let table = value(client.msg_stores_table(0)).unwrap();
        value(client.logoff(UiParam::NONE, 0, 0)).unwrap();
        provider_calls.lock().unwrap().clear();
        Arc::new(Self {
            memory,
            store: table.rows()[0].entry_id().clone(),
            released_live: AtomicUsize::new(0),
            sinks: AtomicUsize::new(0),
            sinks_dropped: AtomicUsize::new(0),
            provider_calls,
        })
    }

    fn log_on(self: &Arc<Self>, flags: LogonFlags) -> Arc<Client> {
        let session = self
            .memory
            .logon_ex(UiParam::NONE, Some("P"), None, flags.bits());
        Arc::new(Client {
            session: value(session).unwrap(),
            ended: AtomicBool::new(false),
            world: Arc::clone(self),
        })
    }

    /// A sink that does this when it is told.
    fn sink<F: Fn(&Notification) + Send + Sync>(self: &Arc<Self>, told: F) -> Sink<F> {
        self.sinks.fetch_add(1, Relaxed);
        Sink {
            told,
            world: Arc::clone(self),
        }
    }

    fn provider_calls(&self, call: ProviderCall) -> usize {
        let calls = self.provider_calls.lock().unwrap();
        calls.get(&call).copied().unwrap_or_default()
    }

    /// Everybody has left, and nothing is left of them.
    #[track_caller]
    fn is_empty(self: Arc<Self>) {
        let memory = &self.memory;
        assert_eq!(memory.open_sessions(), 0, "open sessions");
        assert_eq!(memory.released_live(), self.released_live.load(Relaxed));
        let sinks = self.sinks.load(Relaxed);
        assert_eq!(self.sinks_dropped.load(Relaxed), sinks, "dropped sinks");
        let joined = value(memory.logon_ex(UiParam::NONE, None, None, 0));
        assert_eq!(joined.unwrap_err(), HResult::MAPI_E_LOGON_FAILED);
        let profiles = memory.profiles();
        profiles
            .rename_profile("P", "Q", ProfileFlags::empty())
            .unwrap();
        let names = profiles.profile_table(ProfileFlags::empty()).unwrap();
        assert_eq!(names.rows()[0].name(), "Q", "the profile is still in use");
        let [began, ended, shut_down] = [
            ProviderCall::LogOn,
            ProviderCall::LogOff,
            ProviderCall::Shutdown,
        ]
        .map(|call| self.provider_calls(call));
        assert_eq!(began, ended);
        // O6: a store that is opened again is logged on again, and shut down once a session.
        assert!(0 < shut_down && shut_down <= ended, "{shut_down}, {ended}");
        assert_eq!(Arc::strong_count(&self), 1, "something holds on");
    }
}

/// A session object that counts its release, if that comes without a logoff.
struct Client {
    session: RawClient,
    ended: AtomicBool,
    world: Arc<World>,
}

impl Client {
    fn advise(&self, sink: impl AdviseSink + 'static) -> Result<Connection, HResult> {
        value(self.session.advise(None, EventMask::EXTENDED.bits(), sink))
    }

    fn unadvise(&self, connection: Connection) -> Result<(), HResult> {
        value(self.session.unadvise(connection))
    }

    fn log_off(&self, flags: LogoffFlags) -> Result<(), HResult> {
        let result = value(self.session.logoff(UiParam::NONE, flags.bits(), 0));
        if result.is_ok() {
            self.ended.store(true, Relaxed);
        }
        result
    }

    /// Logs it off, unless a sink has done so, or does so.
    #[track_caller]
    fn log_off_if_live(&self) {
        match self.log_off(PLAIN) {
            Ok(()) | Err(HResult::MAPI_E_BUSY | HResult::MAPI_E_INVALID_OBJECT) => {}
            Err(other) => panic!("{other}"),
        }
    }

    fn open_store(&self) -> Result<RawStore, HResult> {
        let entry_id = Some(self.world.store.as_bytes());
        let flags = OpenStoreFlags::BEST_ACCESS.bits();
        value(self.session.open_msg_store(UiParam::NONE, entry_id, flags))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if !*self.ended.get_mut() {
            self.world.released_live.fetch_add(1, Relaxed);
        }
    }
}

struct Sink<F> {
    told: F,
    world: Arc<World>,
}

impl<F: Fn(&Notification) + Send + Sync> AdviseSink for Sink<F> {
    fn on_notify(&self, notification: &Notification) {
        (self.told)(notification);
    }
}

impl<F> Drop for Sink<F> {
    fn drop(&mut self) {
        self.world.sinks_dropped.fetch_add(1, Relaxed);
    }
}

/// What a sink was told, and where.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<(ThreadId, char)>>>);

impl Heard {
    fn sink(&self, world: &Arc<World>) -> impl AdviseSink + use<> {
        let heard = self.clone();
        world.sink(move |event| heard.push(event))
    }

    fn push(&self, event: &Notification) {
        let entry = (thread::current().id(), letter(event));
        self.0.lock().unwrap().push(entry);
    }

    fn all(&self) -> String {
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|(_, event)| event)
            .collect()
    }

    fn on(&self, thread: ThreadId) -> String {
        let heard = self.0.lock().unwrap();
        let there = heard.iter().filter(|(on, _)| *on == thread);
        there.map(|(_, event)| event).collect()
    }
}

// N7
#[test]
fn a_sink_that_unregisters_itself_is_told_nothing_more() {
    in_time(|| {
        let world = World::new();
        let (leaves, client) = (world.log_on(SHARED), world.log_on(JOIN));
        let heard = Heard::default();
        let own = Arc::new(OnceLock::new());
        let dropped_inside = Arc::new(OnceLock::new());
        let sink = world.sink({
            let (client, heard) = (Arc::downgrade(&client), heard.clone());
            let (own, dropped_inside) = (Arc::clone(&own), Arc::clone(&dropped_inside));
            move |event| {
                heard.push(event);
                let client: Arc<Client> = client.upgrade().unwrap();
                client.unadvise(*own.get().unwrap()).unwrap();
                let dropped = client.world.sinks_dropped.load(Relaxed);
                dropped_inside.set(dropped).unwrap();
            }
        });
        own.set(client.advise(sink).unwrap()).unwrap();

        // A critical error, in which it unregisters, and an extended event, which it is not told
        // any more.
        leaves.log_off(LogoffFlags::SHARED).unwrap();
        assert_eq!(heard.all(), "C");
        assert_eq!(dropped_inside.get(), Some(&0), "dropped during its call");
        assert_eq!(world.sinks_dropped.load(Relaxed), 1);
        client.log_off(PLAIN).unwrap();
        drop((leaves, client, own));
        world.is_empty();
    });
}

/// How a registration can end while its sink is being told something.
const ENDS: [fn(&Client, Connection); 2] = [
    |client, connection| client.unadvise(connection).unwrap(),
    |client, _| client.log_off(PLAIN).unwrap(),
];

// N7
#[test]
fn a_call_that_runs_when_its_registration_ends_goes_on_and_is_the_last() {
    for end in ENDS {
        in_time(move || {
            let world = World::new();
            let (leaves, client) = (world.log_on(SHARED), world.log_on(JOIN));
            let heard = Heard::default();
            let (blocked, is_blocked) = mpsc::channel();
            let (go_on, gone_on) = mpsc::channel::<()>();
            let gone_on = Mutex::new(gone_on);
            let sink = world.sink({
                let heard = heard.clone();
                move |event| {
                    blocked.send(()).unwrap();
                    gone_on.lock().unwrap().recv().unwrap();
                    heard.push(event);
                }
            });
            let connection = client.advise(sink).unwrap();
            let leaving = thread::spawn(move || leaves.log_off(LogoffFlags::SHARED).unwrap());
            is_blocked.recv().unwrap();

            // Nobody waits for the call, nor takes the sink away from it.
            end(&client, connection);
            assert_eq!(
                (heard.all(), world.sinks_dropped.load(Relaxed)),
                ("".into(), 0)
            );
            go_on.send(()).unwrap();
            leaving.join().unwrap();
            assert_eq!(
                (heard.all(), world.sinks_dropped.load(Relaxed)),
                ("C".into(), 1)
            );
            client.log_off_if_live();
            drop(client);
            world.is_empty();
        });
    }
}

type Cause = (fn(Arc<Client>), &'static str);

/// What a client does that others are told of, and how it reads to them.
const CAUSES: [Cause; 4] = [
    (|client| client.log_off(PLAIN).unwrap(), "E"),
    (|client| client.log_off(LogoffFlags::SHARED).unwrap(), "CE"),
    (drop, "E"),
    (
        |client| {
            client.world.memory.notify(None, event());
            client.log_off(PLAIN).unwrap();
        },
        "1E",
    ),
];

// N9
#[test]
fn a_sink_that_panics_costs_only_its_own_event() {
    for (cause, told) in CAUSES {
        in_time(move || {
            let world = World::new();
            let leaves = world.log_on(SHARED);
            let clients: [_; 3] = array::from_fn(|_| world.log_on(JOIN));
            let [before, panicked, after] = array::from_fn(|_| Heard::default());
            clients[0].advise(before.sink(&world)).unwrap();
            let sink = world.sink({
                let panicked = panicked.clone();
                move |event| {
                    panicked.push(event);
                    panic_quietly();
                }
            });
            clients[1].advise(sink).unwrap();
            clients[2].advise(after.sink(&world)).unwrap();

            cause(leaves);
            for heard in [&before, &panicked, &after] {
                assert_eq!(heard.all(), told);
            }
            // Nothing is poisoned.
            let late = world.log_on(JOIN);
            for client in clients.iter().chain([&late]) {
                client.log_off(PLAIN).unwrap();
            }
            assert!(before.all().len() == told.len() && after.all().len() > told.len());
            drop((clients, late));
            world.is_empty();
        });
    }
}

/// Does this when it is dropped.
struct AtEnd<F: FnMut()>(F);

impl<F: FnMut()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

type End = (&'static str, fn(&World, Arc<Client>, Connection));

/// How the registration ends whose sink does something when it is dropped; that can be the end of
/// its client too.
const SINKS_END: [End; 4] = [
    ("unadvise", |_, client, connection| {
        client.unadvise(connection).unwrap();
        client.log_off_if_live();
    }),
    ("logoff", |_, client, _| client.log_off(PLAIN).unwrap()),
    ("release", |_, client, _| drop(client)),
    ("late notification", |world, client, connection| {
        let held = world.memory.hold_notifications();
        world.memory.notify(None, event());
        client.unadvise(connection).unwrap();
        drop(held);
        client.log_off_if_live();
    }),
];

// N9: as in its call, so in its end
#[test]
fn a_sink_that_panics_when_it_is_dropped_costs_nothing() {
    for (name, end) in SINKS_END {
        in_time(move || {
            let world = World::new();
            let client = world.log_on(SHARED);
            let other = world.log_on(JOIN);
            let heard = Heard::default();
            other.advise(heard.sink(&world)).unwrap();
            let at_end = AtEnd(|| panic_quietly());
            let sink = world.sink(move |_| {
                let _ = &at_end;
            });
            let connection = client.advise(sink).unwrap();
            let ended = catch_unwind(AssertUnwindSafe(|| end(&world, client, connection)));
            assert!(ended.is_ok(), "{name}: the panic came through");
            assert!(heard.all().ends_with('E'), "{name}");
            other.log_off(PLAIN).unwrap();
            drop(other);
            world.is_empty();
        });
    }
}

/// Who is there when a sink does something.
struct Scene {
    world: Arc<World>,
    /// The client whose sink it is, and another one of its session.
    own: Weak<Client>,
    neighbour: Weak<Client>,
    /// One of an individual session that listens.
    stranger: Weak<Client>,
}

type Deed = (&'static str, fn(&Scene));

/// What a sink can do, or its end.
const DEEDS: [Deed; 14] = [
    ("log on", |scene| {
        let client = scene.world.log_on(INDIVIDUAL);
        client.log_off(PLAIN).unwrap();
    }),
    ("log on and share", |scene| {
        let client = scene.world.log_on(SHARED);
        client.log_off(LogoffFlags::SHARED).unwrap();
    }),
    ("join", |scene| {
        let client = scene.world.log_on(JOIN);
        client.log_off(PLAIN).unwrap();
    }),
    ("release", |scene| drop(scene.world.log_on(JOIN))),
    ("be asked", |scene| {
        let flags = (INDIVIDUAL | LogonFlags::LOGON_UI).bits();
        let asked = scene
            .world
            .memory
            .logon_ex(UiParam::NONE, None, None, flags);
        assert_eq!(value(asked).unwrap_err(), HResult::MAPI_E_USER_CANCEL);
    }),
    ("advise and unadvise", |scene| {
        for client in [&scene.own, &scene.neighbour, &scene.stranger] {
            let Some(client) = client.upgrade() else {
                continue;
            };
            // Its own client may be logged off when the sink is dropped.
            if let Ok(connection) = client.advise(Heard::default().sink(&scene.world)) {
                client.unadvise(connection).unwrap();
            }
        }
    }),
    ("advise", |scene| {
        let client = scene.neighbour.upgrade().unwrap();
        client.advise(Heard::default().sink(&scene.world)).unwrap();
    }),
    ("log the neighbour off", |scene| {
        let client = scene.neighbour.upgrade().unwrap();
        let _ = client.log_off(LogoffFlags::SHARED);
    }),
    ("log the stranger off", |scene| {
        let client = scene.stranger.upgrade().unwrap();
        let _ = client.log_off(LogoffFlags::SHARED);
    }),
    ("log its own client off", |scene| {
        if let Some(client) = scene.own.upgrade() {
            let _ = client.log_off(LogoffFlags::SHARED);
        }
    }),
    ("notify an object", |scene| {
        scene.world.memory.notify(Some(&scene.world.store), event());
    }),
    ("hold back", |scene| {
        let held = scene.world.memory.hold_notifications();
        let client = scene.world.log_on(JOIN);
        client.log_off(PLAIN).unwrap();
        drop(held);
    }),
    ("look around", |scene| {
        let memory = &scene.world.memory;
        assert!(memory.open_sessions() > 0);
        assert_eq!(memory.user().dialogs(), []);
        let profiles = memory.profiles();
        profiles.profile_table(ProfileFlags::empty()).unwrap();
    }),
    ("use a store", |scene| {
        let client = scene.stranger.upgrade().unwrap();
        let store = client.open_store().unwrap();
        assert!(value(store.info()).unwrap().is_writable());
    }),
];

impl Scene {
    fn new(world: &Arc<World>) -> (Self, [Arc<Client>; 3]) {
        let clients = [SHARED, JOIN, INDIVIDUAL].map(|flags| world.log_on(flags));
        let [own, neighbour, stranger] = clients.each_ref().map(Arc::downgrade);
        let scene = Self {
            world: Arc::clone(world),
            own,
            neighbour,
            stranger,
        };
        (scene, clients)
    }

    fn end(world: Arc<World>, clients: [Arc<Client>; 3]) {
        for client in &clients {
            client.log_off_if_live();
        }
        drop(clients);
        world.is_empty();
    }
}

// N5
#[test]
fn a_sink_may_do_anything_in_its_call() {
    for (cause, _) in CAUSES {
        for (name, deed) in DEEDS {
            in_time(move || {
                let world = World::new();
                let (scene, clients) = Scene::new(&world);
                for client in &clients[1..] {
                    client.advise(Heard::default().sink(&world)).unwrap();
                }
                // What it does can be an event for itself.
                let told = Arc::new(AtomicUsize::new(0));
                let count = Arc::clone(&told);
                let sink = world.sink(move |_| {
                    if count.fetch_add(1, Relaxed) == 0 {
                        deed(&scene);
                        count.fetch_add(100, Relaxed);
                    }
                });
                clients[0].advise(sink).unwrap();
                cause(world.log_on(JOIN));
                assert!(told.load(Relaxed) > 100, "{name}: not done, or it panicked");
                Scene::end(world, clients);
            });
        }
    }
}

// N5: what is dropped with a registration is not the subsystem's own either
#[test]
fn a_sink_may_do_anything_when_it_is_dropped() {
    for (how, end) in SINKS_END {
        for (name, deed) in DEEDS {
            in_time(move || {
                let world = World::new();
                let (scene, clients) = Scene::new(&world);
                for client in &clients[1..] {
                    client.advise(Heard::default().sink(&world)).unwrap();
                }
                let done = Arc::new(AtomicBool::new(false));
                let at_end = AtEnd({
                    let done = Arc::clone(&done);
                    move || {
                        deed(&scene);
                        done.store(true, Relaxed);
                    }
                });
                let sink = world.sink(move |_| {
                    let _ = &at_end;
                });
                let [own, neighbour, stranger] = clients;
                let connection = own.advise(sink).unwrap();
                end(&world, own, connection);
                assert!(
                    done.load(Relaxed),
                    "{how}, {name}: not done, or it panicked"
                );
                for client in [&neighbour, &stranger] {
                    client.log_off_if_live();
                }
                drop((neighbour, stranger));
                world.is_empty();
            });
        }
    }
}

// N5
#[test]
fn others_log_on_and_off_while_a_sink_blocks() {
    in_time(|| {
        let world = World::new();
        let (leaves, blocks) = (world.log_on(SHARED), world.log_on(JOIN));
        let stays = world.log_on(JOIN);
        let stranger = world.log_on(INDIVIDUAL);
        let heard = Heard::default();
        let (blocked, is_blocked) = mpsc::channel();
        let (go_on, gone_on) = mpsc::channel::<()>();
        let gone_on = Mutex::new(gone_on);
        let first = AtomicBool::new(true);
        let sink = world.sink({
            let heard = heard.clone();
            move |event| {
                if first.swap(false, Relaxed) {
                    blocked.send(()).unwrap();
                    gone_on.lock().unwrap().recv().unwrap();
                }
                heard.push(event);
            }
        });
        blocks.advise(sink).unwrap();
        let world_there = Arc::clone(&world);
        let telling = thread::spawn(move || {
            world_there.memory.notify(None, event());
            // And what it does next it still does.
            leaves.log_off(LogoffFlags::SHARED).unwrap();
        });
        is_blocked.recv().unwrap();

        // On the same session, on a new one, and on one that was there before.
        let joins = world.log_on(JOIN);
        let connection = stays.advise(Heard::default().sink(&world)).unwrap();
        joins.log_off(LogoffFlags::SHARED).unwrap();
        stays.unadvise(connection).unwrap();
        stays.log_off(PLAIN).unwrap();
        stranger.log_off(PLAIN).unwrap();
        drop(world.log_on(INDIVIDUAL));
        let shared = world.log_on(SHARED);
        shared.log_off(LogoffFlags::SHARED).unwrap();
        blocks.log_off(PLAIN).unwrap();
        assert_eq!(heard.all(), "CEE");

        go_on.send(()).unwrap();
        telling.join().unwrap();
        assert_eq!(heard.all(), "CEE1");
        drop((blocks, stays, joins, stranger, shared));
        world.is_empty();
    });
}

// N3, N5: a logoff with MAPI_LOGOFF_SHARED inside another one
#[test]
fn each_of_two_nested_shared_logoffs_is_told_to_everybody() {
    in_time(|| {
        let world = World::new();
        let [leaves, obeys, dragged, stays] =
            [SHARED, JOIN, JOIN, JOIN].map(|flags| world.log_on(flags));
        let [dragged_heard, stays_heard] = array::from_fn(|_| Heard::default());
        let sink = world.sink({
            let dragged = Arc::clone(&dragged);
            let own = Arc::downgrade(&obeys);
            let first = AtomicBool::new(true);
            move |event| {
                if first.swap(false, Relaxed) {
                    assert_eq!(letter(event), 'C');
                    dragged.log_off(LogoffFlags::SHARED).unwrap();
                    own.upgrade().unwrap().log_off(LogoffFlags::SHARED).unwrap();
                }
            }
        });
        obeys.advise(sink).unwrap();
        dragged.advise(dragged_heard.sink(&world)).unwrap();
        stays.advise(stays_heard.sink(&world)).unwrap();
        leaves.log_off(LogoffFlags::SHARED).unwrap();
        // The outer one first, to those who are left; then the two that its sink caused.
        assert_eq!(stays_heard.all(), "CECECE");
        assert_eq!(dragged_heard.all(), "");
        stays.log_off(PLAIN).unwrap();
        drop((leaves, obeys, dragged, stays));
        world.is_empty();
    });
}

// N2, N3, N4: of many who leave at the same time each is heard of once
#[test]
fn who_stays_hears_of_everyone_who_leaves() {
    const THREADS: usize = 6;
    const ROUNDS: usize = 40;
    in_time(|| {
        let world = World::new();
        let stays = world.log_on(SHARED);
        let heard = Heard::default();
        stays.advise(heard.sink(&world)).unwrap();
        let start = Arc::new(Barrier::new(THREADS));
        let threads = [(); THREADS].map(|()| {
            let (world, start, heard) = (Arc::clone(&world), Arc::clone(&start), heard.clone());
            thread::spawn(move || {
                let last = world.log_on(JOIN);
                start.wait();
                for round in 0..ROUNDS {
                    let client = world.log_on(JOIN);
                    let connection = client.advise(Heard::default().sink(&world)).unwrap();
                    if round % 3 == 0 {
                        client.unadvise(connection).unwrap();
                    }
                    if round % 2 == 0 {
                        client.log_off(PLAIN).unwrap();
                    }
                }
                start.wait();
                last.log_off(LogoffFlags::SHARED).unwrap();
                let told = heard.on(thread::current().id());
                assert_eq!(told, "E".repeat(ROUNDS) + "CE");
            })
        });
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(heard.all().len(), THREADS * (ROUNDS + 2));
        assert_eq!(world.memory.open_sessions(), 1);
        stays.log_off(PLAIN).unwrap();
        drop((stays, heard));
        world.is_empty();
    });
}

/// Numbers from a seed, always the same (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (number ^ (number >> 31)) as usize % sides
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        match from.len() {
            0 => None,
            sides => from.get(self.roll(sides)),
        }
    }
}

/// What the threads of a storm share.
struct Storm {
    world: Arc<World>,
    /// Clients that any thread or sink may take, and end.
    given_away: Mutex<Vec<Arc<Client>>>,
    /// How often sinks may still do each deed; so what one event leads to comes to an end.
    deeds_left: [AtomicUsize; Self::DEEDS],
    shared_logoffs: AtomicUsize,
    /// How often a sink did what, and how often a thread.
    tally: Mutex<HashMap<&'static str, usize>>,
}

impl Storm {
    const THREADS: u64 = 6;
    const ACTIONS: usize = 600;
    const DEEDS: usize = 8;
    const DEEDS_EACH: usize = 60;

    fn count(&self, what: &'static str) {
        *self.tally.lock().unwrap().entry(what).or_default() += 1;
    }

    fn may_do(&self, deed: usize) -> bool {
        let less = |left: usize| left.checked_sub(1);
        let left = &self.deeds_left[deed];
        left.fetch_update(Relaxed, Relaxed, less).is_ok()
    }

    fn take(&self) -> Option<Arc<Client>> {
        self.given_away.lock().unwrap().pop()
    }

    fn log_off(&self, client: &Client, flags: LogoffFlags) {
        if flags.contains(LogoffFlags::SHARED) && self.shared_logoffs.fetch_add(1, Relaxed) > 0 {
            self.count("logoffs with SHARED during another");
        }
        match client.log_off(flags) {
            Ok(()) => {}
            // A sink logs its own client off.
            Err(HResult::MAPI_E_BUSY | HResult::MAPI_E_INVALID_OBJECT) => {}
            Err(other) => panic!("{other}"),
        }
        if flags.contains(LogoffFlags::SHARED) {
            self.shared_logoffs.fetch_sub(1, Relaxed);
        }
    }

    /// A client, and a sink with a deed of its own; registered, unless it is logged off already.
    fn advise(self: &Arc<Self>, client: &Arc<Client>, deed: usize) -> Option<Connection> {
        let own = Arc::new(OnceLock::new());
        let sink = self.world.sink({
            let (storm, own, client) = (self.clone(), own.clone(), Arc::downgrade(client));
            move |_| {
                if storm.may_do(deed) {
                    storm.act_as_sink(deed, &client, own.get().copied());
                }
            }
        });
        match client.advise(sink) {
            Ok(connection) => {
                own.set(connection).unwrap();
                Some(connection)
            }
            Err(HResult::MAPI_E_INVALID_OBJECT) => None,
            Err(other) => panic!("{other}"),
        }
    }

    fn act_as_sink(self: &Arc<Self>, deed: usize, client: &Weak<Client>, own: Option<Connection>) {
        match deed {
            0 => {
                self.count("sinks that panic");
                panic_quietly();
            }
            1 => {
                self.count("sinks that unregister themselves");
                if let (Some(client), Some(own)) = (client.upgrade(), own) {
                    let _ = client.unadvise(own);
                }
            }
            2 => {
                self.count("sinks that register");
                if let Some(client) = client.upgrade() {
                    self.advise(&client, 1);
                }
            }
            3 => {
                self.count("sinks that log on");
                let client = self.world.log_on(JOIN | LogonFlags::ALLOW_OTHERS);
                self.given_away.lock().unwrap().push(client);
            }
            4 => {
                if let Some(client) = self.take() {
                    self.count("sinks that log another client off");
                    self.log_off(&client, LogoffFlags::SHARED);
                }
            }
            5 => {
                if let Some(client) = client.upgrade() {
                    self.count("sinks that log their own client off");
                    self.log_off(&client, PLAIN);
                }
            }
            6 => {
                self.count("sinks that notify");
                self.world.memory.notify(None, event());
            }
            _ => self.count("sinks that listen"),
        }
    }

    fn act_as_thread(self: &Arc<Self>, mut dice: Dice) {
        let memory = &self.world.memory;
        let mut clients: Vec<Arc<Client>> = Vec::new();
        let mut registered: Vec<(Arc<Client>, Connection)> = Vec::new();
        let mut stores: Vec<(Arc<Client>, RawStore)> = Vec::new();
        let mut held = None;
        for _ in 0..Self::ACTIONS {
            match dice.roll(20) {
                0..5 if clients.len() < 4 => {
                    self.count("logons");
                    let either = JOIN | LogonFlags::ALLOW_OTHERS;
                    let kinds = [INDIVIDUAL, SHARED, JOIN, either, either, either];
                    clients.push(self.world.log_on(*dice.pick(&kinds).unwrap()));
                }
                5..9 => {
                    if let Some(client) = dice.pick(&clients) {
                        if let Some(connection) = self.advise(client, dice.roll(Self::DEEDS)) {
                            registered.push((Arc::clone(client), connection));
                        }
                    }
                }
                9 => {
                    if let Some((client, connection)) = registered.pop() {
                        self.count("registrations cancelled");
                        // The sink can have been quicker, and the client can be logged off.
                        let _ = client.unadvise(connection);
                    }
                }
                10 => memory.notify(None, event()),
                11 => memory.notify(Some(&self.world.store), event()),
                12..14 => {
                    if let Some(client) = clients.pop() {
                        self.log_off(&client, PLAIN);
                    }
                }
                14 => {
                    if let Some(client) = clients.pop() {
                        let rarely = dice.roll(5) == 0;
                        self.log_off(&client, if rarely { LogoffFlags::SHARED } else { PLAIN });
                    }
                }
                15 => {
                    if let Some(client) = clients.pop() {
                        self.count("releases");
                        registered.retain(|(other, _)| !Arc::ptr_eq(other, &client));
                        stores.retain(|(other, _)| !Arc::ptr_eq(other, &client));
                    }
                }
                16 if dice.roll(2) == 0 => {
                    if let Some(client) = clients.pop() {
                        self.given_away.lock().unwrap().push(client);
                    }
                }
                16 => {
                    if let Some(client) = self.take() {
                        self.log_off(&client, PLAIN);
                    }
                }
                17 => {
                    held = match held {
                        None => Some(memory.hold_notifications()),
                        Some(_) => None,
                    }
                }
                18 => {
                    let Some(client) = dice.pick(&clients) else {
                        continue;
                    };
                    match client.log_off(LogoffFlags::UI) {
                        Err(HResult::MAPI_E_USER_CANCEL) => self.count("cancelled logoffs"),
                        Err(HResult::MAPI_E_BUSY | HResult::MAPI_E_INVALID_OBJECT) => {}
                        other => panic!("{other:?}"),
                    }
                }
                _ => {
                    if let Some(client) = dice.pick(&clients) {
                        if let Ok(store) = client.open_store() {
                            stores.push((Arc::clone(client), store));
                        }
                    }
                    for (client, store) in &stores {
                        let ended = client.ended.load(Relaxed);
                        match value(store.info()) {
                            Ok(info) => assert!(info.is_writable() && !ended),
                            Err(error) => assert_eq!(error, HResult::MAPI_E_INVALID_OBJECT),
                        }
                    }
                }
            }
        }
        drop(held);
    }

    /// The same in the typed layer, where less can go wrong.
    fn act_as_program(self: &Arc<Self>, mut dice: Dice) {
        let mapi = Mapi::initialize(self.world.memory.clone()).unwrap();
        for _ in 0..Self::ACTIONS / 4 {
            let request = match dice.roll(3) {
                0 => LogonRequest::join_shared(),
                1 => LogonRequest::new_session("P").allow_others(),
                _ => LogonRequest::default_profile(),
            };
            let session = match mapi.logon(&request) {
                Ok(session) => Arc::new(session),
                Err(error) => {
                    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
                    assert_eq!(request, LogonRequest::join_shared());
                    continue;
                }
            };
            self.count("typed sessions");
            let sink = self.world.sink(|_| {});
            let registration =
                Registration::advise(Arc::clone(&session), None, EventMask::EXTENDED, sink)
                    .unwrap();
            let entry_id = &self.world.store;
            let store = MsgStore::open(
                Arc::clone(&session),
                UiParam::NONE,
                entry_id,
                OpenStoreFlags::BEST_ACCESS,
            );
            assert!(store.unwrap().is_writable().unwrap());
            drop(registration);
            let session = Arc::into_inner(session).unwrap();
            let flags = match dice.roll(8) {
                0 => {
                    self.world.released_live.fetch_add(1, Relaxed);
                    continue;
                }
                1 => LogoffFlags::SHARED,
                _ => PLAIN,
            };
            session.logoff(flags).unwrap();
        }
    }
}

/// Starts one storm, while a sink blocks; gives what happened how often.
fn storm(seed: u64) -> HashMap<&'static str, usize> {
    let world = World::new();
    let storm = Arc::new(Storm {
        world: Arc::clone(&world),
        given_away: Mutex::default(),
        deeds_left: [(); Storm::DEEDS].map(|()| AtomicUsize::new(Storm::DEEDS_EACH)),
        shared_logoffs: AtomicUsize::new(0),
        tally: Mutex::default(),
    });

    let (blocked, is_blocked) = mpsc::channel();
    let (go_on, gone_on) = mpsc::channel::<()>();
    let gone_on = Mutex::new(gone_on);
    let first = AtomicBool::new(true);
    let blocks = world.log_on(SHARED);
    let sink = world.sink(move |_| {
        if first.swap(false, Relaxed) {
            blocked.send(()).unwrap();
            gone_on.lock().unwrap().recv().unwrap();
        }
    });
    blocks.advise(sink).unwrap();
    let leaves = world.log_on(JOIN);
    storm.shared_logoffs.fetch_add(1, Relaxed);
    let leaving = thread::spawn(move || leaves.log_off(LogoffFlags::SHARED).unwrap());
    is_blocked.recv().unwrap();
    // Its session is not in the way of others.
    blocks.log_off(PLAIN).unwrap();

    let threads: Vec<_> = (0..Storm::THREADS)
        .map(|number| {
            let storm = Arc::clone(&storm);
            let dice = Dice(seed * 100 + number);
            thread::spawn(move || match number {
                0 => storm.act_as_program(dice),
                _ => storm.act_as_thread(dice),
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    go_on.send(()).unwrap();
    leaving.join().unwrap();

    drop(blocks);
    for left in &storm.deeds_left {
        left.store(0, Relaxed);
    }
    while let Some(client) = storm.take() {
        storm.log_off(&client, PLAIN);
    }
    let storm = Arc::into_inner(storm).expect("a sink holds on");
    let mut tally = storm.tally.into_inner().unwrap();
    tally.insert(
        "sessions",
        storm.world.provider_calls(ProviderCall::Shutdown),
    );
    drop(storm.world);
    world.is_empty();
    tally
}

// S5, N5, N7, N9, E8, E11, O2
#[test]
fn many_threads_leave_nothing_behind() {
    let mut tally = HashMap::<_, usize>::new();
    for seed in 1..=12 {
        println!("seed {seed}");
        for (what, times) in in_time(move || storm(seed)) {
            *tally.entry(what).or_default() += times;
        }
    }
    println!("{tally:#?}");
    for what in [
        "cancelled logoffs",
        "logoffs with SHARED during another",
        "registrations cancelled",
        "releases",
        "sinks that listen",
        "sinks that log another client off",
        "sinks that log on",
        "sinks that log their own client off",
        "sinks that notify",
        "sinks that panic",
        "sinks that register",
        "sinks that unregister themselves",
        "typed sessions",
    ] {
        assert!(tally.contains_key(what), "there were no {what}");
    }
}

// O5, O6, T3: however its openings and releases overlap, a store is logged on as often as off, and its
// session ends with nothing open.
#[test]
fn a_store_that_many_threads_open_and_release_is_logged_off_as_often_as_on() {
    const THREADS: usize = 4;
    const ROUNDS: usize = 300;
    let calls = Arc::new(Mutex::new(HashMap::<ProviderCall, usize>::new()));
    let counted = Arc::clone(&calls);
    let store = Store::new("Mailbox").hook(move |call| {
        *counted.lock().unwrap().entry(call).or_default() += 1;
        thread::yield_now();
        HResult::S_OK
    });
    let profile = Profile::new("P").store(store.folder(Folder::new("Inbox")));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mailbox = memory.entry_id("P", &["Mailbox"]).unwrap();
    let inbox = memory.entry_id("P", &["Mailbox", "Inbox"]).unwrap();
    memory.initialize(0, 0).unwrap();
    let logon = |flags: LogonFlags| {
        value(memory.logon_ex(UiParam::NONE, Some("P"), None, flags.bits())).unwrap()
    };
    let owner = logon(SHARED);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let client = logon(JOIN);
                for round in 0..ROUNDS {
                    let id = Some(mailbox.as_bytes());
                    let store = value(client.open_msg_store(UiParam::NONE, id, 0)).unwrap();
                    let folder = value(store.open_entry(Some(inbox.as_bytes()), 0))
                        .unwrap()
                        .1;
                    if round % 2 == 0 {
                        drop(store);
                        value(folder.info()).unwrap();
                    } else {
                        drop(folder);
                        value(store.info()).unwrap();
                    }
                }
                value(client.logoff(UiParam::NONE, 0, 0)).unwrap();
            });
        }
    });
    value(owner.logoff(UiParam::NONE, 0, 0)).unwrap();
    memory.uninitialize();
    let calls = calls.lock().unwrap();
    let count = |call| calls.get(&call).copied().unwrap_or_default();
    assert_eq!(count(ProviderCall::LogOn), count(ProviderCall::LogOff));
    assert!(count(ProviderCall::LogOff) > 1, "{calls:?}");
    assert!(count(ProviderCall::Open) >= THREADS * ROUNDS, "{calls:?}");
    assert_eq!(count(ProviderCall::Shutdown), 1, "{calls:?}");
}

/// E13: after some rounds, no number of further ones takes more memory, neither after them nor
/// while they last.
///
/// A million rounds of each: `MAPI_SESSION_ROUNDS=1000000 cargo test --release --test stress
/// no_growth`.
#[track_caller]
fn leaves_no_growth(mut round: impl FnMut()) {
    let rounds = match std::env::var("MAPI_SESSION_ROUNDS") {
        Ok(rounds) => rounds.parse().unwrap(),
        Err(_) => 6_000,
    };
    // So that a round that allocates nothing is seen to be measured.
    let mut round = || {
        drop(std::hint::black_box(Box::new(0)));
        round();
    };
    (0..100).for_each(|_| round());
    let one = allocation_counter::measure(&mut round);
    let all = allocation_counter::measure(|| (0..rounds).for_each(|_| round()));
    assert!(one.count_total > 0, "nothing is measured");
    assert_eq!((all.count_current, all.bytes_current), (0, 0), "left over");
    assert_eq!(
        (all.count_max, all.bytes_max),
        (one.count_max, one.bytes_max),
        "at most"
    );
}

fn mapi() -> Mapi<Memory> {
    let profile = Profile::new("P").store(Store::new("Mailbox").default_store());
    Mapi::initialize(Memory::builder().profile(profile).build().unwrap()).unwrap()
}

// E13
#[test]
fn logon_logoff_and_release_leave_no_growth() {
    let mapi = mapi();
    let request = LogonRequest::new_session("P");
    leaves_no_growth(|| {
        let session = mapi.logon(&request).unwrap();
        session.logoff(PLAIN).unwrap();
    });
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// E13
#[test]
fn shared_sessions_leave_no_growth() {
    let mapi = mapi();
    let request = LogonRequest::new_session("P").allow_others();
    leaves_no_growth(|| {
        let first = mapi.logon(&request).unwrap();
        let second = mapi.logon(&LogonRequest::join_shared()).unwrap();
        let third = mapi.logon(&LogonRequest::join_shared()).unwrap();
        let first = first.logoff(LogoffFlags::SHARED).unwrap();
        second.logoff(LogoffFlags::SHARED).unwrap();
        drop(first);
        drop(third);
    });
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// E13, O3
#[test]
fn sinks_and_stores_leave_no_growth() {
    let mapi = mapi();
    let shared = LogonRequest::new_session("P").allow_others();
    let individual = LogonRequest::new_session("P");
    leaves_no_growth(|| {
        let session = mapi.logon(&individual).unwrap();
        let [one, two] = [(); 2].map(|()| session.advise(EventMask::all(), |_: &_| {}).unwrap());
        let table = session.msg_stores_table().unwrap();
        let entry_id = table.default_store().unwrap().entry_id();
        let store = session
            .open_msg_store(entry_id, OpenStoreFlags::empty())
            .unwrap();
        let other = mapi.logon(&shared).unwrap();
        let third = mapi.logon(&LogonRequest::join_shared()).unwrap();
        let heard = third.advise(EventMask::EXTENDED, |_: &_| {}).unwrap();
        let held = mapi.subsystem().hold_notifications();
        mapi.subsystem().notify(None, event());
        other.logoff(LogoffFlags::SHARED).unwrap();
        drop((one, store));
        drop(held);
        drop((two, heard));
        third.logoff(PLAIN).unwrap();
        session.logoff(PLAIN).unwrap();
    });
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// E13: in one session that lasts
#[test]
fn registrations_of_a_session_that_lasts_leave_no_growth() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    let stays = session.advise(EventMask::EXTENDED, |_: &_| {}).unwrap();
    leaves_no_growth(|| {
        let [one, two] = [(); 2].map(|()| session.advise(EventMask::all(), |_: &_| {}).unwrap());
        mapi.subsystem().notify(None, event());
        drop(one);
        let three = session.advise(EventMask::all(), |_: &_| {}).unwrap();
        drop((three, two));
    });
    drop(stays);
    session.logoff(PLAIN).unwrap();
}

// E13: logons and logoffs that come to nothing
#[test]
fn refusals_leave_no_growth() {
    let mapi = mapi();
    let request = LogonRequest::new_session("P");
    leaves_no_growth(|| {
        mapi.logon(&LogonRequest::new_session("nobody"))
            .unwrap_err();
        mapi.logon(&LogonRequest::join_shared()).unwrap_err();
        let session = mapi.logon(&request).unwrap();
        let refused = session.logoff_raw(UiParam::NONE, 0, 1).unwrap_err();
        drop(refused);
    });
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// E13, E5: individual sessions that listen are known to the subsystem as long as they are open
#[test]
fn a_fast_shutdown_of_individual_sessions_leaves_no_growth() {
    let memory = Memory::builder().profile(Profile::new("P")).fast_shutdown();
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    fn open<const N: usize>(mapi: &Mapi<Memory>) {
        let individual = LogonRequest::new_session("P");
        let shared = individual.allow_others();
        let sessions: [_; N] = array::from_fn(|_| mapi.logon(&individual).unwrap());
        let registrations = sessions
            .each_ref()
            .map(|session| session.advise(EventMask::EXTENDED, |_: &_| {}).unwrap());
        drop(mapi.logon(&shared).unwrap().logoff(LogoffFlags::SHARED));
        drop(registrations);
        for session in sessions {
            session.logoff(PLAIN).unwrap();
        }
    }
    // A hash table settles on its size when it has once been larger than needed.
    open::<100>(&mapi);
    leaves_no_growth(|| open::<20>(&mapi));
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}
