//! The administration of profiles without a session, of message services and of their providers:
//! rules P3 to P12.

use mapi_session::error::{Call, Failure};
use mapi_session::flags::{MsgServiceFlags, ProfileFlags, ProfileSectionFlags, ServiceFlags};
use mapi_session::memory::{
    AddressBook, Answer, Builder, Memory, MemoryProfileAdmin, MemoryProfileSection,
    MemoryProviderAdmin, MemoryServiceAdmin, MemorySession, Profile, Question, Section, Service,
    Store, Transport,
};
use mapi_session::property::{PropName, PropTag, PropType, Property, PropertyValue};
use mapi_session::subsystem::{
    RawProfAdmin, RawProp, RawProviderAdmin, RawServiceAdmin, RawSession, Subsystem,
    layer::{Layer, Layered, RawCall},
};
use mapi_session::table::{ProviderRow, ServiceRow, StoreRow};
use mapi_session::testing::{Faults, RecordedCall, Recorder};
use mapi_session::types::ResourceType;
use mapi_session::{
    Error, HResult, LogoffFlags, LogonRequest, Mapi, MapiUid, ProfileAdmin, ProfileSection,
    ServiceAdmin, UiParam,
};

use crate::support::{code, logoff, logon, raw_code, value};

/// PidTagExchangeProfileSectionId.
const PR_EMSMDB_SECTION_UID: PropTag = PropTag::new(0x3D15_0102);
const PR_PROFILE_UNRESOLVED_SERVER: PropTag = PropTag::new(0x6607_001F);
const SECURE: [PropTag; 2] = [PropTag::new(0x67F0_001F), PropTag::new(0x67FF_0003)];
const READ: ProfileSectionFlags = ProfileSectionFlags::empty();
const MODIFY: ProfileSectionFlags = ProfileSectionFlags::MODIFY;
const FORCE: ProfileSectionFlags = ProfileSectionFlags::FORCE_ACCESS;
const UID: MapiUid = MapiUid::new([7; 16]);
const NONE: ProfileFlags = ProfileFlags::empty();
const PARENT: UiParam = UiParam::new(0xDE5C);
const UNICODE: u32 = 0x8000_0000;

fn text(tag: impl Into<PropTag>, value: &str) -> Property {
    Property::new(tag.into(), value)
}

fn keywords() -> PropName {
    PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords")
}

fn long(tag: impl Into<PropTag>, value: i32) -> Property {
    Property::new(tag.into(), value)
}

fn instance() -> MapiUid {
    "{00020385-0000-0000-C000-000000000046}".parse().unwrap()
}

fn global() -> MapiUid {
    "13DBB0C8AA05101A9BB000AA002FC45A".parse().unwrap()
}

/// "Outlook", with a service of two providers and one of a transport, and "Home"; two services are
/// installed.
fn builder() -> Builder {
    let exchange = Service::new("MSEMS")
        .display_name("Exchange")
        .property(text(PR_PROFILE_UNRESOLVED_SERVER, "server"))
        .store(
            Store::new("Mailbox")
                .default_store()
                .resource_path("C:\\mail")
                .provider_dll_name("EMSMDB")
                .named_property(keywords()),
        )
        .address_book(AddressBook::new("Directory").primary_identity("Ana"));
    let profile = Profile::new("Outlook")
        .service(exchange.clone())
        .transport(Transport::new("First").address_type("SMTP"))
        .transport(Transport::new("Second").address_type("FAX"));
    let archives = Service::new("MSPST MS")
        .store(Store::new("Folders").default_store().unconfigured())
        .transport(Transport::new("Carrier"));
    Memory::builder()
        .profile(profile)
        .profile(Profile::new("Home"))
        .installed_service(exchange)
        .installed_service(archives)
        .default_service("MSPST MS")
}

fn scene() -> (Mapi<Memory>, Memory) {
    let memory = builder().build().unwrap();
    (Mapi::initialize(memory.clone()).unwrap(), memory)
}

fn services_of(mapi: &Mapi<Memory>, profile: &str) -> ServiceAdmin<'static, Memory> {
    let profiles = mapi.admin_profiles().unwrap();
    profiles.admin_services(profile).unwrap()
}

/// The services of a profile, by their names for a person.
fn names(services: &ServiceAdmin<'_, Memory>) -> Vec<String> {
    let table = services.msg_service_table().unwrap();
    let rows = table.into_iter();
    rows.map(|row| row.display_name().to_owned()).collect()
}

fn uid_of(services: &ServiceAdmin<'_, Memory>, name: &str) -> MapiUid {
    let table = services.msg_service_table().unwrap();
    let mut rows = table.rows().iter();
    rows.find(|row| row.name() == name).unwrap().uid()
}

/// The providers of a profile, in their order.
fn providers(services: &ServiceAdmin<'_, Memory>) -> Vec<(MapiUid, String)> {
    let table = services.provider_table().unwrap();
    let rows = table.into_iter();
    rows.map(|row| (row.uid(), row.display_name().to_owned()))
        .collect()
}

fn provider_of(services: &ServiceAdmin<'_, Memory>, name: &str) -> MapiUid {
    let mut all = providers(services).into_iter();
    all.find(|(_, known)| known == name).unwrap().0
}

fn value_of(section: &ProfileSection<'_, Memory>, tag: impl Into<PropTag>) -> PropertyValue {
    let props = section.props(&[tag.into()]).unwrap();
    props.into_iter().next().unwrap().value
}

#[track_caller]
fn fails<T>(result: Result<T, Error>, call: Call, hresult: HResult, quoted: &str) {
    let error = result.err().unwrap();
    assert_eq!((error.call(), error.hresult()), (call, hresult), "{error}");
    assert!(error.reason().unwrap().contains(quoted), "{error}");
}

// P3
#[test]
fn services_are_administered_without_a_session() {
    let (mapi, memory) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    let services = profiles.admin_services("Outlook").unwrap();
    assert!(services.session().is_none());
    drop(profiles);
    assert_eq!(memory.open_sessions(), 0);
    assert_eq!(names(&services), ["Exchange", "First", "Second"]);
    services
        .create_msg_service("MSPST MS", "My folders")
        .unwrap();
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    let stores: Vec<_> = stores.rows().iter().map(StoreRow::display_name).collect();
    assert_eq!(stores, ["Mailbox", "Folders"]);
    logoff(session);
}

// P3: the library outlives what was opened from it.
#[test]
fn the_library_lasts_as_long_as_an_administration_object() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    let section = services.open_profile_section(UID, MODIFY).unwrap();
    let exchange = services
        .admin_providers(uid_of(&services, "MSEMS"))
        .unwrap();
    drop((mapi, services));
    section.set_props(&[long(0x6600_0003, 1)]).unwrap();
    drop(section);
    exchange.provider_table().unwrap();
    drop(exchange);
    let gone = raw_code(memory.admin_profiles(0));
    assert_eq!(gone, HResult::MAPI_E_NOT_INITIALIZED);
}

// P3
#[test]
fn a_profile_that_is_not_there_has_no_services() {
    let (mapi, _) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    let failed = HResult::MAPI_E_LOGON_FAILED;
    for name in ["Nobody", "", "outlook"] {
        let quoted = format!("{name:?}");
        let opened = profiles.admin_services(name);
        fails(opened, Call::PROF_ADMIN_ADMIN_SERVICES, failed, &quoted);
        let known = profiles.last_error(failed).unwrap().unwrap();
        assert!(known.error().contains(&quoted), "{known:?}");
    }
    assert_eq!(
        profiles.last_error(HResult::MAPI_E_NO_ACCESS).unwrap(),
        None
    );
    // Of another object, nothing.
    let other = mapi.admin_profiles().unwrap();
    assert_eq!(other.last_error(failed).unwrap(), None);
}

