//! The small values that MAPI calls take and give.

mod recipient;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

#[doc(alias = "ADRENTRY")]
#[doc(alias = "ADRLIST")]
pub use self::recipient::Recipient;
pub use self::recipient::RecipientType;
use crate::flags::ObjectAccess;
use crate::quote::Quote;

/// The handle of the window that a dialog is modal to; zero if there is none.
///
/// The crate passes the number on as it is, and never uses it itself.
#[doc(alias = "ulUIParam")]
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

    /// Wraps a window handle (an `HWND`, as a number).
    #[must_use]
    pub const fn new(handle: usize) -> Self {
        Self(handle)
    }

    /// Returns the handle, as a number.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

/// A service provider's identifier, 16 bytes.
///
/// It stands in bytes 4 to 19 of every entry identifier that the provider gives out, which is how
/// MAPI finds the provider again.
///
/// # Text
/// [`Display`](fmt::Display) writes the 16 bytes as 32 hex digits. [`FromStr`] reads these, in upper
/// or lower case, and the form of a GUID in braces. A MAPIUID is a GUID in little-endian order: the
/// bytes of the first three fields of a GUID stand in reverse.
///
/// ```
/// use mapi_session::MapiUid;
///
/// // The Exchange address book provider.
/// let uid: MapiUid = "DCA740C8C042101AB4B908002B2FE182".parse()?;
/// assert_eq!("{C840A7DC-42C0-1A10-B4B9-08002B2FE182}".parse(), Ok(uid));
/// assert_eq!(uid.to_string(), "DCA740C8C042101AB4B908002B2FE182");
/// # Ok::<(), mapi_session::types::ParseIdError>(())
/// ```
///
/// [`MAPIUID`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiuid) in the MAPI
/// reference.
#[doc(alias = "MAPIUID")]
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapiUid([u8; 16]);

impl MapiUid {
    /// Creates the identifier with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns all the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for MapiUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MapiUid({})", Hex(&self.0))
    }
}

impl fmt::Display for MapiUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl FromStr for MapiUid {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let guid = || Some(little_endian(parse_uid(&guid_digits(text)?)?));
        let uid = parse_uid(text).or_else(guid).map(Self);
        uid.ok_or_else(|| ParseIdError::new(text, IdProblem::NotAUid))
    }
}

fn parse_uid(digits: &str) -> Option<[u8; 16]> {
    // First of all, so that nothing is done with a long text.
    if digits.len() != 32 {
        return None;
    }
    parse_hex(digits).ok()?.try_into().ok()
}

/// The digits of a GUID in braces, where all its hyphens are in their places.
fn guid_digits(text: &str) -> Option<String> {
    let fields: Vec<_> = text
        .strip_prefix('{')?
        .strip_suffix('}')?
        .splitn(6, '-')
        .collect();
    let lengths = fields.iter().map(|field| field.len());
    lengths.eq([8, 4, 4, 4, 12]).then(|| fields.concat())
}

/// A GUID is written as three numbers, the highest byte first, and eight bytes. In memory each
/// number has its lowest byte first.
fn little_endian(mut guid: [u8; 16]) -> [u8; 16] {
    guid[..4].reverse();
    guid[4..6].reverse();
    guid[6..8].reverse();
    guid
}

/// An entry identifier, by which MAPI opens an object.
///
/// It has four bytes of flags, the provider's [`MapiUid`], and then whatever the provider puts there.
/// It is a copy, which stays valid after the logoff.
///
/// # Text
/// [`Display`](fmt::Display) writes the bytes in hex, as Outlook's object model gives an `EntryID`.
/// [`FromStr`] reads that, in upper or lower case.
///
/// ```
/// use mapi_session::EntryId;
///
/// let entry_id: EntryId = "00000000DCA740C8C042101AB4B908002B2FE182".parse()?;
/// assert_eq!(entry_id.as_bytes().len(), 20);
/// assert_eq!(entry_id.to_string(), "00000000DCA740C8C042101AB4B908002B2FE182");
/// # Ok::<(), mapi_session::types::ParseIdError>(())
/// ```
///
/// [`ENTRYID`](https://learn.microsoft.com/office/client-developer/outlook/mapi/entryid) in the MAPI
/// reference.
#[doc(alias = "ENTRYID")]
#[derive(Clone)]
#[doc(alias = "ENTRYLIST")]
pub struct EntryId(Bytes);

