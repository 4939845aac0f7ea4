//! Property tags, types and times: their numbers, their text and their conversions; and properties by
//! their tags.

use std::time::{Duration, SystemTime};

use mapi_session::property::{
    FileTime, PropProblem, PropTag, PropType, Property, PropertyValue, Props,
};
use mapi_session::{EntryId, HResult};

/// The tags of MAPITags.h and EdkMdb.h that a typing error would confuse first.
const KNOWN: &[(u32, &str, PropTag)] = &[
    (0x001A_001F, "PR_MESSAGE_CLASS", PropTag::MESSAGE_CLASS),
    (0x0037_001F, "PR_SUBJECT", PropTag::SUBJECT),
    (
        0x0039_0040,
        "PR_CLIENT_SUBMIT_TIME",
        PropTag::CLIENT_SUBMIT_TIME,
    ),
    (0x0C15_0003, "PR_RECIPIENT_TYPE", PropTag::RECIPIENT_TYPE),
    (0x0C1A_001F, "PR_SENDER_NAME", PropTag::SENDER_NAME),
    (
        0x0E06_0040,
        "PR_MESSAGE_DELIVERY_TIME",
        PropTag::MESSAGE_DELIVERY_TIME,
    ),
    (0x0E07_0003, "PR_MESSAGE_FLAGS", PropTag::MESSAGE_FLAGS),
    (0x0E1B_000B, "PR_HASATTACH", PropTag::HASATTACH),
    (0x0FF7_0003, "PR_ACCESS_LEVEL", PropTag::ACCESS_LEVEL),
    (0x0FFF_0102, "PR_ENTRYID", PropTag::ENTRYID),
    (0x1000_001F, "PR_BODY", PropTag::BODY),
    (0x1013_0102, "PR_HTML", PropTag::HTML),
    (0x3001_001F, "PR_DISPLAY_NAME", PropTag::DISPLAY_NAME),
    (
        0x35E0_0102,
        "PR_IPM_SUBTREE_ENTRYID",
        PropTag::IPM_SUBTREE_ENTRYID,
    ),
    (0x3603_0003, "PR_CONTENT_UNREAD", PropTag::CONTENT_UNREAD),
    (0x3701_0102, "PR_ATTACH_DATA_BIN", PropTag::ATTACH_DATA_BIN),
    (0x3701_000D, "PR_ATTACH_DATA_OBJ", PropTag::ATTACH_DATA_OBJ),
    (
        0x3D0B_001E,
        "PR_SERVICE_ENTRY_NAME",
        PropTag::SERVICE_ENTRY_NAME,
    ),
    (
        0x661C_001F,
        "PR_MAILBOX_OWNER_NAME",
        PropTag::MAILBOX_OWNER_NAME,
    ),
];

#[test]
fn tags_have_the_numbers_of_the_headers() {
    for &(number, name, tag) in KNOWN {
        assert_eq!(tag.get(), number, "{name}");
        assert_eq!(tag.name(), Some(name));
        assert_eq!(tag.to_string(), format!("{name} ({number:#010X})"));
        assert_eq!(PropTag::new(number), tag);
    }
}

#[test]
fn every_known_tag_is_read_from_its_name_and_its_text() {
    let known: Vec<_> = PropTag::known().collect();
    assert!(known.len() >= 120);
    assert!(known.is_sorted_by_key(|tag| tag.id()));
    for tag in known {
        let name = tag.name().unwrap();
        assert_eq!(name.parse(), Ok(tag));
        assert_eq!(tag.to_string().parse(), Ok(tag));
        assert_eq!(format!("{:08X}", tag.get()).parse(), Ok(tag));
        assert_eq!(format!("{:#010x}", tag.get()).parse(), Ok(tag));
        assert!(!tag.is_named());
        let is_text = tag.prop_type() == PropType::UNICODE;
        let ansi = tag.with_type(PropType::STRING8);
        let expected = is_text.then_some(ansi);
        assert_eq!(format!("{name}_A").parse().ok(), expected, "{name}");
        assert_eq!(format!("{name}_W").parse().ok(), is_text.then_some(tag));
        if is_text {
            assert_eq!(ansi.to_string(), format!("{name}_A ({:#010X})", ansi.get()));
            assert_eq!(ansi.to_string().parse(), Ok(ansi));
        }
    }
}

