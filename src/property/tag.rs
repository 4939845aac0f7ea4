//! Property tags, and the types of properties.

use std::fmt;
use std::str::FromStr;

use super::tags::{ROWS, Row};
use crate::quote::Quote;

/// A property tag: the identifier of a property in the upper 16 bits, its type in the lower.
///
/// Every 32-bit number is a tag. Those that mail tools use most have a constant, with MAPI's name
/// without `PR_`.
///
/// ```
/// use mapi_session::property::{PropTag, PropType};
///
/// let tag = PropTag::new(0x0037_001F);
/// assert_eq!(tag, PropTag::SUBJECT);
/// assert_eq!((tag.id(), tag.prop_type()), (0x0037, PropType::UNICODE));
/// assert_eq!(tag.to_string(), "PR_SUBJECT (0x0037001F)");
/// assert_eq!("PR_SUBJECT_A".parse(), Ok(tag.with_type(PropType::STRING8)));
/// # Ok::<(), mapi_session::property::ParsePropTagError>(())
/// ```
///
/// # Text
/// [`Display`](fmt::Display) writes MAPI's name and the number, or the number alone. [`FromStr`] reads
/// that back, and:
///
/// | text | is read as |
/// |---|---|
/// | `PR_SUBJECT`, `PR_SUBJECT_W` | a name; a text is PT_UNICODE |
/// | `PR_SUBJECT_A` | the same property as PT_STRING8 |
/// | `0x0037001F`, `0037001F` | hex, eight digits |
/// | `PR_SUBJECT (0x0037001F)` | a name and hex, which have to agree |
///
/// [Property tags](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapi-property-tags)
/// in the MAPI reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PropTag(u32);

impl PropTag {
    /// Creates the tag with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Creates the tag of the property with this identifier and type.
    #[must_use]
    pub const fn of(id: u16, prop_type: PropType) -> Self {
        Self((id as u32) << 16 | prop_type.0 as u32)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Returns the identifier of the property.
    #[doc(alias = "PROP_ID")]
    #[must_use]
    pub const fn id(self) -> u16 {
        (self.0 >> 16) as u16
    }

    /// Returns the type of its value.
    #[doc(alias = "PROP_TYPE")]
    #[must_use]
    pub const fn prop_type(self) -> PropType {
        PropType(self.0 as u16)
    }

    /// Returns the tag of the same property with another type.
    #[doc(alias = "CHANGE_PROP_TYPE")]
    #[must_use]
    pub const fn with_type(self, prop_type: PropType) -> Self {
        Self::of(self.id(), prop_type)
    }

    /// The same property, and a text as PT_UNICODE.
    pub(crate) fn unicode(self) -> Self {
        self.with_type(self.prop_type().unicode())
    }

    /// Whether it is the same property of the same type; texts of either width are.
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.unicode() == other.unicode()
    }

    /// Whether this is the property that is asked for by a tag, which may lack a type.
    #[cfg(feature = "memory")]
    pub(crate) fn answers(self, asked: Self) -> bool {
        match asked.prop_type() {
            PropType::UNSPECIFIED => self.id() == asked.id(),
            _ => self.is_same(asked),
        }
    }

    /// Tells whether it is a named property. From 0x8000 up, an identifier can mean another property
    /// in each store.
    #[must_use]
    pub const fn is_named(self) -> bool {
        self.0 >= 0x8000_0000
    }

    /// Returns MAPI's name of the constant with this number, if there is one.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.row().map(|row| row.name)
    }

    /// Lists every tag that has a name, sorted by identifier.
    pub fn known() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|row| row.tag)
    }

    fn row(self) -> Option<&'static Row> {
        let start = ROWS.partition_point(|row| row.tag.id() < self.id());
        let same_id = ROWS[start..].iter();
        same_id
            .take_while(|row| row.tag.id() == self.id())
            .find(|row| row.tag == self)
    }
}

impl fmt::Display for PropTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unicode = self.with_type(PropType::UNICODE);
        match (self.name(), self.prop_type(), unicode.name()) {
            (Some(name), ..) => write!(f, "{name} ({:#010X})", self.0),
            (None, PropType::STRING8, Some(name)) => write!(f, "{name}_A ({:#010X})", self.0),
            _ => write!(f, "{:#010X}", self.0),
        }
    }
}

impl fmt::Debug for PropTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PropTag({self})")
    }
}

impl From<u32> for PropTag {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

impl From<PropTag> for u32 {
    fn from(tag: PropTag) -> Self {
        tag.0
    }
}

impl FromStr for PropTag {
    type Err = ParsePropTagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |problem| ParsePropTagError {
            quote: Quote::of(text),
            problem,
        };
        if let Some(tag) = named(text).or_else(|| hex(text)) {
            return Ok(tag);
        }
        let pair = text
            .strip_suffix(')')
            .and_then(|text| text.split_once(" ("))
            .and_then(|(name, number)| named(name).zip(hex(number)));
        match pair {
            Some((named, number)) if named == number => Ok(named),
            Some((named, number)) => Err(error(Problem::Contradiction { named, number })),
            None => Err(error(Problem::Unknown)),
        }
    }
}

