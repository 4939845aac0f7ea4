//! Tables of properties, and what their methods take: restrictions, sort orders, lists.

use std::mem::offset_of;
use std::ptr;

use outlook_mapi::{MAPIOutParam, sys};
use windows_core::GUID;

use super::com::{first, given, last_error, method};
use super::properties::{Rooms, Settings, Tags, tags};
use super::tables::{OutlookTable, Rows};
use super::value::{Arena as _, array, each, guid, write};
use mapi_session::error::{Failure, MapiError, Success};
use mapi_session::notification::Connection;
use mapi_session::property::{PropName, PropNameKind, PropTag, PropType, PropertyValue, Props};
use mapi_session::subsystem::{RawPropTable, RawResult, RawTable};
use mapi_session::table::{
    AnyOrNone, Bookmark, Relation, Restriction, SortOrder, Table, TablePosition, Term,
};
use mapi_session::{AdviseSink, EntryId, HResult};

/// How deep a restriction may be: what reads one calls itself.
pub(super) const DEEPEST: usize = 256;

/// How many rows are read at once, where all are.
const BATCH: i32 = 1000;

impl RawTable for OutlookTable<Props> {
    type Row = Props;

    fn rows(&self) -> RawResult<Table<Props>> {
        let (_, warning) = self.seek_row(Bookmark::BEGINNING, 0)?.into_parts();
        let mut all = Vec::new();
        loop {
            let rows = self.query_rows(BATCH, 0)?.ignore_warning();
            if rows.is_empty() {
                return Ok(Success::from_parts(all.into_iter().collect(), warning));
            }
            all.extend(rows);
        }
    }

    fn advise<S: AdviseSink + 'static>(&self, event_mask: u32, sink: S) -> RawResult<Connection> {
        self.tell(event_mask, sink)
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        self.tell_no_more(connection)
    }
}

