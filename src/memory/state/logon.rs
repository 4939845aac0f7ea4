//! Logging on (MAPILogonEx): which profile, a session of one's own or a shared one.

use std::collections::BTreeMap;
use std::time::Duration;
use std::vec;

use super::{
    Client, ClientKey, Message, ProfileKey, ProviderKey, Refusal, Report, Result, Service, Session,
    SessionKey, State, Step, Subscribers, check_flags, quoted,
};
use crate::flags::ProfileFlags;
use crate::memory::{describe::check_name, user::Question};
use crate::sync::{ThreadId, current_thread};
use crate::{LogonFlags, UiParam};

/// How long a logon with MAPI_TIMEOUT_SHORT waits where nothing else is set.
const PATIENCE: Duration = Duration::from_secs(5);

/// The arguments of a logon.
#[derive(Clone)]
pub(crate) struct LogonCall<'a> {
    pub(crate) profile: &'a str,
    pub(crate) password: Option<&'a str>,
    pub(crate) how: How,
}

#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) parent: UiParam,
    pub(crate) flags: LogonFlags,
}

impl State {
    pub(crate) fn logon(&mut self, call: &LogonCall<'_>) -> Step<Result<ClientKey>> {
        if let Err(failure) = self
            .check_initialized()
            .and_then(|()| check(call, self.is_service))
        {
            return Step::Done(Err(failure));
        }
        match self.turn.is_open() {
            true => self.admit(call.profile, call.how, call.how.may_ask()),
            false => self.await_turn(call.profile.into(), call.how),
        }
    }

    /// Whether a logon that waits can go on.
    pub(crate) fn turn_is_open(&self) -> bool {
        self.turn.is_open()
    }

    /// Waits until another logon has ended (rule L8).
    fn await_turn(&mut self, named: String, how: How) -> Step<Result<ClientKey>> {
        let patience = self.options.logon_timeout.unwrap_or(PATIENCE);
        let is_short = how.flags.contains(LogonFlags::TIMEOUT_SHORT);
        let then = move |state: &mut Self, is_over: bool| {
            if !is_over {
                return Step::refused(Refusal::LogonTimeout(patience));
            }
            match state.check_initialized() {
                Ok(()) => state.admit(&named, how, how.may_ask()),
                Err(failure) => Step::Done(Err(failure)),
            }
        };
        Step::AwaitTurn(is_short.then_some(patience), Box::new(then))
    }

    /// Joins a session, or opens one on the profile that is named or chosen (rules S2, L1, L2, L5).
    fn admit(&mut self, named: &str, how: How, may_ask: bool) -> Step<Result<ClientKey>> {
        let flags = how.flags;
        if !flags.contains(LogonFlags::NEW_SESSION) {
            if let Some(session) = self.joinable() {
                return Step::Done(Ok(self.join(session, named, flags)));
            }
        }
        let found = match named {
            "" if flags.contains(LogonFlags::USE_DEFAULT) => self.profiles.find_default(),
            "" => None,
            name => self.profiles.find(name),
        };
        if let Some(profile) = found {
            return self.log_on_to(profile, how);
        }
        if !named.is_empty() {
            if let Err(fault) = check_name(named) {
                return Step::refused(Refusal::LogonToBadName(fault));
            }
        }
        if may_ask {
            return self.ask_for_profile(how);
        }
        Step::refused(match named {
            "" if flags.contains(LogonFlags::USE_DEFAULT) => Refusal::NoDefaultProfile,
            "" if flags.contains(LogonFlags::NEW_SESSION) => Refusal::NoProfileNamed,
            "" => Refusal::NothingToJoin,
            name => Refusal::LogonToNoProfile(quoted(name)),
        })
    }

    /// The session that a logon without MAPI_NEW_SESSION joins: the shared one that was opened
    /// first, for as long as it is open (S3), unless it is closing (S6).
    fn joinable(&self) -> Option<SessionKey> {
        let (_, key) = self.shared.first_key_value()?;
        (!self.sessions[*key].is_closing).then_some(*key)
    }

