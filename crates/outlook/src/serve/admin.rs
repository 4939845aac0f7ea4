//! Administration objects, as COM objects.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::sync::Arc;

use outlook_mapi::sys;
use windows_core::{GUID, HRESULT, Interface, OutRef, Result, implement};

use super::Context;
use super::call::{
    Opened, Out, Raw, answer, asked_for, failed, has_last_error, inner, invalid, props_of,
    replaced, text_of, uid_of,
};
use super::interfaces::{self, ProfAdminGives, ProviderAdminGives, ServiceAdminGives};
use super::memory::MapiMemory;
use super::objects::{Free, Object, section};
use super::rows::{Snapshot, profile_row, provider_row, service_row};
use super::table::row_table;
use crate::com::uid_words;
use crate::library;
use crate::value::each;
use mapi_session::error::Failure;
use mapi_session::property::Property;
use mapi_session::subsystem::{RawProfAdmin, RawProviderAdmin, RawResult, RawServiceAdmin};
use mapi_session::table::Table;
use mapi_session::{HResult, MapiUid, UiParam};

/// Serves the profile administration of any subsystem as a COM `IProfAdmin`, as [`serve`](super::serve)
/// does it with a session.
///
/// # Errors
/// As of [`serve`](super::serve).
pub fn serve_profile_admin(
    admin: impl ServableAdmin,
) -> std::result::Result<sys::IProfAdmin, Failure> {
    Ok(serve_profile_admin_with(admin, library::memory()?))
}

/// [`serve_profile_admin`], with the memory of these functions.
pub fn serve_profile_admin_with(admin: impl ServableAdmin, memory: MapiMemory) -> sys::IProfAdmin {
    let context = Context::new(memory, None);
    interfaces::ProfAdmin::from(ComProfAdmin(Object::new(admin, &context))).0
}

/// A profile administration that can be served: it, and all that it opens, is `Send + Sync + 'static`.
/// Nothing has to be implemented.
pub trait ServableAdmin: RawProfAdmin<ServiceAdmin: FreeServiceAdmin> + Free {}

impl<A: RawProfAdmin<ServiceAdmin: FreeServiceAdmin> + Free> ServableAdmin for A {}

pub trait FreeServiceAdmin:
    RawServiceAdmin<ProviderAdmin: Free, ProfileSection: Free> + Free
{
}

impl<A: RawServiceAdmin<ProviderAdmin: Free, ProfileSection: Free> + Free> FreeServiceAdmin for A {}

#[implement(interfaces::ProfAdmin)]
struct ComProfAdmin<A>(Object<Raw<A>>)
where
    A: ServableAdmin;

#[implement(interfaces::ServiceAdmin)]
#[repr(C)]
pub(super) struct ComAdmin<A>
where
    A: FreeServiceAdmin,
{
    _room: Room,
    admin: Object<Raw<A>>,
}

#[implement(interfaces::ProviderAdmin)]
#[repr(C)]
struct ComProviderAdmin<A>
where
    A: RawProviderAdmin<ProfileSection: Free> + Free,
{
    _room: Room,
    admin: Object<Raw<A>>,
}

/// What MFCMAPI finds behind the interface of an administration object that has refused to open a section.
/// It takes the object for MAPI's own, reads a pointer at 0x48, by which it calls what is not null, and
/// writes a byte at 0x60.
#[derive(Default)]
struct Room {
    _words: UnsafeCell<[u64; 13]>,
}

// SAFETY: nobody here reads or writes it.
unsafe impl Send for Room {}
// SAFETY: as above.
unsafe impl Sync for Room {}

/// A table that does not change while it is open.
fn snapshot<R: Clone + Send + Sync + 'static>(
    table: RawResult<Table<R>>,
    row: fn(&R) -> Vec<Property>,
    flags: u32,
    context: &Arc<Context>,
) -> RawResult<sys::IMAPITable> {
    context.check()?;
    Ok(table?.map(|rows| row_table(Snapshot(rows), row, flags, context)))
}

