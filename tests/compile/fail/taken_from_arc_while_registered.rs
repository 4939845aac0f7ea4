// O1: the session is not taken out of its Arc while a registration borrows from it.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    let _registration = session.advise(EventMask::EXTENDED, |_: &Notification| ())?;
    let session = Arc::into_inner(session).unwrap();
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
