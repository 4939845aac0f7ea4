//! The stage on which a rule is asked: a subsystem, and what is known of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::memory::{
    AddressBook, Answer, Dialog, FastShutdownBehavior, Folder, Memory, Message, Profile,
    ProviderCall, Service, Store, Transport,
};
use crate::subsystem::Subsystem;
use crate::{EntryId, HResult, LogonFlags, MapiUid, UiParam};

/// The name of the profile that most rules are asked on.
pub const PROFILE: &str = "Conformance";
/// The name of a second profile.
pub const OTHER: &str = "Other";
/// The name of a profile with providers that cannot do everything.
pub const FAULTY: &str = "Faulty";

/// What kind of a stage a rule needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Setting {
    /// The profiles of the [suite](super), and [`PROFILE`] the default one.
    Plain,
    /// The same without a default profile.
    NoDefaultProfile,
    /// At most two sessions can be open.
    TwoSessions,
    /// Fast shutdown is disabled.
    NoFastShutdown,
    /// MAPI_LOGOFF_SHARED tells the clients of every session, as Outlook's does.
    EverySessionEnds,
}

/// A store or an object that rules need: of [`PROFILE`], unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Item {
    /// The default store: the user can modify, create and submit.
    DefaultStore,
    /// The default store by other bytes than [`DefaultStore`](Self::DefaultStore).
    SameDefaultStore,
    /// The default store by another MAPIUID that its provider has registered.
    FurtherDefaultStore,
    /// Another store that could be the default one.
    SecondStore,
    /// A store that can only be read.
    ReadOnlyStore,
    /// A store whose provider sends no notifications.
    SilentStore,
    /// A store that is not in the store table.
    HiddenStore,
    /// A store that is in no profile, and can be opened by its identifier.
    OutsideStore,
    /// The default store of [`OTHER`], and not one of [`PROFILE`].
    OtherStore,
    /// The cached store of [`FAULTY`].
    CachedStore,
    /// The store of [`FAULTY`] that lacks configuration.
    UnconfiguredStore,
    /// A folder of the default store.
    Folder,
    /// A message in it, which the transport can send. It has an attachment.
    Message,
    /// What would be of the default store, if there were such an object.
    NoSuchObject,
    /// The user who is the primary identity.
    Identity,
}

/// A fresh subsystem for one rule, its library not initialised, and what the suite may know and do
/// besides the traits.
pub struct Stage<B> {
    pub(super) subsystem: B,
    pub(super) items: BTreeMap<Item, EntryId>,
    pub(super) address_types: Vec<String>,
    pub(super) provider_section: Option<MapiUid>,
    pub(super) default_service: Option<String>,
    pub(super) controls: Controls,
}

/// What a stage can do besides the traits.
#[derive(Default)]
pub(super) struct Controls {
    pub(super) answer: Option<Box<dyn Fn(Answer)>>,
    pub(super) dialogs: Option<Box<dyn Fn() -> Vec<UiParam>>>,
    pub(super) during_a_logon: Option<Box<Interlude>>,
    pub(super) arrive: Option<Box<Arrival>>,
    pub(super) settle: Option<Box<dyn Fn()>>,
}

type Arrival = dyn Fn(&EntryId);
type Interlude = dyn Fn(&mut dyn FnMut());

impl<B> Stage<B> {
    /// A subsystem of which nothing more is known.
    pub fn new(subsystem: B) -> Self {
        Self {
            subsystem,
            items: BTreeMap::new(),
            address_types: Vec::new(),
            provider_section: None,
            default_service: None,
            controls: Controls::default(),
        }
    }

    /// The same stage with another subsystem, such as a wrapper of this one.
    pub fn map<C>(self, wrap: impl FnOnce(B) -> C) -> Stage<C> {
        Stage {
            subsystem: wrap(self.subsystem),
            items: self.items,
            address_types: self.address_types,
            provider_section: self.provider_section,
            default_service: self.default_service,
            controls: self.controls,
        }
    }

