//! How a session's providers log on and off (L9, L10, E9, E10).

use std::vec;

use super::{LogonState, ProviderKey, ProviderKind, Report, SessionKey, State, Step};
use crate::error::Warning;
use crate::memory::{
    provider::{ProviderAnswer, ProviderCall},
    user::Question,
};
use crate::{HResult, UiParam};

/// Why a provider is not logged on (L10).
#[derive(Clone, Copy)]
pub(super) enum LogonFailure {
    /// It alone, until it is opened.
    OfThisProvider(HResult),
    /// It takes its whole service with it.
    OfTheService(HResult),
}

impl LogonFailure {
    pub(super) fn hresult(self) -> HResult {
        let (Self::OfThisProvider(hresult) | Self::OfTheService(hresult)) = self;
        hresult
    }
}

/// The warning of a call that succeeds although providers failed (M3, E10).
pub(super) fn errors_returned(failures: &[String]) -> Option<Warning> {
    (!failures.is_empty()).then(|| Warning::errors_returned(failures.join("; ")))
}

/// One logon of a provider.
#[derive(Clone, Copy)]
struct Attempt {
    session: SessionKey,
    provider: ProviderKey,
    /// The parent of dialogs, where there may be any.
    dialogs: Option<UiParam>,
    /// The session has had it logged on before.
    is_loaded: bool,
    /// The user has corrected what was wrong, or the service has configured itself.
    is_second: bool,
}

impl State {
    /// Does this with one provider after the other. Gives the failures of all.
    pub(super) fn for_each(
        &mut self,
        mut rest: vec::IntoIter<ProviderKey>,
        mut failures: Vec<String>,
        act: impl Fn(&mut Self, ProviderKey) -> Step<Vec<String>> + 'static,
    ) -> Step<Vec<String>> {
        // Not by recursion alone: there can be many that need no answer.
        while let Some(provider) = rest.next() {
            match act(self, provider) {
                Step::Done(more) => failures.extend(more),
                waits => {
                    return waits.then(self, move |state, more| {
                        failures.extend(more);
                        state.for_each(rest, failures, act)
                    });
                }
            }
        }
        Step::Done(failures)
    }

    /// Logs these providers on, in their order. What goes wrong is in their state.
    pub(super) fn start_providers(
        &mut self,
        session: SessionKey,
        providers: Vec<ProviderKey>,
        dialogs: Option<UiParam>,
    ) -> Step<()> {
        let log_on = move |state: &mut Self, provider| {
            let logged_on = state.log_on(session, provider, dialogs);
            logged_on.then(state, |_, _| Step::Done(Vec::new()))
        };
        let started = self.for_each(providers.into_iter(), Vec::new(), log_on);
        started.then(self, |_, _| Step::Done(()))
    }

    /// The transports, when they are first needed (L9). Those that another call is starting are not
    /// waited for.
    pub(super) fn start_transports(&mut self, session: SessionKey) -> Step<()> {
        let now = &self.sessions[session];
        let profile = &self.profiles.versions[now.profile];
        let mut mine = Vec::new();
        if profile.has_transports {
            let keys = profile.in_order().map(|it| it.key);
            mine.extend(keys.filter(|key| {
                self.profiles.providers[*key].is_transport()
                    && self.logon_state(now, *key) == LogonState::NotStarted
            }));
        }
        for provider in &mine {
            self.provider_state_mut(session, *provider).logon = LogonState::Starting;
        }
        self.start_providers(session, mine, None)
    }

    /// Logs a provider on, unless its service is disabled.
    pub(super) fn log_on(
        &mut self,
        session: SessionKey,
        provider: ProviderKey,
        dialogs: Option<UiParam>,
    ) -> Step<Result<(), LogonFailure>> {
        let now = self.sessions.get(session).filter(|it| it.clients > 0);
        let Some(now) = now else {
            return Step::Done(Err(LogonFailure::OfTheService(
                HResult::MAPI_E_INVALID_OBJECT,
            )));
        };
        if let LogonState::Disabled(cause) = self.logon_state(now, provider) {
            return Step::Done(Err(LogonFailure::OfTheService(cause)));
        }
        let is_loaded = now.providers.get(&provider).is_some_and(|it| it.is_loaded);
        // It is to be logged off also where its profile has gone meanwhile.
        self.profiles.keep_provider(provider);
        let tried = self.try_logon(Attempt {
            session,
            provider,
            dialogs,
            is_loaded,
            is_second: false,
        });
        tried.then(self, move |state, result| {
            state.profiles.give_up_provider(provider);
            Step::Done(result)
        })
    }

