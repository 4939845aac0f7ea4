//! Rules R1 and R2: the properties of what a session opens.

use crate::support::{code, id, logoff, logon, raw_code, raw_logon, value};
use mapi_session::error::Call;
use mapi_session::flags::{ObjectAccess, ProfileSectionFlags};
use mapi_session::memory::{Folder, Memory, MemorySession, Profile, Store};
use mapi_session::property::{PropProblem, PropTag, PropType, Property, PropertyValue, Props};
use mapi_session::subsystem::{RawEntry, RawMsgStore, RawProp, RawResult, RawSession, Subsystem};
use mapi_session::types::ObjectType;
use mapi_session::{
    HResult, Live, LogonRequest, MapiUid, OpenEntryFlags, OpenStoreFlags, ProfileSection, Session,
    UiParam,
};

const OWN: MapiUid = MapiUid::new([0x5E; 16]);
const MODIFY: ProfileSectionFlags = ProfileSectionFlags::MODIFY;
const READ: ProfileSectionFlags = ProfileSectionFlags::empty();
const UNICODE: u32 = 0x8000_0000;
const NUMBER: PropTag = PropTag::of(0x6600, PropType::LONG);
const TEXT: PropTag = PropTag::of(0x6601, PropType::UNICODE);
const SECURE: PropTag = PropTag::of(0x67F0, PropType::LONG);

const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const GONE: HResult = HResult::MAPI_E_INVALID_OBJECT;
const NO_ACCESS: HResult = HResult::MAPI_E_NO_ACCESS;
const NOT_FOUND: HResult = HResult::MAPI_E_NOT_FOUND;
const OK: HResult = HResult::S_OK;

fn memory() -> Memory {
    let mailbox = Store::new("Mailbox")
        .default_store()
        .folder(Folder::new("Inbox").message("Hello"));
    let profile = Profile::new("Outlook").store(mailbox);
    Memory::builder().profile(profile).build().unwrap()
}

fn any_type(tag: PropTag) -> PropTag {
    tag.with_type(PropType::UNSPECIFIED)
}

fn narrow(tag: PropTag) -> PropTag {
    tag.with_type(PropType::STRING8)
}

fn section(session: &Session<Live, Memory>) -> ProfileSection<'_, Memory> {
    session.open_profile_section(OWN, MODIFY).unwrap()
}

fn tags(props: &Props) -> Vec<PropTag> {
    props.iter().map(|it| it.tag).collect()
}

// R1
#[test]
fn each_kind_of_object_has_its_properties() {
    let memory = memory();
    let session = logon(&memory);
    let mailbox = id(&memory, &["Mailbox"]);
    let inbox = id(&memory, &["Mailbox", "Inbox"]);
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let store = session
        .open_msg_store(&mailbox, OpenStoreFlags::BEST_ACCESS)
        .unwrap();
    let props = store.all_props().unwrap();
    assert_eq!(props.entry_id(PropTag::ENTRYID), Some(mailbox));
    assert_eq!(props.text(PropTag::DISPLAY_NAME), Some("Mailbox"));
    let mask = store.support_mask().unwrap().bits();
    assert_eq!(props.bits(PropTag::STORE_SUPPORT_MASK), Some(mask));
    assert_eq!(store.prop_list().unwrap(), tags(&props));
    assert!(props.is_sorted_by_key(|it| it.tag));

    let folder = store.open_entry(&inbox, OpenEntryFlags::empty()).unwrap();
    let folder = folder.into_folder().unwrap();
    let props = folder.all_props().unwrap();
    assert_eq!(props.entry_id(PropTag::ENTRYID), Some(inbox.clone()));
    assert_eq!(props.text(PropTag::DISPLAY_NAME), Some("Inbox"));
    let access = ObjectAccess::from(props.bits(PropTag::ACCESS).unwrap());
    assert_eq!(Some(access), folder.info().unwrap().access());
    assert_eq!(props.long(PropTag::ACCESS_LEVEL), Some(0));
    assert_eq!(folder.prop_list().unwrap(), tags(&props));

    let message = store.open_entry(&hello, OpenEntryFlags::MODIFY).unwrap();
    let message = message.into_message().unwrap();
    let props = message.all_props().unwrap();
    assert_eq!(props.text(PropTag::SUBJECT), Some("Hello"));
    assert_eq!(props.text(PropTag::DISPLAY_NAME), None);
    assert_eq!(props.entry_id(PropTag::PARENT_ENTRYID), Some(inbox));
    assert_eq!(props.long(PropTag::ACCESS_LEVEL), Some(1));
    let object_type = ObjectType::MESSAGE.get();
    assert_eq!(props.bits(PropTag::OBJECT_TYPE), Some(object_type));
    assert_eq!(message.prop_list().unwrap(), tags(&props));

    let section = section(&session);
    let props = section.all_props().unwrap();
    let always = [PropTag::OBJECT_TYPE, PropTag::PROFILE_NAME];
    assert_eq!(tags(&props), always);
    assert_eq!(section.prop_list().unwrap(), always);
    drop((store, folder, message, section));
    logoff(session);
}

