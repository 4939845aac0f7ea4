//! Logging on: rules L1 to L8, L12, L13 and S1, and what bad input comes to.

use std::panic::panic_any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use crate::support::{SOON, Watchdog, code};
use mapi_session::error::Call;
use mapi_session::flags::{
    AddressBookFlags, InitFlags, ProfileFlags, SettingsFlags, ShowFormFlags, ValidateFlags,
};
use mapi_session::memory::{
    AddressBook, Answer, Builder, Dialog, Folder, Memory, Profile, ProviderCall, Question, Service,
    Store,
};
use mapi_session::subsystem::Subsystem;
use mapi_session::table::ProfileTable;
use mapi_session::types::{FormMessage, ResourceType};
use mapi_session::{
    Error, HResult, Live, LogoffError, LogoffFlags, LogonFlags, LogonRequest, Mapi, OpenEntryFlags,
    OpenStoreFlags, Session, UiParam,
};

use crate::support::Profiles;

/// A profile whose one store has its name, so that a session shows what it is on.
fn profile(name: &str) -> Profile {
    Profile::new(name).store(Store::new(name))
}

/// "Home" and "Work", an "app" profile "Kiosk", no default.
fn builder() -> Builder {
    Memory::builder()
        .profile(profile("Work"))
        .profile(profile("Kiosk").app_profile())
        .profile(profile("Home"))
}

fn initialized(builder: Builder) -> (Mapi<Memory>, Memory) {
    let memory = builder.build().unwrap();
    (Mapi::initialize(memory.clone()).unwrap(), memory)
}

fn scene() -> (Mapi<Memory>, Memory) {
    initialized(builder())
}

fn with_default() -> (Mapi<Memory>, Memory) {
    let (mapi, memory) = scene();
    memory.profiles().set_default_profile(Some("Home")).unwrap();
    (mapi, memory)
}

fn profile_of(session: &Session<Live, Memory>) -> String {
    let table = session.msg_stores_table().unwrap();
    table.rows()[0].display_name().to_string()
}

fn log_off(session: Session<Live, Memory>) {
    session.logoff(LogoffFlags::empty()).unwrap();
}

fn pick(name: &str) -> Answer {
    Answer::Pick(name.into())
}

fn work() -> LogonRequest<'static> {
    LogonRequest::new_session("Work")
}

/// All that a logon could change.
#[derive(Debug, PartialEq)]
struct Snapshot {
    listed: ProfileTable,
    with_app: ProfileTable,
    open_sessions: usize,
    released_live: usize,
    dialogs: Vec<Dialog>,
}

impl Snapshot {
    fn of(memory: &Memory) -> Self {
        let profiles = memory.profiles();
        Self {
            listed: profiles.profile_table(ProfileFlags::empty()).unwrap(),
            with_app: profiles.profile_table(ProfileFlags::APP_PROFILE).unwrap(),
            open_sessions: memory.open_sessions(),
            released_live: memory.released_live(),
            dialogs: memory.user().dialogs(),
        }
    }
}

/// What every error of a logon has: call, HRESULT, and a reason of one line that quotes what was
/// wrong.
#[track_caller]
fn assert_error(error: &Error, hresult: HResult, quoted: &str) {
    assert_eq!(error.hresult(), hresult, "{error}");
    assert_eq!(error.call(), Call::LOGON_EX);
    let reason = error.reason().unwrap();
    assert!(reason.contains(quoted), "{reason} / {quoted}");
    assert!(!reason.contains(char::is_control), "{reason:?}");
    assert_eq!(
        error.to_string(),
        format!("MAPILogonEx: {hresult}: {reason}")
    );
}

/// A logon that is refused without a dialog, and changes nothing.
#[track_caller]
fn refused(memory: &Memory, request: &LogonRequest<'_>, hresult: HResult, quoted: &str) {
    let before = Snapshot::of(memory);
    let error = Mapi::initialize(memory.clone())
        .unwrap()
        .logon(request)
        .unwrap_err();
    assert_error(&error, hresult, quoted);
    assert_eq!(Snapshot::of(memory), before, "{error}");
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Missing,
    Known,
    Unknown,
    Malformed,
}

const SIXTY_FIVE: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

const NAMES: &[(Option<&str>, Kind)] = {
    use Kind::*;
    &[
        (None, Missing),
        (Some(""), Missing),
        (Some("Home"), Known),
        (Some("Work"), Known),
        (Some("Kiosk"), Known),
        (Some("Nobody"), Unknown),
        (Some("work"), Unknown),
        (Some("W\u{F6}rk"), Unknown),
        (Some("Wo\u{308}rk"), Unknown),
        (Some(" "), Malformed),
        (Some(" Work"), Malformed),
        (Some("Work "), Malformed),
        (Some("Work\t"), Malformed),
        (Some("Wo\nrk"), Malformed),
        (Some("Work\0"), Malformed),
        (Some("Wo\"rk"), Malformed),
        (Some("Work."), Malformed),
        (Some(SIXTY_FIVE), Malformed),
    ]
};

/// The flags that choose the profile; MAPI_NEW_SESSION makes no difference where nothing is shared.
const CHOOSING: [LogonFlags; 5] = [
    LogonFlags::USE_DEFAULT,
    LogonFlags::LOGON_UI,
    LogonFlags::EXPLICIT_PROFILE,
    LogonFlags::APP_PROFILE,
    LogonFlags::NEW_SESSION,
];

fn answers() -> Vec<Option<Answer>> {
    let picks = ["Work", "Home", "Kiosk", "Nobody", "", " Work"];
    [None, Some(Answer::Cancel), Some(Answer::Accept)]
        .into_iter()
        .chain(picks.map(|name| Some(pick(name))))
        .collect()
}

/// What a logon has to come to: the profile, or the error's code and what it quotes.
type Outcome = Result<String, (HResult, String)>;

/// L1, L2, L3, L5 once more: the outcome, and whether the user is asked.
fn model(
    name: Option<&str>,
    kind: Kind,
    default: Option<&str>,
    flags: LogonFlags,
    answer: Option<&Answer>,
) -> (Outcome, bool) {
    let failed = |quoted: String| Err((HResult::MAPI_E_LOGON_FAILED, quoted));
    let stuck = match (kind, name.unwrap_or_default()) {
        (Kind::Known, name) => return (Ok(name.into()), false),
        (Kind::Malformed, name) => return (failed(format!("{name:?}")), false),
        (Kind::Unknown, name) => format!("{name:?}"),
        (Kind::Missing, _) if flags.contains(LogonFlags::USE_DEFAULT) => match default {
            Some(default) => return (Ok(default.into()), false),
            None => "no default profile".into(),
        },
        (Kind::Missing, _) => "no profile is named".into(),
    };
    if flags.contains(LogonFlags::LOGON_UI) {
        (choose(flags, answer), true)
    } else {
        (failed(stuck), false)
    }
}

fn choose(flags: LogonFlags, answer: Option<&Answer>) -> Outcome {
    match answer {
        None | Some(Answer::Cancel) => Err((HResult::MAPI_E_USER_CANCEL, "cancelled".into())),
        Some(Answer::Accept) => Err((HResult::MAPI_E_LOGON_FAILED, "none chosen".into())),
        Some(Answer::Pick(name)) if offered(flags).contains(name) => Ok(name.clone()),
        Some(Answer::Pick(name)) => Err((HResult::MAPI_E_LOGON_FAILED, format!("{name:?}"))),
        Some(other) => unreachable!("{other:?}"),
    }
}

