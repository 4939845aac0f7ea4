//! Restrictions on a table of random rows, and the order in which it shows them, against rules in the
//! plainest form.

use std::cmp::Ordering;

use arbitrary::{Result, Unstructured};
use mapi_session::flags::FuzzyLevel;
use mapi_session::memory::{Folder, Memory, MemorySession, MemoryTable, Message, Profile, Store};
use mapi_session::property::{PropTag, PropType, PropertyValue};
use mapi_session::subsystem::{
    RawEntry, RawObject, RawPropTable, RawResult, RawSession, RawTable, Subsystem,
};
use mapi_session::table::{Bookmark, Relation, Restriction, SortOrder};
use mapi_session::{HResult, LogonFlags, UiParam};

const TOO_COMPLEX: HResult = HResult::MAPI_E_TOO_COMPLEX;
const DIR_BACKWARD: u32 = 1;

/// Which row it is.
const NUMBER: PropTag = PropTag::of(0x6700, PropType::LONG);

/// What the rows may have.
const TAGS: [PropTag; 8] = [
    PropTag::of(0x6600, PropType::LONG),
    PropTag::of(0x6601, PropType::LONG),
    PropTag::of(0x6602, PropType::UNICODE),
    PropTag::of(0x6603, PropType::UNICODE),
    PropTag::of(0x6604, PropType::BINARY),
    PropTag::of(0x6605, PropType::BOOLEAN),
    PropTag::of(0x6606, PropType::LONG.multiple()),
    PropTag::of(0x6607, PropType::UNICODE.multiple()),
];

const TEXTS: [&str; 8] = ["", "a", "A", "ab", "Ba", "\u{e4}", "\u{c4}b", "\u{130}"];

/// Some rows, and then a restriction in postfix order.
pub(crate) fn body(data: &[u8]) {
    let mut u = Unstructured::new(data);
    if let Ok((rows, order, asked)) = read(&mut u) {
        check_matches(&rows, &asked);
        check_table(&rows, &order, &asked);
    }
}

type Row = Vec<(PropTag, PropertyValue)>;

fn read(u: &mut Unstructured<'_>) -> Result<(Vec<Row>, Vec<SortOrder>, Asked)> {
    let count = u.int_in_range(0..=7)?;
    let rows: Vec<_> = (0..count).map(|_| row(u)).collect::<Result<_>>()?;
    let count = u.int_in_range(0..=2)?;
    let order = (0..count).map(|_| {
        let tag = *u.choose(&TAGS)?;
        Ok(match u.arbitrary()? {
            true => SortOrder::ascending(tag),
            false => SortOrder::descending(tag),
        })
    });
    let order = order.collect::<Result<_>>()?;
    let asked = asked(u, &rows)?;
    Ok((rows, order, asked))
}

fn row(u: &mut Unstructured<'_>) -> Result<Row> {
    let mut row = Row::new();
    for tag in TAGS {
        if u.arbitrary()? {
            row.push((tag, value(u, tag.prop_type())?));
        }
    }
    Ok(row)
}

fn value(u: &mut Unstructured<'_>, prop_type: PropType) -> Result<PropertyValue> {
    let count = u.int_in_range(0..=2)?;
    Ok(match prop_type {
        PropType::LONG => number(u)?.into(),
        PropType::UNICODE => text(u)?.into(),
        PropType::BINARY => text(u)?.as_bytes().into(),
        PropType::BOOLEAN => u.arbitrary::<bool>()?.into(),
        it if it == PropType::LONG.multiple() => {
            let all = (0..=count).map(|_| number(u));
            PropertyValue::MvLong(all.collect::<Result<_>>()?)
        }
        _ => {
            let all = (0..=count).map(|_| text(u));
            PropertyValue::MvString(all.collect::<Result<_>>()?)
        }
    })
}

fn number(u: &mut Unstructured<'_>) -> Result<i32> {
    Ok(*u.choose(&[0, 1, 2, 3, -1, i32::MIN, i32::MAX])?)
}

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    Ok([*u.choose(&TEXTS)?, *u.choose(&TEXTS)?].concat())
}

/// A restriction, and what it comes to by the rules.
struct Asked {
    restriction: Restriction,
    is_too_complex: bool,
    /// Row by row.
    is_met: Vec<bool>,
}

