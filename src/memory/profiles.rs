//! Profiles: what a session is logged on to, as described and as kept.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::providers::{Hook, ProviderCall};
use crate::subsystem::Failure;
use crate::sync::{AtomicUsize, Ordering};
use crate::{Call, EntryId, Error, HResult, MapiUid, ProfileFlags, ResourceFlags, StoreRow};

/// A profile: a name, and the message stores and other providers that a session on it has.
///
/// A description only; [`Builder::build`](super::Builder::build) and
/// [`ProfileAdmin::create`](super::ProfileAdmin::create) check it. Names have 1 to 64 characters
/// (UTF-16 code units, as MAPI counts them): letters, digits, accents (U+0300 to U+036F), underscores
/// and inner blanks. They are compared exactly; that upper and lower case differ is our reading.
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Profile {
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "super::fixture::profile_name")
    )]
    name: String,
    #[cfg_attr(feature = "serde", serde(default))]
    default: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    app: bool,
    #[cfg_attr(feature = "serde", serde(default, rename = "store"))]
    stores: Vec<Store>,
    #[cfg_attr(feature = "serde", serde(skip))]
    providers: Vec<Provider>,
}

impl Profile {
    /// A profile of this name, without stores.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            default: false,
            app: false,
            stores: Vec::new(),
            providers: Vec::new(),
        }
    }

    /// The default profile.
    #[must_use]
    pub fn default_profile(mut self) -> Self {
        self.default = true;
        self
    }

    /// An "app" profile: listed and touched only by those who ask for such, and never the default.
    #[doc(alias = "MAPI_APP_PROFILE")]
    #[must_use]
    pub fn app_profile(mut self) -> Self {
        self.app = true;
        self
    }

    /// One more message store.
    #[must_use]
    pub fn store(mut self, store: Store) -> Self {
        self.stores.push(store);
        self
    }

    /// One more provider of another kind.
    #[must_use]
    pub fn provider(mut self, provider: Provider) -> Self {
        self.providers.push(provider);
        self
    }

    fn check(&self) -> Result<(), Failure> {
        check_name(&self.name).map_err(invalid)?;
        let mut defaults = self.stores.iter().filter(|store| store.default);
        if let (Some(one), Some(two)) = (defaults.next(), defaults.next()) {
            let (profile, one, two) = (&self.name, &one.name, &two.name);
            return Err(invalid(format!(
                "the profile {profile:?} has two default stores, {one:?} and {two:?}"
            )));
        }
        Ok(())
    }
}

/// A message store of a [`Profile`].
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Store {
    name: String,
    #[cfg_attr(feature = "serde", serde(default))]
    default: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    read_only: bool,
    #[cfg_attr(feature = "serde", serde(default))]
    silent: bool,
    #[cfg_attr(feature = "serde", serde(skip))]
    hook: Option<Hook>,
}

impl Store {
    /// A store of this display name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            default: false,
            read_only: false,
            silent: false,
            hook: None,
        }
    }

    /// The profile's default store.
    #[must_use]
    pub fn default_store(mut self) -> Self {
        self.default = true;
        self
    }

    /// A store that the user can only read.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// A store whose provider sends no notifications.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// What the store's provider does when it is called; see [`Provider::hook`].
    #[must_use]
    pub fn hook<F>(mut self, hook: F) -> Self
    where
        F: Fn(ProviderCall) -> HResult + Send + Sync + 'static,
    {
        self.hook = Some(Hook::new(hook));
        self
    }
}

/// An address book or transport provider of a [`Profile`].
#[derive(Clone, Debug)]
pub struct Provider {
    name: String,
    kind: ProviderKind,
    hook: Option<Hook>,
}

/// Log-off order (E9): address books, stores, transports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ProviderKind {
    AddressBook,
    Store,
    Transport,
}