fn offered(flags: LogonFlags) -> Vec<String> {
    let with_app = flags.contains(LogonFlags::APP_PROFILE);
    let names = ["Home", "Kiosk", "Work"].iter();
    names
        .filter(|name| with_app || **name != "Kiosk")
        .map(ToString::to_string)
        .collect()
}

// L1, L2, L3, L5: every combination of name, default, flags and answer.
#[test]
fn names_flags_and_answers_come_to_what_the_rules_say() {
    let answers = answers();
    for default in [None, Some("Home")] {
        for combination in 0..1 << CHOOSING.len() {
            let mut flags = LogonFlags::EXTENDED | LogonFlags::UNICODE;
            for (bit, flag) in CHOOSING.into_iter().enumerate() {
                flags.set(flag, combination & (1 << bit) != 0);
            }
            for &(name, kind) in NAMES {
                for answer in &answers {
                    check_logon(name, kind, default, flags, answer.as_ref());
                }
            }
        }
    }
}

fn check_logon(
    name: Option<&str>,
    kind: Kind,
    default: Option<&str>,
    flags: LogonFlags,
    answer: Option<&Answer>,
) {
    let (mapi, memory) = scene();
    memory.profiles().set_default_profile(default).unwrap();
    answer.into_iter().for_each(|answer| {
        memory.user().answer(answer.clone());
    });
    let (outcome, asked) = model(name, kind, default, flags, answer);
    let case = format!("{name:?} {default:?} {flags:?} {answer:?}: {outcome:?}");
    let mut request = LogonRequest::from_raw(name, flags.bits());
    let parent = UiParam::new(0x1234_5678);
    if flags.contains(LogonFlags::LOGON_UI) {
        request = request.ui(parent);
    }

    let mut after = Snapshot::of(&memory);
    if asked {
        after.dialogs.push(Dialog::new(
            Question::ChooseProfile {
                offered: offered(flags),
            },
            parent,
        ));
    }
    match (mapi.logon(&request), &outcome) {
        (Ok(session), Ok(name)) => {
            assert_eq!(profile_of(&session), *name, "{case}");
            assert_eq!(memory.open_sessions(), 1, "{case}");
            log_off(session);
        }
        (Err(error), Err((hresult, quoted))) => {
            assert_eq!(error.hresult(), *hresult, "{case}: {error}");
            assert_error(&error, *hresult, quoted);
        }
        (result, _) => panic!("{case}, and not {result:?}"),
    }
    assert_eq!(Snapshot::of(&memory), after, "{case}");

    // An answer that nobody asked for is still there.
    let left = answer.filter(|_| !asked);
    let next = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
    let next = next.map(|session| profile_of(&session));
    let wanted = choose(LogonFlags::empty(), left);
    assert_eq!(
        next.map_err(|error| error.hresult()),
        wanted.map_err(|(hresult, _)| hresult),
        "{case}"
    );
}

// L1: the default profile is looked up at the logon, and is what administration says by then.
#[test]
fn the_default_profile_is_the_current_one() {
    let (mapi, memory) = with_default();
    let by_default = || {
        let session = mapi.logon(&LogonRequest::default_profile());
        session.map(|session| profile_of(&session))
    };
    assert_eq!(by_default().unwrap(), "Home");
    memory.profiles().set_default_profile(Some("Work")).unwrap();
    assert_eq!(by_default().unwrap(), "Work");
    memory
        .profiles()
        .delete_profile("Work", ProfileFlags::empty())
        .unwrap();
    let error = by_default().unwrap_err();
    assert_error(&error, HResult::MAPI_E_LOGON_FAILED, "no default profile");
}

// L1, S1: how each kind of request is answered.
#[test]
fn typed_requests_log_on() {
    #[track_caller]
    fn check(request: &LogonRequest<'_>, answer: Option<Answer>, wanted: &str) {
        let (mapi, memory) = with_default();
        let asked = usize::from(answer.is_some());
        answer
            .into_iter()
            .for_each(|answer| memory.user().answer(answer));
        let session = mapi.logon(request).unwrap();
        assert_eq!(profile_of(&session), wanted);
        assert_eq!(session.logon_warning(), None);
        assert_eq!(memory.user().dialogs().len(), asked);
        log_off(session);
    }
    let asking = LogonRequest::ask_user(UiParam::new(1));
    check(&work(), None, "Work");
    check(&work().ui(UiParam::new(1)), None, "Work");
    check(&work().timeout_short().allow_others(), None, "Work");
    check(&LogonRequest::new_session("Kiosk"), None, "Kiosk");
    check(&LogonRequest::default_profile(), None, "Home");
    check(&asking, Some(pick("Home")), "Home");
    check(&asking, Some(pick("Work")), "Work");
    let kiosk = asking.flags(LogonFlags::APP_PROFILE);
    check(&kiosk, Some(pick("Kiosk")), "Kiosk");
}

// S1, L7: the flags of each kind of request.
#[test]
fn requests_have_the_flags_of_the_design() {
    const BASE: u32 = 0x8000_0020;
    let parent = UiParam::new(1);
    let new = work();
    for (request, flags) in [
        (new, BASE | 0x2),
        (LogonRequest::new_session(""), BASE | 0x2),
        (LogonRequest::default_profile(), BASE | 0x42),
        (LogonRequest::ask_user(parent), BASE | 0x3),
        (LogonRequest::ask_user(UiParam::NONE), BASE | 0x3),
        (LogonRequest::join_shared(), BASE),
        (LogonRequest::from_raw(None, 0), 0),
        (LogonRequest::from_raw(Some("Work"), 0x3B), 0x3B),
        (LogonRequest::from_raw(None, u32::MAX), u32::MAX),
        (new.allow_others(), BASE | 0xA),
        (new.service(), BASE | 0x1_8002),
        (new.ui(parent), BASE | 0x3),
        (new.timeout_short(), BASE | 0x10_0002),
        (new.flags(LogonFlags::BG_SESSION), BASE | 0x20_0002),
        (new.flags(LogonFlags::from(0x0700_0980)), 0x8700_09A2),
        (new.flags(LogonFlags::empty()), BASE | 0x2),
        (
            LogonRequest::from_raw(None, 0x10)
                .ui(parent)
                .allow_others()
                .service(),
            0x1_8019,
        ),
        (LogonRequest::join_shared().timeout_short(), 0x8010_0020),
    ] {
        assert_eq!(request.raw_flags(), flags, "{request:?}");
        assert_eq!(LogonFlags::from(flags).bits(), flags);
    }
}

// L1, S3: the flag word of MFCMAPI's logon.
#[test]
fn mfcmapis_flags_ask_the_user_and_share() {
    let (mapi, memory) = with_default();
    memory.user().answer(pick("Work"));
    let parent = UiParam::new(0xCAFE);
    let request = LogonRequest::from_raw(None, 0x3B).ui(parent);
    assert_eq!(request.raw_flags(), 0x3B);
    let session = mapi.logon(&request).unwrap();
    assert_eq!(profile_of(&session), "Work");
    let [dialog] = &memory.user().dialogs()[..] else {
        panic!("one dialog");
    };
    assert_eq!(dialog.parent(), parent);
    let joined = mapi.logon(&LogonRequest::join_shared()).unwrap();
    assert_eq!(profile_of(&joined), "Work");
    assert_eq!(memory.open_sessions(), 1);

    let named = LogonRequest::from_raw(Some("Home"), 0x3B);
    let named = mapi.logon(&named).unwrap();
    assert_eq!(profile_of(&named), "Home");
    assert_eq!(memory.user().dialogs().len(), 1);
    assert_eq!(memory.open_sessions(), 2);
}

