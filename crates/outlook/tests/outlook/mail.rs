//! Folders, messages and their tables of Memory, served as COM and adopted back, answer as Memory's
//! own.

use std::ptr::null_mut;
use std::sync::mpsc;

use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
use mapi_session::property::{PropName, PropTag, PropType, Property, PropertyValue, Props};
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProp, RawPropTable, RawSession, RawTable, Subsystem,
};
use mapi_session::table::{Bookmark, Relation, Restriction, SortOrder};
use mapi_session::types::{Recipient, RecipientType};
use mapi_session::{EntryId, HResult, MapiUid, UiParam};
use mapi_session_outlook::outlook_mapi::sys;
use mapi_session_outlook::{Outlook, serve};
use windows::Win32::System::Com::{
    IStream, STATFLAG_NONAME, STATSTG, STREAM_SEEK_END, STREAM_SEEK_SET,
};
use windows_core::{GUID, IUnknown, Interface};

use crate::fake;
use crate::round_trip::{Answers, assert_same};

const UNICODE: u32 = 0x8000_0000;
const NEW: u32 = UNICODE | 0x22;
const NONE: UiParam = UiParam::NONE;
const HELLO: &str = "Grüße 🦀";

fn memory() -> Memory {
    let bytes: Vec<u8> = (0..200_000_u32).map(|it| it as u8).collect();
    let inbox = Folder::new("Inbox")
        .message(
            Message::new()
                .subject("Hello")
                .sender("Kim", "kim@contoso.com")
                .to("Ana")
                .cc("Bo")
                .body(HELLO)
                .attachment("a.txt", "bytes")
                .attachment("large.bin", bytes),
        )
        .message(
            Message::new()
                .subject("Order 2")
                .unread()
                .property(PropTag::IMPORTANCE, 2),
        )
        .message(
            Message::new()
                .subject("an order")
                .property(PropTag::IMPORTANCE, 0),
        )
        .folder(Folder::new("Deeper").folder(Folder::new("Deepest")));
    let mailbox = Store::new("Mailbox").default_store().folder(inbox);
    let profile = Profile::new("P").default_profile().store(mailbox);
    Memory::builder().profile(profile).build().unwrap()
}

fn columns() -> [PropTag; 5] {
    [
        PropTag::SUBJECT,
        PropTag::IMPORTANCE,
        PropTag::MESSAGE_FLAGS,
        PropTag::ENTRYID,
        PropTag::SENDER_NAME.with_type(PropType::UNSPECIFIED),
    ]
}

fn read(answers: &mut Answers, table: &impl RawPropTable) -> Vec<EntryId> {
    let start = table.seek_row(Bookmark::BEGINNING, 0);
    answers.add("seek", start);
    let rows = answers.add("rows", table.query_rows(100, 0));
    let rows = rows.unwrap_or_default().into_iter();
    rows.filter_map(|row| row.entry_id(PropTag::ENTRYID))
        .collect()
}

fn restrictions() -> Vec<Restriction> {
    let (subject, importance) = (PropTag::SUBJECT, PropTag::IMPORTANCE);
    let of_relation = |relation| Restriction::property(importance, relation, 1);
    let two_numbers = PropTag::new(0x6601_1003);
    let mut all = vec![
        Restriction::contains(subject, "ORDER"),
        Restriction::equals(subject, "Hello"),
        Restriction::exists(importance),
        !Restriction::exists(importance),
        Restriction::has_none_of(PropTag::MESSAGE_FLAGS, 1),
        Restriction::has_any_of(PropTag::MESSAGE_FLAGS, 1),
        Restriction::size(subject, Relation::Greater, 14),
        Restriction::compare_props(importance, Relation::Less, PropTag::MESSAGE_FLAGS),
        Restriction::contains(subject, "order").and(!Restriction::equals(importance, 2)),
        Restriction::equals(subject, "Hello").or(Restriction::equals(importance, 2)),
        Restriction::all([]),
        Restriction::any([]),
        Restriction::equals(two_numbers, 4),
        Restriction::equals(two_numbers, PropertyValue::MvLong(vec![3, 4])),
        // Wrong ones.
        Restriction::equals(importance, "a text"),
        Restriction::content(importance, 1.into(), 1),
        Restriction::has_any_of(subject, 1),
        Restriction::compare_props(subject, Relation::Equal, importance),
    ];
    // A deep one.
    all.push((0..200).fold(Restriction::exists(subject), |it, _| !it));
    for relation in [
        Relation::Less,
        Relation::LessOrEqual,
        Relation::Greater,
        Relation::GreaterOrEqual,
        Relation::Equal,
        Relation::NotEqual,
    ] {
        all.push(of_relation(relation));
    }
    all
}

