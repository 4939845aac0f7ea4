// O1: no logoff while the administration of providers is open, also where that of services is gone.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, service: MapiUid) -> Result<(), Error> {
    let admin = session.admin_services()?.admin_providers(service)?;
    drop(admin);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