// L3: dialogs come in order, each takes one answer, and one without an answer is cancelled.
#[test]
fn each_dialog_takes_one_answer() {
    let (mapi, memory) = initialized(builder().answer(pick("Work")).answer(Answer::Cancel));
    let user = memory.user();
    user.answer(pick("Home"));
    let results: Vec<_> = (1..=5)
        .map(|window| {
            let asking = LogonRequest::ask_user(UiParam::new(window));
            mapi.logon(&asking)
                .map(|session| profile_of(&session))
                .map_err(|error| error.hresult())
        })
        .collect();
    let cancelled = || Err(HResult::MAPI_E_USER_CANCEL);
    let wanted = [
        Ok("Work".to_string()),
        cancelled(),
        Ok("Home".to_string()),
        cancelled(),
        cancelled(),
    ];
    assert_eq!(results, wanted);
    let windows = user
        .dialogs()
        .into_iter()
        .map(|dialog| dialog.parent().get());
    assert!(windows.eq(1..=5));
}

// L1, L2: the dialog is modal to any window that it is told, and the decision sees it.
#[test]
fn a_dialog_has_its_parent_and_what_is_offered() {
    let (mapi, memory) = with_default();
    let (seen, decided) = mpsc::channel();
    for parent in [UiParam::NONE, UiParam::new(1), UiParam::new(usize::MAX)] {
        for (flags, with_app) in [
            (LogonFlags::empty(), LogonFlags::empty()),
            (LogonFlags::APP_PROFILE, LogonFlags::APP_PROFILE),
        ] {
            let seen = seen.clone();
            memory.user().answer_with(move |dialog| {
                seen.send(dialog.clone()).unwrap();
                pick("Home")
            });
            let request = LogonRequest::new_session("Nobody").flags(flags);
            log_off(mapi.logon(&request.ui(parent)).unwrap());
            let dialog = decided.try_recv().unwrap();
            assert_eq!(dialog.parent(), parent);
            let question = Question::ChooseProfile {
                offered: offered(with_app),
            };
            assert_eq!(dialog.question(), &question);
            assert_eq!(memory.user().dialogs().last(), Some(&dialog));
        }
    }
}

// L2: no profiles at all.
#[test]
fn a_dialog_can_have_nothing_to_offer() {
    for (answer, hresult) in [
        (Answer::Accept, HResult::MAPI_E_LOGON_FAILED),
        (Answer::Cancel, HResult::MAPI_E_USER_CANCEL),
        (pick("Work"), HResult::MAPI_E_LOGON_FAILED),
    ] {
        let (mapi, memory) = initialized(Memory::builder().answer(answer));
        let error = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
        assert_error(&error.unwrap_err(), hresult, "user");
        let question = Question::ChooseProfile { offered: vec![] };
        assert_eq!(memory.user().dialogs()[0].question(), &question);
    }
}

// L1, P2: what happens to profiles while the dialog is open.
#[test]
fn profiles_can_change_under_an_open_dialog() {
    #[track_caller]
    fn check(
        change: impl Fn(&Memory) -> Result<(), Error> + Send + 'static,
        answer: Answer,
        wanted: Result<&str, &str>,
    ) {
        let (mapi, memory) = with_default();
        let below = memory.clone();
        memory.user().answer_with(move |_| {
            change(&below).unwrap();
            answer
        });
        let result = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
        match (result, wanted) {
            (Ok(session), Ok(name)) => assert_eq!(profile_of(&session), name),
            (Err(error), Err(quoted)) => {
                assert_error(&error, HResult::MAPI_E_LOGON_FAILED, quoted);
                assert_eq!(memory.open_sessions(), 0);
            }
            (result, _) => panic!("{result:?}"),
        }
    }
    let delete = |name| {
        move |memory: &Memory| {
            memory
                .profiles()
                .delete_profile(name, ProfileFlags::APP_PROFILE)
        }
    };
    let create = |memory: &Memory| memory.create_profile(&profile("New"));
    let default = |name| move |memory: &Memory| memory.profiles().set_default_profile(name);
    check(delete("Work"), pick("Work"), Err("\"Work\""));
    check(delete("Work"), pick("Home"), Ok("Home"));
    check(delete("Home"), pick("Home"), Err("\"Home\""));
    check(create, pick("New"), Err("\"New\""));
    check(default(Some("Work")), pick("Home"), Ok("Home"));
    check(default(None), pick("Home"), Ok("Home"));
}

// L4: below the typed API, where any call has a window.
#[test]
fn the_window_is_ignored_where_no_dialog_is_shown() {
    let (_mapi, memory) = with_default();
    let window = UiParam::new(0xDEAD);
    let (ui, by_default) = (LogonFlags::LOGON_UI, LogonFlags::USE_DEFAULT);
    for (name, flags, logged_on) in [
        (Some("Work"), LogonFlags::empty(), true),
        (Some("Work"), ui, true),
        (None, by_default, true),
        (None, ui | by_default, true),
        (Some("Nobody"), LogonFlags::empty(), false),
        (None, LogonFlags::empty(), false),
        (Some(" "), ui, false),
        (Some("Work"), ui | LogonFlags::PASSWORD_UI, false),
    ] {
        let outcome = |window| {
            let result = memory.logon_ex(window, name, None, flags.bits());
            result.map(drop).map_err(|failure| failure.hresult())
        };
        assert_eq!(outcome(window).is_ok(), logged_on, "{name:?} {flags:?}");
        assert_eq!(outcome(window), outcome(UiParam::NONE));
        assert_eq!(memory.user().dialogs(), []);
    }
    // The window by itself makes no dialog, and where there is one it is its parent.
    let result = memory.logon_ex(window, None, None, ui.bits());
    assert_eq!(
        result.unwrap_err().hresult(),
        HResult::MAPI_E_USER_CANCEL,
        "there is no answer"
    );
    assert_eq!(memory.user().dialogs()[0].parent(), window);
}

// L6
#[test]
fn a_password_is_refused_and_not_shown() {
    let (_mapi, memory) = with_default();
    let before = Snapshot::of(&memory);
    for password in ["hunter2", "", " ", "Work", "\0"] {
        for name in [Some("Work"), Some("Nobody"), None] {
            for flags in [
                LogonFlags::NEW_SESSION,
                LogonFlags::USE_DEFAULT,
                LogonFlags::LOGON_UI,
                LogonFlags::PASSWORD_UI,
            ] {
                let result = memory.logon_ex(UiParam::NONE, name, Some(password), flags.bits());
                let failure = result.unwrap_err();
                assert_eq!(failure.hresult(), HResult::MAPI_E_LOGON_FAILED);
                assert!(
                    failure.reason().unwrap().contains("password"),
                    "{failure:?}"
                );
                assert!(!failure.to_string().contains("hunter2"), "{failure}");
            }
        }
    }
    assert_eq!(Snapshot::of(&memory), before);
}

// L6, S2: not for those who join either.
#[test]
fn a_password_joins_nothing() {
    let (mapi, memory) = scene();
    let _shared = mapi.logon(&work().allow_others()).unwrap();
    let result = memory.logon_ex(UiParam::NONE, None, Some("hunter2"), 0);
    assert_eq!(
        result.unwrap_err().hresult(),
        HResult::MAPI_E_LOGON_FAILED,
        "a shared session is open"
    );
}

