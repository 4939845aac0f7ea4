//! Folders with many messages: their rows read, restricted and sorted, and what a message takes where
//! there are a million.

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use allocation_counter::measure;
use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
use mapi_session::property::{PropTag, Props};
use mapi_session::session::folder::PropTable;
use mapi_session::table::{Bookmark, Restriction, SortOrder};
use mapi_session::{EntryId, Live, LogonRequest, Mapi, OpenStoreFlags, Session};
use support::{batch, in_turns, only_tries};

const MSGFLAG_READ: i32 = 1;
const COLUMNS: [PropTag; 4] = [
    PropTag::SUBJECT,
    PropTag::SENDER_NAME,
    PropTag::MESSAGE_FLAGS,
    PropTag::ENTRYID,
];

fn main() {
    read();
    restrict_and_sort();
    grow();
}

fn read() {
    println!(
        "\n| rows read, 50 at a time | ns a row | rows a second | to one row |\n|---|--:|--:|--:|"
    );
    let sizes = [1, 1_000, if only_tries() { 2_000 } else { 100_000 }];
    let sessions = sizes.map(|n| session(described(n)).0);
    let tables = sessions.each_ref().map(table);
    let rounds = in_turns(
        Duration::from_secs(6),
        Duration::from_millis(20),
        tables.each_ref().map(|it| {
            batch(move || {
                it.seek(Bookmark::BEGINNING, 0).expect("a cursor");
                it.rows()
                    .map(|row| row.expect("a row"))
                    .map(black_box)
                    .count()
            })
        }),
    );
    for (i, n) in sizes.into_iter().enumerate() {
        let a_row = rounds.median(|nanos| nanos[i] / n as f64);
        let ratio = rounds.median(|nanos| nanos[i] / n as f64 / nanos[0]);
        println!("| {n} | {a_row:.0} | {:.0} | {ratio:.2} |", 1e9 / a_row);
    }
}

fn restrict_and_sort() {
    println!("\n| of 100,000 rows | table | a Vec | ratio |\n|---|--:|--:|--:|");
    let n = if only_tries() { 2_000 } else { 100_000 };
    let (session, _) = session(described(n));
    let table = table(&session);
    let plain: Vec<(String, i32)> = (0..n).map(|i| (subject(i), flags(i))).collect();

    let wanted = Restriction::has_none_of(PropTag::MESSAGE_FLAGS, MSGFLAG_READ as u32)
        .and(Restriction::contains(PropTag::SUBJECT, "ORDER 7"));
    let is_wanted = |(subject, flags): &(String, i32)| {
        flags & MSGFLAG_READ == 0 && contains(subject, "ORDER 7")
    };
    table.restrict(&wanted).expect("restricted");
    let shown = table.row_count().expect("a count") as usize;
    assert_eq!(shown, plain.iter().filter(|it| is_wanted(it)).count());
    table.unrestrict().expect("all rows");
    let rows: Vec<Props> = table.rows().map(|row| row.expect("a row")).collect();
    let row_is_wanted = |row: &Props| {
        let flags = row.bits(PropTag::MESSAGE_FLAGS).expect("flags");
        let subject = row.text(PropTag::SUBJECT).expect("a subject");
        flags & MSGFLAG_READ as u32 == 0 && contains(subject, "ORDER 7")
    };
    let rounds = in_turns(
        Duration::from_secs(4),
        Duration::from_millis(20),
        [
            batch(|| table.restrict(&wanted)),
            batch(|| {
                rows.iter()
                    .filter(|it| row_is_wanted(it))
                    .collect::<Vec<_>>()
            }),
        ],
    );
    show("restricted, to a `Vec` of these rows", &rounds);
    let rounds = in_turns(
        Duration::from_secs(4),
        Duration::from_millis(20),
        [
            batch(|| table.restrict(&wanted)),
            batch(|| plain.iter().filter(|it| is_wanted(it)).collect::<Vec<_>>()),
        ],
    );
    show("restricted, to a `Vec` of a text and a number", &rounds);

    table.unrestrict().expect("all rows");
    let order = [SortOrder::ascending(PropTag::SUBJECT)];
    let sorted = || {
        let mut rows: Vec<_> = plain.iter().collect();
        rows.sort_by(|(one, _), (other, _)| compare(one, other));
        rows
    };
    table.sort(&order).expect("sorted");
    let rows = table.rows().zip(sorted());
    for (row, (subject, _)) in rows {
        assert_eq!(row.expect("a row").text(PropTag::SUBJECT), Some(&**subject));
    }
    let rounds = in_turns(
        Duration::from_secs(4),
        Duration::from_millis(20),
        [batch(|| table.sort(&order)), batch(sorted)],
    );
    show("sorted, to a `Vec` of a text and a number", &rounds);
}