fn contents(answers: &mut Answers, folder: &impl RawObject) -> Vec<EntryId> {
    for flags in [0, 8, 0x40, 1] {
        if let Some(table) = answers.opened("contents", folder.contents_table(flags)) {
            answers.add("columns", table.query_columns(0));
        }
    }
    let table = folder.contents_table(UNICODE).unwrap().ignore_warning();
    answers.add("default columns", table.query_columns(0));
    answers.add("all columns", table.query_columns(1));
    answers.add("columns", table.query_columns(2));
    read(answers, &table);
    answers.add("set columns", table.set_columns(&[], 0));
    answers.add("set columns", table.set_columns(&columns(), 0x10));
    answers.add("set columns", table.set_columns(&columns(), 0));
    answers.add("columns", table.query_columns(0));
    answers.add("count", table.row_count(0));
    answers.add("count", table.row_count(8));
    let ids = read(answers, &table);

    for (origin, rows) in [(0, 1), (1, 1), (1, -1), (2, -1), (2, 5), (0, -5), (7, 0)] {
        answers.add("seek", table.seek_row(Bookmark::new(origin), rows));
        for (rows, flags) in [(1, 1), (1, 0), (-1, 0), (0, 0), (1, 4)] {
            answers.add("rows", table.query_rows(rows, flags));
        }
    }
    for wanted in restrictions() {
        // What cannot be written is refused before the flags are looked at.
        let wrong_flags = if wanted.check().is_ok() { 0x10 } else { 0 };
        for flags in [wrong_flags, 0] {
            answers.add("restrict", table.restrict(Some(&wanted), flags));
        }
        answers.add("count", table.row_count(0));
        read(answers, &table);
        answers.add("restrict", table.restrict(None, 0));
        for (origin, flags) in [
            (0, 0),
            (1, 0),
            (2, 1),
            (1, 1),
            (0, 1),
            (0, wrong_flags),
            (9, 0),
        ] {
            let found = table.find_row(&wanted, Bookmark::new(origin), flags);
            answers.add("find", found);
            answers.add("row", table.query_rows(1, 1));
        }
    }
    answers.add("restrict", table.restrict(None, 0));
    let (subject, importance) = (PropTag::SUBJECT, PropTag::IMPORTANCE);
    for order in [
        vec![SortOrder::ascending(subject)],
        vec![SortOrder::descending(subject)],
        vec![
            SortOrder::ascending(importance),
            SortOrder::descending(subject),
        ],
        vec![SortOrder::ascending(PropTag::of(0x6601, PropType::OBJECT))],
        vec![],
    ] {
        for flags in [0x10, 0] {
            answers.add("sort", table.sort_table(&order, flags));
        }
        read(answers, &table);
    }
    answers.add("all", table.rows());
    for hresult in [HResult::MAPI_E_NOT_FOUND, HResult::MAPI_E_UNKNOWN_FLAGS] {
        answers.add("last error", table.last_error(hresult, UNICODE));
    }
    ids
}

