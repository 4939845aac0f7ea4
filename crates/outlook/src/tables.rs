//! Tables, and how their rows are read.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ptr;
use std::rc::Rc;

use outlook_mapi::{RowSet, sys};

use super::com::{Com, method};
use super::properties::{Tags, Values};
use super::session::{Life, Source};
use mapi_session::error::{Failure, Success};
use mapi_session::flags::{ResourceFlags, ServiceFlags, StatusCode};
use mapi_session::notification::Connection;
use mapi_session::subsystem::{RawResult, RawTable};
use mapi_session::table::{
    Identity, ProfileRow, ProviderRow, ServiceRow, StatusRow, StoreRow, Table,
};
use mapi_session::types::ResourceType;
use mapi_session::{AdviseSink, EntryId, HResult};

/// A kind of row, and the columns that it is made of.
pub(super) trait Columns: Sized {
    const TAGS: &[u32];

    fn read(values: &Values) -> Self;
}

/// A table of Outlook's MAPI, with rows of one kind. Dropping it is its Release.
pub struct OutlookTable<R> {
    table: Com<sys::IMAPITable>,
    unicode: bool,
    source: Source,
    life: Rc<Life>,
    rows: PhantomData<fn() -> R>,
}

impl<R> OutlookTable<R> {
    pub(super) fn new(table: sys::IMAPITable, unicode: bool, life: Rc<Life>) -> Self {
        Self {
            table: Com::new(table, Rc::clone(life.library())),
            unicode,
            source: life.next_source(),
            life,
            rows: PhantomData,
        }
    }
}

impl<R> Drop for OutlookTable<R> {
    fn drop(&mut self) {
        self.life.end_source(self.source);
    }
}

impl<R> fmt::Debug for OutlookTable<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OutlookTable")
    }
}

impl<R: Columns + 'static> RawTable for OutlookTable<R> {
    type Row = R;

    fn rows(&self) -> RawResult<Table<R>> {
        self.life.check()?;
        // Where the last reading has left off is its end.
        let (start, sought) = (sys::BOOKMARK_BEGINNING as usize, ptr::null_mut());
        // SAFETY: it takes numbers, and null for what would come out.
        let hresult = unsafe { method!(&*self.table, SeekRow(start, 0, sought)) };
        Success::from_hresult((), hresult)?;
        read(&self.table, self.unicode).map(Success::new)
    }

    fn advise<S: AdviseSink + 'static>(&self, event_mask: u32, sink: S) -> RawResult<Connection> {
        self.life.check()?;
        self.life.advise(self.source, sink, |sink, connection| {
            // SAFETY: it takes a number, a sink, and what comes out.
            unsafe { method!(&*self.table, Advise(event_mask, sink, connection)) }
        })
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.life.check()?;
        self.life.unadvise(self.source, connection, |number| {
            // SAFETY: a number that Advise gave, once.
            unsafe { method!(&*self.table, Unadvise(number)) }
        })
    }
}

/// All rows of a table.
pub(super) fn read<R: Columns>(
    table: &sys::IMAPITable,
    unicode: bool,
) -> Result<Table<R>, Failure> {
    let tags = Tags::new(R::TAGS, unicode);
    let mut rows = RowSet::default();
    // SAFETY: the tags are as long as they say; no restriction, no order, no limit.
    let read = unsafe {
        sys::HrQueryAllRows(
            table,
            tags.as_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            rows.as_mut_ptr(),
        )
    };
    if let Err(error) = read {
        // What a call that failed wrote is nobody's.
        mem::forget(rows);
        return Err(Failure::new(HResult::from(error.code().0)));
    }
    let rows = rows.into_iter();
    Ok(rows.map(|row| R::read(&Values::new(row.iter()))).collect())
}

impl Columns for StoreRow {
    const TAGS: &[u32] = &[
        sys::PR_ENTRYID,
        sys::PR_DISPLAY_NAME_W,
        sys::PR_RESOURCE_FLAGS,
        sys::PR_DEFAULT_STORE,
        sys::PR_MDB_PROVIDER,
        sys::PR_PROVIDER_DISPLAY_W,
        sys::PR_SERVICE_UID,
        sys::PR_INSTANCE_KEY,
        sys::PR_RECORD_KEY,
    ];

    fn read(values: &Values) -> Self {
        let mut flags = ResourceFlags::from(values.long(sys::PR_RESOURCE_FLAGS).unwrap_or(0));
        flags.set(
            ResourceFlags::DEFAULT_STORE,
            flags.contains(ResourceFlags::DEFAULT_STORE) || values.boolean(sys::PR_DEFAULT_STORE),
        );
        let name = values.owned_text(sys::PR_DISPLAY_NAME_W);
        Self::new(values.entry_id(sys::PR_ENTRYID), name, flags)
            .with_provider(values.uid(sys::PR_MDB_PROVIDER))
            .with_provider_display(values.owned_text(sys::PR_PROVIDER_DISPLAY_W))
            .with_service_uid(values.uid(sys::PR_SERVICE_UID))
            .with_instance_key(values.key(sys::PR_INSTANCE_KEY))
            .with_record_key(values.key(sys::PR_RECORD_KEY))
    }
}