fn named(name: &str) -> Option<PropTag> {
    let exact = |name| Some(ROWS.iter().find(|row| row.name == name)?.tag);
    let text_as = |suffix, as_type| {
        let tag = exact(name.strip_suffix(suffix)?)?;
        (tag.prop_type() == PropType::UNICODE).then(|| tag.with_type(as_type))
    };
    exact(name)
        .or_else(|| text_as("_W", PropType::UNICODE))
        .or_else(|| text_as("_A", PropType::STRING8))
}

fn hex(text: &str) -> Option<PropTag> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let is_hex = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok()?;
    is_hex.then_some(PropTag(number))
}

/// An error of reading a [`PropTag`] from a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{quote} {problem}")]
pub struct ParsePropTagError {
    quote: Quote,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error(
        "is no property tag: expected a name such as PR_SUBJECT, eight hex digits, or both as NAME (0xHEX)"
    )]
    Unknown,
    #[error("contradicts itself: the name is of {:#010X}, not {:#010X}", named.0, number.0)]
    Contradiction { named: PropTag, number: PropTag },
}

/// The type of a property's value. Open: a number without a name is kept.
///
/// [Property types](https://learn.microsoft.com/office/client-developer/outlook/mapi/property-types)
/// in the MAPI reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PropType(u16);

impl PropType {
    /// Creates the type with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Returns the type of several values of this type.
    #[doc(alias = "MV_FLAG")]
    #[must_use]
    pub const fn multiple(self) -> Self {
        Self(self.0 | MV_FLAG)
    }

    /// The type of the same texts in Unicode.
    pub(crate) fn unicode(self) -> Self {
        match self {
            Self::STRING8 => Self::UNICODE,
            it if it == Self::STRING8.multiple() => Self::UNICODE.multiple(),
            other => other,
        }
    }

    /// Tells whether a property of this type has several values.
    #[must_use]
    pub const fn is_multiple(self) -> bool {
        self.0 & MV_FLAG != 0
    }

    /// Any type: in a request, it stands for the type that the property has.
    #[doc(alias = "PT_UNSPECIFIED")]
    pub const UNSPECIFIED: Self = Self(0);
    /// No value.
    #[doc(alias = "PT_NULL")]
    pub const NULL: Self = Self(1);
    /// A signed number of 16 bits.
    #[doc(alias = "PT_I2")]
    #[doc(alias = "PT_SHORT")]
    pub const I2: Self = Self(2);
    /// A signed number of 32 bits.
    #[doc(alias = "PT_LONG")]
    #[doc(alias = "PT_I4")]
    pub const LONG: Self = Self(3);
    /// A floating-point number of 4 bytes.
    #[doc(alias = "PT_R4")]
    #[doc(alias = "PT_FLOAT")]
    pub const R4: Self = Self(4);
    /// A floating-point number of 8 bytes.
    #[doc(alias = "PT_DOUBLE")]
    #[doc(alias = "PT_R8")]
    pub const DOUBLE: Self = Self(5);
    /// An amount of money, in 10,000ths.
    #[doc(alias = "PT_CURRENCY")]
    pub const CURRENCY: Self = Self(6);
    /// A time, as days since 30 December 1899.
    #[doc(alias = "PT_APPTIME")]
    pub const APPTIME: Self = Self(7);
    /// An HRESULT, in place of a value.
    #[doc(alias = "PT_ERROR")]
    pub const ERROR: Self = Self(0xA);
    /// True or false.
    #[doc(alias = "PT_BOOLEAN")]
    pub const BOOLEAN: Self = Self(0xB);
    /// An object, which is opened by OpenProperty.
    #[doc(alias = "PT_OBJECT")]
    pub const OBJECT: Self = Self(0xD);
    /// A signed number of 64 bits.
    #[doc(alias = "PT_I8")]
    #[doc(alias = "PT_LONGLONG")]
    pub const I8: Self = Self(0x14);
    /// A text of 8-bit characters.
    #[doc(alias = "PT_STRING8")]
    pub const STRING8: Self = Self(0x1E);
    /// A text in UTF-16.
    #[doc(alias = "PT_UNICODE")]
    #[doc(alias = "PT_TSTRING")]
    pub const UNICODE: Self = Self(0x1F);
    /// A time: a [`FileTime`](super::FileTime).
    #[doc(alias = "PT_SYSTIME")]
    pub const SYSTIME: Self = Self(0x40);
    /// A GUID.
    #[doc(alias = "PT_CLSID")]
    pub const CLSID: Self = Self(0x48);
    /// Bytes.
    #[doc(alias = "PT_BINARY")]
    pub const BINARY: Self = Self(0x102);
}

const MV_FLAG: u16 = 0x1000;
