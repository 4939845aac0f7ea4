//! Tables, and how their rows are read.

use std::fmt;
use std::marker::PhantomData;
use std::ptr;
use std::rc::Rc;

use outlook_mapi::sys;

use super::com::{Com, given, method};
use super::properties::{Tags, properties, text_tag};
use super::session::{Life, Source};
use super::value::each;
use mapi_session::error::{Failure, Success};
use mapi_session::flags::{ResourceFlags, ServiceFlags, StatusCode};
use mapi_session::notification::Connection;
use mapi_session::property::{PropTag, PropertyValue, Props};
use mapi_session::subsystem::{RawResult, RawTable};
use mapi_session::table::{
    Identity, ProfileRow, ProviderRow, ServiceRow, StatusRow, StoreRow, Table,
};
use mapi_session::types::ResourceType;
use mapi_session::{AdviseSink, EntryId, HResult, MapiUid};

/// A kind of row, and the columns that it is made of.
pub(super) trait Columns: Sized {
    const TAGS: &[PropTag];

    fn read(row: &Props) -> Self;
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

    /// The table, if its session is there.
    pub(super) fn live(&self) -> Result<&sys::IMAPITable, Failure> {
        self.life.check()?;
        Ok(&self.table)
    }

    pub(super) fn tell<S>(&self, event_mask: u32, sink: S) -> RawResult<Connection>
    where
        S: AdviseSink + 'static,
    {
        let table = self.live()?;
        self.life.advise(self.source, sink, |sink, connection| {
            // SAFETY: it takes a number, a sink, and what comes out.
            unsafe { method!(table, Advise(event_mask, sink, connection)) }
        })
    }

    pub(super) fn tell_no_more(&self, connection: Connection) -> RawResult<()> {
        let table = self.live()?;
        self.life.unadvise(self.source, connection, |number| {
            // SAFETY: a number that Advise gave, once.
            unsafe { method!(table, Unadvise(number)) }
        })
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
        self.tell(event_mask, sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.tell_no_more(connection)
    }
}

/// All rows of a table.
pub(super) fn read<R: Columns>(
    table: &sys::IMAPITable,
    unicode: bool,
) -> Result<Table<R>, Failure> {
    let tags = R::TAGS.iter().map(|tag| text_tag(*tag, unicode));
    let tags = Tags::new(tags);
    let mut rows = Rows::default();
    // SAFETY: the tags are as long as they say; no restriction, no order, no limit.
    let read = unsafe {
        sys::HrQueryAllRows(
            table,
            tags.as_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            &raw mut rows.0,
        )
    };
    let hresult = read.map_or_else(|error| error.code().0.into(), |()| HResult::S_OK);
    let (rows, _) = given(rows, hresult)?.into_parts();
    Ok(rows.props().map(|row| R::read(&row)).collect())
}

/// An SRowSet of MAPI's, or nothing.
pub(super) struct Rows(pub(super) *mut sys::SRowSet);

impl Rows {
    pub(super) fn props(&self) -> impl Iterator<Item = Props> {
        // SAFETY: MAPI gave null, or a set as long as it says.
        let rows = unsafe {
            let count = match self.0.is_null() {
                true => 0,
                false => (&raw const (*self.0).cRows).read_unaligned(),
            };
            each((&raw const (*self.0).aRow).cast::<sys::SRow>(), count)
        };
        // SAFETY: as above.
        rows.map(|row| unsafe { properties(row.lpProps, row.cValues) }.into())
    }
}

impl Default for Rows {
    fn default() -> Self {
        Self(ptr::null_mut())
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: MAPI gave it, and nobody has freed it.
            unsafe { sys::FreeProws(self.0) };
        }
    }
}

pub(super) const SERVICE_SUPPORT_FILES: PropTag = PropTag::new(sys::PR_SERVICE_SUPPORT_FILES_W);

fn key(row: &Props, tag: PropTag) -> &[u8] {
    row.binary(tag).unwrap_or_default()
}

fn uid(row: &Props, tag: PropTag) -> MapiUid {
    MapiUid::new(key(row, tag).try_into().unwrap_or_default())
}

fn text(row: &Props, tag: PropTag) -> &str {
    row.text(tag).unwrap_or_default()
}

