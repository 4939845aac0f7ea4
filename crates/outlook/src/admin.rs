//! The administration of profiles, of their message services, and of the providers of these.

use std::fmt;
use std::ptr;
use std::rc::Rc;

use outlook_mapi::sys;

use super::com::{Com, cast, last_error, method, opened, uid_words};
use super::library::Library;
use super::objects::OutlookProfileSection;
use super::properties::Settings;
use super::session::{Life, is_unicode, text};
use super::tables;
use super::text::Text;
use mapi_session::error::{Failure, MapiError, Success};
use mapi_session::property::Property;
use mapi_session::subsystem::{RawProfAdmin, RawProviderAdmin, RawResult, RawServiceAdmin};
use mapi_session::table::{MsgServiceTable, ProfileTable, ProviderRow, ProviderTable};
use mapi_session::{HResult, MapiUid, UiParam};

/// The administration of profiles, by Outlook's MAPI. Dropping it is its Release.
pub struct OutlookProfileAdmin {
    admin: Com<sys::IProfAdmin>,
}

impl OutlookProfileAdmin {
    pub(super) fn new(admin: Com<sys::IProfAdmin>) -> Self {
        Self { admin }
    }

    fn library(&self) -> &Rc<Library> {
        self.admin.library()
    }

    /// The COM interface, for what has no method here.
    #[must_use]
    pub fn as_com(&self) -> &sys::IProfAdmin {
        &self.admin
    }
}

/// A method that gives a table, of which all rows are read.
macro_rules! table {
    ($admin:expr, $method:ident, $flags:expr) => {{
        let mut table = None::<sys::IMAPITable>;
        // SAFETY: it takes what comes out.
        let hresult = unsafe { method!(&**$admin, $method($flags, (&raw mut table).cast())) };
        let (table, warning) = opened(table, hresult)?.into_parts();
        let table = Com::new(table, Rc::clone($admin.library()));
        let rows = tables::read(&table, is_unicode($flags))?;
        Ok(Success::from_parts(rows, warning))
    }};
}

/// OpenProfileSection of an administration object.
macro_rules! open_section {
    ($admin:expr, $uid:expr, $flags:expr, $life:expr) => {{
        let mut uid = uid_words($uid);
        let mut section = None::<sys::IProfSect>;
        // SAFETY: it reads one MAPIUID; the interface is the standard one.
        let hresult = unsafe {
            method!(
                $admin,
                OpenProfileSection(
                    &raw mut uid,
                    ptr::null_mut(),
                    $flags,
                    (&raw mut section).cast()
                )
            )
        };
        let section = opened(section, hresult)?;
        Ok(section.map(|section| OutlookProfileSection::new(section, Rc::clone($life))))
    }};
}

