//! A MAPI subsystem in memory, on any platform, for tests.
//!
//! A test describes its profiles, stores and users. It behaves as the MAPI reference says: logon and
//! its dialogs, individual and shared sessions, notifications, mail, logoff. Where the reference is
//! silent, the [contract](crate::contract) says "our reading".
//!
//! ```
//! use mapi_session::memory::{Answer, Memory, Profile, Store};
//! use mapi_session::{HResult, LogonRequest, Mapi, UiParam};
//!
//! let memory = Memory::builder()
//!     .profile(Profile::new("Work").store(Store::new("Mailbox").default_store()))
//!     .profile(Profile::new("Home").default_profile())
//!     .answer(Answer::Cancel)
//!     .build()?;
//! let mapi = Mapi::initialize(memory.clone())?;
//!
//! // The user cancels the first dialog, and so nobody is logged on.
//! let error = mapi.logon(&LogonRequest::ask_user(UiParam::NONE)).unwrap_err();
//! assert_eq!(error.hresult(), HResult::MAPI_E_USER_CANCEL);
//! assert_eq!(memory.user().dialogs().len(), 1);
//! # Ok::<(), mapi_session::Error>(())
//! ```
//!
//! It is free-threaded: one initialisation serves all threads. Its stores have folders and messages,
//! with properties, recipients, attachments and tables; the end of the [contract](crate::contract)
//! lists what it does not model. Names are Unicode, whether MAPI_UNICODE is set or not. It accepts and
//! ignores these flags:
//!
//! - of MAPIInitialize: MAPI_NO_COINIT;
//! - of MAPILogonEx: MAPI_EXTENDED, MAPI_FORCE_DOWNLOAD, MAPI_PASSWORD_UI, MAPI_BG_SESSION,
//!   MAPI_UNICODE; and MAPI_EXPLICIT_PROFILE, as an empty name never stands for the default profile
//!   here;
//! - of OpenEntry: SHOW_SOFT_DELETES, MAPI_NO_CACHE, MAPI_CACHE_ONLY;
//! - of SaveChanges: all but FORCE_SAVE and KEEP_OPEN_READWRITE; of folders and tables:
//!   MAPI_DEFERRED_ERRORS, SHOW_SOFT_DELETES, TBL_ASYNC, TBL_BATCH, MESSAGE_DIALOG, and those of read
//!   reports;
//! - of OpenProfileSection: MAPI_DEFERRED_ERRORS; of ShowForm: MAPI_NEW_MESSAGE; of SubmitMessage:
//!   FORCE_SUBMIT;
//! - of ValidateState: those for remote transports, which the transport's hook is told; of
//!   FlushQueues: FLUSH_ASYNC_OK, FLUSH_FORCE, FLUSH_NO_UI;
//! - of CreateMsgService: SERVICE_NO_RESTART_WARNING; of CopyProfile and IProfAdmin::AdminServices:
//!   MAPI_DIALOG, as there is no password to ask for.

mod admin;
mod content;
mod describe;
mod driver;
mod error;
mod notification;
mod notifier;
mod objects;
mod provider;
mod session;
mod state;
mod stored;
mod user;

use std::fmt;
use std::mem::take;
use std::sync::Arc;

pub use admin::{MemoryProfileAdmin, MemoryProviderAdmin, MemoryServiceAdmin};
pub use describe::{
    AddressBook, Builder, FastShutdownBehavior, Folder, Message, Profile, Section, Service, Store,
    Transport,
};
pub use objects::{
    MemoryMsgStore, MemoryObject, MemoryProfileSection, MemoryStatusTable, MemoryStoreTable,
    MemoryTable,
};
pub use provider::{ProviderAnswer, ProviderCall};
pub use session::MemorySession;
pub use stored::StoredMessage;
pub use user::{Answer, Dialog, Question, User};

use driver::Driver;
use error::{Refusal, quoted};
use notifier::Notifier;
use state::{How, LogonCall, State};

