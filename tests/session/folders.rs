//! Rules C, R3 and R4: folders and messages.

use std::sync::mpsc;

use crate::support::{code, id, letter, logoff, logon, raw_code};
use mapi_session::flags::ReadFlags;
use mapi_session::memory::{
    Folder as Described, Memory, Message as Mail, Profile, Store, Transport,
};
use mapi_session::notification::ObjectEventKind;
use mapi_session::property::{PropName, PropProblem, PropTag, PropType, Property, PropertyValue};
use mapi_session::subsystem::{RawMsgStore as _, RawObject as _, RawProp as _};
use mapi_session::types::{ObjectType, Recipient, RecipientType};
use mapi_session::{
    EntryId, EventMask, Folder, HResult, Live, Message, MsgStore, Notification, Object,
    OpenEntryFlags, OpenStoreFlags, Session, UiParam,
};

const SUBJECT: PropTag = PropTag::SUBJECT;
const MODIFY: OpenEntryFlags = OpenEntryFlags::MODIFY;
const BEST: OpenStoreFlags = OpenStoreFlags::BEST_ACCESS;

const COMPUTED: HResult = HResult::MAPI_E_COMPUTED;
const DELETED: HResult = HResult::MAPI_E_OBJECT_DELETED;
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const NO_ACCESS: HResult = HResult::MAPI_E_NO_ACCESS;
const NO_SUPPORT: HResult = HResult::MAPI_E_NO_SUPPORT;
const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;
const PARTIAL: HResult = HResult::MAPI_W_PARTIAL_COMPLETION;
const UNKNOWN_FLAGS: HResult = HResult::MAPI_E_UNKNOWN_FLAGS;

fn memory() -> Memory {
    let inbox = Described::new("Inbox")
        .message(letter("One").unread())
        .message(
            Mail::from("Two")
                .sender("Kim Akers", "kim@contoso.com")
                .to("Ana")
                .cc(Recipient::from("Bo").address("SMTP", "bo@contoso.com"))
                .attachment("a.txt", "some bytes")
                .body("a long text".repeat(20)),
        )
        .folder(Described::new("Work").folder(Described::new("2026")));
    let mailbox = Store::new("Mailbox")
        .default_store()
        .folder(inbox)
        .folder(Described::new("Outbox"))
        .folder(Described::new("Faxes").receives("IPM.Note.Fax"))
        .folder(Described::new("Rules").read_only().message("Fixed"));
    let profile = Profile::new("Outlook")
        .store(mailbox)
        .store(Store::new("Bare"));
    let memory = Memory::builder().profile(profile).largest_value(200);
    memory.build().unwrap()
}

fn store(session: &Session<Live, Memory>) -> MsgStore<'_, Memory> {
    session.open_default_store(BEST).unwrap()
}

fn folder<'s>(session: &'s Session<Live, Memory>, entry_id: &EntryId) -> Folder<'s, Memory> {
    let best = OpenEntryFlags::BEST_ACCESS;
    let entry = session.open_entry(entry_id, best).unwrap();
    entry.into_folder().unwrap()
}

fn message<'s>(session: &'s Session<Live, Memory>, entry_id: &EntryId) -> Message<'s, Memory> {
    let entry = session.open_entry(entry_id, MODIFY).unwrap();
    entry.into_message().unwrap()
}

/// The subjects or names of a table's rows.
fn names(
    table: &mapi_session::session::folder::PropTable<'_, Memory>,
    tag: PropTag,
) -> Vec<String> {
    let rows = table.rows().map(Result::unwrap);
    rows.map(|it| it.text(tag).unwrap_or_default().into())
        .collect()
}

fn subject(text: &str) -> [Property; 1] {
    [Property::new(SUBJECT, text)]
}

// C1
#[test]
fn a_folder_shows_its_messages_and_its_folders() {
    let memory = memory();
    let session = logon(&memory);
    let store = store(&session);
    let root = store.open_root_folder(OpenEntryFlags::empty()).unwrap();
    let name = PropTag::DISPLAY_NAME;
    let top = root.hierarchy_table(&[name]).unwrap();
    assert_eq!(names(&top, name), ["Inbox", "Outbox", "Faxes", "Rules"]);
    let all = root.deep_hierarchy_table(&[name, PropTag::DEPTH]).unwrap();
    let depths = all.all_rows().unwrap().into_iter();
    let depths: Vec<_> = depths.map(|it| it.long(PropTag::DEPTH).unwrap()).collect();
    assert_eq!(depths, [0, 1, 2, 0, 0, 0]);
    let inbox = store.open_receive_folder("IPM.Note").unwrap();
    let contents = inbox.contents_table(&[SUBJECT]).unwrap();
    assert_eq!(names(&contents, SUBJECT), ["One", "Two"]);
    let counts = [PropTag::CONTENT_COUNT, PropTag::CONTENT_UNREAD];
    let props = inbox.props(&counts).unwrap();
    assert_eq!(counts.map(|it| props.long(it)), [Some(2), Some(1)]);
    assert_eq!(
        inbox
            .props(&[PropTag::SUBFOLDERS])
            .unwrap()
            .boolean(PropTag::SUBFOLDERS),
        Some(true)
    );
    // What a folder cannot show.
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    assert_eq!(raw_code(one.raw().contents_table(0)), NO_SUPPORT);
    assert_eq!(raw_code(one.raw().hierarchy_table(0)), NO_SUPPORT);
    assert_eq!(raw_code(inbox.raw().contents_table(0x40)), NO_SUPPORT);
    assert_eq!(raw_code(inbox.raw().contents_table(1)), UNKNOWN_FLAGS);
    assert_eq!(raw_code(inbox.raw().hierarchy_table(0x40)), UNKNOWN_FLAGS);
    drop((top, all, contents, one, inbox, root, store));
    logoff(session);
}