fn show(what: &str, rounds: &support::Rounds<2>) {
    println!(
        "| {what} | {:.1} ms | {:.1} ms | {:.2} |",
        rounds.median(|[table, _]| table / 1e6),
        rounds.median(|[_, plain]| plain / 1e6),
        rounds.median(|[table, plain]| table / plain),
    );
}

/// As a table looks for a text, without the table.
fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let mut windows = text.windows(part.len());
    windows.any(|it| it.eq_ignore_ascii_case(part))
}

/// As a table compares, without the table.
fn compare(one: &str, other: &str) -> std::cmp::Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(lower).cmp(other.bytes().map(lower))
}

fn grow() {
    println!("\n| 1,000,000 messages | in all | a message |\n|---|--:|--:|");
    let (n, more) = if only_tries() {
        (2_000, 200)
    } else {
        (1_000_000, 100_000)
    };
    let mut all = None;
    let bytes = measure(|| all = Some(describe(n))).bytes_current;
    println!(
        "| bytes kept | {} MB | {} |",
        bytes / 1_000_000,
        bytes / n as i64
    );
    // The others have its memory: what the kernel takes to give more differs too much.
    drop(all);
    line(
        "a tenth of them described, and built",
        describe(n / 10).1,
        n / 10,
    );
    let ((session, inbox), took) = describe(n);
    line("described, and built", took, n);

    let table = table(&session);
    for half in ["first", "second"] {
        let messages: Vec<_> = (0..more / 2).map(message).collect();
        let start = Instant::now();
        for message in messages {
            let delivered = session.subsystem().deliver(&inbox, message);
            delivered.expect("the Inbox");
        }
        let took = start.elapsed();
        line(
            &format!("delivered beside an open table, {half} half"),
            took,
            more / 2,
        );
    }
    let all = table.row_count().expect("a count") as usize;
    assert_eq!(all, n + more);
    let mut rows = table.rows().map(|row| black_box(row.expect("a row")));
    for half in ["first", "second"] {
        let start = Instant::now();
        let read = rows.by_ref().take(all / 2).count();
        line(&format!("listed, {half} half"), start.elapsed(), read);
    }
}

fn describe(n: usize) -> ((Session<Live, Memory>, EntryId), Duration) {
    let start = Instant::now();
    let described = session(described(n));
    (described, start.elapsed())
}

fn line(what: &str, took: Duration, messages: usize) {
    let each = took.as_nanos() as f64 / messages as f64;
    println!("| {what} | {:.2} s | {each:.0} ns |", took.as_secs_f64());
}

/// Spread, so that a sort has work to do.
fn subject(i: usize) -> String {
    let number = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let kind = ["Order", "order", "Invoice", "Re: order"][i % 4];
    format!("{kind} {number}")
}

fn flags(i: usize) -> i32 {
    i32::from(i % 3 != 0) * MSGFLAG_READ
}

fn message(i: usize) -> Message {
    let message = Message::new()
        .subject(subject(i))
        .sender("Kim Akers", "kim@contoso.com");
    match flags(i) & MSGFLAG_READ {
        0 => message.unread(),
        _ => message,
    }
}

fn described(n: usize) -> Store {
    let inbox = (0..n)
        .map(message)
        .fold(Folder::new("Inbox"), Folder::message);
    Store::new("Mailbox").default_store().folder(inbox)
}

fn session(store: Store) -> (Session<Live, Memory>, EntryId) {
    let profile = Profile::new("Outlook").store(store);
    let memory = Memory::builder().profile(profile).build();
    let memory = memory.expect("a subsystem");
    let inbox = memory.entry_id("Outlook", &["Mailbox", "Inbox"]);
    let mapi = Mapi::initialize(memory).expect("a library");
    let session = mapi.logon(&LogonRequest::new_session("Outlook"));
    (session.expect("a session"), inbox.expect("the Inbox"))
}

fn table(session: &Session<Live, Memory>) -> PropTable<'_, Memory> {
    let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS);
    let inbox = store.expect("a store").open_receive_folder("IPM.Note");
    inbox
        .expect("the Inbox")
        .contents_table(&COLUMNS)
        .expect("a table")
}
