//! The properties of objects and of sections: IMAPIProp.

use std::collections::BTreeMap;

use super::entries::provider_of_status;
use super::provider::{ROOT_FOLDER, entry_id as id_of};
use super::providers::errors_returned;
use super::tables::{self, number};
use super::{
    Access, Kind, MAPI_UID, ObjectKey, Outcome, Provided, Refusal, Result, SectionKey, Session,
    State, check_bits, hex, one_off,
};
use crate::HResult;
use crate::error::Success;
use crate::flags::ObjectAccess;
use crate::property::{PropProblem, PropTag, PropType, Property, PropertyValue};
use crate::types::ObjectType;

/// Values by their tags; texts are PT_UNICODE.
pub(super) type Props = BTreeMap<PropTag, PropertyValue>;

/// What has properties.
#[derive(Clone, Copy)]
pub(crate) enum PropKey {
    Object(ObjectKey),
    Section(SectionKey),
}

impl From<ObjectKey> for PropKey {
    fn from(key: ObjectKey) -> Self {
        Self::Object(key)
    }
}

impl From<SectionKey> for PropKey {
    fn from(key: SectionKey) -> Self {
        Self::Section(key)
    }
}

impl State {
    /// IMAPIProp::GetProps (R1).
    pub(crate) fn props(
        &mut self,
        key: impl Into<PropKey>,
        tags: Option<&[PropTag]>,
        flags: u32,
    ) -> Outcome<Vec<Property>> {
        let props = self.all_props(key.into())?;
        check_bits(flags, MAPI_UNICODE)?;
        let is_unspecified = |tag: &PropTag| tag.prop_type() == PropType::UNSPECIFIED;
        if tags.is_none_or(|tags| tags.iter().any(is_unspecified)) {
            self.check_text_flags(flags)?;
        }
        match tags {
            Some([]) => Err(Refusal::NoTags.into()),
            Some(tags) => Ok(chosen(&props, tags, flags)),
            None => Ok(Success::new(listed(props, flags).collect())),
        }
    }

    /// IMAPIProp::GetPropList (R1).
    pub(crate) fn prop_list(
        &mut self,
        key: impl Into<PropKey>,
        flags: u32,
    ) -> Result<Vec<PropTag>> {
        let props = self.all_props(key.into())?;
        self.check_text_flags(flags)?;
        Ok(listed(props, flags).map(|it| it.tag).collect())
    }

    /// IMAPIProp::SetProps (R2).
    pub(crate) fn set_props(
        &mut self,
        key: impl Into<PropKey>,
        props: &[Property],
    ) -> Result<Vec<PropProblem>> {
        match key.into() {
            PropKey::Section(key) => self.set_section_props(key, props),
            PropKey::Object(key) => {
                self.opened(key)?;
                Err(Refusal::NotSupported("IMAPIProp::SetProps").into())
            }
        }
    }

    /// IMAPIProp::DeleteProps (R2).
    pub(crate) fn delete_props(
        &mut self,
        key: impl Into<PropKey>,
        tags: &[PropTag],
    ) -> Result<Vec<PropProblem>> {
        match key.into() {
            PropKey::Section(key) => self.delete_section_props(key, tags),
            PropKey::Object(key) => {
                self.opened(key)?;
                Err(Refusal::NotSupported("IMAPIProp::DeleteProps").into())
            }
        }
    }

    /// IMAPIProp::SaveChanges (R2): all changes are kept at once.
    pub(crate) fn save_changes(&self, key: impl Into<PropKey>, flags: u32) -> Result<()> {
        let is_writable = match key.into() {
            PropKey::Section(key) => self.is_section_writable(key)?,
            PropKey::Object(key) => self.opened(key)?.is_writable,
        };
        check_bits(flags, SAVE_FLAGS)?;
        match flags & KEEP_OPEN_READWRITE != 0 && !is_writable {
            true => Err(Refusal::OpenForReading.into()),
            false => Ok(()),
        }
    }

    fn all_props(&mut self, key: PropKey) -> Result<Props> {
        match key {
            PropKey::Section(key) => self.section_props(key),
            PropKey::Object(key) => self.object_props(key),
        }
    }

    fn object_props(&self, key: ObjectKey) -> Result<Props> {
        let object = self.opened(key)?;
        let on = self.live(object.client)?;
        let mut props = match &object.kind {
            Kind::Provided(it) => self.provided_props(on.session, it, object.is_writable),
            Kind::OneOff(entry_id) => {
                let name = one_off::display_name(entry_id).unwrap_or_default();
                identified(entry_id, ObjectType::MAIL_USER, &name)
            }
            &Kind::Mapi {
                number,
                object_type,
            } => {
                let id = id_of(MAPI_UID, number);
                let name = match provider_of_status(&on, number) {
                    Some(it) => &self.profiles.providers[it.key].name,
                    // Its store has left the profile.
                    None if number >= number::FIRST_PROVIDER => {
                        return Err(Refusal::NoObject(hex(id.as_bytes())).into());
                    }
                    None => tables::own_name(number, on.profile),
                };
                identified(id.as_bytes(), object_type, name)
            }
            _ => return Err(Refusal::LoggedOff.into()),
        };
        let level = i32::from(object.is_writable);
        props.insert(PropTag::ACCESS_LEVEL, level.into());
        Ok(props)
    }

