// E1: nothing is opened from a share in a logged-off session.

use mapi_session::memory::*;
use mapi_session::*;
use std::sync::Arc;

fn main() -> Result<(), Error> {
    let outlook = Profile::new("Outlook").store(Store::new("Mailbox"));
    let mapi = Mapi::initialize(Memory::builder().profile(outlook).build()?)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let stores = session.msg_stores_table()?;
    let mailbox = stores.rows()[0].entry_id();
    let session = Arc::new(session);
    drop(MsgStore::open(Arc::clone(&session), UiParam::NONE, mailbox, OpenStoreFlags::BEST_ACCESS)?);
    Ok(())
}
