//! Code that calls back into MAPI from wherever it is called: providers, users, sinks, and the drop
//! of each. Nothing panics, nothing hangs, and nothing is left of the sessions (rules N5, N7, N9, O2,
//! E9, L8).

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, Weak};
use std::thread;

use crate::support::{Profiles, in_time, value};
use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{
    AddressBook, Answer, Folder, HeldNotifications, Memory, Profile, Service, Store, Transport,
};
use mapi_session::notification::{Connection, ExtendedEvent};
use mapi_session::property::{PropTag, Property};
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProp, RawServiceAdmin, RawSession, Subsystem,
};
use mapi_session::table::{ServiceRow, Table};
use mapi_session::types::{FormMessage, FormToken};
use mapi_session::{
    AdviseSink, EntryId, HResult, LogoffFlags, LogonFlags, MapiUid, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
};

type RawClient = <Memory as Subsystem>::Session;
type RawStore = <RawClient as RawSession>::MsgStore;
type RawItem = <RawClient as RawSession>::Object;
type RawSection = <RawClient as RawSession>::ProfileSection;
type RawAdmin = <RawClient as RawSession>::ServiceAdmin;

/// Things that any call can take out, and keep while it uses them.
struct Kept<T>(Mutex<Vec<Arc<T>>>);

impl<T> Kept<T> {
    const MOST: usize = 12;

    fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Keeps it, and releases one of too many.
    fn put(&self, value: T, world: &World) {
        let mut kept = self.0.lock().unwrap();
        kept.push(Arc::new(value));
        let surplus = (kept.len() > Self::MOST).then(|| kept.swap_remove(world.below(Self::MOST)));
        drop(kept);
        drop(surplus);
    }

    fn any(&self, world: &World) -> Option<Arc<T>> {
        let kept = self.0.lock().unwrap();
        (!kept.is_empty()).then(|| Arc::clone(&kept[world.below(kept.len())]))
    }

    fn take(&self, world: &World) -> Option<Arc<T>> {
        let mut kept = self.0.lock().unwrap();
        (!kept.is_empty()).then(|| {
            let index = world.below(kept.len());
            kept.swap_remove(index)
        })
    }

    fn take_all(&self) -> Vec<Arc<T>> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// A subsystem, what is open on it, and the choices of what happens next.
struct World {
    memory: Memory,
    random: AtomicU64,
    is_over: AtomicBool,
    clients: Kept<RawClient>,
    stores: Kept<RawStore>,
    objects: Kept<RawItem>,
    sections: Kept<RawSection>,
    admins: Kept<RawAdmin>,
    held: Kept<HeldNotifications>,
    connections: Kept<Connection>,
    tokens: Kept<FormToken>,
}

/// What calls back when it is called, and when it is dropped.
struct Caller(Weak<World>);

impl Caller {
    fn act(&self) -> Option<Arc<World>> {
        let world = self.0.upgrade()?;
        world.act_inside();
        Some(world)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.act();
    }
}

impl AdviseSink for Caller {
    fn on_notify(&self, _: &Notification) {
        self.act();
    }
}

const PROFILES: [&str; 4] = ["A", "B", "C", "D"];

const PATHS: [(&str, &[&str]); 9] = [
    ("A", &["Mailbox"]),
    ("A", &["Mailbox", "Outbox"]),
    ("A", &["Mailbox", "Outbox", "Letter"]),
    ("A", &["Mailbox", "Outbox", "Reply"]),
    ("A", &["Archive"]),
    ("A", &["People"]),
    ("B", &["Plain"]),
    ("B", &["Plain", "Box", "Note"]),
    ("C", &["Mailbox"]),
];

/// What the providers of these answer comes from `caller`.
fn profiles(caller: &Arc<dyn Fn() -> Caller + Send + Sync>) -> [Profile; 2] {
    let hook = || {
        let caller = caller();
        move |_| caller.act().map_or(HResult::S_OK, |world| world.answer())
    };
    let mailbox = Store::new("Mailbox").default_store().cached();
    let outbox = Folder::new("Outbox")
        .message(mapi_session::memory::Message::from("Letter").to("Kim"))
        .message(mapi_session::memory::Message::from("Reply").to("Kim"));
    let mailbox = mailbox.folder(outbox).fast_shutdown(true).hook(hook());
    let people = AddressBook::new("People").mail_user("Ana").hook(hook());
    let internet = Transport::new("Internet").address_type("SMTP");
    let internet = internet.fast_shutdown(true).identity("Ana").hook(hook());
    let archive = Store::new("Archive").unconfigured().hook(hook());
    let full = Profile::new("A").default_profile();
    let full = full.store(mailbox).store(archive).address_book(people);
    let plain = Store::new("Plain").folder(Folder::new("Box").message("Note"));
    [
        full.transport(internet),
        Profile::new("B")
            .store(plain)
            .transport(Transport::new("T")),
    ]
}

impl World {
    fn new(seed: u64) -> Arc<Self> {
        Arc::new_cyclic(|world: &Weak<Self>| {
            let world = world.clone();
            let caller: Arc<dyn Fn() -> Caller + Send + Sync> =
                Arc::new(move || Caller(world.clone()));
            let [full, plain] = profiles(&caller);
            let installed = caller();
            let installed = Store::new("Extra").hook(move |_| {
                let world = installed.act();
                world.map_or(HResult::S_OK, |world| world.answer())
            });
            let builder = Memory::builder().profile(full).profile(plain);
            let builder = builder.installed_service(Service::new("Extra").store(installed));
            let builder = builder.session_limit(20);
            let builder = match seed % 3 {
                0 => builder.fast_shutdown(),
                _ => builder,
            };
            let memory = builder.build().unwrap();
            value(memory.initialize(0, 0)).unwrap();
            Self {
                memory,
                random: AtomicU64::new(seed),
                is_over: AtomicBool::new(false),
                clients: Kept::new(),
                stores: Kept::new(),
                objects: Kept::new(),
                sections: Kept::new(),
                admins: Kept::new(),
                held: Kept::new(),
                connections: Kept::new(),
                tokens: Kept::new(),
            }
        })
    }

