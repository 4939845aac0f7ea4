// O1: no logoff while what a store opened is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let store = session.open_msg_store(id, OpenStoreFlags::BEST_ACCESS)?;
    let entry = store.open_entry(id, flags)?;
    drop(store);
    drop(entry);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
