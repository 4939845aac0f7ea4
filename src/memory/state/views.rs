//! The tables of what folders and messages hold: IMAPITable (B1 to B7).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::props::{MAPI_UNICODE, given, of_width};
use super::provider::Provider;
use super::viewed::{Column, Viewed, default_columns};
use super::{
    Kind, Message, ObjectKey, Outcome, ProviderKey, Refusal, Result, State, Subscribers, check_bits,
};
use crate::error::{Success, Warning};
use crate::memory::content::Bag;
use crate::notification::{TableEvent, TableEventKind};
use crate::property::{PropTag, PropType, Property, PropertyValue, Props};
use crate::table::restriction::Questions;
use crate::table::{Bookmark, Restriction, SortOrder, TablePosition};
use crate::types::ObjectType;
use crate::{HResult, Notification};

/// A table that is open: some rows of what a folder or a message holds, in some order.
pub(super) struct View {
    pub(super) provider: ProviderKey,
    source: Source,
    /// MAPI_UNICODE, or zero: the width of texts where no columns are set.
    width: u32,
    columns: Vec<PropTag>,
    restriction: Option<Restriction>,
    order: Vec<SortOrder>,
    /// The rows that are shown, by their numbers.
    rows: Vec<u32>,
    /// Before which of them the cursor is.
    cursor: usize,
    has_bookmarks: bool,
    bookmarks: HashMap<u32, Mark>,
    last_bookmark: u32,
    pub(super) subscribers: Subscribers,
}

/// What a bookmark stands for.
#[derive(Clone, Copy)]
struct Mark {
    /// Before which row.
    at: usize,
    /// That row is gone, since the bookmark was last used; the next one stands for it.
    is_moved: bool,
}

/// How many bookmarks a table can have.
const MOST_BOOKMARKS: usize = 0x1000;

/// What the rows are of.
enum Source {
    /// The messages of a folder.
    Contents { folder: u32 },
    /// The folders of a folder, and where it is deep what is in them.
    Hierarchy { folder: u32, is_deep: bool },
    /// What does not change: a number is a position here.
    Fixed(Vec<Bag>),
}

const TBL_ASYNC: u32 = 1;
const TBL_BATCH: u32 = 2;
const TBL_ALL_COLUMNS: u32 = 1;
const TBL_NOWAIT: u32 = 1;
const TBL_NOADVANCE: u32 = 1;
const DIR_BACKWARD: u32 = 1;

const MAPI_DEFERRED_ERRORS: u32 = 8;

impl State {
    /// IMAPIContainer::GetContentsTable (C1).
    pub(crate) fn contents_table(&mut self, folder: ObjectKey, flags: u32) -> Result<ObjectKey> {
        const MAPI_ASSOCIATED: u32 = 0x40;
        const SHOW_SOFT_DELETES: u32 = 2;
        let (_, it) = self.open_folder(folder)?;
        let defined = MAPI_ASSOCIATED | SHOW_SOFT_DELETES | MAPI_DEFERRED_ERRORS | MAPI_UNICODE;
        check_bits(flags, defined)?;
        self.check_text_flags(flags & MAPI_UNICODE)?;
        if flags & MAPI_ASSOCIATED != 0 {
            return Err(Refusal::NoAssociated.into());
        }
        let source = Source::Contents { folder: it.number };
        let columns = default_columns(ObjectType::MESSAGE);
        self.open_view(folder, it.provider, source, columns, flags)
    }

