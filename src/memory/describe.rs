//! What a test describes: the subsystem, its profiles and what they hold.

mod message;
mod profile;

use std::time::Duration;

pub use message::Message;
pub use profile::{AddressBook, Folder, Profile, Section, Service, Store, Transport};
pub(super) use profile::{check_name, check_stores_outside};

use super::Answer;

/// A description of a subsystem in memory, from [`Memory::builder`](crate::memory::Memory::builder).
///
/// With the feature `serde` it can be read from TOML or JSON. These are all keys, with their defaults:
///
/// ```toml
/// answers = []               # "accept", "cancel", { pick = "Outlook" }
/// session_limit = 32         # any number
/// fast_shutdown = false
/// fast_shutdown_behavior = "unless_opted_out"    # "if_all_opt_in", "disabled"
/// without_unicode = false
/// without_ansi = false
/// largest_value = 32768      # bytes; any without it
/// default_services = []      # names of installed services, as in MAPISVC.INF
///
/// [[store]]                  # in no profile; as a profile's store
/// name = "Delegate"
///
/// [[profile]]
/// name = "Outlook"           # required
/// default = false
/// app = false
///
/// [[profile.store]]
/// name = "Mailbox"           # required
/// default = false
/// primary = false
/// secondary = false
/// never_default = false
/// read_only = false
/// silent = false
/// hidden = false
/// cached = false
/// downgrades = false
/// without_cache_flags = false
/// identity = "Ana Trujillo"  # and these of every provider; none without it
/// primary_identity = false
/// identity_address = ["SMTP", "ana@example.com"]
/// resource_path = ""
/// unconfigured = false
/// no_status_row = false
/// offline = false
/// provider_display = "Microsoft Exchange Message Store"    # a name by its kind without it
/// provider_dll_name = "EMSMDB"                             # "mapi-session" without it
/// settings_dialog = false
/// password = "secret"        # none without it
/// fast_shutdown = true       # opts in; false: opts out; neither without it
///
/// # a name, or an id; the first is that of the property 0x8000
/// named_property = [{ set = "2903020000000000C000000000000046", name = "Keywords" }]
///
/// [[profile.store.folder]]
/// name = "Inbox"             # required; folders have folders
/// read_only = false
/// receives = []              # classes of messages, such as "IPM.Note.Fax", that arrive here
/// message = ["Hello"]        # a subject alone, or all of a message:
///
/// [[profile.store.folder.message]]
/// subject = "Hello"          # none of these is required
/// body = "How are you?"
/// class = "IPM.Note"
/// sender = ["Kim Akers", "kim@contoso.com"]
/// unread = false
/// unsent = false
/// to = ["Ana Trujillo"]
/// cc = []
/// attachment = [["notes.txt", "to read"]]
/// property = []              # as of a section below
///
/// [[profile.address_book]]
/// name = "Contacts"          # required
/// silent = false
/// mail_user = ["Ana Trujillo"]
///
/// [[profile.transport]]
/// name = "Internet Mail"     # required
/// address_type = ["SMTP"]
/// default_outbound = false
/// prefers_last = false
///
/// [[profile.service]]
/// name = "Exchange"          # required; with store, address_book and transport as above
/// single_copy = false
/// display_name = "Microsoft Exchange"     # for a person; its name without it
/// without_entry_point = false
/// property = []              # of its own profile section, as of a section below
///
/// [[profile.section]]
/// uid = "13DBB0C8AA05101A9BB000AA002FC45A"    # required
/// property = [{ tag = 0x6602001F, value = "server" }]
/// # a value is a text, a number, true, or { binary = "00FF" }
///
/// [[installed_service]]
/// name = "Exchange"          # as a profile's service
/// ```
///
/// ```
/// # use mapi_session::memory::{Answer, Memory, Profile, Store};
/// let memory = Memory::builder()
///     .profile(Profile::new("Work").default_profile().store(Store::new("Mailbox")))
///     .answer(Answer::Accept) // the first dialog
///     .session_limit(4)
///     .build()?;
/// # Ok::<(), mapi_session::Error>(())
/// ```
#[derive(Debug, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct Builder {
    #[cfg_attr(feature = "serde", serde(rename = "profile"))]
    pub(super) profiles: Vec<Profile>,
    pub(super) answers: Vec<Answer>,
    pub(super) session_limit: Option<usize>,
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(super) logon_timeout: Option<Duration>,
    pub(super) fast_shutdown: bool,
    pub(super) fast_shutdown_behavior: FastShutdownBehavior,
    pub(super) without_unicode: bool,
    #[cfg_attr(feature = "serde", serde(rename = "store"))]
    pub(super) stores: Vec<Store>,
    pub(super) without_ansi: bool,
    #[cfg_attr(feature = "serde", serde(rename = "installed_service"))]
    pub(super) installed: Vec<Service>,
    pub(super) default_services: Vec<String>,
    pub(super) largest_value: Option<usize>,
}