/// # Safety
/// `text` is null, or ends with a NUL of the width that `flags` says.
unsafe fn name_of(text: *const i8, flags: u32) -> Result<String> {
    // SAFETY: as the caller says.
    unsafe { text_of(text, flags) }.ok_or_else(invalid)
}

impl<A> ProfAdminGives for ComProfAdmin_Impl<A>
where
    A: ServableAdmin,
{
    fn profile_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.0.profile_table(flags);
        snapshot(table, profile_row, flags, &self.0.context)
    }
}

impl<A> sys::IProfAdmin_Impl for ComProfAdmin_Impl<A>
where
    A: ServableAdmin,
{
    replaced! { GetProfileTable -> IMAPITable; }

    has_last_error!(0);

    fn CreateProfile(
        &self,
        name: *mut i8,
        password: *mut i8,
        ui_param: usize,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's texts.
        let (name, password) = unsafe { (name_of(name, flags)?, text_of(password, flags)) };
        let parent = UiParam::new(ui_param);
        answer(
            || (self.0).create_profile(&name, password.as_deref(), parent, flags),
            Ok,
        )
    }

    fn DeleteProfile(&self, name: *mut i8, flags: u32) -> Result<()> {
        // SAFETY: the caller's text.
        let name = unsafe { name_of(name, flags) }?;
        answer(|| self.0.delete_profile(&name, flags), Ok)
    }

    fn ChangeProfilePassword(
        &self,
        name: *mut i8,
        old_password: *mut i8,
        new_password: *mut i8,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's texts.
        let (name, [old, new]) = unsafe {
            let passwords = [old_password, new_password].map(|it| text_of(it, flags));
            (name_of(name, flags)?, passwords)
        };
        let (old, new) = (old.as_deref(), new.as_deref());
        answer(
            || (self.0).change_profile_password(&name, old, new, flags),
            Ok,
        )
    }

    fn CopyProfile(
        &self,
        old_name: *mut i8,
        old_password: *mut i8,
        new_name: *mut i8,
        ui_param: usize,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's texts.
        let (old, new, password) = unsafe {
            (
                name_of(old_name, flags)?,
                name_of(new_name, flags)?,
                text_of(old_password, flags),
            )
        };
        let (password, parent) = (password.as_deref(), UiParam::new(ui_param));
        answer(
            || (self.0).copy_profile(&old, password, &new, parent, flags),
            Ok,
        )
    }

    fn RenameProfile(
        &self,
        old_name: *mut i8,
        old_password: *mut i8,
        new_name: *mut i8,
        ui_param: usize,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's texts.
        let (old, new, password) = unsafe {
            (
                name_of(old_name, flags)?,
                name_of(new_name, flags)?,
                text_of(old_password, flags),
            )
        };
        let (password, parent) = (password.as_deref(), UiParam::new(ui_param));
        answer(
            || (self.0).rename_profile(&old, password, &new, parent, flags),
            Ok,
        )
    }

    fn SetDefaultProfile(&self, name: *mut i8, flags: u32) -> Result<()> {
        // SAFETY: the caller's text.
        let name = unsafe { text_of(name, flags) };
        answer(|| self.0.set_default_profile(name.as_deref(), flags), Ok)
    }

    fn AdminServices(
        &self,
        name: *mut i8,
        password: *mut i8,
        ui_param: usize,
        flags: u32,
        opened: OutRef<'_, sys::IMsgServiceAdmin>,
    ) -> Result<()> {
        let opened = Opened::new(opened)?;
        // SAFETY: the caller's texts.
        let (name, password) = unsafe { (name_of(name, flags)?, text_of(password, flags)) };
        let (password, parent) = (password.as_deref(), UiParam::new(ui_param));
        answer(
            || (self.0).admin_services(&name, password, parent, flags),
            |admin| opened.give(ComAdmin::serve(admin, &self.0.context), None),
        )
    }
}

impl<A: FreeServiceAdmin> ComAdmin<A> {
    pub(super) fn serve(admin: A, context: &Arc<Context>) -> sys::IMsgServiceAdmin {
        let admin = Self {
            _room: Room::default(),
            admin: Object::new(admin, context),
        };
        let admin = interfaces::ServiceAdmin::from(admin).0;
        // SAFETY: the vtable begins with the methods of IMsgServiceAdmin.
        unsafe { sys::IMsgServiceAdmin::from_raw(admin.into_raw()) }
    }

