// E1: who does not know the state cannot call.

use mapi_session::memory::*;
use mapi_session::*;

fn call<S: session::State>(session: &Session<S, Memory>) -> Result<(), Error> {
    session.msg_stores_table().map(drop)
}

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    call(&session)?;
    Ok(())
}
