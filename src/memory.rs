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
//! holds beyond the identity, kind, name and place of its objects; and the ANSI code page (names are
//! Unicode, whatever MAPI_UNICODE says). These flags it takes and ignores:
//!
//! - of MAPIInitialize: MAPI_MULTITHREAD_NOTIFICATIONS, MAPI_NO_COINIT, MAPI_NT_SERVICE;
//! - of MAPILogonEx: MAPI_EXTENDED, MAPI_FORCE_DOWNLOAD, MAPI_SERVICE_UI_ALWAYS, MAPI_PASSWORD_UI,
//!   MAPI_BG_SESSION, MAPI_UNICODE; and MAPI_EXPLICIT_PROFILE, which says what is so anyway;
//! - of OpenMsgStore: MDB_TEMPORARY, MDB_NO_MAIL;
//! - of OpenEntry: SHOW_SOFT_DELETES, MAPI_NO_CACHE, MAPI_CACHE_ONLY;
//! - of OpenProfileSection: MAPI_DEFERRED_ERRORS; of ShowForm: MAPI_NEW_MESSAGE; of SubmitMessage:
//!   FORCE_SUBMIT;
//! - of CreateMsgService: SERVICE_UI_ALWAYS, SERVICE_UI_ALLOWED, SERVICE_NO_RESTART_WARNING.

mod admin;
mod describe;
mod forms;
mod logon;
mod notification;
mod objects;
mod openings;
mod outgoing;
mod profiles;
mod providers;
mod resources;
mod rows;
mod sections;
mod services;
mod session;
mod sharing;
mod shutdown;
mod users;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

#[doc(alias = "IProfAdmin")]
#[doc(alias = "MAPIAdminProfiles")]
pub use admin::ProfileAdmin;
pub use admin::ProfileRow;
pub use describe::{
    AddressBook, Builder, FastShutdownBehavior, Folder, Profile, Service, Store, Transport,
};
pub use objects::{MemoryMsgStore, MemoryObject, MemoryProfileSection};
pub use providers::ProviderCall;
pub use services::MemoryServiceAdmin;
pub use session::MemorySession;
#[cfg(feature = "testing")]
pub(crate) use sharing::check_logoff;
pub use users::{Answer, Dialog, Question, User};

use providers::StoredProvider;

use crate::subsystem::{Failure, RawResult, Subsystem, Success};
use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering};
use crate::types::Hex;
use crate::{EntryId, HResult, InitFlags, MapiUid, Notification, UiParam};

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
    fast_shutdown_behavior: FastShutdownBehavior,
    unicode: bool,
    installed: Vec<Service>,
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

    /// The entry identifier of what a profile holds: a provider's name, then those of a folder in
    /// it, and of one in that, or of a message or a mail user. Nothing where there is no such thing.
    #[must_use]
    pub fn entry_id(&self, profile: &str, path: &[&str]) -> Option<EntryId> {
        let profile = self.system.state.lock().profiles.find(profile).cloned()?;
        let (provider, path) = path.split_first()?;
        let mut providers = profile.providers().iter();
        let provider = providers.find(|known| known.name == *provider)?;
        Some(provider.entry_id(provider.find(path)?))
    }

    /// Time passes: the transports of every session that has needed some (for its status table, its
    /// address types, or a message) do one thing each way. A message
    /// that is being sent goes out, or else the next one in a store's outgoing queue begins to be;
    /// and one that is arriving has arrived.
    pub fn let_time_pass(&self) {
        let everybody = self.system.state.lock().everybody();
        everybody.pass_time();
    }

    /// The messages of a store that are not sent yet, in their order.
    #[must_use]
    pub fn outgoing(&self, store: &EntryId) -> Vec<EntryId> {
        let Some(provider) = self.system.find_provider(store) else {
            return Vec::new();
        };
        let on_their_way = provider.mail.lock().on_their_way().collect::<Vec<_>>();
        let entry_id = |message| provider.entry_id(message);
        on_their_way.into_iter().map(entry_id).collect()
    }

    /// So many messages begin to arrive in a store. That they have arrived, nobody is told: that is
    /// for [`notify`](Self::notify).
    pub fn let_arrive(&self, store: &EntryId, messages: usize) {
        if let Some(provider) = self.system.find_provider(store) {
            provider.mail.lock().arrive(messages);
        }
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

impl Default for Options {
    fn default() -> Self {
        Self {
            session_limit: usize::MAX,
            logon_timeout: Duration::from_secs(5),
            fast_shutdown: false,
            fast_shutdown_behavior: FastShutdownBehavior::default(),
            unicode: true,
            installed: Vec::new(),
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

    /// The provider that an entry identifier names, in whatever profile.
    fn find_provider(&self, entry_id: &EntryId) -> Option<Arc<StoredProvider>> {
        let uid = entry_id.provider_uid()?;
        self.state.lock().profiles.find_provider(uid)
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

/// In the entry identifiers of what MAPI itself provides.
const MAPI_UID: MapiUid = MapiUid([0xFF; 16]);

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
