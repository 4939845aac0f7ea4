//! What stands over a subsystem: layers, and the feature `testing`.
#![cfg(feature = "memory")]
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "testing")]
mod conformance;
#[cfg(feature = "testing")]
mod faults;
mod layer;
#[cfg(feature = "testing")]
mod recorder;
#[cfg(feature = "testing")]
mod scenarios;