    /// Joins a shared session (rule S2).
    fn join(&mut self, session: SessionKey, asked_for: &str, flags: LogonFlags) -> ClientKey {
        let now = &mut self.sessions[session];
        now.clients += 1;
        let joined = &*self.profiles.versions[now.profile].name;
        if !asked_for.is_empty() && asked_for != joined {
            let joined = joined.into();
            self.report(Report::JoinedOtherProfile {
                asked_for: asked_for.into(),
                joined,
            });
        }
        self.add_client(session, flags)
    }

    fn add_client(&mut self, session: SessionKey, flags: LogonFlags) -> ClientKey {
        self.last_client += 1;
        let number = self.last_client;
        self.clients
            .insert_with(|| Client::new(number, session, flags))
    }

    /// Opens a session on a profile that is named or chosen; where each message service is to show its
    /// configuration, once all have (rule L14).
    fn log_on_to(&mut self, profile: ProfileKey, how: How) -> Step<Result<ClientKey>> {
        if !how.flags.contains(LogonFlags::SERVICE_UI_ALWAYS) {
            return self.open_session(profile, how);
        }
        let profile = &self.profiles.versions[profile];
        let (name, services) = (profile.name.clone(), profile.services.clone());
        self.turn.take();
        let shown = self.show_services(name.clone(), services.into_iter(), how.parent);
        shown.then(self, move |state, shown| {
            state.give_turn_back();
            if let Err(failure) = shown.and_then(|()| state.check_initialized()) {
                return Step::Done(Err(failure));
            }
            // The profile may have changed meanwhile.
            match state.profiles.find(&name) {
                Some(profile) => state.open_session(profile, how),
                None => Step::refused(Refusal::LogonToNoProfile(quoted(&name))),
            }
        })
    }

    /// Shows the user one service's configuration after the other.
    fn show_services(
        &mut self,
        profile: Box<str>,
        mut rest: vec::IntoIter<Service>,
        parent: UiParam,
    ) -> Step<Result<()>> {
        let Some(service) = rest.next() else {
            return Step::Done(Ok(()));
        };
        let question = Question::ConfigureService {
            read_only: false,
            service: service.display_name,
        };
        Step::ask(question, parent, move |state, answer| match answer {
            Ok(_) => {
                state.profiles.set_configured(&profile, service.uid);
                state.show_services(profile, rest, parent)
            }
            Err(failure) => Step::Done(Err(failure)),
        })
    }

    /// Opens a session, unless too many are open (rule L13).
    fn open_session(&mut self, profile: ProfileKey, how: How) -> Step<Result<ClientKey>> {
        if let Some(limit) = self.options.session_limit {
            if self.sessions.len() >= limit {
                return Step::refused(Refusal::TooManySessions(limit));
            }
        }
        let now = &mut self.profiles.versions[profile];
        now.sessions += 1;
        let has_calls = now.has_calls;
        let serial = self.last_client + 1;
        let session = self.sessions.insert_with(|| Session {
            serial,
            profile,
            is_shared: how.flags.contains(LogonFlags::ALLOW_OTHERS),
            clients: 1,
            is_closing: false,
            providers: BTreeMap::new(),
            subscribers: Subscribers::default(),
            watched: None,
        });
        let client = self.add_client(session, how.flags);
        match has_calls {
            true => self.start_session(client, session, how),
            false => Step::Done(Ok(self.started(client, session, how))),
        }
    }

    /// A session has begun: clients can join it, where it is shared.
    fn started(&mut self, client: ClientKey, session: SessionKey, how: How) -> ClientKey {
        if how.flags.contains(LogonFlags::ALLOW_OTHERS) {
            let serial = self.sessions[session].serial;
            self.shared.insert(serial, session);
        }
        client
    }

    /// The user chooses a profile. Other logons wait (L8).
    fn ask_for_profile(&mut self, how: How) -> Step<Result<ClientKey>> {
        let mut listed = ProfileFlags::empty();
        let with_app = how.flags.contains(LogonFlags::APP_PROFILE);
        listed.set(ProfileFlags::APP_PROFILE, with_app);
        let offered = self.profiles.names(listed);
        let question = Question::ChooseProfile {
            offered: offered.clone(),
        };
        self.turn.take();
        Step::ask(question, how.parent, move |state, answer| {
            state.give_turn_back();
            let checked = state.check_initialized();
            match checked.and_then(|()| chosen(answer?, &offered)) {
                // It asks for no other profile; its providers may still ask.
                Ok(picked) => state.admit(&picked, how, false),
                Err(failure) => Step::Done(Err(failure)),
            }
        })
    }