// L7: the undefined bits, one by one and together, with whatever else is set.
#[test]
fn each_undefined_flag_is_refused_and_quoted() {
    let (mapi, memory) = with_default();
    let defined = LogonFlags::all().bits();
    let single = (0..u32::BITS).map(|bit| 1 << bit);
    let undefined: Vec<u32> = single.filter(|bit| bit & defined == 0).collect();
    assert_eq!(undefined.len(), 32 - 15);
    for bits in undefined.into_iter().chain([0x80 | 0x4000_0000, !defined]) {
        let quoted = format!("{bits:#010X}");
        for request in [
            work(),
            LogonRequest::default_profile(),
            LogonRequest::ask_user(UiParam::NONE),
            LogonRequest::join_shared(),
            LogonRequest::new_session("Nobody"),
            LogonRequest::new_session(" "),
            work().flags(LogonFlags::all()),
        ] {
            let request = request.flags(LogonFlags::from(bits));
            refused(&memory, &request, HResult::MAPI_E_UNKNOWN_FLAGS, &quoted);
        }
        let request = LogonRequest::from_raw(Some("Work"), bits);
        refused(&memory, &request, HResult::MAPI_E_UNKNOWN_FLAGS, &quoted);
    }
    log_off(mapi.logon(&work()).unwrap());
}

// L7, L12, S1, S3: all words of defined flags, for a profile that exists. Nothing else is refused,
// and MAPI_ALLOW_OTHERS alone makes the session one to join.
#[test]
fn of_defined_flags_only_these_combinations_are_refused() {
    for is_service in [false, true] {
        check_combinations(is_service);
    }
}

fn check_combinations(is_service: bool) {
    let init = match is_service {
        true => InitFlags::NT_SERVICE,
        false => InitFlags::empty(),
    };
    let (_, memory) = with_default();
    let mapi = Mapi::initialize_with(memory.clone(), init).unwrap();
    let joins = match is_service {
        true => LogonRequest::join_shared().service(),
        false => LogonRequest::join_shared(),
    };
    let defined: Vec<_> = LogonFlags::all().iter().collect();
    for combination in 0..1_u32 << defined.len() {
        let flags: LogonFlags = defined
            .iter()
            .enumerate()
            .filter(|(bit, _)| combination & (1 << bit) != 0)
            .map(|(_, flag)| *flag)
            .collect();
        let both_dialogs = LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI;
        let quoted = if flags.contains(both_dialogs) {
            ["MAPI_LOGON_UI", "MAPI_PASSWORD_UI"]
        } else if flags.contains(LogonFlags::NT_SERVICE) != is_service {
            ["MAPI_NT_SERVICE", "MAPIInitialize"]
        } else if is_service && !flags.contains(LogonFlags::NO_MAIL) {
            ["MAPI_NT_SERVICE", "MAPI_NO_MAIL"]
        } else if is_service && flags.intersects(both_dialogs | LogonFlags::SERVICE_UI_ALWAYS) {
            ["MAPI_NT_SERVICE", "no dialogs"]
        } else {
            if flags.contains(LogonFlags::SERVICE_UI_ALWAYS) {
                memory.user().answer(Answer::Accept);
            }
            let request = LogonRequest::from_raw(Some("Work"), flags.bits());
            let session = mapi.logon(&request).unwrap();
            assert_eq!(profile_of(&session), "Work", "{flags:?}");
            let joined = mapi.logon(&joins).is_ok();
            assert_eq!(
                joined,
                flags.contains(LogonFlags::ALLOW_OTHERS),
                "{flags:?}"
            );
            continue;
        };
        let error = mapi
            .logon(&LogonRequest::from_raw(Some("Work"), flags.bits()))
            .unwrap_err();
        for name in quoted {
            assert_error(&error, HResult::MAPI_E_INVALID_PARAMETER, name);
        }
    }
}

// L7, L12: refused before anything else, and with nothing changed.
#[test]
fn excluded_combinations_are_refused_first() {
    let (_mapi, memory) = with_default();
    let passwords = LogonFlags::PASSWORD_UI;
    let service = LogonFlags::NT_SERVICE;
    let parent = UiParam::new(1);
    for request in [
        work().ui(parent).flags(passwords),
        LogonRequest::ask_user(parent).flags(passwords),
        LogonRequest::new_session("Nobody")
            .ui(parent)
            .flags(passwords),
    ] {
        let hresult = HResult::MAPI_E_INVALID_PARAMETER;
        refused(&memory, &request, hresult, "MAPI_PASSWORD_UI");
    }
    for request in [
        work().flags(service),
        LogonRequest::ask_user(parent).flags(service),
        LogonRequest::default_profile().flags(service),
        LogonRequest::new_session("Nobody").flags(service),
        LogonRequest::join_shared().flags(service),
        LogonRequest::from_raw(Some("Work"), 0x0001_0000),
    ] {
        let hresult = HResult::MAPI_E_INVALID_PARAMETER;
        refused(&memory, &request, hresult, "MAPIInitialize");
        assert_eq!(u32::from(hresult), 0x8007_0057);
    }
}

// L12: KB Q181739's program, with a name that is misspelt, and a dialog that nobody sees.
#[test]
fn a_service_that_asks_for_a_dialog_is_told_so() {
    let (mapi, memory) = service_of(builder());
    let hresult = HResult::MAPI_E_INVALID_PARAMETER;
    let parent = UiParam::new(1);
    for request in [
        LogonRequest::new_session("Servise")
            .service()
            .ui(UiParam::NONE),
        work().service().ui(parent),
        LogonRequest::ask_user(parent).service(),
        work().service().flags(LogonFlags::PASSWORD_UI),
        work().service().flags(LogonFlags::SERVICE_UI_ALWAYS),
    ] {
        refused(&memory, &request, hresult, "a service shows no dialogs");
    }
    refused(
        &memory,
        &work().flags(LogonFlags::NT_SERVICE),
        hresult,
        "MAPI_NO_MAIL",
    );
    let request = LogonRequest::new_session("Servise").service();
    refused(
        &memory,
        &request,
        HResult::MAPI_E_LOGON_FAILED,
        "\"Servise\"",
    );

    // Nor does its session show one.
    let session = mapi.logon(&work().service()).unwrap();
    let asked = session.logoff_with_ui(parent, LogoffFlags::UI).unwrap_err();
    assert_eq!(asked.hresult(), hresult);
    let LogoffError::Refused { session, .. } = asked else {
        panic!("the session has ended");
    };
    assert!(memory.user().dialogs().is_empty());
    log_off(session);
}

// L12: the flag is the process's, from the first MAPIInitialize to the last MAPIUninitialize.
#[test]
fn a_service_says_so_to_mapi_initialize_too() {
    let (mapi, memory) = service_of(builder());
    let hresult = HResult::MAPI_E_INVALID_PARAMETER;
    refused(&memory, &work(), hresult, "MAPIInitialize");
    let other = Mapi::initialize(memory.clone()).unwrap();
    refused(&memory, &work(), hresult, "MAPIInitialize");
    drop(mapi);
    log_off(other.logon(&work().service()).unwrap());
    drop(other);
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    refused(&memory, &work().service(), hresult, "MAPIInitialize");
    log_off(mapi.logon(&work()).unwrap());
}

