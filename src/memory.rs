//! A MAPI subsystem in memory, on any platform, for tests.
//!
//! It has the profiles, stores and users that the test gives it, and behaves as the MAPI reference
//! says: logon and its dialogs, individual and shared sessions, notifications, logoff. Where the
//! reference is silent, the documentation of the item says "our reading".
//!
//! ```
//! use mapi_session::memory::{Answer, Memory, Profile, Store};
//! use mapi_session::{HResult, LogonRequest, Mapi, UiParam};
//!
//! let memory = Memory::builder()
//!     .profile(Profile::new("Work").store(Store::new("Mailbox").default_store()))
//!     .profile(Profile::new("Home").default_profile())
//!     .answer(Answer::Cancel)
//!     .build()?;
//! let mapi = Mapi::initialize(memory.clone())?;
//!
//! // The user cancels the first dialog, and so nobody is logged on.
//! let error = mapi.logon(&LogonRequest::ask_user(UiParam::NONE)).unwrap_err();
//! assert_eq!(error.hresult(), HResult::MAPI_E_USER_CANCEL);
//! assert_eq!(memory.user().dialogs().len(), 1);
//! # Ok::<(), mapi_session::Error>(())
//! ```
//!
//! It is free-threaded: one initialisation serves all threads. What it does not model: what a store
//! holds, most methods of IMAPISession, and the ANSI code page (names are Unicode, whatever
//! MAPI_UNICODE says). These flags it takes and ignores:
//!
//! - of MAPIInitialize: MAPI_MULTITHREAD_NOTIFICATIONS, MAPI_NO_COINIT, MAPI_NT_SERVICE;
//! - of MAPILogonEx: MAPI_EXTENDED, MAPI_FORCE_DOWNLOAD, MAPI_SERVICE_UI_ALWAYS, MAPI_NO_MAIL,
//!   MAPI_PASSWORD_UI, MAPI_BG_SESSION, MAPI_UNICODE; and MAPI_EXPLICIT_PROFILE, which says what is
//!   so anyway;
//! - of OpenMsgStore: MDB_NO_DIALOG, MAPI_DEFERRED_ERRORS, MDB_TEMPORARY, MDB_NO_MAIL, MDB_ONLINE.

mod admin;
#[cfg(feature = "serde")]
mod fixture;
mod logon;
mod notification;
mod profiles;
mod providers;
mod sharing;
mod users;

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::time::Duration;

#[doc(alias = "IProfAdmin")]
#[doc(alias = "MAPIAdminProfiles")]
pub use admin::ProfileAdmin;
pub use admin::ProfileRow;
pub use profiles::{Profile, Provider, Store};
pub use providers::ProviderCall;
pub use users::{Answer, Dialog, Question, User};

use crate::subsystem::{Failure, RawMsgStore, RawResult, RawSession, Subsystem, Success};
use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering};
use crate::types::{Hex, provider_uid};
use crate::{
    AdviseSink, Connection, EntryId, Error, HResult, InitFlags, LogonFlags, MsgStoresTable,
    Notification, OpenStoreFlags, UiParam,
};

/// A MAPI subsystem in memory. A handle: its clones are the same subsystem.
#[derive(Clone)]
pub struct Memory {
    system: Arc<System>,
}

struct System {
    options: Options,
    /// How often the library is initialised (I2).
    initialized: AtomicUsize,
    /// How many sessions were released live (E11).
    released_live: AtomicUsize,
    state: Mutex<State>,
    turn_given_back: Condvar,
    user: User,
    late: notification::Late,
}

struct Options {
    session_limit: usize,
    logon_timeout: Duration,
    fast_shutdown: bool,
}

/// What one lock guards. Taken before the lock of a session's hub, where both are.
#[derive(Default)]
struct State {
    profiles: profiles::Profiles,
    turn: logon::Turn,
    open_sessions: usize,
    last_client: u64,
    /// The shared sessions that are open, by age.
    shared: BTreeMap<u64, Arc<sharing::MapiSession>>,
    /// The individual sessions that have registered for something.
    listening: BTreeMap<u64, Weak<sharing::Client>>,
}

impl Memory {
    /// Describes a subsystem.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Profile administration.
    #[must_use]
    pub fn profiles(&self) -> ProfileAdmin<'_> {
        ProfileAdmin {
            system: &self.system,
        }
    }

    /// The user at the screen.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.system.user
    }

    /// How many sessions are open; a shared one counts once.
    #[must_use]
    pub fn open_sessions(&self) -> usize {
        self.system.state.lock().open_sessions
    }

    /// How many sessions were released live, without a logoff. A test insists on none.
    #[must_use]
    pub fn released_live(&self) -> usize {
        self.system.released_live.load(Ordering::Relaxed)
    }

    /// Tells an event to everyone who registered for it on that object, or with `None` on the
    /// session itself, as a provider would; on this thread.
    #[expect(clippy::needless_pass_by_value, reason = "an event is given away")]
    pub fn notify(&self, target: Option<&EntryId>, event: Notification) {
        let everybody = self.system.state.lock().everybody();
        everybody.tell(&self.system, target, &event);
    }

    /// Holds all notifications back until the guard is dropped. Then they arrive late, on that
    /// thread, in their order, and also at sinks that were unregistered meanwhile: what a client of
    /// real MAPI must be ready for.
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/timing-a-notification).
    pub fn hold_notifications(&self) -> HeldNotifications {
        self.system.late.hold();
        HeldNotifications {
            system: Arc::clone(&self.system),
        }
    }
}

