//! The library's life, MAPIInitialize to MAPIUninitialize: rules I1 to I5.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::{Arc, mpsc};
use std::thread;

use mapi_session::error::{Call, Failure};
use mapi_session::flags::{InitFlags, ProfileFlags};
use mapi_session::memory::{Answer, Memory, Profile, Question, Store};
use mapi_session::notification::Connection;
use mapi_session::subsystem::{RawProfAdmin, RawProp, RawResult, RawSession, Subsystem};
use mapi_session::testing::Recorder;
use mapi_session::{
    EntryId, Error, EventMask, HResult, LogoffError, LogoffFlags, LogonFlags, LogonRequest, Mapi,
    MsgStore, Notification, OpenStoreFlags, Registration, UiParam,
};

use crate::support::{Profiles, Watchdog};

const NEW: u32 = LogonFlags::NEW_SESSION.bits();

fn memory() -> Memory {
    let work = Profile::new("Work")
        .default_profile()
        .store(Store::new("Mailbox").default_store());
    Memory::builder().profile(work).build().unwrap()
}

fn entry_id<B: Subsystem>(session: &B::Session) -> EntryId {
    let (table, _) = session.msg_stores_table(0).unwrap().into_parts();
    table.default_store().unwrap().entry_id().clone()
}

#[track_caller]
fn fails_with<T: Debug>(result: RawResult<T>, hresult: HResult) -> Failure {
    let failure = result.unwrap_err();
    assert_eq!(failure.hresult(), hresult, "{failure}");
    failure
}

#[track_caller]
fn uninitialized<T: Debug>(result: RawResult<T>) {
    fails_with(result, HResult::MAPI_E_NOT_INITIALIZED);
}

/// All calls of the library itself, and of profile administration, with any arguments.
#[track_caller]
fn the_library_is_not_initialized(memory: &Memory) {
    for flags in [NEW, 0, LogonFlags::LOGON_UI.bits(), u32::MAX] {
        for name in [Some("Work"), Some("Nobody"), Some(" "), None] {
            for password in [None, Some("secret")] {
                uninitialized(memory.logon_ex(UiParam::NONE, name, password, flags));
            }
        }
    }
    assert_eq!(memory.user().dialogs(), []);

    uninitialized(memory.admin_profiles(0));
    uninitialized(memory.admin_profiles(u32::MAX));
    memory.initialize(0, 0).unwrap();
    let profiles = memory.admin_profiles(0).unwrap().ignore_warning();
    memory.uninitialize();
    let none = UiParam::NONE;
    for flags in [0, ProfileFlags::APP_PROFILE.bits(), u32::MAX] {
        uninitialized(profiles.last_error(HResult::MAPI_E_NOT_FOUND, flags));
        uninitialized(profiles.profile_table(flags));
        for name in ["Work", "Nobody", ""] {
            for password in [None, Some("secret")] {
                uninitialized(profiles.create_profile(name, password, none, flags));
                uninitialized(profiles.change_profile_password(name, password, None, flags));
                uninitialized(profiles.copy_profile(name, password, "Copy", none, flags));
                uninitialized(profiles.rename_profile(name, password, "Play", none, flags));
                uninitialized(profiles.admin_services(name, password, none, flags));
            }
            uninitialized(profiles.delete_profile(name, flags));
            uninitialized(profiles.set_default_profile(Some(name), flags));
        }
    }
}

/// All calls of a session object and of a store object.
#[track_caller]
fn the_objects_are_not_initialized<S: RawSession>(
    session: &S,
    store: &S::MsgStore,
    registration: Connection,
) where
    S::MsgStore: Debug,
{
    for flags in [0, u32::MAX] {
        uninitialized(session.msg_stores_table(flags));
        for id in [None, Some(&[0; 20][..]), Some(&[])] {
            uninitialized(session.open_msg_store(UiParam::NONE, id, flags));
            uninitialized(session.advise(id, flags, |_: &Notification| {}));
        }
    }
    uninitialized(session.unadvise(registration));
    uninitialized(session.unadvise(Connection::new(0)));
    uninitialized(store.info());
}

