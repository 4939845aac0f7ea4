//! Random sequences of raw calls, on Memory and on a naive model of the rules I, L, S, N and E; what
//! both answer is compared after every step.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc::{self, Receiver};

use mapi_session::memory::{Answer, Memory, MemorySession, Profile, Store};
use mapi_session::subsystem::{Failure, RawSession, Subsystem};
use mapi_session::{Connection, EventMask, HResult, Notification, UiParam};
use proptest::prelude::*;

const NAMES: [Option<&str>; 4] = [None, Some("One"), Some("Two"), Some("No such")];
const SESSION_LIMIT: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Initialize,
    Uninitialize,
    Answer(Answer),
    Logon {
        name: usize,
        flags: u32,
    },
    Advise {
        client: usize,
        mask: u32,
    },
    Unadvise {
        client: usize,
    },
    Table {
        client: usize,
    },
    Logoff {
        client: usize,
        flags: u32,
        reserved: u32,
    },
    Release {
        client: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let client = 0..6_usize;
    // LOGON_UI, NEW_SESSION, ALLOW_OTHERS, USE_DEFAULT, and rarely one that is not defined.
    let logon_flags = (any::<u8>(), 0..20_u8).prop_map(|(bits, rare)| {
        let undefined = if rare == 0 { 0x200 } else { 0 };
        u32::from(bits) & 0x4B | undefined
    });
    let mask = prop_oneof![Just(0), Just(EventMask::EXTENDED.bits()), Just(0x400)];
    let answer = prop_oneof![
        Just(Answer::Accept),
        Just(Answer::Cancel),
        Just(Answer::Pick("One".into())),
        Just(Answer::Pick("No such".into())),
    ];
    prop_oneof![
        1 => Just(Step::Initialize),
        1 => Just(Step::Uninitialize),
        3 => answer.prop_map(Step::Answer),
        8 => (0..NAMES.len(), logon_flags).prop_map(|(name, flags)| Step::Logon { name, flags }),
        4 => (client.clone(), mask).prop_map(|(client, mask)| Step::Advise { client, mask }),
        2 => client.clone().prop_map(|client| Step::Unadvise { client }),
        2 => client.clone().prop_map(|client| Step::Table { client }),
        6 => (client.clone(), 0..6_u32, 0..8_u32).prop_map(|(client, flags, reserved)| {
            Step::Logoff { client, flags, reserved: u32::from(reserved == 0) }
        }),
        3 => client.prop_map(|client| Step::Release { client }),
    ]
}

/// What a step comes to: its HRESULT, and what each client hears during it.
#[derive(Debug, PartialEq)]
struct Outcome {
    hresult: HResult,
    heard: Vec<Vec<EventMask>>,
    open_sessions: usize,
    released_live: usize,
    dialogs: usize,
}

// The real thing.

struct Real {
    memory: Memory,
    clients: Vec<Option<RealClient>>,
}

struct RealClient {
    session: MemorySession,
    registration: Option<(Connection, Receiver<Notification>)>,
}

