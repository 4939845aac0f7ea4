//! Reference counts of COM objects.

use std::ffi::c_void;
use std::mem::ManuallyDrop;

use windows_core::{IUnknown, Interface};

export! {
    /// [UlAddRef](https://learn.microsoft.com/office/client-developer/outlook/mapi/uladdref).
    fn UlAddRef(object: *mut c_void) -> u32 = 0 {
        let Some(object) = IUnknown::from_raw_borrowed(&object) else {
            return 0;
        };
        (object.vtable().AddRef)(object.as_raw())
    }

    /// [UlRelease](https://learn.microsoft.com/office/client-developer/outlook/mapi/ulrelease).
    fn UlRelease(object: *mut c_void) -> u32 = 0 {
        if object.is_null() {
            return 0;
        }
        let object = ManuallyDrop::new(IUnknown::from_raw(object));
        (object.vtable().Release)(object.as_raw())
    }
}
