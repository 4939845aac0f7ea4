//! Random sequences of raw calls, and a naive model of the rules that says what each comes to: I, L,
//! S, N, E, F1, T1, and of O, M those on what is open and on GetLastError.
//!
//! tests/memory/random.rs holds the model against `Memory`, and a unit test against the rules alone.
#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::mem;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};

use mapi_session::flags::StoreLogoffFlags;
use mapi_session::memory::{Answer, Dialog, Folder, Profile, Question, Store, Transport};
use mapi_session::notification::{Connection, CriticalError, ExtendedEvent};
use mapi_session::{AdviseSink, EventMask, HResult, LogoffFlags, Notification, UiParam};
use proptest::prelude::*;

pub(super) const SESSION_LIMIT: usize = 3;
pub(super) const STORE: [&str; 2] = ["One", "Store"];
pub(super) const FOLDER: [&str; 3] = ["One", "Store", "Inbox"];
const NAMES: [Option<&str>; 6] = [
    None,
    Some("One"),
    Some("Two"),
    Some("No such"),
    Some(""),
    Some(" bad"),
];
const KNOWN: [&str; 2] = ["One", "Two"];
const DEFAULT: &str = "Two";

/// What the sequences are run on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Config {
    /// E5
    pub(super) fast_shutdown: bool,
    read_only: bool,
}

impl Config {
    pub(super) fn profiles(&self) -> [Profile; 2] {
        let store = Store::new("Store").cached().folder(Folder::new("Inbox"));
        let store = match self.read_only {
            true => store.read_only(),
            false => store,
        };
        let one = Profile::new("One").store(store);
        [
            one.transport(Transport::new("Transport")),
            Profile::new("Two").default_profile(),
        ]
    }
}

/// What answers the raw calls.
pub(super) trait Mapi {
    type Client;
    type Store;
    type Folder;

    fn new(config: &Config) -> Self;

    fn initialize(&mut self) -> Result<(), HResult>;
    fn uninitialize(&mut self);
    fn logon(&mut self, name: Option<&str>, flags: u32) -> Result<Self::Client, HResult>;

    fn has_last_error(&mut self, client: &Self::Client, of: HResult) -> Result<bool, HResult>;
    /// How many rows the store table has.
    fn stores(&mut self, client: &Self::Client, flags: u32) -> Result<usize, HResult>;
    /// How many rows of the status table say STATUS_AVAILABLE.
    fn available(&mut self, client: &Self::Client) -> Result<usize, HResult>;
    fn open_store(&mut self, client: &Self::Client, flags: u32) -> Result<Self::Store, HResult>;
    fn advise(
        &mut self,
        client: &Self::Client,
        on_store: bool,
        mask: u32,
        ear: Ear,
    ) -> Result<Connection, HResult>;
    fn unadvise(&mut self, client: &Self::Client, connection: Connection) -> Result<(), HResult>;
    fn logoff(&mut self, client: &Self::Client, flags: u32, reserved: u32) -> Result<(), HResult>;
    fn shut_down(&mut self, client: &Self::Client, call: Shutdown) -> Result<(), HResult>;
    fn release(&mut self, client: Self::Client);

    /// Whether it is open for writing.
    fn is_store_writable(&mut self, store: &Self::Store) -> Result<bool, HResult>;
    fn is_folder_writable(&mut self, folder: &Self::Folder) -> Result<bool, HResult>;
    fn open_folder(&mut self, store: &Self::Store, flags: u32) -> Result<Self::Folder, HResult>;
    fn log_store_off(&mut self, store: &Self::Store, flags: u32) -> Result<u32, HResult>;
    fn release_store(&mut self, store: Self::Store);
    fn release_folder(&mut self, folder: Self::Folder);

    fn answer(&mut self, answer: Answer);
    fn notify(&mut self, of_store: bool, event: Notification);
    fn hold_notifications(&mut self);
    fn let_notifications_go(&mut self);
    fn take_dialogs(&mut self) -> Vec<Dialog>;
    fn open_sessions(&self) -> usize;
    fn released_live(&self) -> usize;
}