    /// The administration that CopyMsgService copies to: it is given, or that of a session that is.
    ///
    /// # Safety
    /// The interface is null, or there is one; the object has it, or that of a session.
    unsafe fn destination(
        interface: *const GUID,
        object: *mut c_void,
    ) -> Result<sys::IMsgServiceAdmin> {
        // SAFETY: as the caller says.
        unsafe {
            match each(interface, 1).next() {
                Some(sys::IMsgServiceAdmin::IID) => {
                    let admin = sys::IMsgServiceAdmin::from_raw_borrowed(&object);
                    admin.cloned().ok_or_else(invalid)
                }
                None | Some(sys::IMAPISession::IID) => {
                    let session = sys::IMAPISession::from_raw_borrowed(&object);
                    session.ok_or_else(invalid)?.AdminServices(0)
                }
                Some(_) => Err(failed(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED)),
            }
        }
    }
}

impl<A: FreeServiceAdmin> ServiceAdminGives for ComAdmin_Impl<A> {
    fn msg_service_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.admin.msg_service_table(flags);
        snapshot(table, service_row, flags, &self.admin.context)
    }

    fn provider_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.admin.provider_table(flags);
        snapshot(table, provider_row, flags, &self.admin.context)
    }
}

impl<A: FreeServiceAdmin> sys::IMsgServiceAdmin2_Impl for ComAdmin_Impl<A> {
    replaced! {
        GetMsgServiceTable -> IMAPITable;
        GetProviderTable -> IMAPITable;
    }

    has_last_error!(admin);

    fn CreateMsgService(
        &self,
        service: *mut i8,
        display_name: *mut i8,
        ui_param: usize,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's texts.
        let (service, name) = unsafe { (name_of(service, flags)?, text_of(display_name, flags)) };
        let name = name.unwrap_or_default();
        let parent = UiParam::new(ui_param);
        answer(
            || (self.admin).create_msg_service(&service, &name, parent, flags),
            Ok,
        )
    }

    fn DeleteMsgService(&self, uid: *mut sys::MAPIUID) -> Result<()> {
        // SAFETY: the caller's.
        let uid = unsafe { uid_of(uid) }?;
        answer(|| self.admin.delete_msg_service(uid), Ok)
    }

    fn CopyMsgService(
        &self,
        uid: *mut sys::MAPIUID,
        _display_name: *mut i8,
        section: *mut GUID,
        interface: *mut GUID,
        object: *mut c_void,
        ui_param: usize,
        flags: u32,
    ) -> Result<()> {
        // SAFETY: the caller's.
        let (uid, destination) = unsafe {
            asked_for(section, &[sys::IProfSect::IID])?;
            (uid_of(uid)?, ComAdmin::<A>::destination(interface, object)?)
        };
        let to = &inner::<_, ComAdmin<A>>(Some(&destination))?.admin;
        let parent = UiParam::new(ui_param);
        answer(|| self.admin.copy_msg_service(uid, to, parent, flags), Ok)
    }

    fn RenameMsgService(
        &self,
        uid: *mut sys::MAPIUID,
        flags: u32,
        display_name: *mut i8,
    ) -> Result<()> {
        // SAFETY: the caller's.
        let (uid, name) = unsafe { (uid_of(uid)?, text_of(display_name, flags)) };
        let name = name.unwrap_or_default();
        answer(|| self.admin.rename_msg_service(uid, flags, &name), Ok)
    }

