//! The description of a subsystem, read from TOML: what it says holds, and what is wrong is pointed
//! at.

use std::sync::mpsc;

use mapi_session::error::Call;
use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{
    AddressBook, Answer, Builder, Memory, Message, Profile, Service, Store, Transport,
};
use mapi_session::property::{PropName, PropTag};
use mapi_session::table::{ServiceRow, StatusRow, StoreRow};
use mapi_session::{
    EventMask, HResult, LogoffFlags, LogonRequest, Mapi, Notification, OpenEntryFlags,
    OpenStoreFlags, UiParam,
};

use crate::support::Profiles;

const FULL: &str = r#"
# The order of answers is the order of dialogs.
answers = ["cancel", "accept", { pick = "Work" }]
session_limit = 2
fast_shutdown = true

[[profile]]
name = "Home"
default = true

[[profile.store]]
name = "Mailbox"
default = true

[[profile.store]]
name = "Archive 2024"
read_only = true

[[profile]]
name = "Work"
store = [{ name = "News / 7", silent = true, downgrades = true }]

[[profile]]
name = "Kiosk"
app = true
default = false
"#;

const PROVIDERS: &str = r#"
fast_shutdown_behavior = "if_all_opt_in"

[[profile]]
name = "Outlook"
default = true

[[profile.store]]
name = "Mailbox"
default = true
cached = true
fast_shutdown = true

[[profile.store.folder]]
name = "Inbox"
message = ["Hello"]

[[profile.store.folder.folder]]
name = "Old"
read_only = true
receives = ["IPM.Note.Old"]

[[profile.store.folder.folder.message]]
subject = "Hello"
sender = ["Kim Akers", "kim@contoso.com"]
to = ["Ana Trujillo"]
cc = ["Bo"]
attachment = [["notes.txt", "to read"]]
unread = true
unsent = true
class = "IPM.Note.Old"
body = "How are you?"
property = [{ tag = 0x00170003, value = 2 }]

[[profile.store]]
name = "Profile data"
hidden = true
fast_shutdown = true

[[profile.address_book]]
name = "Contacts"
mail_user = ["Ana Trujillo"]
identity = "Ana Trujillo"
primary_identity = true
fast_shutdown = true

[[profile.transport]]
name = "Internet Mail"
address_type = ["SMTP", "FAX"]
fast_shutdown = true

[[profile.service]]
name = "Exchange"

[[profile.service.store]]
name = "Archive"
unconfigured = true
no_status_row = true

[[installed_service]]
name = "Notes"
store = [{ name = "Notes" }]
"#;

fn read(text: &str) -> Memory {
    let builder: Builder = toml::from_str(text).unwrap();
    builder.build().unwrap()
}

fn initialized(text: &str) -> (Mapi<Memory>, Memory) {
    let memory = read(text);
    (Mapi::initialize(memory.clone()).unwrap(), memory)
}

fn work() -> LogonRequest<'static> {
    LogonRequest::new_session("Work")
}

// C1, C5: a message of the file is the one that the builder describes.
#[test]
fn a_message_is_described_by_a_file_too() {
    let memory = read(PROVIDERS);
    let old = memory
        .entry_id("Outlook", &["Mailbox", "Inbox", "Old"])
        .unwrap();
    let described = Message::new()
        .subject("Hello")
        .sender("Kim Akers", "kim@contoso.com")
        .to("Ana Trujillo")
        .cc("Bo")
        .unread()
        .unsent()
        .class("IPM.Note.Old")
        .body("How are you?")
        .attachment("notes.txt", "to read")
        .property(PropTag::IMPORTANCE, 2);
    memory.deliver(&old, described).unwrap();
    let [read, built] = memory.messages(&old).try_into().unwrap();
    assert_eq!(
        (read.props(), read.recipients(), read.attachments()),
        (built.props(), built.recipients(), built.attachments())
    );
}

