//! QueryIdentity and EnumAdrTypes: what the providers give a session (M7, M11).

use std::collections::HashSet;

use super::profile::ProfileProvider;
use super::provider::{MAPI_UID, entry_id};
use super::slab::ClientKey;
use super::step::Step;
use super::tables::has_status;
use super::{Logon, Outcome, State};
use crate::error::{Success, Warning};
use crate::flags::ResourceFlags;
use crate::memory::error::Refusal;
use crate::{EntryId, HResult};

/// The number of the object that represents a session which nobody represents: it opens nothing.
const NOBODY: u32 = u32::MAX;

impl State {
    /// IMAPISession::QueryIdentity (rule M7).
    pub(in crate::memory) fn query_identity(
        &mut self,
        client: ClientKey,
    ) -> Step<Outcome<EntryId>> {
        Step::checked(|| {
            let on = self.live(client)?;
            let ready = match on.profile.has_transports && self.has_sender(&on) {
                true => self.need_transports(client),
                false => Step::Done(()),
            };
            Ok(ready.then(self, move |state, ()| {
                Step::Done(state.live(client).map(|on| match state.identity(&on) {
                    Some(identity) => Success::new(identity),
                    None => Success::from_parts(
                        entry_id(MAPI_UID, NOBODY),
                        Warning::new(HResult::MAPI_W_NO_SERVICE),
                    ),
                }))
            }))
        })
    }

    /// Whether a transport has an identity to give.
    fn has_sender(&self, on: &Logon<'_>) -> bool {
        let mut providers = on.profile.providers.iter();
        providers.any(|it| it.has_identity && self.profiles.providers[it.key].is_transport())
    }

    /// The primary identity, else the first. All providers of the primary service are flagged.
    fn identity(&self, on: &Logon<'_>) -> Option<EntryId> {
        let mut given = self.represented(on).filter(|it| it.has_identity).peekable();
        let first = given.peek().copied();
        let is_primary = |it: &&ProfileProvider| {
            let flags = self.status_flags(on.session, it);
            flags.contains(ResourceFlags::PRIMARY_IDENTITY)
        };
        let it = given.find(is_primary).or(first)?;
        let identity = self.profiles.providers[it.key].identity.as_ref()?;
        Some(identity.entry_id.clone())
    }

    /// The providers that are logged on and have a row in the status table.
    fn represented<'a>(&'a self, on: &Logon<'a>) -> impl Iterator<Item = &'a ProfileProvider> {
        let (session, wants_mail) = (on.session, on.client.wants_mail());
        on.profile.in_order().filter(move |it| {
            let provider = &self.profiles.providers[it.key];
            self.is_logged_on(session, it.key) && has_status(provider, true, wants_mail)
        })
    }

    /// IMAPISession::EnumAdrTypes (rule M11).
    pub(in crate::memory) fn enum_adr_types(
        &mut self,
        client: ClientKey,
        flags: u32,
    ) -> Step<Result<Vec<String>, Refusal>> {
        Step::checked(|| {
            self.live(client)?;
            self.check_unicode(flags)?;
            let ready = self.need_transports(client);
            Ok(ready.then(self, move |state, ()| {
                Step::Done(state.live(client).map(|on| state.address_types(&on)))
            }))
        })
    }

    fn address_types(&self, on: &Logon<'_>) -> Vec<String> {
        let mut types = Vec::new();
        if on.client.wants_mail() {
            let active = on.profile.in_order().map(|it| it.key);
            let active = active.filter(|key| self.is_logged_on(on.session, *key));
            let mut known = HashSet::new();
            for address_type in active.flat_map(|key| &self.profiles.providers[key].address_types) {
                if known.insert(address_type) {
                    types.push(address_type.clone());
                }
            }
        }
        types
    }
}