fn asked(u: &mut Unstructured<'_>, rows: &[Row]) -> Result<Asked> {
    let mut stack: Vec<Asked> = Vec::new();
    let mut is_deep = false;
    for _ in 0..100 {
        if u.is_empty() {
            break;
        }
        let count = u.int_in_range(0..=stack.len().min(3))?;
        match u.int_in_range(0..=9)? {
            0 => join(&mut stack, rows, count, true),
            1 => join(&mut stack, rows, count, false),
            2 => negate(&mut stack),
            // Once so deep that a call for each would overflow the stack.
            3 if !is_deep && u.ratio(1, 8)? => {
                is_deep = true;
                for _ in 0..8_000 {
                    negate(&mut stack);
                    join(&mut stack, rows, 1, u.arbitrary()?);
                }
            }
            _ => stack.push(condition(u, rows)?),
        }
    }
    let count = stack.len();
    join(&mut stack, rows, count, true);
    stack.pop().ok_or(arbitrary::Error::NotEnoughData)
}

fn join(stack: &mut Vec<Asked>, rows: &[Row], count: usize, is_all: bool) {
    let parts = stack.split_off(stack.len().saturating_sub(count));
    let is_met = (0..rows.len()).map(|row| match is_all {
        true => parts.iter().all(|it| it.is_met[row]),
        false => parts.iter().any(|it| it.is_met[row]),
    });
    let is_met = is_met.collect();
    let is_too_complex = parts.iter().any(|it| it.is_too_complex);
    let restrictions = parts.into_iter().map(|it| it.restriction);
    stack.push(Asked {
        restriction: match is_all {
            true => Restriction::all(restrictions),
            false => Restriction::any(restrictions),
        },
        is_too_complex,
        is_met,
    });
}

fn negate(stack: &mut Vec<Asked>) {
    if let Some(mut last) = stack.pop() {
        last.restriction = !last.restriction;
        last.is_met.iter_mut().for_each(|it| *it = !*it);
        stack.push(last);
    }
}

fn condition(u: &mut Unstructured<'_>, rows: &[Row]) -> Result<Asked> {
    let (tag, other) = (asked_tag(u)?, asked_tag(u)?);
    let relation = *u.choose(&[
        Relation::Less,
        Relation::LessOrEqual,
        Relation::Greater,
        Relation::GreaterOrEqual,
        Relation::Equal,
        Relation::NotEqual,
    ])?;
    let single = single(tag.prop_type());
    let wanted_type = match u.ratio(7, 8)? {
        true => single,
        false => u.choose(&TAGS)?.prop_type(),
    };
    let wanted = value(u, wanted_type)?;
    let is_text = [PropType::UNICODE, PropType::BINARY].contains(&single);
    let has_type = wanted.prop_type() == single;
    type IsMet = Box<dyn Fn(&Row) -> bool>;
    let (restriction, is_too_complex, is_met): (_, _, IsMet) = match u.int_in_range(0..=6)? {
        0 | 1 => (
            Restriction::property(tag, relation, wanted.clone()),
            !has_type,
            Box::new(move |row| {
                let values = singles(find(row, tag));
                values
                    .iter()
                    .any(|it| holds(relation, compare(it, &wanted)))
            }),
        ),
        2 => (
            Restriction::compare_props(tag, relation, other),
            single != self::single(other.prop_type()),
            Box::new(move |row| match (find(row, tag), find(row, other)) {
                (Some(one), Some(other)) => holds(relation, compare(one, other)),
                _ => false,
            }),
        ),
        3 => {
            let level = *u.choose(&[0, 1, 2, 0x1_0000, 0x1_0001, 0x1_0002, 0x4_0001, 3])?;
            (
                Restriction::content(tag, FuzzyLevel::from(level), wanted.clone()),
                !has_type || !is_text || level == 3,
                Box::new(move |row| {
                    let values = singles(find(row, tag));
                    values.iter().any(|it| has_content(it, level, &wanted))
                }),
            )
        }
        4 => {
            let (mask, any) = (number(u)? as u32, u.arbitrary()?);
            (
                match any {
                    true => Restriction::has_any_of(tag, mask),
                    false => Restriction::has_none_of(tag, mask),
                },
                tag.prop_type() != PropType::LONG,
                Box::new(move |row| match find(row, tag) {
                    Some(PropertyValue::Long(bits)) => (*bits as u32 & mask != 0) == any,
                    _ => false,
                }),
            )
        }
        5 => {
            let bytes = u.int_in_range(0..=12)?;
            (
                Restriction::size(tag, relation, bytes),
                false,
                Box::new(move |row| {
                    let size = find(row, tag).map(size);
                    size.is_some_and(|it| holds(relation, Some(it.cmp(&(bytes as usize)))))
                }),
            )
        }
        _ => (
            Restriction::exists(tag),
            false,
            Box::new(move |row| find(row, tag).is_some()),
        ),
    };
    Ok(Asked {
        restriction,
        is_too_complex,
        is_met: rows.iter().map(is_met).collect(),
    })
}

