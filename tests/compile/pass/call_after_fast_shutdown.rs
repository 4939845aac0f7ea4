// F1: a fast shutdown consumes the session.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    session.msg_stores_table()?;
    drop(session.fast_shutdown()?);
    Ok(())
}

fn main() {}
