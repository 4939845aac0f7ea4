//! Sessions and their clients: who is on which session, and what the end of one means to the
//! others.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Weak};

use super::forms::Forms;
use super::notification::{AnyRegistration, Hub, Registration, Round};
use super::profiles::StoredProfile;
use super::providers;
use super::resources::Resources;
use super::shutdown::Progress;
use super::users::Question;
use super::{MAPI_UID, State, System, check_flags, outgoing};
use crate::foreign::Guarded;
use crate::subsystem::{Failure, RawResult, Success, Warning};
use crate::sync::{AtomicBool, AtomicU8, AtomicU32, AtomicUsize, Mutex, MutexGuard, Ordering};
use crate::types::provider_uid;
use crate::{
    AdviseSink, Connection, CriticalError, EntryId, EventMask, ExtendedEvent, HResult, LogoffFlags,
    MapiError, Notification, StoreSupportMask, UiParam,
};

/// A session that clients share.
pub(super) struct MapiSession {
    pub(super) profile: Arc<StoredProfile>,
    /// The number of the client that opened it.
    serial: u64,
    hub: Hub,
    resources: Resources,
    /// How many clients are on it. Changed under the state's lock only.
    clients: AtomicUsize,
    /// A client has logged off with MAPI_LOGOFF_SHARED, so nobody joins any more (S6). Changed
    /// under the state's lock only.
    closing: AtomicBool,
}

impl MapiSession {
    /// A session that its first client, of this number, has just opened.
    pub(super) fn new(profile: Arc<StoredProfile>, serial: u64, resources: Resources) -> Arc<Self> {
        Arc::new(Self {
            profile,
            serial,
            hub: Hub::default(),
            resources,
            clients: AtomicUsize::new(1),
            closing: AtomicBool::new(false),
        })
    }
}

impl State {
    /// The session that a logon without MAPI_NEW_SESSION joins: the shared one that was opened
    /// first, for as long as it is open (S3), unless it is closing (S6).
    pub(super) fn joinable(&self) -> Option<&Arc<MapiSession>> {
        let (_, session) = self.shared.first_key_value()?;
        (!session.closing.load(Ordering::Relaxed)).then_some(session)
    }

    pub(super) fn join(&mut self, session: &MapiSession) -> u64 {
        let clients = session.clients.load(Ordering::Relaxed) + 1;
        session.clients.store(clients, Ordering::Relaxed);
        self.next_client()
    }

    /// Counts a new session in (L13), and gives the number of its first client.
    #[inline]
    pub(super) fn open(&mut self, profile: &StoredProfile, limit: usize) -> Result<u64, Failure> {
        if self.open_sessions >= limit {
            return Err(too_many(limit));
        }
        self.open_sessions += 1;
        self.profiles.session_opened(profile);
        Ok(self.next_client())
    }

    /// Makes a shared session known to those who join.
    pub(super) fn share(&mut self, session: &Arc<MapiSession>) {
        self.shared.insert(session.serial, Arc::clone(session));
    }

    #[inline]
    fn next_client(&mut self) -> u64 {
        self.last_client += 1;
        self.last_client
    }

    /// Takes a client off a shared session, and says who is to hear of it.
    fn leave(&mut self, session: &MapiSession, logoff_shared: bool, tell_all: bool) -> Departure {
        let clients = session.clients.load(Ordering::Relaxed) - 1;
        session.clients.store(clients, Ordering::Relaxed);
        if logoff_shared {
            session.closing.store(true, Ordering::Relaxed);
        }
        if clients == 0 {
            self.shared.remove(&session.serial);
        }
        let everybody = logoff_shared && tell_all;
        Departure {
            clients_left: clients,
            own: session.hub.round(),
            others: if everybody {
                self.all_but(session)
            } else {
                Audience::default()
            },
        }
    }

