//! Sinks: what MAPI tells its COM object reaches ours.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};

use mapi_session::error::MapiError;
use mapi_session::notification::{
    CriticalError, ExtendedEvent, NewMail, ObjectEvent, ObjectEventKind, StatusEvent, TableEvent,
    TableEventKind,
};
use mapi_session::property::{PropTag, Property};
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::types::ObjectType;
use mapi_session::{AdviseSink, EntryId, EventMask, HResult, Notification, UiParam};
use mapi_session_outlook::outlook_mapi::sys;
use mapi_session_outlook::{Outlook, OutlookSession};

use crate::fake::{self, wide};

fn session() -> (Outlook, OutlookSession) {
    fake::load();
    let outlook = Outlook::new();
    outlook.initialize(0, 0).unwrap();
    let session = outlook.logon_ex(UiParam::NONE, None, None, 0).unwrap();
    (outlook, session.ignore_warning())
}

fn told(notifications: &mut [sys::NOTIFICATION]) -> Vec<Notification> {
    let (_outlook, session) = session();
    let (sender, receiver): (_, Receiver<Notification>) = mpsc::channel();
    session
        .advise(None, EventMask::all().bits(), sender)
        .unwrap();
    tell(&fake::sink(), notifications);
    receiver.try_iter().collect()
}

fn tell(sink: &sys::IMAPIAdviseSink, notifications: &mut [sys::NOTIFICATION]) {
    // SAFETY: there are this many.
    let answer = unsafe { sink.OnNotify(notifications.len() as u32, notifications.as_mut_ptr()) };
    assert_eq!(answer, 0);
}

fn event(kind: u32, info: sys::NOTIFICATION_0) -> sys::NOTIFICATION {
    sys::NOTIFICATION {
        ulEventType: kind,
        ulAlignPad: 0,
        info,
    }
}

fn extended() -> sys::NOTIFICATION {
    event(sys::fnevExtended, sys::NOTIFICATION_0::default())
}

