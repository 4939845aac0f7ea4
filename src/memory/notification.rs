//! Who is told of what: the registrations of a session, and how events reach them.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use crate::foreign::contain;
use crate::sync::{AtomicBool, AtomicU32, Mutex, MutexGuard, Ordering};
use crate::types::is_same_object;
use crate::{AdviseSink, Connection, EntryId, EventMask, Notification};

/// The registrations of all clients of one session.
///
/// To tell them, a [`Round`] goes through the list without a lock; a change that comes meanwhile is
/// made to a copy. So telling a sink costs no lock and no counting, and a change only its lock.
#[derive(Default)]
pub(super) struct Hub {
    /// Nothing until somebody registers.
    list: Mutex<Option<Box<List>>>,
}

#[derive(Default)]
struct List {
    /// Empty while they are lent.
    registrations: Registrations,
    /// Where the registrations are once a round has asked for them, until the next change.
    lent: Option<Arc<Registrations>>,
    /// Whose they are. Not with them, since no round needs to know.
    owners: Vec<Option<Owner>>,
    /// Where there is no registration.
    free: Vec<u32>,
    last_serial: u32,
}

type Registrations = Vec<Option<AnyRegistration>>;

#[derive(Clone, Copy, PartialEq)]
struct Owner {
    client: u64,
    serial: u32,
}

pub(super) type AnyRegistration = Arc<dyn Registered>;

/// A sink, and what it asks for.
pub(super) struct Registration<A, S> {
    source: A,
    /// An [`EventMask`]; nothing once it is taken out of the list, so that a round that is under
    /// way passes it by.
    mask: AtomicU32,
    sink: S,
}

/// Whose events a registration asks for: those of the session itself, or of an object.
pub(super) trait AdviseSource: Send + Sync {
    fn is(&self, target: Option<&EntryId>) -> bool;
}

pub(super) struct SessionItself;

impl AdviseSource for SessionItself {
    fn is(&self, target: Option<&EntryId>) -> bool {
        target.is_none()
    }
}

impl AdviseSource for EntryId {
    fn is(&self, target: Option<&EntryId>) -> bool {
        target.is_some_and(|target| is_same_object(target.as_bytes(), self.as_bytes()))
    }
}

impl<S> Registration<SessionItself, S> {
    /// N1: critical errors always.
    pub(super) fn of_session(mask: EventMask, sink: S) -> Self {
        Self::new(SessionItself, mask | EventMask::CRITICAL_ERROR, sink)
    }
}

impl<A, S> Registration<A, S> {
    pub(super) fn new(source: A, mask: EventMask, sink: S) -> Self {
        Self {
            source,
            mask: AtomicU32::new(mask.bits()),
            sink,
        }
    }
}

/// Any [`Registration`]. To tell one takes one virtual call.
pub(super) trait Registered: Send + Sync {
    fn asks_for(&self, target: Option<&EntryId>, event: EventMask) -> bool;

    fn tell(&self, event: &Notification);

    fn cancel(&self);

    /// Tells it what it asks for.
    fn offer(&self, target: Option<&EntryId>, kind: EventMask, event: &Notification) {
        if self.asks_for(target, kind) {
            self.tell(event);
        }
    }
}

impl<A: AdviseSource, S: AdviseSink> Registered for Registration<A, S> {
    /// Once it is seen to ask for it, the call has started (N7).
    #[inline]
    fn asks_for(&self, target: Option<&EntryId>, event: EventMask) -> bool {
        self.source.is(target) && self.mask.load(Ordering::Acquire) & event.bits() != 0
    }

    #[inline]
    fn tell(&self, event: &Notification) {
        self.sink.on_notify(event);
    }

    fn cancel(&self) {
        self.mask.store(0, Ordering::Release);
    }
}

impl Hub {
    /// The list, for decisions that must hold together with it.
    #[inline]
    pub(super) fn lock(&self) -> Locked<'_> {
        Locked(self.list.lock())
    }

    /// All who are registered now.
    pub(super) fn round(&self) -> Round {
        Round(self.list.lock().as_mut().map(|list| list.lend()))
    }
}

/// Out of the way of the many sessions that nobody registers with.
impl Drop for Hub {
    #[inline]
    fn drop(&mut self) {
        if let Some(list) = self.list.get_mut().take() {
            discard(list);
        }
    }
}

