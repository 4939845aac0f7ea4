// T2: StoreLogoff consumes the store.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::session::store::StoreLogoff;

fn end<B: Subsystem>(store: MsgStore<'_, B>) -> Result<(), Error> {
    store.info()?;
    store.logoff(StoreLogoff::Orderly)?;
    Ok(())
}

fn main() {}
