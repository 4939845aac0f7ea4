//! What a program got through [`Session::raw`], bound to its session.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Open, SessionRef};
use crate::subsystem::Subsystem;
use crate::{Live, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Binds to this session an object that the program opened by calls of its own: while the guard
    /// lives, a logoff does not compile.
    ///
    /// It borrows the session. To keep both in one struct, bind to an `Arc` of the session, with
    /// [`Bound::new`].
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// use mapi_session::subsystem::RawSession;
    ///
    /// # let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    /// let (admin, _warning) = session.raw().admin_services(0)?.into_parts();
    /// let admin = session.bind(admin);
    /// println!("{:?}", *admin);
    /// drop(admin); // Without this line, the logoff does not compile.
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bind<T>(&self, object: T) -> Bound<'_, B, T> {
        Bound::new(self, object)
    }
}

/// An object that a program opened by calls of its own, through [`Session::raw`], bound to the
/// session. Dropping this releases the object, always before the session is logged off.
///
/// A clone of the object itself is not bound.
#[must_use = "dropping it releases the object"]
pub struct Bound<'s, B: Subsystem, T>(Open<'s, B, T>);

impl<'s, B: Subsystem, T> Bound<'s, B, T> {
    /// Does the same as [`Session::bind`], with a session that is borrowed or shared.
    pub fn new(session: impl Into<SessionRef<'s, B>>, object: T) -> Self {
        Self(Open {
            raw: object,
            session: session.into(),
            warning: None,
        })
    }

    /// Returns the session that the object is bound to.
    #[must_use]
    pub fn session(&self) -> &Session<Live, B> {
        &self.0.session
    }
}

impl<B: Subsystem, T> Deref for Bound<'_, B, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.raw
    }
}

impl<B: Subsystem, T> DerefMut for Bound<'_, B, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0.raw
    }
}

impl<B: Subsystem, T: fmt::Debug> fmt::Debug for Bound<'_, B, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bound").field(&self.0.raw).finish()
    }
}
