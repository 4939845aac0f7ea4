//! Properties: to find, compare, measure and copy them.

use std::ffi::{CStr, c_void};
use std::ptr;

use mapi_session::HResult;
use mapi_session::property::{PropTag, Property};
use mapi_session::table::Restriction;
use mapi_session_outlook::properties;
use outlook_mapi::sys;
use windows_core::{HRESULT, Interface, PCWSTR};

use crate::memory::MAPIFreeBuffer;
use crate::{OK, UNEXPECTED, code};

const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const TRUE: i32 = 1;
const FALSE: i32 = 0;

export! {
    /// [HrGetOneProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrgetoneprop).
    fn HrGetOneProp(
        object: *mut c_void,
        tag: u32,
        place: *mut *mut sys::SPropValue,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(INVALID);
        }
        place.write_unaligned(ptr::null_mut());
        let Some(object) = sys::IMAPIProp::from_raw_borrowed(&object) else {
            return code(INVALID);
        };
        match one_prop(object, tag) {
            Ok(value) => place.write_unaligned(value),
            Err(failed) => return failed,
        }
        OK
    }

    /// [HrSetOneProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrsetoneprop).
    fn HrSetOneProp(
        object: *mut c_void,
        value: *mut sys::SPropValue,
    ) -> i32 = UNEXPECTED {
        let Some(object) = sys::IMAPIProp::from_raw_borrowed(&object) else {
            return code(INVALID);
        };
        let mut problems = ptr::null_mut::<sys::SPropProblemArray>();
        let set = object.SetProps(1, value, &raw mut problems);
        let problem = (!problems.is_null()).then(|| (*problems).aProblem[0].scode);
        MAPIFreeBuffer(problems.cast());
        match (set.map_err(|error| error.code()), problem) {
            (Err(HRESULT(failed)), _) if failed < 0 => failed,
            (_, problem) => problem.unwrap_or(OK),
        }
    }

    /// [FPropExists](https://learn.microsoft.com/office/client-developer/outlook/mapi/fpropexists).
    fn FPropExists(object: *mut c_void, tag: u32) -> i32 = FALSE {
        let Some(object) = sys::IMAPIProp::from_raw_borrowed(&object) else {
            return FALSE;
        };
        match one_prop(object, tag) {
            Ok(value) => {
                MAPIFreeBuffer(value.cast());
                TRUE
            }
            // It is there, and too large to be given so.
            Err(failed) => (failed == code(HResult::MAPI_E_NOT_ENOUGH_MEMORY)).into(),
        }
    }

    /// [PpropFindProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/ppropfindprop).
    fn PpropFindProp(
        values: *mut sys::SPropValue,
        count: u32,
        tag: u32,
    ) -> *mut sys::SPropValue = (ptr::null_mut()) {
        let is_any = tag & 0xFFFF == sys::PT_UNSPECIFIED;
        find(values, count, |it| it == tag || is_any && it >> 16 == tag >> 16)
    }

    /// [LpValFindProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/lpvalfindprop):
    /// by the identifier, whatever the type.
    fn LpValFindProp(
        tag: u32,
        count: u32,
        values: *mut sys::SPropValue,
    ) -> *mut sys::SPropValue = (ptr::null_mut()) {
        find(values, count, |it| it >> 16 == tag >> 16)
    }

    /// [FEqualNames](https://learn.microsoft.com/office/client-developer/outlook/mapi/fequalnames).
    fn FEqualNames(one: *const sys::MAPINAMEID, other: *const sys::MAPINAMEID) -> i32 = FALSE {
        if one.is_null() || other.is_null() {
            return FALSE;
        }
        let [one, other] = [one, other].map(|it| it.read_unaligned());
        if one.ulKind != other.ulKind || one.lpguid.is_null() || other.lpguid.is_null() {
            return FALSE;
        }
        let is_one_set = one.lpguid.read_unaligned() == other.lpguid.read_unaligned();
        let is_one_name = match one.ulKind {
            sys::MNID_ID => one.Kind.lID == other.Kind.lID,
            _ => {
                let [one, other] = [one, other].map(|it| PCWSTR(it.Kind.lpwstrName.0));
                !one.is_null() && !other.is_null() && one.as_wide() == other.as_wide()
            }
        };
        (is_one_set && is_one_name).into()
    }

    /// [FPropCompareProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/fpropcompareprop).
    fn FPropCompareProp(
        one: *const sys::SPropValue,
        relation: u32,
        other: *const sys::SPropValue,
    ) -> i32 = FALSE {
        let Some(ordering) = compared(one, other) else {
            return FALSE;
        };
        let holds = match relation {
            sys::RELOP_LT => ordering.is_lt(),
            sys::RELOP_LE => ordering.is_le(),
            sys::RELOP_GT => ordering.is_gt(),
            sys::RELOP_GE => ordering.is_ge(),
            sys::RELOP_EQ => ordering.is_eq(),
            sys::RELOP_NE => ordering.is_ne(),
            _ => false,
        };
        holds.into()
    }

    /// [LPropCompareProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/lpropcompareprop).
    /// Of two types: by their numbers.
    fn LPropCompareProp(one: *const sys::SPropValue, other: *const sys::SPropValue) -> i32 = 0 {
        let of_types = || {
            let [one, other] = [one, other].map(|it| properties(it, 1).first().map(|it| it.tag));
            one.cmp(&other)
        };
        compared(one, other).unwrap_or_else(of_types) as i32
    }

    /// [FPropContainsProp](https://learn.microsoft.com/office/client-developer/outlook/mapi/fpropcontainsprop).
    fn FPropContainsProp(
        all: *const sys::SPropValue,
        part: *const sys::SPropValue,
        fuzzy_level: u32,
    ) -> i32 = FALSE {
        let [all, part] = [all, part].map(|it| properties(it, 1).pop());
        let (Some(all), Some(part)) = (all, part) else {
            return FALSE;
        };
        let wanted = Restriction::content(all.tag, fuzzy_level.into(), part.value);
        (wanted.check().is_ok() && wanted.matches(|_| Some(&all.value))).into()
    }

    /// [UlPropSize](https://learn.microsoft.com/office/client-developer/outlook/mapi/ulpropsize).
    fn UlPropSize(value: *const sys::SPropValue) -> u32 = 0 {
        if value.is_null() {
            return 0;
        }
        let value = value.read_unaligned();
        let beside = size_beside(&value).unwrap_or(0);
        let inside = match value.ulPropTag & 0xFFFF {
            sys::PT_I2 | sys::PT_BOOLEAN => 2,
            sys::PT_LONG | sys::PT_R4 | sys::PT_ERROR => 4,
            sys::PT_DOUBLE | sys::PT_CURRENCY | sys::PT_APPTIME | sys::PT_SYSTIME | sys::PT_I8 => 8,
            _ => 0,
        };
        (inside + beside) as u32
    }

    /// [PropCopyMore](https://learn.microsoft.com/office/client-developer/outlook/mapi/propcopymore).
    fn PropCopyMore(
        place: *mut sys::SPropValue,
        value: *const sys::SPropValue,
        allocate: sys::LPALLOCATEMORE,
        root: *mut c_void,
    ) -> i32 = UNEXPECTED {
        let Some(allocate) = allocate.filter(|_| !place.is_null() && !value.is_null()) else {
            return code(INVALID);
        };
        let room = |size: usize| {
            let mut room = ptr::null_mut();
            let size = u32::try_from(size).map_err(|_| HResult::MAPI_E_NOT_ENOUGH_MEMORY)?;
            match allocate(size, root, &raw mut room) {
                OK => Ok(room.cast()),
                failed => Err(failed.into()),
            }
        };
        match copied(value.read_unaligned(), room) {
            Ok(copy) => place.write_unaligned(copy),
            Err(HResult::MAPI_E_INVALID_PARAMETER) => return code(HResult::MAPI_E_NO_SUPPORT),
            Err(failed) => return code(failed),
        }
        OK
    }

    /// [ScCountProps](https://learn.microsoft.com/office/client-developer/outlook/mapi/sccountprops).
    fn ScCountProps(
        count: i32,
        values: *const sys::SPropValue,
        size: *mut u32,
    ) -> i32 = UNEXPECTED {
        match counted(count, values) {
            Ok(bytes) if !size.is_null() => size.write_unaligned(bytes),
            Ok(_) => {}
            Err(failed) => return code(failed),
        }
        OK
    }

    /// [ScCopyProps](https://learn.microsoft.com/office/client-developer/outlook/mapi/sccopyprops): to
    /// memory that is as long as ScCountProps says.
    fn ScCopyProps(
        count: i32,
        values: *const sys::SPropValue,
        place: *mut c_void,
        size: *mut u32,
    ) -> i32 = UNEXPECTED {
        let bytes = match counted(count, values) {
            Ok(bytes) if !place.is_null() => bytes,
            Ok(_) => return code(INVALID),
            Err(failed) => return code(failed),
        };
        let count = count as usize;
        let mut free = place.cast::<u8>().add(count * size_of::<sys::SPropValue>());
        for index in 0..count {
            let room = |size: usize| {
                let room = free;
                free = room.add(rounded(size));
                Ok(room)
            };
            match copied(values.add(index).read_unaligned(), room) {
                Ok(copy) => place.cast::<sys::SPropValue>().add(index).write_unaligned(copy),
                Err(failed) => return code(failed),
            }
        }
        if !size.is_null() {
            size.write_unaligned(bytes);
        }
        OK
    }

    /// [ScRelocProps](https://learn.microsoft.com/office/client-developer/outlook/mapi/screlocprops):
    /// after a copy by ScCopyProps was moved.
    fn ScRelocProps(
        count: i32,
        values: *mut sys::SPropValue,
        before: *mut c_void,
        now: *mut c_void,
        size: *mut u32,
    ) -> i32 = UNEXPECTED {
        let Ok(count) = usize::try_from(count) else {
            return code(INVALID);
        };
        if count > 0 && values.is_null() {
            return code(INVALID);
        }
        let moved = |it: *mut u8| match it.is_null() {
            true => it,
            false => it.wrapping_offset((now as isize).wrapping_sub(before as isize)),
        };
        let mut bytes = count * size_of::<sys::SPropValue>();
        for index in 0..count {
            let place = values.add(index);
            let mut value = place.read_unaligned();
            let Some(shape) = Shape::of(&mut value) else {
                return code(INVALID);
            };
            // What the value points to is at the new address already.
            match shape {
                Shape::Inside => {}
                Shape::Flat(start, _) => *start = moved(*start),
                Shape::Each(start, elements) => {
                    *start = moved(*start);
                    for element in 0..elements.count {
                        let (at, _) = elements.at(*start, element);
                        at.write_unaligned(moved(at.read_unaligned()));
                    }
                }
            }
            bytes += size_beside(&value).unwrap_or(0);
            place.write_unaligned(value);
        }
        if !size.is_null() {
            size.write_unaligned(bytes as u32);
        }
        OK
    }

    /// [ScDupPropset](https://learn.microsoft.com/office/client-developer/outlook/mapi/scduppropset).
    fn ScDupPropset(
        count: i32,
        values: *const sys::SPropValue,
        allocate: sys::LPALLOCATEBUFFER,
        place: *mut *mut sys::SPropValue,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(INVALID);
        }
        place.write_unaligned(ptr::null_mut());
        let Some(allocate) = allocate else {
            return code(INVALID);
        };
        let size = match counted(count, values) {
            Ok(size) => size,
            Err(failed) => return code(failed),
        };
        let mut start = ptr::null_mut();
        match allocate(size, &raw mut start) {
            OK => {}
            failed => return failed,
        }
        // All was counted, so it does not fail.
        let copied = ScCopyProps(count, values, start, ptr::null_mut());
        place.write_unaligned(start.cast());
        copied
    }
}

