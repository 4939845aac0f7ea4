//! The administration of a profile's message services.

use super::open::{Holder, Opened, RawAdmin, debug, opened};
use super::provider::ProviderAdmin;
use super::query::UNICODE;
use super::section::ProfileSection;
use super::{SessionRef, plain};
use crate::error::{Call, MapiError};
use crate::flags::{MsgServiceFlags, ProfileSectionFlags};
use crate::property::Property;
use crate::subsystem::{RawResult, RawServiceAdmin, RawSession, Subsystem};
use crate::table::{MsgServiceTable, ProviderTable};
use crate::{Error, HResult, Live, MapiUid, Session, UiParam};

impl<B: Subsystem> Session<Live, B> {
    /// Opens the administration of the profile's message services.
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`ServiceAdmin::open`].
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let services = session.admin_services()?;
    /// for row in &services.msg_service_table()? {
    ///     println!("{}", row.name());
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the subsystem; the reference names none.
    ///
    /// [`IMAPISession::AdminServices`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-adminservices) in the MAPI reference.
    #[doc(alias = "AdminServices")]
    #[doc(alias = "IMAPISession::AdminServices")]
    #[track_caller]
    pub fn admin_services(&self) -> Result<ServiceAdmin<'_, B>, Error> {
        ServiceAdmin::open(self)
    }
}

/// The administration of a profile's message services. Dropping it releases it.
///
/// Get it from a session, or without one from
/// [`ProfileAdmin::admin_services`](super::profile::ProfileAdmin::admin_services).
///
/// Its changes take effect in sessions that begin afterwards, not in open ones. Changes of a profile
/// that is about to be deleted fail with MAPI_E_NOT_FOUND, which is our reading; the page of
/// IProfAdmin::DeleteProfile is silent.
///
/// [`IMsgServiceAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadminiunknown) in the MAPI reference.
#[doc(alias = "IMsgServiceAdmin")]
#[must_use = "dropping the administration releases it"]
pub struct ServiceAdmin<'s, B: Subsystem>(Opened<RawAdmin<B>, Holder<'s, B>>);

opened!(ServiceAdmin of a holder, RawAdmin<B>);

impl<'s, B: Subsystem> ServiceAdmin<'s, B> {
    pub(super) fn of(
        holder: Holder<'s, B>,
        call: Call,
        opened: RawResult<RawAdmin<B>>,
    ) -> Result<Self, Error> {
        Opened::new(holder, call, opened).map(Self)
    }

    /// Does the same as [`Session::admin_services`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::admin_services`].
    #[track_caller]
    pub fn open(session: impl Into<SessionRef<'s, B>>) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.admin_services(0);
        Self::of(
            Holder::Session(session),
            Call::SESSION_ADMIN_SERVICES,
            opened,
        )
    }

