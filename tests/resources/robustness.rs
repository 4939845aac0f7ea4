//! What is deep, long or many: no stack overflows, no text grows without bound, nothing leaks, and
//! what grows does so in proportion.
//!
//! No test measures time. Where a comment says that the size is the check: a call deeper for each
//! would overflow the stack, and work that grows with the square would be billions of steps, of which
//! a debug build does some hundred million a second at best.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::support::{Profiles, id, logoff, logon};
use allocation_counter::{AllocationInfo, measure};
use mapi_session::error::Call;
use mapi_session::flags::{AddressBookFlags, ProfileFlags, ProfileSectionFlags, StoreLogoffFlags};
use mapi_session::memory::{
    AddressBook, Answer, Builder, Folder, Memory, Profile, ProviderCall, Service, Store, Transport,
};
use mapi_session::notification::ExtendedEvent;
use mapi_session::types::ResourceType;
use mapi_session::{
    EntryId, Error, EventMask, HResult, Live, LogonRequest, Mapi, MapiUid, Notification,
    OpenEntryFlags, OpenStoreFlags, Registration, Session, UiParam,
};

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

const EXTENDED: EventMask = EventMask::EXTENDED;
const INVALID_PARAMETER: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const LOGON_FAILED: HResult = HResult::MAPI_E_LOGON_FAILED;
const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;

/// Runs this on a thread of its own, with so much stack.
fn on_a_stack_of(bytes: usize, run: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(bytes).spawn(run).unwrap();
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
}

/// What one run in the steady state allocates: whatever is made once is made by the first two.
fn steady(mut run: impl FnMut()) -> AllocationInfo {
    run();
    run();
    measure(run)
}

/// Builds the one profile "Outlook".
fn outlook(profile: Profile) -> Memory {
    Memory::builder().profile(profile).build().unwrap()
}

/// "Outlook" with so many providers, each a service of its own.
fn profile_of(count: usize, add: impl Fn(Profile, String) -> Profile) -> Profile {
    with_more(Profile::new("Outlook"), count, add)
}

fn with_more(profile: Profile, count: usize, add: impl Fn(Profile, String) -> Profile) -> Profile {
    (0..count).map(|it| it.to_string()).fold(profile, add)
}

/// "Outlook" with a mailbox, in which there is a message.
fn with_mail(store: Store) -> Memory {
    let inbox = Folder::new("Inbox").message("Hello");
    outlook(Profile::new("Outlook").store(store.folder(inbox)))
}

// Folders that are nested deep.

/// Folders inside each other, from the inside out.
fn nested(depth: usize) -> Folder {
    let outwards = |inside, _| Folder::new("f").folder(inside);
    (1..depth).fold(Folder::new("f"), outwards)
}

fn in_a_profile(folder: Folder) -> Result<Memory, Error> {
    let store = Store::new("Mailbox").folder(folder);
    let profile = Profile::new("Outlook").store(store);
    Memory::builder().profile(profile).build()
}

fn in_an_installed_service(folder: Folder) -> Result<Memory, Error> {
    let service = Service::new("Archive").store(Store::new("Mailbox").folder(folder));
    Memory::builder().installed_service(service).build()
}

// P1: whoever describes what is too deep is told so, and overflows nothing.
#[test]
fn folders_that_are_nested_too_deep_are_refused() {
    on_a_stack_of(2 * MIB, || {
        for depth in [501, 100_000] {
            let folder = nested(depth);
            let copy = folder.clone();
            assert!(format!("{copy:?}").contains("Folder"));
            drop(copy);
            for (call, built) in [
                (
                    Call::PROF_ADMIN_CREATE_PROFILE,
                    in_a_profile(folder.clone()),
                ),
                (
                    Call::SERVICE_ADMIN_CREATE_MSG_SERVICE,
                    in_an_installed_service(folder),
                ),
            ] {
                let error = built.unwrap_err();
                assert_eq!((error.call(), error.hresult()), (call, INVALID_PARAMETER));
                assert!(error.to_string().contains("500"), "{error}");
            }
        }
    });
}

// M5: as deep as it may be, a folder is like any other.
#[test]
fn folders_that_are_nested_as_deep_as_may_be_are_found_and_opened() {
    on_a_stack_of(2 * MIB, || {
        let memory = in_a_profile(nested(500)).unwrap();
        in_an_installed_service(nested(500)).unwrap();
        let path = [&["Mailbox"][..], &["f"; 500]].concat();
        let innermost = id(&memory, &path);
        let too_long = [&path[..], &["f"]].concat();
        assert_eq!(memory.entry_id("Outlook", &too_long), None);
        let session = logon(&memory);
        let opened = session.open_entry(&innermost, OpenEntryFlags::empty());
        let folder = opened.unwrap().into_folder().unwrap();
        let parent = id(&memory, &path[..500]);
        assert_eq!(folder.info().unwrap().parent_id(), Some(&parent));
        drop(folder);
        logoff(session);
    });
}

