//! Rules N, and E4 and E5: who is told of what.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Barrier, Mutex};

use crate::support::{SOON, Watchdog, assert_gone, code};
use mapi_session::flags::{AddressBookFlags, InitFlags};
use mapi_session::memory::{
    AddressBook, Folder, HeldNotifications, Memory, MemorySession, Profile, Store, Transport,
};
use mapi_session::notification::{
    Connection, CriticalError, ExtendedEvent, NewMail, ObjectEvent, ObjectEventKind,
};
use mapi_session::session::registration::{ObjectRegistration, this_thread_sink};
use mapi_session::subsystem::{RawMsgStore, RawObject, RawProp, RawSession, Subsystem};
use mapi_session::types::ObjectType;
use mapi_session::{
    AdviseSink, EntryId, EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, Notification,
    OpenStoreFlags, Registration, Session, UiParam,
};

fn profile(name: &str) -> Profile {
    Profile::new(name)
        .store(Store::new("Mailbox"))
        .store(Store::new("Silent").silent())
}

fn mapi() -> Mapi<Memory> {
    let memory = Memory::builder()
        .profile(profile("One"))
        .profile(profile("Two"));
    Mapi::initialize(memory.build().unwrap()).unwrap()
}

fn shared(mapi: &Mapi<Memory>, profile: &str) -> Session<Live, Memory> {
    mapi.logon(&LogonRequest::new_session(profile).allow_others())
        .unwrap()
}

fn join(mapi: &Mapi<Memory>) -> Session<Live, Memory> {
    mapi.logon(&LogonRequest::join_shared()).unwrap()
}

type Ear<'s> = (Receiver<Notification>, Registration<'s, Memory>);

fn listen(session: &Session<Live, Memory>, mask: EventMask) -> Ear<'_> {
    let (sink, told) = mpsc::channel();
    (told, session.advise_sink(mask, sink).unwrap())
}

fn heard(ear: &Ear<'_>) -> Vec<EventMask> {
    ear.0.try_iter().map(|event| event.event()).collect()
}

const PLAIN: LogoffFlags = LogoffFlags::empty();
const CRITICAL: EventMask = EventMask::CRITICAL_ERROR;
const EXTENDED: EventMask = EventMask::EXTENDED;

// N1, N2
#[test]
fn a_plain_logoff_is_an_extended_event_for_those_who_asked() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let asked = listen(&listener, EXTENDED);
    let asked_too = listen(&listener, EventMask::all());
    let did_not = listen(&listener, EventMask::all() - EXTENDED);
    let nothing = listen(&listener, EventMask::empty());
    join(&mapi).logoff(PLAIN).unwrap();
    let heard = [&asked, &asked_too, &did_not, &nothing].map(heard);
    assert_eq!(heard, [vec![EXTENDED], vec![EXTENDED], vec![], vec![]]);
}

// N5: of several sessions, the clients of shared ones first, then of the oldest.
#[test]
fn the_clients_of_shared_sessions_are_told_first() {
    let mapi = mapi();
    let own = ["One", "Two"].map(|it| mapi.logon(&LogonRequest::new_session(it)).unwrap());
    let shared = shared(&mapi, "One");
    let told = Arc::<Mutex<Vec<&str>>>::default();
    let listeners = [
        (&own[1], "younger"),
        (&own[0], "older"),
        (&shared, "shared"),
    ];
    let registrations = listeners.map(|(session, name)| {
        let told = Arc::clone(&told);
        let sink = move |_: &Notification| told.lock().unwrap().push(name);
        session.advise(CRITICAL, sink).unwrap()
    });
    let error = CriticalError::new(HResult::MAPI_E_NETWORK_ERROR);
    mapi.subsystem()
        .notify(None, Notification::CriticalError(error));
    assert_eq!(*told.lock().unwrap(), ["shared", "older", "younger"]);
    drop(registrations);
}

// N1, N3, E4
#[test]
fn a_shared_logoff_is_a_critical_error_for_all_and_then_an_extended_event() {
    let mapi = mapi();
    let (first, second, third) = (shared(&mapi, "One"), join(&mapi), join(&mapi));
    let ears = [
        listen(&first, EXTENDED),
        listen(&first, EventMask::empty()),
        listen(&third, EXTENDED),
        listen(&third, EventMask::NEW_MAIL),
    ];
    second.logoff(LogoffFlags::SHARED).unwrap();
    let both = vec![CRITICAL, EXTENDED];
    let heard = ears.each_ref().map(heard);
    assert_eq!(heard, [both.clone(), vec![CRITICAL], both, vec![CRITICAL]]);
}

// N3
#[test]
fn the_critical_error_says_that_the_session_ends() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let ear = listen(&listener, EXTENDED);
    join(&mapi).logoff(LogoffFlags::SHARED).unwrap();
    let events: Vec<_> = ear.0.try_iter().collect();
    let [Notification::CriticalError(error), extended] = &events[..] else {
        unreachable!("{events:?}");
    };
    assert_eq!(error.hresult(), HResult::MAPI_E_END_OF_SESSION);
    assert_eq!(error.entry_id(), None);
    assert!(error.error().unwrap().error().contains("log off"));
    assert_eq!(
        [events[0].ends_session(), extended.ends_session()],
        [true, false]
    );
}

// N4
#[test]
fn who_logs_off_is_not_told() {
    let mapi = mapi();
    let other = shared(&mapi, "One");
    for flags in [PLAIN, LogoffFlags::SHARED] {
        let memory = mapi.subsystem();
        memory.initialize(0, 0).unwrap();
        let logon = memory.logon_ex(UiParam::NONE, None, None, 0);
        let Ok(success) = logon else { break };
        let (session, _) = success.into_parts();
        let (sink, told) = mpsc::channel();
        session.advise(None, EventMask::all().bits(), sink).unwrap();
        session.logoff(UiParam::NONE, flags.bits(), 0).unwrap();
        assert_gone(&told);
        memory.uninitialize();
    }
    other.logoff(PLAIN).unwrap();
}

