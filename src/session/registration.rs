//! Registering for notifications: a guard that unregisters, and a sink that is told on one thread
//! only.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::{Arc, mpsc};

use super::table::LiveTable;
use super::{SessionRef, plain};
use crate::error::{Call, CallError};
use crate::notification::Connection;
use crate::subsystem::{RawMsgStore, RawObject, RawResult, RawSession, RawTable, Subsystem};
use crate::{AdviseSink, EntryId, Error, EventMask, Live, MsgStore, Notification, Object, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Registers a closure for events of the session itself: critical errors, which are always
    /// delivered, and extended events, if `mask` asks for them. A session has no other events; for
    /// those, register with a [table](Session::open_msg_stores_table), a [store](MsgStore::advise) or
    /// an [object](Session::advise_object).
    ///
    /// Dropping the [`Registration`] unregisters. It borrows the session. To keep both in one struct,
    /// register with an `Arc` of the session, by [`Registration::advise`].
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{EventMask, LogoffFlags, LogonRequest, Mapi};
    /// # let mapi = Mapi::initialize(Memory::builder().profile(Profile::new("Outlook")).build()?)?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Outlook").allow_others())?;
    /// let registration = session.advise(EventMask::CRITICAL_ERROR, |event| {
    ///     if event.ends_session() {
    ///         println!("time to log off");
    ///     }
    /// })?;
    /// drop(registration);
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: `mask` has an undefined bit (our reading; the reference has no code
    /// for it).
    ///
    /// [`IMAPISession::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-advise) in the MAPI reference.
    #[doc(alias = "IMAPISession::Advise")]
    #[track_caller]
    pub fn advise<F>(&self, mask: EventMask, closure: F) -> Result<Registration<'_, B>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        self.advise_sink(mask, closure)
    }

    /// Does the same as [`advise`](Self::advise), with a sink of any type, such as an
    /// [`mpsc::Sender`].
    ///
    /// ```
    /// # use mapi_session::{EventMask, LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let (sender, events) = std::sync::mpsc::channel();
    /// let registration = session.advise_sink(EventMask::CRITICAL_ERROR, sender)?;
    /// assert!(events.try_recv().is_err()); // nothing has happened
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`advise`](Self::advise).
    #[track_caller]
    pub fn advise_sink<K>(&self, mask: EventMask, sink: K) -> Result<Registration<'_, B>, Error>
    where
        K: AdviseSink + 'static,
    {
        Registration::advise(self, None, mask, sink)
    }

    /// Registers a closure for events of an object of the address book or of a message store. For a
    /// sink of another type, or to share the session, see [`Registration::advise`].
    ///
    /// ```
    /// # use mapi_session::{EventMask, LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::ENTRYID])?;
    /// let row = table.rows().next().unwrap()?;
    /// let id = row.entry_id(PropTag::ENTRYID).unwrap();
    /// let registration = session.advise_object(&id, EventMask::OBJECT_MODIFIED, |event| println!("{event:?}"))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the profile knows the identifier.
    /// - MAPI_E_INVALID_ENTRYID: the identifier is shorter than its provider's are.
    /// - MAPI_E_NO_SUPPORT: its provider sends no notifications, or lacks a type in `mask`.
    /// - MAPI_E_UNKNOWN_FLAGS: `mask` has an undefined bit.
    #[track_caller]
    pub fn advise_object<F>(
        &self,
        entry_id: &EntryId,
        mask: EventMask,
        closure: F,
    ) -> Result<Registration<'_, B>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        Registration::advise(self, Some(entry_id), mask, closure)
    }
}

/// A registration for notifications. Dropping it calls Unadvise; so does [`unadvise`](Self::unadvise),
/// which also returns its error.
///
/// After that no new call of the sink starts. A call that runs on another thread at that moment goes
/// on to its end, and the sink is dropped after it. The drop does not wait for it, so a sink may drop
/// its own registration. Notifications can arrive later than that only from a [this-thread
/// sink](this_thread_sink) and after
/// [`Memory::hold_notifications`](crate::memory::Memory::hold_notifications).
///
/// [`IMAPISession::Unadvise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-unadvise) in the MAPI reference.
#[doc(alias = "Unadvise")]
#[must_use = "dropping the registration ends it"]
pub struct Registration<'s, B: Subsystem> {
    connection: Connection,
    session: SessionRef<'s, B>,
    is_ended: bool,
}

