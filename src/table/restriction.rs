//! Which rows of a table are shown.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::Not;

use crate::HResult;
use crate::error::Failure;
use crate::flags::FuzzyLevel;
use crate::property::{PropTag, PropType, PropertyValue};

/// A condition on the properties of rows. A restricted table shows only the rows that meet it.
///
/// ```
/// use mapi_session::flags::MessageFlags;
/// use mapi_session::property::PropTag;
/// use mapi_session::table::Restriction;
///
/// let unread = Restriction::has_none_of(PropTag::MESSAGE_FLAGS, MessageFlags::READ.bits());
/// let orders = Restriction::contains(PropTag::SUBJECT, "order");
/// let wanted = unread.and(orders);
/// ```
///
/// If a row lacks the property, the row meets no condition on it, only its negation. That is our
/// reading:
/// [`SPropertyRestriction`](https://learn.microsoft.com/office/client-developer/outlook/mapi/spropertyrestriction)
/// calls the result undefined, unless the condition is joined with [`exists`](Self::exists).
///
/// [`SRestriction`](https://learn.microsoft.com/office/client-developer/outlook/mapi/srestriction) in the
/// MAPI reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Restriction {
    /// In postfix order, so that no depth of it takes stack.
    terms: Vec<Term>,
}

/// A term of a [`Restriction`]: a condition, or an operator on the results of the terms before it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Term {
    /// RES_AND: that many last results are all true.
    And(usize),
    /// RES_OR: one of that many last results is true.
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
    /// Compares the property with a value. If the property has several values, one of them has to
    /// compare like this.
    #[doc(alias = "SPropertyRestriction")]
    #[must_use]
    pub fn property(tag: PropTag, relation: Relation, value: impl Into<PropertyValue>) -> Self {
        Self::of(Term::Property(relation, tag, value.into()))
    }

    /// Asks that the property has this value.
    #[must_use]
    pub fn equals(tag: PropTag, value: impl Into<PropertyValue>) -> Self {
        Self::property(tag, Relation::Equal, value)
    }

    /// Compares the first property with the second.
    #[doc(alias = "SComparePropsRestriction")]
    #[must_use]
    pub fn compare_props(one: PropTag, relation: Relation, other: PropTag) -> Self {
        Self::of(Term::CompareProps(relation, one, other))
    }

    /// Looks for a text, or for bytes, in the property, as the level says.
    #[doc(alias = "SContentRestriction")]
    #[must_use]
    pub fn content(tag: PropTag, level: FuzzyLevel, value: impl Into<PropertyValue>) -> Self {
        Self::of(Term::Content(level, tag, value.into()))
    }

    /// Looks for a text in the property, ignoring case.
    #[must_use]
    pub fn contains(tag: PropTag, text: impl Into<String>) -> Self {
        let level = FuzzyLevel::SUBSTRING | FuzzyLevel::IGNORE_CASE;
        Self::content(tag, level, PropertyValue::String(text.into()))
    }

    /// Asks that the property, a PT_LONG, has one of these bits.
    #[doc(alias = "SBitMaskRestriction")]
    #[must_use]
    pub fn has_any_of(tag: PropTag, mask: u32) -> Self {
        Self::of(Term::Bitmask(AnyOrNone::Any, tag, mask))
    }

    /// Asks that the property, a PT_LONG, has none of these bits.
    #[must_use]
    pub fn has_none_of(tag: PropTag, mask: u32) -> Self {
        Self::of(Term::Bitmask(AnyOrNone::None, tag, mask))
    }

    /// Compares the size of the property's value with this number of bytes. A text counts in UTF-16,
    /// with its NUL.
    #[doc(alias = "SSizeRestriction")]
    #[must_use]
    pub fn size(tag: PropTag, relation: Relation, bytes: u32) -> Self {
        Self::of(Term::Size(relation, tag, bytes))
    }

    /// Asks that the row has the property.
    #[doc(alias = "SExistRestriction")]
    #[must_use]
    pub fn exists(tag: PropTag) -> Self {
        Self::of(Term::Exist(tag))
    }

    /// Asks that all of these are met. An empty list is always met.
    #[doc(alias = "SAndRestriction")]
    #[must_use]
    pub fn all(restrictions: impl IntoIterator<Item = Self>) -> Self {
        Self::join(restrictions, Term::And)
    }

    /// Asks that one of these is met. An empty list is never met.
    #[doc(alias = "SOrRestriction")]
    #[must_use]
    pub fn any(restrictions: impl IntoIterator<Item = Self>) -> Self {
        Self::join(restrictions, Term::Or)
    }

    /// Asks that both are met.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::all([self, other])
    }

    /// Asks that one of the two is met.
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

    /// Returns its terms in postfix order: an operator comes after its operands.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Checks that a table can evaluate it.
    ///
    /// # Errors
    /// MAPI_E_TOO_COMPLEX: a value has another type than its property; it looks for a text in a
    /// property of another type, or for bits in one that is not a PT_LONG; it compares two properties
    /// of different types; or it names a PT_OBJECT.
    pub fn check(&self) -> Result<(), Failure> {
        for term in &self.terms {
            if let Some(problem) = term.problem() {
                let failure = Failure::new(HResult::MAPI_E_TOO_COMPLEX);
                return Err(failure.because(problem));
            }
        }
        Ok(())
    }

    /// Tells whether a row meets it. `value` returns the row's value of a property.
    #[must_use]
    pub fn matches<V>(&self, value: impl Fn(PropTag) -> Option<V>) -> bool
    where
        V: Borrow<PropertyValue>,
    {
        Questions::new(self, |tag| tag).are_met(|tag| value(*tag))
    }
}

