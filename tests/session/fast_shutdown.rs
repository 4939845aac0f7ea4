//! Fast shutdown, IMAPIClientShutdown: rules F.

use std::sync::{Arc, Mutex, mpsc};

use crate::support::{Profiles, logoff, raw_code as code, raw_logon};
use mapi_session::error::Call;
use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{
    AddressBook, Answer, FastShutdownBehavior, Memory, MemorySession, Profile, ProviderCall,
    Service, Store, Transport,
};
use mapi_session::subsystem::{
    RawResult, RawSession, Subsystem,
    layer::{Layer, Layered, RawCall},
};
use mapi_session::{
    EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, Notification, OpenStoreFlags,
    Session, UiParam,
};

use FastShutdownBehavior::{Disabled, IfAllOptIn, UnlessOptedOut};

const NO_SUPPORT: HResult = HResult::MAPI_E_NO_SUPPORT;
const TOO_SOON: HResult = HResult::MAPI_E_CALL_FAILED;
const GONE: HResult = HResult::MAPI_E_INVALID_OBJECT;
const OK: HResult = HResult::S_OK;

fn memory(behavior: FastShutdownBehavior, profile: Profile) -> Memory {
    Memory::builder()
        .fast_shutdown_behavior(behavior)
        .profile(profile)
        .build()
        .unwrap()
}

fn outlook() -> Memory {
    memory(
        UnlessOptedOut,
        Profile::new("Outlook").store(Store::new("Mailbox")),
    )
}

fn logon(memory: &Memory) -> (Mapi<Memory>, Session<Live, Memory>) {
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    (mapi, session)
}

fn raw(memory: &Memory, request: LogonRequest<'_>) -> MemorySession {
    let flags = request.raw_flags();
    let session = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    session.unwrap().ignore_warning()
}

/// The three steps, by their letters, on the raw session.
fn step(session: &MemorySession, step: char) -> HResult {
    code(match step {
        'Q' => session.query_fast_shutdown(),
        'N' => session.notify_process_shutdown(),
        'D' => session.do_fast_shutdown(),
        other => panic!("{other}"),
    })
}

// ---- F1

// F1
#[test]
fn the_steps_have_one_order() {
    for (steps, answers) in [
        ("QND", &[OK, OK, OK][..]),
        ("N", &[TOO_SOON]),
        ("D", &[TOO_SOON]),
        ("QD", &[OK, TOO_SOON]),
        ("ND", &[TOO_SOON, TOO_SOON]),
        ("DN", &[TOO_SOON, TOO_SOON]),
        ("NQD", &[TOO_SOON, OK, TOO_SOON]),
        ("DQND", &[TOO_SOON, OK, OK, OK]),
        ("QDND", &[OK, TOO_SOON, OK, OK]),
        // A step can be made again, and loses nothing.
        ("QQNNQD", &[OK, OK, OK, OK, OK, OK]),
        // After the last one there is nothing.
        ("QNDQND", &[OK, OK, OK, GONE, GONE, GONE]),
    ] {
        let memory = outlook();
        memory.initialize(0, 0).unwrap();
        let session = raw(&memory, LogonRequest::new_session("Outlook"));
        let given: Vec<_> = steps.chars().map(|name| step(&session, name)).collect();
        assert_eq!(given, answers, "{steps}");
        let mut steps_and_answers = steps.chars().zip(&given);
        let lives = !steps_and_answers.any(|step| step == ('D', &OK));
        assert_eq!(memory.open_sessions(), usize::from(lives), "{steps}");
        let table = code(session.msg_stores_table(0));
        assert_eq!(table, if lives { OK } else { GONE }, "{steps}");
        if lives {
            session.logoff(UiParam::NONE, 0, 0).unwrap();
        } else {
            assert_eq!(code(session.logoff(UiParam::NONE, 0, 0)), GONE, "{steps}");
        }
        drop(session);
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    }
}

