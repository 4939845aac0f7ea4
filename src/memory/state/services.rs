//! Message service administration (M9): what it changes is for the sessions that begin afterwards.

use super::{ClientKey, Profile, Refusal, Result, State, quoted};
use crate::MapiUid;
use crate::flags::{ResourceFlags, ServiceFlags};
use crate::table::{MsgServiceTable, ServiceRow};

impl State {
    /// IMAPISession::AdminServices (rule M9).
    pub(crate) fn admin_services(&self, client: ClientKey, flags: u32) -> Result<()> {
        self.live(client)?;
        super::check_zero("ulFlags", flags)
    }

    /// Of a profile that is to be deleted, it is as the session knows it.
    pub(crate) fn msg_service_table(
        &self,
        client: ClientKey,
        flags: u32,
    ) -> Result<MsgServiceTable> {
        let on = self.live(client)?;
        self.check_unicode(flags)?;
        let current = self.profiles.find(&on.profile.name);
        let current = current.map(|key| &self.profiles.versions[key]);
        let profile = current.unwrap_or(on.profile);
        let flags = service_flags(profile);
        let rows = profile.services.iter().zip(flags);
        let rows = rows.map(|(service, resource_flags)| {
            ServiceRow::new(service.uid, service.name.clone())
                .with_display_name(service.display_name.clone())
                .with_resource_flags(resource_flags)
                .with_instance_key(*service.uid.as_bytes())
        });
        Ok(rows.collect())
    }

    pub(crate) fn create_msg_service(
        &mut self,
        client: ClientKey,
        service: &str,
        display_name: &str,
        flags: u32,
    ) -> Result<()> {
        const SERVICE_UI_ALWAYS: u32 = 0x2;
        const SERVICE_UI_ALLOWED: u32 = 0x10;
        const SERVICE_NO_RESTART_WARNING: u32 = 0x80;
        let of_dialogs = SERVICE_UI_ALWAYS | SERVICE_UI_ALLOWED | SERVICE_NO_RESTART_WARNING;
        let profile = self.live(client)?.profile.name.clone();
        self.check_unicode(flags & !of_dialogs)?;
        let mut installed = self.options.installed.iter();
        let Some(found) = installed.find(|known| known.name == service) else {
            return Err(Refusal::NotInstalled(quoted(service)).into());
        };
        let installed = found.clone();
        self.profiles.install(&profile, installed, display_name)
    }

    pub(crate) fn delete_msg_service(&mut self, client: ClientKey, uid: MapiUid) -> Result<()> {
        let profile = self.live(client)?.profile.name.clone();
        self.profiles.remove_service(&profile, uid)
    }

    pub(crate) fn set_primary_identity(
        &mut self,
        client: ClientKey,
        uid: Option<MapiUid>,
        flags: u32,
    ) -> Result<()> {
        let profile = self.live(client)?.profile.name.clone();
        super::check_zero("ulFlags", flags)?;
        self.profiles.set_primary_identity(&profile, uid)
    }
}

/// PR_RESOURCE_FLAGS of each service, in their order.
fn service_flags(profile: &Profile) -> Vec<ServiceFlags> {
    let flags = profile.services.iter().map(|service| {
        let providers = profile.of_service(service.uid).map(|it| it.flags);
        let all = providers.fold(ResourceFlags::empty(), ResourceFlags::union);
        let is_primary = all.contains(ResourceFlags::PRIMARY_IDENTITY);
        let mut flags = ServiceFlags::empty();
        flags.set(
            ServiceFlags::DEFAULT_STORE,
            all.contains(ResourceFlags::DEFAULT_STORE),
        );
        flags.set(ServiceFlags::PRIMARY_IDENTITY, is_primary);
        flags.set(ServiceFlags::NO_PRIMARY_IDENTITY, !is_primary);
        flags.set(ServiceFlags::SINGLE_COPY, service.single_copy);
        flags
    });
    flags.collect()
}
