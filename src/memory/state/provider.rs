//! A service provider as the profiles keep it, with what it holds.

use std::collections::BTreeSet;
use std::mem::take;

use super::ObjectKey;
use super::one_off;
use super::outgoing::Mail;
use super::stored_objects::{StoredObject, StoredObjects};
use crate::flags::{ResourceFlags, StoreLogoffFlags, StoreSupportMask};
use crate::memory::{
    content::Content,
    describe::{AddressBook, Folder, Service, Store, Transport},
    provider::Hook,
};
use crate::property::{PropName, PropNameKind, PropTag};
use crate::table::Identity;
use crate::types::{ObjectType, ResourceType};
use crate::{EntryId, EventMask, MapiUid};

/// A provider. All versions of a profile share it, and its copies.
#[derive(Clone)]
pub(super) struct Provider {
    pub(super) uid: MapiUid,
    pub(super) kind: ProviderKind,
    pub(super) name: String,
    pub(super) service: MapiUid,
    pub(super) reports_status: bool,
    pub(super) fast_shutdown: Option<bool>,
    pub(super) cached: bool,
    /// MAPI_MODIFY opens for reading what can only be read.
    pub(super) downgrades: bool,
    pub(super) without_cache_flags: bool,
    pub(super) offline: bool,
    pub(super) support: StoreSupportMask,
    /// What clients can register for; nothing where it sends no notifications.
    pub(super) events: EventMask,
    pub(super) address_types: Vec<String>,
    pub(super) objects: StoredObjects,
    /// Classes of messages, and the folder in which they arrive.
    pub(super) receives: Vec<(String, u32)>,
    /// The names of its properties from 0x8000 up, in the order of their numbers.
    pub(super) names: Vec<PropName>,
    /// The tables of its folders that are open.
    pub(super) views: Vec<ObjectKey>,
    /// The mail user by whom it represents a session.
    pub(super) identity: Option<Identity>,
    pub(super) resource_path: String,
    /// What it registers besides its first identifier (M18).
    pub(super) further_uids: Vec<MapiUid>,
    /// The profile lacks what it needs to log on.
    pub(super) unconfigured: bool,
    pub(super) hook: Option<Hook>,
    /// What its status object has besides what all of its kind have.
    pub(super) settings_dialog: bool,
    pub(super) password: Option<String>,
    /// PR_MDB_PROVIDER
    pub(super) provider_type: MapiUid,
    /// PR_PROVIDER_DISPLAY and PR_PROVIDER_DLL_NAME, where they were said.
    pub(super) provider_display: Option<String>,
    pub(super) provider_dll_name: Option<String>,
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

/// The identifiers of named properties are from 0x8000 to 0xFFFE.
const FIRST_NAMED: u16 = 0x8000;
const MOST_NAMES: usize = 0x7FFF;

/// The number of a store's root folder, which is in itself (M14).
pub(super) const ROOT_FOLDER: u32 = 1;

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
    pub(super) fn store(store: Store, service: MapiUid, uid: MapiUid) -> (Self, ResourceFlags) {
        let mut flags = identity_flags(store.identity.as_ref(), store.primary_identity);
        for (_, flag, is_it) in store.singular_kinds() {
            flags.set(flag, is_it);
        }
        flags.set(ResourceFlags::NO_DEFAULT_STORE, store.never_default);
        flags.set(ResourceFlags::TEMP_SECTION, store.hidden);
        let (support, events) = (store.support_mask(), store.events());
        let mut objects = StoredObjects::default();
        let receives = add_root_folder(&mut objects, store.folders);
        let provider = Self {
            identity: identity(uid, &mut objects, store.identity, store.identity_address),
            resource_path: store.resource_path,
            further_uids: store.further_uids,
            reports_status: !store.no_status_row,
            fast_shutdown: store.fast_shutdown,
            names: store.names,
            cached: store.cached,
            downgrades: store.downgrades,
            without_cache_flags: store.without_cache_flags,
            offline: store.offline,
            provider_type: store.provider_type.unwrap_or(STORE_TYPE),
            support,
            events,
            objects,
            receives,
            unconfigured: store.unconfigured,
            hook: store.hook,
            settings_dialog: store.settings_dialog,
            password: store.password,
            provider_display: store.provider_display,
            provider_dll_name: store.provider_dll_name,
            ..Self::new(ProviderKind::Store, store.name, service, uid)
        };
        (provider, flags)
    }

