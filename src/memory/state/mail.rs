//! Messages on their way: SubmitMessage, StoreLogoff, and what the transports do as time passes (T1
//! to T4).

use super::outgoing::MessageState;
use super::provider::object_number;
use super::{
    ClientKey, Kind, Logon, ObjectKey, Provided, Provider, ProviderKey, Refusal, Result, Session,
    SessionKey, State, Step, check_bits, hex,
};
use crate::EntryId;
use crate::flags::{ResourceFlags, StoreLogoffFlags, StoreSupportMask};
use crate::memory::stored::StoredMessage;
use crate::types::{ObjectType, provider_uid};

impl State {
    /// SubmitMessage.
    pub(crate) fn submit_message(&mut self, key: ObjectKey, flags: u32) -> Step<Result<()>> {
        Step::checked(|| {
            let (client, provider) = self.check_submission(key, flags)?;
            self.save_draft(key, false)?;
            let number = self.message(key)?.0.number;
            let submitted = self.submit(client, provider, number)?;
            Ok(submitted.then(self, move |state, submitted| {
                state.set_over(key);
                Step::Done(submitted)
            }))
        })
    }

    fn check_submission(&self, key: ObjectKey, flags: u32) -> Result<(ClientKey, ProviderKey)> {
        const FORCE_SUBMIT: u32 = 1;
        let object = self.opened(key)?;
        check_bits(flags, FORCE_SUBMIT)?;
        let is_message = |it: &&Provided| it.object_type == ObjectType::MESSAGE;
        let message = object.provided().filter(is_message);
        let Provided {
            provider, number, ..
        } = *message.ok_or(Refusal::NotAMessage)?;
        self.viewed(key)?;
        if !object.is_writable {
            let message = self.profiles.providers[provider].entry_id(number);
            return Err(Refusal::MessageReadOnly(hex(message.as_bytes())).into());
        }
        self.check_sendable(provider, number)?;
        match self.message(key)?.1.recipients() {
            [] => Err(Refusal::NoRecipients.into()),
            _ => Ok((object.client, provider)),
        }
    }

    /// Whether a store sends messages, and this one is not on its way.
    fn check_sendable(&self, store: ProviderKey, message: u32) -> Result<()> {
        let store = &self.profiles.providers[store];
        if !store.support.contains(StoreSupportMask::SUBMIT_OK) {
            return Err(Refusal::StoreSendsNothing(store.name.as_str().into()).into());
        }
        match store.mail.find(message) {
            MessageState::InItsFolder => Ok(()),
            MessageState::Submitted => Err(Refusal::AlreadySubmitted.into()),
            MessageState::Sent => Err(Refusal::AlreadySent.into()),
        }
    }

    /// Puts a message into its store's outgoing queue.
    pub(super) fn submit(
        &mut self,
        client: ClientKey,
        store: ProviderKey,
        message: u32,
    ) -> Result<Step<Result<()>>> {
        self.check_sendable(store, message)?;
        let provider = &mut self.profiles.providers[store];
        provider.mail.submit(message);
        if let Some(stored) = provider.object_mut(message) {
            stored.changes += 1;
        }
        self.object_changed(store, message);
        let ready = self.need_transports(client);
        Ok(ready.then(self, |_, ()| Step::Done(Ok(()))))
    }

    /// Starts the transports, when this client first needs them (L9).
    pub(super) fn need_transports(&mut self, client: ClientKey) -> Step<()> {
        match self.clients.get(client) {
            Some(client) if client.wants_mail() => self.start_transports(client.session),
            _ => Step::Done(()),
        }
    }

    /// Gives something for which the client needs the transports.
    pub(super) fn with_transports<T: 'static>(
        &mut self,
        client: ClientKey,
        give: impl FnOnce(&Self, &Logon<'_>) -> T + 'static,
    ) -> Step<Result<T>> {
        let ready = self.need_transports(client);
        ready.then(self, move |state, ()| {
            Step::Done(state.live(client).map(|on| give(state, &on)))
        })
    }