use crate::error::{Call, Success};
use crate::flags::InitFlags;
use crate::subsystem::{RawResult, Subsystem};
use crate::{EntryId, Error, LogonFlags, Notification, UiParam};

/// A MAPI subsystem in memory. This is a handle: its clones are the same subsystem.
#[derive(Clone)]
pub struct Memory {
    driver: Arc<Driver>,
}

impl Memory {
    /// Begins the description of a subsystem.
    ///
    /// ```
    /// use mapi_session::memory::{Folder, Memory, Profile, Store};
    ///
    /// let inbox = Folder::new("Inbox").message("Hello");
    /// let mailbox = Store::new("Mailbox").default_store().folder(inbox);
    /// let memory = Memory::builder().profile(Profile::new("Work").store(mailbox)).build()?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Adds a profile with everything that its description has, at any time, even before
    /// MAPIInitialize. This is for the test; a program administers profiles by
    /// [`Mapi::admin_profiles`](crate::Mapi::admin_profiles).
    ///
    /// ```
    /// use mapi_session::memory::{Memory, Profile};
    /// use mapi_session::{HResult, LogonRequest, Mapi};
    ///
    /// let memory = Memory::default();
    /// let mapi = Mapi::initialize(memory.clone())?;
    /// memory.create_profile(&Profile::new("Work"))?;
    /// mapi.logon(&LogonRequest::new_session("Work"))?;
    /// let twice = memory.create_profile(&Profile::new("Work")).unwrap_err();
    /// assert_eq!(twice.hresult(), HResult::MAPI_E_NO_ACCESS);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: a profile of this name exists, or another will be renamed to it once it is
    ///   not in use.
    /// - MAPI_E_INVALID_PARAMETER: the name breaks the rule for names; the profile has two default
    ///   stores; it is described as the default profile, and there is one; a section is described
    ///   twice, is MAPI's own, or has a property that no section can have.
    /// - E_FAIL: an "app" profile is described as the default profile.
    pub fn create_profile(&self, profile: &Profile) -> Result<(), Error> {
        self.driver.look(|state| state.create_described(profile))
    }

