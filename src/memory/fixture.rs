//! Reading the description of a subsystem: `serde` for what no derive can say.

use serde::de::{Deserialize, Deserializer, Error};

use super::profiles::check_name;

/// A profile's name, checked here so that the error points at its line.
pub(super) fn profile_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    check_name(&name).map_err(D::Error::custom)?;
    Ok(name)
}
