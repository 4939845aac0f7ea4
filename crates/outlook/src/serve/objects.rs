//! What a session opens, as COM objects.

use std::ffi::c_void;
use std::ops::Deref;
use std::sync::Arc;

use outlook_mapi::sys;
use windows::Win32::System::Com::IStream;
use windows_core::{GUID, HRESULT, IUnknown, Interface, OutRef, PWSTR, Ref, Result, implement};

use super::call::{
    Opened, Out, Raw, answer, asked_for, entry_id, failed, has_advise, has_last_error, invalid,
    not_supported, props_of, replaced, text_of, unsupported,
};
use super::interfaces::{self, AttachmentGives, FolderGives, MessageGives, StoreGives};
use super::memory::{Allocation, MapiMemory};
use super::restriction::{entry_list, recipients};
use super::sink::{ClientSink, Connections};
use super::stream::ComStream;
use super::table::prop_table;
use super::{Context, compare_entry_ids, open_entry};
use crate::properties::{name_of, tags};
use crate::session::is_unicode;
use crate::value::{Arena as _, array, each, guid, uid};
use mapi_session::error::{Failure, Success};
use mapi_session::notification::Connection;
use mapi_session::property::{PropName, PropNameKind, PropProblem, PropTag, PropType, Props};
use mapi_session::subsystem::{RawMsgStore, RawObject, RawProfileSection, RawProp, RawResult};
use mapi_session::types::ObjectType;
use mapi_session::{HResult, MapiUid, UiParam};

/// An object of the subsystem, and what a COM object of it needs beside.
pub(super) struct Object<T> {
    pub(super) raw: T,
    pub(super) context: Arc<Context>,
    pub(super) connections: Connections,
}

impl<T> Object<Raw<T>> {
    pub(super) fn new(raw: T, context: &Arc<Context>) -> Self {
        Self {
            raw: Raw::new(raw),
            context: Arc::clone(context),
            connections: Connections::default(),
        }
    }
}

impl<T> Object<T> {
    pub(super) fn memory(&self) -> MapiMemory {
        self.context.memory
    }

    /// Advise.
    ///
    /// # Safety
    /// `connection` is null, or a place for what comes out.
    pub(super) unsafe fn register(
        &self,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
        advise: impl FnOnce(Arc<ClientSink>) -> RawResult<Connection>,
    ) -> Result<()> {
        // SAFETY: as the caller says.
        unsafe { (self.connections).advise(&self.context, sink, connection, advise) }
    }
}

impl<T: Deref> Deref for Object<T> {
    type Target = T::Target;

    fn deref(&self) -> &T::Target {
        &self.raw
    }
}

/// What can be used on any thread, for as long as anybody wants.
pub trait Free: Send + Sync + 'static {}

impl<T: Send + Sync + 'static> Free for T {}

pub trait FreeObject: RawObject<Table: Free> + Free {}

impl<O: RawObject<Table: Free> + Free> FreeObject for O {}

pub trait FreeStore: RawMsgStore<Object: FreeObject> + Free {}

impl<M: RawMsgStore<Object: FreeObject> + Free> FreeStore for M {}

#[implement(interfaces::Store)]
pub(super) struct ComStore<M>(pub(super) Object<Raw<M>>)
where
    M: FreeStore;

#[implement(interfaces::Message)]
pub(super) struct ComMessage<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

#[implement(interfaces::Folder)]
pub(super) struct ComFolder<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

#[implement(sys::IAddrBook)]
pub(super) struct ComAddressBook<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

#[implement(sys::IMAPIStatus)]
pub(super) struct ComStatus<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

#[implement(interfaces::Attachment)]
pub(super) struct ComAttachment<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

#[implement(sys::IMailUser)]
pub(super) struct ComUser<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

/// A container, a distribution list: their properties only.
#[implement(sys::IMAPIProp)]
pub(super) struct ComOther<O>(pub(super) Object<Raw<O>>)
where
    O: FreeObject;

#[implement(sys::IProfSect)]
pub(super) struct ComSection<P>(pub(super) Object<Raw<P>>)
where
    P: RawProfileSection + Free;

