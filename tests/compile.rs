//! Programs that must not compile, each with a message that says why, and beside each the same
//! program with the least change that makes it compile.
//!
//! `compile/fail/NAME.rs` is refused with `compile/fail/NAME.stderr`; `compile/pass/NAME.rs`
//! compiles and runs. How to write the messages anew stands in README.md beside this file.
//!
//! A binary of its own: it runs the compiler, and rewriting the messages should build no other test.
#![cfg(feature = "memory")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use trybuild::TestCases;

/// The compiler whose messages are pinned. Another one's may say the same in other words.
const PINNED: &str = "1.95.0";

const FAIL: &str = "tests/compile/fail";
const PASS: &str = "tests/compile/pass";

/// Set for the process that runs the cases in another folder: see [`check_codes`].
const CASES: &str = "MAPI_SESSION_COMPILE_CASES";

/// The programs that compile, as modules of this one: each by itself would be linked by itself, which
/// takes longer than all the other tests.
macro_rules! twins {
    ($($name:ident)+) => {
        const TWINS: &[&str] = &[$(stringify!($name)),+];

        #[allow(clippy::all, clippy::needless_pass_by_value, unused)] // A program that shows one thing.
        mod twins {
            use std::process::{ExitCode, Termination};

            fn assert_success(ended: impl Termination) {
                assert_eq!(ended.report(), ExitCode::SUCCESS);
            }

            $(mod $name {
                include!(concat!("compile/pass/", stringify!($name), ".rs"));

                #[test]
                fn compiles_and_runs() {
                    super::assert_success(main());
                }
            })+
        }
    };
}

twins! {
    borrow_after_logoff
    call_after_failed_logoff
    call_after_fast_shutdown
    call_after_logoff
    call_after_shut_down
    call_in_any_state
    clone_logged_off_session
    clone_session
    dispatcher_sent_to_thread
    dispatcher_shared_with_thread
    fast_shutdown_by_hand
    fast_shutdown_while_entry_open
    form_shown_twice
    implement_state
    initialize_discarded
    logged_off_advise
    logged_off_advise_object
    logged_off_logoff
    logged_off_logoff_raw
    logged_off_logoff_with_ui
    logged_off_logon_warning
    logged_off_msg_stores_table
    logged_off_open_msg_store
    logged_off_shared
    logged_off_subsystem
    logoff_of_adopted
    logoff_through_arc
    logoff_through_arc_while_address_book_open
    logoff_through_arc_while_bound
    logoff_through_arc_while_entry_open
    logoff_through_arc_while_form_open
    logoff_through_arc_while_object_registered
    logoff_through_arc_while_profile_section_open
    logoff_through_arc_while_registered
    logoff_through_arc_while_service_admin_open
    logoff_through_arc_while_store_open
    logoff_through_mut_reference
    logoff_through_reference
    logoff_while_address_book_open
    logoff_while_address_book_open_unused
    logoff_while_borrowed
    logoff_while_bound
    logoff_while_bound_unused
    logoff_while_contents_table_open
    logoff_while_entry_of_store_open
    logoff_while_entry_of_store_open_unused
    logoff_while_entry_open
    logoff_while_entry_open_unused
    logoff_while_folder_open
    logoff_while_folder_open_unused
    logoff_while_form_open
    logoff_while_form_open_unused
    logoff_while_mail_user_open
    logoff_while_mail_user_open_unused
    logoff_while_message_open
    logoff_while_message_open_unused
    logoff_while_object_registered_unused
    logoff_while_profile_section_open
    logoff_while_profile_section_open_unused
    logoff_while_provider_admin_open
    logoff_while_registered
    logoff_while_registered_unused
    logoff_while_root_folder_open
    logoff_while_service_admin_open
    logoff_while_service_admin_open_unused
    logoff_while_status_object_open
    logoff_while_status_object_open_unused
    logoff_while_store_open
    logoff_while_store_open_unused
    logoff_while_subsystem_borrowed
    logoff_while_table_open_unused
    logoff_while_warning_borrowed
    mapi_after_shut_down
    message_after_prepare_form
    message_after_submit
    notify_before_query
    own_state
    release_while_reached_through_store
    release_while_registered
    release_while_store_open
    release_while_table_registered
    second_logoff
    second_notify
    session_by_hand
    shut_down_before_notify
    sink_not_send
    sink_not_sync
    sink_that_borrows
    store_after_logoff
    store_discarded
    taken_from_arc_while_registered
    taken_from_arc_while_store_open
    use_after_refused_logoff
}

