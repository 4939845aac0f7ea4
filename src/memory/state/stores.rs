//! OpenMsgStore, OpenAddressBook, and what a provider has to say of them (M2, M3).

use super::providers::{LogonFailure, Moment, errors_returned};
use super::tables::number;
use super::{
    Access, ClientKey, Kind, Logon, LogonState, ObjectKey, Outcome, Provided, ProviderKey,
    ProviderKind, Refusal, Result, SessionKey, Side, State, Step, check_flags, hex,
};
use crate::error::{Failure, Success, Warning};
use crate::flags::{AddressBookFlags, StoreSupportMask};
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
            let how = OpenStore {
                provider: self.find_store(&on, entry_id.unwrap_or_default())?,
                access: match flags {
                    _ if flags.contains(OpenStoreFlags::WRITE) => Access::Write,
                    _ if flags.contains(OpenStoreFlags::BEST_ACCESS) => Access::Best,
                    _ => Access::Read,
                },
                dialogs: (!flags.contains(OpenStoreFlags::NO_DIALOG) && !on.client.is_service())
                    .then_some(parent),
                deferred: flags.contains(OpenStoreFlags::DEFERRED_ERRORS),
                online: flags.contains(OpenStoreFlags::ONLINE),
            };
            Ok(self.open_store(client, how))
        })
    }

    /// The store that has exactly this identifier, but for its flags.
    pub(super) fn find_store(&self, on: &Logon<'_>, entry_id: &[u8]) -> Result<ProviderKey> {
        let uid = provider_uid(entry_id).ok_or_else(|| super::too_short(entry_id))?;
        let found = on.profile.find(uid).map(|it| it.key);
        let store = found.filter(|key| self.is_own_entry_id(*key, entry_id));
        Ok(store.ok_or_else(|| Refusal::NoStore(hex(entry_id)))?)
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
            _ => {
                let logged_on = self.log_on(session, how.provider, how.dialogs, Moment::Opening);
                logged_on.then(self, move |state, logged_on| {
                    let logged_on = match logged_on {
                        // The provider may have taken a while.
                        Ok(()) => state.live(client).map(drop),
                        Err(failure) => Err(state.not_logged_on(how, failure).into()),
                    };
                    match logged_on {
                        Ok(()) => state.connect(client, how),
                        Err(failure) => Step::Done(state.defer(client, how, failure)),
                    }
                })
            }
        }
    }

    /// Opens a store that is logged on, if its provider agrees.
    fn connect(&mut self, client: ClientKey, how: OpenStore) -> Step<Outcome<ObjectKey>> {
        match self.may_write_to_store(client, how) {
            Err(failure) => Step::Done(self.defer(client, how, failure)),
            Ok(is_writable) => {
                self.ask_provider(how.provider, ProviderCall::Open, move |state, answer| {
                    Step::Done(state.connected(client, how, is_writable, answer))
                })
            }
        }
    }

    fn connected(
        &mut self,
        client: ClientKey,
        how: OpenStore,
        is_writable: bool,
        answer: ProviderAnswer,
    ) -> Outcome<ObjectKey> {
        self.live(client)?;
        let warning = match answer.hresult() {
            HResult::S_OK => Ok(None),
            _ => self.judge_opening(how.provider, answer),
        };
        let opened = warning.and_then(|warning| {
            let side = match self.profiles.providers[how.provider].cached {
                true => Some(self.side_of(client, how)?),
                false => None,
            };
            let store =
                self.open_provided(client, Provided::store(how.provider, side), is_writable);
            Ok(Success::from_parts(store, warning))
        });
        opened.or_else(|failure| self.defer(client, how, failure))
    }

    /// Under MAPI_DEFERRED_ERRORS a store that cannot be used is opened, and says so when it is used.
    fn defer(&mut self, client: ClientKey, how: OpenStore, failure: Failure) -> Outcome<ObjectKey> {
        if !how.deferred || self.live(client).is_err() {
            return Err(failure);
        }
        let store = Provided::store(how.provider, None);
        let store = self.open_provided(client, store, false);
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

    /// Whether the store is opened for writing.
    fn may_write_to_store(&mut self, client: ClientKey, how: OpenStore) -> Result<bool> {
        let session = self.clients[client].session;
        if let Some(state) = self.sessions[session].providers.get_mut(&how.provider) {
            state.sends_no_more = false;
        }
        let store = &self.profiles.providers[how.provider];
        how.access.settled_by(!store.is_read_only(), || {
            Refusal::StoreReadOnly(store.name.as_str().into())
        })
    }

    /// MDB_ONLINE and cached mode exclude each other in one session.
    fn side_of(&mut self, client: ClientKey, how: OpenStore) -> Result<Side> {
        let session = self.clients[client].session;
        let store = self.name_of(how.provider);
        let state = self.provider_state_mut(session, how.provider);
        match how.online {
            true if state.open_cached > 0 => Err(Refusal::OpenInCache(store).into()),
            true => Ok(Side::Server),
            false if state.open_online > 0 => Err(Refusal::OpenOnServer(store).into()),
            false => Ok(Side::Cache),
        }
    }

    /// PR_STORE_SUPPORT_MASK
    pub(crate) fn support_mask(&self, store: ObjectKey) -> Result<u32> {
        let object = self.opened(store)?;
        let mut support = self.profiles.providers[object.store()?].support;
        if !object.is_writable {
            support -= StoreSupportMask::MODIFY_OK | StoreSupportMask::CREATE_OK;
        }
        Ok(support.bits())
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
            false => self.log_on(session, book, dialogs, Moment::Opening),
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
