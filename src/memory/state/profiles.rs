//! All profiles, and what is to become of those in use (P1, P2, M9).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::profile::{Common, Section, Service};
use super::provider::{self, own_uid};
use super::slab::{OfCommon, OfProfile, OfProvider};
use super::{
    Profile, ProfileKey, ProfileProvider, Provider, ProviderKey, Refusal, Result, Slab, hex, quoted,
};
use crate::error::Call;
use crate::flags::{ProfileFlags, ResourceFlags};
use crate::memory::{describe, provider::Hook};
use crate::{Error, MapiUid};

#[derive(Default)]
pub(crate) struct Profiles {
    pub(super) versions: Slab<OfProfile, Profile>,
    pub(super) providers: Slab<OfProvider, Provider>,
    pub(super) common: Slab<OfCommon, Common>,
    /// The current version of each.
    by_name: BTreeMap<Box<str>, ProfileKey>,
    default: Option<Box<str>>,
    /// What happens to profiles in use when their last session has ended, by name (P2).
    pending: HashMap<Box<str>, PendingChange>,
    /// The names that profiles in use are to have.
    promised: HashSet<Box<str>>,
    last_uid: u64,
    /// The stores that are in no profile: what a profile has of one that is added to it.
    outside: Vec<ProfileProvider>,
    /// What has gone with the profiles that had it, to be dropped outside.
    pub(super) discarded: Vec<Hook>,
}

/// What happens to a profile in use when its last session has ended. Its name is taken until then.
enum PendingChange {
    /// It is gone from the list already; its sessions still have it.
    Delete,
    Rename(Box<str>),
    /// It lacks a provider that its sessions still have.
    DropSections,
}

// Looking things up.
impl Profiles {
    /// The profile of this name, unless it is to be deleted.
    pub(super) fn find(&self, name: &str) -> Option<ProfileKey> {
        self.by_name.get(name).copied()
    }

    pub(super) fn find_default(&self) -> Option<ProfileKey> {
        self.find(self.default()?)
    }

    pub(crate) fn default(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// The provider with this identifier, in whatever profile.
    pub(super) fn find_provider(&self, uid: MapiUid) -> Option<ProviderKey> {
        let outside = self.find_outside(uid).map(|it| it.key);
        let mut versions = self.by_name.values();
        outside.or_else(|| versions.find_map(|key| Some(self.versions[*key].find(uid)?.key)))
    }

    /// The store with this identifier, if it is described as one that is in no profile.
    pub(super) fn find_outside(&self, uid: MapiUid) -> Option<ProfileProvider> {
        self.outside.iter().find(|it| it.uid == uid).copied()
    }

    pub(super) fn outside(&self) -> impl Iterator<Item = &Provider> {
        self.outside.iter().map(|it| &self.providers[it.key])
    }

    pub(super) fn sections(&mut self, profile: ProfileKey) -> &mut BTreeMap<MapiUid, Section> {
        &mut self.common[self.versions[profile].common].sections
    }

    /// The names that a dialog or the profile table offers, sorted.
    pub(crate) fn names(&self, flags: ProfileFlags) -> Vec<String> {
        let with_app = flags.contains(ProfileFlags::APP_PROFILE);
        let listed = self.by_name.iter();
        let listed = listed.filter(|(_, key)| with_app || !self.versions[**key].app);
        listed.map(|(name, _)| name.to_string()).collect()
    }
}

// Sessions come and go.
impl Profiles {
    /// Whether any profile in use is to change.
    pub(super) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Of a version of a profile. What was pending for the profile happens once nobody is on any.
    pub(super) fn last_session_closed(&mut self, key: ProfileKey) {
        if !self.is_in_use(key) {
            let name = self.versions[key].name.clone();
            let pending = self.pending.remove(&name);
            if let Some(current) = self.find(&name) {
                self.drop_outdated_sections(current);
            }
            if let Some(PendingChange::Rename(new)) = pending {
                self.promised.remove(&new);
                self.rename_now(&name, &new);
            }
        }
        self.drop_unused(key);
    }

    /// A session on this version ends: the profile has its temporary stores no more (M1).
    pub(super) fn drop_temporary(&mut self, key: ProfileKey) {
        let name = self.versions[key].name.clone();
        let current = self.find(&name).map(|it| &self.versions[it]);
        if current.is_some_and(|it| it.has_temporary) {
            let _ = self.change(&name, |_, profile| {
                profile.drop_temporary();
                Ok(())
            });
        }
    }

    /// A version is not the current one any more.
    fn retire(&mut self, key: ProfileKey) {
        self.versions[key].is_current = false;
        self.drop_unused(key);
    }

