//! The rules of mail, in the plainest form that they can be written in. Nothing is ever forgotten.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use mapi_session::notification::TableEventKind;
use mapi_session::property::{PropTag, PropType, Property, PropertyValue};
use mapi_session::{EventMask, HResult};

use super::steps::{
    ATTACHMENT, Access, ClientCall, Cond, Config, FolderCall, Initial, Kind, MSGFLAG_READ, Mail,
    MessageCall, Node, Origin, PROFILES, Rows, SESSION_OF, STORE_OF, Step, StoreCall, TableCall,
    Tag, Value, columns, initial, name, sort_order, tags, text,
};
use super::{Answer, End, Outcome, Told};

const FOLDER: i32 = 3;
const MESSAGE: i32 = 5;
const MSGFLAG_SUBMIT: i32 = 4;
const MSGFLAG_UNSENT: i32 = 8;
const MSGFLAG_HASATTACH: i32 = 0x10;

type Result<T> = std::result::Result<T, HResult>;

pub(super) struct Model {
    config: Config,
    /// All that ever had an entry identifier, by its number.
    nodes: Vec<Item>,
    is_live: [bool; SESSION_OF.len()],
    sessions: Vec<Session>,
    objects: Vec<Object>,
    registrations: Vec<Registration>,
    heard: Vec<(usize, Told)>,
    outgoing: Vec<Vec<usize>>,
    // What the test holds: the places of objects and registrations.
    stores: Vec<usize>,
    folders: Vec<usize>,
    messages: Vec<usize>,
    tables: Vec<usize>,
    attachments: Vec<usize>,
    registered: Vec<usize>,
}

#[derive(Default)]
struct Session {
    /// Its store was released, and is not open again (O6).
    is_store_released: bool,
    /// Whether OpenMsgStore has opened its store for writing, for the first time since it is open (O5).
    access: Option<bool>,
}

struct Item {
    store: usize,
    parent: usize,
    is_deleted: bool,
    what: What,
}

enum What {
    Store,
    Folder {
        props: Props,
        is_read_only: bool,
        receives: Option<&'static str>,
    },
    Message {
        content: Content,
        /// How often it was saved.
        version: usize,
        is_submitted: bool,
    },
}

/// What was set, by its identifier.
type Props = BTreeMap<u16, Property>;

#[derive(Clone, Default)]
struct Content {
    props: Props,
    recipients: Vec<&'static str>,
    attachments: Vec<(&'static str, &'static str)>,
}

struct Object {
    client: usize,
    store: usize,
    is_writable: bool,
    /// How many hold it.
    holders: usize,
    what: Opened,
}

enum Opened {
    Store,
    Folder(usize),
    Message {
        /// None before the first SaveChanges.
        node: Option<usize>,
        folder: usize,
        draft: Option<Draft>,
    },
    Table(Table),
    Attachment(Option<usize>, &'static str),
}

#[derive(Clone)]
struct Draft {
    content: Content,
    /// The version that it was made of.
    version: usize,
}

struct Table {
    folder: usize,
    rows: Rows,
    columns: Vec<PropTag>,
    restriction: Option<Cond>,
    order: Vec<(Tag, bool)>,
    shown: Vec<usize>,
    /// How many rows are before it.
    cursor: usize,
    bookmarks: Vec<Bookmark>,
}

/// The row that would be read next; none behind the last.
type Place = Option<usize>;

struct Bookmark {
    place: Place,
    /// Its row is gone.
    is_moved: bool,
    is_gone: bool,
}

struct Registration {
    client: usize,
    /// The store or table that it is with, and holds.
    holds: Option<usize>,
    on: On,
    mask: EventMask,
    is_cancelled: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum On {
    Store(usize),
    Node(usize),
    Table(usize),
}

impl Model {
    pub(super) fn new(config: &Config) -> Self {
        let mut model = Self {
            config: *config,
            nodes: Vec::new(),
            is_live: [true; SESSION_OF.len()],
            sessions: STORE_OF.map(|_| Session::default()).into(),
            objects: Vec::new(),
            registrations: Vec::new(),
            heard: Vec::new(),
            outgoing: PROFILES.map(|_| Vec::new()).into(),
            stores: Vec::new(),
            folders: Vec::new(),
            messages: Vec::new(),
            tables: Vec::new(),
            attachments: Vec::new(),
            registered: Vec::new(),
        };
        for store in 0..PROFILES.len() {
            let first = model.nodes.len();
            for it in initial() {
                let (parent, what) = match it {
                    Initial::Store => (0, What::Store),
                    // It is its own parent.
                    Initial::Root => (1, folder("", false, None)),
                    Initial::Folder(name, parent) => (parent, folder(name, false, None)),
                    Initial::Receives(name, class, parent) => {
                        (parent, folder(name, false, Some(class)))
                    }
                    Initial::ReadOnly(name, parent) => (parent, folder(name, true, None)),
                    Initial::Message(mail, parent) => (parent, message(described(mail))),
                };
                model.nodes.push(Item {
                    store,
                    parent: first + parent,
                    is_deleted: false,
                    what,
                });
            }
        }
        model
    }

    pub(super) fn take(&mut self, step: &Step) -> Outcome {
        let answer = self.call(step);
        let tables = self.tables.iter().map(|it| self.all_rows(*it)).collect();
        let mut heard = std::mem::take(&mut self.heard);
        heard.sort_by_key(|it| it.0);
        Outcome {
            answer,
            heard,
            tables,
            outgoing: self.outgoing.clone(),
            open_sessions: self.open_sessions(),
        }
    }

    // E11
    pub(super) fn end(self) -> End {
        let messages = (0..self.nodes.len()).map(|folder| {
            let messages = self.messages_in(folder).into_iter();
            let messages = messages.map(|it| {
                let content = self.content(it);
                let subject = content.props.get(&PropTag::SUBJECT.id());
                let subject = match subject.map(|it| &it.value) {
                    Some(PropertyValue::String(text)) => text.clone(),
                    _ => "none".to_owned(),
                };
                let recipients = content.recipients.iter();
                (it, subject, recipients.map(ToString::to_string).collect())
            });
            messages.collect()
        });
        let live = self.is_live.iter().filter(|it| **it).count();
        End {
            messages: messages.collect(),
            open_sessions: 0,
            released_live: if self.config.drops_sessions { live } else { 0 },
            sinks: 0,
        }
    }

    // S5
    fn open_sessions(&self) -> usize {
        let sessions = 0..STORE_OF.len();
        let is_open = |session: &usize| {
            let mut clients = SESSION_OF.iter().zip(self.is_live);
            clients.any(|(of, is_live)| is_live && of == session)
        };
        sessions.filter(is_open).count()
    }

