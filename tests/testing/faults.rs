//! Faults: each kind over the subsystem in memory, through the typed layer.

use std::cell::Cell;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Bomb, SOON, assert_gone, code, raw_code};
use mapi_session::error::{Call, Failure, MapiError, Warning};
use mapi_session::flags::{AddressBookFlags, InitFlags, ProfileSectionFlags, ShowFormFlags};
use mapi_session::memory::{Answer, Memory, Profile, Store};
use mapi_session::notification::CriticalError;
use mapi_session::property::{PropTag, Property};
use mapi_session::session::store::StoreLogoff;
use mapi_session::subsystem::{
    RawSession, Subsystem,
    layer::{OpenKind, RawCall},
};
use mapi_session::testing::{Faults, Recorder, Response, Unused, profiles};
use mapi_session::types::{DefaultStore, FormMessage, ObjectType};
use mapi_session::{
    Entry, EntryId, Error, EventMask, HResult, Live, LogoffError, LogoffFlags, LogonFlags,
    LogonRequest, Mapi, MapiUid, Notification, OpenEntryFlags, OpenStoreFlags, Registration,
    Session, UiParam,
};

const OUTLOOK: LogonRequest<'static> = LogonRequest::new_session("Outlook");
const BEST: OpenStoreFlags = OpenStoreFlags::BEST_ACCESS;

type Faulty = Session<Live, Faults<Memory>>;

fn memory() -> Memory {
    let work = Profile::new("Work").store(Store::new("Work Mailbox").default_store());
    Memory::builder()
        .profile(profiles::typical())
        .profile(work)
        .build()
        .unwrap()
}

fn faulty() -> (Faults<Memory>, Mapi<Faults<Memory>>) {
    let faults = Faults::new(memory());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    (faults, mapi)
}

fn id(faults: &Faults<Memory>, path: &[&str]) -> EntryId {
    faults.below().entry_id("Outlook", path).unwrap()
}

#[track_caller]
fn fails<T: Debug>(result: Result<T, Error>, hresult: HResult) {
    let error = result.unwrap_err();
    assert_eq!(error.hresult(), hresult, "{error}");
}

#[track_caller]
fn end(session: Faulty) {
    session.logoff(LogoffFlags::empty()).unwrap();
}

#[track_caller]
fn panics(what: impl FnOnce()) -> String {
    let panicked = catch_unwind(AssertUnwindSafe(what));
    *panicked.unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn a_call_fails_once() {
    let (faults, mapi) = faulty();
    faults.on(Call::LOGON_EX).fail(HResult::MAPI_E_CALL_FAILED);
    fails(mapi.logon(&OUTLOOK), HResult::MAPI_E_CALL_FAILED);
    assert_eq!(faults.below().open_sessions(), 0);
    end(mapi.logon(&OUTLOOK).unwrap());
    faults.assert_used_up();
}

#[test]
fn a_call_fails_some_times_after_some_others_and_then_succeeds() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let busy = faults
        .on(Call::SESSION_GET_MSG_STORES_TABLE)
        .after(1)
        .times(2);
    busy.fail(HResult::MAPI_E_BUSY);
    let answers: Vec<_> = (0..5).map(|_| session.msg_stores_table().is_ok()).collect();
    assert_eq!(answers, [true, false, false, true, true]);
    end(session);
    faults.assert_used_up();
}

#[test]
fn a_call_fails_always_and_others_do_not() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let network = HResult::MAPI_E_NETWORK_ERROR;
    faults
        .on(Call::SESSION_GET_STATUS_TABLE)
        .always()
        .fail(network);
    for _ in 0..10 {
        fails(session.status_table(), network);
        session.msg_stores_table().unwrap();
    }
    end(session);
    faults.assert_used_up();
}

#[test]
fn plans_for_one_call_follow_one_another() {
    let (faults, mapi) = faulty();
    let first = [HResult::MAPI_E_NETWORK_ERROR, HResult::MAPI_E_TIMEOUT];
    for hresult in first {
        faults.on(Call::LOGON_EX).fail(hresult);
    }
    let refused = HResult::MAPI_E_LOGON_FAILED;
    faults.on_any().always().fail(refused);
    for hresult in first.into_iter().chain([refused, refused]) {
        fails(mapi.logon(&OUTLOOK), hresult);
    }
    fails(Mapi::initialize(faults.clone()), refused);
}

#[test]
fn one_profile_fails_in_its_logon_and_in_its_session() {
    let (faults, mapi) = faulty();
    let failed = HResult::MAPI_E_FAILONEPROVIDER;
    let of_work = |call| faults.on(call).for_profile("Work");
    of_work(Call::LOGON_EX).after(1).fail(failed);
    of_work(Call::SESSION_GET_MSG_STORES_TABLE)
        .always()
        .fail(failed);
    let work = LogonRequest::new_session("Work");
    let (one, two) = (mapi.logon(&OUTLOOK).unwrap(), mapi.logon(&work).unwrap());
    one.msg_stores_table().unwrap();
    fails(two.msg_stores_table(), failed);
    fails(mapi.logon(&work), failed);
    end(one);
    end(two);
    faults.assert_used_up();
}

#[test]
fn one_entry_identifier_fails_where_it_is_given_and_on_what_it_opened() {
    let (faults, mapi) = faulty();
    let (mailbox, archive) = (id(&faults, &["Mailbox"]), id(&faults, &["Archive"]));
    let on = |call| faults.on(call).for_entry_id(&archive);
    on(Call::SESSION_OPEN_MSG_STORE).fail(HResult::MAPI_E_NO_ACCESS);
    on(Call::PROP_GET_PROPS).fail(HResult::MAPI_E_NETWORK_ERROR);
    let session = mapi.logon(&OUTLOOK).unwrap();
    let mailbox = session.open_msg_store(&mailbox, BEST).unwrap();
    let refused = session.open_msg_store(&archive, BEST);
    fails(refused, HResult::MAPI_E_NO_ACCESS);
    let archive = session.open_msg_store(&archive, BEST).unwrap();
    mailbox.info().unwrap();
    fails(archive.info(), HResult::MAPI_E_NETWORK_ERROR);
    archive.info().unwrap();
    drop((mailbox, archive));
    end(session);
    faults.assert_used_up();
}

#[test]
fn a_call_fails_until_another_one_succeeds() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let until_then = faults
        .on(Call::SESSION_QUERY_IDENTITY)
        .until(Call::SESSION_OPEN_ADDRESS_BOOK);
    until_then.fail(HResult::MAPI_E_NOT_INITIALIZED);
    for _ in 0..3 {
        fails(session.query_identity(), HResult::MAPI_E_NOT_INITIALIZED);
    }
    let no_dialog = AddressBookFlags::NO_DIALOG;
    drop(session.open_address_book(UiParam::NONE, no_dialog).unwrap());
    session.query_identity().unwrap();
    end(session);
    faults.assert_used_up();
}

#[test]
fn a_blocked_call_waits_until_it_is_released() {
    let (faults, mapi) = faulty();
    let blocked = faults.on(Call::LOGON_EX).block();
    thread::scope(|scope| {
        assert_eq!(blocked.reached(), 0);
        let logon = scope.spawn(|| mapi.logon(&OUTLOOK).map(end));
        assert!(blocked.wait_until_reached_within(Duration::from_secs(60)));
        blocked.wait_until_reached();
        // Time in which one that does not wait would be done.
        thread::sleep(Duration::from_millis(20));
        assert!(!logon.is_finished());
        assert_eq!(blocked.reached(), 1);
        // What is planned for another call, or for none, is not held up.
        drop(mapi.logon(&OUTLOOK).unwrap());
        blocked.release();
        logon.join().unwrap().unwrap();
    });
    faults.assert_used_up();
}

// "Lets the calls go on. Later ones do not wait": how many there might have been is nothing that is left over.
#[test]
fn a_block_that_was_reached_once_is_used_up() {
    let (faults, mapi) = faulty();
    let blocked = faults.on(Call::LOGON_EX).times(5).block();
    thread::scope(|scope| {
        let logons = [1, 2].map(|_| scope.spawn(|| mapi.logon(&OUTLOOK).map(end)));
        while blocked.reached() < 2 {
            thread::yield_now();
        }
        blocked.release();
        for logon in logons {
            logon.join().unwrap().unwrap();
        }
    });
    faults.assert_used_up();
}