    /// Returns the user, to give answers to dialogs and to see which were shown.
    ///
    /// ```
    /// use mapi_session::memory::{Answer, Memory, Profile};
    /// use mapi_session::{LogonRequest, Mapi, UiParam};
    ///
    /// let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// memory.user().answer(Answer::Pick("Work".into()));
    /// let mapi = Mapi::initialize(memory.clone())?;
    /// mapi.logon(&LogonRequest::ask_user(UiParam::NONE))?;
    /// assert_eq!(memory.user().dialogs().len(), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn user(&self) -> &User {
        &self.driver.user
    }

    /// Counts the open sessions; a shared one counts once.
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// let mapi = Mapi::initialize(memory.clone())?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// assert_eq!(memory.open_sessions(), 1);
    /// drop(session);
    /// assert_eq!(memory.open_sessions(), 0);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn open_sessions(&self) -> usize {
        self.driver.look(|state| state.open_sessions())
    }

    /// Counts the sessions that were released live, without a logoff. A test of a well-behaved program
    /// asserts 0.
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// mapi.logon(&LogonRequest::new_session("Work"))?.logoff(LogoffFlags::empty())?;
    /// assert_eq!(memory.released_live(), 0);
    /// drop(mapi.logon(&LogonRequest::new_session("Work"))?);
    /// assert_eq!(memory.released_live(), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn released_live(&self) -> usize {
        self.driver.look(|state| state.released_live())
    }

    /// Sends an event, as a provider does, to everyone who registered for it on this object; with
    /// `None`, to those who registered with the session itself, which hear of critical errors and
    /// extended events only. Object events and new mail also go to those who registered with the whole
    /// store or address book. The sinks are called on this thread, unless there is [one for
    /// notifications](crate::flags::InitFlags::MULTITHREAD_NOTIFICATIONS).
    ///
    /// ```
    /// # use std::sync::mpsc;
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{EventMask, HResult, LogonRequest, Mapi, Notification};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// use mapi_session::notification::CriticalError;
    ///
    /// let (sink, told) = mpsc::channel();
    /// let registration = session.advise_sink(EventMask::CRITICAL_ERROR, sink)?;
    /// let error = CriticalError::new(HResult::MAPI_E_NETWORK_ERROR);
    /// memory.notify(None, Notification::CriticalError(error));
    /// assert!(matches!(told.recv(), Ok(Notification::CriticalError(_))));
    /// # drop(registration);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[expect(clippy::needless_pass_by_value, reason = "an event is given away")]
    pub fn notify(&self, target: Option<&EntryId>, event: Notification) {
        self.driver.look(|state| state.notify(target, &event));
    }

    /// Finds the entry identifier of an object of a profile by names: that of its provider, then those
    /// of the folders down to it, then its own, which is a message's subject. A store or an address
    /// book has only the first. `None` if there is no such object.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let inbox = Folder::new("Inbox").message("Hello");
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").default_store().folder(inbox));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// assert!(memory.entry_id("Work", &["Mailbox", "Inbox", "Hello"]).is_some());
    /// assert!(memory.entry_id("Work", &["Mailbox", "Sent"]).is_none());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn entry_id(&self, profile: &str, path: &[&str]) -> Option<EntryId> {
        self.driver.look(|state| state.entry_id(profile, path))
    }

    /// Finds the entry identifier of a store outside the profiles, or of an object in it, by names as
    /// in [`entry_id`](Self::entry_id).
    ///
    /// ```
    /// use mapi_session::memory::{Memory, Profile, Store};
    /// use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    ///
    /// let memory = Memory::builder()
    ///     .profile(Profile::new("Work"))
    ///     .store_outside(Store::new("Delegate"))
    ///     .build()?;
    /// let mapi = Mapi::initialize(memory.clone())?;
    /// let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// let id = memory.store_outside(&["Delegate"]).unwrap();
    /// session.open_msg_store(&id, OpenStoreFlags::TEMPORARY)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn store_outside(&self, path: &[&str]) -> Option<EntryId> {
        self.driver.look(|state| state.store_outside(path))
    }

    /// Lets time pass. In every session whose transports have started (they start when its status
    /// table, its address types or a submitted message needs them), each store gets one step further
    /// both ways. A message that is being sent has gone out, or else the next one of the outgoing
    /// queue begins to be sent; and one that is arriving has arrived.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store, Transport};
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Outbox"));
    /// # let smtp = Transport::new("Mail").address_type("SMTP");
    /// # let memory = Memory::builder().profile(Profile::new("Work").store(mailbox).transport(smtp)).build()?;
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let message = store.open_receive_folder("IPM.Note")?.create_message()?;
    /// # message.set_recipients(["Ana Trujillo"])?;
    /// # let mailbox = memory.entry_id("Work", &["Mailbox"]).unwrap();
    /// message.submit()?;
    /// memory.let_time_pass(); // it is being sent
    /// memory.let_time_pass(); // it has gone out
    /// assert!(memory.outgoing(&mailbox).is_empty());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn let_time_pass(&self) {
        self.driver.look(State::let_time_pass);
    }

    /// Returns the entry identifiers of a store's messages that are not sent yet, in the order of the
    /// outgoing queue.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store, Transport};
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Outbox"));
    /// # let smtp = Transport::new("Mail").address_type("SMTP");
    /// # let memory = Memory::builder().profile(Profile::new("Work").store(mailbox).transport(smtp)).build()?;
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let message = store.open_receive_folder("IPM.Note")?.create_message()?;
    /// # message.set_recipients(["Ana Trujillo"])?;
    /// # let mailbox = memory.entry_id("Work", &["Mailbox"]).unwrap();
    /// message.submit()?;
    /// assert_eq!(memory.outgoing(&mailbox).len(), 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn outgoing(&self, store: &EntryId) -> Vec<EntryId> {
        self.driver.look(|state| state.outgoing(store))
    }

    /// Delivers a message to a folder; a text stands for a message with this subject. Clients that
    /// registered with the store or the folder are told of the new object, the changed folder and the
    /// new mail. Returns the message's entry identifier, or `None` if there is no such folder.
    ///
    /// ```
    /// # use std::sync::mpsc;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::{EventMask, LogonRequest, Mapi, Notification, Registration};
    /// let mailbox = Store::new("Mailbox").folder(Folder::new("Inbox"));
    /// let memory = Memory::builder().profile(Profile::new("Outlook").store(mailbox)).build()?;
    /// let inbox = memory.entry_id("Outlook", &["Mailbox", "Inbox"]).unwrap();
    ///
    /// let mapi = Mapi::initialize(memory.clone())?;
    /// let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    /// let (sink, told) = mpsc::channel();
    /// let mask = EventMask::NEW_MAIL;
    /// let registration = Registration::advise(&session, Some(&inbox), mask, sink)?;
    /// let hello = memory.deliver(&inbox, "Hello").unwrap();
    /// let Ok(Notification::NewMail(mail)) = told.try_recv() else { unreachable!() };
    /// assert_eq!(*mail.entry_id(), hello);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[doc(alias = "fnevNewMail")]
    #[must_use = "nothing has arrived where there is no such folder"]
    pub fn deliver(&self, folder: &EntryId, message: impl Into<Message>) -> Option<EntryId> {
        let content = message.into().content;
        self.driver.look(|state| state.deliver(folder, content))
    }

    /// Returns the messages of a folder, as they are now, so that a test can see what a tool has
    /// changed. It is empty if there is no such folder.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let inbox = Folder::new("Inbox").message("Hello");
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").default_store().folder(inbox));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// use mapi_session::property::PropTag;
    ///
    /// let inbox = memory.entry_id("Work", &["Mailbox", "Inbox"]).unwrap();
    /// // ... the tool runs ...
    /// let messages = memory.messages(&inbox);
    /// assert_eq!(messages[0].props().text(PropTag::SUBJECT), Some("Hello"));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn messages(&self, folder: &EntryId) -> Vec<StoredMessage> {
        self.driver.look(|state| state.messages_of(folder))
    }

    /// Returns every message of a store that was ever submitted, sent or not, with its recipients, in
    /// the order in which they were created.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store, Transport};
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Outbox"));
    /// # let smtp = Transport::new("Mail").address_type("SMTP");
    /// # let memory = Memory::builder().profile(Profile::new("Work").store(mailbox).transport(smtp)).build()?;
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Work"))?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let message = store.open_receive_folder("IPM.Note")?.create_message()?;
    /// # message.set_recipients(["Ana Trujillo"])?;
    /// # let mailbox = memory.entry_id("Work", &["Mailbox"]).unwrap();
    /// message.submit()?;
    /// let submitted = memory.submitted(&mailbox);
    /// assert_eq!(submitted[0].recipients()[0].name(), "Ana Trujillo");
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    #[must_use]
    pub fn submitted(&self, store: &EntryId) -> Vec<StoredMessage> {
        self.driver.look(|state| state.submitted(store))
    }

    /// Lets this many messages begin to arrive in a store, so that a StoreLogoff finds them under way,
    /// unless the session has disabled reception (rule T2). For a message that has arrived, use
    /// [`deliver`](Self::deliver).
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let inbox = Folder::new("Inbox").message("Hello");
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").default_store().folder(inbox));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # use mapi_session::flags::StoreLogoffFlags;
    /// # use mapi_session::session::store::StoreLogoff;
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let mailbox = memory.entry_id("Work", &["Mailbox"]).unwrap();
    /// let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// memory.let_arrive(&mailbox, 1);
    /// let busy = store.logoff(StoreLogoff::Quiet).unwrap_err();
    /// assert!(busy.activity().contains(StoreLogoffFlags::INBOUND));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn let_arrive(&self, store: &EntryId, messages: usize) {
        self.driver.look(|state| state.let_arrive(store, messages));
    }

    /// Adds a store to a profile, as when a user opens a data file. Sessions that are open on the
    /// profile have it at once, and are told through their
    /// [tables](crate::Session::open_msg_stores_table). Returns its entry identifier.
    ///
    /// Changes that a client makes by [`admin_services`](crate::Session::admin_services), in contrast,
    /// wait for the next session.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let inbox = Folder::new("Inbox").message("Hello");
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").default_store().folder(inbox));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// let session = mapi.logon(&LogonRequest::default_profile())?;
    /// assert_eq!(session.msg_stores_table()?.rows().len(), 1);
    /// memory.add_store("Work", Store::new("Archive"))?;
    /// assert_eq!(session.msg_stores_table()?.rows().len(), 2);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_INVALID_PARAMETER: it is described as the default, primary or secondary store, and the
    ///   profile has one; or its folders are nested too deep.
    #[expect(clippy::needless_pass_by_value, reason = "a description is given away")]
    pub fn add_store(&self, profile: &str, store: Store) -> Result<EntryId, Error> {
        let added = self.driver.look(|state| state.add_store(profile, &store));
        added.map_err(|failure| Error::new(Call::SERVICE_ADMIN_CREATE_MSG_SERVICE, failure))
    }

    /// Removes a store from a profile. Sessions that are open on the profile can no longer open it.
    /// What they have open of it stays open until it is released, which is our reading (rule N13).
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let inbox = Folder::new("Inbox").message("Hello");
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").default_store().folder(inbox));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let mailbox = memory.entry_id("Work", &["Mailbox"]).unwrap();
    /// memory.remove_store("Work", &mailbox)?;
    /// assert!(session.msg_stores_table()?.rows().is_empty());
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: there is no such profile, or it has no such store.
    pub fn remove_store(&self, profile: &str, store: &EntryId) -> Result<(), Error> {
        let removed = self.driver.look(|state| state.remove_store(profile, store));
        removed.map_err(|failure| Error::new(Call::SERVICE_ADMIN_DELETE_MSG_SERVICE, failure))
    }

    /// Holds all notifications back until the guard is dropped. Then they arrive late, in their order,
    /// on the thread that drops the guard or the one for notifications, even at sinks that were
    /// unregistered meanwhile. A client of real MAPI must be ready for that.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let inbox = Folder::new("Inbox").message("Hello");
    /// # let profile = Profile::new("Work").default_profile().store(Store::new("Mailbox").default_store().folder(inbox));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # use std::sync::mpsc;
    /// # use mapi_session::{EventMask, LogonRequest, Mapi, OpenStoreFlags};
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = memory.entry_id("Work", &["Mailbox", "Inbox"]).unwrap();
    /// let (sink, told) = mpsc::channel();
    /// let registration = store.advise_sink(None, EventMask::NEW_MAIL, sink)?;
    /// let held = memory.hold_notifications();
    /// memory.deliver(&inbox, "Late").unwrap();
    /// drop(registration);
    /// assert!(told.try_recv().is_err());
    /// drop(held);
    /// assert!(told.try_recv().is_ok()); // although it was unregistered meanwhile
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// [Timing a Notification](https://learn.microsoft.com/office/client-developer/outlook/mapi/timing-a-notification) in the MAPI reference.
    pub fn hold_notifications(&self) -> HeldNotifications {
        self.driver.look(State::hold_notifications);
        HeldNotifications {
            driver: Arc::clone(&self.driver),
        }
    }
}

