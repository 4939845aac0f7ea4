//! Rules S: individual and shared sessions.

use std::sync::{Arc, mpsc};

use mapi_session::memory::{Answer, Memory, Profile, Store};
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::{
    Adopted, EventMask, HResult, Live, LogoffFlags, LogonFlags, LogonRequest, Mapi, Session,
    UiParam,
};

fn mapi() -> Mapi<Memory> {
    let memory = Memory::builder()
        .profile(Profile::new("One").store(Store::new("Store of One")))
        .profile(
            Profile::new("Two")
                .store(Store::new("Store of Two"))
                .default_profile(),
        )
        .build()
        .unwrap();
    Mapi::initialize(memory).unwrap()
}

fn shared(mapi: &Mapi<Memory>, profile: &str) -> Session<Live, Memory> {
    mapi.logon(&LogonRequest::new_session(profile).allow_others())
        .unwrap()
}

fn join(mapi: &Mapi<Memory>) -> Session<Live, Memory> {
    mapi.logon(&LogonRequest::join_shared()).unwrap()
}

fn off(session: Session<Live, Memory>, flags: LogoffFlags) {
    session.logoff(flags).unwrap();
}

const PLAIN: LogoffFlags = LogoffFlags::empty();

/// The profile that a session is on, by its store.
#[track_caller]
fn on(session: &Session<Live, Memory>, profile: &str) {
    let stores = session.msg_stores_table().unwrap();
    assert_eq!(
        stores.rows()[0].display_name(),
        format!("Store of {profile}")
    );
}

// S1
#[test]
fn a_new_session_is_individual_whatever_is_shared() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    let own = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    assert_eq!(mapi.subsystem().open_sessions(), 2);
    let (sink, told) = mpsc::channel();
    let registration = own.advise_sink(EventMask::all(), sink).unwrap();
    off(first, LogoffFlags::SHARED);
    assert_eq!(told.try_iter().count(), 0);
    drop(registration);
    off(own, PLAIN);
}

// S1: nobody joins a session that does not allow others.
#[test]
fn an_individual_session_is_not_joined() {
    let mapi = mapi();
    let own = mapi.logon(&LogonRequest::new_session("One")).unwrap();
    let error = mapi.logon(&LogonRequest::join_shared()).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    assert!(
        error.to_string().contains("no shared session is open"),
        "{error}"
    );
    off(own, PLAIN);
}

// S2
#[test]
fn without_new_session_a_shared_one_is_joined_under_any_name() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    let extended = LogonFlags::EXTENDED.bits();
    let others = LogonFlags::ALLOW_OTHERS.bits();
    for (name, flags) in [
        (None, extended),
        (Some("One"), extended),
        (Some("Two"), extended),
        (Some("Two"), extended | others),
        (Some("no such profile"), 0),
        (Some(" bad "), 0),
        (None, LogonFlags::USE_DEFAULT.bits()),
        (None, LogonFlags::LOGON_UI.bits()),
    ] {
        let joined = mapi.logon(&LogonRequest::from_raw(name, flags)).unwrap();
        assert_eq!(mapi.subsystem().open_sessions(), 1, "{name:?}, {flags:#X}");
        on(&joined, "One");
        off(joined, PLAIN);
    }
    assert_eq!(mapi.subsystem().user().dialogs(), []);
    off(first, PLAIN);
}

// S2: what is refused at any logon is refused at this one.
#[test]
fn a_bad_flag_word_does_not_join() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    for (flags, hresult) in [
        (0x0000_0400, HResult::MAPI_E_UNKNOWN_FLAGS),
        (0x0001_0000, HResult::MAPI_E_INVALID_PARAMETER),
        (0x0002_0001, HResult::MAPI_E_INVALID_PARAMETER),
    ] {
        let error = mapi
            .logon(&LogonRequest::from_raw(None, flags))
            .unwrap_err();
        assert_eq!(error.hresult(), hresult);
    }
    off(first, PLAIN);
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// S2: the typed requests that name a profile never join.
#[test]
fn a_typed_request_for_a_profile_gets_that_profile() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    mapi.subsystem().user().answer(Answer::Pick("Two".into()));
    for request in [
        LogonRequest::new_session("Two"),
        LogonRequest::new_session("Two").allow_others(),
        LogonRequest::default_profile(),
        LogonRequest::ask_user(Default::default()),
    ] {
        let own = mapi.logon(&request).unwrap();
        on(&own, "Two");
        assert_eq!(mapi.subsystem().open_sessions(), 2);
        off(own, PLAIN);
    }
    off(first, PLAIN);
}

// S2: with nothing to join, a raw logon without MAPI_NEW_SESSION makes a session all the same.
#[test]
fn without_a_shared_session_a_raw_logon_makes_its_own() {
    let mapi = mapi();
    let first = mapi.logon(&LogonRequest::from_raw(Some("One"), 0)).unwrap();
    let second = mapi
        .logon(&LogonRequest::from_raw(Some("Two"), 0x8))
        .unwrap();
    on(&first, "One");
    on(&second, "Two");
    let third = mapi.logon(&LogonRequest::from_raw(Some("One"), 0)).unwrap();
    on(&third, "Two");
    assert_eq!(mapi.subsystem().open_sessions(), 2);
    for session in [first, second, third] {
        off(session, PLAIN);
    }
}

