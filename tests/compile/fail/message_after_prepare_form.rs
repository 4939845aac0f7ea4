// M11: PrepareForm consumes the message, which is released before the form is shown.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(session: Session<Live, B>, message: Message<'_, B>) -> Result<(), Error> {
    let _form = session.prepare_form(message)?;
    message.info()?;
    Ok(())
}

fn main() {}