/// What all objects have.
fn names(answers: &mut Answers, object: &impl RawProp) {
    let set = MapiUid::new(*b"0123456789abcdef");
    let names = [
        PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords"),
        PropName::text(set, HELLO),
        PropName::id(set, 0x8501),
        PropName::id(PropName::PS_MAPI, 0x0037),
    ];
    for flags in [0, 2, 0, 1] {
        let tags = answers.add("ids", object.ids_from_names(&names, flags));
        for flags in [0, 1, 2, 4] {
            let mut tags = tags.clone().unwrap_or_default();
            tags.extend([PropTag::SUBJECT, PropTag::new(0xFFF0_0000)]);
            answers.add("names", object.names_from_ids(&tags, flags));
        }
    }
    answers.add("no names", object.ids_from_names(&[], 0));
    answers.add("no tags", object.names_from_ids(&[], 0));
}

fn message(answers: &mut Answers, message: &impl RawObject) {
    for flags in [0, UNICODE, 1] {
        if let Some(table) = answers.opened("recipients", message.recipient_table(flags)) {
            answers.add("columns", table.query_columns(0));
            read(answers, &table);
        }
        if let Some(table) = answers.opened("attachments", message.attachment_table(flags)) {
            answers.add("columns", table.query_columns(0));
            read(answers, &table);
        }
    }
    for (number, flags) in [(0, 0), (1, 0), (1, 0x10), (2, 0), (0, 0x40), (0, 1)] {
        let opened = message.open_attach(number, flags);
        let Some(attachment) = answers.opened("attachment", opened) else {
            continue;
        };
        answers.add("props", attachment.props(None, UNICODE));
        for tag in [
            PropTag::ATTACH_DATA_BIN,
            PropTag::ATTACH_NUM,
            PropTag::SUBJECT,
        ] {
            answers.add("stream", attachment.read_stream(tag));
        }
        answers.add(
            "contents",
            attachment.contents_table(0).map(|it| it.map(drop)),
        );
    }
    for tag in [
        PropTag::BODY,
        PropTag::BODY.with_type(PropType::STRING8),
        PropTag::SUBJECT,
        PropTag::new(0x6677_001F),
    ] {
        answers.add("stream", message.read_stream(tag));
    }
    names(answers, message);
    answers.opened("no folder", message.create_message(0));
    answers.opened("no folder", message.create_folder(1, "a", "b", UNICODE));
    answers.add("no folder", message.delete_messages(&[], NONE, 0));
    answers.add("no folder", message.set_read_flags(None, NONE, 0));
    answers.opened("no folder", message.hierarchy_table(0));
}

fn drafts(answers: &mut Answers, folder: &impl RawObject) {
    answers.opened("create", folder.create_message(0x100));
    drop(answers.opened("create", folder.create_message(0)));
    let draft = answers.opened("create", folder.create_message(0)).unwrap();
    let props = [
        Property::new(PropTag::SUBJECT, HELLO),
        Property::new(PropTag::new(0x6601_1003), PropertyValue::MvLong(vec![3, 4])),
    ];
    answers.add("set", draft.set_props(&props));
    let kim = Recipient::new("Kim").address("SMTP", "kim@contoso.com");
    let bo = Recipient::new("Bö").recipient_type(RecipientType::CC);
    let both: [Props; 2] = [kim.into(), bo.into()];
    let changed = |row: i32| -> [Props; 1] {
        let named = Property::new(PropTag::DISPLAY_NAME, "Other");
        let row = Property::new(PropTag::ROWID, row);
        let kind = Property::new(PropTag::RECIPIENT_TYPE, 3);
        [vec![named, row, kind].into()]
    };
    let lacking: [Props; 1] = [vec![Property::new(PropTag::DISPLAY_NAME, "x")].into()];
    let unfit: [Props; 1] = [vec![Property::new(PropTag::DISPLAY_NAME, 5)].into()];
    for (flags, recipients) in [
        (0, &both[..]),
        (2, &both),
        (6, &both),
        (1, &both),
        (4, &changed(1)),
        (8, &changed(0)),
        (4, &changed(77)),
        (2, &lacking),
        (2, &unfit),
        (2, &[]),
    ] {
        answers.add("recipients", draft.modify_recipients(flags, recipients));
        let table = draft.recipient_table(UNICODE).unwrap().ignore_warning();
        read(answers, &table);
    }
    answers.add("not a message", folder.modify_recipients(0, &both));
    answers.opened("attach", draft.create_attach(1));
    let attachment = answers.opened("attach", draft.create_attach(0)).unwrap();
    let file = [
        Property::new(PropTag::ATTACH_LONG_FILENAME, HELLO),
        Property::new(PropTag::ATTACH_DATA_BIN, b"bytes"),
        Property::new(PropTag::ATTACH_NUM, 7),
    ];
    answers.add("set", attachment.set_props(&file));
    for _ in 0..2 {
        let table = draft.attachment_table(UNICODE).unwrap().ignore_warning();
        read(answers, &table);
        answers.add("save", attachment.save_changes(0));
    }
    answers.add("save", draft.save_changes(0));
    contents(answers, folder);
    answers.add("submit", draft.submit_message(0));
    answers.opened("after", draft.recipient_table(0));
    answers.add("after", draft.read_stream(PropTag::SUBJECT));
}