// C2
#[test]
fn a_created_message_is_there_when_it_is_saved() {
    let memory = memory();
    let session = logon(&memory);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let kept = store(&session);
    let folder = folder(&session, &inbox);
    drop(folder.create_message().unwrap());
    let created = folder.create_message().unwrap();
    created.set_props(&subject("New")).unwrap();
    let entry_id = |message: &Message<'_, Memory>| {
        let props = message.props(&[PropTag::ENTRYID]).unwrap();
        props.entry_id(PropTag::ENTRYID)
    };
    assert_eq!(entry_id(&created), None);
    assert_eq!(memory.messages(&inbox).len(), 2);
    let (sink, told) = mpsc::channel();
    let events = EventMask::OBJECT_CREATED | EventMask::OBJECT_MODIFIED;
    let registration = session.advise_object(
        &id(&memory, &["Mailbox"]),
        events,
        move |event: &Notification| {
            sink.send(event.clone()).unwrap();
        },
    );
    created.save_changes().unwrap();
    let kinds: Vec<_> = told
        .try_iter()
        .map(|it| match it {
            Notification::Object(it) => it.kind(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(kinds, [ObjectEventKind::Created, ObjectEventKind::Modified]);
    drop(registration);
    let messages = memory.messages(&inbox);
    assert_eq!(messages[2].props().text(SUBJECT), Some("New"));
    assert_eq!(entry_id(&created).as_ref(), Some(messages[2].entry_id()));
    // It cannot be changed any more what it is.
    let flags = PropTag::MESSAGE_FLAGS;
    let problems = created.set_props(&[Property::new(flags, 0)]).unwrap();
    assert_eq!(problems, [PropProblem::new(0, flags, COMPUTED)]);
    let size = PropTag::MESSAGE_SIZE;
    let problems = created.delete_props(&[size, SUBJECT]).unwrap();
    assert_eq!(problems, [PropProblem::new(0, size, COMPUTED)]);
    drop((created, folder, kept));
    logoff(session);
}

// R2: it is one property, whatever type it had.
#[test]
fn a_property_that_is_set_with_another_type_has_that_type() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    let number = SUBJECT.with_type(PropType::LONG);
    assert_eq!(one.set_props(&[Property::new(number, 7)]).unwrap(), []);
    let untyped = SUBJECT.with_type(PropType::UNSPECIFIED);
    assert_eq!(one.props(&[number]).unwrap().long(number), Some(7));
    assert_eq!(one.set_props(&subject("text")).unwrap(), []);
    assert_eq!(one.props(&[untyped]).unwrap().text(SUBJECT), Some("text"));
    assert_eq!(one.props(&[number]).unwrap().error(number), Some(NOT_FOUND));
    drop((one, kept));
    logoff(session);
}

// C2
#[test]
fn a_message_that_somebody_else_has_changed_is_not_overwritten() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let one = id(&memory, &["Mailbox", "Inbox", "One"]);
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let [first, second] = [(); 2].map(|()| message(&session, &one));
    first.set_props(&subject("First")).unwrap();
    second.set_props(&subject("Second")).unwrap();
    assert_eq!(
        second.props(&[SUBJECT]).unwrap().text(SUBJECT),
        Some("Second")
    );
    first.save_changes().unwrap();
    let refused = second.save_changes();
    assert_eq!(code(refused), HResult::MAPI_E_OBJECT_CHANGED);
    const FORCE_SAVE: u32 = 4;
    second.raw().save_changes(FORCE_SAVE).unwrap();
    let stored = || memory.messages(&id(&memory, &["Mailbox", "Inbox"]));
    assert_eq!(stored()[0].props().text(SUBJECT), Some("Second"));
    drop((first, second));
    // One that is deleted meanwhile is not there to be saved, or read.
    let read = session.open_entry(&one, OpenEntryFlags::empty()).unwrap();
    let read = read.into_message().unwrap();
    assert_eq!(
        inbox.delete_messages(std::slice::from_ref(&one)).unwrap(),
        None
    );
    assert_eq!(code(read.props(&[SUBJECT])), DELETED);
    assert_eq!(code(read.recipients()), DELETED);
    let gone = session.open_entry(&one, OpenEntryFlags::empty());
    assert_eq!(code(gone), NOT_FOUND);
    // M13: it is known as the message that it was.
    let deferred = session.open_entry(&one, OpenEntryFlags::DEFERRED_ERRORS);
    let deferred = deferred.unwrap().into_message().unwrap();
    assert_eq!(code(deferred.info()), NOT_FOUND);
    drop((deferred, read, inbox, kept));
    logoff(session);
}

// C2, C3, C4: what can only be read.
#[test]
fn nothing_is_created_in_a_folder_that_can_only_be_read() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let rules = folder(&session, &id(&memory, &["Mailbox", "Rules"]));
    let fixed = id(&memory, &["Mailbox", "Rules", "Fixed"]);
    assert_eq!(code(rules.create_message()), NO_ACCESS);
    assert_eq!(code(rules.create_folder("New")), NO_ACCESS);
    assert_eq!(code(rules.delete_messages(&[fixed])), NO_ACCESS);
    assert_eq!(
        code(rules.set_read_flags(None, ReadFlags::CLEAR)),
        NO_ACCESS
    );
    assert_eq!(
        code(rules.set_props(&[Property::new(PropTag::COMMENT, "x")])),
        NO_ACCESS
    );
    let store = kept.raw().set_props(&subject("x"));
    assert_eq!(raw_code(store), NO_SUPPORT);
    drop((rules, kept));
    logoff(session);
}

