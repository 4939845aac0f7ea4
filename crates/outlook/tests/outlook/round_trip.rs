//! Memory, served as COM and adopted back by `Outlook`, answers as Memory does.

use std::fmt::Debug;
use std::ptr::null_mut;
use std::sync::mpsc::{self, Receiver};

use mapi_session::error::MapiError;
use mapi_session::memory::{
    AddressBook, Answer, Folder, Memory, Profile, Service, Store, Transport,
};
use mapi_session::notification::{
    Connection, CriticalError, ExtendedEvent, NewMail, ObjectEvent, ObjectEventKind, StatusEvent,
    TableEvent, TableEventKind,
};
use mapi_session::property::{FileTime, PropTag, PropType, Property, PropertyValue};
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProfAdmin, RawProp, RawProviderAdmin, RawResult,
    RawServiceAdmin, RawSession, RawTable, Subsystem,
};
use mapi_session::types::{FormMessage, FormToken, ObjectType};
use mapi_session::{EntryId, HResult, LogonFlags, MapiUid, Notification, OpenStoreFlags, UiParam};
use mapi_session_outlook::outlook_mapi::{PropValueData, RowSet, sys};
use mapi_session_outlook::{Outlook, serve, serve_profile_admin};

use windows_core::{HRESULT, Interface};

use crate::fake;

const UNICODE: u32 = LogonFlags::UNICODE.bits();
const NEW: u32 = LogonFlags::EXTENDED.bits() | LogonFlags::NEW_SESSION.bits() | UNICODE;
const SHARED: u32 = NEW | LogonFlags::ALLOW_OTHERS.bits();

fn memory() -> Memory {
    let inbox = Folder::new("Inbox")
        .message("Größe 🦀")
        .message("second")
        .folder(Folder::new("Deeper"));
    let profile = Profile::new("Outlook")
        .default_profile()
        .address_book(
            AddressBook::new("Contoso")
                .settings_dialog()
                .password("Größe")
                .mail_user("Bob")
                .primary_identity("Ann Lee"),
        )
        .store(Store::new("Mailbox").default_store().folder(inbox))
        .store(
            Store::new("Archive")
                .read_only()
                .offline()
                .identity("Bo Berg")
                .identity_address("SMTP", "bo@example.com")
                .resource_path("C:\\mail"),
        )
        .transport(Transport::new("SMTP transport").address_type("SMTP"))
        .service(Service::new("Exchange").store(Store::new("Public").silent()));
    Memory::builder()
        .profile(profile)
        .installed_service(Service::new("Notes").store(Store::new("Pages").unconfigured()))
        .default_service("Notes")
        .build()
        .unwrap()
}

/// What each call of the script answered. Reasons do not cross COM; all else does.
#[derive(Default)]
pub struct Answers(pub Vec<String>);

impl Answers {
    pub fn add<T: Debug>(&mut self, what: &str, result: RawResult<T>) -> Option<T> {
        self.keep(what, result, |value| format!("{value:?}"))
    }

    /// Of what has no `Debug` that means anything.
    pub fn opened<T>(&mut self, what: &str, result: RawResult<T>) -> Option<T> {
        self.keep(what, result, |_| String::new())
    }

    fn keep<T>(
        &mut self,
        what: &str,
        result: RawResult<T>,
        show: impl Fn(&T) -> String,
    ) -> Option<T> {
        let (hresult, value) = match result {
            Ok(success) => (success.hresult(), Some(success.ignore_warning())),
            Err(failure) => (failure.hresult(), None),
        };
        let shown = value.as_ref().map(show).unwrap_or_default();
        self.0.push(format!("{what}: {hresult} {shown}"));
        value
    }

    pub fn events(&mut self, what: &str, events: &Receiver<Notification>) {
        let events: Vec<_> = events.try_iter().collect();
        self.0.push(format!("{what}: {events:?}"));
    }
}

fn queries(answers: &mut Answers, session: &impl RawSession) -> Vec<EntryId> {
    let mut ids = Vec::new();
    for flags in [0, UNICODE, 1] {
        let stores = answers.add("stores", session.msg_stores_table(flags));
        let rows = answers.add("status", session.status_table(flags));
        if flags == UNICODE {
            ids.extend(stores.iter().flatten().map(|row| row.entry_id().clone()));
            ids.extend(rows.into_iter().flatten().map(|row| row.entry_id().clone()));
        }
        answers.add("address types", session.enum_adr_types(flags));
        answers.add("options", session.query_default_message_opt("SMTP", flags));
        let no_access = HResult::MAPI_E_NO_ACCESS;
        answers.add("last error", session.last_error(no_access, flags));
    }
    ids.extend(answers.add("identity", session.query_identity()));
    ids
}

