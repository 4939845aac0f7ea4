//! Rules P: the administration of profiles, their services and the providers of these.

use super::scene::{Asked, Fault, NEW, Scene, Verdict, end, ensure, fails, undefined_bits, works};
use super::stage::{OTHER, PROFILE};
use crate::flags::{MsgServiceFlags, ProfileFlags, ProfileSectionFlags};
use crate::memory::Answer;
use crate::property::{PropTag, Property};
use crate::subsystem::{
    RawProfAdmin, RawProp, RawProviderAdmin, RawServiceAdmin, RawSession, Subsystem,
};
use crate::table::{ProviderRow, ServiceRow};
use crate::types::ResourceType;
use crate::{HResult, LogonFlags, MapiUid, UiParam};

const APP: u32 = ProfileFlags::APP_PROFILE.bits();
const UNICODE: u32 = LogonFlags::UNICODE.bits();
/// Of no profile, service or provider.
const NOBODYS: MapiUid = MapiUid::new([0xFE; 16]);
const NO_UI: UiParam = UiParam::NONE;

type Admin<B> = <B as Subsystem>::ProfileAdmin;
type Services<B> = <<B as Subsystem>::Session as RawSession>::ServiceAdmin;

fn profiles<B: Subsystem>(scene: &Scene<B>) -> Verdict<Admin<B>> {
    match scene.stage.subsystem.admin_profiles(0) {
        Err(failure) if failure.hresult() == HResult::MAPI_E_NO_SUPPORT => {
            Err(Fault::NotAsked("there is no profile administration".into()))
        }
        opened => works("MAPIAdminProfiles", opened),
    }
}

/// The services of the profile, without a session.
fn services<B: Subsystem>(scene: &Scene<B>) -> Verdict<Services<B>> {
    let opened = profiles(scene)?.admin_services(PROFILE, None, NO_UI, UNICODE);
    works("IProfAdmin::AdminServices", opened)
}

fn names<A: RawProfAdmin>(admin: &A, flags: u32) -> Verdict<Vec<String>> {
    let table = works("GetProfileTable", admin.profile_table(flags))?;
    let rows = table.into_iter();
    Ok(rows.map(|row| row.name().to_owned()).collect())
}

fn is_listed<A: RawProfAdmin>(admin: &A, name: &str) -> Verdict<bool> {
    Ok(names(admin, APP)?.iter().any(|it| it == name))
}

pub(super) fn p1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let admin = profiles(&scene)?;
    let table = works("GetProfileTable", admin.profile_table(0))?;
    let default = table.rows().iter().find(|row| row.is_default());
    ensure(default.is_some_and(|row| row.name() == PROFILE), || {
        format!("the default profile is {default:?}")
    })?;
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let again = admin.create_profile(OTHER, None, NO_UI, 0);
    fails("CreateProfile of one that exists", again, no_access)?;
    let not_found = HResult::MAPI_E_NOT_FOUND;
    let deleted = admin.delete_profile("Nobody", 0);
    fails("DeleteProfile of none", deleted, not_found)?;
    let copied = admin.copy_profile("Nobody", None, "Copy", NO_UI, 0);
    fails("CopyProfile of none", copied, not_found)?;
    let set = admin.set_default_profile(Some("Nobody"), UNICODE);
    fails("SetDefaultProfile to none", set, not_found)?;

    works("CreateProfile", admin.create_profile("New", None, NO_UI, 0))?;
    let copied = admin.copy_profile("New", None, "Copy", NO_UI, 0);
    works("CopyProfile", copied)?;
    let renamed = admin.rename_profile("Copy", None, "Renamed", NO_UI, 0);
    works("RenameProfile", renamed)?;
    let listed = (
        is_listed(&admin, "New")?,
        is_listed(&admin, "Copy")?,
        is_listed(&admin, "Renamed")?,
    );
    ensure(listed == (true, false, true), || {
        format!("of the created, the copied and the renamed profile are listed: {listed:?}")
    })?;
    let app = admin.create_profile("App", None, NO_UI, APP);
    works("CreateProfile of an \"app\" profile", app)?;
    let shown = names(&admin, 0)?.iter().any(|it| it == "App");
    ensure(!shown, || "\"app\" profiles are listed without the flag")?;
    let deleted = admin.delete_profile("App", 0);
    fails("DeleteProfile of an \"app\" profile", deleted, no_access)?;
    let set = admin.set_default_profile(Some("App"), UNICODE);
    let what = "SetDefaultProfile to an \"app\" profile";
    fails(what, set, HResult::MAPI_E_CALL_FAILED)?;
    for (name, flags) in [("New", 0), ("Renamed", 0), ("App", APP)] {
        works("DeleteProfile", admin.delete_profile(name, flags))?;
    }
    Ok(())
}