// E8: a logoff that is refused below leaves the session, and what is planned for it.
#[test]
fn a_logoff_that_is_refused_below_ends_nothing() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    faults.on(Call::SESSION_LOGOFF).fail(HResult::E_FAIL);
    let refused = session.raw().logoff(UiParam::NONE, 0x8000, 0);
    assert_eq!(raw_code(refused), HResult::MAPI_E_UNKNOWN_FLAGS);
    let unused = faults.unused();
    assert_eq!(unused[0].used(), 0);
    faults.end_sessions();
    fails(session.msg_stores_table(), HResult::MAPI_E_END_OF_SESSION);
}

// E8: one that fails otherwise has ended it below, where no slot is left to keep.
#[test]
fn a_session_whose_logoff_failed_keeps_no_slot() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    faults.below().uninitialize();
    let failed = session.raw().logoff(UiParam::NONE, 0, 0);
    assert_eq!(raw_code(failed), HResult::MAPI_E_NOT_INITIALIZED);
    let kept = faults.keep_slots();
    drop(session);
    assert_eq!(kept.occupied(), 0);
}

#[test]
fn what_plans_are_made_with_shows_itself() {
    let faults = Faults::new(memory());
    assert_eq!(format!("{:?}", faults.on_any()), "OnCall");
    assert_eq!(format!("{:?}", faults.notifications()), "OnNotification");
    let blocked = faults.on(Call::LOGON_EX).block();
    assert_eq!(format!("{blocked:?}"), "Blocked { reached: 0 }");
    let late = faults.notifications().late();
    assert_eq!(late.held(), 0);
    assert_eq!(format!("{late:?}"), "LateNotifications { held: 0 }");
    assert_eq!(
        format!("{:?}", faults.keep_slots()),
        "KeptSlots { occupied: 0 }"
    );
}

#[test]
fn a_dropped_block_releases_and_a_failure_can_follow() {
    let (faults, mapi) = faulty();
    let blocked = faults.on(Call::LOGON_EX).always().block();
    let failed = HResult::MAPI_E_NETWORK_ERROR;
    faults.on(Call::LOGON_EX).always().fail(failed);
    assert!(!blocked.wait_until_reached_within(Duration::ZERO));
    thread::scope(|scope| {
        let logons = [1, 2].map(|_| scope.spawn(|| mapi.logon(&OUTLOOK)));
        assert!(blocked.wait_until_reached_within(Duration::MAX));
        drop(blocked);
        for logon in logons {
            fails(logon.join().unwrap(), failed);
        }
    });
    fails(mapi.logon(&OUTLOOK), failed);
}

#[test]
fn a_call_takes_its_time() {
    let (faults, mapi) = faulty();
    let time = Duration::from_millis(20);
    faults.on(Call::LOGON_EX).block_for(time);
    let began = Instant::now();
    end(mapi.logon(&OUTLOOK).unwrap());
    assert!(began.elapsed() >= time);
    faults.assert_used_up();
}

#[test]
fn a_call_hangs_until_the_test_loses_its_patience() {
    let (faults, mapi) = faulty();
    let patience = Duration::from_millis(5);
    faults.on(Call::SESSION_GET_MSG_STORES_TABLE).hang(patience);
    faults.on(Call::UNINITIALIZE).hang(patience);
    let session = mapi.logon(&OUTLOOK).unwrap();
    fails(session.msg_stores_table(), HResult::MAPI_E_TIMEOUT);
    session.msg_stores_table().unwrap();
    end(session);
    drop(mapi);
    assert_eq!(
        faults.hung(),
        [Call::SESSION_GET_MSG_STORES_TABLE, Call::UNINITIALIZE]
    );
    faults.assert_used_up();
}

// M2: as under MAPI_DEFERRED_ERRORS.
#[test]
fn an_opening_succeeds_and_the_first_use_fails() {
    let (faults, mapi) = faulty();
    let mailbox = id(&faults, &["Mailbox"]);
    let missing = HResult::MAPI_E_OBJECT_DELETED;
    faults
        .on(Call::SESSION_OPEN_MSG_STORE)
        .fail_at_first_use(missing);
    let session = mapi.logon(&OUTLOOK).unwrap();
    let store = session.open_msg_store(&mailbox, BEST).unwrap();
    assert_eq!(faults.unused().len(), 1, "it has not been felt yet");
    let entry = store.open_entry(&mailbox, OpenEntryFlags::empty());
    fails(entry, missing);
    fails(store.info(), missing);
    let store = store.logoff(StoreLogoff::NoWait).unwrap_err().into_inner();
    drop(session.open_msg_store(&mailbox, BEST).unwrap());
    drop(store);
    end(session);
    faults.assert_used_up();
}

// E8: also a session that fails at its first use can be logged off.
#[test]
fn a_logon_succeeds_and_the_first_use_of_its_session_fails() {
    let (faults, mapi) = faulty();
    let network = HResult::MAPI_E_NETWORK_ERROR;
    faults.on(Call::LOGON_EX).fail_at_first_use(network);
    let session = mapi.logon(&OUTLOOK).unwrap();
    fails(session.msg_stores_table(), network);
    fails(session.query_identity(), network);
    end(session);
    faults.assert_used_up();
}

#[test]
fn a_success_warns() {
    let (faults, mapi) = faulty();
    let warning = HResult::MAPI_W_ERRORS_RETURNED;
    faults.on(Call::LOGON_EX).warn(warning);
    faults.on(Call::SESSION_OPEN_MSG_STORE).warn(warning);
    faults.on(Call::SESSION_LOGOFF).warn(warning);
    let session = mapi.logon(&OUTLOOK).unwrap();
    assert_eq!(session.logon_warning().unwrap().hresult(), warning);
    assert!(format!("{session:?}").contains("MAPI_W_ERRORS_RETURNED"));
    faults.on(Call::SESSION_GET_MSG_STORES_TABLE).warn(warning);
    faults.on(Call::SESSION_GET_STATUS_TABLE).warn(warning);
    let table = session.open_msg_stores_table().unwrap();
    assert_eq!(table.open_warning().unwrap().hresult(), warning);
    drop(table);
    let table = session.open_status_table().unwrap();
    assert_eq!(table.open_warning().unwrap().hresult(), warning);
    drop(table);
    assert!(
        session
            .open_status_table()
            .unwrap()
            .open_warning()
            .is_none()
    );
    // What fails cannot warn: the next one does.
    let nowhere = EntryId::new([7; 20]);
    fails(
        session.open_msg_store(&nowhere, BEST),
        HResult::MAPI_E_NOT_FOUND,
    );
    let mailbox = id(&faults, &["Mailbox"]);
    let store = session.open_msg_store(&mailbox, BEST).unwrap();
    assert_eq!(store.open_warning().unwrap().hresult(), warning);
    drop(store);
    let ended = session.logoff(LogoffFlags::empty()).unwrap();
    assert!(format!("{ended:?}").contains("MAPI_W_ERRORS_RETURNED"));
    faults.assert_used_up();
}

/// Plans, each with what it is refused with.
macro_rules! plans {
    ($($faults:ident $(.$method:ident($($arg:expr),*))+ => $wanted:literal;)*) => {{
        let plans: &[(fn(&Faults<Memory>), &str)] = &[
            $((|$faults| _ = $faults $(.$method($($arg),*))+, $wanted)),*
        ];
        plans
    }};
}

/// Where it panics, and what it says.
fn panics_at(what: impl FnOnce()) -> (u32, String) {
    thread_local! {
        static LINE: Cell<u32> = const { Cell::new(0) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = take_hook();
        set_hook(Box::new(move |info| {
            let ours = info.location().filter(|it| it.file() == file!());
            LINE.set(ours.map_or(0, Location::line));
            others(info);
        }));
    });
    let panicked = panics(what);
    (LINE.get(), panicked)
}

