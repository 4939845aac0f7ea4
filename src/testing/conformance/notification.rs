//! Rules N: who is told of what.

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, TryRecvError};
use std::thread;
use std::time::Duration;

use super::scene::{
    Asked, ENDS, Fault, Verdict, end, ensure, events, fails, is_live, listen, log_off,
    undefined_bits, works,
};
use super::stage::{Item, Setting};
use crate::flags::InitFlags;
use crate::notification::Connection;
use crate::subsystem::{RawMsgStore, RawObject, RawProp, RawSession, RawTable, Subsystem};
use crate::types::DefaultStore;
use crate::{AdviseSink, EventMask, HResult, LogoffFlags, Notification, UiParam};

pub(super) fn n1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (other, session) = (scene.shared()?, scene.join()?);
    let masks = [
        EventMask::empty(),
        EventMask::NEW_MAIL,
        EventMask::CRITICAL_ERROR,
    ];
    let mut heard = Vec::new();
    for mask in masks {
        heard.push((mask, listen(&session, mask)?));
    }
    // A change of the tables is not the session's to tell.
    if let Some(store) = asked.if_asked(scene.item(Item::SecondStore))? {
        let all = listen(&session, EventMask::all() - EventMask::RESERVED_FOR_MAPI)?;
        let which = DefaultStore::Default.raw();
        let set = session.set_default_store(which, Some(store.as_bytes()));
        works("SetDefaultStore", set)?;
        scene.settle();
        let told = events(&all);
        ensure(!told.contains(&EventMask::TABLE_MODIFIED), || {
            format!("a registration with the session was told {told:?} by SetDefaultStore")
        })?;
    }
    log_off(&other, LogoffFlags::SHARED)?;
    scene.settle();
    for (mask, heard) in heard {
        let heard = events(&heard);
        ensure(heard.contains(&EventMask::CRITICAL_ERROR), || {
            format!("a registration for {mask:?} was not told of a critical error")
        })?;
        ensure(
            heard
                .iter()
                .all(|&event| event == EventMask::CRITICAL_ERROR),
            || format!("a registration for {mask:?} was told of {heard:?}"),
        )?;
    }
    end(session)
}

pub(super) fn n2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (session, other) = (scene.shared()?, scene.join()?);
    let heard = listen(&session, EventMask::EXTENDED)?;
    end(other)?;
    scene.settle();
    let heard = events(&heard);
    ensure(heard == [EventMask::EXTENDED], || {
        format!("another client's logoff told {heard:?} and not one extended event")
    })?;
    end(session)
}

pub(super) fn n3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (other, session) = (scene.shared()?, scene.join()?);
    let heard = listen(&session, ENDS)?;
    log_off(&other, LogoffFlags::SHARED)?;
    scene.settle();
    let heard = heard.try_iter().collect::<Vec<_>>();
    ensure(
        heard.first().is_some_and(Notification::ends_session),
        || format!("MAPI_LOGOFF_SHARED told {heard:?}, and not MAPI_E_END_OF_SESSION first"),
    )?;
    let extended = heard.iter().filter(|it| it.event() == EventMask::EXTENDED);
    ensure(extended.count() == 1, || {
        format!("MAPI_LOGOFF_SHARED told {heard:?}, and not one extended event")
    })?;
    end(session)
}

pub(super) fn n4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    for flags in [LogoffFlags::empty(), LogoffFlags::SHARED] {
        let scene = asked.plain()?;
        let (session, other) = (scene.shared()?, scene.join()?);
        let heard = listen(&session, ENDS)?;
        log_off(&session, flags)?;
        end(other)?;
        scene.settle();
        let heard = events(&heard);
        ensure(heard.is_empty(), || {
            format!("a client that logged off with {flags:?} was told of {heard:?}")
        })?;
    }
    Ok(())
}

type Callback = Box<dyn FnOnce()>;

thread_local! {
    /// What the next call of a sink on this thread does. Here, as a session need not be one that
    /// other threads can use, and a sink must be.
    static CALLBACK: RefCell<Option<Callback>> = const { RefCell::new(None) };
}

fn calls_back() -> impl AdviseSink {
    |_: &Notification| {
        if let Some(callback) = CALLBACK.take() {
            callback();
        }
    }
}

/// Causes events, and gives what the sink that [`calls_back`] came to.
fn in_a_sink<T: 'static>(
    callback: impl FnOnce() -> T + 'static,
    cause: impl FnOnce() -> Verdict,
) -> Verdict<T> {
    let result = Rc::new(RefCell::new(None));
    let callback = {
        let result = Rc::clone(&result);
        move || *result.borrow_mut() = Some(callback())
    };
    CALLBACK.set(Some(Box::new(callback)));
    let caused = cause();
    drop(CALLBACK.take());
    caused?;
    let result = result.take();
    result.ok_or_else(|| Fault::NotAsked("no event came on the thread that caused it".into()))
}

