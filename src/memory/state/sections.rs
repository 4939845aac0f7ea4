//! Profile sections: many readers or one writer (M4, P12).

use super::profile::{Owner, Section};
use super::props::{check_settable, deletable, settable};
use super::providers::errors_returned;
use super::slab::{CommonKey, OpeningKey};
use super::{ClientKey, Kind, ObjectKey, ProfileKey, Refusal, Result, SessionKey, State, hex};
use crate::error::Warning;
use crate::flags::ProfileSectionFlags;
use crate::memory::content::Bag;
use crate::property::{PropProblem, PropTag, Property};
use crate::types::ObjectType;
use crate::{HResult, MapiUid};

const PR_PROFILE_NAME: PropTag = PropTag::PROFILE_NAME;

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

    /// M4. What is in the section, and what every section has.
    pub(super) fn section_props(&mut self, key: SectionKey) -> Result<Bag> {
        let opened = self.opened_section(key)?;
        let name = self.profiles.name(opened.profile).unwrap_or_default();
        let own = [
            Property::new(
                PropTag::OBJECT_TYPE,
                ObjectType::PROFILE_SECTION.get() as i32,
            ),
            Property::new(PR_PROFILE_NAME, name),
        ];
        let mut props = self.found_section(&opened)?.props.clone();
        props.extend(own);
        Ok(props)
    }

    /// M4, R2. Those that a section cannot have are left out.
    pub(super) fn set_section_props(
        &mut self,
        key: SectionKey,
        props: &[Property],
    ) -> Result<Vec<PropProblem>> {
        let section = self.section_to_write(key)?;
        check_settable(props)?;
        Ok(section.set(props))
    }

    /// R2. What the section does not have is deleted already.
    pub(super) fn delete_section_props(
        &mut self,
        key: SectionKey,
        tags: &[PropTag],
    ) -> Result<Vec<PropProblem>> {
        let section = self.section_to_write(key)?;
        let problem = |tag| is_computed(tag).then_some(HResult::MAPI_E_COMPUTED);
        let (deleted, problems) = deletable(tags, problem)?;
        deleted.iter().for_each(|id| section.props.remove(*id));
        Ok(problems)
    }

    pub(super) fn is_section_writable(&self, key: SectionKey) -> Result<bool> {
        let opened = self.opened_section(key)?;
        Ok(opened.flags.contains(ProfileSectionFlags::MODIFY))
    }

    fn section_to_write(&mut self, key: SectionKey) -> Result<&mut Section> {
        let opened = self.opened_section(key)?;
        match opened.flags.contains(ProfileSectionFlags::MODIFY) {
            true => self.found_section(&opened),
            false => Err(Refusal::SectionReadOnly(hex(opened.uid.as_bytes())).into()),
        }
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

/// Why a section cannot have a property: those of every section are computed, and there are no named
/// ones, which would begin at 0x8000.
pub(crate) fn problem_with(tag: PropTag) -> Option<HResult> {
    match tag.is_named() {
        true => Some(HResult::MAPI_E_UNEXPECTED_ID),
        false => is_computed(tag).then_some(HResult::MAPI_E_COMPUTED),
    }
}

/// Whether every section has it (M4).
fn is_computed(tag: PropTag) -> bool {
    [PropTag::OBJECT_TYPE, PR_PROFILE_NAME]
        .map(PropTag::id)
        .contains(&tag.id())
}

impl Section {
    /// Sets them as the configuration of a service or a provider, of which what is left out is a warning.
    pub(super) fn configure(&mut self, props: &[Property]) -> Option<Warning> {
        let problems = self.set(props).into_iter();
        let problems = problems.map(|it| format!("{} was not set: {}", it.tag(), it.hresult()));
        errors_returned(&problems.collect::<Vec<_>>())
    }

    /// Sets these properties, but for those that a section cannot have.
    pub(super) fn set(&mut self, props: &[Property]) -> Vec<PropProblem> {
        let (settable, problems) = settable(props, problem_with);
        self.props.extend(settable.cloned());
        problems
    }
}