pub(super) fn store(raw: impl FreeStore, context: &Arc<Context>) -> sys::IMsgStore {
    interfaces::Store::from(ComStore(Object::new(raw, context))).0
}

fn folder(raw: impl FreeObject, context: &Arc<Context>) -> sys::IMAPIFolder {
    interfaces::Folder::from(ComFolder(Object::new(raw, context))).0
}

fn message(raw: impl FreeObject, context: &Arc<Context>) -> sys::IMessage {
    interfaces::Message::from(ComMessage(Object::new(raw, context))).0
}

pub(super) fn address_book(raw: impl FreeObject, context: &Arc<Context>) -> sys::IAddrBook {
    ComAddressBook(Object::new(raw, context)).into()
}

/// An object by the interface of its kind.
pub(super) fn object<O: FreeObject>(kind: ObjectType, raw: O, context: &Arc<Context>) -> IUnknown {
    let new = |raw| Object::new(raw, context);
    match kind {
        ObjectType::MESSAGE => message(raw, context).into(),
        ObjectType::FOLDER => folder(raw, context).into(),
        ObjectType::ADDRESS_BOOK => address_book(raw, context).into(),
        ObjectType::STATUS => sys::IMAPIStatus::from(ComStatus(new(raw))).into(),
        ObjectType::MAIL_USER => sys::IMailUser::from(ComUser(new(raw))).into(),
        _ => sys::IMAPIProp::from(ComOther(new(raw))).into(),
    }
}

/// A section that a call opens.
pub(super) fn section<P: RawProfileSection + Free>(
    context: &Arc<Context>,
    interface: *const GUID,
    opened: OutRef<'_, sys::IProfSect>,
    uid: Result<MapiUid>,
    call: impl FnOnce(MapiUid) -> RawResult<P>,
) -> Result<()> {
    let opened = Opened::new(opened)?;
    // SAFETY: the caller's.
    let interface = unsafe { asked_for(interface, &[sys::IProfSect::IID]) }?;
    let uid = uid?;
    answer(
        || call(uid),
        |raw| {
            let section = sys::IProfSect::from(ComSection(Object::new(raw, context)));
            opened.give(section, interface)
        },
    )
}

/// IMAPIProp::GetProps.
///
/// # Safety
/// The arguments are as the method demands them; so of all that follow.
unsafe fn get_props(
    object: &dyn RawProp,
    memory: MapiMemory,
    asked: *const sys::SPropTagArray,
    flags: u32,
    count: *mut u32,
    values: *mut *mut sys::SPropValue,
) -> Result<()> {
    // SAFETY: as the caller says.
    let (count, values, asked) = unsafe {
        let asked = (!asked.is_null()).then(|| tags(asked));
        (Out::required(count), Out::required(values), asked)
    };
    let (count, values) = (count?, values?);
    answer(
        || object.props(asked.as_deref(), flags),
        |props| {
            values.give(memory.properties(&props)?);
            count.give(props.len() as u32);
            Ok(())
        },
    )
}

/// A call that gives an SPropTagArray.
unsafe fn give_tags(
    memory: MapiMemory,
    list: *mut *mut sys::SPropTagArray,
    call: impl FnOnce() -> RawResult<Vec<PropTag>>,
) -> Result<()> {
    // SAFETY: as the caller says.
    let list = unsafe { Out::required(list) }?;
    answer(call, |tags| {
        list.give(memory.tags(tags)?);
        Ok(())
    })
}

/// IMAPIProp::OpenProperty, of a stream to read.
unsafe fn open_stream(
    object: &dyn RawProp,
    tag: u32,
    interface: *const GUID,
    flags: u32,
    opened: OutRef<'_, IUnknown>,
) -> Result<()> {
    let opened = Opened::new(opened)?;
    // SAFETY: as the caller says.
    let interface = unsafe { each(interface, 1) }.next().ok_or_else(invalid)?;
    if interface != IStream::IID {
        return Err(failed(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED));
    }
    let writes = sys::MAPI_MODIFY | sys::MAPI_CREATE;
    if flags & !(writes | sys::MAPI_DEFERRED_ERRORS) != 0 {
        return Err(failed(HResult::MAPI_E_UNKNOWN_FLAGS));
    }
    if flags & writes != 0 {
        return Err(not_supported());
    }
    answer(
        || object.read_stream(PropTag::new(tag)),
        |bytes| opened.give(ComStream::of(bytes), None),
    )
}

