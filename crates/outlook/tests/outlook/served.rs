//! What is served as COM bears what its callers do: from several threads, with nulls and odd pointers, and
//! over a subsystem that fails, warns or panics.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use mapi_session::error::Call;
use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
use mapi_session::notification::{Connection, ExtendedEvent};
use mapi_session::property::{FileTime, PropTag, Property, PropertyValue, Props};
use mapi_session::subsystem::layer::{Layer, Layered, RawCall};
use mapi_session::subsystem::{RawProfAdmin, RawProp as _, RawResult, RawSession, Subsystem};
use mapi_session::testing::{Faults, Recorder, conformance};
use mapi_session::{EventMask, HResult, MapiUid, Notification, UiParam};
use mapi_session_outlook::outlook_mapi::sys;
use mapi_session_outlook::{Outlook, Servable, properties, serve, serve_profile_admin, serve_sink};
use windows::Win32::System::Com::IStream;
use windows_core::{GUID, HRESULT, IUnknown, Interface};

use crate::fake;

const UNICODE: u32 = sys::MAPI_UNICODE;
const MODIFY: u32 = sys::MAPI_MODIFY;
const NEW: u32 = 0x22;
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;

fn memory() -> Memory {
    let letter = Message::from("Hello")
        .body("How are you?")
        .to("Ana")
        .attachment("a.txt", "text");
    let inbox = Folder::new("Inbox").message(letter).message("Second");
    let mailbox = Store::new("Mailbox")
        .default_store()
        .identity("Ana")
        .folder(inbox);
    let profile = Profile::new("P")
        .store(mailbox)
        .store(Store::new("Archive"))
        .store(Store::new("Files"));
    Memory::builder().profile(profile).build().unwrap()
}

fn logon<B: Subsystem<Session: Servable>>(subsystem: &B) -> sys::IMAPISession {
    fake::load();
    subsystem.initialize(0, 0).unwrap();
    let session = subsystem.logon_ex(UiParam::NONE, Some("P"), None, NEW);
    serve(session.unwrap().ignore_warning()).unwrap()
}

/// What the caller's place holds before a call.
const POISON: usize = 0xBAD0;

/// Calls a method by the vtable.
macro_rules! ask {
    ($object:expr, $Method:ident($($argument:expr),* $(,)?)) => {{
        let object = $object;
        // SAFETY: the arguments are as the method declares them.
        HResult::from(unsafe {
            (Interface::vtable(object).$Method)(Interface::as_raw(object), $($argument),*).0
        })
    }};
}

/// The objects that calls are made on.
struct World {
    session: sys::IMAPISession,
    store: sys::IMsgStore,
    folder: sys::IMAPIFolder,
    message: sys::IMessage,
    contents: sys::IMAPITable,
    services: sys::IMsgServiceAdmin,
    store_id: Vec<u8>,
    folder_id: Vec<u8>,
}

fn words(id: &[u8]) -> (u32, *mut sys::ENTRYID) {
    (id.len() as u32, id.as_ptr().cast_mut().cast())
}

/// The object that a call has given.
fn object<I: Interface>(call: impl FnOnce(*mut *mut c_void) -> HResult) -> I {
    let mut place = ptr::null_mut();
    assert_eq!(call(&raw mut place), HResult::S_OK);
    // SAFETY: it is of this interface, and nobody else has it.
    unsafe { I::from_raw(place) }
}

impl World {
    fn new<B: Subsystem<Session: Servable>>(subsystem: &B, memory: &Memory) -> Self {
        let session = logon(subsystem);
        let id = |path: &[&str]| memory.entry_id("P", path).unwrap().as_bytes().to_vec();
        let (store_id, folder_id) = (id(&["Mailbox"]), id(&["Mailbox", "Inbox"]));
        let message_id = id(&["Mailbox", "Inbox", "Hello"]);
        let null = ptr::null_mut();
        let (count, start) = words(&store_id);
        let store: sys::IMsgStore = object(|place| {
            ask!(
                &session,
                OpenMsgStore(0, count, start, null, sys::MDB_WRITE, place)
            )
        });
        let open = |id: &[u8], place| {
            let (count, start) = words(id);
            ask!(
                &store,
                OpenEntry(
                    count,
                    start,
                    ptr::null_mut(),
                    MODIFY,
                    ptr::null_mut(),
                    place
                )
            )
        };
        let folder: sys::IMAPIFolder = object(|place| open(&folder_id, place));
        let message = object(|place| open(&message_id, place));
        let container: &sys::IMAPIContainer = &folder;
        let contents = object(|place| ask!(container, GetContentsTable(UNICODE, place)));
        let services = object(|place| ask!(&session, AdminServices(0, place)));
        Self {
            session,
            store,
            folder,
            message,
            contents,
            services,
            store_id,
            folder_id,
        }
    }
}

/// A call that gives something by a pointer: it is given the place for that.
type Giving = fn(&World, *mut c_void) -> HResult;