/// A raw call, or what happens besides. Clients, objects and registrations are counted from the
/// newest.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Initialize,
    Uninitialize,
    Answer(Answer),
    Notify {
        of_store: bool,
    },
    /// Holds notifications back, or lets them go.
    Hold,
    Logon {
        name: usize,
        flags: u32,
    },
    OfClient(usize, ClientCall),
    OfObject(usize, ObjectCall),
}

#[derive(Clone, Debug)]
pub(super) enum ClientCall {
    LastError(HResult),
    StoresTable(u32),
    StatusTable,
    OpenStore(u32),
    Advise {
        on_store: bool,
        mask: u32,
    },
    /// Also of another client's registration, or of one that is gone.
    Unadvise(usize),
    Logoff {
        flags: u32,
        reserved: u32,
    },
    /// Several calls, until one fails.
    ShutDown(RangeInclusive<usize>),
    Release,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ObjectCall {
    IsWritable,
    OpenFolder(u32),
    LogOff(u32),
    Release,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Shutdown {
    Query,
    Notify,
    Do,
}

/// Each step is made of plain bytes: strategies of steps take longer than all that is tested.
pub(super) fn sequence() -> impl Strategy<Value = (Config, Vec<Step>)> {
    let steps = prop::collection::vec(any::<[u8; 4]>(), 1..60);
    (any::<[bool; 2]>(), steps).prop_map(|([fast_shutdown, read_only], steps)| {
        let config = Config {
            fast_shutdown,
            read_only,
        };
        (config, steps.into_iter().map(step).collect())
    })
}

fn step([kind, which, how, rare]: [u8; 4]) -> Step {
    match kind % 64 {
        0 => Step::Initialize,
        1 => Step::Uninitialize,
        2..6 => Step::Answer(match how % 4 {
            0 => Answer::Accept,
            1 => Answer::Cancel,
            2 => Answer::Pick("One".into()),
            _ => Answer::Pick("No such".into()),
        }),
        6..8 => Step::Notify {
            of_store: how % 2 == 1,
        },
        8 => Step::Hold,
        9..21 => Step::Logon {
            name: usize::from(which) % NAMES.len(),
            flags: logon_flags(how, rare),
        },
        kind @ 21..51 => Step::OfClient(usize::from(which % 4), client_call(kind - 21, how, rare)),
        kind => Step::OfObject(usize::from(which % 4), object_call(kind - 51, how)),
    }
}

/// LOGON_UI, NEW_SESSION, ALLOW_OTHERS, USE_DEFAULT and NO_MAIL; and rarely NT_SERVICE, PASSWORD_UI
/// or one that is not defined.
fn logon_flags(bits: u8, rare: u8) -> u32 {
    let no_mail = if bits & 0x80 != 0 { 0x8000 } else { 0 };
    let rare = match rare {
        255 => 0x200,
        250..255 => 0x1_0000,
        240..250 => 0x1_8000,
        230..240 => 0x2_0000,
        _ => 0,
    };
    u32::from(bits & 0x4B) | no_mail | rare
}

fn client_call(kind: u8, how: u8, rare: u8) -> ClientCall {
    match kind {
        0..2 => ClientCall::LastError(match how % 4 {
            0 => HResult::MAPI_E_USER_CANCEL,
            1 => HResult::MAPI_E_UNKNOWN_FLAGS,
            2 => HResult::MAPI_E_INVALID_PARAMETER,
            _ => HResult::MAPI_E_NOT_INITIALIZED,
        }),
        2 => ClientCall::StoresTable(u32::from(how % 2)),
        3..5 => ClientCall::StatusTable,
        // WRITE, DEFERRED_ERRORS, BEST_ACCESS and ONLINE; and rarely one that is not defined.
        5..11 => ClientCall::OpenStore(
            u32::from(how & 7) << 2 | u32::from(how & 8) << 5 | u32::from(rare > 245) << 6,
        ),
        11..17 => ClientCall::Advise {
            on_store: rare % 2 == 1,
            mask: match how % 8 {
                0..4 => EventMask::EXTENDED.bits(),
                4..6 => EventMask::CRITICAL_ERROR.bits(),
                6 => 0,
                _ => 0x400,
            },
        },
        17..20 => ClientCall::Unadvise(usize::from(how % 6)),
        20..26 => ClientCall::Logoff {
            flags: u32::from(how % 6),
            reserved: u32::from(rare > 230),
        },
        26 => ClientCall::ShutDown(usize::from(how % 3)..=usize::from(rare % 3)),
        _ => ClientCall::Release,
    }
}

fn object_call(kind: u8, how: u8) -> ObjectCall {
    match kind {
        0..4 => ObjectCall::IsWritable,
        4..7 => ObjectCall::OpenFolder(u32::from(how % 3)),
        // None of the flags, one of the five that go in, or another.
        7..9 => ObjectCall::LogOff((1 << (how % 7)) >> 1),
        _ => ObjectCall::Release,
    }
}

/// What a step comes to.
#[derive(Debug, PartialEq)]
struct Outcome {
    answer: Result<usize, HResult>,
    /// By the registrations; each has heard it in this order.
    heard: Vec<Heard>,
    dialogs: Vec<Dialog>,
    open_sessions: usize,
    released_live: usize,
}

#[derive(Debug, PartialEq)]
struct Heard {
    registration: usize,
    event: EventMask,
    hresult: HResult,
}

/// A sink that keeps what it hears.
#[derive(Clone)]
pub(super) struct Ear {
    registration: usize,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl AdviseSink for Ear {
    fn on_notify(&self, notification: &Notification) {
        let hresult = match notification {
            Notification::CriticalError(error) => error.hresult(),
            _ => HResult::S_OK,
        };
        self.heard.lock().unwrap().push(Heard {
            registration: self.registration,
            event: notification.event(),
            hresult,
        });
    }
}

/// Takes the steps of a sequence.
struct World<M: Mapi> {
    mapi: M,
    clients: Vec<M::Client>,
    objects: Vec<Object<M>>,
    registrations: Vec<Connection>,
    heard: Arc<Mutex<Vec<Heard>>>,
    is_holding: bool,
}

enum Object<M: Mapi> {
    Store(M::Store),
    Folder(M::Folder),
}

impl<M: Mapi> World<M> {
    fn new(config: &Config) -> Self {
        Self {
            mapi: M::new(config),
            clients: Vec::new(),
            objects: Vec::new(),
            registrations: Vec::new(),
            heard: Arc::default(),
            is_holding: false,
        }
    }

    fn take(&mut self, step: &Step) -> Outcome {
        let answer = self.call(step);
        let mut heard = mem::take(&mut *self.heard.lock().unwrap());
        heard.sort_by_key(|it| it.registration);
        Outcome {
            answer,
            heard,
            dialogs: self.mapi.take_dialogs(),
            open_sessions: self.mapi.open_sessions(),
            released_live: self.mapi.released_live(),
        }
    }

    fn call(&mut self, step: &Step) -> Result<usize, HResult> {
        match step {
            Step::Initialize => self.mapi.initialize()?,
            Step::Uninitialize => self.mapi.uninitialize(),
            Step::Answer(answer) => self.mapi.answer(answer.clone()),
            Step::Notify { of_store } => self.mapi.notify(*of_store, extended()),
            Step::Hold => {
                self.is_holding = !self.is_holding;
                match self.is_holding {
                    true => self.mapi.hold_notifications(),
                    false => self.mapi.let_notifications_go(),
                }
            }
            Step::Logon { name, flags } => {
                let client = self.mapi.logon(NAMES[*name], *flags)?;
                self.clients.push(client);
            }
            Step::OfClient(client, call) => {
                if let Some(client) = newest(&self.clients, *client) {
                    return self.call_client(client, call);
                }
            }
            Step::OfObject(object, call) => {
                if let Some(object) = newest(&self.objects, *object) {
                    return self.call_object(object, call);
                }
            }
        }
        Ok(0)
    }

    fn call_client(&mut self, index: usize, call: &ClientCall) -> Result<usize, HResult> {
        let (mapi, client) = (&mut self.mapi, &self.clients[index]);
        match *call {
            ClientCall::LastError(hresult) => {
                return mapi.has_last_error(client, hresult).map(usize::from);
            }
            ClientCall::StoresTable(flags) => return mapi.stores(client, flags),
            ClientCall::StatusTable => return mapi.available(client),
            ClientCall::OpenStore(flags) => {
                let store = mapi.open_store(client, flags)?;
                self.objects.push(Object::Store(store));
            }
            ClientCall::Advise { on_store, mask } => {
                let ear = Ear {
                    registration: self.registrations.len(),
                    heard: Arc::clone(&self.heard),
                };
                let connection = mapi.advise(client, on_store, mask, ear)?;
                self.registrations.push(connection);
            }
            ClientCall::Unadvise(registration) => {
                let registration = newest(&self.registrations, registration);
                let connection =
                    registration.map_or(Connection::new(0), |it| self.registrations[it]);
                mapi.unadvise(client, connection)?;
            }
            ClientCall::Logoff { flags, reserved } => mapi.logoff(client, flags, reserved)?,
            ClientCall::ShutDown(ref calls) => {
                let all = [Shutdown::Query, Shutdown::Notify, Shutdown::Do];
                let mut calls = all.get(calls.clone()).unwrap_or_default().iter();
                calls.try_for_each(|call| mapi.shut_down(client, *call))?;
            }
            ClientCall::Release => mapi.release(self.clients.remove(index)),
        }
        Ok(0)
    }

    fn call_object(&mut self, index: usize, call: &ObjectCall) -> Result<usize, HResult> {
        let (mapi, object) = (&mut self.mapi, &self.objects[index]);
        match (*call, object) {
            (ObjectCall::IsWritable, Object::Store(store)) => {
                return mapi.is_store_writable(store).map(usize::from);
            }
            (ObjectCall::IsWritable, Object::Folder(folder)) => {
                return mapi.is_folder_writable(folder).map(usize::from);
            }
            (ObjectCall::OpenFolder(flags), Object::Store(store)) => {
                let folder = mapi.open_folder(store, flags)?;
                self.objects.push(Object::Folder(folder));
            }
            (ObjectCall::LogOff(flags), Object::Store(store)) => {
                return Ok(mapi.log_store_off(store, flags)? as usize);
            }
            (ObjectCall::Release, _) => match self.objects.remove(index) {
                Object::Store(store) => mapi.release_store(store),
                Object::Folder(folder) => mapi.release_folder(folder),
            },
            (_, Object::Folder(_)) => {}
        }
        Ok(0)
    }

    /// Releases everything.
    fn end(&mut self) -> Outcome {
        if self.is_holding {
            self.mapi.let_notifications_go();
        }
        while !self.clients.is_empty() {
            let _ = self.call_client(0, &ClientCall::Release);
        }
        while !self.objects.is_empty() {
            let _ = self.call_object(0, &ObjectCall::Release);
        }
        self.take(&Step::Uninitialize)
    }
}

/// Where the one is that stands so many before the last.
fn newest<T>(all: &[T], before: usize) -> Option<usize> {
    all.len().checked_sub(before + 1)
}

fn extended() -> Notification {
    Notification::Extended(ExtendedEvent::new(0, []))
}

/// Takes all the steps on a subsystem and on the model. Gives the subsystem, when everything is
/// released.
pub(super) fn compare<M: Mapi>(config: &Config, steps: &[Step]) -> Result<M, TestCaseError> {
    let (mut real, mut model) = (World::<M>::new(config), World::<Model>::new(config));
    // Most sequences are about sessions.
    for step in [Step::Initialize].iter().chain(steps) {
        prop_assert_eq!(real.take(step), model.take(step), "{:?}", step);
    }
    prop_assert_eq!(real.end(), model.end());
    Ok(real.mapi)
}

/// As many sequences as the environment asks for, or else so many.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    let asked_for = std::env::var("MODEL_CASES").ok();
    ProptestConfig {
        cases: asked_for.map_or(cases, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..Default::default()
    }
}

/// The rules in the plainest form that they can be written in. Nothing is ever forgotten.
#[derive(Default)]
struct Model {
    fast_shutdown: bool,
    read_only: bool,
    initialized: usize,
    answers: VecDeque<Answer>,
    dialogs: Vec<Dialog>,
    released_live: usize,
    sessions: Vec<ModelSession>,
    clients: Vec<ModelClient>,
    objects: Vec<ModelObject>,
    registrations: Vec<ModelRegistration>,
    is_holding: bool,
    late: Vec<(Ear, Notification)>,
}

struct ModelSession {
    profile: String,
    shared: bool,
    closing: bool,
    /// Its store was released, and is not open again (O6).
    store_released: bool,
}

struct ModelClient {
    session: usize,
    live: bool,
    no_mail: bool,
    last_error: Option<HResult>,
    shutdown_calls: usize,
}

struct ModelObject {
    client: usize,
    released: bool,
    logged_off: bool,
    /// MDB_ONLINE, where the provider has opened it.
    online: Option<bool>,
    writable: bool,
    /// Of the store that it is, or is in: one, however often it was opened (O5).
    store_writable: bool,
    deferred: Option<HResult>,
}

struct ModelRegistration {
    client: usize,
    cancelled: bool,
    on_store: bool,
    mask: EventMask,
    ear: Ear,
}

impl Mapi for Model {
    type Client = usize;
    type Store = usize;
    type Folder = usize;

    fn new(config: &Config) -> Self {
        Self {
            fast_shutdown: config.fast_shutdown,
            read_only: config.read_only,
            ..Self::default()
        }
    }

    fn initialize(&mut self) -> Result<(), HResult> {
        self.initialized += 1;
        Ok(())
    }

    // I2
    fn uninitialize(&mut self) {
        self.initialized = self.initialized.saturating_sub(1);
    }

    // I1, L1, L2, L5, L7, L12, L13, S1, S2, S3, S6
    fn logon(&mut self, name: Option<&str>, flags: u32) -> Result<usize, HResult> {
        self.check_initialized()?;
        if flags & 0x200 != 0 {
            return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
        }
        let has = |flag: u32| flags & flag != 0;
        let (ui, new, others, default) = (has(1), has(2), has(8), has(0x40));
        let (no_mail, service, password_ui) = (has(0x8000), has(0x1_0000), has(0x2_0000));
        if ui && password_ui || service {
            return Err(HResult::MAPI_E_INVALID_PARAMETER);
        }
        let mut open = (0..self.sessions.len()).filter(|session| self.is_open(*session));
        let first = open.find(|session| self.sessions[*session].shared);
        if let Some(session) = first.filter(|&first| !new && !self.sessions[first].closing) {
            return Ok(self.add_client(session, no_mail));
        }
        let name = name.filter(|name| !name.is_empty());
        if name == Some(" bad") {
            return Err(HResult::MAPI_E_LOGON_FAILED);
        }
        let wanted = name.or(default.then_some(DEFAULT));
        let profile = match wanted.filter(|name| KNOWN.contains(name)) {
            Some(name) => name.into(),
            None if !ui => return Err(HResult::MAPI_E_LOGON_FAILED),
            None => match self.ask(Question::ChooseProfile {
                offered: KNOWN.map(String::from).into(),
            }) {
                Answer::Cancel => return Err(HResult::MAPI_E_USER_CANCEL),
                Answer::Pick(name) if KNOWN.contains(&&*name) => name,
                _ => return Err(HResult::MAPI_E_LOGON_FAILED),
            },
        };
        if self.open_sessions() >= SESSION_LIMIT {
            return Err(HResult::MAPI_E_LOGON_FAILED);
        }
        self.sessions.push(ModelSession {
            profile,
            shared: others,
            closing: false,
            store_released: false,
        });
        Ok(self.add_client(self.sessions.len() - 1, no_mail))
    }

    // M10
    fn has_last_error(&mut self, client: &usize, of: HResult) -> Result<bool, HResult> {
        self.check_live(*client)?;
        Ok(self.clients[*client].last_error == Some(of))
    }

    // M1
    fn stores(&mut self, client: &usize, flags: u32) -> Result<usize, HResult> {
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            match flags {
                0 => Ok(usize::from(model.has_store(*client))),
                _ => Err(HResult::MAPI_E_UNKNOWN_FLAGS),
            }
        })
    }

    // L11, S4: of MAPI's own rows, the spooler's is about mail.
    fn available(&mut self, client: &usize) -> Result<usize, HResult> {
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            let (store, mail) = (model.has_store(*client), !model.clients[*client].no_mail);
            let session = &model.sessions[model.clients[*client].session];
            let has_row = store && !session.store_released;
            Ok(2 + [mail, has_row, store && mail]
                .map(usize::from)
                .iter()
                .sum::<usize>())
        })
    }

    // M2, O5
    fn open_store(&mut self, client: &usize, flags: u32) -> Result<usize, HResult> {
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            if flags & 0x40 != 0 {
                return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
            }
            if !model.has_store(*client) {
                return Err(HResult::MAPI_E_NOT_FOUND);
            }
            let (write, best) = (flags & 4 != 0, flags & 0x10 != 0);
            let (deferred, online) = (flags & 8 != 0, flags & 0x100 != 0);
            let session = model.clients[*client].session;
            let open = model.find_open(session);
            let refusal = match open {
                Some(open) if open.online != Some(online) => Some(HResult::MAPI_E_FAILONEPROVIDER),
                None if write && model.read_only => Some(HResult::MAPI_E_NO_ACCESS),
                _ => None,
            };
            let asked_for = (write || best) && !model.read_only;
            let writable = open.map_or(asked_for, |it| it.store_writable);
            if let Some(refusal) = refusal.filter(|_| !deferred) {
                return Err(refusal);
            }
            let opened = refusal.is_none();
            if opened {
                model.sessions[session].store_released = false;
            }
            Ok(model.add_object(ModelObject {
                client: *client,
                released: false,
                logged_off: false,
                online: opened.then_some(online),
                writable: opened && writable,
                store_writable: writable,
                deferred: refusal,
            }))
        })
    }

    // N1, N10
    fn advise(
        &mut self,
        client: &usize,
        on_store: bool,
        mask: u32,
        ear: Ear,
    ) -> Result<Connection, HResult> {
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            if mask == 0x400 {
                return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
            }
            let session = &model.sessions[model.clients[*client].session];
            if on_store && (!model.has_store(*client) || session.store_released) {
                return Err(HResult::MAPI_E_UNKNOWN_ENTRYID);
            }
            let always = match on_store {
                true => EventMask::empty(),
                false => EventMask::CRITICAL_ERROR,
            };
            model.registrations.push(ModelRegistration {
                client: *client,
                cancelled: false,
                on_store,
                mask: EventMask::from(mask) | always,
                ear,
            });
            Ok(Connection::new(model.registrations.len() as u64))
        })
    }

    // N7
    fn unadvise(&mut self, client: &usize, connection: Connection) -> Result<(), HResult> {
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            let number = (connection.get() as usize).checked_sub(1);
            let registration = number.map(|number| &mut model.registrations[number]);
            match registration.filter(|it| it.client == *client && !it.cancelled) {
                Some(registration) => registration.cancelled = true,
                None => return Err(HResult::MAPI_E_NOT_FOUND),
            }
            Ok(())
        })
    }

    // E6, E7, E8
    fn logoff(&mut self, client: &usize, flags: u32, reserved: u32) -> Result<(), HResult> {
        if self.initialized == 0 && self.clients[*client].live {
            self.leave(*client, false);
            return Err(HResult::MAPI_E_NOT_INITIALIZED);
        }
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            if flags & !LogoffFlags::all().bits() != 0 {
                return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
            }
            if reserved != 0 {
                return Err(HResult::MAPI_E_INVALID_PARAMETER);
            }
            if flags & 2 != 0 && model.ask(Question::ConfirmLogoff) != Answer::Accept {
                return Err(HResult::MAPI_E_USER_CANCEL);
            }
            model.leave(*client, flags & 1 != 0);
            Ok(())
        })
    }

    // F1
    fn shut_down(&mut self, client: &usize, call: Shutdown) -> Result<(), HResult> {
        self.recorded(*client, |model| {
            model.check_live(*client)?;
            let calls = &mut model.clients[*client].shutdown_calls;
            if *calls < call as usize {
                return Err(HResult::MAPI_E_CALL_FAILED);
            }
            *calls = (*calls).max(call as usize + 1);
            if let Shutdown::Do = call {
                model.leave(*client, false);
            }
            Ok(())
        })
    }

    // E11
    fn release(&mut self, client: usize) {
        if self.clients[client].live {
            self.released_live += 1;
            self.leave(client, false);
        }
    }

    fn is_store_writable(&mut self, store: &usize) -> Result<bool, HResult> {
        self.check_usable(*store)?;
        Ok(self.objects[*store].writable)
    }

    fn is_folder_writable(&mut self, folder: &usize) -> Result<bool, HResult> {
        self.is_store_writable(folder)
    }

    // M14
    fn open_folder(&mut self, store: &usize, flags: u32) -> Result<usize, HResult> {
        self.check_usable(*store)?;
        let store = &self.objects[*store];
        let writable = match flags {
            0 => false,
            1 if store.writable => true,
            1 => return Err(HResult::MAPI_E_NO_ACCESS),
            _ => false,
        };
        Ok(self.add_object(ModelObject {
            client: store.client,
            released: false,
            logged_off: false,
            online: store.online,
            writable,
            store_writable: store.store_writable,
            deferred: None,
        }))
    }

    // T1
    fn log_store_off(&mut self, store: &usize, flags: u32) -> Result<u32, HResult> {
        self.check_usable(*store)?;
        if ![1, 2, 4, 8, 0x10].contains(&flags) {
            return Err(HResult::MAPI_E_INVALID_PARAMETER);
        }
        self.objects[*store].logged_off = true;
        Ok(StoreLogoffFlags::COMPLETE.bits())
    }

    // O3, O6
    fn release_store(&mut self, store: usize) {
        let client = &self.clients[self.objects[store].client];
        let (session, live) = (client.session, client.live);
        let was_open = self.find_open(session).is_some();
        self.objects[store].released = true;
        if live && was_open && self.find_open(session).is_none() {
            self.sessions[session].store_released = true;
        }
    }

    fn release_folder(&mut self, folder: usize) {
        self.release_store(folder);
    }

    fn answer(&mut self, answer: Answer) {
        self.answers.push_back(answer);
    }

    fn notify(&mut self, of_store: bool, event: Notification) {
        self.tell(|registration, _| registration.on_store == of_store, &event);
    }

    fn hold_notifications(&mut self) {
        self.is_holding = true;
    }

    // N8
    fn let_notifications_go(&mut self) {
        self.is_holding = false;
        for (ear, event) in self.late.drain(..) {
            ear.on_notify(&event);
        }
    }

    fn take_dialogs(&mut self) -> Vec<Dialog> {
        mem::take(&mut self.dialogs)
    }

    // S5
    fn open_sessions(&self) -> usize {
        let sessions = 0..self.sessions.len();
        sessions.filter(|session| self.is_open(*session)).count()
    }

    fn released_live(&self) -> usize {
        self.released_live
    }
}