fn status_methods(answers: &mut Answers, object: &impl RawObject) {
    let none = UiParam::NONE;
    for flags in [0, 2, UNICODE, 0x10_0001] {
        answers.add("validate", object.validate_state(none, flags));
        answers.add("settings", object.settings_dialog(none, flags));
        for old in [None, Some(""), Some("Größe")] {
            let changed = object.change_password(old, Some("neu"), flags);
            answers.add("password", changed);
        }
        for transport in [None, Some(&[][..]), Some(&[9; 40])] {
            answers.add("flush", object.flush_queues(none, transport, flags));
        }
        for hresult in [HResult::MAPI_E_NO_SUPPORT, HResult::MAPI_E_UNKNOWN_ENTRYID] {
            answers.add("object's last error", object.last_error(hresult, flags));
        }
    }
}

/// N11, N12: what has an Advise of its own.
fn advise_sources(answers: &mut Answers, session: &impl RawSession, store: &EntryId) {
    let (sink, events) = mpsc::channel();
    let (stores, statuses) = (
        answers.opened("open stores", session.open_msg_stores_table(UNICODE)),
        answers.opened("open statuses", session.open_status_table(UNICODE)),
    );
    let (stores, statuses) = (stores.unwrap(), statuses.unwrap());
    answers.opened("open stores", session.open_msg_stores_table(1));
    for mask in [0, 2, 0x400] {
        answers.opened("advise stores", stores.advise(mask, sink.clone()));
    }
    let of_stores = answers.opened("advise stores", stores.advise(0x100, sink.clone()));
    let of_statuses = answers.opened("advise statuses", statuses.advise(0x100, sink.clone()));
    for default in [None, Some(store.as_bytes())] {
        answers.add("set default", session.set_default_store(1, default));
        answers.events("told", &events);
        answers.add("stores", stores.rows());
        answers.add("statuses", statuses.rows());
    }
    for _ in 0..2 {
        answers.add("unadvise stores", stores.unadvise(of_stores.unwrap()));
    }
    answers.add("unadvise statuses", statuses.unadvise(of_statuses.unwrap()));
    answers.add("set default", session.set_default_store(1, None));
    answers.add(
        "set default",
        session.set_default_store(1, Some(store.as_bytes())),
    );
    answers.events("told", &events);

    let none = UiParam::NONE;
    let opened = session.open_msg_store(none, Some(store.as_bytes()), 0);
    let opened = answers.opened("open store", opened).unwrap();
    let book = answers.opened("open book", session.open_address_book(none, 0));
    let book = book.unwrap();
    for id in [None, Some(store.as_bytes()), Some(&[1; 20][..])] {
        let of_store = answers.opened("advise store", opened.advise(id, 4, sink.clone()));
        let of_book = answers.opened("advise book", book.advise(id, 4, sink.clone()));
        for _ in 0..2 {
            let of_store = of_store.map(|it| opened.unadvise(it));
            of_store.map(|it| answers.add("unadvise store", it));
            let of_book = of_book.map(|it| book.unadvise(it));
            of_book.map(|it| answers.add("unadvise book", it));
        }
    }
}

fn entries<S: RawSession>(answers: &mut Answers, session: &S, ids: &[EntryId]) {
    let short = [1; 5];
    let unknown = [9; 40];
    let wrong: [Option<&[u8]>; 4] = [None, Some(&[]), Some(&short), Some(&unknown)];
    let known = ids.iter().map(|id| Some(id.as_bytes()));
    for id in wrong.into_iter().chain(known) {
        for flags in [0, 1, 0x10, 0x8000_0000] {
            match answers.opened("open entry", session.open_entry(id, flags)) {
                Some(RawEntry::MsgStore(store)) => {
                    answers.add("store", store.info());
                }
                Some(RawEntry::Object(kind, object)) => {
                    answers.add("kind", Ok(kind.into()));
                    answers.add("object", object.info());
                    props(answers, &object);
                    answers.add("submit", object.submit_message(0));
                    if kind == ObjectType::STATUS {
                        status_methods(answers, &object);
                    }
                }
                None => {}
            }
        }
        for flags in [0, 1, 4, 0x10, 0x8, 0x4000_0000] {
            let store = session.open_msg_store(UiParam::NONE, id, flags);
            if let Some(store) = answers.opened("open store", store) {
                answers.add("store", store.info());
                answers.add("mask", store.support_mask());
                props(answers, &store);
            }
        }
        for other in [None, ids.first().map(EntryId::as_bytes)] {
            for flags in [0, 1] {
                answers.add("compare", session.compare_entry_ids(id, other, flags));
            }
        }
        for flags in 0..7 {
            answers.add("set default store", session.set_default_store(flags, id));
        }
        answers.opened("advise", session.advise(id, 0x2, |_: &Notification| {}));
    }
}