// P3
#[test]
fn profiles_have_no_passwords() {
    let (_mapi, memory) = scene();
    let admin = memory.admin_profiles(0).unwrap().ignore_warning();
    let (secret, none) = (Some("secret"), UiParam::NONE);
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    let failed = HResult::MAPI_E_LOGON_FAILED;
    let created = admin.create_profile("New", secret, none, 0);
    assert_eq!(raw_code(created), invalid);
    let copied = admin.copy_profile("Home", secret, "Copy", none, 0);
    assert_eq!(raw_code(copied), failed);
    let renamed = admin.rename_profile("Home", secret, "House", none, 0);
    assert_eq!(raw_code(renamed), failed);
    let opened = admin.admin_services("Home", secret, none, 0);
    assert_eq!(raw_code(opened), failed);
    for password in [None, Some("")] {
        let opened = admin.admin_services("Home", password, none, 0);
        assert_eq!(raw_code(opened), HResult::S_OK);
    }
    // It does nothing, also to a profile that is not there.
    for name in ["Home", "Nobody"] {
        let changed = admin.change_profile_password(name, None, secret, UNICODE);
        assert_eq!(raw_code(changed), HResult::S_OK);
    }
    let changed = admin.change_profile_password("Home", None, secret, 1);
    assert_eq!(raw_code(changed), HResult::MAPI_E_UNKNOWN_FLAGS);
    let table = admin.profile_table(0).unwrap().ignore_warning();
    assert_eq!(table.rows().len(), 2);
}

// P3, M9: what becomes of an administration object, and of its sections, when the profile goes.
#[test]
fn a_deleted_profile_is_administered_no_more() {
    let (mapi, memory) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    let services = profiles.admin_services("Outlook").unwrap();
    let exchange = services
        .admin_providers(uid_of(&services, "MSEMS"))
        .unwrap();
    let section = services.open_profile_section(UID, MODIFY).unwrap();
    // An object is no use of its profile: both happen at once.
    profiles.rename_profile("Outlook", "Work", NONE).unwrap();
    assert_eq!(names(&services).len(), 3);
    profiles.delete_profile("Work", NONE).unwrap();
    let not_found = HResult::MAPI_E_NOT_FOUND;
    assert_eq!(code(services.msg_service_table()), not_found);
    assert_eq!(code(services.create_msg_service("MSPST MS", "")), not_found);
    assert_eq!(code(exchange.provider_table()), not_found);
    assert_eq!(code(section.all_props()), not_found);
    assert_eq!(code(section.set_props(&[])), not_found);
    assert!(exchange.last_error(not_found).unwrap().is_some());
    drop((services, exchange, section));
    memory.create_profile(&Profile::new("Work")).unwrap();
    assert!(names(&services_of(&mapi, "Work")).is_empty());
}

// P3, P11: the failures of the calls of an object are its own.
#[test]
fn each_administration_object_knows_its_last_error() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    let exchange = services
        .admin_providers(uid_of(&services, "MSEMS"))
        .unwrap();
    let not_found = HResult::MAPI_E_NOT_FOUND;
    assert_eq!(exchange.last_error(not_found).unwrap(), None);
    assert_eq!(code(exchange.delete_provider(UID)), not_found);
    let known = exchange.last_error(not_found).unwrap().unwrap();
    assert!(known.error().contains(&UID.to_string()), "{known:?}");
    assert_eq!(known.component(), "mapi-session");
    let without = Memory::builder().without_unicode().build().unwrap();
    let mapi = Mapi::initialize(without).unwrap();
    let profiles = mapi.admin_profiles().unwrap();
    let bad_width = HResult::MAPI_E_BAD_CHARWIDTH;
    assert_eq!(code(profiles.set_default_profile(None)), bad_width);
    assert_eq!(code(profiles.admin_services("P")), bad_width);
    assert_eq!(code(profiles.last_error(not_found)), bad_width);
    let raw = memory.admin_profiles(0).unwrap().ignore_warning();
    let known = raw.last_error(not_found, 1);
    assert_eq!(raw_code(known), HResult::MAPI_E_UNKNOWN_FLAGS);
}

// P4
#[test]
fn a_new_profile_can_have_the_default_services() {
    let (mapi, memory) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    profiles.create_profile("Empty", NONE).unwrap();
    assert!(names(&services_of(&mapi, "Empty")).is_empty());
    let flags = ProfileFlags::DEFAULT_SERVICES | ProfileFlags::APP_PROFILE;
    profiles.create_profile("Kiosk", flags).unwrap();
    assert_eq!(names(&services_of(&mapi, "Kiosk")), ["MSPST MS"]);
    let app = profiles.profile_table(ProfileFlags::APP_PROFILE).unwrap();
    let listed = profiles.profile_table(NONE).unwrap();
    assert_eq!((app.rows().len(), listed.rows().len()), (4, 3));
    assert_eq!(memory.user().dialogs(), []);
}

// P4: the user is asked of what lacks configuration, and of nothing that has it.
#[test]
fn the_user_configures_the_services_of_a_new_profile() {
    let (mapi, memory) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    let flags = ProfileFlags::DEFAULT_SERVICES | ProfileFlags::DIALOG;
    let create = || profiles.create_profile_with_ui("New", PARENT, flags);
    memory.user().answer(Answer::Cancel);
    fails(
        create(),
        Call::PROF_ADMIN_CREATE_PROFILE,
        HResult::MAPI_E_USER_CANCEL,
        "cancelled",
    );
    assert!(
        !profiles
            .profile_table(NONE)
            .unwrap()
            .rows()
            .iter()
            .any(|it| it.name() == "New")
    );

    memory.user().answer(Answer::Accept);
    create().unwrap();
    let dialogs = memory.user().take_dialogs();
    let question = Question::ConfigureService {
        service: "MSPST MS".into(),
        read_only: false,
    };
    assert_eq!(dialogs.len(), 2);
    assert!(
        dialogs
            .iter()
            .all(|it| *it.question() == question && it.parent() == PARENT)
    );
    // So its store opens, and is the default one.
    let session = mapi.logon(&LogonRequest::new_session("New")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let store = stores.default_store().unwrap();
    drop(
        session
            .open_msg_store(store.entry_id(), Default::default())
            .unwrap(),
    );
    logoff(session);

    // A profile of this name that comes while the user is asked.
    let below = memory.clone();
    memory.user().answer_with(move |_| {
        below.create_profile(&Profile::new("Later")).unwrap();
        Answer::Accept
    });
    let created = profiles.create_profile("Later", flags);
    fails(
        created,
        Call::PROF_ADMIN_CREATE_PROFILE,
        HResult::MAPI_E_NO_ACCESS,
        "\"Later\"",
    );
}

// P4
#[test]
fn a_default_service_is_an_installed_one() {
    let built = Memory::builder().default_service("None").build();
    fails(
        built,
        Call::SERVICE_ADMIN_CREATE_MSG_SERVICE,
        HResult::MAPI_E_NOT_FOUND,
        "\"None\"",
    );
}

// P4: of two default stores the first is it.
#[test]
fn a_new_profile_has_one_default_store() {
    let service = |name: &str| Service::new(name).store(Store::new(name).default_store());
    let memory = Memory::builder()
        .installed_service(service("One"))
        .installed_service(service("Two"))
        .default_service("Two")
        .default_service("One");
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let profiles = mapi.admin_profiles().unwrap();
    profiles
        .create_profile("New", ProfileFlags::DEFAULT_SERVICES)
        .unwrap();
    let session = mapi.logon(&LogonRequest::new_session("New")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(stores.default_store().unwrap().display_name(), "Two");
    assert_eq!(stores.rows().len(), 2);
    logoff(session);
}

// P5
#[test]
fn the_provider_table_has_its_ten_columns() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Outlook");
    let exchange = uid_of(&services, "MSEMS");
    let table = services.provider_table().unwrap();
    let rows = table.rows();
    let shown: Vec<_> = rows
        .iter()
        .map(|it| (it.ordinal(), it.display_name()))
        .collect();
    let wanted = [
        (0, "First"),
        (1, "Second"),
        (2, "Mailbox"),
        (3, "Directory"),
    ];
    assert_eq!(shown, wanted);
    let directory = &rows[3];
    assert_eq!(directory.provider_display(), "Address book in memory");
    assert_eq!(
        directory.resource_type(),
        Some(ResourceType::ADDRESS_BOOK_PROVIDER)
    );
    assert_eq!(directory.service_name(), "MSEMS");
    assert_eq!(directory.service_uid(), exchange);
    assert!(!directory.dll_name().is_empty() && !directory.instance_key().is_empty());
    let mine = services.admin_providers(exchange).unwrap();
    assert_eq!(mine.provider_table().unwrap().rows(), &rows[2..]);
    let second = services
        .admin_providers(uid_of(&services, "Second"))
        .unwrap();
    assert_eq!(second.provider_table().unwrap().rows()[0].ordinal(), 1);
    assert!(
        services_of(&mapi, "Home")
            .provider_table()
            .unwrap()
            .rows()
            .is_empty()
    );
}

// P5: a static table, sorted by the names for a person.
#[test]
fn the_service_table_is_sorted() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Outlook");
    let before = services.msg_service_table().unwrap();
    for name in ["Zebra", "apple", "Apple"] {
        services.create_msg_service("MSPST MS", name).unwrap();
    }
    let wanted = ["Apple", "Exchange", "First", "Second", "Zebra", "apple"];
    assert_eq!(names(&services), wanted);
    assert_eq!(before.rows().len(), 3);
}