/// What can never happen is refused with the line that plans it, and nothing is planned.
#[test]
fn a_plan_that_can_never_happen_is_refused_where_it_is_planned() {
    const BUSY: HResult = HResult::MAPI_E_BUSY;
    const WARNING: HResult = HResult::MAPI_W_ERRORS_RETURNED;
    let plans = plans! {
        it.on(Call::RELEASE) => "nothing can happen on IUnknown::Release";
        it.on(Call::QUERY_INTERFACE) => "nothing can happen on IUnknown::QueryInterface";
        it.on(Call::LOGON_EX).fail(HResult::S_OK) => "S_OK (0x00000000) is no failure";
        it.on_any().fail_at_first_use(HResult::S_OK) => "S_OK (0x00000000) is no failure";
        it.on(Call::UNINITIALIZE).fail(BUSY) => "MAPIUninitialize cannot fail";
        it.on(Call::LOGON_EX).warn(BUSY) => "MAPI_E_BUSY (0x8004010B) is no warning";
        it.on(Call::LOGON_EX).warn(HResult::S_OK) => "S_OK (0x00000000) is no warning";
        it.on(Call::UNINITIALIZE).warn(WARNING) => "MAPIUninitialize cannot warn";
        it.on(Call::INITIALIZE).end_session() => "MAPIInitialize is in no session";
        it.on(Call::UNINITIALIZE).end_session() => "MAPIUninitialize is in no session";
        it.on(Call::LOGON_EX).end_session() => "MAPILogonEx is in no session";
        it.on(Call::SESSION_ENUM_ADR_TYPES).fail_at_first_use(BUSY) => "IMAPISession::EnumAdrTypes opens nothing";
        it.on(Call::SESSION_ADVISE).fail_at_first_use(BUSY) => "IMAPISession::Advise opens nothing";
        it.on(Call::SESSION_QUERY_IDENTITY).with_flags(1) => "IMAPISession::QueryIdentity has no flags";
        it.on(Call::SESSION_ADVISE).with_flags(1) => "IMAPISession::Advise has no flags";
        it.on_any().until(Call::RELEASE) => "IUnknown::Release is not seen to succeed";
        it.on_any().for_profile("Nobody") => "there is no profile \"Nobody\"";
    };
    let (faults, _mapi) = faulty();
    for (plan, wanted) in plans {
        assert_eq!(panics_at(|| plan(&faults)).1, *wanted);
    }
    let ((line, _), here) = (panics_at(|| faults.on_any().fail(HResult::S_OK)), line!());
    assert_eq!(line, here);
    assert_eq!(faults.unused(), []);
    // For any call, it is for those that it can happen to.
    faults.on_any().fail_at_first_use(BUSY);
    faults.on_any().end_session();
    faults.on_any().warn(HResult::MAPI_W_ERRORS_RETURNED);
}

// A plan for any call waits for one that can fail.
#[test]
fn what_cannot_fail_uses_no_failure_up() {
    let (faults, mapi) = faulty();
    faults.on_any().fail(HResult::MAPI_E_BUSY);
    drop(mapi);
    assert_eq!(faults.unused().len(), 1);
    fails(Mapi::initialize(faults.clone()), HResult::MAPI_E_BUSY);
    faults.assert_used_up();
}

#[test]
fn a_fault_of_the_tests_own_says_what_becomes_of_a_call() {
    let network = HResult::MAPI_E_NETWORK_ERROR;
    let warning = || Warning::errors_returned("a provider failed");
    let cases: [(Response, HResult, HResult); 6] = [
        // What a call is answered, and one on what it has opened; S_OK where it opens nothing.
        (Response::go_on(), HResult::S_OK, HResult::S_OK),
        (Response::fail(network), network, HResult::S_OK),
        (Response::go_on_and_fail(network), network, HResult::S_OK),
        (
            Response::go_on_and_warn(warning()),
            HResult::MAPI_W_ERRORS_RETURNED,
            HResult::S_OK,
        ),
        (Response::fail_at_first_use(network), HResult::S_OK, network),
        (
            Response::end_session(),
            HResult::MAPI_E_END_OF_SESSION,
            HResult::S_OK,
        ),
    ];
    for (response, opened, used) in cases {
        let recorder = Recorder::new(memory());
        let faults = Faults::new(recorder.clone());
        let mailbox = recorder.below().entry_id("Outlook", &["Mailbox"]).unwrap();
        let mapi = Mapi::initialize(faults.clone()).unwrap();
        let shown = format!("{response:?}");
        let plan = faults.on(Call::SESSION_OPEN_MSG_STORE);
        plan.respond(move |call: &RawCall<'_>| {
            assert_eq!(call.profile(), Some("Outlook"));
            response.clone()
        });
        let session = mapi.logon(&OUTLOOK).unwrap();
        let answer = session.open_msg_store(&mailbox, BEST);
        let code = answer.as_ref().map_or_else(Error::hresult, |store| {
            store.open_warning().map_or(HResult::S_OK, Warning::hresult)
        });
        assert_eq!(code, opened, "{shown}");
        if let Ok(store) = answer {
            let info = store
                .info()
                .map_or_else(|error| error.hresult(), |_| HResult::S_OK);
            assert_eq!(info, used, "{shown}");
        }
        faults.assert_used_up();
        // What was opened below has been released there.
        let made = usize::from(!shown.contains("is_made: false") && !shown.contains("EndSession"));
        assert_eq!(
            recorder.count(Call::SESSION_OPEN_MSG_STORE),
            made,
            "{shown}"
        );
        assert_eq!(recorder.count(Call::RELEASE), made, "{shown}");
    }
}

// A call that is made fails as it is planned to, whatever it answered below.
#[test]
fn a_planned_failure_goes_before_that_of_the_call() {
    let (faults, mapi) = faulty();
    let network = HResult::MAPI_E_NETWORK_ERROR;
    faults
        .on(Call::SESSION_OPEN_MSG_STORE)
        .respond(move |_: &RawCall<'_>| Response::go_on_and_fail(network));
    let session = mapi.logon(&OUTLOOK).unwrap();
    // MAPI_E_UNKNOWN_FLAGS, which would refuse a logoff.
    let opened = session
        .raw()
        .open_msg_store(UiParam::NONE, None, 0x4000_0000);
    assert_eq!(opened.unwrap_err().hresult(), network);
    faults.assert_used_up();
    end(session);
}

// E8: a logoff that the test's own fault fails has ended the session, or is refused.
#[test]
fn a_fault_of_the_tests_own_keeps_the_contract_of_a_logoff() {
    for hresult in [HResult::MAPI_E_BUSY, HResult::E_FAIL] {
        for made in [false, true] {
            let (faults, mapi) = faulty();
            faults
                .on(Call::SESSION_LOGOFF)
                .respond(move |_: &RawCall<'_>| match made {
                    true => Response::go_on_and_fail(hresult),
                    false => Response::fail(hresult),
                });
            let session = mapi.logon(&OUTLOOK).unwrap();
            match session.logoff(LogoffFlags::empty()).unwrap_err() {
                LogoffError::Refused { session, .. } => {
                    assert_eq!(hresult, HResult::MAPI_E_BUSY);
                    end(session);
                }
                LogoffError::Failed { .. } => assert_eq!(hresult, HResult::E_FAIL),
            }
            assert_eq!(
                (
                    faults.below().open_sessions(),
                    faults.below().released_live()
                ),
                (0, 0)
            );
            faults.assert_used_up();
        }
    }
}

