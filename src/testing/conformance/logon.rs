//! Rules I and L: the library, and logging on.

use super::scene::{Asked, Fault, NEW, Scene, Verdict, end, ensure, fails, undefined_bits, works};
use super::stage::{FAULTY, Item, OTHER, PROFILE, Setting};
use crate::flags::{InitFlags, StatusCode};
use crate::memory::Answer;
use crate::subsystem::{RawSession, Subsystem};
use crate::types::ResourceType;
use crate::{HResult, LogonFlags, UiParam};

/// The logon that nothing is wrong with.
fn logs_on<B: Subsystem>(subsystem: &B) -> crate::subsystem::RawResult<B::Session> {
    let flags = NEW | LogonFlags::EXTENDED | LogonFlags::UNICODE;
    subsystem.logon_ex(UiParam::NONE, Some(PROFILE), None, flags.bits())
}

pub(super) fn i1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let stage = asked.stage(Setting::Plain)?;
    let subsystem = &stage.subsystem;
    let uninitialized = HResult::MAPI_E_NOT_INITIALIZED;
    fails(
        "a logon before MAPIInitialize",
        logs_on(subsystem),
        uninitialized,
    )?;
    let wrong = subsystem.logon_ex(UiParam::NONE, Some(" "), Some("secret"), u32::MAX);
    fails("a wrong logon before MAPIInitialize", wrong, uninitialized)
}

pub(super) fn i2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let stage = asked.stage(Setting::Plain)?;
    let subsystem = &stage.subsystem;
    works("MAPIInitialize", subsystem.initialize(0, 0))?;
    works("a second MAPIInitialize", subsystem.initialize(0, 0))?;
    let session = works("a logon after two MAPIInitialize", logs_on(subsystem))?;
    subsystem.uninitialize();
    works(
        "a logon after one MAPIUninitialize of two",
        logs_on(subsystem),
    )
    .and_then(end)?;
    subsystem.uninitialize();
    let uninitialized = HResult::MAPI_E_NOT_INITIALIZED;
    fails(
        "a logon after the last MAPIUninitialize",
        logs_on(subsystem),
        uninitialized,
    )?;
    let table = session.msg_stores_table(0);
    fails(
        "GetMsgStoresTable after the last MAPIUninitialize",
        table,
        uninitialized,
    )?;
    drop(session);
    works("another MAPIInitialize", subsystem.initialize(0, 0))?;
    let again = works("a logon after another MAPIInitialize", logs_on(subsystem)).and_then(end);
    subsystem.uninitialize();
    again
}

pub(super) fn i3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let stage = asked.stage(Setting::Plain)?;
    let subsystem = &stage.subsystem;
    for bit in undefined_bits(InitFlags::all().bits()) {
        let what = format!("MAPIInitialize with the flag {bit:#010X}");
        fails(
            what,
            subsystem.initialize(0, bit),
            HResult::MAPI_E_UNKNOWN_FLAGS,
        )?;
    }
    for version in [1, u32::MAX] {
        let what = format!("MAPIInitialize with the version {version}");
        let initialized = subsystem.initialize(version, 0);
        fails(what, initialized, HResult::MAPI_E_INVALID_PARAMETER)?;
    }
    ensure(
        logs_on(subsystem).is_err(),
        || "a MAPIInitialize that was refused has initialised the library",
    )
}

/// Logs on, and insists on the profile that has this store.
fn takes<B: Subsystem>(
    scene: &Scene<B>,
    name: Option<&str>,
    flags: LogonFlags,
    store: Item,
) -> Verdict {
    let session = scene.logon(name, flags)?;
    scene.has_store(&session, store)?;
    end(session)
}

