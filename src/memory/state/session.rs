//! Sessions, and the clients that are on them.

use std::collections::{BTreeMap, HashMap};

use super::{ObjectKey, ProfileKey, Provider, ProviderKey, SessionKey, Subscribers};
use crate::error::LastError;
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

impl Session {
    /// The store of this provider, while the session has it open.
    pub(super) fn open_store(&self, provider: ProviderKey) -> Option<OpenedStore> {
        self.providers.get(&provider)?.open
    }
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
    pub(super) last_error: Option<LastError>,
    /// The messages that are prepared to be shown in a form, by their tokens (M11).
    pub(super) forms: HashMap<u32, ObjectKey>,
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
    /// Its logon has succeeded: it is to be logged off, even where its service has been disabled
    /// since.
    pub(super) has_logged_on: bool,
    /// It has been logged on at some time: it is shut down when the session ends.
    pub(super) is_loaded: bool,
    /// In the store table.
    pub(super) table_flags: ResourceFlags,
    /// In the status table.
    pub(super) status_flags: ResourceFlags,
    /// The store, while it is open.
    pub(super) open: Option<OpenedStore>,
    /// StoreLogoff has said that no more messages are to be sent.
    pub(super) sends_no_more: bool,
    /// StoreLogoff has said that no more messages are to be received.
    pub(super) receives_no_more: bool,
    /// The spooler has not been told of the store (MDB_NO_MAIL).
    pub(super) has_no_mail: bool,
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
    /// A store that was open and is released (O6): it is logged on again when it is opened.
    Released,
}

/// A store that a session has open: one store object, however often it was opened (O5).
#[derive(Clone, Copy)]
pub(super) struct OpenedStore {
    /// The references to it: those of clients, and of what was opened of it (O3).
    pub(super) references: usize,
    /// Of a cached store.
    pub(super) is_online: bool,
    /// Whether it was opened for writing; nothing where it was not opened, only something in it.
    pub(super) is_writable: Option<bool>,
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
            is_loaded: logon == LogonState::LoggedOn,
            // The store table does not tell which stores are for logon (M8).
            table_flags: flags - (ResourceFlags::PRIMARY_STORE | ResourceFlags::SECONDARY_STORE),
            status_flags: flags,
            open: None,
            sends_no_more: false,
            receives_no_more: false,
            has_no_mail: false,
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

    /// One more reference to the store, which is opened on this side where it is not open yet.
    pub(super) fn add_reference(&mut self, online: bool) -> &mut OpenedStore {
        let open = self.open.get_or_insert(OpenedStore {
            references: 0,
            is_online: online,
            is_writable: None,
        });
        open.references += 1;
        open
    }

    pub(super) fn is_logged_on(&self) -> bool {
        self.logon == LogonState::LoggedOn
    }

    /// Whether the spooler reaches the store: its logon is not that of the session.
    pub(super) fn is_spooled(&self) -> bool {
        matches!(self.logon, LogonState::LoggedOn | LogonState::Released)
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

    /// L12: a service shows no dialogs.
    pub(super) fn is_service(&self) -> bool {
        self.flags.contains(LogonFlags::NT_SERVICE)
    }

    pub(super) fn wants_mail(&self) -> bool {
        !self.flags.contains(LogonFlags::NO_MAIL)
    }
}
