//! Rules E: the end of a session.

use super::scene::{
    Asked, ENDS, Fault, Verdict, end, ensure, events, fails, is_live, listen, log_off,
    undefined_bits, works,
};
use super::stage::Setting;
use crate::memory::Answer;
use crate::notification::Connection;
use crate::subsystem::{RawMsgStore, RawObject, RawSession, RawTable, Subsystem};
use crate::types::{FormMessage, FormToken};
use crate::{EventMask, HResult, LogoffFlags, LogonFlags, MapiUid, Notification, UiParam};

const TABLE_MODIFIED: u32 = EventMask::TABLE_MODIFIED.bits();

pub(super) fn e1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let id = id.as_bytes();
    let none = UiParam::NONE;
    let store = works("OpenMsgStore", session.open_msg_store(none, Some(id), 0))?;
    let book = works("OpenAddressBook", session.open_address_book(none, 1))?;
    let table = works("GetMsgStoresTable", session.open_msg_stores_table(0))?;
    log_off(&session, LogoffFlags::empty())?;

    let gone = |call, result: Result<(), HResult>| {
        let hresult = result.err().unwrap_or(HResult::S_OK);
        ensure(hresult == HResult::MAPI_E_INVALID_OBJECT, || {
            format!("{call} after the logoff: {hresult} instead of MAPI_E_INVALID_OBJECT")
        })
    };
    macro_rules! gone {
        ($($call:literal: $result:expr,)*) => {
            $(gone($call, $result.map(drop).map_err(|failure| failure.hresult()))?;)*
        };
    }
    let form = FormMessage::default();
    gone! {
        "GetLastError": session.last_error(HResult::MAPI_E_NOT_FOUND, 0),
        "GetMsgStoresTable": session.msg_stores_table(0),
        "GetMsgStoresTable, as an object": session.open_msg_stores_table(0),
        "GetStatusTable, as an object": session.open_status_table(0),
        "HrQueryAllRows": table.rows(),
        "IMAPITable::Advise": table.advise(TABLE_MODIFIED, |_: &Notification| {}),
        "IMAPITable::Unadvise": table.unadvise(Connection::new(1)),
        "IMsgStore::Advise": store.advise(None, 0, |_: &Notification| {}),
        "IMsgStore::Unadvise": store.unadvise(Connection::new(1)),
        "IAddrBook::Advise": book.advise(None, 0, |_: &Notification| {}),
        "IAddrBook::Unadvise": book.unadvise(Connection::new(1)),
        "OpenMsgStore": session.open_msg_store(none, Some(id), 0),
        "OpenAddressBook": session.open_address_book(none, 0),
        "OpenProfileSection": session.open_profile_section(MapiUid::default(), 0),
        "GetStatusTable": session.status_table(0),
        "OpenEntry": session.open_entry(Some(id), 0),
        "CompareEntryIDs": session.compare_entry_ids(Some(id), Some(id), 0),
        "Advise": session.advise(None, ENDS.bits(), |_: &Notification| {}),
        "Unadvise": session.unadvise(Connection::new(0)),
        "MessageOptions": session.message_options(none, 0, "SMTP", &book),
        "QueryDefaultMessageOpt": session.query_default_message_opt("SMTP", 0),
        "EnumAdrTypes": session.enum_adr_types(0),
        "QueryIdentity": session.query_identity(),
        "Logoff": session.logoff(none, 0, 0),
        "Logoff with a wrong argument": session.logoff(none, u32::MAX, 1),
        "SetDefaultStore": session.set_default_store(1, Some(id)),
        "AdminServices": session.admin_services(0),
        "ShowForm": session.show_form(none, &store, &book, FormToken::new(0), 0, &form),
        "PrepareForm": session.prepare_form(&book),
        "QueryFastShutdown": session.query_fast_shutdown(),
        "NotifyProcessShutdown": session.notify_process_shutdown(),
        "DoFastShutdown": session.do_fast_shutdown(),
    }
    Ok(())
}

pub(super) fn e2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let window = UiParam::new(0xBAD0);
    let session = scene.individual()?;
    let logged_off = session.logoff(window, 0, 0);
    works("a logoff with the handle of no window", logged_off)?;
    ensure(
        scene.dialogs().is_empty(),
        || "a logoff without MAPI_LOGOFF_UI showed a dialog",
    )?;
    if asked.if_asked(scene.answer(Answer::Accept))?.is_some() {
        let session = scene.individual()?;
        let logged_off = session.logoff(window, LogoffFlags::UI.bits(), 0);
        works("a logoff that the user confirms", logged_off)?;
        let parents = scene.dialogs();
        ensure(parents.iter().all(|&parent| parent == window), || {
            format!("the logoff with the window {window:?} showed dialogs over {parents:?}")
        })?;
    }
    Ok(())
}

pub(super) fn e3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (session, other) = (scene.individual()?, scene.individual()?);
    let heard = listen(&session, ENDS)?;
    let heard_by_other = listen(&other, ENDS)?;
    log_off(&session, LogoffFlags::SHARED)?;
    scene.settle();
    ensure(
        events(&heard).is_empty() && events(&heard_by_other).is_empty(),
        || "MAPI_LOGOFF_SHARED on an individual session told somebody",
    )?;
    end(other)
}

