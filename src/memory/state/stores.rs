//! OpenMsgStore, OpenAddressBook, and what a provider has to say of them (M2, M3).

use super::provider::is_providers_own;
use super::providers::{LogonFailure, errors_returned};
use super::tables::number;
use super::{
    Access, ClientKey, Kind, Logon, LogonState, ObjectKey, Outcome, Provided, ProviderKey,
    ProviderKind, Refusal, Result, SessionKey, State, Step, check_flags, hex,
};
use crate::error::{Failure, Success, Warning};
use crate::flags::{AddressBookFlags, ResourceFlags};
use crate::memory::provider::{ProviderAnswer, ProviderCall};
use crate::types::{ObjectType, provider_uid};
use crate::{HResult, OpenStoreFlags, UiParam};

/// How a store is to be opened.
#[derive(Clone, Copy)]
pub(super) struct OpenStore {
    pub(super) provider: ProviderKey,
    pub(super) access: Access,
    /// The parent of dialogs, where there may be any.
    pub(super) dialogs: Option<UiParam>,
    pub(super) deferred: bool,
    pub(super) online: bool,
    pub(super) temporary: bool,
    pub(super) no_mail: bool,
}

impl State {
    /// IMAPISession::OpenMsgStore (rule M2).
    pub(crate) fn open_msg_store(
        &mut self,
        client: ClientKey,
        parent: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> Step<Outcome<ObjectKey>> {
        let flags = OpenStoreFlags::from(flags);
        Step::checked(|| {
            let on = self.live(client)?;
            check_flags(&flags)?;
            let entry_id = entry_id.unwrap_or_default();
            let no_mail = flags.contains(OpenStoreFlags::NO_MAIL) || !on.client.wants_mail();
            let may_ask = !flags.contains(OpenStoreFlags::NO_DIALOG) && !on.client.is_service();
            let known = self.find_store(&on, entry_id);
            let how = OpenStore {
                provider: known.or_else(|failure| {
                    let admitted = self.admit_outside(client, entry_id);
                    admitted.ok_or(failure)
                })?,
                access: match flags {
                    _ if flags.contains(OpenStoreFlags::WRITE) => Access::Write,
                    _ if flags.contains(OpenStoreFlags::BEST_ACCESS) => Access::Best,
                    _ => Access::Read,
                },
                dialogs: may_ask.then_some(parent),
                deferred: flags.contains(OpenStoreFlags::DEFERRED_ERRORS),
                online: flags.contains(OpenStoreFlags::ONLINE),
                temporary: flags.contains(OpenStoreFlags::TEMPORARY),
                no_mail,
            };
            Ok(self.open_store(client, how))
        })
    }

    /// The store that has exactly this identifier, but for its flags.
    pub(super) fn find_store(&self, on: &Logon<'_>, entry_id: &[u8]) -> Result<ProviderKey> {
        let entry_id = &*self.canonical(on, entry_id);
        let uid = provider_uid(entry_id).ok_or_else(|| super::too_short(entry_id))?;
        let found = on.profile.find(uid).map(|it| it.key);
        let store = found.filter(|key| self.is_own_entry_id(*key, entry_id));
        Ok(store.ok_or_else(|| Refusal::NoStore(hex(entry_id)))?)
    }

    /// Takes a store that is in no profile into the client's session, by its identifier (rule M17).
    pub(super) fn admit_outside(
        &mut self,
        client: ClientKey,
        entry_id: &[u8],
    ) -> Option<ProviderKey> {
        let uid = provider_uid(entry_id).filter(|_| is_providers_own(entry_id));
        let store = self.profiles.find_outside(uid?)?;
        let session = self.clients[client].session;
        let profile = self.sessions[session].profile;
        self.sessions[session].profile = self.profiles.fork_with(profile, store);
        // The session has begun: this one is opened later (L10).
        self.provider_state_mut(session, store.key).settle();
        // It has a row in the status table now.
        self.tell_of_changed_rows(session);
        Some(store.key)
    }

    /// A store from outside is opened without MDB_TEMPORARY: it comes into the profile, and into the
    /// store table.
    fn add_to_profile(&mut self, client: ClientKey, store: ProviderKey) {
        let key = self.clients[client].session;
        let profile = self.sessions[key].profile;
        let uid = self.profiles.providers[store].uid;
        let Some(outside) = self.profiles.find_outside(uid) else {
            return;
        };
        if !self.profiles.make_permanent(profile, outside) {
            return;
        }
        if let Some(state) = self.sessions[key].providers.get_mut(&store) {
            state.table_flags -= ResourceFlags::TEMP_SECTION;
            state.status_flags -= ResourceFlags::TEMP_SECTION;
        }
        self.tell_of_changed_rows(key);
    }

    /// Opens a store; a provider that is not logged on is logged on first.
    pub(super) fn open_store(
        &mut self,
        client: ClientKey,
        how: OpenStore,
    ) -> Step<Outcome<ObjectKey>> {
        let session = self.clients[client].session;
        match self.logon_state(&self.sessions[session], how.provider) {
            LogonState::LoggedOn => self.connect(client, how),
            LogonState::Disabled(cause) => {
                let refusal = Refusal::ServiceDisabled(self.name_of(how.provider), cause);
                Step::Done(self.defer(client, how, refusal.into()))
            }
            logon => {
                // One that was released stays so where it would be refused.
                if let (LogonState::Released, Err(failure)) =
                    (logon, self.check_access(client, how))
                {
                    return Step::Done(self.defer(client, how, failure));
                }
                let logged_on = self.log_on(session, how.provider, how.dialogs);
                let opened = logged_on.then(self, move |state, logged_on| {
                    let logged_on = match logged_on {
                        // The provider may have taken a while.
                        Ok(()) => state.live(client).map(drop),
                        Err(failure) => Err(state.not_logged_on(how, failure).into()),
                    };
                    match logged_on {
                        Ok(()) => state.connect(client, how),
                        Err(failure) => Step::Done(state.defer(client, how, failure)),
                    }
                });
                match logon {
                    LogonState::Released => opened.then(self, move |state, opened| {
                        let released = state.release_unopened(session, how.provider);
                        released.then(state, move |_, ()| Step::Done(opened))
                    }),
                    _ => opened,
                }
            }
        }
    }

    /// Opens a store that is logged on, if its provider agrees.
    fn connect(&mut self, client: ClientKey, how: OpenStore) -> Step<Outcome<ObjectKey>> {
        match self.check_access(client, how) {
            Err(failure) => Step::Done(self.defer(client, how, failure)),
            Ok(_) => self.ask_provider(how.provider, ProviderCall::Open, move |state, answer| {
                state.connected(client, how, answer)
            }),
        }
    }

    fn connected(
        &mut self,
        client: ClientKey,
        how: OpenStore,
        answer: ProviderAnswer,
    ) -> Step<Outcome<ObjectKey>> {
        let session = match self.live(client) {
            Ok(on) => on.client.session,
            Err(failure) => return Step::Done(Err(failure)),
        };
        let warning = match answer.hresult() {
            HResult::S_OK => Ok(None),
            _ => self.judge_opening(how.provider, answer),
        };
        let logon = self.logon_state(&self.sessions[session], how.provider);
        if warning.is_ok() && logon == LogonState::Released {
            // Somebody has released the store meanwhile.
            return self.open_store(client, how);
        }
        let opened = warning.and_then(|warning| {
            let is_writable = self.check_access(client, how)?;
            self.check_side(session, how)?;
            self.tell_spooler(client, how);
            let state = self.provider_state_mut(session, how.provider);
            state.sends_no_more = false;
            state.receives_no_more = false;
            state.add_reference(how.online).is_writable = Some(is_writable);
            self.profiles.providers[how.provider].openings.add(true);
            let kind = Kind::Provided(Provided::store(how.provider));
            let store = self.open(client, kind, is_writable);
            if !how.temporary {
                self.add_to_profile(client, how.provider);
            }
            Ok(Success::from_parts(store, warning))
        });
        Step::Done(opened.or_else(|failure| self.defer(client, how, failure)))
    }

    /// MDB_NO_MAIL keeps the store from the spooler, as long as the session opens it in no other way.
    fn tell_spooler(&mut self, client: ClientKey, how: OpenStore) {
        let session = self.clients[client].session;
        if !how.no_mail {
            if let Some(state) = self.sessions[session].providers.get_mut(&how.provider) {
                state.has_no_mail = false;
            }
            return;
        }
        let state = self.sessions[session].providers.get(&how.provider);
        if state.is_some_and(|it| it.has_no_mail) {
            return;
        }
        let is_open = self.objects.iter().any(|(_, it)| {
            let client = self.clients.get(it.client);
            let store = it.provided().filter(|it| it.is_store() && !it.is_over);
            client.is_some_and(|it| it.session == session)
                && store.is_some_and(|it| it.provider == how.provider)
        });
        if !is_open {
            self.provider_state_mut(session, how.provider).has_no_mail = true;
            self.profiles.providers[how.provider].mail.give_up(session);
        }
    }

    /// Under MAPI_DEFERRED_ERRORS a store that cannot be used is opened, and says so when it is used.
    fn defer(&mut self, client: ClientKey, how: OpenStore, failure: Failure) -> Outcome<ObjectKey> {
        if !how.deferred || self.live(client).is_err() {
            return Err(failure);
        }
        let kind = Kind::Provided(Provided::store(how.provider));
        let store = self.open(client, kind, false);
        self.objects[store].deferred = Some(failure);
        Ok(Success::new(store))
    }

    fn judge_opening(
        &self,
        provider: ProviderKey,
        answer: ProviderAnswer,
    ) -> Result<Option<Warning>> {
        let refusal = Refusal::ProviderRefused(self.name_of(provider), answer.hresult());
        answer.judged(refusal)
    }

    /// Missing configuration is a failed logon (M2).
    fn not_logged_on(&self, how: OpenStore, failure: LogonFailure) -> Refusal {
        let Some(store) = self.profiles.providers.get(how.provider) else {
            return Refusal::LoggedOff;
        };
        let code = match failure.hresult() {
            HResult::MAPI_E_UNCONFIGURED => HResult::MAPI_E_LOGON_FAILED,
            HResult::MAPI_E_FAILONEPROVIDER if store.unconfigured => HResult::MAPI_E_LOGON_FAILED,
            hresult => hresult,
        };
        Refusal::StoreLogonFailed(store.name.as_str().into(), code, failure.hresult())
    }

    /// Whether the store is opened for writing. O5: as it is, where it is open already.
    fn check_access(&self, client: ClientKey, how: OpenStore) -> Result<bool> {
        let session = self.live(client)?.session;
        let store = &self.profiles.providers[how.provider];
        let name = || store.name.as_str().into();
        if how.online && store.without_cache_flags {
            return Err(Refusal::CacheFlag(name(), "MDB_ONLINE").into());
        }
        if how.online && store.offline {
            return Err(Refusal::StoreOffline(name()).into());
        }
        let open = session.open_store(how.provider);
        if let Some(is_writable) = open.and_then(|it| it.is_writable) {
            return Ok(is_writable);
        }
        let access = match store.downgrades {
            true => how.access.downgraded(),
            false => how.access,
        };
        access.settled_by(!store.is_read_only(), || Refusal::StoreReadOnly(name()))
    }

    /// MDB_ONLINE and cached mode exclude each other in one session.
    fn check_side(&self, session: SessionKey, how: OpenStore) -> Result<()> {
        let store = &self.profiles.providers[how.provider];
        let open = self.sessions[session].open_store(how.provider);
        match open.filter(|it| store.cached && it.is_online != how.online) {
            None => Ok(()),
            Some(_) if how.online => Err(Refusal::OpenInCache(self.name_of(how.provider)).into()),
            Some(_) => Err(Refusal::OpenOnServer(self.name_of(how.provider)).into()),
        }
    }

    /// IMAPISession::OpenAddressBook (rule M3).
    pub(crate) fn open_address_book(
        &mut self,
        client: ClientKey,
        parent: UiParam,
        flags: u32,
    ) -> Step<Outcome<ObjectKey>> {
        let flags = AddressBookFlags::from(flags);
        Step::checked(|| {
            let on = self.live(client)?;
            check_flags(&flags)?;
            let (session, books) = (on.client.session, self.address_books(&on));
            let may_ask = !flags.contains(AddressBookFlags::NO_DIALOG) && !on.client.is_service();
            let dialogs = may_ask.then_some(parent);
            let open = move |state: &mut Self, book| state.open_one(session, book, dialogs);
            let opened = self.for_each(books.into_iter(), Vec::new(), open);
            Ok(opened.then(self, move |state, failures| {
                Step::Done(state.address_book_opened(client, &failures))
            }))
        })
    }

    fn address_book_opened(
        &mut self,
        client: ClientKey,
        failures: &[String],
    ) -> Outcome<ObjectKey> {
        self.live(client)?;
        let kind = Kind::Mapi {
            number: number::ADDRESS_BOOK,
            object_type: ObjectType::ADDRESS_BOOK,
        };
        let book = self.open(client, kind, false);
        Ok(Success::from_parts(book, errors_returned(failures)))
    }

    /// The address books that have to be logged on or called.
    fn address_books(&self, on: &Logon<'_>) -> Vec<ProviderKey> {
        let keys = on.profile.in_order().map(|it| it.key);
        let books = keys.filter(|key| {
            let provider = &self.profiles.providers[*key];
            provider.kind == ProviderKind::AddressBook
                && (provider.hook.is_some() || !self.is_logged_on(on.session, *key))
        });
        books.collect()
    }

    /// Opens an address book. Gives what went wrong.
    fn open_one(
        &mut self,
        session: SessionKey,
        book: ProviderKey,
        dialogs: Option<UiParam>,
    ) -> Step<Vec<String>> {
        let is_logged_on = match self.sessions.get(session) {
            Some(session) => self.is_logged_on(session, book),
            None => return Step::Done(Vec::new()),
        };
        let logged_on = match is_logged_on {
            true => Step::Done(Ok(())),
            false => self.log_on(session, book, dialogs),
        };
        let failed = move |state: &mut Self, answer: HResult| {
            // It may be gone meanwhile, with its session.
            let book = state.profiles.providers.get(book);
            let failed = book.filter(|_| answer.is_failure()).map(|book| {
                let name = &book.name;
                format!("the address book {name:?} failed with {answer}")
            });
            Step::Done(failed.into_iter().collect())
        };
        logged_on.then(self, move |state, logged_on| match logged_on {
            Err(failure) => failed(state, failure.hresult()),
            Ok(()) if !state.profiles.providers.contains(book) => Step::Done(Vec::new()),
            Ok(()) => state.call_provider(book, ProviderCall::Open, failed),
        })
    }
}
