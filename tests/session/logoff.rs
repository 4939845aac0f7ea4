//! Rules E: how a session ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};

use crate::support::{Profiles, logon, raw_logon};
use mapi_session::error::{Call, Failure, Warning};
use mapi_session::flags::{AddressBookFlags, ProfileSectionFlags};
use mapi_session::memory::{
    AddressBook, Answer, Dialog, Folder, Memory, Profile, ProviderCall, Question, Store, Transport,
};
use mapi_session::notification::Connection;
use mapi_session::property::PropTag;
use mapi_session::session::SessionRef;
use mapi_session::session::registration::{ObjectRegistration, SourceRef, this_thread_sink};
use mapi_session::subsystem::{RawProp, RawSession, Subsystem};
use mapi_session::testing::{Faults, Recorder};
use mapi_session::{
    Adopted, EntryId, EventMask, HResult, Live, LogoffError, LogoffFlags, LogonRequest, Mapi,
    MapiUid, Notification, OpenEntryFlags, OpenStoreFlags, Session, UiParam,
};

const DESK: UiParam = UiParam::new(0xDE5C);

fn memory() -> Memory {
    Memory::builder()
        .profile(Profile::new("Outlook").store(Store::new("Mailbox")))
        .build()
        .unwrap()
}

#[track_caller]
fn refused<B: Subsystem>(error: LogoffError<B>, hresult: HResult) -> Session<Live, B> {
    assert_eq!(error.error().hresult(), hresult);
    match error {
        LogoffError::Refused { session, .. } => session,
        LogoffError::Failed { error, .. } => panic!("not refused, but ended: {error}"),
    }
}

/// What the subsystem in memory shows of a session that is logged off without a warning.
const ENDED: &str = "Session<LoggedOff>(MemorySession(logged off))";

// E1
#[test]
fn a_logoff_ends_the_session() {
    let memory = memory();
    let session = logon(&memory);
    assert_eq!(memory.open_sessions(), 1);
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(memory.open_sessions(), 0);
    assert_eq!(format!("{ended:?}"), ENDED);
    drop(ended);
    assert_eq!(memory.released_live(), 0);
}

// E1, O2
#[test]
fn after_a_logoff_every_raw_call_but_release_fails() {
    let memory = memory();
    let session = raw_logon(&memory);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    let gone = |failure: Failure| assert_eq!(failure.hresult(), HResult::MAPI_E_INVALID_OBJECT);
    gone(session.msg_stores_table(0).unwrap_err());
    gone(session.open_msg_store(UiParam::NONE, None, 0).unwrap_err());
    gone(session.advise(None, 0, |_: &Notification| {}).unwrap_err());
    gone(session.unadvise(Connection::new(1)).unwrap_err());
    for (flags, reserved) in [(0, 0), (1, 0), (2, 0), (4, 0), (0, 1)] {
        gone(session.logoff(UiParam::NONE, flags, reserved).unwrap_err());
    }
    drop(session);
    assert_eq!(memory.released_live(), 0);
    assert_eq!(memory.user().dialogs(), []);
}

// E2
#[test]
fn the_window_is_the_parent_of_the_dialog_and_otherwise_ignored() {
    let memory = memory();
    logon(&memory).logoff_raw(DESK, 0, 0).unwrap();
    assert_eq!(memory.user().dialogs(), []);

    memory.user().answer(Answer::Accept);
    logon(&memory).logoff_raw(DESK, 2, 0).unwrap();
    memory.user().answer(Answer::Accept);
    logon(&memory)
        .logoff_with_ui(UiParam::NONE, LogoffFlags::empty())
        .unwrap();
    let shown: Vec<_> = memory.user().dialogs();
    assert!(
        shown
            .iter()
            .all(|dialog| *dialog.question() == Question::ConfirmLogoff)
    );
    let parents: Vec<_> = shown.iter().map(Dialog::parent).collect();
    assert_eq!(parents, [DESK, UiParam::NONE]);
}

