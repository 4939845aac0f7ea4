//! Tables as COM objects: one that was read in full, or one that is open below and tells what changes.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use outlook_mapi::sys;
use windows_core::{HRESULT, Ref, Result, implement};

use super::sink::{ComSinkOfTheirs, Connections};
use super::values::{Allocation, failed, properties};
use super::{contained, not_supported, required};
use crate::properties::{tags, text_tag};
use crate::tables::SERVICE_SUPPORT_FILES;
use mapi_session::HResult;
use mapi_session::notification::Connection;
use mapi_session::property::{PropTag, PropType, Property, PropertyValue};
use mapi_session::subsystem::{RawResult, RawTable};
use mapi_session::table::{ProfileRow, ProviderRow, ServiceRow, StatusRow, StoreRow, Table};

#[implement(sys::IMAPITable, Agile = false)]
pub(super) struct ComTable {
    rows: Rows,
    /// Tags, where they were set.
    columns: RefCell<Option<Vec<PropTag>>>,
    position: Cell<usize>,
    unicode: bool,
    connections: Connections,
    /// The session is gone: every call but Release fails (rule O2).
    ended: Rc<Cell<bool>>,
}

enum Rows {
    Read(Rc<[Row]>),
    Live(Box<dyn Live>),
}

type Row = Vec<Property>;

/// A table that is open below.
trait Live {
    fn rows(&self) -> RawResult<Vec<Row>>;
    fn advise(&self, event_mask: u32, sink: ComSinkOfTheirs) -> RawResult<Connection>;
    fn unadvise(&self, connection: Connection) -> RawResult<()>;
}

struct Below<T: RawTable> {
    table: T,
    row: fn(&T::Row) -> Row,
}

impl<T: RawTable> Live for Below<T> {
    fn rows(&self) -> RawResult<Vec<Row>> {
        let table = self.table.rows()?;
        Ok(table.map(|table| table.rows().iter().map(self.row).collect()))
    }

    fn advise(&self, event_mask: u32, sink: ComSinkOfTheirs) -> RawResult<Connection> {
        self.table.advise(event_mask, sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.table.unadvise(connection)
    }
}

impl ComTable {
    pub(super) fn of<R>(
        table: &Table<R>,
        row: impl Fn(&R) -> Row,
        flags: u32,
        ended: &Rc<Cell<bool>>,
    ) -> sys::IMAPITable {
        Self::new(
            Rows::Read(table.rows().iter().map(row).collect()),
            flags,
            ended,
        )
    }

    pub(super) fn live<T: RawTable + 'static>(
        table: T,
        row: fn(&T::Row) -> Row,
        flags: u32,
        ended: &Rc<Cell<bool>>,
    ) -> sys::IMAPITable {
        Self::new(Rows::Live(Box::new(Below { table, row })), flags, ended)
    }

    fn new(rows: Rows, flags: u32, ended: &Rc<Cell<bool>>) -> sys::IMAPITable {
        Self {
            rows,
            columns: RefCell::new(None),
            position: Cell::new(0),
            unicode: flags & sys::MAPI_UNICODE != 0,
            connections: Connections::default(),
            ended: Rc::clone(ended),
        }
        .into()
    }

    /// The rows as they are now.
    fn rows(&self) -> Result<Rc<[Row]>> {
        match &self.rows {
            Rows::Read(rows) => Ok(Rc::clone(rows)),
            Rows::Live(table) => {
                let rows = contained(|| table.rows());
                let rows = rows.map_err(|failure| failed(failure.hresult()))?;
                Ok(rows.ignore_warning().into())
            }
        }
    }

    fn live_table(&self) -> Result<&dyn Live> {
        match &self.rows {
            Rows::Live(table) => Ok(&**table),
            Rows::Read(_) => Err(not_supported()),
        }
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
        let rows = self.rows()?.len();
        // SAFETY: not null.
        unsafe { *count = rows as u32 };
        Ok(())
    }

    fn SeekRow(&self, origin: usize, count: i32, sought: *mut i32) -> Result<()> {
        self.check()?;
        let length = match (u32::try_from(origin), count) {
            // Where there are no rows to count.
            (Ok(sys::BOOKMARK_BEGINNING), 0) => 0,
            _ => self.rows()?.len(),
        };
        let from = match u32::try_from(origin) {
            Ok(sys::BOOKMARK_BEGINNING) => 0,
            Ok(sys::BOOKMARK_CURRENT) => self.position.get().min(length),
            Ok(sys::BOOKMARK_END) => length,
            _ => return Err(failed(HResult::MAPI_E_INVALID_BOOKMARK)),
        };
        let to = from.saturating_add_signed(count as isize).min(length);
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
        let all = self.rows()?;
        let from = self.position.get().min(all.len());
        let to = from.saturating_add(count).min(all.len());
        let columns = self.columns.borrow();
        let asked = all[from..to].iter();
        let set = row_set(asked.map(|row| chosen(row, columns.as_deref(), self.unicode)))?;
        if flags & sys::TBL_NOADVANCE == 0 {
            self.position.set(to);
        }
        // SAFETY: not null.
        unsafe { *rows = set };
        Ok(())
    }

    fn Advise(
        &self,
        event_mask: u32,
        sink: Ref<'_, sys::IMAPIAdviseSink>,
        connection: *mut usize,
    ) -> Result<()> {
        self.check()?;
        let table = self.live_table()?;
        self.connections
            .advise(sink, connection, |sink| table.advise(event_mask, sink))
    }

