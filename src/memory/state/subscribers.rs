//! Who is told of the events of a session or an object.

use std::collections::VecDeque;
use std::sync::Arc;

use super::ObjectKey;
use crate::Notification;
use crate::memory::notification::Subscription;

/// Who is told of something. A clone is a snapshot: it stays as it is while the original changes.
#[derive(Clone, Default)]
pub(crate) struct Subscribers(Option<Arc<Vec<(ObjectKey, Subscription)>>>);

impl Subscribers {
    /// Adds one, and gives its position.
    pub(super) fn add(&mut self, registration: ObjectKey, subscription: Subscription) -> usize {
        let list = Arc::make_mut(self.0.get_or_insert_default());
        list.push((registration, subscription));
        list.len() - 1
    }

    /// Takes out the one at this position. Gives it, and the registration that has its position now.
    pub(super) fn remove(&mut self, position: usize) -> Option<(Subscription, Option<ObjectKey>)> {
        let list = Arc::make_mut(self.0.as_mut()?);
        if position >= list.len() {
            return None;
        }
        let (_, subscription) = list.swap_remove(position);
        let moved = list.get(position).map(|(registration, _)| *registration);
        Some((subscription, moved))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Subscription> {
        let list = self.0.as_deref().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|(_, subscription)| subscription)
    }
}

/// An event, and whom it is for, as far as they asked for its kind.
pub(crate) struct Delivery {
    pub(crate) to: Subscribers,
    pub(crate) event: Notification,
    /// It was caused while events were held back.
    pub(crate) is_late: bool,
}

/// Events that are held back, to arrive late (N8).
#[derive(Default)]
pub(super) struct Held {
    /// How many hold back.
    pub(super) holders: usize,
    /// Somebody delivers the queue: what comes meanwhile goes to its end, and overtakes nothing.
    pub(super) is_draining: bool,
    pub(super) queue: VecDeque<(Subscription, Notification)>,
}

impl Held {
    pub(super) fn holds_back(&self) -> bool {
        self.holders > 0 || self.is_draining
    }

    /// Holds an event back from those who asked for it.
    pub(super) fn add(&mut self, delivery: &Delivery) {
        let Delivery { to, event, is_late } = delivery;
        let asked = to.iter().filter(|it| it.asks_for(event.event()));
        let told = asked.filter(|it| *is_late || !it.is_cancelled());
        self.queue
            .extend(told.map(|it| (it.clone(), event.clone())));
    }
}
