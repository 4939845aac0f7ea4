//! How a session starts its providers, what it says of them, and how it ends them: rules L9 to L11,
//! M1 (the status table) and E9.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use crate::support::{Profiles, Watchdog, code, id, letter, logoff, raw_code, raw_logon};
use mapi_session::flags::{AddressBookFlags, FlushFlags, ProfileFlags, ResourceFlags, StatusCode};
use mapi_session::memory::{
    AddressBook, Answer, Builder, Dialog, Folder, Memory, MemorySession, Profile, ProviderCall,
    Question, Service, Store, Transport,
};
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::table::{Identity, StatusRow};
use mapi_session::types::{ObjectType, ResourceType};
use mapi_session::{
    Entry, EntryId, EventMask, HResult, Live, LogonFlags, LogonRequest, Mapi, Notification,
    OpenEntryFlags, OpenStoreFlags, Session, UiParam,
};

const DESK: UiParam = UiParam::new(0xDE5C);

/// The calls of providers, each as `Mailbox Logon`.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<String>>>);

impl Record {
    /// What was called since the last time.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn hook(
        &self,
        name: &'static str,
    ) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> + 'static {
        self.answering(name, &[])
    }

    /// A provider that answers so to its first logons, and then succeeds.
    fn answering(
        &self,
        name: &'static str,
        answers: &[HResult],
    ) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> + 'static {
        let record = self.clone();
        let answers = Mutex::new(answers.to_vec());
        move |call| {
            record.0.lock().unwrap().push(format!("{name} {call:?}"));
            let mut answers = answers.lock().unwrap();
            if call == ProviderCall::LogOn && !answers.is_empty() {
                answers.remove(0)
            } else {
                HResult::S_OK
            }
        }
    }
}

fn with(profile: Profile) -> Memory {
    Memory::builder().profile(profile).build().unwrap()
}

fn initialized(memory: &Memory) -> Mapi<Memory> {
    Mapi::initialize(memory.clone()).unwrap()
}

fn logon(memory: &Memory) -> Session<Live, Memory> {
    initialized(memory)
        .logon(&LogonRequest::new_session("Outlook"))
        .unwrap()
}

// ---- L9

fn of_each_kind(record: &Record) -> Profile {
    let outbox = Folder::new("Outbox").message(letter("Minutes"));
    Profile::new("Outlook")
        .transport(
            Transport::new("SMTP")
                .address_type("SMTP")
                .hook(record.hook("SMTP")),
        )
        .store(
            Store::new("Mailbox")
                .folder(outbox)
                .hook(record.hook("Mailbox")),
        )
        .address_book(AddressBook::new("GAL").hook(record.hook("GAL")))
        .service(
            Service::new("Other")
                .transport(
                    Transport::new("Fax")
                        .address_type("FAX")
                        .hook(record.hook("Fax")),
                )
                .store(Store::new("Archive").hook(record.hook("Archive")))
                .address_book(AddressBook::new("PAB").hook(record.hook("PAB"))),
        )
}

const AT_LOGON: [&str; 4] = ["GAL LogOn", "PAB LogOn", "Mailbox LogOn", "Archive LogOn"];
const WHEN_NEEDED: [&str; 2] = ["SMTP LogOn", "Fax LogOn"];

// L9
#[test]
fn address_books_start_before_stores_and_transports_not_yet() {
    let record = Record::default();
    let memory = with(of_each_kind(&record));
    let session = logon(&memory);
    assert_eq!(record.take(), AT_LOGON);
    logoff(session);
}

type Need = fn(&Session<Live, Memory>, &Memory);

// L9
#[test]
fn transports_start_when_they_are_first_needed_and_once() {
    let needs: [(&str, bool, Need); 8] = [
        ("store table", false, |session, _| {
            session.msg_stores_table().unwrap();
        }),
        ("a store", false, |session, memory| {
            let flags = OpenStoreFlags::BEST_ACCESS;
            let store = session.open_msg_store(&id(memory, &["Mailbox"]), flags);
            drop(store.unwrap());
        }),
        ("address book", false, |session, _| {
            let flags = AddressBookFlags::empty();
            drop(session.open_address_book(UiParam::NONE, flags).unwrap());
        }),
        ("identity", false, |session, _| {
            let _ = session.query_identity().unwrap();
        }),
        ("registration", false, |session, _| {
            let sink = |_: &Notification| {};
            drop(session.advise(EventMask::EXTENDED, sink).unwrap());
        }),
        ("status table", true, |session, _| {
            session.status_table().unwrap();
        }),
        ("address types", true, |session, _| {
            session.enum_adr_types().unwrap();
        }),
        ("submission", true, |session, memory| {
            let message = id(memory, &["Mailbox", "Outbox", "Minutes"]);
            let message = session
                .open_entry(&message, OpenEntryFlags::MODIFY)
                .unwrap();
            message.into_message().unwrap().submit().unwrap();
        }),
    ];
    for (what, starts, need) in needs {
        let record = Record::default();
        let memory = with(of_each_kind(&record));
        let session = logon(&memory);
        record.take();
        need(&session, &memory);
        let mut calls = record.take();
        calls.retain(|call| call.ends_with(" LogOn"));
        let expected = if starts { &WHEN_NEEDED[..] } else { &[] };
        assert_eq!(calls, expected, "{what}");

        session.status_table().unwrap();
        session.enum_adr_types().unwrap();
        let later = if starts { &[][..] } else { &WHEN_NEEDED };
        assert_eq!(record.take(), later, "{what}, and then the status table");
        logoff(session);
    }
}

// L9, M11: in the order of the profile, and each once.
#[test]
fn the_address_types_are_those_of_the_transports_that_started() {
    let record = Record::default();
    let fails = record.answering("Dead", &[HResult::MAPI_E_NETWORK_ERROR]);
    let profile = of_each_kind(&record)
        .transport(
            Transport::new("Two")
                .address_type("EX")
                .address_type("SMTP"),
        )
        .transport(Transport::new("Dead").address_type("X400").hook(fails));
    let memory = with(profile);
    let session = logon(&memory);
    for _ in 0..2 {
        assert_eq!(session.enum_adr_types().unwrap(), ["SMTP", "EX", "FAX"]);
    }
    let calls = record.take();
    let tried = calls.iter().filter(|call| *call == "Dead LogOn").count();
    assert_eq!(tried, 1, "one that failed is not tried again");
    logoff(session);
}

// L9: a session's transports serve all its clients; another session has its own.
#[test]
fn transports_start_once_a_session() {
    let record = Record::default();
    let memory = with(of_each_kind(&record));
    let mapi = initialized(&memory);
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let first = mapi.logon(&shared).unwrap();
    let second = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let own = logon(&memory);
    assert_eq!(record.take(), [AT_LOGON, AT_LOGON].concat());
    for (client, expected) in [
        (&second, &WHEN_NEEDED[..]),
        (&first, &[]),
        (&second, &[]),
        (&own, &WHEN_NEEDED),
    ] {
        client.status_table().unwrap();
        assert_eq!(record.take(), expected);
    }
    logoff(first);
    logoff(second);
    logoff(own);
}

