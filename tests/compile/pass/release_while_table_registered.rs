// O1: no release of a table while a registration with it lives.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: &Session<Live, B>) -> Result<(), Error> {
    let table = session.open_status_table()?;
    let registration = table.advise(|_| ())?;
    drop(registration);
    drop(table);
    Ok(())
}

fn main() {}
