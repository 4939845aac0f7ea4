//! The recorder: what reached a subsystem, in which order, and what was left open.

use std::any::Any;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use crate::HResult;
use crate::error::Call;
use crate::flags::InitFlags;
use crate::notification::Connection;
use crate::subsystem::{
    RawResult, Subsystem,
    layer::{Arg, Layer, Layered, ObjectId, OpenKind, RawCall},
    refuses_logoff,
};
use crate::sync::Mutex;

/// A subsystem that records every call that reaches it, and passes it on to the one below.
///
/// This is a handle: its clones share the record.
///
/// ```
/// use mapi_session::error::Call;
/// use mapi_session::memory::{Memory, Profile};
/// use mapi_session::testing::Recorder;
/// use mapi_session::{LogoffFlags, LogonRequest, Mapi};
///
/// let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
/// let recorder = Recorder::new(memory);
/// let mapi = Mapi::initialize(recorder.clone())?;
/// let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
/// session.logoff(LogoffFlags::empty())?;
/// drop(mapi);
///
/// assert_eq!(recorder.count(Call::SESSION_LOGOFF), 1);
/// recorder.assert_clean();
/// recorder.ends_in_order().unwrap();
/// println!("{}", recorder.dump());
/// # Ok::<(), mapi_session::Error>(())
/// ```
pub struct Recorder<B: Subsystem>(Layered<B, Journal>);

impl<B: Subsystem> Recorder<B> {
    /// Creates a recorder over this subsystem.
    pub fn new(below: B) -> Self {
        Self::with(below, usize::MAX)
    }

    /// Creates a recorder that keeps only this many last calls. It still knows everything that is
    /// open.
    pub fn bounded(below: B, calls: usize) -> Self {
        Self::with(below, calls)
    }

    fn with(below: B, limit: usize) -> Self {
        let journal = Journal {
            limit,
            pages: Mutex::default(),
        };
        Self(Layered::new(below, journal))
    }

    /// Returns the subsystem below.
    pub fn below(&self) -> &B {
        self.0.below()
    }

