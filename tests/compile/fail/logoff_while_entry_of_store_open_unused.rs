// O1, O3: what a store opened holds the session, and not the store.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let store = session.open_msg_store(id, OpenStoreFlags::BEST_ACCESS)?;
    let _entry = store.open_entry(id, flags)?;
    drop(store);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
