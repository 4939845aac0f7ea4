//! The conformance suite, tried on the subsystem in memory, and on one that is wrong in one rule at
//! a time.

use std::any::Any;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use mapi_session::error::{Call, Failure, MapiError, Success};
use mapi_session::flags::{FlushFlags, InitFlags, StoreLogoffFlags};
use mapi_session::memory::Memory;
use mapi_session::notification::{Connection, CriticalError, ExtendedEvent, TableEventKind};
use mapi_session::property::{PropProblem, PropTag, Property, PropertyValue, Props};
use mapi_session::subsystem::{
    RawResult,
    layer::{Arg, Layer, Layered, ObjectId, OpenKind, RawCall},
};
use mapi_session::table::{MsgServiceTable, MsgStoresTable, StatusTable};
use mapi_session::testing::{
    Faults, Recorder,
    conformance::{self, FAULTY, OTHER, Outcome, PROFILE, Report, Rule, Setting, Stage, Suite},
};
use mapi_session::types::ResourceType;
use mapi_session::{
    AdviseSink, EntryId, EventMask, HResult, LogoffFlags, LogonFlags, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
};

/// What the traits cannot say, whatever the stage.
const UNASKED: &[Rule] = &[
    Rule::I4,
    Rule::I5,
    Rule::L9,
    Rule::O1,
    Rule::N6,
    Rule::N8,
    Rule::N13,
    Rule::N15,
    Rule::E9,
    Rule::E13,
    Rule::T3,
    Rule::F3,
    Rule::F4,
    Rule::M12,
];

/// What can be asked, and cannot be broken alone.
const UNBREAKABLE: &[(Rule, &str)] = &[(
    Rule::E12,
    "safe Rust cannot change what somebody else owns; a COM subsystem can",
)];

/// What can be broken in a second way.
const BROKEN_TWICE: &[Rule] = &[
    Rule::L1,
    Rule::L7,
    Rule::O2,
    Rule::N2,
    Rule::N3,
    Rule::N7,
    Rule::N9,
    Rule::N11,
    Rule::E3,
    Rule::E6,
    Rule::E8,
    Rule::T1,
    Rule::T2,
    Rule::F1,
    Rule::M1,
    Rule::M2,
    Rule::M4,
    Rule::M5,
    Rule::M6,
    Rule::M7,
    Rule::M8,
    Rule::M10,
    Rule::M11,
    Rule::M15,
    Rule::M16,
    Rule::R1,
    Rule::R2,
    Rule::R4,
    Rule::C4,
    Rule::C5,
    Rule::B3,
    Rule::B5,
];

fn broken(report: &Report) -> Vec<Rule> {
    report.broken().map(|(rule, _)| rule).collect()
}

#[test]
fn memory_conforms() {
    let report = conformance::check(conformance::memory);
    report.assert_all();
    for (rule, outcome) in report.outcomes() {
        let wanted = if UNASKED.contains(rule) {
            matches!(outcome, Outcome::NotAsked(_))
        } else {
            *outcome == Outcome::Held
        };
        assert!(wanted, "{rule}: {outcome:?}");
    }
}

#[test]
fn a_wrapper_that_changes_nothing_conforms() {
    conformance::check(|setting| wrong(setting, Nothing)).assert_all();
}

/// Each rule that is asked has a subsystem that breaks it and nothing else; some have two.
#[test]
fn the_wrappers_of_this_crate_conform() {
    let recorder =
        conformance::check(|setting| Some(conformance::memory(setting)?.map(Recorder::new)));
    recorder.assert_all();
    let faults = conformance::check(|setting| Some(conformance::memory(setting)?.map(Faults::new)));
    faults.assert_all();
    let both = conformance::check(|setting| {
        let stage = conformance::memory(setting)?.map(Faults::new);
        Some(stage.map(Recorder::new))
    });
    both.assert_all();
    let other_way = conformance::check(|setting| {
        let stage = conformance::memory(setting)?.map(Recorder::new);
        Some(stage.map(Faults::new))
    });
    other_way.assert_all();
}

