//! MAPI's memory for what is given to a COM caller: properties, rows, texts, identifiers.

use std::ffi::c_void;
use std::fmt;
use std::ptr;

use outlook_mapi::sys;
use windows_core::{Error, Result};

use super::call::failed;
use crate::properties::Tags;
use crate::text::Text;
use crate::value::{Arena, write};
use mapi_session::HResult;
use mapi_session::property::{PropTag, PropType, Property, PropertyValue, Props};

/// The functions by which a MAPI module gives out the memory that its MAPIFreeBuffer frees.
#[derive(Clone, Copy)]
pub struct MapiMemory {
    allocate_buffer: MapiAllocateBuffer,
    allocate_more: MapiAllocateMore,
    free_buffer: MapiFreeBuffer,
}

/// [MAPIAllocateBuffer](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiallocatebuffer).
pub type MapiAllocateBuffer = unsafe extern "system" fn(u32, *mut *mut c_void) -> i32;

/// [MAPIAllocateMore](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiallocatemore).
pub type MapiAllocateMore = unsafe extern "system" fn(u32, *mut c_void, *mut *mut c_void) -> i32;

/// [MAPIFreeBuffer](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapifreebuffer).
pub type MapiFreeBuffer = unsafe extern "system" fn(*mut c_void) -> u32;

impl MapiMemory {
    /// That of these functions.
    ///
    /// # Safety
    /// They do what their pages say, on any thread, for as long as the process runs.
    #[must_use]
    pub const unsafe fn new(
        allocate_buffer: MapiAllocateBuffer,
        allocate_more: MapiAllocateMore,
        free_buffer: MapiFreeBuffer,
    ) -> Self {
        Self {
            allocate_buffer,
            allocate_more,
            free_buffer,
        }
    }
}

impl fmt::Debug for MapiMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MapiMemory")
    }
}

/// One allocation of MAPI's, with what is chained to it.
pub(super) struct Allocation {
    start: *mut c_void,
    memory: MapiMemory,
}

impl Allocation {
    pub(super) fn new(memory: MapiMemory, size: usize) -> Result<Self> {
        let mut start = ptr::null_mut();
        // SAFETY: it takes what comes out.
        let code = unsafe { (memory.allocate_buffer)(size_of_allocation(size)?, &raw mut start) };
        let start = allocated(start, code, size)?;
        Ok(Self { start, memory })
    }

    /// A copy of these.
    pub(super) fn of<T: Copy>(memory: MapiMemory, values: &[T]) -> Result<Self> {
        let root = Self::new(memory, size_of_val(values))?;
        // SAFETY: it is as long, and aligned for every value.
        unsafe { ptr::copy_nonoverlapping(values.as_ptr(), root.as_ptr(), values.len()) };
        Ok(root)
    }

    fn more(&self, size: usize) -> Result<*mut c_void> {
        let mut start = ptr::null_mut();
        let allocate = self.memory.allocate_more;
        // SAFETY: this was allocated, and not freed.
        let code = unsafe { allocate(size_of_allocation(size)?, self.start, &raw mut start) };
        allocated(start, code, size)
    }

    /// These bytes, chained.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<*mut c_void> {
        let buffer = self.more(bytes.len())?;
        // SAFETY: it is as long.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), bytes.len()) };
        Ok(buffer)
    }

    pub(super) fn as_ptr<T>(&self) -> *mut T {
        self.start.cast()
    }

    /// Now the caller's, to be freed by MAPIFreeBuffer.
    pub(super) fn give<T>(self) -> *mut T {
        let start = self.start;
        std::mem::forget(self);
        start.cast()
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
        unsafe { (self.memory.free_buffer)(self.start) };
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

impl MapiMemory {
    /// A text as one allocation, to be freed by MAPIFreeBuffer.
    pub(super) fn text<T>(self, text: &str, unicode: bool) -> Result<*mut T> {
        let text = match given_text(text, unicode) {
            Text::Null => return Ok(ptr::null_mut()),
            Text::Ansi(text) => Allocation::of(self, &text)?,
            Text::Wide(text) => Allocation::of(self, &text)?,
        };
        Ok(text.give())
    }

    /// An SPropTagArray as one allocation.
    pub(super) fn tags(self, tags: Vec<PropTag>) -> Result<*mut sys::SPropTagArray> {
        Ok(Allocation::of(self, Tags::new(tags.into_iter()).words())?.give())
    }

    /// Properties as one allocation.
    pub(super) fn properties(self, props: &[Property]) -> Result<*mut sys::SPropValue> {
        let mut root = Allocation::new(self, size_of::<sys::SPropValue>() * props.len())?;
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

    /// An SRowSet, to be freed by FreeProws: each row is an allocation of its own.
    pub(super) fn row_set(self, rows: &[Props]) -> Result<*mut sys::SRowSet> {
        let head = std::mem::offset_of!(sys::SRowSet, aRow);
        let root = Allocation::new(self, head + size_of::<sys::SRow>() * rows.len().max(1))?;
        let set = root.as_ptr::<sys::SRowSet>();
        // SAFETY: there is room for the head, and for that many rows.
        let row_at =
            |index: usize| unsafe { (&raw mut (*set).aRow).cast::<sys::SRow>().add(index) };
        for (index, row) in rows.iter().enumerate() {
            let values = self.properties(row).inspect_err(|_| {
                for written in 0..index {
                    // SAFETY: the rows before this one are written.
                    unsafe { (self.free_buffer)((*row_at(written)).lpProps.cast()) };
                }
            })?;
            let row = sys::SRow {
                ulAdrEntryPad: 0,
                cValues: row.len() as u32,
                lpProps: values,
            };
            // SAFETY: as above.
            unsafe { row_at(index).write(row) };
        }
        // SAFETY: as above.
        unsafe { (&raw mut (*set).cRows).write(rows.len() as u32) };
        Ok(root.give())
    }
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
