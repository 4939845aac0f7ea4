//! Rules M: the other methods of IMAPISession.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::mpsc;

use super::scene::{
    Asked, Fault, NEW, Scene, Verdict, end, ensure, events, fails, undefined_bits, works,
};
use super::stage::{Item, OTHER, PROFILE};
use crate::flags::{
    AddressBookFlags, ProfileSectionFlags, ResourceFlags, ResourceMethods, ServiceFlags,
    ShowFormFlags, StoreSupportMask,
};
use crate::memory::Answer;
use crate::property::{PropTag, Property};
use crate::subsystem::{
    RawEntry, RawMsgStore, RawProp, RawResult, RawServiceAdmin, RawSession, RawTable, Subsystem,
};
use crate::table::{ServiceRow, StatusRow, StoreRow};
use crate::types::{DefaultStore, FormMessage, ObjectType, ResourceType};
use crate::{
    EntryId, EventMask, HResult, LogonFlags, MapiUid, OpenEntryFlags, OpenStoreFlags, UiParam,
};

type SessionOf<B> = <B as Subsystem>::Session;
type StoreOf<B> = <SessionOf<B> as RawSession>::MsgStore;
type EntryOf<B> = RawEntry<StoreOf<B>, <SessionOf<B> as RawSession>::Object>;

const UNICODE: u32 = LogonFlags::UNICODE.bits();
/// An identifier of no provider.
const NOBODYS: &[u8] = &[0xFE; 20];

fn open_store<B: Subsystem>(
    session: &B::Session,
    store: &EntryId,
    flags: OpenStoreFlags,
) -> RawResult<StoreOf<B>> {
    session.open_msg_store(UiParam::NONE, Some(store.as_bytes()), flags.bits())
}

pub(super) fn m1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let unknown = HResult::MAPI_E_UNKNOWN_FLAGS;
    for bit in undefined_bits(UNICODE) {
        let what = format!("with the flag {bit:#010X}");
        fails(
            format!("GetMsgStoresTable {what}"),
            session.msg_stores_table(bit),
            unknown,
        )?;
        fails(
            format!("GetStatusTable {what}"),
            session.status_table(bit),
            unknown,
        )?;
    }

    let stores = works("GetMsgStoresTable", session.msg_stores_table(0))?;
    let lists = |id: &EntryId| stores.rows().iter().any(|row| row.entry_id() == id);
    for row in stores.rows() {
        let is_complete = !row.entry_id().as_bytes().is_empty()
            && !row.display_name().is_empty()
            && !row.instance_key().is_empty()
            && !row.record_key().is_empty()
            && !row.provider_display().is_empty()
            && row.provider() != MapiUid::default();
        ensure(is_complete, || {
            format!("the store table's row lacks a column: {row:?}")
        })?;
    }
    let keys = stores.rows().iter().map(StoreRow::instance_key);
    ensure(
        are_different(keys),
        || "two rows of the store table have one instance key",
    )?;
    let defaults = stores.rows().iter().filter(|row| row.is_default());
    ensure(
        defaults.count() == 1,
        || "the store table has not one default store",
    )?;
    for (item, is_listed) in [
        (Item::DefaultStore, true),
        (Item::ReadOnlyStore, true),
        (Item::HiddenStore, false),
    ] {
        if let Some(id) = asked.if_asked(scene.item(item))? {
            ensure(lists(id) == is_listed, || {
                format!("the store table has the {item:?}: {}", !is_listed)
            })?;
        }
    }

    let statuses = works("GetStatusTable", session.status_table(0))?;
    let validates = ResourceMethods::VALIDATE_STATE;
    let flushes = validates | ResourceMethods::FLUSH_QUEUES;
    for (name, resource_type, methods) in [
        ("subsystem", ResourceType::SUBSYSTEM, validates),
        ("spooler", ResourceType::SPOOLER, flushes),
        ("address book", ResourceType::ADDRESS_BOOK, validates),
    ] {
        let rows = statuses.rows().iter();
        let rows = rows.filter(|row| row.resource_type() == resource_type);
        let rows: Vec<_> = rows.map(StatusRow::resource_methods).collect();
        ensure(rows == [methods], || {
            format!("the rows of the {name}, by their methods: {rows:?}, and not {methods:?}")
        })?;
    }
    let subsystem = statuses.first(ResourceType::SUBSYSTEM);
    ensure(
        subsystem.is_some_and(|row| row.display_name() == PROFILE),
        || format!("the subsystem's row has not the name of the profile: {subsystem:?}"),
    )?;
    for row in statuses.rows() {
        let is_complete = !row.entry_id().as_bytes().is_empty()
            && !row.display_name().is_empty()
            && !row.instance_key().is_empty()
            && !row.provider_display().is_empty()
            && !row.provider_dll_name().is_empty();
        ensure(is_complete, || {
            format!("the status table's row lacks a column: {row:?}")
        })?;
        let is_primary = row
            .resource_flags()
            .contains(ResourceFlags::PRIMARY_IDENTITY);
        let is_not = row
            .resource_flags()
            .contains(ResourceFlags::NO_PRIMARY_IDENTITY);
        ensure(is_primary != is_not, || {
            format!("the status table's row has not one of the flags of the identity: {row:?}")
        })?;
    }
    let keys = statuses.rows().iter().map(StatusRow::instance_key);
    ensure(
        are_different(keys),
        || "two rows of the status table have one instance key",
    )?;
    end(session)
}