// L9
#[test]
fn transports_start_once_for_threads_that_need_them_at_once() {
    const THREADS: usize = 4;
    for _ in 0..50 {
        let record = Record::default();
        let memory = with(of_each_kind(&record));
        let session = logon(&memory);
        record.take();
        let barrier = Barrier::new(THREADS);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    barrier.wait();
                    session.status_table().unwrap();
                });
            }
        });
        let mut calls = record.take();
        calls.sort();
        assert_eq!(calls, ["Fax LogOn", "SMTP LogOn"]);
        logoff(session);
    }
}

// ---- L10

const FAILS: HResult = HResult::MAPI_E_NETWORK_ERROR;
const UNCONFIGURED: HResult = HResult::MAPI_E_UNCONFIGURED;
const FAIL_ONE: HResult = HResult::MAPI_E_FAILONEPROVIDER;

/// What became of the provider of the store "Mailbox".
#[derive(Debug, PartialEq)]
enum Became {
    LoggedOn,
    /// It can be logged on later.
    Pending,
    /// With what its service was disabled by.
    Disabled(HResult),
}

fn what_became(session: &Session<Live, Memory>, memory: &Memory) -> Became {
    let table = session.status_table().unwrap();
    let row = table.first(ResourceType::STORE_PROVIDER).unwrap();
    if row.status_code() == StatusCode::AVAILABLE {
        return Became::LoggedOn;
    }
    assert_eq!(row.status_code(), StatusCode::FAILURE);
    match session.open_msg_store(&id(memory, &["Mailbox"]), OpenStoreFlags::NO_DIALOG) {
        Ok(_) => Became::Pending,
        Err(error) => {
            assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
            let reason = error.reason().unwrap();
            let mut known = HResult::known();
            let by = known.find(|code| reason.ends_with(&format!("session: {code}")));
            Became::Disabled(by.unwrap_or_else(|| panic!("{reason}")))
        }
    }
}

// L10
#[test]
fn a_provider_that_fails_is_corrected_once_or_disabled() {
    use Became::{Disabled, LoggedOn, Pending};
    let (ok, cancel) = (Some(Answer::Accept), Some(Answer::Cancel));
    let cancelled = HResult::MAPI_E_USER_CANCEL;
    // Its answers; the user's, where there is UI; what became of it; logons; the error shown.
    type Case<'a> = (
        &'a [HResult],
        Option<Answer>,
        Became,
        usize,
        Option<HResult>,
    );
    let cases: [Case; 14] = [
        (&[], None, LoggedOn, 1, None),
        (&[], ok.clone(), LoggedOn, 1, None),
        (&[FAILS], None, Disabled(FAILS), 1, None),
        (&[UNCONFIGURED], None, LoggedOn, 2, None),
        (&[UNCONFIGURED; 2], None, Disabled(UNCONFIGURED), 2, None),
        (&[UNCONFIGURED, FAIL_ONE], None, Pending, 2, None),
        (&[FAILS], ok.clone(), LoggedOn, 2, Some(FAILS)),
        (&[UNCONFIGURED], ok.clone(), LoggedOn, 2, Some(UNCONFIGURED)),
        (
            &[FAILS, UNCONFIGURED],
            ok.clone(),
            Disabled(UNCONFIGURED),
            2,
            Some(FAILS),
        ),
        (&[FAILS], cancel, Disabled(cancelled), 1, Some(FAILS)),
        (&[cancelled], ok.clone(), LoggedOn, 2, Some(cancelled)),
        (&[FAIL_ONE], None, Pending, 1, None),
        (&[FAIL_ONE], ok.clone(), Pending, 1, None),
        (&[FAILS, FAIL_ONE], ok, Pending, 2, Some(FAILS)),
    ];
    for (answers, user, became, logons, shown) in cases {
        let record = Record::default();
        let hook = record.answering("Mailbox", answers);
        let memory = with(Profile::new("Outlook").store(Store::new("Mailbox").hook(hook)));
        let mut request = LogonRequest::new_session("Outlook");
        if let Some(answer) = user {
            request = request.ui(DESK);
            memory.user().answer(answer);
        }
        let session = initialized(&memory).logon(&request).unwrap();
        let mut calls = vec!["Mailbox LogOn"; logons];
        if logons == 2 && answers[0] == UNCONFIGURED {
            calls.insert(1, "Mailbox Configure");
        }
        assert_eq!(record.take(), calls, "{answers:?}");
        let dialog = |error| {
            Dialog::new(
                Question::ConfigureProvider {
                    provider: "Mailbox".into(),
                    error,
                },
                DESK,
            )
        };
        let expected: Vec<_> = shown.into_iter().map(dialog).collect();
        assert_eq!(memory.user().dialogs(), expected, "{answers:?}");
        assert_eq!(what_became(&session, &memory), became, "{answers:?}");
        logoff(session);
    }
}

// L1, L10
#[test]
fn a_logon_that_asked_for_its_profile_asks_for_what_its_providers_lack_too() {
    let memory = with(Profile::new("Outlook").store(Store::new("Mailbox").unconfigured()));
    memory.user().answer(Answer::Pick("Outlook".into()));
    memory.user().answer(Answer::Accept);
    let session = initialized(&memory).logon(&LogonRequest::ask_user(DESK));
    let session = session.unwrap();
    let dialogs = memory.user().dialogs();
    let provider = "Mailbox".into();
    let error = HResult::MAPI_E_UNCONFIGURED;
    assert_eq!(
        dialogs[1].question(),
        &Question::ConfigureProvider { provider, error }
    );
    assert_eq!(what_became(&session, &memory), Became::LoggedOn);
    logoff(session);
}

// L10
#[test]
fn a_hook_that_panics_is_a_provider_that_failed() {
    for (user, became) in [
        (None, Became::Disabled(HResult::E_UNEXPECTED)),
        (Some(Answer::Accept), Became::LoggedOn),
    ] {
        let first = AtomicBool::new(true);
        let store = Store::new("Mailbox").hook(move |call| {
            let panics = call == ProviderCall::LogOn && first.swap(false, Ordering::Relaxed);
            assert!(!panics, "a bug of the test's");
            HResult::S_OK
        });
        let memory = with(Profile::new("Outlook").store(store));
        let mut request = LogonRequest::new_session("Outlook");
        if let Some(answer) = user {
            request = request.ui(DESK);
            memory.user().answer(answer);
        }
        let session = initialized(&memory).logon(&request).unwrap();
        assert_eq!(what_became(&session, &memory), became);
        logoff(session);
    }
}

