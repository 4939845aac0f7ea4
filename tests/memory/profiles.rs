//! Profile administration: rules P1 and P2, and the rule for names, L5.

use mapi_session::error::Call;
use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{Answer, Folder, Memory, Profile, Question, Store};
use mapi_session::table::StoreRow;
use mapi_session::{
    Error, HResult, Live, LogoffFlags, LogonRequest, Mapi, ProfileAdmin, Session, UiParam,
};

use crate::support::Profiles;

const NONE: ProfileFlags = ProfileFlags::empty();
const APP: ProfileFlags = ProfileFlags::APP_PROFILE;

type Listing = Vec<(String, bool)>;
type Change<'a> = &'a dyn Fn(ProfileAdmin<Memory>) -> Result<(), Error>;

fn list(memory: &Memory, flags: ProfileFlags) -> Listing {
    let rows = memory.profiles().profile_table(flags).unwrap();
    rows.into_iter()
        .map(|row| (row.name().to_owned(), row.is_default()))
        .collect()
}

/// Both lists, the sessions and the dialogs: what administration could change.
fn snapshot(memory: &Memory) -> impl PartialEq + std::fmt::Debug + use<> {
    let dialogs = memory.user().dialogs();
    let sessions = (memory.open_sessions(), memory.released_live());
    (list(memory, NONE), list(memory, APP), sessions, dialogs)
}

fn initialized(profiles: impl IntoIterator<Item = Profile>) -> (Mapi<Memory>, Memory) {
    let builder = profiles
        .into_iter()
        .fold(Memory::builder(), |builder, profile| {
            builder.profile(profile)
        });
    let memory = builder.build().unwrap();
    (Mapi::initialize(memory.clone()).unwrap(), memory)
}

/// "Home", the default; "Work"; "Kiosk", an "app" profile.
fn scene() -> (Mapi<Memory>, Memory) {
    let mail = |name: &str| Store::new(name).default_store();
    initialized([
        Profile::new("Work").store(mail("of Work")),
        Profile::new("Kiosk").app_profile().store(mail("of Kiosk")),
        Profile::new("Home")
            .default_profile()
            .store(Store::new("Archive").read_only())
            .store(mail("of Home")),
    ])
}

fn log_on(mapi: &Mapi<Memory>, name: &str) -> Result<Session<Live, Memory>, Error> {
    mapi.logon(&LogonRequest::new_session(name))
}

fn log_off(session: Session<Live, Memory>) {
    session.logoff(LogoffFlags::empty()).unwrap();
}

fn stores(session: &Session<Live, Memory>) -> Vec<StoreRow> {
    session.msg_stores_table().unwrap().into_iter().collect()
}

fn stores_of(mapi: &Mapi<Memory>, name: &str) -> Vec<StoreRow> {
    let session = log_on(mapi, name).unwrap();
    let rows = stores(&session);
    log_off(session);
    rows
}

#[track_caller]
fn lists(memory: &Memory, wanted: &[&str]) {
    let names: Vec<_> = list(memory, NONE)
        .into_iter()
        .map(|(name, default)| if default { format!("*{name}") } else { name })
        .collect();
    assert_eq!(names, wanted);
}

/// A call that is refused, says why, and has changed nothing.
#[track_caller]
fn refused<T: std::fmt::Debug>(
    memory: &Memory,
    change: impl FnOnce(ProfileAdmin<Memory>) -> Result<T, Error>,
    call: Call,
    hresult: HResult,
    quoted: &str,
) {
    let before = snapshot(memory);
    let error = change(memory.profiles()).unwrap_err();
    assert_eq!(error.hresult(), hresult, "{error}");
    assert_eq!(error.call(), call, "{error}");
    let reason = error.reason().unwrap();
    assert!(reason.contains(quoted), "{reason} / {quoted}");
    assert!(!reason.contains(char::is_control), "{reason:?}");
    assert_eq!(error.to_string(), format!("{call}: {hresult}: {reason}"));
    assert_eq!(snapshot(memory), before, "{error}");
}

// P1
#[test]
fn the_list_is_sorted_and_hides_app_profiles() {
    let (_mapi, memory) = scene();
    let row = |name: &str, default| (name.to_string(), default);
    let (home, work) = (row("Home", true), row("Work", false));
    assert_eq!(list(&memory, NONE), [home.clone(), work.clone()]);
    let all = [home, row("Kiosk", false), work];
    assert_eq!(list(&memory, APP), all);

    let (_mapi, empty) = initialized([]);
    assert_eq!(list(&empty, NONE), []);
    assert_eq!(list(&empty, APP), []);
}

// P1: the table is static.
#[test]
fn a_list_is_a_copy() {
    let (_mapi, memory) = scene();
    let rows = memory.profiles().profile_table(NONE).unwrap();
    memory.profiles().delete_profile("Work", NONE).unwrap();
    memory.profiles().set_default_profile(None).unwrap();
    assert_eq!(rows.rows().len(), 2);
    assert!(rows.rows()[0].is_default());
}

// P1
#[test]
fn each_call_changes_what_it_says() {
    let (mapi, memory) = scene();
    let profiles = memory.profiles();
    memory.create_profile(&Profile::new("New")).unwrap();
    lists(&memory, &["*Home", "New", "Work"]);
    profiles.copy_profile("New", "Copy", NONE).unwrap();
    lists(&memory, &["Copy", "*Home", "New", "Work"]);
    profiles.rename_profile("New", "Newer", NONE).unwrap();
    lists(&memory, &["Copy", "*Home", "Newer", "Work"]);
    profiles.set_default_profile(Some("Newer")).unwrap();
    lists(&memory, &["Copy", "Home", "*Newer", "Work"]);
    profiles.delete_profile("Copy", NONE).unwrap();
    lists(&memory, &["Home", "*Newer", "Work"]);
    profiles.set_default_profile(None).unwrap();
    lists(&memory, &["Home", "Newer", "Work"]);

    let second = Profile::new("Other").default_profile();
    memory.create_profile(&second).unwrap();
    lists(&memory, &["Home", "Newer", "*Other", "Work"]);
    memory
        .create_profile(&Profile::new("App").app_profile())
        .unwrap();
    lists(&memory, &["Home", "Newer", "*Other", "Work"]);
    log_off(log_on(&mapi, "Other").unwrap());
    log_off(log_on(&mapi, "App").unwrap());
    for gone in ["New", "Copy"] {
        let error = log_on(&mapi, gone).unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    }
}