/// Short identifiers cost no allocation: those in memory, and in a PST, have 20 or 24 bytes. The tag
/// is a word, so that all is copied by the word.
#[derive(Clone)]
#[repr(usize)]
enum Bytes {
    Short { length: usize, bytes: [u8; SHORT] },
    Long(Box<[u8]>),
}

const SHORT: usize = 24;

impl EntryId {
    /// Creates an identifier with these bytes. Only the subsystem knows whether they mean anything.
    #[inline]
    pub fn new(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let (length, mut short) = (bytes.len(), [0; SHORT]);
        Self(match short.get_mut(..length) {
            None => Bytes::Long(bytes.into()),
            Some(used) => {
                used.copy_from_slice(bytes);
                Bytes::Short {
                    length,
                    bytes: short,
                }
            }
        })
    }

    /// Returns all the bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Short { length, bytes } => &bytes[..*length],
            Bytes::Long(bytes) => bytes,
        }
    }

    /// Returns the provider's identifier; `None` if there are fewer bytes.
    #[must_use]
    pub fn provider_uid(&self) -> Option<MapiUid> {
        provider_uid(self.as_bytes())
    }
}

impl PartialEq for EntryId {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for EntryId {}

impl PartialOrd for EntryId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EntryId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for EntryId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

/// The provider's identifier inside the bytes of an entry identifier.
pub(crate) fn provider_uid(entry_id: &[u8]) -> Option<MapiUid> {
    let uid = entry_id.get(4..20)?;
    Some(MapiUid::new(uid.try_into().ok()?))
}

/// Whether two entry identifiers are the same but for their flags, the first four bytes.
#[inline]
#[cfg(feature = "memory")]
pub(crate) fn is_same_object(one: &[u8], other: &[u8]) -> bool {
    match (one.get(4..), other.get(4..)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

impl AsRef<[u8]> for EntryId {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryId({})", Hex(self.as_bytes()))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(self.as_bytes()).fmt(f)
    }
}

impl FromStr for EntryId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = parse_hex(text).map_err(|problem| ParseIdError::new(text, problem))?;
        Ok(Self::new(bytes))
    }
}

fn parse_hex(text: &str) -> Result<Vec<u8>, IdProblem> {
    let digits = text
        .chars()
        .map(|char| char.to_digit(16).ok_or(IdProblem::NotADigit(char)))
        .collect::<Result<Vec<_>, _>>()?;
    if digits.len() % 2 != 0 {
        return Err(IdProblem::Odd(digits.len()));
    }
    let byte = |pair: &[u32]| (pair[0] << 4 | pair[1]) as u8;
    Ok(digits.chunks_exact(2).map(byte).collect())
}

/// An error of reading an [`EntryId`] or a [`MapiUid`] from a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{quote} {problem}")]
pub struct ParseIdError {
    quote: Quote,
    problem: IdProblem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum IdProblem {
    #[error("is no entry identifier: {0:?} is no hex digit")]
    NotADigit(char),
    #[error("is no entry identifier: of two hex digits a byte, {0} are an odd number")]
    Odd(usize),
    #[error("is no MAPIUID: expected 32 hex digits, or a GUID in braces")]
    NotAUid,
}

impl ParseIdError {
    fn new(text: &str, problem: IdProblem) -> Self {
        Self {
            quote: Quote::of(text),
            problem,
        }
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
#[doc(alias = "PR_OBJECT_TYPE")]
#[doc(alias = "PidTagObjectType")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectType(u32);

impl ObjectType {
    /// Creates the kind with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

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

    /// Returns MAPI's name of the kind, such as `MAPI_FOLDER`.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::STORE => "MAPI_STORE",
            Self::ADDRESS_BOOK => "MAPI_ADDRBOOK",
            Self::FOLDER => "MAPI_FOLDER",
            Self::ADDRESS_BOOK_CONTAINER => "MAPI_ABCONT",
            Self::MESSAGE => "MAPI_MESSAGE",
            Self::MAIL_USER => "MAPI_MAILUSER",
            Self::ATTACHMENT => "MAPI_ATTACH",
            Self::DISTRIBUTION_LIST => "MAPI_DISTLIST",
            Self::PROFILE_SECTION => "MAPI_PROFSECT",
            Self::STATUS => "MAPI_STATUS",
            Self::SESSION => "MAPI_SESSION",
            Self::FORM_INFO => "MAPI_FORMINFO",
            _ => return None,
        })
    }
}

