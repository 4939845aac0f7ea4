//! Rules T and F: logging a store off, and fast shutdown.

use super::scene::{Asked, Fault, Scene, Verdict, end, ensure, fails, is_live, works};
use super::stage::{Item, Setting};
use crate::flags::StoreLogoffFlags;
use crate::subsystem::{RawMsgStore, RawObject, RawProp, RawSession, Subsystem};
use crate::{HResult, OpenEntryFlags, OpenStoreFlags, UiParam};

type StoreOf<B> = <<B as Subsystem>::Session as RawSession>::MsgStore;

fn open_store<B: Subsystem>(scene: &Scene<B>, session: &B::Session) -> Verdict<StoreOf<B>> {
    let id = scene.default_store(session)?;
    let flags = OpenStoreFlags::BEST_ACCESS.bits();
    let opened = session.open_msg_store(UiParam::NONE, Some(id.as_bytes()), flags);
    works("OpenMsgStore", opened)
}

/// The flags that go in.
const WAYS: [StoreLogoffFlags; 5] = [
    StoreLogoffFlags::NO_WAIT,
    StoreLogoffFlags::ORDERLY,
    StoreLogoffFlags::PURGE,
    StoreLogoffFlags::ABORT,
    StoreLogoffFlags::QUIET,
];

pub(super) fn t1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let store = open_store(&scene, &session)?;
    let all = WAYS.iter().fold(0, |all, way| all | way.bits());
    let pair = (StoreLogoffFlags::ABORT | StoreLogoffFlags::QUIET).bits();
    let undefined = super::scene::undefined_bits(all);
    for flags in [0, pair, all].into_iter().chain(undefined) {
        let what = format!("StoreLogoff with the flags {flags:#010X}");
        fails(
            what,
            store.store_logoff(flags),
            HResult::MAPI_E_INVALID_PARAMETER,
        )?;
        works(
            "a store's GetProps after a refused StoreLogoff",
            store.info(),
        )?;
    }
    for way in WAYS {
        let store = open_store(&scene, &session)?;
        works(
            format!("StoreLogoff with {way:?}"),
            store.store_logoff(way.bits()),
        )?;
    }
    end(session)
}

pub(super) fn t2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let cautious = [StoreLogoffFlags::ABORT, StoreLogoffFlags::QUIET];
    for way in WAYS {
        let store = open_store(&scene, &session)?;
        let flags = works("StoreLogoff", store.store_logoff(way.bits()))?;
        let flags = StoreLogoffFlags::from_bits_retain(flags);
        ensure(flags.contains(StoreLogoffFlags::COMPLETE), || {
            format!("StoreLogoff with {way:?} and no mail on its way: {flags:?}")
        })?;
        let what = "a store's GetProps after LOGOFF_COMPLETE";
        fails(what, store.info(), HResult::MAPI_E_INVALID_OBJECT)?;
    }
    let arrive = scene.stage.controls.arrive.as_ref();
    let arrive = arrive.ok_or_else(|| Fault::NotAsked("mail that arrives".into()));
    if let Some(arrive) = asked.if_asked(arrive)? {
        arrive(&scene.default_store(&session)?);
        let store = open_store(&scene, &session)?;
        for way in cautious {
            let flags = works("StoreLogoff", store.store_logoff(way.bits()))?;
            let flags = StoreLogoffFlags::from_bits_retain(flags);
            let stays = !flags.contains(StoreLogoffFlags::COMPLETE);
            ensure(stays && flags.contains(StoreLogoffFlags::INBOUND), || {
                format!("StoreLogoff with {way:?} and mail that arrives: {flags:?}")
            })?;
            works(
                "a store's GetProps after StoreLogoff that left it",
                store.info(),
            )?;
        }
    }
    end(session)
}

pub(super) fn t4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let id = Some(scene.item(Item::Message)?.as_bytes());
    let modify = OpenEntryFlags::MODIFY.bits();
    let session = scene.individual()?;
    let store = open_store(&scene, &session)?;
    let (_, message) = works("OpenEntry of a message", store.open_entry(id, modify))?;
    works("SubmitMessage", message.submit_message(0))?;
    drop((message, store));
    end(session)?;

    let session = scene.individual()?;
    let store = open_store(&scene, &session)?;
    let what = "OpenEntry of a message that was submitted in the session before";
    fails(
        what,
        store.open_entry(id, modify),
        HResult::MAPI_E_SUBMITTED,
    )?;
    drop(store);
    end(session)
}

pub(super) fn f1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let early = HResult::MAPI_E_CALL_FAILED;
    let notified = session.notify_process_shutdown();
    fails(
        "NotifyProcessShutdown before QueryFastShutdown",
        notified,
        early,
    )?;
    fails(
        "DoFastShutdown before all else",
        session.do_fast_shutdown(),
        early,
    )?;
    works("QueryFastShutdown", session.query_fast_shutdown())?;
    let done = session.do_fast_shutdown();
    fails("DoFastShutdown before NotifyProcessShutdown", done, early)?;
    works("NotifyProcessShutdown", session.notify_process_shutdown())?;
    works("DoFastShutdown", session.do_fast_shutdown())?;
    drop(session);
    Ok(())
}

pub(super) fn f2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let unsupported = |what: &str, scene: &Scene<B>, session: B::Session| {
        let query = session.query_fast_shutdown();
        fails(
            format!("QueryFastShutdown {what}"),
            query,
            HResult::MAPI_E_NO_SUPPORT,
        )?;
        let goes_on = session.notify_process_shutdown().is_ok();
        let goes_on = goes_on || session.do_fast_shutdown().is_ok();
        ensure(!goes_on, || format!("fast shutdown goes on {what}"))?;
        is_live("after QueryFastShutdown", &session)?;
        end(session)?;
        scene.settle();
        Ok(())
    };
    let scene = asked.plain()?;
    if let Some(session) = asked.if_asked(scene.faulty())? {
        let other = scene.individual()?;
        let what = "with a provider of another session that opts out";
        unsupported(what, &scene, other)?;
        unsupported("with a provider that opts out", &scene, session)?;
    }
    if let Some(scene) = asked.if_asked(asked.scene(Setting::NoFastShutdown))? {
        let session = scene.individual()?;
        unsupported("where it is disabled", &scene, session)?;
    }
    Ok(())
}
