//! What a live session tells: its tables, its identity, its last error.

use super::plain;
use crate::error::{Call, MapiError, Success};
use crate::subsystem::{RawSession, Subsystem};
use crate::table::{MsgStoresTable, StatusTable};
use crate::{EntryId, Error, HResult, Live, LogonFlags, Session};

/// Strings are Unicode: the flag of all calls that give some.
pub(super) const UNICODE: u32 = LogonFlags::UNICODE.bits();

impl<B: Subsystem> Session<Live, B> {
    /// Reads the table of the profile's message stores.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// for row in &session.msg_stores_table()? {
    ///     println!("{}{}", row.display_name(), if row.is_default() { ", the default" } else { "" });
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_BAD_CHARWIDTH: the session has no Unicode. [`Memory`](crate::memory::Memory) has, unless
    /// it is [described without](crate::memory::Builder::without_unicode).
    ///
    /// [`IMAPISession::GetMsgStoresTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getmsgstorestable) in the MAPI reference.
    #[doc(alias = "GetMsgStoresTable")]
    #[doc(alias = "IMAPISession::GetMsgStoresTable")]
    #[track_caller]
    pub fn msg_stores_table(&self) -> Result<MsgStoresTable, Error> {
        plain(
            Call::SESSION_GET_MSG_STORES_TABLE,
            self.raw.msg_stores_table(UNICODE),
        )
    }

    /// Reads the table of the session's resources: MAPI's own, and each provider that reports its
    /// status.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::types::ResourceType;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let status = session.status_table()?;
    /// let subsystem = status.first(ResourceType::SUBSYSTEM).unwrap();
    /// assert_eq!(subsystem.display_name(), "Work"); // the profile's name
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [`IMAPISession::GetStatusTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getstatustable) in the MAPI reference.
    #[doc(alias = "GetStatusTable")]
    #[doc(alias = "IMAPISession::GetStatusTable")]
    #[track_caller]
    pub fn status_table(&self) -> Result<StatusTable, Error> {
        plain(
            Call::SESSION_GET_STATUS_TABLE,
            self.raw.status_table(UNICODE),
        )
    }

    /// Reads the address types that the session can send to: those of its active transports. The
    /// reference calls the method deprecated.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// for address_type in session.enum_adr_types()? {
    ///     println!("can send to {address_type}");
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [`IMAPISession::EnumAdrTypes`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-enumadrtypes) in the MAPI reference.
    #[doc(alias = "EnumAdrTypes")]
    #[doc(alias = "IMAPISession::EnumAdrTypes")]
    #[track_caller]
    pub fn enum_adr_types(&self) -> Result<Vec<String>, Error> {
        plain(
            Call::SESSION_ENUM_ADR_TYPES,
            self.raw.enum_adr_types(UNICODE),
        )
    }

    /// Returns the entry identifier of the session's primary identity: the user that it stands for.
    ///
    /// If no provider has an identity, the call succeeds with the warning MAPI_W_NO_SERVICE, and the
    /// identifier opens nothing.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags};
    /// # use mapi_session::memory::{Memory, Profile, Store};
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").identity("Ana"));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let me = session.query_identity()?.ignore_warning();
    /// let user = session.open_entry(&me, OpenEntryFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the subsystem has; the reference has none.
    ///
    /// [`IMAPISession::QueryIdentity`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-queryidentity) in the MAPI reference.
    #[doc(alias = "QueryIdentity")]
    #[doc(alias = "IMAPISession::QueryIdentity")]
    #[track_caller]
    pub fn query_identity(&self) -> Result<Success<EntryId>, Error> {
        self.raw
            .query_identity()
            .map_err(|failure| Error::new(Call::SESSION_QUERY_IDENTITY, failure))
    }

    /// Tells whether two entry identifiers name the same object; their bytes may differ.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let table = session.msg_stores_table()?;
    /// let id = table.rows()[0].entry_id();
    /// assert!(session.compare_entry_ids(id, id)?);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_ENTRYID: they are not of the same open provider, or one of them names no object.
    /// Then nothing is known: the objects may be the same or not.
    ///
    /// [`IMAPISession::CompareEntryIDs`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-compareentryids) in the MAPI reference.
    #[doc(alias = "CompareEntryIDs")]
    #[doc(alias = "IMAPISession::CompareEntryIDs")]
    #[track_caller]
    pub fn compare_entry_ids(&self, one: &EntryId, other: &EntryId) -> Result<bool, Error> {
        let same = self
            .raw
            .compare_entry_ids(Some(one.as_bytes()), Some(other.as_bytes()), 0);
        plain(Call::SESSION_COMPARE_ENTRY_IDS, same)
    }

    /// Tells more of the last failure or warning of a method of this session, if it had this HRESULT;
    /// else `None`.
    ///
    /// ```
    /// # use mapi_session::{EntryId, LogonRequest, Mapi, OpenEntryFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let unknown = EntryId::new([0; 20]);
    /// if let Err(error) = session.open_entry(&unknown, OpenEntryFlags::empty()) {
    ///     if let Some(told) = session.last_error(error.hresult())? {
    ///         println!("{}: {}", told.component(), told.error());
    ///     }
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [`IMAPISession::GetLastError`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getlasterror) in the MAPI reference.
    #[doc(alias = "GetLastError")]
    #[doc(alias = "IMAPISession::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(
            Call::SESSION_GET_LAST_ERROR,
            self.raw.last_error(hresult, UNICODE),
        )
    }
}
