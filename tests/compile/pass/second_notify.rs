// F1: NotifyProcessShutdown is called once.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let shutdown = session.fast_shutdown()?.notify()?;
    drop(shutdown);
    Ok(())
}

fn main() {}
