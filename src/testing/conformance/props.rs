//! Rules R: the properties of objects.

use super::folders::in_a_folder;
use super::scene::{Asked, Verdict, end, ensure, fails, undefined_bits, works};
use crate::error::Success;
use crate::flags::ProfileSectionFlags;
use crate::property::{PropName, PropProblem, PropTag, PropType, Property, PropertyValue, Props};
use crate::subsystem::{RawMsgStore, RawProp, RawResult, RawSession, Subsystem};
use crate::{HResult, MapiUid, UiParam};

const UNICODE: u32 = 0x8000_0000;
/// A property that nothing has.
const NOBODYS: PropTag = PropTag::of(0x66EE, PropType::LONG);
const OWN: MapiUid = MapiUid::new(*b"mapi conformance");
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;
const ERRORS: HResult = HResult::MAPI_W_ERRORS_RETURNED;

pub(super) fn r1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let store = scene.default_store(&session)?;
    let store = session.open_msg_store(UiParam::NONE, Some(store.as_bytes()), 0);
    let store = works("OpenMsgStore", store)?;
    tells_its_props("a message store", &store)?;
    let (_, root) = works("IMsgStore::OpenEntry of null", store.open_entry(None, 0))?;
    tells_its_props("a folder", &root)?;
    let modify = ProfileSectionFlags::MODIFY.bits();
    let section = session.open_profile_section(OWN, modify);
    let section = works("OpenProfileSection", section)?;
    tells_its_props("a profile section", &section)?;
    drop((root, store, section));
    end(session)
}

fn tells_its_props(of: &str, object: &impl RawProp) -> Verdict {
    let get_props = format!("GetProps of {of}");
    let get_prop_list = format!("GetPropList of {of}");
    for bit in undefined_bits(UNICODE) {
        let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
        let what = format!("{get_props} with {bit:#X}");
        fails(what, object.props(None, bit), unknown)?;
        let what = format!("{get_prop_list} with {bit:#X}");
        fails(what, object.prop_list(bit), unknown)?;
    }
    let none = object.props(Some(&[]), UNICODE);
    fails(format!("{get_props} without tags"), none, INVALID)?;

    let list = works(&get_prop_list, object.prop_list(UNICODE))?;
    let all = works(&get_props, object.props(None, UNICODE))?;
    let is_error = |tag: PropTag| tag.prop_type() == PropType::ERROR;
    for tag in all.iter().map(|it| it.tag) {
        let is_listed = is_error(tag) || list.contains(&tag);
        ensure(is_listed, || {
            format!("{get_props} gives {tag}, which GetPropList does not")
        })?;
    }

    let any_type = PropTag::OBJECT_TYPE.with_type(PropType::UNSPECIFIED);
    let asked_for = object.props(Some(&[NOBODYS, any_type]), UNICODE);
    let warned = matches!(&asked_for, Ok(it) if it.hresult() == HResult::MAPI_W_ERRORS_RETURNED);
    let given = works(&get_props, asked_for)?;
    ensure(warned, || {
        format!("{get_props} lacks a property, and does not warn")
    })?;
    let [missing, object_type] = &given[..] else {
        let wrong = format!("{get_props} gives {} of two properties", given.len());
        return ensure(false, || wrong);
    };
    ensure(is_error(missing.tag), || {
        format!("{get_props} gives {missing:?} for {NOBODYS}, which it does not have")
    })?;
    ensure(object_type.tag == PropTag::OBJECT_TYPE, || {
        format!("{get_props} gives {object_type:?} for {any_type}")
    })?;
    let texts = all.iter().map(|it| it.tag);
    for text in texts.filter(|it| it.prop_type() == PropType::UNICODE) {
        let as_asked = |tag: PropTag, flags| {
            let given = works(&get_props, object.props(Some(&[tag]), flags))?;
            Ok(given.first().map(|it| it.tag))
        };
        for (asked, flags) in [(text, 0), (text.with_type(PropType::UNSPECIFIED), UNICODE)] {
            let given = as_asked(asked, flags)?;
            ensure(given == Some(text), || {
                format!("{get_props} gives {given:?} for {asked} with {flags:#X}")
            })?;
        }
        // Not everybody has texts of 8-bit characters.
        let narrow = text.with_type(PropType::STRING8);
        let given = as_asked(narrow, UNICODE)?;
        let is_right = given.is_some_and(|it| it == narrow || is_error(it));
        ensure(is_right, || {
            format!("{get_props} gives {given:?} for {narrow}")
        })?;
    }
    Ok(())
}

