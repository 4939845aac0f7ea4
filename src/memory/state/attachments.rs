//! The attachments of a message: opened for reading (C6), or new (C9).

use super::{Kind, ObjectKey, ProviderKey, Refusal, Result, State, check_bits, hex};
use crate::memory::content::Bag;
use crate::property::{PropTag, PropertyValue};

/// An open attachment.
pub(super) struct Attachment {
    pub(super) provider: ProviderKey,
    pub(super) props: Bag,
    /// Of one that CreateAttach has made.
    new: Option<New>,
}

struct New {
    message: ObjectKey,
    is_saved: bool,
}

const MAPI_MODIFY: u32 = 1;
const MAPI_DEFERRED_ERRORS: u32 = 8;
const MAPI_BEST_ACCESS: u32 = 0x10;

impl State {
    /// IMessage::OpenAttach (C6): the attachment as it is now.
    pub(crate) fn open_attach(
        &mut self,
        message: ObjectKey,
        number: u32,
        flags: u32,
    ) -> Result<ObjectKey> {
        let (it, content) = self.message(message)?;
        check_bits(flags, MAPI_MODIFY | MAPI_DEFERRED_ERRORS | MAPI_BEST_ACCESS)?;
        if flags & MAPI_MODIFY != 0 {
            return Err(Refusal::ObjectReadOnly(hex(&number.to_be_bytes())).into());
        }
        let found = numbered(content.attachments(), number as i32);
        let attachment = Attachment {
            provider: it.provider,
            props: found.ok_or(Refusal::NoAttachment(number))?.clone(),
            new: None,
        };
        self.open_attachment(message, attachment)
    }

    /// IMessage::CreateAttach (C9): its number is its PR_ATTACH_NUM.
    pub(crate) fn create_attach(&mut self, message: ObjectKey, flags: u32) -> Result<ObjectKey> {
        let (it, content) = self.message(message)?;
        check_bits(flags, MAPI_DEFERRED_ERRORS)?;
        let object = self.opened(message)?;
        if !object.is_writable {
            return Err(Refusal::ObjectReadOnlyOpen.into());
        }
        let client = self.clients[object.client].extras();
        let open = client.into_iter().flat_map(|it| &it.objects);
        let unsaved = open.filter_map(|key| match &self.objects.get(*key)?.kind {
            Kind::Attachment(it) if it.new.as_ref()?.message == message => Some(&it.props),
            _ => None,
        });
        let taken = content.attachments().iter().chain(unsaved);
        let taken = taken.filter_map(|it| it.long(PropTag::ATTACH_NUM));
        let number = taken.max().map_or(0, |it| it + 1);
        let mut props = Bag::default();
        props.insert(PropTag::ATTACH_NUM, number);
        let new = New {
            message,
            is_saved: false,
        };
        let attachment = Attachment {
            provider: it.provider,
            props,
            new: Some(new),
        };
        self.open_attachment(message, attachment)
    }

    fn open_attachment(&mut self, message: ObjectKey, it: Attachment) -> Result<ObjectKey> {
        let client = self.opened(message)?.client;
        let (provider, is_writable) = (it.provider, it.new.is_some());
        let opened = self.open(client, Kind::Attachment(Box::new(it)), is_writable);
        self.refer_to_store(client, provider);
        Ok(opened)
    }

    /// Puts a new attachment, as it is now, into its open message.
    pub(super) fn save_attachment(&mut self, key: ObjectKey, forces: bool) -> Result<()> {
        let Kind::Attachment(it) = &self.opened(key)?.kind else {
            return Ok(());
        };
        let Some(New { message, is_saved }) = it.new else {
            return Ok(());
        };
        if self.objects.get(message).is_none() {
            return Err(Refusal::MessageReleased.into());
        }
        let mut props = it.props.clone();
        let number = props.long(PropTag::ATTACH_NUM).unwrap_or_default();
        let data = props.get(PropTag::ATTACH_DATA_BIN);
        let size = data.map_or(0, PropertyValue::size) as i32;
        props.insert(PropTag::ATTACH_SIZE, size);
        let (_, content) = self.message(message)?;
        let other = numbered(content.attachments(), number).filter(|_| !is_saved && !forces);
        if other.is_some() {
            return Err(Refusal::ObjectChanged.into());
        }
        let attachments = &mut self.draft(message)?.content.parts_mut().attachments;
        let is_it = |it: &&mut Bag| it.long(PropTag::ATTACH_NUM) == Some(number);
        match attachments.iter_mut().find(is_it) {
            Some(it) => *it = props,
            None => attachments.push(props),
        }
        if let Some(Kind::Attachment(it)) = self.objects.get_mut(key).map(|it| &mut it.kind) {
            it.new = Some(New {
                message,
                is_saved: true,
            });
        }
        Ok(())
    }
}

fn numbered(attachments: &[Bag], number: i32) -> Option<&Bag> {
    let number = Some(number);
    let mut attachments = attachments.iter();
    attachments.find(|it| it.long(PropTag::ATTACH_NUM) == number)
}