// L12: what would ask the user is opened as without a dialog.
#[test]
fn the_providers_of_a_service_ask_nobody() {
    let unconfigured = Store::new("Unconfigured").unconfigured().settings_dialog();
    let inbox = Folder::new("Inbox").message("Hello");
    let profile = Profile::new("Service")
        .store(unconfigured)
        .store(Store::new("Mailbox").folder(inbox))
        .address_book(AddressBook::new("GAL").unconfigured());
    let (mapi, memory) = service_of(Memory::builder().profile(profile));
    let session = mapi
        .logon(&LogonRequest::new_session("Service").service())
        .unwrap();
    let store = memory.entry_id("Service", &["Unconfigured"]).unwrap();
    let opened = session.open_msg_store(&store, OpenStoreFlags::empty());
    assert_eq!(opened.unwrap_err().hresult(), HResult::MAPI_E_LOGON_FAILED);
    let book = session.open_address_book(UiParam::NONE, AddressBookFlags::empty());
    assert!(book.unwrap().open_warning().is_some());
    let rows = session.status_table().unwrap();
    let row = rows.first(ResourceType::STORE_PROVIDER).unwrap();
    let status = session.open_status(row).unwrap();
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    let shown = status.settings_dialog(UiParam::NONE, SettingsFlags::empty());
    assert_eq!(shown.unwrap_err().hresult(), invalid);
    let changed = status.validate_state(UiParam::NONE, ValidateFlags::CONFIG_CHANGED);
    assert_eq!(changed.unwrap_err().hresult(), HResult::MAPI_E_LOGON_FAILED);
    drop(status);

    let open = |path: &[&str]| {
        let id = memory.entry_id("Service", path).unwrap();
        session.open_entry(&id, OpenEntryFlags::empty()).unwrap()
    };
    let message = open(&["Mailbox", "Inbox", "Hello"]).into_message().unwrap();
    let folder = open(&["Mailbox", "Inbox"]).into_folder().unwrap();
    let mailbox = open(&["Mailbox"]).into_msg_store().unwrap();
    let form = session.prepare_form(message).unwrap();
    let (none, of) = (ShowFormFlags::empty(), FormMessage::default());
    let shown = form.show_form(UiParam::NONE, &mailbox, &folder, none, &of);
    assert_eq!(shown.unwrap_err().hresult(), invalid);
    drop((mailbox, folder));
    assert!(memory.user().dialogs().is_empty());
    log_off(session);
}

/// The library of a service.
fn service_of(builder: Builder) -> (Mapi<Memory>, Memory) {
    let memory = builder.build().unwrap();
    let mapi = Mapi::initialize_with(memory.clone(), InitFlags::NT_SERVICE).unwrap();
    (mapi, memory)
}

// L12
#[test]
fn a_service_logs_on_without_mail() {
    let (_, memory) = with_default();
    let mapi = Mapi::initialize_with(memory, InitFlags::NT_SERVICE).unwrap();
    let (service, no_mail) = (LogonFlags::NT_SERVICE, LogonFlags::NO_MAIL);
    for request in [
        work().service(),
        work().flags(service).flags(no_mail),
        LogonRequest::default_profile().service(),
        LogonRequest::from_raw(Some("Work"), 0x0001_8000),
    ] {
        log_off(mapi.logon(&request).unwrap());
    }
}

// L2, L5, L13 and the rest: each kind of bad input has its code and is quoted.
#[test]
fn bad_input_is_quoted_and_changes_nothing() {
    let (_mapi, memory) = scene();
    let failed = HResult::MAPI_E_LOGON_FAILED;
    for name in ["Nobody", "work", "Wo rk", "Wo\u{308}rk", "\u{1D49C}"] {
        let quoted = format!("there is no profile {name:?}");
        refused(&memory, &LogonRequest::new_session(name), failed, &quoted);
    }
    let long = "\u{1D49C}".repeat(33);
    for (name, fault) in [
        (" ", "begins or ends with a blank"),
        (" Work", "begins or ends with a blank"),
        ("Work ", "begins or ends with a blank"),
        ("Work\t", r"'\t'"),
        ("\u{A0}Work", r"'\u{a0}'"),
        ("Wo\nrk", r"'\n'"),
        ("Work\0", r"'\0'"),
        ("Work\0Home", r"'\0'"),
        ("Work/Home", "'/'"),
        ("Work-Home", "'-'"),
        ("C:\\Work", "':'"),
        ("\"Work\"", "'\"'"),
        ("Work\u{202E}", r"'\u{202e}'"),
        ("\u{1F600}", "'\u{1F600}'"),
        (SIXTY_FIVE, "65 characters"),
        (&long, "66 characters"),
    ] {
        for request in [
            LogonRequest::new_session(name),
            LogonRequest::new_session(name).ui(UiParam::new(1)),
            LogonRequest::from_raw(Some(name), LogonFlags::USE_DEFAULT.bits()),
        ] {
            refused(&memory, &request, failed, fault);
            refused(&memory, &request, failed, &format!("{name:?}"));
        }
    }
    for (request, reason) in [
        (
            LogonRequest::default_profile(),
            "there is no default profile",
        ),
        (
            LogonRequest::new_session(""),
            "no profile is named, and neither",
        ),
        (LogonRequest::join_shared(), "no shared session is open"),
        (LogonRequest::from_raw(None, 0), "no shared session is open"),
    ] {
        refused(&memory, &request, failed, reason);
    }
}

// L1, S1: nothing is asked for but a new session, and so none is joined by an empty name.
#[test]
fn an_empty_name_is_no_name() {
    let (mapi, memory) = with_default();
    let _shared = mapi.logon(&work().allow_others()).unwrap();
    let request = LogonRequest::new_session("");
    refused(
        &memory,
        &request,
        HResult::MAPI_E_LOGON_FAILED,
        "no profile",
    );
    let request = request.flags(LogonFlags::USE_DEFAULT);
    let session = mapi.logon(&request).unwrap();
    assert_eq!(profile_of(&session), "Home");
}

// S1
#[test]
fn a_new_session_is_individual_whatever_is_shared() {
    let (mapi, memory) = with_default();
    let shared = mapi.logon(&work().allow_others()).unwrap();
    memory.user().answer(pick("Home"));
    for (request, name) in [
        (work(), "Work"),
        (LogonRequest::new_session("Home"), "Home"),
        (LogonRequest::default_profile(), "Home"),
        (LogonRequest::ask_user(UiParam::NONE), "Home"),
        (LogonRequest::from_raw(Some("Work"), 0x2), "Work"),
        (LogonRequest::from_raw(None, 0x42), "Home"),
    ] {
        let session = mapi.logon(&request).unwrap();
        assert_eq!(profile_of(&session), name, "{request:?}");
        assert_eq!(memory.open_sessions(), 2, "{request:?}");
        log_off(session);
        assert_eq!(memory.open_sessions(), 1, "{request:?}");
    }
    let individual = mapi.logon(&work()).unwrap();
    log_off(shared);
    // What is left is nobody's to join.
    refused(
        &memory,
        &LogonRequest::join_shared(),
        HResult::MAPI_E_LOGON_FAILED,
        "no shared session",
    );
    log_off(individual);
}