/// One method each, and how many of its last places come before that of the thing itself.
const GIVING: &[(Call, Giving)] = &[
    (Call::SESSION_GET_MSG_STORES_TABLE, |it, place| {
        ask!(&it.session, GetMsgStoresTable(0, place.cast()))
    }),
    (Call::SESSION_GET_STATUS_TABLE, |it, place| {
        ask!(&it.session, GetStatusTable(0, place.cast()))
    }),
    (Call::SESSION_ADMIN_SERVICES, |it, place| {
        ask!(&it.session, AdminServices(0, place.cast()))
    }),
    (Call::SESSION_OPEN_MSG_STORE, |it, place| {
        let (count, id) = words(&it.store_id);
        ask!(
            &it.session,
            OpenMsgStore(0, count, id, ptr::null_mut(), 0, place.cast())
        )
    }),
    (Call::SESSION_OPEN_ADDRESS_BOOK, |it, place| {
        ask!(
            &it.session,
            OpenAddressBook(0, ptr::null_mut(), 0, place.cast())
        )
    }),
    (Call::SESSION_OPEN_PROFILE_SECTION, |it, place| {
        let mut uid = sys::MAPIUID { ab: [9; 16] };
        ask!(
            &it.session,
            OpenProfileSection(&raw mut uid, ptr::null_mut(), MODIFY, place.cast())
        )
    }),
    (Call::SESSION_OPEN_ENTRY, |it, place| {
        let (count, id) = words(&it.folder_id);
        ask!(
            &it.session,
            OpenEntry(count, id, ptr::null_mut(), 0, ptr::null_mut(), place.cast())
        )
    }),
    (Call::SESSION_QUERY_IDENTITY, |it, place| {
        ask!(&it.session, QueryIdentity(&raw mut COUNT, place.cast()))
    }),
    (Call::SESSION_GET_LAST_ERROR, |it, place| {
        ask!(&it.session, GetLastError(HRESULT(0), 0, place.cast()))
    }),
    (Call::STORE_OPEN_ENTRY, |it, place| {
        let (count, id) = words(&it.folder_id);
        ask!(
            &it.store,
            OpenEntry(count, id, ptr::null_mut(), 0, ptr::null_mut(), place.cast())
        )
    }),
    (Call::STORE_GET_RECEIVE_FOLDER, |it, place| {
        let null = ptr::null_mut();
        ask!(
            &it.store,
            GetReceiveFolder(null, 0, &raw mut COUNT, place.cast(), ptr::null_mut())
        )
    }),
    (Call::STORE_GET_RECEIVE_FOLDER_TABLE, |it, place| {
        ask!(&it.store, GetReceiveFolderTable(0, place.cast()))
    }),
    (Call::CONTAINER_GET_CONTENTS_TABLE, |it, place| {
        let container: &sys::IMAPIContainer = &it.folder;
        ask!(container, GetContentsTable(0, place.cast()))
    }),
    (Call::CONTAINER_GET_HIERARCHY_TABLE, |it, place| {
        let container: &sys::IMAPIContainer = &it.folder;
        ask!(container, GetHierarchyTable(0, place.cast()))
    }),
    (Call::FOLDER_CREATE_MESSAGE, |it, place| {
        ask!(&it.folder, CreateMessage(ptr::null_mut(), 0, place.cast()))
    }),
    (Call::MESSAGE_GET_RECIPIENT_TABLE, |it, place| {
        ask!(&it.message, GetRecipientTable(0, place.cast()))
    }),
    (Call::MESSAGE_GET_ATTACHMENT_TABLE, |it, place| {
        ask!(&it.message, GetAttachmentTable(0, place.cast()))
    }),
    (Call::MESSAGE_OPEN_ATTACH, |it, place| {
        ask!(&it.message, OpenAttach(0, ptr::null_mut(), 0, place.cast()))
    }),
    (Call::MESSAGE_CREATE_ATTACH, |it, place| {
        let (mut number, place) = (0, place.cast());
        ask!(
            &it.message,
            CreateAttach(ptr::null_mut(), 0, &mut number, place)
        )
    }),
    (Call::PROP_GET_PROPS, |it, place| {
        let object: &sys::IMAPIProp = &it.message;
        ask!(
            object,
            GetProps(ptr::null_mut(), 0, &raw mut COUNT, place.cast())
        )
    }),
    (Call::PROP_GET_PROP_LIST, |it, place| {
        let object: &sys::IMAPIProp = &it.message;
        ask!(object, GetPropList(0, place.cast()))
    }),
    (Call::PROP_OPEN_PROPERTY, |it, place| {
        let (object, mut iid): (&sys::IMAPIProp, _) = (&it.message, IStream::IID);
        ask!(
            object,
            OpenProperty(sys::PR_BODY_W, &raw mut iid, 0, 0, place.cast())
        )
    }),
    (Call::TABLE_QUERY_ROWS, |it, place| {
        let start = sys::BOOKMARK_BEGINNING as usize;
        assert_eq!(
            ask!(&it.contents, SeekRow(start, 0, ptr::null_mut())),
            HResult::S_OK
        );
        ask!(&it.contents, QueryRows(1, 0, place.cast()))
    }),
    (Call::TABLE_QUERY_COLUMNS, |it, place| {
        ask!(&it.contents, QueryColumns(0, place.cast()))
    }),
    (Call::TABLE_QUERY_SORT_ORDER, |it, place| {
        ask!(&it.contents, QuerySortOrder(place.cast()))
    }),
    (Call::TABLE_CREATE_BOOKMARK, |it, place| {
        ask!(&it.contents, CreateBookmark(place.cast()))
    }),
    (Call::SERVICE_ADMIN_GET_MSG_SERVICE_TABLE, |it, place| {
        ask!(&it.services, GetMsgServiceTable(0, place.cast()))
    }),
    (Call::SERVICE_ADMIN_GET_PROVIDER_TABLE, |it, place| {
        ask!(&it.services, GetProviderTable(0, place.cast()))
    }),
    (Call::SERVICE_ADMIN_OPEN_PROFILE_SECTION, |it, place| {
        let mut uid = sys::MAPIUID { ab: [8; 16] };
        ask!(
            &it.services,
            OpenProfileSection(&raw mut uid, ptr::null_mut(), MODIFY, place.cast())
        )
    }),
];