    fn call(&mut self, step: &Step) -> Result<Answer> {
        match step {
            Step::Deliver(folder, mail) => return self.deliver(self.node(*folder), *mail),
            Step::OfClient(client, call) => return self.call_client(*client, call),
            Step::OfStore(which, call) => {
                if let Some(at) = newest(&self.stores, *which) {
                    return self.call_store(self.stores[at], call);
                }
            }
            Step::OfFolder(which, call) => {
                if let Some(at) = newest(&self.folders, *which) {
                    return self.call_folder(self.folders[at], call);
                }
            }
            Step::OfMessage(which, call) => {
                if let Some(at) = newest(&self.messages, *which) {
                    return self.call_message(at, call);
                }
            }
            Step::OfTable(which, call) => {
                if let Some(at) = newest(&self.tables, *which) {
                    return self.call_table(self.tables[at], call);
                }
            }
            Step::ReadAttachment(which) => {
                if let Some(at) = newest(&self.attachments, *which) {
                    let object = self.usable(self.attachments[at])?;
                    if let Opened::Attachment(_, bytes) = object.what {
                        return Ok(Answer::Bytes(bytes.into()));
                    }
                }
            }
            Step::Unadvise(which) => {
                if let Some(at) = newest(&self.registered, *which) {
                    let at = self.registered.remove(at);
                    return self.unadvise(at);
                }
            }
            Step::Release(kind, which) => {
                let held = match kind {
                    Kind::Store => &mut self.stores,
                    Kind::Folder => &mut self.folders,
                    Kind::Message => &mut self.messages,
                    Kind::Table => &mut self.tables,
                    Kind::Attachment => &mut self.attachments,
                };
                if let Some(at) = newest(held, *which) {
                    let object = held.remove(at);
                    self.release(object);
                }
            }
        }
        Ok(Answer::Done)
    }

    // ---- Clients and stores

    fn call_client(&mut self, client: usize, call: &ClientCall) -> Result<Answer> {
        self.check_live(client)?;
        match call {
            ClientCall::OpenStore(access) => self.open_store(client, *access),
            ClientCall::OpenEntry(node, access) => {
                let node = self.node(*node);
                let item = &self.nodes[node];
                let is_store = matches!(item.what, What::Store);
                if is_store && item.store == STORE_OF[SESSION_OF[client]] {
                    return self.open_store(client, *access);
                }
                self.check_known(client, node)?;
                self.open_entry(client, node, *access)
            }
            ClientCall::Advise(node, mask) => {
                let node = self.node(*node);
                check_mask(*mask)?;
                self.check_known(client, node)?;
                check_kinds(*mask)?;
                let on = match self.nodes[node].what {
                    What::Store => On::Store(self.nodes[node].store),
                    _ => On::Node(node),
                };
                self.register(client, None, on, *mask)
            }
            ClientCall::Logoff => {
                self.is_live[client] = false;
                let session = SESSION_OF[client];
                if self.find_open(session).is_none() {
                    self.sessions[session].access = None;
                }
                Ok(Answer::Done)
            }
        }
    }

    // M2, O5
    fn open_store(&mut self, client: usize, access: Access) -> Result<Answer> {
        let store = STORE_OF[SESSION_OF[client]];
        let can_write = !(store == 1 && self.config.read_only);
        let asked_for = !matches!(access, Access::Read) && can_write;
        let open = self.store_access(client);
        if open.is_none() && matches!(access, Access::Modify) && !can_write {
            return Err(HResult::MAPI_E_NO_ACCESS);
        }
        let is_writable = open.unwrap_or(asked_for);
        self.sessions[SESSION_OF[client]] = Session {
            is_store_released: false,
            access: Some(is_writable),
        };
        let object = Object {
            client,
            store,
            is_writable,
            holders: 1,
            what: Opened::Store,
        };
        self.stores.push(self.objects.len());
        self.objects.push(object);
        Ok(Answer::Opened(is_writable))
    }

    // M5, M14
    fn open_entry(&mut self, client: usize, node: usize, access: Access) -> Result<Answer> {
        let item = &self.nodes[node];
        if item.is_deleted {
            return Err(HResult::MAPI_E_NOT_FOUND);
        }
        let (folder, is_submitted) = match item.what {
            What::Message { is_submitted, .. } => (item.parent, is_submitted),
            _ => (node, false),
        };
        let can_write = self.can_write_store(client) && !self.is_read_only(folder);
        if let Access::Modify = access {
            if is_submitted {
                return Err(HResult::MAPI_E_SUBMITTED);
            }
            if !can_write {
                return Err(HResult::MAPI_E_NO_ACCESS);
            }
        }
        let is_writable = !matches!(access, Access::Read) && can_write && !is_submitted;
        let (held, what) = match item.what {
            What::Message { .. } => {
                let what = Opened::Message {
                    node: Some(node),
                    folder,
                    draft: None,
                };
                (&mut self.messages, what)
            }
            _ => (&mut self.folders, Opened::Folder(node)),
        };
        held.push(self.objects.len());
        self.objects.push(Object {
            client,
            store: STORE_OF[SESSION_OF[client]],
            is_writable,
            holders: 1,
            what,
        });
        Ok(Answer::Opened(is_writable))
    }

    fn call_store(&mut self, store: usize, call: &StoreCall) -> Result<Answer> {
        let object = self.usable(store)?;
        let (client, of) = (object.client, object.store);
        let root = of * initial().len() + 1;
        match call {
            StoreCall::Info => Ok(Answer::Opened(object.is_writable)),
            StoreCall::OpenRoot(access) => self.open_entry(client, root, *access),
            StoreCall::OpenEntry(node, access) => {
                let node = self.node(*node);
                self.check_in_store(of, node)?;
                self.open_entry(client, node, *access)
            }
            StoreCall::ReceiveFolder(class) => {
                let folder = self.receive_folder(of, class);
                self.open_entry(client, folder, Access::Best)
            }
            StoreCall::Advise(node, mask) => {
                let node = node.map(|it| self.node(it));
                check_mask(*mask)?;
                let on = match node {
                    None => On::Store(of),
                    Some(node) if self.nodes[node].store != of => {
                        return Err(HResult::MAPI_E_UNKNOWN_ENTRYID);
                    }
                    Some(node) if matches!(self.nodes[node].what, What::Store) => On::Store(of),
                    Some(node) => On::Node(node),
                };
                check_kinds(*mask)?;
                self.register(client, Some(store), on, *mask)
            }
        }
    }

    // C7
    fn receive_folder(&self, store: usize, class: &str) -> usize {
        let begins = |with: &str| {
            let class = class.to_lowercase();
            let rest = class.strip_prefix(&with.to_lowercase());
            rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
        };
        let mut folders = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, it)| it.store == store);
        let receives = folders.find(|(_, it)| match it.what {
            What::Folder { receives, .. } => receives.is_some_and(begins),
            _ => false,
        });
        receives.map_or(store * initial().len() + super::steps::INBOX, |it| it.0)
    }

    // ---- Registrations