#[test]
fn each_kind_of_event_arrives_whole() {
    let mut ids: [[u8; 5]; 4] = [[1; 5], [2; 5], [3; 5], [4; 5]];
    let [one, two, three, four] = ids
        .each_mut()
        .map(|id| id.as_mut_ptr().cast::<sys::ENTRYID>());
    let mut text = wide("Weg ist weg");
    let mut component = wide("C");
    let mut error = sys::MAPIERROR {
        ulVersion: 0,
        lpszError: text.as_mut_ptr().cast(),
        lpszComponent: component.as_mut_ptr().cast(),
        ulLowLevelError: 1,
        ulContext: 2,
    };
    let mut tags = [2_u32, sys::PR_ENTRYID, sys::PR_ROWID];
    let mut value = sys::SPropValue {
        ulPropTag: sys::PR_ROWID,
        ..Default::default()
    };
    value.Value.l = 6;
    let mut key = [8_u8, 9];
    let mut index = sys::SPropValue {
        ulPropTag: sys::PR_INSTANCE_KEY,
        ..Default::default()
    };
    index.Value.bin = sys::SBinary {
        cb: 2,
        lpb: key.as_mut_ptr(),
    };
    let object = sys::OBJECT_NOTIFICATION {
        cbEntryID: 5,
        lpEntryID: one,
        ulObjType: sys::MAPI_MESSAGE,
        cbParentID: 5,
        lpParentID: two,
        cbOldID: 5,
        lpOldID: three,
        cbOldParentID: 5,
        lpOldParentID: four,
        lpPropTagArray: tags.as_mut_ptr().cast(),
    };
    let mut class = *b"IPM.Note\0";
    let mut events = vec![
        event(
            sys::fnevCriticalError,
            sys::NOTIFICATION_0 {
                err: sys::ERROR_NOTIFICATION {
                    cbEntryID: 5,
                    lpEntryID: one,
                    scode: 0x8004_0200_u32 as i32,
                    ulFlags: sys::MAPI_UNICODE,
                    lpMAPIError: &mut error,
                },
            },
        ),
        event(
            sys::fnevNewMail,
            sys::NOTIFICATION_0 {
                newmail: sys::NEWMAIL_NOTIFICATION {
                    cbEntryID: 5,
                    lpEntryID: one,
                    cbParentID: 5,
                    lpParentID: two,
                    ulFlags: 0,
                    lpszMessageClass: class.as_mut_ptr().cast(),
                    ulMessageFlags: 3,
                },
            },
        ),
        event(
            sys::fnevTableModified,
            sys::NOTIFICATION_0 {
                tab: sys::TABLE_NOTIFICATION {
                    ulTableEvent: 3,
                    hResult: windows_core::HRESULT(0),
                    propIndex: index,
                    propPrior: sys::SPropValue::default(),
                    row: sys::SRow {
                        ulAdrEntryPad: 0,
                        cValues: 1,
                        lpProps: &mut value,
                    },
                    ulPad: 0,
                },
            },
        ),
        event(
            sys::fnevStatusObjectModified,
            sys::NOTIFICATION_0 {
                statobj: sys::STATUS_OBJECT_NOTIFICATION {
                    cbEntryID: 5,
                    lpEntryID: one,
                    cValues: 1,
                    lpPropVals: &mut value,
                },
            },
        ),
        event(
            sys::fnevExtended,
            sys::NOTIFICATION_0 {
                ext: sys::EXTENDED_NOTIFICATION {
                    ulEvent: 1,
                    cb: 2,
                    pbEventParameters: key.as_mut_ptr(),
                },
            },
        ),
        event(
            EventMask::INDEXING.bits(),
            sys::NOTIFICATION_0 {
                ext: sys::EXTENDED_NOTIFICATION {
                    ulEvent: 2,
                    cb: 2,
                    pbEventParameters: key.as_mut_ptr(),
                },
            },
        ),
        // Of a kind that has no form: left out.
        event(sys::fnevReservedForMapi, sys::NOTIFICATION_0::default()),
    ];
    let kinds = [
        (sys::fnevObjectCreated, ObjectEventKind::Created),
        (sys::fnevObjectDeleted, ObjectEventKind::Deleted),
        (sys::fnevObjectModified, ObjectEventKind::Modified),
        (sys::fnevObjectMoved, ObjectEventKind::Moved),
        (sys::fnevObjectCopied, ObjectEventKind::Copied),
        (sys::fnevSearchComplete, ObjectEventKind::SearchComplete),
    ];
    events.extend(kinds.map(|(kind, _)| event(kind, sys::NOTIFICATION_0 { obj: object })));

    let id = |number: u8| EntryId::new([number; 5]);
    let row = vec![Property::new(PropTag::ROWID, 6)];
    let mut expected = vec![
        Notification::CriticalError(
            CriticalError::new(HResult::MAPI_E_END_OF_SESSION)
                .with_entry_id(Some(id(1)))
                .with_error(Some(
                    MapiError::new("Weg ist weg")
                        .with_component("C")
                        .with_low_level_error(1)
                        .with_context(2),
                )),
        ),
        Notification::NewMail(NewMail::new(id(1), id(2), "IPM.Note").with_message_flags(3)),
        Notification::Table(
            TableEvent::new(TableEventKind::ROW_ADDED)
                .with_index(Some([8, 9].into()))
                .with_row(row.clone()),
        ),
        Notification::Status(StatusEvent::new(id(1), row)),
        Notification::Extended(ExtendedEvent::new(1, [8, 9])),
        Notification::Indexing(ExtendedEvent::new(2, [8, 9])),
    ];
    expected.extend(kinds.map(|(_, kind)| {
        Notification::Object(
            ObjectEvent::new(kind, id(1), ObjectType::MESSAGE)
                .with_parent_id(Some(id(2)))
                .with_old_id(Some(id(3)))
                .with_old_parent_id(Some(id(4)))
                .with_property_tags(vec![sys::PR_ENTRYID, sys::PR_ROWID]),
        )
    }));
    assert_eq!(told(&mut events), expected);
}

