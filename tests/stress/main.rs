//! Many threads on one subsystem, and code that calls back into it.
//!
//! A binary of its own: each test keeps every core busy for a while, and says after two minutes that
//! a thread hangs. Beside hundreds of other tests it might only be slow.
#![cfg(all(not(loom), feature = "memory"))]
#![allow(clippy::panic, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod reentrancy;
mod soak;
mod threads;
