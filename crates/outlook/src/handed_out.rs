//! The way back: a session of any subsystem, as a COM object.

/// Methods that are not offered.
macro_rules! unsupported {
    ($(fn $name:ident(&self $(, $argument:ident: $Type:ty)* $(,)?) -> Result<$Value:ty>;)*) => {$(
        fn $name(&self $(, $argument: $Type)*) -> Result<$Value> {
            $(let _ = $argument;)*
            Err(not_supported())
        }
    )*};
}

mod admin;
mod mail;
mod objects;
mod sink;
mod stream;
mod table;
mod values;

use std::cell::Cell;
use std::rc::Rc;

use outlook_mapi::sys;
use windows_core::{
    ComObjectInner, GUID, HRESULT, IUnknown, IUnknownImpl, Interface, OutRef, PCSTR, Ref, Result,
    implement,
};

use self::admin::ComAdmin;
pub use self::admin::hand_out_profile_admin;
use self::objects::{ComAddressBook, ComFolder, ComMessage, ComSection, ComStore, object};
use self::sink::Connections;
use self::table::{ComTable, status_row, store_row};
use self::values::{Allocation, failed};
use super::properties::properties;
use super::session::is_unicode;
use super::text::copied;
use super::value::Arena as _;
use mapi_session::error::{Failure, MapiError};
use mapi_session::property::Property;
use mapi_session::subsystem::{RawEntry, RawResult, RawSession, RawTable, contain, refuses_logoff};
use mapi_session::types::{FormMessage, FormToken, ObjectType};
use mapi_session::{HResult, MapiUid, UiParam};

/// Hands a session of any subsystem out as a COM `IMAPISession`, so that code that is written
/// straight over `outlook_mapi::sys` can be tested without Outlook.
///
/// ```no_run
/// use mapi_session::memory::{Memory, Profile, Store};
/// use mapi_session::UiParam;
/// use mapi_session_outlook::{hand_out, outlook_mapi::sys::IMAPISession};
/// use mapi_session::subsystem::Subsystem;
///
/// let mailbox = Store::new("Mailbox").default_store();
/// let memory = Memory::builder().profile(Profile::new("P").store(mailbox)).build()?;
/// memory.initialize(0, 0).unwrap();
/// let session = memory.logon_ex(UiParam::NONE, Some("P"), None, 0x22).unwrap();
/// let session: IMAPISession = hand_out(session.ignore_warning());
/// // SAFETY: IMAPISession::Logoff takes numbers only.
/// unsafe { session.Logoff(0, 0, 0) }.unwrap();
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// The last Release of the object drops the session. What it answers is what the subsystem answers:
/// flags and reserved words are passed on as they come, and a success with a warning keeps its
/// HRESULT, but for the methods that give a table or an administration object, where windows-core
/// has no room for it. A panic of the subsystem is E_UNEXPECTED.
///
/// # What there is
/// - All of IMAPISession and IMAPIClientShutdown. An interface may be asked for where it is the
///   standard one of the kind of object; ShowForm shows a message that was prepared here.
/// - Tables of folders, messages and receive folders: what
///   [`RawPropTable`](mapi_session::subsystem::RawPropTable) has.
/// - Other tables: SetColumns, QueryRows, SeekRow and GetRowCount. The store table and the status table
///   have the rows of now, and Advise; others, the rows of when the table was opened.
/// - Objects: of IMAPIProp what [`RawProp`](mapi_session::subsystem::RawProp) has, with OpenProperty for
///   an IStream to read; what [`RawMsgStore`](mapi_session::subsystem::RawMsgStore) and
///   [`RawObject`](mapi_session::subsystem::RawObject) have of the store, of folders and messages, of
///   status objects, and Advise of the address book. Mail users and containers of the address book are
///   IMAPIProp only.
/// - IMsgServiceAdmin and IMsgServiceAdmin2: what
///   [`RawServiceAdmin`](mapi_session::subsystem::RawServiceAdmin) has; IProviderAdmin.
///
/// All else is MAPI_E_NO_SUPPORT. What is given out is MAPI's memory: it is freed with
/// MAPIFreeBuffer and FreeProws, and a module that has them is needed.
///
/// The object stays on its thread. Sinks that it is given are called on whatever thread the
/// subsystem chooses, as MAPI does.
pub fn hand_out<S: RawSession + 'static>(session: S) -> sys::IMAPISession {
    ComSession {
        session,
        ended: Rc::default(),
        connections: Connections::default(),
    }
    .into()
}