impl fmt::Debug for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "ObjectType({name})"),
            None => write!(f, "ObjectType({:#x})", self.0),
        }
    }
}

/// The kind of a resource of a session, as PR_RESOURCE_TYPE holds it. Open: a number without a name
/// is kept.
#[doc(alias = "PR_RESOURCE_TYPE")]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ResourceType(u32);

impl ResourceType {
    /// Creates the kind with this number, which need not have a name.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// A message store provider.
    #[doc(alias = "MAPI_STORE_PROVIDER")]
    pub const STORE_PROVIDER: Self = Self(33);
    /// The address book that MAPI makes of its providers.
    #[doc(alias = "MAPI_AB")]
    pub const ADDRESS_BOOK: Self = Self(34);
    /// An address book provider.
    #[doc(alias = "MAPI_AB_PROVIDER")]
    pub const ADDRESS_BOOK_PROVIDER: Self = Self(35);
    /// A transport provider.
    #[doc(alias = "MAPI_TRANSPORT_PROVIDER")]
    pub const TRANSPORT_PROVIDER: Self = Self(36);
    /// The spooler.
    #[doc(alias = "MAPI_SPOOLER")]
    pub const SPOOLER: Self = Self(37);
    /// The profile provider.
    #[doc(alias = "MAPI_PROFILE_PROVIDER")]
    pub const PROFILE_PROVIDER: Self = Self(38);
    /// MAPI itself.
    #[doc(alias = "MAPI_SUBSYSTEM")]
    pub const SUBSYSTEM: Self = Self(39);
    /// A spooler hook.
    #[doc(alias = "MAPI_HOOK_PROVIDER")]
    pub const HOOK_PROVIDER: Self = Self(40);

    /// Returns MAPI's name of the kind, such as `MAPI_STORE_PROVIDER`.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::STORE_PROVIDER => "MAPI_STORE_PROVIDER",
            Self::ADDRESS_BOOK => "MAPI_AB",
            Self::ADDRESS_BOOK_PROVIDER => "MAPI_AB_PROVIDER",
            Self::TRANSPORT_PROVIDER => "MAPI_TRANSPORT_PROVIDER",
            Self::SPOOLER => "MAPI_SPOOLER",
            Self::PROFILE_PROVIDER => "MAPI_PROFILE_PROVIDER",
            Self::SUBSYSTEM => "MAPI_SUBSYSTEM",
            Self::HOOK_PROVIDER => "MAPI_HOOK_PROVIDER",
            _ => return None,
        })
    }
}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "ResourceType({name})"),
            None => write!(f, "ResourceType({:#x})", self.0),
        }
    }
}

/// What is known of an open object: its identifier, kind, name, folder and access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectInfo {
    entry_id: EntryId,
    object_type: ObjectType,
    display_name: String,
    parent_id: Option<EntryId>,
    is_writable: bool,
    access: Option<ObjectAccess>,
}

impl ObjectInfo {
    /// Creates an object of this identifier and kind, opened for reading. It has no name and no parent until
    /// they are set.
    #[must_use]
    pub fn new(entry_id: EntryId, object_type: ObjectType) -> Self {
        Self {
            entry_id,
            object_type,
            display_name: String::new(),
            parent_id: None,
            is_writable: false,
            access: None,
        }
    }

    /// Returns the object's entry identifier.
    #[doc(alias = "PR_ENTRYID")]
    #[must_use]
    pub fn entry_id(&self) -> &EntryId {
        &self.entry_id
    }

    /// Returns what kind of object it is.
    #[doc(alias = "PR_OBJECT_TYPE")]
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        self.object_type
    }

    /// Returns the display name; of a message, the subject.
    #[doc(alias = "PR_DISPLAY_NAME")]
    #[doc(alias = "PR_SUBJECT")]
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// Returns the folder or container that it is in, if any. A store's root folder is in itself.
    #[doc(alias = "PR_PARENT_ENTRYID")]
    #[must_use]
    pub fn parent_id(&self) -> Option<&EntryId> {
        self.parent_id.as_ref()
    }

    /// Tells whether it is open for writing (MAPI_MODIFY), or only for reading. A provider may open an
    /// object for reading although MAPI_MODIFY was asked for.
    #[doc(alias = "PR_ACCESS_LEVEL")]
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.is_writable
    }

    /// Returns what the user may do with it, however it was opened, if it is a folder or a message.
    #[doc(alias = "PR_ACCESS")]
    #[must_use]
    pub fn access(&self) -> Option<ObjectAccess> {
        self.access
    }
}