// P1: also where they are read, by a reader that has no limit of its own. That of TOML has one.
#[cfg(feature = "serde")]
#[test]
fn folders_that_are_read_and_nested_too_deep_are_refused() {
    use serde_json::json;

    // The stack is what the reader takes.
    on_a_stack_of(8 * MIB, || {
        let outwards = |inside, _| json!({ "name": "f", "folder": [inside] });
        for (depth, is_accepted) in [(500, true), (501, false)] {
            let folder = (1..depth).fold(json!({ "name": "f" }), outwards);
            let store = json!({ "name": "Mailbox", "folder": [folder] });
            let builder = json!({ "profile": [{ "name": "Outlook", "store": [store] }] });
            let builder: Builder = serde_json::from_value(builder).unwrap();
            let built = builder.build().map_err(|error| error.hresult());
            let refused = (!is_accepted).then_some(INVALID_PARAMETER);
            assert_eq!(built.err(), refused, "{depth}");
        }
    });
    on_a_stack_of(2 * MIB, || {
        let (open, close) = ("{name=\"f\",folder=[", "]}");
        let folders = open.repeat(100_000) + &close.repeat(100_000);
        let toml = format!("[[profile]]\nname=\"A\"\nstore=[{{name=\"M\",folder=[{folders}]}}]");
        toml::from_str::<Builder>(&toml).unwrap_err();
    });
}

// Profiles of many services.

// M1, M9. The size is the check.
#[test]
fn a_profile_of_many_services_has_a_row_for_each() {
    const SERVICES: usize = 30_000;
    let services = (0..SERVICES).map(|number| {
        Service::new(format!("Service {number}"))
            .store(Store::new(format!("Store {number}")))
            .address_book(AddressBook::new(format!("Book {number}")))
    });
    let memory = outlook(services.fold(Profile::new("Outlook"), Profile::service));
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(stores.rows().len(), SERVICES);
    assert_eq!(stores.rows()[SERVICES - 1].display_name(), "Store 29999");
    let status = session.status_table().unwrap();
    // MAPI has three of its own.
    assert_eq!(status.rows().len(), 3 + 2 * SERVICES);
    let books = status.rows().iter().filter(|row| {
        row.resource_type() == ResourceType::ADDRESS_BOOK_PROVIDER
            && row.display_name().starts_with('B')
    });
    assert_eq!(books.count(), SERVICES);
    let admin = session.admin_services().unwrap();
    assert_eq!(admin.msg_service_table().unwrap().rows().len(), SERVICES);
    drop(admin);
    logoff(session);
}

// M2. The size is the check: each of the openings would go through all the stores.
#[test]
fn the_last_of_many_stores_opens_as_the_first() {
    const STORES: usize = 100_000;
    let memory = outlook(profile_of(STORES, |it, name| it.store(Store::new(name))));
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    let last = stores.rows()[STORES - 1].entry_id();
    for _ in 0..100_000 {
        let store = session.open_msg_store(last, OpenStoreFlags::BEST_ACCESS);
        drop(store.unwrap());
    }
    let store = session.open_msg_store(last, OpenStoreFlags::empty());
    assert_eq!(store.unwrap().info().unwrap().display_name(), "99999");
    logoff(session);
}

// M2: nor does it cost more memory than where it is the only one.
#[test]
fn opening_a_store_allocates_as_little_among_many() {
    let opening = |stores| {
        let memory = outlook(profile_of(stores, |it, name| it.store(Store::new(name))));
        let session = logon(&memory);
        let table = session.msg_stores_table().unwrap();
        let last = table.rows()[stores - 1].entry_id();
        let open = || {
            let store = session.open_msg_store(last, OpenStoreFlags::empty());
            drop(store.unwrap());
        };
        let found = steady(open);
        logoff(session);
        found
    };
    assert_eq!(opening(10_000), opening(1));
}

