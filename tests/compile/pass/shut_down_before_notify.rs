// F1: NotifyProcessShutdown comes before DoFastShutdown.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, mapi: Mapi<B>) -> Result<(), Error> {
    let shutdown = session.fast_shutdown()?;
    drop(shutdown.notify()?.shut_down(mapi)?);
    Ok(())
}

fn main() {}
