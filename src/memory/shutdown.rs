//! Fast shutdown: IMAPIClientShutdown.

use super::describe::FastShutdownBehavior;
use super::providers::{ProviderCall, StoredProvider};
use super::sharing::Client;
use crate::HResult;
use crate::subsystem::{Failure, RawResult, Success};

/// How far a client is with its fast shutdown (F1).
#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
pub(super) enum Progress {
    #[default]
    Nothing,
    Queried,
    Notified,
}

impl Client {
    pub(super) fn query_fast_shutdown(&self) -> RawResult<()> {
        self.check()?;
        let behavior = self.check_shutdown()?;
        for provider in self.loaded_providers() {
            let hresult = match provider.fast_shutdown {
                None if behavior == FastShutdownBehavior::UnlessOptedOut => continue,
                None | Some(false) => HResult::MAPI_E_NO_SUPPORT,
                Some(true) => provider.call(ProviderCall::QueryFastShutdown),
            };
            if hresult.is_failure() {
                self.with_extras(|extras| extras.shutdown = Progress::Nothing);
                return Err(not_supported(format!(
                    "the provider {:?} does not support it: {hresult}",
                    provider.name
                )));
            }
        }
        self.advance(Progress::Queried);
        Ok(Success::new(()))
    }

    pub(super) fn notify_process_shutdown(&self) -> RawResult<()> {
        self.check()?;
        self.check_shutdown()?;
        self.check_progress(Progress::Queried, "QueryFastShutdown")?;
        self.tell_providers(ProviderCall::NotifyProcessShutdown);
        self.advance(Progress::Notified);
        Ok(Success::new(()))
    }

    pub(super) fn do_fast_shutdown(&self) -> RawResult<()> {
        self.check()?;
        self.check_shutdown()?;
        self.check_progress(Progress::Notified, "NotifyProcessShutdown")?;
        self.end_with_process(|| self.tell_providers(ProviderCall::DoFastShutdown))?;
        Ok(Success::new(()))
    }

    fn check_shutdown(&self) -> Result<FastShutdownBehavior, Failure> {
        match self.system().options.fast_shutdown_behavior {
            FastShutdownBehavior::Disabled => {
                Err(not_supported("fast shutdown is disabled".into()))
            }
            behavior => Ok(behavior),
        }
    }

    fn advance(&self, to: Progress) {
        self.with_extras(|extras| {
            if extras.shutdown < to {
                extras.shutdown = to;
            }
        });
    }

    fn check_progress(&self, reached: Progress, call: &str) -> Result<(), Failure> {
        if self.with_extras(|extras| extras.shutdown) < reached {
            return Err(Failure::new(HResult::MAPI_E_CALL_FAILED)
                .because(format!("{call} has not succeeded before")));
        }
        Ok(())
    }

    /// F3: transports, address books, stores.
    fn loaded_providers(&self) -> impl Iterator<Item = &StoredProvider> {
        let states = self.resources().providers(self.profile());
        let mut loaded: Vec<_> = self
            .profile()
            .in_order()
            .filter(|(place, _)| states[*place].has_logged_on)
            .map(|(_, provider)| provider)
            .collect();
        loaded.sort_by_key(|provider| provider.kind.shutdown_order());
        loaded.into_iter()
    }

    /// Those that implement IMAPIProviderShutdown.
    fn tell_providers(&self, call: ProviderCall) {
        for provider in self.loaded_providers() {
            if provider.fast_shutdown.is_some() {
                let hresult = provider.call(call);
                if hresult.is_failure() {
                    trace!(WARN, provider = provider.name, ?call, %hresult, "a provider failed during a fast shutdown");
                }
            }
        }
    }
}

fn not_supported(reason: String) -> Failure {
    Failure::new(HResult::MAPI_E_NO_SUPPORT).because(reason)
}
