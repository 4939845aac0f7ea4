//! Messages on their way, and the logoff of a store: rules T.

use std::sync::{Arc, Mutex, OnceLock};

use crate::support::{Profiles, code, letter, logoff};
use mapi_session::flags::{ShowFormFlags, StoreLogoffFlags, StoreSupportMask};
use mapi_session::memory::{
    AddressBook, Answer, Folder, Memory, Profile, ProviderCall, Store, Transport,
};
use mapi_session::session::store::StoreLogoff;
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProp, RawResult, RawSession, Subsystem,
};
use mapi_session::types::FormMessage;
use mapi_session::{
    EntryId, HResult, Live, LogonFlags, LogonRequest, Mapi, MsgStore, OpenEntryFlags,
    OpenStoreFlags, Session, UiParam,
};

use StoreLogoffFlags as Flags;

const ALL: [StoreLogoff; 5] = [
    StoreLogoff::NoWait,
    StoreLogoff::Orderly,
    StoreLogoff::Purge,
    StoreLogoff::Abort,
    StoreLogoff::Quiet,
];

fn store(name: &str) -> Store {
    let outbox = Folder::new("Outbox")
        .message(letter("One"))
        .message(letter("Two"))
        .message(letter("Three"));
    Store::new(name).folder(outbox)
}

fn profile() -> Profile {
    Profile::new("Outlook")
        .store(store("Mailbox"))
        .store(store("Archive"))
        .transport(Transport::new("SMTP").address_type("SMTP"))
}

/// A subsystem, with its library; and what is in it.
struct House {
    memory: Memory,
    mapi: Mapi<Memory>,
}

impl House {
    fn new() -> Self {
        Self::with(profile())
    }

    fn with(profile: Profile) -> Self {
        let memory = Memory::builder().profile(profile).build().unwrap();
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        Self { memory, mapi }
    }

    fn logon(&self) -> Session<Live, Memory> {
        let request = LogonRequest::new_session("Outlook");
        self.mapi.logon(&request).unwrap()
    }

    fn id(&self, path: &[&str]) -> EntryId {
        self.find(path).unwrap()
    }

    fn find(&self, path: &[&str]) -> Option<EntryId> {
        self.memory.entry_id("Outlook", path)
    }

    fn message(&self, subject: &str) -> EntryId {
        self.id(&["Mailbox", "Outbox", subject])
    }

    fn open<'s>(&self, session: &'s Session<Live, Memory>) -> MsgStore<'s, Memory> {
        self.open_store(session, "Mailbox")
    }

    fn open_store<'s>(
        &self,
        session: &'s Session<Live, Memory>,
        name: &str,
    ) -> MsgStore<'s, Memory> {
        session
            .open_msg_store(&self.id(&[name]), OpenStoreFlags::BEST_ACCESS)
            .unwrap()
    }

    #[track_caller]
    fn submit(&self, session: &Session<Live, Memory>, path: [&str; 3]) {
        let message = session.open_entry(&self.id(&path), OpenEntryFlags::MODIFY);
        message.unwrap().into_message().unwrap().submit().unwrap();
    }

    /// The subjects of what is not sent yet.
    fn outgoing(&self, store: &str) -> Vec<&'static str> {
        let subject = |message: EntryId| {
            let mut known = ["One", "Two", "Three"].into_iter();
            known
                .find(|subject| self.find(&[store, "Outbox", subject]) == Some(message.clone()))
                .unwrap()
        };
        let outgoing = self.memory.outgoing(&self.id(&[store]));
        outgoing.into_iter().map(subject).collect()
    }
}

// ---- T1

fn value<T>(result: RawResult<T>) -> Result<T, HResult> {
    result
        .map(|success| success.into_parts().0)
        .map_err(|failure| failure.hresult())
}

fn raw(memory: &Memory) -> <Memory as Subsystem>::Session {
    memory.initialize(0, 0).unwrap();
    let flags = LogonRequest::new_session("Outlook").raw_flags();
    value(memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags)).unwrap()
}

fn raw_store<S: RawSession>(session: &S, id: &EntryId) -> S::MsgStore {
    let flags = OpenStoreFlags::BEST_ACCESS.bits();
    value(session.open_msg_store(UiParam::NONE, Some(id.as_bytes()), flags)).unwrap()
}

// T1: each word of the five bits, each bit of the others alone, and each with a good one.
#[test]
fn exactly_one_input_flag_is_taken() {
    let house = House::new();
    let session = raw(&house.memory);
    let mailbox = house.id(&["Mailbox"]);
    let others = (5..32).map(|bit| 1 << bit);
    let with_a_good_one = others.clone().map(|bit: u32| bit | Flags::NO_WAIT.bits());
    for word in (0..32).chain(others).chain(with_a_good_one) {
        let store = raw_store(&session, &mailbox);
        let taken = [1, 2, 4, 8, 16].contains(&word);
        let expected = if taken {
            Ok(Flags::COMPLETE.bits())
        } else {
            Err(HResult::MAPI_E_INVALID_PARAMETER)
        };
        assert_eq!(value(store.store_logoff(word)), expected, "{word:#X}");
        let used = value(store.info()).map(|info| info.display_name().to_owned());
        match used {
            Ok(name) => assert!(!taken && name == "Mailbox", "{word:#X}"),
            Err(code) => assert!(taken && code == HResult::MAPI_E_INVALID_OBJECT, "{word:#X}"),
        }
    }
}