// C3
#[test]
fn a_folder_is_created_once() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let created = inbox.create_folder("New").unwrap();
    let again = inbox.create_folder("NEW").unwrap();
    let info = created.info().unwrap();
    assert_eq!(info.entry_id(), again.info().unwrap().entry_id());
    assert_eq!(
        Some(info.entry_id().clone()),
        memory.entry_id("Outlook", &["Mailbox", "Inbox", "New"])
    );
    let name = [Property::new(PropTag::DISPLAY_NAME, "Renamed")];
    assert_eq!(created.set_props(&name).unwrap(), []);
    assert_eq!(again.info().unwrap().display_name(), "Renamed");
    let comment = PropTag::COMMENT;
    assert_eq!(
        created.props(&[comment]).unwrap().error(comment),
        Some(NOT_FOUND)
    );
    let with_comment = inbox
        .raw()
        .create_folder(1, "Noted", "a comment", 0)
        .unwrap();
    let props = with_comment
        .into_parts()
        .0
        .props(Some(&[comment]), 0)
        .unwrap();
    assert_eq!(props.into_parts().0, [Property::new(comment, "a comment")]);
    let create = |kind, name, flags| raw_code(inbox.raw().create_folder(kind, name, "", flags));
    for (kind, name, flags, answer) in [
        (1, "Work", 0, HResult::MAPI_E_COLLISION),
        (1, "", 0, INVALID),
        (2, "Found", 0, NO_SUPPORT),
        (0, "Root", 0, INVALID),
        (1, "Other", 2, UNKNOWN_FLAGS),
        (1, "Other", 0, HResult::S_OK),
    ] {
        assert_eq!(create(kind, name, flags), answer, "{kind} {name} {flags}");
    }
    drop((created, again, inbox, kept));
    logoff(session);
}

// C3, M5: a folder that is there is opened as OpenEntry would open it.
#[test]
fn a_folder_that_is_there_can_only_be_read_in_a_store_that_is_open_for_reading() {
    let memory = memory();
    let session = logon(&memory);
    let kept = session.open_default_store(OpenStoreFlags::empty()).unwrap();
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let work = inbox.create_folder("Work").unwrap();
    assert!(!work.info().unwrap().is_writable());
    let comment = [Property::new(PropTag::COMMENT, "x")];
    assert_eq!(code(work.set_props(&comment)), NO_ACCESS);
    drop((work, inbox, kept));
    logoff(session);
}

// C2, C5: that a message is gone is said before that it was opened for reading.
#[test]
fn a_deleted_message_is_neither_saved_nor_submitted() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let two = id(&memory, &["Mailbox", "Inbox", "Two"]);
    let open = || session.open_entry(&two, OpenEntryFlags::empty()).unwrap();
    let [saved, submitted] = [(); 2].map(|()| open().into_message().unwrap());
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    // Named twice, it is deleted once, and none is left.
    let left = inbox.delete_messages(&[two.clone(), two.clone()]);
    assert_eq!(left.unwrap(), None);
    assert_eq!(code(saved.save_changes()), DELETED);
    assert_eq!(raw_code(saved.raw().save_changes(0)), DELETED);
    assert_eq!(submitted.submit().unwrap_err().hresult(), DELETED);
    drop((saved, inbox, kept));
    logoff(session);
}

// C4
#[test]
fn messages_are_deleted_and_marked_as_far_as_they_can_be() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let [one, two] = ["One", "Two"].map(|it| id(&memory, &["Mailbox", "Inbox", it]));
    let folder = folder(&session, &inbox);
    let read = || {
        let flags = PropTag::MESSAGE_FLAGS;
        let messages = memory.messages(&inbox).into_iter();
        let read = messages.map(|it| it.props().long(flags).unwrap() & 1 != 0);
        read.collect::<Vec<_>>()
    };
    assert_eq!(read(), [false, true]);
    assert_eq!(
        folder.set_read_flags(None, ReadFlags::empty()).unwrap(),
        None
    );
    assert_eq!(read(), [true, true]);
    folder
        .set_read_flags(Some(std::slice::from_ref(&one)), ReadFlags::CLEAR)
        .unwrap();
    assert_eq!(read(), [false, true]);
    let report = ReadFlags::GENERATE_RECEIPT_ONLY;
    folder.set_read_flags(None, report).unwrap();
    assert_eq!(read(), [false, true]);
    // Of the folder it is told that PR_CONTENT_UNREAD is another than before, if it is.
    let (sender, told) = mpsc::channel();
    let registration = kept.advise(Some(&inbox), EventMask::OBJECT_MODIFIED, move |_| {
        let _ = sender.send(());
    });
    for (flags, changes) in [
        (ReadFlags::empty(), 1),
        (ReadFlags::empty(), 0),
        (ReadFlags::CLEAR, 1),
    ] {
        folder
            .set_read_flags(Some(std::slice::from_ref(&one)), flags)
            .unwrap();
        assert_eq!(told.try_iter().count(), changes, "{flags:?}");
    }
    drop(registration);
    let both = ReadFlags::CLEAR | ReadFlags::SUPPRESS_RECEIPT;
    assert_eq!(code(folder.set_read_flags(None, both)), INVALID);
    assert_eq!(
        raw_code(folder.raw().set_read_flags(None, UiParam::NONE, 0x80)),
        UNKNOWN_FLAGS
    );
    // One is open for writing, one is elsewhere.
    let open = message(&session, &one);
    let fixed = id(&memory, &["Mailbox", "Rules", "Fixed"]);
    let left = folder
        .delete_messages(&[one.clone(), two, fixed])
        .unwrap()
        .unwrap();
    assert_eq!(left.hresult(), PARTIAL);
    assert!(
        left.reason().unwrap().starts_with("2 of 3 messages"),
        "{left}"
    );
    assert_eq!(memory.messages(&inbox).len(), 1);
    drop(open);
    assert_eq!(folder.delete_messages(&[one]).unwrap(), None);
    assert_eq!(memory.messages(&inbox), []);
    let flags = folder.raw().delete_messages(&[], UiParam::NONE, 1);
    assert_eq!(raw_code(flags), UNKNOWN_FLAGS);
    drop((folder, kept));
    logoff(session);
}

