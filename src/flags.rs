//! The flags of MAPI's calls. Each bit's C name is an alias of its constant.
//!
//! Bits that have no name here are kept when converting from and to `u32`. The types do not refuse
//! them; the subsystem does, with MAPI_E_UNKNOWN_FLAGS.

use bitflags::bitflags;

/// `u32` in and out, unknown bits kept.
macro_rules! words {
    ($($word:ident)*) => {$(
        impl From<u32> for $word {
            fn from(bits: u32) -> Self {
                Self::from_bits_retain(bits)
            }
        }

        impl From<$word> for u32 {
            fn from(flags: $word) -> Self {
                flags.bits()
            }
        }
    )*};
}

words! {
    InitFlags LogonFlags LogoffFlags OpenStoreFlags OpenEntryFlags AddressBookFlags
    ProfileSectionFlags ShowFormFlags StoreLogoffFlags EventMask ProfileFlags MsgServiceFlags
    ResourceFlags ResourceMethods ServiceFlags StatusCode ValidateFlags SettingsFlags FlushFlags
    FuzzyLevel ObjectAccess StoreSupportMask ReadFlags MessageFlags
}

bitflags! {
    /// How the library is initialised: the flags of MAPIInitialize.
    ///
    /// [MAPIINIT_0](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiinit_0) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "MAPIINIT_0")]
    #[doc(alias = "MAPIINIT")]
    pub struct InitFlags: u32 {
        /// Notifications arrive on a thread of their own, not on the one that first initialised the
        /// library.
        #[doc(alias = "MAPI_MULTITHREAD_NOTIFICATIONS")]
        const MULTITHREAD_NOTIFICATIONS = 0x0000_0001;
        /// COM is initialised already, so MAPI does not do it.
        #[doc(alias = "MAPI_NO_COINIT")]
        const NO_COINIT = 0x0000_0008;
        /// The caller runs as a Windows service.
        #[doc(alias = "MAPI_NT_SERVICE")]
        const NT_SERVICE = 0x0001_0000;
    }
}

bitflags! {
    /// How a client logs on: the flags of MAPILogonEx.
    ///
    /// [`MAPILogonEx`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapilogonex) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct LogonFlags: u32 {
        /// Asks the user for a profile if none can be found otherwise; also if the named one does not
        /// exist, which is our reading (rule L2).
        #[doc(alias = "MAPI_LOGON_UI")]
        const LOGON_UI = 0x0000_0001;
        /// Opens a new session. Without it, the logon joins a shared session if there is one, of whatever
        /// profile.
        #[doc(alias = "MAPI_NEW_SESSION")]
        const NEW_SESSION = 0x0000_0002;
        /// Offers the user "app" profiles too.
        #[doc(alias = "MAPI_APP_PROFILE")]
        const APP_PROFILE = 0x0000_0004;
        /// Shares the new session: clients that do not ask for a new one join it.
        #[doc(alias = "MAPI_ALLOW_OTHERS")]
        const ALLOW_OTHERS = 0x0000_0008;
        /// An empty name does not stand for the default profile, unless
        /// [`USE_DEFAULT`](Self::USE_DEFAULT) says so.
        #[doc(alias = "MAPI_EXPLICIT_PROFILE")]
        const EXPLICIT_PROFILE = 0x0000_0010;
        /// Logs on with extended capabilities. The reference says to set it always.
        #[doc(alias = "MAPI_EXTENDED")]
        const EXTENDED = 0x0000_0020;
        /// Uses the default profile if none is named.
        #[doc(alias = "MAPI_USE_DEFAULT")]
        const USE_DEFAULT = 0x0000_0040;
        /// Downloads all messages before the logon returns.
        #[doc(alias = "MAPI_FORCE_DOWNLOAD")]
        const FORCE_DOWNLOAD = 0x0000_1000;
        /// Lets each message service show its configuration before any of them is logged on.
        #[doc(alias = "MAPI_SERVICE_UI_ALWAYS")]
        const SERVICE_UI_ALWAYS = 0x0000_2000;
        /// Sends and receives no mail in this session: the spooler does not know of it. For services, and
        /// for every other client that runs unattended.
        #[doc(alias = "MAPI_NO_MAIL")]
        const NO_MAIL = 0x0000_8000;
        /// The caller runs as a Windows service. Goes with [`NO_MAIL`](Self::NO_MAIL).
        #[doc(alias = "MAPI_NT_SERVICE")]
        const NT_SERVICE = 0x0001_0000;
        /// Asks the user for a missing password. The page of MAPILogonEx does not have it; that it excludes
        /// [`LOGON_UI`](Self::LOGON_UI) is our reading.
        #[doc(alias = "MAPI_PASSWORD_UI")]
        const PASSWORD_UI = 0x0002_0000;
        /// Fails with MAPI_E_TIMEOUT if another logon takes longer than a few seconds, rather than wait for
        /// its end.
        #[doc(alias = "MAPI_TIMEOUT_SHORT")]
        const TIMEOUT_SHORT = 0x0010_0000;
        /// The session works in the background.
        #[doc(alias = "MAPI_BG_SESSION")]
        const BG_SESSION = 0x0020_0000;
        /// Strings are Unicode.
        #[doc(alias = "MAPI_UNICODE")]
        const UNICODE = 0x8000_0000;
    }
}