pub(super) fn p2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let admin = profiles(&scene)?;
    let session = scene.logon(Some(OTHER), NEW)?;
    let renamed = admin.rename_profile(OTHER, None, "Later", NO_UI, 0);
    works("RenameProfile of a profile in use", renamed)?;
    let listed = (is_listed(&admin, OTHER)?, is_listed(&admin, "Later")?);
    ensure(
        listed == (true, false),
        || "a profile in use is renamed before its session has ended",
    )?;
    let taken = admin.copy_profile(PROFILE, None, "Later", NO_UI, 0);
    let what = "CopyProfile to the name that a profile in use is to have";
    fails(what, taken, HResult::MAPI_E_NO_ACCESS)?;
    end(session)?;
    let listed = (is_listed(&admin, OTHER)?, is_listed(&admin, "Later")?);
    ensure(
        listed == (false, true),
        || "a profile that was in use is not renamed when its session has ended",
    )?;
    let session = scene.logon(Some("Later"), NEW)?;
    let deleted = admin.delete_profile("Later", 0);
    works("DeleteProfile of a profile in use", deleted)?;
    let is_there = is_listed(&admin, "Later")?;
    ensure(!is_there, || "a profile that is to be deleted is listed")?;
    works("GetMsgStoresTable", session.msg_stores_table(0))?;
    end(session)
}

pub(super) fn p3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let admin = profiles(&scene)?;
    let failed = HResult::MAPI_E_LOGON_FAILED;
    let none = admin.admin_services("Nobody", None, NO_UI, UNICODE);
    fails("AdminServices of no profile", none, failed)?;
    let known = works("GetLastError", admin.last_error(failed, UNICODE))?;
    ensure(
        known.is_some(),
        || "GetLastError knows nothing of a failure",
    )?;
    let other = HResult::MAPI_E_NO_ACCESS;
    let known = works("GetLastError", admin.last_error(other, UNICODE))?;
    ensure(known.is_none(), || "GetLastError tells of another HRESULT")?;
    let secret = Some("secret");
    let opened = admin.admin_services(PROFILE, secret, NO_UI, UNICODE);
    fails("AdminServices with a password", opened, failed)?;
    let changed = admin.change_profile_password(PROFILE, None, secret, UNICODE);
    works("ChangeProfilePassword", changed)?;
    let services = services(&scene)?;
    let table = works("GetMsgServiceTable", services.msg_service_table(0))?;
    ensure(!table.rows().is_empty(), || "the profile has no services")?;
    Ok(())
}

