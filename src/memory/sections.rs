//! Profile sections: many readers or one writer.

use std::collections::BTreeMap;

use super::providers::StoredProvider;
use crate::subsystem::Failure;
use crate::types::Hex;
use crate::{HResult, MapiUid, ProfileSectionFlags, Property, PropertyValue};

/// The sections of a profile.
#[derive(Default)]
pub(super) struct Sections {
    by_uid: BTreeMap<MapiUid, Section>,
}

#[derive(Default)]
struct Section {
    props: BTreeMap<u32, PropertyValue>,
    /// A provider owns it.
    is_owned: bool,
    open: Open,
}

/// The clients that have a section open.
#[derive(Default)]
struct Open {
    readers: Vec<u64>,
    writer: Option<u64>,
}

const PR_DISPLAY_NAME: u32 = 0x3001_001F;

impl Sections {
    pub(super) fn add_provider(&mut self, provider: &StoredProvider) {
        let name = PropertyValue::String(provider.name.clone());
        let section = Section {
            props: BTreeMap::from([(PR_DISPLAY_NAME, name)]),
            is_owned: true,
            open: Open::default(),
        };
        self.by_uid.insert(provider.uid, section);
    }

    /// A copy that nobody has open.
    pub(super) fn clone_closed(&self) -> Self {
        let closed = |section: &Section| Section {
            props: section.props.clone(),
            is_owned: section.is_owned,
            open: Open::default(),
        };
        let by_uid = self.by_uid.iter();
        Self {
            by_uid: by_uid
                .map(|(uid, section)| (*uid, closed(section)))
                .collect(),
        }
    }

    /// Drops the sections that providers own which the profile does not have.
    pub(super) fn retain(&mut self, is_provider: impl Fn(MapiUid) -> bool) {
        self.by_uid
            .retain(|uid, section| !section.is_owned || is_provider(*uid));
    }

    /// M4. `is_provider`: whether the session has a provider of this identifier; the section of another
    /// session's is not there for it (M9).
    pub(super) fn open(
        &mut self,
        uid: MapiUid,
        flags: ProfileSectionFlags,
        is_provider: bool,
        client: u64,
    ) -> Result<(), Failure> {
        let writes = flags.contains(ProfileSectionFlags::MODIFY);
        let section = match self.by_uid.get_mut(&uid) {
            Some(section) if section.is_owned && !is_provider => {
                return Err(match writes {
                    true => no_access(uid, "is that of a provider which the session does not have"),
                    false => not_found(uid),
                });
            }
            Some(section) => section,
            None if writes => self.by_uid.entry(uid).or_default(),
            None => return Err(not_found(uid)),
        };
        if section.is_owned && !flags.contains(ProfileSectionFlags::FORCE_ACCESS) {
            return Err(no_access(
                uid,
                "is a provider's own, and MAPI_FORCE_ACCESS is not set",
            ));
        }
        let open = &mut section.open;
        match open.writer {
            Some(_) => return Err(no_access(uid, "is open for writing")),
            None if !writes => open.readers.push(client),
            None if open.readers.is_empty() => open.writer = Some(client),
            None => return Err(no_access(uid, "is open, and MAPI_MODIFY is set")),
        }
        Ok(())
    }

    /// A client releases a section, unless the end of its session has.
    pub(super) fn close(&mut self, uid: MapiUid, client: u64) {
        let Some(Section { open, .. }) = self.by_uid.get_mut(&uid) else {
            return;
        };
        open.writer = open.writer.filter(|writer| *writer != client);
        if let Some(reader) = open.readers.iter().position(|reader| *reader == client) {
            open.readers.swap_remove(reader);
        }
    }

    /// What an ended client has not released holds up nobody else.
    pub(super) fn close_all(&mut self, client: u64) {
        for section in self.by_uid.values_mut() {
            let open = &mut section.open;
            open.writer = open.writer.filter(|writer| *writer != client);
            open.readers.retain(|reader| *reader != client);
        }
    }

    pub(super) fn props(&self, uid: MapiUid) -> Result<Vec<Property>, Failure> {
        let section = self.by_uid.get(&uid).ok_or_else(|| not_found(uid))?;
        let property = |(tag, value): (&u32, &PropertyValue)| Property {
            tag: *tag,
            value: value.clone(),
        };
        Ok(section.props.iter().map(property).collect())
    }

    pub(super) fn set_props(&mut self, uid: MapiUid, props: &[Property]) -> Result<(), Failure> {
        let section = self.by_uid.get_mut(&uid).ok_or_else(|| not_found(uid))?;
        let pairs = props.iter().map(|prop| (prop.tag, prop.value.clone()));
        section.props.extend(pairs);
        Ok(())
    }
}

fn not_found(uid: MapiUid) -> Failure {
    Failure::new(HResult::MAPI_E_NOT_FOUND)
        .because(format!("the profile has no section {}", Hex(&uid.0)))
}

fn no_access(uid: MapiUid, fault: &str) -> Failure {
    Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!("the section {} {fault}", Hex(&uid.0)))
}
