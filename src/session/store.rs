//! Message stores: opened, and logged off.

use std::fmt;

use super::folder::PropTable;
use super::open::{RawStore, debug, opened};
use super::props::props;
use super::query::UNICODE;
use super::table::LiveTable;
use super::{Open, SessionRef, plain, split};
use crate::error::{Call, Failure};
use crate::flags::{StoreLogoffFlags, StoreSupportMask};
use crate::property::PropTag;
use crate::subsystem::{RawMsgStore, RawProp as _, RawSession, Subsystem};
use crate::types::{DefaultStore, ObjectInfo};
use crate::{
    Entry, EntryId, Error, Folder, HResult, Live, OpenEntryFlags, OpenStoreFlags, Session, UiParam,
};

impl<B: Subsystem> Session<Live, B> {
    /// Opens a message store.
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`MsgStore::open`].
    ///
    /// A store that the session has open already keeps its access, whatever `flags` ask for: see
    /// [`is_writable`](MsgStore::is_writable).
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let table = session.msg_stores_table()?;
    /// let mailbox = table.rows().iter().find(|row| row.display_name() == "Mailbox").unwrap();
    /// let store = session.open_msg_store(mailbox.entry_id(), OpenStoreFlags::WRITE)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: no store of the profile has this identifier, and no provider knows it.
    /// - MAPI_E_INVALID_ENTRYID: the identifier is shorter than its provider's are.
    /// - MAPI_E_NO_ACCESS: [`OpenStoreFlags::WRITE`] on a store that can only be read.
    /// - MAPI_E_LOGON_FAILED: the provider lacks configuration, and
    ///   [`OpenStoreFlags::NO_DIALOG`] is set; or its message service is disabled.
    /// - MAPI_E_USER_CANCEL: the provider asked the user, who cancelled.
    /// - MAPI_E_FAILONEPROVIDER: [`OpenStoreFlags::ONLINE`] is set while the session has the cached
    ///   store open, or the other way round.
    /// - MAPI_E_NETWORK_ERROR: [`OpenStoreFlags::ONLINE`] of a store that is offline, which is our
    ///   reading.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit; or [`OpenStoreFlags::ONLINE`], and the
    ///   provider does not know it: try again without.
    /// - MAPI_E_UNKNOWN_CPID, MAPI_E_UNKNOWN_LCID: the provider does not know the session's code page or
    ///   locale.
    ///
    /// Most failures of the provider's logon disable its message service for the life of the session
    /// (rule L10).
    ///
    /// With [`OpenStoreFlags::DEFERRED_ERRORS`], errors of the provider may wait for the first use.
    ///
    /// [`IMAPISession::OpenMsgStore`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openmsgstore) in the MAPI reference.
    #[doc(alias = "OpenMsgStore")]
    #[doc(alias = "IMAPISession::OpenMsgStore")]
    #[track_caller]
    pub fn open_msg_store(
        &self,
        entry_id: &EntryId,
        flags: OpenStoreFlags,
    ) -> Result<MsgStore<'_, B>, Error> {
        self.open_msg_store_with_ui(UiParam::NONE, entry_id, flags)
    }

    /// Opens a message store; its provider may ask the user, in a dialog with this parent.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags, UiParam};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let window = UiParam::new(0x1234); // an HWND: the provider may ask for a password
    /// let table = session.msg_stores_table()?;
    /// let id = table.rows()[0].entry_id();
    /// let store = session.open_msg_store_with_ui(window, id, OpenStoreFlags::BEST_ACCESS)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`open_msg_store`](Self::open_msg_store).
    #[track_caller]
    pub fn open_msg_store_with_ui(
        &self,
        parent: UiParam,
        entry_id: &EntryId,
        flags: OpenStoreFlags,
    ) -> Result<MsgStore<'_, B>, Error> {
        MsgStore::open(self, parent, entry_id, flags)
    }

    /// Opens the profile's default store, which it finds in the store table.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let inbox = store.open_receive_folder("IPM.Note")?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the profile has no default store.
    /// - those of [`open_msg_store`](Self::open_msg_store).
    ///
    /// [Opening the default message store](https://learn.microsoft.com/office/client-developer/outlook/mapi/opening-the-default-message-store) in the MAPI reference.
    #[doc(alias = "PR_DEFAULT_STORE")]
    #[track_caller]
    pub fn open_default_store(&self, flags: OpenStoreFlags) -> Result<MsgStore<'_, B>, Error> {
        MsgStore::open_default(self, flags)
    }

    /// Makes a store the default one, in one of five ways. With `None`, no store is the default one.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::types::DefaultStore;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox).store(Store::new("Archive"));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let table = session.msg_stores_table()?;
    /// let archive = table.rows().iter().find(|row| row.display_name() == "Archive").unwrap();
    /// session.set_default_store(DefaultStore::Default, Some(archive.entry_id()))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_INVALID_ENTRYID: the identifier is shorter than its provider's are.
    /// - MAPI_E_NOT_FOUND: no store of the session has this identifier.
    /// - MAPI_E_NO_SUPPORT: a default store has to submit, create and modify messages, and this one
    ///   cannot, or has STATUS_NO_DEFAULT_STORE.
    ///
    /// The codes are our reading; the page has only S_OK.
    ///
    /// [`IMAPISession::SetDefaultStore`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-setdefaultstore) in the MAPI reference.
    #[doc(alias = "SetDefaultStore")]
    #[doc(alias = "IMAPISession::SetDefaultStore")]
    #[track_caller]
    pub fn set_default_store(
        &self,
        which: DefaultStore,
        entry_id: Option<&EntryId>,
    ) -> Result<(), Error> {
        let set = self
            .raw
            .set_default_store(which.raw(), entry_id.map(EntryId::as_bytes));
        plain(Call::SESSION_SET_DEFAULT_STORE, set)
    }
}

