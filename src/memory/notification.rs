//! Who is told of what: the registrations of a session, and how events reach them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Guarded, contain};
use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};
use crate::{AdviseSink, Connection, EntryId, EventMask, Notification};

/// The registrations of all clients of one session.
///
/// To tell them, a [`Round`] takes the list as it is and goes through it without a lock; a list
/// that changes meanwhile is copied first. So telling a sink costs no lock and no counting.
#[derive(Default)]
pub(super) struct Hub {
    list: Mutex<List>,
}

#[derive(Default)]
pub(super) struct List {
    slots: Option<Arc<Vec<Slot>>>,
    /// The first free slot, if there is one; the others follow from it.
    free: Option<u32>,
    last_serial: u32,
}

#[derive(Clone)]
enum Slot {
    Taken {
        serial: u32,
        registration: AnyRegistration,
    },
    Free {
        next: Option<u32>,
    },
}

pub(super) type AnyRegistration = Arc<Registration<dyn AdviseSink>>;

/// A sink, and what it asks for.
pub(super) struct Registration<S: ?Sized> {
    client: u64,
    mask: EventMask,
    /// The object whose events are asked for; the session itself where there is none.
    target: Option<EntryId>,
    /// Set when it is taken out of the list; a round that is under way then passes it by.
    cancelled: AtomicBool,
    sink: S,
}

impl<S> Registration<S> {
    pub(super) fn new(client: u64, target: Option<EntryId>, mask: EventMask, sink: S) -> Self {
        Self {
            client,
            mask,
            target,
            cancelled: AtomicBool::new(false),
            sink,
        }
    }
}

impl<S: AdviseSink> AdviseSink for Guarded<S> {
    fn on_notify(&self, notification: &Notification) {
        if let Some(sink) = self.get() {
            sink.on_notify(notification);
        }
    }
}

impl Registration<dyn AdviseSink> {
    /// N1: a session's critical errors always.
    #[inline]
    fn asks_for(&self, event: EventMask) -> bool {
        let always = self.target.is_none() && event == EventMask::CRITICAL_ERROR;
        always || self.mask.contains(event)
    }

    #[inline]
    fn tell(&self, notification: &Notification) {
        contain("an advise sink", || self.sink.on_notify(notification));
    }
}

impl Hub {
    /// The list, for decisions that must hold together with it.
    pub(super) fn lock(&self) -> MutexGuard<'_, List> {
        self.list.lock()
    }

    /// All who are registered now.
    pub(super) fn round(&self) -> Round {
        Round(self.list.lock().slots.clone())
    }
}

impl List {
    pub(super) fn add(&mut self, registration: AnyRegistration) -> Connection {
        self.last_serial = self.last_serial.wrapping_add(1);
        let serial = self.last_serial;
        let taken = Slot::Taken {
            serial,
            registration,
        };
        let slots = Arc::make_mut(self.slots.get_or_insert_default());
        let index = match self.free {
            Some(index) => {
                if let Slot::Free { next } = std::mem::replace(&mut slots[index as usize], taken) {
                    self.free = next;
                }
                index
            }
            None => {
                slots.push(taken);
                (slots.len() - 1) as u32
            }
        };
        Connection(u64::from(serial) << 32 | u64::from(index + 1))
    }

    /// Takes out the registration with this number, if it is this client's. The caller drops it
    /// where no lock is held: its sink is not our code.
    #[must_use]
    pub(super) fn remove(
        &mut self,
        connection: Connection,
        client: u64,
    ) -> Option<AnyRegistration> {
        let index = (connection.0 as u32).checked_sub(1)?;
        let matches = |slot: &Slot| {
            matches!(slot, Slot::Taken { serial, registration }
                if u64::from(*serial) == connection.0 >> 32 && registration.client == client)
        };
        self.take_out(index, matches)
    }

