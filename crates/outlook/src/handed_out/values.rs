//! Memory of MAPI's for what is given to a COM caller: properties, rows, texts, identifiers.

use std::ffi::c_void;
use std::ptr;

use outlook_mapi::sys;
use windows_core::{Error, HRESULT, Result};

use crate::text::Text;
use crate::value::{Arena, write};
use mapi_session::HResult;
use mapi_session::property::{PropTag, PropType, Property, PropertyValue};

/// One allocation of MAPI's, with what is chained to it.
pub(super) struct Allocation(*mut c_void);

impl Allocation {
    pub(super) fn new(size: usize) -> Result<Self> {
        let mut buffer = ptr::null_mut();
        // SAFETY: it takes what comes out.
        let code = unsafe { sys::MAPIAllocateBuffer(size_of_allocation(size)?, &raw mut buffer) };
        allocated(buffer, code, size).map(Self)
    }

    /// A copy of these.
    pub(super) fn of<T: Copy>(values: &[T]) -> Result<Self> {
        let root = Self::new(size_of_val(values))?;
        // SAFETY: it is as long, and aligned for every value.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), root.as_ptr(), values.len()) };
        Ok(root)
    }

    fn more(&self, size: usize) -> Result<*mut c_void> {
        let mut buffer = ptr::null_mut();
        // SAFETY: this was allocated, and not freed.
        let code =
            unsafe { sys::MAPIAllocateMore(size_of_allocation(size)?, self.0, &raw mut buffer) };
        allocated(buffer, code, size)
    }

    /// These bytes, chained.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<*mut c_void> {
        let buffer = self.more(bytes.len())?;
        // SAFETY: it is as long.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), bytes.len()) };
        Ok(buffer)
    }

    pub(super) fn as_ptr<T>(&self) -> *mut T {
        self.0.cast()
    }

    /// Now the caller's, to be freed by MAPIFreeBuffer.
    pub(super) fn give<T>(self) -> *mut T {
        let buffer = self.0;
        std::mem::forget(self);
        buffer.cast()
    }
}

/// What is chained to it.
impl Arena for Allocation {
    type Error = Error;

    fn room(&mut self, size: usize) -> Result<*mut c_void> {
        self.more(size)
    }

    fn text(&mut self, text: &str, unicode: bool) -> Result<*mut c_void> {
        match given_text(text, unicode) {
            Text::Null => Ok(ptr::null_mut()),
            Text::Ansi(text) => self.bytes(&text),
            Text::Wide(text) => {
                let bytes: Vec<u8> = text.into_iter().flat_map(u16::to_ne_bytes).collect();
                self.bytes(&bytes)
            }
        }
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        // SAFETY: nobody else has it.
        unsafe { sys::MAPIFreeBuffer(self.0) };
    }
}

fn size_of_allocation(size: usize) -> Result<u32> {
    u32::try_from(size.max(1)).map_err(|_| out_of_memory())
}

fn allocated(buffer: *mut c_void, code: i32, size: usize) -> Result<*mut c_void> {
    if code != 0 || buffer.is_null() {
        return Err(out_of_memory());
    }
    // SAFETY: it is as long.
    unsafe { ptr::write_bytes(buffer.cast::<u8>(), 0, size) };
    Ok(buffer)
}

fn out_of_memory() -> Error {
    failed(HResult::MAPI_E_NOT_ENOUGH_MEMORY)
}

/// Also a success that is not S_OK goes through windows-core as an error, with its own code.
pub(super) fn failed(hresult: HResult) -> Error {
    Error::from_hresult(HRESULT(hresult.into()))
}

/// What cannot be written is replaced by question marks.
fn given_text(text: &str, unicode: bool) -> Text {
    let whole: String = text.chars().filter(|&letter| letter != '\0').collect();
    Text::new(Some(&whole), unicode).unwrap_or_else(|_| {
        let ascii = whole
            .chars()
            .map(|it| if it.is_ascii() { it as u8 } else { b'?' });
        Text::Ansi(ascii.chain([0]).collect())
    })
}

/// A text as one allocation, to be freed by MAPIFreeBuffer.
pub(super) fn text<T>(text: &str, unicode: bool) -> Result<*mut T> {
    let text = match given_text(text, unicode) {
        Text::Null => return Ok(ptr::null_mut()),
        Text::Ansi(text) => Allocation::of(&text)?,
        Text::Wide(text) => Allocation::of(&text)?,
    };
    Ok(text.give())
}

/// Properties as one allocation, to be freed by MAPIFreeBuffer.
pub(super) fn properties(props: &[Property]) -> Result<*mut sys::SPropValue> {
    let mut root = Allocation::new(size_of::<sys::SPropValue>() * props.len())?;
    for (index, Property { tag, value }) in props.iter().enumerate() {
        let raw = match write(value, tag.prop_type(), &mut root)? {
            Some(written) => sys::SPropValue {
                ulPropTag: tag.get(),
                Value: written,
                ..Default::default()
            },
            None => error_of(*tag, value),
        };
        // SAFETY: there is room for that many.
        unsafe { root.as_ptr::<sys::SPropValue>().add(index).write(raw) };
    }
    Ok(root.give())
}

/// What stands in place of a value of another type than its tag says.
fn error_of(tag: PropTag, value: &PropertyValue) -> sys::SPropValue {
    let hresult = match value {
        PropertyValue::Error(hresult) => *hresult,
        _ => HResult::MAPI_E_INVALID_TYPE,
    };
    let mut raw = sys::SPropValue {
        ulPropTag: tag.with_type(PropType::ERROR).get(),
        ..Default::default()
    };
    raw.Value.err = hresult.into();
    raw
}
