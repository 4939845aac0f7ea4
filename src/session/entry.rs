//! What OpenEntry opens, of whatever kind; and the address book.

use std::fmt;
use std::sync::Arc;

use super::open::{RawObject, debug};
use super::store::MsgStore;
use super::{Hold, Open, plain, split};
use crate::error::{Call, Warning};
use crate::flags::AddressBookFlags;
use crate::subsystem::{RawEntry, RawObject as _, RawSession, Subsystem};
use crate::types::{ObjectInfo, ObjectType};
use crate::{EntryId, Error, Live, OpenEntryFlags, Session, UiParam};

impl<B: Subsystem> Session<Live, B> {
    /// Opens whatever the identifier is of. It borrows the session.
    ///
    /// A store's identifier opens the store, as
    /// [`open_msg_store`](Self::open_msg_store) does with MDB_NO_DIALOG. Where it is known that
    /// it is a folder or a message, [`MsgStore::open_entry`] is what the reference recommends.
    ///
    /// ```
    /// # use mapi_session::subsystem::Subsystem;
    /// # use mapi_session::{EntryId, Error, Live, OpenEntryFlags, Session};
    /// use mapi_session::Entry;
    ///
    /// # fn name<B: Subsystem>(session: &Session<Live, B>, entry_id: &EntryId) -> Result<(), Error> {
    /// match session.open_entry(entry_id, OpenEntryFlags::empty())? {
    ///     Entry::Folder(folder) => println!("a folder: {}", folder.info()?.display_name),
    ///     Entry::Message(message) => println!("a message: {}", message.info()?.display_name),
    ///     other => println!("no mail: {other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the session answers for the identifier, or it ends
    ///   before its provider's does.
    /// - MAPI_E_NOT_FOUND: the provider has no such object.
    /// - MAPI_E_INVALID_ENTRYID: the identifier is empty (our reading).
    /// - MAPI_E_NO_ACCESS: [`OpenEntryFlags::MODIFY`] on what can only be read.
    /// - MAPI_E_SUBMITTED: [`OpenEntryFlags::MODIFY`] on a message in the outgoing queue.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// Under [`OpenEntryFlags::DEFERRED_ERRORS`] what comes from the provider may wait for the
    /// first use.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openentry).
    #[doc(alias = "OpenEntry")]
    #[doc(alias = "IMAPISession::OpenEntry")]
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn open_entry(
        &self,
        entry_id: &EntryId,
        flags: OpenEntryFlags,
    ) -> Result<Entry<'_, B>, Error> {
        Entry::open(Hold::Borrowed(self), entry_id, flags)
    }

    /// As [`open_entry`](Self::open_entry), with an entry that holds a share in the session instead
    /// of borrowing it.
    ///
    /// # Errors
    /// As [`open_entry`](Self::open_entry).
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn open_entry_arc(
        self: &Arc<Self>,
        entry_id: &EntryId,
        flags: OpenEntryFlags,
    ) -> Result<Entry<'static, B>, Error> {
        Entry::open(Hold::Shared(Arc::clone(self)), entry_id, flags)
    }

    /// Opens the address book, which MAPI makes of those of all providers. It borrows the session.
    ///
    /// Where a provider fails, the address book opens without it:
    /// [`open_warning`](Object::open_warning) is MAPI_W_ERRORS_RETURNED, and
    /// [`last_error`](Self::last_error) says which provider it was.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openaddressbook).
    #[doc(alias = "OpenAddressBook")]
    #[doc(alias = "IMAPISession::OpenAddressBook")]
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn open_address_book(
        &self,
        parent: UiParam,
        flags: AddressBookFlags,
    ) -> Result<AddressBook<'_, B>, Error> {
        AddressBook::open(Hold::Borrowed(self), parent, flags)
    }

    /// As [`open_address_book`](Self::open_address_book), with an address book that holds a share
    /// in the session instead of borrowing it.
    ///
    /// # Errors
    /// As [`open_address_book`](Self::open_address_book).
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn open_address_book_arc(
        self: &Arc<Self>,
        parent: UiParam,
        flags: AddressBookFlags,
    ) -> Result<AddressBook<'static, B>, Error> {
        AddressBook::open(Hold::Shared(Arc::clone(self)), parent, flags)
    }
}

