//! Tables that are kept open: what they have now, and what changes.

use std::fmt;

use super::open::{RawStatusTable, RawStoreTable, debug};
use super::query::UNICODE;
use super::{Open, SessionRef, plain};
use crate::error::{Call, Warning};
use crate::property::{PropTag, Props};
use crate::session::registration::ObjectRegistration;
use crate::subsystem::{RawPropTable, RawSession, RawTable, Subsystem};
use crate::table::{Bookmark, Restriction, SortOrder, Table};
use crate::{AdviseSink, Error, Live, Notification, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Opens the message store table, to register for changes: a store comes or goes, or another
    /// becomes the default one. To read the rows once, use
    /// [`msg_stores_table`](Self::msg_stores_table).
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
    /// let store = table.all_rows()?.rows()[0].entry_id().clone();
    /// session.set_default_store(mapi_session::types::DefaultStore::Default, Some(&store))?;
    /// assert!(matches!(changes.try_recv(), Ok(Notification::Table(_))));
    /// assert!(table.all_rows()?.default_store().is_some());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    ///
    /// [`IMAPISession::GetMsgStoresTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getmsgstorestable) in the MAPI reference.
    #[doc(alias = "GetMsgStoresTable")]
    #[doc(alias = "IMAPISession::GetMsgStoresTable")]
    #[track_caller]
    pub fn open_msg_stores_table(&self) -> Result<LiveMsgStoresTable<'_, B>, Error> {
        LiveTable::open_msg_stores(self)
    }

    /// Opens the status table, to register for changes of its rows. To read the rows once, use
    /// [`status_table`](Self::status_table).
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let status = session.open_status_table()?;
    /// let events = status.advise(|event| println!("{event:?}"))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`status_table`](Self::status_table).
    ///
    /// [`IMAPISession::GetStatusTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-getstatustable) in the MAPI reference.
    #[doc(alias = "GetStatusTable")]
    #[doc(alias = "IMAPISession::GetStatusTable")]
    #[track_caller]
    pub fn open_status_table(&self) -> Result<LiveStatusTable<'_, B>, Error> {
        LiveTable::open_status(self)
    }
}

/// An open message store table.
pub type LiveMsgStoresTable<'s, B> = LiveTable<'s, B, RawStoreTable<B>>;

/// An open status table.
pub type LiveStatusTable<'s, B> = LiveTable<'s, B, RawStatusTable<B>>;

/// An open table (`IMAPITable`). `T` is the subsystem's type of the table, which says what its rows
/// are. Dropping it releases it.
///
/// [`IMAPITable : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitableiunknown) in the MAPI reference.
#[doc(alias = "LPMAPITABLE")]
#[doc(alias = "IMAPITable")]
#[must_use = "dropping a table releases it"]
pub struct LiveTable<'s, B: Subsystem, T: RawTable>(Open<'s, B, T>);

impl<'s, B: Subsystem> LiveMsgStoresTable<'s, B> {
    /// Does the same as [`Session::open_msg_stores_table`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_msg_stores_table`].
    #[track_caller]
    pub fn open_msg_stores(session: impl Into<SessionRef<'s, B>>) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.open_msg_stores_table(UNICODE);
        Open::new(session, Call::SESSION_GET_MSG_STORES_TABLE, opened).map(Self)
    }
}

impl<'s, B: Subsystem> LiveStatusTable<'s, B> {
    /// Does the same as [`Session::open_status_table`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_status_table`].
    #[track_caller]
    pub fn open_status(session: impl Into<SessionRef<'s, B>>) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.open_status_table(UNICODE);
        Open::new(session, Call::SESSION_GET_STATUS_TABLE, opened).map(Self)
    }
}

impl<'s, B: Subsystem, T: RawTable> LiveTable<'s, B, T> {
    /// Reads all rows, as they are now. They are a copy, which stays valid after the logoff.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let stores = session.open_msg_stores_table()?;
    /// println!("{} stores now", stores.all_rows()?.rows().len());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the subsystem; the reference names none for these tables.
    ///
    /// [`HrQueryAllRows`](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrqueryallrows) in the MAPI reference.
    #[doc(alias = "SRowSet")]
    #[doc(alias = "LPSRowSet")]
    #[doc(alias = "HrQueryAllRows")]
    #[track_caller]
    pub fn all_rows(&self) -> Result<Table<T::Row>, Error> {
        plain(Call::QUERY_ALL_ROWS, self.0.raw.rows())
    }