// M1, M9: what is built is built by the piece.
#[test]
fn a_profile_of_twice_as_many_services_costs_twice_as_much() {
    let cost = |services| {
        let profile = profile_of(services, |it, name| it.store(Store::new(name)));
        measure(move || {
            let memory = outlook(profile);
            let session = logon(&memory);
            session.msg_stores_table().unwrap();
            session.status_table().unwrap();
            logoff(session);
        })
    };
    let (one, two) = (cost(4096), cost(8192));
    assert!(
        two.count_total <= 2 * one.count_total + 100,
        "{one:?} {two:?}"
    );
    assert!(
        two.bytes_total <= 2 * one.bytes_total + 64 * 1024,
        "{one:?} {two:?}"
    );
}

// P1, L5
#[test]
fn profiles_that_are_named_like_mailboxes_can_be_logged_on_to() {
    let names: Vec<_> = (0..100).map(|it| format!("Mailbox {it:08}")).collect();
    let profiles = names.iter().map(Profile::new);
    let builder = profiles.fold(Memory::builder(), Builder::profile);
    let mapi = Mapi::initialize(builder.build().unwrap()).unwrap();
    let logon = |name: &String| mapi.logon(&LogonRequest::new_session(name)).unwrap();
    let sessions: Vec<_> = names.iter().map(logon).collect();
    assert_eq!(mapi.subsystem().open_sessions(), 100);
    sessions.into_iter().for_each(logoff);
}

fn names(memory: &Memory) -> Vec<String> {
    let rows = memory
        .profiles()
        .profile_table(ProfileFlags::empty())
        .unwrap();
    rows.into_iter().map(|row| row.name().to_owned()).collect()
}

// P2. The size is the check.
#[test]
fn many_profiles_in_use_are_renamed_when_their_sessions_have_ended() {
    const PROFILES: usize = 30_000;
    let name = |kind: &str, number| format!("{kind} {number:08}");
    let profiles = (0..PROFILES).map(|number| Profile::new(name("Old", number)));
    let builder = profiles.fold(Memory::builder(), Builder::profile);
    let memory = builder.build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let logon = |number| {
        let name = name("Old", number);
        mapi.logon(&LogonRequest::new_session(&name)).unwrap()
    };
    let sessions: Vec<_> = (0..PROFILES).map(logon).collect();
    let none = ProfileFlags::empty();
    for number in 0..PROFILES {
        let (old, new) = (name("Old", number), name("New", number));
        memory.profiles().rename_profile(&old, &new, none).unwrap();
    }
    let named = |kind| (0..PROFILES).map(|it| name(kind, it)).collect::<Vec<_>>();
    assert_eq!(names(&memory), named("Old"));
    sessions.into_iter().for_each(logoff);
    assert_eq!(names(&memory), named("New"));
}

// P2: the last of many renames counts, and the others' names are free again.
#[test]
fn a_profile_in_use_can_be_renamed_many_times() {
    let memory = outlook(Profile::new("Outlook"));
    let session = logon(&memory);
    let none = ProfileFlags::empty();
    for number in 0..10_000 {
        let new = format!("New {number}");
        memory
            .profiles()
            .rename_profile("Outlook", &new, none)
            .unwrap();
    }
    memory.create_profile(&Profile::new("New 0")).unwrap();
    logoff(session);
    let _mapi = Mapi::initialize(memory.clone()).unwrap();
    assert_eq!(names(&memory), ["New 0", "New 9999"]);
}

// Long identifiers and names.

/// An entry identifier of 64 MiB, with this at its beginning.
fn long_id(start: &[u8]) -> EntryId {
    let mut bytes = vec![0xAB; 64 * MIB];
    bytes[..start.len()].copy_from_slice(start);
    EntryId::new(bytes)
}

