//! A session that somebody else owns.

use std::rc::Rc;

use outlook_mapi::sys;
use windows_core::IUnknown;

use super::com::{Com, cast};
use super::library::{self, Library};
use super::{Outlook, OutlookSession};
use mapi_session::error::Call;
use mapi_session::{Adopted, Error};

impl Outlook {
    /// Adopts a session that somebody else owns: `object` is its IMAPISession, or anything that
    /// answers for it, such as the `MAPIOBJECT` of `NameSpace` and other objects of Outlook's object
    /// model.
    ///
    /// ```no_run
    /// use mapi_session_outlook::{Outlook, windows_core::IUnknown};
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
    pub unsafe fn adopt(object: &IUnknown) -> Result<Adopted<Outlook>, Error> {
        let adopt = || {
            library::module()?;
            let session = cast::<sys::IMAPISession>(object)?;
            Ok(Com::new(session, Rc::new(Library::new(true))))
        };
        let session = adopt().map_err(|failure| Error::new(Call::QUERY_INTERFACE, failure))?;
        let subsystem = Self {
            library: Rc::clone(session.library()),
        };
        let session = OutlookSession::new(session);
        Ok(Adopted::new(subsystem, session))
    }
}
