//! The properties of objects and of sections: IMAPIProp.

use std::borrow::Cow;

use super::entries::provider_of_status;
use super::provider::{Provider, ROOT_FOLDER, entry_id as id_of};
use super::providers::errors_returned;
use super::stored_objects::name_tag;
use super::tables;
use super::viewed::{UNSAVED, Viewed};
use super::{
    Access, Kind, MAPI_UID, ObjectKey, Outcome, Provided, Refusal, Result, SectionKey, Session,
    State, check_bits, one_off,
};
use crate::HResult;
use crate::error::Success;
use crate::flags::ObjectAccess;
use crate::memory::content::Bag;
use crate::property::{PropName, PropProblem, PropTag, PropType, Property, PropertyValue};
use crate::types::ObjectType;

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
        let text_flags = self.check_text_flags(flags);
        let readable = self.readable(key.into())?;
        check_bits(flags, MAPI_UNICODE)?;
        let is_unspecified = |tag: &PropTag| tag.prop_type() == PropType::UNSPECIFIED;
        if tags.is_none_or(|tags| tags.iter().any(is_unspecified)) {
            text_flags?;
        }
        match tags {
            Some([]) => Err(Refusal::NoTags.into()),
            Some(tags) => Ok(readable.chosen(tags, flags)),
            None => Ok(readable.chosen(&readable.listed(flags), flags)),
        }
    }

    /// IMAPIProp::GetPropList (R1).
    pub(crate) fn prop_list(
        &mut self,
        key: impl Into<PropKey>,
        flags: u32,
    ) -> Result<Vec<PropTag>> {
        let text_flags = self.check_text_flags(flags);
        let readable = self.readable(key.into())?;
        text_flags?;
        Ok(readable.listed(flags))
    }

    /// IMAPIProp::SetProps (R2).
    pub(crate) fn set_props(
        &mut self,
        key: impl Into<PropKey>,
        props: &[Property],
    ) -> Result<Vec<PropProblem>> {
        match key.into() {
            PropKey::Section(key) => self.set_section_props(key, props),
            PropKey::Object(key) => self.set_object_props(key, props),
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
            PropKey::Object(key) => self.delete_object_props(key, tags),
        }
    }

    /// IMAPIProp::SaveChanges (R2): a message or an attachment keeps its changes until then, all else has
    /// kept them.
    pub(crate) fn save_changes(&mut self, key: impl Into<PropKey>, flags: u32) -> Result<()> {
        let key = key.into();
        let is_writable = match key {
            PropKey::Section(key) => self.is_section_writable(key)?,
            PropKey::Object(key) => {
                self.viewed(key)?;
                self.opened(key)?.is_writable
            }
        };
        check_bits(flags, SAVE_FLAGS)?;
        if flags & KEEP_OPEN_READWRITE != 0 && !is_writable {
            return Err(Refusal::OpenForReading.into());
        }
        match key {
            PropKey::Section(_) => Ok(()),
            PropKey::Object(key) => self.save_draft(key, flags & FORCE_SAVE != 0),
        }
    }

    /// IMAPIProp::OpenProperty, read to its end (R3).
    pub(crate) fn read_stream(&mut self, key: impl Into<PropKey>, tag: PropTag) -> Result<Vec<u8>> {
        let readable = self.readable(key.into())?;
        if tag.prop_type() == PropType::UNSPECIFIED {
            return Err(Refusal::StreamOfNoType(tag).into());
        }
        let found = readable.find(tag).ok_or(Refusal::NoProperty(tag))?;
        match &*found.1 {
            PropertyValue::Binary(bytes) => Ok(bytes.to_vec()),
            PropertyValue::String(text) if tag.prop_type() == PropType::STRING8 => {
                Ok(text.as_bytes().to_vec())
            }
            PropertyValue::String(text) => {
                Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            _ => Err(Refusal::NoStream(tag).into()),
        }
    }

    /// IMAPIProp::GetIDsFromNames (R4).
    pub(crate) fn ids_from_names(
        &mut self,
        key: impl Into<PropKey>,
        names: &[PropName],
        flags: u32,
    ) -> Outcome<Vec<PropTag>> {
        const MAPI_CREATE: u32 = 2;
        let store = self.naming(key.into())?;
        check_bits(flags, MAPI_CREATE)?;
        if names.is_empty() {
            return Err(Refusal::NoNames.into());
        }
        let mut missing = Vec::new();
        let mut tags = Vec::new();
        for name in names {
            let id = store.id_of_name(name, flags & MAPI_CREATE != 0);
            tags.push(match id {
                Some(id) => PropTag::of(id, PropType::UNSPECIFIED),
                None => {
                    missing.push(format!("no property has the name {name:?}"));
                    PropTag::of(0, PropType::ERROR)
                }
            });
        }
        Ok(Success::from_parts(tags, errors_returned(&missing)))
    }

    /// IMAPIProp::GetNamesFromIDs (R4).
    pub(crate) fn names_from_ids(
        &mut self,
        key: impl Into<PropKey>,
        tags: &[PropTag],
        flags: u32,
    ) -> Outcome<Vec<Option<PropName>>> {
        const MAPI_NO_STRINGS_AND_IDS: u32 = 3;
        let store = self.naming(key.into())?;
        check_bits(flags, MAPI_NO_STRINGS_AND_IDS)?;
        if tags.is_empty() {
            return Err(Refusal::NoTags.into());
        }
        let mut missing = Vec::new();
        let names = tags.iter().map(|tag| {
            let name = store.name_of_id(tag.id(), flags);
            if name.is_none() {
                missing.push(format!("{tag} has no name"));
            }
            name
        });
        let names = names.collect();
        Ok(Success::from_parts(names, errors_returned(&missing)))
    }

    /// The store of an object that can have named properties.
    fn naming(&mut self, key: PropKey) -> Result<&mut Provider> {
        let provided = match key {
            PropKey::Section(key) => self.is_section_writable(key).map(|_| None)?,
            PropKey::Object(key) => self.opened(key)?.provided().copied(),
        };
        let provider = provided.map(|it| it.provider);
        let store = provider.filter(|key| self.profiles.providers[*key].is_store());
        let store = store.ok_or(Refusal::NoNamedProps)?;
        Ok(&mut self.profiles.providers[store])
    }

    fn readable(&mut self, key: PropKey) -> Result<Readable<'_>> {
        let own = match key {
            PropKey::Section(key) => self.section_props(key)?,
            PropKey::Object(key) => self.own_props(key)?,
        };
        let viewed = match key {
            PropKey::Section(_) => None,
            PropKey::Object(key) => self.viewed(key)?,
        };
        Ok(Readable {
            own,
            viewed,
            limit: self.options.largest_value,
        })
    }

    /// What an open object has besides what its provider holds.
    fn own_props(&self, key: ObjectKey) -> Result<Bag> {
        let object = self.opened(key)?;
        let on = self.live(object.client)?;
        let mut props = match &object.kind {
            Kind::Provided(it) => self.own_props_of_provided(on.session, it, object.is_writable),
            Kind::Attachment(it) => {
                let mut props = it.props.clone();
                props.insert(PropTag::OBJECT_TYPE, ObjectType::ATTACHMENT.get() as i32);
                props
            }
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
                    None => tables::own_name(number, on.profile),
                };
                identified(id.as_bytes(), object_type, name)
            }
            _ => return Err(Refusal::LoggedOff.into()),
        };
        props.insert(PropTag::ACCESS_LEVEL, i32::from(object.is_writable));
        Ok(props)
    }

    fn own_props_of_provided(&self, session: &Session, it: &Provided, is_writable: bool) -> Bag {
        let mut props = Bag::default();
        if it.is_store() {
            let mask = self.profiles.providers[it.provider].support_as(is_writable);
            props.insert(PropTag::STORE_SUPPORT_MASK, mask.bits() as i32);
        }
        if let Some(access) = self.access(session, it, is_writable) {
            props.insert(PropTag::ACCESS, access.bits() as i32);
        }
        props
    }

    /// What its provider holds of an open object.
    pub(super) fn viewed(&self, key: ObjectKey) -> Result<Option<Viewed<'_>>> {
        let object = self.opened(key)?;
        let Some(it) = object.provided() else {
            return Ok(None);
        };
        let provider = &self.profiles.providers[it.provider];
        let stored = Viewed::stored(provider, it.number, it.object_type);
        match &object.draft {
            Some(draft) => Ok(Some(stored.with_draft(&draft.content, draft.folder))),
            None if provider.is_deleted(it.number) => Err(Refusal::ObjectDeleted.into()),
            None => Ok(Some(stored)),
        }
    }

    /// PR_ACCESS, which folders and messages have.
    fn access(&self, session: &Session, it: &Provided, is_writable: bool) -> Option<ObjectAccess> {
        const OF_FOLDER: ObjectAccess = ObjectAccess::all().difference(ObjectAccess::READ);
        let of_its_type = match it.object_type {
            // A root folder is never deleted.
            ObjectType::FOLDER if it.number == ROOT_FOLDER => OF_FOLDER - ObjectAccess::DELETE,
            ObjectType::FOLDER => OF_FOLDER,
            ObjectType::MESSAGE => ObjectAccess::MODIFY | ObjectAccess::DELETE,
            _ => return None,
        };
        let may_write = match it.number {
            UNSAVED => is_writable,
            number => {
                let entry_id = self.profiles.providers[it.provider].entry_id(number);
                let may_write =
                    self.may_write(session, it.provider, entry_id.as_bytes(), Access::Best);
                may_write.unwrap_or(false)
            }
        };
        Some(match may_write {
            true => ObjectAccess::READ | of_its_type,
            false => ObjectAccess::READ,
        })
    }
}

