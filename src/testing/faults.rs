//! Faults: failures below a program that a test plans.

mod blocked;
mod fault;
mod notifications;
mod plan;

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

pub use blocked::Blocked;
use blocked::Gate;
pub use fault::{Fault, Match, Response};
pub use notifications::{LateNotifications, OnNotification};
pub use plan::Plan;
use plan::{End, Kept, Planned, Rule, State};

use crate::error::{Call, Failure, Warning};
use crate::foreign::Guarded;
use crate::subsystem::{
    RawResult, RawSession, Subsystem,
    layer::{FLAG_WORDS, Layered, OpenKind, RawCall},
};
use crate::sync::Mutex;
use crate::types::Hex;
use crate::{EntryId, HResult, UiParam};

/// A subsystem whose calls go wrong as planned. All other calls go to the subsystem below.
///
/// This is a handle: its clones share the plan. A [`Recorder`](super::Recorder) on top records the
/// faults too.
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
/// faults.on(Call::LOGON_EX).fail(HResult::MAPI_E_CALL_FAILED);
/// let mapi = Mapi::initialize(faults.clone())?;
/// let session = connect(&mapi)?;
/// faults.assert_used_up();
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// # Plans
/// [`on`](Self::on) names the call, the methods of [`OnCall`] narrow it down, and the last one says
/// what happens, which makes the plan. By default it happens to one call. If there are several plans
/// for a call, the first that is not used up decides; after one that only waits, the next one follows.
///
/// A planned failure comes before everything else: the arguments are not checked, and the call does
/// not reach the subsystem below. [`Failure::with_mapi_error`] sets what GetLastError of the object
/// tells of it.
///
/// A test can also write a [`Fault`] of its own:
///
/// ```
/// use mapi_session::error::Call;
/// use mapi_session::memory::Memory;
/// use mapi_session::subsystem::layer::RawCall;
/// use mapi_session::testing::{Faults, Response, profiles};
/// use mapi_session::{HResult, LogonRequest, Mapi};
///
/// let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
/// // The server is there for the logon, and for nothing else.
/// faults.on_any().always().respond(|call: &RawCall<'_>| match call.call() {
///     Call::INITIALIZE | Call::LOGON_EX | Call::SESSION_LOGOFF => Response::go_on(),
///     _ => Response::fail(HResult::MAPI_E_NETWORK_ERROR),
/// });
/// let session = Mapi::initialize(faults)?.logon(&LogonRequest::default_profile())?;
/// assert!(session.msg_stores_table().is_err());
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// A plan that can never come true, such as a failure of a Release, panics where it is made; see
/// *Panics* of the methods.
///
/// # Logoff
/// A failure that [refuses](crate::LogoffError::Refused) leaves the session as it was. After any
/// other, the session has to have ended: so the logoff is made below, and its success is turned into
/// the failure. If it is refused below, that is the answer, and the plan waits for the next logoff.
///
/// Dropping an object never fails and never waits: nothing happens on [`Call::RELEASE`].
/// On [`Call::UNINITIALIZE`], which has no answer, a call can only be made to wait.
pub struct Faults<B: Subsystem>(Layered<B, Plan<B::Session>>);

impl<B: Subsystem> Faults<B> {
    /// Creates faults over this subsystem, with nothing planned.
    pub fn new(below: B) -> Self {
        Self(Layered::new(below, Plan::default()))
    }

    /// Returns the subsystem below.
    pub fn below(&self) -> &B {
        self.0.below()
    }