// T1: after the logoff nothing but release may be called on the store.
#[test]
fn a_store_that_is_logged_off_is_invalid() {
    let house = House::new();
    let session = raw(&house.memory);
    let store = raw_store(&session, &house.id(&["Mailbox"]));
    value(store.store_logoff(Flags::NO_WAIT.bits())).unwrap();
    let outbox = house.id(&["Mailbox", "Outbox"]);
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(value(store.info()).unwrap_err(), gone);
    assert_eq!(value(store.support_mask()).unwrap_err(), gone);
    let opened = store.open_entry(Some(outbox.as_bytes()), 0);
    assert_eq!(value(opened).map(drop).unwrap_err(), gone);
    for word in [0, Flags::NO_WAIT.bits(), Flags::PURGE.bits()] {
        assert_eq!(value(store.store_logoff(word)).unwrap_err(), gone);
    }
    // Another one of the same session is not concerned.
    value(raw_store(&session, &house.id(&["Mailbox"])).info()).unwrap();
}

// ---- T2

/// What goes on in the store "Mailbox".
#[derive(Clone, Copy, Debug)]
enum Goes {
    Idle,
    /// Two wait.
    Queue,
    /// One is being sent, and one waits.
    Outbound,
    /// One is being sent.
    LastOutbound,
    Inbound,
    All,
}

impl Goes {
    fn begin(self, house: &House, session: &Session<Live, Memory>) {
        let [messages, arriving]: [usize; 2] = match self {
            Self::Idle => [0, 0],
            Self::Queue | Self::Outbound => [2, 0],
            Self::LastOutbound => [1, 0],
            Self::Inbound => [0, 1],
            Self::All => [2, 2],
        };
        for subject in &["One", "Two"][..messages] {
            house.submit(session, ["Mailbox", "Outbox", subject]);
        }
        house.memory.let_arrive(&house.id(&["Mailbox"]), arriving);
        if !matches!(self, Self::Queue | Self::Inbound) {
            house.memory.let_time_pass();
        }
    }
}

// T2: each flag on each state. What comes out; whether the store is released; what is not sent.
#[test]
fn what_each_logoff_of_a_store_does() {
    let (inbound, outbound, queue) = (Flags::INBOUND, Flags::OUTBOUND, Flags::OUTBOUND_QUEUE);
    let done = Flags::COMPLETE;
    let none = Flags::empty();
    let (both, two) = (&["One", "Two"][..], &["Two"][..]);
    // Of NO_WAIT, ORDERLY, PURGE, and of ABORT and QUIET alike.
    let cases = [
        (Goes::Idle, [(done, &[][..]); 4]),
        (
            Goes::Queue,
            [
                (done | queue, both),
                (done | queue, both),
                (done, &[]),
                (done | queue, both),
            ],
        ),
        (
            Goes::Outbound,
            [
                (done | outbound | queue, both),
                (done | queue, two),
                (done, &[]),
                (outbound | queue, both),
            ],
        ),
        (
            Goes::LastOutbound,
            [
                (done | outbound, &both[..1]),
                (done, &[]),
                (done, &[]),
                (outbound, &both[..1]),
            ],
        ),
        (
            Goes::Inbound,
            [
                (done | inbound, &[]),
                (done | inbound, &[]),
                (done | inbound, &[]),
                (inbound, &[]),
            ],
        ),
        (
            Goes::All,
            [
                (done | inbound | outbound | queue, both),
                (done | inbound | queue, two),
                (done | inbound, &[]),
                (inbound | outbound | queue, both),
            ],
        ),
    ];
    for (goes, outcomes) in cases {
        let [no_wait, orderly, purge, cautious] = outcomes;
        let outcomes = [no_wait, orderly, purge, cautious, cautious];
        for (how, (flags, unsent)) in ALL.into_iter().zip(outcomes) {
            let house = House::new();
            let session = house.logon();
            goes.begin(&house, &session);
            match house.open(&session).logoff(how) {
                Ok(out) => {
                    assert_eq!(out, flags, "{how:?}, {goes:?}");
                    assert!(flags.contains(done), "{how:?}, {goes:?}");
                }
                Err(busy) => {
                    assert_eq!(busy.hresult(), HResult::MAPI_E_BUSY);
                    assert_eq!(busy.activity(), flags, "{how:?}, {goes:?}");
                    let store = busy.into_inner();
                    assert!(flags != none && !flags.contains(done), "{how:?}, {goes:?}");
                    assert!(store.is_writable().unwrap(), "open as before");
                }
            }
            assert_eq!(house.outgoing("Mailbox"), unsent, "{how:?}, {goes:?}");
            logoff(session);
        }
    }
}

// T2: the error of a store that stays says why, and `?` can take it.
#[test]
fn a_store_that_stays_says_what_goes_on() {
    let house = House::new();
    let session = house.logon();
    Goes::All.begin(&house, &session);
    let busy = house.open(&session).logoff(StoreLogoff::Quiet).unwrap_err();
    assert_eq!(busy.error().hresult(), HResult::MAPI_E_BUSY);
    assert_eq!(
        busy.to_string(),
        "IMsgStore::StoreLogoff: MAPI_E_BUSY (0x8004010B): the store stays open: messages are \
         arriving, messages are being sent, messages wait in the outgoing queue"
    );
    // Time passes, and the transports have nothing to do any more.
    let store = busy.into_inner();
    for _ in 0..3 {
        house.memory.let_time_pass();
    }
    assert!(house.outgoing("Mailbox").is_empty());
    assert_eq!(store.logoff(StoreLogoff::Quiet).unwrap(), Flags::COMPLETE);
    logoff(session);
}

// T2: a store that stays can be tried again, and is then logged off otherwise.
#[test]
fn a_store_that_stays_is_handed_back() {
    let house = House::new();
    let session = house.logon();
    Goes::Outbound.begin(&house, &session);
    let busy = house.open(&session).logoff(StoreLogoff::Abort).unwrap_err();
    let out = busy.into_inner().logoff(StoreLogoff::Purge).unwrap();
    assert_eq!(out, Flags::COMPLETE);
    logoff(session);
}