/// What every object has: PR_ENTRYID, PR_OBJECT_TYPE and a name.
fn identified(entry_id: &[u8], object_type: ObjectType, name: &str) -> Bag {
    let mut props = Bag::default();
    props.insert(PropTag::ENTRYID, entry_id);
    props.insert(PropTag::OBJECT_TYPE, object_type.get() as i32);
    props.insert(name_tag(object_type), name);
    props
}

pub(super) const MAPI_UNICODE: u32 = 0x8000_0000;

const KEEP_OPEN_READWRITE: u32 = 2;
const FORCE_SAVE: u32 = 4;
/// The flags of SaveChanges: KEEP_OPEN_READONLY, KEEP_OPEN_READWRITE, FORCE_SAVE, MAPI_DEFERRED_ERRORS,
/// SPAMFILTER_ONSAVE and NON_EMS_XP_SAVE.
const SAVE_FLAGS: u32 = 0x108F;

/// The identifiers of secure properties, which are not listed (P12).
const SECURE: std::ops::RangeInclusive<u16> = 0x67F0..=0x67FF;

/// All properties of something that is open.
struct Readable<'a> {
    own: Bag,
    viewed: Option<Viewed<'a>>,
    /// Values of more bytes have to be streamed (R3).
    limit: Option<usize>,
}

