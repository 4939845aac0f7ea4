//! The administration of profiles, without a session.

use std::sync::Arc;

use super::open::{Holder, Opened, debug, opened};
use super::plain;
use super::query::UNICODE;
use super::service::ServiceAdmin;
use crate::error::{Call, MapiError};
use crate::flags::ProfileFlags;
use crate::mapi::Library;
use crate::subsystem::{RawProfAdmin, Subsystem};
use crate::table::ProfileTable;
use crate::{Error, HResult, Mapi, UiParam};

impl<B: Subsystem> Mapi<B> {
    /// Opens the administration of the profiles.
    ///
    /// ```
    /// use mapi_session::memory::{Memory, Service};
    /// use mapi_session::{LogonRequest, Mapi, flags::ProfileFlags};
    ///
    /// let memory = Memory::builder().installed_service(Service::new("Exchange")).build()?;
    /// let mapi = Mapi::initialize(memory)?;
    /// let profiles = mapi.admin_profiles()?;
    /// profiles.create_profile("Work", ProfileFlags::empty())?;
    /// let services = profiles.admin_services("Work")?;
    /// services.create_msg_service("Exchange", "Exchange")?;
    /// mapi.logon(&LogonRequest::new_session("Work"))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: the subsystem has no profile administration.
    ///
    /// [`MAPIAdminProfiles`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiadminprofiles) in the MAPI reference.
    #[doc(alias = "MAPIAdminProfiles")]
    #[track_caller]
    pub fn admin_profiles(&self) -> Result<ProfileAdmin<B>, Error> {
        let library = Arc::clone(&self.library);
        let opened = library.subsystem.admin_profiles(0);
        Opened::new(library, Call::ADMIN_PROFILES, opened).map(ProfileAdmin)
    }
}

/// The administration of profiles (`IProfAdmin`). Dropping it releases it. The library stays
/// initialised until then.
///
/// Profiles have no passwords. So no call takes one, and IProfAdmin::ChangeProfilePassword, which does
/// nothing, is left out.
///
/// [`IProfAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadminiunknown) in the MAPI reference.
#[doc(alias = "IProfAdmin")]
#[must_use = "dropping the administration releases it"]
pub struct ProfileAdmin<B: Subsystem>(Opened<B::ProfileAdmin, Arc<Library<B>>>);

opened! { @ ProfileAdmin<B>, B::ProfileAdmin }

