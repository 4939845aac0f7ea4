//! Random sequences of raw calls, on Memory and on a naive model of the rules; what both answer is
//! compared after every step.

#[path = "../support/model.rs"]
mod model;

use mapi_session::flags::StatusCode;
use mapi_session::memory::{
    Answer, Dialog, HeldNotifications, Memory, MemoryMsgStore, MemoryObject, MemorySession,
};
use mapi_session::notification::Connection;
use mapi_session::subsystem::{RawMsgStore, RawProp, RawResult, RawSession, Subsystem};
use mapi_session::{EntryId, HResult, Notification, UiParam};
pub(crate) use model::cases;
use model::{Config, Ear, FOLDER, Mapi, SESSION_LIMIT, STORE, Shutdown};
use proptest::prelude::*;

struct Real {
    memory: Memory,
    held: Option<HeldNotifications>,
}

impl Real {
    fn entry_id(&self, path: &[&str]) -> Option<EntryId> {
        self.memory.entry_id(path[0], &path[1..])
    }
}

fn value<T>(result: RawResult<T>) -> Result<T, HResult> {
    match result {
        Ok(success) => Ok(success.into_parts().0),
        Err(failure) => Err(failure.hresult()),
    }
}

impl Mapi for Real {
    type Client = MemorySession;
    type Store = MemoryMsgStore;
    type Folder = MemoryObject;

    fn new(config: &Config) -> Self {
        let mut builder = Memory::builder().session_limit(SESSION_LIMIT);
        for profile in config.profiles() {
            builder = builder.profile(profile);
        }
        if config.fast_shutdown {
            builder = builder.fast_shutdown();
        }
        Self {
            memory: builder.build().expect("good profiles"),
            held: None,
        }
    }

    fn initialize(&mut self) -> Result<(), HResult> {
        value(self.memory.initialize(0, 0))
    }

    fn uninitialize(&mut self) {
        self.memory.uninitialize();
    }

    fn logon(&mut self, name: Option<&str>, flags: u32) -> Result<MemorySession, HResult> {
        value(self.memory.logon_ex(UiParam::NONE, name, None, flags))
    }

    fn has_last_error(&mut self, client: &MemorySession, of: HResult) -> Result<bool, HResult> {
        Ok(value(client.last_error(of, 0))?.is_some())
    }

    fn stores(&mut self, client: &MemorySession, flags: u32) -> Result<usize, HResult> {
        Ok(value(client.msg_stores_table(flags))?.rows().len())
    }

    fn available(&mut self, client: &MemorySession) -> Result<usize, HResult> {
        let table = value(client.status_table(0))?;
        let rows = table.rows().iter();
        Ok(rows
            .filter(|row| row.status_code() == StatusCode::AVAILABLE)
            .count())
    }

    fn open_store(
        &mut self,
        client: &MemorySession,
        flags: u32,
    ) -> Result<MemoryMsgStore, HResult> {
        let store = self.entry_id(&STORE);
        let store = store.as_ref().map(EntryId::as_bytes);
        value(client.open_msg_store(UiParam::NONE, store, flags))
    }

    fn advise(
        &mut self,
        client: &MemorySession,
        on_store: bool,
        mask: u32,
        ear: Ear,
    ) -> Result<Connection, HResult> {
        let store = self.entry_id(&STORE).filter(|_| on_store);
        value(client.advise(store.as_ref().map(EntryId::as_bytes), mask, ear))
    }

    fn unadvise(&mut self, client: &MemorySession, connection: Connection) -> Result<(), HResult> {
        value(client.unadvise(connection))
    }

    fn logoff(&mut self, client: &MemorySession, flags: u32, reserved: u32) -> Result<(), HResult> {
        value(client.logoff(UiParam::NONE, flags, reserved))
    }

    fn shut_down(&mut self, client: &MemorySession, call: Shutdown) -> Result<(), HResult> {
        value(match call {
            Shutdown::Query => client.query_fast_shutdown(),
            Shutdown::Notify => client.notify_process_shutdown(),
            Shutdown::Do => client.do_fast_shutdown(),
        })
    }

    fn release(&mut self, client: MemorySession) {
        drop(client);
    }

    fn is_store_writable(&mut self, store: &MemoryMsgStore) -> Result<bool, HResult> {
        Ok(value(store.info())?.is_writable())
    }

    fn is_folder_writable(&mut self, folder: &MemoryObject) -> Result<bool, HResult> {
        Ok(value(folder.info())?.is_writable())
    }

    fn open_folder(&mut self, store: &MemoryMsgStore, flags: u32) -> Result<MemoryObject, HResult> {
        let folder = self.entry_id(&FOLDER);
        let opened = store.open_entry(folder.as_ref().map(EntryId::as_bytes), flags);
        Ok(value(opened)?.1)
    }

    fn log_store_off(&mut self, store: &MemoryMsgStore, flags: u32) -> Result<u32, HResult> {
        value(store.store_logoff(flags))
    }

    fn release_store(&mut self, store: MemoryMsgStore) {
        drop(store);
    }

    fn release_folder(&mut self, folder: MemoryObject) {
        drop(folder);
    }

    fn answer(&mut self, answer: Answer) {
        self.memory.user().answer(answer);
    }

    fn notify(&mut self, of_store: bool, event: Notification) {
        let store = self.entry_id(&STORE).filter(|_| of_store);
        self.memory.notify(store.as_ref(), event);
    }

    fn hold_notifications(&mut self) {
        self.held = Some(self.memory.hold_notifications());
    }

    fn let_notifications_go(&mut self) {
        self.held = None;
    }

    fn take_dialogs(&mut self) -> Vec<Dialog> {
        self.memory.user().take_dialogs()
    }

    fn open_sessions(&self) -> usize {
        self.memory.open_sessions()
    }

    fn released_live(&self) -> usize {
        self.memory.released_live()
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn memory_does_what_the_rules_say((config, steps) in model::sequence()) {
        model::compare::<Real>(&config, &steps)?;
    }
}