impl RawPropTable for OutlookTable<Props> {
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        last_error!(self.live()?, hresult, flags)
    }

    fn set_columns(&self, tags: &[PropTag], flags: u32) -> RawResult<()> {
        let table = self.live()?;
        let tags = Tags::new(tags.iter().copied());
        // SAFETY: the tags are as long as they say.
        let hresult = unsafe { method!(table, SetColumns(tags.as_ptr(), flags)) };
        Success::from_hresult((), hresult)
    }

    fn query_columns(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        let table = self.live()?;
        let mut list = MAPIOutParam::<sys::SPropTagArray>::default();
        // SAFETY: it takes what comes out.
        let hresult = unsafe { method!(table, QueryColumns(flags, list.as_mut_ptr())) };
        let (mut list, warning) = given(list, hresult)?.into_parts();
        // SAFETY: MAPI gave null, or an array as long as it says.
        let list = unsafe { tags(first(&mut list)) };
        Ok(Success::from_parts(list, warning))
    }

    fn row_count(&self, flags: u32) -> RawResult<u32> {
        let table = self.live()?;
        let mut count = 0;
        // SAFETY: it takes what comes out.
        let hresult = unsafe { method!(table, GetRowCount(flags, &raw mut count)) };
        Success::from_hresult(count, hresult)
    }

    fn seek_row(&self, origin: Bookmark, rows: i32) -> RawResult<i32> {
        let table = self.live()?;
        let mut sought = 0;
        // SAFETY: it takes numbers, and what comes out.
        let hresult =
            unsafe { method!(table, SeekRow(origin.get() as usize, rows, &raw mut sought)) };
        Success::from_hresult(sought, hresult)
    }

    fn restrict(&self, restriction: Option<&Restriction>, flags: u32) -> RawResult<()> {
        let table = self.live()?;
        let restriction = restriction.map(Restricting::new).transpose()?;
        let restriction = restriction
            .as_ref()
            .map_or(ptr::null_mut(), |it| it.as_ptr());
        // SAFETY: null, or a restriction whose every part lives longer than the call.
        let hresult = unsafe { method!(table, Restrict(restriction, flags)) };
        Success::from_hresult((), hresult)
    }

    fn sort_table(&self, order: &[SortOrder], flags: u32) -> RawResult<()> {
        let table = self.live()?;
        let order = sort_order_set(order);
        let order = order.as_ptr().cast_mut().cast();
        // SAFETY: the set is as long as it says.
        let hresult = unsafe { method!(table, SortTable(order, flags)) };
        Success::from_hresult((), hresult)
    }

    fn find_row(&self, restriction: &Restriction, origin: Bookmark, flags: u32) -> RawResult<()> {
        let table = self.live()?;
        let restriction = Restricting::new(restriction)?;
        let (restriction, origin) = (restriction.as_ptr(), origin.get() as usize);
        // SAFETY: every part of the restriction lives longer than the call.
        let hresult = unsafe { method!(table, FindRow(restriction, origin, flags)) };
        Success::from_hresult((), hresult)
    }

    fn query_sort_order(&self) -> RawResult<Vec<SortOrder>> {
        let table = self.live()?;
        let mut set = MAPIOutParam::<sys::SSortOrderSet>::default();
        // SAFETY: it takes what comes out.
        let hresult = unsafe { method!(table, QuerySortOrder(set.as_mut_ptr())) };
        let (mut set, warning) = given(set, hresult)?.into_parts();
        // SAFETY: MAPI gave null, or a set as long as it says.
        let order = unsafe { sort_order(first(&mut set)) }?;
        Ok(Success::from_parts(order, warning))
    }

    fn query_position(&self) -> RawResult<TablePosition> {
        let table = self.live()?;
        let (mut row, mut numerator, mut denominator) = (0, 0, 0);
        // SAFETY: it takes what comes out.
        let hresult = unsafe {
            method!(
                table,
                QueryPosition(&raw mut row, &raw mut numerator, &raw mut denominator)
            )
        };
        let position = TablePosition {
            row: Some(row).filter(|row| *row != u32::MAX),
            numerator,
            denominator: denominator.max(1),
        };
        Success::from_hresult(position, hresult)
    }

    fn create_bookmark(&self) -> RawResult<Bookmark> {
        let table = self.live()?;
        let mut number = 0;
        // SAFETY: it takes what comes out.
        let hresult = unsafe { method!(table, CreateBookmark(&raw mut number)) };
        let success = Success::from_hresult((), hresult)?;
        let Ok(bookmark) = u32::try_from(number) else {
            // SAFETY: a bookmark that is not used.
            let _ = unsafe { method!(table, FreeBookmark(number)) };
            return Err(Failure::new(HResult::MAPI_E_UNABLE_TO_COMPLETE)
                .because(format!("the bookmark {number:#X} has more than 32 bits")));
        };
        Ok(success.map(|()| Bookmark::new(bookmark)))
    }

    fn free_bookmark(&self, bookmark: Bookmark) -> RawResult<()> {
        let table = self.live()?;
        // SAFETY: it takes a number.
        let hresult = unsafe { method!(table, FreeBookmark(bookmark.get() as usize)) };
        Success::from_hresult((), hresult)
    }

    fn query_rows(&self, rows: i32, flags: u32) -> RawResult<Vec<Props>> {
        let table = self.live()?;
        let mut set = Rows::default();
        // SAFETY: it takes numbers, and what comes out.
        let hresult = unsafe { method!(table, QueryRows(rows, flags, &raw mut set.0)) };
        Ok(given(set, hresult)?.map(|set| set.props().collect()))
    }
}

/// An SRestriction, and all that it points to.
struct Restricting {
    root: Box<sys::SRestriction>,
    _rooms: Rooms,
}