    // N10, N12
    fn register(
        &mut self,
        client: usize,
        holds: Option<usize>,
        on: On,
        mask: u32,
    ) -> Result<Answer> {
        if let Some(held) = holds {
            self.objects[held].holders += 1;
        }
        self.registered.push(self.registrations.len());
        self.registrations.push(Registration {
            client,
            holds,
            on,
            mask: mask.into(),
            is_cancelled: false,
        });
        Ok(Answer::Done)
    }

    // N7
    fn unadvise(&mut self, at: usize) -> Result<Answer> {
        let registration = &mut self.registrations[at];
        registration.is_cancelled = true;
        let client = registration.client;
        if let Some(held) = registration.holds {
            self.release(held);
        }
        self.check_live(client)?;
        Ok(Answer::Done)
    }

    /// N12, N15: tells those who registered with the object, or with its store.
    fn tell(&mut self, event: EventMask, node: usize, folder: usize) {
        let is_mail = event == EventMask::NEW_MAIL;
        let store = self.nodes[node].store;
        for (number, it) in self.registrations.iter().enumerate() {
            let of = if is_mail { folder } else { node };
            let is_meant = it.on == On::Store(store) || it.on == On::Node(of);
            if is_meant && it.mask.contains(event) && self.is_told(it) {
                let told = Told::Object(event, node, Some(folder));
                self.heard.push((number, told));
            }
        }
    }

    fn is_told(&self, registration: &Registration) -> bool {
        !registration.is_cancelled && self.is_live[registration.client]
    }

    fn tell_of_folder(&mut self, folder: usize) {
        self.tell(
            EventMask::OBJECT_MODIFIED,
            folder,
            self.nodes[folder].parent,
        );
    }

    // ---- What happens to messages and folders

    // N15
    fn deliver(&mut self, folder: usize, mail: Mail) -> Result<Answer> {
        if !matches!(self.nodes[folder].what, What::Folder { .. }) {
            return Err(HResult::MAPI_E_NOT_FOUND);
        }
        let node = self.add(folder, message(described(mail)));
        self.tell(EventMask::OBJECT_CREATED, node, folder);
        self.tell_of_folder(folder);
        self.tell(EventMask::NEW_MAIL, node, folder);
        self.refresh(&[node]);
        self.refresh(&[folder]);
        Ok(Answer::Done)
    }

    fn add(&mut self, parent: usize, what: What) -> usize {
        self.nodes.push(Item {
            store: self.nodes[parent].store,
            parent,
            is_deleted: false,
            what,
        });
        self.nodes.len() - 1
    }

    fn call_folder(&mut self, at: usize, call: &FolderCall) -> Result<Answer> {
        let object = self.usable(at)?;
        let (Opened::Folder(folder), is_writable) = (&object.what, object.is_writable) else {
            unreachable!()
        };
        let folder = *folder;
        // However it was opened.
        let can_write = self.can_write_store(object.client) && !self.is_read_only(folder);
        let check_writable = || match can_write {
            true => Ok(()),
            false => Err(HResult::MAPI_E_NO_ACCESS),
        };
        match call {
            FolderCall::CreateFolder(name, opens) => {
                if name.is_empty() {
                    return Err(HResult::MAPI_E_INVALID_PARAMETER);
                }
                self.create_folder(at, folder, name, *opens, check_writable())
            }
            FolderCall::CreateMessage => {
                check_writable()?;
                self.create_message(at, folder)
            }
            FolderCall::DeleteMessages(nodes) => {
                check_writable()?;
                let nodes: Vec<_> = nodes.iter().map(|it| self.node(*it)).collect();
                self.delete_messages(folder, &nodes)
            }
            FolderCall::SetReadFlags(nodes, flags) => {
                let nodes = nodes.as_ref();
                let nodes = nodes.map(|it| it.iter().map(|it| self.node(*it)).collect::<Vec<_>>());
                if flags & 4 != 0 && flags & 0x11 != 0 {
                    return Err(HResult::MAPI_E_INVALID_PARAMETER);
                }
                check_writable()?;
                self.set_read_flags(folder, nodes, *flags)
            }
            FolderCall::Table(rows, shown) => self.open_table(at, folder, *rows, shown),
            FolderCall::Get(asked) => get(asked, |tag| self.value(folder, tag)),
            FolderCall::Set(values) => {
                let problems = check_values(values, is_writable, false)?;
                let What::Folder { props, .. } = &mut self.nodes[folder].what else {
                    unreachable!()
                };
                if set(props, values, &problems) {
                    self.tell_of_folder(folder);
                    self.refresh(&[folder]);
                }
                Ok(Answer::Problems(problems))
            }
            FolderCall::Delete(asked) => {
                let problems = check_deleted(asked, is_writable)?;
                let What::Folder { props, .. } = &mut self.nodes[folder].what else {
                    unreachable!()
                };
                if delete(props, asked) {
                    self.tell_of_folder(folder);
                    self.refresh(&[folder]);
                }
                Ok(Answer::Problems(problems))
            }
            FolderCall::All => Ok(all(|tag| self.value(folder, tag))),
        }
    }

    // C3
    fn create_folder(
        &mut self,
        at: usize,
        parent: usize,
        name: &'static str,
        opens: bool,
        can_write: Result<()>,
    ) -> Result<Answer> {
        let mut there = self.folders_in(parent).into_iter();
        let there = there.find(|it| match self.value(*it, PropTag::DISPLAY_NAME) {
            Some(PropertyValue::String(other)) => other.to_lowercase() == name.to_lowercase(),
            _ => false,
        });
        let node = match there {
            Some(_) if !opens => return Err(HResult::MAPI_E_COLLISION),
            Some(node) => node,
            None => {
                can_write?;
                let node = self.add(parent, folder(name, false, None));
                self.tell(EventMask::OBJECT_CREATED, node, parent);
                self.tell_of_folder(parent);
                self.refresh(&[node]);
                self.refresh(&[parent]);
                node
            }
        };
        let client = self.objects[at].client;
        let is_writable = self.can_write_store(client) && !self.is_read_only(node);
        self.folders.push(self.objects.len());
        self.objects.push(Object {
            is_writable,
            what: Opened::Folder(node),
            ..self.objects[at].beside()
        });
        Ok(Answer::Opened(is_writable))
    }

    // C2
    fn create_message(&mut self, at: usize, folder: usize) -> Result<Answer> {
        let flags = MSGFLAG_UNSENT | MSGFLAG_READ as i32;
        let mut content = Content::default();
        content.set(Property::new(PropTag::MESSAGE_FLAGS, flags));
        let draft = Some(Draft {
            content,
            version: 0,
        });
        self.messages.push(self.objects.len());
        self.objects.push(Object {
            is_writable: true,
            what: Opened::Message {
                node: None,
                folder,
                draft,
            },
            ..self.objects[at].beside()
        });
        Ok(Answer::Opened(true))
    }