pub(super) fn l1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let default = NEW | LogonFlags::USE_DEFAULT;
    let explicit = LogonFlags::EXPLICIT_PROFILE;
    takes(&scene, Some(PROFILE), NEW, Item::DefaultStore)?;
    takes(&scene, Some(OTHER), NEW, Item::OtherStore)?;
    takes(&scene, Some(OTHER), default, Item::OtherStore)?;
    for name in [None, Some("")] {
        takes(&scene, name, default, Item::DefaultStore)?;
        takes(&scene, name, default | explicit, Item::DefaultStore)?;
        for flags in [NEW, NEW | explicit, LogonFlags::empty()] {
            let what = format!("a logon to {name:?} with {flags:?}");
            fails(
                what,
                scene.try_logon(name, flags),
                HResult::MAPI_E_LOGON_FAILED,
            )?;
        }
    }
    if asked
        .if_asked(scene.answer(Answer::Pick(OTHER.into())))?
        .is_some()
    {
        takes(&scene, None, NEW | LogonFlags::LOGON_UI, Item::OtherStore)?;
    }
    Ok(())
}

pub(super) fn l2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    for flags in [NEW, NEW | LogonFlags::USE_DEFAULT, LogonFlags::empty()] {
        let unknown = scene.try_logon(Some("Nobody"), flags);
        let what = format!("a logon to an unknown profile with {flags:?}");
        fails(what, unknown, HResult::MAPI_E_LOGON_FAILED)?;
    }
    if asked
        .if_asked(scene.answer(Answer::Pick(OTHER.into())))?
        .is_some()
    {
        let flags = NEW | LogonFlags::LOGON_UI;
        takes(&scene, Some("Nobody"), flags, Item::OtherStore)?;
    }
    if let Some(scene) = asked.if_asked(asked.scene(Setting::NoDefaultProfile))? {
        let none = scene.try_logon(None, NEW | LogonFlags::USE_DEFAULT);
        let what = "a logon with MAPI_USE_DEFAULT without a default profile";
        fails(what, none, HResult::MAPI_E_LOGON_FAILED)?;
    }
    Ok(())
}

pub(super) fn l3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    scene.answer(Answer::Cancel)?;
    let cancelled = scene.try_logon(None, NEW | LogonFlags::LOGON_UI);
    fails(
        "a logon that the user cancels",
        cancelled,
        HResult::MAPI_E_USER_CANCEL,
    )
}

pub(super) fn l4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let subsystem = &scene.stage.subsystem;
    let no_window = UiParam::new(0xBAD0);
    let logged_on = subsystem.logon_ex(no_window, Some(PROFILE), None, NEW.bits());
    let session = works("a logon with the handle of no window", logged_on)?;
    ensure(
        scene.dialogs().is_empty(),
        || "a logon without MAPI_LOGON_UI showed a dialog",
    )?;
    end(session)
}

pub(super) fn l5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let long = "x".repeat(65);
    for name in [
        " Conformance",
        "Conformance ",
        " ",
        "a/b",
        "a\tb",
        "a.b",
        &long,
    ] {
        let what = format!("a logon to the malformed name {name:?}");
        let bad = scene.try_logon(Some(name), NEW);
        fails(what, bad, HResult::MAPI_E_LOGON_FAILED)?;
    }
    Ok(())
}

pub(super) fn l6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let subsystem = &scene.stage.subsystem;
    for password in ["secret", ""] {
        let what = format!("a logon with the password {password:?}");
        let logged_on =
            subsystem.logon_ex(UiParam::NONE, Some(PROFILE), Some(password), NEW.bits());
        fails(what, logged_on, HResult::MAPI_E_LOGON_FAILED)?;
    }
    Ok(())
}