// T2: what happens to what is ready to be sent, as long as the session lives.
#[test]
fn no_wait_sends_what_is_ready_afterwards_and_orderly_does_not() {
    for (how, unsent) in [
        (StoreLogoff::NoWait, &[][..]),
        (StoreLogoff::Orderly, &["Two"]),
    ] {
        let house = House::new();
        let session = house.logon();
        Goes::Outbound.begin(&house, &session);
        house.open(&session).logoff(how).unwrap();
        for _ in 0..4 {
            house.memory.let_time_pass();
        }
        assert_eq!(house.outgoing("Mailbox"), unsent, "{how:?}");
        // Another session sends it.
        let other = house.logon();
        other.status_table().unwrap();
        for _ in 0..2 {
            house.memory.let_time_pass();
        }
        assert!(house.outgoing("Mailbox").is_empty());
        logoff(session);
        logoff(other);
    }
}

// T2: the rule is for a store that only the caller uses.
#[test]
fn a_store_that_another_client_uses_is_released_at_once() {
    for how in [StoreLogoff::Abort, StoreLogoff::Quiet] {
        let house = House::new();
        let (session, other) = (house.logon(), house.logon());
        Goes::Outbound.begin(&house, &session);
        let others = house.open(&other);
        let out = house.open(&session).logoff(how).unwrap();
        assert_eq!(
            out,
            Flags::COMPLETE | Flags::OUTBOUND | Flags::OUTBOUND_QUEUE
        );
        // That was the one; the other is now the only one.
        let busy = others.logoff(how).unwrap_err();
        assert_eq!(busy.hresult(), HResult::MAPI_E_BUSY);
        drop(busy);
        logoff(session);
        logoff(other);
    }
}

// T2
#[test]
fn what_another_client_uses_is_neither_flushed_nor_silenced() {
    for how in [StoreLogoff::Purge, StoreLogoff::Orderly] {
        let house = House::new();
        let shared = LogonRequest::new_session("Outlook").allow_others();
        let caller = house.mapi.logon(&shared).unwrap();
        let other = house.mapi.logon(&LogonRequest::join_shared()).unwrap();
        let used = house.open(&other);
        house.submit(&other, ["Mailbox", "Outbox", "One"]);
        // What else the caller has open makes the store no more its own.
        let archive = house.open_store(&caller, "Archive");
        let outbox = caller.open_entry(&house.id(&["Mailbox", "Outbox"]), OpenEntryFlags::empty());
        house.open(&caller).logoff(how).unwrap();
        drop((archive, outbox));
        assert_eq!(house.outgoing("Mailbox"), ["One"], "{how:?}");
        house.memory.let_time_pass();
        house.memory.let_time_pass();
        assert_eq!(house.outgoing("Mailbox"), [""; 0], "{how:?}");
        drop(used);
    }
}

// T2: who uses a store is another client that has it open, and nobody else.
#[test]
fn a_busy_store_stays_unless_another_client_uses_it() {
    let house = House::new();
    let mailbox = house.id(&["Mailbox"]);
    let session = house.logon();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    house.memory.let_time_pass();
    let quiet = || house.open(&session).logoff(StoreLogoff::Quiet).is_err();

    assert!(quiet(), "nobody");
    let second = house.open(&session);
    assert!(quiet(), "the caller's own second object");
    drop(second);
    let (ended, other) = (raw(&house.memory), raw(&house.memory));
    let kept = raw_store(&ended, &mailbox);
    ended.logoff(UiParam::NONE, 0, 0).unwrap();
    assert!(quiet(), "an object of a session that has ended");
    let logged_off = raw_store(&other, &mailbox);
    assert!(!quiet(), "another client");
    let no_wait = StoreLogoffFlags::NO_WAIT.bits();
    logged_off.store_logoff(no_wait).unwrap();
    assert!(quiet(), "one who has logged it off");
    drop((kept, logged_off));
    assert!(quiet(), "late releases count nobody out twice");
}

// T2: a flush is the transports' work.
#[test]
fn without_transports_a_purge_sends_nothing() {
    let fails = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
        _ => HResult::S_OK,
    };
    let alone = || Profile::new("Outlook").store(store("Mailbox"));
    let own = LogonRequest::new_session("Outlook");
    for (profile, request, left) in [
        (profile(), own, 0),
        (profile(), own.flags(LogonFlags::NO_MAIL), 1),
        (alone(), own, 1),
        (
            alone().transport(Transport::new("SMTP").hook(fails)),
            own,
            1,
        ),
    ] {
        let house = House::with(profile);
        let session = house.mapi.logon(&request).unwrap();
        house.submit(&session, ["Mailbox", "Outbox", "One"]);
        house.open(&session).logoff(StoreLogoff::Purge).unwrap();
        assert_eq!(house.outgoing("Mailbox").len(), left);
    }
}

// T2: who opens the store again sends again.
#[test]
fn an_orderly_logoff_lasts_until_the_store_is_opened_again() {
    let house = House::new();
    let session = house.logon();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    house.open(&session).logoff(StoreLogoff::Orderly).unwrap();
    house.memory.let_time_pass();
    house.memory.let_time_pass();
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    let again = house.open(&session);
    house.memory.let_time_pass();
    house.memory.let_time_pass();
    assert_eq!(house.outgoing("Mailbox"), [""; 0]);
    drop(again);
}

// "Nothing panics"
#[test]
fn any_number_of_messages_can_arrive() {
    let house = House::new();
    let mailbox = house.id(&["Mailbox"]);
    house.memory.let_arrive(&mailbox, usize::MAX);
    house.memory.let_arrive(&mailbox, 1);
    let session = house.logon();
    let quiet = house.open(&session).logoff(StoreLogoff::Quiet);
    assert!(quiet.is_err());
}

