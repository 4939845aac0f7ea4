//! Layers over a subsystem: what they see, change and answer.

use std::any::Any;
use std::sync::{Arc, Mutex};

use crate::support::{Bomb, raw_code as code};
use mapi_session::error::Call;
use mapi_session::memory::{AddressBook, Folder, Memory, Profile, Store};
use mapi_session::notification::Connection;
use mapi_session::subsystem::{
    RawResult, RawSession, Subsystem,
    layer::{Arg, Layer, Layered, OpenKind, RawCall},
};
use mapi_session::types::ObjectType;
use mapi_session::{
    EntryId, HResult, LogoffFlags, LogonFlags, LogonRequest, Mapi, MapiUid, Notification,
    OpenEntryFlags, OpenStoreFlags, UiParam,
};

const NEW: u32 = LogonFlags::NEW_SESSION.bits();

fn memory() -> Memory {
    let profile = Profile::new("Outlook")
        .store(Store::new("Mailbox").default_store())
        .address_book(AddressBook::new("Contacts"));
    Memory::builder().profile(profile).build().unwrap()
}

/// A layer whose stores have another root.
struct Uprooted(&'static [u8]);

impl Layer for Uprooted {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        if call.arg("lpEntryID") == Some(Arg::Bytes(None)) {
            call.set("lpEntryID", Arg::Bytes(Some(self.0)));
        }
        below(call)
    }
}

// M14
#[test]
fn a_root_that_is_no_folder_is_an_error() {
    let inbox = Folder::new("Inbox").message("Hello");
    let store = Store::new("Mailbox").folder(inbox);
    let memory = Memory::builder().profile(Profile::new("Outlook").store(store));
    let memory = memory.build().unwrap();
    let id = |path: &[&str]| memory.entry_id("Outlook", path).unwrap();
    for (path, is_folder) in [
        (&["Mailbox", "Inbox"][..], true),
        (&["Mailbox", "Inbox", "Hello"], false),
    ] {
        let root = Box::leak(id(path).as_bytes().into());
        let mapi = Mapi::initialize(Layered::new(memory.clone(), Uprooted(root))).unwrap();
        let session = mapi.logon(&LogonRequest::new_session("Outlook")).unwrap();
        let store = session.open_msg_store(&id(&["Mailbox"]), OpenStoreFlags::empty());
        let store = store.unwrap();
        match store.open_root_folder(OpenEntryFlags::empty()) {
            Ok(folder) => {
                assert!(is_folder);
                assert_eq!(folder.info().unwrap().display_name(), "Inbox");
            }
            Err(error) => {
                assert!(!is_folder);
                assert_eq!(error.call(), Call::STORE_OPEN_ENTRY);
                assert_eq!(error.hresult(), HResult::MAPI_E_CALL_FAILED);
                assert!(error.to_string().contains("of another type"), "{error}");
            }
        }
        drop(store);
        session.logoff(LogoffFlags::empty()).unwrap();
    }
}