// E4: any client may set the flag, and each that does is heard once by each other client.
#[test]
fn every_client_may_ask_the_others_to_log_off() {
    let mapi = mapi();
    let clients = [shared(&mapi, "One"), join(&mapi), join(&mapi)];
    let [first, second, third] = clients;
    let ear = listen(&third, EXTENDED);
    first.logoff(LogoffFlags::SHARED).unwrap();
    second.logoff(LogoffFlags::SHARED).unwrap();
    assert_eq!(heard(&ear), [CRITICAL, EXTENDED, CRITICAL, EXTENDED]);
    drop(ear);
    third.logoff(LogoffFlags::SHARED).unwrap();
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// E4, E5: without the switch only the shared session's clients are told, with it everybody is.
#[test]
fn the_fast_shutdown_tells_the_clients_of_every_session() {
    for fast_shutdown in [false, true] {
        let builder = Memory::builder()
            .profile(profile("One"))
            .profile(profile("Two"));
        let builder = if fast_shutdown {
            builder.fast_shutdown()
        } else {
            builder
        };
        let mapi = Mapi::initialize(builder.build().unwrap()).unwrap();
        let (first, second) = (shared(&mapi, "One"), join(&mapi));
        let other_shared = shared(&mapi, "Two");
        let individual = mapi.logon(&LogonRequest::new_session("Two")).unwrap();
        let ears = [
            listen(&second, EXTENDED),
            listen(&other_shared, EXTENDED),
            listen(&individual, EXTENDED),
        ];
        first.logoff(LogoffFlags::SHARED).unwrap();
        let others = if fast_shutdown {
            vec![CRITICAL]
        } else {
            vec![]
        };
        let heard_by_each = ears.each_ref().map(heard);
        assert_eq!(
            heard_by_each,
            [vec![CRITICAL, EXTENDED], others.clone(), others]
        );

        // A plain logoff is nobody else's matter under either.
        drop(ears);
        let ear = listen(&individual, EventMask::all());
        second.logoff(PLAIN).unwrap();
        assert_eq!(heard(&ear), []);
    }
}

// N6
#[test]
fn a_this_thread_sink_is_told_when_its_thread_dispatches() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let told = RefCell::new(Vec::new());
    let (sink, dispatcher) = this_thread_sink(|event: &Notification| {
        told.borrow_mut()
            .push((event.event(), std::thread::current().id()));
    });
    let registration = listener.advise_sink(EXTENDED, sink).unwrap();
    let leaver = join(&mapi);
    std::thread::spawn(move || drop(leaver.logoff(LogoffFlags::SHARED).unwrap()))
        .join()
        .unwrap();
    assert_eq!(told.borrow().len(), 0);
    assert_eq!(dispatcher.dispatch(), 2);
    let here = std::thread::current().id();
    assert_eq!(*told.borrow(), [(CRITICAL, here), (EXTENDED, here)]);
    assert_eq!(dispatcher.dispatch(), 0);

    // What was queued before Unadvise is still dispatched after it.
    mapi.subsystem().notify(None, an_extended_event());
    drop(registration);
    assert_eq!(dispatcher.dispatch(), 1);
}

// N6: to its end, however long the queue is.
#[test]
fn one_dispatch_tells_all_that_is_queued() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let told = RefCell::new(Vec::new());
    let (sink, dispatcher) = this_thread_sink(|event: &Notification| {
        told.borrow_mut().push(event.clone());
    });
    let registration = session.advise_sink(EXTENDED, sink).unwrap();
    let queued: Vec<_> = (0..1000).map(numbered).collect();
    for event in &queued {
        mapi.subsystem().notify(None, event.clone());
    }
    assert_eq!(dispatcher.dispatch(), queued.len());
    assert_eq!(*told.borrow(), queued);
    assert_eq!(dispatcher.dispatch(), 0);
    drop(registration);
}

// N7
#[test]
fn after_unadvise_the_sink_is_gone() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let ear = listen(&listener, EXTENDED);
    let (told, registration) = ear;
    drop(registration);
    join(&mapi).logoff(PLAIN).unwrap();
    assert_gone(&told);
}

// N8
#[test]
fn an_event_that_is_held_back_arrives_after_unadvise() {
    let mapi = mapi();
    let listener = shared(&mapi, "One");
    let ear = listen(&listener, EXTENDED);
    let held = mapi.subsystem().hold_notifications();
    join(&mapi).logoff(LogoffFlags::SHARED).unwrap();
    assert_eq!(heard(&ear), []);
    let (told, registration) = ear;
    drop(registration);
    mapi.subsystem().notify(None, an_extended_event());
    drop(held);
    let events: Vec<_> = told.try_iter().map(|event| event.event()).collect();
    assert_eq!(
        events,
        [CRITICAL, EXTENDED],
        "what came after Unadvise is not for it"
    );
    let ear = listen(&listener, EXTENDED);
    mapi.subsystem().notify(None, an_extended_event());
    assert_eq!(heard(&ear), [EXTENDED], "nothing is held back any more");
}

// N8: as long as anybody holds back.
#[test]
fn two_who_hold_back() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let ear = listen(&session, EXTENDED);
    let (one, two) = (
        mapi.subsystem().hold_notifications(),
        mapi.subsystem().hold_notifications(),
    );
    mapi.subsystem().notify(None, an_extended_event());
    drop(one);
    assert_eq!(heard(&ear), []);
    drop(two);
    assert_eq!(heard(&ear), [EXTENDED]);
}

fn an_extended_event() -> Notification {
    numbered(7)
}

fn numbered(event: u32) -> Notification {
    Notification::Extended(ExtendedEvent::new(event, [1, 2]))
}

