//! The five kinds of program that use a session, each over any subsystem and in under sixty lines, and
//! each tested over the one in memory.
#![cfg(feature = "memory")]
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use mapi_session::memory::{Folder, Memory, Message, Profile, Store, Transport};
use mapi_session::property::PropTag;
use mapi_session::{Adopted, LogoffFlags, LogonRequest, Mapi};

/// Shows the unread mail of the Inbox, with its text and its attachments.
mod reader {
    use mapi_session::flags::MessageFlags;
    use mapi_session::property::PropTag;
    use mapi_session::subsystem::Subsystem;
    use mapi_session::table::Restriction;
    use mapi_session::{Error, LogoffFlags, LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};

    pub(crate) fn run<B: Subsystem>(mapi: &Mapi<B>) -> Result<Vec<String>, Error> {
        let session = mapi.logon(&LogonRequest::default_profile())?;
        let mut lines = Vec::new();
        let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
        let inbox = store.open_receive_folder("IPM.Note")?;
        let table = inbox.contents_table(&[PropTag::ENTRYID, PropTag::SUBJECT])?;
        table.restrict(&Restriction::has_none_of(
            PropTag::MESSAGE_FLAGS,
            MessageFlags::READ.bits(),
        ))?;
        for row in table.rows() {
            let row = row?;
            let Some(entry_id) = row.entry_id(PropTag::ENTRYID) else {
                continue;
            };
            let entry = store.open_entry(&entry_id, OpenEntryFlags::empty())?;
            let Ok(message) = entry.into_message() else {
                continue;
            };
            let props = message.props(&[PropTag::BODY])?;
            let subject = row.text(PropTag::SUBJECT).unwrap_or_default();
            let body = props.text(PropTag::BODY).unwrap_or("no text");
            lines.push(format!("{subject}: {body}"));
            let columns = [PropTag::ATTACH_NUM, PropTag::ATTACH_LONG_FILENAME];
            for row in message.attachment_table(&columns)?.rows() {
                let row = row?;
                let number = row.bits(PropTag::ATTACH_NUM).unwrap_or_default();
                let attachment = message.open_attachment(number)?;
                let bytes = attachment.read_stream(PropTag::ATTACH_DATA_BIN)?;
                let name = row.text(PropTag::ATTACH_LONG_FILENAME).unwrap_or("a file");
                lines.push(format!("{name}: {} bytes", bytes.len()));
            }
        }
        drop((table, inbox, store));
        session.logoff(LogoffFlags::empty())?;
        Ok(lines)
    }
}

#[test]
fn a_reader_shows_texts_and_attachments_of_unread_mail() {
    let order = Message::from("Order").body("Ten oaks.").unread();
    let order = order.attachment("oak.txt", "bytes");
    let memory = memory(Folder::new("Inbox").message("Old news").message(order));
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    assert_eq!(
        reader::run(&mapi).unwrap(),
        ["Order: Ten oaks.", "oak.txt: 5 bytes"]
    );
    assert_eq!(memory.open_sessions(), 0);
}

/// Waits for new mail, until the session ends or nothing has come for so long.
mod watcher {
    use std::sync::mpsc;
    use std::time::Duration;

    use mapi_session::property::PropTag;
    use mapi_session::session::registration::ObjectRegistration;
    use mapi_session::subsystem::Subsystem;
    use mapi_session::{
        Error, EventMask, LogoffFlags, LogonRequest, Mapi, Notification, OpenEntryFlags,
        OpenStoreFlags,
    };

    pub(crate) fn run<B: Subsystem>(
        mapi: &Mapi<B>,
        patience: Duration,
        mut say: impl FnMut(&str),
    ) -> Result<(), Error> {
        let session = mapi.logon(&LogonRequest::default_profile().allow_others())?;
        let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
        let (sink, events) = mpsc::channel();
        let end = session.advise_sink(EventMask::CRITICAL_ERROR, sink.clone())?;
        let mail = ObjectRegistration::with_store(&store, None, EventMask::NEW_MAIL, sink)?;
        say("Watching.");
        while let Ok(event) = events.recv_timeout(patience) {
            match event {
                Notification::NewMail(mail) => {
                    let entry = store.open_entry(mail.entry_id(), OpenEntryFlags::empty())?;
                    if let Ok(message) = entry.into_message() {
                        let props = message.props(&[PropTag::SUBJECT])?;
                        say(props.text(PropTag::SUBJECT).unwrap_or_default());
                    }
                }
                event if event.ends_session() => break,
                _ => {}
            }
        }
        drop((mail, end));
        drop(store);
        session.logoff(LogoffFlags::empty())?;
        Ok(())
    }
}

