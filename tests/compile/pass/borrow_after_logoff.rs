// E1: a session that was logged off is not borrowed.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let _borrow = &session;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
