//! A fake `olmapi32.dll`: the exports of Outlook's that `Outlook` calls. What is to be answered, it
//! asks the test that has loaded it; MAPI's memory it counts itself.
#![cfg(windows)]
#![allow(unsafe_code, non_snake_case, missing_docs, clippy::missing_safety_doc)]

mod hooks;

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::HashMap;
use std::ffi::c_void;
use std::ptr;
use std::sync::{Mutex, OnceLock};
use std::thread::{self, ThreadId};

pub use hooks::Hooks;
use outlook_mapi::sys;
use windows_core::Interface;

static HOOKS: OnceLock<Hooks> = OnceLock::new();
static MEMORY: Mutex<Option<HashMap<usize, Allocation>>> = Mutex::new(None);

/// With those that are chained to it: addresses and sizes.
struct Allocation {
    chain: Vec<(usize, usize)>,
    by: ThreadId,
}

/// Called once, before all else.
///
/// # Safety
/// None is asked for; an export cannot say so.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn fake_hooks(hooks: Hooks) {
    let _ = HOOKS.set(hooks);
}

/// How many allocations of this thread have not been freed.
#[unsafe(no_mangle)]
pub extern "system" fn fake_outstanding() -> usize {
    let me = thread::current().id();
    with_memory(|all| all.values().filter(|it| it.by == me).count())
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPIInitialize(parameters: *mut c_void) -> i32 {
    // SAFETY: the caller's.
    HOOKS
        .get()
        .map_or(-1, |hooks| unsafe { (hooks.initialize)(parameters) })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPIUninitialize() {
    if let Some(hooks) = HOOKS.get() {
        // SAFETY: the caller's.
        unsafe { (hooks.uninitialize)() };
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPILogonEx(
    ui_param: usize,
    profile: *const i8,
    password: *const i8,
    flags: u32,
    session: *mut *mut c_void,
) -> i32 {
    // SAFETY: the caller's.
    HOOKS.get().map_or(-1, |hooks| unsafe {
        (hooks.logon_ex)(ui_param, profile, password, flags, session)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPIAdminProfiles(flags: u32, admin: *mut *mut c_void) -> i32 {
    // SAFETY: the caller's.
    HOOKS
        .get()
        .map_or(-1, |hooks| unsafe { (hooks.admin_profiles)(flags, admin) })
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size.max(1), 16).expect("a size")
}

fn with_memory<T>(act: impl FnOnce(&mut HashMap<usize, Allocation>) -> T) -> T {
    let mut memory = MEMORY
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    act(memory.get_or_insert_default())
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPIAllocateBuffer(size: u32, buffer: *mut *mut c_void) -> i32 {
    // SAFETY: the layout is not empty; the caller's.
    unsafe {
        let memory = alloc_zeroed(layout(size as usize));
        let chain = vec![(memory as usize, size as usize)];
        let by = thread::current().id();
        with_memory(|all| all.insert(memory as usize, Allocation { chain, by }));
        *buffer = memory.cast();
    }
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPIAllocateMore(
    size: u32,
    root: *mut c_void,
    buffer: *mut *mut c_void,
) -> i32 {
    // SAFETY: the layout is not empty; the caller's.
    unsafe {
        let memory = alloc_zeroed(layout(size as usize));
        with_memory(|all| {
            let root = all
                .get_mut(&(root as usize))
                .unwrap_or_else(|| die("chained to nothing"));
            root.chain.push((memory as usize, size as usize));
        });
        *buffer = memory.cast();
    }
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn MAPIFreeBuffer(buffer: *mut c_void) -> u32 {
    if !buffer.is_null() {
        let root = with_memory(|all| all.remove(&(buffer as usize)));
        let root = root.unwrap_or_else(|| die("freed, and was not allocated"));
        for (memory, size) in root.chain {
            // What is used after it was freed shows.
            // SAFETY: allocated above, and removed.
            unsafe {
                ptr::write_bytes(memory as *mut u8, 0xDD, size);
                dealloc(memory as *mut u8, layout(size));
            }
        }
    }
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn HrQueryAllRows(
    table: *mut c_void,
    tags: *mut sys::SPropTagArray,
    _restriction: *mut c_void,
    _order: *mut c_void,
    _max: i32,
    rows: *mut *mut sys::SRowSet,
) -> i32 {
    // SAFETY: the caller's.
    unsafe {
        let Some(table) = sys::IMAPITable::from_raw_borrowed(&table) else {
            return 0x8007_0057_u32 as i32;
        };
        let read = table
            .SetColumns(tags, 0)
            .and_then(|()| table.QueryRows(i32::MAX, 0, rows));
        read.map_or_else(|error| error.code().0, |()| 0)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn FreeProws(rows: *mut sys::SRowSet) {
    if rows.is_null() {
        return;
    }
    // SAFETY: the caller's.
    unsafe {
        let first = (&raw mut (*rows).aRow).cast::<sys::SRow>();
        for index in 0..(*rows).cRows as usize {
            MAPIFreeBuffer((*first.add(index)).lpProps.cast());
        }
        MAPIFreeBuffer(rows.cast());
    }
}

fn die(why: &str) -> ! {
    eprintln!("fake olmapi32.dll: MAPI's memory was {why}");
    std::process::abort()
}
