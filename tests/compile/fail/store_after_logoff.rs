// T2: StoreLogoff consumes the store.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::session::store::StoreLogoff;

fn end<B: Subsystem>(store: MsgStore<'_, B>) -> Result<(), Error> {
    store.logoff(StoreLogoff::Orderly)?;
    store.info()?;
    Ok(())
}

fn main() {}
