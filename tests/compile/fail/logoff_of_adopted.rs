// E1: only who owns the session can log it off, and an adopted session is somebody else's.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    let session = Adopted::from(session);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
