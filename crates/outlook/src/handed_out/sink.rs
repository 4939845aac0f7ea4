//! A COM caller's sink, told by a subsystem of ours.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use outlook_mapi::sys;
use windows_core::{HRESULT, Ref, Result};

use super::{answer, invalid, put, required};
use crate::com::entry_id_words;
use crate::properties::Settings;
use crate::text::Text;
use mapi_session::error::MapiError;
use mapi_session::notification::{Connection, ObjectEvent, ObjectEventKind};
use mapi_session::property::Property;
use mapi_session::subsystem::RawResult;
use mapi_session::{AdviseSink, EntryId, Notification};

/// The advise sink of a COM client.
pub(super) struct ComSinkOfTheirs(sys::IMAPIAdviseSink);

// SAFETY: MAPI calls and releases an advise sink on any thread (IMAPIAdviseSink::OnNotify, N5), so
// whoever hands one to a session has made it for that.
unsafe impl Send for ComSinkOfTheirs {}
// SAFETY: as above.
unsafe impl Sync for ComSinkOfTheirs {}

/// What a COM object's Advise has given: the subsystem's numbers by ours, which are as wide as
/// pointers.
#[derive(Default)]
pub(super) struct Connections {
    known: RefCell<BTreeMap<usize, Connection>>,
    last: Cell<usize>,
}

impl Connections {
    pub(super) fn advise(
        &self,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
        advise: impl FnOnce(ComSinkOfTheirs) -> RawResult<Connection>,
    ) -> Result<()> {
        required(connection)?;
        let sink = ComSinkOfTheirs::new(sink.cloned().ok_or_else(invalid)?);
        answer(
            || advise(sink),
            |number| {
                let ours = self.last.get().wrapping_add(1).max(1);
                self.last.set(ours);
                self.known.borrow_mut().insert(ours, number);
                put(connection, ours);
                Ok(())
            },
        )
    }

    pub(super) fn unadvise(
        &self,
        connection: usize,
        unadvise: impl FnOnce(Connection) -> RawResult<()>,
    ) -> Result<()> {
        // Zero is nobody's: what is wrong with it is for the subsystem to say.
        let connection = self.known.borrow_mut().remove(&connection);
        let connection = connection.unwrap_or(Connection::new(0));
        answer(|| unadvise(connection), |()| Ok(()))
    }
}

impl ComSinkOfTheirs {
    pub(super) fn new(sink: sys::IMAPIAdviseSink) -> Self {
        Self(sink)
    }

    fn tell(&self, event_type: u32, info: sys::NOTIFICATION_0) {
        let mut notification = sys::NOTIFICATION {
            ulEventType: event_type,
            ulAlignPad: 0,
            info,
        };
        // SAFETY: one notification, and what it points to lives until the method returns.
        unsafe { self.0.OnNotify(1, &raw mut notification) };
    }
}

impl AdviseSink for ComSinkOfTheirs {
    fn on_notify(&self, notification: &Notification) {
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
}

impl ComSinkOfTheirs {
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
