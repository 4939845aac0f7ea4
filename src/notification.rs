//! What a session tells those who registered with it.

use std::fmt;
use std::sync::mpsc;

use crate::error::MapiError;
use crate::property::Property;
use crate::types::ObjectType;
use crate::{EntryId, EventMask, HResult};

/// Whoever is told of events: MAPI's advise sink.
///
/// A closure `Fn(&Notification)`, an [`mpsc::Sender`] of notifications, and an
/// [`Arc`](std::sync::Arc) of a sink are sinks. To be told on one thread only, see
/// [`this_thread_sink`](crate::session::advise::this_thread_sink).
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiadvisesinkiunknown).
#[doc(alias = "IMAPIAdviseSink")]
pub trait AdviseSink: Send + Sync {
    /// Called for each event, on any thread, at any time between the registration and its end.
    ///
    /// The [in-memory subsystem](crate::memory) calls it on the thread that caused the event, and
    /// holds no lock of its own: the sink may use any session, register and unregister, log another
    /// session off. What it causes is told after the event that it is being told of. A sink that
    /// panics costs its own event only. All three are our reading.
    #[doc(alias = "OnNotify")]
    #[doc(alias = "IMAPIAdviseSink::OnNotify")]
    fn on_notify(&self, notification: &Notification);
}

impl<F: Fn(&Notification) + Send + Sync> AdviseSink for F {
    fn on_notify(&self, notification: &Notification) {
        self(notification);
    }
}

/// Each event is cloned into the channel. One whose receiver is gone is told in vain.
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

/// The number of a registration, as Advise gives it and Unadvise takes it; never zero.
#[doc(alias = "ulConnection")]
#[doc(alias = "lpulConnection")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Connection(pub u64);

/// An event, with all that the reference gives its kind.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/notification).
#[doc(alias = "NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notification {
    /// A severe error. MAPI_E_END_OF_SESSION: another client asks all to log off (that it is this
    /// code is our reading).
    CriticalError(CriticalError),
    /// A message has arrived.
    NewMail(NewMail),
    /// Something happened to an object.
    Object(ObjectEvent),
    /// A table has changed.
    Table(TableEvent),
    /// A status object has changed. MAPI keeps this event to itself, by the reference.
    Status(StatusEvent),
    /// A store has an object for the indexer: fnevIndexing, with the parts of an extended event.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/about-notification-based-store-indexing).
    #[doc(alias = "fnevIndexing")]
    Indexing(ExtendedEvent),
    /// An event that its sender defines. From a session: a client has logged off.
    Extended(ExtendedEvent),
}

impl Notification {
    /// The bit of the event mask that asks for this.
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

    /// Whether this is the critical error that says: the session ends, log off.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        matches!(self, Self::CriticalError(error) if error.hresult == HResult::MAPI_E_END_OF_SESSION)
    }
}

/// A severe error: ERROR_NOTIFICATION.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/error_notification).
#[doc(alias = "ERROR_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriticalError {
    /// The object that the error came from, where it was one.
    pub entry_id: Option<EntryId>,
    /// The error.
    pub hresult: HResult,
    /// What the provider says of it.
    pub error: Option<MapiError>,
}

/// A message has arrived: NEWMAIL_NOTIFICATION.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/newmail_notification).
#[doc(alias = "NEWMAIL_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// The message.
    pub entry_id: EntryId,
    /// The folder that it arrived in.
    pub parent_id: EntryId,
    /// Its class, such as `IPM.Note`.
    pub message_class: String,
    /// Its PR_MESSAGE_FLAGS.
    pub message_flags: u32,
}

/// Something happened to an object: OBJECT_NOTIFICATION.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/object_notification).
#[doc(alias = "OBJECT_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectEvent {
    /// What happened.
    pub kind: ObjectEventKind,
    /// The object.
    pub entry_id: EntryId,
    /// What the object is.
    pub object_type: ObjectType,
    /// The folder or container that it is in.
    pub parent_id: Option<EntryId>,
    /// Moved or copied: the object that it was made from.
    pub old_id: Option<EntryId>,
    /// Moved or copied: where that object was.
    pub old_parent_id: Option<EntryId>,
    /// The tags of the properties that changed, where they are known.
    pub property_tags: Vec<u32>,
}

/// What can happen to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/table_notification).
#[doc(alias = "TABLE_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableEvent {
    /// What happened.
    pub event: TableEventKind,
    /// Of a TABLE_ERROR: the error.
    pub hresult: HResult,
    /// The PR_INSTANCE_KEY of the row.
    pub index: Option<Box<[u8]>>,
    /// The PR_INSTANCE_KEY of the row before it; nothing where the row is now the first.
    pub prior: Option<Box<[u8]>>,
    /// The row, where the event has one.
    pub row: Vec<Property>,
}

/// What can happen to a table. Open: a number without a name is kept.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/table_notification).
#[doc(alias = "ulTableEvent")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableEventKind(pub u32);

impl TableEventKind {
    /// Something has changed, and it is not said what: read the table again. Bookmarks and instance
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
    /// Nothing of the table is valid any more, bookmarks and instance keys included: read it anew.
    #[doc(alias = "TABLE_RELOAD")]
    pub const RELOAD: Self = Self(9);

    /// MAPI's name of the event, such as `TABLE_ROW_ADDED`.
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
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/status_object_notification).
#[doc(alias = "STATUS_OBJECT_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusEvent {
    /// The status object.
    pub entry_id: EntryId,
    /// Its properties that changed.
    pub properties: Vec<Property>,
}

/// An event that its sender defines: EXTENDED_NOTIFICATION.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/extended_notification).
#[doc(alias = "EXTENDED_NOTIFICATION")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedEvent {
    /// The sender's number of the event.
    pub event: u32,
    /// What the sender says of it.
    pub parameters: Box<[u8]>,
}