/// # Safety
/// `values` is null, or there are `count` of them.
unsafe fn find(
    values: *mut sys::SPropValue,
    count: u32,
    is_wanted: impl Fn(u32) -> bool,
) -> *mut sys::SPropValue {
    let count = if values.is_null() { 0 } else { count as usize };
    let places = (0..count).map(|index| values.wrapping_add(index));
    let mut places = places.filter(|it| {
        // SAFETY: as the caller says.
        is_wanted(unsafe { (&raw const (**it).ulPropTag).read_unaligned() })
    });
    places.next().unwrap_or(ptr::null_mut())
}

/// One property; an error in its place is that of the call.
///
/// # Safety
/// The object is one of MAPI's.
unsafe fn one_prop(object: &sys::IMAPIProp, tag: u32) -> Result<*mut sys::SPropValue, i32> {
    let mut tags = sys::SPropTagArray {
        cValues: 1,
        aulPropTag: [tag],
    };
    let (mut count, mut value) = (0, ptr::null_mut::<sys::SPropValue>());
    // SAFETY: it takes one tag, and what comes out.
    let got = unsafe { object.GetProps(&raw mut tags, 0, &raw mut count, &raw mut value) };
    if let Err(HRESULT(failed)) = got.map_err(|error| error.code()) {
        if failed < 0 {
            return Err(failed);
        }
    }
    if count == 0 || value.is_null() {
        return Err(code(HResult::MAPI_E_NOT_FOUND));
    }
    // SAFETY: there is one.
    let (found, error) = unsafe { ((*value).ulPropTag, (*value).Value.err) };
    if found & 0xFFFF == sys::PT_ERROR && tag & 0xFFFF != sys::PT_ERROR {
        // SAFETY: it was given to us.
        unsafe { MAPIFreeBuffer(value.cast()) };
        return Err(error);
    }
    Ok(value)
}

