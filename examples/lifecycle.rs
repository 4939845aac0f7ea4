//! The life of a MAPI session, each step beside the MAPI call that it stands for.
//!
//! `cargo run --example lifecycle` runs it over built-in profiles. With the feature `serde` it reads
//! them from a file: `cargo run --example lifecycle --features serde -- examples/contoso.toml`.

use std::error::Error;
use std::fmt::Display;
use std::io::IsTerminal;
use std::process::ExitCode;

use mapi_session::memory::{Answer, Memory, Profile, Store};
use mapi_session::{
    Live, LogoffError, LogoffFlags, LogonRequest, Mapi, OpenStoreFlags, Session, UiParam,
};

/// What MFCMAPI passes: LOGON_UI, NEW_SESSION, ALLOW_OTHERS, EXPLICIT_PROFILE, EXTENDED.
const MFCMAPI: u32 = 0x3B;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_ansi(std::io::stdout().is_terminal())
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .without_time()
        .with_target(false)
        .init();

    match run(std::env::args().nth(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: Option<String>) -> Result<(), Box<dyn Error>> {
    let memory = match file {
        None => built_in()?,
        Some(path) => from_file(&path)?,
    };
    let mapi = Mapi::initialize(memory.clone())?;
    step("MAPIInitialize", "the library is initialised");

    let raw = mapi.logon(&LogonRequest::from_raw(None, MFCMAPI))?;
    step("MAPILogonEx(0x0000003B)", "the user has picked a profile");
    list_stores(&raw)?;

    let typed = LogonRequest::default_profile().ui(UiParam::NONE);
    let session = mapi.logon(&typed)?;
    let call = format!("MAPILogonEx({:#010X})", typed.raw_flags());
    step(&call, "a second session, on the default profile");
    list_stores(&session)?;

    session.logoff(LogoffFlags::empty())?;
    step(
        "IMAPISession::Logoff, Release",
        "the second session is gone",
    );

    let parent = UiParam::new(0x000A_04F2);
    let ended = match raw.logoff_with_ui(parent, LogoffFlags::empty()) {
        Ok(ended) => ended,
        Err(LogoffError::Refused { error, session }) => {
            step("IMAPISession::Logoff(MAPI_LOGOFF_UI)", &error);
            session.logoff_with_ui(parent, LogoffFlags::empty())?
        }
        Err(failed) => return Err(failed.error().clone().into()),
    };
    step(
        "IMAPISession::Logoff(MAPI_LOGOFF_UI)",
        "the session has ended",
    );

    drop(ended);
    step("IUnknown::Release", "nothing else could be called");
    drop(mapi);
    step("MAPIUninitialize", "the library is uninitialised");

    println!("\ndialogs that the user saw:");
    for dialog in memory.user().dialogs() {
        println!("  {dialog:?}");
    }
    Ok(())
}

fn built_in() -> Result<Memory, mapi_session::Error> {
    Memory::builder()
        .profile(
            Profile::new("Outlook")
                .default_profile()
                .store(Store::new("Mailbox").default_store())
                .store(Store::new("Archive").read_only()),
        )
        .answer(Answer::Pick("Outlook".into()))
        .answer(Answer::Cancel)
        .answer(Answer::Accept)
        .build()
}

#[cfg(feature = "serde")]
fn from_file(path: &str) -> Result<Memory, Box<dyn Error>> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let description: mapi_session::memory::Builder =
        toml::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    Ok(description.build()?)
}

#[cfg(not(feature = "serde"))]
fn from_file(path: &str) -> Result<Memory, Box<dyn Error>> {
    Err(format!(
        "reading {path} takes the feature: cargo run --example lifecycle --features serde -- {path}"
    )
    .into())
}

fn list_stores(session: &Session<Live, Memory>) -> Result<(), mapi_session::Error> {
    for row in &session.msg_stores_table()? {
        let store = session.open_msg_store(row.entry_id(), OpenStoreFlags::BEST_ACCESS)?;
        let access = if store.is_writable()? {
            "read and write"
        } else {
            "read only"
        };
        let default = if row.is_default() { ", default" } else { "" };
        let name = row.display_name();
        step(
            "IMAPISession::OpenMsgStore",
            format!("{name} ({access}{default})"),
        );
    }
    Ok(())
}

fn step(call: &str, what: impl Display) {
    println!("{call:<40} {what}");
}
