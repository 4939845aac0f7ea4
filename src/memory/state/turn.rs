//! Whose turn it is to log on (L8).

use crate::sync::{ThreadId, current_thread};

/// Taken only while others' code runs in a logon, the user's or a provider's: any other logon is one
/// rule.
#[derive(Default)]
pub(super) struct Turn {
    owner: Option<ThreadId>,
    /// A logon can run inside another one of its thread, as it could under a Windows mutex.
    depth: usize,
}

impl Turn {
    /// Whether this thread may log on.
    pub(super) fn is_open(&self) -> bool {
        self.owner
            .is_none_or(|owner| owner == current_thread().id())
    }

    pub(super) fn take(&mut self) {
        self.owner = Some(current_thread().id());
        self.depth += 1;
    }

    pub(super) fn give_back(&mut self) {
        self.depth -= 1;
        if self.depth == 0 {
            self.owner = None;
        }
    }
}
