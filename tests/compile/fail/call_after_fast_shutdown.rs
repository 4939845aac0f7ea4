//! F1: a fast shutdown consumes the session.

use mapi_session::{subsystem::Subsystem, *};

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    drop(session.fast_shutdown()?);
    session.msg_stores_table()?;
    Ok(())
}

fn main() {}