setters! {
    Builder:
    /// Adds a profile.
    profile(profile: Profile) |it| it.profiles.push(profile);
    /// Adds an answer of the user, to the next dialog that has none yet.
    answer(answer: Answer) |it| it.answers.push(answer);
    /// Limits how many sessions can be open at a time.
    session_limit(sessions: usize) |it| it.session_limit = Some(sessions);
    /// Sets how long a logon with MAPI_TIMEOUT_SHORT waits for another one. The default is 5 seconds.
    logon_timeout(timeout: Duration) |it| it.logon_timeout = Some(timeout);
    /// Lets MAPI_LOGOFF_SHARED tell the clients of all sessions to log off, as it does since the fast
    /// shutdown of Outlook 2007 SP2, and not only those of the shared session.
    fast_shutdown() |it| it.fast_shutdown = true;
    /// Sets when a client may shut down fast. The default is: unless a provider opts out.
    fast_shutdown_behavior(behavior: FastShutdownBehavior) |it| it.fast_shutdown_behavior = behavior;
    /// Leaves out Unicode: calls that ask for Unicode text fail with MAPI_E_BAD_CHARWIDTH.
    without_unicode() |it| it.without_unicode = true;
    /// Adds a store that is in no profile. A session can open it by its identifier
    /// ([`Memory::store_outside`](crate::memory::Memory::store_outside)), which adds it to the profile
    /// unless [`TEMPORARY`](crate::OpenStoreFlags::TEMPORARY) is set.
    #[doc(alias = "MDB_TEMPORARY")]
    store_outside(store: Store) |it| it.stores.push(store);
    /// Leaves out 8-bit text: calls that return text fail with MAPI_E_BAD_CHARWIDTH unless they ask
    /// for Unicode, as the typed session does.
    without_ansi() |it| it.without_ansi = true;
    /// Installs a message service: it can be added to a profile.
    #[doc(alias = "MAPISVC.INF")]
    installed_service(service: Service) |it| it.installed.push(service);
    /// Lets GetProps refuse values of more bytes than this with MAPI_E_NOT_ENOUGH_MEMORY, so that they
    /// have to be read [as a stream](crate::Object::read_stream). By default it refuses none.
    largest_value(bytes: usize) |it| it.largest_value = Some(bytes);
    /// Names an installed service that new profiles have by default.
    #[doc(alias = "MAPI_DEFAULT_SERVICES")]
    default_service(name: impl Into<String>) |it| it.default_services.push(name.into());
}

/// When the subsystem supports fast shutdown: the registry value `FastShutdownBehavior`.
///
/// [Fast shutdown user options](https://learn.microsoft.com/office/client-developer/outlook/mapi/fast-shutdown-user-options) in the MAPI reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum FastShutdownBehavior {
    /// Unless a provider opts out.
    #[default]
    UnlessOptedOut,
    /// If every provider opts in.
    IfAllOptIn,
    /// Never; no provider is asked.
    Disabled,
}
