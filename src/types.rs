//! The small values that MAPI calls take and give.

use std::fmt;

/// The handle of the window that a dialog is modal to; zero where there is none.
///
/// The number is passed on as it is: the crate opens no window and follows no handle.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct UiParam(usize);

impl fmt::Debug for UiParam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UiParam({:#X})", self.0)
    }
}

impl UiParam {
    /// No parent window.
    pub const NONE: Self = Self(0);

    /// The window with this handle (an `HWND`, as a number).
    #[must_use]
    pub const fn new(handle: usize) -> Self {
        Self(handle)
    }

    /// The handle, as a number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

/// A service provider's identifier, 16 bytes.
///
/// It stands in bytes 4 to 19 of every entry identifier that the provider gives out, which is how
/// MAPI finds the provider again.
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiuid).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapiUid(pub [u8; 16]);

impl fmt::Debug for MapiUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MapiUid({})", Hex(&self.0))
    }
}

/// An entry identifier: what MAPI opens an object by.
///
/// The bytes are the caller's own; they stay valid after logoff. Four flag bytes, the provider's
/// [`MapiUid`], then whatever the provider puts there.
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/entryid).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(Box<[u8]>);

impl EntryId {
    /// The identifier with these bytes. Whether they mean anything is for the subsystem to say.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// All the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The provider's identifier, or nothing where the bytes end before it does.
    #[must_use]
    pub fn provider_uid(&self) -> Option<MapiUid> {
        provider_uid(&self.0)
    }
}

/// The provider's identifier inside the bytes of an entry identifier.
pub(crate) fn provider_uid(entry_id: &[u8]) -> Option<MapiUid> {
    let uid = entry_id.get(4..20)?;
    Some(MapiUid(uid.try_into().ok()?))
}

impl AsRef<[u8]> for EntryId {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({})", Hex(&self.0))
    }
}

/// Bytes in hexadecimal.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// The kind of a MAPI object, as PR_OBJECT_TYPE holds it. Open: a number without a name is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectType(pub u32);

impl ObjectType {
    /// A message store.
    #[doc(alias = "MAPI_STORE")]
    pub const STORE: Self = Self(0x1);
    /// The address book.
    #[doc(alias = "MAPI_ADDRBOOK")]
    pub const ADDRESS_BOOK: Self = Self(0x2);
    /// A folder.
    #[doc(alias = "MAPI_FOLDER")]
    pub const FOLDER: Self = Self(0x3);
    /// A container of the address book.
    #[doc(alias = "MAPI_ABCONT")]
    pub const ADDRESS_BOOK_CONTAINER: Self = Self(0x4);
    /// A message.
    #[doc(alias = "MAPI_MESSAGE")]
    pub const MESSAGE: Self = Self(0x5);
    /// A messaging user.
    #[doc(alias = "MAPI_MAILUSER")]
    pub const MAIL_USER: Self = Self(0x6);
    /// An attachment.
    #[doc(alias = "MAPI_ATTACH")]
    pub const ATTACHMENT: Self = Self(0x7);
    /// A distribution list.
    #[doc(alias = "MAPI_DISTLIST")]
    pub const DISTRIBUTION_LIST: Self = Self(0x8);
    /// A profile section.
    #[doc(alias = "MAPI_PROFSECT")]
    pub const PROFILE_SECTION: Self = Self(0x9);
    /// A status object.
    #[doc(alias = "MAPI_STATUS")]
    pub const STATUS: Self = Self(0xA);
    /// A session.
    #[doc(alias = "MAPI_SESSION")]
    pub const SESSION: Self = Self(0xB);
    /// A form.
    #[doc(alias = "MAPI_FORMINFO")]
    pub const FORM_INFO: Self = Self(0xC);
}
