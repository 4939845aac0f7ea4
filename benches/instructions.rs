//! Instructions and allocations a cycle, counted by callgrind: unlike times, they hardly differ
//! from run to run.
//!
//! The bench runs itself under valgrind, for n cycles and for 2n, and divides the difference by n:
//! what starting and ending cost drops out.

mod support;

use std::hint::black_box;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use mapi_session::flags::ProfileSectionFlags;
use mapi_session::memory::Memory;
use mapi_session::property::PropTag;
use mapi_session::subsystem::{RawProp as _, RawPropTable as _};
use mapi_session::{
    EntryId, EventMask, Folder, Live, LogonRequest, MapiUid, Notification, OpenEntryFlags,
    OpenStoreFlags, Session,
};

/// A name, and what runs that many cycles.
type Case = (&'static str, fn(usize));

const CASES: [Case; 15] = [
    ("individual session, 1 profile", |n| sessions(1, n)),
    ("individual session, 1000 profiles", |n| sessions(1000, n)),
    ("bare typestate over a lock and an Arc", bare_sessions),
    ("advise and unadvise", registrations),
    ("store table of one store", store_tables),
    ("an open store opened again and released", stores),
    ("store opened, released and logged off", only_stores),
    ("identity", identities),
    ("entry identifiers compared", comparisons),
    ("profile section opened and released", sections),
    ("a logoff that tells one client", tellings),
    ("rows of a table counted", |n| {
        with_folder(|folder| {
            let table = folder.contents_table(&[]).expect("a table");
            (0..n).for_each(|_| drop(black_box(table.row_count())));
        });
    }),
    ("the same by the raw trait", |n| {
        with_folder(|folder| {
            let table = folder.contents_table(&[]).expect("a table");
            (0..n).for_each(|_| drop(black_box(table.raw().row_count(0))));
        });
    }),
    ("three properties of a folder", |n| {
        with_folder(|folder| (0..n).for_each(|_| drop(black_box(folder.props(&TAGS)))));
    }),
    ("the same by the raw trait", |n| {
        with_folder(|folder| {
            (0..n).for_each(|_| drop(black_box(folder.raw().props(Some(&TAGS), MAPI_UNICODE))));
        });
    }),
];

const TAGS: [PropTag; 3] = [
    PropTag::DISPLAY_NAME,
    PropTag::CONTENT_COUNT,
    PropTag::ENTRYID,
];
const MAPI_UNICODE: u32 = 0x8000_0000;

fn with_folder(run: impl FnOnce(&Folder<'_, Memory>)) {
    let session = support::session(&support::mapi(1));
    let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS);
    let folder = store
        .expect("a store")
        .open_root_folder(OpenEntryFlags::BEST_ACCESS);
    run(&folder.expect("a folder"));
    support::log_off(session);
}

fn sessions(profiles: usize, n: usize) {
    let mapi = support::mapi(profiles);
    for _ in 0..n {
        support::cycle(&mapi);
    }
}

fn bare_sessions(n: usize) {
    let library = bare::Library::default();
    for _ in 0..n {
        drop(library.logon().logoff());
    }
}

fn registrations(n: usize) {
    let session = support::session(&support::mapi(1));
    for _ in 0..n {
        drop(
            session
                .advise(EventMask::EXTENDED, |_: &Notification| {})
                .expect("a registration"),
        );
    }
    support::log_off(session);
}

fn store_tables(n: usize) {
    let session = support::session(&support::mapi(1));
    for _ in 0..n {
        drop(session.msg_stores_table().expect("a table"));
    }
    support::log_off(session);
}

fn stores(n: usize) {
    let session = support::session(&support::mapi(1));
    let id = default_store(&session);
    let kept = session.open_msg_store(&id, OpenStoreFlags::BEST_ACCESS);
    open_stores(&session, &id, n);
    drop(kept.expect("a store"));
    support::log_off(session);
}

/// The last release of a store logs its provider off, and the next opening on again.
fn only_stores(n: usize) {
    let session = support::session(&support::mapi(1));
    open_stores(&session, &default_store(&session), n);
    support::log_off(session);
}

fn default_store(session: &Session<Live, Memory>) -> EntryId {
    let table = session.msg_stores_table().expect("a table");
    table.default_store().expect("a store").entry_id().clone()
}

fn open_stores(session: &Session<Live, Memory>, id: &EntryId, n: usize) {
    for _ in 0..n {
        let store = session.open_msg_store(id, OpenStoreFlags::BEST_ACCESS);
        drop(store.expect("a store"));
    }
}

fn identities(n: usize) {
    let session = support::session(&support::mapi(1));
    for _ in 0..n {
        drop(session.query_identity().expect("an identity"));
    }
    support::log_off(session);
}

fn comparisons(n: usize) {
    let session = support::session(&support::mapi(1));
    let table = session.msg_stores_table().expect("a table");
    let entry_id = table.default_store().expect("a store").entry_id();
    let same = entry_id.clone();
    for _ in 0..n {
        let (one, other) = black_box((entry_id, &same));
        black_box(session.compare_entry_ids(one, other).expect("compared"));
    }
    support::log_off(session);
}

fn sections(n: usize) {
    let session = support::session(&support::mapi(1));
    let uid = MapiUid::new([7; 16]);
    support::create_section(&session, uid);
    for _ in 0..n {
        let flags = ProfileSectionFlags::empty();
        drop(session.open_profile_section(uid, flags).expect("a section"));
    }
    support::log_off(session);
}

fn tellings(n: usize) {
    let mapi = support::mapi(1);
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let session = mapi.logon(&shared).expect("a session");
    let told = session.advise(EventMask::EXTENDED, |event: &Notification| {
        black_box(event);
    });
    for _ in 0..n {
        let joined = mapi.logon(&LogonRequest::join_shared());
        support::log_off(joined.expect("a session"));
    }
    drop(told);
    support::log_off(session);
}

/// What the types alone would cost: a lock and an Arc, and no rule of MAPI's.
mod bare {
    use std::marker::PhantomData;
    use std::sync::Arc;

    use parking_lot::Mutex;

    #[derive(Clone, Default)]
    pub(crate) struct Library(Arc<Mutex<usize>>);

    pub(crate) struct Session<S> {
        open: Arc<Library>,
        state: PhantomData<S>,
    }

    pub(crate) struct Live;
    pub(crate) struct LoggedOff;

    impl Library {
        #[inline(never)]
        pub(crate) fn logon(&self) -> Session<Live> {
            *self.0.lock() += 1;
            Session {
                open: Arc::new(self.clone()),
                state: PhantomData,
            }
        }
    }

    impl Session<Live> {
        #[inline(never)]
        pub(crate) fn logoff(self) -> Session<LoggedOff> {
            *self.open.0.lock() -= 1;
            Session {
                open: self.open,
                state: PhantomData,
            }
        }
    }
}

fn main() {
    let args: Vec<_> = env::args().collect();
    if let [_, flag, case, n] = &args[..] {
        if flag == "--run" {
            let (_, run) = CASES[case.parse::<usize>().expect("a case")];
            return run(n.parse().expect("a number of cycles"));
        }
    }
    println!("\n| a cycle | instructions | allocations |\n|---|--:|--:|");
    let n = if support::only_tries() { 10 } else { 2000 };
    for (case, (name, _)) in CASES.iter().enumerate() {
        match counts(case, n).and_then(|once| Ok((once, counts(case, 2 * n)?))) {
            Ok((once, twice)) => {
                let a_cycle =
                    |count: fn(&Counts) -> u64| (count(&twice) - count(&once)) as f64 / n as f64;
                println!(
                    "| {name} | {:.1} | {:.2} |",
                    a_cycle(|c| c.instructions),
                    a_cycle(|c| c.allocations)
                );
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return println!("\nSkipped: there is no valgrind here to count with.");
            }
            Err(error) => return println!("\nSkipped: valgrind does not count: {error}"),
        }
    }
}

struct Counts {
    instructions: u64,
    allocations: u64,
}

/// What `n` cycles take in a process of their own.
fn counts(case: usize, n: usize) -> io::Result<Counts> {
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("callgrind.{case}.{n}"));
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--compress-strings=no",
            "--compress-pos=no",
        ])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(env::current_exe()?)
        .args(["--run", &case.to_string(), &n.to_string()])
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    let counts = read(&fs::read_to_string(&profile)?);
    fs::remove_file(profile)?;
    counts.ok_or_else(|| io::Error::other("its profile has no totals"))
}

/// Reads callgrind's profile: a `totals` line, and a `calls` line under the `cfn` of each function
/// that is called.
fn read(profile: &str) -> Option<Counts> {
    const ALLOCATORS: [&str; 6] = [
        "malloc",
        "calloc",
        "realloc",
        "memalign",
        "aligned_alloc",
        "posix_memalign",
    ];
    let mut counts = Counts {
        instructions: 0,
        allocations: 0,
    };
    let mut called = "";
    for line in profile.lines() {
        match line.split_once(['=', ' ']) {
            Some(("totals:", total)) => counts.instructions = total.parse().ok()?,
            Some(("cfn", function)) => called = function,
            Some(("calls", calls)) if ALLOCATORS.contains(&called) => {
                counts.allocations += calls.split(' ').next()?.parse::<u64>().ok()?;
            }
            _ => {}
        }
    }
    (counts.instructions > 0).then_some(counts)
}
