//! Profile sections: many readers or one writer (M4).

use super::profile::Section;
use super::providers::errors_returned;
use super::{
    ClientKey, Kind, ObjectKey, Outcome, ProfileKey, Refusal, Result, SessionKey, State, hex,
};
use crate::error::Success;
use crate::flags::ProfileSectionFlags;
use crate::property::{Property, PropertyValue};
use crate::types::ObjectType;
use crate::{HResult, MapiUid};

const PR_OBJECT_TYPE: u32 = 0x0FFE_0003;
const PR_PROFILE_NAME: u32 = 0x3D12_001F;

impl State {
    /// M4. A provider's own section is there for the sessions that have the provider (M9).
    pub(crate) fn open_profile_section(
        &mut self,
        client: ClientKey,
        uid: MapiUid,
        flags: u32,
    ) -> Result<ObjectKey> {
        let on = self.live(client)?;
        let flags = ProfileSectionFlags::from(flags);
        super::check_flags(&flags)?;
        let has_provider = on.profile.find(uid).is_some();
        let profile = on.session.profile;
        let writes = flags.contains(ProfileSectionFlags::MODIFY);
        let may_be_forced = flags.contains(ProfileSectionFlags::FORCE_ACCESS);
        let sections = self.profiles.sections(profile);
        let refusal: Option<fn(Box<str>) -> Refusal> = match sections.get(&uid) {
            None if !writes => Some(Refusal::NoSection),
            Some(section) if section.is_owned && !has_provider => match writes {
                true => Some(Refusal::SectionOfNoProvider),
                false => Some(Refusal::NoSection),
            },
            Some(section) if section.is_owned && !may_be_forced => Some(Refusal::SectionOfProvider),
            Some(section) if section.has_writer => Some(Refusal::SectionHasWriter),
            Some(section) if writes && section.readers > 0 => Some(Refusal::SectionHasReaders),
            _ => None,
        };
        if let Some(refusal) = refusal {
            return Err(refusal(hex(uid.as_bytes())).into());
        }
        let section = sections.entry(uid).or_default();
        match writes {
            true => section.has_writer = true,
            false => section.readers += 1,
        }
        Ok(self.open(client, Kind::Section { uid, flags }, writes))
    }

    /// One that was created and never written is gone again.
    pub(super) fn close_section(
        &mut self,
        session: SessionKey,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) {
        let sections = self.profiles.sections(self.sessions[session].profile);
        let Some(section) = sections.get_mut(&uid) else {
            return;
        };
        match flags.contains(ProfileSectionFlags::MODIFY) {
            true => section.has_writer = false,
            false => section.readers -= 1,
        }
        if section.is_unused() {
            sections.remove(&uid);
        }
    }

    /// M4. What is in the section, and what every section has.
    pub(crate) fn section_props(&mut self, section: ObjectKey) -> Result<Vec<Property>> {
        let (uid, _, profile) = self.opened_section(section)?;
        let name = self.profiles.versions[profile].name.to_string();
        let section = self.profiles.sections(profile).get(&uid);
        let section = section.ok_or_else(|| Refusal::NoSection(hex(uid.as_bytes())))?;
        let mut props = section.props.clone();
        let kind = ObjectType::PROFILE_SECTION.get() as i32;
        props.insert(PR_OBJECT_TYPE, PropertyValue::Long(kind));
        props.insert(PR_PROFILE_NAME, PropertyValue::String(name));
        let props = props.into_iter();
        Ok(props.map(|(tag, value)| Property { tag, value }).collect())
    }

    /// M4. Those that a section cannot have are left out, with a warning.
    pub(crate) fn set_section_props(
        &mut self,
        section: ObjectKey,
        props: &[Property],
    ) -> Outcome<()> {
        let (uid, flags, profile) = self.opened_section(section)?;
        if !flags.contains(ProfileSectionFlags::MODIFY) {
            return Err(Refusal::SectionReadOnly(hex(uid.as_bytes())).into());
        }
        let section = self.profiles.sections(profile).get_mut(&uid);
        let section = section.ok_or_else(|| Refusal::NoSection(hex(uid.as_bytes())))?;
        let mut problems = Vec::new();
        for Property { tag, value } in props {
            match problem_with(*tag) {
                Some(problem) => problems.push(format!("{tag:#010X} was not set: {problem}")),
                None => {
                    section.props.insert(*tag, value.clone());
                }
            }
        }
        Ok(Success::from_parts((), errors_returned(&problems)))
    }

    fn opened_section(&self, key: ObjectKey) -> Result<(MapiUid, ProfileSectionFlags, ProfileKey)> {
        let object = self.opened(key)?;
        match object.kind {
            Kind::Section { uid, flags } => {
                Ok((uid, flags, self.live(object.client)?.session.profile))
            }
            _ => Err(Refusal::LoggedOff.into()),
        }
    }
}

/// Why a section cannot have a property: those of every section are computed, and there are no named
/// ones, which would begin at 0x8000.
fn problem_with(tag: u32) -> Option<HResult> {
    let is_computed = [PR_OBJECT_TYPE, PR_PROFILE_NAME].map(|it| it >> 16);
    match tag >> 16 {
        0x8000.. => Some(HResult::MAPI_E_UNEXPECTED_ID),
        id if is_computed.contains(&id) => Some(HResult::MAPI_E_COMPUTED),
        _ => None,
    }
}

impl Section {
    fn is_unused(&self) -> bool {
        !self.is_owned && self.props.is_empty() && !self.has_writer && self.readers == 0
    }
}
