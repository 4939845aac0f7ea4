//! Fast shutdown: `Session<Live, B>` -> `Supported` -> `Notified` -> `ShutDown`.

use std::fmt;
use std::sync::Arc;

use super::plain;
use crate::error::{Call, CallError, Failure};
use crate::subsystem::{RawSession, Subsystem};
use crate::{Error, HResult, Live, Mapi, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Begins a fast shutdown: asks whether it is supported. The other steps are methods of what this
    /// returns.
    ///
    /// ```
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let session = match session.fast_shutdown() {
    ///     Ok(shutdown) => {
    ///         let notified = shutdown.notify()?;
    ///         drop(notified.shut_down(mapi)?); // nothing more is called, not even Release
    ///         return Ok(());
    ///     }
    ///     Err(unsupported) => unsupported.into_inner(), // then in the usual way
    /// };
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// The error gives the live session back, to be logged off.
    ///
    /// MAPI_E_NO_SUPPORT: the user's option, or a provider of any session of the process, does not allow
    /// it.
    ///
    /// [`IMAPIClientShutdown::QueryFastShutdown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiclientshutdown-queryfastshutdown) in the MAPI reference.
    #[doc(alias = "QueryFastShutdown")]
    #[doc(alias = "IMAPIClientShutdown::QueryFastShutdown")]
    #[track_caller]
    pub fn fast_shutdown(self) -> Result<FastShutdown<Supported, B>, CallError<Self>> {
        match plain(
            Call::CLIENT_SHUTDOWN_QUERY_FAST_SHUTDOWN,
            self.raw.query_fast_shutdown(),
        ) {
            Ok(()) => Ok(FastShutdown {
                state: Supported,
                session: self,
            }),
            Err(error) => Err(CallError::new(error, self)),
        }
    }
}

/// A fast shutdown, in the state `S`, of a session that is about to end with its process.
///
/// ```text
/// Session<Live, B>  ──▶  FastShutdown<Supported, B>  ──▶  FastShutdown<Notified, B>  ──▶  FastShutdown<ShutDown, B>
///        fast_shutdown                            notify                        shut_down
/// ```
///
/// After the last step no MAPI call may follow, not even MAPIUninitialize. So that step consumes the
/// library.
///
/// ```
/// # use mapi_session::memory::{Memory, Profile};
/// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
/// # let mapi = Mapi::initialize(Memory::builder().profile(Profile::new("Outlook")).build()?)?;
/// # let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
/// match session.fast_shutdown() {
///     Ok(shutdown) => drop(shutdown.notify()?.shut_down(mapi)?),
///     // Not supported: the slow way.
///     Err(refused) => drop(refused.into_inner().logoff(LogoffFlags::empty())?),
/// }
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// # What dropping does
/// Before the last step, it does what dropping a live [`Session`] does. After it, nothing is called:
/// neither Logoff nor MAPIUninitialize.
///
/// References:
/// [overview](https://learn.microsoft.com/office/client-developer/outlook/mapi/fast-shutdown-overview),
/// [IMAPIClientShutdown](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiclientshutdowniunknown).
#[doc(alias = "IMAPIClientShutdown")]
#[must_use = "before its last step, dropping it is the dropping of a live session"]
pub struct FastShutdown<S, B: Subsystem> {
    state: S,
    session: Session<Live, B>,
}

/// A [`FastShutdown`] is supported, and nothing has happened yet.
#[derive(Debug)]
#[non_exhaustive]
pub struct Supported;

/// The providers know of the [`FastShutdown`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Notified;

/// The [`FastShutdown`] is done: nothing can be called any more.
#[derive(Debug)]
#[non_exhaustive]
pub struct ShutDown;

impl<B: Subsystem> FastShutdown<Supported, B> {
    /// Tells the providers that the process will shut down: the second step.
    ///
    /// # Errors
    /// The error gives the shutdown back, as it was. The reference names no code.
    ///
    /// [`IMAPIClientShutdown::NotifyProcessShutdown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiclientshutdown-notifyprocessshutdown) in the MAPI reference.
    #[doc(alias = "NotifyProcessShutdown")]
    #[doc(alias = "IMAPIClientShutdown::NotifyProcessShutdown")]
    #[track_caller]
    pub fn notify(self) -> Result<FastShutdown<Notified, B>, CallError<Self>> {
        let told = self.session.raw.notify_process_shutdown();
        match plain(Call::CLIENT_SHUTDOWN_NOTIFY_PROCESS_SHUTDOWN, told) {
            Ok(()) => Ok(FastShutdown {
                state: Notified,
                session: self.session,
            }),
            Err(error) => Err(CallError::new(error, self)),
        }
    }

    /// Goes back to the live session.
    #[must_use = "dropping it releases a live session"]
    pub fn cancel(self) -> Session<Live, B> {
        self.session
    }
}

impl<B: Subsystem> FastShutdown<Notified, B> {
    /// Says that the process exits now: the last step. No MAPI call may follow, not even
    /// MAPIUninitialize.
    ///
    /// So nothing else may hold this initialisation of the library: no clone of `mapi`, and no other
    /// session that was logged on with it. Whether other code in the process calls MAPI, on an
    /// initialisation of its own, is for the caller to know.
    ///
    /// # Errors
    /// The error gives the shutdown and `mapi` back, as they were:
    /// - MAPI_E_NO_SUPPORT: the subsystem does not support it.
    /// - MAPI_E_BUSY: somebody else holds the library. No call was made.
    /// - MAPI_E_INVALID_PARAMETER: the session is not of `mapi`. No call was made.
    ///
    /// The last two are this crate's own.
    ///
    /// [`IMAPIClientShutdown::DoFastShutdown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiclientshutdown-dofastshutdown) in the MAPI reference.
    #[doc(alias = "DoFastShutdown")]
    #[doc(alias = "IMAPIClientShutdown::DoFastShutdown")]
    #[track_caller]
    pub fn shut_down(
        mut self,
        mapi: Mapi<B>,
    ) -> Result<FastShutdown<ShutDown, B>, ShutDownError<B>> {
        let session = &mut self.session;
        if !Arc::ptr_eq(&session.library, &mapi.library) {
            let error = refusal(
                HResult::MAPI_E_INVALID_PARAMETER,
                "the session is not of this library",
            );
            return Err(CallError::new(error, (self, mapi)));
        }
        // Now the session has the last share in the library, unless somebody else has one. Nobody
        // can take one meanwhile: the session is owned.
        drop(mapi);
        let done = match Arc::get_mut(&mut session.library) {
            Some(library) => plain(
                Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN,
                session.raw.do_fast_shutdown(),
            )
            .map(|()| library.uninitializes = false),
            None => Err(refusal(
                HResult::MAPI_E_BUSY,
                "another session, or a clone of the Mapi, holds the library",
            )),
        };
        match done {
            Ok(()) => {
                session.state.ended = true;
                Ok(FastShutdown {
                    state: ShutDown,
                    session: self.session,
                })
            }
            Err(error) => {
                let library = Arc::clone(&session.library);
                Err(CallError::new(error, (self, Mapi { library })))
            }
        }
    }

    /// Goes back to the live session, to log it off when the last step is refused. That this is
    /// allowed once the providers have been told is our reading; the overview is silent.
    #[must_use = "dropping it releases a live session"]
    pub fn cancel(self) -> Session<Live, B> {
        self.session
    }
}

/// A failed last step of a fast shutdown, with the shutdown and the library that it would have
/// consumed.
pub type ShutDownError<B> = CallError<(FastShutdown<Notified, B>, Mapi<B>)>;

/// An error of this crate's own, before the call.
fn refusal(hresult: HResult, reason: &'static str) -> Error {
    Error::new(
        Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN,
        Failure::new(hresult).because(reason),
    )
}

impl<S: fmt::Debug, B: Subsystem> fmt::Debug for FastShutdown<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FastShutdown<{:?}>", self.state)
    }
}