#[implement(sys::IMAPISession, sys::IMAPIClientShutdown, Agile = false)]
struct ComSession<S>
where
    S: RawSession + 'static,
{
    session: S,
    /// For the tables, which know nothing of the session any more (O2).
    ended: Rc<Cell<bool>>,
    connections: Connections,
}

impl<S: RawSession> ComSession<S> {
    fn object_of<'a>(&self, message: &'a Ref<'_, sys::IMessage>) -> Result<&'a S::Object> {
        Ok(&inner::<_, ComMessage<S::Object>>(message.as_ref())?.0)
    }

    fn table<T: RawTable + 'static>(
        &self,
        table: RawResult<T>,
        row: fn(&T::Row) -> Vec<Property>,
        flags: u32,
    ) -> Result<sys::IMAPITable> {
        let table = table.map_err(|failure| failed(failure.hresult()))?;
        let table = table.ignore_warning();
        Ok(ComTable::live(table, row, flags, &self.ended))
    }
}

/// Not by a logoff: then by this.
impl<S> Drop for ComSession<S>
where
    S: RawSession + 'static,
{
    fn drop(&mut self) {
        self.ended.set(true);
    }
}

impl<S: RawSession + 'static> sys::IMAPIClientShutdown_Impl for ComSession_Impl<S> {
    fn QueryFastShutdown(&self) -> Result<()> {
        answer(|| self.session.query_fast_shutdown(), |()| Ok(()))
    }

    fn NotifyProcessShutdown(&self) -> Result<()> {
        answer(|| self.session.notify_process_shutdown(), |()| Ok(()))
    }

    fn DoFastShutdown(&self) -> Result<()> {
        answer(|| self.session.do_fast_shutdown(), |()| Ok(()))
    }
}

