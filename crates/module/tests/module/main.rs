//! `olmapi32.dll`, called as a C program calls it.
#![cfg(windows)]
#![allow(
    unsafe_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic
)]

use std::ffi::{CStr, c_void};
use std::sync::OnceLock;

use windows::Win32::Foundation::HMODULE;
use windows::Win32::System::LibraryLoader::{GetProcAddress, LoadLibraryW};
use windows_core::{HSTRING, PCSTR};

/// Calls an export by its C signature.
macro_rules! call {
    ($name:ident($($argument:expr => $Type:ty),* $(,)?) -> $Result:ty) => {{
        let name = std::ffi::CStr::from_bytes_with_nul(concat!(stringify!($name), "\0").as_bytes());
        // SAFETY: the page has this signature; what the arguments point to is there.
        #[allow(unused_unsafe, reason = "where it is called among others")]
        unsafe {
            let function: unsafe extern "system" fn($($Type),*) -> $Result =
                std::mem::transmute($crate::address(name.unwrap()));
            function($($argument),*)
        }
    }};
}

mod exports;
mod notification;
mod programs;

/// Where an export is, in the module that cargo has made beside this test.
fn address(name: &CStr) -> *const c_void {
    static MODULE: OnceLock<usize> = OnceLock::new();
    let module = *MODULE.get_or_init(|| {
        let file = std::env::current_exe()
            .unwrap()
            .with_file_name("olmapi32.dll");
        // SAFETY: the module is ours.
        unsafe { LoadLibraryW(&HSTRING::from(file.as_path())).unwrap().0 as usize }
    });
    // SAFETY: the name ends with a NUL.
    let found = unsafe { GetProcAddress(HMODULE(module as _), PCSTR(name.as_ptr().cast())) };
    found.unwrap_or_else(|| panic!("there is no {name:?}")) as *const c_void
}
