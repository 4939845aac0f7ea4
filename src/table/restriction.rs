//! Which rows of a table are shown.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::Not;

use crate::HResult;
use crate::error::Failure;
use crate::flags::FuzzyLevel;
use crate::property::{PropTag, PropType, PropertyValue};

/// A condition on the properties of a row: a table shows the rows that meet it.
///
/// ```
/// use mapi_session::property::PropTag;
/// use mapi_session::table::Restriction;
///
/// const MSGFLAG_READ: u32 = 1;
/// let unread = Restriction::has_none_of(PropTag::MESSAGE_FLAGS, MSGFLAG_READ);
/// let orders = Restriction::contains(PropTag::SUBJECT, "order");
/// let wanted = unread.and(orders);
/// ```
///
/// A property that a row lacks meets nothing but the negation of a condition. That is our reading: by
/// [`SPropertyRestriction`](https://learn.microsoft.com/office/client-developer/outlook/mapi/spropertyrestriction)
/// the result is undefined, unless the condition is joined with [`exists`](Self::exists).
///
/// [`SRestriction`](https://learn.microsoft.com/office/client-developer/outlook/mapi/srestriction) in the
/// MAPI reference.
#[doc(alias = "SRestriction")]
#[derive(Clone, Debug, PartialEq)]
pub struct Restriction {
    /// In postfix order, so that no depth of it takes stack.
    terms: Vec<Term>,
}

/// A term of a [`Restriction`]: a condition, or what joins the results of those before it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Term {
    /// RES_AND: the last so many results are all true.
    And(usize),
    /// RES_OR: one of the last so many results is true.
    Or(usize),
    /// RES_NOT: the last result is false.
    Not,
    /// RES_PROPERTY: the property stands in this relation to the value; of several values, one does.
    Property(Relation, PropTag, PropertyValue),
    /// RES_COMPAREPROPS: the first property stands in this relation to the second.
    CompareProps(Relation, PropTag, PropTag),
    /// RES_CONTENT: the property has this text, or these bytes, in it.
    Content(FuzzyLevel, PropTag, PropertyValue),
    /// RES_BITMASK: some of these bits are set, or none of them.
    Bitmask(AnyOrNone, PropTag, u32),
    /// RES_SIZE: the size of the property's value stands in this relation to so many bytes.
    Size(Relation, PropTag, u32),
    /// RES_EXIST: the row has the property.
    Exist(PropTag),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Relation {
    /// RELOP_LT
    Less,
    /// RELOP_LE
    LessOrEqual,
    /// RELOP_GT
    Greater,
    /// RELOP_GE
    GreaterOrEqual,
    /// RELOP_EQ
    Equal,
    /// RELOP_NE
    NotEqual,
}

impl Relation {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
        }
    }
}

/// What a mask asks of the bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "of bits there are some or none")]
pub enum AnyOrNone {
    /// BMR_NEZ
    Any,
    /// BMR_EQZ
    None,
}

impl Restriction {
    /// The property stands in this relation to the value. Of a property with several values, one does.
    #[doc(alias = "SPropertyRestriction")]
    #[must_use]
    pub fn property(tag: PropTag, relation: Relation, value: impl Into<PropertyValue>) -> Self {
        Self::of(Term::Property(relation, tag, value.into()))
    }

    /// The property has this value.
    #[must_use]
    pub fn equals(tag: PropTag, value: impl Into<PropertyValue>) -> Self {
        Self::property(tag, Relation::Equal, value)
    }

    /// The first property stands in this relation to the second.
    #[doc(alias = "SComparePropsRestriction")]
    #[must_use]
    pub fn compare_props(one: PropTag, relation: Relation, other: PropTag) -> Self {
        Self::of(Term::CompareProps(relation, one, other))
    }

    /// The property has this text, or these bytes, in it, as the level says.
    #[doc(alias = "SContentRestriction")]
    #[must_use]
    pub fn content(tag: PropTag, level: FuzzyLevel, value: impl Into<PropertyValue>) -> Self {
        Self::of(Term::Content(level, tag, value.into()))
    }

    /// The property has this text in it, in upper or lower case.
    #[must_use]
    pub fn contains(tag: PropTag, text: impl Into<String>) -> Self {
        let level = FuzzyLevel::SUBSTRING | FuzzyLevel::IGNORE_CASE;
        Self::content(tag, level, PropertyValue::String(text.into()))
    }

    /// The property, a number, has one of these bits.
    #[doc(alias = "SBitMaskRestriction")]
    #[must_use]
    pub fn has_any_of(tag: PropTag, mask: u32) -> Self {
        Self::of(Term::Bitmask(AnyOrNone::Any, tag, mask))
    }

    /// The property, a number, has none of these bits.
    #[must_use]
    pub fn has_none_of(tag: PropTag, mask: u32) -> Self {
        Self::of(Term::Bitmask(AnyOrNone::None, tag, mask))
    }

