// O1: no logoff while a mail user is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let user = session.open_entry(id, flags)?.into_object().unwrap();
    drop(user);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
