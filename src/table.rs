//! The rows of the tables that a session gives, and tables that are read in full.

pub(crate) mod restriction;
mod sort;

#[doc(alias = "SRestriction")]
pub use self::restriction::Restriction;
pub use self::restriction::{AnyOrNone, Relation, Term};
#[doc(alias = "SSortOrder")]
#[doc(alias = "SSortOrderSet")]
pub use self::sort::SortOrder;
use crate::flags::{ResourceFlags, ResourceMethods, ServiceFlags, StatusCode};
use crate::property::{PropTag, Property, PropertyValue};
use crate::types::{ObjectType, ResourceType};
use crate::{EntryId, MapiUid};

/// A place in a table: BOOKMARK.
///
/// [`BOOKMARK`](https://learn.microsoft.com/office/client-developer/outlook/mapi/bookmark) in the MAPI reference.
#[doc(alias = "BOOKMARK")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bookmark(u32);

impl Bookmark {
    /// Creates the bookmark with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Before the first row.
    #[doc(alias = "BOOKMARK_BEGINNING")]
    pub const BEGINNING: Self = Self(0);
    /// Where the cursor is.
    #[doc(alias = "BOOKMARK_CURRENT")]
    pub const CURRENT: Self = Self(1);
    /// Behind the last row.
    #[doc(alias = "BOOKMARK_END")]
    pub const END: Self = Self(2);
}

/// Where the cursor of a table is.
///
/// [IMAPITable::QueryPosition](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-queryposition)
/// in the MAPI reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "what QueryPosition gives")]
pub struct TablePosition {
    /// How many rows are before the cursor; `None` where that is not known.
    pub row: Option<u32>,
    /// Roughly how far the cursor is into the table: `numerator` of
    pub numerator: u32,
    /// `denominator`, which is never zero.
    pub denominator: u32,
}

/// A table that was read in full. Its rows are a copy, which stays valid after the logoff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table<R> {
    rows: Vec<R>,
}

/// The message stores of a session's profile.
///
/// [Message Store Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-store-tables) in the MAPI reference.
pub type MsgStoresTable = Table<StoreRow>;

/// The resources of a session: MAPI's own, and its providers.
///
/// [Status Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/status-tables) in the MAPI reference.
pub type StatusTable = Table<StatusRow>;

/// The message services of a profile.
///
/// [Message Service Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-service-tables) in the MAPI reference.
pub type MsgServiceTable = Table<ServiceRow>;

/// All profiles.
///
/// [Profile Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/profile-tables) in the MAPI reference.
pub type ProfileTable = Table<ProfileRow>;

/// The service providers of a profile, or of one of its message services.
///
/// [Provider Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/provider-tables) in the MAPI reference.
pub type ProviderTable = Table<ProviderRow>;

impl<R> Table<R> {
    /// Returns all rows, in the table's order.
    #[must_use]
    pub fn rows(&self) -> &[R] {
        &self.rows
    }
}

impl MsgStoresTable {
    /// Returns the row of the default store, if the profile has one.
    #[doc(alias = "PR_DEFAULT_STORE")]
    #[must_use]
    pub fn default_store(&self) -> Option<&StoreRow> {
        self.rows.iter().find(|row| row.is_default())
    }
}

impl StatusTable {
    /// Returns the row of the first resource of this type.
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
///
/// [Message Store Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-store-tables) in the MAPI reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreRow {
    entry_id: EntryId,
    display_name: String,
    resource_flags: ResourceFlags,
    provider: MapiUid,
    provider_display: String,
    service_uid: MapiUid,
    instance_key: Box<[u8]>,
    record_key: Box<[u8]>,
}

impl StoreRow {
    /// Creates a row with these columns. The others are empty until they are set.
    #[must_use]
    pub fn new(
        entry_id: EntryId,
        display_name: impl Into<String>,
        resource_flags: ResourceFlags,
    ) -> Self {
        Self {
            entry_id,
            display_name: display_name.into(),
            resource_flags,
            provider: MapiUid::default(),
            provider_display: String::new(),
            service_uid: MapiUid::default(),
            instance_key: Box::default(),
            record_key: Box::default(),
        }
    }

