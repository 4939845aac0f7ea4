//! The methods of status objects: IMAPIStatus.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::{code, id, letter, logoff, logon, raw_code, raw_logon, value};
use mapi_session::error::MapiError;
use mapi_session::flags::{
    FlushFlags, ResourceMethods, SettingsFlags, StatusCode, StoreLogoffFlags, ValidateFlags,
};
use mapi_session::memory::{
    AddressBook, Answer, Folder, Memory, Profile, ProviderAnswer, ProviderCall, Question, Store,
    Transport,
};
use mapi_session::subsystem::{RawEntry, RawMsgStore, RawObject, RawSession};
use mapi_session::table::StatusRow;
use mapi_session::types::ResourceType;
use mapi_session::{
    Entry, EntryId, HResult, Live, LogonFlags, LogonRequest, Mapi, OpenEntryFlags, Session, Status,
    UiParam,
};

const NONE: UiParam = UiParam::NONE;
const UPLOAD: FlushFlags = FlushFlags::UPLOAD;

/// The calls of providers, each with its provider's name.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<(&'static str, ProviderCall)>>>);

impl Record {
    fn hook(&self, name: &'static str) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> {
        self.answering(name, |_| HResult::S_OK)
    }

    fn answering(
        &self,
        name: &'static str,
        answer: fn(ProviderCall) -> HResult,
    ) -> impl Fn(ProviderCall) -> HResult + Send + Sync + use<> {
        let calls = Arc::clone(&self.0);
        move |call| {
            calls.lock().unwrap().push((name, call));
            answer(call)
        }
    }

    fn take(&self) -> Vec<(&'static str, ProviderCall)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn outbox() -> Store {
    let outbox = Folder::new("Outbox")
        .message(letter("One"))
        .message(letter("Two"));
    Store::new("Mailbox").default_store().folder(outbox)
}

fn memory_of(profile: Profile) -> Memory {
    Memory::builder().profile(profile).build().unwrap()
}

fn row(session: &Session<Live, Memory>, resource: ResourceType, name: Option<&str>) -> StatusRow {
    let table = session.status_table().unwrap();
    let mut rows = table.into_iter();
    let found = rows.find(|row| {
        row.resource_type() == resource && name.is_none_or(|name| row.display_name() == name)
    });
    found.unwrap()
}

fn status<'s>(session: &'s Session<Live, Memory>, resource: ResourceType) -> Status<'s, Memory> {
    session.open_status(&row(session, resource, None)).unwrap()
}

fn submit(session: &Session<Live, Memory>, memory: &Memory, subject: &str) {
    let message = id(memory, &["Mailbox", "Outbox", subject]);
    let message = session
        .open_entry(&message, OpenEntryFlags::MODIFY)
        .unwrap();
    message.into_message().unwrap().submit().unwrap();
}

fn waiting(memory: &Memory) -> usize {
    memory.outgoing(&id(memory, &["Mailbox"])).len()
}

/// Profiles with every kind of status object, and the methods that each is described with.
fn everything() -> Profile {
    Profile::new("Outlook")
        .store(outbox().settings_dialog())
        .address_book(AddressBook::new("GAL").password("old"))
        .transport(Transport::new("SMTP").settings_dialog().password("old"))
        .transport(Transport::new("X400"))
}

// M15, M1, L10: each kind of provider has what it is described with.
#[test]
fn every_kind_of_provider_is_as_it_is_described() {
    macro_rules! described {
        ($kind:ident) => {
            $kind::new(stringify!($kind))
                .settings_dialog()
                .password("old")
                .provider_display("a provider")
                .provider_dll_name("a file")
        };
    }
    let profile = Profile::new("Outlook")
        .store(described!(Store))
        .address_book(described!(AddressBook))
        .transport(described!(Transport))
        .transport(Transport::new("Lacks some").unconfigured());
    let memory = memory_of(profile);
    memory.user().answer_otherwise(|_| Answer::Accept);
    let session = logon(&memory);
    for resource in [
        ResourceType::STORE_PROVIDER,
        ResourceType::ADDRESS_BOOK_PROVIDER,
        ResourceType::TRANSPORT_PROVIDER,
    ] {
        let row = row(&session, resource, None);
        let names = (row.provider_display(), row.provider_dll_name());
        assert_eq!(names, ("a provider", "a file"), "{resource:?}");
        let status = session.open_status(&row).unwrap();
        let methods = ResourceMethods::SETTINGS_DIALOG | ResourceMethods::CHANGE_PASSWORD;
        assert!(row.resource_methods().contains(methods), "{resource:?}");
        status
            .settings_dialog(NONE, SettingsFlags::empty())
            .unwrap();
        status.change_password("old", "new").unwrap();
        let again = status.change_password("old", "new");
        assert!(again.is_err(), "{resource:?}");
    }
    let table = session.status_table().unwrap();
    assert!(
        table
            .rows()
            .iter()
            .all(|row| row.display_name() != "Lacks some")
    );
    logoff(session);
}