// M2, M5, M6, M10, N10
#[test]
fn what_is_said_of_a_long_entry_identifier_is_short() {
    let memory = with_mail(Store::new("Mailbox"));
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let (own, foreign) = (long_id(mailbox.as_bytes()), long_id(&[]));
    let of_mapi = long_id(&[0xFF; 20]);
    let opens = |it| session.open_entry(it, OpenEntryFlags::empty()).map(drop);
    let opens_store = |it| {
        session
            .open_msg_store(it, OpenStoreFlags::empty())
            .map(drop)
    };
    let advises = |it| {
        let advised = session.advise_object(it, EXTENDED, |_: &Notification| ());
        advised.map(drop)
    };
    let compares = |one, other| session.compare_entry_ids(one, other).map(drop);
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    let is_short = |refused: Result<(), Error>, expected| {
        let error = refused.unwrap_err();
        assert_eq!(error.hresult(), expected, "{error}");
        let text = error.to_string();
        assert!(text.len() < KIB, "{} bytes", text.len());
        assert!(text.contains("(67108864 bytes)"), "{text}");
        assert!(format!("{error:?}").len() < 2 * KIB);
        text
    };
    let is_kept = |refused, expected| {
        let text = is_short(refused, expected);
        let last = session.last_error(expected).unwrap().unwrap();
        assert!(text.ends_with(last.error()), "{text}: {last:?}");
    };
    is_kept(opens(&own), NOT_FOUND);
    is_kept(opens(&foreign), unknown);
    is_kept(opens(&of_mapi), NOT_FOUND);
    is_kept(opens_store(&own), NOT_FOUND);
    is_kept(opens_store(&foreign), NOT_FOUND);
    is_kept(compares(&own, &foreign), unknown);
    is_kept(compares(&foreign, &mailbox), unknown);
    is_kept(advises(&foreign), unknown);
    is_kept(advises(&of_mapi), HResult::MAPI_E_NO_SUPPORT);
    // GetLastError is the session's own.
    let store = session.open_msg_store(&mailbox, OpenStoreFlags::empty());
    let store = store.unwrap();
    let opens_in_store = |it| store.open_entry(it, OpenEntryFlags::empty()).map(drop);
    is_short(opens_in_store(&own), NOT_FOUND);
    is_short(opens_in_store(&foreign), unknown);
    drop(store);
    logoff(session);
}

// L5, P1, M9, M10
#[test]
fn what_is_said_of_a_long_name_is_short() {
    let memory = with_mail(Store::new("Mailbox"));
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let (profiles, none) = (memory.profiles(), ProfileFlags::empty());
    let long = "x".repeat(MIB);
    let named = LogonRequest::new_session(&long);
    let twice = Store::new(&*long).default_store();
    let twice = Service::new(&*long).store(twice.clone()).store(twice);
    let refusals = [
        (mapi.logon(&named).map(drop), LOGON_FAILED),
        (
            memory.create_profile(&Profile::new(&*long)),
            INVALID_PARAMETER,
        ),
        (
            profiles.rename_profile("Outlook", &long, none),
            INVALID_PARAMETER,
        ),
        (profiles.rename_profile(&long, "New", none), NOT_FOUND),
        (
            profiles.copy_profile("Outlook", &long, none),
            INVALID_PARAMETER,
        ),
        (profiles.delete_profile(&long, none), NOT_FOUND),
        (profiles.set_default_profile(Some(&long)), NOT_FOUND),
        (admin.create_msg_service(&long, "Archive"), NOT_FOUND),
        (
            Memory::builder().installed_service(twice).build().map(drop),
            INVALID_PARAMETER,
        ),
    ];
    for (refused, expected) in refusals {
        let error = refused.unwrap_err();
        assert_eq!(error.hresult(), expected, "{:.200}", error.to_string());
        let text = error.to_string();
        assert!(text.len() < 4 * KIB, "{:.200}: {} bytes", text, text.len());
        assert!(text.contains("(1048576 bytes)"), "{text}");
    }
    drop(admin);
    logoff(session);
}

// Forms and sections that come to nothing.

// M11, T3: the form had the last hold on the store.
#[test]
fn a_form_that_is_not_shown_gives_its_message_and_its_store_back() {
    let told: Arc<Mutex<Vec<ProviderCall>>> = Arc::default();
    let hears = Arc::clone(&told);
    let memory = with_mail(Store::new("Mailbox").hook(move |call| {
        hears.lock().unwrap().push(call);
        HResult::S_OK
    }));
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let store = session.open_msg_store(&mailbox, OpenStoreFlags::BEST_ACCESS);
    let store = store.unwrap();
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let message = session.open_entry(&hello, OpenEntryFlags::empty());
    let message = message.unwrap().into_message().unwrap();
    let form = session.prepare_form(message).unwrap();
    let (logon, open) = (ProviderCall::LogOn, ProviderCall::Open);
    drop(store);
    assert_eq!(*told.lock().unwrap(), [logon, open], "the form is open");
    drop(form);
    let logoff_of_store = ProviderCall::StoreLogoff(StoreLogoffFlags::ABORT);
    let logoff_too = [logon, open, logoff_of_store, ProviderCall::LogOff];
    assert_eq!(*told.lock().unwrap(), logoff_too);
    logoff(session);
}

// M11, "nothing leaks"
#[test]
fn forms_that_are_not_shown_leave_nothing() {
    let memory = with_mail(Store::new("Mailbox"));
    let session = logon(&memory);
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let prepare = |_| {
        let message = session.open_entry(&hello, OpenEntryFlags::empty());
        let message = message.unwrap().into_message().unwrap();
        session.prepare_form(message).unwrap()
    };
    // One after the other, and all at a time.
    let one_by_one = steady(|| (0..10_000).map(prepare).for_each(drop));
    assert_eq!(one_by_one.bytes_current, 0, "what is left: {one_by_one:?}");
    let at_once = steady(|| drop((0..10_000).map(prepare).collect::<Vec<_>>()));
    assert_eq!(at_once.bytes_current, 0, "what is left: {at_once:?}");
    logoff(session);
}

