//! What a COM caller gives for tables, folders and messages: restrictions, lists of identifiers, recipients.

use outlook_mapi::sys;
use windows_core::{Error, Result};

use super::call::{failed, invalid};
use crate::mail::DEEPEST;
use crate::properties::properties;
use crate::value::{bytes, each, read};
use mapi_session::property::{PropTag, PropertyValue, Props};
use mapi_session::table::{Relation, Restriction};
use mapi_session::{EntryId, HResult};

/// How many conditions a restriction may have: one that points to itself has no end.
const MOST: usize = 0x1_0000;

fn too_complex() -> Error {
    failed(HResult::MAPI_E_TOO_COMPLEX)
}

/// Copies a restriction.
///
/// # Safety
/// `wanted` is null, or what it points to is there.
pub(super) unsafe fn restriction(wanted: *const sys::SRestriction) -> Result<Restriction> {
    let mut left = MOST;
    // SAFETY: as the caller says.
    unsafe { part(wanted, DEEPEST, &mut left) }
}

/// A part of a restriction, which may be this deep, and have so many parts.
///
/// # Safety
/// `wanted` is null, or what it points to is there.
unsafe fn part(
    wanted: *const sys::SRestriction,
    depth: usize,
    left: &mut usize,
) -> Result<Restriction> {
    let depth = depth.checked_sub(1).ok_or_else(too_complex)?;
    *left = left.checked_sub(1).ok_or_else(too_complex)?;
    // SAFETY: null, or as the caller says; of the parts of the union that is read which `rt` names.
    unsafe {
        let wanted = each(wanted, 1).next().ok_or_else(invalid)?;
        let (kind, res) = (wanted.rt, &wanted.res);
        Ok(match kind {
            sys::RES_AND => {
                let and = res.resAnd;
                Restriction::all(parts(and.cRes, and.lpRes, depth, left)?)
            }
            sys::RES_OR => {
                let or = res.resOr;
                Restriction::any(parts(or.cRes, or.lpRes, depth, left)?)
            }
            sys::RES_NOT => !part(res.resNot.lpRes, depth, left)?,
            sys::RES_PROPERTY => {
                let it = res.resProperty;
                let (relation, value) = (relation(it.relop)?, compared(it.lpProp)?);
                Restriction::property(PropTag::new(it.ulPropTag), relation, value)
            }
            sys::RES_CONTENT => {
                let it = res.resContent;
                let value = compared(it.lpProp)?;
                Restriction::content(PropTag::new(it.ulPropTag), it.ulFuzzyLevel.into(), value)
            }
            sys::RES_COMPAREPROPS => {
                let it = res.resCompareProps;
                let (one, other) = (PropTag::new(it.ulPropTag1), PropTag::new(it.ulPropTag2));
                Restriction::compare_props(one, relation(it.relop)?, other)
            }
            sys::RES_BITMASK => {
                let it = res.resBitMask;
                let tag = PropTag::new(it.ulPropTag);
                match it.relBMR {
                    sys::BMR_NEZ => Restriction::has_any_of(tag, it.ulMask),
                    sys::BMR_EQZ => Restriction::has_none_of(tag, it.ulMask),
                    _ => return Err(too_complex()),
                }
            }
            sys::RES_SIZE => {
                let it = res.resSize;
                Restriction::size(PropTag::new(it.ulPropTag), relation(it.relop)?, it.cb)
            }
            sys::RES_EXIST => Restriction::exists(PropTag::new(res.resExist.ulPropTag)),
            // Its properties mean nothing.
            sys::RES_COMMENT if res.resComment.lpRes.is_null() => Restriction::all([]),
            sys::RES_COMMENT => part(res.resComment.lpRes, depth, left)?,
            _ => return Err(too_complex()),
        })
    }
}

/// # Safety
/// `first` is null, or there are `count` of them, each as of [`part`].
unsafe fn parts(
    count: u32,
    first: *const sys::SRestriction,
    depth: usize,
    left: &mut usize,
) -> Result<Vec<Restriction>> {
    if count > 0 && first.is_null() {
        return Err(invalid());
    }
    let mut parts = Vec::new();
    for index in 0..count as usize {
        // SAFETY: as the caller says.
        parts.push(unsafe { part(first.add(index), depth, left) }?);
    }
    Ok(parts)
}

fn relation(relop: u32) -> Result<Relation> {
    Ok(match relop {
        sys::RELOP_LT => Relation::Less,
        sys::RELOP_LE => Relation::LessOrEqual,
        sys::RELOP_GT => Relation::Greater,
        sys::RELOP_GE => Relation::GreaterOrEqual,
        sys::RELOP_EQ => Relation::Equal,
        sys::RELOP_NE => Relation::NotEqual,
        _ => return Err(too_complex()),
    })
}

/// # Safety
/// `value` is null, or what it points to is there.
unsafe fn compared(value: *const sys::SPropValue) -> Result<PropertyValue> {
    // SAFETY: as the caller says.
    let value = unsafe { each(value, 1) }.next().ok_or_else(invalid)?;
    // SAFETY: as above.
    Ok(unsafe { read(&value) })
}

/// The caller's ENTRYLIST; none for null.
///
/// # Safety
/// `list` is null, or as long as it says, and so is each identifier.
pub(super) unsafe fn entry_list(list: *const sys::SBinaryArray) -> Result<Option<Vec<EntryId>>> {
    // SAFETY: as the caller says.
    unsafe {
        let Some(list) = each(list, 1).next() else {
            return Ok(None);
        };
        if list.cValues > 0 && list.lpbin.is_null() {
            return Err(invalid());
        }
        let ids = each(list.lpbin, list.cValues);
        Ok(Some(ids.map(|id| EntryId::new(bytes(&id))).collect()))
    }
}

/// The caller's ADRLIST.
///
/// # Safety
/// `list` is null, or as long as it says, and so are the properties of each.
pub(super) unsafe fn recipients(list: *const sys::ADRLIST) -> Result<Vec<Props>> {
    if list.is_null() {
        return Err(invalid());
    }
    // SAFETY: as the caller says.
    unsafe {
        let count = (&raw const (*list).cEntries).read_unaligned();
        let entries = each((&raw const (*list).aEntries).cast::<sys::ADRENTRY>(), count);
        let props = |it: sys::ADRENTRY| properties(it.rgPropVals, it.cValues).into();
        Ok(entries.map(props).collect())
    }
}
