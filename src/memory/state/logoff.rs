//! IMAPISession::Logoff, and what the end of a session means to the others.

use super::providers::errors_returned;
use super::{ClientKey, Outcome, ProviderKey, Refusal, SessionKey, State, Step, quoted};
use crate::error::{COMPONENT, MapiError, Success};
use crate::memory::{provider::ProviderCall, user::Question};
use crate::notification::{CriticalError, ExtendedEvent};
use crate::subsystem::check_logoff;
use crate::{HResult, LogoffFlags, Notification, UiParam};

impl State {
    /// E6: refused before anything else happens. E8: a logoff without the library is not refused; it
    /// ends the session, and fails.
    pub(crate) fn logoff(
        &mut self,
        client: ClientKey,
        parent: UiParam,
        flags: u32,
        reserved: u32,
    ) -> Step<Outcome<()>> {
        if let Err(failure) = self.check_initialized() {
            let is_live = self.clients.get(client).is_some_and(|it| !it.is_ending);
            if !is_live {
                return Step::Done(Err(failure));
            }
            let ended = self.end_client(client, false);
            return ended.then(self, move |_, _| Step::Done(Err(failure)));
        }
        let Some(now) = self.clients.get_mut(client) else {
            return Step::refused(Refusal::LoggedOff);
        };
        let flags = match check_logoff(flags, reserved) {
            Ok(flags) => flags,
            Err(fault) => return Step::Done(Err(fault.into())),
        };
        if now.is_ending {
            return Step::refused(Refusal::BeingLoggedOff);
        }
        if flags.contains(LogoffFlags::UI) {
            if now.is_service() {
                return Step::refused(Refusal::DialogOfService);
            }
            now.is_ending = true;
            return Self::confirm_logoff(client, parent, flags);
        }
        self.end_client(client, flags.contains(LogoffFlags::SHARED))
    }

    /// Asks the user whether to log off (rule E7).
    fn confirm_logoff(client: ClientKey, parent: UiParam, flags: LogoffFlags) -> Step<Outcome<()>> {
        Step::ask(Question::ConfirmLogoff, parent, move |state, answer| {
            let failure = match answer {
                Ok(None) => {
                    let is_shared = flags.contains(LogoffFlags::SHARED);
                    return state.end_client(client, is_shared);
                }
                Ok(Some(picked)) => Refusal::PickedAtLogoff(quoted(&picked)).into(),
                Err(failure) => failure,
            };
            if let Some(client) = state.clients.get_mut(client) {
                client.is_ending = false;
            }
            Step::Done(Err(failure))
        })
    }

    /// Release of a session object. Whether it was live (E11): then it ends as by a plain logoff.
    pub(crate) fn release_client(&mut self, client: ClientKey) -> Step<bool> {
        if self.clients.get(client).is_none() {
            return Step::Done(false);
        }
        self.released_live += 1;
        let ended = self.end_client(client, false);
        ended.then(self, |_, _| Step::Done(true))
    }

    /// E9: the others are told; with the last client the providers log off, and the session is gone.
    pub(super) fn end_client(&mut self, key: ClientKey, logoff_shared: bool) -> Step<Outcome<()>> {
        match self.leave(key, logoff_shared) {
            None => Step::Done(Ok(Success::new(()))),
            Some(session) if self.outbox.is_empty() => self.end_session(session),
            Some(session) => Step::Flush(Box::new(move |state, ()| state.end_session(session))),
        }
    }

    /// Takes a client off its session, with what it has not released, and tells those who are to
    /// hear of it. Gives the session, where it has no client any more.
    fn leave(&mut self, client: ClientKey, logoff_shared: bool) -> Option<SessionKey> {
        let client = self.clients.remove(client)?;
        let key = client.session;
        if let Some(extras) = client.extras {
            self.close_all(key, extras.objects);
        }
        let session = &mut self.sessions[key];
        session.clients -= 1;
        let was_last = session.clients == 0;
        if session.is_shared {
            self.tell_of_logoff(key, logoff_shared);
        }
        was_last.then_some(key)
    }