/// For the counts that come out beside.
static mut COUNT: u32 = 0;

#[test]
fn what_fails_gives_null_and_what_warns_gives_all_the_same() {
    let memory = memory();
    let faults = Faults::new(memory.clone());
    let world = World::new(&faults, &memory);
    let failure = HResult::MAPI_E_NETWORK_ERROR;
    let warning = HResult::MAPI_W_APPROX_COUNT;
    for (call, method) in GIVING {
        let ask = || {
            let mut place = POISON;
            let hresult = method(&world, (&raw mut place).cast());
            (hresult, place)
        };
        faults.on(*call).fail(failure);
        assert_eq!(ask(), (failure, 0), "{call} that fails");
        faults.on(*call).warn(warning);
        let (hresult, place) = ask();
        assert_eq!(hresult, warning, "{call} that warns");
        let gives_nothing = *call == Call::SESSION_GET_LAST_ERROR;
        assert!(
            gives_nothing || place != 0 && place != POISON,
            "{call} that warns"
        );
        let before = memory.open_sessions();
        assert_eq!(
            method(&world, ptr::null_mut()),
            INVALID,
            "{call} without a place"
        );
        assert_eq!(memory.open_sessions(), before);
    }
    assert!(faults.unused().is_empty());
}

#[test]
fn an_object_is_given_by_the_interface_that_is_asked_for() {
    let memory = memory();
    let world = World::new(&memory, &memory);
    let message_id = memory
        .entry_id("P", &["Mailbox", "Inbox", "Hello"])
        .unwrap();
    let (store, folder, message) = (
        &world.store_id[..],
        &world.folder_id[..],
        message_id.as_bytes(),
    );
    let unsupported = HResult::MAPI_E_INTERFACE_NOT_SUPPORTED;
    let nobodys = GUID::from_u128(0x1234);
    for (id, interface, wanted) in [
        (folder, sys::IMAPIFolder::IID, HResult::S_OK),
        (folder, sys::IMAPIContainer::IID, HResult::S_OK),
        (folder, sys::IMAPIProp::IID, HResult::S_OK),
        (folder, IUnknown::IID, HResult::S_OK),
        (folder, sys::IMessage::IID, unsupported),
        (folder, nobodys, unsupported),
        (message, sys::IMessage::IID, HResult::S_OK),
        (message, sys::IMAPIFolder::IID, unsupported),
        (store, sys::IMsgStore::IID, HResult::S_OK),
    ] {
        let (count, id) = words(id);
        let (mut interface, mut place, mut kind) = (interface, POISON as *mut c_void, 0);
        let asked = ask!(
            &world.session,
            OpenEntry(
                count,
                id,
                &raw mut interface,
                0,
                &raw mut kind,
                &raw mut place
            )
        );
        assert_eq!(asked, wanted, "{interface:?}");
        assert_eq!(
            (place.is_null(), kind == 0),
            (wanted.is_failure(), wanted.is_failure())
        );
        if wanted.is_success() {
            // SAFETY: it is an object that nobody else has.
            let object = unsafe { IUnknown::from_raw(place) };
            let found: Result<IUnknown, _> = object.cast();
            assert!(found.is_ok());
        }
    }
    // The folder and the address book open the session's entries, and compare them.
    let container: &sys::IMAPIContainer = &world.folder;
    let (count, id) = words(message);
    let null = ptr::null_mut();
    let opened: sys::IMessage = object(|place| {
        ask!(
            container,
            OpenEntry(count, id, null, 0, ptr::null_mut(), place)
        )
    });
    drop(opened);
    let book: sys::IAddrBook = object(|place| {
        ask!(
            &world.session,
            OpenAddressBook(0, ptr::null_mut(), 0, place)
        )
    });
    let mut same = 7;
    let compared = ask!(
        &book,
        CompareEntryIDs(count, id, count, id, 0, &raw mut same)
    );
    assert_eq!((compared, same), (HResult::S_OK, 1));
}

