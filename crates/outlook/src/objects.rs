//! What a session opens.

use std::cell::Cell;
use std::fmt;
use std::ptr;
use std::rc::Rc;

use outlook_mapi::{MAPIOutParam, sys};
use windows_core::{IUnknown, Interface};

use super::com::{Com, bytes, cast, entry_id_words, given, last_error, method, open_entry, opened};
use super::mail::{AddressList, EntryList};
use super::properties;
use super::session::{Life, Source, is_unicode};
use super::tables::OutlookTable;
use super::text::{Text, copied};
use mapi_session::error::{Failure, MapiError, Success};
use mapi_session::flags::StoreLogoffFlags;
use mapi_session::notification::Connection;
use mapi_session::property::{PropName, PropProblem, PropTag, Property, Props};
use mapi_session::subsystem::{RawMsgStore, RawObject, RawProfileSection, RawProp, RawResult};
use mapi_session::types::ObjectType;
use mapi_session::{AdviseSink, EntryId, HResult, UiParam};

/// A message store of Outlook's MAPI. Dropping it is its Release.
pub struct OutlookStore {
    store: Com<sys::IMsgStore>,
    life: Rc<Life>,
    source: Source,
    /// By StoreLogoff.
    ended: Cell<bool>,
}

impl OutlookStore {
    pub(super) fn new(store: sys::IMsgStore, life: Rc<Life>) -> Self {
        Self {
            store: Com::new(store, Rc::clone(life.library())),
            source: life.next_source(),
            life,
            ended: Cell::new(false),
        }
    }

    /// The COM interface, for what has no method here. What is opened through it is to be
    /// [bound](mapi_session::Session::bind) to the session.
    ///
    /// Do not call StoreLogoff on it: this store would not know that it has ended.
    #[must_use]
    pub fn as_com(&self) -> &sys::IMsgStore {
        &self.store
    }

    pub(super) fn as_raw(&self) -> *mut std::ffi::c_void {
        Interface::as_raw(&*self.store)
    }

    fn check(&self) -> Result<(), Failure> {
        self.life.check()?;
        over(&self.ended, "the store is logged off")
    }
}

impl RawMsgStore for OutlookStore {
    type Object = OutlookObject;

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, OutlookObject)> {
        self.check()?;
        let entry = open_entry!(&*self.store, entry_id, flags)?;
        let ((object_type, object), warning) = entry.into_parts();
        let object = OutlookObject::new(cast(&object)?, Rc::clone(&self.life));
        Ok(Success::from_parts((object_type, object), warning))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        self.check()?;
        let (count, id) = entry_id_words(entry_id)?;
        self.life.advise(self.source, sink, |sink, connection| {
            // SAFETY: the identifier is as long as it says.
            unsafe {
                method!(
                    &*self.store,
                    Advise(count, id, event_mask, sink, connection)
                )
            }
        })
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.check()?;
        self.life.unadvise(self.source, connection, |number| {
            // SAFETY: a number that Advise gave, once.
            unsafe { method!(&*self.store, Unadvise(number)) }
        })
    }

    fn receive_folder(
        &self,
        message_class: Option<&str>,
        flags: u32,
    ) -> RawResult<(EntryId, String)> {
        self.check()?;
        let message_class = Text::new(message_class, is_unicode(flags)).map_err(|why| {
            let failure = Failure::new(HResult::MAPI_E_INVALID_PARAMETER);
            failure.because(format!("the message class {why}"))
        })?;
        let mut count = 0;
        let mut id = MAPIOutParam::<sys::ENTRYID>::default();
        let mut class = MAPIOutParam::<i8>::default();
        // SAFETY: the class is null, or ends with a NUL of the width that `flags` says; the rest takes
        // what comes out.
        let hresult = unsafe {
            method!(
                &*self.store,
                GetReceiveFolder(
                    message_class.as_ptr(),
                    flags,
                    &raw mut count,
                    id.as_mut_ptr(),
                    class.as_mut_ptr()
                )
            )
        };
        let ((mut id, mut class), warning) = given((id, class), hresult)?.into_parts();
        // SAFETY: MAPI gave null or this many bytes, and null or a text of the width that was asked
        // for.
        let (id, class) = unsafe {
            (
                bytes(*id.as_mut_ptr(), count).unwrap_or_default(),
                copied(*class.as_mut_ptr(), is_unicode(flags)),
            )
        };
        Ok(Success::from_parts((EntryId::new(id), class), warning))
    }

    fn receive_folder_table(&self, flags: u32) -> RawResult<OutlookTable<Props>> {
        self.check()?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes a number, and what comes out.
        let hresult = unsafe {
            method!(
                &*self.store,
                GetReceiveFolderTable(flags, (&raw mut table).cast())
            )
        };
        prop_table(table, hresult, flags, &self.life)
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        self.check()?;
        let mut flags = flags;
        // SAFETY: it reads and writes one word.
        let hresult = unsafe { method!(&*self.store, StoreLogoff(&raw mut flags)) };
        let success = Success::from_hresult(flags, hresult)?;
        if StoreLogoffFlags::from(flags).contains(StoreLogoffFlags::COMPLETE) {
            self.ended.set(true);
        }
        Ok(success)
    }
}

