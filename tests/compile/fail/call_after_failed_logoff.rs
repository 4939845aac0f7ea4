// E8: what a failed logoff leaves can only be dropped; what a refused one leaves is live.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let logoff = session.logoff(LogoffFlags::from_bits_retain(0x4000_0000));
    if let Err(LogoffError::Failed { session, .. }) = logoff {
        session.msg_stores_table()?;
    }
    Ok(())
}
