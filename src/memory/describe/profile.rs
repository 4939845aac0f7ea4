//! Profiles as a test describes them: services, their providers, and what these hold.

use std::collections::HashSet;

use super::Message;
use crate::flags::{ResourceFlags, StoreSupportMask};
use crate::memory::state::{MUID_PROFILE_INSTANCE, problem_with};
use crate::memory::{
    error::{Refusal, Result, hex, quoted},
    provider::{Hook, ProviderAnswer, ProviderCall},
};
use crate::property::{PropName, Property};
#[cfg(feature = "serde")]
use crate::property::{PropTag, PropertyValue};
use crate::{EventMask, MapiUid};

/// A description of a profile: a name, and the message services that a session on it has.
///
/// [`Builder::build`](crate::memory::Builder::build) and
/// [`Memory::create_profile`](crate::memory::Memory::create_profile) check it. Names have 1 to 64
/// characters (UTF-16 code units, as MAPI counts them): letters, digits, accents (U+0300 to U+036F),
/// underscores and inner blanks. They are compared exactly; that upper and lower case differ is our
/// reading (rule L5).
///
/// A provider that is added to the profile itself becomes a message service of its own.
///
/// ```
/// # use mapi_session::memory::{AddressBook, Folder, Profile, Store, Transport};
/// let profile = Profile::new("Work")
///     .default_profile()
///     .store(Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello")))
///     .address_book(AddressBook::new("Contacts").mail_user("Ana Trujillo"))
///     .transport(Transport::new("Mail").address_type("SMTP"));
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Profile {
    #[cfg_attr(feature = "serde", serde(deserialize_with = "profile_name"))]
    pub(crate) name: String,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) default: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) app: bool,
    #[cfg_attr(feature = "serde", serde(default, rename = "store"))]
    stores: Vec<Store>,
    #[cfg_attr(feature = "serde", serde(default, rename = "address_book"))]
    address_books: Vec<AddressBook>,
    #[cfg_attr(feature = "serde", serde(default, rename = "transport"))]
    transports: Vec<Transport>,
    #[cfg_attr(feature = "serde", serde(default, rename = "service"))]
    services: Vec<Service>,
    #[cfg_attr(feature = "serde", serde(default, rename = "section"))]
    pub(crate) sections: Vec<Section>,
}

impl Profile {
    /// Describes a profile of this name, without services.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            default: false,
            app: false,
            stores: Vec::new(),
            address_books: Vec::new(),
            transports: Vec::new(),
            services: Vec::new(),
            sections: Vec::new(),
        }
    }

    /// One with these services, of which the first default store is the profile's.
    pub(crate) fn of_services(name: &str, app: bool, mut services: Vec<Service>) -> Self {
        let stores = services.iter_mut().flat_map(|it| &mut it.stores);
        let defaults = stores.filter(|store| store.default);
        defaults.skip(1).for_each(|store| store.default = false);
        Self {
            app,
            services,
            ..Self::new(name)
        }
    }

    /// All services; each provider of the profile itself is one.
    pub(crate) fn into_services(self) -> impl Iterator<Item = Service> {
        let alone = |name: &String| Service::new(name.clone());
        let stores = self.stores.into_iter();
        let stores = stores.map(move |it| alone(&it.name).store(it));
        let books = self.address_books.into_iter();
        let books = books.map(move |it| alone(&it.name).address_book(it));
        let transports = self.transports.into_iter();
        let transports = transports.map(move |it| alone(&it.name).transport(it));
        stores.chain(books).chain(transports).chain(self.services)
    }

    pub(crate) fn check(&self) -> Result<()> {
        check_name(&self.name).map_err(Refusal::BadProfileName)?;
        let mut services = self.services.iter();
        while let Some(service) = services.next() {
            let is_copy = |other: &Service| {
                other.name == service.name && (other.single_copy || service.single_copy)
            };
            if services.clone().any(is_copy) {
                return Err(Refusal::SingleCopy(quoted(&service.name)).into());
            }
        }
        let grouped = self.services.iter().flat_map(|service| &service.stores);
        check_stores("profile", &self.name, self.stores.iter().chain(grouped))?;
        self.services.iter().try_for_each(Service::check_props)?;
        check_sections(&self.sections)
    }
}

