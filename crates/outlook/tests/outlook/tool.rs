//! `examples/mail_tool.rs` over `Outlook`: what reaches the fake Outlook, to the line.

use std::time::Duration;

use mapi_session::error::Call;
use mapi_session::memory::Memory;
use mapi_session::testing::{RecordedCall, Recorder};
use mapi_session::{LogoffFlags, LogonRequest, Mapi, OpenStoreFlags};
use mapi_session_outlook::{Outlook, outlook_mapi::sys};

use crate::{fake, mail_tool};

fn run(
    memory: Memory,
) -> (
    Recorder<Memory>,
    Vec<String>,
    Result<(), mapi_session::Error>,
) {
    fake::load();
    let recorder = Recorder::new(memory.clone());
    fake::runs_over(recorder.clone());
    let mut lines = Vec::new();
    let (request, patience) = (LogonRequest::default_profile(), Duration::from_secs(60));
    let mut say = |line: String| {
        if line.starts_with("Waiting") {
            mail_tool::arrive(&memory).unwrap();
        }
        lines.push(line);
    };
    let done = Mapi::initialize(Outlook::new())
        .and_then(|mapi| mail_tool::run(&mapi, &request, patience, &mut say));
    (recorder, lines, done)
}

/// The documented order of ending a session: registrations, objects, Logoff, Release,
/// MAPIUninitialize.
#[test]
fn the_tool_ends_its_session_in_order() {
    let (recorder, lines, done) = run(mail_tool::outlook(mail_tool::mailbox()).build().unwrap());
    done.unwrap();
    assert_eq!(
        lines,
        [
            "Unread: Kim Akers: Order 12 (2025-08-18)",
            "Waiting for new mail.",
            "New: Ana Trujillo: Lunch? (2025-08-19)",
            "Answered Ana Trujillo.",
            "Logged off.",
        ]
    );
    recorder.ends_in_order().unwrap();
    recorder.assert_clean();
    let calls: Vec<_> = recorder.calls().iter().map(line).collect();
    assert_eq!(calls, EXPECTED);
}

/// Without its number, and without the place that it came from.
fn line(call: &RecordedCall) -> String {
    let line = call.to_string();
    let line = line
        .trim_start()
        .trim_start_matches(|it: char| it.is_ascii_digit());
    let line = line.trim_start().split("  // ").next().unwrap();
    // Identifiers are Memory's own.
    let long = line.split_once("lpEntryID = 00");
    long.map_or(line, |(before, _)| before).trim_end().into()
}

const EXPECTED: &[&str] = &[
    "MAPIInitialize(ulVersion = 0x0, ulFlags = 0x0) -> S_OK",
    "MAPILogonEx(ulUIParam = 0x0, lpszProfileName = NULL, lpszPassword = NULL, \
     flFlags = 0x80000062) -> S_OK, #1",
    "#1 IMAPISession::Advise(lpEntryID = NULL, ulEventMask = 0x1) -> S_OK",
    "#1 IMAPISession::GetMsgStoresTable(ulFlags = 0x80000000) -> S_OK, #2",
    "#2 HrQueryAllRows() -> S_OK",
    "#2 IUnknown::Release()",
    "#1 IMAPISession::OpenMsgStore(ulUIParam = 0x0,",
    "#3 IMsgStore::Advise(lpEntryID = NULL, ulEventMask = 0x2) -> S_OK",
    "#3 IMsgStore::GetReceiveFolder(lpszMessageClass = \"IPM.Note\", ulFlags = 0x80000000) -> S_OK",
    "#3 IMsgStore::OpenEntry(",
    "#4 IMAPIContainer::GetContentsTable(ulFlags = 0x80000000) -> S_OK, #5",
    "#5 IMAPITable::SetColumns(lpPropTagArray = {0x0C1A001F, 0x0C1E001F, 0x0C1F001F, 0x0037001F, \
     0x0E060040}, ulFlags = 0x0) -> S_OK",
    "#5 IMAPITable::Restrict(lpRestriction = 1 terms, ulFlags = 0x0) -> S_OK",
    "#5 IMAPITable::SortTable(lpSortCriteria = {0x0E060040}, ulFlags = 0x0) -> S_OK",
    "#5 IMAPITable::QueryRows(lRowCount = 50, ulFlags = 0x0) -> S_OK",
    "#5 IMAPITable::QueryRows(lRowCount = 50, ulFlags = 0x0) -> S_OK",
    "#5 IUnknown::Release()",
    "#4 IUnknown::Release()",
    "#3 IMsgStore::OpenEntry(",
    "#6 IMAPIProp::GetProps(lpPropTagArray = {0x0C1A001F, 0x0C1E001F, 0x0C1F001F, 0x0037001F, \
     0x0E060040}, ulFlags = 0x80000000) -> S_OK",
    "#3 IMAPIProp::GetProps(lpPropTagArray = {0x35E20102}, ulFlags = 0x80000000) -> S_OK",
    "#3 IMsgStore::OpenEntry(",
    "#7 IMAPIFolder::CreateMessage(ulFlags = 0x0) -> S_OK, #8",
    "#8 IMAPIProp::SetProps(lpPropArray = 0x3) -> S_OK",
    "#8 IMessage::ModifyRecipients(ulFlags = 0x0, lpMods = 0x1) -> S_OK",
    "#8 IMessage::SubmitMessage(ulFlags = 0x0) -> S_OK",
    "#8 IUnknown::Release()",
    "#7 IUnknown::Release()",
    "#6 IUnknown::Release()",
    "#3 IMsgStore::Unadvise(ulConnection = 0x100000003) -> S_OK",
    "#3 IMsgStore::StoreLogoff(*lpulFlags = 0x1) -> S_OK",
    "#3 IUnknown::Release()",
    "#1 IMAPISession::Unadvise(ulConnection = 0x100000001) -> S_OK",
    "#1 IMAPISession::Logoff(ulUIParam = 0x0, ulFlags = 0x0, ulReserved = 0x0) -> S_OK",
    "#1 IUnknown::Release()",
    "MAPIUninitialize()",
];

