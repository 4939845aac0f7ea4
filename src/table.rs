//! The tables that a session gives, read in full, as typed rows.

use crate::flags::{ResourceFlags, ResourceMethods, ServiceFlags, StatusCode};
use crate::types::{ObjectType, ResourceType};
use crate::{EntryId, MapiUid};

/// A table, read in full. Its rows are the caller's own: they stay valid after logoff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<R> {
    rows: Vec<R>,
}

/// The message stores of a session's profile.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-store-tables).
pub type MsgStoresTable = Table<StoreRow>;

/// The resources of a session: MAPI's own, and its providers.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/status-tables).
pub type StatusTable = Table<StatusRow>;

/// The message services of a profile.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-service-tables).
pub type MsgServiceTable = Table<ServiceRow>;

impl<R> Table<R> {
    /// All rows, in the table's order.
    #[must_use]
    pub fn rows(&self) -> &[R] {
        &self.rows
    }
}

impl MsgStoresTable {
    /// The row of the default store, where the profile has one.
    #[doc(alias = "PR_DEFAULT_STORE")]
    #[must_use]
    pub fn default_store(&self) -> Option<&StoreRow> {
        self.rows.iter().find(|row| row.is_default())
    }
}

impl StatusTable {
    /// The row of the first resource of this type.
    #[must_use]
    pub fn first(&self, resource_type: ResourceType) -> Option<&StatusRow> {
        self.rows
            .iter()
            .find(|row| row.resource_type == resource_type)
    }
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<R> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        Self {
            rows: rows.into_iter().collect(),
        }
    }
}

impl<R> IntoIterator for Table<R> {
    type Item = R;
    type IntoIter = std::vec::IntoIter<R>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<'a, R> IntoIterator for &'a Table<R> {
    type Item = &'a R;
    type IntoIter = std::slice::Iter<'a, R>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// One message store in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRow {
    entry_id: EntryId,
    display_name: String,
    resource_flags: ResourceFlags,
    provider: MapiUid,
    provider_display: String,
    instance_key: Box<[u8]>,
    record_key: Box<[u8]>,
}

impl StoreRow {
    /// A row with these columns. The others are empty until they are set.
    #[must_use]
    pub fn new(entry_id: EntryId, display_name: String, resource_flags: ResourceFlags) -> Self {
        Self {
            entry_id,
            display_name,
            resource_flags,
            provider: MapiUid::default(),
            provider_display: String::new(),
            instance_key: Box::default(),
            record_key: Box::default(),
        }
    }

    /// The same row with this provider: its identifier, and its name for a person.
    #[must_use]
    pub fn of_provider(mut self, provider: MapiUid, display: impl Into<String>) -> Self {
        self.provider = provider;
        self.provider_display = display.into();
        self
    }

    /// The same row with these keys: the row's, and the store's.
    #[must_use]
    pub fn with_keys(
        mut self,
        instance_key: impl Into<Box<[u8]>>,
        record_key: impl Into<Box<[u8]>>,
    ) -> Self {
        self.instance_key = instance_key.into();
        self.record_key = record_key.into();
        self
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

    /// What the session says of the store.
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

    /// The store's provider.
    #[doc(alias = "PR_MDB_PROVIDER")]
    #[must_use]
    pub fn provider(&self) -> MapiUid {
        self.provider
    }

    /// The provider's name, for a person.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// What the row is told from others by, as long as the table lives.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }

    /// What the store is told from others by.
    #[doc(alias = "PR_RECORD_KEY")]
    #[must_use]
    pub fn record_key(&self) -> &[u8] {
        &self.record_key
    }

    /// A message store.
    #[doc(alias = "PR_OBJECT_TYPE")]
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        ObjectType::STORE
    }

    /// A message store provider.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        ResourceType::STORE_PROVIDER
    }
}

/// One resource of a session, in the status table. It is opened by its entry identifier, as an
/// object of the type [`STATUS`](ObjectType::STATUS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRow {
    /// PR_ENTRYID: what the status object is opened by.
    pub entry_id: EntryId,
    /// PR_DISPLAY_NAME
    pub display_name: String,
    /// PR_RESOURCE_TYPE
    pub resource_type: ResourceType,
    /// PR_RESOURCE_FLAGS
    pub resource_flags: ResourceFlags,
    /// PR_RESOURCE_METHODS: which methods the status object supports.
    pub resource_methods: ResourceMethods,
    /// PR_STATUS_CODE
    pub status_code: StatusCode,
    /// PR_PROVIDER_DLL_NAME
    pub provider_dll_name: String,
    /// PR_INSTANCE_KEY
    pub instance_key: Box<[u8]>,
    /// PR_ROWID: the row's place in the table, from 0.
    pub row_id: u32,
    /// The user by whom the provider represents the session, where it does.
    pub identity: Option<Identity>,
}

/// The user by whom a provider represents a session.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/retrieving-primary-and-provider-identity).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// PR_IDENTITY_DISPLAY
    pub display_name: String,
    /// PR_IDENTITY_ENTRYID
    pub entry_id: EntryId,
    /// PR_IDENTITY_SEARCH_KEY
    pub search_key: Box<[u8]>,
}

/// One message service of a profile: providers that are installed and configured together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRow {
    /// PR_SERVICE_UID
    pub uid: MapiUid,
    /// PR_SERVICE_NAME, which is never localised.
    pub name: String,
    /// PR_DISPLAY_NAME
    pub display_name: String,
    /// PR_RESOURCE_FLAGS
    pub resource_flags: ServiceFlags,
    /// PR_SERVICE_DLL_NAME
    pub dll_name: String,
    /// PR_SERVICE_ENTRY_NAME: the function that configures it.
    pub entry_name: String,
    /// PR_SERVICE_SUPPORT_FILES
    pub support_files: Vec<String>,
    /// PR_INSTANCE_KEY
    pub instance_key: Box<[u8]>,
}
