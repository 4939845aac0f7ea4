//! What the crate says through tracing: E5, E10, E11, F4, S2.
//!
//! A binary of its own: a place in the code that is met for the first time by a thread without a
//! subscriber may be off for all threads. So here no test runs without one.
#![cfg(feature = "memory")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use mapi_session::error::{Call, Warning};
use mapi_session::flags::AddressBookFlags;
use mapi_session::memory::{
    AddressBook, Answer, FastShutdownBehavior, Memory, Profile, ProviderCall, Store,
};
use mapi_session::property::PropTag;
use mapi_session::subsystem::RawResult;
use mapi_session::subsystem::layer::{Layer, Layered, RawCall};
use mapi_session::{
    HResult, LogoffError, LogoffFlags, LogonFlags, LogonRequest, Mapi, OpenStoreFlags, UiParam,
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A subsystem of another type than Memory, which does the same.
struct Nothing;

impl Layer for Nothing {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        below(call)
    }
}

/// What `run` says at the level of warnings and errors, a line each.
fn said_by(run: impl FnOnce(Mapi<Memory>)) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .without_time()
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        let failing = AddressBook::new("GAL").hook(|call| match call {
            ProviderCall::LogOff | ProviderCall::Shutdown => HResult::MAPI_E_NETWORK_ERROR,
            _ => HResult::S_OK,
        });
        let told = Store::new("Told")
            .fast_shutdown(true)
            .hook(|_| HResult::S_OK);
        let memory = Memory::builder()
            .fast_shutdown_behavior(FastShutdownBehavior::UnlessOptedOut)
            .profile(Profile::new("One").store(told))
            .profile(Profile::new("Two"))
            .profile(Profile::new("Failing").address_book(failing))
            .build()
            .unwrap();
        run(Mapi::initialize(memory).unwrap());
    });
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    text.lines().map(Into::into).collect()
}

#[track_caller]
fn assert_says(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part:?} is not in: {line}");
    }
}

