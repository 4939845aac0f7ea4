//! Logging on: no session -> `Session<Live, B>`.

use std::sync::Arc;

use crate::error::Call;
use crate::subsystem::Subsystem;
use crate::{Error, Live, LogonFlags, Mapi, Session, UiParam};

/// A request to log on: the arguments of MAPILogonEx.
///
/// [`new_session`](Self::new_session), [`default_profile`](Self::default_profile) and
/// [`ask_user`](Self::ask_user) always open a session of their own. Only
/// [`join_shared`](Self::join_shared) joins a session, and it names no profile, so you cannot join
/// another profile's session by accident. [`from_raw`](Self::from_raw) can do everything that MAPI
/// can.
///
/// ```
/// # use mapi_session::{LogonFlags, LogonRequest};
/// let request = LogonRequest::new_session("Outlook").allow_others();
/// assert_eq!(request.raw_flags(), 0x8000_002A);
/// ```
///
/// [`MAPILogonEx`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapilogonex) in the MAPI reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "nobody logs on before `Mapi::logon`"]
pub struct LogonRequest<'a> {
    profile: Option<&'a str>,
    flags: LogonFlags,
    parent: UiParam,
}

impl<'a> LogonRequest<'a> {
    /// Asks for a new session on the profile of this name: 1 to 64 letters, digits, underscores and
    /// inner blanks.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn new_session(profile: &'a str) -> Self {
        Self {
            profile: Some(profile),
            ..Self::new(LogonFlags::NEW_SESSION)
        }
    }

    /// Asks for a new session on the default profile.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn default_profile() -> Self {
        Self::new(LogonFlags::NEW_SESSION.union(LogonFlags::USE_DEFAULT))
    }

    /// Asks for a new session on a profile that the user picks, in a dialog with this parent window.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, UiParam};
    /// # use mapi_session::memory::{Answer, Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// memory.user().answer(Answer::Pick("Work".into())); // a test's user
    /// let session = mapi.logon(&LogonRequest::ask_user(UiParam::NONE))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn ask_user(parent: UiParam) -> Self {
        Self::new(LogonFlags::NEW_SESSION).ui(parent)
    }

    /// Asks for the oldest shared session, whatever its profile. If none is open, or that one is
    /// closing, the logon fails; unless [`ui`](Self::ui) or MAPI_USE_DEFAULT finds a profile, which
    /// opens a new session. Which of several sessions is joined is our reading; the page of
    /// MAPILogonEx is silent.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let first = mapi.logon(&LogonRequest::new_session("Work").allow_others())?;
    /// let second = mapi.logon(&LogonRequest::join_shared())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn join_shared() -> Self {
        Self::new(LogonFlags::empty())
    }

    /// Takes the profile name and the flags of a MAPILogonEx call as they are, for code that is ported
    /// from C++.
    ///
    /// To pass a window handle, use [`ui`](Self::ui), which sets MAPI_LOGON_UI; without that flag MAPI
    /// ignores the handle. Without MAPI_NEW_SESSION, MAPI joins an open shared session even if it is
    /// another profile's.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// const MAPI_NEW_SESSION: u32 = 0x2;
    /// const MAPI_EXTENDED: u32 = 0x20;
    /// let request = LogonRequest::from_raw(Some("Work"), MAPI_NEW_SESSION | MAPI_EXTENDED);
    /// let session = mapi.logon(&request)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn from_raw(profile: Option<&'a str>, flags: u32) -> Self {
        Self {
            profile,
            flags: LogonFlags::from_bits_retain(flags),
            parent: UiParam::NONE,
        }
    }

    const fn new(flags: LogonFlags) -> Self {
        let flags = flags.union(LogonFlags::EXTENDED).union(LogonFlags::UNICODE);
        Self {
            profile: None,
            flags,
            parent: UiParam::NONE,
        }
    }

    /// Shares the session: clients that do not ask for a new session join it.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work").allow_others())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn allow_others(self) -> Self {
        self.flags(LogonFlags::ALLOW_OTHERS)
    }

    /// Logs on as a Windows service: without mail and dialogs, as the reference asks of services.
    /// Initialise the library with [`InitFlags::NT_SERVICE`](crate::flags::InitFlags::NT_SERVICE) too:
    /// see [`Mapi::initialize_with`](crate::Mapi::initialize_with).
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::flags::InitFlags;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// let mapi = Mapi::initialize_with(memory, InitFlags::NT_SERVICE)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work").service())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn service(self) -> Self {
        self.flags(LogonFlags::NT_SERVICE.union(LogonFlags::NO_MAIL))
    }

    /// If no profile is found otherwise, asks the user, in a dialog with this parent window.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, UiParam};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let window = 0x1234; // an HWND
    /// let session = mapi.logon(&LogonRequest::new_session("Work").ui(UiParam::new(window)))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn ui(mut self, parent: UiParam) -> Self {
        self.parent = parent;
        self.flags(LogonFlags::LOGON_UI)
    }

    /// Fails with MAPI_E_TIMEOUT if another logon takes longer than a few seconds, rather than wait
    /// for its end.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work").timeout_short())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn timeout_short(self) -> Self {
        self.flags(LogonFlags::TIMEOUT_SHORT)
    }

    /// Adds these flags. Undefined bits are passed on; the subsystem refuses them.
    ///
    /// ```
    /// # use mapi_session::{LogonFlags, LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work").flags(LogonFlags::NO_MAIL))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub const fn flags(mut self, flags: LogonFlags) -> Self {
        self.flags = LogonFlags::from_bits_retain(self.flags.bits() | flags.bits());
        self
    }

    /// Returns the flags that MAPILogonEx gets.
    ///
    /// ```
    /// # use mapi_session::{LogonFlags, LogonRequest};
    /// let request = LogonRequest::default_profile().flags(LogonFlags::NO_MAIL);
    /// assert_eq!(request.raw_flags() & LogonFlags::NO_MAIL.bits(), 0x8000);
    /// ```
    #[must_use]
    pub const fn raw_flags(&self) -> u32 {
        self.flags.bits()
    }
}

