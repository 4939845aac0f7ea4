//! The objects that a session opens. Each stands for a key of the state; dropping it is Release.

use std::fmt;
use std::sync::Arc;

use super::driver::Driver;
use super::error::Result;
use super::notification::Subscription;
use super::state::{ObjectKey, Outcome, SectionKey, State, Step};
use crate::error::{LastError, MapiError, Success};
use crate::foreign::Guarded;
use crate::notification::Connection;
use crate::property::{PropName, PropProblem, PropTag, Property, Props};
use crate::subsystem::{
    RawMsgStore, RawObject, RawProfileSection, RawProp, RawPropTable, RawResult, RawTable,
};
use crate::sync::Mutex;
use crate::table::{Bookmark, Restriction, SortOrder, StatusRow, StoreRow, Table, TablePosition};
use crate::types::ObjectType;
use crate::{AdviseSink, EntryId, EventMask, HResult, UiParam};

/// What stands for a key of the state.
pub(super) struct Handle<K> {
    pub(super) driver: Arc<Driver>,
    pub(super) key: K,
    /// Of its methods (M10).
    last_error: Mutex<Option<Box<LastError>>>,
}

impl<K: Copy> Handle<K> {
    pub(super) fn new(driver: &Arc<Driver>, key: K) -> Self {
        Self {
            driver: Arc::clone(driver),
            key,
            last_error: Mutex::default(),
        }
    }

    pub(super) fn run<T>(
        &self,
        rule: impl FnOnce(&mut State, K) -> Step<Result<T>>,
    ) -> RawResult<T> {
        let result = self.driver.run(|state| rule(state, self.key));
        self.recorded(result.map(Success::new))
    }

    /// Runs a rule that can warn.
    pub(super) fn call<T>(
        &self,
        rule: impl FnOnce(&mut State, K) -> Step<Outcome<T>>,
    ) -> RawResult<T> {
        self.recorded(self.driver.run(|state| rule(state, self.key)))
    }

    /// Runs a rule that needs nothing from outside.
    pub(super) fn look<T>(&self, rule: impl FnOnce(&mut State, K) -> Result<T>) -> RawResult<T> {
        let result = self.driver.look(|state| rule(state, self.key));
        self.recorded(result.map(Success::new))
    }

    /// Runs a rule that needs nothing from outside, and whose value says what it warns of.
    fn tell<T>(&self, rule: impl FnOnce(&mut State, K) -> Outcome<T>) -> RawResult<T> {
        let outcome = self.driver.look(|state| rule(state, self.key));
        match outcome {
            Ok(success) => Ok(success),
            failed => self.recorded(failed),
        }
    }

    fn recorded<T>(&self, outcome: Outcome<T>) -> RawResult<T> {
        if let Some(last_error) = LastError::of(&outcome) {
            *self.last_error.lock() = Some(Box::new(last_error));
        }
        outcome
    }

    /// GetLastError, where the rule allows it.
    pub(super) fn last_error(
        &self,
        hresult: HResult,
        rule: impl FnOnce(&mut State, K) -> Result<()>,
    ) -> RawResult<Option<MapiError>> {
        self.driver.look(|state| rule(state, self.key))?;
        let known = self.last_error.lock();
        let known = known.as_ref().and_then(|it| it.of_hresult(hresult));
        Ok(Success::new(known))
    }
}

impl Handle<ObjectKey> {
    /// Advise of the object itself.
    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        events: EventMask,
        sink: S,
    ) -> RawResult<Connection> {
        // Where it is refused, the sink is dropped here.
        let subscription = Subscription::new(events, Guarded::new(sink));
        self.look(|state, object| state.advise_on(object, entry_id, &subscription))
    }

    /// Runs a rule that opens another object.
    fn open<T>(
        &self,
        rule: impl FnOnce(&mut State, ObjectKey) -> Result<ObjectKey>,
        opened: impl FnOnce(&Arc<Driver>, ObjectKey) -> T,
    ) -> RawResult<T> {
        Ok(self.look(rule)?.map(|key| opened(&self.driver, key)))
    }

    /// Runs a rule that can warn, and needs nothing from outside.
    fn warn<T>(&self, rule: impl FnOnce(&mut State, ObjectKey) -> Outcome<T>) -> RawResult<T> {
        self.recorded(self.driver.look(|state| rule(state, self.key)))
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        let ended = self.look(|state, object| state.unadvise_on(object, connection));
        Ok(ended?.map(|subscription| subscription.iter().for_each(Subscription::cancel)))
    }
}

macro_rules! objects {
    ($($(#[$doc:meta])* $object:ident;)*) => {$(
        $(#[$doc])*
        pub struct $object(pub(super) Handle<ObjectKey>);

        impl $object {
            pub(super) fn new(driver: &Arc<Driver>, key: ObjectKey) -> Self {
                Self(Handle::new(driver, key))
            }
        }

        impl Drop for $object {
            fn drop(&mut self) {
                self.0.driver.run(|state| state.release(self.0.key));
            }
        }

        impl fmt::Debug for $object {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.driver.look(|state| state.describe(self.0.key)))
            }
        }
    )*};
}