    /// The entry identifier of a store or an object.
    #[must_use]
    pub fn item(mut self, item: Item, entry_id: EntryId) -> Self {
        self.items.insert(item, entry_id);
        self
    }

    /// A type of addresses that the transport of [`PROFILE`] delivers to.
    #[must_use]
    pub fn address_type(mut self, address_type: impl Into<String>) -> Self {
        self.address_types.push(address_type.into());
        self
    }

    /// A profile section of [`PROFILE`] that is a provider's own.
    #[must_use]
    pub fn provider_section(mut self, uid: MapiUid) -> Self {
        self.provider_section = Some(uid);
        self
    }

    /// The name of an installed message service that new profiles have by default. It lacks
    /// configuration and has no identity to give.
    #[must_use]
    pub fn default_service(mut self, name: impl Into<String>) -> Self {
        self.default_service = Some(name.into());
        self
    }

    /// Sets the user's answer to the next dialog that has none yet.
    #[must_use]
    pub fn answers(mut self, answer: impl Fn(Answer) + 'static) -> Self {
        self.controls.answer = Some(Box::new(answer));
        self
    }

    /// Tells the parent windows of the dialogs that were shown so far.
    #[must_use]
    pub fn dialogs(mut self, dialogs: impl Fn() -> Vec<UiParam> + 'static) -> Self {
        self.controls.dialogs = Some(Box::new(dialogs));
        self
    }

    /// Calls its argument while another thread is in the middle of a logon. The subsystem's wait
    /// under MAPI_TIMEOUT_SHORT should be short.
    #[must_use]
    pub fn during_a_logon(mut self, then: impl Fn(&mut dyn FnMut()) + 'static) -> Self {
        self.controls.during_a_logon = Some(Box::new(then));
        self
    }

    /// Lets a message begin to arrive in a store.
    #[must_use]
    pub fn arrivals(mut self, arrive: impl Fn(&EntryId) + 'static) -> Self {
        self.controls.arrive = Some(Box::new(arrive));
        self
    }

    /// Returns when all events so far have reached their sinks. For subsystems that do not tell
    /// them on the thread that causes them.
    #[must_use]
    pub fn settles(mut self, settle: impl Fn() + 'static) -> Self {
        self.controls.settle = Some(Box::new(settle));
        self
    }
}

impl<B: fmt::Debug> fmt::Debug for Stage<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("subsystem", &self.subsystem)
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

/// The stage of the subsystem in memory: with everything.
#[must_use]
pub fn memory(setting: Setting) -> Option<Stage<Memory>> {
    let memory = build(setting)?;
    let mut stage = Stage::new(memory.clone())
        .address_type("SMTP")
        .default_service("Archives");
    for (item, profile, path) in [
        (Item::DefaultStore, PROFILE, &["Mailbox"][..]),
        (Item::Folder, PROFILE, &["Mailbox", "Inbox"]),
        (Item::Message, PROFILE, &["Mailbox", "Inbox", "Hello"]),
        (Item::SecondStore, PROFILE, &["Archive"]),
        (Item::ReadOnlyStore, PROFILE, &["Public"]),
        (Item::SilentStore, PROFILE, &["Silent"]),
        (Item::HiddenStore, PROFILE, &["Hidden"]),
        (Item::Identity, PROFILE, &["Company", "Ana Trujillo"]),
        (Item::OtherStore, OTHER, &["Other mailbox"]),
        (Item::CachedStore, FAULTY, &["Cached"]),
        (Item::UnconfiguredStore, FAULTY, &["Unconfigured"]),
    ] {
        stage = stage.item(item, memory.entry_id(profile, path)?);
    }
    stage = stage.item(Item::OutsideStore, memory.store_outside(&["Delegate"])?);
    let own = memory.entry_id(PROFILE, &["Mailbox"])?;
    let mut flagged = own.as_bytes().to_vec();
    flagged[0] = 0xFF;
    let further = [&[0; 4], &FURTHER.as_bytes()[..]].concat();
    stage = stage
        .item(Item::FurtherDefaultStore, EntryId::new(further))
        .item(Item::SameDefaultStore, EntryId::new(flagged))
        .item(
            Item::NoSuchObject,
            EntryId::new([own.as_bytes(), &[0xFE; 4]].concat()),
        )
        .provider_section(own.provider_uid()?);

    let (user, dialogs, mail) = (memory.clone(), memory.clone(), memory.clone());
    let stage = stage
        .answers(move |answer| user.user().answer(answer))
        .dialogs(move || {
            let shown = dialogs.user().dialogs();
            shown.iter().map(Dialog::parent).collect()
        })
        .arrivals(move |store| mail.let_arrive(store, 1))
        .during_a_logon(move |then| while_the_user_thinks(&memory, then));
    Some(stage)
}

