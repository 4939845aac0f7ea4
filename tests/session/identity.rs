//! Rules M7, M11 and M12: who a session is, where it can send, its forms; and what to try again.

use std::sync::Mutex;

use crate::support::{code, id, letter, logoff, raw_code, raw_logon};
use mapi_session::error::Call;
use mapi_session::flags::{ResourceFlags, ServiceFlags, ShowFormFlags, StoreSupportMask};
use mapi_session::hresult::Retry;
use mapi_session::memory::{
    AddressBook, Answer, Dialog, Folder, Memory, MemoryMsgStore, MemoryObject, MemorySession,
    Profile, ProviderCall, Question, Service, Store, Transport,
};
use mapi_session::subsystem::{RawEntry, RawProp, RawSession, Subsystem};
use mapi_session::table::StatusRow;
use mapi_session::types::{FormMessage, FormToken, ObjectType, ResourceType};
use mapi_session::{
    EntryId, Error, HResult, Live, LogonFlags, LogonRequest, Mapi, MapiUid, Message,
    OpenEntryFlags, OpenStoreFlags, Session, UiParam,
};

const DESK: UiParam = UiParam::new(0xDE5C);
const UNICODE: u32 = 0x8000_0000;
const READ: OpenEntryFlags = OpenEntryFlags::empty();
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const NO_SUPPORT: HResult = HResult::MAPI_E_NO_SUPPORT;

fn memory_of(profile: Profile) -> Memory {
    Memory::builder().profile(profile).build().unwrap()
}

fn logon(memory: &Memory) -> Session<Live, Memory> {
    logon_with(memory, LogonFlags::empty())
}

fn logon_with(memory: &Memory, flags: LogonFlags) -> Session<Live, Memory> {
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let request = LogonRequest::new_session("Outlook").flags(flags);
    mapi.logon(&request).unwrap()
}

/// Who the session is, by name: the mail user that the identifier opens.
fn identity(session: &Session<Live, Memory>) -> Option<String> {
    let (entry_id, warning) = session.query_identity().unwrap().into_parts();
    let told = session.last_error(HResult::MAPI_W_NO_SERVICE).unwrap();
    assert_eq!(told.is_some(), warning.is_some());
    let opened = session.open_entry(&entry_id, READ);
    if let Some(warning) = warning {
        assert_eq!(warning.hresult(), HResult::MAPI_W_NO_SERVICE);
        assert_eq!(code(opened), HResult::MAPI_E_NOT_FOUND);
        return None;
    }
    let user = opened.unwrap().into_object().unwrap();
    let info = user.info().unwrap();
    assert_eq!(info.entry_id(), &entry_id);
    Some(info.display_name().to_owned())
}

/// The same by the status table: what the page says that QueryIdentity does.
fn identity_by_status(session: &Session<Live, Memory>) -> Option<String> {
    let rows = session.status_table().unwrap();
    let is_primary = |flags: ResourceFlags| flags.contains(ResourceFlags::PRIMARY_IDENTITY);
    let mut primary = rows.rows().iter();
    let of_primary = primary
        .find(|row| is_primary(row.resource_flags()) && row.identity().is_some())
        .and_then(|row| row.identity());
    let first = || rows.rows().iter().find_map(|row| row.identity());
    of_primary
        .or_else(first)
        .map(|identity| identity.display_name().to_owned())
}

// M7, S4: by the rows that this client sees.
#[test]
fn a_client_without_mail_is_nobody_that_a_transport_represents() {
    let transport = Transport::new("SMTP").identity("Me");
    let memory = Memory::builder().profile(Profile::new("Outlook").transport(transport));
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let first = LogonRequest::new_session("Outlook").allow_others();
    let first = mapi.logon(&first).unwrap();
    let silent = LogonRequest::join_shared().flags(LogonFlags::NO_MAIL);
    let silent = mapi.logon(&silent).unwrap();
    assert_eq!(identity_by_status(&first).as_deref(), Some("Me"));
    assert_eq!(identity_by_status(&silent), None);
    let warning = silent.query_identity().unwrap().hresult();
    assert_eq!(warning, HResult::MAPI_W_NO_SERVICE);
    assert_eq!(first.query_identity().unwrap().hresult(), HResult::S_OK);
}

