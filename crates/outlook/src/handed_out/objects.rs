//! What a session opens, as COM objects.

use std::ffi::c_void;

use outlook_mapi::sys;
use windows::Win32::System::Com::IStream;
use windows_core::{GUID, HRESULT, IUnknown, Interface, OutRef, PWSTR, Ref, Result, implement};

use super::mail::{entry_list, prop_table, recipients};
use super::sink::Connections;
use super::stream::ComStream;
use super::values::{self, Allocation, failed, properties};
use super::{
    answer, bytes_of, invalid, last_error, not_supported, props_of, put, required, standard,
};
use crate::properties::{Tags, name_of, tags};
use crate::session::is_unicode;
use crate::text::copied;
use crate::value::{Arena as _, array, guid};
use mapi_session::property::{PropName, PropNameKind, PropProblem, PropTag};
use mapi_session::subsystem::{RawMsgStore, RawObject, RawProfileSection, RawProp, RawResult};
use mapi_session::types::ObjectType;
use mapi_session::{HResult, UiParam};

#[implement(sys::IMsgStore, Agile = false)]
pub(super) struct ComStore<M>(pub(super) M, Connections)
where
    M: RawMsgStore + 'static,
    M::Object: 'static;

#[implement(sys::IMessage, Agile = false)]
pub(super) struct ComMessage<O>(pub(super) O)
where
    O: RawObject + 'static;

#[implement(sys::IMAPIFolder, Agile = false)]
pub(super) struct ComFolder<O>(pub(super) O)
where
    O: RawObject + 'static;

#[implement(sys::IAddrBook, Agile = false)]
pub(super) struct ComAddressBook<O>(pub(super) O, Connections)
where
    O: RawObject + 'static;

#[implement(sys::IMAPIStatus, Agile = false)]
pub(super) struct ComStatus<O>(pub(super) O)
where
    O: RawObject + 'static;

#[implement(sys::IAttach, Agile = false)]
pub(super) struct ComAttachment<O>(pub(super) O)
where
    O: RawObject + 'static;

/// outlook-mapi gives IAttach no identifier.
const IID_IATTACHMENT: GUID = GUID::from_u128(0x00020308_0000_0000_c000_000000000046);

/// A mail user, a container: their properties only.
#[implement(sys::IMAPIProp, Agile = false)]
pub(super) struct ComOther<O>(pub(super) O)
where
    O: RawObject + 'static;

#[implement(sys::IProfSect, Agile = false)]
pub(super) struct ComSection<P>(pub(super) P)
where
    P: RawProfileSection + 'static;

impl<M: RawMsgStore> ComStore<M>
where
    M::Object: 'static,
{
    pub(super) fn new(store: M) -> Self {
        Self(store, Connections::default())
    }
}

impl<O: RawObject> ComAddressBook<O> {
    pub(super) fn new(book: O) -> Self {
        Self(book, Connections::default())
    }
}

/// An object by the interface of its kind.
pub(super) fn object<O: RawObject + 'static>(object_type: ObjectType, object: O) -> IUnknown {
    match object_type {
        ObjectType::MESSAGE => sys::IMessage::from(ComMessage(object)).into(),
        ObjectType::FOLDER => sys::IMAPIFolder::from(ComFolder(object)).into(),
        ObjectType::ADDRESS_BOOK => sys::IAddrBook::from(ComAddressBook::new(object)).into(),
        ObjectType::STATUS => sys::IMAPIStatus::from(ComStatus(object)).into(),
        _ => sys::IMAPIProp::from(ComOther(object)).into(),
    }
}

/// IMAPIProp::GetProps.
fn get_props(
    object: &dyn RawProp,
    asked: *mut sys::SPropTagArray,
    flags: u32,
    count: *mut u32,
    values: *mut *mut sys::SPropValue,
) -> Result<()> {
    required(count)?;
    required(values)?;
    // SAFETY: the caller's array is null, or as long as it says.
    let asked = (!asked.is_null()).then(|| unsafe { tags(asked) });
    answer(
        || object.props(asked.as_deref(), flags),
        |props| {
            put(values, properties(&props)?);
            put(count, props.len() as u32);
            Ok(())
        },
    )
}

