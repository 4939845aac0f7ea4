//! How events reach the sinks.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::foreign::{Guarded, contain};
use crate::sync::{AtomicBool, Ordering, thread_local};
use crate::{AdviseSink, EventMask, Notification};

/// A sink, and which events it asked for.
#[derive(Clone)]
pub(super) struct Subscription(Arc<Subscribed<dyn AdviseSink>>);

struct Subscribed<S: ?Sized> {
    mask: EventMask,
    /// Whoever goes through a list that it was on passes it by.
    is_cancelled: AtomicBool,
    sink: S,
}

impl Subscription {
    pub(super) fn new<S: AdviseSink + 'static>(mask: EventMask, sink: Guarded<S>) -> Self {
        Self(Arc::new(Subscribed {
            mask,
            is_cancelled: AtomicBool::new(false),
            sink,
        }))
    }

    pub(super) fn mask(&self) -> EventMask {
        self.0.mask
    }

    pub(super) fn asks_for(&self, event: EventMask) -> bool {
        self.0.mask.contains(event)
    }

    /// No new call of the sink starts (N7).
    pub(super) fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Release);
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Acquire)
    }
}

/// Tells those who asked for it; where it is late, also those who are cancelled since (N8). A sink
/// that panics costs only its own event (N9).
pub(super) fn deliver<'a>(
    mut to: impl Iterator<Item = &'a Subscription>,
    event: &Notification,
    is_late: bool,
) {
    let kind = event.event();
    let mut tell_the_rest = || {
        for subscription in to.by_ref() {
            if subscription.asks_for(kind) && (is_late || !subscription.is_cancelled()) {
                subscription.0.sink.on_notify(event);
            }
        }
    };
    while contain("an advise sink", &mut tell_the_rest).is_none() {}
}

type Waiting = VecDeque<Box<dyn FnOnce()>>;

thread_local! {
    /// What waits until this thread has told all of the event that it is telling.
    static NEXT: RefCell<Option<Waiting>> = const { RefCell::new(None) };
}

/// Whether this thread is telling something, so that a sink has called.
pub(super) fn is_telling() -> bool {
    let is_telling = NEXT.try_with(|next| next.borrow().is_some());
    is_telling.unwrap_or(false)
}

/// Tells something when this thread, which is telling something else, has done so. So events keep their
/// order, and sinks that cause events do not nest.
pub(super) fn tell_later(tell: impl FnOnce() + 'static) {
    let tell: Box<dyn FnOnce()> = Box::new(tell);
    let _ = NEXT.try_with(|next| next.borrow_mut().get_or_insert_default().push_back(tell));
}

/// Tells something on a thread that is telling nothing else, and then what sinks have caused meanwhile.
pub(super) fn tell_now(tell: impl FnOnce()) {
    let begun = NEXT.try_with(|next| *next.borrow_mut() = Some(Waiting::new()));
    tell();
    if begun.is_err() {
        return;
    }
    while let Ok(Some(tell)) = NEXT.try_with(|next| {
        let mut next = next.borrow_mut();
        let tell = next.as_mut().and_then(VecDeque::pop_front);
        if tell.is_none() {
            *next = None;
        }
        tell
    }) {
        tell();
    }
}
