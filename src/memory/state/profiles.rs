//! All profiles, and what is to become of those in use (P1, P2, M9).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::profile::{Common, Owner, Section, Service};
use super::provider::{self, own_uid};
use super::sections::{GLOBAL_SECTION, MUID_PROFILE_INSTANCE};
use super::slab::{CommonKey, OfCommon, OfProfile, OfProvider};
use super::{
    Profile, ProfileKey, ProfileProvider, Provider, ProviderKey, Refusal, Result, Slab, hex, quoted,
};
use crate::MapiUid;
use crate::flags::{ProfileFlags, ResourceFlags};
use crate::memory::{describe, provider::Hook};
use crate::property::{PropTag, Property};

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
    /// How many profiles were ever created.
    created: u64,
    /// What has gone with the profiles that had it, to be dropped outside.
    pub(super) discarded: Vec<Hook>,
}

/// What happens to a profile in use when its last session has ended. Its name is taken until then.
enum PendingChange {
    /// It is gone from the list already; its sessions still have it.
    Delete,
    Rename(Box<str>),
    /// It lacks a service or a provider that its sessions still have.
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

    pub(super) fn sections(&mut self, profile: ProfileKey) -> &mut HashMap<MapiUid, Section> {
        &mut self.common[self.versions[profile].common].sections
    }

    /// The section with this identifier; none of a profile that is gone.
    pub(super) fn section(&mut self, profile: CommonKey, uid: MapiUid) -> Option<&mut Section> {
        self.common.get_mut(profile)?.sections.get_mut(&uid)
    }

    /// The version that sessions begin with from now on; none of a profile that is deleted, or is to
    /// be.
    pub(super) fn current(&self, profile: CommonKey) -> Option<ProfileKey> {
        let versions = &self.common.get(profile)?.versions;
        let versions = versions.iter().rev();
        versions.copied().find(|it| self.versions[*it].is_current)
    }

    /// The name of a profile, as it is now.
    pub(super) fn name(&self, profile: CommonKey) -> Option<&str> {
        let versions = &self.common.get(profile)?.versions;
        let version = self.current(profile).or(versions.last().copied())?;
        Some(&self.versions[version].name)
    }