/// IMAPIProp::GetNamesFromIDs: of some tags, or of all that have a name.
unsafe fn get_names(
    object: &dyn RawProp,
    memory: MapiMemory,
    asked: *mut *mut sys::SPropTagArray,
    set: *const GUID,
    flags: u32,
    count: *mut u32,
    names: *mut *mut *mut sys::MAPINAMEID,
) -> Result<()> {
    // SAFETY: as the caller says.
    let (count, names, list, set) = unsafe {
        let list = each(asked, 1).next();
        let set = each(set, 1).next().map(uid);
        (Out::required(count), Out::required(names), list, set)
    };
    let (count, names, list) = (count?, names?, list.ok_or_else(invalid)?);
    let give = |given: &[Option<PropName>]| {
        let size = size_of::<*mut sys::MAPINAMEID>() * given.len();
        let mut root = Allocation::new(memory, size)?;
        for (index, name) in given.iter().enumerate() {
            let name = match name {
                Some(name) => name_words(name, &mut root)?,
                None => std::ptr::null_mut(),
            };
            // SAFETY: there is room for that many.
            unsafe { root.as_ptr::<*mut sys::MAPINAMEID>().add(index).write(name) };
        }
        count.give(given.len() as u32);
        names.give(root.give());
        Ok(())
    };
    if !list.is_null() && set.is_none() {
        // SAFETY: as the caller says.
        let list = unsafe { tags(list) };
        return answer(|| object.names_from_ids(&list, flags), |given| give(&given));
    }
    let all: Vec<_> = NAMED
        .map(|id| PropTag::of(id, PropType::UNSPECIFIED))
        .collect();
    let named = || {
        // That most of them have no name is no warning.
        let names = object.names_from_ids(&all, flags)?.ignore_warning();
        let named = all.iter().zip(names);
        let named = named.filter(|(_, name)| {
            name.as_ref()
                .is_some_and(|name| set.is_none_or(|set| name.set == set))
        });
        Ok(Success::new(named.unzip::<_, _, Vec<_>, Vec<_>>()))
    };
    answer(named, |(tags, given)| {
        let tags = memory.tags(tags)?;
        give(&given)?;
        // SAFETY: as the caller says.
        unsafe { asked.write_unaligned(tags) };
        Ok(())
    })
}

/// The identifiers of properties that have a name.
const NAMED: std::ops::Range<u16> = 0x8000..0xFFFF;

fn name_words(name: &PropName, root: &mut Allocation) -> Result<*mut sys::MAPINAMEID> {
    let mut raw = sys::MAPINAMEID {
        lpguid: array(&[guid(name.set)], root)?.1,
        ..Default::default()
    };
    match &name.kind {
        PropNameKind::Id(id) => {
            raw.ulKind = sys::MNID_ID;
            raw.Kind.lID = *id as i32;
        }
        PropNameKind::Text(text) => {
            raw.ulKind = sys::MNID_STRING;
            raw.Kind.lpwstrName = PWSTR(root.text(text, true)?.cast());
        }
    }
    Ok(array(&[raw], root)?.1)
}

/// IMAPIProp::GetIDsFromNames, of some names.
unsafe fn get_ids(
    object: &dyn RawProp,
    memory: MapiMemory,
    count: u32,
    names: *const *mut sys::MAPINAMEID,
    flags: u32,
    list: *mut *mut sys::SPropTagArray,
) -> Result<()> {
    if count > 0 && names.is_null() {
        return Err(invalid());
    }
    // SAFETY: as the caller says: this many, each null or a name.
    let names: Option<Vec<_>> = unsafe { each(names, count).map(|it| name_of(it)).collect() };
    // SAFETY: as the caller says.
    unsafe {
        give_tags(memory, list, || match names {
            Some(names) => object.ids_from_names(&names, flags),
            None => Err(Failure::new(HResult::MAPI_E_INVALID_PARAMETER)),
        })
    }
}