    /// Begins a plan for a call.
    ///
    /// # Panics
    /// If nothing can happen to this call: it is a Release, which always works, or a call that does
    /// not reach a [`Subsystem`].
    #[track_caller]
    pub fn on(&self, call: Call) -> OnCall<'_> {
        assert!(shape(call).is_some(), "nothing can happen on {call}");
        OnCall::new(self, Some(call))
    }

    /// Begins a plan for any call.
    #[track_caller]
    pub fn on_any(&self) -> OnCall<'_> {
        OnCall::new(self, None)
    }

    /// Begins a plan for notifications of any kind.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # use std::sync::mpsc;
    /// # use mapi_session::{EventMask, OpenStoreFlags};
    /// # let store = session.open_default_store(OpenStoreFlags::empty())?;
    /// let (sink, told) = mpsc::channel();
    /// let registration = store.advise_sink(None, EventMask::NEW_MAIL, sink)?;
    /// faults.notifications().of(EventMask::NEW_MAIL).never();
    /// let inbox = faults.below().entry_id("Outlook", &["Mailbox", "Inbox"]).unwrap();
    /// faults.below().deliver(&inbox, "Unheard").unwrap();
    /// assert!(told.try_recv().is_err());
    /// # drop(registration);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn notifications(&self) -> OnNotification<'_> {
        OnNotification::new(self.state())
    }

    /// Ends all open sessions without a logoff, as a lost server does: every call on them fails with
    /// MAPI_E_END_OF_SESSION, and their sinks hear nothing more. A client that logs on again gets a
    /// session that works.
    ///
    /// To end one in the middle of its use, see [`OnCall::end_session`].
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.end_sessions();
    /// let failed = session.status_table().unwrap_err();
    /// assert_eq!(failed.hresult(), HResult::MAPI_E_END_OF_SESSION);
    /// assert!(mapi.logon(&LogonRequest::default_profile()).is_ok());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[track_caller]
    pub fn end_sessions(&self) {
        let mut state = self.state().lock();
        let unfelt = Some(state.plan(Planned::new("all sessions have ended".into(), None)));
        for end in state.sessions.values_mut() {
            end.get_or_insert(End::Lost { unfelt });
        }
    }

    /// Limits how many objects of this kind each session can have open at once. A call that would open
    /// one more fails, and opens nothing.
    ///
    /// Exchange has such limits, by default 500 for folders. Its event 9646 reports
    /// a client that reaches one, and its protocol has the error ecMaxObjsExceeded (0x4DE) for it. No page
    /// of the MAPI reference says what the client's call answers, so the test chooses.
    ///
    /// ```
    /// use mapi_session::error::{Failure, MapiError};
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// use mapi_session::subsystem::layer::OpenKind;
    /// use mapi_session::types::ObjectType;
    /// use mapi_session::HResult;
    ///
    /// let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// let error = MapiError::new("Too many folders are open.").with_low_level_error(0x4DE);
    /// let failure = Failure::new(HResult::MAPI_E_CALL_FAILED).with_mapi_error(error);
    /// faults.limit_open(OpenKind::EntryObject(ObjectType::FOLDER), 500, failure);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// A limit need not be reached: [`unused`](Self::unused) does not list it. A second limit of the
    /// same kind replaces the first.
    ///
    /// # Panics
    /// If the kind is [`OpenKind::SessionObject`]. To limit sessions, describe the subsystem below
    /// with [`session_limit`](crate::memory::Builder::session_limit).
    #[track_caller]
    pub fn limit_open(&self, kind: OpenKind, most: usize, failure: impl Into<Failure>) {
        assert!(
            kind != OpenKind::SessionObject,
            "sessions are not limited here"
        );
        let mut state = self.state().lock();
        state.limits.insert(kind, (most, failure.into()));
    }

    /// Keeps sessions alive below until the guard is dropped, as a server does that has not noticed
    /// their end. Such a session still counts towards a limit on sessions.
    ///
    /// Meanwhile, a Logoff only checks its arguments and ends the session for its client. Neither it
    /// nor the release reaches the subsystem below. When the guard is dropped, the sessions that were
    /// kept are logged off and released. A session that was shut down fast is not kept, as nobody may
    /// log it off.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::LogoffFlags;
    ///
    /// let kept = faults.keep_slots();
    /// session.logoff(LogoffFlags::empty())?;
    /// assert_eq!(faults.below().open_sessions(), 1); // the server has not noticed
    /// drop(kept);
    /// assert_eq!(faults.below().open_sessions(), 0);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use = "dropping it lets the slots go"]
    #[track_caller]
    pub fn keep_slots(&self) -> KeptSlots<B> {
        let Plan { state, kept, .. } = self.0.layer();
        let (of, kept) = (Arc::clone(state), Arc::clone(kept));
        let mut state = self.state().lock();
        let planned = state.plan(Planned::new("sessions are kept".into(), None));
        state.keepers.push(planned);
        KeptSlots {
            state: of,
            kept,
            planned,
        }
    }

    /// Returns the calls that [hung](OnCall::hang) until the test's patience was over.
    #[must_use]
    pub fn hung(&self) -> Vec<Call> {
        self.0.layer().hung.lock().clone()
    }

    /// Returns what was planned and has not happened, or not as often as planned, in the order of
    /// planning. A plan without a number is used up once it has happened; one [until](OnCall::until) a
    /// call, when that call has been made.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).fail(HResult::MAPI_E_NETWORK_ERROR);
    /// assert_eq!(faults.unused().len(), 1);
    /// assert!(session.status_table().is_err());
    /// assert!(faults.unused().is_empty());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn unused(&self) -> Vec<Unused> {
        let state = self.state().lock();
        state.planned.iter().filter_map(Planned::unused).collect()
    }

    /// Asserts that nothing is [`unused`](Self::unused).
    ///
    /// # Panics
    /// If anything is, with all of it: this is an assertion of a test.
    #[track_caller]
    pub fn assert_used_up(&self) {
        let unused = self.unused();
        let lines: String = unused.iter().map(|one| format!("\n  {one}")).collect();
        assert!(unused.is_empty(), "planned and not used up:{lines}");
    }

    fn state(&self) -> &Mutex<State> {
        &self.0.layer().state
    }
}