impl Provider {
    /// An address book provider of this name.
    pub fn address_book(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: ProviderKind::AddressBook,
            hook: None,
        }
    }

    /// A transport provider of this name.
    pub fn transport(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            kind: ProviderKind::Transport,
            hook: None,
        }
    }

    /// What the provider does when it is called: its answer is the provider's HRESULT.
    ///
    /// It runs on the thread of the call that caused it, with no lock of the subsystem held. One
    /// that panics counts as a provider that failed with E_UNEXPECTED. A `Memory` that it captures
    /// keeps itself alive.
    #[must_use]
    pub fn hook<F>(mut self, hook: F) -> Self
    where
        F: Fn(ProviderCall) -> HResult + Send + Sync + 'static,
    {
        self.hook = Some(Hook::new(hook));
        self
    }
}

/// A profile as the subsystem keeps it: what its sessions see, and how many they are.
pub(super) struct StoredProfile {
    profile: Profile,
    /// Of the stores' providers, in the order of the stores.
    uids: Vec<MapiUid>,
    /// The providers that do something when called, in log-off order.
    hooks: Vec<(String, Hook)>,
    /// Changed under the state's lock only.
    sessions: AtomicUsize,
}

impl StoredProfile {
    fn new(profile: Profile, uids: Vec<MapiUid>) -> Self {
        let stores = profile
            .stores
            .iter()
            .map(|store| (ProviderKind::Store, &store.name, &store.hook));
        let others = profile
            .providers
            .iter()
            .map(|other| (other.kind, &other.name, &other.hook));
        let mut providers: Vec<_> = stores.chain(others).collect();
        providers.sort_by_key(|&(kind, ..)| kind);
        let hooks = providers
            .into_iter()
            .filter_map(|(_, name, hook)| Some((name.clone(), hook.clone()?)))
            .collect();
        Self {
            profile,
            uids,
            hooks,
            sessions: AtomicUsize::new(0),
        }
    }

    /// The same profile, with the same stores, under another name.
    fn renamed(&self, name: &str) -> Self {
        let profile = Profile {
            name: name.into(),
            default: false,
            ..self.profile.clone()
        };
        Self::new(profile, self.uids.clone())
    }

    pub(super) fn name(&self) -> &str {
        &self.profile.name
    }

    pub(super) fn hooks(&self) -> &[(String, Hook)] {
        &self.hooks
    }

    pub(super) fn store_rows(&self) -> impl Iterator<Item = StoreRow> {
        self.profile
            .stores
            .iter()
            .zip(&self.uids)
            .map(|(store, uid)| {
                let mut flags = ResourceFlags::empty();
                flags.set(ResourceFlags::DEFAULT_STORE, store.default);
                StoreRow::new(entry_id(*uid), store.name.clone(), flags)
            })
    }

    /// The store whose provider has this identifier.
    pub(super) fn store(&self, uid: MapiUid) -> Option<&Store> {
        let index = self.uids.iter().position(|known| *known == uid)?;
        self.profile.stores.get(index)
    }

    fn in_use(&self) -> bool {
        self.sessions.load(Ordering::Relaxed) > 0
    }
}

impl Store {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.read_only
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }
}

/// The entry identifier of the store that the provider `uid` serves.
fn entry_id(uid: MapiUid) -> EntryId {
    let mut bytes = [0; 20];
    bytes[4..].copy_from_slice(&uid.0);
    EntryId::new(bytes)
}

/// All profiles, and what is to become of those in use.
#[derive(Default)]
pub(super) struct Profiles {
    by_name: HashMap<Box<str>, Arc<StoredProfile>, BuildHasherDefault<NameHasher>>,
    default: Option<Box<str>>,
    /// Of profiles in use, by name (P2).
    fates: HashMap<Box<str>, Fate>,
    last_uid: u64,
}

/// rustc's hash: one multiplication for eight bytes. Names are short and come from the test: the
/// standard hasher, which guards against hostile keys, would be a third of a logon for nothing.
#[derive(Default)]
struct NameHasher(u64);

impl NameHasher {
    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = self
            .0
            .wrapping_add(word)
            .wrapping_mul(0xF135_7AEA_2E62_A9C5);
    }
}