/// A call that tells which properties it could not change, where the caller wants to know.
unsafe fn with_problems(
    memory: MapiMemory,
    problems: *mut *mut sys::SPropProblemArray,
    call: impl FnOnce() -> RawResult<Vec<PropProblem>>,
) -> Result<()> {
    // SAFETY: as the caller says.
    let problems = unsafe { Out::optional(problems) };
    answer(call, |found| {
        if found.is_empty() || !problems.is_wanted() {
            return Ok(());
        }
        // An SPropProblemArray is words only: how many, and three of each.
        let mut words = vec![found.len() as u32];
        for problem in found {
            let hresult: i32 = problem.hresult().into();
            words.extend([problem.index() as u32, problem.tag().get(), hresult as u32]);
        }
        problems.give(Allocation::of(memory, &words)?.give());
        Ok(())
    })
}

macro_rules! has_properties {
    ($($Impl:ident<$P:ident: $Bound:ident>;)*) => {$(
        impl<$P: $Bound + Free> sys::IMAPIProp_Impl for $Impl<$P> {
            fn GetProps(
                &self,
                tags: *mut sys::SPropTagArray,
                flags: u32,
                count: *mut u32,
                values: *mut *mut sys::SPropValue,
            ) -> Result<()> {
                // SAFETY: the caller's, until the method returns.
                unsafe { get_props(&*self.0, self.0.memory(), tags, flags, count, values) }
            }

            fn GetPropList(&self, flags: u32, list: *mut *mut sys::SPropTagArray) -> Result<()> {
                // SAFETY: the caller's place.
                unsafe { give_tags(self.0.memory(), list, || self.0.prop_list(flags)) }
            }

            fn SetProps(
                &self,
                count: u32,
                values: *mut sys::SPropValue,
                problems: *mut *mut sys::SPropProblemArray,
            ) -> Result<()> {
                // SAFETY: the caller's, until the method returns.
                unsafe {
                    let props = props_of(count, values)?;
                    with_problems(self.0.memory(), problems, || self.0.set_props(&props))
                }
            }

            fn DeleteProps(
                &self,
                asked: *mut sys::SPropTagArray,
                problems: *mut *mut sys::SPropProblemArray,
            ) -> Result<()> {
                if asked.is_null() {
                    return Err(invalid());
                }
                // SAFETY: the caller's, until the method returns.
                unsafe {
                    let tags = tags(asked);
                    with_problems(self.0.memory(), problems, || self.0.delete_props(&tags))
                }
            }

            fn SaveChanges(&self, flags: u32) -> Result<()> {
                answer(|| self.0.save_changes(flags), Ok)
            }

            has_last_error!(0);

            fn OpenProperty(
                &self,
                tag: u32,
                interface: *mut GUID,
                _interface_options: u32,
                flags: u32,
                opened: OutRef<'_, IUnknown>,
            ) -> Result<()> {
                // SAFETY: the caller's, until the method returns.
                unsafe { open_stream(&*self.0, tag, interface, flags, opened) }
            }

            fn GetNamesFromIDs(
                &self,
                asked: *mut *mut sys::SPropTagArray,
                set: *mut GUID,
                flags: u32,
                count: *mut u32,
                names: *mut *mut *mut sys::MAPINAMEID,
            ) -> Result<()> {
                let memory = self.0.memory();
                // SAFETY: the caller's, until the method returns.
                unsafe { get_names(&*self.0, memory, asked, set, flags, count, names) }
            }

            fn GetIDsFromNames(
                &self,
                count: u32,
                names: *mut *mut sys::MAPINAMEID,
                flags: u32,
                list: *mut *mut sys::SPropTagArray,
            ) -> Result<()> {
                // SAFETY: the caller's, until the method returns.
                unsafe { get_ids(&*self.0, self.0.memory(), count, names, flags, list) }
            }

            unsupported! {
                fn CopyTo(&self, ciidexclude: u32, rgiidexclude: *mut GUID, lpexcludeprops: *mut sys::SPropTagArray, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, lpinterface: *mut GUID, lpdestobj: *mut c_void, ulflags: u32, lppproblems: *mut *mut sys::SPropProblemArray) -> Result<()>;
                fn CopyProps(&self, lpincludeprops: *mut sys::SPropTagArray, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, lpinterface: *mut GUID, lpdestobj: *mut c_void, ulflags: u32, lppproblems: *mut *mut sys::SPropProblemArray) -> Result<()>;
            }
        }
    )*};
}