// T2: of the default store, which has the default Inbox, what is arriving is received, and nothing more
// until the session opens the store again.
#[test]
fn no_wait_and_purge_disable_the_reception_of_the_default_store() {
    for how in ALL {
        let house = House::with(
            Profile::new("Outlook")
                .store(store("Mailbox").default_store())
                .store(store("Archive"))
                .transport(Transport::new("SMTP")),
        );
        let session = house.logon();
        session.status_table().unwrap();
        let is_arriving = |name: &str| {
            let store = house.open_store(&session, name);
            let flags = store.logoff(StoreLogoff::Quiet);
            flags.is_err_and(|error| error.activity().contains(Flags::INBOUND))
        };
        for (name, is_default) in [("Mailbox", true), ("Archive", false)] {
            let id = house.id(&[name]);
            let logged_off = house.open_store(&session, name).logoff(how);
            assert!(logged_off.is_ok());
            house.memory.let_arrive(&id, 1);
            let ends = matches!(how, StoreLogoff::NoWait | StoreLogoff::Purge);
            assert_eq!(is_arriving(name), !(is_default && ends), "{name}, {how:?}");
            // Opened again, it receives again.
            house.memory.let_arrive(&id, 1);
            assert!(is_arriving(name), "{name}, {how:?}");
            for _ in 0..2 {
                house.memory.let_time_pass();
            }
            assert!(!is_arriving(name));
        }
        // What is arriving already is received.
        if matches!(how, StoreLogoff::NoWait | StoreLogoff::Purge) {
            let id = house.id(&["Mailbox"]);
            let open = house.open(&session);
            house.memory.let_arrive(&id, 1);
            assert!(open.logoff(how).is_ok());
            house.memory.let_time_pass();
            assert!(!is_arriving("Mailbox"));
            // Another session with transports receives.
            let other = house.logon();
            other.status_table().unwrap();
            assert!(house.open(&session).logoff(how).is_ok());
            house.memory.let_arrive(&id, 1);
            assert!(is_arriving("Mailbox"));
            house.memory.let_time_pass();
            // But not where it has opened the store without mail.
            let no_mail = OpenStoreFlags::BEST_ACCESS | OpenStoreFlags::NO_MAIL;
            let silent = other.open_msg_store(&id, no_mail).unwrap();
            assert!(house.open(&session).logoff(how).is_ok());
            house.memory.let_arrive(&id, 1);
            assert!(!is_arriving("Mailbox"));
            drop(silent);
            logoff(other);
        }
        logoff(session);
    }
}

// T2, T4: a flush is the work of transports.
#[test]
fn a_purge_sends_nothing_where_there_is_no_transport() {
    let house = House::with(Profile::new("Outlook").store(store("Mailbox")));
    let session = house.logon();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    assert!(house.open(&session).logoff(StoreLogoff::Purge).is_ok());
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    logoff(session);
}

// T4: its mail waits, also while its providers log off.
#[test]
fn a_session_that_ends_sends_no_more() {
    let world = Arc::<OnceLock<Memory>>::default();
    let seen = Arc::clone(&world);
    let mailbox = store("Mailbox").hook(move |call| {
        if call == ProviderCall::LogOff {
            let memory = seen.get().unwrap();
            (0..2).for_each(|_| memory.let_time_pass());
        }
        HResult::S_OK
    });
    let smtp = Transport::new("SMTP").address_type("SMTP");
    let house = House::with(Profile::new("Outlook").store(mailbox).transport(smtp));
    world.set(house.memory.clone()).unwrap();
    let session = house.logon();
    session.status_table().unwrap();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    logoff(session);
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
}

// M2, T4: a store that is opened with MDB_NO_MAIL alone sends and receives nothing.
#[test]
fn the_spooler_does_not_hear_of_a_store_without_mail() {
    let no_mail = OpenStoreFlags::BEST_ACCESS | OpenStoreFlags::NO_MAIL;
    let house = House::new();
    let session = house.logon();
    let mailbox = house.id(&["Mailbox"]);
    let pass = || {
        for _ in 0..2 {
            house.memory.let_time_pass();
        }
    };
    let store = session.open_msg_store(&mailbox, no_mail).unwrap();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    house.submit(&session, ["Archive", "Outbox", "One"]);
    pass();
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    assert_eq!(house.outgoing("Archive"), [""; 0], "that is another store");
    // Nor does a flush.
    assert!(store.logoff(StoreLogoff::Purge).is_ok());
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    // Opened in another way too, it has mail; and keeps it, as long as it is open so.
    let with_mail = house.open(&session);
    let without = session.open_msg_store(&mailbox, no_mail).unwrap();
    pass();
    assert_eq!(house.outgoing("Mailbox"), [""; 0]);
    drop(without);
    // What was being sent when the store was left waits.
    house.submit(&session, ["Mailbox", "Outbox", "Two"]);
    house.memory.let_time_pass();
    drop(with_mail);
    let store = session.open_msg_store(&mailbox, no_mail).unwrap();
    pass();
    assert_eq!(house.outgoing("Mailbox"), ["Two"]);
    drop(store);
    logoff(session);
    let next = house.logon();
    next.status_table().unwrap();
    pass();
    assert_eq!(house.outgoing("Mailbox"), [""; 0]);
    logoff(next);
}