layered_subsystem!(Faults, Plan<B::Session>);

/// A call as it reaches a subsystem.
struct Shape {
    args: &'static [&'static str],
    opens: bool,
}

/// Each row of the table whose call reaches a subsystem has a shape.
macro_rules! shapes {
    ($($_trait:ident { $($call:ident $name:literal $({ $($methods:tt)* })?)* })*) => {
        /// Nothing where the call does not reach a subsystem, or always works.
        fn shape(call: Call) -> Option<Shape> {
            match call {
                $($(Call::$call => shapes!(@ $($($methods)*)?),)*)*
                _ => None,
            }
        }
    };
    (@) => { None };
    (@ by hand($($name:literal),*)) => { Some(Shape { args: &[$($name),*], opens: false }) };
    (@ $method:ident($($arg:ident: $Type:ty = $name:literal),*) -> $Value:ty; $other:ident $others:tt opens $($rest:tt)*) => {
        Some(Shape { args: &[$($name),*], opens: true })
    };
    (@ $method:ident($($arg:ident: $Type:ty = $name:literal),*) -> $($rest:tt)*) => {
        Some(Shape { args: &[$($name),*], opens: false })
    };
    (@ $method:ident($($arg:ident: $Type:ty = $name:literal),*) opens $($rest:tt)*) => {
        Some(Shape { args: &[$($name),*], opens: true })
    };
}

calls!(shapes);

fn opens(call: Call) -> bool {
    shape(call).is_some_and(|it| it.opens)
}

/// Whether it can fail, or warn.
fn has_answer(call: Call) -> bool {
    call != Call::UNINITIALIZE
}

fn is_in_a_session(call: Call) -> bool {
    let is_library = matches!(call, Call::INITIALIZE | Call::UNINITIALIZE | Call::LOGON_EX);
    !is_library && call != Call::ADMIN_PROFILES && !call.name().starts_with("IProfAdmin::")
}

const PLANNED: &str = "a fault that the test has planned";

/// A plan that is being made, from [`Faults::on`].
#[must_use = "nothing is planned before it says what happens"]
pub struct OnCall<'a> {
    state: &'a Arc<Mutex<State>>,
    hung: &'a Arc<Mutex<Vec<Call>>>,
    below: &'a dyn Profiles,
    call: Option<Call>,
    about: String,
    matches: Vec<Guarded<Box<dyn Match>>>,
    skip: usize,
    times: Option<usize>,
    until: Option<Call>,
    place: &'static Location<'static>,
}