bitflags! {
    /// How a session is logged off: `ulFlags` of `IMAPISession::Logoff`.
    ///
    /// Nearly every program passes none:
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi};
    /// # let memory = Memory::builder().profile(Profile::new("Work")).build()?;
    /// # let session = Mapi::initialize(memory)?.logon(&LogonRequest::new_session("Work"))?;
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// [`IMAPISession::Logoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-logoff)
    /// in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct LogoffFlags: u32 {
        /// Notify all other clients that logged on by using the shared session that it is being logged off. They
        /// should log off too. Any client of the shared session can set it; on a session that is not shared it is
        /// ignored.
        ///
        /// **Do not pass it to Outlook.** Since the fast shutdown of Outlook 2007 SP2, and in Outlook 2010 and 2013,
        /// it makes all MAPI clients begin to shut down, and unexpected behavior follows. The page contradicts
        /// itself: it describes the flag like any other, and a note on it says that clients should never pass it.
        /// A logoff with it is a warning of `tracing`.
        ///
        /// That nobody can join the session any more is our reading; the page is silent.
        #[doc(alias = "MAPI_LOGOFF_SHARED")]
        const SHARED = 0x0000_0001;
        /// Logoff can display a dialog box, for example to ask the user for confirmation. Its parent window is
        /// `ulUIParam`: see [`Session::logoff_with_ui`](crate::Session::logoff_with_ui). A user who cancels keeps the
        /// session. So does the user of a MAPI in memory who was given no
        /// [answer](crate::memory::Memory::user).
        #[doc(alias = "MAPI_LOGOFF_UI")]
        const UI = 0x0000_0002;
    }
}

bitflags! {
    /// How a message store is opened: the flags of IMAPISession::OpenMsgStore.
    ///
    /// [`IMAPISession::OpenMsgStore`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openmsgstore) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct OpenStoreFlags: u32 {
        /// Shows no dialog. If the provider needs one, the call fails.
        #[doc(alias = "MDB_NO_DIALOG")]
        const NO_DIALOG = 0x0000_0001;
        /// Opens it for reading and writing. If the store can only be read, that is MAPI_E_NO_ACCESS, which
        /// is our reading; the page also allows it to open for reading.
        #[doc(alias = "MDB_WRITE")]
        const WRITE = 0x0000_0004;
        /// Lets the call succeed before the store is open; errors then come at the first use.
        #[doc(alias = "MAPI_DEFERRED_ERRORS")]
        const DEFERRED_ERRORS = 0x0000_0008;
        /// Opens it with as much access as the client can have.
        #[doc(alias = "MAPI_BEST_ACCESS")]
        const BEST_ACCESS = 0x0000_0010;
        /// The store is not permanent and stays out of the table of stores.
        #[doc(alias = "MDB_TEMPORARY")]
        const TEMPORARY = 0x0000_0020;
        /// The store is not used for mail; the spooler is not told of it.
        #[doc(alias = "MDB_NO_MAIL")]
        const NO_MAIL = 0x0000_0080;
        /// Opens the store on the server, not its cached copy.
        #[doc(alias = "MDB_ONLINE")]
        const ONLINE = 0x0000_0100;
    }
}

bitflags! {
    /// How an object is opened: the flags of OpenEntry. The page also names MAPI_CACHE_OK, for which
    /// no header has a number.
    ///
    /// [`IMAPISession::OpenEntry`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openentry) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct OpenEntryFlags: u32 {
        /// Opens it for reading and writing. Without this and [`BEST_ACCESS`](Self::BEST_ACCESS), it opens
        /// for reading.
        #[doc(alias = "MAPI_MODIFY")]
        const MODIFY = 0x0000_0001;
        /// Opens soft-deleted objects too.
        const SHOW_SOFT_DELETES = 0x0000_0002;
        /// Lets the call succeed before the object is open; errors then come at the first use.
        #[doc(alias = "MAPI_DEFERRED_ERRORS")]
        const DEFERRED_ERRORS = 0x0000_0008;
        /// Opens it with whatever access the user has: for writing if that is allowed, else for reading.
        #[doc(alias = "MAPI_BEST_ACCESS")]
        const BEST_ACCESS = 0x0000_0010;
        /// Does not use the offline address book.
        #[doc(alias = "MAPI_NO_CACHE")]
        const NO_CACHE = 0x0000_0200;
        /// Uses only the offline address book.
        #[doc(alias = "MAPI_CACHE_ONLY")]
        const CACHE_ONLY = 0x0000_4000;
    }
}