impl<S: RawSession + 'static> sys::IMAPISession_Impl for ComSession_Impl<S> {
    fn GetLastError(
        &self,
        hresult: HRESULT,
        flags: u32,
        error: *mut *mut sys::MAPIERROR,
    ) -> Result<()> {
        last_error(
            |hresult, flags| self.session.last_error(hresult, flags),
            hresult,
            flags,
            error,
        )
    }

    fn GetMsgStoresTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        let table = contained(|| self.session.open_msg_stores_table(flags));
        self.table(table, store_row, flags)
    }

    fn OpenMsgStore(
        &self,
        ui_param: usize,
        count: u32,
        id: *mut sys::ENTRYID,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IMsgStore>,
    ) -> Result<()> {
        standard(interface, &[sys::IMsgStore::IID])?;
        let ui_param = UiParam::new(ui_param);
        answer(
            || {
                self.session
                    .open_msg_store(ui_param, bytes_of(count, &id), flags)
            },
            |store| opened.write(Some(ComStore::new(store).into())),
        )
    }

    fn OpenAddressBook(
        &self,
        ui_param: usize,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IAddrBook>,
    ) -> Result<()> {
        standard(interface, &[sys::IAddrBook::IID])?;
        let ui_param = UiParam::new(ui_param);
        answer(
            || self.session.open_address_book(ui_param, flags),
            |book| opened.write(Some(ComAddressBook::new(book).into())),
        )
    }

    fn OpenProfileSection(
        &self,
        uid: *mut sys::MAPIUID,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IProfSect>,
    ) -> Result<()> {
        standard(interface, &[sys::IProfSect::IID])?;
        required(uid)?;
        // SAFETY: not null.
        let uid = MapiUid::new(unsafe { (*uid).ab });
        answer(
            || self.session.open_profile_section(uid, flags),
            |section| opened.write(Some(ComSection(section).into())),
        )
    }

    fn GetStatusTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        let table = contained(|| self.session.open_status_table(flags));
        self.table(table, status_row, flags)
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
        standard(interface, &[])?;
        answer(
            || self.session.open_entry(bytes_of(count, &id), flags),
            |entry| {
                let (kind, entry) = match entry {
                    RawEntry::MsgStore(store) => {
                        let store: sys::IMsgStore = ComStore::new(store).into();
                        (ObjectType::STORE, store.into())
                    }
                    RawEntry::Object(kind, raw) => (kind, object(kind, raw)),
                };
                put(object_type, kind.get());
                opened.write(Some(entry))
            },
        )
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
        required(result)?;
        answer(
            || {
                let (one, other) = (bytes_of(one_count, &one), bytes_of(other_count, &other));
                self.session.compare_entry_ids(one, other, flags)
            },
            |same| {
                put(result, same.into());
                Ok(())
            },
        )
    }

    fn Advise(
        &self,
        count: u32,
        id: *mut sys::ENTRYID,
        event_mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        self.connections.advise(sink, connection, |sink| {
            self.session.advise(bytes_of(count, &id), event_mask, sink)
        })
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        self.connections
            .unadvise(connection, |connection| self.session.unadvise(connection))
    }

    fn MessageOptions(
        &self,
        ui_param: usize,
        flags: u32,
        address_type: *mut i8,
        message: Ref<'_, sys::IMessage>,
    ) -> Result<()> {
        let message = self.object_of(&message)?;
        // SAFETY: the caller's text is null, or ends with a NUL of the width that `flags` says.
        let address_type = unsafe { copied(address_type, is_unicode(flags)) };
        let ui_param = UiParam::new(ui_param);
        answer(
            || {
                self.session
                    .message_options(ui_param, flags, &address_type, message)
            },
            |()| Ok(()),
        )
    }

    fn QueryDefaultMessageOpt(
        &self,
        address_type: *mut i8,
        flags: u32,
        count: *mut u32,
        values: *mut *mut sys::SPropValue,
    ) -> Result<()> {
        required(count)?;
        required(values)?;
        // SAFETY: the caller's text is null, or ends with a NUL of the width that `flags` says.
        let address_type = unsafe { copied(address_type, is_unicode(flags)) };
        answer(
            || self.session.query_default_message_opt(&address_type, flags),
            |options| {
                put(values, values::properties(&options)?);
                put(count, options.len() as u32);
                Ok(())
            },
        )
    }

    fn EnumAdrTypes(&self, flags: u32, count: *mut u32, types: *mut *mut *mut i8) -> Result<()> {
        required(count)?;
        required(types)?;
        answer(
            || self.session.enum_adr_types(flags),
            |all| {
                let mut root = Allocation::new(size_of::<*mut i8>() * all.len())?;
                for (index, kind) in all.iter().enumerate() {
                    let text = root.text(kind, is_unicode(flags))?.cast();
                    // SAFETY: there is room for that many.
                    put(unsafe { root.as_ptr::<*mut i8>().add(index) }, text);
                }
                put(count, all.len() as u32);
                put(types, root.give());
                Ok(())
            },
        )
    }

    fn QueryIdentity(&self, count: *mut u32, id: *mut *mut sys::ENTRYID) -> Result<()> {
        required(count)?;
        required(id)?;
        answer(
            || self.session.query_identity(),
            |identity| {
                let bytes = identity.as_bytes();
                put(id, Allocation::of(bytes)?.give());
                put(count, bytes.len() as u32);
                Ok(())
            },
        )
    }

    fn Logoff(&self, ui_param: usize, flags: u32, reserved: u32) -> Result<()> {
        let ended = answer(
            || self.session.logoff(UiParam::new(ui_param), flags, reserved),
            |()| Ok(()),
        );
        let hresult = ended
            .as_ref()
            .map_or_else(|it| it.code().0.into(), |()| HResult::S_OK);
        if !refuses_logoff(hresult) {
            self.ended.set(true);
        }
        ended
    }

    fn SetDefaultStore(&self, flags: u32, count: u32, id: *mut sys::ENTRYID) -> Result<()> {
        answer(
            || self.session.set_default_store(flags, bytes_of(count, &id)),
            |()| Ok(()),
        )
    }

    fn AdminServices(&self, flags: u32) -> Result<sys::IMsgServiceAdmin> {
        let admin = contained(|| self.session.admin_services(flags));
        let admin = admin.map_err(|failure| failed(failure.hresult()))?;
        Ok(ComAdmin {
            admin: admin.ignore_warning(),
            ended: Rc::clone(&self.ended),
        }
        .into())
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
        standard(interface, &[sys::IMessage::IID])?;
        let store = &inner::<_, ComStore<S::MsgStore>>(store.as_ref())?.0;
        let folder = &inner::<_, ComFolder<S::Object>>(parent_folder.as_ref())?.0;
        let token = FormToken::new(u32::try_from(token).map_err(|_| invalid())?);
        // SAFETY: the caller's text is null, or ends with a NUL; it is never Unicode.
        let class = unsafe { copied(class.0.cast(), false) };
        let message = FormMessage::new(class)
            .with_status(status)
            .with_flags(message_flags)
            .with_access(access);
        let ui_param = UiParam::new(ui_param);
        answer(
            || {
                self.session
                    .show_form(ui_param, store, folder, token, flags, &message)
            },
            |()| Ok(()),
        )
    }

    fn PrepareForm(
        &self,
        interface: *mut GUID,
        message: Ref<'_, sys::IMessage>,
        token: *mut usize,
    ) -> Result<()> {
        standard(interface, &[sys::IMessage::IID])?;
        required(token)?;
        let message = self.object_of(&message)?;
        answer(
            || self.session.prepare_form(message),
            |given| {
                put(token, given.get() as usize);
                Ok(())
            },
        )
    }
}

