//! The session object: IMAPISession, method by method.

use std::sync::Arc;

use super::forms::Form;
use super::objects::{MemoryMsgStore, MemoryObject, MemoryProfileSection, OpenStore, Wanted};
use super::providers::{self, PROVIDERS_OWN, ProviderCall, ProviderKind, StoredProvider};
use super::resources::{Disabling, Standing, default_store_flag};
use super::services::MemoryServiceAdmin;
use super::sharing::Client;
use super::users::Question;
use super::{MAPI_UID, check_flags, not_zero, objects, rows, too_short, unknown_flags};
use crate::subsystem::{Failure, RawEntry, RawResult, RawSession, Success};
use crate::types::{Hex, provider_uid};
use crate::{
    AddressBookFlags, AdviseSink, Connection, DefaultStore, EntryId, FormMessage, FormToken,
    HResult, LogonFlags, MapiError, MapiUid, MsgStoresTable, OpenEntryFlags, OpenStoreFlags,
    ProfileSectionFlags, Property, ResourceFlags, ShowFormFlags, StatusTable, StoreSupportMask,
    UiParam,
};

/// A session object of the subsystem in memory. Dropping it is Release.
#[derive(Debug)]
pub struct MemorySession {
    pub(super) client: Arc<Client>,
}

impl Drop for MemorySession {
    #[inline]
    fn drop(&mut self) {
        if !self.client.has_ended() {
            self.client.release();
        }
    }
}

impl RawSession for MemorySession {
    type MsgStore = MemoryMsgStore;
    type Object = MemoryObject;
    type ProfileSection = MemoryProfileSection;
    type ServiceAdmin = MemoryServiceAdmin;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        self.client.check()?;
        self.client.check_unicode(flags)?;
        Ok(Success::new(self.client.last_error(hresult)))
    }

    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        self.client.recorded(self.client.msg_stores_table(flags))
    }

    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<MemoryMsgStore> {
        self.client
            .recorded(self.client.open_msg_store(ui_param, entry_id, flags))
    }

    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<MemoryObject> {
        self.client
            .recorded(self.client.open_address_book(ui_param, flags))
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProfileSection> {
        self.client
            .recorded(self.client.open_profile_section(uid, flags))
    }

    fn status_table(&self, flags: u32) -> RawResult<StatusTable> {
        self.client.recorded(self.client.status_table(flags))
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<MemoryMsgStore, MemoryObject>> {
        self.client
            .recorded(self.client.open_entry(entry_id, flags))
    }

    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        self.client
            .recorded(self.client.compare_entry_ids(one, other, flags))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        self.client
            .recorded(self.client.advise(entry_id, event_mask, sink))
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.client.recorded(self.client.unadvise(connection))
    }

    fn message_options(
        &self,
        _ui_param: UiParam,
        _flags: u32,
        _address_type: &str,
        _message: &MemoryObject,
    ) -> RawResult<()> {
        self.client
            .recorded(self.client.not_supported("IMAPISession::MessageOptions"))
    }

    fn query_default_message_opt(
        &self,
        _address_type: &str,
        _flags: u32,
    ) -> RawResult<Vec<Property>> {
        self.client.recorded(
            self.client
                .not_supported("IMAPISession::QueryDefaultMessageOpt"),
        )
    }

    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
        self.client.recorded(self.client.enum_adr_types(flags))
    }

    fn query_identity(&self) -> RawResult<EntryId> {
        self.client.recorded(self.client.query_identity())
    }

    #[inline]
    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        self.client
            .recorded(self.client.logoff(ui_param, flags, reserved))
    }

    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        self.client
            .recorded(self.client.set_default_store(flags, entry_id))
    }

    fn admin_services(&self, flags: u32) -> RawResult<MemoryServiceAdmin> {
        self.client.recorded(self.client.admin_services(flags))
    }

    fn show_form(
        &self,
        ui_param: UiParam,
        store: &MemoryMsgStore,
        parent_folder: &MemoryObject,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()> {
        let shown = self
            .client
            .show_form(ui_param, store, parent_folder, token, flags, message);
        self.client.recorded(shown)
    }

    fn prepare_form(&self, message: &MemoryObject) -> RawResult<FormToken> {
        self.client.recorded(self.client.prepare_form(message))
    }

    fn query_fast_shutdown(&self) -> RawResult<()> {
        self.client.recorded(self.client.query_fast_shutdown())
    }

    fn notify_process_shutdown(&self) -> RawResult<()> {
        self.client.recorded(self.client.notify_process_shutdown())
    }

    fn do_fast_shutdown(&self) -> RawResult<()> {
        self.client.recorded(self.client.do_fast_shutdown())
    }
}

