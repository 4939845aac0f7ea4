// O1: a status object is open until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let _ = session.open_entry(id, flags)?.into_object().unwrap();
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