    // C4
    fn delete_messages(&mut self, folder: usize, nodes: &[usize]) -> Result<Answer> {
        let mut deleted = Vec::new();
        let nodes = BTreeSet::from_iter(nodes);
        for node in &nodes {
            if self.can_change(folder, **node) {
                self.nodes[**node].is_deleted = true;
                deleted.push(**node);
            }
        }
        for node in &deleted {
            self.tell(EventMask::OBJECT_DELETED, *node, folder);
        }
        if !deleted.is_empty() {
            self.tell_of_folder(folder);
            self.refresh(&[folder]);
        }
        Ok(done(deleted.len() == nodes.len()))
    }

    // C4
    fn set_read_flags(
        &mut self,
        folder: usize,
        nodes: Option<Vec<usize>>,
        flags: u32,
    ) -> Result<Answer> {
        const CLEAR: u32 = 4;
        const GENERATE_RECEIPT_ONLY: u32 = 0x10;
        const CLEAR_PENDING: u32 = 0x60;
        let nodes = nodes.unwrap_or_else(|| self.messages_in(folder));
        let mut is_whole = true;
        let mut changed = Vec::new();
        for node in nodes {
            if !self.can_change(folder, node) {
                is_whole = false;
                continue;
            }
            if flags & (GENERATE_RECEIPT_ONLY | CLEAR_PENDING) != 0 {
                continue;
            }
            let before = self.content(node).flags();
            let now = match flags & CLEAR {
                0 => before | MSGFLAG_READ as i32,
                _ => before & !(MSGFLAG_READ as i32),
            };
            if before != now {
                let What::Message { content, .. } = &mut self.nodes[node].what else {
                    unreachable!()
                };
                content.set(Property::new(PropTag::MESSAGE_FLAGS, now));
                changed.push(node);
            }
        }
        for node in &changed {
            self.tell(EventMask::OBJECT_MODIFIED, *node, folder);
        }
        if !changed.is_empty() {
            self.tell_of_folder(folder);
            changed.push(folder);
        }
        self.refresh(&changed);
        Ok(done(is_whole))
    }

    /// C4: it is in the folder, and neither submitted nor open for writing.
    fn can_change(&self, folder: usize, node: usize) -> bool {
        let item = &self.nodes[node];
        let is_open = self.objects.iter().any(|it| {
            let is_it = matches!(it.what, Opened::Message { node: of, .. } if of == Some(node));
            is_it && it.is_writable && it.holders > 0 && self.is_live[it.client]
        });
        let is_free = matches!(item.what, What::Message { is_submitted, .. } if !is_submitted);
        is_free && item.parent == folder && !item.is_deleted && !is_open
    }

    fn call_message(&mut self, held: usize, call: &MessageCall) -> Result<Answer> {
        let at = self.messages[held];
        let object = self.usable(at)?;
        let is_writable = object.is_writable;
        let Opened::Message { node, .. } = object.what else {
            unreachable!()
        };
        match call {
            MessageCall::Get(asked) => get(asked, |tag| self.message_value(at, tag)),
            MessageCall::All => Ok(all(|tag| self.message_value(at, tag))),
            MessageCall::Set(values) => {
                let problems = check_values(values, is_writable, node.is_none())?;
                self.change(at, |content| {
                    set(&mut content.props, values, &problems);
                });
                Ok(Answer::Problems(problems))
            }
            MessageCall::Delete(asked) => {
                let problems = check_deleted(asked, is_writable)?;
                self.change(at, |content| {
                    delete(&mut content.props, asked);
                });
                Ok(Answer::Problems(problems))
            }
            // R2: what is open for reading has nothing to save, and cannot be kept open for writing.
            MessageCall::Save(true) if !is_writable => Ok(Answer::Done),
            MessageCall::Save(by_force) => {
                self.save(at, *by_force)?;
                Ok(Answer::Done)
            }
            MessageCall::SetRecipients(names) => self.change_recipients(at, |recipients| {
                *recipients = names.iter().map(|it| name(*it)).collect();
                Ok(())
            }),
            MessageCall::AddRecipient(who) => self.change_recipients(at, |recipients| {
                recipients.push(name(*who));
                Ok(())
            }),
            MessageCall::ChangeRecipient(nth, who) => self.change_recipients(at, |recipients| {
                let row = recipients.get_mut(*nth);
                *row.ok_or(HResult::MAPI_E_INVALID_PARAMETER)? = name(*who);
                Ok(())
            }),
            MessageCall::RemoveRecipient(nth) => self.change_recipients(at, |recipients| {
                if *nth >= recipients.len() {
                    return Err(HResult::MAPI_E_INVALID_PARAMETER);
                }
                recipients.remove(*nth);
                Ok(())
            }),
            MessageCall::Recipients => {
                let names = self.open_content(at).recipients.iter();
                Ok(Answer::Names(names.map(ToString::to_string).collect()))
            }
            MessageCall::Attachments => {
                let attachments = self.open_content(at).attachments.iter();
                Ok(Answer::Names(attachments.map(|it| it.0.into()).collect()))
            }
            MessageCall::OpenAttachment(number) => self.open_attachment(at, *number),
            // C9
            MessageCall::Attach if !is_writable => Err(HResult::MAPI_E_NO_ACCESS),
            MessageCall::Attach => {
                self.change(at, |content| content.attachments.push(ATTACHMENT));
                Ok(Answer::Done)
            }
            MessageCall::Submit => self.submit(held),
        }
    }

    /// C2: what was set is nobody else's before SaveChanges.
    fn change(&mut self, at: usize, change: impl FnOnce(&mut Content)) {
        let current = self.open_content(at).clone();
        let Opened::Message { node, draft, .. } = &mut self.objects[at].what else {
            unreachable!()
        };
        let version = match node.map(|it| &self.nodes[it].what) {
            Some(What::Message { version, .. }) => *version,
            _ => 0,
        };
        let draft = draft.get_or_insert(Draft {
            content: current,
            version,
        });
        change(&mut draft.content);
    }