bitflags! {
    /// How the address book is opened: the flags of OpenAddressBook.
    ///
    /// [`IMAPISession::OpenAddressBook`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openaddressbook) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct AddressBookFlags: u32 {
        /// Lets no provider ask the user.
        #[doc(alias = "AB_NO_DIALOG")]
        const NO_DIALOG = 0x0000_0001;
    }
}

bitflags! {
    /// How a profile section is opened: the flags of OpenProfileSection.
    ///
    /// [`IMAPISession::OpenProfileSection`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openprofilesection) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ProfileSectionFlags: u32 {
        /// Opens it for reading and writing, and creates a section that does not exist.
        #[doc(alias = "MAPI_MODIFY")]
        const MODIFY = 0x0000_0001;
        /// Lets the call succeed before the section is open; errors then come at the first use.
        #[doc(alias = "MAPI_DEFERRED_ERRORS")]
        const DEFERRED_ERRORS = 0x0000_0008;
        /// Opens sections of providers too.
        #[doc(alias = "MAPI_FORCE_ACCESS")]
        const FORCE_ACCESS = 0x0008_0000;
    }
}

bitflags! {
    /// What to do with a form's message: the flags of ShowForm.
    ///
    /// [`IMAPISession::ShowForm`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-showform) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ShowFormFlags: u32 {
        /// Posts it to its folder. Without this it is sent.
        #[doc(alias = "MAPI_POST_MESSAGE")]
        const POST_MESSAGE = 0x0000_0001;
        /// It has never been saved.
        #[doc(alias = "MAPI_NEW_MESSAGE")]
        const NEW_MESSAGE = 0x0000_0002;
    }
}

bitflags! {
    /// What to do with messages' read flags and with read reports: the flags of SetReadFlags. With
    /// none of them, it marks the messages as read and sends reports.
    ///
    /// [`IMAPIFolder::SetReadFlags`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-setreadflags) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ReadFlags: u32 {
        /// Marks them as read, and sends no reports.
        const SUPPRESS_RECEIPT = 0x0000_0001;
        /// Shows a progress indicator.
        const MESSAGE_DIALOG = 0x0000_0002;
        /// Marks them as unread.
        #[doc(alias = "CLEAR_READ_FLAG")]
        const CLEAR = 0x0000_0004;
        /// The call may return before it is done.
        #[doc(alias = "MAPI_DEFERRED_ERRORS")]
        const DEFERRED_ERRORS = 0x0000_0008;
        /// Sends pending reports, and leaves the read flags as they are.
        const GENERATE_RECEIPT_ONLY = 0x0000_0010;
        /// Discards pending reports that they were read.
        const CLEAR_RN_PENDING = 0x0000_0020;
        /// Discards pending reports that they were not read.
        const CLEAR_NRN_PENDING = 0x0000_0040;
    }
}

bitflags! {
    /// The state of a message: the bits of PR_MESSAGE_FLAGS.
    ///
    /// ```
    /// use mapi_session::flags::MessageFlags;
    /// use mapi_session::property::PropTag;
    /// use mapi_session::table::Restriction;
    ///
    /// let unread = Restriction::has_none_of(PropTag::MESSAGE_FLAGS, MessageFlags::READ.bits());
    /// ```
    ///
    /// [`PR_MESSAGE_FLAGS`](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagmessageflags-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "PR_MESSAGE_FLAGS")]
    pub struct MessageFlags: u32 {
        /// It has been read.
        #[doc(alias = "MSGFLAG_READ")]
        const READ = 0x0000_0001;
        /// It has not been changed since it was first saved or delivered.
        #[doc(alias = "MSGFLAG_UNMODIFIED")]
        const UNMODIFIED = 0x0000_0002;
        /// It has been submitted.
        #[doc(alias = "MSGFLAG_SUBMIT")]
        const SUBMIT = 0x0000_0004;
        /// It is a draft.
        #[doc(alias = "MSGFLAG_UNSENT")]
        const UNSENT = 0x0000_0008;
        /// It has attachments.
        #[doc(alias = "MSGFLAG_HASATTACH")]
        const HAS_ATTACHMENT = 0x0000_0010;
        /// It was sent by the user who has received it.
        #[doc(alias = "MSGFLAG_FROMME")]
        const FROM_ME = 0x0000_0020;
        /// It is an associated message of its folder.
        #[doc(alias = "MSGFLAG_ASSOCIATED")]
        const ASSOCIATED = 0x0000_0040;
        /// Sending it failed, and it can be sent again.
        #[doc(alias = "MSGFLAG_RESEND")]
        const RESEND = 0x0000_0080;
        /// A report that it was read is pending.
        #[doc(alias = "MSGFLAG_RN_PENDING")]
        const RN_PENDING = 0x0000_0100;
        /// A report that it was not read is pending.
        #[doc(alias = "MSGFLAG_NRN_PENDING")]
        const NRN_PENDING = 0x0000_0200;
    }
}

