//! What has gone wrong in programs that use MAPI, as tests that such a program's author would write:
//! a small function of the program, in the module `tool`, and a fixture that does what was reported.
//!
//! KB is Microsoft's Knowledge Base. Where no report is named, a rule of the contract is.

use std::fmt::Debug;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use mapi_session::error::Call;
use mapi_session::flags::{InitFlags, ProfileFlags, StatusCode};
use mapi_session::memory::{Answer, Folder, Memory, Profile, ProviderCall, Question, Store};
use mapi_session::testing::{Faults, Recorder, profiles};
use mapi_session::types::ResourceType;
use mapi_session::{
    Entry, EntryId, Error, EventMask, HResult, LogoffError, LogoffFlags, LogonFlags, LogonRequest,
    Mapi, OpenEntryFlags, OpenStoreFlags, UiParam,
};

use crate::support::{Profiles, Watchdog};

/// The program under test.
mod tool {
    use std::sync::{Weak, mpsc};

    use mapi_session::session::{
        entry::Folder,
        store::{StoreLogoff, StoreLogoffError},
    };
    use mapi_session::subsystem::Subsystem;
    use mapi_session::table::StoreRow;
    use mapi_session::{
        Entry, EntryId, Error, EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, MsgStore,
        Notification, OpenEntryFlags, OpenStoreFlags, Registration, Session, UiParam,
    };

    pub(super) type LiveSession<B> = Session<Live, B>;

    /// Logs on, looks at the stores, logs off.
    pub(super) fn store_names<B: Subsystem>(
        mapi: &Mapi<B>,
        request: &LogonRequest<'_>,
    ) -> Result<Vec<String>, Error> {
        let session = mapi.logon(request)?;
        let names = names(&session);
        session.logoff(LogoffFlags::empty())?;
        names
    }

    pub(super) fn names<B: Subsystem>(session: &LiveSession<B>) -> Result<Vec<String>, Error> {
        let stores = session.msg_stores_table()?;
        let names = stores.rows().iter().map(|row| row.display_name().into());
        Ok(names.collect())
    }

    /// Logs on; where the call fails for no stated reason, once more, and so on, a few times.
    pub(super) fn logon<B: Subsystem>(
        mapi: &Mapi<B>,
        request: &LogonRequest<'_>,
        mut attempts: usize,
    ) -> Result<LiveSession<B>, Error> {
        loop {
            attempts -= 1;
            match mapi.logon(request) {
                Err(error) if error.hresult() == HResult::E_FAIL && attempts > 0 => {}
                answer => return answer,
            }
        }
    }

    /// Logs on with the user, who may not want to.
    pub(super) fn logon_with_user<B: Subsystem>(
        mapi: &Mapi<B>,
        window: UiParam,
    ) -> Result<Option<LiveSession<B>>, Error> {
        match mapi.logon(&LogonRequest::ask_user(window)) {
            Err(error) if error.hresult() == HResult::MAPI_E_USER_CANCEL => Ok(None),
            session => session.map(Some),
        }
    }

    /// Where the session is lost, logs on again and asks once more.
    pub(super) fn names_or_reconnect<B: Subsystem>(
        mapi: &Mapi<B>,
        request: &LogonRequest<'_>,
        session: &mut LiveSession<B>,
    ) -> Result<Vec<String>, Error> {
        match names(session) {
            Err(error) if error.hresult() == HResult::MAPI_E_END_OF_SESSION => {
                let lost = std::mem::replace(session, mapi.logon(request)?);
                // It has ended already, and fails.
                let _ = lost.logoff(LogoffFlags::empty());
                names(session)
            }
            answer => answer,
        }
    }