// R1: in the order of the call, with the types that it asks for.
#[test]
fn properties_have_the_type_that_is_asked_for() {
    let memory = memory();
    let session = logon(&memory);
    let hello = id(&memory, &["Mailbox", "Inbox", "Hello"]);
    let entry = session.open_entry(&hello, OpenEntryFlags::empty()).unwrap();
    let message = entry.into_message().unwrap();
    let subject = PropTag::SUBJECT;
    let missing = |tag: PropTag| Property::new(tag.with_type(PropType::ERROR), NOT_FOUND);
    let asked = [
        (narrow(subject), Property::new(narrow(subject), "Hello")),
        (any_type(subject), Property::new(subject, "Hello")),
        (subject, Property::new(subject, "Hello")),
        (PropTag::BODY, missing(PropTag::BODY)),
        (any_type(PropTag::BODY), missing(PropTag::BODY)),
        (
            any_type(PropTag::ACCESS_LEVEL),
            Property::new(PropTag::ACCESS_LEVEL, 0),
        ),
        // Of another type it has none.
        (subject.with_type(PropType::LONG), missing(subject)),
    ];
    let (tags, wanted): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
    let props = message.props(&tags).unwrap();
    assert_eq!(props[..], wanted);
    assert_eq!(props.text(subject), Some("Hello"));
    assert_eq!(props.error(PropTag::BODY), Some(NOT_FOUND));

    let none = message.props(&[]).unwrap_err();
    assert_eq!(
        (none.call(), none.hresult()),
        (Call::PROP_GET_PROPS, INVALID)
    );
    drop(message);
    logoff(session);
}

/// A store, its root folder and a message, below the typed layer.
fn raw_objects(
    memory: &Memory,
    session: &MemorySession,
) -> (impl RawProp, impl RawProp, impl RawProp) {
    let mailbox = id(memory, &["Mailbox"]);
    let best = OpenStoreFlags::BEST_ACCESS.bits();
    let opened = session.open_msg_store(UiParam::NONE, Some(mailbox.as_bytes()), best);
    let store = value(opened).unwrap();
    let (_, root) = value(store.open_entry(None, 0)).unwrap();
    let hello = id(memory, &["Mailbox", "Inbox", "Hello"]);
    match value(session.open_entry(Some(hello.as_bytes()), 0)).unwrap() {
        RawEntry::Object(_, message) => (store, root, message),
        RawEntry::MsgStore(_) => panic!("a store"),
    }
}

fn hresult<T>(result: &RawResult<T>) -> HResult {
    match result {
        Ok(success) => success.hresult(),
        Err(failure) => failure.hresult(),
    }
}

// R1: MAPI_UNICODE is for the texts whose tag does not say their width, and the only flag.
#[test]
fn the_flag_says_the_width_of_texts() {
    fn check(object: &impl RawProp, name: PropTag) {
        for flag in (0..31).map(|bit| 1 << bit) {
            let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
            assert_eq!(raw_code(object.props(None, flag)), unknown);
            assert_eq!(raw_code(object.props(Some(&[name]), flag)), unknown);
            assert_eq!(raw_code(object.prop_list(flag)), unknown);
        }
        for (flags, width) in [(0, narrow(name)), (UNICODE, name)] {
            let listed = value(object.prop_list(flags)).unwrap();
            assert!(listed.contains(&width), "{listed:?}");
            let props = value(object.props(None, flags)).unwrap();
            assert_eq!(listed, tags(&props.into()));
            let asked = [any_type(name), name, narrow(name)];
            let props = value(object.props(Some(&asked), flags)).unwrap();
            assert_eq!(tags(&props.into()), [width, name, narrow(name)]);
        }
        // What is missing is a warning.
        let some = object.props(Some(&[PropTag::BODY, name]), 0);
        assert_eq!(hresult(&some), HResult::MAPI_W_ERRORS_RETURNED);
        assert_eq!(value(some).unwrap().len(), 2);
        assert_eq!(raw_code(object.props(Some(&[name]), 0)), OK);
        assert_eq!(raw_code(object.props(Some(&[]), UNICODE)), INVALID);
    }
    let memory = memory();
    let session = raw_logon(&memory);
    let (store, root, message) = raw_objects(&memory, &session);
    check(&store, PropTag::DISPLAY_NAME);
    check(&root, PropTag::DISPLAY_NAME);
    check(&message, PropTag::SUBJECT);
    let section = value(session.open_profile_section(OWN, 1)).unwrap();
    check(&section, PropTag::PROFILE_NAME);
    drop((store, root, message, section));
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    memory.uninitialize();
}

