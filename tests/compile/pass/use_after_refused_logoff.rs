// E8: a refused logoff has consumed the session too; its error owns what is left.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let undefined = LogoffFlags::from_bits_retain(0x4000_0000);
    if let Err(LogoffError::Refused { session, .. }) = session.logoff(undefined) {
        session.logoff(LogoffFlags::empty())?;
    }
    Ok(())
}
