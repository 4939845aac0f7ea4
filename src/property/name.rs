//! The names of properties from 0x8000 up.

use crate::MapiUid;

/// The name of a property whose identifier differs from store to store: a property set, and a number
/// or a text in it.
///
/// ```
/// use mapi_session::property::PropName;
///
/// let keywords = PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords");
/// ```
///
/// [`MAPINAMEID`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapinameid) in the MAPI
/// reference.

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(
    clippy::exhaustive_structs,
    reason = "a set and a kind are all that a MAPINAMEID has"
)]
pub struct PropName {
    /// The property set.
    pub set: MapiUid,
    /// Which property of the set.
    pub kind: PropNameKind,
}

/// Which property of its set a [`PropName`] names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "MAPINAMEID has these two kinds")]
pub enum PropNameKind {
    /// MNID_ID
    #[doc(alias = "MNID_ID")]
    Id(u32),
    /// MNID_STRING
    #[doc(alias = "MNID_STRING")]
    Text(String),
}

impl PropName {
    /// Names a property by its number in a set.
    #[must_use]
    pub const fn id(set: MapiUid, id: u32) -> Self {
        Self {
            set,
            kind: PropNameKind::Id(id),
        }
    }

    /// Names a property by its text in a set.
    pub fn text(set: MapiUid, name: impl Into<String>) -> Self {
        Self {
            set,
            kind: PropNameKind::Text(name.into()),
        }
    }

    /// The set of the properties below 0x8000.
    pub const PS_MAPI: MapiUid = ole(0x28);
    /// The set of the properties that any program may have in common with others.
    pub const PS_PUBLIC_STRINGS: MapiUid = ole(0x29);
    /// The set of the headers of Internet messages.
    pub const PS_INTERNET_HEADERS: MapiUid = ole(0x86);
}

/// The GUID {000203xx-0000-0000-C000-000000000046}.
const fn ole(last: u8) -> MapiUid {
    MapiUid::new([last, 3, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46])
}