    /// Returns all recorded calls, in the order in which they began.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let calls: Vec<_> = recorder.calls().iter().map(|it| it.call()).collect();
    /// assert_eq!(calls, [Call::INITIALIZE, Call::LOGON_EX]);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.pages().calls.iter().cloned().collect()
    }

    /// Counts the recorded calls of this kind.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// session.status_table()?;
    /// assert_eq!(recorder.count(Call::SESSION_GET_STATUS_TABLE), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn count(&self, call: Call) -> usize {
        let pages = self.pages();
        pages
            .calls
            .iter()
            .filter(|known| known.call == call)
            .count()
    }

    /// Returns the last recorded call of this kind.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// session.logoff(LogoffFlags::SHARED)?;
    /// let logoff = recorder.last(Call::SESSION_LOGOFF).unwrap();
    /// assert_eq!(logoff.arg("ulFlags"), Some("0x1"));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn last(&self, call: Call) -> Option<RecordedCall> {
        let pages = self.pages();
        let mut latest = pages.calls.iter().rev();
        latest.find(|known| known.call == call).cloned()
    }

    /// Returns the record as text, one line a call.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// println!("{}", recorder.dump()); // 1  MAPIInitialize(...) -> S_OK  // ...
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn dump(&self) -> String {
        let pages = self.pages();
        pages.calls.iter().map(|call| format!("{call}\n")).collect()
    }

    /// Checks that every session has ended in the order that the reference asks for: registrations
    /// cancelled, objects released, Logoff, the session released, the library uninitialised.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// drop(session); // without a logoff
    /// drop(mapi);
    /// let said = recorder.ends_in_order().unwrap_err().to_string();
    /// assert!(said.contains("Release of the session #1 without Logoff"));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// Each step that was missing or late.
    ///
    /// [Ending a MAPI Session](https://learn.microsoft.com/office/client-developer/outlook/mapi/ending-a-mapi-session) in the MAPI reference.
    pub fn ends_in_order(&self) -> Result<(), OutOfOrder> {
        let pages = self.pages();
        let missing = pages.outstanding();
        let steps: Vec<_> = pages.late.iter().cloned().chain(missing).collect();
        if steps.is_empty() {
            Ok(())
        } else {
            Err(OutOfOrder { steps })
        }
    }

    /// Returns what was not given back, each with where it came from: sessions that were released
    /// live, objects that are still open, registrations that were not cancelled, and initialisations
    /// without their MAPIUninitialize.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let text = recorder.leaks()[0].to_string(); // what, and the line where it was opened
    /// # assert!(text.contains("session #1"), "{text}");
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn leaks(&self) -> Vec<Leak> {
        let pages = self.pages();
        pages
            .released_live
            .iter()
            .cloned()
            .chain(pages.open_leaks())
            .collect()
    }

    /// Returns the largest number of objects that were open at once: sessions, and what came from
    /// them.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// session.open_default_store(Default::default())?;
    /// assert_eq!(recorder.most_open(), 2); // the session, and the store
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn most_open(&self) -> usize {
        self.pages().most_open
    }

    /// Returns the largest number of objects of one kind that were open at once. Servers limit it:
    /// Exchange's limit for folders is 500 by default (its event 9646).
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::subsystem::layer::OpenKind;
    ///
    /// for _ in 0..3 {
    ///     session.open_default_store(Default::default())?; // and is dropped
    /// }
    /// assert_eq!(recorder.most_open_of(OpenKind::StoreObject), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn most_open_of(&self, kind: OpenKind) -> usize {
        let counts = &self.pages().counts;
        counts.get(&kind).map_or(0, |count| count.most)
    }

    /// Returns which threads have broken MAPI's rules for threads, once for each thread and kind of
    /// misuse. On [`Memory`](crate::memory::Memory), which is free-threaded, such a program works;
    /// with Outlook it fails or crashes.
    ///
    /// A [`Mapi`](crate::Mapi) initialises MAPI for the thread that creates it, and uninitialises it
    /// on the thread that drops the last of it and its sessions. So a program that uses MAPI on
    /// another thread needs another `Mapi` there.
    ///
    /// See [Using Thread-Safe Objects](https://learn.microsoft.com/office/client-developer/outlook/mapi/using-thread-safe-objects)
    /// in the MAPI reference, and the
    /// [rules](https://learn.microsoft.com/archive/blogs/stephen_griffin/mapi-multithreading-rules) that
    /// its team gives.
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| session.status_table().unwrap()); // without a Mapi of its own
    /// });
    /// assert_eq!(recorder.thread_misuse().len(), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn thread_misuse(&self) -> Vec<ThreadMisuse> {
        self.pages().threads.misuse.clone()
    }

    /// Asserts that there are no [`leaks`](Self::leaks).
    ///
    /// ```
    /// # use mapi_session::error::Call;
    /// # use mapi_session::memory::Memory;
    /// # use mapi_session::testing::{Recorder, profiles};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let recorder = Recorder::new(Memory::builder().profile(profiles::typical()).build()?);
    /// # let mapi = Mapi::initialize(recorder.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// session.logoff(LogoffFlags::empty())?;
    /// drop(mapi);
    /// recorder.assert_clean();
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Panics
    /// If there are any, with all of them: this is an assertion of a test.
    #[track_caller]
    pub fn assert_clean(&self) {
        let leaks = self.leaks();
        assert!(leaks.is_empty(), "{}", lines("not given back", &leaks));
    }

    /// Returns a guard that asserts, at the end of its scope, that there are no
    /// [`leaks`](Self::leaks). Make it before everything else. If the test is panicking already, it
    /// only prints them.
    pub fn clean_guard(&self) -> CleanGuard<B>
    where
        B: Clone,
    {
        CleanGuard(self.clone())
    }

    fn pages(&self) -> crate::sync::MutexGuard<'_, Pages> {
        self.0.layer().pages.lock()
    }
}

