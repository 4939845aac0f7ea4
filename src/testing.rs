#![doc = include_str!("testing/chapter.md")]

pub mod conformance;
mod faults;
pub mod profiles;
mod record;
mod watched;

pub use faults::{Blocked, Faults, KeptSlots, LateNotifications, OnCall, OnNotification, Unused};
pub use record::{CleanGuard, Journal, Leak, LeakKind, OutOfOrder, RecordedCall, Recorder, Step};
pub use watched::{ObjectId, OpenKind, WatchedObject, WatchedSession};
