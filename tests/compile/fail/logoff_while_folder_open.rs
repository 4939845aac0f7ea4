// O1: no logoff while a folder is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let folder = session.open_entry(id, flags)?.into_folder().unwrap();
    session.logoff(LogoffFlags::empty())?;
    drop(folder);
    Ok(())
}

fn main() {}
