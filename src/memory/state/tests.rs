//! The rules, without locks and threads: random sequences against the naive model of tests/support,
//! and what only shows between a question and its answer.
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../../../tests/support/model.rs"]
mod model;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use self::model::{Config, Ear, FOLDER, Mapi, SESSION_LIMIT, STORE, Shutdown};
use super::slab::{Key, Slab};
use super::*;
use crate::error::{LastError, Success};
use crate::flags::StatusCode;
use crate::foreign::Guarded;
use crate::memory::{
    Answer, Dialog, Memory, MemorySession, ProviderCall, Question, describe,
    notification::{Subscription, deliver},
};
use crate::notification::Connection;
use crate::property::{PropName, PropTag, Props};
use crate::subsystem::{RawEntry, RawObject, RawServiceAdmin, RawSession, RawTable, Subsystem};
use crate::{EventMask, HResult, LogonFlags, Notification, UiParam};

/// Runs the rules, and answers what they ask.
struct Direct {
    state: State,
    answers: VecDeque<Answer>,
    dialogs: Vec<Dialog>,
    store: EntryId,
    folder: EntryId,
}

impl Direct {
    fn is_writable(&mut self, object: ObjectKey) -> Result<bool, HResult> {
        let level = PropTag::ACCESS_LEVEL;
        let props = code(self.state.props(object, Some(&[level]), 0))?;
        Ok(Props::from(props.ignore_warning()).long(level) == Some(1))
    }

    fn run<T>(&mut self, rule: impl FnOnce(&mut State) -> Step<T>) -> T {
        let mut step = rule(&mut self.state);
        loop {
            send(&mut self.state);
            step = match step {
                Step::Done(value) => return value,
                Step::Flush(then) => then(&mut self.state, ()),
                Step::Ask(question, parent, then) => {
                    let question = *question;
                    self.dialogs.push(Dialog::new(question, parent));
                    let answer = answered(self.answers.pop_front());
                    then(&mut self.state, answer)
                }
                Step::Call(hook, call, then) => then(&mut self.state, hook.call(call)),
                Step::AwaitTurn(_, then) => then(&mut self.state, true),
            };
        }
    }

    /// A method of a session object.
    fn call<T: 'static>(
        &mut self,
        client: ClientKey,
        rule: impl FnOnce(&mut State) -> Step<Outcome<T>>,
    ) -> Result<T, HResult> {
        let outcome = self.run(rule);
        if let Some(last_error) = LastError::of(&outcome) {
            self.state.record(client, last_error);
        }
        match outcome {
            Ok(success) => Ok(success.into_parts().0),
            Err(failure) => Err(failure.hresult()),
        }
    }

    /// The same, of a rule that gives no warnings.
    fn attempt<T: 'static>(
        &mut self,
        client: ClientKey,
        rule: impl FnOnce(&mut State) -> Step<Result<T>>,
    ) -> Result<T, HResult> {
        self.call(client, |state| {
            let step = rule(state);
            step.then(state, |_, result| Step::Done(result.map(Success::new)))
        })
    }
}

fn send(state: &mut State) {
    for message in state.take_outbox().0.into_iter() {
        match message {
            Message::Tell(delivery) => deliver(delivery.to.iter(), &delivery.event, false),
            Message::Cancel(subscription) => subscription.cancel(),
            Message::Report(_) | Message::TurnIsOver => {}
        }
    }
}

fn answered(answer: Option<Answer>) -> Result<Option<String>> {
    match answer {
        None => Err(Refusal::NoAnswer.into()),
        Some(Answer::Cancel) => Err(Refusal::Cancelled.into()),
        Some(Answer::Accept) => Ok(None),
        Some(Answer::Pick(picked)) => Ok(Some(picked)),
    }
}

fn code<T>(result: Result<T>) -> Result<T, HResult> {
    result.map_err(|failure| failure.hresult())
}

impl Mapi for Direct {
    type Client = ClientKey;
    type Store = ObjectKey;
    type Folder = ObjectKey;

    fn new(config: &Config) -> Self {
        let state = state_with(
            &config.profiles(),
            Builder {
                session_limit: Some(SESSION_LIMIT),
                fast_shutdown: config.fast_shutdown,
                ..Builder::default()
            },
        );
        Self {
            store: state.entry_id(STORE[0], &STORE[1..]).unwrap(),
            folder: state.entry_id(FOLDER[0], &FOLDER[1..]).unwrap(),
            answers: VecDeque::new(),
            dialogs: Vec::new(),
            state,
        }
    }