/// IMAPIProp::GetPropList.
fn get_prop_list(
    object: &dyn RawProp,
    flags: u32,
    list: *mut *mut sys::SPropTagArray,
) -> Result<()> {
    required(list)?;
    answer(
        || object.prop_list(flags),
        |tags| {
            let tags = Tags::new(tags.into_iter());
            put(list, Allocation::of(tags.words())?.give());
            Ok(())
        },
    )
}

/// IMAPIProp::OpenProperty, of a stream to read.
fn open_stream(
    object: &dyn RawProp,
    tag: u32,
    interface: *const GUID,
    flags: u32,
    opened: OutRef<'_, IUnknown>,
) -> Result<()> {
    // SAFETY: null, or the caller's.
    let interface = unsafe { interface.as_ref() }.ok_or_else(invalid)?;
    if *interface != IStream::IID {
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
        |bytes| opened.write(Some(ComStream::of(bytes).into())),
    )
}

/// IMAPIProp::GetNamesFromIDs, of some tags.
fn get_names(
    object: &dyn RawProp,
    asked: *mut *mut sys::SPropTagArray,
    set: *const GUID,
    flags: u32,
    count: *mut u32,
    names: *mut *mut *mut sys::MAPINAMEID,
) -> Result<()> {
    required(asked)?;
    required(count)?;
    required(names)?;
    // SAFETY: not null.
    let asked = unsafe { *asked };
    // All names, or all of a set.
    if asked.is_null() || !set.is_null() {
        return Err(not_supported());
    }
    // SAFETY: the caller's array is as long as it says.
    let asked = unsafe { tags(asked) };
    answer(
        || object.names_from_ids(&asked, flags),
        |given| {
            let size = size_of::<*mut sys::MAPINAMEID>() * given.len();
            let mut root = Allocation::new(size)?;
            for (index, name) in given.iter().enumerate() {
                let name = match name {
                    Some(name) => name_words(name, &mut root)?,
                    None => std::ptr::null_mut(),
                };
                // SAFETY: there is room for that many.
                put(
                    unsafe { root.as_ptr::<*mut sys::MAPINAMEID>().add(index) },
                    name,
                );
            }
            put(count, given.len() as u32);
            put(names, root.give());
            Ok(())
        },
    )
}

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
fn get_ids(
    object: &dyn RawProp,
    count: u32,
    names: *mut *mut sys::MAPINAMEID,
    flags: u32,
    list: *mut *mut sys::SPropTagArray,
) -> Result<()> {
    required(list)?;
    let mut asked = Vec::new();
    if count > 0 {
        required(names)?;
    }
    for index in 0..count as usize {
        // SAFETY: the caller gives this many, each null or a name.
        let name = unsafe { name_of(*names.add(index)) };
        asked.push(name.ok_or_else(invalid)?);
    }
    answer(
        || object.ids_from_names(&asked, flags),
        |tags| {
            let tags = Tags::new(tags.into_iter());
            put(list, Allocation::of(tags.words())?.give());
            Ok(())
        },
    )
}

/// A call that tells which properties it could not change, where the caller wants to know.
fn with_problems(
    problems: *mut *mut sys::SPropProblemArray,
    call: impl FnOnce() -> RawResult<Vec<PropProblem>>,
) -> Result<()> {
    put(problems, std::ptr::null_mut());
    answer(call, |found| {
        if found.is_empty() || problems.is_null() {
            return Ok(());
        }
        // An SPropProblemArray is words only: how many, and three of each.
        let mut words = vec![found.len() as u32];
        for problem in found {
            let hresult: i32 = problem.hresult().into();
            words.extend([problem.index() as u32, problem.tag().get(), hresult as u32]);
        }
        put(problems, Allocation::of(&words)?.give());
        Ok(())
    })
}