// P1, M1
#[test]
fn profiles_and_stores_are_those_of_the_file() {
    let (mapi, memory) = initialized(FULL);
    let list = |flags| {
        let rows = memory.profiles().profile_table(flags).unwrap().into_iter();
        rows.map(|row| (row.name().to_owned(), row.is_default()))
            .collect::<Vec<_>>()
    };
    let row = |name: &str, default| (name.to_string(), default);
    let (home, work) = (row("Home", true), row("Work", false));
    assert_eq!(list(ProfileFlags::empty()), [home.clone(), work.clone()]);
    let all = [home, row("Kiosk", false), work];
    assert_eq!(list(ProfileFlags::APP_PROFILE), all);

    let stores = |name| {
        let session = mapi.logon(&LogonRequest::new_session(name)).unwrap();
        let table = session.msg_stores_table().unwrap().into_iter();
        let rows = table.map(|row| {
            let id = row.entry_id();
            let writing = session.open_msg_store(id, OpenStoreFlags::WRITE);
            let sink = |_: &Notification| {};
            let telling = session.advise_object(id, EventMask::NEW_MAIL, sink);
            (
                row.display_name().to_string(),
                row.is_default(),
                writing.map(drop).map_err(|error| error.hresult()),
                telling.map(drop).map_err(|error| error.hresult()),
            )
        });
        rows.collect::<Vec<_>>()
    };
    let (denied, silent) = (HResult::MAPI_E_NO_ACCESS, HResult::MAPI_E_NO_SUPPORT);
    let home = [
        ("Mailbox".into(), true, Ok(()), Ok(())),
        ("Archive 2024".into(), false, Err(denied), Ok(())),
    ];
    assert_eq!(stores("Home"), home);
    let work = [("News / 7".into(), false, Ok(()), Err(silent))];
    assert_eq!(stores("Work"), work);
    assert_eq!(stores("Kiosk"), []);
}

// L3: all forms of an answer, in their order.
#[test]
fn answers_are_those_of_the_file() {
    let (mapi, memory) = initialized(FULL);
    let ask = || {
        let asking = LogonRequest::ask_user(UiParam::NONE);
        let session = mapi.logon(&asking).map_err(|error| error.hresult())?;
        let table = session.msg_stores_table().unwrap();
        Ok(table.rows()[0].display_name().to_string())
    };
    assert_eq!(ask(), Err(HResult::MAPI_E_USER_CANCEL));
    assert_eq!(ask(), Err(HResult::MAPI_E_LOGON_FAILED), "none is picked");
    assert_eq!(ask().unwrap(), "News / 7");
    assert_eq!(ask(), Err(HResult::MAPI_E_USER_CANCEL), "there are three");
    assert_eq!(memory.user().dialogs().len(), 4);
}

// L13
#[test]
fn the_limit_is_that_of_the_file() {
    let (mapi, _memory) = initialized(FULL);
    let sessions = [mapi.logon(&work()).unwrap(), mapi.logon(&work()).unwrap()];
    let error = mapi.logon(&work()).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED, "{error}");
    drop(sessions);
}

// E5
#[test]
fn the_fast_shutdown_is_that_of_the_file() {
    for (text, told) in [
        (FULL, true),
        (&FULL.replace("fast_shutdown = true", ""), false),
        (
            &FULL.replace("fast_shutdown = true", "fast_shutdown = false"),
            false,
        ),
    ] {
        let (mapi, _memory) = initialized(text);
        let individual = mapi.logon(&work()).unwrap();
        let (sink, events) = mpsc::channel();
        let registration = individual.advise_sink(EventMask::empty(), sink).unwrap();
        let shared = mapi.logon(&work().allow_others()).unwrap();
        shared.logoff(LogoffFlags::SHARED).unwrap();
        drop(registration);
        assert_eq!(events.iter().any(|event| event.ends_session()), told);
    }
}

