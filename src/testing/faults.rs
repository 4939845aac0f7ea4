//! Faults: what goes wrong below a program, by plan.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::watched::{ObjectId, OpenKind, Opened, RawCall, Watch, Watched, watched_subsystem};
use crate::error::{Call, Failure, Success, Warning};
use crate::foreign::{Guarded, contain};
use crate::notification::Connection;
use crate::subsystem::{RawResult, RawSession, Subsystem, check_logoff, refuses_logoff as refuses};
use crate::sync::{Condvar, Mutex};
use crate::types::Hex;
use crate::{AdviseSink, EntryId, EventMask, HResult, Notification, UiParam};

/// A subsystem in which things go wrong by plan. What nothing is planned for goes to the one below.
///
/// A handle: its clones share the plan. With a [`Recorder`](super::Recorder) on top the faults are
/// recorded too.
///
/// ```
/// use mapi_session::error::Call;
/// use mapi_session::memory::Memory;
/// use mapi_session::subsystem::Subsystem;
/// use mapi_session::testing::{Faults, profiles};
/// use mapi_session::{Error, HResult, Live, LogonRequest, Mapi, Session};
///
/// // What is tested: it tries a second time.
/// fn connect<B: Subsystem>(mapi: &Mapi<B>) -> Result<Session<Live, B>, Error> {
///     let request = LogonRequest::default_profile();
///     mapi.logon(&request).or_else(|_| mapi.logon(&request))
/// }
///
/// let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
/// faults.on(Call::LogonEx).fail(HResult::MAPI_E_CALL_FAILED);
/// let mapi = Mapi::initialize(faults.clone())?;
/// let session = connect(&mapi)?;
/// faults.assert_used_up();
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// # Plans
/// [`on`](Self::on) names the call, the methods of [`OnCall`] narrow that down, and the last one
/// says what happens; only then is it planned. Without more it happens to one call. Of several plans
/// for a call the first that is not used up decides; one that only waits is followed by the next.
///
/// A planned failure comes before everything else: the arguments are not checked, and the call does
/// not reach the subsystem below. So GetLastError knows nothing of it.
///
/// # Logoff
/// A failure that [refuses](crate::LogoffError::Refused) leaves the session as it was. Any other has
/// to have ended it: the logoff is made below, and its success turned into the failure. Where it is
/// refused below, that is the answer, and the plan waits for the next one.
///
/// Dropping an object never fails and never waits: nothing happens on [`Call::Release`].
/// On [`Call::Uninitialize`], which has no answer, a call can only be made to wait.
pub struct Faults<B: Subsystem>(Watched<B, Plan<B>>);

impl<B: Subsystem> Faults<B> {
    /// Faults over this subsystem, with nothing planned.
    pub fn new(below: B) -> Self {
        Self(Watched {
            below,
            watch: Arc::new(Plan {
                shared: Arc::default(),
                kept: Mutex::default(),
            }),
        })
    }

    /// The subsystem below.
    pub fn below(&self) -> &B {
        &self.0.below
    }