// F1: one client's steps are not another's.
#[test]
fn each_client_makes_its_own_steps() {
    let memory = outlook();
    memory.initialize(0, 0).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let first = raw(&memory, shared);
    let second = raw(&memory, LogonRequest::join_shared());
    assert_eq!([step(&first, 'Q'), step(&first, 'N')], [OK, OK]);
    assert_eq!([step(&second, 'N'), step(&second, 'D')], [TOO_SOON; 2]);
    assert_eq!(step(&first, 'D'), OK);
    assert_eq!(memory.open_sessions(), 1, "the second is still on it");
    second.logoff(UiParam::NONE, 0, 0).unwrap();
}

// F1: of several queries the last one counts.
#[test]
fn a_query_that_is_refused_is_no_step() {
    let answers = Mutex::new(vec![NO_SUPPORT, OK, NO_SUPPORT, OK]);
    let store = Store::new("Mailbox")
        .fast_shutdown(true)
        .hook(move |call| match call {
            ProviderCall::QueryFastShutdown => answers.lock().unwrap().remove(0),
            _ => OK,
        });
    let memory = memory(UnlessOptedOut, Profile::new("Outlook").store(store));
    memory.initialize(0, 0).unwrap();
    let session = raw(&memory, LogonRequest::new_session("Outlook"));
    for (name, answer) in [
        ('Q', NO_SUPPORT),
        ('N', TOO_SOON),
        ('Q', OK),
        ('Q', NO_SUPPORT),
        ('N', TOO_SOON),
        ('Q', OK),
        ('N', OK),
        ('D', OK),
    ] {
        assert_eq!(step(&session, name), answer, "{name}");
    }
}

// F1, I1
#[test]
fn the_steps_need_the_library_and_a_live_session() {
    let memory = outlook();
    memory.initialize(0, 0).unwrap();
    let session = raw(&memory, LogonRequest::new_session("Outlook"));
    memory.uninitialize();
    for name in ['Q', 'N', 'D'] {
        assert_eq!(step(&session, name), HResult::MAPI_E_NOT_INITIALIZED);
    }
    memory.initialize(0, 0).unwrap();
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    for name in ['Q', 'N', 'D'] {
        assert_eq!(step(&session, name), GONE);
    }
}

// ---- F2, F3

/// The calls of providers, each as `SMTP QueryFastShutdown`; those of a logon are left out.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<String>>>);

impl Record {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn hook(
        &self,
        name: &'static str,
    ) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> + 'static {
        let record = self.clone();
        move |call| {
            if call != ProviderCall::LogOn {
                record.0.lock().unwrap().push(format!("{name} {call:?}"));
            }
            OK
        }
    }
}

/// A store, an address book and a transport, each of which implements IMAPIProviderShutdown and
/// opts in or out, or does not.
fn opting(record: &Record, [store, book, transport]: [Option<bool>; 3]) -> Profile {
    let mut mailbox = Store::new("Mailbox").hook(record.hook("Mailbox"));
    let mut gal = AddressBook::new("GAL").hook(record.hook("GAL"));
    let mut smtp = Transport::new("SMTP").hook(record.hook("SMTP"));
    if let Some(opts_in) = store {
        mailbox = mailbox.fast_shutdown(opts_in);
    }
    if let Some(opts_in) = book {
        gal = gal.fast_shutdown(opts_in);
    }
    if let Some(opts_in) = transport {
        smtp = smtp.fast_shutdown(opts_in);
    }
    Profile::new("Outlook")
        .store(mailbox)
        .address_book(gal)
        .transport(smtp)
}

const OPTIONS: [Option<bool>; 3] = [None, Some(true), Some(false)];

fn all_options() -> impl Iterator<Item = [Option<bool>; 3]> {
    OPTIONS.into_iter().flat_map(|store| {
        OPTIONS
            .into_iter()
            .flat_map(move |book| OPTIONS.map(|transport| [store, book, transport]))
    })
}