/// One row a kind: its doc; its name, as a marker, an alias of [`Object`] and a variant of
/// [`Entry`]; its type of object; the conversion to it.
macro_rules! kinds {
    ($($(#[$doc:meta])* $Kind:ident $TYPE:ident $into_kind:ident)*) => {
        /// The kinds of an [`Object`](Object). They rarely need to be written out: each has
        /// an alias, as [`Folder`](crate::session::entry::Folder).
        pub mod kind {
            $(
                #[doc = concat!("The kind of a [`", stringify!($Kind), "`](super::", stringify!($Kind), ").")]
                #[derive(Clone, Copy, Debug, PartialEq, Eq)]
                pub struct $Kind;

                impl super::Kind for $Kind {}

                impl super::sealed::Kind for $Kind {
                    fn object_type(&self) -> crate::types::ObjectType {
                        crate::types::ObjectType::$TYPE
                    }
                }
            )*

            /// A kind that has no alias, by its type.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct Other(pub(super) crate::types::ObjectType);

            impl super::Kind for Other {}

            impl super::sealed::Kind for Other {
                fn object_type(&self) -> crate::types::ObjectType {
                    self.0
                }
            }
        }

        $(
            $(#[$doc])*
            pub type $Kind<'s, B> = Object<'s, kind::$Kind, B>;
        )*

        /// What OpenEntry opened, by its kind.
        #[must_use = "dropping an entry releases it"]
        #[non_exhaustive]
        pub enum Entry<'s, B: Subsystem> {
            /// A message store.
            MsgStore(MsgStore<'s, B>),
            $($(#[$doc])* $Kind($Kind<'s, B>),)*
            /// Anything else.
            Other(OtherObject<'s, B>),
        }

        impl<'s, B: Subsystem> Entry<'s, B> {
            /// The entry as a [`MsgStore`], where it is one.
            ///
            /// # Errors
            /// The entry itself, where it is not.
            pub fn into_msg_store(self) -> Result<MsgStore<'s, B>, Self> {
                match self {
                    Self::MsgStore(store) => Ok(store),
                    other => Err(other),
                }
            }

            $(
                #[doc = concat!("The entry as a [`", stringify!($Kind), "`], where it is one.")]
                ///
                /// # Errors
                /// The entry itself, where it is not.
                pub fn $into_kind(self) -> Result<$Kind<'s, B>, Self> {
                    match self {
                        Self::$Kind(object) => Ok(object),
                        other => Err(other),
                    }
                }
            )*

            /// What is known of it: its identifier, name, place and access.
            ///
            /// # Errors
            /// As [`Object::info`].
            #[cfg_attr(feature = "testing", track_caller)]
            pub fn info(&self) -> Result<ObjectInfo, Error> {
                match self {
                    Self::MsgStore(store) => store.info(),
                    $(Self::$Kind(object) => object.info(),)*
                    Self::Other(object) => object.info(),
                }
            }

            pub(super) fn of_type(
                object_type: ObjectType,
                open: Open<'s, B, RawObject<B>>,
            ) -> Self {
                match object_type {
                    $(ObjectType::$TYPE => Self::$Kind(Object { kind: kind::$Kind, open }),)*
                    other => Self::Other(Object { kind: kind::Other(other), open }),
                }
            }
        }

        impl<B: Subsystem> fmt::Debug for Entry<'_, B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    Self::MsgStore(store) => store.fmt(f),
                    $(Self::$Kind(object) => object.fmt(f),)*
                    Self::Other(object) => object.fmt(f),
                }
            }
        }
    };
}

kinds! {
    /// A folder.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolderimapicontainer).
    Folder FOLDER into_folder

    /// A message.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessageimapiprop).
    Message MESSAGE into_message

    /// A messaging user.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imailuserimapiprop).
    MailUser MAIL_USER into_mail_user

    /// A distribution list.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/idistlistimapicontainer).
    DistributionList DISTRIBUTION_LIST into_distribution_list

    /// The address book.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iaddrbookimapiprop).
    AddressBook ADDRESS_BOOK into_address_book

    /// A container of the address book.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iabcontainerimapicontainer).
    AddressBookContainer ADDRESS_BOOK_CONTAINER into_address_book_container

    /// A status object, of a row of the status table.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatusimapiprop).
    StatusObject STATUS into_status_object
}

/// An object of a kind that has no name here.
pub type OtherObject<'s, B> = Object<'s, kind::Other, B>;

/// An open object of the kind `K`. Dropping it releases it.
///
/// [`Folder`], [`Message`] and the like are what it is called by; all have the methods that stand
/// here.
#[doc(alias = "IMAPIProp")]
#[must_use = "dropping an object releases it"]
pub struct Object<'s, K: Kind, B: Subsystem> {
    kind: K,
    pub(super) open: Open<'s, B, RawObject<B>>,
}

/// A kind of an [`Object`]: one of those in [`kind`]. None can be added.
pub trait Kind: sealed::Kind {}

mod sealed {
    pub trait Kind: std::fmt::Debug {
        fn object_type(&self) -> crate::types::ObjectType;
    }
}

impl<K: Kind, B: Subsystem> Object<'_, K, B> {
    /// What kind of object it is, as the opening said.
    #[must_use]
    pub fn object_type(&self) -> ObjectType {
        self.kind.object_type()
    }

    /// What is known of the object: its identifier, name, place and access.
    ///
    /// # Errors
    /// Under [`OpenEntryFlags::DEFERRED_ERRORS`], what the opening did not say.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops).
    #[doc(alias = "IMAPIProp::GetProps")]
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn info(&self) -> Result<ObjectInfo, Error> {
        plain(Call::GetProps, self.open.raw.info())
    }

    /// The warning (MAPI_W_*) that it was opened with, where it was.
    #[must_use]
    pub fn open_warning(&self) -> Option<&Warning> {
        self.open.warning.as_ref()
    }

    /// The session that it came from.
    #[must_use]
    pub fn session(&self) -> &Session<Live, B> {
        &self.open.session
    }
}

impl<K: Kind, B: Subsystem> fmt::Debug for Object<'_, K, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Open { raw, warning, .. } = &self.open;
        debug(
            f,
            &format!("{:?}", self.kind),
            raw.as_debug(),
            warning.as_ref(),
        )
    }
}

impl<'s, B: Subsystem> Entry<'s, B> {
    #[cfg_attr(feature = "testing", track_caller)]
    fn open(
        session: Hold<'s, B>,
        entry_id: &EntryId,
        flags: OpenEntryFlags,
    ) -> Result<Self, Error> {
        let opened = session
            .raw
            .open_entry(Some(entry_id.as_bytes()), flags.bits());
        let (raw, warning) = split(Call::OpenEntry, opened)?;
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
}

impl<'s, B: Subsystem> AddressBook<'s, B> {
    #[cfg_attr(feature = "testing", track_caller)]
    fn open(session: Hold<'s, B>, parent: UiParam, flags: AddressBookFlags) -> Result<Self, Error> {
        let opened = session.raw.open_address_book(parent, flags.bits());
        let open = Open::new(session, Call::OpenAddressBook, opened)?;
        Ok(Self {
            kind: kind::AddressBook,
            open,
        })
    }
}