/// An open message store. Dropping it releases it, which counts as a
/// [`logoff`](Self::logoff) with [`StoreLogoff::Abort`].
///
/// Opening a store that the session has open already gives the same store, with the same access. What
/// was opened from a store keeps it open. Once all of that is released, the session does not know the
/// store's entries until the store is opened again.
///
/// [`IMsgStore : IMAPIProp`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstoreimapiprop) in the MAPI reference.
#[doc(alias = "IMsgStore")]
#[must_use = "dropping a store releases it"]
#[doc(alias = "LPMDB")]
pub struct MsgStore<'s, B: Subsystem>(pub(super) Open<'s, B, RawStore<B>>);

opened!(MsgStore, RawStore<B>);
props!(MsgStore);

impl<'s, B: Subsystem> MsgStore<'s, B> {
    /// Does the same as [`Session::open_default_store`], from a session that is borrowed or shared.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, MsgStore, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use std::sync::Arc;
    ///
    /// let session = Arc::new(session);
    /// let store = MsgStore::open_default(Arc::clone(&session), OpenStoreFlags::BEST_ACCESS)?;
    /// let mailbox = (session, store); // both in one value
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Session::open_default_store`].
    #[track_caller]
    pub fn open_default(
        session: impl Into<SessionRef<'s, B>>,
        flags: OpenStoreFlags,
    ) -> Result<Self, Error> {
        let session = session.into();
        let stores = session.msg_stores_table()?;
        let Some(row) = stores.default_store() else {
            let failure = Failure::new(HResult::MAPI_E_NOT_FOUND);
            let failure = failure.because("the profile has no default store");
            return Err(Error::new(Call::SESSION_OPEN_MSG_STORE, failure));
        };
        Self::open(session, UiParam::NONE, row.entry_id(), flags)
    }

    /// Does the same as [`Session::open_msg_store_with_ui`], from a session that is borrowed or
    /// shared.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, MsgStore, OpenStoreFlags, UiParam};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use std::sync::Arc;
    ///
    /// let table = session.msg_stores_table()?;
    /// let session = Arc::new(session);
    /// let id = table.rows()[0].entry_id();
    /// let store = MsgStore::open(Arc::clone(&session), UiParam::NONE, id, OpenStoreFlags::BEST_ACCESS)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Session::open_msg_store`].
    #[track_caller]
    pub fn open(
        session: impl Into<SessionRef<'s, B>>,
        parent: UiParam,
        entry_id: &EntryId,
        flags: OpenStoreFlags,
    ) -> Result<Self, Error> {
        let session = session.into();
        let opened = session
            .raw
            .open_msg_store(parent, Some(entry_id.as_bytes()), flags.bits());
        Open::new(session, Call::SESSION_OPEN_MSG_STORE, opened).map(Self)
    }

    /// Reads what is known of the store: its identifier, name and access.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// println!("{:?}", store.info()?);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// If it was opened with [`OpenStoreFlags::DEFERRED_ERRORS`]: the errors that the opening
    /// deferred.
    ///
    /// [`IMAPIProp::GetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops) in the MAPI reference.
    #[doc(alias = "IMAPIProp::GetProps")]
    #[track_caller]
    pub fn info(&self) -> Result<ObjectInfo, Error> {
        plain(Call::PROP_GET_PROPS, self.0.raw.info())
    }

    /// Tells whether the store is open for writing.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// if !store.is_writable()? {
    ///     println!("this store can only be read");
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`info`](Self::info).
    #[doc(alias = "PR_ACCESS_LEVEL")]
    #[track_caller]
    pub fn is_writable(&self) -> Result<bool, Error> {
        Ok(self.info()?.is_writable())
    }

    /// Tells what the store can do, with the access that it is open with.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// println!("{:?}", store.support_mask()?);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`info`](Self::info).
    ///
    /// [PidTagStoreSupportMask Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagstoresupportmask-canonical-property) in the MAPI reference.
    #[doc(alias = "PR_STORE_SUPPORT_MASK")]
    #[track_caller]
    pub fn support_mask(&self) -> Result<StoreSupportMask, Error> {
        plain(Call::PROP_GET_PROPS, self.0.raw.support_mask()).map(StoreSupportMask::from)
    }

    /// Opens the root folder, which holds all other folders. It is its own parent, and its name may be
    /// empty.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let root = store.open_root_folder(OpenEntryFlags::BEST_ACCESS)?;
    /// for row in root.hierarchy_table(&[PropTag::DISPLAY_NAME])?.rows() {
    ///     println!("{}", row?.text(PropTag::DISPLAY_NAME).unwrap_or("?"));
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`open_entry`](Self::open_entry).
    ///
    /// [`IMsgStore::OpenEntry`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-openentry) in the MAPI reference.
    #[doc(alias = "FOLDER_ROOT")]
    #[track_caller]
    pub fn open_root_folder(&self, flags: OpenEntryFlags) -> Result<Folder<'s, B>, Error> {
        self.open_folder(None, flags)
    }

    #[track_caller]
    fn open_folder(
        &self,
        entry_id: Option<&[u8]>,
        flags: OpenEntryFlags,
    ) -> Result<Folder<'s, B>, Error> {
        let folder = self.open_inside(entry_id, flags)?;
        folder.into_folder().map_err(|other| {
            let failure = Failure::new(HResult::MAPI_E_CALL_FAILED).because(format!(
                "the store gave an object of another type, {:?}",
                other.object_type()
            ));
            Error::new(Call::STORE_OPEN_ENTRY, failure)
        })
    }

    /// Opens a folder or a message of this store. It is faster than [`Session::open_entry`], and what
    /// the reference asks for in a public store.
    ///
    /// It borrows the session, not the store; the store may be released first.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::ENTRYID])?;
    /// let row = table.rows().next().unwrap()?;
    /// let id = row.entry_id(PropTag::ENTRYID).unwrap();
    /// let message = store.open_entry(&id, OpenEntryFlags::empty())?.into_message().unwrap();
    /// assert_eq!(message.props(&[PropTag::SUBJECT])?.text(PropTag::SUBJECT), Some("Hello"));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the store has no such object.
    /// - MAPI_E_UNKNOWN_ENTRYID: the identifier is not this store's, or is shorter than its provider's
    ///   are.
    /// - MAPI_E_NO_ACCESS: [`OpenEntryFlags::MODIFY`] on what can only be read, or where the store
    ///   was opened for reading. A provider may open it for reading instead, as
    ///   [`is_writable`](ObjectInfo::is_writable) tells.
    /// - MAPI_E_SUBMITTED: [`OpenEntryFlags::MODIFY`] on a message in the outgoing queue.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// With [`OpenEntryFlags::DEFERRED_ERRORS`], errors of the provider, even that there is no such
    /// object, wait for the first use. An empty identifier stands for the [root
    /// folder](Self::open_root_folder).
    ///
    /// [`IMsgStore::OpenEntry`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-openentry) in the MAPI reference.
    #[doc(alias = "IMsgStore::OpenEntry")]
    #[track_caller]
    pub fn open_entry(
        &self,
        entry_id: &EntryId,
        flags: OpenEntryFlags,
    ) -> Result<Entry<'s, B>, Error> {
        self.open_inside(Some(entry_id.as_bytes()), flags)
    }

    /// Opens the folder in which messages of this class, such as `IPM.Note`, arrive. The empty class
    /// stands for all that have no folder of their own.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let inbox = store.open_receive_folder("IPM.Note")?;
    /// assert_eq!(inbox.props(&[PropTag::DISPLAY_NAME])?.text(PropTag::DISPLAY_NAME), Some("Inbox"));
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: the store has no receive folders.
    /// - MAPI_E_NOT_FOUND: the folder no longer exists.
    ///
    /// [`IMsgStore::GetReceiveFolder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-getreceivefolder) in the MAPI reference.
    #[doc(alias = "GetReceiveFolder")]
    #[doc(alias = "IMsgStore::GetReceiveFolder")]
    #[track_caller]
    pub fn open_receive_folder(&self, message_class: &str) -> Result<Folder<'s, B>, Error> {
        let found = self.0.raw.receive_folder(Some(message_class), UNICODE);
        let (entry_id, _) = plain(Call::STORE_GET_RECEIVE_FOLDER, found)?;
        self.open_folder(Some(entry_id.as_bytes()), OpenEntryFlags::BEST_ACCESS)
    }

    /// Opens the table of the message classes that have a receive folder, with these columns; with the
    /// store's own choice of columns, if there are none.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// for row in store.receive_folder_table(&[PropTag::MESSAGE_CLASS])?.rows() {
    ///     println!("{:?}", row?.text(PropTag::MESSAGE_CLASS));
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: the store has no receive folders.
    ///
    /// [`IMsgStore::GetReceiveFolderTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-getreceivefoldertable) in the MAPI reference.
    #[doc(alias = "GetReceiveFolderTable")]
    #[doc(alias = "IMsgStore::GetReceiveFolderTable")]
    #[track_caller]
    pub fn receive_folder_table(&self, columns: &[PropTag]) -> Result<PropTable<'s, B>, Error> {
        let opened = self.0.raw.receive_folder_table(UNICODE);
        let open = Open::new(
            self.0.session.clone(),
            Call::STORE_GET_RECEIVE_FOLDER_TABLE,
            opened,
        )?;
        LiveTable::with_columns(open, columns)
    }

    #[track_caller]
    fn open_inside(
        &self,
        entry_id: Option<&[u8]>,
        flags: OpenEntryFlags,
    ) -> Result<Entry<'s, B>, Error> {
        let opened = self.0.raw.open_entry(entry_id, flags.bits());
        let ((object_type, raw), warning) = split(Call::STORE_OPEN_ENTRY, opened)?;
        let session = self.0.session.clone();
        Ok(Entry::of_type(
            object_type,
            Open {
                raw,
                session,
                warning,
            },
        ))
    }

    /// Logs the store off. `how` says what becomes of mail that is being sent or received. The flags
    /// that it returns have LOGOFF_COMPLETE, and tell what still goes on.
    ///
    /// It releases the store. What was opened from the store stays open.
    ///
    /// ```
    /// # use mapi_session::{LogoffFlags, LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::session::store::StoreLogoff;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// store.logoff(StoreLogoff::NoWait)?;
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// The error gives the store back:
    /// - MAPI_E_BUSY: a transport is active, and `how` is [`StoreLogoff::Abort`] or
    ///   [`StoreLogoff::Quiet`]. MAPI's call succeeds then, and tells it by its
    ///   [flags](StoreLogoffError::activity).
    /// - Any other: the call failed.
    ///
    /// That LOGOFF_COMPLETE tells the two successes apart is our reading; the flag is in MAPI's
    /// header, not on the page.
    ///
    /// [`IMsgStore::StoreLogoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-storelogoff) in the MAPI reference.
    #[doc(alias = "StoreLogoff")]
    #[doc(alias = "IMsgStore::StoreLogoff")]
    #[track_caller]
    pub fn logoff(self, how: StoreLogoff) -> Result<StoreLogoffFlags, StoreLogoffError<'s, B>> {
        let flags = self.0.raw.store_logoff(how.flags().bits());
        let (error, activity) = match plain(Call::STORE_LOGOFF, flags).map(StoreLogoffFlags::from) {
            Ok(flags) if flags.contains(StoreLogoffFlags::COMPLETE) => return Ok(flags),
            Ok(activity) => (busy(activity), activity),
            Err(error) => (error, StoreLogoffFlags::empty()),
        };
        Err(StoreLogoffError {
            error,
            activity,
            store: self,
        })
    }
}

