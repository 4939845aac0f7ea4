//! The tables of a session and of administrations: they are read in full below, and have their columns,
//! their order, a restriction and a cursor here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Context;
use crate::properties::text_tag;
use crate::tables::SERVICE_SUPPORT_FILES;
use mapi_session::error::{Failure, Success, Warning};
use mapi_session::notification::Connection;
use mapi_session::property::{PropTag, PropType, Property, PropertyValue, Props};
use mapi_session::subsystem::{RawPropTable, RawResult, RawTable, check_flags};
use mapi_session::table::{
    Bookmark, ProfileRow, ProviderRow, Restriction, ServiceRow, SortOrder, Table, TablePosition,
};
use mapi_session::{AdviseSink, HResult};

/// A table whose rows are of one kind, as a table of properties.
pub(super) struct RowTable<T: RawTable> {
    table: T,
    row: fn(&T::Row) -> Row,
    unicode: bool,
    view: Mutex<View>,
    /// Rows of one kind know nothing of the session that they are of (O2).
    context: Arc<Context>,
}

type Row = Vec<Property>;

/// How the rows are shown.
#[derive(Default)]
struct View {
    columns: Option<Vec<PropTag>>,
    restriction: Option<Restriction>,
    order: Vec<SortOrder>,
    cursor: usize,
    bookmarks: BTreeMap<u32, Mark>,
    last_bookmark: u32,
}

/// A row by its PR_INSTANCE_KEY, and where it was last.
struct Mark {
    key: Option<PropertyValue>,
    at: usize,
}

/// Rows that do not change.
pub(super) struct Snapshot<R>(pub(super) Table<R>);

impl<R: Clone + 'static> RawTable for Snapshot<R> {
    type Row = R;

    fn rows(&self) -> RawResult<Table<R>> {
        Ok(Success::new(self.0.clone()))
    }
}

impl<T: RawTable> RowTable<T> {
    pub(super) fn new(
        table: T,
        row: fn(&T::Row) -> Row,
        unicode: bool,
        context: &Arc<Context>,
    ) -> Self {
        Self {
            table,
            row,
            unicode,
            view: Mutex::default(),
            context: Arc::clone(context),
        }
    }

    /// Nothing of the subsystem's runs while this is held.
    fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All rows as they are now.
    fn all(&self) -> Result<Vec<Props>, Failure> {
        self.context.check()?;
        let rows = self.table.rows()?.ignore_warning();
        let row = |it: &T::Row| {
            let row = (self.row)(it).into_iter();
            let row = row.map(|it| Property {
                tag: text_tag(it.tag, self.unicode),
                value: it.value,
            });
            row.collect()
        };
        Ok(rows.rows().iter().map(row).collect())
    }
}