// E3, E5
#[test]
fn shared_is_ignored_on_an_individual_session() {
    for builder in [Memory::builder(), Memory::builder().fast_shutdown()] {
        let memory = builder.profile(Profile::new("Outlook")).build().unwrap();
        let other = logon(&memory);
        let (sink, told) = mpsc::channel();
        let registration = other.advise_sink(EventMask::all(), sink).unwrap();
        let ended = logon(&memory).logoff(LogoffFlags::SHARED).unwrap();
        assert_eq!(format!("{ended:?}"), ENDED);
        assert_eq!(told.try_iter().count(), 0);
        drop(registration);
        other.logoff(LogoffFlags::empty()).unwrap();
    }
}

/// What each way to log off makes of a flag word.
fn outcomes(word: u32, answer: &Answer) -> [Result<(), HResult>; 3] {
    let flags = LogoffFlags::from(word);
    let calls: [fn(Session<Live, Memory>, LogoffFlags) -> _; 3] = [
        |session, flags| session.logoff(flags),
        |session, flags| session.logoff_raw(UiParam::NONE, flags.bits(), 0),
        |session, flags| session.logoff_with_ui(UiParam::NONE, flags),
    ];
    calls.map(|call| {
        let memory = memory();
        memory.user().answer(answer.clone());
        let outcome = call(logon(&memory), flags);
        outcome.map(drop).map_err(|error| error.error().hresult())
    })
}

// E6, E7: the raw and the typed calls agree on every flag word.
#[test]
fn raw_and_typed_agree_on_every_flag_word() {
    let single_bits = (0..32).map(|bit| 1 << bit);
    let words = (0..8)
        .chain(single_bits)
        .chain([0xFFFF_FFFF, 0x8000_0001, 0x0000_0006]);
    for word in words {
        for answer in [
            Answer::Accept,
            Answer::Cancel,
            Answer::Pick("Outlook".into()),
        ] {
            let expected = |word: u32| match word {
                _ if word & !0x3 != 0 => Err(HResult::MAPI_E_UNKNOWN_FLAGS),
                _ if word & 0x2 != 0 && answer != Answer::Accept => {
                    Err(HResult::MAPI_E_USER_CANCEL)
                }
                _ => Ok(()),
            };
            let [typed, raw, with_ui] = outcomes(word, &answer);
            assert_eq!(typed, expected(word), "logoff({word:#X}), {answer:?}");
            assert_eq!(raw, typed, "logoff_raw({word:#X}), {answer:?}");
            assert_eq!(
                with_ui,
                expected(word | 0x2),
                "logoff_with_ui({word:#X}), {answer:?}"
            );
        }
    }
}

// E6, E8
#[test]
fn a_bad_word_is_refused_before_anything_happens() {
    let memory = memory();
    memory.user().answer(Answer::Accept);
    let mut session = logon(&memory);
    for (flags, reserved, hresult, quoted) in [
        (0x4, 0, HResult::MAPI_E_UNKNOWN_FLAGS, "0x00000004"),
        (0x8000_0002, 0, HResult::MAPI_E_UNKNOWN_FLAGS, "0x80000000"),
        (
            0x0,
            7,
            HResult::MAPI_E_INVALID_PARAMETER,
            "ulReserved is 0x7",
        ),
        (
            0x2,
            u32::MAX,
            HResult::MAPI_E_INVALID_PARAMETER,
            "0xFFFFFFFF",
        ),
    ] {
        let error = session.logoff_raw(DESK, flags, reserved).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("IMAPISession::Logoff: ") && text.contains(quoted),
            "{text}"
        );
        session = refused(error, hresult);
        assert_eq!(memory.user().dialogs(), [], "nobody was asked");
        assert_eq!(session.msg_stores_table().unwrap().rows().len(), 1);
        assert_eq!(memory.open_sessions(), 1);
    }
    session.logoff(LogoffFlags::UI).unwrap();
}