#[test]
fn a_tag_without_a_name_is_kept() {
    for number in [0, 0x8001_001F, 0x0037_000A, 0xFFFF_FFFF] {
        let tag = PropTag::new(number);
        assert_eq!((tag.get(), tag.name()), (number, None));
        assert_eq!(tag.to_string(), format!("{number:#010X}"));
        assert_eq!(format!("{tag:?}"), format!("PropTag({tag})"));
        assert_eq!(tag.to_string().parse(), Ok(tag));
        assert_eq!(tag.is_named(), number >> 16 >= 0x8000);
    }
}

#[test]
fn a_text_that_is_no_tag_is_quoted() {
    for (text, part) in [
        ("", "\"\""),
        ("SUBJECT", "\"SUBJECT\""),
        ("PR_SUBJECT_X", "PR_SUBJECT_X"),
        ("PR_IMPORTANCE_A", "PR_IMPORTANCE_A"),
        ("0x37001F", "0x37001F"),
        ("+037001F", "+037001F"),
        ("PR_SUBJECT (0x0037001E)", "0x0037001F, not 0x0037001E"),
        ("PR_SUBJECT (0x0037001F", "PR_SUBJECT"),
    ] {
        let error = text.parse::<PropTag>().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let long = "PR_".repeat(1_000);
    let error = long.parse::<PropTag>().unwrap_err().to_string();
    assert!(error.len() < 400 && error.contains('\u{2026}'), "{error}");
}

#[test]
fn a_tag_is_an_identifier_and_a_type() {
    let tag = PropTag::of(0x1234, PropType::LONG.multiple());
    assert_eq!(tag.get(), 0x1234_1003);
    assert_eq!((tag.id(), tag.prop_type().get()), (0x1234, 0x1003));
    assert!(tag.prop_type().is_multiple() && !PropType::LONG.is_multiple());
    assert_eq!(tag.with_type(PropType::ERROR).get(), 0x1234_000A);
}

#[test]
fn a_value_fits_its_type() {
    let text = PropertyValue::String("a".into());
    assert_eq!(text.prop_type(), PropType::UNICODE);
    assert!(text.fits(PropType::UNICODE) && text.fits(PropType::STRING8));
    assert!(!text.fits(PropType::BINARY) && !text.fits(PropType::UNICODE.multiple()));
    let texts = PropertyValue::MvString(vec![]);
    assert!(texts.fits(PropType::STRING8.multiple()) && !texts.fits(PropType::STRING8));
    assert!(PropertyValue::Long(1).fits(PropType::LONG));
    assert!(!PropertyValue::Long(1).fits(PropType::ERROR));
}

#[test]
fn file_times_are_those_of_the_standard_library() {
    let year = Duration::from_secs(365 * 86_400);
    for (steps, time) in [
        (116_444_736_000_000_000, SystemTime::UNIX_EPOCH),
        (
            116_444_736_000_000_001,
            SystemTime::UNIX_EPOCH + Duration::from_nanos(100),
        ),
        (
            116_444_735_999_999_999,
            SystemTime::UNIX_EPOCH - Duration::from_nanos(100),
        ),
        // 1 January 1601 and 1602.
        (
            0,
            SystemTime::UNIX_EPOCH - Duration::from_secs(11_644_473_600),
        ),
        (
            315_360_000_000_000,
            SystemTime::UNIX_EPOCH - Duration::from_secs(11_644_473_600) + year,
        ),
    ] {
        let file_time = FileTime::new(steps);
        assert_eq!(file_time.to_system_time(), Some(time));
        assert_eq!(FileTime::from_system_time(time), Some(file_time));
        assert_eq!(file_time.get(), steps);
    }
    // Between two steps, the earlier one, on either side of 1970.
    let between = Duration::from_nanos(50);
    let after = FileTime::from_system_time(SystemTime::UNIX_EPOCH + between);
    assert_eq!(after, Some(FileTime::new(116_444_736_000_000_000)));
    if cfg!(unix) {
        // Windows' own times have no finer steps.
        let before = FileTime::from_system_time(SystemTime::UNIX_EPOCH - between);
        assert_eq!(before, Some(FileTime::new(116_444_735_999_999_999)));
        let early = SystemTime::UNIX_EPOCH - Duration::from_secs(11_644_473_601);
        assert_eq!(FileTime::from_system_time(early), None);
    }
    // The last one does not panic, whatever the platform makes of it.
    let _ = FileTime::new(u64::MAX).to_system_time();
}

#[test]
fn properties_are_found_by_their_tags() {
    let time = FileTime::new(7);
    let props = Props::from(vec![
        Property::new(PropTag::SUBJECT, "Hello"),
        Property::new(PropTag::SENSITIVITY, -1),
        Property::new(PropTag::HASATTACH, true),
        Property::new(PropTag::CLIENT_SUBMIT_TIME, time),
        Property::new(PropTag::ENTRYID, &[1, 2][..]),
        Property::new(
            PropTag::BODY.with_type(PropType::ERROR),
            HResult::MAPI_E_NOT_ENOUGH_MEMORY,
        ),
        // Its value is none of its type.
        Property::new(PropTag::HTML, 5),
        Property::new(PropTag::DISPLAY_NAME.with_type(PropType::ERROR), 5),
    ]);
    assert_eq!(props.text(PropTag::SUBJECT), Some("Hello"));
    assert_eq!(props.long(PropTag::SENSITIVITY), Some(-1));
    assert_eq!(props.bits(PropTag::SENSITIVITY), Some(u32::MAX));
    assert_eq!(props.boolean(PropTag::HASATTACH), Some(true));
    assert_eq!(props.time(PropTag::CLIENT_SUBMIT_TIME), Some(time));
    assert_eq!(props.binary(PropTag::ENTRYID), Some(&[1, 2][..]));
    let entry_id = EntryId::new([1, 2]);
    assert_eq!(props.entry_id(PropTag::ENTRYID), Some(entry_id));

    let too_large = Some(HResult::MAPI_E_NOT_ENOUGH_MEMORY);
    assert_eq!(props.error(PropTag::BODY), too_large);
    assert_eq!(props.get(PropTag::BODY), None);
    assert_eq!(props.error(PropTag::SUBJECT), None);
    assert_eq!(props.error(PropTag::SENDER_NAME), None);
    assert_eq!(props.get(PropTag::SENDER_NAME), None);
    assert_eq!(props.error(PropTag::DISPLAY_NAME), None);
    assert_eq!(props.binary(PropTag::HTML), None);
    assert_eq!(props.get(PropTag::HTML), Some(&PropertyValue::Long(5)));

    // Each asks for its own type of value.
    let subject = PropTag::SUBJECT;
    assert_eq!((props.long(subject), props.bits(subject)), (None, None));
    assert_eq!((props.boolean(subject), props.time(subject)), (None, None));
    assert_eq!(props.entry_id(subject), None);
    assert_eq!(props.text(PropTag::ENTRYID), None);
}

#[test]
fn a_text_is_found_in_either_width() {
    let narrow = |tag: PropTag| tag.with_type(PropType::STRING8);
    let names = PropTag::of(0x6600, PropType::UNICODE.multiple());
    let narrow_names = names.with_type(PropType::STRING8.multiple());
    let values = PropertyValue::MvString(vec!["a".into()]);
    let props: Props = [
        Property::new(narrow(PropTag::SUBJECT), "Hello"),
        Property::new(PropTag::BODY, "Text"),
        Property {
            tag: narrow_names,
            value: values.clone(),
        },
    ]
    .into_iter()
    .collect();
    for tag in [PropTag::SUBJECT, narrow(PropTag::SUBJECT)] {
        assert_eq!(props.text(tag), Some("Hello"));
    }
    assert_eq!(props.text(narrow(PropTag::BODY)), Some("Text"));
    assert_eq!(props.get(names), Some(&values));
    assert_eq!(props.get(narrow_names), Some(&values));
    assert_eq!(props.get(narrow(names)), None, "one value is not several");
}

#[test]
fn properties_are_a_list() {
    let one = || Property::new(PropTag::SUBJECT, "Hello");
    let props = Props::from(vec![one()]);
    assert_eq!((props.len(), &props[0]), (1, &one()));
    assert!((&props).into_iter().eq([&one()]));
    assert_eq!(Vec::from(props.clone()), [one()]);
    assert!(props.into_iter().eq([one()]));
    assert!(Props::default().is_empty());
}

#[test]
fn a_problem_says_where_which_and_why() {
    let problem = PropProblem::new(3, PropTag::SUBJECT, HResult::MAPI_E_COMPUTED);
    assert_eq!((problem.index(), problem.tag()), (3, PropTag::SUBJECT));
    assert_eq!(problem.hresult(), HResult::MAPI_E_COMPUTED);
}
