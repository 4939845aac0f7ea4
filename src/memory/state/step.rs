//! What a rule comes to: a result, or something that has to happen outside first; and what happens
//! outside without an answer.

use std::time::Duration;

use super::{Delivery, Refusal, Result, State};
use crate::memory::{
    notification::Subscription,
    provider::{Hook, ProviderAnswer, ProviderCall},
    user::Question,
};
use crate::{HResult, UiParam};

/// What a rule comes to. All but [`Done`](Self::Done) happens with no lock held, and the rule goes on
/// with the answer.
#[must_use]
pub(crate) enum Step<T> {
    Done(T),
    /// What is in the outbox goes out.
    Flush(Then<(), T>),
    /// The user is asked, in a dialog over this window. The answer: what was picked, if anything, or
    /// why there is no OK.
    Ask(Box<Question>, UiParam, Then<Result<Option<String>>, T>),
    /// A provider is called.
    Call(Hook, ProviderCall, Then<ProviderAnswer, T>),
    /// Another logon is waited for (L8), for so long at most. The answer: whether it has ended.
    AwaitTurn(Option<Duration>, Then<bool, T>),
}

/// How a rule goes on.
pub(crate) type Then<A, T> = Box<dyn FnOnce(&mut State, A) -> Step<T>>;

impl<T: 'static> Step<T> {
    /// The rule that goes on with what this one comes to.
    pub(crate) fn then<U: 'static>(
        self,
        state: &mut State,
        next: impl FnOnce(&mut State, T) -> Step<U> + 'static,
    ) -> Step<U> {
        match self {
            Self::Done(value) => next(state, value),
            Self::Flush(then) => Step::Flush(before(then, next)),
            Self::Ask(question, parent, then) => Step::Ask(question, parent, before(then, next)),
            Self::Call(hook, call, then) => Step::Call(hook, call, before(then, next)),
            Self::AwaitTurn(patience, then) => Step::AwaitTurn(patience, before(then, next)),
        }
    }

    /// Goes on once the user has answered.
    pub(super) fn ask(
        question: Question,
        parent: UiParam,
        then: impl FnOnce(&mut State, Result<Option<String>>) -> Self + 'static,
    ) -> Self {
        Self::Ask(Box::new(question), parent, Box::new(then))
    }
}

impl<T> Step<Result<T>> {
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self::Done(Err(refusal.into()))
    }

    /// A rule that may be refused before it begins.
    pub(super) fn checked(begin: impl FnOnce() -> Result<Self>) -> Self {
        begin().unwrap_or_else(|failure| Self::Done(Err(failure)))
    }
}

fn before<A: 'static, T: 'static, U: 'static>(
    then: Then<A, T>,
    next: impl FnOnce(&mut State, T) -> Step<U> + 'static,
) -> Then<A, U> {
    Box::new(move |state, answer| then(state, answer).then(state, next))
}

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
    /// A provider failed to log on or off, or in a fast shutdown (rules L10, E10, F3).
    ProviderFailed {
        provider: Box<str>,
        call: ProviderCall,
        hresult: HResult,
    },
}
