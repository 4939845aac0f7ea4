//! HRESULTs: every number, and every text that may be one.

use mapi_session::HResult;

/// The first four bytes are a number, and all of them a text.
pub(crate) fn body(data: &[u8]) {
    if let Some(number) = data.first_chunk() {
        check_number(u32::from_le_bytes(*number));
    }
    check_text(&String::from_utf8_lossy(data));
}

fn check_number(number: u32) {
    let status = HResult::new(number);
    assert_eq!((status.get(), u32::from(status)), (number, number));
    assert_eq!(HResult::from(i32::from(status)), status);

    let is_failure = (number as i32) < 0;
    assert_eq!(status.is_failure(), is_failure);
    assert_eq!(status.is_success(), !is_failure);
    assert_eq!(status.is_warning(), !is_failure && number != 0);
    assert_eq!(u32::from(status.severity()), number >> 31);
    let facility = u32::from(status.facility());
    assert_eq!(facility << 16, number & 0x07FF_0000);
    assert_eq!(u32::from(status.code()), number & 0xFFFF);
    assert!(status.retry().is_none() || is_failure);

    let is_known = HResult::known().any(|it| it == status);
    assert_eq!(status.name().is_some(), is_known);
    assert_eq!(status.meaning().is_some(), is_known);
    let (hex, shown) = (format!("0x{number:08X}"), status.to_string());
    match status.name() {
        Some(name) => {
            assert_eq!(shown, format!("{name} ({hex})"));
            assert_eq!(name.parse(), Ok(status));
            assert!(format!("{status:?}").contains(name));
        }
        None => {
            assert_eq!(shown, hex);
            assert!(format!("{status:?}").contains(&hex));
        }
    }
    let signed = (number as i32).to_string();
    for text in [shown, hex, signed, format!("{status:#x}")] {
        assert_eq!(text.parse(), Ok(status), "{text}");
    }
}

fn check_text(text: &str) {
    let parsed = text.parse::<HResult>();
    if let Some(expected) = plain_number(text) {
        assert_eq!(parsed.clone().ok(), expected, "{text:?}");
    }
    match parsed {
        Ok(status) => {
            // Each part alone says the same.
            let parts = text.split([' ', '(', ')', '=']);
            let mut parts = parts.filter(|it| !it.is_empty()).peekable();
            assert!(parts.peek().is_some(), "{text:?}");
            for part in parts {
                assert_eq!(part.parse(), Ok(status), "{text:?}");
            }
        }
        Err(error) => check_quote(text, &error.to_string()),
    }
}

/// What a text comes to that is hex after 0x, or decimal and not eight digits that may be hex.
fn plain_number(text: &str) -> Option<Option<HResult>> {
    if let Some(digits) = text.strip_prefix("0x").filter(|it| !it.contains(' ')) {
        let is_hex = digits.bytes().all(|it| it.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok();
        return Some(number.filter(|_| is_hex).map(HResult::new));
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_decimal = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    if !is_decimal || text.len() == 8 {
        return None;
    }
    let number = text.parse::<i128>().ok();
    let fits = |it: &i128| (i128::from(i32::MIN)..=i128::from(u32::MAX)).contains(it);
    Some(number.filter(fits).map(|it| HResult::new(it as u32)))
}

/// An error begins with the text, in quotes, as far as that is not too long.
fn check_quote(text: &str, error: &str) {
    let start: String = text.chars().take(80).collect();
    assert!(error.starts_with(&format!("{start:?}")), "{error}");
    assert!(error.chars().count() < 1200, "{error}");
}
