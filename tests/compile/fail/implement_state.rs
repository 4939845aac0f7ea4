// E1: no state can be added.

use mapi_session::Error;

use mapi_session::session::State;

struct Mine;

impl State for Mine {}

fn state(_: impl State) {}

fn main() -> Result<(), Error> {
    state(Mine);
    Ok(())
}