#[test]
fn a_wrong_subsystem_fails_exactly_the_rule_that_it_breaks() {
    let is_breakable = |rule: &Rule| {
        let unbreakable = UNBREAKABLE.iter().any(|(it, _)| it == rule);
        !UNASKED.contains(rule) && !unbreakable
    };
    let first = Rule::ALL.iter().filter(|rule| is_breakable(rule));
    let first = first.map(|&rule| (rule, First(rule)));
    let second = BROKEN_TWICE.iter().map(|&rule| (rule, Second(rule)));
    let mut faults = Vec::new();
    for (rule, wrongness) in first.chain(second) {
        let report = conformance::check(move |setting| wrong(setting, wrongness));
        if broken(&report) != [rule] {
            let broken = report.broken().collect::<Vec<_>>();
            faults.push(format!("{wrongness:?} fails {broken:#?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_disclaimed_is_not_asked() {
    let suite = Suite::new().without(Rule::E6).without(Rule::L8);
    let report = suite.check(|setting| wrong(setting, Rule::E6));
    assert_eq!(broken(&report), []);
    for (rule, outcome) in report.outcomes() {
        let disclaimed = *outcome == Outcome::NotAsked("the subsystem does not claim it".into());
        assert_eq!(disclaimed, matches!(rule, Rule::E6 | Rule::L8), "{rule}");
    }
}

#[test]
fn what_the_stage_does_not_allow_is_not_asked() {
    let bare = |setting| {
        let mut memory = None;
        let _ = conformance::memory(setting)?.map(|it| memory = Some(it));
        (setting == Setting::Plain).then_some(Stage::new(memory?))
    };
    let report = conformance::check(bare);
    report.assert_all();
    for (rule, wanted) in [
        (Rule::L3, "the stage has no user"),
        (Rule::L13, "there is no stage for TwoSessions"),
        (Rule::T4, "the stage has no Message"),
    ] {
        let outcome = report.outcomes().iter().find(|(it, _)| *it == rule);
        assert_eq!(outcome.unwrap().1, Outcome::NotAsked(wanted.into()));
    }
    let partly = "   in part    but for: the stage has no user";
    assert!(report.to_string().contains(partly), "{report}");
}

#[test]
fn a_subsystem_that_hangs_breaks_the_rule() {
    let suite = Suite::new().only(Rule::L4);
    let suite = suite.patience(Duration::from_millis(10));
    let hangs = |_| -> Option<Stage<Memory>> {
        loop {
            thread::park();
        }
    };
    let report = suite.check(hangs);
    assert_eq!(
        report.broken().collect::<Vec<_>>(),
        [(Rule::L4, "no answer within 10ms")]
    );
}

#[test]
fn a_subsystem_that_panics_breaks_the_rule() {
    let panics = |_| -> Option<Stage<Memory>> { resume_unwind(Box::new("oh")) };
    let report = Suite::new().only(Rule::L4).check(panics);
    assert_eq!(
        report.broken().collect::<Vec<_>>(),
        [(Rule::L4, "it panicked: oh")]
    );
}

// What is thrown can throw in turn, when it is dropped.
#[test]
fn a_subsystem_that_throws_what_panics_breaks_the_rule_and_is_waited_for_no_longer() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            resume_unwind(Box::new("bomb"));
        }
    }
    let panics = |_| -> Option<Stage<Memory>> { resume_unwind(Box::new(Bomb)) };
    let report = Suite::new().only(Rule::L4).check(panics);
    assert_eq!(
        report.broken().collect::<Vec<_>>(),
        [(Rule::L4, "it panicked: with no message")]
    );
}

#[test]
fn a_subsystem_that_can_do_nothing_neither_hangs_nor_panics() {
    let report = conformance::check(|setting| {
        let memory = conformance::memory(setting)?;
        Some(memory.map(|below| Layered::new(below, Dead)))
    });
    let (asked, held) = (broken(&report).len(), Outcome::Held);
    assert!(asked > 50, "{report}");
    assert!(
        report.outcomes().iter().all(|(_, it)| *it != held),
        "{report}"
    );
    for (rule, reason) in report.broken() {
        let failed = reason.contains("MAPI_E_CALL_FAILED (0x80004005)");
        assert!(failed, "{rule}: {reason}");
    }
}

struct Dead;

impl Layer for Dead {
    fn call<'a, T: 'static>(
        &self,
        _: &mut RawCall<'a>,
        _: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        Err(Failure::new(HResult::E_FAIL).because("the subsystem is dead"))
    }
}

#[test]
fn an_assertion_names_what_is_broken() {
    let report = conformance::check(|setting| wrong(setting, Rule::E7));
    let payload = catch_unwind(|| report.assert_all()).unwrap_err();
    let message = payload.downcast::<String>().unwrap();
    let wanted = "the subsystem breaks the contract of a MAPI session:\nE7: \
                  a logoff that the user cancels: MAPI_E_BUSY (0x8004010B) instead of \
                  MAPI_E_USER_CANCEL (0x80040113)";
    assert_eq!(*message, wanted);
    let row = "\nE7   BROKEN     a logoff that the user cancels: MAPI_E_BUSY";
    assert!(report.to_string().contains(row), "{report}");
    let row = "\nE6   held       the arguments of a logoff\n";
    assert!(report.to_string().contains(row), "{report}");
}

#[test]
fn the_rules_are_those_of_the_contract() {
    let contract = include_str!("../../src/contract.md");
    let numbers = contract.lines().filter_map(|line| {
        let (number, _) = line.strip_prefix("- **")?.split_once("**")?;
        Some(number)
    });
    let rules = Rule::ALL.iter().map(|rule| rule.number());
    assert_eq!(rules.collect::<Vec<_>>(), numbers.collect::<Vec<_>>());
}

#[test]
fn a_rule_is_read_from_its_number() {
    for rule in Rule::ALL {
        assert_eq!(rule.to_string().parse(), Ok(*rule));
    }
    for wrong in ["", "e6", "E06", "E99", " E6"] {
        let error = wrong.parse::<Rule>().unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{wrong:?} is no rule of the contract")
        );
    }
}

fn wrong(
    setting: Setting,
    wrongness: impl Into<Wrongness>,
) -> Option<Stage<Layered<Memory, Wrong>>> {
    let fault = Fault(Arc::new((wrongness.into(), AtomicUsize::new(0))));
    let wrong = Wrong {
        fault,
        known: Mutex::default(),
    };
    Some(conformance::memory(setting)?.map(|below| Layered::new(below, wrong)))
}

/// Which rule is broken, and in which of two ways.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrongness {
    Nothing,
    First(Rule),
    Second(Rule),
}

use Wrongness::{First, Nothing, Second};

impl From<Rule> for Wrongness {
    fn from(rule: Rule) -> Self {
        First(rule)
    }
}

/// What is wrong, and one number for it to remember something by.
#[derive(Clone)]
struct Fault(Arc<(Wrongness, AtomicUsize)>);

impl Fault {
    fn breaks(&self, wrongness: impl Into<Wrongness>) -> bool {
        self.0.0 == wrongness.into()
    }

    /// What has been remembered, where this is wrong; else zero.
    fn seen(&self, wrongness: impl Into<Wrongness>) -> usize {
        match self.breaks(wrongness) {
            true => self.0.1.load(Ordering::Relaxed),
            false => 0,
        }
    }