/// What the provider of the default store registers besides its first identifier.
const FURTHER: MapiUid = MapiUid::new([0x2D; 16]);

fn build(setting: Setting) -> Option<Memory> {
    let hello = Message::from("Hello").to("Bo Berg");
    let hello = hello.attachment("a.txt", "bytes");
    let inbox = Folder::new("Inbox").message(hello);
    let mailbox = Store::new("Mailbox").default_store().folder(inbox);
    let mut profile = Profile::new(PROFILE)
        .store(mailbox.further_uid(FURTHER))
        .store(Store::new("Archive"))
        .store(Store::new("Public").read_only())
        .store(Store::new("Silent").silent())
        .store(Store::new("Hidden").hidden())
        .address_book(AddressBook::new("Contacts").identity("Bo Berg"))
        .address_book(AddressBook::new("Company").primary_identity("Ana Trujillo"))
        .transport(Transport::new("Internet Mail").address_type("SMTP"));
    if setting != Setting::NoDefaultProfile {
        profile = profile.default_profile();
    }
    let other = Profile::new(OTHER).store(Store::new("Other mailbox").default_store());
    let fails_to_log_off = |call| match call {
        ProviderCall::LogOff => HResult::E_FAIL,
        _ => HResult::S_OK,
    };
    let cached = Store::new("Cached")
        .cached()
        .fast_shutdown(false)
        .hook(fails_to_log_off);
    let faulty = Profile::new(FAULTY)
        .store(cached)
        .store(Store::new("Unconfigured").unconfigured())
        .address_book(AddressBook::new("No contacts").unconfigured());
    let mut builder = Memory::builder()
        .profile(profile)
        .profile(other)
        .profile(faulty)
        .store_outside(Store::new("Delegate"))
        .installed_service(Service::new("Archives").store(Store::new("Old").unconfigured()))
        .default_service("Archives")
        .largest_value(0x8000)
        .logon_timeout(Duration::from_millis(1));
    if setting == Setting::TwoSessions {
        builder = builder.session_limit(2);
    }
    if setting == Setting::EverySessionEnds {
        builder = builder.fast_shutdown();
    }
    if setting == Setting::NoFastShutdown {
        builder = builder.fast_shutdown_behavior(FastShutdownBehavior::Disabled);
    }
    builder.build().ok()
}

/// A logon on another thread shows its dialog, and the user cancels it at the end.
fn while_the_user_thinks(memory: &Memory, then: &mut dyn FnMut()) {
    let (shown, is_shown) = mpsc::channel();
    let (decided, is_decided) = mpsc::channel::<()>();
    memory.user().answer_with(move |_| {
        let _ = shown.send(());
        // Until the sender is gone.
        let _ = is_decided.recv();
        Answer::Cancel
    });
    thread::scope(|scope| {
        scope.spawn(|| {
            let flags = LogonFlags::NEW_SESSION | LogonFlags::LOGON_UI;
            drop(memory.logon_ex(UiParam::NONE, None, None, flags.bits()));
        });
        if is_shown.recv().is_ok() {
            then();
        }
        drop(decided);
    });
}
