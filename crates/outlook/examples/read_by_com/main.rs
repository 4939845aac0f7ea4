//! Reads the Inbox with Outlook's own COM interfaces, in a session of this crate: bodies, attachments, and
//! a named property.
//!
//! On Windows, `cargo run -p mapi-session-outlook --example read_by_com`. It logs on with the default
//! profile.

use std::process::ExitCode;

#[cfg(windows)]
mod reader;

#[cfg(windows)]
fn main() -> ExitCode {
    use mapi_session::{LogonRequest, Mapi};
    use mapi_session_outlook::Outlook;

    let read = Mapi::initialize(Outlook::new())
        .map_err(Into::into)
        .and_then(|mapi| {
            let request = LogonRequest::default_profile();
            reader::read(&mapi, &request, &mut |line| println!("{line}"))
        });
    match read {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(windows))]
fn main() -> ExitCode {
    eprintln!("error: Outlook's MAPI is there on Windows only");
    ExitCode::FAILURE
}
