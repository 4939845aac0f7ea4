// O1: no logoff while a status object is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let status = session.open_entry(id, flags)?.into_object().unwrap();
    drop(status);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