    /// Returns the store's entry identifier.
    #[doc(alias = "PR_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns the store's display name.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns the session's flags of the store.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ResourceFlags {
        self.resource_flags
    }

    /// Tells whether this is the profile's default store.
    #[doc(alias = "PR_DEFAULT_STORE")]
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.resource_flags.contains(ResourceFlags::DEFAULT_STORE)
    }

    /// Returns the type of the store (PR_MDB_PROVIDER), which all stores of one kind of provider
    /// share. Public folders, for example, can be told by it.
    #[doc(alias = "PR_MDB_PROVIDER")]
    #[must_use]
    pub fn provider(&self) -> MapiUid {
        self.provider
    }

    /// Returns the provider's display name: what its vendor calls the provider, not the store.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// Returns the message service that the store's provider belongs to. Its profile section opens by this
    /// identifier.
    #[doc(alias = "PR_SERVICE_UID")]
    #[must_use]
    pub fn service_uid(&self) -> MapiUid {
        self.service_uid
    }

    /// Returns the key that identifies the row while the table is open.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }

    /// Returns the key that identifies the store.
    #[doc(alias = "PR_RECORD_KEY")]
    #[must_use]
    pub fn record_key(&self) -> &[u8] {
        &self.record_key
    }

    /// Returns the type of the object: a message store.
    #[doc(alias = "PR_OBJECT_TYPE")]
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        ObjectType::STORE
    }

    /// Returns the type of the resource: a message store provider.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        ResourceType::STORE_PROVIDER
    }
}

impl StoreRow {
    /// Returns the row as MAPI's table has it, column by column.
    #[must_use]
    pub fn properties(&self) -> Vec<Property> {
        vec![
            binary(PR_ENTRYID, self.entry_id.as_bytes()),
            text(PR_DISPLAY_NAME_W, &self.display_name),
            long(PR_RESOURCE_FLAGS, self.resource_flags.bits()),
            Property {
                tag: PR_DEFAULT_STORE,
                value: PropertyValue::Boolean(self.is_default()),
            },
            binary(PR_MDB_PROVIDER, self.provider.as_bytes()),
            text(PR_PROVIDER_DISPLAY_W, &self.provider_display),
            binary(PR_SERVICE_UID, self.service_uid.as_bytes()),
            binary(PR_INSTANCE_KEY, &self.instance_key),
            binary(PR_RECORD_KEY, &self.record_key),
            long(PR_OBJECT_TYPE, self.object_type().get()),
            long(PR_RESOURCE_TYPE, self.resource_type().get()),
        ]
    }
}

setters! { StoreRow:
    /// Sets the type of store.
    with_provider(provider: MapiUid) |it| it.provider = provider;
    /// Sets the display name of the provider.
    with_provider_display(provider_display: impl Into<String>) |it| it.provider_display = provider_display.into();
    /// Sets the message service.
    with_service_uid(service_uid: MapiUid) |it| it.service_uid = service_uid;
    /// Sets the key of the row.
    with_instance_key(instance_key: impl Into<Box<[u8]>>) |it| it.instance_key = instance_key.into();
    /// Sets the key of the store.
    with_record_key(record_key: impl Into<Box<[u8]>>) |it| it.record_key = record_key.into();
}

/// One resource of a session, in the status table. It is opened by its entry identifier, as an
/// object of the type [`STATUS`](ObjectType::STATUS).
///
/// [Status Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/status-tables) in the MAPI reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRow {
    entry_id: EntryId,
    display_name: String,
    resource_type: ResourceType,
    resource_flags: ResourceFlags,
    resource_methods: ResourceMethods,
    status_code: StatusCode,
    provider_display: String,
    provider_dll_name: String,
    instance_key: Box<[u8]>,
    row_id: u32,
    identity: Option<Identity>,
    resource_path: String,
}

