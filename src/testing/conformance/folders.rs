//! Rules C: folders, and the messages in them.

use super::scene::{Asked, Fault, Scene, Verdict, end, ensure, fails, undefined_bits, works};
use super::stage::Item;
use crate::property::{PropTag, Property, Props};
use crate::subsystem::{
    RawMsgStore, RawObject, RawProp, RawPropTable, RawResult, RawSession, RawTable, Subsystem,
};
use crate::types::{Recipient, RecipientType};
use crate::{EntryId, HResult, OpenEntryFlags, OpenStoreFlags, UiParam};

pub(super) type StoreOf<B> = <<B as Subsystem>::Session as RawSession>::MsgStore;
pub(super) type ObjectOf<B> = <<B as Subsystem>::Session as RawSession>::Object;

const UNICODE: u32 = 0x8000_0000;
const NONE: UiParam = UiParam::NONE;
const FOLDER_GENERIC: u32 = 1;
const OPEN_IF_EXISTS: u32 = 1;
const KEEP_OPEN_READWRITE: u32 = 2;
const FORCE_SAVE: u32 = 4;
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const UNKNOWN_FLAGS: HResult = HResult::MAPI_E_UNKNOWN_FLAGS;

/// What a rule of folders is asked on.
pub(super) struct Place<'a, B: Subsystem> {
    pub(super) scene: &'a Scene<B>,
    pub(super) session: &'a B::Session,
    /// The default store, open for writing.
    pub(super) store: &'a StoreOf<B>,
    /// A folder of it that is empty.
    pub(super) folder: &'a ObjectOf<B>,
}

/// Asks in a folder that is made for it.
pub(super) fn in_a_folder<B: Subsystem>(
    asked: &Asked<'_, B>,
    ask: impl FnOnce(&Place<'_, B>) -> Verdict,
) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let write = OpenStoreFlags::WRITE.bits();
    let store = session.open_msg_store(NONE, Some(id.as_bytes()), write);
    let store = works("OpenMsgStore", store)?;
    let root = store.open_entry(None, OpenEntryFlags::MODIFY.bits());
    let (_, root) = works("IMsgStore::OpenEntry of null", root)?;
    let folder = new_folder(&root, "Conformance", 0);
    let folder = works("CreateFolder", folder)?;
    ask(&Place {
        scene: &scene,
        session: &session,
        store: &store,
        folder: &folder,
    })?;
    drop((folder, root, store));
    end(session)
}

fn new_folder<O: RawObject>(folder: &O, name: &str, flags: u32) -> RawResult<O> {
    folder.create_folder(FOLDER_GENERIC, name, "", flags | UNICODE)
}

impl<B: Subsystem> Place<'_, B> {
    /// A message that is saved.
    pub(super) fn message(&self, props: &[Property]) -> Verdict<(ObjectOf<B>, EntryId)> {
        let message = works("CreateMessage", self.folder.create_message(0))?;
        works("SetProps of a new message", message.set_props(props))?;
        let saved = message.save_changes(KEEP_OPEN_READWRITE);
        works("SaveChanges of a new message", saved)?;
        let id = props_of(&message, &[PropTag::ENTRYID])?.entry_id(PropTag::ENTRYID);
        let id = id.ok_or_else(|| Fault::Broken("a saved message has no PR_ENTRYID".into()))?;
        Ok((message, id))
    }

    /// A message that is saved, and not open.
    pub(super) fn posted(&self, subject: &str) -> Verdict<EntryId> {
        let subject = Property::new(PropTag::SUBJECT, subject);
        self.message(&[subject]).map(|(_, id)| id)
    }

    pub(super) fn open(&self, id: &EntryId, flags: OpenEntryFlags) -> Verdict<ObjectOf<B>> {
        let opened = self.store.open_entry(Some(id.as_bytes()), flags.bits());
        works("IMsgStore::OpenEntry", opened).map(|(_, object)| object)
    }

    /// The column of texts of the folder's messages.
    fn contents(&self, tag: PropTag) -> Verdict<Vec<String>> {
        let table = works("GetContentsTable", self.folder.contents_table(UNICODE))?;
        texts(&table, tag)
    }
}

pub(super) fn props_of(object: &impl RawProp, tags: &[PropTag]) -> Verdict<Props> {
    works("GetProps", object.props(Some(tags), UNICODE)).map(Props::from)
}