// S1, S2: an unknown or malformed name is refused, though a shared session is open.
#[test]
fn a_new_session_needs_its_own_profile() {
    let (mapi, memory) = scene();
    let _shared = mapi.logon(&work().allow_others()).unwrap();
    for request in [
        LogonRequest::new_session("Nobody"),
        LogonRequest::new_session("Nobody").allow_others(),
        LogonRequest::new_session(" "),
        LogonRequest::default_profile(),
    ] {
        refused(&memory, &request, HResult::MAPI_E_LOGON_FAILED, "");
    }
}

/// A dialog that the user keeps open.
struct OpenDialog {
    showing: Sender<bool>,
    shown: Receiver<bool>,
    close: Sender<Answer>,
}

impl OpenDialog {
    fn next(memory: &Memory) -> Self {
        let (showing, shown) = mpsc::channel();
        let (close, closed) = mpsc::channel();
        let dialog = showing.clone();
        memory.user().answer_with(move |_| {
            dialog.send(true).unwrap();
            closed.recv().unwrap()
        });
        Self {
            showing,
            shown,
            close,
        }
    }

    /// The logon that shows the dialog, for another thread.
    fn asking(&self, mapi: &Mapi<Memory>) -> impl FnOnce() -> Logon + Send + use<> {
        let (mapi, ended) = (mapi.clone(), self.showing.clone());
        move || {
            let result = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
            let _ = ended.send(false);
            result
        }
    }

    /// Waits until it is open.
    #[track_caller]
    fn wait(&self) {
        let is_shown = self.shown.recv_timeout(SOON).unwrap();
        assert!(is_shown, "no dialog was shown");
    }

    fn close(self, answer: Answer) {
        self.close.send(answer).unwrap();
    }
}

type Logon = Result<Session<Live, Memory>, Error>;

fn impatient() -> (Mapi<Memory>, Memory) {
    let (mapi, memory) = initialized(builder().logon_timeout(Duration::from_millis(2)));
    memory.profiles().set_default_profile(Some("Home")).unwrap();
    (mapi, memory)
}

// L8
#[test]
fn a_short_logon_times_out_while_another_is_in_progress() {
    let _watchdog = Watchdog::new();
    let (mapi, memory) = impatient();
    let shared = mapi.logon(&work().allow_others()).unwrap();
    let dialog = OpenDialog::next(&memory);
    thread::scope(|scope| {
        let dialog = dialog;
        let asking = scope.spawn(dialog.asking(&mapi));
        dialog.wait();
        for request in [
            work(),
            work().allow_others(),
            LogonRequest::default_profile(),
            LogonRequest::ask_user(UiParam::NONE),
            LogonRequest::join_shared(),
            LogonRequest::new_session("Nobody"),
            LogonRequest::new_session(" "),
            LogonRequest::from_raw(None, 0),
        ] {
            let request = request.timeout_short();
            refused(&memory, &request, HResult::MAPI_E_TIMEOUT, "2ms");
        }
        // Arguments are checked before the wait.
        let bad = work().flags(LogonFlags::from(0x80)).timeout_short();
        refused(&memory, &bad, HResult::MAPI_E_UNKNOWN_FLAGS, "0x00000080");
        let bad = work().flags(LogonFlags::NT_SERVICE).timeout_short();
        refused(&memory, &bad, HResult::MAPI_E_INVALID_PARAMETER, "");

        dialog.close(pick("Work"));
        assert_eq!(profile_of(&asking.join().unwrap().unwrap()), "Work");
    });
    log_off(mapi.logon(&work().timeout_short()).unwrap());
    log_off(shared);
}

// L8
#[test]
fn a_logon_without_the_flag_waits_for_its_turn() {
    let _watchdog = Watchdog::new();
    let (mapi, memory) = impatient();
    let closed = &AtomicUsize::new(0);
    thread::scope(|scope| {
        let dialog = OpenDialog::next(&memory);
        let asking = scope.spawn(dialog.asking(&mapi));
        dialog.wait();
        let (starting, started) = mpsc::channel();
        let (ending, ended) = mpsc::channel();
        let waiting: Vec<_> = [
            work(),
            LogonRequest::default_profile(),
            work().allow_others(),
        ]
        .into_iter()
        .map(|request| {
            let (mapi, starting, ending) = (&mapi, starting.clone(), ending.clone());
            scope.spawn(move || {
                starting.send(()).unwrap();
                let session = mapi.logon(&request);
                let before = closed.load(Ordering::SeqCst) == 0;
                ending.send(()).unwrap();
                assert!(!before, "it did not wait");
                session.map(log_off)
            })
        })
        .collect();
        started.iter().take(waiting.len()).for_each(drop);
        // Longer than the timeout, which is not theirs.
        for _ in 0..10 {
            let error = mapi.logon(&work().timeout_short()).unwrap_err();
            assert_eq!(error.hresult(), HResult::MAPI_E_TIMEOUT);
        }
        assert_eq!(ended.try_recv(), Err(TryRecvError::Empty));
        closed.store(1, Ordering::SeqCst);
        dialog.close(Answer::Cancel);
        let cancelled = asking.join().unwrap().unwrap_err();
        assert_eq!(cancelled.hresult(), HResult::MAPI_E_USER_CANCEL);
        for logon in waiting {
            logon.join().unwrap().unwrap();
        }
    });
    assert_eq!(memory.open_sessions(), 0);
}

// L8: a wait of no length, and one without an end.
#[test]
fn the_timeout_can_be_zero_and_endless() {
    let _watchdog = Watchdog::new();
    for timeout in [Duration::ZERO, Duration::MAX] {
        let (mapi, memory) = initialized(builder().logon_timeout(timeout));
        // Where nobody is in the way, none of them times out.
        log_off(mapi.logon(&work().timeout_short()).unwrap());
        thread::scope(|scope| {
            let dialog = OpenDialog::next(&memory);
            let asking = scope.spawn(dialog.asking(&mapi));
            dialog.wait();
            let (starting, started) = mpsc::channel();
            let mapi = &mapi;
            let short = scope.spawn(move || {
                starting.send(()).unwrap();
                mapi.logon(&work().timeout_short())
            });
            started.recv().unwrap();
            if timeout == Duration::ZERO {
                let error = short.join().unwrap().unwrap_err();
                assert_error(&error, HResult::MAPI_E_TIMEOUT, "0");
                dialog.close(Answer::Cancel);
            } else {
                dialog.close(Answer::Cancel);
                log_off(short.join().unwrap().unwrap());
            }
            asking.join().unwrap().unwrap_err();
        });
    }
}

// L8: one dialog at a time, on however many threads.
#[test]
fn dialogs_follow_one_another() {
    let _watchdog = Watchdog::new();
    const THREADS: usize = 8;
    let (mapi, memory) = with_default();
    let (opened, open_now) = mpsc::channel();
    static OPEN: AtomicUsize = AtomicUsize::new(0);
    for _ in 0..THREADS {
        let opened = opened.clone();
        memory.user().answer_with(move |_| {
            opened.send(OPEN.fetch_add(1, Ordering::SeqCst)).unwrap();
            (0..50).for_each(|_| thread::yield_now());
            OPEN.fetch_sub(1, Ordering::SeqCst);
            pick("Home")
        });
    }
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| log_off(mapi.logon(&LogonRequest::ask_user(UiParam::NONE)).unwrap()));
        }
    });
    let others: Vec<_> = open_now.try_iter().collect();
    assert_eq!(others, [0; THREADS]);
    assert_eq!(memory.user().dialogs().len(), THREADS);
}