#[test]
fn what_is_left_out_is_as_in_code() {
    let (mapi, memory) = initialized("");
    let none = memory
        .profiles()
        .profile_table(ProfileFlags::APP_PROFILE)
        .unwrap();
    assert_eq!(none.rows(), []);
    let asked = mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
    let error = asked.unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_USER_CANCEL);

    for text in [
        "profile = []\nanswers = []\nfast_shutdown = false",
        "[[profile]]\nname = \"Work\"",
        "profile = [{ name = \"Work\", default = false, app = false, store = [] }]",
    ] {
        let described: Builder = toml::from_str(text).unwrap();
        let mut coded = Memory::builder();
        if text.contains("Work") {
            coded = coded.profile(Profile::new("Work"));
        }
        assert_eq!(format!("{described:?}"), format!("{coded:?}"));
    }
}

#[test]
fn a_full_file_is_the_same_as_code() {
    let described: Builder = toml::from_str(FULL).unwrap();
    let home = Profile::new("Home")
        .default_profile()
        .store(Store::new("Mailbox").default_store())
        .store(Store::new("Archive 2024").read_only());
    let coded = Memory::builder()
        .answer(Answer::Cancel)
        .answer(Answer::Accept)
        .answer(Answer::Pick("Work".into()))
        .session_limit(2)
        .fast_shutdown()
        .profile(home)
        .profile(Profile::new("Work").store(Store::new("News / 7").silent().downgrades()))
        .profile(Profile::new("Kiosk").app_profile());
    assert_eq!(format!("{described:?}"), format!("{coded:?}"));
}

// R4: the names that a store knows from the start, as code and as text.
#[test]
fn a_store_knows_names_from_the_start() {
    let keywords = PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords");
    let task = PropName::id(PropName::PS_PUBLIC_STRINGS, 7);
    let set = "2903020000000000C000000000000046";
    let names = |of: &[(&str, &str)]| {
        let all = of
            .iter()
            .map(|(key, value)| format!("{{ set = \"{set}\", {key} = {value} }}"));
        let all: Vec<_> = all.collect();
        let store = format!("name = \"S\"\nnamed_property = [{}]", all.join(", "));
        toml::from_str::<Builder>(&format!(
            "[[profile]]\nname = \"Work\"\n[[profile.store]]\n{store}"
        ))
    };
    let described = names(&[("name", "\"Keywords\""), ("id", "7")]).unwrap();
    let store = Store::new("S")
        .named_property(keywords.clone())
        .named_property(task.clone())
        .named_property(keywords.clone());
    let coded = Memory::builder().profile(Profile::new("Work").store(store));
    assert_eq!(format!("{described:?}"), format!("{coded:?}"));
    let mapi = Mapi::initialize(coded.build().unwrap()).unwrap();
    let session = mapi.logon(&work()).unwrap();
    let rows = session.msg_stores_table().unwrap();
    let id = rows.rows()[0].entry_id();
    let store = session.open_msg_store(id, OpenStoreFlags::empty()).unwrap();
    let tags = store.ids_from_names(&[task, keywords], false).unwrap();
    let ids = tags.into_iter().flatten().map(PropTag::id);
    assert_eq!(ids.collect::<Vec<_>>(), [0x8001, 0x8000]);
    for wrong in ["", ", name = \"a\", id = 1"] {
        let text = format!(
            "[[profile]]\nname = \"Work\"\n[[profile.store]]\nname = \"S\"\nnamed_property = [{{ set = \"{set}\"{wrong} }}]"
        );
        assert!(toml::from_str::<Builder>(&text).is_err());
    }
}