// N1, M6: an object is the same whatever the flags in its identifier say.
#[test]
fn an_object_is_told_of_under_any_flags() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let mailbox = stores.rows()[0].entry_id();
    let flagged = EntryId::new([&[0x80, 1, 2, 3], &mailbox.as_bytes()[4..]].concat());
    assert!(session.compare_entry_ids(mailbox, &flagged).unwrap());
    let (sender, events) = mpsc::channel();
    let registration = Registration::advise(&session, Some(&flagged), EventMask::EXTENDED, sender);
    let event = Notification::Extended(ExtendedEvent::new(1, []));
    mapi.subsystem().notify(Some(mailbox), event);
    assert_eq!(events.try_iter().count(), 1);
    drop(registration);
}

// N10
#[test]
fn what_the_session_opens_and_sends_no_notifications_is_known() {
    let transport = Transport::new("SMTP").identity("Me");
    let memory = Memory::builder().profile(Profile::new("One").transport(transport));
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let advised = |entry_id: &EntryId| {
        let advised = session.advise_object(entry_id, EventMask::NEW_MAIL, |_: &Notification| {});
        advised.map_err(|error| error.hresult()).err()
    };
    let me = mapi.subsystem().entry_id("One", &["SMTP", "Me"]).unwrap();
    assert_eq!(advised(&me), Some(HResult::MAPI_E_UNKNOWN_ENTRYID), "L9");
    let status = session.status_table().unwrap();
    assert_eq!(advised(&me), Some(HResult::MAPI_E_NO_SUPPORT));
    let own = status.rows()[0].entry_id();
    assert_eq!(advised(own), Some(HResult::MAPI_E_NO_SUPPORT));
}

// N10
#[test]
fn an_object_is_resolved_by_its_provider() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let (mailbox, silent) = (stores.rows()[0].entry_id(), stores.rows()[1].entry_id());
    let folder = EntryId::new([mailbox.as_bytes(), &[1, 2, 3]].concat());
    let foreign = EntryId::new([0xAB; 20]);
    let (empty, short) = (EntryId::new([]), EntryId::new([0xAB; 19]));
    for (entry_id, expected) in [
        (mailbox, None),
        (&folder, None),
        (silent, Some(HResult::MAPI_E_NO_SUPPORT)),
        (&foreign, Some(HResult::MAPI_E_UNKNOWN_ENTRYID)),
        (&empty, Some(HResult::MAPI_E_INVALID_ENTRYID)),
        (&short, Some(HResult::MAPI_E_INVALID_ENTRYID)),
    ] {
        let advised = session.advise_object(entry_id, EventMask::NEW_MAIL, |_: &Notification| {});
        assert_eq!(
            advised.err().map(|error| error.hresult()),
            expected,
            "{entry_id:?}"
        );
    }
}

// N10: a provider need not send every type of events, and one of an address book none at all.
#[test]
fn what_a_provider_does_not_send_cannot_be_asked_for() {
    let profile = Profile::new("One")
        .store(Store::new("Mailbox").lacks_events(EventMask::OBJECT_COPIED))
        .address_book(AddressBook::new("Contacts").silent().mail_user("Ana"))
        .address_book(
            AddressBook::new("Company")
                .lacks_events(EventMask::NEW_MAIL | EventMask::SEARCH_COMPLETE)
                .mail_user("Bo"),
        );
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let id = |path: &[&str]| memory.entry_id("One", path).unwrap();
    let (mailbox, ana, bo) = (
        id(&["Mailbox"]),
        id(&["Contacts", "Ana"]),
        id(&["Company", "Bo"]),
    );
    let book = session
        .open_address_book(UiParam::NONE, AddressBookFlags::empty())
        .unwrap();
    let whole = book.info().unwrap().entry_id().clone();
    drop(book);
    let (ok, unsupported) = (HResult::S_OK, HResult::MAPI_E_NO_SUPPORT);
    let created = EventMask::OBJECT_CREATED;
    for (entry_id, mask, wanted) in [
        (&mailbox, EventMask::OF_OBJECTS, unsupported),
        (
            &mailbox,
            EventMask::OF_OBJECTS - EventMask::OBJECT_COPIED,
            ok,
        ),
        (&mailbox, EventMask::INDEXING, ok),
        (&mailbox, EventMask::TABLE_MODIFIED, unsupported),
        (
            &mailbox,
            EventMask::STATUS_OBJECT_MODIFIED | created,
            unsupported,
        ),
        (&mailbox, EventMask::RESERVED_FOR_MAPI, unsupported),
        (
            &mailbox,
            EventMask::from(0x0000_0800),
            HResult::MAPI_E_UNKNOWN_FLAGS,
        ),
        (&ana, created, unsupported),
        (&ana, EventMask::empty(), unsupported),
        (&bo, created, ok),
        (&bo, EventMask::NEW_MAIL, unsupported),
        (&bo, EventMask::INDEXING, unsupported),
        (&whole, EventMask::OF_OBJECTS, ok),
        (&whole, EventMask::TABLE_MODIFIED, unsupported),
    ] {
        let advised = session.advise_object(entry_id, mask, |_: &Notification| {});
        assert_eq!(code(advised), wanted, "{entry_id:?}, {mask:?}");
    }
    let refused = session.advise_object(&mailbox, EventMask::OBJECT_COPIED, |_| {});
    let reason = refused.unwrap_err().to_string();
    assert!(reason.contains("OBJECT_COPIED"), "{reason}");
}

/// An event of this kind, of an object.
fn object_event(kind: ObjectEventKind, entry_id: &EntryId) -> Notification {
    Notification::Object(ObjectEvent::new(
        kind,
        entry_id.clone(),
        ObjectType::MESSAGE,
    ))
}