/// A service of each kind of provider, of which the store fails its first logon; and another.
fn with_a_bad_service(record: &Record) -> Profile {
    let folder = || Folder::new("Inbox").message(letter("Minutes"));
    let store = Store::new("Mailbox")
        .folder(folder())
        .identity("Mallory")
        .hook(record.answering("Mailbox", &[FAILS]));
    let service = Service::new("Bad")
        .transport(
            Transport::new("SMTP")
                .address_type("SMTP")
                .hook(record.hook("SMTP")),
        )
        .store(store)
        .address_book(
            AddressBook::new("GAL")
                .mail_user("Ann")
                .primary_identity("Ann")
                .hook(record.hook("GAL")),
        );
    let archive = Store::new("Archive").folder(folder());
    Profile::new("Outlook")
        .service(service)
        .store(archive.identity("Bob").hook(record.hook("Archive")))
        .address_book(
            AddressBook::new("PAB")
                .mail_user("Cem")
                .hook(record.hook("PAB")),
        )
}

// L10: what each call answers for a service that is disabled, and for one that is not.
#[test]
fn a_disabled_service_is_disabled_as_a_whole_and_no_other() {
    let record = Record::default();
    let memory = with(with_a_bad_service(&record));
    let session = logon(&memory);
    assert_eq!(
        record.take(),
        ["PAB LogOn", "GAL LogOn", "Archive LogOn", "Mailbox LogOn"]
    );
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    let refused = HResult::MAPI_E_LOGON_FAILED;
    // The stores stay open: their release would log them off (O6).
    let mut open = Vec::new();
    for (store, user, opened, entry) in [
        ("Mailbox", ["GAL", "Ann"], refused, unknown),
        ("Archive", ["PAB", "Cem"], HResult::S_OK, HResult::S_OK),
    ] {
        let store_id = id(&memory, &[store]);
        let folder = id(&memory, &[store, "Inbox"]);
        let user = id(&memory, &user);
        for flags in [OpenStoreFlags::empty(), OpenStoreFlags::NO_DIALOG] {
            let store = session.open_msg_store(&store_id, flags);
            let seen = store.map(|store| open.push(Entry::MsgStore(store)));
            assert_eq!(code(seen), opened);
        }
        let flags = OpenEntryFlags::empty();
        let store = session.open_entry(&store_id, flags);
        let seen = store.map(|store| open.push(store));
        assert_eq!(code(seen), opened);
        for object in [&folder, &user] {
            assert_eq!(code(session.open_entry(object, flags)), entry);
            let compared = session.compare_entry_ids(object, object);
            assert_eq!(code(compared), entry);
            let sink = |_: &Notification| {};
            let advised = session.advise_object(object, EventMask::NEW_MAIL, sink);
            assert_eq!(code(advised), entry);
        }
    }
    // Deferred, it is the first use that says so.
    let deferred = OpenStoreFlags::DEFERRED_ERRORS;
    let store = session
        .open_msg_store(&id(&memory, &["Mailbox"]), deferred)
        .unwrap();
    assert_eq!(code(store.info()), refused);
    drop(store);

    let book = session
        .open_address_book(UiParam::NONE, AddressBookFlags::empty())
        .unwrap();
    let warning = book.open_warning().unwrap();
    assert_eq!(warning.hresult(), HResult::MAPI_W_ERRORS_RETURNED);
    let last = session.last_error(HResult::MAPI_W_ERRORS_RETURNED).unwrap();
    let last = last.unwrap();
    let text = last.error();
    assert!(
        text.contains("\"GAL\"") && !text.contains("\"PAB\""),
        "{text}"
    );
    drop(book);

    // Its primary identity is out of the question.
    let identity = session.query_identity().unwrap().ignore_warning();
    assert_eq!(identity, id(&memory, &["Archive", "Bob"]));
    assert_eq!(session.enum_adr_types().unwrap(), [""; 0]);
    let rows = session.status_table().unwrap();
    let rows: Vec<_> = rows.rows()[3..]
        .iter()
        .map(|row| (row.display_name(), row.status_code()))
        .collect();
    assert_eq!(
        rows,
        [
            ("PAB", StatusCode::AVAILABLE),
            ("GAL", StatusCode::FAILURE),
            ("Archive", StatusCode::AVAILABLE),
            ("Mailbox", StatusCode::FAILURE),
        ]
    );
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(stores.rows().len(), 2, "the profile has both");
    assert!(memory.user().dialogs().is_empty());
    let calls = record.take();
    let logged_on = calls.iter().any(|call| call.ends_with(" LogOn"));
    assert!(!logged_on, "for the life of the session: {calls:?}");
    let called = calls.iter().any(|call| call.starts_with("Mailbox "));
    assert!(!called, "it is not logged on: {calls:?}");
    drop(open);
    logoff(session);
}

// L10, E9: what had logged on before its service was disabled is still logged off, and the one that
// failed is not.
#[test]
fn what_a_disabled_service_had_logged_on_is_logged_off() {
    let record = Record::default();
    let memory = with(with_a_bad_service(&record));
    let session = logon(&memory);
    record.take();
    logoff(session);
    assert_eq!(
        record.take(),
        [
            "PAB LogOff",
            "PAB Shutdown",
            "GAL LogOff",
            "GAL Shutdown",
            "Archive LogOff",
            "Archive Shutdown",
        ]
    );
}

// L10, E9: the same, where a transport fails later.
#[test]
fn a_transport_that_fails_when_it_is_needed_disables_its_service() {
    let record = Record::default();
    let service = Service::new("Exchange")
        .store(
            Store::new("Mailbox")
                .folder(Folder::new("Inbox"))
                .hook(record.hook("Mailbox")),
        )
        .transport(Transport::new("XP").hook(record.answering("XP", &[FAILS])));
    let memory = with(Profile::new("Outlook").service(service));
    // It is not the logon that fails, so nobody is asked.
    let request = LogonRequest::new_session("Outlook").ui(DESK);
    let session = initialized(&memory).logon(&request).unwrap();
    let mailbox = id(&memory, &["Mailbox"]);
    let open = || session.open_msg_store(&mailbox, OpenStoreFlags::empty());
    let store = open().unwrap();
    session.status_table().unwrap();
    assert_eq!(code(open()), HResult::MAPI_E_LOGON_FAILED);
    assert!(memory.user().dialogs().is_empty());
    record.take();
    drop(store);
    assert_eq!(record.take().last().unwrap(), "Mailbox LogOff");
    logoff(session);
    assert_eq!(record.take(), ["Mailbox Shutdown"]);
}

// L10: disabled for the life of one session.
#[test]
fn the_next_session_starts_afresh() {
    let record = Record::default();
    let memory = with(with_a_bad_service(&record));
    let (bad, good) = (logon(&memory), logon(&memory));
    let mailbox = id(&memory, &["Mailbox"]);
    let open =
        |session: &Session<_, _>| code(session.open_msg_store(&mailbox, OpenStoreFlags::empty()));
    assert_eq!(open(&good), HResult::S_OK);
    assert_eq!(open(&bad), HResult::MAPI_E_LOGON_FAILED);
    logoff(good);
    logoff(bad);
}

