//! The steps on Memory, through the typed session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use mapi_session::error::Warning;
use mapi_session::flags::ReadFlags;
use mapi_session::memory::Memory;
use mapi_session::property::{PropProblem, PropTag, Property, PropertyValue, Props};
use mapi_session::session::folder::PropTable;
use mapi_session::session::registration::ObjectRegistration;
use mapi_session::subsystem::{
    RawObject as _, RawProp as _, RawPropTable as _, RawResult, RawSession as _,
};
use mapi_session::table::Bookmark;
use mapi_session::types::Recipient;
use mapi_session::{
    AdviseSink, Entry, EntryId, Error, EventMask, Folder, HResult, LiveSession, LogoffFlags,
    LogonRequest, Mapi, Message, MsgStore, Notification, Object, Registration, Session, UiParam,
};

use super::steps::{
    ATTACHMENT, ClientCall, Config, FolderCall, Initial, Kind, MessageCall, Origin, PROFILES, Rows,
    SESSION_OF, STORE, STORE_OF, Step, StoreCall, TableCall, Tag, Value, columns, initial, name,
    profiles, sort_order, tags,
};
use super::{Answer, End, Outcome, Told};

type Store = MsgStore<'static, Memory>;
type Table = PropTable<'static, Memory>;

pub(super) struct Real {
    memory: Memory,
    oldest_first: bool,
    drops_sessions: bool,
    clients: Vec<Client>,
    /// By their numbers.
    ids: Vec<EntryId>,
    stores: Vec<Arc<Store>>,
    folders: Vec<Folder<'static, Memory>>,
    messages: Vec<OpenMessage>,
    tables: Vec<OpenTable>,
    attachments: Vec<Object<'static, Memory>>,
    registrations: Vec<Held>,
    registered: usize,
    heard: Heard,
}

struct Client {
    session: Arc<LiveSession<Memory>>,
    is_live: bool,
}

struct OpenMessage {
    message: Message<'static, Memory>,
    /// Whether it has an entry identifier.
    is_saved: bool,
}

struct OpenTable {
    table: Arc<Table>,
    keys: Keys,
    bookmarks: Vec<Bookmark>,
    /// Whether the bookmarks are discarded.
    stale: Vec<bool>,
}

/// The numbers of what the rows of a table are, by their instance keys.
type Keys = Arc<Mutex<HashMap<Vec<u8>, i64>>>;

type Heard = Arc<Mutex<Vec<(usize, Notification, Option<Keys>)>>>;

