//! The objects that a session opens. Each stands for a key of the state; dropping it is Release.

use std::fmt;
use std::sync::Arc;

use super::driver::Driver;
use super::error::Result;
use super::state::{ObjectKey, SectionKey, State, Step};
use crate::error::Success;
use crate::property::Property;
use crate::subsystem::{RawMsgStore, RawObject, RawProfileSection, RawResult};
use crate::types::{ObjectInfo, ObjectType};

/// What stands for a key of the state.
pub(super) struct Handle<K> {
    pub(super) driver: Arc<Driver>,
    pub(super) key: K,
}

impl<K: Copy> Handle<K> {
    fn run<T>(&self, rule: impl FnOnce(&mut State, K) -> Step<Result<T>>) -> RawResult<T> {
        let result = self.driver.run(|state| rule(state, self.key));
        Ok(Success::new(result?))
    }

    /// Runs a rule that needs nothing from outside.
    fn look<T>(&self, rule: impl FnOnce(&mut State, K) -> Result<T>) -> RawResult<T> {
        let result = self.driver.look(|state| rule(state, self.key));
        Ok(Success::new(result?))
    }
}

macro_rules! objects {
    ($($(#[$doc:meta])* $object:ident;)*) => {$(
        $(#[$doc])*
        pub struct $object(pub(super) Handle<ObjectKey>);

        impl $object {
            pub(super) fn new(driver: &Arc<Driver>, key: ObjectKey) -> Self {
                let driver = Arc::clone(driver);
                Self(Handle { driver, key })
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
        let open = |state: &mut State, store| state.open_store_entry(store, entry_id, flags);
        let opened = self.0.look(open)?;
        Ok(opened.map(|(kind, object)| (kind, MemoryObject::new(&self.0.driver, object))))
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        self.0.run(|state, store| state.store_logoff(store, flags))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl RawObject for MemoryObject {
    fn info(&self) -> RawResult<ObjectInfo> {
        self.0.look(|state, object| state.info(object))
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        self.0.run(|state, it| state.submit_message(it, flags))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

/// A profile section object of the subsystem in memory. Dropping it is Release.
pub struct MemoryProfileSection(Handle<SectionKey>);

impl MemoryProfileSection {
    pub(super) fn new(driver: &Arc<Driver>, key: SectionKey) -> Self {
        let driver = Arc::clone(driver);
        Self(Handle { driver, key })
    }
}

impl RawProfileSection for MemoryProfileSection {
    fn props(&self) -> RawResult<Vec<Property>> {
        self.0.look(State::section_props)
    }

    fn props_by_tag(&self, tags: &[u32]) -> RawResult<Vec<Property>> {
        let Handle { driver, key } = &self.0;
        driver.look(|state| state.section_props_by_tag(*key, tags))
    }

    fn set_props(&self, props: &[Property]) -> RawResult<()> {
        let Handle { driver, key } = &self.0;
        driver.look(|state| state.set_section_props(*key, props))
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        Some(self)
    }
}

impl Drop for MemoryProfileSection {
    fn drop(&mut self) {
        let Handle { driver, key } = &self.0;
        driver.run(|state| state.release_section(*key));
    }
}

impl fmt::Debug for MemoryProfileSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Handle { driver, key } = &self.0;
        f.write_str(&driver.look(|state| state.describe_section(*key)))
    }
}
