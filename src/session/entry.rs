//! What OpenEntry opens, of whatever kind; and the address book.

use std::fmt;
use std::ops::Deref;

use super::open::{RawObject, debug};
use super::props::props;
use super::status::Status;
use super::store::MsgStore;
use super::{Open, SessionRef, plain, split};
use crate::error::{Call, Warning};
use crate::flags::AddressBookFlags;
use crate::subsystem::{RawEntry, RawObject as _, RawProp as _, RawSession, Subsystem};
use crate::types::{ObjectInfo, ObjectType};
use crate::{EntryId, Error, Live, OpenEntryFlags, Session, UiParam};

impl<B: Subsystem> Session<Live, B> {
    /// Opens the object with this entry identifier, whatever it is.
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`Entry::open`].
    ///
    /// A store's identifier opens the store, as [`open_msg_store`](Self::open_msg_store) does with
    /// MDB_NO_DIALOG. For a folder or a message, [`MsgStore::open_entry`] is faster; in a public
    /// store, the reference asks for it.
    ///
    /// ```
    /// # use mapi_session::subsystem::Subsystem;
    /// # use mapi_session::{EntryId, Error, Live, OpenEntryFlags, Session};
    /// use mapi_session::Entry;
    ///
    /// # fn name<B: Subsystem>(session: &Session<Live, B>, entry_id: &EntryId) -> Result<(), Error> {
    /// match session.open_entry(entry_id, OpenEntryFlags::empty())? {
    ///     Entry::Folder(folder) => println!("a folder: {}", folder.info()?.display_name()),
    ///     Entry::Message(message) => println!("a message: {}", message.info()?.display_name()),
    ///     other => println!("no mail: {other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the session knows the identifier, for example because
    ///   its store is not open; or it is shorter than its provider's are.
    /// - MAPI_E_NOT_FOUND: the provider has no such object.
    /// - MAPI_E_INVALID_ENTRYID: the identifier is empty (our reading).
    /// - MAPI_E_NO_ACCESS: [`OpenEntryFlags::MODIFY`] on what can only be read, or in a store that
    ///   the session has open for reading. A provider may open it for reading instead, as
    ///   [`is_writable`](ObjectInfo::is_writable) tells.
    /// - MAPI_E_SUBMITTED: [`OpenEntryFlags::MODIFY`] on a message in the outgoing queue.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// With [`OpenEntryFlags::DEFERRED_ERRORS`], errors of the provider, even that there is no such
    /// object, wait for the first use.
    ///
    /// [`IMAPISession::OpenEntry`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openentry) in the MAPI reference.
    #[doc(alias = "OpenEntry")]
    #[doc(alias = "IMAPISession::OpenEntry")]
    #[track_caller]
    pub fn open_entry(
        &self,
        entry_id: &EntryId,
        flags: OpenEntryFlags,
    ) -> Result<Entry<'_, B>, Error> {
        Entry::open(self, entry_id, flags)
    }

    /// Opens the address book, which MAPI puts together from those of all providers.
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`Object::open_address_book`].
    ///
    /// If a provider fails, the address book opens without it: [`open_warning`](Object::open_warning)
    /// is MAPI_W_ERRORS_RETURNED, and [`last_error`](Self::last_error) says which provider it was.
    ///
    /// ```
    /// # use mapi_session::{EventMask, LogonRequest, Mapi, UiParam};
    /// # use mapi_session::flags::AddressBookFlags;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// let book = session.open_address_book(UiParam::NONE, AddressBookFlags::empty())?;
    /// let events = book.advise(None, EventMask::OBJECT_MODIFIED, |event| println!("{event:?}"))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [`IMAPISession::OpenAddressBook`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openaddressbook) in the MAPI reference.
    #[doc(alias = "LPADRBOOK")]
    #[doc(alias = "OpenAddressBook")]
    #[doc(alias = "IMAPISession::OpenAddressBook")]
    #[doc(alias = "IAddrBook")]
    #[track_caller]
    pub fn open_address_book(
        &self,
        parent: UiParam,
        flags: AddressBookFlags,
    ) -> Result<Object<'_, B>, Error> {
        Object::open_address_book(self, parent, flags)
    }
}