    /// IMAPIContainer::GetHierarchyTable (C1).
    pub(crate) fn hierarchy_table(&mut self, folder: ObjectKey, flags: u32) -> Result<ObjectKey> {
        const CONVENIENT_DEPTH: u32 = 1;
        const SHOW_SOFT_DELETES: u32 = 2;
        let (_, it) = self.open_folder(folder)?;
        let defined = CONVENIENT_DEPTH | SHOW_SOFT_DELETES | MAPI_DEFERRED_ERRORS | MAPI_UNICODE;
        check_bits(flags, defined)?;
        self.check_text_flags(flags & MAPI_UNICODE)?;
        let source = Source::Hierarchy {
            folder: it.number,
            is_deep: flags & CONVENIENT_DEPTH != 0,
        };
        let columns = default_columns(ObjectType::FOLDER);
        self.open_view(folder, it.provider, source, columns, flags)
    }

    /// IMessage::GetRecipientTable (C5).
    pub(crate) fn recipient_table(&mut self, message: ObjectKey, flags: u32) -> Result<ObjectKey> {
        const COLUMNS: &[PropTag] = &[
            PropTag::ROWID,
            PropTag::INSTANCE_KEY,
            PropTag::RECIPIENT_TYPE,
            PropTag::DISPLAY_NAME,
            PropTag::ADDRTYPE,
            PropTag::EMAIL_ADDRESS,
            PropTag::ENTRYID,
            PropTag::OBJECT_TYPE,
            PropTag::DISPLAY_TYPE,
        ];
        let (it, content) = self.message(message)?;
        let rows = content.recipients().to_vec();
        self.open_parts(message, it.provider, rows, COLUMNS, flags)
    }

    /// IMessage::GetAttachmentTable (C6).
    pub(crate) fn attachment_table(&mut self, message: ObjectKey, flags: u32) -> Result<ObjectKey> {
        const COLUMNS: &[PropTag] = &[
            PropTag::ATTACH_NUM,
            PropTag::INSTANCE_KEY,
            PropTag::ATTACH_SIZE,
            PropTag::RENDERING_POSITION,
            PropTag::ATTACH_FILENAME,
            PropTag::ATTACH_LONG_FILENAME,
            PropTag::ATTACH_METHOD,
        ];
        let (it, content) = self.message(message)?;
        let rows = content.attachments().to_vec();
        let opened = self.open_parts(message, it.provider, rows, COLUMNS, flags)?;
        if let Some(view) = self.view_mut(opened) {
            view.has_bookmarks = false; // by the page of CreateBookmark
        }
        Ok(opened)
    }

    fn open_parts(
        &mut self,
        message: ObjectKey,
        provider: ProviderKey,
        rows: Vec<Bag>,
        columns: &[PropTag],
        flags: u32,
    ) -> Result<ObjectKey> {
        check_bits(flags, MAPI_UNICODE)?;
        self.check_text_flags(flags)?;
        self.open_view(message, provider, Source::Fixed(rows), columns, flags)
    }

    /// IMsgStore::GetReceiveFolderTable (C8).
    pub(crate) fn receive_folder_table(
        &mut self,
        store: ObjectKey,
        flags: u32,
    ) -> Result<ObjectKey> {
        const COLUMNS: &[PropTag] = &[
            PropTag::INSTANCE_KEY,
            PropTag::ENTRYID,
            PropTag::RECORD_KEY,
            PropTag::MESSAGE_CLASS,
        ];
        let provider = self.opened(store)?.store()?;
        check_bits(flags, MAPI_DEFERRED_ERRORS | MAPI_UNICODE)?;
        self.check_text_flags(flags & MAPI_UNICODE)?;
        let it = &self.profiles.providers[provider];
        let mut classes: BTreeSet<_> = it.receives.iter().map(|(class, _)| &**class).collect();
        classes.insert("");
        let row = |class: &str| {
            let entry_id = it.entry_id(it.receive_folder(class).0);
            let mut row = Bag::default();
            row.insert(PropTag::ENTRYID, entry_id.as_bytes());
            row.insert(PropTag::RECORD_KEY, &entry_id.as_bytes()[4..]);
            row.insert(PropTag::MESSAGE_CLASS, class);
            row
        };
        let rows = classes.into_iter().map(row).collect();
        self.open_view(store, provider, Source::Fixed(rows), COLUMNS, flags)
    }

