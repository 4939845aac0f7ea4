// O1: no logoff while the administration of services is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let admin = session.admin_services()?;
    session.logoff(LogoffFlags::empty())?;
    drop(admin);
    Ok(())
}

fn main() {}
