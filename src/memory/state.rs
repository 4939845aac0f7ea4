//! The rules of the in-memory MAPI, as functions over plain data.
//!
//! A call of a client is a function of [`State`]. It decides and changes the state at once; what has
//! to happen outside, where no lock is held, it asks for: a [`Step`] that needs an answer, or a
//! message in the [`Outbox`] that needs none. So nothing here waits, or runs anybody else's code.

mod admin;
mod advise;
mod arrival;
mod attachments;
mod drafts;
mod entries;
mod fast_shutdown;
mod folders;
mod forms;
mod identity;
mod last_error;
mod live_stores;
mod live_tables;
mod logoff;
mod logon;
mod mail;
mod object;
mod one_off;
mod outgoing;
mod profile;
mod profiles;
mod props;
mod provider;
mod providers;
mod release;
mod sections;
mod services;
mod session;
mod slab;
mod status;
mod step;
mod stored_objects;
mod stores;
mod subscribers;
mod tables;
mod viewed;
mod views;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::mem::take;

use admin::Admin;
pub(super) use admin::CreateProfileCall;
pub(super) use advise::asked_for;
pub(super) use entries::Entry;
pub(super) use forms::FormRequest;
use live_tables::OpenTable;
pub(super) use live_tables::TableKind;
use logon::Turn;
pub(super) use logon::{How, LogonCall};
use object::{Access, Kind, Object, Provided, Registration};
use profile::{Profile, ProfileProvider, Service};
use profiles::Profiles;
use provider::{MAPI_UID, PROVIDERS_OWN, Provider, ProviderKind};
use sections::OpenSection;
pub(super) use sections::{MUID_PROFILE_INSTANCE, SectionKey, problem_with};
pub(super) use services::CreateCall;
use session::{Client, LogonState, Progress, ProviderState, Session};
pub(super) use slab::{AdminKey, ClientKey, ObjectKey};
use slab::{
    OfAdmin, OfClient, OfObject, OfOpening, OfSession, ProfileKey, ProviderKey, SessionKey, Slab,
};
pub(super) use step::{Message, Outbox, Report, Step};
use stores::OpenStore;
pub(super) use subscribers::Delivery;
use subscribers::{Held, Subscribers};

use super::describe::{Builder, Store};
use super::error::{Refusal, Result, hex, quoted};
use super::notifier::{Notifier, ToNotifier};
use super::provider::Hook;
use crate::error::Failure;
use crate::flags::{InitFlags, ResourceFlags};
use crate::types::provider_uid;
use crate::{EntryId, subsystem};

/// What a rule of a client's call comes to.
pub(super) type Outcome<T> = subsystem::RawResult<T>;

/// All that the in-memory MAPI knows.
#[derive(Default)]
pub(super) struct State {
    /// What it was built with, but for the profiles and the answers.
    options: Builder,
    /// How often the library is initialised (I2).
    initialized: usize,
    /// One of these initialisations was a service's (L12).
    is_service: bool,
    /// The thread on which sinks are told, where there is one (N14).
    notifier: Option<Notifier>,
    /// How many sessions were released live (E11).
    released_live: usize,
    turn: Turn,
    profiles: Profiles,
    sessions: Slab<OfSession, Session>,
    /// The shared sessions that are open, by age.
    shared: BTreeMap<u64, SessionKey>,
    clients: Slab<OfClient, Client>,
    last_client: u64,
    objects: Slab<OfObject, Object>,
    admins: Slab<OfAdmin, Admin>,
    /// The profile sections that are open without a session.
    open_sections: Slab<OfOpening, OpenSection>,
    /// Who registered for the events of an object, by its identifier without the flags.
    subscribers: HashMap<Box<[u8]>, Subscribers>,
    held: Held,
    outbox: Outbox,
}

/// A client that is live, with its session and its profile.
struct Logon<'a> {
    client: &'a Client,
    session: &'a Session,
    profile: &'a Profile,
}

// The library, and what its tests ask.
impl State {
    pub(super) fn new(options: Builder) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Of MAPIInitialize (rule I3).
    pub(super) fn check_init(version: u32, flags: u32) -> Result<()> {
        check_flags(&InitFlags::from(flags))?;
        check_zero("ulVersion", version)
    }

    /// MAPIInitialize, by a service or not (L12); with a thread, where it asks for one. Gives the thread
    /// back that is one too many (N14).
    pub(super) fn initialize(
        &mut self,
        is_service: bool,
        notifier: Option<Notifier>,
    ) -> Option<Notifier> {
        self.initialized += 1;
        self.is_service |= is_service;
        match self.notifier {
            None => {
                self.notifier = notifier;
                None
            }
            Some(_) => notifier,
        }
    }

    /// I2: one too many changes nothing. After the last one the thread has to end.
    pub(super) fn uninitialize(&mut self) -> Option<Notifier> {
        self.initialized = self.initialized.saturating_sub(1);
        self.is_service &= self.initialized > 0;
        match self.initialized {
            0 => self.notifier.take(),
            _ => None,
        }
    }

    /// Whoever tells sinks, where that is a thread of its own.
    pub(super) fn notifier(&self) -> Option<ToNotifier> {
        self.notifier.as_ref().map(Notifier::handle)
    }

    /// Whether anything is to happen outside now.
    pub(super) fn has_outbox(&self) -> bool {
        !self.outbox.is_empty() || !self.profiles.discarded.is_empty()
    }

    /// What is to happen outside now, and the hooks of providers that have gone with their profiles,
    /// to be dropped there.
    pub(super) fn take_outbox(&mut self) -> (Outbox, Vec<Hook>) {
        (take(&mut self.outbox), take(&mut self.profiles.discarded))
    }

