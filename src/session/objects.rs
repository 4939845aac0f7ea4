//! The objects that a live session opens. Each holds the session: no logoff while one of them
//! lives.

use std::fmt;
use std::sync::Arc;

use super::{Hold, plain};
use crate::subsystem::{RawMsgStore, RawSession, Subsystem, Warning};
use crate::{
    Call, EntryId, Error, Live, LogonFlags, MsgStoresTable, OpenStoreFlags, Session, UiParam,
};

impl<B: Subsystem> Session<Live, B> {
    /// The message stores of the session's profile.
    ///
    /// # Errors
    /// MAPI_E_BAD_CHARWIDTH: the session has no Unicode. [`Memory`](crate::memory::Memory) has.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getmsgstorestable).
    #[doc(alias = "GetMsgStoresTable")]
    #[doc(alias = "IMAPISession::GetMsgStoresTable")]
    pub fn msg_stores_table(&self) -> Result<MsgStoresTable, Error> {
        plain(
            Call::GetMsgStoresTable,
            self.raw.msg_stores_table(LogonFlags::UNICODE.bits()),
        )
    }

    /// Opens a message store. It borrows the session.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: no store of the profile has this identifier.
    /// - MAPI_E_INVALID_ENTRYID: the identifier ends before its provider's does.
    /// - MAPI_E_NO_ACCESS: [`OpenStoreFlags::WRITE`] on a store that can only be read.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openmsgstore).
    #[doc(alias = "OpenMsgStore")]
    #[doc(alias = "IMAPISession::OpenMsgStore")]
    pub fn open_msg_store(
        &self,
        entry_id: &EntryId,
        flags: OpenStoreFlags,
    ) -> Result<MsgStore<'_, B>, Error> {
        MsgStore::open(Hold::Borrowed(self), entry_id, flags)
    }

    /// Opens a message store that holds a share in the session instead of borrowing it, for a
    /// struct that keeps both.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use mapi_session::memory::{Memory, Profile, Store};
    /// # use mapi_session::{Live, LogoffFlags, LogonRequest, Mapi, MsgStore, OpenStoreFlags, Session};
    /// struct Mailbox {
    ///     session: Arc<Session<Live, Memory>>,
    ///     store: MsgStore<'static, Memory>,
    /// }
    ///
    /// # let profile = Profile::new("Outlook").store(Store::new("Mailbox"));
    /// # let mapi = Mapi::initialize(Memory::builder().profile(profile).build()?)?;
    /// let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    /// let entry_id = session.msg_stores_table()?.rows()[0].entry_id().clone();
    /// let store = session.open_msg_store_arc(&entry_id, OpenStoreFlags::BEST_ACCESS)?;
    /// let mailbox = Mailbox { session, store };
    ///
    /// // To log off, the store goes first.
    /// drop(mailbox.store);
    /// let session = Arc::try_unwrap(mailbox.session).expect("no other share");
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`open_msg_store`](Self::open_msg_store).
    pub fn open_msg_store_arc(
        self: &Arc<Self>,
        entry_id: &EntryId,
        flags: OpenStoreFlags,
    ) -> Result<MsgStore<'static, B>, Error> {
        MsgStore::open(Hold::Shared(Arc::clone(self)), entry_id, flags)
    }
}

/// An open message store. Dropping it releases it.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstoreimapiprop).
pub struct MsgStore<'s, B: Subsystem> {
    // Dropped in this order: the store, then the hold on its session.
    raw: <B::Session as RawSession>::MsgStore,
    session: Hold<'s, B>,
    warning: Option<Warning>,
}

impl<'s, B: Subsystem> MsgStore<'s, B> {
    fn open(
        session: Hold<'s, B>,
        entry_id: &EntryId,
        flags: OpenStoreFlags,
    ) -> Result<Self, Error> {
        let opened =
            session
                .raw
                .open_msg_store(UiParam::NONE, Some(entry_id.as_bytes()), flags.bits());
        let (raw, warning) = opened
            .map_err(|failure| Error::new(Call::OpenMsgStore, failure))?
            .into_parts();
        Ok(Self {
            raw,
            session,
            warning,
        })
    }

    /// The warning (MAPI_W_ERRORS_RETURNED) that the store was opened with, where it was.
    #[must_use]
    pub fn open_warning(&self) -> Option<&Warning> {
        self.warning.as_ref()
    }

    /// Whether the store was opened for writing.
    ///
    /// # Errors
    /// What the subsystem has; [`Memory`](crate::memory::Memory) has none.
    #[doc(alias = "PR_ACCESS_LEVEL")]
    pub fn is_writable(&self) -> Result<bool, Error> {
        plain(Call::GetStoreProps, self.raw.is_writable())
    }

    /// The session that the store came from.
    pub fn session(&self) -> &Session<Live, B> {
        &self.session
    }
}

impl<B: Subsystem> Drop for MsgStore<'_, B> {
    // Empty on purpose: with it the borrow of the session lasts until the store is dropped, not
    // just to its last use. Without it a logoff that overtakes the release of the store would
    // compile.
    fn drop(&mut self) {}
}

impl<B: Subsystem> fmt::Debug for MsgStore<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MsgStore")
    }
}
