//! The value of a property as MAPI has it, and back.

use std::ffi::c_void;

use outlook_mapi::sys;
use windows::Win32::Foundation::FILETIME;
use windows::Win32::System::Com::CY;
use windows_core::{GUID, PSTR, PWSTR};

use super::text::copied;
use mapi_session::property::{FileTime, PropType, PropertyValue};
use mapi_session::{HResult, MapiUid};

/// The memory for what a value points to. It stays where it is.
pub(super) trait Arena {
    type Error;

    /// As many bytes, aligned for every value.
    fn room(&mut self, size: usize) -> Result<*mut c_void, Self::Error>;

    /// A text, with its NUL.
    fn text(&mut self, text: &str, unicode: bool) -> Result<*mut c_void, Self::Error>;
}

/// A value for a property of this type; nothing where it is of another.
pub(super) fn write<A: Arena>(
    value: &PropertyValue,
    prop_type: PropType,
    arena: &mut A,
) -> Result<Option<sys::__UPV>, A::Error> {
    use PropertyValue as V;
    macro_rules! many {
        ($raw:ident.$field:ident = $Array:ident { $first:ident }, $all:expr, $arena:ident) => {{
            let (count, first) = array($all, $arena)?;
            $raw.$field = sys::$Array {
                cValues: count,
                $first: first,
            };
        }};
    }
    let mut raw = sys::__UPV::default();
    match (value, u32::from(prop_type.get())) {
        (V::Null, sys::PT_NULL) | (V::Object, sys::PT_OBJECT) => {}
        (V::I2(it), sys::PT_I2) => raw.i = *it,
        (V::Long(it), sys::PT_LONG) => raw.l = *it,
        (V::R4(it), sys::PT_R4) => raw.flt = *it,
        (V::Double(it), sys::PT_DOUBLE) => raw.dbl = *it,
        (V::Currency(it), sys::PT_CURRENCY) => raw.cur = CY { int64: *it },
        (V::AppTime(it), sys::PT_APPTIME) => raw.at = *it,
        (V::Boolean(it), sys::PT_BOOLEAN) => raw.b = (*it).into(),
        (V::I8(it), sys::PT_I8) => raw.li = *it,
        (V::SysTime(it), sys::PT_SYSTIME) => raw.ft = filetime(*it),
        (V::String(it), sys::PT_UNICODE) => raw.lpv = arena.text(it, true)?,
        (V::String(it), sys::PT_STRING8) => raw.lpv = arena.text(it, false)?,
        (V::Binary(it), sys::PT_BINARY) => raw.bin = binary(it, arena)?,
        (V::Clsid(it), sys::PT_CLSID) => raw.lpguid = array(&[guid(*it)], arena)?.1,
        (V::Error(it), sys::PT_ERROR) => raw.err = (*it).into(),
        (V::MvI2(all), sys::PT_MV_I2) => {
            many!(raw.MVi = SShortArray { lpi }, all, arena);
        }
        (V::MvLong(all), sys::PT_MV_LONG) => {
            many!(raw.MVl = SLongArray { lpl }, all, arena);
        }
        (V::MvR4(all), sys::PT_MV_R4) => {
            many!(raw.MVflt = SRealArray { lpflt }, all, arena);
        }
        (V::MvDouble(all), sys::PT_MV_DOUBLE) => {
            many!(raw.MVdbl = SDoubleArray { lpdbl }, all, arena);
        }
        (V::MvCurrency(all), sys::PT_MV_CURRENCY) => {
            let all: Vec<_> = all.iter().map(|&int64| CY { int64 }).collect();
            many!(raw.MVcur = SCurrencyArray { lpcur }, &all, arena);
        }
        (V::MvAppTime(all), sys::PT_MV_APPTIME) => {
            many!(raw.MVat = SAppTimeArray { lpat }, all, arena);
        }
        (V::MvI8(all), sys::PT_MV_I8) => {
            many!(raw.MVli = SLargeIntegerArray { lpli }, all, arena);
        }
        (V::MvSysTime(all), sys::PT_MV_SYSTIME) => {
            let all: Vec<_> = all.iter().copied().map(filetime).collect();
            many!(raw.MVft = SDateTimeArray { lpft }, &all, arena);
        }
        (V::MvString(all), sys::PT_MV_UNICODE) => {
            let texts = all.iter().map(|it| arena.text(it, true));
            let all: Vec<_> = texts
                .map(|it| it.map(|it| PWSTR(it.cast())))
                .collect::<Result<_, _>>()?;
            many!(raw.MVszW = SWStringArray { lppszW }, &all, arena);
        }
        (V::MvString(all), sys::PT_MV_STRING8) => {
            let texts = all.iter().map(|it| arena.text(it, false));
            let all: Vec<_> = texts
                .map(|it| it.map(|it| PSTR(it.cast())))
                .collect::<Result<_, _>>()?;
            many!(raw.MVszA = SLPSTRArray { lppszA }, &all, arena);
        }
        (V::MvBinary(all), sys::PT_MV_BINARY) => {
            let all: Vec<_> = all
                .iter()
                .map(|it| binary(it, arena))
                .collect::<Result<_, _>>()?;
            many!(raw.MVbin = SBinaryArray { lpbin }, &all, arena);
        }
        (V::MvClsid(all), sys::PT_MV_CLSID) => {
            let all: Vec<_> = all.iter().copied().map(guid).collect();
            many!(raw.MVguid = SGuidArray { lpguid }, &all, arena);
        }
        _ => return Ok(None),
    }
    Ok(Some(raw))
}

fn binary<A: Arena>(bytes: &[u8], arena: &mut A) -> Result<sys::SBinary, A::Error> {
    let (cb, lpb) = array(bytes, arena)?;
    Ok(sys::SBinary { cb, lpb })
}