enum Held {
    Session(Registration<'static, Memory>),
    Store(ObjectRegistration<'static, Store>),
    Table(ObjectRegistration<'static, Table>),
}

/// A sink that keeps what it hears.
struct Ear {
    registration: usize,
    keys: Option<Keys>,
    heard: Heard,
}

impl AdviseSink for Ear {
    fn on_notify(&self, notification: &Notification) {
        let told = (self.registration, notification.clone(), self.keys.clone());
        self.heard.lock().unwrap().push(told);
    }
}

/// A number that nothing has.
const UNKNOWN: i64 = -1;
/// Two rows of a table with one instance key.
const AMBIGUOUS: i64 = -2;
/// A bookmark that no table has.
const NO_BOOKMARK: Bookmark = Bookmark::new(0xFFFF_FFF0);

impl Real {
    pub(super) fn new(config: &Config) -> Self {
        let [one, two] = profiles(config);
        let memory = Memory::builder().profile(one).profile(two).build().unwrap();
        let mapi = Mapi::initialize(memory.clone()).unwrap();
        let clients = SESSION_OF.iter().enumerate().map(|(client, session)| {
            let is_first = SESSION_OF.iter().position(|it| it == session) == Some(client);
            let profile = LogonRequest::new_session(PROFILES[STORE_OF[*session]]);
            let session = mapi.logon(&match (is_first, SESSION_OF[0] == *session) {
                (true, true) => profile.allow_others(),
                (true, false) => profile,
                (false, _) => LogonRequest::join_shared(),
            });
            Client {
                session: Arc::new(session.unwrap()),
                is_live: true,
            }
        });
        let mut real = Self {
            clients: clients.collect(),
            oldest_first: config.oldest_first,
            drops_sessions: config.drops_sessions,
            ids: Vec::new(),
            stores: Vec::new(),
            folders: Vec::new(),
            messages: Vec::new(),
            tables: Vec::new(),
            attachments: Vec::new(),
            registrations: Vec::new(),
            registered: 0,
            heard: Heard::default(),
            memory,
        };
        for profile in PROFILES {
            real.number(profile);
        }
        real
    }

    /// Numbers what a store has at first.
    fn number(&mut self, profile: &str) {
        let mut paths: Vec<Vec<&str>> = Vec::new();
        for initial in initial() {
            let path = match initial {
                Initial::Store => vec![STORE],
                Initial::Root => vec![],
                Initial::Folder(name, parent)
                | Initial::Receives(name, _, parent)
                | Initial::ReadOnly(name, parent) => {
                    let parent = if parent == 1 { 0 } else { parent };
                    [&paths[parent][..], &[name]].concat()
                }
                Initial::Message(mail, parent) => {
                    [&paths[parent][..], &[super::steps::text(mail.subject())]].concat()
                }
            };
            let id = match path.is_empty() {
                false => self.memory.entry_id(profile, &path).unwrap(),
                true => self.root(profile),
            };
            paths.push(path);
            self.ids.push(id);
        }
    }

    /// The root folder has no name: another subsystem's session tells.
    fn root(&self, profile: &str) -> EntryId {
        let mapi = Mapi::initialize(self.memory.clone()).unwrap();
        let session = mapi.logon(&LogonRequest::new_session(profile)).unwrap();
        let store = session.open_default_store(Default::default()).unwrap();
        let root = store.open_root_folder(Default::default()).unwrap();
        let id = root.info().unwrap().entry_id().clone();
        drop((root, store));
        session.logoff(LogoffFlags::empty()).unwrap();
        id
    }

    pub(super) fn take(&mut self, step: &Step) -> Outcome {
        let answer = self.call(step);
        let tables = (0..self.tables.len()).map(|it| self.all_rows(it)).collect();
        let outgoing = self.store_ids().map(|it| self.memory.outgoing(&it));
        let outgoing = outgoing
            .map(|ids| ids.iter().map(|it| self.number_of(it) as usize).collect())
            .collect();
        Outcome {
            answer,
            heard: self.take_heard(),
            tables,
            outgoing,
            open_sessions: self.memory.open_sessions(),
        }
    }

    fn store_ids(&self) -> impl Iterator<Item = EntryId> + use<> {
        [0, initial().len()]
            .map(|it| self.ids[it].clone())
            .into_iter()
    }

    pub(super) fn end(mut self) -> End {
        let mut sessions = Vec::new();
        for client in self.clients.drain(..) {
            match self.drops_sessions || !client.is_live {
                true => drop(client.session),
                false => sessions.push(client.session),
            }
        }
        if self.oldest_first {
            self.stores.reverse();
            self.folders.reverse();
            self.messages.reverse();
            self.tables.reverse();
            self.registrations.reverse();
            while self.stores.pop().is_some() {}
            while self.folders.pop().is_some() {}
            while self.messages.pop().is_some() {}
            while self.tables.pop().is_some() {}
        }
        while self.attachments.pop().is_some() {}
        while self.registrations.pop().is_some() {}
        while self.tables.pop().is_some() {}
        while self.messages.pop().is_some() {}
        while self.folders.pop().is_some() {}
        while self.stores.pop().is_some() {}
        for session in sessions {
            let session = Session::unshare(session).unwrap();
            session.logoff(LogoffFlags::empty()).unwrap();
        }
        self.take_heard();
        let messages = self.ids.iter().map(|folder| {
            let messages = self.memory.messages(folder).into_iter();
            let messages = messages.map(|it| {
                let subject = it.props().text(PropTag::SUBJECT).unwrap_or("none");
                (
                    self.number_of(it.entry_id()) as usize,
                    subject.to_owned(),
                    it.recipients()
                        .iter()
                        .map(|it| it.name().to_owned())
                        .collect(),
                )
            });
            messages.collect()
        });
        End {
            messages: messages.collect(),
            open_sessions: self.memory.open_sessions(),
            released_live: self.memory.released_live(),
            sinks: Arc::strong_count(&self.heard) - 1,
        }
    }

    fn call(&mut self, step: &Step) -> Result<Answer, HResult> {
        match step {
            Step::Deliver(folder, mail) => {
                let folder = self.node(*folder);
                if let Some(id) = self.memory.deliver(&folder, mail.described()) {
                    self.ids.push(id);
                    return Ok(Answer::Done);
                }
                return Err(HResult::MAPI_E_NOT_FOUND);
            }
            Step::OfClient(client, call) => return self.call_client(*client, call),
            Step::OfStore(store, call) => {
                if let Some(store) = newest(&self.stores, *store) {
                    return self.call_store(store, call);
                }
            }
            Step::OfFolder(folder, call) => {
                if let Some(folder) = newest(&self.folders, *folder) {
                    return self.call_folder(folder, call);
                }
            }
            Step::OfMessage(message, call) => {
                if let Some(message) = newest(&self.messages, *message) {
                    return self.call_message(message, call);
                }
            }
            Step::OfTable(table, call) => {
                if let Some(table) = newest(&self.tables, *table) {
                    return self.call_table(table, call);
                }
            }
            Step::ReadAttachment(attachment) => {
                if let Some(attachment) = newest(&self.attachments, *attachment) {
                    let attachment = &self.attachments[attachment];
                    let read = attachment.read_stream(PropTag::ATTACH_DATA_BIN);
                    return Ok(Answer::Bytes(read.map_err(code)?));
                }
            }
            Step::Unadvise(registration) => {
                if let Some(registration) = newest(&self.registrations, *registration) {
                    return match self.registrations.remove(registration) {
                        Held::Session(it) => done(it.unadvise().map_err(|it| it.hresult())),
                        Held::Store(it) => done(it.unadvise().map_err(|it| it.hresult())),
                        Held::Table(it) => done(it.unadvise().map_err(|it| it.hresult())),
                    };
                }
            }
            Step::Release(kind, which) => match kind {
                Kind::Store => release(&mut self.stores, *which),
                Kind::Folder => release(&mut self.folders, *which),
                Kind::Message => release(&mut self.messages, *which),
                Kind::Table => release(&mut self.tables, *which),
                Kind::Attachment => release(&mut self.attachments, *which),
            },
        }
        Ok(Answer::Done)
    }

    fn call_client(&mut self, client: usize, call: &ClientCall) -> Result<Answer, HResult> {
        let session = Arc::clone(&self.clients[client].session);
        match call {
            ClientCall::OpenStore(access) => {
                let id = &self.ids[STORE_OF[SESSION_OF[client]] * initial().len()];
                let store = MsgStore::open(session, UiParam::NONE, id, access.of_store());
                self.opened(Entry::MsgStore(store.map_err(code)?))
            }
            ClientCall::OpenEntry(node, access) => {
                let entry = Entry::open(session, &self.node(*node), access.of_entry());
                self.opened(entry.map_err(code)?)
            }
            ClientCall::Advise(node, mask) => {
                let (id, ear) = (self.node(*node), self.ear(None));
                let advised = Registration::advise(session, Some(&id), (*mask).into(), ear);
                self.registered(Held::Session(advised.map_err(code)?))
            }
            // Below the typed session: what is open outlives it.
            ClientCall::Logoff => {
                plain(session.raw().logoff(UiParam::NONE, 0, 0))?;
                self.clients[client].is_live = false;
                Ok(Answer::Done)
            }
        }
    }

    fn call_store(&mut self, store: usize, call: &StoreCall) -> Result<Answer, HResult> {
        let store = Arc::clone(&self.stores[store]);
        match call {
            StoreCall::Info => Ok(Answer::Opened(store.is_writable().map_err(code)?)),
            StoreCall::OpenRoot(access) => {
                let root = store.open_root_folder(access.of_entry()).map_err(code)?;
                self.opened(Entry::Folder(root))
            }
            StoreCall::OpenEntry(node, access) => {
                let entry = store.open_entry(&self.node(*node), access.of_entry());
                self.opened(entry.map_err(code)?)
            }
            StoreCall::ReceiveFolder(class) => {
                let folder = store.open_receive_folder(class).map_err(code)?;
                self.opened(Entry::Folder(folder))
            }
            StoreCall::Advise(node, mask) => {
                let id = node.map(|it| self.node(it));
                let ear = self.ear(None);
                let mask = EventMask::from(*mask);
                let advised = ObjectRegistration::with_store(store, id.as_ref(), mask, ear);
                self.registered(Held::Store(advised.map_err(code)?))
            }
        }
    }

    fn call_folder(&mut self, folder: usize, call: &FolderCall) -> Result<Answer, HResult> {
        let folder = &self.folders[folder];
        match call {
            FolderCall::CreateFolder(name, opens) => {
                let before = self.folder_count();
                let created = match opens {
                    true => folder.create_folder(name).map_err(code)?,
                    false => {
                        // The typed method opens one that is there.
                        drop(plain(folder.raw().create_folder(1, name, "", 0x8000_0000))?);
                        folder.create_folder(name).map_err(code)?
                    }
                };
                let id = created.info().map_err(code)?.entry_id().clone();
                if !self.ids.contains(&id) {
                    self.ids.push(id);
                }
                debug_assert!(before <= self.folder_count());
                self.opened(Entry::Folder(created))
            }
            FolderCall::CreateMessage => {
                let message = folder.create_message().map_err(code)?;
                self.messages.push(OpenMessage {
                    message,
                    is_saved: false,
                });
                Ok(Answer::Opened(true))
            }
            FolderCall::DeleteMessages(nodes) => {
                let ids: Vec<_> = nodes.iter().map(|it| self.node(*it)).collect();
                warned(folder.delete_messages(&ids))
            }
            FolderCall::SetReadFlags(nodes, flags) => {
                let ids = nodes.as_ref();
                let ids = ids.map(|it| it.iter().map(|it| self.node(*it)).collect::<Vec<_>>());
                warned(folder.set_read_flags(ids.as_deref(), ReadFlags::from_bits_retain(*flags)))
            }
            FolderCall::Table(rows, shown) => {
                let shown = columns(shown);
                let table = match rows {
                    Rows::Contents => folder.contents_table(&shown),
                    Rows::Hierarchy => folder.hierarchy_table(&shown),
                    Rows::Deep => folder.deep_hierarchy_table(&shown),
                };
                let table = Arc::new(table.map_err(code)?);
                self.tables.push(OpenTable {
                    table,
                    keys: Keys::default(),
                    bookmarks: Vec::new(),
                    stale: Vec::new(),
                });
                Ok(Answer::Done)
            }
            FolderCall::Get(asked) => self.props(folder.props(&tags(asked))),
            FolderCall::Set(values) => problems(folder.set_props(&properties(values))),
            FolderCall::Delete(asked) => problems(folder.delete_props(&tags(asked))),
            FolderCall::All => self.all_props(folder),
        }
    }

    fn folder_count(&self) -> usize {
        self.folders.len()
    }

    fn call_message(&mut self, at: usize, call: &MessageCall) -> Result<Answer, HResult> {
        const ADD: u32 = 2;
        const MODIFY: u32 = 4;
        const REMOVE: u32 = 8;
        const FORCE_SAVE: u32 = 4;
        let message = &self.messages[at].message;
        let row = |nth: usize, name: &str| {
            let rows = message.recipients().map_err(code)?;
            let row = rows.get(nth).and_then(|it| it.props().long(PropTag::ROWID));
            let row = Property::new(PropTag::ROWID, row.unwrap_or(0x7FFF));
            Ok::<_, HResult>(Props::from(Recipient::from(name).property(row)))
        };
        match call {
            MessageCall::Get(asked) => self.props(message.props(&tags(asked))),
            MessageCall::All => self.all_props(message),
            MessageCall::Set(values) => problems(message.set_props(&properties(values))),
            MessageCall::Delete(asked) => problems(message.delete_props(&tags(asked))),
            MessageCall::Save(by_force) => {
                match by_force {
                    true => plain(message.raw().save_changes(FORCE_SAVE))?,
                    false => message.save_changes().map_err(code)?,
                }
                if !self.messages[at].is_saved {
                    let id = message.props(&[PropTag::ENTRYID]).map_err(code)?;
                    self.ids.push(id.entry_id(PropTag::ENTRYID).unwrap());
                    self.messages[at].is_saved = true;
                }
                Ok(Answer::Done)
            }
            MessageCall::SetRecipients(names) => {
                let names = names.iter().map(|it| name(*it));
                done(message.set_recipients(names).map_err(code))
            }
            MessageCall::AddRecipient(who) => {
                let row = Props::from(Recipient::from(name(*who)));
                done(plain(message.raw().modify_recipients(ADD, &[row])))
            }
            MessageCall::ChangeRecipient(nth, who) => {
                let row = row(*nth, name(*who))?;
                done(plain(message.raw().modify_recipients(MODIFY, &[row])))
            }
            MessageCall::RemoveRecipient(nth) => {
                let row = row(*nth, "Ann")?;
                done(plain(message.raw().modify_recipients(REMOVE, &[row])))
            }
            MessageCall::Recipients => {
                let recipients = message.recipients().map_err(code)?.into_iter();
                Ok(Answer::Names(
                    recipients.map(|it| it.name().into()).collect(),
                ))
            }
            MessageCall::Attachments => {
                let file = PropTag::ATTACH_LONG_FILENAME;
                let table = message.attachment_table(&[file]).map_err(code)?;
                let rows = table.rows().map(|row| {
                    let row = row.map_err(code)?;
                    Ok(row.text(file).unwrap_or_default().to_owned())
                });
                Ok(Answer::Names(rows.collect::<Result<_, HResult>>()?))
            }
            MessageCall::OpenAttachment(number) => {
                let opened = message.open_attachment(*number).map_err(code)?;
                self.attachments.push(opened);
                Ok(Answer::Done)
            }
            MessageCall::Attach => {
                let attachment = message.create_attachment().map_err(code)?;
                let (name, bytes) = ATTACHMENT;
                let file = [
                    Property::new(PropTag::ATTACH_LONG_FILENAME, name),
                    Property::new(PropTag::ATTACH_DATA_BIN, bytes.as_bytes()),
                ];
                attachment.set_props(&file).map_err(code)?;
                done(attachment.save_changes().map_err(code))
            }
            MessageCall::Submit => {
                let OpenMessage { message, is_saved } = self.messages.remove(at);
                let before: Vec<_> = self
                    .store_ids()
                    .map(|it| self.memory.outgoing(&it))
                    .collect();
                match message.submit() {
                    Ok(()) => {
                        let now = self.store_ids().flat_map(|it| self.memory.outgoing(&it));
                        let new: Vec<_> = now.filter(|it| !before.concat().contains(it)).collect();
                        if !is_saved {
                            self.ids.extend(new);
                        }
                        Ok(Answer::Done)
                    }
                    Err(error) => {
                        let hresult = error.hresult();
                        let message = error.into_inner();
                        self.messages.insert(at, OpenMessage { message, is_saved });
                        Err(hresult)
                    }
                }
            }
        }
    }

    fn call_table(&mut self, at: usize, call: &TableCall) -> Result<Answer, HResult> {
        const BACKWARD: u32 = 1;
        const NO_ADVANCE: u32 = 1;
        let open = &mut self.tables[at];
        let table = &open.table;
        let bookmark = |origin: &Origin| match origin {
            Origin::Beginning => Bookmark::BEGINNING,
            Origin::Current => Bookmark::CURRENT,
            Origin::End => Bookmark::END,
            Origin::Made(which) => {
                newest(&open.bookmarks, *which).map_or(NO_BOOKMARK, |it| open.bookmarks[it])
            }
        };
        match call {
            TableCall::SetColumns(shown) => done(table.set_columns(&columns(shown)).map_err(code)),
            TableCall::Columns => Ok(Answer::Tags(table.columns().map_err(code)?)),
            TableCall::Restrict(cond) => {
                match cond {
                    Some(cond) => table.restrict(&cond.restriction()).map_err(code)?,
                    None => table.unrestrict().map_err(code)?,
                }
                open.stale.fill(true);
                Ok(Answer::Done)
            }
            TableCall::Sort(order) => {
                table.sort(&sort_order(order)).map_err(code)?;
                open.stale.fill(true);
                Ok(Answer::Done)
            }
            TableCall::SortOrder => Ok(Answer::Order(plain(table.raw().query_sort_order())?)),
            TableCall::Seek(origin, rows) => {
                let sought = table.raw().seek_row(bookmark(origin), *rows);
                let (moved, warning) = sought.map_err(|it| it.hresult())?.into_parts();
                let changed = HResult::MAPI_W_POSITION_CHANGED;
                assert!(warning.as_ref().is_none_or(|it| it.hresult() == changed));
                Ok(Answer::Moved(moved, warning.is_some()))
            }
            TableCall::FindRow(cond, origin, backward) => {
                let flags = if *backward { BACKWARD } else { 0 };
                let restriction = cond.restriction();
                let found = table.raw().find_row(&restriction, bookmark(origin), flags);
                let (_, warning) = found.map_err(|it| it.hresult())?.into_parts();
                Ok(warning.map_or(Answer::Done, |it| Answer::Warned(it.hresult())))
            }
            TableCall::QueryRows(rows, stays) => {
                let flags = if *stays { NO_ADVANCE } else { 0 };
                let rows = plain(table.raw().query_rows(*rows, flags))?;
                Ok(Answer::Rows(
                    rows.into_iter().map(|it| self.row(at, it.into())).collect(),
                ))
            }
            TableCall::RowCount => Ok(Answer::Number(table.row_count().map_err(code)?.into())),
            TableCall::Position => {
                let position = plain(table.raw().query_position())?;
                Ok(Answer::Position(position.row, position.denominator))
            }
            TableCall::CreateBookmark => {
                let bookmark = plain(table.raw().create_bookmark())?;
                // The number of one that is gone may be given again.
                let mut stale = open.stale.iter();
                open.bookmarks.retain(|_| !stale.next().unwrap());
                open.stale.retain(|it| !it);
                open.bookmarks.push(bookmark);
                open.stale.push(false);
                Ok(Answer::Done)
            }
            TableCall::FreeBookmark(which) => {
                let at = newest(&open.bookmarks, *which);
                let freed = at.map_or(NO_BOOKMARK, |it| open.bookmarks[it]);
                plain(table.raw().free_bookmark(freed))?;
                open.stale[at.unwrap()] = true;
                Ok(Answer::Done)
            }
            TableCall::Advise => {
                let (table, keys) = (Arc::clone(table), Arc::clone(&open.keys));
                let ear = self.ear(Some(keys));
                let advised = ObjectRegistration::with_table(table, ear);
                self.registered(Held::Table(advised.map_err(code)?))
            }
        }
    }

    fn opened(&mut self, entry: Entry<'static, Memory>) -> Result<Answer, HResult> {
        let is_writable = entry.info().map_err(code)?.is_writable();
        match entry {
            Entry::MsgStore(store) => self.stores.push(Arc::new(store)),
            Entry::Folder(folder) => self.folders.push(folder),
            Entry::Message(message) => self.messages.push(OpenMessage {
                message,
                is_saved: true,
            }),
            other => unreachable!("{other:?}"),
        }
        Ok(Answer::Opened(is_writable))
    }

    fn ear(&self, keys: Option<Keys>) -> Ear {
        Ear {
            registration: self.registered,
            keys,
            heard: Arc::clone(&self.heard),
        }
    }

    fn registered(&mut self, registration: Held) -> Result<Answer, HResult> {
        self.registered += 1;
        self.registrations.push(registration);
        Ok(Answer::Done)
    }

    fn node(&self, node: usize) -> EntryId {
        self.ids[newest(&self.ids, node % self.ids.len()).unwrap()].clone()
    }

    fn number_of(&self, id: &EntryId) -> i64 {
        let number = self.ids.iter().position(|it| it == id);
        number.map_or(UNKNOWN, |it| it as i64)
    }

    /// A property, with a number in place of an entry identifier.
    fn tidy(&self, property: Property) -> Property {
        match (property.tag, &property.value) {
            (PropTag::ENTRYID | PropTag::PARENT_ENTRYID, PropertyValue::Binary(bytes)) => {
                let number = self.number_of(&EntryId::new(&**bytes));
                Property::new(property.tag, number)
            }
            _ => property,
        }
    }

    fn row(&self, table: usize, row: Vec<Property>) -> Vec<Property> {
        self.row_by(&self.tables[table].keys, row)
    }

    /// A row, with a number in place of its instance key too, which is learnt.
    fn row_by(&self, keys: &Keys, row: Vec<Property>) -> Vec<Property> {
        let mut row: Vec<_> = row.into_iter().map(|it| self.tidy(it)).collect();
        let number = row.iter().find_map(|it| match (it.tag, &it.value) {
            (PropTag::ENTRYID, PropertyValue::I8(number)) => Some(*number),
            _ => None,
        });
        for property in &mut row {
            if let (PropTag::INSTANCE_KEY, PropertyValue::Binary(key)) =
                (property.tag, &property.value)
            {
                let mut keys = keys.lock().unwrap();
                let known = *keys
                    .entry(key.to_vec())
                    .or_insert(number.unwrap_or(UNKNOWN));
                let known = if Some(known) == number {
                    known
                } else {
                    AMBIGUOUS
                };
                *property = Property::new(PropTag::INSTANCE_KEY, known);
            }
        }
        row
    }

    fn all_rows(&self, table: usize) -> Result<Vec<Vec<Property>>, HResult> {
        let rows = self.tables[table].table.all_rows().map_err(code)?;
        let rows = rows.into_iter().map(|it| self.row(table, it.into()));
        Ok(rows.collect())
    }

    fn take_heard(&mut self) -> Vec<(usize, Told)> {
        let heard = std::mem::take(&mut *self.heard.lock().unwrap());
        let mut told: Vec<_> = heard
            .into_iter()
            .map(|(registration, event, keys)| (registration, self.told(event, keys)))
            .collect();
        told.sort_by_key(|it| it.0);
        told
    }

    fn told(&self, event: Notification, keys: Option<Keys>) -> Told {
        let mask = event.event();
        let number = |id: &EntryId| self.number_of(id) as usize;
        match event {
            Notification::Object(event) => Told::Object(
                mask,
                number(event.entry_id()),
                event.parent_id().map(number),
            ),
            Notification::NewMail(mail) => Told::Object(
                mask,
                number(mail.entry_id()),
                Some(number(mail.parent_id())),
            ),
            Notification::Table(event) => {
                let keys = keys.unwrap();
                let row = self.row_by(&keys, event.row().to_vec());
                let keys = keys.lock().unwrap();
                let number = |key: &[u8]| keys.get(key).map_or(UNKNOWN as usize, |it| *it as usize);
                Told::Row {
                    event: event.event(),
                    index: event.index().map(number),
                    prior: event.prior().map(number),
                    row,
                }
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn props(&self, props: Result<Props, Error>) -> Result<Answer, HResult> {
        let props = props.map_err(code)?.into_iter().map(|it| self.tidy(it));
        Ok(Answer::Props(props.collect()))
    }

    /// Of all that are listed, those that the model knows; and GetPropList lists the same.
    fn all_props(&self, object: &Object<'_, Memory>) -> Result<Answer, HResult> {
        let props = object.all_props().map_err(code)?;
        let listed = object.prop_list().map_err(code)?;
        assert!(props.iter().map(|it| it.tag).eq(listed), "R1: {props:?}");
        let is_known = |it: &Property| Tag::ALL.iter().any(|tag| tag.tag() == it.tag);
        let props = props.into_iter().filter(is_known);
        let mut props: Vec<_> = props.map(|it| self.tidy(it)).collect();
        props.sort_by_key(|it| it.tag);
        Ok(Answer::Props(props))
    }
}

/// The place of what is counted from the newest.
fn newest<T>(all: &[T], which: usize) -> Option<usize> {
    all.len().checked_sub(which + 1)
}

fn release<T>(all: &mut Vec<T>, which: usize) {
    if let Some(at) = newest(all, which) {
        drop(all.remove(at));
    }
}

fn properties(values: &[Value]) -> Vec<Property> {
    values.iter().map(|it| it.property()).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn code(error: Error) -> HResult {
    error.hresult()
}

fn plain<T>(result: RawResult<T>) -> Result<T, HResult> {
    let success = result.map_err(|it| it.hresult())?;
    Ok(success.into_parts().0)
}

fn done(result: Result<(), HResult>) -> Result<Answer, HResult> {
    result.map(|()| Answer::Done)
}

fn warned(result: Result<Option<Warning>, Error>) -> Result<Answer, HResult> {
    let warning = result.map_err(code)?;
    Ok(warning.map_or(Answer::Done, |it| Answer::Warned(it.hresult())))
}

fn problems(result: Result<Vec<PropProblem>, Error>) -> Result<Answer, HResult> {
    let problems = result.map_err(code)?.into_iter();
    Ok(Answer::Problems(
        problems.map(|it| (it.index(), it.hresult())).collect(),
    ))
}
