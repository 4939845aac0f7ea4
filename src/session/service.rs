//! The administration of a profile's message services.

use super::open::{RawAdmin, debug, opened};
use super::query::UNICODE;
use super::{Open, SessionRef, plain};
use crate::error::{Call, MapiError};
use crate::subsystem::{RawServiceAdmin, RawSession, Subsystem};
use crate::table::MsgServiceTable;
use crate::{Error, HResult, Live, MapiUid, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Opens the administration of the profile's message services.
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`ServiceAdmin::open`].
    ///
    /// # Errors
    /// What the subsystem has; the reference has none.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-adminservices).
    #[doc(alias = "AdminServices")]
    #[doc(alias = "IMAPISession::AdminServices")]
    #[track_caller]
    pub fn admin_services(&self) -> Result<ServiceAdmin<'_, B>, Error> {
        ServiceAdmin::open(self)
    }
}

/// The administration of a profile's message services. Dropping it releases it.
///
/// What it changes is for the sessions that begin afterwards; this one is not affected. Of a profile
/// that is to be deleted none will begin: changes of it fail with MAPI_E_NOT_FOUND, which is our
/// reading.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadminiunknown).
#[doc(alias = "IMsgServiceAdmin")]
#[must_use = "dropping the administration releases it"]
pub struct ServiceAdmin<'s, B: Subsystem>(Open<'s, B, RawAdmin<B>>);

opened!(ServiceAdmin);

impl<'s, B: Subsystem> ServiceAdmin<'s, B> {
    /// As [`Session::admin_services`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::admin_services`].
    #[track_caller]
    pub fn open(session: impl Into<SessionRef<'s, B>>) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.admin_services(0);
        Open::new(session, Call::AdminServices, opened).map(Self)
    }

    /// What is known of the last failure of a method of this administration object, if it had this HRESULT; else
    /// nothing.
    ///
    /// # Errors
    /// As [`Session::last_error`].
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getlasterror).
    #[doc(alias = "IMsgServiceAdmin::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(
            Call::GetServiceAdminError,
            self.0.raw.last_error(hresult, UNICODE),
        )
    }

    /// The message services of the profile. It is asked for without MAPI_UNICODE, which the page does
    /// not have.
    ///
    /// # Errors
    /// What the subsystem has; the reference has none.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getmsgservicetable).
    #[doc(alias = "GetMsgServiceTable")]
    #[doc(alias = "IMsgServiceAdmin::GetMsgServiceTable")]
    #[track_caller]
    pub fn msg_service_table(&self) -> Result<MsgServiceTable, Error> {
        plain(Call::GetMsgServiceTable, self.0.raw.msg_service_table(0))
    }

    /// Adds a message service that is installed, by its name, under a name for a person. The call
    /// does not tell its identifier; the [table](Self::msg_service_table) does.
    ///
    /// It is made without MAPI_UNICODE, with which Outlook's fails, as the reference warns.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: no service of this name is installed.
    /// - MAPI_E_NO_ACCESS: the profile has the service, which can be in it only once (rule M9).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-createmsgservice).
    #[doc(alias = "CreateMsgService")]
    #[doc(alias = "IMsgServiceAdmin::CreateMsgService")]
    #[track_caller]
    pub fn create_msg_service(&self, service: &str, display_name: &str) -> Result<(), Error> {
        plain(
            Call::CreateMsgService,
            self.0.raw.create_msg_service(service, display_name, 0),
        )
    }

    /// Removes a message service from the profile.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: the profile has no such service.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-deletemsgservice).
    #[doc(alias = "DeleteMsgService")]
    #[doc(alias = "IMsgServiceAdmin::DeleteMsgService")]
    #[track_caller]
    pub fn delete_msg_service(&self, uid: MapiUid) -> Result<(), Error> {
        plain(Call::DeleteMsgService, self.0.raw.delete_msg_service(uid))
    }

    /// Has a message service give the sessions of the profile their primary identity; or none,
    /// where there is no identifier.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the profile has no such service (our reading).
    /// - MAPI_E_NO_ACCESS: the service has no identity to give.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-setprimaryidentity).
    #[doc(alias = "SetPrimaryIdentity")]
    #[doc(alias = "IMsgServiceAdmin::SetPrimaryIdentity")]
    #[track_caller]
    pub fn set_primary_identity(&self, uid: Option<MapiUid>) -> Result<(), Error> {
        plain(
            Call::SetPrimaryIdentity,
            self.0.raw.set_primary_identity(uid, 0),
        )
    }
}