pub(super) fn r2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const ONE: PropTag = PropTag::of(0x6600, PropType::LONG);
    const TWO: PropTag = PropTag::of(0x6601, PropType::UNICODE);
    const KEEP_OPEN_READWRITE: u32 = 2;
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let modify = ProfileSectionFlags::MODIFY.bits();
    let section = session.open_profile_section(OWN, modify);
    let section = works("OpenProfileSection", section)?;
    let set = |what: &str, props: &[Property]| works(what, section.set_props(props));
    fails("SetProps of nothing", section.set_props(&[]), INVALID)?;
    fails("DeleteProps of nothing", section.delete_props(&[]), INVALID)?;
    let object = Property {
        tag: PropTag::of(0x6602, PropType::OBJECT),
        value: PropertyValue::Object,
    };
    let refused = section.set_props(&[Property::new(ONE, 1), object]);
    fails("SetProps of an object", refused, INVALID)?;

    let what = "SetProps of a property that can only be read, beside others";
    let error = Property::new(ONE.with_type(PropType::ERROR), HResult::MAPI_E_NOT_FOUND);
    let computed = Property::new(PropTag::OBJECT_TYPE, 1);
    let props = [
        Property::new(ONE, 1),
        error,
        computed,
        Property::new(TWO, "two"),
    ];
    let problems = set(what, &props)?;
    let computed = PropProblem::new(2, PropTag::OBJECT_TYPE, HResult::MAPI_E_COMPUTED);
    ensure(problems == [computed], || format!("{what}: {problems:?}"))?;
    let given = |what: &str| {
        let given = section.props(Some(&[ONE, TWO]), UNICODE);
        works(what, given).map(Props::from)
    };
    let kept = given("GetProps after SetProps")?;
    ensure(
        kept.long(ONE) == Some(1) && kept.text(TWO) == Some("two"),
        || format!("{what}: the others are not set, but {kept:?}"),
    )?;

    // By its identifier; what is not there is deleted already.
    let what =
        "DeleteProps of a property that is there, one that is not, and one that can only be read";
    let unspecified = ONE.with_type(PropType::UNSPECIFIED);
    let deleted = section.delete_props(&[unspecified, NOBODYS, PropTag::OBJECT_TYPE]);
    let problems = works(what, deleted)?;
    ensure(problems == [computed], || format!("{what}: {problems:?}"))?;
    let kept = given("GetProps after DeleteProps")?;
    ensure(
        kept.get(ONE).is_none() && kept.text(TWO) == Some("two"),
        || format!("{what}: there is {kept:?}"),
    )?;
    let saved = section.save_changes(KEEP_OPEN_READWRITE);
    works("SaveChanges of a profile section", saved)?;
    drop(section);

    let section = session.open_profile_section(OWN, 0);
    let section = works("OpenProfileSection", section)?;
    let what = "of a profile section that is open for reading";
    let no_access = HResult::MAPI_E_NO_ACCESS;
    let set = section.set_props(&[Property::new(ONE, 1)]);
    fails(format!("SetProps {what}"), set, no_access)?;
    let deleted = section.delete_props(&[TWO]);
    fails(format!("DeleteProps {what}"), deleted, no_access)?;
    let saved = section.save_changes(KEEP_OPEN_READWRITE);
    fails(format!("SaveChanges {what}"), saved, no_access)?;
    drop(section);
    end(session)
}

