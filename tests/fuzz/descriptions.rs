//! Descriptions of a subsystem in TOML: what is no description is pointed at, and what is one can be
//! logged on to, read and logged off.

use mapi_session::flags::ProfileFlags;
use mapi_session::memory::{Builder, Memory, MemoryObject, MemorySession, MemoryTable};
use mapi_session::property::{PropTag, Props};
use mapi_session::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProfAdmin, RawProp, RawResult, RawSession, RawTable,
    Subsystem,
};
use mapi_session::types::ObjectType;
use mapi_session::{HResult, LogonFlags, UiParam};

const MAPI_UNICODE: u32 = 0x8000_0000;
const CONVENIENT_DEPTH: u32 = 1;

/// The input is the text.
pub(crate) fn body(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let builder = match toml::from_str::<Builder>(text) {
        Ok(builder) => builder,
        Err(error) => {
            assert!(!error.message().is_empty());
            let place = error.span().map(|it| text.get(it));
            assert_ne!(place, Some(None), "it points outside of the text");
            return;
        }
    };
    let described = Described::read(text);
    match builder.build() {
        Ok(memory) => check(&memory, &described),
        Err(error) => {
            assert!(error.hresult().is_failure());
            let said = error.to_string();
            assert!(said.len() < 5_000, "{said}");
        }
    }
}

/// What a text says, without the types of the crate.
struct Described {
    profiles: Vec<toml::Value>,
    has_sessions: bool,
    /// MAPI_UNICODE, or zero.
    width: u32,
    /// Text can be had in this width.
    has_text: bool,
}

impl Described {
    fn read(text: &str) -> Self {
        let all: toml::Table = toml::from_str(text).unwrap();
        let is_set = |key: &str| all.get(key).and_then(toml::Value::as_bool) == Some(true);
        let limit = all.get("session_limit").and_then(toml::Value::as_integer);
        let (without_unicode, without_ansi) = (is_set("without_unicode"), is_set("without_ansi"));
        let profiles = all.get("profile").and_then(toml::Value::as_array);
        Self {
            profiles: profiles.cloned().unwrap_or_default(),
            has_sessions: limit != Some(0),
            width: match without_unicode {
                true => 0,
                false => MAPI_UNICODE,
            },
            has_text: !(without_unicode && without_ansi),
        }
    }

    /// What a call gives that gives text.
    fn text<T>(&self, result: RawResult<T>) -> Option<T> {
        match result {
            Ok(given) => Some(given.ignore_warning()),
            Err(failure) => {
                assert_eq!(failure.hresult(), HResult::MAPI_E_BAD_CHARWIDTH);
                assert!(!self.has_text);
                None
            }
        }
    }
}

fn name(described: &toml::Value) -> String {
    described["name"].as_str().unwrap().to_owned()
}

fn all<'a>(described: &'a toml::Value, key: &str) -> &'a [toml::Value] {
    let all = described.get(key).and_then(toml::Value::as_array);
    all.map_or(&[], Vec::as_slice)
}

/// The stores of a profile: their names, and how many messages are in them.
fn stores(profile: &toml::Value) -> Vec<(String, usize)> {
    let of_services = all(profile, "service")
        .iter()
        .flat_map(|it| all(it, "store"));
    let stores = all(profile, "store").iter().chain(of_services);
    stores.map(|it| (name(it), messages(it))).collect()
}

fn messages(described: &toml::Value) -> usize {
    let below = all(described, "folder").iter().map(messages);
    all(described, "message").len() + below.sum::<usize>()
}

