//! A fake Outlook: its module is loaded in the place of Outlook's own, and what arrives there and in
//! its session is written down, each thread's for itself.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CStr, c_void};
use std::rc::Rc;
use std::sync::OnceLock;

use fake_olmapi32::Hooks;
use mapi_session::UiParam;
use mapi_session::subsystem::Subsystem;
use mapi_session_outlook::outlook_mapi::sys;
use mapi_session_outlook::{Servable, ServableAdmin, serve, serve_profile_admin};
use windows::Win32::System::LibraryLoader::{GetProcAddress, LoadLibraryW};
use windows_core::{
    Error, GUID, HRESULT, HSTRING, IUnknown, Interface, OutRef, PCSTR, Ref, Result, implement, s,
};

thread_local! {
    static FAKE: RefCell<State> = RefCell::default();
}

#[derive(Default)]
struct State {
    record: Vec<String>,
    answers: HashMap<&'static str, u32>,
    behind: Option<Rc<dyn Behind>>,
    sink: Option<sys::IMAPIAdviseSink>,
}

/// The fake module, once a process; and a clean record for this thread.
pub fn load() {
    static MODULE: OnceLock<extern "system" fn() -> usize> = OnceLock::new();
    outstanding_of(*MODULE.get_or_init(load_module));
    FAKE.take();
}

type Outstanding = extern "system" fn() -> usize;
static OUTSTANDING: OnceLock<Outstanding> = OnceLock::new();

fn outstanding_of(function: Outstanding) {
    OUTSTANDING.get_or_init(|| function);
}

/// MAPI's memory that is not freed, of all threads.
pub fn outstanding() -> usize {
    OUTSTANDING.get().unwrap()()
}

fn load_module() -> Outstanding {
    // Cargo makes it beside the test, which depends on its package. It is looked for by the name of Outlook's.
    let made = std::env::current_exe()
        .unwrap()
        .with_file_name("fake_olmapi32.dll");
    let folder = made.with_file_name("as_outlook");
    let file = folder.join("olmapi32.dll");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(&made, &file).unwrap();
    let hooks = Hooks {
        initialize,
        uninitialize,
        logon_ex,
        admin_profiles,
    };
    // SAFETY: the module is ours, and so are the types of its exports.
    unsafe {
        let module = LoadLibraryW(&HSTRING::from(file.as_path())).unwrap();
        let set = GetProcAddress(module, s!("fake_hooks")).unwrap();
        std::mem::transmute::<_, unsafe extern "system" fn(Hooks)>(set)(hooks);
        let outstanding = GetProcAddress(module, s!("fake_outstanding")).unwrap();
        std::mem::transmute::<_, Outstanding>(outstanding)
    }
}

/// What has arrived since the last time.
pub fn record() -> Vec<String> {
    FAKE.with_borrow_mut(|fake| std::mem::take(&mut fake.record))
}

/// What a call answers from now on.
pub fn answers(call: &'static str, hresult: impl Into<u32>) {
    FAKE.with_borrow_mut(|fake| fake.answers.insert(call, hresult.into()));
}

/// What answers, instead of a library and sessions that only write down.
pub fn runs_over(
    subsystem: impl Subsystem<Session: Servable, ProfileAdmin: ServableAdmin> + 'static,
) {
    FAKE.with_borrow_mut(|fake| fake.behind = Some(Rc::new(subsystem)));
}

fn behind() -> Option<Rc<dyn Behind>> {
    FAKE.with_borrow(|fake| fake.behind.clone())
}

/// Any subsystem, whose sessions are served.
trait Behind {
    fn initialize(&self, version: u32, flags: u32) -> i32;

    fn uninitialize(&self);

    fn logon(
        &self,
        ui_param: usize,
        profile: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> (Option<sys::IMAPISession>, i32);

    fn admin_profiles(&self, flags: u32) -> (Option<sys::IProfAdmin>, i32);
}

impl<B: Subsystem<Session: Servable, ProfileAdmin: ServableAdmin>> Behind for B {
    fn initialize(&self, version: u32, flags: u32) -> i32 {
        let result = Subsystem::initialize(self, version, flags);
        result
            .map_or_else(|it| it.hresult(), |it| it.hresult())
            .into()
    }