// M17, E13: each session that has one has a version of the profile of its own.
#[test]
fn sessions_with_a_store_outside_the_profile_leave_nothing() {
    let memory = Memory::builder()
        .profile(Profile::new("Outlook").store(Store::new("Mailbox")))
        .store_outside(Store::new("Delegate"))
        .build()
        .unwrap();
    let outside = memory.store_outside(&["Delegate"]).unwrap();
    let stays = logon(&memory);
    let cycle = |flags| {
        for _ in 0..1_000 {
            let session = logon(&memory);
            drop(session.open_msg_store(&outside, flags).unwrap());
            logoff(session);
        }
    };
    for flags in [OpenStoreFlags::TEMPORARY, OpenStoreFlags::empty()] {
        let left = steady(|| cycle(flags));
        assert_eq!(left.bytes_current, 0, "what is left: {left:?}");
    }
    logoff(stays);
}

// M4, "nothing leaks"
#[test]
fn sections_that_are_never_written_leave_nothing() {
    let memory = outlook(Profile::new("Outlook"));
    let session = logon(&memory);
    // No two alike: one that was left would not be found and opened again.
    let last = Cell::new(0_u32);
    let open = |_| {
        last.set(last.get() + 1);
        let mut uid = [0x5E; 16];
        uid[..4].copy_from_slice(&last.get().to_be_bytes());
        let section = session.open_profile_section(MapiUid::new(uid), ProfileSectionFlags::MODIFY);
        section.unwrap()
    };
    let one_by_one = steady(|| (0..10_000).map(open).for_each(drop));
    assert_eq!(one_by_one.bytes_current, 0, "what is left: {one_by_one:?}");
    let at_once = steady(|| drop((0..10_000).map(open).collect::<Vec<_>>()));
    assert_eq!(at_once.bytes_current, 0, "what is left: {at_once:?}");
    logoff(session);
}

// Sinks that cause events.

fn numbered(event: u32) -> Notification {
    Notification::Extended(ExtendedEvent::new(event, []))
}

fn number(event: &Notification) -> u32 {
    match event {
        Notification::Extended(event) => event.event(),
        other => unreachable!("{other:?}"),
    }
}

type Heard = Arc<Mutex<Vec<u32>>>;

/// A sink that writes down what it hears, before it does this.
fn writes_down<T: Fn(u32) + Send + Sync>(
    heard: &Heard,
    then: T,
) -> impl Fn(&Notification) + Send + Sync + use<T> {
    let heard = Arc::clone(heard);
    move |event: &Notification| {
        let number = number(event);
        heard.lock().unwrap().push(number);
        then(number);
    }
}

#[track_caller]
fn assert_heard_in_order(heard: &Heard, last: u32) {
    let heard = heard.lock().unwrap();
    assert!(heard.iter().copied().eq(1..=last), "{} heard", heard.len());
}

// N5: sinks that cause events do not nest.
#[test]
fn a_long_chain_of_events_that_a_sink_causes_is_heard_in_order() {
    const EVENTS: u32 = 100_000;
    on_a_stack_of(512 * KIB, || {
        let memory = outlook(Profile::new("Outlook"));
        let session = logon(&memory);
        let (heard, raises) = (Heard::default(), memory.clone());
        let sink = writes_down(&heard, move |number| {
            if number < EVENTS {
                raises.notify(None, numbered(number + 1));
            }
        });
        let registration = session.advise(EXTENDED, sink).unwrap();
        memory.notify(None, numbered(1));
        assert_heard_in_order(&heard, EVENTS);
        drop(registration);
        logoff(session);
    });
}

// N5: each hears an event before either hears the next, whoever causes it.
#[test]
fn two_sinks_that_cause_events_by_turns_hear_all_in_order() {
    const EVENTS: u32 = 100_000;
    on_a_stack_of(512 * KIB, || {
        let memory = outlook(Profile::new("Outlook"));
        let session = logon(&memory);
        let heard = [Heard::default(), Heard::default()];
        let advise = |which: u32| {
            let raises = memory.clone();
            let sink = writes_down(&heard[which as usize], move |number| {
                if number < EVENTS && number % 2 == which {
                    raises.notify(None, numbered(number + 1));
                }
            });
            session.advise(EXTENDED, sink).unwrap()
        };
        let registrations = [0, 1].map(advise);
        memory.notify(None, numbered(1));
        for heard in &heard {
            assert_heard_in_order(heard, EVENTS);
        }
        drop(registrations);
        logoff(session);
    });
}

