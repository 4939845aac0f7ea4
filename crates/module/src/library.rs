//! The functions by which a program begins and ends: MAPIInitialize, MAPIUninitialize, MAPILogonEx,
//! MAPIAdminProfiles.

use std::ffi::{CStr, c_void};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use mapi_session::error::Failure;
use mapi_session::memory::Memory;
use mapi_session::subsystem::{RawResult, Subsystem};
use mapi_session::testing::Recorder;
use mapi_session::{HResult, UiParam};
use mapi_session_outlook::{Servable, ServableAdmin, serve_profile_admin_with, serve_with};
use outlook_mapi::sys;
use windows::Win32::Foundation::{HMODULE, TRUE};
use windows::Win32::System::LibraryLoader::{
    GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
};
use windows::Win32::System::SystemServices::DLL_PROCESS_DETACH;
use windows_core::{BOOL, Interface, PCWSTR};

use crate::memory::memory;
use crate::{OK, UNEXPECTED, code, mailbox, report};

/// The subsystem, from the first MAPIInitialize on; or that it cannot be had.
static RUNNING: OnceLock<Option<Running>> = OnceLock::new();

/// The initialisations that stand.
static INITIALIZED: AtomicUsize = AtomicUsize::new(0);

enum Running {
    Plain(Memory),
    Recorded(Recorder<Memory>),
}

/// Calls the subsystem, whichever it is.
macro_rules! call {
    ($running:expr, $subsystem:ident => $call:expr) => {
        match $running {
            Running::Plain($subsystem) => $call,
            Running::Recorded($subsystem) => $call,
        }
    };
}

impl Running {
    fn start() -> Option<Self> {
        pin();
        let memory = mailbox::memory()
            .map_err(|why| eprintln!("mapi-session: {why}"))
            .ok()?;
        Some(match report::is_wanted() {
            true => Self::Recorded(Recorder::new(memory)),
            false => Self::Plain(memory),
        })
    }

    fn report(&self) {
        if let Self::Recorded(recorder) = self {
            report::write(recorder);
        }
    }
}

fn running() -> Option<&'static Running> {
    RUNNING.get()?.as_ref()
}

/// Objects of this module may be called, and its threads run, until the process ends: so it stays loaded.
fn pin() {
    let flags = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    let mut module = HMODULE::default();
    // SAFETY: it takes an address of this module, and what comes out.
    let pinned = unsafe {
        GetModuleHandleExW(
            flags,
            PCWSTR(pin as *const () as *const u16),
            &raw mut module,
        )
    };
    if let Err(error) = pinned {
        eprintln!("mapi-session: the module can be unloaded while it is used: {error}");
    }
}