setters! {
    Profile:
    /// Makes it the default profile.
    default_profile() |it| it.default = true;
    /// Makes it an "app" profile: only clients that ask for such profiles see and change it, and it
    /// cannot be the default one.
    #[doc(alias = "MAPI_APP_PROFILE")]
    app_profile() |it| it.app = true;
    /// Adds a message service of several providers.
    service(service: Service) |it| it.services.push(service);
    /// Adds a profile section, which exists before anybody logs on.
    section(section: Section) |it| it.sections.push(section);
}

/// No section is there twice, none is MAPI's own, and none has properties that it cannot have.
fn check_sections(sections: &[Section]) -> Result<()> {
    let mut known = HashSet::from([MUID_PROFILE_INSTANCE]);
    sections.iter().try_for_each(|section| {
        if !known.insert(section.uid) {
            return Err(Refusal::SectionTwice(hex(section.uid.as_bytes())).into());
        }
        check_props(&section.props)
    })
}

fn check_props(props: &[Property]) -> Result<()> {
    let mut problems = props
        .iter()
        .filter_map(|it| Some((it.tag, problem_with(it.tag)?)));
    match problems.next() {
        Some((tag, problem)) => Err(Refusal::BadSectionProperty(tag, problem).into()),
        None => Ok(()),
    }
}

/// At most one of the stores is the default one, one the primary and one the secondary one; and none
/// has folders that are nested too deep.
fn check_stores<'a>(
    holder: &str,
    name: &str,
    stores: impl Iterator<Item = &'a Store> + Clone,
) -> Result<()> {
    for (index, kind) in ["default", "primary", "secondary"].into_iter().enumerate() {
        let mut of_kind = stores
            .clone()
            .filter(|store| store.singular_kinds()[index].2);
        if let (Some(one), Some(two)) = (of_kind.next(), of_kind.next()) {
            return Err(Refusal::TwoStoresOfAKind(
                format!("{holder} {}", quoted(name)).into(),
                kind,
                format!("{} and {}", quoted(&one.name), quoted(&two.name)).into(),
            )
            .into());
        }
    }
    let mut all = stores.clone();
    if let Some(store) = all.find(|store| store.default && store.never_default) {
        return Err(Refusal::DefaultThatIsNone(quoted(&store.name)).into());
    }
    let mut folders = stores.flat_map(|store| &store.folders);
    match folders.find_map(|folder| folder.too_deep.as_deref()) {
        Some(folder) => Err(Refusal::NestedTooDeep(quoted(folder), Folder::MAX_DEPTH).into()),
        None => Ok(()),
    }
}

/// Those that are in no profile.
pub(crate) fn check_stores_outside(stores: &[Store]) -> Result<()> {
    let mut of_profiles = stores.iter();
    match of_profiles.find(|it| it.default || it.primary || it.secondary) {
        Some(store) => Err(Refusal::StoreOfNoProfile(quoted(&store.name)).into()),
        None => check_stores("subsystem", "", stores.iter()),
    }
}

/// The rule for profile names (L5); the error says how the name breaks it.
pub(crate) fn check_name(name: &str) -> Result<(), Box<str>> {
    const MAX: usize = 64;
    let length = name.encode_utf16().count();
    let accent = |c| ('\u{300}'..='\u{36F}').contains(&c);
    let bad = |c: char| !(c.is_alphanumeric() || accent(c) || c == '_' || c == ' ');
    let fault = if name.is_empty() {
        String::from("it is empty")
    } else if length > MAX {
        format!("it has {length} characters, and at most {MAX} are allowed")
    } else if name.starts_with(' ') || name.ends_with(' ') {
        "it begins or ends with a blank".into()
    } else if let Some(c) = name.chars().find(|&c| bad(c)) {
        format!("{c:?} is not a letter, a digit, an underscore or a blank")
    } else {
        return Ok(());
    };
    Err(format!("{} is no profile name: {fault}", quoted(name)).into())
}

