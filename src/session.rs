//! The session: what all its states share.

// In the order in which a reader of the docs finds the methods of Session.
mod logon;

mod logoff;

pub mod store;

pub mod entry;
pub mod folder;
pub mod message;

mod query;
pub mod registration;
pub mod table;

pub mod section;
pub mod service;
pub mod status;

pub mod profile;
pub mod provider;

pub mod form;

pub mod adopted;
pub mod bound;
pub mod fast_shutdown;

mod open;
mod props;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

pub use logoff::LogoffError;
pub use logon::LogonRequest;
use open::Open;
pub(crate) use open::debug;

use crate::error::{Call, CallError, Failure, Warning};
use crate::mapi::Library;
use crate::subsystem::{RawResult, RawSession, Subsystem};
use crate::{Adopted, Error, HResult};

/// A MAPI session (`IMAPISession`). `S` is [`Live`] or [`LoggedOff`]; `B` is the MAPI that it runs on.
///
/// [`Mapi::logon`](crate::Mapi::logon) gives a `Session<Live, B>`; [`logoff`](Session::logoff)
/// consumes it and gives a `Session<LoggedOff, B>`, on which nothing can be called: it can only be
/// dropped, which is its Release. The type parameters rarely need to be written out.
///
/// # What dropping does
/// A logged-off session is released, and nothing else happens. A **live** one is released without a
/// logoff: other clients of a shared session hear of it as they do of a logoff, `tracing` gets a
/// warning, and failures cannot be reported. Call [`logoff`](Session::logoff) instead. Either way the
/// session is released before the library is uninitialised.
///
/// [`IMAPISession : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown) in the MAPI reference.
// Not must_use: that is for all states or none, and `session.logoff(flags)?;`, which drops a
// logged-off session, is how a program ends one. A live one that is dropped is traced.
#[doc(alias = "IMAPISession")]
#[doc(alias = "Release")]
#[doc(alias = "LPMAPISESSION")]
pub struct Session<S: State, B: Subsystem> {
    // Fields are dropped in this order: the warning of a live session, Release, MAPIUninitialize.
    state: S,
    raw: B::Session,
    library: Arc<Library<B>>,
}

/// A session that is logged on. A program that runs on one subsystem names it once, as in
/// `type Session = LiveSession<Memory>`.
pub type LiveSession<B> = Session<Live, B>;

/// A state of a [`Session`]: [`Live`] or [`LoggedOff`]. There are no others, and none can be added.
pub trait State: sealed::State {}

/// Logged on: everything can be called.
pub struct Live {
    warning: Option<Warning>,
    /// By a logoff or a fast shutdown: then a release is as it should be.
    ended: bool,
}

/// Logged off: nothing can be called but Release, and that is `drop`.
pub struct LoggedOff {
    warning: Option<Warning>,
}

impl State for Live {}
impl State for LoggedOff {}

mod sealed {
    use crate::error::Warning;

    pub trait State {
        const NAME: &'static str;

        fn warning(&self) -> Option<&Warning>;
    }

    impl State for super::Live {
        const NAME: &'static str = "Session<Live>";

        fn warning(&self) -> Option<&Warning> {
            self.warning.as_ref()
        }
    }

    impl State for super::LoggedOff {
        const NAME: &'static str = "Session<LoggedOff>";

        fn warning(&self) -> Option<&Warning> {
            self.warning.as_ref()
        }
    }
}

impl Drop for Live {
    #[inline]
    fn drop(&mut self) {
        if !self.ended {
            warn_of_release();
        }
    }
}

#[cold]
fn warn_of_release() {
    trace!(
        WARN,
        "a live MAPI session is released without IMAPISession::Logoff"
    );
}

/// Shows the subsystem's session object, if it [can be shown](RawSession::as_debug), and the warning
/// that the logon or the logoff came back with, if any.
impl<S: State, B: Subsystem> fmt::Debug for Session<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, S::NAME, self.raw.as_debug(), self.state.warning())
    }
}

impl<B: Subsystem> Session<Live, B> {
    /// Returns the warning (MAPI_W_*) that the logon came back with, if any.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// assert!(session.logon_warning().is_none());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn logon_warning(&self) -> Option<&Warning> {
        self.state.warning.as_ref()
    }

    /// Takes the session out of its last `Arc`, to log it off.
    ///
    /// ```
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi, MsgStore, OpenStoreFlags, Session};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use std::sync::Arc;
    ///
    /// let session = Arc::new(session);
    /// let store = MsgStore::open_default(Arc::clone(&session), OpenStoreFlags::BEST_ACCESS)?; // in a struct of its own
    /// drop(store);
    /// let session = Session::unshare(session).expect("nothing shares it any more");
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_BUSY: something else shares the session, such as a store that was opened from an `Arc`
    /// of it. The error gives the `Arc` back. No MAPI call is made; the code is this crate's own.
    pub fn unshare(self: Arc<Self>) -> Result<Self, CallError<Arc<Self>>> {
        Arc::try_unwrap(self).map_err(|session| {
            let others = Arc::strong_count(&session).saturating_sub(1);
            let reason = format!("other shares in the session: {others}");
            let failure = Failure::new(HResult::MAPI_E_BUSY).because(reason);
            CallError::new(Error::new(Call::SESSION_LOGOFF, failure), session)
        })
    }

    /// Returns the subsystem that the session runs on.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// assert_eq!(session.subsystem().open_sessions(), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn subsystem(&self) -> &B {
        &self.library.subsystem
    }

    /// Returns the subsystem's own session object, for calls that have no method here.
    /// [Bind](Self::bind) what you open with it to the session.
    ///
    /// Do not log off through it: this `Session` would not know, and each of its calls would fail with
    /// MAPI_E_INVALID_OBJECT.
    ///
    /// ```
    /// # use mapi_session::{HResult, LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::subsystem::RawSession;
    ///
    /// const RESERVED: u32 = 1;
    /// let refused = session.raw().msg_stores_table(RESERVED).unwrap_err();
    /// assert_eq!(refused.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn raw(&self) -> &B::Session {
        &self.raw
    }
}

