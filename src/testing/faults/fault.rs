//! What a test can plan with: which calls, and what becomes of them.

use crate::error::{Failure, Warning};
use crate::subsystem::layer::RawCall;

/// Decides what happens to the calls of a plan; see [`OnCall::respond`](super::OnCall::respond).
///
/// A closure `Fn(&RawCall) -> Response` implements it.
///
/// No lock is held while it runs: it may wait, make calls of its own, and plan. A panic in it goes to
/// tracing, and the call goes on.
pub trait Fault: Send + Sync + 'static {
    /// Decides what happens to this call.
    fn respond(&self, call: &RawCall<'_>) -> Response;
}

impl<F: Fn(&RawCall<'_>) -> Response + Send + Sync + 'static> Fault for F {
    fn respond(&self, call: &RawCall<'_>) -> Response {
        self(call)
    }
}

/// Decides which calls a plan is for; see [`OnCall::matching`](super::OnCall::matching).
///
/// A closure `Fn(&RawCall) -> bool` implements it. No lock is held while it runs. If it panics, the
/// plan is not for this call.
pub trait Match: Send + Sync + 'static {
    /// Tells whether the plan is for this call.
    fn matches(&self, call: &RawCall<'_>) -> bool;
}

impl<F: Fn(&RawCall<'_>) -> bool + Send + Sync + 'static> Match for F {
    fn matches(&self, call: &RawCall<'_>) -> bool {
        self(call)
    }
}

/// What happens to a call: the answer of a [`Fault`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Response(pub(super) Kind);

#[derive(Clone, Debug)]
pub(super) enum Kind {
    GoOn,
    Fail { failure: Failure, is_made: bool },
    Warn(Warning),
    FailAtFirstUse(Failure),
    EndSession,
}

impl Response {
    /// Lets the call go on, to the next plan for it or to the subsystem below.
    pub fn go_on() -> Self {
        Self(Kind::GoOn)
    }

    /// Makes the call fail before it reaches the subsystem below. A Logoff does reach it, unless the
    /// failure [refuses](crate::LogoffError::Refused).
    pub fn fail(failure: impl Into<Failure>) -> Self {
        Self(Kind::Fail {
            failure: failure.into(),
            is_made: false,
        })
    }

    /// Makes the call below, and then makes it fail whatever it answered. What it opened is released.
    /// A Logoff is not made below if the failure [refuses](crate::LogoffError::Refused).
    pub fn go_on_and_fail(failure: impl Into<Failure>) -> Self {
        Self(Kind::Fail {
            failure: failure.into(),
            is_made: true,
        })
    }

    /// Makes the call below, and adds this warning if it succeeds.
    pub fn go_on_and_warn(warning: Warning) -> Self {
        Self(Kind::Warn(warning))
    }

    /// Makes the call below, and makes each call on what it opened fail. Only GetLastError, which
    /// tells why, and a session's Logoff work.
    pub fn fail_at_first_use(failure: impl Into<Failure>) -> Self {
        Self(Kind::FailAtFirstUse(failure.into()))
    }

    /// Ends the session that the call is made in, without a logoff: this call and all that follow in
    /// it fail with MAPI_E_END_OF_SESSION.
    pub fn end_session() -> Self {
        Self(Kind::EndSession)
    }
}