// M2, T4: it is the store itself that has to be open in another way, in this session; OpenEntry is such a way.
#[test]
fn a_store_has_mail_if_it_is_itself_open_with_mail() {
    type Opens = for<'s> fn(&House, &'s Session<Live, Memory>) -> Option<MsgStore<'s, Memory>>;
    let no_mail = OpenStoreFlags::BEST_ACCESS | OpenStoreFlags::NO_MAIL;
    let cases: [(&str, Opens, bool); 4] = [
        ("nothing", |_, _| None, false),
        (
            "another store",
            |house, session| Some(house.open_store(session, "Archive")),
            false,
        ),
        (
            "the store",
            |house, session| Some(house.open_store(session, "Mailbox")),
            true,
        ),
        (
            "the store, by OpenEntry",
            |house, session| {
                let best = OpenEntryFlags::BEST_ACCESS;
                let entry = session.open_entry(&house.id(&["Mailbox"]), best).unwrap();
                entry.into_msg_store().ok()
            },
            true,
        ),
    ];
    for (what, opens, has_mail) in cases {
        for is_folder_open in [false, true] {
            let house = House::new();
            let session = house.logon();
            let outbox = house.id(&["Mailbox", "Outbox"]);
            let open = || {
                session
                    .open_entry(&outbox, OpenEntryFlags::empty())
                    .unwrap()
            };
            let folder = is_folder_open.then(open);
            let open = opens(&house, &session);
            let mailbox = house.id(&["Mailbox"]);
            let without = session.open_msg_store(&mailbox, no_mail).unwrap();
            house.submit(&session, ["Mailbox", "Outbox", "One"]);
            for _ in 0..2 {
                house.memory.let_time_pass();
            }
            let is_sent = house.outgoing("Mailbox").is_empty();
            assert_eq!(is_sent, has_mail, "{what}, {is_folder_open}");
            drop((without, open, folder));
            logoff(session);
        }
    }
    // And OpenEntry gives a store mail that had none.
    let house = House::new();
    let session = house.logon();
    let mailbox = house.id(&["Mailbox"]);
    let without = session.open_msg_store(&mailbox, no_mail).unwrap();
    let with = session
        .open_entry(&mailbox, OpenEntryFlags::BEST_ACCESS)
        .unwrap();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    for _ in 0..2 {
        house.memory.let_time_pass();
    }
    assert_eq!(house.outgoing("Mailbox"), [""; 0]);
    drop((with, without));
    logoff(session);
}

// T2: a folder that the caller has open makes the store nobody else's.
#[test]
fn a_folder_of_the_callers_does_not_release_a_busy_store() {
    for how in [StoreLogoff::Abort, StoreLogoff::Quiet] {
        let house = House::new();
        let session = house.logon();
        Goes::Outbound.begin(&house, &session);
        let store = house.open(&session);
        let outbox = store
            .open_entry(&house.id(&["Mailbox", "Outbox"]), OpenEntryFlags::empty())
            .unwrap();
        let busy = store.logoff(how).unwrap_err();
        assert_eq!(busy.hresult(), HResult::MAPI_E_BUSY);
        drop((busy, outbox));
        logoff(session);
    }
}

// ---- T3

/// How the store "Mailbox" was logged off from its transports.
type Record = Arc<Mutex<Vec<Flags>>>;

fn recorded() -> (House, Record) {
    let record = Record::default();
    let noted = Arc::clone(&record);
    let mailbox = store("Mailbox").hook(move |call| {
        if let ProviderCall::StoreLogoff(flags) = call {
            noted.lock().unwrap().push(flags);
        }
        HResult::S_OK
    });
    let profile = Profile::new("Outlook").store(mailbox);
    let house = House::with(profile.transport(Transport::new("SMTP")));
    (house, record)
}

// T3
#[test]
fn a_store_that_is_dropped_counts_as_logged_off_with_abort() {
    let (house, record) = recorded();
    let session = house.logon();
    drop(house.open(&session));
    assert_eq!(*record.lock().unwrap(), [Flags::ABORT]);
    for how in ALL {
        record.lock().unwrap().clear();
        house.open(&session).logoff(how).unwrap();
        assert_eq!(*record.lock().unwrap(), [how.flags()]);
    }
    // The flags are of that time only.
    record.lock().unwrap().clear();
    drop(house.open(&session));
    assert_eq!(*record.lock().unwrap(), [Flags::ABORT]);
    logoff(session);
    assert_eq!(record.lock().unwrap().len(), 1, "a logoff tells it nothing");
}

// T3: when the last object is gone, once, with the last flags.
#[test]
fn the_last_object_of_a_store_tells_how_it_was_logged_off() {
    let (house, record) = recorded();
    let session = house.logon();
    let outbox = house.id(&["Mailbox", "Outbox"]);
    let (first, second) = (house.open(&session), house.open(&session));
    let folder = first.open_entry(&outbox, OpenEntryFlags::empty()).unwrap();
    let message = session.open_entry(&house.message("One"), OpenEntryFlags::MODIFY);
    first.logoff(StoreLogoff::NoWait).unwrap();
    second.logoff(StoreLogoff::Orderly).unwrap();
    assert_eq!(folder.info().unwrap().display_name(), "Outbox", "O3");
    drop(folder);
    assert!(record.lock().unwrap().is_empty());
    drop(message);
    assert_eq!(*record.lock().unwrap(), [Flags::ORDERLY]);
    logoff(session);
}

// T3, T2: how a store is logged off that another client uses is nothing to that one.
#[test]
fn the_flags_of_a_store_that_another_client_uses_are_not_told() {
    let (house, record) = recorded();
    let (session, other) = (house.logon(), house.logon());
    let used = house.open(&other);
    house.open(&session).logoff(StoreLogoff::Purge).unwrap();
    logoff(session);
    assert!(record.lock().unwrap().is_empty());
    drop(used);
    assert_eq!(*record.lock().unwrap(), [Flags::ABORT]);
    logoff(other);
}

// T3, O3: a prepared form holds its message until it is shown.
#[test]
fn a_prepared_form_keeps_its_store_open() {
    let (house, record) = recorded();
    let session = house.logon();
    let (store, outbox) = (house.open(&session), house.id(&["Mailbox", "Outbox"]));
    let folder = store.open_entry(&outbox, OpenEntryFlags::empty()).unwrap();
    let message = session.open_entry(&house.message("One"), OpenEntryFlags::MODIFY);
    let message = message.unwrap().into_message().unwrap();
    let form = session.prepare_form(message).unwrap();
    let folder = folder.into_folder().unwrap();
    house.memory.user().answer(Answer::Cancel);
    let shown = form.show_form(
        UiParam::NONE,
        &store,
        &folder,
        ShowFormFlags::empty(),
        &FormMessage::default(),
    );
    assert_eq!(code(shown), HResult::MAPI_E_USER_CANCEL);
    drop(folder);
    drop(store);
    assert_eq!(
        *record.lock().unwrap(),
        [Flags::ABORT],
        "shown, and all released"
    );

    record.lock().unwrap().clear();
    let store = house.open(&session);
    let message = store.open_entry(&house.message("One"), OpenEntryFlags::MODIFY);
    drop(store);
    let form = session.prepare_form(message.unwrap().into_message().unwrap());
    assert!(record.lock().unwrap().is_empty());
    drop(form);
    assert_eq!(*record.lock().unwrap(), [Flags::ABORT]);
    logoff(session);
}