pub(super) fn n5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = Rc::new(asked.plain()?);
    let (other, session) = (scene.shared()?, Rc::new(scene.join()?));
    let third = scene.join()?;
    works("Advise", session.advise(None, ENDS.bits(), calls_back()))?;
    let callback = {
        let (scene, session) = (Rc::clone(&scene), Rc::clone(&session));
        move || {
            is_live("in a sink", &*session)?;
            let advised = session.advise(None, ENDS.bits(), |_: &Notification| {});
            let registration = works("Advise in a sink", advised)?;
            works("Unadvise in a sink", session.unadvise(registration))?;
            end(third)?;
            scene.individual().and_then(end)
        }
    };
    let cause = || {
        log_off(&other, LogoffFlags::SHARED)?;
        scene.settle();
        Ok(())
    };
    in_a_sink(callback, cause)??;
    is_live("after a sink has called back", &*session)?;
    log_off(&*session, LogoffFlags::empty())
}

pub(super) fn n7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = Rc::new(asked.plain()?);
    let (other, session) = (scene.shared()?, Rc::new(scene.join()?));
    let (sink, heard) = mpsc::channel();
    let registration = works("Advise", session.advise(None, ENDS.bits(), sink))?;
    works("Unadvise", session.unadvise(registration))?;
    scene.settle();
    ensure(
        heard.try_recv() == Err(TryRecvError::Disconnected),
        || "Unadvise has returned, and the sink was not dropped",
    )?;
    let what = "Unadvise of what is unregistered";
    fails(
        what,
        session.unadvise(registration),
        HResult::MAPI_E_NOT_FOUND,
    )?;
    let what = "Unadvise of what was never registered";
    let never = session.unadvise(Connection::new(u64::MAX));
    fails(what, never, HResult::MAPI_E_NOT_FOUND)?;

    // A sink that unregisters itself at its first event hears no second one.
    let calls = Arc::new(AtomicUsize::new(0));
    let sink = {
        let (calls, calls_back) = (Arc::clone(&calls), calls_back());
        move |event: &Notification| {
            calls.fetch_add(1, Ordering::Relaxed);
            calls_back.on_notify(event);
        }
    };
    let registration = works("Advise", session.advise(None, ENDS.bits(), sink))?;
    let callback = {
        let session = Rc::clone(&session);
        move || {
            works(
                "Unadvise of the sink that calls",
                session.unadvise(registration),
            )
        }
    };
    let cause = || {
        log_off(&other, LogoffFlags::SHARED)?;
        scene.settle();
        Ok(())
    };
    let unadvised = in_a_sink(callback, cause);
    if let Some(unadvised) = asked.if_asked(unadvised)? {
        unadvised?;
        ensure(
            calls.load(Ordering::Relaxed) == 1,
            || "a sink that has unregistered itself was called again",
        )?;
    }
    log_off(&*session, LogoffFlags::empty())
}

pub(super) fn n9<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (other, session) = (scene.shared()?, scene.join()?);
    let before = listen(&session, ENDS)?;
    // As `panic!`, but for the message on the screen.
    let panics = |_: &Notification| resume_unwind(Box::new("a sink of the conformance suite"));
    works("Advise", session.advise(None, ENDS.bits(), panics))?;
    let after = listen(&session, ENDS)?;
    log_off(&other, LogoffFlags::SHARED)?;
    scene.settle();
    ensure(
        !events(&before).is_empty() && !events(&after).is_empty(),
        || "a sink panicked, and others were not told",
    )?;
    is_live("after a sink has panicked", &session)?;
    end(session)
}

pub(super) fn n10<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let advise = |id: &[u8], mask: u32| session.advise(Some(id), mask, |_: &Notification| {});
    let mask = EventMask::NEW_MAIL.bits();
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    fails(
        "Advise on nobody's object",
        advise(&[0xFE; 24], mask),
        unknown,
    )?;
    for length in [1, 4, 19] {
        let what = format!("Advise on an identifier of {length} bytes");
        fails(
            what,
            advise(&[0xFE; 24][..length], mask),
            HResult::MAPI_E_INVALID_ENTRYID,
        )?;
    }
    for bit in undefined_events() {
        let advised = session.advise(None, bit, |_: &Notification| {});
        let what = format!("Advise for the event {bit:#010X}");
        fails(what, advised, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    if let Some(store) = asked.if_asked(scene.default_store(&session))? {
        let all = EventMask::OF_OBJECTS.bits();
        works("Advise on a store", advise(store.as_bytes(), all))?;
        let what = "Advise on a store for a change of its status object";
        let of_status = advise(store.as_bytes(), EventMask::STATUS_OBJECT_MODIFIED.bits());
        fails(what, of_status, HResult::MAPI_E_NO_SUPPORT)?;
    }
    let book = works(
        "OpenAddressBook",
        session.open_address_book(UiParam::NONE, 0),
    )?;
    let book = works("GetProps of the address book", book.info())?;
    let advised = advise(book.entry_id().as_bytes(), EventMask::CRITICAL_ERROR.bits());
    works("Advise on the address book", advised)?;
    if let Some(store) = asked.if_asked(scene.item(Item::SilentStore))? {
        let advised = advise(store.as_bytes(), mask);
        let what = "Advise on a store without notifications";
        fails(what, advised, HResult::MAPI_E_NO_SUPPORT)?;
    }
    end(session)
}

pub(super) fn n11<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let stores = works("GetMsgStoresTable", session.open_msg_stores_table(0))?;
    let statuses = works("GetStatusTable", session.open_status_table(0))?;
    let read = works("GetMsgStoresTable", session.msg_stores_table(0))?;
    ensure(
        works("the rows of the store table", stores.rows())? == read,
        || "the store table that stays open has other rows than the one that is read at once",
    )?;
    let read = works("GetStatusTable", session.status_table(0))?;
    ensure(
        works("the rows of the status table", statuses.rows())? == read,
        || "the status table that stays open has other rows than the one that is read at once",
    )?;
    advises("the store table", &stores)?;
    advises("the status table", &statuses)?;
    end(session)
}