// M7
#[test]
fn the_primary_identity_represents_the_session_else_the_first() {
    let book = || AddressBook::new("Contacts");
    let store = || Store::new("Mailbox");
    let transport = || Transport::new("SMTP");
    let outlook = || Profile::new("Outlook");
    let nobody = Service::new("Exchange").store(store()).address_book(book());
    let half = Service::new("Exchange")
        .address_book(book())
        .store(store().primary_identity("Half"));
    let cases = [
        (outlook(), None),
        (outlook().service(nobody), None),
        (outlook().address_book(book().mail_user("Ann")), None),
        (outlook().store(store().identity("Me")), Some("Me")),
        (outlook().transport(transport().identity("Me")), Some("Me")),
        // Who has no row represents nobody.
        (
            outlook().store(store().identity("Me").no_status_row()),
            None,
        ),
        (
            outlook()
                .store(store().primary_identity("Hidden").no_status_row())
                .address_book(book().identity("Me")),
            Some("Me"),
        ),
        // The first: address books, stores, transports.
        (
            outlook()
                .transport(transport().identity("Third"))
                .store(store().identity("Second"))
                .address_book(book().identity("First")),
            Some("First"),
        ),
        (
            outlook()
                .transport(transport().identity("Third"))
                .store(store().identity("Second")),
            Some("Second"),
        ),
        // The primary one, wherever it is.
        (
            outlook()
                .transport(transport().primary_identity("Third"))
                .store(store().identity("Second"))
                .address_book(book().identity("First")),
            Some("Third"),
        ),
        (
            outlook()
                .store(store().primary_identity("Second"))
                .address_book(book().identity("First")),
            Some("Second"),
        ),
        // Of several services the first; of a service whoever has one.
        (
            outlook()
                .address_book(book().primary_identity("First"))
                .store(store().primary_identity("Second")),
            Some("Second"),
        ),
        (
            outlook()
                .address_book(AddressBook::new("Other").identity("Other"))
                .service(half),
            Some("Half"),
        ),
    ];
    for (case, (profile, expected)) in cases.into_iter().enumerate() {
        let memory = memory_of(profile);
        let session = logon(&memory);
        let asked = identity(&session);
        assert_eq!(asked.as_deref(), expected, "case {case}");
        assert_eq!(
            identity_by_status(&session).as_deref(),
            expected,
            "case {case}"
        );
        // Nothing that has happened meanwhile makes it another.
        assert_eq!(identity(&session), asked, "case {case}");
        logoff(session);
    }
}

// M7: a transport that is not started has no row, and is nobody.
#[test]
fn without_mail_no_transport_represents_the_session() {
    let memory = memory_of(
        Profile::new("Outlook")
            .transport(Transport::new("SMTP").primary_identity("Sender"))
            .store(Store::new("Mailbox").identity("Me")),
    );
    for (flags, expected) in [(LogonFlags::empty(), "Sender"), (LogonFlags::NO_MAIL, "Me")] {
        let session = logon_with(&memory, flags);
        assert_eq!(identity(&session).as_deref(), Some(expected));
        assert_eq!(identity_by_status(&session).as_deref(), Some(expected));
        logoff(session);
    }
}

// M7, L10
#[test]
fn who_could_not_log_on_does_not_represent_the_session() {
    let refuses = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_LOGON_FAILED,
        _ => HResult::S_OK,
    };
    let exchange = Service::new("Exchange")
        .address_book(AddressBook::new("Global").primary_identity("Me"))
        .store(Store::new("Mailbox").hook(refuses));
    let memory = memory_of(
        Profile::new("Outlook")
            .service(exchange)
            .store(Store::new("Vault").unconfigured().identity("Keeper"))
            .store(Store::new("Archive").identity("Librarian")),
    );
    let session = logon(&memory);
    assert_eq!(identity(&session).as_deref(), Some("Librarian"));
    assert_eq!(identity_by_status(&session).as_deref(), Some("Librarian"));
    memory.user().answer(Answer::Accept);
    let vault = session.open_msg_store(&id(&memory, &["Vault"]), OpenStoreFlags::empty());
    let vault = vault.unwrap();
    assert_eq!(identity(&session).as_deref(), Some("Keeper"));
    // O6: with the store its row goes.
    drop(vault);
    assert_eq!(identity(&session).as_deref(), Some("Librarian"));
    logoff(session);
}

// M7: the tagged row tells who it is, also where the one who would be is not logged on, or has no row.
#[test]
fn the_row_that_is_tagged_tells_the_identity() {
    let fails = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_FAILONEPROVIDER,
        _ => HResult::S_OK,
    };
    let ann = || AddressBook::new("Global").primary_identity("Ann");
    let mailbox = || Store::new("Mailbox");
    let exchange = || Service::new("Exchange");
    for service in [
        exchange().address_book(ann().hook(fails)).store(mailbox()),
        exchange()
            .address_book(ann().no_status_row())
            .store(mailbox()),
        exchange()
            .address_book(ann().no_status_row())
            .transport(Transport::new("SMTP")),
    ] {
        let memory = memory_of(
            Profile::new("Outlook")
                .service(service)
                .address_book(AddressBook::new("Contacts").identity("Bob")),
        );
        let session = logon(&memory);
        let (asked, warning) = session.query_identity().unwrap().into_parts();
        assert_eq!(warning, None);
        assert_eq!(asked, id(&memory, &["Global", "Ann"]));
        assert_eq!(identity_by_status(&session).as_deref(), Some("Ann"));
        logoff(session);
    }
}