impl Not for Restriction {
    type Output = Self;

    /// Asks that it is not met.
    fn not(mut self) -> Self {
        self.terms.push(Term::Not);
        self
    }
}

/// The conditions of a restriction as rows are asked for them: by what the answer is to one, either the
/// whole answer is known, or another comes next. `C` is how a row finds a property.
pub(crate) struct Questions<'r, C> {
    first: Next,
    questions: Vec<Question<'r, C>>,
}

struct Question<'r, C> {
    condition: &'r Term,
    columns: (Option<C>, Option<C>),
    if_met: Next,
    if_not: Next,
}

#[derive(Clone, Copy)]
enum Next {
    /// By its position, which is before that of the one that leads to it.
    Question(usize),
    Answer(bool),
}

impl<'r, C> Questions<'r, C> {
    pub(crate) fn new(restriction: &'r Restriction, column: impl Fn(PropTag) -> C) -> Self {
        struct Joint {
            is_all: bool,
            left: usize,
            /// Where any of those leads that decides for all.
            decided: Next,
        }
        let mut questions = Vec::new();
        let mut joints: Vec<Joint> = Vec::new();
        // From the last to the first, so that what a condition leads to is known.
        let mut first = Next::Answer(true);
        for term in restriction.terms.iter().rev() {
            while joints.last().is_some_and(|it| it.left == 0) {
                joints.pop();
            }
            let (if_met, if_not) = match joints.last_mut() {
                None => (Next::Answer(true), Next::Answer(false)),
                Some(joint) => {
                    joint.left -= 1;
                    match joint.is_all {
                        true => (first, joint.decided),
                        false => (joint.decided, first),
                    }
                }
            };
            let (undecided, is_all, left, decided) = match *term {
                Term::And(count) => (if_met, true, count, if_not),
                Term::Or(count) => (if_not, false, count, if_met),
                Term::Not => (if_not, true, 1, if_met),
                _ => {
                    first = Next::Question(questions.len());
                    let (one, other) = term.tags();
                    questions.push(Question {
                        condition: term,
                        columns: (one.map(&column), other.map(&column)),
                        if_met,
                        if_not,
                    });
                    continue;
                }
            };
            first = undecided;
            joints.push(Joint {
                is_all,
                left,
                decided,
            });
        }
        Self { first, questions }
    }

    /// As [`Restriction::matches`].
    pub(crate) fn are_met<V>(&self, value: impl Fn(&C) -> Option<V>) -> bool
    where
        V: Borrow<PropertyValue>,
    {
        let mut next = self.first;
        loop {
            let question = match next {
                Next::Answer(answer) => return answer,
                Next::Question(at) => &self.questions[at],
            };
            let (one, other) = &question.columns;
            let (one, other) = (
                one.as_ref().and_then(&value),
                other.as_ref().and_then(&value),
            );
            let (one, other) = (one.as_ref().map(V::borrow), other.as_ref().map(V::borrow));
            next = match question.condition.is_met(one, other) {
                true => question.if_met,
                false => question.if_not,
            };
        }
    }
}

impl Term {
    /// The properties that it asks of a row.
    fn tags(&self) -> (Option<PropTag>, Option<PropTag>) {
        match self {
            Self::And(_) | Self::Or(_) | Self::Not => (None, None),
            Self::CompareProps(_, one, other) => (Some(*one), Some(*other)),
            Self::Property(_, tag, _)
            | Self::Content(_, tag, _)
            | Self::Bitmask(_, tag, _)
            | Self::Size(_, tag, _)
            | Self::Exist(tag) => (Some(*tag), None),
        }
    }

    /// Of a row whose values of [the properties](Self::tags) are these.
    fn is_met(&self, value: Option<&PropertyValue>, other: Option<&PropertyValue>) -> bool {
        let fits = |value: &PropertyValue, tag: &PropTag| value.fits(tag.prop_type());
        match (self, value, other) {
            (Self::Property(relation, tag, wanted), Some(value), _) if fits(value, tag) => {
                let holds = |value: &PropertyValue| {
                    let ordering = value.compare(wanted);
                    ordering.is_some_and(|it| relation.holds(it))
                };
                match wanted.prop_type().is_multiple() {
                    true => holds(value),
                    false => value.any(holds),
                }
            }
            (Self::CompareProps(relation, first, second), Some(value), Some(other))
                if fits(value, first) && fits(other, second) =>
            {
                let ordering = value.compare(other);
                ordering.is_some_and(|it| relation.holds(it))
            }
            (Self::Content(level, tag, wanted), Some(value), _) if fits(value, tag) => {
                value.any(|it| has_content(it, *level, wanted))
            }
            (Self::Bitmask(wanted, tag, mask), Some(PropertyValue::Long(value)), _)
                if tag.prop_type() == PropType::LONG =>
            {
                match wanted {
                    AnyOrNone::Any => *value as u32 & mask != 0,
                    AnyOrNone::None => *value as u32 & mask == 0,
                }
            }
            (Self::Size(relation, tag, bytes), Some(value), _) if fits(value, tag) => {
                relation.holds(value.size().cmp(&(*bytes as usize)))
            }
            (Self::Exist(_), value, _) => value.is_some(),
            // The row lacks it; or this is no condition, but joins some.
            _ => false,
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