has_properties! {
    ComStore_Impl<M: FreeStore>;
    ComMessage_Impl<O: FreeObject>;
    ComFolder_Impl<O: FreeObject>;
    ComAddressBook_Impl<O: FreeObject>;
    ComStatus_Impl<O: FreeObject>;
    ComAttachment_Impl<O: FreeObject>;
    ComUser_Impl<O: FreeObject>;
    ComOther_Impl<O: FreeObject>;
    ComSection_Impl<P: RawProfileSection>;
}

impl<P: RawProfileSection + Free> sys::IProfSect_Impl for ComSection_Impl<P> {}

impl<O: FreeObject> sys::IMailUser_Impl for ComUser_Impl<O> {}

impl<M: FreeStore> StoreGives for ComStore_Impl<M> {
    fn receive_folder_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.receive_folder_table(flags)?;
        Ok(table.map(|table| prop_table(table, &self.0.context)))
    }

    fn outgoing_queue(&self, _flags: u32) -> RawResult<sys::IMAPITable> {
        Err(Failure::new(HResult::MAPI_E_NO_SUPPORT))
    }
}

/// OpenEntry and CompareEntryIDs, which are the session's.
macro_rules! has_entries {
    () => {
        fn OpenEntry(
            &self,
            count: u32,
            id: *mut sys::ENTRYID,
            interface: *mut GUID,
            flags: u32,
            object_type: *mut u32,
            opened: OutRef<'_, IUnknown>,
        ) -> Result<()> {
            let context = &self.0.context;
            let open = |id: Option<&[u8]>, flags| context.entries()?.open(id, flags, context);
            // SAFETY: the caller's, until the method returns.
            unsafe { open_entry((count, id), interface, flags, object_type, opened, open) }
        }
    };
}

macro_rules! compares_entries {
    () => {
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
                self.0.context.entries()?.compare(one, other, flags)
            };
            // SAFETY: the caller's, until the method returns.
            unsafe { compare_entry_ids(one, other, flags, result, compare) }
        }
    };
}

impl<M: FreeStore> sys::IMsgStore_Impl for ComStore_Impl<M> {
    fn OpenEntry(
        &self,
        count: u32,
        id: *mut sys::ENTRYID,
        interface: *mut GUID,
        flags: u32,
        object_type: *mut u32,
        opened: OutRef<'_, IUnknown>,
    ) -> Result<()> {
        let open = |id: Option<&[u8]>, flags| {
            let entry = self.0.open_entry(id, flags)?;
            Ok(entry.map(|(kind, raw)| (kind, object(kind, raw, &self.0.context))))
        };
        // SAFETY: the caller's, until the method returns.
        unsafe { open_entry((count, id), interface, flags, object_type, opened, open) }
    }

    fn StoreLogoff(&self, flags: *mut u32) -> Result<()> {
        // SAFETY: the caller's.
        let asked = unsafe { each(flags, 1) }.next().ok_or_else(invalid)?;
        answer(
            || self.0.store_logoff(asked),
            |out| {
                // SAFETY: as above.
                unsafe { flags.write_unaligned(out) };
                Ok(())
            },
        )
    }

    compares_entries!();
    has_advise!();

    fn GetReceiveFolder(
        &self,
        class: *mut i8,
        flags: u32,
        count: *mut u32,
        id: *mut *mut sys::ENTRYID,
        explicit: *mut *mut i8,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let (count, id, explicit, class) = unsafe {
            (
                Out::required(count),
                Out::required(id),
                Out::optional(explicit),
                text_of(class, flags),
            )
        };
        let (count, id) = (count?, id?);
        answer(
            || self.0.receive_folder(class.as_deref(), flags),
            |(folder, of_class)| {
                let (memory, bytes) = (self.0.memory(), folder.as_bytes());
                let folder = Allocation::of(memory, bytes)?;
                if explicit.is_wanted() {
                    explicit.give(memory.text(&of_class, is_unicode(flags))?);
                }
                count.give(bytes.len() as u32);
                id.give(folder.give());
                Ok(())
            },
        )
    }