// P1: with and without the flag, for those who need it and those who do not.
#[test]
fn app_profiles_are_touched_only_with_the_flag() {
    let (mapi, memory) = scene();
    let no_access = HResult::MAPI_E_NO_ACCESS;
    for (call, result) in [
        (
            Call::PROF_ADMIN_DELETE_PROFILE,
            memory.profiles().delete_profile("Kiosk", NONE),
        ),
        (
            Call::PROF_ADMIN_COPY_PROFILE,
            memory.profiles().copy_profile("Kiosk", "New", NONE),
        ),
        (
            Call::PROF_ADMIN_RENAME_PROFILE,
            memory.profiles().rename_profile("Kiosk", "New", NONE),
        ),
    ] {
        let change = |_: ProfileAdmin<Memory>| result;
        refused(&memory, change, call, no_access, "\"Kiosk\"");
    }
    assert_eq!(list(&memory, APP).len(), 3);

    // A copy is what its original is, whatever the flag.
    let profiles = memory.profiles();
    profiles.copy_profile("Kiosk", "Kiosk 2", APP).unwrap();
    profiles.copy_profile("Work", "Work 2", APP).unwrap();
    lists(&memory, &["*Home", "Work", "Work 2"]);
    profiles.rename_profile("Kiosk", "Kiosk 1", APP).unwrap();
    profiles.rename_profile("Work 2", "Work 3", APP).unwrap();
    lists(&memory, &["*Home", "Work", "Work 3"]);
    let names: Vec<_> = list(&memory, APP).into_iter().map(|row| row.0).collect();
    assert_eq!(names, ["Home", "Kiosk 1", "Kiosk 2", "Work", "Work 3"]);
    profiles.delete_profile("Kiosk 2", APP).unwrap();
    profiles.delete_profile("Work 3", APP).unwrap();
    assert_eq!(list(&memory, APP).len(), 3);
    log_off(log_on(&mapi, "Kiosk 1").unwrap());
}

// P1
#[test]
fn an_app_profile_is_never_the_default() {
    let (_mapi, memory) = scene();
    let fail = HResult::E_FAIL;
    let call = Call::PROF_ADMIN_SET_DEFAULT_PROFILE;
    refused(
        &memory,
        |profiles| profiles.set_default_profile(Some("Kiosk")),
        call,
        fail,
        "\"Kiosk\"",
    );
    memory.profiles().set_default_profile(None).unwrap();
    let wish = Profile::new("New").app_profile().default_profile();
    refused(
        &memory,
        |_| memory.create_profile(&wish),
        call,
        fail,
        "\"New\"",
    );
    let error = Memory::builder().profile(wish).build().unwrap_err();
    assert_eq!((error.call(), error.hresult()), (call, fail));
}

// P1
#[test]
fn there_is_one_default_profile() {
    let (_mapi, memory) = scene();
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    let second = Profile::new("New").default_profile();
    for quoted in ["\"Home\"", "\"New\""] {
        refused(
            &memory,
            |_| memory.create_profile(&second),
            Call::PROF_ADMIN_SET_DEFAULT_PROFILE,
            invalid,
            quoted,
        );
    }
    let two = Memory::builder()
        .profile(Profile::new("One").default_profile())
        .profile(second);
    let error = two.build().unwrap_err();
    assert_eq!(error.hresult(), invalid);
    assert!(error.reason().unwrap().contains("\"One\""), "{error}");
}

// P1
#[test]
fn a_name_that_exists_is_taken() {
    let (_mapi, memory) = scene();
    for name in ["Home", "Work", "Kiosk"] {
        let quoted = format!("{name:?}");
        let no_access = HResult::MAPI_E_NO_ACCESS;
        for flags in [NONE, APP] {
            let changes: [(Call, Change<'_>); 4] = [
                (Call::PROF_ADMIN_CREATE_PROFILE, &|profiles| {
                    profiles.create_profile(name, flags)
                }),
                (Call::PROF_ADMIN_COPY_PROFILE, &|profiles| {
                    profiles.copy_profile("Home", name, flags)
                }),
                (Call::PROF_ADMIN_RENAME_PROFILE, &|profiles| {
                    profiles.rename_profile("Home", name, flags)
                }),
                (Call::PROF_ADMIN_RENAME_PROFILE, &|profiles| {
                    profiles.rename_profile("Work", name, flags)
                }),
            ];
            for (call, change) in changes {
                refused(&memory, change, call, no_access, &quoted);
            }
        }
    }
    let twice = Memory::builder()
        .profile(Profile::new("Work"))
        .profile(Profile::new("Work").app_profile());
    let error = twice.build().unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_NO_ACCESS);
    assert_eq!(error.call(), Call::PROF_ADMIN_CREATE_PROFILE);
    assert!(error.reason().unwrap().contains("\"Work\""), "{error}");
}

