//! Names and numbers: the values of MAPI, and the tables of the README.
#![allow(clippy::panic, clippy::unwrap_used)]

mod flags;
mod hresult;
mod types;