    /// Plans for a call.
    #[track_caller]
    pub fn on(&self, call: Call) -> OnCall<'_> {
        self.planned(Some(call))
    }

    /// Plans for any call.
    #[track_caller]
    pub fn on_any(&self) -> OnCall<'_> {
        self.planned(None)
    }

    #[track_caller]
    fn planned(&self, call: Option<Call>) -> OnCall<'_> {
        OnCall {
            shared: self.shared(),
            rule: Rule::new(call, Some(1), Action::Fail(HResult::E_UNEXPECTED)),
        }
    }

    /// Plans for notifications, of any kind.
    #[track_caller]
    pub fn notifications(&self) -> OnNotification<'_> {
        OnNotification {
            shared: self.shared(),
            of: EventMask::all(),
            uses: Uses::new(None),
        }
    }

    /// Ends all sessions that there are under their clients' feet, as a lost server does: every call
    /// on them fails with MAPI_E_END_OF_SESSION, and their sinks are told nothing more. Who logs on
    /// again has a session that works.
    ///
    /// To end one in the middle of its use, see [`OnCall::end_session`].
    #[track_caller]
    pub fn end_sessions(&self) {
        let mut state = self.shared().state.lock();
        let rule = state.rules.len();
        state.rules.push(Rule::new(None, None, Action::EndedAll));
        for session in state.sessions.values_mut() {
            session.end.get_or_insert(End::Lost { unfelt: Some(rule) });
        }
    }

    /// Keeps sessions alive below until the guard is dropped, as a server does that has not noticed
    /// their end: what a session took up, such as one of a limited number, it goes on to take up.
    ///
    /// A Logoff then only checks its arguments, and ends the session for its client. Nobody below is
    /// asked or told. The release does not reach the session either. When the guard is dropped, the
    /// sessions that were kept are logged off and released. One that was shut down fast is not kept:
    /// nobody may log it off.
    #[must_use = "dropping it lets the slots go"]
    #[track_caller]
    pub fn keep_slots(&self) -> KeptSlots<B> {
        let mut state = self.shared().state.lock();
        let rule = state.rules.len();
        state
            .rules
            .push(Rule::new(None, None, Action::KeepSlots { active: true }));
        KeptSlots {
            plan: Arc::clone(&self.0.watch),
            rule,
        }
    }

    /// The calls that [hung](OnCall::hang) until the test's patience was over.
    #[must_use]
    pub fn hung(&self) -> Vec<Call> {
        self.shared().state.lock().hung.clone()
    }

    /// What was planned and has not happened, or not as often as planned. Without a number once is
    /// enough, and what was planned [until](OnCall::until) a call is used up with that.
    #[must_use]
    pub fn unused(&self) -> Vec<Unused> {
        let state = self.shared().state.lock();
        let calls = state.rules.iter().filter(|rule| !rule.is_used_up());
        let calls = calls.map(|rule| rule.uses.unused(rule.to_string()));
        let notices = state
            .notices
            .iter()
            .filter(|notice| !notice.uses.are_used_up());
        let notices = notices.map(|notice| notice.uses.unused(notice.to_string()));
        calls.chain(notices).collect()
    }

    /// Asserts that nothing is [`unused`](Self::unused).
    ///
    /// # Panics
    /// With all of it, where there is some: it is the assertion of a test.
    #[track_caller]
    pub fn assert_used_up(&self) {
        let unused = self.unused();
        let lines: String = unused.iter().map(|one| format!("\n  {one}")).collect();
        assert!(unused.is_empty(), "planned and not used up:{lines}");
    }

    fn shared(&self) -> &Shared {
        &self.0.watch.shared
    }
}

watched_subsystem!(Faults, Plan<B>);

/// A plan for a call in the making; from [`Faults::on`].
#[must_use = "nothing is planned before it says what happens"]
pub struct OnCall<'a> {
    shared: &'a Shared,
    rule: Rule,
}

impl OnCall<'_> {
    /// Only the logons that ask for this profile by name, and the calls in their sessions.
    pub fn for_profile(mut self, name: impl Into<String>) -> Self {
        self.rule.profile = Some(name.into());
        self
    }

    /// Only the calls that are given this entry identifier, and those on what was opened with it.
    pub fn for_entry_id(mut self, entry_id: &EntryId) -> Self {
        self.rule.entry_id = Some(entry_id.clone());
        self
    }

    /// Not the first calls, this many.
    pub fn after(mut self, calls: usize) -> Self {
        self.rule.skip = calls;
        self
    }

    /// So many calls, one after the other; without this, one.
    pub fn times(mut self, calls: usize) -> Self {
        self.rule.uses.times = Some(calls);
        self
    }

    /// Any number of calls.
    pub fn always(mut self) -> Self {
        self.rule.uses.times = None;
        self
    }

    /// Any number of calls, until this other one has succeeded, anywhere.
    pub fn until(mut self, call: Call) -> Self {
        self.rule.until = Some(call);
        self.always()
    }

    /// The call fails. A code that means success makes it fail with E_UNEXPECTED.
    pub fn fail(self, hresult: HResult) {
        self.plan(Action::Fail(hresult));
    }

    /// The call succeeds, as under MAPI_DEFERRED_ERRORS, and each call on what it has opened fails;
    /// of a session all but Logoff. It has happened when the first of these has failed. Only of calls
    /// that open something.
    pub fn fail_at_first_use(self, hresult: HResult) {
        self.plan(Action::FailAtFirstUse(hresult));
    }

    /// The call succeeds with this warning, if it succeeds. Only of a warning (MAPI_W_*).
    pub fn warn(self, hresult: HResult) {
        self.plan(Action::Warn(hresult));
    }

    /// The call waits until it is released. Then it goes on, to what else is planned for it, or
    /// below.
    ///
    /// Who is to release it must be on another thread than the call.
    #[must_use = "dropping it releases the call"]
    pub fn block(self) -> Blocked {
        let gate = Arc::new(Gate::new());
        self.plan(Action::Block(Arc::clone(&gate)));
        Blocked(gate)
    }

    /// The call waits for this time, and goes on as after [`block`](Self::block).
    pub fn block_for(self, time: Duration) {
        self.plan(Action::BlockFor(time));
    }

    /// The call does not come back. To end the test nevertheless, it fails with MAPI_E_TIMEOUT when
    /// the test's patience is over, and is among those that have [hung](Faults::hung).
    pub fn hang(self, patience: Duration) {
        self.plan(Action::Hang(patience));
    }

    /// The session that the call is made in ends under its client's feet: this call and all that
    /// follow in it fail with MAPI_E_END_OF_SESSION, and its sinks are told nothing more. Who logs on
    /// again has a session that works.
    pub fn end_session(self) {
        self.plan(Action::EndSession);
    }

    fn plan(mut self, action: Action) {
        self.rule.action = action;
        self.shared.state.lock().rules.push(self.rule);
    }
}