// N12: the store's own Advise, of the whole store and of what is in it.
#[test]
fn a_store_is_told_of_what_happens_in_it() {
    let inbox = Folder::new("Inbox").message("Hello");
    let profile = Profile::new("One")
        .store(Store::new("Mailbox").folder(inbox))
        .store(Store::new("Archive"))
        .store(Store::new("Silent").silent());
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let id = |path: &[&str]| memory.entry_id("One", path).unwrap();
    let (mailbox, archive) = (id(&["Mailbox"]), id(&["Archive"]));
    let (inbox, hello) = (
        id(&["Mailbox", "Inbox"]),
        id(&["Mailbox", "Inbox", "Hello"]),
    );
    let flags = OpenStoreFlags::BEST_ACCESS;
    let store = Arc::new(session.open_msg_store(&mailbox, flags).unwrap());
    let listen = |entry_id: Option<&EntryId>| {
        let (sink, told) = mpsc::channel();
        let store = Arc::clone(&store);
        let advised = ObjectRegistration::with_store(store, entry_id, ALL, sink);
        (told, advised.unwrap())
    };
    let ears = [
        listen(None),
        listen(Some(&mailbox)),
        listen(Some(&inbox)),
        listen(Some(&hello)),
    ];
    let heard = |event: Notification, of: &EntryId| {
        memory.notify(Some(of), event);
        ears.each_ref().map(|(told, _)| told.try_iter().count())
    };
    let modified = |of: &EntryId| object_event(ObjectEventKind::Modified, of);
    assert_eq!(heard(modified(&hello), &hello), [1, 1, 0, 1]);
    assert_eq!(heard(modified(&inbox), &inbox), [1, 1, 1, 0]);
    assert_eq!(heard(modified(&mailbox), &mailbox), [1, 1, 0, 0]);
    assert_eq!(heard(modified(&archive), &archive), [0; 4]);
    let new_mail = NewMail::new(hello.clone(), inbox.clone(), "IPM.Note");
    assert_eq!(heard(Notification::NewMail(new_mail), &inbox), [1, 1, 1, 0]);
    // What a provider means by an extended event is of the object alone.
    assert_eq!(heard(an_extended_event(), &hello), [0, 0, 0, 1]);

    let sink = |_: &Notification| {};
    let refused = [
        code(store.advise(Some(&archive), ALL, sink)),
        code(store.advise(Some(&EntryId::new([1])), ALL, sink)),
        code(store.advise(None, EventMask::TABLE_MODIFIED, sink)),
        code(store.advise(None, EventMask::from(0x400), sink)),
    ];
    let wanted = [
        HResult::MAPI_E_UNKNOWN_ENTRYID,
        HResult::MAPI_E_INVALID_ENTRYID,
        HResult::MAPI_E_NO_SUPPORT,
        HResult::MAPI_E_UNKNOWN_FLAGS,
    ];
    assert_eq!(refused, wanted);
    let silent = session.open_msg_store(&id(&["Silent"]), flags).unwrap();
    let refused = silent.advise(None, EventMask::empty(), sink);
    assert_eq!(code(refused), HResult::MAPI_E_NO_SUPPORT);
    drop(silent);
    let raw = raw_logon(&memory);
    let other = raw.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0);
    let other = other.unwrap().ignore_warning();
    let not_found = other.unadvise(ears[0].1.connection());
    assert_eq!(not_found.unwrap_err().hresult(), HResult::MAPI_E_NOT_FOUND);
    drop((other, raw));
    for (told, registration) in ears {
        drop(registration);
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }
    drop(store);
    session.logoff(PLAIN).unwrap();
}

