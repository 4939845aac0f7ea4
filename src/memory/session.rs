//! The session object: IMAPISession, method by method.

use std::fmt;
use std::sync::Arc;

use super::admin::MemoryServiceAdmin;
use super::driver::Driver;
use super::error::Result;
use super::notification::Subscription;
use super::objects::{
    MemoryMsgStore, MemoryObject, MemoryProfileSection, MemoryStatusTable, MemoryStoreTable,
};
use super::state::{self, ClientKey, FormRequest, Outcome, State, Step, TableKind};
use crate::error::{LastError, MapiError, Success};
use crate::foreign::Guarded;
use crate::notification::Connection;
use crate::property::Property;
use crate::subsystem::{RawEntry, RawResult, RawSession};
use crate::sync::{AtomicBool, Ordering};
use crate::table::{MsgStoresTable, StatusTable};
use crate::types::{FormMessage, FormToken};
use crate::{AdviseSink, EntryId, HResult, MapiUid, UiParam};

/// A session object of the subsystem in memory. Dropping it is Release.
pub struct MemorySession {
    driver: Arc<Driver>,
    client: ClientKey,
    /// The client is gone: what spares its release a look, a tenth of a logon and logoff.
    has_ended: AtomicBool,
}

impl MemorySession {
    pub(super) fn new(driver: Arc<Driver>, client: ClientKey) -> Self {
        Self {
            driver,
            client,
            has_ended: AtomicBool::new(false),
        }
    }

    /// Runs the rule of a method, and keeps what goes wrong for GetLastError (M10).
    fn call<T>(
        &self,
        rule: impl FnOnce(&mut State, ClientKey) -> Step<Outcome<T>>,
    ) -> RawResult<T> {
        let outcome = self.driver.run(|state| rule(state, self.client));
        self.recorded(outcome)
    }

    /// The same, of a rule that gives no warnings.
    fn attempt<T>(
        &self,
        rule: impl FnOnce(&mut State, ClientKey) -> Step<Result<T>>,
    ) -> RawResult<T> {
        let result = self.driver.run(|state| rule(state, self.client));
        self.recorded(result.map(Success::new))
    }

    /// The same, of a rule that needs nothing from outside.
    fn look<T>(&self, rule: impl FnOnce(&mut State, ClientKey) -> Result<T>) -> RawResult<T> {
        let result = self.driver.look(|state| rule(state, self.client));
        self.recorded(result.map(Success::new))
    }

    fn recorded<T>(&self, outcome: Outcome<T>) -> RawResult<T> {
        if let Some(last_error) = LastError::of(&outcome) {
            let record = |state: &mut State| state.record(self.client, last_error);
            self.driver.look(record);
        }
        outcome
    }
}

