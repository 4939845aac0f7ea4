//! What a client has open.

use super::attachments::Attachment;
use super::drafts::Draft;
use super::views::View;
use super::{ClientKey, ObjectKey, OpenTable, ProviderKey, Refusal, Result};
use crate::error::Failure;
use crate::flags::ProfileSectionFlags;
use crate::types::ObjectType;
use crate::{MapiUid, OpenEntryFlags};

/// An open object. The end of its client is its own: it is found until it is released, and its
/// client is not.
pub(super) struct Object {
    pub(super) client: ClientKey,
    /// Its position among the objects of its client.
    pub(super) position: usize,
    pub(super) kind: Kind,
    pub(super) is_writable: bool,
    /// Why it cannot be used, where the opening did not say (MAPI_DEFERRED_ERRORS).
    pub(super) deferred: Option<Failure>,
    /// What of a message is not saved yet.
    pub(super) draft: Option<Box<Draft>>,
    /// How many registrations its own Advise has made.
    pub(super) registrations: u32,
}

pub(super) enum Kind {
    Provided(Provided),
    /// A message that is prepared to be shown in a form.
    Form(Provided),
    /// MAPI's own: the address book, a status object.
    Mapi {
        number: u32,
        object_type: ObjectType,
    },
    /// A mail user who is in no address book, by its whole identifier.
    OneOff(Box<[u8]>),
    Section {
        uid: MapiUid,
        flags: ProfileSectionFlags,
    },
    Attachment(Box<Attachment>),
    /// The store table or the status table.
    Table(OpenTable),
    /// The table of what a folder or a message holds.
    View(Box<View>),
    Registration(Registration),
}

/// A store, or what a provider holds: a folder, a message, a mail user, its container.
#[derive(Clone, Copy)]
pub(super) struct Provided {
    pub(super) provider: ProviderKey,
    /// Zero for the provider's own: the store, the container.
    pub(super) number: u32,
    pub(super) object_type: ObjectType,
    /// The store is logged off, or the message submitted.
    pub(super) is_over: bool,
}

/// How an object is to be opened.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Access {
    Read,
    Write,
    Best,
}

impl From<OpenEntryFlags> for Access {
    fn from(flags: OpenEntryFlags) -> Self {
        match flags {
            _ if flags.contains(OpenEntryFlags::MODIFY) => Self::Write,
            _ if flags.contains(OpenEntryFlags::BEST_ACCESS) => Self::Best,
            _ => Self::Read,
        }
    }
}

impl Access {
    /// As a provider takes it for which MAPI_MODIFY is a wish.
    pub(super) fn downgraded(self) -> Self {
        match self {
            Self::Write => Self::Best,
            other => other,
        }
    }

    /// Whether it is opened for writing.
    pub(super) fn settled_by(
        self,
        may_write: bool,
        refusal: impl FnOnce() -> Refusal,
    ) -> Result<bool> {
        match self {
            Self::Write if !may_write => Err(refusal().into()),
            Self::Read => Ok(false),
            Self::Write | Self::Best => Ok(may_write),
        }
    }
}

/// Who asked for which events.
pub(super) struct Registration {
    /// The object whose Advise it was; nothing for the session's.
    pub(super) by: Option<ObjectKey>,
    /// The object that is told of, by its identifier without the flags; nothing for the session
    /// itself, or the table that it is by.
    pub(super) target: Option<Box<[u8]>>,
    /// Its position among the subscribers of its target.
    pub(super) position: usize,
}

impl Object {
    pub(super) fn provided(&self) -> Option<&Provided> {
        match &self.kind {
            Kind::Provided(it) => Some(it),
            _ => None,
        }
    }

    /// The provider, of a store.
    pub(super) fn store(&self) -> Result<ProviderKey> {
        let store = self.provided().filter(|it| it.is_store());
        Ok(store.ok_or(Refusal::LoggedOff)?.provider)
    }
}

impl Provided {
    pub(super) fn store(provider: ProviderKey) -> Self {
        Self {
            provider,
            number: 0,
            object_type: ObjectType::STORE,
            is_over: false,
        }
    }

    pub(super) fn is_store(&self) -> bool {
        self.object_type == ObjectType::STORE
    }
}