// It has no answer, and the library is uninitialised all the same.
#[test]
fn a_fault_of_the_tests_own_cannot_fail_an_uninitialize() {
    let (faults, mapi) = faulty();
    let plan = faults.on(Call::UNINITIALIZE);
    plan.respond(|_: &RawCall<'_>| Response::fail(HResult::E_FAIL));
    drop(mapi);
    let administered = raw_code(faults.below().admin_profiles(0));
    assert_eq!(administered, HResult::MAPI_E_NOT_INITIALIZED);
    faults.assert_used_up();
}

// "A panic in it goes to tracing, and the call goes on", and none goes further when it is dropped.
#[test]
fn a_fault_that_panics_costs_nothing() {
    let (faults, mapi) = faulty();
    let (first, second) = (Bomb, Bomb);
    let on = || faults.on(Call::SESSION_GET_STATUS_TABLE);
    on().respond(move |_: &RawCall<'_>| -> Response {
        let _ = &first;
        panic!("a fault of the test's")
    });
    let picked = on().matching(move |_: &RawCall<'_>| -> bool {
        let _ = &second;
        panic!("a match of the test's")
    });
    picked.fail(HResult::MAPI_E_BUSY);
    let session = mapi.logon(&OUTLOOK).unwrap();
    session.status_table().unwrap();
    let unused = faults.unused();
    assert_eq!(unused.len(), 1, "{unused:?}");
    assert_eq!(
        unused[0].plan(),
        format!(
            "{} that the test picks fails with {}",
            Call::SESSION_GET_STATUS_TABLE,
            HResult::MAPI_E_BUSY
        )
    );
    end(session);
}

#[test]
fn a_plan_is_for_the_calls_with_these_arguments() {
    let (faults, mapi) = faulty();
    let busy = HResult::MAPI_E_BUSY;
    let write = OpenStoreFlags::WRITE;
    let archive = id(&faults, &["Archive"]);
    let opening = || faults.on(Call::SESSION_OPEN_MSG_STORE).always();
    opening()
        .with_flags(write.bits())
        .for_entry_id(&archive)
        .fail(busy);
    let shared = LogonFlags::ALLOW_OTHERS.bits();
    faults
        .on_any()
        .always()
        .with_flags(shared)
        .fail(HResult::MAPI_E_LOGON_FAILED);
    let longer = |call: &RawCall<'_>| {
        call.arg("lpszAdrType")
            .is_some_and(|it| it.to_string().len() > 6)
    };
    faults
        .on_any()
        .always()
        .matching(longer)
        .fail(HResult::MAPI_E_NO_ACCESS);

    fails(
        mapi.logon(&OUTLOOK.allow_others()),
        HResult::MAPI_E_LOGON_FAILED,
    );
    let session = mapi.logon(&OUTLOOK).unwrap();
    let mailbox = id(&faults, &["Mailbox"]);
    for (entry_id, flags, fail) in [
        (&mailbox, write, false),
        (&archive, write, true),
        (&archive, write | OpenStoreFlags::NO_DIALOG, true),
        (&archive, OpenStoreFlags::NO_DIALOG, false),
    ] {
        let opened = session.open_msg_store(entry_id, flags);
        assert_eq!(
            opened.is_err_and(|error| error.hresult() == busy),
            fail,
            "{flags:?}"
        );
    }
    let options = |address_type| session.query_default_message_opt(address_type).unwrap_err();
    assert_eq!(options("SMTP").hresult(), HResult::MAPI_E_NO_SUPPORT);
    assert_eq!(options("X500:EX").hresult(), HResult::MAPI_E_NO_ACCESS);
    end(session);
    faults.assert_used_up();
}

// E8
#[test]
fn a_refused_logoff_leaves_the_session_and_a_failed_one_ends_it() {
    for hresult in [
        HResult::MAPI_E_UNKNOWN_FLAGS,
        HResult::MAPI_E_INVALID_PARAMETER,
        HResult::MAPI_E_USER_CANCEL,
        HResult::MAPI_E_BUSY,
    ] {
        let (faults, mapi) = faulty();
        faults.on(Call::SESSION_LOGOFF).fail(hresult);
        let session = mapi.logon(&OUTLOOK).unwrap();
        let refused = session.logoff(LogoffFlags::empty()).unwrap_err();
        assert_eq!(refused.hresult(), hresult);
        let LogoffError::Refused { session, .. } = refused else {
            unreachable!("{hresult} refuses");
        };
        session.msg_stores_table().unwrap();
        end(session);
        faults.assert_used_up();
    }
    for hresult in [HResult::MAPI_E_CALL_FAILED, HResult::MAPI_E_NETWORK_ERROR] {
        let (faults, mapi) = faulty();
        faults.on(Call::SESSION_LOGOFF).fail(hresult);
        let session = mapi.logon(&OUTLOOK).unwrap();
        let failed = session.logoff(LogoffFlags::empty()).unwrap_err();
        assert_eq!(failed.hresult(), hresult);
        assert!(matches!(failed, LogoffError::Failed { .. }));
        assert_eq!(faults.below().open_sessions(), 0, "it has ended below");
        drop(failed);
        assert_eq!(faults.below().released_live(), 0);
        faults.assert_used_up();
    }
}

// E7, E8
#[test]
fn what_is_refused_below_is_the_answer_and_the_plan_waits() {
    let (faults, mapi) = faulty();
    faults
        .on(Call::SESSION_LOGOFF)
        .fail(HResult::MAPI_E_CALL_FAILED);
    faults.below().user().answer(Answer::Cancel);
    let session = mapi.logon(&OUTLOOK).unwrap();
    let Err(LogoffError::Refused { session, error }) = session.logoff(LogoffFlags::UI) else {
        unreachable!("the user cancels");
    };
    assert_eq!(error.hresult(), HResult::MAPI_E_USER_CANCEL);
    let failed = session.logoff(LogoffFlags::empty()).unwrap_err();
    assert_eq!(failed.hresult(), HResult::MAPI_E_CALL_FAILED);
    faults.assert_used_up();
}

#[test]
fn a_session_ends_under_its_clients_feet_until_it_logs_on_again() {
    let (faults, mapi) = faulty();
    let lost = HResult::MAPI_E_END_OF_SESSION;
    let mailbox = id(&faults, &["Mailbox"]);
    let session = mapi.logon(&OUTLOOK).unwrap();
    let (sender, told) = mpsc::channel();
    let registration = session.advise_sink(EventMask::EXTENDED, sender).unwrap();
    let store = session.open_msg_store(&mailbox, BEST).unwrap();
    faults.end_sessions();
    fails(session.msg_stores_table(), lost);
    fails(session.open_msg_store(&mailbox, BEST), lost);
    fails(store.info(), lost);
    faults.below().notify(None, critical_error());
    assert_eq!(told.try_iter().count(), 0);

    let again = mapi.logon(&OUTLOOK).unwrap();
    again
        .open_msg_store(&mailbox, BEST)
        .unwrap()
        .info()
        .unwrap();
    end(again);
    drop((store, registration));
    let failed = session.logoff(LogoffFlags::empty()).unwrap_err();
    assert!(matches!(failed, LogoffError::Failed { .. }));
    assert_eq!(failed.hresult(), lost);
    drop(failed);
    assert_eq!(faults.below().open_sessions(), 0);
    faults.assert_used_up();
}

#[test]
fn a_session_ends_in_the_middle_of_its_use() {
    let (faults, mapi) = faulty();
    let lost = HResult::MAPI_E_END_OF_SESSION;
    faults
        .on(Call::SESSION_QUERY_IDENTITY)
        .after(1)
        .end_session();
    let (one, other) = (mapi.logon(&OUTLOOK).unwrap(), mapi.logon(&OUTLOOK).unwrap());
    one.query_identity().unwrap();
    fails(one.query_identity(), lost);
    fails(one.msg_stores_table(), lost);
    other.query_identity().unwrap();
    end(other);
    drop(one);
    assert_eq!(faults.below().open_sessions(), 0);
    faults.assert_used_up();
}

#[test]
fn a_slot_stays_taken_after_the_release() {
    let limited = Memory::builder()
        .profile(profiles::typical())
        .session_limit(2)
        .build();
    let faults = Faults::new(limited.unwrap());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let kept = faults.keep_slots();
    end(mapi.logon(&OUTLOOK).unwrap());
    drop(mapi.logon(&OUTLOOK).unwrap());
    assert_eq!(kept.occupied(), 2);
    fails(mapi.logon(&OUTLOOK), HResult::MAPI_E_LOGON_FAILED);
    drop(kept);
    assert_eq!(faults.below().open_sessions(), 0);
    assert_eq!(faults.below().released_live(), 0, "those are logged off");
    end(mapi.logon(&OUTLOOK).unwrap());
    faults.assert_used_up();
}