// I1
#[test]
fn nothing_works_before_initialize() {
    let memory = memory();
    the_library_is_not_initialized(&memory);

    memory.initialize(0, 0).unwrap();
    let rows = memory
        .profiles()
        .profile_table(ProfileFlags::APP_PROFILE)
        .unwrap();
    let rows = rows.rows();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].is_default(), "{rows:?}");
    memory
        .logon_ex(UiParam::NONE, Some("Work"), None, NEW)
        .unwrap();
}

// I1, I2
#[test]
fn nothing_works_after_the_last_uninitialize() {
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let (session, _) = memory
        .logon_ex(UiParam::NONE, Some("Work"), None, NEW)
        .unwrap()
        .into_parts();
    let id = entry_id::<Memory>(&session);
    let (store, _) = session
        .open_msg_store(UiParam::NONE, Some(id.as_bytes()), 0)
        .unwrap()
        .into_parts();
    let (registration, _) = session
        .advise(None, 0, |_: &Notification| {})
        .unwrap()
        .into_parts();
    memory.uninitialize();

    the_library_is_not_initialized(&memory);
    the_objects_are_not_initialized(&session, &store, registration);
    for (flags, reserved) in [(0, 0), (u32::MAX, 0), (0, 1)] {
        uninitialized(session.logoff(UiParam::NONE, flags, reserved));
    }
    drop(store);
    drop(session);
    assert_eq!(memory.open_sessions(), 0);
}

// E8: MAPI_E_NOT_INITIALIZED is no code that refuses, and so it must not leave a live session.
#[test]
fn a_logoff_without_the_library_ends_the_session() {
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let (session, _) = memory
        .logon_ex(UiParam::NONE, Some("Work"), None, NEW)
        .unwrap()
        .into_parts();
    memory.uninitialize();
    uninitialized(session.logoff(UiParam::NONE, 0, 0));
    memory.initialize(0, 0).unwrap();
    fails_with(session.msg_stores_table(0), HResult::MAPI_E_INVALID_OBJECT);
    assert_eq!(memory.open_sessions(), 0);
}

// I2
#[test]
fn initializations_are_counted() {
    let memory = memory();
    let usable = || {
        let result = memory.logon_ex(UiParam::NONE, Some("Work"), None, NEW);
        match result {
            Ok(_) => true,
            Err(failure) => {
                assert_eq!(failure.hresult(), HResult::MAPI_E_NOT_INITIALIZED);
                false
            }
        }
    };
    for (initialize, still_usable) in [
        (true, true),
        (true, true),
        (true, true),
        (false, true),
        (false, true),
        (true, true),
        (false, true),
        (false, false),
        // Unbalanced: they do no harm, and are not remembered.
        (false, false),
        (false, false),
        (true, true),
        (false, false),
    ] {
        if initialize {
            memory.initialize(0, 0).unwrap();
        } else {
            memory.uninitialize();
        }
        assert_eq!(usable(), still_usable);
    }
}

// I2: unbalanced before there was any initialisation.
#[test]
fn an_early_uninitialize_is_harmless() {
    let memory = memory();
    memory.uninitialize();
    let mapi = Mapi::initialize(memory).unwrap();
    mapi.logon(&LogonRequest::new_session("Work")).unwrap();
}

// I2
#[test]
fn two_typed_initializations_are_two() {
    let memory = memory();
    let first = Mapi::initialize(memory.clone()).unwrap();
    let second = Mapi::initialize(memory.clone()).unwrap();
    let clone = second.clone();
    drop(first);
    memory.admin_profiles(0).unwrap();
    drop(second);
    memory.admin_profiles(0).unwrap();
    drop(clone);
    the_library_is_not_initialized(&memory);
}

