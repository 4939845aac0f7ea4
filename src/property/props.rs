//! A list of properties of one object.

use std::ops::Deref;

use super::{FileTime, PropTag, PropType, Property, PropertyValue};
use crate::{EntryId, HResult};

/// A list of properties: of one object, or the columns of one row.
///
/// Look a property up by its tag. A text is found by the tag of either width. A property that the
/// object does not have is in the list as an error, or not at all.
///
/// ```
/// use mapi_session::HResult;
/// use mapi_session::property::{PropTag, PropType, Property, Props};
///
/// let missing = PropTag::BODY.with_type(PropType::ERROR);
/// let props = Props::from(vec![
///     Property::new(PropTag::SUBJECT, "Hello"),
///     Property::new(missing, HResult::MAPI_E_NOT_FOUND),
/// ]);
/// assert_eq!(props.text(PropTag::SUBJECT), Some("Hello"));
/// assert_eq!(props.text(PropTag::BODY), None);
/// assert_eq!(props.error(PropTag::BODY), Some(HResult::MAPI_E_NOT_FOUND));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Props {
    props: Vec<Property>,
}

impl Props {
    /// Returns the value of a property; `None` if it is missing or an error.
    #[doc(alias = "PpropFindProp")]
    #[must_use]
    pub fn get(&self, tag: PropTag) -> Option<&PropertyValue> {
        let mut props = self.props.iter();
        let found = props.find(|it| it.tag.is_same(tag))?;
        Some(&found.value)
    }

    /// Returns the value of a PT_UNICODE or PT_STRING8.
    #[must_use]
    pub fn text(&self, tag: PropTag) -> Option<&str> {
        match self.get(tag)? {
            PropertyValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value of a PT_LONG.
    #[must_use]
    pub fn long(&self, tag: PropTag) -> Option<i32> {
        match self.get(tag)? {
            PropertyValue::Long(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the value of a PT_LONG that holds flags or a count.
    #[must_use]
    pub fn bits(&self, tag: PropTag) -> Option<u32> {
        self.long(tag).map(|value| value as u32)
    }

    /// Returns the value of a PT_BOOLEAN.
    #[must_use]
    pub fn boolean(&self, tag: PropTag) -> Option<bool> {
        match self.get(tag)? {
            PropertyValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the value of a PT_SYSTIME.
    #[must_use]
    pub fn time(&self, tag: PropTag) -> Option<FileTime> {
        match self.get(tag)? {
            PropertyValue::SysTime(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns the value of a PT_BINARY.
    #[must_use]
    pub fn binary(&self, tag: PropTag) -> Option<&[u8]> {
        match self.get(tag)? {
            PropertyValue::Binary(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Returns the value of a PT_BINARY that is an entry identifier.
    #[must_use]
    pub fn entry_id(&self, tag: PropTag) -> Option<EntryId> {
        self.binary(tag).map(EntryId::new)
    }

    /// Returns why a property has no value: MAPI_E_NOT_FOUND if the object has no such property,
    /// MAPI_E_NOT_ENOUGH_MEMORY if its value has to be read as a stream.
    #[must_use]
    pub fn error(&self, tag: PropTag) -> Option<HResult> {
        let is_it = |it: &&Property| it.tag == tag.with_type(PropType::ERROR);
        match self.props.iter().find(is_it)?.value {
            PropertyValue::Error(hresult) => Some(hresult),
            _ => None,
        }
    }
}

impl Deref for Props {
    type Target = [Property];

    fn deref(&self) -> &[Property] {
        &self.props
    }
}

impl From<Vec<Property>> for Props {
    fn from(props: Vec<Property>) -> Self {
        Self { props }
    }
}

impl From<Props> for Vec<Property> {
    fn from(props: Props) -> Self {
        props.props
    }
}

impl FromIterator<Property> for Props {
    fn from_iter<I: IntoIterator<Item = Property>>(props: I) -> Self {
        Self {
            props: props.into_iter().collect(),
        }
    }
}

impl IntoIterator for Props {
    type Item = Property;
    type IntoIter = std::vec::IntoIter<Property>;

    fn into_iter(self) -> Self::IntoIter {
        self.props.into_iter()
    }
}

impl<'a> IntoIterator for &'a Props {
    type Item = &'a Property;
    type IntoIter = std::slice::Iter<'a, Property>;

    fn into_iter(self) -> Self::IntoIter {
        self.props.iter()
    }
}
