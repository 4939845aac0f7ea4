//! Administration objects, as COM objects.

use std::cell::Cell;
use std::ffi::c_void;
use std::rc::Rc;

use outlook_mapi::sys;
use windows_core::{GUID, HRESULT, Interface, OutRef, Result, implement};

use super::objects::ComSection;
use super::table::{ComTable, profile_row, provider_row, service_row};
use super::values::failed;
use super::{answer, inner, invalid, last_error, not_supported, props_of, put, required, standard};
use crate::session::is_unicode;
use crate::text::copied;
use mapi_session::property::Property;
use mapi_session::subsystem::{
    RawProfAdmin, RawProfileSection, RawProviderAdmin, RawResult, RawServiceAdmin,
};
use mapi_session::table::Table;
use mapi_session::{HResult, MapiUid, UiParam};

/// Hands the profile administration of any subsystem out as a COM `IProfAdmin`, as
/// [`hand_out`](super::hand_out) does it with a session.
pub fn hand_out_profile_admin<A>(admin: A) -> sys::IProfAdmin
where
    A: RawProfAdmin + 'static,
    A::ServiceAdmin: 'static,
{
    ComProfAdmin(admin).into()
}

#[implement(sys::IProfAdmin, Agile = false)]
struct ComProfAdmin<A>(A)
where
    A: RawProfAdmin + 'static,
    A::ServiceAdmin: 'static;

#[implement(sys::IMsgServiceAdmin, sys::IMsgServiceAdmin2, Agile = false)]
pub(super) struct ComAdmin<A>
where
    A: RawServiceAdmin + 'static,
{
    pub(super) admin: A,
    /// For the tables, which know nothing of the session any more (O2).
    pub(super) ended: Rc<Cell<bool>>,
}

#[implement(sys::IProviderAdmin, Agile = false)]
struct ComProviderAdmin<A>
where
    A: RawProviderAdmin + 'static,
{
    admin: A,
    ended: Rc<Cell<bool>>,
}

/// A table that a call gives.
fn table<R>(
    call: impl FnOnce() -> RawResult<Table<R>>,
    row: fn(&R) -> Vec<Property>,
    flags: u32,
    ended: &Rc<Cell<bool>>,
) -> Result<sys::IMAPITable> {
    let mut table = None;
    answer(call, |rows| {
        table = Some(ComTable::of(&rows, row, flags, ended));
        Ok(())
    })?;
    table.ok_or_else(not_supported)
}

/// A section that a call opens.
fn section<P: RawProfileSection + 'static>(
    interface: *mut GUID,
    opened: OutRef<'_, sys::IProfSect>,
    call: impl FnOnce() -> RawResult<P>,
) -> Result<()> {
    standard(interface, &[sys::IProfSect::IID])?;
    answer(call, |section| {
        opened.write(Some(ComSection(section).into()))
    })
}

/// The caller's MAPIUID.
fn uid_of(uid: *mut sys::MAPIUID) -> Result<MapiUid> {
    required(uid)?;
    // SAFETY: not null.
    Ok(MapiUid::new(unsafe { (*uid).ab }))
}

/// The caller's text, of the width that `flags` says; none for null.
fn text_of(text: *mut i8, flags: u32) -> Option<String> {
    // SAFETY: the caller's text is null, or ends with a NUL of that width.
    (!text.is_null()).then(|| unsafe { copied(text, is_unicode(flags)) })
}

fn name_of(text: *mut i8, flags: u32) -> Result<String> {
    text_of(text, flags).ok_or_else(invalid)
}