// P6
#[test]
fn a_created_service_has_the_name_and_the_identifier_that_the_call_tells() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Home");
    let create = |service, name| {
        let none = MsgServiceFlags::empty();
        services.create_msg_service_ex(service, name, UiParam::NONE, none)
    };
    let exchange = create("MSEMS", "Mine").unwrap();
    let folders = create("MSPST MS", "Mine").unwrap();
    let table = services.msg_service_table().unwrap();
    let shown: Vec<_> = (table.rows().iter())
        .map(|it| (it.uid(), it.name(), it.display_name()))
        .collect();
    // MAPISVC.INF has a name for the one.
    let wanted = [
        (exchange, "MSEMS", "Exchange"),
        (folders, "MSPST MS", "Mine"),
    ];
    assert_eq!(shown, wanted);
    let none = create("No such", "service");
    fails(
        none,
        Call::SERVICE_ADMIN_CREATE_MSG_SERVICE_EX,
        HResult::MAPI_E_NOT_FOUND,
        "\"No such\"",
    );
}

// P6
#[test]
fn the_user_sees_the_configuration_of_a_created_service() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Home");
    let create = |service, flags| services.create_msg_service_ex(service, "Mine", PARENT, flags);
    let (always, allowed) = (MsgServiceFlags::UI_ALWAYS, MsgServiceFlags::UI_ALLOWED);
    let quiet = MsgServiceFlags::NO_RESTART_WARNING;
    create("MSEMS", allowed | quiet).unwrap();
    create("MSPST MS", quiet).unwrap();
    assert_eq!(memory.user().dialogs(), []);
    for (service, flags) in [("MSEMS", always), ("MSPST MS", allowed)] {
        let cancelled = create(service, flags);
        assert_eq!(code(cancelled), HResult::MAPI_E_USER_CANCEL);
        memory.user().answer(Answer::Accept);
        create(service, flags).unwrap();
    }
    assert_eq!(memory.user().dialogs().len(), 4);
    assert_eq!(names(&services).len(), 4);
    let read_only = create("MSEMS", MsgServiceFlags::UI_READ_ONLY);
    assert_eq!(code(read_only), HResult::MAPI_E_UNKNOWN_FLAGS);
}

// P7
#[test]
fn a_service_is_configured_by_its_properties() {
    let (mapi, _) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    profiles
        .create_profile("New", ProfileFlags::DEFAULT_SERVICES)
        .unwrap();
    let services = profiles.admin_services("New").unwrap();
    let uid = uid_of(&services, "MSPST MS");
    let configured = services.configure_msg_service(uid, &[]);
    let quoted = uid.to_string();
    fails(
        configured,
        Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE,
        HResult::MAPI_E_UNCONFIGURED,
        &quoted,
    );

    let path = text(0x6700_001F, "C:\\folders.pst");
    let password = text(SECURE[0], "secret");
    services
        .configure_msg_service(uid, &[path.clone(), password.clone()])
        .unwrap();
    let section = services.open_profile_section(uid, FORCE).unwrap();
    assert_eq!(
        section.props(&[path.tag, password.tag]).unwrap()[..],
        [path, password]
    );
    drop(section);
    // Nothing is missing now.
    services.configure_msg_service(uid, &[]).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("New")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    let store = stores.default_store().unwrap();
    drop(
        session
            .open_msg_store(store.entry_id(), Default::default())
            .unwrap(),
    );
    logoff(session);
}

// P7
#[test]
fn a_service_is_configured_by_the_user() {
    let (mapi, memory) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    profiles
        .create_profile("New", ProfileFlags::DEFAULT_SERVICES)
        .unwrap();
    let services = profiles.admin_services("New").unwrap();
    let uid = uid_of(&services, "MSPST MS");
    let props = [long(0x6600_0003, 1)];
    let configure = |flags, props: &[Property]| {
        services.configure_msg_service_with_ui(uid, PARENT, flags, props)
    };
    let (always, allowed) = (MsgServiceFlags::UI_ALWAYS, MsgServiceFlags::UI_ALLOWED);
    let user = memory.user();
    // Shown only to be looked at, it changes nothing.
    user.answer(Answer::Accept);
    configure(always | MsgServiceFlags::UI_READ_ONLY, &props).unwrap();
    let dialog = user.take_dialogs().pop().unwrap();
    let Question::ConfigureService { service, read_only } = dialog.question() else {
        panic!("{dialog:?}");
    };
    assert_eq!(
        (service.as_str(), *read_only, dialog.parent()),
        ("MSPST MS", true, PARENT)
    );
    for flags in [always, allowed] {
        let cancelled = configure(flags, &[]);
        assert_eq!(code(cancelled), HResult::MAPI_E_USER_CANCEL);
    }
    assert_eq!(
        code(configure(MsgServiceFlags::empty(), &[])),
        HResult::MAPI_E_UNCONFIGURED
    );
    user.answer(Answer::Accept);
    configure(allowed, &[]).unwrap();
    drop(user.take_dialogs());
    // It is complete, or there are properties: nobody is asked.
    configure(allowed, &[]).unwrap();
    configure(allowed, &props).unwrap();
    assert_eq!(user.dialogs(), []);
    let unknown = configure(MsgServiceFlags::NO_RESTART_WARNING, &[]);
    assert_eq!(code(unknown), HResult::MAPI_E_UNKNOWN_FLAGS);

    // A service that is deleted while the user looks at it.
    let other = services_of(&mapi, "New");
    let raw = memory.admin_profiles(0).unwrap().ignore_warning();
    user.answer_with(move |_| {
        let services = raw.admin_services("New", None, UiParam::NONE, 0);
        let services = services.unwrap().ignore_warning();
        services.delete_msg_service(uid).unwrap();
        Answer::Accept
    });
    assert_eq!(code(configure(always, &[])), HResult::MAPI_E_NOT_FOUND);
    assert!(names(&other).is_empty());
}

// P7
#[test]
fn a_service_without_an_entry_point_is_not_configured() {
    let profile = Profile::new("Outlook").service(Service::new("Bare").without_entry_point());
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory).unwrap();
    let services = services_of(&mapi, "Outlook");
    let bare = uid_of(&services, "Bare");
    let configured = services.configure_msg_service(bare, &[]);
    let not_initialized = HResult::MAPI_E_NOT_INITIALIZED;
    fails(
        configured,
        Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE,
        not_initialized,
        &bare.to_string(),
    );
    let none = services.configure_msg_service(UID, &[]);
    fails(
        none,
        Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE,
        HResult::MAPI_E_NOT_FOUND,
        &UID.to_string(),
    );
}

// P7, M4: what a section cannot have is left out, and the call warns.
#[test]
fn a_property_that_no_section_can_have_is_a_warning() {
    let (_mapi, memory) = scene();
    let admin = memory.admin_profiles(0).unwrap().ignore_warning();
    let services = admin.admin_services("Outlook", None, UiParam::NONE, 0);
    let services = services.unwrap().ignore_warning();
    let table = services.msg_service_table(0).unwrap().ignore_warning();
    let uid = table.rows()[0].uid();
    let props = [long(0x8001_0003, 1), long(0x6600_0003, 2)];
    let configured = services.configure_msg_service(uid, UiParam::NONE, 0, &props);
    assert_eq!(raw_code(configured), HResult::MAPI_W_ERRORS_RETURNED);
    let section = services.open_profile_section(uid, FORCE.bits()).unwrap();
    let section = section.ignore_warning();
    let props =
        value(section.props(Some(&[0x8001_0003, 0x6600_0000].map(PropTag::new)), 0)).unwrap();
    let missing = Property::new(PropTag::new(0x8001_000A), HResult::MAPI_E_NOT_FOUND);
    assert_eq!(props, [missing, long(0x6600_0003, 2)]);
}

