//! In which order a table shows its rows.

use std::cmp::Ordering;

use crate::property::{PropTag, PropertyValue};

/// A property to sort a table by, and the direction.
///
/// [`SSortOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/ssortorder) in the MAPI
/// reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SortOrder {
    tag: PropTag,
    is_descending: bool,
}

impl SortOrder {
    /// Sorts from the lowest value to the highest. Rows that lack the property come first, which is
    /// our reading; the page of SSortOrderSet is silent.
    #[doc(alias = "TABLE_SORT_ASCEND")]
    #[must_use]
    pub const fn ascending(tag: PropTag) -> Self {
        Self {
            tag,
            is_descending: false,
        }
    }

    /// Sorts from the highest value to the lowest.
    #[doc(alias = "TABLE_SORT_DESCEND")]
    #[must_use]
    pub const fn descending(tag: PropTag) -> Self {
        Self {
            tag,
            is_descending: true,
        }
    }

    /// Returns the property.
    #[must_use]
    pub const fn tag(self) -> PropTag {
        self.tag
    }

    /// Tells whether the highest value comes first.
    #[must_use]
    pub const fn is_descending(self) -> bool {
        self.is_descending
    }

    /// Compares two rows by their values of the property.
    #[must_use]
    pub fn compare(self, one: Option<&PropertyValue>, other: Option<&PropertyValue>) -> Ordering {
        self.compare_by(PropertyValue::compare, one, other)
    }

    /// The same of values that are folded.
    #[cfg(feature = "memory")]
    pub(crate) fn compare_folded(
        self,
        one: Option<&PropertyValue>,
        other: Option<&PropertyValue>,
    ) -> Ordering {
        self.compare_by(PropertyValue::compare_folded, one, other)
    }

    fn compare_by(
        self,
        compare: impl Fn(&PropertyValue, &PropertyValue) -> Option<Ordering>,
        one: Option<&PropertyValue>,
        other: Option<&PropertyValue>,
    ) -> Ordering {
        let ordering = match (one, other) {
            (Some(one), Some(other)) => compare(one, other).unwrap_or(Ordering::Equal),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        match self.is_descending {
            true => ordering.reverse(),
            false => ordering,
        }
    }
}