fn texts(row: &Props, tag: PropTag) -> Vec<String> {
    match row.get(tag) {
        Some(PropertyValue::MvString(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

impl Columns for StoreRow {
    const TAGS: &[PropTag] = &[
        PropTag::ENTRYID,
        PropTag::DISPLAY_NAME,
        PropTag::RESOURCE_FLAGS,
        PropTag::DEFAULT_STORE,
        PropTag::MDB_PROVIDER,
        PropTag::PROVIDER_DISPLAY,
        PropTag::SERVICE_UID,
        PropTag::INSTANCE_KEY,
        PropTag::RECORD_KEY,
    ];

    fn read(row: &Props) -> Self {
        let mut flags = ResourceFlags::from(row.bits(PropTag::RESOURCE_FLAGS).unwrap_or(0));
        flags.set(
            ResourceFlags::DEFAULT_STORE,
            flags.contains(ResourceFlags::DEFAULT_STORE)
                || row.boolean(PropTag::DEFAULT_STORE) == Some(true),
        );
        let name = text(row, PropTag::DISPLAY_NAME);
        Self::new(EntryId::new(key(row, PropTag::ENTRYID)), name, flags)
            .with_provider(uid(row, PropTag::MDB_PROVIDER))
            .with_provider_display(text(row, PropTag::PROVIDER_DISPLAY))
            .with_service_uid(uid(row, PropTag::SERVICE_UID))
            .with_instance_key(key(row, PropTag::INSTANCE_KEY))
            .with_record_key(key(row, PropTag::RECORD_KEY))
    }
}

impl Columns for StatusRow {
    const TAGS: &[PropTag] = &[
        PropTag::ENTRYID,
        PropTag::DISPLAY_NAME,
        PropTag::RESOURCE_TYPE,
        PropTag::RESOURCE_FLAGS,
        PropTag::RESOURCE_METHODS,
        PropTag::STATUS_CODE,
        PropTag::PROVIDER_DISPLAY,
        PropTag::PROVIDER_DLL_NAME,
        PropTag::INSTANCE_KEY,
        PropTag::ROWID,
        PropTag::IDENTITY_DISPLAY,
        PropTag::IDENTITY_ENTRYID,
        PropTag::IDENTITY_SEARCH_KEY,
        PropTag::RESOURCE_PATH,
    ];

    fn read(row: &Props) -> Self {
        let name = text(row, PropTag::IDENTITY_DISPLAY);
        let identity = match row.entry_id(PropTag::IDENTITY_ENTRYID) {
            Some(entry_id) => Some(Identity::new(entry_id, name)),
            None if name.is_empty() => None,
            None => Some(Identity::without_entry_id(name)),
        };
        let search_key = key(row, PropTag::IDENTITY_SEARCH_KEY);
        let long = |tag| row.bits(tag).unwrap_or(0);
        Self::new(
            EntryId::new(key(row, PropTag::ENTRYID)),
            text(row, PropTag::DISPLAY_NAME),
            ResourceType::new(long(PropTag::RESOURCE_TYPE)),
        )
        .with_resource_flags(long(PropTag::RESOURCE_FLAGS).into())
        .with_resource_methods(long(PropTag::RESOURCE_METHODS).into())
        .with_status_code(StatusCode::from(long(PropTag::STATUS_CODE)))
        .with_provider_display(text(row, PropTag::PROVIDER_DISPLAY))
        .with_provider_dll_name(text(row, PropTag::PROVIDER_DLL_NAME))
        .with_instance_key(key(row, PropTag::INSTANCE_KEY))
        .with_row_id(long(PropTag::ROWID))
        .with_identity(identity.map(|it| it.with_search_key(search_key)))
        .with_resource_path(text(row, PropTag::RESOURCE_PATH))
    }
}

impl Columns for ServiceRow {
    const TAGS: &[PropTag] = &[
        PropTag::SERVICE_UID,
        PropTag::SERVICE_NAME,
        PropTag::DISPLAY_NAME,
        PropTag::RESOURCE_FLAGS,
        PropTag::SERVICE_DLL_NAME,
        PropTag::SERVICE_ENTRY_NAME, // the one text that has no Unicode
        SERVICE_SUPPORT_FILES,
        PropTag::INSTANCE_KEY,
    ];

    fn read(row: &Props) -> Self {
        Self::new(
            uid(row, PropTag::SERVICE_UID),
            text(row, PropTag::SERVICE_NAME),
        )
        .with_display_name(text(row, PropTag::DISPLAY_NAME))
        .with_resource_flags(ServiceFlags::from(
            row.bits(PropTag::RESOURCE_FLAGS).unwrap_or(0),
        ))
        .with_dll_name(text(row, PropTag::SERVICE_DLL_NAME))
        .with_entry_name(text(row, PropTag::SERVICE_ENTRY_NAME))
        .with_support_files(texts(row, SERVICE_SUPPORT_FILES))
        .with_instance_key(key(row, PropTag::INSTANCE_KEY))
    }
}

impl Columns for ProfileRow {
    const TAGS: &[PropTag] = &[PropTag::DISPLAY_NAME, PropTag::DEFAULT_PROFILE];

    fn read(row: &Props) -> Self {
        Self::new(text(row, PropTag::DISPLAY_NAME))
            .with_default(row.boolean(PropTag::DEFAULT_PROFILE) == Some(true))
    }
}

impl Columns for ProviderRow {
    const TAGS: &[PropTag] = &[
        PropTag::PROVIDER_UID,
        PropTag::DISPLAY_NAME,
        PropTag::PROVIDER_DISPLAY,
        PropTag::PROVIDER_DLL_NAME,
        PropTag::PROVIDER_ORDINAL,
        PropTag::RESOURCE_FLAGS,
        PropTag::RESOURCE_TYPE,
        PropTag::SERVICE_NAME,
        PropTag::SERVICE_UID,
        PropTag::INSTANCE_KEY,
    ];

    fn read(row: &Props) -> Self {
        let long = |tag| row.bits(tag).unwrap_or(0);
        Self::new(
            uid(row, PropTag::PROVIDER_UID),
            text(row, PropTag::DISPLAY_NAME),
        )
        .with_provider_display(text(row, PropTag::PROVIDER_DISPLAY))
        .with_dll_name(text(row, PropTag::PROVIDER_DLL_NAME))
        .with_ordinal(long(PropTag::PROVIDER_ORDINAL))
        .with_resource_flags(long(PropTag::RESOURCE_FLAGS).into())
        .with_resource_type(row.bits(PropTag::RESOURCE_TYPE).map(ResourceType::new))
        .with_service_name(text(row, PropTag::SERVICE_NAME))
        .with_service_uid(uid(row, PropTag::SERVICE_UID))
        .with_instance_key(key(row, PropTag::INSTANCE_KEY))
    }
}
