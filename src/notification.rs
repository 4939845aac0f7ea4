//! Notifications: the events, and the sinks that receive them.

use std::fmt;
use std::sync::mpsc;

use crate::error::MapiError;
use crate::property::Property;
use crate::types::ObjectType;
use crate::{EntryId, EventMask, HResult};

/// A receiver of events: MAPI's advise sink (`IMAPIAdviseSink`).
///
/// Closures `Fn(&Notification)`, an [`mpsc::Sender`] of notifications, and an [`Arc`](std::sync::Arc)
/// of a sink implement it. To be called on one thread only, see
/// [`this_thread_sink`](crate::session::registration::this_thread_sink).
///
/// [`IMAPIAdviseSink : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiadvisesinkiunknown) in the MAPI reference.
#[doc(alias = "IMAPIAdviseSink")]
pub trait AdviseSink: Send + Sync {
    /// Receives an event. It is called on any thread, at any time between the registration and its
    /// end.
    ///
    /// The [in-memory subsystem](crate::memory) calls it during the call that causes the event, on its
    /// thread, unless there is [one for
    /// notifications](crate::flags::InitFlags::MULTITHREAD_NOTIFICATIONS). It holds no lock meanwhile:
    /// the sink may use any session, register, unregister, and log another session off. Events that it
    /// causes arrive after the one that it is handling. If it panics, only this event is lost. All
    /// three are our reading; the page of OnNotify is silent.
    #[doc(alias = "OnNotify")]
    #[doc(alias = "IMAPIAdviseSink::OnNotify")]
    fn on_notify(&self, notification: &Notification);
}

impl<F: Fn(&Notification) + Send + Sync> AdviseSink for F {
    fn on_notify(&self, notification: &Notification) {
        self(notification);
    }
}

/// Each event is cloned into the channel. Events are discarded once the receiver has been dropped.
impl AdviseSink for mpsc::Sender<Notification> {
    fn on_notify(&self, notification: &Notification) {
        let _ = self.send(notification.clone());
    }
}

impl<S: AdviseSink + ?Sized> AdviseSink for std::sync::Arc<S> {
    fn on_notify(&self, notification: &Notification) {
        (**self).on_notify(notification);
    }
}

/// The connection number of a registration, which Advise returns and Unadvise takes. It is never zero.
#[doc(alias = "ulConnection")]
#[doc(alias = "lpulConnection")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Connection(u64);

impl Connection {
    /// Creates the registration with this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// An event, with the data that the reference defines for its kind.
///
/// [`NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/notification) in the MAPI reference.
#[doc(alias = "NOTIFICATION")]
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Notification {
    /// A severe error. MAPI_E_END_OF_SESSION: another client asks all others to log off (our reading
    /// of the code, rule S4).
    CriticalError(CriticalError),
    /// A message has arrived.
    NewMail(NewMail),
    /// Something happened to an object.
    Object(ObjectEvent),
    /// A table has changed.
    Table(TableEvent),
    /// A status object has changed. The reference says that MAPI keeps this event to itself.
    Status(StatusEvent),
    /// A store has an object for the indexer: fnevIndexing, with the parts of an extended event.
    ///
    /// [About Notification-Based Store Indexing](https://learn.microsoft.com/office/client-developer/outlook/mapi/about-notification-based-store-indexing) in the MAPI reference.
    #[doc(alias = "fnevIndexing")]
    Indexing(ExtendedEvent),
    /// An event that its sender defines. From a session: a client has logged off.
    Extended(ExtendedEvent),
}

impl Notification {
    /// Returns the bit of the event mask that asks for this.
    #[must_use]
    pub fn event(&self) -> EventMask {
        match self {
            Self::CriticalError(_) => EventMask::CRITICAL_ERROR,
            Self::NewMail(_) => EventMask::NEW_MAIL,
            Self::Object(event) => event.kind.event(),
            Self::Table(_) => EventMask::TABLE_MODIFIED,
            Self::Status(_) => EventMask::STATUS_OBJECT_MODIFIED,
            Self::Indexing(_) => EventMask::INDEXING,
            Self::Extended(_) => EventMask::EXTENDED,
        }
    }

    /// Tells whether this is the critical error that asks the client to log off, because the session
    /// ends.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        matches!(self, Self::CriticalError(error) if error.hresult == HResult::MAPI_E_END_OF_SESSION)
    }
}

