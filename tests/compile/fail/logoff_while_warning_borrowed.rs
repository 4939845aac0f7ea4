// O1: no logoff while what the session lent is in use.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let warning = session.logon_warning();
    session.logoff(LogoffFlags::empty())?;
    assert_eq!(warning, None);
    Ok(())
}