#[test]
fn what_must_not_compile_is_refused_for_the_reason_pinned() {
    let Some(found) = rustc_version() else {
        return;
    };
    if let Some(cases) = env::var_os(CASES) {
        refuse_all_in(Path::new(&cases));
    } else if found == PINNED {
        refuse_all_in(Path::new(FAIL));
    } else {
        // Not by a macro, whose output only a failing test shows.
        writeln!(
            stderr(),
            "\nNOT CHECKED: the messages in {FAIL} are pinned for rustc {PINNED}, and this is {found}.\n\
             Checked instead: that each case is refused with the error code pinned."
        )
        .unwrap();
        check_codes();
    }
}

/// A case without its twin shows nothing: it may fail for a typing error.
#[test]
fn every_case_has_a_twin_and_a_message() {
    let cases = names(FAIL, "rs");
    assert!(!cases.is_empty());
    assert_eq!(cases, names(PASS, "rs"));
    assert_eq!(cases, names(FAIL, "stderr"));
    assert_eq!(cases, TWINS.iter().map(|&name| name.into()).collect());
}

#[test]
fn twins_differ_in_one_place() {
    for name in names(FAIL, "rs") {
        let [fail, pass] = [FAIL, PASS].map(|folder| read(folder, &name, "rs"));
        let (fail, pass): (Vec<_>, Vec<_>) = (fail.lines().collect(), pass.lines().collect());
        let alike = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
            pairs.take_while(|(fail, pass)| fail == pass).count()
        };
        let lines = fail.len().max(pass.len());
        let before = alike(&mut fail.iter().zip(&pass));
        let after = alike(&mut fail.iter().rev().zip(pass.iter().rev()));
        assert!(before < lines, "{name}: the twins are the same");
        // At the most two lines have changed places.
        assert!(
            before + after + 2 >= lines,
            "{name}: the twins differ too much"
        );
    }
}

/// One error a case, so that none hides behind another. No place in the standard library: a
/// toolchain shows the source of that, or not, as it was installed. No closure's type: it has a
/// path in it, and is cut short where that is long.
#[test]
fn every_message_is_one_error_and_the_same_on_every_machine() {
    for name in names(FAIL, "stderr") {
        let message = read(FAIL, &name, "stderr");
        assert_eq!(codes(&message).len(), 1, "{name}: {message}");
        for unwanted in [
            "\nwarning",
            "$RUST",
            "{closure@",
            env!("CARGO_MANIFEST_DIR"),
        ] {
            assert!(
                !message.contains(unwanted),
                "{name}: {unwanted} in\n{message}"
            );
        }
    }
}

fn refuse_all_in(folder: &Path) {
    TestCases::new().compile_fail(folder.join("*.rs"));
}

/// Has another process write the messages of this compiler for a copy of the cases, and compares
/// their error codes with those pinned. That process fails where a case compiles.
fn check_codes() {
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-fail");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    fs::create_dir_all(&copy).unwrap();
    for name in names(FAIL, "rs") {
        fs::copy(path(FAIL, &name, "rs"), copy.join(name + ".rs")).unwrap();
    }

    let output = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "what_must_not_compile_is_refused_for_the_reason_pinned",
        ])
        .env(CASES, &copy)
        .env("TRYBUILD", "overwrite")
        .output()
        .unwrap();
    let [report, errors] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    let written = |name: &String| copy.join(format!("{name}.stderr"));
    let mut compiled = names(FAIL, "rs");
    compiled.retain(|name| !written(name).exists());
    assert!(
        output.status.success() && compiled.is_empty(),
        "{errors}\n{report}\nNot refused: {compiled:?}"
    );

    for name in names(FAIL, "rs") {
        let found = fs::read_to_string(written(&name)).unwrap();
        let pinned = read(FAIL, &name, "stderr");
        assert_eq!(codes(&found), codes(&pinned), "{name}:\n{found}");
    }
}

/// The errors of a compiler's output, each as `error[E0382]`, or `error` where it has no code.
fn codes(message: &str) -> Vec<&str> {
    message
        .lines()
        .filter(|line| line.starts_with("error"))
        .filter_map(|line| line.split(':').next())
        .collect()
}

/// The version of the compiler that the cases are given to, such as `1.95.0`. Under wine, a Windows
/// program cannot start one: the cases are for the host to check.
fn rustc_version() -> Option<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = match Command::new(rustc).arg("--version").output() {
        Err(error) if cfg!(windows) => {
            let message = format!("\nNOT CHECKED: there is no compiler here: {error}\n");
            stderr().write_all(message.as_bytes()).unwrap();
            return None;
        }
        output => output.unwrap(),
    };
    let version = String::from_utf8(output.stdout).unwrap();
    Some(version.split(' ').nth(1).unwrap().to_owned())
}

fn names(folder: &str, extension: &str) -> BTreeSet<String> {
    fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn path(folder: &str, name: &str, extension: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(folder)
        .join(format!("{name}.{extension}"))
}

fn read(folder: &str, name: &str, extension: &str) -> String {
    fs::read_to_string(path(folder, name, extension)).unwrap()
}