// R1, R2: what a message, a folder and a store have without being given it.
#[test]
fn what_is_computed_has_the_values_of_its_pages() {
    let mail = Mail::from("RE: Three")
        .to(Recipient::from("Cy").recipient_type(RecipientType::BCC))
        .body("12345");
    let inbox = Described::new("Inbox").message(mail.attachment("a.txt", "123"));
    let profile = Profile::new("Outlook").store(Store::new("Mailbox").folder(inbox));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let kept = session.open_msg_store(&mailbox, BEST).unwrap();
    let root = kept.open_root_folder(OpenEntryFlags::empty()).unwrap();
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let three = message(&session, &id(&memory, &["Mailbox", "Inbox", "RE: Three"]));

    let bytes = |it: &EntryId| it.as_bytes().to_vec();
    let provider = bytes(&mailbox)[4..20].to_vec();
    let of_its_store = [
        Property::new(PropTag::STORE_ENTRYID, bytes(&mailbox)),
        Property::new(PropTag::STORE_RECORD_KEY, bytes(&mailbox)[4..].to_vec()),
        Property::new(PropTag::MAPPING_SIGNATURE, provider),
    ];
    let tags = of_its_store.each_ref().map(|it| it.tag);
    for props in [
        three.props(&tags),
        root.props(&tags),
        inbox.props(&tags),
        kept.props(&tags),
    ] {
        assert_eq!(props.unwrap()[..], of_its_store);
    }

    let computed = [
        Property::new(PropTag::NORMALIZED_SUBJECT, "Three"),
        Property::new(PropTag::DISPLAY_BCC, "Cy"),
        Property::new(PropTag::HASATTACH, true),
    ];
    let tags = computed.each_ref().map(|it| it.tag);
    assert_eq!(three.props(&tags).unwrap()[..], computed);
    for (folder, folder_type) in [(&root, 0), (&inbox, 1)] {
        let found = folder.props(&[PropTag::FOLDER_TYPE]).unwrap();
        assert_eq!(found.long(PropTag::FOLDER_TYPE), Some(folder_type));
    }
    let root_id = root.info().unwrap().entry_id().clone();
    let computed = [
        Property::new(PropTag::IPM_SUBTREE_ENTRYID, bytes(&root_id)),
        // The subtree, and the Inbox.
        Property::new(PropTag::VALID_FOLDER_MASK, 3),
    ];
    let tags = computed.each_ref().map(|it| it.tag);
    assert_eq!(kept.props(&tags).unwrap()[..], computed);
    let table = session.msg_stores_table().unwrap();
    let tag = PropTag::MDB_PROVIDER;
    let found = kept.props(&[tag]).unwrap();
    assert_eq!(
        found.binary(tag),
        Some(&table.rows()[0].provider().as_bytes()[..])
    );
    // Bytes of values: a name more or less is what changes it.
    let size = |it: &Message<'_, Memory>| {
        let props = it.props(&[PropTag::MESSAGE_SIZE]).unwrap();
        props.long(PropTag::MESSAGE_SIZE).unwrap()
    };
    let before = size(&three);
    three.set_props(&subject("RE: Three!")).unwrap();
    assert_eq!(size(&three), before + 2);
    three
        .set_props(&[Property::new(PropTag::BODY, "123")])
        .unwrap();
    assert_eq!(size(&three), before + 2 - 4);
    drop((three, inbox, root, kept));
    logoff(session);
}

// R1: a message has a class and a subject, whether they were set or not.
#[test]
fn a_new_message_lists_its_class_and_its_subject() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let new = inbox.create_message().unwrap();
    let all = new.prop_list().unwrap();
    let parent = new.props(&[PropTag::PARENT_ENTRYID]).unwrap();
    let inbox_id = inbox.info().unwrap().entry_id().clone();
    assert_eq!(parent.entry_id(PropTag::PARENT_ENTRYID), Some(inbox_id));
    for (tag, default) in [(PropTag::MESSAGE_CLASS, "IPM.Note"), (SUBJECT, "")] {
        assert!(all.contains(&tag), "{tag}");
        assert_eq!(new.props(&[tag]).unwrap().text(tag), Some(default));
    }
    let of_folder = inbox.prop_list().unwrap();
    assert!(!of_folder.contains(&PropTag::MESSAGE_CLASS));
    drop((new, inbox, kept));
    logoff(session);
}

// R2, C3: a folder keeps its name, and a message need not have one.
#[test]
fn the_name_of_a_folder_cannot_be_deleted() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    let name = [PropTag::DISPLAY_NAME];
    let problems = inbox.delete_props(&name).unwrap();
    assert_eq!(problems[0].hresult(), NO_ACCESS);
    assert_eq!(inbox.info().unwrap().display_name(), "Inbox");
    assert_eq!(one.delete_props(&name).unwrap(), []);
    drop((one, inbox, kept));
    logoff(session);
}

// R3: a text that is read as a stream has the width that its tag says.
#[test]
fn a_stream_of_a_text_has_the_width_of_its_tag() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    assert_eq!(one.read_stream(SUBJECT).unwrap(), b"O\0n\0e\0");
    let narrow = SUBJECT.with_type(PropType::STRING8);
    assert_eq!(one.read_stream(narrow).unwrap(), b"One");
    drop((one, kept));
    logoff(session);
}

// R1: the largest value is still given at once.
#[test]
fn a_value_is_too_large_above_the_limit() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    let too_large = HResult::MAPI_E_NOT_ENOUGH_MEMORY;
    // Two bytes for each character, and two for the null at the end.
    for (length, error) in [(99, None), (100, Some(too_large))] {
        one.set_props(&[Property::new(PropTag::BODY, "x".repeat(length))])
            .unwrap();
        let props = one.props(&[PropTag::BODY]).unwrap();
        assert_eq!(props.error(PropTag::BODY), error, "{length}");
    }
    drop((one, kept));
    logoff(session);
}