// S3
#[test]
fn joiners_get_the_first_shared_session_until_it_has_ended() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    let second = shared(&mapi, "Two");
    assert_eq!(mapi.subsystem().open_sessions(), 2);
    let joiner = join(&mapi);
    on(&joiner, "One");
    off(first, PLAIN);
    let another = join(&mapi);
    on(&another, "One");
    off(joiner, PLAIN);
    off(another, PLAIN);
    let third = join(&mapi);
    on(&third, "Two");
    off(second, PLAIN);
    off(third, PLAIN);
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// S4: what one client does with its session object leaves another's as it is.
#[test]
fn every_client_has_a_session_object_of_its_own() {
    let mapi = mapi();
    let service = mapi
        .logon(
            &LogonRequest::new_session("One")
                .allow_others()
                .flags(LogonFlags::NO_MAIL),
        )
        .unwrap();
    let joiner = join(&mapi);
    mapi.subsystem().user().answer(Answer::Cancel);
    let refused = service.logoff(LogoffFlags::UI).unwrap_err();
    on(&joiner, "One");
    drop(refused);
    on(&joiner, "One");
    assert_eq!(
        (
            mapi.subsystem().open_sessions(),
            mapi.subsystem().released_live()
        ),
        (1, 1)
    );
    off(joiner, PLAIN);
}

// S5
#[test]
fn a_shared_session_lives_until_its_last_client_is_gone() {
    for last_is_logged_off in [true, false] {
        let mapi = mapi();
        let first = shared(&mapi, "One");
        let (second, third) = (join(&mapi), join(&mapi));
        off(first, PLAIN);
        assert_eq!(mapi.subsystem().open_sessions(), 1);
        drop(second);
        assert_eq!(mapi.subsystem().open_sessions(), 1);
        on(&third, "One");
        if last_is_logged_off {
            off(third, PLAIN);
        } else {
            drop(third);
        }
        assert_eq!(mapi.subsystem().open_sessions(), 0);
        let error = mapi.logon(&LogonRequest::join_shared()).unwrap_err();
        assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    }
}

// S5: any client may be the one that leaves first, also who made the session.
#[test]
fn the_session_does_not_belong_to_who_made_it() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    let second = join(&mapi);
    off(first, PLAIN);
    let third = join(&mapi);
    assert_eq!(mapi.subsystem().open_sessions(), 1);
    off(second, PLAIN);
    off(third, PLAIN);
}

// S6
#[test]
fn nobody_joins_a_session_that_is_closing() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    let (second, third) = (join(&mapi), join(&mapi));
    off(second, LogoffFlags::SHARED);

    // Those on it can still work.
    on(&first, "One");
    assert_eq!(mapi.subsystem().open_sessions(), 1);

    let error = mapi.logon(&LogonRequest::join_shared()).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    let own = mapi.logon(&LogonRequest::from_raw(Some("Two"), 0)).unwrap();
    on(&own, "Two");
    assert_eq!(mapi.subsystem().open_sessions(), 2);

    off(first, PLAIN);
    off(third, LogoffFlags::SHARED);
    off(own, PLAIN);
    let next = shared(&mapi, "Two");
    let joiner = join(&mapi);
    on(&joiner, "Two");
    off(next, PLAIN);
    off(joiner, PLAIN);
    assert_eq!(mapi.subsystem().open_sessions(), 0);
}

// S3, S6: while the first is closing, a second shared session is not joined in its stead.
#[test]
fn a_closing_session_is_not_replaced_before_it_has_ended() {
    let mapi = mapi();
    let first = shared(&mapi, "One");
    let rest = join(&mapi);
    let second = shared(&mapi, "Two");
    off(first, LogoffFlags::SHARED);
    let own = mapi.logon(&LogonRequest::from_raw(Some("One"), 0)).unwrap();
    assert_eq!(mapi.subsystem().open_sessions(), 3);
    off(own, PLAIN);
    off(rest, PLAIN);
    let joiner = join(&mapi);
    on(&joiner, "Two");
    off(joiner, PLAIN);
    off(second, PLAIN);
}

// L13: a shared session counts once.
#[test]
fn joining_is_not_opening() {
    let memory = Memory::builder()
        .profile(Profile::new("One"))
        .session_limit(1)
        .build()
        .unwrap();
    let mapi = Mapi::initialize(memory).unwrap();
    let first = shared(&mapi, "One");
    let second = join(&mapi);
    let error = mapi.logon(&LogonRequest::new_session("One")).unwrap_err();
    assert_eq!(error.hresult(), HResult::MAPI_E_LOGON_FAILED);
    off(first, PLAIN);
    off(second, PLAIN);
    off(
        mapi.logon(&LogonRequest::new_session("One")).unwrap(),
        PLAIN,
    );
}

#[test]
fn an_adopted_share_leaves_the_session_to_its_owner() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let owner = Arc::new(mapi.logon(&LogonRequest::new_session("One")).unwrap());
    let adopted = Adopted::from(Arc::clone(&owner));
    on(&adopted, "One");
    let owner = Arc::try_unwrap(owner).unwrap_err();
    drop(adopted);
    on(&owner, "One");
    off(Arc::into_inner(owner).unwrap(), PLAIN);
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
}

#[test]
fn an_adopted_session_object_is_released_and_the_library_stays_initialised() {
    let mapi = mapi();
    let memory = mapi.subsystem().clone();
    let logon = || {
        let flags = LogonRequest::new_session("One").raw_flags();
        memory.logon_ex(UiParam::NONE, Some("One"), None, flags)
    };
    let adopted = Adopted::new(memory.clone(), logon().unwrap().ignore_warning());
    on(&adopted, "One");
    drop(adopted);
    assert_eq!(
        memory.released_live(),
        1,
        "the one reference that there was"
    );
    let session = logon().expect("it is still initialised").ignore_warning();
    session.logoff(UiParam::NONE, 0, 0).unwrap();
}
