//! The order of values, by which tables are sorted and restricted.

#[cfg(feature = "memory")]
use std::borrow::Cow;
use std::cmp::Ordering;

use super::PropertyValue;

impl PropertyValue {
    /// Compares two values of one type; `None` if they have different types.
    ///
    /// Texts compare letter by letter, ignoring case. False comes before true. In properties with
    /// several values, the first values that differ decide. This is our reading:
    /// [`SSortOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/ssortorder)
    /// leaves the order to the provider.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        use PropertyValue as V;
        Some(match (self, other) {
            (V::Null, V::Null) | (V::Object, V::Object) => Ordering::Equal,
            (V::I2(one), V::I2(other)) => one.cmp(other),
            (V::Long(one), V::Long(other)) => one.cmp(other),
            (V::R4(one), V::R4(other)) => one.total_cmp(other),
            (V::Double(one), V::Double(other)) | (V::AppTime(one), V::AppTime(other)) => {
                one.total_cmp(other)
            }
            (V::Currency(one), V::Currency(other)) | (V::I8(one), V::I8(other)) => one.cmp(other),
            (V::Boolean(one), V::Boolean(other)) => one.cmp(other),
            (V::SysTime(one), V::SysTime(other)) => one.cmp(other),
            (V::String(one), V::String(other)) => compare_texts(one, other),
            (V::Binary(one), V::Binary(other)) => one.cmp(other),
            (V::Clsid(one), V::Clsid(other)) => one.cmp(other),
            (V::Error(one), V::Error(other)) => one.cmp(other),
            (V::MvI2(one), V::MvI2(other)) => one.cmp(other),
            (V::MvLong(one), V::MvLong(other)) => one.cmp(other),
            (V::MvR4(one), V::MvR4(other)) => by_parts(one, other, f32::total_cmp),
            (V::MvDouble(one), V::MvDouble(other)) | (V::MvAppTime(one), V::MvAppTime(other)) => {
                by_parts(one, other, f64::total_cmp)
            }
            (V::MvCurrency(one), V::MvCurrency(other)) | (V::MvI8(one), V::MvI8(other)) => {
                one.cmp(other)
            }
            (V::MvSysTime(one), V::MvSysTime(other)) => one.cmp(other),
            (V::MvString(one), V::MvString(other)) => {
                by_parts(one, other, |one, other| compare_texts(one, other))
            }
            (V::MvBinary(one), V::MvBinary(other)) => one.cmp(other),
            (V::MvClsid(one), V::MvClsid(other)) => one.cmp(other),
            _ => return None,
        })
    }

    /// A value that compares by [`compare_folded`](Self::compare_folded) as this one by
    /// [`compare`](Self::compare): to be made once, where it is compared often.
    #[cfg(feature = "memory")]
    pub(crate) fn folded(value: Cow<'_, Self>) -> Cow<'_, Self> {
        let Self::String(text) = &*value else {
            return value;
        };
        let lower = match text.is_ascii() {
            true => text.to_ascii_lowercase(),
            false => text.chars().flat_map(char::to_lowercase).collect(),
        };
        Cow::Owned(Self::String(lower))
    }

    /// How two values that are [folded](Self::folded) compare: texts by their bytes.
    #[cfg(feature = "memory")]
    pub(crate) fn compare_folded(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::String(one), Self::String(other)) => Some(one.cmp(other)),
            (one, other) => one.compare(other),
        }
    }

    /// Whether one of its values has this property, or it itself where it is a single one.
    pub(crate) fn any(&self, mut has: impl FnMut(&Self) -> bool) -> bool {
        use PropertyValue as V;
        match self {
            V::MvI2(all) => all.iter().any(|&it| has(&V::I2(it))),
            V::MvLong(all) => all.iter().any(|&it| has(&V::Long(it))),
            V::MvR4(all) => all.iter().any(|&it| has(&V::R4(it))),
            V::MvDouble(all) => all.iter().any(|&it| has(&V::Double(it))),
            V::MvCurrency(all) => all.iter().any(|&it| has(&V::Currency(it))),
            V::MvAppTime(all) => all.iter().any(|&it| has(&V::AppTime(it))),
            V::MvI8(all) => all.iter().any(|&it| has(&V::I8(it))),
            V::MvSysTime(all) => all.iter().any(|&it| has(&V::SysTime(it))),
            V::MvString(all) => all.iter().any(|it| has(&V::String(it.clone()))),
            V::MvBinary(all) => all.iter().any(|it| has(&V::Binary(it.clone()))),
            V::MvClsid(all) => all.iter().any(|&it| has(&V::Clsid(it))),
            single => has(single),
        }
    }

    /// The size in bytes, as UlPropSize counts it: a text is in UTF-16, with its NUL.
    pub(crate) fn size(&self) -> usize {
        use PropertyValue as V;
        let text = |text: &String| 2 * (text.encode_utf16().count() + 1);
        match self {
            V::Null | V::Object => 0,
            V::I2(_) | V::Boolean(_) => 2,
            V::Long(_) | V::R4(_) | V::Error(_) => 4,
            V::Double(_) | V::Currency(_) | V::AppTime(_) | V::I8(_) | V::SysTime(_) => 8,
            V::Clsid(_) => 16,
            V::String(it) => text(it),
            V::Binary(it) => it.len(),
            V::MvI2(all) => 2 * all.len(),
            V::MvLong(all) => 4 * all.len(),
            V::MvR4(all) => 4 * all.len(),
            V::MvDouble(all) | V::MvAppTime(all) => 8 * all.len(),
            V::MvCurrency(all) | V::MvI8(all) => 8 * all.len(),
            V::MvSysTime(all) => 8 * all.len(),
            V::MvClsid(all) => 16 * all.len(),
            V::MvString(all) => all.iter().map(text).sum(),
            V::MvBinary(all) => all.iter().map(|it| it.len()).sum(),
        }
    }
}

fn compare_texts(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        let (one, other) = (one.bytes(), other.bytes());
        return one
            .map(|byte| byte.to_ascii_lowercase())
            .cmp(other.map(|byte| byte.to_ascii_lowercase()));
    }
    let one = one.chars().flat_map(char::to_lowercase);
    one.cmp(other.chars().flat_map(char::to_lowercase))
}

fn by_parts<T>(one: &[T], other: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    let parts = one
        .iter()
        .zip(other)
        .map(|(one, other)| compare(one, other));
    let differs = parts.into_iter().find(|it| it.is_ne());
    differs.unwrap_or_else(|| one.len().cmp(&other.len()))
}