    fn provided_props(&self, session: &Session, it: &Provided, is_writable: bool) -> Props {
        let provider = &self.profiles.providers[it.provider];
        let id = provider.entry_id(it.number);
        let Some(stored) = provider.object(it.number) else {
            let mut props = identified(id.as_bytes(), it.object_type, &provider.name);
            if it.is_store() {
                let mask = provider.support_as(is_writable).bits() as i32;
                props.insert(PropTag::STORE_SUPPORT_MASK, mask.into());
            }
            return props;
        };
        let mut props = identified(id.as_bytes(), it.object_type, &stored.name);
        let parent = provider.entry_id(stored.parent);
        props.insert(PropTag::PARENT_ENTRYID, parent.as_bytes().into());
        if let Some(access) = self.access(session, it) {
            props.insert(PropTag::ACCESS, (access.bits() as i32).into());
        }
        props
    }

    /// PR_ACCESS, which folders and messages have.
    fn access(&self, session: &Session, it: &Provided) -> Option<ObjectAccess> {
        const OF_FOLDER: ObjectAccess = ObjectAccess::all().difference(ObjectAccess::READ);
        let of_its_type = match it.object_type {
            // A root folder is never deleted.
            ObjectType::FOLDER if it.number == ROOT_FOLDER => OF_FOLDER - ObjectAccess::DELETE,
            ObjectType::FOLDER => OF_FOLDER,
            ObjectType::MESSAGE => ObjectAccess::MODIFY | ObjectAccess::DELETE,
            _ => return None,
        };
        let entry_id = self.profiles.providers[it.provider].entry_id(it.number);
        let may_write = self.may_write(session, it.provider, entry_id.as_bytes(), Access::Best);
        Some(match may_write {
            Ok(true) => ObjectAccess::READ | of_its_type,
            _ => ObjectAccess::READ,
        })
    }
}

/// What every object has: PR_ENTRYID, PR_OBJECT_TYPE and a name.
fn identified(entry_id: &[u8], object_type: ObjectType, name: &str) -> Props {
    let name_tag = match object_type {
        ObjectType::MESSAGE => PropTag::SUBJECT,
        _ => PropTag::DISPLAY_NAME,
    };
    let object_type = object_type.get() as i32;
    Props::from([
        (PropTag::ENTRYID, entry_id.into()),
        (PropTag::OBJECT_TYPE, object_type.into()),
        (name_tag, name.into()),
    ])
}

pub(super) const MAPI_UNICODE: u32 = 0x8000_0000;

const KEEP_OPEN_READWRITE: u32 = 2;
/// The flags of SaveChanges: KEEP_OPEN_READONLY, KEEP_OPEN_READWRITE, FORCE_SAVE, MAPI_DEFERRED_ERRORS,
/// SPAMFILTER_ONSAVE and NON_EMS_XP_SAVE.
const SAVE_FLAGS: u32 = 0x108F;

/// The identifiers of secure properties, which are not listed (P12).
const SECURE: std::ops::RangeInclusive<u16> = 0x67F0..=0x67FF;

/// All but the secure ones, with texts of the width that `flags` says.
fn listed(props: Props, flags: u32) -> impl Iterator<Item = Property> {
    let listed = props
        .into_iter()
        .filter(|(tag, _)| !SECURE.contains(&tag.id()));
    listed.map(move |(tag, value)| {
        let tag = of_width(tag, flags);
        Property { tag, value }
    })
}

/// These, in this order; where there is none, its error.
pub(super) fn chosen(props: &Props, tags: &[PropTag], flags: u32) -> Success<Vec<Property>> {
    let mut missing = Vec::new();
    let mut choose = |&asked: &PropTag| {
        let first = asked.with_type(PropType::UNSPECIFIED);
        let of_id = props
            .range(first..)
            .take_while(|(tag, _)| tag.id() == asked.id());
        let mut given =
            of_id.filter_map(|(tag, value)| Some((given_as(*tag, asked, flags)?, value)));
        match given.next() {
            Some((tag, value)) => Property::new(tag, value.clone()),
            None => {
                missing.push(format!("there is no {asked}"));
                let tag = asked.with_type(PropType::ERROR);
                Property::new(tag, HResult::MAPI_E_NOT_FOUND)
            }
        }
    };
    let props = tags.iter().map(&mut choose).collect();
    Success::from_parts(props, errors_returned(&missing))
}

/// The tag by which a property is given to somebody who asks for it by this tag, which may lack a type;
/// a text is given in either width.
fn given_as(tag: PropTag, asked: PropTag, flags: u32) -> Option<PropTag> {
    match asked.prop_type() {
        PropType::UNSPECIFIED => Some(of_width(tag, flags)),
        _ if tag.is_same(asked) => Some(asked),
        _ => None,
    }
}

/// The tag with the width of texts that `flags` says.
fn of_width(tag: PropTag, flags: u32) -> PropTag {
    match tag.prop_type() {
        PropType::UNICODE if flags & MAPI_UNICODE == 0 => tag.with_type(PropType::STRING8),
        it if it == PropType::UNICODE.multiple() && flags & MAPI_UNICODE == 0 => {
            tag.with_type(PropType::STRING8.multiple())
        }
        _ => tag,
    }
}
