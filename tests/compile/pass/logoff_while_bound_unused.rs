// O1: what a program has bound to it is open until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let _ = session.bind("from COM");
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
