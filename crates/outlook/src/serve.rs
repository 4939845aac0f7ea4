//! The way back: a session of any subsystem, as a COM object.

mod admin;
mod call;
mod interfaces;
mod memory;
mod objects;
mod restriction;
mod rows;
mod sink;
mod stream;
mod table;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use outlook_mapi::sys;
use windows_core::{GUID, HRESULT, IUnknown, Interface, OutRef, PCSTR, Ref, Result, implement};

use self::admin::ComAdmin;
use self::admin::FreeServiceAdmin;
pub use self::admin::{ServableAdmin, serve_profile_admin, serve_profile_admin_with};
use self::call::{
    Opened, Out, Raw, answer, asked_for, entry_id, has_advise, has_last_error, inner, invalid,
    replaced, uid_of,
};
use self::memory::Allocation;
pub use self::memory::{MapiAllocateBuffer, MapiAllocateMore, MapiFreeBuffer, MapiMemory};
use self::objects::{
    ComFolder, ComMessage, ComStore, Free, FreeObject, Object, address_book, object, section, store,
};
use self::sink::Connections;
pub use self::sink::tell_sink;
use self::table::row_table;
use super::library;
use super::session::is_unicode;
use super::text::copied;
use super::value::Arena as _;
use mapi_session::error::Failure;
use mapi_session::subsystem::{RawEntry, RawResult, RawSession, refuses_logoff};
use mapi_session::table::{StatusRow, StoreRow};
use mapi_session::types::{FormMessage, FormToken, ObjectType};
use mapi_session::{HResult, UiParam};

/// Serves a session of any subsystem as a COM `IMAPISession`: to code that is written straight over
/// `outlook_mapi::sys`, or in another language.
///
/// ```no_run
/// use mapi_session::memory::{Memory, Profile, Store};
/// use mapi_session::UiParam;
/// use mapi_session::subsystem::Subsystem;
/// use mapi_session_outlook::serve;
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let mailbox = Store::new("Mailbox").default_store();
/// let memory = Memory::builder().profile(Profile::new("P").store(mailbox)).build()?;
/// memory.initialize(0, 0)?;
/// let session = memory.logon_ex(UiParam::NONE, Some("P"), None, 0x22)?;
/// let session = serve(session.ignore_warning())?;
/// // SAFETY: IMAPISession::Logoff takes numbers only.
/// unsafe { session.Logoff(0, 0, 0) }?;
/// # Ok(())
/// # }
/// ```
///
/// The last Release of the object drops the session. What it answers is what the subsystem answers: flags
/// and reserved words are passed on as they come, and a success with a warning keeps its HRESULT. A panic
/// of the subsystem is E_UNEXPECTED. What comes out of a call that fails is null or zero.
///
/// # What there is
/// - All of IMAPISession and IMAPIClientShutdown. An object is given by the interface that is asked for,
///   where its kind has it; ShowForm shows a message that was prepared here.
/// - Tables: all of IMAPITable but categories. Those of folders, messages and receive folders have what the
///   subsystem's [`RawPropTable`](mapi_session::subsystem::RawPropTable) has; those of stores, status,
///   profiles, services and providers have it over any subsystem, and of these the first two have Advise.
/// - Objects: of IMAPIProp what [`RawProp`](mapi_session::subsystem::RawProp) has, with OpenProperty for
///   an IStream to read; what [`RawMsgStore`](mapi_session::subsystem::RawMsgStore) and
///   [`RawObject`](mapi_session::subsystem::RawObject) have of the store, of folders and messages, of
///   status objects, and Advise of the address book. OpenEntry and CompareEntryIDs of a store, a folder and
///   the address book are the session's.
/// - IProfAdmin, IMsgServiceAdmin and IMsgServiceAdmin2, IProviderAdmin: what the traits have.
///
/// All else is MAPI_E_NO_SUPPORT.
///
/// # Threads
/// The objects can be used on any thread, and by several at once, as MAPI's can. A client's sink is called
/// on whatever thread the subsystem tells it, by one thread at a time: what comes meanwhile waits. It is
/// released on any thread too. One that can only be used on its own thread is to be wrapped by
/// HrThisThreadAdviseSink first, as with MAPI.
///
/// # Memory
/// What is given out is the memory of Outlook's module, olmapi32.dll, which is loaded for that: it is freed
/// with its MAPIFreeBuffer and FreeProws. [`serve_with`] takes other functions.
///
/// # Errors
/// MAPI_E_NOT_FOUND: there is no olmapi32.dll. MAPI_E_CALL_FAILED: it lacks a function.
pub fn serve<S: Servable>(session: S) -> std::result::Result<sys::IMAPISession, Failure> {
    Ok(serve_with(session, library::memory()?))
}

