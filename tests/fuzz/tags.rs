//! Property tags: every number, and every text that may be one.

use mapi_session::property::{PropTag, PropType};

/// The first six bytes are a tag and another type, and all of them a text.
pub(crate) fn body(data: &[u8]) {
    if let Some(&[a, b, c, d, e, f]) = data.first_chunk() {
        check_number(u32::from_le_bytes([a, b, c, d]), u16::from_le_bytes([e, f]));
    }
    check_text(&String::from_utf8_lossy(data));
}

fn check_number(number: u32, other: u16) {
    let (tag, other) = (PropTag::new(number), PropType::new(other));
    assert_eq!((tag.get(), u32::from(tag)), (number, number));
    assert_eq!(u32::from(tag.id()), number >> 16);
    assert_eq!(u32::from(tag.prop_type().get()), number & 0xFFFF);
    assert_eq!(PropTag::of(tag.id(), tag.prop_type()), tag);
    assert_eq!(tag.is_named(), tag.id() >= 0x8000);

    let changed = tag.with_type(other);
    assert_eq!((changed.id(), changed.prop_type()), (tag.id(), other));
    assert_eq!(changed.with_type(tag.prop_type()), tag);
    assert!(other.multiple().is_multiple());
    assert_eq!(other.multiple() == other, other.is_multiple());

    assert_eq!(tag.name().is_some(), PropTag::known().any(|it| it == tag));
    let (hex, shown) = (format!("0x{number:08X}"), tag.to_string());
    assert!(shown.contains(&hex), "{shown}");
    assert!(format!("{tag:?}").contains(&shown));
    if let Some(name) = tag.name() {
        assert!(shown.starts_with(name), "{shown}");
        assert_eq!(name.parse(), Ok(tag));
    }
    for text in [shown, format!("{number:08x}"), hex] {
        assert_eq!(text.parse(), Ok(tag), "{text}");
    }
}

fn check_text(text: &str) {
    let parsed = text.parse::<PropTag>();
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.len() == 8 && digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        let number = u32::from_str_radix(digits, 16).unwrap();
        assert_eq!(parsed, Ok(PropTag::new(number)));
    }
    match parsed {
        Ok(tag) => {
            // Each part alone says the same.
            let parts = text.split([' ', '(', ')']);
            let mut parts = parts.filter(|it| !it.is_empty()).peekable();
            assert!(parts.peek().is_some(), "{text:?}");
            for part in parts {
                assert_eq!(part.parse(), Ok(tag), "{text:?}");
            }
        }
        Err(error) => {
            // It begins with the text, in quotes, as far as that is not too long.
            let error = error.to_string();
            let start: String = text.chars().take(80).collect();
            assert!(error.starts_with(&format!("{start:?}")), "{error}");
            assert!(error.chars().count() < 1200, "{error}");
        }
    }
}