/// A severe error: ERROR_NOTIFICATION.
///
/// [`ERROR_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/error_notification) in the MAPI reference.
#[doc(alias = "ERROR_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalError {
    entry_id: Option<EntryId>,
    hresult: HResult,
    error: Option<MapiError>,
}

impl CriticalError {
    /// Creates an event of this error.
    #[must_use]
    pub fn new(hresult: HResult) -> Self {
        Self {
            entry_id: None,
            hresult,
            error: None,
        }
    }

    /// Returns the object that the error came from, if there was one.
    #[doc(alias = "lpEntryID")]
    #[must_use]
    pub fn entry_id(&self) -> Option<&EntryId> {
        self.entry_id.as_ref()
    }

    /// Returns the error.
    #[doc(alias = "scode")]
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.hresult
    }

    /// Returns what the provider says of it.
    #[doc(alias = "lpMAPIError")]
    #[must_use]
    pub fn error(&self) -> Option<&MapiError> {
        self.error.as_ref()
    }
}

setters! { CriticalError:
    /// Sets the object that it came from.
    with_entry_id(entry_id: Option<EntryId>) |it| it.entry_id = entry_id;
    /// Sets what the provider says of it.
    with_error(error: Option<MapiError>) |it| it.error = error;
}

/// A message has arrived: NEWMAIL_NOTIFICATION.
///
/// [`NEWMAIL_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/newmail_notification) in the MAPI reference.
#[doc(alias = "NEWMAIL_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    entry_id: EntryId,
    parent_id: EntryId,
    message_class: String,
    message_flags: u32,
}

impl NewMail {
    /// Creates a message of this class that has arrived in this folder.
    #[must_use]
    pub fn new(entry_id: EntryId, parent_id: EntryId, message_class: impl Into<String>) -> Self {
        Self {
            entry_id,
            parent_id,
            message_class: message_class.into(),
            message_flags: 0,
        }
    }

    /// Returns the message.
    #[doc(alias = "lpEntryID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns the folder that it arrived in.
    #[doc(alias = "lpParentID")]
    #[must_use]
    pub fn parent_id(&self) -> &EntryId {
        &self.parent_id
    }

    /// Returns its message class, such as `IPM.Note`.
    #[doc(alias = "lpszMessageClass")]
    #[doc(alias = "PR_MESSAGE_CLASS")]
    #[must_use]
    pub fn message_class(&self) -> &str {
        &self.message_class
    }

    /// Returns its flags.
    #[doc(alias = "ulMessageFlags")]
    #[doc(alias = "PR_MESSAGE_FLAGS")]
    #[must_use]
    pub fn message_flags(&self) -> u32 {
        self.message_flags
    }
}

setters! { NewMail:
    /// Sets the flags of the message.
    with_message_flags(message_flags: u32) |it| it.message_flags = message_flags;
}

/// Something happened to an object: OBJECT_NOTIFICATION.
///
/// [`OBJECT_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/object_notification) in the MAPI reference.
#[doc(alias = "OBJECT_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    kind: ObjectEventKind,
    entry_id: EntryId,
    object_type: ObjectType,
    parent_id: Option<EntryId>,
    old_id: Option<EntryId>,
    old_parent_id: Option<EntryId>,
    property_tags: Vec<u32>,
}

impl ObjectEvent {
    /// Creates an event of what has happened to this object.
    #[must_use]
    pub fn new(kind: ObjectEventKind, entry_id: EntryId, object_type: ObjectType) -> Self {
        Self {
            kind,
            entry_id,
            object_type,
            parent_id: None,
            old_id: None,
            old_parent_id: None,
            property_tags: Vec::new(),
        }
    }

    /// Returns what happened.
    #[doc(alias = "ulEventType")]
    #[must_use]
    pub fn kind(&self) -> ObjectEventKind {
        self.kind
    }

