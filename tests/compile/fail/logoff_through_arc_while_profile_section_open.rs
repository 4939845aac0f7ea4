// O1: no way leads to the session while a profile section holds the Arc.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::ProfileSectionFlags;
use std::sync::Arc;

fn end<B: Subsystem>(session: Arc<Session<Live, B>>, uid: MapiUid) -> Result<(), Error> {
    let flags = ProfileSectionFlags::MODIFY;
    let _section = ProfileSection::open(Arc::clone(&session), uid, flags)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