/// A description of a message service: providers that are installed, configured and disabled together.
///
/// If one of its providers cannot log on, the whole service is disabled for the life of the session.
///
/// ```
/// # use mapi_session::memory::{Profile, Service, Store};
/// let exchange = Service::new("MSEMS").store(Store::new("Mailbox").default_store());
/// let profile = Profile::new("Work").service(exchange);
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Service {
    pub(crate) name: String,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) single_copy: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) display_name: Option<String>,
    #[cfg_attr(feature = "serde", serde(default))]
    pub(crate) without_entry_point: bool,
    #[cfg_attr(
        feature = "serde",
        serde(default, rename = "property", deserialize_with = "properties")
    )]
    pub(crate) props: Vec<Property>,
    #[cfg_attr(feature = "serde", serde(default, rename = "store"))]
    pub(crate) stores: Vec<Store>,
    #[cfg_attr(feature = "serde", serde(default, rename = "address_book"))]
    pub(crate) address_books: Vec<AddressBook>,
    #[cfg_attr(feature = "serde", serde(default, rename = "transport"))]
    pub(crate) transports: Vec<Transport>,
}

impl Service {
    pub(crate) fn check(&self) -> Result<()> {
        check_stores("service", &self.name, self.stores.iter())?;
        self.check_props()
    }

    fn check_props(&self) -> Result<()> {
        check_props(&self.props)
    }

    /// Describes a service of this name, without providers.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            single_copy: false,
            display_name: None,
            without_entry_point: false,
            props: Vec::new(),
            stores: Vec::new(),
            address_books: Vec::new(),
            transports: Vec::new(),
        }
    }

    /// Whether one of its providers lacks configuration.
    pub(crate) fn is_unconfigured(&self) -> bool {
        self.stores.iter().any(|it| it.unconfigured)
            || self.address_books.iter().any(|it| it.unconfigured)
            || self.transports.iter().any(|it| it.unconfigured)
    }

    /// The user has given what its providers need.
    pub(crate) fn configure(&mut self) {
        let stores = self.stores.iter_mut().map(|it| &mut it.unconfigured);
        let books = self.address_books.iter_mut();
        let books = books.map(|it| &mut it.unconfigured);
        let transports = self.transports.iter_mut();
        let transports = transports.map(|it| &mut it.unconfigured);
        stores
            .chain(books)
            .chain(transports)
            .for_each(|it| *it = false);
    }

    /// The provider of this name alone.
    pub(crate) fn only(mut self, provider: &str) -> Option<Self> {
        let alone = Self::new(self.name);
        if let Some(store) = take_named(&mut self.stores, |it| it.name == provider) {
            return Some(alone.store(store));
        }
        if let Some(book) = take_named(&mut self.address_books, |it| it.name == provider) {
            return Some(alone.address_book(book));
        }
        let transport = take_named(&mut self.transports, |it| it.name == provider)?;
        Some(alone.transport(transport))
    }
}

fn take_named<T>(all: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> Option<T> {
    let position = all.iter().position(is_it)?;
    Some(all.swap_remove(position))
}

setters! {
    Service:
    /// Sets its display name, as MAPISVC.INF has it. The one that CreateMsgService passes is ignored
    /// then.
    #[doc(alias = "PR_DISPLAY_NAME")]
    display_name(name: impl Into<String>) |it| it.display_name = Some(name.into());
    /// Leaves out the entry point function: the service cannot be configured.
    #[doc(alias = "PR_SERVICE_ENTRY_NAME")]
    without_entry_point() |it| it.without_entry_point = true;
    /// Sets a property of its own profile section.
    property(property: Property) |it| it.props.push(property);
}

/// A description of a profile section, which clients open by its identifier.
///
/// ```
/// # use mapi_session::MapiUid;
/// # use mapi_session::memory::{Profile, Section};
/// # use mapi_session::property::{PropTag, Property};
/// let hourly = Property::new(PropTag::COMMENT, "every hour");
/// let settings = Section::new(MapiUid::new([7; 16])).property(hourly);
/// let profile = Profile::new("Work").section(settings);
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Section {
    #[cfg_attr(feature = "serde", serde(deserialize_with = "uid"))]
    pub(crate) uid: MapiUid,
    #[cfg_attr(
        feature = "serde",
        serde(default, rename = "property", deserialize_with = "properties")
    )]
    pub(crate) props: Vec<Property>,
}

impl Section {
    /// Describes a section with this identifier, without properties.
    #[must_use]
    pub fn new(uid: MapiUid) -> Self {
        Self {
            uid,
            props: Vec::new(),
        }
    }
}

