// N5: a sink is told on any thread.

use mapi_session::memory::*;
use mapi_session::*;

struct Sink(&'static std::sync::Mutex<()>);

impl AdviseSink for Sink {
    fn on_notify(&self, event: &Notification) {
        let _ = (&self.0, event);
    }
}

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    if let Some(sink) = None.map(Sink) {
        drop(session.advise_sink(EventMask::EXTENDED, sink)?);
    }
    Ok(())
}
