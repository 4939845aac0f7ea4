//! GetLastError, and what it knows (M10).

use std::borrow::Cow;

use super::slab::ClientKey;
use super::{COMPONENT, Outcome, State, check_bits};
use crate::error::{Failure, MapiError};
use crate::memory::error::Refusal;
use crate::subsystem::RawResult;
use crate::{HResult, LogonFlags};

impl State {
    pub(in crate::memory) fn last_error(
        &self,
        client: ClientKey,
        hresult: HResult,
        flags: u32,
    ) -> Result<Option<MapiError>, Refusal> {
        let on = self.live(client)?;
        self.check_unicode(flags)?;
        let known = on.client.extras().and_then(|it| it.last_error.as_ref());
        let asked_for = known.filter(|(of, _)| *of == hresult);
        Ok(asked_for.map(|(_, error)| error.clone()))
    }

    /// Keeps a failure, or a success with a warning, of a call of this client.
    pub(in crate::memory) fn recorded<T>(
        &mut self,
        client: ClientKey,
        outcome: Outcome<T>,
    ) -> RawResult<T> {
        match outcome {
            Ok(success) if success.warning().is_none() => Ok(success),
            outcome => self.keep(client, outcome),
        }
    }

    fn keep<T>(&mut self, client: ClientKey, outcome: Outcome<T>) -> RawResult<T> {
        let outcome = outcome.map_err(Failure::from);
        match &outcome {
            Ok(success) => {
                if let Some(warning) = success.warning() {
                    self.record(client, warning.hresult(), warning.reason());
                }
            }
            Err(failure) => self.record(client, failure.hresult(), failure.reason()),
        }
        outcome
    }

    fn record(&mut self, client: ClientKey, hresult: HResult, reason: Option<&str>) {
        if let Some(client) = self.clients.get_mut(client) {
            let error = reason.or(hresult.meaning()).unwrap_or_default();
            let error = MapiError {
                error: Cow::Owned(error.into()),
                component: Cow::Borrowed(COMPONENT),
                low_level_error: 0,
                context: 0,
            };
            client.extras_mut().last_error = Some((hresult, error));
        }
    }

    /// The flags of a call that gives text.
    pub(super) fn check_unicode(&self, flags: u32) -> Result<(), Refusal> {
        check_bits(flags, LogonFlags::UNICODE.bits())?;
        match flags {
            0 => Ok(()),
            _ if self.options.unicode => Ok(()),
            _ => Err(Refusal::NoUnicode {}),
        }
    }

    /// M11: MessageOptions and QueryDefaultMessageOpt.
    pub(in crate::memory) fn not_supported<T>(
        &self,
        client: ClientKey,
        call: &'static str,
    ) -> Result<T, Refusal> {
        self.live(client)?;
        Err(Refusal::NotSupported { call })
    }
}