/// [`serve`], with the memory of these functions.
pub fn serve_with<S: Servable>(session: S, memory: MapiMemory) -> sys::IMAPISession {
    let session = Arc::new(Raw::new(session));
    let entries = Arc::downgrade(&session) as Weak<dyn Entries>;
    let session = ComSession(Object {
        raw: session,
        context: Context::new(memory, Some(entries)),
        connections: Connections::default(),
    });
    interfaces::Session::from(session).0
}

/// A session that can be served: it, and all that it opens, is `Send + Sync + 'static`. Nothing has to be
/// implemented.
pub trait Servable:
    RawSession<
        MsgStore: Free,
        Object: FreeObject,
        ProfileSection: Free,
        ServiceAdmin: FreeServiceAdmin,
        StoreTable: Free,
        StatusTable: Free,
    > + Free
{
}

impl<S> Servable for S where
    S: RawSession<
            MsgStore: Free,
            Object: FreeObject,
            ProfileSection: Free,
            ServiceAdmin: FreeServiceAdmin,
            StoreTable: Free,
            StatusTable: Free,
        > + Free
{
}

/// What a session shares with all that comes from it.
pub(crate) struct Context {
    memory: MapiMemory,
    has_ended: AtomicBool,
    /// The session, until it is released; none where there is no session.
    entries: Option<Weak<dyn Entries>>,
}

impl Context {
    fn new(memory: MapiMemory, entries: Option<Weak<dyn Entries>>) -> Arc<Self> {
        Arc::new(Self {
            memory,
            has_ended: AtomicBool::new(false),
            entries,
        })
    }

    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    fn end(&self) {
        self.has_ended.store(true, Ordering::Release);
    }

    /// Whether anything but Release can still be called (O2).
    fn check(&self) -> std::result::Result<(), Failure> {
        match self.has_ended() {
            true => Err(ended()),
            false => Ok(()),
        }
    }

    fn entries(&self) -> std::result::Result<Arc<dyn Entries>, Failure> {
        let session = self.entries.as_ref().and_then(Weak::upgrade);
        session.ok_or_else(ended)
    }
}

fn ended() -> Failure {
    let failure = Failure::new(HResult::MAPI_E_INVALID_OBJECT);
    failure.because("the session has ended, and nothing but release can follow")
}

/// The entries of a session, by their identifiers.
trait Entries: Send + Sync {
    /// What kind of object, and the object by the interface of its kind.
    fn open(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
        context: &Arc<Context>,
    ) -> RawResult<(ObjectType, IUnknown)>;

    fn compare(&self, one: Option<&[u8]>, other: Option<&[u8]>, flags: u32) -> RawResult<bool>;
}

impl<S: Servable> Entries for Raw<S> {
    fn open(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
        context: &Arc<Context>,
    ) -> RawResult<(ObjectType, IUnknown)> {
        let entry = self.open_entry(entry_id, flags)?;
        Ok(entry.map(|entry| match entry {
            RawEntry::MsgStore(raw) => (ObjectType::STORE, store(raw, context).into()),
            RawEntry::Object(kind, raw) => (kind, object(kind, raw, context)),
        }))
    }

