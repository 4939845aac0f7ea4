//! What several tests need.

#![allow(dead_code, unused_macros)] // Each test uses its part.
#![allow(clippy::panic)]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use mapi_session::memory::{Memory, MemorySession};
use mapi_session::subsystem::{RawResult, Subsystem};
use mapi_session::{
    EntryId, Error, HResult, Live, LogoffFlags, LogonRequest, Mapi, Session, UiParam,
};

/// A session on the profile "Outlook".
#[track_caller]
pub(crate) fn logon(memory: &Memory) -> Session<Live, Memory> {
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    mapi.logon(&LogonRequest::new_session("Outlook")).unwrap()
}

/// The same below the typed layer.
#[track_caller]
pub(crate) fn raw_logon(memory: &Memory) -> MemorySession {
    memory.initialize(0, 0).unwrap();
    let flags = LogonRequest::new_session("Outlook").raw_flags();
    let session = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
    session.unwrap().ignore_warning()
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

pub(crate) fn value<T>(result: RawResult<T>) -> Result<T, HResult> {
    result
        .map(|success| success.into_parts().0)
        .map_err(|failure| failure.hresult())
}

/// The methods of `RawSession` that hand the call on to `self.below`, of the type given; all but those
/// that open a store, register, log off or show a form.
macro_rules! hand_on {
    ($below:ty) => {
        type Object = <$below as RawSession>::Object;
        type ProfileSection = <$below as RawSession>::ProfileSection;
        type ServiceAdmin = <$below as RawSession>::ServiceAdmin;

        fn last_error(
            &self,
            hresult: mapi_session::HResult,
            flags: u32,
        ) -> RawResult<Option<mapi_session::error::MapiError>> {
            self.below.last_error(hresult, flags)
        }

        fn open_address_book(
            &self,
            ui_param: mapi_session::UiParam,
            flags: u32,
        ) -> RawResult<Self::Object> {
            self.below.open_address_book(ui_param, flags)
        }

        fn open_profile_section(
            &self,
            uid: mapi_session::MapiUid,
            flags: u32,
        ) -> RawResult<Self::ProfileSection> {
            self.below.open_profile_section(uid, flags)
        }

        fn status_table(&self, flags: u32) -> RawResult<mapi_session::table::StatusTable> {
            self.below.status_table(flags)
        }

        fn compare_entry_ids(
            &self,
            one: Option<&[u8]>,
            other: Option<&[u8]>,
            flags: u32,
        ) -> RawResult<bool> {
            self.below.compare_entry_ids(one, other, flags)
        }

        fn message_options(
            &self,
            ui_param: mapi_session::UiParam,
            flags: u32,
            address_type: &str,
            message: &Self::Object,
        ) -> RawResult<()> {
            self.below
                .message_options(ui_param, flags, address_type, message)
        }

        fn query_default_message_opt(
            &self,
            address_type: &str,
            flags: u32,
        ) -> RawResult<Vec<mapi_session::property::Property>> {
            self.below.query_default_message_opt(address_type, flags)
        }

        fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
            self.below.enum_adr_types(flags)
        }

        fn query_identity(&self) -> RawResult<mapi_session::EntryId> {
            self.below.query_identity()
        }

        fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
            self.below.set_default_store(flags, entry_id)
        }

        fn admin_services(&self, flags: u32) -> RawResult<Self::ServiceAdmin> {
            self.below.admin_services(flags)
        }

        fn prepare_form(
            &self,
            message: &Self::Object,
        ) -> RawResult<mapi_session::types::FormToken> {
            self.below.prepare_form(message)
        }

        fn query_fast_shutdown(&self) -> RawResult<()> {
            self.below.query_fast_shutdown()
        }

        fn notify_process_shutdown(&self) -> RawResult<()> {
            self.below.notify_process_shutdown()
        }

        fn do_fast_shutdown(&self) -> RawResult<()> {
            self.below.do_fast_shutdown()
        }
    };
}
