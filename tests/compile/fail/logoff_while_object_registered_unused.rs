// O1: a registration lives until it is dropped, not just to its last use.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let outlook = Profile::new("Outlook").store(Store::new("Mailbox"));
    let mapi = Mapi::initialize(Memory::builder().profile(outlook).build()?)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let stores = session.msg_stores_table()?;
    let mailbox = stores.rows()[0].entry_id();
    let on_event = |_: &Notification| ();
    let _registration = session.advise_object(mailbox, EventMask::OBJECT_CREATED, on_event)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}