    fn Unadvise(&self, connection: usize) -> Result<()> {
        self.check()?;
        let table = self.live_table()?;
        self.connections
            .unadvise(connection, |connection| table.unadvise(connection))
    }

    unsupported! {
        fn GetLastError(&self, hresult: HRESULT, ulflags: u32, lppmapierror: *mut *mut sys::MAPIERROR) -> Result<()>;
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
pub(super) fn row_set<R: AsRef<[Property]>>(
    rows: impl ExactSizeIterator<Item = R>,
) -> Result<*mut sys::SRowSet> {
    let count = rows.len();
    let head = std::mem::offset_of!(sys::SRowSet, aRow);
    let size = head + size_of::<sys::SRow>() * count.max(1);
    let root = Allocation::new(size)?;
    let set = root.as_ptr::<sys::SRowSet>();
    for (index, row) in rows.enumerate() {
        let row = row.as_ref();
        let values = properties(row).inspect_err(|_| {
            for index in 0..index {
                // SAFETY: the rows before this one are written.
                unsafe { sys::MAPIFreeBuffer((*row_of(set, index)).lpProps.cast()) };
            }
        })?;
        // SAFETY: there is room for that many.
        unsafe {
            row_of(set, index).write(sys::SRow {
                ulAdrEntryPad: 0,
                cValues: row.len() as u32,
                lpProps: values,
            });
        }
    }
    // SAFETY: there is room for the head.
    unsafe { (&raw mut (*set).cRows).write(count as u32) };
    Ok(root.give())
}

/// # Safety
/// The set has room for that many.
unsafe fn row_of(set: *mut sys::SRowSet, index: usize) -> *mut sys::SRow {
    // SAFETY: as the caller says.
    unsafe { (&raw mut (*set).aRow).cast::<sys::SRow>().add(index) }
}

/// The columns that are asked for, or all.
fn chosen(row: &[Property], columns: Option<&[PropTag]>, unicode: bool) -> Vec<Property> {
    let given = |it: &Property, tag| Property {
        tag,
        value: it.value.clone(),
    };
    let Some(columns) = columns else {
        let all = row.iter().map(|it| given(it, text_tag(it.tag, unicode)));
        return all.collect();
    };
    let chosen = columns.iter().map(|&tag| {
        let (kind, mut of_id) = (
            tag.prop_type(),
            row.iter().filter(|it| it.tag.id() == tag.id()),
        );
        if kind == PropType::UNSPECIFIED {
            of_id.next().map(|it| given(it, text_tag(it.tag, unicode)))
        } else {
            of_id
                .find(|it| it.value.fits(kind))
                .map(|it| given(it, tag))
        }
        .unwrap_or_else(|| Property::new(tag.with_type(PropType::ERROR), HResult::MAPI_E_NOT_FOUND))
    });
    chosen.collect()
}

fn long(tag: PropTag, value: u32) -> Property {
    Property::new(tag, value as i32)
}

fn binary(tag: PropTag, value: &[u8]) -> Property {
    Property::new(tag, value)
}

pub(super) fn store_row(row: &StoreRow) -> Row {
    row.properties()
}

pub(super) fn status_row(row: &StatusRow) -> Row {
    row.properties()
}

pub(super) fn service_row(row: &ServiceRow) -> Row {
    let files = row.support_files().to_vec();
    vec![
        binary(PropTag::SERVICE_UID, row.uid().as_bytes()),
        Property::new(PropTag::SERVICE_NAME, row.name()),
        Property::new(PropTag::DISPLAY_NAME, row.display_name()),
        long(PropTag::RESOURCE_FLAGS, row.resource_flags().bits()),
        Property::new(PropTag::SERVICE_DLL_NAME, row.dll_name()),
        // The one text that has no Unicode.
        Property::new(PropTag::SERVICE_ENTRY_NAME, row.entry_name()),
        Property::new(SERVICE_SUPPORT_FILES, PropertyValue::MvString(files)),
        binary(PropTag::INSTANCE_KEY, row.instance_key()),
    ]
}

pub(super) fn profile_row(row: &ProfileRow) -> Row {
    vec![
        Property::new(PropTag::DISPLAY_NAME, row.name()),
        Property::new(PropTag::DEFAULT_PROFILE, row.is_default()),
    ]
}

pub(super) fn provider_row(row: &ProviderRow) -> Row {
    let mut values = vec![
        binary(PropTag::PROVIDER_UID, row.uid().as_bytes()),
        Property::new(PropTag::DISPLAY_NAME, row.display_name()),
        Property::new(PropTag::PROVIDER_DISPLAY, row.provider_display()),
        Property::new(PropTag::PROVIDER_DLL_NAME, row.dll_name()),
        long(PropTag::PROVIDER_ORDINAL, row.ordinal()),
        long(PropTag::RESOURCE_FLAGS, row.resource_flags().bits()),
        Property::new(PropTag::SERVICE_NAME, row.service_name()),
        binary(PropTag::SERVICE_UID, row.service_uid().as_bytes()),
        binary(PropTag::INSTANCE_KEY, row.instance_key()),
    ];
    let resource_type = row.resource_type();
    values.extend(resource_type.map(|it| long(PropTag::RESOURCE_TYPE, it.get())));
    values
}
