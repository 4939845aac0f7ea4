//! A session that somebody else owns.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::mapi::Library;
use crate::subsystem::Subsystem;
use crate::{Live, Session};

/// A session that somebody else owns, such as the one that Outlook gives its add-ins.
///
/// Use it like a [`Session`]. Dropping it releases it and does nothing else: no Logoff, no
/// MAPIUninitialize, no warning. [`logoff`](Session::logoff) and
/// [`fast_shutdown`](Session::fast_shutdown) consume a session, and this one is only lent, so they do
/// not compile:
///
/// ```compile_fail,E0507
/// # use mapi_session::subsystem::Subsystem;
/// # use mapi_session::{Adopted, LogoffFlags};
/// fn end<B: Subsystem>(session: Adopted<B>) {
///     let _ = session.logoff(LogoffFlags::empty());
/// }
/// ```
///
/// # Testing an add-in
/// In a test, put a session into an `Arc`: the test owns it, as Outlook does its own, and the add-in
/// adopts a share in it. An add-in that is generic over its subsystem can be tested like this on any
/// platform.
///
/// ```
/// use std::sync::Arc;
///
/// use mapi_session::memory::{Memory, Profile, Store};
/// use mapi_session::subsystem::Subsystem;
/// use mapi_session::{Adopted, Error, LogoffFlags, LogonRequest, Mapi};
///
/// struct AddIn<B: Subsystem> {
///     session: Adopted<B>,
/// }
///
/// impl<B: Subsystem> AddIn<B> {
///     fn stores(&self) -> Result<usize, Error> {
///         Ok(self.session.msg_stores_table()?.rows().len())
///     }
/// }
///
/// let memory = Memory::builder()
///     .profile(Profile::new("Outlook").store(Store::new("Mailbox")))
///     .build()?;
/// let mapi = Mapi::initialize(memory)?;
/// let outlook = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
///
/// let add_in = AddIn { session: Arc::clone(&outlook).into() };
/// assert_eq!(add_in.stores()?, 1);
/// drop(add_in);
///
/// // The owner has the session for itself again, and ends it.
/// outlook.unshare()?.logoff(LogoffFlags::empty())?;
/// # Ok::<(), Error>(())
/// ```
#[must_use = "an adopted session is released when it is dropped"]
#[doc(alias = "MAPIOBJECT")]
pub struct Adopted<B: Subsystem>(pub(super) Arc<Session<Live, B>>);

impl<B: Subsystem> Adopted<B> {
    /// Adopts a session object of this subsystem that somebody else logged on.
    ///
    /// While this value lives, the owner must not log the session off, and must keep the library
    /// initialised. Otherwise calls fail with the subsystem's code, such as MAPI_E_INVALID_OBJECT or
    /// MAPI_E_NOT_INITIALIZED.
    ///
    /// Dropping this value releases `session`, so add a reference for it first, as in COM. Some
    /// subsystems, such as [`Memory`](crate::memory::Memory), do not count references to their session
    /// objects; there the release would end the session. Over these, adopt a share in an
    /// `Arc<Session>` with `Adopted::from`.
    pub fn new(subsystem: B, session: B::Session) -> Self {
        let mut library = Library::of(subsystem);
        library.uninitializes = false;
        let state = Live {
            warning: None,
            ended: true,
        };
        Self(Arc::new(Session {
            state,
            raw: session,
            library: Arc::new(library),
        }))
    }
}

/// Adopts a share in a session. The owner keeps its own share, and cannot log the session off before
/// all adopted shares are dropped.
impl<B: Subsystem> From<Arc<Session<Live, B>>> for Adopted<B> {
    fn from(session: Arc<Session<Live, B>>) -> Self {
        Self(session)
    }
}

/// The clone shares the session, which is released when the last one is dropped.
impl<B: Subsystem> Clone for Adopted<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<B: Subsystem> Deref for Adopted<B> {
    type Target = Session<Live, B>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// Shows the session.
impl<B: Subsystem> fmt::Debug for Adopted<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adopted").field(&self.0).finish()
    }
}