setters! {
    Section:
    /// Sets a property.
    property(property: Property) |it| it.props.push(property);
}

setters! {
    Service:
    /// Allows the service only once in a profile.
    #[doc(alias = "SERVICE_SINGLE_COPY")]
    single_copy() |it| it.single_copy = true;
}

macro_rules! holds_providers {
    ($($holder:ident)*) => {$(
        setters! {
            $holder:
            /// Adds a message store.
            store(store: Store) |it| it.stores.push(store);
            /// Adds an address book provider.
            address_book(address_book: AddressBook) |it| it.address_books.push(address_book);
            /// Adds a transport provider.
            transport(transport: Transport) |it| it.transports.push(transport);
        }
    )*};
}

holds_providers! { Profile Service }

/// A provider: what all kinds have in common, and what this one has besides.
macro_rules! provider {
    (
        $(#[$doc:meta])*
        $provider:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[cfg_attr(
            feature = "serde",
            derive(serde::Deserialize),
            serde(deny_unknown_fields)
        )]
        pub struct $provider {
            pub(crate) name: String,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) identity: Option<String>,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) primary_identity: bool,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) identity_address: Option<[String; 2]>,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) resource_path: String,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) unconfigured: bool,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) no_status_row: bool,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) offline: bool,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) settings_dialog: bool,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) password: Option<String>,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) provider_display: Option<String>,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) provider_dll_name: Option<String>,
            #[cfg_attr(feature = "serde", serde(default))]
            pub(crate) fast_shutdown: Option<bool>,
            #[cfg_attr(feature = "serde", serde(skip))]
            pub(crate) hook: Option<Hook>,
            $(
                #[cfg_attr(feature = "serde", serde(default))]
                $(#[$attribute])*
                pub(crate) $field: $type,
            )*
        }

        impl $provider {
            /// Describes a provider with this display name.
            pub fn new(name: impl Into<String>) -> Self {
                Self {
                    name: name.into(),
                    identity: None,
                    primary_identity: false,
                    identity_address: None,
                    resource_path: String::new(),
                    unconfigured: false,
                    no_status_row: false,
                    offline: false,
                    settings_dialog: false,
                    password: None,
                    provider_display: None,
                    provider_dll_name: None,
                    fast_shutdown: None,
                    hook: None,
                    $($field: Default::default(),)*
                }
            }

            /// Says that the user of the [`identity`](Self::identity) is not an object of the provider, but
            /// known by an address of this type. Its row has no entry identifier, and QueryIdentity returns
            /// a one-off one. Without an identity it changes nothing.
            ///
            /// ```
            /// # use mapi_session::memory::{Memory, Profile, Store};
            /// # use mapi_session::{LogonRequest, Mapi};
            /// let mailbox = Store::new("Mailbox")
            ///     .primary_identity("Ana Trujillo")
            ///     .identity_address("SMTP", "ana@contoso.com");
            /// let memory = Memory::builder().profile(Profile::new("Work").store(mailbox)).build()?;
            /// let session = Mapi::initialize(memory)?.logon(&LogonRequest::new_session("Work"))?;
            /// let identity = session.query_identity()?;
            /// # assert!(identity.warning().is_none());
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            #[doc(alias = "PR_IDENTITY_SEARCH_KEY")]
            #[must_use]
            pub fn identity_address(
                mut self,
                address_type: impl Into<String>,
                address: impl Into<String>,
            ) -> Self {
                self.identity_address = Some([address_type.into(), address.into()]);
                self
            }

            /// Sets a closure to run when the provider is called. It returns the provider's answer: an
            /// HRESULT or a [`ProviderAnswer`].
            ///
            /// It runs on the thread of the call that caused it, with no lock of the subsystem held. If it
            /// panics, the provider has failed with E_UNEXPECTED. A `Memory` that it captures keeps itself
            /// alive.
            ///
            /// While it answers [`ProviderCall::LogOn`] of a session that begins, logons on other threads
            /// wait, as in MAPI. A hook that waits for one of those never returns.
            ///
            /// ```
            /// use mapi_session::memory::{Memory, Profile, ProviderCall, Store};
            /// use mapi_session::{HResult, LogonRequest, Mapi, OpenStoreFlags};
            ///
            /// // A store whose server cannot be reached.
            /// let mailbox = Store::new("Mailbox").default_store().hook(|call| match call {
            ///     ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
            ///     _ => HResult::S_OK,
            /// });
            /// let memory = Memory::builder().profile(Profile::new("Work").store(mailbox)).build()?;
            /// let mapi = Mapi::initialize(memory)?;
            /// let session = mapi.logon(&LogonRequest::new_session("Work"))?;
            /// assert!(session.open_default_store(OpenStoreFlags::empty()).is_err());
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            #[must_use]
            pub fn hook<F, A>(mut self, hook: F) -> Self
            where
                F: Fn(ProviderCall) -> A + Send + Sync + 'static,
                A: Into<ProviderAnswer>,
            {
                self.hook = Some(Hook::new(hook));
                self
            }
        }

        setters! {
            $provider:
            /// Gives the provider an identity: it represents the session by this user, and can open the
            /// user as a mail user.
            #[doc(alias = "PR_IDENTITY_DISPLAY")]
            identity(user: impl Into<String>) |it| it.identity = Some(user.into());
            /// Gives the provider an identity, which is also the session's primary identity. If several
            /// services have one, the first counts.
            #[doc(alias = "STATUS_PRIMARY_IDENTITY")]
            primary_identity(user: impl Into<String>) |it| {
                it.identity = Some(user.into());
                it.primary_identity = true;
            };
            /// Sets where the provider's files are, which its row in the status table shows.
            #[doc(alias = "PR_RESOURCE_PATH")]
            resource_path(path: impl Into<String>) |it| it.resource_path = path.into();
            /// Leaves the provider without its configuration. A logon asks the user for it, if dialogs are
            /// allowed; otherwise the provider is logged on later, when somebody opens it, and asks then.
            /// The profile keeps what the user has given.
            #[doc(alias = "MAPI_E_UNCONFIGURED")]
            unconfigured() |it| it.unconfigured = true;
            /// Leaves the provider out of the status table. An active transport always has a row.
            no_status_row() |it| it.no_status_row = true;
            /// Takes the provider offline: its row in the status table says so, and its store cannot be
            /// opened with [`ONLINE`](crate::OpenStoreFlags::ONLINE).
            #[doc(alias = "STATUS_OFFLINE")]
            offline() |it| it.offline = true;
            /// Sets the name that the vendor gives the provider. The default goes by its kind.
            #[doc(alias = "PR_PROVIDER_DISPLAY")]
            provider_display(name: impl Into<String>) |it| it.provider_display = Some(name.into());
            /// Sets the provider's DLL, without the 32 that MAPI adds to its name. The default is
            /// `mapi-session`.
            #[doc(alias = "PR_PROVIDER_DLL_NAME")]
            provider_dll_name(name: impl Into<String>) |it| it.provider_dll_name = Some(name.into());
            /// Lets the provider's status object show its configuration.
            #[doc(alias = "STATUS_SETTINGS_DIALOG")]
            settings_dialog() |it| it.settings_dialog = true;
            /// Gives the provider a password, which its status object can change.
            #[doc(alias = "STATUS_CHANGE_PASSWORD")]
            password(password: impl Into<String>) |it| it.password = Some(password.into());
            /// Lets the provider implement IMAPIProviderShutdown, and opt into fast shutdown or out of it.
            #[doc(alias = "IMAPIProviderShutdown")]
            fast_shutdown(supported: bool) |it| it.fast_shutdown = Some(supported);
        }
    };
}

