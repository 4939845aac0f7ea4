//! The recipients of messages.

use crate::EntryId;
use crate::property::{PropTag, Property, Props};

/// The type of a recipient (PR_RECIPIENT_TYPE): to, cc or bcc. Open: a number without a name is kept.
///
/// [PidTagRecipientType Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagrecipienttype-canonical-property) in the MAPI reference.
#[doc(alias = "PR_RECIPIENT_TYPE")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecipientType(i32);

impl RecipientType {
    /// Creates the type with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// A primary recipient.
    #[doc(alias = "MAPI_TO")]
    pub const TO: Self = Self(1);
    /// Gets a copy.
    #[doc(alias = "MAPI_CC")]
    pub const CC: Self = Self(2);
    /// Gets a copy, of which the other recipients do not know.
    #[doc(alias = "MAPI_BCC")]
    pub const BCC: Self = Self(3);
}

/// A recipient of a message.
///
/// ```
/// use mapi_session::types::{Recipient, RecipientType};
///
/// let kim = Recipient::from("Kim Akers").address("SMTP", "kim@contoso.com");
/// let copy = kim.clone().recipient_type(RecipientType::CC);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    props: Props,
}

impl Recipient {
    /// Creates a primary recipient of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            props: [
                Property::new(PropTag::RECIPIENT_TYPE, RecipientType::TO.get()),
                Property::new(PropTag::DISPLAY_NAME, name.into()),
            ]
            .into_iter()
            .collect(),
        }
    }

    /// Sets the type: to, cc or bcc.
    #[must_use]
    pub fn recipient_type(self, recipient_type: RecipientType) -> Self {
        self.property(Property::new(PropTag::RECIPIENT_TYPE, recipient_type.get()))
    }

    /// Sets the address and its type, such as `SMTP`.
    #[doc(alias = "PR_EMAIL_ADDRESS")]
    #[must_use]
    pub fn address(self, address_type: impl Into<String>, address: impl Into<String>) -> Self {
        self.property(Property::new(PropTag::ADDRTYPE, address_type.into()))
            .property(Property::new(PropTag::EMAIL_ADDRESS, address.into()))
    }

    /// Sets the entry identifier of the recipient in the address book.
    #[must_use]
    pub fn entry_id(self, entry_id: &EntryId) -> Self {
        self.property(Property::new(PropTag::ENTRYID, entry_id.as_bytes()))
    }

    /// Sets a property.
    #[must_use]
    pub fn property(self, property: Property) -> Self {
        let id = property.tag.id();
        let others = self.props.into_iter().filter(|it| it.tag.id() != id);
        Self {
            props: others.chain([property]).collect(),
        }
    }

    /// Returns all properties.
    #[must_use]
    pub fn props(&self) -> &Props {
        &self.props
    }

    /// Returns the name: PR_DISPLAY_NAME.
    #[must_use]
    pub fn name(&self) -> &str {
        self.props.text(PropTag::DISPLAY_NAME).unwrap_or_default()
    }

    /// Returns the address (PR_EMAIL_ADDRESS), if it is known.
    #[must_use]
    pub fn email_address(&self) -> Option<&str> {
        self.props.text(PropTag::EMAIL_ADDRESS)
    }

    /// Returns the type of the recipient, if the message says it.
    #[must_use]
    pub fn kind(&self) -> Option<RecipientType> {
        self.props
            .long(PropTag::RECIPIENT_TYPE)
            .map(RecipientType::new)
    }
}

impl From<&str> for Recipient {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// Reads a recipient from a row of a recipient table.
impl From<Props> for Recipient {
    fn from(props: Props) -> Self {
        Self { props }
    }
}

impl From<Recipient> for Props {
    fn from(recipient: Recipient) -> Self {
        recipient.props
    }
}
