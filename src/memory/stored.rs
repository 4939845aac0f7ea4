//! What a test sees of a message in memory.

use super::content::Content;
use crate::EntryId;
use crate::property::Props;
use crate::types::Recipient;

/// A message of a store in memory, as it was when the test asked for it.
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

    /// Returns its entry identifier.
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns the properties that were set, without those that are computed.
    #[must_use]
    pub fn props(&self) -> &Props {
        &self.props
    }

    /// Returns its recipients.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// Returns the properties of its attachments.
    #[must_use]
    pub fn attachments(&self) -> &[Props] {
        &self.attachments
    }
}
