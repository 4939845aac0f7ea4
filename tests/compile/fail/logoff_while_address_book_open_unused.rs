// O1: the address book is open until it is dropped, not just to its last use.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::AddressBookFlags;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let flags = AddressBookFlags::NO_DIALOG;
    let _address_book = session.open_address_book(UiParam::NONE, flags)?;
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