fn texts(table: &impl RawPropTable, tag: PropTag) -> Verdict<Vec<String>> {
    let table = works("HrQueryAllRows", table.rows())?;
    let rows = table.rows().iter();
    let texts = rows.map(|row| row.text(tag).unwrap_or_default().to_owned());
    Ok(texts.collect())
}

pub(super) fn c1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const CONVENIENT_DEPTH: u32 = 1;
    const ASSOCIATED: u32 = 0x40;
    const DEFINED: u32 = UNICODE | 2 | 8;
    in_a_folder(asked, |place| {
        let folder = place.folder;
        let (message, id) = place.message(&[Property::new(PropTag::SUBJECT, "m")])?;
        let outer = works("CreateFolder", new_folder(folder, "outer", 0))?;
        works("CreateFolder", new_folder(&outer, "inner", 0))?;
        let messages = place.contents(PropTag::SUBJECT)?;
        ensure(messages == ["m"], || {
            format!("GetContentsTable has {messages:?}")
        })?;
        let one: &[_] = &[("outer", 0)];
        for (flags, wanted) in [(0, one), (CONVENIENT_DEPTH, &[("outer", 0), ("inner", 1)])] {
            let table = folder.hierarchy_table(flags | UNICODE);
            let table = works("GetHierarchyTable", table)?;
            let rows = works("HrQueryAllRows", table.rows())?;
            let row = |it: &Props| {
                (
                    it.text(PropTag::DISPLAY_NAME).map(String::from),
                    it.long(PropTag::DEPTH),
                )
            };
            let rows: Vec<_> = rows.rows().iter().map(row).collect();
            let wanted = wanted
                .iter()
                .map(|(name, depth)| (Some(String::from(*name)), Some(*depth)));
            ensure(rows.iter().cloned().eq(wanted), || {
                format!("GetHierarchyTable with {flags:#X} has {rows:?}")
            })?;
        }
        let none = HResult::MAPI_E_NO_SUPPORT;
        fails(
            "GetContentsTable of a message",
            message.contents_table(0),
            none,
        )?;
        fails(
            "GetHierarchyTable of a message",
            message.hierarchy_table(0),
            none,
        )?;
        let what = "GetContentsTable with MAPI_ASSOCIATED";
        fails(what, folder.contents_table(ASSOCIATED), none)?;
        for bit in undefined_bits(DEFINED | ASSOCIATED) {
            let what = format!("GetContentsTable with {bit:#X}");
            fails(what, folder.contents_table(bit), UNKNOWN_FLAGS)?;
        }
        for bit in undefined_bits(DEFINED | CONVENIENT_DEPTH) {
            let what = format!("GetHierarchyTable with {bit:#X}");
            fails(what, folder.hierarchy_table(bit), UNKNOWN_FLAGS)?;
        }
        drop(message);
        let message = place.open(&id, OpenEntryFlags::empty())?;
        works("DeleteMessages", folder.delete_messages(&[id], NONE, 0))?;
        let deleted = HResult::MAPI_E_OBJECT_DELETED;
        fails(
            "GetProps of a message that is deleted",
            message.props(None, UNICODE),
            deleted,
        )
    })
}

