//! What a provider holds, as its properties show it: those that are stored, and those that are computed.

use std::borrow::Cow;

use super::outgoing::MessageState;
use super::provider::{Provider, ROOT_FOLDER};
use crate::flags::MessageFlags;
use crate::memory::content::{Content, normalized};
use crate::property::{PropTag, PropertyValue};
use crate::types::{ObjectType, RecipientType};

const FOLDER_ROOT: i32 = 0;
const FOLDER_GENERIC: i32 = 1;

/// Which of a store's folders for mail PR_VALID_FOLDER_MASK tells of.
const IPM_FOLDERS: [(PropTag, i32, &str); 3] = [
    (PropTag::IPM_OUTBOX_ENTRYID, 4, "Outbox"),
    (PropTag::IPM_WASTEBASKET_ENTRYID, 8, "Deleted Items"),
    (PropTag::IPM_SENTMAIL_ENTRYID, 0x10, "Sent Items"),
];
const FOLDER_IPM_SUBTREE_VALID: i32 = 1;
const FOLDER_IPM_INBOX_VALID: i32 = 2;

/// An object that a provider holds, or with the number zero the provider's own.
#[derive(Clone, Copy)]
pub(super) struct Viewed<'a> {
    provider: &'a Provider,
    /// [`UNSAVED`] where it has none yet.
    number: u32,
    object_type: ObjectType,
    content: Option<&'a Content>,
    /// The folder that it is in.
    parent: u32,
}

/// The number of a message before its first SaveChanges.
pub(super) const UNSAVED: u32 = u32::MAX;

/// A property that is asked for, found once for many objects of one type.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Column {
    tag: PropTag,
    is_computed: bool,
}

impl Column {
    pub(super) fn tag(self) -> PropTag {
        self.tag
    }

    pub(super) fn new(object_type: ObjectType, tag: PropTag) -> Self {
        let answers = |it: &PropTag| it.answers(tag);
        let computed = computed_tags(object_type).find(answers);
        let known = computed.or_else(|| with_default(object_type).find(answers));
        Self {
            tag: known.unwrap_or(tag),
            is_computed: computed.is_some(),
        }
    }
}

impl<'a> Viewed<'a> {
    /// What is stored under this number, or the provider's own.
    pub(super) fn stored(provider: &'a Provider, number: u32, object_type: ObjectType) -> Self {
        let object = provider.object(number);
        Self {
            provider,
            number,
            object_type,
            content: object.map(|it| &it.content),
            parent: object.map_or(0, |it| it.parent),
        }
    }

    /// The same with content that is not saved yet.
    pub(super) fn with_draft(self, draft: &'a Content, folder: u32) -> Self {
        Self {
            content: Some(draft),
            parent: folder,
            ..self
        }
    }

    /// The value of a property, and its tag.
    pub(super) fn find(&self, asked: PropTag) -> Option<(PropTag, Cow<'a, PropertyValue>)> {
        let column = Column::new(self.object_type, asked);
        if let Some(value) = self.value(column) {
            return Some((column.tag, value));
        }
        let property = self.content?.props.asked(asked)?;
        Some((property.tag, Cow::Borrowed(&property.value)))
    }

