//! The recorder: what reached the subsystem, from where, and what was left open.

use std::panic::{AssertUnwindSafe, Location, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;

use mapi_session::error::Call;
use mapi_session::flags::{AddressBookFlags, InitFlags, ProfileSectionFlags, ShowFormFlags};
use mapi_session::memory::{AddressBook, Answer, Folder, Memory, Profile, Store, Transport};
use mapi_session::property::{PropTag, Property};
use mapi_session::session::{form::PreparedForm, store::StoreLogoff};
use mapi_session::subsystem::{RawSession, Subsystem, layer::OpenKind};
use mapi_session::testing::{Faults, Leak, LeakKind, RecordedCall, Recorder, ThreadMisuseKind};
use mapi_session::types::{FormMessage, ObjectType};
use mapi_session::{
    Entry, EntryId, EventMask, HResult, LogoffFlags, LogonRequest, Mapi, MapiUid, MsgStore,
    Notification, Object, OpenEntryFlags, OpenStoreFlags, ProfileSection, Registration,
    ServiceAdmin, UiParam,
};

fn memory() -> Memory {
    let mailbox = Store::new("Mailbox")
        .default_store()
        .folder(Folder::new("Inbox").message("Hello"));
    let profile = Profile::new("Outlook")
        .default_profile()
        .store(mailbox)
        .address_book(AddressBook::new("Contacts").identity("Ana Trujillo"))
        .transport(Transport::new("Mail").address_type("SMTP"));
    Memory::builder().profile(profile).build().unwrap()
}

fn recorded() -> (Recorder<Memory>, Mapi<Recorder<Memory>>) {
    let recorder = Recorder::new(memory());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    (recorder, mapi)
}

const REQUEST: LogonRequest<'static> = LogonRequest::new_session("Outlook");

/// The lines of the dump, without where they come from.
fn lines(recorder: &Recorder<Memory>) -> Vec<String> {
    let dump = recorder.dump();
    let calls = dump.lines().map(|line| line.split("  // ").next().unwrap());
    calls.map(|call| call.trim().to_string()).collect()
}

#[test]
fn a_recorded_call_tells_of_itself() {
    let (recorder, mapi) = recorded();
    let session = mapi.logon(&REQUEST).unwrap();
    let inbox = recorder.below().entry_id("Outlook", &["Mailbox", "Inbox"]);
    let folder = session.open_entry(&inbox.unwrap(), OpenEntryFlags::MODIFY);
    drop(folder.unwrap());
    let calls = recorder.calls();
    let opened: Vec<_> = calls
        .iter()
        .map(|it| it.opened().map(|it| it.to_string()))
        .collect();
    let number = |it: &str| Some(it.to_owned());
    assert_eq!(opened, [None, number("#1"), number("#2"), None]);
    let on: Vec<_> = calls.iter().map(|it| (it.session(), it.object())).collect();
    let (one, two) = (calls[1].opened(), calls[2].opened());
    assert_eq!(on, [(None, None), (None, None), (one, one), (one, two)]);
    let entry = &calls[2];
    assert_eq!(
        (entry.number(), entry.call()),
        (3, Call::SESSION_OPEN_ENTRY)
    );
    assert_eq!(entry.arg("ulFlags"), Some("0x1"));
    assert_eq!(entry.hresult(), Some(HResult::S_OK));
    session.logoff(LogoffFlags::empty()).unwrap();
}

#[test]
fn a_line_reads_like_the_call_in_c() {
    let (recorder, mapi) = recorded();
    let session = mapi.logon(&REQUEST).unwrap();
    let registration = session
        .advise(EventMask::EXTENDED, |_: &Notification| {})
        .unwrap();
    let inbox = recorder.below().entry_id("Outlook", &["Mailbox", "Inbox"]);
    let folder = session.open_entry(&inbox.unwrap(), OpenEntryFlags::MODIFY);
    drop((folder, registration));
    let session = session.logoff_raw(UiParam::NONE, 0, 5).unwrap_err();
    let mapi_session::LogoffError::Refused { session, .. } = session else {
        unreachable!("a reserved word");
    };
    session.logoff(LogoffFlags::SHARED).unwrap();
    drop(mapi);
    assert_eq!(
        lines(&recorder),
        [
            "1  MAPIInitialize(ulVersion = 0x0, ulFlags = 0x0) -> S_OK",
            "2  MAPILogonEx(ulUIParam = 0x0, lpszProfileName = \"Outlook\", lpszPassword = NULL, \
             flFlags = 0x80000022) -> S_OK, #1",
            "3  #1 IMAPISession::Advise(lpEntryID = NULL, ulEventMask = 0x80000000) -> S_OK",
            "4  #1 IMAPISession::OpenEntry(lpEntryID = \
             000000006D6170692D736573000000000000000202000000, ulFlags = 0x1) -> S_OK, #2",
            "5  #2 IUnknown::Release()",
            "6  #1 IMAPISession::Unadvise(ulConnection = 0x100000001) -> S_OK",
            "7  #1 IMAPISession::Logoff(ulUIParam = 0x0, ulFlags = 0x0, ulReserved = 0x5) -> \
             MAPI_E_INVALID_PARAMETER",
            "8  #1 IMAPISession::Logoff(ulUIParam = 0x0, ulFlags = 0x1, ulReserved = 0x0) -> S_OK",
            "9  #1 IUnknown::Release()",
            "10  MAPIUninitialize()",
        ]
    );
    recorder.ends_in_order().unwrap();
    recorder.assert_clean();
}

/// Each call of the typed layer comes from the line of this file that makes it.
#[test]
fn a_call_comes_from_the_programs_own_line() {
    let (recorder, mapi) = recorded();
    let session = Arc::new(mapi.logon(&REQUEST).unwrap());
    let store = recorder.below().entry_id("Outlook", &["Mailbox"]).unwrap();
    let uid = MapiUid::new([7; 16]);
    let (no, write) = (AddressBookFlags::NO_DIALOG, OpenStoreFlags::WRITE);

    let first = line!() + 1;
    let _ = session.msg_stores_table();
    let _ = session.status_table();
    let _ = session.enum_adr_types();
    let _ = session.query_identity();
    let _ = session.compare_entry_ids(&store, &store);
    let _ = session.last_error(HResult::MAPI_E_BUSY);
    let _ = session.open_msg_store(&store, write);
    let _ = MsgStore::open(Arc::clone(&session), UiParam::NONE, &store, write);
    let _ = session.open_address_book(UiParam::NONE, no);
    let _ = Object::open_address_book(Arc::clone(&session), UiParam::NONE, no);
    let _ = session.open_entry(&store, OpenEntryFlags::empty());
    let _ = Entry::open(Arc::clone(&session), &store, OpenEntryFlags::empty());
    let _ = session.open_profile_section(uid, ProfileSectionFlags::MODIFY);
    let _ = ProfileSection::open(Arc::clone(&session), uid, ProfileSectionFlags::MODIFY);
    let _ = session.admin_services();
    let _ = ServiceAdmin::open(Arc::clone(&session));
    let _ = session.set_default_store(mapi_session::types::DefaultStore::Default, Some(&store));
    let _ = session.query_default_message_opt("SMTP");
    let _ = session.advise(EventMask::EXTENDED, |_: &Notification| {});
    let _ = session.advise_object(&store, EventMask::EXTENDED, |_: &Notification| {});
    let last = line!() - 1;

    let calls = recorder.calls();
    let made = calls
        .iter()
        .filter(|call| !matches!(call.call(), Call::RELEASE | Call::SESSION_UNADVISE))
        .skip(2);
    for (call, line) in made.zip(first..=last) {
        assert_eq!(
            (call.place().file(), call.place().line()),
            (file!(), line),
            "{call}"
        );
    }
    let calls = recorder.calls();
    assert_eq!(
        calls.last().unwrap().thread(),
        thread::current().name().unwrap()
    );
    let session = Arc::into_inner(session).unwrap();
    let (logoff, logged_off) = (session.logoff(LogoffFlags::empty()), line!());
    let call = recorder.last(Call::SESSION_LOGOFF).unwrap();
    assert_eq!(
        (call.place().file(), call.place().line()),
        (file!(), logged_off)
    );
    assert_eq!(call.arg("ulReserved"), Some("0x0"));
    drop(logoff);
}

// "Where in the program's code it comes from": also of what a session opens, and of its end.
#[test]
fn a_call_on_what_was_opened_comes_from_the_programs_own_line() {
    let (recorder, mapi) = recorded();
    let memory = recorder.below().clone();
    memory.user().answer_with(|_| Answer::Accept);
    let id = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    let (mailbox, inbox) = (id(&["Mailbox"]), id(&["Mailbox", "Inbox"]));
    let hello = id(&["Mailbox", "Inbox", "Hello"]);
    let (none, uid) = (UiParam::NONE, MapiUid::new([7; 16]));
    let (best, modify) = (OpenStoreFlags::BEST_ACCESS, OpenEntryFlags::MODIFY);

    let session = Arc::new(mapi.logon(&REQUEST).unwrap());
    let sink = |_: &Notification| {};
    drop(Registration::advise(
        Arc::clone(&session),
        None,
        EventMask::EXTENDED,
        sink,
    ));
    drop(Registration::advise(
        Arc::clone(&session),
        Some(&mailbox),
        EventMask::EXTENDED,
        sink,
    ));
    drop(session.open_msg_store_with_ui(none, &mailbox, best));
    drop(MsgStore::open(Arc::clone(&session), none, &mailbox, best));
    let store = session.open_msg_store(&mailbox, best).unwrap();
    store.info().unwrap();
    store.is_writable().unwrap();
    store.support_mask().unwrap();
    let entry = store.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    entry.info().unwrap();
    let folder = entry.into_folder().unwrap();
    folder.info().unwrap();
    let entry = session.open_entry(&mailbox, modify).unwrap();
    entry.info().unwrap();
    drop(entry);
    let [shown, sent, prepared] = [(); 3].map(|()| {
        let entry = session.open_entry(&hello, modify).unwrap();
        entry.into_message().unwrap()
    });
    let _ = session.message_options(none, "SMTP", &shown);
    drop(PreparedForm::prepare(Arc::clone(&session), prepared));
    let form = session.prepare_form(shown).unwrap();
    let _ = form.show_form(
        none,
        &store,
        &folder,
        ShowFormFlags::empty(),
        &FormMessage::default(),
    );
    drop(sent.submit());
    drop(store.logoff(StoreLogoff::NoWait));
    let section = session.open_profile_section(uid, ProfileSectionFlags::MODIFY);
    let section = section.unwrap();
    let property = Property::new(PropTag::new(0x6600_0003), 5);
    section.set_props(&[property]).unwrap();
    section.all_props().unwrap();
    section.prop_list().unwrap();
    drop(section);
    let admin = session.admin_services().unwrap();
    let _ = admin.msg_service_table();
    let _ = admin.create_msg_service("Nothing", "Nothing");
    let _ = admin.delete_msg_service(uid);
    let _ = admin.set_primary_identity(None);
    drop((admin, folder));
    let session = Arc::into_inner(session).unwrap();
    let refused = session.logoff_raw(none, 0, 1).unwrap_err();
    drop(refused);
    let session = mapi.logon(&REQUEST).unwrap();
    drop(session.logoff_with_ui(none, LogoffFlags::empty()));
    let session = mapi.logon(&REQUEST).unwrap();
    let shutdown = session.fast_shutdown().unwrap();
    let shutdown = shutdown.notify().unwrap();
    drop(shutdown.shut_down(mapi));

    let calls = recorder.calls();
    let by_a_drop = [Call::RELEASE, Call::SESSION_UNADVISE];
    for call in calls
        .iter()
        .filter(|call| !by_a_drop.contains(&call.call()))
    {
        assert_eq!(call.place().file(), file!(), "{call}");
    }
    assert_eq!(
        calls.last().unwrap().call(),
        Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN
    );
}

// The steps of 'Ending a MAPI session', each left out or late.
#[test]
fn each_step_of_the_end_that_is_missing_or_late_is_named() {
    type Raw = <Recorder<Memory> as Subsystem>::Session;
    type Scene = fn(&Recorder<Memory>, Raw);
    let scenes: [(Scene, &[&str]); 5] = [
        (
            |recorder, session| {
                let _ = session.advise(None, 0, |_: &Notification| {}).unwrap();
                let _ = session.logoff(UiParam::NONE, 0, 0).unwrap();
                drop(session);
                recorder.uninitialize();
            },
            &["before Unadvise", "the registration"],
        ),
        (
            |recorder, session| {
                let book = session.open_address_book(UiParam::NONE, 1).unwrap();
                let _ = session.logoff(UiParam::NONE, 0, 0).unwrap();
                drop((book, session));
                recorder.uninitialize();
            },
            &["before Release of the object #2"],
        ),
        (
            |recorder, session| {
                drop(session);
                recorder.uninitialize();
            },
            &["without Logoff"],
        ),
        (
            |recorder, session| {
                let _ = session.logoff(UiParam::NONE, 0, 0).unwrap();
                recorder.uninitialize();
                drop(session);
            },
            &["MAPIUninitialize before Release of the session #1"],
        ),
        (
            |_, session| {
                let _ = session.logoff(UiParam::NONE, 0, 0).unwrap();
                drop(session);
            },
            &["without MAPIUninitialize"],
        ),
    ];
    for (scene, wanted) in scenes {
        let recorder = Recorder::new(memory());
        let _ = recorder.initialize(0, 0).unwrap();
        let flags = mapi_session::LogonFlags::NEW_SESSION.bits();
        let session = recorder.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
        scene(&recorder, session.unwrap().into_parts().0);
        let error = recorder.ends_in_order().unwrap_err();
        assert_eq!(error.steps().len(), wanted.len(), "{error}");
        for part in wanted {
            assert!(
                error.to_string().contains(part),
                "{part:?} is not in: {error}"
            );
        }
        for step in error.steps() {
            assert!(step.to_string().contains(file!()), "{step}");
        }
    }
}

#[test]
fn what_leaks_is_told_with_where_it_was_opened() {
    let (recorder, mapi) = recorded();
    recorder.initialize(0, 0).unwrap();
    let session = mapi.logon(&REQUEST).unwrap();
    let store = recorder.below().entry_id("Outlook", &["Mailbox"]).unwrap();
    let store = session
        .open_msg_store(&store, OpenStoreFlags::empty())
        .unwrap();
    let kinds = |recorder: &Recorder<Memory>| {
        let leaks = recorder.leaks();
        leaks.iter().map(Leak::kind).collect::<Vec<_>>()
    };
    let found = recorder.leaks();
    for leak in &found {
        assert_eq!(leak.place().file(), file!(), "{leak}");
    }
    assert_eq!(found.len(), 4, "a session, a store, two initialisations");
    drop(store);
    drop(session);
    assert!(matches!(
        kinds(&recorder)[..],
        [
            LeakKind::ReleasedLive(_),
            LeakKind::Initialized,
            LeakKind::Initialized
        ]
    ));
    drop(mapi);
    recorder.uninitialize();
    assert!(matches!(kinds(&recorder)[..], [LeakKind::ReleasedLive(_)]));
    let panicked = catch_unwind(AssertUnwindSafe(|| recorder.assert_clean()));
    let text = *panicked.unwrap_err().downcast::<String>().unwrap();
    assert!(text.contains("released without a logoff"), "{text}");
}

// "Each with where it came from": MAPIUninitialize does not say which initialisation it ends.
#[test]
fn what_may_have_leaked_is_told_with_each_place_it_may_have_come_from() {
    let recorder = Recorder::new(memory());
    let initialize = || Mapi::initialize(recorder.clone()).unwrap();
    let lines = |leak: &Leak| {
        let places = [leak.place()]
            .into_iter()
            .chain(leak.other_places().iter().copied());
        places.map(Location::line).collect::<Vec<_>>()
    };
    let all = || recorder.leaks().iter().map(lines).collect::<Vec<_>>();

    let (first, one) = (Mapi::initialize(recorder.clone()), line!());
    let (second, two) = (Mapi::initialize(recorder.clone()), line!());
    assert_eq!(all(), [[one], [two]]);
    drop(first);
    assert_eq!(all(), [[one, two]]);
    let text = recorder.leaks()[0].to_string();
    let wanted = format!("; from {0}:{one}:", file!());
    assert!(text.contains(&wanted), "{text}");
    let wanted = format!(" or {0}:{two}:", file!());
    assert!(text.contains(&wanted), "{text}");

    // The same for a fast shutdown.
    let (third, three) = (Mapi::initialize(recorder.clone()), line!());
    let third = third.unwrap();
    assert_eq!(all(), [vec![one, two], vec![three]]);
    let session = third.logon(&REQUEST).unwrap();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(third).unwrap());
    assert_eq!(all(), [[one, two, three]]);
    drop(second);
    recorder.assert_clean();

    // One place is no choice, and what ended long ago is none.
    let mut same = [(); 3].map(|()| initialize()).to_vec();
    same.pop();
    let leaks = recorder.leaks();
    assert_eq!(leaks.len(), 2);
    assert!(
        leaks.iter().all(|leak| leak.other_places().is_empty()),
        "{leaks:?}"
    );
}

