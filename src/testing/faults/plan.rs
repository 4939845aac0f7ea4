//! The plan: what is to happen, what has happened, and the layer that lets it happen.

use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::panic::Location;
use std::sync::Arc;

use super::Unused;
use super::fault::{Fault, Kind, Match, Response};
use super::notifications::{FaultySink, Notice};
use crate::error::{Call, Failure, LastError};
use crate::foreign::{Guarded, contain};
use crate::subsystem::{
    RawResult, RawSession, check_logoff,
    layer::{Arg, Layer, ObjectId, OpenKind, RawCall},
    refuses_logoff,
};
use crate::sync::Mutex;
use crate::{AdviseSink, HResult, UiParam};

/// What is planned: the layer of [`Faults`](super::Faults). `S` is a session below.
pub struct Plan<S> {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) hung: Arc<Mutex<Vec<Call>>>,
    /// The sessions that [`KeptSlots`](super::KeptSlots) keep alive.
    pub(super) kept: Kept<S>,
}

pub(super) type Kept<S> = Arc<Mutex<Vec<(ObjectId, Arc<S>)>>>;

impl<S> Default for Plan<S> {
    fn default() -> Self {
        Self {
            state: Arc::default(),
            hung: Arc::default(),
            kept: Arc::default(),
        }
    }
}

impl<S: RawSession + 'static> Plan<S> {
    /// What is planned for a call; and by which plan, where it can be given back.
    fn response(&self, call: &RawCall<'_>) -> (Response, Option<usize>) {
        let mut from = 0;
        loop {
            let rule = match self.state.lock().next(call, &mut from) {
                Next::Below => return (Response::go_on(), None),
                Next::Fails(failure) => return (Response::fail(failure), None),
                Next::Rule(rule) => rule,
            };
            if !rule.is_for(call) || !self.state.lock().planned[rule.planned].take() {
                continue;
            }
            match rule.respond(call) {
                Response(Kind::GoOn) => {}
                response => return (response, Some(rule.planned)),
            }
        }
    }

    /// A call goes on to the subsystem below, but for the end of a session that is kept.
    fn make<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let mut state = self.state.lock();
        let keeps_slots = !state.keepers.is_empty();
        let session = call.session().and_then(|it| state.sessions.get_mut(&it));
        match session {
            Some(Some(End::LoggedOff)) => {
                return Err(Failure::new(HResult::MAPI_E_INVALID_OBJECT)
                    .because("the session is logged off"));
            }
            Some(end) if keeps_slots && call.call() == Call::SESSION_LOGOFF => {
                let given = |name| call.number(name).unwrap_or_default();
                check_logoff(given("ulFlags"), given("ulReserved"))?;
                *end = Some(End::LoggedOff);
                return call.answer(());
            }
            _ => drop(state),
        }
        let answer = below(call);
        let mut state = self.state.lock();
        if let Some((session, OpenKind::SessionObject)) = call.opened() {
            state.sessions.insert(session, None);
        }
        let has_ended = match (call.call(), &answer) {
            (Call::SESSION_LOGOFF, Err(failure)) => !refuses_logoff(failure.hresult()),
            (Call::SESSION_LOGOFF | Call::CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN, Ok(_)) => true,
            _ => false,
        };
        if has_ended {
            call.session().map(|it| state.sessions.remove(&it));
        }
        answer
    }

    /// Fails a call. A Logoff that this does not refuse has to have ended the session below; where it
    /// is refused there, that is the answer.
    fn fail<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
        failure: Failure,
        is_made: bool,
        planned: Option<usize>,
    ) -> RawResult<T> {
        let is_made = match call.call() {
            Call::SESSION_LOGOFF => !refuses_logoff(failure.hresult()),
            Call::UNINITIALIZE => true,
            _ => is_made,
        };
        if !is_made {
            return Err(failure);
        }
        match self.make(call, below) {
            Err(refused)
                if call.call() == Call::SESSION_LOGOFF && refuses_logoff(refused.hresult()) =>
            {
                self.give_back(planned);
                Err(refused)
            }
            _ => Err(failure),
        }
    }

    /// GetLastError is made below, where its flags are checked. What it tells may be planned.
    fn last_error<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let answer = self.make(call, below)?;
        let Some(Arg::Code(hresult)) = call.arg("hResult") else {
            return Ok(answer);
        };
        let state = self.state.lock();
        let object = call.object();
        let planned = object.and_then(|it| state.last_errors.get(&it));
        let known = match object.and_then(|it| state.broken.get(&it)) {
            Some(broken) => LastError::of::<()>(&Err(broken.failure.clone())),
            None if planned.is_none() => return Ok(answer),
            None => None,
        };
        let known = known.as_ref().or(planned);
        call.answer(known.and_then(|it| it.of_hresult(hresult)))
    }

    fn give_back(&self, planned: Option<usize>) {
        if let Some(planned) = planned {
            self.state.lock().planned[planned].give_back();
        }
    }
}

