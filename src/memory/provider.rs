//! The calls of a service provider, and what answers them.

use std::sync::Arc;

use super::error::{Refusal, Result};
use crate::HResult;
use crate::error::{Failure, MapiError, Warning};
use crate::flags::{FlushFlags, StoreLogoffFlags, ValidateFlags};
use crate::foreign::{Guarded, contain};

/// A call that MAPI makes to a provider.
///
/// A session logs its providers on when it begins: the address books first, then the stores. It logs
/// transports on when they are first needed. When its last client has gone, each provider that is
/// logged on is logged off and then shut down, in the same order of kinds, which is our reading (rule
/// E10). If one fails, the others go on, and the logoff succeeds with MAPI_W_ERRORS_RETURNED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProviderCall {
    /// A session logs the provider on: IABProvider::Logon, IMSProvider::Logon,
    /// IXPProvider::TransportLogon.
    ///
    /// On MAPI_E_FAILONEPROVIDER it is logged on later, when it is opened. On another failure the
    /// user may correct it once, where that is allowed, and after MAPI_E_UNCONFIGURED its service is
    /// [configured](Self::Configure); then it is logged on a second time. If that fails too, its whole
    /// message service is disabled for the life of the session; but not where it is an address book
    /// that answers MAPI_E_UNCONFIGURED.
    #[doc(alias = "TransportLogon")]
    LogOn,
    /// The entry function of its message service, with MSG_SERVICE_CONFIGURE, after a first logon that
    /// answered MAPI_E_UNCONFIGURED. Whatever it answers, the logon is tried again.
    #[doc(alias = "MSGSERVICEENTRY")]
    #[doc(alias = "MSG_SERVICE_CONFIGURE")]
    Configure,
    /// A client opens the store, or the address book. If a store's provider fails or warns, so does
    /// the client's call.
    Open,
    /// The last open object of a store is released: IMAPISupport::StoreLogoffTransports. The flags are
    /// those of the last StoreLogoff that was called while nobody else had the store open, or else
    /// LOGOFF_ABORT.
    #[doc(alias = "StoreLogoffTransports")]
    StoreLogoff(StoreLogoffFlags),
    /// A client validates the state of the provider, or of the subsystem: IMAPIStatus::ValidateState.
    /// If the provider fails, so does the client's call.
    ValidateState(ValidateFlags),
    /// A client flushes the queues of the transport, or of the spooler: IMAPIStatus::FlushQueues. If
    /// the transport fails, so does the client's call, and the transport sends and receives nothing.
    #[doc(alias = "IXPLogon::FlushQueues")]
    FlushQueues(FlushFlags),
    /// A client changes the provider's password, and knows the old one: IMAPIStatus::ChangePassword.
    /// If the provider fails, so does the client's call, and the password stays.
    ChangePassword,
    /// The session ends: IABLogon::Logoff, IMSLogon::Logoff or IXPLogon::TransportLogoff.
    #[doc(alias = "TransportLogoff")]
    LogOff,
    /// The provider's logon object is released: IABProvider::Shutdown and its like.
    Shutdown,
    /// IMAPIProviderShutdown::QueryFastShutdown; only of a provider that opts in.
    QueryFastShutdown,
    /// IMAPIProviderShutdown::NotifyProcessShutdown; only of a provider that opts in or out.
    NotifyProcessShutdown,
    /// IMAPIProviderShutdown::DoFastShutdown; only of a provider that opts in or out.
    DoFastShutdown,
}

/// A provider's answer to a call: an HRESULT, and what GetLastError tells of it.
///
/// The client asks the object whose method failed: the session that opened the store, or the status
/// object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAnswer {
    hresult: HResult,
    error: Option<MapiError>,
}

impl ProviderAnswer {
    /// Answers with this HRESULT; GetLastError tells only what it means.
    #[must_use]
    pub fn new(hresult: HResult) -> Self {
        Self {
            hresult,
            error: None,
        }
    }

    /// Returns the HRESULT.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.hresult
    }

    /// Returns what GetLastError tells of it, if that was set.
    #[must_use]
    pub fn error(&self) -> Option<&MapiError> {
        self.error.as_ref()
    }

    /// What it means to the call that asked the provider, in the words of a refusal.
    pub(super) fn judged(self, refusal: Refusal) -> Result<Option<Warning>> {
        match (self.hresult.is_failure(), self.error) {
            (false, _) => Ok(Warning::new(self.hresult).map(|it| it.because(refusal.to_string()))),
            (true, None) => Err(refusal.into()),
            (true, Some(error)) => Err(Failure::from(refusal).with_mapi_error(error)),
        }
    }
}

setters! { ProviderAnswer:
    /// Sets what GetLastError tells of it, if it is a failure.
    with_error(error: MapiError) |it| it.error = Some(error);
}

impl From<HResult> for ProviderAnswer {
    fn from(hresult: HResult) -> Self {
        Self::new(hresult)
    }
}

/// What a provider does when it is called.
#[derive(Clone)]
pub(crate) struct Hook(Arc<dyn Fn(ProviderCall) -> ProviderAnswer + Send + Sync>);

impl Hook {
    pub(super) fn new<A: Into<ProviderAnswer>>(
        hook: impl Fn(ProviderCall) -> A + Send + Sync + 'static,
    ) -> Self {
        let hook = Guarded::new(hook);
        Self(Arc::new(move |call| match hook.get() {
            Some(hook) => hook(call).into(),
            None => HResult::E_UNEXPECTED.into(),
        }))
    }

    /// It is dropped before the answer is back: what it holds is foreign code too.
    pub(super) fn call(self, call: ProviderCall) -> ProviderAnswer {
        let answer = contain("a provider's hook", || (self.0)(call));
        answer.unwrap_or_else(|| HResult::E_UNEXPECTED.into())
    }
}
