//! A small mail tool that is written once, over any MAPI subsystem: it lists the unread mail of the
//! Inbox, waits for new mail, answers it, and logs off in order; early, if another client of the session
//! asks for it.
//!
//! `cargo run --example mail_tool` runs it over a subsystem in memory. Its tests, at the end of this
//! file, show how such a tool is tested: `cargo test --all-features --example mail_tool`.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use mapi_session::flags::MessageFlags;
use mapi_session::memory::{Builder, Folder, Memory, Message, Profile, Store, Transport};
use mapi_session::notification::NewMail;
use mapi_session::property::{FileTime, PropTag, Property, Props};
use mapi_session::session::registration::ObjectRegistration;
use mapi_session::session::store::StoreLogoff;
use mapi_session::subsystem::Subsystem;
use mapi_session::table::{Restriction, SortOrder};
use mapi_session::types::Recipient;
use mapi_session::{
    EntryId, Error, EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, MsgStore,
    Notification, OpenEntryFlags, OpenStoreFlags, Session,
};

/// Runs the tool over what is there for want of an Outlook. A message arrives while it waits.
fn main() -> Result<(), Error> {
    let memory = outlook(mailbox()).build()?;
    let mapi = Mapi::initialize(memory.clone())?;
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        arrive(&memory)
    });
    let (request, patience) = (LogonRequest::default_profile(), Duration::from_secs(10));
    run(&mapi, &request, patience, &mut |line| println!("{line}"))
}

pub(crate) fn outlook(mailbox: Store) -> Builder {
    let smtp = Transport::new("Internet Mail").address_type("SMTP");
    let profile = Profile::new("Outlook").default_profile();
    Memory::builder().profile(profile.store(mailbox).transport(smtp))
}

pub(crate) fn mailbox() -> Store {
    let order = Message::from("Order 12").sender("Kim Akers", "kim@contoso.com");
    let order = order.received(FileTime::new(134_000_000_000_000_000));
    let inbox = Folder::new("Inbox").message("Old news");
    let inbox = inbox.message(order.unread());
    let store = Store::new("Mailbox").default_store().folder(inbox);
    store.folder(Folder::new("Outbox"))
}

/// New mail.
pub(crate) fn arrive(memory: &Memory) -> Option<EntryId> {
    let inbox = memory.entry_id("Outlook", &["Mailbox", "Inbox"])?;
    let lunch = Message::from("Lunch?").sender("Ana Trujillo", "ana@contoso.com");
    let lunch = lunch.received(FileTime::new(134_001_000_000_000_000));
    memory.deliver(&inbox, lunch.unread())
}

/// Where lines go that the tool has to say.
pub(crate) type Say<'a> = &'a mut dyn FnMut(String);

/// The tool: it waits so long for new mail.
pub(crate) fn run<B: Subsystem>(
    mapi: &Mapi<B>,
    request: &LogonRequest<'_>,
    patience: Duration,
    say: Say<'_>,
) -> Result<(), Error> {
    let session = match mapi.logon(request) {
        Err(error) if error.hresult() == HResult::MAPI_E_USER_CANCEL => {
            say("Cancelled: nobody is logged on.".into());
            return Ok(());
        }
        logged_on => logged_on?,
    };
    let done = use_session(&session, patience, say);
    // Whatever became of the work: a live session is not just dropped.
    let logged_off = session.logoff(LogoffFlags::empty()).map(drop);
    if logged_off.is_ok() {
        say("Logged off.".into());
    }
    // What went wrong first is told.
    done.and(logged_off.map_err(Error::from))
}

/// The work itself. All that it opens is released when it returns.
fn use_session<B: Subsystem>(
    session: &Session<Live, B>,
    patience: Duration,
    say: Say<'_>,
) -> Result<(), Error> {
    let (sink, events) = mpsc::channel();
    let _end = session.advise_sink(EventMask::CRITICAL_ERROR, sink.clone())?;
    let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    // Before the list is read, so that nothing is missed in between.
    let new_mail = ObjectRegistration::with_store(&store, None, EventMask::NEW_MAIL, sink)?;
    list_unread(&store, say)?;
    say("Waiting for new mail.".into());
    match events.recv_timeout(patience) {
        Ok(Notification::NewMail(mail)) => take(&store, &mail, say)?,
        Ok(event) if event.ends_session() => say("Another client asks all to log off.".into()),
        _ => say("There is no new mail.".into()),
    }
    drop(new_mail);
    // What is ready to be sent goes out later.
    store.logoff(StoreLogoff::NoWait)?;
    Ok(())
}