    fn remember(&self, wrongness: impl Into<Wrongness>, seen: usize) {
        if self.breaks(wrongness) {
            self.0.1.store(seen, Ordering::Relaxed);
        }
    }
}

macro_rules! recoded {
    ($($way:ident $rule:ident $call:ident: $right:ident => $wrong:ident;)*) => {
        &[$(($way(Rule::$rule), Call::$call, HResult::$right, HResult::$wrong)),*]
    };
}

/// What is wrong where a call fails with another code: the code that is right, and the wrong one.
const RECODED: &[(Wrongness, Call, HResult, HResult)] = recoded! {
    First L3 LOGON_EX: MAPI_E_USER_CANCEL => MAPI_E_LOGON_FAILED;
    First L8 LOGON_EX: MAPI_E_TIMEOUT => MAPI_E_BUSY;
    First M2 SESSION_OPEN_MSG_STORE: MAPI_E_NOT_FOUND => MAPI_E_UNKNOWN_ENTRYID;
    First M4 SESSION_OPEN_PROFILE_SECTION: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    Second M4 SESSION_OPEN_PROFILE_SECTION: MAPI_E_NO_ACCESS => MAPI_E_BUSY;
    First M5 SESSION_OPEN_ENTRY: MAPI_E_UNKNOWN_ENTRYID => MAPI_E_NOT_FOUND;
    Second M5 SESSION_OPEN_ENTRY: MAPI_E_NO_ACCESS => MAPI_E_CALL_FAILED;
    Second M6 SESSION_COMPARE_ENTRY_IDS: MAPI_E_UNKNOWN_ENTRYID => MAPI_E_CALL_FAILED;
    First N10 SESSION_ADVISE: MAPI_E_INVALID_ENTRYID => MAPI_E_UNKNOWN_ENTRYID;
    First N11 TABLE_ADVISE: MAPI_E_NO_SUPPORT => MAPI_E_CALL_FAILED;
    First N12 STORE_ADVISE: MAPI_E_UNKNOWN_ENTRYID => MAPI_E_NOT_FOUND;
    First M11 SESSION_QUERY_DEFAULT_MESSAGE_OPT: MAPI_E_NO_SUPPORT => MAPI_E_NOT_FOUND;
    First E1 SESSION_QUERY_IDENTITY: MAPI_E_INVALID_OBJECT => MAPI_E_CALL_FAILED;
    First E7 SESSION_LOGOFF: MAPI_E_USER_CANCEL => MAPI_E_BUSY;
    First M8 SESSION_SET_DEFAULT_STORE: MAPI_E_NO_SUPPORT => MAPI_E_NO_ACCESS;
    First F1 CLIENT_SHUTDOWN_NOTIFY_PROCESS_SHUTDOWN: MAPI_E_CALL_FAILED => MAPI_E_BUSY;
    Second F1 CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN: MAPI_E_CALL_FAILED => MAPI_E_BUSY;
    First F2 CLIENT_SHUTDOWN_QUERY_FAST_SHUTDOWN: MAPI_E_NO_SUPPORT => MAPI_E_CALL_FAILED;
    Second M15 STATUS_CHANGE_PASSWORD: MAPI_E_NO_SUPPORT => MAPI_E_NO_ACCESS;
    Second M16 SERVICE_ADMIN_GET_LAST_ERROR: MAPI_E_UNKNOWN_FLAGS => MAPI_E_INVALID_PARAMETER;
    First O2 PROP_GET_PROPS: MAPI_E_INVALID_OBJECT => MAPI_E_CALL_FAILED;
    Second O2 PROP_SET_PROPS: MAPI_E_INVALID_OBJECT => MAPI_E_CALL_FAILED;
    First R1 PROP_GET_PROP_LIST: MAPI_E_UNKNOWN_FLAGS => MAPI_E_INVALID_PARAMETER;
    First R2 PROP_DELETE_PROPS: MAPI_E_NO_ACCESS => MAPI_E_CALL_FAILED;
    First R3 PROP_OPEN_PROPERTY: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    Second R4 PROP_GET_NAMES_FROM_IDS: MAPI_E_UNKNOWN_FLAGS => MAPI_E_INVALID_PARAMETER;
    First C1 CONTAINER_GET_CONTENTS_TABLE: MAPI_E_NO_SUPPORT => MAPI_E_CALL_FAILED;
    First C2 PROP_SAVE_CHANGES: MAPI_E_OBJECT_CHANGED => MAPI_E_CALL_FAILED;
    First C3 FOLDER_CREATE_FOLDER: MAPI_E_COLLISION => MAPI_E_CALL_FAILED;
    Second C4 FOLDER_SET_READ_FLAGS: MAPI_E_INVALID_PARAMETER => MAPI_E_CALL_FAILED;
    First C5 MESSAGE_SUBMIT_MESSAGE: MAPI_E_NO_RECIPIENTS => MAPI_E_CALL_FAILED;
    First C6 MESSAGE_OPEN_ATTACH: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    First C8 STORE_GET_RECEIVE_FOLDER_TABLE: MAPI_E_UNKNOWN_FLAGS => MAPI_E_INVALID_PARAMETER;
    First C9 MESSAGE_CREATE_ATTACH: MAPI_E_NO_ACCESS => MAPI_E_CALL_FAILED;
    First B2 TABLE_SEEK_ROW: MAPI_E_INVALID_BOOKMARK => MAPI_E_CALL_FAILED;
    First B3 TABLE_RESTRICT: MAPI_E_TOO_COMPLEX => MAPI_E_CALL_FAILED;
    First B4 TABLE_SORT_TABLE: MAPI_E_TOO_COMPLEX => MAPI_E_CALL_FAILED;
    First B5 TABLE_FIND_ROW: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    First B7 TABLE_FREE_BOOKMARK: MAPI_E_INVALID_BOOKMARK => MAPI_E_CALL_FAILED;
    First P1 PROF_ADMIN_DELETE_PROFILE: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    First P2 PROF_ADMIN_COPY_PROFILE: MAPI_E_NO_ACCESS => MAPI_E_CALL_FAILED;
    First P3 PROF_ADMIN_ADMIN_SERVICES: MAPI_E_LOGON_FAILED => MAPI_E_NOT_FOUND;
    First P4 PROF_ADMIN_CREATE_PROFILE: MAPI_E_UNKNOWN_FLAGS => MAPI_E_INVALID_PARAMETER;
    First P6 SERVICE_ADMIN_CREATE_MSG_SERVICE_EX: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    First P7 SERVICE_ADMIN_CONFIGURE_MSG_SERVICE: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    First P8 SERVICE_ADMIN_RENAME_MSG_SERVICE: MAPI_E_NO_SUPPORT => MAPI_E_NOT_FOUND;
    First P9 SERVICE_ADMIN_MSG_SERVICE_TRANSPORT_ORDER: MAPI_E_BUSY => MAPI_E_INVALID_PARAMETER;
    First P10 SERVICE_ADMIN_SET_PRIMARY_IDENTITY: MAPI_E_NO_ACCESS => MAPI_E_NOT_FOUND;
    First P11 PROVIDER_ADMIN_DELETE_PROVIDER: MAPI_E_NOT_FOUND => MAPI_E_CALL_FAILED;
    First P12 PROVIDER_ADMIN_OPEN_PROFILE_SECTION: MAPI_E_NO_ACCESS => MAPI_E_CALL_FAILED;
};

