//! What happens outside without an answer.

use super::subscribers::Delivery;
use crate::HResult;
use crate::memory::{
    notification::Subscription,
    provider::{Hook, ProviderCall},
};

/// What happens once no lock is held, in this order.
pub(in crate::memory) type Outbox = Few<Message>;

pub(in crate::memory) enum Message {
    /// Sinks are told.
    Tell(Box<Delivery>),
    /// One is told no more, and dropped.
    Cancel(Subscription),
    /// What a provider did when it was called is dropped.
    Discard(Hook),
    Report(Box<Report>),
    /// Whoever waits for a logon looks again.
    TurnIsOver,
}

/// A list of which most have one member: that needs no allocation.
pub(in crate::memory) struct Few<T> {
    first: Option<T>,
    rest: Vec<T>,
}

impl<T> Few<T> {
    pub(in crate::memory) fn push(&mut self, value: T) {
        match &self.first {
            None => self.first = Some(value),
            Some(_) => self.rest.push(value),
        }
    }

    pub(in crate::memory) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(in crate::memory) fn iter(&self) -> impl Iterator<Item = &T> {
        self.first.iter().chain(&self.rest)
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self {
            first: None,
            rest: Vec::new(),
        }
    }
}

impl<T> IntoIterator for Few<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::option::IntoIter<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.rest)
    }
}

/// What is said through tracing.
pub(in crate::memory) enum Report {
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
