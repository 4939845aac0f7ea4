// O1: the session is not taken out of its Arc while a message store borrows from it.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let outlook = Profile::new("Outlook").store(Store::new("Mailbox"));
    let mapi = Mapi::initialize(Memory::builder().profile(outlook).build()?)?;
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    let stores = session.msg_stores_table()?;
    let mailbox = stores.rows()[0].entry_id();
    let _ = session.open_msg_store(mailbox, OpenStoreFlags::BEST_ACCESS)?;
    let session = Arc::into_inner(session).unwrap();
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