impl Readable<'_> {
    /// The tags of all but the secure ones, with texts of the width that `flags` says.
    fn listed(&self, flags: u32) -> Vec<PropTag> {
        let viewed = self.viewed.iter().flat_map(Viewed::tags);
        let all = self.own.iter().map(|it| it.tag).chain(viewed);
        let mut tags: Vec<_> = all.filter(|tag| !SECURE.contains(&tag.id())).collect();
        tags.sort_unstable();
        tags.dedup();
        tags.into_iter().map(|tag| of_width(tag, flags)).collect()
    }

    fn find(&self, asked: PropTag) -> Option<(PropTag, Cow<'_, PropertyValue>)> {
        match self.own.asked(asked) {
            Some(own) => Some((own.tag, Cow::Borrowed(&own.value))),
            None => self.viewed.as_ref()?.find(asked),
        }
    }

    /// These, in this order; where there is none, its error.
    fn chosen(&self, tags: &[PropTag], flags: u32) -> Success<Vec<Property>> {
        let mut missing = Vec::new();
        let choose = |asked: &PropTag| {
            let (property, problem) = given(*asked, self.find(*asked), flags, self.limit);
            missing.extend(problem);
            property
        };
        let props = tags.iter().map(choose).collect();
        Success::from_parts(props, errors_returned(&missing))
    }
}