// T4, L10: transports send what is in the stores of their session, and a disabled one is none.
#[test]
fn the_mail_of_a_disabled_store_waits_for_another_session() {
    let record = Record::default();
    let outbox = || Folder::new("Outbox").message(letter("Minutes"));
    let fails_second = record.answering("Mailbox", &[HResult::S_OK, FAILS]);
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").folder(outbox()).hook(fails_second))
        .store(Store::new("Archive").folder(outbox()))
        .transport(Transport::new("SMTP"));
    let memory = with(profile);
    let waiting =
        || ["Mailbox", "Archive"].map(|name| memory.outgoing(&id(&memory, &[name])).len());

    let first = logon(&memory);
    for store in ["Mailbox", "Archive"] {
        let message = id(&memory, &[store, "Outbox", "Minutes"]);
        let message = first.open_entry(&message, OpenEntryFlags::MODIFY).unwrap();
        message.into_message().unwrap().submit().unwrap();
    }
    logoff(first);
    assert_eq!(waiting(), [1, 1]);

    for (session, became, left) in [
        ("the second", Became::Disabled(FAILS), [1, 0]),
        ("the third", Became::LoggedOn, [0, 0]),
    ] {
        let next = logon(&memory);
        // The status table starts the transports.
        assert_eq!(what_became(&next, &memory), became, "{session}");
        for _ in 0..4 {
            memory.let_time_pass();
        }
        let status = next.status_table().unwrap();
        let spooler = status.first(ResourceType::SPOOLER).unwrap();
        let spooler = next.open_status(spooler).unwrap();
        spooler
            .flush_queues(UiParam::NONE, FlushFlags::UPLOAD)
            .unwrap();
        drop(spooler);
        assert_eq!(waiting(), left, "{session}");
        logoff(next);
    }
}

// L10
#[test]
fn fail_one_provider_disables_nothing_and_is_logged_on_when_opened() {
    let record = Record::default();
    let service = Service::new("Exchange")
        .store(Store::new("Mailbox").hook(record.answering("Mailbox", &[FAIL_ONE; 2])))
        .address_book(AddressBook::new("GAL").hook(record.answering("GAL", &[FAIL_ONE; 2])))
        .transport(Transport::new("XP").hook(record.hook("XP")));
    let memory = with(Profile::new("Outlook").service(service));
    let session = logon(&memory);
    session.status_table().unwrap();
    assert_eq!(record.take(), ["GAL LogOn", "Mailbox LogOn", "XP LogOn"]);

    let open_store = || {
        let mailbox = id(&memory, &["Mailbox"]);
        code(session.open_msg_store(&mailbox, OpenStoreFlags::empty()))
    };
    let open_book = || {
        let flags = AddressBookFlags::empty();
        let book = session.open_address_book(UiParam::NONE, flags).unwrap();
        book.open_warning().is_none()
    };
    // The second time it answers the same.
    assert_eq!(open_store(), FAIL_ONE);
    assert!(!open_book());
    assert_eq!(record.take(), ["Mailbox LogOn", "GAL LogOn"]);
    let store = session.open_msg_store(&id(&memory, &["Mailbox"]), OpenStoreFlags::empty());
    let store = store.unwrap();
    assert!(open_book());
    let mut calls = record.take();
    calls.retain(|call| call.ends_with(" LogOn"));
    assert_eq!(calls, ["Mailbox LogOn", "GAL LogOn"]);
    let table = session.status_table().unwrap();
    let available =
        |row: &mapi_session::table::StatusRow| row.status_code() == StatusCode::AVAILABLE;
    assert!(table.rows().iter().all(available), "{table:?}");
    // Not a third time.
    assert_eq!(open_store(), HResult::S_OK);
    assert!(!record.take().iter().any(|call| call.ends_with(" LogOn")));
    drop(store);
    record.take();
    logoff(session);
    let logoffs = record.take();
    // O6: the store is logged off already.
    assert_eq!(logoffs.len(), 5, "{logoffs:?}");
}

/// A service whose store and whose address book fail at logon alone, and then answer this.
fn that_fails_when_it_is_opened(record: &Record, store: &[HResult], book: &[HResult]) -> Memory {
    let after_the_first = |answers: &[HResult]| [&[FAIL_ONE], answers].concat();
    let mailbox = record.answering("Mailbox", &after_the_first(store));
    let gal = record.answering("GAL", &after_the_first(book));
    let service = Service::new("Exchange")
        .store(Store::new("Mailbox").hook(mailbox))
        .store(Store::new("Archive"))
        .address_book(AddressBook::new("GAL").hook(gal));
    with(
        Profile::new("Outlook")
            .service(service)
            .store(Store::new("Other")),
    )
}

// L10: what a store's provider answers when it is opened later disables its service, or does not.
#[test]
fn a_store_that_fails_when_it_is_opened_disables_its_service() {
    let refused = HResult::MAPI_E_LOGON_FAILED;
    let denied = HResult::MAPI_E_NO_ACCESS;
    // Its answers; what OpenMsgStore says of it, and of another store of its service.
    let cases: [(&[HResult], HResult, HResult); 6] = [
        (&[], HResult::S_OK, HResult::S_OK),
        (&[FAIL_ONE], FAIL_ONE, HResult::S_OK),
        (&[denied], denied, refused),
        (&[UNCONFIGURED], HResult::S_OK, HResult::S_OK),
        (&[UNCONFIGURED; 2], refused, refused),
        (&[UNCONFIGURED, denied], denied, refused),
    ];
    for (answers, first, other) in cases {
        let record = Record::default();
        let memory = that_fails_when_it_is_opened(&record, answers, &[]);
        let session = logon(&memory);
        record.take();
        let open = |name| {
            let store = id(&memory, &[name]);
            code(session.open_msg_store(&store, OpenStoreFlags::NO_DIALOG))
        };
        assert_eq!(open("Mailbox"), first, "{answers:?}");
        let calls = record.take();
        let is_configured = calls.iter().any(|call| call == "Mailbox Configure");
        let asks_for_it = answers.first() == Some(&UNCONFIGURED);
        assert_eq!(is_configured, asks_for_it, "{calls:?}");
        for name in ["Mailbox", "Archive"] {
            assert_eq!(open(name), other, "{name}, {answers:?}");
        }
        let calls = record.take();
        let is_called = calls.iter().any(|call| call == "Mailbox LogOn");
        // O6: the first opening has released the store, if it had it.
        assert_eq!(is_called, other == HResult::S_OK, "{answers:?}: {calls:?}");
        assert_eq!(open("Other"), HResult::S_OK, "another service's");
        logoff(session);
    }
}

