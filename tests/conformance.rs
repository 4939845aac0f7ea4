//! The conformance suite, tried on the subsystem in memory, and on one that is wrong in one rule at
//! a time.

#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used)]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use mapi_session::error::{Failure, MapiError, Success};
use mapi_session::flags::{InitFlags, StoreLogoffFlags};
use mapi_session::memory::{
    Memory, MemoryMsgStore, MemoryObject, MemoryProfileSection, MemoryServiceAdmin, MemorySession,
};
use mapi_session::notification::{Connection, CriticalError, ExtendedEvent};
use mapi_session::property::Property;
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawResult, RawServiceAdmin, RawSession, Subsystem,
};
use mapi_session::table::{MsgServiceTable, MsgStoresTable, StatusTable};
use mapi_session::testing::{
    Faults, Recorder,
    conformance::{self, FAULTY, OTHER, Outcome, PROFILE, Report, Rule, Setting, Stage, Suite},
};
use mapi_session::types::{FormMessage, FormToken, ObjectInfo, ObjectType, ResourceType};
use mapi_session::{
    AdviseSink, EntryId, EventMask, HResult, LogoffFlags, LogonFlags, MapiUid, Notification,
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
    Rule::E9,
    Rule::E13,
    Rule::T3,
    Rule::F3,
    Rule::F4,
    Rule::M12,
    Rule::P1,
    Rule::P2,
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
        Some(memory.map(|_| Dead))
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

impl Subsystem for Dead {
    type Session = MemorySession;

    fn initialize(&self, _: u32, _: u32) -> RawResult<()> {
        Err(Failure::new(HResult::E_FAIL).because("the subsystem is dead"))
    }

    fn uninitialize(&self) {}

    fn logon_ex(
        &self,
        _: UiParam,
        _: Option<&str>,
        _: Option<&str>,
        _: u32,
    ) -> RawResult<MemorySession> {
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
    let contract = include_str!("../src/contract.md");
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

fn wrong(setting: Setting, wrongness: impl Into<Wrongness>) -> Option<Stage<Wrong>> {
    let fault = Fault(Arc::new((wrongness.into(), AtomicUsize::new(0))));
    Some(conformance::memory(setting)?.map(|below| Wrong { below, fault }))
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

/// The subsystem in memory, but for one rule.
struct Wrong {
    below: Memory,
    fault: Fault,
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

    /// Where this is wrong, a failure has another code.
    fn recode<T>(
        &self,
        wrongness: impl Into<Wrongness>,
        from: HResult,
        to: HResult,
        result: RawResult<T>,
    ) -> RawResult<T> {
        match result {
            Err(failure) if failure.hresult() == from && self.breaks(wrongness) => Err(to.into()),
            result => result,
        }
    }
}

fn failed<T>(hresult: HResult) -> RawResult<T> {
    Err(hresult.into())
}

fn without_warning<T>(result: RawResult<T>) -> RawResult<T> {
    result.map(|success| Success::new(success.ignore_warning()))
}

fn map<T, U>(result: RawResult<T>, map: impl FnOnce(T) -> U) -> RawResult<U> {
    let (value, warning) = result?.into_parts();
    let success = Success::new(map(value));
    Ok(match warning {
        Some(warning) => success.warned(warning),
        None => success,
    })
}

impl Subsystem for Wrong {
    type Session = WrongSession;

    fn initialize(&self, version: u32, mut flags: u32) -> RawResult<()> {
        self.fault.remember(Rule::I1, 1);
        if self.fault.breaks(Rule::I3) {
            flags &= InitFlags::all().bits();
        }
        self.below.initialize(version, flags)
    }

    fn uninitialize(&self) {
        if !self.fault.breaks(Rule::I2) {
            self.below.uninitialize();
        }
    }

    fn logon_ex(
        &self,
        ui_param: UiParam,
        mut name: Option<&str>,
        mut password: Option<&str>,
        flags: u32,
    ) -> RawResult<WrongSession> {
        let fault = &self.fault;
        let mut flags = LogonFlags::from_bits_retain(flags);
        let has = |flag| flags.contains(flag);
        let is_new = has(LogonFlags::NEW_SESSION);
        let shares = has(LogonFlags::ALLOW_OTHERS);
        let is_silent = !has(LogonFlags::LOGON_UI);
        match fault.0.0 {
            First(Rule::I1) if fault.seen(Rule::I1) == 0 => return failed(HResult::E_UNEXPECTED),
            First(Rule::L1) => flags -= LogonFlags::USE_DEFAULT,
            Second(Rule::L1) if name == Some(OTHER) && has(LogonFlags::USE_DEFAULT) => name = None,
            Second(Rule::L7) if !is_silent => flags -= LogonFlags::PASSWORD_UI,
            First(Rule::L2) if name == Some("Nobody") => return failed(HResult::MAPI_E_NOT_FOUND),
            First(Rule::L4) if is_silent && ui_param != UiParam::NONE => {
                return failed(HResult::MAPI_E_INVALID_PARAMETER);
            }
            First(Rule::L5) => name = name.map(str::trim_start),
            First(Rule::L6) => password = None,
            First(Rule::L7) => flags &= LogonFlags::all(),
            First(Rule::L10) if name == Some(FAULTY) => {
                return failed(HResult::MAPI_E_FAILONEPROVIDER);
            }
            First(Rule::L11) if !has(LogonFlags::NT_SERVICE) => flags -= LogonFlags::NO_MAIL,
            First(Rule::L12) if has(LogonFlags::NT_SERVICE) => flags |= LogonFlags::NO_MAIL,
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
                return failed(HResult::MAPI_E_LOGON_FAILED);
            }
            First(Rule::O4) => fault.remember(Rule::O4, fault.seen(Rule::O4) + 1),
            _ => {}
        }
        let result = self.below.logon_ex(ui_param, name, password, flags.bits());
        let limit = name == Some(PROFILE) && password.is_none();
        let limit = if limit {
            HResult::MAPI_E_LOGON_FAILED
        } else {
            HResult::S_OK
        };
        let (cancel, timeout) = (HResult::MAPI_E_USER_CANCEL, HResult::MAPI_E_TIMEOUT);
        let result = fault.recode(Rule::L3, cancel, HResult::MAPI_E_LOGON_FAILED, result);
        let result = fault.recode(Rule::L8, timeout, HResult::MAPI_E_BUSY, result);
        let result = fault.recode(Rule::L13, limit, HResult::MAPI_E_SESSION_LIMIT, result);
        map(result, |below| WrongSession {
            below: Some(below),
            fault: fault.clone(),
            is_new,
            shares,
            has_ended: AtomicBool::new(false),
            sinks: Mutex::default(),
        })
    }
}

struct WrongSession {
    /// Nothing only when it is dropped.
    below: Option<MemorySession>,
    fault: Fault,
    is_new: bool,
    shares: bool,
    has_ended: AtomicBool,
    sinks: Mutex<Vec<(Connection, Arc<dyn AdviseSink>)>>,
}

impl WrongSession {
    fn below(&self) -> &MemorySession {
        self.below.as_ref().unwrap()
    }

    fn is_individual(&self) -> bool {
        self.is_new && !self.shares
    }

    fn store(&self, below: MemoryMsgStore) -> WrongStore {
        WrongStore {
            below,
            fault: self.fault.clone(),
            is_open: Arc::new(AtomicBool::new(true)),
        }
    }

    fn object(&self, below: MemoryObject) -> WrongObject {
        WrongObject {
            below,
            fault: self.fault.clone(),
            store_is_open: None,
        }
    }
}

impl Drop for WrongSession {
    fn drop(&mut self) {
        if self.fault.breaks(Rule::E11) && !self.has_ended.load(Ordering::Relaxed) {
            std::mem::forget(self.below.take());
        }
    }
}

thread_local! {
    static IN_A_SINK: Cell<bool> = const { Cell::new(false) };
}

/// A sink as the wrong subsystem calls it.
fn tell(fault: &Fault, sink: &dyn AdviseSink, event: &Notification) {
    let is_plain_end = fault.seen(Rule::N2) == 1 && event.event() == EventMask::EXTENDED;
    let is_deaf = fault.seen(Rule::N9) == 1 || fault.seen(Second(Rule::E8)) == 1;
    let is_half = fault.seen(Second(Rule::N3)) == 1 && event.event() == EventMask::EXTENDED;
    let is_change = fault.breaks(Second(Rule::M8)) && event.event() == EventMask::TABLE_MODIFIED;
    if is_plain_end || is_deaf || is_half || is_change {
        return;
    }
    if fault.seen(Second(Rule::N2)) == 1 && event.event() == EventMask::EXTENDED {
        sink.on_notify(event);
    }
    let event = match event {
        Notification::CriticalError(error) if fault.breaks(Rule::N3) => {
            &Notification::CriticalError(CriticalError {
                hresult: HResult::MAPI_E_CALL_FAILED,
                ..error.clone()
            })
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

impl RawSession for WrongSession {
    type MsgStore = WrongStore;
    type Object = WrongObject;
    type ProfileSection = MemoryProfileSection;
    type ServiceAdmin = WrongAdmin;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        let last = self.below().last_error(hresult, flags);
        let is_mute = self.fault.breaks(Second(Rule::M10));
        map(last, |last| match last {
            _ if is_mute && hresult == HResult::MAPI_E_INVALID_ENTRYID => None,
            None if self.fault.breaks(Rule::M10) => Some(MapiError::default()),
            last => last,
        })
    }

    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        if self.fault.seen(Rule::S5) == 1 || self.fault.seen(Rule::E8) == 1 {
            return failed(HResult::MAPI_E_INVALID_OBJECT);
        }
        let table = self.below().msg_stores_table(flags);
        map(table, |table| match self.fault.seen(Rule::O4) {
            0 | 1 => table,
            _ => table
                .into_iter()
                .filter(|row| row.display_name() != "Public")
                .collect(),
        })
    }

    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<WrongStore> {
        let best = OpenStoreFlags::BEST_ACCESS.bits();
        let flags = match flags {
            0 if self.fault.breaks(Second(Rule::M2)) => best,
            flags => flags,
        };
        let opened = self.below().open_msg_store(ui_param, entry_id, flags);
        let (from, to) = (HResult::MAPI_E_NOT_FOUND, HResult::MAPI_E_UNKNOWN_ENTRYID);
        let opened = self.fault.recode(Rule::M2, from, to, opened);
        map(opened, |below| self.store(below))
    }

    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<WrongObject> {
        let opened = self.below().open_address_book(ui_param, flags);
        let opened = map(opened, |below| self.object(below));
        match self.fault.breaks(Rule::M3) {
            true => without_warning(opened),
            false => opened,
        }
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProfileSection> {
        let opened = self.below().open_profile_section(uid, flags);
        let (from, to) = (HResult::MAPI_E_NOT_FOUND, HResult::MAPI_E_CALL_FAILED);
        let opened = self.fault.recode(Rule::M4, from, to, opened);
        let (from, to) = (HResult::MAPI_E_NO_ACCESS, HResult::MAPI_E_BUSY);
        self.fault.recode(Second(Rule::M4), from, to, opened)
    }

    fn status_table(&self, flags: u32) -> RawResult<StatusTable> {
        let lost = match self.fault.0.0 {
            First(Rule::M1) => ResourceType::SUBSYSTEM,
            First(Rule::S4) if self.fault.seen(Rule::S4) == 1 => ResourceType::TRANSPORT_PROVIDER,
            _ => ResourceType(0),
        };
        map(self.below().status_table(flags), |table| {
            let rows = table.into_iter();
            let rows = rows.filter(|row| row.resource_type != lost);
            rows.map(|mut row| {
                if self.fault.breaks(Second(Rule::M1)) {
                    row.instance_key = Box::new([1]);
                }
                row
            })
            .collect()
        })
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<WrongStore, WrongObject>> {
        let opened = self.below().open_entry(entry_id, flags);
        let (from, to) = (HResult::MAPI_E_UNKNOWN_ENTRYID, HResult::MAPI_E_NOT_FOUND);
        let opened = self.fault.recode(Rule::M5, from, to, opened);
        let (from, to) = (HResult::MAPI_E_NO_ACCESS, HResult::MAPI_E_CALL_FAILED);
        let opened = self.fault.recode(Second(Rule::M5), from, to, opened);
        map(opened, |entry| match entry {
            RawEntry::MsgStore(below) => RawEntry::MsgStore(self.store(below)),
            RawEntry::Object(object_type, below) => {
                RawEntry::Object(object_type, self.object(below))
            }
        })
    }

    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        let by_bytes = self.fault.breaks(Rule::M6);
        let compared = self.below().compare_entry_ids(one, other, flags);
        let (from, to) = (HResult::MAPI_E_UNKNOWN_ENTRYID, HResult::MAPI_E_CALL_FAILED);
        let compared = self.fault.recode(Second(Rule::M6), from, to, compared);
        map(compared, |is_same| is_same && (!by_bytes || one == other))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        if self.fault.breaks(Rule::N5) && IN_A_SINK.get() {
            return failed(HResult::MAPI_E_BUSY);
        }
        if self.fault.breaks(Rule::N1) && event_mask == 0 {
            return self.below().advise(entry_id, 0, |_: &Notification| {});
        }
        let fault = self.fault.clone();
        let is_told_too_little = fault.breaks(Rule::E5) && self.is_individual();
        let sink: Arc<dyn AdviseSink> = Arc::new(sink);
        let keeps = [First(Rule::N4), Second(Rule::N7), Second(Rule::E3)];
        let keeps = keeps.into_iter().any(|it| fault.breaks(it));
        let kept = keeps.then(|| Arc::clone(&sink));
        let told = move |event: &Notification| {
            if !(is_told_too_little && event.ends_session()) {
                tell(&fault, &*sink, event);
            }
        };
        let advised = self.below().advise(entry_id, event_mask, told);
        let (from, to) = (
            HResult::MAPI_E_INVALID_ENTRYID,
            HResult::MAPI_E_UNKNOWN_ENTRYID,
        );
        let advised = self.fault.recode(Rule::N10, from, to, advised);
        map(advised, |connection| {
            let kept = kept.map(|sink| (connection, sink));
            self.sinks.lock().unwrap().extend(kept);
            connection
        })
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        if self.fault.breaks(Rule::N7) && !self.has_ended.load(Ordering::Relaxed) {
            return Ok(Success::new(()));
        }
        if !self.fault.breaks(Second(Rule::N7)) {
            let mut sinks = self.sinks.lock().unwrap();
            sinks.retain(|(it, _)| *it != connection);
        }
        self.below().unadvise(connection)
    }

    fn message_options(
        &self,
        ui_param: UiParam,
        flags: u32,
        address_type: &str,
        message: &WrongObject,
    ) -> RawResult<()> {
        let message = &message.below;
        self.below()
            .message_options(ui_param, flags, address_type, message)
    }

    fn query_default_message_opt(
        &self,
        address_type: &str,
        flags: u32,
    ) -> RawResult<Vec<Property>> {
        let options = self.below().query_default_message_opt(address_type, flags);
        let (from, to) = (HResult::MAPI_E_NO_SUPPORT, HResult::MAPI_E_NOT_FOUND);
        self.fault.recode(Rule::M11, from, to, options)
    }

    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
        let none = self.fault.breaks(Second(Rule::M11));
        let types = self.below().enum_adr_types(flags);
        map(types, |types| if none { Vec::new() } else { types })
    }

    fn query_identity(&self) -> RawResult<EntryId> {
        if self.fault.seen(Rule::M9) == 1 {
            return Ok(Success::new(EntryId::new([1; 24])));
        }
        let identity = self.below().query_identity();
        let (from, to) = (HResult::MAPI_E_INVALID_OBJECT, HResult::MAPI_E_CALL_FAILED);
        let identity = self.fault.recode(Rule::E1, from, to, identity);
        match self.fault.0.0 {
            First(Rule::M7) => without_warning(identity),
            Second(Rule::M7) => map(identity, |identity| {
                EntryId::new([identity.as_bytes(), &[0]].concat())
            }),
            _ => identity,
        }
    }

    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        let fault = &self.fault;
        let (shared, ui) = (LogoffFlags::SHARED.bits(), LogoffFlags::UI.bits());
        let is_individual = self.is_individual();
        let mut below_flags = flags;
        match fault.0.0 {
            First(Rule::E2) if flags & ui == 0 && ui_param != UiParam::NONE => {
                return failed(HResult::MAPI_E_INVALID_PARAMETER);
            }
            First(Rule::E3) if is_individual && (flags, reserved) == (shared, 0) => {
                return failed(HResult::MAPI_E_INVALID_PARAMETER);
            }
            First(Rule::E4) if !self.is_new => below_flags &= !shared,
            First(Rule::E6) if reserved != 0 && !self.has_ended.load(Ordering::Relaxed) => {
                return failed(HResult::MAPI_E_UNKNOWN_FLAGS);
            }
            Second(Rule::E6) => below_flags &= LogoffFlags::all().bits(),
            First(Rule::N2) if flags & shared == 0 => fault.remember(Rule::N2, 1),
            Second(Rule::N2) if flags & shared == 0 => fault.remember(Second(Rule::N2), 1),
            Second(Rule::N3) if flags & shared != 0 => fault.remember(Second(Rule::N3), 1),
            _ => {}
        }
        let result = self.below().logoff(ui_param, below_flags, reserved);
        fault.remember(Rule::N2, 0);
        fault.remember(Second(Rule::N2), 0);
        fault.remember(Second(Rule::N3), 0);
        let cancel = HResult::MAPI_E_USER_CANCEL;
        let result = fault.recode(Rule::E7, cancel, HResult::MAPI_E_BUSY, result);
        match &result {
            Ok(_) => {
                self.has_ended.store(true, Ordering::Relaxed);
                if self.shares && flags & shared == 0 {
                    fault.remember(Rule::S5, 1);
                }
                if flags & shared != 0 {
                    fault.remember(Rule::S6, 1);
                }
                let tells_itself = match fault.0.0 {
                    First(Rule::N4) => !is_individual,
                    Second(Rule::E3) => is_individual && flags & shared != 0,
                    _ => false,
                };
                if tells_itself {
                    let event = ExtendedEvent {
                        event: 0,
                        parameters: Box::default(),
                    };
                    for (_, sink) in self.sinks.lock().unwrap().drain(..) {
                        let event = Notification::Extended(event.clone());
                        let _ = catch_unwind(AssertUnwindSafe(|| sink.on_notify(&event)));
                    }
                }
            }
            Err(_) => {
                fault.remember(Rule::E8, 1);
                fault.remember(Second(Rule::E8), 1);
            }
        }
        if fault.seen(Second(Rule::N9)) == 1 {
            return failed(HResult::E_UNEXPECTED);
        }
        if fault.breaks(Rule::E10) {
            return without_warning(result);
        }
        result
    }

    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        let set = self.below().set_default_store(flags, entry_id);
        let (from, to) = (HResult::MAPI_E_NO_SUPPORT, HResult::MAPI_E_NO_ACCESS);
        self.fault.recode(Rule::M8, from, to, set)
    }

    fn admin_services(&self, flags: u32) -> RawResult<WrongAdmin> {
        map(self.below().admin_services(flags), |below| WrongAdmin {
            below,
            fault: self.fault.clone(),
        })
    }

    fn show_form(
        &self,
        ui_param: UiParam,
        store: &WrongStore,
        parent_folder: &WrongObject,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()> {
        let (store, folder) = (&store.below, &parent_folder.below);
        self.below()
            .show_form(ui_param, store, folder, token, flags, message)
    }

    fn prepare_form(&self, message: &WrongObject) -> RawResult<FormToken> {
        self.below().prepare_form(&message.below)
    }

    fn query_fast_shutdown(&self) -> RawResult<()> {
        let query = self.below().query_fast_shutdown();
        let (from, to) = (HResult::MAPI_E_NO_SUPPORT, HResult::MAPI_E_CALL_FAILED);
        self.fault.recode(Rule::F2, from, to, query)
    }

    fn notify_process_shutdown(&self) -> RawResult<()> {
        if self.fault.breaks(Rule::F1) {
            self.below().query_fast_shutdown()?;
        }
        self.below().notify_process_shutdown()
    }

    fn do_fast_shutdown(&self) -> RawResult<()> {
        if self.fault.breaks(Second(Rule::F1)) {
            self.below().notify_process_shutdown()?;
        }
        self.below().do_fast_shutdown()
    }
}

struct WrongStore {
    below: MemoryMsgStore,
    fault: Fault,
    is_open: Arc<AtomicBool>,
}

impl Drop for WrongStore {
    fn drop(&mut self) {
        self.is_open.store(false, Ordering::Relaxed);
    }
}

impl RawMsgStore for WrongStore {
    type Object = WrongObject;

    fn info(&self) -> RawResult<ObjectInfo> {
        self.below.info()
    }

    fn support_mask(&self) -> RawResult<u32> {
        let mask = self.below.support_mask();
        let (from, to) = (HResult::MAPI_E_INVALID_OBJECT, HResult::MAPI_E_CALL_FAILED);
        self.fault.recode(Rule::O2, from, to, mask)
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, WrongObject)> {
        map(
            self.below.open_entry(entry_id, flags),
            |(object_type, below)| {
                let object = WrongObject {
                    below,
                    fault: self.fault.clone(),
                    store_is_open: Some(Arc::clone(&self.is_open)),
                };
                (object_type, object)
            },
        )
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        let flags = match flags {
            0 if self.fault.breaks(Rule::T1) => StoreLogoffFlags::ABORT.bits(),
            // The lowest bit.
            flags if self.fault.breaks(Second(Rule::T1)) => flags & flags.wrapping_neg(),
            flags => flags,
        };
        map(self.below.store_logoff(flags), |flags| {
            match self.fault.0.0 {
                First(Rule::T2) => flags & !StoreLogoffFlags::COMPLETE.bits(),
                Second(Rule::T2) => flags & !StoreLogoffFlags::INBOUND.bits(),
                _ => flags,
            }
        })
    }
}

struct WrongObject {
    below: MemoryObject,
    fault: Fault,
    /// Whether the store that it came from is open.
    store_is_open: Option<Arc<AtomicBool>>,
}

impl RawObject for WrongObject {
    fn info(&self) -> RawResult<ObjectInfo> {
        let store_is_open = self.store_is_open.as_ref();
        let store_is_open = store_is_open.is_none_or(|it| it.load(Ordering::Relaxed));
        if self.fault.breaks(Rule::O3) && !store_is_open {
            return failed(HResult::MAPI_E_INVALID_OBJECT);
        }
        let info = self.below.info();
        let (from, to) = (HResult::MAPI_E_INVALID_OBJECT, HResult::MAPI_E_CALL_FAILED);
        self.fault.recode(Second(Rule::O2), from, to, info)
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        if self.fault.breaks(Rule::T4) {
            return self.below.info().map(|_| Success::new(()));
        }
        self.below.submit_message(flags)
    }
}

struct WrongAdmin {
    below: MemoryServiceAdmin,
    fault: Fault,
}

impl RawServiceAdmin for WrongAdmin {
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        self.below.msg_service_table(flags)
    }

    fn create_msg_service(&self, service: &str, display_name: &str, flags: u32) -> RawResult<()> {
        self.below.create_msg_service(service, display_name, flags)
    }

    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        self.below.delete_msg_service(uid)
    }

    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        self.below.set_primary_identity(uid, flags)?;
        self.fault.remember(Rule::M9, 1);
        Ok(Success::new(()))
    }
}