impl<B: Subsystem> ProfileAdmin<B> {
    /// Tells more of the last failure of this object, if it had this HRESULT.
    ///
    /// # Errors
    /// MAPI_E_BAD_CHARWIDTH: the subsystem has no Unicode.
    ///
    /// [`IProfAdmin::GetLastError`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-getlasterror) in the MAPI reference.
    #[doc(alias = "GetLastError")]
    #[doc(alias = "IProfAdmin::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(
            Call::PROF_ADMIN_GET_LAST_ERROR,
            self.0.raw.last_error(hresult, UNICODE),
        )
    }

    /// Reads the table of profiles. Those that are about to be deleted are not in it; "app" profiles
    /// are with [`ProfileFlags::APP_PROFILE`].
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: another flag.
    ///
    /// [`IProfAdmin::GetProfileTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-getprofiletable) in the MAPI reference.
    #[doc(alias = "GetProfileTable")]
    #[doc(alias = "IProfAdmin::GetProfileTable")]
    #[track_caller]
    pub fn profile_table(&self, flags: ProfileFlags) -> Result<ProfileTable, Error> {
        plain(
            Call::PROF_ADMIN_GET_PROFILE_TABLE,
            self.0.raw.profile_table(flags.bits()),
        )
    }

    /// Creates a profile. With [`ProfileFlags::DEFAULT_SERVICES`] it has the default services of
    /// MAPISVC.INF, else none.
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: a profile of this name exists, or another will be renamed to it once it is
    ///   not in use.
    /// - MAPI_E_INVALID_PARAMETER: the name breaks the rule for names, which is our reading.
    /// - MAPI_E_USER_CANCEL: [`ProfileFlags::DIALOG`] is set, and the user cancelled.
    ///
    /// [`IProfAdmin::CreateProfile`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-createprofile) in the MAPI reference.
    #[doc(alias = "CreateProfile")]
    #[doc(alias = "IProfAdmin::CreateProfile")]
    #[track_caller]
    pub fn create_profile(&self, name: &str, flags: ProfileFlags) -> Result<(), Error> {
        self.create_profile_with_ui(name, UiParam::NONE, flags)
    }

    /// Creates a profile, with a parent window for the dialogs that [`ProfileFlags::DIALOG`] allows.
    ///
    /// # Errors
    /// As [`create_profile`](Self::create_profile).
    #[track_caller]
    pub fn create_profile_with_ui(
        &self,
        name: &str,
        parent: UiParam,
        flags: ProfileFlags,
    ) -> Result<(), Error> {
        let created = (self.0.raw).create_profile(name, None, parent, flags.bits());
        plain(Call::PROF_ADMIN_CREATE_PROFILE, created)
    }

    /// Deletes a profile: at once, or if it is in use, when its last session has ended. Until then
    /// nobody can log on to it, it is not listed, and its name is taken.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_NO_ACCESS: it is an "app" profile, and [`ProfileFlags::APP_PROFILE`] is not set.
    ///
    /// [`IProfAdmin::DeleteProfile`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-deleteprofile) in the MAPI reference.
    #[doc(alias = "DeleteProfile")]
    #[doc(alias = "IProfAdmin::DeleteProfile")]
    #[track_caller]
    pub fn delete_profile(&self, name: &str, flags: ProfileFlags) -> Result<(), Error> {
        plain(
            Call::PROF_ADMIN_DELETE_PROFILE,
            self.0.raw.delete_profile(name, flags.bits()),
        )
    }

    /// Copies a profile with its stores. The copy is not the default profile.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_NO_ACCESS: the new name is taken; the profile is an "app" profile, and
    ///   [`ProfileFlags::APP_PROFILE`] is not set.
    /// - MAPI_E_INVALID_PARAMETER: the new name breaks the rule for names.
    ///
    /// [`IProfAdmin::CopyProfile`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-copyprofile) in the MAPI reference.
    #[doc(alias = "CopyProfile")]
    #[doc(alias = "IProfAdmin::CopyProfile")]
    #[track_caller]
    pub fn copy_profile(
        &self,
        old_name: &str,
        new_name: &str,
        flags: ProfileFlags,
    ) -> Result<(), Error> {
        let raw = &self.0.raw;
        let copied = raw.copy_profile(old_name, None, new_name, UiParam::NONE, flags.bits());
        plain(Call::PROF_ADMIN_COPY_PROFILE, copied)
    }

    /// Renames a profile: at once, or if it is in use, when its last session has ended. Until then
    /// clients log on to it by its old name, and the new one is taken.
    ///
    /// # Errors
    /// As [`copy_profile`](Self::copy_profile).
    ///
    /// [`IProfAdmin::RenameProfile`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-renameprofile) in the MAPI reference.
    #[doc(alias = "RenameProfile")]
    #[doc(alias = "IProfAdmin::RenameProfile")]
    #[track_caller]
    pub fn rename_profile(
        &self,
        old_name: &str,
        new_name: &str,
        flags: ProfileFlags,
    ) -> Result<(), Error> {
        let raw = &self.0.raw;
        let renamed = raw.rename_profile(old_name, None, new_name, UiParam::NONE, flags.bits());
        plain(Call::PROF_ADMIN_RENAME_PROFILE, renamed)
    }

    /// Makes a profile the default one. With `None`, there is no default profile any more.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - E_FAIL: it is an "app" profile.
    ///
    /// [`IProfAdmin::SetDefaultProfile`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-setdefaultprofile) in the MAPI reference.
    #[doc(alias = "SetDefaultProfile")]
    #[doc(alias = "IProfAdmin::SetDefaultProfile")]
    #[track_caller]
    pub fn set_default_profile(&self, name: Option<&str>) -> Result<(), Error> {
        plain(
            Call::PROF_ADMIN_SET_DEFAULT_PROFILE,
            self.0.raw.set_default_profile(name, UNICODE),
        )
    }

    /// Opens the administration of a profile's message services, without a session: no provider is
    /// loaded.
    ///
    /// # Errors
    /// MAPI_E_LOGON_FAILED: there is no such profile.
    ///
    /// [`IProfAdmin::AdminServices`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-adminservices) in the MAPI reference.
    #[doc(alias = "IProfAdmin::AdminServices")]
    #[track_caller]
    pub fn admin_services(&self, name: &str) -> Result<ServiceAdmin<'static, B>, Error> {
        let opened = (self.0.raw).admin_services(name, None, UiParam::NONE, UNICODE);
        let library = Holder::Library(Arc::clone(&self.0.session));
        ServiceAdmin::of(library, Call::PROF_ADMIN_ADMIN_SERVICES, opened)
    }
}
