//! What a call gives back besides its value: an [`Error`], or a [`Success`] that may carry a
//! warning.

use std::borrow::Cow;
use std::fmt;

use crate::HResult;

/// A MAPI call that failed: which call, with which HRESULT, and what was wrong.
///
/// ```
/// # use mapi_session::error::Call;
/// # use mapi_session::memory::Memory;
/// # use mapi_session::{HResult, LogonRequest, Mapi};
/// # let mapi = Mapi::initialize(Memory::default()).unwrap();
/// let error = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap_err();
/// assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
/// assert_eq!(error.call(), Call::LOGON_EX);
/// assert_eq!(
///     error.to_string(),
///     "MAPILogonEx: MAPI_E_LOGON_FAILED (0x80040111): there is no profile \"Outlook\""
/// );
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{call}: {failure}")]
pub struct Error {
    call: Call,
    failure: Failure,
}

impl Error {
    /// Creates the error of a call that failed like this.
    #[must_use]
    pub fn new(call: Call, failure: Failure) -> Self {
        Self { call, failure }
    }

    /// Returns the call that failed.
    #[must_use]
    pub fn call(&self) -> Call {
        self.call
    }

    /// Returns the HRESULT of the failure; never a success.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.failure.hresult()
    }

    /// Returns what was wrong, in one line, if the subsystem said it.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.failure.reason()
    }
}

/// A failed call, with the value that it would have consumed, as it was before.
///
/// To try again, get the value by [`into_inner`](Self::into_inner). In a function that returns an
/// [`Error`], `?` calls [`into_error`](Self::into_error), which drops the value. In a function that
/// returns `Box<dyn Error>` or `anyhow::Error`, the value lives as long as the error, unless you drop
/// it:
///
/// ```
/// # use mapi_session::error::CallError;
/// # use mapi_session::memory::{Memory, Profile};
/// # use mapi_session::{LogonRequest, Mapi};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
/// # let mapi = Mapi::initialize(memory)?;
/// # let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
/// let shutdown = session.fast_shutdown().map_err(CallError::into_error)?;
/// # drop(shutdown);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{error}")]
#[must_use = "what the call would have taken is in it, as it was"]
pub struct CallError<T> {
    error: Error,
    value: T,
}

impl<T> CallError<T> {
    pub(crate) fn new(error: Error, value: T) -> Self {
        Self { error, value }
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// Returns the HRESULT of the failure.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.error.hresult()
    }

    /// Returns the value, as it was before the call.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns what went wrong, and drops the value.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl<T> From<CallError<T>> for Error {
    fn from(error: CallError<T>) -> Self {
        error.into_error()
    }
}

/// A MAPI call, by its name. Two of them never fail: MAPIUninitialize and Release.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Call(&'static str);

impl Call {
    /// Returns MAPI's name of the call, with its interface.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// Each row of the table makes a constant.
macro_rules! call_constants {
    ($($_trait:ident { $($call:ident $name:literal $({ $($_methods:tt)* })?)* })*) => {
        impl Call {
            $($(
                #[doc = $name]
                pub const $call: Self = Self($name);
            )*)*
        }
    };
}

calls!(call_constants);

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A description of an error (MAPIERROR), as GetLastError returns it.
///
/// [`MAPIERROR`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapierror) in the MAPI reference.
#[doc(alias = "MAPIERROR")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapiError {
    error: Cow<'static, str>,
    component: Cow<'static, str>,
    low_level_error: u32,
    context: u32,
}

impl MapiError {
    /// Creates an error with this text for the user. The rest is empty until it is set.
    #[must_use]
    pub fn new(error: impl Into<Cow<'static, str>>) -> Self {
        Self {
            error: error.into(),
            component: Cow::default(),
            low_level_error: 0,
            context: 0,
        }
    }

    /// Returns what went wrong, in words for the user.
    #[doc(alias = "lpszError")]
    #[must_use]
    pub fn error(&self) -> &str {
        &self.error
    }

    /// Returns the component that it went wrong in.
    #[doc(alias = "lpszComponent")]
    #[must_use]
    pub fn component(&self) -> &str {
        &self.component
    }