provider! {
    /// A description of a message store and its provider.
    Store {
        default: bool,
        primary: bool,
        secondary: bool,
        never_default: bool,
        read_only: bool,
        silent: bool,
        hidden: bool,
        #[cfg_attr(feature = "serde", serde(rename = "named_property", deserialize_with = "names"))]
        names: Vec<PropName>,
        cached: bool,
        downgrades: bool,
        without_cache_flags: bool,
        #[cfg_attr(feature = "serde", serde(skip))]
        further_uids: Vec<MapiUid>,
        #[cfg_attr(feature = "serde", serde(skip))]
        provider_type: Option<MapiUid>,
        #[cfg_attr(feature = "serde", serde(skip))]
        lacks: StoreSupportMask,
        #[cfg_attr(feature = "serde", serde(skip))]
        lacks_events: EventMask,
        #[cfg_attr(feature = "serde", serde(rename = "folder"))]
        folders: Vec<Folder>,
    }
}

impl Store {
    pub(crate) fn support_mask(&self) -> StoreSupportMask {
        use StoreSupportMask as Mask;
        let mut mask = Mask::MODIFY_OK | Mask::CREATE_OK | Mask::SUBMIT_OK | Mask::NOTIFY_OK;
        if self.read_only {
            mask = Mask::READONLY | Mask::NOTIFY_OK;
        }
        if self.silent {
            mask -= Mask::NOTIFY_OK;
        }
        mask - self.lacks
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The kinds of which a profile has one store at most, and whether this one is of it.
    pub(crate) fn singular_kinds(&self) -> [(&'static str, ResourceFlags, bool); 3] {
        [
            ("default", ResourceFlags::DEFAULT_STORE, self.default),
            ("primary", ResourceFlags::PRIMARY_STORE, self.primary),
            ("secondary", ResourceFlags::SECONDARY_STORE, self.secondary),
        ]
    }

    /// What clients can register for.
    pub(crate) fn events(&self) -> EventMask {
        match self.support_mask().contains(StoreSupportMask::NOTIFY_OK) {
            true => (EventMask::OF_OBJECTS | EventMask::INDEXING) - self.lacks_events,
            false => EventMask::empty(),
        }
    }
}

setters! {
    Store:
    /// Makes it the profile's default store.
    default_store() |it| it.default = true;
    /// Makes it the store to use when a client logs on; the client makes it the default one.
    #[doc(alias = "STATUS_PRIMARY_STORE")]
    primary_store() |it| it.primary = true;
    /// Makes it the store to use when a client logs on and cannot open the primary one.
    #[doc(alias = "STATUS_SECONDARY_STORE")]
    secondary_store() |it| it.secondary = true;
    /// Keeps it from becoming the default store.
    #[doc(alias = "STATUS_NO_DEFAULT_STORE")]
    never_default() |it| it.never_default = true;
    /// Makes it read-only: it has STORE_READONLY, and cannot modify, create or submit.
    read_only() |it| it.read_only = true;
    /// Lets its provider send no notifications: it lacks STORE_NOTIFY_OK.
    silent() |it| it.silent = true;
    /// Keeps it out of the store table; it can still be opened by its identifier. Once a session on
    /// the profile has ended, the store leaves the profile.
    #[doc(alias = "STATUS_TEMP_SECTION")]
    hidden() |it| it.hidden = true;
    /// Lets sessions use a local copy of it, unless they open it with
    /// [`ONLINE`](crate::OpenStoreFlags::ONLINE). A session cannot have both open at a time.
    #[doc(alias = "MDB_ONLINE")]
    cached() |it| it.cached = true;
    /// Adds a named property that the store knows from the start, as if GetIDsFromNames had created
    /// it. The identifiers count from 0x8000 in the order of these calls.
    #[doc(alias = "GetIDsFromNames")]
    named_property(name: PropName) |it| {
        if !it.names.contains(&name) {
            it.names.push(name);
        }
    };
    /// Lets the provider open what can only be read for reading, even if MDB_WRITE or MAPI_MODIFY asks
    /// for more; PR_ACCESS_LEVEL tells. Other stores answer MAPI_E_NO_ACCESS.
    downgrades() |it| it.downgrades = true;
    /// Lets the provider refuse MDB_ONLINE and MAPI_NO_CACHE with MAPI_E_UNKNOWN_FLAGS, so that
    /// clients have to try again without.
    #[doc(alias = "MAPI_NO_CACHE")]
    without_cache_flags() |it| it.without_cache_flags = true;
    /// Adds an identifier that the provider registers. Entry identifiers with it in place of the
    /// provider's first one name the same objects.
    #[doc(alias = "SetProviderUID")]
    further_uid(uid: MapiUid) |it| it.further_uids.push(uid);
    /// Sets the type of the store (PR_MDB_PROVIDER), which all stores of one kind of provider share.
    /// The default is one for all others.
    #[doc(alias = "PR_MDB_PROVIDER")]
    provider_type(provider_type: MapiUid) |it| it.provider_type = Some(provider_type);
    /// Takes these abilities from the store.
    lacks(support: StoreSupportMask) |it| it.lacks |= support;
    /// Lets the provider send no events of these types: nobody can register for them.
    lacks_events(events: EventMask) |it| it.lacks_events |= events;
    /// Adds a folder.
    folder(folder: Folder) |it| it.folders.push(folder);
}

/// A description of a folder of a [`Store`], with what is in it.
///
/// At the top of a store some names have a meaning. New mail arrives in `Inbox`. `Outbox`,
/// `Sent Items` and `Deleted Items` are those that PR_IPM_OUTBOX_ENTRYID, PR_IPM_SENTMAIL_ENTRYID and
/// PR_IPM_WASTEBASKET_ENTRYID of the store name.
///
/// Folders nest up to 500 deep; [`Builder::build`](crate::memory::Builder::build) refuses a deeper
/// one with MAPI_E_INVALID_PARAMETER.
///
/// ```
/// # use mapi_session::memory::{Folder, Message};
/// let inbox = Folder::new("Inbox")
///     .message(Message::from("Hello").unread())
///     .folder(Folder::new("Orders").receives("IPM.Note.Order"));
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(from = "FolderFields")
)]
pub struct Folder {
    pub(crate) name: String,
    pub(crate) messages: Vec<Message>,
    pub(crate) folders: Vec<Folder>,
    pub(crate) read_only: bool,
    /// Classes of messages that arrive in it.
    pub(crate) receives: Vec<String>,
    /// How many folders are inside each other, this one among them.
    depth: usize,
    /// The name of a folder that was left out, because it would have been too deep.
    too_deep: Option<String>,
}