    /// IMsgStore::StoreLogoff (rules T1, T2).
    pub(crate) fn store_logoff(&mut self, key: ObjectKey, flags: u32) -> Step<Result<u32>> {
        Step::checked(|| {
            let client = self.opened(key)?.client;
            let how = StoreLogoffFlags::from(flags);
            let in_flags = StoreLogoffFlags::NO_WAIT
                | StoreLogoffFlags::ORDERLY
                | StoreLogoffFlags::PURGE
                | StoreLogoffFlags::ABORT
                | StoreLogoffFlags::QUIET;
            if !in_flags.contains(how) || flags.count_ones() != 1 {
                return Err(Refusal::StoreLogoffFlags(flags).into());
            }
            // A flush is the transports' work.
            let ready = match how {
                StoreLogoffFlags::PURGE => self.need_transports(client),
                _ => Step::Done(()),
            };
            Ok(ready.then(self, move |state, ()| {
                Step::Done(state.log_store_off(client, key, how))
            }))
        })
    }

    fn log_store_off(
        &mut self,
        client: ClientKey,
        key: ObjectKey,
        how: StoreLogoffFlags,
    ) -> Result<u32> {
        let on = self.live(client)?;
        let session = on.client.session;
        let flushes = how == StoreLogoffFlags::PURGE && self.has_active_transports(on.session);
        let provider = self.opened(key)?.store()?;
        let own = on.client.extras().into_iter().flat_map(|it| &it.objects);
        let own = own.filter_map(|key| self.objects[*key].provided());
        let own = own.filter(|it| it.provider == provider && it.is_store() && !it.is_over);
        let own = own.count();
        let state = on.session.providers.get(&provider);
        let has_no_mail = state.is_some_and(|it| it.has_no_mail);
        let store = &mut self.profiles.providers[provider];
        // What others have open is only released.
        let is_mine = !store.openings.is_open_elsewhere(own);
        if is_mine {
            let busy = StoreLogoffFlags::INBOUND | StoreLogoffFlags::OUTBOUND;
            let is_cautious = how.intersects(StoreLogoffFlags::QUIET | StoreLogoffFlags::ABORT);
            if is_cautious && store.mail.activity().intersects(busy) {
                return Ok(store.mail.activity().bits());
            }
            match how {
                StoreLogoffFlags::PURGE if flushes && !has_no_mail => store.mail.flush(session),
                StoreLogoffFlags::ORDERLY => store.mail.finish(session),
                _ => {}
            }
        }
        store.openings.log_off(is_mine.then_some(how));
        let activity = store.mail.activity();
        self.remove_sent(provider);
        if is_mine {
            self.end_mail(session, provider, how);
        }
        self.set_over(key);
        Ok((activity | StoreLogoffFlags::COMPLETE).bits())
    }

    /// What a store's logoff ends until the session opens the store again (T2).
    fn end_mail(&mut self, session: SessionKey, store: ProviderKey, how: StoreLogoffFlags) {
        match how {
            StoreLogoffFlags::ORDERLY => {
                self.provider_state_mut(session, store).sends_no_more = true;
            }
            StoreLogoffFlags::NO_WAIT | StoreLogoffFlags::PURGE => {
                // The default store has the default Inbox.
                let state = self.provider_state_mut(session, store);
                let is_default = state.table_flags.contains(ResourceFlags::DEFAULT_STORE);
                state.receives_no_more = is_default;
            }
            _ => {}
        }
    }

    fn set_over(&mut self, key: ObjectKey) {
        if let Some(Kind::Provided(it)) = self.objects.get_mut(key).map(|it| &mut it.kind) {
            it.is_over = true;
        }
    }

