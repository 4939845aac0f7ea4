//! From initialise to uninitialise: what is called, in which order, and when one of it fails.

use mapi_session::error::Call;
use mapi_session::flags::InitFlags;
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::{
    Error, EventMask, HResult, LogoffError, LogoffFlags, LogonFlags, LogonRequest, Mapi,
    Notification, UiParam,
};
use mapi_session_outlook::{Outlook, windows_core::IUnknown};

use crate::fake;

/// The documented order of ending a session, to the line.
#[test]
fn a_session_from_beginning_to_end() {
    fake::load();
    let mapi = Mapi::initialize_with(Outlook::new(), InitFlags::NO_COINIT).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
    let registration = session
        .advise(EventMask::CRITICAL_ERROR, |_: &Notification| {})
        .unwrap();
    drop(registration);
    let ended = session
        .logoff_with_ui(UiParam::new(0x1_0000_0777), LogoffFlags::SHARED)
        .unwrap();
    drop(mapi);
    drop(ended);
    assert_eq!(
        fake::record(),
        [
            "MAPIInitialize(0, 0x8)",
            "MAPILogonEx(0x0, L\"Outlook\", null, 0x80000022)",
            "Advise(null, 0x1)",
            "Unadvise(0x100000042)",
            "Logoff(0x100000777, 0x3, 0x0)",
            "Release()",
            "MAPIUninitialize()",
        ]
    );
}

#[test]
fn each_flag_of_a_logon_arrives() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    fake::record();
    for flag in LogonFlags::all().iter() {
        let session = mapi
            .logon(&LogonRequest::from_raw(None, flag.bits()))
            .unwrap();
        session.logoff(LogoffFlags::empty()).unwrap();
        let logon = format!("MAPILogonEx(0x0, null, null, {:#X})", flag.bits());
        assert_eq!(
            fake::record(),
            [&logon, "Logoff(0x0, 0x0, 0x0)", "Release()"]
        );
    }
    let asked = LogonRequest::ask_user(UiParam::new(0x77));
    drop(mapi.logon(&asked).unwrap());
    assert_eq!(
        fake::record()[0],
        "MAPILogonEx(0x77, null, null, 0x80000023)"
    );
}

#[test]
fn each_word_of_a_logoff_arrives() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    for flags in [0, 1, 2, 3, 0xFFFF_FFFF] {
        let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
        fake::record();
        drop(session.logoff_raw(UiParam::new(5), flags, 0xABCD).unwrap());
        let logoff = format!("Logoff(0x5, {flags:#X}, 0xABCD)");
        assert_eq!(fake::record(), [&logoff, "Release()"]);
    }
}

#[test]
fn names_are_encoded_whole() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let arrives = |name: &str, flags: LogonFlags| -> Result<String, Error> {
        fake::record();
        drop(mapi.logon(&LogonRequest::from_raw(Some(name), flags.bits()))?);
        Ok(fake::record().remove(0))
    };
    let long = "x".repeat(300);
    for unicode in ["", "Größe", "日本", "🦀", &long] {
        assert_eq!(
            arrives(unicode, LogonFlags::UNICODE).unwrap(),
            format!("MAPILogonEx(0x0, L{unicode:?}, null, 0x80000000)")
        );
    }
    assert_eq!(
        arrives(&long, LogonFlags::empty()).unwrap(),
        format!("MAPILogonEx(0x0, {long:?}, null, 0x0)")
    );
    // Wine's ANSI code page depends on the locale: either it has the letter, or the name is refused
    // and quoted.
    match arrives("Caf\u{E9}", LogonFlags::empty()) {
        Ok(line) => assert!(
            line.contains(r"Caf\xe9") || line.contains(r"Caf\xc3\xa9"),
            "{line}"
        ),
        Err(error) => assert!(error.reason().unwrap().contains("\"Caf\u{E9}\""), "{error}"),
    }
    match arrives("日本", LogonFlags::empty()) {
        Ok(line) => assert!(line.contains(r"\x"), "{line}"),
        Err(error) => {
            assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
            let reason = error.reason().unwrap();
            assert!(
                reason.starts_with(
                    "the profile name \"日本\" cannot be written in the ANSI code page"
                ),
                "{reason}"
            );
            assert_eq!(fake::record(), [""; 0]);
        }
    }
    for flags in [LogonFlags::UNICODE, LogonFlags::empty()] {
        let error = arrives("a\0b", flags).unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
        assert_eq!(
            error.reason(),
            Some("the profile name \"a\\0b\" has an inner NUL")
        );
        assert_eq!(fake::record(), [""; 0]);
    }
}