// R1: without MAPI_UNICODE, a tag without a type gives texts of 8 bits; several of them too.
#[test]
fn several_texts_have_the_width_that_was_asked_for() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    let wide = PropTag::of(0x6801, PropType::UNICODE.multiple());
    let texts = ["Red", "Blue"].map(String::from).to_vec();
    let value = PropertyValue::MvString(texts);
    one.set_props(&[Property::new(wide, value)]).unwrap();
    let asked = [wide.with_type(PropType::UNSPECIFIED)];
    for (flags, expected) in [
        (0x8000_0000, wide),
        (0, wide.with_type(PropType::STRING8.multiple())),
    ] {
        let props = one.raw().props(Some(&asked), flags).unwrap();
        assert_eq!(props.into_parts().0[0].tag, expected, "{flags:#X}");
    }
    drop((one, kept));
    logoff(session);
}

// C5, R2: of two who change a message, one submits it; the other's changes are refused, and are lost with it.
#[test]
fn changes_of_a_message_that_somebody_else_submits_are_refused() {
    const FORCE_SAVE: u32 = 4;
    let draft = letter("Draft");
    let mailbox = Store::new("Mailbox").folder(Described::new("Outbox").message(draft));
    let profile = Profile::new("Outlook").store(mailbox);
    let profile = profile.transport(Transport::new("SMTP").address_type("SMTP"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let session = logon(&memory);
    let kept = session
        .open_msg_store(&id(&memory, &["Mailbox"]), BEST)
        .unwrap();
    let draft = id(&memory, &["Mailbox", "Outbox", "Draft"]);
    let [one, two] = [(); 2].map(|()| message(&session, &draft));
    two.set_props(&subject("Mine")).unwrap();
    one.submit().unwrap();
    assert_eq!(code(two.save_changes()), HResult::MAPI_E_OBJECT_CHANGED);
    // What was sent is gone.
    for _ in 0..3 {
        memory.let_time_pass();
    }
    drop(kept);
    assert_eq!(raw_code(two.raw().save_changes(FORCE_SAVE)), DELETED);
    drop(two);
    logoff(session);
}

// C2, C3, C4, C5, C6, C9: the bits that the pages name, and no others. What is defined may be refused for other reasons.
#[test]
fn each_call_knows_the_bits_of_its_page() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let two = message(&session, &id(&memory, &["Mailbox", "Inbox", "Two"]));
    let (inbox_raw, two_raw) = (inbox.raw(), two.raw());
    type Called<'c> = &'c dyn Fn(u32) -> HResult;
    let calls: [(&str, u32, Called<'_>); 8] = [
        ("CreateMessage", 0x848, &|flags| {
            raw_code(inbox_raw.create_message(flags))
        }),
        ("CreateFolder", 0x8000_0009, &|flags| {
            raw_code(inbox_raw.create_folder(1, "New", "", flags))
        }),
        ("DeleteMessages", 0x12, &|flags| {
            raw_code(inbox_raw.delete_messages(&[], UiParam::NONE, flags))
        }),
        ("SetReadFlags", 0x7F, &|flags| {
            raw_code(inbox_raw.set_read_flags(Some(&[]), UiParam::NONE, flags))
        }),
        ("ModifyRecipients", 0xE, &|flags| {
            raw_code(two_raw.modify_recipients(flags, &[]))
        }),
        ("OpenAttach", 0x19, &|flags| {
            raw_code(two_raw.open_attach(0, flags))
        }),
        ("CreateAttach", 0x8, &|flags| {
            raw_code(two_raw.create_attach(flags))
        }),
        ("GetAttachmentTable", 0x8000_0000, &|flags| {
            raw_code(two_raw.attachment_table(flags))
        }),
    ];
    for (name, defined, call) in calls {
        let taken = (0..32).map(|bit| 1 << bit);
        let taken = taken.filter(|bit| call(*bit) != UNKNOWN_FLAGS);
        let taken = taken.fold(0, |all, bit| all | bit);
        assert_eq!(taken, defined, "{name}: {taken:#X}");
    }
    drop((inbox, two, kept));
    logoff(session);
}

// C4: what asks for a receipt, or gives it up, leaves the message as it is.
#[test]
fn flags_of_receipts_leave_a_message_unread() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let one = id(&memory, &["Mailbox", "Inbox", "One"]);
    let flags_of = || {
        let props = message(&session, &one).props(&[PropTag::MESSAGE_FLAGS]);
        props.unwrap().long(PropTag::MESSAGE_FLAGS).unwrap() as u32
    };
    for (flags, is_read) in [(0x10, false), (0x20, false), (0x40, false), (1, true)] {
        let one = std::slice::from_ref(&one);
        let set = inbox.raw().set_read_flags(Some(one), UiParam::NONE, flags);
        assert_eq!(raw_code(set), HResult::S_OK);
        assert_eq!(flags_of() & 1 != 0, is_read, "{flags:#X}");
    }
    drop((inbox, kept));
    logoff(session);
}

// C5
#[test]
fn a_message_goes_to_the_recipients_that_it_was_given() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let outbox = folder(&session, &id(&memory, &["Mailbox", "Outbox"]));
    let draft = outbox.create_message().unwrap();
    draft.set_props(&subject("RE: Two")).unwrap();
    let draft = draft.submit().unwrap_err();
    assert_eq!(draft.hresult(), HResult::MAPI_E_NO_RECIPIENTS);
    let draft = draft.into_inner();
    let kim = Recipient::from("Kim").address("SMTP", "kim@contoso.com");
    let copy = Recipient::from("Bo").recipient_type(RecipientType::CC);
    draft.set_recipients([kim, copy]).unwrap();
    let given = draft.recipients().unwrap();
    let given: Vec<_> = given
        .iter()
        .map(|it| (it.name(), it.email_address(), it.kind()))
        .collect();
    assert_eq!(
        given,
        [
            ("Kim", Some("kim@contoso.com"), Some(RecipientType::TO)),
            ("Bo", None, Some(RecipientType::CC)),
        ]
    );
    let shown = [PropTag::DISPLAY_TO, PropTag::DISPLAY_CC];
    let props = draft.props(&shown).unwrap();
    assert_eq!(shown.map(|it| props.text(it)), [Some("Kim"), Some("Bo")]);
    // By their rows.
    let row = |row: i32| {
        Recipient::from("Ann")
            .property(Property::new(PropTag::ROWID, row))
            .into()
    };
    let modify = |flags, row| raw_code(draft.raw().modify_recipients(flags, &[row]));
    for (flags, row, answer, names) in [
        (2, row(0), HResult::S_OK, "Kim; Ann"),
        (4, row(0), HResult::S_OK, "Ann; Ann"),
        (8, row(2), HResult::S_OK, "Ann"),
        (8, row(2), INVALID, "Ann"),
        (4, Recipient::from("Ann").into(), INVALID, "Ann"),
        (6, row(0), INVALID, "Ann"),
        (1, row(0), UNKNOWN_FLAGS, "Ann"),
        (0, subject("no name").into_iter().collect(), INVALID, "Ann"),
    ] {
        assert_eq!(modify(flags, row), answer);
        let props = draft.props(&shown).unwrap();
        assert_eq!(props.text(PropTag::DISPLAY_TO), Some(names));
    }
    for flags in [4, 8] {
        let failure = draft
            .raw()
            .modify_recipients(flags, &[Recipient::from("Ann").into()]);
        let failure = failure.unwrap_err();
        assert_eq!(
            failure.reason(),
            Some("the recipient at 0 has no PR_ROWID (0x30000003)")
        );
    }
    draft.submit().unwrap();
    let submitted = memory.submitted(&id(&memory, &["Mailbox"]));
    assert_eq!(submitted[0].props().text(SUBJECT), Some("RE: Two"));
    assert_eq!(submitted[0].recipients()[0].name(), "Ann");
    // One that is read only.
    let two = id(&memory, &["Mailbox", "Inbox", "Two"]);
    let two = session.open_entry(&two, OpenEntryFlags::empty()).unwrap();
    let two = two.into_message().unwrap();
    assert_eq!(code(two.set_recipients(["Ann"])), NO_ACCESS);
    assert_eq!(raw_code(outbox.raw().modify_recipients(0, &[])), NO_SUPPORT);
    drop((two, outbox, kept));
    logoff(session);
}

