//! MAPI's status codes.

use std::{fmt, str::FromStr};

use codes::{CODES, NAMES};

use crate::quote::Quote;

mod codes;

/// The status that a MAPI call returns: a number that says whether the call worked and, if not, why.
///
/// Every 32-bit number is an `HResult`. Those that MAPI names or takes from
/// COM, and those of COM and of the DLL loader that MAPI programs meet, have a
/// constant here, a [`name`](Self::name) and a [`meaning`](Self::meaning); any
/// other is kept as it is and shown in hex.
///
/// | bits  | part                       | says                                              |
/// |-------|----------------------------|---------------------------------------------------|
/// | 31    | [severity](Self::severity) | 0 success, 1 failure                              |
/// | 16–26 | [facility](Self::facility) | whose code it is: 0 COM, 1 RPC, 4 MAPI, 7 Windows |
/// | 0–15  | [code](Self::code)         | what happened                                     |
///
/// A success need not be [`S_OK`](Self::S_OK): a
/// [warning](Self::is_warning) such as
/// [`MAPI_W_PARTIAL_COMPLETION`](Self::MAPI_W_PARTIAL_COMPLETION) says that
/// there is more to know.
///
/// The results of Simple MAPI (`MAPISendMail` and its like), 1 to 26, are no
/// `HRESULT`s: their names are not here, and 1 is COM's
/// [`S_FALSE`](Self::S_FALSE). Of `MAPI_E_ACCESS_DENIED`, which has a number there,
/// the reference writes where it means [`MAPI_E_NO_ACCESS`](Self::MAPI_E_NO_ACCESS),
/// and so it is read.
///
/// A Win32 error has the number that `HRESULT_FROM_WIN32` makes of it, and the
/// error's own name: [`ERROR_MOD_NOT_FOUND`](Self::ERROR_MOD_NOT_FOUND) is
/// 0x8007007E, not 126.
///
/// Microsoft's reference has the [constants] of MAPI.
///
/// [constants]: https://learn.microsoft.com/office/client-developer/outlook/mapi/mapi-constants
///
/// # Text
///
/// [`Display`](fmt::Display) writes the name and the number, or the number
/// alone. [`FromStr`] reads that back, and whatever else programs and articles
/// print:
///
/// | text                                              | is read as              |
/// |---------------------------------------------------|-------------------------|
/// | `MAPI_E_NOT_FOUND`                                | a name, or second name  |
/// | `MAPI_E_ACCESS_DENIED`, `MAPI_E_USER_CANCELED`    | a name that only pages of the reference have |
/// | `0x8004010F`                                      | hex                     |
/// | `8004010F`, `80040111`: eight digits, with a letter or a leading 8 | hex    |
/// | `2147746063`, `-2147221233`: any other digits     | decimal; the sign is that of C# and Visual Basic |
/// | `(80040111)`, `(0x80040111)`                      | hex                     |
/// | `MAPI_E_NOT_FOUND (0x8004010F)`, `MAPI_E_NOT_FOUND == 0x8004010F`, `0x8004010F (MAPI_E_NOT_FOUND)` | a name and hex, which have to agree |
///
/// # Examples
///
/// ```
/// use mapi_session::HResult;
///
/// let status = HResult::new(0x8004010F);
/// assert_eq!(status, HResult::MAPI_E_NOT_FOUND);
/// assert!(status.is_failure());
/// assert_eq!(status.to_string(), "MAPI_E_NOT_FOUND (0x8004010F)");
///
/// assert_eq!("-2147221233".parse(), Ok(status));
/// assert_eq!("MAPI_E_NOT_FOUND == 0x8004010F".parse(), Ok(status));
/// assert_eq!("(80040111)".parse(), Ok(HResult::MAPI_E_LOGON_FAILED));
/// assert_eq!("E_ACCESSDENIED".parse(), Ok(HResult::MAPI_E_NO_ACCESS));
/// ```
#[doc(alias = "HRESULT")]
#[doc(alias = "SCODE")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HResult(u32);