/// O1: what a program opens through the COM interface is released before Logoff, and reads what our own
/// objects read.
#[test]
fn what_is_opened_through_com_is_bound_to_its_session() {
    fake::load();
    let recorder = Recorder::new(mail_tool::outlook(mail_tool::mailbox()).build().unwrap());
    fake::runs_over(recorder.clone());
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let session = mapi.logon(&LogonRequest::default_profile()).unwrap();
    let entry_id = session.msg_stores_table().unwrap().rows()[0]
        .entry_id()
        .clone();
    let mut bytes = entry_id.as_bytes().to_vec();
    let mut store = None;
    // SAFETY: the identifier is as long as it says, and the store is taken as what the call gives.
    unsafe {
        session.raw().as_com().OpenMsgStore(
            0,
            bytes.len() as u32,
            bytes.as_mut_ptr().cast(),
            std::ptr::null_mut(),
            sys::MAPI_BEST_ACCESS,
            (&raw mut store).cast(),
        )
    }
    .unwrap();
    let store: sys::IMsgStore = store.unwrap();
    let bound = session.bind(store);
    let ours = session
        .open_msg_store(&entry_id, OpenStoreFlags::empty())
        .unwrap();
    let name = |store: &sys::IMsgStore| {
        let (mut count, mut values) = (0, std::ptr::null_mut());
        let mut tags = [1, sys::PR_DISPLAY_NAME_W];
        // SAFETY: there is one tag, and the values are freed once, after the text is copied.
        unsafe {
            store
                .GetProps(tags.as_mut_ptr().cast(), 0, &raw mut count, &raw mut values)
                .unwrap();
            let name = (*values).Value.lpszW.to_string().unwrap();
            sys::MAPIFreeBuffer(values.cast());
            name
        }
    };
    assert_eq!(name(&bound), ours.info().unwrap().display_name());
    assert_eq!(name(ours.raw().as_com()), name(&bound));
    drop((ours, bound));
    session.logoff(LogoffFlags::empty()).unwrap();
    drop(mapi);
    recorder.ends_in_order().unwrap();
    recorder.assert_clean();
}

#[test]
fn a_logon_that_fails_is_told_in_one_line() {
    let (recorder, lines, done) = run(Memory::default());
    assert_eq!(
        done.unwrap_err().to_string(),
        "MAPILogonEx: MAPI_E_LOGON_FAILED (0x80040111): The logon failed; most often the profile \
         or the password is wrong."
    );
    assert_eq!(lines, [""; 0]);
    assert_eq!(recorder.count(Call::UNINITIALIZE), 1);
}
