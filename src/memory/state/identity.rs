//! QueryIdentity and EnumAdrTypes: what the providers give a session (M7, M11).

use std::collections::HashSet;

use super::provider::entry_id;
use super::{ClientKey, Logon, MAPI_UID, Outcome, Result, State, Step, one_off};
use crate::error::{Success, Warning};
use crate::flags::ResourceFlags;
use crate::{EntryId, HResult};

/// The number of the object that represents a session which nobody represents: it opens nothing.
const NOBODY: u32 = u32::MAX;

impl State {
    /// IMAPISession::QueryIdentity (rule M7).
    pub(crate) fn query_identity(&mut self, client: ClientKey) -> Step<Outcome<EntryId>> {
        Step::checked(|| {
            let on = self.live(client)?;
            if !on.profile.has_transports || !self.has_sender(&on) {
                return Ok(Step::Done(Ok(self.identity(&on))));
            }
            Ok(self.with_transports(client, Self::identity))
        })
    }

    /// Whether a transport would tell an identity, if it were started.
    fn has_sender(&self, on: &Logon<'_>) -> bool {
        let mut providers = on.profile.providers.iter();
        providers.any(|it| {
            let tells = it.has_identity || it.flags.contains(ResourceFlags::PRIMARY_IDENTITY);
            tells && self.profiles.providers[it.key].is_transport()
        })
    }

    /// What the tagged row of the status table tells, else the first identifier that any row tells.
    fn identity(&self, on: &Logon<'_>) -> Success<EntryId> {
        let mut tagged = self.identities(on).filter(|(is_primary, _)| *is_primary);
        let tagged = tagged.next().map(|(_, it)| match it.entry_id() {
            Some(entry_id) => entry_id.clone(),
            None => one_off::entry_id(it.display_name(), it.search_key()),
        });
        let mut others = self.identities(on);
        let first = || others.find_map(|(_, it)| it.entry_id().cloned());
        match tagged.or_else(first) {
            Some(identity) => Success::new(identity),
            None => Success::from_parts(
                entry_id(MAPI_UID, NOBODY),
                Warning::new(HResult::MAPI_W_NO_SERVICE),
            ),
        }
    }

    /// IMAPISession::EnumAdrTypes (rule M11).
    pub(crate) fn enum_adr_types(
        &mut self,
        client: ClientKey,
        flags: u32,
    ) -> Step<Result<Vec<String>>> {
        Step::checked(|| {
            self.live(client)?;
            self.check_text_flags(flags)?;
            Ok(self.with_transports(client, Self::address_types))
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