    /// Drops a version that nobody has or can get any more, and with it what only it had.
    fn drop_unused(&mut self, key: ProfileKey) {
        let is_unused = |profile: &Profile| profile.sessions == 0 && !profile.is_current;
        if !self.versions.get(key).is_some_and(is_unused) {
            return;
        }
        let Some(profile) = self.versions.remove(key) else {
            return;
        };
        for it in profile.providers {
            self.give_up_provider(it.key);
        }
        let versions = &mut self.common[profile.common].versions;
        versions.retain(|version| *version != key);
        if versions.is_empty() {
            self.common.remove(profile.common);
        }
    }

    /// A provider that is being called stays.
    pub(super) fn keep_provider(&mut self, key: ProviderKey) {
        self.providers[key].users += 1;
    }

    pub(super) fn give_up_provider(&mut self, key: ProviderKey) {
        let provider = &mut self.providers[key];
        provider.users -= 1;
        if provider.users == 0 {
            let provider = self.providers.remove(key);
            self.discarded.extend(provider.and_then(|it| it.hook));
        }
    }
}

// Administration: IProfAdmin.
impl Profiles {
    /// Borrows the description: it is somebody else's, and not dropped here.
    pub(super) fn create(&mut self, profile: &describe::Profile) -> Result<(), Error> {
        let name = profile.name.as_str();
        profile
            .check()
            .and_then(|()| self.check_free(name))
            .map_err(|failure| Error::new(Call::CreateProfile, failure))?;
        if profile.default {
            let refusal = match &self.default {
                _ if profile.app => Some(Refusal::AppAsDefault(quoted(name))),
                Some(other) => Some(Refusal::SecondDefault(quoted(name), quoted(other))),
                None => None,
            };
            if let Some(refusal) = refusal {
                return Err(Error::new(Call::SetDefaultProfile, refusal.into()));
            }
            self.default = Some(name.into());
        }
        let common = self.common.insert(Common::default());
        let mut created = Profile::new(name, profile.app, common);
        for service in profile.clone().into_services() {
            self.add_service(&mut created, service, None);
        }
        created.settle_primary_identity();
        self.put_in_place(created);
        Ok(())
    }

    pub(crate) fn delete(&mut self, name: &str, flags: ProfileFlags) -> Result<()> {
        let key = self.find_for(name, flags)?;
        if self.default() == Some(name) {
            self.default = None;
        }
        if self.is_in_use(key) {
            self.set_pending(name, PendingChange::Delete);
        }
        self.by_name.remove(name);
        self.retire(key);
        Ok(())
    }

    pub(crate) fn copy(&mut self, old: &str, new: &str, flags: ProfileFlags) -> Result<()> {
        let key = self.find_for(old, flags)?;
        self.check_free(new)?;
        let profile = self.versions[key].clone();
        let sections = self.common[profile.common].sections.iter();
        let common = Common {
            sections: sections.map(|(uid, it)| (*uid, it.copied())).collect(),
            ..Common::default()
        };
        let copy = Profile {
            name: new.into(),
            common: self.common.insert(common),
            ..profile
        };
        let copy = self.put_in_place(copy);
        self.drop_outdated_sections(copy);
        Ok(())
    }

    pub(crate) fn rename(&mut self, old: &str, new: &str, flags: ProfileFlags) -> Result<()> {
        let key = self.find_for(old, flags)?;
        self.check_free(new)?;
        match self.is_in_use(key) {
            true => self.set_pending(old, PendingChange::Rename(new.into())),
            false => self.rename_now(old, new),
        }
        Ok(())
    }

    fn rename_now(&mut self, old: &str, new: &str) {
        if let Some(key) = self.by_name.remove(old) {
            let renamed = Profile {
                name: new.into(),
                ..self.versions[key].clone()
            };
            self.put_in_place(renamed);
            self.retire(key);
        }
        if self.default() == Some(old) {
            self.default = Some(new.into());
        }
    }

    pub(crate) fn set_default(&mut self, name: Option<&str>) -> Result<()> {
        if let Some(name) = name {
            let key = self.existing(name)?;
            if self.versions[key].app {
                return Err(Refusal::AppAsDefault(quoted(name)).into());
            }
        }
        self.default = name.map(Into::into);
        Ok(())
    }

    fn find_for(&self, name: &str, flags: ProfileFlags) -> Result<ProfileKey> {
        let key = self.existing(name)?;
        if self.versions[key].app && !flags.contains(ProfileFlags::APP_PROFILE) {
            return Err(Refusal::AppProfile(quoted(name)).into());
        }
        Ok(key)
    }

    pub(super) fn existing(&self, name: &str) -> Result<ProfileKey> {
        let found = self.find(name);
        Ok(found.ok_or_else(|| Refusal::NoProfile(quoted(name)))?)
    }