#[test]
fn a_watcher_tells_new_mail_until_the_session_ends() {
    let memory = memory(Folder::new("Inbox"));
    let inbox = memory.entry_id("Outlook", &["Mailbox", "Inbox"]).unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let mut told = Vec::new();
    let watched = watcher::run(&mapi, Duration::from_secs(10), |subject| {
        match subject {
            "Watching." => {
                memory.deliver(&inbox, "One").unwrap();
                memory.deliver(&inbox, "Two").unwrap();
            }
            "Two" => {
                let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
                other.logoff(LogoffFlags::SHARED).unwrap();
            }
            _ => {}
        }
        told.push(subject.to_owned());
    });
    watched.unwrap();
    assert_eq!(told, ["Watching.", "One", "Two"]);
    assert_eq!(memory.open_sessions(), 0);
}

/// Sends a message with an attachment.
mod sender {
    use mapi_session::property::{PropTag, Property};
    use mapi_session::subsystem::Subsystem;
    use mapi_session::types::Recipient;
    use mapi_session::{Error, LogoffFlags, LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};

    const ATTACH_BY_VALUE: i32 = 1;

    /// Whether the store has an Outbox to send from.
    pub(crate) fn run<B: Subsystem>(mapi: &Mapi<B>, to: &str, text: &str) -> Result<bool, Error> {
        let session = mapi.logon(&LogonRequest::default_profile())?;
        let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
        let props = store.props(&[PropTag::IPM_OUTBOX_ENTRYID])?;
        let outbox = match props.entry_id(PropTag::IPM_OUTBOX_ENTRYID) {
            Some(id) => store
                .open_entry(&id, OpenEntryFlags::MODIFY)?
                .into_folder()
                .ok(),
            None => None,
        };
        if let Some(outbox) = &outbox {
            let message = outbox.create_message()?;
            message.set_props(&[
                Property::new(PropTag::SUBJECT, "A note"),
                Property::new(PropTag::BODY, text),
            ])?;
            message.set_recipients([Recipient::new(to).address("SMTP", to)])?;
            let attachment = message.create_attachment()?;
            attachment.set_props(&[
                Property::new(PropTag::ATTACH_METHOD, ATTACH_BY_VALUE),
                Property::new(PropTag::ATTACH_LONG_FILENAME, "note.txt"),
                Property::new(PropTag::ATTACH_DATA_BIN, text.as_bytes()),
            ])?;
            attachment.save_changes()?;
            message.submit()?;
        }
        let is_sent = outbox.is_some();
        drop((outbox, store));
        session.logoff(LogoffFlags::empty())?;
        Ok(is_sent)
    }
}

#[test]
fn a_sender_submits_a_message_to_its_recipient() {
    let memory = memory(Folder::new("Outbox"));
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    assert!(sender::run(&mapi, "kim@contoso.com", "Hello").unwrap());
    let store = memory.entry_id("Outlook", &["Mailbox"]).unwrap();
    let submitted = memory.submitted(&store);
    assert_eq!(submitted.len(), 1);
    assert_eq!(submitted[0].props().text(PropTag::BODY), Some("Hello"));
    let recipients = submitted[0].recipients();
    assert_eq!(recipients[0].email_address(), Some("kim@contoso.com"));
    let attachment = &submitted[0].attachments()[0];
    assert_eq!(
        attachment.binary(PropTag::ATTACH_DATA_BIN),
        Some(&b"Hello"[..])
    );
    assert_eq!(memory.open_sessions(), 0);
}

/// Counts the mail of all folders of all stores, without a user.
mod service {
    use mapi_session::property::PropTag;
    use mapi_session::subsystem::Subsystem;
    use mapi_session::{
        Error, LogoffFlags, LogonRequest, Mapi, MsgStore, OpenEntryFlags, OpenStoreFlags,
    };

    pub(crate) fn run<B: Subsystem>(
        mapi: &Mapi<B>,
        profile: &str,
        mut say: impl FnMut(String),
    ) -> Result<(), Error> {
        let session = mapi.logon(&LogonRequest::new_session(profile))?;
        for row in &session.msg_stores_table()? {
            let name = row.display_name();
            let flags = OpenStoreFlags::BEST_ACCESS | OpenStoreFlags::NO_DIALOG;
            let counted = session
                .open_msg_store(row.entry_id(), flags)
                .and_then(|store| count(&store));
            match counted {
                Ok((messages, unread)) => say(format!("{name}: {messages}, {unread} unread")),
                Err(error) => say(format!("{name} is left out: {}", error.hresult())),
            }
        }
        session.logoff(LogoffFlags::empty())?;
        Ok(())
    }