    fn uninitialize(&self) {
        Subsystem::uninitialize(self);
    }

    fn logon(
        &self,
        ui_param: usize,
        profile: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> (Option<sys::IMAPISession>, i32) {
        match self.logon_ex(UiParam::new(ui_param), profile, password, flags) {
            Ok(success) => {
                let hresult = success.hresult().into();
                (Some(serve(success.ignore_warning()).unwrap()), hresult)
            }
            Err(failure) => (None, failure.hresult().into()),
        }
    }

    fn admin_profiles(&self, flags: u32) -> (Option<sys::IProfAdmin>, i32) {
        match Subsystem::admin_profiles(self, flags) {
            Ok(success) => {
                let hresult = success.hresult().into();
                let admin = serve_profile_admin(success.ignore_warning()).unwrap();
                (Some(admin), hresult)
            }
            Err(failure) => (None, failure.hresult().into()),
        }
    }
}

/// The sink that was registered last.
pub fn sink() -> sys::IMAPIAdviseSink {
    FAKE.with_borrow(|fake| fake.sink.clone().unwrap())
}

pub fn forget_sink() {
    let sink = FAKE.with_borrow_mut(|fake| fake.sink.take());
    drop(sink);
}

fn arrived(call: &'static str, arguments: String) -> Result<()> {
    let answer = FAKE.with_borrow_mut(|fake| {
        fake.record.push(format!("{call}{arguments}"));
        fake.answers.get(call).copied().unwrap_or(0)
    });
    HRESULT(answer as i32).ok_or_warning()
}

/// Also a success that is not S_OK goes through windows-core as an error, with its own code.
trait OkOrWarning {
    fn ok_or_warning(self) -> Result<()>;
}

impl OkOrWarning for HRESULT {
    fn ok_or_warning(self) -> Result<()> {
        if self.0 == 0 {
            Ok(())
        } else {
            Err(Error::from_hresult(self))
        }
    }
}

fn code(result: Result<()>) -> i32 {
    result.map_or_else(|error| error.code().0, |()| 0)
}

/// Whether the answer is a success, and what was asked for is to be given.
fn gives_too(answer: &Result<()>) -> bool {
    answer
        .as_ref()
        .map_or_else(|error| error.code().0 >= 0, |()| true)
}

unsafe extern "system" fn initialize(parameters: *mut c_void) -> i32 {
    // SAFETY: MAPIInitialize takes one MAPIINIT_0.
    let parameters = unsafe { *parameters.cast::<sys::MAPIINIT>() };
    let (version, flags) = (parameters.ulVersion, parameters.ulFlags);
    let answer = arrived("MAPIInitialize", format!("({version}, {flags:#X})"));
    behind().map_or_else(|| code(answer), |behind| behind.initialize(version, flags))
}

unsafe extern "system" fn uninitialize() {
    let _ = arrived("MAPIUninitialize", "()".into());
    if let Some(behind) = behind() {
        behind.uninitialize();
    }
}

unsafe extern "system" fn logon_ex(
    ui_param: usize,
    profile: *const i8,
    password: *const i8,
    flags: u32,
    session: *mut *mut c_void,
) -> i32 {
    // SAFETY: as MAPILogonEx is declared.
    unsafe {
        let plain = [profile, password].map(|it| plain_text(it, flags));
        let (profile, password) = (text(profile, flags), text(password, flags));
        let answer = arrived(
            "MAPILogonEx",
            format!("({ui_param:#X}, {profile}, {password}, {flags:#X})"),
        );
        if let Some(behind) = behind() {
            let [profile, password] = &plain;
            let (given, code) =
                behind.logon(ui_param, profile.as_deref(), password.as_deref(), flags);
            *session = given.map_or(0xBAD0_usize as *mut c_void, Interface::into_raw);
            return code;
        }
        if gives_too(&answer) {
            *session = sys::IMAPISession::from(Session).into_raw();
        } else {
            // Nobody may look at this.
            *session = 0xBAD0_usize as *mut c_void;
        }
        code(answer)
    }
}

unsafe extern "system" fn admin_profiles(flags: u32, admin: *mut *mut c_void) -> i32 {
    let answer = arrived("MAPIAdminProfiles", format!("({flags:#X})"));
    let (given, code) = match behind() {
        Some(behind) => behind.admin_profiles(flags),
        None => (None, code(answer)),
    };
    // SAFETY: as MAPIAdminProfiles is declared. What a failure writes, nobody may look at.
    unsafe { *admin = given.map_or(0xBAD0_usize as *mut c_void, Interface::into_raw) };
    code
}

/// A text of either width, as it would stand in source.
unsafe fn text(text: *const i8, flags: u32) -> String {
    if text.is_null() {
        return "null".into();
    }
    // SAFETY: it ends with a NUL of that width.
    unsafe {
        if flags & sys::MAPI_UNICODE != 0 {
            format!(
                "L{:?}",
                windows_core::PCWSTR(text.cast()).to_string().unwrap()
            )
        } else {
            format!("\"{}\"", CStr::from_ptr(text).to_bytes().escape_ascii())
        }
    }
}

unsafe fn plain_text(text: *const i8, flags: u32) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: it ends with a NUL of that width.
    unsafe {
        Some(if flags & sys::MAPI_UNICODE != 0 {
            windows_core::PCWSTR(text.cast()).to_string().unwrap()
        } else {
            CStr::from_ptr(text.cast()).to_string_lossy().into()
        })
    }
}

/// The bytes of an entry identifier.
unsafe fn id(count: u32, id: *mut sys::ENTRYID) -> String {
    if id.is_null() {
        return "null".into();
    }
    // SAFETY: there are this many.
    let bytes = unsafe { std::slice::from_raw_parts(id.cast::<u8>(), count as usize) };
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A buffer of MAPI's with these bytes.
pub unsafe fn allocate(bytes: &[u8]) -> *mut c_void {
    let mut buffer = std::ptr::null_mut();
    // SAFETY: as long as it says.
    unsafe {
        assert_eq!(sys::MAPIAllocateBuffer(bytes.len() as u32, &mut buffer), 0);
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), bytes.len());
    }
    buffer
}

