//! The tables that a session gives, read in full, as typed rows.

use crate::{EntryId, ResourceFlags};

/// The message stores of a session's profile.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-store-tables).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MsgStoresTable {
    rows: Vec<StoreRow>,
}

impl MsgStoresTable {
    /// All rows, in the table's order.
    #[must_use]
    pub fn rows(&self) -> &[StoreRow] {
        &self.rows
    }

    /// The row of the default store, where the profile has one.
    #[doc(alias = "PR_DEFAULT_STORE")]
    #[must_use]
    pub fn default_store(&self) -> Option<&StoreRow> {
        self.rows.iter().find(|row| row.is_default())
    }
}

impl FromIterator<StoreRow> for MsgStoresTable {
    fn from_iter<I: IntoIterator<Item = StoreRow>>(rows: I) -> Self {
        Self {
            rows: rows.into_iter().collect(),
        }
    }
}

impl IntoIterator for MsgStoresTable {
    type Item = StoreRow;
    type IntoIter = std::vec::IntoIter<StoreRow>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<'a> IntoIterator for &'a MsgStoresTable {
    type Item = &'a StoreRow;
    type IntoIter = std::slice::Iter<'a, StoreRow>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// One message store in the table. The row is the caller's own: it stays valid after logoff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRow {
    entry_id: EntryId,
    display_name: String,
    resource_flags: ResourceFlags,
}

impl StoreRow {
    /// A row with these columns.
    #[must_use]
    pub fn new(entry_id: EntryId, display_name: String, resource_flags: ResourceFlags) -> Self {
        Self {
            entry_id,
            display_name,
            resource_flags,
        }
    }

    /// What the store is opened by.
    #[doc(alias = "PR_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// The store's name, for a person.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// What the profile says of the store.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ResourceFlags {
        self.resource_flags
    }

    /// Whether this is the profile's default store.
    #[doc(alias = "PR_DEFAULT_STORE")]
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.resource_flags.contains(ResourceFlags::DEFAULT_STORE)
    }
}