impl<'s, B: Subsystem> Registration<'s, B> {
    /// Registers any sink, with a session that is borrowed or shared. Without an entry identifier it
    /// is for events of the session itself, like [`Session::advise_sink`]; with one, for those of the
    /// object, like [`Session::advise_object`].
    ///
    /// # Errors
    /// As [`Session::advise_object`].
    #[track_caller]
    pub fn advise<K>(
        session: impl Into<SessionRef<'s, B>>,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        sink: K,
    ) -> Result<Self, Error>
    where
        K: AdviseSink + 'static,
    {
        let session = session.into();
        let advised = session
            .raw
            .advise(entry_id.map(EntryId::as_bytes), mask.bits(), sink);
        Ok(Self {
            connection: plain(Call::SESSION_ADVISE, advised)?,
            session,
            is_ended: false,
        })
    }

    /// Returns the connection number that Advise gave.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.connection
    }

    /// Ends the registration (`IMAPISession::Unadvise`), as dropping it does, and returns the error if
    /// that fails.
    ///
    /// # Errors
    /// The error gives the registration back. The reference names no code. MAPI_E_INVALID_OBJECT: the
    /// session has ended, and with it the registration.
    ///
    /// [`IMAPISession::Unadvise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-unadvise) in the MAPI reference.
    #[doc(alias = "IMAPISession::Unadvise")]
    #[track_caller]
    pub fn unadvise(mut self) -> Result<(), CallError<Self>> {
        match self.end() {
            Ok(()) => Ok(()),
            Err(error) => Err(CallError::new(error, self)),
        }
    }

    #[track_caller]
    fn end(&mut self) -> Result<(), Error> {
        plain(
            Call::SESSION_UNADVISE,
            self.session.raw.unadvise(self.connection),
        )?;
        self.is_ended = true;
        Ok(())
    }
}

impl<B: Subsystem> Drop for Registration<'_, B> {
    fn drop(&mut self) {
        if self.is_ended {
            return;
        }
        if let Err(error) = self.end() {
            trace!(WARN, %error, "a registration could not be cancelled");
        }
    }
}

impl<B: Subsystem> fmt::Debug for Registration<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registration")
            .field(&self.connection.get())
            .finish()
    }
}

impl<B: Subsystem> MsgStore<'_, B> {
    /// Registers a closure for events of an object in this store, or without an identifier, of the
    /// whole store: of whatever happens to its folders and messages, and of new mail.
    ///
    /// To keep the store and the registration in one struct, see [`ObjectRegistration::with_store`].
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_ENTRYID: the identifier is not this store's.
    /// - the others of [`Session::advise_object`].
    ///
    /// [`IMsgStore::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-advise) in the MAPI reference.
    #[doc(alias = "IMsgStore::Advise")]
    #[track_caller]
    pub fn advise<F>(
        &self,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        closure: F,
    ) -> Result<ObjectRegistration<'_, Self>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        self.advise_sink(entry_id, mask, closure)
    }

    /// Does the same as [`advise`](Self::advise), with a sink of any type, such as an
    /// [`mpsc::Sender`].
    ///
    /// # Errors
    /// As [`advise`](Self::advise).
    #[track_caller]
    pub fn advise_sink<K>(
        &self,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        sink: K,
    ) -> Result<ObjectRegistration<'_, Self>, Error>
    where
        K: AdviseSink + 'static,
    {
        ObjectRegistration::with_store(self, entry_id, mask, sink)
    }
}

impl<B: Subsystem> Object<'_, B> {
    /// Registers a closure for events of an entry of the address book, or without an identifier, of
    /// all its entries, and of critical errors.
    ///
    /// To hear of a folder or a message, register with its [store](MsgStore::advise). To share the address book, see [`ObjectRegistration::with_address_book`].
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: this is not the address book; or the entry's provider sends no
    ///   notifications, or lacks a type in `mask`.
    /// - MAPI_E_UNKNOWN_ENTRYID: no address book provider knows the identifier.
    /// - the others of [`Session::advise_object`].
    ///
    /// [`IAddrBook::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iaddrbook-advise) in the MAPI reference.
    #[doc(alias = "IAddrBook::Advise")]
    #[track_caller]
    pub fn advise<F>(
        &self,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        closure: F,
    ) -> Result<ObjectRegistration<'_, Self>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        ObjectRegistration::with_address_book(self, entry_id, mask, closure)
    }
}

/// A registration with `O`: a table, a store or the address book. Dropping it calls Unadvise; so does
/// [`unadvise`](Self::unadvise), which also returns its error. [`Registration`] says more.
#[doc(alias = "Unadvise")]
#[must_use = "dropping the registration ends it"]
pub struct ObjectRegistration<'o, O: AdviseSource> {
    connection: Connection,
    source: SourceRef<'o, O>,
    is_ended: bool,
}