impl Real {
    fn new() -> Self {
        let memory = Memory::builder()
            .profile(Profile::new("One").store(Store::new("Store")))
            .profile(Profile::new("Two").default_profile())
            .session_limit(SESSION_LIMIT);
        Self {
            memory: memory.build().unwrap(),
            clients: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step) -> Outcome {
        let hresult = match self.call(step) {
            Ok(()) => HResult::S_OK,
            Err(failure) => failure.hresult(),
        };
        let heard = self.clients.iter().map(|client| {
            let registration = client
                .as_ref()
                .and_then(|client| client.registration.as_ref());
            registration.map_or(Vec::new(), |(_, told)| {
                told.try_iter().map(|event| event.event()).collect()
            })
        });
        Outcome {
            hresult,
            heard: heard.collect(),
            open_sessions: self.memory.open_sessions(),
            released_live: self.memory.released_live(),
            dialogs: self.memory.user().dialogs().len(),
        }
    }

    fn call(&mut self, step: &Step) -> Result<(), Failure> {
        match step.clone() {
            Step::Initialize => drop(self.memory.initialize(0, 0)?),
            Step::Uninitialize => self.memory.uninitialize(),
            Step::Answer(answer) => self.memory.user().answer(answer),
            Step::Logon { name, flags } => {
                let logon = self
                    .memory
                    .logon_ex(UiParam::NONE, NAMES[name], None, flags)?;
                let (session, _) = logon.into_parts();
                self.clients.push(Some(RealClient {
                    session,
                    registration: None,
                }));
            }
            Step::Advise {
                client: index,
                mask,
            } => {
                let Some(client) = self.client(index) else {
                    return Ok(());
                };
                let (sink, told) = mpsc::channel();
                let connection = client.session.advise(None, mask, sink)?.into_parts().0;
                if let Some((old, _)) = client.registration.replace((connection, told)) {
                    client.session.unadvise(old)?;
                }
            }
            Step::Unadvise { client: index } => {
                let Some(client) = self.client(index) else {
                    return Ok(());
                };
                let connection = client.registration.take();
                let number = connection.map_or(Connection(0), |(connection, _)| connection);
                client.session.unadvise(number)?;
            }
            Step::Table { client: index } => {
                let Some(client) = self.client(index) else {
                    return Ok(());
                };
                client.session.msg_stores_table(0)?;
            }
            Step::Logoff {
                client: index,
                flags,
                reserved,
            } => {
                let Some(client) = self.client(index) else {
                    return Ok(());
                };
                client.session.logoff(UiParam::NONE, flags, reserved)?;
            }
            Step::Release { client: index } => {
                drop(self.clients.get_mut(index).and_then(Option::take));
            }
        }
        Ok(())
    }
}

impl Real {
    fn client(&mut self, client: usize) -> Option<&mut RealClient> {
        self.clients.get_mut(client)?.as_mut()
    }
}

// The model: the rules in the plainest form that they can be written in.

#[derive(Default)]
struct Model {
    initialized: usize,
    answers: Vec<Answer>,
    dialogs: usize,
    released_live: usize,
    sessions: Vec<ModelSession>,
    clients: Vec<Option<ModelClient>>,
}

struct ModelSession {
    shared: bool,
    closing: bool,
    clients: usize,
}

struct ModelClient {
    session: usize,
    live: bool,
    mask: Option<u32>,
    heard: Vec<EventMask>,
}

impl Model {
    fn take(&mut self, step: &Step) -> Outcome {
        let hresult = self.call(step).err().unwrap_or(HResult::S_OK);
        let heard = self.clients.iter_mut();
        let heard = heard.map(|client| {
            client
                .as_mut()
                .map_or(Vec::new(), |c| std::mem::take(&mut c.heard))
        });
        Outcome {
            hresult,
            heard: heard.collect(),
            open_sessions: self.open_sessions(),
            released_live: self.released_live,
            dialogs: self.dialogs,
        }
    }

    fn open_sessions(&self) -> usize {
        self.sessions
            .iter()
            .filter(|session| session.clients > 0)
            .count()
    }

    fn call(&mut self, step: &Step) -> Result<(), HResult> {
        match *step {
            Step::Initialize => self.initialized += 1,
            Step::Uninitialize => self.initialized = self.initialized.saturating_sub(1),
            Step::Answer(ref answer) => self.answers.push(answer.clone()),
            Step::Logon { name, flags } => self.logon(NAMES[name], flags)?,
            Step::Advise { client, mask } => {
                let Some(client) = self.usable(client)? else {
                    return Ok(());
                };
                if mask == 0x400 {
                    return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
                }
                client.mask = Some(mask);
            }
            Step::Unadvise { client } => {
                // The test forgets the number even where the call fails.
                let forgotten = self.clients.get_mut(client).and_then(Option::as_mut);
                let registered = forgotten.is_some_and(|client| client.mask.take().is_some());
                if self.usable(client)?.is_some() && !registered {
                    return Err(HResult::MAPI_E_INVALID_PARAMETER);
                }
            }
            Step::Table { client } => drop(self.usable(client)?.map(|_| ())),
            Step::Logoff {
                client,
                flags,
                reserved,
            } => self.logoff(client, flags, reserved)?,
            Step::Release { client } => {
                if self.clients.get(client).is_some_and(Option::is_some) {
                    if self.clients[client].as_ref().unwrap().live {
                        self.released_live += 1;
                        self.leave(client, false);
                    }
                    self.clients[client] = None;
                }
            }
        }
        Ok(())
    }