impl RawSession for MemorySession {
    type MsgStore = MemoryMsgStore;
    type Object = MemoryObject;
    type ProfileSection = MemoryProfileSection;
    type ServiceAdmin = MemoryServiceAdmin;
    type StoreTable = MemoryStoreTable;
    type StatusTable = MemoryStatusTable;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        let known = |state: &mut State| state.last_error(self.client, hresult, flags);
        Ok(Success::new(self.driver.look(known)?))
    }

    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        self.look(|state, client| state.msg_stores_table(client, flags))
    }

    fn open_msg_stores_table(&self, flags: u32) -> RawResult<MemoryStoreTable> {
        let kind = TableKind::Stores;
        let opened = self.attempt(|state, client| state.open_table(client, kind, flags));
        Ok(opened?.map(|table| MemoryStoreTable::new(&self.driver, table)))
    }

    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<MemoryMsgStore> {
        let opened =
            self.call(|state, client| state.open_msg_store(client, ui_param, entry_id, flags));
        Ok(opened?.map(|store| MemoryMsgStore::new(&self.driver, store)))
    }

    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<MemoryObject> {
        let opened = self.call(|state, client| state.open_address_book(client, ui_param, flags));
        Ok(opened?.map(|book| MemoryObject::new(&self.driver, book)))
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<MemoryProfileSection> {
        let opened = self.look(|state, client| state.open_profile_section(client, uid, flags));
        Ok(opened?.map(|section| MemoryProfileSection::new(&self.driver, section)))
    }

    fn status_table(&self, flags: u32) -> RawResult<StatusTable> {
        self.attempt(|state, client| state.status_table(client, flags))
    }

    fn open_status_table(&self, flags: u32) -> RawResult<MemoryStatusTable> {
        let kind = TableKind::Statuses;
        let opened = self.attempt(|state, client| state.open_table(client, kind, flags));
        Ok(opened?.map(|table| MemoryStatusTable::new(&self.driver, table)))
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<MemoryMsgStore, MemoryObject>> {
        let opened = self.call(|state, client| state.open_entry(client, entry_id, flags));
        Ok(opened?.map(|entry| match entry {
            state::Entry::MsgStore(store) => {
                RawEntry::MsgStore(MemoryMsgStore::new(&self.driver, store))
            }
            state::Entry::Object(object_type, object) => {
                RawEntry::Object(object_type, MemoryObject::new(&self.driver, object))
            }
        }))
    }

    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        self.look(|state, client| state.compare_entry_ids(client, one, other, flags))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        let mask = state::asked_for(entry_id, event_mask);
        // Where it is refused, the sink is dropped here.
        let subscription = Subscription::new(mask, Guarded::new(sink));
        self.look(|state, client| state.advise(client, entry_id, &subscription))
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        let ended = self.look(|state, client| state.unadvise(client, None, connection));
        Ok(ended?.map(|subscription| subscription.iter().for_each(Subscription::cancel)))
    }

    fn message_options(
        &self,
        _ui_param: UiParam,
        _flags: u32,
        _address_type: &str,
        _message: &MemoryObject,
    ) -> RawResult<()> {
        self.look(|state, client| state.not_supported(client, "IMAPISession::MessageOptions"))
    }

    fn query_default_message_opt(
        &self,
        _address_type: &str,
        _flags: u32,
    ) -> RawResult<Vec<Property>> {
        let call = "IMAPISession::QueryDefaultMessageOpt";
        self.look(|state, client| state.not_supported(client, call))
    }

    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
        self.attempt(|state, client| state.enum_adr_types(client, flags))
    }

    fn query_identity(&self) -> RawResult<EntryId> {
        self.call(State::query_identity)
    }

    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        let result = self.call(|state, client| state.logoff(client, ui_param, flags, reserved));
        if result.is_ok() {
            self.has_ended.store(true, Ordering::Relaxed);
        }
        result
    }

    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        self.look(|state, client| state.set_default_store(client, flags, entry_id))
    }

    fn admin_services(&self, flags: u32) -> RawResult<MemoryServiceAdmin> {
        let opened = self.look(|state, client| state.admin_services(client, flags));
        Ok(opened?.map(|admin| MemoryServiceAdmin::new(&self.driver, admin)))
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
        let request = FormRequest {
            parent: ui_param,
            store: store.0.key,
            folder: parent_folder.0.key,
            token,
            flags,
            message_class: message.class(),
        };
        self.attempt(|state, client| state.show_form(client, &request))
    }

    fn prepare_form(&self, message: &MemoryObject) -> RawResult<FormToken> {
        self.look(|state, client| state.prepare_form(client, message.0.key))
    }

    fn discard_form(&self, token: FormToken) {
        self.driver
            .run(|state| state.discard_form(self.client, token));
    }

    fn query_fast_shutdown(&self) -> RawResult<()> {
        self.attempt(State::query_fast_shutdown)
    }

    fn notify_process_shutdown(&self) -> RawResult<()> {
        self.attempt(State::notify_process_shutdown)
    }

    fn do_fast_shutdown(&self) -> RawResult<()> {
        self.attempt(State::do_fast_shutdown)
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl Drop for MemorySession {
    fn drop(&mut self) {
        let has_ended = self.has_ended.load(Ordering::Relaxed);
        if !has_ended && self.driver.run(|state| state.release_client(self.client)) {
            trace!(DEBUG, "a session was released live");
        }
    }
}

impl fmt::Debug for MemorySession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client = self.driver.look(|state| state.describe_client(self.client));
        write!(f, "MemorySession({client})")
    }
}