/// A layer that changes calls by a function.
struct Changing(fn(&mut RawCall<'_>) -> bool);

impl Layer for Changing {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        (self.0)(call);
        below(call)
    }
}

#[test]
fn a_changed_argument_goes_below() {
    const NOWHERE: &[u8] = &[7; 24];
    type Change = fn(&mut RawCall<'_>) -> bool;
    type Raw = <Layered<Memory, Changing> as Subsystem>::Session;
    type Makes = fn(&Raw) -> HResult;
    let cases: [(Change, Makes, HResult); 8] = [
        (
            |call| call.set("ulFlags", Arg::Number(4)),
            |session| code(session.msg_stores_table(0)),
            HResult::MAPI_E_UNKNOWN_FLAGS,
        ),
        (
            |call| call.set("ulEventMask", Arg::Number(0x1000)),
            |session| code(session.advise(None, 0, |_: &Notification| {})),
            HResult::MAPI_E_UNKNOWN_FLAGS,
        ),
        (
            |call| call.set("lpEntryID", Arg::Bytes(Some(NOWHERE))),
            |session| code(session.open_msg_store(UiParam::NONE, None, 0)),
            HResult::MAPI_E_NOT_FOUND,
        ),
        (
            |call| call.set("lpEntryID2", Arg::Bytes(None)),
            |session| code(session.compare_entry_ids(Some(NOWHERE), Some(NOWHERE), 0)),
            HResult::MAPI_E_UNKNOWN_ENTRYID,
        ),
        (
            |call| call.set("ulConnection", Arg::Connection(Connection::new(99))),
            |session| code(session.unadvise(Connection::new(1))),
            HResult::MAPI_E_NOT_FOUND,
        ),
        (
            |call| call.set("ulReserved", Arg::Number(1)),
            |session| code(session.logoff(UiParam::NONE, 0, 0)),
            HResult::MAPI_E_INVALID_PARAMETER,
        ),
        // Not there, or of another kind: nothing changes.
        (
            |call| call.set("flFlags", Arg::Number(u32::MAX)),
            |session| code(session.status_table(0)),
            HResult::S_OK,
        ),
        (
            |call| call.set("ulFlags", Arg::Uid(Some(MapiUid::default()))),
            |session| code(session.status_table(0)),
            HResult::S_OK,
        ),
    ];
    for (index, (change, makes, wanted)) in cases.into_iter().enumerate() {
        let plain = memory();
        plain.initialize(0, 0).unwrap();
        let layered = Layered::new(plain, Changing(change));
        let session = layered.logon_ex(UiParam::NONE, Some("Outlook"), None, NEW);
        // The seventh changes the flags of the logon, too.
        match session {
            Ok(session) => assert_eq!(makes(&session.ignore_warning()), wanted, "{index}"),
            Err(failure) => assert_eq!(
                (index, failure.hresult()),
                (6, HResult::MAPI_E_UNKNOWN_FLAGS)
            ),
        }
    }
}

/// Answers some calls itself, and notes the rest.
#[derive(Default)]
struct Answering {
    seen: Mutex<Vec<String>>,
    kept: Mutex<Option<Arc<dyn Any + Send + Sync>>>,
}

impl Layer for Answering {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        match call.call() {
            Call::SESSION_QUERY_IDENTITY => return call.answer(EntryId::new([1; 24])),
            Call::SESSION_LOGOFF => return call.answer(()),
            Call::SESSION_ENUM_ADR_TYPES => return call.answer("no list"),
            Call::SESSION_OPEN_ADDRESS_BOOK => return call.answer(()),
            Call::SESSION_ADVISE => return call.answer(Connection::new(5)),
            _ => {}
        }
        let answer = below(call);
        let opened = call.opened().map(|(id, kind)| format!("{kind} {id}"));
        let (session, object) = (call.session().map(|it| it.to_string()), call.object());
        let on = object.map_or_else(|| "the library".into(), |it| it.to_string());
        let line = format!("{} on {on} in {session:?} gives {opened:?}", call.call());
        self.seen.lock().unwrap().push(line);
        answer
    }

    fn released<R: 'static>(&self, call: &RawCall<'_>, below: &Arc<R>) {
        let line = format!("{} of {:?}", call.call(), call.profile());
        self.seen.lock().unwrap().push(line);
        let below = Arc::clone(below);
        let session = (&below as &dyn Any).downcast_ref::<Arc<<Memory as Subsystem>::Session>>();
        if let Some(session) = session {
            *self.kept.lock().unwrap() = Some(Arc::clone(session) as _);
        }
    }
}

#[test]
fn a_layer_answers_itself_and_sees_what_is_opened_and_released() {
    let layered = Layered::new(memory(), Answering::default());
    layered.initialize(0, 0).unwrap();
    let session = layered.logon_ex(UiParam::NONE, Some("Outlook"), None, NEW);
    let session = session.unwrap().ignore_warning();
    let identity = session.query_identity().unwrap().ignore_warning();
    assert_eq!(identity, EntryId::new([1; 24]));
    let unexpected = HResult::E_UNEXPECTED;
    assert_eq!(code(session.enum_adr_types(0)), unexpected);
    assert_eq!(
        code(session.open_address_book(UiParam::NONE, 0)),
        unexpected
    );
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    let mailbox = layered.below().entry_id("Outlook", &["Mailbox"]).unwrap();
    let store = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), 0);
    let entry = session.open_entry(Some(mailbox.as_bytes()), 0);
    drop((store, entry));
    // Nobody has logged it off below, and it is kept.
    drop(session);
    assert_eq!(layered.below().open_sessions(), 1);
    drop(layered.layer().kept.lock().unwrap().take());
    assert_eq!(layered.below().open_sessions(), 0);
    layered.uninitialize();
    assert_eq!(
        *layered.layer().seen.lock().unwrap(),
        [
            "MAPIInitialize on the library in None gives None",
            "MAPILogonEx on the library in None gives Some(\"the session #1\")",
            "IMAPISession::OpenMsgStore on #1 in Some(\"#1\") gives Some(\"the message store #2\")",
            "IMAPISession::OpenEntry on #1 in Some(\"#1\") gives Some(\"the message store #3\")",
            "IUnknown::Release of Some(\"Outlook\")",
            "IUnknown::Release of Some(\"Outlook\")",
            "IUnknown::Release of Some(\"Outlook\")",
            "MAPIUninitialize on the library in None gives None",
        ]
    );
}

