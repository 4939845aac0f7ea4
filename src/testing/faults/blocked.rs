//! Calls that wait until the test lets them go on.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::plan::State;
use crate::sync::{Condvar, Mutex};

/// A call that waits, from [`OnCall::block`](super::OnCall::block). Dropping it releases the call.
#[must_use = "dropping it releases the call"]
pub struct Blocked {
    gate: Arc<Gate>,
    plan: Arc<Mutex<State>>,
    planned: usize,
}

impl Blocked {
    pub(super) fn new(gate: Arc<Gate>, plan: &Arc<Mutex<State>>, planned: usize) -> Self {
        Self {
            gate,
            plan: Arc::clone(plan),
            planned,
        }
    }

    /// Waits until a call has arrived, however long that takes; to wait for a limited time, use
    /// [`wait_until_reached_within`](Self::wait_until_reached_within).
    pub fn wait_until_reached(&self) {
        let mut passage = self.gate.passage.lock();
        while passage.reached == 0 {
            self.gate.changed.wait(&mut passage);
        }
    }

    /// Waits until a call has arrived, for this long at most. Returns whether one has.
    #[must_use]
    pub fn wait_until_reached_within(&self, time: Duration) -> bool {
        let Some(deadline) = Instant::now().checked_add(time) else {
            self.wait_until_reached();
            return true;
        };
        let mut passage = self.gate.passage.lock();
        while passage.reached == 0 {
            if self
                .gate
                .changed
                .wait_until(&mut passage, deadline)
                .timed_out()
            {
                break;
            }
        }
        passage.reached > 0
    }

    /// Counts the calls that have arrived.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.gate.passage.lock().reached
    }

    /// Lets the calls go on. Later ones do not wait.
    pub fn release(self) {
        drop(self);
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        self.plan.lock().planned[self.planned].close();
        self.gate.passage.lock().is_open = true;
        self.gate.changed.notify_all();
    }
}

impl fmt::Debug for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocked")
            .field("reached", &self.reached())
            .finish()
    }
}

/// What calls wait at.
pub(super) struct Gate {
    passage: Mutex<Passage>,
    changed: Condvar,
}

#[derive(Default)]
struct Passage {
    reached: usize,
    is_open: bool,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            passage: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    pub(super) fn pass(&self) {
        let mut passage = self.passage.lock();
        passage.reached += 1;
        self.changed.notify_all();
        while !passage.is_open {
            self.changed.wait(&mut passage);
        }
    }
}