/// Further bytes, freed with the buffer.
pub unsafe fn chain(root: *mut c_void, bytes: &[u8]) -> *mut c_void {
    let mut buffer = std::ptr::null_mut();
    // SAFETY: as long as it says.
    unsafe {
        assert_eq!(
            sys::MAPIAllocateMore(bytes.len() as u32, root, &mut buffer),
            0
        );
        std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), bytes.len());
    }
    buffer
}

pub fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16()
        .chain([0])
        .flat_map(u16::to_ne_bytes)
        .collect()
}

/// A session that writes down what arrives.
#[implement(sys::IMAPISession, sys::IMAPIClientShutdown)]
pub struct Session;

impl Drop for Session {
    fn drop(&mut self) {
        let _ = arrived("Release", "()".into());
    }
}

impl sys::IMAPIClientShutdown_Impl for Session_Impl {
    fn QueryFastShutdown(&self) -> Result<()> {
        arrived("QueryFastShutdown", "()".into())
    }

    fn NotifyProcessShutdown(&self) -> Result<()> {
        arrived("NotifyProcessShutdown", "()".into())
    }

    fn DoFastShutdown(&self) -> Result<()> {
        arrived("DoFastShutdown", "()".into())
    }
}

// SAFETY of all blocks: what arrives is as IMAPISession declares it.
#[allow(clippy::undocumented_unsafe_blocks)]
impl sys::IMAPISession_Impl for Session_Impl {
    fn GetLastError(
        &self,
        hresult: HRESULT,
        flags: u32,
        error: *mut *mut sys::MAPIERROR,
    ) -> Result<()> {
        let answer = arrived("GetLastError", format!("({:#X}, {flags:#X})", hresult.0));
        if gives_too(&answer) {
            unsafe {
                let buffer = allocate(&[0; size_of::<sys::MAPIERROR>()]);
                let unicode = flags & sys::MAPI_UNICODE != 0;
                let text = |it: &str| {
                    if unicode {
                        wide(it)
                    } else {
                        [it.as_bytes(), &[0]].concat()
                    }
                };
                buffer.cast::<sys::MAPIERROR>().write(sys::MAPIERROR {
                    ulVersion: 0,
                    lpszError: chain(buffer, &text("The server is away.")).cast(),
                    lpszComponent: chain(buffer, &text("Transport")).cast(),
                    ulLowLevelError: 7,
                    ulContext: 9,
                });
                *error = buffer.cast();
            }
        }
        answer
    }

