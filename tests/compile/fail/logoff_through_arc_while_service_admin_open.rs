// O1: no way leads to the session while the administration of services holds the Arc.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use std::sync::Arc;

fn end<B: Subsystem>(session: Arc<Session<Live, B>>) -> Result<(), Error> {
    let _admin = ServiceAdmin::open(Arc::clone(&session))?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
