// O1: a profile section is open until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::ProfileSectionFlags;

fn end<B: Subsystem>(session: Session<Live, B>, uid: MapiUid) -> Result<(), Error> {
    let flags = ProfileSectionFlags::MODIFY;
    let _ = session.open_profile_section(uid, flags)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
