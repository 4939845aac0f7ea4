//! Forms: a message is prepared, and shown once.

use std::fmt;

use super::{Open, SessionRef, plain};
use crate::error::Call;
use crate::flags::ShowFormFlags;
use crate::session::entry::Folder;
use crate::subsystem::{RawSession, Subsystem};
use crate::types::{FormMessage, FormToken};
use crate::{Error, Live, Message, MsgStore, Session, UiParam};

impl<B: Subsystem> Session<Live, B> {
    /// Prepares a message to be shown in its form. It consumes the message, because MAPI wants it
    /// released before the form is shown.
    ///
    /// The form borrows the session. To keep both in one struct, prepare it from an `Arc` of the
    /// session, with [`PreparedForm::prepare`].
    ///
    /// ```
    /// # use mapi_session::memory::{Answer, Folder, Memory, Profile, Store};
    /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags, UiParam};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox"));
    /// # let memory = Memory::builder().profile(Profile::new("Work").default_profile().store(mailbox)).build()?;
    /// # memory.user().answer(Answer::Accept);
    /// # let mapi = Mapi::initialize(memory.clone())?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// use mapi_session::flags::ShowFormFlags;
    /// use mapi_session::types::FormMessage;
    ///
    /// let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    /// let inbox = store.open_receive_folder("IPM.Note")?;
    /// let message = inbox.create_message()?;
    /// message.save_changes()?;
    /// let form = session.prepare_form(message)?;
    /// let note = FormMessage::new("IPM.Note");
    /// form.show_form(UiParam::NONE, &store, &inbox, ShowFormFlags::empty(), &note)?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// MAPI_E_INVALID_PARAMETER: the message is another session's (our reading). It is released
    /// nevertheless.
    ///
    /// [`IMAPISession::PrepareForm`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-prepareform) in the MAPI reference.
    #[doc(alias = "IMAPISession::PrepareForm")]
    #[track_caller]
    pub fn prepare_form(&self, message: Message<'_, B>) -> Result<PreparedForm<'_, B>, Error> {
        PreparedForm::prepare(self, message)
    }
}

/// A message that is prepared to be shown in its form, once.
#[doc(alias = "ulMessageToken")]
#[must_use = "the form is not shown yet"]
pub struct PreparedForm<'s, B: Subsystem>(Open<'s, B, FormToken>);

impl<'s, B: Subsystem> PreparedForm<'s, B> {
    /// Does the same as [`Session::prepare_form`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::prepare_form`].
    // The message is released when this returns.
    #[allow(clippy::needless_pass_by_value)]
    #[track_caller]
    pub fn prepare(
        session: impl Into<SessionRef<'s, B>>,
        message: Message<'_, B>,
    ) -> Result<Self, Error> {
        let session = session.into();
        let prepared = session.raw.prepare_form(&message.0.open.raw);
        Open::new(session, Call::SESSION_PREPARE_FORM, prepared).map(Self)
    }

    /// Returns the number (token) that PrepareForm gave.
    #[must_use]
    #[track_caller]
    pub fn token(&self) -> FormToken {
        self.0.raw
    }

    /// Shows the form, in a window with this parent. `store` and `folder` are where the message was
    /// created, and `message` is what is known of it. A form can be shown once, so this consumes it.
    ///
    /// # Errors
    /// - MAPI_E_USER_CANCEL: the user cancelled.
    /// - MAPI_E_INVALID_PARAMETER: the message is not in that store, or was not created in that folder
    ///   (our reading).
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - any other code of the form; the reference says to treat it as MAPI_E_CALL_FAILED.
    ///
    /// [`IMAPISession::ShowForm`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-showform) in the MAPI reference.
    #[doc(alias = "IMAPISession::ShowForm")]
    #[track_caller]
    pub fn show_form(
        self,
        parent: UiParam,
        store: &MsgStore<'_, B>,
        folder: &Folder<'_, B>,
        flags: ShowFormFlags,
        message: &FormMessage,
    ) -> Result<(), Error> {
        let shown = self.0.session.raw.show_form(
            parent,
            &store.0.raw,
            &folder.0.open.raw,
            self.0.raw,
            flags.bits(),
            message,
        );
        plain(Call::SESSION_SHOW_FORM, shown)
    }
}

/// Gives the message back, unless the form was shown: MAPI itself keeps it until the session ends.
impl<B: Subsystem> Drop for PreparedForm<'_, B> {
    fn drop(&mut self) {
        self.0.session.raw.discard_form(self.0.raw);
    }
}

impl<B: Subsystem> fmt::Debug for PreparedForm<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PreparedForm")
            .field(&self.0.raw.get())
            .finish()
    }
}
