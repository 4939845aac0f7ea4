//! Messages: submitted, and their options.

use std::fmt;

use super::plain;
use super::query::UNICODE;
use crate::error::Call;
use crate::property::Property;
use crate::subsystem::{RawObject, RawSession, Subsystem};
use crate::{Error, Live, Message, Session, UiParam};

impl<'s, B: Subsystem> Message<'s, B> {
    /// Puts the message into the outgoing queue. Nothing but release may follow, so this consumes
    /// it.
    ///
    /// # Errors
    /// The message is given back:
    /// - MAPI_E_NO_RECIPIENTS: it has none.
    /// - MAPI_E_NO_ACCESS: it was opened for reading.
    /// - MAPI_E_SUBMITTED: it is in the outgoing queue already.
    /// - MAPI_E_NO_SUPPORT: its store sends none.
    /// - MAPI_E_NOT_FOUND: it has been sent since it was opened (our reading).
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-submitmessage).
    #[doc(alias = "SubmitMessage")]
    #[doc(alias = "IMessage::SubmitMessage")]
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn submit(self) -> Result<(), SubmitError<'s, B>> {
        plain(Call::SubmitMessage, self.open.raw.submit_message(0)).map_err(|error| SubmitError {
            error,
            message: self,
        })
    }
}

/// A message that was not submitted, and why. The message is open as before.
#[derive(thiserror::Error)]
#[error("{error}")]
#[must_use = "the message is still open"]
pub struct SubmitError<'s, B: Subsystem> {
    /// What went wrong.
    pub error: Error,
    /// The message.
    pub message: Message<'s, B>,
}

impl<B: Subsystem> fmt::Debug for SubmitError<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubmitError")
            .field("error", &self.error)
            .field("message", &self.message)
            .finish()
    }
}

impl<B: Subsystem> From<SubmitError<'_, B>> for Error {
    fn from(error: SubmitError<'_, B>) -> Self {
        error.error
    }
}

impl<B: Subsystem> Session<Live, B> {
    /// Shows the options of a message for recipients of this address type. No subsystem that
    /// follows the reference supports it.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown).
    #[doc(alias = "MessageOptions")]
    #[doc(alias = "IMAPISession::MessageOptions")]
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn message_options(
        &self,
        parent: UiParam,
        address_type: &str,
        message: &Message<'_, B>,
    ) -> Result<(), Error> {
        let shown = self
            .raw
            .message_options(parent, 0, address_type, &message.open.raw);
        plain(Call::MessageOptions, shown)
    }

    /// The default options of a message for recipients of this address type. No subsystem that
    /// follows the reference supports it.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown).
    #[doc(alias = "QueryDefaultMessageOpt")]
    #[doc(alias = "IMAPISession::QueryDefaultMessageOpt")]
    #[cfg_attr(feature = "testing", track_caller)]
    pub fn query_default_message_opt(&self, address_type: &str) -> Result<Vec<Property>, Error> {
        plain(
            Call::QueryDefaultMessageOpt,
            self.raw.query_default_message_opt(address_type, UNICODE),
        )
    }
}