// N15: stored and told, in one call; to those whom the page names.
#[test]
fn a_message_that_arrives_is_in_its_folder_and_is_told_of() {
    let inbox = Folder::new("Inbox")
        .message("Hello")
        .folder(Folder::new("Deeper"));
    let mailbox = Store::new("Mailbox")
        .folder(inbox)
        .folder(Folder::new("Sent"));
    let profile = Profile::new("One")
        .store(mailbox)
        .store(Store::new("Archive"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let id = |path: &[&str]| memory.entry_id("One", path).unwrap();
    let [mailbox, inbox, deeper, sent, hello, archive] = [
        &["Mailbox"][..],
        &["Mailbox", "Inbox"],
        &["Mailbox", "Inbox", "Deeper"],
        &["Mailbox", "Sent"],
        &["Mailbox", "Inbox", "Hello"],
        &["Archive"],
    ]
    .map(id);
    let ears = [&mailbox, &inbox, &sent, &archive].map(|entry_id| {
        let (sink, told) = mpsc::channel();
        let advised = Registration::advise(&session, Some(entry_id), ALL, sink);
        (told, advised.unwrap())
    });
    for nowhere in [&mailbox, &hello, &EntryId::new([7; 24]), &EntryId::new([])] {
        assert_eq!(memory.deliver(nowhere, "Lost"), None);
    }
    let flagged = EntryId::new([&[0x80, 0, 0, 0], &inbox.as_bytes()[4..]].concat());
    let news = memory.deliver(&flagged, "News").unwrap();
    let object = |kind, entry_id: &EntryId, object_type, parent: &EntryId| {
        let event = ObjectEvent::new(kind, entry_id.clone(), object_type);
        Notification::Object(event.with_parent_id(Some(parent.clone())))
    };
    let (created, modified) = (ObjectEventKind::Created, ObjectEventKind::Modified);
    let created = object(created, &news, ObjectType::MESSAGE, &inbox);
    let opened = session
        .open_entry(&inbox, mapi_session::OpenEntryFlags::empty())
        .unwrap();
    let root = opened.info().unwrap().parent_id().unwrap().clone();
    let modified = object(modified, &inbox, ObjectType::FOLDER, &root);
    drop(opened);
    let new_mail = Notification::NewMail(NewMail::new(news.clone(), inbox.clone(), "IPM.Note"));
    let heard = ears
        .each_ref()
        .map(|(told, _)| told.try_iter().collect::<Vec<_>>());
    let of_folder = vec![modified.clone(), new_mail.clone()];
    assert_eq!(
        heard,
        [vec![created, modified, new_mail], of_folder, vec![], vec![]]
    );

    // It is found and opened like any other; and nothing else has another identifier since.
    let deepest = memory.deliver(&deeper, "News").unwrap();
    let again = [
        (&["Mailbox", "Inbox", "News"][..], &news),
        (&["Mailbox", "Inbox", "Deeper", "News"], &deepest),
        (&["Mailbox", "Inbox", "Hello"], &hello),
        (&["Mailbox", "Sent"], &sent),
    ];
    for (path, wanted) in again {
        assert_eq!(id(path), *wanted, "{path:?}");
    }
    assert_eq!(memory.entry_id("One", &["Mailbox", "News"]), None);
    let opened = session.open_entry(&news, Default::default()).unwrap();
    let info = opened.info().unwrap();
    assert_eq!(
        (info.display_name(), info.parent_id()),
        ("News", Some(&inbox))
    );
    drop((opened, ears));
    session.logoff(PLAIN).unwrap();
}

// N12, N10: the address book's own Advise, also where no provider of it notifies.
#[test]
fn the_address_book_is_told_of_its_entries_and_always_of_critical_errors() {
    let profile = Profile::new("One")
        .store(Store::new("Mailbox"))
        .address_book(AddressBook::new("Contacts").silent().mail_user("Ana"))
        .address_book(AddressBook::new("Company").mail_user("Bo"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let id = |path: &[&str]| memory.entry_id("One", path).unwrap();
    let (ana, bo) = (id(&["Contacts", "Ana"]), id(&["Company", "Bo"]));
    let book = session
        .open_address_book(UiParam::NONE, AddressBookFlags::empty())
        .unwrap();
    let whole = book.info().unwrap().entry_id().clone();
    let (sink, told) = mpsc::channel();
    let events = EventMask::OBJECT_MODIFIED | EventMask::TABLE_MODIFIED;
    let registration = ObjectRegistration::with_address_book(&book, None, events, sink).unwrap();
    let critical =
        Notification::CriticalError(CriticalError::new(HResult::MAPI_E_NOT_ENOUGH_MEMORY));
    let created = object_event(ObjectEventKind::Created, &ana);
    let modified = [&ana, &bo].map(|it| object_event(ObjectEventKind::Modified, it));
    memory.notify(Some(&whole), critical.clone());
    memory.notify(Some(&ana), created);
    memory.notify(Some(&ana), modified[0].clone());
    memory.notify(Some(&bo), modified[1].clone());
    memory.notify(Some(&id(&["Mailbox"])), modified[1].clone());
    let [of_ana, of_bo] = modified;
    assert_eq!(
        told.try_iter().collect::<Vec<_>>(),
        [critical, of_ana, of_bo]
    );
    drop(registration);
    assert_gone(&told);

    let (created, sink) = (EventMask::OBJECT_CREATED, |_: &Notification| {});
    assert_eq!(code(book.advise(Some(&bo), created, sink)), HResult::S_OK);
    assert_eq!(
        code(book.advise(Some(&whole), created, sink)),
        HResult::S_OK
    );
    let silent = book.advise(Some(&ana), created, sink);
    assert_eq!(code(silent), HResult::MAPI_E_NO_SUPPORT);
    let of_store = book.advise(Some(&id(&["Mailbox"])), created, sink);
    assert_eq!(code(of_store), HResult::MAPI_E_UNKNOWN_ENTRYID);
    let entry = session.open_entry(&bo, Default::default()).unwrap();
    let user = entry.into_object().unwrap();
    assert_eq!(
        code(user.advise(None, created, sink)),
        HResult::MAPI_E_NO_SUPPORT
    );
    drop((user, book));
    session.logoff(PLAIN).unwrap();
}

// N1, N12: critical errors of the address book come always, and so also to who asks for them.
#[test]
fn the_address_book_tells_of_critical_errors_to_who_asks_for_them() {
    let memory = Memory::builder().profile(Profile::new("Outlook"));
    let memory = memory.build().unwrap();
    let session = crate::support::raw_logon(&memory);
    let book = session
        .open_address_book(UiParam::NONE, 0)
        .unwrap()
        .ignore_warning();
    let (sink, told) = mpsc::channel();
    let mask = EventMask::CRITICAL_ERROR.bits();
    book.advise(None, mask, sink).unwrap();
    let whole = book.info().unwrap().ignore_warning();
    let error = CriticalError::new(HResult::MAPI_E_NETWORK_ERROR);
    memory.notify(Some(whole.entry_id()), Notification::CriticalError(error));
    assert_eq!(told.try_iter().count(), 1);
    drop(book);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
}

// O2, N7: the release of a store object ends what was registered with it, and nothing else.
#[test]
fn a_registration_ends_with_its_store_object() {
    let mailbox = Store::new("Mailbox").folder(Folder::new("Inbox"));
    let profile = Profile::new("Outlook").store(mailbox);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let id = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    let session = crate::support::raw_logon(&memory);
    let [one, other] = [(); 2].map(|()| {
        let mailbox = id(&["Mailbox"]);
        let flags = OpenStoreFlags::BEST_ACCESS.bits();
        let opened = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), flags);
        opened.unwrap().ignore_warning()
    });
    let inbox = id(&["Mailbox", "Inbox"]);
    let modified = EventMask::OBJECT_MODIFIED.bits();
    let [told, also, kept] = [&one, &one, &other].map(|store| {
        let (sink, told) = mpsc::channel();
        store
            .advise(Some(inbox.as_bytes()), modified, sink)
            .unwrap();
        told
    });
    drop(one);
    assert_gone(&told);
    assert_gone(&also);
    memory.notify(
        Some(&inbox),
        object_event(ObjectEventKind::Modified, &inbox),
    );
    assert_eq!(kept.try_iter().count(), 1);
    drop(other);
    session.logoff(UiParam::NONE, 0, 0).unwrap();
}

#[test]
fn undefined_bits_of_a_mask_are_refused() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let error = session
        .advise(EventMask::from(0x0000_0400), |_: &Notification| {})
        .unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(
        error.to_string(),
        "IMAPISession::Advise: MAPI_E_UNKNOWN_FLAGS (0x80040106): the bits 0x00000400 are not defined"
    );
}

/// One event of every kind that an object has, and the bit that asks for it.
fn every_kind(entry_id: &EntryId) -> Vec<(EventMask, Notification)> {
    let object = |kind| {
        Notification::Object(
            ObjectEvent::new(kind, entry_id.clone(), ObjectType::MESSAGE)
                .with_property_tags(vec![0x0037_001F]),
        )
    };
    let critical =
        CriticalError::new(HResult::MAPI_E_NOT_ENOUGH_MEMORY).with_entry_id(Some(entry_id.clone()));
    let new_mail = NewMail::new(entry_id.clone(), entry_id.clone(), "IPM.Note");
    vec![
        (
            EventMask::CRITICAL_ERROR,
            Notification::CriticalError(critical),
        ),
        (EventMask::NEW_MAIL, Notification::NewMail(new_mail)),
        (EventMask::OBJECT_CREATED, object(ObjectEventKind::Created)),
        (EventMask::OBJECT_DELETED, object(ObjectEventKind::Deleted)),
        (
            EventMask::OBJECT_MODIFIED,
            object(ObjectEventKind::Modified),
        ),
        (EventMask::OBJECT_MOVED, object(ObjectEventKind::Moved)),
        (EventMask::OBJECT_COPIED, object(ObjectEventKind::Copied)),
        (
            EventMask::SEARCH_COMPLETE,
            object(ObjectEventKind::SearchComplete),
        ),
        (
            EventMask::INDEXING,
            Notification::Indexing(ExtendedEvent::new(0, [1])),
        ),
        (EventMask::EXTENDED, an_extended_event()),
    ]
}

/// All that a store can be asked for.
const ALL: EventMask = EventMask::OF_OBJECTS.union(EventMask::INDEXING);

// N1, N10: each kind reaches those whose mask has its bit, on the object that they named, whole.
#[test]
fn masks_and_targets_choose() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let mailbox = stores.rows()[0].entry_id();
    for (bit, event) in every_kind(mailbox) {
        assert_eq!(event.event(), bit);
        let (sink, told) = mpsc::channel();
        let with = Registration::advise(&session, Some(mailbox), bit, sink).unwrap();
        let (sink, not_told) = mpsc::channel();
        let without = Registration::advise(&session, Some(mailbox), ALL - bit, sink).unwrap();
        let of_session = listen(&session, EventMask::all());
        mapi.subsystem().notify(Some(mailbox), event.clone());
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [event]);
        assert_eq!(not_told.try_iter().count(), 0, "{bit:?}");
        assert_eq!(heard(&of_session), []);
        drop((with, without, of_session));
    }
}