    fn count<B: Subsystem>(store: &MsgStore<'_, B>) -> Result<(u32, u32), Error> {
        let root = store.open_root_folder(OpenEntryFlags::BEST_ACCESS)?;
        let columns = [PropTag::CONTENT_COUNT, PropTag::CONTENT_UNREAD];
        let (mut messages, mut unread) = (0, 0);
        for row in root.deep_hierarchy_table(&columns)?.rows() {
            let row = row?;
            messages += row.bits(PropTag::CONTENT_COUNT).unwrap_or(0);
            unread += row.bits(PropTag::CONTENT_UNREAD).unwrap_or(0);
        }
        Ok((messages, unread))
    }
}

#[test]
fn a_service_walks_all_stores_and_names_one_that_will_not_open() {
    let deep = Folder::new("2025").message(Message::from("New").unread());
    let inbox = Folder::new("Inbox").message("Old news").folder(deep);
    let profile = profile(inbox)
        .store(Store::new("Archive").folder(Folder::new("2024").message("Older")))
        .store(Store::new("Locked").unconfigured());
    let memory = Memory::builder().profile(profile).build().unwrap();
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let mut lines = Vec::new();
    service::run(&mapi, "Outlook", |line| lines.push(line)).unwrap();
    assert_eq!(
        lines,
        [
            "Mailbox: 2, 1 unread",
            "Archive: 1, 0 unread",
            "Locked is left out: MAPI_E_LOGON_FAILED (0x80040111)",
        ]
    );
    assert_eq!(memory.open_sessions(), 0);
}

/// Lives in another program, whose session it uses until that ends it.
mod add_in {
    use std::sync::mpsc::{self, Receiver};

    use mapi_session::session::registration::Registration;
    use mapi_session::subsystem::Subsystem;
    use mapi_session::{Adopted, Error, EventMask, Notification, OpenStoreFlags};

    pub(crate) struct AddIn<B: Subsystem> {
        _registration: Registration<'static, B>,
        events: Receiver<Notification>,
        session: Adopted<B>,
    }

    impl<B: Subsystem> AddIn<B> {
        pub(crate) fn connect(session: Adopted<B>) -> Result<Self, Error> {
            let (sink, events) = mpsc::channel();
            let mask = EventMask::CRITICAL_ERROR;
            let registration = Registration::advise(session.clone(), None, mask, sink)?;
            Ok(Self {
                _registration: registration,
                events,
                session,
            })
        }

        pub(crate) fn store_name(&self) -> Result<String, Error> {
            let store = self
                .session
                .open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            Ok(store.info()?.display_name().to_owned())
        }

        /// Whether the host ends the session: all that is left is to release it, by dropping this.
        pub(crate) fn is_over(&self) -> bool {
            self.events.try_iter().any(|event| event.ends_session())
        }
    }
}

#[test]
fn an_add_in_releases_the_session_of_its_host_when_that_ends() {
    let memory = memory(Folder::new("Inbox"));
    let mapi = Mapi::initialize(memory.clone()).unwrap();
    let host = mapi.logon(&LogonRequest::default_profile().allow_others());
    let host = Arc::new(host.unwrap());
    let add_in = add_in::AddIn::connect(Adopted::from(Arc::clone(&host))).unwrap();
    assert_eq!(add_in.store_name().unwrap(), "Mailbox");
    assert!(!add_in.is_over());
    let other = mapi.logon(&LogonRequest::join_shared()).unwrap();
    other.logoff(LogoffFlags::SHARED).unwrap();
    assert!(add_in.is_over());
    drop(add_in);
    let host = Arc::into_inner(host).unwrap();
    host.logoff(LogoffFlags::empty()).unwrap();
    assert_eq!(memory.open_sessions(), 0);
}

fn memory(folder: Folder) -> Memory {
    Memory::builder().profile(profile(folder)).build().unwrap()
}

fn profile(folder: Folder) -> Profile {
    let mailbox = Store::new("Mailbox").default_store().folder(folder);
    let smtp = Transport::new("Internet Mail").address_type("SMTP");
    let profile = Profile::new("Outlook").default_profile();
    profile.store(mailbox).transport(smtp)
}
