//! The session: what all its states share.

pub mod adopted;
pub mod advise;
pub mod entry;
pub mod fast_shutdown;
pub mod form;
pub mod logoff;
pub mod logon;
pub mod message;
mod open;
mod query;
pub mod section;
pub mod service;
pub mod store;

use std::fmt;
use std::sync::Arc;

pub(crate) use open::debug;
use open::{Hold, Open};

use crate::Error;
use crate::error::{Call, Warning};
use crate::mapi::Library;
use crate::subsystem::{RawResult, RawSession, Subsystem};

/// A client's session, in the state `S`, over the subsystem `B`.
///
/// [`Mapi::logon`](crate::Mapi::logon) gives a `Session<Live, B>`; [`logoff`](Session::logoff)
/// consumes it and gives a `Session<LoggedOff, B>`, on which nothing can be called: it can only be
/// dropped, which is its Release. The type parameters rarely need to be written out.
///
/// # What dropping does
/// A logged-off session is released, and nothing else happens. A **live** one is released without a
/// logoff: its client leaves it as by a plain logoff, other clients of a shared session are told, a
/// warning goes to tracing, and what went wrong cannot be reported. Call
/// [`logoff`](Session::logoff) instead. Either way the session is released before the library is
/// uninitialised.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown).
// Not must_use: that is for all states or none, and `session.logoff(flags)?;`, which drops a
// logged-off session, is how a program ends one. A live one that is dropped is traced.
#[doc(alias = "IMAPISession")]
#[doc(alias = "Release")]
pub struct Session<S: State, B: Subsystem> {
    // Fields are dropped in this order: the warning of a live session, Release, MAPIUninitialize.
    state: S,
    raw: B::Session,
    library: Arc<Library<B>>,
}

/// A state of a [`Session`]: [`Live`] or [`LoggedOff`]. There are no others, and none can be added.
pub trait State: sealed::State {}

/// Logged on: everything can be called.
pub struct Live {
    warning: Option<Warning>,
    /// By a logoff or a fast shutdown: then a release is as it should be.
    ended: bool,
}

/// Logged off: nothing can be called but Release, and that is `drop`.
pub struct LoggedOff {
    warning: Option<Warning>,
}

impl State for Live {}
impl State for LoggedOff {}

mod sealed {
    use crate::error::Warning;

    pub trait State {
        const NAME: &'static str;

        fn warning(&self) -> Option<&Warning>;
    }

    impl State for super::Live {
        const NAME: &'static str = "Session<Live>";

        fn warning(&self) -> Option<&Warning> {
            self.warning.as_ref()
        }
    }

    impl State for super::LoggedOff {
        const NAME: &'static str = "Session<LoggedOff>";

        fn warning(&self) -> Option<&Warning> {
            self.warning.as_ref()
        }
    }
}

impl Drop for Live {
    #[inline]
    fn drop(&mut self) {
        if !self.ended {
            warn_of_release();
        }
    }
}

#[cold]
fn warn_of_release() {
    trace!(
        WARN,
        "a live MAPI session is released without IMAPISession::Logoff"
    );
}

/// Shows the session of the subsystem, where that [can be shown](RawSession::as_debug), and the
/// warning that the logon or the logoff succeeded with, if it did.
impl<S: State, B: Subsystem> fmt::Debug for Session<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, S::NAME, self.raw.as_debug(), self.state.warning())
    }
}

impl<B: Subsystem> Session<Live, B> {
    /// The warning (MAPI_W_*) that the logon succeeded with, where it did.
    #[must_use]
    pub fn logon_warning(&self) -> Option<&Warning> {
        self.state.warning.as_ref()
    }

    /// The subsystem that this session is on.
    #[must_use]
    pub fn subsystem(&self) -> &B {
        &self.library.subsystem
    }
}

/// Splits what a raw call gave. A warning is traced.
#[inline]
fn split<T>(call: Call, result: RawResult<T>) -> Result<(T, Option<Warning>), Error> {
    let (value, warning) = result
        .map_err(|failure| Error::new(call, failure))?
        .into_parts();
    if let Some(warning) = &warning {
        warn_of(call, warning);
    }
    Ok((value, warning))
}

/// As [`split`], where the warning has no other place to go.
#[inline]
pub(crate) fn plain<T>(call: Call, result: RawResult<T>) -> Result<T, Error> {
    Ok(split(call, result)?.0)
}

#[cold]
fn warn_of(call: Call, warning: &Warning) {
    trace!(WARN, %call, %warning, "a MAPI call succeeded with a warning");
}
