//! The checks of arguments that every implementation makes, and their errors.

use crate::error::Failure;
use crate::{HResult, LogoffFlags};

/// An argument that every implementation refuses before it does anything.
///
/// It turns into a [`Failure`] whose reason quotes the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidArgument {
    /// A flag word has bits that the call does not define: MAPI_E_UNKNOWN_FLAGS.
    #[error("the bits {bits:#010X} are not defined")]
    #[non_exhaustive]
    UndefinedBits {
        /// Those bits, and no others.
        bits: u32,
    },
    /// A reserved word is not zero: MAPI_E_INVALID_PARAMETER.
    #[error("{parameter} is {value:#X}, and must be zero")]
    #[non_exhaustive]
    NotZero {
        /// The parameter's name in MAPI, such as `ulReserved`.
        parameter: &'static str,
        /// What was passed.
        value: u32,
    },
}

impl InvalidArgument {
    /// The code that the call fails with.
    #[must_use]
    pub fn hresult(&self) -> HResult {
        match self {
            Self::UndefinedBits { .. } => HResult::MAPI_E_UNKNOWN_FLAGS,
            Self::NotZero { .. } => HResult::MAPI_E_INVALID_PARAMETER,
        }
    }
}

impl From<InvalidArgument> for Failure {
    fn from(argument: InvalidArgument) -> Self {
        Failure::new(argument.hresult()).because(argument.to_string())
    }
}

/// Checks that a flag word has only bits that the call defines, such as those of
/// [MAPILogonEx](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapilogonex). (Rules
/// I3, L7 and E6 of the [contract](crate::contract); that every call refuses the others is our reading.)
///
/// ```
/// # use mapi_session::subsystem::{RawResult, check_flags};
/// # use mapi_session::{HResult, OpenStoreFlags};
/// fn open_msg_store(flags: u32) -> RawResult<()> {
///     check_flags(flags, OpenStoreFlags::all().into())?;
///     Ok(().into())
/// }
/// let failure = open_msg_store(0x4000_0000).unwrap_err();
/// assert_eq!(failure.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
/// assert_eq!(failure.reason(), Some("the bits 0x40000000 are not defined"));
/// ```
///
/// # Errors
/// [`UndefinedBits`](InvalidArgument::UndefinedBits), with code
/// [MAPI_E_UNKNOWN_FLAGS](HResult::MAPI_E_UNKNOWN_FLAGS).
pub fn check_flags(flags: u32, defined: u32) -> Result<(), InvalidArgument> {
    match flags & !defined {
        0 => Ok(()),
        bits => Err(InvalidArgument::UndefinedBits { bits }),
    }
}

/// Checks that a reserved word, or a flag word that defines no bit, is zero, such as `ulReserved` of
/// [IMAPISession::Logoff](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-logoff).
/// `parameter` is its name in MAPI. (Rules I3 and E6 of the [contract](crate::contract).)
///
/// # Errors
/// [`NotZero`](InvalidArgument::NotZero), with code
/// [MAPI_E_INVALID_PARAMETER](HResult::MAPI_E_INVALID_PARAMETER).
pub fn check_zero(parameter: &'static str, value: u32) -> Result<(), InvalidArgument> {
    match value {
        0 => Ok(()),
        value => Err(InvalidArgument::NotZero { parameter, value }),
    }
}

/// Checks the arguments of [`RawSession::logoff`](super::RawSession::logoff), flags first (rule E6 of
/// the [contract](crate::contract)), and returns the flags.
///
/// See [`IMAPISession::Logoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-logoff)
/// in the MAPI reference.
///
/// # Errors
/// - [`UndefinedBits`](InvalidArgument::UndefinedBits): `flags` has bits other than those of
///   [`LogoffFlags`].
/// - [`NotZero`](InvalidArgument::NotZero): `reserved` is not zero.
pub fn check_logoff(flags: u32, reserved: u32) -> Result<LogoffFlags, InvalidArgument> {
    check_flags(flags, LogoffFlags::all().bits())?;
    check_zero("ulReserved", reserved)?;
    Ok(LogoffFlags::from_bits_retain(flags))
}

/// Whether a Logoff that fails with this code is refused: nothing has changed, and the session is
/// live. After any other failure it has ended (rule E8 of the [contract](crate::contract)).
///
/// The codes are MAPI_E_UNKNOWN_FLAGS, MAPI_E_INVALID_PARAMETER, MAPI_E_USER_CANCEL and MAPI_E_BUSY. They are our
/// reading; the page of
/// [`IMAPISession::Logoff`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-logoff)
/// in the MAPI reference has only S_OK.
#[must_use]
pub fn refuses_logoff(hresult: HResult) -> bool {
    matches!(
        hresult,
        HResult::MAPI_E_UNKNOWN_FLAGS
            | HResult::MAPI_E_INVALID_PARAMETER
            | HResult::MAPI_E_USER_CANCEL
            | HResult::MAPI_E_BUSY
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bits_that_are_not_defined_are_named() {
        assert_eq!(check_flags(0b101, 0b111), Ok(()));
        let refused = check_flags(0b1101, 0b0101);
        assert_eq!(
            refused,
            Err(InvalidArgument::UndefinedBits { bits: 0b1000 })
        );
    }

    // E6
    #[test]
    fn a_logoff_checks_its_flags_first() {
        assert_eq!(
            check_logoff(3, 0),
            Ok(LogoffFlags::SHARED | LogoffFlags::UI)
        );
        let [flags, reserved] = [check_logoff(0x4000_0000, 1), check_logoff(3, 1)]
            .map(|refused| Failure::from(refused.unwrap_err()));
        assert_eq!(
            flags.to_string(),
            "MAPI_E_UNKNOWN_FLAGS (0x80040106): the bits 0x40000000 are not defined"
        );
        assert_eq!(
            reserved.to_string(),
            "MAPI_E_INVALID_PARAMETER (0x80070057): ulReserved is 0x1, and must be zero"
        );
    }

    // E8
    #[test]
    fn what_is_wrong_with_an_argument_refuses_a_logoff() {
        for arguments in [(0x4000_0000, 0), (0, 1)] {
            let refused = check_logoff(arguments.0, arguments.1).unwrap_err();
            assert!(refuses_logoff(refused.hresult()));
        }
        assert!(refuses_logoff(HResult::MAPI_E_USER_CANCEL));
        assert!(!refuses_logoff(HResult::MAPI_E_INVALID_OBJECT));
        assert!(!refuses_logoff(HResult::S_OK));
    }
}