/// Mostly one that the rows may have; else one of another type, or that no row has.
fn asked_tag(u: &mut Unstructured<'_>) -> Result<PropTag> {
    let (tag, other) = (*u.choose(&TAGS)?, u.choose(&TAGS)?.prop_type());
    Ok(match u.int_in_range(0..=9)? {
        0 => tag.with_type(other),
        1 => PropTag::of(0x66FF, other),
        _ => tag,
    })
}

fn find(row: &Row, tag: PropTag) -> Option<&PropertyValue> {
    let found = row.iter().find(|(it, _)| *it == tag);
    found.map(|(_, value)| value)
}

fn single(prop_type: PropType) -> PropType {
    match prop_type.is_multiple() {
        true => PropType::new(prop_type.get() - 0x1000),
        false => prop_type,
    }
}

fn singles(value: Option<&PropertyValue>) -> Vec<PropertyValue> {
    match value {
        None => Vec::new(),
        Some(PropertyValue::MvLong(all)) => all.iter().map(|it| (*it).into()).collect(),
        Some(PropertyValue::MvString(all)) => all.iter().map(|it| it.as_str().into()).collect(),
        Some(single) => vec![single.clone()],
    }
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn compare(one: &PropertyValue, other: &PropertyValue) -> Option<Ordering> {
    use PropertyValue as V;
    Some(match (one, other) {
        (V::Long(one), V::Long(other)) => one.cmp(other),
        (V::Boolean(one), V::Boolean(other)) => one.cmp(other),
        (V::String(one), V::String(other)) => lower(one).cmp(&lower(other)),
        (V::Binary(one), V::Binary(other)) => one.cmp(other),
        (V::MvLong(one), V::MvLong(other)) => one.cmp(other),
        (V::MvString(one), V::MvString(other)) => {
            let all = |it: &[String]| it.iter().map(|it| lower(it)).collect::<Vec<_>>();
            all(one).cmp(&all(other))
        }
        _ => return None,
    })
}

fn holds(relation: Relation, ordering: Option<Ordering>) -> bool {
    let Some(ordering) = ordering else {
        return false;
    };
    let (less, equal) = (ordering.is_lt(), ordering.is_eq());
    match relation {
        Relation::Less => less,
        Relation::LessOrEqual => less || equal,
        Relation::Greater => !less && !equal,
        Relation::GreaterOrEqual => !less,
        Relation::Equal => equal,
        _ => !equal,
    }
}

fn has_content(value: &PropertyValue, level: u32, wanted: &PropertyValue) -> bool {
    let bytes = |it: &PropertyValue| match it {
        PropertyValue::String(text) if level >= 0x1_0000 => lower(text).into_bytes(),
        PropertyValue::String(text) => text.clone().into_bytes(),
        PropertyValue::Binary(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    let (value, wanted) = (bytes(value), bytes(wanted));
    let mut starts = 0..=value.len();
    match level & 0xFFFF {
        0 => value == wanted,
        1 => starts.any(|at| value[at..].starts_with(&wanted)),
        _ => value.starts_with(&wanted),
    }
}

fn size(value: &PropertyValue) -> usize {
    let text = |it: &str| 2 * it.encode_utf16().count() + 2;
    match value {
        PropertyValue::Long(_) => 4,
        PropertyValue::Boolean(_) => 2,
        PropertyValue::String(it) => text(it),
        PropertyValue::Binary(it) => it.len(),
        PropertyValue::MvLong(all) => 4 * all.len(),
        PropertyValue::MvString(all) => all.iter().map(|it| text(it)).sum(),
        other => unreachable!("{other:?}"),
    }
}

fn check_matches(rows: &[Row], asked: &Asked) {
    let checked = asked.restriction.check().err().map(|it| it.hresult());
    assert_eq!(checked, asked.is_too_complex.then_some(TOO_COMPLEX));
    if !asked.is_too_complex {
        for (row, is_met) in rows.iter().zip(&asked.is_met) {
            let matches = asked.restriction.matches(|tag| find(row, tag));
            assert_eq!(matches, *is_met, "{row:?}");
        }
    }
}

/// B3 to B5
fn check_table(rows: &[Row], order: &[SortOrder], asked: &Asked) {
    let (_session, table) = table(rows);
    table.set_columns(&[NUMBER], 0).unwrap();
    let mut sorted: Vec<_> = (0..rows.len()).collect();
    sorted.sort_by(|one, other| {
        let by_each = order.iter().map(|it| {
            let (one, other) = (find(&rows[*one], it.tag()), find(&rows[*other], it.tag()));
            let ordering = match (one, other) {
                (Some(one), Some(other)) => compare(one, other).unwrap(),
                // Those that lack it come first.
                _ => one.is_some().cmp(&other.is_some()),
            };
            match it.is_descending() {
                true => ordering.reverse(),
                false => ordering,
            }
        });
        by_each.fold(Ordering::Equal, Ordering::then)
    });
    table.sort_table(order, 0).unwrap();
    assert_eq!(shown(&table), sorted);

    let first = sorted.iter().position(|row| asked.is_met[*row]);
    let last = sorted.iter().rposition(|row| asked.is_met[*row]);
    for (from, flags, expected) in [
        (Bookmark::BEGINNING, 0, first),
        (Bookmark::END, DIR_BACKWARD, last),
    ] {
        let found = code(table.find_row(&asked.restriction, from, flags));
        match expected {
            _ if asked.is_too_complex => assert_eq!(found, TOO_COMPLEX),
            None => assert_eq!(found, HResult::MAPI_E_NOT_FOUND),
            Some(at) => {
                assert_eq!(found, HResult::S_OK);
                let position = table.query_position().unwrap().ignore_warning();
                assert_eq!(position.row, Some(at as u32));
            }
        }
    }

    let restricted = code(table.restrict(Some(&asked.restriction), 0));
    match asked.is_too_complex {
        true => assert_eq!(restricted, TOO_COMPLEX),
        false => {
            assert_eq!(restricted, HResult::S_OK);
            sorted.retain(|row| asked.is_met[*row]);
        }
    }
    assert_eq!(shown(&table), sorted);
}

/// A folder with such messages.
fn table(rows: &[Row]) -> (MemorySession, MemoryTable) {
    let messages = rows.iter().enumerate().map(|(number, row)| {
        let message = Message::new().property(NUMBER, number as i32);
        let props = row.iter().cloned();
        props.fold(message, |it, (tag, value)| it.property(tag, value))
    });
    let inbox = messages.fold(Folder::new("Inbox"), Folder::message);
    let profile = Profile::new("P").store(Store::new("Mailbox").folder(inbox));
    let memory = Memory::builder().profile(profile).build().unwrap();
    memory.initialize(0, 0).unwrap();
    let inbox = memory.entry_id("P", &["Mailbox", "Inbox"]).unwrap();
    let flags = (LogonFlags::NEW_SESSION | LogonFlags::EXTENDED).bits();
    let session = memory.logon_ex(UiParam::NONE, Some("P"), None, flags);
    let session = session.unwrap().ignore_warning();
    let opened = session.open_entry(Some(inbox.as_bytes()), 0).unwrap();
    let table = match opened.ignore_warning() {
        RawEntry::Object(_, folder) => folder.contents_table(0).unwrap().ignore_warning(),
        other => unreachable!("{other:?}"),
    };
    (session, table)
}

fn shown(table: &MemoryTable) -> Vec<usize> {
    let rows = table.rows().unwrap().ignore_warning().into_iter();
    rows.map(|row| row.long(NUMBER).unwrap() as usize).collect()
}

fn code<T>(result: RawResult<T>) -> HResult {
    match result {
        Ok(success) => success.hresult(),
        Err(failure) => failure.hresult(),
    }
}