bitflags! {
    /// How to log off a store, and what still goes on in it: the flags of StoreLogoff, in and out.
    /// Pass exactly one of the first five in.
    ///
    /// [`IMsgStore::StoreLogoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-storelogoff) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct StoreLogoffFlags: u32 {
        /// Does not wait; mail that is ready to be sent is sent afterwards.
        #[doc(alias = "LOGOFF_NO_WAIT")]
        const NO_WAIT = 0x0000_0001;
        /// Waits for the message that is being sent, and sends no further one.
        #[doc(alias = "LOGOFF_ORDERLY")]
        const ORDERLY = 0x0000_0002;
        /// Like [`NO_WAIT`](Self::NO_WAIT), and flushes the transports' queues before the call returns.
        #[doc(alias = "LOGOFF_PURGE")]
        const PURGE = 0x0000_0004;
        /// Does not log off while a transport is active.
        #[doc(alias = "LOGOFF_ABORT")]
        const ABORT = 0x0000_0008;
        /// Does not log off while a transport is active.
        #[doc(alias = "LOGOFF_QUIET")]
        const QUIET = 0x0000_0010;
        /// Out: the store is logged off.
        #[doc(alias = "LOGOFF_COMPLETE")]
        const COMPLETE = 0x0001_0000;
        /// Out: messages are arriving.
        #[doc(alias = "LOGOFF_INBOUND")]
        const INBOUND = 0x0002_0000;
        /// Out: messages are being sent.
        #[doc(alias = "LOGOFF_OUTBOUND")]
        const OUTBOUND = 0x0004_0000;
        /// Out: messages wait in the outgoing queue.
        #[doc(alias = "LOGOFF_OUTBOUND_QUEUE")]
        const OUTBOUND_QUEUE = 0x0008_0000;
    }
}

bitflags! {
    /// The kinds of events that a registration asks for.
    ///
    /// ```
    /// # use mapi_session::{EventMask, LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let mask = EventMask::NEW_MAIL | EventMask::OBJECT_MODIFIED;
    /// let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let registration = store.advise(None, mask, |event| println!("{event:?}"))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// [`IMAPISession::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-advise) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "ulEventMask")]
    pub struct EventMask: u32 {
        /// A severe error, such as the end of the session.
        #[doc(alias = "fnevCriticalError")]
        const CRITICAL_ERROR = 0x0000_0001;
        /// A message has arrived.
        #[doc(alias = "fnevNewMail")]
        const NEW_MAIL = 0x0000_0002;
        /// An object was created.
        #[doc(alias = "fnevObjectCreated")]
        const OBJECT_CREATED = 0x0000_0004;
        /// An object was deleted.
        #[doc(alias = "fnevObjectDeleted")]
        const OBJECT_DELETED = 0x0000_0008;
        /// An object was changed.
        #[doc(alias = "fnevObjectModified")]
        const OBJECT_MODIFIED = 0x0000_0010;
        /// An object was moved.
        #[doc(alias = "fnevObjectMoved")]
        const OBJECT_MOVED = 0x0000_0020;
        /// An object was copied.
        #[doc(alias = "fnevObjectCopied")]
        const OBJECT_COPIED = 0x0000_0040;
        /// A search has ended.
        #[doc(alias = "fnevSearchComplete")]
        const SEARCH_COMPLETE = 0x0000_0080;
        /// A table has changed.
        #[doc(alias = "fnevTableModified")]
        const TABLE_MODIFIED = 0x0000_0100;
        /// A status object has changed. It is for MAPI itself: no client can register for it, says the
        /// [page](https://learn.microsoft.com/office/client-developer/outlook/mapi/status_object_notification).
        #[doc(alias = "fnevStatusObjectModified")]
        const STATUS_OBJECT_MODIFIED = 0x0000_0200;
        /// A store asks for an object to be indexed. It is defined by the
        /// [constants](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapi-constants),
        /// not by the page of Advise.
        #[doc(alias = "fnevIndexing")]
        const INDEXING = 0x0001_0000;
        /// For MAPI itself.
        #[doc(alias = "fnevReservedForMapi")]
        const RESERVED_FOR_MAPI = 0x4000_0000;
        /// An event that a provider defines; on a session, that another client has logged off.
        #[doc(alias = "fnevExtended")]
        const EXTENDED = 0x8000_0000;
    }
}