    fn all_but(&self, session: &MapiSession) -> Audience {
        let others = self
            .shared
            .iter()
            .filter(|(serial, _)| **serial != session.serial);
        Audience {
            shared: others.map(|(_, session)| Arc::clone(session)).collect(),
            individual: self.listening.values().cloned().collect(),
        }
    }

    /// Everybody who may have registered for something.
    pub(super) fn everybody(&self) -> Audience {
        Audience {
            shared: self.shared.values().cloned().collect(),
            individual: self.listening.values().cloned().collect(),
        }
    }
}

/// What a client leaves behind on a shared session.
struct Departure {
    clients_left: usize,
    own: Round,
    others: Audience,
}

/// Sessions whose clients are to be told. Used and dropped where no lock is held.
#[derive(Default)]
pub(super) struct Audience {
    shared: Vec<Arc<MapiSession>>,
    individual: Vec<Weak<Client>>,
}

impl Audience {
    /// Time passes for the messages of every session that has transports.
    pub(super) fn pass_time(&self) {
        for session in &self.shared {
            outgoing::pass_time(session.serial, &session.profile, &session.resources);
        }
        for client in self.individual.iter().filter_map(Weak::upgrade) {
            outgoing::pass_time(client.id, &client.profile, client.resources());
        }
    }

    pub(super) fn tell(&self, system: &System, target: Option<&EntryId>, event: &Notification) {
        for session in &self.shared {
            session.hub.round().tell(&system.late, target, event);
        }
        for client in self.individual.iter().filter_map(Weak::upgrade) {
            client.hub().round().tell(&system.late, target, event);
        }
    }
}

/// What one client has of a session: its session object.
pub(super) struct Client {
    system: Arc<System>,
    id: u64,
    profile: Arc<StoredProfile>,
    seat: Seat,
    /// [`LIVE`], [`ENDING`] or [`ENDED`]; the last is set under the lock of the session's hub.
    phase: AtomicU8,
    /// How many registrations it has. Changed under the lock of the session's hub.
    registrations: AtomicU32,
    /// Of an individual session: whether the subsystem knows it as one to tell. Changed under the
    /// state's lock.
    listening: AtomicBool,
    /// Whether it has had something open that others can be kept from. Changed under the lock of
    /// the session's hub.
    has_openings: AtomicBool,
    /// MAPI_NO_MAIL
    no_mail: bool,
    /// Nothing as long as it needs none.
    extras: Mutex<Option<Box<Extras>>>,
}

/// What few clients need.
#[derive(Default)]
pub(super) struct Extras {
    /// Its last failure, or success with a warning (M10).
    last_error: Option<(HResult, MapiError)>,
    pub(super) forms: Forms,
    pub(super) shutdown: Progress,
}

/// An individual session is part of its one client: one allocation for both.
enum Seat {
    Individual(Hub, Resources),
    Shared(Arc<MapiSession>),
}

const LIVE: u8 = 0;
/// A logoff is in progress, and can still be refused.
const ENDING: u8 = 1;
const ENDED: u8 = 2;

impl Client {
    #[inline]
    pub(super) fn individual(
        system: Arc<System>,
        id: u64,
        profile: Arc<StoredProfile>,
        resources: Resources,
        no_mail: bool,
    ) -> Arc<Self> {
        let seat = Seat::Individual(Hub::default(), resources);
        Self::new(system, id, profile, seat, no_mail)
    }

    pub(super) fn shared(
        system: Arc<System>,
        id: u64,
        session: Arc<MapiSession>,
        no_mail: bool,
    ) -> Arc<Self> {
        let profile = Arc::clone(&session.profile);
        Self::new(system, id, profile, Seat::Shared(session), no_mail)
    }