// F2: each user option, with each provider in, out, or without the interface.
#[test]
fn the_user_option_and_the_providers_decide() {
    for options in all_options() {
        let (all_in, any_out) = (
            options.iter().all(|option| *option == Some(true)),
            options.contains(&Some(false)),
        );
        for (behavior, supported) in [
            (UnlessOptedOut, !any_out),
            (IfAllOptIn, all_in),
            (Disabled, false),
        ] {
            let record = Record::default();
            let memory = memory(behavior, opting(&record, options));
            let (_mapi, session) = logon(&memory);
            session.status_table().unwrap();
            let session = match session.fast_shutdown() {
                Ok(shutdown) => {
                    assert!(supported, "{behavior:?}, {options:?}");
                    shutdown.cancel()
                }
                Err(refused) => {
                    assert!(!supported, "{behavior:?}, {options:?}");
                    assert_eq!(refused.hresult(), NO_SUPPORT);
                    assert_eq!(
                        refused.error().call(),
                        Call::CLIENT_SHUTDOWN_QUERY_FAST_SHUTDOWN
                    );
                    refused.into_inner()
                }
            };
            let calls = record.take();
            let asked = |call: &String| call.ends_with(" QueryFastShutdown");
            assert!(calls.iter().all(asked), "{calls:?}");
            if behavior == Disabled {
                assert!(calls.is_empty(), "disabled asks no provider: {calls:?}");
            }
            // The session is live either way.
            session.msg_stores_table().unwrap();
            logoff(session);
            assert_eq!(memory.released_live(), 0);
        }
    }
}

// F2: disabled, no step is supported.
#[test]
fn disabled_supports_no_step_and_calls_no_provider() {
    let record = Record::default();
    let memory = memory(Disabled, opting(&record, [Some(true); 3]));
    memory.initialize(0, 0).unwrap();
    let session = raw(&memory, LogonRequest::new_session("Outlook"));
    session.status_table(0).unwrap();
    for name in ['Q', 'N', 'D'] {
        assert_eq!(step(&session, name), NO_SUPPORT);
    }
    assert!(record.take().is_empty());
}

// F2: one that implements the interface can still answer no.
#[test]
fn a_provider_that_answers_no_or_panics_opts_out() {
    for behavior in [UnlessOptedOut, IfAllOptIn] {
        for panics in [false, true] {
            let store = Store::new("Mailbox")
                .fast_shutdown(true)
                .hook(move |call| match call {
                    ProviderCall::QueryFastShutdown if panics => panic!("a bug of the test's"),
                    ProviderCall::QueryFastShutdown => HResult::MAPI_E_BUSY,
                    _ => OK,
                });
            let memory = memory(behavior, Profile::new("Outlook").store(store));
            let (_mapi, session) = logon(&memory);
            let refused = session.fast_shutdown().unwrap_err();
            assert_eq!(refused.hresult(), NO_SUPPORT);
            let reason = refused.error().reason().unwrap();
            assert!(reason.contains("\"Mailbox\""), "{reason}");
            logoff(refused.into_inner());
        }
    }
}

// F3: transports, address books, stores; only those that are loaded.
#[test]
fn providers_are_asked_and_told_transports_first() {
    for transports_started in [true, false] {
        let record = Record::default();
        let memory = memory(UnlessOptedOut, opting(&record, [Some(true); 3]));
        let (mapi, session) = logon(&memory);
        if transports_started {
            session.status_table().unwrap();
        }
        let names = ["SMTP", "GAL", "Mailbox"];
        let names = &names[usize::from(!transports_started)..];
        let expected =
            |call: &str| -> Vec<_> { names.iter().map(|name| format!("{name} {call}")).collect() };
        let shutdown = session.fast_shutdown().unwrap();
        assert_eq!(record.take(), expected("QueryFastShutdown"));
        let shutdown = shutdown.notify().unwrap();
        assert_eq!(record.take(), expected("NotifyProcessShutdown"));
        let done = shutdown.shut_down(mapi).unwrap();
        assert_eq!(record.take(), expected("DoFastShutdown"));
        // F4: nobody is logged off.
        drop(done);
        assert!(record.take().is_empty());
    }
}