impl EventMask {
    /// The nine kinds of events that a client can ask for, of an object of a store or the address
    /// book.
    ///
    /// [`IMAPISession::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-advise) in the MAPI reference.
    pub const OF_OBJECTS: Self = Self::CRITICAL_ERROR
        .union(Self::EXTENDED)
        .union(Self::NEW_MAIL)
        .union(Self::OBJECT_CREATED)
        .union(Self::OBJECT_COPIED)
        .union(Self::OBJECT_DELETED)
        .union(Self::OBJECT_MODIFIED)
        .union(Self::OBJECT_MOVED)
        .union(Self::SEARCH_COMPLETE);
}

bitflags! {
    /// The flags of IProfAdmin's methods. Each method defines some of them.
    ///
    /// [`IProfAdmin::CreateProfile`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-createprofile) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ProfileFlags: u32 {
        /// Creates a profile with the default message services of MAPISVC.INF.
        #[doc(alias = "MAPI_DEFAULT_SERVICES")]
        const DEFAULT_SERVICES = 0x0000_0001;
        /// Includes "app" profiles: they are listed, and can be deleted, copied and renamed. A profile that
        /// is created with it is one.
        #[doc(alias = "MAPI_APP_PROFILE")]
        const APP_PROFILE = 0x0000_0004;
        /// Lets the call ask the user.
        #[doc(alias = "MAPI_DIALOG")]
        const DIALOG = 0x0000_0008;
    }
}

bitflags! {
    /// How a message service is created or configured: the flags of IMsgServiceAdmin's methods.
    ///
    /// [`IMsgServiceAdmin::ConfigureMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-configuremsgservice) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct MsgServiceFlags: u32 {
        /// Always shows the configuration to the user.
        #[doc(alias = "SERVICE_UI_ALWAYS")]
        const UI_ALWAYS = 0x0000_0002;
        /// Shows the configuration, but the user cannot change it.
        #[doc(alias = "MSG_SERVICE_UI_READ_ONLY")]
        const UI_READ_ONLY = 0x0000_0008;
        /// Shows the configuration to the user if the service lacks some of it.
        #[doc(alias = "SERVICE_UI_ALLOWED")]
        const UI_ALLOWED = 0x0000_0010;
        /// Creates a service without telling the user that Outlook has to be restarted.
        #[doc(alias = "SERVICE_NO_RESTART_WARNING")]
        const NO_RESTART_WARNING = 0x0000_0080;
    }
}

bitflags! {
    /// The flags of a resource in a table: PR_RESOURCE_FLAGS.
    ///
    /// [PidTagResourceFlags Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagresourceflags-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "PR_RESOURCE_FLAGS")]
    pub struct ResourceFlags: u32 {
        /// The transport's identity goes out with messages, if there are several of its kind.
        #[doc(alias = "STATUS_DEFAULT_OUTBOUND")]
        const DEFAULT_OUTBOUND = 0x0000_0001;
        /// The store is the profile's default one.
        #[doc(alias = "STATUS_DEFAULT_STORE")]
        const DEFAULT_STORE = 0x0000_0002;
        /// The provider gives the session its primary identity.
        #[doc(alias = "STATUS_PRIMARY_IDENTITY")]
        const PRIMARY_IDENTITY = 0x0000_0004;
        /// The store is the one of Simple MAPI.
        #[doc(alias = "STATUS_SIMPLE_STORE")]
        const SIMPLE_STORE = 0x0000_0008;
        /// The transport wants to be the last to be asked to send a message.
        #[doc(alias = "STATUS_XP_PREFER_LAST")]
        const XP_PREFER_LAST = 0x0000_0010;
        /// The provider has no identity to give.
        #[doc(alias = "STATUS_NO_PRIMARY_IDENTITY")]
        const NO_PRIMARY_IDENTITY = 0x0000_0020;
        /// The store cannot become the default one.
        #[doc(alias = "STATUS_NO_DEFAULT_STORE")]
        const NO_DEFAULT_STORE = 0x0000_0040;
        /// The store is not in the store table.
        #[doc(alias = "STATUS_TEMP_SECTION")]
        const TEMP_SECTION = 0x0000_0080;
        /// The transport has a store of its own.
        #[doc(alias = "STATUS_OWN_STORE")]
        const OWN_STORE = 0x0000_0100;
        /// The spooler hook processes messages that arrive.
        const HOOK_INBOUND = 0x0000_0200;
        /// The spooler hook processes messages that are sent.
        const HOOK_OUTBOUND = 0x0000_0400;
        /// The store's standard folders are not verified yet.
        #[doc(alias = "STATUS_NEED_IPM_TREE")]
        const NEED_IPM_TREE = 0x0000_0800;
        /// The store to use when a client logs on.
        #[doc(alias = "STATUS_PRIMARY_STORE")]
        const PRIMARY_STORE = 0x0000_1000;
        /// The store to use when the primary one cannot be opened.
        #[doc(alias = "STATUS_SECONDARY_STORE")]
        const SECONDARY_STORE = 0x0000_2000;
    }
}

