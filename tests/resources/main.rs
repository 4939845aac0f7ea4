//! What MAPI costs: allocations, stack, and work that must not grow faster than what it is for.
//!
//! A binary of its own: the counter of allocations is the allocator of the whole process.
#![cfg(feature = "memory")]
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod allocations;
mod robustness;
