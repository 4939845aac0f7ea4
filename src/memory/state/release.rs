//! What a client has open, and its release.

use super::{
    ClientKey, Kind, LogonState, Message, Object, ObjectKey, ProviderKey, Refusal, Result,
    SessionKey, State, Step,
};
use crate::error::Failure;
use crate::flags::StoreLogoffFlags;
use crate::memory::provider::ProviderCall;

impl State {
    /// Opens an object, for a client that is live.
    pub(super) fn open(&mut self, client: ClientKey, kind: Kind, is_writable: bool) -> ObjectKey {
        let objects = &mut self.clients[client].extras_mut().objects;
        let position = objects.len();
        let key = self.objects.insert_with(|| Object {
            client,
            position,
            kind,
            is_writable,
            deferred: None,
            draft: None,
            registrations: 0,
        });
        objects.push(key);
        key
    }

    /// The object, unless anything of it but Release fails (O2).
    pub(super) fn opened(&self, key: ObjectKey) -> Result<&Object> {
        self.check_initialized()?;
        let object = self.objects.get(key);
        let object = object.ok_or_else(|| Failure::from(Refusal::LoggedOff))?;
        let on = self.live(object.client)?;
        match &object.kind {
            Kind::Provided(it) if it.is_store() && it.is_over => {
                return Err(Refusal::StoreLoggedOff.into());
            }
            Kind::Provided(it) if it.is_over => return Err(Refusal::Submitted.into()),
            // O6: a status object goes with its row.
            Kind::Mapi { number, .. } if self.mapi_object(&on, *number).is_none() => {
                return Err(Refusal::StatusGone.into());
            }
            _ => {}
        }
        match &object.deferred {
            Some(failure) => Err(failure.clone()),
            None => Ok(object),
        }
    }

    /// O3: an object that is opened of a store holds the store object.
    pub(super) fn refer_to_store(&mut self, client: ClientKey, provider: ProviderKey) {
        let store = &mut self.profiles.providers[provider];
        if store.is_store() {
            store.openings.add(false);
            let session = self.clients[client].session;
            self.provider_state_mut(session, provider)
                .add_reference(false);
        }
    }

    /// Release of an object.
    pub(crate) fn release(&mut self, key: ObjectKey) -> Step<()> {
        self.end_registrations(key);
        let Some((session, object)) = self.detach(key) else {
            return Step::Done(());
        };
        match self.give_up(session, &object) {
            Some(closed) => self.shut_store_down(session, closed),
            None => Step::Done(()),
        }
    }

    /// The end of a client closes what it has not released.
    pub(super) fn close_all(&mut self, session: SessionKey, objects: Vec<ObjectKey>) {
        for key in objects {
            if let Some(object) = self.objects.remove(key) {
                self.give_up(session, &object);
            }
        }
    }

    /// Takes an object from its client.
    pub(super) fn detach(&mut self, key: ObjectKey) -> Option<(SessionKey, Object)> {
        let object = self.objects.remove(key)?;
        let client = &mut self.clients[object.client];
        let objects = &mut client.extras_mut().objects;
        objects.swap_remove(object.position);
        if let Some(moved) = objects.get(object.position) {
            self.objects[*moved].position = object.position;
        }
        Some((client.session, object))
    }

    /// Gives back what an object had of others. Where it was the last one of a store: the store.
    fn give_up(&mut self, session: SessionKey, object: &Object) -> Option<ClosedStore> {
        match &object.kind {
            // One that opened under MAPI_DEFERRED_ERRORS only has no store behind it.
            Kind::Provided(it) if it.is_store() && object.deferred.is_some() => {}
            Kind::Provided(it) => {
                let is_open_store = it.is_store() && !it.is_over;
                return self.drop_reference(session, it.provider, is_open_store);
            }
            Kind::Form(it) => return self.drop_reference(session, it.provider, false),
            Kind::Section { uid, flags } => self.close_section(session, *uid, *flags),
            Kind::Registration(registration) => {
                if let Some(subscription) = self.unsubscribe(session, registration) {
                    self.outbox.push(Message::Cancel(subscription));
                }
            }
            Kind::Table(table) => self.close_table(session, table),
            Kind::Attachment(it) => return self.drop_reference(session, it.provider, false),
            Kind::View(view) => {
                self.close_view(view);
                return self.drop_reference(session, view.provider, false);
            }
            Kind::Mapi { .. } | Kind::OneOff(_) => {}
        }
        None
    }

    fn drop_reference(
        &mut self,
        session: SessionKey,
        provider: ProviderKey,
        is_open_store: bool,
    ) -> Option<ClosedStore> {
        let store = &mut self.profiles.providers[provider];
        if !store.is_store() {
            return None;
        }
        let logoff = store.openings.remove(is_open_store);
        let state = self.provider_state_mut(session, provider);
        let open = state.open.as_mut()?;
        open.references -= 1;
        if open.references > 0 {
            return None;
        }
        let was_opened = state.open.take()?.is_writable.is_some();
        Some(ClosedStore {
            provider,
            logoff,
            was_opened,
        })
    }

    /// A store that was logged on again, and not opened then, is logged off again.
    pub(super) fn release_unopened(&mut self, key: SessionKey, provider: ProviderKey) -> Step<()> {
        let session = self.sessions.get(key).filter(|it| it.clients > 0);
        let is_unopened = session
            .is_some_and(|it| it.open_store(provider).is_none() && self.is_logged_on(it, provider));
        if !is_unopened {
            return Step::Done(());
        }
        let closed = ClosedStore {
            provider,
            logoff: None,
            was_opened: true,
        };
        self.shut_store_down(key, closed)
    }

    /// The last release of a store tells how it was logged off (T3), and logs it off in this session
    /// (O6).
    fn shut_store_down(&mut self, session: SessionKey, closed: ClosedStore) -> Step<()> {
        let ClosedStore {
            provider,
            logoff,
            was_opened,
        } = closed;
        let has_hook = self.profiles.providers[provider].hook.is_some();
        let state = self.provider_state_mut(session, provider);
        // What opened under MAPI_DEFERRED_ERRORS may have a provider that never logged on.
        let is_called = has_hook && state.has_logged_on;
        if was_opened {
            state.has_logged_on = false;
            if state.logon == LogonState::LoggedOn {
                state.logon = LogonState::Released;
            }
            self.tell_of_changed_rows(session);
        }
        if !is_called {
            return Step::Done(());
        }
        // It is called also where its profile has gone meanwhile.
        self.profiles.keep_provider(provider);
        let told = match logoff {
            Some(how) => self.call_provider(provider, ProviderCall::StoreLogoff(how), |_, _| {
                Step::Done(())
            }),
            None => Step::Done(()),
        };
        let logged_off = told.then(self, move |state, ()| match was_opened {
            true => state.stop(provider, ProviderCall::LogOff),
            false => Step::Done(Vec::new()),
        });
        logged_off.then(self, move |state, _| {
            state.profiles.give_up_provider(provider);
            Step::Done(())
        })
    }
}

/// A store of which a session has nothing open any more.
#[derive(Clone, Copy)]
struct ClosedStore {
    provider: ProviderKey,
    /// How it was logged off, where no other session has it open.
    logoff: Option<StoreLogoffFlags>,
    /// Whether the session had opened the store itself.
    was_opened: bool,
}
