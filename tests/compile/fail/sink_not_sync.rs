// N5: a sink is told on several threads at once.

use mapi_session::memory::*;
use mapi_session::*;

struct Sink(std::cell::OnceCell<Notification>);

impl AdviseSink for Sink {
    fn on_notify(&self, event: &Notification) {
        drop(self.0.set(event.clone()));
    }
}

fn main() -> Result<(), Error> {
    let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    let mapi = Mapi::initialize(memory)?;
    let session = mapi.logon(&LogonRequest::new_session("Outlook"))?;
    drop(session.advise_sink(EventMask::EXTENDED, Sink(Default::default()))?);
    Ok(())
}