    /// Registers a closure for changes of the table, each a [`Notification::Table`]. The table may
    /// have changed again before an event arrives; to see it as it is, read the rows.
    ///
    /// Dropping the [`ObjectRegistration`] unregisters. It borrows the table. To keep both in one
    /// struct, register with an `Arc` of the table, by [`ObjectRegistration::with_table`].
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: the table sends no notifications.
    ///
    /// [`IMAPITable::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-advise) in the MAPI reference.
    #[doc(alias = "IMAPITable::Advise")]
    #[doc(alias = "fnevTableModified")]
    #[track_caller]
    pub fn advise<F>(&self, closure: F) -> Result<ObjectRegistration<'_, Self>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        self.advise_sink(closure)
    }

    /// Does the same as [`advise`](Self::advise), with a sink of any type, such as an
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

    /// Returns the warning (MAPI_W_*) that the opening came back with, if any.
    #[must_use]
    pub fn open_warning(&self) -> Option<&Warning> {
        self.0.warning.as_ref()
    }

    /// Returns the session that it came from.
    #[must_use]
    pub fn session(&self) -> &Session<Live, B> {
        &self.0.session
    }

    /// Returns the subsystem's own object, for calls that have no method here. [Bind](Session::bind)
    /// what you open with it to the session.
    #[must_use]
    pub fn raw(&self) -> &T {
        &self.0.raw
    }
}

impl<B: Subsystem, T: RawTable> fmt::Debug for LiveTable<'_, B, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Open { raw, warning, .. } = &self.0;
        debug(f, "LiveTable", raw.as_debug(), warning.as_ref())
    }
}

impl<'s, B: Subsystem, T: RawPropTable> LiveTable<'s, B, T> {
    #[track_caller]
    pub(super) fn with_columns(open: Open<'s, B, T>, columns: &[PropTag]) -> Result<Self, Error> {
        let table = Self(open);
        if !columns.is_empty() {
            table.set_columns(columns)?;
        }
        Ok(table)
    }

    /// Sets the columns of the rows, in this order. If a row lacks a column, it has an error in its
    /// place, as with [`Object::props`](crate::Object::props).
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// table.set_columns(&[PropTag::SUBJECT, PropTag::SENDER_NAME])?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_INVALID_PARAMETER: there are none.
    ///
    /// [`IMAPITable::SetColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-setcolumns) in the MAPI reference.
    #[doc(alias = "SetColumns")]
    #[doc(alias = "IMAPITable::SetColumns")]
    #[track_caller]
    pub fn set_columns(&self, columns: &[PropTag]) -> Result<(), Error> {
        plain(Call::TABLE_SET_COLUMNS, self.0.raw.set_columns(columns, 0))
    }

    /// Returns the columns of the rows.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// assert_eq!(table.columns()?, [PropTag::SUBJECT]);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the subsystem; the reference names none.
    ///
    /// [`IMAPITable::QueryColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-querycolumns) in the MAPI reference.
    #[doc(alias = "QueryColumns")]
    #[doc(alias = "IMAPITable::QueryColumns")]
    #[track_caller]
    pub fn columns(&self) -> Result<Vec<PropTag>, Error> {
        plain(Call::TABLE_QUERY_COLUMNS, self.0.raw.query_columns(0))
    }

    /// Counts the rows that the table shows.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// assert_eq!(table.row_count()?, 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the subsystem.
    ///
    /// [`IMAPITable::GetRowCount`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-getrowcount) in the MAPI reference.
    #[doc(alias = "GetRowCount")]
    #[doc(alias = "IMAPITable::GetRowCount")]
    #[track_caller]
    pub fn row_count(&self) -> Result<u32, Error> {
        plain(Call::TABLE_GET_ROW_COUNT, self.0.raw.row_count(0))
    }

    /// Shows only the rows that meet this restriction, and moves the cursor before the first of them.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # use mapi_session::table::Restriction;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// table.restrict(&Restriction::contains(PropTag::SUBJECT, "hello"))?;
    /// assert_eq!(table.row_count()?, 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_TOO_COMPLEX: the table cannot evaluate the restriction, for example because a value has
    /// another type than its property. The rows stay as they were.
    ///
    /// [`IMAPITable::Restrict`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-restrict) in the MAPI reference.
    #[doc(alias = "Restrict")]
    #[doc(alias = "IMAPITable::Restrict")]
    #[track_caller]
    pub fn restrict(&self, restriction: &Restriction) -> Result<(), Error> {
        plain(
            Call::TABLE_RESTRICT,
            self.0.raw.restrict(Some(restriction), 0),
        )
    }

    /// Shows all rows again, and moves the cursor before the first of them.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # use mapi_session::table::Restriction;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// table.restrict(&Restriction::equals(PropTag::SUBJECT, "?"))?;
    /// table.unrestrict()?;
    /// assert_eq!(table.row_count()?, 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the subsystem.
    #[track_caller]
    pub fn unrestrict(&self) -> Result<(), Error> {
        plain(Call::TABLE_RESTRICT, self.0.raw.restrict(None, 0))
    }