impl Folder {
    /// So that nothing that goes through them needs much of a stack.
    const MAX_DEPTH: usize = 500;

    /// Describes an empty folder of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            messages: Vec::new(),
            folders: Vec::new(),
            read_only: false,
            receives: Vec::new(),
            depth: 1,
            too_deep: None,
        }
    }

    /// Adds a folder inside this one.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// let inbox = Folder::new("Inbox").folder(Folder::new("Orders").message("Order 7"));
    /// # let memory = Memory::builder().profile(Profile::new("Work").store(Store::new("Mailbox").folder(inbox))).build()?;
    /// # assert!(memory.entry_id("Work", &["Mailbox", "Inbox", "Orders", "Order 7"]).is_some());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn folder(mut self, mut folder: Folder) -> Self {
        if self.too_deep.is_none() {
            self.too_deep = folder.too_deep.take();
        }
        if folder.depth >= Self::MAX_DEPTH {
            self.too_deep.get_or_insert(folder.name);
            return self;
        }
        self.depth = self.depth.max(folder.depth + 1);
        self.folders.push(folder);
        self
    }
}

setters! {
    Folder:
    /// Adds a message; a text stands for a message with this subject.
    message(message: impl Into<Message>) |it| it.messages.push(message.into());
    /// Makes it the folder in which messages of this class, and of classes that begin with it and a
    /// dot, arrive. The empty class stands for all others. By default those arrive in `Inbox` at the
    /// top of the store, or if there is none, in the root folder.
    #[doc(alias = "SetReceiveFolder")]
    receives(class: impl Into<String>) |it| it.receives.push(class.into());
    /// Makes the folder and its messages read-only, but not the folders in it.
    read_only() |it| it.read_only = true;
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct FolderFields {
    name: String,
    #[serde(default, rename = "message")]
    messages: Vec<Message>,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    receives: Vec<String>,
    #[serde(default, rename = "folder")]
    folders: Vec<Folder>,
}

#[cfg(feature = "serde")]
impl From<FolderFields> for Folder {
    fn from(fields: FolderFields) -> Self {
        let folder = Self {
            messages: fields.messages,
            read_only: fields.read_only,
            receives: fields.receives,
            ..Self::new(fields.name)
        };
        fields.folders.into_iter().fold(folder, Self::folder)
    }
}

provider! {
    /// A description of an address book provider: a container of mail users.
    AddressBook {
        silent: bool,
        #[cfg_attr(feature = "serde", serde(skip))]
        lacks_events: EventMask,
        #[cfg_attr(feature = "serde", serde(rename = "mail_user"))]
        mail_users: Vec<String>,
        #[cfg_attr(feature = "serde", serde(skip))]
        further_uids: Vec<MapiUid>,
    }
}

impl AddressBook {
    /// What clients can register for.
    pub(crate) fn events(&self) -> EventMask {
        match self.silent {
            true => EventMask::empty(),
            false => EventMask::OF_OBJECTS - self.lacks_events,
        }
    }
}

setters! {
    AddressBook:
    /// Lets the provider send no notifications of its users, as many providers do. MAPI's own address
    /// book still does.
    silent() |it| it.silent = true;
    /// Lets the provider send no events of these types: nobody can register for them.
    lacks_events(events: EventMask) |it| it.lacks_events |= events;
    /// Adds a mail user of this name.
    mail_user(name: impl Into<String>) |it| it.mail_users.push(name.into());
    /// Adds an identifier that the provider registers. Entry identifiers with it in place of the
    /// provider's first one name the same objects.
    #[doc(alias = "SetProviderUID")]
    further_uid(uid: MapiUid) |it| it.further_uids.push(uid);
}

provider! {
    /// A description of a transport provider.
    Transport {
        #[cfg_attr(feature = "serde", serde(rename = "address_type"))]
        address_types: Vec<String>,
        default_outbound: bool,
        prefers_last: bool,
    }
}

setters! {
    Transport:
    /// Adds a type of addresses that it delivers to, such as `SMTP`.
    address_type(address_type: impl Into<String>) |it| it.address_types.push(address_type.into());
    /// Makes the transport's identity the one that goes out with messages, if the profile has several
    /// of its kind. It shows in the status table only.
    #[doc(alias = "STATUS_DEFAULT_OUTBOUND")]
    default_outbound() |it| it.default_outbound = true;
    /// Lets the transport ask to be the last to send a message. It shows in the status table only.
    #[doc(alias = "STATUS_XP_PREFER_LAST")]
    prefers_last() |it| it.prefers_last = true;
}

/// A profile's name, checked here so that the error points at its line.
#[cfg(feature = "serde")]
fn profile_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = <String as serde::Deserialize>::deserialize(deserializer)?;
    check_name(&name).map_err(serde::de::Error::custom)?;
    Ok(name)
}

