//! The calls of a service provider, and what answers them.

use std::sync::Arc;

use crate::HResult;
use crate::flags::StoreLogoffFlags;
use crate::foreign::{Guarded, contain};

/// A call of a provider.
///
/// A session logs its providers on when it begins, the address books first, then the stores;
/// transports when they are first needed. When its last client has gone, each provider that is
/// logged on is logged off and then shut down: the address books first, then the stores, then the
/// transports; the order among these kinds is our reading. One that fails does not stop the others:
/// the logoff succeeds with MAPI_W_ERRORS_RETURNED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProviderCall {
    /// A session logs it on: IABProvider::Logon, IMSProvider::Logon, IXPProvider::TransportLogon.
    ///
    /// On MAPI_E_FAILONEPROVIDER it is logged on later, when it is opened. On another failure the
    /// user may correct it once, where that is allowed, and after MAPI_E_UNCONFIGURED its service is
    /// [configured](Self::Configure); then it is logged on a second time. If that fails too, its whole
    /// message service is disabled for the life of the session; but not where it is an address book
    /// that answers MAPI_E_UNCONFIGURED.
    #[doc(alias = "TransportLogon")]
    Logon,
    /// The entry function of its message service, with MSG_SERVICE_CONFIGURE, after a first logon that
    /// answered MAPI_E_UNCONFIGURED. Whatever it answers, the logon is tried again.
    #[doc(alias = "MSGSERVICEENTRY")]
    #[doc(alias = "MSG_SERVICE_CONFIGURE")]
    Configure,
    /// A client opens the store, or the address book. A failure of a store's provider is that of
    /// the call; its warning too.
    Open,
    /// The last open object of a store is released; with the flags that StoreLogoff was last called
    /// with while nobody else had the store open, or else LOGOFF_ABORT:
    /// IMAPISupport::StoreLogoffTransports.
    #[doc(alias = "StoreLogoffTransports")]
    StoreLogoff(StoreLogoffFlags),
    /// The session ends: IABLogon::Logoff, IMSLogon::Logoff or IXPLogon::TransportLogoff.
    #[doc(alias = "TransportLogoff")]
    Logoff,
    /// The provider's logon object is released: IABProvider::Shutdown and its like.
    Shutdown,
    /// IMAPIProviderShutdown::QueryFastShutdown; only of a provider that opts in.
    QueryFastShutdown,
    /// IMAPIProviderShutdown::NotifyProcessShutdown; only of a provider that opts in or out.
    NotifyProcessShutdown,
    /// IMAPIProviderShutdown::DoFastShutdown; only of a provider that opts in or out.
    DoFastShutdown,
}

/// What a provider does when it is called.
#[derive(Clone)]
pub(crate) struct Hook(Arc<dyn Fn(ProviderCall) -> HResult + Send + Sync>);

impl Hook {
    pub(super) fn new(hook: impl Fn(ProviderCall) -> HResult + Send + Sync + 'static) -> Self {
        let hook = Guarded::new(hook);
        Self(Arc::new(move |call| match hook.get() {
            Some(hook) => hook(call),
            None => HResult::E_UNEXPECTED,
        }))
    }

    pub(super) fn call(&self, call: ProviderCall) -> HResult {
        contain("a provider's hook", || (self.0)(call)).unwrap_or(HResult::E_UNEXPECTED)
    }
}