// M15: a method works where the row has its bit, and is MAPI_E_NO_SUPPORT where it does not.
#[test]
fn a_status_object_has_the_methods_of_its_row_and_no_others() {
    let memory = memory_of(everything());
    let session = logon(&memory);
    let mut seen = Vec::new();
    for row in session.status_table().unwrap() {
        let status = session.open_status(&row).unwrap();
        memory.user().answer(Answer::Accept);
        let results = [
            (
                ResourceMethods::VALIDATE_STATE,
                code(status.validate_state(NONE, ValidateFlags::empty())),
            ),
            (
                ResourceMethods::SETTINGS_DIALOG,
                code(status.settings_dialog(NONE, SettingsFlags::empty())),
            ),
            (
                ResourceMethods::CHANGE_PASSWORD,
                code(status.change_password("old", "old")),
            ),
            (
                ResourceMethods::FLUSH_QUEUES,
                code(status.flush_queues(NONE, UPLOAD)),
            ),
        ];
        for (method, hresult) in results {
            let expected = match row.resource_methods().contains(method) {
                true => HResult::S_OK,
                false => HResult::MAPI_E_NO_SUPPORT,
            };
            assert_eq!(hresult, expected, "{method:?} of {row:?}");
        }
        seen.push((row.display_name().to_owned(), row.resource_methods().bits()));
    }
    let expected = [
        ("Outlook", 1),
        ("MAPI spooler", 9),
        ("Address book", 1),
        ("GAL", 5),
        ("Mailbox", 3),
        ("SMTP", 15),
        ("X400", 9),
    ];
    assert_eq!(seen, expected.map(|(name, bits)| (name.to_owned(), bits)));
    logoff(session);
}

/// A raw status object.
fn raw_status<S: RawSession>(session: &S, id: &EntryId) -> S::Object {
    match value(session.open_entry(Some(id.as_bytes()), 0)) {
        Ok(RawEntry::Object(_, object)) => object,
        _ => panic!("no status object"),
    }
}