#[test]
fn every_type_is_set_and_read_again() {
    let memory = memory();
    let world = World::new(&memory, &memory);
    let time = FileTime::new(0x01D0_1234_5678_9ABC);
    let values: Vec<PropertyValue> = vec![
        PropertyValue::I2(-2),
        7_i32.into(),
        PropertyValue::R4(1.5),
        2.5_f64.into(),
        PropertyValue::Currency(10_000),
        PropertyValue::AppTime(44_000.5),
        true.into(),
        i64::MIN.into(),
        time.into(),
        "Größe".into(),
        (&[0_u8, 0xFF][..]).into(),
        PropertyValue::Clsid(MapiUid::new([5; 16])),
        PropertyValue::MvI2(vec![1, -1]),
        PropertyValue::MvLong(vec![1, -1]),
        PropertyValue::MvR4(vec![0.5]),
        PropertyValue::MvDouble(vec![0.5, -0.5]),
        PropertyValue::MvCurrency(vec![1]),
        PropertyValue::MvAppTime(vec![1.0]),
        PropertyValue::MvI8(vec![i64::MAX]),
        PropertyValue::MvSysTime(vec![time]),
        PropertyValue::MvString(vec!["a".into(), String::new()]),
        PropertyValue::MvBinary(vec![Box::new([1, 2]), Box::new([])]),
        PropertyValue::MvClsid(vec![MapiUid::new([6; 16])]),
    ];
    let object: &sys::IMAPIProp = &world.message;
    for (id, value) in (0x6700..).zip(values) {
        let tag = PropTag::of(id, value.prop_type());
        with_raw(&Property::new(tag, value.clone()), |raw| {
            let mut problems = POISON as *mut sys::SPropProblemArray;
            let set = ask!(object, SetProps(1, raw, &raw mut problems));
            assert_eq!((set, problems), (HResult::S_OK, ptr::null_mut()), "{tag}");
        });
        let mut asked = [1, tag.get()];
        let (mut count, mut values) = (0, ptr::null_mut());
        let tags = asked.as_mut_ptr().cast();
        let got = ask!(object, GetProps(tags, 0, &raw mut count, &raw mut values));
        assert_eq!(got, HResult::S_OK, "{tag}");
        // SAFETY: there is one, from MAPI.
        unsafe {
            assert_eq!(properties(values, count), [Property::new(tag, value)]);
            sys::MAPIFreeBuffer(values.cast());
        }
    }
    // A type that nobody has is a problem, and not a success that is read as something else.
    let mut strange = sys::SPropValue {
        ulPropTag: 0x67F0_0077,
        ..Default::default()
    };
    strange.Value.lpv = 0x4141_4141 as *mut c_void;
    let mut problems = ptr::null_mut::<sys::SPropProblemArray>();
    let set = ask!(object, SetProps(1, &raw mut strange, &raw mut problems));
    assert!(set.is_failure() || !problems.is_null(), "{set}");
}

/// The property as an SPropValue, made by serving a section that has it.
fn with_raw(property: &Property, test: impl FnOnce(*mut sys::SPropValue)) {
    let notification = mapi_session::notification::StatusEvent::new(
        mapi_session::EntryId::new([1]),
        vec![property.clone()],
    );
    // A status event has properties, which a COM sink is given as MAPI has them.
    let test = std::cell::RefCell::new(Some(test));
    let sink = Probe(|raw: *mut sys::NOTIFICATION| {
        // SAFETY: it is a status event with one property.
        let values = unsafe { (*raw).info.statobj.lpPropVals };
        (test.borrow_mut().take().unwrap())(values);
    });
    sink.told(&Notification::Status(notification));
}

/// A COM sink that gets notifications as they are.
struct Probe<F: Fn(*mut sys::NOTIFICATION)>(F);

impl<F: Fn(*mut sys::NOTIFICATION)> Probe<F> {
    fn told(&self, notification: &Notification) {
        thread_local! {
            static TELL: std::cell::Cell<*const c_void> = const { std::cell::Cell::new(ptr::null()) };
            static BY: std::cell::Cell<Option<unsafe fn(*const c_void, *mut sys::NOTIFICATION)>> =
                const { std::cell::Cell::new(None) };
        }
        unsafe fn by<F: Fn(*mut sys::NOTIFICATION)>(
            it: *const c_void,
            raw: *mut sys::NOTIFICATION,
        ) {
            // SAFETY: it is the probe that is told at this moment.
            unsafe { ((*it.cast::<Probe<F>>()).0)(raw) };
        }
        #[windows_core::implement(sys::IMAPIAdviseSink)]
        struct Sink;
        impl sys::IMAPIAdviseSink_Impl for Sink_Impl {
            fn OnNotify(&self, _count: u32, raw: *mut sys::NOTIFICATION) -> u32 {
                if let Some(by) = BY.get() {
                    // SAFETY: set for this call.
                    unsafe { by(TELL.get(), raw) };
                }
                0
            }
        }
        TELL.set(ptr::from_ref(self).cast());
        BY.set(Some(by::<F>));
        mapi_session_outlook::tell_sink(&sys::IMAPIAdviseSink::from(Sink), notification);
    }
}