    // C5
    fn change_recipients(
        &mut self,
        at: usize,
        change: impl FnOnce(&mut Vec<&'static str>) -> Result<()>,
    ) -> Result<Answer> {
        if !self.objects[at].is_writable {
            return Err(HResult::MAPI_E_NO_ACCESS);
        }
        let mut recipients = self.open_content(at).recipients.clone();
        change(&mut recipients)?;
        self.change(at, |content| content.recipients = recipients);
        Ok(Answer::Done)
    }

    // C2
    fn save(&mut self, at: usize, by_force: bool) -> Result<usize> {
        if !self.objects[at].is_writable {
            return Err(HResult::MAPI_E_NO_ACCESS);
        }
        let Opened::Message {
            node,
            folder,
            draft,
        } = &mut self.objects[at].what
        else {
            unreachable!()
        };
        let folder = *folder;
        match *node {
            None => {
                let content = draft.take().unwrap().content;
                let created = self.add(folder, message(content));
                if let Opened::Message { node, .. } = &mut self.objects[at].what {
                    *node = Some(created);
                }
                self.tell(EventMask::OBJECT_CREATED, created, folder);
                self.tell_of_folder(folder);
                self.refresh(&[created]);
                self.refresh(&[folder]);
                Ok(created)
            }
            Some(node) => {
                let What::Message {
                    content, version, ..
                } = &mut self.nodes[node].what
                else {
                    unreachable!()
                };
                if let Some(saved) = draft {
                    if saved.version != *version && !by_force {
                        return Err(HResult::MAPI_E_OBJECT_CHANGED);
                    }
                    *content = saved.content.clone();
                    *draft = None;
                    *version += 1;
                    self.tell(EventMask::OBJECT_MODIFIED, node, folder);
                    self.refresh(&[node]);
                }
                Ok(node)
            }
        }
    }

    // C5, N15
    fn submit(&mut self, held: usize) -> Result<Answer> {
        let at = self.messages[held];
        if !self.objects[at].is_writable {
            return Err(HResult::MAPI_E_NO_ACCESS);
        }
        let Opened::Message { node, .. } = self.objects[at].what else {
            unreachable!()
        };
        if let Some(What::Message {
            is_submitted: true, ..
        }) = node.map(|it| &self.nodes[it].what)
        {
            return Err(HResult::MAPI_E_SUBMITTED);
        }
        if self.open_content(at).recipients.is_empty() {
            return Err(HResult::MAPI_E_NO_RECIPIENTS);
        }
        let node = self.save(at, false)?;
        let What::Message {
            is_submitted,
            content,
            version,
        } = &mut self.nodes[node].what
        else {
            unreachable!()
        };
        *is_submitted = true;
        *version += 1;
        let flags = content.flags() | MSGFLAG_SUBMIT;
        content.set(Property::new(PropTag::MESSAGE_FLAGS, flags));
        self.outgoing[self.nodes[node].store].push(node);
        self.tell(EventMask::OBJECT_MODIFIED, node, self.nodes[node].parent);
        self.refresh(&[node]);
        self.messages.remove(held);
        self.release(at);
        Ok(Answer::Done)
    }

    // C6
    fn open_attachment(&mut self, at: usize, number: u32) -> Result<Answer> {
        let attachment = self.open_content(at).attachments.get(number as usize);
        let (_, bytes) = *attachment.ok_or(HResult::MAPI_E_NOT_FOUND)?;
        let Opened::Message { node, .. } = self.objects[at].what else {
            unreachable!()
        };
        self.attachments.push(self.objects.len());
        self.objects.push(Object {
            is_writable: false,
            what: Opened::Attachment(node, bytes),
            ..self.objects[at].beside()
        });
        Ok(Answer::Done)
    }

    // ---- Tables

    // C1
    fn open_table(
        &mut self,
        at: usize,
        folder: usize,
        rows: Rows,
        shown: &[Tag],
    ) -> Result<Answer> {
        let mut table = Table {
            folder,
            rows,
            columns: columns(shown),
            restriction: None,
            order: Vec::new(),
            shown: Vec::new(),
            cursor: 0,
            bookmarks: Vec::new(),
        };
        table.shown = self.rows_of(&table);
        self.tables.push(self.objects.len());
        self.objects.push(Object {
            what: Opened::Table(table),
            ..self.objects[at].beside()
        });
        Ok(Answer::Done)
    }

    fn call_table(&mut self, at: usize, call: &TableCall) -> Result<Answer> {
        self.usable(at)?;
        match call {
            TableCall::SetColumns(shown) => {
                self.table_mut(at).columns = columns(shown);
                Ok(Answer::Done)
            }
            TableCall::Columns => Ok(Answer::Tags(self.table(at).columns.clone())),
            // B3
            TableCall::Restrict(cond) => {
                if cond.as_ref().is_some_and(is_mistyped) {
                    return Err(HResult::MAPI_E_TOO_COMPLEX);
                }
                self.table_mut(at).restriction.clone_from(cond);
                self.show(at);
                Ok(Answer::Done)
            }
            // B4
            TableCall::Sort(order) => {
                self.table_mut(at).order.clone_from(order);
                self.show(at);
                Ok(Answer::Done)
            }
            TableCall::SortOrder => Ok(Answer::Order(sort_order(&self.table(at).order))),
            // B2
            TableCall::Seek(origin, rows) => {
                let (from, is_moved) = self.origin(at, *origin)?;
                let last = self.table(at).shown.len() as i64;
                let to = (from as i64 + i64::from(*rows)).clamp(0, last);
                self.table_mut(at).cursor = to as usize;
                Ok(Answer::Moved((to - from as i64) as i32, is_moved))
            }
            // B5
            TableCall::FindRow(cond, origin, backward) => {
                if is_mistyped(cond) {
                    return Err(HResult::MAPI_E_TOO_COMPLEX);
                }
                let (from, is_moved) = self.origin(at, *origin)?;
                let shown = &self.table(at).shown;
                let is_met = |row: &usize| self.is_met(cond, shown[*row]);
                let found = match backward {
                    true => (0..from).rfind(is_met),
                    false => (from..shown.len()).find(is_met),
                };
                self.table_mut(at).cursor = found.ok_or(HResult::MAPI_E_NOT_FOUND)?;
                Ok(match is_moved {
                    true => Answer::Warned(HResult::MAPI_W_POSITION_CHANGED),
                    false => Answer::Done,
                })
            }
            // B1
            TableCall::QueryRows(rows, stays) => {
                if *rows == 0 {
                    return Err(HResult::MAPI_E_INVALID_PARAMETER);
                }
                let table = self.table(at);
                let from = table.cursor;
                let count = rows.unsigned_abs() as usize;
                let (first, last) = match *rows > 0 {
                    true => (from, (from + count).min(table.shown.len())),
                    false => (from.saturating_sub(count), from),
                };
                let read = table.shown[first..last].iter();
                let read = read.map(|it| self.row(table, *it)).collect();
                if !stays {
                    self.table_mut(at).cursor = if *rows > 0 { last } else { first };
                }
                Ok(Answer::Rows(read))
            }
            TableCall::RowCount => Ok(Answer::Number(self.table(at).shown.len() as i64)),
            // B7
            TableCall::Position => {
                let table = self.table(at);
                let (row, rows) = (table.cursor, table.shown.len());
                Ok(Answer::Position(Some(row as u32), (rows as u32).max(1)))
            }
            TableCall::CreateBookmark => {
                let table = self.table_mut(at);
                table.bookmarks.retain(|it| !it.is_gone);
                table.bookmarks.push(Bookmark {
                    place: table.shown.get(table.cursor).copied(),
                    is_moved: false,
                    is_gone: false,
                });
                Ok(Answer::Done)
            }
            TableCall::FreeBookmark(which) => {
                let bookmark = self.table_mut(at).bookmark(*which)?;
                bookmark.is_gone = true;
                Ok(Answer::Done)
            }
            TableCall::Advise => {
                let client = self.objects[at].client;
                let mask = EventMask::TABLE_MODIFIED.bits();
                self.register(client, Some(at), On::Table(at), mask)
            }
        }
    }

    /// B3, B4, B7: after Restrict and SortTable.
    fn show(&mut self, at: usize) {
        let shown = self.rows_of(self.table(at));
        let table = self.table_mut(at);
        table.cursor = 0;
        table.shown = shown;
        for bookmark in &mut table.bookmarks {
            bookmark.is_gone = true;
        }
    }

    /// B2: the position of a bookmark, and whether its row is another.
    fn origin(&mut self, at: usize, origin: Origin) -> Result<(usize, bool)> {
        let table = self.table_mut(at);
        let position = match origin {
            Origin::Beginning => 0,
            Origin::End => table.shown.len(),
            Origin::Current => table.cursor,
            Origin::Made(which) => {
                let bookmark = table.bookmark(which)?;
                let is_moved = std::mem::take(&mut bookmark.is_moved);
                let place = bookmark.place;
                return Ok((table.position(place), is_moved));
            }
        };
        Ok((position, false))
    }

    /// B3, B4: what a table shows now.
    fn rows_of(&self, table: &Table) -> Vec<usize> {
        let mut rows = match table.rows {
            Rows::Contents => self.messages_in(table.folder),
            Rows::Hierarchy => self.folders_in(table.folder),
            Rows::Deep => self.folders_below(table.folder),
        };
        if let Some(cond) = &table.restriction {
            rows.retain(|it| self.is_met(cond, *it));
        }
        rows.sort_by(|one, other| {
            let mut order = table.order.iter().map(|(tag, descends)| {
                let [one, other] = [one, other].map(|it| self.value(*it, tag.tag()));
                let ordering = compare(one.as_ref(), other.as_ref());
                if *descends {
                    ordering.reverse()
                } else {
                    ordering
                }
            });
            order.find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
        });
        rows
    }

    // C1
    fn messages_in(&self, folder: usize) -> Vec<usize> {
        self.children(folder, |it| matches!(it.what, What::Message { .. }))
    }

    fn folders_in(&self, folder: usize) -> Vec<usize> {
        self.children(folder, |it| matches!(it.what, What::Folder { .. }))
    }

    fn folders_below(&self, folder: usize) -> Vec<usize> {
        let mut below = Vec::new();
        for it in self.folders_in(folder) {
            below.push(it);
            below.extend(self.folders_below(it));
        }
        below
    }

    fn children(&self, folder: usize, is_wanted: impl Fn(&Item) -> bool) -> Vec<usize> {
        let nodes = self.nodes.iter().enumerate().filter(|(node, it)| {
            *node != folder && it.parent == folder && !it.is_deleted && is_wanted(it)
        });
        nodes.map(|it| it.0).collect()
    }

    /// B6, B7, N11: brings the tables up to date, and tells of the rows that come, go or are changed.
    fn refresh(&mut self, changed: &[usize]) {
        for at in 0..self.objects.len() {
            let Opened::Table(table) = &self.objects[at].what else {
                continue;
            };
            if self.objects[at].holders == 0 {
                continue;
            }
            let now = self.rows_of(table);
            let mut told = Vec::new();
            for row in table.shown.iter().filter(|it| !now.contains(it)) {
                told.push(Told::Row {
                    event: TableEventKind::ROW_DELETED,
                    index: Some(*row),
                    prior: None,
                    row: Vec::new(),
                });
            }
            for (position, row) in now.iter().enumerate() {
                let event = match table.shown.contains(row) {
                    false => TableEventKind::ROW_ADDED,
                    true if changed.contains(row) => TableEventKind::ROW_MODIFIED,
                    true => continue,
                };
                told.push(Told::Row {
                    event,
                    index: Some(*row),
                    prior: position.checked_sub(1).map(|it| now[it]),
                    row: self.row(table, *row),
                });
            }
            let table = self.table_mut(at);
            let before = std::mem::replace(&mut table.shown, now.clone());
            // The next of those that were behind it, and are shown still.
            let stands = |place: Place| {
                let from = place.and_then(|it| before.iter().position(|row| *row == it));
                let mut behind = before[from.unwrap_or(before.len())..].iter();
                behind.find(|it| now.contains(it)).copied()
            };
            // It stays where it was between the rows that did not change: what was read is not read again,
            // and what comes there is.
            let read = &before[..table.cursor];
            let stays = |row: &&usize| before.contains(row) && !changed.contains(row);
            let stayed = read
                .iter()
                .filter(|it| now.contains(it))
                .filter(stays)
                .count();
            let last = now
                .iter()
                .enumerate()
                .filter(|(_, row)| stays(row))
                .nth(stayed.wrapping_sub(1));
            table.cursor = last.map_or(0, |(place, _)| place + 1);
            while now
                .get(table.cursor)
                .is_some_and(|row| changed.contains(row) && read.contains(row))
            {
                table.cursor += 1;
            }
            for bookmark in &mut table.bookmarks {
                let place = stands(bookmark.place);
                bookmark.is_moved |= place != bookmark.place;
                bookmark.place = place;
            }
            for (number, it) in self.registrations.iter().enumerate() {
                if it.on == On::Table(at) && self.is_told(it) {
                    let copies = told.iter().map(Told::copy);
                    self.heard.extend(copies.map(|it| (number, it)));
                }
            }
        }
    }

    // B1
    fn row(&self, table: &Table, node: usize) -> Vec<Property> {
        let columns = table.columns.iter();
        let columns = columns.map(|tag| self.column(*tag, node));
        columns.collect()
    }

    fn column(&self, tag: PropTag, node: usize) -> Property {
        match tag {
            PropTag::INSTANCE_KEY => Property::new(tag, node as i64),
            _ if tag == Tag::Null.tag() => Property::new(tag, PropertyValue::Null),
            _ => given(tag, |tag| self.value(node, tag)),
        }
    }

    fn all_rows(&self, at: usize) -> Result<Vec<Vec<Property>>> {
        self.usable(at)?;
        let table = self.table(at);
        Ok(table.shown.iter().map(|it| self.row(table, *it)).collect())
    }

    fn is_met(&self, cond: &Cond, node: usize) -> bool {
        let subject = || match self.value(node, PropTag::SUBJECT) {
            Some(PropertyValue::String(text)) => Some(text.to_lowercase()),
            _ => None,
        };
        match cond {
            Cond::SubjectIs(it) => subject().is_some_and(|has| has == text(*it).to_lowercase()),
            Cond::SubjectHas(it) => {
                subject().is_some_and(|has| has.contains(&text(*it).to_lowercase()))
            }
            Cond::Importance(least) => match self.value(node, PropTag::IMPORTANCE) {
                Some(PropertyValue::Long(it)) => it >= *least,
                _ => false,
            },
            Cond::Unread => match self.value(node, PropTag::MESSAGE_FLAGS) {
                Some(PropertyValue::Long(it)) => it as u32 & MSGFLAG_READ == 0,
                _ => false,
            },
            Cond::HasComment => self.value(node, PropTag::COMMENT).is_some(),
            Cond::Mistyped => unreachable!(),
            Cond::Not(it) => !self.is_met(it, node),
            Cond::And(one, other) => self.is_met(one, node) && self.is_met(other, node),
            Cond::Or(one, other) => self.is_met(one, node) || self.is_met(other, node),
        }
    }

    // ---- Properties

    /// Of what is saved.
    fn value(&self, node: usize, tag: PropTag) -> Option<PropertyValue> {
        let item = &self.nodes[node];
        Some(match (tag, &item.what) {
            (PropTag::ENTRYID, _) => (node as i64).into(),
            (PropTag::PARENT_ENTRYID, _) => (item.parent as i64).into(),
            (_, What::Store) => return None,
            (_, What::Message { content, .. }) => return content.value(tag),
            (PropTag::OBJECT_TYPE, _) => FOLDER.into(),
            (PropTag::CONTENT_COUNT, _) => (self.messages_in(node).len() as i32).into(),
            (PropTag::CONTENT_UNREAD, _) => {
                let messages = self.messages_in(node).into_iter();
                let unread =
                    messages.filter(|it| self.content(*it).flags() & MSGFLAG_READ as i32 == 0);
                (unread.count() as i32).into()
            }
            (PropTag::SUBFOLDERS, _) => (!self.folders_in(node).is_empty()).into(),
            (_, What::Folder { props, .. }) => {
                return props.get(&tag.id()).map(|it| it.value.clone());
            }
        })
    }

    /// Of what is open.
    fn message_value(&self, at: usize, tag: PropTag) -> Option<PropertyValue> {
        let Opened::Message { node, folder, .. } = self.objects[at].what else {
            unreachable!()
        };
        match tag {
            PropTag::ENTRYID => node.map(|it| (it as i64).into()),
            PropTag::PARENT_ENTRYID => Some((folder as i64).into()),
            _ => self.open_content(at).value(tag),
        }
    }

    fn content(&self, node: usize) -> &Content {
        match &self.nodes[node].what {
            What::Message { content, .. } => content,
            _ => unreachable!(),
        }
    }

    fn open_content(&self, at: usize) -> &Content {
        match &self.objects[at].what {
            Opened::Message {
                draft: Some(draft), ..
            } => &draft.content,
            Opened::Message {
                node: Some(node), ..
            } => self.content(*node),
            _ => unreachable!(),
        }
    }

    fn is_read_only(&self, folder: usize) -> bool {
        matches!(self.nodes[folder].what, What::Folder { is_read_only, .. } if is_read_only)
    }

    // ---- What is open

    fn node(&self, node: Node) -> usize {
        newest(&self.nodes, node % self.nodes.len()).unwrap()
    }

    fn table(&self, at: usize) -> &Table {
        match &self.objects[at].what {
            Opened::Table(table) => table,
            _ => unreachable!(),
        }
    }

    fn table_mut(&mut self, at: usize) -> &mut Table {
        match &mut self.objects[at].what {
            Opened::Table(table) => table,
            _ => unreachable!(),
        }
    }

    // O2
    fn check_live(&self, client: usize) -> Result<()> {
        match self.is_live[client] {
            true => Ok(()),
            false => Err(HResult::MAPI_E_INVALID_OBJECT),
        }
    }

    /// C1, O2
    fn usable(&self, at: usize) -> Result<&Object> {
        let object = &self.objects[at];
        self.check_live(object.client)?;
        let node = match object.what {
            Opened::Store => None,
            Opened::Folder(node) => Some(node),
            Opened::Message { node, .. } | Opened::Attachment(node, _) => node,
            Opened::Table(ref table) => Some(table.folder),
        };
        match node.is_some_and(|it| self.nodes[it].is_deleted) {
            true => Err(HResult::MAPI_E_OBJECT_DELETED),
            false => Ok(object),
        }
    }

    // M5, O6
    fn check_known(&self, client: usize, node: usize) -> Result<()> {
        let session = SESSION_OF[client];
        let is_known = !self.sessions[session].is_store_released;
        match is_known && self.nodes[node].store == STORE_OF[session] {
            true => Ok(()),
            false => Err(HResult::MAPI_E_UNKNOWN_ENTRYID),
        }
    }

    // M14
    fn check_in_store(&self, store: usize, node: usize) -> Result<()> {
        match &self.nodes[node] {
            it if it.store != store => Err(HResult::MAPI_E_UNKNOWN_ENTRYID),
            // It is not in itself.
            it if matches!(it.what, What::Store) => Err(HResult::MAPI_E_NOT_FOUND),
            _ => Ok(()),
        }
    }

    /// What a session has open of its store, the store or what is in it (O3).
    fn find_open(&self, session: usize) -> Option<&Object> {
        self.objects.iter().find(|it| {
            it.holders > 0 && self.is_live[it.client] && SESSION_OF[it.client] == session
        })
    }

    /// O5: none where it is not open by OpenMsgStore.
    fn store_access(&self, client: usize) -> Option<bool> {
        let session = SESSION_OF[client];
        let access = self.sessions[session].access;
        access.filter(|_| self.find_open(session).is_some())
    }

    // M5
    fn can_write_store(&self, client: usize) -> bool {
        let is_read_only = STORE_OF[SESSION_OF[client]] == 1 && self.config.read_only;
        self.store_access(client).unwrap_or(!is_read_only)
    }

    // O3, O6
    fn release(&mut self, at: usize) {
        let client = self.objects[at].client;
        let session = SESSION_OF[client];
        // What OpenEntry has opened alone does not open the store.
        let was_open = self.store_access(client).is_some();
        self.objects[at].holders -= 1;
        if self.is_live[client] && was_open && self.find_open(session).is_none() {
            self.sessions[session].is_store_released = true;
        }
    }
}

impl Object {
    /// What is opened from it.
    fn beside(&self) -> Self {
        Self {
            client: self.client,
            store: self.store,
            is_writable: false,
            holders: 1,
            what: Opened::Store,
        }
    }
}

impl Table {
    fn position(&self, place: Place) -> usize {
        let row = place.and_then(|it| self.shown.iter().position(|row| *row == it));
        row.unwrap_or(self.shown.len())
    }