impl HResult {
    /// Wraps any number, known or not.
    #[must_use]
    pub const fn new(value: u32) -> Self {
        Self(value)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Tells whether the call worked, with a [warning](Self::is_warning) or without.
    #[doc(alias = "SUCCEEDED")]
    #[must_use]
    pub const fn is_success(self) -> bool {
        self.severity() == 0
    }

    /// Tells whether the call failed.
    #[doc(alias = "FAILED")]
    #[doc(alias = "HR_FAILED")]
    #[must_use]
    pub const fn is_failure(self) -> bool {
        self.severity() == 1
    }

    /// Tells what to try again after a call has failed with this, if trying again can help.
    ///
    /// After MAPI_E_RECONNECTED, try the same call. After MAPI_E_END_OF_SESSION, log on again: the
    /// same call works only if the provider reconnects by itself.
    ///
    /// This is for the result of a call. A [critical error](crate::notification::CriticalError)
    /// MAPI_E_END_OF_SESSION asks the client to log off instead.
    ///
    /// ```
    /// # use mapi_session::hresult::Retry;
    /// # use mapi_session::HResult;
    /// assert_eq!(HResult::MAPI_E_RECONNECTED.retry(), Some(Retry::Call));
    /// assert_eq!(HResult::MAPI_E_END_OF_SESSION.retry(), Some(Retry::Logon));
    /// assert_eq!(HResult::MAPI_E_NOT_FOUND.retry(), None);
    /// ```
    ///
    /// The codes are those of [the reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapi-constants);
    /// that the second asks for a logon is our reading (rule M12 of the
    /// [contract](crate::contract)).
    #[must_use]
    pub const fn retry(self) -> Option<Retry> {
        match self {
            Self::MAPI_E_RECONNECTED => Some(Retry::Call),
            Self::MAPI_E_END_OF_SESSION => Some(Retry::Logon),
            _ => None,
        }
    }

    /// Tells whether the call worked and has more to say than [`S_OK`](Self::S_OK).
    #[must_use]
    pub const fn is_warning(self) -> bool {
        self.is_success() && self.0 != Self::S_OK.0
    }

    /// Bit 31: 0 for success, 1 for failure.
    #[doc(alias = "HRESULT_SEVERITY")]
    #[must_use]
    pub const fn severity(self) -> u8 {
        (self.0 >> 31) as u8
    }

    /// Bits 16–26: who defined the [code](Self::code).
    #[doc(alias = "HRESULT_FACILITY")]
    #[must_use]
    pub const fn facility(self) -> u16 {
        (self.0 >> 16) as u16 & 0x7FF
    }

    /// Bits 0–15: what happened, within the [facility](Self::facility).
    #[doc(alias = "HRESULT_CODE")]
    #[must_use]
    pub const fn code(self) -> u16 {
        self.0 as u16
    }

    /// Returns the name of the constant with this number; of two names, the one that MAPI
    /// documents.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        self.known_code().map(|code| code.name)
    }

    /// Says what happened, in one line.
    #[must_use]
    pub fn meaning(self) -> Option<&'static str> {
        self.known_code().map(|code| code.meaning)
    }

    /// Lists every number that has a name, in ascending order.
    pub fn known() -> impl Iterator<Item = Self> {
        CODES.iter().map(|code| code.value)
    }

    fn known_code(self) -> Option<&'static codes::Code> {
        let index = CODES.binary_search_by_key(&self, |code| code.value).ok()?;
        Some(&CODES[index])
    }
}

impl fmt::Display for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({self:#010X})"),
            None => write!(f, "{self:#010X}"),
        }
    }
}

impl fmt::Debug for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "HResult({name})"),
            None => write!(f, "HResult({self:#010X})"),
        }
    }
}

impl fmt::LowerHex for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&self.0, f)
    }
}

