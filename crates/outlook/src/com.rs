//! COM pointers, and what calls give by them.

use std::mem::{self, ManuallyDrop};
use std::ops::Deref;
use std::rc::Rc;

use outlook_mapi::MAPIOutParam;
use outlook_mapi::sys::{self, ENTRYID};
use windows_core::Interface;

use super::library::Library;
use super::session::is_unicode;
use mapi_session::error::{Failure, MapiError, Success};
use mapi_session::subsystem::RawResult;
use mapi_session::{HResult, MapiUid};

/// Calls a method by the vtable, so that the HRESULT of a success is not lost. To be used in an
/// `unsafe` block: what the method demands of its arguments holds.
macro_rules! method {
    ($object:expr, $method:ident($($argument:expr),* $(,)?)) => {{
        let object = $object;
        mapi_session::HResult::from(
            (windows_core::Interface::vtable(object).$method)(
                windows_core::Interface::as_raw(object),
                $($argument),*
            )
            .0
        )
    }};
}

pub(super) use method;

/// Calls OpenEntry, which a session has and a store has: what kind of object it gave, and which.
macro_rules! open_entry {
    ($object:expr, $entry_id:expr, $flags:expr) => {{
        let (count, id) = $crate::com::entry_id_words($entry_id)?;
        let mut object_type = 0;
        let mut object = None::<windows_core::IUnknown>;
        // SAFETY: the identifier is as long as it says; the interface is the standard one.
        let hresult = unsafe {
            $crate::com::method!(
                $object,
                OpenEntry(
                    count,
                    id,
                    std::ptr::null_mut(),
                    $flags,
                    &raw mut object_type,
                    (&raw mut object).cast()
                )
            )
        };
        $crate::com::opened(object, hresult).map(|success| {
            success.map(|object| (mapi_session::types::ObjectType::new(object_type), object))
        })
    }};
}

pub(super) use open_entry;

/// Calls GetLastError, which nearly every object has.
macro_rules! last_error {
    ($object:expr, $hresult:expr, $flags:expr) => {{
        let mut error = outlook_mapi::MAPIOutParam::<outlook_mapi::sys::MAPIERROR>::default();
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            $crate::com::method!(
                $object,
                GetLastError(
                    windows_core::HRESULT($hresult.into()),
                    $flags,
                    error.as_mut_ptr()
                )
            )
        };
        $crate::com::described(error, hresult, $flags)
    }};
}

pub(super) use last_error;

/// A COM pointer of MAPI's. Dropping it is its Release; after a fast shutdown it is forgotten.
pub(super) struct Com<I> {
    pointer: ManuallyDrop<I>,
    library: Rc<Library>,
}

impl<I> Com<I> {
    pub(super) fn new(pointer: I, library: Rc<Library>) -> Self {
        Self {
            pointer: ManuallyDrop::new(pointer),
            library,
        }
    }

    pub(super) fn library(&self) -> &Rc<Library> {
        &self.library
    }
}

impl<I> Deref for Com<I> {
    type Target = I;

    fn deref(&self) -> &I {
        &self.pointer
    }
}

impl<I> Drop for Com<I> {
    fn drop(&mut self) {
        if !self.library.is_shut_down() {
            // SAFETY: nobody uses it any more.
            unsafe { ManuallyDrop::drop(&mut self.pointer) };
        }
    }
}

/// The object that a call gave. Where the call failed, what it wrote is nobody's.
pub(super) fn opened<I: Interface>(object: Option<I>, hresult: HResult) -> RawResult<I> {
    let (object, warning) = given(object, hresult)?.into_parts();
    match object {
        Some(object) => Ok(Success::from_parts(object, warning)),
        None => Err(Failure::new(HResult::E_UNEXPECTED)
            .because(format!("the call answered {hresult}, and gave no object"))),
    }
}

/// What a call gave, whose drop is its Release or frees it. Where the call failed, what it wrote is
/// nobody's.
pub(super) fn given<T>(value: T, hresult: HResult) -> RawResult<T> {
    if hresult.is_failure() {
        mem::forget(value);
        return Err(hresult.into());
    }
    Success::from_hresult(value, hresult)
}

/// Where MAPI put what came out; null where it gave nothing.
pub(super) fn first<T>(place: &mut MAPIOutParam<T>) -> *mut T {
    // SAFETY: it is the place itself.
    unsafe { *place.as_mut_ptr() }
}

/// What GetLastError gave.
pub(super) fn described(
    error: MAPIOutParam<sys::MAPIERROR>,
    hresult: HResult,
    flags: u32,
) -> RawResult<Option<MapiError>> {
    let (mut error, warning) = given(error, hresult)?.into_parts();
    // SAFETY: MAPI gave null or one MAPIERROR, whose texts are of the width that was asked for.
    let error = unsafe { mapi_error(first(&mut error), is_unicode(flags)) };
    Ok(Success::from_parts(error, warning))
}

/// The object by another of its interfaces.
pub(super) fn cast<I: Interface>(object: &impl Interface) -> Result<I, Failure> {
    object
        .cast()
        .map_err(|error| HResult::from(error.code().0).into())
}

/// The two words by which a call takes an entry identifier: without one, zero and null.
pub(super) fn entry_id_words(entry_id: Option<&[u8]>) -> Result<(u32, *mut ENTRYID), Failure> {
    let bytes = match entry_id {
        None => return Ok((0, std::ptr::null_mut())),
        // Not the dangling pointer of an empty slice.
        Some([]) => &[0; 4][..],
        Some(bytes) => bytes,
    };
    let length = u32::try_from(entry_id.map_or(0, <[u8]>::len))
        .map_err(|_| Failure::new(HResult::MAPI_E_INVALID_ENTRYID))?;
    Ok((length, bytes.as_ptr().cast_mut().cast()))
}

pub(super) fn uid_words(uid: MapiUid) -> sys::MAPIUID {
    sys::MAPIUID {
        ab: *uid.as_bytes(),
    }
}

/// Copies `count` bytes of MAPI's.
///
/// # Safety
/// `bytes` is null, or there are `count` of them.
pub(super) unsafe fn bytes<T>(bytes: *const T, count: u32) -> Option<Box<[u8]>> {
    if bytes.is_null() || count == 0 {
        return None;
    }
    // SAFETY: as the caller says.
    Some(unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), count as usize) }.into())
}

/// Copies a description of an error; none for null.
///
/// # Safety
/// `error` is null, or its texts are null, or end with a NUL of the width that `unicode` says.
pub(super) unsafe fn mapi_error(error: *const sys::MAPIERROR, unicode: bool) -> Option<MapiError> {
    if error.is_null() {
        return None;
    }
    // SAFETY: as the caller says.
    let (error, text, component) = unsafe {
        let error = error.read_unaligned();
        let [text, component] =
            [error.lpszError, error.lpszComponent].map(|it| super::text::copied(it, unicode));
        (error, text, component)
    };
    let told = MapiError::new(text)
        .with_component(component)
        .with_low_level_error(error.ulLowLevelError)
        .with_context(error.ulContext);
    Some(told)
}
