// M11: a form is shown once.

use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use mapi_session::flags::ShowFormFlags;
use mapi_session::session::form::PreparedForm;
use mapi_session::types::FormMessage;

fn end<B: Subsystem>(
    form: PreparedForm<'_, B>,
    store: &MsgStore<'_, B>,
    folder: &Folder<'_, B>,
    message: &FormMessage,
) -> Result<(), Error> {
    form.show_form(UiParam::NONE, store, folder, ShowFormFlags::empty(), message)?;
    form.show_form(UiParam::NONE, store, folder, ShowFormFlags::empty(), message)?;
    Ok(())
}

fn main() {}