// E1, E6: also a logoff that does not reach the subsystem below.
#[test]
fn a_kept_session_has_ended_for_its_client() {
    let faults = Faults::new(memory());
    faults.initialize(0, 0).unwrap();
    let flags = LogonFlags::NEW_SESSION.bits();
    let kept = faults.keep_slots();
    let logon = || faults.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    let (one, two) = (logon().unwrap(), logon().unwrap());
    let (one, two) = (one.ignore_warning(), two.ignore_warning());
    let (sender, told) = mpsc::channel();
    one.advise(None, EventMask::EXTENDED.bits(), sender)
        .unwrap();
    for (flags, reserved, hresult) in [
        (0x8000_0000, 0, HResult::MAPI_E_UNKNOWN_FLAGS),
        (0, 1, HResult::MAPI_E_INVALID_PARAMETER),
    ] {
        let refused = one.logoff(UiParam::NONE, flags, reserved).unwrap_err();
        assert_eq!(refused.hresult(), hresult);
        one.msg_stores_table(0).unwrap();
    }
    one.logoff(UiParam::NONE, 0, 0).unwrap();
    let invalid = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(one.msg_stores_table(0).unwrap_err().hresult(), invalid);
    let again = one.logoff(UiParam::NONE, 0, 0).unwrap_err();
    assert_eq!(again.hresult(), invalid);
    faults.below().notify(None, critical_error());
    assert_eq!(told.try_iter().count(), 0);

    // Logged off while slots are kept, released when none are: it ends with its release.
    drop(kept);
    assert_eq!(faults.below().open_sessions(), 2);
    drop(one);
    assert_eq!(faults.below().open_sessions(), 1);
    assert_eq!(faults.below().released_live(), 0);
    two.logoff(UiParam::NONE, 0, 0).unwrap();

    // One that has ended below has no slot to keep.
    let kept = faults.keep_slots();
    drop(two);
    assert_eq!(kept.occupied(), 0);
}

// E6
#[test]
fn a_logoff_that_is_refused_while_slots_are_kept_quotes_what_is_wrong() {
    let (faults, mapi) = faulty();
    let refused =
        |session: Faulty, flags, reserved| match session.logoff_raw(UiParam::NONE, flags, reserved)
        {
            Err(LogoffError::Refused { session, error }) => (session, error.to_string()),
            other => unreachable!("{other:?}"),
        };
    let mut session = mapi.logon(&OUTLOOK).unwrap();
    for (flags, reserved) in [(0x4000, 0), (0x8001, 7), (0, 7)] {
        let (live, below) = refused(session, flags, reserved);
        let _kept = faults.keep_slots();
        let (live, kept) = refused(live, flags, reserved);
        assert_eq!(kept, below);
        session = live;
    }
    end(session);
}

// F4
#[test]
fn a_session_that_is_shut_down_fast_keeps_no_slot_and_is_not_logged_off() {
    let recorder = Recorder::new(memory());
    let faults = Faults::new(recorder.clone());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let kept = faults.keep_slots();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
    assert_eq!(kept.occupied(), 0);
    drop(kept);
    assert_eq!(
        recorder.last(Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN),
        recorder.calls().pop()
    );
    recorder.assert_clean();
    assert_eq!(recorder.below().open_sessions(), 0);
    assert_eq!(recorder.below().released_live(), 0);
}

fn critical_error() -> Notification {
    Notification::CriticalError(CriticalError::new(HResult::MAPI_E_END_OF_SESSION))
}

// N8
#[test]
fn a_notification_arrives_late_also_after_unadvise() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK.allow_others()).unwrap();
    let (sender, told) = mpsc::channel();
    let registration = session.advise_sink(EventMask::EXTENDED, sender).unwrap();
    let late = faults.notifications().of(EventMask::EXTENDED).late();
    drop(mapi.logon(&LogonRequest::join_shared()).unwrap());
    faults.below().notify(None, critical_error());
    assert_eq!(
        told.recv_timeout(SOON).unwrap(),
        critical_error(),
        "that one is not held"
    );
    assert_eq!(late.held(), 1);
    drop(registration);
    late.deliver();
    assert!(matches!(
        told.recv_timeout(SOON).unwrap(),
        Notification::Extended(_)
    ));
    assert_gone(&told);
    end(session);
    faults.assert_used_up();
}

#[test]
fn a_late_notification_does_not_overtake_and_a_panic_costs_one() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let (sender, told) = mpsc::channel();
    let memory = faults.below().clone();
    let sink = move |event: &Notification| {
        sender.send(event.clone()).unwrap();
        match event {
            // While the late ones are delivered, there is a new one.
            Notification::CriticalError(error) if error.hresult() == HResult::E_FAIL => {
                memory.notify(None, critical_error());
                panic!("a sink of the test's");
            }
            _ => {}
        }
    };
    let registration = session.advise(EventMask::EXTENDED, sink).unwrap();
    let late = faults.notifications().late();
    let first = Notification::CriticalError(CriticalError::new(HResult::E_FAIL));
    faults.below().notify(None, first.clone());
    faults.below().notify(None, critical_error());
    assert_eq!(told.try_iter().count(), 0);
    drop(late);
    let events: Vec<_> = told.try_iter().collect();
    assert_eq!(events, [first, critical_error(), critical_error()]);
    faults.below().notify(None, critical_error());
    assert_eq!(
        told.try_iter().count(),
        1,
        "and then they are in time again"
    );
    drop(registration);
    end(session);
}

#[test]
fn a_notification_never_arrives() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let (sender, told) = mpsc::channel();
    let registration = session
        .advise_sink(EventMask::CRITICAL_ERROR, sender)
        .unwrap();
    faults.notifications().times(2).never();
    for _ in 0..3 {
        faults.below().notify(None, critical_error());
    }
    assert_eq!(told.try_iter().count(), 1);
    drop(registration);
    end(session);
    faults.assert_used_up();
}

// "Nothing panics": the sink of an Advise that does not reach the subsystem, and one that it lets go.
#[test]
fn a_sink_that_panics_when_it_is_dropped_costs_nothing() {
    fn advise_in_vain<B: Subsystem>(subsystem: B, faults: &Faults<impl Subsystem>) {
        let busy = HResult::MAPI_E_BUSY;
        faults.on(Call::SESSION_ADVISE).fail(busy);
        faults.on(Call::SESSION_UNADVISE).fail(busy);
        let mapi = Mapi::initialize(subsystem).unwrap();
        let session = mapi.logon(&OUTLOOK).unwrap();
        fails(session.advise_sink(EventMask::EXTENDED, Bomb), busy);
        drop(session.advise_sink(EventMask::EXTENDED, Bomb).unwrap());
        session.logoff(LogoffFlags::empty()).unwrap();
        faults.assert_used_up();
    }
    let faults = Faults::new(memory());
    advise_in_vain(faults.clone(), &faults);
    let recorder = Recorder::new(faults);
    advise_in_vain(recorder.clone(), recorder.below());
    let faults = Faults::new(Recorder::new(memory()));
    advise_in_vain(faults.clone(), &faults);
}

#[test]
fn what_was_not_used_up_is_told_with_where_it_was_planned() {
    let (faults, mapi) = faulty();
    faults.assert_used_up();
    let line = line!() + 1;
    faults.on(Call::LOGON_EX).times(2).fail(HResult::E_FAIL);
    faults
        .on(Call::LOGON_EX)
        .for_profile("Work")
        .always()
        .fail(HResult::E_FAIL);
    faults
        .on_any()
        .until(Call::SESSION_LOGOFF)
        .hang(Duration::ZERO);
    let late = faults.notifications().late();
    let kept = faults.keep_slots();
    faults.end_sessions();
    mapi.logon(&OUTLOOK).unwrap_err();

    let unused = faults.unused();
    assert_eq!(unused[0].place().line(), line);
    let places: Vec<_> = unused.iter().map(Unused::place).collect();
    assert!(places.iter().all(|place| place.file() == file!()));
    assert!(places.is_sorted_by_key(|place| place.line()));
    let plans: Vec<_> = unused.iter().map(Unused::plan).collect();
    assert_eq!(
        plans,
        [
            "MAPILogonEx fails with MAPI_E_CALL_FAILED (0x80004005), 2 times",
            "MAPILogonEx for the profile \"Work\" fails with MAPI_E_CALL_FAILED (0x80004005), always",
            "any call hangs, until IMAPISession::Logoff",
            "notifications arrive late",
            "sessions are kept",
            "all sessions have ended",
        ]
    );
    assert!(
        unused[2]
            .to_string()
            .contains("; has not happened; planned at tests")
    );
    let text = panics(|| faults.assert_used_up());
    assert!(
        text.contains("2 times; has happened once; planned at tests"),
        "{text}"
    );
    drop((late, kept));
}