impl Model {
    // I1
    fn check_initialized(&self) -> Result<(), HResult> {
        match self.initialized {
            0 => Err(HResult::MAPI_E_NOT_INITIALIZED),
            _ => Ok(()),
        }
    }

    // E1
    fn check_live(&self, client: usize) -> Result<(), HResult> {
        self.check_initialized()?;
        match self.clients[client].live {
            true => Ok(()),
            false => Err(HResult::MAPI_E_INVALID_OBJECT),
        }
    }

    // O2
    fn check_usable(&self, object: usize) -> Result<(), HResult> {
        let object = &self.objects[object];
        self.check_live(object.client)?;
        if object.logged_off {
            return Err(HResult::MAPI_E_INVALID_OBJECT);
        }
        object.deferred.map_or(Ok(()), Err)
    }

    // M10
    fn recorded<T>(
        &mut self,
        client: usize,
        call: impl FnOnce(&mut Self) -> Result<T, HResult>,
    ) -> Result<T, HResult> {
        let result = call(self);
        if let Err(hresult) = result {
            self.clients[client].last_error = Some(hresult);
        }
        result
    }

    fn is_open(&self, session: usize) -> bool {
        let mut clients = self.clients.iter();
        clients.any(|client| client.live && client.session == session)
    }

    fn has_store(&self, client: usize) -> bool {
        self.sessions[self.clients[client].session].profile == STORE[0]
    }