fn store<S: RawSession>(
    answers: &mut Answers,
    session: &S,
    id: &EntryId,
    [inbox, message]: [&EntryId; 2],
) {
    let store = session.open_msg_store(UiParam::NONE, Some(id.as_bytes()), 0x10);
    let Some(store) = answers.opened("open", store) else {
        return;
    };
    // Null and no bytes are the root folder.
    let ids = [
        None,
        Some(&[][..]),
        Some(inbox.as_bytes()),
        Some(message.as_bytes()),
    ];
    for id in ids {
        for flags in [0, 1, 0x8, 0x4000_0000] {
            let opened = store.open_entry(id, flags);
            let Some((kind, object)) = answers.opened("open in store", opened) else {
                continue;
            };
            answers.add("kind", Ok(kind.into()));
            answers.add("object", object.info());
            props(answers, &object);
            let token = answers.add("prepare", session.prepare_form(&object));
            let folder = store.open_entry(Some(inbox.as_bytes()), 0);
            let folder = answers.opened("folder", folder).unwrap().1;
            let form = FormMessage::new("IPM.Note");
            for token in [Some(FormToken::new(77)), token, token]
                .into_iter()
                .flatten()
            {
                let shown = session.show_form(UiParam::NONE, &store, &folder, token, 0, &form);
                answers.add("show", shown);
            }
            answers.add(
                "options",
                session.message_options(UiParam::NONE, 0, "SMTP", &object),
            );
            answers.add("submit", object.submit_message(0));
            answers.add("after", object.info());
            props(answers, &object);
        }
    }
    for flags in [0, 3, 0x10, 1, 2] {
        answers.add("store logoff", store.store_logoff(flags));
    }
    answers.add("gone", store.info());
}

/// A property of each type, and empty ones.
fn one_of_each_type() -> Vec<Property> {
    use PropertyValue as V;
    let bytes: Box<[u8]> = Box::new([0, 1, 255]);
    let uid = MapiUid::new(*b"0123456789abcdef");
    let (text, texts) = ("Gr\u{F6}\u{DF}e \u{1F980}", ["one", "", "zw\u{F6}lf"]);
    let (time, late) = (
        FileTime::new(u64::MAX),
        FileTime::new(0x0123_4567_89AB_CDEF),
    );
    let values = [
        (0x01, V::Null),
        (0x02, V::I2(-2)),
        (0x03, V::Long(-7)),
        (0x04, V::R4(0.5)),
        (0x05, V::Double(-0.25)),
        (0x06, V::Currency(-12_345)),
        (0x07, V::AppTime(45_000.5)),
        (0x0A, V::Error(HResult::MAPI_E_NOT_FOUND)),
        (0x0B, V::Boolean(true)),
        (0x0D, V::Object),
        (0x14, V::I8(i64::MIN)),
        (0x1E, V::String("ANSI".into())),
        (0x1F, V::String(text.into())),
        (0x40, V::SysTime(late)),
        (0x48, V::Clsid(uid)),
        (0x102, V::Binary(bytes.clone())),
        (0x102, V::Binary(Box::default())),
        (0x1002, V::MvI2(vec![1, -2])),
        (0x1003, V::MvLong(vec![3, -4, 5])),
        (0x1004, V::MvR4(vec![0.5])),
        (0x1005, V::MvDouble(vec![0.25, -0.125])),
        (0x1006, V::MvCurrency(vec![6, -7])),
        (0x1007, V::MvAppTime(vec![8.5])),
        (0x1014, V::MvI8(vec![i64::MAX, -1])),
        (0x101E, V::MvString(vec!["ANSI".into(), String::new()])),
        (0x101F, V::MvString(texts.map(Into::into).into())),
        (0x1040, V::MvSysTime(vec![time, late])),
        (0x1048, V::MvClsid(vec![uid, MapiUid::default()])),
        (0x1102, V::MvBinary(vec![bytes, Box::default()])),
        (0x1003, V::MvLong(vec![])),
        (0x101F, V::MvString(vec![])),
    ];
    let values = values.into_iter().zip(0x6601..);
    let property = |((kind, value), id): (_, u32)| Property {
        tag: PropTag::new(id << 16 | kind),
        value,
    };
    values.map(property).collect()
}

