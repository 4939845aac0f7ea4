//! What a session does, from MAPIInitialize to its end, rule by rule.
#![cfg(feature = "memory")]
#![allow(clippy::panic, clippy::type_complexity, clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod entries;
mod fast_shutdown;
mod folders;
mod foreign;
mod identity;
mod last_error;
#[cfg(feature = "testing")]
mod library;
mod live_tables;
#[cfg(feature = "testing")]
mod logoff;
mod logon;
mod mail;
mod notification;
mod objects;
mod profile_sections;
mod props;
mod providers;
mod sharing;
mod status;
mod stores;
mod tables;