    /// Opens a folder of each store; the stores themselves are released at once.
    pub(super) fn folders<'s, B: Subsystem>(
        session: &'s LiveSession<B>,
        stores_and_folders: &[(EntryId, EntryId)],
    ) -> (Vec<Folder<'s, B>>, Result<(), Error>) {
        let mut folders = Vec::new();
        for (store, folder) in stores_and_folders {
            match open_folder(session, store, folder) {
                Ok(folder) => folders.push(folder),
                Err(error) => return (folders, Err(error)),
            }
        }
        (folders, Ok(()))
    }

    pub(super) fn open_folder<'s, B: Subsystem>(
        session: &'s LiveSession<B>,
        store: &EntryId,
        folder: &EntryId,
    ) -> Result<Folder<'s, B>, Error> {
        let store = session.open_msg_store(store, OpenStoreFlags::empty())?;
        match store.open_entry(folder, OpenEntryFlags::empty())? {
            Entry::Folder(folder) => Ok(folder),
            other => unreachable!("{other:?} is no folder"),
        }
    }

    /// The default store; or else the first that can be opened.
    pub(super) fn main_store<B: Subsystem>(
        session: &LiveSession<B>,
    ) -> Result<Option<EntryId>, Error> {
        let stores = session.msg_stores_table()?;
        let can_be_opened = |id: &EntryId| {
            let flags = OpenStoreFlags::NO_DIALOG;
            session.open_msg_store(id, flags).is_ok()
        };
        let mut ids = stores.rows().iter().map(StoreRow::entry_id);
        let default = stores.default_store().map(StoreRow::entry_id);
        Ok(default
            .or_else(|| ids.find(|id| can_be_opened(id)))
            .cloned())
    }

    /// For writing, or else for reading.
    pub(super) fn open<'s, B: Subsystem>(
        session: &'s LiveSession<B>,
        store: &EntryId,
    ) -> Result<MsgStore<'s, B>, Error> {
        match session.open_msg_store(store, OpenStoreFlags::WRITE) {
            Err(error) if error.hresult() == HResult::MAPI_E_NO_ACCESS => {
                session.open_msg_store(store, OpenStoreFlags::empty())
            }
            answer => answer,
        }
    }

    /// On the server, or else the local copy.
    pub(super) fn open_online<'s, B: Subsystem>(
        session: &'s LiveSession<B>,
        store: &EntryId,
    ) -> Result<MsgStore<'s, B>, Error> {
        match session.open_msg_store(store, OpenStoreFlags::ONLINE) {
            Err(error) if error.hresult() == HResult::MAPI_E_FAILONEPROVIDER => {
                session.open_msg_store(store, OpenStoreFlags::empty())
            }
            answer => answer,
        }
    }

    pub(super) fn send<B: Subsystem>(
        session: &LiveSession<B>,
        message: &EntryId,
    ) -> Result<(), Error> {
        match session.open_entry(message, OpenEntryFlags::MODIFY)? {
            Entry::Message(message) => Ok(message.submit()?),
            other => unreachable!("{other:?} is no message"),
        }
    }

    /// Has the store's mail sent before it is closed.
    pub(super) fn close<'s, B: Subsystem>(
        store: MsgStore<'s, B>,
    ) -> Result<(), StoreLogoffError<'s, B>> {
        store.logoff(StoreLogoff::Purge).map(drop)
    }

    /// Listens for the end of the session.
    pub(super) fn listen<B: Subsystem>(
        session: &LiveSession<B>,
    ) -> Result<(Registration<'_, B>, mpsc::Receiver<Notification>), Error> {
        let (sink, told) = mpsc::channel();
        Ok((session.advise_sink(EventMask::CRITICAL_ERROR, sink)?, told))
    }

    /// A window of the program.
    #[derive(Default)]
    pub(super) struct Window {
        pub(super) clients_gone: std::sync::atomic::AtomicUsize,
    }

    /// Has the window told of clients that leave; it may be closed before.
    pub(super) fn show_leaving<B: Subsystem>(
        session: &LiveSession<B>,
        window: Weak<Window>,
    ) -> Result<Registration<'_, B>, Error> {
        session.advise(EventMask::EXTENDED, move |_: &Notification| {
            if let Some(window) = window.upgrade() {
                let gone = &window.clients_gone;
                gone.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        })
    }
}

const OUTLOOK: LogonRequest<'static> = LogonRequest::new_session("Outlook");

