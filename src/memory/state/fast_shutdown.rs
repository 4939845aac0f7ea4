//! Fast shutdown: IMAPIClientShutdown (F1 to F4).

use std::vec;

use super::{ClientKey, Progress, ProviderKey, Refusal, Result, SessionKey, State, Step};
use crate::HResult;
use crate::memory::{describe::FastShutdownBehavior, provider::ProviderCall};

impl State {
    /// QueryFastShutdown (rule F2).
    pub(crate) fn query_fast_shutdown(&mut self, client: ClientKey) -> Step<Result<()>> {
        Step::checked(|| {
            let loaded = self.loaded_providers(client)?;
            let asked = self.query_providers(loaded.into_iter());
            Ok(asked.then(self, move |state, answer| {
                if let Some(client) = state.clients.get_mut(client) {
                    let reached = client.shutdown();
                    client.extras_mut().shutdown = match answer {
                        Ok(()) if reached < Progress::Queried => Progress::Queried,
                        Ok(()) => reached,
                        Err(_) => Progress::Nothing,
                    };
                }
                Step::Done(answer)
            }))
        })
    }

    fn query_providers(&mut self, mut rest: vec::IntoIter<ProviderKey>) -> Step<Result<()>> {
        let is_default =
            self.options.fast_shutdown_behavior == FastShutdownBehavior::UnlessOptedOut;
        while let Some(key) = rest.next() {
            // What was asked before may have ended the session.
            let Some(provider) = self.profiles.providers.get(key) else {
                continue;
            };
            let answer = match provider.fast_shutdown {
                None if is_default => continue,
                None | Some(false) => HResult::MAPI_E_NO_SUPPORT,
                Some(true) if provider.hook.is_none() => continue,
                Some(true) => {
                    let call = ProviderCall::QueryFastShutdown;
                    return self.call_provider(key, call, move |state, answer| {
                        match state.judge_query(key, answer) {
                            Ok(()) => state.query_providers(rest),
                            refused => Step::Done(refused),
                        }
                    });
                }
            };
            return Step::Done(self.judge_query(key, answer));
        }
        Step::Done(Ok(()))
    }

    fn judge_query(&self, provider: ProviderKey, answer: HResult) -> Result<()> {
        match answer.is_success() || !self.profiles.providers.contains(provider) {
            true => Ok(()),
            false => Err(Refusal::FastShutdownUnsupported(self.name_of(provider), answer).into()),
        }
    }

    pub(crate) fn notify_process_shutdown(&mut self, client: ClientKey) -> Step<Result<()>> {
        Step::checked(|| {
            let loaded = self.loaded_providers(client)?;
            self.check_progress(client, Progress::Queried, "QueryFastShutdown")?;
            let call = ProviderCall::NotifyProcessShutdown;
            let told = self.tell_providers(loaded, call);
            Ok(told.then(self, move |state, _| {
                if let Some(client) = state.clients.get_mut(client) {
                    client.extras_mut().shutdown = Progress::Notified;
                }
                Step::Done(Ok(()))
            }))
        })
    }

    /// DoFastShutdown (rule F4).
    pub(crate) fn do_fast_shutdown(&mut self, client: ClientKey) -> Step<Result<()>> {
        Step::checked(|| {
            let loaded = self.loaded_providers(client)?;
            self.check_progress(client, Progress::Notified, "NotifyProcessShutdown")?;
            let now = &mut self.clients[client];
            if now.is_ending {
                return Err(Refusal::BeingLoggedOff.into());
            }
            now.is_ending = true;
            let told = self.tell_providers(loaded, ProviderCall::DoFastShutdown);
            Ok(told.then(self, move |state, _| {
                state.end_with_process(client);
                Step::Done(Ok(()))
            }))
        })
    }

    fn check_progress(
        &self,
        client: ClientKey,
        needed: Progress,
        call: &'static str,
    ) -> Result<()> {
        match self.live(client)?.client.shutdown() >= needed {
            true => Ok(()),
            false => Err(Refusal::FastShutdownOutOfOrder(call).into()),
        }
    }

    /// F3: those of every session of the process; of each session transports, address books, stores.
    /// Refused where fast shutdown is disabled.
    fn loaded_providers(&self, client: ClientKey) -> Result<Vec<ProviderKey>> {
        self.live(client)?;
        if self.options.fast_shutdown_behavior == FastShutdownBehavior::Disabled {
            return Err(Refusal::FastShutdownDisabled.into());
        }
        let sessions = self.sessions_by_age(&|session| session.clients > 0);
        Ok(sessions
            .into_iter()
            .flat_map(|it| self.loaded_in(it))
            .collect())
    }

    fn loaded_in(&self, session: SessionKey) -> Vec<ProviderKey> {
        let session = &self.sessions[session];
        let loaded = self.profiles.versions[session.profile].in_order();
        let loaded = loaded.filter(|it| self.provider_state(session, it).is_loaded);
        let mut loaded: Vec<_> = loaded.map(|it| it.key).collect();
        loaded.sort_by_key(|key| self.profiles.providers[*key].kind.shutdown_order());
        loaded
    }

    /// Those that implement IMAPIProviderShutdown, each after the other.
    fn tell_providers(
        &mut self,
        providers: Vec<ProviderKey>,
        call: ProviderCall,
    ) -> Step<Vec<String>> {
        self.for_each(providers.into_iter(), Vec::new(), move |state, key| {
            let provider = state.profiles.providers.get(key);
            if provider.is_none_or(|it| it.fast_shutdown.is_none()) {
                return Step::Done(Vec::new());
            }
            state.call_provider(key, call, move |state, hresult| {
                if hresult.is_failure() && state.profiles.providers.contains(key) {
                    state.report_failure(key, call, hresult);
                }
                Step::Done(Vec::new())
            })
        })
    }
}
