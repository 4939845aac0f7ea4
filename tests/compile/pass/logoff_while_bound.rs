// O1: no logoff while what a program has bound to it is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let bound = session.bind("from COM");
    drop(bound);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
