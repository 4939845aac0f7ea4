//! Profile administration (IProfAdmin).

use std::sync::Arc;

use super::describe::Profile;
use super::driver::Driver;
use super::error::Result;
use super::state::Profiles;
use crate::Error;
use crate::error::Call;
use crate::flags::ProfileFlags;

/// Profile administration, from [`Memory::profiles`](super::Memory::profiles).
///
/// Every method fails with MAPI_E_NOT_INITIALIZED while the library is not initialised, and with
/// MAPI_E_UNKNOWN_FLAGS when its flags have an undefined bit; and one that fails has changed
/// nothing.
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadminiunknown).
#[derive(Clone, Copy)]
pub struct ProfileAdmin<'a> {
    pub(super) driver: &'a Arc<Driver>,
}

impl ProfileAdmin<'_> {
    /// Adds a profile.
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: a profile of this name exists, or one in use is to be renamed to it; the
    ///   profile has a service twice that can be in it only once.
    /// - MAPI_E_INVALID_PARAMETER: the name breaks the rule for names; the profile has two default
    ///   stores, or two for logon of a kind, or a default one that cannot be; it is to be the default profile and there is one.
    /// - E_FAIL: an "app" profile is to be the default profile.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-createprofile).
    #[doc(alias = "CreateProfile")]
    pub fn create(self, profile: &Profile) -> Result<(), Error> {
        self.driver.look(|state| {
            let checked = state.check_initialized();
            checked.map_err(|failure| Error::new(Call::CreateProfile, failure))?;
            state.create_profile(profile)
        })
    }

    /// Deletes a profile: at once, or where it is in use when its last session has ended. Until
    /// then it is neither listed nor logged on to, and its name stays taken.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_NO_ACCESS: it is an "app" profile, and the flag for these is not set.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-deleteprofile).
    #[doc(alias = "DeleteProfile")]
    pub fn delete(self, name: &str, flags: ProfileFlags) -> Result<(), Error> {
        self.ask(Call::DeleteProfile, flags, |profiles| {
            profiles.delete(name, flags)
        })
    }

    /// Copies a profile with its stores. The copy is not the default profile.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_NO_ACCESS: the new name is taken; the profile is an "app" profile, and the flag for
    ///   these is not set.
    /// - MAPI_E_INVALID_PARAMETER: the new name breaks the rule for names.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-copyprofile).
    #[doc(alias = "CopyProfile")]
    pub fn copy(self, old: &str, new: &str, flags: ProfileFlags) -> Result<(), Error> {
        self.ask(Call::CopyProfile, flags, |profiles| {
            profiles.copy(old, new, flags)
        })
    }

    /// Renames a profile: at once, or where it is in use when its last session has ended. Until
    /// then it is logged on to by its old name, and the new one is taken.
    ///
    /// # Errors
    /// As [`copy`](Self::copy).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-renameprofile).
    #[doc(alias = "RenameProfile")]
    pub fn rename(self, old: &str, new: &str, flags: ProfileFlags) -> Result<(), Error> {
        self.ask(Call::RenameProfile, flags, |profiles| {
            profiles.rename(old, new, flags)
        })
    }

    /// Makes a profile the default one, or with `None` leaves the subsystem without a default.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - E_FAIL: it is an "app" profile.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-setdefaultprofile).
    #[doc(alias = "SetDefaultProfile")]
    pub fn set_default(self, name: Option<&str>) -> Result<(), Error> {
        let flags = ProfileFlags::empty();
        self.ask(Call::SetDefaultProfile, flags, |it| it.set_default(name))
    }

    /// All profiles, sorted by name; without those that are to be deleted.
    ///
    /// # Errors
    /// Those of every method.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-getprofiletable).
    #[doc(alias = "GetProfileTable")]
    pub fn list(self, flags: ProfileFlags) -> Result<Vec<ProfileRow>, Error> {
        self.ask(Call::GetProfileTable, flags, |profiles| {
            let default = profiles.default();
            let row = |name: String| ProfileRow {
                is_default: default == Some(&name),
                name,
            };
            Ok(profiles.names(flags).into_iter().map(row).collect())
        })
    }

    fn ask<T>(
        self,
        call: Call,
        flags: ProfileFlags,
        rule: impl FnOnce(&mut Profiles) -> Result<T>,
    ) -> Result<T, Error> {
        let result = self.driver.look(|state| state.administer(flags, rule));
        result.map_err(|failure| Error::new(call, failure))
    }
}

/// A row of the profile table.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/profile-tables).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    name: String,
    is_default: bool,
}

impl ProfileRow {
    /// The profile's name.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is the default profile.
    #[doc(alias = "PR_DEFAULT_PROFILE")]
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.is_default
    }
}