pub(super) fn r3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const BYTES: PropTag = PropTag::of(0x6600, PropType::BINARY);
    in_a_folder(asked, |place| {
        let (bytes, text) = ([7_u8; 0x1_0000], "ä€".repeat(0x8000));
        let (message, _) = place.message(&[
            Property::new(BYTES, &bytes[..]),
            Property::new(PropTag::BODY, text.as_str()),
        ])?;
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (tag, wanted) in [(BYTES, &bytes[..]), (PropTag::BODY, &utf16)] {
            let given = works("GetProps", message.props(Some(&[tag]), UNICODE)).map(Props::from)?;
            let is_refused = given.error(tag) == Some(HResult::MAPI_E_NOT_ENOUGH_MEMORY);
            ensure(given.get(tag).is_some() || is_refused, || {
                format!("GetProps of a large {tag} gives {:?}", given.error(tag))
            })?;
            let what = format!("OpenProperty of {tag}");
            let read = works(&what, message.read_stream(tag))?;
            ensure(read == wanted, || {
                format!("{what}: {} bytes of {}", read.len(), wanted.len())
            })?;
        }
        let unspecified = BYTES.with_type(PropType::UNSPECIFIED);
        for (tag, wanted) in [
            (
                NOBODYS.with_type(PropType::BINARY),
                HResult::MAPI_E_NOT_FOUND,
            ),
            (
                PropTag::OBJECT_TYPE,
                HResult::MAPI_E_INTERFACE_NOT_SUPPORTED,
            ),
            (unspecified, INVALID),
        ] {
            fails(
                format!("OpenProperty of {tag}"),
                message.read_stream(tag),
                wanted,
            )?;
        }
        Ok(())
    })
}

pub(super) fn r4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    const CREATE: u32 = 2;
    const NO_STRINGS: u32 = 1;
    const NO_IDS: u32 = 2;
    in_a_folder(asked, |place| {
        let (message, _) = place.message(&[Property::new(PropTag::SUBJECT, "m")])?;
        let (folder, store) = (place.folder, place.store);
        let names = [PropName::id(OWN, 1), PropName::text(OWN, "one")];
        let warns =
            |answer: &RawResult<_>| matches!(answer, Ok(it) if Success::hresult(it) == ERRORS);
        let new = message.ids_from_names(&names, 0);
        let is_warned = warns(&new);
        let new = works("GetIDsFromNames of new names", new)?;
        let are_errors = new.iter().all(|it| it.prop_type() == PropType::ERROR);
        ensure(is_warned && are_errors && new.len() == 2, || {
            format!("GetIDsFromNames of new names, without MAPI_CREATE: {new:?}")
        })?;
        let created = message.ids_from_names(&names, CREATE);
        let tags = works("GetIDsFromNames with MAPI_CREATE", created)?;
        let is_fit = |it: &PropTag| it.is_named() && it.prop_type() == PropType::UNSPECIFIED;
        ensure(tags.iter().all(is_fit), || {
            format!("GetIDsFromNames gives {tags:?}")
        })?;
        for other in [
            folder.ids_from_names(&names, 0),
            store.ids_from_names(&names, CREATE),
        ] {
            let other = works("GetIDsFromNames of another object", other)?;
            ensure(other == tags, || {
                format!("a store has {tags:?} and {other:?} for one name")
            })?;
        }
        let [id, text] = names.clone().map(Some);
        let asked_for = [&tags[..], &[PropTag::SUBJECT]].concat();
        for (flags, wanted) in [
            (0, [id.clone(), text.clone(), None]),
            (NO_STRINGS, [id, None, None]),
            (NO_IDS, [None, text, None]),
        ] {
            let what = format!("GetNamesFromIDs with {flags:#X}");
            let given = message.names_from_ids(&asked_for, flags);
            let code = given.as_ref().map_or(HResult::S_OK, Success::hresult);
            let given = works(&what, given)?;
            ensure(given == wanted && code == ERRORS, || {
                format!("{what}: {code}, {given:?}")
            })?;
        }
        fails(
            "GetIDsFromNames of none",
            message.ids_from_names(&[], 0),
            INVALID,
        )?;
        fails(
            "GetNamesFromIDs of none",
            message.names_from_ids(&[], 0),
            INVALID,
        )?;
        let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
        for bit in undefined_bits(CREATE) {
            let what = format!("GetIDsFromNames with {bit:#X}");
            fails(what, message.ids_from_names(&names, bit), unknown)?;
        }
        for bit in undefined_bits(NO_STRINGS | NO_IDS) {
            let what = format!("GetNamesFromIDs with {bit:#X}");
            fails(what, message.names_from_ids(&tags, bit), unknown)?;
        }
        let section = place
            .session
            .open_profile_section(OWN, ProfileSectionFlags::MODIFY.bits());
        let section = works("OpenProfileSection", section)?;
        let what = "GetIDsFromNames of a profile section";
        fails(
            what,
            section.ids_from_names(&names, 0),
            HResult::MAPI_E_NO_SUPPORT,
        )
    })
}