// L8: only logons wait for a logon.
#[test]
fn an_open_dialog_holds_up_nothing_but_logons() {
    let _watchdog = Watchdog::new();
    let (mapi, memory) = impatient();
    let session = mapi.logon(&work()).unwrap();
    thread::scope(|scope| {
        let dialog = OpenDialog::next(&memory);
        let asking = scope.spawn(dialog.asking(&mapi));
        dialog.wait();
        session.msg_stores_table().unwrap();
        log_off(session);
        assert_eq!(memory.open_sessions(), 0);
        let profiles = memory.profiles();
        memory.create_profile(&profile("New")).unwrap();
        profiles
            .delete_profile("New", ProfileFlags::empty())
            .unwrap();
        let other = Mapi::initialize(memory.clone()).unwrap();
        drop(other);
        assert_eq!(memory.user().dialogs().len(), 1);
        dialog.close(pick("Home"));
        log_off(asking.join().unwrap().unwrap());
    });
}

// L8: two subsystems have two mutexes.
#[test]
fn another_subsystem_does_not_wait() {
    let _watchdog = Watchdog::new();
    let (mapi, memory) = impatient();
    let (other, _) = impatient();
    thread::scope(|scope| {
        let dialog = OpenDialog::next(&memory);
        let asking = scope.spawn(dialog.asking(&mapi));
        dialog.wait();
        log_off(other.logon(&work().timeout_short()).unwrap());
        dialog.close(pick("Home"));
        log_off(asking.join().unwrap().unwrap());
    });
}

// L8: as under a Windows mutex, a thread does not wait for itself; the others still wait for it.
#[test]
fn a_logon_inside_a_dialog_does_not_deadlock() {
    let _watchdog = Watchdog::new();
    let (mapi, memory) = impatient();
    let inner = mapi.clone();
    let user = memory.clone();
    memory.user().answer_with(move |_| {
        log_off(inner.logon(&work()).unwrap());
        log_off(inner.logon(&work().timeout_short()).unwrap());
        refused(
            &user,
            &LogonRequest::new_session("Nobody"),
            HResult::MAPI_E_LOGON_FAILED,
            "Nobody",
        );

        // A dialog in the dialog, and a logon in that.
        let innermost = inner.clone();
        user.user().answer_with(move |_| {
            log_off(innermost.logon(&work()).unwrap());
            Answer::Cancel
        });
        let asked = inner.logon(&LogonRequest::ask_user(UiParam::new(2)));
        let cancelled = asked.unwrap_err();
        assert_eq!(cancelled.hresult(), HResult::MAPI_E_USER_CANCEL);

        let other = inner.clone();
        let others = thread::spawn(move || other.logon(&work().timeout_short()));
        let timed_out = others.join().unwrap().unwrap_err();
        assert_eq!(timed_out.hresult(), HResult::MAPI_E_TIMEOUT);
        pick("Work")
    });
    let session = mapi
        .logon(&LogonRequest::ask_user(UiParam::new(1)))
        .unwrap();
    assert_eq!(profile_of(&session), "Work");
    log_off(session);
    let windows = memory.user().dialogs();
    let windows: Vec<_> = windows.iter().map(|dialog| dialog.parent().get()).collect();
    assert_eq!(windows, [1, 2]);
    // Its turn is over, for everybody.
    thread::scope(|scope| {
        scope.spawn(|| log_off(mapi.logon(&work().timeout_short()).unwrap()));
    });
}

// L3, L8
#[test]
fn a_decision_that_panics_cancels() {
    let (mapi, memory) = impatient();
    memory.user().answer_with(|_| panic!("the user left"));
    memory.user().answer_with(|_| panic_any(7));
    memory
        .user()
        .answer_with(|dialog| panic!("on purpose: {dialog:?}"));
    for _ in 0..3 {
        let open = memory.open_sessions();
        let error = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
        let error = error.unwrap_err();
        assert_error(&error, HResult::MAPI_E_USER_CANCEL, "cancelled");
        assert_eq!(memory.open_sessions(), open);
        thread::scope(|scope| {
            scope.spawn(|| log_off(mapi.logon(&work().timeout_short()).unwrap()));
        });
    }
    assert_eq!(memory.user().dialogs().len(), 3);
}

// L13
#[test]
fn the_limit_counts_open_sessions() {
    let (mapi, memory) = initialized(builder().session_limit(2));
    let failed = HResult::MAPI_E_LOGON_FAILED;
    let first = mapi.logon(&work()).unwrap();
    let second = mapi.logon(&LogonRequest::new_session("Home")).unwrap();
    for request in [
        work(),
        work().allow_others(),
        work().flags(LogonFlags::NO_MAIL),
    ] {
        refused(&memory, &request, failed, "limit allows, 2");
    }

    // Logged off is not open, even before its Release; and the Release counts nothing twice.
    let rest = first.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(memory.open_sessions(), 1);
    let third = mapi.logon(&work()).unwrap();
    drop(rest);
    refused(&memory, &work(), failed, "limit allows, 2");

    // Released live, without a logoff.
    drop(second);
    assert_eq!(memory.open_sessions(), 1);
    let fourth = mapi.logon(&work()).unwrap();
    refused(&memory, &work(), failed, "limit allows, 2");

    // A logoff that is refused leaves it open.
    let refusal = third.logoff(LogoffFlags::from(0x8000_0000)).unwrap_err();
    refused(&memory, &work(), failed, "limit allows, 2");
    drop(refusal);
    log_off(mapi.logon(&work()).unwrap());
    log_off(fourth);
    assert_eq!(memory.open_sessions(), 0);
}

// L13, L10: a provider that has one session at a time disables its service in the second; the client
// is logged on all the same.
#[test]
fn a_providers_own_limit_fails_no_logon() {
    let open = AtomicUsize::new(0);
    let store = Store::new("Of one").hook(move |call| match call {
        ProviderCall::LogOn if open.fetch_add(1, Ordering::SeqCst) > 0 => {
            HResult::MAPI_E_SESSION_LIMIT
        }
        ProviderCall::LogOff => {
            open.store(0, Ordering::SeqCst);
            HResult::S_OK
        }
        _ => HResult::S_OK,
    });
    let profile = Profile::new("Limited").store(store);
    let (mapi, _memory) = initialized(Memory::builder().profile(profile));
    let opened = |session: &Session<Live, Memory>| {
        let table = session.msg_stores_table().unwrap();
        let id = table.rows()[0].entry_id();
        let store = session.open_msg_store(id, OpenStoreFlags::empty());
        store.map(drop).map_err(|error| error.hresult())
    };
    let request = LogonRequest::new_session("Limited");
    let first = mapi.logon(&request).unwrap();
    let second = mapi.logon(&request).unwrap();
    assert_eq!(opened(&first), Ok(()));
    assert_eq!(opened(&second), Err(HResult::MAPI_E_LOGON_FAILED));
    log_off(second);
    log_off(first);
    let third = mapi.logon(&request).unwrap();
    assert_eq!(opened(&third), Ok(()));
    log_off(third);
}

// L13, S4: joining opens nothing.
#[test]
fn a_shared_session_counts_once() {
    let (mapi, memory) = initialized(builder().session_limit(1));
    let failed = HResult::MAPI_E_LOGON_FAILED;
    let first = mapi.logon(&work().allow_others()).unwrap();
    let second = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let third = mapi.logon(&LogonRequest::from_raw(Some("Home"), 0));
    let third = third.unwrap();
    assert_eq!(memory.open_sessions(), 1);
    refused(&memory, &work(), failed, "limit");
    log_off(first);
    log_off(second);
    refused(&memory, &work(), failed, "limit");
    drop(third);
    assert_eq!(memory.open_sessions(), 0);

    // A shared one that was refused is not there to be joined, and an individual one is not either.
    let individual = mapi.logon(&work()).unwrap();
    refused(&memory, &work().allow_others(), failed, "limit");
    refused(
        &memory,
        &LogonRequest::join_shared(),
        failed,
        "no shared session",
    );
    log_off(individual);
    log_off(mapi.logon(&work().allow_others()).unwrap());
}