/// A subsystem, for what it knows of its profiles.
trait Profiles {
    fn has(&self, name: &str) -> Option<bool>;
}

impl<B: Subsystem> Profiles for B {
    fn has(&self, name: &str) -> Option<bool> {
        self.has_profile(name)
    }
}

impl<'a> OnCall<'a> {
    #[track_caller]
    fn new<B: Subsystem>(faults: &'a Faults<B>, call: Option<Call>) -> Self {
        let Plan { state, hung, .. } = faults.0.layer();
        Self {
            state,
            hung,
            below: faults.below(),
            call,
            about: call.map_or_else(|| "any call".into(), |call| call.to_string()),
            matches: Vec::new(),
            skip: 0,
            times: Some(1),
            until: None,
            place: Location::caller(),
        }
    }

    /// Narrows the plan down to logons that ask for this profile by name, and to calls in their sessions.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// faults.on(Call::LOGON_EX).for_profile("Outlook").fail(HResult::MAPI_E_LOGON_FAILED);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the subsystem below knows its profiles, as [`Memory`](crate::memory::Memory) does, and does
    /// not have this one.
    #[track_caller]
    pub fn for_profile(self, name: impl Into<String>) -> Self {
        let name = name.into();
        let has_profile = self.below.has(&name);
        assert!(has_profile != Some(false), "there is no profile {name:?}");
        let about = format!(" for the profile {name:?}");
        self.only(&about, move |call: &RawCall<'_>| {
            call.profile() == Some(&*name)
        })
    }

    /// Narrows the plan down to calls with this entry identifier, and to calls on what was opened with it.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::OpenStoreFlags;
    ///
    /// let archive = faults.below().entry_id("Outlook", &["Archive"]).unwrap();
    /// let plan = faults.on(Call::SESSION_OPEN_MSG_STORE).for_entry_id(&archive);
    /// plan.fail(HResult::MAPI_E_NETWORK_ERROR);
    /// session.open_default_store(OpenStoreFlags::empty())?; // another store opens
    /// assert!(session.open_msg_store(&archive, OpenStoreFlags::empty()).is_err());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn for_entry_id(self, entry_id: &EntryId) -> Self {
        let about = format!(" for the entry {}", Hex(entry_id.as_bytes()));
        let entry_id = entry_id.clone();
        self.only(&about, move |call: &RawCall<'_>| {
            let mut ids = call.entry_ids().chain(call.opened_with());
            ids.any(|it| it == entry_id.as_bytes())
        })
    }

    /// Narrows the plan down to calls whose flags have all of these bits.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::LogoffFlags;
    ///
    /// let shared = LogoffFlags::SHARED.bits();
    /// faults.on(Call::SESSION_LOGOFF).with_flags(shared).fail(HResult::MAPI_E_BUSY);
    /// session.logoff(LogoffFlags::empty())?; // without the flag it works
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the call has no flags.
    #[track_caller]
    pub fn with_flags(self, bits: u32) -> Self {
        let has_flags = |call| {
            let args = shape(call).map_or(&[][..], |it| it.args);
            args.iter().any(|name| FLAG_WORDS.contains(name))
        };
        self.refuse_unless(has_flags, "has no flags");
        let about = format!(" with the flags {bits:#X}");
        self.only(&about, move |call: &RawCall<'_>| {
            call.flags().is_some_and(|flags| flags & bits == bits)
        })
    }

    /// Narrows the plan down to calls that a closure `Fn(&RawCall) -> bool` picks.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::subsystem::layer::RawCall;
    ///
    /// // The second session has no status table.
    /// let plan = faults.on(Call::SESSION_GET_STATUS_TABLE);
    /// let plan = plan.matching(|call: &RawCall<'_>| {
    ///     call.session().is_some_and(|id| id.to_string() == "#2")
    /// });
    /// plan.fail(HResult::MAPI_E_NO_SUPPORT);
    /// assert!(session.status_table().is_ok());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn matching(self, which: impl Match) -> Self {
        self.only(" that the test picks", which)
    }

    /// Skips the first `calls` matching calls.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).after(1).fail(HResult::MAPI_E_NETWORK_ERROR);
    /// assert!(session.status_table().is_ok());
    /// assert!(session.status_table().is_err());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[doc(alias = "skip")]
    pub fn after(mut self, calls: usize) -> Self {
        self.skip = calls;
        self
    }

    /// Lets it happen to this many matching calls, one after the other. The default is one.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).times(2).fail(HResult::MAPI_E_NETWORK_ERROR);
    /// let answers = [(); 3].map(|()| session.status_table().is_ok());
    /// assert_eq!(answers, [false, false, true]);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn times(mut self, calls: usize) -> Self {
        self.times = Some(calls);
        self
    }

    /// Lets it happen to all matching calls.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).always().fail(HResult::MAPI_E_NO_SUPPORT);
    /// assert!([(); 3].iter().all(|()| session.status_table().is_err()));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Lets it happen to all matching calls until this other call has succeeded, anywhere.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::OpenStoreFlags;
    ///
    /// // The status table is there once a store is open.
    /// let plan = faults.on(Call::SESSION_GET_STATUS_TABLE).until(Call::SESSION_OPEN_MSG_STORE);
    /// plan.fail(HResult::MAPI_E_BUSY);
    /// assert!(session.status_table().is_err());
    /// session.open_default_store(OpenStoreFlags::empty())?;
    /// assert!(session.status_table().is_ok());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the other call does not reach a subsystem, or is a Release.
    #[track_caller]
    pub fn until(mut self, call: Call) -> Self {
        assert!(shape(call).is_some(), "{call} is not seen to succeed");
        self.until = Some(call);
        self.always()
    }

    /// Plans what a closure `Fn(&RawCall) -> Response` decides. See [`Fault`].
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::subsystem::layer::RawCall;
    /// use mapi_session::testing::Response;
    ///
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).respond(|_: &RawCall<'_>| {
    ///     Response::go_on_and_fail(HResult::MAPI_E_NETWORK_ERROR)
    /// });
    /// assert!(session.status_table().is_err());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn respond(self, fault: impl Fault) {
        self.plan(" does as the test says", fault);
    }

    /// Makes the call fail.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).fail(HResult::MAPI_E_NETWORK_ERROR);
    /// let failed = session.status_table().unwrap_err();
    /// assert_eq!(failed.hresult(), HResult::MAPI_E_NETWORK_ERROR);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the code means success; or the call is a MAPIUninitialize, which cannot fail.
    #[track_caller]
    pub fn fail(self, hresult: HResult) {
        let failure = self.failure(hresult);
        self.fail_with(failure);
    }

    /// Makes the call fail like this. [`Failure::with_mapi_error`] sets what GetLastError tells: a
    /// text, a component, an error of the system below.
    ///
    /// ```
    /// # use mapi_session::error::{Call, Failure, MapiError};
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// let error = MapiError::new("Network problems").with_component("EMSMDB");
    /// let failure = Failure::new(HResult::MAPI_E_NETWORK_ERROR).with_mapi_error(error.clone());
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).fail_with(failure);
    ///
    /// let session = Mapi::initialize(faults)?.logon(&LogonRequest::default_profile())?;
    /// let failed = session.status_table().unwrap_err();
    /// assert_eq!(session.last_error(failed.hresult())?, Some(error));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the call is a MAPIUninitialize, which cannot fail.
    #[track_caller]
    pub fn fail_with(self, failure: impl Into<Failure>) {
        let failure = failure.into();
        self.plan_for(
            has_answer,
            "cannot fail",
            format!(" fails with {}", failure.hresult()),
            move |_: &RawCall<'_>| Response::fail(failure.clone()),
        );
    }

    /// Lets the call succeed, as with MAPI_DEFERRED_ERRORS, and makes each call on what it opened
    /// fail. Only GetLastError, which tells why, and a session's Logoff work. The plan is used up when
    /// the first of these calls has failed.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::OpenStoreFlags;
    ///
    /// let plan = faults.on(Call::SESSION_OPEN_MSG_STORE);
    /// plan.fail_at_first_use(HResult::MAPI_E_NETWORK_ERROR);
    /// let store = session.open_default_store(OpenStoreFlags::empty())?;
    /// assert!(store.open_root_folder(Default::default()).is_err());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the code means success; or the call opens nothing.
    #[track_caller]
    pub fn fail_at_first_use(self, hresult: HResult) {
        let failure = self.failure(hresult);
        self.plan_for(
            opens,
            "opens nothing",
            format!(" succeeds, and its first use fails with {hresult}"),
            move |_: &RawCall<'_>| Response::fail_at_first_use(failure.clone()),
        );
    }

    /// Adds this warning to the call, if it succeeds.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi, UiParam};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_OPEN_ADDRESS_BOOK).warn(HResult::MAPI_W_ERRORS_RETURNED);
    /// let book = session.open_address_book(UiParam::NONE, Default::default())?;
    /// assert!(book.open_warning().is_some());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the code is not a warning (MAPI_W_*); or the call is a MAPIUninitialize, which has no
    /// answer.
    #[track_caller]
    pub fn warn(self, hresult: HResult) {
        let warning = Warning::new(hresult).map(|it| it.because(PLANNED));
        assert!(warning.is_some(), "{hresult} is no warning");
        let happens = format!(" succeeds with {hresult}");
        self.plan_for(
            has_answer,
            "cannot warn",
            happens,
            move |_: &RawCall<'_>| {
                let warning = warning.clone();
                warning.map_or_else(Response::go_on, Response::go_on_and_warn)
            },
        );
    }

    /// Makes the call wait until the test releases it. Then it goes on to the next plan for it, or to
    /// the subsystem below.
    ///
    /// Release it from another thread than that of the call.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use std::thread;
    ///
    /// let blocked = faults.on(Call::SESSION_GET_STATUS_TABLE).block();
    /// thread::scope(|scope| {
    ///     let table = scope.spawn(|| session.status_table().is_ok());
    ///     blocked.wait_until_reached(); // the call is on its way
    ///     blocked.release();
    ///     assert!(table.join().unwrap());
    /// });
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use = "dropping it releases the call"]
    pub fn block(self) -> Blocked {
        let gate = Arc::new(Gate::new());
        let (state, at) = (self.state, Arc::clone(&gate));
        let planned = self.plan(" waits until it is released", move |_: &RawCall<'_>| {
            at.pass();
            Response::go_on()
        });
        Blocked::new(gate, state, planned)
    }

    /// Makes the call wait for this long, and go on as after [`block`](Self::block).
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use std::time::Duration;
    ///
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).block_for(Duration::from_millis(1));
    /// session.status_table()?; // a slow call
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn block_for(self, time: Duration) {
        self.plan(&format!(" waits for {time:?}"), move |_: &RawCall<'_>| {
            thread::sleep(time);
            Response::go_on()
        });
    }

    /// Makes the call hang. So that the test can end, it fails with MAPI_E_TIMEOUT when the test's
    /// patience is over, and [`Faults::hung`] lists it.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use std::time::Duration;
    ///
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).hang(Duration::from_millis(1));
    /// let failed = session.status_table().unwrap_err();
    /// assert_eq!(failed.hresult(), HResult::MAPI_E_TIMEOUT);
    /// assert_eq!(faults.hung(), [Call::SESSION_GET_STATUS_TABLE]);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn hang(self, patience: Duration) {
        let hung = Arc::clone(self.hung);
        self.plan(" hangs", move |call: &RawCall<'_>| {
            thread::sleep(patience);
            hung.lock().push(call.call());
            Response::fail(Failure::new(HResult::MAPI_E_TIMEOUT).because(PLANNED))
        });
    }

    /// Ends the session that the call is made in, without a logoff: this call and all that follow in
    /// it fail with MAPI_E_END_OF_SESSION, and its sinks hear nothing more. A client that logs on
    /// again gets a session that works.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Faults, profiles};
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # let faults = Faults::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(faults.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// faults.on(Call::SESSION_GET_STATUS_TABLE).end_session();
    /// assert!(session.status_table().is_err());
    /// let failed = session.msg_stores_table().unwrap_err(); // and so do all that follow
    /// assert_eq!(failed.hresult(), HResult::MAPI_E_END_OF_SESSION);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the call is not made in a session: it is MAPIInitialize, MAPIUninitialize or MAPILogonEx.
    #[track_caller]
    pub fn end_session(self) {
        let happens = " ends its session".into();
        self.plan_for(
            is_in_a_session,
            "is in no session",
            happens,
            |_: &RawCall<'_>| Response::end_session(),
        );
    }

    fn only(mut self, about: &str, which: impl Match) -> Self {
        self.about += about;
        self.matches.push(Guarded::new(Box::new(which)));
        self
    }

    #[track_caller]
    fn failure(&self, hresult: HResult) -> Failure {
        assert!(hresult.is_failure(), "{hresult} is no failure");
        Failure::new(hresult).because(PLANNED)
    }

    #[track_caller]
    fn refuse_unless(&self, can_be: fn(Call) -> bool, why_not: &str) {
        if let Some(call) = self.call {
            assert!(can_be(call), "{call} {why_not}");
        }
    }

    /// Plans what happens to some calls only.
    #[track_caller]
    fn plan_for(self, only: fn(Call) -> bool, why_not: &str, happens: String, fault: impl Fault) {
        self.refuse_unless(only, why_not);
        self.plan_only(only, happens, fault);
    }

    fn plan(self, happens: &str, fault: impl Fault) -> usize {
        self.plan_only(|_| true, happens.into(), fault)
    }

    fn plan_only(self, only: fn(Call) -> bool, happens: String, fault: impl Fault) -> usize {
        let happens = match (self.until, self.times) {
            (Some(until), _) => format!("{happens}, until {until}"),
            (None, None) => format!("{happens}, always"),
            (None, Some(1)) => happens,
            (None, Some(times)) => format!("{happens}, {times} times"),
        };
        let planned = Planned::new(self.about, self.times);
        let planned = planned.happening(happens, self.skip, self.place);
        let mut state = self.state.lock();
        let planned = state.plan(planned);
        state.rules.push(Arc::new(Rule {
            call: self.call,
            only,
            matches: self.matches,
            until: self.until,
            fault: Guarded::new(Box::new(fault)),
            planned,
        }));
        planned
    }
}