impl fmt::Debug for OnCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnCall")
    }
}

/// A plan for notifications in the making; from [`Faults::notifications`].
#[must_use = "nothing is planned before it says what happens"]
pub struct OnNotification<'a> {
    shared: &'a Shared,
    of: EventMask,
    uses: Uses,
}

impl OnNotification<'_> {
    /// Only those of these events.
    pub fn of(mut self, events: EventMask) -> Self {
        self.of = events;
        self
    }

    /// Only the first, this many; without this, all.
    pub fn times(mut self, notifications: usize) -> Self {
        self.uses.times = Some(notifications);
        self
    }

    /// They arrive late: when the guard is dropped, on that thread, in their order, and also at sinks
    /// that were unregistered meanwhile.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/timing-a-notification).
    #[must_use = "dropping it lets the notifications go"]
    pub fn late(self) -> LateNotifications {
        let held = Arc::new(Held::default());
        self.plan(Some(Arc::clone(&held)));
        LateNotifications(held)
    }

    /// They are lost.
    pub fn never(self) {
        self.plan(None);
    }

    fn plan(self, held: Option<Arc<Held>>) {
        self.shared.state.lock().notices.push(Notice {
            of: self.of,
            uses: self.uses,
            held,
        });
    }
}

impl fmt::Debug for OnNotification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnNotification")
    }
}

/// A call that is to wait; from [`OnCall::block`]. Dropping it releases the call.
#[must_use = "dropping it releases the call"]
pub struct Blocked(Arc<Gate>);

impl Blocked {
    /// Waits until a call has arrived. It does not come back before that; in doubt, see
    /// [`wait_until_reached_within`](Self::wait_until_reached_within).
    pub fn wait_until_reached(&self) {
        let mut passage = self.0.passage.lock();
        while passage.reached == 0 {
            self.0.changed.wait(&mut passage);
        }
    }

    /// The same, for no more than this time. Says whether a call has arrived.
    #[must_use]
    pub fn wait_until_reached_within(&self, time: Duration) -> bool {
        let Some(deadline) = Instant::now().checked_add(time) else {
            self.wait_until_reached();
            return true;
        };
        let mut passage = self.0.passage.lock();
        while passage.reached == 0 {
            if self
                .0
                .changed
                .wait_until(&mut passage, deadline)
                .timed_out()
            {
                break;
            }
        }
        passage.reached > 0
    }

    /// How many calls have arrived.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.0.passage.lock().reached
    }

    /// Lets the calls go on. Those that come later don't wait.
    pub fn release(self) {
        drop(self);
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        self.0.passage.lock().is_open = true;
        self.0.changed.notify_all();
    }
}

impl fmt::Debug for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blocked")
            .field("reached", &self.reached())
            .finish()
    }
}

/// What calls wait at.
struct Gate {
    passage: Mutex<Passage>,
    changed: Condvar,
}

#[derive(Default)]
struct Passage {
    reached: usize,
    is_open: bool,
}