/// GetLastError of an object.
fn last_error(
    call: impl FnOnce(HResult, u32) -> RawResult<Option<MapiError>>,
    hresult: HRESULT,
    flags: u32,
    error: *mut *mut sys::MAPIERROR,
) -> Result<()> {
    required(error)?;
    answer(
        || call(hresult.0.into(), flags),
        |last| {
            let Some(last) = last else {
                put(error, std::ptr::null_mut());
                return Ok(());
            };
            let mut root = Allocation::new(size_of::<sys::MAPIERROR>())?;
            let unicode = is_unicode(flags);
            let raw = sys::MAPIERROR {
                ulVersion: 0,
                lpszError: root.text(last.error(), unicode)?.cast(),
                lpszComponent: root.text(last.component(), unicode)?.cast(),
                ulLowLevelError: last.low_level_error(),
                ulContext: last.context(),
            };
            put(root.as_ptr(), raw);
            put(error, root.give());
            Ok(())
        },
    )
}

fn not_supported() -> windows_core::Error {
    failed(HResult::MAPI_E_NO_SUPPORT)
}

fn invalid() -> windows_core::Error {
    failed(HResult::MAPI_E_INVALID_PARAMETER)
}

/// What a subsystem gives; a panic of it is a failure.
fn contained<T>(call: impl FnOnce() -> RawResult<T>) -> RawResult<T> {
    contain("a subsystem", call).unwrap_or_else(|| Err(Failure::new(HResult::E_UNEXPECTED)))
}

/// Calls the subsystem, and gives the caller what it gave.
fn answer<T>(
    call: impl FnOnce() -> RawResult<T>,
    give: impl FnOnce(T) -> Result<()>,
) -> Result<()> {
    let (value, warning) = contained(call)
        .map_err(|failure| failed(failure.hresult()))?
        .into_parts();
    give(value)?;
    warning.map_or(Ok(()), |warning| Err(failed(warning.hresult())))
}

/// Whether there is a place for what comes out.
fn required<T>(place: *mut T) -> Result<()> {
    if place.is_null() {
        return Err(invalid());
    }
    Ok(())
}

/// Writes what comes out, where there is a place for it.
fn put<T>(place: *mut T, value: T) {
    if !place.is_null() {
        // SAFETY: the caller of the method gives a place for one value.
        unsafe { place.write(value) };
    }
}

/// Whether the interface is the standard one: null, or what all of that kind have.
fn standard(interface: *const GUID, own: &[GUID]) -> Result<()> {
    // SAFETY: null, or the caller's.
    let Some(interface) = (unsafe { interface.as_ref() }) else {
        return Ok(());
    };
    let common = [IUnknown::IID, sys::IMAPIProp::IID];
    if common.contains(interface) || own.contains(interface) {
        return Ok(());
    }
    Err(failed(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED))
}

/// The caller's entry identifier. It is not kept for longer than `id` is borrowed, which is during
/// the call.
fn bytes_of(count: u32, id: &*mut sys::ENTRYID) -> Option<&[u8]> {
    // SAFETY: null, or the caller has this many bytes there until the method returns.
    (!id.is_null()).then(|| unsafe { std::slice::from_raw_parts(id.cast::<u8>(), count as usize) })
}

/// The caller's properties.
fn props_of(count: u32, values: *mut sys::SPropValue) -> Result<Vec<Property>> {
    if count > 0 {
        required(values)?;
    }
    // SAFETY: the caller gives this many.
    Ok(unsafe { properties(values, count) })
}

/// Our own object behind an interface that the caller hands back.
fn inner<I, T>(interface: Option<&I>) -> Result<&T>
where
    I: Interface,
    T: ComObjectInner,
    T::Outer: IUnknownImpl<Impl = T> + 'static,
{
    let outer = interface.ok_or_else(invalid)?.cast_object_ref::<T>();
    Ok(outer.map_err(|_| invalid())?.get_impl())
}