impl Drop for OutlookStore {
    fn drop(&mut self) {
        self.life.end_source(self.source);
    }
}

/// An object of Outlook's MAPI. Dropping it is its Release.
pub struct OutlookObject {
    object: Com<sys::IMAPIProp>,
    life: Rc<Life>,
    source: Source,
    /// By SubmitMessage.
    ended: Cell<bool>,
}

impl OutlookObject {
    pub(super) fn new(object: sys::IMAPIProp, life: Rc<Life>) -> Self {
        Self {
            object: Com::new(object, Rc::clone(life.library())),
            source: life.next_source(),
            life,
            ended: Cell::new(false),
        }
    }

    /// The COM interface, for what has no method here. What is opened through it is to be
    /// [bound](mapi_session::Session::bind) to the session.
    /// Of a folder, a message and so on, [`cast`](windows_core::Interface::cast) gives the interface
    /// of its kind.
    ///
    /// Do not call SubmitMessage on it: this object would not know that it has ended.
    #[must_use]
    pub fn as_com(&self) -> &sys::IMAPIProp {
        &self.object
    }

    fn check(&self) -> Result<(), Failure> {
        self.life.check()?;
        over(&self.ended, "the message has been submitted")
    }

    /// By the interface of its kind.
    fn is<I: Interface>(&self, kind: &'static str, otherwise: HResult) -> Result<Com<I>, Failure> {
        self.check()?;
        let object = cast(&*self.object).map_err(|_| Failure::new(otherwise).because(kind))?;
        Ok(Com::new(object, Rc::clone(self.life.library())))
    }

    pub(super) fn as_message(&self, otherwise: HResult) -> Result<Com<sys::IMessage>, Failure> {
        self.is("the object is no message", otherwise)
    }

    fn as_status(&self) -> Result<Com<sys::IMAPIStatus>, Failure> {
        self.is("the object is no status object", HResult::MAPI_E_NO_SUPPORT)
    }

    fn as_address_book(&self) -> Result<Com<sys::IAddrBook>, Failure> {
        let kind = "the object is not the address book";
        self.is(kind, HResult::MAPI_E_NO_SUPPORT)
    }

    pub(super) fn as_folder(&self, otherwise: HResult) -> Result<Com<sys::IMAPIFolder>, Failure> {
        self.is("the object is no folder", otherwise)
    }

    fn as_container(&self) -> Result<Com<sys::IMAPIContainer>, Failure> {
        self.is("the object holds nothing", HResult::MAPI_E_NO_SUPPORT)
    }

    fn table(
        &self,
        table: Option<sys::IMAPITable>,
        hresult: HResult,
        flags: u32,
    ) -> RawResult<OutlookTable<Props>> {
        prop_table(table, hresult, flags, &self.life)
    }