    /// Drops a section that nobody has open or needs any more: a client has made it and never written to
    /// it, or its service or provider is gone.
    pub(super) fn tidy_section(&mut self, profile: CommonKey, uid: MapiUid) {
        let Some(common) = self.common.get_mut(profile) else {
            return;
        };
        let is_needed = |section: &Section| match section.owner {
            Owner::Clients => !section.props.is_empty(),
            Owner::Profile | Owner::Mapi => true,
            Owner::Service | Owner::Provider => {
                let mut versions = common.versions.iter();
                versions.any(|version| self.versions[*version].owns(uid))
            }
        };
        let section = common.sections.get(&uid);
        if section.is_some_and(|it| !it.is_open() && !is_needed(it)) {
            common.sections.remove(&uid);
        }
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
    /// What a new profile must be.
    pub(super) fn check_new(&self, profile: &describe::Profile) -> Result<()> {
        profile.check()?;
        self.check_free(&profile.name)
    }

    /// What it must be where it is to be the default profile.
    pub(super) fn check_new_default(&self, profile: &describe::Profile) -> Result<()> {
        let name = profile.name.as_str();
        match &self.default {
            _ if !profile.default => Ok(()),
            _ if profile.app => Err(Refusal::AppAsDefault(quoted(name)).into()),
            Some(other) => Err(Refusal::SecondDefault(quoted(name), quoted(other)).into()),
            None => Ok(()),
        }
    }

    /// Borrows the description, which has been checked: it is somebody else's, and not dropped here.
    pub(super) fn create(&mut self, profile: &describe::Profile) {
        let name = profile.name.as_str();
        if profile.default {
            self.default = Some(name.into());
        }
        let mut common = Common::default();
        self.add_own_sections(&mut common);
        for section in &profile.sections {
            let described = Section::new(Owner::Profile, section.props.iter().cloned());
            common.sections.insert(section.uid, described);
        }
        let common = self.common.insert(common);
        let mut created = Profile::new(name, profile.app, common);
        for service in profile.clone().into_services() {
            self.add_service(&mut created, service, None);
        }
        created.settle_primary_identity();
        self.put_in_place(created);
    }

    /// The sections of every profile; the search key is another one in each.
    fn add_own_sections(&mut self, common: &mut Common) {
        self.created += 1;
        let mut key = *b"profile\0\0\0\0\0\0\0\0\0";
        key[8..].copy_from_slice(&self.created.to_be_bytes());
        let search_key = Property::new(PropTag::SEARCH_KEY, &key[..]);
        let instance = Section::new(Owner::Mapi, [search_key]);
        common.sections.insert(MUID_PROFILE_INSTANCE, instance);
        let global = || Section::new(Owner::Profile, []);
        common.sections.entry(GLOBAL_SECTION).or_insert_with(global);
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
        let mut common = Common {
            sections: sections.map(|(uid, it)| (*uid, it.copied())).collect(),
            ..Common::default()
        };
        self.add_own_sections(&mut common);
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
    pub(super) fn change<T>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Self, &mut Profile) -> Result<T>,
    ) -> Result<T> {
        let current = self.existing(name)?;
        let mut next = self.versions[current].clone();
        let count = |it: &Profile| (it.services.len(), it.providers.len());
        let before = count(&next);
        let changed = change(self, &mut next)?;
        let (services, providers) = count(&next);
        let lacks_some = services < before.0 || providers < before.1;
        let is_in_use = self.is_in_use(current);
        if lacks_some && is_in_use && !self.pending.contains_key(name) {
            self.set_pending(name, PendingChange::DropSections);
        }
        let next = self.put_in_place(next);
        if lacks_some && !is_in_use {
            self.drop_outdated_sections(next);
        }
        Ok(changed)
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
        let mut by_service = order.clone();
        by_service.sort_by_key(|&position| profile.providers[position].service);
        let of = |position: usize| &self.providers[profile.providers[position].key];
        order.sort_by_key(|&position| (of(position).kind, profile.providers[position].place));
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
        (profile.order, profile.by_service) = (order, by_service);
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
            place: provider.serial(),
            key: self.providers.insert(provider),
        });
        self.keep_provider(self.outside[self.outside.len() - 1].key);
    }

    fn next_uid(&mut self) -> MapiUid {
        self.last_uid += 1;
        own_uid(self.last_uid)
    }

    /// A version for one session of those that have this one, with one more store, which is temporary.
    /// The store is of no message service, and has a section of its own (M17).
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
        let section = Section::of_provider(&self.providers[store.key].name);
        let common = &mut self.common[fork.common];
        common.sections.entry(store.uid).or_insert(section);
        let forked = self.versions.insert(fork);
        common.versions.push(forked);
        self.versions[key].sessions -= 1;
        self.drop_unused(key);
        forked
    }

    /// A store from outside that a session has is not temporary any more (M17). Whether it was.
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
    ) -> MapiUid {
        let own_name = description.display_name.as_deref();
        let service = Service {
            uid: self.next_uid(),
            name: description.name.clone(),
            display_name: own_name
                .or(display_name)
                .unwrap_or(&description.name)
                .into(),
            has_entry_point: !description.without_entry_point,
            single_copy: description.single_copy,
        };
        let uid = service.uid;
        let mut section = Section::of_service(&service);
        let described = description.props.iter().cloned();
        section.props.extend(described);
        self.common[profile.common].sections.insert(uid, section);
        profile.services.push(service);
        self.add_providers(profile, description, uid);
        uid
    }

    /// Adds these providers to a service. Gives the identifier of the last.
    fn add_providers(
        &mut self,
        profile: &mut Profile,
        description: describe::Service,
        service: MapiUid,
    ) -> Option<MapiUid> {
        let made = provider::of_service(description, service, || self.next_uid());
        let added = made.into_iter().map(|(provider, flags)| {
            let section = Section::of_provider(&provider.name);
            self.add_provider(profile, provider, flags, section)
        });
        added.last()
    }

    fn add_provider(
        &mut self,
        profile: &mut Profile,
        provider: Provider,
        flags: ResourceFlags,
        section: Section,
    ) -> MapiUid {
        let uid = provider.uid;
        self.common[profile.common].sections.insert(uid, section);
        profile.providers.push(ProfileProvider {
            uid,
            service: provider.service,
            flags,
            has_identity: provider.identity.is_some(),
            may_be_primary: flags.contains(ResourceFlags::PRIMARY_IDENTITY),
            is_removed: false,
            place: provider.serial(),
            key: self.providers.insert(provider),
        });
        uid
    }

    /// CreateMsgService.
    pub(super) fn install(
        &mut self,
        profile: &str,
        service: describe::Service,
        display_name: &str,
    ) -> Result<MapiUid> {
        self.change(profile, |profiles, profile| {
            profile.check_copies(&service.name, service.single_copy)?;
            Ok(adding(profile, |profile| {
                profiles.add_service(profile, service, Some(display_name))
            }))
        })
    }

    /// CopyMsgService, of a service of this version of a profile. Its sections go with it.
    pub(super) fn copy_service(
        &mut self,
        from: ProfileKey,
        uid: MapiUid,
        destination: &str,
    ) -> Result<()> {
        let source = self.versions[from].clone();
        let Some(service) = source.service(uid) else {
            return Err(Refusal::NoService(hex(uid.as_bytes())).into());
        };
        self.change(destination, |profiles, profile| {
            profile.check_copies(&service.name, service.single_copy)?;
            adding(profile, |profile| {
                profiles.add_copy(profile, &source, service);
            });
            Ok(())
        })
    }

    fn add_copy(&mut self, profile: &mut Profile, source: &Profile, service: &Service) {
        let copy = Service {
            uid: self.next_uid(),
            ..service.clone()
        };
        let uid = copy.uid;
        let copied = self.copied_section(source.common, service.uid);
        self.common[profile.common].sections.insert(uid, copied);
        profile.services.push(copy);
        for it in source.of_service(service.uid) {
            let copy = self.providers[it.key].copied(uid, self.last_uid + 1);
            self.last_uid += 1;
            let section = self.copied_section(source.common, it.uid);
            self.add_provider(profile, copy, it.flags, section);
        }
    }

    fn copied_section(&self, profile: CommonKey, uid: MapiUid) -> Section {
        let section = self.common[profile].sections.get(&uid);
        section.map(Section::copied).unwrap_or_default()
    }

    /// DeleteMsgService. Its sections stay until nobody is on the profile, for the sessions that have
    /// it.
    pub(super) fn remove_service(&mut self, profile: &str, uid: MapiUid) -> Result<()> {
        self.change(profile, |_, profile| {
            check_service(profile, uid)?;
            without_primary(profile, |profile| {
                profile.services.retain(|service| service.uid != uid);
                profile.providers.retain(|it| it.service != uid);
            });
            Ok(())
        })
    }

    /// CreateProvider: the one provider of the description is added to this service.
    pub(super) fn create_provider(
        &mut self,
        profile: &str,
        service: MapiUid,
        description: describe::Service,
    ) -> Result<MapiUid> {
        self.change(profile, |profiles, profile| {
            check_service(profile, service)?;
            let added = adding(profile, |profile| {
                profiles.add_providers(profile, description, service)
            });
            Ok(added.unwrap_or_default())
        })
    }

    /// DeleteProvider.
    pub(super) fn remove_provider(
        &mut self,
        profile: &str,
        service: MapiUid,
        uid: MapiUid,
    ) -> Result<()> {
        self.change(profile, |_, profile| {
            check_service(profile, service)?;
            let found = profile.find(uid).filter(|it| it.service == service);
            if found.is_none() {
                return Err(Refusal::NoProvider(hex(uid.as_bytes())).into());
            }
            without_primary(profile, |profile| {
                profile.providers.retain(|it| it.uid != uid);
            });
            Ok(())
        })
    }

    /// MsgServiceTransportOrder: the transports take their places in this order.
    pub(super) fn order_transports(&mut self, profile: &str, uids: &[MapiUid]) -> Result<()> {
        self.change(profile, |profiles, profile| {
            let is_transport =
                |it: &&mut ProfileProvider| profiles.providers[it.key].is_transport();
            let mut transports: Vec<_> = profile.providers.iter_mut().collect();
            transports.retain(is_transport);
            if transports.len() != uids.len() {
                return Err(Refusal::TransportCount(uids.len(), transports.len()).into());
            }
            let mut places: Vec<_> = transports.iter().map(|it| it.place).collect();
            places.sort_unstable();
            let mut seen = HashSet::new();
            for (uid, place) in uids.iter().zip(places) {
                let position = transports.binary_search_by_key(uid, |it| it.uid);
                let position =
                    position.map_err(|_| Refusal::NoSuchTransport(hex(uid.as_bytes())))?;
                if !seen.insert(*uid) {
                    return Err(Refusal::TransportTwice(hex(uid.as_bytes())).into());
                }
                transports[position].place = place;
            }
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

    /// Drops the sections of services and providers that the profile has no more, unless they are open.
    /// No session may be on it.
    fn drop_outdated_sections(&mut self, key: ProfileKey) {
        let profile = &self.versions[key];
        let sections = &mut self.common[profile.common].sections;
        sections.retain(|uid, it| !it.has_owner() || it.is_open() || profile.owns(*uid));
    }
}

/// Adds to a profile: its stores for particular uses and its primary identity stay what they are.
fn adding<T>(profile: &mut Profile, add: impl FnOnce(&mut Profile) -> T) -> T {
    let known_stores = profile.singular_stores();
    let known = profile.providers.len();
    let added = add(profile);
    for provider in &mut profile.providers[known..] {
        provider.flags -= known_stores;
    }
    profile.settle_primary_identity();
    added
}

/// Takes from a profile. Where nothing gives the primary identity then, the next one does.
fn without_primary(profile: &mut Profile, take: impl FnOnce(&mut Profile)) {
    let before = profile.providers.clone();
    take(profile);
    profile.succeed_primary_identity_of(&before);
}

fn check_service(profile: &Profile, uid: MapiUid) -> Result<()> {
    match profile.service(uid) {
        Some(_) => Ok(()),
        None => Err(Refusal::NoService(hex(uid.as_bytes())).into()),
    }
}
