//! Tables, read in full.

use std::mem;
use std::ptr;

use outlook_mapi::{RowSet, sys};

use super::properties::{Tags, Values};
use mapi_session::error::{Failure, Success};
use mapi_session::flags::{ResourceFlags, ServiceFlags, StatusCode};
use mapi_session::subsystem::RawResult;
use mapi_session::table::{
    Identity, ProfileRow, ProviderRow, ServiceRow, StatusRow, StoreRow, Table,
};
use mapi_session::types::ResourceType;
use mapi_session::{EntryId, HResult};

/// A kind of row, and the columns that it is made of.
pub(super) trait Columns: Sized {
    const TAGS: &[u32];

    fn read(values: &Values) -> Self;
}

/// All rows of a table that a call opened.
pub(super) fn read<R: Columns>(
    table: Success<sys::IMAPITable>,
    unicode: bool,
) -> RawResult<Table<R>> {
    let (table, warning) = table.into_parts();
    let tags = Tags::new(R::TAGS, unicode);
    let mut rows = RowSet::default();
    // SAFETY: the tags are as long as they say; no restriction, no order, no limit.
    let read = unsafe {
        sys::HrQueryAllRows(
            &table,
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
    let rows = rows
        .into_iter()
        .map(|row| R::read(&Values::new(row.iter())))
        .collect();
    Ok(Success::from_parts(rows, warning))
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
        sys::PR_PROVIDER_DLL_NAME_W,
        sys::PR_INSTANCE_KEY,
        sys::PR_ROWID,
        sys::PR_IDENTITY_DISPLAY_W,
        sys::PR_IDENTITY_ENTRYID,
        sys::PR_IDENTITY_SEARCH_KEY,
    ];

    fn read(values: &Values) -> Self {
        let identity = values.binary(sys::PR_IDENTITY_ENTRYID).map(|entry_id| {
            let name = values.owned_text(sys::PR_IDENTITY_DISPLAY_W);
            Identity::new(EntryId::new(entry_id), name)
                .with_search_key(values.key(sys::PR_IDENTITY_SEARCH_KEY))
        });
        let long = |tag| values.long(tag).unwrap_or(0);
        Self::new(
            values.entry_id(sys::PR_ENTRYID),
            values.owned_text(sys::PR_DISPLAY_NAME_W),
            ResourceType::new(long(sys::PR_RESOURCE_TYPE)),
        )
        .with_resource_flags(long(sys::PR_RESOURCE_FLAGS).into())
        .with_resource_methods(long(sys::PR_RESOURCE_METHODS).into())
        .with_status_code(StatusCode::from(long(sys::PR_STATUS_CODE)))
        .with_provider_dll_name(values.owned_text(sys::PR_PROVIDER_DLL_NAME_W))
        .with_instance_key(values.key(sys::PR_INSTANCE_KEY))
        .with_row_id(long(sys::PR_ROWID))
        .with_identity(identity)
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
