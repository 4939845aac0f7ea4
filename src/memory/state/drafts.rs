//! What changes in folders and messages: at once in a folder, by SaveChanges in a message (R2, C2, C5).

use std::collections::HashSet;

use super::props::{check_settable, deletable, settable};
use super::stored_objects::StoredObject;

use super::viewed::{UNSAVED, is_fixed};
use super::{
    ClientKey, Kind, Object, ObjectKey, Provided, ProviderKey, Refusal, Result, State, check_bits,
};
use crate::HResult;
use crate::flags::MessageFlags;
use crate::memory::content::{Bag, Content};
use crate::property::{PropProblem, PropTag, Property, Props};
use crate::types::ObjectType;

/// The changes of an open message that are not saved yet.
pub(super) struct Draft {
    pub(super) content: Content,
    /// The folder that the message is in, or comes into.
    pub(super) folder: u32,
    /// How often the message had been changed when this was begun.
    changes: u32,
}

/// What is open, and has properties that can be changed.
enum Changeable {
    /// A folder or a message.
    Stored(Provided),
    Attachment,
}

impl Changeable {
    fn object_type(&self) -> ObjectType {
        match self {
            Self::Stored(it) => it.object_type,
            Self::Attachment => ObjectType::ATTACHMENT,
        }
    }

    /// Why a property cannot be set.
    fn problem_with(&self, tag: PropTag) -> Option<HResult> {
        let was_saved = matches!(self, Self::Stored(it) if it.number != UNSAVED);
        let is_flags = tag.id() == PropTag::MESSAGE_FLAGS.id();
        let is_computed = is_fixed(self.object_type(), tag) || is_flags && was_saved;
        is_computed.then_some(HResult::MAPI_E_COMPUTED)
    }
}

const MODRECIP_ADD: u32 = 2;
const MODRECIP_MODIFY: u32 = 4;
const MODRECIP_REMOVE: u32 = 8;

impl State {
    /// A message that others do not see before SaveChanges.
    pub(super) fn open_draft(
        &mut self,
        client: ClientKey,
        provider: ProviderKey,
        folder: u32,
    ) -> ObjectKey {
        let provided = Provided {
            provider,
            number: UNSAVED,
            object_type: ObjectType::MESSAGE,
            is_over: false,
        };
        let opened = self.open(client, Kind::Provided(provided), true);
        let mut content = Content::default();
        let flags = MessageFlags::READ | MessageFlags::UNSENT;
        content.props.set_message_flags(flags);
        self.objects[opened].draft = Some(Box::new(Draft {
            content,
            folder,
            changes: 0,
        }));
        self.refer_to_store(client, provider);
        opened
    }

    /// SetProps of a folder or a message (R2).
    pub(super) fn set_object_props(
        &mut self,
        key: ObjectKey,
        props: &[Property],
    ) -> Result<Vec<PropProblem>> {
        let it = self.changeable_props(key)?;
        check_settable(props)?;
        let (settable, problems) = settable(props, |tag| it.problem_with(tag));
        self.change_props(key, &it, |bag| bag.extend(settable.cloned()))?;
        Ok(problems)
    }

    /// DeleteProps of a folder or a message (R2).
    pub(super) fn delete_object_props(
        &mut self,
        key: ObjectKey,
        tags: &[PropTag],
    ) -> Result<Vec<PropProblem>> {
        let it = self.changeable_props(key)?;
        let problem = |tag: PropTag| {
            let is_name =
                it.object_type() == ObjectType::FOLDER && tag.id() == PropTag::DISPLAY_NAME.id();
            it.problem_with(tag)
                .or(is_name.then_some(HResult::MAPI_E_NO_ACCESS))
        };
        let (deleted, problems) = deletable(tags, problem)?;
        self.change_props(key, &it, |bag| {
            deleted.iter().for_each(|id| bag.remove(*id));
        })?;
        Ok(problems)
    }

    /// What is open, if its properties can be changed.
    fn changeable_props(&self, key: ObjectKey) -> Result<Changeable> {
        let object = self.opened(key)?;
        let changeable = if let Kind::Attachment(_) = object.kind {
            Changeable::Attachment
        } else {
            let types = [ObjectType::FOLDER, ObjectType::MESSAGE];
            let (_, it) = self.opened_as(key, &types, Refusal::PropsNotSettable)?;
            Changeable::Stored(it)
        };
        match object.is_writable {
            true => Ok(changeable),
            false => Err(Refusal::ObjectReadOnlyOpen.into()),
        }
    }

    /// An open object of one of these types, which is there still.
    pub(super) fn opened_as(
        &self,
        key: ObjectKey,
        types: &[ObjectType],
        otherwise: Refusal,
    ) -> Result<(&Object, Provided)> {
        self.viewed(key)?;
        let object = self.opened(key)?;
        let provided = object.provided();
        let it = provided.filter(|it| types.contains(&it.object_type));
        Ok((object, *it.ok_or(otherwise)?))
    }

    fn change_props(
        &mut self,
        key: ObjectKey,
        it: &Changeable,
        change: impl FnOnce(&mut Bag),
    ) -> Result<()> {
        let Changeable::Stored(it) = it else {
            if let Some(Kind::Attachment(it)) = self.objects.get_mut(key).map(|it| &mut it.kind) {
                change(&mut it.props);
            }
            return Ok(());
        };
        if it.object_type == ObjectType::MESSAGE {
            change(&mut self.draft(key)?.content.props);
            return Ok(());
        }
        let provider = &mut self.profiles.providers[it.provider];
        if let Some(folder) = provider.object_mut(it.number) {
            change(&mut folder.content.props);
            self.object_changed(it.provider, it.number);
        }
        Ok(())
    }