// "What was planned and has not happened, or not as often as planned."
#[test]
fn what_is_planned_is_told_as_it_was_planned_however_often_it_is_felt() {
    let (faults, mapi) = faulty();
    let mailbox = id(&faults, &["Mailbox"]);
    let network = HResult::MAPI_E_NETWORK_ERROR;
    let opening = |times| faults.on(Call::SESSION_OPEN_MSG_STORE).times(times);
    opening(3).fail_at_first_use(network);
    faults
        .on(Call::SESSION_GET_STATUS_TABLE)
        .times(2)
        .end_session();
    let plans = || {
        let unused = faults.unused().into_iter();
        unused
            .map(|one| (one.plan().to_owned(), one.used()))
            .collect::<Vec<_>>()
    };
    let broken = format!(
        "IMAPISession::OpenMsgStore succeeds, and its first use fails with {network}, 3 times"
    );
    let lost = "IMAPISession::GetStatusTable ends its session, 2 times".to_string();

    let session = mapi.logon(&OUTLOOK).unwrap();
    let store = session.open_msg_store(&mailbox, BEST).unwrap();
    for _ in 0..5 {
        fails(store.info(), network);
    }
    assert_eq!(plans(), [(broken.clone(), 1), (lost.clone(), 0)]);

    // Each opening is to be felt.
    let others = [(); 2].map(|()| session.open_msg_store(&mailbox, BEST).unwrap());
    fails(others[0].info(), network);
    assert_eq!(plans(), [(broken, 2), (lost.clone(), 0)]);
    fails(others[1].info(), network);
    assert_eq!(plans(), [(lost.clone(), 0)]);
    drop((store, others));

    for _ in 0..5 {
        fails(session.status_table(), HResult::MAPI_E_END_OF_SESSION);
    }
    assert_eq!(plans(), [(lost, 1)]);
    drop(session);
    let session = mapi.logon(&OUTLOOK).unwrap();
    session.status_table().unwrap_err();
    faults.assert_used_up();
    drop(session);

    opening(usize::MAX).fail_at_first_use(network);
    let session = mapi.logon(&OUTLOOK).unwrap();
    let store = session.open_msg_store(&mailbox, BEST).unwrap();
    for _ in 0..3 {
        fails(store.info(), network);
    }
    let text = faults.unused()[0].to_string();
    let times = format!("{} times; has happened once", usize::MAX);
    assert!(text.contains(&times), "{text}");
}

#[test]
fn the_plan_is_shared_by_all_clones_and_its_parts_go_between_threads() {
    fn is_free_threaded<T: Send + Sync>(_: &T) {}
    let (faults, mapi) = faulty();
    is_free_threaded(&faults);
    is_free_threaded(&faults.keep_slots());
    is_free_threaded(&faults.notifications().late());
    is_free_threaded(&faults.on(Call::LOGON_EX).block());
    let other = faults.clone();
    other.on(Call::LOGON_EX).fail(HResult::MAPI_E_BUSY);
    let session = mapi.logon(&OUTLOOK);
    fails(session, HResult::MAPI_E_BUSY);
    let session = mapi.logon(&OUTLOOK).unwrap();
    is_free_threaded(&session);
    thread::scope(|scope| {
        scope.spawn(|| session.msg_stores_table().unwrap());
    });
    end(session);
}

#[test]
fn a_sink_a_provider_a_dialog_and_a_fault_can_use_the_plan() {
    let plan: Arc<OnceLock<Faults<Memory>>> = Arc::default();
    let used = Arc::new(AtomicUsize::new(0));
    let use_it = {
        let (plan, used) = (Arc::clone(&plan), Arc::clone(&used));
        move || {
            let faults = plan.get().unwrap();
            faults.on(Call::SESSION_ENUM_ADR_TYPES).block().release();
            faults.end_sessions();
            drop((faults.keep_slots(), faults.notifications().late()));
            let _ = (faults.unused(), faults.hung());
            used.fetch_add(1, Ordering::Relaxed);
        }
    };
    let (in_hook, in_dialog, in_fault) = (use_it.clone(), use_it.clone(), use_it.clone());
    let (in_match, in_sink) = (use_it.clone(), use_it);
    let store = Store::new("Mailbox").hook(move |_| {
        in_hook();
        HResult::S_OK
    });
    let profile = Profile::new("Hooked").store(store).default_profile();
    let memory = Memory::builder().profile(profile).build().unwrap();
    memory.user().answer_with(move |_| {
        in_dialog();
        Answer::Pick("Hooked".into())
    });
    plan.set(Faults::new(memory)).unwrap();
    let faults = plan.get().unwrap();
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let logon = faults.on(Call::LOGON_EX).matching(move |_: &RawCall<'_>| {
        in_match();
        true
    });
    logon.respond(move |_: &RawCall<'_>| {
        in_fault();
        Response::go_on()
    });
    let session = mapi.logon(&LogonRequest::ask_user(UiParam::NONE)).unwrap();
    assert_eq!(used.load(Ordering::Relaxed), 4, "each of them but the sink");
    let sink = move |_: &Notification| in_sink();
    let registration = session.advise(EventMask::EXTENDED, sink).unwrap();
    let late = faults.notifications().times(1).late();
    faults.below().notify(None, critical_error());
    late.deliver();
    assert_eq!(used.load(Ordering::Relaxed), 5);
    drop(registration);
    drop(session.logoff(LogoffFlags::empty()).unwrap_err());
    assert!(used.load(Ordering::Relaxed) > 5, "the hook at the logoff");
}

// Under load: threads that log on while others plan, block and release.
#[test]
fn plans_change_while_threads_log_on() {
    let (faults, mapi) = faulty();
    let failed = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    match mapi.logon(&OUTLOOK) {
                        Ok(session) => drop(session.logoff(LogoffFlags::empty())),
                        Err(_) => _ = failed.fetch_add(1, Ordering::Relaxed),
                    }
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..50 {
                faults.on(Call::LOGON_EX).fail(HResult::MAPI_E_BUSY);
                faults.on(Call::SESSION_LOGOFF).fail(HResult::E_FAIL);
                drop(faults.on_any().times(3).block());
                drop(faults.keep_slots());
                drop(faults.notifications().late());
            }
        });
    });
    // What is left of the plan.
    while faults
        .unused()
        .iter()
        .any(|unused| unused.plan().starts_with("MAPILogonEx"))
    {
        fails(mapi.logon(&OUTLOOK), HResult::MAPI_E_BUSY);
        failed.fetch_add(1, Ordering::Relaxed);
    }
    assert_eq!(failed.load(Ordering::Relaxed), 50);
    assert_eq!(faults.below().open_sessions(), 0);
    assert_eq!(faults.below().released_live(), 0);
}