    #[inline]
    fn new(
        system: Arc<System>,
        id: u64,
        profile: Arc<StoredProfile>,
        seat: Seat,
        no_mail: bool,
    ) -> Arc<Self> {
        Arc::new(Self {
            system,
            id,
            profile,
            seat,
            phase: AtomicU8::new(LIVE),
            registrations: AtomicU32::new(0),
            listening: AtomicBool::new(false),
            has_openings: AtomicBool::new(false),
            no_mail,
            extras: Mutex::default(),
        })
    }

    pub(super) fn system(&self) -> &System {
        &self.system
    }

    /// A number that no other client of the subsystem has.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// A number that no other session of the subsystem has.
    pub(super) fn session_serial(&self) -> u64 {
        match &self.seat {
            Seat::Individual(..) => self.id,
            Seat::Shared(session) => session.serial,
        }
    }

    #[inline]
    pub(super) fn resources(&self) -> &Resources {
        match &self.seat {
            Seat::Individual(_, resources) => resources,
            Seat::Shared(session) => &session.resources,
        }
    }

    pub(super) fn wants_mail(&self) -> bool {
        !self.no_mail
    }

    pub(super) fn profile(&self) -> &StoredProfile {
        &self.profile
    }

    #[inline]
    fn hub(&self) -> &Hub {
        match &self.seat {
            Seat::Individual(hub, _) => hub,
            Seat::Shared(session) => &session.hub,
        }
    }

    /// Whether anything but Release may be called on the session object and what came from it.
    #[inline]
    pub(super) fn check(&self) -> Result<(), Failure> {
        self.system.check_initialized()?;
        self.check_live()
    }

    #[inline]
    pub(super) fn check_live(&self) -> Result<(), Failure> {
        if self.has_ended() {
            return Err(logged_off());
        }
        Ok(())
    }

    /// Keeps a failure, or a success with a warning, for GetLastError (M10).
    #[inline]
    pub(super) fn recorded<T>(&self, result: RawResult<T>) -> RawResult<T> {
        match &result {
            Ok(success) => {
                if let Some(warning) = success.warning() {
                    self.record(warning.hresult(), warning.reason());
                }
            }
            Err(failure) => self.record(failure.hresult(), failure.reason()),
        }
        result
    }

    #[cold]
    fn record(&self, hresult: HResult, reason: Option<&str>) {
        let error = MapiError {
            error: Cow::Owned(reason.or(hresult.meaning()).unwrap_or_default().into()),
            component: Cow::Borrowed(COMPONENT),
            low_level_error: 0,
            context: 0,
        };
        self.with_extras(|extras| extras.last_error = Some((hresult, error)));
    }

    pub(super) fn last_error(&self, hresult: HResult) -> Option<MapiError> {
        let extras = self.extras.lock();
        let (of, error) = extras.as_ref()?.last_error.as_ref()?;
        (*of == hresult).then(|| error.clone())
    }

    pub(super) fn with_extras<T>(&self, then: impl FnOnce(&mut Extras) -> T) -> T {
        then(self.extras.lock().get_or_insert_default())
    }

    /// Tells an event to all clients of the session that registered for it on the session itself.
    pub(super) fn tell_session(&self, event: &Notification) {
        self.hub().round().tell(&self.system.late, None, event);
    }

    #[inline]
    pub(super) fn has_ended(&self) -> bool {
        self.phase.load(Ordering::Acquire) == ENDED
    }