impl Restricting {
    /// A restriction comes in postfix order, so this does not call itself.
    fn new(restriction: &Restriction) -> Result<Self, Failure> {
        let mut rooms = Rooms::default();
        // What is not joined yet, and how deep it is.
        let mut parts: Vec<(sys::SRestriction, usize)> = Vec::new();
        for term in restriction.terms() {
            let part = match term {
                Term::And(count) => joined(&mut parts, *count, &mut rooms, |count, first| {
                    let mut part = of_kind(sys::RES_AND);
                    part.res.resAnd = sys::SAndRestriction {
                        cRes: count,
                        lpRes: first,
                    };
                    part
                })?,
                Term::Or(count) => joined(&mut parts, *count, &mut rooms, |count, first| {
                    let mut part = of_kind(sys::RES_OR);
                    part.res.resOr = sys::SOrRestriction {
                        cRes: count,
                        lpRes: first,
                    };
                    part
                })?,
                Term::Not => joined(&mut parts, 1, &mut rooms, |_, first| {
                    let mut part = of_kind(sys::RES_NOT);
                    part.res.resNot = sys::SNotRestriction {
                        ulReserved: 0,
                        lpRes: first,
                    };
                    part
                })?,
                condition => (condition_of(condition, &mut rooms)?, 1),
            };
            if part.1 > DEEPEST {
                return Err(too_complex("the restriction is too deep".into()));
            }
            parts.push(part);
        }
        let root = parts.pop().filter(|_| parts.is_empty());
        let (root, _) = root.ok_or_else(|| too_complex("the restriction is not one".into()))?;
        Ok(Self {
            root: Box::new(root),
            _rooms: rooms,
        })
    }

    fn as_ptr(&self) -> *mut sys::SRestriction {
        (&raw const *self.root).cast_mut()
    }
}

fn too_complex(why: String) -> Failure {
    Failure::new(HResult::MAPI_E_TOO_COMPLEX).because(why)
}

fn of_kind(kind: u32) -> sys::SRestriction {
    sys::SRestriction {
        rt: kind,
        ..Default::default()
    }
}

/// Joins the last so many of the parts.
fn joined(
    parts: &mut Vec<(sys::SRestriction, usize)>,
    count: usize,
    rooms: &mut Rooms,
    join: impl FnOnce(u32, *mut sys::SRestriction) -> sys::SRestriction,
) -> Result<(sys::SRestriction, usize), Failure> {
    let start = parts.len().checked_sub(count);
    let start = start.ok_or_else(|| too_complex("the restriction joins too many".into()))?;
    let (last, depths): (Vec<_>, Vec<_>) = parts.drain(start..).unzip();
    let (count, first) = array(&last, rooms).map_err(too_complex)?;
    let depth = depths.into_iter().max().unwrap_or(0) + 1;
    Ok((join(count, first), depth))
}

fn condition_of(term: &Term, rooms: &mut Rooms) -> Result<sys::SRestriction, Failure> {
    Ok(match term {
        Term::Property(relation, tag, value) => {
            let mut part = of_kind(sys::RES_PROPERTY);
            part.res.resProperty = sys::SPropertyRestriction {
                relop: relop(*relation)?,
                ulPropTag: tag.get(),
                lpProp: compared(*tag, value, rooms)?,
            };
            part
        }
        Term::CompareProps(relation, one, other) => {
            let mut part = of_kind(sys::RES_COMPAREPROPS);
            part.res.resCompareProps = sys::SComparePropsRestriction {
                relop: relop(*relation)?,
                ulPropTag1: one.get(),
                ulPropTag2: other.get(),
            };
            part
        }
        Term::Content(level, tag, value) => {
            let mut part = of_kind(sys::RES_CONTENT);
            part.res.resContent = sys::SContentRestriction {
                ulFuzzyLevel: level.bits(),
                ulPropTag: tag.get(),
                lpProp: compared(*tag, value, rooms)?,
            };
            part
        }
        Term::Bitmask(wanted, tag, mask) => {
            let mut part = of_kind(sys::RES_BITMASK);
            part.res.resBitMask = sys::SBitMaskRestriction {
                relBMR: match wanted {
                    AnyOrNone::Any => sys::BMR_NEZ,
                    AnyOrNone::None => sys::BMR_EQZ,
                },
                ulPropTag: tag.get(),
                ulMask: *mask,
            };
            part
        }
        Term::Size(relation, tag, bytes) => {
            let mut part = of_kind(sys::RES_SIZE);
            part.res.resSize = sys::SSizeRestriction {
                relop: relop(*relation)?,
                ulPropTag: tag.get(),
                cb: *bytes,
            };
            part
        }
        Term::Exist(tag) => {
            let mut part = of_kind(sys::RES_EXIST);
            part.res.resExist = sys::SExistRestriction {
                ulReserved1: 0,
                ulPropTag: tag.get(),
                ulReserved2: 0,
            };
            part
        }
        // A kind that is newer than this crate.
        other => return Err(too_complex(format!("{other:?} has no form in MAPI"))),
    })
}