impl StatusRow {
    /// Creates a row with these columns. The others are empty until they are set.
    #[must_use]
    pub fn new(
        entry_id: EntryId,
        display_name: impl Into<String>,
        resource_type: ResourceType,
    ) -> Self {
        Self {
            entry_id,
            display_name: display_name.into(),
            resource_type,
            resource_flags: ResourceFlags::empty(),
            resource_methods: ResourceMethods::empty(),
            status_code: StatusCode::empty(),
            provider_display: String::new(),
            provider_dll_name: String::new(),
            instance_key: Box::default(),
            row_id: 0,
            identity: None,
            resource_path: String::new(),
        }
    }

    /// Returns the entry identifier of the status object.
    #[doc(alias = "PR_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns the resource's display name.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns what kind of resource it is.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// Returns the session's flags of the resource.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ResourceFlags {
        self.resource_flags
    }

    /// Returns which methods the status object supports; none if empty.
    #[doc(alias = "PR_RESOURCE_METHODS")]
    #[must_use]
    pub fn resource_methods(&self) -> ResourceMethods {
        self.resource_methods
    }

    /// Returns the state of the resource.
    #[doc(alias = "PR_STATUS_CODE")]
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        self.status_code
    }

    /// Returns the provider's display name: what its vendor calls it.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// Returns the file name of the provider's DLL, without the 32 that MAPI adds to it.
    #[doc(alias = "PR_PROVIDER_DLL_NAME")]
    #[must_use]
    pub fn provider_dll_name(&self) -> &str {
        &self.provider_dll_name
    }

    /// Returns the key that identifies the row while the table is open.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }

    /// Returns the type of the object: a status object.
    #[doc(alias = "PR_OBJECT_TYPE")]
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        ObjectType::STATUS
    }

    /// Returns the row's place in the table, from 0.
    #[doc(alias = "PR_ROWID")]
    #[must_use]
    pub fn row_id(&self) -> u32 {
        self.row_id
    }

    /// Returns where the provider's files are; empty if the row does not say.
    #[doc(alias = "PR_RESOURCE_PATH")]
    #[must_use]
    pub fn resource_path(&self) -> &str {
        &self.resource_path
    }

    /// Returns the user by whom the provider represents the session, if it does.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
}

impl StatusRow {
    /// Returns the row as MAPI's table has it, column by column. The path and the columns of the
    /// identity are there only if they are set.
    #[must_use]
    pub fn properties(&self) -> Vec<Property> {
        let mut columns = vec![
            binary(PR_ENTRYID, self.entry_id.as_bytes()),
            text(PR_DISPLAY_NAME_W, &self.display_name),
            long(PR_RESOURCE_TYPE, self.resource_type.get()),
            long(PR_RESOURCE_FLAGS, self.resource_flags.bits()),
            long(PR_RESOURCE_METHODS, self.resource_methods.bits()),
            long(PR_STATUS_CODE, self.status_code.bits()),
            text(PR_PROVIDER_DISPLAY_W, &self.provider_display),
            text(PR_PROVIDER_DLL_NAME_W, &self.provider_dll_name),
            binary(PR_INSTANCE_KEY, &self.instance_key),
            long(PR_ROWID, self.row_id),
            long(PR_OBJECT_TYPE, ObjectType::STATUS.get()),
        ];
        if let Some(identity) = &self.identity {
            columns.extend([
                text(PR_IDENTITY_DISPLAY_W, identity.display_name()),
                binary(PR_IDENTITY_SEARCH_KEY, identity.search_key()),
            ]);
            let entry_id = identity.entry_id();
            columns.extend(entry_id.map(|it| binary(PR_IDENTITY_ENTRYID, it.as_bytes())));
        }
        if !self.resource_path.is_empty() {
            columns.push(text(PR_RESOURCE_PATH_W, &self.resource_path));
        }
        columns
    }
}