// F2, F3: however many they are, those that need not be called take no stack.
#[test]
fn ten_thousand_providers_are_asked_on_one_stack() {
    let stores = (0..10_000).map(|number| Store::new(format!("{number}")).fast_shutdown(true));
    let profile = stores.fold(Profile::new("Outlook"), Profile::store);
    let memory = memory(UnlessOptedOut, profile);
    let (mapi, session) = logon(&memory);
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
}

// F3: a session that is ending has no say any more.
#[test]
fn the_providers_of_a_session_that_ends_are_not_asked() {
    let other = Arc::new(Mutex::new(None::<MemorySession>));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (asks, noted) = (Arc::clone(&other), Arc::clone(&asked));
    let first = Store::new("First").fast_shutdown(true).hook(move |call| {
        if call == ProviderCall::LogOff {
            let other = asks.lock().unwrap().take();
            assert_eq!(other.map(|it| step(&it, 'Q')), Some(OK));
        }
        HResult::S_OK
    });
    let second = Store::new("Second").fast_shutdown(true).hook(move |call| {
        noted.lock().unwrap().push(call);
        HResult::S_OK
    });
    let memory = memory(
        UnlessOptedOut,
        Profile::new("Outlook").store(first).store(second),
    );
    memory.create_profile(&Profile::new("Other")).unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let flags = LogonRequest::new_session("Other").raw_flags();
    let logged_on = memory.logon_ex(UiParam::NONE, Some("Other"), None, flags);
    *other.lock().unwrap() = Some(logged_on.unwrap().ignore_warning());
    let session = raw(&memory, LogonRequest::new_session("Outlook"));
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    let asked = std::mem::take(&mut *asked.lock().unwrap());
    assert!(
        !asked.contains(&ProviderCall::QueryFastShutdown),
        "{asked:?}"
    );
    assert_eq!(asked.last(), Some(&ProviderCall::Shutdown));
    drop((session, mapi));
}

// F2, F3: those of every session of the process, session by session.
#[test]
fn the_providers_of_every_session_are_asked_and_told() {
    for [opts_in, supported] in [[true, true], [false, false]] {
        let record = Record::default();
        let other = Profile::new("Other")
            .store(
                Store::new("Archive")
                    .hook(record.hook("Archive"))
                    .fast_shutdown(opts_in),
            )
            .transport(
                Transport::new("Fax")
                    .hook(record.hook("Fax"))
                    .fast_shutdown(true),
            );
        let memory = Memory::builder()
            .profile(opting(&record, [Some(true); 3]))
            .profile(other)
            .build()
            .unwrap();
        let elsewhere = Mapi::initialize(memory.clone()).unwrap();
        let stranger = elsewhere
            .logon(&LogonRequest::new_session("Other"))
            .unwrap();
        stranger.status_table().unwrap();
        let (mapi, session) = logon(&memory);
        record.take();
        let names = ["Fax", "Archive", "GAL", "Mailbox"];
        let expected =
            |call: &str| -> Vec<_> { names.map(|name| format!("{name} {call}")).to_vec() };
        match session.fast_shutdown() {
            Ok(shutdown) => {
                assert!(supported);
                assert_eq!(record.take(), expected("QueryFastShutdown"));
                let shutdown = shutdown.notify().unwrap();
                assert_eq!(record.take(), expected("NotifyProcessShutdown"));
                drop(shutdown.shut_down(mapi).unwrap());
                assert_eq!(record.take(), expected("DoFastShutdown"));
            }
            Err(refused) => {
                assert!(!supported);
                assert_eq!(refused.hresult(), NO_SUPPORT);
                let reason = refused.error().reason().unwrap().to_owned();
                assert!(reason.contains("\"Archive\""), "{reason}");
                logoff(refused.into_inner());
            }
        }
        // The other client goes on, and so does its session.
        stranger.msg_stores_table().unwrap();
        logoff(stranger);
        let (_mapi, alone) = logon(&memory);
        drop(alone.fast_shutdown().unwrap().cancel());
    }
}