// M15: undefined bits, nulls, and what is no status object; nothing has happened then.
#[test]
fn the_raw_methods_check_their_arguments() {
    let record = Record::default();
    let profile = Profile::new("Outlook").store(outbox()).transport(
        Transport::new("SMTP")
            .settings_dialog()
            .password("old")
            .hook(record.hook("SMTP")),
    );
    let memory = memory_of(profile);
    let session = raw_logon(&memory);
    let rows = value(session.status_table(0)).unwrap();
    let of = |resource| rows.first(resource).unwrap().entry_id().clone();
    let smtp = raw_status(&session, &of(ResourceType::TRANSPORT_PROVIDER));
    let spooler = raw_status(&session, &of(ResourceType::SPOOLER));
    let message = id(&memory, &["Mailbox", "Outbox", "One"]);
    let modify = OpenEntryFlags::MODIFY.bits();
    let RawEntry::Object(_, message) =
        value(session.open_entry(Some(message.as_bytes()), modify)).unwrap()
    else {
        panic!("a store");
    };
    value(message.submit_message(0)).unwrap();
    record.take();

    let bits = |defined: u32| {
        (0..32)
            .map(|bit| 1 << bit)
            .filter(move |bit| bit & defined == 0)
    };
    let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
    for bit in bits(ValidateFlags::all().bits()) {
        assert_eq!(raw_code(smtp.validate_state(NONE, bit)), unknown);
    }
    for bit in bits(SettingsFlags::all().bits()) {
        assert_eq!(raw_code(smtp.settings_dialog(NONE, bit)), unknown);
    }
    for bit in bits(FlushFlags::all().bits()) {
        assert_eq!(raw_code(smtp.flush_queues(NONE, None, bit)), unknown);
    }
    for bit in bits(LogonFlags::UNICODE.bits()) {
        let changed = smtp.change_password(Some("old"), Some("new"), bit);
        assert_eq!(raw_code(changed), unknown);
    }
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    for (old, new) in [(None, Some("new")), (Some("old"), None), (None, None)] {
        assert_eq!(raw_code(smtp.change_password(old, new, 0)), invalid);
    }
    // A transport is told no transport; the spooler, one that is active.
    let upload = UPLOAD.bits();
    let own = of(ResourceType::TRANSPORT_PROVIDER);
    for id in [own.as_bytes(), &[]] {
        assert_eq!(raw_code(smtp.flush_queues(NONE, Some(id), upload)), invalid);
    }
    let spoolers = of(ResourceType::SPOOLER);
    let stores = of(ResourceType::STORE_PROVIDER);
    let mailbox = id(&memory, &["Mailbox"]);
    for (id, expected) in [
        (&[][..], HResult::MAPI_E_INVALID_ENTRYID),
        (&own.as_bytes()[..19], HResult::MAPI_E_INVALID_ENTRYID),
        (&own.as_bytes()[..20], HResult::MAPI_E_UNKNOWN_ENTRYID),
        (spoolers.as_bytes(), HResult::MAPI_E_UNKNOWN_ENTRYID),
        (stores.as_bytes(), HResult::MAPI_E_UNKNOWN_ENTRYID),
        (mailbox.as_bytes(), HResult::MAPI_E_UNKNOWN_ENTRYID),
        (&[7; 24], HResult::MAPI_E_UNKNOWN_ENTRYID),
    ] {
        let flushed = spooler.flush_queues(NONE, Some(id), upload);
        assert_eq!(raw_code(flushed), expected, "{id:?}");
    }
    let no_support = HResult::MAPI_E_NO_SUPPORT;
    let folder = id_of_outbox(&memory);
    let folder = raw_status(&session, &folder);
    assert_eq!(raw_code(folder.validate_state(NONE, 0)), no_support);
    assert_eq!(raw_code(folder.settings_dialog(NONE, 0)), no_support);
    assert_eq!(
        raw_code(folder.change_password(Some(""), Some(""), 0)),
        no_support
    );
    assert_eq!(
        raw_code(folder.flush_queues(NONE, None, upload)),
        no_support
    );

    assert_eq!(record.take(), []);
    assert!(memory.user().dialogs().is_empty());
    assert_eq!(waiting(&memory), 1);
    assert_eq!(
        raw_code(smtp.change_password(Some("old"), Some(""), 0)),
        HResult::S_OK
    );
    assert_eq!(
        raw_code(smtp.change_password(Some(""), Some("old"), 0)),
        HResult::S_OK
    );
}

fn id_of_outbox(memory: &Memory) -> EntryId {
    id(memory, &["Mailbox", "Outbox"])
}

// M15, T4: by the spooler, by the spooler with one transport, by the transport.
#[test]
fn flush_queues_sends_what_waits_and_receives_what_arrives() {
    let upload_and_download = UPLOAD | FlushFlags::DOWNLOAD;
    type Way = fn(&Session<Live, Memory>, FlushFlags);
    let ways: [Way; 3] = [
        |session, flags| {
            status(session, ResourceType::SPOOLER)
                .flush_queues(NONE, flags)
                .unwrap();
        },
        |session, flags| {
            let smtp = row(session, ResourceType::TRANSPORT_PROVIDER, Some("SMTP"));
            let spooler = status(session, ResourceType::SPOOLER);
            spooler
                .flush_queues_of(NONE, smtp.entry_id(), flags)
                .unwrap();
        },
        |session, flags| {
            let smtp = row(session, ResourceType::TRANSPORT_PROVIDER, Some("SMTP"));
            let smtp = session.open_status(&smtp).unwrap();
            smtp.flush_queues(NONE, flags).unwrap();
        },
    ];
    for way in ways {
        for (flags, sends, receives) in [
            (FlushFlags::NO_UI, false, false),
            (UPLOAD | FlushFlags::ASYNC_OK, true, false),
            (FlushFlags::DOWNLOAD | FlushFlags::FORCE, false, true),
            (upload_and_download, true, true),
        ] {
            let memory = memory_of(everything());
            let session = logon(&memory);
            let mailbox = id(&memory, &["Mailbox"]);
            submit(&session, &memory, "One");
            submit(&session, &memory, "Two");
            memory.let_arrive(&mailbox, 3);
            way(&session, flags);
            assert_eq!(waiting(&memory), if sends { 0 } else { 2 }, "{flags:?}");
            // What still arrives, StoreLogoff tells.
            let raw = raw_logon(&memory);
            let store = value(raw.open_msg_store(NONE, Some(mailbox.as_bytes()), 0)).unwrap();
            let how = StoreLogoffFlags::NO_WAIT.bits();
            let activity = StoreLogoffFlags::from(value(store.store_logoff(how)).unwrap());
            let arrives = activity.contains(StoreLogoffFlags::INBOUND);
            assert_eq!(arrives, !receives, "{flags:?}");
            logoff(session);
        }
    }
}

