//! What is open: an object of the subsystem's, and the session that it came from.

use std::fmt;
use std::sync::Arc;

use super::{SessionRef, split};
use crate::error::{Call, Warning};
use crate::mapi::Library;
use crate::subsystem::{RawResult, RawServiceAdmin, RawSession, Subsystem};
use crate::{Error, Live, Session};

/// Inside of each type that stands for something open, with a hold on what it came from. Dropping it
/// releases it.
pub(super) struct Opened<R, H> {
    // Dropped in this order: the object, then the hold.
    pub(super) raw: R,
    pub(super) session: H,
    pub(super) warning: Option<Warning>,
}

/// What came from a session.
pub(super) type Open<'s, B, R> = Opened<R, SessionRef<'s, B>>;

impl<R, H> Opened<R, H> {
    pub(super) fn new(session: H, call: Call, opened: RawResult<R>) -> Result<Self, Error> {
        let (raw, warning) = split(call, opened)?;
        Ok(Self {
            raw,
            session,
            warning,
        })
    }
}

impl<R, H> Drop for Opened<R, H> {
    // Empty on purpose: with it the borrow of the session lasts until the object is dropped, not
    // just to its last use. Without it a logoff that overtakes the release of the object would
    // compile.
    fn drop(&mut self) {}
}

/// What an administration object came from: a session, or the library itself.
pub(super) enum Holder<'s, B: Subsystem> {
    Session(SessionRef<'s, B>),
    Library(Arc<Library<B>>),
}

impl<B: Subsystem> Holder<'_, B> {
    pub(super) fn session(&self) -> Option<&Session<Live, B>> {
        match self {
            Self::Session(session) => Some(session),
            Self::Library(_) => None,
        }
    }
}

impl<B: Subsystem> Clone for Holder<'_, B> {
    fn clone(&self) -> Self {
        match self {
            Self::Session(session) => Self::Session(session.clone()),
            Self::Library(library) => Self::Library(Arc::clone(library)),
        }
    }
}

/// The subsystem's own types of what is open.
pub(super) type RawStore<B> = <<B as Subsystem>::Session as RawSession>::MsgStore;
pub(super) type RawObject<B> = <<B as Subsystem>::Session as RawSession>::Object;
pub(super) type RawSection<B> = <<B as Subsystem>::Session as RawSession>::ProfileSection;
pub(super) type RawAdmin<B> = <<B as Subsystem>::Session as RawSession>::ServiceAdmin;
pub(super) type RawStoreTable<B> = <<B as Subsystem>::Session as RawSession>::StoreTable;
pub(super) type RawStatusTable<B> = <<B as Subsystem>::Session as RawSession>::StatusTable;
pub(super) type RawPropTable<B> = <RawObject<B> as crate::subsystem::RawObject>::Table;
pub(super) type RawProviders<B> = <RawAdmin<B> as RawServiceAdmin>::ProviderAdmin;

/// Shows what is open: its type, and in parentheses what its subsystem shows of it and the warning
/// that it was opened with.
pub(crate) fn debug(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    raw: Option<&dyn fmt::Debug>,
    warning: Option<&Warning>,
) -> fmt::Result {
    f.write_str(name)?;
    match (raw, warning) {
        (Some(raw), Some(warning)) => write!(f, "({raw:?}, {warning})"),
        (Some(raw), None) => write!(f, "({raw:?})"),
        (None, Some(warning)) => write!(f, "({warning})"),
        (None, None) => Ok(()),
    }
}

/// What all tuples of one [`Opened`] have.
macro_rules! opened {
    ($Type:ident, $Raw:ty) => {
        impl<B: crate::subsystem::Subsystem> $Type<'_, B> {
            /// Returns the session that it came from.
            #[must_use]
            pub fn session(&self) -> &crate::Session<crate::Live, B> {
                &self.0.session
            }
        }

        opened! { @ $Type<'_, B>, $Raw }
    };
    // Where it need not have come from a session.
    ($Type:ident of a holder, $Raw:ty) => {
        impl<B: crate::subsystem::Subsystem> $Type<'_, B> {
            /// Returns the session that it came from; `None` if it came from profile administration.
            #[must_use]
            pub fn session(&self) -> Option<&crate::Session<crate::Live, B>> {
                self.0.session.session()
            }
        }

        opened! { @ $Type<'_, B>, $Raw }
    };
    (@ $Type:ident<$($lifetime:lifetime,)? B>, $Raw:ty) => {
        impl<B: crate::subsystem::Subsystem> $Type<$($lifetime,)? B> {
            /// Returns the subsystem's own object, for calls that have no method here.
            /// [Bind](crate::Session::bind) what you open with it to the session.
            #[must_use]
            pub fn raw(&self) -> &$Raw {
                &self.0.raw
            }

            /// Returns the warning (MAPI_W_*) that the opening came back with, if any.
            #[must_use]
            pub fn open_warning(&self) -> Option<&crate::error::Warning> {
                self.0.warning.as_ref()
            }
        }

        impl<B: crate::subsystem::Subsystem> std::fmt::Debug for $Type<$($lifetime,)? B> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let (raw, warning) = (&self.0.raw, &self.0.warning);
                debug(f, stringify!($Type), raw.as_debug(), warning.as_ref())
            }
        }
    };
}

pub(super) use opened;