pub(super) fn l7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let named = |flags| scene.try_logon(Some(PROFILE), NEW | flags);
    for bit in undefined_bits(LogonFlags::all().bits()) {
        let what = format!("a logon with the flag {bit:#010X}");
        let unknown = named(LogonFlags::from_bits_retain(bit));
        fails(what, unknown, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let both = named(LogonFlags::LOGON_UI | LogonFlags::PASSWORD_UI);
    let what = "a logon with MAPI_LOGON_UI and MAPI_PASSWORD_UI";
    fails(what, both, HResult::MAPI_E_INVALID_PARAMETER)
}

pub(super) fn l8<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let during = scene.stage.controls.during_a_logon.as_ref();
    let during = during
        .ok_or_else(|| Fault::NotAsked("the stage has no logon that takes its time".into()))?;
    let in_time = NEW | LogonFlags::TIMEOUT_SHORT;
    let mut result = None;
    during(&mut || result = Some(scene.try_logon(Some(PROFILE), in_time)));
    let result = result
        .ok_or_else(|| Fault::NotAsked("the stage's other logon did not come about".into()))?;
    fails(
        "a logon during another one, with MAPI_TIMEOUT_SHORT",
        result,
        HResult::MAPI_E_TIMEOUT,
    )?;
    scene.logon(Some(PROFILE), in_time).and_then(end)
}

pub(super) fn l10<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    scene.item(Item::UnconfiguredStore)?;
    let session = scene.logon(Some(FAULTY), NEW)?;
    scene.has_store(&session, Item::CachedStore)?;
    end(session)
}

pub(super) fn l11<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    for (no_mail, flags) in [(false, NEW), (true, NEW | LogonFlags::NO_MAIL)] {
        let session = scene.logon(Some(PROFILE), flags)?;
        let table = works("GetStatusTable", session.status_table(0))?;
        let has_transport = table.first(ResourceType::TRANSPORT_PROVIDER).is_some();
        ensure(has_transport != no_mail, || {
            format!("with {flags:?} the status table has a transport: {has_transport}")
        })?;
        if let Some(spooler) = table.first(ResourceType::SPOOLER) {
            let fails = spooler.status_code().contains(StatusCode::FAILURE);
            ensure(fails == no_mail, || {
                format!(
                    "with {flags:?} the spooler's status is {:?}",
                    spooler.status_code()
                )
            })?;
        }
        end(session)?;
    }
    Ok(())
}

pub(super) fn l12<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let stage = asked.stage(Setting::Plain)?;
    let at_first = stage.subsystem.initialize(0, InitFlags::NT_SERVICE.bits());
    works("MAPIInitialize of a service", at_first)?;
    let scene = Scene { stage };
    let service = NEW | LogonFlags::NT_SERVICE;
    let alone = scene.try_logon(Some(PROFILE), service);
    let what = "a logon with MAPI_NT_SERVICE and without MAPI_NO_MAIL";
    fails(what, alone, HResult::MAPI_E_INVALID_PARAMETER)?;
    let asks = service | LogonFlags::NO_MAIL | LogonFlags::LOGON_UI;
    let what = "a logon of a service with MAPI_LOGON_UI";
    let asking = scene.try_logon(Some(PROFILE), asks);
    fails(what, asking, HResult::MAPI_E_INVALID_PARAMETER)?;
    scene
        .logon(Some(PROFILE), service | LogonFlags::NO_MAIL)
        .and_then(end)
}

pub(super) fn l13<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.scene(Setting::TwoSessions)?;
    let (one, two) = (scene.individual()?, scene.individual()?);
    let third = scene.try_logon(Some(PROFILE), NEW);
    fails(
        "a third logon, where two may be open",
        third,
        HResult::MAPI_E_LOGON_FAILED,
    )?;
    end(one)?;
    scene.individual().and_then(end)?;
    end(two)
}

pub(super) fn l14<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    scene.answer(Answer::Cancel)?;
    let shows_all = NEW | LogonFlags::SERVICE_UI_ALWAYS;
    // With which code is L3.
    let is_cancelled = scene.try_logon(Some(PROFILE), shows_all).is_err();
    ensure(
        is_cancelled,
        || "a logon with MAPI_SERVICE_UI_ALWAYS went on although the user cancels each dialog",
    )
}