impl Gate {
    fn new() -> Self {
        Self {
            passage: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn pass(&self) {
        let mut passage = self.passage.lock();
        passage.reached += 1;
        self.changed.notify_all();
        while !passage.is_open {
            self.changed.wait(&mut passage);
        }
    }

    fn is_open(&self) -> bool {
        self.passage.lock().is_open
    }
}

/// Notifications are held back while this lives; from [`OnNotification::late`].
#[must_use = "dropping it lets the notifications go"]
pub struct LateNotifications(Arc<Held>);

impl LateNotifications {
    /// How many are held back now.
    #[must_use]
    pub fn held(&self) -> usize {
        self.0.events.lock().queue.len()
    }

    /// Delivers them.
    pub fn deliver(self) {
        drop(self);
    }
}

impl Drop for LateNotifications {
    fn drop(&mut self) {
        let mut events = self.0.events.lock();
        while let Some((sink, event)) = events.queue.pop_front() {
            drop(events);
            // A sink that panics costs only its own event.
            contain("an advise sink", || sink.on_notify(&event));
            drop(sink);
            events = self.0.events.lock();
        }
        events.is_over = true;
    }
}

impl fmt::Debug for LateNotifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LateNotifications")
            .field("held", &self.held())
            .finish()
    }
}

/// Events that are held back, each with whom it is for.
#[derive(Default)]
struct Held {
    events: Mutex<HeldEvents>,
}

#[derive(Default)]
struct HeldEvents {
    /// Until then what comes goes to the end of the queue, and overtakes nothing.
    is_over: bool,
    queue: VecDeque<(Arc<dyn AdviseSink>, Notification)>,
}

impl Held {
    /// Whether it is held back.
    fn take(&self, sink: Arc<dyn AdviseSink>, event: &Notification) -> bool {
        let mut events = self.events.lock();
        let takes = !events.is_over;
        if takes {
            events.queue.push_back((sink, event.clone()));
        }
        takes
    }
}

/// Sessions are kept alive below while this lives; from [`Faults::keep_slots`].
#[must_use = "dropping it lets the slots go"]
pub struct KeptSlots<B: Subsystem> {
    plan: Arc<Plan<B>>,
    rule: usize,
}

impl<B: Subsystem> KeptSlots<B> {
    /// How many sessions are kept.
    #[must_use]
    pub fn occupied(&self) -> usize {
        self.plan.kept.lock().len()
    }
}

impl<B: Subsystem> Drop for KeptSlots<B> {
    fn drop(&mut self) {
        let mut state = self.plan.shared.state.lock();
        if let Some(rule) = state.rules.get_mut(self.rule) {
            rule.action = Action::KeepSlots { active: false };
        }
        if state.keeps_slots() {
            return;
        }
        drop(state);
        let kept = std::mem::take(&mut *self.plan.kept.lock());
        for (session, below) in kept {
            // Where it fails, the release ends it.
            let _ = below.logoff(UiParam::NONE, 0, 0);
            drop(below);
            self.plan.shared.state.lock().sessions.remove(&session);
        }
    }
}

impl<B: Subsystem> fmt::Debug for KeptSlots<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptSlots")
            .field("occupied", &self.occupied())
            .finish()
    }
}

/// A fault that was planned and has not happened, or not as often as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unused {
    /// What was planned, in words.
    pub plan: String,
    /// How often it has happened.
    pub used: usize,
    /// Where it was planned.
    pub place: &'static Location<'static>,
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, used, place } = self;
        match used {
            0 => write!(f, "{plan}; has not happened")?,
            1 => write!(f, "{plan}; has happened once")?,
            _ => write!(f, "{plan}; has happened {used} times")?,
        }
        write!(f, "; planned at {place}")
    }
}

/// What is planned, and the sessions that are kept by it.
pub struct Plan<B: Subsystem> {
    shared: Arc<Shared>,
    kept: Mutex<Vec<(ObjectId, Arc<B::Session>)>>,
}

/// What does not depend on the subsystem below. Sinks have a share in it.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    notices: Vec<Notice>,
    last_object: u32,
    sessions: BTreeMap<ObjectId, OpenSession>,
    /// What was opened and is not released yet; sessions too.
    objects: BTreeMap<ObjectId, OpenObject>,
    hung: Vec<Call>,
}

