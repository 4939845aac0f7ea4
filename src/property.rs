//! Properties: a tag and its value.

mod file_time;
mod name;
mod order;
mod props;
mod tag;
mod tags;

// The names of MAPI stand here: rustdoc forgets those of an item in a module that is private.
#[doc(alias = "FILETIME")]
pub use self::file_time::FileTime;
#[doc(alias = "MAPINAMEID")]
pub use self::name::PropName;
pub use self::name::PropNameKind;
pub use self::props::Props;
#[doc(alias = "PROP_TAG")]
#[doc(alias = "SPropTagArray")]
#[doc(alias = "ulPropTag")]
pub use self::tag::PropTag;
pub use self::tag::{ParsePropTagError, PropType};
use crate::{HResult, MapiUid};

/// A property and its value: SPropValue.
///
/// [`SPropValue`](https://learn.microsoft.com/office/client-developer/outlook/mapi/spropvalue) in the
/// MAPI reference.
#[doc(alias = "SPropValue")]
#[derive(Clone, Debug, PartialEq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "a tag and a value are all that an SPropValue has"
)]
#[doc(alias = "LPSPropValue")]
pub struct Property {
    /// Which property it is, and of what type.
    pub tag: PropTag,
    /// Its value.
    pub value: PropertyValue,
}

impl Property {
    /// Creates a property with this value.
    #[must_use]
    pub fn new(tag: PropTag, value: impl Into<PropertyValue>) -> Self {
        let value = value.into();
        Self { tag, value }
    }
}

/// A property that could not be set or deleted, while others were: SPropProblem.
///
/// [`SPropProblem`](https://learn.microsoft.com/office/client-developer/outlook/mapi/spropproblem) in the
/// MAPI reference.
#[doc(alias = "SPropProblem")]
#[doc(alias = "SPropProblemArray")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PropProblem {
    index: usize,
    tag: PropTag,
    hresult: HResult,
}

impl PropProblem {
    /// Creates a problem with the property at this index of the call's list.
    #[must_use]
    pub const fn new(index: usize, tag: PropTag, hresult: HResult) -> Self {
        Self {
            index,
            tag,
            hresult,
        }
    }

    /// Returns the index of the property in the call's list, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }

    /// Returns the tag of the property.
    #[must_use]
    pub const fn tag(self) -> PropTag {
        self.tag
    }

    /// Returns what is wrong with it.
    #[must_use]
    pub const fn hresult(self) -> HResult {
        self.hresult
    }
}

/// The value of a property.
///
/// A text is PT_UNICODE or PT_STRING8; the tag says which. A PT_STRING8 is decoded when it is read,
/// and encoded when it is set.
///
/// [Property types](https://learn.microsoft.com/office/client-developer/outlook/mapi/property-types)
/// in the MAPI reference.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[doc(alias = "SBinary")]
pub enum PropertyValue {
    /// PT_NULL
    Null,
    /// PT_I2
    I2(i16),
    /// PT_LONG
    Long(i32),
    /// PT_R4
    R4(f32),
    /// PT_DOUBLE
    Double(f64),
    /// PT_CURRENCY: 10,000ths
    Currency(i64),
    /// PT_APPTIME: days since 30 December 1899
    AppTime(f64),
    /// PT_BOOLEAN
    Boolean(bool),
    /// PT_I8
    I8(i64),
    /// PT_SYSTIME
    SysTime(FileTime),
    /// PT_UNICODE, PT_STRING8
    String(String),
    /// PT_BINARY
    Binary(Box<[u8]>),
    /// PT_CLSID, with the bytes of the GUID as they stand in memory
    Clsid(MapiUid),
    /// PT_ERROR
    Error(HResult),
    /// PT_OBJECT: there is an object, which is opened by OpenProperty.
    Object,
    /// PT_MV_I2
    MvI2(Vec<i16>),
    /// PT_MV_LONG
    MvLong(Vec<i32>),
    /// PT_MV_R4
    MvR4(Vec<f32>),
    /// PT_MV_DOUBLE
    MvDouble(Vec<f64>),
    /// PT_MV_CURRENCY
    MvCurrency(Vec<i64>),
    /// PT_MV_APPTIME
    MvAppTime(Vec<f64>),
    /// PT_MV_I8
    MvI8(Vec<i64>),
    /// PT_MV_SYSTIME
    MvSysTime(Vec<FileTime>),
    /// PT_MV_UNICODE, PT_MV_STRING8
    MvString(Vec<String>),
    /// PT_MV_BINARY
    MvBinary(Vec<Box<[u8]>>),
    /// PT_MV_CLSID
    MvClsid(Vec<MapiUid>),
}

