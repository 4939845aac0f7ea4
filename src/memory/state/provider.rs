//! A service provider as the profiles keep it, with what it holds.

use super::outgoing::Mail;
use crate::flags::{ResourceFlags, StoreLogoffFlags, StoreSupportMask};
use crate::memory::{
    describe::{AddressBook, Folder, Service, Store, Transport},
    provider::Hook,
};
use crate::table::Identity;
use crate::types::{ObjectType, ResourceType};
use crate::{EntryId, MapiUid};

/// A provider. All versions of a profile share it, and its copies.
pub(super) struct Provider {
    pub(super) uid: MapiUid,
    pub(super) kind: ProviderKind,
    pub(super) name: String,
    pub(super) service: MapiUid,
    pub(super) reports_status: bool,
    pub(super) fast_shutdown: Option<bool>,
    pub(super) cached: bool,
    pub(super) support: StoreSupportMask,
    pub(super) address_types: Vec<String>,
    pub(super) objects: Vec<StoredObject>,
    /// The mail user by whom it represents a session.
    pub(super) identity: Option<Identity>,
    /// The profile lacks what it needs to log on.
    pub(super) unconfigured: bool,
    pub(super) hook: Option<Hook>,
    pub(super) mail: Mail,
    /// Of a store: who has it open.
    pub(super) openings: Openings,
    /// How many versions of profiles have it; and one more for each logon that is under way.
    pub(super) users: usize,
}

/// Start and log-off order (L9, E9): address books, stores, transports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ProviderKind {
    AddressBook,
    Store,
    Transport,
}

/// An object that a provider holds. Its number is its position in the provider's list, from 1;
/// what a folder holds follows it.
#[derive(Clone)]
pub(super) struct StoredObject {
    pub(super) object_type: ObjectType,
    pub(super) name: String,
    /// The number of the folder that it is in, or zero for the provider's own object.
    pub(super) parent: u32,
    /// The number of the first object that is not inside.
    end: u32,
}

/// The providers of a service, each with the flags that the profile has for it.
pub(super) fn of_service(
    description: Service,
    service: MapiUid,
    mut next_uid: impl FnMut() -> MapiUid,
) -> Vec<(Provider, ResourceFlags)> {
    let mut providers = Vec::new();
    for store in description.stores {
        providers.push(Provider::store(store, service, next_uid()));
    }
    for book in description.address_books {
        providers.push(Provider::address_book(book, service, next_uid()));
    }
    for transport in description.transports {
        providers.push(Provider::transport(transport, service, next_uid()));
    }
    providers
}

impl Provider {
    fn store(store: Store, service: MapiUid, uid: MapiUid) -> (Self, ResourceFlags) {
        let mut flags = identity_flags(store.identity.as_ref(), store.primary_identity);
        flags.set(ResourceFlags::DEFAULT_STORE, store.default);
        flags.set(ResourceFlags::TEMP_SECTION, store.hidden);
        let support = store.support_mask();
        let mut objects = Vec::new();
        add_folders(&mut objects, store.folders, 0);
        let provider = Self {
            identity: identity(uid, &mut objects, store.identity),
            reports_status: !store.no_status_row,
            fast_shutdown: store.fast_shutdown,
            cached: store.cached,
            support,
            objects,
            unconfigured: store.unconfigured,
            hook: store.hook,
            ..Self::new(ProviderKind::Store, store.name, service, uid)
        };
        (provider, flags)
    }

    fn address_book(book: AddressBook, service: MapiUid, uid: MapiUid) -> (Self, ResourceFlags) {
        let flags = identity_flags(book.identity.as_ref(), book.primary_identity);
        let mut objects = Vec::new();
        for name in book.mail_users {
            add(&mut objects, ObjectType::MAIL_USER, name, 0);
        }
        let provider = Self {
            identity: identity(uid, &mut objects, book.identity),
            reports_status: !book.no_status_row,
            fast_shutdown: book.fast_shutdown,
            support: StoreSupportMask::NOTIFY_OK,
            objects,
            unconfigured: book.unconfigured,
            hook: book.hook,
            ..Self::new(ProviderKind::AddressBook, book.name, service, uid)
        };
        (provider, flags)
    }

    fn transport(transport: Transport, service: MapiUid, uid: MapiUid) -> (Self, ResourceFlags) {
        let flags = identity_flags(transport.identity.as_ref(), transport.primary_identity);
        let mut objects = Vec::new();
        let provider = Self {
            identity: identity(uid, &mut objects, transport.identity),
            fast_shutdown: transport.fast_shutdown,
            address_types: transport.address_types,
            objects,
            unconfigured: transport.unconfigured,
            hook: transport.hook,
            ..Self::new(ProviderKind::Transport, transport.name, service, uid)
        };
        (provider, flags)
    }

    fn new(kind: ProviderKind, name: String, service: MapiUid, uid: MapiUid) -> Self {
        Self {
            uid,
            kind,
            name,
            service,
            reports_status: true,
            fast_shutdown: None,
            cached: false,
            support: StoreSupportMask::empty(),
            address_types: Vec::new(),
            objects: Vec::new(),
            identity: None,
            unconfigured: false,
            hook: None,
            mail: Mail::default(),
            openings: Openings::default(),
            users: 0,
        }
    }

    /// Another one like it, with nothing on its way and nobody who has it open.
    pub(super) fn copied(&self, service: MapiUid, serial: u64) -> Self {
        let uid = own_uid(serial);
        let mut objects = self.objects.clone();
        let user = self.identity.as_ref();
        let user = user.map(|it| it.display_name().to_owned());
        Self {
            identity: identity(uid, &mut objects, user),
            reports_status: self.reports_status,
            fast_shutdown: self.fast_shutdown,
            cached: self.cached,
            support: self.support,
            address_types: self.address_types.clone(),
            objects,
            unconfigured: self.unconfigured,
            hook: self.hook.clone(),
            ..Self::new(self.kind, self.name.clone(), service, uid)
        }
    }

