//! Names and numbers: the values of MAPI.
#![allow(clippy::panic, clippy::unwrap_used)]

mod flags;
mod hresult;
mod property;
mod records;
mod table;
mod types;