// Unadvise fails on a session that is lost, and what ends with the session is not there any more.
#[test]
fn a_registration_that_could_not_be_cancelled_is_gone_with_its_session() {
    type Recorded = Recorder<Faults<Memory>>;
    let scene = |ends: fn(&Recorded), logs_off: bool| {
        let recorder = Recorder::new(Faults::new(memory()));
        let mapi = Mapi::initialize(recorder.clone()).unwrap();
        let session = mapi.logon(&REQUEST).unwrap();
        let registration = session.advise(EventMask::EXTENDED, |_: &Notification| {});
        ends(&recorder);
        drop(registration.unwrap());
        let is_there = |leak: &Leak| matches!(leak.kind(), LeakKind::Registered(..));
        assert_eq!(
            recorder
                .leaks()
                .iter()
                .filter(|leak| is_there(leak))
                .count(),
            1
        );
        if logs_off {
            let _ = session.logoff(LogoffFlags::empty());
        } else {
            drop(session);
        }
        drop(mapi);
        recorder
    };
    let lost = |recorder: &Recorded| recorder.below().end_sessions();
    let busy = |recorder: &Recorded| {
        let plan = recorder.below().on(Call::SESSION_UNADVISE);
        plan.fail(HResult::MAPI_E_BUSY);
    };
    for ends in [lost, busy] {
        let recorder = scene(ends, true);
        recorder.assert_clean();
        recorder.ends_in_order().unwrap();
        let leaks = scene(ends, false).leaks();
        assert!(
            leaks.len() == 1 && matches!(leaks[0].kind(), LeakKind::ReleasedLive(_)),
            "{leaks:?}"
        );
    }
}

