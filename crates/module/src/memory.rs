//! MAPI's memory: blocks, and what is chained to them.

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use mapi_session::HResult;
use mapi_session_outlook::MapiMemory;
use windows::Win32::System::Com::CoGetMalloc;
use windows_core::Interface;

use crate::{OK, UNEXPECTED, code};

/// The blocks that are there, by their addresses.
static BLOCKS: LazyLock<Mutex<HashMap<usize, Block>>> = LazyLock::new(Mutex::default);

/// A block, with those that are chained to it.
struct Block {
    size: usize,
    chained: Vec<(usize, usize)>,
}

/// The memory of this module.
pub(crate) fn memory() -> MapiMemory {
    // SAFETY: the functions do what their pages say.
    unsafe { MapiMemory::new(MAPIAllocateBuffer, MAPIAllocateMore, MAPIFreeBuffer) }
}

/// How many blocks have not been freed, without those that are chained, and how many bytes they have.
pub(crate) fn outstanding() -> (usize, usize) {
    let blocks = blocks();
    let bytes = |block: &Block| block.size + block.chained.iter().map(|it| it.1).sum::<usize>();
    (blocks.len(), blocks.values().map(bytes).sum())
}

fn blocks() -> MutexGuard<'static, HashMap<usize, Block>> {
    BLOCKS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One of no bytes has an address of its own too.
fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.max(1), 16).ok()
}

/// The address of so many bytes; none where there are no more.
fn allocate(size: usize) -> Option<usize> {
    let layout = layout(size)?;
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc_zeroed(layout) };
    (!start.is_null()).then_some(start as usize)
}

fn free(start: usize, size: usize) {
    if let Some(layout) = layout(size) {
        // SAFETY: it was allocated with this layout, and nobody else knows it any more.
        unsafe { dealloc(start as *mut u8, layout) };
    }
}

export! {
    /// [MAPIAllocateBuffer](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiallocatebuffer).
    fn MAPIAllocateBuffer(size: u32, place: *mut *mut c_void) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        }
        place.write_unaligned(ptr::null_mut());
        let size = size as usize;
        let Some(start) = allocate(size) else {
            return code(HResult::MAPI_E_NOT_ENOUGH_MEMORY);
        };
        blocks().insert(start, Block { size, chained: Vec::new() });
        place.write_unaligned(start as *mut c_void);
        OK
    }

    /// [MAPIAllocateMore](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiallocatemore).
    fn MAPIAllocateMore(
        size: u32,
        root: *mut c_void,
        place: *mut *mut c_void,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        }
        place.write_unaligned(ptr::null_mut());
        let size = size as usize;
        let Some(start) = allocate(size) else {
            return code(HResult::MAPI_E_NOT_ENOUGH_MEMORY);
        };
        match blocks().get_mut(&(root as usize)) {
            Some(root) => root.chained.push((start, size)),
            None => {
                free(start, size);
                return code(HResult::MAPI_E_INVALID_PARAMETER);
            }
        }
        place.write_unaligned(start as *mut c_void);
        OK
    }

    /// [MAPIFreeBuffer](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapifreebuffer).
    /// What is no block, or is freed already, is left alone.
    fn MAPIFreeBuffer(start: *mut c_void) -> u32 = (HResult::E_UNEXPECTED.into()) {
        if start.is_null() {
            return 0;
        }
        let block = blocks().remove(&(start as usize));
        let Some(block) = block else {
            return HResult::MAPI_E_INVALID_PARAMETER.into();
        };
        for (start, size) in block.chained {
            free(start, size);
        }
        free(start as usize, block.size);
        0
    }

    /// [MAPIGetDefaultMalloc](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapigetdefaultmalloc):
    /// COM's own.
    fn MAPIGetDefaultMalloc() -> *mut c_void = (ptr::null_mut()) {
        CoGetMalloc(1).map_or(ptr::null_mut(), Interface::into_raw)
    }
}
