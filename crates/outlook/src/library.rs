//! The functions of the library: MAPIInitialize, MAPIUninitialize, MAPILogonEx, MAPIAdminProfiles.

use std::cell::Cell;
use std::ffi::CString;
use std::mem;
use std::ptr;
use std::rc::Rc;

use outlook_mapi::sys;
use windows::Win32::Foundation::HMODULE;
use windows::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress};
use windows_core::{PCSTR, w};

use super::Outlook;
use super::admin::OutlookProfileAdmin;
use super::com::{Com, opened};
use super::serve::{MapiAllocateBuffer, MapiAllocateMore, MapiFreeBuffer, MapiMemory};
use super::session::OutlookSession;
use super::text::Text;
use mapi_session::error::{Failure, Success};
use mapi_session::subsystem::{RawResult, Subsystem};
use mapi_session::{HResult, LogonFlags, UiParam};

/// What all that came from one [`Outlook`] shares.
pub(super) struct Library {
    /// The initialisations that stand.
    initialized: Cell<u32>,
    /// The calls of MAPIUninitialize that wait until nothing is open any more.
    owed: Cell<u32>,
    /// Fast: no MAPI call may follow, not even a Release.
    shut_down: Cell<bool>,
    /// Somebody else initialised it, and will uninitialise it.
    adopted: bool,
}

impl Library {
    pub(super) fn new(adopted: bool) -> Self {
        Self {
            initialized: Cell::new(0),
            owed: Cell::new(0),
            shut_down: Cell::new(false),
            adopted,
        }
    }

    /// For what came from the library.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self.adopted && !self.shut_down.get() {
            true => Ok(()),
            false => self.check_initialized(),
        }
    }

    /// For its functions: somebody else's initialisation lasts for as long as what was adopted, and what
    /// they give may live longer.
    fn check_initialized(&self) -> Result<(), Failure> {
        let reason = if self.shut_down.get() {
            "it was shut down fast, and no MAPI call may follow"
        } else if self.initialized.get() > 0 {
            return Ok(());
        } else {
            "there is no MAPIInitialize that it could stand on"
        };
        Err(Failure::new(HResult::MAPI_E_NOT_INITIALIZED).because(reason))
    }

    pub(super) fn is_shut_down(&self) -> bool {
        self.shut_down.get()
    }

    pub(super) fn shut_down(&self) {
        self.shut_down.set(true);
    }
}

/// The last of all that came from the library is gone.
impl Drop for Library {
    fn drop(&mut self) {
        if !self.shut_down.get() {
            (0..self.owed.get()).for_each(|_| uninitialize());
        }
    }
}

impl Subsystem for Outlook {
    type Session = OutlookSession;
    type ProfileAdmin = OutlookProfileAdmin;

    fn initialize(&self, version: u32, flags: u32) -> RawResult<()> {
        if self.library.is_shut_down() {
            self.library.check_initialized()?;
        }
        let module = module()?;
        let mut parameters = sys::MAPIINIT {
            ulVersion: version,
            ulFlags: flags,
        };
        // SAFETY: the export has the type that outlook-mapi declares for it.
        let function: sys::MAPIINITIALIZE = unsafe { mem::transmute(export(module, 0)) };
        let Some(function) = function else {
            return Err(not_exported(EXPORTS[0].0));
        };
        // SAFETY: it reads one MAPIINIT.
        let hresult = unsafe { function(ptr::from_mut(&mut parameters).cast()) };
        let success = Success::from_hresult((), hresult.0.into())?;
        self.library
            .initialized
            .set(self.library.initialized.get() + 1);
        Ok(success)
    }

    fn uninitialize(&self) {
        let library = &self.library;
        let Some(left) = library.initialized.get().checked_sub(1) else {
            return;
        };
        if library.is_shut_down() {
            return;
        }
        library.initialized.set(left);
        if left == 0 && Rc::strong_count(library) > 1 {
            // Something is still open, and is to be released first.
            library.owed.set(library.owed.get() + 1);
        } else {
            uninitialize();
        }
    }

    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<Self::Session> {
        self.library.check_initialized()?;
        let unicode = LogonFlags::from(flags).contains(LogonFlags::UNICODE);
        let refused = |reason| Failure::new(HResult::MAPI_E_LOGON_FAILED).because(reason);
        let name = Text::new(profile_name, unicode).map_err(|why| {
            refused(format!(
                "the profile name {:?} {why}",
                profile_name.unwrap_or_default()
            ))
        })?;
        let password =
            Text::new(password, unicode).map_err(|why| refused(format!("the password {why}")))?;
        let module = module()?;
        // SAFETY: the export has the type that outlook-mapi declares for it.
        let function: sys::MAPILOGONEX = unsafe { mem::transmute(export(module, 1)) };
        let Some(function) = function else {
            return Err(not_exported(EXPORTS[1].0));
        };
        let mut session = None;
        // SAFETY: the texts are null or end with a NUL of the width that `flags` says, and live
        // longer than the call.
        let hresult = unsafe {
            function(
                ui_param.get(),
                name.as_ptr(),
                password.as_ptr(),
                flags,
                (&mut session).into(),
            )
        };
        Ok(opened(session, hresult.0.into())?
            .map(|session| OutlookSession::new(Com::new(session, Rc::clone(&self.library)))))
    }