// C6, R3
#[test]
fn an_attachment_is_read_as_a_stream() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let two = message(&session, &id(&memory, &["Mailbox", "Inbox", "Two"]));
    let name = PropTag::ATTACH_LONG_FILENAME;
    let table = two.attachment_table(&[name, PropTag::ATTACH_NUM]).unwrap();
    assert_eq!(names(&table, name), ["a.txt"]);
    let attachment = two.open_attachment(0).unwrap();
    let data = PropTag::ATTACH_DATA_BIN;
    assert_eq!(attachment.read_stream(data).unwrap(), b"some bytes");
    assert_eq!(code(two.open_attachment(1)), NOT_FOUND);
    let one = message(&session, &id(&memory, &["Mailbox", "Inbox", "One"]));
    assert_eq!(one.attachment_table(&[]).unwrap().row_count().unwrap(), 0);
    drop((attachment, table, two, one, kept));
    logoff(session);
}

fn file(name: &str) -> [Property; 2] {
    let data = Property::new(PropTag::ATTACH_DATA_BIN, name.as_bytes());
    [Property::new(PropTag::ATTACH_LONG_FILENAME, name), data]
}

// C9
#[test]
fn an_attachment_is_in_its_message_once_it_is_saved_and_seen_once_both_are() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let two_id = id(&memory, &["Mailbox", "Inbox", "Two"]);
    let two = message(&session, &two_id);
    let names_of = |message: &Message<'_, Memory>| {
        let name = PropTag::ATTACH_LONG_FILENAME;
        names(&message.attachment_table(&[name]).unwrap(), name)
    };
    let number = |it: &Object<'_, Memory>| {
        let tag = PropTag::ATTACH_NUM;
        it.props(&[tag]).unwrap().bits(tag).unwrap()
    };
    let b = two.create_attachment().unwrap();
    let c = two.create_attachment().unwrap();
    assert_eq!((number(&b), number(&c)), (1, 2));
    assert_eq!(b.object_type(), ObjectType::ATTACHMENT);
    for tag in [PropTag::ATTACH_NUM, PropTag::ATTACH_SIZE] {
        let problems = b.set_props(&[Property::new(tag, 5)]).unwrap();
        assert_eq!(problems, [PropProblem::new(0, tag, COMPUTED)]);
    }
    b.set_props(&file("b.txt")).unwrap();
    c.set_props(&file("c.txt")).unwrap();
    assert_eq!(names_of(&two), ["a.txt"]);
    c.save_changes().unwrap();
    b.save_changes().unwrap();
    assert_eq!(names_of(&two), ["a.txt", "c.txt", "b.txt"]);
    let read = two.open_attachment(2).unwrap();
    assert_eq!(
        read.read_stream(PropTag::ATTACH_DATA_BIN).unwrap(),
        b"c.txt"
    );
    let size = PropTag::ATTACH_SIZE;
    assert_eq!(read.props(&[size]).unwrap().long(size), Some(5));
    assert_eq!(code(read.set_props(&file("d.txt"))), NO_ACCESS);
    // Saved once more, it is the same attachment.
    b.set_props(&file("B.txt")).unwrap();
    b.save_changes().unwrap();
    assert_eq!(names_of(&two), ["a.txt", "c.txt", "B.txt"]);
    let reader = session
        .open_entry(&two_id, OpenEntryFlags::empty())
        .unwrap();
    let reader = reader.into_message().unwrap();
    assert_eq!(names_of(&reader), ["a.txt"]);
    assert_eq!(code(reader.create_attachment()), NO_ACCESS);
    assert_eq!(raw_code(two.raw().create_attach(1)), UNKNOWN_FLAGS);
    two.save_changes().unwrap();
    assert_eq!(names_of(&reader), ["a.txt", "c.txt", "B.txt"]);
    let d = two.create_attachment().unwrap();
    assert_eq!(number(&d), 3);
    drop((b, c, d, read, reader, two, kept));
    logoff(session);
}

