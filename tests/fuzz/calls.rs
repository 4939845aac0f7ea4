//! Raw calls in any order, with any arguments: also on what has ended, and without the library.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use arbitrary::{Result, Unstructured};
use mapi_session::error::Success;
use mapi_session::flags::FuzzyLevel;
use mapi_session::memory::{
    AddressBook, Answer, Folder, HeldNotifications, Memory, Message, Profile, ProviderCall,
    Service, Store, Transport,
};
use mapi_session::notification::{Connection, ExtendedEvent};
use mapi_session::property::{PropName, PropTag, Property, PropertyValue, Props};
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProfAdmin, RawProp, RawPropTable, RawProviderAdmin,
    RawResult, RawServiceAdmin, RawSession, RawTable, Subsystem, refuses_logoff,
};
use mapi_session::table::{Bookmark, Restriction, SortOrder};
use mapi_session::types::{FormMessage, FormToken};
use mapi_session::{AdviseSink, EntryId, HResult, MapiUid, Notification, UiParam};

const NONE: UiParam = UiParam::NONE;

/// Calls of a subsystem in memory.
pub(crate) fn body(data: &[u8]) {
    calls_over(data, true, Memory::clone);
}

/// Makes calls of the subsystem that is put over one in memory, one after the other, and releases everything.
///
/// Outlook's MAPI does not pass every call on: none after a fast shutdown, so that nothing can be checked then and
/// there is none, and no logoff where the library is not initialised.
pub(crate) fn calls_over<B: Subsystem>(
    data: &[u8],
    passes_all_on: bool,
    over: impl FnOnce(&Memory) -> B,
) {
    let mut u = Unstructured::new(data);
    let mut client = Client::new(passes_all_on, over);
    for _ in 0..500 {
        if u.is_empty() || client.step(&mut u).is_err() {
            break;
        }
    }
    client.end();
}

struct Client<B: Subsystem> {
    /// What is called.
    subsystem: B,
    /// What it is over.
    memory: Memory,
    /// MAPIInitialize less MAPIUninitialize.
    initialized: usize,
    /// Of each session object that there ever was, whether it has ended.
    has_ended: Vec<bool>,
    released_live: usize,
    passes_all_on: bool,
    /// DoFastShutdown has succeeded: nobody logs providers off then (F4).
    is_shut_down: bool,
    objects: Vec<Held<B>>,
    connections: Vec<Connection>,
    held: Option<HeldNotifications>,
    ids: Vec<Vec<u8>>,
    uids: Vec<MapiUid>,
    providers: Arc<Providers>,
    /// Each sink has a share.
    sinks: Arc<()>,
}

/// An object, and the session that it is of. Those of MAPIAdminProfiles are of none.
struct Held<B: Subsystem> {
    session: Option<usize>,
    object: Object<B>,
}

type Entry<B> = <<B as Subsystem>::Session as RawSession>::Object;
type ServiceAdmin<B> = <<B as Subsystem>::Session as RawSession>::ServiceAdmin;

enum Object<B: Subsystem> {
    Session(B::Session),
    Store(<B::Session as RawSession>::MsgStore),
    Entry(Entry<B>),
    Table(<Entry<B> as RawObject>::Table),
    StoreTable(<B::Session as RawSession>::StoreTable),
    StatusTable(<B::Session as RawSession>::StatusTable),
    Section(<B::Session as RawSession>::ProfileSection),
    Profiles(B::ProfileAdmin),
    Services(ServiceAdmin<B>),
    Providers(<ServiceAdmin<B> as RawServiceAdmin>::ProviderAdmin),
}

/// What the providers' hooks answer, and are told.
#[derive(Default)]
struct Providers {
    answers: Mutex<Vec<HResult>>,
    /// How often each is logged on.
    logged_on: Mutex<BTreeMap<&'static str, usize>>,
}

impl Providers {
    fn hook(self: &Arc<Self>, name: &'static str) -> impl Fn(ProviderCall) -> HResult + use<> {
        let providers = Arc::clone(self);
        move |call| {
            let answer = providers.answers.lock().unwrap().pop();
            let answer = answer.unwrap_or(HResult::S_OK);
            let mut logged_on = providers.logged_on.lock().unwrap();
            let count = logged_on.entry(name).or_default();
            match call {
                ProviderCall::LogOn if answer.is_success() => *count += 1,
                // A panic here would be contained, and show at the end only.
                ProviderCall::LogOff => *count = count.wrapping_sub(1),
                _ => {}
            }
            answer
        }
    }
}