/// What providers and services can be, as code and as text.
#[test]
fn kinds_of_providers_are_the_same_as_code() {
    let text = r#"
store = [{ name = "Delegate" }]

[[profile]]
name = "Work"

[[profile.store]]
name = "Mailbox"
primary = true
without_cache_flags = true
offline = true
identity = "Ana Trujillo"
identity_address = ["SMTP", "ana@example.com"]
resource_path = "here"

[[profile.store]]
name = "Archive"
secondary = true
never_default = true

[[profile.transport]]
name = "Relay"
default_outbound = true
prefers_last = true

[[profile.service]]
name = "Exchange"
single_copy = true
"#;
    let described: Builder = toml::from_str(text).unwrap();
    let mailbox = Store::new("Mailbox")
        .primary_store()
        .without_cache_flags()
        .offline()
        .identity("Ana Trujillo")
        .identity_address("SMTP", "ana@example.com")
        .resource_path("here");
    let profile = Profile::new("Work")
        .store(mailbox)
        .store(Store::new("Archive").secondary_store().never_default())
        .transport(Transport::new("Relay").default_outbound().prefers_last())
        .service(Service::new("Exchange").single_copy());
    let coded = Memory::builder()
        .store_outside(Store::new("Delegate"))
        .profile(profile);
    assert_eq!(format!("{described:?}"), format!("{coded:?}"));
}

/// A provider's names, and what its status object has.
#[test]
fn what_every_provider_has_is_read() {
    let text = "name = \"GAL\"\nprovider_display = \"Exchange Address Book\"\n\
        provider_dll_name = \"EMSABP\"\nsettings_dialog = true\npassword = \"secret\"";
    let described: AddressBook = toml::from_str(text).unwrap();
    let coded = AddressBook::new("GAL")
        .provider_display("Exchange Address Book")
        .provider_dll_name("EMSABP")
        .settings_dialog()
        .password("secret");
    assert_eq!(format!("{described:?}"), format!("{coded:?}"));
}

/// The parts can be read by themselves too.
#[test]
fn a_profile_is_read_alone() {
    let text = "name = \"Work\"\nstore = [{ name = \"Mail\", default = true }]";
    let described: Profile = toml::from_str(text).unwrap();
    let coded = Profile::new("Work").store(Store::new("Mail").default_store());
    assert_eq!(format!("{described:?}"), format!("{coded:?}"));
    toml::from_str::<Profile>("name = \"Work.\"").unwrap_err();
    let described: Store = toml::from_str("name = \"\"").unwrap();
    assert_eq!(format!("{described:?}"), format!("{:?}", Store::new("")));
}

/// The file cannot be read: the error points at the last `culprit` in it, and says `what`.
#[track_caller]
fn wrong(text: &str, culprit: &str, what: &str) {
    let (start, _) = text.match_indices(culprit).last().unwrap();
    let error = toml::from_str::<Builder>(text).unwrap_err();
    let shown = error.to_string();
    assert_eq!(error.span(), Some(start..start + culprit.len()), "{shown}");
    let before = &text[..start];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let place = format!("line {line}, column {column}");
    assert!(shown.contains(&place), "{shown} / {place}");
    assert!(error.message().contains(what), "{shown} / {what}");
}

#[test]
fn what_is_unknown_is_pointed_at() {
    for (text, culprit) in [
        ("session_limit = 2\nsesion_limit = 2", "sesion_limit"),
        ("[[profiles]]\nname = \"Work\"", "profiles"),
        ("logon_timeout = 5", "logon_timeout"),
        ("[[profile]]\nname = \"Work\"\ndefalt = true", "defalt"),
        ("[[profile]]\nname = \"Work\"\nproviders = []", "providers"),
        (
            "[[profile]]\nname = \"Work\"\n[[profile.store]]\nname = \"Mail\"\nreadonly = true",
            "readonly",
        ),
        (
            "[[profile]]\nname = \"Work\"\n[[profile.stores]]\nname = \"Mail\"",
            "stores",
        ),
    ] {
        wrong(text, culprit, &format!("unknown field `{culprit}`"));
    }
    for (text, culprit) in [
        ("answers = [\"cancel\", \"Accept\"]", "\"Accept\""),
        ("answers = [\"ok\"]", "\"ok\""),
        ("answers = [{ choose = \"Work\" }]", "choose"),
    ] {
        let variant = culprit.trim_matches('"');
        wrong(text, culprit, &format!("unknown variant `{variant}`"));
    }
}