    /// What a call opened. MAPI says of what kind it is.
    fn child(&self, object: Option<IUnknown>, hresult: HResult) -> RawResult<Self> {
        let (object, warning) = opened(object, hresult)?.into_parts();
        let object = Com::new(object, Rc::clone(self.life.library()));
        let object = Self::new(cast(&*object)?, Rc::clone(&self.life));
        Ok(Success::from_parts(object, warning))
    }
}

impl RawObject for OutlookObject {
    type Table = OutlookTable<Props>;

    fn contents_table(&self, flags: u32) -> RawResult<OutlookTable<Props>> {
        let container = self.as_container()?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes a number, and what comes out.
        let hresult = unsafe {
            method!(
                &*container,
                GetContentsTable(flags, (&raw mut table).cast())
            )
        };
        self.table(table, hresult, flags)
    }

    fn hierarchy_table(&self, flags: u32) -> RawResult<OutlookTable<Props>> {
        let container = self.as_container()?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes a number, and what comes out.
        let hresult = unsafe {
            method!(
                &*container,
                GetHierarchyTable(flags, (&raw mut table).cast())
            )
        };
        self.table(table, hresult, flags)
    }

    fn create_message(&self, flags: u32) -> RawResult<Self> {
        let folder = self.as_folder(HResult::MAPI_E_NO_SUPPORT)?;
        let mut message = None::<IUnknown>;
        // SAFETY: it takes a number, and what comes out; the interface is the standard one.
        let hresult = unsafe {
            method!(
                &*folder,
                CreateMessage(ptr::null_mut(), flags, (&raw mut message).cast())
            )
        };
        self.child(message, hresult)
    }

    fn create_folder(
        &self,
        folder_type: u32,
        name: &str,
        comment: &str,
        flags: u32,
    ) -> RawResult<Self> {
        let folder = self.as_folder(HResult::MAPI_E_NO_SUPPORT)?;
        let text = |which: &str, text| {
            Text::new(text, is_unicode(flags)).map_err(|why| {
                let failure = Failure::new(HResult::MAPI_E_INVALID_PARAMETER);
                failure.because(format!("the folder's {which} {why}"))
            })
        };
        let name = text("name", Some(name))?;
        let comment = text("comment", Some(comment).filter(|it| !it.is_empty()))?;
        let mut created = None::<IUnknown>;
        // SAFETY: the texts are null, or end with a NUL of the width that `flags` says; the interface
        // is the standard one.
        let hresult = unsafe {
            method!(
                &*folder,
                CreateFolder(
                    folder_type,
                    name.as_ptr(),
                    comment.as_ptr(),
                    ptr::null_mut(),
                    flags,
                    (&raw mut created).cast()
                )
            )
        };
        self.child(created, hresult)
    }

