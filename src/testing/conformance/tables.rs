//! Rules B: the tables of what folders hold.

use std::sync::mpsc;

use super::folders::{ObjectOf, Place, in_a_folder};
use super::scene::{Asked, Verdict, ensure, fails, undefined_bits, works};
use crate::property::{PropTag, PropType, Property, PropertyValue, Props};
use crate::subsystem::{RawObject, RawProp, RawPropTable, RawTable, Subsystem};
use crate::table::{Bookmark, Relation, Restriction, SortOrder};
use crate::{EventMask, HResult, Notification, UiParam};

type TableOf<B> = <ObjectOf<B> as RawObject>::Table;

const UNICODE: u32 = 0x8000_0000;
const SUBJECT: PropTag = PropTag::SUBJECT;
/// A property of nobody's own, which every store keeps.
const NUMBER: PropTag = PropTag::of(0x6600, PropType::LONG);
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const UNKNOWN_FLAGS: HResult = HResult::MAPI_E_UNKNOWN_FLAGS;
const TOO_COMPLEX: HResult = HResult::MAPI_E_TOO_COMPLEX;

/// The table of messages of these subjects, each of one letter, in the order of these.
fn table_of<B: Subsystem>(place: &Place<'_, B>, subjects: &str) -> Verdict<TableOf<B>> {
    for (subject, number) in subjects.chars().zip([1, 0].into_iter().cycle()) {
        place.message(&[
            Property::new(SUBJECT, subject.to_string()),
            Property::new(NUMBER, number),
        ])?;
    }
    let table = works("GetContentsTable", place.folder.contents_table(UNICODE))?;
    works("SetColumns", table.set_columns(&[SUBJECT], 0))?;
    works(
        "SortTable",
        table.sort_table(&[SortOrder::ascending(SUBJECT)], 0),
    )?;
    Ok(table)
}

fn letters(rows: &[Props]) -> String {
    rows.iter().filter_map(|it| it.text(SUBJECT)).collect()
}

/// Insists on the rows from the cursor on.
fn shows(what: &str, table: &impl RawPropTable, wanted: &str) -> Verdict {
    let rows = letters(&works("QueryRows", table.query_rows(i32::MAX, 0))?);
    ensure(rows == wanted, || {
        format!("{what}: the rows are {rows:?}, and not {wanted:?}")
    })
}

pub(super) fn b1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const NOADVANCE: u32 = 1;
    const ALL_COLUMNS: u32 = 1;
    const NOBODYS: PropTag = PropTag::of(0x66EE, PropType::LONG);
    const SLOT: PropTag = PropTag::of(0, PropType::NULL);
    in_a_folder(asked, |place| {
        let table = table_of(place, "abcde")?;
        for (rows, flags, wanted) in [
            (2, NOADVANCE, "ab"),
            (2, 0, "ab"),
            (-3, NOADVANCE, "ab"),
            (9, 0, "cde"),
            (1, 0, ""),
            (-2, 0, "de"),
            (2, 0, "de"),
        ] {
            let what = format!("QueryRows of {rows} with {flags:#X}");
            let given = letters(&works(&what, table.query_rows(rows, flags))?);
            ensure(given == wanted, || {
                format!("{what}: {given:?}, and not {wanted:?}")
            })?;
        }
        fails("QueryRows of none", table.query_rows(0, 0), INVALID)?;
        fails("SetColumns of none", table.set_columns(&[], 0), INVALID)?;
        for bit in undefined_bits(NOADVANCE) {
            fails(
                format!("QueryRows with {bit:#X}"),
                table.query_rows(1, bit),
                UNKNOWN_FLAGS,
            )?;
        }
        for bit in undefined_bits(ALL_COLUMNS) {
            fails(
                format!("QueryColumns with {bit:#X}"),
                table.query_columns(bit),
                UNKNOWN_FLAGS,
            )?;
        }

        let columns = [NOBODYS, SLOT, SUBJECT];
        works("SetColumns", table.set_columns(&columns, 0))?;
        let given = works("QueryColumns", table.query_columns(0))?;
        ensure(given == columns, || format!("QueryColumns gives {given:?}"))?;
        let all = works("QueryColumns", table.query_columns(ALL_COLUMNS))?;
        ensure(
            all.contains(&SUBJECT) && all.contains(&PropTag::ENTRYID),
            || format!("QueryColumns with TBL_ALL_COLUMNS gives {all:?}"),
        )?;
        let rows = works("QueryRows", table.query_rows(-1, 0))?;
        let missing = NOBODYS.with_type(PropType::ERROR);
        let wanted = [
            Property::new(missing, HResult::MAPI_E_NOT_FOUND),
            Property::new(SLOT, PropertyValue::Null),
            Property::new(SUBJECT, "e"),
        ];
        let row = rows.first().map_or(&[][..], |it| it);
        ensure(row == wanted, || {
            format!("a row with the columns {columns:?} is {row:?}")
        })?;

        // What only a table has is a column too.
        let created = place.folder.create_folder(1, "inner", "", UNICODE);
        works("CreateFolder", created)?;
        let table = works("GetHierarchyTable", place.folder.hierarchy_table(UNICODE))?;
        works("SetColumns", table.set_columns(&[PropTag::DISPLAY_NAME], 0))?;
        let all = works("QueryColumns", table.query_columns(ALL_COLUMNS))?;
        ensure(all.contains(&PropTag::DEPTH), || {
            format!("QueryColumns of folders, with TBL_ALL_COLUMNS: {all:?}")
        })
    })
}