    fn try_logon(&mut self, attempt: Attempt) -> Step<Result<(), LogonFailure>> {
        let call = ProviderCall::LogOn;
        self.call_provider(attempt.provider, call, move |state, answer| {
            state.judge_logon(attempt, answer)
        })
    }

    /// L10: the user may correct a first failure, where that is allowed; a service that is not
    /// configured may do so itself.
    fn judge_logon(&mut self, attempt: Attempt, answer: HResult) -> Step<Result<(), LogonFailure>> {
        let provider = &self.profiles.providers[attempt.provider];
        let answer = match provider.unconfigured && answer.is_success() {
            true if attempt.dialogs.is_some() => HResult::MAPI_E_UNCONFIGURED,
            true => HResult::MAPI_E_FAILONEPROVIDER,
            false => answer,
        };
        if answer.is_success() {
            return self.settle_logon(attempt, Ok(()));
        }
        if answer == HResult::MAPI_E_FAILONEPROVIDER {
            return self.settle_logon(attempt, Err(LogonFailure::OfThisProvider(answer)));
        }
        let is_unconfigured = answer == HResult::MAPI_E_UNCONFIGURED;
        let is_address_book = provider.kind == ProviderKind::AddressBook;
        match attempt.dialogs {
            Some(parent) if !attempt.is_second => {
                let question = Question::ConfigureProvider {
                    provider: provider.name.clone(),
                    error: answer,
                };
                Step::ask(question, parent, move |state, corrected| match corrected {
                    Ok(_) => state.retry_logon(attempt, is_unconfigured),
                    Err(cancelled) => {
                        let failure = state.cancelled_logon(attempt, cancelled.hresult());
                        state.settle_logon(attempt, Err(failure))
                    }
                })
            }
            None if is_unconfigured && !attempt.is_second => self.retry_logon(attempt, true),
            _ if is_unconfigured && is_address_book => {
                self.settle_logon(attempt, Err(LogonFailure::OfThisProvider(answer)))
            }
            _ => self.settle_logon(attempt, Err(LogonFailure::OfTheService(answer))),
        }
    }

    /// L10: a user who cancels when the session begins leaves the provider as it is; one who does so
    /// when it is opened later can be asked again.
    fn cancelled_logon(&self, attempt: Attempt, cancelled: HResult) -> LogonFailure {
        let session = self.sessions.get(attempt.session);
        let is_known = |it| {
            let known = [LogonState::Failed, LogonState::Released];
            known.contains(&self.logon_state(it, attempt.provider))
        };
        match session.is_some_and(is_known) {
            true => LogonFailure::OfThisProvider(cancelled),
            false => LogonFailure::OfTheService(cancelled),
        }
    }

    /// Logs on a second time, after the service's entry function where the provider asked for it.
    fn retry_logon(
        &mut self,
        attempt: Attempt,
        is_unconfigured: bool,
    ) -> Step<Result<(), LogonFailure>> {
        if attempt.dialogs.is_some() {
            // What the user has given once, the profile keeps.
            self.profiles.providers[attempt.provider].unconfigured = false;
        }
        let again = Attempt {
            is_second: true,
            ..attempt
        };
        match is_unconfigured {
            false => self.try_logon(again),
            // Whatever comes of it, the logon is tried again.
            true => self.call_provider(
                attempt.provider,
                ProviderCall::Configure,
                move |state, _| state.try_logon(again),
            ),
        }
    }