/// How to log off a store: the flag of StoreLogoff.
///
/// ```
/// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
/// # use mapi_session::memory::{Folder, Memory, Profile, Store};
/// # use mapi_session::session::store::StoreLogoff;
/// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
/// # let profile = Profile::new("Work").default_profile().store(mailbox);
/// # let memory = Memory::builder().profile(profile).build()?;
/// # let mapi = Mapi::initialize(memory)?;
/// # let session = mapi.logon(&LogonRequest::default_profile())?;
/// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
/// store.logoff(StoreLogoff::Orderly)?;
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// [`IMsgStore::StoreLogoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-storelogoff) in the MAPI reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreLogoff {
    /// Does not wait; mail that is ready to be sent is sent afterwards.
    #[doc(alias = "LOGOFF_NO_WAIT")]
    NoWait,
    /// Waits for the message that is being sent, and sends no further one.
    #[doc(alias = "LOGOFF_ORDERLY")]
    Orderly,
    /// Like [`NoWait`](Self::NoWait), and flushes the transports' queues before the call returns.
    #[doc(alias = "LOGOFF_PURGE")]
    Purge,
    /// Does not log off while a transport is active.
    #[doc(alias = "LOGOFF_ABORT")]
    Abort,
    /// Does not log off while a transport is active.
    #[doc(alias = "LOGOFF_QUIET")]
    Quiet,
}