    fn initialize(&mut self) -> Result<(), HResult> {
        self.state.initialize(false, None);
        Ok(())
    }

    fn uninitialize(&mut self) {
        self.state.uninitialize();
    }

    fn logon(&mut self, name: Option<&str>, flags: u32) -> Result<ClientKey, HResult> {
        let call = logon_call(name.unwrap_or_default(), LogonFlags::from(flags));
        code(self.run(|state| state.logon(&call)))
    }

    fn has_last_error(&mut self, client: &ClientKey, of: HResult) -> Result<bool, HResult> {
        let known = code(self.state.last_error(*client, of, 0));
        Ok(known?.is_some())
    }

    fn stores(&mut self, client: &ClientKey, flags: u32) -> Result<usize, HResult> {
        let table = self.attempt(*client, |state| {
            Step::Done(state.msg_stores_table(*client, flags))
        });
        Ok(table?.rows().len())
    }

    fn available(&mut self, client: &ClientKey) -> Result<usize, HResult> {
        let table = self.attempt(*client, |state| state.status_table(*client, 0))?;
        let rows = table.rows().iter();
        Ok(rows
            .filter(|row| row.status_code() == StatusCode::AVAILABLE)
            .count())
    }

    fn open_store(&mut self, client: &ClientKey, flags: u32) -> Result<ObjectKey, HResult> {
        let store = self.store.clone();
        self.call(*client, |state| {
            state.open_msg_store(*client, UiParam::NONE, Some(store.as_bytes()), flags)
        })
    }

    fn advise(
        &mut self,
        client: &ClientKey,
        on_store: bool,
        mask: u32,
        ear: Ear,
    ) -> Result<Connection, HResult> {
        let store = on_store.then(|| self.store.clone());
        let store = store.as_ref().map(EntryId::as_bytes);
        let mask = asked_for(store, mask);
        let subscription = Subscription::new(mask, Guarded::new(ear));
        self.attempt(*client, |state| {
            Step::Done(state.advise(*client, store, &subscription))
        })
    }

    fn unadvise(&mut self, client: &ClientKey, connection: Connection) -> Result<(), HResult> {
        let ended = self.attempt(*client, |state| {
            Step::Done(state.unadvise(*client, None, connection))
        });
        ended.map(|subscription| subscription.iter().for_each(Subscription::cancel))
    }

    fn logoff(&mut self, client: &ClientKey, flags: u32, reserved: u32) -> Result<(), HResult> {
        self.call(*client, |state| {
            state.logoff(*client, UiParam::NONE, flags, reserved)
        })
    }

    fn shut_down(&mut self, client: &ClientKey, call: Shutdown) -> Result<(), HResult> {
        self.attempt(*client, |state| match call {
            Shutdown::Query => state.query_fast_shutdown(*client),
            Shutdown::Notify => state.notify_process_shutdown(*client),
            Shutdown::Do => state.do_fast_shutdown(*client),
        })
    }

    fn release(&mut self, client: ClientKey) {
        self.run(|state| state.release_client(client));
    }

    fn is_store_writable(&mut self, store: &ObjectKey) -> Result<bool, HResult> {
        self.is_writable(*store)
    }

    fn is_folder_writable(&mut self, folder: &ObjectKey) -> Result<bool, HResult> {
        self.is_writable(*folder)
    }

    fn open_folder(&mut self, store: &ObjectKey, flags: u32) -> Result<ObjectKey, HResult> {
        let folder = Some(self.folder.as_bytes());
        let opened = code(self.state.open_store_entry(*store, folder, flags));
        Ok(opened?.1)
    }

    fn log_store_off(&mut self, store: &ObjectKey, flags: u32) -> Result<u32, HResult> {
        code(self.run(|state| state.store_logoff(*store, flags)))
    }

    fn release_store(&mut self, store: ObjectKey) {
        self.run(|state| state.release(store));
    }

    fn release_folder(&mut self, folder: ObjectKey) {
        self.run(|state| state.release(folder));
    }

    fn answer(&mut self, answer: Answer) {
        self.answers.push_back(answer);
    }

    fn notify(&mut self, of_store: bool, event: Notification) {
        let store = of_store.then_some(&self.store);
        self.state.notify(store, &event);
        send(&mut self.state);
    }

    fn hold_notifications(&mut self) {
        self.state.hold_notifications();
    }

    fn let_notifications_go(&mut self) {
        if self.state.let_notifications_go() {
            while let Some((subscription, event)) = self.state.next_held() {
                deliver([&subscription].into_iter(), &event, true);
            }
        }
    }