// E7, E8
#[test]
fn a_user_who_cancels_twice_and_then_agrees() {
    let memory = memory();
    let session = logon(&memory);
    for answer in [Answer::Cancel, Answer::Cancel, Answer::Accept] {
        memory.user().answer(answer);
    }
    let session = refused(
        session.logoff(LogoffFlags::UI).unwrap_err(),
        HResult::MAPI_E_USER_CANCEL,
    );
    let store = session.msg_stores_table().unwrap();
    assert_eq!(store.rows()[0].display_name(), "Mailbox");
    let session = refused(
        session.logoff(LogoffFlags::UI).unwrap_err(),
        HResult::MAPI_E_USER_CANCEL,
    );
    session.logoff(LogoffFlags::UI).unwrap();
    assert_eq!(memory.user().dialogs().len(), 3);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

// E8: while one call shows its dialog, another one is refused, and both can go on.
#[test]
fn a_second_logoff_during_the_dialog_is_busy() {
    let memory = memory();
    let session = Arc::new(raw_logon(&memory));
    let again = Arc::clone(&session);
    memory.user().answer_with(move |_| {
        let failure = again.logoff(UiParam::NONE, 0, 0).unwrap_err();
        assert_eq!(failure.hresult(), HResult::MAPI_E_BUSY);
        again.msg_stores_table(0).unwrap();
        Answer::Accept
    });
    session.logoff(UiParam::NONE, 2, 0).unwrap();
    assert_eq!(memory.open_sessions(), 0);
}

/// A subsystem whose Logoff answers what the test wants; for what Memory never answers.
fn answering(memory: Memory, hresult: HResult) -> Faults<Memory> {
    let faults = Faults::new(memory);
    let logoff = faults.on(Call::SESSION_LOGOFF).always();
    match Warning::new(hresult) {
        Some(_) => logoff.warn(hresult),
        None if hresult.is_failure() => logoff.fail(hresult),
        None => {}
    }
    faults
}

// A report: a session in a log has to tell which one it is. What a subsystem shows of its objects is
// what the typed ones show, beside their state and warning, and in an error too.
#[test]
fn what_the_subsystem_shows_is_shown() {
    let memory = memory();
    let warning = HResult::MAPI_W_ERRORS_RETURNED;
    let mapi = Mapi::initialize(answering(memory.clone(), warning)).unwrap();
    assert_eq!(format!("{mapi:?}"), format!("Mapi({memory:?})"));

    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let live = r#"Session<Live>(MemorySession(client 1 on "Outlook"))"#;
    assert_eq!(format!("{session:?}"), live);

    let session = match session.logoff_raw(UiParam::NONE, 0, 1).unwrap_err() {
        error @ LogoffError::Refused { .. } => {
            assert!(format!("{error:?}").contains(live), "{error:?}");
            refused(error, HResult::MAPI_E_INVALID_PARAMETER)
        }
        error => panic!("{error:?}"),
    };
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    let shown = format!("{ended:?}");
    let expected = "Session<LoggedOff>(MemorySession(logged off), MAPI_W_ERRORS_RETURNED";
    assert!(shown.starts_with(expected), "{shown}");
}

// The subsystem in memory shows the profile's and the store's name.
#[test]
fn what_is_in_memory_is_shown_by_its_name() {
    let memory = memory();
    let session = logon(&memory);
    let live = r#"Session<Live>(MemorySession(client 1 on "Outlook"))"#;
    assert_eq!(format!("{session:?}"), live);
    let table = session.msg_stores_table().unwrap();
    let entry_id = table.rows()[0].entry_id();
    let store = session
        .open_msg_store(entry_id, OpenStoreFlags::empty())
        .unwrap();
    assert_eq!(
        format!("{store:?}"),
        r#"MsgStore(MemoryMsgStore("Mailbox"))"#
    );
}

// A type of its own for each, and what the subsystem shows of it.
#[test]
fn what_a_session_opens_is_shown() {
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").folder(Folder::new("Inbox").message("Hello")))
        .address_book(AddressBook::new("Contacts"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let id = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    let session = Arc::new(logon(&memory));
    let on = r#"Session<Live>(MemorySession(client 1 on "Outlook"))"#;
    let referred = SessionRef::from(&*session);
    assert_eq!(format!("{referred:?}"), format!("SessionRef({on})"));

    let best = OpenEntryFlags::BEST_ACCESS;
    let entry = |path: &[&str]| session.open_entry(&id(path), best).unwrap();
    let mailbox = entry(&["Mailbox"]);
    for (entry, shown) in [
        (&mailbox, r#"MsgStore(MemoryMsgStore("Mailbox"))"#),
        (
            &entry(&["Mailbox", "Inbox"]),
            "Folder(MemoryObject(ObjectType(MAPI_FOLDER)))",
        ),
        (
            &entry(&["Mailbox", "Inbox", "Hello"]),
            "Message(MemoryObject(ObjectType(MAPI_MESSAGE)))",
        ),
    ] {
        assert_eq!(format!("{entry:?}"), shown);
    }
    let book = session
        .open_address_book(UiParam::NONE, AddressBookFlags::NO_DIALOG)
        .unwrap();
    assert_eq!(
        format!("{book:?}"),
        "MAPI_ADDRBOOK(MemoryObject(ObjectType(MAPI_ADDRBOOK)))"
    );
    let message = entry(&["Mailbox", "Inbox", "Hello"])
        .into_message()
        .unwrap();
    let form = session.prepare_form(message).unwrap();
    assert!(format!("{form:?}").starts_with("PreparedForm("));

    let events = EventMask::NEW_MAIL;
    let registered = session.advise(EventMask::EXTENDED, |_| {}).unwrap();
    assert!(format!("{registered:?}").starts_with("Registration("));
    let store = mailbox.into_msg_store().unwrap();
    let registered = ObjectRegistration::with_store(&store, None, events, |_: &Notification| {});
    assert!(format!("{:?}", registered.unwrap()).starts_with("ObjectRegistration("));
    let shown = format!("{:?}", SourceRef::from(&store));
    assert_eq!(shown, format!("SourceRef({store:?})"));
    let (_, dispatcher) = this_thread_sink(|_: &Notification| {});
    assert_eq!(format!("{dispatcher:?}"), "Dispatcher");

    let inbox = entry(&["Mailbox", "Inbox"]).into_folder().unwrap();
    let table = inbox.contents_table(&[PropTag::SUBJECT]).unwrap();
    let mut rows = table.rows();
    rows.next().unwrap().unwrap();
    assert_eq!(format!("{rows:?}"), "Rows { read: 0, .. }");
    assert_eq!(format!("{:?}", table.raw()), "MemoryTable");
    let hello = id(&["Mailbox", "Inbox", "Hello"]);
    let hello = session.open_entry(&hello, OpenEntryFlags::MODIFY).unwrap();
    let hello = hello.into_message().unwrap();
    let attachment = hello.create_attachment().unwrap();
    let shown = format!("{attachment:?}");
    assert!(
        shown.ends_with("(MemoryObject(ObjectType(MAPI_ATTACH)))"),
        "{shown}"
    );
    let uid = MapiUid::new([7; 16]);
    let section = session.open_profile_section(uid, ProfileSectionFlags::MODIFY);
    let shown = format!("{:?}", section.unwrap().raw());
    assert_eq!(shown, format!("MemoryProfileSection({uid:?})"));
    let services = session.admin_services().unwrap();
    let uid = services.msg_service_table().unwrap().rows()[0].uid();
    let providers = services.admin_providers(uid).unwrap();
    let profiles = memory.profiles();
    for (shown, raw) in [
        (format!("{services:?}"), format!("{:?}", services.raw())),
        (format!("{providers:?}"), format!("{:?}", providers.raw())),
        (format!("{profiles:?}"), format!("{:?}", profiles.raw())),
    ] {
        assert!(shown.ends_with(&format!("({raw})")), "{shown}, {raw}");
    }
    let adopted = Adopted::from(Arc::clone(&session));
    assert_eq!(format!("{adopted:?}"), format!("Adopted({session:?})"));
}

// The same through several wrappers.
#[test]
fn what_the_subsystem_below_shows_is_shown() {
    let faults = Faults::new(memory());
    let mapi = Mapi::initialize(Recorder::new(faults)).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let live = r#"Session<Live>(MemorySession(client 1 on "Outlook"))"#;
    assert_eq!(format!("{session:?}"), live);
}

// E8: the type says what a failure left, for every code that has a name.
#[test]
fn the_type_says_what_a_failed_logoff_left() {
    let refusals = [
        HResult::MAPI_E_UNKNOWN_FLAGS,
        HResult::MAPI_E_INVALID_PARAMETER,
        HResult::MAPI_E_USER_CANCEL,
        HResult::MAPI_E_BUSY,
    ];
    for hresult in HResult::known().chain([HResult::new(0x8765_4321), HResult::new(0x0004_FFFF)]) {
        let mapi = Mapi::initialize(answering(memory(), hresult)).unwrap();
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        match session.logoff(LogoffFlags::empty()) {
            Ok(ended) => {
                assert!(hresult.is_success());
                // A warning is not lost.
                let text = format!("{ended:?}");
                assert_eq!(
                    text.contains(&hresult.to_string()),
                    hresult.is_warning(),
                    "{text}"
                );
            }
            Err(LogoffError::Refused { error, .. }) => {
                assert_eq!(error.hresult(), hresult);
                assert!(refusals.contains(&hresult), "{hresult}");
            }
            Err(LogoffError::Failed { error, session }) => {
                assert_eq!(error.hresult(), hresult);
                assert!(
                    hresult.is_failure() && !refusals.contains(&hresult),
                    "{hresult}"
                );
                drop(session);
            }
        }
    }
}

// E8
#[test]
fn the_question_mark_keeps_the_error_and_releases_the_session() {
    fn tool(memory: &Memory) -> Result<(), mapi_session::Error> {
        logon(memory).logoff(LogoffFlags::UI)?;
        Ok(())
    }
    let memory = memory();
    let error = tool(&memory).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_USER_CANCEL);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
}

type Record = Arc<Mutex<Vec<String>>>;

/// Notes the calls that end a session, and answers them.
fn noting(
    record: &Record,
    name: &'static str,
    answer: HResult,
) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> {
    let record = Arc::clone(record);
    move |call| match call {
        ProviderCall::LogOff | ProviderCall::Shutdown => {
            record.lock().unwrap().push(format!("{name} {call:?}"));
            answer
        }
        _ => HResult::S_OK,
    }
}

fn with_providers(record: &Record, answer: HResult) -> Memory {
    let profile = Profile::new("Outlook")
        .transport(Transport::new("SMTP").hook(noting(record, "SMTP", answer)))
        .store(Store::new("Mailbox").hook(noting(record, "Mailbox", answer)))
        .address_book(AddressBook::new("GAL").hook(noting(record, "GAL", answer)))
        .store(Store::new("Archive").hook(noting(record, "Archive", answer)));
    Memory::builder().profile(profile).build().unwrap()
}

/// Only those that are logged on are logged off.
fn start_transports(session: &Session<Live, Memory>) {
    session.status_table().unwrap();
}

const LOG_OFF_ORDER: [&str; 8] = [
    "GAL LogOff",
    "GAL Shutdown",
    "Mailbox LogOff",
    "Mailbox Shutdown",
    "Archive LogOff",
    "Archive Shutdown",
    "SMTP LogOff",
    "SMTP Shutdown",
];

// E9
#[test]
fn user_then_the_others_then_providers_then_the_session_is_gone() {
    let record = Record::default();
    let memory = with_providers(&record, HResult::S_OK);
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let first = mapi
        .logon(&LogonRequest::new_session("Outlook").allow_others())
        .unwrap();
    let second = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let (noted, told) = (Arc::clone(&record), Arc::clone(&record));
    memory.user().answer_with(move |_| {
        noted.lock().unwrap().push("user".into());
        Answer::Accept
    });
    let sink = move |_: &Notification| told.lock().unwrap().push("other".into());
    let registration = second.advise(EventMask::EXTENDED, sink).unwrap();

    first.logoff(LogoffFlags::UI).unwrap();
    assert_eq!(
        *record.lock().unwrap(),
        ["user", "other"],
        "the providers serve the second client"
    );
    record.lock().unwrap().clear();
    drop(registration);
    assert_eq!(memory.open_sessions(), 1);
    start_transports(&second);
    second.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(*record.lock().unwrap(), LOG_OFF_ORDER);
    assert_eq!(memory.open_sessions(), 0);
}

// E9: a provider is called while its session still counts, and without a lock.
#[test]
fn the_session_is_gone_after_its_providers() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let memory = memory();
    let (inside, noted) = (memory.clone(), Arc::clone(&seen));
    let hook = move |call: ProviderCall| {
        noted.lock().unwrap().push((call, inside.open_sessions()));
        HResult::S_OK
    };
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    memory
        .create_profile(&Profile::new("P").store(Store::new("S").hook(hook)))
        .unwrap();
    mapi.logon(&LogonRequest::new_session("P"))
        .unwrap()
        .logoff(LogoffFlags::empty())
        .unwrap();
    let calls = [
        ProviderCall::LogOn,
        ProviderCall::LogOff,
        ProviderCall::Shutdown,
    ];
    assert_eq!(*seen.lock().unwrap(), calls.map(|call| (call, 1)));
    assert_eq!(memory.open_sessions(), 0);
    memory
        .profiles()
        .delete_profile("P", Default::default())
        .unwrap();
}

// E10
#[test]
fn a_provider_that_fails_does_not_stop_the_others() {
    let record = Record::default();
    let memory = with_providers(&record, HResult::MAPI_E_CALL_FAILED);
    let session = logon(&memory);
    start_transports(&session);
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(*record.lock().unwrap(), LOG_OFF_ORDER);
    assert_eq!(memory.open_sessions(), 0);
    let text = format!("{ended:?}");
    for part in [
        "MAPI_W_ERRORS_RETURNED",
        "MAPI_E_CALL_FAILED",
        "\"GAL\"",
        "\"SMTP\"",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

// E10
#[test]
fn a_provider_that_panics_is_one_that_failed() {
    let profile = Profile::new("Outlook")
        .address_book(AddressBook::new("GAL").hook(|call| match call {
            ProviderCall::LogOff => panic!("a bug of the test's"),
            _ => HResult::S_OK,
        }))
        .store(Store::new("Mailbox"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = raw_logon(&memory);
    let success = session.logoff(UiParam::NONE, 0, 0).unwrap();
    assert_eq!(success.hresult(), HResult::MAPI_W_ERRORS_RETURNED);
    assert_eq!(memory.open_sessions(), 0);
}

// E11
#[test]
fn a_live_session_that_is_dropped_is_released_and_counted() {
    let record = Record::default();
    let memory = with_providers(&record, HResult::S_OK);
    let session = logon(&memory);
    start_transports(&session);
    drop(session);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
    assert_eq!(*record.lock().unwrap(), LOG_OFF_ORDER);
}

// E11, N2
#[test]
fn others_hear_of_a_release_as_of_a_plain_logoff() {
    let memory = memory();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let first = mapi
        .logon(&LogonRequest::new_session("Outlook").allow_others())
        .unwrap();
    let second = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let (sink, told) = mpsc::channel();
    let registration = first.advise_sink(EventMask::EXTENDED, sink).unwrap();
    drop(second);
    let events: Vec<_> = told.try_iter().map(|event| event.event()).collect();
    assert_eq!(events, [EventMask::EXTENDED]);
    assert_eq!((memory.open_sessions(), memory.released_live()), (1, 1));
    drop(registration);
    first.logoff(LogoffFlags::empty()).unwrap();
}

// E11: also while the thread panics.
#[test]
fn a_panic_releases_the_session() {
    let memory = memory();
    let inside = memory.clone();
    let result = catch_unwind(AssertUnwindSafe(move || {
        let _session = logon(&inside);
        panic!("a bug of the user's");
    }));
    assert!(result.is_err());
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
    logon(&memory).logoff(LogoffFlags::empty()).unwrap();
}

// E12
#[test]
fn rows_and_identifiers_outlive_the_session() {
    let memory = memory();
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    let entry_id: &EntryId = stores.rows()[0].entry_id();
    session.logoff(LogoffFlags::empty()).unwrap();
    let again = logon(&memory);
    let store = again.open_msg_store(entry_id, Default::default()).unwrap();
    assert!(!store.is_writable().unwrap());
    drop(store);
    again.logoff(LogoffFlags::empty()).unwrap();
}

// O2: an object that outlives its session.
#[test]
fn a_raw_store_fails_after_the_logoff_and_is_still_released() {
    let memory = memory();
    let session = raw_logon(&memory);
    let (table, _) = session.msg_stores_table(0).unwrap().into_parts();
    let entry_id = table.rows()[0].entry_id().as_bytes();
    let (store, _) = session
        .open_msg_store(UiParam::NONE, Some(entry_id), 0)
        .unwrap()
        .into_parts();
    store.info().unwrap();
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    assert_eq!(
        store.info().unwrap_err().hresult(),
        HResult::MAPI_E_INVALID_OBJECT
    );
    drop(session);
    assert_eq!(
        store.info().unwrap_err().hresult(),
        HResult::MAPI_E_INVALID_OBJECT
    );
    drop(store);
}