/// Every call of a session, and what it gave.
fn all_calls<B: Subsystem>(subsystem: B, memory: &Memory) -> Vec<String> {
    let mut log = Vec::new();
    let mut note = |given: &dyn Debug| log.push(format!("{given:?}"));
    memory.user().answer(Answer::Accept);
    let mapi = Mapi::initialize(subsystem).unwrap();
    note(&mapi.logon(&LogonRequest::new_session("Nobody")));
    let session = mapi.logon(&OUTLOOK.allow_others()).unwrap();
    let joined = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let (sender, told) = mpsc::channel();
    let registration = session.advise_sink(EventMask::all(), sender.clone());
    let path = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    let (mailbox, archive) = (path(&["Mailbox"]), path(&["Archive"]));
    let of_object = Registration::advise(&session, Some(&mailbox), EventMask::all(), sender);
    note(&(&registration, &of_object));
    note(&session.msg_stores_table());
    note(&session.status_table());
    note(&session.enum_adr_types());
    note(&session.query_identity());
    note(&session.compare_entry_ids(&mailbox, &archive));
    note(&session.set_default_store(DefaultStore::Default, Some(&archive)));
    note(&session.set_default_store(DefaultStore::SimpleTemporary, Some(&mailbox)));
    note(&session.last_error(HResult::MAPI_E_NO_SUPPORT));
    note(&session.query_default_message_opt("SMTP"));

    let book = session.open_address_book(UiParam::NONE, AddressBookFlags::NO_DIALOG);
    note(&book.unwrap().info());
    let (uid, modify) = (MapiUid::new([7; 16]), ProfileSectionFlags::MODIFY);
    let section = session.open_profile_section(uid, modify).unwrap();
    let property = Property::new(PropTag::new(0x6600_0003), 5);
    note(&section.set_props(&[property]));
    note(&(section.all_props(), section.prop_list()));
    let admin = session.admin_services().unwrap();
    note(&admin.msg_service_table());
    note(&admin.create_msg_service("Nothing", "Nothing"));
    note(&admin.delete_msg_service(uid));
    note(&admin.set_primary_identity(None));

    let store = session.open_msg_store(&mailbox, BEST).unwrap();
    note(&(store.info(), store.support_mask(), store.is_writable()));
    let entry = |names: &[&str], flags| match session.open_entry(&path(names), flags) {
        Ok(Entry::Message(message)) => message,
        other => unreachable!("{other:?}"),
    };
    let folder = store.open_entry(&path(&["Mailbox", "Inbox"]), OpenEntryFlags::empty());
    let folder = folder.unwrap().into_folder().unwrap();
    note(&folder.info());
    let message = entry(&["Mailbox", "Inbox", "Welcome"], OpenEntryFlags::empty());
    note(&session.message_options(UiParam::NONE, "SMTP", &message));
    let form = session.prepare_form(message).unwrap();
    let shown = FormMessage::new("IPM.Note");
    let post = ShowFormFlags::POST_MESSAGE;
    note(&form.show_form(UiParam::NONE, &store, &folder, post, &shown));
    let reply = entry(&["Mailbox", "Outbox", "Reply"], OpenEntryFlags::MODIFY);
    note(&reply.submit());
    note(&store.logoff(StoreLogoff::NoWait));
    note(&memory.outgoing(&mailbox));
    memory.let_time_pass();
    note(&session.open_msg_store(&archive, OpenStoreFlags::WRITE));

    drop((section, admin, folder));
    note(&joined.logoff(LogoffFlags::SHARED));
    drop((registration, of_object));
    note(&told.try_iter().collect::<Vec<_>>());
    note(&session.logoff_raw(UiParam::NONE, 0, 1));
    let session = mapi.logon(&OUTLOOK).unwrap();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    note(&shutdown.shut_down(mapi));
    note(&(memory.open_sessions(), memory.released_live()));
    log
}

#[test]
fn without_a_plan_nothing_is_different() {
    let plain = memory();
    let wanted = all_calls(plain.clone(), &plain);

    let faults = Faults::new(memory());
    let below = faults.below().clone();
    assert_eq!(all_calls(faults.clone(), &below), wanted);

    let recorder = Recorder::new(Faults::new(memory()));
    let below = recorder.below().below().clone();
    assert_eq!(all_calls(recorder.clone(), &below), wanted);

    let faults = Faults::new(Recorder::new(memory()));
    let below = faults.below().below().clone();
    assert_eq!(all_calls(faults, &below), wanted);
}

#[test]
fn each_ready_made_profile_is_what_it_says() {
    let memory = Memory::builder()
        .profile(profiles::empty())
        .profile(profiles::typical())
        .profile(profiles::broken())
        .profile(profiles::service())
        .build();
    let mapi = Mapi::initialize(memory.unwrap()).unwrap();
    let stores = |session: &Session<Live, Memory>| {
        let table = session.msg_stores_table().unwrap();
        let rows = table.rows().iter();
        rows.map(|row| (row.display_name().to_string(), row.is_default()))
            .collect::<Vec<_>>()
    };
    let named = |names: &[(&str, bool)]| {
        let names = names.iter();
        names
            .map(|(name, default)| ((*name).to_string(), *default))
            .collect::<Vec<_>>()
    };
    let identity = |session: &Session<Live, Memory>| {
        let (entry_id, warning) = session.query_identity().unwrap().into_parts();
        let user = session.open_entry(&entry_id, OpenEntryFlags::empty());
        match warning {
            Some(_) => None,
            None => Some(
                user.unwrap()
                    .into_object()
                    .unwrap()
                    .info()
                    .unwrap()
                    .display_name()
                    .to_owned(),
            ),
        }
    };

    let session = mapi.logon(&LogonRequest::new_session("Empty")).unwrap();
    assert_eq!(stores(&session), []);
    assert_eq!(identity(&session), None);
    assert!(session.enum_adr_types().unwrap().is_empty());
    session.logoff(LogoffFlags::empty()).unwrap();

    let session = mapi.logon(&LogonRequest::default_profile()).unwrap();
    assert_eq!(
        stores(&session),
        named(&[("Mailbox", true), ("Archive", false)])
    );
    assert_eq!(identity(&session).as_deref(), Some("Ana Trujillo"));
    assert_eq!(session.enum_adr_types().unwrap(), ["SMTP"]);
    session.logoff(LogoffFlags::empty()).unwrap();

    let session = mapi.logon(&LogonRequest::new_session("Broken")).unwrap();
    assert_eq!(identity(&session), None);
    assert!(session.enum_adr_types().unwrap().is_empty());
    let table = session.msg_stores_table().unwrap();
    let opened = table.rows().iter().map(|row| {
        let flags = OpenStoreFlags::NO_DIALOG;
        let opened = session.open_msg_store(row.entry_id(), flags);
        let opened = opened.map_or_else(|error| error.hresult(), |_| HResult::S_OK);
        (row.display_name(), opened)
    });
    assert_eq!(
        opened.collect::<Vec<_>>(),
        [
            ("Local Folders", HResult::S_OK),
            ("Unconfigured", HResult::MAPI_E_LOGON_FAILED),
            ("Damaged", HResult::MAPI_E_CORRUPT_STORE),
            ("Server Mailbox", HResult::MAPI_E_LOGON_FAILED),
        ]
    );
    session.logoff(LogoffFlags::empty()).unwrap();

    let memory = Memory::builder().profile(profiles::service());
    let mapi = Mapi::initialize_with(memory.build().unwrap(), InitFlags::NT_SERVICE).unwrap();
    let request = LogonRequest::new_session("Service").service();
    let session = mapi.logon(&request).unwrap();
    assert_eq!(stores(&session), named(&[("Service Mailbox", true)]));
    assert_eq!(identity(&session).as_deref(), Some("Mail Service"));
    assert!(session.enum_adr_types().unwrap().is_empty());
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(mapi.subsystem().user().dialogs(), []);
}

/// What MAPIERROR can hold.
fn described() -> MapiError {
    MapiError::new("Network problems are preventing connection.")
        .with_component("EMSMDB")
        .with_low_level_error(0x6BA)
        .with_context(0x2C9)
}

