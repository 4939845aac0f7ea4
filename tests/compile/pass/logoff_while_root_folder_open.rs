// O1: no logoff while the root folder of a store is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let store = session.open_msg_store(id, OpenStoreFlags::BEST_ACCESS)?;
    let folder = store.open_root_folder(flags)?;
    drop(store);
    drop(folder);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