#[test]
fn a_password_arrives_and_is_never_quoted() {
    fake::load();
    let outlook = Outlook::new();
    outlook.initialize(0, 0).unwrap();
    fake::record();
    let logon = |password| outlook.logon_ex(UiParam::NONE, Some("P"), Some(password), 0);
    drop(logon("secret").unwrap());
    assert_eq!(
        fake::record()[0],
        "MAPILogonEx(0x0, \"P\", \"secret\", 0x0)"
    );
    let failure = logon("sec\0ret").unwrap_err();
    assert_eq!(failure.reason(), Some("the password has an inner NUL"));
    outlook.uninitialize();
}

#[test]
fn an_initialisation_that_fails_is_not_undone() {
    fake::load();
    fake::answers("MAPIInitialize", HResult::MAPI_E_UNKNOWN_FLAGS);
    let error =
        Mapi::initialize_with(Outlook::new(), InitFlags::from_bits_retain(0x4000)).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_UNKNOWN_FLAGS);
    assert_eq!(fake::record(), ["MAPIInitialize(0, 0x4000)"]);
}

#[test]
fn a_logon_that_fails_leaves_the_library() {
    fake::load();
    fake::answers("MAPILogonEx", HResult::MAPI_E_USER_CANCEL);
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    // What it wrote into the pointer, 0xBAD0, is not looked at.
    let error = mapi.logon(&LogonRequest::new_session("P")).unwrap_err();
    assert_eq!(
        (error.call(), error.hresult()),
        (Call::LOGON_EX, HResult::MAPI_E_USER_CANCEL)
    );
    drop(mapi);
    assert_eq!(fake::record()[2..], ["MAPIUninitialize()"]);
}

// E8
#[test]
fn a_refused_logoff_leaves_the_session_live() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    for refusal in [
        HResult::MAPI_E_USER_CANCEL,
        HResult::MAPI_E_BUSY,
        HResult::MAPI_E_UNKNOWN_FLAGS,
        HResult::MAPI_E_INVALID_PARAMETER,
    ] {
        let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
        fake::answers("Logoff", refusal);
        let Err(LogoffError::Refused { session, error }) = session.logoff(LogoffFlags::UI) else {
            panic!("{refusal} did not refuse");
        };
        assert_eq!(error.hresult(), refusal);
        session.query_identity().unwrap();
        fake::answers("Logoff", HResult::S_OK);
        fake::record();
        session.logoff(LogoffFlags::empty()).unwrap();
        assert_eq!(fake::record(), ["Logoff(0x0, 0x0, 0x0)", "Release()"]);
    }
}

// E8
#[test]
fn a_failed_logoff_ends_the_session() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    fake::answers("Logoff", HResult::MAPI_E_NETWORK_ERROR);
    fake::record();
    let Err(LogoffError::Failed { session, error }) = session.logoff(LogoffFlags::empty()) else {
        panic!("not failed");
    };
    assert_eq!(error.hresult(), HResult::MAPI_E_NETWORK_ERROR);
    drop(session);
    drop(mapi);
    assert_eq!(
        fake::record(),
        ["Logoff(0x0, 0x0, 0x0)", "Release()", "MAPIUninitialize()"]
    );
}

#[test]
fn warnings_of_functions_and_methods_survive() {
    fake::load();
    for call in [
        "MAPIInitialize",
        "MAPILogonEx",
        "Logoff",
        "Unadvise",
        "CompareEntryIDs",
        "QueryIdentity",
    ] {
        fake::answers(call, HResult::MAPI_W_ERRORS_RETURNED);
    }
    let outlook = Outlook::new();
    let warned = HResult::MAPI_W_ERRORS_RETURNED;
    assert_eq!(outlook.initialize(0, 0).unwrap().hresult(), warned);
    let session = outlook.logon_ex(UiParam::NONE, None, None, 0).unwrap();
    assert_eq!(session.hresult(), warned);
    let session = session.ignore_warning();
    let compared = session
        .compare_entry_ids(Some(&[1]), Some(&[1]), 0)
        .unwrap();
    assert_eq!(compared.hresult(), warned);
    assert!(compared.ignore_warning());
    assert_eq!(session.query_identity().unwrap().hresult(), warned);
    let advised = session.advise(None, 1, |_: &Notification| {}).unwrap();
    let unadvised = session.unadvise(advised.ignore_warning()).unwrap();
    assert_eq!(unadvised.hresult(), warned);
    assert_eq!(
        session.logoff(UiParam::NONE, 0, 0).unwrap().hresult(),
        warned
    );
    drop(session);
    outlook.uninitialize();
}

