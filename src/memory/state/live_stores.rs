//! Stores that come and go while sessions are open (N13).

use super::profiles::Profiles;
use super::{Profile, ProfileKey, Refusal, Result, State, hex, quoted};
use crate::memory::describe::{Service, Store};
use crate::types::provider_uid;
use crate::{EntryId, MapiUid};

impl State {
    /// A store comes into a profile. Borrows the description: it is somebody else's, and not dropped
    /// here.
    pub(crate) fn add_store(&mut self, profile: &str, store: &Store) -> Result<EntryId> {
        let current = self.profiles.existing(profile)?;
        let service = Service::new(store.name()).store(store.clone());
        service.check()?;
        let known = self.profiles.versions[current].singular_stores();
        for (kind, flag, is_it) in store.singular_kinds() {
            if is_it && known.contains(flag) {
                let holder = format!("profile {}", quoted(profile)).into();
                let stores = format!("its own and {}", quoted(store.name())).into();
                return Err(Refusal::TwoStoresOfAKind(holder, kind, stores).into());
            }
        }
        let entry_id = self.profiles.add_store(current, service);
        self.tell_sessions_on(current);
        Ok(entry_id)
    }

    /// A store leaves a profile. What is open of it stays so.
    pub(crate) fn remove_store(&mut self, profile: &str, store: &EntryId) -> Result<()> {
        let uid = provider_uid(store.as_bytes()).unwrap_or_default();
        self.profiles.remove_store(profile, uid, store)?;
        let current = self.profiles.existing(profile)?;
        self.tell_sessions_on(current);
        Ok(())
    }

    /// Those on any version of a profile.
    fn tell_sessions_on(&mut self, profile: ProfileKey) {
        let versions = self.profiles.all_versions(profile);
        for session in self.sessions_by_age(&|session| versions.contains(&session.profile)) {
            self.tell_of_changed_rows(session);
        }
    }
}

impl Profiles {
    fn all_versions(&self, of: ProfileKey) -> Vec<ProfileKey> {
        self.common[self.versions[of].common].versions.clone()
    }

    /// Adds a service of one store to all versions of a profile. Gives the store's identifier.
    fn add_store(&mut self, current: ProfileKey, service: Service) -> EntryId {
        let versions = self.all_versions(current);
        let mut profile = self.versions[current].clone();
        self.add_service(&mut profile, service, None);
        profile.settle_primary_identity();
        let services = profile.services.last().cloned();
        let providers = profile.providers.last().copied();
        self.replace(current, profile);
        for version in versions.into_iter().filter(|it| *it != current) {
            let mut profile = self.versions[version].clone();
            profile.services.extend(services.clone());
            profile.providers.extend(providers);
            self.replace(version, profile);
        }
        let store = providers.map(|it| {
            let versions = self.all_versions(current);
            versions.iter().for_each(|_| self.keep_provider(it.key));
            self.providers[it.key].entry_id(0)
        });
        store.unwrap_or_else(|| EntryId::new([]))
    }

    /// The same version, with more in it.
    fn replace(&mut self, key: ProfileKey, mut profile: Profile) {
        self.put_in_order(&mut profile);
        self.versions[key] = profile;
    }

    fn remove_store(&mut self, profile: &str, uid: MapiUid, store: &EntryId) -> Result<()> {
        self.change(profile, |profiles, profile| {
            let found = profile.find(uid).copied();
            let found = found.filter(|it| profiles.providers[it.key].is_store());
            let Some(found) = found else {
                return Err(Refusal::NoStore(hex(store.as_bytes())).into());
            };
            profile.providers.retain(|it| it.uid != uid);
            if !profile.has_provider_of(found.service) {
                profile.services.retain(|it| it.uid != found.service);
            }
            profile.succeed_primary_identity_of(&[found]);
            Ok(())
        })?;
        let current = self.existing(profile)?;
        for version in self.all_versions(current) {
            let version = &mut self.versions[version];
            if let Some(position) = version.position(uid) {
                version.providers[position].is_removed = true;
            }
        }
        Ok(())
    }
}
