//! What a session tells of an object, from its properties.

use super::{RawProp, RawResult};
use crate::error::Success;
use crate::flags::ObjectAccess;
use crate::property::{PropTag, Props};
use crate::types::{ObjectInfo, ObjectType};
use crate::{EntryId, HResult};

const MAPI_UNICODE: u32 = 0x8000_0000;
const MAPI_MODIFY: u32 = 1;

#[track_caller]
pub(super) fn of(object: &(impl RawProp + ?Sized)) -> RawResult<ObjectInfo> {
    const TAGS: [PropTag; 7] = [
        PropTag::ENTRYID,
        PropTag::OBJECT_TYPE,
        PropTag::DISPLAY_NAME,
        PropTag::SUBJECT,
        PropTag::PARENT_ENTRYID,
        PropTag::ACCESS_LEVEL,
        PropTag::ACCESS,
    ];
    Ok(known(object, &TAGS)?.map(|props| {
        let object_type = ObjectType::new(props.bits(PropTag::OBJECT_TYPE).unwrap_or(0));
        let name = match object_type {
            ObjectType::MESSAGE => PropTag::SUBJECT,
            _ => PropTag::DISPLAY_NAME,
        };
        // An empty identifier, which opens nothing, where there is none.
        let entry_id = EntryId::new(props.binary(PropTag::ENTRYID).unwrap_or_default());
        ObjectInfo::new(entry_id, object_type)
            .with_display_name(props.text(name).unwrap_or_default())
            .with_parent_id(props.entry_id(PropTag::PARENT_ENTRYID))
            .with_writable(props.bits(PropTag::ACCESS_LEVEL) == Some(MAPI_MODIFY))
            .with_access(props.bits(PropTag::ACCESS).map(ObjectAccess::from))
    }))
}

#[track_caller]
pub(super) fn support_mask(store: &(impl RawProp + ?Sized)) -> RawResult<u32> {
    const TAG: PropTag = PropTag::STORE_SUPPORT_MASK;
    Ok(known(store, &[TAG])?.map(|props| props.bits(TAG).unwrap_or(0)))
}

/// Those of these properties that the object has. That it lacks some is no warning then.
#[track_caller]
fn known(object: &(impl RawProp + ?Sized), tags: &[PropTag]) -> RawResult<Props> {
    let (props, warning) = object.props(Some(tags), MAPI_UNICODE)?.into_parts();
    let warning = warning.filter(|it| it.hresult() != HResult::MAPI_W_ERRORS_RETURNED);
    Ok(Success::from_parts(props.into(), warning))
}
