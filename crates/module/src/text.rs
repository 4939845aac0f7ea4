//! Texts: hexadecimal digits, numbers, and what is found in them. All are of single bytes.

use std::ffi::CStr;
use std::ptr;

use mapi_session::HResult;

use crate::{OK, UNEXPECTED, code};

/// The bytes that these digits stand for; none where they are no pairs of digits.
fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |it: u8| char::from(it).to_digit(16).map(|it| it as u8);
    let pairs = digits.chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    pairs.map(byte).collect()
}

/// # Safety
/// `text` is null, or ends with a NUL.
unsafe fn bytes<'a>(text: *const i8) -> Option<&'a [u8]> {
    // SAFETY: as the caller says.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text.cast()) }.to_bytes())
}

fn at(text: *const i8, place: Option<usize>) -> *mut i8 {
    place.map_or(ptr::null_mut(), |it| text.wrapping_add(it).cast_mut())
}

export! {
    /// [FBinFromHex](https://learn.microsoft.com/office/client-developer/outlook/mapi/fbinfromhex).
    fn FBinFromHex(text: *const i8, place: *mut u8) -> i32 = 0 {
        let Some(bytes) = bytes(text).and_then(from_hex) else {
            return 0;
        };
        if place.is_null() {
            return 0;
        }
        place.copy_from(bytes.as_ptr(), bytes.len());
        1
    }

    /// [ScBinFromHexBounded](https://learn.microsoft.com/office/client-developer/outlook/mapi/scbinfromhexbounded).
    fn ScBinFromHexBounded(
        text: *const i8,
        place: *mut u8,
        room: u32,
    ) -> i32 = UNEXPECTED {
        let Some(bytes) = bytes(text).and_then(from_hex) else {
            return code(HResult::MAPI_E_CALL_FAILED);
        };
        if place.is_null() || bytes.len() > room as usize {
            return code(HResult::MAPI_E_CALL_FAILED);
        }
        place.copy_from(bytes.as_ptr(), bytes.len());
        OK
    }

    /// [HexFromBin](https://learn.microsoft.com/office/client-developer/outlook/mapi/hexfrombin).
    fn HexFromBin(bytes: *const u8, count: i32, place: *mut i8) {
        if place.is_null() {
            return;
        }
        let count = if bytes.is_null() { 0 } else { usize::try_from(count).unwrap_or(0) };
        for index in 0..count {
            let digits = format!("{:02X}", bytes.add(index).read());
            place.add(2 * index).copy_from(digits.as_ptr().cast(), 2);
        }
        place.add(2 * count).write(0);
    }

    /// [UFromSz](https://learn.microsoft.com/office/client-developer/outlook/mapi/ufromsz).
    fn UFromSz(text: *const i8) -> u32 = 0 {
        let digits = bytes(text).unwrap_or_default().iter();
        let digits = digits.map_while(|it| char::from(*it).to_digit(10));
        digits.fold(0_u32, |number, digit| number.wrapping_mul(10).wrapping_add(digit))
    }

    /// [SzFindCh](https://learn.microsoft.com/office/client-developer/outlook/mapi/szfindch).
    fn SzFindCh(text: *const i8, wanted: u16) -> *mut i8 = (ptr::null_mut()) {
        let found = |all: &[u8]| all.iter().position(|it| u16::from(*it) == wanted);
        at(text, bytes(text).and_then(found))
    }

    /// [SzFindLastCh](https://learn.microsoft.com/office/client-developer/outlook/mapi/szfindlastch).
    fn SzFindLastCh(text: *const i8, wanted: u16) -> *mut i8 = (ptr::null_mut()) {
        let found = |all: &[u8]| all.iter().rposition(|it| u16::from(*it) == wanted);
        at(text, bytes(text).and_then(found))
    }

    /// [SzFindSz](https://learn.microsoft.com/office/client-developer/outlook/mapi/szfindsz).
    fn SzFindSz(text: *const i8, wanted: *const i8) -> *mut i8 = (ptr::null_mut()) {
        let (Some(all), Some(wanted)) = (bytes(text), bytes(wanted)) else {
            return ptr::null_mut();
        };
        let places = 0..(all.len() + 1).saturating_sub(wanted.len());
        at(text, places.into_iter().find(|at| all[*at..].starts_with(wanted)))
    }
}
