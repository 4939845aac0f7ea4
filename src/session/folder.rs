//! Folders: what they hold, and what is created, deleted and marked in them.

use super::open::RawPropTable;
use super::query::UNICODE;
use super::table::LiveTable;
use super::{Open, split};
use crate::error::{Call, Warning};
use crate::flags::ReadFlags;
use crate::property::PropTag;
use crate::subsystem::{RawObject, RawResult, Subsystem};
use crate::{EntryId, Error, Folder, Message, UiParam};

impl<'s, B: Subsystem> Folder<'s, B> {
    /// Opens the table of the folder's messages, with these columns; with the store's own choice of
    /// columns, if there are none.
    ///
    /// It borrows the session, not the folder; the folder may be released first.
    ///
    /// ```
    /// # use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// use mapi_session::flags::MessageFlags;
    /// use mapi_session::property::PropTag;
    /// use mapi_session::table::{Restriction, SortOrder};
    ///
    /// # let inbox = Folder::new("Inbox").message("Hello").message(Message::from("Order 12").unread());
    /// # let store = Store::new("Mailbox").default_store().folder(inbox);
    /// # let memory = Memory::builder().profile(Profile::new("Outlook").store(store)).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::SUBJECT, PropTag::ENTRYID])?;
    /// let read = MessageFlags::READ.bits();
    /// table.restrict(&Restriction::has_none_of(PropTag::MESSAGE_FLAGS, read))?;
    /// table.sort(&[SortOrder::ascending(PropTag::SUBJECT)])?;
    /// for row in table.rows() {
    ///     println!("{}", row?.text(PropTag::SUBJECT).unwrap_or_default());
    /// }
    /// # assert_eq!(table.row_count()?, 1);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_OBJECT_DELETED: the folder has been deleted.
    ///
    /// [`IMAPIContainer::GetContentsTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapicontainer-getcontentstable) in the MAPI reference.
    #[doc(alias = "GetContentsTable")]
    #[doc(alias = "IMAPIContainer::GetContentsTable")]
    #[track_caller]
    pub fn contents_table(&self, columns: &[PropTag]) -> Result<PropTable<'s, B>, Error> {
        let opened = self.open.raw.contents_table(UNICODE);
        self.table(Call::CONTAINER_GET_CONTENTS_TABLE, opened, columns)
    }

    /// Opens the table of the folders in this one, with these columns; with the store's own choice of
    /// columns, if there are none.
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
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.hierarchy_table(&[PropTag::DISPLAY_NAME, PropTag::ENTRYID])?;
    /// assert_eq!(table.row_count()?, 0); // no folder in it
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`contents_table`](Self::contents_table).
    ///
    /// [`IMAPIContainer::GetHierarchyTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapicontainer-gethierarchytable) in the MAPI reference.
    #[doc(alias = "GetHierarchyTable")]
    #[doc(alias = "IMAPIContainer::GetHierarchyTable")]
    #[track_caller]
    pub fn hierarchy_table(&self, columns: &[PropTag]) -> Result<PropTable<'s, B>, Error> {
        let opened = self.open.raw.hierarchy_table(UNICODE);
        self.table(Call::CONTAINER_GET_HIERARCHY_TABLE, opened, columns)
    }

    /// Opens the table of all folders below this one: those of
    /// [`hierarchy_table`](Self::hierarchy_table), and the folders in them, each behind the one that
    /// it is in. PR_DEPTH is 0 for those directly in this folder, which has no row itself.
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
    /// for row in root.deep_hierarchy_table(&[PropTag::DEPTH, PropTag::DISPLAY_NAME])?.rows() {
    ///     let row = row?;
    ///     let indent = "  ".repeat(row.long(PropTag::DEPTH).unwrap_or(0) as usize);
    ///     println!("{indent}{}", row.text(PropTag::DISPLAY_NAME).unwrap_or("?"));
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`contents_table`](Self::contents_table).
    #[doc(alias = "CONVENIENT_DEPTH")]
    #[track_caller]
    pub fn deep_hierarchy_table(&self, columns: &[PropTag]) -> Result<PropTable<'s, B>, Error> {
        const CONVENIENT_DEPTH: u32 = 1;
        let opened = self.open.raw.hierarchy_table(UNICODE | CONVENIENT_DEPTH);
        self.table(Call::CONTAINER_GET_HIERARCHY_TABLE, opened, columns)
    }

    /// Creates a message in this folder. Nobody else sees it before
    /// [`save_changes`](crate::Object::save_changes) or [`submit`](Message::submit). Dropped before
    /// that, it is lost.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::{PropTag, Property};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let message = inbox.create_message()?;
    /// message.set_props(&[Property::new(PropTag::SUBJECT, "A note")])?;
    /// message.save_changes()?; // until then it is not in the folder
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the folder can only be read.
    /// - MAPI_E_OBJECT_DELETED: the folder has been deleted.
    ///
    /// [`IMAPIFolder::CreateMessage`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-createmessage) in the MAPI reference.
    #[doc(alias = "CreateMessage")]
    #[doc(alias = "IMAPIFolder::CreateMessage")]
    #[track_caller]
    pub fn create_message(&self) -> Result<Message<'s, B>, Error> {
        let opened = self.open.raw.create_message(0);
        let open = Open::new(
            self.open.session.clone(),
            Call::FOLDER_CREATE_MESSAGE,
            opened,
        )?;
        Ok(Message::of(open))
    }

    /// Creates a folder of this name in this one, or opens the one that exists.
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
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let orders = inbox.create_folder("Orders")?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the folder can only be read.
    /// - MAPI_E_INVALID_PARAMETER: the name is empty (our reading).
    /// - MAPI_E_OBJECT_DELETED: the folder has been deleted.
    ///
    /// [`IMAPIFolder::CreateFolder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-createfolder) in the MAPI reference.
    #[doc(alias = "CreateFolder")]
    #[doc(alias = "IMAPIFolder::CreateFolder")]
    #[doc(alias = "OPEN_IF_EXISTS")]
    #[track_caller]
    pub fn create_folder(&self, name: &str) -> Result<Folder<'s, B>, Error> {
        const FOLDER_GENERIC: u32 = 1;
        const OPEN_IF_EXISTS: u32 = 1;
        let flags = UNICODE | OPEN_IF_EXISTS;
        let opened = self.open.raw.create_folder(FOLDER_GENERIC, name, "", flags);
        let open = Open::new(
            self.open.session.clone(),
            Call::FOLDER_CREATE_FOLDER,
            opened,
        )?;
        Ok(Folder::of(open))
    }

    /// Deletes these messages of the folder. The warning MAPI_W_PARTIAL_COMPLETION says that some were
    /// left: those that are not in the folder, are submitted, or are open for writing.
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
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// let table = inbox.contents_table(&[PropTag::ENTRYID])?;
    /// let row = table.rows().next().unwrap()?;
    /// let id = row.entry_id(PropTag::ENTRYID).unwrap();
    /// let warning = inbox.delete_messages(&[id])?;
    /// assert!(warning.is_none(), "all of them are deleted");
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the folder can only be read.
    /// - MAPI_E_OBJECT_DELETED: the folder has been deleted.
    ///
    /// [`IMAPIFolder::DeleteMessages`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-deletemessages) in the MAPI reference.
    #[doc(alias = "DeleteMessages")]
    #[doc(alias = "IMAPIFolder::DeleteMessages")]
    #[track_caller]
    pub fn delete_messages(&self, entry_ids: &[EntryId]) -> Result<Option<Warning>, Error> {
        let deleted = self.open.raw.delete_messages(entry_ids, UiParam::NONE, 0);
        Ok(split(Call::FOLDER_DELETE_MESSAGES, deleted)?.1)
    }

    /// Marks these messages as read or, with [`ReadFlags::CLEAR`], as unread; `None` stands for all
    /// messages of the folder. The warning MAPI_W_PARTIAL_COMPLETION says that some were left as they
    /// were, for the reasons of [`delete_messages`](Self::delete_messages).
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::flags::ReadFlags;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// inbox.set_read_flags(None, ReadFlags::empty())?; // all of the folder is read
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: [`CLEAR`](ReadFlags::CLEAR) with
    ///   [`SUPPRESS_RECEIPT`](ReadFlags::SUPPRESS_RECEIPT) or
    ///   [`GENERATE_RECEIPT_ONLY`](ReadFlags::GENERATE_RECEIPT_ONLY).
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_ACCESS: the folder can only be read.
    /// - MAPI_E_OBJECT_DELETED: the folder has been deleted.
    ///
    /// [`IMAPIFolder::SetReadFlags`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-setreadflags) in the MAPI reference.
    #[doc(alias = "SetReadFlags")]
    #[doc(alias = "IMAPIFolder::SetReadFlags")]
    #[track_caller]
    pub fn set_read_flags(
        &self,
        entry_ids: Option<&[EntryId]>,
        flags: ReadFlags,
    ) -> Result<Option<Warning>, Error> {
        let raw = &self.open.raw;
        let marked = raw.set_read_flags(entry_ids, UiParam::NONE, flags.bits());
        Ok(split(Call::FOLDER_SET_READ_FLAGS, marked)?.1)
    }

    #[track_caller]
    fn table(
        &self,
        call: Call,
        opened: RawResult<RawPropTable<B>>,
        columns: &[PropTag],
    ) -> Result<PropTable<'s, B>, Error> {
        let open = Open::new(self.open.session.clone(), call, opened)?;
        LiveTable::with_columns(open, columns)
    }
}

/// A table of what a folder, a message or a store holds. Each row is a list of properties.
pub type PropTable<'s, B> = LiveTable<'s, B, RawPropTable<B>>;
