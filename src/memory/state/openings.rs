//! How often a store is open: what StoreLogoff depends on, and what follows the last release.

use crate::flags::StoreLogoffFlags;

/// The open objects of a store.
#[derive(Default)]
pub(super) struct Openings {
    /// The store itself, as far as it is not logged off.
    stores: usize,
    /// With all that was opened from it.
    objects: usize,
    /// How the store was logged off, since it was last opened.
    logoff: Option<StoreLogoffFlags>,
}

impl Openings {
    pub(super) fn add(&mut self, is_store: bool) {
        self.objects += 1;
        if is_store {
            self.stores += 1;
            self.logoff = None;
        }
    }

    /// Whether the store itself is open more often than by these.
    pub(super) fn is_open_elsewhere(&self, own: usize) -> bool {
        self.stores > own
    }

    /// A store object is logged off, and waits for its release.
    pub(super) fn log_off(&mut self, how: Option<StoreLogoffFlags>) {
        self.stores -= 1;
        self.logoff = how.or(self.logoff);
    }

    /// An object is released. Where it was the last one, how the store was logged off (T3).
    pub(super) fn remove(&mut self, is_store: bool) -> Option<StoreLogoffFlags> {
        self.stores -= usize::from(is_store);
        self.objects -= 1;
        let is_last = self.objects == 0;
        is_last.then(|| self.logoff.take().unwrap_or(StoreLogoffFlags::ABORT))
    }
}
