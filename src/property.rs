//! Properties: a tag and its value.

use crate::HResult;

/// A property and its value: SPropValue.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/spropvalue).
#[doc(alias = "SPropValue")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "a tag and a value are all that an SPropValue has"
)]
pub struct Property {
    /// The property's tag: its identifier in the upper 16 bits, its type in the lower.
    pub tag: u32,
    /// Its value.
    pub value: PropertyValue,
}

/// The value of a property, of the types that MAPI's own tables have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyValue {
    /// PT_NULL
    Null,
    /// PT_LONG
    Long(i32),
    /// PT_BOOLEAN
    Boolean(bool),
    /// PT_UNICODE, or PT_STRING8 decoded
    String(String),
    /// PT_BINARY
    Binary(Box<[u8]>),
    /// PT_ERROR
    Error(HResult),
}
