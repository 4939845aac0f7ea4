// O1: the administration of services is open until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let _admin = session.admin_services()?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