    fn compare(&self, one: Option<&[u8]>, other: Option<&[u8]>, flags: u32) -> RawResult<bool> {
        self.compare_entry_ids(one, other, flags)
    }
}

/// OpenEntry of whatever has it.
///
/// # Safety
/// The arguments are as the method demands them.
unsafe fn open_entry(
    (count, id): (u32, *const sys::ENTRYID),
    interface: *const GUID,
    flags: u32,
    object_type: *mut u32,
    opened: OutRef<'_, IUnknown>,
    open: impl FnOnce(Option<&[u8]>, u32) -> RawResult<(ObjectType, IUnknown)>,
) -> Result<()> {
    const OF_OBJECTS: [GUID; 8] = [
        sys::IMsgStore::IID,
        sys::IMAPIFolder::IID,
        sys::IMAPIContainer::IID,
        sys::IMessage::IID,
        sys::IMailUser::IID,
        sys::IAddrBook::IID,
        sys::IMAPIStatus::IID,
        interfaces::Attachment::IID,
    ];
    let opened = Opened::new(opened)?;
    // SAFETY: as the caller says.
    let (object_type, interface, id) = unsafe {
        (
            Out::optional(object_type),
            asked_for(interface, &OF_OBJECTS)?,
            entry_id(count, id),
        )
    };
    answer(
        || open(id, flags),
        |(kind, object)| {
            opened.give(object, interface)?;
            object_type.give(kind.get());
            Ok(())
        },
    )
}

/// CompareEntryIDs of whatever has it.
///
/// # Safety
/// The arguments are as the method demands them.
unsafe fn compare_entry_ids(
    one: (u32, *const sys::ENTRYID),
    other: (u32, *const sys::ENTRYID),
    flags: u32,
    result: *mut u32,
    compare: impl FnOnce(Option<&[u8]>, Option<&[u8]>, u32) -> RawResult<bool>,
) -> Result<()> {
    // SAFETY: as the caller says.
    let (result, one, other) = unsafe {
        (
            Out::required(result)?,
            entry_id(one.0, one.1),
            entry_id(other.0, other.1),
        )
    };
    answer(
        || compare(one, other, flags),
        |same| {
            result.give(same.into());
            Ok(())
        },
    )
}

#[implement(interfaces::Session, sys::IMAPIClientShutdown)]
struct ComSession<S>(Object<Arc<Raw<S>>>)
where
    S: Servable;

/// Not by a logoff: then by this.
impl<S: Servable> Drop for ComSession<S> {
    fn drop(&mut self) {
        self.0.context.end();
    }
}

impl<S: Servable> interfaces::SessionGives for ComSession_Impl<S> {
    fn msg_stores_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.open_msg_stores_table(flags)?;
        Ok(table.map(|table| row_table(table, StoreRow::properties, flags, &self.0.context)))
    }

    fn status_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.open_status_table(flags)?;
        Ok(table.map(|table| row_table(table, StatusRow::properties, flags, &self.0.context)))
    }

    fn admin_services(&self, flags: u32) -> RawResult<sys::IMsgServiceAdmin> {
        let admin = self.0.admin_services(flags)?;
        Ok(admin.map(|admin| ComAdmin::serve(admin, &self.0.context)))
    }
}

impl<S: Servable> sys::IMAPIClientShutdown_Impl for ComSession_Impl<S> {
    fn QueryFastShutdown(&self) -> Result<()> {
        answer(|| self.0.query_fast_shutdown(), |()| Ok(()))
    }

    fn NotifyProcessShutdown(&self) -> Result<()> {
        answer(|| self.0.notify_process_shutdown(), |()| Ok(()))
    }

    fn DoFastShutdown(&self) -> Result<()> {
        answer(|| self.0.do_fast_shutdown(), |()| Ok(()))
    }
}

impl<S: Servable> sys::IMAPISession_Impl for ComSession_Impl<S> {
    replaced! {
        GetMsgStoresTable -> IMAPITable;
        GetStatusTable -> IMAPITable;
        AdminServices -> IMsgServiceAdmin;
    }

