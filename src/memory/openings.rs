//! Who has a store open: what StoreLogoff depends on, and what follows the last release.

use crate::StoreLogoffFlags;

/// The open objects of a store, by the clients that have them.
#[derive(Default)]
pub(super) struct Openings {
    by_client: Vec<Opening>,
    /// How the store was logged off, since it was last opened.
    logoff: Option<StoreLogoffFlags>,
}

struct Opening {
    client: u64,
    /// The store itself.
    stores: usize,
    /// With all that was opened from it.
    objects: usize,
}

impl Openings {
    pub(super) fn add(&mut self, client: u64, is_store: bool) {
        if is_store {
            self.logoff = None;
        }
        match self.of(client) {
            Some(opening) => {
                opening.stores += usize::from(is_store);
                opening.objects += 1;
            }
            None => self.by_client.push(Opening {
                client,
                stores: usize::from(is_store),
                objects: 1,
            }),
        }
    }

    /// Whether another client has the store itself open.
    pub(super) fn has_others(&self, client: u64) -> bool {
        let mut others = self.by_client.iter().filter(|it| it.client != client);
        others.any(|it| it.stores > 0)
    }

    /// A store object is logged off, and waits for its release.
    pub(super) fn log_off(&mut self, client: u64, how: Option<StoreLogoffFlags>) {
        if let Some(opening) = self.of(client) {
            opening.stores -= 1;
            self.logoff = how.or(self.logoff);
        }
    }

    /// An object is released. Where it was the last one, how the store was logged off (T3).
    pub(super) fn remove(&mut self, client: u64, is_store: bool) -> Option<StoreLogoffFlags> {
        let opening = self.of(client)?;
        opening.stores -= usize::from(is_store);
        opening.objects -= 1;
        if opening.objects > 0 {
            return None;
        }
        self.by_client.retain(|it| it.client != client);
        self.is_closed()
            .then(|| self.logoff.take().unwrap_or(StoreLogoffFlags::ABORT))
    }

    /// What an ended client has not released counts no more.
    pub(super) fn forget(&mut self, client: u64) {
        self.by_client.retain(|it| it.client != client);
        if self.is_closed() {
            self.logoff = None;
        }
    }

    fn is_closed(&self) -> bool {
        self.by_client.is_empty()
    }

    fn of(&mut self, client: u64) -> Option<&mut Opening> {
        self.by_client.iter_mut().find(|it| it.client == client)
    }
}
