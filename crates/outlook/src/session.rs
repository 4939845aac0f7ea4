//! The session object: IMAPISession, and IMAPIClientShutdown.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::fmt;
use std::mem;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;

use outlook_mapi::{MAPIOutParam, sys};
use windows_core::PCSTR;

use super::admin::OutlookServiceAdmin;
use super::com::{
    Com, bytes, cast, entry_id_words, first, given, last_error, method, open_entry, opened,
    uid_words,
};
use super::library::Library;
use super::notification::Registered;
use super::objects::{OutlookObject, OutlookProfileSection, OutlookStore};
use super::properties::properties;
use super::tables::OutlookTable;
use super::text::{Text, copied};
use super::value::each;
use mapi_session::error::{Failure, MapiError, Success};
use mapi_session::notification::Connection;
use mapi_session::property::Property;
use mapi_session::subsystem::{RawEntry, RawResult, RawSession, RawTable, refuses_logoff};
use mapi_session::table::{MsgStoresTable, StatusRow, StatusTable, StoreRow};
use mapi_session::types::{FormMessage, FormToken, ObjectType};
use mapi_session::{AdviseSink, EntryId, HResult, MapiUid, UiParam};

/// A session of Outlook's MAPI. Dropping it is its Release.
pub struct OutlookSession {
    session: Com<sys::IMAPISession>,
    life: Rc<Life>,
}

/// What a session shares with what came from it.
pub(super) struct Life {
    library: Rc<Library>,
    ended: Cell<bool>,
    /// Logoff runs: it may show a dialog, and then this thread goes on with other things.
    logging_off: Cell<bool>,
    /// By what has the Advise, and the number that this gave: perhaps not for the first time.
    sinks: RefCell<BTreeMap<(Source, usize), Vec<Arc<Registered>>>>,
    last_source: Cell<u32>,
    /// MAPI's tokens, which are as wide as pointers, by ours.
    forms: RefCell<BTreeMap<u32, usize>>,
    last_form: Cell<u32>,
}

/// What has an Advise: the session, or something that came from it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source(u32);

impl Source {
    const SESSION: Self = Self(0);
}

impl Life {
    /// That of a session, or of an administration without one, which does not end.
    pub(super) fn new(library: Rc<Library>) -> Rc<Self> {
        Rc::new(Self {
            library,
            ended: Cell::new(false),
            logging_off: Cell::new(false),
            sinks: RefCell::default(),
            last_source: Cell::new(Source::SESSION.0),
            forms: RefCell::default(),
            last_form: Cell::new(0),
        })
    }

    pub(super) fn next_source(&self) -> Source {
        let next = self.last_source.get().wrapping_add(1);
        self.last_source.set(next);
        Source(next)
    }

    /// Registers a sink by the Advise of `source`, which is given the COM sink and the place for its
    /// number.
    pub(super) fn advise(
        &self,
        source: Source,
        sink: impl AdviseSink + 'static,
        advise: impl FnOnce(*mut c_void, *mut usize) -> HResult,
    ) -> RawResult<Connection> {
        let registered = Registered::new(sink);
        let sink = registered.to_com();
        let mut connection = 0;
        // Who keeps the sink counts it.
        let hresult = advise(windows_core::Interface::as_raw(&sink), &raw mut connection);
        let success = Success::from_hresult(Connection::new(connection as u64), hresult)
            .inspect_err(|_| registered.end())?;
        let mut sinks = self.sinks.borrow_mut();
        sinks
            .entry((source, connection))
            .or_default()
            .push(registered);
        Ok(success)
    }

    pub(super) fn unadvise(
        &self,
        source: Source,
        connection: Connection,
        unadvise: impl FnOnce(usize) -> HResult,
    ) -> RawResult<()> {
        let number = usize::try_from(connection.get()).ok();
        let registered = number.and_then(|number| {
            let registered = self.sinks.borrow_mut().remove(&(source, number));
            Some((number, registered?))
        });
        let Some((number, registered)) = registered else {
            return Err(Failure::new(HResult::MAPI_E_NOT_FOUND).because(format!(
                "{} is not the number of a registration of this object",
                connection.get()
            )));
        };
        let hresult = unadvise(number);
        // Whatever MAPI says: no call starts any more.
        registered.iter().for_each(|sink| sink.end());
        Success::from_hresult((), hresult)
    }

    /// It is released: no call of a sink that was registered with it starts any more.
    pub(super) fn end_source(&self, source: Source) {
        let mut sinks = self.sinks.borrow_mut();
        let mut ended = Vec::new();
        sinks.retain(|(of, _), registered| {
            let stays = *of != source;
            if !stays {
                ended.append(registered);
            }
            stays
        });
        drop(sinks);
        ended.iter().for_each(|sink| sink.end());
    }