// N5, N8
#[test]
fn a_hold_inside_a_sink_keeps_the_order() {
    let memory = outlook(Profile::new("Outlook"));
    let session = logon(&memory);
    let heard = [Heard::default(), Heard::default()];
    let raises = memory.clone();
    let raise = writes_down(&heard[0], move |number| {
        if number == 1 {
            raises.notify(None, numbered(2));
            let held = raises.hold_notifications();
            raises.notify(None, numbered(3));
            let held_too = raises.hold_notifications();
            drop(held);
            raises.notify(None, numbered(4));
            drop(held_too);
            raises.notify(None, numbered(5));
        }
    });
    let raise = session.advise(EXTENDED, raise).unwrap();
    let listen = session.advise(EXTENDED, writes_down(&heard[1], |_| ()));
    let listen = listen.unwrap();
    memory.notify(None, numbered(1));
    memory.notify(None, numbered(6));
    for heard in &heard {
        assert_heard_in_order(heard, 6);
    }
    drop((raise, listen));
    logoff(session);
}

// N5, N8: nor do holds nest.
#[test]
fn a_long_chain_of_events_that_a_sink_holds_is_heard_in_order() {
    const EVENTS: u32 = 100_000;
    on_a_stack_of(512 * KIB, || {
        let memory = outlook(Profile::new("Outlook"));
        let session = logon(&memory);
        let (heard, raises) = (Heard::default(), memory.clone());
        // Every third of them, itself told late: the next at once, two more late.
        let sink = writes_down(&heard, move |number| {
            if number < EVENTS && number % 3 == 1 {
                raises.notify(None, numbered(number + 1));
                let held = raises.hold_notifications();
                raises.notify(None, numbered(number + 2));
                raises.notify(None, numbered(number + 3));
                drop(held);
            }
        });
        let registration = session.advise(EXTENDED, sink).unwrap();
        memory.notify(None, numbered(1));
        assert_heard_in_order(&heard, EVENTS);
        drop(registration);
        logoff(session);
    });
}

// N7: many go while they are told; those who are gone hear nothing.
#[test]
fn a_sink_that_takes_all_the_others_away_is_the_only_one_told() {
    const OTHERS: usize = 50_000;
    let memory = outlook(Profile::new("Outlook"));
    let session = Arc::new(logon(&memory));
    let told = Arc::new(AtomicUsize::new(0));
    let advise = |_| {
        let told = Arc::clone(&told);
        let sink = move |_: &Notification| {
            told.fetch_add(1, Ordering::Relaxed);
        };
        Registration::advise(Arc::clone(&session), None, EXTENDED, sink).unwrap()
    };
    let others = Arc::new(Mutex::new(Vec::new()));
    let takes = Arc::clone(&others);
    let first = session.advise(EXTENDED, move |_: &Notification| {
        let gone = std::mem::take(&mut *takes.lock().unwrap());
        drop(gone);
    });
    others.lock().unwrap().extend((0..OTHERS).map(advise));
    memory.notify(None, numbered(1));
    memory.notify(None, numbered(2));
    assert_eq!(told.load(Ordering::Relaxed), 0);
    drop(first);
    logoff(Arc::into_inner(session).unwrap());
}

// Many registrations.

