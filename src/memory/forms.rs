//! Forms: messages that are prepared to be shown (M11).

use std::collections::BTreeMap;

use crate::FormToken;

/// The messages that a session object has prepared.
#[derive(Default)]
pub(super) struct Forms {
    prepared: BTreeMap<u32, Form>,
    last_token: u32,
}

/// A message: the place of its store's provider, and its number there.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) place: usize,
    pub(super) message: u32,
}

impl Forms {
    pub(super) fn prepare(&mut self, form: Form) -> FormToken {
        self.last_token = self.last_token.wrapping_add(1);
        self.prepared.insert(self.last_token, form);
        FormToken(self.last_token)
    }

    /// A token is used once.
    pub(super) fn take(&mut self, token: FormToken) -> Option<Form> {
        self.prepared.remove(&token.0)
    }
}
