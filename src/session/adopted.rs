//! A session that somebody else owns.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::mapi::Library;
use crate::subsystem::Subsystem;
use crate::{Live, Session};

/// A session that somebody else owns, such as the one that Outlook gives its add-ins.
///
/// It is used as a [`Session`]. When it is dropped, it is released and nothing else: no Logoff, no
/// MAPIUninitialize, no warning. [`logoff`](Session::logoff) and
/// [`fast_shutdown`](Session::fast_shutdown) take a session by value, and this only lends it, so they
/// do not compile:
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
/// A test owns a session in an `Arc`, as Outlook owns its own, and the add-in adopts a share in it.
/// So an add-in that is generic over its subsystem is tested on any platform.
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
    /// Adopts a session object of this subsystem, which somebody else logged on with.
    ///
    /// For as long as this lives, the owner must not log the session off, and must keep the library
    /// initialised. Otherwise calls fail as the subsystem answers them: with MAPI_E_INVALID_OBJECT,
    /// MAPI_E_NOT_INITIALIZED.
    ///
    /// When this is dropped, `session` is released. So it has to be a reference that was added for the
    /// purpose, as in COM. A subsystem whose session objects are not counted, such as
    /// [`Memory`](crate::memory::Memory), ends the session then; over such a subsystem, adopt a
    /// share in an `Arc<Session>` instead, with `Adopted::from`.
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

/// Adopts a share in a session. Its owner keeps another one; the session cannot be logged off before
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