// R1: the width is asked for where the tag does not say it.
#[test]
fn texts_of_a_width_that_there_is_not_are_refused() {
    let mailbox = Store::new("Mailbox").folder(Folder::new("Inbox").message("Hello"));
    let profile = Profile::new("Outlook").store(mailbox);
    let builder = || Memory::builder().profile(profile.clone());
    let bad = HResult::MAPI_E_BAD_CHARWIDTH;
    for (builder, refused) in [
        (builder().without_unicode(), UNICODE),
        (builder().without_ansi(), 0),
    ] {
        let memory = builder.build().unwrap();
        memory.initialize(0, 0).unwrap();
        let flags = LogonRequest::new_session("Outlook").raw_flags();
        let session = memory.logon_ex(UiParam::NONE, Some("Outlook"), None, flags);
        let session = value(session).unwrap();
        let (store, ..) = raw_objects(&memory, &session);
        let name = PropTag::DISPLAY_NAME;
        for (flags, expected) in [(refused, bad), (refused ^ UNICODE, OK)] {
            assert_eq!(raw_code(store.prop_list(flags)), expected);
            assert_eq!(raw_code(store.props(None, flags)), expected);
            let any = store.props(Some(&[any_type(name)]), flags);
            assert_eq!(raw_code(any), expected);
            assert_eq!(raw_code(store.props(Some(&[name]), flags)), OK);
        }
    }
}

// R1, R2, O2
#[test]
fn after_the_logoff_there_are_no_properties() {
    fn check(object: &impl RawProp) {
        let props = [Property::new(NUMBER, 1)];
        assert_eq!(raw_code(object.props(None, UNICODE)), GONE);
        assert_eq!(raw_code(object.props(Some(&[]), 1)), GONE);
        assert_eq!(raw_code(object.prop_list(UNICODE)), GONE);
        assert_eq!(raw_code(object.set_props(&props)), GONE);
        assert_eq!(raw_code(object.delete_props(&[NUMBER])), GONE);
        assert_eq!(raw_code(object.save_changes(0)), GONE);
        assert_eq!(raw_code(object.info()), GONE);
    }
    let memory = memory();
    let session = raw_logon(&memory);
    let (store, root, message) = raw_objects(&memory, &session);
    let section = value(session.open_profile_section(OWN, 1)).unwrap();
    session.logoff(UiParam::NONE, 0, 0).unwrap();
    check(&store);
    check(&root);
    check(&message);
    check(&section);
    memory.uninitialize();
}

// R2
#[test]
fn what_cannot_be_set_is_listed_and_the_rest_is_set() {
    let memory = memory();
    let session = logon(&memory);
    let section = section(&session);
    let named = PropTag::of(0x8001, PropType::LONG);
    let props = [
        Property::new(PropTag::OBJECT_TYPE, 7),
        Property::new(narrow(TEXT), "text"),
        Property::new(named, 1),
        Property::new(NUMBER, 2),
    ];
    let problems = section.set_props(&props).unwrap();
    let computed = HResult::MAPI_E_COMPUTED;
    let wanted = [
        PropProblem::new(0, PropTag::OBJECT_TYPE, computed),
        PropProblem::new(2, named, HResult::MAPI_E_UNEXPECTED_ID),
    ];
    assert_eq!(problems, wanted);
    let kept = section.all_props().unwrap();
    assert_eq!(
        (kept.text(TEXT), kept.long(NUMBER)),
        (Some("text"), Some(2))
    );
    assert_ne!(kept.long(PropTag::OBJECT_TYPE), Some(7));

    // By identifiers: the type does not matter, and what is not there is deleted already.
    let deleted = section
        .delete_props(&[any_type(TEXT), named, PropTag::PROFILE_NAME, SECURE])
        .unwrap();
    assert_eq!(
        deleted,
        [PropProblem::new(2, PropTag::PROFILE_NAME, computed)]
    );
    let kept = section.all_props().unwrap();
    assert_eq!((kept.text(TEXT), kept.long(NUMBER)), (None, Some(2)));
    // Secure ones too.
    section.set_props(&[Property::new(SECURE, 1)]).unwrap();
    assert_eq!(section.delete_props(&[SECURE]).unwrap(), []);
    assert_eq!(section.props(&[SECURE]).unwrap().get(SECURE), None);
    drop(section);
    logoff(session);
}