pub(super) fn c2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let unsaved = works("CreateMessage", place.folder.create_message(0))?;
        let id = props_of(&unsaved, &[PropTag::ENTRYID])?.entry_id(PropTag::ENTRYID);
        ensure(
            id.is_none(),
            || "a message has PR_ENTRYID before SaveChanges",
        )?;
        drop(unsaved);
        let messages = place.contents(PropTag::SUBJECT)?;
        ensure(
            messages.is_empty(),
            || "a message that was released unsaved is there",
        )?;

        let flags = PropTag::MESSAGE_FLAGS;
        let subject = |text: &str| Property::new(PropTag::SUBJECT, text);
        let (one, id) = place.message(&[subject("old"), Property::new(flags, 1)])?;
        let other = place.open(&id, OpenEntryFlags::MODIFY)?;
        works("SetProps", one.set_props(&[subject("one")]))?;
        works("SetProps", other.set_props(&[subject("other")]))?;
        for (message, save, wanted, shown) in [
            (None, 0, HResult::S_OK, "old"),
            (Some(&one), 0, HResult::S_OK, "one"),
            (Some(&other), 0, HResult::MAPI_E_OBJECT_CHANGED, "one"),
            (Some(&other), FORCE_SAVE, HResult::S_OK, "other"),
        ] {
            if let Some(message) = message {
                let saved = message.save_changes(KEEP_OPEN_READWRITE | save);
                fails(format!("SaveChanges with {save:#X}"), saved, wanted)?;
            }
            let messages = place.contents(PropTag::SUBJECT)?;
            ensure(messages == [shown], || {
                format!("others see {messages:?}, and not {shown:?}")
            })?;
        }

        let count = PropTag::CONTENT_COUNT;
        for (object, tag) in [
            (&one, flags),
            (&one, PropTag::MESSAGE_SIZE),
            (place.folder, count),
        ] {
            let problems = works("SetProps", object.set_props(&[Property::new(tag, 0)]))?;
            let problems: Vec<_> = problems.iter().map(|it| it.hresult()).collect();
            ensure(problems == [HResult::MAPI_E_COMPUTED], || {
                format!("SetProps of {tag}, which is computed: {problems:?}")
            })?;
        }
        let Some(read_only) = asked.if_asked(place.scene.item(Item::ReadOnlyStore))? else {
            return Ok(());
        };
        let store = place
            .session
            .open_msg_store(NONE, Some(read_only.as_bytes()), 0);
        let store = works("OpenMsgStore of the read-only store", store)?;
        let (_, root) = works("IMsgStore::OpenEntry of null", store.open_entry(None, 0))?;
        let what = "CreateMessage in a folder that can only be read";
        fails(what, root.create_message(0), HResult::MAPI_E_NO_ACCESS)
    })
}

pub(super) fn c3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const SEARCH: u32 = 2;
    in_a_folder(asked, |place| {
        for (folder_type, name, flags, wanted) in [
            (FOLDER_GENERIC, "One", 0, HResult::S_OK),
            (FOLDER_GENERIC, "One", 0, HResult::MAPI_E_COLLISION),
            (FOLDER_GENERIC, "oNE", 0, HResult::MAPI_E_COLLISION),
            (FOLDER_GENERIC, "oNE", OPEN_IF_EXISTS, HResult::S_OK),
            (FOLDER_GENERIC, "Two", OPEN_IF_EXISTS, HResult::S_OK),
            (FOLDER_GENERIC, "", 0, INVALID),
            (SEARCH, "Three", 0, HResult::MAPI_E_NO_SUPPORT),
            (0, "Three", 0, INVALID),
            (3, "Three", 0, INVALID),
        ] {
            let what = format!("CreateFolder of {name:?}, type {folder_type}, with {flags:#X}");
            let created = place
                .folder
                .create_folder(folder_type, name, "", flags | UNICODE);
            fails(what, created, wanted)?;
        }
        let table = works("GetHierarchyTable", place.folder.hierarchy_table(UNICODE))?;
        let mut names = texts(&table, PropTag::DISPLAY_NAME)?;
        names.sort();
        ensure(names == ["One", "Two"], || {
            format!("after CreateFolder there are {names:?}")
        })
    })
}