struct Sink(#[allow(dead_code, reason = "a share")] Arc<()>);

impl AdviseSink for Sink {
    fn on_notify(&self, _: &Notification) {}
}

impl<B: Subsystem> Client<B> {
    fn new(passes_all_on: bool, over: impl FnOnce(&Memory) -> B) -> Self {
        let providers = Arc::<Providers>::default();
        let letter = Message::from("Hello")
            .body("How are you?")
            .to("Ana")
            .attachment("a.txt", "text");
        let inbox = Folder::new("Inbox")
            .message(letter)
            .message(Message::from("Bye").unread())
            .folder(Folder::new("Deep").message("Hello"));
        let mailbox = Store::new("Mailbox")
            .default_store()
            .identity("Ana")
            .hook(providers.hook("Mailbox"))
            .folder(inbox);
        let archive = Store::new("Archive").read_only().cached();
        let archive = archive.hook(providers.hook("Archive"));
        let book = AddressBook::new("Contacts").mail_user("Ana");
        let mail = Transport::new("Mail")
            .address_type("SMTP")
            .settings_dialog()
            .password("secret");
        let more = Store::new("More").unconfigured().settings_dialog();
        let profile = Profile::new("P")
            .store(mailbox)
            .store(archive)
            .address_book(book.hook(providers.hook("Contacts")))
            .transport(mail.hook(providers.hook("Mail")))
            .service(Service::new("Service").store(more));
        let memory = Memory::builder()
            .profile(profile)
            .profile(Profile::new("Q").default_profile())
            .installed_service(Service::new("Exchange").store(Store::new("New")))
            .store_outside(Store::new("Delegate").folder(Folder::new("Inbox")))
            .session_limit(4)
            .build()
            .unwrap();
        const PATHS: [&[&str]; 6] = [
            &["Mailbox"],
            &["Mailbox", "Inbox"],
            &["Mailbox", "Inbox", "Hello"],
            &["Archive"],
            &["Contacts"],
            &["Contacts", "Ana"],
        ];
        let ids = PATHS.map(|path| memory.entry_id("P", path).unwrap());
        let outside = memory.store_outside(&["Delegate"]).unwrap();
        let ids = ids.iter().chain([&outside]);
        Self {
            ids: ids.map(|it| it.as_bytes().to_vec()).collect(),
            subsystem: over(&memory),
            memory,
            initialized: 0,
            has_ended: Vec::new(),
            released_live: 0,
            passes_all_on,
            is_shut_down: false,
            objects: Vec::new(),
            connections: Vec::new(),
            held: None,
            uids: vec![MapiUid::default(), MapiUid::new([7; 16])],
            providers,
            sinks: Arc::default(),
        }
    }

    fn step(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        if self.has_ended.is_empty() && self.initialized == 0 {
            self.initialize(0);
        }
        match u.int_in_range(0..=31)? {
            0 | 1 => self.logon(u),
            2 => self.call_library(u),
            3 | 4 => self.call_world(u),
            5 if !self.objects.is_empty() => {
                let at = u.choose_index(self.objects.len())?;
                let released = self.objects.swap_remove(at);
                self.release(released);
                Ok(())
            }
            _ if self.objects.is_empty() => self.logon(u),
            _ => self.call_object(u),
        }
    }

    fn initialize(&mut self, flags: u32) {
        // A thread for notifications would make the order that of chance.
        if self.subsystem.initialize(0, flags & !1).is_ok() {
            self.initialized += 1;
        }
    }

    fn logon(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        const FLAGS: [u32; 6] = [0x22, 0x2A, 0x20, 0x21, 0x60, 0x8022];
        let flags = match u.ratio(1, 8)? {
            true => flags(u)?,
            false => *u.choose(&FLAGS)?,
        };
        let (name, password) = (name(u)?, u.ratio(1, 16)?.then_some("secret"));
        let name = u.ratio(7, 8)?.then_some(name);
        let opened = self.subsystem.logon_ex(NONE, name, password, flags);
        if let Some(session) = self.checked(None, opened) {
            self.has_ended.push(false);
            self.objects.push(Held {
                session: Some(self.has_ended.len() - 1),
                object: Object::Session(session),
            });
        }
        Ok(())
    }

    fn call_library(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        match u.int_in_range(0..=7)? {
            0..=2 => self.initialize(0),
            3 => self.initialize(flags(u)?),
            4 => {
                self.subsystem.uninitialize();
                self.initialized = self.initialized.saturating_sub(1);
            }
            _ => {
                let admin = self.subsystem.admin_profiles(u.ratio(1, 8)?.into());
                self.keep(None, admin, Object::Profiles);
            }
        }
        Ok(())
    }

    /// What happens besides the client's calls.
    fn call_world(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        let id = EntryId::new(self.id(u)?);
        match u.int_in_range(0..=9)? {
            0 | 1 => {
                let answer = match u.int_in_range(0..=3)? {
                    0 => Answer::Cancel,
                    1 => Answer::Pick(name(u)?.to_owned()),
                    _ => Answer::Accept,
                };
                self.memory.user().answer(answer);
            }
            2 | 3 => {
                let answer = code(u)?;
                self.providers.answers.lock().unwrap().push(answer);
            }
            4 => {
                let event = Notification::Extended(ExtendedEvent::new(1, []));
                self.memory
                    .notify(u.arbitrary::<bool>()?.then_some(&id), event);
            }
            5 => self.memory.let_time_pass(),
            6 => drop(self.memory.deliver(&id, "New")),
            7 => self.memory.let_arrive(&id, u.int_in_range(0..=3)?),
            8 => match self.held.take() {
                Some(held) => drop(held),
                None => self.held = Some(self.memory.hold_notifications()),
            },
            _ => match u.arbitrary()? {
                true => drop(self.memory.add_store("P", Store::new("Added"))),
                false => drop(self.memory.remove_store("P", &id)),
            },
        }
        Ok(())
    }

    fn call_object(&mut self, u: &mut Unstructured<'_>) -> Result<()> {
        // The newest more often.
        let count = self.objects.len();
        let among = if u.arbitrary()? { count } else { count.min(3) };
        let at = count - 1 - u.choose_index(among)?;
        let held = self.objects.swap_remove(at);
        let (session, arguments) = (held.session, Arguments::read(self, u)?);
        let called = match &held.object {
            Object::Session(it) => self.call_session(u, session, it, &arguments),
            Object::Store(it) => self.call_store(u, session, it, &arguments),
            Object::Entry(it) => self.call_entry(u, session, it, &arguments),
            Object::Table(it) => self.call_table(u, session, it, &arguments),
            Object::StoreTable(it) => self.call_live_table(u, session, it),
            Object::StatusTable(it) => self.call_live_table(u, session, it),
            Object::Section(it) => self.call_props(u, session, it, &arguments),
            Object::Profiles(it) => self.call_profiles(u, session, it, &arguments),
            Object::Services(it) => self.call_services(u, session, it, &arguments),
            Object::Providers(it) => self.call_providers(u, session, it, &arguments),
        };
        self.objects.push(held);
        if self.objects.len() > 40 {
            let released = self.objects.swap_remove(0);
            self.release(released);
        }
        called
    }

    fn call_session(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &B::Session,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, id, uid) = (arguments.flags, arguments.id(), arguments.uid);
        match u.int_in_range(0..=24)? {
            0 => self.check(session, it.last_error(code(u)?, flags)),
            1 => {
                let table = self.checked(session, it.msg_stores_table(flags));
                for row in table.into_iter().flatten() {
                    self.learn(&row.properties());
                }
            }
            2 => self.keep(session, it.open_msg_stores_table(flags), Object::StoreTable),
            3..=5 => self.keep(session, it.open_msg_store(NONE, id, flags), Object::Store),
            6 => self.keep(session, it.open_address_book(NONE, flags), Object::Entry),
            7 => self.keep(
                session,
                it.open_profile_section(uid, flags),
                Object::Section,
            ),
            8 => {
                let table = self.checked(session, it.status_table(flags));
                for row in table.into_iter().flatten() {
                    self.learn(&row.properties());
                }
            }
            9 => self.keep(session, it.open_status_table(flags), Object::StatusTable),
            10..=13 => match self.checked(session, it.open_entry(id, flags)) {
                Some(RawEntry::MsgStore(it)) => self.push(session, Object::Store(it)),
                Some(RawEntry::Object(_, it)) => self.push(session, Object::Entry(it)),
                None => {}
            },
            14 => {
                let other = Some(self.id(u)?);
                let compared = it.compare_entry_ids(id, other.as_deref(), flags);
                self.check(session, compared);
            }
            15 => {
                let advised = it.advise(id, flags, self.sink());
                self.registered(session, advised);
            }
            16 => self.check(session, it.unadvise(self.connection(u)?)),
            17 => {
                self.check(session, it.enum_adr_types(flags));
                self.check(session, it.query_default_message_opt("SMTP", flags));
                if let Some(id) = self.checked(session, it.query_identity()) {
                    self.ids.push(id.as_bytes().to_vec());
                }
            }
            18 => self.check(session, it.set_default_store(flags % 7, id)),
            19 => self.keep(session, it.admin_services(flags), Object::Services),
            20 | 21 => self.show(u, session, it, flags)?,
            22 => {
                let called = match u.int_in_range(0..=2)? {
                    0 => it.query_fast_shutdown(),
                    1 => it.notify_process_shutdown(),
                    _ if !self.passes_all_on => return Ok(()),
                    _ => {
                        let done = it.do_fast_shutdown();
                        let is_done = done.is_ok();
                        self.check(session, done);
                        if is_done {
                            self.is_shut_down = true;
                            self.ends(session);
                        }
                        return Ok(());
                    }
                };
                self.check(session, called);
            }
            _ => {
                let (flags, reserved) = (flags % 8, u.ratio(1, 8)?.into());
                let logged_off = it.logoff(NONE, flags, reserved);
                // E8
                let ends = logged_off
                    .as_ref()
                    .err()
                    .is_none_or(|it| !refuses_logoff(it.hresult()));
                self.check(session, logged_off);
                if ends {
                    // One that does not hear of it is released live.
                    let is_live = session.is_some_and(|it| !self.has_ended[it]);
                    let hears = self.passes_all_on || self.initialized > 0;
                    self.released_live += usize::from(is_live && !hears);
                    self.ends(session);
                }
            }
        }
        Ok(())
    }

    /// What takes other objects, of this session or another.
    fn show(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &B::Session,
        flags: u32,
    ) -> Result<()> {
        let mut messages = self.objects.iter().filter_map(|it| match &it.object {
            Object::Entry(it) => Some(it),
            _ => None,
        });
        let mut stores = self.objects.iter().filter_map(|it| match &it.object {
            Object::Store(it) => Some(it),
            _ => None,
        });
        let (Some(folder), Some(store)) = (messages.next(), stores.next()) else {
            return Ok(());
        };
        let message = messages.last().unwrap_or(folder);
        self.check(session, it.message_options(NONE, flags, "SMTP", message));
        let token = match self.checked(session, it.prepare_form(message)) {
            Some(token) if u.ratio(7, 8)? => token,
            _ => FormToken::new(u.arbitrary()?),
        };
        match u.arbitrary()? {
            true => it.discard_form(token),
            false => {
                let form = FormMessage::new("IPM.Note");
                let shown = it.show_form(NONE, store, folder, token, flags % 2, &form);
                self.check(session, shown);
            }
        }
        Ok(())
    }

    fn call_store(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &<B::Session as RawSession>::MsgStore,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, id) = (arguments.flags, arguments.id());
        match u.int_in_range(0..=9)? {
            0..=2 => {
                let opened = self.checked(session, it.open_entry(id, flags));
                opened
                    .into_iter()
                    .for_each(|(_, it)| self.push(session, Object::Entry(it)));
            }
            3 => {
                let advised = it.advise(id, flags, self.sink());
                self.registered(session, advised);
            }
            4 => self.check(session, it.unadvise(self.connection(u)?)),
            5 => {
                let class = u.arbitrary::<bool>()?.then_some("IPM.Note.X");
                if let Some((id, _)) = self.checked(session, it.receive_folder(class, flags)) {
                    self.ids.push(id.as_bytes().to_vec());
                }
            }
            6 => self.keep(session, it.receive_folder_table(flags), Object::Table),
            7 => {
                let logged_off = it.store_logoff(1 << u.int_in_range(0..=6)? >> 1);
                self.check(session, logged_off);
            }
            8 => self.check(session, it.support_mask()),
            _ => return self.call_props(u, session, it, arguments),
        }
        Ok(())
    }

    fn call_entry(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &Entry<B>,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, id) = (arguments.flags, arguments.id());
        let ids = [EntryId::new(id.unwrap_or_default())];
        match u.int_in_range(0..=21)? {
            0 | 1 => self.keep(session, it.contents_table(flags), Object::Table),
            2 => self.keep(session, it.hierarchy_table(flags), Object::Table),
            3 => self.keep(session, it.create_message(flags), Object::Entry),
            4 => {
                let folder_type = u.int_in_range(0..=3)?;
                let created = it.create_folder(folder_type, name(u)?, "", flags);
                self.keep(session, created, Object::Entry);
            }
            5 => self.check(session, it.delete_messages(&ids, NONE, flags)),
            6 => {
                let ids = u.arbitrary::<bool>()?.then_some(&ids[..]);
                self.check(session, it.set_read_flags(ids, NONE, flags));
            }
            7 => self.keep(session, it.recipient_table(flags), Object::Table),
            8 => {
                let recipients = [Props::from(arguments.props.clone())];
                self.check(session, it.modify_recipients(flags % 8, &recipients));
            }
            9 => self.keep(session, it.attachment_table(flags), Object::Table),
            10 => {
                let opened = match u.int_in_range(0..=3)? {
                    3 => it.create_attach(flags & 8),
                    number => it.open_attach(number, flags),
                };
                self.keep(session, opened, Object::Entry);
            }
            11 => self.check(session, it.submit_message(flags)),
            12 => self.check(session, it.validate_state(NONE, flags)),
            13 => self.check(session, it.settings_dialog(NONE, flags)),
            14 => {
                let passwords = [Some("secret"), Some(""), None];
                let (old, new) = (*u.choose(&passwords)?, *u.choose(&passwords)?);
                self.check(session, it.change_password(old, new, flags));
            }
            15 => self.check(session, it.flush_queues(NONE, id, flags)),
            16 => {
                let advised = it.advise(id, flags, self.sink());
                self.registered(session, advised);
            }
            17 => self.check(session, it.unadvise(self.connection(u)?)),
            _ => return self.call_props(u, session, it, arguments),
        }
        Ok(())
    }

    fn call_props(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &impl RawProp,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, tags) = (arguments.flags, &arguments.tags[..]);
        match u.int_in_range(0..=9)? {
            0 => self.check(session, it.last_error(code(u)?, flags)),
            1 | 2 => {
                let tags = u.arbitrary::<bool>()?.then_some(tags);
                if let Some(props) = self.checked(session, it.props(tags, flags)) {
                    // R1
                    assert!(tags.is_none_or(|tags| tags.len() == props.len()));
                    self.learn(&props);
                }
            }
            3 => self.check(session, it.prop_list(flags)),
            4 | 5 => {
                let problems = self.checked(session, it.set_props(&arguments.props));
                let problems = problems.unwrap_or_default();
                assert!(problems.iter().all(|it| it.index() < arguments.props.len()));
            }
            6 => self.check(session, it.delete_props(tags)),
            7 => self.check(session, it.read_stream(arguments.tags[0])),
            8 => {
                let names = [
                    PropName::text(PropName::PS_PUBLIC_STRINGS, name(u)?),
                    PropName::id(PropName::PS_MAPI, u.arbitrary()?),
                ];
                self.check(session, it.ids_from_names(&names, flags));
                self.check(session, it.names_from_ids(tags, flags));
            }
            _ => {
                self.check(session, it.info());
                self.check(session, it.save_changes(flags % 8));
            }
        }
        Ok(())
    }

    fn call_table(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &impl RawPropTable,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, tag) = (arguments.flags, arguments.tags[0]);
        let bookmark = Bookmark::new(u.int_in_range(0..=5)?);
        let rows = u.int_in_range(-3..=3)?;
        match u.int_in_range(0..=13)? {
            0 => self.check(session, it.last_error(code(u)?, flags)),
            1 => self.check(session, it.set_columns(&arguments.tags, flags)),
            2 => self.check(session, it.query_columns(flags)),
            3 => {
                // B2, B7
                let all = self.checked(session, it.rows());
                let count = self.checked(session, it.row_count(0));
                assert_eq!(all.map(|it| it.rows().len() as u32), count);
                let position = self.checked(session, it.query_position());
                let before = position.and_then(|it| it.row);
                assert!(before <= count, "{before:?} {count:?}");
            }
            4 => self.check(session, it.seek_row(bookmark, rows)),
            5 | 6 => {
                let restriction = match u.int_in_range(0..=3)? {
                    0 => Restriction::equals(tag, 0),
                    1 => Restriction::content(tag, FuzzyLevel::from(flags), "Hello"),
                    2 => !Restriction::exists(tag),
                    _ => Restriction::all([]),
                };
                let chosen = u.arbitrary::<bool>()?.then_some(&restriction);
                self.check(session, it.restrict(chosen, flags));
                self.check(session, it.find_row(&restriction, bookmark, flags));
            }
            7 => {
                let order = [SortOrder::descending(tag)];
                self.check(session, it.sort_table(&order, flags));
                self.check(session, it.query_sort_order());
            }
            8 => self.check(session, it.create_bookmark()),
            9 => self.check(session, it.free_bookmark(bookmark)),
            10..=12 => {
                let columns = self.checked(session, it.query_columns(0));
                let given = self.checked(session, it.query_rows(rows, flags));
                let given = given.unwrap_or_default();
                // B1
                assert!(given.len() <= rows.unsigned_abs() as usize);
                for row in given {
                    assert_eq!(Some(row.len()), columns.as_ref().map(Vec::len));
                    self.learn(&row);
                }
            }
            _ => return self.call_live_table(u, session, it),
        }
        Ok(())
    }

    fn call_live_table(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &impl RawTable,
    ) -> Result<()> {
        match u.int_in_range(0..=2)? {
            0 => self.check(session, it.rows()),
            1 => {
                let advised = it.advise(flags(u)?, self.sink());
                self.registered(session, advised);
            }
            _ => self.check(session, it.unadvise(self.connection(u)?)),
        }
        Ok(())
    }

    fn call_profiles(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &B::ProfileAdmin,
        arguments: &Arguments,
    ) -> Result<()> {
        let flags = arguments.flags;
        let (one, other) = (name(u)?, name(u)?);
        let password = u.ratio(1, 8)?.then_some("secret");
        match u.int_in_range(0..=9)? {
            0 => self.check(session, it.last_error(code(u)?, flags)),
            1 => self.check(session, it.profile_table(flags)),
            2 => self.check(session, it.create_profile(one, password, NONE, flags)),
            3 => self.check(session, it.delete_profile(one, flags)),
            4 => {
                let changed = it.change_profile_password(one, None, password, flags);
                self.check(session, changed);
            }
            5 => {
                let copied = it.copy_profile(one, password, other, NONE, flags);
                self.check(session, copied);
            }
            6 => {
                let renamed = it.rename_profile(one, password, other, NONE, flags);
                self.check(session, renamed);
            }
            7 => {
                let name = u.arbitrary::<bool>()?.then_some(one);
                self.check(session, it.set_default_profile(name, flags));
            }
            _ => {
                let opened = it.admin_services(one, password, NONE, flags);
                self.keep(session, opened, Object::Services);
            }
        }
        Ok(())
    }

    fn call_services(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &ServiceAdmin<B>,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, uid) = (arguments.flags, arguments.uid);
        let service = if u.ratio(3, 4)? { "Exchange" } else { name(u)? };
        match u.int_in_range(0..=13)? {
            0 => self.check(session, it.last_error(code(u)?, flags)),
            1 | 2 => {
                let table = self.checked(session, it.msg_service_table(flags));
                let rows = table.into_iter().flatten();
                self.uids.extend(rows.map(|row| row.uid()));
            }
            3 => {
                let created = it.create_msg_service(service, "Name", NONE, flags);
                self.check(session, created);
            }
            4 => self.check(session, it.delete_msg_service(uid)),
            5 => self.check(session, it.copy_msg_service(uid, it, NONE, flags)),
            6 => self.check(session, it.rename_msg_service(uid, flags, name(u)?)),
            7 => {
                let configured = it.configure_msg_service(uid, NONE, flags, &arguments.props);
                self.check(session, configured);
            }
            8 => self.keep(
                session,
                it.open_profile_section(uid, flags),
                Object::Section,
            ),
            9 => self.check(session, it.msg_service_transport_order(&[uid], flags)),
            10 => self.keep(session, it.admin_providers(uid, flags), Object::Providers),
            11 => {
                let uid = u.arbitrary::<bool>()?.then_some(uid);
                self.check(session, it.set_primary_identity(uid, flags));
            }
            12 => {
                let table = self.checked(session, it.provider_table(flags));
                let rows = table.into_iter().flatten();
                self.uids.extend(rows.map(|row| row.uid()));
            }
            _ => {
                let created = it.create_msg_service_ex(service, "Name", NONE, flags);
                self.uids.extend(self.checked(session, created));
            }
        }
        Ok(())
    }

    fn call_providers(
        &mut self,
        u: &mut Unstructured<'_>,
        session: Option<usize>,
        it: &<ServiceAdmin<B> as RawServiceAdmin>::ProviderAdmin,
        arguments: &Arguments,
    ) -> Result<()> {
        let (flags, uid) = (arguments.flags, arguments.uid);
        match u.int_in_range(0..=4)? {
            0 => self.check(session, it.last_error(code(u)?, flags)),
            1 => {
                let table = self.checked(session, it.provider_table(flags));
                let rows = table.into_iter().flatten();
                self.uids.extend(rows.map(|row| row.uid()));
            }
            2 => {
                let created = it.create_provider("New", &arguments.props, NONE, flags);
                self.uids.extend(self.checked(session, created));
            }
            3 => self.check(session, it.delete_provider(uid)),
            _ => self.keep(
                session,
                it.open_profile_section(uid, flags),
                Object::Section,
            ),
        }
        Ok(())
    }

    /// What a call gave, if it fits what has ended (I1, E1, O2).
    fn checked<T>(&self, session: Option<usize>, result: RawResult<T>) -> Option<T> {
        let has_ended = session.is_some_and(|it| self.has_ended[it]);
        let hresult = match &result {
            Ok(success) => success.hresult(),
            Err(failure) => failure.hresult(),
        };
        assert_eq!(result.is_ok(), hresult.is_success(), "{hresult}");
        if self.initialized == 0 {
            assert_eq!(hresult, HResult::MAPI_E_NOT_INITIALIZED);
        } else if has_ended {
            assert_eq!(hresult, HResult::MAPI_E_INVALID_OBJECT);
        }
        result.ok().map(Success::ignore_warning)
    }

    fn check<T>(&self, session: Option<usize>, result: RawResult<T>) {
        let _ = self.checked(session, result);
    }

    fn keep<T>(
        &mut self,
        session: Option<usize>,
        result: RawResult<T>,
        object: impl FnOnce(T) -> Object<B>,
    ) {
        if let Some(it) = self.checked(session, result) {
            self.push(session, object(it));
        }
    }

    fn push(&mut self, session: Option<usize>, object: Object<B>) {
        self.objects.push(Held { session, object });
    }

    fn registered(&mut self, session: Option<usize>, advised: RawResult<Connection>) {
        self.connections.extend(self.checked(session, advised));
    }

    fn ends(&mut self, session: Option<usize>) {
        session.into_iter().for_each(|it| self.has_ended[it] = true);
    }

    fn release(&mut self, held: Held<B>) {
        if let (Object::Session(_), Some(session)) = (&held.object, held.session) {
            self.released_live += usize::from(!self.has_ended[session]);
            self.ends(held.session);
        }
        drop(held);
    }

    fn sink(&self) -> Sink {
        Sink(Arc::clone(&self.sinks))
    }

    fn connection(&self, u: &mut Unstructured<'_>) -> Result<Connection> {
        match self.connections.is_empty() || u.ratio(1, 8)? {
            true => Ok(Connection::new(u.arbitrary()?)),
            false => Ok(*u.choose(&self.connections)?),
        }
    }

    /// One that there is, or one like it.
    fn id(&self, u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let mut id = u.choose(&self.ids)?.clone();
        let at = u.choose_index(id.len() + 1)?;
        match u.int_in_range(0..=15)? {
            0 => id.truncate(at),
            1 if at < id.len() => id[at] ^= 1 << u.int_in_range(0..=7)?,
            2 => id.push(0),
            _ => {}
        }
        Ok(id)
    }

    /// Remembers the identifiers.
    fn learn(&mut self, props: &[Property]) {
        let binaries = props.iter().filter_map(|it| match &it.value {
            PropertyValue::Binary(bytes) => Some(bytes.to_vec()),
            _ => None,
        });
        self.ids.extend(binaries);
        let excess = self.ids.len().saturating_sub(60);
        self.ids.drain(..excess);
    }

    /// Everything is released, and nothing is left.
    fn end(mut self) {
        for held in std::mem::take(&mut self.objects) {
            self.release(held);
        }
        drop(self.held.take());
        assert_eq!(self.memory.open_sessions(), 0);
        assert_eq!(self.memory.released_live(), self.released_live);
        assert_eq!(Arc::strong_count(&self.sinks), 1, "a registration is left");
        let logged_on = self.providers.logged_on.lock().unwrap();
        let all_logged_off = logged_on.values().all(|it| *it == 0);
        assert!(all_logged_off || self.is_shut_down, "{logged_on:?}");
    }
}