fn are_different<T: Ord>(keys: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    keys.into_iter().all(|key| seen.insert(key))
}

pub(super) fn m2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let raw = |id: Option<&[u8]>, flags| session.open_msg_store(UiParam::NONE, id, flags);
    let invalid = HResult::MAPI_E_INVALID_ENTRYID;
    fails("OpenMsgStore of nothing", raw(None, 0), invalid)?;
    fails(
        "OpenMsgStore of 19 bytes",
        raw(Some(&NOBODYS[..19]), 0),
        invalid,
    )?;
    let what = "OpenMsgStore of no store of the session";
    fails(what, raw(Some(NOBODYS), 0), HResult::MAPI_E_NOT_FOUND)?;

    let store = &scene.default_store(&session)?;
    for bit in undefined_bits(OpenStoreFlags::all().bits()) {
        let what = format!("OpenMsgStore with the flag {bit:#010X}");
        let opened = raw(Some(store.as_bytes()), bit);
        fails(what, opened, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let access = |store, flags, may_write: bool| {
        let what = format!("OpenMsgStore with {flags:?}");
        let store = works(&what, open_store::<B>(&session, store, flags))?;
        let info = works("IMsgStore::GetProps", store.info())?;
        let support = works("PR_STORE_SUPPORT_MASK", store.support_mask())?;
        let support = StoreSupportMask::from_bits_retain(support);
        let may_modify = support.contains(StoreSupportMask::MODIFY_OK);
        ensure(
            info.is_writable() == may_write && may_modify == may_write,
            || format!("{what} gave a store with {support:?}"),
        )
    };
    access(store, OpenStoreFlags::empty(), false)?;
    access(store, OpenStoreFlags::WRITE, true)?;
    access(store, OpenStoreFlags::BEST_ACCESS, true)?;
    if let Some(store) = asked.if_asked(scene.item(Item::ReadOnlyStore))? {
        access(store, OpenStoreFlags::BEST_ACCESS, false)?;
        let no_access = HResult::MAPI_E_NO_ACCESS;
        let opened = open_store::<B>(&session, store, OpenStoreFlags::WRITE);
        fails(
            "OpenMsgStore of a read-only store with MDB_WRITE",
            opened,
            no_access,
        )?;
        let deferred = OpenStoreFlags::WRITE | OpenStoreFlags::DEFERRED_ERRORS;
        let used = open_store::<B>(&session, store, deferred);
        let used = used.and_then(|store| store.ignore_warning().info());
        fails("its first use with MAPI_DEFERRED_ERRORS", used, no_access)?;
    }
    end(session)?;
    m2_faulty(asked, &scene)
}

fn m2_faulty<B: Subsystem>(asked: &Asked<'_, B>, scene: &Scene<B>) -> Verdict {
    let stores = (|| {
        Ok((
            scene.item(Item::CachedStore)?,
            scene.item(Item::UnconfiguredStore)?,
        ))
    })();
    let Some((cached, unconfigured)) = asked.if_asked(stores)? else {
        return Ok(());
    };
    let Some(session) = asked.if_asked(scene.faulty())? else {
        return Ok(());
    };
    let opened = open_store::<B>(&session, unconfigured, OpenStoreFlags::NO_DIALOG);
    let what = "OpenMsgStore with MDB_NO_DIALOG and without configuration";
    fails(what, opened, HResult::MAPI_E_LOGON_FAILED)?;

    let (local, online) = (OpenStoreFlags::empty(), OpenStoreFlags::ONLINE);
    for (one, other) in [(local, online), (online, local)] {
        let store = works("OpenMsgStore", open_store::<B>(&session, cached, one))?;
        let opened = open_store::<B>(&session, cached, other);
        let what = format!("OpenMsgStore with {other:?} while it is open with {one:?}");
        fails(what, opened, HResult::MAPI_E_FAILONEPROVIDER)?;
        drop(store);
    }
    end(session)
}

pub(super) fn m3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let defined = AddressBookFlags::all().bits();
    for bit in undefined_bits(defined) {
        let what = format!("OpenAddressBook with the flag {bit:#010X}");
        let opened = session.open_address_book(UiParam::NONE, bit);
        fails(what, opened, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let no_dialog = AddressBookFlags::NO_DIALOG.bits();
    let opened = session.open_address_book(UiParam::NONE, no_dialog);
    let book = works("OpenAddressBook", opened)?;
    let info = works("IAddrBook::GetProps", book.info())?;
    ensure(info.object_type() == ObjectType::ADDRESS_BOOK, || {
        format!("OpenAddressBook gave an object of {:?}", info.object_type())
    })?;
    drop(book);
    end(session)?;

    if asked
        .if_asked(scene.item(Item::UnconfiguredStore))?
        .is_some()
    {
        let Some(session) = asked.if_asked(scene.faulty())? else {
            return Ok(());
        };
        let opened = session.open_address_book(UiParam::NONE, no_dialog);
        let warned = HResult::MAPI_W_ERRORS_RETURNED;
        fails("OpenAddressBook with a provider that fails", opened, warned)?;
        let which = works("GetLastError", session.last_error(warned, 0))?;
        ensure(
            which.is_some(),
            || "GetLastError does not say which provider of the address book failed",
        )?;
        end(session)?;
    }
    Ok(())
}

pub(super) fn m4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let open = |uid, flags: ProfileSectionFlags| session.open_profile_section(uid, flags.bits());
    let (read, modify) = (ProfileSectionFlags::empty(), ProfileSectionFlags::MODIFY);
    let no_access = HResult::MAPI_E_NO_ACCESS;
    for bit in undefined_bits(ProfileSectionFlags::all().bits()) {
        let what = format!("OpenProfileSection with the flag {bit:#010X}");
        let opened = session.open_profile_section(MapiUid::default(), bit);
        fails(what, opened, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }

    let uid = unheard_of();
    let what = "OpenProfileSection of a missing section";
    fails(what, open(uid, read), HResult::MAPI_E_NOT_FOUND)?;
    let writer = works("OpenProfileSection with MAPI_MODIFY", open(uid, modify))?;
    fails("a reader beside a writer", open(uid, read), no_access)?;
    fails("a second writer", open(uid, modify), no_access)?;
    let property = Property::new(PropTag::new(0x6701_0003), 7);
    let properties = std::slice::from_ref(&property);
    works("IProfSect::SetProps", writer.set_props(properties))?;
    // However it is refused: by the call, or for the one property.
    let _ = writer.set_props(&[Property::new(PropTag::new(0x8001_0003), 7)]);
    drop(writer);

    let reader = works("OpenProfileSection", open(uid, read))?;
    let second = works("a second reader", open(uid, read))?;
    fails("a writer beside readers", open(uid, modify), no_access)?;
    fails(
        "IProfSect::SetProps by a reader",
        reader.set_props(properties),
        no_access,
    )?;
    let props = works("IProfSect::GetProps", reader.props(None, UNICODE))?;
    ensure(
        props.contains(&property),
        || "a profile section has lost its property",
    )?;
    for tag in [PropTag::OBJECT_TYPE, PropTag::PROFILE_NAME] {
        let has_it = props.iter().any(|it| it.tag == tag);
        ensure(has_it, || format!("a profile section has no {tag}"))?;
    }
    let is_named = |it: &Property| it.tag.is_named();
    ensure(
        !props.iter().any(is_named),
        || "a profile section has a named property",
    )?;
    drop((reader, second));
    works("a writer after the readers", open(uid, modify)).map(drop)?;

    let own = scene.stage.provider_section;
    let own = own.ok_or_else(|| Fault::NotAsked("a provider's own section".into()));
    if let Some(own) = asked.if_asked(own)? {
        fails(
            "a provider's own section without MAPI_FORCE_ACCESS",
            open(own, read),
            no_access,
        )?;
        let forced = open(own, ProfileSectionFlags::FORCE_ACCESS);
        works("a provider's own section with MAPI_FORCE_ACCESS", forced).map(drop)?;
    }
    end(session)
}

/// An identifier that nobody has used yet.
fn unheard_of() -> MapiUid {
    let mut uid = [0; 16];
    for half in uid.chunks_exact_mut(8) {
        half.copy_from_slice(&RandomState::new().build_hasher().finish().to_ne_bytes());
    }
    MapiUid::new(uid)
}

pub(super) fn m5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let open = |id, flags: OpenEntryFlags| session.open_entry(id, flags.bits());
    let read = OpenEntryFlags::empty();
    for nothing in [None, Some(&[][..])] {
        let what = format!("OpenEntry of {nothing:?}");
        fails(what, open(nothing, read), HResult::MAPI_E_INVALID_ENTRYID)?;
    }
    let what = "OpenEntry of nobody's object";
    fails(
        what,
        open(Some(NOBODYS), read),
        HResult::MAPI_E_UNKNOWN_ENTRYID,
    )?;

    let store = &scene.default_store(&session)?;
    for bit in undefined_bits(OpenEntryFlags::all().bits()) {
        let what = format!("OpenEntry with the flag {bit:#010X}");
        let opened = session.open_entry(Some(store.as_bytes()), bit);
        fails(what, opened, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let opened = works("OpenEntry of a store", open(Some(store.as_bytes()), read))?;
    ensure(
        matches!(opened, RawEntry::MsgStore(_)),
        || "OpenEntry of a store gave no store",
    )?;
    for (item, wanted) in [
        (Item::Folder, ObjectType::FOLDER),
        (Item::Message, ObjectType::MESSAGE),
        (Item::Identity, ObjectType::MAIL_USER),
    ] {
        if let Some(id) = asked.if_asked(scene.item(item))? {
            let what = format!("OpenEntry of the {item:?}");
            let opened = works(&what, open(Some(id.as_bytes()), read))?;
            let is_it = matches!(opened, RawEntry::Object(kind, _) if kind == wanted);
            ensure(is_it, || format!("{what} gave something else"))?;
        }
    }
    drop(opened);
    end(session)?;
    m5_access(asked, &scene)
}

/// What MAPI_MODIFY and MAPI_BEST_ACCESS give where there is only reading.
fn m5_access<B: Subsystem>(asked: &Asked<'_, B>, scene: &Scene<B>) -> Verdict {
    let session = scene.individual()?;
    let (modify, best) = (OpenEntryFlags::MODIFY, OpenEntryFlags::BEST_ACCESS);
    let open =
        |id: &EntryId, flags: OpenEntryFlags| session.open_entry(Some(id.as_bytes()), flags.bits());
    if let Some(id) = asked.if_asked(scene.item(Item::NoSuchObject))? {
        let what = "OpenEntry of no object";
        let opened = open(id, OpenEntryFlags::empty());
        fails(what, opened, HResult::MAPI_E_NOT_FOUND)?;
    }
    let no_access = HResult::MAPI_E_NO_ACCESS;
    if let Some(id) = asked.if_asked(scene.item(Item::ReadOnlyStore))? {
        let what = "OpenEntry of a store that can only be read, with MAPI_MODIFY";
        match open(id, modify) {
            Ok(opened) => only_reads::<B>(what, &opened.ignore_warning())?,
            failed => fails(what, failed, no_access)?,
        }
    }
    if let Some(folder) = asked.if_asked(scene.item(Item::Folder))? {
        let store = &scene.default_store(&session)?;
        let store = open_store::<B>(&session, store, OpenStoreFlags::NO_DIALOG);
        let store = works("OpenMsgStore", store)?;
        let what = "of a folder, in a store that is open for reading";
        fails(
            format!("OpenEntry with MAPI_MODIFY {what}"),
            open(folder, modify),
            no_access,
        )?;
        fails(
            format!("IMsgStore::OpenEntry with MAPI_MODIFY {what}"),
            store.open_entry(Some(folder.as_bytes()), modify.bits()),
            no_access,
        )?;
        let what = format!("OpenEntry with MAPI_BEST_ACCESS {what}");
        let opened = works(&what, open(folder, best))?;
        only_reads::<B>(&what, &opened)?;
        drop((opened, store));
    }
    end(session)
}

fn only_reads<B: Subsystem>(what: &str, opened: &EntryOf<B>) -> Verdict {
    let info = match opened {
        RawEntry::MsgStore(store) => store.info(),
        RawEntry::Object(_, object) => object.info(),
    };
    let info = works("GetProps", info)?;
    ensure(!info.is_writable(), || format!("{what} gave one to write"))
}

pub(super) fn m6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let store = scene.default_store(&session)?;
    let store = store.as_bytes();
    let compare = |one, other| session.compare_entry_ids(one, other, 0);
    let flagged = session.compare_entry_ids(Some(store), Some(store), 1);
    let what = "CompareEntryIDs with a flag";
    fails(what, flagged, HResult::MAPI_E_INVALID_PARAMETER)?;
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    fails("CompareEntryIDs of nothing", compare(None, None), unknown)?;
    let foreign = compare(Some(NOBODYS), Some(NOBODYS));
    fails("CompareEntryIDs of nobody's objects", foreign, unknown)?;

    let expect = |one: Item, other: Item, wanted: bool| {
        let ids = (|| Ok((scene.item(one)?, scene.item(other)?)))();
        let Some((first, second)) = asked.if_asked(ids)? else {
            return Ok(());
        };
        let what = format!("CompareEntryIDs of the {one:?} and the {other:?}");
        let compared = compare(Some(first.as_bytes()), Some(second.as_bytes()));
        let is_same = works(&what, compared)?;
        ensure(is_same == wanted, || format!("{what}: {is_same}"))
    };
    expect(Item::DefaultStore, Item::DefaultStore, true)?;
    expect(Item::DefaultStore, Item::SameDefaultStore, true)?;
    expect(Item::Folder, Item::Message, false)?;
    if let Some(id) = asked.if_asked(scene.item(Item::NoSuchObject))? {
        let id = Some(id.as_bytes());
        fails("CompareEntryIDs of no object", compare(id, id), unknown)?;
    }
    if let Some(other) = asked.if_asked(scene.item(Item::ReadOnlyStore))? {
        let compared = compare(Some(store), Some(other.as_bytes()));
        fails(
            "CompareEntryIDs of two providers' stores",
            compared,
            unknown,
        )?;
    }
    end(session)
}

pub(super) fn m7<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    if let Some(wanted) = asked.if_asked(scene.item(Item::Identity))? {
        let session = scene.individual()?;
        let identity = works("QueryIdentity", session.query_identity())?;
        ensure(identity == *wanted, || {
            format!("QueryIdentity gave {identity:?}, and not the primary identity, {wanted:?}")
        })?;
        end(session)?;
    }
    let session = scene.logon(Some(OTHER), NEW)?;
    let what = "QueryIdentity where nobody represents the session";
    fails(what, session.query_identity(), HResult::MAPI_W_NO_SERVICE)?;
    end(session)
}

pub(super) fn m8<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let default = scene.default_store(&session)?;
    let default = default.as_bytes();
    for flags in [0, 6, u32::MAX] {
        let what = format!("SetDefaultStore with the value {flags:#X}");
        let set = session.set_default_store(flags, Some(default));
        fails(what, set, HResult::MAPI_E_INVALID_PARAMETER)?;
    }
    let set = |store| session.set_default_store(DefaultStore::Default.raw(), store);
    let what = "SetDefaultStore to no store of the session";
    fails(what, set(Some(NOBODYS)), HResult::MAPI_E_NOT_FOUND)?;
    if let Some(store) = asked.if_asked(scene.item(Item::ReadOnlyStore))? {
        let what = "SetDefaultStore to a store that can only be read";
        fails(
            what,
            set(Some(store.as_bytes())),
            HResult::MAPI_E_NO_SUPPORT,
        )?;
    }

    let table = works("GetMsgStoresTable", session.open_msg_stores_table(0))?;
    let (sink, heard) = mpsc::channel();
    let advised = table.advise(EventMask::TABLE_MODIFIED.bits(), sink);
    works("Advise on the store table", advised)?;
    if let Some(second) = asked.if_asked(scene.item(Item::SecondStore))? {
        works("SetDefaultStore", set(Some(second.as_bytes())))?;
        scene.settle();
        let tells = events(&heard).contains(&EventMask::TABLE_MODIFIED);
        ensure(tells, || "SetDefaultStore told no change of a table")?;
        is_default(&session, Some(second))?;
        let next = scene.individual()?;
        is_default(&next, Some(second))?;
        end(next)?;
    }
    works("SetDefaultStore to none", set(None))?;
    is_default(&session, None)?;
    let primary = |store| session.set_default_store(DefaultStore::Primary.raw(), store);
    works(
        "SetDefaultStore with MAPI_PRIMARY_STORE",
        primary(Some(default)),
    )?;
    let next = scene.individual()?;
    let statuses = works("GetStatusTable", next.status_table(0))?;
    let mut rows = statuses.rows().iter();
    let is_kept = rows.any(|row| row.resource_flags().contains(ResourceFlags::PRIMARY_STORE));
    ensure(is_kept, || "the next session has no primary store")?;
    end(next)?;
    let what = "SetDefaultStore with MAPI_PRIMARY_STORE to none";
    works(what, primary(None))?;
    works("SetDefaultStore", set(Some(default)))?;
    end(session)
}