impl View {
    /// The rows that are shown, of all.
    fn shown(&self, mut rows: Vec<Props>) -> Vec<Props> {
        if let Some(restriction) = &self.restriction {
            rows.retain(|row| restriction.matches(|tag| value(row, tag)));
        }
        rows.sort_by(|one, other| {
            let by_each = self.order.iter();
            let mut by_each =
                by_each.map(|it| it.compare(value(one, it.tag()), value(other, it.tag())));
            by_each
                .find(|it| it.is_ne())
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        rows
    }

    /// Where a bookmark is among these rows, and whether it is where it was.
    fn position(
        &self,
        bookmark: Bookmark,
        rows: &[Props],
    ) -> Result<(usize, Option<Warning>), Failure> {
        let at = match bookmark {
            Bookmark::BEGINNING => 0,
            Bookmark::CURRENT => self.cursor.min(rows.len()),
            Bookmark::END => rows.len(),
            other => return self.marked(other, rows),
        };
        Ok((at, None))
    }

    fn marked(
        &self,
        bookmark: Bookmark,
        rows: &[Props],
    ) -> Result<(usize, Option<Warning>), Failure> {
        let mark = self.bookmarks.get(&bookmark.get());
        let mark = mark.ok_or_else(|| no_bookmark(bookmark))?;
        let found = match &mark.key {
            Some(key) => rows.iter().position(|row| key_of(row) == Some(key)),
            None => Some(rows.len()),
        };
        let warning = Warning::new(HResult::MAPI_W_POSITION_CHANGED);
        Ok(match found {
            Some(at) => (at, None),
            None => (mark.at.min(rows.len()), warning),
        })
    }

    fn start_anew(&mut self) {
        self.cursor = 0;
        self.bookmarks.clear();
    }

    /// A row with the columns that are asked for, or all.
    fn chosen(&self, row: &Props) -> Props {
        let Some(columns) = &self.columns else {
            return row.clone();
        };
        let given = |tag: PropTag| {
            let found = row.iter().find(|it| it.tag.id() == tag.id());
            match (found, tag.prop_type()) {
                (Some(it), PropType::UNSPECIFIED) => it.clone(),
                (Some(it), kind) if it.value.fits(kind) => Property {
                    tag,
                    value: it.value.clone(),
                },
                _ => Property::new(tag.with_type(PropType::ERROR), HResult::MAPI_E_NOT_FOUND),
            }
        };
        columns.iter().map(|tag| given(*tag)).collect()
    }
}

fn value(row: &Props, tag: PropTag) -> Option<&PropertyValue> {
    let kind = tag.prop_type();
    let fits = |it: &&Property| kind == PropType::UNSPECIFIED || it.value.fits(kind);
    let mut of_id = row.iter().filter(|it| it.tag.id() == tag.id());
    of_id.find(fits).map(|it| &it.value)
}

fn key_of(row: &Props) -> Option<&PropertyValue> {
    value(row, PropTag::INSTANCE_KEY)
}

fn no_bookmark(bookmark: Bookmark) -> Failure {
    let failure = Failure::new(HResult::MAPI_E_INVALID_BOOKMARK);
    failure.because(format!("the table has no bookmark {}", bookmark.get()))
}

const TBL_ASYNC: u32 = 1;
const TBL_BATCH: u32 = 2;
const TBL_ALL_COLUMNS: u32 = 1;
const TBL_NOWAIT: u32 = 1;
const TBL_NOADVANCE: u32 = 1;
const DIR_BACKWARD: u32 = 1;

/// How many bookmarks a table can have.
const MOST_BOOKMARKS: usize = 0x1000;

impl<T: RawTable + 'static> RawTable for RowTable<T> {
    type Row = Props;

    fn rows(&self) -> RawResult<Table<Props>> {
        let rows = self.all()?;
        Ok(Success::new(self.view().shown(rows).into_iter().collect()))
    }

    fn advise<S: AdviseSink + 'static>(&self, event_mask: u32, sink: S) -> RawResult<Connection> {
        self.context.check()?;
        self.table.advise(event_mask, sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.context.check()?;
        self.table.unadvise(connection)
    }
}

impl<T: RawTable + 'static> RawPropTable for RowTable<T> {
    fn set_columns(&self, tags: &[PropTag], flags: u32) -> RawResult<()> {
        self.context.check()?;
        check_flags(flags, TBL_ASYNC | TBL_BATCH)?;
        if tags.is_empty() {
            let failure = Failure::new(HResult::MAPI_E_INVALID_PARAMETER);
            return Err(failure.because("there are no columns"));
        }
        self.view().columns = Some(tags.to_vec());
        Ok(Success::new(()))
    }

    fn query_columns(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        check_flags(flags, TBL_ALL_COLUMNS)?;
        let rows = self.all()?;
        let set = self.view().columns.clone();
        let all = || {
            let mut tags: Vec<_> = rows.iter().flatten().map(|it| it.tag).collect();
            tags.sort_unstable();
            tags.dedup();
            tags
        };
        let set = set.filter(|_| flags & TBL_ALL_COLUMNS == 0);
        Ok(Success::new(set.unwrap_or_else(all)))
    }

    fn row_count(&self, flags: u32) -> RawResult<u32> {
        check_flags(flags, TBL_NOWAIT)?;
        let rows = self.all()?;
        Ok(Success::new(self.view().shown(rows).len() as u32))
    }

    fn seek_row(&self, origin: Bookmark, rows: i32) -> RawResult<i32> {
        if origin == Bookmark::BEGINNING && rows <= 0 {
            // There are no rows to count.
            self.context.check()?;
            self.view().cursor = 0;
            return Ok(Success::new(0));
        }
        let all = self.all()?;
        let mut view = self.view();
        let shown = view.shown(all);
        let (from, warning) = view.position(origin, &shown)?;
        let to = from.saturating_add_signed(rows as isize).min(shown.len());
        view.cursor = to;
        Ok(Success::from_parts(
            (to as i64 - from as i64) as i32,
            warning,
        ))
    }