/// What a line on a message needs, and an answer to it.
const COLUMNS: [PropTag; 5] = [
    PropTag::SENDER_NAME,
    PropTag::SENDER_ADDRTYPE,
    PropTag::SENDER_EMAIL_ADDRESS,
    PropTag::SUBJECT,
    PropTag::MESSAGE_DELIVERY_TIME,
];

fn list_unread<B: Subsystem>(store: &MsgStore<'_, B>, say: Say<'_>) -> Result<(), Error> {
    let inbox = store.open_receive_folder("IPM.Note")?;
    let table = inbox.contents_table(&COLUMNS)?;
    let unread = Restriction::has_none_of(PropTag::MESSAGE_FLAGS, MessageFlags::READ.bits());
    table.restrict(&unread)?;
    table.sort(&[SortOrder::ascending(PropTag::MESSAGE_DELIVERY_TIME)])?;
    // All are read before the first is shown: what comes from then on is told as new.
    for row in table.rows().collect::<Result<Vec<_>, _>>()? {
        say(format!("Unread: {}", line(&row)));
    }
    Ok(())
}

fn line(mail: &Props) -> String {
    let sender = mail.text(PropTag::SENDER_NAME).unwrap_or("nobody");
    let subject = mail.text(PropTag::SUBJECT).unwrap_or_default();
    let date = mail.time(PropTag::MESSAGE_DELIVERY_TIME).map(date);
    format!("{sender}: {subject} ({})", date.unwrap_or("no date".into()))
}

/// The day in UTC, such as 2026-03-01.
fn date(time: FileTime) -> String {
    const STEPS_A_DAY: u64 = 24 * 60 * 60 * 10_000_000;
    // Since 1 March 1600: leap days are the last of their years then, and months fit a formula.
    let days = time.get() / STEPS_A_DAY + 306;
    let (cycle, days) = (days / 146_097, days % 146_097);
    let year = (days - days / 1_460 + days / 36_524 - days / 146_096) / 365;
    let days = days - (365 * year + year / 4 - year / 100);
    let month = (5 * days + 2) / 153;
    let day = days - (153 * month + 2) / 5 + 1;
    let year = 1600 + 400 * cycle + year + month / 10;
    format!("{year}-{:02}-{day:02}", (month + 2) % 12 + 1)
}

/// Shows a new message, and answers it.
fn take<B: Subsystem>(store: &MsgStore<'_, B>, new: &NewMail, say: Say<'_>) -> Result<(), Error> {
    let entry = store.open_entry(new.entry_id(), OpenEntryFlags::empty())?;
    let Ok(message) = entry.into_message() else {
        return Ok(());
    };
    let mail = message.props(&COLUMNS)?;
    say(format!("New: {}", line(&mail)));
    match answer(store, &mail)? {
        Some(name) => say(format!("Answered {name}.")),
        None => say("It cannot be answered.".into()),
    }
    Ok(())
}

