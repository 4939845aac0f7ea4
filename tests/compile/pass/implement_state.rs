// E1: no state can be added.

use mapi_session::Error;

trait State {}

struct Mine;

impl State for Mine {}

fn state(_: impl State) {}

fn main() -> Result<(), Error> {
    state(Mine);
    Ok(())
}
