//! What must not grow with what there is beside it: an entry of a store that has a million folders,
//! an event of one object where others have registrations, the last of many stores.

mod support;

use std::time::Duration;

use allocation_counter::measure;
use mapi_session::memory::{Folder, Memory, Profile, Store};
use mapi_session::notification::ExtendedEvent;
use mapi_session::{
    EntryId, EventMask, Live, LogonRequest, Mapi, Notification, OpenEntryFlags, OpenStoreFlags,
    Session,
};
use support::{Batch, batch, in_turns};

fn main() {
    println!("\n| of {SESSIONS} | bytes each |\n|---|--:|");
    sizes();
    println!("\n| what | beside | ns | beside | ns | ratio |\n|---|--:|--:|--:|--:|--:|");
    let folders = [1_000, 1_000_000].map(|n| (n, with_folders(n)));
    show(
        "an entry opened and released: folders in its store",
        &folders,
        |it| {
            let (session, entry_id) = &it.1;
            batch(move || {
                let flags = OpenEntryFlags::empty();
                session.open_entry(entry_id, flags).expect("a folder")
            })
        },
    );
    let stores = [1_000, 100_000].map(|n| (n, with_stores(n)));
    show(
        "the last store opened and released: stores",
        &stores,
        |it| {
            let (session, entry_id) = &it.1;
            batch(move || {
                let flags = OpenStoreFlags::empty();
                session.open_msg_store(entry_id, flags).expect("a store")
            })
        },
    );
    let registered = [1_000, 100_000].map(|n| (n, with_folders(n)));
    let registrations: Vec<_> = registered.iter().map(register_for_all).collect();
    show(
        "one object's event: objects with a registration",
        &registered,
        |it| {
            let (session, entry_id) = &it.1;
            let event = Notification::Extended(ExtendedEvent::new(1, []));
            batch(move || session.subsystem().notify(Some(entry_id), event.clone()))
        },
    );
    drop(registrations);
}

/// A size, a session, and the entry identifier that the bench is about.
type Sized = (usize, (Session<Live, Memory>, EntryId));

const SESSIONS: i64 = 10_000;

/// What each of many sessions, and of the stores that they have open, takes of memory.
fn sizes() {
    let mailbox = Store::new("Mailbox").default_store();
    let profile = Profile::new("Outlook").store(mailbox);
    let memory = Memory::builder().profile(profile).build();
    let mapi = Mapi::initialize(memory.expect("a subsystem")).expect("a library");
    let mut sessions = Vec::with_capacity(SESSIONS as usize);
    let request = LogonRequest::new_session("Outlook");
    let taken = measure(|| {
        sessions.extend((0..SESSIONS).map(|_| mapi.logon(&request).expect("a session")));
    });
    println!("| session | {} |", taken.bytes_current / SESSIONS);
    let mut stores = Vec::with_capacity(SESSIONS as usize);
    let taken = measure(|| {
        let best = OpenStoreFlags::BEST_ACCESS;
        let open = |it| Session::open_default_store(it, best).expect("a store");
        stores.extend(sessions.iter().map(open));
    });
    println!("| its open store | {} |", taken.bytes_current / SESSIONS);
}

fn show<'a>(what: &str, sizes: &'a [Sized; 2], run: impl Fn(&'a Sized) -> Batch<'a>) {
    let [(few, _), (many, _)] = sizes;
    let rounds = in_turns(
        Duration::from_secs(2),
        Duration::from_millis(1),
        sizes.each_ref().map(run),
    );
    println!(
        "| {what} | {few} | {:.1} | {many} | {:.1} | {:.2} |",
        rounds.median(|[few, _]| *few),
        rounds.median(|[_, many]| *many),
        rounds.median(|[few, many]| many / few),
    );
}

fn session(profile: Profile, last: &[&str]) -> (Session<Live, Memory>, EntryId) {
    let memory = Memory::builder().profile(profile).build();
    let memory = memory.expect("a subsystem");
    let entry_id = memory.entry_id("Outlook", last).expect("it is there");
    let mapi = Mapi::initialize(memory).expect("a library");
    let session = mapi.logon(&LogonRequest::new_session("Outlook"));
    (session.expect("a session"), entry_id)
}

fn with_folders(n: usize) -> (Session<Live, Memory>, EntryId) {
    let folders = (0..n).map(|number| Folder::new(format!("Folder {number}")));
    let store = folders.fold(Store::new("Mailbox"), Store::folder);
    let last = format!("Folder {}", n - 1);
    session(Profile::new("Outlook").store(store), &["Mailbox", &last])
}

fn with_stores(n: usize) -> (Session<Live, Memory>, EntryId) {
    let stores = (0..n).map(|number| Store::new(format!("Store {number}")));
    let profile = stores.fold(Profile::new("Outlook"), Profile::store);
    session(profile, &[&format!("Store {}", n - 1)])
}

/// A registration for each folder.
fn register_for_all((n, (session, last)): &Sized) -> Vec<mapi_session::Registration<'_, Memory>> {
    let of = |number: u32| {
        let mut bytes = last.as_bytes().to_vec();
        let end = bytes.len();
        bytes[end - 4..].copy_from_slice(&number.to_le_bytes());
        EntryId::new(bytes)
    };
    let register = |number| {
        let sink = |event: &Notification| {
            std::hint::black_box(event);
        };
        let registered = session.advise_object(&of(number), EventMask::EXTENDED, sink);
        registered.expect("a registration")
    };
    (1..=*n as u32).map(register).collect()
}
