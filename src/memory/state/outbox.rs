//! What happens outside without an answer.

use super::subscribers::Delivery;
use crate::HResult;
use crate::memory::{notification::Subscription, provider::ProviderCall};

/// What happens once no lock is held, in this order.
pub(crate) type Outbox = Vec<Message>;

pub(crate) enum Message {
    /// Sinks are told.
    Tell(Delivery),
    /// One is told no more, and dropped.
    Cancel(Subscription),
    Report(Report),
    /// Whoever waits for a logon looks again.
    TurnIsOver,
}

/// What is said through tracing.
pub(crate) enum Report {
    /// A logon joined another profile's session, which is rarely what was meant (rule S2).
    JoinedOtherProfile {
        asked_for: Box<str>,
        joined: Box<str>,
    },
    /// A logoff with MAPI_LOGOFF_SHARED had an effect (rule E5).
    SharedLogoff {
        profile: Box<str>,
        client: u64,
        other_clients: usize,
        every_session: bool,
    },
    /// A provider failed to log on or off, or in a fast shutdown (rules L10, E10, F3).
    ProviderFailed {
        provider: Box<str>,
        call: ProviderCall,
        hresult: HResult,
    },
}
