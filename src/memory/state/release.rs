//! What a client has open, and its release.

use super::{
    ClientKey, Kind, Message, Object, ObjectKey, Provided, ProviderKey, ProviderState, Refusal,
    Result, SessionKey, Side, State, Step,
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
            registrations: 0,
        });
        objects.push(key);
        key
    }

    /// Opens a store, or an object in a provider.
    pub(super) fn open_provided(
        &mut self,
        client: ClientKey,
        provided: Provided,
        is_writable: bool,
    ) -> ObjectKey {
        let opened = self.open(client, Kind::Provided(provided), is_writable);
        let Provided { provider, side, .. } = provided;
        self.count_opening(client, provider, side, provided.is_store());
        opened
    }

    /// Counts an object of a store as open: the store stays on its side (M2), and somebody is told
    /// of its last release (T3).
    pub(super) fn count_opening(
        &mut self,
        client: ClientKey,
        provider: ProviderKey,
        side: Option<Side>,
        is_store: bool,
    ) {
        if let Some(side) = side {
            let session = self.clients[client].session;
            *side.count_in(self.provider_state_mut(session, provider)) += 1;
        }
        self.profiles.providers[provider].openings.add(is_store);
    }

    /// The object, unless anything of it but Release fails (O2).
    pub(super) fn opened(&self, key: ObjectKey) -> Result<&Object> {
        self.check_initialized()?;
        let object = self.objects.get(key);
        let object = object.ok_or_else(|| Failure::from(Refusal::LoggedOff))?;
        self.live(object.client)?;
        match object.provided().filter(|it| it.is_over) {
            Some(it) if it.is_store() => return Err(Refusal::StoreLoggedOff.into()),
            Some(_) => return Err(Refusal::Submitted.into()),
            None => {}
        }
        match &object.deferred {
            Some(failure) => Err(failure.clone()),
            None => Ok(object),
        }
    }

    /// Release of an object.
    pub(crate) fn release(&mut self, key: ObjectKey) -> Step<()> {
        self.end_registrations(key);
        let detached = self.detach(key);
        let last = detached.and_then(|(session, kind)| self.give_up(session, kind));
        let Some((provider, how)) = last else {
            return Step::Done(());
        };
        self.call_provider(provider, ProviderCall::StoreLogoff(how), |_, _| {
            Step::Done(())
        })
    }

    /// The end of a client closes what it has not released.
    pub(super) fn close_all(&mut self, session: SessionKey, objects: Vec<ObjectKey>) {
        for key in objects {
            if let Some(object) = self.objects.remove(key) {
                self.give_up(session, object.kind);
            }
        }
    }

    /// Takes an object from its client.
    pub(super) fn detach(&mut self, key: ObjectKey) -> Option<(SessionKey, Kind)> {
        let object = self.objects.remove(key)?;
        let client = &mut self.clients[object.client];
        let objects = &mut client.extras_mut().objects;
        objects.swap_remove(object.position);
        if let Some(moved) = objects.get(object.position) {
            self.objects[*moved].position = object.position;
        }
        Some((client.session, object.kind))
    }

    /// Gives back what an object had of others. Where that was the last of a store: its provider, and
    /// how the store was logged off (T3).
    fn give_up(
        &mut self,
        session: SessionKey,
        kind: Kind,
    ) -> Option<(ProviderKey, StoreLogoffFlags)> {
        match kind {
            Kind::Provided(it) => {
                let is_open_store = it.is_store() && !it.is_over;
                self.uncount_opening(session, it.provider, it.side, is_open_store)
            }
            Kind::Form { provider, .. } => self.uncount_opening(session, provider, None, false),
            Kind::Section { uid, flags } => {
                self.close_section(session, uid, flags);
                None
            }
            Kind::Registration(registration) => {
                if let Some(subscription) = self.unsubscribe(session, &registration) {
                    self.outbox.push(Message::Cancel(subscription));
                }
                None
            }
            Kind::Table(table) => {
                self.close_table(session, table);
                None
            }
            Kind::Mapi { .. } => None,
        }
    }

    fn uncount_opening(
        &mut self,
        session: SessionKey,
        provider: ProviderKey,
        side: Option<Side>,
        is_store: bool,
    ) -> Option<(ProviderKey, StoreLogoffFlags)> {
        if let Some(side) = side {
            *side.count_in(self.provider_state_mut(session, provider)) -= 1;
        }
        let store = &mut self.profiles.providers[provider];
        let how = store.openings.remove(is_store)?;
        if store.hook.is_none() || !store.is_store() {
            return None;
        }
        // What opened under MAPI_DEFERRED_ERRORS may have a provider that never logged on.
        let state = self.provider_state_mut(session, provider);
        state.has_logged_on.then_some((provider, how))
    }
}

impl Side {
    /// How many objects of a session are open on this side.
    pub(super) fn count_in(self, state: &mut ProviderState) -> &mut usize {
        match self {
            Self::Cache => &mut state.open_cached,
            Self::Server => &mut state.open_online,
        }
    }
}