// C9: whose number another client has taken, or whose message is gone.
#[test]
fn an_attachment_that_cannot_be_saved_says_why() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let two = id(&memory, &["Mailbox", "Inbox", "Two"]);
    let [one, other] = [(); 2].map(|()| message(&session, &two));
    let [mine, theirs] = [&one, &other].map(|it| it.create_attachment().unwrap());
    mine.set_props(&file("mine.txt")).unwrap();
    theirs.save_changes().unwrap();
    other.save_changes().unwrap();
    assert_eq!(code(mine.save_changes()), HResult::MAPI_E_OBJECT_CHANGED);
    assert_eq!(
        names(
            &one.attachment_table(&[PropTag::ATTACH_LONG_FILENAME])
                .unwrap(),
            PropTag::ATTACH_LONG_FILENAME
        )
        .len(),
        2
    );
    const FORCE_SAVE: u32 = 4;
    mine.raw().save_changes(FORCE_SAVE).unwrap();
    let data = one.open_attachment(1).unwrap();
    assert_eq!(
        data.read_stream(PropTag::ATTACH_DATA_BIN).unwrap(),
        b"mine.txt"
    );
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    let late = one.create_attachment().unwrap();
    drop(one);
    assert_eq!(code(late.save_changes()), gone);
    let outbox = folder(&session, &id(&memory, &["Mailbox", "Outbox"]));
    let letter = outbox.create_message().unwrap();
    let too_late = letter.create_attachment().unwrap();
    letter.set_recipients(["Ana"]).unwrap();
    letter.submit().unwrap();
    assert_eq!(code(too_late.save_changes()), gone);
    drop((mine, theirs, data, late, too_late, other, outbox, kept));
    logoff(session);
}

// R3: what is larger than 200 bytes here.
#[test]
fn a_large_value_is_streamed() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let two = message(&session, &id(&memory, &["Mailbox", "Inbox", "Two"]));
    let body = PropTag::BODY;
    let props = two.props(&[body, SUBJECT]).unwrap();
    assert_eq!(props.error(body), Some(HResult::MAPI_E_NOT_ENOUGH_MEMORY));
    assert_eq!(props.text(SUBJECT), Some("Two"));
    let text = "a long text".repeat(20);
    let text = text.encode_utf16().flat_map(u16::to_le_bytes);
    assert!(two.read_stream(body).unwrap().into_iter().eq(text));
    assert_eq!(two.read_text(body).unwrap(), "a long text".repeat(20));
    let ansi = body.with_type(PropType::STRING8);
    assert_eq!(two.read_text(ansi).unwrap(), "a long text".repeat(20));
    assert_eq!(code(two.read_text(PropTag::ENTRYID)), NOT_FOUND);
    for (tag, answer) in [
        (PropTag::HTML, NOT_FOUND),
        (body.with_type(PropType::UNSPECIFIED), INVALID),
        (
            PropTag::MESSAGE_FLAGS,
            HResult::MAPI_E_INTERFACE_NOT_SUPPORTED,
        ),
    ] {
        assert_eq!(code(two.read_stream(tag)), answer, "{tag}");
    }
    drop((two, kept));
    logoff(session);
}

// R4
#[test]
fn a_name_is_the_same_property_in_the_whole_store() {
    let memory = memory();
    let session = logon(&memory);
    let kept = store(&session);
    let two = message(&session, &id(&memory, &["Mailbox", "Inbox", "Two"]));
    let inbox = folder(&session, &id(&memory, &["Mailbox", "Inbox"]));
    let keywords = PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords");
    let number = PropName::id(PropName::PS_PUBLIC_STRINGS, 0x8501);
    let names = [keywords, number];
    assert_eq!(two.ids_from_names(&names, false).unwrap(), [None, None]);
    let tags = two.ids_from_names(&names, true).unwrap();
    assert_eq!(inbox.ids_from_names(&names, false).unwrap(), tags);
    let tags = [tags[0].unwrap(), tags[1].unwrap()];
    assert!(
        tags.iter()
            .all(|it| it.is_named() && it.prop_type() == PropType::UNSPECIFIED)
    );
    let unnamed = PropTag::of(0xFFFE, PropType::LONG);
    let found = two.names_from_ids(&[tags[1], unnamed]).unwrap();
    assert_eq!(found, [Some(names[1].clone()), None]);
    let keyword = tags[0].with_type(PropType::UNICODE);
    two.set_props(&[Property::new(keyword, "mine")]).unwrap();
    two.save_changes().unwrap();
    assert_eq!(two.props(&[tags[0]]).unwrap().text(keyword), Some("mine"));
    const NO_STRINGS: u32 = 1;
    let (left, warning) = two
        .raw()
        .names_from_ids(&tags, NO_STRINGS)
        .unwrap()
        .into_parts();
    assert_eq!(
        (left, warning.is_some()),
        (vec![None, Some(names[1].clone())], true)
    );
    for (answer, expected) in [
        (raw_code(two.raw().ids_from_names(&[], 0)), INVALID),
        (raw_code(two.raw().ids_from_names(&names, 1)), UNKNOWN_FLAGS),
        (raw_code(two.raw().names_from_ids(&[], 0)), INVALID),
        (raw_code(two.raw().names_from_ids(&tags, 4)), UNKNOWN_FLAGS),
        (
            raw_code(
                two.raw()
                    .ids_from_names(&[PropName::id(PropName::PS_MAPI, 1)], 0),
            ),
            HResult::MAPI_W_ERRORS_RETURNED,
        ),
    ] {
        assert_eq!(answer, expected);
    }
    let book = session
        .open_address_book(UiParam::NONE, Default::default())
        .unwrap();
    assert_eq!(code(book.ids_from_names(&names, true)), NO_SUPPORT);
    drop((book, two, inbox, kept));
    logoff(session);
}