setters! { StatusRow:
    /// Sets the flags.
    with_resource_flags(resource_flags: ResourceFlags) |it| it.resource_flags = resource_flags;
    /// Sets the methods of the status object, a bit each.
    with_resource_methods(resource_methods: ResourceMethods) |it| it.resource_methods = resource_methods;
    /// Sets the status.
    with_status_code(status_code: StatusCode) |it| it.status_code = status_code;
    /// Sets the display name of the provider.
    with_provider_display(provider_display: impl Into<String>) |it| it.provider_display = provider_display.into();
    /// Sets the DLL of the provider.
    with_provider_dll_name(provider_dll_name: impl Into<String>) |it| it.provider_dll_name = provider_dll_name.into();
    /// Sets the key.
    with_instance_key(instance_key: impl Into<Box<[u8]>>) |it| it.instance_key = instance_key.into();
    /// Sets the place in the table, from 0.
    with_row_id(row_id: u32) |it| it.row_id = row_id;
    /// Sets the user.
    with_identity(identity: Option<Identity>) |it| it.identity = identity;
    /// Sets the path to the provider's files.
    with_resource_path(resource_path: impl Into<String>) |it| it.resource_path = resource_path.into();
}

/// The user by whom a provider represents a session.
///
/// [Retrieving Primary and Provider Identity](https://learn.microsoft.com/office/client-developer/outlook/mapi/retrieving-primary-and-provider-identity) in the MAPI reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    entry_id: Option<EntryId>,
    display_name: String,
    search_key: Box<[u8]>,
}

impl Identity {
    /// Creates a user, without a search key until one is set.
    #[must_use]
    pub fn new(entry_id: EntryId, display_name: impl Into<String>) -> Self {
        Self {
            entry_id: Some(entry_id),
            ..Self::without_entry_id(display_name)
        }
    }

    /// Creates a user who is not an object of the provider: QueryIdentity makes a one-off entry
    /// identifier from the name and the search key.
    #[must_use]
    pub fn without_entry_id(display_name: impl Into<String>) -> Self {
        Self {
            entry_id: None,
            display_name: display_name.into(),
            search_key: Box::default(),
        }
    }

    /// Returns the user's display name.
    #[doc(alias = "PR_IDENTITY_DISPLAY")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns the user's entry identifier, if the row has it.
    #[doc(alias = "PR_IDENTITY_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> Option<&EntryId> {
        self.entry_id.as_ref()
    }

    /// Returns the key by which the user is found (PR_SEARCH_KEY).
    #[doc(alias = "PR_IDENTITY_SEARCH_KEY")]
    #[must_use]
    pub fn search_key(&self) -> &[u8] {
        &self.search_key
    }
}

setters! { Identity:
    /// Sets the search key.
    with_search_key(search_key: impl Into<Box<[u8]>>) |it| it.search_key = search_key.into();
}

/// One message service of a profile: providers that are installed and configured together.
///
/// [Message Service Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/message-service-tables) in the MAPI reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRow {
    uid: MapiUid,
    name: String,
    display_name: String,
    resource_flags: ServiceFlags,
    dll_name: String,
    entry_name: String,
    support_files: Vec<String>,
    instance_key: Box<[u8]>,
}

impl ServiceRow {
    /// Creates a row with these columns. The others are empty until they are set.
    #[must_use]
    pub fn new(uid: MapiUid, name: impl Into<String>) -> Self {
        Self {
            uid,
            name: name.into(),
            display_name: String::new(),
            resource_flags: ServiceFlags::empty(),
            dll_name: String::new(),
            entry_name: String::new(),
            support_files: Vec::new(),
            instance_key: Box::default(),
        }
    }

    /// Returns the service's identifier.
    #[doc(alias = "PR_SERVICE_UID")]
    #[must_use]
    pub fn uid(&self) -> MapiUid {
        self.uid
    }

    /// Returns the service's name, which is never localised.
    #[doc(alias = "PR_SERVICE_NAME")]
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the service's display name.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns the profile's flags of the service.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ServiceFlags {
        self.resource_flags
    }