pub(super) fn b2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let table = table_of(place, "abcde")?;
        for (bookmark, rows, moved, wanted) in [
            (Bookmark::BEGINNING, 2, 2, "cde"),
            (Bookmark::END, -2, -2, "de"),
            (Bookmark::BEGINNING, 9, 5, ""),
            (Bookmark::CURRENT, -9, -5, "abcde"),
            (Bookmark::END, 1, 0, ""),
            (Bookmark::CURRENT, -1, -1, "e"),
        ] {
            let what = format!("SeekRow by {rows} from {bookmark:?}");
            let by = works(&what, table.seek_row(bookmark, rows))?;
            ensure(by == moved, || {
                format!("{what} moves by {by}, and not {moved}")
            })?;
            shows(&what, &table, wanted)?;
        }
        let other = Bookmark::new(0x7777);
        let what = "SeekRow from a bookmark that nobody has made";
        fails(
            what,
            table.seek_row(other, 0),
            HResult::MAPI_E_INVALID_BOOKMARK,
        )?;
        for (restriction, wanted) in [(None, 5), (Some(&Restriction::equals(SUBJECT, "b")), 1)] {
            works("Restrict", table.restrict(restriction, 0))?;
            let count = works("GetRowCount", table.row_count(0))?;
            ensure(count == wanted, || {
                format!("GetRowCount counts {count} of {wanted} rows")
            })?;
        }
        Ok(())
    })
}

pub(super) fn b3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let table = table_of(place, "abcde")?;
        let equals = |text: &str| Restriction::equals(SUBJECT, text);
        for (restriction, wanted) in [
            (Some(equals("b")), "b"),
            (Some(!equals("b")), "acde"),
            (Some(equals("a").or(equals("e"))), "ae"),
            (Some(equals("a").and(equals("e"))), ""),
            (
                Some(Restriction::property(SUBJECT, Relation::Greater, "c")),
                "de",
            ),
            (Some(Restriction::contains(SUBJECT, "D")), "d"),
            (Some(Restriction::equals(NUMBER, 0)), "bd"),
            (Some(Restriction::has_any_of(NUMBER, 1)), "ace"),
            (
                Some(Restriction::exists(PropTag::of(0x66EE, PropType::LONG))),
                "",
            ),
            (None, "abcde"),
        ] {
            let what = format!("Restrict to {restriction:?}");
            works(&what, table.restrict(restriction.as_ref(), 0))?;
            shows(&what, &table, wanted)?;
        }
        works("Restrict", table.restrict(Some(&equals("b")), 0))?;
        for wrong in [
            Restriction::equals(SUBJECT, 1),
            Restriction::contains(NUMBER, "1"),
            Restriction::compare_props(SUBJECT, Relation::Equal, NUMBER),
        ] {
            let what = format!("Restrict to {wrong:?}");
            fails(&what, table.restrict(Some(&wrong), 0), TOO_COMPLEX)?;
            works("SeekRow", table.seek_row(Bookmark::BEGINNING, 0))?;
            shows(&what, &table, "b")?;
        }
        Ok(())
    })
}

pub(super) fn b4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        place.posted("x")?;
        let table = table_of(place, "cabd")?;
        let (up, down) = (SortOrder::ascending, SortOrder::descending);
        for (order, wanted) in [
            (&[up(SUBJECT)][..], "abcdx"),
            (&[down(SUBJECT)], "xdcba"),
            (&[up(NUMBER), up(SUBJECT)], "xadbc"),
            (&[down(NUMBER), down(SUBJECT)], "cbdax"),
            (&[up(NUMBER)], "xadcb"),
            (&[], "xcabd"),
        ] {
            let what = format!("SortTable by {order:?}");
            works(&what, table.sort_table(order, 0))?;
            shows(&what, &table, wanted)?;
        }
        let object = PropTag::of(0x6602, PropType::OBJECT);
        let sorted = table.sort_table(&[up(object)], 0);
        fails("SortTable by an object", sorted, TOO_COMPLEX)
    })
}