#[cfg(feature = "serde")]
fn uid<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<MapiUid, D::Error> {
    let text = <String as serde::Deserialize>::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

/// A set, and a text or a number.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFields {
    #[serde(deserialize_with = "uid")]
    set: MapiUid,
    name: Option<String>,
    id: Option<u32>,
}

#[cfg(feature = "serde")]
fn names<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<PropName>, D::Error> {
    let all = <Vec<NameFields> as serde::Deserialize>::deserialize(deserializer)?;
    let name = |it: NameFields| match (it.name, it.id) {
        (Some(text), None) => Ok(PropName::text(it.set, text)),
        (None, Some(id)) => Ok(PropName::id(it.set, id)),
        _ => Err(serde::de::Error::custom(
            "a named property has a name or an id",
        )),
    };
    all.into_iter().map(name).collect()
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyFields {
    tag: u32,
    value: ValueFields,
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(
    untagged,
    expecting = "a number, a truth value, a text, or { binary = \"00FF\" }"
)]
enum ValueFields {
    Boolean(bool),
    Long(i32),
    String(String),
    Binary { binary: String },
}

#[cfg(feature = "serde")]
pub(super) fn properties<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Property>, D::Error> {
    let fields = <Vec<PropertyFields> as serde::Deserialize>::deserialize(deserializer)?;
    let property = |it: PropertyFields| {
        let value = match it.value {
            ValueFields::Boolean(value) => PropertyValue::Boolean(value),
            ValueFields::Long(value) => PropertyValue::Long(value),
            ValueFields::String(value) => PropertyValue::String(value),
            ValueFields::Binary { binary } => {
                let bytes: crate::EntryId = binary.parse().map_err(serde::de::Error::custom)?;
                PropertyValue::Binary(bytes.as_bytes().into())
            }
        };
        Ok(Property::new(PropTag::new(it.tag), value))
    };
    fields.into_iter().map(property).collect()
}
