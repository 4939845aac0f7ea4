//! A COM caller's sink, told by a subsystem of ours.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use outlook_mapi::sys;
use windows_core::{HRESULT, Ref, Result};

use super::Context;
use super::call::{Out, answer, invalid};
use crate::com::entry_id_words;
use crate::properties::Settings;
use crate::text::Text;
use mapi_session::error::MapiError;
use mapi_session::notification::{Connection, ObjectEvent, ObjectEventKind};
use mapi_session::property::Property;
use mapi_session::subsystem::{RawResult, contain};
use mapi_session::{AdviseSink, EntryId, Notification};

/// The advise sink of a COM client. It is called by one thread at a time, whichever that is.
pub(super) struct ClientSink {
    sink: sys::IMAPIAdviseSink,
    context: Arc<Context>,
    queue: Mutex<Queue>,
}

/// What the sink is still to be told.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Notification>,
    /// Some thread tells it already, and will tell it of what waits.
    is_told: bool,
    has_ended: bool,
}

// SAFETY: MAPI calls and releases an advise sink on any thread (IMAPIAdviseSink::OnNotify, N5), so whoever
// gives one to a session has made it for that. One that can only be used on its own thread is wrapped by
// HrThisThreadAdviseSink first.
unsafe impl Send for ClientSink {}
// SAFETY: as above; and it is called by one thread at a time.
unsafe impl Sync for ClientSink {}

impl ClientSink {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// No call of the sink starts any more.
    fn end(&self) {
        let mut queue = self.lock();
        queue.has_ended = true;
        let waiting = mem::take(&mut queue.waiting);
        drop(queue);
        drop(waiting);
    }
}

impl AdviseSink for ClientSink {
    /// Tells the sink, or leaves it to the thread that does so already. The lock is not held meanwhile.
    fn on_notify(&self, notification: &Notification) {
        let mut queue = self.lock();
        if queue.has_ended {
            return;
        }
        queue.waiting.push_back(notification.clone());
        if mem::replace(&mut queue.is_told, true) {
            return;
        }
        while let Some(next) = queue.waiting.pop_front() {
            drop(queue);
            if !self.context.has_ended() {
                contain("a client's sink", || tell_sink(&self.sink, &next));
            }
            queue = self.lock();
        }
        queue.is_told = false;
    }
}

/// What a COM object's Advise has given: the subsystem's numbers by ours, which are as wide as
/// pointers.
#[derive(Default)]
pub(super) struct Connections(Mutex<Known>);

#[derive(Default)]
struct Known {
    by_number: BTreeMap<usize, (Connection, Arc<ClientSink>)>,
    last: usize,
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// # Safety
    /// `connection` is null, or a place for what comes out.
    pub(super) unsafe fn advise(
        &self,
        context: &Arc<Context>,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
        advise: impl FnOnce(Arc<ClientSink>) -> RawResult<Connection>,
    ) -> Result<()> {
        // SAFETY: as the caller says.
        let connection = unsafe { Out::required(connection) }?;
        let sink = Arc::new(ClientSink {
            sink: sink.cloned().ok_or_else(invalid)?,
            context: Arc::clone(context),
            queue: Mutex::default(),
        });
        let told = Arc::clone(&sink);
        answer(
            || advise(told),
            |number| {
                let mut known = self.lock();
                known.last = known.last.wrapping_add(1).max(1);
                let ours = known.last;
                let replaced = known.by_number.insert(ours, (number, sink));
                drop(known);
                drop(replaced);
                connection.give(ours);
                Ok(())
            },
        )
    }

    /// The number stays known where the subsystem fails.
    pub(super) fn unadvise(
        &self,
        number: usize,
        unadvise: impl FnOnce(Connection) -> RawResult<()>,
    ) -> Result<()> {
        // Zero is nobody's: what is wrong with it is for the subsystem to say.
        let connection = self.lock().by_number.get(&number).map(|(it, _)| *it);
        answer(
            || unadvise(connection.unwrap_or(Connection::new(0))),
            |()| {
                let ended = self.lock().by_number.remove(&number);
                if let Some((_, sink)) = ended {
                    sink.end();
                }
                Ok(())
            },
        )
    }
}

/// The object is released, and its registrations with it.
impl Drop for Connections {
    fn drop(&mut self) {
        let known = mem::take(&mut *self.lock());
        known.by_number.values().for_each(|(_, sink)| sink.end());
    }
}

/// Tells a COM sink of an event, by its OnNotify.
///
/// [IMAPIAdviseSink::OnNotify](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiadvisesink-onnotify)
/// in the MAPI reference.
pub fn tell_sink(sink: &sys::IMAPIAdviseSink, notification: &Notification) {
    Client(sink).describe(notification);
}

struct Client<'a>(&'a sys::IMAPIAdviseSink);

