//! The MAPI subsystem in memory as a MAPI module: what a MAPI program finds in `olmapi32.dll`.
#![cfg(windows)]
#![allow(unsafe_code, non_snake_case)] // The exports have C's names and signatures.
#![allow(unreachable_pub, clippy::missing_safety_doc)] // So they are public, and their callers are C's.

/// The body of an export. A panic in it goes no further.
macro_rules! export {
    ($(
        $(#[$doc:meta])*
        fn $name:ident($($argument:ident: $Type:ty),* $(,)?) $(-> $Result:ty = $failed:tt)? $body:block
    )*) => {$(
        $(#[$doc])*
        #[unsafe(no_mangle)]
        #[allow(unused_parens, reason = "of what is one token to this macro")]
        pub unsafe extern "system" fn $name($($argument: $Type),*) $(-> $Result)? {
            let result = mapi_session::subsystem::contain(stringify!($name), || {
                // SAFETY: the caller gives what the function's page asks for.
                #[allow(unused_unsafe, reason = "some need none")]
                unsafe { $body }
            });
            result.unwrap_or(($($failed)?))
        }
    )*};
}

mod file;
mod library;
mod mailbox;
mod memory;
mod notification;
mod objects;
mod properties;
mod report;
mod rows;
mod text;

use mapi_session::HResult;

fn code(hresult: HResult) -> i32 {
    hresult.into()
}

const OK: i32 = 0;
const UNEXPECTED: i32 = 0x8000_FFFF_u32 as i32;
