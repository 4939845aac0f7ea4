//! What the fake module asks the test that has loaded it.

use std::ffi::c_void;

#[repr(C)]
#[derive(Clone, Copy)]
#[allow(clippy::exhaustive_structs, reason = "the package is not published")]
pub struct Hooks {
    pub initialize: unsafe extern "system" fn(*mut c_void) -> i32,
    pub uninitialize: unsafe extern "system" fn(),
    pub logon_ex:
        unsafe extern "system" fn(usize, *const i8, *const i8, u32, *mut *mut c_void) -> i32,
    pub admin_profiles: unsafe extern "system" fn(u32, *mut *mut c_void) -> i32,
}