/// What is wrong where a warning is lost.
const UNWARNED: &[(Rule, Call)] = &[
    (Rule::M3, Call::SESSION_OPEN_ADDRESS_BOOK),
    (Rule::M7, Call::SESSION_QUERY_IDENTITY),
    (Rule::E10, Call::SESSION_LOGOFF),
    (Rule::R4, Call::PROP_GET_IDS_FROM_NAMES),
    (Rule::C4, Call::FOLDER_DELETE_MESSAGES),
    (Rule::B7, Call::TABLE_SEEK_ROW),
];

/// Changes the value of a success, where it is a `V`.
fn change<T: 'static, V: 'static>(
    answer: RawResult<T>,
    change: impl FnOnce(V) -> V,
) -> RawResult<T> {
    Ok(answer?.map(|value| {
        let mut value = Some(value);
        if let Some(slot) = (&mut value as &mut dyn Any).downcast_mut::<Option<V>>() {
            *slot = slot.take().map(change);
        }
        value.unwrap()
    }))
}

/// A layer that breaks one rule.
struct Wrong {
    fault: Fault,
    known: Mutex<Known>,
}

/// What is known of a subsystem's objects.
#[derive(Default)]
struct Known {
    sessions: BTreeMap<ObjectId, WrongSession>,
    open_stores: BTreeSet<ObjectId>,
    /// The stores that objects came from.
    stores: BTreeMap<ObjectId, ObjectId>,
}

#[derive(Default)]
struct WrongSession {
    is_new: bool,
    shares: bool,
    has_ended: bool,
    /// The status table, with the most rows that it had.
    statuses: Option<StatusTable>,
    /// The sink of the Advise that is under way.
    sink: Option<Arc<dyn AdviseSink>>,
    sinks: Vec<(Connection, Arc<dyn AdviseSink>)>,
}

impl WrongSession {
    fn is_individual(&self) -> bool {
        self.is_new && !self.shares
    }
}

impl Wrong {
    /// What is known of the session that the call is made in.
    fn session<T>(
        &self,
        call: &RawCall<'_>,
        look: impl FnOnce(&mut WrongSession) -> T,
    ) -> Option<T> {
        let mut known = self.known.lock().unwrap();
        known.sessions.get_mut(&call.session()?).map(look)
    }

    fn is_individual(&self, call: &RawCall<'_>) -> bool {
        self.session(call, |it| it.is_individual()).unwrap_or(false)
    }

    /// Whether the call's object was opened by its identifier.
    fn came_from_a_store(&self, call: &RawCall<'_>) -> bool {
        let known = self.known.lock().unwrap();
        call.object()
            .is_some_and(|it| known.stores.contains_key(&it))
    }

    fn has_ended(&self, call: &RawCall<'_>) -> bool {
        self.session(call, |it| it.has_ended).unwrap_or(true)
    }