#[test]
fn a_null_stands_for_nothing() {
    let mut events = [
        event(sys::fnevCriticalError, sys::NOTIFICATION_0::default()),
        event(sys::fnevObjectCreated, sys::NOTIFICATION_0::default()),
        event(sys::fnevTableModified, sys::NOTIFICATION_0::default()),
    ];
    let told = told(&mut events);
    assert_eq!(told.len(), 3);
    let Notification::CriticalError(error) = &told[0] else {
        panic!("{told:?}");
    };
    assert_eq!((error.entry_id(), error.error()), (None, None));
}

// N9
#[test]
fn a_panic_does_not_cross_the_border() {
    let (_outlook, session) = session();
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    session
        .advise(None, EventMask::EXTENDED.bits(), move |_: &Notification| {
            let before = {
                let mut count = counted.lock().unwrap();
                *count += 1;
                *count
            };
            assert_ne!(before, 1, "the first event is too much");
        })
        .unwrap();
    tell(&fake::sink(), &mut [extended(), extended(), extended()]);
    assert_eq!(*count.lock().unwrap(), 3);
}

struct Dropped(mpsc::Sender<&'static str>);

impl AdviseSink for Dropped {
    fn on_notify(&self, _: &Notification) {
        self.0.send("told").unwrap();
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send("dropped");
        panic!("a sink that panics when it is dropped");
    }
}

// N7, N9
#[test]
fn after_unadvise_no_call_starts_although_mapi_keeps_the_sink() {
    let (_outlook, session) = session();
    let (sender, receiver) = mpsc::channel();
    let connection = session
        .advise(None, 1, Dropped(sender))
        .unwrap()
        .ignore_warning();
    let sink = fake::sink();
    tell(&sink, &mut [extended()]);
    session.unadvise(connection).unwrap();
    tell(&sink, &mut [extended()]);
    assert_eq!(receiver.try_iter().collect::<Vec<_>>(), ["told", "dropped"]);
    assert!(session.unadvise(connection).is_err());
}

#[test]
fn after_the_end_no_call_starts_although_mapi_keeps_the_sink() {
    for end in 0..3 {
        let (_outlook, session) = session();
        let (sender, receiver) = mpsc::channel();
        session.advise(None, 1, Dropped(sender)).unwrap();
        let sink = fake::sink();
        match end {
            0 => drop(session.logoff(UiParam::NONE, 0, 0).unwrap()),
            1 => {
                fake::answers("Logoff", HResult::MAPI_E_CALL_FAILED);
                drop(session.logoff(UiParam::NONE, 0, 0).unwrap_err());
            }
            _ => drop(session),
        }
        tell(&sink, &mut [extended()]);
        assert_eq!(receiver.try_iter().collect::<Vec<_>>(), ["dropped"]);
    }
}

#[test]
fn a_refused_advise_drops_the_sink() {
    let (_outlook, session) = session();
    fake::answers("Advise", HResult::MAPI_E_NO_SUPPORT);
    let (sender, receiver) = mpsc::channel();
    let failure = session
        .advise(Some(&[1; 20]), 2, Dropped(sender))
        .unwrap_err();
    assert_eq!(failure.hresult(), HResult::MAPI_E_NO_SUPPORT);
    assert_eq!(receiver.try_iter().collect::<Vec<_>>(), ["dropped"]);
}

// N5
#[test]
fn a_sink_is_told_on_whatever_thread() {
    struct Elsewhere(sys::IMAPIAdviseSink);
    // SAFETY: the COM object is a Rust one whose sink is `Send` and `Sync`.
    unsafe impl Send for Elsewhere {}

    let (_outlook, session) = session();
    let (sender, receiver) = mpsc::channel();
    session
        .advise(None, 1, move |_: &Notification| {
            sender.send(std::thread::current().id()).unwrap();
        })
        .unwrap();
    let sink = Elsewhere(fake::sink());
    let thread = std::thread::spawn(move || {
        let sink = sink;
        tell(&sink.0, &mut [extended()]);
        std::thread::current().id()
    });
    let id = thread.join().unwrap();
    assert_eq!(receiver.recv().unwrap(), id);
}