fn lines<T: fmt::Display>(what: &str, all: &[T]) -> String {
    let lines: String = all.iter().map(|one| format!("\n  {one}")).collect();
    format!("{what}:{lines}")
}

layered_subsystem!(Recorder, Journal);

/// [`assert_clean`](Recorder::assert_clean) at the end of a scope.
#[must_use = "it asserts when it is dropped"]
pub struct CleanGuard<B: Subsystem>(Recorder<B>);

impl<B: Subsystem> Drop for CleanGuard<B> {
    fn drop(&mut self) {
        if thread::panicking() {
            let leaks = self.0.leaks();
            if !leaks.is_empty() {
                eprintln!("{}", lines("not given back", &leaks));
            }
        } else {
            self.0.assert_clean();
        }
    }
}

impl<B: Subsystem> fmt::Debug for CleanGuard<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CleanGuard")
    }
}

/// A call that reached the subsystem.
///
/// Its `Display` is a line that reads like the call in C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    number: u64,
    call: Call,
    session: Option<ObjectId>,
    object: Option<ObjectId>,
    args: Vec<(&'static str, String)>,
    hresult: Option<HResult>,
    opened: Option<ObjectId>,
    thread: String,
    place: &'static Location<'static>,
}

impl RecordedCall {
    /// Returns the number of the call, from 1.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Which call.
    #[must_use]
    pub fn call(&self) -> Call {
        self.call
    }

    /// Returns the session that it was made on, or that the object came from that it was made on;
    /// `None` for calls on the library.
    #[must_use]
    pub fn session(&self) -> Option<ObjectId> {
        self.session
    }

    /// Returns the object that it was made on; `None` for calls on the library.
    #[must_use]
    pub fn object(&self) -> Option<ObjectId> {
        self.object
    }

    /// Returns the raw arguments, with their names in C.
    #[must_use]
    pub fn args(&self) -> &[(&'static str, String)] {
        &self.args
    }

    /// Returns the argument with this name in C, as text.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<&str> {
        let mut args = self.args.iter();
        args.find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns what it answered; `None` until it has returned.
    #[must_use]
    pub fn hresult(&self) -> Option<HResult> {
        self.hresult
    }

    /// Returns the object that it opened.
    #[must_use]
    pub fn opened(&self) -> Option<ObjectId> {
        self.opened
    }

    /// Returns the thread that made it, by name or number.
    #[must_use]
    pub fn thread(&self) -> &str {
        &self.thread
    }

    /// Returns where in the program's code it comes from, as far as that is [known](RawCall::place).
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }
}

impl fmt::Display for RecordedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>4}  ", self.number)?;
        if let Some(object) = self.object {
            write!(f, "{object} ")?;
        }
        write!(f, "{}(", self.call)?;
        for (index, (name, value)) in self.args.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name} = {value}")?;
        }
        f.write_str(")")?;
        match (self.hresult, self.call) {
            (_, Call::RELEASE | Call::UNINITIALIZE) => {}
            (Some(hresult), _) => write!(
                f,
                " -> {}",
                hresult
                    .name()
                    .map_or_else(|| hresult.to_string(), Into::into)
            )?,
            (None, _) => f.write_str(" -> (has not returned)")?,
        }
        if let Some(opened) = self.opened {
            write!(f, ", {opened}")?;
        }
        write!(f, "  // {}, {}", self.thread, self.place)
    }
}

/// A step of ending a session that was missing or late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step(String);

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The steps that were missing or late at the end of sessions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines("not in order", &self.steps))]
pub struct OutOfOrder {
    steps: Vec<Step>,
}

impl OutOfOrder {
    /// Returns the steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// Something that was not given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    kind: LeakKind,
    place: &'static Location<'static>,
    other_places: Vec<&'static Location<'static>>,
}