// T3, T2: a logoff that did not happen is not remembered.
#[test]
fn a_logoff_that_left_the_store_open_saves_no_flags() {
    let (house, record) = recorded();
    let session = house.logon();
    Goes::Outbound.begin(&house, &session);
    record.lock().unwrap().clear();
    let busy = house.open(&session).logoff(StoreLogoff::Quiet).unwrap_err();
    drop(busy.into_inner());
    assert_eq!(*record.lock().unwrap(), [Flags::ABORT]);
    logoff(session);
}

// T3, O2: what outlives its session is released, and nobody is told.
#[test]
fn a_store_that_outlives_its_session_tells_nobody() {
    let (house, record) = recorded();
    let session = raw(&house.memory);
    let store = raw_store(&session, &house.id(&["Mailbox"]));
    value(session.logoff(UiParam::NONE, 0, 0)).unwrap();
    drop(store);
    assert!(record.lock().unwrap().is_empty());
}

// ---- T4

// T4
#[test]
fn who_sends_and_logs_off_at_once_leaves_the_message_behind() {
    let house = House::new();
    let session = house.logon();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    // It can be known before the logoff.
    let out = house.open(&session).logoff(StoreLogoff::NoWait).unwrap();
    assert_eq!(out, Flags::COMPLETE | Flags::OUTBOUND_QUEUE);
    logoff(session);
    for _ in 0..3 {
        house.memory.let_time_pass();
    }
    assert_eq!(
        house.outgoing("Mailbox"),
        ["One"],
        "nobody is there to send it"
    );

    let short = house.logon();
    short.status_table().unwrap();
    house.memory.let_time_pass();
    // In process: not long enough.
    logoff(short);
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    house.memory.let_time_pass();
    assert_eq!(house.outgoing("Mailbox"), ["One"]);

    let long = house.logon();
    long.status_table().unwrap();
    for _ in 0..2 {
        house.memory.let_time_pass();
    }
    assert!(house.outgoing("Mailbox").is_empty());
    logoff(long);
}

// T4: what is in process goes back to the head of the queue, however the session ends.
#[test]
fn what_is_in_process_goes_back_to_the_queue_when_its_session_ends() {
    type End = fn(Mapi<Memory>, Session<Live, Memory>);
    let ends: [End; 3] = [
        |_, session| logoff(session),
        |_, session| drop(session),
        |mapi, session| {
            let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
            drop(shutdown.shut_down(mapi).unwrap());
        },
    ];
    for end in ends {
        let house = House::new();
        let mapi = Mapi::initialize(house.memory.clone()).unwrap();
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        Goes::Outbound.begin(&house, &session);
        end(mapi, session);
        assert_eq!(house.outgoing("Mailbox"), ["One", "Two"]);
        let next = house.logon();
        let out = house.open(&next).logoff(StoreLogoff::Quiet).unwrap();
        assert_eq!(
            out,
            Flags::COMPLETE | Flags::OUTBOUND_QUEUE,
            "nothing is active"
        );
        logoff(next);
    }
}

// T4, L11: one without mail submits all the same, and its transports do nothing.
#[test]
fn a_session_without_mail_leaves_its_message_in_the_queue() {
    let house = House::new();
    let request = LogonRequest::new_session("Outlook").flags(LogonFlags::NO_MAIL);
    let session = house.mapi.logon(&request).unwrap();
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    for _ in 0..3 {
        house.memory.let_time_pass();
    }
    let out = house.open(&session).logoff(StoreLogoff::Quiet).unwrap();
    assert_eq!(out, Flags::COMPLETE | Flags::OUTBOUND_QUEUE);
    logoff(session);
}

// T4, L9: no transport, or none that is logged on.
#[test]
fn without_a_transport_nothing_is_sent() {
    let fails = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
        _ => HResult::S_OK,
    };
    for profile in [
        Profile::new("Outlook").store(store("Mailbox")),
        Profile::new("Outlook")
            .store(store("Mailbox"))
            .transport(Transport::new("SMTP").hook(fails)),
    ] {
        let house = House::with(profile);
        let session = house.logon();
        house.submit(&session, ["Mailbox", "Outbox", "One"]);
        for _ in 0..3 {
            house.memory.let_time_pass();
        }
        assert_eq!(house.outgoing("Mailbox"), ["One"]);
        logoff(session);
    }
}

// T4: each session sends what it has begun to; each store has a queue of its own.
#[test]
fn two_sessions_and_two_stores_do_not_mix() {
    let house = House::new();
    let (first, second) = (house.logon(), house.logon());
    house.submit(&first, ["Mailbox", "Outbox", "One"]);
    house.submit(&first, ["Mailbox", "Outbox", "Two"]);
    house.submit(&first, ["Archive", "Outbox", "Three"]);
    // Its transports have not been needed, so the second does nothing.
    house.memory.let_time_pass();
    assert_eq!(house.outgoing("Mailbox"), ["One", "Two"]);
    house.memory.let_time_pass();
    assert_eq!(house.outgoing("Mailbox"), ["Two"]);
    assert!(house.outgoing("Archive").is_empty());

    // "Two" is begun by one of them, and its end gives it to the other.
    second.status_table().unwrap();
    house.memory.let_time_pass();
    let mailbox = house.open(&second).logoff(StoreLogoff::Quiet).unwrap_err();
    assert_eq!(mailbox.activity(), Flags::OUTBOUND);
    drop(mailbox);
    logoff(first);
    assert_eq!(house.outgoing("Mailbox"), ["Two"]);
    house.memory.let_time_pass();
    house.memory.let_time_pass();
    assert!(house.outgoing("Mailbox").is_empty());
    logoff(second);
}