impl Hasher for NameHasher {
    #[inline]
    fn write(&mut self, mut bytes: &[u8]) {
        while let Some((word, rest)) = bytes.split_first_chunk() {
            self.add(u64::from_le_bytes(*word));
            bytes = rest;
        }
        match (bytes.first_chunk(), bytes.last_chunk()) {
            // The two overlap where fewer than eight bytes are left.
            (Some(low), Some(high)) => {
                let high = u64::from(u32::from_le_bytes(*high)) << 32;
                self.add(high | u64::from(u32::from_le_bytes(*low)));
            }
            _ => bytes.iter().for_each(|byte| self.add(u64::from(*byte))),
        }
    }

    /// The end of a string: a key is one string, and needs none.
    #[inline]
    fn write_u8(&mut self, _: u8) {}

    /// The multiplications have carried all that they read upwards; a table looks at the low bits.
    #[inline]
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

/// What happens to a profile in use when its last session has ended. Its name is taken until then.
enum Fate {
    /// It is gone from the list already; its sessions still have it.
    Deleted,
    Renamed(Box<str>),
}

/// A profile that is gone, to be dropped where no lock is held: its hooks are not our code.
pub(super) type Discarded = Option<Arc<StoredProfile>>;

impl Profiles {
    /// The profile of this name, unless it is to be deleted.
    #[inline(never)]
    pub(super) fn find(&self, name: &str) -> Option<&Arc<StoredProfile>> {
        self.by_name.get(name)
    }

    pub(super) fn find_default(&self) -> Option<&Arc<StoredProfile>> {
        self.find(self.default()?)
    }

    pub(super) fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// The names that a dialog or the profile table offers, sorted.
    pub(super) fn names(&self, flags: ProfileFlags) -> Vec<String> {
        let with_app = flags.contains(ProfileFlags::APP_PROFILE);
        let listed = self
            .by_name
            .values()
            .filter(|slot| with_app || !slot.profile.app);
        let mut names: Vec<_> = listed.map(|slot| slot.name().to_string()).collect();
        names.sort_unstable();
        names
    }

    #[inline]
    pub(super) fn session_opened(&mut self, profile: &StoredProfile) {
        profile.sessions.store(
            profile.sessions.load(Ordering::Relaxed) + 1,
            Ordering::Relaxed,
        );
    }

    /// Whether it was the last of a profile whose [fate](Self::settle_fate) was waiting for it.
    #[inline]
    #[must_use]
    pub(super) fn session_ended(&mut self, profile: &StoredProfile) -> bool {
        let sessions = profile.sessions.load(Ordering::Relaxed) - 1;
        profile.sessions.store(sessions, Ordering::Relaxed);
        sessions == 0 && !self.fates.is_empty()
    }

    pub(super) fn settle_fate(&mut self, profile: &StoredProfile) -> Discarded {
        match self.fates.remove(profile.name()) {
            None | Some(Fate::Deleted) => None,
            Some(Fate::Renamed(name)) => self.rename_now(profile.name(), &name),
        }
    }

    /// Borrows the description: a refused one is dropped by the caller, where no lock is held.
    pub(super) fn create(&mut self, profile: &Profile) -> Result<(), Error> {
        let name = profile.name.as_str();
        profile
            .check()
            .and_then(|()| self.check_free(name))
            .map_err(|failure| Error::new(Call::CreateProfile, failure))?;
        if profile.default {
            let failure = match &self.default {
                _ if profile.app => Some(app_as_default(name)),
                Some(other) => Some(invalid(format!(
                    "{name:?} is to be the default profile, and {other:?} already is"
                ))),
                None => None,
            };
            if let Some(failure) = failure {
                return Err(Error::new(Call::SetDefaultProfile, failure));
            }
            self.default = Some(name.into());
        }
        let first = self.last_uid + 1;
        self.last_uid += profile.stores.len() as u64;
        let uids = (first..=self.last_uid).map(store_uid).collect();
        self.by_name.insert(
            name.into(),
            Arc::new(StoredProfile::new(profile.clone(), uids)),
        );
        Ok(())
    }

    pub(super) fn delete(&mut self, name: &str, flags: ProfileFlags) -> Result<Discarded, Failure> {
        let in_use = self.find_for(name, flags)?.in_use();
        if self.default.as_deref() == Some(name) {
            self.default = None;
        }
        if in_use {
            self.fates.insert(name.into(), Fate::Deleted);
        }
        Ok(self.by_name.remove(name))
    }