/// What [`open_entry`](Session::open_entry) opened, by its type.
#[must_use = "dropping an entry releases it"]
#[non_exhaustive]
pub enum Entry<'s, B: Subsystem> {
    /// A message store.
    MsgStore(MsgStore<'s, B>),
    /// A folder.
    Folder(Folder<'s, B>),
    /// A message.
    Message(Message<'s, B>),
    /// A status object.
    Status(Status<'s, B>),
    /// Anything else; its [type](Object::object_type) says what.
    Object(Object<'s, B>),
}

impl<'s, B: Subsystem> Entry<'s, B> {
    /// Does the same as [`Session::open_entry`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_entry`].
    #[track_caller]
    pub fn open(
        session: impl Into<SessionRef<'s, B>>,
        entry_id: &EntryId,
        flags: OpenEntryFlags,
    ) -> Result<Self, Error> {
        let session = session.into();
        let opened = session
            .raw
            .open_entry(Some(entry_id.as_bytes()), flags.bits());
        let (raw, warning) = split(Call::SESSION_OPEN_ENTRY, opened)?;
        Ok(match raw {
            RawEntry::MsgStore(raw) => Self::MsgStore(MsgStore(Open {
                raw,
                session,
                warning,
            })),
            RawEntry::Object(object_type, raw) => Self::of_type(
                object_type,
                Open {
                    raw,
                    session,
                    warning,
                },
            ),
        })
    }

    pub(super) fn of_type(object_type: ObjectType, open: Open<'s, B, RawObject<B>>) -> Self {
        let object = Object::new(object_type, open);
        match object_type {
            ObjectType::FOLDER => Self::Folder(Folder(object)),
            ObjectType::MESSAGE => Self::Message(Message(object)),
            ObjectType::STATUS => Self::Status(Status(object)),
            _ => Self::Object(object),
        }
    }

    /// Returns the kind of object, as the opening told it.
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        match self {
            Self::MsgStore(_) => ObjectType::STORE,
            Self::Folder(folder) => folder.object_type(),
            Self::Message(message) => message.object_type(),
            Self::Status(status) => status.object_type(),
            Self::Object(object) => object.object_type(),
        }
    }

    /// Reads what is known of it: its identifier, name, folder and access.
    ///
    /// # Errors
    /// As [`Object::info`].
    #[track_caller]
    pub fn info(&self) -> Result<ObjectInfo, Error> {
        match self {
            Self::MsgStore(store) => store.info(),
            Self::Folder(folder) => folder.info(),
            Self::Message(message) => message.info(),
            Self::Status(status) => status.info(),
            Self::Object(object) => object.info(),
        }
    }

    /// Returns the entry as a [`MsgStore`], if it is one.
    ///
    /// # Errors
    /// The entry itself, if it is not one.
    pub fn into_msg_store(self) -> Result<MsgStore<'s, B>, Self> {
        match self {
            Self::MsgStore(store) => Ok(store),
            other => Err(other),
        }
    }

    /// Returns the entry as an [`Object`], unless it is a store.
    ///
    /// # Errors
    /// The entry itself, if it is a store.
    pub fn into_object(self) -> Result<Object<'s, B>, Self> {
        match self {
            Self::Folder(Folder(object))
            | Self::Message(Message(object))
            | Self::Status(Status(object))
            | Self::Object(object) => Ok(object),
            store => Err(store),
        }
    }

    /// Returns the entry as a [`Folder`], if it is one.
    ///
    /// # Errors
    /// The entry itself, if it is not one.
    pub fn into_folder(self) -> Result<Folder<'s, B>, Self> {
        match self {
            Self::Folder(folder) => Ok(folder),
            other => Err(other),
        }
    }

    /// Returns the entry as a [`Message`], if it is one.
    ///
    /// # Errors
    /// The entry itself, if it is not one.
    pub fn into_message(self) -> Result<Message<'s, B>, Self> {
        match self {
            Self::Message(message) => Ok(message),
            other => Err(other),
        }
    }

    /// Returns the entry as a [`Status`], if it is one.
    ///
    /// # Errors
    /// The entry itself, if it is not one.
    pub fn into_status(self) -> Result<Status<'s, B>, Self> {
        match self {
            Self::Status(status) => Ok(status),
            other => Err(other),
        }
    }
}

impl<B: Subsystem> fmt::Debug for Entry<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MsgStore(store) => store.fmt(f),
            Self::Folder(folder) => folder.fmt(f),
            Self::Message(message) => message.fmt(f),
            Self::Status(status) => status.fmt(f),
            Self::Object(object) => object.fmt(f),
        }
    }
}

