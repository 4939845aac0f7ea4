//! Profile sections: many readers or one writer (M4, P12).

use super::profile::{Owner, Section};
use super::providers::errors_returned;
use super::slab::{CommonKey, OpeningKey};
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
pub(super) const PR_SEARCH_KEY: u32 = 0x300B_0102;

/// The section that tells a profile from all others.
pub(crate) const MUID_PROFILE_INSTANCE: MapiUid =
    MapiUid::new([0x85, 0x03, 2, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46]);

/// pbGlobalProfileSectionGuid.
pub(super) const GLOBAL_SECTION: MapiUid = MapiUid::new([
    0x13, 0xDB, 0xB0, 0xC8, 0xAA, 0x05, 0x10, 0x1A, 0x9B, 0xB0, 0x00, 0xAA, 0x00, 0x2F, 0xC4, 0x5A,
]);

/// What an open section is found by.
#[derive(Clone, Copy)]
pub(crate) enum SectionKey {
    OfClient(ObjectKey),
    WithoutSession(OpeningKey),
}

/// An open section.
#[derive(Clone, Copy)]
pub(super) struct OpenSection {
    profile: CommonKey,
    uid: MapiUid,
    flags: ProfileSectionFlags,
}

impl State {
    /// M4. A section of a provider or of a service is there for the sessions that have these (M9).
    pub(crate) fn open_profile_section(
        &mut self,
        client: ClientKey,
        uid: MapiUid,
        flags: u32,
    ) -> Result<SectionKey> {
        let profile = self.live(client)?.session.profile;
        let flags = self.enter_section(profile, uid, flags, true)?;
        Ok(self.section_of_client(client, uid, flags))
    }

    pub(super) fn section_of_client(
        &mut self,
        client: ClientKey,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) -> SectionKey {
        let writes = flags.contains(ProfileSectionFlags::MODIFY);
        SectionKey::OfClient(self.open(client, Kind::Section { uid, flags }, writes))
    }

    pub(super) fn section_without_session(
        &mut self,
        profile: CommonKey,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) -> SectionKey {
        let opened = OpenSection {
            profile,
            uid,
            flags,
        };
        SectionKey::WithoutSession(self.open_sections.insert(opened))
    }

    /// Counts a section of this version of a profile as open.
    pub(super) fn enter_section(
        &mut self,
        profile: ProfileKey,
        uid: MapiUid,
        flags: u32,
        may_write_providers: bool,
    ) -> Result<ProfileSectionFlags> {
        let flags = ProfileSectionFlags::from(flags);
        super::check_flags(&flags)?;
        let is_there = self.profiles.versions[profile].owns(uid);
        let writes = flags.contains(ProfileSectionFlags::MODIFY);
        let is_forced = flags.contains(ProfileSectionFlags::FORCE_ACCESS);
        let sections = self.profiles.sections(profile);
        let refusal: Option<fn(Box<str>) -> Refusal> = match sections.get(&uid) {
            None if !writes => Some(Refusal::NoSection),
            None => None,
            Some(section) if section.has_owner() && !is_there => match writes {
                true => Some(Refusal::SectionOfNoProvider),
                false => Some(Refusal::NoSection),
            },
            Some(section) if section.has_owner() && !is_forced => Some(Refusal::SectionOfProvider),
            Some(section) => match section.owner {
                Owner::Mapi if writes => Some(Refusal::SectionIsMapis),
                Owner::Provider if writes && !may_write_providers => {
                    Some(Refusal::ProviderSectionReadOnly)
                }
                _ if section.has_writer => Some(Refusal::SectionHasWriter),
                _ if writes && section.readers > 0 => Some(Refusal::SectionHasReaders),
                _ => None,
            },
        };
        if let Some(refusal) = refusal {
            return Err(refusal(hex(uid.as_bytes())).into());
        }
        let section = sections.entry(uid).or_default();
        match writes {
            true => section.has_writer = true,
            false => section.readers += 1,
        }
        Ok(flags)
    }

    pub(super) fn close_section(
        &mut self,
        session: SessionKey,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) {
        let profile = self.profiles.versions[self.sessions[session].profile].common;
        self.leave_section(profile, uid, flags);
    }

    /// Release of a section.
    pub(crate) fn release_section(&mut self, key: SectionKey) -> super::Step<()> {
        match key {
            SectionKey::OfClient(object) => self.release(object),
            SectionKey::WithoutSession(opening) => {
                if let Some(it) = self.open_sections.remove(opening) {
                    self.leave_section(it.profile, it.uid, it.flags);
                }
                super::Step::Done(())
            }
        }
    }

    /// It is gone where nobody needs it any more.
    fn leave_section(&mut self, profile: CommonKey, uid: MapiUid, flags: ProfileSectionFlags) {
        let Some(section) = self.profiles.section(profile, uid) else {
            return;
        };
        match flags.contains(ProfileSectionFlags::MODIFY) {
            true => section.has_writer = false,
            false => section.readers -= 1,
        }
        self.profiles.tidy_section(profile, uid);
    }

    /// M4. What is in the section, and what every section has; without the secure properties (P12).
    pub(crate) fn section_props(&mut self, key: SectionKey) -> Result<Vec<Property>> {
        let opened = self.opened_section(key)?;
        let mut props = self.own_props(&opened);
        let section = self.found_section(&opened)?;
        let listed = section.props.iter();
        let listed = listed.filter(|(tag, _)| !SECURE.contains(&(*tag >> 16)));
        props.extend(listed.map(|(tag, value)| property(*tag, value.clone())));
        props.sort_by_key(|it| it.tag);
        Ok(props)
    }