    replaced! {
        GetReceiveFolderTable -> IMAPITable;
        GetOutgoingQueue -> IMAPITable;
    }

    unsupported! {
        fn SetReceiveFolder(&self, lpszmessageclass: *mut i8, ulflags: u32, cbentryid: u32, lpentryid: *mut sys::ENTRYID) -> Result<()>;
        fn AbortSubmit(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, ulflags: u32) -> Result<()>;
        fn SetLockState(&self, lpmessage: Ref<'_, sys::IMessage>, ullockstate: u32) -> Result<()>;
        fn FinishedMsg(&self, ulflags: u32, cbentryid: u32, lpentryid: *mut sys::ENTRYID) -> Result<()>;
        fn NotifyNewMail(&self, lpnotification: *mut sys::NOTIFICATION) -> Result<()>;
    }
}

impl<O: FreeObject> MessageGives for ComMessage_Impl<O> {
    fn attachment_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.attachment_table(flags)?;
        Ok(table.map(|table| prop_table(table, &self.0.context)))
    }

    fn recipient_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.recipient_table(flags)?;
        Ok(table.map(|table| prop_table(table, &self.0.context)))
    }
}

impl<O: FreeObject> FolderGives for ComFolder_Impl<O> {
    fn contents_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.contents_table(flags)?;
        Ok(table.map(|table| prop_table(table, &self.0.context)))
    }

    fn hierarchy_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.hierarchy_table(flags)?;
        Ok(table.map(|table| prop_table(table, &self.0.context)))
    }
}

impl<O: FreeObject> AttachmentGives for ComAttachment_Impl<O> {}

impl<O: FreeObject> sys::IMessage_Impl for ComMessage_Impl<O> {
    fn SubmitMessage(&self, flags: u32) -> Result<()> {
        answer(|| self.0.submit_message(flags), Ok)
    }

    replaced! {
        GetAttachmentTable -> IMAPITable;
        GetRecipientTable -> IMAPITable;
    }

    fn OpenAttach(
        &self,
        number: u32,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IAttach>,
    ) -> Result<()> {
        let opened = Opened::new(opened)?;
        // SAFETY: the caller's.
        let interface = unsafe { asked_for(interface, &[interfaces::Attachment::IID]) }?;
        answer(
            || self.0.open_attach(number, flags),
            |raw| {
                let attachment = ComAttachment(Object::new(raw, &self.0.context));
                opened.give(interfaces::Attachment::from(attachment), interface)
            },
        )
    }

    fn CreateAttach(
        &self,
        interface: *mut GUID,
        flags: u32,
        number: *mut u32,
        created: OutRef<'_, sys::IAttach>,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let number = unsafe { Out::required(number) };
        let (created, number) = (Opened::new(created)?, number?);
        // SAFETY: the caller's.
        let interface = unsafe { asked_for(interface, &[interfaces::Attachment::IID]) }?;
        answer(
            || {
                let (raw, warning) = self.0.create_attach(flags)?.into_parts();
                let tags = [PropTag::ATTACH_NUM];
                let props = Props::from(raw.props(Some(&tags), 0)?.ignore_warning());
                let number = props.bits(PropTag::ATTACH_NUM);
                let number = number.ok_or(HResult::MAPI_E_CALL_FAILED)?;
                Ok(Success::from_parts((raw, number), warning))
            },
            |(raw, of_attachment)| {
                let attachment = ComAttachment(Object::new(raw, &self.0.context));
                created.give(interfaces::Attachment::from(attachment), interface)?;
                number.give(of_attachment);
                Ok(())
            },
        )
    }

    fn ModifyRecipients(&self, flags: u32, list: *mut sys::ADRLIST) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let recipients = unsafe { recipients(list) }?;
        answer(|| self.0.modify_recipients(flags, &recipients), Ok)
    }

    unsupported! {
        fn DeleteAttach(&self, ulattachmentnum: u32, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, ulflags: u32) -> Result<()>;
        fn SetReadFlag(&self, ulflags: u32) -> Result<()>;
    }
}