// N11: a table is open, and registered with, until it is given back.
#[test]
fn a_table_and_its_registration_are_known_until_they_end() {
    let (recorder, mapi) = recorded();
    let session = mapi.logon(&REQUEST).unwrap();
    let table = session.open_msg_stores_table().unwrap();
    let registration = table.advise(|_| {}).unwrap();
    table.all_rows().unwrap();
    let kinds = || {
        let leaks = recorder.leaks();
        let kinds = leaks.iter().map(Leak::kind);
        let is_of_table = |kind: &LeakKind| {
            matches!(
                kind,
                LeakKind::Open(_, OpenKind::TableObject) | LeakKind::Registered(..)
            )
        };
        kinds.filter(is_of_table).count()
    };
    assert_eq!(kinds(), 2);
    drop(registration);
    assert_eq!(kinds(), 1);
    drop(table);
    assert_eq!(kinds(), 0);
    session.logoff(LogoffFlags::empty()).unwrap();
    drop(mapi);
    recorder.assert_clean();
    recorder.ends_in_order().unwrap();
    let lines = lines(&recorder);
    let of_table: Vec<_> = lines.iter().filter(|line| line.contains("#2")).collect();
    let wanted = [
        "#1 IMAPISession::GetMsgStoresTable(ulFlags = 0x80000000) -> S_OK, #2",
        "#2 IMAPITable::Advise(ulEventMask = 0x100) -> S_OK",
        "#2 HrQueryAllRows() -> S_OK",
        "#2 IMAPITable::Unadvise(ulConnection = ",
        "#2 IUnknown::Release()",
    ];
    assert_eq!(of_table.len(), wanted.len(), "{lines:?}");
    for (line, wanted) in of_table.into_iter().zip(wanted) {
        assert!(line.contains(wanted), "{line} and not {wanted}");
    }
}

