//! What several tests need.

#![allow(dead_code)] // Each test uses its part.
#![allow(clippy::panic)]

use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::process;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use mapi_session::memory::{Memory, MemorySession, Message};
use mapi_session::subsystem::{RawResult, Subsystem};
use mapi_session::{
    AdviseSink, EntryId, Error, HResult, Live, LogoffFlags, LogonRequest, Mapi, Notification,
    ProfileAdmin, Session, UiParam,
};

/// A session on the profile "Outlook".
#[track_caller]
pub(crate) fn logon(memory: &Memory) -> Session<Live, Memory> {
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    mapi.logon(&LogonRequest::new_session("Outlook")).unwrap()
}

/// A message that can be submitted.
pub(crate) fn letter(subject: &str) -> Message {
    Message::from(subject).to("Kim Akers")
}

/// As [`logon`], below the typed layer.
#[track_caller]
pub(crate) fn raw_logon(memory: &Memory) -> MemorySession {
    memory.initialize(0, 0).unwrap();
    let flags = LogonRequest::new_session("Outlook").raw_flags();
    let session = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    session.unwrap().ignore_warning()
}

/// For tests that administer profiles besides what they are about.
pub(crate) trait Profiles {
    /// Profile administration, with an initialisation of its own.
    fn profiles(&self) -> ProfileAdmin<Memory>;
}

impl Profiles for Memory {
    #[track_caller]
    fn profiles(&self) -> ProfileAdmin<Memory> {
        let mapi = Mapi::initialize(self.clone()).unwrap();
        mapi.admin_profiles().unwrap()
    }
}

#[track_caller]
pub(crate) fn logoff<B: Subsystem>(session: Session<Live, B>) {
    session.logoff(LogoffFlags::empty()).unwrap();
}

/// The entry identifier of what the profile "Outlook" holds.
#[track_caller]
pub(crate) fn id(memory: &Memory, path: &[&str]) -> EntryId {
    memory.entry_id("Outlook", path).unwrap()
}

pub(crate) fn code<T>(result: Result<T, Error>) -> HResult {
    result.map_or_else(|error| error.hresult(), |_| HResult::S_OK)
}

pub(crate) fn raw_code<T>(result: RawResult<T>) -> HResult {
    result.map_or_else(|failure| failure.hresult(), |success| success.hresult())
}

/// How long a test waits for what another thread, or the drop of a sink, is to tell it.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// Nothing was told, and the sink is gone.
#[track_caller]
pub(crate) fn assert_gone<T>(told: &Receiver<T>) {
    let told = told.recv_timeout(SOON);
    assert_eq!(told.err(), Some(RecvTimeoutError::Disconnected));
}

/// Ends the process if it is not dropped in time, with the test that hangs: one whose threads wait for each
/// other for ever cannot fail otherwise, because a scope waits for its threads.
pub(crate) struct Watchdog(#[allow(dead_code)] mpsc::Sender<()>);

impl Watchdog {
    #[track_caller]
    pub(crate) fn new() -> Self {
        let test = Location::caller();
        let (alive, ended) = mpsc::channel();
        thread::spawn(move || {
            if ended.recv_timeout(SOON) == Err(RecvTimeoutError::Timeout) {
                eprintln!("the test at {test} hangs");
                process::abort();
            }
        });
        Self(alive)
    }
}

/// Whatever takes so long hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// Does it on a thread of its own, and fails if that hangs.
#[track_caller]
pub(crate) fn in_time<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, end) = mpsc::channel();
    let thread = thread::spawn(move || {
        let result = catch_unwind(AssertUnwindSafe(act));
        let _ = done.send(());
        result
    });
    match end.recv_timeout(LIMIT) {
        Err(RecvTimeoutError::Timeout) => panic!("hangs"),
        _ => match thread.join().unwrap() {
            Ok(value) => value,
            Err(panic) => resume_unwind(panic),
        },
    }
}

/// A sink, or what a closure holds, that panics when it is dropped.
pub(crate) struct Bomb;

impl AdviseSink for Bomb {
    fn on_notify(&self, _: &Notification) {}
}

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("bomb");
    }
}

pub(crate) fn value<T>(result: RawResult<T>) -> Result<T, HResult> {
    result
        .map(|success| success.into_parts().0)
        .map_err(|failure| failure.hresult())
}