// I3, L7
#[test]
fn each_undefined_init_flag_is_refused_and_quoted() {
    let defined = InitFlags::all().bits();
    let single = (0..u32::BITS).map(|bit| 1 << bit);
    for flags in single.chain([0, defined, u32::MAX, defined | 0x4]) {
        let memory = memory();
        let undefined = flags & !defined;
        let result = Mapi::initialize_with(memory.clone(), InitFlags::from(flags));
        if undefined == 0 {
            drop(result.unwrap());
            continue;
        }
        let error = result.unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS, "{error}");
        assert_eq!(error.call(), Call::INITIALIZE);
        let quoted = format!("{undefined:#010X}");
        assert!(error.reason().unwrap().contains(&quoted), "{error}");
        the_library_is_not_initialized(&memory);
    }
}

// I3
#[test]
fn each_version_but_zero_is_refused_and_quoted() {
    for version in [1, 2, 0x100, 0x7FFF_FFFF, u32::MAX] {
        let memory = memory();
        for flags in [0, InitFlags::all().bits()] {
            let failure = fails_with(
                memory.initialize(version, flags),
                HResult::MAPI_E_INVALID_PARAMETER,
            );
            let quoted = format!("{version:#X}");
            assert!(failure.reason().unwrap().contains(&quoted), "{failure}");
        }
        the_library_is_not_initialized(&memory);

        // One that is refused takes nothing away either.
        memory.initialize(0, 0).unwrap();
        memory.initialize(version, 0).unwrap_err();
        memory.initialize(0, 0x2).unwrap_err();
        memory.admin_profiles(0).unwrap();
        memory.uninitialize();
        the_library_is_not_initialized(&memory);
    }
}

// I1: a logon that was under way when the library went, in a dialog or waiting for another's.
#[test]
fn no_logon_ends_in_a_session_without_the_library() {
    let _watchdog = Watchdog::new();
    const WAITING: usize = 4;
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let (shown, dialog) = mpsc::channel();
    let (close, closed) = mpsc::channel();
    memory.user().answer_with(move |_| {
        shown.send(()).unwrap();
        closed.recv().unwrap();
        Answer::Accept
    });
    thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let flags = NEW | LogonFlags::LOGON_UI.bits();
            memory.logon_ex(UiParam::NONE, None, None, flags)
        });
        dialog.recv().unwrap();
        let (starting, started) = mpsc::channel();
        let waiting: Vec<_> = (0..WAITING)
            .map(|_| {
                let starting = starting.clone();
                let memory = &memory;
                scope.spawn(move || {
                    starting.send(()).unwrap();
                    memory.logon_ex(UiParam::NONE, Some("Work"), None, NEW)
                })
            })
            .collect();
        started.iter().take(WAITING).for_each(drop);
        // Some of them wait by now, or all, or none: they must all end in the same way.
        (0..100).for_each(|_| thread::yield_now());
        memory.uninitialize();
        close.send(()).unwrap();
        uninitialized(asking.join().unwrap());
        for logon in waiting {
            uninitialized(logon.join().unwrap());
        }
    });
    assert_eq!(memory.open_sessions(), 0);
}

type Scene = (Mapi<Recorder<Memory>>, Memory, Record);

/// What is called on a subsystem and what is released, read bit by bit.
struct Record {
    recorder: Recorder<Memory>,
    read: Cell<usize>,
}

fn recorded() -> Scene {
    let memory = memory();
    let record = Record::of(&memory);
    let mapi = Mapi::initialize(record.recorder.clone());
    (mapi.unwrap(), memory, record)
}

impl Record {
    fn of(memory: &Memory) -> Self {
        Self {
            recorder: Recorder::new(memory.clone()),
            read: Cell::new(0),
        }
    }

    /// How the calls begin that have come since the last time.
    #[track_caller]
    fn assert(&self, wanted: &[&str]) {
        let calls = self.recorder.calls().into_iter().skip(self.read.get());
        let lines: Vec<_> = calls
            .map(|call| {
                let line = call.to_string();
                let (_, line) = line.trim_start().split_once("  ").unwrap();
                line.to_string()
            })
            .collect();
        self.read.set(self.read.get() + lines.len());
        assert_eq!(lines.len(), wanted.len(), "{lines:#?}");
        for (line, wanted) in lines.iter().zip(wanted) {
            assert!(line.starts_with(wanted), "{line} instead of {wanted}");
        }
    }
}