fn outlook() -> Memory {
    let memory = Memory::builder().profile(profiles::typical());
    memory.build().unwrap()
}

fn id(memory: &Memory, path: &[&str]) -> EntryId {
    memory.entry_id("Outlook", path).unwrap()
}

#[track_caller]
fn fails<T: Debug>(result: Result<T, Error>, hresult: HResult) {
    let error = result.unwrap_err();
    assert_eq!(error.hresult(), hresult, "{error}");
}

// KB Q293150: 6,000 logons in a loop, and of each session a heap was left.
#[test]
fn six_thousand_logons_leave_nothing() {
    let recorder = Recorder::bounded(outlook(), 10);
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let request = LogonRequest::default_profile()
        .flags(LogonFlags::NO_MAIL)
        .ui(UiParam::NONE);
    for _ in 0..6_000 {
        tool::store_names(&mapi, &request).unwrap();
    }
    assert_eq!(recorder.below().open_sessions(), 0);
    drop(mapi);
    recorder.assert_clean();
    recorder.ends_in_order().unwrap();
}

// mfcmapi issue 552: after the properties of two stores were shown, the second logon sees no stores.
#[test]
fn the_second_logon_sees_the_same_stores() {
    let mapi = Mapi::initialize(outlook()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let first = tool::names(&session).unwrap();
    for row in session.msg_stores_table().unwrap().rows() {
        let store = session.open_msg_store(row.entry_id(), OpenStoreFlags::BEST_ACCESS);
        store.unwrap().info().unwrap();
    }
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(tool::store_names(&mapi, &OUTLOOK).unwrap(), first);
    assert_eq!(first, ["Mailbox", "Archive"]);
}

/// A store of a server that has a byte for the number of an open mailbox.
fn numbered_store(name: &str, open: &Arc<AtomicUsize>) -> Store {
    let open = Arc::clone(open);
    let inbox = Folder::new("Inbox");
    Store::new(name).folder(inbox).hook(move |call| {
        match call {
            ProviderCall::Open if open.load(Ordering::Relaxed) == 255 => {
                return HResult::MAPI_E_FAILONEPROVIDER;
            }
            ProviderCall::Open => _ = open.fetch_add(1, Ordering::Relaxed),
            ProviderCall::StoreLogoff(_) => _ = open.fetch_sub(1, Ordering::Relaxed),
            _ => {}
        }
        HResult::S_OK
    })
}

// KB Q260141: OpenMsgStore fails with MAPI_E_FAILONEPROVIDER where more than 255 mailboxes are open;
// and one that is released stays open as long as an object from it is.
#[test]
fn more_than_255_stores_cannot_be_open_and_a_folder_keeps_one_open() {
    let open = Arc::new(AtomicUsize::new(0));
    let names: Vec<_> = (0..300).map(|number| format!("Mailbox {number}")).collect();
    let stores = names.iter().map(|name| numbered_store(name, &open));
    let profile = stores.fold(Profile::new("Outlook"), Profile::store);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let inbox = |name: &String| (id(&memory, &[name]), id(&memory, &[name, "Inbox"]));
    let all: Vec<_> = names.iter().map(inbox).collect();

    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let (folders, answer) = tool::folders(&session, &all);
    fails(answer, HResult::MAPI_E_FAILONEPROVIDER);
    assert_eq!(folders.len(), 255);
    drop(folders);
    assert_eq!(open.load(Ordering::Relaxed), 0);
    for (store, folder) in &all {
        drop(tool::open_folder(&session, store, folder).unwrap());
    }
}

// KB 842022: a user has 32 sessions, and the server counts those too whose end it has not noticed.
#[test]
fn sessions_that_linger_take_up_the_thirty_two() {
    let memory = Memory::builder()
        .profile(profiles::typical())
        .session_limit(32);
    let faults = Faults::new(memory.build().unwrap());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let lingering = faults.keep_slots();
    for _ in 0..32 {
        tool::store_names(&mapi, &OUTLOOK).unwrap();
    }
    let refused = tool::store_names(&mapi, &OUTLOOK);
    fails(refused, HResult::MAPI_E_LOGON_FAILED);
    drop(lingering);
    tool::store_names(&mapi, &OUTLOOK).unwrap();
    faults.assert_used_up();
}

// KB 842922: a handle leaks when the IMsgStore is released before the IMAPIFolder that came from it.
#[test]
fn a_store_released_before_its_folder_leaks_nothing() {
    let recorder = Recorder::new(outlook());
    let _clean = recorder.clean_guard();
    let memory = recorder.below();
    let (mailbox, inbox) = (id(memory, &["Mailbox"]), id(memory, &["Mailbox", "Inbox"]));
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let folder = tool::open_folder(&session, &mailbox, &inbox).unwrap();
    assert_eq!(recorder.count(Call::RELEASE), 1, "of the store");
    assert_eq!(folder.info().unwrap().display_name(), "Inbox");
    drop(folder);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// mfcmapi issues 349 and 97: a logon fails with 0x80004005, and succeeds when it is tried again.
#[test]
fn a_logon_that_fails_for_no_reason_succeeds_when_it_is_tried_again() {
    let faults = Faults::new(outlook());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    faults.on(Call::LOGON_EX).times(2).fail(HResult::E_FAIL);
    let session = tool::logon(&mapi, &OUTLOOK, 3).unwrap();
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();

    // What has a reason is not tried again, and nothing is tried for ever.
    faults
        .on(Call::LOGON_EX)
        .fail(HResult::MAPI_E_NETWORK_ERROR);
    let failed = tool::logon(&mapi, &OUTLOOK, 3);
    fails(failed, HResult::MAPI_E_NETWORK_ERROR);
    faults.on(Call::LOGON_EX).times(3).fail(HResult::E_FAIL);
    fails(tool::logon(&mapi, &OUTLOOK, 3), HResult::E_FAIL);
    faults.assert_used_up();
}

// KB Q185139: MAPILogonEx in a service that does not set MAPI_NO_MAIL is 0x80070057.
#[test]
fn a_service_does_not_log_on_without_no_mail() {
    let memory = Memory::builder().profile(profiles::service()).build();
    let mapi = Mapi::initialize_with(memory.unwrap(), InitFlags::NT_SERVICE).unwrap();
    let request = LogonRequest::new_session("Service");
    let with_mail = request.flags(LogonFlags::NT_SERVICE);
    let refused = tool::store_names(&mapi, &with_mail).unwrap_err();
    assert_eq!(refused.hresult(), HResult::new(0x8007_0057));

    let session = mapi.logon(&request.service()).unwrap();
    let status = session.status_table().unwrap();
    assert!(status.first(ResourceType::TRANSPORT_PROVIDER).is_none());
    let spooler = status.first(ResourceType::SPOOLER).unwrap();
    assert_eq!(spooler.status_code(), StatusCode::FAILURE);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// pywin32 pull request 2196: without StoreLogoff the session's logoff, or MAPIUninitialize, can hang.
#[test]
fn uninitialize_hangs_without_the_logoff_of_the_store() {
    for is_closed in [false, true] {
        let faults = Faults::new(outlook());
        let unless_logged_off = faults.on(Call::UNINITIALIZE).until(Call::STORE_LOGOFF);
        unless_logged_off.hang(Duration::from_millis(5));
        let mapi = Mapi::initialize(faults.clone()).unwrap();
        let session = mapi.logon(&OUTLOOK).unwrap();
        let mailbox = id(faults.below(), &["Mailbox"]);
        let store = tool::open(&session, &mailbox).unwrap();
        match is_closed {
            true => tool::close(store).unwrap(),
            false => drop(store),
        }
        session.logoff(LogoffFlags::empty()).unwrap();
        drop(mapi);
        let hung: &[_] = if is_closed {
            &[]
        } else {
            &[Call::UNINITIALIZE]
        };
        assert_eq!(faults.hung(), hung);
        faults.assert_used_up();
    }
}

// Rule S2: without MAPI_NEW_SESSION a client joins the shared session, whatever profile it named.
#[test]
fn a_shared_session_of_another_program_is_not_the_wrong_mailbox() {
    let backup = Profile::new("Backup").store(Store::new("Backup Mailbox").default_store());
    let memory = Memory::builder()
        .profile(profiles::typical())
        .profile(backup);
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let _outlook = mapi.logon(&OUTLOOK.allow_others()).unwrap();

    let as_in_c = LogonRequest::from_raw(Some("Backup"), 0);
    let names = tool::store_names(&mapi, &as_in_c).unwrap();
    assert_eq!(names, ["Mailbox", "Archive"], "MAPI's trap");
    let request = LogonRequest::new_session("Backup");
    let names = tool::store_names(&mapi, &request).unwrap();
    assert_eq!(names, ["Backup Mailbox"]);
}

// Rule L8: logons are serialised, and MAPI_TIMEOUT_SHORT waits for a few seconds only.
#[test]
fn a_logon_behind_another_programs_dialog_times_out() {
    let _watchdog = Watchdog::new();
    let memory = Memory::builder()
        .profile(profiles::typical())
        .logon_timeout(Duration::from_millis(1))
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let (shown, is_shown) = mpsc::channel();
    let (decide, decision) = mpsc::channel();
    memory.user().answer_with(move |_| {
        shown.send(()).unwrap();
        decision.recv().unwrap()
    });
    thread::scope(|scope| {
        let other = scope.spawn(|| tool::logon_with_user(&mapi, UiParam::NONE));
        is_shown.recv().unwrap();
        let timed_out = tool::store_names(&mapi, &OUTLOOK.timeout_short());
        fails(timed_out, HResult::MAPI_E_TIMEOUT);
        decide.send(Answer::Pick("Outlook".into())).unwrap();
        assert!(other.join().unwrap().unwrap().is_some());
    });
    tool::store_names(&mapi, &OUTLOOK.timeout_short()).unwrap();
}

// KB Q303221: a profile that is deleted during a session can be used to its end, and is gone then.
#[test]
fn a_profile_that_is_deleted_in_use_lasts_as_long_as_its_session() {
    let memory = outlook();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let temporary = Profile::new("Temporary").store(Store::new("Imported"));
    memory.create_profile(&temporary).unwrap();
    let request = LogonRequest::new_session("Temporary");
    let session = mapi.logon(&request).unwrap();
    let none = ProfileFlags::empty();
    memory.profiles().delete_profile("Temporary", none).unwrap();
    assert_eq!(tool::names(&session).unwrap(), ["Imported"]);
    session.logoff(LogoffFlags::empty()).unwrap();
    fails(mapi.logon(&request), HResult::MAPI_E_LOGON_FAILED);
    assert_eq!(
        memory.profiles().profile_table(none).unwrap().rows().len(),
        1
    );
}

// Rule M1: the store table of a profile need not have a default store.
#[test]
fn a_profile_without_a_default_store_is_no_crash() {
    let memory = Memory::builder()
        .profile(profiles::empty())
        .profile(profiles::broken())
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let empty = mapi.logon(&LogonRequest::new_session("Empty")).unwrap();
    assert_eq!(tool::main_store(&empty).unwrap(), None);
    let broken = mapi.logon(&LogonRequest::new_session("Broken")).unwrap();
    let found = tool::main_store(&broken).unwrap();
    assert_eq!(found, memory.entry_id("Broken", &["Local Folders"]));
}

// Rule L10: a provider that cannot log on disables its message service for the life of the session.
#[test]
fn a_provider_takes_its_service_down_and_leaves_the_others() {
    let memory = Memory::builder().profile(profiles::broken()).build();
    let mapi = Mapi::initialize(memory.unwrap()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Broken")).unwrap();
    let id = |name| {
        let id = mapi.subsystem().entry_id("Broken", &[name]);
        id.unwrap()
    };
    let down = tool::open(&session, &id("Server Mailbox"));
    fails(down, HResult::MAPI_E_LOGON_FAILED);
    drop(tool::open(&session, &id("Local Folders")).unwrap());
}

// The reference, "Ending a MAPI session", and rule T4: who sends and logs off at once leaves the
// message in the outgoing queue.
#[test]
fn a_quick_logoff_leaves_the_message_in_the_outbox() {
    for closes_the_store in [false, true] {
        let memory = outlook();
        let mailbox = id(&memory, &["Mailbox"]);
        let reply = id(&memory, &["Mailbox", "Outbox", "Reply"]);
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let session = mapi.logon(&OUTLOOK).unwrap();
        tool::send(&session, &reply).unwrap();
        if closes_the_store {
            let store = tool::open(&session, &mailbox).unwrap();
            tool::close(store).unwrap();
        }
        session.logoff(LogoffFlags::empty()).unwrap();
        let left = usize::from(!closes_the_store);
        assert_eq!(memory.outgoing(&mailbox).len(), left);

        // Whoever stays logged on for long enough sends it.
        let later = mapi.logon(&OUTLOOK).unwrap();
        later.enum_adr_types().unwrap();
        memory.let_time_pass();
        memory.let_time_pass();
        assert_eq!(memory.outgoing(&mailbox), []);
    }
}

// Rule M2: MDB_WRITE on what can only be read is MAPI_E_NO_ACCESS.
#[test]
fn a_store_that_can_only_be_read_is_opened_for_reading() {
    let memory = outlook();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let mailbox = tool::open(&session, &id(&memory, &["Mailbox"])).unwrap();
    assert!(mailbox.is_writable().unwrap());
    let archive = tool::open(&session, &id(&memory, &["Archive"])).unwrap();
    assert!(!archive.is_writable().unwrap());
}

// Stephen Griffin, "What is MAPI_E_RECONNECTED?" (2012): after the loss of a server a call fails with
// MAPI_E_END_OF_SESSION, and is to be tried again.
#[test]
fn a_session_that_is_lost_in_mid_use_is_made_again() {
    let faults = Faults::new(outlook());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let mut session = mapi.logon(&OUTLOOK).unwrap();
    faults
        .on(Call::SESSION_GET_MSG_STORES_TABLE)
        .after(1)
        .end_session();
    for _ in 0..3 {
        let names = tool::names_or_reconnect(&mapi, &OUTLOOK, &mut session).unwrap();
        assert_eq!(names, ["Mailbox", "Archive"]);
    }
    assert_eq!(faults.below().open_sessions(), 1);
    session.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(faults.below().released_live(), 0);
    faults.assert_used_up();
}

// Rules N3, S6: another program logs off with MAPI_LOGOFF_SHARED.
#[test]
fn a_shared_logoff_by_another_program_ends_the_tools_session_too() {
    let mapi = Mapi::initialize(outlook()).unwrap();
    let session = mapi.logon(&OUTLOOK.allow_others()).unwrap();
    let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let (registration, told) = tool::listen(&session).unwrap();
    other.logoff(LogoffFlags::SHARED).unwrap();
    assert!(told.try_iter().any(|event| event.ends_session()));
    tool::names(&session).unwrap();
    drop(registration);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// The same, and the notification is lost (rule N8 has it late): the tool may not rely on it.
#[test]
fn a_tool_that_is_not_told_of_the_end_can_still_log_off() {
    let faults = Faults::new(outlook());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK.allow_others()).unwrap();
    let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let lost = faults.notifications().of(EventMask::CRITICAL_ERROR);
    lost.never();
    let (registration, told) = tool::listen(&session).unwrap();
    other.logoff(LogoffFlags::SHARED).unwrap();
    assert!(!told.try_iter().any(|event| event.ends_session()));
    drop(registration);
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();
}

// The reference, "Timing a notification": one can still come after Unadvise.
#[test]
fn a_notification_after_unadvise_finds_the_window_closed() {
    let faults = Faults::new(outlook());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK.allow_others()).unwrap();
    let window = Arc::new(tool::Window::default());
    let registration = tool::show_leaving(&session, Arc::downgrade(&window)).unwrap();
    let leave = || drop(mapi.logon(&LogonRequest::join_shared()).unwrap());
    leave();
    assert_eq!(window.clients_gone.load(Ordering::Relaxed), 1);

    let late = faults.notifications().late();
    leave();
    drop(registration);
    let closed = Arc::downgrade(&window);
    drop(window);
    assert_eq!(late.held(), 1);
    late.deliver();
    assert!(closed.upgrade().is_none());
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();
}

// Rule L3: the user cancels the choice of a profile.
#[test]
fn a_user_who_cancels_is_no_error() {
    let memory = outlook();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let window = UiParam::new(7);
    memory.user().answer(Answer::Cancel);
    memory.user().answer(Answer::Pick("Outlook".into()));
    assert!(tool::logon_with_user(&mapi, window).unwrap().is_none());
    let session = tool::logon_with_user(&mapi, window).unwrap();
    session.unwrap().logoff(LogoffFlags::empty()).unwrap();
    let dialogs = memory.user().dialogs();
    assert_eq!(dialogs.len(), 2);
    assert!(dialogs.iter().all(|dialog| dialog.parent() == window));
    let asked = matches!(dialogs[0].question(), Question::ChooseProfile { .. });
    assert!(asked, "{dialogs:?}");
}

// Rule E7: the user cancels the logoff, and the session goes on.
#[test]
fn a_user_who_cancels_the_logoff_keeps_working() {
    let memory = outlook();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    memory.user().answer(Answer::Cancel);
    let session = mapi.logon(&OUTLOOK).unwrap();
    let parent = UiParam::new(7);
    let Err(LogoffError::Refused { session, error }) =
        session.logoff_with_ui(parent, LogoffFlags::empty())
    else {
        unreachable!("the user cancels");
    };
    assert_eq!(error.hresult(), HResult::MAPI_E_USER_CANCEL);
    assert_eq!(tool::names(&session).unwrap().len(), 2);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// KB Q252627: functions without Unicode answer MAPI_E_BAD_CHARWIDTH.
#[test]
fn a_session_without_unicode_says_so_and_opens_what_is_known() {
    let memory = Memory::builder()
        .profile(profiles::typical())
        .without_unicode()
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    fails(tool::names(&session), HResult::MAPI_E_BAD_CHARWIDTH);
    drop(tool::open(&session, &id(&memory, &["Mailbox"])).unwrap());
}

// mfcmapi issue 328: a store that does not open with MDB_ONLINE opens without.
#[test]
fn a_store_that_cannot_be_opened_online_is_opened_in_its_copy() {
    let profile = Profile::new("Outlook").store(Store::new("Mailbox").cached());
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mailbox = id(&memory, &["Mailbox"]);
    let mapi = Mapi::initialize(memory).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let copy = session.open_msg_store(&mailbox, OpenStoreFlags::empty());
    let second = tool::open_online(&session, &mailbox).unwrap();
    assert_eq!(second.info().unwrap(), copy.unwrap().info().unwrap());
}

// Rule M2: under MAPI_DEFERRED_ERRORS an opening succeeds, and what is wrong comes out at first use.
#[test]
fn what_was_opened_may_turn_out_not_to_be_there() {
    let faults = Faults::new(outlook());
    let inbox = id(faults.below(), &["Mailbox", "Inbox"]);
    let deleted = HResult::MAPI_E_OBJECT_DELETED;
    let of_inbox = faults.on(Call::SESSION_OPEN_ENTRY).for_entry_id(&inbox);
    of_inbox.fail_at_first_use(deleted);
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let session = mapi.logon(&OUTLOOK).unwrap();
    let flags = OpenEntryFlags::DEFERRED_ERRORS;
    let Entry::Folder(folder) = session.open_entry(&inbox, flags).unwrap() else {
        unreachable!("a folder");
    };
    fails(folder.info(), deleted);
    drop(folder);
    session.logoff(LogoffFlags::empty()).unwrap();
    faults.assert_used_up();
}