// F3: those without the interface are not told; one that fails stops nobody.
#[test]
fn only_those_with_the_interface_are_told_and_none_stops_the_others() {
    let record = Record::default();
    let (noted, book) = (record.hook("GAL"), record.hook("PAB"));
    let fails = move |call| {
        noted(call);
        match call {
            ProviderCall::NotifyProcessShutdown => HResult::MAPI_E_CALL_FAILED,
            ProviderCall::DoFastShutdown => panic!("a bug of the test's"),
            _ => OK,
        }
    };
    let profile = Profile::new("Outlook")
        .store(
            Store::new("Mailbox")
                .fast_shutdown(true)
                .hook(record.hook("Mailbox")),
        )
        .store(Store::new("Archive").hook(record.hook("Archive")))
        .address_book(AddressBook::new("GAL").fast_shutdown(true).hook(fails))
        .address_book(AddressBook::new("PAB").hook(book));
    let (mapi, session) = logon(&memory(UnlessOptedOut, profile));
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
    let calls = [
        "QueryFastShutdown",
        "NotifyProcessShutdown",
        "DoFastShutdown",
    ];
    let expected: Vec<_> = calls
        .iter()
        .flat_map(|call| ["GAL", "Mailbox"].map(|name| format!("{name} {call}")))
        .collect();
    assert_eq!(record.take(), expected);
}

// F2, F3, L10: what is not logged on is not asked.
#[test]
fn a_provider_that_could_not_log_on_is_not_asked() {
    let fails = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
        other => panic!("{other:?}"),
    };
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").fast_shutdown(false).hook(fails))
        .transport(Transport::new("SMTP").fast_shutdown(false));
    let (mapi, session) = logon(&memory(IfAllOptIn, profile));
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
}

// F2, F3, L10: what has logged on is loaded to the end, also where its service has been disabled
// since.
#[test]
fn a_provider_whose_service_is_disabled_later_is_asked_and_told() {
    for opts_in in [false, true] {
        let record = Record::default();
        let mailbox = Store::new("Mailbox").fast_shutdown(opts_in);
        let noted = record.hook("XP");
        let fails = move |call| match call {
            ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
            other => noted(other),
        };
        let service = Service::new("Exchange")
            .store(mailbox.hook(record.hook("Mailbox")))
            .transport(Transport::new("XP").fast_shutdown(true).hook(fails));
        let profile = Profile::new("Outlook").service(service);
        let (mapi, session) = logon(&memory(UnlessOptedOut, profile));
        // The transport is started, fails, and takes its service with it.
        session.status_table().unwrap();
        let expected: &[&str] = match session.fast_shutdown() {
            Ok(shutdown) => {
                assert!(opts_in, "the store opts out");
                drop(shutdown.notify().unwrap().shut_down(mapi).unwrap());
                &[
                    "Mailbox QueryFastShutdown",
                    "Mailbox NotifyProcessShutdown",
                    "Mailbox DoFastShutdown",
                ]
            }
            Err(refused) => {
                assert!(!opts_in, "{}", refused.error());
                assert_eq!(refused.hresult(), NO_SUPPORT);
                logoff(refused.into_inner());
                &["Mailbox LogOff", "Mailbox Shutdown"]
            }
        };
        assert_eq!(record.take(), expected);
    }
}

// F2, F3, O6: so is a store that has been released, and logged off with that.
#[test]
fn a_store_that_was_released_is_asked_and_told() {
    for opts_in in [false, true] {
        let record = Record::default();
        let mailbox = Store::new("Mailbox").fast_shutdown(opts_in);
        let profile = Profile::new("Outlook").store(mailbox.hook(record.hook("Mailbox")));
        let memory = memory(UnlessOptedOut, profile);
        let (mapi, session) = logon(&memory);
        let mailbox = memory.entry_id("Outlook", &["Mailbox"]).unwrap();
        let store = session.open_msg_store(&mailbox, OpenStoreFlags::empty());
        drop(store.unwrap());
        assert_eq!(record.take().last().unwrap(), "Mailbox LogOff");
        let expected: &[&str] = match session.fast_shutdown() {
            Ok(shutdown) => {
                assert!(opts_in, "the store opts out");
                drop(shutdown.notify().unwrap().shut_down(mapi).unwrap());
                &[
                    "Mailbox QueryFastShutdown",
                    "Mailbox NotifyProcessShutdown",
                    "Mailbox DoFastShutdown",
                ]
            }
            Err(refused) => {
                assert!(!opts_in, "{}", refused.error());
                assert_eq!(refused.hresult(), NO_SUPPORT);
                logoff(refused.into_inner());
                &["Mailbox Shutdown"]
            }
        };
        assert_eq!(record.take(), expected);
    }
}