fn is_default<S: RawSession>(session: &S, wanted: Option<&EntryId>) -> Verdict {
    let stores = works("GetMsgStoresTable", session.msg_stores_table(0))?;
    let default = stores.default_store().map(StoreRow::entry_id);
    ensure(default == wanted, || {
        format!("after SetDefaultStore to {wanted:?} the default store is {default:?}")
    })?;
    let statuses = works("GetStatusTable", session.status_table(0))?;
    let flag = ResourceFlags::DEFAULT_STORE;
    let rows = statuses.rows().iter();
    let has_default = rows.clone().any(|row| row.resource_flags().contains(flag));
    ensure(has_default == wanted.is_some(), || {
        format!("after SetDefaultStore to {wanted:?} the status table has one: {has_default}")
    })
}

pub(super) fn m9<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let what = "AdminServices with a flag";
    fails(
        what,
        session.admin_services(1),
        HResult::MAPI_E_INVALID_PARAMETER,
    )?;
    let admin = works("AdminServices", session.admin_services(0))?;
    let unknown = unheard_of();
    let not_found = HResult::MAPI_E_NOT_FOUND;
    let what = "DeleteMsgService of no service";
    fails(what, admin.delete_msg_service(unknown), not_found)?;
    let what = "SetPrimaryIdentity to no service";
    fails(
        what,
        admin.set_primary_identity(Some(unknown), 0),
        not_found,
    )?;
    let what = "CreateMsgService of what is not installed";
    fails(
        what,
        admin.create_msg_service("No such service", "No such service", UiParam::NONE, 0),
        not_found,
    )?;

    let table = works("GetMsgServiceTable", admin.msg_service_table(0))?;
    let primary = ServiceFlags::PRIMARY_IDENTITY;
    let (is_primary, others): (Vec<_>, Vec<_>) = table
        .into_iter()
        .partition(|row| row.resource_flags().contains(primary));
    let before = works("QueryIdentity", session.query_identity())?;
    let changed = others
        .iter()
        .any(|row| admin.set_primary_identity(Some(row.uid()), 0).is_ok());
    if !changed {
        return Err(Fault::NotAsked("no second service has an identity".into()));
    }
    let now = works("QueryIdentity", session.query_identity())?;
    ensure(
        now == before,
        || "a session sees what AdminServices has changed meanwhile",
    )?;
    let next = scene.individual()?;
    let then = works("QueryIdentity", next.query_identity())?;
    ensure(
        then != before,
        || "the next session does not see what AdminServices has changed",
    )?;
    end(next)?;
    let restored = admin.set_primary_identity(is_primary.first().map(ServiceRow::uid), 0);
    works("SetPrimaryIdentity", restored)?;
    drop(admin);
    end(session)
}

