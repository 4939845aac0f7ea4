//! The initialised library, from MAPIInitialize to MAPIUninitialize.

use std::fmt;
use std::sync::Arc;

use crate::Error;
use crate::error::Call;
use crate::flags::InitFlags;
use crate::session::{debug, plain};
use crate::subsystem::Subsystem;

/// An initialised MAPI library, which a program logs on with.
///
/// The library is uninitialised once this value, its clones, and every session that was logged on with
/// it are gone. So a session is always released first. After a [fast shutdown](crate::FastShutdown) it
/// is not uninitialised at all. Initialisations are counted: a subsystem that two `Mapi` were made
/// over stays usable until both are gone.
///
/// References:
/// [MAPIInitialize](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiinitialize),
/// [MAPIUninitialize](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiuninitialize).
#[doc(alias = "MAPIUninitialize")]
#[must_use = "the library is uninitialised when this is dropped"]
pub struct Mapi<B: Subsystem> {
    pub(crate) library: Arc<Library<B>>,
}

impl<B: Subsystem> Mapi<B> {
    /// Initialises the library, without flags.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`initialize_with`](Self::initialize_with).
    #[doc(alias = "MAPIInitialize")]
    #[track_caller]
    pub fn initialize(subsystem: B) -> Result<Self, Error> {
        Self::initialize_with(subsystem, InitFlags::empty())
    }

    /// Initialises the library.
    ///
    /// ```
    /// # use mapi_session::Mapi;
    /// # use mapi_session::flags::InitFlags;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// // A service: no dialogs, and sinks on a thread of MAPI's own.
    /// let flags = InitFlags::NT_SERVICE | InitFlags::MULTITHREAD_NOTIFICATIONS;
    /// let mapi = Mapi::initialize_with(memory, flags)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit. Outlook returns other codes too; the
    /// reference lists them by the step of the initialisation that failed.
    #[track_caller]
    pub fn initialize_with(subsystem: B, flags: InitFlags) -> Result<Self, Error> {
        plain(
            Call::INITIALIZE,
            subsystem.initialize(MAPI_INIT_VERSION, flags.bits()),
        )?;
        Ok(Self {
            library: Arc::new(Library::of(subsystem)),
        })
    }

    /// Returns the subsystem whose library this is.
    ///
    /// ```
    /// # use mapi_session::Mapi;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let memory = mapi.subsystem();
    /// assert_eq!(memory.open_sessions(), 0);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn subsystem(&self) -> &B {
        &self.library.subsystem
    }
}

/// The one version of MAPIINIT_0 that there is.
const MAPI_INIT_VERSION: u32 = 0;

/// The clone shares this initialisation; it does not initialise again.
impl<B: Subsystem> Clone for Mapi<B> {
    fn clone(&self) -> Self {
        Self {
            library: Arc::clone(&self.library),
        }
    }
}

impl<B: Subsystem> fmt::Debug for Mapi<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "Mapi", self.subsystem().as_debug(), None)
    }
}

/// One initialisation, held by all who rely on it.
pub(crate) struct Library<B: Subsystem> {
    pub(crate) subsystem: B,
    /// Whether MAPIUninitialize is called at the end: not where somebody else does that, and not after
    /// a fast shutdown, when no MAPI call may follow.
    pub(crate) uninitializes: bool,
}

impl<B: Subsystem> Library<B> {
    pub(crate) fn of(subsystem: B) -> Self {
        Self {
            subsystem,
            uninitializes: true,
        }
    }
}

impl<B: Subsystem> Drop for Library<B> {
    fn drop(&mut self) {
        if self.uninitializes {
            self.subsystem.uninitialize();
        }
    }
}