#[test]
fn the_guard_asserts_and_leaves_a_panicking_test_alone() {
    let leaky = |recorder: &Recorder<Memory>| {
        let mapi = Mapi::initialize(recorder.clone()).unwrap();
        drop(mapi.logon(&REQUEST).unwrap());
    };
    let recorder = Recorder::new(memory());
    let failed = catch_unwind(AssertUnwindSafe(|| {
        let _guard = recorder.clean_guard();
        leaky(&recorder);
    }));
    assert!(failed.is_err());

    let recorder = Recorder::new(memory());
    let first = catch_unwind(AssertUnwindSafe(|| {
        let _guard = recorder.clean_guard();
        leaky(&recorder);
        panic!("the test's own");
    }));
    assert_eq!(
        *first.unwrap_err().downcast::<&str>().unwrap(),
        "the test's own"
    );
}

#[test]
fn a_record_of_no_calls_keeps_none() {
    let recorder = Recorder::bounded(memory(), 0);
    drop(Mapi::initialize(recorder.clone()).unwrap());
    assert_eq!(recorder.calls(), []);
    recorder.assert_clean();
}

// What is not given back may be why the test panics. It is said on standard error, and nothing where all was given
// back: this test runs itself, and reads that.
#[test]
fn leaks_are_printed_while_a_test_panics() {
    const NAME: &str = "recorder::leaks_are_printed_while_a_test_panics";
    const HOW: &str = "MAPI_SESSION_TEST_LEAKS";
    if let Ok(how) = std::env::var(HOW) {
        let (recorder, mapi) = recorded();
        let guard = recorder.clean_guard();
        assert_eq!(format!("{guard:?}"), "CleanGuard");
        let session = mapi.logon(&REQUEST).unwrap();
        if how == "leaks" {
            std::mem::forget(session);
        } else {
            session.logoff(LogoffFlags::empty()).unwrap();
            drop(mapi);
        }
        panic!("a failed assertion");
    }
    for (how, is_printed) in [("leaks", true), ("gives back", false)] {
        let own = std::env::current_exe().unwrap();
        let run = std::process::Command::new(own)
            .args(["--exact", NAME, "--nocapture"])
            .env(HOW, how)
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&run.stderr);
        assert!(printed.contains("a failed assertion"), "{printed}");
        assert_eq!(printed.contains("not given back"), is_printed, "{printed}");
    }
}

