// E1: a logged-off session has no logoff_with_ui.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let result = session.logoff_with_ui(UiParam::NONE, LogoffFlags::empty());
    assert!(result.is_err());
    Ok(())
}
