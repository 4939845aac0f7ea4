//! The session's methods, each beside its floor: what no implementation that gives the same can do
//! without.

mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mapi_session::flags::ProfileSectionFlags;
use mapi_session::memory::{AddressBook, Memory, Profile, Store};
use mapi_session::table::MsgStoresTable;
use mapi_session::{EntryId, Live, LogonRequest, Mapi, MapiUid, OpenStoreFlags, Session};
use parking_lot::Mutex;
use support::{Batch, batch, in_turns};

/// A session on this profile.
fn session(profile: Profile) -> Session<Live, Memory> {
    let memory = Memory::builder().profile(profile.default_profile()).build();
    let mapi = Mapi::initialize(memory.expect("a subsystem")).expect("a library");
    mapi.logon(&LogonRequest::default_profile())
        .expect("a session")
}

/// An allocation of this size and its free.
fn allocate<const N: usize>() -> Box<[u8; N]> {
    black_box(Box::new([0; N]))
}

/// A row of the store table: two names and two keys.
fn allocate_row() -> (Vec<[usize; 16]>, [Box<[u8; 16]>; 4]) {
    (black_box(vec![[0; 16]]), [(); 4].map(|()| allocate::<16>()))
}

fn main() {
    println!("\n| method | ns | floor | floor, ns | ratio |\n|---|--:|---|--:|--:|");
    let empty = session(Profile::new("Empty"));
    let session = session(
        Profile::new("Full")
            .store(Store::new("Mailbox").default_store())
            .address_book(AddressBook::new("Contacts").primary_identity("Ana Trujillo")),
    );
    let table = session.msg_stores_table().expect("a table");
    let store = table.default_store().expect("a store").entry_id();
    let same = store.clone();
    let identity = session.query_identity().expect("one").ignore_warning();
    let section = MapiUid::new([7; 16]);
    support::create_section(&session, section);
    let (count, lock) = (Arc::new(AtomicUsize::new(0)), Mutex::new(0_usize));

    let show = |method: &str, floor_is: &str, ours: Batch<'_>, floor: Batch<'_>| {
        let rounds = in_turns(
            Duration::from_secs(2),
            Duration::from_millis(1),
            [ours, floor],
        );
        println!(
            "| {method} | {:.1} | {floor_is} | {:.1} | {:.2} |",
            rounds.median(|[ours, _]| *ours),
            rounds.median(|[_, floor]| *floor),
            rounds.median(|[ours, floor]| ours / floor),
        );
    };
    show(
        "GetMsgStoresTable, one store",
        "five allocations and their frees",
        batch(|| session.msg_stores_table().expect("a table")),
        batch(allocate_row),
    );
    let open = || {
        let flags = OpenStoreFlags::BEST_ACCESS;
        session.open_msg_store(store, flags).expect("a store")
    };
    show(
        "OpenMsgStore, and Release, which logs its provider off",
        "an allocation and its free",
        batch(open),
        batch(allocate::<64>),
    );
    let _kept = open();
    show(
        "OpenMsgStore of an open store, and Release",
        "an allocation and its free",
        batch(open),
        batch(allocate::<64>),
    );
    show(
        "QueryIdentity",
        "24 bytes copied",
        batch(|| session.query_identity().expect("an identity")),
        batch(|| black_box(&identity).clone()),
    );
    show(
        "CompareEntryIDs",
        "20 bytes compared",
        batch(|| {
            let (one, other) = black_box((store, &same));
            session.compare_entry_ids(one, other).expect("compared")
        }),
        batch(|| {
            let (one, other): (&EntryId, &EntryId) = black_box((store, &same));
            one == other
        }),
    );
    show(
        "OpenProfileSection and Release",
        "two locks, and a count up and down",
        batch(|| {
            let flags = ProfileSectionFlags::empty();
            session
                .open_profile_section(section, flags)
                .expect("a section")
        }),
        batch(|| {
            *lock.lock() += 1;
            count.fetch_add(1, Ordering::Relaxed);
            count.fetch_sub(1, Ordering::Release);
            *lock.lock() -= 1;
        }),
    );
    show(
        "GetMsgStoresTable, no store",
        "nothing",
        batch(|| empty.msg_stores_table().expect("a table")),
        batch(MsgStoresTable::default),
    );
}