impl<S: RawSession + 'static> Layer for Plan<S> {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let (response, planned) = self.response(call);
        let is_planned = !matches!(response.0, Kind::GoOn | Kind::FailAtFirstUse(_));
        let answer = match response.0 {
            Kind::GoOn if is_last_error(call.call()) => return self.last_error(call, below),
            Kind::GoOn => self.make(call, below),
            Kind::Fail { failure, is_made } => self.fail(call, below, failure, is_made, planned),
            Kind::Warn(warning) => match self.make(call, below) {
                Ok(success) => Ok(success.warned(warning)),
                failed => {
                    self.give_back(planned);
                    failed
                }
            },
            Kind::FailAtFirstUse(failure) => {
                let answer = self.make(call, below);
                match call.opened() {
                    Some((object, _)) => {
                        self.state.lock().break_object(object, failure, planned);
                    }
                    None => self.give_back(planned),
                }
                answer
            }
            Kind::EndSession => {
                let mut state = self.state.lock();
                if let Some(end) = call.session().and_then(|it| state.sessions.get_mut(&it)) {
                    // The call that fails tells it already.
                    *end = Some(End::Lost { unfelt: None });
                }
                drop(state);
                self.fail(call, below, lost(), false, planned)
            }
        };
        let refusal = match &answer {
            Ok(_) => self.state.lock().count_opening(call),
            Err(_) => None,
        };
        let is_planned = is_planned || refusal.is_some();
        // What was opened beyond a limit is released here.
        let answer = refusal.map_or(answer, Err);
        if !is_last_error(call.call()) {
            self.state.lock().record(call, is_planned, &answer);
        }
        if answer.is_ok() {
            self.state.lock().succeeded(call.call());
        }
        answer
    }

    fn sink<K: AdviseSink + 'static>(
        &self,
        call: &RawCall<'_>,
        sink: K,
    ) -> impl AdviseSink + 'static {
        FaultySink::new(&self.state, call.session(), sink)
    }

    fn released<R: 'static>(&self, call: &RawCall<'_>, below: &Arc<R>) {
        let Some(object) = call.object() else {
            return;
        };
        let mut state = self.state.lock();
        state.broken.remove(&object);
        state.last_errors.remove(&object);
        state.open.remove(&object);
        let session = (below as &dyn Any).downcast_ref::<Arc<S>>();
        let (Some(below), Some(end)) = (session, state.sessions.remove(&object)) else {
            // No session, or one that has ended below.
            return;
        };
        if !state.keepers.is_empty() {
            state.count_kept();
            state.sessions.insert(object, Some(End::LoggedOff));
            self.kept.lock().push((object, Arc::clone(below)));
            return;
        }
        drop(state);
        if matches!(end, Some(End::LoggedOff)) {
            // While slots were kept, and none are any more.
            let _ = below.logoff(UiParam::NONE, 0, 0);
        }
    }
}

