// O1: no way leads to the session while an entry holds the Arc.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use std::sync::Arc;

fn end<B: Subsystem>(session: Arc<Session<Live, B>>, id: &EntryId) -> Result<(), Error> {
    let flags = OpenEntryFlags::empty();
    let _entry = Entry::open(Arc::clone(&session), id, flags)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
