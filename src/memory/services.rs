//! Message service administration (M9): what it changes is for the sessions that begin afterwards.

use std::fmt;
use std::sync::Arc;

use super::not_zero;
use super::profiles::{Discarded, StoredProfile};
use super::sharing::Client;
use crate::subsystem::{Failure, RawResult, RawServiceAdmin, Success};
use crate::types::Hex;
use crate::{HResult, MapiUid, MsgServiceTable, ResourceFlags, ServiceFlags, ServiceRow};

/// A message service administration object of the subsystem in memory. Dropping it is Release.
pub struct MemoryServiceAdmin {
    client: Arc<Client>,
}

impl MemoryServiceAdmin {
    pub(super) fn new(client: &Arc<Client>) -> Self {
        Self {
            client: Arc::clone(client),
        }
    }

    fn change(
        &self,
        change: impl FnOnce(&mut StoredProfile, &mut u64) -> Result<(), Failure>,
    ) -> RawResult<()> {
        let profile = self.client.profile().name();
        let mut state = self.client.system().state.lock();
        let discarded: Result<Discarded, _> = state.profiles.change(profile, change);
        drop(state);
        discarded?;
        Ok(Success::new(()))
    }
}

impl RawServiceAdmin for MemoryServiceAdmin {
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        self.client.check()?;
        self.client.check_unicode(flags)?;
        let name = self.client.profile().name();
        let state = self.client.system().state.lock();
        let changed = state.profiles.find(name).map(Arc::clone);
        drop(state);
        // One that is to be deleted is as the session knows it.
        let profile = changed.as_deref().unwrap_or(self.client.profile());
        let rows = profile.services().iter().map(|service| ServiceRow {
            uid: service.uid,
            name: service.name.clone(),
            display_name: service.display_name.clone(),
            resource_flags: profile.service_flags(service.uid),
            dll_name: String::new(),
            entry_name: String::new(),
            support_files: Vec::new(),
            instance_key: service.uid.0.into(),
        });
        Ok(Success::new(rows.collect()))
    }

    fn create_msg_service(&self, service: &str, display_name: &str, flags: u32) -> RawResult<()> {
        const SERVICE_UI_ALWAYS: u32 = 0x2;
        const SERVICE_UI_ALLOWED: u32 = 0x10;
        const SERVICE_NO_RESTART_WARNING: u32 = 0x80;
        let of_dialogs = SERVICE_UI_ALWAYS | SERVICE_UI_ALLOWED | SERVICE_NO_RESTART_WARNING;
        self.client.check()?;
        self.client.check_unicode(flags & !of_dialogs)?;
        let installed = &self.client.system().options.installed;
        let Some(description) = installed.iter().find(|known| known.name == service) else {
            return Err(Failure::new(HResult::MAPI_E_NOT_FOUND)
                .because(format!("no service {service:?} is installed")));
        };
        self.change(|profile, last_uid| {
            profile.install(description.clone(), display_name, last_uid);
            Ok(())
        })
    }

    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        self.client.check()?;
        self.change(|profile, _| {
            profile.check_service(uid)?;
            profile.remove_service(uid);
            Ok(())
        })
    }

    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        self.client.check()?;
        if flags != 0 {
            return Err(not_zero("ulFlags", flags));
        }
        self.change(|profile, _| {
            if let Some(uid) = uid {
                profile.check_service(uid)?;
                if !profile.has_identity(uid) {
                    return Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!(
                        "no provider of the service {} has an identity to give",
                        Hex(&uid.0)
                    )));
                }
            }
            profile.set_primary_identity(uid);
            Ok(())
        })
    }
}

impl fmt::Debug for MemoryServiceAdmin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryServiceAdmin")
    }
}

impl StoredProfile {
    fn check_service(&self, uid: MapiUid) -> Result<(), Failure> {
        if self.services().iter().any(|service| service.uid == uid) {
            return Ok(());
        }
        Err(Failure::new(HResult::MAPI_E_NOT_FOUND)
            .because(format!("the profile has no service {}", Hex(&uid.0))))
    }

    fn service_flags(&self, uid: MapiUid) -> ServiceFlags {
        let providers = self.providers().iter().zip(self.flags());
        let of_service = providers.filter(|(provider, _)| provider.service == uid);
        let all = of_service.fold(ResourceFlags::empty(), |all, (_, flags)| all | *flags);
        let is_primary = all.contains(ResourceFlags::PRIMARY_IDENTITY);
        let mut flags = ServiceFlags::empty();
        flags.set(
            ServiceFlags::DEFAULT_STORE,
            all.contains(ResourceFlags::DEFAULT_STORE),
        );
        flags.set(ServiceFlags::PRIMARY_IDENTITY, is_primary);
        flags.set(ServiceFlags::NO_PRIMARY_IDENTITY, !is_primary);
        flags
    }

    fn has_identity(&self, uid: MapiUid) -> bool {
        let mut of_service = self.providers().iter().filter(|it| it.service == uid);
        of_service.any(|provider| provider.identity.is_some())
    }
}
