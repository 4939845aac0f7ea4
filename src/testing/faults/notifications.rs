//! Notifications that arrive late, or never.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use super::plan::{Planned, State};
use crate::foreign::contain;
use crate::subsystem::layer::ObjectId;
use crate::sync::Mutex;
use crate::{AdviseSink, EventMask, Notification};

/// A plan for notifications that is being made, from
/// [`Faults::notifications`](super::Faults::notifications).
#[must_use = "nothing is planned before it says what happens"]
pub struct OnNotification<'a> {
    plan: &'a Mutex<State>,
    of: EventMask,
    times: Option<usize>,
}

impl<'a> OnNotification<'a> {
    pub(super) fn new(plan: &'a Mutex<State>) -> Self {
        Self {
            plan,
            of: EventMask::all(),
            times: None,
        }
    }

    /// Narrows the plan down to these events.
    pub fn of(mut self, events: EventMask) -> Self {
        self.of = events;
        self
    }

    /// Narrows the plan down to the first `notifications` of them. The default is all.
    pub fn times(mut self, notifications: usize) -> Self {
        self.times = Some(notifications);
        self
    }

    /// Lets them arrive late: when the guard is dropped, on that thread, in their order, even at sinks
    /// that were unregistered meanwhile.
    ///
    /// [Timing a Notification](https://learn.microsoft.com/office/client-developer/outlook/mapi/timing-a-notification) in the MAPI reference.
    #[must_use = "dropping it lets the notifications go"]
    #[track_caller]
    pub fn late(self) -> LateNotifications {
        let held = Arc::new(Held::default());
        self.plan("notifications arrive late", Some(Arc::clone(&held)));
        LateNotifications(held)
    }

    /// Loses them.
    #[track_caller]
    pub fn never(self) {
        self.plan("notifications are lost", None);
    }

    #[track_caller]
    fn plan(self, words: &str, held: Option<Arc<Held>>) {
        let mut state = self.plan.lock();
        let planned = state.plan(Planned::new(words.into(), self.times));
        state.notices.push(Notice {
            of: self.of,
            planned,
            held,
        });
    }
}

impl fmt::Debug for OnNotification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnNotification")
    }
}

/// A guard that holds notifications back until it is dropped, from [`OnNotification::late`].
#[must_use = "dropping it lets the notifications go"]
pub struct LateNotifications(Arc<Held>);

impl LateNotifications {
    /// Counts those that are held back now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.0.events.lock().queue.len()
    }

    /// Delivers them.
    pub fn deliver(self) {
        drop(self);
    }
}

impl Drop for LateNotifications {
    fn drop(&mut self) {
        let mut events = self.0.events.lock();
        while let Some((sink, event)) = events.queue.pop_front() {
            drop(events);
            // A sink that panics costs only its own event.
            contain("an advise sink", || sink.on_notify(&event));
            drop(sink);
            events = self.0.events.lock();
        }
        events.is_over = true;
    }
}

impl fmt::Debug for LateNotifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LateNotifications")
            .field("held", &self.held())
            .finish()
    }
}

/// Events that are held back, each with whom it is for.
#[derive(Default)]
pub(super) struct Held {
    events: Mutex<HeldEvents>,
}

#[derive(Default)]
struct HeldEvents {
    /// Until then what comes goes to the end of the queue, and overtakes nothing.
    is_over: bool,
    queue: VecDeque<(Arc<dyn AdviseSink>, Notification)>,
}

impl Held {
    /// Whether it is held back.
    fn take(&self, sink: Arc<dyn AdviseSink>, event: &Notification) -> bool {
        let mut events = self.events.lock();
        let takes = !events.is_over;
        if takes {
            events.queue.push_back((sink, event.clone()));
        }
        takes
    }
}

/// A plan for notifications.
pub(super) struct Notice {
    of: EventMask,
    planned: usize,
    /// Nothing: they are lost.
    held: Option<Arc<Held>>,
}

/// What becomes of a notification.
enum Fate {
    Told,
    Lost,
    Held(Arc<Held>),
}

impl State {
    /// What becomes of a notification to a sink of this session.
    fn fate(&mut self, session: Option<ObjectId>, event: EventMask) -> Fate {
        let session = session.and_then(|it| self.sessions.get(&it));
        if session.is_some_and(Option::is_some) {
            return Fate::Lost;
        }
        let planned = self.notices.iter().find(|notice| {
            let is_over = |held: &Arc<Held>| held.events.lock().is_over;
            notice.of.contains(event)
                && self.planned[notice.planned].can_be_used()
                && !notice.held.as_ref().is_some_and(is_over)
        });
        let Some(notice) = planned else {
            return Fate::Told;
        };
        self.planned[notice.planned].take();
        (notice.held.as_ref()).map_or(Fate::Lost, |held| Fate::Held(Arc::clone(held)))
    }
}

/// A client's sink, as it is registered below.
pub(super) struct FaultySink<S> {
    plan: Arc<Mutex<State>>,
    session: Option<ObjectId>,
    sink: Arc<S>,
}

impl<S> FaultySink<S> {
    pub(super) fn new(plan: &Arc<Mutex<State>>, session: Option<ObjectId>, sink: S) -> Self {
        Self {
            plan: Arc::clone(plan),
            session,
            sink: Arc::new(sink),
        }
    }
}

impl<S: AdviseSink + 'static> AdviseSink for FaultySink<S> {
    fn on_notify(&self, notification: &Notification) {
        let fate = self.plan.lock().fate(self.session, notification.event());
        let is_told = match fate {
            Fate::Told => true,
            Fate::Lost => false,
            Fate::Held(held) => {
                let sink: Arc<dyn AdviseSink> = Arc::clone(&self.sink) as _;
                !held.take(sink, notification)
            }
        };
        if is_told {
            self.sink.on_notify(notification);
        }
    }
}