/// R1 and R2
fn props(answers: &mut Answers, object: &impl RawProp) {
    let wrong = PropTag::of(0x6601, PropType::OBJECT);
    let wrong = [Property::new(wrong, PropertyValue::Object)];
    let some = [
        Property::new(PropTag::new(0x67F0_001F), "secure"),
        Property::new(PropTag::new(0x8001_001F), "named"),
        Property::new(PropTag::new(0x6605_001E), "of another type"),
    ];
    for props in [&wrong[..], &one_of_each_type(), &some, &[]] {
        answers.add("set", object.set_props(props));
        for flags in [0, UNICODE, 1] {
            if flags != 0 {
                // Not every text has ANSI.
                answers.add("props", object.props(None, flags));
            }
            answers.add("list", object.prop_list(flags));
            let tags = [
                0x6601_0000,
                0x6600_001F,
                0x67F0_001F,
                0x6605_0003,
                0x660D_0000,
                0x3001_0000,
                0x3001_001E,
                0x0FFF_0102,
            ];
            let tags = tags.map(PropTag::new);
            answers.add("some props", object.props(Some(&tags), flags));
            answers.add("no tags", object.props(Some(&[]), flags));
        }
    }
    let tags = [0x6601_0000, 0x67F0_001F, 0x6605_0003, 0x8001_001F].map(PropTag::new);
    answers.add("delete", object.delete_props(&tags));
    answers.add("delete", object.delete_props(&[]));
    answers.add("props", object.props(None, UNICODE));
    for flags in [0, 2, 0x10] {
        answers.add("save", object.save_changes(flags));
    }
    let no_access = HResult::MAPI_E_NO_ACCESS;
    answers.add("last error", object.last_error(no_access, UNICODE));
}

fn sections_and_services<S: RawSession>(answers: &mut Answers, session: &S) {
    let uid = MapiUid::new([0x5E; 16]);
    for flags in [0, 0x4000_0000, 1] {
        let section = session.open_profile_section(uid, flags);
        let Some(section) = answers.opened("section", section) else {
            continue;
        };
        props(answers, &section);
    }
    for flags in [1, 0] {
        let Some(admin) = answers.opened("admin", session.admin_services(flags)) else {
            continue;
        };
        for flags in [0, UNICODE, 2] {
            answers.add("services", admin.msg_service_table(flags));
            answers.add(
                "create",
                admin.create_msg_service("Nobody", "Näme", UiParam::NONE, flags),
            );
        }
        let services = admin.msg_service_table(UNICODE).unwrap().ignore_warning();
        let known = services.rows().first().map(|row| row.uid());
        for uid in [known, None, Some(MapiUid::new([3; 16]))] {
            answers.add("primary", admin.set_primary_identity(uid, 0));
            answers.add("primary", admin.set_primary_identity(uid, 1));
        }
        answers.add("delete", admin.delete_msg_service(MapiUid::new([3; 16])));
        answers.add(
            "delete",
            admin.delete_msg_service(known.unwrap_or_default()),
        );
    }
    for flags in [0, 1, 2] {
        let book = session.open_address_book(UiParam::NONE, flags);
        if let Some(book) = answers.opened("address book", book) {
            answers.add("address book", book.info());
            answers.add("submit", book.submit_message(0));
        }
    }
}

/// The administration of profiles, without a session.
fn administration<B: Subsystem>(answers: &mut Answers, subsystem: &B) {
    let none = UiParam::NONE;
    let uid = MapiUid::new([3; 16]);
    answers.opened("profiles", subsystem.admin_profiles(1));
    let profiles = answers.opened("profiles", subsystem.admin_profiles(0));
    let profiles = profiles.unwrap();
    for flags in [0, 1, 4, 8, UNICODE, 0x40] {
        answers.add("table", profiles.profile_table(flags));
        answers.add("create", profiles.create_profile("New", None, none, flags));
        answers.add(
            "create",
            profiles.create_profile("P", Some("p"), none, flags),
        );
        answers.add(
            "copy",
            profiles.copy_profile("New", None, "Copy", none, flags),
        );
        answers.add(
            "rename",
            profiles.rename_profile("Copy", None, "C", none, flags),
        );
        answers.add("default", profiles.set_default_profile(Some("C"), flags));
        answers.add("default", profiles.set_default_profile(None, flags));
        let changed = profiles.change_profile_password("New", None, Some("p"), flags);
        answers.add("password", changed);
        for name in ["New", "C", "Nobody"] {
            answers.add("delete", profiles.delete_profile(name, flags));
        }
        let nobody = profiles.admin_services("Nobody", None, none, flags);
        answers.opened("services", nobody);
        for hresult in [HResult::MAPI_E_LOGON_FAILED, HResult::MAPI_E_NO_ACCESS] {
            answers.add("last error", profiles.last_error(hresult, flags));
        }
    }
    answers.add(
        "default",
        profiles.set_default_profile(Some("Outlook"), UNICODE),
    );
    let services = profiles.admin_services("Outlook", None, none, UNICODE);
    let services = answers.opened("services", services).unwrap();
    let secure = PropTag::new(0x67F0_001F);
    let props = [Property::new(secure, "Größe")];
    for flags in [0, 2, 8, 0x10, 0x80, UNICODE] {
        let created = services.create_msg_service_ex("Notes", "Näme", none, flags);
        let created = answers.add("create", created).unwrap_or(uid);
        let configured = services.configure_msg_service(created, none, flags, &[]);
        answers.add("configure", configured);
        let configured = services.configure_msg_service(created, none, flags, &props);
        answers.add("configure", configured);
        let copied = services.copy_msg_service(created, &services, none, flags);
        answers.add("copy", copied);
        answers.add(
            "rename",
            services.rename_msg_service(created, flags, "Näme"),
        );
        answers.add("services", services.msg_service_table(flags));
        answers.add("providers", services.provider_table(flags));
        let opened = services.admin_providers(created, flags);
        let Some(providers) = answers.opened("providers", opened) else {
            continue;
        };
        for flags in [0, 8, UNICODE, 1] {
            for name in ["Pages", "Nobody's"] {
                let added = providers.create_provider(name, &props, none, flags);
                let added = answers.add("create", added).unwrap_or(uid);
                answers.add("table", providers.provider_table(flags));
                for flags in [0, 0x4, 0x5] {
                    let section = providers.open_profile_section(added, flags);
                    if let Some(section) = answers.opened("section", section) {
                        answers.add("props", section.props(None, UNICODE));
                        answers.add("props", section.props(Some(&[secure]), UNICODE));
                    }
                }
                answers.add("delete", providers.delete_provider(added));
            }
            let not_found = HResult::MAPI_E_NOT_FOUND;
            answers.add("last error", providers.last_error(not_found, flags));
        }
        answers.add("delete", services.delete_msg_service(created));
    }
    for uids in [&[][..], &[uid], &[uid, uid]] {
        answers.add("order", services.msg_service_transport_order(uids, 0));
    }
    let section = services.open_profile_section(uid, 1);
    let section = answers.opened("section", section).unwrap();
    answers.add("set", section.set_props(&props));
}