fn relop(relation: Relation) -> Result<u32, Failure> {
    Ok(match relation {
        Relation::Less => sys::RELOP_LT,
        Relation::LessOrEqual => sys::RELOP_LE,
        Relation::Greater => sys::RELOP_GT,
        Relation::GreaterOrEqual => sys::RELOP_GE,
        Relation::Equal => sys::RELOP_EQ,
        Relation::NotEqual => sys::RELOP_NE,
        other => return Err(too_complex(format!("{other:?} has no form in MAPI"))),
    })
}

/// The value that a property is compared with: of its type, or one of several.
fn compared(
    tag: PropTag,
    value: &PropertyValue,
    rooms: &mut Rooms,
) -> Result<*mut sys::SPropValue, Failure> {
    const MV_FLAG: u16 = 0x1000;
    let kind = tag.prop_type();
    let kind = match value.fits(kind) {
        true => kind,
        false => PropType::new(kind.get() & !MV_FLAG),
    };
    let refused = |why: String| too_complex(format!("what {tag} is compared with {why}"));
    let raw = write(value, kind, rooms).map_err(refused)?;
    let raw = raw.ok_or_else(|| refused("is of another type".into()))?;
    let value = sys::SPropValue {
        ulPropTag: tag.with_type(kind).get(),
        Value: raw,
        ..Default::default()
    };
    Ok(array(&[value], rooms).map_err(refused)?.1)
}

/// An SSortOrderSet, without categories.
pub(super) fn sort_order_set(order: &[SortOrder]) -> Vec<u32> {
    let mut words = vec![order.len() as u32, 0, 0];
    for it in order {
        let direction = match it.is_descending() {
            true => sys::TABLE_SORT_DESCEND,
            false => sys::TABLE_SORT_ASCEND,
        };
        words.extend([it.tag().get(), direction]);
    }
    words
}

/// Copies an SSortOrderSet; none for null. One with categories is too complex.
///
/// # Safety
/// `set` is null, or as long as it says.
pub(super) unsafe fn sort_order(set: *const sys::SSortOrderSet) -> Result<Vec<SortOrder>, Failure> {
    if set.is_null() {
        return Ok(Vec::new());
    }
    // SAFETY: as the caller says.
    let (categories, order) = unsafe {
        let [count, categories] =
            [&raw const (*set).cSorts, &raw const (*set).cCategories].map(|it| it.read_unaligned());
        (
            categories,
            each((&raw const (*set).aSort).cast::<sys::SSortOrder>(), count),
        )
    };
    if categories > 0 {
        return Err(too_complex("a sort order has categories".into()));
    }
    let by = |it: sys::SSortOrder| match (it.ulOrder, PropTag::new(it.ulPropTag)) {
        (sys::TABLE_SORT_ASCEND, tag) => Ok(SortOrder::ascending(tag)),
        (sys::TABLE_SORT_DESCEND, tag) => Ok(SortOrder::descending(tag)),
        (other, tag) => Err(too_complex(format!(
            "{tag} is to be sorted by the order {other}"
        ))),
    };
    order.map(by).collect()
}

/// An ENTRYLIST. It points to the identifiers, so it lives no longer than they do.
pub(super) struct EntryList<'a> {
    ids: Vec<sys::SBinary>,
    of: std::marker::PhantomData<&'a [EntryId]>,
}

