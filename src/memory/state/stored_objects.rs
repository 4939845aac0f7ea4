//! The objects that a provider holds.

use crate::memory::content::Content;
use crate::property::PropTag;
use crate::types::ObjectType;

/// An object that a provider holds.
#[derive(Clone)]
pub(super) struct StoredObject {
    pub(super) object_type: ObjectType,
    /// The number of the folder that it is in, or zero where it is in none.
    pub(super) parent: u32,
    /// A folder that can only be read, and with it the messages in it.
    pub(super) is_read_only: bool,
    /// A message that has been sent: nobody finds it any more, but a test looks at it.
    pub(super) is_gone: bool,
    /// How often it has been changed.
    pub(super) changes: u32,
    pub(super) content: Content,
    /// Of a folder, what is in it.
    pub(super) children: Option<Box<Children>>,
}

/// The numbers of what a folder holds, each in the order in which it came.
#[derive(Clone, Default)]
pub(super) struct Children {
    pub(super) folders: Vec<u32>,
    pub(super) messages: Vec<u32>,
}

impl StoredObject {
    /// PR_SUBJECT of a message, PR_DISPLAY_NAME of anything else.
    pub(super) fn name(&self) -> &str {
        let tag = name_tag(self.object_type);
        self.content.props.text(tag).unwrap_or_default()
    }

    pub(super) fn folders(&self) -> &[u32] {
        self.children.as_ref().map_or(&[], |it| &it.folders)
    }

    pub(super) fn messages(&self) -> &[u32] {
        self.children.as_ref().map_or(&[], |it| &it.messages)
    }
}

pub(super) fn name_tag(object_type: ObjectType) -> PropTag {
    match object_type {
        ObjectType::MESSAGE => PropTag::SUBJECT,
        _ => PropTag::DISPLAY_NAME,
    }
}

/// The objects of a provider by their numbers, which count from 1. A number is never used again, but its memory is:
/// a page is freed with the last object in it.
#[derive(Clone, Default)]
pub(super) struct StoredObjects {
    pages: Vec<Vec<Option<StoredObject>>>,
    last: u32,
}

const PAGE: usize = 64;

impl StoredObjects {
    /// The last number that was given.
    pub(super) fn last(&self) -> u32 {
        self.last
    }

    pub(super) fn get(&self, number: u32) -> Option<&StoredObject> {
        let index = number.checked_sub(1)? as usize;
        self.pages.get(index / PAGE)?.get(index % PAGE)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut StoredObject> {
        let index = number.checked_sub(1)? as usize;
        self.pages
            .get_mut(index / PAGE)?
            .get_mut(index % PAGE)?
            .as_mut()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, &StoredObject)> {
        (1..=self.last).filter_map(|number| Some((number, self.get(number)?)))
    }

    /// Adds an object that holds nothing to a folder, and gives its number. The root folder is in itself, but not
    /// among those that it holds.
    pub(super) fn add(&mut self, object_type: ObjectType, content: Content, folder: u32) -> u32 {
        let index = self.last as usize;
        let number = self.last + 1;
        self.last = number;
        let is_folder = object_type == ObjectType::FOLDER;
        if index % PAGE == 0 {
            self.pages.push(Vec::new());
        }
        self.pages[index / PAGE].push(Some(StoredObject {
            object_type,
            parent: folder,
            is_read_only: false,
            is_gone: false,
            changes: 0,
            content,
            children: is_folder.then(Box::default),
        }));
        if let Some(holder) = self.get_mut(folder).filter(|_| folder != number) {
            let children = holder.children.get_or_insert_default();
            match is_folder {
                true => children.folders.push(number),
                false => children.messages.push(number),
            }
        }
        number
    }

    pub(super) fn remove(&mut self, number: u32) {
        let Some(index) = number.checked_sub(1).map(|it| it as usize) else {
            return;
        };
        let Some(page) = self.pages.get_mut(index / PAGE) else {
            return;
        };
        if let Some(object) = page.get_mut(index % PAGE) {
            *object = None;
        }
        if page.len() == PAGE && page.iter().all(Option::is_none) {
            *page = Vec::new();
        }
    }

    /// Whether this number was given, and its object removed.
    pub(super) fn is_removed(&self, number: u32) -> bool {
        (1..=self.last).contains(&number) && self.get(number).is_none()
    }
}
