//! GetLastError, and what it knows (M10).

use super::{ClientKey, ObjectKey, Refusal, Result, SectionKey, State, check_bits};
use crate::error::{LastError, MapiError};
use crate::{HResult, LogonFlags};

impl State {
    /// IMAPISession::GetLastError
    pub(crate) fn last_error(
        &self,
        client: ClientKey,
        hresult: HResult,
        flags: u32,
    ) -> Result<Option<MapiError>> {
        let on = self.live(client)?;
        self.check_text_flags(flags)?;
        let known = on.client.extras().and_then(|it| it.last_error.as_ref());
        Ok(known.and_then(|it| it.of_hresult(hresult)))
    }

    /// Keeps a failure, or a success with a warning, of a call of this client.
    pub(crate) fn record(&mut self, client: ClientKey, last_error: LastError) {
        if let Some(client) = self.clients.get_mut(client) {
            client.extras_mut().last_error = Some(last_error);
        }
    }

    /// GetLastError of a section.
    pub(crate) fn check_last_error_of_section(&self, key: SectionKey, flags: u32) -> Result<()> {
        match key {
            SectionKey::OfClient(object) => self.check_last_error(object, flags),
            SectionKey::WithoutSession(_) => {
                self.check_initialized()?;
                self.check_text_flags(flags)
            }
        }
    }

    /// GetLastError of an object; of one that fails at each use, too.
    pub(crate) fn check_last_error(&self, key: ObjectKey, flags: u32) -> Result<()> {
        if let Err(failure) = self.opened(key) {
            let object = self.objects.get(key);
            if object.and_then(|it| it.deferred.as_ref()) != Some(&failure) {
                return Err(failure);
            }
        }
        self.check_text_flags(flags)
    }

    /// The flags of a call whose page has MAPI_UNICODE.
    pub(super) fn check_text_flags(&self, flags: u32) -> Result<()> {
        match flags {
            0 if self.options.without_ansi => Err(Refusal::OnlyUnicode.into()),
            _ => self.check_unicode(flags),
        }
    }

    /// The same of service administration, whose pages lack it or warn of it: it is never asked for.
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
