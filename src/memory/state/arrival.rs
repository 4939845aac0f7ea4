//! New mail, and who is told of it (N15).

use super::State;
use super::provider::object_number;
use crate::notification::{NewMail, ObjectEvent, ObjectEventKind};
use crate::types::ObjectType;
use crate::{EntryId, Notification};

impl State {
    /// A message arrives in a folder. Gives its identifier, where there is such a folder.
    pub(crate) fn deliver(&mut self, folder: &EntryId, subject: &str) -> Option<EntryId> {
        const CLASS: &str = "IPM.Note";
        let key = self.profiles.find_provider(folder.provider_uid()?)?;
        let store = &mut self.profiles.providers[key];
        let number = object_number(folder.as_bytes())?;
        let parent = match store.object(number) {
            Some(it) if it.object_type == ObjectType::FOLDER => store.entry_id(it.parent),
            _ => return None,
        };
        // By their identifiers without flags.
        let (folder, whole) = (store.entry_id(number), store.entry_id(0));
        let message = store.add_message(number, subject);
        let message = store.entry_id(message);
        let object = |kind, id: &EntryId, object_type, parent: &EntryId| {
            let event = ObjectEvent::new(kind, id.clone(), object_type);
            Notification::Object(event.with_parent_id(Some(parent.clone())))
        };
        let (created, modified) = (ObjectEventKind::Created, ObjectEventKind::Modified);
        let created = object(created, &message, ObjectType::MESSAGE, &folder);
        let modified = object(modified, &folder, ObjectType::FOLDER, &parent);
        let new_mail = NewMail::new(message.clone(), folder.clone(), CLASS);
        self.notify(Some(&whole), &created);
        self.notify(Some(&folder), &modified);
        self.notify(Some(&folder), &Notification::NewMail(new_mail));
        Some(message)
    }
}