fn service(session: &Session<Live, Memory>, name: &str) -> MapiUid {
    let table = session
        .admin_services()
        .unwrap()
        .msg_service_table()
        .unwrap();
    table
        .into_iter()
        .find(|row| row.name() == name)
        .unwrap()
        .uid()
}

// M7, M9
#[test]
fn a_primary_identity_that_is_set_counts_from_the_next_session_on() {
    let exchange = Service::new("Exchange")
        .store(Store::new("Mailbox"))
        .address_book(AddressBook::new("Global").identity("Me"));
    let memory = memory_of(
        Profile::new("Outlook")
            .address_book(AddressBook::new("Contacts").identity("Ann"))
            .service(exchange),
    );
    let mut expected = Some("Ann");
    for (name, next) in [
        (Some("Exchange"), Some("Me")),
        (Some("Contacts"), Some("Ann")),
        (Some("Exchange"), Some("Me")),
        (None, Some("Ann")),
    ] {
        let session = logon(&memory);
        let uid = name.map(|name| service(&session, name));
        let admin = session.admin_services().unwrap();
        admin.set_primary_identity(uid).unwrap();
        drop(admin);
        assert_eq!(
            identity(&session).as_deref(),
            expected,
            "this session has its own"
        );
        assert_eq!(identity_by_status(&session).as_deref(), expected);
        logoff(session);

        let session = logon(&memory);
        assert_eq!(identity(&session).as_deref(), next, "{name:?}");
        assert_eq!(identity_by_status(&session).as_deref(), next, "{name:?}");
        logoff(session);
        expected = next;
    }
}

// M7: by one-off-entry-identifiers, of what the row has: flags, MAPI_ONE_OFF_UID, version, flags, and
// three strings.
#[test]
fn a_row_without_an_entry_identifier_gives_a_one_off_one() {
    for (is_primary, expected) in [(true, "One"), (false, "Two")] {
        let one = AddressBook::new("Global").identity_address("smtp", "ana@example.com");
        let one = match is_primary {
            true => one.primary_identity("Ana Trujillo"),
            false => one.identity("Ana Trujillo"),
        };
        let two = AddressBook::new("Personal")
            .identity("Two")
            .resource_path("C:\\book");
        let path = Store::new("Mailbox").resource_path("C:\\mail");
        let memory = memory_of(
            Profile::new("Outlook")
                .address_book(one)
                .address_book(two)
                .transport(Transport::new("SMTP").resource_path("C:\\queue"))
                .store(path),
        );
        let session = logon(&memory);
        let table = session.status_table().unwrap();
        let row = &table.rows()[3];
        let identity = row.identity().unwrap();
        assert_eq!(identity.display_name(), "Ana Trujillo");
        assert_eq!(identity.entry_id(), None);
        assert_eq!(identity.search_key(), b"SMTP:ANA@EXAMPLE.COM\0");
        let paths = table.rows().iter().map(StatusRow::resource_path);
        let paths: Vec<_> = paths.filter(|path| !path.is_empty()).collect();
        assert_eq!(paths, ["C:\\book", "C:\\mail", "C:\\queue"]);

        let (entry_id, warning) = session.query_identity().unwrap().into_parts();
        assert_eq!(warning, None);
        match expected {
            "One" => {
                let head = "00000000812B1FA4BEA310199D6E00DD010F540200000080";
                let bytes = entry_id.as_bytes();
                assert_eq!(EntryId::new(&bytes[..24]).to_string(), head);
                let units = bytes[24..].chunks(2);
                let units: Vec<_> = units.map(|it| u16::from_le_bytes([it[0], it[1]])).collect();
                let texts = String::from_utf16(&units).unwrap();
                assert_eq!(texts, "Ana Trujillo\0SMTP\0ANA@EXAMPLE.COM\0");
                // M5: it opens a mail user, as each identity does.
                let user = session.open_entry(&entry_id, READ).unwrap();
                let info = user.into_object().unwrap().info().unwrap();
                assert_eq!(info.object_type(), ObjectType::MAIL_USER);
                assert_eq!(info.display_name(), "Ana Trujillo");
                assert_eq!(info.entry_id(), &entry_id);
                assert!(session.compare_entry_ids(&entry_id, &entry_id).unwrap());
                let opened = session.open_entry(&entry_id, OpenEntryFlags::MODIFY);
                assert_eq!(code(opened), HResult::MAPI_E_NO_ACCESS);
                for length in 0..bytes.len() {
                    let opened = session.open_entry(&EntryId::new(&bytes[..length]), READ);
                    assert!(opened.is_err(), "{length}");
                }
                let longer = EntryId::new([bytes, &[0]].concat());
                assert!(session.open_entry(&longer, READ).is_err());
                // One whose texts are of 8 bits, as a client makes it that has no Unicode: MAPI_ONE_OFF_UNICODE
                // is not set.
                let narrow = |texts: &[u8]| {
                    let bytes = [&bytes[..22], &[0, 0], texts].concat();
                    let opened = session.open_entry(&EntryId::new(bytes), READ)?;
                    let info = opened.into_object().unwrap().info()?;
                    Ok::<_, Error>(info.display_name().to_owned())
                };
                let name = narrow(b"Ana\0SMTP\0ana@example.com\0").unwrap();
                assert_eq!(name, "Ana");
                for texts in [
                    &b"Ana\0SMTP\0"[..],
                    b"Ana\0SMTP\0ana@example.com\0more\0",
                    b"Ana\0SMTP\0ana@example.com\0more",
                    b"\0Ana\0SMTP\0ana",
                ] {
                    assert_eq!(code(narrow(texts)), HResult::MAPI_E_UNKNOWN_ENTRYID);
                }
                let of_version_1 = [&bytes[..20], &[1, 0], &bytes[22..]].concat();
                assert!(
                    session
                        .open_entry(&EntryId::new(of_version_1), READ)
                        .is_err()
                );
            }
            // Where none is tagged, it is the first identifier that there is.
            _ => assert_eq!(entry_id, id(&memory, &["Personal", expected])),
        }
        logoff(session);
    }
}