export! {
    /// [MAPIInitialize](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiinitialize).
    fn MAPIInitialize(parameters: *mut c_void) -> i32 = UNEXPECTED {
        let Some(running) = RUNNING.get_or_init(Running::start) else {
            return code(HResult::MAPI_E_CALL_FAILED);
        };
        let parameters = match parameters.is_null() {
            true => sys::MAPIINIT { ulVersion: 0, ulFlags: 0 },
            false => parameters.cast::<sys::MAPIINIT>().read_unaligned(),
        };
        let (version, flags) = (parameters.ulVersion, parameters.ulFlags);
        let initialized = call!(running, it => it.initialize(version, flags));
        match initialized {
            Ok(success) => {
                INITIALIZED.fetch_add(1, Ordering::AcqRel);
                code(success.hresult())
            }
            Err(failure) => code(failure.hresult()),
        }
    }

    /// [MAPIUninitialize](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiuninitialize).
    /// The last one writes the report, where it is asked for.
    fn MAPIUninitialize() {
        let Some(running) = running() else {
            return;
        };
        call!(running, it => it.uninitialize());
        let left = |it: usize| it.checked_sub(1);
        if INITIALIZED.fetch_update(Ordering::AcqRel, Ordering::Acquire, left) == Ok(1) {
            running.report();
        }
    }

    /// [MAPILogonEx](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapilogonex).
    fn MAPILogonEx(
        ui_param: usize,
        profile: *const i8,
        password: *const i8,
        flags: u32,
        place: *mut *mut c_void,
    ) -> i32 = UNEXPECTED {
        let [profile, password] = [profile, password].map(|it| text(it, flags));
        let (profile, password) = (profile.as_deref(), password.as_deref());
        let parent = UiParam::new(ui_param);
        match running() {
            None => refused(place),
            Some(running) => call!(running, it => given(
                place,
                || it.logon_ex(parent, profile, password, flags),
                session,
            )),
        }
    }

    /// [MAPIAdminProfiles](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiadminprofiles).
    fn MAPIAdminProfiles(flags: u32, place: *mut *mut c_void) -> i32 = UNEXPECTED {
        match running() {
            None => refused(place),
            Some(running) => call!(running, it => given(place, || it.admin_profiles(flags), admin)),
        }
    }

    /// [ScInitMapiUtil](https://learn.microsoft.com/office/client-developer/outlook/mapi/scinitmapiutil):
    /// the utilities need no beginning.
    fn ScInitMapiUtil(_flags: u32) -> i32 = OK {
        OK
    }

    /// [DeinitMapiUtil](https://learn.microsoft.com/office/client-developer/outlook/mapi/deinitmapiutil).
    fn DeinitMapiUtil() {}
}

/// Writes the report of a program that has not called MAPIUninitialize to the end.
#[unsafe(no_mangle)]
extern "system" fn DllMain(_module: HMODULE, reason: u32, _reserved: *mut c_void) -> BOOL {
    if reason == DLL_PROCESS_DETACH && INITIALIZED.load(Ordering::Acquire) > 0 {
        if let Some(running) = running() {
            mapi_session::subsystem::contain("the report", || running.report());
        }
    }
    TRUE
}

fn session(session: impl Servable) -> *mut c_void {
    serve_with(session, memory()).into_raw()
}

fn admin(admin: impl ServableAdmin) -> *mut c_void {
    serve_profile_admin_with(admin, memory()).into_raw()
}

/// The library is not initialised.
///
/// # Safety
/// `place` is null, or a place for an object.
unsafe fn refused(place: *mut *mut c_void) -> i32 {
    let refused = || Err::<_, _>(Failure::new(HResult::MAPI_E_NOT_INITIALIZED));
    // SAFETY: as the caller says.
    unsafe { given(place, refused, |it: *mut c_void| it) }
}

/// The whole of a function that gives an object.
///
/// # Safety
/// `place` is null, or a place for an object.
unsafe fn given<T>(
    place: *mut *mut c_void,
    call: impl FnOnce() -> RawResult<T>,
    serve: impl FnOnce(T) -> *mut c_void,
) -> i32 {
    if place.is_null() {
        return code(HResult::MAPI_E_INVALID_PARAMETER);
    }
    // SAFETY: as the caller says.
    unsafe {
        place.write_unaligned(ptr::null_mut());
        match call() {
            Ok(success) => {
                let hresult = code(success.hresult());
                place.write_unaligned(serve(success.ignore_warning()));
                hresult
            }
            Err(failure) => code(failure.hresult()),
        }
    }
}

/// The caller's text, of the width that `flags` says; none for null.
///
/// # Safety
/// `text` is null, or ends with a NUL of that width.
unsafe fn text(text: *const i8, flags: u32) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: as the caller says.
    unsafe {
        Some(match flags & sys::MAPI_UNICODE {
            0 => CStr::from_ptr(text.cast()).to_string_lossy().into_owned(),
            _ => {
                let units = (0..).map(|at| text.cast::<u16>().add(at).read_unaligned());
                let units: Vec<_> = units.take_while(|unit| *unit != 0).collect();
                String::from_utf16_lossy(&units)
            }
        })
    }
}
