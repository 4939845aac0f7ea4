// O1: no logoff while an entry is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let entry = session.open_entry(id, flags)?;
    drop(entry);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