// M15: a transport that fails sends nothing; the spooler goes on with the others.
#[test]
fn a_transport_that_fails_its_flush_sends_nothing() {
    let fails = |call| match call {
        ProviderCall::FlushQueues(_) => HResult::MAPI_E_NETWORK_ERROR,
        _ => HResult::S_OK,
    };
    for others in [false, true] {
        let record = Record::default();
        let mut profile = Profile::new("Outlook")
            .store(outbox())
            .transport(Transport::new("Broken").hook(record.answering("Broken", fails)));
        if others {
            profile = profile.transport(Transport::new("SMTP").hook(record.hook("SMTP")));
        }
        let memory = memory_of(profile);
        let session = logon(&memory);
        submit(&session, &memory, "One");
        let broken = row(&session, ResourceType::TRANSPORT_PROVIDER, Some("Broken"));
        let broken = session.open_status(&broken).unwrap();
        record.take();
        let error = broken.flush_queues(NONE, UPLOAD).unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_NETWORK_ERROR);
        assert!(error.to_string().contains("\"Broken\""), "{error}");
        assert_eq!(waiting(&memory), 1);
        assert_eq!(
            record.take(),
            [("Broken", ProviderCall::FlushQueues(UPLOAD))]
        );

        let raw = raw_logon(&memory);
        let spoolers = row(&session, ResourceType::SPOOLER, None);
        let spooler = raw_status(&raw, spoolers.entry_id());
        let flushed = spooler.flush_queues(NONE, None, UPLOAD.bits()).unwrap();
        assert_eq!(flushed.hresult(), HResult::MAPI_W_ERRORS_RETURNED);
        let reason = flushed.warning().unwrap().reason().unwrap().to_owned();
        assert!(reason.contains("\"Broken\""), "{reason}");
        assert_eq!(waiting(&memory), usize::from(!others));
        drop(broken);
        logoff(session);
    }
}

// M15, T2: StoreLogoff with LOGOFF_ORDERLY has said that nothing more is to be sent.
#[test]
fn a_flush_sends_nothing_of_a_store_that_is_logged_off_in_order() {
    let memory = memory_of(everything());
    let session = logon(&memory);
    submit(&session, &memory, "One");
    submit(&session, &memory, "Two");
    memory.let_time_pass();
    let store = session
        .open_msg_store(&id(&memory, &["Mailbox"]), Default::default())
        .unwrap();
    store
        .logoff(mapi_session::session::store::StoreLogoff::Orderly)
        .unwrap();
    status(&session, ResourceType::SPOOLER)
        .flush_queues(NONE, UPLOAD)
        .unwrap();
    assert_eq!(waiting(&memory), 1);
    logoff(session);
}

// M15, L11: without mail there are no transports, and the spooler's row says STATUS_FAILURE.
#[test]
fn the_spooler_of_a_session_without_mail_fails() {
    let memory = memory_of(everything());
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let request = LogonRequest::new_session("Outlook").flags(LogonFlags::NO_MAIL);
    let session = mapi.logon(&request).unwrap();
    let spoolers = row(&session, ResourceType::SPOOLER, None);
    assert_eq!(spoolers.status_code(), StatusCode::FAILURE);
    let spooler = session.open_status(&spoolers).unwrap();
    let failed = HResult::MAPI_E_LOGON_FAILED;
    let validated = spooler.validate_state(NONE, ValidateFlags::empty());
    assert_eq!(code(validated), failed);
    assert_eq!(code(spooler.flush_queues(NONE, UPLOAD)), failed);
    drop(spooler);
    logoff(session);
}