    pub(super) fn library(&self) -> &Rc<Library> {
        &self.library
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        self.library.check()?;
        if self.ended.get() {
            return Err(Failure::new(HResult::MAPI_E_INVALID_OBJECT)
                .because("the session has ended, and nothing but release can follow"));
        }
        Ok(())
    }

    /// No call of a sink starts any more.
    fn end(&self) {
        self.ended.set(true);
        let sinks = mem::take(&mut *self.sinks.borrow_mut());
        sinks.values().flatten().for_each(|sink| sink.end());
    }
}

impl OutlookSession {
    pub(super) fn new(session: Com<sys::IMAPISession>) -> Self {
        let life = Life::new(Rc::clone(session.library()));
        Self { session, life }
    }

    /// The COM interface, for what has no method here. What is opened through it is to be
    /// [bound](mapi_session::Session::bind) to the session.
    ///
    /// Do not call Logoff on it: this session would not know that it has ended. Nor Unadvise or ShowForm
    /// with a number that came from here: those are not MAPI's own.
    #[must_use]
    pub fn as_com(&self) -> &sys::IMAPISession {
        &self.session
    }

    fn life(&self) -> Rc<Life> {
        Rc::clone(&self.life)
    }

    fn shutdown(&self) -> Result<Com<sys::IMAPIClientShutdown>, Failure> {
        self.life.check()?;
        let shutdown = cast(&*self.session).map_err(|error| {
            Failure::new(HResult::MAPI_E_NO_SUPPORT).because(format!(
                "the session has no IMAPIClientShutdown: {}",
                error.hresult()
            ))
        })?;
        Ok(Com::new(shutdown, Rc::clone(&self.life.library)))
    }
}

/// Release without a logoff, where there was none: the session has ended all the same.
impl Drop for OutlookSession {
    fn drop(&mut self) {
        self.life.end();
    }
}

impl fmt::Debug for OutlookSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutlookSession")
    }
}