/// What does not depend on the subsystem below. Sinks have a share in it.
#[derive(Default)]
pub(super) struct State {
    /// All that was planned, in that order.
    pub(super) planned: Vec<Planned>,
    pub(super) rules: Vec<Arc<Rule>>,
    pub(super) notices: Vec<Notice>,
    /// Those by which sessions are kept now.
    pub(super) keepers: Vec<usize>,
    /// The sessions that live below, and how they have ended for their clients.
    pub(super) sessions: BTreeMap<ObjectId, Option<End>>,
    /// Each call on them fails.
    broken: BTreeMap<ObjectId, Broken>,
    /// What sessions have open, with the session.
    open: BTreeMap<ObjectId, (ObjectId, OpenKind)>,
    /// How much of a kind each session can have open, and what one more comes to.
    pub(super) limits: HashMap<OpenKind, (usize, Failure)>,
    /// The objects whose last failure, or success with a warning, was planned.
    last_errors: BTreeMap<ObjectId, LastError>,
}

impl State {
    /// Gives the place among what is planned.
    pub(super) fn plan(&mut self, planned: Planned) -> usize {
        self.planned.push(planned);
        self.planned.len() - 1
    }

    /// What comes next for a call that has been through the rules before `from`.
    fn next(&mut self, call: &RawCall<'_>, from: &mut usize) -> Next {
        let session = call.session().and_then(|it| self.sessions.get_mut(&it));
        if let Some(Some(End::Lost { unfelt })) = session {
            felt(&mut self.planned, unfelt);
            return Next::Fails(lost());
        }
        let object = call.object().and_then(|it| self.broken.get_mut(&it));
        let may_fail = call.call() != Call::SESSION_LOGOFF && !is_last_error(call.call());
        if let Some(broken) = object.filter(|_| may_fail) {
            felt(&mut self.planned, &mut broken.unfelt);
            return Next::Fails(broken.failure.clone());
        }
        while let Some(rule) = self.rules.get(*from) {
            *from += 1;
            let is_for =
                (rule.call).map_or_else(|| (rule.only)(call.call()), |it| it == call.call());
            if is_for && self.planned[rule.planned].can_be_used() {
                return Next::Rule(Arc::clone(rule));
            }
        }
        Next::Below
    }

    fn break_object(&mut self, object: ObjectId, failure: Failure, planned: Option<usize>) {
        if let Some(planned) = planned {
            // It has happened when it is felt.
            self.planned[planned].used -= 1;
        }
        let unfelt = planned;
        self.broken.insert(object, Broken { failure, unfelt });
    }

    /// Counts what the call has opened. Gives the refusal of what is too much.
    fn count_opening(&mut self, call: &RawCall<'_>) -> Option<Failure> {
        let (session, (object, kind)) = (call.session()?, call.opened()?);
        self.open.insert(object, (session, kind));
        let (most, failure) = self.limits.get(&kind)?;
        let open = self.open.values().filter(|it| **it == (session, kind));
        (open.count() > *most).then(|| failure.clone())
    }

    /// What GetLastError of the object is to tell: what was planned, until something else goes wrong.
    fn record<T>(&mut self, call: &RawCall<'_>, is_planned: bool, answer: &RawResult<T>) {
        let (Some(object), Some(last_error)) = (call.object(), LastError::of(answer)) else {
            return;
        };
        match is_planned {
            true => _ = self.last_errors.insert(object, last_error),
            false => _ = self.last_errors.remove(&object),
        }
    }

    fn succeeded(&mut self, call: Call) {
        for rule in self.rules.iter().filter(|it| it.until == Some(call)) {
            self.planned[rule.planned].is_over = true;
        }
    }

    /// A session is kept.
    fn count_kept(&mut self) {
        for keeper in &self.keepers {
            self.planned[*keeper].used += 1;
        }
    }
}

/// GetLastError of whatever object.
fn is_last_error(call: Call) -> bool {
    call.name().ends_with("::GetLastError")
}

