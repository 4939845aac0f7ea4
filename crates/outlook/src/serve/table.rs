//! IMAPITable.

use std::sync::Arc;

use outlook_mapi::sys;
use windows_core::{HRESULT, Ref, Result, implement};

use super::Context;
use super::call::{Out, Raw, answer, failed, has_last_error, invalid, unsupported};
use super::memory::Allocation;
use super::objects::{Free, Object};
use super::restriction::restriction;
use super::rows::RowTable;
use crate::mail::{sort_order, sort_order_set};
use crate::properties::tags;
use mapi_session::HResult;
use mapi_session::property::Property;
use mapi_session::subsystem::{RawPropTable, RawTable};
use mapi_session::table::Bookmark;

#[implement(sys::IMAPITable)]
pub(super) struct ComTable<T>(Object<Raw<T>>)
where
    T: RawPropTable + Free;

/// A table of properties.
pub(super) fn prop_table<T>(table: T, context: &Arc<Context>) -> sys::IMAPITable
where
    T: RawPropTable + Free,
{
    ComTable(Object::new(table, context)).into()
}

/// A table of rows of one kind.
pub(super) fn row_table<T>(
    table: T,
    row: fn(&T::Row) -> Vec<Property>,
    flags: u32,
    context: &Arc<Context>,
) -> sys::IMAPITable
where
    T: RawTable + Free,
{
    let unicode = flags & sys::MAPI_UNICODE != 0;
    prop_table(RowTable::new(table, row, unicode, context), context)
}

fn bookmark(number: usize) -> Result<Bookmark> {
    let number = u32::try_from(number);
    let number = number.map_err(|_| failed(HResult::MAPI_E_INVALID_BOOKMARK))?;
    Ok(Bookmark::new(number))
}

impl<T: RawPropTable + Free> sys::IMAPITable_Impl for ComTable_Impl<T> {
    has_last_error!(0);

    fn Advise(
        &self,
        event_mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        let advise = |sink| self.0.advise(event_mask, sink);
        // SAFETY: the caller's place.
        unsafe { self.0.register(sink, connection, advise) }
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        (self.0.connections).unadvise(connection, |connection| self.0.unadvise(connection))
    }

    fn GetStatus(&self, status: *mut u32, table_type: *mut u32) -> Result<()> {
        // SAFETY: the caller's places.
        let (status, table_type) = unsafe { (Out::required(status), Out::required(table_type)) };
        let (status, table_type) = (status?, table_type?);
        answer(
            || Ok(self.0.context.check()?.into()),
            |()| {
                // Nothing here takes place later.
                status.give(sys::TBLSTAT_COMPLETE);
                table_type.give(sys::TBLTYPE_DYNAMIC);
                Ok(())
            },
        )
    }

    fn SetColumns(&self, columns: *mut sys::SPropTagArray, flags: u32) -> Result<()> {
        if columns.is_null() {
            return Err(invalid());
        }
        // SAFETY: the caller's array is as long as it says.
        let columns = unsafe { tags(columns) };
        answer(|| self.0.set_columns(&columns, flags), Ok)
    }

    fn QueryColumns(&self, flags: u32, columns: *mut *mut sys::SPropTagArray) -> Result<()> {
        // SAFETY: the caller's place.
        let columns = unsafe { Out::required(columns) }?;
        answer(
            || self.0.query_columns(flags),
            |tags| {
                columns.give(self.0.memory().tags(tags)?);
                Ok(())
            },
        )
    }

    fn GetRowCount(&self, flags: u32, count: *mut u32) -> Result<()> {
        // SAFETY: the caller's place.
        let count = unsafe { Out::required(count) }?;
        answer(
            || self.0.row_count(flags),
            |rows| {
                count.give(rows);
                Ok(())
            },
        )
    }

    fn SeekRow(&self, origin: usize, rows: i32, sought: *mut i32) -> Result<()> {
        // SAFETY: the caller's place.
        let sought = unsafe { Out::optional(sought) };
        let origin = bookmark(origin)?;
        answer(
            || self.0.seek_row(origin, rows),
            |moved| {
                sought.give(moved);
                Ok(())
            },
        )
    }

    fn SeekRowApprox(&self, numerator: u32, denominator: u32) -> Result<()> {
        if denominator == 0 {
            return Err(invalid());
        }
        let (part, whole) = (numerator.min(denominator), u64::from(denominator));
        answer(
            || {
                let count = self.0.row_count(0)?.ignore_warning();
                let row = u64::from(count) * u64::from(part) / whole;
                let row = i32::try_from(row).unwrap_or(i32::MAX);
                self.0.seek_row(Bookmark::BEGINNING, row)
            },
            |_| Ok(()),
        )
    }