#[test]
fn a_wrong_type_is_pointed_at() {
    for (text, culprit, what) in [
        ("session_limit = \"2\"", "\"2\"", "usize"),
        ("session_limit = -1", "-1", "-1"),
        ("session_limit = 1.5", "1.5", "1.5"),
        ("fast_shutdown = \"yes\"", "\"yes\"", "boolean"),
        ("fast_shutdown = 1", "1", "boolean"),
        ("answers = \"accept\"", "\"accept\"", "sequence"),
        ("answers = [1]", "1", "string"),
        ("answers = [{ pick = 7 }]", "7", "string"),
        ("answers = [\"pick\"]", "\"pick\"", "variant"),
        ("answers = [{}]", "{}", "1 element"),
        ("profile = 5", "5", "sequence"),
        ("[profile]\nname = \"Work\"", "[profile]", "sequence"),
        ("[[profile]]\nname = 5", "5", "string"),
        ("[[profile]]\nname = [\"Work\"]", "[\"Work\"]", "string"),
        ("[[profile]]\nname = \"A\"\napp = 0", "0", "boolean"),
        (
            "[[profile]]\nname = \"A\"\ndefault = \"yes\"",
            "\"yes\"",
            "boolean",
        ),
        (
            "[[profile]]\nname = \"A\"\nstore = [\"Mail\"]",
            "\"Mail\"",
            "Store",
        ),
        (
            "[[profile]]\nname = \"A\"\n[[profile.store]]\nname = true",
            "true",
            "string",
        ),
    ] {
        wrong(text, culprit, what);
    }
}

#[test]
fn a_missing_name_is_pointed_at() {
    let missing = "missing field `name`";
    let profile = "[[profile]]\nname = \"Work\"\n\n[[profile]]\ndefault = true\n";
    wrong(profile, "[[profile]]", missing);
    let store = "[[profile]]\nname = \"Work\"\n[[profile.store]]\ndefault = true\n";
    wrong(store, "[[profile.store]]", missing);
    wrong(
        "profile = [{ name = \"A\" }, { app = true }]",
        "{ app = true }",
        missing,
    );
}