    /// Changes the arguments. An error is the answer.
    fn before(&self, call: &mut RawCall<'_>) -> Result<(), HResult> {
        let fault = &self.fault;
        let flags = call.flags().unwrap_or_default();
        let mut below = flags;
        match call.call() {
            Call::INITIALIZE => {
                fault.remember(Rule::I1, 1);
                if fault.breaks(Rule::N14) {
                    below &= !InitFlags::MULTITHREAD_NOTIFICATIONS.bits();
                }
                if fault.breaks(Rule::I3) {
                    below &= InitFlags::all().bits();
                }
            }
            Call::LOGON_EX => return self.before_logon(call),
            Call::SESSION_GET_MSG_STORES_TABLE
                if fault.seen(Rule::S5) + fault.seen(Rule::E8) == 1 =>
            {
                return Err(HResult::MAPI_E_INVALID_OBJECT);
            }
            Call::SESSION_OPEN_MSG_STORE if flags == 0 && fault.breaks(Second(Rule::M2)) => {
                below = OpenStoreFlags::BEST_ACCESS.bits();
            }
            Call::SESSION_OPEN_MSG_STORE if fault.breaks(Rule::M18) => {
                let is_further = |id: &[u8]| id.get(4..) == Some(&[0x2D; 16]);
                if call.entry_ids().any(is_further) {
                    return Err(HResult::MAPI_E_NOT_FOUND);
                }
            }
            Call::SESSION_OPEN_MSG_STORE if fault.breaks(Rule::M17) => {
                below &= !OpenStoreFlags::TEMPORARY.bits();
            }
            Call::SESSION_ADVISE if fault.breaks(Rule::N5) && IN_A_SINK.get() => {
                return Err(HResult::MAPI_E_BUSY);
            }
            Call::SESSION_LOGOFF => return self.before_logoff(call),
            Call::STORE_LOGOFF => match flags {
                0 if fault.breaks(Rule::T1) => below = StoreLogoffFlags::ABORT.bits(),
                // The lowest bit.
                _ if fault.breaks(Second(Rule::T1)) => below &= flags.wrapping_neg(),
                _ => {}
            },
            Call::PROP_GET_PROPS if fault.breaks(Rule::O3) => {
                let known = self.known.lock().unwrap();
                let store = call.object().and_then(|it| known.stores.get(&it));
                if store.is_some_and(|it| !known.open_stores.contains(it)) {
                    return Err(HResult::MAPI_E_INVALID_OBJECT);
                }
            }
            Call::SESSION_OPEN_MSG_STORE if flags == OpenStoreFlags::WRITE.bits() => {
                let is_open = !self.known.lock().unwrap().open_stores.is_empty();
                if is_open && fault.breaks(Rule::O5) {
                    return Err(HResult::MAPI_E_NO_ACCESS);
                }
            }
            // Nothing is added, looked for backwards, or left where it was.
            Call::MESSAGE_MODIFY_RECIPIENTS if flags == 2 && fault.breaks(Second(Rule::C5)) => {
                below = 0;
            }
            Call::TABLE_FIND_ROW if fault.breaks(Second(Rule::B5)) => below = 0,
            Call::TABLE_QUERY_ROWS if fault.breaks(Rule::B1) => below &= !1,
            Call::TABLE_RESTRICT if fault.breaks(Second(Rule::B3)) => {
                let restriction = call.arg("lpRestriction");
                if matches!(restriction, Some(Arg::Restriction(Some(it))) if it.terms().len() > 1) {
                    call.set("lpRestriction", Arg::Restriction(None));
                }
            }
            Call::SESSION_SET_DEFAULT_STORE => fault.remember(Second(Rule::M8), 1),
            Call::SESSION_OPEN_ENTRY | Call::STORE_OPEN_ENTRY if fault.breaks(Rule::M13) => {
                below &= !OpenEntryFlags::DEFERRED_ERRORS.bits();
            }
            _ => {}
        }
        for name in ["ulFlags", "*lpulFlags"] {
            call.set(name, Arg::Number(below));
        }
        Ok(())
    }

    fn before_logon(&self, call: &mut RawCall<'_>) -> Result<(), HResult> {
        let fault = &self.fault;
        let text = |name| match call.arg(name) {
            Some(Arg::Text(text)) => text,
            _ => None,
        };
        let (mut name, mut password) = (text("lpszProfileName"), text("lpszPassword"));
        let mut flags = LogonFlags::from_bits_retain(call.flags().unwrap_or_default());
        let has = |flag| flags.contains(flag);
        let is_new = has(LogonFlags::NEW_SESSION);
        let shares = has(LogonFlags::ALLOW_OTHERS);
        let is_silent = !has(LogonFlags::LOGON_UI);
        match fault.0.0 {
            First(Rule::I1) if fault.seen(Rule::I1) == 0 => return Err(HResult::E_UNEXPECTED),
            First(Rule::L1) => flags -= LogonFlags::USE_DEFAULT,
            Second(Rule::L1) if name == Some(OTHER) && has(LogonFlags::USE_DEFAULT) => name = None,
            Second(Rule::L7) if !is_silent => flags -= LogonFlags::PASSWORD_UI,
            First(Rule::L2) if name == Some("Nobody") => return Err(HResult::MAPI_E_NOT_FOUND),
            First(Rule::L4)
                if is_silent && call.arg("ulUIParam") != Some(Arg::Window(UiParam::NONE)) =>
            {
                return Err(HResult::MAPI_E_INVALID_PARAMETER);
            }
            First(Rule::L5) => name = name.map(str::trim_start),
            First(Rule::L6) => password = None,
            First(Rule::L7) => flags &= LogonFlags::all(),
            First(Rule::L10) if name == Some(FAULTY) => {
                return Err(HResult::MAPI_E_FAILONEPROVIDER);
            }
            First(Rule::L11) if !has(LogonFlags::NT_SERVICE) => flags -= LogonFlags::NO_MAIL,
            First(Rule::L12) if has(LogonFlags::NT_SERVICE) => flags |= LogonFlags::NO_MAIL,
            First(Rule::L14) => flags -= LogonFlags::SERVICE_UI_ALWAYS,
            First(Rule::S1) if !shares => flags -= LogonFlags::NEW_SESSION,
            First(Rule::S2) if name == Some(OTHER) => flags |= LogonFlags::NEW_SESSION,
            First(Rule::S3) if is_new && shares => {
                if fault.seen(Rule::S3) == 1 {
                    flags -= LogonFlags::ALLOW_OTHERS;
                }
                fault.remember(Rule::S3, 1);
            }
            First(Rule::S4) if !is_new && has(LogonFlags::NO_MAIL) => fault.remember(Rule::S4, 1),
            First(Rule::S6) if !is_new && name.is_some() && fault.seen(Rule::S6) == 1 => {
                return Err(HResult::MAPI_E_LOGON_FAILED);
            }
            First(Rule::O4) => fault.remember(Rule::O4, fault.seen(Rule::O4) + 1),
            _ => {}
        }
        call.set("lpszProfileName", Arg::Text(name));
        call.set("lpszPassword", Arg::Text(password));
        call.set("flFlags", Arg::Number(flags.bits()));
        Ok(())
    }

