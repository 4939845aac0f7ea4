//! Logging on (MAPILogonEx): whose turn it is, which profile, a session of one's own or a shared
//! one.

use std::sync::Arc;
use std::time::Instant;

use super::profiles::{StoredProfile, check_name};
use super::resources::Resources;
use super::sharing::{Client, MapiSession};
use super::users::Question;
use super::{MemorySession, State, System, check_flags};
use crate::subsystem::{Failure, RawResult, Success};
use crate::sync::{MutexGuard, ThreadId, current_thread};
use crate::{HResult, LogonFlags, ProfileFlags, UiParam};

/// Whose turn it is to log on (L8). Taken only while a logon shows a dialog: any other logon is
/// one acquisition of the state's lock.
#[derive(Default)]
pub(super) struct Turn {
    owner: Option<ThreadId>,
    /// A logon can run inside another one of its thread, as it could under a Windows mutex.
    depth: usize,
}

impl Turn {
    #[inline]
    fn is_open(&self) -> bool {
        match self.owner {
            None => true,
            Some(owner) => owner == current_thread().id(),
        }
    }

    fn take(&mut self) {
        self.owner = Some(current_thread().id());
        self.depth += 1;
    }

    fn give_back(&mut self) {
        self.depth -= 1;
        if self.depth == 0 {
            self.owner = None;
        }
    }
}

