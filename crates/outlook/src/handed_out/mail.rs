//! Tables of properties, streams, and what a COM caller gives for folders and messages.

use outlook_mapi::{PropValue, sys};
use windows_core::{Error, HRESULT, Ref, Result, implement};

use super::sink::Connections;
use super::table::row_set;
use super::values::{Allocation, failed};
use super::{answer, contained, invalid, last_error, not_supported, put, required};
use crate::mail::DEEPEST;
use crate::properties::{Tags, properties, property, tags};
use crate::value::bytes;
use mapi_session::property::{PropTag, PropertyValue, Props};
use mapi_session::subsystem::{RawPropTable, RawResult};
use mapi_session::table::{Bookmark, Relation, Restriction, SortOrder};
use mapi_session::{EntryId, HResult};

/// How many conditions a restriction may have: one that points to itself has no end.
const MOST: usize = 0x1_0000;

#[implement(sys::IMAPITable, Agile = false)]
pub(super) struct ComPropTable<T>
where
    T: RawPropTable + 'static,
{
    table: T,
    connections: Connections,
}

/// The table that a call of the subsystem gives.
pub(super) fn prop_table<T>(call: impl FnOnce() -> RawResult<T>) -> Result<sys::IMAPITable>
where
    T: RawPropTable + 'static,
{
    let table = contained(call).map_err(|failure| failed(failure.hresult()))?;
    Ok(ComPropTable {
        table: table.ignore_warning(),
        connections: Connections::default(),
    }
    .into())
}

fn bookmark(number: usize) -> Result<Bookmark> {
    let number = u32::try_from(number);
    let number = number.map_err(|_| failed(HResult::MAPI_E_INVALID_BOOKMARK))?;
    Ok(Bookmark::new(number))
}

impl<T: RawPropTable + 'static> sys::IMAPITable_Impl for ComPropTable_Impl<T> {
    fn GetLastError(
        &self,
        hresult: HRESULT,
        flags: u32,
        error: *mut *mut sys::MAPIERROR,
    ) -> Result<()> {
        let call = |hresult, flags| self.table.last_error(hresult, flags);
        last_error(call, hresult, flags, error)
    }

    fn Advise(
        &self,
        event_mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        self.connections
            .advise(sink, connection, |sink| self.table.advise(event_mask, sink))
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        self.connections
            .unadvise(connection, |connection| self.table.unadvise(connection))
    }

    fn SetColumns(&self, columns: *mut sys::SPropTagArray, flags: u32) -> Result<()> {
        required(columns)?;
        // SAFETY: the caller's array is as long as it says.
        let columns = unsafe { tags(columns) };
        answer(|| self.table.set_columns(&columns, flags), Ok)
    }

    fn QueryColumns(&self, flags: u32, columns: *mut *mut sys::SPropTagArray) -> Result<()> {
        required(columns)?;
        answer(
            || self.table.query_columns(flags),
            |tags| {
                let tags = Tags::new(tags.into_iter());
                put(columns, Allocation::of(tags.words())?.give());
                Ok(())
            },
        )
    }

    fn GetRowCount(&self, flags: u32, count: *mut u32) -> Result<()> {
        required(count)?;
        answer(
            || self.table.row_count(flags),
            |rows| {
                put(count, rows);
                Ok(())
            },
        )
    }

    fn SeekRow(&self, origin: usize, rows: i32, sought: *mut i32) -> Result<()> {
        let origin = bookmark(origin)?;
        answer(
            || self.table.seek_row(origin, rows),
            |moved| {
                put(sought, moved);
                Ok(())
            },
        )
    }

    fn FindRow(&self, wanted: *mut sys::SRestriction, origin: usize, flags: u32) -> Result<()> {
        // SAFETY: the caller's restriction is null, or whole until the method returns.
        let wanted = unsafe { restriction(wanted) }?;
        let origin = bookmark(origin)?;
        answer(|| self.table.find_row(&wanted, origin, flags), Ok)
    }

    fn Restrict(&self, wanted: *mut sys::SRestriction, flags: u32) -> Result<()> {
        let wanted = match wanted.is_null() {
            true => None,
            // SAFETY: the caller's restriction is whole until the method returns.
            false => Some(unsafe { restriction(wanted) }?),
        };
        answer(|| self.table.restrict(wanted.as_ref(), flags), Ok)
    }

    fn SortTable(&self, order: *mut sys::SSortOrderSet, flags: u32) -> Result<()> {
        required(order)?;
        // SAFETY: the caller's set is as long as it says.
        let order = unsafe { sort_order(order) }?;
        answer(|| self.table.sort_table(&order, flags), Ok)
    }

    fn QueryRows(&self, count: i32, flags: u32, rows: *mut *mut sys::SRowSet) -> Result<()> {
        required(rows)?;
        answer(
            || self.table.query_rows(count, flags),
            |given| {
                put(rows, row_set(given.iter().map(|row| row.as_ref()))?);
                Ok(())
            },
        )
    }

    unsupported! {
        fn GetStatus(&self, lpultablestatus: *mut u32, lpultabletype: *mut u32) -> Result<()>;
        fn SeekRowApprox(&self, ulnumerator: u32, uldenominator: u32) -> Result<()>;
        fn QueryPosition(&self, lpulrow: *mut u32, lpulnumerator: *mut u32, lpuldenominator: *mut u32) -> Result<()>;
        fn CreateBookmark(&self, lpbkposition: *mut usize) -> Result<()>;
        fn FreeBookmark(&self, bkposition: usize) -> Result<()>;
        fn QuerySortOrder(&self, lppsortcriteria: *mut *mut sys::SSortOrderSet) -> Result<()>;
        fn Abort(&self) -> Result<()>;
        fn ExpandRow(&self, cbinstancekey: u32, pbinstancekey: *mut u8, ulrowcount: u32, ulflags: u32, lpprows: *mut *mut sys::SRowSet, lpulmorerows: *mut u32) -> Result<()>;
        fn CollapseRow(&self, cbinstancekey: u32, pbinstancekey: *mut u8, ulflags: u32, lpulrowcount: *mut u32) -> Result<()>;
        fn WaitForCompletion(&self, ulflags: u32, ultimeout: u32, lpultablestatus: *mut u32) -> Result<()>;
        fn GetCollapseState(&self, ulflags: u32, cbinstancekey: u32, lpbinstancekey: *mut u8, lpcbcollapsestate: *mut u32, lppbcollapsestate: *mut *mut u8) -> Result<()>;
        fn SetCollapseState(&self, ulflags: u32, cbcollapsestate: u32, pbcollapsestate: *mut u8, lpbklocation: *mut usize) -> Result<()>;
    }
}

