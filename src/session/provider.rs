//! The administration of the providers of a message service.

use super::open::{Holder, Opened, RawProviders, debug, opened};
use super::plain;
use super::query::UNICODE;
use super::section::ProfileSection;
use crate::error::{Call, MapiError};
use crate::flags::{ProfileFlags, ProfileSectionFlags};
use crate::property::Property;
use crate::subsystem::{RawProviderAdmin, RawResult, Subsystem};
use crate::table::ProviderTable;
use crate::{Error, HResult, MapiUid, UiParam};

/// The administration of the providers of one message service, from
/// [`ServiceAdmin::admin_providers`](crate::ServiceAdmin::admin_providers). Dropping it releases it.
///
/// Its changes take effect in sessions that begin afterwards. Once its service is deleted, every call
/// fails with MAPI_E_NOT_FOUND.
///
/// [`IProviderAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradminiunknown) in the MAPI reference.
#[doc(alias = "IProviderAdmin")]
#[must_use = "dropping the administration releases it"]
pub struct ProviderAdmin<'s, B: Subsystem>(Opened<RawProviders<B>, Holder<'s, B>>);

opened!(ProviderAdmin of a holder, RawProviders<B>);

impl<'s, B: Subsystem> ProviderAdmin<'s, B> {
    pub(super) fn of(
        holder: Holder<'s, B>,
        opened: RawResult<RawProviders<B>>,
    ) -> Result<Self, Error> {
        Opened::new(holder, Call::SERVICE_ADMIN_ADMIN_PROVIDERS, opened).map(Self)
    }

    /// Tells more of the last failure of this object, if it had this HRESULT.
    ///
    /// # Errors
    /// MAPI_E_BAD_CHARWIDTH: the subsystem has no Unicode.
    ///
    /// [`IProviderAdmin::GetLastError`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-getlasterror) in the MAPI reference.
    #[doc(alias = "GetLastError")]
    #[doc(alias = "IProviderAdmin::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(
            Call::PROVIDER_ADMIN_GET_LAST_ERROR,
            self.0.raw.last_error(hresult, UNICODE),
        )
    }

    /// Reads the table of the service's providers, in the order of the profile.
    ///
    /// # Errors
    /// MAPI_E_BAD_CHARWIDTH: the subsystem has no Unicode.
    ///
    /// [`IProviderAdmin::GetProviderTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-getprovidertable) in the MAPI reference.
    #[doc(alias = "IProviderAdmin::GetProviderTable")]
    #[track_caller]
    pub fn provider_table(&self) -> Result<ProviderTable, Error> {
        plain(
            Call::PROVIDER_ADMIN_GET_PROVIDER_TABLE,
            self.0.raw.provider_table(UNICODE),
        )
    }

    /// Adds one of the providers that the service is installed with, and puts these properties into
    /// its profile section. Returns its identifier.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: the service has no provider of this name. That is our reading: the reference
    /// has the call succeed, with unpredictable results.
    ///
    /// [`IProviderAdmin::CreateProvider`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-createprovider) in the MAPI reference.
    #[doc(alias = "CreateProvider")]
    #[doc(alias = "IProviderAdmin::CreateProvider")]
    #[track_caller]
    pub fn create_provider(&self, provider: &str, props: &[Property]) -> Result<MapiUid, Error> {
        let created = (self.0.raw).create_provider(provider, props, UiParam::NONE, UNICODE);
        plain(Call::PROVIDER_ADMIN_CREATE_PROVIDER, created)
    }

    /// Adds a provider, and asks the user for its configuration in a dialog over this window.
    ///
    /// # Errors
    /// As [`create_provider`](Self::create_provider); and MAPI_E_USER_CANCEL: the user cancelled.
    #[doc(alias = "MAPI_DIALOG")]
    #[track_caller]
    pub fn create_provider_with_ui(
        &self,
        provider: &str,
        props: &[Property],
        parent: UiParam,
    ) -> Result<MapiUid, Error> {
        let flags = ProfileFlags::DIALOG.bits() | UNICODE;
        let created = (self.0.raw).create_provider(provider, props, parent, flags);
        plain(Call::PROVIDER_ADMIN_CREATE_PROVIDER, created)
    }

    /// Removes a provider from the service. Open sessions keep it.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: the service has no such provider.
    ///
    /// [`IProviderAdmin::DeleteProvider`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-deleteprovider) in the MAPI reference.
    #[doc(alias = "DeleteProvider")]
    #[doc(alias = "IProviderAdmin::DeleteProvider")]
    #[track_caller]
    pub fn delete_provider(&self, uid: MapiUid) -> Result<(), Error> {
        plain(
            Call::PROVIDER_ADMIN_DELETE_PROVIDER,
            self.0.raw.delete_provider(uid),
        )
    }

    /// Opens a section of the profile.
    ///
    /// # Errors
    /// As [`Session::open_profile_section`](crate::Session::open_profile_section); and
    /// MAPI_E_NO_ACCESS: [`ProfileSectionFlags::MODIFY`] for a provider's own section, which only a
    /// provider writes here.
    ///
    /// [`IProviderAdmin::OpenProfileSection`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-openprofilesection) in the MAPI reference.
    #[doc(alias = "IProviderAdmin::OpenProfileSection")]
    #[track_caller]
    pub fn open_profile_section(
        &self,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) -> Result<ProfileSection<'s, B>, Error> {
        let opened = self.0.raw.open_profile_section(uid, flags.bits());
        ProfileSection::of(
            self.0.session.clone(),
            Call::PROVIDER_ADMIN_OPEN_PROFILE_SECTION,
            opened,
        )
    }
}
