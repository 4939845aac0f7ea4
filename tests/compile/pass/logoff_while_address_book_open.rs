// O1: no logoff while the address book is open.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::AddressBookFlags;

fn end<B: Subsystem>(session: Session<Live, B>) -> Result<(), Error> {
    let flags = AddressBookFlags::NO_DIALOG;
    let address_book = session.open_address_book(UiParam::NONE, flags)?;
    drop(address_book);
    session.logoff(LogoffFlags::empty())?;
    Ok(())
}

fn main() {}
