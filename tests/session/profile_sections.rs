//! Rules M4 and M9: what a session has of its profile: sections, and message services.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::support::{Profiles, code, logoff, raw_code, raw_logon};
use mapi_session::error::Call;
use mapi_session::flags::{MsgServiceFlags, ProfileSectionFlags, ServiceFlags};
use mapi_session::memory::{AddressBook, Memory, Profile, Service, Store, Transport};
use mapi_session::property::{PropProblem, PropTag, PropType, Property, PropertyValue};
use mapi_session::subsystem::{RawProp, RawServiceAdmin, RawSession, Subsystem};
use mapi_session::table::{MsgServiceTable, ServiceRow, StoreRow};
use mapi_session::types::ObjectType;
use mapi_session::{
    EntryId, HResult, Live, LogonRequest, Mapi, MapiUid, OpenStoreFlags, ProfileSection, Session,
    UiParam,
};

const OWN: MapiUid = MapiUid::new([0x5E; 16]);
const UNICODE: u32 = 0x8000_0000;

const READ: ProfileSectionFlags = ProfileSectionFlags::empty();
const MODIFY: ProfileSectionFlags = ProfileSectionFlags::MODIFY;
const FORCE: ProfileSectionFlags = ProfileSectionFlags::FORCE_ACCESS;
const DEFERRED: ProfileSectionFlags = ProfileSectionFlags::DEFERRED_ERRORS;

const OK: HResult = HResult::S_OK;
const NO_ACCESS: HResult = HResult::MAPI_E_NO_ACCESS;
const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;

fn memory() -> Memory {
    let exchange = Service::new("Exchange")
        .store(Store::new("Mailbox").default_store())
        .address_book(AddressBook::new("Global").identity("Me"));
    let profile = Profile::new("Outlook")
        .store(Store::new("Archive"))
        .service(exchange);
    let pst = Service::new("MSPST MS").store(Store::new("Personal").default_store());
    let internet = Service::new("IMAIL")
        .address_book(AddressBook::new("Web").primary_identity("Other"))
        .transport(Transport::new("SMTP").address_type("SMTP"));
    Memory::builder()
        .profile(profile)
        .profile(Profile::new("Home"))
        .installed_service(pst)
        .installed_service(internet)
        .build()
        .unwrap()
}

fn logon_to(memory: &Memory, profile: &str) -> Session<Live, Memory> {
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    mapi.logon(&LogonRequest::new_session(profile)).unwrap()
}

fn logon(memory: &Memory) -> Session<Live, Memory> {
    logon_to(memory, "Outlook")
}

fn property(id: u16, text: &str) -> Property {
    Property::new(PropTag::of(id, PropType::UNICODE), text)
}

/// PR_OBJECT_TYPE and PR_PROFILE_NAME, which every section has.
const COMPUTED: [PropTag; 2] = [PropTag::OBJECT_TYPE, PropTag::PROFILE_NAME];

/// What has been written into a section.
fn text(section: &ProfileSection<'_, Memory>) -> Vec<String> {
    let string = |property: Property| match property.value {
        PropertyValue::String(text) => text,
        other => panic!("{other:?}"),
    };
    let props = section.all_props().unwrap().into_iter();
    let written = props.filter(|it| !COMPUTED.contains(&it.tag));
    written.map(string).collect()
}

/// Opens the section and releases it.
fn open(session: &Session<Live, Memory>, uid: MapiUid, flags: ProfileSectionFlags) -> HResult {
    code(session.open_profile_section(uid, flags))
}

// M4
#[test]
fn a_section_is_made_by_modify_alone_and_survives_its_session() {
    let memory = memory();
    let session = logon(&memory);
    for flags in [READ, FORCE, DEFERRED, FORCE | DEFERRED] {
        let missing = session.open_profile_section(OWN, flags).unwrap_err();
        let seen = (missing.call(), missing.hresult());
        assert_eq!(
            seen,
            (Call::SESSION_OPEN_PROFILE_SECTION, NOT_FOUND),
            "{flags:?}"
        );
    }
    let section = session.open_profile_section(OWN, MODIFY).unwrap();
    assert_eq!(text(&section), [""; 0]);
    section
        .set_props(&[property(0x6601, "one"), property(0x6600, "two")])
        .unwrap();
    section.set_props(&[property(0x6601, "three")]).unwrap();
    // By their tags; what is not named stays.
    assert_eq!(text(&section), ["two", "three"]);
    drop(section);
    logoff(session);

    let session = logon(&memory);
    let section = session.open_profile_section(OWN, READ).unwrap();
    assert_eq!(text(&section), ["two", "three"]);
    drop(section);
    logoff(session);
    // It is that profile's.
    let session = logon_to(&memory, "Home");
    assert_eq!(open(&session, OWN, READ), NOT_FOUND);
    logoff(session);
}