    fn take_dialogs(&mut self) -> Vec<Dialog> {
        std::mem::take(&mut self.dialogs)
    }

    fn open_sessions(&self) -> usize {
        self.state.open_sessions()
    }

    fn released_live(&self) -> usize {
        self.state.released_live()
    }
}

proptest! {
    #![proptest_config(model::cases(10_000))]

    // E13 besides: what is released leaves nothing behind.
    #[test]
    fn the_rules_are_those_of_the_model((config, steps) in model::sequence()) {
        let state = model::compare::<Direct>(&config, &steps)?.state;
        let left = (state.sessions.len(), state.clients.len(), state.objects.len());
        prop_assert_eq!(left, (0, 0, 0));
        prop_assert!(state.shared.is_empty());
        prop_assert!(state.subscribers.is_empty());
        prop_assert!(state.turn.is_open());
    }
}

fn state_with(profiles: &[describe::Profile], options: Builder) -> State {
    let mut state = State::new(options);
    for profile in profiles {
        state.create_described(profile).unwrap();
    }
    state
}

fn logon_call(profile: &str, flags: LogonFlags) -> LogonCall<'_> {
    let parent = UiParam::NONE;
    LogonCall {
        profile,
        password: None,
        how: How { parent, flags },
    }
}

/// A client that logs on, where nobody has to be asked.
fn log_on(state: &mut State, profile: &str, flags: LogonFlags) -> ClientKey {
    match state.logon(&logon_call(profile, flags)) {
        Step::Done(client) => client.map_err(|it| it.hresult()).unwrap(),
        _ => panic!("the logon waits"),
    }
}

/// Initialised, with a client on a profile without providers.
fn with_client(flags: LogonFlags) -> (State, ClientKey) {
    let mut state = state_with(&[describe::Profile::new("One")], Builder::default());
    state.initialize(false, None);
    let client = log_on(&mut state, "One", flags);
    (state, client)
}

fn is_live(state: &State, client: ClientKey) -> bool {
    state.live(client).is_ok()
}

fn hresult<T>(outcome: Outcome<T>) -> HResult {
    outcome.map_or_else(|failure| failure.hresult(), |_| HResult::S_OK)
}

// E6, E8
#[test]
fn a_logoff_that_is_refused_changes_nothing() {
    let cases = [
        (1, 0, 0, HResult::S_OK, false),
        (1, 1, 0, HResult::S_OK, false),
        (1, 0x8000_0000, 0, HResult::MAPI_E_UNKNOWN_FLAGS, true),
        (1, 0x8000_0002, 0, HResult::MAPI_E_UNKNOWN_FLAGS, true),
        (1, 0x8000_0000, 1, HResult::MAPI_E_UNKNOWN_FLAGS, true),
        (1, 0, 1, HResult::MAPI_E_INVALID_PARAMETER, true),
        (1, 2, 1, HResult::MAPI_E_INVALID_PARAMETER, true),
        (0, 0, 0, HResult::MAPI_E_NOT_INITIALIZED, false),
        (0, 0x8000_0000, 1, HResult::MAPI_E_NOT_INITIALIZED, false),
    ];
    for (initialized, flags, reserved, expected, stays) in cases {
        let (mut state, client) = with_client(LogonFlags::ALLOW_OTHERS);
        state.initialized = initialized;
        let Step::Done(outcome) = state.logoff(client, UiParam::NONE, flags, reserved) else {
            panic!("{flags:#X} waits");
        };
        assert_eq!(hresult(outcome), expected, "{flags:#X}, {reserved}");
        state.initialized = 1;
        assert_eq!(is_live(&state, client), stays, "{flags:#X}, {reserved}");
    }
}

// E2, E7, E8
#[test]
fn a_client_is_live_until_the_user_has_answered() {
    let cases = [
        (Some(Answer::Accept), HResult::S_OK),
        (Some(Answer::Cancel), HResult::MAPI_E_USER_CANCEL),
        (
            Some(Answer::Pick("One".into())),
            HResult::MAPI_E_USER_CANCEL,
        ),
        (None, HResult::MAPI_E_USER_CANCEL),
    ];
    for (answer, expected) in cases {
        let (mut state, client) = with_client(LogonFlags::empty());
        let window = UiParam::new(7);
        let Step::Ask(question, parent, then) = state.logoff(client, window, 2, 0) else {
            panic!("nobody is asked");
        };
        assert_eq!((*question, parent), (Question::ConfirmLogoff, window));
        assert!(is_live(&state, client));
        // MAPI_E_BUSY: there is one logoff at a time.
        let Step::Done(second) = state.logoff(client, window, 2, 0) else {
            panic!("the user is asked twice");
        };
        assert_eq!(hresult(second), HResult::MAPI_E_BUSY);
        let Step::Done(outcome) = then(&mut state, answered(answer.clone())) else {
            panic!("the logoff waits");
        };
        assert_eq!(hresult(outcome), expected, "{answer:?}");
        let is_over = expected == HResult::S_OK;
        assert_eq!(is_live(&state, client), !is_over, "{answer:?}");
        assert_eq!(state.open_sessions(), usize::from(!is_over));
    }
}