const INITIALIZE: &str = "MAPIInitialize(ulVersion = 0x0, ulFlags = 0x0)";
/// No password, and the three flags that a request for a new session always has (L6).
const LOGON: &str = "MAPILogonEx(ulUIParam = 0x0, lpszProfileName = \"Work\", lpszPassword = NULL, \
                     flFlags = 0x80000022)";
const LOGOFF: &str = "#1 IMAPISession::Logoff(ulUIParam = 0x0, ulFlags = 0x0, ulReserved = 0x0)";
const RELEASE: &str = "#1 IUnknown::Release()";
const UNINITIALIZE: &str = "MAPIUninitialize()";

fn request() -> LogonRequest<'static> {
    LogonRequest::new_session("Work")
}

// I4
#[test]
fn the_session_is_released_before_the_library() {
    let (mapi, _, record) = recorded();
    let session = mapi.logon(&request()).unwrap();
    drop(mapi);
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    record.assert(&[INITIALIZE, LOGON, LOGOFF]);
    drop(ended);
    record.assert(&[RELEASE, UNINITIALIZE]);
}

// I4, E11
#[test]
fn so_is_a_session_that_is_dropped_live() {
    let (mapi, _, record) = recorded();
    let session = mapi.logon(&request()).unwrap();
    drop(mapi);
    drop(session);
    let end = [RELEASE, UNINITIALIZE];
    record.assert(&[&[INITIALIZE, LOGON], &end[..]].concat());
}

// I4, E8
#[test]
fn so_is_what_a_refused_logoff_gives_back() {
    let (mapi, _, record) = recorded();
    let session = mapi.logon(&request()).unwrap();
    drop(mapi);
    let refused = session
        .logoff_raw(UiParam::new(7), LogoffFlags::UI.bits(), 5)
        .unwrap_err();
    assert!(
        matches!(refused, LogoffError::Refused { .. }),
        "{refused:?}"
    );
    record.assert(&[
        INITIALIZE,
        LOGON,
        "#1 IMAPISession::Logoff(ulUIParam = 0x7, ulFlags = 0x2, ulReserved = 0x5)",
    ]);
    // As `?` does.
    let error = Error::from(refused);
    assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
    record.assert(&[RELEASE, UNINITIALIZE]);
}

// I4, O1: the store and the registration hold the session, and the session the library. Whichever
// goes last takes the others with it, itself first.
#[test]
fn everything_is_released_from_the_inside_out() {
    const TABLE: &str = "#1 IMAPISession::GetMsgStoresTable(ulFlags = 0x80000000)";
    const OPEN: &str = "#1 IMAPISession::OpenMsgStore";
    const ADVISE: &str = "#1 IMAPISession::Advise";
    const UNADVISE: &str = "#1 IMAPISession::Unadvise";
    const RELEASE_STORE: &str = "#2 IUnknown::Release()";
    for store_goes_last in [true, false] {
        let (mapi, _, record) = recorded();
        let session = Arc::new(mapi.logon(&request()).unwrap());
        let table = session.msg_stores_table().unwrap();
        let id = table.default_store().unwrap().entry_id();
        let store = MsgStore::open(
            Arc::clone(&session),
            UiParam::NONE,
            id,
            OpenStoreFlags::BEST_ACCESS,
        )
        .unwrap();
        let registration = Registration::advise(
            Arc::clone(&session),
            None,
            EventMask::EXTENDED,
            |_: &Notification| {},
        )
        .unwrap();
        drop((mapi, session));
        record.assert(&[INITIALIZE, LOGON, TABLE, OPEN, ADVISE]);
        if store_goes_last {
            drop(registration);
            record.assert(&[UNADVISE]);
            drop(store);
            let end = [RELEASE_STORE, RELEASE, UNINITIALIZE];
            record.assert(&end);
        } else {
            drop(store);
            record.assert(&[RELEASE_STORE]);
            drop(registration);
            record.assert(&[UNADVISE, RELEASE, UNINITIALIZE]);
        }
    }
}

