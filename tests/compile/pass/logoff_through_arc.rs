// O1: a session cannot be moved out of an Arc that others may hold.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    let session = Arc::into_inner(session).unwrap();
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