fn folders(answers: &mut Answers, folder: &impl RawObject, ids: &[EntryId]) {
    for flags in [0, 1, UNICODE | 1, 4] {
        if let Some(table) = answers.opened("hierarchy", folder.hierarchy_table(flags)) {
            answers.add("columns", table.query_columns(0));
            read(answers, &table);
        }
    }
    for (kind, name, comment, flags) in [
        (1, "New", "", UNICODE),
        (1, "New", "", UNICODE),
        (1, "New", "", UNICODE | 1),
        (1, HELLO, "Bemerkung ü", UNICODE),
        (1, "ANSI", "c", 0),
        (2, "Search", "", UNICODE),
        (3, "None", "", UNICODE),
        (1, "", "", UNICODE),
        (1, "Flags", "", UNICODE | 0x40),
    ] {
        let created = folder.create_folder(kind, name, comment, flags);
        if let Some(created) = answers.opened("create folder", created) {
            let tags = [PropTag::DISPLAY_NAME, PropTag::COMMENT];
            answers.add("folder", created.props(Some(&tags), UNICODE));
            drop(answers.opened("create in it", created.create_message(0)));
        }
    }
    let unknown = [EntryId::new([9; 40])];
    let (sink, events) = mpsc::channel();
    let table = folder.contents_table(UNICODE).unwrap().ignore_warning();
    answers.opened("advise", table.advise(0x2, sink.clone()));
    let told = answers.opened("advise", table.advise(0x100, sink)).unwrap();
    for (ids, flags) in [
        (None, 0),
        (Some(&ids[..1]), 4),
        (Some(ids), 0x1000),
        (Some(&unknown), 0),
        (Some(&[]), 0),
    ] {
        answers.add("read", folder.set_read_flags(ids, NONE, flags));
        answers.events("told", &events);
        read(answers, &table);
    }
    for (ids, flags) in [(&ids[..1], 0x1000), (&unknown, 0), (&[], 0), (&ids[..1], 0)] {
        answers.add("delete", folder.delete_messages(ids, NONE, flags));
        answers.events("told", &events);
        read(answers, &table);
    }
    for _ in 0..2 {
        answers.add("unadvise", table.unadvise(told));
    }
    names(answers, folder);
    answers.opened("no message", folder.recipient_table(0));
    answers.opened("no message", folder.attachment_table(0));
    answers.opened("no message", folder.open_attach(0, 0));
    answers.opened("no message", folder.create_attach(0));
}