    fn admin_profiles(&self, flags: u32) -> RawResult<Self::ProfileAdmin> {
        self.library.check_initialized()?;
        let module = module()?;
        // SAFETY: the export has the type that outlook-mapi declares for it.
        let function: sys::MAPIADMINPROFILES = unsafe { mem::transmute(export(module, 2)) };
        let Some(function) = function else {
            return Err(not_exported(EXPORTS[2].0));
        };
        let mut admin = None;
        // SAFETY: it takes what comes out.
        let hresult = unsafe { function(flags, (&mut admin).into()) };
        Ok(opened(admin, hresult.0.into())?
            .map(|admin| OutlookProfileAdmin::new(Com::new(admin, Rc::clone(&self.library)))))
    }
}

fn uninitialize() {
    // SAFETY: a MAPIInitialize of this thread stands against it.
    unsafe { sys::MAPIUninitialize() };
}

/// Outlook's module; all that this crate calls in it is there.
pub(super) fn module() -> Result<HMODULE, Failure> {
    let bits = usize::BITS;
    let missing = || {
        Failure::new(HResult::MAPI_E_NOT_FOUND).because(format!(
            "Outlook is not installed for {bits}-bit programs: there is no olmapi32.dll"
        ))
    };
    if !outlook_mapi::is_outlook_mapi_installed() {
        return Err(missing());
    }
    // SAFETY: a constant name that ends with a NUL. Whoever loaded the module keeps it.
    let module = unsafe { GetModuleHandleW(w!("olmapi32.dll")) }.map_err(|_| missing())?;
    // outlook-mapi panics where one is missing.
    match (0..EXPORTS.len()).find(|&index| export(module, index).is_none()) {
        Some(index) => Err(not_exported(EXPORTS[index].0)),
        None => Ok(module),
    }
}

/// The functions that are called, and the size of their arguments, which is part of their names in
/// 32-bit modules.
const EXPORTS: [(&str, usize); 9] = [
    ("MAPIInitialize", 4),
    ("MAPILogonEx", 20),
    ("MAPIAdminProfiles", 8),
    ("MAPIUninitialize", 0),
    ("MAPIFreeBuffer", 4),
    ("HrQueryAllRows", 24),
    ("FreeProws", 4),
    ("MAPIAllocateBuffer", 8),
    ("MAPIAllocateMore", 12),
];

/// The memory of Outlook's module.
pub(super) fn memory() -> Result<MapiMemory, Failure> {
    let module = module()?;
    let function = |index| export(module, index).ok_or_else(|| not_exported(EXPORTS[index].0));
    let (buffer, more, free) = (function(7)?, function(8)?, function(4)?);
    // SAFETY: the exports have these types. Whoever loaded the module keeps it.
    unsafe {
        Ok(MapiMemory::new(
            mem::transmute::<Export, MapiAllocateBuffer>(buffer),
            mem::transmute::<Export, MapiAllocateMore>(more),
            mem::transmute::<Export, MapiFreeBuffer>(free),
        ))
    }
}

type Export = unsafe extern "system" fn() -> isize;

fn export(module: HMODULE, index: usize) -> Option<Export> {
    let (name, size) = EXPORTS[index];
    let name = if cfg!(target_pointer_width = "32") {
        CString::new(format!("{name}@{size}"))
    } else {
        CString::new(name)
    };
    let name = name.ok()?;
    // SAFETY: the name ends with a NUL.
    unsafe { GetProcAddress(module, PCSTR::from_raw(name.as_ptr().cast())) }
}

#[cold]
fn not_exported(name: &str) -> Failure {
    Failure::new(HResult::MAPI_E_CALL_FAILED)
        .because(format!("Outlook's olmapi32.dll has no {name}"))
}
