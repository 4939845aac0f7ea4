//! Administration objects: IProfAdmin, IMsgServiceAdmin, IProviderAdmin. Dropping one is its Release.

use std::fmt;
use std::sync::Arc;

use super::driver::Driver;
use super::objects::{Handle, MemoryProfileSection};
use super::state::{AdminKey, CreateCall, CreateProfileCall};
use crate::error::MapiError;
use crate::property::Property;
use crate::subsystem::{RawProfAdmin, RawProviderAdmin, RawResult, RawServiceAdmin};
use crate::table::{MsgServiceTable, ProfileTable, ProviderTable};
use crate::{HResult, MapiUid, UiParam};

impl Handle<AdminKey> {
    fn last_error_of_admin(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.last_error(hresult, |state, it| {
            state.check_last_error_of_admin(it, flags)
        })
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProfileSection> {
        let opened = self.look(|state, it| state.open_section_of_admin(it, uid, flags));
        Ok(opened?.map(|section| MemoryProfileSection::new(&self.driver, section)))
    }
}

macro_rules! administration {
    ($($(#[$doc:meta])* $admin:ident;)*) => {$(
        $(#[$doc])*
        pub struct $admin(Handle<AdminKey>);

        impl $admin {
            pub(super) fn new(driver: &Arc<Driver>, key: AdminKey) -> Self {
                Self(Handle::new(driver, key))
            }
        }

        impl Drop for $admin {
            fn drop(&mut self) {
                self.0.driver.look(|state| state.release_admin(self.0.key));
            }
        }

        impl fmt::Debug for $admin {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($admin))
            }
        }
    )*};
}

administration! {
    /// A profile administration object of the subsystem in memory. Dropping it is Release.
    MemoryProfileAdmin;
    /// A message service administration object of the subsystem in memory. Dropping it is Release.
    MemoryServiceAdmin;
    /// A provider administration object of the subsystem in memory. Dropping it is Release.
    MemoryProviderAdmin;
}

impl RawProfAdmin for MemoryProfileAdmin {
    type ServiceAdmin = MemoryServiceAdmin;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.0.last_error_of_admin(hresult, flags)
    }

    fn profile_table(&self, flags: u32) -> RawResult<ProfileTable> {
        self.0.look(|state, _| state.profile_table(flags))
    }

    fn create_profile(
        &self,
        name: &str,
        password: Option<&str>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        let call = CreateProfileCall {
            name,
            password,
            parent: ui_param,
            flags,
        };
        self.0.run(|state, _| state.create_profile(&call))
    }

    fn delete_profile(&self, name: &str, flags: u32) -> RawResult<()> {
        self.0.look(|state, _| state.delete_profile(name, flags))
    }

    fn change_profile_password(
        &self,
        _name: &str,
        _old_password: Option<&str>,
        _new_password: Option<&str>,
        flags: u32,
    ) -> RawResult<()> {
        self.0.look(|state, _| state.change_profile_password(flags))
    }

    fn copy_profile(
        &self,
        old_name: &str,
        old_password: Option<&str>,
        new_name: &str,
        _ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.0
            .look(|state, _| state.copy_profile(old_name, old_password, new_name, flags))
    }

    fn rename_profile(
        &self,
        old_name: &str,
        old_password: Option<&str>,
        new_name: &str,
        _ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.0
            .look(|state, _| state.rename_profile(old_name, old_password, new_name, flags))
    }

    fn set_default_profile(&self, name: Option<&str>, flags: u32) -> RawResult<()> {
        self.0
            .look(|state, _| state.set_default_profile(name, flags))
    }

    fn admin_services(
        &self,
        name: &str,
        password: Option<&str>,
        _ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MemoryServiceAdmin> {
        let opened = self
            .0
            .look(|state, _| state.admin_services_of(name, password, flags));
        Ok(opened?.map(|admin| MemoryServiceAdmin::new(&self.0.driver, admin)))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl RawServiceAdmin for MemoryServiceAdmin {
    type ProfileSection = MemoryProfileSection;
    type ProviderAdmin = MemoryProviderAdmin;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.0.last_error_of_admin(hresult, flags)
    }

    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        self.0.look(|state, it| state.msg_service_table(it, flags))
    }

    fn create_msg_service(
        &self,
        service: &str,
        display_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        let created = self.create_msg_service_ex(service, display_name, ui_param, flags);
        Ok(created?.map(drop))
    }

    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        self.0.look(|state, it| state.delete_msg_service(it, uid))
    }

    fn copy_msg_service(
        &self,
        uid: MapiUid,
        destination: &Self,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        let is_here = Arc::ptr_eq(&self.0.driver, &destination.0.driver);
        let to = is_here.then_some(destination.0.key);
        self.0
            .run(|state, it| state.copy_msg_service(it, uid, to, ui_param, flags))
    }

    fn rename_msg_service(&self, _uid: MapiUid, _flags: u32, _display_name: &str) -> RawResult<()> {
        self.0.look(|state, it| state.rename_msg_service(it))
    }

    fn configure_msg_service(
        &self,
        uid: MapiUid,
        ui_param: UiParam,
        flags: u32,
        props: &[Property],
    ) -> RawResult<()> {
        self.0
            .call(|state, it| state.configure_msg_service(it, uid, ui_param, flags, props))
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProfileSection> {
        self.0.open_profile_section(uid, flags)
    }

    fn msg_service_transport_order(&self, uids: &[MapiUid], flags: u32) -> RawResult<()> {
        self.0
            .look(|state, it| state.msg_service_transport_order(it, uids, flags))
    }

    fn admin_providers(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProviderAdmin> {
        let opened = self
            .0
            .look(|state, it| state.admin_providers(it, uid, flags));
        Ok(opened?.map(|admin| MemoryProviderAdmin::new(&self.0.driver, admin)))
    }

    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        self.0
            .look(|state, it| state.set_primary_identity(it, uid, flags))
    }

    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        self.0.look(|state, it| state.provider_table(it, flags))
    }

    fn create_msg_service_ex(
        &self,
        service: &str,
        display_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MapiUid> {
        let call = CreateCall {
            name: service,
            display_name,
            parent: ui_param,
            flags,
        };
        self.0.run(|state, it| state.create_msg_service(it, &call))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl RawProviderAdmin for MemoryProviderAdmin {
    type ProfileSection = MemoryProfileSection;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.0.last_error_of_admin(hresult, flags)
    }

    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        self.0.look(|state, it| state.provider_table(it, flags))
    }

    fn create_provider(
        &self,
        provider: &str,
        props: &[Property],
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MapiUid> {
        let call = CreateCall {
            name: provider,
            display_name: "",
            parent: ui_param,
            flags,
        };
        self.0
            .call(|state, it| state.create_provider(it, &call, props))
    }

    fn delete_provider(&self, uid: MapiUid) -> RawResult<()> {
        self.0.look(|state, it| state.delete_provider(it, uid))
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProfileSection> {
        self.0.open_profile_section(uid, flags)
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}