    has_last_error!(0);

    fn OpenMsgStore(
        &self,
        ui_param: usize,
        count: u32,
        id: *mut sys::ENTRYID,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IMsgStore>,
    ) -> Result<()> {
        let opened = Opened::new(opened)?;
        // SAFETY: the caller's, until the method returns.
        let (interface, id) = unsafe {
            (
                asked_for(interface, &[sys::IMsgStore::IID])?,
                entry_id(count, id),
            )
        };
        let ui_param = UiParam::new(ui_param);
        answer(
            || self.0.open_msg_store(ui_param, id, flags),
            |raw| opened.give(store(raw, &self.0.context), interface),
        )
    }

    fn OpenAddressBook(
        &self,
        ui_param: usize,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IAddrBook>,
    ) -> Result<()> {
        let opened = Opened::new(opened)?;
        // SAFETY: the caller's.
        let interface = unsafe { asked_for(interface, &[sys::IAddrBook::IID]) }?;
        let ui_param = UiParam::new(ui_param);
        answer(
            || self.0.open_address_book(ui_param, flags),
            |book| opened.give(address_book(book, &self.0.context), interface),
        )
    }

    fn OpenProfileSection(
        &self,
        uid: *mut sys::MAPIUID,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IProfSect>,
    ) -> Result<()> {
        // SAFETY: the caller's.
        let uid = unsafe { uid_of(uid) };
        section(&self.0.context, interface, opened, uid, |uid| {
            self.0.open_profile_section(uid, flags)
        })
    }

    fn OpenEntry(
        &self,
        count: u32,
        id: *mut sys::ENTRYID,
        interface: *mut GUID,
        flags: u32,
        object_type: *mut u32,
        opened: OutRef<'_, IUnknown>,
    ) -> Result<()> {
        let open = |id: Option<&[u8]>, flags| self.0.raw.open(id, flags, &self.0.context);
        // SAFETY: the caller's, until the method returns.
        unsafe { open_entry((count, id), interface, flags, object_type, opened, open) }
    }

    fn CompareEntryIDs(
        &self,
        one_count: u32,
        one: *mut sys::ENTRYID,
        other_count: u32,
        other: *mut sys::ENTRYID,
        flags: u32,
        result: *mut u32,
    ) -> Result<()> {
        let (one, other) = (
            (one_count, one.cast_const()),
            (other_count, other.cast_const()),
        );
        let compare = |one: Option<&[u8]>, other: Option<&[u8]>, flags| {
            self.0.compare_entry_ids(one, other, flags)
        };
        // SAFETY: the caller's, until the method returns.
        unsafe { compare_entry_ids(one, other, flags, result, compare) }
    }

    has_advise!();

    fn MessageOptions(
        &self,
        ui_param: usize,
        flags: u32,
        address_type: *mut i8,
        message: Ref<'_, sys::IMessage>,
    ) -> Result<()> {
        let message = &inner::<_, ComMessage<S::Object>>(message.as_ref())?.0;
        // SAFETY: the caller's text is null, or ends with a NUL of the width that `flags` says.
        let address_type = unsafe { copied(address_type, is_unicode(flags)) };
        let ui_param = UiParam::new(ui_param);
        answer(
            || (self.0).message_options(ui_param, flags, &address_type, message),
            Ok,
        )
    }

    fn QueryDefaultMessageOpt(
        &self,
        address_type: *mut i8,
        flags: u32,
        count: *mut u32,
        values: *mut *mut sys::SPropValue,
    ) -> Result<()> {
        // SAFETY: the caller's places; the text is null, or ends with a NUL of the width that `flags` says.
        let (count, values, address_type) = unsafe {
            (
                Out::required(count),
                Out::required(values),
                copied(address_type, is_unicode(flags)),
            )
        };
        let (count, values) = (count?, values?);
        answer(
            || self.0.query_default_message_opt(&address_type, flags),
            |options| {
                values.give(self.0.memory().properties(&options)?);
                count.give(options.len() as u32);
                Ok(())
            },
        )
    }