// T4: PURGE and ORDERLY end what this session is sending, and not what another one is.
#[test]
fn what_another_session_is_sending_stays_with_it() {
    for (how, unsent) in [
        (StoreLogoff::Orderly, &["One", "Two"][..]),
        (StoreLogoff::Purge, &["One"]),
    ] {
        let house = House::new();
        let (sender, other) = (house.logon(), house.logon());
        Goes::Outbound.begin(&house, &sender);
        let out = house.open(&other).logoff(how).unwrap();
        assert!(out.contains(Flags::COMPLETE | Flags::OUTBOUND), "{out:?}");
        assert_eq!(house.outgoing("Mailbox"), unsent, "{how:?}");
        house.memory.let_time_pass();
        assert_eq!(house.outgoing("Mailbox"), unsent[1..], "{how:?}");
        logoff(sender);
        logoff(other);
    }
}

// T4, S5: the transports of a shared session work once for all its clients, until the last has left.
#[test]
fn the_clients_of_a_shared_session_send_together() {
    let house = House::new();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let first = house.mapi.logon(&shared).unwrap();
    let second = house.mapi.logon(&LogonRequest::join_shared()).unwrap();
    house.submit(&first, ["Mailbox", "Outbox", "One"]);
    house.submit(&second, ["Mailbox", "Outbox", "Two"]);
    house.memory.let_time_pass();
    assert_eq!(
        house.outgoing("Mailbox"),
        ["One", "Two"],
        "one step, not two"
    );
    // The one that submitted it leaves: the session sends it.
    logoff(first);
    house.memory.let_time_pass();
    assert_eq!(house.outgoing("Mailbox"), ["Two"]);
    house.memory.let_time_pass();
    logoff(second);
    assert_eq!(house.outgoing("Mailbox"), ["Two"]);
}

// P8, T4, T2: the copy of a store has its messages, and nothing that goes on with them.
#[test]
fn a_copied_store_has_nothing_on_its_way_and_is_not_open() {
    let house = House::new();
    let session = house.logon();
    Goes::All.begin(&house, &session);
    let open = house.open(&session);
    house.memory.create_profile(&Profile::new("Copy")).unwrap();
    let services = session.admin_services().unwrap();
    let table = services.msg_service_table().unwrap();
    let row = table
        .rows()
        .iter()
        .find(|it| it.name() == "Mailbox")
        .unwrap();
    let to = house.memory.profiles();
    let to = to.admin_services("Copy").unwrap();
    services.copy_msg_service(row.uid(), &to).unwrap();
    let copied = house.memory.entry_id("Copy", &["Mailbox"]).unwrap();
    assert_eq!(house.memory.outgoing(&copied), []);
    let other = house
        .mapi
        .logon(&LogonRequest::new_session("Copy"))
        .unwrap();
    let store = other
        .open_msg_store(&copied, OpenStoreFlags::BEST_ACCESS)
        .unwrap();
    assert_eq!(store.logoff(StoreLogoff::Quiet).unwrap(), Flags::COMPLETE);
    for subject in ["One", "Two", "Three"] {
        let path = ["Mailbox", "Outbox", subject];
        assert!(house.memory.entry_id("Copy", &path).is_some(), "{subject}");
    }
    logoff(other);
    drop((services, open));
    logoff(session);
}

// ---- SubmitMessage

// T4: what is in the queue, and what has been sent, as OpenEntry sees it.
#[test]
fn a_message_on_its_way_can_only_be_read_and_is_gone_when_it_is_sent() {
    let house = House::new();
    let session = house.logon();
    let store = house.open(&session);
    house.submit(&session, ["Mailbox", "Outbox", "One"]);
    let message = house.message("One");
    let submitted = HResult::MAPI_E_SUBMITTED;
    // In the queue, and then being sent.
    for _ in 0..2 {
        for (flags, expected) in [
            (OpenEntryFlags::empty(), Ok(false)),
            (OpenEntryFlags::BEST_ACCESS, Ok(false)),
            (OpenEntryFlags::MODIFY, Err(submitted)),
        ] {
            for opened in [
                session.open_entry(&message, flags),
                store.open_entry(&message, flags),
            ] {
                let writable = opened.map(|entry| entry.info().unwrap().is_writable());
                assert_eq!(writable.map_err(|error| error.hresult()), expected);
            }
        }
        let late = OpenEntryFlags::MODIFY | OpenEntryFlags::DEFERRED_ERRORS;
        let deferred = session.open_entry(&message, late).unwrap();
        assert_eq!(code(deferred.info()), submitted);
        house.memory.let_time_pass();
    }
    for flags in [OpenEntryFlags::empty(), OpenEntryFlags::MODIFY] {
        let opened = session.open_entry(&message, flags);
        assert_eq!(code(opened), HResult::MAPI_E_NOT_FOUND);
        let opened = store.open_entry(&message, flags);
        assert_eq!(code(opened), HResult::MAPI_E_NOT_FOUND);
    }
    // The next one is not concerned.
    let two = session.open_entry(&house.message("Two"), OpenEntryFlags::MODIFY);
    drop(two.unwrap());
    drop(store);
    logoff(session);
}