impl Leak {
    /// Returns what it is.
    #[must_use]
    pub fn kind(&self) -> LeakKind {
        self.kind
    }

    /// Returns where it came from.
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }

    /// Returns where else it may have come from: MAPIUninitialize does not say which initialisation it
    /// ends.
    #[must_use]
    pub fn other_places(&self) -> &[&'static Location<'static>] {
        &self.other_places
    }
}

/// What can leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LeakKind {
    /// A session that was released without a logoff.
    ReleasedLive(ObjectId),
    /// Something that is still open.
    Open(ObjectId, OpenKind),
    /// A registration that was not cancelled, of this session or of an object that came from it.
    Registered(ObjectId, Connection),
    /// An initialisation of the library without an end.
    Initialized,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            LeakKind::ReleasedLive(id) => write!(f, "the session {id}, released without a logoff")?,
            LeakKind::Open(id, kind) => write!(f, "{kind} {id}, still open")?,
            LeakKind::Registered(id, connection) => {
                write!(
                    f,
                    "the registration {:#X} of the session {id}",
                    connection.get()
                )?;
            }
            LeakKind::Initialized => f.write_str("MAPIInitialize without MAPIUninitialize")?,
        }
        write!(f, "; from {}", self.place)?;
        self.other_places
            .iter()
            .try_for_each(|place| write!(f, " or {place}"))
    }
}

/// A misuse of MAPI by a thread, from [`Recorder::thread_misuse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadMisuse {
    kind: ThreadMisuseKind,
    thread_id: ThreadId,
    thread: String,
    call: Call,
    place: &'static Location<'static>,
}

impl ThreadMisuse {
    /// Returns what is wrong with it.
    #[must_use]
    pub fn kind(&self) -> ThreadMisuseKind {
        self.kind
    }

    /// Returns the thread, by name or number.
    #[must_use]
    pub fn thread(&self) -> &str {
        &self.thread
    }

    /// Returns the first call that was wrong.
    #[must_use]
    pub fn call(&self) -> Call {
        self.call
    }

    /// Returns where that call comes from, as far as it is [known](RawCall::place).
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }
}

/// What a thread can do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThreadMisuseKind {
    /// It has not called MAPIInitialize, or has called MAPIUninitialize as often.
    NotInitialized,
    /// It has called MAPIUninitialize for an initialisation of another thread, or for none.
    UninitializedForAnother,
    /// It was the first to call MAPIInitialize, without MAPI_MULTITHREAD_NOTIFICATIONS, and has called
    /// MAPIUninitialize while others go on: notifications come on this thread.
    FirstEndedFirst,
}

impl fmt::Display for ThreadMisuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            thread,
            call,
            place,
            ..
        } = self;
        write!(f, "{thread}: {call} ")?;
        f.write_str(match kind {
            ThreadMisuseKind::NotInitialized => "on a thread that is not initialised",
            ThreadMisuseKind::UninitializedForAnother => "for another thread",
            ThreadMisuseKind::FirstEndedFirst => "on the first thread, while others go on",
        })?;
        write!(f, "; from {place}")
    }
}

/// Which threads are initialised, and what they have done wrong.
#[derive(Default)]
struct Threads {
    /// How often each is.
    initialized: HashMap<ThreadId, usize>,
    /// The first one, where notifications come on it.
    notified: Option<ThreadId>,
    /// How many initialisations other threads have ended: whose, nobody says.
    stolen: usize,
    misuse: Vec<ThreadMisuse>,
}

impl Threads {
    /// A thread makes a call.
    fn arrives(&mut self, call: &RawCall<'_>) {
        let is_initialized = self.initialized.contains_key(&thread::current().id());
        match call.call() {
            Call::INITIALIZE => {}
            Call::UNINITIALIZE if is_initialized => {
                let is_last = self.leaves();
                let others_go_on = is_last && !self.initialized.is_empty();
                if others_go_on && self.notified == Some(thread::current().id()) {
                    self.blame(ThreadMisuseKind::FirstEndedFirst, call);
                }
            }
            Call::UNINITIALIZE => {
                self.blame(ThreadMisuseKind::UninitializedForAnother, call);
                self.stolen += 1;
                self.settle();
            }
            _ if is_initialized => {}
            _ => self.blame(ThreadMisuseKind::NotInitialized, call),
        }
    }

