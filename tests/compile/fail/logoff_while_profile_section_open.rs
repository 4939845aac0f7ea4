// O1: no logoff while a profile section is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::ProfileSectionFlags;

fn end<B: Subsystem>(session: Session<Live, B>, uid: MapiUid) -> Result<(), Error> {
    let flags = ProfileSectionFlags::MODIFY;
    let section = session.open_profile_section(uid, flags)?;
    session.logoff(LogoffFlags::empty())?;
    drop(section);
    Ok(())
}

fn main() {}