impl<B: Subsystem> Mapi<B> {
    /// Logs on.
    ///
    /// ```
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// match mapi.logon(&LogonRequest::new_session("Home")) {
    ///     Ok(session) => println!("{session:?}"),
    ///     Err(error) => assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED), // there is no such profile
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_LOGON_FAILED: no such profile, or none was named and none is the default; the name
    ///   breaks the rules for names; there is no shared session to join; too many sessions are
    ///   open.
    /// - MAPI_E_USER_CANCEL: the user was asked for a profile, or shown a service's configuration
    ///   ([`LogonFlags::SERVICE_UI_ALWAYS`]), and cancelled.
    /// - MAPI_E_TIMEOUT: [`timeout_short`](LogonRequest::timeout_short), and another logon was in
    ///   progress for too long.
    /// - MAPI_E_UNKNOWN_FLAGS: the flags have an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: MAPI_LOGON_UI with MAPI_PASSWORD_UI; MAPI_NT_SERVICE without
    ///   MAPI_NO_MAIL; MAPI_NT_SERVICE with a dialog; or MAPI_NT_SERVICE for only one of MAPIInitialize and
    ///   the logon.
    ///
    /// A subsystem may have others; [`Memory`](crate::memory::Memory) does not.
    ///
    /// The codes for names, unknown flags and excluded combinations are our reading; the page of
    /// MAPILogonEx has none.
    #[doc(alias = "MAPILogonEx")]
    #[inline]
    #[track_caller]
    pub fn logon(&self, request: &LogonRequest<'_>) -> Result<Session<Live, B>, Error> {
        let (raw, warning) = self
            .subsystem()
            .logon_ex(request.parent, request.profile, None, request.raw_flags())
            .map_err(|failure| Error::new(Call::LOGON_EX, failure))?
            .into_parts();
        Ok(Session {
            state: Live {
                warning,
                ended: false,
            },
            raw,
            library: Arc::clone(&self.library),
        })
    }
}