/// A section that is written once.
fn create(session: &Session<Live, Memory>, uid: MapiUid) {
    let section = session.open_profile_section(uid, MODIFY).unwrap();
    section.set_props(&[property(0x6600, "old")]).unwrap();
}

// M4: the required properties of iprofsectimapiprop, in a section of one's own and in a provider's.
#[test]
fn every_section_tells_its_kind_and_the_name_of_the_profile() {
    let memory = memory();
    memory.initialize(0, 0).unwrap();
    let flags = Default::default();
    memory
        .profiles()
        .copy_profile("Outlook", "Copy", flags)
        .unwrap();
    for profile in ["Outlook", "Copy"] {
        let session = logon_to(&memory, profile);
        let mailbox = memory.entry_id(profile, &["Mailbox"]).unwrap();
        for (uid, flags) in [(OWN, MODIFY), (mailbox.provider_uid().unwrap(), FORCE)] {
            let section = session.open_profile_section(uid, flags).unwrap();
            let props = section.all_props().unwrap();
            assert!(props.is_sorted_by_key(|it| it.tag));
            let kind = ObjectType::PROFILE_SECTION.get();
            assert_eq!(props.bits(PropTag::OBJECT_TYPE), Some(kind));
            assert_eq!(props.text(PropTag::PROFILE_NAME), Some(profile));
        }
        logoff(session);
    }
    memory.uninitialize();
}

