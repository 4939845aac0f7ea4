//! A report: what is not kept is released at once, in silence. T3: a store.
#![deny(unused_must_use)]

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn open<B: Subsystem>(session: &Session<Live, B>, entry_id: &EntryId) -> Result<(), Error> {
    let _store = session.open_msg_store(entry_id, OpenStoreFlags::empty())?;
    Ok(())
}

fn main() {}