fn too_complex() -> Error {
    failed(HResult::MAPI_E_TOO_COMPLEX)
}

/// Copies a restriction.
///
/// # Safety
/// `wanted` is null, or what it points to is there.
unsafe fn restriction(wanted: *const sys::SRestriction) -> Result<Restriction> {
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
        let wanted = wanted.as_ref().ok_or_else(invalid)?;
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
    if count > 0 {
        required(first.cast_mut())?;
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
    let value = unsafe { value.as_ref() }.ok_or_else(invalid)?;
    Ok(property(&PropValue::from(value)).value)
}

/// Copies an SSortOrderSet. One with categories is too complex.
///
/// # Safety
/// `order` is as long as it says.
unsafe fn sort_order(order: *const sys::SSortOrderSet) -> Result<Vec<SortOrder>> {
    // SAFETY: as the caller says.
    let order = unsafe {
        if (*order).cCategories > 0 {
            return Err(too_complex());
        }
        let first = (&raw const (*order).aSort).cast::<sys::SSortOrder>();
        std::slice::from_raw_parts(first, (*order).cSorts as usize)
    };
    let by = |it: &sys::SSortOrder| match (it.ulOrder, PropTag::new(it.ulPropTag)) {
        (sys::TABLE_SORT_ASCEND, tag) => Ok(SortOrder::ascending(tag)),
        (sys::TABLE_SORT_DESCEND, tag) => Ok(SortOrder::descending(tag)),
        _ => Err(too_complex()),
    };
    order.iter().map(by).collect()
}

/// The caller's ENTRYLIST; none for null.
pub(super) fn entry_list(list: *const sys::SBinaryArray) -> Result<Option<Vec<EntryId>>> {
    // SAFETY: null, or the caller's, and as long as it says.
    let ids = unsafe {
        let Some(list) = list.as_ref() else {
            return Ok(None);
        };
        if list.cValues == 0 {
            return Ok(Some(Vec::new()));
        }
        required(list.lpbin)?;
        std::slice::from_raw_parts(list.lpbin, list.cValues as usize)
    };
    // SAFETY: each is as long as it says.
    let ids = ids.iter().map(|id| EntryId::new(unsafe { bytes(id) }));
    Ok(Some(ids.collect()))
}

/// The caller's ADRLIST.
pub(super) fn recipients(list: *const sys::ADRLIST) -> Result<Vec<Props>> {
    required(list.cast_mut())?;
    // SAFETY: the caller's list is as long as it says.
    let entries = unsafe {
        let first = (&raw const (*list).aEntries).cast::<sys::ADRENTRY>();
        std::slice::from_raw_parts(first, (*list).cEntries as usize)
    };
    // SAFETY: each has as many properties as it says.
    let props = |it: &sys::ADRENTRY| unsafe { properties(it.rgPropVals, it.cValues) }.into();
    Ok(entries.iter().map(props).collect())
}