#[test]
fn a_bounded_record_keeps_the_last_calls_and_all_leaks() {
    let recorder = Recorder::bounded(memory(), 2);
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let session = mapi.logon(&REQUEST).unwrap();
    for _ in 0..10 {
        session.query_identity().unwrap();
    }
    let calls = recorder.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1].number(), 12);
    assert_eq!(recorder.leaks().len(), 2);
    session.logoff(LogoffFlags::empty()).unwrap();
    drop(mapi);
    recorder.assert_clean();
    recorder.ends_in_order().unwrap();
}

// F4
#[test]
fn a_fast_shutdown_leaves_nothing_to_give_back_and_calls_nothing() {
    let (recorder, mapi) = recorded();
    let session = mapi.logon(&REQUEST).unwrap();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
    let calls: Vec<_> = recorder.calls().iter().map(RecordedCall::call).collect();
    assert_eq!(
        calls[2..],
        [
            Call::CLIENT_SHUTDOWN_QUERY_FAST_SHUTDOWN,
            Call::CLIENT_SHUTDOWN_NOTIFY_PROCESS_SHUTDOWN,
            Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN
        ]
    );
    recorder.assert_clean();
    recorder.ends_in_order().unwrap();
}

// F4
#[test]
fn a_fast_shutdown_ends_the_registrations_of_its_own_session() {
    let recorder = Recorder::new(memory());
    recorder.initialize(0, 0).unwrap();
    let new = LogonRequest::new_session("Outlook").raw_flags();
    let sessions = [(); 2].map(|()| {
        let session = recorder.logon_ex(UiParam::NONE, Some("Outlook"), None, new);
        session.unwrap().ignore_warning()
    });
    let connections = [0, 1].map(|it| {
        let connection = sessions[it].advise(None, 0, |_: &Notification| {});
        connection.unwrap().ignore_warning()
    });
    sessions[0].query_fast_shutdown().unwrap();
    sessions[0].notify_process_shutdown().unwrap();
    sessions[0].do_fast_shutdown().unwrap();
    let leaks = recorder.leaks();
    let registered: Vec<_> = leaks
        .iter()
        .filter_map(|leak| match leak.kind() {
            LeakKind::Registered(session, connection) => Some((session.to_string(), connection)),
            _ => None,
        })
        .collect();
    assert_eq!(registered, [("#2".to_owned(), connections[1])]);
}

