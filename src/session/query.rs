//! What a live session tells: its tables, its identity, its last error.

use super::plain;
use crate::error::{Call, MapiError, Success};
use crate::subsystem::{RawSession, Subsystem};
use crate::table::{MsgStoresTable, StatusTable};
use crate::{EntryId, Error, HResult, Live, LogonFlags, Session};

/// Strings are Unicode: the flag of all calls that give some.
pub(super) const UNICODE: u32 = LogonFlags::UNICODE.bits();

impl<B: Subsystem> Session<Live, B> {
    /// The message stores of the session's profile.
    ///
    /// # Errors
    /// MAPI_E_BAD_CHARWIDTH: the session has no Unicode. [`Memory`](crate::memory::Memory) has, unless
    /// it is [described without](crate::memory::Builder::without_unicode).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getmsgstorestable).
    #[doc(alias = "GetMsgStoresTable")]
    #[doc(alias = "IMAPISession::GetMsgStoresTable")]
    #[track_caller]
    pub fn msg_stores_table(&self) -> Result<MsgStoresTable, Error> {
        plain(Call::GetMsgStoresTable, self.raw.msg_stores_table(UNICODE))
    }

    /// The resources of the session: MAPI's own, and each provider that reports its status.
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getstatustable).
    #[doc(alias = "GetStatusTable")]
    #[doc(alias = "IMAPISession::GetStatusTable")]
    #[track_caller]
    pub fn status_table(&self) -> Result<StatusTable, Error> {
        plain(Call::GetStatusTable, self.raw.status_table(UNICODE))
    }

    /// The address types that the session can send to: those of the transports that are active. The
    /// reference calls the method deprecated.
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-enumadrtypes).
    #[doc(alias = "EnumAdrTypes")]
    #[doc(alias = "IMAPISession::EnumAdrTypes")]
    #[track_caller]
    pub fn enum_adr_types(&self) -> Result<Vec<String>, Error> {
        plain(Call::EnumAdrTypes, self.raw.enum_adr_types(UNICODE))
    }

    /// The identifier of the user that the session stands for: its primary identity.
    ///
    /// Where no provider has one, it is a success that warns of MAPI_W_NO_SERVICE, and the
    /// identifier opens nothing.
    ///
    /// # Errors
    /// What the subsystem has; the reference has none.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-queryidentity).
    #[doc(alias = "QueryIdentity")]
    #[doc(alias = "IMAPISession::QueryIdentity")]
    #[track_caller]
    pub fn query_identity(&self) -> Result<Success<EntryId>, Error> {
        self.raw
            .query_identity()
            .map_err(|failure| Error::new(Call::QueryIdentity, failure))
    }

    /// Whether two identifiers are of the same object. Different bytes can be.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_ENTRYID: they are not of one provider that the session has open, or one of them is
    /// of no object. Then take nothing for granted, neither that they are of the same object nor that
    /// they are not.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-compareentryids).
    #[doc(alias = "CompareEntryIDs")]
    #[doc(alias = "IMAPISession::CompareEntryIDs")]
    #[track_caller]
    pub fn compare_entry_ids(&self, one: &EntryId, other: &EntryId) -> Result<bool, Error> {
        let same = self
            .raw
            .compare_entry_ids(Some(one.as_bytes()), Some(other.as_bytes()), 0);
        plain(Call::CompareEntryIds, same)
    }

    /// What is known of the last failure, or success with a warning, of a method of this session,
    /// if it had this HRESULT; else nothing.
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getlasterror).
    #[doc(alias = "GetLastError")]
    #[doc(alias = "IMAPISession::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(Call::GetLastError, self.raw.last_error(hresult, UNICODE))
    }
}