    /// Returns the error code of the system below; zero if there is none.
    #[doc(alias = "ulLowLevelError")]
    #[must_use]
    pub fn low_level_error(&self) -> u32 {
        self.low_level_error
    }

    /// Returns the place in the component.
    #[doc(alias = "ulContext")]
    #[must_use]
    pub fn context(&self) -> u32 {
        self.context
    }
}

setters! { MapiError:
    /// Sets the component that it went wrong in.
    with_component(component: impl Into<Cow<'static, str>>) |it| it.component = component.into();
    /// Sets the error of the system below.
    with_low_level_error(low_level_error: u32) |it| it.low_level_error = low_level_error;
    /// Sets the place in the component.
    with_context(context: u32) |it| it.context = context;
}

/// A failure as a [subsystem](crate::subsystem) reports it: a failing HRESULT and, if it can say
/// more, the reason.
///
/// ```
/// # use mapi_session::error::Failure;
/// # use mapi_session::HResult;
/// let failure = Failure::new(HResult::MAPI_E_BUSY).because("another thread is logging this session off");
/// assert_eq!(failure.hresult(), HResult::MAPI_E_BUSY);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure(Box<Detail>);

impl Failure {
    /// Creates a failure with this HRESULT. A code that means success cannot fail: it becomes E_UNEXPECTED,
    /// with a reason that quotes it.
    #[must_use]
    pub fn new(hresult: HResult) -> Self {
        if hresult.is_success() {
            return Self::new(HResult::E_UNEXPECTED)
                .because(format!("a failure was reported as {hresult}"));
        }
        Self(Detail::new(hresult, ""))
    }

    /// Sets the reason, one line.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.0.reason = reason.into();
        self
    }

    /// Sets what GetLastError tells of it. If there is no reason yet, its text becomes the reason.
    #[must_use]
    pub fn with_mapi_error(mut self, error: MapiError) -> Self {
        if self.0.reason.is_empty() {
            self.0.reason = error.error.clone();
        }
        self.0.error = Some(Box::new(error));
        self
    }

    /// Returns the HRESULT; never a success.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.0.hresult
    }

    /// Returns what GetLastError tells of it, if that was set.
    #[must_use]
    pub fn mapi_error(&self) -> Option<&MapiError> {
        self.0.error.as_deref()
    }

    /// Returns what was wrong.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.0.reason()
    }
}

impl std::error::Error for Failure {}

impl From<HResult> for Failure {
    fn from(hresult: HResult) -> Self {
        Self::new(hresult)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A value and the success that it came with: S_OK, or a warning (MAPI_W_*).
///
/// The warning cannot be lost by accident: you get the value together with it, or by a method whose
/// name says that it ignores the warning.
///
/// ```
/// # use mapi_session::error::{Success, Warning};
/// # use mapi_session::HResult;
/// let success = Success::new("a value").warned(Warning::errors_returned("a provider failed"));
/// let length = success.map(str::len);
/// assert_eq!(length.hresult(), HResult::MAPI_W_ERRORS_RETURNED);
/// assert_eq!(length.ignore_warning(), 7);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Success<T> {
    value: T,
    warning: Option<Warning>,
}

impl<T> Success<T> {
    /// Creates a success with S_OK.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self::from_parts(value, None)
    }

    /// Turns the value and the HRESULT of a COM call into a success, with a warning if the HRESULT is
    /// not S_OK, or into a failure.
    ///
    /// # Errors
    /// The HRESULT, if it is a failure. The value is dropped.
    pub fn from_hresult(value: T, hresult: HResult) -> Result<Self, Failure> {
        if hresult.is_failure() {
            return Err(hresult.into());
        }
        Ok(Self::from_parts(value, Warning::new(hresult)))
    }

    /// Adds a warning.
    #[must_use]
    pub fn warned(mut self, warning: Warning) -> Self {
        self.warning = Some(warning);
        self
    }