/// A session to open something from, borrowed or shared in an `Arc`. The session cannot be logged off
/// until what was opened is released.
///
/// Functions that open something take `impl Into<SessionRef>`. Pass `&session`, and a logoff does not
/// compile while the object is open. Pass `Arc::clone(&session)` to keep the object as long as you
/// like, even in one struct with the session:
///
/// ```
/// # use mapi_session::memory::{Memory, Profile, Store};
/// use std::sync::Arc;
///
/// use mapi_session::{Live, LogoffFlags, LogonRequest, Mapi, MsgStore, OpenStoreFlags, Session, UiParam};
///
/// struct Mailbox {
///     session: Arc<Session<Live, Memory>>,
///     store: MsgStore<'static, Memory>,
/// }
///
/// # let profile = Profile::new("Outlook").store(Store::new("Mailbox"));
/// # let mapi = Mapi::initialize(Memory::builder().profile(profile).build()?)?;
/// let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
/// let entry_id = session.msg_stores_table()?.rows()[0].entry_id().clone();
/// let flags = OpenStoreFlags::BEST_ACCESS;
/// let store = MsgStore::open(Arc::clone(&session), UiParam::NONE, &entry_id, flags)?;
/// let mailbox = Mailbox { session, store };
///
/// // The logoff comes last: as long as anything shares the session, it is given back.
/// drop(mailbox.store);
/// mailbox.session.unshare()?.logoff(LogoffFlags::empty())?;
/// # Ok::<(), mapi_session::Error>(())
/// ```
pub struct SessionRef<'s, B: Subsystem>(Held<'s, B>);

enum Held<'s, B: Subsystem> {
    Borrowed(&'s Session<Live, B>),
    Shared(Arc<Session<Live, B>>),
}

impl<'s, B: Subsystem> From<&'s Session<Live, B>> for SessionRef<'s, B> {
    fn from(session: &'s Session<Live, B>) -> Self {
        Self(Held::Borrowed(session))
    }
}

impl<B: Subsystem> From<Arc<Session<Live, B>>> for SessionRef<'_, B> {
    fn from(session: Arc<Session<Live, B>>) -> Self {
        Self(Held::Shared(session))
    }
}

impl<'s, B: Subsystem> From<&'s Adopted<B>> for SessionRef<'s, B> {
    fn from(session: &'s Adopted<B>) -> Self {
        Self(Held::Borrowed(session))
    }
}

impl<B: Subsystem> From<Adopted<B>> for SessionRef<'_, B> {
    fn from(session: Adopted<B>) -> Self {
        Self(Held::Shared(session.0))
    }
}

impl<B: Subsystem> Deref for SessionRef<'_, B> {
    type Target = Session<Live, B>;

    fn deref(&self) -> &Self::Target {
        match &self.0 {
            Held::Borrowed(session) => session,
            Held::Shared(session) => session,
        }
    }
}

impl<B: Subsystem> Clone for SessionRef<'_, B> {
    fn clone(&self) -> Self {
        Self(match &self.0 {
            Held::Borrowed(session) => Held::Borrowed(session),
            Held::Shared(session) => Held::Shared(Arc::clone(session)),
        })
    }
}

impl<B: Subsystem> fmt::Debug for SessionRef<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionRef").field(&**self).finish()
    }
}

/// Splits what a raw call gave. A warning is traced.
#[inline]
fn split<T>(call: Call, result: RawResult<T>) -> Result<(T, Option<Warning>), Error> {
    let (value, warning) = result
        .map_err(|failure| Error::new(call, failure))?
        .into_parts();
    if let Some(warning) = &warning {
        warn_of(call, warning);
    }
    Ok((value, warning))
}

/// As [`split`], where the warning has no other place to go.
#[inline]
pub(crate) fn plain<T>(call: Call, result: RawResult<T>) -> Result<T, Error> {
    Ok(split(call, result)?.0)
}

#[cold]
fn warn_of(call: Call, warning: &Warning) {
    trace!(WARN, %call, %warning, "a MAPI call succeeded with a warning");
}