pub(super) fn p4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let admin = profiles(&scene)?;
    for bit in undefined_bits(ProfileFlags::all().bits() | UNICODE) {
        let what = format!("CreateProfile with the flag {bit:#010X}");
        let created = admin.create_profile("New", None, NO_UI, bit);
        fails(what, created, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let with_services = ProfileFlags::DEFAULT_SERVICES;
    if asked.if_asked(scene.default_service())?.is_some() {
        asked.if_asked(scene.answer(Answer::Cancel))?;
        let flags = (with_services | ProfileFlags::DIALOG).bits();
        let cancelled = admin.create_profile("New", None, NO_UI, flags);
        let what = "CreateProfile, which the user cancels";
        fails(what, cancelled, HResult::MAPI_E_USER_CANCEL)?;
        let is_there = is_listed(&admin, "New")?;
        ensure(!is_there, || "a profile is created that the user cancelled")?;
    }
    let created = admin.create_profile("New", None, NO_UI, with_services.bits());
    works("CreateProfile with the default services", created)?;
    if let Some(service) = asked.if_asked(scene.default_service())? {
        let services = admin.admin_services("New", None, NO_UI, UNICODE);
        let services = works("IProfAdmin::AdminServices", services)?;
        let table = works("GetMsgServiceTable", services.msg_service_table(0))?;
        let has_it = table.rows().iter().any(|row| row.name() == service);
        ensure(has_it, || "a profile lacks the default service")?;
    }
    works("DeleteProfile", admin.delete_profile("New", 0))
}

pub(super) fn p5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let table = works("GetMsgServiceTable", services.msg_service_table(0))?;
    let names = table.rows().iter().map(ServiceRow::display_name);
    ensure(
        names.is_sorted(),
        || "the service table is not sorted by the names for a person",
    )?;
    let all = works("GetProviderTable", services.provider_table(0))?;
    let ordinals = all.rows().iter().map(ProviderRow::ordinal);
    ensure(
        ordinals.eq(0..all.rows().len() as u32),
        || "the ordinals of the provider table do not count its rows",
    )?;
    for service in &table {
        let providers = services.admin_providers(service.uid(), 0);
        let providers = works("AdminProviders", providers)?;
        let mine = works("GetProviderTable", providers.provider_table(0))?;
        let mine = mine.rows().iter().filter(|it| it.resource_type().is_some());
        let of_it = all.rows().iter();
        let of_it = of_it.filter(|it| it.service_uid() == service.uid());
        ensure(
            mine.eq(of_it),
            || "a service's provider table is not its part of the profile's",
        )?;
    }
    Ok(())
}

pub(super) fn p6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let name = "No such service";
    let created = services.create_msg_service_ex(name, name, NO_UI, 0);
    let what = "CreateMsgServiceEx of what is not installed";
    fails(what, created, HResult::MAPI_E_NOT_FOUND)?;
    let Some(installed) = asked.if_asked(scene.default_service())? else {
        return Ok(());
    };
    if asked.if_asked(scene.answer(Answer::Cancel))?.is_some() {
        let flags = MsgServiceFlags::UI_ALWAYS.bits();
        let created = services.create_msg_service_ex(installed, "Mine", NO_UI, flags);
        let what = "CreateMsgServiceEx, which the user cancels";
        fails(what, created, HResult::MAPI_E_USER_CANCEL)?;
    }
    let created = services.create_msg_service_ex(installed, "Mine", NO_UI, 0);
    let uid = works("CreateMsgServiceEx", created)?;
    let table = works("GetMsgServiceTable", services.msg_service_table(0))?;
    let mut rows = table.rows().iter();
    let is_there = rows.any(|row| row.uid() == uid && row.name() == installed);
    ensure(is_there, || "a created service is not in the table")?;
    works("DeleteMsgService", services.delete_msg_service(uid))
}

