// N7: a sink can be told after its registration's scope has ended: it borrows nothing.

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    let told = std::sync::atomic::AtomicBool::new(false);
    let tell = |_: &Notification| told.store(true, std::sync::atomic::Ordering::Relaxed);
    drop(session.advise(EventMask::EXTENDED, tell)?);
    Ok(())
}