/// An open object other than a store: a folder, a message, an attachment, the address book or a
/// container of it, a messaging user (`IMailUser`), a distribution list (`IDistList`), or a status
/// object. Dropping it releases it.
///
/// [Folders](Folder), [messages](Message) and [status objects](Status) have types of their own, with
/// further methods.
///
/// [`IMAPIProp`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapipropiunknown)
/// in the MAPI reference.
#[doc(alias = "IMAPIProp")]
#[doc(alias = "IMailUser")]
#[doc(alias = "IDistList")]
#[doc(alias = "IABContainer")]
#[must_use = "dropping an object releases it"]
pub struct Object<'s, B: Subsystem> {
    object_type: ObjectType,
    pub(super) open: Open<'s, B, RawObject<B>>,
}

impl<'s, B: Subsystem> Object<'s, B> {
    /// Does the same as [`Session::open_address_book`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_address_book`].
    #[track_caller]
    pub fn open_address_book(
        session: impl Into<SessionRef<'s, B>>,
        parent: UiParam,
        flags: AddressBookFlags,
    ) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.open_address_book(parent, flags.bits());
        Ok(Self {
            object_type: ObjectType::ADDRESS_BOOK,
            open: Open::new(session, Call::SESSION_OPEN_ADDRESS_BOOK, opened)?,
        })
    }

    pub(super) fn new(object_type: ObjectType, open: Open<'s, B, RawObject<B>>) -> Self {
        Self { object_type, open }
    }

    /// Returns the kind of object, as the opening told it.
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        self.object_type
    }

    /// Reads what is known of the object: its identifier, name, folder and access.
    ///
    /// # Errors
    /// If it was opened with [`OpenEntryFlags::DEFERRED_ERRORS`]: the errors that the opening
    /// deferred.
    ///
    /// [`IMAPIProp::GetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops) in the MAPI reference.
    #[doc(alias = "IMAPIProp::GetProps")]
    #[track_caller]
    pub fn info(&self) -> Result<ObjectInfo, Error> {
        plain(Call::PROP_GET_PROPS, self.open.raw.info())
    }

    /// Returns the warning (MAPI_W_*) that the opening came back with, if any.
    #[must_use]
    pub fn open_warning(&self) -> Option<&Warning> {
        self.open.warning.as_ref()
    }

    /// Returns the session that it came from.
    #[must_use]
    pub fn session(&self) -> &Session<Live, B> {
        &self.open.session
    }

    /// Returns the subsystem's own object, for calls that have no method here. [Bind](Session::bind)
    /// what you open with it to the session.
    #[must_use]
    pub fn raw(&self) -> &RawObject<B> {
        &self.open.raw
    }

    pub(super) fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Open { raw, warning, .. } = &self.open;
        debug(f, name, raw.as_debug(), warning.as_ref())
    }
}

impl<B: Subsystem> fmt::Debug for Object<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug(self.object_type.name().unwrap_or("Object"), f)
    }
}

props!(Object);

/// What has the methods of an [`Object`].
macro_rules! object {
    ($Type:ident) => {
        impl<'s, B: Subsystem> Deref for $Type<'s, B> {
            type Target = Object<'s, B>;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<B: Subsystem> fmt::Debug for $Type<'_, B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.debug(stringify!($Type), f)
            }
        }
    };
}

pub(super) use object;

/// An open folder (`IMAPIFolder`): an [`Object`]. Dropping it releases it.
///
/// [`IMAPIFolder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolderimapicontainer)
/// in the MAPI reference.
#[doc(alias = "IMAPIFolder")]
#[must_use = "dropping a folder releases it"]
#[doc(alias = "LPMAPIFOLDER")]
#[doc(alias = "IMAPIContainer")]
pub struct Folder<'s, B: Subsystem>(pub(super) Object<'s, B>);

object!(Folder);

impl<'s, B: Subsystem> Folder<'s, B> {
    pub(super) fn of(open: Open<'s, B, RawObject<B>>) -> Self {
        Self(Object::new(ObjectType::FOLDER, open))
    }
}

/// An open message (`IMessage`): an [`Object`]. Dropping it releases it.
///
/// [`IMessage`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessageimapiprop)
/// in the MAPI reference.
#[doc(alias = "IMessage")]
#[must_use = "dropping a message releases it"]
#[doc(alias = "LPMESSAGE")]
pub struct Message<'s, B: Subsystem>(pub(super) Object<'s, B>);

object!(Message);

impl<'s, B: Subsystem> Message<'s, B> {
    pub(super) fn of(open: Open<'s, B, RawObject<B>>) -> Self {
        Self(Object::new(ObjectType::MESSAGE, open))
    }
}