    /// The size of the property's value stands in this relation to so many bytes. A text counts in
    /// UTF-16, with its NUL.
    #[doc(alias = "SSizeRestriction")]
    #[must_use]
    pub fn size(tag: PropTag, relation: Relation, bytes: u32) -> Self {
        Self::of(Term::Size(relation, tag, bytes))
    }

    /// The row has the property.
    #[doc(alias = "SExistRestriction")]
    #[must_use]
    pub fn exists(tag: PropTag) -> Self {
        Self::of(Term::Exist(tag))
    }

    /// All of these are met; with none, always.
    #[doc(alias = "SAndRestriction")]
    #[must_use]
    pub fn all(restrictions: impl IntoIterator<Item = Self>) -> Self {
        Self::join(restrictions, Term::And)
    }

    /// One of these is met; with none, never.
    #[doc(alias = "SOrRestriction")]
    #[must_use]
    pub fn any(restrictions: impl IntoIterator<Item = Self>) -> Self {
        Self::join(restrictions, Term::Or)
    }

    /// Both are met.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// One of the two is met.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::any([self, other])
    }

    fn of(term: Term) -> Self {
        Self { terms: vec![term] }
    }

    fn join(restrictions: impl IntoIterator<Item = Self>, joined: fn(usize) -> Term) -> Self {
        let (mut terms, mut count) = (Vec::new(), 0);
        for restriction in restrictions {
            // The longer one is not moved.
            match terms.is_empty() {
                true => terms = restriction.terms,
                false => terms.extend(restriction.terms),
            }
            count += 1;
        }
        terms.push(joined(count));
        Self { terms }
    }

    /// Its terms, in postfix order: what joins conditions stands behind them.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Whether a table can be asked for it.
    ///
    /// # Errors
    /// MAPI_E_TOO_COMPLEX: a value is not of the type of its property; a text is looked for in what is
    /// none, bits in what is no PT_LONG; two properties of different types are compared; a PT_OBJECT is
    /// asked for.
    pub fn check(&self) -> Result<(), Failure> {
        for term in &self.terms {
            if let Some(problem) = term.problem() {
                let failure = Failure::new(HResult::MAPI_E_TOO_COMPLEX);
                return Err(failure.because(problem));
            }
        }
        Ok(())
    }

    /// Whether a row meets it. `value` gives the value of a property of the row, whatever its type.
    #[must_use]
    pub fn matches<V>(&self, value: impl Fn(PropTag) -> Option<V>) -> bool
    where
        V: Borrow<PropertyValue>,
    {
        let mut results = Vec::new();
        self.matches_with(&mut results, value)
    }

    /// As [`matches`](Self::matches), with the memory of the last row.
    pub(crate) fn matches_with<V: Borrow<PropertyValue>>(
        &self,
        results: &mut Vec<bool>,
        value: impl Fn(PropTag) -> Option<V>,
    ) -> bool {
        results.clear();
        for term in &self.terms {
            let result = match *term {
                Term::And(count) => last(results, count).all(|it| it),
                Term::Or(count) => last(results, count).any(|it| it),
                Term::Not => !results.pop().unwrap_or(false),
                ref condition => condition.is_met(&value),
            };
            results.push(result);
        }
        results.pop().unwrap_or(true)
    }
}

impl Not for Restriction {
    type Output = Self;

    /// It is not met.
    fn not(mut self) -> Self {
        self.terms.push(Term::Not);
        self
    }
}

fn last(results: &mut Vec<bool>, count: usize) -> std::vec::Drain<'_, bool> {
    let start = results.len().saturating_sub(count);
    results.drain(start..)
}

impl Term {
    /// The properties that it asks of a row.
    pub fn tags(&self) -> impl Iterator<Item = PropTag> {
        let (one, other) = match self {
            Self::And(_) | Self::Or(_) | Self::Not => (None, None),
            Self::CompareProps(_, one, other) => (Some(*one), Some(*other)),
            Self::Property(_, tag, _)
            | Self::Content(_, tag, _)
            | Self::Bitmask(_, tag, _)
            | Self::Size(_, tag, _)
            | Self::Exist(tag) => (Some(*tag), None),
        };
        one.into_iter().chain(other)
    }

