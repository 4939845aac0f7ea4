// O1: no logoff while a prepared form is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let message = session.open_entry(id, flags)?.into_message().unwrap();
    let form = session.prepare_form(message)?;
    session.logoff(LogoffFlags::empty())?;
    drop(form);
    Ok(())
}

fn main() {}
