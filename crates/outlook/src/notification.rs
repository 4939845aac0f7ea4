//! Sinks as COM objects, and NOTIFICATION as our [`Notification`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use outlook_mapi::sys;
use windows_core::implement;

use super::com::{bytes, mapi_error};
use super::properties::{properties, tags};
use super::text::copied;
use super::value::{each, read};
use mapi_session::notification::{
    CriticalError, ExtendedEvent, NewMail, ObjectEvent, ObjectEventKind, StatusEvent, TableEvent,
    TableEventKind,
};
use mapi_session::property::{PropTag, PropertyValue};
use mapi_session::subsystem::contain;
use mapi_session::types::ObjectType;
use mapi_session::{AdviseSink, EntryId, EventMask, HResult, Notification};

/// A sink between Advise and Unadvise. MAPI holds the COM object, perhaps for longer.
pub(super) struct Registered(Mutex<Option<Arc<dyn AdviseSink>>>);

impl Registered {
    pub(super) fn new(sink: impl AdviseSink + 'static) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(Arc::new(sink)))))
    }

    /// The COM object that tells it.
    pub(super) fn to_com(self: &Arc<Self>) -> sys::IMAPIAdviseSink {
        ComSink(Arc::clone(self)).into()
    }

    /// No call of the sink starts any more. It is dropped after the last one that runs.
    pub(super) fn end(&self) {
        let sink = self.lock().take();
        let_go(sink);
    }

    fn tell(&self, notification: &Notification) {
        let sink = self.lock().clone();
        if let Some(sink) = &sink {
            contain("an advise sink", || sink.on_notify(notification));
        }
        let_go(sink);
    }

    /// No code of the sink's runs while this is held.
    fn lock(&self) -> MutexGuard<'_, Option<Arc<dyn AdviseSink>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.end();
    }
}

/// Serves a sink as a COM `IMAPIAdviseSink`, which can be called and released on any thread. A panic of the
/// sink goes no further.
///
/// [IMAPIAdviseSink](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiadvisesinkiunknown)
/// in the MAPI reference.
pub fn serve_sink(sink: impl AdviseSink + 'static) -> sys::IMAPIAdviseSink {
    Registered::new(sink).to_com()
}

fn let_go(sink: Option<Arc<dyn AdviseSink>>) {
    contain("the end of an advise sink", || drop(sink));
}

#[implement(sys::IMAPIAdviseSink)]
struct ComSink(Arc<Registered>);

impl sys::IMAPIAdviseSink_Impl for ComSink_Impl {
    fn OnNotify(&self, count: u32, notifications: *mut sys::NOTIFICATION) -> u32 {
        // What panics in the sink is contained already; this is for ourselves.
        contain("a notification", || {
            // SAFETY: MAPI gives this many, and they are valid until this method returns.
            for raw in unsafe { each(notifications, count) } {
                // SAFETY: as above.
                match unsafe { notification(&raw) } {
                    Some(notification) => self.0.tell(&notification),
                    None => tell_of_unknown(raw.ulEventType),
                }
            }
        });
        0
    }
}

fn tell_of_unknown(event_type: u32) {
    contain("a subscriber of tracing", || {
        tracing::debug!(
            event_type,
            "MAPI told of an event of a kind that has no form"
        );
    });
}

/// No header that the bindings are made of has it.
const FNEV_INDEXING: u32 = EventMask::INDEXING.bits();

/// Copies a notification; nothing where its kind has no form here.
///
/// # Safety
/// What the structure of its kind points to is there.
unsafe fn notification(raw: &sys::NOTIFICATION) -> Option<Notification> {
    let info = &raw.info;
    // SAFETY: the type says which member of the union there is; the rest is as the caller says.
    Some(unsafe {
        match raw.ulEventType {
            sys::fnevCriticalError => Notification::CriticalError(critical_error(&info.err)),
            sys::fnevNewMail => Notification::NewMail(new_mail(&info.newmail)),
            sys::fnevObjectCreated => object(ObjectEventKind::Created, &info.obj),
            sys::fnevObjectDeleted => object(ObjectEventKind::Deleted, &info.obj),
            sys::fnevObjectModified => object(ObjectEventKind::Modified, &info.obj),
            sys::fnevObjectMoved => object(ObjectEventKind::Moved, &info.obj),
            sys::fnevObjectCopied => object(ObjectEventKind::Copied, &info.obj),
            sys::fnevSearchComplete => object(ObjectEventKind::SearchComplete, &info.obj),
            sys::fnevTableModified => Notification::Table(table(&info.tab)),
            sys::fnevStatusObjectModified => Notification::Status(StatusEvent::new(
                some_entry_id(info.statobj.lpEntryID, info.statobj.cbEntryID),
                properties(info.statobj.lpPropVals, info.statobj.cValues),
            )),
            FNEV_INDEXING => Notification::Indexing(extended(&info.ext)),
            sys::fnevExtended => Notification::Extended(extended(&info.ext)),
            _ => return None,
        }
    })
}

