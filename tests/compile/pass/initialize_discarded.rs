// A report: what is not kept is released at once, in silence. I2: the library, uninitialised.

use mapi_session::memory::*;
use mapi_session::*;

#[deny(unused_must_use)]
fn main() -> Result<(), Error> {
    let memory = Memory::builder().build()?;
    let _mapi = Mapi::initialize(memory)?;
    Ok(())
}