// M7: of several identities of the service, the first that is described as the primary one.
#[test]
fn the_provider_that_is_described_as_primary_gives_the_identity_of_its_service() {
    let exchange = Service::new("Exchange")
        .address_book(AddressBook::new("Global").identity("Someone"))
        .store(Store::new("Mailbox").primary_identity("Me"))
        .store(Store::new("Archive").primary_identity("Librarian"))
        .transport(Transport::new("Relay"));
    let memory = memory_of(Profile::new("Outlook").service(exchange));
    let session = logon(&memory);
    let table = session.status_table().unwrap();
    let row = table.first(ResourceType::TRANSPORT_PROVIDER).unwrap();
    assert_eq!(row.identity().unwrap().display_name(), "Me");
    logoff(session);
}

// M7: and no provider of another service.
#[test]
fn the_providers_of_another_service_are_nobody() {
    let memory = memory_of(
        Profile::new("Outlook")
            .store(Store::new("Mailbox").primary_identity("Me"))
            .store(Store::new("Archive")),
    );
    let session = logon(&memory);
    let table = session.status_table().unwrap();
    let of = |name: &str| {
        let row = table.rows().iter().find(|row| row.display_name() == name);
        row.unwrap()
            .identity()
            .map(|it| it.display_name().to_owned())
    };
    assert_eq!(of("Mailbox").as_deref(), Some("Me"));
    assert_eq!(of("Archive"), None);
    logoff(session);
}

