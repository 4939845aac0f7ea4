//! What is open: an object of the subsystem's, and the session that it came from.

use std::fmt;

use super::{SessionRef, split};
use crate::Error;
use crate::error::{Call, Warning};
use crate::subsystem::{RawResult, RawSession, Subsystem};

/// Inside of each type that stands for something open. Dropping it releases it.
pub(super) struct Open<'s, B: Subsystem, R> {
    // Dropped in this order: the object, then the hold on its session.
    pub(super) raw: R,
    pub(super) session: SessionRef<'s, B>,
    pub(super) warning: Option<Warning>,
}

impl<'s, B: Subsystem, R> Open<'s, B, R> {
    pub(super) fn new(
        session: SessionRef<'s, B>,
        call: Call,
        opened: RawResult<R>,
    ) -> Result<Self, Error> {
        let (raw, warning) = split(call, opened)?;
        Ok(Self {
            raw,
            session,
            warning,
        })
    }
}

impl<B: Subsystem, R> Drop for Open<'_, B, R> {
    // Empty on purpose: with it the borrow of the session lasts until the object is dropped, not
    // just to its last use. Without it a logoff that overtakes the release of the object would
    // compile.
    fn drop(&mut self) {}
}

/// The subsystem's own types of what is open.
pub(super) type RawStore<B> = <<B as Subsystem>::Session as RawSession>::MsgStore;
pub(super) type RawObject<B> = <<B as Subsystem>::Session as RawSession>::Object;
pub(super) type RawSection<B> = <<B as Subsystem>::Session as RawSession>::ProfileSection;
pub(super) type RawAdmin<B> = <<B as Subsystem>::Session as RawSession>::ServiceAdmin;
pub(super) type RawStoreTable<B> = <<B as Subsystem>::Session as RawSession>::StoreTable;
pub(super) type RawStatusTable<B> = <<B as Subsystem>::Session as RawSession>::StatusTable;

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

/// What all tuples of one [`Open`] have.
macro_rules! opened {
    ($Type:ident) => {
        impl<B: crate::subsystem::Subsystem> $Type<'_, B> {
            /// The subsystem's own object, for what has no method here. What is opened from it is to be
            /// [bound](crate::Session::bind) to the session.
            #[must_use]
            pub fn raw(&self) -> &<B::Session as crate::subsystem::RawSession>::$Type {
                &self.0.raw
            }

            /// The warning (MAPI_W_*) that it was opened with, where it was.
            #[must_use]
            pub fn open_warning(&self) -> Option<&crate::error::Warning> {
                self.0.warning.as_ref()
            }

            /// The session that it came from.
            #[must_use]
            pub fn session(&self) -> &crate::Session<crate::Live, B> {
                &self.0.session
            }
        }

        impl<B: crate::subsystem::Subsystem> std::fmt::Debug for $Type<'_, B> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let Open { raw, warning, .. } = &self.0;
                debug(f, stringify!($Type), raw.as_debug(), warning.as_ref())
            }
        }
    };
}

pub(super) use opened;