    fn open_view(
        &mut self,
        from: ObjectKey,
        provider: ProviderKey,
        source: Source,
        columns: &[PropTag],
        flags: u32,
    ) -> Result<ObjectKey> {
        let client = self.opened(from)?.client;
        let width = flags & MAPI_UNICODE;
        let mut view = View {
            provider,
            source,
            width,
            columns: columns.iter().map(|tag| of_width(*tag, width)).collect(),
            restriction: None,
            order: Vec::new(),
            rows: Vec::new(),
            cursor: 0,
            has_bookmarks: true,
            bookmarks: HashMap::new(),
            last_bookmark: Bookmark::END.get(),
            subscribers: Subscribers::default(),
        };
        view.fill(&self.profiles.providers[provider]);
        let changes = !matches!(view.source, Source::Fixed(_));
        let opened = self.open(client, Kind::View(Box::new(view)), false);
        if changes {
            self.profiles.providers[provider].views.push(opened);
        }
        self.refer_to_store(client, provider);
        Ok(opened)
    }

    pub(super) fn close_view(&mut self, view: &View) {
        let subscriptions = view.subscribers.iter().cloned().map(Message::Cancel);
        self.outbox.extend(subscriptions);
        let objects = &self.objects;
        let views = &mut self.profiles.providers[view.provider].views;
        views.retain(|key| objects.get(*key).is_some());
    }

    fn view_mut(&mut self, key: ObjectKey) -> Option<&mut View> {
        match &mut self.objects.get_mut(key)?.kind {
            Kind::View(view) => Some(view),
            _ => None,
        }
    }

    /// An open table, and what its rows are of.
    fn open_table_view(&mut self, key: ObjectKey) -> Result<(&mut View, &Provider)> {
        self.opened(key)?;
        match self.objects.get_mut(key).map(|it| &mut it.kind) {
            Some(Kind::View(view)) => {
                let provider = &self.profiles.providers[view.provider];
                Ok((view, provider))
            }
            _ => Err(Refusal::LoggedOff.into()),
        }
    }

    pub(super) fn view_subscribers_mut(&mut self, key: ObjectKey) -> Option<&mut Subscribers> {
        Some(&mut self.view_mut(key)?.subscribers)
    }

    /// IMAPITable::SetColumns (B1).
    pub(crate) fn set_columns(
        &mut self,
        key: ObjectKey,
        tags: &[PropTag],
        flags: u32,
    ) -> Result<()> {
        let (view, _) = self.open_table_view(key)?;
        check_bits(flags, TBL_ASYNC | TBL_BATCH)?;
        if tags.is_empty() {
            return Err(Refusal::NoColumns.into());
        }
        view.columns = tags.to_vec();
        Ok(())
    }

    /// IMAPITable::QueryColumns (B1).
    pub(crate) fn query_columns(&mut self, key: ObjectKey, flags: u32) -> Result<Vec<PropTag>> {
        let (view, provider) = self.open_table_view(key)?;
        check_bits(flags, TBL_ALL_COLUMNS)?;
        Ok(match flags & TBL_ALL_COLUMNS {
            0 => view.columns.clone(),
            _ => view.all_columns(provider),
        })
    }

    /// IMAPITable::GetRowCount (B2).
    pub(crate) fn row_count(&mut self, key: ObjectKey, flags: u32) -> Result<u32> {
        let (view, _) = self.open_table_view(key)?;
        check_bits(flags, TBL_NOWAIT)?;
        Ok(view.rows.len() as u32)
    }

    /// IMAPITable::SeekRow (B2).
    pub(crate) fn seek_row(&mut self, key: ObjectKey, origin: Bookmark, rows: i32) -> Outcome<i32> {
        let (view, _) = self.open_table_view(key)?;
        let (from, warning) = view.use_bookmark(origin)?;
        view.cursor = view.moved(from, rows);
        let by = (view.cursor as i64 - from as i64) as i32;
        Ok(Success::from_parts(by, warning))
    }

