//! Profiles: what a session is logged on to, as the subsystem keeps them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use super::describe::{Profile, Service};
use super::providers::{StoredProvider, own_uid};
use super::sections::Sections;
use crate::subsystem::Failure;
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering};
use crate::{Call, Error, HResult, MapiUid, ProfileFlags, ResourceFlags};

/// A profile as the subsystem keeps it. A change makes a new one: a session has the one that it began
/// with.
pub(super) struct StoredProfile {
    name: Box<str>,
    app: bool,
    services: Vec<StoredService>,
    /// By identifier, which is the order in which they came into the profile.
    providers: Vec<Arc<StoredProvider>>,
    /// What the profile says of each provider.
    flags: Vec<ResourceFlags>,
    /// The places of the providers in their start and log-off order (L9, E9).
    order: Vec<usize>,
    /// None of its providers has to be called when a session begins or ends.
    is_quiet: bool,
    has_transports: bool,
    /// What all versions of the profile have in common.
    kept: Arc<Kept>,
}

/// A message service of a profile.
#[derive(Clone)]
pub(super) struct StoredService {
    pub(super) uid: MapiUid,
    pub(super) name: String,
    pub(super) display_name: String,
}

/// What outlasts a change of the profile.
#[derive(Default)]
struct Kept {
    /// How many sessions are open on it. Changed under the state's lock only.
    sessions: AtomicUsize,
    sections: Mutex<Sections>,
}

impl StoredProfile {
    fn new(name: &str, app: bool) -> Self {
        Self {
            name: name.into(),
            app,
            services: Vec::new(),
            providers: Vec::new(),
            flags: Vec::new(),
            order: Vec::new(),
            is_quiet: true,
            has_transports: false,
            kept: Arc::default(),
        }
    }

    fn add_service(
        &mut self,
        description: Service,
        display_name: Option<&str>,
        mut next_uid: impl FnMut() -> MapiUid,
    ) {
        let uid = next_uid();
        let known = self.providers.len();
        self.services.push(StoredService {
            uid,
            name: description.name.clone(),
            display_name: display_name.unwrap_or(&description.name).into(),
        });
        let mut sections = self.kept.sections.lock();
        for (provider, flags) in StoredProvider::of_service(description, uid, next_uid) {
            sections.add_provider(&provider);
            self.providers.push(provider);
            self.flags.push(flags);
        }
        drop(sections);
        self.put_in_order();
        let is_primary = |flags: &ResourceFlags| flags.contains(ResourceFlags::PRIMARY_IDENTITY);
        if self.flags[known..].iter().any(is_primary) {
            // All providers of that service have the flag; and the first service keeps it.
            let first = self.flags.iter().position(is_primary).unwrap_or(known);
            self.set_primary_identity(Some(self.providers[first].service));
        }
    }

    /// Adds an installed service, under a name of its own.
    pub(super) fn install(&mut self, service: Service, display_name: &str, last_uid: &mut u64) {
        let has_default = self
            .flags
            .iter()
            .any(|flags| flags.contains(ResourceFlags::DEFAULT_STORE));
        let known = self.providers.len();
        self.add_service(service, Some(display_name), || next_uid(last_uid));
        if has_default {
            for flags in &mut self.flags[known..] {
                *flags -= ResourceFlags::DEFAULT_STORE;
            }
        }
    }

    /// Sets the flag on this provider, and on no other.
    pub(super) fn set_flag(&mut self, flag: ResourceFlags, uid: Option<MapiUid>) {
        for (provider, flags) in self.providers.iter().zip(&mut self.flags) {
            flags.set(flag, uid == Some(provider.uid));
        }
    }

    /// The primary identity is that of this service, and of no other.
    pub(super) fn set_primary_identity(&mut self, service: Option<MapiUid>) {
        for (provider, flags) in self.providers.iter().zip(&mut self.flags) {
            let is_primary = service == Some(provider.service);
            flags.set(ResourceFlags::PRIMARY_IDENTITY, is_primary);
            flags.set(
                ResourceFlags::NO_PRIMARY_IDENTITY,
                !is_primary && provider.identity.is_none(),
            );
        }
    }

    /// The sections of its providers stay until nobody is on the profile, for the sessions that have
    /// them.
    pub(super) fn remove_service(&mut self, uid: MapiUid) {
        self.services.retain(|service| service.uid != uid);
        let all = self.providers.drain(..).zip(self.flags.drain(..));
        let others = all.filter(|(provider, _)| provider.service != uid);
        (self.providers, self.flags) = others.collect::<Vec<_>>().into_iter().unzip();
        self.put_in_order();
    }

    fn put_in_order(&mut self) {
        self.order = (0..self.providers.len()).collect();
        let kind = |&place: &usize| self.providers[place].kind;
        self.order.sort_by_key(kind);
        self.is_quiet = self.providers.iter().all(|provider| provider.is_quiet());
        self.has_transports = self.providers.iter().any(|it| it.is_transport());
    }

    /// A new version of the profile, to be changed.
    fn next_version(&self) -> Self {
        Self {
            name: self.name.clone(),
            app: self.app,
            services: self.services.clone(),
            providers: self.providers.clone(),
            flags: self.flags.clone(),
            order: self.order.clone(),
            is_quiet: self.is_quiet,
            has_transports: self.has_transports,
            kept: Arc::clone(&self.kept),
        }
    }