// M15: the provider's answer is the call's; without a hook it is S_OK.
#[test]
fn validate_state_asks_the_provider() {
    let record = Record::default();
    let busy = |call| match call {
        ProviderCall::ValidateState(flags) if flags.contains(ValidateFlags::REFRESH_HEADERS) => {
            HResult::MAPI_E_BUSY
        }
        _ => HResult::S_OK,
    };
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox"))
        .transport(Transport::new("Remote").hook(record.answering("Remote", busy)));
    let memory = memory_of(profile);
    let session = logon(&memory);
    let remote = status(&session, ResourceType::TRANSPORT_PROVIDER);
    record.take();
    for (flags, expected) in [
        (ValidateFlags::all(), HResult::MAPI_E_BUSY),
        (ValidateFlags::CONNECT, HResult::S_OK),
    ] {
        assert_eq!(code(remote.validate_state(NONE, flags)), expected);
        assert_eq!(
            record.take(),
            [("Remote", ProviderCall::ValidateState(flags))]
        );
    }
    drop(remote);
    logoff(session);
}

// M15: the subsystem asks all providers that are logged on; the spooler logs every transport on.
#[test]
fn the_subsystem_and_the_spooler_ask_their_providers() {
    let record = Record::default();
    let damaged = |call| match call {
        ProviderCall::ValidateState(_) => HResult::MAPI_E_CORRUPT_STORE,
        _ => HResult::S_OK,
    };
    let profile = Profile::new("Outlook")
        .address_book(AddressBook::new("GAL").hook(record.hook("GAL")))
        .store(Store::new("Mailbox").hook(record.answering("Mailbox", damaged)))
        .store(Store::new("Unconfigured").unconfigured())
        .transport(Transport::new("SMTP").hook(record.hook("SMTP")));
    let memory = memory_of(profile);
    let session = raw_logon(&memory);
    let rows = value(session.status_table(0)).unwrap();
    let open = |resource| raw_status(&session, rows.first(resource).unwrap().entry_id());
    record.take();

    let validates = ProviderCall::ValidateState(ValidateFlags::SUPPRESS_UI);
    let flags = ValidateFlags::SUPPRESS_UI.bits();
    let validated = open(ResourceType::SUBSYSTEM).validate_state(NONE, flags);
    let warning = validated.unwrap().into_parts().1.unwrap();
    assert_eq!(warning.hresult(), HResult::MAPI_W_ERRORS_RETURNED);
    assert!(
        warning.reason().unwrap().contains("\"Mailbox\""),
        "{warning}"
    );
    let asked = ["GAL", "Mailbox", "SMTP"].map(|name| (name, validates));
    assert_eq!(record.take(), asked);

    let spooler = open(ResourceType::SPOOLER);
    assert_eq!(raw_code(spooler.validate_state(NONE, flags)), HResult::S_OK);
    let again = [ProviderCall::LogOn, ProviderCall::LogOff];
    assert_eq!(record.take(), again.map(|call| ("SMTP", call)));

    let book = open(ResourceType::ADDRESS_BOOK);
    assert_eq!(raw_code(book.validate_state(NONE, flags)), HResult::S_OK);
    assert_eq!(record.take(), []);
    assert_eq!(raw_code(session.logoff(NONE, 0, 0)), HResult::S_OK);
}