    fn EnumAdrTypes(&self, flags: u32, count: *mut u32, types: *mut *mut *mut i8) -> Result<()> {
        // SAFETY: the caller's places.
        let (count, types) = unsafe { (Out::required(count), Out::required(types)) };
        let (count, types) = (count?, types?);
        answer(
            || self.0.enum_adr_types(flags),
            |all| {
                let size = size_of::<*mut i8>() * all.len();
                let mut root = Allocation::new(self.0.memory(), size)?;
                for (index, kind) in all.iter().enumerate() {
                    let text = root.text(kind, is_unicode(flags))?.cast();
                    // SAFETY: there is room for that many.
                    unsafe { root.as_ptr::<*mut i8>().add(index).write(text) };
                }
                count.give(all.len() as u32);
                types.give(root.give());
                Ok(())
            },
        )
    }

    fn QueryIdentity(&self, count: *mut u32, id: *mut *mut sys::ENTRYID) -> Result<()> {
        // SAFETY: the caller's places.
        let (count, id) = unsafe { (Out::required(count), Out::required(id)) };
        let (count, id) = (count?, id?);
        answer(
            || self.0.query_identity(),
            |identity| {
                let bytes = identity.as_bytes();
                id.give(Allocation::of(self.0.memory(), bytes)?.give());
                count.give(bytes.len() as u32);
                Ok(())
            },
        )
    }

    fn Logoff(&self, ui_param: usize, flags: u32, reserved: u32) -> Result<()> {
        let ended = answer(
            || self.0.logoff(UiParam::new(ui_param), flags, reserved),
            Ok,
        );
        let hresult = ended
            .as_ref()
            .map_or_else(|it| it.code().0.into(), |()| HResult::S_OK);
        if !refuses_logoff(hresult) {
            self.0.context.end();
        }
        ended
    }

    fn SetDefaultStore(&self, flags: u32, count: u32, id: *mut sys::ENTRYID) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let id = unsafe { entry_id(count, id) };
        answer(|| self.0.set_default_store(flags, id), Ok)
    }

    fn ShowForm(
        &self,
        ui_param: usize,
        store: Ref<'_, sys::IMsgStore>,
        parent_folder: Ref<'_, sys::IMAPIFolder>,
        interface: *mut GUID,
        token: usize,
        _message_sent: Ref<'_, sys::IMessage>,
        flags: u32,
        status: u32,
        message_flags: u32,
        access: u32,
        class: &PCSTR,
    ) -> Result<()> {
        // SAFETY: the caller's; the text is null, or ends with a NUL, and is never Unicode.
        let class = unsafe {
            asked_for(interface, &[sys::IMessage::IID])?;
            copied(class.0.cast(), false)
        };
        let store = &inner::<_, ComStore<S::MsgStore>>(store.as_ref())?.0;
        let folder = &inner::<_, ComFolder<S::Object>>(parent_folder.as_ref())?.0;
        let token = FormToken::new(u32::try_from(token).map_err(|_| invalid())?);
        let message = FormMessage::new(class)
            .with_status(status)
            .with_flags(message_flags)
            .with_access(access);
        let ui_param = UiParam::new(ui_param);
        answer(
            || (self.0).show_form(ui_param, store, folder, token, flags, &message),
            Ok,
        )
    }

    fn PrepareForm(
        &self,
        interface: *mut GUID,
        message: Ref<'_, sys::IMessage>,
        token: *mut usize,
    ) -> Result<()> {
        // SAFETY: the caller's.
        let token = unsafe {
            asked_for(interface, &[sys::IMessage::IID])?;
            Out::required(token)?
        };
        let message = &inner::<_, ComMessage<S::Object>>(message.as_ref())?.0;
        answer(
            || self.0.prepare_form(message),
            |given| {
                token.give(given.get() as usize);
                Ok(())
            },
        )
    }
}