/// An empty subsystem: no profiles, no limits, a user who cancels.
impl Default for Memory {
    fn default() -> Self {
        Self {
            system: System::new(Options::default(), State::default(), User::default()),
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

/// Notifications are [held back](Memory::hold_notifications) while this lives.
#[must_use = "dropping it lets the notifications go"]
pub struct HeldNotifications {
    system: Arc<System>,
}

impl Drop for HeldNotifications {
    fn drop(&mut self) {
        self.system.late.let_go();
    }
}

impl fmt::Debug for HeldNotifications {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeldNotifications")
    }
}

/// The description of a subsystem in memory.
///
/// With the feature `serde` it is read from TOML or the like. All keys, and what they are without:
///
/// ```toml
/// answers = []               # "accept", "cancel", { pick = "Outlook" }
/// session_limit = 32         # any number
/// fast_shutdown = false
///
/// [[profile]]
/// name = "Outlook"           # required
/// default = false
/// app = false
///
/// [[profile.store]]
/// name = "Mailbox"           # required
/// default = false
/// read_only = false
/// silent = false
/// ```
#[derive(Debug, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Builder {
    #[cfg_attr(feature = "serde", serde(rename = "profile"))]
    profiles: Vec<Profile>,
    answers: Vec<Answer>,
    session_limit: Option<usize>,
    #[cfg_attr(feature = "serde", serde(skip))]
    logon_timeout: Option<Duration>,
    fast_shutdown: bool,
}

impl Builder {
    /// One more profile.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profiles.push(profile);
        self
    }

    /// The user's answer to the next dialog.
    #[must_use]
    pub fn answer(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    /// How many sessions can be open at a time; without this, any number.
    #[must_use]
    pub fn session_limit(mut self, sessions: usize) -> Self {
        self.session_limit = Some(sessions);
        self
    }

    /// How long a logon with MAPI_TIMEOUT_SHORT waits for another one; without this, 5 seconds.
    #[must_use]
    pub fn logon_timeout(mut self, timeout: Duration) -> Self {
        self.logon_timeout = Some(timeout);
        self
    }

    /// MAPI_LOGOFF_SHARED tells the clients of every session to end theirs, as it does since the
    /// fast shutdown of Outlook 2007 SP2, and not only those of the shared session.
    #[must_use]
    pub fn fast_shutdown(mut self) -> Self {
        self.fast_shutdown = true;
        self
    }

    /// Builds the subsystem. Its library is not initialised yet.
    ///
    /// # Errors
    /// What [`ProfileAdmin::create`] refuses in a profile.
    pub fn build(self) -> Result<Memory, Error> {
        let mut state = State::default();
        self.profiles
            .iter()
            .try_for_each(|profile| state.profiles.create(profile))?;
        let user = User::default();
        self.answers
            .into_iter()
            .for_each(|answer| user.answer(answer));
        let options = Options {
            session_limit: self.session_limit.unwrap_or(usize::MAX),
            logon_timeout: self
                .logon_timeout
                .unwrap_or(Options::default().logon_timeout),
            fast_shutdown: self.fast_shutdown,
        };
        Ok(Memory {
            system: System::new(options, state, user),
        })
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            session_limit: usize::MAX,
            logon_timeout: Duration::from_secs(5),
            fast_shutdown: false,
        }
    }
}

impl System {
    fn new(options: Options, state: State, user: User) -> Arc<Self> {
        Arc::new(Self {
            options,
            initialized: AtomicUsize::new(0),
            released_live: AtomicUsize::new(0),
            state: Mutex::new(state),
            turn_given_back: Condvar::new(),
            user,
            late: notification::Late::default(),
        })
    }

    #[inline]
    fn check_initialized(&self) -> Result<(), Failure> {
        if self.initialized.load(Ordering::Acquire) == 0 {
            return Err(not_initialized());
        }
        Ok(())
    }

    fn count_release_of_live(&self) {
        self.released_live.fetch_add(1, Ordering::Relaxed);
    }
}

impl Subsystem for Memory {
    type Session = MemorySession;

    fn initialize(&self, version: u32, flags: u32) -> RawResult<()> {
        check_flags(&InitFlags::from(flags))?;
        if version != 0 {
            return Err(not_zero("ulVersion", version));
        }
        self.system.initialized.fetch_add(1, Ordering::AcqRel);
        Ok(Success::new(()))
    }