// O2, I1
#[test]
fn nothing_reaches_mapi_that_must_not() {
    fake::load();
    let outlook = Outlook::new();
    let early = outlook.logon_ex(UiParam::NONE, None, None, 0).unwrap_err();
    assert_eq!(early.hresult(), HResult::MAPI_E_NOT_INITIALIZED);
    outlook.uninitialize();
    assert_eq!(fake::record(), [""; 0]);

    outlook.initialize(0, 0).unwrap();
    outlook.initialize(0, 0).unwrap();
    let session = outlook
        .logon_ex(UiParam::NONE, None, None, 0)
        .unwrap()
        .ignore_warning();
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    fake::record();
    let invalid = HResult::MAPI_E_INVALID_OBJECT;
    assert_eq!(session.query_identity().unwrap_err().hresult(), invalid);
    assert_eq!(
        session.logoff(UiParam::NONE, 0, 0).unwrap_err().hresult(),
        invalid
    );
    assert_eq!(
        session.query_fast_shutdown().unwrap_err().hresult(),
        invalid
    );
    assert_eq!(fake::record(), [""; 0]);

    // The last uninitialise waits for the last release.
    let live = outlook
        .logon_ex(UiParam::NONE, None, None, 0)
        .unwrap()
        .ignore_warning();
    outlook.uninitialize();
    outlook.uninitialize();
    outlook.uninitialize();
    assert_eq!(
        live.query_identity().unwrap_err().hresult(),
        HResult::MAPI_E_NOT_INITIALIZED
    );
    drop(outlook);
    drop(session);
    drop(live);
    assert_eq!(
        fake::record(),
        [
            "MAPILogonEx(0x0, null, null, 0x0)",
            "MAPIUninitialize()",
            "Release()",
            "Release()",
            "MAPIUninitialize()"
        ]
    );
}

// E11
#[test]
fn a_live_session_that_is_dropped_is_released_and_not_logged_off() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    drop(mapi.logon(&LogonRequest::new_session("P")).unwrap());
    drop(mapi);
    assert_eq!(fake::record()[2..], ["Release()", "MAPIUninitialize()"]);
}

// F1, F4
#[test]
fn after_a_fast_shutdown_nothing_is_called() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    let shutdown = session.fast_shutdown().unwrap().notify().unwrap();
    drop(shutdown.shut_down(mapi).unwrap());
    assert_eq!(
        fake::record()[2..],
        [
            "QueryFastShutdown()",
            "NotifyProcessShutdown()",
            "DoFastShutdown()"
        ]
    );
}

// F2
#[test]
fn a_fast_shutdown_that_is_refused_leaves_the_session_live() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    fake::answers("QueryFastShutdown", HResult::MAPI_E_NO_SUPPORT);
    let refused = session.fast_shutdown().unwrap_err();
    assert_eq!(refused.hresult(), HResult::MAPI_E_NO_SUPPORT);
    fake::answers("QueryFastShutdown", HResult::S_OK);
    fake::answers("DoFastShutdown", HResult::MAPI_E_CALL_FAILED);
    let notified = refused
        .into_inner()
        .fast_shutdown()
        .unwrap()
        .notify()
        .unwrap();
    let failed = notified.shut_down(mapi).unwrap_err();
    fake::record();
    let (shutdown, mapi) = failed.into_inner();
    drop(shutdown.cancel().logoff(LogoffFlags::empty()).unwrap());
    drop(mapi);
    assert_eq!(
        fake::record(),
        ["Logoff(0x0, 0x0, 0x0)", "Release()", "MAPIUninitialize()"]
    );
}

#[test]
fn an_adopted_session_is_used_and_released_only() {
    fake::load();
    let owner: IUnknown = fake::Session.into();
    {
        // SAFETY: the fake asks for nothing.
        let session = unsafe { Outlook::adopt(&owner) }.unwrap();
        session.query_identity().unwrap();
        let registration = session
            .advise(EventMask::all(), |_: &Notification| {})
            .unwrap();
        drop(registration);
        fake::forget_sink();
    }
    assert_eq!(
        fake::record(),
        [
            "QueryIdentity()",
            "Advise(null, 0xC00103FF)",
            "Unadvise(0x100000042)"
        ]
    );
    drop(owner);
    assert_eq!(fake::record(), ["Release()"]);
}

#[test]
fn what_is_no_session_is_not_adopted() {
    fake::load();
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let session = mapi.logon(&LogonRequest::new_session("P")).unwrap();
    let registration = session
        .advise(EventMask::all(), |_: &Notification| {})
        .unwrap();
    let sink = fake::sink();
    fake::forget_sink();
    // SAFETY: it is refused.
    let error = unsafe { Outlook::adopt(&sink.into()) }.unwrap_err();
    assert_eq!(
        error.to_string(),
        "IUnknown::QueryInterface: MAPI_E_INTERFACE_NOT_SUPPORTED (0x80004002): The object does \
         not have the interface asked for."
    );
    drop(registration);
}