impl<A> sys::IProfAdmin_Impl for ComProfAdmin_Impl<A>
where
    A: RawProfAdmin + 'static,
    A::ServiceAdmin: 'static,
{
    fn GetLastError(
        &self,
        hresult: HRESULT,
        flags: u32,
        error: *mut *mut sys::MAPIERROR,
    ) -> Result<()> {
        last_error(
            |hresult, flags| self.0.last_error(hresult, flags),
            hresult,
            flags,
            error,
        )
    }

    fn GetProfileTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        table(
            || self.0.profile_table(flags),
            profile_row,
            flags,
            &Rc::default(),
        )
    }

    fn CreateProfile(
        &self,
        name: *mut i8,
        password: *mut i8,
        ui_param: usize,
        flags: u32,
    ) -> Result<()> {
        let (name, password) = (name_of(name, flags)?, text_of(password, flags));
        let parent = UiParam::new(ui_param);
        answer(
            || (self.0).create_profile(&name, password.as_deref(), parent, flags),
            Ok,
        )
    }

    fn DeleteProfile(&self, name: *mut i8, flags: u32) -> Result<()> {
        let name = name_of(name, flags)?;
        answer(|| self.0.delete_profile(&name, flags), Ok)
    }

    fn ChangeProfilePassword(
        &self,
        name: *mut i8,
        old_password: *mut i8,
        new_password: *mut i8,
        flags: u32,
    ) -> Result<()> {
        let name = name_of(name, flags)?;
        let [old, new] = [old_password, new_password].map(|it| text_of(it, flags));
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
        let (old, new) = (name_of(old_name, flags)?, name_of(new_name, flags)?);
        let password = text_of(old_password, flags);
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
        let (old, new) = (name_of(old_name, flags)?, name_of(new_name, flags)?);
        let password = text_of(old_password, flags);
        let (password, parent) = (password.as_deref(), UiParam::new(ui_param));
        answer(
            || (self.0).rename_profile(&old, password, &new, parent, flags),
            Ok,
        )
    }

    fn SetDefaultProfile(&self, name: *mut i8, flags: u32) -> Result<()> {
        let name = text_of(name, flags);
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
        let (name, password) = (name_of(name, flags)?, text_of(password, flags));
        let (password, parent) = (password.as_deref(), UiParam::new(ui_param));
        answer(
            || (self.0).admin_services(&name, password, parent, flags),
            |admin| {
                let ended = Rc::default();
                opened.write(Some(ComAdmin { admin, ended }.into()))
            },
        )
    }
}

impl<A> ComAdmin<A>
where
    A: RawServiceAdmin + 'static,
{
    /// The administration that CopyMsgService copies to: it is given, or that of a session that is.
    fn destination(interface: *mut GUID, object: *mut c_void) -> Result<sys::IMsgServiceAdmin> {
        required(object)?;
        // SAFETY: null, or the caller's.
        let interface = unsafe { interface.as_ref() };
        // SAFETY: the caller's object has the interface that is named, or that of a session.
        unsafe {
            match interface {
                Some(&sys::IMsgServiceAdmin::IID) => {
                    sys::IMsgServiceAdmin::from_raw_borrowed(&object)
                        .cloned()
                        .ok_or_else(invalid)
                }
                None | Some(&sys::IMAPISession::IID) => {
                    sys::IMAPISession::from_raw_borrowed(&object)
                        .ok_or_else(invalid)?
                        .AdminServices(0)
                }
                Some(_) => Err(failed(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED)),
            }
        }
    }
}

/// IMsgServiceAdmin, which IMsgServiceAdmin2 repeats.
macro_rules! service_admin {
    ($($Interface:ident { $($more:tt)* })*) => {$(
        impl<A: RawServiceAdmin + 'static> sys::$Interface for ComAdmin_Impl<A> {
            fn GetLastError(
                &self,
                hresult: HRESULT,
                flags: u32,
                error: *mut *mut sys::MAPIERROR,
            ) -> Result<()> {
                let call = |hresult, flags| self.admin.last_error(hresult, flags);
                last_error(call, hresult, flags, error)
            }

            fn GetMsgServiceTable(&self, flags: u32) -> Result<sys::IMAPITable> {
                let rows = || self.admin.msg_service_table(flags);
                table(rows, service_row, flags, &self.ended)
            }

            fn CreateMsgService(
                &self,
                service: *mut i8,
                display_name: *mut i8,
                ui_param: usize,
                flags: u32,
            ) -> Result<()> {
                let service = name_of(service, flags)?;
                let name = text_of(display_name, flags).unwrap_or_default();
                let parent = UiParam::new(ui_param);
                answer(|| (self.admin).create_msg_service(&service, &name, parent, flags), Ok)
            }

            fn DeleteMsgService(&self, uid: *mut sys::MAPIUID) -> Result<()> {
                let uid = uid_of(uid)?;
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
                standard(section, &[sys::IProfSect::IID])?;
                let uid = uid_of(uid)?;
                let destination = ComAdmin::<A>::destination(interface, object)?;
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
                let uid = uid_of(uid)?;
                let name = text_of(display_name, flags).unwrap_or_default();
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
                let (uid, props) = (uid_of(uid)?, props_of(count, values)?);
                let parent = UiParam::new(ui_param);
                answer(|| (self.admin).configure_msg_service(uid, parent, flags, &props), Ok)
            }

            fn OpenProfileSection(
                &self,
                uid: *mut sys::MAPIUID,
                interface: *mut GUID,
                flags: u32,
                opened: OutRef<'_, sys::IProfSect>,
            ) -> Result<()> {
                let uid = uid_of(uid)?;
                section(interface, opened, || self.admin.open_profile_section(uid, flags))
            }

            fn MsgServiceTransportOrder(
                &self,
                count: u32,
                uids: *mut sys::MAPIUID,
                flags: u32,
            ) -> Result<()> {
                if count > 0 {
                    required(uids)?;
                }
                // SAFETY: the caller gives this many.
                let uids = (0..count as usize).map(|it| unsafe { (*uids.add(it)).ab });
                let uids: Vec<_> = uids.map(MapiUid::new).collect();
                answer(|| self.admin.msg_service_transport_order(&uids, flags), Ok)
            }

            fn AdminProviders(
                &self,
                uid: *mut sys::MAPIUID,
                flags: u32,
                opened: OutRef<'_, sys::IProviderAdmin>,
            ) -> Result<()> {
                let uid = uid_of(uid)?;
                answer(
                    || self.admin.admin_providers(uid, flags),
                    |admin| {
                        let ended = Rc::clone(&self.ended);
                        opened.write(Some(ComProviderAdmin { admin, ended }.into()))
                    },
                )
            }

            fn SetPrimaryIdentity(&self, uid: *mut sys::MAPIUID, flags: u32) -> Result<()> {
                // SAFETY: null, or the caller's.
                let uid = unsafe { uid.as_ref() }.map(|uid| MapiUid::new(uid.ab));
                answer(|| self.admin.set_primary_identity(uid, flags), Ok)
            }

            fn GetProviderTable(&self, flags: u32) -> Result<sys::IMAPITable> {
                let rows = || self.admin.provider_table(flags);
                table(rows, provider_row, flags, &self.ended)
            }

            $($more)*
        }
    )*};
}

