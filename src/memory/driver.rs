//! What runs the rules: the one lock, and all that happens outside of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::notification::{deliver, is_telling, tell_later, tell_now};
use super::notifier::ToNotifier;
use super::state::{Delivery, Message, Outbox, Report, State, Step};
use super::user::User;
use crate::sync::{Condvar, Mutex, MutexGuard};

/// Runs the rules under the one lock. What they ask for happens while it is free: nobody else's code
/// runs under it.
pub(super) struct Driver {
    state: Mutex<State>,
    turn_is_over: Condvar,
    pub(super) user: User,
}

impl Driver {
    pub(super) fn new(state: State, user: User) -> Self {
        Self {
            state: Mutex::new(state),
            turn_is_over: Condvar::new(),
            user,
        }
    }

    /// Runs a rule to its end.
    pub(super) fn run<T>(self: &Arc<Self>, rule: impl FnOnce(&mut State) -> Step<T>) -> T {
        let mut state = self.state.lock();
        match rule(&mut state) {
            Step::Done(value) if !state.has_outbox() => value,
            step => self.go_on(state, step),
        }
    }

    /// Does what a rule asks for, until it is done.
    fn go_on<'a, T>(self: &'a Arc<Self>, mut state: MutexGuard<'a, State>, mut step: Step<T>) -> T {
        loop {
            step = match step {
                Step::Done(value) => {
                    self.unlock(state);
                    return value;
                }
                Step::Flush(then) => {
                    self.unlock(state);
                    state = self.state.lock();
                    then(&mut state, ())
                }
                Step::Ask(question, parent, then) => {
                    self.unlock(state);
                    let answer = self.user.ask(*question, parent);
                    state = self.state.lock();
                    then(&mut state, answer)
                }
                Step::Call(hook, call, then) => {
                    self.unlock(state);
                    let answer = hook.call(call);
                    state = self.state.lock();
                    then(&mut state, answer)
                }
                Step::AwaitTurn(patience, then) => {
                    let is_over = self.await_turn(&mut state, patience);
                    then(&mut state, is_over)
                }
            };
        }
    }

    /// Runs a rule that asks for no answer.
    pub(super) fn look<T>(self: &Arc<Self>, rule: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        let value = rule(&mut state);
        self.unlock(state);
        value
    }

    /// Whether it is this thread's turn, after so long at most if that is said.
    fn await_turn(&self, state: &mut MutexGuard<'_, State>, patience: Option<Duration>) -> bool {
        let deadline = patience.and_then(|it| Instant::now().checked_add(it));
        while !state.turn_is_open() {
            let Some(deadline) = deadline else {
                self.turn_is_over.wait(state);
                continue;
            };
            let timed_out = self.turn_is_over.wait_until(state, deadline).timed_out();
            if timed_out {
                return state.turn_is_open();
            }
        }
        true
    }

    /// One holds notifications back no more: what waits goes out, unless somebody else holds back, or
    /// does so already.
    pub(super) fn let_notifications_go(self: &Arc<Self>) {
        let (is_mine, notifier) =
            self.look(|state| (state.let_notifications_go(), state.notifier()));
        if is_mine {
            let driver = Arc::clone(self);
            let tell = move || {
                while let Some((subscription, event)) = driver.look(State::next_held) {
                    deliver([&subscription].into_iter(), &event, true);
                }
            };
            tell_by(notifier, tell);
        }
    }

    /// Lets go of the state; what is in its outbox happens.
    fn unlock(self: &Arc<Self>, state: MutexGuard<'_, State>) {
        if state.has_outbox() {
            self.send(state);
        }
    }

    fn send(self: &Arc<Self>, mut state: MutexGuard<'_, State>) {
        let (mut outbox, discarded) = state.take_outbox();
        let tells = outbox.iter().any(|it| matches!(it, Message::Tell(_)));
        let notifier = tells.then(|| state.notifier()).flatten();
        drop(state);
        // First: what follows is others' code, and may wait for whoever waits.
        if outbox.iter().any(|it| matches!(it, Message::TurnIsOver)) {
            self.turn_is_over.notify_all();
        }
        outbox.retain(|message| {
            match message {
                Message::Cancel(subscription) => subscription.cancel(),
                Message::Report(it) => report(it),
                Message::Tell(_) | Message::TurnIsOver => {}
            }
            matches!(message, Message::Tell(_))
        });
        drop(discarded);
        if !outbox.is_empty() {
            self.tell(outbox, notifier);
        }
    }

    /// Tells all of it before what its sinks cause. What a sink has caused waits for its turn; by then
    /// events may be held back.
    fn tell(self: &Arc<Self>, outbox: Outbox, notifier: Option<ToNotifier>) {
        if notifier.is_none() && !is_telling() {
            return tell_now(|| deliveries(&outbox).for_each(deliver_to_all));
        }
        let driver = Arc::clone(self);
        tell_by(notifier, move || {
            for delivery in deliveries(&outbox) {
                if !driver.look(|state| state.hold_back(delivery)) {
                    deliver_to_all(delivery);
                }
            }
        });
    }
}

/// On the thread that there is for it (N14); else on this one, in its turn.
fn tell_by(notifier: Option<ToNotifier>, tell: impl FnOnce() + Send + 'static) {
    let tell: Box<dyn FnOnce() + Send> = Box::new(tell);
    let given = match notifier {
        Some(notifier) => notifier.give(tell),
        None => Err(tell),
    };
    match given {
        Ok(()) => {}
        Err(tell) if is_telling() => tell_later(tell),
        Err(tell) => tell_now(tell),
    }
}

fn deliveries(outbox: &Outbox) -> impl Iterator<Item = &Delivery> {
    outbox.iter().filter_map(|message| match message {
        Message::Tell(delivery) => Some(delivery),
        _ => None,
    })
}

fn deliver_to_all(delivery: &Delivery) {
    deliver(delivery.to.iter(), &delivery.event, delivery.is_late);
}

fn report(report: &Report) {
    match report {
        Report::JoinedOtherProfile { asked_for, joined } => trace!(
            WARN,
            asked_for,
            joined,
            "a logon without MAPI_NEW_SESSION joined a shared session of another profile"
        ),
        Report::ProviderFailed {
            provider,
            call,
            hresult,
        } => trace!(WARN, provider, ?call, %hresult, "a provider failed"),
    }
}