    fn settle_logon(
        &mut self,
        attempt: Attempt,
        result: Result<(), LogonFailure>,
    ) -> Step<Result<(), LogonFailure>> {
        let (session, provider) = (attempt.session, attempt.provider);
        let is_open = self.sessions.get(session).is_some_and(|it| it.clients > 0);
        let has_logged_on = is_open && self.provider_state_mut(session, provider).has_logged_on;
        if result.is_ok() && (!is_open || has_logged_on) {
            // The session has ended meanwhile, or another call was quicker. One that the session has
            // loaded is shut down by its end.
            let logged_off = match is_open || attempt.is_loaded {
                true => self.stop(provider, ProviderCall::LogOff),
                false => self.log_off(provider),
            };
            return logged_off.then(self, move |_, _| Step::Done(result));
        }
        if let Err(failure) = result {
            self.report_failure(provider, ProviderCall::LogOn, failure.hresult());
        }
        if is_open {
            match result {
                Err(LogonFailure::OfTheService(cause)) if !has_logged_on => {
                    self.disable(session, provider, cause);
                }
                _ => {
                    let state = self.provider_state_mut(session, provider);
                    state.has_logged_on |= result.is_ok();
                    state.is_loaded |= result.is_ok();
                    state.settle();
                }
            }
            self.tell_of_changed_rows(session);
        }
        Step::Done(result)
    }

    /// Disables the service of a provider for the life of the session (rule L10).
    fn disable(&mut self, session: SessionKey, provider: ProviderKey, cause: HResult) {
        let profile = &self.profiles.versions[self.sessions[session].profile];
        let of_service = profile.of_service(self.profiles.providers[provider].service);
        for provider in of_service.map(|it| it.key).collect::<Vec<_>>() {
            self.provider_state_mut(session, provider).logon = LogonState::Disabled(cause);
        }
    }

    /// Logs a provider off and shuts it down.
    pub(super) fn log_off(&mut self, provider: ProviderKey) -> Step<Vec<String>> {
        let logged_off = self.stop(provider, ProviderCall::LogOff);
        logged_off.then(self, move |state, failed| {
            let shut_down = state.stop(provider, ProviderCall::Shutdown);
            shut_down.then(state, move |_, failed_too| {
                Step::Done(failed.into_iter().chain(failed_too).collect())
            })
        })
    }

    /// Calls a provider with Logoff or Shutdown. Gives what went wrong.
    pub(super) fn stop(&mut self, provider: ProviderKey, call: ProviderCall) -> Step<Vec<String>> {
        self.call_provider(provider, call, move |state, answer| {
            let failed = state.logoff_failure(provider, call, answer);
            Step::Done(failed.into_iter().collect())
        })
    }

    fn logoff_failure(
        &mut self,
        provider: ProviderKey,
        call: ProviderCall,
        hresult: HResult,
    ) -> Option<String> {
        if hresult.is_success() {
            return None;
        }
        self.report_failure(provider, call, hresult);
        let name = self.name_of(provider);
        Some(format!("{call:?} of {name:?} failed with {hresult}"))
    }

    pub(super) fn report_failure(
        &mut self,
        provider: ProviderKey,
        call: ProviderCall,
        hresult: HResult,
    ) {
        self.report(Report::ProviderFailed {
            provider: self.name_of(provider),
            call,
            hresult,
        });
    }

    /// Calls a provider; one without a hook succeeds at once.
    pub(super) fn call_provider<T>(
        &mut self,
        provider: ProviderKey,
        call: ProviderCall,
        then: impl FnOnce(&mut Self, HResult) -> Step<T> + 'static,
    ) -> Step<T> {
        self.ask_provider(provider, call, |state, answer| {
            then(state, answer.hresult())
        })
    }

    /// The same, where more than the answer's HRESULT is asked for.
    pub(super) fn ask_provider<T>(
        &mut self,
        provider: ProviderKey,
        call: ProviderCall,
        then: impl FnOnce(&mut Self, ProviderAnswer) -> Step<T> + 'static,
    ) -> Step<T> {
        match self.profiles.providers[provider].hook.clone() {
            Some(hook) => Step::Call(hook, call, Box::new(then)),
            None => then(self, HResult::S_OK.into()),
        }
    }
}