pub(super) fn e4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (first, second, third) = (scene.shared()?, scene.join()?, scene.join()?);
    let clients = [listen(&first, ENDS)?, listen(&third, ENDS)?];
    log_off(&second, LogoffFlags::SHARED)?;
    scene.settle();
    for heard in clients {
        let heard = events(&heard);
        ensure(heard.contains(&EventMask::CRITICAL_ERROR), || {
            format!("a client that joined logged off with MAPI_LOGOFF_SHARED, and told {heard:?}")
        })?;
    }
    end(first)?;
    end(third)
}

pub(super) fn e5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.scene(Setting::EverySessionEnds)?;
    let (session, other) = (scene.individual()?, scene.shared()?);
    let heard = listen(&session, ENDS)?;
    log_off(&other, LogoffFlags::SHARED)?;
    scene.settle();
    let heard = events(&heard);
    ensure(heard.contains(&EventMask::CRITICAL_ERROR), || {
        format!("MAPI_LOGOFF_SHARED told a client of another session {heard:?}")
    })?;
    end(session)
}

pub(super) fn e6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    for flags in [0, LogoffFlags::SHARED.bits(), LogoffFlags::UI.bits()] {
        for reserved in [1, u32::MAX] {
            let what = format!("a logoff with the flags {flags:#X} and ulReserved {reserved:#X}");
            let refused = session.logoff(UiParam::NONE, flags, reserved);
            fails(what, refused, HResult::MAPI_E_INVALID_PARAMETER)?;
        }
        for bit in undefined_bits(LogoffFlags::all().bits()) {
            let what = format!("a logoff with the flags {:#X}", flags | bit);
            let refused = session.logoff(UiParam::NONE, flags | bit, 0);
            fails(what, refused, HResult::MAPI_E_UNKNOWN_FLAGS)?;
        }
    }
    ensure(
        scene.dialogs().is_empty(),
        || "a logoff with wrong arguments showed a dialog",
    )?;
    end(session)
}

pub(super) fn e7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    scene.answer(Answer::Cancel)?;
    let session = scene.individual()?;
    let cancelled = session.logoff(UiParam::NONE, LogoffFlags::UI.bits(), 0);
    fails(
        "a logoff that the user cancels",
        cancelled,
        HResult::MAPI_E_USER_CANCEL,
    )
}

pub(super) fn e8<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (session, other) = (scene.shared()?, scene.join()?);
    let heard = listen(&session, ENDS)?;
    let heard_by_other = listen(&other, ENDS)?;
    let mut wrong = vec![(u32::MAX, 0), (LogoffFlags::SHARED.bits(), 1)];
    if asked.if_asked(scene.answer(Answer::Cancel))?.is_some() {
        wrong.push((LogoffFlags::UI.bits(), 0));
    }
    for (flags, reserved) in wrong {
        let what = format!("after a logoff with {flags:#X} and {reserved} that was refused");
        if session.logoff(UiParam::NONE, flags, reserved).is_ok() {
            return Err(Fault::NotAsked(format!(
                "a logoff with {flags:#X} and {reserved} was not refused"
            )));
        }
        is_live(&what, &session)?;
        // One of the two must be heard.
        scene.join().and_then(end)?;
        drop(scene.join()?);
        scene.settle();
        ensure(!events(&heard).is_empty(), || {
            format!("{what} nothing is heard any more")
        })?;
        ensure(
            !events(&heard_by_other).contains(&EventMask::CRITICAL_ERROR),
            || format!("{what} others were told to log off"),
        )?;
    }
    end(session)?;

    // MAPI_E_NOT_INITIALIZED does not refuse.
    scene.stage.subsystem.uninitialize();
    let failed = other.logoff(UiParam::NONE, 0, 0).is_err();
    works("MAPIInitialize", scene.stage.subsystem.initialize(0, 0))?;
    if failed {
        let table = other.msg_stores_table(0);
        let what = "GetMsgStoresTable after a logoff without the library";
        fails(what, table, HResult::MAPI_E_INVALID_OBJECT)?;
    }
    Ok(())
}

pub(super) fn e10<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.faulty()?;
    let warned = HResult::MAPI_W_ERRORS_RETURNED;
    let logged_off = session.logoff(UiParam::NONE, 0, 0);
    fails(
        "a logoff with a provider that fails its own",
        logged_off,
        warned,
    )?;
    let table = session.msg_stores_table(0);
    let what = "GetMsgStoresTable after a logoff that warned";
    fails(what, table, HResult::MAPI_E_INVALID_OBJECT)
}

pub(super) fn e11<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (session, other) = (scene.shared()?, scene.join()?);
    let heard = listen(&session, ENDS)?;
    drop(other);
    scene.settle();
    let heard = events(&heard);
    ensure(heard == [EventMask::EXTENDED], || {
        format!("another client's release told {heard:?} and not one extended event")
    })?;
    drop(session);
    let joined = scene.try_logon(None, LogonFlags::empty());
    let what = "a logon that would join, after the last client's release";
    fails(what, joined, HResult::MAPI_E_LOGON_FAILED)
}

pub(super) fn e12<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let stores = works("GetMsgStoresTable", session.msg_stores_table(0))?;
    let statuses = works("GetStatusTable", session.status_table(0))?;
    let identity = works("QueryIdentity", session.query_identity())?;
    // What is printed has its own memory.
    let show = || format!("{stores:?} {statuses:?} {identity:?}");
    let before = show();
    end(session)?;
    ensure(show() == before, || "rows are others after the logoff")
}