pub(super) fn c4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const SUPPRESS_RECEIPT: u32 = 1;
    const CLEAR_READ_FLAG: u32 = 4;
    const GENERATE_RECEIPT_ONLY: u32 = 0x10;
    const READ: i32 = 1;
    in_a_folder(asked, |place| {
        let folder = place.folder;
        let (open, open_id) = place.message(&[Property::new(PropTag::SUBJECT, "open")])?;
        let (one, other) = (place.posted("one")?, place.posted("other")?);
        let is_read = |id: &EntryId| {
            let message = place.open(id, OpenEntryFlags::empty())?;
            let props = props_of(&message, &[PropTag::MESSAGE_FLAGS])?;
            Ok(props.long(PropTag::MESSAGE_FLAGS).unwrap_or(0) & READ != 0)
        };
        let mixed = [one.clone(), open_id];
        let partial = HResult::MAPI_W_PARTIAL_COMPLETION;
        for (ids, flags, wanted, are_read) in [
            (Some(&mixed[..]), CLEAR_READ_FLAG, partial, [false, true]),
            (Some(&mixed[..1]), 0, HResult::S_OK, [true, true]),
            (None, CLEAR_READ_FLAG, partial, [false, false]),
            (None, 0, partial, [true, true]),
            (
                None,
                CLEAR_READ_FLAG | SUPPRESS_RECEIPT,
                INVALID,
                [true, true],
            ),
            (
                None,
                CLEAR_READ_FLAG | GENERATE_RECEIPT_ONLY,
                INVALID,
                [true, true],
            ),
        ] {
            let what = format!("SetReadFlags of {ids:?} with {flags:#X}");
            fails(&what, folder.set_read_flags(ids, NONE, flags), wanted)?;
            let read = [is_read(&one)?, is_read(&other)?];
            ensure(read == are_read, || format!("{what}: read are {read:?}"))?;
        }
        let what = "DeleteMessages of one that is open for writing, and another";
        fails(what, folder.delete_messages(&mixed, NONE, 0), partial)?;
        let what = "DeleteMessages of what is not there";
        fails(what, folder.delete_messages(&[one], NONE, 0), partial)?;
        drop(open);
        let left = place.contents(PropTag::SUBJECT)?;
        ensure(
            left == ["open", "other"] || left == ["other", "open"],
            || format!("after DeleteMessages there are {left:?}"),
        )?;
        works("DeleteMessages", folder.delete_messages(&[other], NONE, 0))?;
        let (sent, id) = place.message(&[Property::new(PropTag::SUBJECT, "sent")])?;
        let to = [Props::from(Recipient::new("Bo Berg"))];
        works("ModifyRecipients", sent.modify_recipients(0, &to))?;
        works("SubmitMessage", sent.submit_message(0))?;
        drop(sent);
        let what = "DeleteMessages of one that is submitted";
        fails(what, folder.delete_messages(&[id], NONE, 0), partial)
    })
}

pub(super) fn c5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const ADD: u32 = 2;
    const MODIFY: u32 = 4;
    const REMOVE: u32 = 8;
    in_a_folder(asked, |place| {
        let (message, id) = place.message(&[Property::new(PropTag::SUBJECT, "m")])?;
        let names = || {
            let table = works("GetRecipientTable", message.recipient_table(UNICODE))?;
            texts(&table, PropTag::DISPLAY_NAME)
        };
        let row = |name: &str| {
            let table = works("GetRecipientTable", message.recipient_table(UNICODE))?;
            let table = works("HrQueryAllRows", table.rows())?;
            let mut rows = table.rows().iter();
            let found = rows.find(|it| it.text(PropTag::DISPLAY_NAME) == Some(name));
            let id = found.and_then(|it| it.long(PropTag::ROWID));
            id.ok_or_else(|| Fault::Broken(format!("{name:?} is no recipient with PR_ROWID")))
        };
        let new = |name: &str| Props::from(Recipient::new(name));
        let of = |recipient: Recipient, row: i32| {
            Props::from(recipient.property(Property::new(PropTag::ROWID, row)))
        };
        let submitted = message.submit_message(0);
        let none = HResult::MAPI_E_NO_RECIPIENTS;
        fails("SubmitMessage to nobody", submitted, none)?;
        let modify = |flags, recipients: &[Props], wanted: &[&str]| {
            let what = format!("ModifyRecipients with {flags:#X}");
            works(&what, message.modify_recipients(flags, recipients))?;
            let names = names()?;
            ensure(names == wanted, || {
                format!("{what}: the recipients are {names:?}")
            })
        };
        modify(0, &[new("gone")], &["gone"])?;
        modify(0, &[new("a"), new("b")], &["a", "b"])?;
        modify(ADD, &[new("c")], &["a", "b", "c"])?;
        let copied = Recipient::new("B").recipient_type(RecipientType::CC);
        modify(MODIFY, &[of(copied, row("b")?)], &["a", "B", "c"])?;
        modify(REMOVE, &[of(Recipient::new("a"), row("a")?)], &["B", "c"])?;
        let nameless = Props::from(vec![Property::new(PropTag::RECIPIENT_TYPE, 1)]);
        let typeless = Props::from(vec![Property::new(PropTag::DISPLAY_NAME, "d")]);
        for (flags, recipient, lack) in [
            (0, nameless, "PR_DISPLAY_NAME"),
            (ADD, typeless, "PR_RECIPIENT_TYPE"),
            (MODIFY, new("B"), "PR_ROWID"),
            (REMOVE, new("B"), "PR_ROWID"),
            (ADD | MODIFY, of(Recipient::new("B"), row("B")?), "one flag"),
        ] {
            let what = format!("ModifyRecipients with {flags:#X} without {lack}");
            let modified = message.modify_recipients(flags, &[new("d"), recipient]);
            fails(&what, modified, INVALID)?;
            let names = names()?;
            ensure(names == ["B", "c"], || {
                format!("{what}: the recipients are {names:?}")
            })?;
        }
        let reader = place.open(&id, OpenEntryFlags::empty())?;
        let what = "ModifyRecipients of a message that is open for reading";
        fails(
            what,
            reader.modify_recipients(0, &[new("d")]),
            HResult::MAPI_E_NO_ACCESS,
        )?;
        let what = "the recipients that are not saved";
        let table = works("GetRecipientTable", reader.recipient_table(UNICODE))?;
        let seen = texts(&table, PropTag::DISPLAY_NAME)?;
        ensure(seen.is_empty(), || format!("others see {what}"))?;
        works("SubmitMessage", message.submit_message(0))
    })
}