    fn restrict(&self, restriction: Option<&Restriction>, flags: u32) -> RawResult<()> {
        self.context.check()?;
        check_flags(flags, TBL_ASYNC | TBL_BATCH)?;
        restriction.map(Restriction::check).transpose()?;
        let mut view = self.view();
        view.restriction = restriction.cloned();
        view.start_anew();
        Ok(Success::new(()))
    }

    fn sort_table(&self, order: &[SortOrder], flags: u32) -> RawResult<()> {
        self.context.check()?;
        check_flags(flags, TBL_ASYNC | TBL_BATCH)?;
        let mut view = self.view();
        view.order = order.to_vec();
        view.start_anew();
        Ok(Success::new(()))
    }

    fn find_row(&self, restriction: &Restriction, origin: Bookmark, flags: u32) -> RawResult<()> {
        check_flags(flags, DIR_BACKWARD)?;
        restriction.check()?;
        let all = self.all()?;
        let mut view = self.view();
        let shown = view.shown(all);
        let (from, warning) = view.position(origin, &shown)?;
        let meets = |at: &usize| restriction.matches(|tag| value(&shown[*at], tag));
        let found = match flags & DIR_BACKWARD {
            0 => (from..shown.len()).find(meets),
            _ => (0..from).rev().find(meets),
        };
        let missing =
            || Failure::new(HResult::MAPI_E_NOT_FOUND).because("no row meets the restriction");
        view.cursor = found.ok_or_else(missing)?;
        Ok(Success::from_parts((), warning))
    }

    fn query_sort_order(&self) -> RawResult<Vec<SortOrder>> {
        self.context.check()?;
        Ok(Success::new(self.view().order.clone()))
    }

    fn query_position(&self) -> RawResult<TablePosition> {
        let all = self.all()?;
        let view = self.view();
        let count = view.shown(all).len();
        let row = view.cursor.min(count) as u32;
        Ok(Success::new(TablePosition {
            row: Some(row),
            numerator: row,
            denominator: count.max(1) as u32,
        }))
    }

    fn create_bookmark(&self) -> RawResult<Bookmark> {
        let all = self.all()?;
        let mut view = self.view();
        if view.bookmarks.len() >= MOST_BOOKMARKS {
            let failure = Failure::new(HResult::MAPI_E_UNABLE_TO_COMPLETE);
            return Err(failure.because(format!("the table has {MOST_BOOKMARKS} bookmarks")));
        }
        let shown = view.shown(all);
        let at = view.cursor.min(shown.len());
        let key = shown.get(at).and_then(key_of).cloned();
        view.last_bookmark = view.last_bookmark.max(Bookmark::END.get()) + 1;
        let number = view.last_bookmark;
        view.bookmarks.insert(number, Mark { key, at });
        Ok(Success::new(Bookmark::new(number)))
    }

    fn free_bookmark(&self, bookmark: Bookmark) -> RawResult<()> {
        self.context.check()?;
        let is_everybodys = bookmark.get() <= Bookmark::END.get();
        let known = self.view().bookmarks.remove(&bookmark.get()).is_some();
        match is_everybodys || known {
            true => Ok(Success::new(())),
            false => Err(no_bookmark(bookmark)),
        }
    }

    fn query_rows(&self, rows: i32, flags: u32) -> RawResult<Vec<Props>> {
        check_flags(flags, TBL_NOADVANCE)?;
        if rows == 0 {
            let failure = Failure::new(HResult::MAPI_E_INVALID_PARAMETER);
            return Err(failure.because("lRowCount is zero"));
        }
        let all = self.all()?;
        let mut view = self.view();
        let shown = view.shown(all);
        let from = view.cursor.min(shown.len());
        let to = from.saturating_add_signed(rows as isize).min(shown.len());
        let given = &shown[from.min(to)..from.max(to)];
        let given = given.iter().map(|row| view.chosen(row)).collect();
        if flags & TBL_NOADVANCE == 0 {
            view.cursor = to;
        }
        Ok(Success::new(given))
    }
}

fn long(tag: PropTag, value: u32) -> Property {
    Property::new(tag, value as i32)
}

fn binary(tag: PropTag, value: &[u8]) -> Property {
    Property::new(tag, value)
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
