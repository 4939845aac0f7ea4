// E1: nothing is called on a session that was logged off.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    session.msg_stores_table()?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
