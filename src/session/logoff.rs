//! Logging off: `Session<Live, B>` -> `Session<LoggedOff, B>`.

use std::fmt;

use crate::error::Call;
use crate::subsystem::{RawSession, Subsystem, refuses_logoff};
use crate::{Error, HResult, Live, LoggedOff, LogoffFlags, Session, UiParam};

impl<B: Subsystem> Session<Live, B> {
    /// Ends the MAPI session (`IMAPISession::Logoff`).
    ///
    /// When Logoff returns, no method of the session may be called but Release. The type says so: what comes
    /// back is a `Session<LoggedOff, B>`, which has no methods; dropping it is Release. MFCMAPI keeps the same
    /// order: it logs off from the session before it releases it.
    ///
    /// Close everything first: while a store borrows the session, this does not compile. A session in an `Arc` is
    /// taken out by [`unshare`](Self::unshare). The whole order is in the guide,
    /// [Ending a session](crate::guide::ending_a_session).
    ///
    /// No window is shown, and no other client hears of it, unless [`flags`](LogoffFlags) say so. To name the parent
    /// of a dialog, use [`logoff_with_ui`](Self::logoff_with_ui); `ulReserved` is zero.
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// // ... the work ...
    /// let ended = session.logoff(LogoffFlags::empty())?;
    /// drop(ended); // Release
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`LogoffError::Refused`] gives the live session back, to try again:
    /// - MAPI_E_USER_CANCEL: [`LogoffFlags::UI`] was set, and the user cancelled.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_BUSY: the session is being logged off already.
    ///
    /// [`LogoffError::Failed`]: any other failure; the session has ended all the same.
    ///
    /// The reference knows S_OK only, so these codes, and what is left after each, are our reading (rule E8 of the
    /// [contract](crate::contract)).
    ///
    /// [`IMAPISession::Logoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-logoff)
    /// and [Ending a MAPI Session](https://learn.microsoft.com/office/client-developer/outlook/mapi/ending-a-mapi-session)
    /// in the MAPI reference.
    #[doc(alias = "IMAPISession::Logoff")]
    #[inline]
    #[track_caller]
    pub fn logoff(self, flags: LogoffFlags) -> Result<Session<LoggedOff, B>, LogoffError<B>> {
        self.logoff_raw(UiParam::NONE, flags.bits(), 0)
    }

    /// Ends the session, and lets the user confirm it in a dialog: [`LogoffFlags::UI`] is set, and `parent` is
    /// `ulUIParam`, the window that the dialog belongs to. See [`logoff`](Self::logoff).
    ///
    /// ```
    /// # use mapi_session::memory::{Answer, Memory, Profile};
    /// # use mapi_session::{LogoffError, LogoffFlags, LogonRequest, Mapi, UiParam};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).answer(Answer::Cancel).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// # let window = 0x1234;
    /// match session.logoff_with_ui(UiParam::new(window), LogoffFlags::empty()) {
    ///     Ok(ended) => drop(ended),
    ///     Err(LogoffError::Refused { session, .. }) => { /* the user wants to stay: go on with it */ }
    ///     Err(failed) => return Err(failed.into()),
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`logoff`](Self::logoff).
    #[track_caller]
    pub fn logoff_with_ui(
        self,
        parent: UiParam,
        flags: LogoffFlags,
    ) -> Result<Session<LoggedOff, B>, LogoffError<B>> {
        self.logoff_raw(parent, flags.bits() | LogoffFlags::UI.bits(), 0)
    }

    /// Ends the session with the three parameters of `IMAPISession::Logoff` as a C++ program passes them. `ui_param`
    /// is ignored unless MAPI_LOGOFF_UI is set; `reserved` must be zero. See [`logoff`](Self::logoff).
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{HResult, LogonRequest, Mapi, UiParam};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// let refused = session.logoff_raw(UiParam::NONE, 0, 1).unwrap_err();
    /// assert_eq!(refused.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`logoff`](Self::logoff); and MAPI_E_INVALID_PARAMETER, refused: `reserved` is not zero.
    #[doc(alias = "ulReserved")]
    #[inline]
    #[track_caller]
    pub fn logoff_raw(
        mut self,
        ui_param: UiParam,
        flags: u32,
        reserved: u32,
    ) -> Result<Session<LoggedOff, B>, LogoffError<B>> {
        let (warning, error) = match self.raw.logoff(ui_param, flags, reserved) {
            Ok(success) => (success.into_parts().1, None),
            Err(failure) => (None, Some(Error::new(Call::SESSION_LOGOFF, failure))),
        };
        match error {
            Some(error) if refuses_logoff(error.hresult()) => {
                return Err(LogoffError::Refused {
                    error,
                    session: self,
                });
            }
            _ => self.state.ended = true,
        }
        // E5
        if flags & LogoffFlags::SHARED.bits() != 0 {
            trace!(
                WARN,
                "a logoff with MAPI_LOGOFF_SHARED, which clients should never pass: \
                 on it Outlook makes every MAPI client shut down"
            );
        }
        if let Some(warning) = &warning {
            trace!(WARN, %warning, "IMAPISession::Logoff succeeded with a warning");
        }
        let session = Session {
            state: LoggedOff { warning },
            raw: self.raw,
            library: self.library,
        };
        match error {
            None => Ok(session),
            Some(error) => Err(LogoffError::Failed { error, session }),
        }
    }
}