pub(super) fn m10<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (session, other) = (scene.individual()?, scene.individual()?);
    for bit in undefined_bits(UNICODE) {
        let what = format!("GetLastError with the flag {bit:#010X}");
        let asked = session.last_error(HResult::MAPI_E_NOT_FOUND, bit);
        fails(what, asked, HResult::MAPI_E_UNKNOWN_FLAGS)?;
    }
    let Err(failure) = session.open_msg_store(UiParam::NONE, None, 0) else {
        return Err(Fault::NotAsked(
            "OpenMsgStore of nothing did not fail".into(),
        ));
    };
    let of = |session: &B::Session, hresult| works("GetLastError", session.last_error(hresult, 0));
    let hresult = failure.hresult();
    ensure(
        of(&session, hresult)?.is_some(),
        || "GetLastError says nothing of the last failure",
    )?;
    ensure(
        of(&session, HResult::MAPI_E_TIMEOUT)?.is_none(),
        || "GetLastError speaks of an HRESULT that was not the last",
    )?;
    ensure(
        of(&other, hresult)?.is_none(),
        || "GetLastError speaks of another session object's failure",
    )?;
    end(session)?;
    end(other)
}

pub(super) fn m11<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let types = works("EnumAdrTypes", session.enum_adr_types(0))?;
    for wanted in &scene.stage.address_types {
        ensure(types.contains(wanted), || {
            format!("EnumAdrTypes lacks {wanted}: {types:?}")
        })?;
    }
    let no_support = HResult::MAPI_E_NO_SUPPORT;
    let options = session.query_default_message_opt("SMTP", 0);
    fails("QueryDefaultMessageOpt", options, no_support)?;
    let forms = m11_forms(&scene, &session);
    asked.if_asked(forms)?;
    end(session)
}