// P1
#[test]
fn a_missing_name_is_not_found() {
    let (_mapi, memory) = scene();
    for name in ["Nobody", "home", "Home ", "", "H\u{F3}me", "Ho\0me"] {
        let quoted = format!("{name:?}");
        for flags in [NONE, APP] {
            let changes: [(Call, Change<'_>); 4] = [
                (Call::PROF_ADMIN_DELETE_PROFILE, &|profiles| {
                    profiles.delete_profile(name, flags)
                }),
                (Call::PROF_ADMIN_COPY_PROFILE, &|profiles| {
                    profiles.copy_profile(name, "New", flags)
                }),
                (Call::PROF_ADMIN_RENAME_PROFILE, &|profiles| {
                    profiles.rename_profile(name, "New", flags)
                }),
                (Call::PROF_ADMIN_SET_DEFAULT_PROFILE, &|profiles| {
                    profiles.set_default_profile(Some(name))
                }),
            ];
            for (call, change) in changes {
                refused(&memory, change, call, HResult::MAPI_E_NOT_FOUND, &quoted);
            }
        }
    }
}

// P1: with undefined bits nothing is done, whether the rest is right or not.
#[test]
fn undefined_flags_are_refused_and_quoted() {
    let (_mapi, memory) = scene();
    let single = (0..u32::BITS).map(|bit| 1 << bit);
    for bits in single.chain([u32::MAX, 0x8000_0008]) {
        let flags = ProfileFlags::from(bits);
        let changes: [(Call, Change<'_>); 6] = [
            (Call::PROF_ADMIN_CREATE_PROFILE, &|profiles| {
                profiles.create_profile("New", flags)
            }),
            (Call::PROF_ADMIN_DELETE_PROFILE, &|profiles| {
                profiles.delete_profile("Work", flags)
            }),
            (Call::PROF_ADMIN_DELETE_PROFILE, &|profiles| {
                profiles.delete_profile("Nobody", flags)
            }),
            (Call::PROF_ADMIN_COPY_PROFILE, &|profiles| {
                profiles.copy_profile("Work", "New", flags)
            }),
            (Call::PROF_ADMIN_RENAME_PROFILE, &|profiles| {
                profiles.rename_profile("Work", "New", flags)
            }),
            (Call::PROF_ADMIN_GET_PROFILE_TABLE, &|profiles| {
                profiles.profile_table(flags).map(drop)
            }),
        ];
        for (call, change) in changes {
            let defined = match call {
                Call::PROF_ADMIN_CREATE_PROFILE => ProfileFlags::all(),
                Call::PROF_ADMIN_COPY_PROFILE => APP | ProfileFlags::DIALOG,
                _ => APP,
            };
            let undefined = bits & !defined.bits();
            if undefined != 0 {
                let quoted = format!("{undefined:#010X}");
                let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
                refused(&memory, change, call, unknown, &quoted);
            }
        }
    }
}

// P1
#[test]
fn the_default_goes_with_its_profile() {
    let (mapi, memory) = scene();
    let profiles = memory.profiles();
    profiles.copy_profile("Home", "Copy", NONE).unwrap();
    lists(&memory, &["Copy", "*Home", "Work"]);
    profiles.rename_profile("Home", "House", NONE).unwrap();
    lists(&memory, &["Copy", "*House", "Work"]);
    profiles.rename_profile("Work", "Home", NONE).unwrap();
    lists(&memory, &["Copy", "Home", "*House"]);
    profiles.delete_profile("Home", NONE).unwrap();
    lists(&memory, &["Copy", "*House"]);
    profiles.delete_profile("House", NONE).unwrap();
    lists(&memory, &["Copy"]);
    let error = mapi.logon(&LogonRequest::default_profile()).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);

    // It does not come back with the name.
    memory.create_profile(&Profile::new("House")).unwrap();
    lists(&memory, &["Copy", "House"]);
    profiles.set_default_profile(Some("House")).unwrap();
    profiles.set_default_profile(Some("House")).unwrap();
    lists(&memory, &["Copy", "*House"]);
}

// P1, O4
#[test]
fn copies_and_renamed_profiles_have_the_same_stores() {
    let (mapi, memory) = scene();
    let rows = stores_of(&mapi, "Home");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].display_name(), "of Home");
    assert!(rows[1].is_default());
    memory
        .profiles()
        .copy_profile("Home", "Copy", NONE)
        .unwrap();
    memory
        .profiles()
        .rename_profile("Home", "House", NONE)
        .unwrap();
    memory
        .profiles()
        .copy_profile("Copy", "Home", NONE)
        .unwrap();
    for name in ["Copy", "House", "Home"] {
        assert_eq!(stores_of(&mapi, name), rows, "{name}");
    }

    // A copy lives longer than its original, and one that is made again is another profile.
    memory.profiles().delete_profile("House", NONE).unwrap();
    let again = Profile::new("House").store(Store::new("of Home"));
    memory.create_profile(&again).unwrap();
    assert_eq!(stores_of(&mapi, "Copy"), rows);
    let new = stores_of(&mapi, "House");
    assert_eq!(new.len(), 1);
    assert!(rows.iter().all(|row| row.entry_id() != new[0].entry_id()));
}

// P1, M1
#[test]
fn a_profile_has_one_default_store() {
    let (_mapi, memory) = scene();
    let two = Profile::new("New")
        .store(Store::new("One").default_store())
        .store(Store::new("Other"))
        .store(Store::new("Two").default_store());
    for quoted in ["\"New\"", "\"One\"", "\"Two\""] {
        refused(
            &memory,
            |_| memory.create_profile(&two),
            Call::PROF_ADMIN_CREATE_PROFILE,
            HResult::MAPI_E_INVALID_PARAMETER,
            quoted,
        );
    }
    let error = Memory::builder().profile(two).build().unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
}

fn repeat(text: &str, times: usize) -> String {
    text.repeat(times)
}