/// A property as it is given to somebody who asks for it by this tag, which may lack a type; a text is
/// given in either width. Where there is none, an error, and what it says.
pub(super) fn given(
    asked: PropTag,
    found: Option<(PropTag, Cow<'_, PropertyValue>)>,
    flags: u32,
    limit: Option<usize>,
) -> (Property, Option<String>) {
    let error = |hresult: HResult, problem| {
        let property = Property::new(asked.with_type(PropType::ERROR), hresult);
        (property, Some(problem))
    };
    let Some((tag, value)) = found else {
        return error(HResult::MAPI_E_NOT_FOUND, format!("there is no {asked}"));
    };
    if limit.is_some_and(|limit| value.size() > limit) {
        let problem = format!(
            "{tag} has {} bytes, and is to be read as a stream",
            value.size()
        );
        return error(HResult::MAPI_E_NOT_ENOUGH_MEMORY, problem);
    }
    let tag = match asked.prop_type() {
        PropType::UNSPECIFIED => of_width(tag, flags),
        _ => asked,
    };
    (Property::new(tag, value.into_owned()), None)
}

/// The tag with the width of texts that `flags` says.
pub(super) fn of_width(tag: PropTag, flags: u32) -> PropTag {
    match tag.prop_type() {
        PropType::UNICODE if flags & MAPI_UNICODE == 0 => tag.with_type(PropType::STRING8),
        it if it == PropType::UNICODE.multiple() && flags & MAPI_UNICODE == 0 => {
            tag.with_type(PropType::STRING8.multiple())
        }
        _ => tag,
    }
}

/// Whether SetProps leaves it alone: PR_NULL and errors.
fn is_ignored(tag: PropTag) -> bool {
    tag.prop_type() == PropType::ERROR || tag == PropTag::of(0, PropType::NULL)
}

/// Whether the value is one of its tag's type; an object is opened instead, and no values are none.
fn is_settable(property: &Property) -> bool {
    let Property { tag, value } = property;
    let fits = value.fits(tag.prop_type()) && tag.prop_type() != PropType::OBJECT;
    is_ignored(*tag) || fits && !value.is_empty_list()
}

/// Of SetProps: there are some, each with a value that it can have.
pub(super) fn check_settable(props: &[Property]) -> Result<()> {
    match props.iter().find(|it| !is_settable(it)) {
        _ if props.is_empty() => Err(Refusal::NoProps.into()),
        Some(unfit) => Err(Refusal::UnfitValue(unfit.tag).into()),
        None => Ok(()),
    }
}

/// What SetProps sets of these, and the problems with the others.
pub(super) fn settable(
    props: &[Property],
    problem_with: impl Fn(PropTag) -> Option<HResult>,
) -> (impl Iterator<Item = &Property>, Vec<PropProblem>) {
    let mut problems = Vec::new();
    let mut settable = Vec::new();
    for (index, property) in props.iter().enumerate() {
        match problem_with(property.tag) {
            _ if is_ignored(property.tag) => {}
            Some(problem) => problems.push(PropProblem::new(index, property.tag, problem)),
            None => settable.push(property),
        }
    }
    (settable.into_iter(), problems)
}

/// The identifiers of what DeleteProps deletes of these, and the problems with the others.
pub(super) fn deletable(
    tags: &[PropTag],
    problem_with: impl Fn(PropTag) -> Option<HResult>,
) -> Result<(Vec<u16>, Vec<PropProblem>)> {
    if tags.is_empty() {
        return Err(Refusal::NoTags.into());
    }
    let mut problems = Vec::new();
    let mut deletable = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        match problem_with(*tag) {
            Some(problem) => problems.push(PropProblem::new(index, *tag, problem)),
            None => deletable.push(tag.id()),
        }
    }
    Ok((deletable, problems))
}