    fn check_free(&self, name: &str) -> Result<()> {
        describe::check_name(name).map_err(Refusal::BadProfileName)?;
        if self.by_name.contains_key(name) {
            return Err(Refusal::ProfileExists(quoted(name)).into());
        }
        if self.pending.contains_key(name) || self.promised.contains(name) {
            return Err(Refusal::NameTaken(quoted(name)).into());
        }
        Ok(())
    }

    /// Whether sessions are open on any version of the profile.
    fn is_in_use(&self, key: ProfileKey) -> bool {
        let versions = &self.common[self.versions[key].common].versions;
        let mut versions = versions.iter();
        versions.any(|version| self.versions[*version].sessions > 0)
    }

    fn set_pending(&mut self, name: &str, change: PendingChange) {
        if let PendingChange::Rename(new) = &change {
            self.promised.insert(new.clone());
        }
        if let Some(PendingChange::Rename(given_up)) = self.pending.insert(name.into(), change) {
            self.promised.remove(&given_up);
        }
    }
}

// Versions: what a change leaves to the sessions that have begun.
impl Profiles {
    /// Changes a profile for the sessions that begin from now on.
    pub(super) fn change(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Self, &mut Profile) -> Result<()>,
    ) -> Result<()> {
        let current = self.existing(name)?;
        let mut next = self.versions[current].clone();
        let providers = next.providers.len();
        change(self, &mut next)?;
        if next.providers.len() < providers && !self.pending.contains_key(name) {
            self.set_pending(name, PendingChange::DropSections);
        }
        self.put_in_place(next);
        Ok(())
    }

    /// Makes this the current version of the profile of its name.
    fn put_in_place(&mut self, mut profile: Profile) -> ProfileKey {
        (profile.sessions, profile.is_current) = (0, true);
        for it in &profile.providers {
            self.keep_provider(it.key);
        }
        self.put_in_order(&mut profile);
        let (name, common) = (profile.name.clone(), profile.common);
        let key = self.versions.insert(profile);
        self.common[common].versions.push(key);
        if let Some(outdated) = self.by_name.insert(name, key) {
            self.retire(outdated);
        }
        key
    }

    pub(super) fn put_in_order(&self, profile: &mut Profile) {
        let mut order: Vec<_> = (0..profile.providers.len()).collect();
        let of = |position: usize| &self.providers[profile.providers[position].key];
        order.sort_by_key(|&position| of(position).kind);
        let has_calls = order.iter().any(|&position| !of(position).is_quiet());
        let has_transports = order.iter().any(|&position| of(position).is_transport());
        (profile.has_calls, profile.has_transports) = (has_calls, has_transports);
        profile.further_uids = order
            .iter()
            .flat_map(|&position| {
                let key = profile.providers[position].key;
                of(position).further_uids.iter().map(move |uid| (*uid, key))
            })
            .collect();
        let mut flags = profile.providers.iter().map(|it| it.flags);
        profile.has_temporary = flags.any(|it| it.contains(ResourceFlags::TEMP_SECTION));
        profile.order = order;
    }

    /// The user has given a service what its providers need.
    pub(super) fn set_configured(&mut self, profile: &str, service: MapiUid) {
        let current = self.find(profile).map(|key| &self.versions[key]);
        for it in current.into_iter().flat_map(|it| it.of_service(service)) {
            self.providers[it.key].unconfigured = false;
        }
    }

    /// A store that is in no profile, and stays.
    pub(super) fn add_outside(&mut self, store: describe::Store) {
        let (service, uid) = (self.next_uid(), self.next_uid());
        let (provider, mut flags) = Provider::store(store, service, uid);
        flags -= ResourceFlags::PRIMARY_IDENTITY | ResourceFlags::TEMP_SECTION;
        self.outside.push(ProfileProvider {
            uid,
            service,
            flags: flags | ResourceFlags::NO_PRIMARY_IDENTITY,
            has_identity: false,
            may_be_primary: false,
            is_removed: false,
            key: self.providers.insert(provider),
        });
        self.keep_provider(self.outside[self.outside.len() - 1].key);
    }

    fn next_uid(&mut self) -> MapiUid {
        self.last_uid += 1;
        own_uid(self.last_uid)
    }

