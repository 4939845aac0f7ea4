//! Message service administration (M9, P5 to P11): what it changes is for the sessions that begin
//! afterwards.

use super::admin::{Target, Whose};
use super::sections::SectionKey;
use super::slab::AdminKey;
use super::tables::instance_key;
use super::{
    Outcome, Profile, ProfileProvider, Refusal, Result, State, Step, check_bits, check_zero, hex,
    quoted,
};
use crate::error::Success;
use crate::flags::{MsgServiceFlags, ProfileFlags, ResourceFlags, ServiceFlags};
use crate::memory::{describe::Service, user::Question};
use crate::property::Property;
use crate::table::{MsgServiceTable, ProviderRow, ProviderTable, ServiceRow};
use crate::{MapiUid, UiParam};

/// A call that creates a service or a provider.
pub(crate) struct CreateCall<'a> {
    pub(crate) name: &'a str,
    pub(crate) display_name: &'a str,
    pub(crate) parent: UiParam,
    pub(crate) flags: u32,
}

// IMsgServiceAdmin.
impl State {
    /// P5. Of a profile that is to be deleted, it is as the session knows it.
    pub(crate) fn msg_service_table(&self, admin: AdminKey, flags: u32) -> Result<MsgServiceTable> {
        let target = self.target(admin)?;
        self.check_unicode(flags)?;
        let profile = &self.profiles.versions[target.shown];
        let mut rows: Vec<_> = (profile.services.iter())
            .map(|service| {
                ServiceRow::new(service.uid, service.name.clone())
                    .with_display_name(service.display_name.clone())
                    .with_resource_flags(service_flags(profile, service))
                    .with_instance_key(*service.uid.as_bytes())
            })
            .collect();
        rows.sort_by(|one, other| one.display_name().cmp(other.display_name()));
        Ok(rows.into_iter().collect())
    }

    /// IMsgServiceAdmin2::CreateMsgServiceEx (P6).
    pub(crate) fn create_msg_service(
        &mut self,
        admin: AdminKey,
        call: &CreateCall<'_>,
    ) -> Step<Result<MapiUid>> {
        Step::checked(|| {
            self.target(admin)?;
            let allowed = MsgServiceFlags::all() - MsgServiceFlags::UI_READ_ONLY;
            self.check_unicode(call.flags & !allowed.bits())?;
            let mut installed = self.options.installed.iter();
            let Some(found) = installed.find(|known| known.name == call.name) else {
                return Err(Refusal::NotInstalled(quoted(call.name)).into());
            };
            let mut service = found.clone();
            let display_name: Box<str> = call.display_name.into();
            if !shows(call.flags, service.is_unconfigured()) {
                return Ok(Step::Done(self.install(admin, service, &display_name)));
            }
            let name = service.name.clone();
            Ok(ask_to_configure(
                name,
                false,
                call.parent,
                move |state, answer| {
                    Step::Done(answer.and_then(|()| {
                        service.configure();
                        state.install(admin, service, &display_name)
                    }))
                },
            ))
        })
    }

    fn install(
        &mut self,
        admin: AdminKey,
        service: Service,
        display_name: &str,
    ) -> Result<MapiUid> {
        let profile = self.name_to_change(self.target(admin)?)?;
        self.profiles.install(&profile, service, display_name)
    }

    pub(crate) fn delete_msg_service(&mut self, admin: AdminKey, uid: MapiUid) -> Result<()> {
        let profile = self.name_to_change(self.target(admin)?)?;
        self.profiles.remove_service(&profile, uid)
    }

    /// P8. A destination of another subsystem is none here.
    pub(crate) fn copy_msg_service(
        &mut self,
        admin: AdminKey,
        uid: MapiUid,
        destination: Option<AdminKey>,
        parent: UiParam,
        flags: u32,
    ) -> Step<Result<()>> {
        Step::checked(|| {
            let target = self.target(admin)?;
            check_bits(flags, MsgServiceFlags::UI_ALWAYS.bits())?;
            let destination = destination.ok_or(Refusal::OtherSubsystem)?;
            let name = self.service_of(target, uid)?.name.clone();
            self.name_to_change(self.target(destination)?)?;
            if !shows(flags, false) {
                return Ok(Step::Done(self.copy_service(admin, uid, destination)));
            }
            Ok(ask_to_configure(
                name,
                false,
                parent,
                move |state, answer| {
                    Step::Done(answer.and_then(|()| state.copy_service(admin, uid, destination)))
                },
            ))
        })
    }

    fn copy_service(&mut self, admin: AdminKey, uid: MapiUid, destination: AdminKey) -> Result<()> {
        let from = self.target(admin)?;
        let to = self.name_to_change(self.target(destination)?)?;
        self.profiles.copy_service(from.shown, uid, &to)
    }