/// All that can be asked below the typed session, rightly and wrongly.
fn script<B: Subsystem>(subsystem: &B, memory: &Memory) -> Vec<String> {
    let mut answers = Answers::default();
    let of = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    let inbox = of(&["Mailbox", "Inbox"]);
    let message = of(&["Mailbox", "Inbox", "Größe 🦀"]);
    let logon = |name, flags| subsystem.logon_ex(UiParam::NONE, name, None, flags);
    // I1, I3
    answers.opened("early", logon(Some("Outlook"), NEW));
    answers.add("initialize", subsystem.initialize(1, 0));
    answers.add("initialize", subsystem.initialize(0, 0x4000));
    answers.add("initialize", subsystem.initialize(0, 0));
    // L1, L2, L5, L7, L12
    for (name, flags) in [
        (Some("Nobody"), NEW),
        (Some(""), NEW),
        (None, NEW),
        (None, NEW | 0x40),
        (Some("Outlook"), NEW | 0x4000_0000),
        (Some("Outlook"), NEW | 0x1_0000),
        (Some("Outlook"), NEW | 0x2_0001),
        (Some("Outlook"), 0x22),
        (Some("Outlook"), 0x20),
    ] {
        answers.opened("logon", logon(name, flags));
    }
    let password = subsystem.logon_ex(UiParam::NONE, Some("Outlook"), Some("p"), NEW);
    answers.opened("password", password);
    administration(&mut answers, subsystem);

    let session = answers
        .opened("logon", logon(Some("Outlook"), SHARED))
        .unwrap();
    let (sender, events) = mpsc::channel();
    let registered = answers
        .opened("advise", session.advise(None, 0x8000_0000, sender.clone()))
        .unwrap();
    answers.opened("advise", session.advise(None, 0x0100_0000, sender));
    let ids = queries(&mut answers, &session);
    advise_sources(&mut answers, &session, &ids[0]);
    entries(&mut answers, &session, &ids);
    sections_and_services(&mut answers, &session);
    store(&mut answers, &session, &ids[0], [&inbox, &message]);
    answers.events("told", &events);

    // N2, N3
    let other = answers.opened("join", logon(None, 0x20)).unwrap();
    answers.add("logoff", other.logoff(UiParam::NONE, 1, 0));
    answers.events("told", &events);
    // N8: each kind of event, from a provider
    for event in every_event() {
        memory.notify(None, event);
    }
    answers.events("told", &events);
    answers.add("unadvise", session.unadvise(registered));
    answers.add("unadvise", session.unadvise(registered));
    answers.add("unadvise", session.unadvise(Connection::new(0)));

    // F1
    answers.add("notify", session.notify_process_shutdown());
    answers.add("shut down", session.do_fast_shutdown());
    answers.add("query", session.query_fast_shutdown());
    answers.add("notify", session.notify_process_shutdown());

    // E6, E7
    answers.add("logoff", session.logoff(UiParam::NONE, 0x8, 0));
    answers.add("logoff", session.logoff(UiParam::NONE, 0, 1));
    memory.user().answer(Answer::Cancel);
    answers.add("logoff", session.logoff(UiParam::new(7), 2, 0));
    answers
        .0
        .push(format!("{:?}", memory.user().take_dialogs()));
    // O2
    let id = Some(ids[0].as_bytes());
    let store = session
        .open_msg_store(UiParam::NONE, id, 0)
        .unwrap()
        .ignore_warning();
    let book = session
        .open_address_book(UiParam::NONE, 0)
        .unwrap()
        .ignore_warning();
    let admin = session.admin_services(0).unwrap().ignore_warning();
    answers.add("logoff", session.logoff(UiParam::NONE, 0, 0));
    answers.add("logoff", session.logoff(UiParam::NONE, 0, 0));
    answers.add("store", store.info());
    answers.add("store", store.store_logoff(1));
    answers.add("book", book.info());
    answers.add("services", admin.msg_service_table(UNICODE));
    queries(&mut answers, &session);
    entries(&mut answers, &session, &ids[..1]);
    drop(session);
    answers.add("store", store.info());
    drop((store, book, admin));
    answers
        .0
        .push(format!("{} sessions", memory.open_sessions()));
    subsystem.uninitialize();
    answers.add("late", other.query_identity());
    answers.add("late", other.logoff(UiParam::NONE, 0, 0));
    drop(other);
    answers.opened("late", logon(Some("Outlook"), NEW));
    answers.0
}

