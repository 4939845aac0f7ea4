// O1: a folder's table is open until it is dropped, not just to its last use, though its folder is not.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    let inbox = store.open_receive_folder("IPM.Note")?;
    drop(inbox.contents_table(&[])?);
    drop((inbox, store));
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