    /// IMAPITable::QueryPosition (B7).
    pub(crate) fn query_position(&mut self, key: ObjectKey) -> Result<TablePosition> {
        let (view, _) = self.open_table_view(key)?;
        Ok(TablePosition {
            row: Some(view.cursor as u32),
            numerator: view.cursor as u32,
            denominator: view.rows.len().max(1) as u32,
        })
    }

    /// IMAPITable::CreateBookmark (B7).
    pub(crate) fn create_bookmark(&mut self, key: ObjectKey) -> Result<Bookmark> {
        let (view, _) = self.open_table_view(key)?;
        if !view.has_bookmarks {
            return Err(Refusal::NoBookmarks.into());
        }
        if view.bookmarks.len() >= MOST_BOOKMARKS {
            return Err(Refusal::TooManyBookmarks(MOST_BOOKMARKS).into());
        }
        view.last_bookmark += 1;
        let mark = Mark {
            at: view.cursor,
            is_moved: false,
        };
        view.bookmarks.insert(view.last_bookmark, mark);
        Ok(Bookmark::new(view.last_bookmark))
    }

    /// IMAPITable::FreeBookmark (B7).
    pub(crate) fn free_bookmark(&mut self, key: ObjectKey, bookmark: Bookmark) -> Result<()> {
        let (view, _) = self.open_table_view(key)?;
        view.position(bookmark)?;
        view.bookmarks.remove(&bookmark.get());
        Ok(())
    }

    /// IMAPITable::Restrict (B3).
    pub(crate) fn restrict(
        &mut self,
        key: ObjectKey,
        restriction: Option<&Restriction>,
        flags: u32,
    ) -> Result<()> {
        let (view, provider) = self.open_table_view(key)?;
        check_bits(flags, TBL_ASYNC | TBL_BATCH)?;
        restriction.map(Restriction::check).transpose()?;
        view.restriction = restriction.cloned();
        view.start_anew(provider);
        Ok(())
    }

    /// IMAPITable::SortTable (B4).
    pub(crate) fn sort_table(
        &mut self,
        key: ObjectKey,
        order: &[SortOrder],
        flags: u32,
    ) -> Result<()> {
        let (view, provider) = self.open_table_view(key)?;
        check_bits(flags, TBL_ASYNC | TBL_BATCH)?;
        let is_object = |it: &&SortOrder| it.tag().prop_type() == PropType::OBJECT;
        if let Some(object) = order.iter().find(is_object) {
            return Err(Refusal::SortByObject(object.tag()).into());
        }
        view.order = order.to_vec();
        view.start_anew(provider);
        Ok(())
    }

    /// IMAPITable::QuerySortOrder (B4).
    pub(crate) fn query_sort_order(&mut self, key: ObjectKey) -> Result<Vec<SortOrder>> {
        let (view, _) = self.open_table_view(key)?;
        Ok(view.order.clone())
    }

    /// IMAPITable::FindRow (B5).
    pub(crate) fn find_row(
        &mut self,
        key: ObjectKey,
        restriction: &Restriction,
        origin: Bookmark,
        flags: u32,
    ) -> Outcome<()> {
        let (view, provider) = self.open_table_view(key)?;
        check_bits(flags, DIR_BACKWARD)?;
        restriction.check()?;
        let (from, warning) = view.use_bookmark(origin)?;
        let rows = view.reader(provider);
        let meets = rows.filter(restriction);
        let found = match flags & DIR_BACKWARD {
            0 => (from..view.rows.len()).find(|at| meets(view.rows[*at])),
            _ => (0..from).rev().find(|at| meets(view.rows[*at])),
        };
        drop(meets);
        view.cursor = found.ok_or(Refusal::NoRowFound)?;
        Ok(Success::from_parts((), warning))
    }

