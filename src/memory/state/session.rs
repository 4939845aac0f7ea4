//! Sessions, and the clients that are on them.

use std::collections::BTreeMap;

use super::{ObjectKey, ProfileKey, Provider, ProviderKey, SessionKey, Subscribers};
use crate::error::MapiError;
use crate::flags::ResourceFlags;
use crate::{HResult, LogonFlags};

/// A session, individual or shared.
pub(super) struct Session {
    /// The number of the client that opened it: which of two is older.
    pub(super) serial: u64,
    /// The profile as it was when the session began.
    pub(super) profile: ProfileKey,
    pub(super) is_shared: bool,
    /// How many clients are on it. With none it is ending.
    pub(super) clients: u32,
    /// A client has logged off with MAPI_LOGOFF_SHARED, so nobody joins any more (S6).
    pub(super) is_closing: bool,
    /// The providers whose state is another than at first.
    pub(super) providers: BTreeMap<ProviderKey, ProviderState>,
    /// Who registered with the session itself.
    pub(super) subscribers: Subscribers,
    /// Nothing as long as nobody has registered with its tables.
    pub(super) watched: Option<Box<Watched>>,
}

/// What nearly no session has: tables with which somebody registered.
#[derive(Default)]
pub(super) struct Watched {
    pub(super) tables: Vec<ObjectKey>,
}

/// A client of a session: what a session object stands for.
pub(super) struct Client {
    /// No other client of the subsystem has it.
    pub(super) number: u64,
    pub(super) session: SessionKey,
    pub(super) flags: LogonFlags,
    /// A logoff is in progress, and can still be refused.
    pub(super) is_ending: bool,
    /// Nothing as long as it needs none.
    pub(super) extras: Option<Box<Extras>>,
}

/// What a client need not have.
#[derive(Default)]
pub(super) struct Extras {
    /// What it has open, its registrations among it.
    pub(super) objects: Vec<ObjectKey>,
    /// Its last failure, or success with a warning (M10).
    pub(super) last_error: Option<(HResult, MapiError)>,
    /// The messages that are prepared to be shown in a form, by their tokens (M11).
    pub(super) forms: BTreeMap<u32, ObjectKey>,
    pub(super) last_token: u32,
    pub(super) shutdown: Progress,
}

/// How far a client is with its fast shutdown (F1).
#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
pub(super) enum Progress {
    #[default]
    Nothing,
    Queried,
    Notified,
}

/// A provider in a session.
#[derive(Clone, Copy)]
pub(super) struct ProviderState {
    pub(super) logon: LogonState,
    /// Its logon has succeeded: it is logged off when the session ends, even where its service has
    /// been disabled since.
    pub(super) has_logged_on: bool,
    /// In the store table.
    pub(super) table_flags: ResourceFlags,
    /// In the status table.
    pub(super) status_flags: ResourceFlags,
    /// How many objects have the store open in its local copy, and how many on its server.
    pub(super) open_cached: usize,
    pub(super) open_online: usize,
    /// StoreLogoff has said that no more messages are to be sent.
    pub(super) sends_no_more: bool,
}

/// Whether a provider is logged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogonState {
    LoggedOn,
    /// A transport, before it is needed (L9); any provider, before its session has come to it.
    NotStarted,
    /// A transport that is being logged on.
    Starting,
    /// It could not log on, and can be logged on again when it is opened.
    Failed,
    /// Its service is disabled (L10), because of this.
    Disabled(HResult),
}

impl LogonState {
    /// One that does nothing when it is called need not be called; a transport is, when it is first
    /// needed.
    pub(super) fn at_first(provider: &Provider) -> Self {
        match provider.is_quiet() && !provider.is_transport() {
            true => Self::LoggedOn,
            false => Self::NotStarted,
        }
    }
}

impl ProviderState {
    /// At first: nobody has called the provider.
    pub(super) fn new(provider: &Provider, flags: ResourceFlags) -> Self {
        let logon = LogonState::at_first(provider);
        Self {
            logon,
            has_logged_on: logon == LogonState::LoggedOn,
            table_flags: flags,
            status_flags: flags,
            open_cached: 0,
            open_online: 0,
            sends_no_more: false,
        }
    }

    /// After an attempt to log the provider on.
    pub(super) fn settle(&mut self) {
        if !matches!(self.logon, LogonState::Disabled(_)) {
            self.logon = match self.has_logged_on {
                true => LogonState::LoggedOn,
                false => LogonState::Failed,
            };
        }
    }

    pub(super) fn is_logged_on(&self) -> bool {
        self.logon == LogonState::LoggedOn
    }
}

impl Client {
    pub(super) fn new(number: u64, session: SessionKey, flags: LogonFlags) -> Self {
        Self {
            number,
            session,
            flags,
            is_ending: false,
            extras: None,
        }
    }

    pub(super) fn extras(&self) -> Option<&Extras> {
        self.extras.as_deref()
    }

    pub(super) fn extras_mut(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    pub(super) fn shutdown(&self) -> Progress {
        self.extras().map_or(Progress::Nothing, |it| it.shutdown)
    }

    pub(super) fn wants_mail(&self) -> bool {
        !self.flags.contains(LogonFlags::NO_MAIL)
    }
}