    /// A MAPIInitialize has succeeded.
    fn joins(&mut self, call: &RawCall<'_>) {
        let thread = thread::current().id();
        let flags = InitFlags::from(call.flags().unwrap_or_default());
        if self.initialized.is_empty() && !flags.contains(InitFlags::MULTITHREAD_NOTIFICATIONS) {
            self.notified = Some(thread);
        }
        *self.initialized.entry(thread).or_default() += 1;
    }

    /// One initialisation of this thread has ended. Whether it was its last.
    fn leaves(&mut self) -> bool {
        let thread = thread::current().id();
        let Some(count) = self.initialized.get_mut(&thread) else {
            return false;
        };
        *count -= 1;
        let is_last = *count == 0;
        if is_last {
            self.initialized.remove(&thread);
        }
        self.settle();
        is_last
    }

    /// With the last initialisation no thread is initialised any more.
    fn settle(&mut self) {
        if self.initialized.values().sum::<usize>() <= self.stolen {
            self.initialized.clear();
            self.notified = None;
            self.stolen = 0;
        }
    }

    fn blame(&mut self, kind: ThreadMisuseKind, call: &RawCall<'_>) {
        let thread_id = thread::current().id();
        let is_known = |it: &ThreadMisuse| it.kind == kind && it.thread_id == thread_id;
        if !self.misuse.iter().any(is_known) {
            self.misuse.push(ThreadMisuse {
                kind,
                thread_id,
                thread: this_thread(),
                call: call.call(),
                place: call.place(),
            });
        }
    }
}

/// Its name or number.
fn this_thread() -> String {
    let current = thread::current();
    match current.name() {
        Some(name) => name.into(),
        None => format!("{:?}", current.id()),
    }
}

/// What a recorder writes in.
pub struct Journal {
    limit: usize,
    pages: Mutex<Pages>,
}

#[derive(Default)]
struct Pages {
    calls: VecDeque<RecordedCall>,
    calls_so_far: u64,
    open: BTreeMap<ObjectId, OpenObject>,
    /// By the object whose Advise it was.
    registrations: BTreeMap<(ObjectId, u64), Registered>,
    /// Each with the places that it may have come from.
    initialized: Vec<Vec<&'static Location<'static>>>,
    released_live: Vec<Leak>,
    late: Vec<Step>,
    counts: HashMap<OpenKind, Count>,
    most_open: usize,
    threads: Threads,
}

/// How many objects of a kind are open, and the most that were.
#[derive(Default)]
struct Count {
    now: usize,
    most: usize,
}

struct OpenObject {
    kind: OpenKind,
    /// The session that it came from; of a session, itself.
    session: ObjectId,
    is_logged_off: bool,
    place: &'static Location<'static>,
}

struct Registered {
    session: ObjectId,
    place: &'static Location<'static>,
    /// An Unadvise that failed: the end of the session does the rest.
    is_given_up: bool,
}

impl Pages {
    fn begin(&mut self, limit: usize, call: &RawCall<'_>) -> u64 {
        self.calls_so_far += 1;
        self.threads.arrives(call);
        let recorded = RecordedCall {
            number: self.calls_so_far,
            call: call.call(),
            session: call.session(),
            object: call.object(),
            args: (call.args().iter())
                .map(|(name, arg)| (*name, arg.to_string()))
                .collect(),
            hresult: None,
            opened: None,
            thread: this_thread(),
            place: call.place(),
        };
        if self.calls.len() >= limit {
            self.calls.pop_front();
        }
        if limit > 0 {
            self.calls.push_back(recorded);
        }
        self.calls_so_far
    }