// M15: what is not logged on fails; with CONFIG_CHANGED it is logged on again.
#[test]
fn a_provider_that_is_not_logged_on_is_not_valid() {
    let logons = AtomicUsize::new(0);
    let comes_up_late = move |call| match call {
        ProviderCall::LogOn => match logons.fetch_add(1, Ordering::Relaxed) {
            0 | 1 => HResult::MAPI_E_FAILONEPROVIDER,
            // The user corrects it.
            2 => HResult::MAPI_E_NETWORK_ERROR,
            _ => HResult::S_OK,
        },
        _ => HResult::S_OK,
    };
    let profile = Profile::new("Outlook").store(Store::new("Mailbox").hook(comes_up_late));
    let memory = memory_of(profile);
    let session = logon(&memory);
    let mailbox = status(&session, ResourceType::STORE_PROVIDER);
    let failed = HResult::MAPI_E_LOGON_FAILED;
    let changed = ValidateFlags::CONFIG_CHANGED;
    for flags in [ValidateFlags::empty(), ValidateFlags::SUPPRESS_UI | changed] {
        assert_eq!(
            code(mailbox.validate_state(NONE, flags)),
            failed,
            "{flags:?}"
        );
    }
    assert!(memory.user().dialogs().is_empty());
    memory.user().answer(Answer::Accept);
    let window = UiParam::new(7);
    assert_eq!(code(mailbox.validate_state(window, changed)), HResult::S_OK);
    let dialogs = memory.user().take_dialogs();
    assert_eq!(dialogs.len(), 1);
    assert_eq!(dialogs[0].parent(), window);
    let now = row(&session, ResourceType::STORE_PROVIDER, None);
    assert_eq!(now.status_code(), StatusCode::AVAILABLE);
    drop(mailbox);
    logoff(session);
}

// M15: the user sees the configuration, and may give what the provider lacks.
#[test]
fn settings_dialog_asks_the_user() {
    let window = UiParam::new(7);
    let no_flags = SettingsFlags::empty();
    let cancelled = HResult::MAPI_E_USER_CANCEL;
    let (available, failure) = (StatusCode::AVAILABLE, StatusCode::FAILURE);
    for (flags, answer, expected, then) in [
        (no_flags, Answer::Accept, HResult::S_OK, available),
        (
            SettingsFlags::READ_ONLY,
            Answer::Accept,
            HResult::S_OK,
            failure,
        ),
        (no_flags, Answer::Cancel, cancelled, failure),
        (no_flags, Answer::Pick("Outlook".into()), cancelled, failure),
    ] {
        let mailbox = Store::new("Mailbox").unconfigured().settings_dialog();
        let memory = memory_of(Profile::new("Outlook").store(mailbox));
        let session = logon(&memory);
        let mailbox = status(&session, ResourceType::STORE_PROVIDER);
        memory.user().answer(answer.clone());
        assert_eq!(
            code(mailbox.settings_dialog(window, flags)),
            expected,
            "{answer:?}"
        );
        let dialogs = memory.user().take_dialogs();
        assert_eq!(dialogs.len(), 1);
        assert_eq!(dialogs[0].parent(), window);
        let question = Question::ProviderSettings {
            provider: "Mailbox".into(),
            read_only: flags == SettingsFlags::READ_ONLY,
        };
        assert_eq!(*dialogs[0].question(), question);
        // The next session finds what was given.
        let next = logon(&memory);
        let now = row(&next, ResourceType::STORE_PROVIDER, None);
        assert_eq!(now.status_code(), then, "{answer:?}");
        logoff(next);
        drop(mailbox);
        logoff(session);
    }
}

// M15: the old password has to be known; the new one is that of all sessions that follow.
#[test]
fn a_password_is_changed_by_who_knows_it() {
    let memory = memory_of(everything());
    let session = logon(&memory);
    let gal = status(&session, ResourceType::ADDRESS_BOOK_PROVIDER);
    let error = gal.change_password("Old", "new").unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_NO_ACCESS);
    // No password is ever quoted.
    assert!(!error.to_string().contains("Old"), "{error}");
    gal.change_password("old", "new").unwrap();
    assert_eq!(
        code(gal.change_password("old", "new")),
        HResult::MAPI_E_NO_ACCESS
    );
    let other = logon(&memory);
    let same = status(&other, ResourceType::ADDRESS_BOOK_PROVIDER);
    same.change_password("new", "old").unwrap();
    drop((gal, same));
    logoff(other);
    logoff(session);
}