/// What a logon comes to, as things stand.
enum Decision<'a> {
    Join(&'a Arc<MapiSession>),
    Open(&'a Arc<StoredProfile>),
}

/// Why a logon comes to nothing yet.
enum Obstacle {
    Ask(Choice),
    Start(Opened),
    Refused(Failure),
}

/// A session that is counted in, and whose providers have to be called before it begins.
struct Opened {
    id: u64,
    profile: Arc<StoredProfile>,
}

/// What the user can choose from.
struct Choice {
    offered: Vec<String>,
    preselected: Option<String>,
}

impl System {
    pub(super) fn logon(
        self: &Arc<Self>,
        parent: UiParam,
        profile: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<MemorySession> {
        let flags = LogonFlags::from(flags);
        let named = profile.unwrap_or_default();

        let mut state = self.state.lock();
        // Under the lock: a logon that comes after a dialog also comes after what happened in it.
        self.check_initialized()?;
        check(flags, password)?;
        if !state.turn.is_open() {
            self.wait_for_turn(&mut state, flags)?;
            self.check_initialized()?;
        }
        match self.admit(state, named, flags) {
            Ok(session) => Ok(Success::new(session)),
            Err(Obstacle::Ask(choice)) => self.admit_as_picked(choice, parent, flags),
            Err(Obstacle::Start(opened)) => self.start(opened, parent, flags),
            Err(Obstacle::Refused(failure)) => Err(failure),
        }
    }

    /// Decides, and makes the session object. Where others' code has to run first, the user's or
    /// the providers', the turn is taken.
    #[inline(always)]
    fn admit(
        self: &Arc<Self>,
        mut state: MutexGuard<'_, State>,
        named: &str,
        flags: LogonFlags,
    ) -> Result<MemorySession, Obstacle> {
        let client = match state.decide(named, flags) {
            Ok(Decision::Open(profile)) => {
                let profile = Arc::clone(profile);
                let id = state.open(&profile, self.options.session_limit)?;
                if !profile.is_quiet() {
                    state.turn.take();
                    return Err(Obstacle::Start(Opened { id, profile }));
                }
                if flags.contains(LogonFlags::ALLOW_OTHERS) {
                    let session = MapiSession::new(profile, id, Resources::default());
                    state.share(&session);
                    drop(state);
                    Client::shared(Arc::clone(self), id, session, no_mail(flags))
                } else {
                    drop(state);
                    let resources = Resources::default();
                    Client::individual(Arc::clone(self), id, profile, resources, no_mail(flags))
                }
            }
            Ok(Decision::Join(session)) => {
                let session = Arc::clone(session);
                return Ok(self.join(state, session, named, flags));
            }
            Err(obstacle) => {
                if let Obstacle::Ask(_) = obstacle {
                    state.turn.take();
                }
                return Err(obstacle);
            }
        };
        trace!(DEBUG, ?client, ?flags, "logged on");
        Ok(MemorySession { client })
    }

    /// Shows the dialog with no lock held, and with the turn kept.
    #[cold]
    fn admit_as_picked(
        self: &Arc<Self>,
        choice: Choice,
        parent: UiParam,
        flags: LogonFlags,
    ) -> RawResult<MemorySession> {
        let question = Question::ChooseProfile {
            offered: choice.offered.clone(),
            preselected: choice.preselected.clone(),
        };
        let answer = self.user.ask(question, parent);
        let state = self.give_turn_back();
        self.check_initialized()?;
        let picked = answer.and_then(|picked| choice.settled_by(picked))?;
        match self.admit(state, &picked, flags - LogonFlags::LOGON_UI) {
            Ok(session) => Ok(Success::new(session)),
            Err(Obstacle::Start(opened)) => self.start(opened, parent, flags),
            Err(Obstacle::Refused(failure)) => Err(failure),
            // One that may not ask.
            Err(Obstacle::Ask(_)) => Err(HResult::MAPI_E_LOGON_FAILED.into()),
        }
    }

    /// Logs the providers on (L9, L10), with no lock held, and with the turn kept.
    #[cold]
    fn start(
        self: &Arc<Self>,
        Opened { id, profile }: Opened,
        parent: UiParam,
        flags: LogonFlags,
    ) -> RawResult<MemorySession> {
        let (system, resources) = (Arc::clone(self), Resources::default());
        let shared = flags.contains(LogonFlags::ALLOW_OTHERS);
        let (session, to_share) = if shared {
            let shared = MapiSession::new(profile, id, resources);
            let client = Client::shared(system, id, Arc::clone(&shared), no_mail(flags));
            (MemorySession { client }, Some(shared))
        } else {
            let client = Client::individual(system, id, profile, resources, no_mail(flags));
            (MemorySession { client }, None)
        };
        let client = &session.client;
        let dialogs = flags.contains(LogonFlags::LOGON_UI);
        let dialogs = dialogs.then_some((&self.user, parent));
        client.resources().start(client.profile(), dialogs);

        let mut state = self.give_turn_back();
        if let Err(failure) = self.check_initialized() {
            drop(state);
            return Err(client.end_without_library(failure));
        }
        if let Some(shared) = &to_share {
            state.share(shared);
        }
        drop(state);
        trace!(DEBUG, ?client, ?flags, "logged on");
        Ok(Success::new(session))
    }

    /// S2.
    #[inline(never)]
    fn join(
        self: &Arc<Self>,
        mut state: MutexGuard<'_, State>,
        session: Arc<MapiSession>,
        asked_for: &str,
        flags: LogonFlags,
    ) -> MemorySession {
        let id = state.join(&session);
        drop(state);
        let client = Client::shared(Arc::clone(self), id, session, no_mail(flags));
        let session = MemorySession { client };
        trace!(DEBUG, client = ?session.client, "joined a shared session");
        let joined = session.client.profile().name();
        if !asked_for.is_empty() && asked_for != joined {
            // What MAPI does, and rarely what was meant.
            trace!(
                WARN,
                asked_for,
                joined,
                "a logon without MAPI_NEW_SESSION joined a shared session of another profile"
            );
        }
        session
    }

    /// After others' code has run. What panics in it has been contained.
    fn give_turn_back(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock();
        state.turn.give_back();
        self.turn_given_back.notify_all();
        state
    }

    /// L8.
    #[cold]
    fn wait_for_turn(
        &self,
        state: &mut MutexGuard<'_, State>,
        flags: LogonFlags,
    ) -> Result<(), Failure> {
        let patience = self.options.logon_timeout;
        let deadline = match flags.contains(LogonFlags::TIMEOUT_SHORT) {
            true => Instant::now().checked_add(patience),
            false => None,
        };
        while !state.turn.is_open() {
            let Some(deadline) = deadline else {
                self.turn_given_back.wait(state);
                continue;
            };
            let timed_out = self.turn_given_back.wait_until(state, deadline).timed_out();
            if timed_out && !state.turn.is_open() {
                return Err(Failure::new(HResult::MAPI_E_TIMEOUT).because(format!(
                    "another logon is still in progress after {patience:?}"
                )));
            }
        }
        Ok(())
    }
}

impl Choice {
    fn settled_by(self, picked: Option<String>) -> Result<String, Failure> {
        match picked {
            None => self.preselected.ok_or_else(|| {
                failed("the user accepted the choice of a profile with none chosen".into())
            }),
            Some(name) if self.offered.contains(&name) => Ok(name),
            Some(name) => Err(failed(format!(
                "the user picked {name:?}, and the dialog offered {:?}",
                self.offered
            ))),
        }
    }
}

impl From<Failure> for Obstacle {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

/// L6, L7, L12.
#[inline]
fn check(flags: LogonFlags, password: Option<&str>) -> Result<(), Failure> {
    check_flags(&flags)?;
    let invalid = |reason| Err(Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(reason));
    if flags.contains(LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI) {
        return invalid("MAPI_LOGON_UI and MAPI_PASSWORD_UI exclude each other");
    }
    if flags.contains(LogonFlags::NT_SERVICE) && !flags.contains(LogonFlags::NO_MAIL) {
        return invalid("MAPI_NT_SERVICE goes with MAPI_NO_MAIL, which is not set");
    }
    match password {
        None => Ok(()),
        Some(_) => Err(failed("a password was passed, and it must be null".into())),
    }
}

fn no_mail(flags: LogonFlags) -> bool {
    flags.contains(LogonFlags::NO_MAIL)
}

fn failed(reason: String) -> Failure {
    Failure::new(HResult::MAPI_E_LOGON_FAILED).because(reason)
}

impl State {
    /// S2, L1, L2, L5.
    #[inline]
    fn decide(&self, named: &str, flags: LogonFlags) -> Result<Decision<'_>, Obstacle> {
        if !flags.contains(LogonFlags::NEW_SESSION) {
            if let Some(session) = self.joinable() {
                return Ok(Decision::Join(session));
            }
        }
        let found = match named {
            "" if flags.contains(LogonFlags::USE_DEFAULT) => self.profiles.find_default(),
            "" => None,
            name => self.profiles.find(name),
        };
        match found {
            Some(profile) => Ok(Decision::Open(profile)),
            None => Err(self.obstacle(named, flags)),
        }
    }

    /// What keeps a logon from its profile.
    #[cold]
    fn obstacle(&self, named: &str, flags: LogonFlags) -> Obstacle {
        if let (false, Err(fault)) = (named.is_empty(), check_name(named)) {
            return Obstacle::Refused(failed(fault));
        }
        if flags.contains(LogonFlags::LOGON_UI) {
            let mut listed = ProfileFlags::empty();
            listed.set(
                ProfileFlags::APP_PROFILE,
                flags.contains(LogonFlags::APP_PROFILE),
            );
            return Obstacle::Ask(Choice {
                offered: self.profiles.names(listed),
                preselected: self.profiles.default().map(Into::into),
            });
        }
        Obstacle::Refused(failed(match named {
            "" if flags.contains(LogonFlags::USE_DEFAULT) => "there is no default profile".into(),
            "" if flags.contains(LogonFlags::NEW_SESSION) => {
                "no profile is named, and neither MAPI_USE_DEFAULT nor MAPI_LOGON_UI is set".into()
            }
            "" => "no shared session is open, and no profile is named".into(),
            name => format!("there is no profile {name:?}"),
        }))
    }
}