fn m11_forms<B: Subsystem>(scene: &Scene<B>, session: &B::Session) -> Verdict {
    let store = &scene.default_store(session)?;
    let (folder, message) = (scene.item(Item::Folder)?, scene.item(Item::Message)?);
    let store = open_store::<B>(session, store, OpenStoreFlags::BEST_ACCESS);
    let store = works("OpenMsgStore", store)?;
    let object = |id: &EntryId| {
        let opened = store.open_entry(Some(id.as_bytes()), OpenEntryFlags::BEST_ACCESS.bits());
        works("IMsgStore::OpenEntry", opened).map(|(_, object)| object)
    };
    let (folder, message) = (object(folder)?, object(message)?);

    let no_window = UiParam::NONE;
    let options = session.message_options(no_window, 0, "SMTP", &message);
    fails("MessageOptions", options, HResult::MAPI_E_NO_SUPPORT)?;
    let invalid = HResult::MAPI_E_INVALID_PARAMETER;
    fails(
        "PrepareForm of a folder",
        session.prepare_form(&folder),
        invalid,
    )?;

    let post = ShowFormFlags::POST_MESSAGE.bits();
    let form = FormMessage::new("IPM.Note");
    let (_, root) = works("IMsgStore::OpenEntry of null", store.open_entry(None, 0))?;
    let token = works("PrepareForm", session.prepare_form(&message))?;
    let shown = session.show_form(no_window, &store, &root, token, post, &form);
    fails(
        "ShowForm with another folder than the message's",
        shown,
        invalid,
    )?;
    let show = |token| session.show_form(no_window, &store, &folder, token, post, &form);
    scene.answer(Answer::Accept)?;
    let token = works("PrepareForm", session.prepare_form(&message))?;
    works("ShowForm", show(token))?;
    fails(
        "ShowForm with a token that is used up",
        show(token),
        invalid,
    )?;
    scene.answer(Answer::Cancel)?;
    let token = works("PrepareForm", session.prepare_form(&message))?;
    let cancelled = HResult::MAPI_E_USER_CANCEL;
    fails("ShowForm that the user cancels", show(token), cancelled)?;
    fails(
        "ShowForm with a token that a cancelled form used up",
        show(token),
        invalid,
    )
}