    fn GetMsgStoresTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        arrived("GetMsgStoresTable", format!("({flags:#X})"))?;
        Err(HRESULT(0x8004_0102_u32 as i32).into())
    }

    fn OpenMsgStore(
        &self,
        ui: usize,
        count: u32,
        entry: *mut sys::ENTRYID,
        interface: *mut GUID,
        flags: u32,
        _: OutRef<'_, sys::IMsgStore>,
    ) -> Result<()> {
        let entry = unsafe { id(count, entry) };
        assert!(interface.is_null());
        arrived("OpenMsgStore", format!("({ui:#X}, {entry}, {flags:#X})"))
    }

    fn OpenAddressBook(
        &self,
        ui: usize,
        interface: *mut GUID,
        flags: u32,
        _: OutRef<'_, sys::IAddrBook>,
    ) -> Result<()> {
        assert!(interface.is_null());
        arrived("OpenAddressBook", format!("({ui:#X}, {flags:#X})"))
    }

    fn OpenProfileSection(
        &self,
        uid: *mut sys::MAPIUID,
        interface: *mut GUID,
        flags: u32,
        _: OutRef<'_, sys::IProfSect>,
    ) -> Result<()> {
        assert!(interface.is_null());
        let uid = unsafe { (*uid).ab };
        arrived("OpenProfileSection", format!("({uid:02X?}, {flags:#X})"))
    }

    fn GetStatusTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        arrived("GetStatusTable", format!("({flags:#X})"))?;
        Err(HRESULT(0x8004_0102_u32 as i32).into())
    }

    fn OpenEntry(
        &self,
        count: u32,
        entry: *mut sys::ENTRYID,
        interface: *mut GUID,
        flags: u32,
        _: *mut u32,
        _: OutRef<'_, IUnknown>,
    ) -> Result<()> {
        assert!(interface.is_null());
        let entry = unsafe { id(count, entry) };
        arrived("OpenEntry", format!("({entry}, {flags:#X})"))
    }

    fn CompareEntryIDs(
        &self,
        count1: u32,
        one: *mut sys::ENTRYID,
        count2: u32,
        other: *mut sys::ENTRYID,
        flags: u32,
        result: *mut u32,
    ) -> Result<()> {
        let (one, other) = unsafe { (id(count1, one), id(count2, other)) };
        unsafe { *result = (one == other).into() };
        arrived("CompareEntryIDs", format!("({one}, {other}, {flags:#X})"))
    }

    fn Advise(
        &self,
        count: u32,
        entry: *mut sys::ENTRYID,
        mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        let entry = unsafe { id(count, entry) };
        let answer = arrived("Advise", format!("({entry}, {mask:#X})"));
        if gives_too(&answer) {
            FAKE.with_borrow_mut(|fake| fake.sink = sink.cloned());
            unsafe { *connection = 0x1_0000_0042 };
        }
        answer
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        arrived("Unadvise", format!("({connection:#X})"))
    }

    fn MessageOptions(
        &self,
        ui: usize,
        flags: u32,
        kind: *mut i8,
        _: Ref<'_, sys::IMessage>,
    ) -> Result<()> {
        let kind = unsafe { text(kind, flags) };
        arrived("MessageOptions", format!("({ui:#X}, {flags:#X}, {kind})"))
    }

    fn QueryDefaultMessageOpt(
        &self,
        kind: *mut i8,
        flags: u32,
        count: *mut u32,
        values: *mut *mut sys::SPropValue,
    ) -> Result<()> {
        let kind = unsafe { text(kind, flags) };
        let answer = arrived("QueryDefaultMessageOpt", format!("({kind}, {flags:#X})"));
        if gives_too(&answer) {
            unsafe {
                let buffer = allocate(&[0; 2 * size_of::<sys::SPropValue>()]);
                let first = buffer.cast::<sys::SPropValue>();
                (*first).ulPropTag = sys::PR_ROWID;
                (*first).Value.l = -1;
                let second = first.add(1);
                (*second).ulPropTag = sys::PR_DISPLAY_NAME_W;
                (*second).Value.lpv = chain(buffer, &wide("Ännchen"));
                *values = first;
                *count = 2;
            }
        }
        answer
    }

    fn EnumAdrTypes(&self, flags: u32, count: *mut u32, types: *mut *mut *mut i8) -> Result<()> {
        let answer = arrived("EnumAdrTypes", format!("({flags:#X})"));
        if gives_too(&answer) {
            unsafe {
                let buffer = allocate(&[0; 2 * size_of::<usize>()]);
                let first = buffer.cast::<*mut c_void>();
                let unicode = flags & sys::MAPI_UNICODE != 0;
                for (index, kind) in ["SMTP", "EX"].into_iter().enumerate() {
                    let kind = if unicode {
                        wide(kind)
                    } else {
                        [kind.as_bytes(), &[0]].concat()
                    };
                    *first.add(index) = chain(buffer, &kind);
                }
                *types = first.cast();
                *count = 2;
            }
        }
        answer
    }

    fn QueryIdentity(&self, count: *mut u32, entry: *mut *mut sys::ENTRYID) -> Result<()> {
        let answer = arrived("QueryIdentity", "()".into());
        if gives_too(&answer) {
            unsafe {
                *entry = allocate(&[1, 2, 3]).cast();
                *count = 3;
            }
        }
        answer
    }

    fn Logoff(&self, ui: usize, flags: u32, reserved: u32) -> Result<()> {
        arrived("Logoff", format!("({ui:#X}, {flags:#X}, {reserved:#X})"))
    }

    fn SetDefaultStore(&self, flags: u32, count: u32, entry: *mut sys::ENTRYID) -> Result<()> {
        let entry = unsafe { id(count, entry) };
        arrived("SetDefaultStore", format!("({flags:#X}, {entry})"))
    }

    fn AdminServices(&self, flags: u32) -> Result<sys::IMsgServiceAdmin> {
        arrived("AdminServices", format!("({flags:#X})"))?;
        Err(HRESULT(0x8004_0102_u32 as i32).into())
    }

    fn ShowForm(
        &self,
        ui: usize,
        _: Ref<'_, sys::IMsgStore>,
        _: Ref<'_, sys::IMAPIFolder>,
        interface: *mut GUID,
        token: usize,
        sent: Ref<'_, sys::IMessage>,
        flags: u32,
        status: u32,
        message_flags: u32,
        access: u32,
        class: &PCSTR,
    ) -> Result<()> {
        assert!(interface.is_null() && sent.is_null());
        let class = unsafe { class.to_string() }.unwrap();
        arrived(
            "ShowForm",
            format!(
                "({ui:#X}, {token:#X}, {flags:#X}, {status:#X}, {message_flags:#X}, {access:#X}, {class:?})"
            ),
        )
    }

    fn PrepareForm(
        &self,
        _: *mut GUID,
        _: Ref<'_, sys::IMessage>,
        token: *mut usize,
    ) -> Result<()> {
        unsafe { *token = 0xFFFF_0000_0001 };
        arrived("PrepareForm", "()".into())
    }
}
