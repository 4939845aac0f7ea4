// O1: a table that is kept open is so until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let _ = session.open_msg_stores_table()?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