// A report: a closure of a test that uses a recorder or faults could not go to catch_unwind. They
// can be used after a panic, as the subsystem in memory below them.
#[test]
fn what_a_test_uses_passes_through_catch_unwind() {
    fn passes<T: UnwindSafe + RefUnwindSafe>() {}
    passes::<Memory>();
    passes::<Recorder<Memory>>();
    passes::<Faults<Memory>>();
    passes::<Recorder<Faults<Memory>>>();
    passes::<Mapi<Recorder<Memory>>>();

    let recorder = Recorder::new(Memory::builder().build().unwrap());
    let panicked = catch_unwind(|| {
        let _mapi = Mapi::initialize(recorder.clone()).unwrap();
        panic!("a failed assertion");
    });
    assert!(panicked.is_err());
    assert_eq!(recorder.count(Call::UNINITIALIZE), 1);
    recorder.assert_clean();
}

/// Does it on another thread, to its end.
fn elsewhere<T: Send>(name: &str, act: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let builder = thread::Builder::new().name(name.into());
        builder.spawn_scoped(scope, act).unwrap().join().unwrap()
    })
}

/// Each by its kind, its thread and its first call.
fn misuse(recorder: &Recorder<Memory>) -> Vec<(ThreadMisuseKind, String, Call)> {
    let misuse = recorder.thread_misuse().into_iter();
    let misuse = misuse.map(|it| (it.kind(), it.thread().to_owned(), it.call()));
    misuse.collect()
}