// ---- F4

/// What reaches a subsystem and its providers, in one row. A release is in it, as the release of a
/// session object of MAPI's would be: whether it calls is for the subsystem.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<&'static str>>>);

impl Calls {
    fn note(&self, call: &'static str) {
        self.0.lock().unwrap().push(call);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Layer for Calls {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        self.note(call.call().name());
        below(call)
    }

    fn released<R: 'static>(&self, call: &RawCall<'_>, _: &Arc<R>) {
        self.note(call.call().name());
    }
}

/// The last step, and that the provider is told.
const SHUT_DOWN: [&str; 2] = [
    "IMAPIClientShutdown::DoFastShutdown",
    "IProviderShutdown::DoFastShutdown",
];

type Recorded = Layered<Memory, Calls>;

/// A recorded subsystem, whose store's provider writes into the same record.
fn recorded() -> (Mapi<Recorded>, Memory, Calls) {
    let calls = Calls::default();
    let noted = calls.clone();
    let store = Store::new("Mailbox").fast_shutdown(true).hook(move |call| {
        noted.note(match call {
            ProviderCall::LogOff => "IMSLogon::Logoff",
            ProviderCall::Shutdown => "IMSProvider::Shutdown",
            ProviderCall::DoFastShutdown => "IProviderShutdown::DoFastShutdown",
            ProviderCall::StoreLogoff(_) => "StoreLogoffTransports",
            _ => return OK,
        });
        OK
    });
    let memory = memory(UnlessOptedOut, Profile::new("Outlook").store(store));
    let recorded = Layered::new(memory.clone(), calls.clone());
    (Mapi::initialize(recorded).unwrap(), memory, calls)
}

// F4
#[test]
fn after_the_last_step_no_call_is_made() {
    let (mapi, memory, calls) = recorded();
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let table = session.msg_stores_table().unwrap();
    let entry_id = table.rows()[0].entry_id();
    drop(
        session
            .open_msg_store(entry_id, Default::default())
            .unwrap(),
    );
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    calls.take();
    let done = shutdown.shut_down(mapi).unwrap();
    assert_eq!(calls.take(), SHUT_DOWN);
    assert_eq!(format!("{done:?}"), "FastShutdown<ShutDown>");
    drop(done);
    assert_eq!(calls.take(), ["IUnknown::Release"]);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    // The library is as it was: nobody has uninitialised it.
    memory
        .profiles()
        .profile_table(ProfileFlags::empty())
        .unwrap();
}

// F4: the counterpart, which shows that the record would have it.
#[test]
fn before_the_last_step_dropping_is_the_release_of_a_live_session() {
    type Drops = fn(Mapi<Recorded>, Session<Live, Recorded>);
    let drops: [Drops; 3] = [
        |_mapi, session| drop(session.fast_shutdown().unwrap()),
        |_mapi, session| drop(session.fast_shutdown().unwrap().notify().unwrap()),
        |_mapi, session| drop(session.fast_shutdown().unwrap().notify().unwrap().cancel()),
    ];
    for drops in drops {
        let (mapi, memory, calls) = recorded();
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        calls.take();
        drops(mapi, session);
        let mut calls = calls.take();
        calls.retain(|call| !call.starts_with("IMAPIClientShutdown"));
        assert_eq!(
            calls,
            [
                "IUnknown::Release",
                "IMSLogon::Logoff",
                "IMSProvider::Shutdown",
                "MAPIUninitialize",
            ]
        );
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
    }
}