fn every_event() -> Vec<Notification> {
    let id = |byte| EntryId::new([byte; 24]);
    let row = vec![
        Property::new(PropTag::ROWID, 5),
        Property::new(PropTag::DISPLAY_NAME, "Näme"),
    ];
    let mut events = vec![
        Notification::CriticalError(
            CriticalError::new(HResult::MAPI_E_NETWORK_ERROR)
                .with_entry_id(Some(id(1)))
                .with_error(Some(
                    MapiError::new("Weg 🦀")
                        .with_component("C")
                        .with_low_level_error(1)
                        .with_context(2),
                )),
        ),
        Notification::CriticalError(CriticalError::new(HResult::MAPI_E_END_OF_SESSION)),
        Notification::NewMail(NewMail::new(id(1), id(2), "IPM.Note").with_message_flags(3)),
        Notification::Table(
            TableEvent::new(TableEventKind::ROW_DELETED)
                .with_index(Some([1, 2].into()))
                .with_row(row.clone()),
        ),
        Notification::Status(StatusEvent::new(id(3), row)),
        Notification::Extended(ExtendedEvent::new(9, [1, 0, 2])),
        Notification::Indexing(ExtendedEvent::new(10, [1, 0, 2])),
    ];
    for kind in [
        ObjectEventKind::Created,
        ObjectEventKind::Deleted,
        ObjectEventKind::Modified,
        ObjectEventKind::Moved,
        ObjectEventKind::Copied,
        ObjectEventKind::SearchComplete,
    ] {
        events.push(Notification::Object(
            ObjectEvent::new(kind, id(1), ObjectType::MESSAGE)
                .with_parent_id(Some(id(2)))
                .with_old_id(Some(id(3)))
                .with_property_tags(vec![sys::PR_ENTRYID]),
        ));
    }
    events
}

/// Panics with the lines that differ.
pub fn assert_same(expected: &[String], answers: &[String]) {
    let differ: Vec<_> = expected
        .iter()
        .zip(answers)
        .enumerate()
        .filter(|(_, (expected, answer))| expected != answer)
        .map(|(line, (expected, answer))| format!("{line}\n  {expected}\n  {answer}"))
        .collect();
    assert!(
        differ.is_empty(),
        "{} of {}:\n{}",
        differ.len(),
        expected.len(),
        differ.join("\n")
    );
    assert_eq!(answers.len(), expected.len());
}

#[test]
fn what_is_served_and_adopted_back_answers_as_it_is() {
    let direct = memory();
    let expected = script(&direct, &direct);

    fake::load();
    let behind = memory();
    fake::runs_over(behind.clone());
    let answers = script(&Outlook::new(), &behind);
    assert_same(&expected, &answers);
    let succeeded = expected.iter().filter(|it| it.contains(": S_OK")).count();
    assert!(succeeded > 150, "{succeeded}");
    assert!(expected.len() > 500, "{}", expected.len());
    assert_eq!(fake::outstanding(), 0);
}

fn raw(memory: &Memory) -> sys::IMAPISession {
    memory.initialize(0, 0).unwrap();
    let session = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, NEW);
    serve(session.unwrap().ignore_warning()).unwrap()
}