// N1, N7. The size is the check.
#[test]
fn of_many_objects_only_the_one_is_told_of() {
    const OBJECTS: u32 = 40_000;
    let profile = Profile::new("Outlook").store(Store::new("Mailbox"));
    let memory = outlook(profile.address_book(AddressBook::new("Contacts")));
    let session = logon(&memory);
    let providers = [id(&memory, &["Mailbox"]), id(&memory, &["Contacts"])];
    let object = |number: u32| {
        let provider = providers[number as usize % 2].as_bytes();
        EntryId::new([provider, &number.to_le_bytes()].concat())
    };
    let heard = Heard::default();
    let advise = |number: u32| {
        let heard = Arc::clone(&heard);
        let sink = move |_: &Notification| heard.lock().unwrap().push(number);
        let advised = session.advise_object(&object(number), EXTENDED, sink);
        advised.unwrap()
    };
    let registrations: Vec<_> = (0..OBJECTS).map(advise).collect();
    for number in [0, 1, 777, OBJECTS - 1, OBJECTS] {
        memory.notify(Some(&object(number)), numbered(1));
    }
    memory.notify(Some(&providers[0]), numbered(1));
    memory.notify(None, numbered(1));
    assert_eq!(
        std::mem::take(&mut *heard.lock().unwrap()),
        [0, 1, 777, OBJECTS - 1]
    );
    for number in (0..OBJECTS).rev() {
        memory.notify(Some(&object(number)), numbered(1));
    }
    let each = std::mem::take(&mut *heard.lock().unwrap());
    assert!(each.into_iter().eq((0..OBJECTS).rev()));
    drop(registrations);

    // Not how large the tables have become, but all that was in them; each time others.
    let mut numbers = (OBJECTS..).step_by(OBJECTS as usize);
    let left = steady(|| {
        let first = numbers.next().unwrap();
        let others = (first..first + OBJECTS).map(advise);
        drop(others.collect::<Vec<_>>());
    });
    assert_eq!(left.count_current, 0, "what is left: {left:?}");
    memory.notify(Some(&object(777)), numbered(1));
    assert_eq!(*heard.lock().unwrap(), [0; 0]);
    logoff(session);
}

// N1, N7: nor on one object. The size is the check, in whatever order they go.
#[test]
fn many_registrations_on_one_object_come_and_go() {
    const REGISTRATIONS: usize = 60_000;
    let memory = outlook(Profile::new("Outlook").store(Store::new("Mailbox")));
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let told = Arc::new(AtomicUsize::new(0));
    let advise = |_| {
        let told = Arc::clone(&told);
        let sink = move |_: &Notification| {
            told.fetch_add(1, Ordering::Relaxed);
        };
        let advised = session.advise_object(&mailbox, EXTENDED, sink);
        advised.unwrap()
    };
    let mut registrations: Vec<_> = (0..REGISTRATIONS).map(advise).collect();
    memory.notify(Some(&mailbox), numbered(1));
    assert_eq!(told.swap(0, Ordering::Relaxed), REGISTRATIONS);
    // The first, and then the last.
    let half = registrations.split_off(REGISTRATIONS / 2);
    drop(registrations);
    memory.notify(Some(&mailbox), numbered(2));
    assert_eq!(told.swap(0, Ordering::Relaxed), REGISTRATIONS / 2);
    half.into_iter().rev().for_each(drop);
    memory.notify(Some(&mailbox), numbered(3));
    assert_eq!(told.load(Ordering::Relaxed), 0);
    logoff(session);
}

// Many providers that have something to say.

const PROVIDERS: usize = 30_000;

/// Where each would go through all.
const MORE_PROVIDERS: usize = 60_000;

/// A count of the calls of all providers, who answer this to the call.
type Calls = Arc<AtomicUsize>;

fn answering(
    calls: &Calls,
    to: ProviderCall,
    answer: HResult,
) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> {
    let calls = Arc::clone(calls);
    move |call| match call == to {
        true => {
            calls.fetch_add(1, Ordering::Relaxed);
            answer
        }
        false => HResult::S_OK,
    }
}

fn unavailable(session: &Session<Live, Memory>) -> usize {
    let status = session.status_table().unwrap();
    let available = mapi_session::flags::StatusCode::AVAILABLE;
    let rows = status.rows().iter();
    rows.filter(|row| row.status_code() != available).count()
}

// L10: those that need no answer from outside are not each a call deeper. The size is the check.
#[test]
fn many_providers_that_nobody_may_configure_are_logged_on_later() {
    on_a_stack_of(512 * KIB, || {
        let memory = outlook(profile_of(PROVIDERS, |it, name| {
            it.store(Store::new(&*name).unconfigured())
                .address_book(AddressBook::new(name).unconfigured())
        }));
        let session = logon(&memory);
        assert_eq!(unavailable(&session), 2 * PROVIDERS);
        logoff(session);
    });
}

// L10: nor are those that the user is asked about, and their services are found at once.
#[test]
fn many_providers_that_the_user_does_not_configure_are_disabled() {
    on_a_stack_of(512 * KIB, || {
        let memory = outlook(profile_of(PROVIDERS, |it, name| {
            it.store(Store::new(name).unconfigured())
        }));
        memory.user().answer(Answer::Accept);
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let request = LogonRequest::new_session("Outlook").ui(UiParam::NONE);
        let session = mapi.logon(&request).unwrap();
        assert_eq!(memory.user().take_dialogs().len(), PROVIDERS);
        assert_eq!(unavailable(&session), PROVIDERS - 1);
        logoff(session);
    });
}

