//! Rules R1 and R2: the properties of objects.

use super::scene::{Asked, Verdict, end, ensure, fails, undefined_bits, works};
use crate::flags::ProfileSectionFlags;
use crate::property::{PropProblem, PropTag, PropType, Property, PropertyValue, Props};
use crate::subsystem::{RawMsgStore, RawProp, RawSession, Subsystem};
use crate::{HResult, MapiUid, UiParam};

const UNICODE: u32 = 0x8000_0000;
/// A property that nothing has.
const NOBODYS: PropTag = PropTag::of(0x66EE, PropType::LONG);
const OWN: MapiUid = MapiUid::new(*b"mapi conformance");
const INVALID: HResult = HResult::MAPI_E_INVALID_PARAMETER;

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
