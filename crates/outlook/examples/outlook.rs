//! The mail tool over the real Outlook: the same code, with another subsystem.
//!
//! On Windows, `cargo run -p mapi-session-outlook --example outlook`. It logs on with the default profile.

use std::process::ExitCode;

#[cfg(windows)]
#[allow(dead_code, unexpected_cfgs)] // Its own tests are not built here.
#[path = "../../../examples/mail_tool.rs"]
mod mail_tool;

#[cfg(windows)]
fn main() -> ExitCode {
    use std::time::Duration;

    use mapi_session::{LogonRequest, Mapi};
    use mapi_session_outlook::Outlook;

    let (request, patience) = (LogonRequest::default_profile(), Duration::from_secs(60));
    let outcome = Mapi::initialize(Outlook::new())
        .and_then(|mapi| mail_tool::run(&mapi, &request, patience, &mut |line| println!("{line}")));
    match outcome {
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
