//! Registering for notifications: a guard that unregisters, and a sink that is told on one thread
//! only.

use std::fmt;
use std::marker::PhantomData;
use std::sync::mpsc;

use super::{SessionRef, plain};
use crate::error::Call;
use crate::notification::Connection;
use crate::subsystem::{RawSession, Subsystem};
use crate::{AdviseSink, EntryId, Error, EventMask, Live, Notification, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Registers a closure for events of the session itself. Critical errors are always delivered,
    /// other events by `mask`.
    ///
    /// Dropping the [`Registration`] unregisters. It borrows the session. To keep both in one struct,
    /// register with an `Arc` of the session, by [`Registration::advise`].
    ///
    /// ```
    /// # use mapi_session::memory::{Memory, Profile};
    /// # use mapi_session::{EventMask, LogoffFlags, LogonRequest, Mapi};
    /// # let mapi = Mapi::initialize(Memory::builder().profile(Profile::new("Outlook")).build()?)?;
    /// # let session = mapi.logon(&LogonRequest::new_session("Outlook").allow_others())?;
    /// let registration = session.advise(EventMask::CRITICAL_ERROR, |event| {
    ///     if event.ends_session() {
    ///         println!("time to log off");
    ///     }
    /// })?;
    /// drop(registration);
    /// session.logoff(LogoffFlags::empty())?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: `mask` has an undefined bit (our reading; the reference has no code
    /// for it).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-advise).
    #[doc(alias = "IMAPISession::Advise")]
    #[track_caller]
    pub fn advise<F>(&self, mask: EventMask, closure: F) -> Result<Registration<'_, B>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        self.advise_sink(mask, closure)
    }

    /// As [`advise`](Self::advise), with a sink of any type, such as an
    /// [`mpsc::Sender`].
    ///
    /// # Errors
    /// As [`advise`](Self::advise).
    #[track_caller]
    pub fn advise_sink<K>(&self, mask: EventMask, sink: K) -> Result<Registration<'_, B>, Error>
    where
        K: AdviseSink + 'static,
    {
        Registration::advise(self, None, mask, sink)
    }

    /// Registers a closure for events of an object of the address book or of a message store. For a
    /// sink of another type, and to share the session, see [`Registration::advise`].
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the profile answers for the identifier.
    /// - MAPI_E_INVALID_ENTRYID: the identifier ends before its provider's does.
    /// - MAPI_E_NO_SUPPORT: its provider sends no notifications.
    /// - MAPI_E_UNKNOWN_FLAGS: `mask` has an undefined bit.
    #[track_caller]
    pub fn advise_object<F>(
        &self,
        entry_id: &EntryId,
        mask: EventMask,
        closure: F,
    ) -> Result<Registration<'_, B>, Error>
    where
        F: Fn(&Notification) + Send + Sync + 'static,
    {
        Registration::advise(self, Some(entry_id), mask, closure)
    }
}

/// A registration for notifications. Dropping it is Unadvise.
///
/// After that no new call of the sink starts. One that runs on another thread at that moment goes
/// on to its end, and the sink is dropped after it; nobody waits for it, so a sink may drop its own
/// registration. Two ways to be told late are asked for: a [this-thread sink](this_thread_sink),
/// and [`Memory::hold_notifications`](crate::memory::Memory::hold_notifications).
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-unadvise).
#[doc(alias = "Unadvise")]
#[must_use = "dropping the registration ends it"]
pub struct Registration<'s, B: Subsystem> {
    connection: Connection,
    session: SessionRef<'s, B>,
}

impl<'s, B: Subsystem> Registration<'s, B> {
    /// As [`Session::advise_sink`] and [`Session::advise_object`], with a session that is borrowed or
    /// shared. Without an entry identifier it is for events of the session itself.
    ///
    /// # Errors
    /// As [`Session::advise_object`].
    #[track_caller]
    pub fn advise<K>(
        session: impl Into<SessionRef<'s, B>>,
        entry_id: Option<&EntryId>,
        mask: EventMask,
        sink: K,
    ) -> Result<Self, Error>
    where
        K: AdviseSink + 'static,
    {
        let session = session.into();
        let advised = session
            .raw
            .advise(entry_id.map(EntryId::as_bytes), mask.bits(), sink);
        Ok(Self {
            connection: plain(Call::Advise, advised)?,
            session,
        })
    }

    /// The number that Advise gave.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.connection
    }
}

impl<B: Subsystem> Drop for Registration<'_, B> {
    fn drop(&mut self) {
        if let Err(error) = plain(Call::Unadvise, self.session.raw.unadvise(self.connection)) {
            trace!(WARN, %error, "a registration could not be cancelled");
        }
    }
}

impl<B: Subsystem> fmt::Debug for Registration<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registration")
            .field(&self.connection.get())
            .finish()
    }
}

/// Wraps a sink so that it is told on this thread only, when this thread
/// [dispatches](Dispatcher::dispatch).
///
/// The first half goes to [`advise_sink`](Session::advise_sink), and can be told on any thread; the second
/// stays here.
///
/// ```
/// # use std::cell::Cell;
/// # use mapi_session::memory::{Memory, Profile};
/// # use mapi_session::session::advise::this_thread_sink;
/// # use mapi_session::{EventMask, LogonRequest, Mapi, Notification};
/// # let mapi = Mapi::initialize(Memory::builder().profile(Profile::new("Outlook")).build()?)?;
/// # let session = mapi.logon(&LogonRequest::new_session("Outlook").allow_others())?;
/// let told = Cell::new(0);
/// let (sink, dispatcher) = this_thread_sink(|_| told.set(told.get() + 1));
/// let registration = session.advise_sink(EventMask::EXTENDED, sink)?;
///
/// // Another client comes and goes.
/// drop(mapi.logon(&LogonRequest::join_shared())?);
/// assert_eq!(told.get(), 0);
/// assert_eq!(dispatcher.dispatch(), 1);
/// assert_eq!(told.get(), 1);
/// # Ok::<(), mapi_session::Error>(())
/// ```
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrthisthreadadvisesink).
#[doc(alias = "HrThisThreadAdviseSink")]
pub fn this_thread_sink<F: Fn(&Notification)>(sink: F) -> (ThisThreadSink, Dispatcher<F>) {
    let (sender, queue) = mpsc::channel();
    (
        ThisThreadSink(sender),
        Dispatcher {
            queue,
            sink,
            this_thread: PhantomData,
        },
    )
}

/// The half of a [this-thread sink](this_thread_sink) that is told, and queues.
#[derive(Clone, Debug)]
pub struct ThisThreadSink(mpsc::Sender<Notification>);

impl AdviseSink for ThisThreadSink {
    fn on_notify(&self, notification: &Notification) {
        self.0.on_notify(notification);
    }
}

/// The half of a [this-thread sink](this_thread_sink) that stays on its thread, and dispatches what
/// is queued.
pub struct Dispatcher<F> {
    queue: mpsc::Receiver<Notification>,
    sink: F,
    this_thread: PhantomData<*const ()>,
}

impl<F: Fn(&Notification)> Dispatcher<F> {
    /// Tells the sink all that is queued, in its order, and says how much that was. It does not
    /// wait.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrdispatchnotifications).
    #[doc(alias = "HrDispatchNotifications")]
    pub fn dispatch(&self) -> usize {
        self.queue.try_iter().inspect(&self.sink).count()
    }
}

impl<F> fmt::Debug for Dispatcher<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dispatcher")
    }
}