// L5
#[test]
fn good_names_can_be_created_and_logged_on_to() {
    let names = [
        "a".into(),
        "_".into(),
        "7".into(),
        "A B".into(),
        "A  B   C".into(),
        "__init__".into(),
        "Caf\u{E9}".into(),
        "Cafe\u{301}".into(),
        "e\u{300}\u{36F}".into(),
        "stra\u{DF}e".into(),
        "\u{130}\u{131}".into(),
        "\u{3A9}mega 7".into(),
        "\u{65E5}\u{672C}\u{8A9E}".into(),
        "\u{5D0}\u{5D1}".into(),
        "\u{661}\u{662}".into(),
        "\u{1D49C}".into(),
        repeat("a", 63),
        repeat("a", 64),
        repeat("\u{E9}", 64),
        repeat("e\u{301}", 32),
        repeat("\u{1D49C}", 32),
        repeat("a", 62) + "\u{1D49C}",
        repeat("a", 62) + " z",
    ];
    // All at once: no two of them are the same.
    let (mapi, memory) = scene();
    for name in &names {
        memory.create_profile(&Profile::new(name)).unwrap();
        log_off(log_on(&mapi, name).unwrap());
    }
    for name in &names {
        memory
            .profiles()
            .rename_profile(name, "Between", NONE)
            .unwrap();
        memory
            .profiles()
            .copy_profile("Between", name, NONE)
            .unwrap();
        memory.profiles().delete_profile("Between", NONE).unwrap();
    }
    assert_eq!(list(&memory, NONE).len(), names.len() + 2);
    let builder = names.iter().map(Profile::new);
    let (_mapi, memory) = initialized(builder);
    assert_eq!(list(&memory, NONE).len(), names.len());
}

// L5
#[test]
fn bad_names_are_refused_and_quoted() {
    let (mapi, memory) = scene();
    let blank = "begins or ends with a blank";
    let empty = "empty";
    for (name, fault) in [
        ("".into(), empty),
        (" ".into(), blank),
        ("   ".into(), blank),
        (" A".into(), blank),
        ("A ".into(), blank),
        (repeat("a", 63) + " ", blank),
        (repeat("a", 65), "65"),
        (repeat("a", 64) + " ", "65"),
        (repeat("\u{E9}", 65), "65"),
        (repeat("e\u{301}", 33), "66"),
        (repeat("\u{1D49C}", 33), "66"),
        (repeat("a", 63) + "\u{1D49C}", "65"),
        (repeat("a", 1000), "1000"),
        ("A\t".into(), r"'\t'"),
        ("\tA".into(), r"'\t'"),
        ("A\tB".into(), r"'\t'"),
        ("A\nB".into(), r"'\n'"),
        ("A\rB".into(), r"'\r'"),
        ("\0".into(), r"'\0'"),
        ("A\0".into(), r"'\0'"),
        ("A\0B".into(), r"'\0'"),
        ("A\u{7F}".into(), r"'\u{7f}'"),
        ("A\u{A0}B".into(), r"'\u{a0}'"),
        ("A\u{2003}B".into(), r"'\u{2003}'"),
        ("\u{3000}A".into(), r"'\u{3000}'"),
        ("A\u{200B}".into(), r"'\u{200b}'"),
        ("\u{FEFF}A".into(), r"'\u{feff}'"),
        ("A\u{202E}B".into(), r"'\u{202e}'"),
        ("\u{1F600}".into(), "'\u{1F600}'"),
        ("A\u{2019}s".into(), "'\u{2019}'"),
        ("A\u{20AC}".into(), "'\u{20AC}'"),
        ("A-B".into(), "'-'"),
        ("A.B".into(), "'.'"),
        ("A/B".into(), "'/'"),
        (r"A\B".into(), r"'\\'"),
        ("A:B".into(), "':'"),
        ("A'B".into(), r"'\''"),
        ("A\"B".into(), "'\"'"),
        ("A@B".into(), "'@'"),
        ("A+B".into(), "'+'"),
        ("(A)".into(), "'('"),
        ("{}".into(), "'{'"),
    ] {
        let quoted = format!("{name:?}");
        let invalid = HResult::MAPI_E_INVALID_PARAMETER;
        for text in [fault, &quoted] {
            let create = |_: ProfileAdmin<Memory>| memory.create_profile(&Profile::new(&name));
            refused(
                &memory,
                create,
                Call::PROF_ADMIN_CREATE_PROFILE,
                invalid,
                text,
            );
            let copy = |profiles: ProfileAdmin<Memory>| profiles.copy_profile("Home", &name, NONE);
            refused(&memory, copy, Call::PROF_ADMIN_COPY_PROFILE, invalid, text);
            let rename =
                |profiles: ProfileAdmin<Memory>| profiles.rename_profile("Home", &name, NONE);
            refused(
                &memory,
                rename,
                Call::PROF_ADMIN_RENAME_PROFILE,
                invalid,
                text,
            );
        }
        let error = Memory::builder()
            .profile(Profile::new("Good"))
            .profile(Profile::new(&name))
            .build()
            .unwrap_err();
        assert_eq!(error.hresult(), invalid, "{error}");
        assert_eq!(error.call(), Call::PROF_ADMIN_CREATE_PROFILE);
        assert!(error.reason().unwrap().contains(&quoted), "{error}");

        let before = snapshot(&memory);
        let error = log_on(&mapi, &name).unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED, "{error}");
        assert_eq!(snapshot(&memory), before);
    }
}

// L5: exactly, so that case and the way an accent is written make two names.
#[test]
fn names_are_compared_exactly() {
    let names = ["Caf\u{E9}", "Cafe\u{301}", "caf\u{E9}", "Cafe", "CAFE"];
    let profiles = names.map(|name| Profile::new(name).store(Store::new(name)));
    let (mapi, memory) = initialized(profiles);
    for name in names {
        assert_eq!(stores_of(&mapi, name)[0].display_name(), name);
    }
    memory
        .profiles()
        .delete_profile("Cafe\u{301}", NONE)
        .unwrap();
    assert_eq!(list(&memory, NONE).len(), 4);
    log_on(&mapi, "Cafe\u{301}").unwrap_err();
    log_off(log_on(&mapi, "Caf\u{E9}").unwrap());
}

#[derive(Clone, Copy, Debug)]
enum End {
    Logoff,
    /// The logoff, with its rest still there.
    LogoffOnly,
    Release,
}