    /// A profile with the same services, under another name.
    fn copied(&self, name: &str) -> Self {
        let sections = self.sections().clone_closed();
        let copy = Self {
            name: name.into(),
            kept: Arc::new(Kept {
                sections: Mutex::new(sections),
                sessions: AtomicUsize::new(0),
            }),
            ..self.next_version()
        };
        copy.drop_outdated_sections();
        copy
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn services(&self) -> &[StoredService] {
        &self.services
    }

    pub(super) fn providers(&self) -> &[Arc<StoredProvider>] {
        &self.providers
    }

    pub(super) fn flags(&self) -> &[ResourceFlags] {
        &self.flags
    }

    /// The providers in their start and log-off order (L9, E9), each with its place.
    pub(super) fn in_order(&self) -> impl DoubleEndedIterator<Item = (usize, &StoredProvider)> {
        self.order
            .iter()
            .map(|&place| (place, &*self.providers[place]))
    }

    /// The place of the provider with this identifier.
    #[inline]
    pub(super) fn place_of(&self, uid: MapiUid) -> Option<usize> {
        self.providers.iter().position(|it| it.uid == uid)
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.is_quiet
    }

    pub(super) fn has_transports(&self) -> bool {
        self.has_transports
    }

    /// Drops the sections of providers that the profile has no more. Nobody may be on it.
    fn drop_outdated_sections(&self) {
        let is_provider = |uid| self.place_of(uid).is_some();
        self.sections().retain(is_provider);
    }

    pub(super) fn sections(&self) -> MutexGuard<'_, Sections> {
        self.kept.sections.lock()
    }

    fn in_use(&self) -> bool {
        self.kept.sessions.load(Ordering::Relaxed) > 0
    }
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
    /// It lacks a service that its sessions still have.
    Outdated,
}

/// A profile that is gone, to be dropped where no lock is held: its hooks are not our code.
pub(super) type Discarded = Option<Arc<StoredProfile>>;

impl Profiles {
    /// The profile of this name, unless it is to be deleted.
    #[inline(never)]
    pub(super) fn find(&self, name: &str) -> Option<&Arc<StoredProfile>> {
        self.by_name.get(name)
    }

    /// The provider with this identifier, in whatever profile.
    pub(super) fn find_provider(&self, uid: MapiUid) -> Option<Arc<StoredProvider>> {
        let provider = |slot: &Arc<StoredProfile>| {
            let place = slot.place_of(uid)?;
            Some(Arc::clone(&slot.providers[place]))
        };
        self.by_name.values().find_map(provider)
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
        let listed = self.by_name.values().filter(|slot| with_app || !slot.app);
        let mut names: Vec<_> = listed.map(|slot| slot.name().to_string()).collect();
        names.sort_unstable();
        names
    }

    #[inline]
    pub(super) fn session_opened(&mut self, profile: &StoredProfile) {
        let sessions = &profile.kept.sessions;
        sessions.store(sessions.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }

    /// Whether it was the last of a profile whose [fate](Self::settle_fate) was waiting for it.
    #[inline]
    #[must_use]
    pub(super) fn session_ended(&mut self, profile: &StoredProfile) -> bool {
        let sessions = profile.kept.sessions.load(Ordering::Relaxed) - 1;
        profile.kept.sessions.store(sessions, Ordering::Relaxed);
        sessions == 0 && !self.fates.is_empty()
    }

    pub(super) fn settle_fate(&mut self, profile: &StoredProfile) -> Discarded {
        let fate = self.fates.remove(profile.name());
        if let Some(current) = self.by_name.get(profile.name()) {
            current.drop_outdated_sections();
        }
        match fate {
            None | Some(Fate::Deleted | Fate::Outdated) => None,
            Some(Fate::Renamed(name)) => self.rename_now(profile.name(), &name),
        }
    }

    /// Borrows the description: a refused one is dropped by the caller, where no lock is held.
    pub(super) fn create(&mut self, profile: &Profile) -> Result<(), Error> {
        let name = profile.name.as_str();
        check_name(name)
            .map_err(invalid)
            .and_then(|()| profile.check_stores())
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
        let mut stored = StoredProfile::new(name, profile.app);
        for service in profile.clone().into_services() {
            stored.add_service(service, None, || next_uid(&mut self.last_uid));
        }
        self.by_name.insert(name.into(), Arc::new(stored));
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
        let copy = slot.copied(new);
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
            let renamed = StoredProfile {
                name: new.into(),
                ..slot.next_version()
            };
            self.by_name.insert(new.into(), Arc::new(renamed));
        }
        if self.default.as_deref() == Some(old) {
            self.default = Some(new.into());
        }
        slot
    }

    pub(super) fn set_default(&mut self, name: Option<&str>) -> Result<(), Failure> {
        if let Some(name) = name {
            let slot = self.find(name).ok_or_else(|| not_found(name))?;
            if slot.app {
                return Err(app_as_default(name));
            }
        }
        self.default = name.map(Into::into);
        Ok(())
    }

    /// Puts a changed profile in the place of the present one: sessions that begin from now on have
    /// it.
    pub(super) fn change(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut StoredProfile, &mut u64) -> Result<(), Failure>,
    ) -> Result<Discarded, Failure> {
        let slot = self.by_name.get_mut(name).ok_or_else(|| not_found(name))?;
        let mut next = slot.next_version();
        change(&mut next, &mut self.last_uid)?;
        if next.services.len() < slot.services.len() {
            self.fates.entry(name.into()).or_insert(Fate::Outdated);
        }
        Ok(Some(std::mem::replace(slot, Arc::new(next))))
    }

    fn find_for(&self, name: &str, flags: ProfileFlags) -> Result<&Arc<StoredProfile>, Failure> {
        let slot = self.find(name).ok_or_else(|| not_found(name))?;
        if slot.app && !flags.contains(ProfileFlags::APP_PROFILE) {
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

fn next_uid(last: &mut u64) -> MapiUid {
    *last += 1;
    own_uid(*last)
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