    /// Tells those who are to hear that a client has left its shared session.
    fn tell_of_logoff(&mut self, key: SessionKey, logoff_shared: bool) {
        let session = &mut self.sessions[key];
        session.is_closing |= logoff_shared;
        let subscribers = session.subscribers.clone();
        if session.clients == 0 {
            self.shared.remove(&session.serial);
        }
        if logoff_shared {
            self.tell(subscribers.clone(), end_of_session());
        }
        self.tell(subscribers, client_logged_off());
        if logoff_shared && self.options.fast_shutdown {
            self.tell_all_but(key);
        }
    }

    /// Tells the clients of all other sessions to log off too (rule E5).
    fn tell_all_but(&mut self, session: SessionKey) {
        for subscribers in self.subscribers_by_age(Some(session)) {
            self.tell(subscribers, end_of_session());
        }
    }

    fn end_session(&mut self, key: SessionKey) -> Step<Outcome<()>> {
        let profile = &self.profiles.versions[self.sessions[key].profile];
        if !profile.has_calls && !profile.has_transports {
            self.close_session(key);
            return Step::Done(Ok(Success::new(())));
        }
        let logged_on = self.stop_providers(key).into_iter();
        // One that fails stops none of the others (E10).
        let stop = move |state: &mut Self, provider| {
            // A store that was released is logged off already (O6).
            match state.provider_state_mut(key, provider).has_logged_on {
                true => state.log_off(provider),
                false => state.stop(provider, ProviderCall::Shutdown),
            }
        };
        let logged_off = self.for_each(logged_on, Vec::new(), stop);
        logged_off.then(self, move |state, failures| {
            state.close_session(key);
            Step::Done(Ok(Success::from_parts((), errors_returned(&failures))))
        })
    }

    /// Takes the session's providers from it. Gives those that are to be called, in their order.
    fn stop_providers(&mut self, key: SessionKey) -> Vec<ProviderKey> {
        let session = &self.sessions[key];
        let profile = &self.profiles.versions[session.profile];
        let mut logged_on = Vec::new();
        if profile.has_calls {
            logged_on.extend(profile.in_order().filter_map(|it| {
                let has_hook = self.profiles.providers[it.key].hook.is_some();
                let state = self.provider_state(session, it);
                (has_hook && state.is_loaded).then_some(it.key)
            }));
        }
        if profile.has_transports {
            self.give_mail_up(key);
        }
        logged_on
    }

    fn close_session(&mut self, key: SessionKey) {
        let Some(profile) = self.sessions.get(key).map(|it| it.profile) else {
            return;
        };
        self.sessions.discard(key);
        if self.profiles.versions[profile].has_temporary {
            self.profiles.drop_temporary(profile);
        }
        let now = &mut self.profiles.versions[profile];
        now.sessions -= 1;
        if now.sessions == 0 && (!now.is_current || self.profiles.has_pending()) {
            self.profiles.last_session_closed(profile);
        }
    }

    /// Ends a session as the end of the process does: nobody logs off (F4).
    pub(super) fn end_with_process(&mut self, client: ClientKey) {
        if let Some(session) = self.leave(client, false) {
            self.stop_providers(session);
            self.close_session(session);
        }
    }
}

/// What a logoff with MAPI_LOGOFF_SHARED tells the others (rule N3).
fn end_of_session() -> Notification {
    let text = "A client logs off and asks all others to log off too.";
    let error = MapiError::new(text).with_component(COMPONENT);
    let event = CriticalError::new(HResult::MAPI_E_END_OF_SESSION).with_error(Some(error));
    Notification::CriticalError(event)
}

/// N2. The reference gives the event neither a number nor parameters.
fn client_logged_off() -> Notification {
    Notification::Extended(ExtendedEvent::new(0, []))
}
