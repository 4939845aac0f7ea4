//! Messages: their recipients and attachments; submitted; and their options.

use super::folder::PropTable;
use super::query::UNICODE;
use super::table::LiveTable;
use super::{Open, plain};
use crate::error::{Call, CallError};
use crate::property::{PropTag, Property};
use crate::subsystem::{RawObject, RawSession, Subsystem};
use crate::types::{ObjectType, Recipient};
use crate::{Error, Live, Message, Object, Session, UiParam};

impl<'s, B: Subsystem> Message<'s, B> {
    /// Returns the recipients of the message, as they are now, saved or not.
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
    /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
    /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
    /// for recipient in message.recipients()? {
    ///     println!("{recipient:?}");
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [`IMessage::GetRecipientTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getrecipienttable) in the MAPI reference.
    #[doc(alias = "GetRecipientTable")]
    #[doc(alias = "IMessage::GetRecipientTable")]
    #[track_caller]
    pub fn recipients(&self) -> Result<Vec<Recipient>, Error> {
        let opened = self.open.raw.recipient_table(UNICODE);
        let open = Open::new(
            self.open.session.clone(),
            Call::MESSAGE_GET_RECIPIENT_TABLE,
            opened,
        )?;
        let table = LiveTable::with_columns(open, &[])?;
        let rows = table.all_rows()?.into_iter();
        Ok(rows.map(Into::into).collect())
    }

    /// Replaces the recipients of the message. Others see the new ones once it is
    /// [saved](Object::save_changes).
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
    /// let message = inbox.create_message()?;
    /// message.set_recipients(["Ana Trujillo", "Kim Akers"])?;
    /// assert_eq!(message.recipients()?.len(), 2);
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the message was opened for reading.
    /// - MAPI_E_INVALID_PARAMETER: a recipient lacks PR_RECIPIENT_TYPE or PR_DISPLAY_NAME, or has a
    ///   value of another type than its tag says.
    /// - MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [`IMessage::ModifyRecipients`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-modifyrecipients) in the MAPI reference.
    #[doc(alias = "ModifyRecipients")]
    #[doc(alias = "IMessage::ModifyRecipients")]
    #[track_caller]
    pub fn set_recipients(
        &self,
        recipients: impl IntoIterator<Item = impl Into<Recipient>>,
    ) -> Result<(), Error> {
        let rows = recipients.into_iter().map(Into::into);
        let rows: Vec<_> = rows.map(|it: Recipient| it.into()).collect();
        let modified = self.open.raw.modify_recipients(0, &rows);
        plain(Call::MESSAGE_MODIFY_RECIPIENTS, modified)
    }

    /// Opens the table of the message's attachments, with these columns; with the store's own choice
    /// of columns, if there are none.
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
    /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
    /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
    /// let columns = [PropTag::ATTACH_NUM, PropTag::ATTACH_LONG_FILENAME];
    /// for row in message.attachment_table(&columns)?.rows() {
    ///     println!("{}", row?.text(PropTag::ATTACH_LONG_FILENAME).unwrap_or("?"));
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [`IMessage::GetAttachmentTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getattachmenttable) in the MAPI reference.
    #[doc(alias = "GetAttachmentTable")]
    #[doc(alias = "IMessage::GetAttachmentTable")]
    #[track_caller]
    pub fn attachment_table(&self, columns: &[PropTag]) -> Result<PropTable<'s, B>, Error> {
        let opened = self.open.raw.attachment_table(UNICODE);
        let open = Open::new(
            self.open.session.clone(),
            Call::MESSAGE_GET_ATTACHMENT_TABLE,
            opened,
        )?;
        LiveTable::with_columns(open, columns)
    }

    /// Opens the attachment with this PR_ATTACH_NUM, to read it. Its bytes are the property
    /// PR_ATTACH_DATA_BIN: read them [as a stream](Object::read_stream).
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
    /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
    /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
    /// for row in message.attachment_table(&[PropTag::ATTACH_NUM])?.rows() {
    ///     let number = row?.bits(PropTag::ATTACH_NUM).unwrap();
    ///     let bytes = message.open_attachment(number)?.read_stream(PropTag::ATTACH_DATA_BIN)?;
    ///     println!("{} bytes", bytes.len());
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the message has no such attachment.
    /// - MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [`IMessage::OpenAttach`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-openattach) in the MAPI reference.
    #[doc(alias = "OpenAttach")]
    #[doc(alias = "IMessage::OpenAttach")]
    #[doc(alias = "IAttach")]
    #[track_caller]
    pub fn open_attachment(&self, number: u32) -> Result<Object<'s, B>, Error> {
        let opened = self.open.raw.open_attach(number, 0);
        let open = Open::new(self.open.session.clone(), Call::MESSAGE_OPEN_ATTACH, opened)?;
        Ok(Object::new(ObjectType::ATTACHMENT, open))
    }

    /// Adds an attachment. Set its properties and [save](Object::save_changes) it: then the message has
    /// it. Others see it once the message is saved too, or sent.
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
    /// # let message = store.open_receive_folder("IPM.Note")?.create_message()?;
    /// const ATTACH_BY_VALUE: i32 = 1;
    /// let attachment = message.create_attachment()?;
    /// attachment.set_props(&[
    ///     Property::new(PropTag::ATTACH_METHOD, ATTACH_BY_VALUE),
    ///     Property::new(PropTag::ATTACH_LONG_FILENAME, "plan.txt"),
    ///     Property::new(PropTag::ATTACH_DATA_BIN, b"See you."),
    /// ])?;
    /// attachment.save_changes()?;
    /// message.save_changes()?;
    /// # let number = attachment.props(&[PropTag::ATTACH_NUM])?.bits(PropTag::ATTACH_NUM).unwrap();
    /// # let read = message.open_attachment(number)?;
    /// # assert_eq!(read.read_stream(PropTag::ATTACH_DATA_BIN)?, b"See you.");
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// Its number is its PR_ATTACH_NUM. When the message is gone, saving the attachment fails with
    /// MAPI_E_INVALID_OBJECT.
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the message was opened for reading.
    /// - MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [`IMessage::CreateAttach`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-createattach) in the MAPI reference.
    #[doc(alias = "CreateAttach")]
    #[doc(alias = "IMessage::CreateAttach")]
    #[track_caller]
    pub fn create_attachment(&self) -> Result<Object<'s, B>, Error> {
        let opened = self.open.raw.create_attach(0);
        let open = Open::new(
            self.open.session.clone(),
            Call::MESSAGE_CREATE_ATTACH,
            opened,
        )?;
        Ok(Object::new(ObjectType::ATTACHMENT, open))
    }

    /// Saves the message and puts it into the outgoing queue. After that only Release may be called on
    /// it, so this consumes the message.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store, Transport};
    /// # use mapi_session::property::{PropTag, Property};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox).transport(Transport::new("Mail").address_type("SMTP"));
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let outbox = store.open_receive_folder("IPM.Note")?; // any folder will do
    /// let message = outbox.create_message()?;
    /// message.set_props(&[Property::new(PropTag::SUBJECT, "Hello")])?;
    /// message.set_recipients(["Ana Trujillo"])?;
    /// message.submit()?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// The message is given back:
    /// - MAPI_E_NO_RECIPIENTS: it has none.
    /// - MAPI_E_NO_ACCESS: it was opened for reading.
    /// - MAPI_E_SUBMITTED: it is in the outgoing queue already.
    /// - MAPI_E_NO_SUPPORT: its store sends none.
    /// - MAPI_E_NOT_FOUND: it has been sent since it was opened (our reading; the page of
    ///   SubmitMessage is silent).
    /// - MAPI_E_OBJECT_CHANGED, MAPI_E_OBJECT_DELETED: as [`save_changes`](Object::save_changes).
    ///
    /// [`IMessage::SubmitMessage`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-submitmessage) in the MAPI reference.
    #[doc(alias = "SubmitMessage")]
    #[doc(alias = "IMessage::SubmitMessage")]
    #[track_caller]
    pub fn submit(self) -> Result<(), CallError<Self>> {
        plain(
            Call::MESSAGE_SUBMIT_MESSAGE,
            self.0.open.raw.submit_message(0),
        )
        .map_err(|error| CallError::new(error, self))
    }
}

