//! Properties: SPropValue as our [`Property`], and back; and GetProps.

use std::ffi::c_void;
use std::ptr;

use outlook_mapi::{MAPIOutParam, PropValue, sys};

use super::com::{given, method};
use super::text::Text;
use super::value::{Arena, read, write};
use mapi_session::error::{Failure, Success};
use mapi_session::flags::ObjectAccess;
use mapi_session::property::{Property, PropertyValue};
use mapi_session::subsystem::RawResult;
use mapi_session::types::{ObjectInfo, ObjectType};
use mapi_session::{EntryId, HResult, MapiUid};

/// MAPI's own tag of a text, which is Unicode, or the same one in the ANSI code page.
pub(super) fn text_tag(tag: u32, unicode: bool) -> u32 {
    match tag & 0xFFFF {
        sys::PT_UNICODE | sys::PT_MV_UNICODE if !unicode => tag - 1,
        _ => tag,
    }
}

/// An SPropTagArray.
pub(super) struct Tags(Vec<u32>);

impl Tags {
    pub(super) fn new(tags: &[u32], unicode: bool) -> Self {
        let count = tags.len() as u32;
        let tags = tags.iter().map(|&tag| text_tag(tag, unicode));
        Self([count].into_iter().chain(tags).collect())
    }

    pub(super) fn as_ptr(&self) -> *mut sys::SPropTagArray {
        self.0.as_ptr().cast_mut().cast()
    }
}

/// Copies an SPropTagArray.
///
/// # Safety
/// `tags` is null, or as long as it says.
pub(super) unsafe fn tags(tags: *const sys::SPropTagArray) -> Vec<u32> {
    if tags.is_null() {
        return Vec::new();
    }
    // SAFETY: as the caller says.
    unsafe {
        let first = (&raw const (*tags).aulPropTag).cast::<u32>();
        std::slice::from_raw_parts(first, (*tags).cValues as usize).to_vec()
    }
}

/// Some properties of one object, or the columns of one row; to be asked by tag, whatever the width
/// of a text.
pub(super) struct Values(Vec<Property>);

