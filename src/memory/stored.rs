//! What a test sees of a message in memory.

use super::content::Content;
use crate::EntryId;
use crate::property::Props;
use crate::types::Recipient;

/// A message that a store in memory holds, as it was when it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredMessage {
    entry_id: EntryId,
    props: Props,
    recipients: Vec<Recipient>,
    attachments: Vec<Props>,
}

impl StoredMessage {
    pub(super) fn new(entry_id: EntryId, content: &Content) -> Self {
        let recipients = content.recipients().iter();
        Self {
            entry_id,
            props: (&content.props).into(),
            recipients: recipients.map(|it| Props::from(it).into()).collect(),
            attachments: content.attachments().iter().map(Props::from).collect(),
        }
    }

    /// The identifier by which it is opened.
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// The properties that were set; what is computed is not among them.
    #[must_use]
    pub fn props(&self) -> &Props {
        &self.props
    }

    /// To whom it goes.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// The properties of its attachments.
    #[must_use]
    pub fn attachments(&self) -> &[Props] {
        &self.attachments
    }
}
