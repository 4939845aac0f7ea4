//! The objects that a session opens. Each stands for a key of the state; dropping it is Release.

use std::fmt;
use std::sync::Arc;

use super::driver::Driver;
use super::error::Result;
use super::state::{ClientKey, ObjectKey, State};
use crate::MapiUid;
use crate::error::Success;
use crate::property::Property;
use crate::subsystem::{RawMsgStore, RawObject, RawProfileSection, RawResult, RawServiceAdmin};
use crate::table::MsgServiceTable;
use crate::types::{ObjectInfo, ObjectType};

/// An object that is open until this is dropped.
struct Opened {
    driver: Arc<Driver>,
    key: ObjectKey,
}

impl Opened {
    fn new(driver: &Arc<Driver>, key: ObjectKey) -> Self {
        Self {
            driver: Arc::clone(driver),
            key,
        }
    }

    fn look<T>(&self, rule: impl FnOnce(&mut State, ObjectKey) -> Result<T>) -> RawResult<T> {
        let result = self.driver.look(|state| rule(state, self.key));
        Ok(Success::new(result?))
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.driver.run(|state| state.release(self.key));
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.driver.look(|state| state.describe(self.key)))
    }
}

macro_rules! opened {
    ($(#[$doc:meta])* $object:ident) => {
        $(#[$doc])*
        pub struct $object(Opened);

        impl $object {
            pub(super) fn new(driver: &Arc<Driver>, key: ObjectKey) -> Self {
                Self(Opened::new(driver, key))
            }
        }

        impl fmt::Debug for $object {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

opened! {
    /// A message store object of the subsystem in memory. Dropping it is Release.
    MemoryMsgStore
}

opened! {
    /// A folder, a message, a user, a status object or the address book, of the subsystem in memory.
    /// Dropping it is Release.
    MemoryObject
}

opened! {
    /// A profile section object of the subsystem in memory. Dropping it is Release.
    MemoryProfileSection
}

impl MemoryMsgStore {
    pub(super) fn key(&self) -> ObjectKey {
        self.0.key
    }
}

impl RawMsgStore for MemoryMsgStore {
    type Object = MemoryObject;

    fn info(&self) -> RawResult<ObjectInfo> {
        self.0.look(|state, store| state.info(store))
    }

    fn support_mask(&self) -> RawResult<u32> {
        self.0.look(|state, store| state.support_mask(store))
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, MemoryObject)> {
        let opened = self
            .0
            .look(|state, store| state.open_store_entry(store, entry_id, flags));
        Ok(opened?
            .map(|(object_type, object)| (object_type, MemoryObject::new(&self.0.driver, object))))
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        let driver = &self.0.driver;
        let logged_off = driver.run(|state| state.store_logoff(self.key(), flags));
        Ok(Success::new(logged_off?))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl MemoryObject {
    pub(super) fn key(&self) -> ObjectKey {
        self.0.key
    }
}

impl RawObject for MemoryObject {
    fn info(&self) -> RawResult<ObjectInfo> {
        self.0.look(|state, object| state.info(object))
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        let driver = &self.0.driver;
        let submitted = driver.run(|state| state.submit_message(self.key(), flags));
        Ok(Success::new(submitted?))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl RawProfileSection for MemoryProfileSection {
    fn props(&self) -> RawResult<Vec<Property>> {
        self.0.look(State::section_props)
    }

    fn set_props(&self, props: &[Property]) -> RawResult<()> {
        let Opened { driver, key, .. } = &self.0;
        driver.look(|state| state.set_section_props(*key, props))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

/// A message service administration object of the subsystem in memory. Dropping it is Release.
pub struct MemoryServiceAdmin {
    driver: Arc<Driver>,
    client: ClientKey,
}

impl MemoryServiceAdmin {
    pub(super) fn new(driver: &Arc<Driver>, client: ClientKey) -> Self {
        Self {
            driver: Arc::clone(driver),
            client,
        }
    }

    fn look<T>(&self, rule: impl FnOnce(&mut State, ClientKey) -> Result<T>) -> RawResult<T> {
        let result = self.driver.look(|state| rule(state, self.client));
        Ok(Success::new(result?))
    }
}

impl RawServiceAdmin for MemoryServiceAdmin {
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        self.look(|state, client| state.msg_service_table(client, flags))
    }

    fn create_msg_service(&self, service: &str, display_name: &str, flags: u32) -> RawResult<()> {
        self.look(|state, client| state.create_msg_service(client, service, display_name, flags))
    }

    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        self.look(|state, client| state.delete_msg_service(client, uid))
    }

    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        self.look(|state, client| state.set_primary_identity(client, uid, flags))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl fmt::Debug for MemoryServiceAdmin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryServiceAdmin")
    }
}