bitflags! {
    /// Which methods of IMAPIStatus a status object supports: PR_RESOURCE_METHODS. A client must not
    /// call others.
    ///
    /// [PidTagResourceMethods Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagresourcemethods-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "PR_RESOURCE_METHODS")]
    pub struct ResourceMethods: u32 {
        /// ValidateState: checks that the resource works.
        #[doc(alias = "STATUS_VALIDATE_STATE")]
        const VALIDATE_STATE = 0x0000_0001;
        /// SettingsDialog: shows the resource's configuration.
        #[doc(alias = "STATUS_SETTINGS_DIALOG")]
        const SETTINGS_DIALOG = 0x0000_0002;
        /// ChangePassword: gives the resource another password.
        #[doc(alias = "STATUS_CHANGE_PASSWORD")]
        const CHANGE_PASSWORD = 0x0000_0004;
        /// FlushQueues: sends and receives waiting mail at once.
        #[doc(alias = "STATUS_FLUSH_QUEUES")]
        const FLUSH_QUEUES = 0x0000_0008;
    }
}

bitflags! {
    /// The flags of a service in the message service table: PR_RESOURCE_FLAGS.
    ///
    /// [PidTagResourceFlags Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagresourceflags-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ServiceFlags: u32 {
        /// The service has the default store.
        #[doc(alias = "SERVICE_DEFAULT_STORE")]
        const DEFAULT_STORE = 0x0000_0001;
        /// A profile can have the service only once.
        #[doc(alias = "SERVICE_SINGLE_COPY")]
        const SINGLE_COPY = 0x0000_0002;
        /// Reserved: not to be used.
        #[doc(alias = "SERVICE_CREATE_WITH_STORE")]
        const CREATE_WITH_STORE = 0x0000_0004;
        /// The service gives the session its primary identity.
        #[doc(alias = "SERVICE_PRIMARY_IDENTITY")]
        const PRIMARY_IDENTITY = 0x0000_0008;
        /// The service does not give the session its primary identity.
        #[doc(alias = "SERVICE_NO_PRIMARY_IDENTITY")]
        const NO_PRIMARY_IDENTITY = 0x0000_0020;
    }
}

bitflags! {
    /// The state of a resource of the session: PR_STATUS_CODE. The first three bits are for every
    /// resource, the others for transports.
    ///
    /// [PidTagStatusCode Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagstatuscode-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "PR_STATUS_CODE")]
    pub struct StatusCode: u32 {
        /// It works.
        #[doc(alias = "STATUS_AVAILABLE")]
        const AVAILABLE = 0x0000_0001;
        /// It is offline: only local data is available.
        #[doc(alias = "STATUS_OFFLINE")]
        const OFFLINE = 0x0000_0002;
        /// It has a problem.
        #[doc(alias = "STATUS_FAILURE")]
        const FAILURE = 0x0000_0004;
        /// The transport can receive messages.
        #[doc(alias = "STATUS_INBOUND_ENABLED")]
        const INBOUND_ENABLED = 0x0001_0000;
        /// The transport is receiving a message.
        #[doc(alias = "STATUS_INBOUND_ACTIVE")]
        const INBOUND_ACTIVE = 0x0002_0000;
        /// The transport is downloading the messages that wait for this session.
        #[doc(alias = "STATUS_INBOUND_FLUSH")]
        const INBOUND_FLUSH = 0x0004_0000;
        /// The transport can send messages.
        #[doc(alias = "STATUS_OUTBOUND_ENABLED")]
        const OUTBOUND_ENABLED = 0x0010_0000;
        /// The transport is taking over a message to send.
        #[doc(alias = "STATUS_OUTBOUND_ACTIVE")]
        const OUTBOUND_ACTIVE = 0x0020_0000;
        /// The transport is uploading the messages of its outgoing queue.
        #[doc(alias = "STATUS_OUTBOUND_FLUSH")]
        const OUTBOUND_FLUSH = 0x0040_0000;
        /// The transport can be used remotely, by a remote viewer.
        #[doc(alias = "STATUS_REMOTE_ACCESS")]
        const REMOTE_ACCESS = 0x0080_0000;
    }
}

