//! E1: a logged-off session has no advise_arc.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let session = session.logoff(LogoffFlags::empty())?;
    let session = Arc::new(session);
    drop(session.advise_arc(EventMask::EXTENDED, |_: &Notification| ())?);
    Ok(())
}
