// N6: the dispatcher is used on its thread only; the sink anywhere.

use mapi_session::*;
use mapi_session::session::registration::this_thread_sink;
use std::thread;

struct Shared<'a, T>(&'a T);

impl<T: Sync> Shared<'_, T> {
    fn send(self) {
        thread::scope(|threads| drop(threads.spawn(|| size_of_val(self.0))));
    }
}

fn ignore(_: &Notification) {}

fn main() -> Result<(), Error> {
    let (sink, dispatcher) = this_thread_sink(ignore);
    drop(dispatcher);
    Shared(&sink).send();
    Ok(())
}