    /// Tells more of the last failure of a method of this object, if it had this HRESULT; else `None`.
    ///
    /// # Errors
    /// As [`Session::last_error`].
    ///
    /// [`IMsgServiceAdmin::GetLastError`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getlasterror) in the MAPI reference.
    #[doc(alias = "IMsgServiceAdmin::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(
            Call::SERVICE_ADMIN_GET_LAST_ERROR,
            self.0.raw.last_error(hresult, UNICODE),
        )
    }

    /// Reads the table of the profile's message services, sorted by their display names. It is asked
    /// for without MAPI_UNICODE, which the page does not allow.
    ///
    /// # Errors
    /// Those of the subsystem; the reference names none.
    ///
    /// [`IMsgServiceAdmin::GetMsgServiceTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getmsgservicetable) in the MAPI reference.
    #[doc(alias = "GetMsgServiceTable")]
    #[doc(alias = "IMsgServiceAdmin::GetMsgServiceTable")]
    #[track_caller]
    pub fn msg_service_table(&self) -> Result<MsgServiceTable, Error> {
        plain(
            Call::SERVICE_ADMIN_GET_MSG_SERVICE_TABLE,
            self.0.raw.msg_service_table(0),
        )
    }

    /// Adds an installed message service, by its name, under a display name. The display name is
    /// ignored if the service is installed with one. The call does not return the new identifier;
    /// [`create_msg_service_ex`](Self::create_msg_service_ex) does.
    ///
    /// It is called without MAPI_UNICODE: the reference warns that Outlook's fails with it.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: no service of this name is installed.
    /// - MAPI_E_NO_ACCESS: the profile has the service, which can be in it only once (rule M9).
    ///
    /// [`IMsgServiceAdmin::CreateMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-createmsgservice) in the MAPI reference.
    #[doc(alias = "CreateMsgService")]
    #[doc(alias = "IMsgServiceAdmin::CreateMsgService")]
    #[track_caller]
    pub fn create_msg_service(&self, service: &str, display_name: &str) -> Result<(), Error> {
        let created = (self.0.raw).create_msg_service(service, display_name, UiParam::NONE, 0);
        plain(Call::SERVICE_ADMIN_CREATE_MSG_SERVICE, created)
    }

    /// Adds an installed message service, and returns its identifier. `flags` say whether the user is
    /// shown its configuration, in a dialog over `parent`.
    ///
    /// # Errors
    /// As [`create_msg_service`](Self::create_msg_service); and
    /// - MAPI_E_USER_CANCEL: the user cancelled.
    /// - MAPI_E_NO_SUPPORT: the subsystem has no IMsgServiceAdmin2.
    ///
    /// [IMsgServiceAdmin2::CreateMsgServiceEx](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin2-createmsgserviceex) in the MAPI reference.
    #[doc(alias = "CreateMsgServiceEx")]
    #[doc(alias = "IMsgServiceAdmin2::CreateMsgServiceEx")]
    #[track_caller]
    pub fn create_msg_service_ex(
        &self,
        service: &str,
        display_name: &str,
        parent: UiParam,
        flags: MsgServiceFlags,
    ) -> Result<MapiUid, Error> {
        let raw = &self.0.raw;
        let created = raw.create_msg_service_ex(service, display_name, parent, flags.bits());
        plain(Call::SERVICE_ADMIN_CREATE_MSG_SERVICE_EX, created)
    }

    /// Removes a message service from the profile.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: the profile has no such service.
    ///
    /// [`IMsgServiceAdmin::DeleteMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-deletemsgservice) in the MAPI reference.
    #[doc(alias = "DeleteMsgService")]
    #[doc(alias = "IMsgServiceAdmin::DeleteMsgService")]
    #[track_caller]
    pub fn delete_msg_service(&self, uid: MapiUid) -> Result<(), Error> {
        plain(
            Call::SERVICE_ADMIN_DELETE_MSG_SERVICE,
            self.0.raw.delete_msg_service(uid),
        )
    }

    /// Copies a message service with its configuration to the profile of another administration
    /// object, or of this one.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the profile has no such service.
    /// - MAPI_E_NO_ACCESS: the destination has the service, which allows no second one.
    ///
    /// [`IMsgServiceAdmin::CopyMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-copymsgservice) in the MAPI reference.
    #[doc(alias = "CopyMsgService")]
    #[doc(alias = "IMsgServiceAdmin::CopyMsgService")]
    #[track_caller]
    pub fn copy_msg_service(
        &self,
        uid: MapiUid,
        destination: &ServiceAdmin<'_, B>,
    ) -> Result<(), Error> {
        let to = &destination.0.raw;
        let copied = self.0.raw.copy_msg_service(uid, to, UiParam::NONE, 0);
        plain(Call::SERVICE_ADMIN_COPY_MSG_SERVICE, copied)
    }

    /// Renames a message service, which the reference says is not supported.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: always, where the subsystem follows the reference.
    ///
    /// [`IMsgServiceAdmin::RenameMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-renamemsgservice) in the MAPI reference.
    #[doc(alias = "RenameMsgService")]
    #[doc(alias = "IMsgServiceAdmin::RenameMsgService")]
    #[track_caller]
    pub fn rename_msg_service(&self, uid: MapiUid, display_name: &str) -> Result<(), Error> {
        plain(
            Call::SERVICE_ADMIN_RENAME_MSG_SERVICE,
            self.0.raw.rename_msg_service(uid, 0, display_name),
        )
    }

    /// Configures a message service with these properties, without a dialog.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the profile has no such service.
    /// - MAPI_E_NOT_INITIALIZED: the service has no entry point function.
    /// - MAPI_E_UNCONFIGURED: there are no properties, and the service lacks configuration (our
    ///   reading).
    /// - MAPI_E_EXTENDED_ERROR: the service has an error of its own.
    ///
    /// [`IMsgServiceAdmin::ConfigureMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-configuremsgservice) in the MAPI reference.
    #[doc(alias = "ConfigureMsgService")]
    #[doc(alias = "IMsgServiceAdmin::ConfigureMsgService")]
    #[track_caller]
    pub fn configure_msg_service(&self, uid: MapiUid, props: &[Property]) -> Result<(), Error> {
        self.configure_msg_service_with_ui(uid, UiParam::NONE, MsgServiceFlags::empty(), props)
    }

    /// Configures a message service. `flags` say whether the user is shown the configuration, in a
    /// dialog over `parent`.
    ///
    /// # Errors
    /// As [`configure_msg_service`](Self::configure_msg_service); and MAPI_E_USER_CANCEL: the user
    /// cancelled.
    #[track_caller]
    pub fn configure_msg_service_with_ui(
        &self,
        uid: MapiUid,
        parent: UiParam,
        flags: MsgServiceFlags,
        props: &[Property],
    ) -> Result<(), Error> {
        let raw = &self.0.raw;
        let configured = raw.configure_msg_service(uid, parent, flags.bits() | UNICODE, props);
        plain(Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE, configured)
    }

    /// Opens a section of the profile, as [`Session::open_profile_section`] does.
    ///
    /// # Errors
    /// As [`Session::open_profile_section`].
    ///
    /// [`IMsgServiceAdmin::OpenProfileSection`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-openprofilesection) in the MAPI reference.
    #[doc(alias = "IMsgServiceAdmin::OpenProfileSection")]
    #[track_caller]
    pub fn open_profile_section(
        &self,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) -> Result<ProfileSection<'s, B>, Error> {
        let opened = self.0.raw.open_profile_section(uid, flags.bits());
        ProfileSection::of(
            self.0.session.clone(),
            Call::SERVICE_ADMIN_OPEN_PROFILE_SECTION,
            opened,
        )
    }

    /// Sets the order in which the profile's transports deliver. Name all of them, by their
    /// identifiers in the [provider table](Self::provider_table).
    ///
    /// # Errors
    /// - MAPI_E_BUSY: the profile has more transports, or fewer.
    /// - MAPI_E_NOT_FOUND: one is no transport of the profile.
    /// - MAPI_E_INVALID_PARAMETER: one is there twice (our reading).
    ///
    /// [`IMsgServiceAdmin::MsgServiceTransportOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-msgservicetransportorder) in the MAPI reference.
    #[doc(alias = "MsgServiceTransportOrder")]
    #[doc(alias = "IMsgServiceAdmin::MsgServiceTransportOrder")]
    #[track_caller]
    pub fn msg_service_transport_order(&self, transports: &[MapiUid]) -> Result<(), Error> {
        plain(
            Call::SERVICE_ADMIN_MSG_SERVICE_TRANSPORT_ORDER,
            self.0.raw.msg_service_transport_order(transports, 0),
        )
    }

    /// Opens the administration of a message service's providers.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: the profile has no such service.
    ///
    /// [`IMsgServiceAdmin::AdminProviders`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-adminproviders) in the MAPI reference.
    #[doc(alias = "AdminProviders")]
    #[doc(alias = "IMsgServiceAdmin::AdminProviders")]
    #[track_caller]
    pub fn admin_providers(&self, uid: MapiUid) -> Result<ProviderAdmin<'s, B>, Error> {
        let opened = self.0.raw.admin_providers(uid, 0);
        ProviderAdmin::of(self.0.session.clone(), opened)
    }

    /// Makes a message service the one that gives sessions of the profile their primary identity. With
    /// `None`, no service does.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the profile has no such service (our reading).
    /// - MAPI_E_NO_ACCESS: the service has no identity to give.
    ///
    /// [`IMsgServiceAdmin::SetPrimaryIdentity`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-setprimaryidentity) in the MAPI reference.
    #[doc(alias = "SetPrimaryIdentity")]
    #[doc(alias = "IMsgServiceAdmin::SetPrimaryIdentity")]
    #[track_caller]
    pub fn set_primary_identity(&self, uid: Option<MapiUid>) -> Result<(), Error> {
        plain(
            Call::SERVICE_ADMIN_SET_PRIMARY_IDENTITY,
            self.0.raw.set_primary_identity(uid, 0),
        )
    }

    /// Reads the table of the whole profile's providers, in their order. It is asked for without
    /// MAPI_UNICODE, which the page does not allow.
    ///
    /// # Errors
    /// Those of the subsystem; the reference names none.
    ///
    /// [`IMsgServiceAdmin::GetProviderTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getprovidertable) in the MAPI reference.
    #[doc(alias = "GetProviderTable")]
    #[doc(alias = "IMsgServiceAdmin::GetProviderTable")]
    #[track_caller]
    pub fn provider_table(&self) -> Result<ProviderTable, Error> {
        plain(
            Call::SERVICE_ADMIN_GET_PROVIDER_TABLE,
            self.0.raw.provider_table(0),
        )
    }
}