pub(super) fn c6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let (empty, _) = place.message(&[Property::new(PropTag::SUBJECT, "m")])?;
        let missing = HResult::MAPI_E_NOT_FOUND;
        fails(
            "OpenAttach of a message without any",
            empty.open_attach(0, 0),
            missing,
        )?;
        let table = works("GetAttachmentTable", empty.attachment_table(UNICODE))?;
        let rows = works("HrQueryAllRows", table.rows())?;
        ensure(rows.rows().is_empty(), || "a new message has attachments")?;
        let Some(id) = asked.if_asked(place.scene.item(Item::Message))? else {
            return Ok(());
        };
        let message = place.open(id, OpenEntryFlags::empty())?;
        let table = works("GetAttachmentTable", message.attachment_table(UNICODE))?;
        let rows = works("HrQueryAllRows", table.rows())?;
        let numbers: Vec<_> = rows
            .rows()
            .iter()
            .filter_map(|it| it.bits(PropTag::ATTACH_NUM))
            .collect();
        ensure(
            numbers.len() == rows.rows().len(),
            || "an attachment has no PR_ATTACH_NUM",
        )?;
        if numbers.is_empty() {
            let why = "the stage's Message has no attachment".into();
            return asked.if_asked::<()>(Err(Fault::NotAsked(why))).map(drop);
        }
        for number in &numbers {
            let attachment = works("OpenAttach", message.open_attach(*number, 0))?;
            let tag = PropTag::ATTACH_NUM;
            let given = props_of(&attachment, &[tag])?.bits(tag);
            ensure(given == Some(*number), || {
                format!("OpenAttach of {number} gives {given:?}")
            })?;
        }
        let beyond = numbers.iter().max().map_or(0, |it| it + 1);
        fails(
            "OpenAttach of a number beyond",
            message.open_attach(beyond, 0),
            missing,
        )
    })
}

pub(super) fn c7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let ask = |class: Option<&str>| {
            let given = place.store.receive_folder(class, UNICODE);
            works(format!("GetReceiveFolder of {class:?}"), given)
        };
        let (folder, class) = ask(None)?;
        ensure(class.is_empty(), || {
            format!("GetReceiveFolder of no class stands for {class:?}")
        })?;
        ensure(
            ask(Some(""))?.0 == folder,
            || "GetReceiveFolder knows two empty classes",
        )?;
        works(
            "OpenEntry of the receive folder",
            place.store.open_entry(Some(folder.as_bytes()), 0),
        )?;
        for class in [
            "IPM",
            "IPM.Note",
            "IPM.Note.Own",
            "REPORT.IPM.Note.NDR",
            "Conformance",
        ] {
            let (folder, base) = ask(Some(class))?;
            let rest = class.get(base.len()..).unwrap_or("-");
            let is_base = rest.is_empty() || rest.starts_with('.') || base.is_empty();
            let begins = class.to_lowercase().starts_with(&base.to_lowercase());
            ensure(is_base && begins, || {
                format!("GetReceiveFolder of {class} stands for {base}")
            })?;
            let other = class.to_uppercase();
            ensure(ask(Some(&other))?.0 == folder, || {
                format!("GetReceiveFolder of {other} is not that of {class}")
            })?;
        }
        for bit in undefined_bits(UNICODE) {
            let what = format!("GetReceiveFolder with {bit:#X}");
            fails(what, place.store.receive_folder(None, bit), UNKNOWN_FLAGS)?;
        }
        Ok(())
    })
}

