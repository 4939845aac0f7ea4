//! `examples/read_by_com` over `Outlook`.

use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
use mapi_session::property::{PropName, PropTag, PropType, Property, PropertyValue};
use mapi_session::testing::Recorder;
use mapi_session::{LogoffFlags, LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
use mapi_session_outlook::Outlook;

use crate::{fake, reader};

const LONG: usize = 10_000;

fn memory() -> Memory {
    let inbox = Folder::new("Inbox")
        .message(
            Message::new()
                .subject("Trees")
                .body("ä".repeat(LONG))
                .attachment("oak.txt", vec![7; LONG])
                .attachment("elm.txt", "bytes"),
        )
        .message(Message::new().subject("No more").body("short"));
    let store = Store::new("Mailbox").default_store().folder(inbox);
    let profile = Profile::new("P").default_profile().store(store);
    let memory = Memory::builder().profile(profile).largest_value(1_000);
    memory.build().unwrap()
}

/// As Outlook does it, when a user sets a category.
fn set_keywords(memory: &Memory, keywords: &[&str]) {
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let session = mapi.logon(&LogonRequest::default_profile()).unwrap();
    let store = session
        .open_default_store(OpenStoreFlags::BEST_ACCESS)
        .unwrap();
    let inbox = store.open_receive_folder("IPM.Note").unwrap();
    let table = inbox.contents_table(&[PropTag::ENTRYID]).unwrap();
    let row = table.rows().next().unwrap().unwrap();
    let entry_id = row.entry_id(PropTag::ENTRYID).unwrap();
    let message = store.open_entry(&entry_id, OpenEntryFlags::MODIFY).unwrap();
    let message = message.into_message().unwrap();
    let name = PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords");
    let tag = message.ids_from_names(&[name], true).unwrap()[0].unwrap();
    let texts = keywords.iter().map(|it| (*it).to_owned()).collect();
    let tag = tag.with_type(PropType::UNICODE.multiple());
    message
        .set_props(&[Property::new(tag, PropertyValue::MvString(texts))])
        .unwrap();
    message.save_changes().unwrap();
    drop((message, table, inbox, store));
    session.logoff(LogoffFlags::empty()).unwrap();
}

/// O1, R1, R3, R4, C6: all that it opens through COM is released before Logoff.
#[test]
fn what_is_in_messages_is_read_through_com_and_the_session_ends_in_order() {
    fake::load();
    let memory = memory();
    set_keywords(&memory, &["garden", "wood"]);
    let recorder = Recorder::new(memory);
    fake::runs_over(recorder.clone());
    let mapi = Mapi::initialize(Outlook::new()).unwrap();
    let mut lines = Vec::new();
    let request = LogonRequest::default_profile();
    reader::read(&mapi, &request, &mut |line| lines.push(line)).unwrap();
    drop(mapi);
    assert!(lines.remove(0) == format!("Trees: {}", "ä".repeat(LONG)));
    assert_eq!(
        lines,
        [
            "  keyword garden",
            "  keyword wood",
            "  attachment oak.txt, 10000 bytes",
            "  attachment elm.txt, 5 bytes",
            "No more: short",
        ]
    );
    recorder.ends_in_order().unwrap();
    recorder.assert_clean();
}