objects! {
    /// A message store object of the subsystem in memory. Dropping it is Release.
    MemoryMsgStore;
    /// A folder, a message, a user, a status object or the address book, of the subsystem in memory.
    /// Dropping it is Release.
    MemoryObject;
    /// The message store table of the subsystem in memory, as an object. Dropping it is Release.
    MemoryStoreTable;
    /// The status table of the subsystem in memory, as an object. Dropping it is Release.
    MemoryStatusTable;
    /// The table of what a folder or a message of the subsystem in memory holds. Dropping it is Release.
    MemoryTable;
}

macro_rules! tables {
    ($($table:ident of $row:ident: $rows:ident;)*) => {$(
        impl RawTable for $table {
            type Row = $row;

            fn rows(&self) -> RawResult<Table<$row>> {
                let rows = self.0.look(|state, table| state.$rows(table))?;
                Ok(rows.map(|it| it.into_iter().collect()))
            }

            fn advise<S: AdviseSink + 'static>(
                &self,
                event_mask: u32,
                sink: S,
            ) -> RawResult<Connection> {
                self.0.advise(None, event_mask.into(), sink)
            }

            fn unadvise(&self, connection: Connection) -> RawResult<()> {
                self.0.unadvise(connection)
            }

            fn as_debug(&self) -> Option<&dyn fmt::Debug> {
                Some(self)
            }
        }
    )*};
}

tables! {
    MemoryStoreTable of StoreRow: store_table_rows;
    MemoryStatusTable of StatusRow: status_table_rows;
    MemoryTable of Props: all_rows;
}

impl RawPropTable for MemoryTable {
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        let rule = |state: &mut State, it| state.check_last_error(it, flags);
        self.0.last_error(hresult, rule)
    }

    fn set_columns(&self, tags: &[PropTag], flags: u32) -> RawResult<()> {
        self.0.look(|state, it| state.set_columns(it, tags, flags))
    }

    fn query_columns(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        self.0.look(|state, it| state.query_columns(it, flags))
    }

    fn row_count(&self, flags: u32) -> RawResult<u32> {
        self.0.look(|state, it| state.row_count(it, flags))
    }

    fn seek_row(&self, origin: Bookmark, rows: i32) -> RawResult<i32> {
        self.0.tell(|state, it| state.seek_row(it, origin, rows))
    }

    fn restrict(&self, restriction: Option<&Restriction>, flags: u32) -> RawResult<()> {
        self.0
            .look(|state, it| state.restrict(it, restriction, flags))
    }

    fn sort_table(&self, order: &[SortOrder], flags: u32) -> RawResult<()> {
        self.0.look(|state, it| state.sort_table(it, order, flags))
    }

    fn find_row(&self, restriction: &Restriction, origin: Bookmark, flags: u32) -> RawResult<()> {
        self.0
            .tell(|state, it| state.find_row(it, restriction, origin, flags))
    }

    fn query_sort_order(&self) -> RawResult<Vec<SortOrder>> {
        self.0.look(State::query_sort_order)
    }

    fn query_position(&self) -> RawResult<TablePosition> {
        self.0.look(State::query_position)
    }

    fn create_bookmark(&self) -> RawResult<Bookmark> {
        self.0.look(State::create_bookmark)
    }

    fn free_bookmark(&self, bookmark: Bookmark) -> RawResult<()> {
        self.0.look(|state, it| state.free_bookmark(it, bookmark))
    }

    fn query_rows(&self, rows: i32, flags: u32) -> RawResult<Vec<Props>> {
        self.0.look(|state, it| state.query_rows(it, rows, flags))
    }
}

macro_rules! props {
    ($($object:ident: $check_last_error:ident;)*) => {$(
        impl RawProp for $object {
            fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
                let rule = |state: &mut State, it| state.$check_last_error(it, flags);
                self.0.last_error(hresult, rule)
            }

            fn props(&self, tags: Option<&[PropTag]>, flags: u32) -> RawResult<Vec<Property>> {
                self.0.tell(|state, it| state.props(it, tags, flags))
            }

            fn prop_list(&self, flags: u32) -> RawResult<Vec<PropTag>> {
                self.0.look(|state, it| state.prop_list(it, flags))
            }

            fn set_props(&self, props: &[Property]) -> RawResult<Vec<PropProblem>> {
                self.0.look(|state, it| state.set_props(it, props))
            }

            fn delete_props(&self, tags: &[PropTag]) -> RawResult<Vec<PropProblem>> {
                self.0.look(|state, it| state.delete_props(it, tags))
            }

            fn save_changes(&self, flags: u32) -> RawResult<()> {
                self.0.look(|state, it| state.save_changes(it, flags))
            }

            fn read_stream(&self, tag: PropTag) -> RawResult<Vec<u8>> {
                self.0.look(|state, it| state.read_stream(it, tag))
            }

            fn ids_from_names(&self, names: &[PropName], flags: u32) -> RawResult<Vec<PropTag>> {
                self.0.tell(|state, it| state.ids_from_names(it, names, flags))
            }

            fn names_from_ids(
                &self,
                tags: &[PropTag],
                flags: u32,
            ) -> RawResult<Vec<Option<PropName>>> {
                self.0.tell(|state, it| state.names_from_ids(it, tags, flags))
            }
        }
    )*};
}