    /// Returns the file name of the service's DLL.
    #[doc(alias = "PR_SERVICE_DLL_NAME")]
    #[must_use]
    pub fn dll_name(&self) -> &str {
        &self.dll_name
    }

    /// Returns the function that configures the service.
    #[doc(alias = "PR_SERVICE_ENTRY_NAME")]
    #[must_use]
    pub fn entry_name(&self) -> &str {
        &self.entry_name
    }

    /// Returns the files that the service needs beside its DLL.
    #[doc(alias = "PR_SERVICE_SUPPORT_FILES")]
    #[must_use]
    pub fn support_files(&self) -> &[String] {
        &self.support_files
    }

    /// Returns the key that identifies the row while the table is open.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }
}

setters! { ServiceRow:
    /// Sets the display name.
    with_display_name(display_name: impl Into<String>) |it| it.display_name = display_name.into();
    /// Sets the flags.
    with_resource_flags(resource_flags: ServiceFlags) |it| it.resource_flags = resource_flags;
    /// Sets the DLL.
    with_dll_name(dll_name: impl Into<String>) |it| it.dll_name = dll_name.into();
    /// Sets the function that configures the service.
    with_entry_name(entry_name: impl Into<String>) |it| it.entry_name = entry_name.into();
    /// Sets the files.
    with_support_files(support_files: Vec<String>) |it| it.support_files = support_files;
    /// Sets the key.
    with_instance_key(instance_key: impl Into<Box<[u8]>>) |it| it.instance_key = instance_key.into();
}

/// One profile in the profile table.
///
/// [Profile Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/profile-tables) in the MAPI reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    name: String,
    is_default: bool,
}

impl ProfileRow {
    /// Creates a profile of this name, which is not the default one until that is set.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            is_default: false,
        }
    }

    /// Returns the profile's name.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Tells whether it is the default profile.
    #[doc(alias = "PR_DEFAULT_PROFILE")]
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.is_default
    }
}

setters! { ProfileRow:
    /// Sets whether it is the default profile.
    with_default(is_default: bool) |it| it.is_default = is_default;
}

/// One service provider of a profile.
///
/// [Provider Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/provider-tables) in the MAPI reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRow {
    uid: MapiUid,
    display_name: String,
    provider_display: String,
    dll_name: String,
    ordinal: u32,
    resource_flags: ResourceFlags,
    resource_type: Option<ResourceType>,
    service_name: String,
    service_uid: MapiUid,
    instance_key: Box<[u8]>,
}

impl ProviderRow {
    /// Creates a row with these columns. The others are empty until they are set.
    #[must_use]
    pub fn new(uid: MapiUid, display_name: impl Into<String>) -> Self {
        Self {
            uid,
            display_name: display_name.into(),
            provider_display: String::new(),
            dll_name: String::new(),
            ordinal: 0,
            resource_flags: ResourceFlags::empty(),
            resource_type: None,
            service_name: String::new(),
            service_uid: MapiUid::default(),
            instance_key: Box::default(),
        }
    }

    /// Returns the provider's identifier, which is also that of its profile section.
    #[doc(alias = "PR_PROVIDER_UID")]
    #[must_use]
    pub fn uid(&self) -> MapiUid {
        self.uid
    }

    /// Returns the display name of what the provider gives access to.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns the provider's display name.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// Returns the file name of the provider's DLL.
    #[doc(alias = "PR_PROVIDER_DLL_NAME")]
    #[must_use]
    pub fn dll_name(&self) -> &str {
        &self.dll_name
    }