// C7
#[test]
fn a_class_arrives_where_the_longest_of_its_beginnings_does() {
    let memory = memory();
    let session = logon(&memory);
    let store = store(&session);
    let receive = |class| {
        let found = store.raw().receive_folder(class, 0x8000_0000).unwrap();
        found.into_parts().0
    };
    let [inbox, faxes] = ["Inbox", "Faxes"].map(|it| id(&memory, &["Mailbox", it]));
    for (class, folder, explicit) in [
        (None, &inbox, ""),
        (Some(""), &inbox, ""),
        (Some("IPM.Note"), &inbox, ""),
        (Some("IPM.Note.Fax"), &faxes, "IPM.Note.Fax"),
        (Some("ipm.note.fax.color"), &faxes, "IPM.Note.Fax"),
        (Some("IPM.Note.Faxes"), &inbox, ""),
    ] {
        assert_eq!(
            receive(class),
            (folder.clone(), explicit.into()),
            "{class:?}"
        );
    }
    assert_eq!(raw_code(store.raw().receive_folder(None, 1)), UNKNOWN_FLAGS);
    let bare = session
        .open_msg_store(&id(&memory, &["Bare"]), BEST)
        .unwrap();
    let root = bare.open_root_folder(OpenEntryFlags::empty()).unwrap();
    let received = bare.open_receive_folder("").unwrap().info().unwrap();
    assert_eq!(received.entry_id(), root.info().unwrap().entry_id());
    drop((root, bare, store));
    logoff(session);
}

// C8
#[test]
fn the_receive_folders_are_a_table() {
    let memory = memory();
    let session = logon(&memory);
    let store = store(&session);
    let class = PropTag::MESSAGE_CLASS;
    let table = store.receive_folder_table(&[]).unwrap();
    assert_eq!(names(&table, class), ["", "IPM.Note.Fax"]);
    let rows = table.all_rows().unwrap();
    let faxes = id(&memory, &["Mailbox", "Faxes"]);
    assert_eq!(rows.rows()[1].entry_id(PropTag::ENTRYID), Some(faxes));
    let keys = rows
        .rows()
        .iter()
        .map(|row| row.binary(PropTag::INSTANCE_KEY));
    let keys: Vec<_> = keys.map(Option::unwrap).collect();
    assert_eq!(keys, [[0, 0, 0, 0], [0, 0, 0, 1]]);
    let ipm = [PropTag::IPM_SUBTREE_ENTRYID, PropTag::IPM_OUTBOX_ENTRYID];
    let props = store.props(&ipm).unwrap();
    let outbox = id(&memory, &["Mailbox", "Outbox"]);
    assert_eq!(props.entry_id(ipm[1]), Some(outbox));
    // The subtree, the Inbox and the Outbox.
    let mask = PropTag::VALID_FOLDER_MASK;
    assert_eq!(store.props(&[mask]).unwrap().long(mask), Some(1 | 2 | 4));
    drop((table, store));
    logoff(session);
}

// N15: also where many have been deleted before.
#[test]
fn a_message_arrives_after_others_were_deleted() {
    let memory = memory();
    let session = logon(&memory);
    let folder = id(&memory, &["Mailbox", "Inbox"]);
    let all: Vec<_> = (0..200)
        .map(|number| {
            memory
                .deliver(&folder, format!("{number}").as_str())
                .unwrap()
        })
        .collect();
    let inbox = self::folder(&session, &folder);
    assert_eq!(inbox.delete_messages(&all).unwrap(), None);
    let last = memory.deliver(&folder, "Last").unwrap();
    let props = message(&session, &last).props(&[SUBJECT]).unwrap();
    assert_eq!(props.text(SUBJECT), Some("Last"));
    drop(inbox);
    logoff(session);
}

// N15, C1: what arrives can be opened, and is in the table.
#[test]
fn a_delivered_message_has_what_it_was_described_with() {
    let memory = memory();
    let session = logon(&memory);
    let store = store(&session);
    let inbox = store.open_receive_folder("").unwrap();
    let table = inbox.contents_table(&[SUBJECT]).unwrap();
    let folder = id(&memory, &["Mailbox", "Inbox"]);
    let mail = Mail::from("Three").sender("Kim", "kim@contoso.com");
    let three = memory.deliver(&folder, mail).unwrap();
    assert_eq!(names(&table, SUBJECT), ["One", "Two", "Three"]);
    let three = message(&session, &three);
    let sender = PropTag::SENDER_EMAIL_ADDRESS;
    let props = three.props(&[sender]).unwrap();
    assert_eq!(props.text(sender), Some("kim@contoso.com"));
    drop((three, table, inbox, store));
    logoff(session);
}

// O1, O3: a table holds its store, and is gone with the session.
#[test]
fn a_table_outlives_its_folder_and_not_its_session() {
    let memory = memory();
    let session = crate::support::raw_logon(&memory);
    use mapi_session::subsystem::{RawEntry, RawPropTable as _, RawSession as _};
    let mailbox = id(&memory, &["Mailbox"]);
    let store = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0);
    let (store, _) = store.unwrap().into_parts();
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let entry = session.open_entry(Some(inbox.as_bytes()), 0).unwrap();
    let RawEntry::Object(_, inbox) = entry.into_parts().0 else {
        unreachable!()
    };
    let (table, _) = inbox.contents_table(0).unwrap().into_parts();
    drop((inbox, store));
    assert_eq!(raw_code(table.row_count(0)), HResult::S_OK);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    for answer in [
        raw_code(table.row_count(0)),
        raw_code(table.query_rows(1, 0)),
        raw_code(table.set_columns(&[SUBJECT], 0)),
        raw_code(table.query_columns(0)),
        raw_code(table.restrict(None, 0)),
        raw_code(table.sort_table(&[], 0)),
    ] {
        assert_eq!(answer, gone);
    }
}
