//! A small tool that is written once, over any MAPI subsystem: it says who the user is, lists the
//! message stores, opens the default one, and logs off in order; early, if another client of the
//! session asks for it.
//!
//! `cargo run --example mail_tool` runs it over a subsystem in memory. Its tests, at the end of this
//! file, show how such a tool is tested: `cargo test --example mail_tool`.

use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};

use mapi_session::flags::StoreSupportMask;
use mapi_session::memory::{AddressBook, Builder, Memory, Profile, Store};
use mapi_session::session::store::StoreLogoff;
use mapi_session::subsystem::Subsystem;
use mapi_session::table::{MsgStoresTable, StoreRow};
use mapi_session::{
    Error, EventMask, HResult, Live, LogoffFlags, LogonRequest, Mapi, Notification, OpenEntryFlags,
    OpenStoreFlags, Registration, Session,
};

fn main() -> ExitCode {
    let request = LogonRequest::default_profile();
    let outcome = outlook()
        .build()
        .and_then(Mapi::initialize)
        .and_then(|mapi| run(&mapi, &request, &mut |line| println!("{line}")));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the tool runs over, for want of an Outlook.
pub(crate) fn outlook() -> Builder {
    let address_book = AddressBook::new("Contoso").primary_identity("Ann Lee");
    let profile = Profile::new("Outlook")
        .default_profile()
        .address_book(address_book)
        .store(Store::new("Mailbox").default_store())
        .store(Store::new("Archive").read_only());
    Memory::builder().profile(profile)
}

/// The tool. What it has to say goes out line by line.
pub(crate) fn run<B: Subsystem>(
    mapi: &Mapi<B>,
    request: &LogonRequest<'_>,
    say: &mut dyn FnMut(String),
) -> Result<(), Error> {
    let session = match mapi.logon(request) {
        Err(error) if error.hresult() == HResult::MAPI_E_USER_CANCEL => {
            say("Cancelled: nobody is logged on.".into());
            return Ok(());
        }
        logged_on => logged_on?,
    };
    let done = use_session(&session, say);
    // First this, whatever became of the work: a live session is not just dropped.
    session.logoff(LogoffFlags::empty())?;
    say("Logged off.".into());
    done
}

/// The work itself. All that it opens is released when it returns.
fn use_session<B: Subsystem>(
    session: &Session<Live, B>,
    say: &mut dyn FnMut(String),
) -> Result<(), Error> {
    let watch = Watch::start(session)?;
    match user(session)? {
        Some(name) => say(format!("The user is {name}.")),
        None => say("The user is not known.".into()),
    }
    let stores = session.msg_stores_table()?;
    for row in &stores {
        if watch.session_ends() {
            say("Another client asks everybody to log off.".into());
            return Ok(());
        }
        say(describe(session, row));
    }
    open_default_store(session, &stores, say)
}

/// Hears it when another client asks all clients of the session to end it.
struct Watch<'s, B: Subsystem> {
    events: Receiver<Notification>,
    _registration: Registration<'s, B>,
}

impl<'s, B: Subsystem> Watch<'s, B> {
    fn start(session: &'s Session<Live, B>) -> Result<Self, Error> {
        let (sink, events) = mpsc::channel();
        Ok(Self {
            events,
            _registration: session.advise_sink(EventMask::CRITICAL_ERROR, sink)?,
        })
    }

    fn session_ends(&self) -> bool {
        self.events.try_iter().any(|event| event.ends_session())
    }
}

/// The name of the user that the session stands for, where it stands for one.
fn user<B: Subsystem>(session: &Session<Live, B>) -> Result<Option<String>, Error> {
    let (entry_id, warning) = session.query_identity()?.into_parts();
    if warning.is_some() {
        // MAPI_W_NO_SERVICE: the identifier is nobody's.
        return Ok(None);
    }
    let user = session.open_entry(&entry_id, OpenEntryFlags::empty())?;
    Ok(Some(user.info()?.display_name().to_owned()))
}

/// A line on a store. One that cannot be opened is no reason to stop.
fn describe<B: Subsystem>(session: &Session<Live, B>, row: &StoreRow) -> String {
    let access = session
        .open_msg_store(row.entry_id(), OpenStoreFlags::BEST_ACCESS)
        .and_then(|store| store.is_writable());
    let access = match access {
        Ok(true) => "read and write".into(),
        Ok(false) => "read only".into(),
        Err(error) => format!("cannot be opened: {error}"),
    };
    let default = if row.is_default() { " (default)" } else { "" };
    format!("{}{default}: {access}", row.display_name())
}