    fn delete_messages(
        &self,
        entry_ids: &[EntryId],
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        let folder = self.as_folder(HResult::MAPI_E_NO_SUPPORT)?;
        let list = EntryList::new(entry_ids)?;
        let mut list = list.raw();
        // SAFETY: the list is as long as it says, and the identifiers are; no progress is shown.
        let hresult = unsafe {
            method!(
                &*folder,
                DeleteMessages(&raw mut list, ui_param.get(), ptr::null_mut(), flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn set_read_flags(
        &self,
        entry_ids: Option<&[EntryId]>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        let folder = self.as_folder(HResult::MAPI_E_NO_SUPPORT)?;
        let list = entry_ids.map(EntryList::new).transpose()?;
        let mut list = list.as_ref().map(EntryList::raw);
        let list = list.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
        // SAFETY: the list is null or as long as it says, and the identifiers are; no progress is
        // shown.
        let hresult = unsafe {
            method!(
                &*folder,
                SetReadFlags(list, ui_param.get(), ptr::null_mut(), flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn recipient_table(&self, flags: u32) -> RawResult<OutlookTable<Props>> {
        let message = self.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes a number, and what comes out.
        let hresult =
            unsafe { method!(&*message, GetRecipientTable(flags, (&raw mut table).cast())) };
        self.table(table, hresult, flags)
    }

    fn modify_recipients(&self, flags: u32, recipients: &[Props]) -> RawResult<()> {
        let message = self.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        let mut list = AddressList::new(recipients)?;
        // SAFETY: the list is as long as it says, and each recipient's properties are.
        let hresult = unsafe { method!(&*message, ModifyRecipients(flags, list.as_mut_ptr())) };
        Success::from_hresult((), hresult)
    }

    fn attachment_table(&self, flags: u32) -> RawResult<OutlookTable<Props>> {
        let message = self.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes a number, and what comes out.
        let hresult = unsafe {
            method!(
                &*message,
                GetAttachmentTable(flags, (&raw mut table).cast())
            )
        };
        self.table(table, hresult, flags)
    }

    fn open_attach(&self, number: u32, flags: u32) -> RawResult<Self> {
        let message = self.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        let mut attachment = None::<IUnknown>;
        // SAFETY: it takes numbers, and what comes out; the interface is the standard one.
        let hresult = unsafe {
            method!(
                &*message,
                OpenAttach(number, ptr::null_mut(), flags, (&raw mut attachment).cast())
            )
        };
        self.child(attachment, hresult)
    }

    fn create_attach(&self, flags: u32) -> RawResult<Self> {
        let message = self.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        let (mut number, mut attachment) = (0_u32, None::<IUnknown>);
        // SAFETY: it takes a number, and what comes out; the interface is the standard one.
        let hresult = unsafe {
            let (number, attachment) = (&raw mut number, (&raw mut attachment).cast());
            method!(
                &*message,
                CreateAttach(ptr::null_mut(), flags, number, attachment)
            )
        };
        self.child(attachment, hresult)
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        let message = self.as_message(HResult::MAPI_E_NO_SUPPORT)?;
        // SAFETY: it takes a number only.
        let hresult = unsafe { method!(&*message, SubmitMessage(flags)) };
        let success = Success::from_hresult((), hresult)?;
        self.ended.set(true);
        Ok(success)
    }

    fn validate_state(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        let status = self.as_status()?;
        // SAFETY: it takes numbers only.
        let hresult = unsafe { method!(&*status, ValidateState(ui_param.get(), flags)) };
        Success::from_hresult((), hresult)
    }

    fn settings_dialog(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        let status = self.as_status()?;
        // SAFETY: it takes numbers only.
        let hresult = unsafe { method!(&*status, SettingsDialog(ui_param.get(), flags)) };
        Success::from_hresult((), hresult)
    }

    fn change_password(&self, old: Option<&str>, new: Option<&str>, flags: u32) -> RawResult<()> {
        let status = self.as_status()?;
        let password = |which: &str, text| {
            Text::new(text, is_unicode(flags)).map_err(|why| {
                let failure = Failure::new(HResult::MAPI_E_INVALID_PARAMETER);
                failure.because(format!("the {which} password {why}"))
            })
        };
        let (old, new) = (password("old", old)?, password("new", new)?);
        // SAFETY: the texts are null, or end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*status,
                ChangePassword(old.as_ptr().cast(), new.as_ptr().cast(), flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn flush_queues(
        &self,
        ui_param: UiParam,
        transport: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<()> {
        let status = self.as_status()?;
        let (count, id) = entry_id_words(transport)?;
        // SAFETY: the identifier is as long as it says.
        let hresult = unsafe { method!(&*status, FlushQueues(ui_param.get(), count, id, flags)) };
        Success::from_hresult((), hresult)
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        let book = self.as_address_book()?;
        let (count, id) = entry_id_words(entry_id)?;
        self.life.advise(self.source, sink, |sink, connection| {
            // SAFETY: the identifier is as long as it says.
            unsafe { method!(&*book, Advise(count, id, event_mask, sink, connection)) }
        })
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        let book = self.as_address_book()?;
        self.life.unadvise(self.source, connection, |number| {
            // SAFETY: a number that Advise gave, once.
            unsafe { method!(&*book, Unadvise(number)) }
        })
    }
}

impl Drop for OutlookObject {
    fn drop(&mut self) {
        self.life.end_source(self.source);
    }
}

/// A profile section of Outlook's MAPI. Dropping it is its Release.
///
/// A property of a type that [`PropertyValue`](mapi_session::property::PropertyValue) lacks is read as the error
/// MAPI_E_INVALID_TYPE, under its own tag.
pub struct OutlookProfileSection {
    section: Com<sys::IProfSect>,
    life: Rc<Life>,
}

impl OutlookProfileSection {
    pub(super) fn new(section: sys::IProfSect, life: Rc<Life>) -> Self {
        Self {
            section: Com::new(section, Rc::clone(life.library())),
            life,
        }
    }

    /// The COM interface, for what has no method here. What is opened through it is to be
    /// [bound](mapi_session::Session::bind) to the session.
    #[must_use]
    pub fn as_com(&self) -> &sys::IProfSect {
        &self.section
    }

    fn check(&self) -> Result<(), Failure> {
        self.life.check()
    }
}

impl RawProfileSection for OutlookProfileSection {}

macro_rules! props {
    ($($Type:ident: $field:ident;)*) => {$(
        impl RawProp for $Type {
            fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
                self.check()?;
                let object: &sys::IMAPIProp = &self.$field;
                last_error!(object, hresult, flags)
            }

            fn save_changes(&self, flags: u32) -> RawResult<()> {
                self.check()?;
                let object: &sys::IMAPIProp = &self.$field;
                // SAFETY: it takes a number only.
                let hresult = unsafe { method!(object, SaveChanges(flags)) };
                Success::from_hresult((), hresult)
            }

            fn props(&self, tags: Option<&[PropTag]>, flags: u32) -> RawResult<Vec<Property>> {
                self.check()?;
                properties::get_props(&self.$field, tags, flags)
            }

            fn prop_list(&self, flags: u32) -> RawResult<Vec<PropTag>> {
                self.check()?;
                properties::get_prop_list(&self.$field, flags)
            }

            fn set_props(&self, props: &[Property]) -> RawResult<Vec<PropProblem>> {
                self.check()?;
                properties::set_props(&self.$field, props)
            }

            fn delete_props(&self, tags: &[PropTag]) -> RawResult<Vec<PropProblem>> {
                self.check()?;
                properties::delete_props(&self.$field, tags)
            }

            fn read_stream(&self, tag: PropTag) -> RawResult<Vec<u8>> {
                self.check()?;
                properties::read_stream(&self.$field, tag, self.life.library())
            }

            fn ids_from_names(&self, names: &[PropName], flags: u32) -> RawResult<Vec<PropTag>> {
                self.check()?;
                properties::ids_from_names(&self.$field, names, flags)
            }

            fn names_from_ids(
                &self,
                tags: &[PropTag],
                flags: u32,
            ) -> RawResult<Vec<Option<PropName>>> {
                self.check()?;
                properties::names_from_ids(&self.$field, tags, flags)
            }
        }
    )*};
}

props! {
    OutlookStore: store;
    OutlookObject: object;
    OutlookProfileSection: section;
}

/// The table that a call gave.
fn prop_table(
    table: Option<sys::IMAPITable>,
    hresult: HResult,
    flags: u32,
    life: &Rc<Life>,
) -> RawResult<OutlookTable<Props>> {
    let table = opened(table, hresult)?;
    Ok(table.map(|table| OutlookTable::new(table, is_unicode(flags), Rc::clone(life))))
}

fn over(ended: &Cell<bool>, why: &'static str) -> Result<(), Failure> {
    if ended.get() {
        return Err(Failure::new(HResult::MAPI_E_INVALID_OBJECT).because(why));
    }
    Ok(())
}

macro_rules! shown_by_name {
    ($($Type:ident)*) => {$(
        impl fmt::Debug for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($Type))
            }
        }
    )*};
}

shown_by_name! { OutlookStore OutlookObject OutlookProfileSection }
