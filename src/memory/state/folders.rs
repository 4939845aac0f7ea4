//! Folders: what they hold, what is created and deleted in them, and who is told (C1 to C4, C7).

use std::collections::{BTreeMap, BTreeSet};

use super::outgoing::MessageState;
use super::props::MAPI_UNICODE;
use super::provider::object_number;
use super::stored_objects::StoredObject;
use super::{
    ClientKey, Kind, ObjectKey, Outcome, Provided, ProviderKey, Refusal, Result, State, check_bits,
    quoted,
};
use crate::error::{Success, Warning};
use crate::flags::{MessageFlags, StoreSupportMask};
use crate::memory::content::Content;
use crate::notification::{ObjectEvent, ObjectEventKind, TableEventKind};
use crate::property::PropTag;
use crate::types::{ObjectType, provider_uid};
use crate::{EntryId, HResult, Notification};

const MAPI_DEFERRED_ERRORS: u32 = 8;
const MAPI_ASSOCIATED: u32 = 0x40;
const OPEN_IF_EXISTS: u32 = 1;
const MESSAGE_DIALOG: u32 = 2;
const DELETE_HARD_DELETE: u32 = 0x10;
const SUPPRESS_RECEIPT: u32 = 1;
const CLEAR_READ_FLAG: u32 = 4;
const GENERATE_RECEIPT_ONLY: u32 = 0x10;
const CLEAR_RN_PENDING: u32 = 0x20;
const CLEAR_NRN_PENDING: u32 = 0x40;

impl State {
    /// IMAPIFolder::CreateMessage (C2).
    pub(crate) fn create_message(&mut self, folder: ObjectKey, flags: u32) -> Result<ObjectKey> {
        const ITEMPROC_FORCE: u32 = 0x800;
        let (client, it) = self.open_folder(folder)?;
        check_bits(
            flags,
            MAPI_DEFERRED_ERRORS | MAPI_ASSOCIATED | ITEMPROC_FORCE,
        )?;
        if flags & MAPI_ASSOCIATED != 0 {
            return Err(Refusal::NoAssociated.into());
        }
        self.check_creates(client, &it)?;
        Ok(self.open_draft(client, it.provider, it.number))
    }

    /// IMAPIFolder::CreateFolder (C3).
    pub(crate) fn create_folder(
        &mut self,
        folder: ObjectKey,
        folder_type: u32,
        name: &str,
        comment: &str,
        flags: u32,
    ) -> Result<ObjectKey> {
        const FOLDER_GENERIC: u32 = 1;
        const FOLDER_SEARCH: u32 = 2;
        let (client, it) = self.open_folder(folder)?;
        check_bits(flags, MAPI_DEFERRED_ERRORS | MAPI_UNICODE | OPEN_IF_EXISTS)?;
        match folder_type {
            FOLDER_GENERIC => {}
            FOLDER_SEARCH => return Err(Refusal::NoSearchFolders.into()),
            other => return Err(Refusal::FolderType(other).into()),
        }
        if name.is_empty() {
            return Err(Refusal::NoFolderName.into());
        }
        let store = &self.profiles.providers[it.provider];
        let parent = store.folder(it.number).ok_or(Refusal::ObjectDeleted)?;
        let mut folders = parent.folders().iter().copied();
        let is_it = |number: &u32| {
            let folder = store.object(*number);
            folder.is_some_and(|it| it.name().to_lowercase() == name.to_lowercase())
        };
        let number = match folders.find(is_it) {
            Some(number) if flags & OPEN_IF_EXISTS != 0 => number,
            Some(_) => return Err(Refusal::FolderExists(quoted(name)).into()),
            None => {
                self.check_creates(client, &it)?;
                let mut content = Content::named(PropTag::DISPLAY_NAME, name);
                if !comment.is_empty() {
                    content.props.insert(PropTag::COMMENT, comment);
                }
                let store = &mut self.profiles.providers[it.provider];
                let number = store.objects.add(ObjectType::FOLDER, content, it.number);
                self.tell_of_object(it.provider, number, ObjectEventKind::Created);
                self.rows_changed(it.provider, number, TableEventKind::ROW_ADDED);
                self.object_changed(it.provider, it.number);
                number
            }
        };
        let provided = Provided { number, ..it };
        let can_only_read = self.profiles.providers[it.provider].can_only_read(number);
        let is_writable = !can_only_read && !self.is_open_for_reading(client, it.provider)?;
        let opened = self.open(client, Kind::Provided(provided), is_writable);
        self.refer_to_store(client, it.provider);
        Ok(opened)
    }

