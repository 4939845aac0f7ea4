//! Rules B: the tables of folders.

use std::sync::mpsc;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{code, id, logoff, logon, raw_code, raw_logon};
use mapi_session::flags::{MessageFlags, ReadFlags};
use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
use mapi_session::notification::{ObjectEventKind, TableEventKind};
use mapi_session::property::{PropTag, PropType, Property, PropertyValue};
use mapi_session::session::folder::PropTable;
use mapi_session::session::registration::ObjectRegistration;
use mapi_session::subsystem::{RawEntry, RawMsgStore, RawObject, RawPropTable, RawSession};
use mapi_session::table::{Bookmark, Restriction, SortOrder};
use mapi_session::{EventMask, HResult, Notification, OpenEntryFlags, OpenStoreFlags, UiParam};

const SUBJECT: PropTag = PropTag::SUBJECT;
const FLAGS: PropTag = PropTag::MESSAGE_FLAGS;
const IMPORTANCE: PropTag = PropTag::IMPORTANCE;
const READ: u32 = 1;
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;
const TOO_COMPLEX: HResult = HResult::MAPI_E_TOO_COMPLEX;
const UNKNOWN_FLAGS: HResult = HResult::MAPI_E_UNKNOWN_FLAGS;

fn memory() -> Memory {
    let inbox = Folder::new("Inbox")
        .message(Message::from("delta").unread())
        .message(Message::from("Alpha").property(IMPORTANCE, 2))
        .message(Message::from("charlie").unread().property(IMPORTANCE, 0))
        .message(Message::from("Bravo").property(IMPORTANCE, 2));
    let mailbox = Store::new("Mailbox").default_store().folder(inbox);
    let profile = Profile::new("Outlook").store(mailbox);
    Memory::builder().profile(profile).build().unwrap()
}

