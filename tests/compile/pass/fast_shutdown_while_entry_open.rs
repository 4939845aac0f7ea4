// O1, F1: no fast shutdown while an entry is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let _ = session.open_entry(id, OpenEntryFlags::empty())?;
    drop(session.fast_shutdown()?);
    Ok(())
}

fn main() {}