// L10: the same of those that fail. The size is the check.
#[test]
fn many_providers_that_cannot_log_on_are_disabled() {
    on_a_stack_of(512 * KIB, || {
        let calls = Calls::default();
        let memory = outlook(profile_of(MORE_PROVIDERS, |it, name| {
            let fails = answering(&calls, ProviderCall::LogOn, LOGON_FAILED);
            it.address_book(AddressBook::new(name).hook(fails))
        }));
        let session = logon(&memory);
        assert_eq!(calls.load(Ordering::Relaxed), MORE_PROVIDERS);
        assert_eq!(unavailable(&session), MORE_PROVIDERS);
        logoff(session);
    });
}

// L9, M11. The size is the check.
#[test]
fn many_transports_are_started_when_they_are_needed() {
    on_a_stack_of(512 * KIB, || {
        let memory = outlook(profile_of(MORE_PROVIDERS, |it, name| {
            let transport = Transport::new(&*name).address_type(name);
            it.transport(transport.address_type("SMTP"))
        }));
        let session = logon(&memory);
        let types = session.enum_adr_types().unwrap();
        assert_eq!(types.len(), MORE_PROVIDERS + 1, "each once");
        assert_eq!(types[..3], ["0", "SMTP", "1"], "in their order");
        assert_eq!(unavailable(&session), 0);
        logoff(session);
    });
}

// M3. The size is the check.
#[test]
fn the_address_book_is_made_of_many() {
    on_a_stack_of(512 * KIB, || {
        let calls = Calls::default();
        let profile = profile_of(PROVIDERS, |it, name| {
            it.address_book(AddressBook::new(name).unconfigured())
        });
        let memory = outlook(with_more(profile, PROVIDERS, |it, name| {
            let counts = answering(&calls, ProviderCall::Open, HResult::S_OK);
            it.address_book(AddressBook::new(name).hook(counts))
        }));
        let session = logon(&memory);
        let book = session.open_address_book(UiParam::NONE, AddressBookFlags::NO_DIALOG);
        let book = book.unwrap();
        let warning = book.open_warning().unwrap().hresult();
        assert_eq!(warning, HResult::MAPI_W_ERRORS_RETURNED);
        assert_eq!(calls.load(Ordering::Relaxed), PROVIDERS);
        drop(book);
        logoff(session);
    });
}

// E9, E10. The size is the check.
#[test]
fn many_providers_are_logged_off() {
    on_a_stack_of(512 * KIB, || {
        let calls = Calls::default();
        let memory = outlook(profile_of(PROVIDERS, |it, name| {
            let fails = answering(&calls, ProviderCall::LogOff, LOGON_FAILED);
            it.store(Store::new(name).hook(fails))
        }));
        let session = logon(&memory);
        logoff(session);
        assert_eq!(calls.load(Ordering::Relaxed), PROVIDERS);
    });
}

// F3. The size is the check.
#[test]
fn many_providers_are_shut_down_fast() {
    on_a_stack_of(512 * KIB, || {
        let calls = Calls::default();
        let profile = profile_of(PROVIDERS, |it, name| {
            it.store(Store::new(name).fast_shutdown(true))
        });
        let memory = outlook(with_more(profile, PROVIDERS, |it, name| {
            let counts = answering(&calls, ProviderCall::DoFastShutdown, HResult::S_OK);
            it.store(Store::new(name).fast_shutdown(true).hook(counts))
        }));
        let mapi = Mapi::initialize(memory).unwrap();
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        let notified = session.fast_shutdown().unwrap().notify().unwrap();
        drop(notified.shut_down(mapi).unwrap());
        assert_eq!(calls.load(Ordering::Relaxed), PROVIDERS);
    });
}

// E13: what is deleted gives its memory back, but for a few bytes for each 64 numbers.
#[test]
fn messages_that_come_and_go_leave_nothing() {
    const MESSAGES: usize = 6_400;
    let memory = with_mail(Store::new("Mailbox").default_store());
    let mapi = Mapi::initialize(memory).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let inbox_id = mapi
        .subsystem()
        .entry_id("Outlook", &["Mailbox", "Inbox"])
        .unwrap();
    let store = session
        .open_default_store(OpenStoreFlags::BEST_ACCESS)
        .unwrap();
    let inbox = store.open_receive_folder("IPM.Note").unwrap();
    let left = steady(|| {
        for _ in 0..MESSAGES {
            let message = mapi.subsystem().deliver(&inbox_id, "News").unwrap();
            inbox.delete_messages(&[message]).unwrap();
        }
    });
    assert!(left.bytes_current < MESSAGES as i64, "{left:?}");
}