impl fmt::UpperHex for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::UpperHex::fmt(&self.0, f)
    }
}

impl From<u32> for HResult {
    fn from(value: u32) -> Self {
        Self(value)
    }
}

impl From<HResult> for u32 {
    fn from(status: HResult) -> Self {
        status.0
    }
}

/// The C type's own sign: failures are negative.
impl From<i32> for HResult {
    fn from(value: i32) -> Self {
        Self(value as u32)
    }
}

/// The C type's own sign: failures are negative.
impl From<HResult> for i32 {
    fn from(status: HResult) -> Self {
        status.0 as i32
    }
}

impl FromStr for HResult {
    type Err = ParseHResultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |problem| ParseHResultError {
            quote: Quote::of(text),
            problem,
        };
        let alone = parse_name(text)
            .or_else(|| parse_hex(text))
            .or_else(|| parse_decimal(text))
            .or_else(|| parse_hex(text.strip_prefix('(')?.strip_suffix(')')?));
        if let Some(status) = alone {
            return Ok(status);
        }
        match parse_pair(text) {
            Some((named, number)) if named == number => Ok(named),
            Some((named, number)) => Err(error(Problem::Contradiction { named, number })),
            None => Err(error(Problem::Unknown)),
        }
    }
}

fn parse_name(text: &str) -> Option<HResult> {
    let index = NAMES.binary_search_by_key(&text, |&(name, _)| name).ok()?;
    Some(NAMES[index].1)
}

/// Hex after `0x`, or eight bare digits that are no decimal.
fn parse_hex(text: &str) -> Option<HResult> {
    let prefixed = text
        .strip_prefix('0')
        .and_then(|rest| rest.strip_prefix(['x', 'X']));
    let digits = prefixed.or_else(|| is_bare_hex(text).then_some(text))?;
    let value = u32::from_str_radix(without_plus(digits)?, 16).ok()?;
    Some(HResult(value))
}

/// Whether eight hex digits stand without `0x`: with a letter they can be nothing else, and with a
/// leading 8 they are taken for a failure. As a decimal that would be a success that nobody knows.
fn is_bare_hex(text: &str) -> bool {
    let digits = text.as_bytes();
    digits.len() == 8
        && digits.iter().all(u8::is_ascii_hexdigit)
        && (digits[0] == b'8' || digits.iter().any(u8::is_ascii_alphabetic))
}

fn parse_decimal(text: &str) -> Option<HResult> {
    let digits = without_plus(text)?;
    let unsigned = digits.parse::<u32>().map(HResult::from);
    let signed = || digits.parse::<i32>().map(HResult::from);
    unsigned.or_else(|_| signed()).ok()
}

/// Rust's integers read a leading plus, which no status is written with.
fn without_plus(digits: &str) -> Option<&str> {
    (!digits.starts_with('+')).then_some(digits)
}

/// A name and a number beside each other: what each of them means.
fn parse_pair(text: &str) -> Option<(HResult, HResult)> {
    let (one, other) = match text.split_once(" == ") {
        Some(pair) => pair,
        None => text.strip_suffix(')')?.split_once(" (")?,
    };
    let named_first = parse_name(one).zip(parse_hex(other));
    named_first.or_else(|| parse_name(other).zip(parse_hex(one)))
}

/// What to try again after a failure: see [`HResult::retry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// The call, in the same session: the connection has been renewed.
    Call,
    /// The logon: the session is lost, and what was opened in it. Release it, log on again, and
    /// begin the work anew.
    Logon,
}

/// An error of reading an [`HResult`] from a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{quote} {problem}")]
pub struct ParseHResultError {
    quote: Quote,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("is no HRESULT: expected a name, hex, decimal, or a name and hex as NAME (0xHEX)")]
    Unknown,
    #[error("contradicts itself: {} is {named:#010X}, not {number:#010X}", named.name().unwrap_or_default())]
    Contradiction { named: HResult, number: HResult },
}