props! {
    MemoryMsgStore: check_last_error;
    MemoryObject: check_last_error;
    MemoryProfileSection: check_last_error_of_section;
}

impl RawMsgStore for MemoryMsgStore {
    type Object = MemoryObject;

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, MemoryObject)> {
        let open = |state: &mut State, store| state.open_store_entry(store, entry_id, flags);
        let opened = self.0.look(open)?;
        Ok(opened.map(|(kind, object)| (kind, MemoryObject::new(&self.0.driver, object))))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        self.0.advise(entry_id, event_mask.into(), sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.0.unadvise(connection)
    }

    fn receive_folder(
        &self,
        message_class: Option<&str>,
        flags: u32,
    ) -> RawResult<(EntryId, String)> {
        self.0
            .look(|state, store| state.receive_folder(store, message_class, flags))
    }

    fn receive_folder_table(&self, flags: u32) -> RawResult<MemoryTable> {
        self.0.open(
            |state, store| state.receive_folder_table(store, flags),
            MemoryTable::new,
        )
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        self.0.run(|state, store| state.store_logoff(store, flags))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl RawObject for MemoryObject {
    type Table = MemoryTable;

    fn contents_table(&self, flags: u32) -> RawResult<MemoryTable> {
        self.0.open(
            |state, it| state.contents_table(it, flags),
            MemoryTable::new,
        )
    }

    fn hierarchy_table(&self, flags: u32) -> RawResult<MemoryTable> {
        self.0.open(
            |state, it| state.hierarchy_table(it, flags),
            MemoryTable::new,
        )
    }

    fn create_message(&self, flags: u32) -> RawResult<Self> {
        self.0
            .open(|state, it| state.create_message(it, flags), Self::new)
    }

    fn create_folder(
        &self,
        folder_type: u32,
        name: &str,
        comment: &str,
        flags: u32,
    ) -> RawResult<Self> {
        let create =
            |state: &mut State, it| state.create_folder(it, folder_type, name, comment, flags);
        self.0.open(create, Self::new)
    }

    fn delete_messages(
        &self,
        entry_ids: &[EntryId],
        _ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.0
            .warn(|state, it| state.delete_messages(it, entry_ids, flags))
    }

    fn set_read_flags(
        &self,
        entry_ids: Option<&[EntryId]>,
        _ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        self.0
            .warn(|state, it| state.set_read_flags(it, entry_ids, flags))
    }

    fn recipient_table(&self, flags: u32) -> RawResult<MemoryTable> {
        self.0.open(
            |state, it| state.recipient_table(it, flags),
            MemoryTable::new,
        )
    }

    fn modify_recipients(&self, flags: u32, recipients: &[Props]) -> RawResult<()> {
        self.0
            .look(|state, it| state.modify_recipients(it, flags, recipients))
    }

    fn attachment_table(&self, flags: u32) -> RawResult<MemoryTable> {
        self.0.open(
            |state, it| state.attachment_table(it, flags),
            MemoryTable::new,
        )
    }

    fn open_attach(&self, number: u32, flags: u32) -> RawResult<Self> {
        self.0
            .open(|state, it| state.open_attach(it, number, flags), Self::new)
    }

    fn create_attach(&self, flags: u32) -> RawResult<Self> {
        self.0
            .open(|state, it| state.create_attach(it, flags), Self::new)
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        self.0.run(|state, it| state.submit_message(it, flags))
    }

    fn validate_state(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        self.0
            .call(|state, it| state.validate_state(it, ui_param, flags))
    }

    fn settings_dialog(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        self.0
            .run(|state, it| state.settings_dialog(it, ui_param, flags))
    }

    fn change_password(&self, old: Option<&str>, new: Option<&str>, flags: u32) -> RawResult<()> {
        self.0
            .call(|state, it| state.change_password(it, old, new, flags))
    }

    fn flush_queues(
        &self,
        _ui_param: UiParam,
        transport: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<()> {
        self.0
            .call(|state, it| state.flush_queues(it, transport, flags))
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        // As of the session: critical errors of the address book as a whole come always.
        let always = match entry_id {
            None => EventMask::CRITICAL_ERROR,
            Some(_) => EventMask::empty(),
        };
        let events = EventMask::from(event_mask) | always;
        self.0.advise(entry_id, events, sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.0.unadvise(connection)
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

/// A profile section object of the subsystem in memory. Dropping it is Release.
pub struct MemoryProfileSection(Handle<SectionKey>);

impl MemoryProfileSection {
    pub(super) fn new(driver: &Arc<Driver>, key: SectionKey) -> Self {
        Self(Handle::new(driver, key))
    }
}

impl RawProfileSection for MemoryProfileSection {
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl Drop for MemoryProfileSection {
    fn drop(&mut self) {
        self.0.driver.run(|state| state.release_section(self.0.key));
    }
}

impl fmt::Debug for MemoryProfileSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let describe = |state: &mut State| state.describe_section(self.0.key);
        f.write_str(&self.0.driver.look(describe))
    }
}
