//! The steps of a sequence: calls on what is open, and mail that arrives.

use mapi_session::memory::{Folder, Message, Profile, Store};
use mapi_session::property::{PropTag, PropType, Property};
use mapi_session::table::{Relation, Restriction, SortOrder};
use mapi_session::{EventMask, OpenEntryFlags, OpenStoreFlags};
use proptest::prelude::*;

/// The clients: two of one shared session, and one with a session of its own, on the first profile;
/// one on the second.
pub(super) const SESSION_OF: [usize; 4] = [0, 0, 1, 2];
/// The profile, and so the store, of each session.
pub(super) const STORE_OF: [usize; 3] = [0, 0, 1];
pub(super) const PROFILES: [&str; 2] = ["One", "Two"];
pub(super) const STORE: &str = "Store";

/// What the sequences are run on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Config {
    /// The second store.
    pub(super) read_only: bool,
    /// At the end, the sessions are released without a logoff, before what is open.
    pub(super) drops_sessions: bool,
    /// At the end, what was opened first is released first.
    pub(super) oldest_first: bool,
}

/// A folder or a message that is there at first, in the order in which the model numbers them: each
/// with the number of its folder.
pub(super) enum Initial {
    Store,
    Root,
    Folder(&'static str, usize),
    /// A folder in which messages of this class arrive.
    Receives(&'static str, &'static str, usize),
    ReadOnly(&'static str, usize),
    Message(Mail, usize),
}

pub(super) const INBOX: usize = 2;

/// Of each store.
pub(super) fn initial() -> Vec<Initial> {
    vec![
        Initial::Store,
        Initial::Root,
        Initial::Folder("Inbox", 1),
        Initial::Folder("Work", 2),
        Initial::Receives("Faxes", "IPM.Note.Fax", 1),
        Initial::ReadOnly("Rules", 1),
        Initial::Message(Mail::Read(0), 2),
        Initial::Message(Mail::Letter(1), 2),
        Initial::Message(Mail::Attached(2), 2),
        Initial::Message(Mail::Read(3), 5),
    ]
}

/// How the subsystem is described, so that it has [`initial`].
pub(super) fn profiles(config: &Config) -> [Profile; 2] {
    let inbox = Folder::new("Inbox")
        .message(Mail::Read(0).described())
        .message(Mail::Letter(1).described())
        .message(Mail::Attached(2).described())
        .folder(Folder::new("Work"));
    let store = Store::new(STORE)
        .default_store()
        .folder(inbox)
        .folder(Folder::new("Faxes").receives("IPM.Note.Fax"))
        .folder(
            Folder::new("Rules")
                .read_only()
                .message(Mail::Read(3).described()),
        );
    let second = match config.read_only {
        true => store.clone().read_only(),
        false => store.clone(),
    };
    [
        Profile::new(PROFILES[0]).store(store),
        Profile::new(PROFILES[1]).store(second),
    ]
}

/// A call, or what happens besides. Objects and registrations are counted from the newest, and so is
/// [what has an entry identifier](Node).
#[derive(Clone, Debug)]
pub(super) enum Step {
    Deliver(Node, Mail),
    OfClient(usize, ClientCall),
    OfStore(usize, StoreCall),
    OfFolder(usize, FolderCall),
    OfMessage(usize, MessageCall),
    OfTable(usize, TableCall),
    ReadAttachment(usize),
    Unadvise(usize),
    Release(Kind, usize),
}

/// Which of all that ever had an entry identifier, counted from the newest.
pub(super) type Node = usize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Store,
    Folder,
    Message,
    Table,
    Attachment,
}

#[derive(Clone, Debug)]
pub(super) enum ClientCall {
    OpenStore(Access),
    OpenEntry(Node, Access),
    Advise(Node, u32),
    Logoff,
}

#[derive(Clone, Debug)]
pub(super) enum StoreCall {
    Info,
    OpenRoot(Access),
    OpenEntry(Node, Access),
    ReceiveFolder(&'static str),
    Advise(Option<Node>, u32),
}

#[derive(Clone, Debug)]
pub(super) enum FolderCall {
    /// Whether one that is there is opened.
    CreateFolder(&'static str, bool),
    CreateMessage,
    DeleteMessages(Vec<Node>),
    SetReadFlags(Option<Vec<Node>>, u32),
    Table(Rows, Vec<Tag>),
    Get(Vec<Tag>),
    Set(Vec<Value>),
    Delete(Vec<Tag>),
    All,
}

#[derive(Clone, Debug)]
pub(super) enum MessageCall {
    Get(Vec<Tag>),
    All,
    Set(Vec<Value>),
    Delete(Vec<Tag>),
    /// Whether by force.
    Save(bool),
    SetRecipients(Vec<u8>),
    AddRecipient(u8),
    /// By its place in the table.
    ChangeRecipient(usize, u8),
    RemoveRecipient(usize),
    Recipients,
    Attachments,
    OpenAttachment(u32),
    /// CreateAttach, SetProps and the attachment's SaveChanges.
    Attach,
    Submit,
}

#[derive(Clone, Debug)]
pub(super) enum TableCall {
    SetColumns(Vec<Tag>),
    Columns,
    Restrict(Option<Cond>),
    /// By these properties, and whether in descending order.
    Sort(Vec<(Tag, bool)>),
    SortOrder,
    Seek(Origin, i32),
    /// Whether backward.
    FindRow(Cond, Origin, bool),
    /// Whether the cursor stays.
    QueryRows(i32, bool),
    RowCount,
    Position,
    CreateBookmark,
    FreeBookmark(usize),
    Advise,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Rows {
    Contents,
    Hierarchy,
    Deep,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Access {
    Read,
    Modify,
    Best,
}

impl Access {
    pub(super) fn of_store(self) -> OpenStoreFlags {
        match self {
            Self::Read => OpenStoreFlags::empty(),
            Self::Modify => OpenStoreFlags::WRITE,
            Self::Best => OpenStoreFlags::BEST_ACCESS,
        }
    }

    pub(super) fn of_entry(self) -> OpenEntryFlags {
        match self {
            Self::Read => OpenEntryFlags::empty(),
            Self::Modify => OpenEntryFlags::MODIFY,
            Self::Best => OpenEntryFlags::BEST_ACCESS,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    Beginning,
    Current,
    End,
    /// Of those that the table was asked for, counted from the newest; one that it does not have where
    /// there are not so many.
    Made(usize),
}

/// A message as it is described.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mail {
    /// Of this subject, and read.
    Read(u8),
    Unread(u8),
    /// Unread, and with a recipient.
    Letter(u8),
    /// With an attachment.
    Attached(u8),
}

impl Mail {
    pub(super) fn subject(self) -> u8 {
        match self {
            Self::Read(it) | Self::Unread(it) | Self::Letter(it) | Self::Attached(it) => it,
        }
    }

    pub(super) fn is_read(self) -> bool {
        matches!(self, Self::Read(_) | Self::Attached(_))
    }

    pub(super) fn described(self) -> Message {
        let message = Message::from(text(self.subject()));
        match self {
            Self::Read(_) => message,
            Self::Unread(_) => message.unread(),
            Self::Letter(_) => message.unread().to(name(0)),
            Self::Attached(_) => message.attachment(ATTACHMENT.0, ATTACHMENT.1),
        }
    }
}

pub(super) const ATTACHMENT: (&str, &str) = ("a.txt", "some bytes");

/// Texts that compare alike, that contain one another, and that do not.
pub(super) fn text(number: u8) -> &'static str {
    ["", "a", "A", "ab", "b"][usize::from(number) % 5]
}

pub(super) fn name(number: u8) -> &'static str {
    ["Kim", "Ana", "Bo"][usize::from(number) % 3]
}

/// A property to be set.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Subject(u8),
    Comment(u8),
    Importance(i32),
    Flags(i32),
    /// Of a message, this is computed.
    HasAttach,
    /// Of a folder, this is.
    Count,
    /// A number, where the tag says a text.
    Mistyped,
}

impl Value {
    pub(super) fn property(self) -> Property {
        match self {
            Self::Subject(it) => Property::new(PropTag::SUBJECT, text(it)),
            Self::Comment(it) => Property::new(PropTag::COMMENT, text(it)),
            Self::Importance(it) => Property::new(PropTag::IMPORTANCE, it),
            Self::Flags(it) => Property::new(PropTag::MESSAGE_FLAGS, it),
            Self::HasAttach => Property::new(PropTag::HASATTACH, true),
            Self::Count => Property::new(PropTag::CONTENT_COUNT, 7),
            Self::Mistyped => Property::new(PropTag::SUBJECT, 1),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Subject,
    Comment,
    Importance,
    Flags,
    HasAttach,
    EntryId,
    Parent,
    Type,
    To,
    Name,
    Count,
    Unread,
    Subfolders,
    /// PR_SUBJECT as PT_STRING8.
    Narrow,
    /// PR_IMPORTANCE as PT_UNSPECIFIED.
    Untyped,
    /// PR_NULL
    Null,
}

impl Tag {
    /// All that the model knows of.
    pub(super) const ALL: [Self; 16] = [
        Self::Subject,
        Self::Importance,
        Self::Comment,
        Self::Flags,
        Self::Unread,
        Self::Count,
        Self::Name,
        Self::HasAttach,
        Self::EntryId,
        Self::Parent,
        Self::Type,
        Self::To,
        Self::Subfolders,
        Self::Narrow,
        Self::Untyped,
        Self::Null,
    ];

    pub(super) fn tag(self) -> PropTag {
        match self {
            Self::Subject => PropTag::SUBJECT,
            Self::Comment => PropTag::COMMENT,
            Self::Importance => PropTag::IMPORTANCE,
            Self::Flags => PropTag::MESSAGE_FLAGS,
            Self::HasAttach => PropTag::HASATTACH,
            Self::EntryId => PropTag::ENTRYID,
            Self::Parent => PropTag::PARENT_ENTRYID,
            Self::Type => PropTag::OBJECT_TYPE,
            Self::To => PropTag::DISPLAY_TO,
            Self::Name => PropTag::DISPLAY_NAME,
            Self::Count => PropTag::CONTENT_COUNT,
            Self::Unread => PropTag::CONTENT_UNREAD,
            Self::Subfolders => PropTag::SUBFOLDERS,
            Self::Narrow => PropTag::SUBJECT.with_type(PropType::STRING8),
            Self::Untyped => PropTag::IMPORTANCE.with_type(PropType::UNSPECIFIED),
            Self::Null => PropTag::of(0, PropType::NULL),
        }
    }
}

pub(super) fn tags(tags: &[Tag]) -> Vec<PropTag> {
    tags.iter().map(|it| it.tag()).collect()
}

/// The columns that a table is asked for: these, and those by which rows are told from each other.
pub(super) fn columns(columns: &[Tag]) -> Vec<PropTag> {
    let mut columns = tags(columns);
    columns.extend([PropTag::ENTRYID, PropTag::INSTANCE_KEY]);
    columns
}

pub(super) fn sort_order(order: &[(Tag, bool)]) -> Vec<SortOrder> {
    let order = order.iter().map(|(tag, descends)| match descends {
        true => SortOrder::descending(tag.tag()),
        false => SortOrder::ascending(tag.tag()),
    });
    order.collect()
}

/// A restriction.
#[derive(Clone, Debug)]
pub(super) enum Cond {
    SubjectIs(u8),
    SubjectHas(u8),
    /// PR_IMPORTANCE is at least this.
    Importance(i32),
    Unread,
    HasComment,
    /// A text compared with a number.
    Mistyped,
    Not(Box<Cond>),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
}

pub(super) const MSGFLAG_READ: u32 = 1;

impl Cond {
    pub(super) fn restriction(&self) -> Restriction {
        match self {
            Self::SubjectIs(it) => Restriction::equals(PropTag::SUBJECT, text(*it)),
            Self::SubjectHas(it) => Restriction::contains(PropTag::SUBJECT, text(*it)),
            Self::Importance(it) => {
                Restriction::property(PropTag::IMPORTANCE, Relation::GreaterOrEqual, *it)
            }
            Self::Unread => Restriction::has_none_of(PropTag::MESSAGE_FLAGS, MSGFLAG_READ),
            Self::HasComment => Restriction::exists(PropTag::COMMENT),
            Self::Mistyped => Restriction::equals(PropTag::SUBJECT, 1),
            Self::Not(it) => !it.restriction(),
            Self::And(one, other) => one.restriction().and(other.restriction()),
            Self::Or(one, other) => one.restriction().or(other.restriction()),
        }
    }
}

/// Each step is made of plain bytes: strategies of steps take longer than all that is tested.
pub(super) fn sequence() -> impl Strategy<Value = (Config, Vec<Step>)> {
    let steps = prop::collection::vec(any::<[u8; 6]>(), 1..60);
    (any::<[bool; 3]>(), steps).prop_map(|(config, steps)| {
        let [read_only, drops_sessions, oldest_first] = config;
        let config = Config {
            read_only,
            drops_sessions,
            oldest_first,
        };
        (config, steps.into_iter().map(step).collect())
    })
}

fn step([kind, which, how, a, b, rare]: [u8; 6]) -> Step {
    let few = usize::from(which % 3);
    match kind {
        0..16 => Step::Deliver(node(a), mail(how, b)),
        16..52 => Step::OfClient(client(which), client_call(how, a, b, rare)),
        52..72 => Step::OfStore(few, store_call(how, a, b)),
        72..120 => Step::OfFolder(few, folder_call(how, a, b)),
        120..172 => Step::OfMessage(few, message_call(how, a, b)),
        172..228 => Step::OfTable(few, table_call(how, a, b)),
        228..230 => Step::ReadAttachment(few),
        230..234 => Step::Unadvise(few),
        _ => Step::Release(
            match how % 8 {
                0 => Kind::Store,
                1 => Kind::Folder,
                2 | 3 => Kind::Table,
                4 => Kind::Attachment,
                _ => Kind::Message,
            },
            few,
        ),
    }
}

/// Most calls are of the first clients: what only one does meets nothing.
fn client(which: u8) -> usize {
    match which {
        0..100 => 0,
        100..160 => 1,
        160..230 => 2,
        _ => 3,
    }
}

/// Most often the Inbox of the first store, or one of the newest.
fn node(a: u8) -> Node {
    usize::from(a % 32)
}

fn mail(how: u8, b: u8) -> Mail {
    match how % 4 {
        0 => Mail::Read(b % 5),
        1 => Mail::Unread(b % 5),
        2 => Mail::Letter(b % 5),
        _ => Mail::Attached(b % 5),
    }
}

fn access(b: u8) -> Access {
    match b % 4 {
        0 => Access::Read,
        1 => Access::Modify,
        _ => Access::Best,
    }
}

fn mask(b: u8) -> u32 {
    match b {
        0..128 => EventMask::OF_OBJECTS.bits(),
        128..240 => EventMask::OF_OBJECTS.bits() & (u32::from(b) << 1),
        240..248 => EventMask::TABLE_MODIFIED.bits(),
        _ => 0x400,
    }
}

fn client_call(how: u8, a: u8, b: u8, rare: u8) -> ClientCall {
    match how % 16 {
        0..3 => ClientCall::OpenStore(access(b)),
        3..10 => ClientCall::OpenEntry(node(a), access(b)),
        10..15 => ClientCall::Advise(node(a), mask(b)),
        _ if rare < 64 => ClientCall::Logoff,
        _ => ClientCall::OpenEntry(node(a), Access::Best),
    }
}

fn store_call(how: u8, a: u8, b: u8) -> StoreCall {
    match how % 16 {
        0 => StoreCall::Info,
        1..3 => StoreCall::OpenRoot(access(b)),
        3..8 => StoreCall::OpenEntry(node(a), access(b)),
        8..11 => StoreCall::ReceiveFolder(
            [
                "",
                "IPM.Note",
                "IPM.Note.Fax",
                "ipm.note.fax.x",
                "IPM.Note.Faxes",
            ][usize::from(b % 5)],
        ),
        11..13 => StoreCall::Advise(None, mask(b)),
        _ => StoreCall::Advise(Some(node(a)), mask(b)),
    }
}

fn some_nodes(a: u8, b: u8) -> Vec<Node> {
    let count = usize::from(b % 4);
    [a % 16, a / 16, b / 16].map(usize::from)[..count.min(3)].to_vec()
}

fn some_tags(a: u8, b: u8) -> Vec<Tag> {
    let count = usize::from(b % 4);
    let tags = [a % 16, a / 16, b / 16].map(|it| Tag::ALL[usize::from(it)]);
    tags[..count.min(3)].to_vec()
}

fn value(a: u8) -> Value {
    let how = a / 16;
    match a % 16 {
        0..6 => Value::Subject(how % 5),
        6..8 => Value::Comment(how % 5),
        8..11 => Value::Importance(i32::from(how % 3)),
        11..14 => Value::Flags(i32::from(how % 2) | (i32::from(how / 2 % 2) * 8)),
        14 => Value::HasAttach,
        _ => Value::Mistyped,
    }
}

fn some_values(a: u8, b: u8) -> Vec<Value> {
    match b % 8 {
        0 => vec![],
        1..4 => vec![value(a), value(b)],
        _ => vec![value(a)],
    }
}

fn some_deletable(a: u8) -> Vec<Tag> {
    const TAGS: [Tag; 4] = [Tag::Subject, Tag::Comment, Tag::Importance, Tag::HasAttach];
    let count = usize::from(a % 3);
    let tags = [a / 4 % 4, a / 16 % 4].map(|it| TAGS[usize::from(it)]);
    tags[..count].to_vec()
}

fn folder_call(how: u8, a: u8, b: u8) -> FolderCall {
    match how % 32 {
        0..4 => FolderCall::CreateFolder(
            ["Work", "New", "NEW", "", "Inbox", "Rules"][usize::from(b % 6)],
            a > 99,
        ),
        4..10 => FolderCall::CreateMessage,
        10..14 => FolderCall::DeleteMessages(some_nodes(a, b)),
        14..19 => {
            let nodes = (b % 3 != 0).then(|| some_nodes(a, b));
            let flags = [0, 4, 1, 0x10, 5, 0x20, 0, 4][usize::from(b / 4 % 8)];
            FolderCall::SetReadFlags(nodes, flags)
        }
        19..25 => FolderCall::Table(Rows::Contents, some_tags(a, b)),
        25 => FolderCall::Table(Rows::Hierarchy, some_tags(a, b)),
        26 => FolderCall::Table(Rows::Deep, some_tags(a, b)),
        27..29 => FolderCall::Get(some_tags(a, b)),
        29 => FolderCall::Set(match b % 4 {
            0 => vec![Value::Count, Value::Comment(a % 5)],
            1 => vec![],
            _ => vec![Value::Comment(a % 5)],
        }),
        30 => FolderCall::Delete(vec![Tag::Comment]),
        _ => FolderCall::All,
    }
}

fn message_call(how: u8, a: u8, b: u8) -> MessageCall {
    match how % 32 {
        0..4 => MessageCall::Get(some_tags(a, b)),
        4 => MessageCall::All,
        5..12 => MessageCall::Set(some_values(a, b)),
        12..14 => MessageCall::Delete(some_deletable(a)),
        14..22 => MessageCall::Save(a > 210),
        22..24 => MessageCall::SetRecipients([a, b, a ^ b][..usize::from(a % 4).min(3)].to_vec()),
        24 => MessageCall::AddRecipient(a),
        25 => MessageCall::ChangeRecipient(usize::from(b % 3), a),
        26 => MessageCall::RemoveRecipient(usize::from(b % 3)),
        27 => MessageCall::Recipients,
        28 => MessageCall::Attachments,
        29 => MessageCall::OpenAttachment(u32::from(b % 2)),
        30 => MessageCall::Attach,
        _ => MessageCall::Submit,
    }
}

fn cond(a: u8, b: u8) -> Cond {
    let simple = |it: u8| match it % 8 {
        0..2 => Cond::Unread,
        2 => Cond::SubjectIs(it / 8 % 5),
        3 => Cond::SubjectHas(it / 8 % 5),
        4 => Cond::Importance(i32::from(it / 8 % 3)),
        5 => Cond::HasComment,
        6 => Cond::SubjectHas(1),
        _ if it > 200 => Cond::Mistyped,
        _ => Cond::SubjectIs(1),
    };
    match b % 8 {
        0 => Cond::And(simple(a).into(), simple(b / 8).into()),
        1 => Cond::Or(simple(a).into(), simple(b / 8).into()),
        2 => Cond::Not(simple(a).into()),
        3 => {
            let inner = Cond::Or(simple(a).into(), simple(b / 8).into());
            Cond::And(Cond::Not(inner.into()).into(), simple(a ^ b).into())
        }
        _ => simple(a),
    }
}

fn origin(b: u8) -> Origin {
    match b % 8 {
        0 => Origin::Beginning,
        1 => Origin::End,
        2..4 => Origin::Current,
        it => Origin::Made(usize::from(it / 2) - 2),
    }
}

fn table_call(how: u8, a: u8, b: u8) -> TableCall {
    let rows = i32::from(a % 8) - 3;
    match how % 32 {
        0..2 => TableCall::SetColumns(some_tags(a, b)),
        2 => TableCall::Columns,
        3..7 => TableCall::Restrict((b % 5 != 0).then(|| cond(a, b))),
        7..11 => {
            const TAGS: [Tag; 5] = [
                Tag::Subject,
                Tag::Importance,
                Tag::Flags,
                Tag::Comment,
                Tag::Name,
            ];
            let keys = [a % 8, a / 32].map(|it| (TAGS[usize::from(it % 5)], it % 2 == 0));
            TableCall::Sort(keys[..usize::from(b % 4).min(2)].to_vec())
        }
        11 => TableCall::SortOrder,
        12..15 => TableCall::Seek(origin(b), rows),
        15..18 => TableCall::FindRow(cond(a, b), origin((how / 32) ^ (b / 32)), b % 2 == 1),
        18..22 => TableCall::QueryRows(rows, b % 4 == 0),
        22 => TableCall::RowCount,
        23..25 => TableCall::Position,
        25..27 => TableCall::CreateBookmark,
        27 => TableCall::FreeBookmark(usize::from(b % 3)),
        _ => TableCall::Advise,
    }
}
