//! Type-safe MAPI sessions: code that uses a session after logoff does not compile.
//!
//! A program reaches Outlook's mail through a MAPI session: it logs on, uses the session, and ends it with
//! `IMAPISession::Logoff`. When that returns, nothing but Release may be called. Here
//! [`logoff`](Session::logoff) consumes the live session, and what is left can only be dropped. An in-memory MAPI
//! is included, so your tests run on Linux, without Outlook.
//!
//! ```
//! use mapi_session::memory::{Folder, Memory, Profile, Store};
//! use mapi_session::property::PropTag;
//! use mapi_session::{LogoffFlags, LogonRequest, Mapi, OpenStoreFlags};
//!
//! let inbox = Folder::new("Inbox").message("Hello");
//! let mailbox = Store::new("Mailbox").default_store().folder(inbox);
//! let memory = Memory::builder().profile(Profile::new("Work").store(mailbox)).build()?;
//!
//! let mapi = Mapi::initialize(memory)?;
//! let session = mapi.logon(&LogonRequest::new_session("Work"))?;
//! let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
//! let inbox = store.open_receive_folder("IPM.Note")?;
//! for row in inbox.contents_table(&[PropTag::SUBJECT])?.rows() {
//!     assert_eq!(row?.text(PropTag::SUBJECT), Some("Hello"));
//! }
//! drop((inbox, store)); // without this line, the next does not compile
//! session.logoff(LogoffFlags::empty())?;
//! # Ok::<(), mapi_session::Error>(())
//! ```
//!
//! # The states of a session
//!
//! ```text
//!   Mapi<B>                  after MAPIInitialize
//!      │
//!      │ logon               MAPILogonEx
//!      ▼
//!   Session<Live, B>  ◀──┐   opens stores, tables, forms ...; each of them keeps it alive
//!      │         │       │
//!      │ logoff  └───────┘   refused: the error gives the session back
//!      ▼
//!   Session<LoggedOff, B>    has no methods
//!      │
//!      │ drop                Release
//!      ▼
//!    gone                    after the last one, MAPIUninitialize
//! ```
//!
//! `S` in `Session<S, B>` is the state; [`LiveSession<B>`](LiveSession) is short for a live one. `B` is the MAPI that
//! it runs on: [`Memory`](memory::Memory), or `Outlook` of the package `mapi-session-outlook`, or any other that
//! implements [`subsystem`]. A live session that is dropped is released without a logoff, and `tracing` warns.
//!
//! # Where next
//!
//! - You write a mail tool: the [guide](guide), beginning with [sessions](guide::sessions) and
//!   [reading mail](guide::reading_mail).
//! - You test one: [`memory`], to describe a mailbox in a few lines.
#![cfg_attr(
    feature = "testing",
    doc = "  With [`testing`], record what the tool did, and make calls fail."
)]
#![cfg_attr(
    not(feature = "testing"),
    doc = "  With the feature `testing`, record what the tool did, and make calls fail."
)]
//! - You know MAPI from C++: [your program, line by line](guide::from_cpp), and [all names](names).
//! - You implement a MAPI: [`subsystem`], and the [`contract`], rule by rule.
//! - Você lê em português: [Encerrar uma sessão MAPI](guide::encerrar_uma_sessao_mapi).
//!
//! # Features
//!
//! - `memory`, on by default: the module [`memory`]. A tool that runs over Outlook can leave it out of
//!   its release build: there it depends on this crate with `default-features = false`, and in its
//!   `[dev-dependencies]` with the feature. Without it the crate does not need parking_lot.
//! - `serde`: `Deserialize` for the description of a subsystem in memory ([`memory::Builder`]). Implies
//!   `memory`.
//! - `testing`: the module `testing`, for tests of programs that use MAPI, and of subsystems. Implies
//!   `memory`, which its conformance suite and ready-made profiles describe.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
// The docs are for what there is by default, and say where Memory differs.
#![cfg_attr(not(feature = "memory"), allow(rustdoc::broken_intra_doc_links))]

#[doc = include_str!("contract.md")]
pub mod contract {}
#[cfg(feature = "memory")]
#[cfg_attr(docsrs, doc(cfg(feature = "memory")))]
pub mod guide;
#[doc = include_str!("names.md")]
#[doc(alias = "MAPIAllocateBuffer")]
#[doc(alias = "MAPIAllocateMore")]
#[doc(alias = "MAPIFreeBuffer")]
#[doc(alias = "MAPIGetDefaultMalloc")]
#[doc(alias = "IMalloc")]
#[doc(alias = "FreeProws")]
#[doc(alias = "FreePadrlist")]
#[doc(alias = "ScCopyProps")]
#[doc(alias = "PropCopyMore")]
#[doc(alias = "HrAllocAdviseSink")]
#[doc(alias = "IUnknown")]
#[doc(alias = "QueryInterface")]
#[doc(alias = "AddRef")]
pub mod names {}
// What tests/ and the unit tests share calls the crate by its name.
#[cfg(test)]
extern crate self as mapi_session;
#[macro_use]
mod calls;
#[macro_use]
mod setters;
#[macro_use]
#[cfg_attr(not(feature = "memory"), allow(dead_code))] // Guarded is for sinks and hooks.
mod foreign;

pub mod error;
pub mod flags;
pub mod hresult;
pub mod mapi;
#[cfg(feature = "memory")]
#[cfg_attr(docsrs, doc(cfg(feature = "memory")))]
pub mod memory;
pub mod notification;
pub mod property;
mod quote;
pub mod session;
pub mod subsystem;
#[cfg(feature = "memory")]
mod sync;
pub mod table;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
pub mod types;

// What nearly every program names.
pub use error::Error;
pub use flags::{EventMask, LogoffFlags, LogonFlags, OpenEntryFlags, OpenStoreFlags};
pub use hresult::HResult;
pub use mapi::Mapi;
pub use notification::{AdviseSink, Notification};
pub use session::adopted::Adopted;
pub use session::entry::{Entry, Folder, Message, Object};
pub use session::fast_shutdown::FastShutdown;
pub use session::profile::ProfileAdmin;
pub use session::provider::ProviderAdmin;
pub use session::registration::Registration;
pub use session::section::ProfileSection;
pub use session::service::ServiceAdmin;
pub use session::status::Status;
pub use session::store::MsgStore;
pub use session::{Live, LiveSession, LoggedOff, LogoffError, LogonRequest, Session};
pub use types::{EntryId, MapiUid, UiParam};

/// The README's program compiles and runs.
#[cfg(all(doctest, feature = "memory"))]
#[doc = include_str!("../README.md")]
struct Readme;
