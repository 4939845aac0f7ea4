// E1: there are no states but Live and LoggedOff.

use mapi_session::memory::*;
use mapi_session::*;

type Mine = Live;

fn main() -> Result<(), Error> {
    let _nobody = None::<Session<Mine, Memory>>;
    Ok(())
}
