//! A report: what is not kept is released at once, in silence. I2: the library, uninitialised.
#![deny(unused_must_use)]

use mapi_session::memory::*;
use mapi_session::*;

fn main() -> Result<(), Error> {
    let memory = Memory::builder().build()?;
    Mapi::initialize(memory)?;
    Ok(())
}