// E5: whatever the flag does there, and only where the session has ended.
#[test]
fn a_logoff_with_the_shared_flag_warns_over_any_subsystem() {
    let expect = |said: &[String]| {
        assert_eq!(said.len(), 1, "{said:?}");
        assert_says(&said[0], &["WARN", "MAPI_LOGOFF_SHARED", "never"]);
    };
    expect(&said_by(|mapi| {
        let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
        session.logoff(LogoffFlags::SHARED).unwrap();
    }));
    expect(&said_by(|mapi| {
        let layered = Mapi::initialize(Layered::new(mapi.subsystem().clone(), Nothing)).unwrap();
        let session = layered.logon(&LogonRequest::new_session("One")).unwrap();
        session.logoff(LogoffFlags::SHARED).unwrap();
    }));
    let said = said_by(|mapi| {
        let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
        // The user cancels.
        let refused = session.logoff(LogoffFlags::SHARED | LogoffFlags::UI);
        let Err(LogoffError::Refused { session, .. }) = refused else {
            panic!("{refused:?}");
        };
        session.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(said, [""; 0]);
}

// E11
#[test]
fn a_live_session_that_is_dropped_warns() {
    let said = said_by(|mapi| drop(mapi.logon(&LogonRequest::new_session("One")).unwrap()));
    assert_eq!(said.len(), 1, "{said:?}");
    assert_says(&said[0], &["WARN", "live", "without IMAPISession::Logoff"]);
}

// F4, E11: after the last step of a fast shutdown there is nothing to warn of.
#[test]
fn a_fast_shutdown_warns_until_its_last_step() {
    let said = said_by(|mapi| {
        let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
        drop(session.fast_shutdown().unwrap().notify().unwrap());
    });
    assert_eq!(said.len(), 1, "{said:?}");
    assert_says(&said[0], &["WARN", "live", "without IMAPISession::Logoff"]);

    let said = said_by(|mapi| {
        let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
        let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
        drop(shutdown.shut_down(mapi).unwrap());
    });
    assert_eq!(said, [""; 0]);
}

// E10
#[test]
fn a_provider_that_fails_is_named() {
    let said = said_by(|mapi| {
        let session = mapi.logon(&LogonRequest::new_session("Failing")).unwrap();
        session.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_says(
        &said[0],
        &["WARN", "provider=\"GAL\"", "MAPI_E_NETWORK_ERROR", "LogOff"],
    );
    assert_says(
        &said[1],
        &[
            "WARN",
            "provider=\"GAL\"",
            "MAPI_E_NETWORK_ERROR",
            "Shutdown",
        ],
    );
    assert_says(&said[2], &["WARN", "MAPI_W_ERRORS_RETURNED"]);
    assert_eq!(said.len(), 3, "{said:?}");
}

// S2
#[test]
fn joining_another_profiles_session_warns() {
    let said = said_by(|mapi| {
        let request = LogonRequest::new_session("One").allow_others();
        let first = mapi.logon(&request).unwrap();
        for (name, flags) in [(Some("Two"), 0), (Some("One"), 0), (None, 0)] {
            let joined = mapi.logon(&LogonRequest::from_raw(name, flags)).unwrap();
            joined.logoff(LogoffFlags::empty()).unwrap();
        }
        first.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(said.len(), 1, "{said:?}");
    assert_says(&said[0], &["WARN", "asked_for=\"Two\"", "joined=\"One\""]);
}

// N9
#[test]
fn a_sink_that_panics_is_reported() {
    let said = said_by(|mapi| {
        let request = LogonRequest::new_session("One").allow_others();
        let first = mapi.logon(&request).unwrap();
        let sink = |_: &mapi_session::Notification| std::panic::panic_any("a bug of the test's");
        let registration = first
            .advise(mapi_session::EventMask::EXTENDED, sink)
            .unwrap();
        let joined = mapi.logon(&LogonRequest::join_shared()).unwrap();
        joined.logoff(LogoffFlags::empty()).unwrap();
        drop(registration);
        first.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(said.len(), 1, "{said:?}");
    assert_says(
        &said[0],
        &["ERROR", "an advise sink panicked", "a bug of the test's"],
    );
}

// S2: the dialog opens a shared session, and so the user's pick is not what is logged on to.
#[test]
fn joining_another_session_than_the_user_picked_warns() {
    let said = said_by(|mapi| {
        let (first, inner) = (Arc::new(Mutex::new(None)), mapi.clone());
        let place = Arc::clone(&first);
        mapi.subsystem().user().answer_with(move |_| {
            let request = LogonRequest::new_session("One").allow_others();
            *place.lock().unwrap() = Some(inner.logon(&request).unwrap());
            Answer::Pick("Two".into())
        });
        let request = LogonRequest::join_shared().flags(LogonFlags::LOGON_UI);
        let joined = mapi.logon(&request).unwrap();
        assert_eq!(mapi.subsystem().open_sessions(), 1);
        joined.logoff(LogoffFlags::empty()).unwrap();
        let first = first.lock().unwrap().take().unwrap();
        first.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(said.len(), 1, "{said:?}");
    assert_says(&said[0], &["WARN", "asked_for=\"Two\"", "joined=\"One\""]);
}

// M3: a call that succeeds with a warning is named.
#[test]
fn a_call_that_succeeds_with_a_warning_is_named() {
    let said = said_by(|mapi| {
        let memory = mapi.subsystem();
        let failing = AddressBook::new("GAL").hook(|call| match call {
            ProviderCall::Open => HResult::MAPI_E_NETWORK_ERROR,
            _ => HResult::S_OK,
        });
        let profile = Profile::new("Three").address_book(failing);
        memory.create_profile(&profile).unwrap();
        let session = mapi.logon(&LogonRequest::new_session("Three")).unwrap();
        let book = session.open_address_book(UiParam::NONE, AddressBookFlags::empty());
        drop(book.unwrap());
        session.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(said.len(), 1, "{said:?}");
    assert_says(
        &said[0],
        &[
            "WARN",
            "IMAPISession::OpenAddressBook",
            "MAPI_W_ERRORS_RETURNED",
        ],
    );
}

/// GetProps of a subsystem that has something to say.
struct Warns;

impl Layer for Warns {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let answer = below(call)?;
        let warning = Warning::new(HResult::MAPI_W_PARTIAL_COMPLETION);
        Ok(match (call.call(), warning) {
            (Call::PROP_GET_PROPS, Some(warning)) => answer.warned(warning),
            _ => answer,
        })
    }
}

// R1: that a property is missing is no news, and the warning that says so is not traced. Another one is.
#[test]
fn a_missing_property_is_no_news() {
    let said = said_by(|mapi| {
        let session = mapi.logon(&LogonRequest::new_session("One")).unwrap();
        let table = session.msg_stores_table().unwrap();
        let entry_id = table.rows()[0].entry_id();
        let flags = OpenStoreFlags::empty();
        let store = session.open_msg_store(entry_id, flags).unwrap();
        let missing = PropTag::COMMENT;
        assert_eq!(
            store.props(&[missing]).unwrap().error(missing),
            Some(HResult::MAPI_E_NOT_FOUND)
        );
        drop(store);

        let layered = Mapi::initialize(Layered::new(mapi.subsystem().clone(), Warns)).unwrap();
        let warned = layered.logon(&LogonRequest::new_session("One")).unwrap();
        let store = warned.open_msg_store(entry_id, flags).unwrap();
        store.props(&[PropTag::DISPLAY_NAME]).unwrap();
        drop(store);
        warned.logoff(LogoffFlags::empty()).unwrap();
        session.logoff(LogoffFlags::empty()).unwrap();
    });
    assert_eq!(said.len(), 1, "{said:?}");
    let parts = ["WARN", "IMAPIProp::GetProps", "MAPI_W_PARTIAL_COMPLETION"];
    assert_says(&said[0], &parts);
}
