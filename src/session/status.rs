//! Status objects: what a session's resources can be asked and told.

use std::fmt;
use std::ops::Deref;

use super::entry::{Entry, Object, object};
use super::query::UNICODE;
use super::{SessionRef, plain};
use crate::error::{Call, Failure};
use crate::flags::{FlushFlags, SettingsFlags, ValidateFlags};
use crate::subsystem::{RawObject, Subsystem};
use crate::table::StatusRow;
use crate::{EntryId, Error, HResult, Live, OpenEntryFlags, Session, UiParam};

impl<B: Subsystem> Session<Live, B> {
    /// Opens the status object of a row of the [status table](Self::status_table).
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`Status::open`].
    ///
    /// ```
    /// # use mapi_session::subsystem::Subsystem;
    /// # use mapi_session::{Error, Live, Session, UiParam};
    /// use mapi_session::flags::FlushFlags;
    /// use mapi_session::types::ResourceType;
    ///
    /// // Sends what waits, and returns when it is sent.
    /// # fn send<B: Subsystem>(session: &Session<Live, B>) -> Result<(), Error> {
    /// let resources = session.status_table()?;
    /// if let Some(spooler) = resources.first(ResourceType::SPOOLER) {
    ///     let spooler = session.open_status(spooler)?;
    ///     spooler.flush_queues(UiParam::NONE, FlushFlags::UPLOAD | FlushFlags::NO_UI)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the resource no longer has a status object, or belongs to another session.
    /// - MAPI_E_INTERFACE_NOT_SUPPORTED: the row's identifier names something else.
    ///
    /// [Status Table and Status Objects](https://learn.microsoft.com/office/client-developer/outlook/mapi/status-table-and-status-objects) in the MAPI reference.
    #[track_caller]
    pub fn open_status(&self, row: &StatusRow) -> Result<Status<'_, B>, Error> {
        Status::open(self, row)
    }
}

/// An open status object (`IMAPIStatus`): an [`Object`]. Dropping it releases it.
///
/// [`resource_methods`](StatusRow::resource_methods) of its row tells which of the methods it
/// supports.
///
/// [`IMAPIStatus`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatusimapiprop)
/// in the MAPI reference.
#[doc(alias = "IMAPIStatus")]
#[must_use = "dropping a status object releases it"]
pub struct Status<'s, B: Subsystem>(pub(super) Object<'s, B>);

object!(Status);

impl<'s, B: Subsystem> Status<'s, B> {
    /// Does the same as [`Session::open_status`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_status`].
    #[track_caller]
    pub fn open(session: impl Into<SessionRef<'s, B>>, row: &StatusRow) -> Result<Self, Error> {
        let entry = Entry::open(session, row.entry_id(), OpenEntryFlags::empty())?;
        entry.into_status().map_err(|other| {
            let failure = Failure::new(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED);
            let reason = format!("the row's identifier is of {:?}", other.object_type());
            Error::new(Call::SESSION_OPEN_ENTRY, failure.because(reason))
        })
    }

    /// Checks that the resource is in the state that its row shows. It may ask the user, in a dialog
    /// with this parent, unless [`ValidateFlags::SUPPRESS_UI`] is set.
    ///
    /// # Errors
    /// - MAPI_E_BUSY: another operation is in progress.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - any code that tells what is wrong with the resource.
    ///
    /// [`IMAPIStatus::ValidateState`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-validatestate) in the MAPI reference.
    #[doc(alias = "ValidateState")]
    #[doc(alias = "IMAPIStatus::ValidateState")]
    #[track_caller]
    pub fn validate_state(&self, parent: UiParam, flags: ValidateFlags) -> Result<(), Error> {
        let validated = self.0.open.raw.validate_state(parent, flags.bits());
        plain(Call::STATUS_VALIDATE_STATE, validated)
    }

    /// Shows the provider's configuration, in a dialog with this parent.
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: the resource has no such dialog.
    /// - MAPI_E_USER_CANCEL: the user cancelled (our reading).
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [`IMAPIStatus::SettingsDialog`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-settingsdialog) in the MAPI reference.
    #[doc(alias = "SettingsDialog")]
    #[doc(alias = "IMAPIStatus::SettingsDialog")]
    #[track_caller]
    pub fn settings_dialog(&self, parent: UiParam, flags: SettingsFlags) -> Result<(), Error> {
        let shown = self.0.open.raw.settings_dialog(parent, flags.bits());
        plain(Call::STATUS_SETTINGS_DIALOG, shown)
    }

    /// Changes the provider's password.
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: the resource has no password to change.
    /// - MAPI_E_NO_ACCESS: the old password is wrong.
    ///
    /// [`IMAPIStatus::ChangePassword`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-changepassword) in the MAPI reference.
    #[doc(alias = "ChangePassword")]
    #[doc(alias = "IMAPIStatus::ChangePassword")]
    #[track_caller]
    pub fn change_password(&self, old: &str, new: &str) -> Result<(), Error> {
        let raw = &self.0.open.raw;
        let changed = raw.change_password(Some(old), Some(new), UNICODE);
        plain(Call::STATUS_CHANGE_PASSWORD, changed)
    }

    /// Sends and receives waiting mail, and returns when that is done. On the spooler's status object,
    /// all transports do so; on a transport's, only that one.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, UiParam};
    /// # use mapi_session::flags::FlushFlags;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::types::ResourceType;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let status = session.status_table()?;
    /// let spooler = session.open_status(status.first(ResourceType::SPOOLER).unwrap())?;
    /// spooler.flush_queues(UiParam::NONE, FlushFlags::UPLOAD)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: the resource has no queues.
    /// - MAPI_E_BUSY: another operation is in progress; or, with [`FlushFlags::ASYNC_OK`], the queues
    ///   are flushed later.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [`IMAPIStatus::FlushQueues`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-flushqueues) in the MAPI reference.
    #[doc(alias = "FlushQueues")]
    #[doc(alias = "IMAPIStatus::FlushQueues")]
    #[track_caller]
    pub fn flush_queues(&self, parent: UiParam, flags: FlushFlags) -> Result<(), Error> {
        self.flush(parent, None, flags)
    }

    /// Has the spooler flush the queues of one transport: the one whose row has this entry identifier.
    /// See [`flush_queues`](Self::flush_queues).
    ///
    /// # Errors
    /// As [`flush_queues`](Self::flush_queues); and
    /// - MAPI_E_UNKNOWN_ENTRYID: the identifier names no active transport (our reading; the page is
    ///   silent).
    /// - MAPI_E_INVALID_PARAMETER: this is a transport's own status object (our reading).
    #[track_caller]
    pub fn flush_queues_of(
        &self,
        parent: UiParam,
        transport: &EntryId,
        flags: FlushFlags,
    ) -> Result<(), Error> {
        self.flush(parent, Some(transport), flags)
    }

    #[track_caller]
    fn flush(
        &self,
        parent: UiParam,
        transport: Option<&EntryId>,
        flags: FlushFlags,
    ) -> Result<(), Error> {
        let transport = transport.map(EntryId::as_bytes);
        let flushed = (self.0.open.raw).flush_queues(parent, transport, flags.bits());
        plain(Call::STATUS_FLUSH_QUEUES, flushed)
    }
}
