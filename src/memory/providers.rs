//! The providers of a profile, as far as they do something when a session ends.

use std::fmt;
use std::sync::Arc;

use super::{Guarded, contain};
use crate::HResult;
use crate::subsystem::Warning;

/// A call of a provider.
///
/// When the last client of a session has gone, each provider is logged off and then shut down: the
/// address books first, then the stores, then the transports; the order among these kinds is our
/// reading. One that fails does not stop the others: the logoff succeeds with
/// MAPI_W_ERRORS_RETURNED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProviderCall {
    /// The session ends: IABLogon::Logoff, IMSLogon::Logoff or IXPLogon::TransportLogoff.
    #[doc(alias = "TransportLogoff")]
    Logoff,
    /// The provider's logon object is released: IABProvider::Shutdown and its like.
    Shutdown,
}

/// What a provider does when it is called.
#[derive(Clone)]
pub(super) struct Hook(Arc<dyn Fn(ProviderCall) -> HResult + Send + Sync>);

impl Hook {
    pub(super) fn new(hook: impl Fn(ProviderCall) -> HResult + Send + Sync + 'static) -> Self {
        let hook = Guarded::new(hook);
        Self(Arc::new(move |call| match hook.get() {
            Some(hook) => hook(call),
            None => HResult::E_UNEXPECTED,
        }))
    }

    fn call(&self, call: ProviderCall) -> HResult {
        contain("a provider's hook", || (self.0)(call)).unwrap_or(HResult::E_UNEXPECTED)
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

/// Logs the providers off in their order, each then shut down (E9). One that fails does not stop
/// the others (E10).
#[inline]
pub(super) fn log_off(providers: &[(String, Hook)]) -> Option<Warning> {
    if providers.is_empty() {
        None
    } else {
        log_each_off(providers)
    }
}

#[inline(never)]
fn log_each_off(providers: &[(String, Hook)]) -> Option<Warning> {
    let mut failures = Vec::new();
    for (provider, hook) in providers {
        for call in [ProviderCall::Logoff, ProviderCall::Shutdown] {
            let hresult = hook.call(call);
            if hresult.is_failure() {
                tracing::warn!(provider, ?call, %hresult, "a provider failed while a session ended");
                failures.push(format!("{call:?} of {provider:?} failed with {hresult}"));
            }
        }
    }
    (!failures.is_empty()).then(|| Warning::errors_returned(failures.join("; ")))
}