/// What a call may be passed.
struct Arguments {
    flags: u32,
    id: Option<Vec<u8>>,
    uid: MapiUid,
    tags: Vec<PropTag>,
    props: Vec<Property>,
}

impl Arguments {
    fn read(client: &Client<impl Subsystem>, u: &mut Unstructured<'_>) -> Result<Self> {
        Ok(Self {
            flags: flags(u)?,
            id: match u.ratio(1, 8)? {
                true => None,
                false => Some(client.id(u)?),
            },
            uid: *u.choose(&client.uids)?,
            tags: vec![tag(u)?, tag(u)?],
            props: vec![property(u)?, property(u)?],
        })
    }

    fn id(&self) -> Option<&[u8]> {
        self.id.as_deref()
    }
}

/// Mostly flags that there are.
fn flags(u: &mut Unstructured<'_>) -> Result<u32> {
    Ok(match u.int_in_range(0..=7)? {
        0..=2 => 0,
        3 => 1,
        4 => 1 << u.int_in_range(0..=31)?,
        5 | 6 => 0x8000_0000 | u.int_in_range(0..=0x1F)?,
        _ => u.arbitrary()?,
    })
}

fn code(u: &mut Unstructured<'_>) -> Result<HResult> {
    Ok(*u.choose(&[
        HResult::S_OK,
        HResult::MAPI_W_ERRORS_RETURNED,
        HResult::MAPI_E_FAILONEPROVIDER,
        HResult::MAPI_E_UNCONFIGURED,
        HResult::MAPI_E_LOGON_FAILED,
        HResult::MAPI_E_NOT_FOUND,
        HResult::MAPI_E_UNKNOWN_FLAGS,
    ])?)
}

