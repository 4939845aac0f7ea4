#![cfg_attr(
    not(windows),
    doc = "Outlook's own MAPI as a subsystem of `mapi-session`, on Windows. For this system the crate is empty."
)]
#![cfg_attr(windows, doc = include_str!("front_page.md"))]
#![cfg(windows)]
#![allow(unsafe_code)] // MAPI's functions and COM objects are called here, and made.

mod admin;
mod adopted;
mod com;
mod library;
mod mail;
mod notification;
mod objects;
mod properties;
mod serve;
mod session;
mod tables;
mod text;
mod value;

use std::fmt;
use std::rc::Rc;

pub use admin::{OutlookProfileAdmin, OutlookProviderAdmin, OutlookServiceAdmin};
pub use notification::serve_sink;
pub use objects::{OutlookObject, OutlookProfileSection, OutlookStore};
#[doc(no_inline)]
pub use outlook_mapi;
pub use properties::properties;
pub use serve::{
    MapiAllocateBuffer, MapiAllocateMore, MapiFreeBuffer, MapiMemory, Servable, ServableAdmin,
    serve, serve_profile_admin, serve_profile_admin_with, serve_with, tell_sink,
};
pub use session::OutlookSession;
pub use tables::OutlookTable;
#[doc(no_inline)]
pub use windows_core;

use library::Library;

/// Outlook's MAPI on this thread. See the [front page](crate).
///
/// A value is as good as another: MAPI itself counts its initialisations.
pub struct Outlook {
    library: Rc<Library>,
}

impl Outlook {
    /// The MAPI of the Outlook that is installed. Nothing is loaded or called yet: that is for
    /// [`Mapi::initialize`](mapi_session::Mapi::initialize).
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

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