#[test]
fn arrays_need_not_be_aligned() {
    let memory = memory();
    let world = World::new(&memory, &memory);
    let object: &sys::IMAPIProp = &world.message;
    // One byte in, everything is odd.
    let mut bytes = vec![0_u8; 64];
    let odd = bytes.as_mut_ptr().wrapping_add(1);
    let place = |words: &[u32]| {
        // SAFETY: there is room.
        unsafe { odd.copy_from_nonoverlapping(words.as_ptr().cast(), size_of_val(words)) };
    };
    place(&[1, sys::PR_SUBJECT_W]);
    assert_eq!(
        ask!(&world.contents, SetColumns(odd.cast(), 0)),
        HResult::S_OK
    );
    let (mut count, mut values) = (0, ptr::null_mut());
    let got = ask!(
        object,
        GetProps(odd.cast(), 0, &raw mut count, &raw mut values)
    );
    assert_eq!((got, count), (HResult::S_OK, 1));
    // SAFETY: there is one, from MAPI.
    unsafe { sys::MAPIFreeBuffer(values.cast()) };
    place(&[1, 0, 0, sys::PR_SUBJECT_W, sys::TABLE_SORT_ASCEND]);
    assert_eq!(
        ask!(&world.contents, SortTable(odd.cast(), 0)),
        HResult::S_OK
    );
    // None of them, at an odd place, and at none.
    let three = 3 as *mut c_void;
    assert_eq!(
        ask!(object, SetProps(0, three.cast(), ptr::null_mut())),
        INVALID
    );
    assert_eq!(
        ask!(object, SetProps(1, ptr::null_mut(), ptr::null_mut())),
        INVALID
    );
    place(&[0]);
    assert_eq!(ask!(&world.contents, SetColumns(odd.cast(), 0)), INVALID);
    assert_eq!(
        ask!(&world.message, ModifyRecipients(0, odd.cast())),
        HResult::S_OK
    );
    let mut list = sys::SBinaryArray {
        cValues: 0,
        lpbin: three.cast(),
    };
    assert_eq!(
        ask!(
            &world.folder,
            DeleteMessages(&raw mut list, 0, ptr::null_mut(), 0)
        ),
        HResult::S_OK
    );
    // Notifications of MAPI's to a sink of ours.
    let (sender, told) = mpsc::channel();
    let sink = serve_sink(move |it: &Notification| _ = sender.send(it.clone()));
    let event = sys::NOTIFICATION {
        ulEventType: sys::fnevExtended,
        ulAlignPad: 0,
        info: sys::NOTIFICATION_0::default(),
    };
    let mut bytes = vec![0_u8; size_of_val(&event) + 1];
    let odd = bytes.as_mut_ptr().wrapping_add(1);
    // SAFETY: there is room; there is one notification, and then none.
    unsafe {
        odd.copy_from_nonoverlapping((&raw const event).cast(), size_of_val(&event));
        assert_eq!(sink.OnNotify(1, odd.cast()), 0);
        assert_eq!(sink.OnNotify(0, three.cast()), 0);
        assert_eq!(sink.OnNotify(1, ptr::null_mut()), 0);
    }
    let event = Notification::Extended(ExtendedEvent::new(0, Vec::new()));
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [event]);
}

/// A COM object that may go to another thread, as what is served may.
struct Sent<T>(T);

// SAFETY: what is served can be used on any thread.
unsafe impl<T> Send for Sent<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Sent<T> {}

impl<T> std::ops::Deref for Sent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

#[test]
fn two_threads_use_one_session_and_its_tables() {
    let memory = memory();
    let world = World::new(&memory, &memory);
    let stores = object(|place| ask!(&world.session, GetMsgStoresTable(0, place)));
    let tables = [world.contents.clone(), stores].map(Sent);
    let session = Sent(world.session.clone());
    let sink = Sent(serve_sink(|_: &Notification| {}));
    let start = sys::BOOKMARK_BEGINNING as usize;
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    let mut connection = 0;
                    let (null, sink) = (ptr::null_mut(), sink.as_raw());
                    let mask = EventMask::EXTENDED.bits();
                    let advised = ask!(&*session, Advise(0, null, mask, sink, &raw mut connection));
                    assert_eq!(advised, HResult::S_OK);
                    assert_eq!(ask!(&*session, Unadvise(connection)), HResult::S_OK);
                }
            });
        }
        for table in &tables {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    let mut columns = [1, sys::PR_DISPLAY_NAME_W];
                    let columns = columns.as_mut_ptr().cast();
                    assert_eq!(ask!(&**table, SetColumns(columns, 0)), HResult::S_OK);
                }
            });
            scope.spawn(|| {
                for count in 0..2_000 {
                    let sought = ask!(&**table, SeekRow(start, count % 5, ptr::null_mut()));
                    assert_eq!(sought, HResult::S_OK);
                }
            });
        }
    });
}

#[test]
fn memory_conforms_from_four_threads_at_once() {
    let threads: Vec<_> = (0..4)
        .map(|_| {
            thread::spawn(|| {
                let report = conformance::check(|setting| {
                    let stage = conformance::memory(setting)?;
                    Some(stage.map(|memory| {
                        fake::load();
                        fake::runs_over(memory);
                        Outlook::new()
                    }))
                });
                report.assert_all();
            })
        })
        .collect();
    threads.into_iter().for_each(|it| it.join().unwrap());
}