bitflags! {
    /// How to check the state of a resource: the flags of IMAPIStatus::ValidateState. All but
    /// [`SUPPRESS_UI`](Self::SUPPRESS_UI) and [`CONFIG_CHANGED`](Self::CONFIG_CHANGED) are for remote
    /// transports.
    ///
    /// [`IMAPIStatus::ValidateState`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-validatestate) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ValidateFlags: u32 {
        /// Shows no dialog or progress indicator.
        const SUPPRESS_UI = 0x0000_0001;
        /// Downloads the message headers anew.
        #[doc(alias = "REFRESH_XP_HEADER_CACHE")]
        const REFRESH_HEADERS = 0x0001_0000;
        /// Downloads and deletes the messages that are marked for it.
        #[doc(alias = "PROCESS_XP_HEADER_CACHE")]
        const PROCESS_HEADERS = 0x0002_0000;
        /// Connects.
        #[doc(alias = "FORCE_XP_CONNECT")]
        const CONNECT = 0x0004_0000;
        /// Disconnects.
        #[doc(alias = "FORCE_XP_DISCONNECT")]
        const DISCONNECT = 0x0008_0000;
        /// The configuration has changed.
        const CONFIG_CHANGED = 0x0010_0000;
        /// The user has cancelled what goes on.
        #[doc(alias = "ABORT_XP_HEADER_OPERATION")]
        const ABORT = 0x0020_0000;
        /// Shows the transport's own dialogs.
        #[doc(alias = "SHOW_XP_SESSION_UI")]
        const SHOW_UI = 0x0040_0000;
    }
}

bitflags! {
    /// How to show a provider's configuration: the flags of IMAPIStatus::SettingsDialog.
    ///
    /// [`IMAPIStatus::SettingsDialog`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-settingsdialog) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct SettingsFlags: u32 {
        /// The user should not be able to change anything. A provider may ignore it.
        #[doc(alias = "UI_READONLY")]
        const READ_ONLY = 0x0000_0001;
    }
}

bitflags! {
    /// Which queues to flush, and how: the flags of IMAPIStatus::FlushQueues.
    ///
    /// [`IMAPIStatus::FlushQueues`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-flushqueues) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct FlushFlags: u32 {
        /// Sends waiting mail.
        #[doc(alias = "FLUSH_UPLOAD")]
        const UPLOAD = 0x0000_0002;
        /// Receives waiting mail.
        #[doc(alias = "FLUSH_DOWNLOAD")]
        const DOWNLOAD = 0x0000_0004;
        /// Flushes even if it costs speed. An asynchronous transport needs it.
        #[doc(alias = "FLUSH_FORCE")]
        const FORCE = 0x0000_0008;
        /// Shows no progress indicator.
        #[doc(alias = "FLUSH_NO_UI")]
        const NO_UI = 0x0000_0010;
        /// Lets the call return before the queues are empty. Only the spooler does that.
        #[doc(alias = "FLUSH_ASYNC_OK")]
        const ASYNC_OK = 0x0000_0020;
    }
}

bitflags! {
    /// How a [restriction](crate::table::Restriction) looks for a text, or for bytes: anywhere, at the
    /// start, or with neither of these flags as the whole value (FL_FULLSTRING).
    ///
    /// [`SContentRestriction`](https://learn.microsoft.com/office/client-developer/outlook/mapi/scontentrestriction)
    /// in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "ulFuzzyLevel")]
    #[doc(alias = "FL_FULLSTRING")]
    pub struct FuzzyLevel: u32 {
        /// Looks anywhere in the value. Excludes [`PREFIX`](Self::PREFIX).
        #[doc(alias = "FL_SUBSTRING")]
        const SUBSTRING = 0x0000_0001;
        /// Looks at the start of the value.
        #[doc(alias = "FL_PREFIX")]
        const PREFIX = 0x0000_0002;
        /// Ignores case.
        #[doc(alias = "FL_IGNORECASE")]
        const IGNORE_CASE = 0x0001_0000;
        /// Ignores diacritical marks. A provider need not support it, and the in-memory one does not.
        #[doc(alias = "FL_IGNORENONSPACE")]
        const IGNORE_NON_SPACE = 0x0002_0000;
        /// Matches loosely, as the provider understands it. The in-memory one ignores case.
        #[doc(alias = "FL_LOOSE")]
        const LOOSE = 0x0004_0000;
    }
}

