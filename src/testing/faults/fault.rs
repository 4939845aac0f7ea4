//! What a test can plan with: which calls, and what becomes of them.

use crate::error::{Failure, Warning};
use crate::subsystem::layer::RawCall;

/// What happens to the calls that a plan is for; see [`OnCall::respond`](super::OnCall::respond).
///
/// A closure `Fn(&RawCall) -> Response` is a fault.
///
/// No lock is held while it runs: it may wait, make calls of its own, and plan. A panic in it goes to
/// tracing, and the call goes on.
pub trait Fault: Send + Sync + 'static {
    /// A call has arrived that this is planned for.
    fn respond(&self, call: &RawCall<'_>) -> Response;
}

impl<F: Fn(&RawCall<'_>) -> Response + Send + Sync + 'static> Fault for F {
    fn respond(&self, call: &RawCall<'_>) -> Response {
        self(call)
    }
}

/// Which calls a plan is for; see [`OnCall::matching`](super::OnCall::matching).
///
/// A closure `Fn(&RawCall) -> bool` is one. No lock is held while it runs. Where it panics, the plan
/// is not for this call.
pub trait Match: Send + Sync + 'static {
    /// Whether the plan is for this call.
    fn matches(&self, call: &RawCall<'_>) -> bool;
}

impl<F: Fn(&RawCall<'_>) -> bool + Send + Sync + 'static> Match for F {
    fn matches(&self, call: &RawCall<'_>) -> bool {
        self(call)
    }
}

/// What becomes of a call: the answer of a [`Fault`].
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
    /// The call goes on: to what else is planned for it, or to the subsystem below.
    pub fn go_on() -> Self {
        Self(Kind::GoOn)
    }

    /// The call fails, and does not reach the subsystem below. A Logoff does, where the failure is
    /// none that [refuses](crate::LogoffError::Refused).
    pub fn fail(failure: impl Into<Failure>) -> Self {
        Self(Kind::Fail {
            failure: failure.into(),
            is_made: false,
        })
    }

    /// The call is made below, and fails whatever comes of it. What it has opened is released. A
    /// Logoff that is to be [refused](crate::LogoffError::Refused) is not made.
    pub fn go_on_and_fail(failure: impl Into<Failure>) -> Self {
        Self(Kind::Fail {
            failure: failure.into(),
            is_made: true,
        })
    }

    /// The call is made below, and succeeds with this warning, if it succeeds.
    pub fn go_on_and_warn(warning: Warning) -> Self {
        Self(Kind::Warn(warning))
    }

    /// The call is made below, and each call on what it has opened fails but GetLastError, which tells
    /// why; of a session all but Logoff, too.
    pub fn fail_at_first_use(failure: impl Into<Failure>) -> Self {
        Self(Kind::FailAtFirstUse(failure.into()))
    }

    /// The session that the call is made in ends under its client's feet: this call and all that
    /// follow in it fail with MAPI_E_END_OF_SESSION.
    pub fn end_session() -> Self {
        Self(Kind::EndSession)
    }
}