// M16: by the object that failed, and by no other.
#[test]
fn get_last_error_of_the_object_that_failed_tells_a_planned_failure() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let row = session.msg_stores_table().unwrap().rows()[0].clone();
    let open = || {
        session
            .open_msg_store(row.entry_id(), OpenStoreFlags::empty())
            .unwrap()
    };
    let (store, other) = (open(), open());
    let network = HResult::MAPI_E_NETWORK_ERROR;
    let planned = Failure::new(network).with_mapi_error(described());
    faults.on(Call::STORE_OPEN_ENTRY).fail_with(planned.clone());
    let error = store
        .open_entry(row.entry_id(), OpenEntryFlags::empty())
        .unwrap_err();
    assert_eq!(error.hresult(), network);
    assert_eq!(error.reason(), Some(described().error()));
    for _ in 0..2 {
        assert_eq!(store.last_error(network).unwrap(), Some(described()));
    }
    assert_eq!(store.last_error(HResult::MAPI_E_BUSY).unwrap(), None);
    assert_eq!(other.last_error(network).unwrap(), None);
    assert_eq!(session.last_error(network).unwrap(), None);

    // Without a description it is one of ours. It is known until something else goes wrong.
    faults.on(Call::SESSION_GET_STATUS_TABLE).fail(network);
    session.status_table().unwrap_err();
    let known = session.last_error(network).unwrap().unwrap();
    assert_eq!(known.component(), "mapi-session");
    assert!(known.error().contains("planned"), "{known:?}");
    session.msg_stores_table().unwrap();
    assert!(session.last_error(network).unwrap().is_some());
    let unknown = EntryId::new([7; 24]);
    let error = session
        .open_entry(&unknown, OpenEntryFlags::empty())
        .unwrap_err();
    assert_eq!(session.last_error(network).unwrap(), None);
    assert!(session.last_error(error.hresult()).unwrap().is_some());

    // So is a warning, and then a failure from below.
    faults
        .on(Call::SESSION_OPEN_MSG_STORE)
        .warn(HResult::MAPI_W_ERRORS_RETURNED);
    drop(open());
    let warned = session.last_error(HResult::MAPI_W_ERRORS_RETURNED);
    assert!(warned.unwrap().is_some());
    drop((store, other));
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();
}

// M16: the flags are checked as without a plan; and an object that fails at each use tells why.
#[test]
fn get_last_error_of_what_fails_at_its_first_use_tells_why() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let row = session.msg_stores_table().unwrap().rows()[0].clone();
    let corrupt = HResult::MAPI_E_CORRUPT_STORE;
    faults
        .on(Call::SESSION_OPEN_MSG_STORE)
        .fail_at_first_use(corrupt);
    let store = session
        .open_msg_store(row.entry_id(), OpenStoreFlags::empty())
        .unwrap();
    // Not a use.
    assert!(store.last_error(corrupt).unwrap().is_some());
    assert_eq!(faults.unused().len(), 1);
    assert_eq!(code(store.info()), corrupt);
    assert!(store.last_error(corrupt).unwrap().is_some());
    assert_eq!(store.last_error(HResult::MAPI_E_BUSY).unwrap(), None);
    drop(store);
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();
}

// A store that fails only with MDB_ONLINE, and then only for the first.
#[test]
fn a_store_that_fails_online_only_is_planned_by_its_flags() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let row = session.msg_stores_table().unwrap().rows()[0].clone();
    let online = OpenStoreFlags::ONLINE.bits();
    faults
        .on(Call::SESSION_OPEN_MSG_STORE)
        .matching(move |call: &RawCall<'_>| call.flags().is_some_and(|flags| flags & online != 0))
        .always()
        .fail(HResult::MAPI_E_FAILONEPROVIDER);
    for (flags, expected) in [
        (OpenStoreFlags::empty(), HResult::S_OK),
        (OpenStoreFlags::ONLINE, HResult::MAPI_E_FAILONEPROVIDER),
        (OpenStoreFlags::BEST_ACCESS, HResult::S_OK),
        (
            OpenStoreFlags::ONLINE | OpenStoreFlags::WRITE,
            HResult::MAPI_E_FAILONEPROVIDER,
        ),
    ] {
        let opened = session.open_msg_store(row.entry_id(), flags);
        assert_eq!(code(opened), expected, "{flags:?}");
    }
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();
}

// A limit of the server's, which a program passes that gives all back in the end; M16.
#[test]
fn a_session_can_have_a_limit_on_what_is_open_at_once() {
    let (faults, mapi) = faulty();
    let path = ["Mailbox", "Inbox"];
    let inbox = id(&faults, &path);
    let folders = OpenKind::EntryObject(ObjectType::FOLDER);
    let failed = HResult::MAPI_E_CALL_FAILED;
    let session = mapi.logon(&OUTLOOK).unwrap();
    let open = |session: &'_ Faulty| {
        let opened = session.open_entry(&inbox, OpenEntryFlags::empty());
        opened.map(|it| it.into_folder().unwrap().info().unwrap())
    };
    // One that is open already counts.
    let first = session.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    let failure = Failure::new(failed).with_mapi_error(described());
    faults.limit_open(folders, 2, failure);
    let second = session.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    for _ in 0..3 {
        fails(open(&session), failed);
        assert_eq!(session.last_error(failed).unwrap(), Some(described()));
    }
    // Another kind, and another session, have their own.
    let mailbox = id(&faults, &path[..1]);
    let store = session
        .open_msg_store(&mailbox, OpenStoreFlags::empty())
        .unwrap();
    fails(store.open_entry(&inbox, OpenEntryFlags::empty()), failed);
    let other = mapi.logon(&OUTLOOK).unwrap();
    open(&other).unwrap();
    drop(first);
    for _ in 0..3 {
        open(&session).unwrap();
    }
    // The last limit of a kind is the one.
    faults.limit_open(folders, 1, HResult::MAPI_E_BUSY);
    fails(open(&session), HResult::MAPI_E_BUSY);
    drop(second);
    open(&session).unwrap();
    faults.assert_used_up();
    drop(store);
    end(other);
    end(session);
    let sessions = AssertUnwindSafe(|| faults.limit_open(OpenKind::SessionObject, 1, failed));
    catch_unwind(sessions).unwrap_err();
}

// N11: a table's calls and events go wrong like those of a session.
#[test]
fn a_table_fails_and_its_events_are_late_or_lost() {
    let faults = Faults::new(memory());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Work")).unwrap();
    let busy = HResult::MAPI_E_BUSY;
    faults
        .on(Call::SESSION_GET_MSG_STORES_TABLE)
        .times(1)
        .fail(busy);
    assert_eq!(session.open_msg_stores_table().unwrap_err().hresult(), busy);
    let table = session.open_msg_stores_table().unwrap();
    faults.on(Call::QUERY_ALL_ROWS).times(1).fail(busy);
    assert_eq!(table.all_rows().unwrap_err().hresult(), busy);
    faults.on(Call::TABLE_ADVISE).times(1).fail(busy);
    assert_eq!(table.advise(|_| {}).unwrap_err().hresult(), busy);
    let (sink, told) = mpsc::channel();
    let registration = table.advise_sink(sink).unwrap();
    let clear = || session.set_default_store(DefaultStore::Default, None);
    let store = table.all_rows().unwrap().rows()[0].entry_id().clone();
    let set = || session.set_default_store(DefaultStore::Default, Some(&store));
    let late = faults.notifications().of(EventMask::TABLE_MODIFIED).late();
    clear().unwrap();
    assert_eq!((late.held(), told.try_iter().count()), (1, 0));
    late.deliver();
    assert_eq!(told.try_iter().count(), 1);
    faults.notifications().of(EventMask::TABLE_MODIFIED).never();
    set().unwrap();
    assert_eq!(told.try_iter().count(), 0);
    drop(registration);
    drop(table);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// N7
#[test]
fn unadvise_tells_of_its_failure_and_gives_the_registration_back() {
    let (faults, mapi) = faulty();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let call_failed = HResult::MAPI_E_CALL_FAILED;

    faults.on(Call::SESSION_UNADVISE).fail(call_failed);
    let (sender, told) = mpsc::channel();
    let registration = session.advise_sink(EventMask::EXTENDED, sender).unwrap();
    let refused = registration.unadvise().unwrap_err();
    assert_eq!(refused.hresult(), call_failed);
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty));
    refused.into_inner().unadvise().unwrap();
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));

    faults.on(Call::TABLE_UNADVISE).fail(call_failed);
    let table = session.open_msg_stores_table().unwrap();
    let (sender, told) = mpsc::channel();
    let registration = table.advise_sink(sender).unwrap();
    let refused = registration.unadvise().unwrap_err();
    assert_eq!(refused.hresult(), call_failed);
    refused.into_inner().unadvise().unwrap();
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
}
