//! The subsystem in memory: how it is described, the administration of its profiles, and all of it
//! against a naive model.
#![cfg(feature = "memory")]
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "testing")]
mod administration;
#[cfg(feature = "serde")]
mod fixture;
mod mail;
mod profiles;
mod random;