// M15: a provider may refuse a password, and then it stays.
#[test]
fn a_provider_may_refuse_a_new_password() {
    let said = MapiError::new("too short")
        .with_component("GAL")
        .with_low_level_error(4);
    let says = said.clone();
    let gal = AddressBook::new("GAL")
        .password("old")
        .hook(move |call| match call {
            ProviderCall::ChangePassword => {
                ProviderAnswer::new(HResult::MAPI_E_NO_ACCESS).with_error(says.clone())
            }
            _ => HResult::S_OK.into(),
        });
    let memory = memory_of(Profile::new("Outlook").address_book(gal));
    let session = logon(&memory);
    let gal = status(&session, ResourceType::ADDRESS_BOOK_PROVIDER);
    for _ in 0..2 {
        let no_access = HResult::MAPI_E_NO_ACCESS;
        assert_eq!(code(gal.change_password("old", "")), no_access);
        // M16
        assert_eq!(gal.last_error(no_access).unwrap(), Some(said.clone()));
    }
    drop(gal);
    logoff(session);
}

// M15, O2: a session that ends while a provider is called.
#[test]
fn a_session_that_ends_meanwhile_is_gone() {
    let ends = Arc::new(Mutex::new(
        None::<Arc<<Memory as mapi_session::subsystem::Subsystem>::Session>>,
    ));
    let ending = Arc::clone(&ends);
    let hook = move |call| {
        let is_ours = matches!(
            call,
            ProviderCall::ValidateState(_)
                | ProviderCall::FlushQueues(_)
                | ProviderCall::ChangePassword
        );
        if is_ours {
            let session = ending.lock().unwrap().take();
            session.map(|it| it.logoff(NONE, 0, 0).unwrap());
        }
        HResult::S_OK
    };
    let profile = Profile::new("Outlook")
        .store(outbox())
        .transport(Transport::new("SMTP").password("old").hook(hook));
    let memory = memory_of(profile);
    type Raw = <<Memory as mapi_session::subsystem::Subsystem>::Session as RawSession>::Object;
    type Makes = fn(&Raw) -> HResult;
    let transport: [Makes; 3] = [
        |it| raw_code(it.validate_state(NONE, 0)),
        |it| raw_code(it.flush_queues(NONE, None, UPLOAD.bits())),
        |it| raw_code(it.change_password(Some("old"), Some("new"), 0)),
    ];
    let mapis: [Makes; 2] = [transport[0], transport[1]];
    let cases = transport.map(|makes| (ResourceType::TRANSPORT_PROVIDER, makes));
    let cases = cases
        .into_iter()
        .chain(mapis.map(|makes| (ResourceType::SPOOLER, makes)));
    let cases = cases.chain([(ResourceType::SUBSYSTEM, transport[0])]);
    for (resource, makes) in cases.filter(|(resource, makes)| {
        // The spooler's ValidateState logs on, and asks nothing else.
        *resource != ResourceType::SPOOLER || !std::ptr::fn_addr_eq(*makes, transport[0])
    }) {
        let session = Arc::new(raw_logon(&memory));
        let rows = value(session.status_table(0)).unwrap();
        let status = raw_status(&*session, rows.first(resource).unwrap().entry_id());
        *ends.lock().unwrap() = Some(Arc::clone(&session));
        assert_eq!(
            makes(&status),
            HResult::MAPI_E_INVALID_OBJECT,
            "{resource:?}"
        );
        ends.lock().unwrap().take();
    }
    // Where it ended, the password had not been changed.
    let session = logon(&memory);
    let smtp = status(&session, ResourceType::TRANSPORT_PROVIDER);
    smtp.change_password("old", "new").unwrap();
    drop(smtp);
    logoff(session);
}

// M15: a row of the status table opens its status object, and one that names something else does not.
#[test]
fn a_row_opens_its_status_object() {
    let memory = memory_of(everything());
    let session = logon(&memory);
    let row = row(&session, ResourceType::SPOOLER, None);
    let entry = session
        .open_entry(row.entry_id(), OpenEntryFlags::empty())
        .unwrap();
    assert!(matches!(entry, Entry::Status(_)), "{entry:?}");
    let spooler = entry.into_status().unwrap();
    assert_eq!(format!("{spooler:?}").split('(').next(), Some("Status"));
    assert_eq!(spooler.info().unwrap().display_name(), "MAPI spooler");
    drop(spooler);
    let folder = StatusRow::new(id_of_outbox(&memory), "Outbox", ResourceType::SPOOLER);
    let error = session.open_status(&folder).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_INTERFACE_NOT_SUPPORTED);
    logoff(session);
}