const ENDS: [End; 3] = [End::Logoff, End::LogoffOnly, End::Release];

/// Ends a session, looks at what is then, and lets go of the session's rest.
fn end(session: Session<Live, Memory>, how: End, look: impl FnOnce()) {
    match how {
        End::Release => {
            drop(session);
            look();
        }
        End::Logoff => {
            log_off(session);
            look();
        }
        End::LogoffOnly => {
            let rest = session.logoff(LogoffFlags::empty()).unwrap();
            look();
            drop(rest);
        }
    }
}

// P2
#[test]
fn a_profile_in_use_is_deleted_when_its_last_session_ends() {
    for how in ENDS {
        let (mapi, memory) = scene();
        let one = log_on(&mapi, "Home").unwrap();
        let two = log_on(&mapi, "Home").unwrap();
        memory.profiles().delete_profile("Home", NONE).unwrap();

        // Not listed, not offered, not the default, not logged on to.
        lists(&memory, &["Work"]);
        assert_eq!(list(&memory, APP).len(), 2);
        for request in [
            LogonRequest::new_session("Home"),
            LogonRequest::default_profile(),
        ] {
            let error = mapi.logon(&request).unwrap_err();
            assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
        }
        mapi.logon(&LogonRequest::ask_user(UiParam::NONE))
            .unwrap_err();
        let question = Question::ChooseProfile {
            offered: vec!["Work".into()],
        };
        assert_eq!(memory.user().dialogs()[0].question(), &question);

        // Its sessions still have it, and its name is taken.
        let rows = stores(&one);
        assert_eq!(rows[1].display_name(), "of Home");
        assert_eq!(stores(&two), rows);
        is_taken(&memory, "Home");
        end(one, how, || is_taken(&memory, "Home"));
        is_taken(&memory, "Home");
        assert_eq!(stores(&two), rows);
        end(two, how, || {
            memory.create_profile(&Profile::new("Home")).unwrap();
        });
        lists(&memory, &["Home", "Work"]);
        assert_eq!(stores_of(&mapi, "Home"), []);
    }
}

/// The name is not listed, and cannot be had either.
#[track_caller]
fn is_taken(memory: &Memory, name: &str) {
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let quoted = format!("{name:?}");
    let create = |_: ProfileAdmin<Memory>| memory.create_profile(&Profile::new(name));
    refused(
        memory,
        create,
        Call::PROF_ADMIN_CREATE_PROFILE,
        no_access,
        &quoted,
    );
    let copy = |profiles: ProfileAdmin<Memory>| profiles.copy_profile("Work", name, NONE);
    refused(
        memory,
        copy,
        Call::PROF_ADMIN_COPY_PROFILE,
        no_access,
        &quoted,
    );
    let rename = |profiles: ProfileAdmin<Memory>| profiles.rename_profile("Work", name, NONE);
    refused(
        memory,
        rename,
        Call::PROF_ADMIN_RENAME_PROFILE,
        no_access,
        &quoted,
    );
}

/// There is no profile of that name for those who would change it.
#[track_caller]
fn is_missing(memory: &Memory, name: &str) {
    let not_found = HResult::MAPI_E_NOT_FOUND;
    let quoted = format!("{name:?}");
    let delete = |profiles: ProfileAdmin<Memory>| profiles.delete_profile(name, APP);
    refused(
        memory,
        delete,
        Call::PROF_ADMIN_DELETE_PROFILE,
        not_found,
        &quoted,
    );
    let copy = |profiles: ProfileAdmin<Memory>| profiles.copy_profile(name, "Unheard of", APP);
    refused(
        memory,
        copy,
        Call::PROF_ADMIN_COPY_PROFILE,
        not_found,
        &quoted,
    );
    let rename = |profiles: ProfileAdmin<Memory>| profiles.rename_profile(name, "Unheard of", APP);
    refused(
        memory,
        rename,
        Call::PROF_ADMIN_RENAME_PROFILE,
        not_found,
        &quoted,
    );
    let default = |profiles: ProfileAdmin<Memory>| profiles.set_default_profile(Some(name));
    refused(
        memory,
        default,
        Call::PROF_ADMIN_SET_DEFAULT_PROFILE,
        not_found,
        &quoted,
    );
}

// P2
#[test]
fn a_profile_that_is_to_be_deleted_is_missing_already() {
    let (mapi, memory) = scene();
    let session = log_on(&mapi, "Home").unwrap();
    let kiosk = log_on(&mapi, "Kiosk").unwrap();
    memory.profiles().delete_profile("Home", NONE).unwrap();
    memory.profiles().delete_profile("Kiosk", APP).unwrap();
    is_missing(&memory, "Home");
    is_missing(&memory, "Kiosk");
    log_off(session);
    log_off(kiosk);
    is_missing(&memory, "Home");
    is_missing(&memory, "Kiosk");
    memory
        .profiles()
        .copy_profile("Work", "Home", NONE)
        .unwrap();
    memory
        .profiles()
        .rename_profile("Work", "Kiosk", NONE)
        .unwrap();
    lists(&memory, &["Home", "Kiosk"]);
}

// P2
#[test]
fn a_profile_that_nobody_uses_is_deleted_at_once() {
    let (mapi, memory) = scene();
    let other = log_on(&mapi, "Work").unwrap();
    log_off(log_on(&mapi, "Home").unwrap());
    memory.profiles().delete_profile("Home", NONE).unwrap();
    let again = Profile::new("Home").default_profile();
    memory.create_profile(&again).unwrap();
    lists(&memory, &["*Home", "Work"]);
    log_off(other);
    lists(&memory, &["*Home", "Work"]);
}