impl StoreLogoff {
    /// The flag.
    #[must_use]
    pub const fn flags(self) -> StoreLogoffFlags {
        match self {
            Self::NoWait => StoreLogoffFlags::NO_WAIT,
            Self::Orderly => StoreLogoffFlags::ORDERLY,
            Self::Purge => StoreLogoffFlags::PURGE,
            Self::Abort => StoreLogoffFlags::ABORT,
            Self::Quiet => StoreLogoffFlags::QUIET,
        }
    }
}

/// A failed logoff of a store, with the store, open as before.
///
/// In a function that returns an [`Error`], `?` calls [`into_error`](Self::into_error), which releases
/// the store. If it returns a boxed error, write `.map_err(StoreLogoffError::into_error)?`.
#[derive(thiserror::Error)]
#[error("{error}")]
#[must_use = "the store is still open"]
pub struct StoreLogoffError<'s, B: Subsystem> {
    error: Error,
    activity: StoreLogoffFlags,
    store: MsgStore<'s, B>,
}

impl<'s, B: Subsystem> StoreLogoffError<'s, B> {
    /// Returns what went wrong: MAPI_E_BUSY if mail is being sent or received, with a reason that says
    /// which.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// The HRESULT of the failure.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        self.error.hresult()
    }

    /// Returns the flags that StoreLogoff gave back: what mail is being sent or received.
    #[must_use]
    pub fn activity(&self) -> StoreLogoffFlags {
        self.activity
    }

    /// Returns the store, open as before.
    pub fn into_inner(self) -> MsgStore<'s, B> {
        self.store
    }

    /// Returns what went wrong, and releases the store.
    #[must_use]
    pub fn into_error(self) -> Error {
        self.error
    }
}

impl<B: Subsystem> fmt::Debug for StoreLogoffError<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreLogoffError")
            .field("error", &self.error)
            .field("activity", &self.activity)
            .field("store", &self.store)
            .finish()
    }
}

impl<B: Subsystem> From<StoreLogoffError<'_, B>> for Error {
    fn from(error: StoreLogoffError<'_, B>) -> Self {
        error.into_error()
    }
}

/// The error of a store in which mail is under way.
fn busy(activity: StoreLogoffFlags) -> Error {
    let all = [
        (StoreLogoffFlags::INBOUND, "messages are arriving"),
        (StoreLogoffFlags::OUTBOUND, "messages are being sent"),
        (
            StoreLogoffFlags::OUTBOUND_QUEUE,
            "messages wait in the outgoing queue",
        ),
    ];
    let going_on: Vec<_> = all
        .into_iter()
        .filter_map(|(flag, text)| activity.contains(flag).then_some(text))
        .collect();
    let failure = Failure::new(HResult::MAPI_E_BUSY).because(if going_on.is_empty() {
        format!("the store stays open, with the flags {activity:?}")
    } else {
        format!("the store stays open: {}", going_on.join(", "))
    });
    Error::new(Call::STORE_LOGOFF, failure)
}
