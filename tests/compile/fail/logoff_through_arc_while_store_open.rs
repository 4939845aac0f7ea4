// O1: no way leads to the session while a message store holds the Arc.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let outlook = Profile::new("Outlook").store(Store::new("Mailbox"));
    let mapi = Mapi::initialize(Memory::builder().profile(outlook).build()?)?;
    let session = Arc::new(mapi.logon(&LogonRequest::new_session("Outlook"))?);
    let stores = session.msg_stores_table()?;
    let mailbox = stores.rows()[0].entry_id();
    let _store = MsgStore::open(Arc::clone(&session), UiParam::NONE, mailbox, OpenStoreFlags::BEST_ACCESS)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
