//! Code that is not ours: sinks, hooks, decisions, subscribers of tracing. A panic in it goes no
//! further.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{AdviseSink, Notification};

/// Tells tracing, as its own macros do. A subscriber that panics costs only its own event: nothing
/// is left half done, and no Drop of ours throws.
macro_rules! trace {
    ($level:ident, $($event:tt)*) => {
        if tracing::Level::$level <= tracing::level_filters::LevelFilter::current() {
            $crate::foreign::tell(|| tracing::event!(tracing::Level::$level, $($event)*));
        }
    };
}

/// A value of somebody else's, whose Drop is not our code either.
pub(crate) struct Guarded<T>(Option<T>);

impl<T> Guarded<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Some(value))
    }

    /// There until the drop.
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }

    pub(crate) fn into_inner(mut self) -> Option<T> {
        self.0.take()
    }
}

impl<S: AdviseSink> AdviseSink for Guarded<S> {
    #[inline]
    fn on_notify(&self, notification: &Notification) {
        if let Some(sink) = self.get() {
            sink.on_notify(notification);
        }
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        let value = self.0.take();
        if std::mem::needs_drop::<T>() {
            contain("the end of a sink, a hook or a decision", || drop(value));
        }
    }
}

/// Runs code that is not the subsystem's own, such as a sink or its drop. A panic in it becomes an
/// event of tracing, at level ERROR, and goes no further: then there is no value.
///
/// `what` is the subject of that event.
///
/// ```
/// # use mapi_session::subsystem::contain;
/// assert_eq!(contain("a sink", || 7), Some(7));
/// assert_eq!(contain("a sink", || panic!("out of ink")), None::<u8>); // "a sink panicked"
/// ```
#[inline]
pub fn contain<T>(what: &str, foreign: impl FnOnce() -> T) -> Option<T> {
    // An explorer reports what it finds by a panic.
    if cfg!(loom) {
        return Some(foreign());
    }
    catch_unwind(AssertUnwindSafe(foreign))
        .map_err(|panic| report(what, panic))
        .ok()
}

#[cold]
fn report(what: &str, panic: Box<dyn Any + Send>) {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    trace!(ERROR, panic = text, "{what} panicked");
    discard(panic);
}

/// What was thrown can throw in turn, when it is dropped.
fn discard(panic: Box<dyn Any + Send>) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(panic))).map_err(std::mem::forget);
}

#[cold]
pub(crate) fn tell(subscriber: impl FnOnce()) {
    if cfg!(loom) {
        return subscriber();
    }
    let _ = catch_unwind(AssertUnwindSafe(subscriber)).map_err(discard);
}