// E7
#[test]
fn a_client_that_is_released_while_the_user_is_asked_ends_once() {
    let (mut state, client) = with_client(LogonFlags::empty());
    let Step::Ask(_, _, then) = state.logoff(client, UiParam::NONE, 2, 0) else {
        panic!("nobody is asked");
    };
    assert!(matches!(state.release_client(client), Step::Done(true)));
    assert!(matches!(then(&mut state, Ok(None)), Step::Done(Ok(_))));
    assert_eq!((state.open_sessions(), state.released_live()), (0, 1));
}

/// A profile with two providers of each kind, one of which is called. What is called is noted.
fn with_providers(notes: &Arc<Mutex<Vec<&'static str>>>) -> describe::Profile {
    let note = |name| {
        let notes = Arc::clone(notes);
        move |_| {
            notes.lock().unwrap().push(name);
            HResult::S_OK
        }
    };
    let transport = describe::Transport::new("Transport").hook(note("transport"));
    let store = describe::Store::new("Store").hook(note("store"));
    let book = describe::AddressBook::new("Book").hook(note("book"));
    describe::Profile::new("Hooked")
        .transport(describe::Transport::new("Quiet transport"))
        .store(describe::Store::new("Quiet store"))
        .address_book(describe::AddressBook::new("Quiet book"))
        .transport(transport)
        .store(store)
        .address_book(book)
}

/// Runs the calls that a rule makes of providers. `at_each` sees the state while one runs.
fn run_calls<T>(
    state: &mut State,
    mut step: Step<T>,
    mut at_each: impl FnMut(&mut State),
) -> (Vec<ProviderCall>, T) {
    let mut calls = Vec::new();
    loop {
        step = match step {
            Step::Done(value) => return (calls, value),
            Step::Call(hook, call, then) => {
                calls.push(call);
                let answer = hook.call(call);
                at_each(state);
                then(state, answer)
            }
            Step::Flush(then) => then(state, ()),
            _ => panic!("somebody is waited for"),
        };
    }
}

// L9, E9
#[test]
fn providers_log_on_and_off_in_their_order_while_the_session_is_open() {
    let notes = Arc::default();
    let mut state = state_with(&[with_providers(&notes)], Builder::default());
    state.initialize(false, None);
    let take_notes = || std::mem::take(&mut *notes.lock().unwrap());
    let is_counted = |state: &mut State| assert_eq!(state.open_sessions(), 1);

    let logon = state.logon(&logon_call("Hooked", LogonFlags::ALLOW_OTHERS));
    let (calls, client) = run_calls(&mut state, logon, is_counted);
    let client = client.map_err(|it| it.hresult()).unwrap();
    assert_eq!(calls, [ProviderCall::LogOn; 2]);
    assert_eq!(take_notes(), ["book", "store"]);

    let needed = state.status_table(client, 0);
    let (calls, table) = run_calls(&mut state, needed, is_counted);
    assert!(table.is_ok());
    assert_eq!(calls, [ProviderCall::LogOn]);
    assert_eq!(take_notes(), ["transport"]);

    // Only the last client takes the providers with it.
    let other = log_on(&mut state, "", LogonFlags::empty());
    let logoff = state.logoff(other, UiParam::NONE, 0, 0);
    let (calls, outcome) = run_calls(&mut state, logoff, is_counted);
    assert_eq!((calls, hresult(outcome)), (Vec::new(), HResult::S_OK));

    let logoff = state.logoff(client, UiParam::NONE, 0, 0);
    let (calls, outcome) = run_calls(&mut state, logoff, |state| {
        assert_eq!(state.open_sessions(), 1);
        assert!(!is_live(state, client));
        assert!(state.shared.is_empty());
    });
    assert_eq!(hresult(outcome), HResult::S_OK);
    assert_eq!(
        calls,
        [ProviderCall::LogOff, ProviderCall::Shutdown].repeat(3)
    );
    assert_eq!(
        take_notes(),
        ["book", "book", "store", "store", "transport", "transport"]
    );
    assert_eq!(state.open_sessions(), 0);
}

