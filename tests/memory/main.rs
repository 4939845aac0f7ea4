//! The subsystem in memory: how it is described, the administration of its profiles, and all of it
//! against a naive model.
#![cfg(feature = "memory")]
#![allow(clippy::panic, clippy::unwrap_used)]

#[cfg(feature = "serde")]
#[path = "../support/mod.rs"]
mod support;

mod administration;
mod fixture;
mod profiles;
mod random;