struct OpenSession {
    /// The name that its logon asked for.
    profile: Option<String>,
    end: Option<End>,
}

/// How a session has ended for its client while it lives on below.
enum End {
    /// Under its feet; by this rule, as long as that has not been felt in it.
    Lost { unfelt: Option<usize> },
    /// By a Logoff that was not made below.
    LoggedOff,
}

struct OpenObject {
    entry_id: Option<Box<[u8]>>,
    broken: Option<Broken>,
}

/// Each call on it fails; by this rule, as long as that has not been felt on it.
struct Broken {
    hresult: HResult,
    unfelt: Option<usize>,
}

/// A plan for calls.
struct Rule {
    /// The call that it is for; without one, every call.
    call: Option<Call>,
    profile: Option<String>,
    entry_id: Option<EntryId>,
    skip: usize,
    until: Option<Call>,
    uses: Uses,
    action: Action,
}

/// A plan for notifications.
struct Notice {
    of: EventMask,
    uses: Uses,
    /// Nothing: they are lost.
    held: Option<Arc<Held>>,
}

/// How often something is to happen, and has happened.
struct Uses {
    /// Nothing: any number.
    times: Option<usize>,
    taken: usize,
    /// As often as it was taken; of what is broken by it, as often as that was felt.
    used: usize,
    is_over: bool,
    place: &'static Location<'static>,
}

enum Action {
    Fail(HResult),
    FailAtFirstUse(HResult),
    Warn(HResult),
    Block(Arc<Gate>),
    BlockFor(Duration),
    Hang(Duration),
    EndSession,
    EndedAll,
    KeepSlots { active: bool },
}

/// What comes next for a call.
enum Step {
    Go,
    Fail(HResult),
    /// The same by a rule that can be given back.
    FailBy(usize, HResult),
    Warn(usize, HResult),
    /// What it opens is broken.
    Break(usize),
    Block(Arc<Gate>),
    BlockFor(Duration),
    Hang(Duration),
    /// The session is logged off.
    Invalid,
}

impl Uses {
    #[track_caller]
    fn new(times: Option<usize>) -> Self {
        Self {
            times,
            taken: 0,
            used: 0,
            is_over: false,
            place: Location::caller(),
        }
    }

    fn can_be_used(&self) -> bool {
        !self.is_over && self.times.is_none_or(|times| self.taken < times)
    }

    fn take(&mut self) {
        self.taken += 1;
        self.used += 1;
    }

    fn give_back(&mut self) {
        self.taken -= 1;
        self.used -= 1;
    }

    fn are_used_up(&self) -> bool {
        self.is_over || self.used >= self.times.unwrap_or(1)
    }

    fn unused(&self, plan: String) -> Unused {
        Unused {
            plan,
            used: self.used,
            place: self.place,
        }
    }
}

impl Rule {
    #[track_caller]
    fn new(call: Option<Call>, times: Option<usize>, action: Action) -> Self {
        Self {
            call,
            profile: None,
            entry_id: None,
            skip: 0,
            until: None,
            uses: Uses::new(times),
            action,
        }
    }

    fn is_for(&self, call: RawCall<'_>, profile: Option<&str>, opened_by: Option<&[u8]>) -> bool {
        let is_named = match &self.profile {
            None => true,
            Some(name) => profile == Some(name),
        };
        let is_identified = match &self.entry_id {
            None => true,
            Some(entry_id) => {
                let wanted = entry_id.as_bytes();
                opened_by == Some(wanted) || call.entry_ids().any(|given| given == wanted)
            }
        };
        self.call.is_none_or(|wanted| wanted == call.call)
            && self.action.is_for(call)
            && is_named
            && is_identified
            && self.uses.can_be_used()
    }

    fn is_used_up(&self) -> bool {
        match &self.action {
            Action::Block(gate) if gate.is_open() => self.uses.used > 0 || self.uses.is_over,
            _ => self.uses.are_used_up(),
        }
    }
}