/// Code that is written straight over `outlook_mapi::sys`, against Memory.
#[test]
fn a_com_caller_uses_memory() {
    fake::load();
    let memory = memory();
    let session = raw(&memory);
    // SAFETY: as IMAPISession and IMAPITable declare it.
    unsafe {
        let table = session.GetMsgStoresTable(UNICODE).unwrap();
        let mut count = 0;
        table.GetRowCount(0, &mut count).unwrap();
        assert_eq!(count, 3);
        let mut rows = RowSet::default();
        table
            .SeekRow(sys::BOOKMARK_BEGINNING as usize, 1, &mut 0)
            .unwrap();
        table.QueryRows(1, 0, rows.as_mut_ptr()).unwrap();
        let names: Vec<_> = rows
            .into_iter()
            .flat_map(|row| {
                let names = row.iter().filter_map(|value| match value.value {
                    PropValueData::Unicode(text) if value.tag.0 == sys::PR_DISPLAY_NAME_W => {
                        Some(String::from_utf16(&text).unwrap())
                    }
                    _ => None,
                });
                names.collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(names, ["Archive\0"]);

        // E6
        let refused = session.Logoff(0, 0x8, 0).unwrap_err();
        assert_eq!(
            HResult::from(refused.code().0),
            HResult::MAPI_E_UNKNOWN_FLAGS
        );
        let refused = session.Logoff(0, 0, 1).unwrap_err();
        assert_eq!(
            HResult::from(refused.code().0),
            HResult::MAPI_E_INVALID_PARAMETER
        );
        session.GetStatusTable(UNICODE).unwrap();
        session.Logoff(0, 0, 0).unwrap();
        // O2
        let ended = table
            .QueryRows(1, 0, &mut std::ptr::null_mut())
            .unwrap_err();
        assert_eq!(
            HResult::from(ended.code().0),
            HResult::MAPI_E_INVALID_OBJECT
        );
        let ended = session.GetStatusTable(UNICODE).unwrap_err();
        assert_eq!(
            HResult::from(ended.code().0),
            HResult::MAPI_E_INVALID_OBJECT
        );
        let ended = session.Logoff(0, 0, 0).unwrap_err();
        assert_eq!(
            HResult::from(ended.code().0),
            HResult::MAPI_E_INVALID_OBJECT
        );
    }
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    assert_eq!(fake::outstanding(), 0);
}

/// Null where something is to come out, and an interface that is not the standard one.
#[test]
fn a_com_caller_that_is_wrong_is_told_so() {
    fake::load();
    let memory = memory();
    let session = raw(&memory);
    let code = |result: windows_core::Result<()>| HResult::from(result.unwrap_err().code().0);
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    // SAFETY: null, which is what this is about.
    unsafe {
        assert_eq!(code(session.QueryIdentity(null_mut(), null_mut())), invalid);
        assert_eq!(
            code(session.GetLastError(HRESULT(0), 0, null_mut())),
            invalid
        );
        assert_eq!(
            code(session.EnumAdrTypes(0, null_mut(), null_mut())),
            invalid
        );
        assert_eq!(
            code(session.Advise(0, null_mut(), 1, None, &mut 0)),
            invalid
        );
        assert_eq!(code(session.PrepareForm(null_mut(), None, &mut 0)), invalid);
        let mut table = sys::IMAPITable::IID;
        let mut store = None;
        let other = session.OpenMsgStore(0, 0, null_mut(), &mut table, 0, &mut store);
        assert_eq!(code(other), HResult::MAPI_E_INTERFACE_NOT_SUPPORTED);

        let (mut uid, mut section) = (sys::MAPIUID { ab: [0x5E; 16] }, None);
        let opened = session.OpenProfileSection(&mut uid, null_mut(), 1, &mut section);
        opened.unwrap();
        let section = section.unwrap();
        let (mut count, null) = (0, null_mut());
        assert_eq!(
            code(section.GetProps(null_mut(), 0, &mut count, null)),
            invalid
        );
        assert_eq!(code(section.GetPropList(0, null_mut())), invalid);
        assert_eq!(code(section.SetProps(1, null_mut(), null_mut())), invalid);
        assert_eq!(code(section.DeleteProps(null_mut(), null_mut())), invalid);
        // A property that cannot be set, of which the caller does not want to know, or does.
        let mut named = sys::SPropValue {
            ulPropTag: 0x8001_0003,
            ..Default::default()
        };
        section.SetProps(1, &mut named, null_mut()).unwrap();
        let mut problems = null_mut();
        section.SetProps(1, &mut named, &mut problems).unwrap();
        let problem = (*problems).aProblem[0];
        assert_eq!(((*problems).cProblem, problem.ulIndex), (1, 0));
        assert_eq!(problem.ulPropTag, 0x8001_0003);
        let unexpected = HResult::MAPI_E_UNEXPECTED_ID;
        assert_eq!(HResult::from(problem.scode), unexpected);
        sys::MAPIFreeBuffer(problems.cast());
    }
    drop(session);
    assert_eq!(memory.released_live(), 1);
    assert_eq!(fake::outstanding(), 0);
}

/// The administration by its COM interfaces: to a session as to another administration a service is
/// copied, IMsgServiceAdmin2 is one of the object's, and null is refused.
#[test]
fn a_com_caller_administers_services() {
    fake::load();
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let profiles = memory.admin_profiles(0).unwrap().ignore_warning();
    let profiles = serve_profile_admin(profiles).unwrap();
    let session = raw(&memory);
    let code = |result: windows_core::Result<()>| HResult::from(result.unwrap_err().code().0);
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    let name = |text: &std::ffi::CStr| text.as_ptr().cast_mut();
    // SAFETY: the texts end with a NUL, and the rest is as the interfaces declare it.
    unsafe {
        let mut admin = None;
        let opened = profiles.AdminServices(null_mut(), null_mut(), 0, 0, &mut admin);
        assert_eq!(code(opened), invalid);
        let opened = profiles.AdminServices(name(c"Outlook"), null_mut(), 0, 0, &mut admin);
        opened.unwrap();
        let admin = admin.unwrap();
        assert_eq!(
            code(profiles.CreateProfile(null_mut(), null_mut(), 0, 0)),
            invalid
        );
        assert_eq!(code(admin.DeleteMsgService(null_mut())), invalid);
        assert_eq!(
            code(admin.MsgServiceTransportOrder(1, null_mut(), 0)),
            invalid
        );

        let second: sys::IMsgServiceAdmin2 = admin.cast().unwrap();
        let mut uid = sys::MAPIUID::default();
        let created = second.CreateMsgServiceEx(name(c"Notes"), name(c"Mine"), 0, 0, &mut uid);
        created.unwrap();
        let mut none = uid;
        none.ab[0] ^= 1;
        let configured = admin.ConfigureMsgService(&mut uid, 0, 0, 1, null_mut());
        assert_eq!(code(configured), invalid);
        let configured = admin.ConfigureMsgService(&mut none, 0, 0, 0, null_mut());
        assert_eq!(code(configured), HResult::MAPI_E_NOT_FOUND);

        let mut by_admin = sys::IMsgServiceAdmin::IID;
        let mut by_session = sys::IMAPISession::IID;
        let mut by_other = sys::IProfSect::IID;
        let (to_admin, to_session) = (admin.as_raw(), session.as_raw());
        let mut copy = |interface: *mut windows_core::GUID, to| {
            let (uid, null) = (&raw mut uid, null_mut());
            admin.CopyMsgService(uid, null_mut(), null, interface, to, 0, 0)
        };
        copy(&mut by_admin, to_admin).unwrap();
        copy(&mut by_session, to_session).unwrap();
        copy(null_mut(), to_session).unwrap();
        assert_eq!(code(copy(null_mut(), null_mut())), invalid);
        let other = copy(&mut by_other, to_session);
        assert_eq!(code(other), HResult::MAPI_E_INTERFACE_NOT_SUPPORTED);
        let table = admin.GetMsgServiceTable(0).unwrap();
        let mut count = 0;
        table.GetRowCount(0, &mut count).unwrap();
        assert_eq!(count, 9);

        let mut providers = None;
        admin.AdminProviders(&mut uid, 0, &mut providers).unwrap();
        let providers = providers.unwrap();
        let nobody = providers.CreateProvider(name(c"None"), 0, null_mut(), 0, 0, null_mut());
        assert_eq!(code(nobody), HResult::MAPI_E_NOT_FOUND);
        let mut error = null_mut();
        let not_found = HRESULT(HResult::MAPI_E_NOT_FOUND.into());
        providers
            .GetLastError(not_found, UNICODE, &mut error)
            .unwrap();
        assert!(!error.is_null());
        sys::MAPIFreeBuffer(error.cast());
        session.Logoff(0, 0, 0).unwrap();
    }
    drop((session, profiles));
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    assert_eq!(fake::outstanding(), 0);
}

#[test]
fn memory_is_adopted() {
    fake::load();
    let memory = memory();
    let owner = raw(&memory);
    {
        // SAFETY: `owner` is logged off below.
        let session = unsafe { Outlook::adopt((&owner).into()) }.unwrap();
        let stores = session.msg_stores_table().unwrap();
        let row = stores.default_store().unwrap();
        let store = session
            .open_msg_store(row.entry_id(), OpenStoreFlags::BEST_ACCESS)
            .unwrap();
        assert_eq!(store.info().unwrap().display_name(), "Mailbox");
    }
    assert_eq!(memory.open_sessions(), 1);
    // SAFETY: it takes numbers only.
    unsafe { owner.Logoff(0, 0, 0) }.unwrap();
    drop(owner);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}