// R2: the page's list of what SetProps refuses as a whole, and of what it passes over.
#[test]
fn a_value_that_no_property_can_have_sets_nothing() {
    let memory = memory();
    let session = logon(&memory);
    let section = section(&session);
    let wrong = |tag: PropTag, value: PropertyValue| {
        let props = [Property::new(NUMBER, 1), Property { tag, value }];
        let error = section.set_props(&props).unwrap_err();
        assert_eq!(
            (error.call(), error.hresult()),
            (Call::PROP_SET_PROPS, INVALID)
        );
        assert!(error.to_string().contains(&format!("{tag}")), "{error}");
        assert_eq!(section.props(&[NUMBER]).unwrap().get(NUMBER), None);
    };
    let many = PropType::LONG.multiple();
    wrong(TEXT.with_type(PropType::OBJECT), PropertyValue::Object);
    for none in [
        PropertyValue::MvI2(vec![]),
        PropertyValue::MvLong(vec![]),
        PropertyValue::MvR4(vec![]),
        PropertyValue::MvDouble(vec![]),
        PropertyValue::MvCurrency(vec![]),
        PropertyValue::MvAppTime(vec![]),
        PropertyValue::MvI8(vec![]),
        PropertyValue::MvSysTime(vec![]),
        PropertyValue::MvString(vec![]),
        PropertyValue::MvBinary(vec![]),
        PropertyValue::MvClsid(vec![]),
    ] {
        wrong(TEXT.with_type(none.prop_type()), none);
    }
    wrong(TEXT, PropertyValue::Long(1));
    wrong(TEXT.with_type(many), PropertyValue::Long(1));
    wrong(any_type(TEXT), PropertyValue::Long(1));
    assert_eq!(code(section.set_props(&[])), INVALID);
    assert_eq!(code(section.delete_props(&[])), INVALID);

    let null = PropTag::of(0, PropType::NULL);
    let props = [
        Property::new(TEXT.with_type(PropType::ERROR), NOT_FOUND),
        Property {
            tag: null,
            value: PropertyValue::Null,
        },
        Property::new(TEXT.with_type(many), PropertyValue::MvLong(vec![1, 2])),
    ];
    assert_eq!(section.set_props(&props).unwrap(), []);
    let listed = section.prop_list().unwrap();
    let wanted = [
        PropTag::OBJECT_TYPE,
        PropTag::PROFILE_NAME,
        TEXT.with_type(many),
    ];
    assert_eq!(listed, wanted);
    drop(section);
    logoff(session);
}

// R2
#[test]
fn what_is_open_for_reading_is_not_changed() {
    let memory = memory();
    let session = logon(&memory);
    section(&session)
        .set_props(&[Property::new(NUMBER, 1)])
        .unwrap();
    let section = session.open_profile_section(OWN, READ).unwrap();
    let set = section.set_props(&[Property::new(NUMBER, 2)]);
    assert_eq!(code(set), NO_ACCESS);
    assert_eq!(code(section.delete_props(&[NUMBER])), NO_ACCESS);
    assert_eq!(section.props(&[NUMBER]).unwrap().long(NUMBER), Some(1));
    drop(section);
    logoff(session);
}

// R2: what a section, a folder or a store has is kept at once.
#[test]
fn there_is_nothing_to_save_where_changes_are_kept_at_once() {
    fn check(object: &impl RawProp, is_writable: bool) {
        for flag in (0..32).map(|bit| 1 << bit) {
            let expected = match flag {
                2 if !is_writable => NO_ACCESS,
                1 | 2 | 4 | 8 | 0x80 | 0x1000 => OK,
                _ => HResult::MAPI_E_UNKNOWN_FLAGS,
            };
            assert_eq!(raw_code(object.save_changes(flag)), expected, "{flag:#X}");
        }
    }
    let memory = memory();
    let session = raw_logon(&memory);
    let (store, root, _message) = raw_objects(&memory, &session);
    check(&store, true);
    check(&root, false);
    let section = value(session.open_profile_section(OWN, 1)).unwrap();
    section.set_props(&[Property::new(NUMBER, 1)]).unwrap();
    check(&section, true);
    drop(section);
    let section = value(session.open_profile_section(OWN, 0)).unwrap();
    check(&section, false);
    drop((store, root, section));
}