    /// Returns the provider's place in the table of the profile, from 0. Transports deliver in this order.
    #[doc(alias = "PR_PROVIDER_ORDINAL")]
    #[must_use]
    pub fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// Returns the profile's flags of the provider.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ResourceFlags {
        self.resource_flags
    }

    /// Returns what kind of provider it is. A row without a kind is a further profile section of a
    /// provider.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    #[must_use]
    pub fn resource_type(&self) -> Option<ResourceType> {
        self.resource_type
    }

    /// Returns the name of the message service that it belongs to, which is never localised.
    #[doc(alias = "PR_SERVICE_NAME")]
    #[must_use]
    pub fn service_name(&self) -> &str {
        &self.service_name
    }

    /// Returns the message service that it belongs to.
    #[doc(alias = "PR_SERVICE_UID")]
    #[must_use]
    pub fn service_uid(&self) -> MapiUid {
        self.service_uid
    }

    /// Returns the key that identifies the row while the table is open.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }
}

setters! { ProviderRow:
    /// Sets the display name of the provider.
    with_provider_display(provider_display: impl Into<String>) |it| it.provider_display = provider_display.into();
    /// Sets the DLL.
    with_dll_name(dll_name: impl Into<String>) |it| it.dll_name = dll_name.into();
    /// Sets the place in the table of the profile, from 0.
    with_ordinal(ordinal: u32) |it| it.ordinal = ordinal;
    /// Sets the flags.
    with_resource_flags(resource_flags: ResourceFlags) |it| it.resource_flags = resource_flags;
    /// Sets the kind of provider.
    with_resource_type(resource_type: Option<ResourceType>) |it| it.resource_type = resource_type;
    /// Sets the name of the message service.
    with_service_name(service_name: impl Into<String>) |it| it.service_name = service_name.into();
    /// Sets the message service.
    with_service_uid(service_uid: MapiUid) |it| it.service_uid = service_uid;
    /// Sets the key.
    with_instance_key(instance_key: impl Into<Box<[u8]>>) |it| it.instance_key = instance_key.into();
}

const PR_ENTRYID: PropTag = PropTag::new(0x0FFF_0102);
const PR_OBJECT_TYPE: PropTag = PropTag::new(0x0FFE_0003);
const PR_INSTANCE_KEY: PropTag = PropTag::new(0x0FF6_0102);
const PR_RECORD_KEY: PropTag = PropTag::new(0x0FF9_0102);
pub(crate) const PR_ROWID: PropTag = PropTag::new(0x3000_0003);
const PR_DISPLAY_NAME_W: PropTag = PropTag::new(0x3001_001F);
const PR_PROVIDER_DISPLAY_W: PropTag = PropTag::new(0x3006_001F);
const PR_RESOURCE_FLAGS: PropTag = PropTag::new(0x3009_0003);
const PR_PROVIDER_DLL_NAME_W: PropTag = PropTag::new(0x300A_001F);
const PR_DEFAULT_STORE: PropTag = PropTag::new(0x3400_000B);
const PR_MDB_PROVIDER: PropTag = PropTag::new(0x3414_0102);
const PR_SERVICE_UID: PropTag = PropTag::new(0x3D0C_0102);
const PR_IDENTITY_DISPLAY_W: PropTag = PropTag::new(0x3E00_001F);
const PR_IDENTITY_ENTRYID: PropTag = PropTag::new(0x3E01_0102);
const PR_RESOURCE_METHODS: PropTag = PropTag::new(0x3E02_0003);
const PR_RESOURCE_PATH_W: PropTag = PropTag::new(0x3E07_001F);
const PR_RESOURCE_TYPE: PropTag = PropTag::new(0x3E03_0003);
const PR_STATUS_CODE: PropTag = PropTag::new(0x3E04_0003);
const PR_IDENTITY_SEARCH_KEY: PropTag = PropTag::new(0x3E05_0102);

fn long(tag: PropTag, value: u32) -> Property {
    let value = PropertyValue::Long(value as i32);
    Property { tag, value }
}

fn text(tag: PropTag, value: &str) -> Property {
    let value = PropertyValue::String(value.into());
    Property { tag, value }
}

fn binary(tag: PropTag, value: &[u8]) -> Property {
    let value = PropertyValue::Binary(value.into());
    Property { tag, value }
}
