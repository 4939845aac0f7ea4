//! E1: there are no states but Live and LoggedOff.

use mapi_session::{memory::*, *};

struct Mine;

fn main() -> Result<(), Error> {
    let _nobody = None::<Session<Mine, Memory>>;
    Ok(())
}