// P8, P12: also where the service has no provider.
#[test]
fn the_section_of_a_deleted_service_goes_with_it() {
    let bare = Service::new("Bare").property(text(PR_PROFILE_UNRESOLVED_SERVER, "server"));
    let memory = Memory::builder().profile(Profile::new("Outlook").service(bare));
    let mapi = Mapi::initialize(memory.build().unwrap()).unwrap();
    let services = services_of(&mapi, "Outlook");
    let uid = uid_of(&services, "Bare");
    services.delete_msg_service(uid).unwrap();
    let gone = services.open_profile_section(uid, FORCE);
    assert_eq!(code(gone), HResult::MAPI_E_NOT_FOUND);
    let another = services.open_profile_section(uid, MODIFY).unwrap();
    let props = another.props(&[PR_PROFILE_UNRESOLVED_SERVER]).unwrap();
    assert_eq!(props.text(PR_PROFILE_UNRESOLVED_SERVER), None);
}

// P8
#[test]
fn a_copied_service_is_a_service_of_its_own() {
    let (mapi, memory) = scene();
    let (work, home) = (services_of(&mapi, "Outlook"), services_of(&mapi, "Home"));
    let exchange = uid_of(&work, "MSEMS");
    work.configure_msg_service(exchange, &[long(0x6600_0003, 5)])
        .unwrap();
    work.copy_msg_service(exchange, &home).unwrap();
    work.copy_msg_service(exchange, &work).unwrap();
    assert_eq!(names(&work), ["Exchange", "Exchange", "First", "Second"]);
    let copy = uid_of(&home, "MSEMS");
    assert_ne!(copy, exchange);
    let section = home.open_profile_section(copy, FORCE).unwrap();
    assert_eq!(value_of(&section, 0x6600_0003), PropertyValue::Long(5));
    drop(section);

    // It has a store of its own, which is the default one where there was none.
    let original = memory.entry_id("Outlook", &["Mailbox"]).unwrap();
    let own = memory.entry_id("Home", &["Mailbox"]).unwrap();
    assert_ne!(original, own);
    let session = mapi.logon(&LogonRequest::new_session("Home")).unwrap();
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(stores.default_store().unwrap().entry_id(), &own);
    let status = session.status_table().unwrap();
    let row = status.first(ResourceType::STORE_PROVIDER).unwrap();
    assert_eq!(
        (row.resource_path(), row.provider_dll_name()),
        ("C:\\mail", "EMSMDB")
    );
    let store = session.open_default_store(Default::default()).unwrap();
    let tags = store.ids_from_names(&[keywords()], false).unwrap();
    assert_eq!(tags[0].map(PropTag::id), Some(0x8000));
    drop(store);
    let identity = session.query_identity().unwrap().ignore_warning();
    assert_eq!(
        memory.entry_id("Home", &["Directory", "Ana"]),
        Some(identity)
    );
    logoff(session);
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(stores.default_store().unwrap().entry_id(), &original);
    logoff(session);
    // Nor does its end take anything from the original.
    home.delete_msg_service(copy).unwrap();
    assert!(providers(&home).is_empty());
    assert_eq!(providers(&work).len(), 6);
}

// P8
#[test]
fn what_cannot_be_copied_is_refused() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    let none = services.copy_msg_service(UID, &services);
    fails(
        none,
        Call::SERVICE_ADMIN_COPY_MSG_SERVICE,
        HResult::MAPI_E_NOT_FOUND,
        &UID.to_string(),
    );
    let exchange = uid_of(&services, "MSEMS");
    // An administration of another subsystem.
    let (other, _) = scene();
    let elsewhere = services_of(&other, "Home");
    let copied = services.copy_msg_service(exchange, &elsewhere);
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    fails(
        copied,
        Call::SERVICE_ADMIN_COPY_MSG_SERVICE,
        invalid,
        "same subsystem",
    );
    assert!(names(&elsewhere).is_empty());
    let renamed = services.rename_msg_service(exchange, "New name");
    fails(
        renamed,
        Call::SERVICE_ADMIN_RENAME_MSG_SERVICE,
        HResult::MAPI_E_NO_SUPPORT,
        "RenameMsgService",
    );

    let admin = memory.admin_profiles(0).unwrap().ignore_warning();
    let raw = admin.admin_services("Outlook", None, UiParam::NONE, 0);
    let raw = raw.unwrap().ignore_warning();
    for bit in (0..32).map(|bit| 1 << bit).filter(|bit| *bit != 2) {
        let copied = raw.copy_msg_service(exchange, &raw, UiParam::NONE, bit);
        assert_eq!(raw_code(copied), HResult::MAPI_E_UNKNOWN_FLAGS);
    }
    let copied = raw.copy_msg_service(exchange, &raw, UiParam::NONE, 2);
    assert_eq!(raw_code(copied), HResult::MAPI_E_USER_CANCEL);
    assert_eq!(names(&services).len(), 3);
}

// P9
#[test]
fn transports_deliver_in_the_order_that_was_set() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    let of = |name| provider_of(&services, name);
    let (first, second) = (of("First"), of("Second"));
    services
        .msg_service_transport_order(&[second, first])
        .unwrap();
    let order: Vec<_> = providers(&services).into_iter().map(|it| it.1).collect();
    assert_eq!(order, ["Second", "First", "Mailbox", "Directory"]);
    let session = logon(&memory);
    assert_eq!(session.enum_adr_types().unwrap(), ["FAX", "SMTP"]);
    logoff(session);

    let call = Call::SERVICE_ADMIN_MSG_SERVICE_TRANSPORT_ORDER;
    let set = |uids: &[MapiUid]| services.msg_service_transport_order(uids);
    for uids in [&[][..], &[first], &[first, second, first]] {
        fails(set(uids), call, HResult::MAPI_E_BUSY, "2 transports");
    }
    let not_found = HResult::MAPI_E_NOT_FOUND;
    for other in [UID, of("Mailbox")] {
        fails(set(&[first, other]), call, not_found, &other.to_string());
    }
    let twice = set(&[first, first]);
    fails(
        twice,
        call,
        HResult::MAPI_E_INVALID_PARAMETER,
        &first.to_string(),
    );
    let order: Vec<_> = providers(&services).into_iter().map(|it| it.1).collect();
    assert_eq!(order, ["Second", "First", "Mailbox", "Directory"]);
}

// P10: all services but one have the flag, and the one is moved all the same.
#[test]
fn the_primary_identity_moves_to_a_service_that_has_one() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    services.create_msg_service("MSEMS", "").unwrap();
    let flags = |services: &ServiceAdmin<'_, Memory>| -> Vec<_> {
        let table = services.msg_service_table().unwrap();
        let exchange = table.into_iter().filter(|it| it.name() == "MSEMS");
        exchange.map(|it| (it.uid(), it.resource_flags())).collect()
    };
    let before = flags(&services);
    let other = before
        .iter()
        .find(|it| it.1.contains(ServiceFlags::NO_PRIMARY_IDENTITY));
    let other = other.unwrap().0;
    services.set_primary_identity(Some(other)).unwrap();
    let now = flags(&services);
    let primary: Vec<_> = now
        .iter()
        .filter(|it| it.1.contains(ServiceFlags::PRIMARY_IDENTITY))
        .collect();
    assert!(
        matches!(primary[..], [(uid, _)] if *uid == other),
        "{now:?}"
    );

    let first = uid_of(&services, "First");
    let refused = services.set_primary_identity(Some(first));
    let no_access = HResult::MAPI_E_NO_ACCESS;
    fails(
        refused,
        Call::SERVICE_ADMIN_SET_PRIMARY_IDENTITY,
        no_access,
        &first.to_string(),
    );
    assert_eq!(flags(&services), now);
    drop(memory);
}