    fn give_turn_back(&mut self) {
        self.turn.give_back();
        self.outbox.push(Message::TurnIsOver);
    }

    /// Logs the address books and the stores on (L9). Other logons wait (L8).
    fn start_session(
        &mut self,
        client: ClientKey,
        session: SessionKey,
        how: How,
    ) -> Step<Result<ClientKey>> {
        self.turn.take();
        let dialogs = how.may_ask().then_some(how.parent);
        let started = self.start_providers(session, self.providers_to_start(session), dialogs);
        started.then(self, move |state, ()| {
            state.give_turn_back();
            if let Err(failure) = state.check_initialized() {
                let ended = state.end_client(client, false);
                return ended.then(state, move |_, _| Step::Done(Err(failure)));
            }
            Step::Done(Ok(state.started(client, session, how)))
        })
    }

    fn providers_to_start(&self, session: SessionKey) -> Vec<ProviderKey> {
        let profile = &self.profiles.versions[self.sessions[session].profile];
        let keys = profile.in_order().map(|it| it.key);
        let to_start = keys.filter(|key| {
            let provider = &self.profiles.providers[*key];
            !provider.is_transport() && !provider.is_quiet()
        });
        to_start.collect()
    }
}

impl How {
    fn may_ask(self) -> bool {
        self.flags.contains(LogonFlags::LOGON_UI)
    }
}

/// The profile that the user has picked, if it is one of those offered (rule L2).
fn chosen(picked: Option<String>, offered: &[String]) -> Result<String> {
    let name = picked.ok_or(Refusal::NoneChosen)?;
    match offered.contains(&name) {
        true => Ok(name),
        false => Err(Refusal::NotOffered(quoted(&name), format!("{offered:?}").into()).into()),
    }
}

/// Whose turn it is to log on (L8). It is taken only while others' code runs in a logon: any other
/// logon is one rule.
#[derive(Default)]
pub(super) struct Turn {
    owner: Option<ThreadId>,
    /// A logon can run inside another one of its thread, as it could under a Windows mutex.
    depth: usize,
}

impl Turn {
    /// Whether this thread may log on.
    pub(super) fn is_open(&self) -> bool {
        self.owner
            .is_none_or(|owner| owner == current_thread().id())
    }

    pub(super) fn take(&mut self) {
        self.owner = Some(current_thread().id());
        self.depth += 1;
    }

    pub(super) fn give_back(&mut self) {
        self.depth -= 1;
        if self.depth == 0 {
            self.owner = None;
        }
    }
}

/// What a logon checks first (rules L6, L7, L12).
fn check(call: &LogonCall<'_>, is_service: bool) -> Result<()> {
    let flags = call.how.flags;
    check_flags(&flags)?;
    if flags.contains(LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI) {
        return Err(Refusal::TwoDialogs.into());
    }
    match (flags.contains(LogonFlags::NT_SERVICE), is_service) {
        (true, true) => check_service(flags)?,
        (true, false) => return Err(Refusal::ServiceAtLogonOnly.into()),
        (false, true) => return Err(Refusal::NoServiceAtLogon.into()),
        (false, false) => {}
    }
    match call.password {
        None => Ok(()),
        Some(_) => Err(Refusal::Password.into()),
    }
}

/// L12: no mail, and no dialogs.
fn check_service(flags: LogonFlags) -> Result<()> {
    let dialogs = LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI | LogonFlags::SERVICE_UI_ALWAYS;
    if !flags.contains(LogonFlags::NO_MAIL) {
        return Err(Refusal::ServiceWithMail.into());
    }
    match flags.intersects(dialogs) {
        true => Err(Refusal::ServiceWithDialogs.into()),
        false => Ok(()),
    }
}