impl Client<'_> {
    fn tell(&self, event_type: u32, info: sys::NOTIFICATION_0) {
        let mut notification = sys::NOTIFICATION {
            ulEventType: event_type,
            ulAlignPad: 0,
            info,
        };
        // SAFETY: one notification, and what it points to lives until the method returns.
        unsafe { self.0.OnNotify(1, &raw mut notification) };
    }

    fn describe(&self, notification: &Notification) {
        let event_type = notification.event().bits();
        match notification {
            Notification::CriticalError(event) => {
                let texts = event.error().map(ErrorTexts::new);
                let mut error = texts.as_ref().map(ErrorTexts::raw);
                let (count, id) = id(event.entry_id());
                let err = sys::ERROR_NOTIFICATION {
                    cbEntryID: count,
                    lpEntryID: id,
                    scode: event.hresult().into(),
                    ulFlags: sys::MAPI_UNICODE,
                    lpMAPIError: error.as_mut().map_or(std::ptr::null_mut(), |it| it),
                };
                self.tell(event_type, sys::NOTIFICATION_0 { err });
            }
            Notification::NewMail(event) => {
                let class = text(event.message_class());
                let (count, entry) = id(Some(event.entry_id()));
                let (parent_count, parent) = id(Some(event.parent_id()));
                let newmail = sys::NEWMAIL_NOTIFICATION {
                    cbEntryID: count,
                    lpEntryID: entry,
                    cbParentID: parent_count,
                    lpParentID: parent,
                    ulFlags: sys::MAPI_UNICODE,
                    lpszMessageClass: class.as_ptr(),
                    ulMessageFlags: event.message_flags(),
                };
                self.tell(event_type, sys::NOTIFICATION_0 { newmail });
            }
            Notification::Object(event) => self.tell_of_object(event_type, event),
            Notification::Table(event) => {
                let key = |key: Option<&[u8]>| {
                    let mut value = sys::SPropValue::default();
                    if let Some(key) = key {
                        value.ulPropTag = sys::PR_INSTANCE_KEY;
                        value.Value.bin = sys::SBinary {
                            cb: key.len() as u32,
                            lpb: key.as_ptr().cast_mut(),
                        };
                    }
                    value
                };
                let mut row = settings(event.row());
                let (count, values) = row.words();
                let tab = sys::TABLE_NOTIFICATION {
                    ulTableEvent: event.event().get(),
                    hResult: HRESULT(event.hresult().into()),
                    propIndex: key(event.index()),
                    propPrior: key(event.prior()),
                    row: sys::SRow {
                        ulAdrEntryPad: 0,
                        cValues: count,
                        lpProps: values,
                    },
                    ulPad: 0,
                };
                self.tell(event_type, sys::NOTIFICATION_0 { tab });
            }
            Notification::Status(event) => {
                let mut properties = settings(event.properties());
                let (values, first) = properties.words();
                let (count, entry) = id(Some(event.entry_id()));
                let statobj = sys::STATUS_OBJECT_NOTIFICATION {
                    cbEntryID: count,
                    lpEntryID: entry,
                    cValues: values,
                    lpPropVals: first,
                };
                self.tell(event_type, sys::NOTIFICATION_0 { statobj });
            }
            Notification::Indexing(event) | Notification::Extended(event) => {
                let ext = sys::EXTENDED_NOTIFICATION {
                    ulEvent: event.event(),
                    cb: event.parameters().len() as u32,
                    pbEventParameters: event.parameters().as_ptr().cast_mut(),
                };
                self.tell(event_type, sys::NOTIFICATION_0 { ext });
            }
            // A kind that is newer than this crate.
            _ => {}
        }
    }

    fn tell_of_object(&self, event_type: u32, event: &ObjectEvent) {
        let (count, entry) = id(Some(event.entry_id()));
        let (parent_count, parent) = id(event.parent_id());
        let (old_count, old) = id(event.old_id());
        let (old_parent_count, old_parent) = id(event.old_parent_id());
        let mut tags = vec![event.property_tags().len() as u32];
        tags.extend(event.property_tags());
        let obj = sys::OBJECT_NOTIFICATION {
            cbEntryID: count,
            lpEntryID: entry,
            ulObjType: event.object_type().get(),
            cbParentID: parent_count,
            lpParentID: parent,
            cbOldID: old_count,
            lpOldID: old,
            cbOldParentID: old_parent_count,
            lpOldParentID: old_parent,
            lpPropTagArray: if tags.len() > 1 || event.kind() == ObjectEventKind::Modified {
                tags.as_mut_ptr().cast()
            } else {
                std::ptr::null_mut()
            },
        };
        self.tell(event_type, sys::NOTIFICATION_0 { obj });
    }
}

struct ErrorTexts<'a>(&'a MapiError, Text, Text);

impl<'a> ErrorTexts<'a> {
    fn new(error: &'a MapiError) -> Self {
        Self(error, text(error.error()), text(error.component()))
    }

    fn raw(&self) -> sys::MAPIERROR {
        sys::MAPIERROR {
            ulVersion: 0,
            lpszError: self.1.as_ptr(),
            lpszComponent: self.2.as_ptr(),
            ulLowLevelError: self.0.low_level_error(),
            ulContext: self.0.context(),
        }
    }
}

fn text(text: &str) -> Text {
    Text::new(Some(text), true).unwrap_or(Text::Null)
}

fn id(entry_id: Option<&EntryId>) -> (u32, *mut sys::ENTRYID) {
    entry_id_words(entry_id.map(EntryId::as_bytes)).unwrap_or((0, std::ptr::null_mut()))
}

/// None, where one has no form.
fn settings(properties: &[Property]) -> Settings {
    Settings::new(properties).unwrap_or_default()
}