// P11
#[test]
fn a_provider_is_added_to_its_service() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    services
        .create_msg_service("MSPST MS", "My folders")
        .unwrap();
    // The service's providers do not follow each other any more.
    let exchange = services
        .admin_providers(uid_of(&services, "MSEMS"))
        .unwrap();
    let folders = services
        .admin_providers(uid_of(&services, "MSPST MS"))
        .unwrap();
    let server = text(PR_PROFILE_UNRESOLVED_SERVER, "other");
    let added = exchange
        .create_provider("Mailbox", std::slice::from_ref(&server))
        .unwrap();
    let table = exchange.provider_table().unwrap();
    let shown: Vec<_> = table
        .rows()
        .iter()
        .map(|it| (it.display_name(), it.ordinal()))
        .collect();
    assert_eq!(shown, [("Mailbox", 2), ("Directory", 3), ("Mailbox", 6)]);
    assert_eq!(table.rows()[2].uid(), added);
    assert_eq!(folders.provider_table().unwrap().rows().len(), 2);
    // Each service still knows its own.
    let unconfigured = services.configure_msg_service(uid_of(&services, "MSPST MS"), &[]);
    assert_eq!(code(unconfigured), HResult::MAPI_E_UNCONFIGURED);
    let section = exchange.open_profile_section(added, FORCE).unwrap();
    assert_eq!(value_of(&section, server.tag), server.value);
    assert_eq!(
        value_of(&section, PropTag::DISPLAY_NAME),
        PropertyValue::String("Mailbox".into())
    );
    drop(section);
    let session = logon(&memory);
    assert_eq!(session.msg_stores_table().unwrap().rows().len(), 3);
    logoff(session);

    let not_found = HResult::MAPI_E_NOT_FOUND;
    fails(
        exchange.create_provider("Folders", &[]),
        Call::PROVIDER_ADMIN_CREATE_PROVIDER,
        not_found,
        "\"Folders\"",
    );
    // Of a service that is not installed.
    let first = services
        .admin_providers(uid_of(&services, "First"))
        .unwrap();
    fails(
        first.create_provider("First", &[]),
        Call::PROVIDER_ADMIN_CREATE_PROVIDER,
        not_found,
        "\"First\"",
    );
    fails(
        services.admin_providers(UID),
        Call::SERVICE_ADMIN_ADMIN_PROVIDERS,
        not_found,
        &UID.to_string(),
    );
}

// P11
#[test]
fn the_user_configures_a_provider_that_is_added() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Home");
    services.create_msg_service("MSPST MS", "Mine").unwrap();
    let folders = services
        .admin_providers(uid_of(&services, "MSPST MS"))
        .unwrap();
    let create = || folders.create_provider_with_ui("Folders", &[], PARENT);
    assert_eq!(code(create()), HResult::MAPI_E_USER_CANCEL);
    assert_eq!(providers(&services).len(), 2);
    memory.user().answer(Answer::Accept);
    let added = create().unwrap();
    let dialogs = memory.user().take_dialogs();
    assert!(dialogs.iter().all(|it| it.parent() == PARENT));
    assert_eq!(providers(&services).last().unwrap().0, added);
    let raw = memory.admin_profiles(0).unwrap().ignore_warning();
    let raw = raw.admin_services("Home", None, UiParam::NONE, 0);
    let raw = raw.unwrap().ignore_warning();
    let raw = raw.admin_providers(uid_of(&services, "MSPST MS"), 0);
    let raw = raw.unwrap().ignore_warning();
    for bit in (0..31).map(|bit| 1 << bit).filter(|bit| *bit != 8) {
        let created = raw.create_provider("Folders", &[], UiParam::NONE, bit);
        assert_eq!(raw_code(created), HResult::MAPI_E_UNKNOWN_FLAGS);
    }
}

// P11: one in use stays for the sessions that have it.
#[test]
fn a_deleted_provider_stays_for_the_sessions_that_have_it() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    let exchange = services
        .admin_providers(uid_of(&services, "MSEMS"))
        .unwrap();
    let mailbox = provider_of(&services, "Mailbox");
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    let id = stores.default_store().unwrap().entry_id();
    exchange.delete_provider(mailbox).unwrap();
    assert_eq!(exchange.provider_table().unwrap().rows().len(), 1);
    drop(session.open_msg_store(id, Default::default()).unwrap());
    drop(session.open_profile_section(mailbox, FORCE).unwrap());
    assert_eq!(
        code(services.open_profile_section(mailbox, FORCE)),
        HResult::MAPI_E_NOT_FOUND
    );
    let next = logon(&memory);
    assert!(next.msg_stores_table().unwrap().rows().is_empty());
    logoff(next);
    logoff(session);
    let gone = services.open_profile_section(mailbox, FORCE);
    fails(
        gone,
        Call::SERVICE_ADMIN_OPEN_PROFILE_SECTION,
        HResult::MAPI_E_NOT_FOUND,
        &mailbox.to_string(),
    );
    // Twice, or of another service.
    for uid in [mailbox, provider_of(&services, "First")] {
        let deleted = exchange.delete_provider(uid);
        fails(
            deleted,
            Call::PROVIDER_ADMIN_DELETE_PROVIDER,
            HResult::MAPI_E_NOT_FOUND,
            &uid.to_string(),
        );
    }
    let gone = uid_of(&services, "MSEMS");
    services.delete_msg_service(gone).unwrap();
    assert_eq!(code(exchange.provider_table()), HResult::MAPI_E_NOT_FOUND);
    assert_eq!(
        code(exchange.create_provider("Mailbox", &[])),
        HResult::MAPI_E_NOT_FOUND
    );
}

// P2, M9: the name of a profile without sessions is free at once, whatever its services were.
#[test]
fn a_deleted_service_leaves_nothing_behind_where_nobody_is_on_the_profile() {
    let (mapi, _) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    let services = profiles.admin_services("Outlook").unwrap();
    let exchange = uid_of(&services, "MSEMS");
    services.delete_msg_service(exchange).unwrap();
    let flags = FORCE | MODIFY;
    let section = services.open_profile_section(exchange, flags).unwrap();
    assert!(
        section
            .all_props()
            .unwrap()
            .iter()
            .all(|it| it.tag != PropTag::SERVICE_NAME)
    );
    drop(section);
    profiles.rename_profile("Outlook", "Work", NONE).unwrap();
    profiles.create_profile("Outlook", NONE).unwrap();
    profiles.delete_profile("Work", NONE).unwrap();
}

// P12
#[test]
fn every_profile_has_a_search_key_of_its_own() {
    let (mapi, memory) = scene();
    let profiles = mapi.admin_profiles().unwrap();
    let key = |profiles: &ProfileAdmin<Memory>, name: &str| {
        let services = profiles.admin_services(name).unwrap();
        let section = services.open_profile_section(instance(), READ).unwrap();
        let own: Vec<_> = section
            .all_props()
            .unwrap()
            .into_iter()
            .map(|it| it.tag)
            .collect();
        let wanted = [
            PropTag::OBJECT_TYPE,
            PropTag::SEARCH_KEY,
            PropTag::PROFILE_NAME,
        ];
        assert_eq!(own, wanted);
        let PropertyValue::Binary(key) = value_of(&section, PropTag::SEARCH_KEY) else {
            panic!("no key");
        };
        key
    };
    let outlook = key(&profiles, "Outlook");
    let mut keys = vec![outlook.clone(), key(&profiles, "Home")];
    profiles.copy_profile("Outlook", "Copy", NONE).unwrap();
    profiles.create_profile("New", NONE).unwrap();
    keys.extend([key(&profiles, "Copy"), key(&profiles, "New")]);
    // Another one of the same name.
    profiles.delete_profile("New", NONE).unwrap();
    profiles.create_profile("New", NONE).unwrap();
    keys.push(key(&profiles, "New"));
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 5);
    profiles.rename_profile("Outlook", "Work", NONE).unwrap();
    assert_eq!(key(&profiles, "Work"), outlook);
    profiles.rename_profile("Work", "Outlook", NONE).unwrap();

    // It is MAPI's own.
    let session = logon(&memory);
    drop(session.open_profile_section(instance(), READ).unwrap());
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let written = session.open_profile_section(instance(), MODIFY | FORCE);
    fails(
        written,
        Call::SESSION_OPEN_PROFILE_SECTION,
        no_access,
        &instance().to_string(),
    );
    logoff(session);
}