impl<O: FreeObject> sys::IMAPIStatus_Impl for ComStatus_Impl<O> {
    fn ValidateState(&self, ui_param: usize, flags: u32) -> Result<()> {
        let ui_param = UiParam::new(ui_param);
        answer(|| self.0.validate_state(ui_param, flags), Ok)
    }

    fn SettingsDialog(&self, ui_param: usize, flags: u32) -> Result<()> {
        let ui_param = UiParam::new(ui_param);
        answer(|| self.0.settings_dialog(ui_param, flags), Ok)
    }

    fn ChangePassword(&self, old: *mut i8, new: *mut i8, flags: u32) -> Result<()> {
        // SAFETY: the caller's texts are null, or end with a NUL of the width that `flags` says.
        let [old, new] = [old, new].map(|text| unsafe { text_of(text, flags) });
        answer(
            || {
                self.0
                    .change_password(old.as_deref(), new.as_deref(), flags)
            },
            Ok,
        )
    }

    fn FlushQueues(
        &self,
        ui_param: usize,
        count: u32,
        transport: *mut sys::ENTRYID,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let transport = unsafe { entry_id(count, transport) };
        let ui_param = UiParam::new(ui_param);
        answer(|| self.0.flush_queues(ui_param, transport, flags), Ok)
    }
}

impl<O: FreeObject> sys::IAttach_Impl for ComAttachment_Impl<O> {}

impl<O: FreeObject> sys::IMAPIContainer_Impl for ComFolder_Impl<O> {
    replaced! {
        GetContentsTable -> IMAPITable;
        GetHierarchyTable -> IMAPITable;
    }

    has_entries!();

    unsupported! {
        fn SetSearchCriteria(&self, lprestriction: *mut sys::SRestriction, lpcontainerlist: *mut sys::SBinaryArray, ulsearchflags: u32) -> Result<()>;
        fn GetSearchCriteria(&self, ulflags: u32, lpprestriction: *mut *mut sys::SRestriction, lppcontainerlist: *mut *mut sys::SBinaryArray, lpulsearchstate: *mut u32) -> Result<()>;
    }
}

impl<O: FreeObject> sys::IMAPIFolder_Impl for ComFolder_Impl<O> {
    fn CreateMessage(
        &self,
        interface: *mut GUID,
        flags: u32,
        created: OutRef<'_, sys::IMessage>,
    ) -> Result<()> {
        let created = Opened::new(created)?;
        // SAFETY: the caller's.
        let interface = unsafe { asked_for(interface, &[sys::IMessage::IID]) }?;
        answer(
            || self.0.create_message(flags),
            |raw| created.give(message(raw, &self.0.context), interface),
        )
    }

    fn CreateFolder(
        &self,
        folder_type: u32,
        name: *mut i8,
        comment: *mut i8,
        interface: *mut GUID,
        flags: u32,
        created: OutRef<'_, sys::IMAPIFolder>,
    ) -> Result<()> {
        let created = Opened::new(created)?;
        let own = [sys::IMAPIFolder::IID, sys::IMAPIContainer::IID];
        // SAFETY: the caller's; its texts are null, or end with a NUL of the width that `flags` says.
        let (interface, [name, comment]) = unsafe {
            let texts = [name, comment].map(|text| text_of(text, flags).unwrap_or_default());
            (asked_for(interface, &own)?, texts)
        };
        answer(
            || self.0.create_folder(folder_type, &name, &comment, flags),
            |raw| created.give(folder(raw, &self.0.context), interface),
        )
    }

    fn DeleteMessages(
        &self,
        list: *mut sys::SBinaryArray,
        ui_param: usize,
        _progress: Ref<'_, sys::IMAPIProgress>,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let ids = unsafe { entry_list(list) }?.ok_or_else(invalid)?;
        let ui_param = UiParam::new(ui_param);
        answer(|| self.0.delete_messages(&ids, ui_param, flags), Ok)
    }

