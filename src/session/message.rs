//! Messages: submitted, and their options.

use super::plain;
use super::query::UNICODE;
use crate::error::{Call, CallError};
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
    #[track_caller]
    pub fn submit(self) -> Result<(), CallError<Self>> {
        plain(Call::SubmitMessage, self.0.open.raw.submit_message(0))
            .map_err(|error| CallError::new(error, self))
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
    #[track_caller]
    pub fn message_options(
        &self,
        parent: UiParam,
        address_type: &str,
        message: &Message<'_, B>,
    ) -> Result<(), Error> {
        let shown = self
            .raw
            .message_options(parent, 0, address_type, &message.0.open.raw);
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
    #[track_caller]
    pub fn query_default_message_opt(&self, address_type: &str) -> Result<Vec<Property>, Error> {
        plain(
            Call::QueryDefaultMessageOpt,
            self.raw.query_default_message_opt(address_type, UNICODE),
        )
    }
}
