// E1: only a logoff makes a logged-off session.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let ended: Session<LoggedOff, Memory> = session.logoff(LogoffFlags::empty())?;
    drop(ended);
    Ok(())
}
