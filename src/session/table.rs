//! The message store table and the status table, kept open: what they have now, and what changes.

use std::fmt;

use super::open::{RawStatusTable, RawStoreTable, debug};
use super::query::UNICODE;
use super::{Open, SessionRef, plain};
use crate::error::{Call, Warning};
use crate::session::advise::ObjectRegistration;
use crate::subsystem::{RawSession, RawTable, Subsystem};
use crate::table::Table;
use crate::{AdviseSink, Error, Live, Notification, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Opens the message store table, to be told when a store comes or goes, or when the default
    /// store is another. To read the rows once, use [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// ```
    /// # use std::sync::mpsc;
    /// # use mapi_session::memory::{Memory, Profile, Store};
    /// # use mapi_session::{LogonRequest, Mapi, Notification};
    /// # let profile = Profile::new("Outlook").store(Store::new("Mailbox"));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    /// let table = session.open_msg_stores_table()?;
    /// let (sink, changes) = mpsc::channel();
    /// let registration = table.advise_sink(sink)?;
    ///
    /// let store = table.rows()?.rows()[0].entry_id().clone();
    /// session.set_default_store(mapi_session::types::DefaultStore::Default, Some(&store))?;
    /// assert!(matches!(changes.try_recv(), Ok(Notification::Table(_))));
    /// assert!(table.rows()?.default_store().is_some());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getmsgstorestable).
    #[doc(alias = "GetMsgStoresTable")]
    #[doc(alias = "IMAPISession::GetMsgStoresTable")]
    #[track_caller]
    pub fn open_msg_stores_table(&self) -> Result<LiveMsgStoresTable<'_, B>, Error> {
        LiveTable::open_msg_stores(self)
    }

    /// Opens the status table, to be told when a row changes. To read the rows once, use
    /// [`status_table`](Self::status_table).
    ///
    /// # Errors
    /// As [`status_table`](Self::status_table).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getstatustable).
    #[doc(alias = "GetStatusTable")]
    #[doc(alias = "IMAPISession::GetStatusTable")]
    #[track_caller]
    pub fn open_status_table(&self) -> Result<LiveStatusTable<'_, B>, Error> {
        LiveTable::open_status(self)
    }
}

/// The message store table, kept open.
pub type LiveMsgStoresTable<'s, B> = LiveTable<'s, B, RawStoreTable<B>>;

/// The status table, kept open.
pub type LiveStatusTable<'s, B> = LiveTable<'s, B, RawStatusTable<B>>;

/// A table that is kept open. `T` is the subsystem's own type of it, and says what its rows are.
/// Dropping it releases it.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitableiunknown).
#[doc(alias = "IMAPITable")]
#[must_use = "dropping a table releases it"]
pub struct LiveTable<'s, B: Subsystem, T: RawTable>(Open<'s, B, T>);

impl<'s, B: Subsystem> LiveMsgStoresTable<'s, B> {
    /// As [`Session::open_msg_stores_table`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_msg_stores_table`].
    #[track_caller]
    pub fn open_msg_stores(session: impl Into<SessionRef<'s, B>>) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.open_msg_stores_table(UNICODE);
        Open::new(session, Call::GetMsgStoresTable, opened).map(Self)
    }
}

impl<'s, B: Subsystem> LiveStatusTable<'s, B> {
    /// As [`Session::open_status_table`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_status_table`].
    #[track_caller]
    pub fn open_status(session: impl Into<SessionRef<'s, B>>) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.open_status_table(UNICODE);
        Open::new(session, Call::GetStatusTable, opened).map(Self)
    }
}

impl<'s, B: Subsystem, T: RawTable> LiveTable<'s, B, T> {
    /// All rows, as they are now. They are the caller's own: they do not change, and stay valid after
    /// the logoff.
    ///
    /// # Errors
    /// What the subsystem has; the reference has none for these tables.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrqueryallrows).
    #[doc(alias = "HrQueryAllRows")]
    #[doc(alias = "IMAPITable::QueryRows")]
    #[track_caller]
    pub fn rows(&self) -> Result<Table<T::Row>, Error> {
        plain(Call::QueryAllRows, self.0.raw.rows())
    }

    /// Registers a closure for the changes of the table: each is a
    /// [`Notification::Table`]. An event may come when the table has changed once more: what counts
    /// is what [`rows`](Self::rows) gives.
    ///
    /// Dropping the [`ObjectRegistration`] unregisters. It borrows the table. To keep both in one
    /// struct, register with an `Arc` of the table, by [`ObjectRegistration::with_table`].
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: the table sends no notifications.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-advise).
    #[doc(alias = "IMAPITable::Advise")]
    #[doc(alias = "fnevTableModified")]
    #[track_caller]
    pub fn advise<F>(&self, closure: F) -> Result<ObjectRegistration<'_, Self>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        self.advise_sink(closure)
    }

    /// As [`advise`](Self::advise), with a sink of any type, such as an
    /// [`mpsc::Sender`](std::sync::mpsc::Sender).
    ///
    /// # Errors
    /// As [`advise`](Self::advise).
    #[track_caller]
    pub fn advise_sink<K>(&self, sink: K) -> Result<ObjectRegistration<'_, Self>, Error>
    where
        K: AdviseSink + 'static,
    {
        ObjectRegistration::with_table(self, sink)
    }

    /// The warning (MAPI_W_*) that it was opened with, where it was.
    #[must_use]
    pub fn open_warning(&self) -> Option<&Warning> {
        self.0.warning.as_ref()
    }

    /// The session that it came from.
    #[must_use]
    pub fn session(&self) -> &Session<Live, B> {
        &self.0.session
    }

    pub(super) fn raw(&self) -> &T {
        &self.0.raw
    }
}

impl<B: Subsystem, T: RawTable> fmt::Debug for LiveTable<'_, B, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Open { raw, warning, .. } = &self.0;
        debug(f, "LiveTable", raw.as_debug(), warning.as_ref())
    }
}
