//! The guide: MAPI sessions, topic by topic.
//!
//! | to do this | read |
//! |---|---|
//! | log on, alone or together with others | [`sessions`] |
//! | log off, in the right order | [`ending_a_session`] |
//! | hear of new mail and other events, with or without threads | [`notifications_and_threads`] |
//! | handle failures, warnings and `?` | [`errors`] |
//! | find and read mail | [`reading_mail`] |
#![cfg_attr(
    feature = "testing",
    doc = "| test a tool that does all this | [`testing`](crate::testing) |"
)]
//! | run on Outlook | [`real_outlook`] |
//! | write an add-in, whose session is Outlook's | [`add_ins`] |
//! | translate a C++ program, line by line | [`from_cpp`] |
//! | know what is our reading, and not the reference's word | [`silent_or_contradictory`] |
//! | ler em português | [`encerrar_uma_sessao_mapi`] |
//!
//! [`names`](crate::names) has the names of MAPI beside ours, [`contract`](crate::contract) each rule with the
//! pages that it follows.

#[doc = include_str!("guide/sessions.md")]
pub mod sessions {}

#[doc = include_str!("guide/ending_a_session.md")]
#[doc(alias = "ending-a-mapi-session")]
pub mod ending_a_session {}

#[doc = include_str!("guide/notifications_and_threads.md")]
pub mod notifications_and_threads {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/reading_mail.md")]
pub mod reading_mail {}

#[doc = include_str!("guide/real_outlook.md")]
pub mod real_outlook {}

#[doc = include_str!("guide/add_ins.md")]
pub mod add_ins {}

#[doc = include_str!("guide/from_cpp.md")]
pub mod from_cpp {}

#[doc = include_str!("guide/silent_or_contradictory.md")]
pub mod silent_or_contradictory {}

#[doc = include_str!("guide/encerrar_uma_sessao_mapi.md")]
#[doc(alias = "Encerrar uma sessão MAPI")]
#[doc(alias = "encerra")]
#[doc(alias = "terminando")]
#[doc(alias = "IMAPISessionLogoff")]
#[doc(alias = "IMAPISession.Logoff")]
#[doc(alias = "ulReserved")]
pub mod encerrar_uma_sessao_mapi {}