    // I1, E1
    fn usable(&mut self, client: usize) -> Result<Option<&mut ModelClient>, HResult> {
        let Some(Some(client)) = self.clients.get_mut(client) else {
            return Ok(None);
        };
        if self.initialized == 0 {
            return Err(HResult::MAPI_E_NOT_INITIALIZED);
        }
        if client.live {
            Ok(Some(client))
        } else {
            Err(HResult::MAPI_E_INVALID_OBJECT)
        }
    }

    // I1, L1, L2, L7, L13, S1, S2, S3, S6
    fn logon(&mut self, name: Option<&str>, flags: u32) -> Result<(), HResult> {
        if self.initialized == 0 {
            return Err(HResult::MAPI_E_NOT_INITIALIZED);
        }
        if flags & 0x200 != 0 {
            return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
        }
        let (ui, new, others, default) = (
            flags & 1 != 0,
            flags & 2 != 0,
            flags & 8 != 0,
            flags & 0x40 != 0,
        );
        let first = self
            .sessions
            .iter()
            .position(|session| session.shared && session.clients > 0);
        if let Some(session) = first.filter(|&first| !new && !self.sessions[first].closing) {
            self.sessions[session].clients += 1;
            self.add_client(session);
            return Ok(());
        }
        let known = |name: &str| ["One", "Two"].contains(&name);
        let wanted = name.or(if default { Some("Two") } else { None });
        if !wanted.is_some_and(known) {
            if !ui {
                return Err(HResult::MAPI_E_LOGON_FAILED);
            }
            match self.ask() {
                Answer::Cancel => return Err(HResult::MAPI_E_USER_CANCEL),
                Answer::Pick(name) if !known(&name) => return Err(HResult::MAPI_E_LOGON_FAILED),
                Answer::Accept | Answer::Pick(_) => {}
            }
        }
        if self.open_sessions() >= SESSION_LIMIT {
            return Err(HResult::MAPI_E_LOGON_FAILED);
        }
        self.sessions.push(ModelSession {
            shared: others,
            closing: false,
            clients: 1,
        });
        self.add_client(self.sessions.len() - 1);
        Ok(())
    }

    fn add_client(&mut self, session: usize) {
        let client = ModelClient {
            session,
            live: true,
            mask: None,
            heard: Vec::new(),
        };
        self.clients.push(Some(client));
    }

    fn ask(&mut self) -> Answer {
        self.dialogs += 1;
        if self.answers.is_empty() {
            Answer::Cancel
        } else {
            self.answers.remove(0)
        }
    }

    // E6, E7, E8
    fn logoff(&mut self, client: usize, flags: u32, reserved: u32) -> Result<(), HResult> {
        let live = self
            .clients
            .get(client)
            .and_then(Option::as_ref)
            .is_some_and(|c| c.live);
        if self.initialized == 0 && live {
            self.leave(client, false);
            return Err(HResult::MAPI_E_NOT_INITIALIZED);
        }
        if self.usable(client)?.is_none() {
            return Ok(());
        }
        if flags & !3 != 0 {
            return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
        }
        if reserved != 0 {
            return Err(HResult::MAPI_E_INVALID_PARAMETER);
        }
        if flags & 2 != 0 && self.ask() != Answer::Accept {
            return Err(HResult::MAPI_E_USER_CANCEL);
        }
        self.leave(client, flags & 1 != 0);
        Ok(())
    }

    // E3, E4, N1 to N4, S5, S6
    fn leave(&mut self, leaver: usize, logoff_shared: bool) {
        let session = self.clients[leaver].as_ref().unwrap().session;
        self.clients[leaver].as_mut().unwrap().live = false;
        self.sessions[session].clients -= 1;
        if !self.sessions[session].shared {
            return;
        }
        self.sessions[session].closing |= logoff_shared;
        let others = self.clients.iter_mut().flatten();
        for client in others.filter(|client| client.live && client.session == session) {
            let Some(mask) = client.mask else { continue };
            if logoff_shared {
                client.heard.push(EventMask::CRITICAL_ERROR);
            }
            if EventMask::from(mask).contains(EventMask::EXTENDED) {
                client.heard.push(EventMask::EXTENDED);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn memory_does_what_the_rules_say(steps in prop::collection::vec(step(), 1..60)) {
        let (mut real, mut model) = (Real::new(), Model::default());
        // Most sequences are about sessions.
        real.take(&Step::Initialize);
        model.take(&Step::Initialize);
        for step in &steps {
            prop_assert_eq!(real.take(step), model.take(step), "{:?}", step);
        }
    }
}
