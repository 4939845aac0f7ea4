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
    /// The bookmark with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number itself.
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
    /// Roughly how far the cursor is into the table: so many
    pub numerator: u32,
    /// of so many. Never zero.
    pub denominator: u32,
}

/// A table, read in full. Its rows are the caller's own: they stay valid after logoff.
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

/// The profiles that there are.
///
/// [Profile Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/profile-tables) in the MAPI reference.
pub type ProfileTable = Table<ProfileRow>;

/// The service providers of a profile, or of one of its message services.
///
/// [Provider Tables](https://learn.microsoft.com/office/client-developer/outlook/mapi/provider-tables) in the MAPI reference.
pub type ProviderTable = Table<ProviderRow>;

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
    /// A row with these columns. The others are empty until they are set.
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

    /// The type of the store: one for all stores of a kind of provider, by which the public folders are
    /// found, for example.
    #[doc(alias = "PR_MDB_PROVIDER")]
    #[must_use]
    pub fn provider(&self) -> MapiUid {
        self.provider
    }

    /// The provider's name, for a person: what its vendor calls it, and not the store.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// The message service that the store's provider belongs to. Its profile section opens by this
    /// identifier.
    #[doc(alias = "PR_SERVICE_UID")]
    #[must_use]
    pub fn service_uid(&self) -> MapiUid {
        self.service_uid
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

impl StoreRow {
    /// The row as MAPI's table has it, column by column.
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
    /// The same row with this type of store.
    with_provider(provider: MapiUid) |it| it.provider = provider;
    /// The same row with this name of the provider, for a person.
    with_provider_display(provider_display: impl Into<String>) |it| it.provider_display = provider_display.into();
    /// The same row with this message service.
    with_service_uid(service_uid: MapiUid) |it| it.service_uid = service_uid;
    /// The same row with this key of its own.
    with_instance_key(instance_key: impl Into<Box<[u8]>>) |it| it.instance_key = instance_key.into();
    /// The same row with this key of the store.
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
    /// A row with these columns. The others are empty until they are set.
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

    /// What the status object is opened by.
    #[doc(alias = "PR_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// The resource's name, for a person.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// What kind of resource it is.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// What the session says of the resource.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ResourceFlags {
        self.resource_flags
    }

    /// Which methods the status object has, a bit each; zero for none.
    #[doc(alias = "PR_RESOURCE_METHODS")]
    #[must_use]
    pub fn resource_methods(&self) -> ResourceMethods {
        self.resource_methods
    }

    /// How the resource is.
    #[doc(alias = "PR_STATUS_CODE")]
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        self.status_code
    }

    /// The provider's name, for a person: what its vendor calls it.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// The file name of the provider's DLL, without the 32 that MAPI adds to it.
    #[doc(alias = "PR_PROVIDER_DLL_NAME")]
    #[must_use]
    pub fn provider_dll_name(&self) -> &str {
        &self.provider_dll_name
    }

    /// What the row is told from others by, as long as the table lives.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }

    /// A status object.
    #[doc(alias = "PR_OBJECT_TYPE")]
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        ObjectType::STATUS
    }

    /// The row's place in the table, from 0.
    #[doc(alias = "PR_ROWID")]
    #[must_use]
    pub fn row_id(&self) -> u32 {
        self.row_id
    }

    /// Where the provider's files are; empty where the row has none.
    #[doc(alias = "PR_RESOURCE_PATH")]
    #[must_use]
    pub fn resource_path(&self) -> &str {
        &self.resource_path
    }

    /// The user by whom the provider represents the session, where it does.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
}

impl StatusRow {
    /// The row as MAPI's table has it, column by column; those of the identity, and the path, only
    /// where there is one.
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
    /// The same row with these flags.
    with_resource_flags(resource_flags: ResourceFlags) |it| it.resource_flags = resource_flags;
    /// The same row with these methods of the status object, a bit each.
    with_resource_methods(resource_methods: ResourceMethods) |it| it.resource_methods = resource_methods;
    /// The same row with this status.
    with_status_code(status_code: StatusCode) |it| it.status_code = status_code;
    /// The same row with this name of the provider, for a person.
    with_provider_display(provider_display: impl Into<String>) |it| it.provider_display = provider_display.into();
    /// The same row with this DLL of the provider.
    with_provider_dll_name(provider_dll_name: impl Into<String>) |it| it.provider_dll_name = provider_dll_name.into();
    /// The same row with this key.
    with_instance_key(instance_key: impl Into<Box<[u8]>>) |it| it.instance_key = instance_key.into();
    /// The same row at this place in the table, from 0.
    with_row_id(row_id: u32) |it| it.row_id = row_id;
    /// The same row with this user.
    with_identity(identity: Option<Identity>) |it| it.identity = identity;
    /// The same row with this path to the provider's files.
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
    /// A user with no search key, until one is set.
    #[must_use]
    pub fn new(entry_id: EntryId, display_name: impl Into<String>) -> Self {
        Self {
            entry_id: Some(entry_id),
            ..Self::without_entry_id(display_name)
        }
    }

    /// A user who is no object of the provider's: QueryIdentity makes a one-off entry identifier of the
    /// name and the search key.
    #[must_use]
    pub fn without_entry_id(display_name: impl Into<String>) -> Self {
        Self {
            entry_id: None,
            display_name: display_name.into(),
            search_key: Box::default(),
        }
    }