impl<'o, 's, B: Subsystem, T: RawTable> ObjectRegistration<'o, LiveTable<'s, B, T>> {
    /// Does the same as [`LiveTable::advise_sink`], with a table that is borrowed or shared in an
    /// `Arc`.
    ///
    /// # Errors
    /// As [`LiveTable::advise`].
    #[track_caller]
    pub fn with_table<K>(
        table: impl Into<SourceRef<'o, LiveTable<'s, B, T>>>,
        sink: K,
    ) -> Result<Self, Error>
    where
        K: AdviseSink + 'static,
    {
        let table = table.into();
        let events = EventMask::TABLE_MODIFIED.bits();
        let advised = table.raw().advise(events, sink);
        Self::new(Call::TABLE_ADVISE, advised, table)
    }
}

impl<'o, 's, B: Subsystem> ObjectRegistration<'o, MsgStore<'s, B>> {
    /// Does the same as [`MsgStore::advise`], with a sink of any type, and a store that is borrowed or
    /// shared in an `Arc`.
    ///
    /// # Errors
    /// As [`MsgStore::advise`].
    #[track_caller]
    pub fn with_store<K>(
        store: impl Into<SourceRef<'o, MsgStore<'s, B>>>,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        sink: K,
    ) -> Result<Self, Error>
    where
        K: AdviseSink + 'static,
    {
        let store = store.into();
        let entry_id = entry_id.map(EntryId::as_bytes);
        let advised = store.0.raw.advise(entry_id, mask.bits(), sink);
        Self::new(Call::STORE_ADVISE, advised, store)
    }
}

impl<'o, 's, B: Subsystem> ObjectRegistration<'o, Object<'s, B>> {
    /// Does the same as [`Object::advise`], with a sink of any type, and an address book that is
    /// borrowed or shared in an `Arc`.
    ///
    /// # Errors
    /// As [`Object::advise`].
    #[track_caller]
    pub fn with_address_book<K>(
        book: impl Into<SourceRef<'o, Object<'s, B>>>,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        sink: K,
    ) -> Result<Self, Error>
    where
        K: AdviseSink + 'static,
    {
        let book = book.into();
        let entry_id = entry_id.map(EntryId::as_bytes);
        let advised = book.open.raw.advise(entry_id, mask.bits(), sink);
        Self::new(Call::ADDR_BOOK_ADVISE, advised, book)
    }
}

impl<'o, O: AdviseSource> ObjectRegistration<'o, O> {
    fn new(
        call: Call,
        advised: RawResult<Connection>,
        source: SourceRef<'o, O>,
    ) -> Result<Self, Error> {
        Ok(Self {
            connection: plain(call, advised)?,
            source,
            is_ended: false,
        })
    }

    /// Returns the connection number that Advise gave.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.connection
    }

    /// Ends the registration (`IMsgStore::Unadvise`, `IMAPITable::Unadvise`, `IAddrBook::Unadvise`),
    /// as dropping it does, and returns the error if that fails.
    ///
    /// # Errors
    /// As [`Registration::unadvise`].
    ///
    /// [`IMsgStore::Unadvise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-unadvise) in the MAPI reference.
    #[track_caller]
    pub fn unadvise(mut self) -> Result<(), CallError<Self>> {
        match self.end() {
            Ok(()) => Ok(()),
            Err(error) => Err(CallError::new(error, self)),
        }
    }

    #[track_caller]
    fn end(&mut self) -> Result<(), Error> {
        self.source.unadvise(self.connection)?;
        self.is_ended = true;
        Ok(())
    }
}

impl<O: AdviseSource> Drop for ObjectRegistration<'_, O> {
    fn drop(&mut self) {
        if self.is_ended {
            return;
        }
        if let Err(error) = self.end() {
            trace!(WARN, %error, "a registration could not be cancelled");
        }
    }
}

impl<O: AdviseSource> fmt::Debug for ObjectRegistration<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ObjectRegistration")
            .field(&self.connection.get())
            .finish()
    }
}

/// The table, the store or the address book of an [`ObjectRegistration`], borrowed or shared in an
/// `Arc`.
pub struct SourceRef<'o, O> {
    held: Source<'o, O>,
}

enum Source<'o, O> {
    Borrowed(&'o O),
    Shared(Arc<O>),
}

impl<'o, O> From<&'o O> for SourceRef<'o, O> {
    fn from(source: &'o O) -> Self {
        let held = Source::Borrowed(source);
        Self { held }
    }
}