/// # Safety
/// What it points to is there.
unsafe fn critical_error(raw: &sys::ERROR_NOTIFICATION) -> CriticalError {
    let unicode = raw.ulFlags & sys::MAPI_UNICODE != 0;
    // SAFETY: as the caller says.
    unsafe {
        CriticalError::new(HResult::from(raw.scode))
            .with_entry_id(entry_id(raw.lpEntryID, raw.cbEntryID))
            .with_error(mapi_error(raw.lpMAPIError, unicode))
    }
}

/// # Safety
/// What it points to is there.
unsafe fn new_mail(raw: &sys::NEWMAIL_NOTIFICATION) -> NewMail {
    let unicode = raw.ulFlags & sys::MAPI_UNICODE != 0;
    // SAFETY: as the caller says.
    unsafe {
        NewMail::new(
            some_entry_id(raw.lpEntryID, raw.cbEntryID),
            some_entry_id(raw.lpParentID, raw.cbParentID),
            copied(raw.lpszMessageClass, unicode),
        )
        .with_message_flags(raw.ulMessageFlags)
    }
}

/// # Safety
/// What it points to is there.
unsafe fn object(kind: ObjectEventKind, raw: &sys::OBJECT_NOTIFICATION) -> Notification {
    // SAFETY: as the caller says.
    Notification::Object(unsafe {
        ObjectEvent::new(
            kind,
            some_entry_id(raw.lpEntryID, raw.cbEntryID),
            ObjectType::new(raw.ulObjType),
        )
        .with_parent_id(entry_id(raw.lpParentID, raw.cbParentID))
        .with_old_id(entry_id(raw.lpOldID, raw.cbOldID))
        .with_old_parent_id(entry_id(raw.lpOldParentID, raw.cbOldParentID))
        .with_property_tags(
            tags(raw.lpPropTagArray)
                .into_iter()
                .map(PropTag::get)
                .collect(),
        )
    })
}

/// # Safety
/// What it points to is there.
unsafe fn extended(raw: &sys::EXTENDED_NOTIFICATION) -> ExtendedEvent {
    // SAFETY: as the caller says.
    let parameters = unsafe { bytes(raw.pbEventParameters, raw.cb) };
    ExtendedEvent::new(raw.ulEvent, parameters.unwrap_or_default())
}

/// # Safety
/// What it points to is there.
unsafe fn table(raw: &sys::TABLE_NOTIFICATION) -> TableEvent {
    // SAFETY: as the caller says.
    let key = |value: &sys::SPropValue| match unsafe { read(value) } {
        PropertyValue::Binary(key) if !key.is_empty() => Some(key),
        _ => None,
    };
    // SAFETY: as the caller says.
    let row = unsafe { properties(raw.row.lpProps, raw.row.cValues) };
    TableEvent::new(TableEventKind::new(raw.ulTableEvent))
        .with_hresult(raw.hResult.0.into())
        .with_index(key(&raw.propIndex))
        .with_prior(key(&raw.propPrior))
        .with_row(row)
}

/// # Safety
/// `id` is null, or there are `count` bytes.
unsafe fn entry_id(id: *const sys::ENTRYID, count: u32) -> Option<EntryId> {
    // SAFETY: as the caller says.
    unsafe { bytes(id, count) }.map(EntryId::new)
}

/// # Safety
/// `id` is null, or there are `count` bytes.
unsafe fn some_entry_id(id: *const sys::ENTRYID, count: u32) -> EntryId {
    // SAFETY: as the caller says.
    unsafe { entry_id(id, count) }.unwrap_or_else(|| EntryId::new([]))
}