    pub(super) fn value(&self, column: Column) -> Option<Cow<'a, PropertyValue>> {
        let computed = column.is_computed.then(|| self.computed(column.tag));
        if let Some(value) = computed.flatten() {
            return Some(Cow::Owned(value));
        }
        match self.content?.props.get(column.tag) {
            Some(value) => Some(Cow::Borrowed(value)),
            None => self.default(column.tag).map(Cow::Owned),
        }
    }

    /// The tags of all that it has.
    pub(super) fn tags(&self) -> Vec<PropTag> {
        let stored = self.content.into_iter().flat_map(|it| it.props.iter());
        let computed = computed_tags(self.object_type);
        let computed = computed.filter(|tag| self.computed(*tag).is_some());
        let known = computed.chain(with_default(self.object_type));
        let mut tags: Vec<_> = stored.map(|it| it.tag).chain(known).collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    }

    /// What it has as long as none was set; see [`with_default`].
    fn default(&self, tag: PropTag) -> Option<PropertyValue> {
        match (self.object_type, tag) {
            (ObjectType::MESSAGE, PropTag::MESSAGE_CLASS) => Some("IPM.Note".into()),
            (ObjectType::MESSAGE, PropTag::SUBJECT) => Some("".into()),
            _ => None,
        }
    }

    fn computed(&self, tag: PropTag) -> Option<PropertyValue> {
        let provider = self.provider;
        let id_of = |number: u32| Some(provider.entry_id(number).as_bytes().into());
        let own = (self.number != UNSAVED).then_some(self.number);
        match tag {
            PropTag::ENTRYID => id_of(own?),
            PropTag::OBJECT_TYPE => Some((self.object_type.get() as i32).into()),
            PropTag::RECORD_KEY => Some(provider.entry_id(own?).as_bytes()[4..].into()),
            PropTag::INSTANCE_KEY => Some((&own?.to_be_bytes()[..]).into()),
            // A provider's own object is in none.
            PropTag::PARENT_ENTRYID => self.content.and_then(|_| id_of(self.parent)),
            PropTag::STORE_ENTRYID => id_of(0),
            PropTag::STORE_RECORD_KEY => Some(provider.entry_id(0).as_bytes()[4..].into()),
            PropTag::MAPPING_SIGNATURE => Some((&provider.uid.as_bytes()[..]).into()),
            _ => match self.object_type {
                ObjectType::MESSAGE => self.computed_of_message(tag),
                ObjectType::FOLDER => self.computed_of_folder(tag),
                ObjectType::STORE => self.computed_of_store(tag),
                _ if tag == PropTag::DISPLAY_NAME && self.content.is_none() => {
                    Some(provider.name.as_str().into())
                }
                _ => None,
            },
        }
    }

    fn computed_of_message(&self, tag: PropTag) -> Option<PropertyValue> {
        let content = self.content?;
        let props = &content.props;
        let names = |recipient_type| Some(content.names(recipient_type).into());
        match tag {
            PropTag::NORMALIZED_SUBJECT => {
                let subject = props.text(PropTag::SUBJECT).unwrap_or_default();
                Some(normalized(subject).as_ref().into())
            }
            PropTag::MESSAGE_FLAGS => Some(self.message_flags(content).into()),
            PropTag::MESSAGE_SIZE => Some((content.size() as i32).into()),
            PropTag::HASATTACH => Some((!content.attachments().is_empty()).into()),
            PropTag::DISPLAY_TO => names(RecipientType::TO),
            PropTag::DISPLAY_CC => names(RecipientType::CC),
            PropTag::DISPLAY_BCC => names(RecipientType::BCC),
            _ => None,
        }
    }

    fn message_flags(&self, content: &Content) -> i32 {
        let mut flags = content.props.message_flags();
        if !content.attachments().is_empty() {
            flags |= MessageFlags::HAS_ATTACHMENT;
        }
        if self.provider.mail.find(self.number) == MessageState::Submitted {
            flags |= MessageFlags::SUBMIT;
        }
        flags.bits() as i32
    }

    fn computed_of_folder(&self, tag: PropTag) -> Option<PropertyValue> {
        let folder = self.provider.object(self.number)?;
        match tag {
            PropTag::FOLDER_TYPE => Some(match self.number {
                ROOT_FOLDER => FOLDER_ROOT.into(),
                _ => FOLDER_GENERIC.into(),
            }),
            PropTag::SUBFOLDERS => Some((!folder.folders().is_empty()).into()),
            PropTag::CONTENT_COUNT => Some((folder.messages().len() as i32).into()),
            PropTag::CONTENT_UNREAD => {
                let messages = folder.messages().iter();
                let messages = messages.filter_map(|it| self.provider.object(*it));
                let flags = messages.map(|it| it.content.props.message_flags());
                let unread = flags.filter(|it| !it.contains(MessageFlags::READ));
                Some((unread.count() as i32).into())
            }
            _ => None,
        }
    }

    fn computed_of_store(&self, tag: PropTag) -> Option<PropertyValue> {
        let store = self.provider;
        let top = |name: &str| store.top_folder(name);
        match tag {
            PropTag::DISPLAY_NAME => Some(store.name.as_str().into()),
            PropTag::MDB_PROVIDER => Some((&store.provider_type.as_bytes()[..]).into()),
            PropTag::PROVIDER_DISPLAY => Some(store.display().into()),
            PropTag::IPM_SUBTREE_ENTRYID => Some(store.entry_id(ROOT_FOLDER).as_bytes().into()),
            PropTag::VALID_FOLDER_MASK => {
                let inbox = match store.receive_folder("").0 {
                    ROOT_FOLDER => 0,
                    _ => FOLDER_IPM_INBOX_VALID,
                };
                let folders = IPM_FOLDERS.iter();
                let there = folders.filter(|(_, _, name)| top(name).is_some());
                let mask = there.fold(inbox, |mask, (_, bit, _)| mask | bit);
                Some((FOLDER_IPM_SUBTREE_VALID | mask).into())
            }
            _ => {
                let (_, _, name) = IPM_FOLDERS.iter().find(|(it, ..)| *it == tag)?;
                Some(store.entry_id(top(name)?).as_bytes().into())
            }
        }
    }
}

/// What clients cannot set: it is computed, whatever is stored.
pub(super) fn is_fixed(object_type: ObjectType, tag: PropTag) -> bool {
    const OF_THE_OBJECT: [PropTag; 2] = [PropTag::ACCESS, PropTag::ACCESS_LEVEL];
    let mut fixed = computed_tags(object_type).chain(OF_THE_OBJECT);
    fixed.any(|it| it.id() == tag.id() && it != PropTag::MESSAGE_FLAGS)
}

/// What a message has also where it was not set.
fn with_default(object_type: ObjectType) -> impl Iterator<Item = PropTag> {
    let tags: &[_] = match object_type {
        ObjectType::MESSAGE => &[PropTag::MESSAGE_CLASS, PropTag::SUBJECT],
        _ => &[],
    };
    tags.iter().copied()
}

