//! A table that was read in full, as a COM object.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use outlook_mapi::sys;
use windows_core::{HRESULT, Ref, Result, implement};

use super::values::{Allocation, Tagged, Value, binary, chosen, failed, long, properties, text};
use super::{not_supported, required};
use crate::properties::tags;
use mapi_session::HResult;
use mapi_session::flags::ResourceFlags;
use mapi_session::property::PropertyValue;
use mapi_session::table::{ProfileRow, ProviderRow, ServiceRow, StatusRow, StoreRow, Table};

#[implement(sys::IMAPITable, Agile = false)]
pub(super) struct ComTable {
    rows: Vec<Vec<Tagged>>,
    /// Tags, where they were set.
    columns: RefCell<Option<Vec<u32>>>,
    position: Cell<usize>,
    unicode: bool,
    /// The session is gone: every call but Release fails (rule O2).
    ended: Rc<Cell<bool>>,
}

impl ComTable {
    pub(super) fn of<R>(
        table: &Table<R>,
        row: impl Fn(&R) -> Vec<Tagged>,
        flags: u32,
        ended: &Rc<Cell<bool>>,
    ) -> sys::IMAPITable {
        Self {
            rows: table.rows().iter().map(row).collect(),
            columns: RefCell::new(None),
            position: Cell::new(0),
            unicode: flags & sys::MAPI_UNICODE != 0,
            ended: Rc::clone(ended),
        }
        .into()
    }

    fn check(&self) -> Result<()> {
        if self.ended.get() {
            return Err(failed(HResult::MAPI_E_INVALID_OBJECT));
        }
        Ok(())
    }
}

impl sys::IMAPITable_Impl for ComTable_Impl {
    fn SetColumns(&self, columns: *mut sys::SPropTagArray, _flags: u32) -> Result<()> {
        self.check()?;
        required(columns)?;
        // SAFETY: the caller's array is as long as it says.
        *self.columns.borrow_mut() = Some(unsafe { tags(columns) });
        Ok(())
    }

    fn GetRowCount(&self, _flags: u32, count: *mut u32) -> Result<()> {
        self.check()?;
        required(count)?;
        // SAFETY: not null.
        unsafe { *count = self.rows.len() as u32 };
        Ok(())
    }

    fn SeekRow(&self, origin: usize, count: i32, sought: *mut i32) -> Result<()> {
        self.check()?;
        let from = match u32::try_from(origin) {
            Ok(sys::BOOKMARK_BEGINNING) => 0,
            Ok(sys::BOOKMARK_CURRENT) => self.position.get(),
            Ok(sys::BOOKMARK_END) => self.rows.len(),
            _ => return Err(failed(HResult::MAPI_E_INVALID_BOOKMARK)),
        };
        let to = from
            .saturating_add_signed(count as isize)
            .min(self.rows.len());
        self.position.set(to);
        if !sought.is_null() {
            // SAFETY: not null.
            unsafe { *sought = (to as i64 - from as i64) as i32 };
        }
        Ok(())
    }

    fn QueryRows(&self, count: i32, flags: u32, rows: *mut *mut sys::SRowSet) -> Result<()> {
        self.check()?;
        required(rows)?;
        let Ok(count) = usize::try_from(count) else {
            return Err(not_supported());
        };
        if flags & !sys::TBL_NOADVANCE != 0 {
            return Err(failed(HResult::MAPI_E_UNKNOWN_FLAGS));
        }
        let from = self.position.get();
        let to = from.saturating_add(count).min(self.rows.len());
        let set = row_set(
            &self.rows[from..to],
            self.columns.borrow().as_deref(),
            self.unicode,
        )?;
        if flags & sys::TBL_NOADVANCE == 0 {
            self.position.set(to);
        }
        // SAFETY: not null.
        unsafe { *rows = set };
        Ok(())
    }