    /// Takes out every registration of this client, to be dropped where no lock is held.
    #[must_use]
    pub(super) fn remove_all(&mut self, client: u64) -> Vec<AnyRegistration> {
        let matches = |slot: &Slot| matches!(slot, Slot::Taken { registration, .. } if registration.client == client);
        let indices = 0..self.slots.as_ref().map_or(0, |slots| slots.len() as u32);
        indices
            .filter_map(|index| self.take_out(index, matches))
            .collect()
    }

    fn take_out(&mut self, index: u32, matches: impl Fn(&Slot) -> bool) -> Option<AnyRegistration> {
        let slots = self.slots.as_mut()?;
        slots.get(index as usize).filter(|slot| matches(slot))?;
        let free = Slot::Free {
            next: self.free.replace(index),
        };
        match std::mem::replace(&mut Arc::make_mut(slots)[index as usize], free) {
            Slot::Taken { registration, .. } => {
                registration.cancelled.store(true, Ordering::Release);
                Some(registration)
            }
            Slot::Free { .. } => None,
        }
    }
}

/// The registrations of a session at one moment, to be told of an event.
pub(super) struct Round(Option<Arc<Vec<Slot>>>);

impl Round {
    /// Tells those who asked for the events of `target`, each of them one event after the other. No
    /// lock may be held: sinks are not our code.
    pub(super) fn tell<const N: usize>(
        self,
        late: &Late,
        target: Option<&EntryId>,
        events: [&Notification; N],
    ) {
        let Some(slots) = self.0 else { return };
        let events = events.map(|event| (event.event(), event));
        for slot in &*slots {
            let Slot::Taken { registration, .. } = slot else {
                continue;
            };
            let concerned = match (&registration.target, target) {
                (None, None) => true,
                (asked, target) => asked.as_ref() == target,
            };
            if !concerned {
                continue;
            }
            for (kind, event) in events {
                // Once it is seen not to be cancelled, the call has started (N7).
                if registration.asks_for(kind)
                    && !registration.cancelled.load(Ordering::Acquire)
                    && !late.hold_back(registration, event)
                {
                    registration.tell(event);
                }
            }
        }
    }
}

/// Events that are held back, to arrive late (N8).
#[derive(Default)]
pub(super) struct Late {
    /// Whether the gate is closed, for those who only want to pass.
    closed: AtomicBool,
    gate: Mutex<Gate>,
}

#[derive(Default)]
struct Gate {
    holders: usize,
    /// Somebody delivers the queue: what comes meanwhile goes to its end, and overtakes nothing.
    draining: bool,
    queue: VecDeque<(AnyRegistration, Notification)>,
}

impl Late {
    pub(super) fn hold(&self) {
        let mut gate = self.gate.lock();
        gate.holders += 1;
        self.closed.store(true, Ordering::Release);
    }

    /// Delivers what was held back, also to those who have unregistered since, unless or until
    /// somebody else holds back.
    pub(super) fn let_go(&self) {
        let mut gate = self.gate.lock();
        gate.holders -= 1;
        if gate.draining {
            return;
        }
        gate.draining = true;
        while gate.holders == 0 {
            let Some((registration, event)) = gate.queue.pop_front() else {
                self.closed.store(false, Ordering::Release);
                break;
            };
            drop(gate);
            registration.tell(&event);
            drop((registration, event));
            gate = self.gate.lock();
        }
        gate.draining = false;
    }

    #[inline]
    fn hold_back(&self, registration: &AnyRegistration, event: &Notification) -> bool {
        self.closed.load(Ordering::Acquire) && self.queue_up(registration, event)
    }

    #[cold]
    fn queue_up(&self, registration: &AnyRegistration, event: &Notification) -> bool {
        let mut gate = self.gate.lock();
        let closed = gate.holders > 0 || gate.draining;
        if closed {
            gate.queue
                .push_back((Arc::clone(registration), event.clone()));
        }
        closed
    }
}