// I5: by using-thread-safe-objects, every thread that uses MAPI initialises for itself.
#[test]
fn a_thread_that_is_not_initialised_is_found() {
    let recorder = Recorder::new(memory());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let session = mapi.logon(&REQUEST).unwrap();
    let own = recorder.clone();
    elsewhere("good", || {
        let own = Mapi::initialize(own).unwrap();
        session.msg_stores_table().unwrap();
        drop(own);
    });
    assert_eq!(recorder.thread_misuse(), []);
    elsewhere("bad", || {
        session.msg_stores_table().unwrap();
        session.status_table().unwrap();
    });
    let expected = (
        ThreadMisuseKind::NotInitialized,
        "bad".to_string(),
        Call::SESSION_GET_MSG_STORES_TABLE,
    );
    assert_eq!(misuse(&recorder), [expected]);
    let shown = recorder.thread_misuse()[0].to_string();
    let start = "bad: IMAPISession::GetMsgStoresTable on a thread that is not initialised; from ";
    assert!(shown.starts_with(start), "{shown}");
    assert!(shown.contains("recorder.rs"), "{shown}");
    // Each thread that does it is one, and each thing that it does.
    elsewhere("worse", || drop(session.status_table().unwrap()));
    let threads = || misuse(&recorder).into_iter().map(|it| it.1);
    assert_eq!(threads().collect::<Vec<_>>(), ["bad", "worse"]);
    let uninitialized = elsewhere("worst", || {
        drop(session.status_table().unwrap());
        recorder.uninitialize();
        misuse(&recorder).into_iter().map(|it| (it.0, it.1))
    });
    let expected = [
        (ThreadMisuseKind::NotInitialized, "bad".into()),
        (ThreadMisuseKind::NotInitialized, "worse".into()),
        (ThreadMisuseKind::NotInitialized, "worst".into()),
        (ThreadMisuseKind::UninitializedForAnother, "worst".into()),
    ];
    assert_eq!(uninitialized.collect::<Vec<_>>(), expected);
    drop((session, mapi));
}

// I2: a thread that is initialised twice is still there when one of the two has ended.
#[test]
fn a_first_thread_that_stays_is_not_found() {
    let recorder = Recorder::new(memory());
    let one = Mapi::initialize(recorder.clone()).unwrap();
    recorder.initialize(0, 0).unwrap();
    recorder.uninitialize();
    assert_eq!(recorder.thread_misuse(), []);
    drop(one);
    assert_eq!(recorder.thread_misuse(), []);
}