// L10, M3: an address book that lacks its configuration does not disable its service; one that fails
// otherwise does.
#[test]
fn an_unconfigured_address_book_does_not_disable_its_service() {
    let refused = HResult::MAPI_E_LOGON_FAILED;
    let cases: [(&[HResult], usize, HResult); 5] = [
        (&[], 1, HResult::S_OK),
        (&[FAIL_ONE], 1, HResult::S_OK),
        (&[UNCONFIGURED], 2, HResult::S_OK),
        (&[UNCONFIGURED; 2], 2, HResult::S_OK),
        (&[FAILS], 1, refused),
    ];
    for (answers, logons, archive) in cases {
        let record = Record::default();
        let memory = that_fails_when_it_is_opened(&record, &[], answers);
        let session = logon(&memory);
        record.take();
        let flags = AddressBookFlags::NO_DIALOG;
        let open = || session.open_address_book(UiParam::NONE, flags).unwrap();
        let book = open();
        let calls = record.take();
        let tried = calls.iter().filter(|call| *call == "GAL LogOn").count();
        assert_eq!(tried, logons, "{answers:?}");
        let has_failed = answers.len() == logons;
        assert_eq!(book.open_warning().is_some(), has_failed, "{answers:?}");
        drop(book);
        // It is tried again, unless its service is disabled.
        assert_eq!(open().open_warning().is_some(), archive == refused);
        let opened = session.open_msg_store(&id(&memory, &["Archive"]), OpenStoreFlags::empty());
        assert_eq!(code(opened), archive, "{answers:?}");
        logoff(session);
    }

    // At logon it is the same.
    let record = Record::default();
    let gal = record.answering("GAL", &[UNCONFIGURED; 2]);
    let service = Service::new("Exchange")
        .address_book(AddressBook::new("GAL").hook(gal))
        .store(Store::new("Mailbox"));
    let memory = with(Profile::new("Outlook").service(service));
    let session = logon(&memory);
    assert_eq!(record.take(), ["GAL LogOn", "GAL Configure", "GAL LogOn"]);
    let opened = session.open_msg_store(&id(&memory, &["Mailbox"]), OpenStoreFlags::empty());
    assert_eq!(code(opened), HResult::S_OK);
    logoff(session);
}

// L10, E9
#[test]
fn a_provider_that_was_never_logged_on_is_not_logged_off() {
    let record = Record::default();
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").hook(record.answering("Mailbox", &[FAIL_ONE])))
        .transport(Transport::new("XP").hook(record.hook("XP")));
    let memory = with(profile);
    let session = logon(&memory);
    logoff(session);
    assert_eq!(record.take(), ["Mailbox LogOn"]);
}

// L10, E9: who is second does without the logon of its own, whatever that came to.
#[test]
fn a_store_that_two_open_at_once_is_logged_off_as_often_as_it_was_logged_on() {
    for (inner, outer) in [
        (HResult::S_OK, HResult::S_OK),
        (HResult::S_OK, FAILS),
        (FAIL_ONE, HResult::S_OK),
    ] {
        let record = Record::default();
        let memory = Memory::builder().build().unwrap();
        let mapi = initialized(&memory);
        let session = Arc::new(Mutex::new(None::<Arc<Session<Live, Memory>>>));
        let noted = record.answering("Mailbox", &[FAIL_ONE, outer, inner]);
        let (inside, of_session) = (memory.clone(), Arc::clone(&session));
        // The outer logon has somebody else open the store, after it has its own answer.
        let hook = move |call| {
            let answer = noted(call);
            let other = of_session.lock().unwrap().take();
            if let Some(other) = other {
                let mailbox = id(&inside, &["Mailbox"]);
                let opened = other.open_msg_store(&mailbox, OpenStoreFlags::NO_DIALOG);
                assert_eq!(code(opened), inner);
            }
            answer
        };
        let profile = Profile::new("Outlook").store(Store::new("Mailbox").hook(hook));
        memory.create_profile(&profile).unwrap();
        let shared = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook")).unwrap());
        record.take();

        *session.lock().unwrap() = Some(Arc::clone(&shared));
        let mailbox = id(&memory, &["Mailbox"]);
        let open = || code(shared.open_msg_store(&mailbox, OpenStoreFlags::NO_DIALOG));
        assert_eq!(open(), outer);
        let is_disabled = outer == FAILS;
        let again = match is_disabled {
            true => HResult::MAPI_E_LOGON_FAILED,
            false => HResult::S_OK,
        };
        assert_eq!(open(), again);
        logoff(Arc::try_unwrap(shared).unwrap());
        let calls = record.take();
        let count = |what: &str| calls.iter().filter(|call| call.ends_with(what)).count();
        let failed = [inner, outer]
            .iter()
            .filter(|code| code.is_failure())
            .count();
        // O6: each opening has released the store, so the last one logs on again; L10: unless its
        // service is disabled.
        let logons = 3 - usize::from(is_disabled);
        assert_eq!(count(" LogOn"), logons, "{calls:?}");
        assert_eq!(count(" LogOff"), logons - failed, "{calls:?}");
        assert_eq!(count(" Shutdown"), 1, "{calls:?}");
    }
}

// L10: what the profile lacks, the user gives once.
#[test]
fn what_the_user_gave_the_profile_keeps() {
    let memory = with(Profile::new("Outlook").store(Store::new("Mailbox").unconfigured()));
    let mapi = initialized(&memory);
    let request = LogonRequest::new_session("Outlook");
    let mailbox = id(&memory, &["Mailbox"]);

    // Nobody may be asked: it can be opened later, and asks then.
    let session = mapi.logon(&request).unwrap();
    let open = |flags| code(session.open_msg_store_with_ui(DESK, &mailbox, flags));
    assert_eq!(
        open(OpenStoreFlags::NO_DIALOG),
        HResult::MAPI_E_LOGON_FAILED
    );
    assert!(memory.user().take_dialogs().is_empty());
    assert_eq!(open(OpenStoreFlags::empty()), HResult::MAPI_E_USER_CANCEL);
    memory.user().answer(Answer::Accept);
    assert_eq!(open(OpenStoreFlags::empty()), HResult::S_OK);
    let parents: Vec<_> = memory.user().take_dialogs();
    assert!(parents.len() == 2 && parents.iter().all(|dialog| dialog.parent() == DESK));
    assert_eq!(open(OpenStoreFlags::NO_DIALOG), HResult::S_OK);
    logoff(session);

    let again = mapi.logon(&request.ui(DESK)).unwrap();
    assert_eq!(what_became(&again, &memory), Became::LoggedOn);
    assert!(memory.user().dialogs().is_empty());
    logoff(again);
}

// ---- L11, M1