    fn bookmark(&mut self, which: usize) -> Result<&mut Bookmark> {
        let at = newest(&self.bookmarks, which);
        let bookmark = at.map(|it| &mut self.bookmarks[it]);
        let bookmark = bookmark.filter(|it| !it.is_gone);
        bookmark.ok_or(HResult::MAPI_E_INVALID_BOOKMARK)
    }
}

impl Content {
    fn set(&mut self, property: Property) {
        self.props.insert(property.tag.id(), property);
    }

    fn flags(&self) -> i32 {
        match self
            .props
            .get(&PropTag::MESSAGE_FLAGS.id())
            .map(|it| &it.value)
        {
            Some(PropertyValue::Long(flags)) => *flags,
            _ => 0,
        }
    }

    fn value(&self, tag: PropTag) -> Option<PropertyValue> {
        Some(match tag {
            PropTag::OBJECT_TYPE => MESSAGE.into(),
            PropTag::HASATTACH => (!self.attachments.is_empty()).into(),
            PropTag::DISPLAY_TO => self.recipients.join("; ").into(),
            PropTag::MESSAGE_FLAGS if !self.attachments.is_empty() => {
                (self.flags() | MSGFLAG_HASATTACH).into()
            }
            _ => match self.props.get(&tag.id()) {
                Some(property) => property.value.clone(),
                None if tag == PropTag::SUBJECT => "".into(),
                None => return None,
            },
        })
    }
}

impl Told {
    fn copy(&self) -> Self {
        match self {
            Self::Object(event, node, folder) => Self::Object(*event, *node, *folder),
            Self::Row {
                event,
                index,
                prior,
                row,
            } => Self::Row {
                event: *event,
                index: *index,
                prior: *prior,
                row: row.clone(),
            },
        }
    }
}

fn newest<T>(all: &[T], which: usize) -> Option<usize> {
    all.len().checked_sub(which + 1)
}

fn done(is_whole: bool) -> Answer {
    match is_whole {
        true => Answer::Done,
        false => Answer::Warned(HResult::MAPI_W_PARTIAL_COMPLETION),
    }
}

fn folder(name: &'static str, is_read_only: bool, receives: Option<&'static str>) -> What {
    let name = Property::new(PropTag::DISPLAY_NAME, name);
    What::Folder {
        props: [(name.tag.id(), name)].into(),
        is_read_only,
        receives,
    }
}

fn message(content: Content) -> What {
    What::Message {
        content,
        version: 0,
        is_submitted: false,
    }
}

fn described(mail: Mail) -> Content {
    let mut content = Content::default();
    content.set(Property::new(PropTag::SUBJECT, text(mail.subject())));
    content.set(Property::new(
        PropTag::MESSAGE_FLAGS,
        i32::from(mail.is_read()),
    ));
    match mail {
        Mail::Letter(_) => content.recipients.push(name(0)),
        Mail::Attached(_) => content.attachments.push(ATTACHMENT),
        Mail::Read(_) | Mail::Unread(_) => {}
    }
    content
}

// N10
fn check_mask(mask: u32) -> Result<()> {
    match mask {
        0x400 => Err(HResult::MAPI_E_UNKNOWN_FLAGS),
        _ => Ok(()),
    }
}

// N10
fn check_kinds(mask: u32) -> Result<()> {
    match EventMask::OF_OBJECTS.contains(EventMask::from(mask)) {
        true => Ok(()),
        false => Err(HResult::MAPI_E_NO_SUPPORT),
    }
}

// R1
fn get(asked: &[Tag], value: impl Fn(PropTag) -> Option<PropertyValue>) -> Result<Answer> {
    if asked.is_empty() {
        return Err(HResult::MAPI_E_INVALID_PARAMETER);
    }
    let props = tags(asked).into_iter().map(|tag| given(tag, &value));
    Ok(Answer::Props(props.collect()))
}

/// R1, B1
fn given(tag: PropTag, value: impl Fn(PropTag) -> Option<PropertyValue>) -> Property {
    let own = match tag {
        it if it == Tag::Narrow.tag() => PropTag::SUBJECT,
        it if it == Tag::Untyped.tag() => PropTag::IMPORTANCE,
        it => it,
    };
    let shown = match tag.prop_type() {
        PropType::UNSPECIFIED => own,
        _ => tag,
    };
    match value(own) {
        Some(value) => Property::new(shown, value),
        None => Property::new(tag.with_type(PropType::ERROR), HResult::MAPI_E_NOT_FOUND),
    }
}

// R1
fn all(value: impl Fn(PropTag) -> Option<PropertyValue>) -> Answer {
    let own = |it: &PropTag| *it != Tag::Narrow.tag() && *it != Tag::Untyped.tag();
    let mut known: Vec<_> = tags(&Tag::ALL).into_iter().filter(own).collect();
    known.sort();
    let props = known.into_iter();
    let props = props.filter_map(|tag| Some(Property::new(tag, value(tag)?)));
    Answer::Props(props.collect())
}

// R2, C2
fn check_values(
    values: &[Value],
    is_writable: bool,
    is_new: bool,
) -> Result<Vec<(usize, HResult)>> {
    if !is_writable {
        return Err(HResult::MAPI_E_NO_ACCESS);
    }
    let is_mistyped = values.iter().any(|it| matches!(it, Value::Mistyped));
    if values.is_empty() || is_mistyped {
        return Err(HResult::MAPI_E_INVALID_PARAMETER);
    }
    let is_computed = |it: &Value| match it {
        Value::HasAttach | Value::Count => true,
        Value::Flags(_) => !is_new,
        _ => false,
    };
    let values = values.iter().enumerate().filter(|(_, it)| is_computed(it));
    Ok(values.map(|it| (it.0, HResult::MAPI_E_COMPUTED)).collect())
}

// R2
fn check_deleted(tags: &[Tag], is_writable: bool) -> Result<Vec<(usize, HResult)>> {
    if !is_writable {
        return Err(HResult::MAPI_E_NO_ACCESS);
    }
    if tags.is_empty() {
        return Err(HResult::MAPI_E_INVALID_PARAMETER);
    }
    let computed = tags.iter().enumerate().filter(|it| *it.1 == Tag::HasAttach);
    Ok(computed
        .map(|it| (it.0, HResult::MAPI_E_COMPUTED))
        .collect())
}

/// R2: sets all but those that cannot be. Gives whether there were any.
fn set(props: &mut Props, values: &[Value], problems: &[(usize, HResult)]) -> bool {
    let is_set = |at: usize| problems.iter().all(|it| it.0 != at);
    let values = values.iter().enumerate().filter(|it| is_set(it.0));
    let values: Vec<_> = values.map(|it| it.1.property()).collect();
    let any = !values.is_empty();
    props.extend(values.into_iter().map(|it| (it.tag.id(), it)));
    any
}

/// R2: gives whether there were any.
fn delete(props: &mut Props, tags: &[Tag]) -> bool {
    props.retain(|id, _| tags.iter().all(|it| it.tag().id() != *id));
    true
}

// B3
fn is_mistyped(cond: &Cond) -> bool {
    match cond {
        Cond::Mistyped => true,
        Cond::Not(it) => is_mistyped(it),
        Cond::And(one, other) | Cond::Or(one, other) => is_mistyped(one) || is_mistyped(other),
        _ => false,
    }
}

/// B4: a row without the property comes first; upper and lower case are alike.
fn compare(one: Option<&PropertyValue>, other: Option<&PropertyValue>) -> Ordering {
    match (one, other) {
        (Some(PropertyValue::String(one)), Some(PropertyValue::String(other))) => {
            one.to_lowercase().cmp(&other.to_lowercase())
        }
        (Some(PropertyValue::Long(one)), Some(PropertyValue::Long(other))) => one.cmp(other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    }
}
