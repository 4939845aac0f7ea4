//! The real subsystem: Outlook's own MAPI, on Windows.
//!
//! [`Outlook`] stands on Microsoft's crate `outlook-mapi`: that finds Outlook's `olmapi32.dll` and
//! declares all of MAPI. A program that is written over any subsystem runs over this one unchanged:
//!
//! ```no_run
//! use mapi_session::outlook::Outlook;
//! use mapi_session::{LogoffFlags, LogonRequest, Mapi};
//!
//! let mapi = Mapi::initialize(Outlook::new())?;
//! let session = mapi.logon(&LogonRequest::default_profile())?;
//! for store in &session.msg_stores_table()? {
//!     println!("{}", store.display_name());
//! }
//! session.logoff(LogoffFlags::empty())?;
//! # Ok::<(), mapi_session::Error>(())
//! ```
//!
//! A session that somebody else owns, such as the one that Outlook gives its add-ins, is
//! [adopted](Outlook::adopt).
//!
//! # What has been run
//! This module is tested under wine: against sessions and a module `olmapi32.dll` that its tests
//! bring with them. **It has not been run against Outlook**, which was not available where it was
//! written.
//!
//! # What it does, and what MAPI does
//! Each call is handed to MAPI with the flags and reserved words that it was given, and what MAPI
//! answers comes back, a success with a warning too. So how misuse is answered is for MAPI to say;
//! where the reference does not, the [contract](crate::contract) is our reading, and Outlook may
//! differ. These answers are this module's own, and MAPI is not called then:
//!
//! - MAPI_E_NOT_INITIALIZED: the library is not initialised, or was shut down fast.
//! - MAPI_E_INVALID_OBJECT: the session that the call is made on, or that its object came from, has
//!   ended.
//! - MAPI_E_BUSY: Logoff while Logoff runs on the same session.
//! - MAPI_E_NOT_FOUND from MAPIInitialize: Outlook is not installed.
//! - MAPI_E_LOGON_FAILED from MAPILogonEx, and MAPI_E_INVALID_PARAMETER elsewhere: a text has an
//!   inner NUL, or a letter that the ANSI code page lacks where MAPI_UNICODE is not set. No text is
//!   cut.
//! - MAPI_E_INVALID_PARAMETER: an Unadvise or a ShowForm with a number that this session object did
//!   not give, or has taken back; a property whose value is of another type than its tag says.
//! - MAPI_E_NO_SUPPORT: the session has no IMAPIClientShutdown; or the object of a SubmitMessage or a
//!   MessageOptions is no message. MAPI_E_INVALID_PARAMETER: that of a PrepareForm is none.
//!
//! MAPIUninitialize waits until all that came from the library is released.
//!
//! # Threads
//! Each thread that uses MAPI initialises it for itself
//! ([reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/using-thread-safe-objects)).
//! So nothing here is `Send`: each thread has an [`Outlook`] and a [`Mapi`](crate::Mapi) of its own.
//!
//! ```compile_fail,E0277
//! use mapi_session::outlook::Outlook;
//! use mapi_session::{LogonRequest, Mapi};
//!
//! let mapi = Mapi::initialize(Outlook::new()).unwrap();
//! std::thread::spawn(move || mapi.logon(&LogonRequest::default_profile()));
//! ```
//!
//! Sinks are called on whatever thread MAPI chooses: on the one that initialised it first, while
//! that waits for window messages, unless
//! [`MULTITHREAD_NOTIFICATIONS`](crate::InitFlags::MULTITHREAD_NOTIFICATIONS) was set.

// The only module that may.
#![allow(unsafe_code)]

mod adopted;
mod com;
mod handed_out;
mod library;
mod notification;
mod objects;
mod properties;
mod session;
mod tables;
mod text;

use std::fmt;
use std::rc::Rc;

pub use handed_out::hand_out;
pub use objects::{OutlookObject, OutlookProfileSection, OutlookServiceAdmin, OutlookStore};
#[doc(no_inline)]
pub use outlook_mapi;
pub use session::OutlookSession;
#[doc(no_inline)]
pub use windows_core;

use library::Library;

/// Outlook's MAPI on this thread. See the [module](self).
///
/// A value is as good as another: MAPI itself counts its initialisations.
pub struct Outlook {
    library: Rc<Library>,
}

impl Outlook {
    /// The MAPI of the Outlook that is installed. Nothing is loaded or called yet: that is for
    /// [`Mapi::initialize`](crate::Mapi::initialize).
    #[must_use]
    pub fn new() -> Self {
        Self {
            library: Rc::new(Library::new(false)),
        }
    }
}

impl Default for Outlook {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Outlook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outlook")
    }
}