// P12
#[test]
fn the_global_section_is_in_every_profile() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Home");
    let section = services.open_profile_section(global(), READ).unwrap();
    assert_eq!(section.all_props().unwrap().len(), 2);
    drop(section);
    let session = logon(&memory);
    let section = session.open_profile_section(global(), MODIFY).unwrap();
    section.set_props(&[text(0x6602_001F, "server")]).unwrap();
    drop(section);
    logoff(session);
    let services = services_of(&mapi, "Outlook");
    let section = services.open_profile_section(global(), READ).unwrap();
    assert_eq!(
        value_of(&section, 0x6602_001F),
        PropertyValue::String("server".into())
    );
}

// P12: PR_SERVICE_UID, in the tables, opens the service's own section.
#[test]
fn a_service_has_a_section_of_its_own() {
    let (mapi, memory) = scene();
    let session = logon(&memory);
    let stores = session.msg_stores_table().unwrap();
    let uid = stores.rows()[0].service_uid();
    assert_eq!(uid, uid_of(&services_of(&mapi, "Outlook"), "MSEMS"));
    let refused = session.open_profile_section(uid, READ);
    fails(
        refused,
        Call::SESSION_OPEN_PROFILE_SECTION,
        HResult::MAPI_E_NO_ACCESS,
        &uid.to_string(),
    );
    let section = session.open_profile_section(uid, FORCE).unwrap();
    let shown = section
        .props(&[
            PR_PROFILE_UNRESOLVED_SERVER,
            PropTag::SERVICE_NAME,
            PropTag::DISPLAY_NAME,
        ])
        .unwrap();
    let wanted = [
        text(PR_PROFILE_UNRESOLVED_SERVER, "server"),
        text(PropTag::SERVICE_NAME, "MSEMS"),
        text(PropTag::DISPLAY_NAME, "Exchange"),
    ];
    assert_eq!(shown[..], wanted);
    drop(section);
    // The sections of a service that this session does not have are not there.
    let services = session.admin_services().unwrap();
    services.create_msg_service("MSPST MS", "Mine").unwrap();
    let new = uid_of(&services, "MSPST MS");
    assert_eq!(
        code(session.open_profile_section(new, FORCE)),
        HResult::MAPI_E_NOT_FOUND
    );
    drop(services.open_profile_section(new, FORCE | MODIFY).unwrap());
    drop(services);
    logoff(session);
}

// P12: secure properties are to be asked for.
#[test]
fn secure_properties_are_not_listed() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Outlook");
    let section = services.open_profile_section(UID, MODIFY).unwrap();
    let [first, last] = SECURE;
    let beside = [long(0x67EF_0003, 1), long(0x6800_0003, 2)];
    let secure = [text(first, "secret"), long(last, 3)];
    section.set_props(&beside).unwrap();
    section.set_props(&secure).unwrap();
    let listed = section.all_props().unwrap();
    let listed: Vec<_> = listed.into_iter().map(|it| it.tag).collect();
    let wanted = [0x0FFE_0003, 0x3D12_001F, 0x67EF_0003, 0x6800_0003];
    assert_eq!(listed, wanted.map(PropTag::new));
    assert_eq!(section.prop_list().unwrap(), listed);
    assert_eq!(section.props(&SECURE).unwrap()[..], secure);
}

// P12: GetProps, by tag.
#[test]
fn properties_come_as_they_are_asked_for() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Outlook");
    let section = services.open_profile_section(UID, MODIFY).unwrap();
    section
        .set_props(&[text(0x6600_001F, "text"), long(0x6601_0003, 1)])
        .unwrap();
    let error = |tag| Property::new(PropTag::new(tag), HResult::MAPI_E_NOT_FOUND);
    let tags = [
        0x6601_0000,
        0x6600_001E,
        0x6601_0102,
        0x6602_0003,
        0x3D12_0000,
    ];
    let asked = section.props(&tags.map(PropTag::new)).unwrap();
    let wanted = [
        long(0x6601_0003, 1),
        text(0x6600_001E, "text"),
        error(0x6601_000A),
        error(0x6602_000A),
        text(0x3D12_001F, "Outlook"),
    ];
    assert_eq!(asked[..], wanted);
    let none = section.props(&[]);
    fails(
        none,
        Call::PROP_GET_PROPS,
        HResult::MAPI_E_INVALID_PARAMETER,
        "no property tags",
    );
}

// P12, M4: what is open in a session and what is open without one count together.
#[test]
fn a_section_has_one_writer_with_and_without_a_session() {
    let (mapi, memory) = scene();
    let services = services_of(&mapi, "Outlook");
    let session = logon(&memory);
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let writer = services.open_profile_section(UID, MODIFY).unwrap();
    assert_eq!(code(session.open_profile_section(UID, READ)), no_access);
    writer.set_props(&[long(0x6600_0003, 1)]).unwrap();
    drop(writer);
    let reader = session.open_profile_section(UID, READ).unwrap();
    assert_eq!(code(services.open_profile_section(UID, MODIFY)), no_access);
    let other = services.open_profile_section(UID, READ).unwrap();
    assert_eq!(code(other.set_props(&[])), no_access);
    assert!(format!("{other:?}").contains("0707"), "{other:?}");
    drop((reader, other));
    logoff(session);
    // One that is never written is gone again.
    drop(
        services
            .open_profile_section(MapiUid::new([8; 16]), MODIFY)
            .unwrap(),
    );
    let gone = services.open_profile_section(MapiUid::new([8; 16]), READ);
    assert_eq!(code(gone), HResult::MAPI_E_NOT_FOUND);
}

// P12: the section of a service that is deleted stays while it is open, and nobody makes another one in
// its place meanwhile.
#[test]
fn an_open_section_outlives_its_service() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Outlook");
    let exchange = uid_of(&services, "MSEMS");
    let mailbox = provider_of(&services, "Mailbox");
    let open = [exchange, mailbox].map(|uid| services.open_profile_section(uid, FORCE).unwrap());
    services.delete_msg_service(exchange).unwrap();
    for (uid, section) in [exchange, mailbox].into_iter().zip(open) {
        assert!(!section.all_props().unwrap().is_empty());
        let made = services.open_profile_section(uid, MODIFY);
        assert_eq!(code(made), HResult::MAPI_E_NO_ACCESS);
        drop(section);
        let gone = services.open_profile_section(uid, FORCE);
        assert_eq!(code(gone), HResult::MAPI_E_NOT_FOUND);
        let writer = services.open_profile_section(uid, MODIFY).unwrap();
        assert_eq!(
            code(services.open_profile_section(uid, READ)),
            HResult::MAPI_E_NO_ACCESS
        );
        drop(writer);
    }
}

// P12
#[test]
fn only_a_provider_writes_its_section_by_its_administration() {
    let (mapi, _) = scene();
    let services = services_of(&mapi, "Outlook");
    let exchange = uid_of(&services, "MSEMS");
    let providers = services.admin_providers(exchange).unwrap();
    let mailbox = provider_of(&services, "Mailbox");
    let no_access = HResult::MAPI_E_NO_ACCESS;
    for flags in [READ, MODIFY, MODIFY | FORCE] {
        let opened = providers.open_profile_section(mailbox, flags);
        fails(
            opened,
            Call::PROVIDER_ADMIN_OPEN_PROFILE_SECTION,
            no_access,
            &mailbox.to_string(),
        );
    }
    drop(providers.open_profile_section(mailbox, FORCE).unwrap());
    // What is no provider's is written, and made.
    for uid in [exchange, global(), UID] {
        drop(providers.open_profile_section(uid, MODIFY | FORCE).unwrap());
    }
    drop(
        services
            .open_profile_section(mailbox, MODIFY | FORCE)
            .unwrap(),
    );
    let undefined = ProfileSectionFlags::from_bits_retain(0x40);
    let opened = providers.open_profile_section(UID, undefined);
    assert_eq!(code(opened), HResult::MAPI_E_UNKNOWN_FLAGS);
}