    /// The user's name, for a person.
    #[doc(alias = "PR_IDENTITY_DISPLAY")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// What the user is opened by, where the row has it.
    #[doc(alias = "PR_IDENTITY_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> Option<&EntryId> {
        self.entry_id.as_ref()
    }

    /// What the user is found by.
    #[doc(alias = "PR_IDENTITY_SEARCH_KEY")]
    #[must_use]
    pub fn search_key(&self) -> &[u8] {
        &self.search_key
    }
}

setters! { Identity:
    /// The same user with this search key.
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
    /// A row with these columns. The others are empty until they are set.
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

    /// The service's identifier.
    #[doc(alias = "PR_SERVICE_UID")]
    #[must_use]
    pub fn uid(&self) -> MapiUid {
        self.uid
    }

    /// The service's name, which is never localised.
    #[doc(alias = "PR_SERVICE_NAME")]
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The service's name, for a person.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// What the profile says of the service.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ServiceFlags {
        self.resource_flags
    }

    /// The file name of the service's DLL.
    #[doc(alias = "PR_SERVICE_DLL_NAME")]
    #[must_use]
    pub fn dll_name(&self) -> &str {
        &self.dll_name
    }

    /// The function that configures the service.
    #[doc(alias = "PR_SERVICE_ENTRY_NAME")]
    #[must_use]
    pub fn entry_name(&self) -> &str {
        &self.entry_name
    }

    /// The files that the service needs beside its DLL.
    #[doc(alias = "PR_SERVICE_SUPPORT_FILES")]
    #[must_use]
    pub fn support_files(&self) -> &[String] {
        &self.support_files
    }

    /// What the row is told from others by, as long as the table lives.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }
}

setters! { ServiceRow:
    /// The same row with this name for a person.
    with_display_name(display_name: impl Into<String>) |it| it.display_name = display_name.into();
    /// The same row with these flags.
    with_resource_flags(resource_flags: ServiceFlags) |it| it.resource_flags = resource_flags;
    /// The same row with this DLL.
    with_dll_name(dll_name: impl Into<String>) |it| it.dll_name = dll_name.into();
    /// The same row with this function that configures the service.
    with_entry_name(entry_name: impl Into<String>) |it| it.entry_name = entry_name.into();
    /// The same row with these files.
    with_support_files(support_files: Vec<String>) |it| it.support_files = support_files;
    /// The same row with this key.
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
    /// A profile of this name, which is not the default one until that is set.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            is_default: false,
        }
    }

    /// The profile's name.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is the default profile.
    #[doc(alias = "PR_DEFAULT_PROFILE")]
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.is_default
    }
}

setters! { ProfileRow:
    /// The same row, of the default profile or of another one.
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
    /// A row with these columns. The others are empty until they are set.
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

    /// The provider's identifier, which is also that of its profile section.
    #[doc(alias = "PR_PROVIDER_UID")]
    #[must_use]
    pub fn uid(&self) -> MapiUid {
        self.uid
    }

    /// The name of what the provider gives, for a person.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// The provider's name, for a person.
    #[doc(alias = "PR_PROVIDER_DISPLAY")]
    #[must_use]
    pub fn provider_display(&self) -> &str {
        &self.provider_display
    }

    /// The file name of the provider's DLL.
    #[doc(alias = "PR_PROVIDER_DLL_NAME")]
    #[must_use]
    pub fn dll_name(&self) -> &str {
        &self.dll_name
    }

    /// The provider's place in the table of the profile, from 0. Transports deliver in this order.
    #[doc(alias = "PR_PROVIDER_ORDINAL")]
    #[must_use]
    pub fn ordinal(&self) -> u32 {
        self.ordinal
    }

    /// What the profile says of the provider.
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    #[must_use]
    pub fn resource_flags(&self) -> ResourceFlags {
        self.resource_flags
    }

    /// What kind of provider it is. A row without one is a further profile section of a provider.
    #[doc(alias = "PR_RESOURCE_TYPE")]
    #[must_use]
    pub fn resource_type(&self) -> Option<ResourceType> {
        self.resource_type
    }

    /// The name of the message service that it belongs to, which is never localised.
    #[doc(alias = "PR_SERVICE_NAME")]
    #[must_use]
    pub fn service_name(&self) -> &str {
        &self.service_name
    }

    /// The message service that it belongs to.
    #[doc(alias = "PR_SERVICE_UID")]
    #[must_use]
    pub fn service_uid(&self) -> MapiUid {
        self.service_uid
    }

    /// What the row is told from others by, as long as the table lives.
    #[doc(alias = "PR_INSTANCE_KEY")]
    #[must_use]
    pub fn instance_key(&self) -> &[u8] {
        &self.instance_key
    }
}

setters! { ProviderRow:
    /// The same row with this name of the provider, for a person.
    with_provider_display(provider_display: impl Into<String>) |it| it.provider_display = provider_display.into();
    /// The same row with this DLL.
    with_dll_name(dll_name: impl Into<String>) |it| it.dll_name = dll_name.into();
    /// The same row at this place in the table of the profile, from 0.
    with_ordinal(ordinal: u32) |it| it.ordinal = ordinal;
    /// The same row with these flags.
    with_resource_flags(resource_flags: ResourceFlags) |it| it.resource_flags = resource_flags;
    /// The same row, of a provider of this kind.
    with_resource_type(resource_type: Option<ResourceType>) |it| it.resource_type = resource_type;
    /// The same row with this name of the message service.
    with_service_name(service_name: impl Into<String>) |it| it.service_name = service_name.into();
    /// The same row with this message service.
    with_service_uid(service_uid: MapiUid) |it| it.service_uid = service_uid;
    /// The same row with this key.
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