    /// IMAPITable::QueryRows (B1).
    pub(crate) fn query_rows(
        &mut self,
        key: ObjectKey,
        rows: i32,
        flags: u32,
    ) -> Result<Vec<Props>> {
        let limit = self.options.largest_value;
        let (view, provider) = self.open_table_view(key)?;
        check_bits(flags, TBL_NOADVANCE)?;
        if rows == 0 {
            return Err(Refusal::NoRowsAsked.into());
        }
        let from = view.cursor;
        let to = view.moved(from, rows);
        let given = view.given(provider, from.min(to)..from.max(to), limit);
        if flags & TBL_NOADVANCE == 0 {
            view.cursor = to;
        }
        Ok(given)
    }

    /// All rows, whatever the cursor.
    pub(crate) fn all_rows(&mut self, key: ObjectKey) -> Result<Vec<Props>> {
        let limit = self.options.largest_value;
        let (view, provider) = self.open_table_view(key)?;
        Ok(view.given(provider, 0..view.rows.len(), limit))
    }

    /// A message or a folder has come into a folder, or is another than before (B6).
    pub(super) fn rows_changed(
        &mut self,
        provider: ProviderKey,
        number: u32,
        kind: TableEventKind,
    ) {
        for key in self.profiles.providers[provider].views.clone() {
            let limit = self.options.largest_value;
            let it = &self.profiles.providers[provider];
            let Some(Kind::View(view)) = self.objects.get_mut(key).map(|it| &mut it.kind) else {
                continue;
            };
            let event = view.change(|view| view.update(it, number, kind));
            let Some(event) = event.filter(|_| !view.subscribers.is_empty()) else {
                continue;
            };
            let event = view.described(it, number, event, limit);
            let subscribers = view.subscribers.clone();
            self.tell(subscribers, Notification::Table(event));
        }
    }

    /// These are in the folder no more (B6).
    pub(super) fn rows_deleted(
        &mut self,
        provider: ProviderKey,
        folder: u32,
        numbers: &BTreeSet<u32>,
    ) {
        for key in self.profiles.providers[provider].views.clone() {
            let Some(view) = self.view_mut(key) else {
                continue;
            };
            if !matches!(view.source, Source::Contents { folder: it } if it == folder) {
                continue;
            }
            let deleted = view.change(|view| view.remove(numbers));
            let subscribers = view.subscribers.clone();
            for number in deleted {
                let event = TableEvent::new(TableEventKind::ROW_DELETED);
                let event = event.with_index(Some(number.to_be_bytes().into()));
                self.tell(subscribers.clone(), Notification::Table(event));
            }
        }
    }
}

impl View {
    /// Where a bookmark is.
    fn position(&self, bookmark: Bookmark) -> Result<usize> {
        match bookmark {
            Bookmark::BEGINNING => Ok(0),
            Bookmark::CURRENT => Ok(self.cursor),
            Bookmark::END => Ok(self.rows.len()),
            other => match self.bookmarks.get(&other.get()) {
                Some(mark) => Ok(mark.at),
                None => Err(Refusal::NoBookmark(other.get()).into()),
            },
        }
    }

    /// The same, with a warning where its row is gone since it was last used.
    fn use_bookmark(&mut self, bookmark: Bookmark) -> Result<(usize, Option<Warning>)> {
        let at = self.position(bookmark)?;
        let mark = self.bookmarks.get_mut(&bookmark.get());
        let was_moved = mark.is_some_and(|it| std::mem::take(&mut it.is_moved));
        let warning = Warning::new(HResult::MAPI_W_POSITION_CHANGED).filter(|_| was_moved);
        Ok((at, warning))
    }

