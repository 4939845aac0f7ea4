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
        let start = start_of(text, Self::MAX_CHARS);
        Self {
            start: start.into(),
            is_cut: start.len() < text.len(),
        }
    }
}

/// The text, up to so many characters of it.
pub(crate) fn start_of(text: &str, max_chars: usize) -> &str {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ellipsis = if self.is_cut { "\u{2026}" } else { "" };
        write!(f, "{:?}{ellipsis}", self.start)
    }
}
