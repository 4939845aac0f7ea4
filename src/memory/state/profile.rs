//! A profile as a session knows it, and its sections.

use std::collections::HashMap;
use std::mem::take;

use super::slab::CommonKey;
use super::{ProfileKey, ProviderKey, Refusal, Result, quoted};
use crate::MapiUid;
use crate::flags::ResourceFlags;
use crate::memory::content::Bag;
use crate::property::{PropTag, Property};

/// A version of a profile. A change makes a new one: a session has the one that it began with.
#[derive(Clone)]
pub(super) struct Profile {
    pub(super) name: Box<str>,
    pub(super) app: bool,
    pub(super) services: Vec<Service>,
    /// By identifier, which is the order in which they came into the profile.
    pub(super) providers: Vec<ProfileProvider>,
    /// The positions of the providers in their start and log-off order (L9, E9).
    pub(super) order: Vec<usize>,
    /// What the providers register besides their first identifiers (M18), in their order.
    pub(super) further_uids: Vec<(MapiUid, ProviderKey)>,
    /// Some store is gone from the profile once a session on it has ended (M1).
    pub(super) has_temporary: bool,
    /// The same by service.
    pub(super) by_service: Vec<usize>,
    /// Some provider has to be called when a session begins or ends.
    pub(super) has_calls: bool,
    pub(super) has_transports: bool,
    /// What all versions of the profile have in common.
    pub(super) common: CommonKey,
    /// How many sessions have this version.
    pub(super) sessions: usize,
    /// The sessions that begin from now on have it.
    pub(super) is_current: bool,
}

/// A message service of a profile.
#[derive(Clone)]
pub(super) struct Service {
    pub(super) uid: MapiUid,
    pub(super) name: String,
    pub(super) display_name: String,
    /// SERVICE_SINGLE_COPY
    pub(super) single_copy: bool,
    pub(super) has_entry_point: bool,
}

/// A provider of a profile, and what the profile says of it.
#[derive(Clone, Copy)]
pub(super) struct ProfileProvider {
    pub(super) uid: MapiUid,
    pub(super) key: ProviderKey,
    pub(super) service: MapiUid,
    pub(super) flags: ResourceFlags,
    pub(super) has_identity: bool,
    /// Its description gives the session the primary identity, whoever does so by now.
    pub(super) may_be_primary: bool,
    /// It has left the profile, and a session of this version has it until its end (N13).
    pub(super) is_removed: bool,
    /// Its place among the providers: its own number, until MsgServiceTransportOrder has transports
    /// exchange theirs.
    pub(super) place: u32,
}

/// What all versions of a profile have in common.
#[derive(Default)]
pub(super) struct Common {
    pub(super) versions: Vec<ProfileKey>,
    pub(super) sections: HashMap<MapiUid, Section>,
}

/// A profile section.
#[derive(Default)]
pub(super) struct Section {
    pub(super) props: Bag,
    pub(super) owner: Owner,
    pub(super) readers: usize,
    pub(super) has_writer: bool,
}

/// Whose a section is.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Owner {
    /// Nobody's: a client has made it.
    #[default]
    Clients,
    /// The profile's own: described, or the global one. It is there also where it is empty.
    Profile,
    /// MAPI's: it is only read.
    Mapi,
    /// A message service's own.
    Service,
    Provider,
}

impl Profile {
    pub(super) fn new(name: &str, app: bool, common: CommonKey) -> Self {
        Self {
            name: name.into(),
            app,
            services: Vec::new(),
            providers: Vec::new(),
            order: Vec::new(),
            further_uids: Vec::new(),
            has_temporary: false,
            by_service: Vec::new(),
            has_calls: false,
            has_transports: false,
            common,
            sessions: 0,
            is_current: false,
        }
    }

    /// The provider with this identifier, unless it has left.
    pub(super) fn find(&self, uid: MapiUid) -> Option<&ProfileProvider> {
        let found = &self.providers[self.position(uid)?];
        (!found.is_removed).then_some(found)
    }

    pub(super) fn position(&self, uid: MapiUid) -> Option<usize> {
        let providers = &self.providers;
        let position = providers.binary_search_by_key(&uid, |provider| provider.uid);
        position.ok()
    }

    /// The providers in their start and log-off order (L9, E9).
    pub(super) fn in_order(&self) -> impl Iterator<Item = &ProfileProvider> {
        self.order.iter().map(|&position| &self.providers[position])
    }

    /// Adds a provider in its place.
    pub(super) fn add(&mut self, it: ProfileProvider) {
        let position = self.providers.partition_point(|other| other.uid < it.uid);
        self.providers.insert(position, it);
    }

    /// Whether a service has a provider left, while some are taken away.
    pub(super) fn has_provider_of(&self, service: MapiUid) -> bool {
        self.providers.iter().any(|it| it.service == service)
    }