    /// Changes the rows; the bookmarks stay with theirs.
    fn change<T>(&mut self, change: impl FnOnce(&mut Self) -> T) -> T {
        if self.bookmarks.is_empty() {
            return change(self);
        }
        let before = self.rows.clone();
        let changed = change(self);
        for mark in self.bookmarks.values_mut() {
            let place = |row: &u32| self.rows.iter().position(|it| it == row);
            let left = before[mark.at..].iter().enumerate();
            let next = left.filter_map(|(by, row)| Some((by, place(row)?))).next();
            mark.is_moved |= mark.at < before.len() && next.is_none_or(|(by, _)| by > 0);
            mark.at = next.map_or(self.rows.len(), |(_, place)| place);
        }
        changed
    }

    /// So many rows from there, forward or back, as far as there are any.
    fn moved(&self, from: usize, rows: i32) -> usize {
        let to = from.saturating_add_signed(rows as isize);
        to.min(self.rows.len())
    }

    fn given(&self, provider: &Provider, places: Range<usize>, limit: Option<usize>) -> Vec<Props> {
        let rows = self.rows[places].iter();
        rows.map(|row| self.row(provider, *row, limit).into())
            .collect()
    }

    /// Finds the rows of a new restriction or order.
    fn start_anew(&mut self, provider: &Provider) {
        self.bookmarks.clear();
        self.cursor = 0;
        self.fill(provider);
    }

    /// Finds the rows anew.
    fn fill(&mut self, provider: &Provider) {
        let mut rows = self.candidates(provider);
        if let Some(restriction) = &self.restriction {
            let reader = self.reader(provider);
            let meets = reader.filter(restriction);
            rows.retain(|row| meets(*row));
        }
        self.rows = self.sorted(provider, rows);
    }

    /// These rows, which are in their natural order, in the order of the table.
    fn sorted(&self, provider: &Provider, rows: Vec<u32>) -> Vec<u32> {
        if self.order.is_empty() {
            return rows;
        }
        let keys = self.reader(provider).keys(&self.order, &rows);
        let width = self.order.len();
        let key = |at: &usize| &keys[at * width..(at + 1) * width];
        let mut places: Vec<usize> = (0..rows.len()).collect();
        // By their places where nothing else decides: no order is left to chance.
        places.sort_unstable_by(|one, other| {
            compare(&self.order, key(one), key(other)).then(one.cmp(other))
        });
        places.into_iter().map(|at| rows[at]).collect()
    }

    /// All that the restriction chooses from, in their natural order.
    fn candidates(&self, provider: &Provider) -> Vec<u32> {
        match &self.source {
            Source::Contents { folder } => provider
                .object(*folder)
                .map_or_else(Vec::new, |it| it.messages().to_vec()),
            Source::Hierarchy { folder, is_deep } => {
                let of = |number: u32| {
                    let folders = provider.object(number).map_or(&[][..], |it| it.folders());
                    folders.iter().rev().copied()
                };
                let mut rows = Vec::new();
                let mut waiting: Vec<u32> = of(*folder).collect();
                while let Some(number) = waiting.pop() {
                    rows.push(number);
                    if *is_deep {
                        waiting.extend(of(number));
                    }
                }
                rows
            }
            Source::Fixed(rows) => (0..rows.len() as u32).collect(),
        }
    }

    fn reader<'a>(&'a self, provider: &'a Provider) -> Reader<'a> {
        Reader {
            source: &self.source,
            provider,
        }
    }

    fn all_columns(&self, provider: &Provider) -> Vec<PropTag> {
        let reader = self.reader(provider);
        let rows = self.rows.iter().flat_map(|row| reader.tags(*row));
        let all: BTreeSet<_> = rows
            .map(|tag| of_width(tag, self.width))
            .chain(self.columns.iter().copied())
            .collect();
        all.into_iter().collect()
    }

    fn row(&self, provider: &Provider, row: u32, limit: Option<usize>) -> Vec<Property> {
        let reader = self.reader(provider);
        let columns = self.columns.iter();
        let columns = columns.map(|tag| match tag.prop_type() {
            PropType::NULL => Property::new(*tag, PropertyValue::Null),
            _ => given(*tag, reader.find(row, *tag), self.width, limit).0,
        });
        columns.collect()
    }

