//! Administration objects, and the administration of profiles (P1, P3, P4).

use std::vec;

use super::services::ask_to_configure;
use super::slab::{AdminKey, CommonKey};
use super::{
    ClientKey, ProfileKey, Profiles, Refusal, Result, State, Step, check_bits, check_zero, quoted,
};
use crate::error::{Call, Error};
use crate::flags::ProfileFlags;
use crate::memory::describe::{self, Service};
use crate::table::{ProfileRow, ProfileTable};
use crate::{MapiUid, UiParam};

/// An administration object: what it administers.
#[derive(Clone, Copy)]
pub(super) enum Admin {
    Profiles,
    Services(Whose),
    Providers(Whose, MapiUid),
}

/// The profile of a session, or one by itself.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    Client(ClientKey),
    Profile(CommonKey),
}

/// A profile that is administered.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) whose: Whose,
    pub(super) common: CommonKey,
    /// As it is for the sessions that begin from now on; of one that is to be deleted, as its session
    /// has it.
    pub(super) shown: ProfileKey,
    /// By IProviderAdmin: the service.
    pub(super) service: Option<MapiUid>,
}

/// CreateProfile.
pub(crate) struct CreateProfileCall<'a> {
    pub(crate) name: &'a str,
    pub(crate) password: Option<&'a str>,
    pub(crate) parent: UiParam,
    pub(crate) flags: u32,
}

// The objects.
impl State {
    pub(super) fn open_service_admin(&mut self, whose: Whose) -> AdminKey {
        self.admins.insert(Admin::Services(whose))
    }

    pub(super) fn open_provider_admin(&mut self, whose: Whose, service: MapiUid) -> AdminKey {
        self.admins.insert(Admin::Providers(whose, service))
    }

    /// Release of an administration object.
    pub(crate) fn release_admin(&mut self, key: AdminKey) {
        self.admins.remove(key);
    }

    /// What IMsgServiceAdmin administers, or IProviderAdmin: its service is there.
    pub(super) fn target(&self, key: AdminKey) -> Result<Target> {
        self.check_initialized()?;
        let (whose, service) = match self.admins.get(key).copied() {
            Some(Admin::Services(whose)) => (whose, None),
            Some(Admin::Providers(whose, service)) => (whose, Some(service)),
            _ => return Err(Refusal::LoggedOff.into()),
        };
        let (common, known) = match whose {
            Whose::Client(client) => {
                let on = self.live(client)?;
                (on.profile.common, Some(on.session.profile))
            }
            Whose::Profile(common) => (common, None),
        };
        let shown = self.profiles.current(common).or(known);
        let target = Target {
            whose,
            common,
            shown: shown.ok_or(Refusal::ProfileDeleted)?,
            service,
        };
        service.map_or(Ok(()), |uid| self.service_of(target, uid).map(|_| ()))?;
        Ok(target)
    }

    /// The name of a profile that can be changed.
    pub(super) fn name_to_change(&self, target: Target) -> Result<Box<str>> {
        let current = self.profiles.current(target.common);
        let current = current.ok_or(Refusal::ProfileDeleted)?;
        Ok(self.profiles.versions[current].name.clone())
    }

    /// GetLastError of an administration object.
    pub(crate) fn check_last_error_of_admin(&self, key: AdminKey, flags: u32) -> Result<()> {
        self.check_initialized()?;
        let admin = *self.admins.get(key).ok_or(Refusal::LoggedOff)?;
        if let Admin::Services(Whose::Client(client)) | Admin::Providers(Whose::Client(client), _) =
            admin
        {
            self.live(client)?;
        }
        self.check_text_flags(flags)
    }
}

// IProfAdmin. What it does to the profiles is in `profiles`.
impl State {
    /// MAPIAdminProfiles.
    pub(crate) fn admin_profiles(&mut self, flags: u32) -> Result<AdminKey> {
        self.check_initialized()?;
        check_bits(flags, 0)?;
        Ok(self.admins.insert(Admin::Profiles))
    }

    /// A profile as a test describes it.
    pub(crate) fn create_described(&mut self, profile: &describe::Profile) -> Result<(), Error> {
        let checked = self.profiles.check_new(profile);
        checked.map_err(|failure| Error::new(Call::PROF_ADMIN_CREATE_PROFILE, failure))?;
        let checked = self.profiles.check_new_default(profile);
        checked.map_err(|failure| Error::new(Call::PROF_ADMIN_SET_DEFAULT_PROFILE, failure))?;
        self.profiles.create(profile);
        Ok(())
    }

    pub(crate) fn profile_table(&mut self, flags: u32) -> Result<ProfileTable> {
        let allowed = ProfileFlags::APP_PROFILE;
        self.administer(flags, allowed, |profiles, flags| {
            let default = profiles.default();
            let rows = profiles.names(flags).into_iter().map(|name| {
                let is_default = default == Some(&name);
                ProfileRow::new(name).with_default(is_default)
            });
            Ok(rows.collect())
        })
    }

