// O1: no way leads to the session while the address book holds the Arc.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::AddressBookFlags;
use std::sync::Arc;

fn end<B: Subsystem>(session: Arc<Session<Live, B>>) -> Result<(), Error> {
    let flags = AddressBookFlags::NO_DIALOG;
    let _address_book = Object::open_address_book(Arc::clone(&session), UiParam::NONE, flags)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