// P2
#[test]
fn a_profile_in_use_is_renamed_when_its_last_session_ends() {
    for how in ENDS {
        let (mapi, memory) = scene();
        let one = log_on(&mapi, "Home").unwrap();
        memory
            .profiles()
            .rename_profile("Home", "House", NONE)
            .unwrap();

        // The old name is in use until then, and the new one taken.
        lists(&memory, &["*Home", "Work"]);
        is_taken(&memory, "Home");
        is_taken(&memory, "House");
        is_missing(&memory, "House");
        let error = log_on(&mapi, "House").unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
        let two = mapi.logon(&LogonRequest::default_profile()).unwrap();
        let rows = stores(&two);
        assert_eq!(stores(&one), rows);

        end(one, how, || lists(&memory, &["*Home", "Work"]));
        end(two, how, || lists(&memory, &["*House", "Work"]));
        is_missing(&memory, "Home");
        assert_eq!(stores_of(&mapi, "House"), rows);
        memory.create_profile(&Profile::new("Home")).unwrap();
        lists(&memory, &["Home", "*House", "Work"]);
    }
}

// P2: the clients of a shared session are one session.
#[test]
fn the_last_client_of_a_shared_session_counts() {
    for how in ENDS {
        let (mapi, memory) = scene();
        let shared = LogonRequest::new_session("Home").allow_others();
        let first = mapi.logon(&shared).unwrap();
        let joined = mapi.logon(&LogonRequest::join_shared()).unwrap();
        memory
            .profiles()
            .rename_profile("Home", "House", NONE)
            .unwrap();
        end(first, how, || lists(&memory, &["*Home", "Work"]));
        let later = mapi.logon(&LogonRequest::join_shared()).unwrap();
        memory.profiles().delete_profile("Home", NONE).unwrap();
        // Those who join still get the session, whose profile is not listed any more.
        let last = mapi.logon(&LogonRequest::join_shared()).unwrap();
        assert_eq!(stores(&last)[1].display_name(), "of Home");
        end(joined, how, || is_taken(&memory, "Home"));
        end(later, how, || is_taken(&memory, "Home"));
        end(last, how, || is_missing(&memory, "Home"));
        memory.create_profile(&Profile::new("Home")).unwrap();
        lists(&memory, &["Home", "Work"]);
    }
}

// P2: what is decided last is what happens.
#[test]
fn later_wishes_replace_earlier_ones() {
    type Wish = fn(ProfileAdmin<Memory>) -> Result<(), Error>;
    let delete: Wish = |profiles| profiles.delete_profile("Home", NONE);
    let house: Wish = |profiles| profiles.rename_profile("Home", "House", NONE);
    let flat: Wish = |profiles| profiles.rename_profile("Home", "Flat", NONE);
    let copy: Wish = |profiles| profiles.copy_profile("Home", "Copy", NONE);
    let no_default: Wish = |profiles| profiles.set_default_profile(None);
    let work: Wish = |profiles| profiles.set_default_profile(Some("Work"));
    let again: Wish = |profiles| profiles.set_default_profile(Some("Home"));
    let create_house: Wish = |profiles| profiles.create_profile("House", NONE);
    let cases: [(&[Wish], &[&str], &[&str]); 10] = [
        (&[house, flat], &["*Home", "Work"], &["*Flat", "Work"]),
        (
            &[house, flat, house],
            &["*Home", "Work"],
            &["*House", "Work"],
        ),
        (&[house, delete], &["Work"], &["Work"]),
        (
            &[house, delete, create_house],
            &["House", "Work"],
            &["House", "Work"],
        ),
        (
            &[house, flat, create_house],
            &["*Home", "House", "Work"],
            &["*Flat", "House", "Work"],
        ),
        (
            &[house, copy],
            &["Copy", "*Home", "Work"],
            &["Copy", "*House", "Work"],
        ),
        (
            &[copy, delete, |profiles| {
                profiles.delete_profile("Copy", NONE)
            }],
            &["Work"],
            &["Work"],
        ),
        (&[house, no_default], &["Home", "Work"], &["House", "Work"]),
        (&[house, work], &["Home", "*Work"], &["House", "*Work"]),
        (
            &[no_default, house, again],
            &["*Home", "Work"],
            &["*House", "Work"],
        ),
    ];
    for (changes, before, after) in cases {
        let (mapi, memory) = scene();
        let session = log_on(&mapi, "Home").unwrap();
        for change in changes {
            change(memory.profiles()).unwrap();
        }
        lists(&memory, before);
        log_off(session);
        lists(&memory, after);
        // It happens once.
        for (name, _) in list(&memory, NONE) {
            log_off(log_on(&mapi, &name).unwrap());
        }
        lists(&memory, after);
    }
}

// P1, P2: in use or not, a refused change leaves what was wished before.
#[test]
fn a_refused_change_replaces_nothing() {
    let (mapi, memory) = scene();
    let session = log_on(&mapi, "Home").unwrap();
    memory
        .profiles()
        .rename_profile("Home", "House", NONE)
        .unwrap();
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    for (name, hresult) in [
        ("Work", no_access),
        ("Kiosk", no_access),
        ("Home", no_access),
        ("House", no_access),
        ("", invalid),
        ("House ", invalid),
    ] {
        let rename = |profiles: ProfileAdmin<Memory>| profiles.rename_profile("Home", name, NONE);
        refused(
            &memory,
            rename,
            Call::PROF_ADMIN_RENAME_PROFILE,
            hresult,
            name,
        );
    }
    let delete =
        |profiles: ProfileAdmin<Memory>| profiles.delete_profile("Home", ProfileFlags::from(8));
    refused(
        &memory,
        delete,
        Call::PROF_ADMIN_DELETE_PROFILE,
        HResult::MAPI_E_UNKNOWN_FLAGS,
        "8",
    );
    log_off(session);
    lists(&memory, &["*House", "Work"]);

    let kiosk = log_on(&mapi, "Kiosk").unwrap();
    let delete = |profiles: ProfileAdmin<Memory>| profiles.delete_profile("Kiosk", NONE);
    refused(
        &memory,
        delete,
        Call::PROF_ADMIN_DELETE_PROFILE,
        no_access,
        "\"Kiosk\"",
    );
    let rename = |profiles: ProfileAdmin<Memory>| profiles.rename_profile("Kiosk", "Stand", NONE);
    refused(
        &memory,
        rename,
        Call::PROF_ADMIN_RENAME_PROFILE,
        no_access,
        "\"Kiosk\"",
    );
    log_off(kiosk);
    assert_eq!(list(&memory, APP)[1].0, "Kiosk");
}