impl Columns for StatusRow {
    const TAGS: &[u32] = &[
        sys::PR_ENTRYID,
        sys::PR_DISPLAY_NAME_W,
        sys::PR_RESOURCE_TYPE,
        sys::PR_RESOURCE_FLAGS,
        sys::PR_RESOURCE_METHODS,
        sys::PR_STATUS_CODE,
        sys::PR_PROVIDER_DISPLAY_W,
        sys::PR_PROVIDER_DLL_NAME_W,
        sys::PR_INSTANCE_KEY,
        sys::PR_ROWID,
        sys::PR_IDENTITY_DISPLAY_W,
        sys::PR_IDENTITY_ENTRYID,
        sys::PR_IDENTITY_SEARCH_KEY,
        sys::PR_RESOURCE_PATH_W,
    ];

    fn read(values: &Values) -> Self {
        let name = values.owned_text(sys::PR_IDENTITY_DISPLAY_W);
        let identity = match values.binary(sys::PR_IDENTITY_ENTRYID) {
            Some(entry_id) => Some(Identity::new(EntryId::new(entry_id), name)),
            None if name.is_empty() => None,
            None => Some(Identity::without_entry_id(name)),
        };
        let search_key = values.key(sys::PR_IDENTITY_SEARCH_KEY);
        let long = |tag| values.long(tag).unwrap_or(0);
        Self::new(
            values.entry_id(sys::PR_ENTRYID),
            values.owned_text(sys::PR_DISPLAY_NAME_W),
            ResourceType::new(long(sys::PR_RESOURCE_TYPE)),
        )
        .with_resource_flags(long(sys::PR_RESOURCE_FLAGS).into())
        .with_resource_methods(long(sys::PR_RESOURCE_METHODS).into())
        .with_status_code(StatusCode::from(long(sys::PR_STATUS_CODE)))
        .with_provider_display(values.owned_text(sys::PR_PROVIDER_DISPLAY_W))
        .with_provider_dll_name(values.owned_text(sys::PR_PROVIDER_DLL_NAME_W))
        .with_instance_key(values.key(sys::PR_INSTANCE_KEY))
        .with_row_id(long(sys::PR_ROWID))
        .with_identity(identity.map(|it| it.with_search_key(search_key)))
        .with_resource_path(values.owned_text(sys::PR_RESOURCE_PATH_W))
    }
}

impl Columns for ServiceRow {
    const TAGS: &[u32] = &[
        sys::PR_SERVICE_UID,
        sys::PR_SERVICE_NAME_W,
        sys::PR_DISPLAY_NAME_W,
        sys::PR_RESOURCE_FLAGS,
        sys::PR_SERVICE_DLL_NAME_W,
        sys::PR_SERVICE_ENTRY_NAME, // the one text that has no Unicode
        sys::PR_SERVICE_SUPPORT_FILES_W,
        sys::PR_INSTANCE_KEY,
    ];

    fn read(values: &Values) -> Self {
        Self::new(
            values.uid(sys::PR_SERVICE_UID),
            values.owned_text(sys::PR_SERVICE_NAME_W),
        )
        .with_display_name(values.owned_text(sys::PR_DISPLAY_NAME_W))
        .with_resource_flags(ServiceFlags::from(
            values.long(sys::PR_RESOURCE_FLAGS).unwrap_or(0),
        ))
        .with_dll_name(values.owned_text(sys::PR_SERVICE_DLL_NAME_W))
        .with_entry_name(values.owned_text(sys::PR_SERVICE_ENTRY_NAME))
        .with_support_files(values.texts(sys::PR_SERVICE_SUPPORT_FILES_W))
        .with_instance_key(values.key(sys::PR_INSTANCE_KEY))
    }
}

impl Columns for ProfileRow {
    const TAGS: &[u32] = &[sys::PR_DISPLAY_NAME_W, sys::PR_DEFAULT_PROFILE];

    fn read(values: &Values) -> Self {
        Self::new(values.owned_text(sys::PR_DISPLAY_NAME_W))
            .with_default(values.boolean(sys::PR_DEFAULT_PROFILE))
    }
}

impl Columns for ProviderRow {
    const TAGS: &[u32] = &[
        sys::PR_PROVIDER_UID,
        sys::PR_DISPLAY_NAME_W,
        sys::PR_PROVIDER_DISPLAY_W,
        sys::PR_PROVIDER_DLL_NAME_W,
        sys::PR_PROVIDER_ORDINAL,
        sys::PR_RESOURCE_FLAGS,
        sys::PR_RESOURCE_TYPE,
        sys::PR_SERVICE_NAME_W,
        sys::PR_SERVICE_UID,
        sys::PR_INSTANCE_KEY,
    ];

    fn read(values: &Values) -> Self {
        let long = |tag| values.long(tag).unwrap_or(0);
        Self::new(
            values.uid(sys::PR_PROVIDER_UID),
            values.owned_text(sys::PR_DISPLAY_NAME_W),
        )
        .with_provider_display(values.owned_text(sys::PR_PROVIDER_DISPLAY_W))
        .with_dll_name(values.owned_text(sys::PR_PROVIDER_DLL_NAME_W))
        .with_ordinal(long(sys::PR_PROVIDER_ORDINAL))
        .with_resource_flags(long(sys::PR_RESOURCE_FLAGS).into())
        .with_resource_type(values.long(sys::PR_RESOURCE_TYPE).map(ResourceType::new))
        .with_service_name(values.owned_text(sys::PR_SERVICE_NAME_W))
        .with_service_uid(values.uid(sys::PR_SERVICE_UID))
        .with_instance_key(values.key(sys::PR_INSTANCE_KEY))
    }
}