    /// The changes of an open message, to add to.
    pub(super) fn draft(&mut self, key: ObjectKey) -> Result<&mut Draft> {
        let it = *self.opened(key)?.provided().ok_or(Refusal::NoMessage)?;
        let provider = &self.profiles.providers[it.provider];
        let stored = provider.object(it.number);
        let begin = |it: &StoredObject| {
            Box::new(Draft {
                content: it.content.clone(),
                folder: it.parent,
                changes: it.changes,
            })
        };
        let object = self.objects.get_mut(key).ok_or(Refusal::LoggedOff)?;
        if object.draft.is_none() {
            object.draft = stored.map(begin);
        }
        Ok(object.draft.as_deref_mut().ok_or(Refusal::ObjectDeleted)?)
    }

    /// Saves the changes of an open message or attachment, if there are any.
    pub(super) fn save_draft(&mut self, key: ObjectKey, forces: bool) -> Result<()> {
        let object = self.opened(key)?;
        if let Kind::Attachment(_) = object.kind {
            return self.save_attachment(key, forces);
        }
        let (Some(it), Some(draft)) = (object.provided().copied(), &object.draft) else {
            return Ok(());
        };
        let provider = &self.profiles.providers[it.provider];
        match provider.object(it.number) {
            Some(stored) if stored.is_gone => return Err(Refusal::ObjectDeleted.into()),
            Some(stored) if stored.changes != draft.changes && !forces => {
                return Err(Refusal::ObjectChanged.into());
            }
            _ => {}
        }
        let draft = self.objects[key].draft.take();
        let Some(draft) = draft.map(|it| *it) else {
            return Ok(());
        };
        if it.number == UNSAVED {
            let number = self.add_message(it.provider, draft.folder, draft.content);
            if let Kind::Provided(it) = &mut self.objects[key].kind {
                it.number = number;
            }
        } else if let Some(stored) = self.profiles.providers[it.provider].object_mut(it.number) {
            stored.content = draft.content;
            stored.changes += 1;
            self.object_changed(it.provider, it.number);
        }
        Ok(())
    }

    /// IMessage::ModifyRecipients (C5).
    pub(crate) fn modify_recipients(
        &mut self,
        key: ObjectKey,
        flags: u32,
        recipients: &[Props],
    ) -> Result<()> {
        self.message(key)?;
        check_bits(flags, MODRECIP_ADD | MODRECIP_MODIFY | MODRECIP_REMOVE)?;
        if flags.count_ones() > 1 {
            return Err(Refusal::RecipientFlags(flags).into());
        }
        if !self.opened(key)?.is_writable {
            return Err(Refusal::ObjectReadOnlyOpen.into());
        }
        let needed: &[PropTag] = match flags {
            MODRECIP_REMOVE => &[PropTag::ROWID],
            MODRECIP_MODIFY => &[
                PropTag::ROWID,
                PropTag::RECIPIENT_TYPE,
                PropTag::DISPLAY_NAME,
            ],
            _ => &[PropTag::RECIPIENT_TYPE, PropTag::DISPLAY_NAME],
        };
        let mut rows = Vec::new();
        for (index, recipient) in recipients.iter().enumerate() {
            if let Some(tag) = needed.iter().find(|tag| recipient.get(**tag).is_none()) {
                return Err(Refusal::RecipientLacks(index, *tag).into());
            }
            check_settable(recipient)?;
            rows.push(settable(recipient, |_| None).0.cloned().collect::<Bag>());
        }
        // What changes nothing begins no draft.
        let (_, there) = self.message(key)?;
        if flags & (MODRECIP_MODIFY | MODRECIP_REMOVE) != 0 {
            let is_there = |row: &&Bag| {
                there
                    .recipients()
                    .iter()
                    .any(|it| row_id(it) == row_id(row))
            };
            if let Some(row) = rows.iter().find(|row| !is_there(row)) {
                return Err(Refusal::NoSuchRecipient(row_id(row).unwrap_or(0)).into());
            }
        }
        let there = &mut self.draft(key)?.content.parts_mut().recipients;
        match flags {
            MODRECIP_REMOVE => {
                let gone: HashSet<_> = rows.iter().map(row_id).collect();
                there.retain(|it| !gone.contains(&row_id(it)));
            }
            MODRECIP_MODIFY => {
                for row in rows {
                    let id = row_id(&row);
                    if let Some(it) = there.iter_mut().find(|it| row_id(it) == id) {
                        *it = row;
                    }
                }
            }
            _ => {
                if flags != MODRECIP_ADD {
                    there.clear();
                }
                let first = there.iter().filter_map(row_id).max().map_or(0, |it| it + 1);
                for (id, mut row) in (first..).zip(rows) {
                    row.insert(PropTag::ROWID, id);
                    there.push(row);
                }
            }
        }
        Ok(())
    }

    /// An open message, and what is in it.
    pub(super) fn message(&self, key: ObjectKey) -> Result<(Provided, &Content)> {
        let types = [ObjectType::MESSAGE];
        let (object, it) = self.opened_as(key, &types, Refusal::NoMessage)?;
        let stored = self.profiles.providers[it.provider].object(it.number);
        let content = match &object.draft {
            Some(draft) => Some(&draft.content),
            None => stored.map(|it| &it.content),
        };
        Ok((it, content.ok_or(Refusal::ObjectDeleted)?))
    }
}

fn row_id(row: &Bag) -> Option<i32> {
    row.long(PropTag::ROWID)
}
