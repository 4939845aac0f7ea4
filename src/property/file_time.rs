//! Windows file times.

use std::time::{Duration, SystemTime};

/// A time, as the value of a PT_SYSTIME property: 100-nanosecond steps since 1 January 1601, UTC.
///
/// ```
/// use std::time::SystemTime;
///
/// use mapi_session::property::FileTime;
///
/// let epoch = FileTime::new(116_444_736_000_000_000);
/// assert_eq!(epoch.to_system_time(), Some(SystemTime::UNIX_EPOCH));
/// assert_eq!(FileTime::from_system_time(SystemTime::UNIX_EPOCH), Some(epoch));
/// ```
///
/// [`FILETIME`](https://learn.microsoft.com/office/client-developer/outlook/mapi/filetime) in the MAPI
/// reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileTime(u64);

impl FileTime {
    /// Creates a time from the number of 100-nanosecond steps since 1 January 1601.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self(steps)
    }

    /// Returns the number itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Converts it to the standard library's [`SystemTime`], which `jiff`, `chrono` and `time` can
    /// convert further. `None` if that does not reach this far on this platform.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let since = |steps: u64| {
            let nanos = (steps % STEPS_A_SECOND) as u32 * NANOS_A_STEP;
            Duration::new(steps / STEPS_A_SECOND, nanos)
        };
        match self.0.checked_sub(UNIX_EPOCH) {
            Some(steps) => SystemTime::UNIX_EPOCH.checked_add(since(steps)),
            None => SystemTime::UNIX_EPOCH.checked_sub(since(UNIX_EPOCH - self.0)),
        }
    }

    /// Converts a time of the standard library, rounded down to 100 nanoseconds. `None` if it is
    /// before 1601, or later than 64 bits can hold.
    #[must_use]
    pub fn from_system_time(time: SystemTime) -> Option<Self> {
        let step = u128::from(NANOS_A_STEP);
        let steps = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => u128::from(UNIX_EPOCH).checked_add(since.as_nanos() / step)?,
            Err(before) => {
                let back = before.duration().as_nanos().div_ceil(step);
                u128::from(UNIX_EPOCH).checked_sub(back)?
            }
        };
        u64::try_from(steps).ok().map(Self)
    }
}

const STEPS_A_SECOND: u64 = 10_000_000;
const NANOS_A_STEP: u32 = 100;

/// 1 January 1970, 369 years after 1601, 89 of them leap years.
const UNIX_EPOCH: u64 = (369 * 365 + 89) * 86_400 * STEPS_A_SECOND;