// E5, E9: the others hear of it before a provider does.
#[test]
fn others_are_told_before_the_providers_log_off() {
    let notes = Arc::default();
    let options = Builder::default().fast_shutdown();
    let profiles = [with_providers(&notes), describe::Profile::new("One")];
    let mut state = state_with(&profiles, options);
    state.initialize(false, None);
    let logon = state.logon(&logon_call("Hooked", LogonFlags::ALLOW_OTHERS));
    let (_, client) = run_calls(&mut state, logon, |_| {});
    let client = client.map_err(|it| it.hresult()).unwrap();
    let other = log_on(&mut state, "One", LogonFlags::NEW_SESSION);
    let mask = asked_for(None, 0);
    let sink = Guarded::new(|_: &Notification| {});
    let subscription = Subscription::new(mask, sink);
    state.advise(other, None, &subscription).unwrap();
    state.take_outbox();

    let Step::Flush(then) = state.logoff(client, UiParam::NONE, 1, 0) else {
        panic!("nothing goes out first");
    };
    let told = state.take_outbox().0.into_iter();
    let told: Vec<_> = told
        .filter_map(|message| match message {
            Message::Tell(delivery) => Some(delivery.event.ends_session()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [true]);
    assert!(matches!(
        then(&mut state, ()),
        Step::Call(_, ProviderCall::LogOff, _)
    ));
}

// L13, S3
#[test]
fn a_session_whose_providers_log_on_counts_and_is_not_joined() {
    let notes = Arc::default();
    let options = Builder::default().session_limit(1);
    let mut state = state_with(&[with_providers(&notes)], options);
    state.initialize(false, None);
    let call = logon_call("Hooked", LogonFlags::ALLOW_OTHERS);
    let logon = state.logon(&call);
    let (_, client) = run_calls(&mut state, logon, |state| {
        let Step::Done(second) = state.logon(&call) else {
            panic!("the second logon waits");
        };
        let second = code(second).map(drop);
        assert_eq!(second, Err(HResult::MAPI_E_LOGON_FAILED));
    });
    assert!(client.is_ok());
    let joined = log_on(&mut state, "Hooked", LogonFlags::empty());
    assert!(is_live(&state, joined));
    assert_eq!(state.open_sessions(), 1);
}

// I1, L8
#[test]
fn a_logon_looks_at_the_library_again_when_the_user_has_answered() {
    let cases = [(1, Ok(())), (0, Err(HResult::MAPI_E_NOT_INITIALIZED))];
    for (initialized, expected) in cases {
        let profile = describe::Profile::new("One").default_profile();
        let mut state = state_with(&[profile], Builder::default());
        state.initialize(false, None);
        let logon = state.logon(&logon_call("", LogonFlags::LOGON_UI));
        let Step::Ask(question, _, then) = logon else {
            panic!("nobody is asked");
        };
        let choice = Question::ChooseProfile {
            offered: vec!["One".into()],
        };
        assert_eq!(*question, choice);
        state.initialized = initialized;
        let Step::Done(client) = then(&mut state, Ok(Some("One".into()))) else {
            panic!("the logon waits");
        };
        assert_eq!(code(client).map(drop), expected);
        let messages: Vec<_> = state.take_outbox().0.into_iter().collect();
        assert!(matches!(messages[..], [Message::TurnIsOver]));
    }
}

/// One profile with a store, and the key of the store's provider.
fn one_store() -> (Memory, ProviderKey) {
    let folder = describe::Folder::new("Inbox");
    let store = describe::Store::new("Mailbox")
        .default_store()
        .folder(folder);
    let profile = describe::Profile::new("P").store(store);
    let service = describe::Service::new("S").store(describe::Store::new("Other"));
    let memory = Memory::builder()
        .profile(profile)
        .installed_service(service);
    let memory = memory.build().unwrap();
    memory.initialize(0, 0).unwrap();
    let key = memory.driver.look(|state| {
        let first = state.profiles.providers.iter().next();
        first.unwrap().0
    });
    (memory, key)
}

fn logged_on(memory: &Memory, flags: LogonFlags) -> MemorySession {
    let session = memory.logon_ex(UiParam::NONE, Some("P"), None, flags.bits());
    session.unwrap().ignore_warning()
}

// E13: what a profile was before a change goes with the last session that has it so.
#[test]
fn the_profile_of_before_goes_with_its_last_session() {
    let (memory, _) = one_store();
    let versions = || memory.driver.look(|state| state.profiles.versions.len());
    let before = versions();
    let session = logged_on(&memory, LogonFlags::NEW_SESSION);
    let admin = session.admin_services(0).unwrap().ignore_warning();
    admin.create_msg_service("S", "", UiParam::NONE, 0).unwrap();
    drop(admin);
    assert_eq!(versions(), before + 1);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    assert_eq!(versions(), before);
}

// E13: a store knows the tables that are open, to tell them of changes, and no others.
#[test]
fn a_table_that_is_released_is_forgotten() {
    let (memory, key) = one_store();
    let open = || {
        let look = |state: &mut State| state.profiles.providers[key].views.len();
        memory.driver.look(look)
    };
    let session = logged_on(&memory, LogonFlags::NEW_SESSION);
    let folder = memory.entry_id("P", &["Mailbox", "Inbox"]).unwrap();
    let RawEntry::Object(_, folder) = session
        .open_entry(Some(folder.as_bytes()), 0)
        .unwrap()
        .ignore_warning()
    else {
        panic!("a folder is no store");
    };
    let tables = [(); 2].map(|()| folder.contents_table(0).unwrap().ignore_warning());
    assert_eq!(open(), 2);
    drop(tables);
    assert_eq!(open(), 0);

    // And a session those that tell of its stores.
    let watched = || {
        let look = |state: &mut State| {
            let mut sessions = state.sessions.iter();
            let watched = sessions.next().and_then(|(_, it)| it.watched.as_deref());
            watched.map_or(0, |it| it.tables.len())
        };
        memory.driver.look(look)
    };
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    let shared = [LogonFlags::ALLOW_OTHERS, LogonFlags::empty()];
    let [_first, second] = shared.map(|flags| logged_on(&memory, flags));
    let modified = EventMask::TABLE_MODIFIED.bits();
    let table = second.open_msg_stores_table(0).unwrap().ignore_warning();
    let advise = || {
        let advised = table.advise(modified, |_: &Notification| {});
        advised.unwrap().ignore_warning()
    };
    for connection in [advise(), advise()] {
        assert_eq!(watched(), 1);
        table.unadvise(connection).unwrap();
    }
    assert_eq!(watched(), 0);
    for releases in [true, false] {
        let table = second.open_msg_stores_table(0).unwrap().ignore_warning();
        table.advise(modified, |_: &Notification| {}).unwrap();
        assert_eq!(watched(), 1);
        match releases {
            true => drop(table),
            false => drop(second.logoff(UiParam::NONE, 0, 0).unwrap()),
        }
        assert_eq!(watched(), 0, "released: {releases}");
    }
}

// R4: names are properties from 0x8000 to 0xFFFE.
#[test]
fn a_store_has_no_more_names_than_there_are_tags() {
    let (memory, key) = one_store();
    let name = |id| PropName::id(PropName::PS_MAPI, id);
    memory.driver.look(|state| {
        let provider = &mut state.profiles.providers[key];
        provider.names = vec![name(0); 0x7FFE];
        assert_eq!(provider.id_of_name(&name(1), true), Some(0xFFFE));
        assert_eq!(provider.id_of_name(&name(2), true), None);
    });
}

// O2: what a client holds can outlive what it stands for.
#[test]
fn the_key_of_what_is_gone_finds_nothing() {
    let mut slab: Slab<OfObject, &str> = Slab::default();
    let one = slab.insert("one");
    let two = slab.insert("two");
    assert_eq!(slab.remove(one), Some("one"));
    assert_eq!(slab.remove(one), None);
    // In its place.
    let three = slab.insert("three");
    assert_eq!(three.to_number() as u32, one.to_number() as u32);
    assert_eq!(slab.get(one), None);
    assert_eq!(slab.get_mut(one), None);
    assert_eq!(slab.remove(one), None);
    slab.discard(one);
    assert!(!slab.contains(one) && slab.contains(three));
    assert_eq!(slab.get(three), Some(&"three"));
    assert_eq!(slab.len(), 2);
    let all: Vec<_> = slab.iter().collect();
    assert!(all == [(three, &"three"), (two, &"two")]);
    for key in [one, two, three] {
        assert!(Key::from_number(key.to_number()) == Some(key));
    }
    assert!(Key::<OfObject>::from_number(0).is_none());
}