service_admin! {
    IMsgServiceAdmin_Impl {}
    IMsgServiceAdmin2_Impl {
        fn CreateMsgServiceEx(
            &self,
            service: *mut i8,
            display_name: *mut i8,
            ui_param: usize,
            flags: u32,
            uid: *mut sys::MAPIUID,
        ) -> Result<()> {
            let service = name_of(service, flags)?;
            let name = text_of(display_name, flags).unwrap_or_default();
            let parent = UiParam::new(ui_param);
            answer(
                || (self.admin).create_msg_service_ex(&service, &name, parent, flags),
                |created| {
                    put(uid, sys::MAPIUID { ab: *created.as_bytes() });
                    Ok(())
                },
            )
        }
    }
}

impl<A: RawProviderAdmin + 'static> sys::IProviderAdmin_Impl for ComProviderAdmin_Impl<A> {
    fn GetLastError(
        &self,
        hresult: HRESULT,
        flags: u32,
        error: *mut *mut sys::MAPIERROR,
    ) -> Result<()> {
        last_error(
            |hresult, flags| self.admin.last_error(hresult, flags),
            hresult,
            flags,
            error,
        )
    }

    fn GetProviderTable(&self, flags: u32) -> Result<sys::IMAPITable> {
        let rows = || self.admin.provider_table(flags);
        table(rows, provider_row, flags, &self.ended)
    }

    fn CreateProvider(
        &self,
        provider: *mut i8,
        count: u32,
        values: *mut sys::SPropValue,
        ui_param: usize,
        flags: u32,
        uid: *mut sys::MAPIUID,
    ) -> Result<()> {
        let (provider, props) = (name_of(provider, flags)?, props_of(count, values)?);
        let parent = UiParam::new(ui_param);
        answer(
            || (self.admin).create_provider(&provider, &props, parent, flags),
            |created| {
                put(
                    uid,
                    sys::MAPIUID {
                        ab: *created.as_bytes(),
                    },
                );
                Ok(())
            },
        )
    }

    fn DeleteProvider(&self, uid: *mut sys::MAPIUID) -> Result<()> {
        let uid = uid_of(uid)?;
        answer(|| self.admin.delete_provider(uid), Ok)
    }

    fn OpenProfileSection(
        &self,
        uid: *mut sys::MAPIUID,
        interface: *mut GUID,
        flags: u32,
        opened: OutRef<'_, sys::IProfSect>,
    ) -> Result<()> {
        let uid = uid_of(uid)?;
        section(interface, opened, || {
            self.admin.open_profile_section(uid, flags)
        })
    }
}