struct Counter(Mutex<usize>);

impl AdviseSink for Counter {
    fn on_notify(&self, _: &Notification) {
        *self.0.lock().unwrap() += 1;
    }
}

// What can be a sink: a closure, a boxed one, a sender, a type of one's own, one behind an Arc.
#[test]
fn sinks_of_every_sort() {
    let mapi = mapi();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let counter = Arc::new(Counter(Mutex::new(0)));
    let (sender, told) = mpsc::channel();
    let (closure, boxed) = (Arc::clone(&counter), Arc::clone(&counter));
    let boxed: Box<dyn Fn(&Notification) + Send + Sync> = Box::new(move |e| boxed.on_notify(e));
    let any: Arc<dyn AdviseSink> = Arc::clone(&counter) as _;
    let registrations = [
        session
            .advise(EXTENDED, move |event: &Notification| {
                closure.on_notify(event);
            })
            .unwrap(),
        session.advise(EXTENDED, boxed).unwrap(),
        session.advise_sink(EXTENDED, sender).unwrap(),
        session.advise_sink(EXTENDED, any).unwrap(),
        session.advise_sink(EXTENDED, Arc::clone(&counter)).unwrap(),
    ];
    mapi.subsystem().notify(None, an_extended_event());
    assert_eq!(*counter.0.lock().unwrap(), 4);
    assert_eq!(told.try_iter().collect::<Vec<_>>(), [an_extended_event()]);
    drop(registrations);
    assert_eq!(Arc::strong_count(&counter), 1);
}

// Connections: never zero, no two alike while they are open, and nobody else's.
#[test]
fn a_connection_is_its_clients_own() {
    let memory = mapi().subsystem().clone();
    memory.initialize(0, 0).unwrap();
    let logon = |name, flags| {
        memory
            .logon_ex(UiParam::NONE, name, None, flags)
            .unwrap()
            .into_parts()
            .0
    };
    let (one, two) = (logon(Some("One"), 0x8), logon(None, 0));
    let sink = |_: &Notification| {};
    let connection = |session: &<Memory as Subsystem>::Session| {
        session.advise(None, 0, sink).unwrap().into_parts().0
    };
    let (a, b, c) = (connection(&one), connection(&one), connection(&two));
    assert!(a != b && b != c && a != c);
    assert!(
        [a, b, c]
            .iter()
            .all(|connection| *connection != Connection::new(0))
    );

    let unknown = |outcome: Result<_, mapi_session::error::Failure>| {
        assert_eq!(outcome.unwrap_err().hresult(), HResult::MAPI_E_NOT_FOUND);
    };
    unknown(two.unadvise(a));
    unknown(one.unadvise(c));
    one.unadvise(a).unwrap();
    unknown(one.unadvise(a));
    for number in [0, 1, 99, u64::MAX, 1 << 32, a.get() ^ 1 << 40] {
        unknown(one.unadvise(Connection::new(number)));
    }
    let again = connection(&one);
    assert_ne!(again, a, "a freed place gets a new number");
    unknown(one.unadvise(a));
    for (session, open) in [(&one, b), (&one, again), (&two, c)] {
        session.unadvise(open).unwrap();
    }
}