impl PropertyValue {
    /// Returns the type of a property with this value; PT_UNICODE for a text.
    #[must_use]
    pub const fn prop_type(&self) -> PropType {
        match self {
            Self::Null => PropType::NULL,
            Self::I2(_) => PropType::I2,
            Self::Long(_) => PropType::LONG,
            Self::R4(_) => PropType::R4,
            Self::Double(_) => PropType::DOUBLE,
            Self::Currency(_) => PropType::CURRENCY,
            Self::AppTime(_) => PropType::APPTIME,
            Self::Boolean(_) => PropType::BOOLEAN,
            Self::I8(_) => PropType::I8,
            Self::SysTime(_) => PropType::SYSTIME,
            Self::String(_) => PropType::UNICODE,
            Self::Binary(_) => PropType::BINARY,
            Self::Clsid(_) => PropType::CLSID,
            Self::Error(_) => PropType::ERROR,
            Self::Object => PropType::OBJECT,
            Self::MvI2(_) => PropType::I2.multiple(),
            Self::MvLong(_) => PropType::LONG.multiple(),
            Self::MvR4(_) => PropType::R4.multiple(),
            Self::MvDouble(_) => PropType::DOUBLE.multiple(),
            Self::MvCurrency(_) => PropType::CURRENCY.multiple(),
            Self::MvAppTime(_) => PropType::APPTIME.multiple(),
            Self::MvI8(_) => PropType::I8.multiple(),
            Self::MvSysTime(_) => PropType::SYSTIME.multiple(),
            Self::MvString(_) => PropType::UNICODE.multiple(),
            Self::MvBinary(_) => PropType::BINARY.multiple(),
            Self::MvClsid(_) => PropType::CLSID.multiple(),
        }
    }

    /// Whether it is of a type with several values, and has none.
    #[cfg(feature = "memory")]
    pub(crate) fn is_empty_list(&self) -> bool {
        match self {
            Self::MvI2(values) => values.is_empty(),
            Self::MvLong(values) => values.is_empty(),
            Self::MvR4(values) => values.is_empty(),
            Self::MvDouble(values) | Self::MvAppTime(values) => values.is_empty(),
            Self::MvCurrency(values) | Self::MvI8(values) => values.is_empty(),
            Self::MvSysTime(values) => values.is_empty(),
            Self::MvString(values) => values.is_empty(),
            Self::MvBinary(values) => values.is_empty(),
            Self::MvClsid(values) => values.is_empty(),
            _ => false,
        }
    }

    /// Tells whether a property of this type can have this value.
    #[must_use]
    pub fn fits(&self, prop_type: PropType) -> bool {
        self.prop_type() == prop_type.unicode()
    }
}

/// Values of the types that Rust has too.
macro_rules! from {
    ($($Type:ty => $Variant:ident)*) => {$(
        impl From<$Type> for PropertyValue {
            fn from(value: $Type) -> Self {
                Self::$Variant(value.into())
            }
        }
    )*};
}

from! {
    i32 => Long
    bool => Boolean
    i64 => I8
    f64 => Double
    FileTime => SysTime
    &str => String
    String => String
    &[u8] => Binary
    Vec<u8> => Binary
    HResult => Error
}

/// Bytes that are written as a literal: `b"..."`.
impl<const N: usize> From<&[u8; N]> for PropertyValue {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Binary((*bytes).into())
    }
}