impl<'a> EntryList<'a> {
    pub(super) fn new(ids: &'a [EntryId]) -> Result<Self, Failure> {
        let binary = |id: &EntryId| {
            let bytes = id.as_bytes();
            let length = u32::try_from(bytes.len());
            Ok(sys::SBinary {
                cb: length.map_err(|_| Failure::new(HResult::MAPI_E_INVALID_ENTRYID))?,
                lpb: bytes.as_ptr().cast_mut(),
            })
        };
        Ok(Self {
            ids: ids.iter().map(binary).collect::<Result<_, Failure>>()?,
            of: std::marker::PhantomData,
        })
    }

    pub(super) fn raw(&self) -> sys::SBinaryArray {
        sys::SBinaryArray {
            cValues: self.ids.len() as u32,
            lpbin: self.ids.as_ptr().cast_mut(),
        }
    }
}

/// An ADRLIST, and all that it points to.
pub(super) struct AddressList {
    words: Vec<u64>,
    _entries: Vec<Settings>,
}

impl AddressList {
    pub(super) fn new(recipients: &[Props]) -> Result<Self, Failure> {
        let settings = recipients.iter().map(|it| Settings::new(it));
        let mut entries = settings.collect::<Result<Vec<_>, _>>()?;
        let head = offset_of!(sys::ADRLIST, aEntries);
        let size = head + size_of::<sys::ADRENTRY>() * entries.len().max(1);
        let mut words = vec![0_u64; size.div_ceil(size_of::<u64>())];
        let list = words.as_mut_ptr().cast::<sys::ADRLIST>();
        // SAFETY: there is room for the head.
        unsafe { (&raw mut (*list).cEntries).write(entries.len() as u32) };
        for (index, entry) in entries.iter_mut().enumerate() {
            let (count, values) = entry.words();
            // SAFETY: there is room for that many.
            unsafe {
                let first = (&raw mut (*list).aEntries).cast::<sys::ADRENTRY>();
                first.add(index).write(sys::ADRENTRY {
                    ulReserved1: 0,
                    cValues: count,
                    rgPropVals: values,
                });
            }
        }
        Ok(Self {
            words,
            _entries: entries,
        })
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut sys::ADRLIST {
        self.words.as_mut_ptr().cast()
    }
}

/// MAPINAMEIDs, and all that they point to.
pub(super) struct Names {
    pointers: Vec<*mut sys::MAPINAMEID>,
    _rooms: Rooms,
}

impl Names {
    pub(super) fn new(names: &[PropName]) -> Result<Self, Failure> {
        let mut rooms = Rooms::default();
        let mut pointers = Vec::new();
        for name in names {
            let refused = |why: String| {
                let failure = Failure::new(HResult::MAPI_E_INVALID_PARAMETER);
                failure.because(format!("the name {name:?} {why}"))
            };
            let set: [GUID; 1] = [guid(name.set)];
            let mut raw = sys::MAPINAMEID {
                lpguid: array(&set, &mut rooms).map_err(refused)?.1,
                ..Default::default()
            };
            match &name.kind {
                PropNameKind::Id(id) => {
                    raw.ulKind = sys::MNID_ID;
                    raw.Kind.lID = *id as i32;
                }
                PropNameKind::Text(text) => {
                    let text = rooms.text(text, true).map_err(refused)?;
                    raw.ulKind = sys::MNID_STRING;
                    raw.Kind.lpwstrName = windows_core::PWSTR(text.cast());
                }
            }
            pointers.push(array(&[raw], &mut rooms).map_err(refused)?.1);
        }
        Ok(Self {
            pointers,
            _rooms: rooms,
        })
    }

    /// How many there are, and the first.
    pub(super) fn words(&mut self) -> (u32, *mut *mut sys::MAPINAMEID) {
        (self.pointers.len() as u32, self.pointers.as_mut_ptr())
    }
}
