//! Service providers: what a profile keeps of them, how they are called, and how they log on and
//! off.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::describe::{AddressBook, Folder, Service, Store, Transport};
use super::openings::Openings;
use super::outgoing::Mail;
use super::users::{Question, User};
use crate::foreign::{Guarded, contain};
use crate::subsystem::Warning;
use crate::sync::Mutex;
use crate::{
    EntryId, HResult, Identity, MapiUid, ObjectType, ResourceFlags, ResourceType, StoreLogoffFlags,
    StoreSupportMask, UiParam,
};

/// A call of a provider.
///
/// A session logs its providers on when it begins, the address books first, then the stores;
/// transports when they are first needed. When its last client has gone, each provider that is
/// logged on is logged off and then shut down: the address books first, then the stores, then the
/// transports; the order among these kinds is our reading. One that fails does not stop the others:
/// the logoff succeeds with MAPI_W_ERRORS_RETURNED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProviderCall {
    /// A session logs it on: IABProvider::Logon, IMSProvider::Logon, IXPProvider::TransportLogon.
    ///
    /// On MAPI_E_FAILONEPROVIDER it is logged on later, when it is opened. On another failure the
    /// user may correct it once, where that is allowed; then its whole message service is disabled
    /// for the life of the session.
    #[doc(alias = "TransportLogon")]
    Logon,
    /// A client opens the store, or the address book. A failure of a store's provider is that of
    /// the call; its warning too.
    Open,
    /// The last open object of a store is released; with the flags that StoreLogoff was last called
    /// with while nobody else had the store open, or else LOGOFF_ABORT:
    /// IMAPISupport::StoreLogoffTransports.
    #[doc(alias = "StoreLogoffTransports")]
    StoreLogoff(StoreLogoffFlags),
    /// The session ends: IABLogon::Logoff, IMSLogon::Logoff or IXPLogon::TransportLogoff.
    #[doc(alias = "TransportLogoff")]
    Logoff,
    /// The provider's logon object is released: IABProvider::Shutdown and its like.
    Shutdown,
    /// IMAPIProviderShutdown::QueryFastShutdown; only of a provider that opts in.
    QueryFastShutdown,
    /// IMAPIProviderShutdown::NotifyProcessShutdown; only of a provider that opts in or out.
    NotifyProcessShutdown,
    /// IMAPIProviderShutdown::DoFastShutdown; only of a provider that opts in or out.
    DoFastShutdown,
}

/// What a provider does when it is called.
#[derive(Clone)]
pub(super) struct Hook(Arc<dyn Fn(ProviderCall) -> HResult + Send + Sync>);

impl Hook {
    pub(super) fn new(hook: impl Fn(ProviderCall) -> HResult + Send + Sync + 'static) -> Self {
        let hook = Guarded::new(hook);
        Self(Arc::new(move |call| match hook.get() {
            Some(hook) => hook(call),
            None => HResult::E_UNEXPECTED,
        }))
    }

    fn call(&self, call: ProviderCall) -> HResult {
        contain("a provider's hook", || (self.0)(call)).unwrap_or(HResult::E_UNEXPECTED)
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hook")
    }
}

/// Start and log-off order (L9, E9): address books, stores, transports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ProviderKind {
    AddressBook,
    Store,
    Transport,
}

impl ProviderKind {
    /// F3.
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

/// A provider as the profiles keep it; copies of a profile share it.
pub(super) struct StoredProvider {
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
    pub(super) mail: Mutex<Mail>,
    /// Of a store, as far as they are counted. Locked before its mail, where both are.
    pub(super) openings: Mutex<Openings>,
    unconfigured: AtomicBool,
    hook: Option<Hook>,
}

/// An object that a provider holds. Its number is its place in the provider's list, from 1.
#[derive(Clone, Debug)]
pub(super) struct StoredObject {
    pub(super) object_type: ObjectType,
    pub(super) name: String,
    /// The number of the folder that it is in, or zero for the provider's own object.
    pub(super) parent: u32,
}

impl StoredProvider {
    /// The providers of a service, each with the flags that the profile has for it.
    pub(super) fn of_service(
        description: Service,
        service: MapiUid,
        mut next_uid: impl FnMut() -> MapiUid,
    ) -> Vec<(Arc<Self>, ResourceFlags)> {
        let mut providers = Vec::new();
        for store in description.stores {
            providers.push(Self::store(store, service, next_uid()));
        }
        for book in description.address_books {
            providers.push(Self::address_book(book, service, next_uid()));
        }
        for transport in description.transports {
            providers.push(Self::transport(transport, service, next_uid()));
        }
        providers
    }