// T4: what is refused is handed back, open as before.
#[test]
fn a_message_that_is_not_submitted_is_handed_back() {
    let lacks = store("Archive").lacks(StoreSupportMask::SUBMIT_OK);
    let house = House::with(Profile::new("Outlook").store(store("Mailbox")).store(lacks));
    let session = house.logon();
    let (modify, read) = (OpenEntryFlags::MODIFY, OpenEntryFlags::empty());
    for (name, flags, expected) in [
        ("Mailbox", read, HResult::MAPI_E_NO_ACCESS),
        ("Archive", modify, HResult::MAPI_E_NO_SUPPORT),
    ] {
        let id = house.id(&[name, "Outbox", "One"]);
        let message = session.open_entry(&id, flags).unwrap();
        let refused = message.into_message().unwrap().submit().unwrap_err();
        assert_eq!(refused.hresult(), expected);
        let message = refused.into_inner();
        assert_eq!(message.info().unwrap().display_name(), "One");
        assert!(house.outgoing(name).is_empty());
    }
    // Two have it open; the first one wins.
    let open = || {
        let message = session.open_entry(&house.message("One"), modify);
        message.unwrap().into_message().unwrap()
    };
    let (first, second) = (open(), open());
    first.submit().unwrap();
    let refused = second.submit().unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_SUBMITTED);
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    drop(refused);

    // And when it has been sent meanwhile, it is not there to be sent.
    let house = House::new();
    let other = house.logon();
    let late = other.open_entry(&house.message("One"), modify).unwrap();
    house.submit(&other, ["Mailbox", "Outbox", "One"]);
    for _ in 0..2 {
        house.memory.let_time_pass();
    }
    let refused = late.into_message().unwrap().submit().unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_NOT_FOUND);
    drop(refused);
    logoff(other);
    logoff(session);
}

fn raw_object<S: RawSession>(session: &S, id: &EntryId, flags: OpenEntryFlags) -> S::Object {
    match value(session.open_entry(Some(id.as_bytes()), flags.bits())) {
        Ok(RawEntry::Object(_, object)) => object,
        Ok(RawEntry::MsgStore(_)) => panic!("a store"),
        Err(error) => panic!("{error}"),
    }
}

// T4: the raw call, with its flags, on each kind of object.
#[test]
fn a_raw_submission_checks_its_flags_and_its_object() {
    let book = AddressBook::new("GAL").mail_user("Ann");
    let house = House::with(profile().address_book(book));
    let session = raw(&house.memory);
    let (read, modify) = (OpenEntryFlags::empty(), OpenEntryFlags::MODIFY);
    let one = house.message("One");
    for bit in 1..32 {
        let message = raw_object(&session, &one, modify);
        for flags in [1 << bit, 1 | 1 << bit] {
            let refused = value(message.submit_message(flags)).unwrap_err();
            assert_eq!(refused, HResult::MAPI_E_UNKNOWN_FLAGS, "{flags:#X}");
        }
        value(message.info()).unwrap();
    }
    for path in [&["Mailbox", "Outbox"][..], &["GAL", "Ann"], &["GAL"]] {
        let object = raw_object(&session, &house.id(path), read);
        let refused = value(object.submit_message(0)).unwrap_err();
        assert_eq!(refused, HResult::MAPI_E_NO_SUPPORT, "{path:?}");
    }
    assert!(house.outgoing("Mailbox").is_empty());

    // FORCE_SUBMIT; and then nothing but release.
    let message = raw_object(&session, &one, modify);
    value(message.submit_message(1)).unwrap();
    assert_eq!(house.outgoing("Mailbox"), ["One"]);
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(value(message.info()).unwrap_err(), gone);
    assert_eq!(value(message.submit_message(0)).unwrap_err(), gone);
    assert_eq!(value(session.prepare_form(&message)).unwrap_err(), gone);
}

// M11: a form that is accepted sends its message.
#[test]
fn a_form_submits_its_message_unless_it_posts_it() {
    for (flags, outgoing) in [
        (ShowFormFlags::empty(), &["One"][..]),
        (ShowFormFlags::POST_MESSAGE, &[]),
    ] {
        let house = House::new();
        let session = raw(&house.memory);
        house.memory.user().answer(Answer::Accept);
        let mailbox = raw_store(&session, &house.id(&["Mailbox"]));
        let outbox = house.id(&["Mailbox", "Outbox"]);
        let folder = raw_object(&session, &outbox, OpenEntryFlags::empty());
        let one = house.message("One");
        let message = raw_object(&session, &one, OpenEntryFlags::MODIFY);
        let token = value(session.prepare_form(&message)).unwrap();
        let form = FormMessage::new("IPM.Note");
        let shown = session.show_form(UiParam::NONE, &mailbox, &folder, token, flags.bits(), &form);
        value(shown).unwrap();
        assert_eq!(house.outgoing("Mailbox"), outgoing);
    }
}

// M11, E1: nothing is submitted by a session that has ended while the user looked at the form, nor
// from a store that is logged off.
#[test]
fn a_form_of_what_is_gone_submits_nothing() {
    let house = House::new();
    let gone = HResult::MAPI_E_INVALID_OBJECT;
    for ends_store in [false, true] {
        let session = Arc::new(raw(&house.memory));
        let mailbox = raw_store(&*session, &house.id(&["Mailbox"]));
        let outbox = house.id(&["Mailbox", "Outbox"]);
        let folder = raw_object(&*session, &outbox, OpenEntryFlags::empty());
        let message = raw_object(&*session, &house.message("One"), OpenEntryFlags::MODIFY);
        let token = value(session.prepare_form(&message)).unwrap();
        let ending = Arc::clone(&session);
        if ends_store {
            mailbox.store_logoff(Flags::NO_WAIT.bits()).unwrap();
        } else {
            house.memory.user().answer_with(move |_| {
                ending.logoff(UiParam::NONE, 0, 0).unwrap();
                Answer::Accept
            });
        }
        let form = FormMessage::default();
        let shown = session.show_form(UiParam::NONE, &mailbox, &folder, token, 0, &form);
        assert_eq!(value(shown).unwrap_err(), gone);
        assert_eq!(house.outgoing("Mailbox"), [""; 0]);
    }
}