// L11, S4: of a shared session, each client sees what it asked for.
#[test]
fn no_mail_is_each_clients_own() {
    let record = Record::default();
    let memory = with(of_each_kind(&record));
    let mapi = initialized(&memory);
    let no_mail = LogonFlags::NO_MAIL;
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let without = mapi.logon(&shared.flags(no_mail)).unwrap();
    let with_mail = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let service = mapi
        .logon(&LogonRequest::new_session("Outlook").flags(no_mail))
        .unwrap();
    record.take();
    for client in [&without, &service] {
        client.status_table().unwrap();
        assert!(client.enum_adr_types().unwrap().is_empty());
        assert_eq!(record.take(), [""; 0], "they start no transport");
    }
    for (client, transports, spooler) in [
        (&with_mail, 2, StatusCode::AVAILABLE),
        (&without, 0, StatusCode::FAILURE),
        (&service, 0, StatusCode::FAILURE),
    ] {
        let table = client.status_table().unwrap();
        let of_type = |resource_type| {
            let rows = table.rows().iter();
            rows.filter(move |row| row.resource_type() == resource_type)
        };
        let rows = of_type(ResourceType::TRANSPORT_PROVIDER);
        assert_eq!(rows.count(), transports);
        let codes: Vec<_> = of_type(ResourceType::SPOOLER)
            .map(StatusRow::status_code)
            .collect();
        assert_eq!(codes, [spooler]);
        assert_eq!(client.enum_adr_types().unwrap().len(), transports);
    }
    for client in [without, with_mail, service] {
        logoff(client);
    }
}

// M1: the columns that every row must have, by the page on status tables.
#[test]
fn each_row_of_the_status_table_has_the_required_columns() {
    let profile = Profile::new("Outlook")
        .address_book(AddressBook::new("GAL").mail_user("Ann").identity("Ann"))
        .store(
            Store::new("Mailbox")
                .default_store()
                .primary_identity("Bob"),
        )
        .transport(Transport::new("SMTP").default_outbound().prefers_last());
    let memory = with(profile);
    let session = logon(&memory);
    let table = session.status_table().unwrap();

    use ResourceType as Type;
    let smtp = ResourceFlags::DEFAULT_OUTBOUND | ResourceFlags::XP_PREFER_LAST;
    let none = ResourceFlags::NO_PRIMARY_IDENTITY;
    let mailbox = ResourceFlags::DEFAULT_STORE | ResourceFlags::PRIMARY_IDENTITY;
    let shown: Vec<_> = table
        .rows()
        .iter()
        .map(|row| {
            (
                row.display_name(),
                row.resource_type(),
                row.resource_flags(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("Outlook", Type::SUBSYSTEM, none),
            ("MAPI spooler", Type::SPOOLER, none),
            ("Address book", Type::ADDRESS_BOOK, none),
            ("GAL", Type::ADDRESS_BOOK_PROVIDER, none),
            ("Mailbox", Type::STORE_PROVIDER, mailbox),
            ("SMTP", Type::TRANSPORT_PROVIDER, none | smtp),
        ]
    );
    let mut keys = HashSet::new();
    for (row, place) in table.rows().iter().zip(0..) {
        assert_eq!(row.row_id(), place);
        assert_eq!(row.status_code(), StatusCode::AVAILABLE, "{row:?}");
        assert!(!row.provider_dll_name().is_empty(), "{row:?}");
        assert!(keys.insert(row.instance_key()), "{row:?}");
        // PR_OBJECT_TYPE, and that the identifier opens the row's status object.
        let flags = OpenEntryFlags::empty();
        let status = session.open_entry(row.entry_id(), flags).unwrap();
        let info = status.into_object().unwrap().info().unwrap();
        assert_eq!(info.object_type(), ObjectType::STATUS);
        assert_eq!(info.display_name(), row.display_name());
        assert_eq!(info.entry_id(), row.entry_id());
    }
    for (name, user) in [
        ("GAL", Some("Ann")),
        ("Mailbox", Some("Bob")),
        ("SMTP", None),
    ] {
        let row = table.rows().iter().find(|row| row.display_name() == name);
        let row = row.unwrap();
        let identity = row.identity();
        assert_eq!(identity.map(Identity::display_name), user);
        if let (Some(identity), Some(user)) = (identity, user) {
            assert_eq!(identity.entry_id(), Some(&id(&memory, &[name, user])));
            assert!(!identity.search_key().is_empty());
        }
    }
    logoff(session);
}

// M1
#[test]
fn address_books_and_stores_can_opt_out_of_the_status_table() {
    let profile = Profile::new("Outlook")
        .address_book(AddressBook::new("GAL").no_status_row())
        .store(Store::new("Mailbox").no_status_row())
        .store(Store::new("Archive").hidden())
        .transport(Transport::new("SMTP").no_status_row());
    let memory = with(profile);
    let session = logon(&memory);
    let table = session.status_table().unwrap();
    let names: Vec<_> = table.rows()[3..]
        .iter()
        .map(StatusRow::display_name)
        .collect();
    assert_eq!(
        names,
        ["Archive", "SMTP"],
        "an active transport always has one"
    );
    let rows: Vec<_> = table.rows().iter().map(StatusRow::row_id).collect();
    assert_eq!(rows, [0, 1, 2, 3, 4]);
    logoff(session);
}

// ---- E9

// E9: of those that are logged on, in order; transports last, and only where they were needed.
#[test]
fn only_those_that_are_logged_on_are_logged_off_and_in_order() {
    let record = Record::default();
    let memory = with(of_each_kind(&record));
    for needed in [false, true] {
        let session = logon(&memory);
        if needed {
            session.enum_adr_types().unwrap();
        }
        record.take();
        logoff(session);
        let names = ["GAL", "PAB", "Mailbox", "Archive", "SMTP", "Fax"];
        let names = &names[..if needed { 6 } else { 4 }];
        let calls = ["LogOff", "Shutdown"];
        let expected: Vec<_> = names
            .iter()
            .flat_map(|name| calls.map(|call| format!("{name} {call}")))
            .collect();
        assert_eq!(record.take(), expected);
    }
}

/// A session that a provider's hook can log off.
type Endable = Arc<Mutex<Option<Arc<MemorySession>>>>;

/// A hook that logs the session off, once it is given one, and notes its call after that.
fn ending(
    session: &Endable,
    noted: impl Fn(ProviderCall) -> HResult + Send + Sync + 'static,
) -> impl Fn(ProviderCall) -> HResult + Send + Sync + 'static {
    let to_end = Arc::clone(session);
    move |call| {
        let ending = to_end.lock().unwrap().take();
        if let Some(session) = ending {
            assert_eq!(call, ProviderCall::LogOn);
            session.logoff(UiParam::NONE, 0, 0).unwrap();
        }
        noted(call)
    }
}

// E9, L9: one that has logged on when its session is gone already is logged off at once.
#[test]
fn a_transport_that_logs_on_after_the_end_of_its_session_is_logged_off() {
    for allow_others in [false, true] {
        let record = Record::default();
        let memory = Memory::builder().build().unwrap();
        memory.initialize(0, 0).unwrap();
        let session = Endable::default();
        let hook = ending(&session, record.hook("SMTP"));
        let profile = Profile::new("Outlook")
            .store(Store::new("Mailbox").hook(record.hook("Mailbox")))
            .transport(Transport::new("SMTP").hook(hook));
        memory.create_profile(&profile).unwrap();
        let mut request = LogonRequest::new_session("Outlook");
        if allow_others {
            request = request.allow_others();
        }
        let logged_on = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, request.raw_flags());
        let raw = Arc::new(logged_on.unwrap().ignore_warning());
        record.take();

        *session.lock().unwrap() = Some(Arc::clone(&raw));
        // What the call answers is open: its session has ended meanwhile.
        let _ = raw.status_table(0);
        assert_eq!(memory.open_sessions(), 0);
        assert_eq!(
            record.take(),
            [
                "Mailbox LogOff",
                "Mailbox Shutdown",
                "SMTP LogOn",
                "SMTP LogOff",
                "SMTP Shutdown",
            ]
        );
        drop(raw);
        assert_eq!(record.take(), [""; 0]);
        memory.uninitialize();
    }
}

