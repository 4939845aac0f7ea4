// O1: a registration lives until it is dropped, not just to its last use.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let _ = session.advise(EventMask::EXTENDED, |_: &Notification| ())?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