impl RawSession for OutlookSession {
    type MsgStore = OutlookStore;
    type Object = OutlookObject;
    type ProfileSection = OutlookProfileSection;
    type ServiceAdmin = OutlookServiceAdmin;
    type StoreTable = OutlookTable<StoreRow>;
    type StatusTable = OutlookTable<StatusRow>;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.life.check()?;
        last_error!(&*self.session, hresult, flags)
    }

    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        let (table, warning) = self.open_msg_stores_table(flags)?.into_parts();
        let rows = table.rows()?.ignore_warning();
        Ok(Success::from_parts(rows, warning))
    }

    fn open_msg_stores_table(&self, flags: u32) -> RawResult<OutlookTable<StoreRow>> {
        self.life.check()?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            method!(
                &*self.session,
                GetMsgStoresTable(flags, (&raw mut table).cast())
            )
        };
        let unicode = is_unicode(flags);
        Ok(opened(table, hresult)?.map(|table| OutlookTable::new(table, unicode, self.life())))
    }

    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<OutlookStore> {
        self.life.check()?;
        let (count, id) = entry_id_words(entry_id)?;
        let mut store = None::<sys::IMsgStore>;
        // SAFETY: the identifier is as long as it says; the interface is the standard one.
        let hresult = unsafe {
            method!(
                &*self.session,
                OpenMsgStore(
                    ui_param.get(),
                    count,
                    id,
                    ptr::null_mut(),
                    flags,
                    (&raw mut store).cast()
                )
            )
        };
        Ok(opened(store, hresult)?.map(|store| OutlookStore::new(store, self.life())))
    }

    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<OutlookObject> {
        self.life.check()?;
        let mut book = None::<sys::IAddrBook>;
        // SAFETY: the interface is the standard one.
        let hresult = unsafe {
            method!(
                &*self.session,
                OpenAddressBook(
                    ui_param.get(),
                    ptr::null_mut(),
                    flags,
                    (&raw mut book).cast()
                )
            )
        };
        Ok(opened(book, hresult)?.map(|book| OutlookObject::new(book.into(), self.life())))
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<OutlookProfileSection> {
        self.life.check()?;
        let mut uid = uid_words(uid);
        let mut section = None::<sys::IProfSect>;
        // SAFETY: the interface is the standard one.
        let hresult = unsafe {
            method!(
                &*self.session,
                OpenProfileSection(
                    &raw mut uid,
                    ptr::null_mut(),
                    flags,
                    (&raw mut section).cast()
                )
            )
        };
        Ok(opened(section, hresult)?
            .map(|section| OutlookProfileSection::new(section, self.life())))
    }

    fn status_table(&self, flags: u32) -> RawResult<StatusTable> {
        let (table, warning) = self.open_status_table(flags)?.into_parts();
        let rows = table.rows()?.ignore_warning();
        Ok(Success::from_parts(rows, warning))
    }

    fn open_status_table(&self, flags: u32) -> RawResult<OutlookTable<StatusRow>> {
        self.life.check()?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            method!(
                &*self.session,
                GetStatusTable(flags, (&raw mut table).cast())
            )
        };
        let unicode = is_unicode(flags);
        Ok(opened(table, hresult)?.map(|table| OutlookTable::new(table, unicode, self.life())))
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<OutlookStore, OutlookObject>> {
        self.life.check()?;
        let entry = open_entry!(&*self.session, entry_id, flags)?;
        let ((object_type, object), warning) = entry.into_parts();
        let entry = match object_type {
            ObjectType::STORE => RawEntry::MsgStore(OutlookStore::new(cast(&object)?, self.life())),
            object_type => {
                RawEntry::Object(object_type, OutlookObject::new(cast(&object)?, self.life()))
            }
        };
        Ok(Success::from_parts(entry, warning))
    }

    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        self.life.check()?;
        let (one_count, one) = entry_id_words(one)?;
        let (other_count, other) = entry_id_words(other)?;
        let mut result = 0;
        // SAFETY: the identifiers are as long as they say.
        let hresult = unsafe {
            method!(
                &*self.session,
                CompareEntryIDs(one_count, one, other_count, other, flags, &raw mut result)
            )
        };
        Success::from_hresult(result != 0, hresult)
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        self.life.check()?;
        let (count, id) = entry_id_words(entry_id)?;
        self.life.advise(Source::SESSION, sink, |sink, connection| {
            // SAFETY: the identifier is as long as it says.
            unsafe {
                method!(
                    &*self.session,
                    Advise(count, id, event_mask, sink, connection)
                )
            }
        })
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.life.check()?;
        self.life.unadvise(Source::SESSION, connection, |number| {
            // SAFETY: a number that Advise gave, once.
            unsafe { method!(&*self.session, Unadvise(number)) }
        })
    }

    fn message_options(
        &self,
        ui_param: UiParam,
        flags: u32,
        address_type: &str,
        message: &OutlookObject,
    ) -> RawResult<()> {
        self.life.check()?;
        let address_type = text("the address type", address_type, is_unicode(flags))?;
        let message = message.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        // SAFETY: the text ends with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.session,
                MessageOptions(
                    ui_param.get(),
                    flags,
                    address_type.as_ptr(),
                    windows_core::Interface::as_raw(&*message)
                )
            )
        };
        Success::from_hresult((), hresult)
    }

    fn query_default_message_opt(
        &self,
        address_type: &str,
        flags: u32,
    ) -> RawResult<Vec<Property>> {
        self.life.check()?;
        let address_type = text("the address type", address_type, is_unicode(flags))?;
        let mut count = 0;
        let mut values = MAPIOutParam::<sys::SPropValue>::default();
        // SAFETY: the text ends with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.session,
                QueryDefaultMessageOpt(
                    address_type.as_ptr(),
                    flags,
                    &raw mut count,
                    values.as_mut_ptr()
                )
            )
        };
        let (mut values, warning) = given(values, hresult)?.into_parts();
        // SAFETY: MAPI gave this many.
        let values = unsafe { properties(first(&mut values), count) };
        Ok(Success::from_parts(values, warning))
    }

    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
        self.life.check()?;
        let mut count = 0;
        let mut types = MAPIOutParam::<*mut i8>::default();
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            method!(
                &*self.session,
                EnumAdrTypes(flags, &raw mut count, types.as_mut_ptr())
            )
        };
        let (mut types, warning) = given(types, hresult)?.into_parts();
        // SAFETY: MAPI gave this many, of the width that was asked for.
        let types = unsafe {
            let types = each(first(&mut types), count);
            types.map(|text| copied(text, is_unicode(flags))).collect()
        };
        Ok(Success::from_parts(types, warning))
    }

    fn query_identity(&self) -> RawResult<EntryId> {
        self.life.check()?;
        let mut count = 0;
        let mut id = MAPIOutParam::<sys::ENTRYID>::default();
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            method!(
                &*self.session,
                QueryIdentity(&raw mut count, id.as_mut_ptr())
            )
        };
        let (mut id, warning) = given(id, hresult)?.into_parts();
        // SAFETY: MAPI gave null or this many bytes.
        let id = unsafe { bytes(*id.as_mut_ptr(), count) };
        Ok(Success::from_parts(
            EntryId::new(id.unwrap_or_default()),
            warning,
        ))
    }

    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        if let Err(failure) = self.life.check() {
            // A logoff that is not refused ends the session (E8), also without the library.
            self.life.end();
            return Err(failure);
        }
        if self.life.logging_off.replace(true) {
            return Err(Failure::new(HResult::MAPI_E_BUSY)
                .because("the session is being logged off at this moment"));
        }
        // SAFETY: it takes numbers only.
        let hresult = unsafe { method!(&*self.session, Logoff(ui_param.get(), flags, reserved)) };
        self.life.logging_off.set(false);
        if !refuses_logoff(hresult) {
            self.life.end();
        }
        Success::from_hresult((), hresult)
    }

    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        self.life.check()?;
        let (count, id) = entry_id_words(entry_id)?;
        // SAFETY: the identifier is as long as it says.
        let hresult = unsafe { method!(&*self.session, SetDefaultStore(flags, count, id)) };
        Success::from_hresult((), hresult)
    }

    fn admin_services(&self, flags: u32) -> RawResult<OutlookServiceAdmin> {
        self.life.check()?;
        let mut admin = None::<sys::IMsgServiceAdmin>;
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            method!(
                &*self.session,
                AdminServices(flags, (&raw mut admin).cast())
            )
        };
        Ok(opened(admin, hresult)?.map(|admin| OutlookServiceAdmin::new(admin, self.life())))
    }

    fn show_form(
        &self,
        ui_param: UiParam,
        store: &OutlookStore,
        parent_folder: &OutlookObject,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()> {
        self.life.check()?;
        let Some(token) = self.life.forms.borrow_mut().remove(&token.get()) else {
            return Err(Failure::new(HResult::MAPI_E_INVALID_PARAMETER)
                .because("PrepareForm has not given this token, or it has been used"));
        };
        let folder = parent_folder.as_folder(HResult::MAPI_E_INVALID_PARAMETER)?;
        // Never Unicode.
        let class = text("the message class", message.class(), false)?;
        // SAFETY: the token is one that PrepareForm gave, once; the class ends with a NUL; the
        // interface is the standard one; there is no message sent.
        let hresult = unsafe {
            method!(
                &*self.session,
                ShowForm(
                    ui_param.get(),
                    store.as_raw(),
                    windows_core::Interface::as_raw(&*folder),
                    ptr::null_mut(),
                    token,
                    ptr::null_mut(),
                    flags,
                    message.status(),
                    message.flags(),
                    message.access(),
                    PCSTR::from_raw(class.as_ptr().cast())
                )
            )
        };
        Success::from_hresult((), hresult)
    }

    fn prepare_form(&self, message: &OutlookObject) -> RawResult<FormToken> {
        self.life.check()?;
        let message = message.as_message(HResult::MAPI_E_INVALID_PARAMETER)?;
        let mut token = 0;
        // SAFETY: the interface is the standard one.
        let hresult = unsafe {
            method!(
                &*self.session,
                PrepareForm(
                    ptr::null_mut(),
                    windows_core::Interface::as_raw(&*message),
                    &raw mut token
                )
            )
        };
        Ok(Success::from_hresult(token, hresult)?.map(|token| {
            let ours = self.life.last_form.get().wrapping_add(1);
            self.life.last_form.set(ours);
            self.life.forms.borrow_mut().insert(ours, token);
            FormToken::new(ours)
        }))
    }

    fn query_fast_shutdown(&self) -> RawResult<()> {
        let shutdown = self.shutdown()?;
        // SAFETY: it takes nothing.
        let hresult = unsafe { method!(&*shutdown, QueryFastShutdown()) };
        Success::from_hresult((), hresult)
    }

    fn notify_process_shutdown(&self) -> RawResult<()> {
        let shutdown = self.shutdown()?;
        // SAFETY: it takes nothing.
        let hresult = unsafe { method!(&*shutdown, NotifyProcessShutdown()) };
        Success::from_hresult((), hresult)
    }

    fn do_fast_shutdown(&self) -> RawResult<()> {
        let shutdown = self.shutdown()?;
        // SAFETY: it takes nothing.
        let hresult = unsafe { method!(&*shutdown, DoFastShutdown()) };
        let success = Success::from_hresult((), hresult)?;
        // From now on, what is dropped is forgotten.
        self.life.library.shut_down();
        self.life.end();
        Ok(success)
    }
}

pub(super) fn is_unicode(flags: u32) -> bool {
    flags & sys::MAPI_UNICODE != 0
}

/// A text for a call, where it can be passed on whole.
pub(super) fn text(what: &str, text: &str, unicode: bool) -> Result<Text, Failure> {
    Text::new(Some(text), unicode).map_err(|why| {
        Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(format!("{what} {text:?} {why}"))
    })
}
