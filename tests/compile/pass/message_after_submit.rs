// SubmitMessage consumes the message.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;

fn end<B: Subsystem>(message: Message<'_, B>) -> Result<(), Error> {
    message.info()?;
    message.submit()?;
    Ok(())
}

fn main() {}