impl Action {
    fn is_for(&self, RawCall { call, session, .. }: RawCall<'_>) -> bool {
        let has_answer = call != Call::Uninitialize;
        match self {
            Self::Fail(_) => has_answer,
            Self::FailAtFirstUse(_) => matches!(
                call,
                Call::LogonEx
                    | Call::OpenMsgStore
                    | Call::OpenAddressBook
                    | Call::OpenProfileSection
                    | Call::OpenEntry
                    | Call::AdminServices
                    | Call::OpenStoreEntry
            ),
            Self::Warn(hresult) => has_answer && hresult.is_warning(),
            Self::Block(gate) => !gate.is_open(),
            Self::BlockFor(_) | Self::Hang(_) => true,
            Self::EndSession => session != ObjectId::LIBRARY,
            Self::EndedAll | Self::KeepSlots { .. } => false,
        }
    }
}

impl State {
    /// What comes next for a call that has been through the rules before `from`.
    fn next(&mut self, call: RawCall<'_>, from: &mut usize) -> Step {
        let mut session = self.sessions.get_mut(&call.session);
        match session.as_mut().and_then(|session| session.end.as_mut()) {
            None => {}
            Some(End::LoggedOff) => return Step::Invalid,
            Some(End::Lost { unfelt }) => {
                felt(&mut self.rules, unfelt);
                return Step::Fail(HResult::MAPI_E_END_OF_SESSION);
            }
        }
        let mut object = self.objects.get_mut(&call.object);
        if let Some(broken) = object.as_mut().and_then(|object| object.broken.as_mut()) {
            if call.call != Call::Logoff {
                felt(&mut self.rules, &mut broken.unfelt);
                return Step::Fail(broken.hresult);
            }
        }
        let asked_for = match call.call {
            Call::LogonEx => call.profile(),
            _ => session.and_then(|session| session.profile.as_deref()),
        };
        let opened_by = object.and_then(|object| object.entry_id.as_deref());
        while let Some(rule) = self.rules.get_mut(*from) {
            let index = *from;
            *from += 1;
            if !rule.is_for(call, asked_for, opened_by) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            rule.uses.take();
            return match &rule.action {
                Action::Fail(hresult) => Step::FailBy(index, *hresult),
                Action::FailAtFirstUse(_) => {
                    // It has happened when it is felt.
                    rule.uses.used -= 1;
                    Step::Break(index)
                }
                Action::Warn(hresult) => Step::Warn(index, *hresult),
                Action::Block(gate) => Step::Block(Arc::clone(gate)),
                Action::BlockFor(time) => Step::BlockFor(*time),
                Action::Hang(patience) => Step::Hang(*patience),
                Action::EndSession => {
                    if let Some(session) = self.sessions.get_mut(&call.session) {
                        // The call that fails is told already.
                        session.end = Some(End::Lost { unfelt: None });
                    }
                    Step::Fail(HResult::MAPI_E_END_OF_SESSION)
                }
                Action::EndedAll | Action::KeepSlots { .. } => continue,
            };
        }
        Step::Go
    }

    fn succeeded(&mut self, call: RawCall<'_>) {
        for rule in &mut self.rules {
            if rule.until == Some(call.call) {
                rule.uses.is_over = true;
            }
        }
        if call.call == Call::DoFastShutdown {
            self.sessions.remove(&call.session);
        }
    }

    fn keeps_slots(&self) -> bool {
        let keeps = |rule: &Rule| matches!(rule.action, Action::KeepSlots { active: true });
        self.rules.iter().any(keeps)
    }

    /// A session is kept.
    fn count_kept(&mut self) {
        for rule in &mut self.rules {
            if let Action::KeepSlots { active: true } = rule.action {
                rule.uses.used += 1;
            }
        }
    }

    /// What becomes of a notification to a sink of this session.
    fn fate(&mut self, session: ObjectId, event: EventMask) -> Fate {
        let session = self.sessions.get(&session);
        if session.is_some_and(|session| session.end.is_some()) {
            return Fate::Lost;
        }
        let mut notices = self.notices.iter_mut();
        let planned = notices.find(|notice| {
            let is_over = |held: &Arc<Held>| held.events.lock().is_over;
            notice.of.contains(event)
                && notice.uses.can_be_used()
                && !notice.held.as_ref().is_some_and(is_over)
        });
        let Some(notice) = planned else {
            return Fate::Told;
        };
        notice.uses.take();
        notice
            .held
            .as_ref()
            .map_or(Fate::Lost, |held| Fate::Held(Arc::clone(held)))
    }
}