    fn uninitialize(&self) {
        let less = |count: usize| count.checked_sub(1);
        // One too many changes nothing.
        let _ = self
            .system
            .initialized
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, less);
    }

    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<MemorySession> {
        self.system.logon(ui_param, profile_name, password, flags)
    }
}

/// A session object of the subsystem in memory. Dropping it is Release.
#[derive(Debug)]
pub struct MemorySession {
    client: Arc<sharing::Client>,
}

impl Drop for MemorySession {
    #[inline]
    fn drop(&mut self) {
        if !self.client.has_ended() {
            self.client.release();
        }
    }
}

impl RawSession for MemorySession {
    type MsgStore = MemoryMsgStore;

    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        self.client.check()?;
        let undefined = flags & !LogonFlags::UNICODE.bits();
        if undefined != 0 {
            return Err(unknown_flags(undefined));
        }
        Ok(Success::new(self.client.profile().store_rows().collect()))
    }

    fn open_msg_store(
        &self,
        _ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<MemoryMsgStore> {
        self.client.check()?;
        let flags = OpenStoreFlags::from(flags);
        check_flags(&flags)?;
        let entry_id = entry_id.unwrap_or_default();
        let uid = provider_uid(entry_id).ok_or_else(|| too_short(entry_id))?;
        let store = self
            .client
            .profile()
            .store(uid)
            .filter(|_| entry_id.len() == 20);
        let Some(store) = store else {
            return Err(Failure::new(HResult::MAPI_E_NOT_FOUND).because(format!(
                "no store of the profile has the identifier {}",
                Hex(entry_id)
            )));
        };
        if store.is_read_only() && flags.contains(OpenStoreFlags::WRITE) {
            return Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!(
                "the store {:?} can only be read, and MDB_WRITE is set",
                store.name()
            )));
        }
        let asked = flags.intersects(OpenStoreFlags::WRITE | OpenStoreFlags::BEST_ACCESS);
        let writable = asked && !store.is_read_only();
        Ok(Success::new(MemoryMsgStore {
            client: Arc::clone(&self.client),
            writable,
        }))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        self.client.advise(entry_id, event_mask, sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.client.unadvise(connection)
    }

    #[inline]
    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        self.client.logoff(ui_param, flags, reserved)
    }
}

/// A message store object of the subsystem in memory. Dropping it is Release.
#[derive(Debug)]
pub struct MemoryMsgStore {
    client: Arc<sharing::Client>,
    writable: bool,
}

impl RawMsgStore for MemoryMsgStore {
    fn is_writable(&self) -> RawResult<bool> {
        self.client.check()?;
        Ok(Success::new(self.writable))
    }
}

#[inline]
fn check_flags<F: bitflags::Flags<Bits = u32>>(flags: &F) -> Result<(), Failure> {
    match flags.bits() & !F::all().bits() {
        0 => Ok(()),
        undefined => Err(unknown_flags(undefined)),
    }
}

#[cold]
fn not_initialized() -> Failure {
    Failure::new(HResult::MAPI_E_NOT_INITIALIZED).because("the library is not initialised")
}

#[cold]
fn unknown_flags(undefined: u32) -> Failure {
    Failure::new(HResult::MAPI_E_UNKNOWN_FLAGS)
        .because(format!("the bits {undefined:#010X} are not defined"))
}

#[cold]
fn not_zero(parameter: &str, value: u32) -> Failure {
    Failure::new(HResult::MAPI_E_INVALID_PARAMETER)
        .because(format!("{parameter} is {value:#X}, and must be zero"))
}

fn too_short(entry_id: &[u8]) -> Failure {
    Failure::new(HResult::MAPI_E_INVALID_ENTRYID).because(format!(
        "an entry identifier has 20 bytes or more, and \"{}\" has {}",
        Hex(entry_id),
        entry_id.len()
    ))
}

/// A value of somebody else's, whose Drop is not our code either: a panic in it goes no further.
struct Guarded<T>(Option<T>);

impl<T> Guarded<T> {
    fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// There until the drop.
    fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }

    fn into_inner(mut self) -> Option<T> {
        self.0.take()
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        if std::mem::needs_drop::<T>() {
            contain("the end of a sink, a hook or a decision", || drop(value));
        }
    }
}

/// Runs code that is not ours. A panic in it goes to tracing, and no further.
#[inline]
fn contain<T>(what: &str, foreign: impl FnOnce() -> T) -> Option<T> {
    // An explorer reports what it finds by a panic.
    if cfg!(loom) {
        return Some(foreign());
    }
    catch_unwind(AssertUnwindSafe(foreign))
        .map_err(|panic| report(what, panic))
        .ok()
}

#[cold]
fn report(what: &str, panic: Box<dyn Any + Send>) {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    tracing::error!(panic = text, "{what} panicked");
    // What was thrown can throw in turn, when it is dropped.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(panic))).map_err(std::mem::forget);
}