    fn before_logoff(&self, call: &mut RawCall<'_>) -> Result<(), HResult> {
        let fault = &self.fault;
        let (shared, ui) = (LogoffFlags::SHARED.bits(), LogoffFlags::UI.bits());
        let flags = call.flags().unwrap_or_default();
        let reserved = call.number("ulReserved");
        let has_parent = call.arg("ulUIParam") != Some(Arg::Window(UiParam::NONE));
        let is_new = self.session(call, |it| it.is_new).unwrap_or(false);
        let mut below = flags;
        match fault.0.0 {
            First(Rule::E2) if flags & ui == 0 && has_parent => {
                return Err(HResult::MAPI_E_INVALID_PARAMETER);
            }
            First(Rule::E3)
                if self.is_individual(call) && (flags, reserved) == (shared, Some(0)) =>
            {
                return Err(HResult::MAPI_E_INVALID_PARAMETER);
            }
            First(Rule::E4) if !is_new => below &= !shared,
            First(Rule::E6) if reserved != Some(0) && !self.has_ended(call) => {
                return Err(HResult::MAPI_E_UNKNOWN_FLAGS);
            }
            Second(Rule::E6) => below &= LogoffFlags::all().bits(),
            First(Rule::N2) if flags & shared == 0 => fault.remember(Rule::N2, 1),
            Second(Rule::N2) if flags & shared == 0 => fault.remember(Second(Rule::N2), 1),
            Second(Rule::N3) if flags & shared != 0 => TELLS_HALF.set(true),
            _ => {}
        }
        call.set("ulFlags", Arg::Number(below));
        Ok(())
    }