#[cold]
fn discard(list: Box<List>) {
    drop(list);
}

impl List {
    fn lend(&mut self) -> Arc<Registrations> {
        let lend = || Arc::new(mem::take(&mut self.registrations));
        Arc::clone(self.lent.get_or_insert_with(lend))
    }

    /// The registrations, to be changed.
    #[inline]
    fn registrations(&mut self) -> &mut Registrations {
        if self.lent.is_some() {
            self.take_back();
        }
        &mut self.registrations
    }

    #[cold]
    fn take_back(&mut self) {
        if let Some(lent) = self.lent.take() {
            self.registrations = Arc::unwrap_or_clone(lent);
        }
    }

    fn take_out(&mut self, index: usize) -> Option<AnyRegistration> {
        self.owners[index] = None;
        self.free.push(index as u32);
        let registration = self.registrations()[index].take()?;
        registration.cancel();
        Some(registration)
    }
}

/// The registrations of a session, while nobody else changes them.
pub(super) struct Locked<'a>(MutexGuard<'a, Option<Box<List>>>);

impl Locked<'_> {
    pub(super) fn add(&mut self, client: u64, registration: AnyRegistration) -> Connection {
        let list = self.0.get_or_insert_default();
        list.last_serial = list.last_serial.wrapping_add(1);
        let serial = list.last_serial;
        let index = match list.free.pop() {
            Some(index) => index as usize,
            None => {
                list.owners.push(None);
                list.registrations().push(None);
                list.owners.len() - 1
            }
        };
        list.owners[index] = Some(Owner { client, serial });
        list.registrations()[index] = Some(registration);
        Connection(u64::from(serial) << 32 | (index + 1) as u64)
    }

    /// Takes out the registration with this number, if it is this client's. The caller drops it
    /// where no lock is held: its sink is not our code.
    #[must_use]
    pub(super) fn remove(
        &mut self,
        connection: Connection,
        client: u64,
    ) -> Option<AnyRegistration> {
        let serial = (connection.0 >> 32) as u32;
        let index = (connection.0 as u32).checked_sub(1)? as usize;
        let list = self.0.as_mut()?;
        match list.owners.get(index)? {
            Some(owner) if *owner == (Owner { client, serial }) => list.take_out(index),
            _ => None,
        }
    }

    /// Takes out every registration of this client, to be dropped where no lock is held.
    #[must_use]
    pub(super) fn remove_all(&mut self, client: u64) -> Vec<AnyRegistration> {
        let Some(list) = &mut *self.0 else {
            return Vec::new();
        };
        (0..list.owners.len())
            .filter_map(|index| match list.owners[index] {
                Some(owner) if owner.client == client => list.take_out(index),
                _ => None,
            })
            .collect()
    }
}

/// The registrations of a session at one moment, to be told of events.
pub(super) struct Round(Option<Arc<Registrations>>);

impl Round {
    /// Tells those who asked for the events of `target`. No lock may be held: sinks are not our
    /// code.
    pub(super) fn tell(&self, late: &Late, target: Option<&EntryId>, event: &Notification) {
        let Some(registrations) = &self.0 else { return };
        let kind = event.event();
        let mut rest = registrations.iter().flatten();
        let mut tell_the_rest = || {
            for registration in rest.by_ref() {
                let held_back = late.is_closed()
                    && registration.asks_for(target, kind)
                    && late.hold_back(registration, event);
                if !held_back {
                    registration.offer(target, kind, event);
                }
            }
        };
        // A sink that panics costs only its own event: it goes on with the next (N9).
        while contain("an advise sink", &mut tell_the_rest).is_none() {}
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
            contain("an advise sink", || registration.tell(&event));
            drop((registration, event));
            gate = self.gate.lock();
        }
        gate.draining = false;
    }

    #[inline]
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Whether it is held back: the gate may have opened meanwhile.
    #[cold]
    fn hold_back(&self, registration: &AnyRegistration, event: &Notification) -> bool {
        let mut gate = self.gate.lock();
        let closed = gate.holders > 0 || gate.draining;
        if closed {
            gate.queue
                .push_back((Arc::clone(registration), event.clone()));
        }
        closed
    }
}