fn felt(rules: &mut [Rule], unfelt: &mut Option<usize>) {
    if let Some(rule) = unfelt.take() {
        rules[rule].uses.used += 1;
    }
}

/// What becomes of a notification.
enum Fate {
    Told,
    Lost,
    Held(Arc<Held>),
}

impl Shared {
    fn answer<T>(&self, call: RawCall<'_>, go: impl FnOnce() -> RawResult<T>) -> RawResult<T> {
        let mut from = 0;
        loop {
            let step = self.state.lock().next(call, &mut from);
            return match step {
                Step::Go => go(),
                Step::Invalid => Err(Failure::new(HResult::MAPI_E_INVALID_OBJECT)
                    .because("the session is logged off")),
                Step::Fail(hresult) => fail(call, hresult, go),
                Step::FailBy(rule, hresult) => {
                    let answer = fail(call, hresult, go);
                    if let Err(failure) = &answer {
                        if refuses(failure.hresult()) && !refuses(hresult) {
                            self.give_back(rule);
                        }
                    }
                    answer
                }
                Step::Warn(rule, hresult) => match (go(), Warning::new(hresult)) {
                    (Ok(success), Some(warning)) => Ok(success.warned(warning.because(PLANNED))),
                    (answer, _) => {
                        self.give_back(rule);
                        answer
                    }
                },
                Step::Break(rule) => {
                    let answer = go();
                    match answer {
                        Ok(_) => call.note.set(Some(rule as u64)),
                        Err(_) => self.state.lock().rules[rule].uses.taken -= 1,
                    }
                    answer
                }
                Step::Block(gate) => {
                    gate.pass();
                    continue;
                }
                Step::BlockFor(time) => {
                    thread::sleep(time);
                    continue;
                }
                Step::Hang(patience) => {
                    self.hang(call, patience);
                    fail(call, HResult::MAPI_E_TIMEOUT, go)
                }
            };
        }
    }

    fn hang(&self, call: RawCall<'_>, patience: Duration) {
        thread::sleep(patience);
        self.state.lock().hung.push(call.call);
    }

    fn give_back(&self, rule: usize) {
        self.state.lock().rules[rule].uses.give_back();
    }
}

const PLANNED: &str = "a fault that the test has planned";

/// Fails a call. A Logoff that is not refused by it has to have ended the session below.
fn fail<T>(call: RawCall<'_>, hresult: HResult, go: impl FnOnce() -> RawResult<T>) -> RawResult<T> {
    let planned = Failure::new(hresult).because(PLANNED);
    if call.call != Call::Logoff || refuses(planned.hresult()) {
        return Err(planned);
    }
    match go() {
        Err(refused) if refuses(refused.hresult()) => Err(refused),
        _ => Err(planned),
    }
}

impl<B: Subsystem> Watch<B> for Plan<B> {
    fn call<T>(&self, call: RawCall<'_>, go: impl FnOnce() -> RawResult<T>) -> RawResult<T> {
        let answer = self.shared.answer(call, go);
        if answer.is_ok() {
            self.shared.state.lock().succeeded(call);
        }
        answer
    }

    fn logoff(&self, call: RawCall<'_>, go: impl FnOnce() -> RawResult<()>) -> RawResult<()> {
        self.call(call, || {
            let mut state = self.shared.state.lock();
            if state.keeps_slots() {
                let given = |name| call.number(name).unwrap_or_default();
                check_logoff(given("ulFlags"), given("ulReserved"))?;
                if let Some(session) = state.sessions.get_mut(&call.session) {
                    session.end = Some(End::LoggedOff);
                }
                return Ok(Success::new(()));
            }
            drop(state);
            let answer = go();
            let is_live = matches!(&answer, Err(failure) if refuses(failure.hresult()));
            if !is_live {
                self.shared.state.lock().sessions.remove(&call.session);
            }
            answer
        })
    }

    fn uninitialize(&self, call: RawCall<'_>, go: impl FnOnce()) {
        let _ = Watch::<B>::call(self, call, || {
            go();
            Ok(Success::new(()))
        });
    }