/// Sends an answer, and gives the name of who gets it; nothing where the sender has no address, or the
/// store no Outbox.
fn answer<B: Subsystem>(store: &MsgStore<'_, B>, mail: &Props) -> Result<Option<String>, Error> {
    let outbox = store.props(&[PropTag::IPM_OUTBOX_ENTRYID])?;
    let outbox = outbox.entry_id(PropTag::IPM_OUTBOX_ENTRYID);
    let address = mail.text(PropTag::SENDER_EMAIL_ADDRESS);
    let (Some(outbox), Some(address)) = (outbox, address) else {
        return Ok(None);
    };
    let name = mail.text(PropTag::SENDER_NAME).unwrap_or(address);
    let kind = mail.text(PropTag::SENDER_ADDRTYPE).unwrap_or("SMTP");
    let outbox = store.open_entry(&outbox, OpenEntryFlags::MODIFY)?;
    let Ok(outbox) = outbox.into_folder() else {
        return Ok(None);
    };
    let answer = outbox.create_message()?;
    let subject = mail.text(PropTag::SUBJECT).unwrap_or_default();
    answer.set_props(&[
        Property::new(PropTag::MESSAGE_CLASS, "IPM.Note"),
        Property::new(PropTag::SUBJECT, format!("RE: {subject}")),
        Property::new(PropTag::BODY, "Thank you; I will write soon."),
    ])?;
    answer.set_recipients([Recipient::new(name).address(kind, address)])?;
    answer.submit()?;
    Ok(Some(name.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::cell::Cell;

    use mapi_session::UiParam;
    use mapi_session::memory::{Answer, ProviderCall};

    use super::*;

    /// Runs the tool, and gives what it said. At a line that starts with `at`, something `happens`.
    fn said(
        memory: &Memory,
        request: &LogonRequest<'_>,
        at: &str,
        happens: impl Fn(),
    ) -> (Vec<String>, Result<(), HResult>) {
        let mut lines = Vec::new();
        let mut say = |line: String| {
            if line.starts_with(at) {
                happens();
            }
            lines.push(line);
        };
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let done = run(&mapi, request, Duration::from_millis(10), &mut say);
        // However it ended: nobody is logged on, and no session was dropped live.
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
        (lines, done.map_err(|error| error.hresult()))
    }

    const DEFAULT: LogonRequest<'_> = LogonRequest::default_profile();

    #[test]
    fn new_mail_is_answered_also_while_it_lists() {
        for at in ["Waiting", "Unread"] {
            let memory = outlook(mailbox()).build().unwrap();
            let happens = || drop(arrive(&memory));
            let (lines, done) = said(&memory, &DEFAULT, at, happens);
            assert_eq!(done, Ok(()));
            assert_eq!(lines[0], "Unread: Kim Akers: Order 12 (2025-08-18)");
            let new = "New: Ana Trujillo: Lunch? (2025-08-19)";
            assert_eq!(lines[2..], [new, "Answered Ana Trujillo.", "Logged off."]);
            let mailbox = memory.entry_id("Outlook", &["Mailbox"]).unwrap();
            let answer = &memory.submitted(&mailbox)[0];
            let subject = answer.props().text(PropTag::SUBJECT);
            let to = answer.recipients()[0].email_address();
            assert_eq!((subject, to), (Some("RE: Lunch?"), Some("ana@contoso.com")));
        }
    }

    #[test]
    fn it_does_not_wait_for_ever() {
        let memory = outlook(mailbox()).build().unwrap();
        let (lines, _) = said(&memory, &DEFAULT, "", || ());
        assert_eq!(lines[2..], ["There is no new mail.", "Logged off."]);
    }

    #[test]
    fn it_logs_off_early_when_another_client_asks_for_it() {
        let memory = outlook(mailbox()).build().unwrap();
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let other = Cell::new(mapi.logon(&DEFAULT.allow_others()).ok());
        let asks = || drop(other.take().map(|it| it.logoff(LogoffFlags::SHARED)));
        let request = LogonRequest::join_shared();
        let (lines, done) = said(&memory, &request, "Waiting", asks);
        assert_eq!(done, Ok(()));
        assert_eq!(lines[2], "Another client asks all to log off.");
    }

    #[test]
    fn a_store_that_will_not_open_is_an_error_and_it_logs_off() {
        let mailbox = mailbox().hook(|call| match call {
            ProviderCall::Open => HResult::MAPI_E_NETWORK_ERROR,
            _ => HResult::S_OK,
        });
        let memory = outlook(mailbox).build().unwrap();
        let (lines, done) = said(&memory, &DEFAULT, "", || ());
        assert_eq!(done, Err(HResult::MAPI_E_NETWORK_ERROR));
        assert_eq!(lines, ["Logged off."]);
    }

    #[test]
    fn a_user_who_cancels_ends_it_without_an_error() {
        let memory = outlook(mailbox()).answer(Answer::Cancel).build().unwrap();
        let request = LogonRequest::ask_user(UiParam::NONE);
        let said = said(&memory, &request, "", || ());
        let lines = vec!["Cancelled: nobody is logged on.".to_owned()];
        assert_eq!(said, (lines, Ok(())));
    }

    #[cfg(feature = "testing")]
    #[test]
    fn a_session_that_is_lost_is_an_error() {
        use mapi_session::{error::Call, testing::Faults};
        for call in [
            Call::CONTAINER_GET_CONTENTS_TABLE,
            Call::MESSAGE_SUBMIT_MESSAGE,
        ] {
            let memory = outlook(mailbox()).build().unwrap();
            let faults = Faults::new(memory.clone());
            faults.on(call).end_session();
            let mapi = Mapi::initialize(faults.clone()).unwrap();
            let mut arrive_at_once = |_| drop(arrive(&memory));
            let done = run(&mapi, &DEFAULT, Duration::ZERO, &mut arrive_at_once);
            let lost = done.unwrap_err().hresult();
            assert_eq!(lost, HResult::MAPI_E_END_OF_SESSION);
            faults.assert_used_up();
            assert_eq!(memory.open_sessions(), 0);
        }
    }
}
