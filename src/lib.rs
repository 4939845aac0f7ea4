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
//! 2. [`Mapi::logon`]: MAPILogonEx. What opens from the session ([`MsgStore`], [`Entry`],
//!    [`Registration`] and so on) borrows it or holds a share in it.
//! 3. [`logoff`](Session::logoff), [`logoff_with_ui`](Session::logoff_with_ui),
//!    [`logoff_raw`](Session::logoff_raw): IMAPISession::Logoff. It does not compile while anything
//!    borrows the session. A session in an `Arc` is [taken out of it](Session::unshare) first.
//! 4. A [refused](LogoffError::Refused) logoff, such as one that the user cancels, gives the live
//!    session back.
//! 5. `drop`: IUnknown::Release.
//! 6. `drop` of a live session: Release without Logoff. It frees everything, and warns through
//!    tracing. (A subscriber that panics, here or anywhere, costs only its own event.)
//!
//! A session that is to end with its process can go another way: [`FastShutdown`].
//!
//! # From logon to logoff
//!
//! ```
//! use mapi_session::memory::{Folder, Memory, Profile, Store};
//! use mapi_session::property::PropTag;
//! use mapi_session::{LogoffFlags, LogonRequest, Mapi, OpenStoreFlags};
//!
//! let inbox = Folder::new("Inbox").message("Hello");
//! let mailbox = Store::new("Mailbox").default_store().folder(inbox);
//! let outlook = Memory::builder()
//!     .profile(Profile::new("Outlook").default_profile().store(mailbox))
//!     .build()?;
//!
//! let mapi = Mapi::initialize(outlook)?;
//! let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
//! let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
//! let inbox = store.open_receive_folder("IPM.Note")?;
//! for row in inbox.contents_table(&[PropTag::SUBJECT])?.rows() {
//!     println!("{}", row?.text(PropTag::SUBJECT).unwrap_or_default());
//! }
//! drop((inbox, store)); // without this line, the next does not compile
//! let ended = session.logoff(LogoffFlags::empty())?;
//! drop(ended); // Release; no other method exists
//! # Ok::<(), mapi_session::Error>(())
//! ```
//!
//! `B` is the MAPI subsystem that all this runs on. [`Memory`](memory::Memory) is one in memory, on
//! any platform, for tests; the package `mapi-session-outlook` has Outlook's own, on Windows; others
//! implement the traits of [`subsystem`].
//!
//! # Picking a subsystem
//!
//! A program that runs on one subsystem names it once, and has no type parameter anywhere else:
//!
//! ```
//! use mapi_session::{Error, LiveSession};
//!
//! // In the release build: `use mapi_session_outlook::Outlook as Subsystem;`
//! use mapi_session::memory::Memory as Subsystem;
//!
//! type Session = LiveSession<Subsystem>;
//!
//! fn count_stores(session: &Session) -> Result<usize, Error> {
//!     Ok(session.msg_stores_table()?.rows().len())
//! }
//! ```
//!
//! Write a function over any subsystem, `fn count_stores<B: Subsystem>(session: &LiveSession<B>)`, where
//! its tests run it on [`Memory`](memory::Memory) and the program on another one.
//!
//! # Names
//!
//! | MAPI | here |
//! |---|---|
//! | MAPIInitialize, MAPIUninitialize | [`Mapi::initialize`], dropping the last [`Mapi`] and session |
//! | MAPILogonEx | [`Mapi::logon`] with a [`LogonRequest`] |
//! | IMAPISession | [`Session`] |
//! | IMAPISession::GetLastError, MAPIERROR | [`Session::last_error`], [`MapiError`](error::MapiError) |
//! | IMAPISession::GetMsgStoresTable | [`Session::msg_stores_table`]; kept open: [`Session::open_msg_stores_table`] |
//! | IMAPISession::OpenMsgStore, IMsgStore | [`Session::open_msg_store`], [`MsgStore`] |
//! | IMAPISession::OpenAddressBook, IAddrBook | [`Session::open_address_book`], an [`Object`] |
//! | IMAPISession::OpenProfileSection, IProfSect | [`Session::open_profile_section`], [`ProfileSection`] |
//! | IMAPISession::GetStatusTable | [`Session::status_table`]; kept open: [`Session::open_status_table`] |
//! | IMAPITable | [`LiveTable`](session::table::LiveTable), [`PropTable`](session::folder::PropTable) |
//! | HrQueryAllRows, IMAPITable::QueryRows | [`LiveTable::all_rows`](session::table::LiveTable::all_rows), [`LiveTable::rows`](session::table::LiveTable::rows) |
//! | IMAPISession::OpenEntry | [`Session::open_entry`], [`Entry`] |
//! | IMAPIFolder, IMessage, IMailUser and so on | [`Folder`], [`Message`], or an [`Object`] |
//! | IMAPIStatus | [`Session::open_status`], [`Status`] |
//! | IMAPIProp::GetProps, SetProps, SaveChanges | [`Object::props`], [`Object::set_props`], [`Object::save_changes`] |
//! | IMAPIProp::OpenProperty | [`Object::read_stream`] |
//! | IMAPIContainer::GetContentsTable, GetHierarchyTable | [`Folder::contents_table`], [`Folder::hierarchy_table`] |
//! | IMAPIFolder::CreateMessage, CreateFolder | [`Folder::create_message`], [`Folder::create_folder`] |
//! | IMAPIFolder::DeleteMessages, SetReadFlags | [`Folder::delete_messages`], [`Folder::set_read_flags`] |
//! | IMessage::GetRecipientTable, ModifyRecipients | [`Message::recipients`], [`Message::set_recipients`] |
//! | IMessage::GetAttachmentTable, OpenAttach | [`Message::attachment_table`], [`Message::open_attachment`] |
//! | IMAPIProp::GetLastError and its like | [`Object::last_error`], [`MsgStore::last_error`] and so on |
//! | IMAPISession::CompareEntryIDs | [`Session::compare_entry_ids`] |
//! | IMAPISession::Advise, Unadvise | [`Session::advise`], dropping the [`Registration`] |
//! | Advise of IMsgStore, IAddrBook, IMAPITable | [`MsgStore::advise`], [`Object::advise`], [`LiveTable::advise`](session::table::LiveTable::advise) |
//! | IMAPISession::MessageOptions | [`Session::message_options`] |
//! | IMAPISession::QueryDefaultMessageOpt | [`Session::query_default_message_opt`] |
//! | IMAPISession::EnumAdrTypes | [`Session::enum_adr_types`] |
//! | IMAPISession::QueryIdentity | [`Session::query_identity`] |
//! | IMAPISession::Logoff | [`Session::logoff`] |
//! | IMAPISession::SetDefaultStore | [`Session::set_default_store`] |
//! | IMAPISession::AdminServices, IMsgServiceAdmin | [`Session::admin_services`], [`ServiceAdmin`] |
//! | MAPIAdminProfiles, IProfAdmin | [`Mapi::admin_profiles`], [`ProfileAdmin`] |
//! | IMsgServiceAdmin::AdminProviders, IProviderAdmin | [`ServiceAdmin::admin_providers`], [`ProviderAdmin`] |
//! | IMAPISession::PrepareForm, ShowForm | [`Session::prepare_form`], [`PreparedForm::show`](session::form::PreparedForm::show) |
//! | IMAPIClientShutdown | [`Session::fast_shutdown`], [`FastShutdown`] |
//! | IMsgStore::OpenEntry | [`MsgStore::open_entry`]; of null, [`MsgStore::open_root_folder`] |
//! | IMsgStore::GetReceiveFolder | [`MsgStore::open_receive_folder`] |
//! | IMsgStore::StoreLogoff | [`MsgStore::logoff`] |
//! | IMessage::SubmitMessage | [`Message::submit`] |
//! | IUnknown::Release | `drop` |
//! | IMAPIAdviseSink, NOTIFICATION | [`AdviseSink`], [`Notification`] |
//! | HrThisThreadAdviseSink, HrDispatchNotifications | [`this_thread_sink`](session::advise::this_thread_sink), [`Dispatcher::dispatch`](session::advise::Dispatcher::dispatch) |
//! | HRESULT, MAPI_E_* | [`HResult`], [`HResult::MAPI_E_NOT_FOUND`] and so on |
//! | MAPI_LOGOFF_SHARED, MAPI_LOGOFF_UI | [`LogoffFlags::SHARED`], [`LogoffFlags::UI`] |
//! | ENTRYID, MAPIUID, ulUIParam | [`EntryId`], [`MapiUid`], [`UiParam`] |
//!
//! Functions, methods, types and flags can be searched for by their names in MAPI. What each does,
//! rule by rule, stands in [`contract`].
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
pub use session::advise::Registration;
pub use session::entry::{Entry, Folder, Message, Object};
pub use session::fast_shutdown::FastShutdown;
pub use session::logoff::LogoffError;
pub use session::logon::LogonRequest;
pub use session::profile::ProfileAdmin;
pub use session::provider::ProviderAdmin;
pub use session::section::ProfileSection;
pub use session::service::ServiceAdmin;
pub use session::status::Status;
pub use session::store::MsgStore;
pub use session::{Live, LiveSession, LoggedOff, Session};
pub use types::{EntryId, MapiUid, UiParam};

/// The README's program compiles and runs.
#[cfg(all(doctest, feature = "memory"))]
#[doc = include_str!("../README.md")]
struct Readme;