fn raw_logon(memory: &Memory) -> MemorySession {
    let flags = LogonRequest::new_session("One").raw_flags();
    let logon = memory.logon_ex(UiParam::NONE, Some("One"), None, flags);
    logon.unwrap().into_parts().0
}

// O2: a thread unadvises its own open registration while another logs the session off.
#[test]
fn unadvise_that_a_logoff_overtakes_says_that_the_session_is_gone() {
    let memory = mapi().subsystem().clone();
    memory.initialize(0, 0).unwrap();
    for _ in 0..20_000 {
        let session = raw_logon(&memory);
        let connection = session
            .advise(None, 0, |_: &Notification| ())
            .unwrap()
            .into_parts()
            .0;
        let barrier = Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                barrier.wait();
                session.logoff(UiParam::NONE, 0, 0).unwrap();
            });
            barrier.wait();
            if let Err(error) = session.unadvise(connection) {
                assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_OBJECT, "{error}");
            }
        });
    }
}

// N8: all that is queued waits for whoever holds back, a sink that is told late too.
#[test]
fn a_hold_that_a_late_sink_takes_holds_the_rest() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let kept: Arc<Mutex<Option<HeldNotifications>>> = Arc::default();
    let told = Arc::new(AtomicUsize::new(0));
    let (place, count, holder) = (Arc::clone(&kept), Arc::clone(&told), memory.clone());
    let registration = session
        .advise(EventMask::EXTENDED, move |_: &Notification| {
            count.fetch_add(1, Ordering::SeqCst);
            place
                .lock()
                .unwrap()
                .get_or_insert_with(|| holder.hold_notifications());
        })
        .unwrap();
    let held = memory.hold_notifications();
    memory.notify(None, an_extended_event());
    memory.notify(None, an_extended_event());
    drop(held);
    assert_eq!(told.load(Ordering::SeqCst), 1, "told while held");
    let guard = kept.lock().unwrap().take();
    drop(guard);
    drop(registration);
    session.logoff(LogoffFlags::empty()).unwrap();
}

// N8: in their order; an event that comes while the late ones arrive is the last.
#[test]
fn an_event_that_a_late_sink_raises_overtakes_nothing() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let heard: Arc<Mutex<Vec<Notification>>> = Arc::default();
    let (hears, raiser) = (Arc::clone(&heard), memory.clone());
    let registration = session
        .advise(EXTENDED, move |event: &Notification| {
            hears.lock().unwrap().push(event.clone());
            if *event == numbered(1) {
                raiser.notify(None, numbered(3));
            }
        })
        .unwrap();
    let held = memory.hold_notifications();
    memory.notify(None, numbered(1));
    memory.notify(None, numbered(2));
    drop(held);
    drop(registration);
    assert_eq!(*heard.lock().unwrap(), [1, 2, 3].map(numbered));
}

// N5, N8: the same where what a sink causes is held back in part, and another thread lets it go.
#[test]
fn what_a_sink_causes_keeps_its_order_around_a_hold() {
    let _watchdog = Watchdog::new();
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let heard: Arc<Mutex<Vec<Notification>>> = Arc::default();
    let (hears, raiser) = (Arc::clone(&heard), memory.clone());
    let raising = session
        .advise(EXTENDED, move |event: &Notification| {
            if *event == numbered(1) {
                raiser.notify(None, numbered(2));
                let held = raiser.hold_notifications();
                raiser.notify(None, numbered(3));
                std::thread::spawn(move || drop(held)).join().unwrap();
            }
        })
        .unwrap();
    let hearing = session
        .advise(EXTENDED, move |event: &Notification| {
            hears.lock().unwrap().push(event.clone());
        })
        .unwrap();
    memory.notify(None, numbered(1));
    drop((raising, hearing));
    assert_eq!(*heard.lock().unwrap(), [1, 2, 3].map(numbered));
}

// Individual sessions are told by age, every time.
#[test]
fn individual_sessions_are_told_in_one_order() {
    let mapi = mapi();
    let heard: Arc<Mutex<Vec<usize>>> = Arc::default();
    let sessions: Vec<_> = (0..20)
        .map(|_| mapi.logon(&LogonRequest::new_session("One")).unwrap())
        .collect();
    let guards: Vec<_> = sessions
        .iter()
        .enumerate()
        .map(|(index, session)| {
            let heard = Arc::clone(&heard);
            session
                .advise(EventMask::EXTENDED, move |_: &Notification| {
                    heard.lock().unwrap().push(index);
                })
                .unwrap()
        })
        .collect();
    mapi.subsystem().notify(None, an_extended_event());
    drop(guards);
    assert_eq!(*heard.lock().unwrap(), (0..20).collect::<Vec<_>>());
}

/// A subsystem whose library has a thread for notifications, and a session on it.
fn multithreaded() -> (Memory, Mapi<Memory>) {
    let memory = Memory::builder().profile(profile("One")).build().unwrap();
    let flags = InitFlags::MULTITHREAD_NOTIFICATIONS;
    let mapi = Mapi::initialize_with(memory.clone(), flags).unwrap();
    (memory, mapi)
}