    fn call(&mut self, number: u64) -> Option<&mut RecordedCall> {
        let first = self.calls.front()?.number;
        let index = number.checked_sub(first)?;
        self.calls.get_mut(index as usize)
    }

    /// What a successful call means to the end of its session.
    fn succeeded(&mut self, call: &RawCall<'_>) {
        match (call.call(), call.session()) {
            (Call::INITIALIZE, _) => {
                self.initialized.push(vec![call.place()]);
                self.threads.joins(call);
            }
            (Call::SESSION_LOGOFF, Some(session)) => self.logged_off(session),
            (Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN, Some(session)) => {
                self.shut_down(session);
                self.threads.leaves();
            }
            _ => {}
        }
    }

    /// By the call of this number.
    fn opened(&mut self, number: u64, call: &RawCall<'_>, (id, kind): (ObjectId, OpenKind)) {
        let open = OpenObject {
            kind,
            session: call.session().unwrap_or(id),
            is_logged_off: false,
            place: call.place(),
        };
        self.open.insert(id, open);
        let count = self.counts.entry(kind).or_default();
        count.now += 1;
        count.most = count.most.max(count.now);
        self.most_open = self.most_open.max(self.open.len());
        if let Some(opener) = self.call(number) {
            opener.opened = Some(id);
        }
    }

    fn registered(&mut self, call: &RawCall<'_>, connection: Connection) {
        let Some(session) = call.session() else {
            return;
        };
        let registered = Registered {
            session,
            place: call.place(),
            is_given_up: false,
        };
        if let Some(object) = call.object() {
            self.registrations
                .insert((object, connection.get()), registered);
        }
    }

    fn unregistered(&mut self, call: &RawCall<'_>, has_ended: bool) {
        let (Some(object), Some(Arg::Connection(connection))) =
            (call.object(), call.arg("ulConnection"))
        else {
            return;
        };
        let key = (object, connection.get());
        if has_ended {
            self.registrations.remove(&key);
        } else if let Some(registered) = self.registrations.get_mut(&key) {
            registered.is_given_up = true;
        }
    }

    fn logged_off(&mut self, session: ObjectId) {
        self.forget_given_up(session);
        let late_registrations = self
            .registrations
            .iter()
            .filter(|(_, registered)| registered.session == session);
        let late: Vec<_> = late_registrations
            .map(|((_, connection), Registered { place, .. })| {
                format!("Logoff of the session {session} before Unadvise of {connection:#X}; from {place}")
            })
            .collect();
        let late_objects = self
            .open
            .iter()
            .filter(|(id, open)| open.session == session && **id != session);
        let late: Vec<_> = late
            .into_iter()
            .chain(late_objects.map(|(id, open)| {
                format!(
                    "Logoff of the session {session} before Release of {} {id}; from {}",
                    open.kind, open.place
                )
            }))
            .map(Step)
            .collect();
        self.late.extend(late);
        if let Some(open) = self.open.get_mut(&session) {
            open.is_logged_off = true;
        }
    }

    /// After it nothing is to be given back.
    fn shut_down(&mut self, session: ObjectId) {
        let counts = &mut self.counts;
        self.open.retain(|_, open| {
            let stays = open.session != session;
            if !stays {
                uncount(counts, open.kind);
            }
            stays
        });
        self.registrations
            .retain(|_, registered| registered.session != session);
        self.end_initialization();
    }

    /// One of them: which, nobody says.
    fn end_initialization(&mut self) {
        let mut places = self.initialized.concat();
        places.sort_unstable();
        places.dedup();
        self.initialized.pop();
        self.initialized.fill(places);
    }

    fn forget_given_up(&mut self, session: ObjectId) {
        self.registrations
            .retain(|_, it| it.session != session || !it.is_given_up);
    }