    /// P12. Those that are asked for, in that order.
    pub(crate) fn section_props_by_tag(
        &mut self,
        key: SectionKey,
        tags: &[u32],
    ) -> Outcome<Vec<Property>> {
        let opened = self.opened_section(key)?;
        if tags.is_empty() {
            return Err(Refusal::NoTags.into());
        }
        let own = self.own_props(&opened);
        let section = self.found_section(&opened)?;
        let mut missing = Vec::new();
        let mut give = |asked: u32| {
            let own = own.iter().map(|it| (it.tag, &it.value));
            let mut of_id = own.chain(section.of_id(asked >> 16));
            let found = of_id.find_map(|(tag, value)| Some((given_as(tag, asked)?, value.clone())));
            let (tag, value) = found.unwrap_or_else(|| {
                missing.push(format!("the section has no {asked:#010X}"));
                let error = PropertyValue::Error(HResult::MAPI_E_NOT_FOUND);
                (asked & !PT_MASK | PT_ERROR, error)
            });
            property(tag, value)
        };
        let props = tags.iter().map(|tag| give(*tag)).collect();
        Ok(Success::from_parts(props, errors_returned(&missing)))
    }

    /// What every section has.
    fn own_props(&self, opened: &OpenSection) -> Vec<Property> {
        let name = self.profiles.name(opened.profile).unwrap_or_default();
        let kind = ObjectType::PROFILE_SECTION.get() as i32;
        vec![
            property(PR_OBJECT_TYPE, PropertyValue::Long(kind)),
            property(PR_PROFILE_NAME, PropertyValue::String(name.into())),
        ]
    }

    /// M4. Those that a section cannot have are left out, with a warning.
    pub(crate) fn set_section_props(&mut self, key: SectionKey, props: &[Property]) -> Outcome<()> {
        let opened = self.opened_section(key)?;
        if !opened.flags.contains(ProfileSectionFlags::MODIFY) {
            return Err(Refusal::SectionReadOnly(hex(opened.uid.as_bytes())).into());
        }
        Ok(self.found_section(&opened)?.set(props))
    }

    fn opened_section(&self, key: SectionKey) -> Result<OpenSection> {
        match key {
            SectionKey::OfClient(key) => {
                let object = self.opened(key)?;
                let Kind::Section { uid, flags } = object.kind else {
                    return Err(Refusal::LoggedOff.into());
                };
                let profile = self.live(object.client)?.profile.common;
                Ok(OpenSection {
                    profile,
                    uid,
                    flags,
                })
            }
            SectionKey::WithoutSession(key) => {
                self.check_initialized()?;
                let opened = self.open_sections.get(key).copied();
                Ok(opened.ok_or(Refusal::ProfileDeleted)?)
            }
        }
    }

    fn found_section(&mut self, opened: &OpenSection) -> Result<&mut Section> {
        let section = self.profiles.section(opened.profile, opened.uid);
        Ok(section.ok_or_else(|| Refusal::NoSection(hex(opened.uid.as_bytes())))?)
    }

    /// A section for a person to read.
    pub(crate) fn describe_section(&self, key: SectionKey) -> Box<str> {
        match key {
            SectionKey::OfClient(object) => self.describe(object),
            SectionKey::WithoutSession(opening) => {
                let uid = self.open_sections.get(opening).map(|it| it.uid);
                format!("MemoryProfileSection({:?})", uid.unwrap_or_default()).into()
            }
        }
    }
}

/// The identifiers of secure properties, which are not listed among all.
const SECURE: std::ops::RangeInclusive<u32> = 0x67F0..=0x67FF;

const PT_MASK: u32 = 0xFFFF;
const PT_UNSPECIFIED: u32 = 0;
const PT_ERROR: u32 = 0x0A;
const PT_STRING8: u32 = 0x1E;
const PT_UNICODE: u32 = 0x1F;

/// The tag by which a property is given to somebody who asks for it by this tag, which may lack a type;
/// a text is given in either width.
fn given_as(tag: u32, asked: u32) -> Option<u32> {
    let is_text = |tag: u32| matches!(tag & PT_MASK, PT_STRING8 | PT_UNICODE);
    match asked & PT_MASK {
        _ if tag >> 16 != asked >> 16 => None,
        PT_UNSPECIFIED => Some(tag),
        _ if tag == asked || is_text(tag) && is_text(asked) => Some(asked),
        _ => None,
    }
}

fn property(tag: u32, value: PropertyValue) -> Property {
    Property { tag, value }
}

/// Why a section cannot have a property: those of every section are computed, and there are no named
/// ones, which would begin at 0x8000.
pub(crate) fn problem_with(tag: u32) -> Option<HResult> {
    let is_computed = [PR_OBJECT_TYPE, PR_PROFILE_NAME].map(|it| it >> 16);
    match tag >> 16 {
        0x8000.. => Some(HResult::MAPI_E_UNEXPECTED_ID),
        id if is_computed.contains(&id) => Some(HResult::MAPI_E_COMPUTED),
        _ => None,
    }
}

impl Section {
    fn of_id(&self, id: u32) -> impl Iterator<Item = (u32, &PropertyValue)> {
        let of_id = self.props.range(id << 16..=id << 16 | PT_MASK);
        of_id.map(|(tag, value)| (*tag, value))
    }

    /// Sets these properties, but for those that a section cannot have.
    pub(super) fn set(&mut self, props: &[Property]) -> Success<()> {
        let mut problems = Vec::new();
        for Property { tag, value } in props {
            match problem_with(*tag) {
                Some(problem) => problems.push(format!("{tag:#010X} was not set: {problem}")),
                None => {
                    self.props.insert(*tag, value.clone());
                }
            }
        }
        Success::from_parts((), errors_returned(&problems))
    }
}
