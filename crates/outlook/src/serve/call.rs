//! What the methods of COM objects are given, and what they give.

use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ops::Deref;

use outlook_mapi::sys;
use windows_core::{
    ComObjectInner, Error, GUID, HRESULT, IUnknown, IUnknownImpl, Interface, OutRef, Result,
};

use super::memory::{Allocation, MapiMemory};
use crate::properties::properties;
use crate::session::is_unicode;
use crate::text::copied;
use crate::value::{Arena as _, each};
use mapi_session::error::{Failure, MapiError};
use mapi_session::property::Property;
use mapi_session::subsystem::{RawResult, contain};
use mapi_session::{HResult, MapiUid};

/// Methods that are not offered.
macro_rules! unsupported {
    ($(fn $name:ident(&self $(, $argument:ident: $Type:ty)* $(,)?) -> Result<$Value:ty>;)*) => {$(
        fn $name(&self $(, $argument: $Type)*) -> Result<$Value> {
            $(let _ = $argument;)*
            Err($crate::serve::call::not_supported())
        }
    )*};
}

/// Methods whose entries in the vtable are replaced: see `interfaces`.
macro_rules! replaced {
    ($($name:ident -> $Object:ident;)*) => {$(
        fn $name(&self, _flags: u32) -> Result<sys::$Object> {
            Err($crate::serve::call::not_supported())
        }
    )*};
}

/// GetLastError of the object in this field.
macro_rules! has_last_error {
    ($field:tt) => {
        fn GetLastError(
            &self,
            hresult: HRESULT,
            flags: u32,
            error: *mut *mut sys::MAPIERROR,
        ) -> Result<()> {
            let call = |hresult, flags| self.$field.last_error(hresult, flags);
            // SAFETY: the caller's place.
            unsafe {
                $crate::serve::call::last_error(call, self.$field.memory(), hresult, flags, error)
            }
        }
    };
}

/// Advise and Unadvise of the object in the field 0.
macro_rules! has_advise {
    () => {
        fn Advise(
            &self,
            count: u32,
            id: *mut sys::ENTRYID,
            event_mask: u32,
            sink: Ref<'_, sys::IMAPIAdviseSink>,
            connection: *mut usize,
        ) -> Result<()> {
            // SAFETY: the caller's, until the method returns.
            unsafe {
                let id = $crate::serve::call::entry_id(count, id);
                let advise = |sink| self.0.advise(id, event_mask, sink);
                self.0.register(sink, connection, advise)
            }
        }

        fn Unadvise(&self, connection: usize) -> Result<()> {
            (self.0.connections).unadvise(connection, |connection| self.0.unadvise(connection))
        }
    };
}

pub(super) use {has_advise, has_last_error, replaced, unsupported};

/// An object of the subsystem. A panic while it is dropped goes no further.
pub(super) struct Raw<T>(ManuallyDrop<T>);

impl<T> Raw<T> {
    pub(super) fn new(object: T) -> Self {
        Self(ManuallyDrop::new(object))
    }
}

impl<T> Deref for Raw<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Drop for Raw<T> {
    fn drop(&mut self) {
        contain("the drop of a subsystem's object", || {
            // SAFETY: nobody uses it any more.
            unsafe { ManuallyDrop::drop(&mut self.0) };
        });
    }
}

/// Also a success that is not S_OK goes through windows-core as an error, with its own code.
pub(super) fn failed(hresult: HResult) -> Error {
    Error::from_hresult(HRESULT(hresult.into()))
}

pub(super) fn not_supported() -> Error {
    failed(HResult::MAPI_E_NO_SUPPORT)
}

pub(super) fn invalid() -> Error {
    failed(HResult::MAPI_E_INVALID_PARAMETER)
}

/// What a subsystem gives; a panic of it is a failure.
pub(super) fn contained<T>(call: impl FnOnce() -> RawResult<T>) -> RawResult<T> {
    contain("a subsystem", call).unwrap_or_else(|| Err(Failure::new(HResult::E_UNEXPECTED)))
}

/// Calls the subsystem, and gives the caller what it gave.
pub(super) fn answer<T>(
    call: impl FnOnce() -> RawResult<T>,
    give: impl FnOnce(T) -> Result<()>,
) -> Result<()> {
    let (value, warning) = contained(call)
        .map_err(|failure| failed(failure.hresult()))?
        .into_parts();
    give(value)?;
    warning.map_or(Ok(()), |warning| Err(failed(warning.hresult())))
}

/// The whole of a method that gives an object.
///
/// # Safety
/// `place` is null, or a place for an object.
pub(super) unsafe fn give<I: Interface>(
    place: *mut *mut c_void,
    call: impl FnOnce() -> RawResult<I>,
) -> HRESULT {
    // SAFETY: as the caller says.
    let place = unsafe { Out::required(place) };
    let given = place.and_then(|place| {
        answer(call, |object| {
            place.give(object.into_raw());
            Ok(())
        })
    });
    given.map_or_else(|error| error.code(), |()| HRESULT(0))
}

