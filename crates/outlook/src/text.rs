//! Text as MAPI takes and gives it: UTF-16 under MAPI_UNICODE, else in the ANSI code page.

use std::ffi::CStr;
use std::ptr;

use windows::Win32::Globalization::{
    CP_ACP, CP_UTF8, GetACP, MULTI_BYTE_TO_WIDE_CHAR_FLAGS, MultiByteToWideChar,
    WC_NO_BEST_FIT_CHARS, WideCharToMultiByte,
};
use windows_core::{BOOL, PCSTR};

/// A text for a call; it ends with a NUL.
pub(super) enum Text {
    Null,
    Wide(Vec<u16>),
    Ansi(Vec<u8>),
}

impl Text {
    /// What is wrong with the text, where it cannot be passed on whole.
    pub(super) fn new(text: Option<&str>, unicode: bool) -> Result<Self, String> {
        let Some(text) = text else {
            return Ok(Self::Null);
        };
        if text.contains('\0') {
            return Err("has an inner NUL".into());
        }
        Ok(if unicode {
            Self::Wide(text.encode_utf16().chain([0]).collect())
        } else {
            let mut bytes = to_ansi(text)?;
            bytes.push(0);
            Self::Ansi(bytes)
        })
    }

    /// As MAPI declares its texts, of either width.
    pub(super) fn as_ptr(&self) -> *mut i8 {
        match self {
            Self::Null => ptr::null_mut(),
            Self::Wide(text) => text.as_ptr().cast_mut().cast(),
            Self::Ansi(text) => text.as_ptr().cast_mut().cast(),
        }
    }
}

fn to_ansi(text: &str) -> Result<Vec<u8>, String> {
    // SAFETY: it only asks.
    let code_page = unsafe { GetACP() };
    if text.is_ascii() || code_page == CP_UTF8 {
        return Ok(text.as_bytes().to_vec());
    }
    let wide: Vec<u16> = text.encode_utf16().collect();
    let mut lost = BOOL(0);
    let mut encode = |bytes: Option<&mut [u8]>| {
        // SAFETY: the slices say how long they are, and `lost` takes one BOOL.
        let length = unsafe {
            WideCharToMultiByte(
                CP_ACP,
                WC_NO_BEST_FIT_CHARS,
                &wide,
                bytes,
                PCSTR::null(),
                Some(&raw mut lost),
            )
        };
        usize::try_from(length).unwrap_or(0)
    };
    let mut bytes = vec![0; encode(None)];
    let length = encode(Some(&mut bytes));
    if lost.as_bool() || length == 0 {
        return Err(format!(
            "cannot be written in the ANSI code page {code_page}"
        ));
    }
    Ok(bytes)
}

fn from_ansi(bytes: &[u8]) -> String {
    if bytes.is_ascii() {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let decode = |wide: Option<&mut [u16]>| {
        // SAFETY: the slices say how long they are.
        let length =
            unsafe { MultiByteToWideChar(CP_ACP, MULTI_BYTE_TO_WIDE_CHAR_FLAGS(0), bytes, wide) };
        usize::try_from(length).unwrap_or(0)
    };
    let mut wide = vec![0; decode(None)];
    decode(Some(&mut wide));
    String::from_utf16_lossy(&wide)
}

/// Copies a text of MAPI's; an empty one for null.
///
/// # Safety
/// `text` is null, or ends with a NUL of the width that `unicode` says.
pub(super) unsafe fn copied(text: *const i8, unicode: bool) -> String {
    if text.is_null() {
        return String::new();
    }
    if !unicode {
        // SAFETY: as the caller says.
        return from_ansi(unsafe { CStr::from_ptr(text.cast()) }.to_bytes());
    }
    let text = text.cast::<u16>();
    // MAPI packs texts behind bytes: one need not begin at an even address.
    // SAFETY: as the caller says, up to the NUL, where this ends.
    let units = (0..).map(|index| unsafe { text.add(index).read_unaligned() });
    let units: Vec<u16> = units.take_while(|&unit| unit != 0).collect();
    String::from_utf16_lossy(&units)
}
