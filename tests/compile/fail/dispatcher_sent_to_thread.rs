// N6: the dispatcher stays on its thread; the sink goes anywhere.

use mapi_session::*;
use mapi_session::session::registration::this_thread_sink;
use std::thread;

struct Parcel<T>(T);

impl<T: Send> Parcel<T> {
    fn send(self) {
        thread::scope(|threads| drop(threads.spawn(|| drop(self.0))));
    }
}

fn ignore(_: &Notification) {}

fn main() -> Result<(), Error> {
    let (sink, dispatcher) = this_thread_sink(ignore);
    drop(sink);
    Parcel(dispatcher).send();
    Ok(())
}
