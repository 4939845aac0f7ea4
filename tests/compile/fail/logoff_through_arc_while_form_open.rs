// O1: no way leads to the session while a prepared form holds the Arc.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::session::form::PreparedForm;
use std::sync::Arc;

fn end<B: Subsystem>(session: Arc<Session<Live, B>>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let message = session.open_entry(id, flags)?.into_message().unwrap();
    let _form = PreparedForm::prepare(Arc::clone(&session), message)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