    fn ConfigureMsgService(
        &self,
        uid: *mut sys::MAPIUID,
        ui_param: usize,
        flags: u32,
        count: u32,
        values: *mut sys::SPropValue,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let (uid, props) = unsafe { (uid_of(uid)?, props_of(count, values)?) };
        let parent = UiParam::new(ui_param);
        answer(
            || (self.admin).configure_msg_service(uid, parent, flags, &props),
            Ok,
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
        section(&self.admin.context, interface, opened, uid, |uid| {
            self.admin.open_profile_section(uid, flags)
        })
    }

    fn MsgServiceTransportOrder(
        &self,
        count: u32,
        uids: *mut sys::MAPIUID,
        flags: u32,
    ) -> Result<()> {
        if count > 0 && uids.is_null() {
            return Err(invalid());
        }
        // SAFETY: the caller gives this many.
        let uids = unsafe { each(uids, count) };
        let uids: Vec<_> = uids.map(|uid| MapiUid::new(uid.ab)).collect();
        answer(|| self.admin.msg_service_transport_order(&uids, flags), Ok)
    }

    fn AdminProviders(
        &self,
        uid: *mut sys::MAPIUID,
        flags: u32,
        opened: OutRef<'_, sys::IProviderAdmin>,
    ) -> Result<()> {
        let opened = Opened::new(opened)?;
        // SAFETY: the caller's.
        let uid = unsafe { uid_of(uid) }?;
        answer(
            || self.admin.admin_providers(uid, flags),
            |admin| {
                let admin = ComProviderAdmin {
                    _room: Room::default(),
                    admin: Object::new(admin, &self.admin.context),
                };
                opened.give(interfaces::ProviderAdmin::from(admin), None)
            },
        )
    }

    fn SetPrimaryIdentity(&self, uid: *mut sys::MAPIUID, flags: u32) -> Result<()> {
        // SAFETY: null, or the caller's.
        let uid = unsafe { each(uid, 1) }
            .next()
            .map(|uid| MapiUid::new(uid.ab));
        answer(|| self.admin.set_primary_identity(uid, flags), Ok)
    }

    fn CreateMsgServiceEx(
        &self,
        service: *mut i8,
        display_name: *mut i8,
        ui_param: usize,
        flags: u32,
        uid: *mut sys::MAPIUID,
    ) -> Result<()> {
        // SAFETY: the caller's texts.
        let (service, name) = unsafe { (name_of(service, flags)?, text_of(display_name, flags)) };
        let name = name.unwrap_or_default();
        // SAFETY: null, or the caller's place.
        let uid = unsafe { Out::optional(uid) };
        let parent = UiParam::new(ui_param);
        answer(
            || (self.admin).create_msg_service_ex(&service, &name, parent, flags),
            |created| {
                uid.give(uid_words(created));
                Ok(())
            },
        )
    }
}

impl<A> ProviderAdminGives for ComProviderAdmin_Impl<A>
where
    A: RawProviderAdmin<ProfileSection: Free> + Free,
{
    fn provider_table(&self, flags: u32) -> RawResult<sys::IMAPITable> {
        let table = self.admin.provider_table(flags);
        snapshot(table, provider_row, flags, &self.admin.context)
    }
}

impl<A> sys::IProviderAdmin_Impl for ComProviderAdmin_Impl<A>
where
    A: RawProviderAdmin<ProfileSection: Free> + Free,
{
    replaced! { GetProviderTable -> IMAPITable; }

    has_last_error!(admin);

    fn CreateProvider(
        &self,
        provider: *mut i8,
        count: u32,
        values: *mut sys::SPropValue,
        ui_param: usize,
        flags: u32,
        uid: *mut sys::MAPIUID,
    ) -> Result<()> {
        // SAFETY: the caller's, until the method returns.
        let (uid, provider, props) = unsafe {
            (
                Out::optional(uid),
                name_of(provider, flags)?,
                props_of(count, values)?,
            )
        };
        let parent = UiParam::new(ui_param);
        answer(
            || (self.admin).create_provider(&provider, &props, parent, flags),
            |created| {
                uid.give(uid_words(created));
                Ok(())
            },
        )
    }

    fn DeleteProvider(&self, uid: *mut sys::MAPIUID) -> Result<()> {
        // SAFETY: the caller's.
        let uid = unsafe { uid_of(uid) }?;
        answer(|| self.admin.delete_provider(uid), Ok)
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
        section(&self.admin.context, interface, opened, uid, |uid| {
            self.admin.open_profile_section(uid, flags)
        })
    }
}
