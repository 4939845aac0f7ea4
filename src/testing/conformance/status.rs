//! Rules M15 and M16: what the objects of a session can be asked and told.

use super::scene::{Asked, Fault, Scene, Verdict, end, ensure, fails, undefined_bits, works};
use super::stage::Item;
use crate::error::MapiError;
use crate::flags::{FlushFlags, ProfileSectionFlags, ResourceMethods, ValidateFlags};
use crate::property::{PropTag, Property};
use crate::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProp, RawResult, RawServiceAdmin, RawSession, Subsystem,
};
use crate::table::StatusRow;
use crate::types::ResourceType;
use crate::{EntryId, HResult, LogonFlags, MapiUid, OpenEntryFlags, OpenStoreFlags, UiParam};

type SessionOf<B> = <B as Subsystem>::Session;
type ObjectOf<B> = <SessionOf<B> as RawSession>::Object;

const BEST_ACCESS: u32 = OpenStoreFlags::BEST_ACCESS.bits();
const NONE: UiParam = UiParam::NONE;
const QUIETLY: u32 = ValidateFlags::SUPPRESS_UI.bits();

fn open<B: Subsystem>(session: &SessionOf<B>, id: &EntryId) -> Verdict<ObjectOf<B>> {
    let opened = session.open_entry(Some(id.as_bytes()), 0);
    match works("OpenEntry", opened)? {
        RawEntry::Object(_, object) => Ok(object),
        RawEntry::MsgStore(_) => {
            let reason = format!("OpenEntry gave a store for the status object {id:?}");
            Err(Fault::Broken(reason))
        }
    }
}

pub(super) fn m15<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let rows = works("GetStatusTable", session.status_table(0))?;
    for row in rows.rows() {
        has_its_methods::<B>(&session, row)?;
    }
    let mapis = [
        ResourceType::SUBSYSTEM,
        ResourceType::SPOOLER,
        ResourceType::ADDRESS_BOOK,
    ];
    let mut spooler = None;
    for row in mapis.into_iter().filter_map(|it| rows.first(it)) {
        let status = open::<B>(&session, row.entry_id())?;
        let what = format!("ValidateState of {:?}", row.display_name());
        works(what, status.validate_state(NONE, QUIETLY))?;
        if row.resource_type() == ResourceType::SPOOLER {
            spooler = Some(status);
        }
    }
    if let (Some(spooler), Some(id)) = (spooler, asked.if_asked(scene.item(Item::Message))?) {
        asked.if_asked(flushes::<B>(&scene, &session, &spooler, id))?;
    }
    end(session)
}

fn has_its_methods<B: Subsystem>(session: &SessionOf<B>, row: &StatusRow) -> Verdict {
    let status = open::<B>(session, row.entry_id())?;
    let what = |call: &str| format!("{call} of the status object {:?}", row.display_name());
    let (unknown, no_support) = (HResult::MAPI_E_UNKNOWN_FLAGS, HResult::MAPI_E_NO_SUPPORT);
    for bit in undefined_bits(ValidateFlags::all().bits()) {
        let validated = status.validate_state(NONE, bit);
        fails(
            format!("{} with {bit:#X}", what("ValidateState")),
            validated,
            unknown,
        )?;
    }
    let methods = row.resource_methods();
    let lacks = |method| !methods.contains(method);
    if lacks(ResourceMethods::SETTINGS_DIALOG) {
        let shown = status.settings_dialog(NONE, 0);
        fails(what("SettingsDialog"), shown, no_support)?;
    }
    if lacks(ResourceMethods::CHANGE_PASSWORD) {
        let changed = status.change_password(Some(""), Some(""), 0);
        fails(what("ChangePassword"), changed, no_support)?;
    }
    if lacks(ResourceMethods::FLUSH_QUEUES) {
        let flushed = status.flush_queues(NONE, None, FlushFlags::NO_UI.bits());
        return fails(what("FlushQueues"), flushed, no_support);
    }
    for bit in undefined_bits(FlushFlags::all().bits()) {
        let flushed = status.flush_queues(NONE, None, bit);
        fails(
            format!("{} with {bit:#X}", what("FlushQueues")),
            flushed,
            unknown,
        )?;
    }
    if row.resource_type() == ResourceType::TRANSPORT_PROVIDER {
        let named = Some(row.entry_id().as_bytes());
        let flushed = status.flush_queues(NONE, named, 0);
        let what = "FlushQueues of a transport that is told a transport";
        fails(what, flushed, HResult::MAPI_E_INVALID_PARAMETER)?;
    }
    Ok(())
}

