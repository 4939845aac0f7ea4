//! GetLastError, and what it knows (M10).

use std::borrow::Cow;

use super::{COMPONENT, ClientKey, Refusal, Result, State, check_bits};
use crate::error::MapiError;
use crate::{HResult, LogonFlags};

impl State {
    pub(crate) fn last_error(
        &self,
        client: ClientKey,
        hresult: HResult,
        flags: u32,
    ) -> Result<Option<MapiError>> {
        let on = self.live(client)?;
        self.check_unicode(flags)?;
        let known = on.client.extras().and_then(|it| it.last_error.as_ref());
        let asked_for = known.filter(|(of, _)| *of == hresult);
        Ok(asked_for.map(|(_, error)| error.clone()))
    }

    /// Keeps a failure, or a success with a warning, of a call of this client.
    pub(crate) fn record(&mut self, client: ClientKey, hresult: HResult, reason: Option<&str>) {
        if let Some(client) = self.clients.get_mut(client) {
            client.extras_mut().last_error = Some((hresult, described(hresult, reason)));
        }
    }

    /// The flags of a call that gives text.
    pub(super) fn check_unicode(&self, flags: u32) -> Result<()> {
        check_bits(flags, LogonFlags::UNICODE.bits())?;
        match flags {
            0 => Ok(()),
            _ if self.options.without_unicode => Err(Refusal::NoUnicode.into()),
            _ => Ok(()),
        }
    }

    /// M11: MessageOptions and QueryDefaultMessageOpt.
    pub(crate) fn not_supported<T>(&self, client: ClientKey, call: &'static str) -> Result<T> {
        self.live(client)?;
        Err(Refusal::NotSupported(call).into())
    }
}

/// What GetLastError tells of a failure, or of a warning.
pub(super) fn described(hresult: HResult, reason: Option<&str>) -> MapiError {
    let meaning = || Cow::Borrowed(hresult.meaning().unwrap_or_default());
    let error = reason.map_or_else(meaning, |it| Cow::Owned(it.into()));
    MapiError::new(error).with_component(COMPONENT)
}