// N14: on one thread, in their order, also what a sink causes; a sink that panics costs its own event.
#[test]
fn under_multithread_notifications_sinks_are_told_on_a_thread_of_their_own() {
    let (memory, mapi) = multithreaded();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let (sink, told) = mpsc::channel();
    let raiser = memory.clone();
    let registration = session.advise(EXTENDED, move |event: &Notification| {
        let thread = std::thread::current();
        sink.send((thread.id(), thread.name().map(String::from), event.clone()))
            .unwrap();
        if *event == numbered(1) {
            raiser.notify(None, numbered(3));
        }
        if *event == numbered(2) {
            std::panic::resume_unwind(Box::new("a sink"));
        }
    });
    let held = memory.hold_notifications();
    memory.notify(None, numbered(0));
    drop(held);
    memory.notify(None, numbered(1));
    memory.notify(None, numbered(2));
    let told: Vec<_> = (0..4).map(|_| told.recv_timeout(SOON).unwrap()).collect();
    let (thread, name, _) = told[0].clone();
    assert_ne!(thread, std::thread::current().id());
    assert_eq!(name.as_deref(), Some("MAPI notifications"));
    assert!(told.iter().all(|it| it.0 == thread));
    let numbers: Vec<_> = told.iter().map(|it| it.2.clone()).collect();
    let position = |number| {
        numbers
            .iter()
            .position(|it| *it == numbered(number))
            .unwrap()
    };
    assert!(position(0) < position(1), "{numbers:?}");
    assert!(
        position(1) < position(2) && position(1) < position(3),
        "{numbers:?}"
    );
    drop(registration);
    session.logoff(PLAIN).unwrap();
}

// N14, N8: what waits for the thread when a hold begins is not overtaken by what comes during the hold.
#[test]
fn a_hold_keeps_the_order_of_what_waits_for_the_thread() {
    let (memory, mapi) = multithreaded();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let (reached, is_there) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let may_go = Mutex::new(may_go);
    let blocking = session.advise(EXTENDED, move |event: &Notification| {
        if *event == numbered(0) {
            reached.send(()).unwrap();
            let _ = may_go.lock().unwrap().recv();
        }
    });
    let (sink, told) = mpsc::channel();
    let hearing = session.advise_sink(EXTENDED, sink).unwrap();
    memory.notify(None, numbered(0));
    is_there.recv_timeout(SOON).unwrap();
    memory.notify(None, numbered(1));
    let held = memory.hold_notifications();
    memory.notify(None, numbered(2));
    drop(go);
    assert_eq!(told.recv_timeout(SOON), Ok(numbered(0)));
    drop(held);
    let rest = [1, 2].map(|_| told.recv_timeout(SOON).unwrap());
    assert_eq!(rest, [1, 2].map(numbered));
    drop((blocking, hearing));
    session.logoff(PLAIN).unwrap();
}

// N14, N7: a call does not wait for its event to be told, and Unadvise stops what is still queued.
#[test]
fn an_event_that_waits_for_the_thread_is_stopped_by_unadvise() {
    let (memory, mapi) = multithreaded();
    let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let (reached, is_there) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let may_go = Mutex::new(may_go);
    let blocking = session.advise(EXTENDED, move |_: &Notification| {
        reached.send(()).unwrap();
        let _ = may_go.lock().unwrap().recv();
    });
    let blocking = blocking.unwrap();
    memory.notify(None, numbered(1));
    is_there.recv_timeout(SOON).unwrap();
    let (sink, told) = mpsc::channel();
    let waiting = session.advise_sink(EXTENDED, sink).unwrap();
    memory.notify(None, numbered(2));
    drop(waiting);
    drop(blocking);
    go.send(()).unwrap();
    drop(go);
    assert_eq!(
        told.recv_timeout(SOON),
        Err(mpsc::RecvTimeoutError::Disconnected)
    );
    session.logoff(PLAIN).unwrap();
}

// N14, I2: until the last MAPIUninitialize, whoever asked for it; then the thread has ended, and what was
// queued has been told.
#[test]
fn the_thread_ends_with_the_library() {
    struct Gone(mpsc::Sender<&'static str>);
    impl Drop for Gone {
        fn drop(&mut self) {
            let _ = self.0.send("gone");
        }
    }
    thread_local! {
        static ON_THE_THREAD: RefCell<Option<Gone>> = const { RefCell::new(None) };
    }
    let (memory, mapi) = multithreaded();
    memory.initialize(0, 0).unwrap();
    memory
        .initialize(0, InitFlags::MULTITHREAD_NOTIFICATIONS.bits())
        .unwrap();
    let session = raw_logon(&memory);
    let (sender, said) = mpsc::channel();
    let sink = move |_: &Notification| {
        ON_THE_THREAD.set(Some(Gone(sender.clone())));
        sender.send("told").unwrap();
    };
    session.advise(None, EXTENDED.bits(), sink).unwrap();
    memory.notify(None, numbered(1));
    assert_eq!(said.recv_timeout(SOON), Ok("told"));
    memory.uninitialize();
    memory.uninitialize();
    memory.notify(None, numbered(2));
    assert_eq!(said.recv_timeout(SOON), Ok("gone"), "of the event before");
    assert_eq!(said.recv_timeout(SOON), Ok("told"));
    memory.notify(None, numbered(3));
    drop(mapi);
    let rest = [
        said.recv_timeout(SOON),
        said.recv_timeout(SOON),
        said.recv_timeout(SOON),
    ];
    assert_eq!(rest, [Ok("gone"), Ok("told"), Ok("gone")]);
    // Without the thread, on the one that causes it.
    memory.notify(None, numbered(4));
    assert_eq!(said.try_recv(), Ok("told"));
    drop(session);
}

// N14: a subsystem that is dropped leaves no thread behind, also where the library is initialised.
#[test]
fn the_thread_ends_with_the_subsystem() {
    let memory = Memory::builder().profile(profile("One")).build().unwrap();
    memory
        .initialize(0, InitFlags::MULTITHREAD_NOTIFICATIONS.bits())
        .unwrap();
    let session = raw_logon(&memory);
    let (sink, told) = mpsc::channel();
    let keeps = memory.clone();
    let sink = move |_: &Notification| {
        let _ = (&keeps, sink.send(()));
    };
    session.advise(None, EXTENDED.bits(), sink).unwrap();
    memory.notify(None, numbered(1));
    told.recv_timeout(SOON).unwrap();
    drop((session, memory));
    assert_eq!(
        told.recv_timeout(SOON),
        Err(mpsc::RecvTimeoutError::Disconnected)
    );
}