/// A logoff that did not succeed, and what it left of the session.
///
/// ```
/// # use mapi_session::memory::{Answer, Memory, Profile};
/// # use mapi_session::{LogoffError, LogoffFlags, LogonRequest, Mapi};
/// # let memory = Memory::builder().profile(Profile::new("Outlook")).answer(Answer::Cancel).build()?;
/// # let mapi = Mapi::initialize(memory)?;
/// # let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
/// let ended = match session.logoff(LogoffFlags::UI) {
///     Ok(ended) => ended,
///     // The user does not want to; the program insists.
///     Err(LogoffError::Refused { session, .. }) => session.logoff(LogoffFlags::empty())?,
///     Err(failed) => return Err(failed.into()),
/// };
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// In a function that returns an [`Error`], `?` calls [`into_error`](Self::into_error), which drops
/// what was left. A boxed error keeps the session as long as the error lives; use
/// `.map_err(LogoffError::into_error)?` there. To try the logoff again, match.
///
/// Which failures are refusals is our reading (rule E8 of the [contract](crate::contract)).
#[derive(thiserror::Error)]
#[error("{}", self.error())]
#[must_use = "a refused logoff leaves the session live"]
#[allow(
    clippy::exhaustive_enums,
    reason = "after a logoff that failed, the session is live or it is not"
)]
pub enum LogoffError<B: Subsystem> {
    /// Nothing has changed: the session is live.
    Refused {
        /// Why.
        error: Error,
        /// The session, live as before.
        session: Session<Live, B>,
    },
    /// The session has ended, but not as it should.
    Failed {
        /// What went wrong.
        error: Error,
        /// What is left of the session, to be dropped.
        session: Session<LoggedOff, B>,
    },
}

impl<B: Subsystem> LogoffError<B> {
    /// What went wrong.
    #[must_use]
    pub fn error(&self) -> &Error {
        match self {
            Self::Refused { error, .. } | Self::Failed { error, .. } => error,
        }
    }

    /// The HRESULT of the failure.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.error().hresult()
    }

    /// Returns what went wrong, and drops what was left of the session. After a refusal that is a live
    /// session, which is released without a logoff.
    #[must_use]
    pub fn into_error(self) -> Error {
        match self {
            Self::Refused { error, .. } | Self::Failed { error, .. } => error,
        }
    }
}

impl<B: Subsystem> fmt::Debug for LogoffError<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, session): (_, &dyn fmt::Debug) = match self {
            Self::Refused { session, .. } => ("Refused", session),
            Self::Failed { session, .. } => ("Failed", session),
        };
        f.debug_struct(name)
            .field("error", self.error())
            .field("session", session)
            .finish()
    }
}

impl<B: Subsystem> From<LogoffError<B>> for Error {
    fn from(error: LogoffError<B>) -> Self {
        error.into_error()
    }
}