// E9, L9: and who comes after it is not logged on any more.
#[test]
fn no_provider_logs_on_after_the_end_of_its_session() {
    let (record, to_end) = (Record::default(), Endable::default());
    let memory = with(
        Profile::new("Outlook")
            .transport(Transport::new("First").hook(ending(&to_end, record.hook("First"))))
            .transport(Transport::new("Second").hook(record.hook("Second"))),
    );
    let session = Arc::new(raw_logon(&memory));
    *to_end.lock().unwrap() = Some(Arc::clone(&session));
    let _ = session.status_table(0);
    assert_eq!(
        record.take(),
        ["First LogOn", "First LogOff", "First Shutdown"]
    );
}

// E9, O6: a store that has been released is loaded still: its session shuts it down when it ends, also while the
// store logs on again.
#[test]
fn a_store_that_logs_on_again_while_its_session_ends_is_shut_down_once() {
    let (record, to_end) = (Record::default(), Endable::default());
    let hook = ending(&to_end, record.hook("Mailbox"));
    let memory = with(Profile::new("Outlook").store(Store::new("Mailbox").hook(hook)));
    let session = Arc::new(raw_logon(&memory));
    let mailbox = id(&memory, &["Mailbox"]);
    let open = || session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0);
    drop(open().unwrap());
    record.take();
    *to_end.lock().unwrap() = Some(Arc::clone(&session));
    assert_eq!(raw_code(open()), HResult::MAPI_E_INVALID_OBJECT);
    let calls = ["Mailbox Shutdown", "Mailbox LogOn", "Mailbox LogOff"];
    assert_eq!(record.take(), calls);
}

// L10: a failure is nothing to a service whose provider another call has logged on meanwhile.
#[test]
fn a_second_logon_that_fails_leaves_the_service_of_the_first() {
    let no_dialog = OpenStoreFlags::NO_DIALOG.bits();
    let record = Record::default();
    let inner = Endable::default();
    let answers = record.answering("Mailbox", &[FAIL_ONE, FAILS, HResult::S_OK]);
    let (to_open, entry_id) = (Arc::clone(&inner), Arc::new(Mutex::new(None::<EntryId>)));
    let opened = Arc::new(Mutex::new(None));
    let (kept, of) = (Arc::clone(&opened), Arc::clone(&entry_id));
    // The outer logon has its own answer when somebody else opens the store, and keeps it open.
    let hook = move |call| {
        let answer = answers(call);
        let other = to_open.lock().unwrap().take();
        if let Some(other) = other {
            let id = of.lock().unwrap().take().unwrap();
            let store = other.open_msg_store(UiParam::NONE, Some(id.as_bytes()), no_dialog);
            *kept.lock().unwrap() = Some(store.unwrap().ignore_warning());
        }
        answer
    };
    let memory = with(Profile::new("Outlook").store(Store::new("Mailbox").hook(hook)));
    let session = Arc::new(raw_logon(&memory));
    let mailbox = id(&memory, &["Mailbox"]);
    *entry_id.lock().unwrap() = Some(mailbox.clone());
    *inner.lock().unwrap() = Some(Arc::clone(&session));
    let open =
        || raw_code(session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), no_dialog));
    assert_eq!(open(), FAILS);
    assert_eq!(open(), HResult::S_OK);
    drop(opened.lock().unwrap().take());
    session.logoff(UiParam::NONE, 0, 0).unwrap();
}

// L10, E9: a store that was opened under MAPI_DEFERRED_ERRORS and never logged on is not logged off.
#[test]
fn a_deferred_store_that_never_logged_on_is_only_released() {
    let record = Record::default();
    let inbox = Folder::new("Inbox");
    let store = Store::new("Mailbox").folder(inbox);
    let hook = record.answering("Mailbox", &[FAIL_ONE, FAIL_ONE]);
    let memory = with(Profile::new("Outlook").store(store.hook(hook)));
    let session = logon(&memory);
    record.take();
    let flags = OpenStoreFlags::DEFERRED_ERRORS;
    drop(
        session
            .open_msg_store(&id(&memory, &["Mailbox"]), flags)
            .unwrap(),
    );
    assert_eq!(record.take(), ["Mailbox LogOn"]);
    logoff(session);
    assert_eq!(record.take(), [""; 0]);
}