fn computed_tags(object_type: ObjectType) -> impl Iterator<Item = PropTag> {
    const OF_ALL: &[PropTag] = &[
        PropTag::ENTRYID,
        PropTag::OBJECT_TYPE,
        PropTag::RECORD_KEY,
        PropTag::INSTANCE_KEY,
        PropTag::MAPPING_SIGNATURE,
        PropTag::STORE_ENTRYID,
        PropTag::STORE_RECORD_KEY,
    ];
    const OF_MESSAGES: &[PropTag] = &[
        PropTag::PARENT_ENTRYID,
        PropTag::NORMALIZED_SUBJECT,
        PropTag::MESSAGE_FLAGS,
        PropTag::MESSAGE_SIZE,
        PropTag::HASATTACH,
        PropTag::DISPLAY_TO,
        PropTag::DISPLAY_CC,
        PropTag::DISPLAY_BCC,
    ];
    const OF_FOLDERS: &[PropTag] = &[
        PropTag::PARENT_ENTRYID,
        PropTag::FOLDER_TYPE,
        PropTag::SUBFOLDERS,
        PropTag::CONTENT_COUNT,
        PropTag::CONTENT_UNREAD,
    ];
    const OF_STORES: &[PropTag] = &[
        PropTag::DISPLAY_NAME,
        PropTag::MDB_PROVIDER,
        PropTag::PROVIDER_DISPLAY,
        PropTag::IPM_SUBTREE_ENTRYID,
        PropTag::IPM_OUTBOX_ENTRYID,
        PropTag::IPM_WASTEBASKET_ENTRYID,
        PropTag::IPM_SENTMAIL_ENTRYID,
        PropTag::VALID_FOLDER_MASK,
    ];
    const OF_ATTACHMENTS: &[PropTag] = &[PropTag::ATTACH_NUM, PropTag::ATTACH_SIZE];
    const OF_USERS: &[PropTag] = &[PropTag::PARENT_ENTRYID, PropTag::DISPLAY_NAME];
    let of_type = match object_type {
        ObjectType::MESSAGE => OF_MESSAGES,
        ObjectType::FOLDER => OF_FOLDERS,
        ObjectType::STORE => OF_STORES,
        ObjectType::ATTACHMENT => OF_ATTACHMENTS,
        _ => OF_USERS,
    };
    OF_ALL.iter().chain(of_type).copied()
}

/// What the table of a folder's messages or folders shows, unless its columns are set.
pub(super) fn default_columns(object_type: ObjectType) -> &'static [PropTag] {
    const OF_MESSAGES: &[PropTag] = &[
        PropTag::INSTANCE_KEY,
        PropTag::ENTRYID,
        PropTag::RECORD_KEY,
        PropTag::OBJECT_TYPE,
        PropTag::PARENT_ENTRYID,
        PropTag::MESSAGE_CLASS,
        PropTag::MESSAGE_FLAGS,
        PropTag::SUBJECT,
        PropTag::NORMALIZED_SUBJECT,
        PropTag::SENDER_NAME,
        PropTag::DISPLAY_TO,
        PropTag::DISPLAY_CC,
        PropTag::MESSAGE_DELIVERY_TIME,
        PropTag::MESSAGE_SIZE,
        PropTag::HASATTACH,
    ];
    const OF_FOLDERS: &[PropTag] = &[
        PropTag::INSTANCE_KEY,
        PropTag::ENTRYID,
        PropTag::RECORD_KEY,
        PropTag::OBJECT_TYPE,
        PropTag::PARENT_ENTRYID,
        PropTag::DISPLAY_NAME,
        PropTag::COMMENT,
        PropTag::DEPTH,
        PropTag::FOLDER_TYPE,
        PropTag::SUBFOLDERS,
        PropTag::CONTENT_COUNT,
        PropTag::CONTENT_UNREAD,
    ];
    match object_type {
        ObjectType::MESSAGE => OF_MESSAGES,
        _ => OF_FOLDERS,
    }
}

impl Provider {
    /// The folder in which messages of this class arrive, and the class that says so: of the described
    /// ones the longest that it begins with.
    pub(super) fn receive_folder(&self, class: &str) -> (u32, &str) {
        let is_base = |base: &str| {
            let rest = class
                .get(..base.len())
                .filter(|it| it.eq_ignore_ascii_case(base));
            rest.is_some() && matches!(class.as_bytes().get(base.len()), None | Some(b'.'))
                || base.is_empty()
        };
        let registered = self.receives.iter();
        let registered =
            registered.filter(|(base, folder)| is_base(base) && self.folder(*folder).is_some());
        match registered.max_by_key(|(base, _)| base.len()) {
            Some((base, folder)) => (*folder, base),
            None => (self.top_folder("Inbox").unwrap_or(ROOT_FOLDER), ""),
        }
    }

    fn top_folder(&self, name: &str) -> Option<u32> {
        let root = self.object(ROOT_FOLDER)?;
        self.named(root.folders().iter().copied(), name)
    }
}