    fn is_met<V: Borrow<PropertyValue>>(&self, value: &impl Fn(PropTag) -> Option<V>) -> bool {
        let of_type = |tag: PropTag| value(tag).filter(|it| it.borrow().fits(tag.prop_type()));
        match self {
            // They join results; see `matches_with`.
            Self::And(_) | Self::Or(_) | Self::Not => false,
            Self::Property(relation, tag, wanted) => of_type(*tag).is_some_and(|value| {
                let holds = |value: &PropertyValue| {
                    let ordering = value.compare(wanted);
                    ordering.is_some_and(|it| relation.holds(it))
                };
                match wanted.prop_type().is_multiple() {
                    true => holds(value.borrow()),
                    false => value.borrow().any(holds),
                }
            }),
            Self::CompareProps(relation, one, other) => of_type(*one)
                .zip(of_type(*other))
                .and_then(|(one, other)| one.borrow().compare(other.borrow()))
                .is_some_and(|ordering| relation.holds(ordering)),
            Self::Content(level, tag, wanted) => {
                let has = |it: &PropertyValue| has_content(it, *level, wanted);
                of_type(*tag).is_some_and(|it| it.borrow().any(has))
            }
            Self::Bitmask(wanted, tag, mask) => match of_type(*tag).as_ref().map(Borrow::borrow) {
                Some(PropertyValue::Long(value)) => match wanted {
                    AnyOrNone::Any => *value as u32 & mask != 0,
                    AnyOrNone::None => *value as u32 & mask == 0,
                },
                _ => false,
            },
            Self::Size(relation, tag, bytes) => of_type(*tag)
                .is_some_and(|it| relation.holds(it.borrow().size().cmp(&(*bytes as usize)))),
            Self::Exist(tag) => value(*tag).is_some(),
        }
    }

    fn problem(&self) -> Option<String> {
        let single = |tag: &PropTag| match tag.prop_type().is_multiple() {
            true => PropType::new(tag.prop_type().get() & 0xEFFF),
            false => tag.prop_type(),
        };
        match self {
            Self::Property(_, tag, value) | Self::Content(_, tag, value)
                if !value.fits(single(tag)) =>
            {
                Some(format!("{tag} is restricted by a value of another type"))
            }
            Self::Content(level, tag, _) => match single(tag) {
                PropType::STRING8 | PropType::UNICODE | PropType::BINARY if is_one_way(*level) => {
                    None
                }
                PropType::STRING8 | PropType::UNICODE | PropType::BINARY => {
                    Some(format!("{level:?} is no way to look for a text"))
                }
                _ => Some(format!("{tag} is neither a text nor bytes")),
            },
            Self::CompareProps(_, one, other) if single(one) != single(other) => {
                Some(format!("{one} and {other} are of different types"))
            }
            Self::Bitmask(_, tag, _) if tag.prop_type() != PropType::LONG => {
                Some(format!("{tag} has no bits: it is no PT_LONG"))
            }
            Self::Exist(tag) if tag.prop_type() == PropType::OBJECT => {
                Some(format!("{tag} is an object"))
            }
            _ => None,
        }
    }
}

fn is_one_way(level: FuzzyLevel) -> bool {
    matches!(level.bits() & 0xFFFF, 0..=2)
}

fn has_content(value: &PropertyValue, level: FuzzyLevel, wanted: &PropertyValue) -> bool {
    match (value, wanted) {
        (PropertyValue::String(value), PropertyValue::String(wanted)) => {
            let ignores_case = level.intersects(FuzzyLevel::IGNORE_CASE | FuzzyLevel::LOOSE);
            if ignores_case && value.is_ascii() && wanted.is_ascii() {
                has_ascii(value.as_bytes(), level, wanted.as_bytes())
            } else if ignores_case {
                let lower = |text: &str| {
                    text.chars()
                        .flat_map(char::to_lowercase)
                        .collect::<String>()
                };
                has_text(&lower(value), level, &lower(wanted))
            } else {
                has_text(value, level, wanted)
            }
        }
        (PropertyValue::Binary(value), PropertyValue::Binary(wanted)) => {
            if level.contains(FuzzyLevel::SUBSTRING) {
                wanted.is_empty() || value.windows(wanted.len()).any(|it| it == &wanted[..])
            } else if level.contains(FuzzyLevel::PREFIX) {
                value.starts_with(wanted)
            } else {
                value == wanted
            }
        }
        _ => false,
    }
}

fn has_text(value: &str, level: FuzzyLevel, wanted: &str) -> bool {
    if level.contains(FuzzyLevel::SUBSTRING) {
        value.contains(wanted)
    } else if level.contains(FuzzyLevel::PREFIX) {
        value.starts_with(wanted)
    } else {
        value == wanted
    }
}

/// As [`has_text`] of texts in lower case, without making them.
fn has_ascii(value: &[u8], level: FuzzyLevel, wanted: &[u8]) -> bool {
    if level.contains(FuzzyLevel::SUBSTRING) {
        let mut places = value.windows(wanted.len().max(1));
        wanted.is_empty() || places.any(|it| it.eq_ignore_ascii_case(wanted))
    } else if level.contains(FuzzyLevel::PREFIX) {
        let start = value.get(..wanted.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(wanted))
    } else {
        value.eq_ignore_ascii_case(wanted)
    }
}