setters! { ObjectInfo:
    /// Sets the name.
    with_display_name(display_name: impl Into<String>) |it| it.display_name = display_name.into();
    /// Sets the folder or container that it is in.
    with_parent_id(parent_id: Option<EntryId>) |it| it.parent_id = parent_id;
    /// Sets whether it is open for writing.
    with_writable(writable: bool) |it| it.is_writable = writable;
    /// Sets what the user may do with it.
    with_access(access: Option<ObjectAccess>) |it| it.access = access;
}

/// What SetDefaultStore makes of a message store: the value of its flag word.
///
/// [`IMAPISession::SetDefaultStore`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-setdefaultstore) in the MAPI reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DefaultStore {
    /// The session's default store, and from now on the profile's.
    #[doc(alias = "MAPI_DEFAULT_STORE")]
    Default = 1,
    /// The store of Simple MAPI, in this session.
    #[doc(alias = "MAPI_SIMPLE_STORE_TEMPORARY")]
    SimpleTemporary = 2,
    /// The store of Simple MAPI, and from now on the profile's.
    #[doc(alias = "MAPI_SIMPLE_STORE_PERMANENT")]
    SimplePermanent = 3,
    /// The store to use at logon.
    #[doc(alias = "MAPI_PRIMARY_STORE")]
    Primary = 4,
    /// The store to use at logon if the primary one cannot be opened.
    #[doc(alias = "MAPI_SECONDARY_STORE")]
    Secondary = 5,
}

impl DefaultStore {
    /// Returns the value of the flag word.
    #[must_use]
    pub const fn raw(self) -> u32 {
        self as u32
    }

    /// Returns what this value of the flag word means, if it is one of the five.
    #[must_use]
    pub const fn from_raw(value: u32) -> Option<Self> {
        Some(match value {
            1 => Self::Default,
            2 => Self::SimpleTemporary,
            3 => Self::SimplePermanent,
            4 => Self::Primary,
            5 => Self::Secondary,
            _ => return None,
        })
    }
}

/// The number that PrepareForm gives a message, and ShowForm takes, once.
#[doc(alias = "ulMessageToken")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FormToken(u32);

impl FormToken {
    /// Creates the token with this number.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// What ShowForm needs to know of the message that it shows.
///
/// [`IMAPISession::ShowForm`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-showform) in the MAPI reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FormMessage {
    class: String,
    status: u32,
    flags: u32,
    access: u32,
}

impl FormMessage {
    /// Creates a message of this class, such as `IPM.Note`.
    #[must_use]
    pub fn new(class: impl Into<String>) -> Self {
        Self {
            class: class.into(),
            status: 0,
            flags: 0,
            access: 0,
        }
    }

    /// Returns the message's class, such as `IPM.Note`.
    #[doc(alias = "PR_MESSAGE_CLASS")]
    #[must_use]
    pub fn class(&self) -> &str {
        &self.class
    }

    /// Returns the message's status.
    #[doc(alias = "PR_MSG_STATUS")]
    #[doc(alias = "ulMessageStatus")]
    #[must_use]
    pub fn status(&self) -> u32 {
        self.status
    }

    /// Returns the message's flags.
    #[doc(alias = "PR_MESSAGE_FLAGS")]
    #[doc(alias = "ulMessageFlags")]
    #[must_use]
    pub fn flags(&self) -> u32 {
        self.flags
    }

    /// Returns what the user may do with the message.
    #[doc(alias = "PR_ACCESS")]
    #[doc(alias = "ulAccess")]
    #[must_use]
    pub fn access(&self) -> u32 {
        self.access
    }
}

setters! { FormMessage:
    /// Sets the status.
    with_status(status: u32) |it| it.status = status;
    /// Sets the flags.
    with_flags(flags: u32) |it| it.flags = flags;
    /// Sets the access.
    with_access(access: u32) |it| it.access = access;
}