// F4: whoever else holds the library keeps it from being shut down, and no call is made.
#[test]
fn the_last_step_is_refused_while_somebody_else_holds_the_library() {
    enum Other {
        Clone(#[expect(dead_code, reason = "it is held")] Mapi<Recorded>),
        Session(Session<Live, Recorded>),
    }
    let request = LogonRequest::new_session("Outlook");
    let others: [fn(&Mapi<Recorded>, &LogonRequest<'_>) -> Other; 2] = [
        |mapi, _| Other::Clone(mapi.clone()),
        |mapi, request| Other::Session(mapi.logon(request).unwrap()),
    ];
    for other in others {
        let (mapi, memory, calls) = recorded();
        let session = mapi.logon(&request).unwrap();
        let other = other(&mapi, &request);
        let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
        calls.take();
        let refused = shutdown.shut_down(mapi).unwrap_err();
        assert_eq!(refused.hresult(), HResult::MAPI_E_BUSY);
        assert_eq!(
            refused.error().call(),
            Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN
        );
        assert!(calls.take().is_empty(), "no call was made");

        // It can be tried again when the other is gone.
        if let Other::Session(session) = other {
            logoff(session);
        } else {
            drop(other);
        }
        calls.take();
        let (shutdown, mapi) = refused.into_inner();
        let done = shutdown.shut_down(mapi).unwrap();
        assert_eq!(calls.take(), SHUT_DOWN);
        drop(done);
        assert_eq!(calls.take(), ["IUnknown::Release"]);
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    }
}

// F4: a rest that was logged off holds the library too.
#[test]
fn a_session_that_is_logged_off_and_not_dropped_holds_the_library() {
    let (mapi, session) = logon(&outlook());
    let other = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let ended = other.logoff(LogoffFlags::empty()).unwrap();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    let refused = shutdown.shut_down(mapi).unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_BUSY);
    drop(ended);
    let (shutdown, mapi) = refused.into_inner();
    drop(shutdown.shut_down(mapi).unwrap());
}

// F4: the library of another initialisation is not consumed in its place.
#[test]
fn a_library_that_the_session_is_not_of_is_refused() {
    let (mapi, memory, calls) = recorded();
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let foreign = Mapi::initialize(Layered::new(memory.clone(), calls.clone()));
    let foreign = foreign.unwrap();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    calls.take();
    let refused = shutdown.shut_down(foreign).unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
    assert!(calls.take().is_empty(), "no call was made");
    // Everything is handed back: the foreign library, too, works.
    let again = LogonRequest::new_session("Outlook");
    let (shutdown, foreign) = refused.into_inner();
    logoff(foreign.logon(&again).unwrap());
    drop(foreign);
    calls.take();
    drop(shutdown.shut_down(mapi).unwrap());
    assert_eq!(
        calls.take(),
        [&SHUT_DOWN[..], &["IUnknown::Release"]].concat()
    );
    assert_eq!(memory.released_live(), 0);
}

// F4: `?` keeps the error; what was handed back is released as a live session.
#[test]
fn the_question_mark_keeps_the_error_of_a_refused_step() {
    fn tool(memory: &Memory) -> Result<(), mapi_session::Error> {
        let (mapi, session) = logon(memory);
        let _other = mapi.clone();
        drop(session.fast_shutdown()?.notify()?.shut_down(mapi)?);
        Ok(())
    }
    let memory = outlook();
    let error = tool(&memory).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_BUSY);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
}

// F4: an initialisation of its own, elsewhere in the process, goes on.
#[test]
fn another_initialization_goes_on() {
    let memory = outlook();
    let (mapi, session) = logon(&memory);
    let (_other, goes_on) = logon(&memory);
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
    assert_eq!(memory.open_sessions(), 1);
    goes_on.msg_stores_table().unwrap();
    logoff(goes_on);
}

// ---- what others see of it