    /// Returns the object.
    #[doc(alias = "lpEntryID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns what kind of object it is.
    #[doc(alias = "ulObjType")]
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        self.object_type
    }

    /// Returns the folder or container that it is in.
    #[doc(alias = "lpParentID")]
    #[must_use]
    pub fn parent_id(&self) -> Option<&EntryId> {
        self.parent_id.as_ref()
    }

    /// Returns the object that it was moved or copied from, if it was.
    #[doc(alias = "lpOldID")]
    #[must_use]
    pub fn old_id(&self) -> Option<&EntryId> {
        self.old_id.as_ref()
    }

    /// Returns the folder of the object that it was moved or copied from.
    #[doc(alias = "lpOldParentID")]
    #[must_use]
    pub fn old_parent_id(&self) -> Option<&EntryId> {
        self.old_parent_id.as_ref()
    }

    /// Returns the tags of the properties that changed, if they are known.
    #[doc(alias = "lpPropTagArray")]
    #[must_use]
    pub fn property_tags(&self) -> &[u32] {
        &self.property_tags
    }
}

setters! { ObjectEvent:
    /// Sets the folder or container that the object is in.
    with_parent_id(parent_id: Option<EntryId>) |it| it.parent_id = parent_id;
    /// Sets the object that it was moved or copied from.
    with_old_id(old_id: Option<EntryId>) |it| it.old_id = old_id;
    /// Sets the folder or container of the object that it was moved or copied from.
    with_old_parent_id(old_parent_id: Option<EntryId>) |it| it.old_parent_id = old_parent_id;
    /// Sets the tags of the properties that changed.
    with_property_tags(property_tags: Vec<u32>) |it| it.property_tags = property_tags;
}

/// What can happen to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectEventKind {
    /// It was created.
    Created,
    /// It was deleted.
    Deleted,
    /// It was changed.
    Modified,
    /// It was moved.
    Moved,
    /// It was copied.
    Copied,
    /// The search that it holds has ended.
    SearchComplete,
}

impl ObjectEventKind {
    fn event(self) -> EventMask {
        match self {
            Self::Created => EventMask::OBJECT_CREATED,
            Self::Deleted => EventMask::OBJECT_DELETED,
            Self::Modified => EventMask::OBJECT_MODIFIED,
            Self::Moved => EventMask::OBJECT_MOVED,
            Self::Copied => EventMask::OBJECT_COPIED,
            Self::SearchComplete => EventMask::SEARCH_COMPLETE,
        }
    }
}

/// A table has changed: TABLE_NOTIFICATION.
///
/// [`TABLE_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/table_notification) in the MAPI reference.
#[doc(alias = "TABLE_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq)]
pub struct TableEvent {
    event: TableEventKind,
    hresult: HResult,
    index: Option<Box<[u8]>>,
    prior: Option<Box<[u8]>>,
    row: Vec<Property>,
}

impl TableEvent {
    /// Creates an event of what has happened to a table.
    #[must_use]
    pub fn new(event: TableEventKind) -> Self {
        Self {
            event,
            hresult: HResult::S_OK,
            index: None,
            prior: None,
            row: Vec::new(),
        }
    }

    /// Returns what happened.
    #[doc(alias = "ulTableEvent")]
    #[must_use]
    pub fn event(&self) -> TableEventKind {
        self.event
    }

    /// Returns the error, of a TABLE_ERROR.
    #[doc(alias = "hResult")]
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.hresult
    }

    /// Returns the PR_INSTANCE_KEY of the row.
    #[doc(alias = "propIndex")]
    #[must_use]
    pub fn index(&self) -> Option<&[u8]> {
        self.index.as_deref()
    }

    /// Returns the PR_INSTANCE_KEY of the row before it; `None` if the row is now the first.
    #[doc(alias = "propPrior")]
    #[must_use]
    pub fn prior(&self) -> Option<&[u8]> {
        self.prior.as_deref()
    }

    /// Returns the row, if the event has one.
    #[must_use]
    pub fn row(&self) -> &[Property] {
        &self.row
    }
}

setters! { TableEvent:
    /// Sets the error.
    with_hresult(hresult: HResult) |it| it.hresult = hresult;
    /// Sets the PR_INSTANCE_KEY of the row.
    with_index(index: Option<Box<[u8]>>) |it| it.index = index;
    /// Sets the PR_INSTANCE_KEY of the row before it.
    with_prior(prior: Option<Box<[u8]>>) |it| it.prior = prior;
    /// Sets the row.
    with_row(row: Vec<Property>) |it| it.row = row;
}