    fn opened(&self, Opened { by, kind }: Opened<'_>) -> ObjectId {
        let mut state = self.shared.state.lock();
        state.last_object += 1;
        let id = ObjectId(state.last_object);
        if kind == OpenKind::SessionObject {
            let session = OpenSession {
                profile: by.profile().map(Into::into),
                end: None,
            };
            state.sessions.insert(id, session);
        }
        let broken = by.note.get().and_then(|rule| {
            let rule = rule as usize;
            let Action::FailAtFirstUse(hresult) = state.rules[rule].action else {
                return None;
            };
            Some(Broken {
                hresult,
                unfelt: Some(rule),
            })
        });
        let object = OpenObject {
            entry_id: by.entry_ids().next().map(Into::into),
            broken,
        };
        state.objects.insert(id, object);
        id
    }

    fn sink<S: AdviseSink + 'static>(
        &self,
        session: ObjectId,
        sink: S,
    ) -> impl AdviseSink + 'static {
        FaultySink {
            shared: Arc::clone(&self.shared),
            session,
            sink: Arc::new(Guarded::new(sink)),
        }
    }

    fn registered(&self, _: ObjectId, _: Connection, _: &'static Location<'static>) {}

    fn unregistered(&self, _: ObjectId, _: Connection, _: bool) {}

    fn released(&self, object: ObjectId) {
        self.shared.state.lock().objects.remove(&object);
    }

    fn session_released(&self, session: ObjectId, below: &Arc<B::Session>) {
        let mut state = self.shared.state.lock();
        state.objects.remove(&session);
        let Some(released) = state.sessions.remove(&session) else {
            // It has ended below.
            return;
        };
        let is_logged_off = matches!(released.end, Some(End::LoggedOff));
        if state.keeps_slots() {
            state.count_kept();
            let end = Some(End::LoggedOff);
            state
                .sessions
                .insert(session, OpenSession { end, ..released });
            self.kept.lock().push((session, Arc::clone(below)));
            return;
        }
        drop(state);
        if is_logged_off {
            // While slots were kept, and none are any more.
            let _ = below.logoff(UiParam::NONE, 0, 0);
        }
    }
}

/// A client's sink, as it is registered below.
struct FaultySink<S> {
    shared: Arc<Shared>,
    session: ObjectId,
    sink: Arc<Guarded<S>>,
}

impl<S: AdviseSink + 'static> AdviseSink for FaultySink<S> {
    fn on_notify(&self, notification: &Notification) {
        let fate = self
            .shared
            .state
            .lock()
            .fate(self.session, notification.event());
        let is_told = match fate {
            Fate::Told => true,
            Fate::Lost => false,
            Fate::Held(held) => {
                let sink: Arc<dyn AdviseSink> = Arc::clone(&self.sink) as _;
                !held.take(sink, notification)
            }
        };
        if is_told {
            self.sink.on_notify(notification);
        }
    }
}

/// A plan in words, for who planned it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.call, &self.action) {
            (_, Action::EndedAll) => return f.write_str("all sessions have ended"),
            (_, Action::KeepSlots { .. }) => return f.write_str("sessions are kept"),
            (Some(call), _) => write!(f, "{call}")?,
            (None, _) => f.write_str("any call")?,
        }
        if let Some(profile) = &self.profile {
            write!(f, " for the profile {profile:?}")?;
        }
        if let Some(entry_id) = &self.entry_id {
            write!(f, " for the entry {}", Hex(entry_id.as_bytes()))?;
        }
        if self.skip > 0 {
            write!(f, " after {} more", self.skip)?;
        }
        match &self.action {
            Action::Fail(hresult) => write!(f, " fails with {hresult}")?,
            Action::FailAtFirstUse(hresult) => {
                write!(f, " succeeds, and its first use fails with {hresult}")?;
            }
            Action::Warn(hresult) => write!(f, " succeeds with {hresult}")?,
            Action::Block(_) => f.write_str(" waits until it is released")?,
            Action::BlockFor(time) => write!(f, " waits for {time:?}")?,
            Action::Hang(_) => f.write_str(" hangs")?,
            Action::EndSession => f.write_str(" ends its session")?,
            Action::EndedAll | Action::KeepSlots { .. } => {}
        }
        match (self.until, self.uses.times) {
            (Some(until), _) => write!(f, ", until {until}"),
            (None, None) => f.write_str(", always"),
            (None, Some(1)) => Ok(()),
            (None, Some(times)) => write!(f, ", {times} times"),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.held {
            Some(_) => f.write_str("notifications arrive late"),
            None => f.write_str("notifications are lost"),
        }
    }
}