fn script<B: Subsystem>(subsystem: &B, memory: &Memory) -> Vec<String> {
    let mut answers = Answers::default();
    let of = |path: &[&str]| memory.entry_id("P", path).unwrap();
    let (store, inbox) = (of(&["Mailbox"]), of(&["Mailbox", "Inbox"]));
    let hello = of(&["Mailbox", "Inbox", "Hello"]);
    subsystem.initialize(0, 0).unwrap();
    let session = subsystem.logon_ex(NONE, Some("P"), None, NEW);
    let session = session.unwrap().ignore_warning();
    let store = session.open_msg_store(NONE, Some(store.as_bytes()), 0x10);
    let store = store.unwrap().ignore_warning();
    for flags in [0, UNICODE, 1] {
        for class in [None, Some(""), Some("IPM.Note"), Some("Größe")] {
            answers.add("receive folder", store.receive_folder(class, flags));
        }
        if let Some(table) = answers.opened("receive", store.receive_folder_table(flags)) {
            answers.add("columns", table.query_columns(0));
            read(&mut answers, &table);
        }
    }
    names(&mut answers, &store);
    answers.add("stream", store.read_stream(PropTag::DISPLAY_NAME));

    let folder = session.open_entry(Some(inbox.as_bytes()), 0x10);
    let RawEntry::Object(_, folder) = folder.unwrap().ignore_warning() else {
        panic!("a folder is an object");
    };
    let ids = contents(&mut answers, &folder);
    assert_eq!(ids.len(), 3);
    for flags in [0, 0x10] {
        let opened = store.open_entry(Some(hello.as_bytes()), flags);
        message(&mut answers, &opened.unwrap().ignore_warning().1);
    }
    drafts(&mut answers, &folder);
    folders(&mut answers, &folder, &ids);

    let table = folder.contents_table(UNICODE).unwrap().ignore_warning();
    answers.add("logoff", session.logoff(NONE, 0, 0));
    // O2
    answers.add("over", table.query_rows(1, 0));
    answers.add("over", table.restrict(None, 0));
    answers.add("over", table.rows());
    answers.opened("over", folder.contents_table(0));
    answers.opened("over", folder.create_message(0));
    answers.add("over", store.receive_folder(None, 0));
    drop((table, folder, store, session));
    subsystem.uninitialize();
    answers.0
}

#[test]
fn mail_that_is_served_and_adopted_back_answers_as_it_is() {
    let direct = memory();
    let expected = script(&direct, &direct);

    fake::load();
    let behind = memory();
    fake::runs_over(behind.clone());
    let answers = script(&Outlook::new(), &behind);
    assert_same(&expected, &answers);
    let succeeded = expected.iter().filter(|it| it.contains(": S_OK")).count();
    assert!(succeeded > 300, "{succeeded} of {}", expected.len());
    assert_eq!((behind.open_sessions(), behind.released_live()), (0, 0));
    assert_eq!(fake::outstanding(), 0);
}

/// What has no form in MAPI does not get there.
#[test]
fn what_cannot_be_said_is_refused() {
    fake::load();
    let memory = memory();
    fake::runs_over(memory.clone());
    let outlook = Outlook::new();
    outlook.initialize(0, 0).unwrap();
    {
        let session = outlook.logon_ex(NONE, Some("P"), None, NEW);
        let session = session.unwrap().ignore_warning();
        let inbox = memory.entry_id("P", &["Mailbox", "Inbox"]).unwrap();
        let folder = session.open_entry(Some(inbox.as_bytes()), 0x10);
        let RawEntry::Object(_, folder) = folder.unwrap().ignore_warning() else {
            panic!("a folder is an object");
        };
        let invalid = HResult::MAPI_E_INVALID_PARAMETER;
        let inner_nul = [PropName::text(PropName::PS_MAPI, "a\0b")];
        let ids = folder.ids_from_names(&inner_nul, 0);
        assert_eq!(ids.unwrap_err().hresult(), invalid);
        let created = folder.create_folder(1, "a\0b", "", UNICODE);
        assert_eq!(created.err().unwrap().hresult(), invalid);
        let created = folder.create_folder(1, "\u{1F980}", "", 0);
        assert_eq!(created.err().unwrap().hresult(), invalid);

        let table = folder.contents_table(UNICODE).unwrap().ignore_warning();
        let negated = |times: usize| {
            let exists = Restriction::exists(PropTag::SUBJECT);
            table.restrict(Some(&(0..times).fold(exists, |it, _| !it)), 0)
        };
        assert!(negated(255).is_ok());
        for times in [256, 100_000] {
            let code = negated(times).unwrap_err().hresult();
            assert_eq!(code, HResult::MAPI_E_TOO_COMPLEX);
        }
        session.logoff(NONE, 0, 0).unwrap();
    }
    outlook.uninitialize();
    assert_eq!(fake::outstanding(), 0);
}