// I2, I4: sessions of one initialisation share it; it ends with the last of them.
#[test]
fn the_last_session_takes_the_library_with_it() {
    let (mapi, memory, record) = recorded();
    let first = mapi.logon(&request()).unwrap();
    let second = mapi.clone().logon(&request()).unwrap();
    drop(mapi);
    first.logoff(LogoffFlags::empty()).unwrap();
    memory.admin_profiles(0).unwrap();
    second.logoff(LogoffFlags::empty()).unwrap();
    the_library_is_not_initialized(&memory);
    let (logoff, release) = (LOGOFF.replace("#1", "#2"), RELEASE.replace("#1", "#2"));
    record.assert(&[
        INITIALIZE,
        LOGON,
        LOGON,
        LOGOFF,
        RELEASE,
        &logoff,
        &release,
        UNINITIALIZE,
    ]);
}

// I2, I4
#[test]
fn a_session_and_its_rest_keep_the_library() {
    let memory = memory();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&request()).unwrap();
    drop(mapi);
    session.msg_stores_table().unwrap();
    memory.admin_profiles(0).unwrap();
    let rest = session.logoff(LogoffFlags::empty()).unwrap();
    memory.admin_profiles(0).unwrap();
    drop(rest);
    the_library_is_not_initialized(&memory);
}

// I3, I4: what was never initialised is not uninitialised.
#[test]
fn a_refused_initialize_is_not_uninitialized() {
    let record = Record::of(&memory());
    let flags = InitFlags::from(0x4) | InitFlags::NO_COINIT;
    Mapi::initialize_with(record.recorder.clone(), flags).unwrap_err();
    record.assert(&["MAPIInitialize(ulVersion = 0x0, ulFlags = 0xC)"]);
}

// I4: the caller's parameters reach the subsystem as they are, and a refused logon keeps nothing.
#[test]
fn a_refused_logon_keeps_nothing() {
    let (mapi, memory, record) = recorded();
    let parent = UiParam::new(0xABC);
    mapi.logon(&LogonRequest::ask_user(parent)).unwrap_err();
    let dialog = &memory.user().dialogs()[0];
    assert!(matches!(dialog.question(), Question::ChooseProfile { .. }));
    assert_eq!(dialog.parent(), parent);
    drop(mapi);
    let logon = "MAPILogonEx(ulUIParam = 0xABC, lpszProfileName = NULL, lpszPassword = NULL, \
                 flFlags = 0x80000023)";
    record.assert(&[INITIALIZE, logon, UNINITIALIZE]);
}

// I5: one initialisation serves all threads, and all that came from it.
#[test]
fn other_threads_need_no_initialization_of_their_own() {
    let memory = memory();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&request()).unwrap();
    let table = session.msg_stores_table().unwrap();
    let id = table.default_store().unwrap().entry_id();
    thread::scope(|scope| {
        let store = scope.spawn(|| session.open_msg_store(id, OpenStoreFlags::WRITE));
        let store = store.join().unwrap().unwrap();
        assert!(store.is_writable().unwrap());
        let others = scope.spawn(|| mapi.logon(&request()));
        let others = others.join().unwrap().unwrap();
        others.logoff(LogoffFlags::empty()).unwrap();
    });
    let ending = thread::spawn(move || session.logoff(LogoffFlags::empty()));
    let rest = ending.join().unwrap().unwrap();
    drop(mapi);
    memory.admin_profiles(0).unwrap();
    // The rest is released on yet another thread, and the library with it.
    thread::spawn(move || drop(rest)).join().unwrap();
    the_library_is_not_initialized(&memory);
}

// I1: a failure of a raw call is an error like any other: `?` takes it.
#[test]
fn a_failure_is_a_std_error() {
    fn log_on(memory: &Memory) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        memory.logon_ex(UiParam::NONE, Some("Outlook"), None, 0)?;
        Ok(())
    }
    let error = log_on(&Memory::default()).unwrap_err();
    assert!(error.is::<Failure>());
    let text = "MAPI_E_NOT_INITIALIZED (0x80040605): the library is not initialised";
    assert_eq!(error.to_string(), text);
    assert!(error.source().is_none(), "a cause would show twice");
}