/// The caller's place for what comes out. It is null or zero until something does.
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// A null pointer is an error.
    ///
    /// # Safety
    /// `place` is null, or there is room for a `T`, which may be all zeros, until this is dropped.
    pub(super) unsafe fn required(place: *mut T) -> Result<Self> {
        // SAFETY: as the caller says.
        let place = unsafe { Self::optional(place) };
        match place.0.is_null() {
            true => Err(invalid()),
            false => Ok(place),
        }
    }

    /// Where the pointer is null, what comes out is forgotten.
    ///
    /// # Safety
    /// As of [`required`](Self::required).
    pub(super) unsafe fn optional(place: *mut T) -> Self {
        if !place.is_null() {
            // SAFETY: as the caller says.
            unsafe { place.cast::<u8>().write_bytes(0, size_of::<T>()) };
        }
        Self(place)
    }

    pub(super) fn is_wanted(&self) -> bool {
        !self.0.is_null()
    }

    pub(super) fn give(&self, value: T) {
        if !self.0.is_null() {
            // SAFETY: there is room for it.
            unsafe { self.0.write_unaligned(value) };
        }
    }
}

/// The caller's place for an object.
pub(super) struct Opened(Out<*mut c_void>);

impl Opened {
    pub(super) fn new<I: Interface>(place: OutRef<'_, I>) -> Result<Self> {
        // SAFETY: it is transparent, and the caller's until the method returns.
        let place = unsafe { Out::required(std::mem::transmute_copy(&place)) };
        place.map(Self)
    }

    /// Gives the object by the interface that was asked for.
    pub(super) fn give(&self, object: impl Interface, interface: Option<GUID>) -> Result<()> {
        let Some(interface) = interface else {
            self.0.give(object.into_raw());
            return Ok(());
        };
        let mut asked = std::ptr::null_mut();
        // SAFETY: it takes an identifier, and what comes out.
        let found = unsafe { object.query(&interface, &raw mut asked) };
        if found.is_err() || asked.is_null() {
            return Err(failed(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED));
        }
        self.0.give(asked);
        Ok(())
    }
}

/// The interface that is asked for: none for null, or one that all have, or one of these.
///
/// # Safety
/// `interface` is null, or there is one.
pub(super) unsafe fn asked_for(interface: *const GUID, own: &[GUID]) -> Result<Option<GUID>> {
    if interface.is_null() {
        return Ok(None);
    }
    // SAFETY: as the caller says.
    let interface = unsafe { interface.read_unaligned() };
    let common = [IUnknown::IID, sys::IMAPIProp::IID];
    match common.contains(&interface) || own.contains(&interface) {
        true => Ok(Some(interface)),
        false => Err(failed(HResult::MAPI_E_INTERFACE_NOT_SUPPORTED)),
    }
}

/// The caller's entry identifier; none for null. It is not kept for longer than the call.
///
/// # Safety
/// `id` is null, or there are `count` bytes for as long as this is used.
pub(super) unsafe fn entry_id<'a>(count: u32, id: *const sys::ENTRYID) -> Option<&'a [u8]> {
    // SAFETY: as the caller says.
    (!id.is_null()).then(|| unsafe { std::slice::from_raw_parts(id.cast::<u8>(), count as usize) })
}

/// The caller's text, of the width that `flags` says; none for null.
///
/// # Safety
/// `text` is null, or ends with a NUL of that width.
pub(super) unsafe fn text_of(text: *const i8, flags: u32) -> Option<String> {
    // SAFETY: as the caller says.
    (!text.is_null()).then(|| unsafe { copied(text, is_unicode(flags)) })
}

/// The caller's MAPIUID, which there must be.
///
/// # Safety
/// `uid` is null, or there is one.
pub(super) unsafe fn uid_of(uid: *const sys::MAPIUID) -> Result<MapiUid> {
    // SAFETY: as the caller says.
    let uid = unsafe { each(uid, 1) }.next();
    Ok(MapiUid::new(uid.ok_or_else(invalid)?.ab))
}

/// The caller's properties.
///
/// # Safety
/// `values` is null, or there are `count` of them.
pub(super) unsafe fn props_of(count: u32, values: *const sys::SPropValue) -> Result<Vec<Property>> {
    if count > 0 && values.is_null() {
        return Err(invalid());
    }
    // SAFETY: as the caller says.
    Ok(unsafe { properties(values, count) })
}

/// Our own object behind an interface that the caller hands back.
pub(super) fn inner<I, T>(interface: Option<&I>) -> Result<&T>
where
    I: Interface,
    T: ComObjectInner,
    T::Outer: IUnknownImpl<Impl = T> + 'static,
{
    let outer = interface.ok_or_else(invalid)?.cast_object_ref::<T>();
    Ok(outer.map_err(|_| invalid())?.get_impl())
}

/// GetLastError of an object.
///
/// # Safety
/// `error` is null, or a place for what comes out.
pub(super) unsafe fn last_error(
    call: impl FnOnce(HResult, u32) -> RawResult<Option<MapiError>>,
    memory: MapiMemory,
    hresult: HRESULT,
    flags: u32,
    error: *mut *mut sys::MAPIERROR,
) -> Result<()> {
    // SAFETY: as the caller says.
    let error = unsafe { Out::required(error) }?;
    answer(
        || call(hresult.0.into(), flags),
        |last| {
            let Some(last) = last else {
                return Ok(());
            };
            let mut root = Allocation::new(memory, size_of::<sys::MAPIERROR>())?;
            let unicode = is_unicode(flags);
            let raw = sys::MAPIERROR {
                ulVersion: 0,
                lpszError: root.text(last.error(), unicode)?.cast(),
                lpszComponent: root.text(last.component(), unicode)?.cast(),
                ulLowLevelError: last.low_level_error(),
                ulContext: last.context(),
            };
            // SAFETY: there is room for it.
            unsafe { root.as_ptr::<sys::MAPIERROR>().write(raw) };
            error.give(root.give());
            Ok(())
        },
    )
}