impl Builder {
    /// Builds the subsystem. Its library is not initialised yet.
    ///
    /// # Errors
    /// - those of [`Memory::create_profile`].
    /// - MAPI_E_INVALID_PARAMETER: an installed service has stores that no profile can have, or a property
    ///   that no section can have; or a store outside the profiles is described as the default, the primary
    ///   or the secondary one.
    /// - MAPI_E_NOT_FOUND: a default service is not installed.
    pub fn build(mut self) -> Result<Memory, Error> {
        let checked = self.check_services();
        checked.map_err(|failure| Error::new(Call::SERVICE_ADMIN_CREATE_MSG_SERVICE, failure))?;
        let checked = describe::check_stores_outside(&self.stores);
        checked.map_err(|failure| Error::new(Call::SESSION_OPEN_MSG_STORE, failure))?;
        let (profiles, answers) = (take(&mut self.profiles), take(&mut self.answers));
        let outside = take(&mut self.stores);
        let mut state = State::new(self);
        let mut profiles = profiles.iter();
        profiles.try_for_each(|profile| state.create_described(profile))?;
        outside.into_iter().for_each(|it| state.add_outside(it));
        let user = User::default();
        answers.into_iter().for_each(|answer| user.answer(answer));
        Ok(Memory {
            driver: Arc::new(Driver::new(state, user)),
        })
    }

