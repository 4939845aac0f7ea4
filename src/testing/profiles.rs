//! Ready-made profiles, for tests that need some profile and not one of their own.
//!
//! Each is a description, to which a test can add before it builds it. Their names differ, so all of
//! them fit into one subsystem.
//!
//! ```
//! use mapi_session::memory::{Memory, Store};
//! use mapi_session::testing::profiles;
//! use mapi_session::{LogonRequest, Mapi};
//!
//! let memory = Memory::builder()
//!     .profile(profiles::typical().store(Store::new("Public Folders")))
//!     .profile(profiles::broken())
//!     .build()?;
//! let mapi = Mapi::initialize(memory)?;
//! let session = mapi.logon(&LogonRequest::default_profile())?;
//! assert_eq!(session.msg_stores_table()?.rows().len(), 3);
//! # Ok::<(), mapi_session::Error>(())
//! ```

use crate::HResult;
use crate::memory::{
    AddressBook, Folder, Message, Profile, ProviderCall, Service, Store, Transport,
};

/// Describes `Empty`, a profile without services.
///
/// A session on it has no store, no identity and no address type, and its address book is empty.
#[must_use]
pub fn empty() -> Profile {
    Profile::new("Empty")
}

/// Describes `Outlook`, the profile of an office worker. It is the default profile.
///
/// - the default store `Mailbox`, with the folders `Inbox` (the messages `Welcome` and `Minutes`),
///   `Outbox` (the message `Reply`, to Nancy Davolio), `Sent Items` and `Deleted Items`;
/// - the store `Archive`, which can only be read, with the folder `2024` (the message `Old news`);
/// - the address book `Contacts` with `Nancy Davolio` and `Andrew Fuller`, which gives the session
///   its primary identity, `Ana Trujillo`;
/// - the transport `Internet Mail`, for SMTP.
#[must_use]
pub fn typical() -> Profile {
    let inbox = Folder::new("Inbox").message("Welcome").message("Minutes");
    let reply = Message::from("Reply").to("Nancy Davolio").unsent();
    let mailbox = Store::new("Mailbox")
        .default_store()
        .folder(inbox)
        .folder(Folder::new("Outbox").message(reply))
        .folder(Folder::new("Sent Items"))
        .folder(Folder::new("Deleted Items"));
    let archive = Store::new("Archive")
        .read_only()
        .folder(Folder::new("2024").message("Old news"));
    let contacts = AddressBook::new("Contacts")
        .mail_user("Nancy Davolio")
        .mail_user("Andrew Fuller")
        .primary_identity("Ana Trujillo");
    Profile::new("Outlook")
        .default_profile()
        .store(mailbox)
        .store(archive)
        .address_book(contacts)
        .transport(Transport::new("Internet Mail").address_type("SMTP"))
}

/// Describes `Broken`, a profile with everything wrong that still lets a session begin. No store is
/// the default one, and nobody has an identity.
///
/// - the store `Local Folders`, which works;
/// - the store `Unconfigured`, whose configuration is missing: without a dialog it cannot be opened
///   (MAPI_E_LOGON_FAILED), and with one the user is asked;
/// - the store `Damaged`, whose provider fails when it is opened (MAPI_E_CORRUPT_STORE);
/// - the service `Server`, whose address book `Directory` cannot log on (MAPI_E_NETWORK_ERROR): it
///   takes the store `Server Mailbox` and the transport `Server Mail` down with it.
#[must_use]
pub fn broken() -> Profile {
    let directory = AddressBook::new("Directory")
        .hook(fails_at(ProviderCall::LogOn, HResult::MAPI_E_NETWORK_ERROR));
    let damaged =
        Store::new("Damaged").hook(fails_at(ProviderCall::Open, HResult::MAPI_E_CORRUPT_STORE));
    let server = Service::new("Server")
        .address_book(directory)
        .store(Store::new("Server Mailbox"))
        .transport(Transport::new("Server Mail").address_type("EX"));
    Profile::new("Broken")
        .store(Store::new("Local Folders"))
        .store(Store::new("Unconfigured").unconfigured())
        .store(damaged)
        .service(server)
}

/// Describes `Service`, a profile for a Windows service. Nothing in it needs to ask a user.
///
/// One message service, `Server`, has all of it: the default store `Service Mailbox` with the folder
/// `Inbox`; the address book `Directory`, which gives the session its primary identity,
/// `Mail Service`; and the transport `Server Mail`, for EX. That one is not started in a session
/// that was logged on as [`service`](crate::LogonRequest::service): there is no mail.
#[must_use]
pub fn service() -> Profile {
    let mailbox = Store::new("Service Mailbox")
        .default_store()
        .folder(Folder::new("Inbox"));
    let directory = AddressBook::new("Directory").primary_identity("Mail Service");
    let server = Service::new("Server")
        .store(mailbox)
        .address_book(directory)
        .transport(Transport::new("Server Mail").address_type("EX"));
    Profile::new("Service").service(server)
}

/// A provider that fails one kind of call.
fn fails_at(
    failing: ProviderCall,
    hresult: HResult,
) -> impl Fn(ProviderCall) -> HResult + Send + Sync {
    move |call| match call == failing {
        true => hresult,
        false => HResult::S_OK,
    }
}