pub(super) fn p7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let configured = services.configure_msg_service(NOBODYS, NO_UI, UNICODE, &[]);
    let what = "ConfigureMsgService of no service";
    fails(what, configured, HResult::MAPI_E_NOT_FOUND)?;
    let allowed = MsgServiceFlags::all() - MsgServiceFlags::NO_RESTART_WARNING;
    for bit in undefined_bits(allowed.bits() | UNICODE) {
        let what = format!("ConfigureMsgService with the flag {bit:#010X}");
        let configured = services.configure_msg_service(NOBODYS, NO_UI, bit, &[]);
        fails(what, configured, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let installed = scene.default_service()?;
    let created = services.create_msg_service_ex(installed, "Mine", NO_UI, 0);
    let uid = works("CreateMsgServiceEx", created)?;
    let props = [Property::new(PropTag::new(0x6600_0003), 7)];
    let configured = services.configure_msg_service(uid, NO_UI, UNICODE, &props);
    works("ConfigureMsgService with properties", configured)?;
    if asked.if_asked(scene.answer(Answer::Cancel))?.is_some() {
        let flags = MsgServiceFlags::UI_ALWAYS.bits();
        let configured = services.configure_msg_service(uid, NO_UI, flags, &[]);
        let what = "ConfigureMsgService, which the user cancels";
        fails(what, configured, HResult::MAPI_E_USER_CANCEL)?;
    }
    works("DeleteMsgService", services.delete_msg_service(uid))
}

pub(super) fn p8<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let copied = services.copy_msg_service(NOBODYS, &services, NO_UI, 0);
    let what = "CopyMsgService of no service";
    fails(what, copied, HResult::MAPI_E_NOT_FOUND)?;
    let before = works("GetMsgServiceTable", services.msg_service_table(0))?;
    let Some(one) = before.rows().first() else {
        return Err(Fault::NotAsked("the profile has no services".into()));
    };
    let renamed = services.rename_msg_service(one.uid(), 0, "Renamed");
    fails("RenameMsgService", renamed, HResult::MAPI_E_NO_SUPPORT)?;
    let copied = services.copy_msg_service(one.uid(), &services, NO_UI, 0);
    works("CopyMsgService", copied)?;
    let after = works("GetMsgServiceTable", services.msg_service_table(0))?;
    let is_new = |uid| before.rows().iter().all(|row| row.uid() != uid);
    let mut added = after.rows().iter().filter(|row| is_new(row.uid()));
    let is_like_it = |uid| {
        let mut rows = after.rows().iter();
        rows.any(|row| row.uid() == uid && row.name() == one.name())
    };
    match (added.next(), added.next()) {
        (Some(copy), None) if is_like_it(copy.uid()) => {
            works("DeleteMsgService", services.delete_msg_service(copy.uid()))
        }
        _ => Err(Fault::Broken("CopyMsgService does not add a copy".into())),
    }
}

pub(super) fn p9<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let table = works("GetProviderTable", services.provider_table(0))?;
    let transports = table.rows().iter();
    let is_transport = Some(ResourceType::TRANSPORT_PROVIDER);
    let transports = transports.filter(|row| row.resource_type() == is_transport);
    let mut uids: Vec<_> = transports.map(ProviderRow::uid).collect();
    let ordered = services.msg_service_transport_order(&uids, 1);
    let what = "MsgServiceTransportOrder with a flag";
    fails(what, ordered, HResult::MAPI_E_INVALID_PARAMETER)?;
    let ordered = services.msg_service_transport_order(&uids, 0);
    works("MsgServiceTransportOrder", ordered)?;
    if let Some(first) = uids.first_mut() {
        *first = NOBODYS;
        let ordered = services.msg_service_transport_order(&uids, 0);
        let what = "MsgServiceTransportOrder of what is no transport";
        fails(what, ordered, HResult::MAPI_E_NOT_FOUND)?;
    }
    uids.push(NOBODYS);
    let ordered = services.msg_service_transport_order(&uids, 0);
    let what = "MsgServiceTransportOrder of one more than there are";
    fails(what, ordered, HResult::MAPI_E_BUSY)
}

pub(super) fn p10<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let name = scene.default_service()?;
    let created = services.create_msg_service_ex(name, "Nobody's", NO_UI, 0);
    let uid = works("CreateMsgServiceEx", created)?;
    let set = services.set_primary_identity(Some(uid), 0);
    let what = "SetPrimaryIdentity to a service without one";
    fails(what, set, HResult::MAPI_E_NO_ACCESS)?;
    works("DeleteMsgService", services.delete_msg_service(uid))
}