/// An attachment's bytes, as a COM caller reads them.
#[test]
fn a_com_caller_reads_a_stream() {
    fake::load();
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let session = memory.logon_ex(NONE, Some("P"), None, NEW).unwrap();
    let session = serve(session.ignore_warning()).unwrap();
    let hello = memory
        .entry_id("P", &["Mailbox", "Inbox", "Hello"])
        .unwrap();
    let mut id = hello.as_bytes().to_vec();
    // SAFETY: as the interfaces declare it.
    unsafe {
        let (count, id) = (id.len() as u32, id.as_mut_ptr().cast());
        let (mut kind, mut message) = (0, None::<IUnknown>);
        session
            .OpenEntry(count, id, null_mut(), 0, &mut kind, &mut message)
            .unwrap();
        let message: sys::IMessage = message.unwrap().cast().unwrap();
        let mut attachment = None;
        message
            .OpenAttach(0, null_mut(), 0, &mut attachment)
            .unwrap();
        let attachment = attachment.unwrap();
        let open = |interface: *mut GUID, flags| {
            let mut stream = None::<IUnknown>;
            let tag = PropTag::ATTACH_DATA_BIN.get();
            let opened = attachment.OpenProperty(tag, interface, 0, flags, &mut stream);
            opened.map(|()| stream.unwrap())
        };
        let code = |it: windows_core::Result<IUnknown>| HResult::from(it.unwrap_err().code().0);
        let (mut stream, mut other) = (IStream::IID, sys::IMAPITable::IID);
        assert_eq!(code(open(null_mut(), 0)), HResult::MAPI_E_INVALID_PARAMETER);
        let not_it = HResult::MAPI_E_INTERFACE_NOT_SUPPORTED;
        assert_eq!(code(open(&mut other, 0)), not_it);
        assert_eq!(code(open(&mut stream, 1)), HResult::MAPI_E_NO_SUPPORT);
        assert_eq!(code(open(&mut stream, 0x10)), HResult::MAPI_E_UNKNOWN_FLAGS);
        let stream: IStream = open(&mut stream, 0).unwrap().cast().unwrap();

        let read = |stream: &IStream, length: u32| {
            let (mut bytes, mut read) = (vec![0_u8; length as usize], 0);
            let place = bytes.as_mut_ptr().cast();
            stream.Read(place, length, Some(&raw mut read)).unwrap();
            bytes.truncate(read as usize);
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(read(&stream, 2), "by");
        let copy = stream.Clone().unwrap();
        assert_eq!(read(&stream, 9), "tes");
        assert_eq!(read(&stream, 9), "");
        assert_eq!(read(&copy, 1), "t");
        let mut position = 0;
        copy.Seek(-2, STREAM_SEEK_END, Some(&raw mut position))
            .unwrap();
        assert_eq!((position, read(&copy, 9)), (3, "es".into()));
        assert!(copy.Seek(-1, STREAM_SEEK_SET, None).is_err());
        copy.Seek(i64::MAX, STREAM_SEEK_SET, None).unwrap();
        assert_eq!(read(&copy, 9), "");
        let mut stat = STATSTG::default();
        copy.Stat(&mut stat, STATFLAG_NONAME).unwrap();
        assert_eq!(stat.cbSize, 5);
        assert!(copy.Write(id.cast(), 1, None).is_err());
    }
    drop(session);
    assert_eq!(fake::outstanding(), 0);
}

/// A COM caller's restrictions that are wrong, too deep, or without an end.
#[test]
fn a_restriction_of_a_com_caller_is_checked() {
    fake::load();
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let session = memory.logon_ex(NONE, Some("P"), None, NEW).unwrap();
    let session = serve(session.ignore_warning()).unwrap();
    let inbox = memory.entry_id("P", &["Mailbox", "Inbox"]).unwrap();
    let mut id = inbox.as_bytes().to_vec();
    let code = |result: windows_core::Result<()>| {
        result.map_or_else(|it| HResult::from(it.code().0), |()| HResult::S_OK)
    };
    // SAFETY: as the interfaces declare it; every restriction is there during the calls.
    unsafe {
        let (mut kind, mut folder) = (0, None::<IUnknown>);
        session
            .OpenEntry(
                id.len() as u32,
                id.as_mut_ptr().cast(),
                null_mut(),
                0,
                &mut kind,
                &mut folder,
            )
            .unwrap();
        let folder: sys::IMAPIFolder = folder.unwrap().cast().unwrap();
        let table = folder.GetContentsTable(UNICODE).unwrap();
        let restrict = |restriction: &mut sys::SRestriction| code(table.Restrict(restriction, 0));
        let negation = |of: *mut sys::SRestriction| {
            let mut not = sys::SRestriction {
                rt: sys::RES_NOT,
                ..Default::default()
            };
            not.res.resNot = sys::SNotRestriction {
                ulReserved: 0,
                lpRes: of,
            };
            not
        };
        let mut exists = sys::SRestriction {
            rt: sys::RES_EXIST,
            ..Default::default()
        };
        exists.res.resExist.ulPropTag = PropTag::SUBJECT.get();
        assert_eq!(restrict(&mut exists), HResult::S_OK);

        for (depth, expected) in [
            (256, HResult::S_OK),
            (257, HResult::MAPI_E_TOO_COMPLEX),
            (100_000, HResult::MAPI_E_TOO_COMPLEX),
        ] {
            let mut chain: Vec<sys::SRestriction> = vec![exists; depth];
            for index in 1..depth {
                let inner = &raw mut chain[index - 1];
                chain[index] = negation(inner);
            }
            assert_eq!(restrict(chain.last_mut().unwrap()), expected, "{depth}");
        }
        // One that is its own part, twice.
        let mut pair = [exists; 2];
        let first = pair.as_mut_ptr();
        for it in &mut pair {
            it.rt = sys::RES_AND;
            it.res.resAnd = sys::SAndRestriction {
                cRes: 2,
                lpRes: first,
            };
        }
        assert_eq!(restrict(&mut pair[0]), HResult::MAPI_E_TOO_COMPLEX);

        let invalid = HResult::MAPI_E_INVALID_PARAMETER;
        assert_eq!(restrict(&mut negation(null_mut())), invalid);
        let mut property = sys::SRestriction {
            rt: sys::RES_PROPERTY,
            ..Default::default()
        };
        property.res.resProperty = sys::SPropertyRestriction {
            relop: sys::RELOP_EQ,
            ulPropTag: PropTag::SUBJECT.get(),
            lpProp: null_mut(),
        };
        assert_eq!(restrict(&mut property), invalid);
        exists.rt = sys::RES_SUBRESTRICTION;
        assert_eq!(restrict(&mut exists), HResult::MAPI_E_TOO_COMPLEX);
        assert_eq!(code(table.FindRow(null_mut(), 0, 0)), invalid);
        assert_eq!(code(table.SortTable(null_mut(), 0)), invalid);
        assert_eq!(code(table.SetColumns(null_mut(), 0)), invalid);
        assert_eq!(code(table.QueryRows(1, 0, null_mut())), invalid);
        assert_eq!(code(folder.DeleteMessages(null_mut(), 0, None, 0)), invalid);
    }
    drop(session);
    assert_eq!(fake::outstanding(), 0);
}