    /// Those of one service, of a version that is [in order](super::Profiles::put_in_order).
    pub(super) fn of_service(&self, uid: MapiUid) -> impl Iterator<Item = &ProfileProvider> {
        let at = |position: &usize| &self.providers[*position];
        let first = self.by_service.partition_point(|it| at(it).service < uid);
        let from_first = self.by_service[first..].iter().map(at);
        from_first.take_while(move |it| it.service == uid)
    }

    /// The service with this identifier.
    pub(super) fn service(&self, uid: MapiUid) -> Option<&Service> {
        let position = self.services.binary_search_by_key(&uid, |it| it.uid);
        Some(&self.services[position.ok()?])
    }

    /// Whether a section that somebody owns belongs to a service or a provider of this profile.
    pub(super) fn owns(&self, uid: MapiUid) -> bool {
        self.find(uid).is_some() || self.service(uid).is_some()
    }

    /// Sets the flag on this provider, and on no other.
    pub(super) fn set_flag(&mut self, flag: ResourceFlags, uid: Option<MapiUid>) {
        for provider in &mut self.providers {
            provider.flags.set(flag, uid == Some(provider.uid));
        }
    }

    /// The primary identity is that of this service, and of no other.
    pub(super) fn set_primary_identity(&mut self, service: Option<MapiUid>) {
        for provider in &mut self.providers {
            let is_primary = service == Some(provider.service);
            provider
                .flags
                .set(ResourceFlags::PRIMARY_IDENTITY, is_primary);
            provider
                .flags
                .set(ResourceFlags::NO_PRIMARY_IDENTITY, !is_primary);
        }
    }

    /// The first service that would give the primary identity does.
    pub(super) fn settle_primary_identity(&mut self) {
        let mut providers = self.providers.iter();
        let is_primary = |it: &&ProfileProvider| it.flags.contains(ResourceFlags::PRIMARY_IDENTITY);
        if let Some(first) = providers.find(is_primary) {
            self.set_primary_identity(Some(first.service));
        }
    }

    /// These are gone. Where one of them gave the primary identity, the next service that would does.
    pub(super) fn succeed_primary_identity_of(&mut self, gone: &[ProfileProvider]) {
        let is_primary = |it: &ProfileProvider| it.flags.contains(ResourceFlags::PRIMARY_IDENTITY);
        if !gone.iter().any(is_primary) || self.providers.iter().any(is_primary) {
            return;
        }
        let next = self.providers.iter().find(|it| it.may_be_primary);
        self.set_primary_identity(next.map(|it| it.service));
    }

    /// Whether one more service of this name can be added (M9).
    pub(super) fn check_copies(&self, name: &str, single_copy: bool) -> Result<()> {
        let mut services = self.services.iter().filter(|it| it.name == name);
        match services.any(|it| single_copy || it.single_copy) {
            true => Err(Refusal::SingleCopy(quoted(name)).into()),
            false => Ok(()),
        }
    }

    /// Which kinds of stores it has of which there is one at most.
    pub(super) fn singular_stores(&self) -> ResourceFlags {
        let all = self.providers.iter().map(|it| it.flags);
        all.fold(ResourceFlags::empty(), ResourceFlags::union)
            & (ResourceFlags::DEFAULT_STORE
                | ResourceFlags::PRIMARY_STORE
                | ResourceFlags::SECONDARY_STORE)
    }

    /// Takes the temporary stores away, and the services that had nothing else.
    pub(super) fn drop_temporary(&mut self) {
        let is_temporary = |it: &ProfileProvider| it.flags.contains(ResourceFlags::TEMP_SECTION);
        let (gone, left) = take(&mut self.providers)
            .into_iter()
            .partition(is_temporary);
        let gone: Vec<_> = gone;
        self.providers = left;
        let services = take(&mut self.services).into_iter();
        self.services = services
            .filter(|service| {
                let had_one = gone.iter().any(|it| it.service == service.uid);
                !had_one || self.has_provider_of(service.uid)
            })
            .collect();
        self.succeed_primary_identity_of(&gone);
    }
}

impl Section {
    pub(super) fn new(owner: Owner, props: impl IntoIterator<Item = Property>) -> Self {
        Self {
            props: props.into_iter().collect(),
            owner,
            ..Self::default()
        }
    }

    pub(super) fn of_provider(name: &str) -> Self {
        Self::new(
            Owner::Provider,
            [Property::new(PropTag::DISPLAY_NAME, name)],
        )
    }

    pub(super) fn of_service(service: &Service) -> Self {
        let props = [
            Property::new(PropTag::DISPLAY_NAME, &*service.display_name),
            Property::new(PropTag::SERVICE_NAME, &*service.name),
        ];
        Self::new(Owner::Service, props)
    }

    /// One with the same properties, that nobody has open.
    pub(super) fn copied(&self) -> Self {
        Self {
            props: self.props.clone(),
            owner: self.owner,
            ..Self::default()
        }
    }

    /// Whether it is gone with the service or the provider that it belongs to.
    pub(super) fn has_owner(&self) -> bool {
        matches!(self.owner, Owner::Service | Owner::Provider)
    }

    pub(super) fn is_open(&self) -> bool {
        self.has_writer || self.readers > 0
    }
}