    /// P4: what the user is to be asked comes first.
    pub(crate) fn create_profile(&mut self, call: &CreateProfileCall<'_>) -> Step<Result<()>> {
        Step::checked(|| {
            self.check_initialized()?;
            check_bits(call.flags, ProfileFlags::all().bits())?;
            check_password(call.password, Refusal::ProfilePassword)?;
            let flags = ProfileFlags::from(call.flags);
            let app = flags.contains(ProfileFlags::APP_PROFILE);
            self.profiles
                .check_new(&describe::Profile::new(call.name))?;
            let services = match flags.contains(ProfileFlags::DEFAULT_SERVICES) {
                true => self.default_services(),
                false => Vec::new(),
            };
            let name: Box<str> = call.name.into();
            let configured = match flags.contains(ProfileFlags::DIALOG) {
                true => self.configure_in_turn(services.into_iter(), Vec::new(), call.parent),
                false => Step::Done(Ok(services)),
            };
            Ok(configured.then(self, move |state, services| {
                Step::Done(services.and_then(|services| {
                    let profile = describe::Profile::of_services(&name, app, services);
                    state.check_initialized()?;
                    state.profiles.check_new(&profile)?;
                    state.profiles.create(&profile);
                    Ok(())
                }))
            }))
        })
    }

    /// Those of MAPISVC.INF. That each is installed has been checked.
    fn default_services(&self) -> Vec<Service> {
        let names = self.options.default_services.iter();
        names
            .filter_map(|name| self.options.installed.iter().find(|it| it.name == *name))
            .cloned()
            .collect()
    }

    /// The user gives what these services lack, one after the other.
    fn configure_in_turn(
        &mut self,
        mut rest: vec::IntoIter<Service>,
        mut done: Vec<Service>,
        parent: UiParam,
    ) -> Step<Result<Vec<Service>>> {
        while let Some(mut service) = rest.next() {
            if !service.is_unconfigured() {
                done.push(service);
                continue;
            }
            let name = service.name.clone();
            return ask_to_configure(name, false, parent, move |state, answer| match answer {
                Err(cancelled) => Step::Done(Err(cancelled)),
                Ok(()) => {
                    service.configure();
                    done.push(service);
                    state.configure_in_turn(rest, done, parent)
                }
            });
        }
        Step::Done(Ok(done))
    }

    pub(crate) fn delete_profile(&mut self, name: &str, flags: u32) -> Result<()> {
        let allowed = ProfileFlags::APP_PROFILE;
        self.administer(flags, allowed, |profiles, flags| {
            profiles.delete(name, flags)
        })
    }

    /// P3: nothing is done.
    pub(crate) fn change_profile_password(&self, flags: u32) -> Result<()> {
        self.check_initialized()?;
        self.check_unicode(flags)
    }

    pub(crate) fn copy_profile(
        &mut self,
        old: &str,
        password: Option<&str>,
        new: &str,
        flags: u32,
    ) -> Result<()> {
        let allowed = ProfileFlags::APP_PROFILE | ProfileFlags::DIALOG;
        self.administer(flags, allowed, |profiles, flags| {
            check_password(password, Refusal::ProfileHasNoPassword)?;
            profiles.copy(old, new, flags)
        })
    }

    pub(crate) fn rename_profile(
        &mut self,
        old: &str,
        password: Option<&str>,
        new: &str,
        flags: u32,
    ) -> Result<()> {
        let allowed = ProfileFlags::APP_PROFILE;
        self.administer(flags, allowed, |profiles, flags| {
            check_password(password, Refusal::ProfileHasNoPassword)?;
            profiles.rename(old, new, flags)
        })
    }

    pub(crate) fn set_default_profile(&mut self, name: Option<&str>, flags: u32) -> Result<()> {
        self.check_initialized()?;
        self.check_unicode(flags)?;
        self.profiles.set_default(name)
    }

    /// IProfAdmin::AdminServices (P3).
    pub(crate) fn admin_services_of(
        &mut self,
        name: &str,
        password: Option<&str>,
        flags: u32,
    ) -> Result<AdminKey> {
        self.check_initialized()?;
        self.check_unicode(flags & !ProfileFlags::DIALOG.bits())?;
        check_password(password, Refusal::ProfileHasNoPassword)?;
        let Some(profile) = self.profiles.find(name) else {
            return Err(Refusal::AdminOfNoProfile(quoted(name)).into());
        };
        let common = self.profiles.versions[profile].common;
        Ok(self.open_service_admin(Whose::Profile(common)))
    }

    /// Changes the profiles, by a call with these flags.
    fn administer<T>(
        &mut self,
        flags: u32,
        allowed: ProfileFlags,
        change: impl FnOnce(&mut Profiles, ProfileFlags) -> Result<T>,
    ) -> Result<T> {
        self.check_initialized()?;
        check_bits(flags, allowed.bits())?;
        change(&mut self.profiles, flags.into())
    }
}

// IMAPISession.
impl State {
    /// IMAPISession::AdminServices (rule M9).
    pub(crate) fn admin_services(&mut self, client: ClientKey, flags: u32) -> Result<AdminKey> {
        self.live(client)?;
        check_zero("ulFlags", flags)?;
        Ok(self.open_service_admin(Whose::Client(client)))
    }
}

/// Profiles have no passwords.
fn check_password(password: Option<&str>, refusal: Refusal) -> Result<()> {
    match password {
        None | Some("") => Ok(()),
        Some(_) => Err(refusal.into()),
    }
}