/// How many, and where. There is room for no more than a u32 says.
pub(super) fn array<T: Copy, A: Arena>(
    values: &[T],
    arena: &mut A,
) -> Result<(u32, *mut T), A::Error> {
    let room = arena.room(size_of_val(values))?.cast::<T>();
    // SAFETY: it is as long, and aligned for every value.
    unsafe { room.copy_from_nonoverlapping(values.as_ptr(), values.len()) };
    Ok((values.len() as u32, room))
}

fn filetime(time: FileTime) -> FILETIME {
    FILETIME {
        dwLowDateTime: time.get() as u32,
        dwHighDateTime: (time.get() >> 32) as u32,
    }
}

fn file_time(time: FILETIME) -> FileTime {
    FileTime::new(u64::from(time.dwHighDateTime) << 32 | u64::from(time.dwLowDateTime))
}

pub(super) fn guid(uid: MapiUid) -> GUID {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *uid.as_bytes();
    GUID {
        data1: u32::from_le_bytes([a, b, c, d]),
        data2: u16::from_le_bytes([e, f]),
        data3: u16::from_le_bytes([g, h]),
        data4: rest,
    }
}

pub(super) fn uid(guid: GUID) -> MapiUid {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&guid.data1.to_le_bytes());
    bytes[4..6].copy_from_slice(&guid.data2.to_le_bytes());
    bytes[6..8].copy_from_slice(&guid.data3.to_le_bytes());
    bytes[8..].copy_from_slice(&guid.data4);
    MapiUid::new(bytes)
}

/// A value of MAPI's, by the type in its tag. Of a type that [`PropertyValue`] lacks, and for a null where
/// there must be something, it is the error MAPI_E_INVALID_TYPE.
///
/// # Safety
/// What the value points to is there.
pub(super) unsafe fn read(raw: &sys::SPropValue) -> PropertyValue {
    use PropertyValue as V;
    let (kind, value) = (raw.ulPropTag & 0xFFFF & !sys::MV_INSTANCE, &raw.Value);
    // SAFETY: the type says which member of the union there is; the rest is as the caller says.
    unsafe {
        macro_rules! many {
            ($Variant:ident: $field:ident.$first:ident) => {
                V::$Variant(each(value.$field.$first, value.$field.cValues).collect())
            };
            ($Variant:ident: $field:ident.$first:ident, $read:expr) => {
                V::$Variant(
                    each(value.$field.$first, value.$field.cValues)
                        .map($read)
                        .collect(),
                )
            };
        }
        match kind {
            sys::PT_NULL => V::Null,
            sys::PT_OBJECT => V::Object,
            sys::PT_I2 => V::I2(value.i),
            sys::PT_LONG => V::Long(value.l),
            sys::PT_R4 => V::R4(value.flt),
            sys::PT_DOUBLE => V::Double(value.dbl),
            sys::PT_CURRENCY => V::Currency(value.cur.int64),
            sys::PT_APPTIME => V::AppTime(value.at),
            sys::PT_BOOLEAN => V::Boolean(value.b != 0),
            sys::PT_I8 => V::I8(value.li),
            sys::PT_SYSTIME => V::SysTime(file_time(value.ft)),
            sys::PT_ERROR => V::Error(value.err.into()),
            sys::PT_BINARY => V::Binary(bytes(&value.bin)),
            sys::PT_UNICODE | sys::PT_STRING8 if !value.lpv.is_null() => {
                V::String(copied(value.lpv.cast(), kind == sys::PT_UNICODE))
            }
            sys::PT_CLSID if !value.lpguid.is_null() => {
                V::Clsid(uid(value.lpguid.read_unaligned()))
            }
            sys::PT_MV_I2 => many!(MvI2: MVi.lpi),
            sys::PT_MV_LONG => many!(MvLong: MVl.lpl),
            sys::PT_MV_R4 => many!(MvR4: MVflt.lpflt),
            sys::PT_MV_DOUBLE => many!(MvDouble: MVdbl.lpdbl),
            sys::PT_MV_CURRENCY => many!(MvCurrency: MVcur.lpcur, |it| it.int64),
            sys::PT_MV_APPTIME => many!(MvAppTime: MVat.lpat),
            sys::PT_MV_I8 => many!(MvI8: MVli.lpli),
            sys::PT_MV_SYSTIME => many!(MvSysTime: MVft.lpft, file_time),
            sys::PT_MV_UNICODE => many!(MvString: MVszW.lppszW, |it| copied(it.0.cast(), true)),
            sys::PT_MV_STRING8 => many!(MvString: MVszA.lppszA, |it| copied(it.0.cast(), false)),
            sys::PT_MV_BINARY => many!(MvBinary: MVbin.lpbin, |it| bytes(&it)),
            sys::PT_MV_CLSID => many!(MvClsid: MVguid.lpguid, uid),
            _ => V::Error(HResult::MAPI_E_INVALID_TYPE),
        }
    }
}

/// So many of MAPI's, which need not be aligned; none for null.
///
/// # Safety
/// `first` is null, or there are `count` of them for as long as the iterator lives.
pub(super) unsafe fn each<T: Copy>(first: *const T, count: u32) -> impl Iterator<Item = T> {
    let count = if first.is_null() { 0 } else { count as usize };
    // SAFETY: as the caller says.
    (0..count).map(move |index| unsafe { first.add(index).read_unaligned() })
}

/// # Safety
/// It is as long as it says.
pub(super) unsafe fn bytes(value: &sys::SBinary) -> Box<[u8]> {
    // SAFETY: as the caller says.
    unsafe { super::com::bytes(value.lpb, value.cb) }.unwrap_or_default()
}
