//! IMAPITable.

use std::sync::Arc;

use outlook_mapi::sys;
use windows_core::{HRESULT, Ref, Result, implement};

use super::Context;
use super::call::{Out, Raw, answer, failed, invalid, last_error, unsupported};
use super::memory::Allocation;
use super::restriction::restriction;
use super::rows::RowTable;
use super::sink::Connections;
use crate::mail::{sort_order, sort_order_set};
use crate::properties::tags;
use mapi_session::HResult;
use mapi_session::property::Property;
use mapi_session::subsystem::{RawPropTable, RawTable};
use mapi_session::table::Bookmark;

#[implement(sys::IMAPITable)]
pub(super) struct ComTable<T>
where
    T: RawPropTable + Send + Sync + 'static,
{
    table: Raw<T>,
    connections: Connections,
    context: Arc<Context>,
}

/// A table of properties.
pub(super) fn prop_table<T>(table: T, context: &Arc<Context>) -> sys::IMAPITable
where
    T: RawPropTable + Send + Sync + 'static,
{
    ComTable {
        table: Raw::new(table),
        connections: Connections::default(),
        context: Arc::clone(context),
    }
    .into()
}

/// A table of rows of one kind.
pub(super) fn row_table<T>(
    table: T,
    row: fn(&T::Row) -> Vec<Property>,
    flags: u32,
    context: &Arc<Context>,
) -> sys::IMAPITable
where
    T: RawTable + Send + Sync + 'static,
{
    let unicode = flags & sys::MAPI_UNICODE != 0;
    prop_table(RowTable::new(table, row, unicode, context), context)
}

fn bookmark(number: usize) -> Result<Bookmark> {
    let number = u32::try_from(number);
    let number = number.map_err(|_| failed(HResult::MAPI_E_INVALID_BOOKMARK))?;
    Ok(Bookmark::new(number))
}

impl<T: RawPropTable + Send + Sync + 'static> sys::IMAPITable_Impl for ComTable_Impl<T> {
    fn GetLastError(
        &self,
        hresult: HRESULT,
        flags: u32,
        error: *mut *mut sys::MAPIERROR,
    ) -> Result<()> {
        let call = |hresult, flags| self.table.last_error(hresult, flags);
        // SAFETY: the caller's place.
        unsafe { last_error(call, self.context.memory, hresult, flags, error) }
    }

    fn Advise(
        &self,
        event_mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        let advise = |sink| self.table.advise(event_mask, sink);
        // SAFETY: the caller's place.
        unsafe { (self.connections).advise(&self.context, sink, connection, advise) }
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        self.connections
            .unadvise(connection, |connection| self.table.unadvise(connection))
    }

    fn GetStatus(&self, status: *mut u32, table_type: *mut u32) -> Result<()> {
        // SAFETY: the caller's places.
        let (status, table_type) = unsafe { (Out::required(status), Out::required(table_type)) };
        let (status, table_type) = (status?, table_type?);
        answer(
            || Ok(self.context.check()?.into()),
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
        answer(|| self.table.set_columns(&columns, flags), Ok)
    }

    fn QueryColumns(&self, flags: u32, columns: *mut *mut sys::SPropTagArray) -> Result<()> {
        // SAFETY: the caller's place.
        let columns = unsafe { Out::required(columns) }?;
        answer(
            || self.table.query_columns(flags),
            |tags| {
                columns.give(self.context.memory.tags(tags)?);
                Ok(())
            },
        )
    }

    fn GetRowCount(&self, flags: u32, count: *mut u32) -> Result<()> {
        // SAFETY: the caller's place.
        let count = unsafe { Out::required(count) }?;
        answer(
            || self.table.row_count(flags),
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
            || self.table.seek_row(origin, rows),
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
                let count = self.table.row_count(0)?.ignore_warning();
                let row = u64::from(count) * u64::from(part) / whole;
                let row = i32::try_from(row).unwrap_or(i32::MAX);
                self.table.seek_row(Bookmark::BEGINNING, row)
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
            || self.table.query_position(),
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

    fn CreateBookmark(&self, place: *mut usize) -> Result<()> {
        // SAFETY: the caller's place.
        let place = unsafe { Out::required(place) }?;
        answer(
            || self.table.create_bookmark(),
            |bookmark| {
                place.give(bookmark.get() as usize);
                Ok(())
            },
        )
    }

    fn FreeBookmark(&self, number: usize) -> Result<()> {
        let bookmark = bookmark(number)?;
        answer(|| self.table.free_bookmark(bookmark), Ok)
    }

    fn SortTable(&self, order: *mut sys::SSortOrderSet, flags: u32) -> Result<()> {
        if order.is_null() {
            return Err(invalid());
        }
        // SAFETY: the caller's set is as long as it says.
        let order = unsafe { sort_order(order) }.map_err(|failure| failed(failure.hresult()))?;
        answer(|| self.table.sort_table(&order, flags), Ok)
    }

    fn QuerySortOrder(&self, place: *mut *mut sys::SSortOrderSet) -> Result<()> {
        // SAFETY: the caller's place.
        let place = unsafe { Out::required(place) }?;
        answer(
            || self.table.query_sort_order(),
            |order| {
                let set = Allocation::of(self.context.memory, &sort_order_set(&order))?;
                place.give(set.give());
                Ok(())
            },
        )
    }

    fn QueryRows(&self, count: i32, flags: u32, rows: *mut *mut sys::SRowSet) -> Result<()> {
        // SAFETY: the caller's place.
        let rows = unsafe { Out::required(rows) }?;
        answer(
            || self.table.query_rows(count, flags),
            |given| {
                rows.give(self.context.memory.row_set(&given)?);
                Ok(())
            },
        )
    }

    fn Abort(&self) -> Result<()> {
        answer(|| Ok(self.context.check()?.into()), Ok)
    }

    fn WaitForCompletion(&self, _flags: u32, _timeout: u32, status: *mut u32) -> Result<()> {
        // SAFETY: the caller's place.
        let status = unsafe { Out::optional(status) };
        answer(
            || Ok(self.context.check()?.into()),
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