fn check(memory: &Memory, described: &Described) {
    memory.initialize(0, 0).unwrap();
    let admin = memory.admin_profiles(0).unwrap().ignore_warning();
    let listed = admin.profile_table(ProfileFlags::APP_PROFILE.bits());
    let listed = listed.unwrap().ignore_warning().into_iter();
    let mut listed: Vec<_> = listed.map(|it| it.name().to_owned()).collect();
    let mut expected: Vec<_> = described.profiles.iter().map(name).collect();
    listed.sort();
    expected.sort();
    assert_eq!(listed, expected);
    drop(admin);
    for profile in &described.profiles {
        let flags = (LogonFlags::NEW_SESSION | LogonFlags::EXTENDED).bits();
        let logged_on = memory.logon_ex(UiParam::NONE, Some(&name(profile)), None, flags);
        assert_eq!(logged_on.is_ok(), described.has_sessions);
        if let Ok(session) = logged_on {
            let session = session.ignore_warning();
            check_session(&session, described, profile);
            session.logoff(UiParam::NONE, 0, 0).unwrap();
        }
    }
    assert_eq!((memory.open_sessions(), memory.released_live()), (0, 0));
    memory.uninitialize();
}

/// Every store is one that is described, and has what is described of it.
fn check_session(session: &MemorySession, described: &Described, profile: &toml::Value) {
    described.text(session.status_table(described.width));
    let Some(rows) = described.text(session.msg_stores_table(described.width)) else {
        return;
    };
    let mut left = stores(profile);
    for row in rows.rows() {
        let id = Some(row.entry_id().as_bytes());
        let store = match session.open_msg_store(UiParam::NONE, id, 0) {
            Ok(store) => store.ignore_warning(),
            Err(failure) => {
                let is_configured = !profile.to_string().contains("unconfigured");
                assert!(!is_configured, "{failure}");
                continue;
            }
        };
        let (object_type, root) = store.open_entry(None, 0).unwrap().ignore_warning();
        assert_eq!(object_type, ObjectType::FOLDER);
        let read = (
            row.display_name().to_owned(),
            read(session, described, &root),
        );
        let at = left.iter().position(|it| *it == read);
        left.swap_remove(at.unwrap_or_else(|| panic!("{read:?} is not among {left:?}")));
    }
}

/// Reads all that is in a folder. Gives how many messages that is.
fn read(session: &MemorySession, described: &Described, folder: &MemoryObject) -> usize {
    let width = described.width;
    let below = rows(described, folder.hierarchy_table(width | CONVENIENT_DEPTH));
    let folders = below.iter().map(|row| match open(session, row) {
        (ObjectType::FOLDER, folder) => folder,
        (other, _) => panic!("a folder is {other:?}"),
    });
    let folders: Vec<_> = folders.collect();
    let mut count = 0;
    for folder in [folder].into_iter().chain(&folders) {
        folder.props(None, width).unwrap();
        for row in rows(described, folder.contents_table(width)) {
            let (_, message) = open(session, &row);
            let tags = message.prop_list(width).unwrap().ignore_warning();
            let props = message.props(Some(&tags), width).unwrap().ignore_warning();
            assert_eq!(props.len(), tags.len());
            rows(described, message.recipient_table(width));
            for row in rows(described, message.attachment_table(width)) {
                let number = row.bits(PropTag::ATTACH_NUM).unwrap();
                let attachment = message.open_attach(number, 0).unwrap().ignore_warning();
                let bytes = attachment.read_stream(PropTag::ATTACH_DATA_BIN);
                assert_eq!(
                    row.long(PropTag::ATTACH_SIZE),
                    Some(bytes.unwrap().ignore_warning().len() as i32)
                );
            }
            count += 1;
        }
    }
    count
}

fn rows(described: &Described, table: RawResult<MemoryTable>) -> Vec<Props> {
    let table = described.text(table);
    table.map_or_else(Vec::new, |it| {
        it.rows().unwrap().ignore_warning().into_iter().collect()
    })
}

/// Opens what a row is of.
fn open(session: &MemorySession, row: &Props) -> (ObjectType, MemoryObject) {
    let id = row.binary(PropTag::ENTRYID);
    match session.open_entry(id, 0).unwrap().ignore_warning() {
        RawEntry::Object(object_type, object) => (object_type, object),
        other => panic!("{other:?} is in a folder"),
    }
}