// N2, S5: the other clients of a shared session hear of it as of a departure, and have its
// providers; the last one logs them off.
#[test]
fn other_clients_hear_of_a_departure() {
    let record = Record::default();
    let memory = memory(UnlessOptedOut, opting(&record, [Some(true); 3]));
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let session = mapi.logon(&shared).unwrap();
    let (_others, second) = {
        let others = Mapi::initialize(memory.clone()).unwrap();
        let second = others.logon(&LogonRequest::join_shared()).unwrap();
        (others, second)
    };
    let (sink, heard) = mpsc::channel::<Notification>();
    let registration = second.advise_sink(EventMask::all(), sink).unwrap();

    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    assert_eq!(heard.try_iter().count(), 0, "nobody has left yet");
    drop(shutdown.shut_down(mapi).unwrap());
    let events: Vec<_> = heard.try_iter().map(|event| event.event()).collect();
    assert_eq!(events, [EventMask::EXTENDED]);
    assert_eq!(memory.open_sessions(), 1);
    // It can still be joined.
    let third = Mapi::initialize(memory.clone()).unwrap();
    logoff(third.logon(&LogonRequest::join_shared()).unwrap());

    drop(registration);
    second.msg_stores_table().unwrap();
    record.take();
    logoff(second);
    assert_eq!(
        record.take(),
        [
            "GAL LogOff",
            "GAL Shutdown",
            "Mailbox LogOff",
            "Mailbox Shutdown"
        ]
    );
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

// N4, N7: its own sinks hear nothing of it, and are dropped.
#[test]
fn the_client_itself_hears_nothing() {
    let memory = outlook();
    memory.initialize(0, 0).unwrap();
    let session = raw(&memory, LogonRequest::new_session("Outlook").allow_others());
    let (sink, heard) = mpsc::channel::<Notification>();
    session.advise(None, EventMask::all().bits(), sink).unwrap();
    for name in ['Q', 'N', 'D'] {
        assert_eq!(step(&session, name), OK);
    }
    assert_eq!(heard.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}

// P2, L13: the session counts no more, and what waited for its end happens.
#[test]
fn the_session_and_its_profile_are_free_afterwards() {
    let memory = Memory::builder()
        .session_limit(1)
        .profile(Profile::new("Outlook").store(Store::new("Mailbox")))
        .profile(Profile::new("Other"))
        .build()
        .unwrap();
    let (mapi, session) = logon(&memory);
    let other = Mapi::initialize(memory.clone()).unwrap();
    memory
        .profiles()
        .delete_profile("Outlook", ProfileFlags::empty())
        .unwrap();
    let taken = memory.create_profile(&Profile::new("Outlook"));
    assert_eq!(taken.unwrap_err().hresult(), HResult::MAPI_E_NO_ACCESS);
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    let done = shutdown.shut_down(mapi).unwrap();
    assert_eq!(memory.open_sessions(), 0);
    memory.create_profile(&Profile::new("Outlook")).unwrap();
    logoff(other.logon(&LogonRequest::new_session("Other")).unwrap());
    drop(done);
}

// F4, E8: a DoFastShutdown that is refused has told nobody.
#[test]
fn a_refused_fast_shutdown_tells_no_provider() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&told);
    let store = Store::new("Mailbox").fast_shutdown(true).hook(move |call| {
        noted.lock().unwrap().push(call);
        HResult::S_OK
    });
    let memory = Memory::builder().profile(Profile::new("Outlook").store(store));
    let memory = memory.build().unwrap();
    let session = Arc::new(raw_logon(&memory));
    session.query_fast_shutdown().unwrap();
    session.notify_process_shutdown().unwrap();
    let other = Arc::clone(&session);
    memory.user().answer_with(move |_| {
        assert_eq!(code(other.do_fast_shutdown()), HResult::MAPI_E_BUSY);
        Answer::Cancel
    });
    let refused = session.logoff(UiParam::NONE, LogoffFlags::UI.bits(), 0);
    assert_eq!(code(refused), HResult::MAPI_E_USER_CANCEL);
    assert!(!told.lock().unwrap().contains(&ProviderCall::DoFastShutdown));
    assert_eq!(code(session.do_fast_shutdown()), HResult::S_OK);
    assert!(told.lock().unwrap().contains(&ProviderCall::DoFastShutdown));
}