    pub(super) fn advise<S: AdviseSink + 'static>(
        self: &Arc<Self>,
        entry_id: Option<&[u8]>,
        mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        let sink = Guarded::new(sink);
        self.check()?;
        let mask = EventMask::from(mask);
        check_flags(&mask)?;
        let registration: AnyRegistration = match entry_id {
            None => Arc::new(Registration::of_session(mask, sink)),
            Some(bytes) => Arc::new(Registration::new(self.resolve_target(bytes)?, mask, sink)),
        };
        self.make_known()?;
        let mut list = self.hub().lock();
        self.check_live()?;
        let registrations = self.registrations.load(Ordering::Relaxed) + 1;
        self.registrations.store(registrations, Ordering::Relaxed);
        Ok(Success::new(list.add(self.id, registration)))
    }

    /// N10.
    fn resolve_target(&self, entry_id: &[u8]) -> Result<EntryId, Failure> {
        let target = EntryId::new(entry_id);
        let Some(uid) = provider_uid(entry_id) else {
            return Err(super::too_short(entry_id));
        };
        let resources = self.resources();
        let known = self.profile.place_of(uid);
        let support = match known.filter(|&place| resources.is_logged_on(&self.profile, place)) {
            Some(place) => self.profile.providers()[place].support,
            None if uid == MAPI_UID => StoreSupportMask::empty(),
            None => {
                return Err(Failure::new(HResult::MAPI_E_UNKNOWN_ENTRYID)
                    .because(format!("no provider of the session answers for {target:?}")));
            }
        };
        if !support.contains(StoreSupportMask::NOTIFY_OK) {
            return Err(Failure::new(HResult::MAPI_E_NO_SUPPORT)
                .because(format!("the provider of {target:?} sends no notifications")));
        }
        Ok(target)
    }

    /// Makes the session known as one to tell, and one whose end concerns others; a shared one is
    /// from its start.
    #[inline]
    pub(super) fn make_known(self: &Arc<Self>) -> Result<(), Failure> {
        match &self.seat {
            Seat::Individual(..) if !self.listening.load(Ordering::Relaxed) => self.listen(),
            _ => Ok(()),
        }
    }

    /// From now on the end of the session looks for what the client has not released.
    #[inline]
    pub(super) fn will_open(self: &Arc<Self>) -> Result<(), Failure> {
        match self.has_openings.load(Ordering::Relaxed) {
            true => Ok(()),
            false => self.begin_to_open(),
        }
    }

    #[cold]
    fn begin_to_open(self: &Arc<Self>) -> Result<(), Failure> {
        self.make_known()?;
        let _list = self.hub().lock();
        self.check_live()?;
        self.has_openings.store(true, Ordering::Relaxed);
        Ok(())
    }

    #[cold]
    fn listen(self: &Arc<Self>) -> Result<(), Failure> {
        let mut state = self.system.state.lock();
        self.check_live()?;
        state.listening.insert(self.id, Arc::downgrade(self));
        self.listening.store(true, Ordering::Relaxed);
        Ok(())
    }

    pub(super) fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.check()?;
        let mut list = self.hub().lock();
        let removed = list.remove(connection, self.id);
        if removed.is_some() {
            let registrations = self.registrations.load(Ordering::Relaxed) - 1;
            self.registrations.store(registrations, Ordering::Relaxed);
        }
        let ended = self.has_ended();
        drop(list);
        match removed {
            Some(_) => Ok(Success::new(())),
            None if ended => Err(logged_off()),
            None => Err(not_registered(connection)),
        }
    }

    #[inline]
    pub(super) fn logoff(&self, parent: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        if let Err(failure) = self.system.check_initialized() {
            return Err(self.end_without_library(failure));
        }
        let flags = LogoffFlags::from(flags);
        if let Err(failure) = check_logoff(flags, reserved) {
            return Err(if self.has_ended() {
                logged_off()
            } else {
                failure
            });
        }
        self.begin_ending().map_err(being_ended)?;
        if flags.contains(LogoffFlags::UI) {
            if let Err(failure) = self.user_confirms(parent) {
                self.phase.store(LIVE, Ordering::Release);
                return Err(failure);
            }
        }
        let warning = self.end(flags.contains(LogoffFlags::SHARED));
        Ok(Success::from_parts((), warning))
    }

    /// A logoff that is not refused ends the session, even when it fails (E8).
    #[cold]
    pub(super) fn end_without_library(&self, failure: Failure) -> Failure {
        if self.begin_ending().is_ok() {
            self.end(false);
        }
        failure
    }

    /// Ends the session, if nobody has, as by a plain logoff (E11).
    pub(super) fn release(&self) {
        // Nobody else has the object any more.
        if !self.has_ended() {
            self.phase.store(ENDING, Ordering::Relaxed);
            self.system.count_release_of_live();
            trace!(DEBUG, client = ?self, "released live");
            self.end(false);
        }
    }

    /// One call at a time may end the session; what phase it is in where this one may not.
    #[inline]
    fn begin_ending(&self) -> Result<(), u8> {
        self.phase
            .compare_exchange(LIVE, ENDING, Ordering::AcqRel, Ordering::Acquire)
            .map(drop)
    }

    fn user_confirms(&self, parent: UiParam) -> Result<(), Failure> {
        match self.system.user.ask(Question::ConfirmLogoff, parent)? {
            None => Ok(()),
            Some(picked) => Err(Failure::new(HResult::MAPI_E_USER_CANCEL).because(format!(
                "picking {picked:?} does not answer whether to log off, so the user cancelled"
            ))),
        }
    }

    /// Ends the session for this client.
    #[inline]
    fn end(&self, logoff_shared: bool) -> Option<Warning> {
        let state = self.system.state.lock();
        if !self.is_alone() {
            drop(state);
            return self.end_among_others(logoff_shared);
        }
        // Nobody can register any more: the first to do so would need this lock.
        self.phase.store(ENDED, Ordering::Release);
        self.count_out(state);
        None
    }

    /// Whether the end of this session concerns nobody else: no client, no sink, no provider.
    #[inline]
    fn is_alone(&self) -> bool {
        match &self.seat {
            Seat::Individual(_, resources) => {
                !self.listening.load(Ordering::Relaxed) && resources.is_untouched()
            }
            Seat::Shared(_) => false,
        }
    }

    /// E9: tell the others, log the providers off, and the session is gone.
    #[inline(never)]
    fn end_among_others(&self, logoff_shared: bool) -> Option<Warning> {
        self.cancel_all();
        let closing = match &self.seat {
            Seat::Individual(..) => Closing(self),
            Seat::Shared(session) => self.leave(session, logoff_shared)?,
        };
        let warning = self.log_providers_off();
        drop(closing);
        warning
    }

    /// Ends the session as the end of the process does: nobody logs off (F4).
    pub(super) fn end_with_process(&self, last: impl FnOnce()) -> Result<(), Failure> {
        self.begin_ending().map_err(being_ended)?;
        last();
        self.cancel_all();
        let closing = match &self.seat {
            Seat::Individual(..) => Some(Closing(self)),
            Seat::Shared(session) => self.leave(session, false),
        };
        if closing.is_some() {
            self.stop_resources();
        }
        Ok(())
    }

    /// E10.
    fn log_providers_off(&self) -> Option<Warning> {
        let providers = self.profile.providers();
        let logged_on = self.stop_resources();
        let failures = logged_on
            .iter()
            .flat_map(|&place| providers[place].log_off());
        providers::errors_returned(&failures.collect::<Vec<_>>())
    }

    /// Takes the session's providers from it. Gives the places of those that are to be logged off,
    /// in their order.
    fn stop_resources(&self) -> Vec<usize> {
        let logged_on = self.resources().end(&self.profile);
        if !self.resources().is_untouched() {
            let serial = self.session_serial();
            for provider in self.profile.providers() {
                provider.mail.lock().give_up(serial);
            }
        }
        logged_on
    }

    /// What the client has not released holds nobody up.
    fn cancel_all(&self) {
        let mut list = self.hub().lock();
        self.phase.store(ENDED, Ordering::Release);
        let has_openings = self.has_openings.load(Ordering::Relaxed);
        let is_registered = self.registrations.load(Ordering::Relaxed) > 0;
        let cancelled = is_registered.then(|| list.remove_all(self.id));
        drop(list);
        drop(cancelled);
        if has_openings {
            self.forget_openings();
        }
    }

    /// Counts a session out that no client is on any more.
    #[inline]
    fn count_out(&self, mut state: MutexGuard<'_, State>) {
        state.open_sessions -= 1;
        if state.profiles.session_ended(&self.profile) {
            self.settle_fate(state);
        } else {
            drop(state);
        }
        trace!(DEBUG, client = ?self, "the session has ended");
    }

    #[cold]
    fn settle_fate(&self, mut state: MutexGuard<'_, State>) {
        let discarded = state.profiles.settle_fate(&self.profile);
        drop(state);
        drop(discarded);
    }

    /// Leaves a shared session and tells those who are to hear of it. What the last client gets is
    /// the end of the session.
    fn leave(&self, session: &MapiSession, logoff_shared: bool) -> Option<Closing<'_>> {
        let tell_all = self.system.options.fast_shutdown;
        let departure = self
            .system
            .state
            .lock()
            .leave(session, logoff_shared, tell_all);
        let closing = (departure.clients_left == 0).then(|| Closing(self));
        if logoff_shared && (departure.clients_left > 0 || tell_all) {
            trace!(
                WARN,
                profile = session.profile.name(),
                client = self.id,
                other_clients = departure.clients_left,
                every_session = tell_all,
                "MAPI_LOGOFF_SHARED asks all clients of a shared session to log off; \
                 Outlook makes every MAPI client shut down on it"
            );
        }
        let late = &self.system.late;
        let logged_off = client_logged_off();
        if logoff_shared {
            let ends = end_of_session();
            departure.own.tell(late, None, &ends);
            departure.own.tell(late, None, &logged_off);
            departure.others.tell(&self.system, None, &ends);
        } else {
            departure.own.tell(late, None, &logged_off);
        }
        closing
    }
}