    fn SetReadFlags(
        &self,
        list: *mut sys::SBinaryArray,
        ui_param: usize,
        _progress: Ref<'_, sys::IMAPIProgress>,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let ids = unsafe { entry_list(list) }?;
        let ui_param = UiParam::new(ui_param);
        answer(
            || self.0.set_read_flags(ids.as_deref(), ui_param, flags),
            Ok,
        )
    }

    unsupported! {
        fn CopyMessages(&self, lpmsglist: *mut sys::SBinaryArray, lpinterface: *mut GUID, lpdestfolder: *mut c_void, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, ulflags: u32) -> Result<()>;
        fn CopyFolder(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, lpinterface: *mut GUID, lpdestfolder: *mut c_void, lpsznewfoldername: *mut i8, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, ulflags: u32) -> Result<()>;
        fn DeleteFolder(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, ulflags: u32) -> Result<()>;
        fn GetMessageStatus(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, ulflags: u32, lpulmessagestatus: *mut u32) -> Result<()>;
        fn SetMessageStatus(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, ulnewstatus: u32, ulnewstatusmask: u32, lpuloldstatus: *mut u32) -> Result<()>;
        fn SaveContentsSort(&self, lpsortcriteria: *mut sys::SSortOrderSet, ulflags: u32) -> Result<()>;
        fn EmptyFolder(&self, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, ulflags: u32) -> Result<()>;
    }
}

impl<O: FreeObject> sys::IAddrBook_Impl for ComAddressBook_Impl<O> {
    has_entries!();
    compares_entries!();
    has_advise!();

    unsupported! {
        fn CreateOneOff(&self, lpszname: *mut i8, lpszadrtype: *mut i8, lpszaddress: *mut i8, ulflags: u32, lpcbentryid: *mut u32, lppentryid: *mut *mut sys::ENTRYID) -> Result<()>;
        fn NewEntry(&self, uluiparam: usize, ulflags: u32, cbeidcontainer: u32, lpeidcontainer: *mut sys::ENTRYID, cbeidnewentrytpl: u32, lpeidnewentrytpl: *mut sys::ENTRYID, lpcbeidnewentry: *mut u32, lppeidnewentry: *mut *mut sys::ENTRYID) -> Result<()>;
        fn ResolveName(&self, uluiparam: usize, ulflags: u32, lpsznewentrytitle: *mut i8, lpadrlist: *mut sys::ADRLIST) -> Result<()>;
        fn Address(&self, lpuluiparam: *mut usize, lpadrparms: *mut sys::ADRPARM, lppadrlist: *mut *mut sys::ADRLIST) -> Result<()>;
        fn Details(&self, lpuluiparam: *mut usize, lpfndismiss: sys::LPFNDISMISS, lpvdismisscontext: *mut c_void, cbentryid: u32, lpentryid: *mut sys::ENTRYID, lpfbuttoncallback: windows::Win32::System::AddressBook::LPFNBUTTON, lpvbuttoncontext: *mut c_void, lpszbuttontext: *mut i8, ulflags: u32) -> Result<()>;
        fn RecipOptions(&self, uluiparam: usize, ulflags: u32, lprecip: *mut sys::ADRENTRY) -> Result<()>;
        fn QueryDefaultRecipOpt(&self, lpszadrtype: *mut i8, ulflags: u32, lpcvalues: *mut u32, lppoptions: *mut *mut sys::SPropValue) -> Result<()>;
        fn GetPAB(&self, lpcbentryid: *mut u32, lppentryid: *mut *mut sys::ENTRYID) -> Result<()>;
        fn SetPAB(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID) -> Result<()>;
        fn GetDefaultDir(&self, lpcbentryid: *mut u32, lppentryid: *mut *mut sys::ENTRYID) -> Result<()>;
        fn SetDefaultDir(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID) -> Result<()>;
        fn GetSearchPath(&self, ulflags: u32, lppsearchpath: *mut *mut sys::SRowSet) -> Result<()>;
        fn SetSearchPath(&self, ulflags: u32, lpsearchpath: *mut sys::SRowSet) -> Result<()>;
        fn PrepareRecips(&self, ulflags: u32, lpproptagarray: *mut sys::SPropTagArray, lpreciplist: *mut sys::ADRLIST) -> Result<()>;
    }
}