/// The naive administration that the real one is compared with.
#[derive(Clone, Default)]
struct Model {
    profiles: Vec<ModelProfile>,
    /// Whose sessions are open, by age.
    sessions: Vec<usize>,
    default: Option<&'static str>,
    last_id: usize,
}

#[derive(Clone)]
struct ModelProfile {
    id: usize,
    name: &'static str,
    app: bool,
    /// The name of the store that it was made with.
    store: &'static str,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Stay,
    Delete,
    Rename(&'static str),
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Create(&'static str, bool, bool),
    Delete(&'static str, ProfileFlags),
    Copy(&'static str, &'static str, ProfileFlags),
    Rename(&'static str, &'static str, ProfileFlags),
    SetDefault(Option<&'static str>),
    Logon(&'static str),
    EndOldest,
}

/// All codes that would be right: the rules have no order for a call that is wrong in two ways.
type Verdict = Vec<HResult>;

impl Model {
    fn find(&self, name: &str) -> Option<usize> {
        let live = |profile: &ModelProfile| profile.name == name && profile.fate != Fate::Delete;
        self.profiles.iter().position(live)
    }

    fn is_taken(&self, name: &'static str) -> bool {
        let mut profiles = self.profiles.iter();
        profiles.any(|profile| profile.name == name || profile.fate == Fate::Rename(name))
    }

    fn in_use(&self, index: usize) -> bool {
        self.sessions.contains(&self.profiles[index].id)
    }

    fn source(&self, name: &str, flags: ProfileFlags, verdict: &mut Verdict) -> Option<usize> {
        let index = self.find(name);
        match index {
            None => verdict.push(HResult::MAPI_E_NOT_FOUND),
            Some(index) if self.profiles[index].app && flags != APP => {
                verdict.push(HResult::MAPI_E_NO_ACCESS);
            }
            Some(_) => {}
        }
        index
    }

    fn target(&self, name: &'static str, verdict: &mut Verdict) {
        if self.is_taken(name) {
            verdict.push(HResult::MAPI_E_NO_ACCESS);
        }
    }

    fn add(&mut self, name: &'static str, app: bool, store: &'static str) {
        self.last_id += 1;
        self.profiles.push(ModelProfile {
            id: self.last_id,
            name,
            app,
            store,
            fate: Fate::Stay,
        });
    }

    fn settle(&mut self, index: usize) {
        if self.in_use(index) {
            return;
        }
        let profile = &mut self.profiles[index];
        match profile.fate {
            Fate::Stay => {}
            Fate::Delete => drop(self.profiles.remove(index)),
            Fate::Rename(new) => {
                if self.default == Some(profile.name) {
                    self.default = Some(new);
                }
                profile.name = new;
                profile.fate = Fate::Stay;
            }
        }
    }

    /// Does it, or says what is wrong; nothing has changed then.
    fn act(&mut self, action: Action) -> Verdict {
        let mut verdict = vec![];
        match action {
            Action::Create(name, app, default) => {
                self.target(name, &mut verdict);
                if default && app {
                    verdict.push(HResult::E_FAIL);
                }
                if default && self.default.is_some() {
                    verdict.push(HResult::MAPI_E_INVALID_PARAMETER);
                }
                if verdict.is_empty() {
                    self.add(name, app, name);
                    if default {
                        self.default = Some(name);
                    }
                }
            }
            Action::Delete(name, flags) => {
                let index = self.source(name, flags, &mut verdict);
                if let (Some(index), true) = (index, verdict.is_empty()) {
                    if self.default == Some(name) {
                        self.default = None;
                    }
                    self.profiles[index].fate = Fate::Delete;
                    self.settle(index);
                }
            }
            Action::Copy(old, new, flags) => {
                let index = self.source(old, flags, &mut verdict);
                self.target(new, &mut verdict);
                if let (Some(index), true) = (index, verdict.is_empty()) {
                    let (app, store) = (self.profiles[index].app, self.profiles[index].store);
                    self.add(new, app, store);
                }
            }
            Action::Rename(old, new, flags) => {
                let index = self.source(old, flags, &mut verdict);
                self.target(new, &mut verdict);
                if let (Some(index), true) = (index, verdict.is_empty()) {
                    self.profiles[index].fate = Fate::Rename(new);
                    self.settle(index);
                }
            }
            Action::SetDefault(None) => self.default = None,
            Action::SetDefault(Some(name)) => match self.find(name) {
                None => verdict.push(HResult::MAPI_E_NOT_FOUND),
                Some(index) if self.profiles[index].app => verdict.push(HResult::E_FAIL),
                Some(_) => self.default = Some(name),
            },
            Action::Logon(name) => match self.find(name) {
                None => verdict.push(HResult::MAPI_E_LOGON_FAILED),
                Some(index) => self.sessions.push(self.profiles[index].id),
            },
            Action::EndOldest => {
                if !self.sessions.is_empty() {
                    let id = self.sessions.remove(0);
                    let mut profiles = self.profiles.iter();
                    let index = profiles.position(|profile| profile.id == id).unwrap();
                    self.settle(index);
                }
            }
        }
        verdict
    }

    fn list(&self, flags: ProfileFlags) -> Listing {
        let live = self
            .profiles
            .iter()
            .filter(|profile| profile.fate != Fate::Delete && (flags == APP || !profile.app));
        let mut rows: Vec<_> = live
            .map(|profile| (profile.name.into(), self.default == Some(profile.name)))
            .collect();
        rows.sort();
        rows
    }
}

/// The real thing, with its sessions by age.
struct Real {
    mapi: Mapi<Memory>,
    memory: Memory,
    sessions: Vec<Session<Live, Memory>>,
}

impl Real {
    fn new() -> Self {
        let (mapi, memory) = initialized([]);
        Self {
            mapi,
            memory,
            sessions: vec![],
        }
    }

    fn act(&mut self, action: Action) -> Result<(), Error> {
        let profiles = self.memory.profiles();
        match action {
            Action::Create(name, app, default) => {
                let mut profile = Profile::new(name).store(Store::new(name));
                if app {
                    profile = profile.app_profile();
                }
                if default {
                    profile = profile.default_profile();
                }
                self.memory.create_profile(&profile)
            }
            Action::Delete(name, flags) => profiles.delete_profile(name, flags),
            Action::Copy(old, new, flags) => profiles.copy_profile(old, new, flags),
            Action::Rename(old, new, flags) => profiles.rename_profile(old, new, flags),
            Action::SetDefault(name) => profiles.set_default_profile(name),
            Action::Logon(name) => {
                self.sessions.push(log_on(&self.mapi, name)?);
                Ok(())
            }
            Action::EndOldest => {
                if !self.sessions.is_empty() {
                    log_off(self.sessions.remove(0));
                }
                Ok(())
            }
        }
    }
}

// P1, P2: every sequence of three actions, from several starts, against the naive model.
#[test]
fn all_short_histories_agree_with_the_model() {
    use Action::*;
    let actions = [
        Create("A", false, false),
        Create("B", false, true),
        Create("K", true, false),
        Delete("A", NONE),
        Delete("B", NONE),
        Delete("K", APP),
        Copy("A", "B", NONE),
        Copy("B", "A", NONE),
        Copy("K", "B", APP),
        Rename("A", "B", NONE),
        Rename("B", "A", NONE),
        Rename("A", "C", APP),
        Rename("K", "B", APP),
        SetDefault(Some("A")),
        SetDefault(Some("B")),
        SetDefault(Some("K")),
        SetDefault(None),
        Logon("A"),
        Logon("B"),
        Logon("K"),
        EndOldest,
    ];
    let (a, k) = (Create("A", false, true), Create("K", true, false));
    let starts: [&[Action]; 6] = [
        &[a, k],
        &[a, k, Logon("A")],
        &[a, k, Logon("A"), Rename("A", "B", NONE)],
        &[a, k, Logon("A"), Logon("A"), Delete("A", NONE)],
        &[a, k, Logon("K"), Logon("A"), Rename("K", "B", APP)],
        &[
            a,
            Logon("A"),
            Copy("A", "B", NONE),
            Logon("B"),
            Rename("A", "C", NONE),
        ],
    ];
    for start in starts {
        for first in actions {
            for second in actions {
                for third in actions {
                    agree(start, [first, second, third]);
                }
            }
        }
    }
}

/// Only the end is compared: what is before it is the end of another history, whose last actions
/// are refused.
fn agree(start: &[Action], history: [Action; 3]) {
    let (mut model, mut real) = (Model::default(), Real::new());
    let all: Vec<_> = start.iter().chain(&history).copied().collect();
    let (last, before) = all.split_last().unwrap();
    for action in before {
        let wrong = model.act(*action);
        assert_eq!(real.act(*action).is_err(), !wrong.is_empty(), "{all:?}");
    }
    let verdict = model.act(*last);
    match real.act(*last) {
        Ok(()) => assert_eq!(verdict, [], "{all:?}"),
        Err(error) => assert!(verdict.contains(&error.hresult()), "{all:?}: {error}"),
    }
    for flags in [NONE, APP] {
        assert_eq!(list(&real.memory, flags), model.list(flags), "{all:?}");
    }
    assert_eq!(real.memory.open_sessions(), model.sessions.len());
    for (session, id) in real.sessions.iter().zip(&model.sessions) {
        let mut profiles = model.profiles.iter();
        let profile = profiles.find(|profile| profile.id == *id).unwrap();
        assert_eq!(stores(session)[0].display_name(), profile.store, "{all:?}");
    }
}

// P1: as deep as they may be, and no deeper; the folder that is one too many is named.
#[test]
fn folders_are_nested_so_deep_and_no_deeper() {
    let nested = |depth: usize| {
        let innermost = Folder::new(format!("{depth}"));
        let folder = (1..depth).rev().fold(innermost, |inside, number| {
            Folder::new(format!("{number}")).folder(inside)
        });
        let profile = Profile::new("Deep").store(Store::new("Mailbox").folder(folder));
        Memory::builder().profile(profile).build()
    };
    nested(500).unwrap();
    let error = nested(501).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_INVALID_PARAMETER);
    assert!(
        error.to_string().contains("nest at most 500 deep"),
        "{error}"
    );
    // Beside others it is as deep as without them.
    let flat = (0..1000).map(|number| Folder::new(format!("{number}")));
    let flat = flat.fold(Folder::new("Flat"), Folder::folder);
    let profile = Profile::new("Wide").store(Store::new("Mailbox").folder(flat));
    Memory::builder().profile(profile).build().unwrap();
}

// The answers that are described come first.
#[test]
fn a_habit_answers_what_no_other_answer_is_left_for() {
    let memory = Memory::builder().profile(Profile::new("Work"));
    let memory = memory.answer(Answer::Cancel).build().unwrap();
    memory
        .user()
        .answer_otherwise(|_| Answer::Pick("Work".into()));
    let mapi = Mapi::initialize(memory).unwrap();
    let logon = || mapi.logon(&LogonRequest::ask_user(UiParam::NONE));
    assert_eq!(logon().unwrap_err().hresult(), HResult::MAPI_E_USER_CANCEL);
    for _ in 0..2 {
        logon().unwrap();
    }
}
