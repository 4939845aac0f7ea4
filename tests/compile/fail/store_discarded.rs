// A report: what is not kept is released at once, in silence. T3: a store.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

#[deny(unused_must_use)]
fn open<B: Subsystem>(session: &Session<Live, B>, entry_id: &EntryId) -> Result<(), Error> {
    session.open_msg_store(entry_id, OpenStoreFlags::empty())?;
    Ok(())
}

fn main() {}