// L13: refusals of every kind take no place.
#[test]
fn a_refused_logon_takes_no_place() {
    let (mapi, memory) = initialized(builder().session_limit(1));
    for _ in 0..3 {
        let (failed, cancelled) = (HResult::MAPI_E_LOGON_FAILED, HResult::MAPI_E_USER_CANCEL);
        refused(
            &memory,
            &LogonRequest::new_session("Nobody"),
            failed,
            "Nobody",
        );
        refused(&memory, &LogonRequest::default_profile(), failed, "default");
        let asked = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
        assert_eq!(asked.unwrap_err().hresult(), cancelled);
        let unknown = work().flags(LogonFlags::from(0x80));
        refused(&memory, &unknown, HResult::MAPI_E_UNKNOWN_FLAGS, "80");
    }
    assert_eq!(memory.open_sessions(), 0);
    let session = mapi.logon(&work()).unwrap();
    refused(&memory, &work(), HResult::MAPI_E_LOGON_FAILED, "limit");
    log_off(session);
}

// L13: what a dialog's own logons have taken is taken.
#[test]
fn the_limit_holds_for_a_logon_that_asked() {
    let (mapi, memory) = initialized(builder().session_limit(1));
    let inner = mapi.clone();
    let (sender, opened) = mpsc::channel();
    memory.user().answer_with(move |_| {
        sender.send(inner.logon(&work()).unwrap()).unwrap();
        pick("Home")
    });
    let error = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
    let error = error.unwrap_err();
    assert_error(&error, HResult::MAPI_E_LOGON_FAILED, "limit");
    assert_eq!(memory.open_sessions(), 1);
    log_off(opened.try_recv().unwrap());
    assert_eq!(memory.open_sessions(), 0);
}

// L13
#[test]
fn a_limit_of_none_lets_nobody_in() {
    let (_mapi, memory) = initialized(builder().session_limit(0));
    refused(&memory, &work(), HResult::MAPI_E_LOGON_FAILED, "limit");
    refused(
        &memory,
        &work().allow_others(),
        HResult::MAPI_E_LOGON_FAILED,
        "limit",
    );
}

// L13: without a limit there is none.
#[test]
fn any_number_of_sessions_is_open() {
    let (mapi, memory) = scene();
    let sessions: Vec<_> = (0..1000).map(|_| mapi.logon(&work()).unwrap()).collect();
    assert_eq!(memory.open_sessions(), 1000);
    sessions.into_iter().for_each(log_off);
    assert_eq!(memory.open_sessions(), 0);
}

// ---- L14

/// A profile with three services, of which the last lacks what it needs.
fn three_services() -> (Mapi<Memory>, Memory) {
    let book = AddressBook::new("GAL").unconfigured();
    initialized(
        Memory::builder().profile(
            profile("Work")
                .service(Service::new("Empty"))
                .service(Service::new("Exchange").address_book(book)),
        ),
    )
}

fn always() -> LogonRequest<'static> {
    let desk = UiParam::new(0xDE5C);
    work().flags(LogonFlags::SERVICE_UI_ALWAYS).ui(desk)
}

/// The names of the services that were shown, since the last time.
fn services_shown(memory: &Memory) -> Vec<String> {
    let dialogs = memory.user().take_dialogs().into_iter();
    let names = dialogs.map(|dialog| {
        assert_eq!(dialog.parent(), UiParam::new(0xDE5C));
        match dialog.question() {
            Question::ConfigureService { service, .. } => service.clone(),
            other => panic!("{other:?}"),
        }
    });
    names.collect()
}

// L14: each is shown, in the order of the profile, and before any is logged on: what is given here
// nobody asks for again.
#[test]
fn each_service_shows_its_configuration_when_the_client_asks_for_it() {
    let (mapi, memory) = three_services();
    for _ in 0..3 {
        memory.user().answer(Answer::Accept);
    }
    let session = mapi.logon(&always()).unwrap();
    assert_eq!(services_shown(&memory), ["Work", "Empty", "Exchange"]);
    let flags = AddressBookFlags::NO_DIALOG;
    let book = session.open_address_book(UiParam::NONE, flags).unwrap();
    assert!(book.open_warning().is_none());
    drop(book);
    log_off(session);
    // Without the flag, none.
    log_off(mapi.logon(&work()).unwrap());
    assert_eq!(services_shown(&memory), [""; 0]);
}

// L14
#[test]
fn a_service_whose_dialog_is_cancelled_ends_the_logon() {
    for shown in 1..=3 {
        let (mapi, memory) = three_services();
        for _ in 1..shown {
            memory.user().answer(Answer::Accept);
        }
        let logged_on = mapi.logon(&always());
        assert_eq!(code(logged_on), HResult::MAPI_E_USER_CANCEL);
        assert_eq!(services_shown(&memory).len(), shown);
        assert_eq!(memory.open_sessions(), 0);
        // The next logon does not wait for that one.
        log_off(mapi.logon(&work().timeout_short()).unwrap());
    }
}

// L14, S2: who joins chooses no profile, and logs no service on.
#[test]
fn a_logon_that_joins_shows_no_service() {
    let (mapi, memory) = three_services();
    let first = mapi.logon(&work().allow_others()).unwrap();
    let second = mapi.logon(&LogonRequest::join_shared().flags(LogonFlags::SERVICE_UI_ALWAYS));
    assert_eq!(services_shown(&memory), [""; 0]);
    log_off(second.unwrap());
    log_off(first);
}

// L14, P2: the profile can change while the user looks at its services.
#[test]
fn a_profile_that_goes_while_its_services_are_shown_cannot_be_logged_on_to() {
    let (mapi, memory) = three_services();
    let inside = memory.clone();
    memory.user().answer_with(move |_| {
        inside
            .profiles()
            .delete_profile("Work", ProfileFlags::empty())
            .unwrap();
        Answer::Accept
    });
    memory.user().answer(Answer::Accept);
    memory.user().answer(Answer::Accept);
    let logged_on = mapi.logon(&always());
    assert_eq!(code(logged_on), HResult::MAPI_E_LOGON_FAILED);
    assert_eq!(memory.open_sessions(), 0);
}

// L14, L8: others wait, as while a profile is chosen.
#[test]
fn another_logon_waits_while_services_are_shown() {
    let _watchdog = Watchdog::new();
    let patience = builder().logon_timeout(Duration::from_millis(1));
    let (mapi, memory) = initialized(patience);
    let inside = memory.clone();
    memory.user().answer_with(move |_| {
        let elsewhere = thread::spawn(move || {
            let mapi = Mapi::initialize(inside).unwrap();
            code(mapi.logon(&work().timeout_short()))
        });
        assert_eq!(elsewhere.join().unwrap(), HResult::MAPI_E_TIMEOUT);
        Answer::Accept
    });
    let session = mapi.logon(&always()).unwrap();
    assert_eq!(memory.open_sessions(), 1);
    log_off(session);
}
