//! The locks of the crate, in one place, so that an interleaving explorer can stand in for them
//! (`--cfg loom`).

#[cfg(not(loom))]
mod real {
    use std::panic::AssertUnwindSafe;

    pub(crate) use parking_lot::{Condvar, MutexGuard};
    pub(crate) use std::sync::atomic::{AtomicBool, Ordering};
    pub(crate) use std::thread::{Builder as ThreadBuilder, ThreadId, current as current_thread};
    pub(crate) use std::thread_local;

    /// parking_lot's mutex, for what may be used after a panic: no foreign code runs while one of
    /// these is held, so no panic of a caller's interrupts a change.
    #[derive(Default)]
    pub(crate) struct Mutex<T>(AssertUnwindSafe<parking_lot::Mutex<T>>);

    impl<T> Mutex<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(AssertUnwindSafe(parking_lot::Mutex::new(value)))
        }

        #[inline]
        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            self.0.lock()
        }
    }
}

#[cfg(not(loom))]
pub(crate) use real::*;

#[cfg(loom)]
mod explored {
    use std::ops::{Deref, DerefMut};
    use std::time::Instant;

    pub(crate) use loom::sync::atomic::{AtomicBool, Ordering};
    pub(crate) use loom::thread::{Builder as ThreadBuilder, ThreadId, current as current_thread};

    /// loom's, with std's initialisers.
    macro_rules! explored_thread_local {
        ($(#[$attr:meta])* static $name:ident: $type:ty = const { $init:expr };) => {
            loom::thread_local! {
                $(#[$attr])*
                static $name: $type = $init;
            }
        };
    }
    pub(crate) use explored_thread_local as thread_local;

    /// loom's mutex with parking_lot's signatures.
    pub(crate) struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub(crate) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
            MutexGuard {
                mutex: self,
                held: Some(self.0.lock().expect("loom's mutexes are never poisoned")),
            }
        }
    }

    impl<T: Default> Default for Mutex<T> {
        fn default() -> Self {
            Self::new(T::default())
        }
    }

    pub(crate) struct MutexGuard<'a, T> {
        mutex: &'a Mutex<T>,
        /// Empty only inside the waits of [`Condvar`].
        held: Option<loom::sync::MutexGuard<'a, T>>,
    }

    impl<T> Deref for MutexGuard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            self.held.as_ref().expect("held")
        }
    }

    impl<T> DerefMut for MutexGuard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.held.as_mut().expect("held")
        }
    }

    pub(crate) struct Condvar(loom::sync::Condvar);

    impl Condvar {
        pub(crate) fn new() -> Self {
            Self(loom::sync::Condvar::new())
        }

        pub(crate) fn wait<T>(&self, guard: &mut MutexGuard<'_, T>) {
            let held = guard.held.take().expect("held");
            guard.held = Some(
                self.0
                    .wait(held)
                    .expect("loom's mutexes are never poisoned"),
            );
        }

        /// An explored program has no clock: the wait ends at once, and whoever comes in between
        /// has been quick enough.
        pub(crate) fn wait_until<T>(&self, guard: &mut MutexGuard<'_, T>, _: Instant) -> TimedOut {
            let mutex = guard.mutex;
            guard.held = None;
            *guard = mutex.lock();
            TimedOut
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }
    }

    pub(crate) struct TimedOut;

    impl TimedOut {
        pub(crate) fn timed_out(&self) -> bool {
            true
        }
    }
}

#[cfg(loom)]
pub(crate) use explored::*;