    pub(super) fn copy(
        &mut self,
        old: &str,
        new: &str,
        flags: ProfileFlags,
    ) -> Result<(), Failure> {
        let slot = self.find_for(old, flags)?;
        self.check_free(new)?;
        let copy = slot.renamed(new);
        self.by_name.insert(new.into(), Arc::new(copy));
        Ok(())
    }

    pub(super) fn rename(
        &mut self,
        old: &str,
        new: &str,
        flags: ProfileFlags,
    ) -> Result<Discarded, Failure> {
        let in_use = self.find_for(old, flags)?.in_use();
        self.check_free(new)?;
        if in_use {
            self.fates.insert(old.into(), Fate::Renamed(new.into()));
            return Ok(None);
        }
        Ok(self.rename_now(old, new))
    }

    fn rename_now(&mut self, old: &str, new: &str) -> Discarded {
        let slot = self.by_name.remove(old);
        if let Some(slot) = &slot {
            self.by_name.insert(new.into(), Arc::new(slot.renamed(new)));
        }
        if self.default.as_deref() == Some(old) {
            self.default = Some(new.into());
        }
        slot
    }

    pub(super) fn set_default(&mut self, name: Option<&str>) -> Result<(), Failure> {
        if let Some(name) = name {
            let slot = self.find(name).ok_or_else(|| not_found(name))?;
            if slot.profile.app {
                return Err(app_as_default(name));
            }
        }
        self.default = name.map(Into::into);
        Ok(())
    }

    fn find_for(&self, name: &str, flags: ProfileFlags) -> Result<&Arc<StoredProfile>, Failure> {
        let slot = self.find(name).ok_or_else(|| not_found(name))?;
        if slot.profile.app && !flags.contains(ProfileFlags::APP_PROFILE) {
            return Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!(
                "{name:?} is an \"app\" profile, and MAPI_APP_PROFILE is not set"
            )));
        }
        Ok(slot)
    }

    fn check_free(&self, name: &str) -> Result<(), Failure> {
        check_name(name).map_err(invalid)?;
        let promised = |fate: &Fate| matches!(fate, Fate::Renamed(new) if **new == *name);
        let reason = if self.by_name.contains_key(name) {
            format!("there is a profile {name:?} already")
        } else if self.fates.contains_key(name) || self.fates.values().any(promised) {
            format!(
                "a profile in use keeps the name {name:?} taken until its last session has ended"
            )
        } else {
            return Ok(());
        };
        Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(reason))
    }
}

/// Identifiers of our own making, no two alike in one subsystem.
fn store_uid(serial: u64) -> MapiUid {
    let mut uid = *b"mapi-ses\0\0\0\0\0\0\0\0";
    uid[8..].copy_from_slice(&serial.to_le_bytes());
    MapiUid(uid)
}

/// The rule for profile names (L5); the error says how the name breaks it.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    const MAX: usize = 64;
    let length = name.encode_utf16().count();
    let accent = |c| ('\u{300}'..='\u{36F}').contains(&c);
    let bad = |c: char| !(c.is_alphanumeric() || accent(c) || c == '_' || c == ' ');
    let fault = if name.is_empty() {
        "it is empty".into()
    } else if length > MAX {
        format!("it has {length} characters, and at most {MAX} are allowed")
    } else if name.starts_with(' ') || name.ends_with(' ') {
        "it begins or ends with a blank".into()
    } else if let Some(c) = name.chars().find(|&c| bad(c)) {
        format!("{c:?} is not a letter, a digit, an underscore or a blank")
    } else {
        return Ok(());
    };
    Err(format!("{name:?} is no profile name: {fault}"))
}

fn invalid(reason: String) -> Failure {
    Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(reason)
}

fn not_found(name: &str) -> Failure {
    Failure::new(HResult::MAPI_E_NOT_FOUND).because(format!("there is no profile {name:?}"))
}

fn app_as_default(name: &str) -> Failure {
    Failure::new(HResult::MAPI_E_CALL_FAILED).because(format!(
        "the \"app\" profile {name:?} cannot be the default profile"
    ))
}