    fn check_services(&self) -> error::Result<()> {
        self.installed.iter().try_for_each(Service::check)?;
        self.default_services.iter().try_for_each(|name| {
            match self.installed.iter().any(|it| it.name == *name) {
                true => Ok(()),
                false => Err(Refusal::DefaultNotInstalled(quoted(name)).into()),
            }
        })
    }
}

/// An empty subsystem: no profiles, no limits, a user who cancels.
impl Default for Memory {
    fn default() -> Self {
        Self {
            driver: Arc::new(Driver::new(State::default(), User::default())),
        }
    }
}

/// A guard that [holds notifications back](Memory::hold_notifications) until it is dropped.
#[must_use = "dropping it lets the notifications go"]
pub struct HeldNotifications {
    driver: Arc<Driver>,
}

impl Drop for HeldNotifications {
    fn drop(&mut self) {
        self.driver.let_notifications_go();
    }
}

/// What shows nothing but its name: what is behind it has a lock, or is code.
macro_rules! shown_by_name {
    ($($type:ty: $name:literal;)*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($name)
            }
        }
    )*};
}

shown_by_name! {
    Memory: "Memory";
    HeldNotifications: "HeldNotifications";
    User: "User";
    provider::Hook: "Hook";
}

impl Subsystem for Memory {
    type Session = MemorySession;
    type ProfileAdmin = MemoryProfileAdmin;