    /// A version for one session of those that have this one, with one more store, which is temporary.
    /// The store is of no message service, and has a section of its own (M18).
    pub(super) fn fork_with(&mut self, key: ProfileKey, mut store: ProfileProvider) -> ProfileKey {
        store.flags |= ResourceFlags::TEMP_SECTION;
        let mut fork = self.versions[key].clone();
        fork.add(store);
        (fork.sessions, fork.is_current) = (1, false);
        for it in &fork.providers {
            self.keep_provider(it.key);
        }
        self.put_in_order(&mut fork);
        if !self.pending.contains_key(&fork.name) {
            self.set_pending(&fork.name.clone(), PendingChange::DropSections);
        }
        let section = Section::of_provider(self.providers[store.key].name.clone());
        let common = &mut self.common[fork.common];
        common.sections.entry(store.uid).or_insert(section);
        let forked = self.versions.insert(fork);
        common.versions.push(forked);
        self.versions[key].sessions -= 1;
        self.drop_unused(key);
        forked
    }

    /// A store from outside that a session has is not temporary any more (M18). Whether it was.
    pub(super) fn make_permanent(&mut self, key: ProfileKey, store: ProfileProvider) -> bool {
        let version = &mut self.versions[key];
        let mut providers = version.providers.iter_mut();
        let of_session = providers.find(|it| it.key == store.key);
        let is_temporary =
            |it: &&mut ProfileProvider| it.flags.contains(ResourceFlags::TEMP_SECTION);
        let Some(it) = of_session.filter(is_temporary) else {
            return false;
        };
        it.flags -= ResourceFlags::TEMP_SECTION;
        let name = version.name.clone();
        // A profile that is to be deleted is not changed any more.
        let _ = self.change(&name, |_, profile| {
            if profile.find(store.uid).is_none() {
                profile.add(store);
            }
            Ok(())
        });
        true
    }

    pub(super) fn add_service(
        &mut self,
        profile: &mut Profile,
        description: describe::Service,
        display_name: Option<&str>,
    ) {
        let service = self.next_uid();
        profile.services.push(Service {
            uid: service,
            name: description.name.clone(),
            display_name: display_name.unwrap_or(&description.name).into(),
            single_copy: description.single_copy,
        });
        for (provider, flags) in provider::of_service(description, service, || self.next_uid()) {
            let uid = provider.uid;
            let section = Section::of_provider(provider.name.clone());
            self.common[profile.common].sections.insert(uid, section);
            profile.providers.push(ProfileProvider {
                uid,
                service,
                flags,
                has_identity: provider.identity.is_some(),
                may_be_primary: flags.contains(ResourceFlags::PRIMARY_IDENTITY),
                is_removed: false,
                key: self.providers.insert(provider),
            });
        }
    }

    /// CreateMsgService.
    pub(super) fn install(
        &mut self,
        profile: &str,
        service: describe::Service,
        display_name: &str,
    ) -> Result<()> {
        self.change(profile, |profiles, profile| {
            profile.check_copies(&service.name, service.single_copy)?;
            let known_stores = profile.singular_stores();
            let known = profile.providers.len();
            profiles.add_service(profile, service, Some(display_name));
            for provider in &mut profile.providers[known..] {
                provider.flags -= known_stores;
            }
            profile.settle_primary_identity();
            Ok(())
        })
    }

    /// DeleteMsgService. The sections of its providers stay until nobody is on the profile, for the
    /// sessions that have them.
    pub(super) fn remove_service(&mut self, profile: &str, uid: MapiUid) -> Result<()> {
        self.change(profile, |_, profile| {
            check_service(profile, uid)?;
            profile.services.retain(|service| service.uid != uid);
            let gone: Vec<_> = profile.of_service(uid).copied().collect();
            profile.providers.retain(|it| it.service != uid);
            profile.succeed_primary_identity_of(&gone);
            Ok(())
        })
    }

    /// SetPrimaryIdentity.
    pub(super) fn set_primary_identity(
        &mut self,
        profile: &str,
        service: Option<MapiUid>,
    ) -> Result<()> {
        self.change(profile, |_, profile| {
            if let Some(uid) = service {
                check_service(profile, uid)?;
                if !profile.of_service(uid).any(|it| it.has_identity) {
                    return Err(Refusal::NoIdentity(hex(uid.as_bytes())).into());
                }
            }
            profile.set_primary_identity(service);
            Ok(())
        })
    }

    /// Drops the sections of providers that the profile has no more. Nobody may be on it.
    fn drop_outdated_sections(&mut self, key: ProfileKey) {
        let profile = &self.versions[key];
        let sections = &mut self.common[profile.common].sections;
        sections.retain(|uid, section| !section.is_owned || profile.find(*uid).is_some());
    }
}

fn check_service(profile: &Profile, uid: MapiUid) -> Result<()> {
    match profile.services.iter().any(|service| service.uid == uid) {
        true => Ok(()),
        false => Err(Refusal::NoService(hex(uid.as_bytes())).into()),
    }
}