    fn store(store: Store, service: MapiUid, uid: MapiUid) -> (Arc<Self>, ResourceFlags) {
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
            unconfigured: AtomicBool::new(store.unconfigured),
            hook: store.hook,
            ..Self::new(ProviderKind::Store, store.name, service, uid)
        };
        (Arc::new(provider), flags)
    }

    fn address_book(
        book: AddressBook,
        service: MapiUid,
        uid: MapiUid,
    ) -> (Arc<Self>, ResourceFlags) {
        let flags = identity_flags(book.identity.as_ref(), book.primary_identity);
        let mut objects = book.mail_users.into_iter().map(mail_user).collect();
        let provider = Self {
            identity: identity(uid, &mut objects, book.identity),
            reports_status: !book.no_status_row,
            fast_shutdown: book.fast_shutdown,
            support: StoreSupportMask::NOTIFY_OK,
            objects,
            unconfigured: AtomicBool::new(book.unconfigured),
            hook: book.hook,
            ..Self::new(ProviderKind::AddressBook, book.name, service, uid)
        };
        (Arc::new(provider), flags)
    }

    fn transport(
        transport: Transport,
        service: MapiUid,
        uid: MapiUid,
    ) -> (Arc<Self>, ResourceFlags) {
        let flags = identity_flags(transport.identity.as_ref(), transport.primary_identity);
        let mut objects = Vec::new();
        let provider = Self {
            identity: identity(uid, &mut objects, transport.identity),
            fast_shutdown: transport.fast_shutdown,
            address_types: transport.address_types,
            objects,
            unconfigured: AtomicBool::new(transport.unconfigured),
            hook: transport.hook,
            ..Self::new(ProviderKind::Transport, transport.name, service, uid)
        };
        (Arc::new(provider), flags)
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
            mail: Mutex::default(),
            openings: Mutex::default(),
            unconfigured: AtomicBool::new(false),
            hook: None,
        }
    }

    /// The number in its identifier.
    pub(super) fn serial(&self) -> u32 {
        let [.., a, b, c, d] = self.uid.0;
        u32::from_be_bytes([a, b, c, d])
    }

    /// Whether it does anything when it is called: one that does not needs no calls.
    pub(super) fn is_quiet(&self) -> bool {
        self.hook.is_none() && !self.is_unconfigured()
    }

    pub(super) fn is_unconfigured(&self) -> bool {
        self.unconfigured.load(Ordering::Relaxed)
    }

    /// Calls the provider. No lock may be held: it is not our code.
    pub(super) fn call(&self, call: ProviderCall) -> HResult {
        self.hook
            .as_ref()
            .map_or(HResult::S_OK, |hook| hook.call(call))
    }

    pub(super) fn is_transport(&self) -> bool {
        self.kind == ProviderKind::Transport
    }

    #[inline]
    pub(super) fn has_hook(&self) -> bool {
        self.hook.is_some()
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
        path.iter().try_fold(0, |parent, name| {
            let mut objects = self.objects.iter().zip(1..);
            let (_, number) =
                objects.find(|(object, _)| object.parent == parent && object.name == *name)?;
            Some(number)
        })
    }

    pub(super) fn entry_id(&self, number: u32) -> EntryId {
        entry_id(self.uid, number)
    }

    /// Logs it on for a session, and where it lacks something asks the user, at most once.
    pub(super) fn log_on(&self, dialogs: Option<(&User, UiParam)>) -> Result<(), LogonFailure> {
        let first = self.try_log_on(dialogs.is_some());
        if first.is_success() {
            return Ok(());
        }
        if first == HResult::MAPI_E_FAILONEPROVIDER {
            return Err(LogonFailure::OfThisProvider(first));
        }
        let Some((user, parent)) = dialogs else {
            return Err(LogonFailure::OfTheService(first));
        };
        let question = Question::ConfigureProvider {
            provider: self.name.clone(),
            error: first,
        };
        if let Err(cancelled) = user.ask(question, parent) {
            return Err(LogonFailure::OfTheService(cancelled.hresult()));
        }
        self.unconfigured.store(false, Ordering::Relaxed);
        let second = self.try_log_on(true);
        match second {
            _ if second.is_success() => Ok(()),
            HResult::MAPI_E_FAILONEPROVIDER => Err(LogonFailure::OfThisProvider(second)),
            _ => Err(LogonFailure::OfTheService(second)),
        }
    }

    fn try_log_on(&self, with_dialogs: bool) -> HResult {
        let answer = self.call(ProviderCall::Logon);
        if answer.is_failure() || !self.is_unconfigured() {
            return answer;
        }
        if with_dialogs {
            HResult::MAPI_E_UNCONFIGURED
        } else {
            HResult::MAPI_E_FAILONEPROVIDER
        }
    }

    /// Logs it off and shuts it down (E9); what went wrong, if anything did (E10).
    pub(super) fn log_off(&self) -> Vec<String> {
        let calls = [ProviderCall::Logoff, ProviderCall::Shutdown];
        let failed = calls.into_iter().filter_map(|call| {
            let hresult = self.call(call);
            hresult.is_failure().then(|| {
                trace!(WARN, provider = self.name, ?call, %hresult, "a provider failed while a session ended");
                format!("{call:?} of {:?} failed with {hresult}", self.name)
            })
        });
        failed.collect()
    }
}