pub(super) fn p11<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let services = services(&scene)?;
    let not_found = HResult::MAPI_E_NOT_FOUND;
    let opened = services.admin_providers(NOBODYS, 0);
    fails("AdminProviders of no service", opened, not_found)?;
    let opened = services.admin_providers(NOBODYS, 1);
    let what = "AdminProviders with a flag";
    fails(what, opened, HResult::MAPI_E_INVALID_PARAMETER)?;
    let table = works("GetProviderTable", services.provider_table(0))?;
    let Some(row) = table.rows().first() else {
        return Err(Fault::NotAsked("the profile has no providers".into()));
    };
    let opened = services.admin_providers(row.service_uid(), 0);
    let providers = works("AdminProviders", opened)?;
    let deleted = providers.delete_provider(NOBODYS);
    fails("DeleteProvider of none", deleted, not_found)?;
    let known = works("GetLastError", providers.last_error(not_found, UNICODE))?;
    ensure(
        known.is_some(),
        || "GetLastError knows nothing of a failure",
    )?;
    let name = "No such provider";
    let created = providers.create_provider(name, &[], NO_UI, UNICODE);
    fails("CreateProvider of none", created, not_found)?;

    let session = scene.individual()?;
    let deleted = providers.delete_provider(row.uid());
    works("DeleteProvider of one in use", deleted)?;
    let table = works("GetProviderTable", providers.provider_table(UNICODE))?;
    let is_there = table.rows().iter().any(|it| it.uid() == row.uid());
    ensure(!is_there, || "a provider that is deleted is in the table")?;
    let flags = ProfileSectionFlags::FORCE_ACCESS.bits();
    let section = session.open_profile_section(row.uid(), flags);
    let what = "OpenProfileSection of a provider that the session has, and that is deleted";
    drop(works(what, section)?);
    end(session)
}

pub(super) fn p12<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const INSTANCE: MapiUid =
        MapiUid::new([0x85, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]);
    const SECURE: PropTag = PropTag::new(0x67F0_0003);
    let scene = asked.plain()?;
    let admin = profiles(&scene)?;
    let [one, other] = [PROFILE, OTHER].map(|name| {
        let opened = admin.admin_services(name, None, NO_UI, UNICODE);
        let services = works("IProfAdmin::AdminServices", opened)?;
        let section = services.open_profile_section(INSTANCE, 0);
        let section = works("OpenProfileSection of MUID_PROFILE_INSTANCE", section)?;
        works("GetProps", section.props(Some(&[PropTag::SEARCH_KEY]), 0))
    });
    let are_keys = one? != other?;
    ensure(are_keys, || "two profiles have one search key")?;

    let services = services(&scene)?;
    let unknown = services.open_profile_section(NOBODYS, 0);
    let what = "IMsgServiceAdmin::OpenProfileSection of none";
    fails(what, unknown, HResult::MAPI_E_NOT_FOUND)?;
    let modify = ProfileSectionFlags::MODIFY.bits();
    let force = ProfileSectionFlags::FORCE_ACCESS.bits();
    let own = MapiUid::new(*b"mapi conformance");
    let section = works(
        "OpenProfileSection",
        services.open_profile_section(own, modify),
    )?;
    let props = [Property::new(SECURE, 1)];
    works("SetProps", section.set_props(&props))?;
    let listed = works("GetProps", section.props(None, UNICODE))?;
    ensure(
        listed.iter().all(|it| it.tag != SECURE),
        || "GetProps of all gives a secure property",
    )?;
    let asked_for = works("GetProps", section.props(Some(&[SECURE]), 0))?;
    ensure(
        asked_for == props,
        || "GetProps does not give a secure property that it is asked for",
    )?;
    drop(section);

    let table = works("GetProviderTable", services.provider_table(0))?;
    let Some(row) = table.rows().first() else {
        return Ok(());
    };
    let section = services.open_profile_section(row.service_uid(), force);
    drop(works("OpenProfileSection of a service", section)?);
    let providers = services.admin_providers(row.service_uid(), 0);
    let providers = works("AdminProviders", providers)?;
    let section = providers.open_profile_section(row.uid(), force);
    drop(works("IProviderAdmin::OpenProfileSection", section)?);
    let written = providers.open_profile_section(row.uid(), force | modify);
    let what = "IProviderAdmin::OpenProfileSection of a provider's own, for writing";
    fails(what, written, HResult::MAPI_E_NO_ACCESS)
}
