// O1: no logoff while a message is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let message = session.open_entry(id, flags)?.into_message().unwrap();
    drop(message);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