    fn QueryPosition(
        &self,
        row: *mut u32,
        numerator: *mut u32,
        denominator: *mut u32,
    ) -> Result<()> {
        // SAFETY: the caller's places.
        let places = unsafe { [row, numerator, denominator].map(|it| Out::required(it)) };
        let [row, numerator, denominator] = places;
        let (row, numerator, denominator) = (row?, numerator?, denominator?);
        answer(
            || self.0.query_position(),
            |position| {
                row.give(position.row.unwrap_or(u32::MAX));
                numerator.give(position.numerator);
                denominator.give(position.denominator);
                Ok(())
            },
        )
    }

    fn FindRow(&self, wanted: *mut sys::SRestriction, origin: usize, flags: u32) -> Result<()> {
        // SAFETY: the caller's restriction is null, or whole until the method returns.
        let wanted = unsafe { restriction(wanted) }?;
        let origin = bookmark(origin)?;
        answer(|| self.0.find_row(&wanted, origin, flags), Ok)
    }

    fn Restrict(&self, wanted: *mut sys::SRestriction, flags: u32) -> Result<()> {
        let wanted = match wanted.is_null() {
            true => None,
            // SAFETY: the caller's restriction is whole until the method returns.
            false => Some(unsafe { restriction(wanted) }?),
        };
        answer(|| self.0.restrict(wanted.as_ref(), flags), Ok)
    }

    fn CreateBookmark(&self, place: *mut usize) -> Result<()> {
        // SAFETY: the caller's place.
        let place = unsafe { Out::required(place) }?;
        answer(
            || self.0.create_bookmark(),
            |bookmark| {
                place.give(bookmark.get() as usize);
                Ok(())
            },
        )
    }

    fn FreeBookmark(&self, number: usize) -> Result<()> {
        let bookmark = bookmark(number)?;
        answer(|| self.0.free_bookmark(bookmark), Ok)
    }

    fn SortTable(&self, order: *mut sys::SSortOrderSet, flags: u32) -> Result<()> {
        if order.is_null() {
            return Err(invalid());
        }
        // SAFETY: the caller's set is as long as it says.
        let order = unsafe { sort_order(order) }.map_err(|failure| failed(failure.hresult()))?;
        answer(|| self.0.sort_table(&order, flags), Ok)
    }

    fn QuerySortOrder(&self, place: *mut *mut sys::SSortOrderSet) -> Result<()> {
        // SAFETY: the caller's place.
        let place = unsafe { Out::required(place) }?;
        answer(
            || self.0.query_sort_order(),
            |order| {
                let set = Allocation::of(self.0.memory(), &sort_order_set(&order))?;
                place.give(set.give());
                Ok(())
            },
        )
    }

    fn QueryRows(&self, count: i32, flags: u32, rows: *mut *mut sys::SRowSet) -> Result<()> {
        // SAFETY: the caller's place.
        let rows = unsafe { Out::required(rows) }?;
        answer(
            || self.0.query_rows(count, flags),
            |given| {
                rows.give(self.0.memory().row_set(&given)?);
                Ok(())
            },
        )
    }

    fn Abort(&self) -> Result<()> {
        answer(|| Ok(self.0.context.check()?.into()), Ok)
    }

    fn WaitForCompletion(&self, _flags: u32, _timeout: u32, status: *mut u32) -> Result<()> {
        // SAFETY: the caller's place.
        let status = unsafe { Out::optional(status) };
        answer(
            || Ok(self.0.context.check()?.into()),
            |()| {
                status.give(sys::TBLSTAT_COMPLETE);
                Ok(())
            },
        )
    }

    unsupported! {
        fn ExpandRow(&self, cbinstancekey: u32, pbinstancekey: *mut u8, ulrowcount: u32, ulflags: u32, lpprows: *mut *mut sys::SRowSet, lpulmorerows: *mut u32) -> Result<()>;
        fn CollapseRow(&self, cbinstancekey: u32, pbinstancekey: *mut u8, ulflags: u32, lpulrowcount: *mut u32) -> Result<()>;
        fn GetCollapseState(&self, ulflags: u32, cbinstancekey: u32, lpbinstancekey: *mut u8, lpcbcollapsestate: *mut u32, lppbcollapsestate: *mut *mut u8) -> Result<()>;
        fn SetCollapseState(&self, ulflags: u32, cbcollapsestate: u32, pbcollapsestate: *mut u8, lpbklocation: *mut usize) -> Result<()>;
    }
}
