//! Rows of tables, and lists of addresses.

use std::ffi::c_void;
use std::ptr;

use mapi_session::HResult;
use outlook_mapi::sys;
use windows_core::{HRESULT, Interface};

use crate::memory::{MAPIAllocateBuffer, MAPIFreeBuffer};
use crate::{OK, UNEXPECTED, code};

/// How many rows are read at once.
const BATCH: i32 = 1000;

export! {
    /// [HrQueryAllRows](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrqueryallrows).
    fn HrQueryAllRows(
        table: *mut c_void,
        tags: *mut sys::SPropTagArray,
        restriction: *mut sys::SRestriction,
        order: *mut sys::SSortOrderSet,
        most: i32,
        place: *mut *mut sys::SRowSet,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        }
        place.write_unaligned(ptr::null_mut());
        let Some(table) = sys::IMAPITable::from_raw_borrowed(&table) else {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        };
        match all_rows(table, tags, restriction, order, most) {
            Ok(rows) => place.write_unaligned(rows),
            Err(failed) => return failed,
        }
        OK
    }

    /// [FreeProws](https://learn.microsoft.com/office/client-developer/outlook/mapi/freeprows).
    fn FreeProws(rows: *mut sys::SRowSet) {
        if rows.is_null() {
            return;
        }
        let first = (&raw const (*rows).aRow).cast::<sys::SRow>();
        for index in 0..(&raw const (*rows).cRows).read_unaligned() as usize {
            MAPIFreeBuffer(first.add(index).read_unaligned().lpProps.cast());
        }
        MAPIFreeBuffer(rows.cast());
    }

    /// [FreePadrlist](https://learn.microsoft.com/office/client-developer/outlook/mapi/freepadrlist).
    fn FreePadrlist(list: *mut sys::ADRLIST) {
        if list.is_null() {
            return;
        }
        let first = (&raw const (*list).aEntries).cast::<sys::ADRENTRY>();
        for index in 0..(&raw const (*list).cEntries).read_unaligned() as usize {
            MAPIFreeBuffer(first.add(index).read_unaligned().rgPropVals.cast());
        }
        MAPIFreeBuffer(list.cast());
    }
}

/// # Safety
/// The arguments are as HrQueryAllRows demands them.
unsafe fn all_rows(
    table: &sys::IMAPITable,
    tags: *mut sys::SPropTagArray,
    restriction: *mut sys::SRestriction,
    order: *mut sys::SSortOrderSet,
    most: i32,
) -> Result<*mut sys::SRowSet, i32> {
    // SAFETY: as the caller says; each set is written whole before it is in `sets`.
    unsafe {
        if !tags.is_null() {
            worked(table.SetColumns(tags, sys::TBL_BATCH))?;
        }
        if !restriction.is_null() {
            worked(table.Restrict(restriction, sys::TBL_BATCH))?;
        }
        if !order.is_null() {
            worked(table.SortTable(order, sys::TBL_BATCH))?;
        }
        let beginning = sys::BOOKMARK_BEGINNING as usize;
        worked(table.SeekRow(beginning, 0, ptr::null_mut()))?;
        let mut rows = Rows::default();
        loop {
            let mut set = ptr::null_mut();
            worked(table.QueryRows(BATCH, 0, &raw mut set))?;
            if set.is_null() || rows.take(set) == 0 {
                return rows.into_set();
            }
            if most > 0 && rows.0.len() > most as usize {
                return Err(code(HResult::MAPI_E_TABLE_TOO_BIG));
            }
        }
    }
}

/// A warning is a success.
fn worked(result: windows_core::Result<()>) -> Result<(), i32> {
    match result.map_err(|error| error.code()) {
        Err(HRESULT(failed)) if failed < 0 => Err(failed),
        _ => Ok(()),
    }
}

/// Rows whose properties are nobody else's.
#[derive(Default)]
struct Rows(Vec<sys::SRow>);

impl Rows {
    /// Takes the rows out of a set, frees it, and says how many there were.
    ///
    /// # Safety
    /// It is a set of this module's.
    unsafe fn take(&mut self, set: *mut sys::SRowSet) -> usize {
        // SAFETY: as the caller says.
        unsafe {
            let count = (*set).cRows as usize;
            let first = (&raw const (*set).aRow).cast::<sys::SRow>();
            self.0
                .extend((0..count).map(|index| first.add(index).read()));
            MAPIFreeBuffer(set.cast());
            count
        }
    }

    fn into_set(mut self) -> Result<*mut sys::SRowSet, i32> {
        let head = std::mem::offset_of!(sys::SRowSet, aRow);
        let size = head + size_of::<sys::SRow>() * self.0.len().max(1);
        let size = u32::try_from(size).map_err(|_| code(HResult::MAPI_E_NOT_ENOUGH_MEMORY))?;
        let mut set = ptr::null_mut();
        // SAFETY: it is a place; then there is room for the head, and for that many rows.
        unsafe {
            match MAPIAllocateBuffer(size, &raw mut set) {
                OK => {}
                failed => return Err(failed),
            }
            let set = set.cast::<sys::SRowSet>();
            (*set).cRows = self.0.len() as u32;
            let first = (&raw mut (*set).aRow).cast::<sys::SRow>();
            for (index, row) in self.0.drain(..).enumerate() {
                first.add(index).write(row);
            }
            Ok(set)
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        for row in &self.0 {
            // SAFETY: nobody else has them.
            unsafe { MAPIFreeBuffer(row.lpProps.cast()) };
        }
    }
}
