//! SubmitMessage consumes the message.

use mapi_session::{subsystem::Subsystem, *};

fn end<B: Subsystem>(message: Message<'_, B>) -> Result<(), Error> {
    message.submit()?;
    message.info()?;
    Ok(())
}

fn main() {}