fn advises(name: &str, table: &impl RawTable) -> Verdict {
    let mask = EventMask::TABLE_MODIFIED.bits();
    let (sink, heard) = mpsc::channel();
    let advised = table.advise(mask, sink);
    let registration = works(format!("Advise on {name}"), advised)?;
    let nothing = table.advise(0, |_: &Notification| {});
    let what = format!("Advise on {name} for nothing");
    fails(what, nothing, HResult::MAPI_E_INVALID_PARAMETER)?;
    let what = format!("Advise on {name} for new mail");
    let of_mail = table.advise(mask | EventMask::NEW_MAIL.bits(), |_: &Notification| {});
    fails(what, of_mail, HResult::MAPI_E_NO_SUPPORT)?;
    for bit in undefined_events() {
        let advised = table.advise(bit, |_: &Notification| {});
        let what = format!("Advise on {name} for the event {bit:#010X}");
        fails(what, advised, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    works(format!("Unadvise on {name}"), table.unadvise(registration))?;
    ensure(heard.try_recv() == Err(TryRecvError::Disconnected), || {
        format!("Unadvise on {name} has returned, and the sink was not dropped")
    })?;
    for registration in [registration, Connection::new(u64::MAX)] {
        let what = format!("Unadvise on {name} of what is not registered");
        fails(
            what,
            table.unadvise(registration),
            HResult::MAPI_E_NOT_FOUND,
        )?;
    }
    Ok(())
}

pub(super) fn n12<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let (none, mask) = (UiParam::NONE, EventMask::OBJECT_CREATED.bits());
    let sink = |_: &Notification| {};
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    let book = works("OpenAddressBook", session.open_address_book(none, 0))?;
    let registration = works("Advise on the address book", book.advise(None, mask, sink))?;
    if let Some(id) = asked.if_asked(scene.default_store(&session))? {
        let opened = session.open_msg_store(none, Some(id.as_bytes()), 0);
        let store = works("OpenMsgStore", opened)?;
        let what = "the Advise of the address book, on a store";
        fails(what, book.advise(Some(id.as_bytes()), mask, sink), unknown)?;
        let whole = works("Advise on the store", store.advise(None, mask, sink))?;
        works(
            "Advise on the store",
            store.advise(Some(id.as_bytes()), mask, sink),
        )?;
        if let Some(other) = asked.if_asked(scene.item(Item::SecondStore))? {
            let what = "the Advise of a store, on another one";
            let advised = store.advise(Some(other.as_bytes()), mask, sink);
            fails(what, advised, unknown)?;
        }
        works("Unadvise on the store", store.unadvise(whole))?;
        let what = "Unadvise on the store, twice";
        fails(what, store.unadvise(whole), HResult::MAPI_E_NOT_FOUND)?;
    }
    works("Unadvise on the address book", book.unadvise(registration))?;
    let what = "Unadvise on the address book, twice";
    fails(what, book.unadvise(registration), HResult::MAPI_E_NOT_FOUND)?;
    end(session)
}

pub(super) fn n14<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let flags = InitFlags::MULTITHREAD_NOTIFICATIONS.bits();
    let scene = asked.scene_with(Setting::Plain, flags)?;
    let (other, session) = (scene.shared()?, scene.join()?);
    let (told, heard) = mpsc::channel();
    let sink = move |_: &Notification| {
        let _ = told.send(thread::current().id());
    };
    works(
        "Advise on the session",
        session.advise(None, ENDS.bits(), sink),
    )?;
    log_off(&other, LogoffFlags::SHARED)?;
    let limit = Duration::from_secs(10);
    let threads = [heard.recv_timeout(limit), heard.recv_timeout(limit)];
    let [Ok(one), Ok(two)] = threads else {
        return ensure(false, || format!("no two events came within {limit:?}"));
    };
    ensure(
        one != thread::current().id() && one == two,
        || "with MAPI_MULTITHREAD_NOTIFICATIONS a sink was not called on a thread that is there for it",
    )?;
    end(session)
}

fn undefined_events() -> impl Iterator<Item = u32> {
    undefined_bits(EventMask::all().bits())
}