impl Values {
    pub(super) fn new<'a>(values: impl IntoIterator<Item = PropValue<'a>>) -> Self {
        Self(values.into_iter().map(|value| property(&value)).collect())
    }

    fn find(&self, tag: u32) -> Option<&PropertyValue> {
        let property = self.0.iter().find(|it| it.tag >> 16 == tag >> 16)?;
        Some(&property.value)
    }

    pub(super) fn long(&self, tag: u32) -> Option<u32> {
        match self.find(tag)? {
            PropertyValue::Long(value) => Some(*value as u32),
            _ => None,
        }
    }

    pub(super) fn boolean(&self, tag: u32) -> bool {
        matches!(self.find(tag), Some(PropertyValue::Boolean(true)))
    }

    pub(super) fn binary(&self, tag: u32) -> Option<&[u8]> {
        match self.find(tag)? {
            PropertyValue::Binary(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn key(&self, tag: u32) -> Box<[u8]> {
        self.binary(tag).unwrap_or_default().into()
    }

    /// An empty one, which opens nothing, where there is none.
    pub(super) fn entry_id(&self, tag: u32) -> EntryId {
        EntryId::new(self.key(tag))
    }

    pub(super) fn uid(&self, tag: u32) -> MapiUid {
        let bytes = self.binary(tag).and_then(|bytes| bytes.try_into().ok());
        MapiUid::new(bytes.unwrap_or_default())
    }

    pub(super) fn text(&self, tag: u32) -> Option<&str> {
        match self.find(tag)? {
            PropertyValue::String(value) => Some(value),
            _ => None,
        }
    }

    pub(super) fn owned_text(&self, tag: u32) -> String {
        self.text(tag).unwrap_or_default().into()
    }

    pub(super) fn texts(&self, tag: u32) -> Vec<String> {
        match self.find(tag) {
            Some(PropertyValue::MvString(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }
}

pub(super) fn property(value: &PropValue<'_>) -> Property {
    Property {
        tag: value.tag.0,
        // SAFETY: MAPI's values point to what is there for as long as they are.
        value: unsafe { read(value) },
    }
}

/// Copies `count` properties.
///
/// # Safety
/// `values` is null, or there are `count` of them.
pub(super) unsafe fn properties(values: *const sys::SPropValue, count: u32) -> Vec<Property> {
    if values.is_null() {
        return Vec::new();
    }
    // SAFETY: as the caller says.
    let values = unsafe { std::slice::from_raw_parts(values, count as usize) };
    values
        .iter()
        .map(|value| property(&PropValue::from(value)))
        .collect()
}

/// Properties for a call, and what they point to.
#[derive(Default)]
pub(super) struct Settings {
    values: Vec<sys::SPropValue>,
    _rooms: Rooms,
}

impl Settings {
    pub(super) fn new(properties: &[Property]) -> Result<Self, Failure> {
        let mut values = Vec::new();
        let mut rooms = Rooms::default();
        for Property { tag, value } in properties {
            let refused = |why: String| {
                Failure::new(HResult::MAPI_E_INVALID_PARAMETER)
                    .because(format!("the property {tag:#010X} {why}"))
            };
            let raw = write(value, tag & 0xFFFF, &mut rooms).map_err(refused)?;
            let raw = raw.ok_or_else(|| refused("has a value of another type".into()))?;
            values.push(sys::SPropValue {
                ulPropTag: *tag,
                Value: raw,
                ..Default::default()
            });
        }
        Ok(Self {
            values,
            _rooms: rooms,
        })
    }

    /// How many there are, and the first.
    pub(super) fn words(&mut self) -> (u32, *mut sys::SPropValue) {
        (self.values.len() as u32, self.values.as_mut_ptr())
    }

    /// The same; null where there are none.
    pub(super) fn words_or_null(&mut self) -> (u32, *mut sys::SPropValue) {
        match self.words() {
            (0, _) => (0, ptr::null_mut()),
            words => words,
        }
    }
}

/// Memory of ours.
#[derive(Default)]
struct Rooms(Vec<Box<[u64]>>, Vec<Text>);

impl Arena for Rooms {
    /// What is wrong with the value.
    type Error = String;

    fn room(&mut self, size: usize) -> Result<*mut c_void, String> {
        if u32::try_from(size).is_err() {
            return Err("is too large".into());
        }
        let mut room = vec![0; size.div_ceil(size_of::<u64>())].into_boxed_slice();
        let start = room.as_mut_ptr().cast();
        self.0.push(room);
        Ok(start)
    }

    fn text(&mut self, text: &str, unicode: bool) -> Result<*mut c_void, String> {
        let text = Text::new(Some(text), unicode)?;
        let start = text.as_ptr().cast();
        self.1.push(text);
        Ok(start)
    }
}

/// IMAPIProp::GetProps, of all.
pub(super) fn get_props(object: &sys::IMAPIProp, flags: u32) -> RawResult<Vec<Property>> {
    get(object, None, flags, all)
}

/// IMAPIProp::GetProps, of these.
pub(super) fn get_props_by_tag(
    object: &sys::IMAPIProp,
    tags: &[u32],
    flags: u32,
) -> RawResult<Vec<Property>> {
    get(object, Some(&Tags::new(tags, true)), flags, all)
}

fn all(values: &[sys::SPropValue]) -> Vec<Property> {
    let values = values.iter().map(PropValue::from);
    values.map(|it| property(&it)).collect()
}

fn get<T: Default>(
    object: &sys::IMAPIProp,
    tags: Option<&Tags>,
    flags: u32,
    read: impl FnOnce(&[sys::SPropValue]) -> T,
) -> RawResult<T> {
    let mut count = 0;
    let mut values = MAPIOutParam::<sys::SPropValue>::default();
    let tags = tags.map_or(ptr::null_mut(), Tags::as_ptr);
    // SAFETY: the tags are null or as long as they say; the rest takes what comes out.
    let hresult = unsafe {
        method!(
            object,
            GetProps(tags, flags, &raw mut count, values.as_mut_ptr())
        )
    };
    let (mut values, warning) = given(values, hresult)?.into_parts();
    // SAFETY: MAPI gave this many.
    let values = unsafe { values.as_mut_slice(count as usize) };
    Ok(Success::from_parts(
        values.map_or_else(T::default, |values| read(values)),
        warning,
    ))
}

/// The properties with these tags, those that the object has. That it lacks some is no warning then.
pub(super) fn values(object: &sys::IMAPIProp, tags: &[u32]) -> RawResult<Values> {
    let got = get(
        object,
        Some(&Tags::new(tags, true)),
        sys::MAPI_UNICODE,
        |it| Some(Values::new(it.iter().map(PropValue::from))),
    )?;
    let (values, warning) = got.into_parts();
    let warning = warning.filter(|it| it.hresult() != HResult::MAPI_W_ERRORS_RETURNED);
    Ok(Success::from_parts(
        values.unwrap_or_else(|| Values::new([])),
        warning,
    ))
}

/// What a session tells of an object; of what it opened as `object_type`, where it does not say.
pub(super) fn info(object: &sys::IMAPIProp, object_type: ObjectType) -> RawResult<ObjectInfo> {
    const TAGS: [u32; 7] = [
        sys::PR_ENTRYID,
        sys::PR_OBJECT_TYPE,
        sys::PR_DISPLAY_NAME_W,
        sys::PR_SUBJECT_W,
        sys::PR_PARENT_ENTRYID,
        sys::PR_ACCESS_LEVEL,
        sys::PR_ACCESS,
    ];
    let (values, warning) = values(object, &TAGS)?.into_parts();
    let object_type = values
        .long(sys::PR_OBJECT_TYPE)
        .map_or(object_type, ObjectType::new);
    let name = if object_type == ObjectType::MESSAGE {
        sys::PR_SUBJECT_W
    } else {
        sys::PR_DISPLAY_NAME_W
    };
    let info = ObjectInfo::new(values.entry_id(sys::PR_ENTRYID), object_type)
        .with_display_name(values.owned_text(name))
        .with_parent_id(values.binary(sys::PR_PARENT_ENTRYID).map(EntryId::new))
        .with_writable(values.long(sys::PR_ACCESS_LEVEL) == Some(sys::MAPI_MODIFY))
        .with_access(values.long(sys::PR_ACCESS).map(ObjectAccess::from));
    Ok(Success::from_parts(info, warning))
}