    fn initialize(&self, version: u32, flags: u32) -> RawResult<()> {
        State::check_init(version, flags)?;
        let flags = InitFlags::from(flags);
        let asks = flags.contains(InitFlags::MULTITHREAD_NOTIFICATIONS);
        let notifier = asks.then(Notifier::start).transpose();
        let notifier = notifier.map_err(|error| Refusal::NoThread(error.to_string().into()))?;
        // One that is not needed goes outside of the lock.
        let is_service = flags.contains(InitFlags::NT_SERVICE);
        let unused = self
            .driver
            .look(|state| state.initialize(is_service, notifier));
        drop(unused);
        Ok(Success::new(()))
    }

    fn uninitialize(&self) {
        let over = self.driver.look(State::uninitialize);
        drop(over);
    }

    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<MemorySession> {
        let (parent, flags) = (ui_param, LogonFlags::from(flags));
        let call = LogonCall {
            profile: profile_name.unwrap_or_default(),
            password,
            how: How { parent, flags },
        };
        let client = self.driver.run(|state| state.logon(&call))?;
        let session = MemorySession::new(Arc::clone(&self.driver), client);
        trace!(DEBUG, ?session, ?flags, "logged on");
        Ok(Success::new(session))
    }

    fn admin_profiles(&self, flags: u32) -> RawResult<MemoryProfileAdmin> {
        let admin = self.driver.look(|state| state.admin_profiles(flags))?;
        Ok(Success::new(MemoryProfileAdmin::new(&self.driver, admin)))
    }

    fn has_profile(&self, name: &str) -> Option<bool> {
        Some(self.driver.look(|state| state.has_profile(name)))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}