pub(super) fn m13<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let deferred = OpenEntryFlags::DEFERRED_ERRORS.bits();
    let opened = session.open_entry(Some(NOBODYS), deferred);
    let what = "OpenEntry of nobody's object with MAPI_DEFERRED_ERRORS";
    ensure(opened.is_err(), || format!("{what} succeeded"))?;
    let id = Some(scene.item(Item::NoSuchObject)?.as_bytes());
    let not_found = HResult::MAPI_E_NOT_FOUND;
    let what = "OpenEntry of no object with MAPI_DEFERRED_ERRORS";
    match works(what, session.open_entry(id, deferred))? {
        RawEntry::Object(_, object) => fails("its first use", object.info(), not_found)?,
        RawEntry::MsgStore(store) => fails("its first use", store.info(), not_found)?,
    }
    let store = scene.default_store(&session)?;
    let store = open_store::<B>(&session, &store, OpenStoreFlags::empty());
    let store = works("OpenMsgStore", store)?;
    let what = format!("IMsgStore::{what}");
    let (_, object) = works(what, store.open_entry(id, deferred))?;
    fails("its first use", object.info(), not_found)?;
    drop((object, store));
    end(session)
}

pub(super) fn m14<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let store = scene.default_store(&session)?;
    let store = open_store::<B>(&session, &store, OpenStoreFlags::empty());
    let store = works("OpenMsgStore", store)?;
    let compare = |one: &EntryId, other: &EntryId| {
        let compared = session.compare_entry_ids(Some(one.as_bytes()), Some(other.as_bytes()), 0);
        works("CompareEntryIDs", compared)
    };
    let parent_of = |object: &<SessionOf<B> as RawSession>::Object| {
        let info = works("IMAPIFolder::GetProps", object.info())?;
        let parent = info.parent_id().cloned();
        let parent = parent.ok_or_else(|| Fault::Broken("a folder has no parent".into()))?;
        Ok((info.entry_id().clone(), parent))
    };
    let open = |id: Option<&[u8]>, what: &str| {
        let (kind, object) = works(what, store.open_entry(id, 0))?;
        ensure(kind == ObjectType::FOLDER, || {
            format!("{what} gave no folder")
        })?;
        Ok(object)
    };
    let root = open(None, "IMsgStore::OpenEntry of null")?;
    let (root, parent) = parent_of(&root)?;
    ensure(
        compare(&root, &parent)?,
        || "the root folder is not its own parent",
    )?;
    let empty = open(Some(&[]), "IMsgStore::OpenEntry of no bytes")?;
    ensure(
        compare(&root, &parent_of(&empty)?.0)?,
        || "null and no bytes open two folders",
    )?;
    if let Some(other) = asked.if_asked(scene.item(Item::SecondStore))? {
        let what = "IMsgStore::OpenEntry of another store's";
        let opened = store.open_entry(Some(other.as_bytes()), 0);
        fails(what, opened, HResult::MAPI_E_UNKNOWN_ENTRYID)?;
    }
    if let Some(folder) = asked.if_asked(scene.item(Item::Folder))? {
        let mut id = folder.clone();
        // As deep as folders may be nested anywhere.
        for _ in 0..1000 {
            let folder = open(Some(id.as_bytes()), "IMsgStore::OpenEntry of a folder")?;
            let (own, parent) = parent_of(&folder)?;
            if compare(&own, &parent)? {
                break;
            }
            id = parent;
        }
        ensure(
            compare(&id, &root)?,
            || "the way up from a folder does not lead to the root folder",
        )?;
    }
    drop((empty, store));
    end(session)
}

