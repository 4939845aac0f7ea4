//! Text that an error quotes.

use std::fmt;

/// The text that could not be read, as an error quotes it: escaped, and cut where it is long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    start: Box<str>,
    is_cut: bool,
}

impl Quote {
    /// Longer than everything that is read anywhere, but for long entry identifiers.
    const MAX_CHARS: usize = 80;

    pub(crate) fn of(text: &str) -> Self {
        let cut = text.char_indices().nth(Self::MAX_CHARS);
        Self {
            start: text[..cut.map_or(text.len(), |(at, _)| at)].into(),
            is_cut: cut.is_some(),
        }
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ellipsis = if self.is_cut { "\u{2026}" } else { "" };
        write!(f, "{:?}{ellipsis}", self.start)
    }
}