    /// IMAPIFolder::DeleteMessages (C4).
    pub(crate) fn delete_messages(
        &mut self,
        folder: ObjectKey,
        entry_ids: &[EntryId],
        flags: u32,
    ) -> Outcome<()> {
        let (client, it) = self.open_folder(folder)?;
        check_bits(flags, MESSAGE_DIALOG | DELETE_HARD_DELETE)?;
        self.check_creates(client, &it)?;
        let (found, left) = self.changeable(&it, &self.numbers(it.provider, entry_ids));
        self.remove_messages(it.provider, it.number, &found, false);
        Ok(Success::from_parts((), left))
    }

    /// IMAPIFolder::SetReadFlags (C4).
    pub(crate) fn set_read_flags(
        &mut self,
        folder: ObjectKey,
        entry_ids: Option<&[EntryId]>,
        flags: u32,
    ) -> Outcome<()> {
        let (client, it) = self.open_folder(folder)?;
        let defined = SUPPRESS_RECEIPT
            | CLEAR_READ_FLAG
            | GENERATE_RECEIPT_ONLY
            | CLEAR_RN_PENDING
            | CLEAR_NRN_PENDING
            | MAPI_DEFERRED_ERRORS
            | MESSAGE_DIALOG;
        check_bits(flags, defined)?;
        if flags & CLEAR_READ_FLAG != 0 && flags & (SUPPRESS_RECEIPT | GENERATE_RECEIPT_ONLY) != 0 {
            return Err(Refusal::ReadFlags(flags).into());
        }
        self.check_creates(client, &it)?;
        let store = &self.profiles.providers[it.provider];
        let (found, left) = match entry_ids {
            Some(entry_ids) => self.changeable(&it, &self.numbers(it.provider, entry_ids)),
            None => {
                let messages = store.folder(it.number).map(StoredObject::messages);
                self.changeable(&it, messages.unwrap_or_default())
            }
        };
        let leaves_as_it_is = GENERATE_RECEIPT_ONLY | CLEAR_RN_PENDING | CLEAR_NRN_PENDING;
        if flags & leaves_as_it_is == 0 {
            let mut are_changed = false;
            for number in found {
                are_changed |= self.set_read(it.provider, number, flags & CLEAR_READ_FLAG == 0);
            }
            // PR_CONTENT_UNREAD is another than before.
            if are_changed {
                self.object_changed(it.provider, it.number);
            }
        }
        Ok(Success::from_parts((), left))
    }

    /// Says whether that changes the message.
    fn set_read(&mut self, provider: ProviderKey, number: u32, is_read: bool) -> bool {
        let store = &mut self.profiles.providers[provider];
        let Some(message) = store.object_mut(number) else {
            return false;
        };
        let props = &mut message.content.props;
        let before = props.message_flags();
        let mut now = before;
        now.set(MessageFlags::READ, is_read);
        if now != before {
            props.set_message_flags(now);
            self.object_changed(provider, number);
        }
        now != before
    }

    /// IMsgStore::GetReceiveFolder (C7).
    pub(crate) fn receive_folder(
        &mut self,
        store: ObjectKey,
        class: Option<&str>,
        flags: u32,
    ) -> Result<(EntryId, String)> {
        let provider = self.opened(store)?.store()?;
        check_bits(flags, MAPI_UNICODE)?;
        self.check_text_flags(flags)?;
        let store = &self.profiles.providers[provider];
        let (folder, base) = store.receive_folder(class.unwrap_or_default());
        Ok((store.entry_id(folder), base.into()))
    }

    /// An open folder, and its client.
    pub(super) fn open_folder(&self, key: ObjectKey) -> Result<(ClientKey, Provided)> {
        let types = [ObjectType::FOLDER];
        let (object, it) = self.opened_as(key, &types, Refusal::NoContents)?;
        Ok((object.client, it))
    }

    /// Whether something can be created, deleted or changed in a folder.
    fn check_creates(&self, client: ClientKey, folder: &Provided) -> Result<()> {
        let store = &self.profiles.providers[folder.provider];
        let is_open_for_reading = self.is_open_for_reading(client, folder.provider)?;
        let creates = store.support.contains(StoreSupportMask::CREATE_OK);
        match creates && !is_open_for_reading && !store.can_only_read(folder.number) {
            true => Ok(()),
            false => {
                let name = store.object(folder.number).map_or("", |it| it.name());
                Err(Refusal::FolderReadOnly(quoted(name)).into())
            }
        }
    }

    /// Whether the client's session has this store open, and for reading (O5).
    fn is_open_for_reading(&self, client: ClientKey, store: ProviderKey) -> Result<bool> {
        let open = self.live(client)?.session.open_store(store);
        Ok(open.is_some_and(|it| it.is_writable == Some(false)))
    }

