// O1: a prepared form is open until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let message = session.open_entry(id, flags)?.into_message().unwrap();
    let _form = session.prepare_form(message)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
