//! Streams over files.

use std::ffi::{CStr, c_void};
use std::ptr;

use mapi_session::HResult;
use outlook_mapi::sys;
use windows::Win32::Storage::FileSystem::{GetTempFileNameA, GetTempPathA};
use windows::Win32::UI::Shell::SHCreateStreamOnFileA;
use windows_core::{Interface, PCSTR};

use crate::{OK, UNEXPECTED, code};

export! {
    /// [OpenStreamOnFile](https://learn.microsoft.com/office/client-developer/outlook/mapi/openstreamonfile).
    /// The stream is not made with the memory functions that are given.
    fn OpenStreamOnFile(
        _allocate: *mut c_void,
        _free: *mut c_void,
        flags: u32,
        name: *const i8,
        prefix: *const i8,
        place: *mut *mut c_void,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        }
        place.write_unaligned(ptr::null_mut());
        let is_unique = flags & sys::SOF_UNIQUEFILENAME != 0;
        let mut made = [0_u8; 261];
        let name = match is_unique {
            true => {
                if !temporary_name(name, prefix, &mut made) {
                    return code(HResult::MAPI_E_NO_ACCESS);
                }
                PCSTR(made.as_ptr())
            }
            false if name.is_null() => return code(HResult::MAPI_E_INVALID_PARAMETER),
            false => PCSTR(name.cast()),
        };
        match SHCreateStreamOnFileA(name, flags & !sys::SOF_UNIQUEFILENAME) {
            Ok(stream) => place.write_unaligned(stream.into_raw()),
            Err(error) => {
                let not_found = HResult::from(error.code().0) == HResult::from(NO_SUCH_FILE);
                return code(match not_found {
                    true => HResult::MAPI_E_NOT_FOUND,
                    false => HResult::MAPI_E_NO_ACCESS,
                });
            }
        }
        OK
    }
}

/// ERROR_FILE_NOT_FOUND.
const NO_SUCH_FILE: i32 = 0x8007_0002_u32 as i32;

/// Makes an empty file of a new name, in this folder or that of temporary files, and writes the name.
///
/// # Safety
/// The texts are null, or end with a NUL.
unsafe fn temporary_name(folder: *const i8, prefix: *const i8, name: &mut [u8; 261]) -> bool {
    let mut temporary = [0_u8; 261];
    // SAFETY: as the caller says; the places are as long as the functions need.
    unsafe {
        let folder = match folder.is_null() {
            true if GetTempPathA(Some(&mut temporary)) == 0 => return false,
            true => PCSTR(temporary.as_ptr()),
            false => PCSTR(folder.cast()),
        };
        let prefix = match prefix.is_null() {
            true => c"sof",
            false => CStr::from_ptr(prefix.cast()),
        };
        let mut made = [0_u8; 260];
        let done = GetTempFileNameA(folder, PCSTR(prefix.as_ptr().cast()), 0, &mut made) != 0;
        name[..260].copy_from_slice(&made);
        done
    }
}