// L5: the rule for names, at the name's line and column.
#[test]
fn a_malformed_name_is_pointed_at() {
    let too_long = format!("{:?}", "a".repeat(65));
    for (name, what) in [
        (r#""""#, r#""" is no profile name: it is empty"#),
        (r#"" Work""#, r#"" Work" is no profile name"#),
        (r#""Work ""#, "begins or ends with a blank"),
        (r#""Wo-rk""#, r#""Wo-rk" is no profile name: '-'"#),
        (r#""Wo\trk""#, r"'\t'"),
        (r#""Work\u0000""#, r"'\0'"),
        (r"'C:\Work'", r#""C:\\Work" is no profile name"#),
        (too_long.as_str(), "65 characters"),
    ] {
        for text in [
            format!(
                "[[profile]]\nname = \"Good\"\n\n[[profile]]\ndefault = true\n  name = {name}\n"
            ),
            format!("profile = [{{ name = \"\u{C4}\" }}, {{ name = {name} }}]"),
            format!("session_limit = 2\n\n[[profile]]\napp = true\nname={name} # here"),
        ] {
            wrong(&text, name, what);
        }
    }
}

#[test]
fn a_key_that_is_there_twice_is_pointed_at() {
    let text = "[[profile]]\nname = \"A\"\nname = \"B\"";
    wrong(text, "name", "duplicate key");
}

// P1: what only the whole shows. The file can be read, and nothing is built.
#[test]
fn what_contradicts_itself_is_not_built() {
    let (default, invalid) = (
        Call::PROF_ADMIN_SET_DEFAULT_PROFILE,
        HResult::MAPI_E_INVALID_PARAMETER,
    );
    for (profiles, call, hresult, quoted) in [
        (
            r#"{ name = "A", default = true }, { name = "B" }, { name = "C", default = true }"#,
            default,
            invalid,
            &["\"A\"", "\"C\""][..],
        ),
        (
            r#"{ name = "A" }, { name = "B" }, { name = "A", app = true }"#,
            Call::PROF_ADMIN_CREATE_PROFILE,
            HResult::MAPI_E_NO_ACCESS,
            &["\"A\""],
        ),
        (
            r#"{ name = "A", app = true, default = true }"#,
            default,
            HResult::E_FAIL,
            &["\"A\"", "\"app\""],
        ),
        (
            r#"{ name = "A", store = [{ name = "x", default = true }, { name = "y", default = true }] }"#,
            Call::PROF_ADMIN_CREATE_PROFILE,
            invalid,
            &["\"A\"", "\"x\"", "\"y\""],
        ),
        (
            r#"{ name = "A", store = [{ name = "x", primary = true }, { name = "y", primary = true }] }"#,
            Call::PROF_ADMIN_CREATE_PROFILE,
            invalid,
            &["primary", "\"x\"", "\"y\""],
        ),
        (
            r#"{ name = "A", service = [{ name = "x" }, { name = "x", single_copy = true }] }"#,
            Call::PROF_ADMIN_CREATE_PROFILE,
            HResult::MAPI_E_NO_ACCESS,
            &["\"x\""],
        ),
        (
            r#"{ name = "A", store = [{ name = "x", secondary = true }, { name = "y", secondary = true }] }"#,
            Call::PROF_ADMIN_CREATE_PROFILE,
            invalid,
            &["secondary", "\"x\"", "\"y\""],
        ),
        (
            r#"{ name = "A", store = [{ name = "x", default = true, never_default = true }] }"#,
            Call::PROF_ADMIN_CREATE_PROFILE,
            invalid,
            &["\"x\""],
        ),
    ] {
        let text = format!("profile = [{profiles}]");
        let builder: Builder = toml::from_str(&text).unwrap();
        let error = builder.build().unwrap_err();
        assert_eq!(error.call(), call, "{error}");
        assert_eq!(error.hresult(), hresult, "{error}");
        for name in quoted {
            assert!(error.reason().unwrap().contains(name), "{error} / {name}");
        }
    }
}

// A file of which only the end is wrong gives nothing of its beginning.
#[test]
fn nothing_is_half_loaded() {
    for (good, bad) in [
        ("", "typo = 1"),
        ("", "[[profile]]\nname = \"Last.\""),
        (FULL, "[[profile]]\nname = \"Last.\""),
        (FULL, "[[profile]]\n"),
        (FULL, "[[profile]"),
        (FULL, "name = \"Kiosk\""),
    ] {
        toml::from_str::<Builder>(good).unwrap();
        let text = format!("{good}{bad}");
        let error = toml::from_str::<Builder>(&text).map(|_| ()).unwrap_err();
        assert!(error.span().unwrap().end > good.len(), "{error}");
    }
}

// M1, M7, M9, L10, F2: the providers of the file.
#[test]
fn services_and_providers_are_those_of_the_file() {
    let (mapi, memory) = initialized(PROVIDERS);
    let session = mapi.logon(&LogonRequest::default_profile()).unwrap();

    let stores = session.msg_stores_table().unwrap();
    let names: Vec<_> = stores.rows().iter().map(StoreRow::display_name).collect();
    assert_eq!(names, ["Mailbox", "Archive"], "one is hidden");
    assert_eq!(session.enum_adr_types().unwrap(), ["SMTP", "FAX"]);
    let reporting = session.status_table().unwrap();
    let reporting: Vec<_> = reporting
        .rows()
        .iter()
        .map(StatusRow::display_name)
        .collect();
    let own = 3;
    assert_eq!(
        reporting[own..],
        ["Contacts", "Mailbox", "Profile data", "Internet Mail"]
    );

    let entry_id = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    let identity = session.query_identity().unwrap();
    assert_eq!(identity.warning(), None);
    assert_eq!(
        identity.ignore_warning(),
        entry_id(&["Contacts", "Ana Trujillo"])
    );
    for path in [
        &["Mailbox", "Inbox", "Hello"][..],
        &["Mailbox", "Inbox", "Old"],
    ] {
        let entry = session.open_entry(&entry_id(path), OpenEntryFlags::empty());
        let info = entry.unwrap().info().unwrap();
        assert_eq!(info.display_name(), *path.last().unwrap());
        assert_eq!(info.parent_id(), Some(&entry_id(&["Mailbox", "Inbox"])));
    }
    let old = session.open_entry(
        &entry_id(&["Mailbox", "Inbox", "Old"]),
        OpenEntryFlags::MODIFY,
    );
    assert_eq!(old.unwrap_err().hresult(), HResult::MAPI_E_NO_ACCESS);

    let archive = entry_id(&["Archive"]);
    let refused = session.open_msg_store(&archive, OpenStoreFlags::NO_DIALOG);
    assert_eq!(refused.unwrap_err().hresult(), HResult::MAPI_E_LOGON_FAILED);
    let cached = session.open_msg_store(&entry_id(&["Mailbox"]), OpenStoreFlags::empty());
    let old = cached
        .as_ref()
        .unwrap()
        .open_receive_folder("IPM.Note.Old")
        .unwrap();
    assert_eq!(old.info().unwrap().display_name(), "Old");
    drop(old);
    let online = session.open_msg_store(&entry_id(&["Mailbox"]), OpenStoreFlags::ONLINE);
    assert_eq!(
        online.unwrap_err().hresult(),
        HResult::MAPI_E_FAILONEPROVIDER
    );
    drop(cached);

    let services = session.admin_services().unwrap();
    services.create_msg_service("Notes", "My notes").unwrap();
    let rows = services.msg_service_table().unwrap();
    let names: Vec<_> = rows.rows().iter().map(ServiceRow::name).collect();
    for service in ["Exchange", "Notes"] {
        assert!(names.contains(&service), "{names:?}");
    }
    drop(services);

    // Everybody who is logged on opts in; the archive is not.
    let shutdown = session.fast_shutdown().unwrap();
    shutdown.cancel().logoff(LogoffFlags::empty()).unwrap();
}

#[test]
fn json_says_the_same_as_toml() {
    let json = r#"{
        "answers": ["cancel", { "pick": "Work" }],
        "profile": [
            {
                "name": "Work",
                "default": true,
                "store": [{ "name": "Mailbox", "default": true }],
                "address_book": [{ "name": "Contacts", "identity": "Ana Trujillo" }]
            }
        ]
    }"#;
    let builder: Builder = serde_json::from_str(json).unwrap();
    let memory = builder.build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let ask = LogonRequest::ask_user(UiParam::NONE);
    let cancelled = mapi.logon(&ask).unwrap_err();
    assert_eq!(cancelled.hresult(), HResult::MAPI_E_USER_CANCEL);
    let session = mapi.logon(&ask).unwrap();
    let user = memory.entry_id("Work", &["Contacts", "Ana Trujillo"]);
    assert_eq!(
        Some(session.query_identity().unwrap().ignore_warning()),
        user
    );
    session.logoff(LogoffFlags::empty()).unwrap();

    let unknown = serde_json::from_str::<Builder>(r#"{ "profiles": [] }"#).unwrap_err();
    assert!(unknown.to_string().contains("profiles"), "{unknown}");
}
