// F1: QueryFastShutdown comes before NotifyProcessShutdown.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    drop(session.notify()?);
    Ok(())
}

fn main() {}
