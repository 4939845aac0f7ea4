//! New mail, and who is told of it (N15).

use super::State;
use super::provider::object_number;
use crate::memory::content::Content;
use crate::notification::NewMail;
use crate::property::PropTag;
use crate::{EntryId, Notification};

impl State {
    /// A message arrives in a folder. Gives its identifier, where there is such a folder.
    pub(crate) fn deliver(&mut self, folder: &EntryId, content: Content) -> Option<EntryId> {
        let key = self.profiles.find_provider(folder.provider_uid()?)?;
        let store = &self.profiles.providers[key];
        let number = object_number(folder.as_bytes())?;
        store.folder(number)?;
        // By its identifier without flags.
        let folder = store.entry_id(number);
        let class = content.props.text(PropTag::MESSAGE_CLASS);
        let class = class.unwrap_or("IPM.Note").to_owned();
        let message = self.add_message(key, number, content);
        let message = self.profiles.providers[key].entry_id(message);
        let new_mail = NewMail::new(message.clone(), folder.clone(), class);
        self.notify(Some(&folder), &Notification::NewMail(new_mail));
        Some(message)
    }
}
