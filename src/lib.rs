//! A MAPI session as types: what the MAPI reference forbids does not compile.
//!
//! A program reaches Outlook's mail through a MAPI session: it logs on, uses the session, and ends
//! it with `IMAPISession::Logoff`. When that returns, nothing but Release may be called any more.
//! Here [`logoff`](Session::logoff) consumes the live session, and what is left can only be
//! dropped.
//!
//! ```text
//!             (1)              (2)
//!  subsystem ────▶  Mapi<B>  ────▶  Session<Live, B>  ────▶  Session<LoggedOff, B>  ────▶  gone
//!                                     ▲  │  │      (3)                             (5)      ▲
//!                                     └──┘  └───────────────────────────────────────────────┘
//!                                     (4)                        (6)
//! ```
//!
//! 1. [`Mapi::initialize`]: MAPIInitialize. MAPIUninitialize comes when the `Mapi`, its clones and
//!    all its sessions are gone, so never too early.
//! 2. [`Mapi::logon`]: MAPILogonEx. What opens from the session ([`MsgStore`], [`Registration`])
//!    borrows it or holds a share in it.
//! 3. [`logoff`](Session::logoff), [`logoff_with_ui`](Session::logoff_with_ui),
//!    [`logoff_raw`](Session::logoff_raw): IMAPISession::Logoff. It does not compile while anything
//!    that came from the session is open.
//! 4. A [refused](LogoffError::Refused) logoff, such as one that the user cancels, gives the live
//!    session back.
//! 5. `drop`: IUnknown::Release.
//! 6. `drop` of a live session: Release without Logoff. It frees everything, and warns through
//!    tracing.
//!
//! # From logon to logoff
//!
//! ```
//! use mapi_session::memory::{Memory, Profile, Store};
//! use mapi_session::{LogoffFlags, LogonRequest, Mapi, OpenStoreFlags};
//!
//! let mailbox = Store::new("Mailbox").default_store();
//! let outlook = Memory::builder()
//!     .profile(Profile::new("Outlook").default_profile().store(mailbox))
//!     .build()?;
//!
//! let mapi = Mapi::initialize(outlook)?;
//! let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
//! let stores = session.msg_stores_table()?;
//! let mailbox = stores.default_store().unwrap();
//! let store = session.open_msg_store(mailbox.entry_id(), OpenStoreFlags::BEST_ACCESS)?;
//! assert!(store.is_writable()?);
//! drop(store); // without this line, the next does not compile
//! let ended = session.logoff(LogoffFlags::empty())?;
//! drop(ended); // Release; no other method exists
//! # Ok::<(), mapi_session::Error>(())
//! ```
//!
//! `B` is the MAPI subsystem that all this runs on. [`Memory`](memory::Memory) is one in memory, on
//! any platform, for tests; others implement the traits of [`subsystem`].
//!
//! # Names
//!
//! | MAPI | here |
//! |---|---|
//! | MAPIInitialize, MAPIUninitialize | [`Mapi::initialize`], dropping the last [`Mapi`] and session |
//! | MAPILogonEx | [`Mapi::logon`] with a [`LogonRequest`] |
//! | IMAPISession | [`Session`] |
//! | IMAPISession::GetMsgStoresTable | [`Session::msg_stores_table`] |
//! | IMAPISession::OpenMsgStore, IMsgStore | [`Session::open_msg_store`], [`MsgStore`] |
//! | IMAPISession::Advise, Unadvise | [`Session::advise`], dropping the [`Registration`] |
//! | IMAPISession::Logoff | [`Session::logoff`] |
//! | IUnknown::Release | `drop` |
//! | IMAPIAdviseSink, NOTIFICATION | [`AdviseSink`], [`Notification`] |
//! | HrThisThreadAdviseSink, HrDispatchNotifications | [`this_thread_sink`], [`Dispatcher::dispatch`] |
//! | HRESULT, MAPI_E_* | [`HResult`], [`HResult::MAPI_E_NOT_FOUND`] and so on |
//! | MAPI_LOGOFF_SHARED, MAPI_LOGOFF_UI | [`LogoffFlags::SHARED`], [`LogoffFlags::UI`] |
//! | ENTRYID, MAPIUID, ulUIParam | [`EntryId`], [`MapiUid`], [`UiParam`] |
//! | IProfAdmin | [`memory::ProfileAdmin`] |
//!
//! Every item can be searched for by its name in MAPI.
//!
//! # Features
//!
//! - `serde`: `Deserialize` for the description of a subsystem in memory ([`memory::Builder`]).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod flags;
mod hresult;
mod library;
pub mod memory;
mod notification;
mod session;
pub mod subsystem;
mod sync;
mod table;
mod types;

pub use error::{Call, Error};
pub use flags::{
    EventMask, InitFlags, LogoffFlags, LogonFlags, OpenStoreFlags, ProfileFlags, ResourceFlags,
};
pub use hresult::{HResult, ParseHResultError};
pub use library::Mapi;
pub use notification::{
    AdviseSink, Connection, CriticalError, ExtendedEvent, MapiError, NewMail, Notification,
    ObjectEvent, ObjectEventKind, Property, PropertyValue, StatusEvent, TableEvent,
};
pub use session::{
    Dispatcher, Live, LoggedOff, LogoffError, LogonRequest, MsgStore, Registration, Session, State,
    ThisThreadSink, this_thread_sink,
};
pub use table::{MsgStoresTable, StoreRow};
pub use types::{EntryId, MapiUid, ObjectType, UiParam};

/// The README's program compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