/// What comes next for a call.
enum Next {
    Below,
    Fails(Failure),
    /// This, if it is for this call.
    Rule(Arc<Rule>),
}

fn felt(planned: &mut [Planned], unfelt: &mut Option<usize>) {
    if let Some(planned_by) = unfelt.take() {
        planned[planned_by].used += 1;
    }
}

fn lost() -> Failure {
    Failure::new(HResult::MAPI_E_END_OF_SESSION).because(super::PLANNED)
}

/// How a session has ended for its client while it lives on below.
pub(super) enum End {
    /// Under its feet; by this plan, as long as that has not been felt in it.
    Lost { unfelt: Option<usize> },
    /// By a Logoff that was not made below.
    LoggedOff,
}

/// By this plan, as long as that has not been felt on it.
struct Broken {
    failure: Failure,
    unfelt: Option<usize>,
}

/// A plan for calls. All but the counts: what is asked here is not ours, and asked without the lock.
pub(super) struct Rule {
    /// The call that it is for; without one, all that it can happen to.
    pub(super) call: Option<Call>,
    pub(super) only: fn(Call) -> bool,
    pub(super) matches: Vec<Guarded<Box<dyn Match>>>,
    pub(super) until: Option<Call>,
    pub(super) fault: Guarded<Box<dyn Fault>>,
    pub(super) planned: usize,
}

impl Rule {
    fn is_for(&self, call: &RawCall<'_>) -> bool {
        let mut matches = self.matches.iter().filter_map(Guarded::get);
        contain("a test's match", || matches.all(|it| it.matches(call))).unwrap_or(false)
    }

    fn respond(&self, call: &RawCall<'_>) -> Response {
        let response =
            (self.fault.get()).and_then(|fault| contain("a test's fault", || fault.respond(call)));
        response.unwrap_or_else(Response::go_on)
    }
}

/// Something that is to happen: what, how often, and how often it has happened.
pub(super) struct Planned {
    /// What it is about, and what happens.
    words: (String, String),
    /// So many calls more, and then it happens.
    skip: usize,
    /// Nothing: any number.
    times: Option<usize>,
    taken: usize,
    /// As often as it was taken; of what is broken by it, as often as that was felt.
    used: usize,
    is_over: bool,
    is_closed: bool,
    place: &'static Location<'static>,
}

impl Planned {
    #[track_caller]
    pub(super) fn new(words: String, times: Option<usize>) -> Self {
        Self {
            words: (words, String::new()),
            skip: 0,
            times,
            taken: 0,
            used: 0,
            is_over: false,
            is_closed: false,
            place: Location::caller(),
        }
    }

    /// Of calls: what happens to them, after the first ones, this many; and where that was planned.
    pub(super) fn happening(
        self,
        happens: String,
        skip: usize,
        place: &'static Location<'static>,
    ) -> Self {
        Self {
            words: (self.words.0, happens),
            skip,
            place,
            ..self
        }
    }

    pub(super) fn can_be_used(&self) -> bool {
        !self.is_over && !self.is_closed && self.times.is_none_or(|times| self.taken < times)
    }

    /// Whether it happens now.
    pub(super) fn take(&mut self) -> bool {
        let takes = self.can_be_used() && self.skip == 0;
        if takes {
            self.taken += 1;
            self.used += 1;
        }
        self.skip = self.skip.saturating_sub(1);
        takes
    }

    fn give_back(&mut self) {
        self.taken -= 1;
        self.used -= 1;
    }

    /// It happens no more. To have happened once is enough.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    /// What has not happened as often as planned.
    pub(super) fn unused(&self) -> Option<Unused> {
        let wanted = match self.times {
            Some(times) if !self.is_closed => times,
            _ => 1,
        };
        let (about, happens) = &self.words;
        let after = match self.skip {
            0 => String::new(),
            skip => format!(" after {skip} more"),
        };
        (!self.is_over && self.used < wanted).then(|| Unused {
            plan: format!("{about}{after}{happens}"),
            used: self.used,
            place: self.place,
        })
    }
}
