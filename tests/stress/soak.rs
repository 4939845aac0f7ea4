//! Rule E13 over a long time: sessions that do what a mail tool does, on one thread and on four, leave no session and
//! no memory behind.
//!
//! A million rounds of each: `MAPI_SESSION_ROUNDS=1000000 cargo test --release --test stress soak -- --nocapture`

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use mapi_session::memory::{Folder, Memory, Profile, Store};
use mapi_session::property::PropTag;
use mapi_session::{
    EntryId, Error, EventMask, Live, LogoffFlags, LogonRequest, Mapi, Notification, OpenStoreFlags,
    Session,
};

const PROFILES: [&str; 4] = ["One", "Two", "Three", "Four"];

/// How much more memory may be resident at the end than after the first tenth: what the allocator keeps for itself.
const SLACK: usize = 4 << 20;

fn rounds() -> usize {
    match std::env::var("MAPI_SESSION_ROUNDS") {
        Ok(rounds) => rounds.parse().unwrap(),
        Err(_) => 2_000,
    }
}

/// In bytes; where the system does not say it, nothing can be compared.
fn resident_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

fn memory() -> Memory {
    let mut builder = Memory::builder();
    for name in PROFILES {
        let inbox = Folder::new("Inbox").message("Hello").message("Lunch?");
        let mailbox = Store::new("Mailbox").default_store().folder(inbox);
        builder = builder.profile(Profile::new(name).store(mailbox));
    }
    builder.build().unwrap()
}

/// Opens the mailbox, is told of a message that arrives, reads what is there and deletes the message.
fn work(session: &Session<Live, Memory>, inbox_id: &EntryId) -> Result<(), Error> {
    let memory = session.subsystem();
    let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    let inbox = store.open_receive_folder("IPM.Note")?;
    let (sender, told) = mpsc::channel();
    let registration = store.advise_sink(None, EventMask::NEW_MAIL, sender)?;
    memory.deliver(inbox_id, "News").unwrap();
    let Ok(Notification::NewMail(mail)) = told.recv_timeout(Duration::from_secs(60)) else {
        panic!("nobody was told of the message");
    };
    let table = inbox.contents_table(&[PropTag::SUBJECT])?;
    let subjects = table.rows().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(subjects.len(), 3);
    let gone = [mail.entry_id().clone()];
    inbox.delete_messages(&gone)?;
    drop((table, registration));
    Ok(())
}

/// A private session, a shared one, and one that is dropped without a logoff.
fn round(mapi: &Mapi<Memory>, profile: &str, inbox_id: &EntryId) -> Result<(), Error> {
    let private = LogonRequest::new_session(profile);
    let session = mapi.logon(&private)?;
    work(&session, inbox_id)?;
    session.logoff(LogoffFlags::empty())?;

    let session = mapi.logon(&private.allow_others())?;
    work(&session, inbox_id)?;
    session.logoff(LogoffFlags::SHARED)?;
    drop(mapi.logon(&private)?);
    Ok(())
}

fn soak(threads: usize) {
    let mapi = Mapi::initialize(memory()).unwrap();
    let run = |rounds: usize| {
        thread::scope(|scope| {
            for profile in &PROFILES[..threads] {
                let mapi = &mapi;
                scope.spawn(move || {
                    let inbox_id = mapi
                        .subsystem()
                        .entry_id(profile, &["Mailbox", "Inbox"])
                        .unwrap();
                    for _ in 0..rounds {
                        round(mapi, profile, &inbox_id).unwrap();
                    }
                });
            }
        });
    };
    run(rounds() / 10);
    let early = resident_memory();
    run(rounds());
    let late = resident_memory();
    let memory = mapi.subsystem();
    assert_eq!(memory.open_sessions(), 0);
    assert_eq!(memory.released_live(), threads * (rounds() / 10 + rounds()));
    if let (Some(early), Some(late)) = (early, late) {
        println!(
            "{threads} threads: {} kB, then {} kB",
            early >> 10,
            late >> 10
        );
        assert!(
            late <= early + SLACK,
            "{early} bytes were resident, and {late} at the end"
        );
    }
}

// E13
#[test]
fn a_soak_on_one_thread_leaves_nothing() {
    soak(1);
}

// E13
#[test]
fn a_soak_on_four_threads_leaves_nothing() {
    soak(4);
}
