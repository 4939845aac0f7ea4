// O1: no logoff while the session is borrowed.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let borrow = &session;
    borrow.msg_stores_table()?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