// M7: every provider of the service that gives it has the flag and the identity, however that was
// said; and no other has the flag.
#[test]
fn all_providers_of_the_primary_service_tell_its_identity() {
    let exchange = |book: AddressBook| {
        Service::new("Exchange")
            .store(Store::new("Mailbox"))
            .address_book(book)
            .store(Store::new("Public").identity("Everybody"))
    };
    let book = AddressBook::new("Global");
    for is_described in [true, false] {
        let described = match is_described {
            true => exchange(book.clone().primary_identity("Me")),
            false => exchange(book.clone().identity("Me")),
        };
        let memory = memory_of(
            Profile::new("Outlook")
                .service(described)
                .store(Store::new("Archive").identity("Librarian")),
        );
        if !is_described {
            let session = logon(&memory);
            let uid = service(&session, "Exchange");
            let admin = session.admin_services().unwrap();
            admin.set_primary_identity(Some(uid)).unwrap();
            drop(admin);
            logoff(session);
        }
        let session = logon(&memory);
        let table = session.status_table().unwrap();
        let rows: Vec<_> = table.rows()[3..]
            .iter()
            .map(|row| {
                let flags = row.resource_flags();
                let identity = row
                    .identity()
                    .as_ref()
                    .map(|identity| identity.display_name());
                let is_primary = flags.contains(ResourceFlags::PRIMARY_IDENTITY);
                let is_not = flags.contains(ResourceFlags::NO_PRIMARY_IDENTITY);
                assert_ne!(is_primary, is_not, "{row:?}");
                (row.display_name(), is_primary, identity)
            })
            .collect();
        let expected = [
            ("Global", true, Some("Me")),
            ("Archive", false, Some("Librarian")),
            ("Mailbox", true, Some("Me")),
            ("Public", true, Some("Everybody")),
        ];
        assert_eq!(rows, expected, "described: {is_described}");
        let admin = session.admin_services().unwrap();
        let primary = admin
            .msg_service_table()
            .unwrap()
            .into_iter()
            .filter(|row| {
                let flags = row.resource_flags();
                let is_primary = flags.contains(ServiceFlags::PRIMARY_IDENTITY);
                let is_not = flags.contains(ServiceFlags::NO_PRIMARY_IDENTITY);
                assert_ne!(is_primary, is_not, "{row:?}");
                is_primary
            });
        let names: Vec<_> = primary.map(|row| row.name().to_owned()).collect();
        assert_eq!(names, ["Exchange"]);
        drop(admin);
        logoff(session);
    }
}