fn open_default_store<B: Subsystem>(
    session: &Session<Live, B>,
    stores: &MsgStoresTable,
    say: &mut dyn FnMut(String),
) -> Result<(), Error> {
    let Some(row) = stores.default_store() else {
        say("There is no default store.".into());
        return Ok(());
    };
    let store = session.open_msg_store(row.entry_id(), OpenStoreFlags::BEST_ACCESS)?;
    let can_send = store.support_mask()?.contains(StoreSupportMask::SUBMIT_OK);
    let sends = if can_send { "sends" } else { "does not send" };
    say(format!("{} {sends} mail.", store.info()?.display_name()));
    // What is ready to be sent goes out later.
    store.logoff(StoreLogoff::NoWait)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Arc, Mutex};

    use mapi_session::memory::{Answer, ProviderCall};
    use mapi_session::{LogonFlags, UiParam};

    use super::*;

    /// Runs the tool on a subsystem as `describe` makes it, and gives what it said.
    fn said(memory: &Memory, request: &LogonRequest<'_>) -> Result<Vec<String>, Error> {
        let mut lines = Vec::new();
        let mapi = Mapi::initialize(memory.clone())?;
        run(&mapi, request, &mut |line| lines.push(line))?;
        // However it ended: nobody is logged on, and no session was dropped live.
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
        Ok(lines)
    }

    #[test]
    fn it_tells_what_there_is_and_logs_off() -> Result<(), Error> {
        let memory = outlook().build()?;
        let lines = said(&memory, &LogonRequest::default_profile())?;
        assert_eq!(
            lines,
            [
                "The user is Ann Lee.",
                "Mailbox (default): read and write",
                "Archive: read only",
                "Mailbox sends mail.",
                "Logged off.",
            ]
        );
        Ok(())
    }

    #[test]
    fn a_profile_with_nothing_in_it_will_do() -> Result<(), Error> {
        let memory = Memory::builder().profile(Profile::new("Empty")).build()?;
        let lines = said(&memory, &LogonRequest::new_session("Empty"))?;
        assert_eq!(
            lines,
            [
                "The user is not known.",
                "There is no default store.",
                "Logged off.",
            ]
        );
        Ok(())
    }

    // A provider does what its hook says.
    #[test]
    fn a_store_that_will_not_open_does_not_stop_it() -> Result<(), Error> {
        let broken = Store::new("Broken").hook(|call| match call {
            ProviderCall::Open => HResult::MAPI_E_NETWORK_ERROR,
            _ => HResult::S_OK,
        });
        let profile = Profile::new("Outlook")
            .store(broken)
            .store(Store::new("Mailbox").default_store());
        let memory = Memory::builder().profile(profile).build()?;
        let lines = said(&memory, &LogonRequest::new_session("Outlook"))?;
        let problem = "Broken: cannot be opened: IMAPISession::OpenMsgStore: MAPI_E_NETWORK_ERROR";
        assert!(lines[1].starts_with(problem), "{lines:?}");
        assert_eq!(lines[2], "Mailbox (default): read and write");
        assert_eq!(lines[4], "Logged off.");
        Ok(())
    }

    #[test]
    fn it_logs_off_although_the_default_store_will_not_open() -> Result<(), Error> {
        let broken = Store::new("Mailbox")
            .default_store()
            .hook(|call| match call {
                ProviderCall::Open => HResult::MAPI_E_NO_ACCESS,
                _ => HResult::S_OK,
            });
        let profile = Profile::new("Outlook").store(broken);
        let memory = Memory::builder().profile(profile).build()?;
        let mapi = Mapi::initialize(memory.clone())?;
        let request = LogonRequest::new_session("Outlook");
        let mut lines = Vec::new();
        let outcome = run(&mapi, &request, &mut |line| lines.push(line));
        let failure = outcome.map_err(|error| error.hresult());
        assert_eq!(failure, Err(HResult::MAPI_E_NO_ACCESS));
        assert_eq!(lines.last().map(String::as_str), Some("Logged off."));
        assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
        Ok(())
    }

    // The tool is on a shared session. While it opens a store, another client asks all to log off.
    #[test]
    fn it_logs_off_early_when_another_client_asks_for_it() -> Result<(), Error> {
        let other = Arc::new(Mutex::new(None::<Session<Live, Memory>>));
        let asks = Arc::clone(&other);
        let mailbox = Store::new("Mailbox").default_store().hook(move |call| {
            if call == ProviderCall::Open {
                let other = asks.lock().unwrap().take().unwrap();
                other.logoff(LogoffFlags::SHARED).unwrap();
            }
            HResult::S_OK
        });
        let profile = Profile::new("Outlook")
            .store(mailbox)
            .store(Store::new("Archive"));
        let memory = Memory::builder().profile(profile).build()?;
        let mapi = Mapi::initialize(memory.clone())?;
        let shared = mapi.logon(&LogonRequest::new_session("Outlook").allow_others())?;
        *other.lock().unwrap() = Some(shared);

        let lines = said(&memory, &LogonRequest::join_shared())?;
        assert_eq!(
            lines,
            [
                "The user is not known.",
                "Mailbox (default): read and write",
                "Another client asks everybody to log off.",
                "Logged off.",
            ]
        );
        Ok(())
    }

    #[test]
    fn a_user_who_cancels_ends_it_without_an_error() -> Result<(), Error> {
        let memory = outlook().answer(Answer::Cancel).build()?;
        let lines = said(&memory, &LogonRequest::ask_user(UiParam::NONE))?;
        assert_eq!(lines, ["Cancelled: nobody is logged on."]);
        assert_eq!(memory.user().dialogs().len(), 1);
        Ok(())
    }

    #[test]
    fn a_user_who_picks_a_profile_gets_that_one() -> Result<(), Error> {
        let memory = outlook()
            .profile(Profile::new("Home").store(Store::new("Letters")))
            .answer(Answer::Pick("Home".into()))
            .build()?;
        let request = LogonRequest::ask_user(UiParam::NONE).flags(LogonFlags::NO_MAIL);
        let lines = said(&memory, &request)?;
        assert_eq!(lines[1], "Letters: read and write");
        Ok(())
    }

    #[test]
    fn what_is_no_cancel_is_an_error() -> Result<(), Error> {
        let memory = outlook().build()?;
        let outcome = said(&memory, &LogonRequest::new_session("Nobody"));
        let failure = outcome.map_err(|error| error.hresult());
        assert_eq!(failure, Err(HResult::MAPI_E_LOGON_FAILED));
        Ok(())
    }
}