    /// The numbers in these identifiers; zero in one that is not of this provider.
    fn numbers(&self, provider: ProviderKey, entry_ids: &[EntryId]) -> Vec<u32> {
        let uid = self.profiles.providers[provider].uid;
        let number = |id: &EntryId| match provider_uid(id.as_bytes()) {
            Some(it) if it == uid => object_number(id.as_bytes()).unwrap_or(0),
            _ => 0,
        };
        entry_ids.iter().map(number).collect()
    }

    /// Those of these messages that are in the folder, not submitted and not open for writing; with a
    /// warning where there are others.
    fn changeable(&self, folder: &Provided, numbers: &[u32]) -> (BTreeSet<u32>, Option<Warning>) {
        let store = &self.profiles.providers[folder.provider];
        let open = self.objects.iter().filter(|(_, it)| it.is_writable);
        let open = open.filter_map(|(_, it)| it.provided());
        let open = open.filter(|it| it.provider == folder.provider);
        let open: BTreeSet<_> = open.map(|it| it.number).collect();
        let is_changeable = |number: &&u32| {
            let message = store.object(**number).filter(|it| {
                it.object_type == ObjectType::MESSAGE && it.parent == folder.number && !it.is_gone
            });
            message.is_some()
                && store.mail.find(**number) == MessageState::InItsFolder
                && !open.contains(number)
        };
        let found: Vec<_> = numbers.iter().filter(is_changeable).copied().collect();
        let left = numbers.len() - found.len();
        let warning = Warning::new(HResult::MAPI_W_PARTIAL_COMPLETION).filter(|_| left > 0);
        let warning = warning.map(|it| {
            it.because(format!(
                "{left} of {} messages are not in the folder, are submitted, or are open for writing",
                numbers.len()
            ))
        });
        (found.into_iter().collect(), warning)
    }

    /// A message comes into a folder. Gives its number.
    pub(super) fn add_message(
        &mut self,
        provider: ProviderKey,
        folder: u32,
        content: Content,
    ) -> u32 {
        let store = &mut self.profiles.providers[provider];
        let number = store.objects.add(ObjectType::MESSAGE, content, folder);
        self.tell_of_object(provider, number, ObjectEventKind::Created);
        self.rows_changed(provider, number, TableEventKind::ROW_ADDED);
        self.object_changed(provider, folder);
        number
    }

    /// A folder or a message is another than before.
    pub(super) fn object_changed(&mut self, provider: ProviderKey, number: u32) {
        self.tell_of_object(provider, number, ObjectEventKind::Modified);
        self.rows_changed(provider, number, TableEventKind::ROW_MODIFIED);
    }

    /// Messages leave a folder: they are deleted, or sent.
    fn remove_messages(
        &mut self,
        provider: ProviderKey,
        folder: u32,
        numbers: &BTreeSet<u32>,
        are_sent: bool,
    ) {
        if numbers.is_empty() {
            return;
        }
        self.profiles.providers[provider].remove(folder, numbers, are_sent);
        self.rows_deleted(provider, folder, numbers);
        for number in numbers {
            let event = (ObjectEventKind::Deleted, ObjectType::MESSAGE);
            self.tell_of(provider, *number, event, folder);
        }
        self.object_changed(provider, folder);
    }

    /// What the transports have sent leaves its folder.
    pub(super) fn remove_sent(&mut self, provider: ProviderKey) {
        let store = &mut self.profiles.providers[provider];
        let mut by_folder: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for number in store.mail.take_sent() {
            if let Some(message) = store.object(number) {
                by_folder.entry(message.parent).or_default().insert(number);
            }
        }
        for (folder, numbers) in by_folder {
            self.remove_messages(provider, folder, &numbers, true);
        }
    }

    /// An event of an object, by its identifier without flags; its store hears of it too.
    pub(super) fn tell_of_object(
        &mut self,
        provider: ProviderKey,
        number: u32,
        kind: ObjectEventKind,
    ) {
        let store = &self.profiles.providers[provider];
        if let Some(&StoredObject {
            object_type,
            parent,
            ..
        }) = store.object(number)
        {
            self.tell_of(provider, number, (kind, object_type), parent);
        }
    }

    fn tell_of(
        &mut self,
        provider: ProviderKey,
        number: u32,
        (kind, object_type): (ObjectEventKind, ObjectType),
        parent: u32,
    ) {
        let store = &self.profiles.providers[provider];
        let id = store.entry_id(number);
        let event = ObjectEvent::new(kind, id.clone(), object_type);
        let event = event.with_parent_id(Some(store.entry_id(parent)));
        self.notify(Some(&id), &Notification::Object(event));
    }
}