/// How two values of one type compare.
///
/// # Safety
/// Each is null, or there is a property, with what it points to.
unsafe fn compared(
    one: *const sys::SPropValue,
    other: *const sys::SPropValue,
) -> Option<std::cmp::Ordering> {
    // SAFETY: as the caller says.
    let [one, other] = unsafe { [one, other].map(|it| properties(it, 1).pop()) };
    let kind = |it: &Property| PropTag::prop_type(it.tag);
    let (one, other) = (one?, other?);
    (kind(&one) == kind(&other)).then(|| one.value.compare(&other.value))?
}

/// Where a value keeps what does not fit into it.
enum Shape<'a> {
    Inside,
    /// So many bytes.
    Flat(&'a mut *mut u8, usize),
    /// Elements that point further.
    Each(&'a mut *mut u8, Elements),
}

/// Elements with a pointer each.
#[derive(Clone, Copy)]
struct Elements {
    count: usize,
    kind: u32,
}

impl Elements {
    fn size(self) -> usize {
        match self.kind {
            sys::PT_BINARY => size_of::<sys::SBinary>(),
            _ => size_of::<*mut u8>(),
        }
    }

    /// Where an element has its pointer, and how many bytes it points to.
    ///
    /// # Safety
    /// There are so many, each with what it points to.
    unsafe fn at(self, start: *mut u8, index: usize) -> (*mut *mut u8, usize) {
        // SAFETY: as the caller says.
        unsafe {
            let element = start.add(index * self.size());
            match self.kind {
                sys::PT_BINARY => {
                    let binary = element.cast::<sys::SBinary>();
                    let size = (&raw const (*binary).cb).read_unaligned() as usize;
                    ((&raw mut (*binary).lpb).cast(), size)
                }
                kind => {
                    let place = element.cast::<*mut u8>();
                    (place, text_size(place.read_unaligned(), kind))
                }
            }
        }
    }
}

/// How many bytes a text has, with its NUL.
///
/// # Safety
/// It is null, or ends with a NUL of its kind's width.
unsafe fn text_size(text: *const u8, kind: u32) -> usize {
    // SAFETY: as the caller says.
    unsafe {
        match kind {
            _ if text.is_null() => 0,
            sys::PT_STRING8 => CStr::from_ptr(text.cast()).to_bytes_with_nul().len(),
            _ => {
                let units = (0..).map(|at| text.cast::<u16>().add(at).read_unaligned());
                2 * (units.take_while(|unit| *unit != 0).count() + 1)
            }
        }
    }
}

impl<'a> Shape<'a> {
    /// None for a type that nobody knows.
    ///
    /// # Safety
    /// What the value points to is there.
    unsafe fn of(value: &'a mut sys::SPropValue) -> Option<Self> {
        const MV_FLAG: u32 = 0x1000;
        let kind = value.ulPropTag & 0xFFFF & !sys::MV_INSTANCE;
        // SAFETY: the type says which member of the union there is. Every array has a count and a pointer in
        // the same places.
        unsafe {
            Some(match kind {
                sys::PT_NULL
                | sys::PT_I2
                | sys::PT_LONG
                | sys::PT_R4
                | sys::PT_DOUBLE
                | sys::PT_CURRENCY
                | sys::PT_APPTIME
                | sys::PT_ERROR
                | sys::PT_BOOLEAN
                | sys::PT_OBJECT
                | sys::PT_I8
                | sys::PT_SYSTIME => Self::Inside,
                sys::PT_STRING8 | sys::PT_UNICODE => {
                    let size = text_size(value.Value.lpv.cast(), kind);
                    Self::Flat(&mut *(&raw mut value.Value.lpv).cast(), size)
                }
                sys::PT_CLSID => Self::Flat(&mut *(&raw mut value.Value.lpguid).cast(), 16),
                sys::PT_BINARY => {
                    let size = value.Value.bin.cb as usize;
                    Self::Flat(&mut *(&raw mut value.Value.bin.lpb).cast(), size)
                }
                _ if kind & MV_FLAG == 0 => return None,
                _ => {
                    let count = value.Value.MVl.cValues as usize;
                    let start = &mut *(&raw mut value.Value.MVl.lpl).cast();
                    let kind = kind & !MV_FLAG;
                    let size = match kind {
                        sys::PT_I2 => 2,
                        sys::PT_LONG | sys::PT_R4 => 4,
                        sys::PT_CLSID => 16,
                        sys::PT_DOUBLE
                        | sys::PT_CURRENCY
                        | sys::PT_APPTIME
                        | sys::PT_I8
                        | sys::PT_SYSTIME => 8,
                        sys::PT_STRING8 | sys::PT_UNICODE | sys::PT_BINARY => {
                            return Some(Self::Each(start, Elements { count, kind }));
                        }
                        _ => return None,
                    };
                    Self::Flat(start, count * size)
                }
            })
        }
    }
}

/// So many bytes, and as many more as the next value needs to be aligned.
fn rounded(size: usize) -> usize {
    size.next_multiple_of(8)
}

/// The bytes that a copy of the value needs beside itself; none for an unknown type.
///
/// # Safety
/// What the value points to is there.
unsafe fn size_beside(value: &sys::SPropValue) -> Option<usize> {
    let mut value = *value;
    // SAFETY: as the caller says.
    unsafe {
        Some(match Shape::of(&mut value)? {
            Shape::Inside => 0,
            Shape::Flat(start, size) if !start.is_null() => rounded(size),
            Shape::Each(start, elements) if !start.is_null() => {
                let sizes = (0..elements.count).map(|it| rounded(elements.at(*start, it).1));
                rounded(elements.count * elements.size()) + sizes.sum::<usize>()
            }
            _ => 0,
        })
    }
}

/// The bytes that ScCopyProps needs.
///
/// # Safety
/// `values` is null, or there are so many.
unsafe fn counted(count: i32, values: *const sys::SPropValue) -> Result<u32, HResult> {
    const PROP_ID_INVALID: u32 = 0xFFFF;
    let count = usize::try_from(count).map_err(|_| INVALID)?;
    if count > 0 && values.is_null() {
        return Err(INVALID);
    }
    let mut size = count * size_of::<sys::SPropValue>();
    for index in 0..count {
        // SAFETY: as the caller says.
        let value = unsafe { values.add(index).read_unaligned() };
        if matches!(value.ulPropTag >> 16, 0 | PROP_ID_INVALID) {
            return Err(INVALID);
        }
        // SAFETY: as above.
        size += unsafe { size_beside(&value) }.ok_or(INVALID)?;
    }
    u32::try_from(size).map_err(|_| HResult::MAPI_E_NOT_ENOUGH_MEMORY)
}

/// A copy of a value, and of what it points to in rooms of their own.
///
/// # Safety
/// What the value points to is there; a room has so many bytes.
unsafe fn copied(
    mut value: sys::SPropValue,
    mut room: impl FnMut(usize) -> Result<*mut u8, HResult>,
) -> Result<sys::SPropValue, HResult> {
    let mut moved = |start: &mut *mut u8, size: usize| {
        if !start.is_null() {
            let copy = room(size)?;
            // SAFETY: as the caller says.
            unsafe { copy.copy_from_nonoverlapping(*start, size) };
            *start = copy;
        }
        Ok::<_, HResult>(())
    };
    // SAFETY: as the caller says.
    unsafe {
        match Shape::of(&mut value).ok_or(INVALID)? {
            Shape::Inside => {}
            Shape::Flat(start, size) => moved(start, size)?,
            Shape::Each(start, elements) => {
                moved(start, elements.count * elements.size())?;
                let count = if start.is_null() { 0 } else { elements.count };
                for index in 0..count {
                    let (place, size) = elements.at(*start, index);
                    let mut element = place.read_unaligned();
                    moved(&mut element, size)?;
                    place.write_unaligned(element);
                }
            }
        }
    }
    Ok(value)
}