    fn address_book(book: AddressBook, service: MapiUid, uid: MapiUid) -> (Self, ResourceFlags) {
        let flags = identity_flags(book.identity.as_ref(), book.primary_identity);
        let events = book.events();
        let mut objects = StoredObjects::default();
        for name in book.mail_users {
            let name = Content::named(PropTag::DISPLAY_NAME, name);
            objects.add(ObjectType::MAIL_USER, name, 0);
        }
        let provider = Self {
            identity: identity(uid, &mut objects, book.identity, book.identity_address),
            resource_path: book.resource_path,
            further_uids: book.further_uids,
            reports_status: !book.no_status_row,
            offline: book.offline,
            fast_shutdown: book.fast_shutdown,
            events,
            objects,
            unconfigured: book.unconfigured,
            hook: book.hook,
            settings_dialog: book.settings_dialog,
            password: book.password,
            provider_display: book.provider_display,
            provider_dll_name: book.provider_dll_name,
            ..Self::new(ProviderKind::AddressBook, book.name, service, uid)
        };
        (provider, flags)
    }

    fn transport(transport: Transport, service: MapiUid, uid: MapiUid) -> (Self, ResourceFlags) {
        let mut flags = identity_flags(transport.identity.as_ref(), transport.primary_identity);
        flags.set(ResourceFlags::DEFAULT_OUTBOUND, transport.default_outbound);
        flags.set(ResourceFlags::XP_PREFER_LAST, transport.prefers_last);
        let mut objects = StoredObjects::default();
        let provider = Self {
            identity: identity(
                uid,
                &mut objects,
                transport.identity,
                transport.identity_address,
            ),
            resource_path: transport.resource_path,
            fast_shutdown: transport.fast_shutdown,
            offline: transport.offline,
            address_types: transport.address_types,
            objects,
            unconfigured: transport.unconfigured,
            hook: transport.hook,
            settings_dialog: transport.settings_dialog,
            password: transport.password,
            provider_display: transport.provider_display,
            provider_dll_name: transport.provider_dll_name,
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
            downgrades: false,
            without_cache_flags: false,
            offline: false,
            support: StoreSupportMask::empty(),
            events: EventMask::empty(),
            address_types: Vec::new(),
            objects: StoredObjects::default(),
            receives: Vec::new(),
            names: Vec::new(),
            views: Vec::new(),
            identity: None,
            resource_path: String::new(),
            further_uids: Vec::new(),
            unconfigured: false,
            hook: None,
            settings_dialog: false,
            password: None,
            provider_type: STORE_TYPE,
            provider_display: None,
            provider_dll_name: None,
            mail: Mail::default(),
            openings: Openings::default(),
            users: 0,
        }
    }