bitflags! {
    /// What the user may do with a folder or a message: PR_ACCESS.
    ///
    /// [PidTagAccess Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagaccess-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "PR_ACCESS")]
    pub struct ObjectAccess: u32 {
        /// Change it.
        #[doc(alias = "MAPI_ACCESS_MODIFY")]
        const MODIFY = 0x0000_0001;
        /// Read it.
        #[doc(alias = "MAPI_ACCESS_READ")]
        const READ = 0x0000_0002;
        /// Delete it.
        #[doc(alias = "MAPI_ACCESS_DELETE")]
        const DELETE = 0x0000_0004;
        /// Create folders in it.
        #[doc(alias = "MAPI_ACCESS_CREATE_HIERARCHY")]
        const CREATE_HIERARCHY = 0x0000_0008;
        /// Create messages in it.
        #[doc(alias = "MAPI_ACCESS_CREATE_CONTENTS")]
        const CREATE_CONTENTS = 0x0000_0010;
        /// Create associated messages in it.
        #[doc(alias = "MAPI_ACCESS_CREATE_ASSOCIATED")]
        const CREATE_ASSOCIATED = 0x0000_0020;
    }
}

bitflags! {
    /// What a message store can do: PR_STORE_SUPPORT_MASK.
    ///
    /// [PidTagStoreSupportMask Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagstoresupportmask-canonical-property) in the MAPI reference.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    #[doc(alias = "PR_STORE_SUPPORT_MASK")]
    pub struct StoreSupportMask: u32 {
        /// An entry identifier is never used again for another object.
        #[doc(alias = "STORE_ENTRYID_UNIQUE")]
        const ENTRYID_UNIQUE = 0x0000_0001;
        /// The store is read-only.
        #[doc(alias = "STORE_READONLY")]
        const READONLY = 0x0000_0002;
        /// There are folders that hold the results of a search.
        #[doc(alias = "STORE_SEARCH_OK")]
        const SEARCH_OK = 0x0000_0004;
        /// Messages can be changed.
        #[doc(alias = "STORE_MODIFY_OK")]
        const MODIFY_OK = 0x0000_0008;
        /// Messages can be created.
        #[doc(alias = "STORE_CREATE_OK")]
        const CREATE_OK = 0x0000_0010;
        /// Messages can have attachments.
        #[doc(alias = "STORE_ATTACH_OK")]
        const ATTACH_OK = 0x0000_0020;
        /// Messages can have OLE attachments.
        #[doc(alias = "STORE_OLE_OK")]
        const OLE_OK = 0x0000_0040;
        /// Messages can be sent.
        #[doc(alias = "STORE_SUBMIT_OK")]
        const SUBMIT_OK = 0x0000_0080;
        /// Notifications are sent.
        #[doc(alias = "STORE_NOTIFY_OK")]
        const NOTIFY_OK = 0x0000_0100;
        /// Properties can have several values, which keep their order.
        #[doc(alias = "STORE_MV_PROPS_OK")]
        const MV_PROPS_OK = 0x0000_0200;
        /// Tables can be grouped by category.
        #[doc(alias = "STORE_CATEGORIZE_OK")]
        const CATEGORIZE_OK = 0x0000_0400;
        /// Messages can be in RTF, and the store keeps their plain text in step with it.
        #[doc(alias = "STORE_RTF_OK")]
        const RTF_OK = 0x0000_0800;
        /// Tables can be restricted.
        #[doc(alias = "STORE_RESTRICTION_OK")]
        const RESTRICTION_OK = 0x0000_1000;
        /// Tables can be sorted.
        #[doc(alias = "STORE_SORT_OK")]
        const SORT_OK = 0x0000_2000;
        /// The folders are public: they are for many users.
        #[doc(alias = "STORE_PUBLIC_FOLDERS")]
        const PUBLIC_FOLDERS = 0x0000_4000;
        /// RTF can be stored uncompressed.
        #[doc(alias = "STORE_UNCOMPRESSED_RTF")]
        const UNCOMPRESSED_RTF = 0x0000_8000;
        /// Messages can be in HTML.
        #[doc(alias = "STORE_HTML_OK")]
        const HTML_OK = 0x0001_0000;
        /// Properties can have 8-bit text.
        #[doc(alias = "STORE_ANSI_OK")]
        const ANSI_OK = 0x0002_0000;
        /// Properties can have Unicode text.
        #[doc(alias = "STORE_UNICODE_OK")]
        const UNICODE_OK = 0x0004_0000;
        /// Reserved: not to be used.
        #[doc(alias = "STORE_LOCALSTORE")]
        const LOCALSTORE = 0x0008_0000;
        /// The store applies rules and the spam filter to new messages itself, so a client should not.
        #[doc(alias = "STORE_ITEMPROC")]
        const ITEMPROC = 0x0020_0000;
        /// The store tells the indexer what to index, by
        /// [notifications](crate::notification::Notification::Indexing), so the indexer need not read the
        /// store.
        #[doc(alias = "STORE_PUSHER_OK")]
        const PUSHER_OK = 0x0080_0000;
        /// The store keeps rules of its own, even if it is not the default store.
        #[doc(alias = "STORE_RULES_OK")]
        const RULES_OK = 0x1000_0000;
    }
}