/// Why a provider is not logged on (L10).
pub(super) enum LogonFailure {
    /// It alone, until it is opened.
    OfThisProvider(HResult),
    /// It takes its whole service with it.
    OfTheService(HResult),
}

impl LogonFailure {
    pub(super) fn hresult(&self) -> HResult {
        let (Self::OfThisProvider(hresult) | Self::OfTheService(hresult)) = self;
        *hresult
    }
}

fn identity_flags(identity: Option<&String>, primary: bool) -> ResourceFlags {
    match identity {
        None => ResourceFlags::NO_PRIMARY_IDENTITY,
        Some(_) if primary => ResourceFlags::PRIMARY_IDENTITY,
        Some(_) => ResourceFlags::empty(),
    }
}

fn mail_user(name: String) -> StoredObject {
    StoredObject {
        object_type: ObjectType::MAIL_USER,
        name,
        parent: 0,
    }
}

/// The mail user of this name, who is added where there is none.
fn identity(
    provider: MapiUid,
    objects: &mut Vec<StoredObject>,
    name: Option<String>,
) -> Option<Identity> {
    let name = name?;
    let known = objects
        .iter()
        .position(|object| object.object_type == ObjectType::MAIL_USER && object.name == name);
    let index = known.unwrap_or_else(|| {
        objects.push(mail_user(name.clone()));
        objects.len() - 1
    });
    let entry_id = entry_id(provider, index as u32 + 1);
    Some(Identity {
        display_name: name,
        search_key: entry_id.as_bytes().into(),
        entry_id,
    })
}

fn add_folders(objects: &mut Vec<StoredObject>, folders: Vec<Folder>, parent: u32) {
    for folder in folders {
        objects.push(StoredObject {
            object_type: ObjectType::FOLDER,
            name: folder.name,
            parent,
        });
        let number = objects.len() as u32;
        objects.extend(folder.messages.into_iter().map(|subject| StoredObject {
            object_type: ObjectType::MESSAGE,
            name: subject,
            parent: number,
        }));
        add_folders(objects, folder.folders, number);
    }
}

/// What is wrong with a logoff, of all that the providers said.
pub(super) fn errors_returned(failures: &[String]) -> Option<Warning> {
    (!failures.is_empty()).then(|| Warning::errors_returned(failures.join("; ")))
}

/// Identifiers of our own making, no two alike in one subsystem, and in the order of the numbers.
pub(super) fn own_uid(serial: u64) -> MapiUid {
    let mut uid = *b"mapi-ses\0\0\0\0\0\0\0\0";
    uid[8..].copy_from_slice(&serial.to_be_bytes());
    MapiUid(uid)
}

/// The entry identifier of an object: four flag bytes, the provider, and the number of the object;
/// none for the provider's own.
pub(super) fn entry_id(uid: MapiUid, number: u32) -> EntryId {
    let mut bytes = [0; PROVIDERS_OWN + 4];
    bytes[4..PROVIDERS_OWN].copy_from_slice(&uid.0);
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

/// How long the entry identifier of a provider's own object is: its store, its container.
pub(super) const PROVIDERS_OWN: usize = 20;
