//! What an object holds: its properties, and of a message its recipients and attachments.

use std::borrow::Cow;

use crate::flags::MessageFlags;
use crate::property::{PropTag, PropType, Property, PropertyValue, Props};
use crate::types::RecipientType;

/// Properties of one object, each once, sorted by their tags. Texts are PT_UNICODE.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bag(Vec<Property>);

impl Bag {
    /// The value of this property, in whatever width a text is asked for.
    pub(crate) fn get(&self, tag: PropTag) -> Option<&PropertyValue> {
        let index = self.find(tag.unicode()).ok()?;
        Some(&self.0[index].value)
    }

    pub(crate) fn text(&self, tag: PropTag) -> Option<&str> {
        match self.get(tag)? {
            PropertyValue::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn long(&self, tag: PropTag) -> Option<i32> {
        match self.get(tag)? {
            PropertyValue::Long(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn message_flags(&self) -> MessageFlags {
        MessageFlags::from_bits_retain(self.long(PropTag::MESSAGE_FLAGS).unwrap_or(0) as u32)
    }

    pub(crate) fn set_message_flags(&mut self, flags: MessageFlags) {
        self.insert(PropTag::MESSAGE_FLAGS, flags.bits() as i32);
    }

    /// The property that is asked for by a tag, which may lack a type.
    pub(crate) fn asked(&self, tag: PropTag) -> Option<&Property> {
        let first = tag.with_type(PropType::UNSPECIFIED);
        let start = self.find(first).unwrap_or_else(|start| start);
        self.0.get(start).filter(|it| it.tag.answers(tag))
    }

    pub(crate) fn insert(&mut self, tag: PropTag, value: impl Into<PropertyValue>) {
        let property = Property::new(tag.unicode(), value);
        match self.find(property.tag) {
            Ok(index) => self.0[index] = property,
            Err(_) => {
                // It is one property, whatever type it had.
                self.remove(property.tag.id());
                let index = self.0.partition_point(|it| it.tag < property.tag);
                self.0.insert(index, property);
            }
        }
    }

    /// Removes what has this identifier, of whatever type.
    pub(crate) fn remove(&mut self, id: u16) {
        self.0.retain(|it| it.tag.id() != id);
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Property> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after another: an object has a few dozen at most, and of many objects it is foreseen.
    fn find(&self, tag: PropTag) -> Result<usize, usize> {
        match self.0.iter().position(|it| it.tag >= tag) {
            Some(at) if self.0[at].tag == tag => Ok(at),
            Some(at) => Err(at),
            None => Err(self.0.len()),
        }
    }
}

impl Extend<Property> for Bag {
    fn extend<I: IntoIterator<Item = Property>>(&mut self, props: I) {
        props
            .into_iter()
            .for_each(|it| self.insert(it.tag, it.value));
    }
}

impl FromIterator<Property> for Bag {
    fn from_iter<I: IntoIterator<Item = Property>>(props: I) -> Self {
        let mut bag = Self::default();
        bag.extend(props);
        bag
    }
}

impl From<&Bag> for Props {
    fn from(bag: &Bag) -> Self {
        bag.iter().cloned().collect()
    }
}

/// What a folder or a message holds. A folder has properties only.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Content {
    pub(crate) props: Bag,
    /// Of a message.
    pub(crate) parts: Option<Box<Parts>>,
}

/// Recipients and attachments, which few messages of a large mailbox need to have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Parts {
    /// Each with its PR_ROWID.
    pub(crate) recipients: Vec<Bag>,
    /// Each with its PR_ATTACH_NUM.
    pub(crate) attachments: Vec<Bag>,
}

impl Content {
    pub(crate) fn named(tag: PropTag, name: impl Into<String>) -> Self {
        let mut props = Bag::default();
        props.insert(tag, name.into());
        Self { props, parts: None }
    }

    pub(crate) fn recipients(&self) -> &[Bag] {
        self.parts.as_ref().map_or(&[], |it| &it.recipients)
    }

    pub(crate) fn attachments(&self) -> &[Bag] {
        self.parts.as_ref().map_or(&[], |it| &it.attachments)
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Parts {
        self.parts.get_or_insert_default()
    }

    /// The names of the recipients of a type.
    pub(crate) fn names(&self, recipient_type: RecipientType) -> String {
        let recipient_type = Some(recipient_type.get());
        let of_type = self.recipients().iter();
        let of_type = of_type.filter(|it| it.long(PropTag::RECIPIENT_TYPE) == recipient_type);
        let names = of_type.filter_map(|it| it.text(PropTag::DISPLAY_NAME));
        names.collect::<Vec<_>>().join("; ")
    }

    /// The size in bytes, of all values.
    pub(crate) fn size(&self) -> usize {
        let bags = [&self.props].into_iter();
        let bags = bags.chain(self.recipients()).chain(self.attachments());
        bags.flat_map(Bag::iter).map(|it| it.value.size()).sum()
    }
}

/// The subject, without a prefix such as `RE: `.
pub(crate) fn normalized(subject: &str) -> Cow<'_, str> {
    let prefix = subject.split_once(": ");
    let is_prefix =
        |it: &str| (1..=3).contains(&it.chars().count()) && it.chars().all(char::is_alphabetic);
    match prefix {
        Some((prefix, rest)) if is_prefix(prefix) => Cow::Borrowed(rest),
        _ => Cow::Borrowed(subject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_has_each_property_once_and_a_text_in_either_width() {
        let ansi = PropTag::SUBJECT.with_type(PropType::STRING8);
        let mut bag = Bag::default();
        bag.insert(PropTag::BODY, "text");
        bag.insert(ansi, "one");
        bag.insert(PropTag::SUBJECT, "two");
        assert_eq!(bag.iter().count(), 2);
        assert_eq!(bag.text(ansi), Some("two"));
        bag.remove(PropTag::SUBJECT.id());
        assert_eq!(bag.get(PropTag::SUBJECT), None);
        let untyped = PropTag::BODY.with_type(PropType::UNSPECIFIED);
        assert_eq!(bag.asked(untyped).map(|it| it.tag), Some(PropTag::BODY));
        assert_eq!(bag.iter().count(), 1);
    }

    #[test]
    fn a_prefix_has_three_letters_at_most() {
        for (subject, bare) in [
            ("RE: hello", "hello"),
            ("AW: hello", "hello"),
            ("Hello: you", "Hello: you"),
            (": hello", ": hello"),
            ("12: hello", "12: hello"),
            ("hello", "hello"),
        ] {
            assert_eq!(normalized(subject), bare);
        }
    }
}
