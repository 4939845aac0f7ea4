//! Profile sections: many readers or one writer (M4).

use super::profile::Section;
use super::{ClientKey, Kind, ObjectKey, ProfileKey, Refusal, Result, SessionKey, State, hex};
use crate::MapiUid;
use crate::flags::ProfileSectionFlags;
use crate::property::Property;

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
            return Err(refusal(hex(&uid.0)).into());
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

    pub(crate) fn section_props(&mut self, section: ObjectKey) -> Result<Vec<Property>> {
        let (uid, _, profile) = self.opened_section(section)?;
        let section = self.profiles.sections(profile).get(&uid);
        let section = section.ok_or_else(|| Refusal::NoSection(hex(&uid.0)))?;
        let props = section.props.iter().map(|(tag, value)| Property {
            tag: *tag,
            value: value.clone(),
        });
        Ok(props.collect())
    }

    pub(crate) fn set_section_props(
        &mut self,
        section: ObjectKey,
        props: &[Property],
    ) -> Result<()> {
        let (uid, flags, profile) = self.opened_section(section)?;
        if !flags.contains(ProfileSectionFlags::MODIFY) {
            return Err(Refusal::SectionReadOnly(hex(&uid.0)).into());
        }
        let section = self.profiles.sections(profile).get_mut(&uid);
        let section = section.ok_or_else(|| Refusal::NoSection(hex(&uid.0)))?;
        let props = props.iter().map(|prop| (prop.tag, prop.value.clone()));
        section.props.extend(props);
        Ok(())
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

impl Section {
    fn is_unused(&self) -> bool {
        !self.is_owned && self.props.is_empty() && !self.has_writer && self.readers == 0
    }
}