    unsupported! {
        fn GetLastError(&self, hresult: HRESULT, ulflags: u32, lppmapierror: *mut *mut sys::MAPIERROR) -> Result<()>;
        fn Advise(&self, uleventmask: u32, lpadvisesink: Ref<'_, sys::IMAPIAdviseSink>, lpulconnection: *mut usize) -> Result<()>;
        fn Unadvise(&self, ulconnection: usize) -> Result<()>;
        fn GetStatus(&self, lpultablestatus: *mut u32, lpultabletype: *mut u32) -> Result<()>;
        fn QueryColumns(&self, ulflags: u32, lpproptagarray: *mut *mut sys::SPropTagArray) -> Result<()>;
        fn SeekRowApprox(&self, ulnumerator: u32, uldenominator: u32) -> Result<()>;
        fn QueryPosition(&self, lpulrow: *mut u32, lpulnumerator: *mut u32, lpuldenominator: *mut u32) -> Result<()>;
        fn FindRow(&self, lprestriction: *mut sys::SRestriction, bkorigin: usize, ulflags: u32) -> Result<()>;
        fn Restrict(&self, lprestriction: *mut sys::SRestriction, ulflags: u32) -> Result<()>;
        fn CreateBookmark(&self, lpbkposition: *mut usize) -> Result<()>;
        fn FreeBookmark(&self, bkposition: usize) -> Result<()>;
        fn SortTable(&self, lpsortcriteria: *mut sys::SSortOrderSet, ulflags: u32) -> Result<()>;
        fn QuerySortOrder(&self, lppsortcriteria: *mut *mut sys::SSortOrderSet) -> Result<()>;
        fn Abort(&self) -> Result<()>;
        fn ExpandRow(&self, cbinstancekey: u32, pbinstancekey: *mut u8, ulrowcount: u32, ulflags: u32, lpprows: *mut *mut sys::SRowSet, lpulmorerows: *mut u32) -> Result<()>;
        fn CollapseRow(&self, cbinstancekey: u32, pbinstancekey: *mut u8, ulflags: u32, lpulrowcount: *mut u32) -> Result<()>;
        fn WaitForCompletion(&self, ulflags: u32, ultimeout: u32, lpultablestatus: *mut u32) -> Result<()>;
        fn GetCollapseState(&self, ulflags: u32, cbinstancekey: u32, lpbinstancekey: *mut u8, lpcbcollapsestate: *mut u32, lppbcollapsestate: *mut *mut u8) -> Result<()>;
        fn SetCollapseState(&self, ulflags: u32, cbcollapsestate: u32, pbcollapsestate: *mut u8, lpbklocation: *mut usize) -> Result<()>;
    }
}

/// To be freed by FreeProws.
fn row_set(
    rows: &[Vec<Tagged>],
    columns: Option<&[u32]>,
    unicode: bool,
) -> Result<*mut sys::SRowSet> {
    let head = std::mem::offset_of!(sys::SRowSet, aRow);
    let size = head + size_of::<sys::SRow>() * rows.len().max(1);
    let root = Allocation::new(size)?;
    let set = root.as_ptr::<sys::SRowSet>();
    for (index, row) in rows.iter().enumerate() {
        let (chosen, _) = chosen(row, columns, unicode);
        let values = properties(&chosen).inspect_err(|_| {
            for index in 0..index {
                // SAFETY: the rows before this one are written.
                unsafe { sys::MAPIFreeBuffer((*row_of(set, index)).lpProps.cast()) };
            }
        })?;
        // SAFETY: there is room for that many.
        unsafe {
            row_of(set, index).write(sys::SRow {
                ulAdrEntryPad: 0,
                cValues: chosen.len() as u32,
                lpProps: values,
            });
        }
    }
    // SAFETY: there is room for the head.
    unsafe { (&raw mut (*set).cRows).write(rows.len() as u32) };
    Ok(root.give())
}

/// # Safety
/// The set has room for that many.
unsafe fn row_of(set: *mut sys::SRowSet, index: usize) -> *mut sys::SRow {
    // SAFETY: as the caller says.
    unsafe { (&raw mut (*set).aRow).cast::<sys::SRow>().add(index) }
}

pub(super) fn store_row(row: &StoreRow) -> Vec<Tagged> {
    let is_default = row.resource_flags().contains(ResourceFlags::DEFAULT_STORE);
    vec![
        binary(sys::PR_ENTRYID, row.entry_id().as_bytes()),
        text(sys::PR_DISPLAY_NAME_W, row.display_name()),
        long(sys::PR_RESOURCE_FLAGS, row.resource_flags().bits()),
        (
            sys::PR_DEFAULT_STORE,
            Value::Plain(PropertyValue::Boolean(is_default)),
        ),
        binary(sys::PR_MDB_PROVIDER, row.provider().as_bytes()),
        text(sys::PR_PROVIDER_DISPLAY_W, row.provider_display()),
        binary(sys::PR_SERVICE_UID, row.service_uid().as_bytes()),
        binary(sys::PR_INSTANCE_KEY, row.instance_key()),
        binary(sys::PR_RECORD_KEY, row.record_key()),
        long(sys::PR_OBJECT_TYPE, row.object_type().get()),
        long(sys::PR_RESOURCE_TYPE, row.resource_type().get()),
    ]
}

pub(super) fn status_row(row: &StatusRow) -> Vec<Tagged> {
    let mut values = vec![
        binary(sys::PR_ENTRYID, row.entry_id().as_bytes()),
        text(sys::PR_DISPLAY_NAME_W, row.display_name()),
        long(sys::PR_RESOURCE_TYPE, row.resource_type().get()),
        long(sys::PR_RESOURCE_FLAGS, row.resource_flags().bits()),
        long(sys::PR_RESOURCE_METHODS, row.resource_methods().bits()),
        long(sys::PR_STATUS_CODE, row.status_code().bits()),
        text(sys::PR_PROVIDER_DLL_NAME_W, row.provider_dll_name()),
        binary(sys::PR_INSTANCE_KEY, row.instance_key()),
        long(sys::PR_ROWID, row.row_id()),
        long(sys::PR_OBJECT_TYPE, sys::MAPI_STATUS),
    ];
    if let Some(identity) = row.identity() {
        values.extend([
            text(sys::PR_IDENTITY_DISPLAY_W, identity.display_name()),
            binary(sys::PR_IDENTITY_ENTRYID, identity.entry_id().as_bytes()),
            binary(sys::PR_IDENTITY_SEARCH_KEY, identity.search_key()),
        ]);
    }
    values
}

pub(super) fn service_row(row: &ServiceRow) -> Vec<Tagged> {
    vec![
        binary(sys::PR_SERVICE_UID, row.uid().as_bytes()),
        text(sys::PR_SERVICE_NAME_W, row.name()),
        text(sys::PR_DISPLAY_NAME_W, row.display_name()),
        long(sys::PR_RESOURCE_FLAGS, row.resource_flags().bits()),
        text(sys::PR_SERVICE_DLL_NAME_W, row.dll_name()),
        // The one text that has no Unicode.
        text(sys::PR_SERVICE_ENTRY_NAME, row.entry_name()),
        (
            sys::PR_SERVICE_SUPPORT_FILES_W,
            Value::Texts(row.support_files().to_vec()),
        ),
        binary(sys::PR_INSTANCE_KEY, row.instance_key()),
    ]
}

pub(super) fn profile_row(row: &ProfileRow) -> Vec<Tagged> {
    vec![
        text(sys::PR_DISPLAY_NAME_W, row.name()),
        (
            sys::PR_DEFAULT_PROFILE,
            Value::Plain(PropertyValue::Boolean(row.is_default())),
        ),
    ]
}

pub(super) fn provider_row(row: &ProviderRow) -> Vec<Tagged> {
    let mut values = vec![
        binary(sys::PR_PROVIDER_UID, row.uid().as_bytes()),
        text(sys::PR_DISPLAY_NAME_W, row.display_name()),
        text(sys::PR_PROVIDER_DISPLAY_W, row.provider_display()),
        text(sys::PR_PROVIDER_DLL_NAME_W, row.dll_name()),
        long(sys::PR_PROVIDER_ORDINAL, row.ordinal()),
        long(sys::PR_RESOURCE_FLAGS, row.resource_flags().bits()),
        text(sys::PR_SERVICE_NAME_W, row.service_name()),
        binary(sys::PR_SERVICE_UID, row.service_uid().as_bytes()),
        binary(sys::PR_INSTANCE_KEY, row.instance_key()),
    ];
    let resource_type = row.resource_type();
    values.extend(resource_type.map(|it| long(sys::PR_RESOURCE_TYPE, it.get())));
    values
}