/// The message is sent, and gone.
fn flushes<B: Subsystem>(
    scene: &Scene<B>,
    session: &SessionOf<B>,
    spooler: &ObjectOf<B>,
    message: &EntryId,
) -> Verdict {
    let (id, modify) = (Some(message.as_bytes()), OpenEntryFlags::MODIFY.bits());
    let store = scene.default_store(session)?;
    let store = session.open_msg_store(NONE, Some(store.as_bytes()), BEST_ACCESS);
    let store = works("OpenMsgStore", store)?;
    let (_, message) = works("OpenEntry of a message", store.open_entry(id, modify))?;
    let no_support = HResult::MAPI_E_NO_SUPPORT;
    let validated = message.validate_state(NONE, QUIETLY);
    fails("ValidateState of a message", validated, no_support)?;
    works("SubmitMessage", message.submit_message(0))?;
    drop(message);
    if store.open_entry(id, modify).is_ok() {
        let why = "a message that was submitted is in no queue";
        return Err(Fault::NotAsked(why.into()));
    }
    let upload = (FlushFlags::UPLOAD | FlushFlags::NO_UI).bits();
    let nobodys = spooler.flush_queues(NONE, Some(&[0xFE; 24]), upload);
    let what = "FlushQueues with what is no transport";
    fails(what, nobodys, HResult::MAPI_E_UNKNOWN_ENTRYID)?;
    works("FlushQueues", spooler.flush_queues(NONE, None, upload))?;
    let what = "OpenEntry of a message that FlushQueues has sent";
    fails(
        what,
        store.open_entry(id, modify),
        HResult::MAPI_E_NOT_FOUND,
    )
}

pub(super) fn m16<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let open_store = || session.open_msg_store(NONE, Some(id.as_bytes()), 0);
    let (store, other) = (
        works("OpenMsgStore", open_store())?,
        works("OpenMsgStore", open_store())?,
    );
    let failed = store.open_entry(Some(&[0xFE; 24]), 0);
    let failed = failed.map(|success| success.map(drop));
    remembers("IMsgStore::GetLastError", failed, |it, flags| {
        store.last_error(it, flags)
    })?;
    let unknown = HResult::MAPI_E_UNKNOWN_ENTRYID;
    ensure(
        works("IMsgStore::GetLastError", other.last_error(unknown, 0))?.is_none(),
        || "IMsgStore::GetLastError speaks of another object's failure",
    )?;

    let rows = works("GetStatusTable", session.status_table(0))?;
    let row = rows.first(ResourceType::SUBSYSTEM);
    let row = row.ok_or_else(|| Fault::NotAsked("there is no row of the subsystem".into()))?;
    let status = open::<B>(&session, row.entry_id())?;
    // It has no such method (M15).
    let failed = status.settings_dialog(NONE, 0);
    remembers("IMAPIStatus::GetLastError", failed, |it, flags| {
        status.last_error(it, flags)
    })?;

    let own = MapiUid::new(*b"mapi conformance");
    let modify = ProfileSectionFlags::MODIFY.bits();
    let section = session.open_profile_section(own, modify);
    let section = works("OpenProfileSection", section)?;
    let property = Property::new(PropTag::new(0x6600_0003), 1);
    works(
        "IProfSect::SetProps",
        section.set_props(std::slice::from_ref(&property)),
    )?;
    drop(section);
    let section = works("OpenProfileSection", session.open_profile_section(own, 0))?;
    let failed = section.set_props(&[property]);
    let failed = failed.map(|success| success.map(drop));
    remembers("IProfSect::GetLastError", failed, |it, flags| {
        section.last_error(it, flags)
    })?;

    let admin = works("AdminServices", session.admin_services(0))?;
    let failed = admin.delete_msg_service(own);
    remembers("IMsgServiceAdmin::GetLastError", failed, |it, flags| {
        admin.last_error(it, flags)
    })?;
    drop((store, other, status, section, admin));
    end(session)
}

/// Insists on what is known of a failure.
fn remembers(
    what: &str,
    failed: RawResult<()>,
    last_error: impl Fn(HResult, u32) -> RawResult<Option<MapiError>>,
) -> Verdict {
    let hresult = match failed {
        Ok(success) => success.hresult(),
        Err(failure) => failure.hresult(),
    };
    if !hresult.is_failure() {
        return Err(Fault::NotAsked(format!("{what}: there was no failure")));
    }
    for bit in undefined_bits(LogonFlags::UNICODE.bits()) {
        let asked = last_error(hresult, bit);
        fails(
            format!("{what} with the flag {bit:#010X}"),
            asked,
            HResult::MAPI_E_UNKNOWN_FLAGS,
        )?;
    }
    ensure(works(what, last_error(hresult, 0))?.is_some(), || {
        format!("{what} says nothing of the last failure, {hresult}")
    })?;
    ensure(
        works(what, last_error(HResult::MAPI_E_TIMEOUT, 0))?.is_none(),
        || format!("{what} speaks of an HRESULT that was not the last"),
    )
}