    /// Takes in that an object has come or changed, and says what that is for this table.
    fn update(
        &mut self,
        provider: &Provider,
        number: u32,
        kind: TableEventKind,
    ) -> Option<TableEventKind> {
        let object = provider.object(number)?;
        let before = match &self.source {
            Source::Contents { folder } if object.parent != *folder => return None,
            Source::Contents { .. } if object.object_type != ObjectType::MESSAGE => return None,
            Source::Hierarchy { .. } if object.object_type != ObjectType::FOLDER => return None,
            // What has just come is nowhere.
            _ if kind == TableEventKind::ROW_ADDED => None,
            _ => self.find(number),
        };
        if let Some(at) = before {
            self.rows.remove(at);
        }
        let was_read = before.is_some_and(|at| at < self.cursor);
        self.cursor -= usize::from(was_read);
        let Some(at) = self.insert(provider, number) else {
            return before.map(|_| TableEventKind::ROW_DELETED);
        };
        let is_read = at < self.cursor || at == self.cursor && was_read;
        self.cursor += usize::from(is_read);
        Some(match before {
            Some(_) => TableEventKind::ROW_MODIFIED,
            None => TableEventKind::ROW_ADDED,
        })
    }

    /// Puts a row in where it belongs, if it is to be shown, and says where that is.
    fn insert(&mut self, provider: &Provider, number: u32) -> Option<usize> {
        let reader = self.reader(provider);
        let meets = |it: &Restriction| reader.filter(it)(number);
        if !self.restriction.as_ref().is_none_or(meets) {
            return None;
        }
        if let Source::Hierarchy { .. } = self.source {
            // The folder above may have another place too now: all are sorted.
            let shown: HashSet<u32> = self.rows.iter().copied().chain([number]).collect();
            let mut rows = self.candidates(provider);
            rows.retain(|row| shown.contains(row));
            self.rows = self.sorted(provider, rows);
            return self.find(number);
        }
        let own = reader.keys(&self.order, &[number]);
        let at = self.rows.partition_point(|row| {
            let key = reader.keys(&self.order, &[*row]);
            let order = compare(&self.order, &key, &own);
            order.then(row.cmp(&number)).is_lt()
        });
        self.rows.insert(at, number);
        Some(at)
    }

    /// Where a row is: by its number where that is the order.
    fn find(&self, number: u32) -> Option<usize> {
        let is_by_number = matches!(self.source, Source::Contents { .. }) && self.order.is_empty();
        match is_by_number {
            true => self.rows.binary_search(&number).ok(),
            false => self.rows.iter().position(|row| *row == number),
        }
    }

    /// Takes these out, and gives those that were there.
    fn remove(&mut self, numbers: &BTreeSet<u32>) -> Vec<u32> {
        let is_gone = |row: &&u32| numbers.contains(row);
        let before = self.rows[..self.cursor].iter().filter(is_gone).count();
        let gone = self.rows.iter().filter(is_gone).copied().collect();
        self.cursor -= before;
        self.rows.retain(|row| !numbers.contains(row));
        gone
    }

    fn described(
        &self,
        provider: &Provider,
        number: u32,
        kind: TableEventKind,
        limit: Option<usize>,
    ) -> TableEvent {
        let key = |number: u32| -> Box<[u8]> { number.to_be_bytes().into() };
        let event = TableEvent::new(kind).with_index(Some(key(number)));
        let Some(at) = self.find(number) else {
            return event;
        };
        let prior = at.checked_sub(1).map(|at| key(self.rows[at]));
        let row = self.row(provider, number, limit);
        event.with_prior(prior).with_row(row)
    }
}

/// Reads the rows of a table.
struct Reader<'a> {
    source: &'a Source,
    provider: &'a Provider,
}