    fn uninitialized(&mut self) {
        self.end_initialization();
        if self.initialized.is_empty() {
            let open = self.open.iter().map(|(id, open)| {
                Step(format!(
                    "MAPIUninitialize before Release of {} {id}; from {}",
                    open.kind, open.place
                ))
            });
            self.late.extend(open);
        }
    }

    /// Whether it was open: after a fast shutdown nothing is released any more.
    fn released(&mut self, id: ObjectId) -> bool {
        let Some(open) = self.open.remove(&id) else {
            return false;
        };
        uncount(&mut self.counts, open.kind);
        if open.kind == OpenKind::SessionObject {
            self.forget_given_up(id);
            if !open.is_logged_off {
                self.released_live(id, open.place);
            }
        }
        true
    }

    fn released_live(&mut self, session: ObjectId, place: &'static Location<'static>) {
        self.late.push(Step(format!(
            "Release of the session {session} without Logoff; from {place}"
        )));
        self.released_live.push(Leak {
            kind: LeakKind::ReleasedLive(session),
            place,
            other_places: Vec::new(),
        });
    }

    fn open_leaks(&self) -> Vec<Leak> {
        let open = self.open.iter().map(|(id, open)| Leak {
            kind: LeakKind::Open(*id, open.kind),
            place: open.place,
            other_places: Vec::new(),
        });
        let registrations = self.registrations.iter();
        let registered = registrations.map(|((_, number), registered)| Leak {
            kind: LeakKind::Registered(registered.session, Connection::new(*number)),
            place: registered.place,
            other_places: Vec::new(),
        });
        let places = self.initialized.iter().filter_map(|it| it.split_first());
        let initialized = places.map(|(place, others)| Leak {
            kind: LeakKind::Initialized,
            place,
            other_places: others.to_vec(),
        });
        open.chain(registered).chain(initialized).collect()
    }

    /// The steps that have not come.
    fn outstanding(&self) -> Vec<Step> {
        let missing = |leak: Leak| Step(format!("missing: the end of {leak}"));
        self.open_leaks().into_iter().map(missing).collect()
    }
}

fn uncount(counts: &mut HashMap<OpenKind, Count>, kind: OpenKind) {
    if let Some(count) = counts.get_mut(&kind) {
        count.now -= 1;
    }
}

impl Layer for Journal {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let mut pages = self.pages.lock();
        let number = pages.begin(self.limit, call);
        if call.call() == Call::UNINITIALIZE {
            pages.uninitialized();
        }
        drop(pages);
        let answer = below(call);
        let mut pages = self.pages.lock();
        let hresult = match &answer {
            Ok(success) => success.hresult(),
            Err(failure) => failure.hresult(),
        };
        if let Some(recorded) = pages.call(number) {
            recorded.hresult = Some(hresult);
        }
        if let Some(opened) = call.opened() {
            pages.opened(number, call, opened);
        }
        let unadvises = [
            Call::SESSION_UNADVISE,
            Call::STORE_UNADVISE,
            Call::ADDR_BOOK_UNADVISE,
            Call::TABLE_UNADVISE,
        ];
        if unadvises.contains(&call.call()) {
            pages.unregistered(call, answer.is_ok());
        }
        match &answer {
            Ok(success) => {
                pages.succeeded(call);
                if let Some(connection) = (success.value() as &dyn Any).downcast_ref() {
                    pages.registered(call, *connection);
                }
            }
            // It has ended the session all the same.
            Err(failure)
                if call.call() == Call::SESSION_LOGOFF && !refuses_logoff(failure.hresult()) =>
            {
                call.session()
                    .into_iter()
                    .for_each(|it| pages.logged_off(it));
            }
            Err(_) => {}
        }
        drop(pages);
        answer
    }

    fn released<R: 'static>(&self, call: &RawCall<'_>, _: &Arc<R>) {
        let mut pages = self.pages.lock();
        if call.object().is_some_and(|it| pages.released(it)) {
            pages.begin(self.limit, call);
        }
    }
}
