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
    /// To whom the message goes.
    ///
    /// # Errors
    /// MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getrecipienttable).
    #[doc(alias = "GetRecipientTable")]
    #[doc(alias = "IMessage::GetRecipientTable")]
    #[track_caller]
    pub fn recipients(&self) -> Result<Vec<Recipient>, Error> {
        let opened = self.open.raw.recipient_table(UNICODE);
        let open = Open::new(self.open.session.clone(), Call::GetRecipientTable, opened)?;
        let table = LiveTable::with_columns(open, &[])?;
        let rows = table.all_rows()?.into_iter();
        Ok(rows.map(Into::into).collect())
    }

    /// The message goes to these, and to nobody else. Others see that once it is
    /// [saved](Object::save_changes).
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the message was opened for reading.
    /// - MAPI_E_INVALID_PARAMETER: one of them lacks PR_RECIPIENT_TYPE or PR_DISPLAY_NAME, or has a value of
    ///   another type than its tag says.
    /// - MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-modifyrecipients).
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
        plain(Call::ModifyRecipients, modified)
    }

    /// Opens the table of the message's attachments, with these columns; without any, with those that the
    /// store has at first.
    ///
    /// # Errors
    /// MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getattachmenttable).
    #[doc(alias = "GetAttachmentTable")]
    #[doc(alias = "IMessage::GetAttachmentTable")]
    #[track_caller]
    pub fn attachment_table(&self, columns: &[PropTag]) -> Result<PropTable<'s, B>, Error> {
        let opened = self.open.raw.attachment_table(UNICODE);
        let open = Open::new(self.open.session.clone(), Call::GetAttachmentTable, opened)?;
        LiveTable::with_columns(open, columns)
    }

    /// Opens an attachment by its PR_ATTACH_NUM, to read it. Its bytes are
    /// [streamed](Object::read_stream) as PR_ATTACH_DATA_BIN.
    ///
    /// # Errors
    /// - MAPI_E_NOT_FOUND: the message has no such attachment.
    /// - MAPI_E_OBJECT_DELETED: the message has been deleted.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-openattach).
    #[doc(alias = "OpenAttach")]
    #[doc(alias = "IMessage::OpenAttach")]
    #[doc(alias = "IAttach")]
    #[track_caller]
    pub fn open_attachment(&self, number: u32) -> Result<Object<'s, B>, Error> {
        let opened = self.open.raw.open_attach(number, 0);
        let open = Open::new(self.open.session.clone(), Call::OpenAttach, opened)?;
        Ok(Object::new(ObjectType::ATTACHMENT, open))
    }

    /// Saves the message and puts it into the outgoing queue. Nothing but release may follow, so this
    /// consumes it.
    ///
    /// # Errors
    /// The message is given back:
    /// - MAPI_E_NO_RECIPIENTS: it has none.
    /// - MAPI_E_NO_ACCESS: it was opened for reading.
    /// - MAPI_E_SUBMITTED: it is in the outgoing queue already.
    /// - MAPI_E_NO_SUPPORT: its store sends none.
    /// - MAPI_E_NOT_FOUND: it has been sent since it was opened (our reading).
    /// - MAPI_E_OBJECT_CHANGED, MAPI_E_OBJECT_DELETED: as [`save_changes`](Object::save_changes).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-submitmessage).
    #[doc(alias = "SubmitMessage")]
    #[doc(alias = "IMessage::SubmitMessage")]
    #[track_caller]
    pub fn submit(self) -> Result<(), CallError<Self>> {
        plain(Call::SubmitMessage, self.0.open.raw.submit_message(0))
            .map_err(|error| CallError::new(error, self))
    }
}

impl<B: Subsystem> Session<Live, B> {
    /// Shows the options of a message for recipients of this address type. No subsystem that
    /// follows the reference supports it.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown).
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
        plain(Call::MessageOptions, shown)
    }

    /// The default options of a message for recipients of this address type. No subsystem that
    /// follows the reference supports it.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown).
    #[doc(alias = "QueryDefaultMessageOpt")]
    #[doc(alias = "IMAPISession::QueryDefaultMessageOpt")]
    #[track_caller]
    pub fn query_default_message_opt(&self, address_type: &str) -> Result<Vec<Property>, Error> {
        plain(
            Call::QueryDefaultMessageOpt,
            self.raw.query_default_message_opt(address_type, UNICODE),
        )
    }
}
