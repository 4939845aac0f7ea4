//! `Outlook` against a fake Outlook: what arrives there, in which order, and what comes back.
#![cfg(windows)]
#![allow(unsafe_code, missing_docs, non_snake_case, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]
#![allow(clippy::missing_transmute_annotations)]

mod calls;
mod conformance;
mod corpus;
mod fake;
mod hostile;
mod lifetime;
mod mail;
#[allow(dead_code, unexpected_cfgs)] // Its own tests are not built here.
#[path = "../../../../examples/mail_tool.rs"]
mod mail_tool;
mod notification;
mod read_by_com;
#[path = "../../examples/read_by_com/reader.rs"]
mod reader;
mod round_trip;
mod served;
mod tool;