    /// Time passes: the transports of every session that has some work on the mail of its stores.
    pub(crate) fn let_time_pass(&mut self) {
        let mut sent = Vec::new();
        for key in self.sessions_by_age(&|session| session.clients > 0) {
            let session = &self.sessions[key];
            if !self.has_active_transports(session) {
                continue;
            }
            for it in &self.profiles.versions[session.profile].providers {
                let state = self.provider_state(session, it);
                let store = &mut self.profiles.providers[it.key];
                if store.is_store() && state.is_spooled() && !state.has_no_mail {
                    store.mail.pass_time(key, !state.sends_no_more);
                    sent.push(it.key);
                }
            }
        }
        sent.into_iter().for_each(|it| self.remove_sent(it));
    }

    fn has_active_transports(&self, session: &Session) -> bool {
        let profile = &self.profiles.versions[session.profile];
        let mut keys = profile.providers.iter().map(|it| it.key);
        profile.has_transports
            && keys.any(|key| {
                self.profiles.providers[key].is_transport() && self.is_logged_on(session, key)
            })
    }

    /// The session's transports are gone.
    pub(super) fn give_mail_up(&mut self, session: SessionKey) {
        let profile = &self.profiles.versions[self.sessions[session].profile];
        for it in &profile.providers {
            self.profiles.providers[it.key].mail.give_up(session);
        }
    }

    /// The messages of a store that are not sent yet, in their order.
    pub(crate) fn outgoing(&self, store: &EntryId) -> Vec<EntryId> {
        let Some(key) = self.find_in_any_profile(store) else {
            return Vec::new();
        };
        let store = &self.profiles.providers[key];
        let messages = store.mail.on_their_way();
        messages.map(|message| store.entry_id(message)).collect()
    }

    /// The messages of a folder, for a test to look at.
    pub(crate) fn messages_of(&self, folder: &EntryId) -> Vec<StoredMessage> {
        let store = self.find_in_any_profile(folder);
        let store = store.map(|key| &self.profiles.providers[key]);
        let found = store.and_then(|store| {
            let folder = store.folder(object_number(folder.as_bytes())?)?;
            Some(stored(store, folder.messages().iter().copied()))
        });
        found.unwrap_or_default()
    }

    /// Every message of a store that was ever submitted.
    pub(crate) fn submitted(&self, store: &EntryId) -> Vec<StoredMessage> {
        let store = self.find_in_any_profile(store);
        let store = store.map(|key| &self.profiles.providers[key]);
        store.map_or_else(Vec::new, |store| stored(store, store.mail.submitted()))
    }

    fn find_in_any_profile(&self, entry_id: &EntryId) -> Option<ProviderKey> {
        let uid = provider_uid(entry_id.as_bytes())?;
        self.profiles.find_provider(uid)
    }

    /// So many messages begin to arrive in a store, where they are received.
    pub(crate) fn let_arrive(&mut self, store: &EntryId, messages: usize) {
        if let Some(key) = self.find_in_any_profile(store) {
            if !self.is_reception_disabled(key) {
                self.profiles.providers[key].mail.arrive(messages);
            }
        }
    }

    /// A session has disabled the reception (T2), and no other one has transports for the store.
    fn is_reception_disabled(&self, store: ProviderKey) -> bool {
        let mut sessions = self.sessions.iter().map(|(_, session)| session);
        let state = |session: &Session| session.providers.get(&store).copied();
        let disables = |it: &Session| state(it).is_some_and(|it| it.receives_no_more);
        let receives = |it: &Session| {
            let uid = self.profiles.providers[store].uid;
            let has_mail = state(it).is_none_or(|it| !it.receives_no_more && !it.has_no_mail);
            has_mail
                && self.profiles.versions[it.profile].find(uid).is_some()
                && self.has_active_transports(it)
        };
        sessions.any(disables) && !self.sessions.iter().any(|(_, session)| receives(session))
    }
}

fn stored(store: &Provider, numbers: impl Iterator<Item = u32>) -> Vec<StoredMessage> {
    let messages = numbers.filter_map(|number| Some((number, store.object(number)?)));
    let messages =
        messages.map(|(number, it)| StoredMessage::new(store.entry_id(number), &it.content));
    messages.collect()
}
