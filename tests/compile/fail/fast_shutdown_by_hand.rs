// F1: no step is passed over by making its state.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::session::fast_shutdown::Notified;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let notified: FastShutdown<Notified, B> = FastShutdown {};
    drop(notified);
    Ok(())
}

fn main() {}