// P12: a profile as it is before anybody logs on.
#[test]
fn sections_are_described() {
    let account = Section::new(UID).property(text(PR_PROFILE_UNRESOLVED_SERVER, "server"));
    let location = PropertyValue::Binary((*UID.as_bytes()).into());
    let exchange = Service::new("MSEMS").property(Property {
        tag: PR_EMSMDB_SECTION_UID,
        value: location,
    });
    let legacy = Section::new(global()).property(text(0x6602_001F, "home"));
    let empty = MapiUid::new([8; 16]);
    let profile = Profile::new("Outlook")
        .section(Section::new(empty))
        .service(exchange)
        .section(account)
        .section(legacy);
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = logon(&memory);
    // The account's settings, by way of its service: using-multiple-exchange-accounts.
    let services = session.admin_services().unwrap();
    let service = uid_of(&services, "MSEMS");
    let section = session.open_profile_section(service, FORCE).unwrap();
    let PropertyValue::Binary(uid) = value_of(&section, PR_EMSMDB_SECTION_UID) else {
        panic!("{section:?}");
    };
    let uid = MapiUid::new((*uid).try_into().unwrap());
    let settings = session.open_profile_section(uid, READ).unwrap();
    let server = value_of(&settings, PR_PROFILE_UNRESOLVED_SERVER);
    assert_eq!(server, PropertyValue::String("server".into()));
    drop((services, section, settings));
    // One without properties is there all the same, and stays.
    for _ in 0..2 {
        drop(session.open_profile_section(empty, READ).unwrap());
    }
    logoff(session);
    let section = services_of(&mapi, "Outlook").open_profile_section(global(), READ);
    let home = value_of(&section.unwrap(), 0x6602_001F);
    assert_eq!(home, PropertyValue::String("home".into()));
}

// P12
#[test]
fn a_section_that_cannot_be_is_not_described() {
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    let refused = |profile: Profile, quoted: &str| {
        let memory = Memory::default();
        fails(
            memory.create_profile(&profile),
            Call::PROF_ADMIN_CREATE_PROFILE,
            invalid,
            quoted,
        );
        assert!(!memory.has_profile("P").unwrap());
    };
    let profile = || Profile::new("P");
    let twice = profile()
        .section(Section::new(UID))
        .section(Section::new(UID));
    refused(twice, &UID.to_string());
    refused(
        profile().section(Section::new(instance())),
        &instance().to_string(),
    );
    for tag in [0x8000_0003, 0x0FFE_0003, 0x3D12_001F] {
        let property = long(tag, 1);
        let quoted = format!("{tag:#010X}");
        refused(
            profile().section(Section::new(UID).property(property.clone())),
            &quoted,
        );
        refused(
            profile().service(Service::new("S").property(property)),
            &quoted,
        );
    }
    let installed = Service::new("S").property(long(0x8000_0003, 1));
    let built = Memory::builder().installed_service(installed).build();
    fails(
        built,
        Call::SERVICE_ADMIN_CREATE_MSG_SERVICE,
        invalid,
        "0x80000003",
    );
}

/// CreateProfile to DeleteProfile, with ConfigureMsgService: written over any subsystem.
fn set_up<B: Subsystem>(mapi: &Mapi<B>) -> Result<(), Error> {
    let profiles = mapi.admin_profiles()?;
    profiles.create_profile("New", ProfileFlags::empty())?;
    let services = profiles.admin_services("New")?;
    let none = MsgServiceFlags::empty();
    let uid = services.create_msg_service_ex("MSPST MS", "Mine", UiParam::NONE, none)?;
    services.configure_msg_service(uid, &[long(0x6600_0003, 1)])?;
    let providers = services.admin_providers(uid)?;
    let transport = providers.create_provider("Carrier", &[])?;
    providers.delete_provider(transport)?;
    drop(providers.open_profile_section(UID, ProfileSectionFlags::MODIFY)?);
    services.copy_msg_service(uid, &services)?;
    services.delete_msg_service(uid)?;
    drop((providers, services));
    let session = mapi.logon(&LogonRequest::new_session("New"))?;
    session.logoff(LogoffFlags::empty())?;
    profiles.delete_profile("New", ProfileFlags::empty())
}

#[test]
fn a_recorder_sees_the_administration() {
    let recorder = Recorder::new(builder().build().unwrap());
    let mapi = Mapi::initialize(recorder.clone()).unwrap();
    set_up(&mapi).unwrap();
    drop(mapi);
    let calls: Vec<_> = recorder.calls().iter().map(RecordedCall::call).collect();
    for call in [
        Call::ADMIN_PROFILES,
        Call::PROF_ADMIN_CREATE_PROFILE,
        Call::PROF_ADMIN_ADMIN_SERVICES,
        Call::SERVICE_ADMIN_CREATE_MSG_SERVICE_EX,
        Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE,
        Call::SERVICE_ADMIN_ADMIN_PROVIDERS,
        Call::PROVIDER_ADMIN_CREATE_PROVIDER,
        Call::PROVIDER_ADMIN_DELETE_PROVIDER,
        Call::PROVIDER_ADMIN_OPEN_PROFILE_SECTION,
        Call::SERVICE_ADMIN_COPY_MSG_SERVICE,
        Call::SERVICE_ADMIN_DELETE_MSG_SERVICE,
        Call::PROF_ADMIN_DELETE_PROFILE,
    ] {
        assert!(calls.contains(&call), "{call}");
    }
    // No session is open, and nothing has leaked.
    recorder.assert_clean();
    let created = recorder.calls();
    let created = created
        .iter()
        .find(|it| it.call() == Call::PROF_ADMIN_CREATE_PROFILE)
        .unwrap();
    assert_eq!(created.session(), None);
    assert!(
        created
            .args()
            .contains(&("lpszProfileName", "\"New\"".into()))
    );
}

#[test]
fn faults_fire_in_the_administration() {
    let faults = Faults::new(builder().build().unwrap());
    let mapi = Mapi::initialize(faults.clone()).unwrap();
    let denied = HResult::MAPI_E_NO_ACCESS;
    for call in [
        Call::ADMIN_PROFILES,
        Call::PROF_ADMIN_CREATE_PROFILE,
        Call::PROF_ADMIN_ADMIN_SERVICES,
        Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE,
        Call::PROVIDER_ADMIN_CREATE_PROVIDER,
    ] {
        faults.on(call).fail(denied);
        let error = set_up(&mapi).unwrap_err();
        assert_eq!((error.call(), error.hresult()), (call, denied));
        if let Ok(profiles) = mapi.admin_profiles() {
            let _ = profiles.delete_profile("New", ProfileFlags::empty());
        }
    }
    // An error of the service's own.
    faults
        .on(Call::SERVICE_ADMIN_CONFIGURE_MSG_SERVICE)
        .fail(HResult::MAPI_E_EXTENDED_ERROR);
    assert_eq!(code(set_up(&mapi)), HResult::MAPI_E_EXTENDED_ERROR);
    faults.assert_used_up();
}

/// Turns every profile that is created into another one, and every transport order around.
struct Renaming;

impl Layer for Renaming {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> Result<mapi_session::error::Success<T>, Failure>,
    ) -> Result<mapi_session::error::Success<T>, Failure> {
        use mapi_session::subsystem::layer::Arg;
        match call.call() {
            Call::PROF_ADMIN_CREATE_PROFILE => {
                assert!(call.set("lpszProfileName", Arg::Text(Some("Other"))));
            }
            Call::SERVICE_ADMIN_MSG_SERVICE_TRANSPORT_ORDER => {
                assert!(call.set("lpUIDList", Arg::Uids(&[UID])));
                assert_eq!(
                    call.arg("lpUIDList").unwrap().to_string(),
                    format!("{{{UID}}}")
                );
            }
            Call::PROP_GET_PROPS => {
                const NAME: PropTag = PropTag::PROFILE_NAME.with_type(PropType::UNSPECIFIED);
                assert!(call.set("lpPropTagArray", Arg::Tags(Some(&[NAME]))));
                let shown = call.arg("lpPropTagArray").unwrap().to_string();
                assert_eq!(shown, "{0x3D120000}");
            }
            _ => {}
        }
        below(call)
    }
}