/// The end of a session that nobody is on any more; when it is dropped, the session is gone.
struct Closing<'a>(&'a Client);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        let mut state = self.0.system.state.lock();
        state.listening.remove(&self.0.id);
        self.0.count_out(state);
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client {} on {:?}", self.id, self.profile().name())
    }
}

/// E6.
#[inline]
pub(crate) fn check_logoff(flags: LogoffFlags, reserved: u32) -> Result<(), Failure> {
    check_flags(&flags)?;
    match reserved {
        0 => Ok(()),
        _ => Err(super::not_zero("ulReserved", reserved)),
    }
}

#[cold]
fn being_ended(phase: u8) -> Failure {
    match phase {
        ENDING => {
            Failure::new(HResult::MAPI_E_BUSY).because("another call is logging this session off")
        }
        _ => logged_off(),
    }
}

#[cold]
fn not_registered(connection: Connection) -> Failure {
    Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(format!(
        "{:#X} is no registration of this session object",
        connection.0
    ))
}

#[cold]
fn too_many(limit: usize) -> Failure {
    Failure::new(HResult::MAPI_E_LOGON_FAILED).because(format!(
        "as many sessions are open as the limit allows, {limit}"
    ))
}

#[cold]
fn logged_off() -> Failure {
    Failure::new(HResult::MAPI_E_INVALID_OBJECT).because("the session is logged off")
}

/// What says so in a [`MapiError`].
const COMPONENT: &str = "mapi-session";

/// N3.
fn end_of_session() -> Notification {
    Notification::CriticalError(CriticalError {
        entry_id: None,
        hresult: HResult::MAPI_E_END_OF_SESSION,
        error: Some(MapiError {
            error: Cow::Borrowed("A client logs off and asks all others to log off too."),
            component: Cow::Borrowed(COMPONENT),
            low_level_error: 0,
            context: 0,
        }),
    })
}

/// N2. The reference gives the event neither a number nor parameters.
fn client_logged_off() -> Notification {
    Notification::Extended(ExtendedEvent {
        event: 0,
        parameters: Box::default(),
    })
}