// E9: no lock is held. Each hook does all that can be done from outside.
#[test]
fn a_hook_can_use_the_subsystem() {
    let memory = Memory::builder()
        .profile(Profile::new("Inner").store(Store::new("Mailbox")))
        .build()
        .unwrap();
    let mapi = initialized(&memory);
    let calls = Arc::new(Mutex::new(Vec::new()));
    let left = Arc::new(Mutex::new(None));
    let use_it = {
        // The library, too, is used inside: but not kept.
        let (memory, left, calls) = (memory.clone(), Arc::clone(&left), Arc::clone(&calls));
        move |call: ProviderCall| {
            let mapi = initialized(&memory);
            let inner = mapi.logon(&LogonRequest::new_session("Inner")).unwrap();
            inner.status_table().unwrap();
            // One that an earlier call has left is logged off, and this one left.
            let earlier: Option<Session<Live, Memory>> = left.lock().unwrap().replace(inner);
            earlier.into_iter().for_each(logoff);
            let profiles = memory.profiles();
            memory.create_profile(&Profile::new("New")).unwrap();
            profiles
                .rename_profile("New", "Old", ProfileFlags::empty())
                .unwrap();
            profiles
                .delete_profile("Old", ProfileFlags::empty())
                .unwrap();
            memory.let_time_pass();
            assert!(memory.open_sessions() >= 1);
            calls.lock().unwrap().push(call);
            HResult::S_OK
        }
    };
    let profile = Profile::new("Outlook")
        .address_book(AddressBook::new("GAL").hook(use_it.clone()))
        .store(Store::new("Mailbox").hook(use_it.clone()))
        .transport(Transport::new("SMTP").hook(use_it));
    memory.create_profile(&profile).unwrap();

    for request in [
        LogonRequest::new_session("Outlook"),
        LogonRequest::new_session("Outlook").allow_others(),
    ] {
        let session = mapi.logon(&request).unwrap();
        session.status_table().unwrap();
        let flags = AddressBookFlags::empty();
        drop(session.open_address_book(UiParam::NONE, flags).unwrap());
        let mailbox = id(&memory, &["Mailbox"]);
        let store = session.open_msg_store(&mailbox, OpenStoreFlags::empty());
        drop(store.unwrap());
        logoff(session);
        let made = std::mem::take(&mut *calls.lock().unwrap());
        assert_eq!(made.len(), 3 + 1 + 2 + 3 * 2, "{made:?}");
    }
    left.lock().unwrap().take().into_iter().for_each(logoff);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

// ---- L8, while providers start

/// A profile "Outlook" with a provider that does this when it is first logged on; built with the
/// rest.
fn doing(rest: Builder, act: impl FnOnce(&Memory) + Send + 'static) -> Memory {
    let memory = rest.profile(Profile::new("Other")).build().unwrap();
    let _mapi = initialized(&memory);
    let (inside, act) = (memory.clone(), Mutex::new(Some(act)));
    let store = Store::new("Mailbox").hook(move |call| {
        let act = act.lock().unwrap().take();
        match (call, act) {
            (ProviderCall::LogOn, Some(act)) => act(&inside),
            (_, act) => assert!(act.is_none(), "{call:?} before LogOn"),
        }
        HResult::S_OK
    });
    let profile = Profile::new("Outlook").store(store);
    memory.create_profile(&profile).unwrap();
    memory
}

// L8, S2: what is to be joined has all its providers.
#[test]
fn another_logon_waits_while_a_provider_logs_on() {
    let _watchdog = Watchdog::new();
    for other in [
        LogonRequest::join_shared(),
        LogonRequest::new_session("Other"),
        LogonRequest::new_session("Outlook"),
    ] {
        let (started, starts) = mpsc::channel();
        let (go_on, goes_on) = mpsc::channel();
        let patience = Memory::builder().logon_timeout(Duration::ZERO);
        let memory = doing(patience, move |_| {
            started.send(()).unwrap();
            goes_on.recv().unwrap();
        });
        let mapi = initialized(&memory);
        let shared = LogonRequest::new_session("Outlook").allow_others();
        thread::scope(|scope| {
            let first = scope.spawn(|| initialized(&memory).logon(&shared).unwrap());
            starts.recv().unwrap();
            let hurried = mapi.logon(&other.timeout_short()).unwrap_err();
            assert_eq!(hurried.hresult(), HResult::MAPI_E_TIMEOUT, "{other:?}");
            assert_eq!(memory.open_sessions(), 1, "the one that starts");

            let waiting = scope.spawn(|| initialized(&memory).logon(&other).unwrap());
            go_on.send(()).unwrap();
            let (first, second) = (first.join().unwrap(), waiting.join().unwrap());
            let joined = other == LogonRequest::join_shared();
            assert_eq!(memory.open_sessions(), if joined { 1 } else { 2 });
            logoff(first);
            logoff(second);
        });
    }
}

// L8: inside, on the same thread, nobody waits; and what has not started is not joined.
#[test]
fn a_session_is_not_joined_before_its_providers_have_started() {
    let seen = Arc::new(Mutex::new(None));
    let inside = Arc::clone(&seen);
    let memory = doing(Memory::builder(), move |memory| {
        let joined = initialized(memory).logon(&LogonRequest::join_shared());
        *inside.lock().unwrap() = Some(code(joined));
    });
    let mapi = initialized(&memory);
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let first = mapi.logon(&shared).unwrap();
    let inside = seen.lock().unwrap().take();
    assert_eq!(inside, Some(HResult::MAPI_E_LOGON_FAILED));
    let second = mapi.logon(&LogonRequest::join_shared()).unwrap();
    assert_eq!(memory.open_sessions(), 1);
    logoff(first);
    logoff(second);
}

// L13: a session that starts counts.
#[test]
fn a_session_that_starts_counts_for_the_limit() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let inside = Arc::clone(&seen);
    let memory = doing(Memory::builder().session_limit(1), move |memory| {
        let other = initialized(memory).logon(&LogonRequest::new_session("Other"));
        let mut seen = inside.lock().unwrap();
        seen.push((memory.open_sessions(), code(other)));
    });
    let session = logon(&memory);
    assert_eq!(*seen.lock().unwrap(), [(1, HResult::MAPI_E_LOGON_FAILED)]);
    logoff(session);
    let other = initialized(&memory).logon(&LogonRequest::new_session("Other"));
    logoff(other.unwrap());
}

// I1, E9
#[test]
fn a_logon_whose_library_goes_while_providers_start_opens_nothing() {
    for allow_others in [false, true] {
        let record = Record::default();
        let memory = Memory::builder().build().unwrap();
        memory.initialize(0, 0).unwrap();
        let (inside, noted) = (memory.clone(), record.hook("Mailbox"));
        let hook = move |call| {
            if call == ProviderCall::LogOn {
                inside.uninitialize();
            }
            noted(call)
        };
        let profile = Profile::new("Outlook").store(Store::new("Mailbox").hook(hook));
        memory.create_profile(&profile).unwrap();
        let mut request = LogonRequest::new_session("Outlook");
        if allow_others {
            request = request.allow_others();
        }
        let logged_on = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, request.raw_flags());
        let failure = logged_on.unwrap_err();
        assert_eq!(failure.hresult(), HResult::MAPI_E_NOT_INITIALIZED);
        assert_eq!(memory.open_sessions(), 0);
        assert_eq!(memory.released_live(), 0);
        assert_eq!(
            record.take(),
            ["Mailbox LogOn", "Mailbox LogOff", "Mailbox Shutdown"]
        );
        memory.initialize(0, 0).unwrap();
        let joined = memory.logon_ex(UiParam::NONE, None, None, 0).unwrap_err();
        assert_eq!(joined.hresult(), HResult::MAPI_E_LOGON_FAILED);
    }
}

// L10: what OpenEntry makes of a store's identifier is the store.
#[test]
fn a_pending_store_is_logged_on_by_open_entry_without_a_dialog() {
    let record = Record::default();
    let hook = record.answering("Mailbox", &[FAIL_ONE]);
    let folder = Folder::new("Inbox");
    let store = Store::new("Mailbox").folder(folder).hook(hook);
    let memory = with(Profile::new("Outlook").store(store));
    let session = logon(&memory);
    let (mailbox, inbox) = (
        id(&memory, &["Mailbox"]),
        id(&memory, &["Mailbox", "Inbox"]),
    );
    let open = |id| session.open_entry(id, OpenEntryFlags::empty());
    assert_eq!(code(open(&inbox)), HResult::MAPI_E_UNKNOWN_ENTRYID);
    let store = open(&mailbox).unwrap();
    assert!(matches!(store, Entry::MsgStore(_)));
    assert!(matches!(open(&inbox).unwrap(), Entry::Folder(_)));
    drop(store);
    logoff(session);
}