impl fmt::Debug for OnCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnCall")
    }
}

/// A guard that keeps sessions alive below, from [`Faults::keep_slots`].
#[must_use = "dropping it lets the slots go"]
pub struct KeptSlots<B: Subsystem> {
    state: Arc<Mutex<State>>,
    kept: Kept<B::Session>,
    planned: usize,
}

impl<B: Subsystem> KeptSlots<B> {
    /// Counts the sessions that are kept.
    #[must_use]
    pub fn occupied(&self) -> usize {
        self.kept.lock().len()
    }
}

impl<B: Subsystem> Drop for KeptSlots<B> {
    fn drop(&mut self) {
        let mut state = self.state.lock();
        state.keepers.retain(|it| *it != self.planned);
        if !state.keepers.is_empty() {
            return;
        }
        drop(state);
        let kept = std::mem::take(&mut *self.kept.lock());
        for (session, below) in kept {
            // Where it fails, the release ends it.
            let _ = below.logoff(UiParam::NONE, 0, 0);
            drop(below);
            self.state.lock().sessions.remove(&session);
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
pub struct Unused {
    plan: String,
    used: usize,
    place: &'static Location<'static>,
}

impl Unused {
    /// Returns what was planned, in words.
    #[must_use]
    pub fn plan(&self) -> &str {
        &self.plan
    }

    /// Returns how often it has happened.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used
    }

    /// Returns where it was planned.
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }
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