/// Runs a test with the contents table of the Inbox.
fn with_table(test: impl FnOnce(&Memory, &PropTable<'_, Memory>)) {
    let memory = memory();
    let session = logon(&memory);
    let store = session
        .open_default_store(OpenStoreFlags::BEST_ACCESS)
        .unwrap();
    let inbox = store.open_receive_folder("IPM.Note").unwrap();
    let table = inbox.contents_table(&[SUBJECT]).unwrap();
    drop(inbox);
    test(&memory, &table);
    drop((table, store));
    logoff(session);
}

fn next(table: &PropTable<'_, Memory>, rows: i32) -> Vec<String> {
    let rows = table.raw().query_rows(rows, 0).unwrap().into_parts().0;
    let subject = |row: mapi_session::property::Props| row.text(SUBJECT).unwrap().to_owned();
    rows.into_iter().map(subject).collect()
}

fn all(table: &PropTable<'_, Memory>) -> Vec<String> {
    table.seek(Bookmark::BEGINNING, 0).unwrap();
    next(table, 100)
}

fn unread() -> Restriction {
    Restriction::has_none_of(FLAGS, READ)
}

// B1
#[test]
fn rows_are_read_from_the_cursor_on() {
    with_table(|_, table| {
        assert_eq!(next(table, 3), ["delta", "Alpha", "charlie"]);
        assert_eq!(next(table, 3), ["Bravo"]);
        assert_eq!(next(table, 3), [""; 0]);
        assert_eq!(next(table, -2), ["charlie", "Bravo"]);
        const NO_ADVANCE: u32 = 1;
        table.raw().query_rows(1, NO_ADVANCE).unwrap();
        assert_eq!(next(table, -9), ["delta", "Alpha"]);
        assert_eq!(next(table, -9), [""; 0]);
        assert_eq!(raw_code(table.raw().query_rows(0, 0)), INVALID);
        assert_eq!(raw_code(table.raw().query_rows(1, 2)), UNKNOWN_FLAGS);
        assert_eq!(next(table, 1), ["delta"], "what failed moved nothing");
        // Both ways to read them all: the typed one goes on from the cursor.
        assert_eq!(table.rows().count(), 3);
        assert_eq!(table.all_rows().unwrap().rows().len(), 4);
    });
}

// B1: what is changed as it is read is read once.
#[test]
fn the_cursor_stays_between_its_rows_when_one_of_them_changes() {
    with_table(|memory, table| {
        let rename = |from: &str, to: &str| {
            let letter = id(memory, &["Mailbox", "Inbox", from]);
            let letter = table.session().open_entry(&letter, OpenEntryFlags::MODIFY);
            let letter = letter.unwrap().into_message().unwrap();
            letter.set_props(&[Property::new(SUBJECT, to)]).unwrap();
            letter.save_changes().unwrap();
        };
        assert_eq!(next(table, 1), ["delta"]);
        rename("delta", "read");
        assert_eq!(next(table, 1), ["Alpha"]);
        rename("charlie", "next");
        assert_eq!(next(table, 1), ["next"]);
        // In its order, one that was read comes just before the cursor.
        table.sort(&[SortOrder::ascending(SUBJECT)]).unwrap();
        assert_eq!(next(table, 2), ["Alpha", "Bravo"]);
        rename("Alpha", "Chris");
        assert_eq!(next(table, 1), ["next"]);
    });
}

// B1
#[test]
fn the_cursor_stays_between_its_folders_when_one_comes() {
    with_table(|memory, table| {
        let name = PropTag::DISPLAY_NAME;
        let inbox = id(memory, &["Mailbox", "Inbox"]);
        let best = OpenEntryFlags::BEST_ACCESS;
        let inbox = table.session().open_entry(&inbox, best).unwrap();
        let inbox = inbox.into_folder().unwrap();
        let [one, two] = ["One", "Two"].map(|it| inbox.create_folder(it).unwrap());
        let folders = inbox.deep_hierarchy_table(&[name]).unwrap();
        folders.seek(Bookmark::BEGINNING, 1).unwrap();
        drop(one.create_folder("In one").unwrap());
        drop(two.create_folder("In two").unwrap());
        let rows = folders
            .rows()
            .map(|row| row.unwrap().text(name).unwrap().to_owned());
        assert_eq!(rows.collect::<Vec<_>>(), ["In one", "Two", "In two"]);
        folders.sort(&[SortOrder::descending(name)]).unwrap();
        folders.seek(Bookmark::BEGINNING, 1).unwrap();
        drop(inbox.create_folder("Zero").unwrap());
        let rows = folders
            .rows()
            .map(|row| row.unwrap().text(name).unwrap().to_owned());
        assert_eq!(rows.collect::<Vec<_>>(), ["One", "In two", "In one"]);
        drop((folders, one, two, inbox));
    });
}

// B1, B6: a folder comes into the table of folders, and a message into that of messages.
#[test]
fn a_table_hears_of_its_own_kind_alone() {
    with_table(|memory, messages| {
        let inbox = id(memory, &["Mailbox", "Inbox"]);
        let best = OpenEntryFlags::BEST_ACCESS;
        let entry = messages.session().open_entry(&inbox, best).unwrap();
        let folder = entry.into_folder().unwrap();
        let folders = folder.hierarchy_table(&[PropTag::DISPLAY_NAME]).unwrap();
        let counts = || [messages, &folders].map(|it| it.row_count().unwrap());
        let [before, none] = counts();
        assert_eq!(none, 0);
        drop(folder.create_folder("New").unwrap());
        assert_eq!(counts(), [before, 1]);
        memory.deliver(&inbox, "News").unwrap();
        assert_eq!(counts(), [before + 1, 1]);
    });
}

// B6, N12: the flags of a message that is submitted change.
#[test]
fn tables_are_told_of_a_message_that_is_submitted() {
    let memory = memory();
    let session = logon(&memory);
    let best = OpenStoreFlags::BEST_ACCESS;
    let store = session.open_default_store(best).unwrap();
    let inbox = store.open_receive_folder("IPM.Note").unwrap();
    let [all, unsent] = [(); 2].map(|()| inbox.contents_table(&[SUBJECT]).unwrap());
    let submit = MessageFlags::SUBMIT.bits();
    unsent
        .restrict(&Restriction::has_none_of(FLAGS, submit))
        .unwrap();
    let (sink, told) = mpsc::channel();
    let heard = [&all, &unsent].map(|it| it.advise_sink(sink.clone()).unwrap());
    let alpha = id(&memory, &["Mailbox", "Inbox", "Alpha"]);
    let message = store.open_entry(&alpha, OpenEntryFlags::MODIFY).unwrap();
    let message = message.into_message().unwrap();
    message.set_recipients(["Ana"]).unwrap();
    message.save_changes().unwrap();
    told.try_iter().count();
    let modified =
        ObjectRegistration::with_store(&store, Some(&alpha), EventMask::OBJECT_MODIFIED, sink);
    let modified = modified.unwrap();
    message.submit().unwrap();
    let events: Vec<_> = told.try_iter().collect();
    let [
        Notification::Object(object),
        Notification::Table(one),
        Notification::Table(other),
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    assert_eq!(object.kind(), ObjectEventKind::Modified);
    assert_eq!(one.event(), TableEventKind::ROW_MODIFIED);
    assert_eq!(other.event(), TableEventKind::ROW_DELETED);
    assert_eq!(unsent.row_count().unwrap(), 3);
    drop((heard, modified));
    drop((all, unsent, inbox, store));
    logoff(session);
}

// B1
#[test]
fn rows_have_the_columns_that_were_set() {
    with_table(|_, table| {
        let narrow = SUBJECT.with_type(PropType::STRING8);
        let empty = PropTag::of(0, PropType::NULL);
        let columns = [IMPORTANCE, empty, narrow];
        table.set_columns(&columns).unwrap();
        assert_eq!(table.columns().unwrap(), columns);
        let row = table.rows().next().unwrap().unwrap();
        let missing = Property::new(IMPORTANCE.with_type(PropType::ERROR), NOT_FOUND);
        let subject = Property::new(narrow, "delta");
        let slot = Property::new(empty, PropertyValue::Null);
        assert_eq!(&row[..], [missing, slot, subject]);
        assert_eq!(code(table.set_columns(&[])), INVALID);
        assert_eq!(
            raw_code(table.raw().set_columns(&columns, 4)),
            UNKNOWN_FLAGS
        );
        assert_eq!(raw_code(table.raw().query_columns(2)), UNKNOWN_FLAGS);
        assert_eq!(table.columns().unwrap(), columns, "what failed set nothing");
        let all = table.raw().query_columns(1).unwrap().into_parts().0;
        assert!(
            all.contains(&PropTag::ENTRYID) && all.contains(&IMPORTANCE),
            "{all:?}"
        );
    });
}

// B2
#[test]
fn the_cursor_stops_at_either_end() {
    with_table(|_, table| {
        for (origin, rows, moved, then) in [
            (Bookmark::BEGINNING, 1, 1, "Alpha"),
            (Bookmark::CURRENT, 1, 1, "Bravo"),
            (Bookmark::BEGINNING, -1, 0, "delta"),
            (Bookmark::END, -1, -1, "Bravo"),
            (Bookmark::END, i32::MIN, -4, "delta"),
        ] {
            assert_eq!(
                table.seek(origin, rows).unwrap(),
                moved,
                "{origin:?} {rows}"
            );
            assert_eq!(next(table, 1), [then], "{origin:?} {rows}");
        }
        assert_eq!(table.seek(Bookmark::BEGINNING, i32::MAX).unwrap(), 4);
        let none = table.seek(Bookmark::new(3), 0);
        assert_eq!(code(none), HResult::MAPI_E_INVALID_BOOKMARK);
        assert_eq!(table.row_count().unwrap(), 4);
        assert_eq!(raw_code(table.raw().row_count(2)), UNKNOWN_FLAGS);
    });
}

// B3
#[test]
fn a_restricted_table_shows_what_meets_it() {
    with_table(|_, table| {
        next(table, 2);
        table.restrict(&unread()).unwrap();
        assert_eq!(next(table, 9), ["delta", "charlie"]);
        assert_eq!(table.row_count().unwrap(), 2);
        for (restriction, shown) in [
            (
                Restriction::contains(SUBJECT, "A"),
                &["delta", "Alpha", "charlie", "Bravo"][..],
            ),
            (Restriction::contains(SUBJECT, "RAV"), &["Bravo"]),
            (!unread(), &["Alpha", "Bravo"]),
            (unread().and(Restriction::exists(IMPORTANCE)), &["charlie"]),
            (
                unread().or(Restriction::equals(IMPORTANCE, 2)),
                &["delta", "Alpha", "charlie", "Bravo"],
            ),
            // Computed ones too.
            (
                Restriction::equals(PropTag::MESSAGE_CLASS, "IPM.Note"),
                &["delta", "Alpha", "charlie", "Bravo"],
            ),
            (Restriction::equals(PropTag::HASATTACH, true), &[]),
        ] {
            table.restrict(&restriction).unwrap();
            assert_eq!(all(table), shown, "{restriction:?}");
        }
        table.restrict(&unread()).unwrap();
        let wrong = Restriction::equals(SUBJECT, 1);
        assert_eq!(code(table.restrict(&wrong)), TOO_COMPLEX);
        assert_eq!(raw_code(table.raw().restrict(None, 4)), UNKNOWN_FLAGS);
        assert_eq!(table.row_count().unwrap(), 2, "what failed changed nothing");
        table.unrestrict().unwrap();
        assert_eq!(table.row_count().unwrap(), 4);
    });
}

// B4
#[test]
fn a_sorted_table_has_its_order() {
    with_table(|_, table| {
        next(table, 2);
        table.sort(&[SortOrder::ascending(SUBJECT)]).unwrap();
        assert_eq!(next(table, 9), ["Alpha", "Bravo", "charlie", "delta"]);
        let orders = [
            SortOrder::descending(IMPORTANCE),
            SortOrder::descending(SUBJECT),
        ];
        table.sort(&orders).unwrap();
        assert_eq!(all(table), ["Bravo", "Alpha", "charlie", "delta"]);
        table.sort(&[SortOrder::ascending(IMPORTANCE)]).unwrap();
        assert_eq!(all(table), ["delta", "charlie", "Alpha", "Bravo"]);
        table.restrict(&unread()).unwrap();
        assert_eq!(all(table), ["delta", "charlie"], "sorted still");
        let object = SortOrder::ascending(PropTag::MESSAGE_RECIPIENTS);
        assert_eq!(code(table.sort(&[object])), TOO_COMPLEX);
        assert_eq!(raw_code(table.raw().sort_table(&[], 4)), UNKNOWN_FLAGS);
        table.unrestrict().unwrap();
        table.sort(&[]).unwrap();
        assert_eq!(all(table), ["delta", "Alpha", "charlie", "Bravo"]);
    });
}

// B5
#[test]
fn a_row_is_found_forward_and_backward() {
    with_table(|_, table| {
        let important = Restriction::equals(IMPORTANCE, 2);
        table.find_row(&important, Bookmark::BEGINNING).unwrap();
        assert_eq!(next(table, 1), ["Alpha"]);
        table.find_row(&important, Bookmark::CURRENT).unwrap();
        assert_eq!(next(table, 1), ["Bravo"]);
        let missing = table.find_row(&important, Bookmark::CURRENT);
        assert_eq!(code(missing), NOT_FOUND);
        assert_eq!(next(table, 1), [""; 0], "the cursor stays");
        const BACKWARD: u32 = 1;
        let back = |origin| table.raw().find_row(&unread(), origin, BACKWARD);
        assert_eq!(raw_code(back(Bookmark::END)), HResult::S_OK);
        assert_eq!(next(table, 1), ["charlie"]);
        assert_eq!(raw_code(back(Bookmark::BEGINNING)), NOT_FOUND);
        let wrong = Restriction::equals(SUBJECT, 1);
        assert_eq!(code(table.find_row(&wrong, Bookmark::END)), TOO_COMPLEX);
        let flags = table.raw().find_row(&unread(), Bookmark::END, 2);
        assert_eq!(raw_code(flags), UNKNOWN_FLAGS);
    });
}

// B7
#[test]
fn a_bookmark_stays_with_its_row() {
    with_table(|memory, table| {
        let raw = table.raw();
        let seek = |bookmark| raw_code(raw.seek_row(bookmark, 0));
        table.sort(&[SortOrder::ascending(SUBJECT)]).unwrap();
        let at = |rows| {
            table.seek(Bookmark::BEGINNING, rows).unwrap();
            raw.create_bookmark().unwrap().into_parts().0
        };
        let (bravo, charlie, end) = (at(1), at(2), at(4));
        let inbox = id(memory, &["Mailbox", "Inbox"]);
        let letter = id(memory, &["Mailbox", "Inbox", "Bravo"]);
        memory.deliver(&inbox, "beta").unwrap();
        assert_eq!(seek(bravo), HResult::S_OK);
        assert_eq!(next(table, 9), ["Bravo", "charlie", "delta"]);
        // It changes its place, and the bookmark with it.
        let session = table.session();
        let message = session.open_entry(&letter, OpenEntryFlags::MODIFY).unwrap();
        let message = message.into_message().unwrap();
        message.set_props(&[Property::new(SUBJECT, "X")]).unwrap();
        message.save_changes().unwrap();
        drop(message);
        assert_eq!(seek(bravo), HResult::S_OK);
        assert_eq!(next(table, 9), ["X"]);
        let position = raw.query_position().unwrap().into_parts().0;
        assert_eq!((position.row, position.denominator), (Some(5), 5));
        assert_eq!(seek(end), HResult::S_OK);
        assert_eq!(next(table, 9), [""; 0], "nobody's row");
        // Its row is gone, and so is the one behind that.
        let (gone, next_one) = (["charlie", "delta"], HResult::MAPI_W_POSITION_CHANGED);
        let gone = gone.map(|it| id(memory, &["Mailbox", "Inbox", it]));
        let folder = session
            .open_entry(&inbox, OpenEntryFlags::BEST_ACCESS)
            .unwrap();
        folder
            .into_folder()
            .unwrap()
            .delete_messages(&gone)
            .unwrap();
        let found = raw.find_row(&Restriction::all([]), charlie, 0);
        assert_eq!(raw_code(found), next_one);
        assert_eq!(next(table, 9), ["X"]);
        assert_eq!(seek(charlie), HResult::S_OK);
        assert_eq!(raw_code(raw.free_bookmark(charlie)), HResult::S_OK);
        assert_eq!(seek(charlie), HResult::MAPI_E_INVALID_BOOKMARK);
        table.sort(&[]).unwrap();
        assert_eq!(seek(bravo), HResult::MAPI_E_INVALID_BOOKMARK);
        assert_eq!(raw.query_sort_order().unwrap().into_parts().0, []);
        let mut made = (0..0x2000).map(|_| raw_code(raw.create_bookmark()));
        let refused = made.find(|it| it.is_failure());
        assert_eq!(refused, Some(HResult::MAPI_E_UNABLE_TO_COMPLETE));
    });
}

// C1, C7, B1 to B5: the bits that the pages name, and no others. What is defined may be refused for other reasons.
#[test]
fn each_call_of_a_table_knows_the_bits_of_its_page() {
    with_table(|memory, table| {
        let entry = |path: &[&str]| {
            let best = OpenEntryFlags::BEST_ACCESS;
            table.session().open_entry(&id(memory, path), best).unwrap()
        };
        let inbox = entry(&["Mailbox", "Inbox"]).into_folder().unwrap();
        let mailbox = entry(&["Mailbox"]).into_msg_store().unwrap();
        let (folder, store, raw) = (inbox.raw(), mailbox.raw(), table.raw());
        let all = Restriction::all([]);
        type Called<'c> = &'c dyn Fn(u32) -> HResult;
        let calls: [(&str, u32, Called<'_>); 10] = [
            ("GetContentsTable", 0x8000_004A, &|flags| {
                raw_code(folder.contents_table(flags))
            }),
            ("GetHierarchyTable", 0x8000_000B, &|flags| {
                raw_code(folder.hierarchy_table(flags))
            }),
            ("GetReceiveFolderTable", 0x8000_0008, &|flags| {
                raw_code(store.receive_folder_table(flags))
            }),
            ("SetColumns", 3, &|flags| {
                raw_code(raw.set_columns(&[SUBJECT], flags))
            }),
            ("QueryColumns", 1, &|flags| {
                raw_code(raw.query_columns(flags))
            }),
            ("GetRowCount", 1, &|flags| raw_code(raw.row_count(flags))),
            ("Restrict", 3, &|flags| {
                raw_code(raw.restrict(Some(&all), flags))
            }),
            ("SortTable", 3, &|flags| {
                raw_code(raw.sort_table(&[], flags))
            }),
            ("FindRow", 1, &|flags| {
                raw_code(raw.find_row(&all, Bookmark::BEGINNING, flags))
            }),
            ("QueryRows", 1, &|flags| raw_code(raw.query_rows(1, flags))),
        ];
        for (name, defined, call) in calls {
            let taken = (0..32).map(|bit| 1 << bit);
            let taken = taken.filter(|bit| call(*bit) != UNKNOWN_FLAGS);
            let taken = taken.fold(0, |all, bit| all | bit);
            assert_eq!(taken, defined, "{name}: {taken:#X}");
        }
    });
}

// C1, C7: without MAPI_UNICODE the texts are of 8 bits where a column lacks a type; also where the subsystem has no
// Unicode.
#[test]
fn the_texts_of_a_table_have_the_width_that_was_asked_for() {
    let mailbox = Store::new("Mailbox").folder(Folder::new("Inbox").message("Hello"));
    let profile = Profile::new("Outlook").store(mailbox);
    for (builder, flags, width) in [
        (Memory::builder(), 0x8000_0000, PropType::UNICODE),
        (Memory::builder(), 0, PropType::STRING8),
        (Memory::builder().without_unicode(), 0, PropType::STRING8),
    ] {
        let memory = builder.profile(profile.clone()).build().unwrap();
        let session = raw_logon(&memory);
        let open = |path: &[&str]| {
            let opened = session.open_entry(Some(id(&memory, path).as_bytes()), 0);
            opened.unwrap().into_parts().0
        };
        let (RawEntry::Object(_, inbox), RawEntry::MsgStore(mailbox)) =
            (open(&["Mailbox", "Inbox"]), open(&["Mailbox"]))
        else {
            panic!("another kind of object");
        };
        for (table, tag) in [
            (inbox.contents_table(flags), SUBJECT),
            (mailbox.receive_folder_table(flags), PropTag::MESSAGE_CLASS),
        ] {
            let table = table.unwrap().into_parts().0;
            let column = tag.with_type(PropType::UNSPECIFIED);
            table.set_columns(&[column], 0).unwrap();
            let rows = table.query_rows(1, 0).unwrap().into_parts().0;
            assert_eq!(rows[0][0].tag, tag.with_type(width), "{flags:#X}");
        }
        session.logoff(UiParam::NONE, 0, 0).unwrap();
    }
}

// B4
#[test]
fn a_table_tells_its_sort_order() {
    with_table(|_, table| {
        let order = [SortOrder::ascending(SUBJECT), SortOrder::descending(FLAGS)];
        table.sort(&order).unwrap();
        assert_eq!(
            table.raw().query_sort_order().unwrap().into_parts().0,
            order
        );
    });
}

// B6, N11
#[test]
fn a_table_tells_of_the_rows_that_it_shows() {
    with_table(|memory, table| {
        table.restrict(&unread()).unwrap();
        table.sort(&[SortOrder::ascending(SUBJECT)]).unwrap();
        let (sink, told) = mpsc::channel();
        let registration = table.advise_sink(sink).unwrap();
        let heard = || -> Vec<_> {
            let events = told.try_iter().map(|event| match event {
                Notification::Table(event) => event,
                other => panic!("{other:?}"),
            });
            let subject = |row: &[Property]| match row.first().map(|it| &it.value) {
                Some(PropertyValue::String(text)) => text.clone(),
                _ => String::new(),
            };
            let seen = |it: mapi_session::notification::TableEvent| {
                (it.event(), subject(it.row()), it.prior().is_some())
            };
            events.map(seen).collect()
        };
        let inbox = id(memory, &["Mailbox", "Inbox"]);
        memory.deliver(&inbox, Message::from("read")).unwrap();
        assert_eq!(heard(), [], "it is not shown");
        let bravo = memory
            .deliver(&inbox, Message::from("bravo").unread())
            .unwrap();
        memory
            .deliver(&inbox, Message::from("delta").unread())
            .unwrap();
        let added = TableEventKind::ROW_ADDED;
        assert_eq!(
            heard(),
            [
                (added, "bravo".into(), false),
                (added, "delta".into(), true)
            ]
        );
        assert_eq!(all(table), ["bravo", "charlie", "delta", "delta"]);
        // It is changed, marked as read, and deleted.
        let session = table.session();
        let message = session.open_entry(&bravo, OpenEntryFlags::MODIFY).unwrap();
        let message = message.into_message().unwrap();
        message
            .set_props(&[Property::new(SUBJECT, "zulu")])
            .unwrap();
        message.save_changes().unwrap();
        drop(message);
        assert_eq!(
            heard(),
            [(TableEventKind::ROW_MODIFIED, "zulu".into(), true)]
        );
        assert_eq!(all(table), ["charlie", "delta", "delta", "zulu"]);
        let inbox = session
            .open_entry(&inbox, OpenEntryFlags::BEST_ACCESS)
            .unwrap();
        let inbox = inbox.into_folder().unwrap();
        let deleted = (TableEventKind::ROW_DELETED, String::new(), false);
        inbox
            .set_read_flags(Some(std::slice::from_ref(&bravo)), Default::default())
            .unwrap();
        assert_eq!(heard(), std::slice::from_ref(&deleted));
        let charlie = id(memory, &["Mailbox", "Inbox", "charlie"]);
        inbox.delete_messages(&[charlie, bravo]).unwrap();
        assert_eq!(heard(), [deleted]);
        assert_eq!(all(table), ["delta", "delta"]);
        drop(registration);
    });
}

/// What happens to a folder while its table is open.
#[derive(Clone, Debug)]
enum Change {
    Deliver { subject: u8, is_unread: bool },
    Rename { which: usize, subject: u8 },
    Mark { which: usize, is_read: bool },
    Delete { which: usize },
    Seek(i32),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0..4u8, any::<bool>())
            .prop_map(|(subject, is_unread)| Change::Deliver { subject, is_unread }),
        (0..8usize, 0..4u8).prop_map(|(which, subject)| Change::Rename { which, subject }),
        (0..8usize, any::<bool>()).prop_map(|(which, is_read)| Change::Mark { which, is_read }),
        (0..8usize).prop_map(|which| Change::Delete { which }),
        (-9..9).prop_map(Change::Seek),
    ]
}

proptest! {
    // B3, B4, B6: a table that was open all the time shows what a new one shows, and what it told leads
    // from the rows of before to those of now.
    #[test]
    fn an_open_table_is_like_a_new_one(
        changes in vec(change(), 1..40),
        is_restricted: bool,
        is_sorted: bool,
    ) {
        with_table(|memory, table| {
            let keys = [PropTag::INSTANCE_KEY, SUBJECT];
            let prepare = |table: &PropTable<'_, Memory>| {
                table.set_columns(&keys).unwrap();
                if is_restricted {
                    table.restrict(&unread()).unwrap();
                }
                if is_sorted {
                    table.sort(&[SortOrder::descending(SUBJECT)]).unwrap();
                }
            };
            let rows = |table: &PropTable<'_, Memory>| -> Vec<Vec<u8>> {
                let rows = table.all_rows().unwrap().into_iter();
                rows.map(|it| it.binary(keys[0]).unwrap().to_vec()).collect()
            };
            prepare(table);
            let mut told_of = rows(table);
            let (sink, told) = mpsc::channel();
            let registration = table.advise_sink(sink).unwrap();
            let inbox = id(memory, &["Mailbox", "Inbox"]);
            let session = table.session();
            let folder = session.open_entry(&inbox, OpenEntryFlags::BEST_ACCESS).unwrap();
            let folder = folder.into_folder().unwrap();
            for change in &changes {
                let messages = memory.messages(&inbox);
                let nth = |which: usize| messages.get(which).map(|it| it.entry_id().clone());
                match *change {
                    Change::Deliver { subject, is_unread } => {
                        let message = Message::from(subject.to_string());
                        let message = if is_unread { message.unread() } else { message };
                        memory.deliver(&inbox, message).unwrap();
                    }
                    Change::Rename { which, subject } => {
                        if let Some(message) = nth(which) {
                            let message = session.open_entry(&message, OpenEntryFlags::MODIFY);
                            let message = message.unwrap().into_message().unwrap();
                            let subject = Property::new(SUBJECT, subject.to_string());
                            message.set_props(&[subject]).unwrap();
                            message.save_changes().unwrap();
                        }
                    }
                    Change::Mark { which, is_read } => {
                        let flags = if is_read { ReadFlags::empty() } else { ReadFlags::CLEAR };
                        if let Some(message) = nth(which) {
                            folder.set_read_flags(Some(&[message]), flags).unwrap();
                        }
                    }
                    Change::Delete { which } => {
                        if let Some(message) = nth(which) {
                            folder.delete_messages(&[message]).unwrap();
                        }
                    }
                    Change::Seek(rows) => _ = table.seek(Bookmark::CURRENT, rows).unwrap(),
                }
                let new = folder.contents_table(&[]).unwrap();
                prepare(&new);
                assert_eq!(rows(table), rows(&new), "{change:?}");
                for event in told.try_iter() {
                    let Notification::Table(event) = event else {
                        panic!("{event:?}");
                    };
                    let index = event.index().unwrap().to_vec();
                    told_of.retain(|it| *it != index);
                    if event.event() != TableEventKind::ROW_DELETED {
                        let prior = event.prior().map(|prior| {
                            told_of.iter().position(|it| it == prior).unwrap() + 1
                        });
                        told_of.insert(prior.unwrap_or(0), index);
                    }
                }
                assert_eq!(told_of, rows(table), "{change:?}");
            }
            drop((registration, folder));
        });
    }
}