impl RawProfAdmin for OutlookProfileAdmin {
    type ServiceAdmin = OutlookServiceAdmin;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.library().check()?;
        last_error!(&*self.admin, hresult, flags)
    }

    fn profile_table(&self, flags: u32) -> RawResult<ProfileTable> {
        self.library().check()?;
        table!(&self.admin, GetProfileTable, flags)
    }

    fn create_profile(
        &self,
        name: &str,
        password: Option<&str>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.library().check()?;
        let name = text("the profile name", name, is_unicode(flags))?;
        let password = password_text(password, flags)?;
        // SAFETY: the texts are null or end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.admin,
                CreateProfile(name.as_ptr(), password.as_ptr(), ui_param.get(), flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn delete_profile(&self, name: &str, flags: u32) -> RawResult<()> {
        self.library().check()?;
        let name = text("the profile name", name, is_unicode(flags))?;
        // SAFETY: the text ends with a NUL of the width that `flags` says.
        let hresult = unsafe { method!(&*self.admin, DeleteProfile(name.as_ptr(), flags)) };
        Success::from_hresult((), hresult)
    }

    fn change_profile_password(
        &self,
        name: &str,
        old_password: Option<&str>,
        new_password: Option<&str>,
        flags: u32,
    ) -> RawResult<()> {
        self.library().check()?;
        let name = text("the profile name", name, is_unicode(flags))?;
        let old = password_text(old_password, flags)?;
        let new = password_text(new_password, flags)?;
        // SAFETY: the texts are null or end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.admin,
                ChangeProfilePassword(name.as_ptr(), old.as_ptr(), new.as_ptr(), flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn copy_profile(
        &self,
        old_name: &str,
        old_password: Option<&str>,
        new_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.library().check()?;
        let old = text("the profile name", old_name, is_unicode(flags))?;
        let new = text("the profile name", new_name, is_unicode(flags))?;
        let password = password_text(old_password, flags)?;
        let (old, new, ui_param) = (old.as_ptr(), new.as_ptr(), ui_param.get());
        // SAFETY: the texts are null or end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.admin,
                CopyProfile(old, password.as_ptr(), new, ui_param, flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn rename_profile(
        &self,
        old_name: &str,
        old_password: Option<&str>,
        new_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.library().check()?;
        let old = text("the profile name", old_name, is_unicode(flags))?;
        let new = text("the profile name", new_name, is_unicode(flags))?;
        let password = password_text(old_password, flags)?;
        let (old, new, ui_param) = (old.as_ptr(), new.as_ptr(), ui_param.get());
        // SAFETY: the texts are null or end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.admin,
                RenameProfile(old, password.as_ptr(), new, ui_param, flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn set_default_profile(&self, name: Option<&str>, flags: u32) -> RawResult<()> {
        self.library().check()?;
        let name = match name {
            Some(name) => text("the profile name", name, is_unicode(flags))?,
            None => Text::Null,
        };
        // SAFETY: the text is null or ends with a NUL of the width that `flags` says.
        let hresult = unsafe { method!(&*self.admin, SetDefaultProfile(name.as_ptr(), flags)) };
        Success::from_hresult((), hresult)
    }

    fn admin_services(
        &self,
        name: &str,
        password: Option<&str>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<OutlookServiceAdmin> {
        self.library().check()?;
        let name = text("the profile name", name, is_unicode(flags))?;
        let password = password_text(password, flags)?;
        let (name, password, ui_param) = (name.as_ptr(), password.as_ptr(), ui_param.get());
        let mut admin = None::<sys::IMsgServiceAdmin>;
        // SAFETY: the texts are null or end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.admin,
                AdminServices(name, password, ui_param, flags, (&raw mut admin).cast())
            )
        };
        let life = || Life::new(Rc::clone(self.library()));
        Ok(opened(admin, hresult)?.map(|admin| OutlookServiceAdmin::new(admin, life())))
    }
}

/// MAPI leaves the order of the provider tables to those who sort them.
fn by_ordinal(table: Success<ProviderTable>) -> Success<ProviderTable> {
    table.map(|table| {
        let mut rows: Vec<_> = table.into_iter().collect();
        rows.sort_by_key(ProviderRow::ordinal);
        rows.into_iter().collect()
    })
}

fn password_text(password: Option<&str>, flags: u32) -> Result<Text, Failure> {
    match password {
        Some(password) => text("the password", password, is_unicode(flags)),
        None => Ok(Text::Null),
    }
}

/// The administration of the message services of a profile, by Outlook's MAPI. Dropping it is its
/// Release.
pub struct OutlookServiceAdmin {
    admin: Com<sys::IMsgServiceAdmin>,
    life: Rc<Life>,
}

impl OutlookServiceAdmin {
    pub(super) fn new(admin: sys::IMsgServiceAdmin, life: Rc<Life>) -> Self {
        Self {
            admin: Com::new(admin, Rc::clone(life.library())),
            life,
        }
    }

    /// The COM interface, for what has no method here.
    #[must_use]
    pub fn as_com(&self) -> &sys::IMsgServiceAdmin {
        &self.admin
    }
}

impl RawServiceAdmin for OutlookServiceAdmin {
    type ProfileSection = OutlookProfileSection;
    type ProviderAdmin = OutlookProviderAdmin;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.life.check()?;
        last_error!(&*self.admin, hresult, flags)
    }

    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        self.life.check()?;
        table!(&self.admin, GetMsgServiceTable, flags)
    }

    fn create_msg_service(
        &self,
        service: &str,
        display_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.life.check()?;
        let service = text("the service", service, is_unicode(flags))?;
        let name = text("the display name", display_name, is_unicode(flags))?;
        // SAFETY: the texts end with a NUL of the width that `flags` says.
        let hresult = unsafe {
            method!(
                &*self.admin,
                CreateMsgService(service.as_ptr(), name.as_ptr(), ui_param.get(), flags)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        self.life.check()?;
        let mut uid = uid_words(uid);
        // SAFETY: it reads one MAPIUID.
        let hresult = unsafe { method!(&*self.admin, DeleteMsgService(&raw mut uid)) };
        Success::from_hresult((), hresult)
    }

    fn copy_msg_service(
        &self,
        uid: MapiUid,
        destination: &Self,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.life.check()?;
        destination.life.check()?;
        let mut uid = uid_words(uid);
        let mut interface = <sys::IMsgServiceAdmin as windows_core::Interface>::IID;
        let object = windows_core::Interface::as_raw(&*destination.admin);
        // SAFETY: it reads one MAPIUID and one IID, and the object has that interface.
        let hresult = unsafe {
            method!(
                &*self.admin,
                CopyMsgService(
                    &raw mut uid,
                    ptr::null_mut(),
                    ptr::null_mut(),
                    &raw mut interface,
                    object,
                    ui_param.get(),
                    flags
                )
            )
        };
        Success::from_hresult((), hresult)
    }

    fn rename_msg_service(&self, uid: MapiUid, flags: u32, display_name: &str) -> RawResult<()> {
        self.life.check()?;
        let mut uid = uid_words(uid);
        let name = text("the display name", display_name, is_unicode(flags))?;
        // SAFETY: it reads one MAPIUID; the text ends with a NUL.
        let hresult = unsafe {
            method!(
                &*self.admin,
                RenameMsgService(&raw mut uid, flags, name.as_ptr())
            )
        };
        Success::from_hresult((), hresult)
    }

    fn configure_msg_service(
        &self,
        uid: MapiUid,
        ui_param: UiParam,
        flags: u32,
        props: &[Property],
    ) -> RawResult<()> {
        self.life.check()?;
        let mut uid = uid_words(uid);
        let mut settings = Settings::new(props)?;
        let (count, values) = settings.words_or_null();
        let ui_param = ui_param.get();
        // SAFETY: it reads one MAPIUID; there are this many values, each of the type that its tag says,
        // and what they point to lives longer than the call.
        let hresult = unsafe {
            method!(
                &*self.admin,
                ConfigureMsgService(&raw mut uid, ui_param, flags, count, values)
            )
        };
        Success::from_hresult((), hresult)
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<OutlookProfileSection> {
        self.life.check()?;
        open_section!(&*self.admin, uid, flags, &self.life)
    }

    fn msg_service_transport_order(&self, uids: &[MapiUid], flags: u32) -> RawResult<()> {
        self.life.check()?;
        let mut uids: Vec<_> = uids.iter().copied().map(uid_words).collect();
        let count = u32::try_from(uids.len())
            .map_err(|_| Failure::new(HResult::MAPI_E_INVALID_PARAMETER))?;
        let list = uids.as_mut_ptr();
        // SAFETY: there are this many.
        let hresult =
            unsafe { method!(&*self.admin, MsgServiceTransportOrder(count, list, flags)) };
        Success::from_hresult((), hresult)
    }

    fn admin_providers(&self, uid: MapiUid, flags: u32) -> RawResult<OutlookProviderAdmin> {
        self.life.check()?;
        let mut uid = uid_words(uid);
        let mut admin = None::<sys::IProviderAdmin>;
        // SAFETY: it reads one MAPIUID, and takes what comes out.
        let hresult = unsafe {
            method!(
                &*self.admin,
                AdminProviders(&raw mut uid, flags, (&raw mut admin).cast())
            )
        };
        Ok(opened(admin, hresult)?.map(|admin| OutlookProviderAdmin {
            admin: Com::new(admin, Rc::clone(self.life.library())),
            life: Rc::clone(&self.life),
        }))
    }

    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        self.life.check()?;
        let mut uid = uid.map(uid_words);
        let uid = uid.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
        // SAFETY: it reads one MAPIUID, or null.
        let hresult = unsafe { method!(&*self.admin, SetPrimaryIdentity(uid, flags)) };
        Success::from_hresult((), hresult)
    }

    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        self.life.check()?;
        let table: RawResult<_> = table!(&self.admin, GetProviderTable, flags);
        table.map(by_ordinal)
    }

    fn create_msg_service_ex(
        &self,
        service: &str,
        display_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MapiUid> {
        self.life.check()?;
        let admin = cast::<sys::IMsgServiceAdmin2>(&*self.admin).map_err(|error| {
            Failure::new(HResult::MAPI_E_NO_SUPPORT).because(format!(
                "the administration has no IMsgServiceAdmin2: {}",
                error.hresult()
            ))
        })?;
        let admin = Com::new(admin, Rc::clone(self.life.library()));
        let service = text("the service", service, is_unicode(flags))?;
        let name = text("the display name", display_name, is_unicode(flags))?;
        let (service, name, ui_param) = (service.as_ptr(), name.as_ptr(), ui_param.get());
        let mut uid = uid_words(MapiUid::default());
        // SAFETY: the texts end with a NUL of the width that `flags` says; it writes one MAPIUID.
        let hresult = unsafe {
            method!(
                &*admin,
                CreateMsgServiceEx(service, name, ui_param, flags, &raw mut uid)
            )
        };
        Success::from_hresult(MapiUid::new(uid.ab), hresult)
    }
}

/// The administration of the providers of a message service, by Outlook's MAPI. Dropping it is its
/// Release.
pub struct OutlookProviderAdmin {
    admin: Com<sys::IProviderAdmin>,
    life: Rc<Life>,
}

impl OutlookProviderAdmin {
    /// The COM interface, for what has no method here.
    #[must_use]
    pub fn as_com(&self) -> &sys::IProviderAdmin {
        &self.admin
    }
}

impl RawProviderAdmin for OutlookProviderAdmin {
    type ProfileSection = OutlookProfileSection;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.life.check()?;
        last_error!(&*self.admin, hresult, flags)
    }

    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        self.life.check()?;
        let table: RawResult<_> = table!(&self.admin, GetProviderTable, flags);
        table.map(by_ordinal)
    }

    fn create_provider(
        &self,
        provider: &str,
        props: &[Property],
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MapiUid> {
        self.life.check()?;
        let provider = text("the provider", provider, is_unicode(flags))?;
        let mut settings = Settings::new(props)?;
        let (count, values) = settings.words_or_null();
        let (provider, ui_param) = (provider.as_ptr(), ui_param.get());
        let mut uid = uid_words(MapiUid::default());
        // SAFETY: the text ends with a NUL of the width that `flags` says; there are this many values,
        // and what they point to lives longer than the call; it writes one MAPIUID.
        let hresult = unsafe {
            method!(
                &*self.admin,
                CreateProvider(provider, count, values, ui_param, flags, &raw mut uid)
            )
        };
        Success::from_hresult(MapiUid::new(uid.ab), hresult)
    }

    fn delete_provider(&self, uid: MapiUid) -> RawResult<()> {
        self.life.check()?;
        let mut uid = uid_words(uid);
        // SAFETY: it reads one MAPIUID.
        let hresult = unsafe { method!(&*self.admin, DeleteProvider(&raw mut uid)) };
        Success::from_hresult((), hresult)
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<OutlookProfileSection> {
        self.life.check()?;
        open_section!(&*self.admin, uid, flags, &self.life)
    }
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

shown_by_name! { OutlookProfileAdmin OutlookServiceAdmin OutlookProviderAdmin }
