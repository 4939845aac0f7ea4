//! Messages as a test describes them.

use crate::flags::MessageFlags;
use crate::memory::content::{Bag, Content};
#[cfg(feature = "serde")]
use crate::property::Property;
use crate::property::{FileTime, PropTag, PropertyValue, Props};
use crate::types::{Recipient, RecipientType};

/// PR_ATTACH_METHOD: the bytes are in PR_ATTACH_DATA_BIN.
const ATTACH_BY_VALUE: i32 = 1;

/// A description of a message. By default it is an `IPM.Note` that has been read.
///
/// ```
/// use mapi_session::memory::{Folder, Message};
/// use mapi_session::property::PropTag;
///
/// let inbox = Folder::new("Inbox")
///     .message("Of this subject, and nothing more")
///     .message(
///         Message::new()
///             .subject("Hello")
///             .sender("Kim Akers", "kim@contoso.com")
///             .to("Ana Trujillo")
///             .body("How are you?")
///             .unread()
///             .property(PropTag::IMPORTANCE, 2)
///             .attachment("notes.txt", "to read"),
///     );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(from = "MessageFields")
)]
pub struct Message {
    pub(crate) content: Content,
}

impl Message {
    /// Describes a message without a subject.
    #[must_use]
    pub fn new() -> Self {
        let mut message = Self::default();
        message.content.props.set_message_flags(MessageFlags::READ);
        message
    }

    fn set(&mut self, tag: PropTag, value: impl Into<PropertyValue>) {
        self.content.props.insert(tag, value);
    }

    fn set_flag(&mut self, flag: MessageFlags, value: bool) {
        let mut flags = self.content.props.message_flags();
        flags.set(flag, value);
        self.content.props.set_message_flags(flags);
    }

    fn add_recipient(&mut self, recipient: Recipient) {
        let recipients = &mut self.content.parts_mut().recipients;
        let mut recipient: Bag = Props::from(recipient).into_iter().collect();
        recipient.insert(PropTag::ROWID, recipients.len() as i32);
        recipients.push(recipient);
    }
}

setters! {
    Message:
    /// Sets the subject.
    #[doc(alias = "PR_SUBJECT")]
    subject(subject: impl Into<String>) |it| it.set(PropTag::SUBJECT, subject.into());
    /// Sets the text.
    #[doc(alias = "PR_BODY")]
    body(body: impl Into<String>) |it| it.set(PropTag::BODY, body.into());
    /// Sets the message class. The default is `IPM.Note`.
    #[doc(alias = "PR_MESSAGE_CLASS")]
    class(class: impl Into<String>) |it| it.set(PropTag::MESSAGE_CLASS, class.into());
    /// Sets the sender: a name, and an SMTP address.
    #[doc(alias = "PR_SENDER_NAME")]
    sender(name: impl Into<String>, address: impl Into<String>) |it| {
        let (name, address) = (name.into(), address.into());
        for (tag, value) in [
            (PropTag::SENDER_NAME, &name),
            (PropTag::SENT_REPRESENTING_NAME, &name),
            (PropTag::SENDER_EMAIL_ADDRESS, &address),
            (PropTag::SENT_REPRESENTING_EMAIL_ADDRESS, &address),
        ] {
            it.set(tag, value.as_str());
        }
        it.set(PropTag::SENDER_ADDRTYPE, "SMTP");
        it.set(PropTag::SENT_REPRESENTING_ADDRTYPE, "SMTP");
    };
    /// Sets the delivery time.
    #[doc(alias = "PR_MESSAGE_DELIVERY_TIME")]
    received(time: FileTime) |it| it.set(PropTag::MESSAGE_DELIVERY_TIME, time);
    /// Marks it as unread.
    #[doc(alias = "MSGFLAG_READ")]
    unread() |it| it.set_flag(MessageFlags::READ, false);
    /// Marks it as a draft.
    #[doc(alias = "MSGFLAG_UNSENT")]
    unsent() |it| it.set_flag(MessageFlags::UNSENT, true);
    /// Adds a primary recipient.
    #[doc(alias = "MAPI_TO")]
    to(recipient: impl Into<Recipient>) |it| it.add_recipient(recipient.into());
    /// Adds a recipient of a copy.
    #[doc(alias = "MAPI_CC")]
    cc(recipient: impl Into<Recipient>) |it| {
        it.add_recipient(recipient.into().recipient_type(RecipientType::CC));
    };
    /// Adds an attachment: a file of this name with these bytes.
    #[doc(alias = "PR_ATTACH_DATA_BIN")]
    attachment(name: impl Into<String>, bytes: impl AsRef<[u8]>) |it| {
        let name = name.into();
        let attachments = &mut it.content.parts_mut().attachments;
        let mut attachment = Bag::default();
        attachment.insert(PropTag::ATTACH_NUM, attachments.len() as i32);
        attachment.insert(PropTag::ATTACH_METHOD, ATTACH_BY_VALUE);
        attachment.insert(PropTag::ATTACH_FILENAME, name.as_str());
        attachment.insert(PropTag::ATTACH_LONG_FILENAME, name);
        attachment.insert(PropTag::ATTACH_SIZE, bytes.as_ref().len() as i32);
        attachment.insert(PropTag::RENDERING_POSITION, -1);
        attachment.insert(PropTag::ATTACH_DATA_BIN, bytes.as_ref());
        attachments.push(attachment);
    };
    /// Sets a property.
    property(tag: PropTag, value: impl Into<PropertyValue>) |it| it.set(tag, value);
}

/// Describes a message with this subject.
impl From<&str> for Message {
    fn from(subject: &str) -> Self {
        Self::new().subject(subject)
    }
}

impl From<String> for Message {
    fn from(subject: String) -> Self {
        Self::new().subject(subject)
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "a subject, or a table of what the message has")]
enum MessageFields {
    Subject(String),
    Table(MessageTable),
}

#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct MessageTable {
    subject: Option<String>,
    body: Option<String>,
    class: Option<String>,
    /// A name and an SMTP address.
    sender: Option<[String; 2]>,
    unread: bool,
    unsent: bool,
    to: Vec<String>,
    cc: Vec<String>,
    /// A name and a text each.
    attachment: Vec<[String; 2]>,
    #[serde(rename = "property", deserialize_with = "super::profile::properties")]
    props: Vec<Property>,
}

#[cfg(feature = "serde")]
impl From<MessageFields> for Message {
    fn from(fields: MessageFields) -> Self {
        let table = match fields {
            MessageFields::Subject(subject) => return subject.into(),
            MessageFields::Table(table) => table,
        };
        let mut message = Self::new();
        let texts = [
            (PropTag::SUBJECT, table.subject),
            (PropTag::BODY, table.body),
            (PropTag::MESSAGE_CLASS, table.class),
        ];
        for (tag, text) in texts {
            if let Some(text) = text {
                message.set(tag, text);
            }
        }
        if let Some([name, address]) = table.sender {
            message = message.sender(name, address);
        }
        if table.unread {
            message = message.unread();
        }
        if table.unsent {
            message = message.unsent();
        }
        message = table.to.into_iter().fold(message, |it, name| it.to(&*name));
        message = table.cc.into_iter().fold(message, |it, name| it.cc(&*name));
        let attachments = table.attachment.into_iter();
        message = attachments.fold(message, |it, [name, text]| it.attachment(name, text));
        let props = table.props.into_iter();
        props.fold(message, |it, property| {
            it.property(property.tag, property.value)
        })
    }
}