    /// SplitMix64.
    fn random(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.random.fetch_add(STEP, Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&self, end: usize) -> usize {
        (self.random() % end as u64) as usize
    }

    fn one_in(&self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn pick<T: Clone>(&self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// What a provider answers.
    fn answer(&self) -> HResult {
        match self.is_over.load(Relaxed) || !self.one_in(4) {
            true => HResult::S_OK,
            false => self.pick(&[
                HResult::MAPI_E_FAILONEPROVIDER,
                HResult::MAPI_E_UNCONFIGURED,
                HResult::MAPI_E_CALL_FAILED,
                HResult::MAPI_W_ERRORS_RETURNED,
            ]),
        }
    }

    /// Some calls, from inside another one.
    fn act_inside(self: &Arc<Self>) {
        let depth = DEPTH.get();
        if depth < 3 && !self.is_over.load(Relaxed) {
            DEPTH.set(depth + 1);
            for _ in 0..self.below(4) {
                self.act();
            }
            DEPTH.set(depth);
        }
    }

    fn act(self: &Arc<Self>) {
        match self.below(16) {
            0..3 => self.act_on_subsystem(),
            3 => self.act_on_profiles(),
            4..6 => self.log_on(),
            6..11 => self.open(),
            11 | 12 => self.act_on_client(),
            13 => self.act_on_open(),
            14 => self.release(),
            _ => self.log_off(),
        }
    }

    fn log_on(&self) {
        let mut flags = LogonFlags::empty();
        flags.set(LogonFlags::NEW_SESSION, !self.one_in(3));
        flags.set(LogonFlags::ALLOW_OTHERS, self.one_in(2));
        flags.set(LogonFlags::LOGON_UI, self.one_in(3));
        flags.set(LogonFlags::NO_MAIL, self.one_in(5));
        let name = (!self.one_in(4)).then(|| self.pick(&PROFILES));
        flags.set(LogonFlags::USE_DEFAULT, name.is_none() && self.one_in(2));
        let session = self
            .memory
            .logon_ex(UiParam::NONE, name, None, flags.bits());
        if let Ok(session) = value(session) {
            self.clients.put(session, self);
        }
    }

    fn log_off(&self) {
        let mut flags = LogoffFlags::empty();
        flags.set(LogoffFlags::SHARED, self.one_in(3));
        flags.set(LogoffFlags::UI, self.one_in(3));
        if let Some(client) = self.clients.any(self) {
            let _ = client.logoff(UiParam::NONE, flags.bits(), 0);
        }
    }

    fn release(&self) {
        match self.below(8) {
            0 => drop(self.clients.take(self)),
            1 => drop(self.admins.take(self)),
            2 => drop(self.sections.take(self)),
            3 | 4 => drop(self.stores.take(self)),
            _ => drop(self.objects.take(self)),
        }
    }

    fn any_entry_id(&self) -> Option<EntryId> {
        let (profile, path) = self.pick(&PATHS);
        let profile = match self.one_in(3) {
            true => self.pick(&PROFILES),
            false => profile,
        };
        self.memory.entry_id(profile, path)
    }

    fn act_on_subsystem(self: &Arc<Self>) {
        let memory = &self.memory;
        match self.below(12) {
            0 => {
                memory.uninitialize();
                if !self.one_in(3) {
                    self.act();
                }
                let _ = memory.initialize(0, 0);
            }
            1 => memory.let_time_pass(),
            2 => {
                if let Some(store) = self.any_entry_id() {
                    memory.let_arrive(&store, self.below(3));
                    let _ = memory.outgoing(&store);
                }
            }
            3 => self.held.put(memory.hold_notifications(), self),
            4 => drop(self.held.take(self)),
            5 => {
                let _ = memory.user().take_dialogs();
                let _ = (memory.open_sessions(), memory.released_live());
            }
            6..9 => {
                let event = Notification::Extended(ExtendedEvent::new(1, []));
                let target = self.any_entry_id().filter(|_| self.one_in(2));
                memory.notify(target.as_ref(), event);
            }
            _ => {
                let caller = Caller(Arc::downgrade(self));
                let name = self.pick(&PROFILES);
                memory.user().answer_with(move |_| {
                    let pick = Answer::Pick(name.into());
                    let world = caller.act();
                    let answers = [Answer::Accept, Answer::Accept, Answer::Cancel, pick];
                    world.map_or(Answer::Cancel, |world| world.pick(&answers))
                });
            }
        }
    }

    fn act_on_profiles(self: &Arc<Self>) {
        let profiles = self.memory.profiles();
        let (name, other) = (self.pick(&PROFILES), self.pick(&PROFILES));
        let flags = ProfileFlags::empty();
        match self.below(8) {
            0 => {
                let world = Arc::downgrade(self);
                let described: Arc<dyn Fn() -> Caller + Send + Sync> =
                    Arc::new(move || Caller(world.clone()));
                let [full, plain] = self::profiles(&described);
                let _ = self.memory.create_profile(&full);
                let _ = self.memory.create_profile(&plain);
            }
            1 | 2 => drop(profiles.delete_profile(name, flags)),
            3 | 4 => drop(profiles.copy_profile(name, other, flags)),
            5 => drop(profiles.rename_profile(name, other, flags)),
            6 => drop(profiles.set_default_profile(Some(name))),
            _ => drop(profiles.profile_table(flags)),
        }
    }

    fn open(self: &Arc<Self>) {
        let Some(client) = self.clients.any(self) else {
            return self.log_on();
        };
        let entry_id = self.any_entry_id();
        let entry_id = entry_id.as_ref().map(EntryId::as_bytes);
        match self.below(10) {
            0..3 => {
                let mut flags = OpenStoreFlags::BEST_ACCESS;
                flags.set(OpenStoreFlags::ONLINE, self.one_in(3));
                flags.set(OpenStoreFlags::DEFERRED_ERRORS, self.one_in(3));
                flags.set(OpenStoreFlags::NO_DIALOG, self.one_in(2));
                let store = client.open_msg_store(UiParam::NONE, entry_id, flags.bits());
                if let Ok(store) = value(store) {
                    self.stores.put(store, self);
                }
            }
            3..6 => {
                let flags = OpenEntryFlags::BEST_ACCESS.bits();
                match value(client.open_entry(entry_id, flags)) {
                    Ok(RawEntry::MsgStore(store)) => self.stores.put(store, self),
                    Ok(RawEntry::Object(_, object)) => self.objects.put(object, self),
                    _ => {}
                }
            }
            6 => {
                if let Ok(book) = value(client.open_address_book(UiParam::NONE, 0)) {
                    self.objects.put(book, self);
                }
            }
            7 => {
                let flags = self.pick(&[0, 1, 1]);
                let uid = MapiUid::new([self.below(2) as u8; 16]);
                if let Ok(section) = value(client.open_profile_section(uid, flags)) {
                    self.sections.put(section, self);
                }
            }
            _ => {
                let sink = Caller(Arc::downgrade(self));
                let entry_id = entry_id.filter(|_| self.one_in(2));
                if let Ok(connection) = value(client.advise(entry_id, 0x8000_0002, sink)) {
                    self.connections.put(connection, self);
                }
            }
        }
    }

    fn act_on_client(&self) {
        let Some(client) = self.clients.any(self) else {
            return self.log_on();
        };
        match self.below(15) {
            0 => drop(client.query_fast_shutdown()),
            1 => drop(client.notify_process_shutdown()),
            2 => drop(client.do_fast_shutdown()),
            3 => drop(client.status_table(0)),
            4 => drop(client.msg_stores_table(0)),
            5 => drop(client.query_identity()),
            6 => drop(client.enum_adr_types(0)),
            7 => {
                let _ = client.last_error(HResult::MAPI_E_CALL_FAILED, 0);
                let _ = format!("{client:?}");
            }
            8 => {
                let store = self.any_entry_id();
                let store = store.as_ref().map(EntryId::as_bytes);
                let _ = client.set_default_store(1 + self.below(5) as u32, store);
            }
            9 => {
                if let Ok(admin) = value(client.admin_services(0)) {
                    self.admins.put(admin, self);
                }
            }
            10 | 11 => {
                if let Some(connection) = self.connections.any(self) {
                    let _ = client.unadvise(*connection);
                }
            }
            12 => {
                let message = self.objects.any(self);
                let token = message.and_then(|it| value(client.prepare_form(&it)).ok());
                if let Some(token) = token {
                    self.tokens.put(token, self);
                }
            }
            13 => self.show_form(&client),
            _ => {
                if let Some(token) = self.tokens.any(self) {
                    client.discard_form(*token);
                }
            }
        }
    }

    fn show_form(&self, client: &RawClient) {
        let store = self.stores.any(self);
        let (folder, token) = (self.objects.any(self), self.tokens.any(self));
        if let (Some(store), Some(folder), Some(token)) = (store, folder, token) {
            let message = FormMessage::default();
            let _ = client.show_form(UiParam::NONE, &store, &folder, *token, 0, &message);
        }
    }

    fn act_on_open(&self) {
        match self.below(8) {
            0 | 1 => {
                if let Some(store) = self.stores.any(self) {
                    let _ = store.store_logoff(self.pick(&[1, 2, 4, 8, 16]));
                }
            }
            2 => {
                if let Some(store) = self.stores.any(self) {
                    let entry_id = self.any_entry_id();
                    let entry_id = entry_id.as_ref().map(EntryId::as_bytes);
                    if let Ok((_, object)) = value(store.open_entry(entry_id, 0)) {
                        self.objects.put(object, self);
                    }
                    let _ = (store.info(), store.support_mask());
                }
            }
            3 | 4 => {
                if let Some(object) = self.objects.any(self) {
                    let _ = object.submit_message(0);
                    let _ = (object.info(), format!("{object:?}"));
                }
            }
            5 => {
                if let Some(section) = self.sections.any(self) {
                    let _ = section.set_props(&[Property::new(PropTag::DISPLAY_NAME, "One")]);
                    let _ = section.props(None, 0);
                    let _ = section.prop_list(0);
                }
            }
            _ => {
                if let Some(admin) = self.admins.any(self) {
                    let table = value(admin.msg_service_table(0));
                    let rows = table.as_ref().map(Table::rows).unwrap_or_default();
                    let uid = rows.last().map(ServiceRow::uid);
                    match (self.below(3), uid) {
                        (0, Some(uid)) => drop(admin.delete_msg_service(uid)),
                        (1, uid) => drop(admin.set_primary_identity(uid, 0)),
                        _ => drop(admin.create_msg_service("Extra", "Extra", UiParam::NONE, 0)),
                    }
                }
            }
        }
    }

    /// Releases all, and sees that nothing of it is left.
    fn end(&self) {
        self.is_over.store(true, Relaxed);
        drop(self.held.take_all());
        drop(self.objects.take_all());
        drop(self.clients.take_all());
        drop(self.stores.take_all());
        drop(self.sections.take_all());
        assert_eq!(self.memory.open_sessions(), 0);
        value(self.memory.initialize(0, 0)).unwrap();
        for name in PROFILES {
            let _ = self
                .memory
                .profiles()
                .delete_profile(name, ProfileFlags::empty());
            let plain = Profile::new(name).store(Store::new("Plain"));
            self.memory.create_profile(&plain).unwrap();
            let flags = LogonFlags::NEW_SESSION.bits();
            let session = self.memory.logon_ex(UiParam::NONE, Some(name), None, flags);
            let session = value(session).unwrap();
            let store = self.memory.entry_id(name, &["Plain"]).unwrap();
            let store = session.open_msg_store(UiParam::NONE, Some(store.as_bytes()), 0);
            drop(value(store).unwrap());
            value(session.logoff(UiParam::NONE, 0, 0)).unwrap();
        }
        assert_eq!(self.memory.open_sessions(), 0);
    }
}

/// Rules E9, L8, L10, N5, N7, N9, O2, P2, M9: whatever a provider, a user, a sink or a drop calls, on
/// the thread of the call that it is inside.
#[test]
fn calls_from_inside_calls() {
    in_time(|| {
        for seed in 0..4_000 {
            let world = World::new(seed);
            let result = catch_unwind(AssertUnwindSafe(|| {
                for _ in 0..40 {
                    world.act();
                }
                world.end();
            }));
            if let Err(panic) = result {
                eprintln!("seed {seed}");
                resume_unwind(panic);
            }
        }
    });
}

/// Rules L8, N5 and O2: the same, on four threads at once.
#[test]
fn calls_from_inside_calls_on_four_threads() {
    in_time(|| {
        for seed in 0..200 {
            let world = World::new(seed);
            thread::scope(|threads| {
                for _ in 0..4 {
                    threads.spawn(|| (0..40).for_each(|_| world.act()));
                }
            });
            world.end();
        }
    });
}