    /// IMsgServiceAdmin::RenameMsgService (P8).
    pub(crate) fn rename_msg_service<T>(&self, admin: AdminKey) -> Result<T> {
        self.target(admin)?;
        Err(Refusal::NotSupported("IMsgServiceAdmin::RenameMsgService").into())
    }

    /// IMsgServiceAdmin::ConfigureMsgService (P7).
    pub(crate) fn configure_msg_service(
        &mut self,
        admin: AdminKey,
        uid: MapiUid,
        parent: UiParam,
        flags: u32,
        props: &[Property],
    ) -> Step<Outcome<()>> {
        Step::checked(|| {
            let target = self.target(admin)?;
            let allowed = MsgServiceFlags::all() - MsgServiceFlags::NO_RESTART_WARNING;
            self.check_unicode(flags & !allowed.bits())?;
            let service = self.service_of(target, uid)?;
            if !service.has_entry_point {
                return Err(Refusal::NoEntryPoint(hex(uid.as_bytes())).into());
            }
            let name = service.name.clone();
            let lacks_some = self.is_unconfigured(target, uid);
            if !shows(flags, lacks_some && props.is_empty()) {
                if lacks_some && props.is_empty() {
                    return Err(Refusal::NotConfigured(hex(uid.as_bytes())).into());
                }
                return Ok(Step::Done(self.configure(admin, uid, props)));
            }
            let read_only = MsgServiceFlags::from(flags).contains(MsgServiceFlags::UI_READ_ONLY);
            let props = props.to_vec();
            Ok(ask_to_configure(
                name,
                read_only,
                parent,
                move |state, answer| {
                    Step::Done(match read_only {
                        true => answer.map(Success::new),
                        false => answer.and_then(|()| state.configure(admin, uid, &props)),
                    })
                },
            ))
        })
    }

    fn is_unconfigured(&self, target: Target, uid: MapiUid) -> bool {
        let mut providers = self.profiles.versions[target.shown].of_service(uid);
        providers.any(|it| self.profiles.providers[it.key].unconfigured)
    }

    /// The service's own section has the properties, and its providers what they need.
    fn configure(&mut self, admin: AdminKey, uid: MapiUid, props: &[Property]) -> Outcome<()> {
        let target = self.target(admin)?;
        self.name_to_change(target)?;
        self.service_of(target, uid)?;
        let providers = self.profiles.versions[target.shown].of_service(uid);
        for key in providers.map(|it| it.key).collect::<Vec<_>>() {
            self.profiles.providers[key].unconfigured = false;
        }
        let section = self.profiles.section(target.common, uid);
        Ok(Success::from_parts(
            (),
            section.and_then(|it| it.configure(props)),
        ))
    }

    pub(super) fn service_of(
        &self,
        target: Target,
        uid: MapiUid,
    ) -> Result<&super::profile::Service> {
        let service = self.profiles.versions[target.shown].service(uid);
        Ok(service.ok_or_else(|| Refusal::NoService(hex(uid.as_bytes())))?)
    }

    /// P12: by IMsgServiceAdmin, and by IProviderAdmin, which writes no provider's own section.
    pub(crate) fn open_section_of_admin(
        &mut self,
        admin: AdminKey,
        uid: MapiUid,
        flags: u32,
    ) -> Result<SectionKey> {
        let target = self.target(admin)?;
        let may_write_providers = target.service.is_none();
        let flags = self.enter_section(target.shown, uid, flags, may_write_providers)?;
        Ok(match target.whose {
            Whose::Client(client) => self.section_of_client(client, uid, flags),
            Whose::Profile(profile) => self.section_without_session(profile, uid, flags),
        })
    }

    /// IMsgServiceAdmin::MsgServiceTransportOrder (P9).
    pub(crate) fn msg_service_transport_order(
        &mut self,
        admin: AdminKey,
        uids: &[MapiUid],
        flags: u32,
    ) -> Result<()> {
        let target = self.target(admin)?;
        check_zero("ulFlags", flags)?;
        let profile = self.name_to_change(target)?;
        self.profiles.order_transports(&profile, uids)
    }

    /// IMsgServiceAdmin::AdminProviders (P11).
    pub(crate) fn admin_providers(
        &mut self,
        admin: AdminKey,
        uid: MapiUid,
        flags: u32,
    ) -> Result<AdminKey> {
        let target = self.target(admin)?;
        check_zero("ulFlags", flags)?;
        self.service_of(target, uid)?;
        Ok(self.open_provider_admin(target.whose, uid))
    }

    /// IMsgServiceAdmin::SetPrimaryIdentity (P10).
    pub(crate) fn set_primary_identity(
        &mut self,
        admin: AdminKey,
        uid: Option<MapiUid>,
        flags: u32,
    ) -> Result<()> {
        let target = self.target(admin)?;
        check_zero("ulFlags", flags)?;
        let profile = self.name_to_change(target)?;
        self.profiles.set_primary_identity(&profile, uid)
    }
}