impl Client {
    fn not_supported<T>(&self, call: &str) -> RawResult<T> {
        self.check()?;
        Err(Failure::new(HResult::MAPI_E_NO_SUPPORT)
            .because(format!("the reference says that {call} is not supported")))
    }

    /// The flags of a call that gives text.
    pub(super) fn check_unicode(&self, flags: u32) -> Result<(), Failure> {
        let undefined = flags & !LogonFlags::UNICODE.bits();
        if undefined != 0 {
            return Err(unknown_flags(undefined));
        }
        if flags != 0 && !self.system().options.unicode {
            return Err(Failure::new(HResult::MAPI_E_BAD_CHARWIDTH)
                .because("MAPI_UNICODE is set, and the session has no Unicode"));
        }
        Ok(())
    }

    /// M1.
    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        self.check()?;
        self.check_unicode(flags)?;
        let profile = self.profile();
        let table = if self.resources().is_untouched() {
            rows::stores(profile, profile.flags().iter().copied())
        } else {
            let states = self.resources().providers(profile);
            rows::stores(profile, states.iter().map(|state| state.table_flags))
        };
        Ok(Success::new(table))
    }

    /// M2.
    fn open_msg_store(
        self: &Arc<Self>,
        parent: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<MemoryMsgStore> {
        self.check()?;
        let flags = OpenStoreFlags::from(flags);
        check_flags(&flags)?;
        let place = self.find_store(entry_id.unwrap_or_default())?;
        let wanted = match flags {
            _ if flags.contains(OpenStoreFlags::WRITE) => Wanted::Write,
            _ if flags.contains(OpenStoreFlags::BEST_ACCESS) => Wanted::Best,
            _ => Wanted::Read,
        };
        self.open_store(&OpenStore {
            place,
            wanted,
            dialogs: (!flags.contains(OpenStoreFlags::NO_DIALOG)).then_some(parent),
            deferred: flags.contains(OpenStoreFlags::DEFERRED_ERRORS),
            online: flags.contains(OpenStoreFlags::ONLINE),
        })
    }

    /// The place of the store that has exactly this identifier, but for its flags.
    fn find_store(&self, entry_id: &[u8]) -> Result<usize, Failure> {
        let uid = provider_uid(entry_id).ok_or_else(|| too_short(entry_id))?;
        let is_store = |place: &usize| {
            entry_id.len() == PROVIDERS_OWN
                && self.profile().providers()[*place].kind == ProviderKind::Store
        };
        self.profile()
            .place_of(uid)
            .filter(is_store)
            .ok_or_else(|| {
                Failure::new(HResult::MAPI_E_NOT_FOUND).because(format!(
                    "no store of the session has the identifier {}",
                    Hex(entry_id)
                ))
            })
    }

    /// M3.
    fn open_address_book(self: &Arc<Self>, parent: UiParam, flags: u32) -> RawResult<MemoryObject> {
        self.check()?;
        let flags = AddressBookFlags::from(flags);
        check_flags(&flags)?;
        let dialogs = !flags.contains(AddressBookFlags::NO_DIALOG);
        let dialogs = dialogs.then_some((&self.system().user, parent));
        let profile = self.profile();
        let books = profile
            .in_order()
            .filter(|(_, provider)| provider.kind == ProviderKind::AddressBook);
        let mut failures = Vec::new();
        for (place, book) in books {
            let logged_on = match self.resources().is_logged_on(profile, place) {
                true => Ok(()),
                false => self
                    .resources()
                    .log_on(profile, place, dialogs, Disabling::Nothing),
            };
            let hresult = match logged_on {
                Ok(()) => book.call(ProviderCall::Open),
                Err(failure) => failure.hresult(),
            };
            if hresult.is_failure() {
                failures.push(format!(
                    "the address book {:?} failed with {hresult}",
                    book.name
                ));
            }
        }
        Ok(Success::from_parts(
            MemoryObject::address_book(self),
            providers::errors_returned(&failures),
        ))
    }

    /// M4.
    fn open_profile_section(
        self: &Arc<Self>,
        uid: MapiUid,
        flags: u32,
    ) -> RawResult<MemoryProfileSection> {
        self.check()?;
        let flags = ProfileSectionFlags::from(flags);
        check_flags(&flags)?;
        let is_provider = self.profile().place_of(uid).is_some();
        self.will_open()?;
        let mut sections = self.profile().sections();
        // Under the lock under which the session's end closes them.
        self.check_live()?;
        sections.open(uid, flags, is_provider, self.id())?;
        drop(sections);
        Ok(Success::new(MemoryProfileSection::new(self, uid, flags)))
    }

    /// M1, L11.
    fn status_table(self: &Arc<Self>, flags: u32) -> RawResult<StatusTable> {
        self.check()?;
        self.check_unicode(flags)?;
        self.start_transports()?;
        let states = self.resources().providers(self.profile());
        Ok(Success::new(rows::status(
            self.profile(),
            &states,
            self.wants_mail(),
        )))
    }

    /// The transports, when this client first needs them (L9).
    pub(super) fn start_transports(self: &Arc<Self>) -> Result<(), Failure> {
        if self.wants_mail() && self.profile().has_transports() {
            self.make_known()?;
            self.resources().start_transports(self.profile());
        }
        Ok(())
    }

    /// M5.
    fn open_entry(
        self: &Arc<Self>,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<MemoryMsgStore, MemoryObject>> {
        self.check()?;
        let flags = OpenEntryFlags::from(flags);
        check_flags(&flags)?;
        let entry_id = objects::check_present(entry_id)?;
        let uid = provider_uid(entry_id).ok_or_else(|| objects::unknown(entry_id))?;
        let wanted = Wanted::from(flags);
        let deferred = flags.contains(OpenEntryFlags::DEFERRED_ERRORS);
        if uid == MAPI_UID {
            let (object_type, object) = MemoryObject::of_mapi(self, entry_id, wanted)?;
            return Ok(Success::new(RawEntry::Object(object_type, object)));
        }
        let Some(place) = self.profile().place_of(uid) else {
            return Err(objects::unknown(entry_id));
        };
        let is_store = self.profile().providers()[place].kind == ProviderKind::Store;
        if is_store && entry_id.len() == PROVIDERS_OWN {
            let opened = self.open_store(&OpenStore {
                place,
                wanted,
                dialogs: None,
                deferred,
                online: false,
            })?;
            return Ok(opened.map(RawEntry::MsgStore));
        }
        let (object_type, object) = self.open_object(place, entry_id, wanted, deferred, None)?;
        Ok(Success::new(RawEntry::Object(object_type, object)))
    }

    /// M6.
    #[inline]
    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        self.check()?;
        if flags != 0 {
            return Err(not_zero("ulFlags", flags));
        }
        let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
        match (provider_uid(one), provider_uid(other)) {
            (Some(provider), Some(same)) if provider == same && self.answers_for(provider) => {
                // Most have nothing after the provider's identifier.
                let is_same = one.len() == other.len()
                    && (one.len() == PROVIDERS_OWN
                        || one[PROVIDERS_OWN..] == other[PROVIDERS_OWN..]);
                Ok(Success::new(is_same))
            }
            _ => Err(not_of_one_provider(one, other)),
        }
    }

    #[inline]
    fn answers_for(&self, provider: MapiUid) -> bool {
        match self.profile().place_of(provider) {
            Some(place) => self.resources().is_logged_on(self.profile(), place),
            None => provider == MAPI_UID,
        }
    }

    /// M11.
    fn enum_adr_types(self: &Arc<Self>, flags: u32) -> RawResult<Vec<String>> {
        self.check()?;
        self.check_unicode(flags)?;
        self.start_transports()?;
        let mut types = Vec::new();
        if self.wants_mail() {
            let states = self.resources().providers(self.profile());
            let active = self.profile().in_order().filter(|(place, provider)| {
                provider.is_transport() && states[*place].standing == Standing::LoggedOn
            });
            for address_type in active.flat_map(|(_, transport)| &transport.address_types) {
                if !types.contains(address_type) {
                    types.push(address_type.clone());
                }
            }
        }
        Ok(Success::new(types))
    }

    /// M7.
    fn query_identity(self: &Arc<Self>) -> RawResult<EntryId> {
        self.check()?;
        let profile = self.profile();
        let is_sender = |it: &Arc<StoredProvider>| it.is_transport() && it.identity.is_some();
        if profile.providers().iter().any(is_sender) {
            self.start_transports()?;
        }
        let found = if self.resources().is_untouched() {
            let flags = profile.flags();
            self.identity(|place| (Standing::of(&profile.providers()[place]), flags[place]))
        } else {
            let states = self.resources().providers(profile);
            self.identity(|place| (states[place].standing, states[place].status_flags))
        };
        match found {
            Some(entry_id) => Ok(Success::new(entry_id)),
            None => Success::from_hresult(
                providers::entry_id(MAPI_UID, NOBODY),
                HResult::MAPI_W_NO_SERVICE,
            ),
        }
    }

    /// The identity of the providers that are logged on and have a row in the status table: the
    /// primary one, else the first.
    fn identity(&self, state: impl Fn(usize) -> (Standing, ResourceFlags)) -> Option<EntryId> {
        let providers = || {
            self.profile().in_order().filter(|(place, provider)| {
                let (standing, _) = state(*place);
                standing == Standing::LoggedOn
                    && rows::has_status(provider, standing, self.wants_mail())
            })
        };
        let primary = providers()
            .find(|(place, _)| state(*place).1.contains(ResourceFlags::PRIMARY_IDENTITY))
            .map(|(_, provider)| provider.service);
        let given = || providers().filter_map(|(_, it)| Some((it.service, it.identity.as_ref()?)));
        let of_primary = given().find(|(service, _)| Some(*service) == primary);
        let (_, identity) = of_primary.or_else(|| given().next())?;
        Some(identity.entry_id.clone())
    }

    /// M8.
    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        self.check()?;
        let Some(which) = DefaultStore::from_raw(flags) else {
            return Err(
                Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(format!(
                    "ulFlags is {flags:#X}, and must be one of the five values from 1 to 5"
                )),
            );
        };
        let chosen = entry_id.map(|it| self.find_store(it)).transpose()?;
        if let Some(place) = chosen {
            self.check_default_store(place)?;
        }
        let uid = chosen.map(|place| self.profile().providers()[place].uid);
        let is_permanent = matches!(which, DefaultStore::Default | DefaultStore::SimplePermanent);

        let mut state = self.system().state.lock();
        let changed = self
            .resources()
            .set_default_store(self.profile(), which, chosen);
        let discarded = is_permanent.then(|| {
            state.profiles.change(self.profile().name(), |profile, _| {
                // A store that is deleted meanwhile is this session's alone.
                if uid.is_none_or(|uid| profile.place_of(uid).is_some()) {
                    profile.set_flag(default_store_flag(which), uid);
                }
                Ok(())
            })
        });
        drop(state);
        // A profile that is to be deleted is not changed any more.
        drop(discarded);

        let states = self.resources().providers(self.profile());
        let (stores, statuses) = changed;
        for place in stores {
            self.tell_session(&rows::store_changed(self.profile(), &states, place));
        }
        for place in statuses {
            self.tell_session(&rows::status_changed(self.profile(), &states, place));
        }
        Ok(Success::new(()))
    }

    fn check_default_store(&self, place: usize) -> Result<(), Failure> {
        let store = &self.profile().providers()[place];
        let needed =
            StoreSupportMask::SUBMIT_OK | StoreSupportMask::CREATE_OK | StoreSupportMask::MODIFY_OK;
        let missing = needed - store.support;
        if missing.is_empty() {
            return Ok(());
        }
        Err(Failure::new(HResult::MAPI_E_NO_SUPPORT).because(format!(
            "the store {:?} cannot be a default store: it lacks {missing:?}",
            store.name
        )))
    }

    /// M9.
    fn admin_services(self: &Arc<Self>, flags: u32) -> RawResult<MemoryServiceAdmin> {
        self.check()?;
        match flags {
            0 => Ok(Success::new(MemoryServiceAdmin::new(self))),
            _ => Err(not_zero("ulFlags", flags)),
        }
    }

    /// M11.
    fn prepare_form(self: &Arc<Self>, message: &MemoryObject) -> RawResult<FormToken> {
        self.check()?;
        let form = message.as_form(self)?;
        // It holds its message until it is shown.
        if self.counts(form.place, false) {
            self.count_opening(form.place, false)?;
        }
        Ok(Success::new(
            self.with_extras(|extras| extras.forms.prepare(form)),
        ))
    }

    /// M11.
    fn show_form(
        self: &Arc<Self>,
        parent: UiParam,
        store: &MemoryMsgStore,
        folder: &MemoryObject,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()> {
        self.check()?;
        let flags = ShowFormFlags::from(flags);
        check_flags(&flags)?;
        let invalid = |reason| Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(reason);
        let Some(form) = self.with_extras(|extras| extras.forms.take(token)) else {
            return Err(invalid(format!(
                "{:#X} is no token that PrepareForm gave this session object, or it is used up",
                token.0
            )));
        };
        let shown = self.show(form, parent, store, folder, flags, message);
        if self.counts(form.place, false) {
            self.uncount_opening(form.place, false);
        }
        shown.map(Success::new)
    }

    fn show(
        self: &Arc<Self>,
        form: Form,
        parent: UiParam,
        store: &MemoryMsgStore,
        folder: &MemoryObject,
        flags: ShowFormFlags,
        message: &FormMessage,
    ) -> Result<(), Failure> {
        let invalid =
            |reason: String| Err(Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(reason));
        store.check()?;
        folder.check()?;
        if !store.is_of(self, form.place) {
            return invalid(format!("the token's message is not in {store:?}"));
        }
        if !folder.is_folder_of(self, form.place) {
            return invalid(format!("{folder:?} is no folder of {store:?}"));
        }
        let question = Question::ShowForm {
            message_class: message.class.clone(),
        };
        if let Some(picked) = self.system().user.ask(question, parent)? {
            return Err(Failure::new(HResult::MAPI_E_USER_CANCEL).because(format!(
                "picking {picked:?} does not answer a form, so the user cancelled"
            )));
        }
        // The user has taken a while.
        self.check()?;
        if !flags.contains(ShowFormFlags::POST_MESSAGE) {
            let Form { place, message } = form;
            self.submit(place, message)?;
        }
        Ok(())
    }

    /// Puts a message into its store's outgoing queue.
    pub(super) fn submit(self: &Arc<Self>, place: usize, message: u32) -> Result<(), Failure> {
        let store = &self.profile().providers()[place];
        if !store.support.contains(StoreSupportMask::SUBMIT_OK) {
            return Err(Failure::new(HResult::MAPI_E_NO_SUPPORT)
                .because(format!("the store {:?} sends no messages", store.name)));
        }
        store.mail.lock().submit(message).map_err(|hresult| {
            Failure::new(hresult).because("the message is not in its folder any more")
        })?;
        self.start_transports()
    }

    /// Whether it is this very one: what another client opened is not taken for its own.
    pub(super) fn is(&self, other: &Arc<Self>) -> bool {
        std::ptr::eq(self, Arc::as_ptr(other))
    }
}

/// The number of the object that represents a session which nobody represents: it opens nothing.
const NOBODY: u32 = u32::MAX;

#[cold]
fn not_of_one_provider(one: &[u8], other: &[u8]) -> Failure {
    Failure::new(HResult::MAPI_E_UNKNOWN_ENTRYID).because(format!(
        "\"{}\" and \"{}\" are not of one provider of the session",
        Hex(one),
        Hex(other)
    ))
}