/// What can happen to a table. Open: a number without a name is kept.
///
/// [`TABLE_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/table_notification) in the MAPI reference.
#[doc(alias = "ulTableEvent")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableEventKind(u32);

impl TableEventKind {
    /// Creates the event with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Something has changed, which is not specified: read the table again. Bookmarks and instance
    /// keys stay valid.
    #[doc(alias = "TABLE_CHANGED")]
    pub const CHANGED: Self = Self(1);
    /// An operation on the table has failed: what it shows may be wrong, and events may be missing.
    #[doc(alias = "TABLE_ERROR")]
    pub const ERROR: Self = Self(2);
    /// There is a new row.
    #[doc(alias = "TABLE_ROW_ADDED")]
    pub const ROW_ADDED: Self = Self(3);
    /// A row is gone.
    #[doc(alias = "TABLE_ROW_DELETED")]
    pub const ROW_DELETED: Self = Self(4);
    /// A row has changed.
    #[doc(alias = "TABLE_ROW_MODIFIED")]
    pub const ROW_MODIFIED: Self = Self(5);
    /// A sort has ended.
    #[doc(alias = "TABLE_SORT_DONE")]
    pub const SORT_DONE: Self = Self(6);
    /// A restriction has been applied.
    #[doc(alias = "TABLE_RESTRICT_DONE")]
    pub const RESTRICT_DONE: Self = Self(7);
    /// The columns have been set.
    #[doc(alias = "TABLE_SETCOL_DONE")]
    pub const SETCOL_DONE: Self = Self(8);
    /// Nothing of the table is valid any more, not even bookmarks and instance keys: read it anew.
    #[doc(alias = "TABLE_RELOAD")]
    pub const RELOAD: Self = Self(9);

    /// Returns MAPI's name of the event, such as `TABLE_ROW_ADDED`.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::CHANGED => "TABLE_CHANGED",
            Self::ERROR => "TABLE_ERROR",
            Self::ROW_ADDED => "TABLE_ROW_ADDED",
            Self::ROW_DELETED => "TABLE_ROW_DELETED",
            Self::ROW_MODIFIED => "TABLE_ROW_MODIFIED",
            Self::SORT_DONE => "TABLE_SORT_DONE",
            Self::RESTRICT_DONE => "TABLE_RESTRICT_DONE",
            Self::SETCOL_DONE => "TABLE_SETCOL_DONE",
            Self::RELOAD => "TABLE_RELOAD",
            _ => return None,
        })
    }
}

impl fmt::Debug for TableEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "TableEventKind({name})"),
            None => write!(f, "TableEventKind({:#x})", self.0),
        }
    }
}

/// A status object has changed: STATUS_OBJECT_NOTIFICATION.
///
/// [`STATUS_OBJECT_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/status_object_notification) in the MAPI reference.
#[doc(alias = "STATUS_OBJECT_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq)]
pub struct StatusEvent {
    entry_id: EntryId,
    properties: Vec<Property>,
}

impl StatusEvent {
    /// Creates an event: these properties of this status object have changed.
    #[must_use]
    pub fn new(entry_id: EntryId, properties: Vec<Property>) -> Self {
        Self {
            entry_id,
            properties,
        }
    }

    /// Returns the status object.
    #[doc(alias = "lpEntryID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns its properties that changed.
    #[doc(alias = "lpPropVals")]
    #[must_use]
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }
}

/// An event that its sender defines: EXTENDED_NOTIFICATION.
///
/// [`EXTENDED_NOTIFICATION`](https://learn.microsoft.com/office/client-developer/outlook/mapi/extended_notification) in the MAPI reference.
#[doc(alias = "EXTENDED_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedEvent {
    event: u32,
    parameters: Box<[u8]>,
}

impl ExtendedEvent {
    /// Creates the event with this number, and what the sender says of it.
    #[must_use]
    pub fn new(event: u32, parameters: impl Into<Box<[u8]>>) -> Self {
        Self {
            event,
            parameters: parameters.into(),
        }
    }

    /// Returns the sender's number of the event.
    #[doc(alias = "ulEvent")]
    #[must_use]
    pub fn event(&self) -> u32 {
        self.event
    }

    /// Returns what the sender says of it.
    #[doc(alias = "pbEventParameters")]
    #[must_use]
    pub fn parameters(&self) -> &[u8] {
        &self.parameters
    }
}