    pub(super) fn has_profile(&self, name: &str) -> bool {
        self.profiles.find(name).is_some()
    }

    pub(super) fn open_sessions(&self) -> usize {
        self.sessions.len()
    }

    pub(super) fn released_live(&self) -> usize {
        self.released_live
    }

    /// A client for a person to read.
    pub(super) fn describe_client(&self, client: ClientKey) -> String {
        match self.find(client) {
            Some(on) => format!("client {} on {:?}", on.client.number, on.profile.name),
            None => "logged off".into(),
        }
    }

    /// The entry identifier of what a profile holds: a provider, or an object in it.
    pub(super) fn entry_id(&self, profile: &str, path: &[&str]) -> Option<EntryId> {
        let (name, path) = path.split_first()?;
        let profile = &self.profiles.versions[self.profiles.find(profile)?];
        let providers = profile.providers.iter();
        let mut providers = providers.map(|it| &self.profiles.providers[it.key]);
        let provider = providers.find(|provider| provider.name == *name)?;
        Some(provider.entry_id(provider.find(path)?))
    }

    /// The same of a store outside the profiles.
    pub(super) fn store_outside(&self, path: &[&str]) -> Option<EntryId> {
        let (name, path) = path.split_first()?;
        let mut stores = self.profiles.outside();
        let store = stores.find(|store| store.name == *name)?;
        Some(store.entry_id(store.find(path)?))
    }
}

// The stores outside the profiles. The rules are in `profiles`.
impl State {
    /// One more store that is in no profile.
    pub(super) fn add_outside(&mut self, store: Store) {
        self.profiles.add_outside(store);
    }
}

// What most rules begin with.
impl State {
    fn report(&mut self, report: Report) {
        self.outbox.push(Message::Report(report));
    }

    pub(super) fn check_initialized(&self) -> Result<()> {
        match self.initialized {
            0 => Err(Refusal::NotInitialized.into()),
            _ => Ok(()),
        }
    }

    /// The client, if anything but Release may be called on its session object and what came from
    /// it.
    fn live(&self, client: ClientKey) -> Result<Logon<'_>> {
        self.check_initialized()?;
        self.find(client).ok_or_else(|| Refusal::LoggedOff.into())
    }

    fn find(&self, client: ClientKey) -> Option<Logon<'_>> {
        let client = self.clients.get(client)?;
        let session = &self.sessions[client.session];
        Some(Logon {
            client,
            session,
            profile: &self.profiles.versions[session.profile],
        })
    }

    /// The same identifier, with the first of those that its provider has registered (M18). One that
    /// several have registered is the first one's that is logged on.
    fn canonical<'e>(&self, on: &Logon<'_>, entry_id: &'e [u8]) -> Cow<'e, [u8]> {
        let further = &on.profile.further_uids;
        let uid = match provider_uid(entry_id) {
            Some(uid) if !further.is_empty() && uid != MAPI_UID => uid,
            _ => return Cow::Borrowed(entry_id),
        };
        if on.profile.find(uid).is_some() {
            return Cow::Borrowed(entry_id);
        }
        let keys = further
            .iter()
            .filter(|(it, _)| *it == uid)
            .map(|(_, key)| *key);
        let logged_on = keys.clone().find(|key| self.is_logged_on(on.session, *key));
        match logged_on.or_else(|| keys.clone().next()) {
            Some(key) => {
                let mut bytes = entry_id.to_vec();
                bytes[4..PROVIDERS_OWN]
                    .copy_from_slice(self.profiles.providers[key].uid.as_bytes());
                Cow::Owned(bytes)
            }
            None => Cow::Borrowed(entry_id),
        }
    }

    fn name_of(&self, provider: ProviderKey) -> Box<str> {
        self.profiles.providers[provider].name.as_str().into()
    }

    /// A provider as it stands in a session.
    fn provider_state(&self, session: &Session, it: &ProfileProvider) -> ProviderState {
        let changed = session.providers.get(&it.key).copied();
        changed.unwrap_or_else(|| ProviderState::new(&self.profiles.providers[it.key], it.flags))
    }

    fn is_logged_on(&self, session: &Session, provider: ProviderKey) -> bool {
        self.logon_state(session, provider) == LogonState::LoggedOn
    }

    fn logon_state(&self, session: &Session, provider: ProviderKey) -> LogonState {
        match session.providers.get(&provider) {
            Some(state) => state.logon,
            None => LogonState::at_first(&self.profiles.providers[provider]),
        }
    }

    fn provider_state_mut(
        &mut self,
        session: SessionKey,
        provider: ProviderKey,
    ) -> &mut ProviderState {
        let session = &mut self.sessions[session];
        let known = &self.profiles.providers[provider];
        let it = self.profiles.versions[session.profile].find(known.uid);
        let flags = it.map_or_else(ResourceFlags::empty, |it| it.flags);
        let at_first = ProviderState::new(known, flags);
        session.providers.entry(provider).or_insert(at_first)
    }
}

fn too_short(entry_id: &[u8]) -> Failure {
    Refusal::EntryIdTooShort(hex(entry_id), entry_id.len()).into()
}

fn check_flags<F: bitflags::Flags<Bits = u32>>(flags: &F) -> Result<()> {
    check_bits(flags.bits(), F::all().bits())
}

fn check_bits(bits: u32, defined: u32) -> Result<()> {
    Ok(subsystem::check_flags(bits, defined)?)
}

fn check_zero(parameter: &'static str, value: u32) -> Result<()> {
    Ok(subsystem::check_zero(parameter, value)?)
}

#[cfg(test)]
mod tests;