#[test]
fn a_layer_changes_the_arguments_of_the_administration() {
    let layered = Layered::new(builder().build().unwrap(), Renaming);
    let mapi = Mapi::initialize(layered).unwrap();
    let profiles = mapi.admin_profiles().unwrap();
    profiles
        .create_profile("New", ProfileFlags::empty())
        .unwrap();
    assert_eq!(
        code(profiles.admin_services("New")),
        HResult::MAPI_E_LOGON_FAILED
    );
    let services = profiles.admin_services("Other").unwrap();
    let order = services.msg_service_transport_order(&[]);
    assert_eq!(code(order), HResult::MAPI_E_BUSY);
    let section = services.open_profile_section(global(), READ).unwrap();
    let props = section.props(&[1, 2].map(PropTag::new)).unwrap();
    assert_eq!(props[..], [text(0x3D12_001F, "Other")]);
}

#[cfg(feature = "serde")]
#[test]
fn a_file_describes_services_and_sections() {
    let file = r#"
        default_services = ["Notes"]

        [[profile]]
        name = "Outlook"

        [[profile.section]]
        uid = "07070707070707070707070707070707"
        property = [
            { tag = 0x6607001F, value = "server" },
            { tag = 0x66010003, value = -1 },
            { tag = 0x6602000B, value = true },
            { tag = 0x66030102, value = { binary = "00FF" } },
        ]

        [[profile.service]]
        name = "MSEMS"
        display_name = "Exchange"
        without_entry_point = true
        property = [{ tag = 0x66010003, value = 7 }]

        [[installed_service]]
        name = "Notes"
    "#;
    let builder: Builder = toml::from_str(file).unwrap();
    let mapi = Mapi::initialize(builder.build().unwrap()).unwrap();
    let services = services_of(&mapi, "Outlook");
    assert_eq!(names(&services), ["Exchange"]);
    let section = services.open_profile_section(UID, READ).unwrap();
    let tags = [0x6607_001F, 0x6601_0003, 0x6602_000B, 0x6603_0102].map(PropTag::new);
    let values: Vec<_> = (section.props(&tags).unwrap().into_iter())
        .map(|it| it.value)
        .collect();
    let wanted = [
        PropertyValue::String("server".into()),
        PropertyValue::Long(-1),
        PropertyValue::Boolean(true),
        PropertyValue::Binary([0x00, 0xFF].into()),
    ];
    assert_eq!(values, wanted);
    let own = uid_of(&services, "MSEMS");
    let configured = services.configure_msg_service(own, &[]);
    assert_eq!(code(configured), HResult::MAPI_E_NOT_INITIALIZED);
    for bad in [
        "[[profile]]\nname = \"P\"\nsection = [{ uid = \"07\" }]",
        "[[profile]]\nname = \"P\"\nsection = [{ uid = \"07070707070707070707070707070707\", property = [{ tag = 1, value = 1.5 }] }]",
        "[[profile]]\nname = \"P\"\nsection = [{ uid = \"07070707070707070707070707070707\", property = [{ tag = 1, value = { binary = \"0\" } }] }]",
    ] {
        assert!(toml::from_str::<Builder>(bad).is_err(), "{bad}");
    }
}

/// The steps of a random round.
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % end
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.below(of.len())])
    }
}

/// All that can be open, in whatever order it is used and released.
#[derive(Default)]
struct House {
    sessions: Vec<MemorySession>,
    services: Vec<MemoryServiceAdmin>,
    providers: Vec<MemoryProviderAdmin>,
    sections: Vec<MemoryProfileSection>,
}

impl House {
    fn step(&mut self, memory: &Memory, profiles: &MemoryProfileAdmin, rng: &mut Rng) {
        let names = ["Outlook", "Home", "New"];
        let (none, flags) = (UiParam::NONE, [0, 1, 2, 4, 5, 8, 0x10][rng.below(7)]);
        let [name, other] = [rng.below(3), rng.below(3)].map(|it| names[it]);
        if flags == 8 {
            memory.user().answer(Answer::Accept);
        }
        match rng.below(12) {
            0 => drop(profiles.create_profile(name, None, none, flags)),
            1 => drop(profiles.delete_profile(name, 4)),
            2 => drop(profiles.rename_profile(name, None, other, none, 4)),
            3 => drop(profiles.copy_profile(name, None, other, none, 4)),
            4 => self
                .sessions
                .extend(value(memory.logon_ex(none, Some(name), None, 2))),
            5 => self
                .services
                .extend(value(profiles.admin_services(name, None, none, 0))),
            6 => {
                let admins = self.sessions.iter().map(|it| value(it.admin_services(0)));
                self.services.extend(admins.flatten().collect::<Vec<_>>());
            }
            7 => match rng.below(6) {
                0 if !self.sessions.is_empty() => {
                    let _ = self.sessions.swap_remove(0).logoff(none, 0, 0);
                }
                1 => drop(self.services.pop()),
                2 => drop(self.providers.pop()),
                3 | 4 => drop(self.sections.pop()),
                _ => self.services.truncate(1),
            },
            8 => {
                if let Some(section) = rng.pick(&self.sections) {
                    let _ = section.set_props(&[long(0x6600_0003, 1)]);
                    let _ = section.props(None, 0);
                }
            }
            _ => self.administer(flags, rng),
        }
    }

    fn administer(&mut self, flags: u32, rng: &mut Rng) {
        let none = UiParam::NONE;
        let Some(admin) = rng.pick(&self.services) else {
            return;
        };
        let services = value(admin.msg_service_table(0)).unwrap_or_default();
        let providers = value(admin.provider_table(0)).unwrap_or_default();
        let service = rng.pick(services.rows()).map_or(UID, ServiceRow::uid);
        let provider = rng.pick(providers.rows()).map_or(UID, ProviderRow::uid);
        match rng.below(9) {
            0 => drop(admin.create_msg_service("MSPST MS", "Mine", none, flags)),
            1 => drop(admin.delete_msg_service(service)),
            2 => {
                let to = rng.pick(&self.services).unwrap_or(admin);
                let _ = admin.copy_msg_service(service, to, none, 0);
            }
            3 => drop(admin.configure_msg_service(service, none, flags, &[])),
            4 => {
                let transports = providers.rows().iter().rev();
                let is_transport = Some(ResourceType::TRANSPORT_PROVIDER);
                let transports = transports.filter(|it| it.resource_type() == is_transport);
                let order: Vec<_> = transports.map(ProviderRow::uid).collect();
                let _ = admin.msg_service_transport_order(&order, 0);
            }
            5 => drop(admin.set_primary_identity(Some(service), 0)),
            6 => self
                .providers
                .extend(value(admin.admin_providers(service, 0))),
            7 => {
                for uid in [service, provider, UID, global(), instance()] {
                    let section = value(admin.open_profile_section(uid, flags));
                    self.sections.extend(section);
                }
            }
            _ => {
                if let Some(admin) = rng.pick(&self.providers) {
                    let _ = admin.create_provider("Carrier", &[], none, flags);
                    let section = value(admin.open_profile_section(provider, flags));
                    self.sections.extend(section);
                    let _ = admin.delete_provider(provider);
                }
            }
        }
    }
}

// Whatever is done in whatever order: no rule panics, and in the end nothing is left behind.
#[test]
fn random_administration_leaves_nothing_behind() {
    for seed in 0..60 {
        let memory = builder().build().unwrap();
        memory.initialize(0, 0).unwrap();
        let profiles = value(memory.admin_profiles(0)).unwrap();
        let (mut house, mut rng) = (House::default(), Rng(seed));
        for _ in 0..400 {
            house.step(&memory, &profiles, &mut rng);
        }
        for session in &house.sessions {
            assert_eq!(raw_code(session.logoff(UiParam::NONE, 0, 0)), HResult::S_OK);
        }
        assert_eq!(memory.open_sessions(), 0);
        // No name is kept, and no section is open any more.
        house.sections.clear();
        let table = value(profiles.profile_table(4)).unwrap();
        for row in &table {
            let services = profiles.admin_services(row.name(), None, UiParam::NONE, 0);
            let services = value(services).unwrap();
            for uid in [UID, global()] {
                let section = value(services.open_profile_section(uid, 1));
                assert!(section.is_ok(), "seed {seed}, {}", row.name());
            }
            value(profiles.delete_profile(row.name(), 4)).unwrap();
        }
        for name in ["Outlook", "Home", "New"] {
            let created = profiles.create_profile(name, None, UiParam::NONE, 0);
            assert_eq!(value(created), Ok(()), "seed {seed}, {name}");
        }
    }
}
