//! Logging on (MAPILogonEx): whose turn it is, which profile, a session of one's own or a shared
//! one.

use std::sync::Arc;
use std::time::Instant;

use super::profiles::{StoredProfile, check_name};
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
enum Decision {
    Join(Arc<MapiSession>),
    Open(Arc<StoredProfile>),
}

/// Why a logon comes to nothing yet.
enum Obstacle {
    Ask(Choice),
    Refused(Failure),
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
        self.check_initialized()?;
        let flags = LogonFlags::from(flags);
        check(flags, password)?;
        let named = profile.filter(|name| !name.is_empty());

        let mut state = self.state.lock();
        if !state.turn.is_open() {
            self.wait_for_turn(&mut state, flags)?;
            self.check_initialized()?;
        }
        let picked;
        let mut asked_for = named;
        let decision = match state.decide(named, flags) {
            Ok(decision) => decision,
            Err(Obstacle::Refused(failure)) => return Err(failure),
            Err(Obstacle::Ask(choice)) => {
                let answer;
                (state, answer) = self.ask_for_profile(state, choice, parent);
                self.check_initialized()?;
                picked = answer?;
                asked_for = Some(&picked);
                state.decide(asked_for, flags - LogonFlags::LOGON_UI)?
            }
        };
        let joined = matches!(decision, Decision::Join(_));
        // The session object before the events: should a subscriber panic, it is released.
        let client = match decision {
            Decision::Join(session) => {
                let id = state.join(&session);
                drop(state);
                Client::shared(Arc::clone(self), id, session)
            }
            Decision::Open(profile) if flags.contains(LogonFlags::ALLOW_OTHERS) => {
                let (id, session) = state.open_shared(profile, self.options.session_limit)?;
                drop(state);
                Client::shared(Arc::clone(self), id, session)
            }
            Decision::Open(profile) => {
                let id = state.open(&profile, self.options.session_limit)?;
                drop(state);
                Client::individual(Arc::clone(self), id, profile)
            }
        };
        let session = MemorySession { client };
        tracing::debug!(client = ?session.client, ?flags, "logged on");
        if joined {
            warn_of_join(asked_for, session.client.profile().name());
        }
        Ok(Success::new(session))
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

    /// Shows the dialog with the lock released, and with the turn kept.
    #[cold]
    fn ask_for_profile<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        choice: Choice,
        parent: UiParam,
    ) -> (MutexGuard<'a, State>, Result<String, Failure>) {
        state.turn.take();
        drop(state);
        let question = Question::ChooseProfile {
            offered: choice.offered.clone(),
            preselected: choice.preselected.clone(),
        };
        let answer = self.user.ask(question, parent);
        let picked = answer.and_then(|picked| choice.settled_by(picked));
        let mut state = self.state.lock();
        state.turn.give_back();
        self.turn_given_back.notify_all();
        (state, picked)
    }
}

/// A join under another profile's name is what MAPI does, and rarely what was meant (S2).
fn warn_of_join(asked_for: Option<&str>, joined: &str) {
    if let Some(name) = asked_for.filter(|name| *name != joined) {
        tracing::warn!(
            asked_for = name,
            joined,
            "a logon without MAPI_NEW_SESSION joined a shared session of another profile"
        );
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

/// One that may not ask, and would have to.
impl From<Obstacle> for Failure {
    fn from(obstacle: Obstacle) -> Self {
        match obstacle {
            Obstacle::Refused(failure) => failure,
            Obstacle::Ask(_) => HResult::MAPI_E_LOGON_FAILED.into(),
        }
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

fn failed(reason: String) -> Failure {
    Failure::new(HResult::MAPI_E_LOGON_FAILED).because(reason)
}

impl State {
    /// S2, L1, L2, L5.
    #[inline]
    fn decide(&self, named: Option<&str>, flags: LogonFlags) -> Result<Decision, Obstacle> {
        if !flags.contains(LogonFlags::NEW_SESSION) {
            if let Some(session) = self.joinable() {
                return Ok(Decision::Join(Arc::clone(session)));
            }
        }
        let by_default = flags.contains(LogonFlags::USE_DEFAULT);
        let wanted = named.or_else(|| self.profiles.default().filter(|_| by_default));
        match wanted.and_then(|name| self.profiles.find(name)) {
            Some(profile) => Ok(Decision::Open(Arc::clone(profile))),
            None => Err(self.obstacle(named, flags)),
        }
    }

    /// What keeps a logon from its profile.
    #[cold]
    fn obstacle(&self, named: Option<&str>, flags: LogonFlags) -> Obstacle {
        if let Some(Err(fault)) = named.map(check_name) {
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
            Some(name) => format!("there is no profile {name:?}"),
            None if flags.contains(LogonFlags::USE_DEFAULT) => "there is no default profile".into(),
            None if flags.contains(LogonFlags::NEW_SESSION) => {
                "no profile is named, and neither MAPI_USE_DEFAULT nor MAPI_LOGON_UI is set".into()
            }
            None => "no shared session is open, and no profile is named".into(),
        }))
    }
}