macro_rules! has_properties {
    ($($Impl:ident<$P:ident: $Bound:ident> $(where $Object:ty)?;)*) => {$(
        impl<$P> sys::IMAPIProp_Impl for $Impl<$P>
        where
            $P: $Bound + 'static,
            $($Object: 'static,)?
        {
            fn GetProps(
                &self,
                tags: *mut sys::SPropTagArray,
                flags: u32,
                count: *mut u32,
                values: *mut *mut sys::SPropValue,
            ) -> Result<()> {
                get_props(&self.0, tags, flags, count, values)
            }

            fn GetPropList(&self, flags: u32, list: *mut *mut sys::SPropTagArray) -> Result<()> {
                get_prop_list(&self.0, flags, list)
            }

            fn SetProps(
                &self,
                count: u32,
                values: *mut sys::SPropValue,
                problems: *mut *mut sys::SPropProblemArray,
            ) -> Result<()> {
                let props = props_of(count, values)?;
                with_problems(problems, || self.0.set_props(&props))
            }

            fn DeleteProps(
                &self,
                asked: *mut sys::SPropTagArray,
                problems: *mut *mut sys::SPropProblemArray,
            ) -> Result<()> {
                required(asked)?;
                // SAFETY: the caller's array is as long as it says.
                let tags = unsafe { tags(asked) };
                with_problems(problems, || self.0.delete_props(&tags))
            }

            fn SaveChanges(&self, flags: u32) -> Result<()> {
                answer(|| self.0.save_changes(flags), Ok)
            }

            fn GetLastError(
                &self,
                hresult: HRESULT,
                flags: u32,
                error: *mut *mut sys::MAPIERROR,
            ) -> Result<()> {
                let call = |hresult, flags| self.0.last_error(hresult, flags);
                last_error(call, hresult, flags, error)
            }

            fn OpenProperty(
                &self,
                tag: u32,
                interface: *mut GUID,
                _interface_options: u32,
                flags: u32,
                opened: OutRef<'_, IUnknown>,
            ) -> Result<()> {
                open_stream(&self.0, tag, interface, flags, opened)
            }

            fn GetNamesFromIDs(
                &self,
                asked: *mut *mut sys::SPropTagArray,
                set: *mut GUID,
                flags: u32,
                count: *mut u32,
                names: *mut *mut *mut sys::MAPINAMEID,
            ) -> Result<()> {
                get_names(&self.0, asked, set, flags, count, names)
            }

            fn GetIDsFromNames(
                &self,
                count: u32,
                names: *mut *mut sys::MAPINAMEID,
                flags: u32,
                list: *mut *mut sys::SPropTagArray,
            ) -> Result<()> {
                get_ids(&self.0, count, names, flags, list)
            }

            unsupported! {
        fn CopyTo(&self, ciidexclude: u32, rgiidexclude: *mut GUID, lpexcludeprops: *mut sys::SPropTagArray, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, lpinterface: *mut GUID, lpdestobj: *mut c_void, ulflags: u32, lppproblems: *mut *mut sys::SPropProblemArray) -> Result<()>;
        fn CopyProps(&self, lpincludeprops: *mut sys::SPropTagArray, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, lpinterface: *mut GUID, lpdestobj: *mut c_void, ulflags: u32, lppproblems: *mut *mut sys::SPropProblemArray) -> Result<()>;
    }
        }
    )*};
}

has_properties! {
    ComStore_Impl<M: RawMsgStore> where M::Object;
    ComMessage_Impl<O: RawObject>;
    ComFolder_Impl<O: RawObject>;
    ComAddressBook_Impl<O: RawObject>;
    ComStatus_Impl<O: RawObject>;
    ComAttachment_Impl<O: RawObject>;
    ComOther_Impl<O: RawObject>;
    ComSection_Impl<P: RawProfileSection>;
}

impl<P: RawProfileSection + 'static> sys::IProfSect_Impl for ComSection_Impl<P> {}

impl<M> sys::IMsgStore_Impl for ComStore_Impl<M>
where
    M: RawMsgStore + 'static,
    M::Object: 'static,
{
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
            || self.0.open_entry(bytes_of(count, &id), flags),
            |(kind, raw)| {
                put(object_type, kind.get());
                opened.write(Some(object(kind, raw)))
            },
        )
    }

    fn StoreLogoff(&self, flags: *mut u32) -> Result<()> {
        required(flags)?;
        // SAFETY: not null.
        let asked = unsafe { *flags };
        answer(
            || self.0.store_logoff(asked),
            |out| {
                put(flags, out);
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
        self.1.advise(sink, connection, |sink| {
            self.0.advise(bytes_of(count, &id), event_mask, sink)
        })
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        self.1
            .unadvise(connection, |connection| self.0.unadvise(connection))
    }

    fn GetReceiveFolder(
        &self,
        class: *mut i8,
        flags: u32,
        count: *mut u32,
        id: *mut *mut sys::ENTRYID,
        explicit: *mut *mut i8,
    ) -> Result<()> {
        required(count)?;
        required(id)?;
        // SAFETY: the caller's text is null, or ends with a NUL of the width that `flags` says.
        let class = unsafe { (!class.is_null()).then(|| copied(class, is_unicode(flags))) };
        answer(
            || self.0.receive_folder(class.as_deref(), flags),
            |(folder, of_class)| {
                let bytes = folder.as_bytes();
                let folder = Allocation::of(bytes)?;
                if !explicit.is_null() {
                    put(explicit, values::text(&of_class, is_unicode(flags))?);
                }
                put(count, bytes.len() as u32);
                put(id, folder.give());
                Ok(())
            },
        )
    }

    fn GetReceiveFolderTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        prop_table(|| self.0.receive_folder_table(flags))
    }

    unsupported! {
        fn CompareEntryIDs(&self, cbentryid1: u32, lpentryid1: *mut sys::ENTRYID, cbentryid2: u32, lpentryid2: *mut sys::ENTRYID, ulflags: u32, lpulresult: *mut u32) -> Result<()>;
        fn SetReceiveFolder(&self, lpszmessageclass: *mut i8, ulflags: u32, cbentryid: u32, lpentryid: *mut sys::ENTRYID) -> Result<()>;
        fn AbortSubmit(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, ulflags: u32) -> Result<()>;
        fn GetOutgoingQueue(&self, ulflags: u32) -> Result<sys::IMAPITable>;
        fn SetLockState(&self, lpmessage: Ref<'_, sys::IMessage>, ullockstate: u32) -> Result<()>;
        fn FinishedMsg(&self, ulflags: u32, cbentryid: u32, lpentryid: *mut sys::ENTRYID) -> Result<()>;
        fn NotifyNewMail(&self, lpnotification: *mut sys::NOTIFICATION) -> Result<()>;
    }
}

impl<O: RawObject + 'static> sys::IMessage_Impl for ComMessage_Impl<O> {
    fn SubmitMessage(&self, flags: u32) -> Result<()> {
        answer(|| self.0.submit_message(flags), |()| Ok(()))
    }

    fn GetAttachmentTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        prop_table(|| self.0.attachment_table(flags))
    }

    fn OpenAttach(
        &self,
        number: u32,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IAttach>,
    ) -> Result<()> {
        standard(interface, &[IID_IATTACHMENT])?;
        answer(
            || self.0.open_attach(number, flags),
            |attachment| opened.write(Some(ComAttachment(attachment).into())),
        )
    }

    fn GetRecipientTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        prop_table(|| self.0.recipient_table(flags))
    }

    fn ModifyRecipients(&self, flags: u32, list: *mut sys::ADRLIST) -> Result<()> {
        let recipients = recipients(list)?;
        answer(|| self.0.modify_recipients(flags, &recipients), Ok)
    }

    unsupported! {
        fn CreateAttach(&self, lpinterface: *mut GUID, ulflags: u32, lpulattachmentnum: *mut u32, lppattach: OutRef<'_, sys::IAttach>) -> Result<()>;
        fn DeleteAttach(&self, ulattachmentnum: u32, uluiparam: usize, lpprogress: Ref<'_, sys::IMAPIProgress>, ulflags: u32) -> Result<()>;
        fn SetReadFlag(&self, ulflags: u32) -> Result<()>;
    }
}

impl<O: RawObject + 'static> sys::IMAPIStatus_Impl for ComStatus_Impl<O> {
    fn ValidateState(&self, ui_param: usize, flags: u32) -> Result<()> {
        let ui_param = UiParam::new(ui_param);
        answer(|| self.0.validate_state(ui_param, flags), |()| Ok(()))
    }

    fn SettingsDialog(&self, ui_param: usize, flags: u32) -> Result<()> {
        let ui_param = UiParam::new(ui_param);
        answer(|| self.0.settings_dialog(ui_param, flags), |()| Ok(()))
    }

    fn ChangePassword(&self, old: *mut i8, new: *mut i8, flags: u32) -> Result<()> {
        // SAFETY: the caller's text is null, or ends with a NUL of the width that `flags` says.
        let password =
            |text: *mut i8| unsafe { (!text.is_null()).then(|| copied(text, is_unicode(flags))) };
        let (old, new) = (password(old), password(new));
        answer(
            || {
                self.0
                    .change_password(old.as_deref(), new.as_deref(), flags)
            },
            |()| Ok(()),
        )
    }

    fn FlushQueues(
        &self,
        ui_param: usize,
        count: u32,
        transport: *mut sys::ENTRYID,
        flags: u32,
    ) -> Result<()> {
        let ui_param = UiParam::new(ui_param);
        answer(
            || {
                let transport = bytes_of(count, &transport);
                self.0.flush_queues(ui_param, transport, flags)
            },
            |()| Ok(()),
        )
    }
}