// M11
#[test]
fn address_types_are_those_of_the_active_transports() {
    let refuses = |call| match call {
        ProviderCall::LogOn => HResult::MAPI_E_NETWORK_ERROR,
        _ => HResult::S_OK,
    };
    let memory = memory_of(
        Profile::new("Outlook")
            .transport(
                Transport::new("Internet")
                    .address_type("SMTP")
                    .address_type("NNTP"),
            )
            .transport(Transport::new("Down").address_type("X400").hook(refuses))
            .transport(
                Transport::new("Other")
                    .address_type("FAX")
                    .address_type("SMTP"),
            )
            .transport(Transport::new("None")),
    );
    let session = logon(&memory);
    assert_eq!(session.enum_adr_types().unwrap(), ["SMTP", "NNTP", "FAX"]);
    assert_eq!(session.enum_adr_types().unwrap(), ["SMTP", "NNTP", "FAX"]);
    logoff(session);
    let session = logon_with(&memory, LogonFlags::NO_MAIL);
    assert_eq!(session.enum_adr_types().unwrap(), [""; 0]);
    logoff(session);

    let raw = raw_logon(&memory);
    for bit in 0..32 {
        let flags: u32 = 1 << bit;
        let expected = match flags {
            UNICODE => HResult::S_OK,
            _ => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        assert_eq!(raw_code(raw.enum_adr_types(flags)), expected, "{flags:#X}");
    }
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M11
#[test]
fn an_ansi_session_has_its_address_types_in_ansi() {
    let transport = Transport::new("Internet").address_type("SMTP");
    let memory = Memory::builder()
        .profile(Profile::new("Outlook").transport(transport))
        .without_unicode()
        .build()
        .unwrap();
    let raw = raw_logon(&memory);
    assert_eq!(raw.enum_adr_types(0).unwrap().ignore_warning(), ["SMTP"]);
    assert_eq!(
        raw_code(raw.enum_adr_types(UNICODE)),
        HResult::MAPI_E_BAD_CHARWIDTH
    );
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

fn mail() -> Memory {
    memory_of(
        Profile::new("Outlook")
            .store(
                Store::new("Mailbox").folder(
                    Folder::new("Drafts")
                        .message(letter("One"))
                        .message(letter("Two"))
                        .folder(Folder::new("Old")),
                ),
            )
            .store(
                Store::new("Notes")
                    .lacks(StoreSupportMask::SUBMIT_OK)
                    .folder(Folder::new("Notes").message(letter("Note"))),
            )
            .transport(Transport::new("Internet").address_type("SMTP")),
    )
}

fn message<'s>(
    session: &'s Session<Live, Memory>,
    memory: &Memory,
    path: &[&str],
) -> Message<'s, Memory> {
    let entry = session.open_entry(&id(memory, path), OpenEntryFlags::BEST_ACCESS);
    entry.unwrap().into_message().unwrap()
}

/// Shows the message "One" of "Drafts" in a form.
fn show(session: &Session<Live, Memory>, memory: &Memory, flags: ShowFormFlags) -> HResult {
    let message = message(session, memory, &["Mailbox", "Drafts", "One"]);
    let form = session.prepare_form(message).unwrap();
    let mailbox = id(memory, &["Mailbox"]);
    let store = session
        .open_msg_store(&mailbox, OpenStoreFlags::WRITE)
        .unwrap();
    let folder = store
        .open_entry(&id(memory, &["Mailbox", "Drafts"]), READ)
        .unwrap();
    let folder = folder.into_folder().unwrap();
    let about = FormMessage::new("IPM.Note");
    code(form.show_form(DESK, &store, &folder, flags, &about))
}

// M11
#[test]
fn a_form_is_sent_or_posted_or_cancelled() {
    let send = ShowFormFlags::empty();
    let (post, new) = (ShowFormFlags::POST_MESSAGE, ShowFormFlags::NEW_MESSAGE);
    let (accept, pick) = (Some(Answer::Accept), Some(Answer::Pick("Outlook".into())));
    let cancel = HResult::MAPI_E_USER_CANCEL;
    for (flags, answer, expected, is_sent) in [
        (send, accept.clone(), HResult::S_OK, true),
        (new, accept.clone(), HResult::S_OK, true),
        (post, accept.clone(), HResult::S_OK, false),
        (post | new, accept, HResult::S_OK, false),
        (send, Some(Answer::Cancel), cancel, false),
        (post, Some(Answer::Cancel), cancel, false),
        (send, None, cancel, false),
        (send, pick, cancel, false),
    ] {
        let memory = mail();
        let session = logon(&memory);
        let mailbox = id(&memory, &["Mailbox"]);
        let mailbox = session.open_msg_store(&mailbox, OpenStoreFlags::WRITE);
        if let Some(answer) = answer.clone() {
            memory.user().answer(answer);
        }
        assert_eq!(
            show(&session, &memory, flags),
            expected,
            "{flags:?}, {answer:?}"
        );
        let shown = Dialog::new(
            Question::MessageForm {
                message_class: "IPM.Note".into(),
            },
            DESK,
        );
        assert_eq!(memory.user().dialogs(), [shown]);
        let one = id(&memory, &["Mailbox", "Drafts", "One"]);
        let outgoing = memory.outgoing(&id(&memory, &["Mailbox"]));
        assert_eq!(outgoing, Vec::from_iter(is_sent.then_some(one.clone())));
        let again = session.open_entry(&one, OpenEntryFlags::MODIFY);
        let submitted = HResult::MAPI_E_SUBMITTED;
        assert_eq!(code(again), if is_sent { submitted } else { HResult::S_OK });
        drop(mailbox.unwrap());
        logoff(session);
    }
}

// M11: what cannot be sent can be posted.
#[test]
fn a_form_of_a_store_that_sends_nothing_is_posted() {
    let memory = mail();
    let session = logon(&memory);
    let store = session.open_msg_store(&id(&memory, &["Notes"]), OpenStoreFlags::WRITE);
    let store = store.unwrap();
    let folder = store
        .open_entry(&id(&memory, &["Notes", "Notes"]), READ)
        .unwrap();
    let folder = folder.into_folder().unwrap();
    for (flags, expected) in [
        (ShowFormFlags::empty(), NO_SUPPORT),
        (ShowFormFlags::POST_MESSAGE, HResult::S_OK),
    ] {
        let note = message(&session, &memory, &["Notes", "Notes", "Note"]);
        let form = session.prepare_form(note).unwrap();
        memory.user().answer(Answer::Accept);
        let shown = form.show_form(DESK, &store, &folder, flags, &FormMessage::default());
        assert_eq!(code(shown), expected, "{flags:?}");
        assert_eq!(memory.outgoing(&id(&memory, &["Notes"])), []);
    }
    drop((folder, store));
    logoff(session);
}

// M11: a message that has been submitted meanwhile is not sent twice.
#[test]
fn a_message_under_way_is_not_sent_by_its_form() {
    let memory = mail();
    let session = logon(&memory);
    let path = ["Mailbox", "Drafts", "One"];
    let other = message(&session, &memory, &path);
    memory.user().answer_with({
        let memory = memory.clone();
        move |_| {
            memory.let_time_pass();
            Answer::Accept
        }
    });
    let form = session
        .prepare_form(message(&session, &memory, &path))
        .unwrap();
    other.submit().unwrap();
    let store = session.open_msg_store(&id(&memory, &["Mailbox"]), OpenStoreFlags::WRITE);
    let store = store.unwrap();
    let folder = store
        .open_entry(&id(&memory, &["Mailbox", "Drafts"]), READ)
        .unwrap();
    let folder = folder.into_folder().unwrap();
    let send = ShowFormFlags::empty();
    let error = form.show_form(DESK, &store, &folder, send, &FormMessage::default());
    let error = error.unwrap_err();
    let seen = (error.call(), error.hresult());
    assert_eq!(seen, (Call::SESSION_SHOW_FORM, HResult::MAPI_E_SUBMITTED));
    assert_eq!(memory.outgoing(&id(&memory, &["Mailbox"])).len(), 1);
    drop((folder, store));
    logoff(session);
}

fn raw_store(memory: &Memory, session: &MemorySession, name: &str) -> MemoryMsgStore {
    let entry_id = id(memory, &[name]);
    let store = session.open_msg_store(UiParam::NONE, Some(entry_id.as_bytes()), 0x4);
    store.unwrap().ignore_warning()
}

fn raw_object(memory: &Memory, session: &MemorySession, path: &[&str]) -> MemoryObject {
    let entry_id = id(memory, path);
    match session
        .open_entry(Some(entry_id.as_bytes()), 0x10)
        .unwrap()
        .ignore_warning()
    {
        RawEntry::Object(_, object) => object,
        RawEntry::MsgStore(store) => panic!("{store:?}"),
    }
}

const DRAFTS: &[&str] = &["Mailbox", "Drafts"];
const ONE: &[&str] = &["Mailbox", "Drafts", "One"];

// M11
#[test]
fn a_token_is_used_once_whatever_becomes_of_the_form() {
    let memory = mail();
    let raw = raw_logon(&memory);
    let (store, drafts) = (
        raw_store(&memory, &raw, "Mailbox"),
        raw_object(&memory, &raw, DRAFTS),
    );
    let notes = raw_store(&memory, &raw, "Notes");
    let post = ShowFormFlags::POST_MESSAGE.bits();
    let about = FormMessage::default();
    let prepare = || {
        let prepared = raw.prepare_form(&raw_object(&memory, &raw, ONE));
        prepared.unwrap().ignore_warning()
    };
    let show = |store, token| raw_code(raw.show_form(DESK, store, &drafts, token, post, &about));
    let cancel = HResult::MAPI_E_USER_CANCEL;
    for (answer, store_shown, expected) in [
        (Some(Answer::Accept), &store, HResult::S_OK),
        (None, &store, cancel),
        (None, &notes, INVALID),
    ] {
        let (token, other) = (prepare(), prepare());
        assert_ne!(token, other);
        answer
            .into_iter()
            .for_each(|answer| memory.user().answer(answer));
        assert_eq!(show(store_shown, token), expected);
        // Now it is used up; the other is not.
        assert_eq!(show(&store, token), INVALID);
        assert_eq!(show(&store, other), cancel);
        assert_eq!(show(&store, other), INVALID);
    }
    // Flags come first: this token is not used.
    let token = prepare();
    for bit in 2..32 {
        let shown = raw.show_form(DESK, &store, &drafts, token, 1 << bit, &about);
        assert_eq!(raw_code(shown), HResult::MAPI_E_UNKNOWN_FLAGS);
    }
    assert_eq!(show(&store, token), cancel);
    assert_eq!(show(&store, FormToken::new(0)), INVALID);
    assert_eq!(show(&store, FormToken::new(u32::MAX)), INVALID);
    drop((store, drafts, notes));
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M11
#[test]
fn a_form_takes_what_is_its_own_sessions() {
    let memory = mail();
    let (raw, other) = (raw_logon(&memory), raw_logon(&memory));
    let about = FormMessage::default();
    let own = raw_object(&memory, &raw, ONE);
    // Only a message is prepared, and only one's own.
    for refused in [
        raw_object(&memory, &other, ONE),
        raw_object(&memory, &raw, DRAFTS),
        raw.open_address_book(DESK, 0).unwrap().ignore_warning(),
    ] {
        assert_eq!(raw_code(raw.prepare_form(&refused)), INVALID, "{refused:?}");
    }
    assert_eq!(
        own.info().unwrap().ignore_warning().object_type(),
        ObjectType::MESSAGE
    );
    let mailbox = || raw_store(&memory, &raw, "Mailbox");
    let object = |path: &[&str]| raw_object(&memory, &raw, path);
    // The folder is the one that the message was made in.
    let cases = [
        (mailbox(), object(DRAFTS), HResult::MAPI_E_USER_CANCEL),
        (mailbox(), object(&["Mailbox", "Drafts", "Old"]), INVALID),
        (mailbox(), object(ONE), INVALID),
        (mailbox(), object(&["Notes", "Notes"]), INVALID),
        (raw_store(&memory, &raw, "Notes"), object(DRAFTS), INVALID),
        (
            raw_store(&memory, &other, "Mailbox"),
            object(DRAFTS),
            INVALID,
        ),
        (mailbox(), raw_object(&memory, &other, DRAFTS), INVALID),
        (
            mailbox(),
            raw.open_address_book(DESK, 0).unwrap().ignore_warning(),
            INVALID,
        ),
    ];
    for (store, folder, expected) in &cases {
        let token = raw.prepare_form(&own).unwrap().ignore_warning();
        let shown = raw.show_form(DESK, store, folder, token, 0, &about);
        assert_eq!(
            raw_code(shown),
            expected.to_owned(),
            "{store:?}, {folder:?}"
        );
    }
    assert_eq!(memory.user().dialogs().len(), 1);
    // A token is that session object's.
    let token = raw.prepare_form(&own).unwrap().ignore_warning();
    let (store, folder) = (
        raw_store(&memory, &other, "Mailbox"),
        raw_object(&memory, &other, DRAFTS),
    );
    let foreign = other.show_form(DESK, &store, &folder, token, 0, &about);
    assert_eq!(raw_code(foreign), INVALID);
    let shown = raw.show_form(DESK, &cases[0].0, &cases[0].1, token, 0, &about);
    assert_eq!(
        raw_code(shown),
        HResult::MAPI_E_USER_CANCEL,
        "and was not used up there"
    );
    drop((cases, own, store, folder));
    for session in [raw, other] {
        session.logoff(UiParam::NONE, 0, 0).unwrap();
        memory.uninitialize();
    }
}

// M11: the message is to be released before the form is shown, and the form lives on.
#[test]
fn a_form_outlives_its_message() {
    let memory = mail();
    let raw = raw_logon(&memory);
    let own = raw_object(&memory, &raw, ONE);
    let token = raw.prepare_form(&own).unwrap().ignore_warning();
    drop(own);
    let (store, drafts) = (
        raw_store(&memory, &raw, "Mailbox"),
        raw_object(&memory, &raw, DRAFTS),
    );
    memory.user().answer(Answer::Accept);
    let shown = raw.show_form(DESK, &store, &drafts, token, 0, &FormMessage::default());
    assert_eq!(raw_code(shown), HResult::S_OK);
    assert_eq!(
        memory.outgoing(&id(&memory, &["Mailbox"])),
        [id(&memory, ONE)]
    );
    drop((store, drafts));
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M11: as the table of IMAPISession's methods says.
#[test]
fn message_options_are_not_supported() {
    let memory = mail();
    let session = logon(&memory);
    let own = message(&session, &memory, ONE);
    let error = session.message_options(DESK, "SMTP", &own).unwrap_err();
    assert_eq!(
        (error.call(), error.hresult()),
        (Call::SESSION_MESSAGE_OPTIONS, NO_SUPPORT)
    );
    let error = session.query_default_message_opt("SMTP").unwrap_err();
    let seen = (error.call(), error.hresult());
    assert_eq!(seen, (Call::SESSION_QUERY_DEFAULT_MESSAGE_OPT, NO_SUPPORT));
    assert!(session.last_error(NO_SUPPORT).unwrap().is_some());
    assert_eq!(memory.user().dialogs(), []);
    drop(own);
    logoff(session);
}

// M12: the two that ask for another try are failures, told from each other and from what is final;
// and a caller sees them as the provider gave them.
#[test]
fn what_is_to_be_tried_again_reaches_the_caller_as_it_is() {
    for (hresult, number, name, retry) in [
        (
            HResult::MAPI_E_END_OF_SESSION,
            0x8004_0200,
            "MAPI_E_END_OF_SESSION",
            Retry::Logon,
        ),
        (
            HResult::MAPI_E_RECONNECTED,
            0x8004_0125,
            "MAPI_E_RECONNECTED",
            Retry::Call,
        ),
    ] {
        assert_eq!(u32::from(hresult), number);
        assert_eq!(hresult.name(), Some(name));
        assert!(hresult.is_failure());
        assert_eq!(hresult.retry(), Some(retry));
        // A connection that was lost, and a provider that reconnects: the second call works.
        let answers = Mutex::new(vec![HResult::S_OK, hresult]);
        let store = Store::new("Mailbox").hook(move |call| match call {
            ProviderCall::Open => answers.lock().unwrap().pop().unwrap_or(HResult::S_OK),
            _ => HResult::S_OK,
        });
        let memory = memory_of(Profile::new("Outlook").store(store));
        let session = logon(&memory);
        let mailbox = id(&memory, &["Mailbox"]);
        let open = || session.open_msg_store(&mailbox, OpenStoreFlags::WRITE);
        let lost = open().unwrap_err();
        assert_eq!(lost.hresult(), hresult);
        assert_eq!(code(open()), HResult::S_OK);
        logoff(session);
    }
}