pub(super) fn c8<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let table = works(
            "GetReceiveFolderTable",
            place.store.receive_folder_table(UNICODE),
        )?;
        let rows = works("HrQueryAllRows", table.rows())?;
        let mut has_empty = false;
        for row in rows.rows() {
            let class = row.text(PropTag::MESSAGE_CLASS);
            let (Some(class), Some(id)) = (class, row.entry_id(PropTag::ENTRYID)) else {
                return ensure(false, || {
                    format!("a receive folder's row lacks a column: {row:?}")
                });
            };
            has_empty |= class.is_empty();
            let given = place.store.receive_folder(Some(class), UNICODE);
            let (folder, _) = works("GetReceiveFolder", given)?;
            ensure(folder == id, || {
                format!("the row of {class:?} has not the folder of GetReceiveFolder")
            })?;
            let key = row.get(PropTag::RECORD_KEY);
            let folder = place.open(&id, OpenEntryFlags::empty())?;
            let own = props_of(&folder, &[PropTag::RECORD_KEY])?;
            ensure(key.is_some() && key == own.get(PropTag::RECORD_KEY), || {
                format!("the row of {class:?} has not the folder's PR_RECORD_KEY")
            })?;
        }
        ensure(
            has_empty,
            || "GetReceiveFolderTable has no row of the empty class",
        )?;
        for bit in undefined_bits(UNICODE | 8) {
            let what = format!("GetReceiveFolderTable with {bit:#X}");
            fails(what, place.store.receive_folder_table(bit), UNKNOWN_FLAGS)?;
        }
        Ok(())
    })
}

pub(super) fn c9<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let (message, id) = place.message(&[Property::new(PropTag::SUBJECT, "m")])?;
        let names = |message: &ObjectOf<B>| {
            let table = works("GetAttachmentTable", message.attachment_table(UNICODE))?;
            texts(&table, PropTag::ATTACH_LONG_FILENAME)
        };
        let seen = |what: &str, message: &ObjectOf<B>, wanted: &[&str]| {
            let names = names(message)?;
            ensure(names == wanted, || {
                format!("{what}: the attachments are {names:?}")
            })
        };
        let create = || works("CreateAttach", message.create_attach(0));
        let number = |attachment: &ObjectOf<B>| {
            let number = props_of(attachment, &[PropTag::ATTACH_NUM])?.bits(PropTag::ATTACH_NUM);
            number.ok_or_else(|| Fault::Broken("a new attachment has no PR_ATTACH_NUM".into()))
        };
        let (first, second) = (create()?, create()?);
        let numbers = (number(&first)?, number(&second)?);
        ensure(numbers.0 != numbers.1, || {
            format!("two new attachments have the number {}", numbers.0)
        })?;
        let named = [Property::new(PropTag::ATTACH_LONG_FILENAME, "a.txt")];
        works("SetProps of an attachment", first.set_props(&named))?;
        seen("before the attachment is saved", &message, &[])?;
        let saved = first.save_changes(KEEP_OPEN_READWRITE);
        works("SaveChanges of an attachment", saved)?;
        seen("once the attachment is saved", &message, &["a.txt"])?;
        let reader = place.open(&id, OpenEntryFlags::empty())?;
        seen("before the message is saved", &reader, &[])?;
        let saved = message.save_changes(KEEP_OPEN_READWRITE);
        works("SaveChanges of the message", saved)?;
        let again = place.open(&id, OpenEntryFlags::empty())?;
        seen("once the message is saved", &again, &["a.txt"])?;
        let what = "CreateAttach of a message that is open for reading";
        fails(what, again.create_attach(0), HResult::MAPI_E_NO_ACCESS)?;
        let what = "CreateAttach with an undefined flag";
        let undefined = message.create_attach(0x1000_0000);
        fails(what, undefined, HResult::MAPI_E_UNKNOWN_FLAGS)
    })
}
