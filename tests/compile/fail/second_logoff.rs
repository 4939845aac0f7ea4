// E1: a session is logged off once.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    session.logoff(LogoffFlags::empty())?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