    /// What is answered without a call below.
    fn instead<T: 'static>(&self, call: &RawCall<'_>) -> Option<RawResult<T>> {
        let fault = &self.fault;
        let flags = call.flags().unwrap_or_default();
        let is_answered = match call.call() {
            Call::UNINITIALIZE => fault.breaks(Rule::I2),
            Call::SESSION_UNADVISE => fault.breaks(Rule::N7) && !self.has_ended(call),
            Call::MESSAGE_SUBMIT_MESSAGE => {
                let is_stored = self.came_from_a_store(call);
                is_stored && fault.breaks(Rule::T4) && !self.has_ended(call)
            }
            Call::STATUS_FLUSH_QUEUES
                if call.arg("lpTargetTransport") == Some(Arg::Bytes(None)) =>
            {
                let uploads = flags & FlushFlags::UPLOAD.bits() != 0;
                uploads && fault.breaks(Rule::M15) && flags & !FlushFlags::all().bits() == 0
            }
            Call::SESSION_QUERY_IDENTITY if fault.seen(Rule::M9) == 1 => {
                return Some(call.answer(EntryId::new([1; 24])));
            }
            _ => false,
        };
        is_answered.then(|| call.answer(()))
    }

    /// Remembers what the call has done, and changes what it gives. `flags` are those of the program.
    fn after<T: 'static>(
        &self,
        call: &RawCall<'_>,
        flags: u32,
        answer: RawResult<T>,
    ) -> RawResult<T> {
        let fault = &self.fault;
        let answer = match call.call() {
            Call::LOGON_EX => self.after_logon(call, flags, answer),
            Call::SESSION_LOGOFF => return self.after_logoff(call, flags, answer),
            Call::SESSION_GET_LAST_ERROR => {
                let is_mute = fault.breaks(Second(Rule::M10));
                let invalid = Some(Arg::Code(HResult::MAPI_E_INVALID_ENTRYID));
                change(answer, |last: Option<MapiError>| match last {
                    _ if is_mute && call.arg("hResult") == invalid => None,
                    None if fault.breaks(Rule::M10) => Some(MapiError::default()),
                    last => last,
                })
            }
            Call::PROP_GET_LAST_ERROR if fault.breaks(Rule::M16) => {
                change(answer, |_: Option<MapiError>| None)
            }
            Call::SESSION_GET_MSG_STORES_TABLE if fault.seen(Rule::O4) > 1 => {
                change(answer, |table: MsgStoresTable| {
                    let rows = table.into_iter();
                    rows.filter(|row| row.display_name() != "Public").collect()
                })
            }
            Call::SERVICE_ADMIN_GET_MSG_SERVICE_TABLE if fault.breaks(Rule::P5) => {
                change(answer, |table: MsgServiceTable| {
                    let rows: Vec<_> = table.into_iter().collect();
                    rows.into_iter().rev().collect()
                })
            }
            Call::SESSION_GET_STATUS_TABLE if fault.breaks(Rule::O6) => {
                change(answer, |table: StatusTable| {
                    let most = |it: &mut WrongSession| {
                        let known = it.statuses.take().unwrap_or_else(|| table.clone());
                        let most = match known.rows().len() > table.rows().len() {
                            true => known,
                            false => table.clone(),
                        };
                        it.statuses.insert(most).clone()
                    };
                    self.session(call, most).unwrap()
                })
            }
            Call::SESSION_GET_STATUS_TABLE => change(answer, |table| self.status_table(table)),
            Call::PROP_GET_PROPS if fault.breaks(Rule::M14) => {
                change(answer, |props: Vec<Property>| {
                    let props = Props::from(props);
                    let own = props.entry_id(PropTag::ENTRYID);
                    let is_root = own.is_some() && own == props.entry_id(PropTag::PARENT_ENTRYID);
                    let is_parent = |it: &Property| it.tag == PropTag::PARENT_ENTRYID;
                    let props = props.into_iter();
                    props.filter(|it| !is_root || !is_parent(it)).collect()
                })
            }
            Call::PROP_GET_PROPS if fault.breaks(Second(Rule::R1)) => {
                change(answer, |props: Vec<Property>| {
                    let missing = PropertyValue::Error(HResult::MAPI_E_NOT_FOUND);
                    props.into_iter().filter(|it| it.value != missing).collect()
                })
            }
            Call::PROP_SET_PROPS if fault.breaks(Second(Rule::R2)) => {
                // Those of folders and messages are C2.
                change(answer, |problems: Vec<PropProblem>| {
                    let of_section = |it: &PropProblem| it.tag() == PropTag::OBJECT_TYPE;
                    problems.into_iter().filter(|it| !of_section(it)).collect()
                })
            }
            Call::STORE_GET_RECEIVE_FOLDER if fault.breaks(Rule::C7) => {
                change(answer, |(folder, _): (EntryId, String)| {
                    (folder, "Other".into())
                })
            }
            Call::QUERY_ALL_ROWS => change(answer, |table| self.status_table(table)),
            Call::TABLE_UNADVISE if fault.breaks(Second(Rule::N11)) && answer.is_ok() => {
                Err(HResult::MAPI_E_CALL_FAILED.into())
            }
            Call::SESSION_COMPARE_ENTRY_IDS if fault.breaks(Rule::M6) => {
                let is_same = call.arg("lpEntryID1") == call.arg("lpEntryID2");
                change(answer, |answer: bool| answer && is_same)
            }
            Call::SESSION_ENUM_ADR_TYPES if fault.breaks(Second(Rule::M11)) => {
                change(answer, |_: Vec<String>| Vec::new())
            }
            Call::SESSION_QUERY_IDENTITY if fault.breaks(Second(Rule::M7)) => {
                change(answer, |identity: EntryId| {
                    EntryId::new([identity.as_bytes(), &[0]].concat())
                })
            }
            Call::STORE_LOGOFF => change(answer, |flags: u32| match fault.0.0 {
                First(Rule::T2) => flags & !StoreLogoffFlags::COMPLETE.bits(),
                Second(Rule::T2) => flags & !StoreLogoffFlags::INBOUND.bits(),
                _ => flags,
            }),
            Call::SERVICE_ADMIN_SET_PRIMARY_IDENTITY => {
                if answer.is_ok() {
                    fault.remember(Rule::M9, 1);
                }
                answer
            }
            Call::SESSION_ADVISE => change(answer, |connection: Connection| {
                self.session(call, |session| {
                    let kept = session.sink.take().map(|sink| (connection, sink));
                    session.sinks.extend(kept);
                });
                connection
            }),
            Call::SESSION_UNADVISE if !fault.breaks(Second(Rule::N7)) => {
                let connection = call.arg("ulConnection");
                let is_its = |it: &(Connection, _)| Some(Arg::Connection(it.0)) == connection;
                self.session(call, |session| session.sinks.retain(|it| !is_its(it)));
                answer
            }
            _ => answer,
        };
        if let Some((object, kind)) = call.opened() {
            let mut known = self.known.lock().unwrap();
            match (kind, call.object()) {
                (OpenKind::StoreObject, _) => _ = known.open_stores.insert(object),
                (_, Some(store)) if call.call() == Call::STORE_OPEN_ENTRY => {
                    known.stores.insert(object, store);
                }
                _ => {}
            }
        }
        self.recoded(call, answer)
    }

    /// Where this is wrong, a failure has another code, and a warning is lost.
    fn recoded<T>(&self, call: &RawCall<'_>, answer: RawResult<T>) -> RawResult<T> {
        let breaks = |wrongness: Wrongness, by| self.fault.breaks(wrongness) && call.call() == by;
        match answer {
            Err(failure) => {
                let mut rows = RECODED.iter();
                let is_it = |(wrongness, by, from, _): &&(Wrongness, Call, HResult, HResult)| {
                    breaks(*wrongness, *by)
                        && failure.hresult() == *from
                        && (*from != HResult::MAPI_E_INVALID_OBJECT || self.has_ended(call))
                };
                Err(rows.find(is_it).map_or(failure.clone(), |row| row.3.into()))
            }
            Ok(success) if UNWARNED.iter().any(|(rule, by)| breaks(First(*rule), *by)) => {
                Ok(Success::new(success.ignore_warning()))
            }
            answer => answer,
        }
    }

    fn status_table(&self, table: StatusTable) -> StatusTable {
        let lost = match self.fault.0.0 {
            First(Rule::M1) => ResourceType::SUBSYSTEM,
            First(Rule::S4) if self.fault.seen(Rule::S4) == 1 => ResourceType::TRANSPORT_PROVIDER,
            _ => ResourceType::new(0),
        };
        let rows = table.into_iter().filter(|row| row.resource_type() != lost);
        rows.map(|row| match self.fault.breaks(Second(Rule::M1)) {
            true => row.with_instance_key([1]),
            false => row,
        })
        .collect()
    }

    fn after_logon<T>(&self, call: &RawCall<'_>, flags: u32, answer: RawResult<T>) -> RawResult<T> {
        let flags = LogonFlags::from_bits_retain(flags);
        if let Some((id, _)) = call.opened() {
            let session = WrongSession {
                is_new: flags.contains(LogonFlags::NEW_SESSION),
                shares: flags.contains(LogonFlags::ALLOW_OTHERS),
                ..WrongSession::default()
            };
            self.known.lock().unwrap().sessions.insert(id, session);
        }
        let is_full = call.profile() == Some(PROFILE)
            && call.arg("lpszPassword") == Some(Arg::Text(None))
            && self.fault.breaks(Rule::L13);
        match answer {
            Err(it) if is_full && it.hresult() == HResult::MAPI_E_LOGON_FAILED => {
                Err(HResult::MAPI_E_SESSION_LIMIT.into())
            }
            answer => answer,
        }
    }

    fn after_logoff<T>(
        &self,
        call: &RawCall<'_>,
        flags: u32,
        answer: RawResult<T>,
    ) -> RawResult<T> {
        let fault = &self.fault;
        let is_shared = flags & LogoffFlags::SHARED.bits() != 0;
        fault.remember(First(Rule::N2), 0);
        fault.remember(Second(Rule::N2), 0);
        TELLS_HALF.set(false);
        if answer.is_ok() {
            let is_individual = self.is_individual(call);
            let shares = self.session(call, |it| {
                it.has_ended = true;
                it.shares
            });
            if shares == Some(true) && !is_shared {
                fault.remember(Rule::S5, 1);
            }
            if is_shared {
                fault.remember(Rule::S6, 1);
            }
            let tells_itself = match fault.0.0 {
                First(Rule::N4) => !is_individual,
                Second(Rule::E3) => is_individual && is_shared,
                _ => false,
            };
            if tells_itself {
                let sinks = self.session(call, |it| std::mem::take(&mut it.sinks));
                let event = Notification::Extended(ExtendedEvent::new(0, []));
                for (_, sink) in sinks.unwrap_or_default() {
                    let _ = catch_unwind(AssertUnwindSafe(|| sink.on_notify(&event)));
                }
            }
        } else {
            fault.remember(Rule::E8, 1);
            fault.remember(Second(Rule::E8), 1);
        }
        if fault.seen(Second(Rule::N9)) == 1 {
            return Err(HResult::E_UNEXPECTED.into());
        }
        self.recoded(call, answer)
    }
}

