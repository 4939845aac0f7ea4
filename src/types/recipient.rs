//! To whom a message goes.

use crate::EntryId;
use crate::property::{PropTag, Property, Props};

/// What a recipient is: PR_RECIPIENT_TYPE. Open: a number without a name is kept.
///
/// [PidTagRecipientType Canonical Property](https://learn.microsoft.com/office/client-developer/outlook/mapi/pidtagrecipienttype-canonical-property) in the MAPI reference.
#[doc(alias = "PR_RECIPIENT_TYPE")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecipientType(i32);

impl RecipientType {
    /// The type with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// A primary recipient.
    #[doc(alias = "MAPI_TO")]
    pub const TO: Self = Self(1);
    /// Who gets a copy.
    #[doc(alias = "MAPI_CC")]
    pub const CC: Self = Self(2);
    /// Who gets a copy that the others are not told of.
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
    /// A primary recipient of this name.
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

    /// The same as another type.
    #[must_use]
    pub fn recipient_type(self, recipient_type: RecipientType) -> Self {
        self.property(Property::new(PropTag::RECIPIENT_TYPE, recipient_type.get()))
    }

    /// The same with an address, of a type such as `SMTP`.
    #[doc(alias = "PR_EMAIL_ADDRESS")]
    #[must_use]
    pub fn address(self, address_type: impl Into<String>, address: impl Into<String>) -> Self {
        self.property(Property::new(PropTag::ADDRTYPE, address_type.into()))
            .property(Property::new(PropTag::EMAIL_ADDRESS, address.into()))
    }

    /// The same, who is this object of the address book.
    #[must_use]
    pub fn entry_id(self, entry_id: &EntryId) -> Self {
        self.property(Property::new(PropTag::ENTRYID, entry_id.as_bytes()))
    }

    /// The same with one more property, or another value of it.
    #[must_use]
    pub fn property(self, property: Property) -> Self {
        let id = property.tag.id();
        let others = self.props.into_iter().filter(|it| it.tag.id() != id);
        Self {
            props: others.chain([property]).collect(),
        }
    }

    /// All properties.
    #[must_use]
    pub fn props(&self) -> &Props {
        &self.props
    }

    /// The name: PR_DISPLAY_NAME.
    #[must_use]
    pub fn name(&self) -> &str {
        self.props.text(PropTag::DISPLAY_NAME).unwrap_or_default()
    }

    /// The address, where it is known: PR_EMAIL_ADDRESS.
    #[must_use]
    pub fn email_address(&self) -> Option<&str> {
        self.props.text(PropTag::EMAIL_ADDRESS)
    }

    /// What the recipient is, where the message says so.
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

/// A row of a message's table of recipients.
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
