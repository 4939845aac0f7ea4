// O1: no logoff while a registration lives.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let registration = session.advise(EventMask::EXTENDED, |_: &Notification| ())?;
    session.logoff(LogoffFlags::empty())?;
    drop(registration);
    Ok(())
}
