//! A session that somebody else owns.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use outlook_mapi::sys;
use windows_core::IUnknown;

use super::com::{Com, cast};
use super::library::{self, Library};
use super::{Outlook, OutlookSession};
use crate::{Call, Error, Live, Session};

impl Outlook {
    /// Adopts a session that somebody else owns: `object` is its IMAPISession, or anything that
    /// answers for it, such as the `MAPIOBJECT` of `NameSpace` and other objects of Outlook's object
    /// model.
    ///
    /// ```no_run
    /// use mapi_session::outlook::{Outlook, windows_core::IUnknown};
    ///
    /// fn list(mapi_object: &IUnknown) -> Result<(), mapi_session::Error> {
    ///     // SAFETY: Outlook calls this add-in on a thread of its own, and logs off afterwards.
    ///     let session = unsafe { Outlook::adopt(mapi_object) }?;
    ///     for store in &session.msg_stores_table()? {
    ///         println!("{}", store.display_name());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// MAPI_E_INTERFACE_NOT_SUPPORTED: the object has no IMAPISession. MAPI_E_NOT_FOUND: Outlook is
    /// not installed.
    ///
    /// # Safety
    /// For as long as the adopted session lives, its owner does not log it off, and MAPI is
    /// initialised on this thread.
    pub unsafe fn adopt(object: &IUnknown) -> Result<Adopted, Error> {
        let adopt = || {
            library::module()?;
            let session = cast::<sys::IMAPISession>(object)?;
            Ok(Com::new(session, Rc::new(Library::new(true))))
        };
        let session = adopt().map_err(|failure| Error::new(Call::QueryInterface, failure))?;
        let subsystem = Self {
            library: Rc::clone(session.library()),
        };
        let session = OutlookSession::new(session);
        Ok(Adopted(Session::adopted(session, subsystem)))
    }
}

/// A session that somebody else owns. It is used as a [`Session`], and released when it is dropped;
/// it is never logged off, and MAPIUninitialize is not called. [Adopt](Outlook::adopt) one.
///
/// It has no `logoff` and no `fast_shutdown`: they would take the session, and this lends it only.
///
/// ```compile_fail,E0507
/// # use mapi_session::{LogoffFlags, outlook::Adopted};
/// fn end(session: Adopted) {
///     let _ = session.logoff(LogoffFlags::empty());
/// }
/// ```
pub struct Adopted(Session<Live, Outlook>);

impl Deref for Adopted {
    type Target = Session<Live, Outlook>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl fmt::Debug for Adopted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adopted")
    }
}
