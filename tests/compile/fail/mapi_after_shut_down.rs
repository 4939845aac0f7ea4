// F4: DoFastShutdown consumes the library.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, mapi: Mapi<B>) -> Result<(), Error> {
    let shutdown = session.fast_shutdown()?.notify()?;
    drop(shutdown.shut_down(mapi)?);
    drop(mapi.clone());
    Ok(())
}

fn main() {}