// M4, R2: a section has no named properties, by iprofsectimapiprop and supporting-named-properties, and
// its required ones can only be read. What else is set beside them is set.
#[test]
fn a_section_does_not_take_every_property() {
    let memory = memory();
    let raw = raw_logon(&memory);
    let section = raw.open_profile_section(OWN, 1).unwrap().ignore_warning();
    let (first, last) = (property(0x6600, "one"), property(0x7FFF, "two"));
    for (id, problem) in [
        (0x0FFE, HResult::MAPI_E_COMPUTED),
        (0x3D12, HResult::MAPI_E_COMPUTED),
        (0x8000, HResult::MAPI_E_UNEXPECTED_ID),
        (0xFFFF, HResult::MAPI_E_UNEXPECTED_ID),
    ] {
        let refused = property(id, "x");
        let problem = PropProblem::new(1, refused.tag, problem);
        let props = [first.clone(), refused, last.clone()];
        let (problems, warning) = section.set_props(&props).unwrap().into_parts();
        assert_eq!((problems, warning), (vec![problem], None));
        let mut props = section.props(None, UNICODE).unwrap().ignore_warning();
        props.retain(|it| !COMPUTED.contains(&it.tag));
        assert_eq!(props, [first.clone(), last.clone()]);
    }
    drop(section);
    // What was only refused has made no section.
    let section = raw.open_profile_section(MapiUid::new([7; 16]), 1);
    let section = section.unwrap().ignore_warning();
    section.set_props(&[property(0x8000, "x")]).unwrap();
    drop(section);
    assert_eq!(
        raw_code(raw.open_profile_section(MapiUid::new([7; 16]), 0)),
        NOT_FOUND
    );
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M4: what is created and never written leaves nothing.
#[test]
fn a_section_that_is_never_written_is_gone_with_its_release() {
    let memory = memory();
    let session = logon(&memory);
    let section = session.open_profile_section(OWN, MODIFY).unwrap();
    assert_eq!(text(&section), [""; 0]);
    drop(section);
    assert_eq!(open(&session, OWN, READ), NOT_FOUND);
    // One that is not released goes with its session.
    let raw = raw_logon(&memory);
    let kept = raw.open_profile_section(OWN, MODIFY.bits()).unwrap();
    assert_eq!(raw_code(raw.logoff(UiParam::NONE, 0, 0)), OK);
    assert_eq!(open(&session, OWN, READ), NOT_FOUND);
    drop(kept);
    logoff(session);
}

// M4
#[test]
fn a_section_is_written_by_whom_it_was_opened_for() {
    let memory = memory();
    let session = logon(&memory);
    create(&session, OWN);
    for (flags, expected) in [(READ, NO_ACCESS), (FORCE, NO_ACCESS), (MODIFY, OK)] {
        let section = session.open_profile_section(OWN, flags).unwrap();
        let written = section.set_props(&[property(0x6600, "new")]);
        assert_eq!(code(written), expected, "{flags:?}");
        let expected: &[&str] = if expected == OK { &["new"] } else { &["old"] };
        assert_eq!(text(&section), expected);
    }
    logoff(session);
}

// M4: within a session, among the clients of a shared one, and across sessions.
#[test]
fn a_section_has_many_readers_or_one_writer() {
    let memory = memory();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let shared = LogonRequest::new_session("Outlook").allow_others();
    let one = mapi.logon(&shared).unwrap();
    let two = mapi.logon(&LogonRequest::join_shared()).unwrap();
    let three = logon(&memory);
    let everyone = [&one, &two, &three];
    create(&one, OWN);
    for first in everyone {
        for second in everyone {
            let writer = first.open_profile_section(OWN, MODIFY).unwrap();
            for flags in [READ, MODIFY, FORCE, MODIFY | FORCE | DEFERRED] {
                assert_eq!(open(second, OWN, flags), NO_ACCESS, "{flags:?}");
            }
            drop(writer);

            let reader = first.open_profile_section(OWN, READ).unwrap();
            let another = second.open_profile_section(OWN, READ).unwrap();
            assert_eq!(open(first, OWN, READ), OK);
            assert_eq!(open(second, OWN, MODIFY), NO_ACCESS);
            // To the last of them; those that were refused count for nothing.
            drop(reader);
            assert_eq!(open(first, OWN, MODIFY), NO_ACCESS);
            drop(another);
            assert_eq!(open(first, OWN, MODIFY), OK);
        }
    }
    // Another section is another one.
    let writer = one.open_profile_section(OWN, MODIFY).unwrap();
    let other = two
        .open_profile_section(MapiUid::new([1; 16]), MODIFY)
        .unwrap();
    drop((writer, other));
    for session in [one, two, three] {
        logoff(session);
    }
}

// M4
#[test]
fn a_providers_own_section_needs_force() {
    let memory = memory();
    let session = Arc::new(logon(&memory));
    let open_arc = |uid, flags| code(ProfileSection::open(Arc::clone(&session), uid, flags));
    for path in [&["Mailbox"][..], &["Global"]] {
        let uid = memory.entry_id("Outlook", path).unwrap();
        let uid = uid.provider_uid().unwrap();
        for flags in [READ, MODIFY, DEFERRED] {
            assert_eq!(open(&session, uid, flags), NO_ACCESS, "{flags:?}");
            assert_eq!(open_arc(uid, flags), NO_ACCESS, "{flags:?}");
        }
        assert_eq!(open_arc(uid, FORCE), OK);
        let section = session.open_profile_section(uid, FORCE).unwrap();
        assert_eq!(text(&section), path);
        assert_eq!(open(&session, uid, FORCE | MODIFY), NO_ACCESS);
        drop(section);
        let section = session.open_profile_section(uid, FORCE | MODIFY).unwrap();
        section.set_props(&[property(0x6600, "more")]).unwrap();
        assert_eq!(open(&session, uid, FORCE), NO_ACCESS);
        drop(section);
        assert_eq!(open(&session, uid, READ), NO_ACCESS);
    }
    logoff(Arc::into_inner(session).unwrap());
}

// M4
#[test]
fn sections_take_three_flags() {
    let memory = memory();
    let raw = raw_logon(&memory);
    for bit in 0..32 {
        let flags: u32 = 1 << bit;
        let expected = match flags & !0x8_0009 {
            0 => OK,
            _ => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        let opened = raw.open_profile_section(OWN, flags | 1);
        assert_eq!(raw_code(opened), expected, "{flags:#X}");
    }
    // A refused one has made nothing.
    let other = MapiUid::new([2; 16]);
    let refused = raw.open_profile_section(other, 0x11);
    assert_eq!(raw_code(refused), HResult::MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(raw_code(raw.open_profile_section(other, 0)), NOT_FOUND);
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M4, O2: one that outlives its session is open until it is released.
#[test]
fn a_raw_section_is_released_after_the_logoff() {
    let memory = memory();
    let raw = raw_logon(&memory);
    let section = raw.open_profile_section(OWN, 1).unwrap().ignore_warning();
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    assert_eq!(
        raw_code(section.props(None, 0)),
        HResult::MAPI_E_INVALID_OBJECT
    );
    let session = logon(&memory);
    drop(section);
    assert_eq!(open(&session, OWN, MODIFY), OK);
    logoff(session);
    memory.uninitialize();
}

// M4, P1, P2
#[test]
fn sections_go_with_their_profile() {
    let memory = memory();
    let flags = Default::default();
    memory.initialize(0, 0).unwrap();
    let session = logon(&memory);
    let section = session.open_profile_section(OWN, MODIFY).unwrap();
    section.set_props(&[property(0x6600, "mine")]).unwrap();
    memory
        .profiles()
        .copy_profile("Outlook", "Copy", flags)
        .unwrap();
    memory
        .profiles()
        .rename_profile("Outlook", "Renamed", flags)
        .unwrap();
    section.set_props(&[property(0x6600, "later")]).unwrap();
    // The copy has what was there, and nobody has it open.
    let copy = logon_to(&memory, "Copy");
    let copied = copy.open_profile_section(OWN, MODIFY).unwrap();
    assert_eq!(text(&copied), ["mine"]);
    drop((copied, section));
    logoff(copy);
    logoff(session);
    let session = logon_to(&memory, "Renamed");
    let section = session.open_profile_section(OWN, READ).unwrap();
    assert_eq!(text(&section), ["later"]);
    // One to be deleted keeps its sections until its last session has ended.
    memory.profiles().delete_profile("Renamed", flags).unwrap();
    assert_eq!(text(&section), ["later"]);
    drop(section);
    assert_eq!(open(&session, OWN, MODIFY), OK);
    logoff(session);
    memory.create_profile(&Profile::new("Renamed")).unwrap();
    let session = logon_to(&memory, "Renamed");
    assert_eq!(open(&session, OWN, READ), NOT_FOUND);
    logoff(session);
    memory.uninitialize();
}

fn services(session: &Session<Live, Memory>) -> MsgServiceTable {
    let admin = session.admin_services().unwrap();
    admin.msg_service_table().unwrap()
}

fn service_names(session: &Session<Live, Memory>) -> Vec<String> {
    services(session)
        .into_iter()
        .map(|row| row.name().to_owned())
        .collect()
}

fn uid(session: &Session<Live, Memory>, service: &str) -> MapiUid {
    let mut rows = services(session).into_iter();
    rows.find(|row| row.name() == service).unwrap().uid()
}

fn store_names(session: &Session<Live, Memory>) -> Vec<String> {
    let table = session.msg_stores_table().unwrap();
    let name = |row: &StoreRow| row.display_name().to_string();
    table.rows().iter().map(name).collect()
}

// M9, M7: by mapi-primary-identity, one that is described as primary succeeds the one that is deleted.
#[test]
fn a_deleted_primary_service_is_succeeded_by_the_next() {
    let service = |name: &str, user: &str| {
        let book = AddressBook::new(user).primary_identity(user);
        Service::new(name).address_book(book)
    };
    let plain = AddressBook::new("Plain").identity("Plain");
    let profile = Profile::new("Outlook")
        .service(service("One", "Ann"))
        .service(Service::new("Plain").address_book(plain))
        .service(service("Two", "Bob"))
        .service(service("Three", "Cid"));
    let memory = Memory::builder().profile(profile).build().unwrap();
    for (name, next) in [
        // Not the primary one: nothing changes.
        ("Three", Some("One")),
        ("One", Some("Two")),
        ("Two", None),
    ] {
        let session = logon(&memory);
        let admin = session.admin_services().unwrap();
        admin.delete_msg_service(uid(&session, name)).unwrap();
        drop(admin);
        logoff(session);
        let session = logon(&memory);
        assert_eq!(primary(&session).as_deref(), next, "{name}");
        logoff(session);
    }
}

/// The service that gives the primary identity; and of the two flags each has exactly one.
fn primary(session: &Session<Live, Memory>) -> Option<String> {
    let mut primary = None;
    for row in services(session) {
        let yes = row
            .resource_flags()
            .contains(ServiceFlags::PRIMARY_IDENTITY);
        let no = row
            .resource_flags()
            .contains(ServiceFlags::NO_PRIMARY_IDENTITY);
        assert_ne!(yes, no, "{}", row.name());
        if yes {
            assert_eq!(primary, None, "two services have it");
            primary = Some(row.name().to_owned());
        }
    }
    primary
}

// M9: PR_SERVICE_UID, PR_SERVICE_NAME, PR_DISPLAY_NAME, PR_RESOURCE_FLAGS, PR_INSTANCE_KEY; a service
// in memory has no file and no function to configure it, and these columns are empty.
#[test]
fn the_service_table_has_all_required_columns() {
    let memory = memory();
    let session = logon(&memory);
    let table = services(&session);
    let no_identity = ServiceFlags::NO_PRIMARY_IDENTITY;
    let expected = [
        ("Archive", no_identity),
        ("Exchange", no_identity | ServiceFlags::DEFAULT_STORE),
    ];
    assert_eq!(table.rows().len(), expected.len());
    for (row, (name, flags)) in table.rows().iter().zip(expected) {
        assert_eq!((row.name(), row.display_name()), (name, name));
        assert_eq!(row.resource_flags(), flags, "{name}");
        assert_eq!((row.dll_name(), row.entry_name()), ("", ""));
        assert_eq!(row.support_files(), [""; 0]);
    }
    let uids: BTreeSet<_> = table.rows().iter().map(ServiceRow::uid).collect();
    let keys: BTreeSet<_> = table.rows().iter().map(ServiceRow::instance_key).collect();
    assert_eq!((uids.len(), keys.len()), (2, 2));
    logoff(session);
    let session = logon_to(&memory, "Home");
    assert_eq!(services(&session).rows(), []);
    logoff(session);
}

// M9
#[test]
fn a_created_service_is_there_from_the_next_session_on() {
    let memory = memory();
    let session = logon(&memory);
    let (stores, statuses) = (
        session.msg_stores_table().unwrap(),
        session.status_table().unwrap(),
    );
    let admin = session.admin_services().unwrap();
    let before = admin.msg_service_table().unwrap();
    admin.create_msg_service("MSPST MS", "My folders").unwrap();
    admin
        .create_msg_service("MSPST MS", "More folders")
        .unwrap();
    admin.create_msg_service("IMAIL", "Internet").unwrap();

    // The table tells; one that was read before is as it was.
    let after = admin.msg_service_table().unwrap();
    assert_eq!(before.rows().len(), 2);
    // By the names for a person (P5).
    let added = after.rows().iter().filter(|it| !before.rows().contains(it));
    let added: Vec<_> = added.map(|row| (row.name(), row.display_name())).collect();
    let expected = [
        ("IMAIL", "Internet"),
        ("MSPST MS", "More folders"),
        ("MSPST MS", "My folders"),
    ];
    assert_eq!(added, expected);
    let uids: BTreeSet<_> = after.rows().iter().map(ServiceRow::uid).collect();
    assert_eq!(uids.len(), 5);
    drop(admin);

    // This session does not see it, in any way.
    assert_eq!(session.msg_stores_table().unwrap(), stores);
    assert_eq!(session.status_table().unwrap(), statuses);
    assert_eq!(session.enum_adr_types().unwrap(), [""; 0]);
    let personal = memory.entry_id("Outlook", &["Personal"]).unwrap();
    let opened = session.open_msg_store(&personal, OpenStoreFlags::empty());
    assert_eq!(code(opened), NOT_FOUND);
    let its_section = personal.provider_uid().unwrap();
    assert_eq!(open(&session, its_section, FORCE), NOT_FOUND);
    assert_eq!(open(&session, its_section, FORCE | MODIFY), NO_ACCESS);

    let next = logon(&memory);
    assert_eq!(
        store_names(&next),
        ["Archive", "Mailbox", "Personal", "Personal"]
    );
    let opened = next.open_msg_store(&personal, OpenStoreFlags::WRITE);
    assert_eq!(code(opened), OK);
    assert_eq!(open(&next, its_section, FORCE), OK);
    assert_eq!(next.enum_adr_types().unwrap(), ["SMTP"]);
    // There is a default store already, and there is one.
    let table = next.msg_stores_table().unwrap();
    let defaults = table.rows().iter().filter(|row| row.is_default());
    let defaults: Vec<_> = defaults.map(StoreRow::display_name).collect();
    assert_eq!(defaults, ["Mailbox"]);
    logoff(next);
    logoff(session);
    assert_eq!(memory.released_live(), 0);
}

// M9: SERVICE_SINGLE_COPY
#[test]
fn a_service_of_a_single_copy_is_created_once() {
    let memory = Memory::builder()
        .profile(Profile::new("Outlook"))
        .installed_service(Service::new("Exchange").single_copy())
        .installed_service(Service::new("IMAIL"))
        .build()
        .unwrap();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let create = |service, name| code(admin.create_msg_service(service, name));
    for (service, name, expected) in [
        ("Exchange", "One", OK),
        ("Exchange", "Two", NO_ACCESS),
        ("IMAIL", "Three", OK),
        ("IMAIL", "Four", OK),
    ] {
        assert_eq!(create(service, name), expected, "{name}");
    }
    let table = services(&session);
    let rows = table.rows().iter().map(|row| {
        let flags = row.resource_flags();
        (
            row.display_name(),
            flags.contains(ServiceFlags::SINGLE_COPY),
        )
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows, [("Four", false), ("One", true), ("Three", false)]);
    // Once it is deleted, there is room for another.
    admin.delete_msg_service(table.rows()[1].uid()).unwrap();
    assert_eq!(create("Exchange", "Five"), OK);
    drop(admin);
    logoff(session);
}

// M9: whichever of the two says so, that it is one of its kind.
#[test]
fn one_of_two_services_of_a_name_may_be_of_a_single_copy() {
    let exchange = |is_single: bool| match is_single {
        true => Service::new("Exchange").single_copy(),
        false => Service::new("Exchange"),
    };
    for (there, new) in [(false, true), (true, false), (false, false)] {
        let profile = Profile::new("Outlook").service(exchange(there));
        let memory = Memory::builder().profile(profile.clone());
        let memory = memory.installed_service(exchange(new)).build().unwrap();
        let session = logon(&memory);
        let admin = session.admin_services().unwrap();
        let expected = if there || new { NO_ACCESS } else { OK };
        assert_eq!(code(admin.create_msg_service("Exchange", "New")), expected);
        drop(admin);
        logoff(session);
        // And in a description.
        let built = Memory::builder()
            .profile(profile.service(exchange(new)))
            .build();
        assert_eq!(code(built), expected, "{there}, {new}");
    }
}

// P11: a provider that is added has what it needs once it is given a property.
#[test]
fn an_added_provider_lacks_what_it_was_not_given() {
    let files = || Service::new("Files").store(Store::new("File"));
    let needy = Service::new("Files").store(Store::new("File").unconfigured());
    let memory = Memory::builder().profile(Profile::new("Outlook").service(files()));
    let memory = memory.installed_service(needy).build().unwrap();
    let profiles = memory.profiles();
    let admin = profiles.admin_services("Outlook").unwrap();
    let files = admin.msg_service_table().unwrap().rows()[0].uid();
    let providers = admin.admin_providers(files).unwrap();
    let path = property(0x6600, "C:\\mail");
    let given = [&[][..], std::slice::from_ref(&path)];
    let added = given.map(|props| providers.create_provider("File", props).unwrap());
    let session = logon(&memory);
    let table = session.msg_stores_table().unwrap();
    let opens = |store: MapiUid| {
        let uid_of = |row: &&StoreRow| row.entry_id().provider_uid() == Some(store);
        let row = table.rows().iter().find(uid_of).unwrap();
        code(session.open_msg_store(row.entry_id(), OpenStoreFlags::NO_DIALOG))
    };
    assert_eq!(added.map(opens), [HResult::MAPI_E_LOGON_FAILED, OK]);
    logoff(session);
}

// M9: a service is shown to the user also where only its transport lacks something.
#[test]
fn an_unconfigured_transport_is_a_reason_to_ask() {
    let service = Service::new("Mail").transport(Transport::new("SMTP").unconfigured());
    let memory = Memory::builder().profile(Profile::new("Outlook"));
    let memory = memory.installed_service(service).build().unwrap();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let flags = MsgServiceFlags::UI_ALLOWED;
    let created = admin.create_msg_service_ex("Mail", "", UiParam::NONE, flags);
    assert_eq!(code(created), HResult::MAPI_E_USER_CANCEL);
    assert_eq!(memory.user().dialogs().len(), 1);
    drop(admin);
    logoff(session);
}

// M9
#[test]
fn the_first_default_store_of_a_profile_can_be_a_created_one() {
    let memory = memory();
    let session = logon_to(&memory, "Home");
    let admin = session.admin_services().unwrap();
    assert!(std::ptr::eq(admin.session().unwrap(), &session));
    admin.create_msg_service("MSPST MS", "One").unwrap();
    admin.create_msg_service("MSPST MS", "Two").unwrap();
    let table = admin.msg_service_table().unwrap();
    let with_default = table
        .rows()
        .iter()
        .filter(|row| row.resource_flags().contains(ServiceFlags::DEFAULT_STORE));
    let names: Vec<_> = with_default.map(ServiceRow::display_name).collect();
    assert_eq!(names, ["One"]);
    drop(admin);
    logoff(session);
    let session = logon_to(&memory, "Home");
    let table = session.msg_stores_table().unwrap();
    assert_eq!(table.default_store(), table.rows().first());
    logoff(session);
}

// M9
#[test]
fn what_is_not_installed_or_not_there_is_not_found() {
    let memory = memory();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    let before = services(&session);
    // Installed by its name; case counts.
    for name in ["Exchange", "mspst ms", "My folders", ""] {
        let error = admin.create_msg_service(name, "Name").unwrap_err();
        let seen = (error.call(), error.hresult());
        assert_eq!(
            seen,
            (Call::SERVICE_ADMIN_CREATE_MSG_SERVICE, NOT_FOUND),
            "{name:?}"
        );
    }
    let provider = memory.entry_id("Outlook", &["Mailbox"]).unwrap();
    for uid in [MapiUid::default(), OWN, provider.provider_uid().unwrap()] {
        let error = admin.delete_msg_service(uid).unwrap_err();
        assert_eq!(
            (error.call(), error.hresult()),
            (Call::SERVICE_ADMIN_DELETE_MSG_SERVICE, NOT_FOUND)
        );
        let error = admin.set_primary_identity(Some(uid)).unwrap_err();
        assert_eq!(
            (error.call(), error.hresult()),
            (Call::SERVICE_ADMIN_SET_PRIMARY_IDENTITY, NOT_FOUND)
        );
    }
    assert_eq!(services(&session), before);
    drop(admin);
    logoff(session);
}

// M9
#[test]
fn a_deleted_service_is_gone_from_the_next_session_on() {
    let memory = memory();
    let session = logon(&memory);
    let mailbox = memory.entry_id("Outlook", &["Mailbox"]).unwrap();
    let its_section = mailbox.provider_uid().unwrap();
    let admin = session.admin_services().unwrap();
    let section = session.open_profile_section(its_section, FORCE).unwrap();
    let exchange = uid(&session, "Exchange");
    admin.delete_msg_service(exchange).unwrap();
    assert_eq!(code(admin.delete_msg_service(exchange)), NOT_FOUND);
    assert_eq!(service_names(&session), ["Archive"]);

    // This session has it all the same, with its section.
    assert_eq!(store_names(&session), ["Archive", "Mailbox"]);
    assert!(
        session
            .msg_stores_table()
            .unwrap()
            .default_store()
            .is_some()
    );
    let opened = session.open_msg_store(&mailbox, OpenStoreFlags::WRITE);
    assert_eq!(code(opened), OK);
    assert_eq!(text(&section), ["Mailbox"]);
    assert_eq!(open(&session, its_section, FORCE), OK);
    drop((admin, section));

    let next = logon(&memory);
    assert_eq!(store_names(&next), ["Archive"]);
    assert_eq!(next.msg_stores_table().unwrap().default_store(), None);
    let opened = next.open_msg_store(&mailbox, OpenStoreFlags::empty());
    assert_eq!(code(opened), NOT_FOUND);
    assert_eq!(open(&next, its_section, FORCE), NOT_FOUND);
    logoff(session);
    memory
        .profiles()
        .copy_profile("Outlook", "Copy", Default::default())
        .unwrap();
    let copy = logon_to(&memory, "Copy");
    assert_eq!(open(&copy, its_section, FORCE), NOT_FOUND);
    assert_eq!(open(&copy, its_section, MODIFY), OK, "nobody's any more");
    logoff(copy);
    logoff(next);
}

// M9
#[test]
fn one_service_at_most_gives_the_primary_identity() {
    let memory = memory();
    let session = logon(&memory);
    assert_eq!(primary(&session), None);
    let admin = session.admin_services().unwrap();
    admin.create_msg_service("IMAIL", "Internet").unwrap();
    assert_eq!(primary(&session).as_deref(), Some("IMAIL"));
    // One that comes later takes nothing from it.
    admin.create_msg_service("IMAIL", "Again").unwrap();
    assert_eq!(primary(&session).as_deref(), Some("IMAIL"));
    for _ in 0..2 {
        let exchange = uid(&session, "Exchange");
        admin.set_primary_identity(Some(exchange)).unwrap();
        assert_eq!(primary(&session).as_deref(), Some("Exchange"));
    }
    let error = admin
        .set_primary_identity(Some(uid(&session, "Archive")))
        .unwrap_err();
    assert_eq!(
        (error.call(), error.hresult()),
        (Call::SERVICE_ADMIN_SET_PRIMARY_IDENTITY, NO_ACCESS)
    );
    assert_eq!(primary(&session).as_deref(), Some("Exchange"));
    admin.set_primary_identity(None).unwrap();
    assert_eq!(primary(&session), None);
    // Nobody succeeds one that has not given it.
    admin.delete_msg_service(uid(&session, "IMAIL")).unwrap();
    assert_eq!(primary(&session), None);
    admin.create_msg_service("IMAIL", "Third").unwrap();
    admin
        .set_primary_identity(Some(uid(&session, "IMAIL")))
        .unwrap();
    assert_eq!(primary(&session).as_deref(), Some("IMAIL"));
    // The second of them succeeds the first.
    for next in [Some("IMAIL"), None] {
        admin.delete_msg_service(uid(&session, "IMAIL")).unwrap();
        assert_eq!(primary(&session).as_deref(), next);
    }
    drop(admin);
    logoff(session);
}

// M9: what administration changes, all sessions of the profile administrate.
#[test]
fn the_administration_of_two_sessions_is_of_one_profile() {
    let memory = memory();
    let (one, two) = (logon(&memory), logon(&memory));
    let other = logon_to(&memory, "Home");
    let admin = one.admin_services().unwrap();
    admin.create_msg_service("IMAIL", "Internet").unwrap();
    assert_eq!(service_names(&two), ["Archive", "Exchange", "IMAIL"]);
    assert_eq!(service_names(&other), [""; 0]);
    let again = two.admin_services().unwrap();
    again.delete_msg_service(uid(&one, "Archive")).unwrap();
    assert_eq!(service_names(&one), ["Exchange", "IMAIL"]);
    drop((admin, again));
    for session in [one, two, other] {
        logoff(session);
    }
}

// M4: of a session that has ended, nobody has a section open.
#[test]
fn a_section_that_is_never_released_is_closed_by_the_end_of_its_session() {
    let memory = memory();
    let section = MapiUid::new([0x5E; 16]);
    let (write, read) = (1, 0);
    for (first, second) in [(write, read), (write, write), (read, write)] {
        let (old, new) = (raw_logon(&memory), raw_logon(&memory));
        let created = new.open_profile_section(section, write).unwrap();
        let created = created.ignore_warning();
        drop(created.set_props(&[property(0x6600, "old")]).unwrap());
        drop(created);
        let kept = old.open_profile_section(section, first).unwrap();
        let opened = new.open_profile_section(section, second);
        assert_eq!(raw_code(opened), HResult::MAPI_E_NO_ACCESS);
        assert_eq!(raw_code(old.logoff(UiParam::NONE, 0, 0)), OK);
        let opened = new.open_profile_section(section, second).unwrap();
        // Its late release takes nothing from who has it now.
        drop(kept);
        let third = raw_logon(&memory).open_profile_section(section, write);
        assert_eq!(raw_code(third), HResult::MAPI_E_NO_ACCESS);
        drop(opened);
    }
}

// M9
#[test]
fn administration_checks_its_flags() {
    let memory = memory();
    let raw = raw_logon(&memory);
    let admin = raw.admin_services(0).unwrap().ignore_warning();
    for bit in 0..32 {
        let flags: u32 = 1 << bit;
        let invalid = HResult::MAPI_E_INVALID_PARAMETER;
        assert_eq!(raw_code(raw.admin_services(flags)), invalid);
        assert_eq!(raw_code(admin.set_primary_identity(None, flags)), invalid);
        let known = match flags {
            UNICODE => OK,
            _ => HResult::MAPI_E_UNKNOWN_FLAGS,
        };
        assert_eq!(raw_code(admin.msg_service_table(flags)), known);
        // Nobody answers, so the user cancels what is always shown.
        let created = match flags {
            0x2 => HResult::MAPI_E_USER_CANCEL,
            0x10 | 0x80 => OK,
            _ => known,
        };
        assert_eq!(
            raw_code(admin.create_msg_service("IMAIL", "I", UiParam::NONE, flags)),
            created
        );
    }
    drop(admin);
    raw.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// M9: the page of GetMsgServiceTable has no flag for Unicode, so that its text is the session's.
#[test]
fn a_session_without_unicode_has_its_services() {
    let exchange = Service::new("Exchange").store(Store::new("Mailbox"));
    let memory = Memory::builder()
        .profile(Profile::new("Outlook").service(exchange.clone()))
        .installed_service(exchange)
        .without_unicode()
        .build()
        .unwrap();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    admin.create_msg_service("Exchange", "Another").unwrap();
    assert_eq!(admin.msg_service_table().unwrap().rows().len(), 2);
    drop(admin);
    logoff(session);
}

// M9, P2: nothing begins on it any more, so there is nothing to change.
#[test]
fn a_profile_to_be_deleted_is_not_administrated_any_more() {
    let memory = memory();
    let session = logon(&memory);
    let admin = session.admin_services().unwrap();
    admin.create_msg_service("IMAIL", "Internet").unwrap();
    let exchange = uid(&session, "Exchange");
    memory
        .profiles()
        .delete_profile("Outlook", Default::default())
        .unwrap();
    let known = admin.msg_service_table().unwrap();
    let names: Vec<_> = known.rows().iter().map(ServiceRow::name).collect();
    assert_eq!(names, ["Archive", "Exchange"], "as the session knows it");
    assert_eq!(
        code(admin.create_msg_service("IMAIL", "Internet")),
        NOT_FOUND
    );
    assert_eq!(code(admin.delete_msg_service(exchange)), NOT_FOUND);
    assert_eq!(code(admin.set_primary_identity(Some(exchange))), NOT_FOUND);
    assert_eq!(code(admin.set_primary_identity(None)), NOT_FOUND);
    assert_eq!(admin.msg_service_table().unwrap(), known);
    drop(admin);
    // The session works to its end.
    assert_eq!(store_names(&session), ["Archive", "Mailbox"]);
    let mailbox: EntryId = session.msg_stores_table().unwrap().rows()[1]
        .entry_id()
        .clone();
    assert_eq!(
        code(session.open_msg_store(&mailbox, OpenStoreFlags::WRITE)),
        OK
    );
    logoff(session);
    assert_eq!(memory.entry_id("Outlook", &["Mailbox"]), None);
}

// M9, P1: one that is to be renamed is changed, and keeps it under the new name.
#[test]
fn a_profile_to_be_renamed_is_administrated() {
    let memory = memory();
    let session = logon(&memory);
    memory
        .profiles()
        .rename_profile("Outlook", "Mail", Default::default())
        .unwrap();
    let admin = session.admin_services().unwrap();
    admin.create_msg_service("MSPST MS", "My folders").unwrap();
    drop(admin);
    logoff(session);
    let session = logon_to(&memory, "Mail");
    assert_eq!(store_names(&session), ["Archive", "Mailbox", "Personal"]);
    logoff(session);
}