// "Nothing panics": the sink of an Advise that a layer answers itself.
#[test]
fn a_sink_that_goes_nowhere_may_panic_when_it_is_dropped() {
    let layered = Layered::new(memory(), Answering::default());
    layered.initialize(0, 0).unwrap();
    let session = layered.logon_ex(UiParam::NONE, Some("Outlook"), None, NEW);
    let session = session.unwrap().ignore_warning();
    let advised = session.advise(None, 0, Bomb).unwrap().ignore_warning();
    assert_eq!(advised, Connection::new(5));
}

/// Makes every call, and fails it.
struct Failing;

impl Layer for Failing {
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let answer = below(call);
        match call.call() {
            Call::LOGON_EX | Call::UNINITIALIZE => Err(HResult::E_FAIL.into()),
            _ => answer,
        }
    }
}

#[test]
fn what_a_layer_takes_for_itself_is_released() {
    let layered = Layered::new(memory(), Failing);
    let mapi = Mapi::initialize(layered.clone()).unwrap();
    mapi.logon(&LogonRequest::new_session("Outlook"))
        .unwrap_err();
    let memory = layered.below();
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 1));
    // An answer to MAPIUninitialize is dropped.
    drop(mapi);
    let administered = code(memory.admin_profiles(0));
    assert_eq!(administered, HResult::MAPI_E_NOT_INITIALIZED);
}

#[test]
fn layers_stack_and_each_numbers_for_itself() {
    let inner = Layered::new(memory(), Answering::default());
    let outer = Layered::new(inner.clone(), Answering::default());
    assert_eq!(outer.has_profile("Outlook"), Some(true));
    assert_eq!(outer.has_profile("Nobody"), Some(false));
    inner.initialize(0, 0).unwrap();
    let logon = |flags| inner.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    let _first = logon(NEW).unwrap();
    let session = outer.logon_ex(UiParam::NONE, Some("Outlook"), None, NEW);
    let mailbox = inner.below().entry_id("Outlook", &["Mailbox"]).unwrap();
    let best = OpenStoreFlags::BEST_ACCESS.bits();
    let session = session.unwrap().ignore_warning();
    let _store = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), best);
    let last = |layered: &dyn Fn() -> Option<String>| layered().unwrap();
    let of_inner = last(&|| inner.layer().seen.lock().unwrap().last().cloned());
    let of_outer = last(&|| outer.layer().seen.lock().unwrap().last().cloned());
    assert!(
        of_inner.contains("on #2") && of_inner.contains("store #3"),
        "{of_inner}"
    );
    assert!(
        of_outer.contains("on #1") && of_outer.contains("store #2"),
        "{of_outer}"
    );
}

#[test]
fn an_argument_reads_as_a_debugger_shows_it() {
    for (arg, shown) in [
        (Arg::Number(0x2A), "0x2A"),
        (Arg::Window(UiParam::new(0xABC)), "0xABC"),
        (Arg::Text(Some("a\"b")), "\"a\\\"b\""),
        (Arg::Text(None), "NULL"),
        (Arg::Bytes(Some(&[1, 0xAB])), "01AB"),
        (Arg::Bytes(None), "NULL"),
        (
            Arg::Uid(Some(MapiUid::new([7; 16]))),
            "07070707070707070707070707070707",
        ),
        (Arg::Uid(None), "NULL"),
        (Arg::Code(HResult::MAPI_E_BUSY), "MAPI_E_BUSY (0x8004010B)"),
        (Arg::Connection(Connection::new(0x1F)), "0x1F"),
        (Arg::Properties(&[]), "0x0"),
    ] {
        assert_eq!(arg.to_string(), shown);
    }
    let kind = OpenKind::EntryObject(ObjectType::MESSAGE);
    assert_eq!(kind.to_string(), "the object");
}