impl<B: Subsystem> Session<Live, B> {
    /// Shows the options of a message for recipients of this address type. The reference says that it
    /// is not supported.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags, UiParam};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::PropTag;
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// # let inbox = store.open_receive_folder("IPM.Note")?;
    /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
    /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
    /// session.message_options(UiParam::NONE, "SMTP", &message).ok(); // no provider has options
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT.
    ///
    /// [`IMAPISession : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown) in the MAPI reference.
    #[doc(alias = "MessageOptions")]
    #[doc(alias = "IMAPISession::MessageOptions")]
    #[track_caller]
    pub fn message_options(
        &self,
        parent: UiParam,
        address_type: &str,
        message: &Message<'_, B>,
    ) -> Result<(), Error> {
        let shown = self
            .raw
            .message_options(parent, 0, address_type, &message.0.open.raw);
        plain(Call::SESSION_MESSAGE_OPTIONS, shown)
    }

    /// Reads the default options of a message for recipients of this address type. The reference says
    /// that it is not supported.
    ///
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi};
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// for option in session.query_default_message_opt("SMTP").unwrap_or_default() {
    ///     println!("{} = {:?}", option.tag, option.value);
    /// }
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT.
    ///
    /// [`IMAPISession : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown) in the MAPI reference.
    #[doc(alias = "QueryDefaultMessageOpt")]
    #[doc(alias = "IMAPISession::QueryDefaultMessageOpt")]
    #[track_caller]
    pub fn query_default_message_opt(&self, address_type: &str) -> Result<Vec<Property>, Error> {
        plain(
            Call::SESSION_QUERY_DEFAULT_MESSAGE_OPT,
            self.raw.query_default_message_opt(address_type, UNICODE),
        )
    }
}