fn name(u: &mut Unstructured<'_>) -> Result<&'static str> {
    Ok(*u.choose(&["P", "P", "P", "Q", "New", "", " bad", "Hello"])?)
}

fn tag(u: &mut Unstructured<'_>) -> Result<PropTag> {
    const TYPES: [u16; 12] = [0, 1, 2, 3, 0xA, 0xB, 0xD, 0x1E, 0x1F, 0x40, 0x102, 0x101F];
    const IDS: [u16; 10] = [
        0x0037, 0x0C15, 0x0E07, 0x0FFF, 0x1000, 0x3001, 0x3003, 0x6600, 0x8000, 0xFFFF,
    ];
    let known = [PropTag::SUBJECT, PropTag::ENTRYID, PropTag::MESSAGE_FLAGS];
    Ok(match u.int_in_range(0..=1)? {
        0 => *u.choose(&known)?,
        _ => PropTag::new(u32::from(*u.choose(&IDS)?) << 16 | u32::from(*u.choose(&TYPES)?)),
    })
}

fn property(u: &mut Unstructured<'_>) -> Result<Property> {
    let tag = tag(u)?;
    Ok(match tag.prop_type().get() {
        3 => Property::new(tag, u.int_in_range(-1..=3)?),
        0xB => Property::new(tag, u.arbitrary::<bool>()?),
        0x1E | 0x1F => Property::new(tag, name(u)?),
        0x102 => Property::new(tag, &[1, 2][..]),
        _ => Property::new(tag, u.arbitrary::<i64>()?),
    })
}