    /// Another one like it, with nothing on its way and nobody who has it open.
    pub(super) fn copied(&self, service: MapiUid, serial: u64) -> Self {
        let uid = own_uid(serial);
        let mut copy = Self {
            uid,
            service,
            views: Vec::new(),
            mail: Mail::default(),
            openings: Openings::default(),
            users: 0,
            ..self.clone()
        };
        if let Some(user) = self.identity.as_ref().filter(|it| it.entry_id().is_some()) {
            let name = user.display_name().to_owned();
            copy.identity = identity(uid, &mut copy.objects, Some(name), None);
        }
        copy
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

    /// PR_STORE_SUPPORT_MASK of a store that is open for writing, or for reading.
    pub(super) fn support_as(&self, is_writable: bool) -> StoreSupportMask {
        const WRITING: StoreSupportMask =
            StoreSupportMask::MODIFY_OK.union(StoreSupportMask::CREATE_OK);
        match is_writable {
            true => self.support,
            false => self.support - WRITING,
        }
    }

    /// Whether the user can only read this object of it: a message as its folder.
    pub(super) fn can_only_read(&self, number: u32) -> bool {
        let object = self.object(number);
        let folder = match object {
            Some(message) if message.object_type == ObjectType::MESSAGE => {
                self.object(message.parent)
            }
            other => other,
        };
        self.is_read_only() || folder.is_some_and(|it| it.is_read_only)
    }

    /// The object of this number; `None` for zero, which is the provider's own.
    pub(super) fn object(&self, number: u32) -> Option<&StoredObject> {
        self.objects.get(number)
    }

    /// What the object inside of it is that has this identifier; one that has been sent is gone.
    pub(super) fn find_object(&self, entry_id: &[u8]) -> Option<ObjectType> {
        let number = object_number(entry_id)?;
        if self.kind == ProviderKind::AddressBook && entry_id.len() == PROVIDERS_OWN {
            return Some(ObjectType::ADDRESS_BOOK_CONTAINER);
        }
        let object = self.object(number)?;
        (!object.is_gone).then_some(object.object_type)
    }

    /// The number of the object with this path of names; zero for none.
    pub(super) fn find(&self, path: &[&str]) -> Option<u32> {
        path.iter()
            .try_fold(0, |folder, name| self.child(folder, name))
    }

    /// A store's own are what its root folder holds, and what stands beside that.
    fn child(&self, folder: u32, name: &str) -> Option<u32> {
        let root = match folder {
            0 => ROOT_FOLDER,
            other => other,
        };
        let held = self.object(root).filter(|it| it.children.is_some());
        let found = held.and_then(|folder| {
            let all = folder.folders().iter().chain(folder.messages());
            self.named(all.copied(), name)
        });
        let all = match folder {
            0 => 1..self.objects.last() + 1,
            _ => 0..0,
        };
        let is_loose = |number: &u32| self.object(*number).is_some_and(|it| it.parent == 0);
        found.or_else(|| self.named(all.filter(is_loose), name))
    }

    /// The first of these that has this name.
    pub(super) fn named(&self, mut of: impl Iterator<Item = u32>, name: &str) -> Option<u32> {
        of.find(|number| self.object(*number).is_some_and(|it| it.name() == name))
    }

    /// The folder of this number.
    pub(super) fn folder(&self, number: u32) -> Option<&StoredObject> {
        let folder = self.object(number)?;
        (folder.object_type == ObjectType::FOLDER && !folder.is_gone).then_some(folder)
    }

    /// Takes these messages out of their folder, and frees what is not kept.
    pub(super) fn remove(&mut self, folder: u32, numbers: &BTreeSet<u32>, keeps: bool) {
        if let Some(children) = self
            .objects
            .get_mut(folder)
            .and_then(|it| it.children.as_mut())
        {
            children.messages.retain(|it| !numbers.contains(it));
        }
        for number in numbers {
            match self.objects.get_mut(*number).filter(|_| keeps) {
                Some(object) => object.is_gone = true,
                None => self.objects.remove(*number),
            }
        }
    }

    /// Whether this is a message that has been deleted.
    pub(super) fn is_deleted(&self, number: u32) -> bool {
        self.objects.is_removed(number)
    }

    /// The identifier of the property with this name.
    pub(super) fn id_of_name(&mut self, name: &PropName, creates: bool) -> Option<u16> {
        let index = self.names.iter().position(|it| it == name);
        let index = index.or_else(|| {
            let may_create = creates && self.names.len() < MOST_NAMES;
            may_create.then(|| {
                self.names.push(name.clone());
                self.names.len() - 1
            })
        })?;
        Some(FIRST_NAMED + index as u16)
    }

    /// The name of a property, unless `flags` leaves its kind out.
    pub(super) fn name_of_id(&self, id: u16, flags: u32) -> Option<PropName> {
        const MAPI_NO_STRINGS: u32 = 1;
        const MAPI_NO_IDS: u32 = 2;
        let name = self.names.get(id.checked_sub(FIRST_NAMED)? as usize)?;
        let is_left_out = match name.kind {
            PropNameKind::Text(_) => flags & MAPI_NO_STRINGS != 0,
            PropNameKind::Id(_) => flags & MAPI_NO_IDS != 0,
        };
        (!is_left_out).then(|| name.clone())
    }

    pub(super) fn object_mut(&mut self, number: u32) -> Option<&mut StoredObject> {
        self.objects.get_mut(number)
    }

    pub(super) fn entry_id(&self, number: u32) -> EntryId {
        entry_id(self.uid, number)
    }

    /// PR_PROVIDER_DISPLAY: what its vendor calls it.
    pub(super) fn display(&self) -> &str {
        let of_kind = match self.kind {
            ProviderKind::AddressBook => "Address book in memory",
            ProviderKind::Store => "Message store in memory",
            ProviderKind::Transport => "Transport in memory",
        };
        self.provider_display.as_deref().unwrap_or(of_kind)
    }

    pub(super) fn dll_name(&self) -> &str {
        self.provider_dll_name.as_deref().unwrap_or(DLL_NAME)
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

/// The open objects of a store, of all sessions.
#[derive(Clone, Default)]
pub(super) struct Openings {
    /// The store itself, as far as it is not logged off.
    stores: usize,
    /// With all that was opened of it.
    objects: usize,
    /// Whether the store itself was opened, since there was no object.
    was_opened: bool,
    /// How the store was logged off, since it was last opened.
    logoff: Option<StoreLogoffFlags>,
}

impl Openings {
    pub(super) fn add(&mut self, is_store: bool) {
        self.objects += 1;
        if is_store {
            self.stores += 1;
            self.was_opened = true;
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
        if self.objects > 0 || !take(&mut self.was_opened) {
            return None;
        }
        Some(self.logoff.take().unwrap_or(StoreLogoffFlags::ABORT))
    }
}

fn identity_flags(identity: Option<&String>, primary: bool) -> ResourceFlags {
    match identity {
        Some(_) if primary => ResourceFlags::PRIMARY_IDENTITY,
        _ => ResourceFlags::NO_PRIMARY_IDENTITY,
    }
}

/// The mail user of this name, who is added where there is none; one with an address is not.
fn identity(
    provider: MapiUid,
    objects: &mut StoredObjects,
    name: Option<String>,
    address: Option<[String; 2]>,
) -> Option<Identity> {
    let display_name = name?;
    if let Some([address_type, address]) = address {
        let search_key = one_off::search_key(&address_type, &address);
        return Some(Identity::without_entry_id(display_name).with_search_key(search_key));
    }
    let is_it = |object: &StoredObject| {
        object.object_type == ObjectType::MAIL_USER && object.name() == display_name
    };
    let known = objects.iter().find(|(_, object)| is_it(object));
    let number = match known.map(|(number, _)| number) {
        Some(number) => number,
        None => {
            let name = Content::named(PropTag::DISPLAY_NAME, &*display_name);
            objects.add(ObjectType::MAIL_USER, name, 0)
        }
    };
    let entry_id = entry_id(provider, number);
    let search_key: Box<[u8]> = entry_id.as_bytes().into();
    Some(Identity::new(entry_id, display_name).with_search_key(search_key))
}

fn add_root_folder(objects: &mut StoredObjects, folders: Vec<Folder>) -> Vec<(String, u32)> {
    let mut receives = Vec::new();
    let name = Content::named(PropTag::DISPLAY_NAME, "");
    let root = objects.add(ObjectType::FOLDER, name, ROOT_FOLDER);
    add_folders(objects, folders, root, &mut receives);
    receives
}

fn add_folders(
    objects: &mut StoredObjects,
    folders: Vec<Folder>,
    parent: u32,
    receives: &mut Vec<(String, u32)>,
) {
    for folder in folders {
        let name = Content::named(PropTag::DISPLAY_NAME, folder.name);
        let number = objects.add(ObjectType::FOLDER, name, parent);
        if let Some(object) = objects.get_mut(number) {
            object.is_read_only = folder.read_only;
        }
        receives.extend(folder.receives.into_iter().map(|class| (class, number)));
        for message in folder.messages {
            objects.add(ObjectType::MESSAGE, message.content, number);
        }
        add_folders(objects, folder.folders, number, receives);
    }
}

/// The type of the stores that are described without one (M1).
const STORE_TYPE: MapiUid = MapiUid::new(*b"mapi-session mdb");

/// PR_PROVIDER_DLL_NAME of MAPI's own objects, and of the providers that are described without one.
pub(super) const DLL_NAME: &str = "mapi-session";

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

/// Whether an entry identifier is as long as that of a provider's own object.
pub(super) fn is_providers_own(entry_id: &[u8]) -> bool {
    entry_id.len() == PROVIDERS_OWN
}

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