// The provider tables, and IProviderAdmin.
impl State {
    /// P5: of the profile, or of the one service.
    pub(crate) fn provider_table(&self, admin: AdminKey, flags: u32) -> Result<ProviderTable> {
        let target = self.target(admin)?;
        self.check_unicode(flags)?;
        let profile = &self.profiles.versions[target.shown];
        let mut providers: Vec<_> = profile.providers.iter().collect();
        providers.sort_by_key(|it| it.place);
        let rows = providers.into_iter().zip(0..);
        let rows = rows.filter(|(it, _)| target.service.is_none_or(|uid| it.service == uid));
        let rows = rows.map(|(it, ordinal)| self.provider_row(profile, it, ordinal));
        Ok(rows.collect())
    }

    fn provider_row(&self, profile: &Profile, it: &ProfileProvider, ordinal: u32) -> ProviderRow {
        let provider = &self.profiles.providers[it.key];
        let service = profile.service(it.service).map(|it| it.name.as_str());
        ProviderRow::new(it.uid, provider.name.as_str())
            .with_provider_display(provider.display())
            .with_dll_name(provider.dll_name())
            .with_ordinal(ordinal)
            .with_resource_flags(it.flags)
            .with_resource_type(Some(provider.kind.resource_type()))
            .with_service_name(service.unwrap_or_default())
            .with_service_uid(it.service)
            .with_instance_key(instance_key(provider))
    }

    /// IProviderAdmin::CreateProvider (P11).
    pub(crate) fn create_provider(
        &mut self,
        admin: AdminKey,
        call: &CreateCall<'_>,
        props: &[Property],
    ) -> Step<Outcome<MapiUid>> {
        Step::checked(|| {
            let target = self.target(admin)?;
            self.check_unicode(call.flags & !ProfileFlags::DIALOG.bits())?;
            let service = &self
                .service_of(target, target.service.unwrap_or_default())?
                .name;
            let mut installed = self.options.installed.iter();
            let found = installed.find(|known| known.name == *service).cloned();
            let found = found.and_then(|found| found.only(call.name));
            let mut found = found.ok_or_else(|| Refusal::NoSuchProvider(quoted(call.name)))?;
            if !props.is_empty() {
                found.configure();
            }
            if call.flags & ProfileFlags::DIALOG.bits() == 0 {
                return Ok(Step::Done(self.add_provider(admin, found, props)));
            }
            let (name, props) = (found.name.clone(), props.to_vec());
            Ok(ask_to_configure(
                name,
                false,
                call.parent,
                move |state, answer| {
                    Step::Done(answer.and_then(|()| {
                        found.configure();
                        state.add_provider(admin, found, &props)
                    }))
                },
            ))
        })
    }

    fn add_provider(
        &mut self,
        admin: AdminKey,
        provider: Service,
        props: &[Property],
    ) -> Outcome<MapiUid> {
        let target = self.target(admin)?;
        let service = target.service.unwrap_or_default();
        let profile = self.name_to_change(target)?;
        let uid = self.profiles.create_provider(&profile, service, provider)?;
        let section = self.profiles.section(target.common, uid);
        Ok(Success::from_parts(
            uid,
            section.and_then(|it| it.configure(props)),
        ))
    }

    /// IProviderAdmin::DeleteProvider (P11).
    pub(crate) fn delete_provider(&mut self, admin: AdminKey, uid: MapiUid) -> Result<()> {
        let target = self.target(admin)?;
        let service = target.service.unwrap_or_default();
        let profile = self.name_to_change(target)?;
        self.profiles.remove_provider(&profile, service, uid)
    }
}

/// Whether a call with these flags shows the configuration of a service, which may lack some.
fn shows(flags: u32, lacks_some: bool) -> bool {
    let flags = MsgServiceFlags::from(flags);
    flags.contains(MsgServiceFlags::UI_ALWAYS)
        || flags.contains(MsgServiceFlags::UI_ALLOWED) && lacks_some
}

/// Goes on once the user has looked at the configuration of a service.
pub(super) fn ask_to_configure<T: 'static>(
    service: String,
    read_only: bool,
    parent: UiParam,
    then: impl FnOnce(&mut State, Result<()>) -> Step<T> + 'static,
) -> Step<T> {
    let question = Question::ConfigureService { service, read_only };
    Step::ask(question, parent, move |state, answer| {
        then(state, answer.map(|_| ()))
    })
}

/// PR_RESOURCE_FLAGS of a service.
fn service_flags(profile: &Profile, service: &super::Service) -> ServiceFlags {
    let all = profile.of_service(service.uid).map(|it| it.flags);
    let all = all.fold(ResourceFlags::empty(), |all, it| all | it);
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
}