    /// Returns S_OK, or the HRESULT of the warning.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.warning
            .as_ref()
            .map_or(HResult::S_OK, Warning::hresult)
    }

    /// Returns the warning, if there is one.
    #[must_use]
    pub fn warning(&self) -> Option<&Warning> {
        self.warning.as_ref()
    }

    #[cfg(feature = "testing")]
    pub(crate) fn value(&self) -> &T {
        &self.value
    }

    /// Returns the value, and drops the warning if there is one.
    #[must_use]
    pub fn ignore_warning(self) -> T {
        self.value
    }

    /// Applies `change` to the value, and keeps the warning.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Success<U> {
        Success::from_parts(change(self.value), self.warning)
    }

    /// Puts together what [`into_parts`](Self::into_parts) took apart: the value, and the warning if
    /// there is one.
    #[must_use]
    pub fn from_parts(value: T, warning: Option<Warning>) -> Self {
        Self { value, warning }
    }

    /// Returns the value, and the warning if there is one.
    #[must_use]
    pub fn into_parts(self) -> (T, Option<Warning>) {
        (self.value, self.warning)
    }
}

impl<T> From<T> for Success<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// A success other than S_OK, with what it warns of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning(Box<Detail>);

impl Warning {
    /// Creates a warning with this HRESULT; `None` if it is a failure or S_OK.
    #[must_use]
    pub fn new(hresult: HResult) -> Option<Self> {
        hresult
            .is_warning()
            .then_some(Self(Detail::new(hresult, "")))
    }

    /// Sets what it warns of, one line.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Self {
        self.0.reason = reason.into();
        self
    }

    /// Creates an MAPI_W_ERRORS_RETURNED: the call succeeded, but a provider did not.
    #[must_use]
    pub fn errors_returned(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(Detail::new(HResult::MAPI_W_ERRORS_RETURNED, reason))
    }

    /// Returns the HRESULT: a success other than S_OK.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.0.hresult
    }

    /// Returns what it warns of, if the subsystem said it.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.0.reason()
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An HRESULT and what the subsystem says of it; empty where it says nothing. Boxed, so that a call
/// that succeeds hands no more than a pointer through.
#[derive(Clone, PartialEq, Eq)]
struct Detail {
    hresult: HResult,
    reason: Cow<'static, str>,
    error: Option<Box<MapiError>>,
}

impl Detail {
    fn new(hresult: HResult, reason: impl Into<Cow<'static, str>>) -> Box<Self> {
        Box::new(Self {
            hresult,
            reason: reason.into(),
            error: None,
        })
    }

    fn reason(&self) -> Option<&str> {
        (!self.reason.is_empty()).then_some(&*self.reason)
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason().or_else(|| self.hresult.meaning()) {
            Some(reason) => write!(f, "{}: {reason}", self.hresult),
            None => self.hresult.fmt(f),
        }
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What says so in a [`MapiError`].
#[cfg(feature = "memory")]
pub(crate) const COMPONENT: &str = "mapi-session";

/// What GetLastError tells of a failure, or a success with a warning, of this crate's subsystems.
#[cfg(feature = "memory")]
pub(crate) struct LastError {
    hresult: HResult,
    error: MapiError,
}

#[cfg(feature = "memory")]
impl LastError {
    /// What is to be kept of a call, where it was no plain success.
    pub(crate) fn of<T>(outcome: &Result<Success<T>, Failure>) -> Option<Self> {
        let (hresult, reason, error) = match outcome {
            Ok(success) => {
                let warning = success.warning()?;
                (warning.hresult(), warning.reason(), None)
            }
            Err(failure) => (failure.hresult(), failure.reason(), failure.mapi_error()),
        };
        let error = error.cloned().unwrap_or_else(|| {
            let meaning = || Cow::Borrowed(hresult.meaning().unwrap_or_default());
            let text = reason.map_or_else(meaning, |it| Cow::Owned(it.into()));
            MapiError::new(text).with_component(COMPONENT)
        });
        Some(Self { hresult, error })
    }

    /// Where the call had this HRESULT.
    pub(crate) fn of_hresult(&self, hresult: HResult) -> Option<MapiError> {
        (self.hresult == hresult).then(|| self.error.clone())
    }
}