impl Layer for Wrong {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        if let Some(answer) = self.instead(call) {
            return answer;
        }
        let flags = call.flags().unwrap_or_default();
        self.before(call)?;
        let answer = below(call);
        self.after(call, flags, answer)
    }

    fn sink<S: AdviseSink + 'static>(
        &self,
        call: &RawCall<'_>,
        sink: S,
    ) -> impl AdviseSink + 'static {
        let fault = self.fault.clone();
        let is_deaf = fault.breaks(Rule::N1) && call.number("ulEventMask") == Some(0);
        let is_told_too_little = fault.breaks(Rule::E5) && self.is_individual(call);
        let sink: Arc<dyn AdviseSink> = Arc::new(sink);
        let keeps = [First(Rule::N4), Second(Rule::N7), Second(Rule::E3)];
        if keeps.into_iter().any(|it| fault.breaks(it)) {
            self.session(call, |it| it.sink = Some(Arc::clone(&sink)));
        }
        move |event: &Notification| {
            let is_told = !(is_deaf || is_told_too_little && event.ends_session());
            if is_told {
                tell(&fault, &*sink, event);
            }
        }
    }

    fn released<R: 'static>(&self, call: &RawCall<'_>, below: &Arc<R>) {
        let mut known = self.known.lock().unwrap();
        let Some(object) = call.object() else { return };
        known.open_stores.remove(&object);
        let session = known.sessions.remove(&object);
        drop(known);
        let is_live = session.as_ref().is_some_and(|it| !it.has_ended);
        if is_live && self.fault.breaks(Rule::E11) {
            std::mem::forget(Arc::clone(below));
        }
    }
}

thread_local! {
    static IN_A_SINK: Cell<bool> = const { Cell::new(false) };
    /// A logoff is under way that tells only half. What the thread for notifications tells (N14) may come
    /// while it is, or after it: that is told whole.
    static TELLS_HALF: Cell<bool> = const { Cell::new(false) };
}

/// A sink as the wrong subsystem calls it.
fn tell(fault: &Fault, sink: &dyn AdviseSink, event: &Notification) {
    let is_plain_end = fault.seen(Rule::N2) == 1 && event.event() == EventMask::EXTENDED;
    let is_deaf = fault.seen(Rule::N9) == 1 || fault.seen(Second(Rule::E8)) == 1;
    let is_half = TELLS_HALF.get() && event.event() == EventMask::EXTENDED;
    let is_change = fault.seen(Second(Rule::M8)) == 1 && event.event() == EventMask::TABLE_MODIFIED;
    let is_deletion = match event {
        Notification::Table(it) => it.event() == TableEventKind::ROW_DELETED,
        _ => false,
    } && fault.breaks(Rule::B6);
    if is_plain_end || is_deaf || is_half || is_change || is_deletion {
        return;
    }
    if fault.seen(Second(Rule::N2)) == 1 && event.event() == EventMask::EXTENDED {
        sink.on_notify(event);
    }
    let event = match event {
        Notification::CriticalError(error) if fault.breaks(Rule::N3) => {
            let failed = CriticalError::new(HResult::MAPI_E_CALL_FAILED);
            &Notification::CriticalError(failed.with_error(error.error().cloned()))
        }
        event => event,
    };
    let was_in_a_sink = IN_A_SINK.replace(true);
    let told = catch_unwind(AssertUnwindSafe(|| sink.on_notify(event)));
    IN_A_SINK.set(was_in_a_sink);
    if let Err(payload) = told {
        fault.remember(Rule::N9, 1);
        fault.remember(Second(Rule::N9), 1);
        resume_unwind(payload);
    }
}
