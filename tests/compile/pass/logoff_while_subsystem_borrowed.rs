// O1: no logoff while what the session lent is in use.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let memory = session.subsystem();
    assert_eq!(memory.open_sessions(), 1);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