// I5, I2: the thread where the last of a Mapi and its sessions ends is the one that uninitialises.
#[test]
fn a_thread_that_uninitialises_for_another_is_found() {
    let recorder = Recorder::new(memory());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    elsewhere("other", move || drop(mapi));
    let other = "other".to_string();
    let expected = (
        ThreadMisuseKind::UninitializedForAnother,
        other,
        Call::UNINITIALIZE,
    );
    assert_eq!(misuse(&recorder), std::slice::from_ref(&expected));
    // Nobody is initialised any more, whoever thinks so.
    drop(recorder.logon_ex(UiParam::NONE, Some("Outlook"), None, 2));
    assert_eq!(misuse(&recorder)[0], expected);
    let (kind, _, call) = misuse(&recorder)[1].clone();
    assert_eq!(
        (kind, call),
        (ThreadMisuseKind::NotInitialized, Call::LOGON_EX)
    );

    // One of several is still there.
    let recorder = Recorder::new(memory());
    let one = Mapi::initialize(recorder.clone()).unwrap();
    let two = Mapi::initialize(recorder.clone()).unwrap();
    elsewhere("other", move || drop(one));
    let session = two.logon(&REQUEST).unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(misuse(&recorder).len(), 1);
}

// I5: notifications come on the first thread, unless MAPI_MULTITHREAD_NOTIFICATIONS gives them their
// own.
#[test]
fn a_first_thread_that_ends_first_is_found() {
    for (flags, found) in [
        (InitFlags::empty(), true),
        (InitFlags::MULTITHREAD_NOTIFICATIONS, false),
    ] {
        let recorder = Recorder::new(memory());
        let (first, second) = (recorder.clone(), recorder.clone());
        let (is_second, wait) = mpsc::channel::<()>();
        let (ended, is_ended) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let builder = thread::Builder::new().name("first".into());
            let initialized = move || {
                let mapi = Mapi::initialize_with(first, flags).unwrap();
                let again = Mapi::initialize_with(mapi.subsystem().clone(), flags).unwrap();
                is_second.send(()).unwrap();
                // The second thread is there.
                let _ = is_ended.recv();
                drop(again);
                drop(mapi);
            };
            let first = builder.spawn_scoped(scope, initialized).unwrap();
            wait.recv().unwrap();
            let mapi = Mapi::initialize_with(second, flags).unwrap();
            drop(ended);
            first.join().unwrap();
            drop(mapi);
        });
        let expected = (
            ThreadMisuseKind::FirstEndedFirst,
            "first".to_string(),
            Call::UNINITIALIZE,
        );
        let expected = found.then_some(expected);
        assert_eq!(misuse(&recorder), expected.into_iter().collect::<Vec<_>>());
        recorder.assert_clean();
    }
    // The other way round there is nothing to find.
    let recorder = Recorder::new(memory());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let own = recorder.clone();
    elsewhere("second", || drop(Mapi::initialize(own).unwrap()));
    drop(mapi);
    assert_eq!(recorder.thread_misuse(), []);
}

// What a server with a limit for each kind would have seen, although all was given back.
#[test]
fn the_most_that_was_open_at_once_is_known_by_kind_and_in_all() {
    let (recorder, mapi) = recorded();
    assert_eq!(recorder.most_open(), 0);
    let id = |path: &[&str]| recorder.below().entry_id("Outlook", path).unwrap();
    let inbox = id(&["Mailbox", "Inbox"]);
    let hello = id(&["Mailbox", "Inbox", "Hello"]);
    let folder = OpenKind::EntryObject(ObjectType::FOLDER);
    let message = OpenKind::EntryObject(ObjectType::MESSAGE);
    let session = mapi.logon(&REQUEST).unwrap();
    let open = |id: &EntryId| session.open_entry(id, OpenEntryFlags::empty()).unwrap();
    for _ in 0..3 {
        let folders = [open(&inbox), open(&inbox)];
        drop(open(&hello));
        drop(folders);
        drop(open(&hello));
    }
    assert_eq!(recorder.most_open_of(folder), 2);
    assert_eq!(recorder.most_open_of(message), 1);
    assert_eq!(recorder.most_open_of(OpenKind::SessionObject), 1);
    assert_eq!(recorder.most_open_of(OpenKind::StoreObject), 0);
    // Two folders, a message, and their session.
    assert_eq!(recorder.most_open(), 4);
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let session = mapi.logon(&REQUEST).unwrap();
    assert_eq!(recorder.most_open_of(OpenKind::SessionObject), 1);
    session.logoff(LogoffFlags::empty()).unwrap();
    drop(mapi);
    assert_eq!(recorder.most_open(), 4);
    recorder.assert_clean();
}