pub(super) fn m17<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let outside = scene.item(Item::OutsideStore)?;
    let temporary = OpenStoreFlags::NO_DIALOG
        | OpenStoreFlags::NO_MAIL
        | OpenStoreFlags::TEMPORARY
        | OpenStoreFlags::BEST_ACCESS;
    let is_listed = |session: &B::Session| {
        let stores = works("GetMsgStoresTable", session.msg_stores_table(0))?;
        let mut rows = stores.rows().iter();
        Ok(rows.any(|row| row.entry_id() == outside))
    };
    for (flags, listed) in [(temporary, false), (OpenStoreFlags::empty(), true)] {
        let session = scene.individual()?;
        let what = format!("OpenMsgStore of a store of no profile with {flags:?}");
        drop(works(&what, open_store::<B>(&session, outside, flags))?);
        ensure(is_listed(&session)? == listed, || {
            format!("after {what} that it is in the store table is {}", !listed)
        })?;
        end(session)?;
        let next = scene.individual()?;
        ensure(is_listed(&next)? == listed, || {
            format!("after {what} that the next session lists it is {}", !listed)
        })?;
        end(next)?;
    }
    Ok(())
}

pub(super) fn m18<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let further = scene.item(Item::FurtherDefaultStore)?;
    let session = scene.individual()?;
    let default = scene.default_store(&session)?;
    let what = "OpenMsgStore by a provider's further identifier";
    let store = works(
        what,
        open_store::<B>(&session, further, OpenStoreFlags::empty()),
    )?;
    let info = works("IMsgStore::GetProps", store.info())?;
    ensure(*info.entry_id() == default, || {
        format!("{what} gave the store {:?}", info.entry_id())
    })?;
    drop(store);
    end(session)
}
