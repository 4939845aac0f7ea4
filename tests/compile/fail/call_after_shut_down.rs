// F4: after DoFastShutdown there is no method.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, mapi: Mapi<B>) -> Result<(), Error> {
    let shutdown = session.fast_shutdown()?.notify()?;
    let shut_down = shutdown.shut_down(mapi)?;
    drop(shut_down.cancel());
    Ok(())
}

fn main() {}