#[test]
fn a_sink_is_called_by_one_thread_at_a_time() {
    let memory = memory();
    let session = logon(&memory);
    let (inside, told, most) = (AtomicBool::new(false), AtomicU32::new(0), AtomicU32::new(0));
    let counts: &'static _ = Box::leak(Box::new((inside, told, most)));
    let again = memory.clone();
    let sink = serve_sink(move |it: &Notification| {
        let (inside, told, overlaps) = counts;
        overlaps.fetch_add(inside.swap(true, Ordering::SeqCst).into(), Ordering::SeqCst);
        if let Notification::Extended(event) = it {
            if event.event() == 7 {
                // What it causes comes afterwards.
                again.notify(None, Notification::Extended(ExtendedEvent::new(8, vec![])));
            }
        }
        thread::sleep(Duration::from_micros(50));
        inside.store(false, Ordering::SeqCst);
        told.fetch_add(1, Ordering::SeqCst);
    });
    let mut connection = 0;
    let (null, mask) = (ptr::null_mut(), EventMask::EXTENDED.bits());
    let advised = ask!(
        &session,
        Advise(0, null, mask, sink.as_raw(), &raw mut connection)
    );
    assert_eq!(advised, HResult::S_OK);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for number in 0..50 {
                    memory.notify(
                        None,
                        Notification::Extended(ExtendedEvent::new(number, vec![])),
                    );
                }
            });
        }
    });
    for _ in 0..500 {
        if counts.1.load(Ordering::SeqCst) == 204 {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(
        (
            counts.1.load(Ordering::SeqCst),
            counts.2.load(Ordering::SeqCst)
        ),
        (204, 0)
    );
    assert_eq!(ask!(&session, Unadvise(connection)), HResult::S_OK);
    memory.notify(None, Notification::Extended(ExtendedEvent::new(1, vec![])));
    memory.let_time_pass();
    assert_eq!(counts.1.load(Ordering::SeqCst), 204);
}

#[test]
fn an_unadvise_that_fails_can_be_repeated() {
    let memory = memory();
    let faults = Faults::new(memory.clone());
    let session = logon(&faults);
    let (sender, told) = mpsc::channel();
    let sink = serve_sink(move |it: &Notification| _ = sender.send(it.clone()));
    let mut connection = 0;
    let (null, mask) = (ptr::null_mut(), EventMask::EXTENDED.bits());
    let advised = ask!(
        &session,
        Advise(0, null, mask, sink.as_raw(), &raw mut connection)
    );
    assert_eq!(advised, HResult::S_OK);
    faults
        .on(Call::SESSION_UNADVISE)
        .fail(HResult::MAPI_E_NETWORK_ERROR);
    assert_eq!(
        ask!(&session, Unadvise(connection)),
        HResult::MAPI_E_NETWORK_ERROR
    );
    assert_eq!(ask!(&session, Unadvise(connection)), HResult::S_OK);
    memory.notify(None, Notification::Extended(ExtendedEvent::new(1, vec![])));
    memory.let_time_pass();
    assert_eq!(told.try_iter().count(), 0);
}

#[test]
fn a_number_that_is_given_twice_ends_both_sinks() {
    fake::load();
    let outlook = Outlook::new();
    outlook.initialize(0, 0).unwrap();
    let session = outlook
        .logon_ex(UiParam::NONE, None, None, 0)
        .unwrap()
        .ignore_warning();
    let (sender, told) = mpsc::channel();
    let advise = || {
        session
            .advise(None, EventMask::EXTENDED.bits(), sender.clone())
            .unwrap()
    };
    let first: Connection = advise().ignore_warning();
    let one = fake::sink();
    let second = advise().ignore_warning();
    let other = fake::sink();
    assert_eq!(first, second, "the fake gives always the same");
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    let event = Notification::Extended(ExtendedEvent::new(1, vec![]));
    [one, other]
        .iter()
        .for_each(|sink| mapi_session_outlook::tell_sink(sink, &event));
    assert_eq!(told.try_iter().count(), 0);
}

/// An administration that panics when it is dropped.
struct Panics<A>(A);

impl<A> Drop for Panics<A> {
    fn drop(&mut self) {
        panic!("at the end");
    }
}

impl<A: RawProfAdmin> RawProfAdmin for Panics<A> {
    type ServiceAdmin = A::ServiceAdmin;

    fn profile_table(&self, _flags: u32) -> RawResult<mapi_session::table::ProfileTable> {
        panic!("in the middle");
    }
}

#[test]
fn a_panic_goes_no_further_than_the_object() {
    fake::load();
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let admin = Panics(memory.admin_profiles(0).unwrap().ignore_warning());
    let admin = serve_profile_admin(admin).unwrap();
    let mut table = POISON as *mut c_void;
    assert_eq!(
        ask!(&admin, GetProfileTable(0, &raw mut table)),
        HResult::E_UNEXPECTED
    );
    assert!(table.is_null());
    drop(admin);
}

#[test]
fn session_tables_have_the_whole_of_imapitable() {
    const NAME: u32 = sys::PR_DISPLAY_NAME_W;
    let memory = memory();
    let session = logon(&memory);
    let table: sys::IMAPITable = object(|place| ask!(&session, GetMsgStoresTable(UNICODE, place)));
    let names = |rows: i32| -> Vec<String> {
        let mut set = ptr::null_mut::<sys::SRowSet>();
        assert_eq!(
            ask!(&table, QueryRows(rows, 0, &raw mut set)),
            HResult::S_OK
        );
        // SAFETY: the set is as long as it says, and from MAPI.
        unsafe {
            let first = (&raw const (*set).aRow).cast::<sys::SRow>();
            let rows = (0..(*set).cRows as usize).map(|at| *first.add(at));
            let rows = rows.map(|row| Props::from(properties(row.lpProps, row.cValues)));
            let names = rows
                .map(|row| row.text(PropTag::DISPLAY_NAME).unwrap().into())
                .collect();
            sys::FreeProws(set);
            names
        }
    };
    let worked = |hresult: HResult| assert_eq!(hresult, HResult::S_OK);
    let mut order = [1, 0, 0, NAME, sys::TABLE_SORT_ASCEND];
    worked(ask!(&table, SortTable(order.as_mut_ptr().cast(), 0)));
    assert_eq!(names(9), ["Archive", "Files", "Mailbox"]);
    assert_eq!(names(-2), ["Files", "Mailbox"]);
    let (mut row, mut numerator, mut denominator) = (0, 0, 0);
    worked(ask!(
        &table,
        QueryPosition(&raw mut row, &raw mut numerator, &raw mut denominator)
    ));
    assert_eq!((row, numerator, denominator), (1, 1, 3));
    let mut bookmark = 0;
    worked(ask!(&table, CreateBookmark(&raw mut bookmark)));
    worked(ask!(
        &table,
        SeekRow(sys::BOOKMARK_END as usize, 0, ptr::null_mut())
    ));
    assert_eq!(names(1), [""; 0]);
    worked(ask!(&table, SeekRow(bookmark, 0, ptr::null_mut())));
    assert_eq!(names(1), ["Files"]);
    worked(ask!(&table, FreeBookmark(bookmark)));
    let gone = ask!(&table, SeekRow(bookmark, 0, ptr::null_mut()));
    assert_eq!(gone, HResult::MAPI_E_INVALID_BOOKMARK);
    worked(ask!(&table, SeekRowApprox(1, 1)));
    assert_eq!(names(-1), ["Mailbox"]);
    let mut default = sys::SPropValue {
        ulPropTag: sys::PR_DEFAULT_STORE,
        ..Default::default()
    };
    default.Value.b = 1;
    let mut is_default = sys::SRestriction {
        rt: sys::RES_PROPERTY,
        ..Default::default()
    };
    is_default.res.resProperty = sys::SPropertyRestriction {
        relop: sys::RELOP_EQ,
        ulPropTag: sys::PR_DEFAULT_STORE,
        lpProp: &raw mut default,
    };
    let start = sys::BOOKMARK_BEGINNING as usize;
    worked(ask!(&table, FindRow(&raw mut is_default, start, 0)));
    assert_eq!(names(1), ["Mailbox"]);
    let current = sys::BOOKMARK_CURRENT as usize;
    let found = ask!(&table, FindRow(&raw mut is_default, current, 0));
    assert_eq!(found, HResult::MAPI_E_NOT_FOUND);
    worked(ask!(&table, Restrict(&raw mut is_default, 0)));
    let mut count = 0;
    worked(ask!(&table, GetRowCount(0, &raw mut count)));
    assert_eq!((count, names(9)), (1, vec!["Mailbox".into()]));
    worked(ask!(&table, Restrict(ptr::null_mut(), 0)));
    let (mut status, mut kind) = (7, 7);
    worked(ask!(&table, GetStatus(&raw mut status, &raw mut kind)));
    assert_eq!(
        (status, kind),
        (sys::TBLSTAT_COMPLETE, sys::TBLTYPE_DYNAMIC)
    );
    worked(ask!(&table, WaitForCompletion(0, 0, &raw mut status)));
    worked(ask!(&table, Abort()));
    let mut set = ptr::null_mut::<sys::SSortOrderSet>();
    worked(ask!(&table, QuerySortOrder(&raw mut set)));
    // SAFETY: it is from MAPI.
    unsafe {
        assert_eq!(((*set).cSorts, (*set).aSort[0].ulPropTag), (1, NAME));
        sys::MAPIFreeBuffer(set.cast());
    }
    // O2: nothing but Release.
    worked(ask!(&session, Logoff(0, 0, 0)));
    let ended = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(ask!(&table, GetRowCount(0, &raw mut count)), ended);
    assert_eq!(
        ask!(&table, GetStatus(&raw mut status, &raw mut kind)),
        ended
    );
    assert_eq!(ask!(&table, SeekRow(start, 0, ptr::null_mut())), ended);
    assert_eq!(
        ask!(&table, SetColumns([1, NAME].as_mut_ptr().cast(), 0)),
        ended
    );
}

#[test]
fn references_are_counted_and_released_once() {
    let memory = memory();
    let recorder = Recorder::new(memory.clone());
    let world = World::new(&recorder, &memory);
    let count = |object: &sys::IMsgStore| {
        let raw = object.as_raw();
        // SAFETY: it is an object.
        unsafe {
            let object = IUnknown::from_raw_borrowed(&raw).unwrap();
            (object.vtable().AddRef)(object.as_raw());
            (object.vtable().Release)(object.as_raw())
        }
    };
    let store = &world.store;
    assert_eq!(count(store), 1);
    let second = world.store.clone();
    assert_eq!(count(store), 2);
    // By its other interface it is the same object.
    let as_prop: sys::IMAPIProp = world.store.cast().unwrap();
    let one: IUnknown = as_prop.cast().unwrap();
    let other: IUnknown = world.store.cast().unwrap();
    assert_eq!(one.as_raw(), other.as_raw());
    assert_eq!(count(store), 5);
    drop((second, as_prop, one, other));
    assert_eq!(count(store), 1);
    let releases = || recorder.count(Call::RELEASE);
    let before = releases();
    // The session goes first: what is left can be released still, and answers nothing else.
    let World {
        session,
        store,
        folder,
        ..
    } = world;
    assert_eq!(ask!(&session, Logoff(0, 0, 0)), HResult::S_OK);
    drop(session);
    let mut flags = sys::LOGOFF_PURGE;
    let answer = ask!(&store, StoreLogoff(&raw mut flags));
    assert_eq!(answer, HResult::MAPI_E_INVALID_OBJECT);
    let container: &sys::IMAPIContainer = &folder;
    let mut place = POISON as *mut c_void;
    let answer = ask!(
        container,
        OpenEntry(
            0,
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            ptr::null_mut(),
            &raw mut place
        )
    );
    assert_eq!(
        (answer, place),
        (HResult::MAPI_E_INVALID_OBJECT, ptr::null_mut())
    );
    drop((store, folder));
    assert!(releases() > before);
}

#[test]
fn an_adopted_subsystem_gives_no_session_of_its_own() {
    fake::load();
    let owner: IUnknown = fake::Session.into();
    // SAFETY: the fake asks for nothing.
    let session = unsafe { Outlook::adopt(&owner) }.unwrap();
    let outlook = session.subsystem();
    let refused = outlook.logon_ex(UiParam::NONE, None, None, 0);
    assert_eq!(
        refused.err().unwrap().hresult(),
        HResult::MAPI_E_NOT_INITIALIZED
    );
    let refused = outlook.admin_profiles(0);
    assert_eq!(
        refused.err().unwrap().hresult(),
        HResult::MAPI_E_NOT_INITIALIZED
    );
    // With an initialisation of its own it does.
    outlook.initialize(0, 0).unwrap();
    assert!(outlook.logon_ex(UiParam::NONE, None, None, 0).is_ok());
    outlook.uninitialize();
}

/// Properties whose values are not of the types that their tags have.
const MISMATCHED: [(u32, PropertyValue); 3] = [
    (0x6700_001F, PropertyValue::Long(0x4141_4141)),
    (0x6701_0048, PropertyValue::Error(HResult::MAPI_E_NO_ACCESS)),
    (0x6702_1102, PropertyValue::I8(0x4141_4141_4141)),
];

fn mismatched() -> Vec<Property> {
    let all = MISMATCHED.into_iter();
    all.map(|(tag, value)| Property {
        tag: PropTag::new(tag),
        value,
    })
    .collect()
}

#[test]
fn a_value_of_another_type_than_its_tag_is_refused() {
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let session = memory
        .logon_ex(UiParam::NONE, Some("P"), None, NEW)
        .unwrap()
        .ignore_warning();
    let section = session
        .open_profile_section(MapiUid::new([9; 16]), MODIFY)
        .unwrap();
    let section = section.ignore_warning();
    for property in mismatched() {
        let tag = property.tag;
        let set = section.set_props(&[property]);
        assert!(
            set.is_err() || set.is_ok_and(|it| !it.ignore_warning().is_empty()),
            "{tag}"
        );
    }
}

/// GetProps gives properties that no subsystem should.
struct Mismatches;

impl Layer for Mismatches {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        match call.call() {
            Call::PROP_GET_PROPS => call.answer(mismatched()),
            _ => below(call),
        }
    }
}

#[test]
fn a_value_of_another_type_than_its_tag_is_served_as_an_error() {
    let memory = memory();
    let world = World::new(&Layered::new(memory.clone(), Mismatches), &memory);
    let object: &sys::IMAPIProp = &world.message;
    let (mut count, mut values) = (0, ptr::null_mut());
    let got = ask!(
        object,
        GetProps(ptr::null_mut(), 0, &raw mut count, &raw mut values)
    );
    assert_eq!(got, HResult::S_OK);
    // SAFETY: there are so many, from MAPI.
    let props = unsafe {
        let props = properties(values, count);
        sys::MAPIFreeBuffer(values.cast());
        props
    };
    let error = |tag: u32, hresult| Property::new(PropTag::new(tag), hresult);
    let wrong_type = HResult::MAPI_E_INVALID_TYPE;
    assert_eq!(
        props,
        [
            error(0x6700_000A, wrong_type),
            error(0x6701_000A, HResult::MAPI_E_NO_ACCESS),
            error(0x6702_000A, wrong_type),
        ]
    );
}
