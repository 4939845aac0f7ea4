// SubmitMessage consumes the message.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(message: Message<'_, B>) -> Result<(), Error> {
    message.submit()?;
    message.info()?;
    Ok(())
}

fn main() {}