    /// The number in its identifier.
    pub(super) fn serial(&self) -> u32 {
        let [.., a, b, c, d] = *self.uid.as_bytes();
        u32::from_be_bytes([a, b, c, d])
    }

    /// Whether it does nothing when it is called, so that it is logged on from the start.
    pub(super) fn is_quiet(&self) -> bool {
        self.hook.is_none() && !self.unconfigured
    }

    pub(super) fn is_store(&self) -> bool {
        self.kind == ProviderKind::Store
    }

    pub(super) fn is_transport(&self) -> bool {
        self.kind == ProviderKind::Transport
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.support.contains(StoreSupportMask::READONLY)
    }

    /// The object of this number; `None` for zero, which is the provider's own.
    pub(super) fn object(&self, number: u32) -> Option<&StoredObject> {
        self.objects.get(number.checked_sub(1)? as usize)
    }

    /// The number of the object with this path of names; zero for none.
    pub(super) fn find(&self, path: &[&str]) -> Option<u32> {
        path.iter()
            .try_fold(0, |folder, name| self.child(folder, name))
    }

    fn child(&self, folder: u32, name: &str) -> Option<u32> {
        let end = match self.object(folder) {
            Some(folder) => folder.end,
            None => self.objects.len() as u32 + 1,
        };
        let mut number = folder + 1;
        while number < end {
            let object = self.object(number)?;
            if object.name == name {
                return Some(number);
            }
            number = object.end;
        }
        None
    }

    pub(super) fn entry_id(&self, number: u32) -> EntryId {
        entry_id(self.uid, number)
    }
}

impl ProviderKind {
    /// In a fast shutdown (rule F3).
    pub(super) fn shutdown_order(self) -> usize {
        match self {
            Self::Transport => 0,
            Self::AddressBook => 1,
            Self::Store => 2,
        }
    }

    pub(super) fn resource_type(self) -> ResourceType {
        match self {
            Self::AddressBook => ResourceType::ADDRESS_BOOK_PROVIDER,
            Self::Store => ResourceType::STORE_PROVIDER,
            Self::Transport => ResourceType::TRANSPORT_PROVIDER,
        }
    }
}

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

fn identity_flags(identity: Option<&String>, primary: bool) -> ResourceFlags {
    match identity {
        None => ResourceFlags::NO_PRIMARY_IDENTITY,
        Some(_) if primary => ResourceFlags::PRIMARY_IDENTITY,
        Some(_) => ResourceFlags::empty(),
    }
}

/// The mail user of this name, who is added where there is none.
fn identity(
    provider: MapiUid,
    objects: &mut Vec<StoredObject>,
    name: Option<String>,
) -> Option<Identity> {
    let display_name = name?;
    let is_it = |object: &StoredObject| {
        object.object_type == ObjectType::MAIL_USER && object.name == display_name
    };
    let number = match objects.iter().position(is_it) {
        Some(index) => index as u32 + 1,
        None => add(objects, ObjectType::MAIL_USER, display_name.clone(), 0),
    };
    let entry_id = entry_id(provider, number);
    let search_key: Box<[u8]> = entry_id.as_bytes().into();
    Some(Identity::new(entry_id, display_name).with_search_key(search_key))
}

fn add_folders(objects: &mut Vec<StoredObject>, folders: Vec<Folder>, parent: u32) {
    for folder in folders {
        let number = add(objects, ObjectType::FOLDER, folder.name, parent);
        for subject in folder.messages {
            add(objects, ObjectType::MESSAGE, subject, number);
        }
        add_folders(objects, folder.folders, number);
        objects[number as usize - 1].end = objects.len() as u32 + 1;
    }
}

/// Adds an object that holds nothing, and gives its number.
fn add(objects: &mut Vec<StoredObject>, object_type: ObjectType, name: String, parent: u32) -> u32 {
    let number = objects.len() as u32 + 1;
    objects.push(StoredObject {
        object_type,
        name,
        parent,
        end: number + 1,
    });
    number
}

/// In the entry identifiers of what MAPI itself provides.
pub(super) const MAPI_UID: MapiUid = MapiUid::new([0xFF; 16]);

/// The identifier of a service or a provider: no two alike in one subsystem, in the order of the
/// numbers.
pub(super) fn own_uid(serial: u64) -> MapiUid {
    let mut uid = *b"mapi-ses\0\0\0\0\0\0\0\0";
    uid[8..].copy_from_slice(&serial.to_be_bytes());
    MapiUid::new(uid)
}

/// How long the entry identifier of a provider's own object is: its store, its container.
pub(super) const PROVIDERS_OWN: usize = 20;

/// The entry identifier of an object: four flag bytes, the provider, and the number of the object;
/// none for the provider's own.
pub(super) fn entry_id(uid: MapiUid, number: u32) -> EntryId {
    let mut bytes = [0; PROVIDERS_OWN + 4];
    bytes[4..PROVIDERS_OWN].copy_from_slice(uid.as_bytes());
    bytes[PROVIDERS_OWN..].copy_from_slice(&number.to_le_bytes());
    match number {
        0 => EntryId::new(&bytes[..PROVIDERS_OWN]),
        _ => EntryId::new(bytes),
    }
}

/// The number in an entry identifier; zero in that of a provider's own object.
pub(super) fn object_number(entry_id: &[u8]) -> Option<u32> {
    match entry_id.get(PROVIDERS_OWN..)? {
        [] => Some(0),
        number => Some(u32::from_le_bytes(number.try_into().ok()?)),
    }
}