    /// What a session has open of the store, the store or what is in it (M2, O3).
    fn find_open(&self, session: usize) -> Option<&ModelObject> {
        self.objects.iter().find(|object| {
            let client = &self.clients[object.client];
            let is_open = client.live && !object.released && object.online.is_some();
            is_open && client.session == session
        })
    }

    fn add_client(&mut self, session: usize, no_mail: bool) -> usize {
        self.clients.push(ModelClient {
            session,
            live: true,
            no_mail,
            last_error: None,
            shutdown_calls: 0,
        });
        self.clients.len() - 1
    }

    fn add_object(&mut self, object: ModelObject) -> usize {
        self.objects.push(object);
        self.objects.len() - 1
    }

    fn ask(&mut self, question: Question) -> Answer {
        let parent = UiParam::NONE;
        self.dialogs.push(Dialog::new(question, parent));
        self.answers.pop_front().unwrap_or(Answer::Cancel)
    }

    // E3, E4, E5, N2, N3, N4, S6
    fn leave(&mut self, leaver: usize, logoff_shared: bool) {
        self.clients[leaver].live = false;
        let session = self.clients[leaver].session;
        if !self.sessions[session].shared {
            return;
        }
        self.sessions[session].closing |= logoff_shared;
        let every_session = self.fast_shutdown;
        if logoff_shared {
            let end_of_session =
                Notification::CriticalError(CriticalError::new(HResult::MAPI_E_END_OF_SESSION));
            let is_meant =
                |it: &ModelRegistration, of| !it.on_store && (of == session || every_session);
            self.tell(is_meant, &end_of_session);
        }
        self.tell(|it, of| !it.on_store && of == session, &extended());
    }

    /// Tells the registrations that are meant, by themselves and their sessions.
    fn tell(&mut self, is_meant: impl Fn(&ModelRegistration, usize) -> bool, event: &Notification) {
        for registration in &self.registrations {
            let client = &self.clients[registration.client];
            if !client.live || registration.cancelled || !is_meant(registration, client.session) {
                continue;
            }
            if !registration.mask.contains(event.event()) {
                continue;
            }
            match self.is_holding {
                true => self.late.push((registration.ear.clone(), event.clone())),
                false => registration.ear.on_notify(event),
            }
        }
    }
}