impl<O: RawObject + 'static> sys::IAttach_Impl for ComAttachment_Impl<O> {}

impl<O: RawObject + 'static> sys::IMAPIContainer_Impl for ComFolder_Impl<O> {
    fn GetContentsTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        prop_table(|| self.0.contents_table(flags))
    }

    fn GetHierarchyTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        prop_table(|| self.0.hierarchy_table(flags))
    }

    unsupported! {
        fn OpenEntry(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, lpinterface: *mut GUID, ulflags: u32, lpulobjtype: *mut u32, lppunk: OutRef<'_, IUnknown>) -> Result<()>;
        fn SetSearchCriteria(&self, lprestriction: *mut sys::SRestriction, lpcontainerlist: *mut sys::SBinaryArray, ulsearchflags: u32) -> Result<()>;
        fn GetSearchCriteria(&self, ulflags: u32, lpprestriction: *mut *mut sys::SRestriction, lppcontainerlist: *mut *mut sys::SBinaryArray, lpulsearchstate: *mut u32) -> Result<()>;
    }
}

impl<O: RawObject + 'static> sys::IMAPIFolder_Impl for ComFolder_Impl<O> {
    fn CreateMessage(
        &self,
        interface: *mut GUID,
        flags: u32,
        created: OutRef<'_, sys::IMessage>,
    ) -> Result<()> {
        standard(interface, &[sys::IMessage::IID])?;
        answer(
            || self.0.create_message(flags),
            |message| created.write(Some(ComMessage(message).into())),
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
        standard(
            interface,
            &[sys::IMAPIFolder::IID, sys::IMAPIContainer::IID],
        )?;
        // SAFETY: the caller's texts are null, or end with a NUL of the width that `flags` says.
        let (name, comment) = unsafe {
            let unicode = is_unicode(flags);
            (copied(name, unicode), copied(comment, unicode))
        };
        answer(
            || self.0.create_folder(folder_type, &name, &comment, flags),
            |folder| created.write(Some(ComFolder(folder).into())),
        )
    }

    fn DeleteMessages(
        &self,
        list: *mut sys::SBinaryArray,
        ui_param: usize,
        _progress: Ref<'_, sys::IMAPIProgress>,
        flags: u32,
    ) -> Result<()> {
        let ids = entry_list(list)?.ok_or_else(invalid)?;
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
        let ids = entry_list(list)?;
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

impl<O: RawObject + 'static> sys::IAddrBook_Impl for ComAddressBook_Impl<O> {
    fn Advise(
        &self,
        count: u32,
        id: *mut sys::ENTRYID,
        event_mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        self.1.advise(sink, connection, |sink| {
            self.0.advise(bytes_of(count, &id), event_mask, sink)
        })
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        self.1
            .unadvise(connection, |connection| self.0.unadvise(connection))
    }

    unsupported! {
        fn OpenEntry(&self, cbentryid: u32, lpentryid: *mut sys::ENTRYID, lpinterface: *mut GUID, ulflags: u32, lpulobjtype: *mut u32, lppunk: OutRef<'_, IUnknown>) -> Result<()>;
        fn CompareEntryIDs(&self, cbentryid1: u32, lpentryid1: *mut sys::ENTRYID, cbentryid2: u32, lpentryid2: *mut sys::ENTRYID, ulflags: u32, lpulresult: *mut u32) -> Result<()>;
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
