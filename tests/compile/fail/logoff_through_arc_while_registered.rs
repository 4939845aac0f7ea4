// O1: no way leads to the session while a registration holds the Arc.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    let _registration = Registration::advise(Arc::clone(&session), None, EventMask::EXTENDED, |_: &Notification| ())?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