impl<'a> Reader<'a> {
    fn object_type(&self) -> ObjectType {
        match self.source {
            Source::Contents { .. } => ObjectType::MESSAGE,
            _ => ObjectType::FOLDER,
        }
    }

    fn viewed(&self, row: u32) -> Viewed<'a> {
        Viewed::stored(self.provider, row, self.object_type())
    }

    fn column(&self, tag: PropTag) -> Column {
        Column::new(self.object_type(), tag)
    }

    fn value(&self, row: u32, column: Column) -> Option<Cow<'a, PropertyValue>> {
        match self.source {
            Source::Contents { .. } => self.viewed(row).value(column),
            _ => self.find(row, column.tag()).map(|(_, value)| value),
        }
    }

    fn find(&self, row: u32, asked: PropTag) -> Option<(PropTag, Cow<'a, PropertyValue>)> {
        match self.source {
            Source::Fixed(_) if PropTag::INSTANCE_KEY.answers(asked) => {
                let key = PropertyValue::from(&row.to_be_bytes()[..]);
                Some((PropTag::INSTANCE_KEY, Cow::Owned(key)))
            }
            Source::Fixed(rows) => {
                let property = rows[row as usize].asked(asked)?;
                Some((property.tag, Cow::Borrowed(&property.value)))
            }
            Source::Hierarchy { folder, .. } if asked.id() == PropTag::DEPTH.id() => {
                let depth = self.depth(*folder, row);
                Some((PropTag::DEPTH, Cow::Owned(depth.into())))
            }
            _ => self.viewed(row).find(asked),
        }
    }

    /// How many folders are between the two.
    fn depth(&self, folder: u32, row: u32) -> i32 {
        let parent = |number: &u32| self.provider.object(*number).map(|it| it.parent);
        let above = std::iter::successors(parent(&row), |it| parent(it));
        above.take_while(|it| *it != folder).count() as i32
    }

    fn tags(&self, row: u32) -> Vec<PropTag> {
        let (mut tags, of_the_table) = match self.source {
            Source::Fixed(rows) => {
                let tags = rows[row as usize].iter().map(|it| it.tag).collect();
                (tags, Some(PropTag::INSTANCE_KEY))
            }
            Source::Hierarchy { .. } => (self.viewed(row).tags(), Some(PropTag::DEPTH)),
            Source::Contents { .. } => (self.viewed(row).tags(), None),
        };
        tags.extend(of_the_table);
        tags
    }

    /// Whether a row meets the restriction.
    fn filter<'r>(&self, restriction: &'r Restriction) -> impl Fn(u32) -> bool + use<'a, 'r, '_> {
        let questions = Questions::new(restriction, |tag| self.column(tag));
        move |row| questions.are_met(|column| self.value(row, *column))
    }

    /// By what these rows are sorted: for each of them a value of each property, texts in lower case.
    fn keys(&self, order: &[SortOrder], rows: &[u32]) -> Vec<Option<Cow<'a, PropertyValue>>> {
        let columns: Vec<_> = order.iter().map(|it| self.column(it.tag())).collect();
        let mut keys = Vec::with_capacity(rows.len() * order.len());
        for row in rows {
            let values = columns.iter().map(|column| self.value(*row, *column));
            keys.extend(values.map(|it| it.map(PropertyValue::folded)));
        }
        keys
    }
}

type Keys<'a> = [Option<Cow<'a, PropertyValue>>];

fn compare(order: &[SortOrder], one: &Keys<'_>, other: &Keys<'_>) -> Ordering {
    let pairs = one.iter().zip(other);
    let by_each = order.iter().zip(pairs);
    let mut by_each =
        by_each.map(|(it, (one, other))| it.compare_folded(one.as_deref(), other.as_deref()));
    by_each.find(|it| it.is_ne()).unwrap_or(Ordering::Equal)
}