pub(super) fn b5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const BACKWARD: u32 = 1;
    in_a_folder(asked, |place| {
        let table = table_of(place, "abcde")?;
        let (start, here) = (Bookmark::BEGINNING, Bookmark::CURRENT);
        let after = |text: &str| Restriction::property(SUBJECT, Relation::GreaterOrEqual, text);
        let found = HResult::S_OK;
        let missing = HResult::MAPI_E_NOT_FOUND;
        for (restriction, bookmark, flags, wanted, rest) in [
            (after("c"), start, 0, found, "cde"),
            (after("a"), here, 0, found, "cde"),
            (after("a"), here, BACKWARD, found, "bcde"),
            (!after("b"), here, 0, missing, "bcde"),
            (!after("b"), here, BACKWARD, found, "abcde"),
            (after("a"), here, BACKWARD, missing, "abcde"),
            (!after("d"), Bookmark::END, BACKWARD, found, "cde"),
        ] {
            let what = format!("FindRow of {restriction:?} with {flags:#X}");
            fails(&what, table.find_row(&restriction, bookmark, flags), wanted)?;
            let rows = works("QueryRows", table.query_rows(i32::MAX, 0))?;
            let given = letters(&rows);
            ensure(given == rest, || {
                format!("{what}: the rows from there on are {given:?}")
            })?;
            // Back to where FindRow has left it.
            works("SeekRow", table.seek_row(here, -(rows.len() as i32)))?;
        }
        Ok(())
    })
}

pub(super) fn b6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    in_a_folder(asked, |place| {
        let table = works("GetContentsTable", place.folder.contents_table(UNICODE))?;
        let important = Restriction::equals(NUMBER, 2);
        works("Restrict", table.restrict(Some(&important), 0))?;
        let (sink, heard) = mpsc::channel();
        let mask = EventMask::TABLE_MODIFIED.bits();
        works("IMAPITable::Advise", table.advise(mask, sink))?;
        let tells = |what: &str, wanted: &[&str]| {
            place.scene.settle();
            let name = |event: Notification| match event {
                Notification::Table(event) => event.event().name(),
                _ => None,
            };
            let told: Vec<_> = heard.try_iter().filter_map(name).collect();
            ensure(told == wanted, || {
                format!("the table tells of {what}: {told:?}")
            })
        };
        let (message, id) = place.message(&[Property::new(NUMBER, 1)])?;
        tells("a message that it does not show", &[])?;
        for (what, changed, wanted) in [
            (
                "one that meets it now",
                Property::new(NUMBER, 2),
                "TABLE_ROW_ADDED",
            ),
            (
                "one that changes",
                Property::new(SUBJECT, "new"),
                "TABLE_ROW_MODIFIED",
            ),
            (
                "one that no longer meets it",
                Property::new(NUMBER, 0),
                "TABLE_ROW_DELETED",
            ),
            (
                "one that meets it again",
                Property::new(NUMBER, 2),
                "TABLE_ROW_ADDED",
            ),
        ] {
            works("SetProps", message.set_props(&[changed]))?;
            works("SaveChanges", message.save_changes(2))?;
            tells(what, &[wanted])?;
        }
        drop(message);
        let deleted = place.folder.delete_messages(&[id], UiParam::NONE, 0);
        works("DeleteMessages", deleted)?;
        tells("one that is deleted", &["TABLE_ROW_DELETED"])
    })
}

pub(super) fn b7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let (start, here) = (Bookmark::BEGINNING, Bookmark::CURRENT);
    let (moved, unknown) = (
        HResult::MAPI_W_POSITION_CHANGED,
        HResult::MAPI_E_INVALID_BOOKMARK,
    );
    in_a_folder(asked, |place| {
        let table = table_of(place, "abde")?;
        works("SeekRow", table.seek_row(start, 2))?;
        let position = works("QueryPosition", table.query_position())?;
        ensure(
            position.denominator > 0,
            || "QueryPosition gives zero as lpulDenominator",
        )?;
        ensure(position.row.is_none_or(|row| row == 2), || {
            format!("QueryPosition gives row {:?}, and not 2", position.row)
        })?;
        let at_d = works("CreateBookmark", table.create_bookmark())?;
        let answers =
            |what: &str, bookmark, wanted| fails(what, table.seek_row(bookmark, 0), wanted);
        let (message, id) = place.message(&[Property::new(SUBJECT, "c")])?;
        drop(message);
        place.scene.settle();
        answers("SeekRow to a bookmark", at_d, HResult::S_OK)?;
        shows("a row that came before that of the bookmark", &table, "de")?;
        works("SeekRow", table.seek_row(start, 2))?;
        let at_c = works("CreateBookmark", table.create_bookmark())?;
        let gone = place.folder.delete_messages(&[id], UiParam::NONE, 0);
        works("DeleteMessages", gone)?;
        place.scene.settle();
        answers("SeekRow to a bookmark whose row is gone", at_c, moved)?;
        shows("a bookmark whose row is gone", &table, "de")?;
        answers("SeekRow to it once more", at_c, HResult::S_OK)?;
        works("FreeBookmark", table.free_bookmark(at_c))?;
        let what = "FreeBookmark of a bookmark that was freed";
        fails(what, table.free_bookmark(at_c), unknown)?;
        works(
            "FreeBookmark of BOOKMARK_CURRENT",
            table.free_bookmark(here),
        )?;
        works("Restrict", table.restrict(None, 0))?;
        let what = "FreeBookmark of a bookmark that Restrict has discarded";
        fails(what, table.free_bookmark(at_d), unknown)
    })
}