impl<O> From<Arc<O>> for SourceRef<'_, O> {
    fn from(source: Arc<O>) -> Self {
        let held = Source::Shared(source);
        Self { held }
    }
}

impl<O> Deref for SourceRef<'_, O> {
    type Target = O;

    fn deref(&self) -> &O {
        match &self.held {
            Source::Borrowed(source) => source,
            Source::Shared(source) => source,
        }
    }
}

impl<O: fmt::Debug> fmt::Debug for SourceRef<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SourceRef").field(&**self).finish()
    }
}

/// The types that have an Advise of their own: [`LiveTable`], [`MsgStore`], and [`Object`] for the
/// address book. The trait is sealed.
pub trait AdviseSource: sealed::AdviseSource {}

impl<O: sealed::AdviseSource> AdviseSource for O {}

mod sealed {
    use crate::Error;
    use crate::notification::Connection;

    pub trait AdviseSource {
        #[track_caller]
        fn unadvise(&self, connection: Connection) -> Result<(), Error>;
    }
}

impl<B: Subsystem, T: RawTable> sealed::AdviseSource for LiveTable<'_, B, T> {
    fn unadvise(&self, connection: Connection) -> Result<(), Error> {
        plain(Call::TABLE_UNADVISE, self.raw().unadvise(connection))
    }
}

impl<B: Subsystem> sealed::AdviseSource for MsgStore<'_, B> {
    fn unadvise(&self, connection: Connection) -> Result<(), Error> {
        plain(Call::STORE_UNADVISE, self.0.raw.unadvise(connection))
    }
}

impl<B: Subsystem> sealed::AdviseSource for Object<'_, B> {
    fn unadvise(&self, connection: Connection) -> Result<(), Error> {
        plain(Call::ADDR_BOOK_UNADVISE, self.open.raw.unadvise(connection))
    }
}

/// Wraps a sink so that it is called on this thread only, when this thread
/// [dispatches](Dispatcher::dispatch).
///
/// Pass the first half to [`advise_sink`](Session::advise_sink): it takes events on any thread. Keep
/// the second half on this thread.
///
/// ```
/// # use std::cell::Cell;
/// # use mapi_session::memory::{Memory, Profile};
/// # use mapi_session::session::registration::this_thread_sink;
/// # use mapi_session::{EventMask, LogonRequest, Mapi, Notification};
/// # let mapi = Mapi::initialize(Memory::builder().profile(Profile::new("Outlook")).build()?)?;
/// # let session = mapi.logon(&LogonRequest::new_session("Outlook").allow_others())?;
/// let told = Cell::new(0);
/// let (sink, dispatcher) = this_thread_sink(|_| told.set(told.get() + 1));
/// let registration = session.advise_sink(EventMask::EXTENDED, sink)?;
///
/// // Another client comes and goes.
/// drop(mapi.logon(&LogonRequest::join_shared())?);
/// assert_eq!(told.get(), 0);
/// assert_eq!(dispatcher.dispatch(), 1);
/// assert_eq!(told.get(), 1);
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// [`HrThisThreadAdviseSink`](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrthisthreadadvisesink) in the MAPI reference.
#[doc(alias = "HrThisThreadAdviseSink")]
pub fn this_thread_sink<F: Fn(&Notification)>(sink: F) -> (ThisThreadSink, Dispatcher<F>) {
    let (sender, queue) = mpsc::channel();
    (
        ThisThreadSink(sender),
        Dispatcher {
            queue,
            sink,
            this_thread: PhantomData,
        },
    )
}

/// The half of a [this-thread sink](this_thread_sink) that takes events and queues them.
#[derive(Clone, Debug)]
pub struct ThisThreadSink(mpsc::Sender<Notification>);

impl AdviseSink for ThisThreadSink {
    fn on_notify(&self, notification: &Notification) {
        self.0.on_notify(notification);
    }
}

/// The half of a [this-thread sink](this_thread_sink) that stays on its thread and dispatches what is
/// queued.
pub struct Dispatcher<F> {
    queue: mpsc::Receiver<Notification>,
    sink: F,
    this_thread: PhantomData<*const ()>,
}

impl<F: Fn(&Notification)> Dispatcher<F> {
    /// Calls the sink with all queued events, in their order, and returns how many there were. It does
    /// not wait for events.
    ///
    /// [`HrDispatchNotifications`](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrdispatchnotifications) in the MAPI reference.
    #[doc(alias = "HrDispatchNotifications")]
    pub fn dispatch(&self) -> usize {
        self.queue.try_iter().inspect(&self.sink).count()
    }
}

impl<F> fmt::Debug for Dispatcher<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dispatcher")
    }
}