    /// Sorts the rows by the first of these properties, equal ones by the next, and so on. Moves the
    /// cursor before the first row.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # use mapi_session::table::SortOrder;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// table.sort(&[SortOrder::descending(PropTag::MESSAGE_DELIVERY_TIME)])?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_TOO_COMPLEX: the table cannot be sorted like this.
    ///
    /// [`IMAPITable::SortTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-sorttable) in the MAPI reference.
    #[doc(alias = "SortTable")]
    #[doc(alias = "IMAPITable::SortTable")]
    #[track_caller]
    pub fn sort(&self, order: &[SortOrder]) -> Result<(), Error> {
        plain(Call::TABLE_SORT_TABLE, self.0.raw.sort_table(order, 0))
    }

    /// Moves the cursor by this many rows from a bookmark, forward or, if negative, back. Returns by
    /// how many it moved: it stops at either end.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # use mapi_session::table::Bookmark;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// table.seek(Bookmark::END, -1)?; // before the last row
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_INVALID_BOOKMARK: the table has no such bookmark.
    ///
    /// [`IMAPITable::SeekRow`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-seekrow) in the MAPI reference.
    #[doc(alias = "SeekRow")]
    #[doc(alias = "IMAPITable::SeekRow")]
    #[track_caller]
    pub fn seek(&self, origin: Bookmark, rows: i32) -> Result<i32, Error> {
        plain(Call::TABLE_SEEK_ROW, self.0.raw.seek_row(origin, rows))
    }

    /// Moves the cursor before the first row, from a bookmark on, that meets the restriction. If there
    /// is none, the cursor stays where it was.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # use mapi_session::table::{Bookmark, Restriction};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// table.find_row(&Restriction::equals(PropTag::SUBJECT, "Hello"), Bookmark::BEGINNING)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: no row from there on meets the restriction.
    /// - MAPI_E_TOO_COMPLEX: as [`restrict`](Self::restrict).
    /// - MAPI_E_INVALID_BOOKMARK: as [`seek`](Self::seek).
    ///
    /// [`IMAPITable::FindRow`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-findrow) in the MAPI reference.
    #[doc(alias = "FindRow")]
    #[doc(alias = "IMAPITable::FindRow")]
    #[track_caller]
    pub fn find_row(&self, restriction: &Restriction, origin: Bookmark) -> Result<(), Error> {
        plain(
            Call::TABLE_FIND_ROW,
            self.0.raw.find_row(restriction, origin, 0),
        )
    }

    /// Iterates over the rows from the cursor on, and moves it past them; over all rows of a new
    /// table. They are read 50 at a time, so a large table takes the memory of 50 rows.
    ///
    /// A row that comes or goes meanwhile may or may not be among them.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    /// for row in table.rows() {
    ///     println!("{}", row?.text(PropTag::SUBJECT).unwrap_or("?"));
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// An error of the subsystem ends the iterator.
    ///
    /// [`IMAPITable::QueryRows`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-queryrows) in the MAPI reference.
    #[doc(alias = "QueryRows")]
    #[doc(alias = "IMAPITable::QueryRows")]
    #[track_caller]
    pub fn rows(&self) -> Rows<'_, T> {
        Rows {
            table: &self.0.raw,
            batch: Vec::new().into_iter(),
            is_over: false,
        }
    }
}

/// An iterator over the rows of a table, from [`LiveTable::rows`].
#[must_use = "rows are read when they are asked for"]
pub struct Rows<'t, T> {
    table: &'t T,
    batch: std::vec::IntoIter<Props>,
    /// There are no more, or they cannot be read.
    is_over: bool,
}

impl<T: RawPropTable> Iterator for Rows<'_, T> {
    type Item = Result<Props, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        const BATCH: i32 = 50;
        if let Some(row) = self.batch.next() {
            return Some(Ok(row));
        }
        if self.is_over {
            return None;
        }
        let batch = plain(Call::TABLE_QUERY_ROWS, self.table.query_rows(BATCH, 0));
        self.is_over = batch.as_ref().map_or(true, Vec::is_empty);
        match batch {
            Ok(rows) => self.batch = rows.into_iter(),
            Err(error) => return Some(Err(error)),
        }
        self.batch.next().map(Ok)
    }
}

impl<T: RawPropTable> std::iter::FusedIterator for Rows<'_, T> {}

impl<T> fmt::Debug for Rows<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("read", &self.batch.as_slice().len())
            .finish_non_exhaustive()
    }
}
