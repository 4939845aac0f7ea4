//! Rules O: objects, and their sessions and stores.

use super::scene::{Asked, Fault, Verdict, end, ensure, fails, works};
use super::stage::Item;
use crate::flags::{AddressBookFlags, ProfileSectionFlags, StoreLogoffFlags};
use crate::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProp, RawServiceAdmin, RawSession, Subsystem,
};
use crate::types::ResourceType;
use crate::{HResult, MapiUid, OpenStoreFlags, UiParam};

pub(super) fn o2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let id = id.as_bytes();
    let store = session.open_msg_store(UiParam::NONE, Some(id), 0);
    let store = works("OpenMsgStore", store)?;
    let no_dialog = AddressBookFlags::NO_DIALOG.bits();
    let book = session.open_address_book(UiParam::NONE, no_dialog);
    let book = works("OpenAddressBook", book)?;
    let own = MapiUid::new(*b"mapi conformance");
    let section = session.open_profile_section(own, ProfileSectionFlags::MODIFY.bits());
    let section = works("OpenProfileSection", section)?;
    let admin = works("AdminServices", session.admin_services(0))?;
    let statuses = works("GetStatusTable", session.status_table(0))?;
    let spooler = statuses.first(ResourceType::SPOOLER);
    let spooler = spooler.map(|row| row.entry_id().as_bytes());
    let RawEntry::Object(_, status) = works("OpenEntry", session.open_entry(spooler, 0))? else {
        return Err(Fault::Broken("a status object opened as a store".into()));
    };
    let message = asked.if_asked(scene.item(Item::Message))?;
    let message = match message {
        Some(id) => Some(works(
            "IMsgStore::OpenEntry",
            store.open_entry(Some(id.as_bytes()), 0),
        )?),
        None => None,
    };

    works(
        "a logoff with objects open",
        session.logoff(UiParam::NONE, 0, 0),
    )?;
    let mut session = Some(session);
    for when in ["after the logoff", "after the session's release"] {
        let what = |call: &str| format!("{call} {when}");
        let invalid = HResult::MAPI_E_INVALID_OBJECT;
        fails(what("IMsgStore::GetProps"), store.info(), invalid)?;
        fails(what("PR_STORE_SUPPORT_MASK"), store.support_mask(), invalid)?;
        fails(
            what("IMsgStore::OpenEntry"),
            store.open_entry(Some(id), 0),
            invalid,
        )?;
        let logged_off = store.store_logoff(StoreLogoffFlags::ABORT.bits());
        fails(what("StoreLogoff"), logged_off, invalid)?;
        fails(what("IAddrBook::GetProps"), book.info(), invalid)?;
        let none = UiParam::NONE;
        fails(
            what("ValidateState"),
            status.validate_state(none, 0),
            invalid,
        )?;
        fails(
            what("SettingsDialog"),
            status.settings_dialog(none, 0),
            invalid,
        )?;
        let changed = status.change_password(None, None, 0);
        fails(what("ChangePassword"), changed, invalid)?;
        fails(
            what("FlushQueues"),
            status.flush_queues(none, None, 0),
            invalid,
        )?;
        let of = HResult::MAPI_E_NOT_FOUND;
        fails(
            what("IMsgStore::GetLastError"),
            store.last_error(of, 0),
            invalid,
        )?;
        fails(
            what("IAddrBook::GetLastError"),
            book.last_error(of, 0),
            invalid,
        )?;
        fails(
            what("IProfSect::GetLastError"),
            section.last_error(of, 0),
            invalid,
        )?;
        fails(
            what("IMsgServiceAdmin::GetLastError"),
            admin.last_error(of, 0),
            invalid,
        )?;
        fails(what("IProfSect::GetProps"), section.props(None, 0), invalid)?;
        fails(what("IProfSect::SetProps"), section.set_props(&[]), invalid)?;
        fails(
            what("GetMsgServiceTable"),
            admin.msg_service_table(0),
            invalid,
        )?;
        fails(
            what("DeleteMsgService"),
            admin.delete_msg_service(own),
            invalid,
        )?;
        let providers = admin.provider_table(0);
        fails(what("GetProviderTable"), providers, invalid)?;
        let configured = admin.configure_msg_service(own, UiParam::NONE, 0, &[]);
        fails(what("ConfigureMsgService"), configured, invalid)?;
        let opened = admin.open_profile_section(own, 0);
        fails(
            what("IMsgServiceAdmin::OpenProfileSection"),
            opened,
            invalid,
        )?;
        let set = admin.set_primary_identity(None, 0);
        fails(what("SetPrimaryIdentity"), set, invalid)?;
        if let Some((_, message)) = &message {
            fails(what("IMessage::GetProps"), message.info(), invalid)?;
            fails(what("SubmitMessage"), message.submit_message(0), invalid)?;
        }
        drop(session.take());
    }
    Ok(())
}

pub(super) fn o3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let id = id.as_bytes();
    let folder = scene.item(Item::Folder)?.as_bytes();
    let store = session.open_msg_store(UiParam::NONE, Some(id), 0);
    let store = works("OpenMsgStore", store)?;
    let opened = store.open_entry(Some(folder), 0);
    let (_, folder) = works("IMsgStore::OpenEntry of a folder", opened)?;
    drop(store);
    works(
        "a folder's GetProps after the store's release",
        folder.info(),
    )?;
    drop(folder);
    end(session)
}

pub(super) fn o4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let mut tables = Vec::new();
    for _ in 0..3 {
        let session = scene.individual()?;
        let table = works("GetMsgStoresTable", session.msg_stores_table(0))?;
        let rows = table.into_iter();
        let rows = rows.map(|row| (row.entry_id().clone(), row.display_name().to_owned()));
        tables.push(rows.collect::<Vec<_>>());
        end(session)?;
    }
    ensure(
        tables.windows(2).all(|pair| pair[0] == pair[1]),
        || "a session sees other stores than the one before it",
    )
}

pub(super) fn o5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let (read, write) = (OpenStoreFlags::empty(), OpenStoreFlags::WRITE);
    for (first, second) in [(read, write), (write, read)] {
        let open = |flags: OpenStoreFlags| {
            let store = session.open_msg_store(UiParam::NONE, Some(id.as_bytes()), flags.bits());
            let store = works(format!("OpenMsgStore with {flags:?}"), store)?;
            let info = works("IMsgStore::GetProps", store.info())?;
            Ok((store, info.is_writable()))
        };
        let (one, is_writable) = open(first)?;
        let (other, is_second_writable) = open(second)?;
        ensure(is_writable == is_second_writable, || {
            format!("a store that is open with {first:?} is another one with {second:?}")
        })?;
        drop((one, other));
    }
    end(session)
}

pub(super) fn o6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let session = scene.individual()?;
    let id = scene.default_store(&session)?;
    let open = || {
        let store = session.open_msg_store(UiParam::NONE, Some(id.as_bytes()), 0);
        works("OpenMsgStore", store)
    };
    let store = open()?;
    let info = works("IMsgStore::GetProps", store.info())?;
    let has_row = || {
        let table = works("GetStatusTable", session.status_table(0))?;
        let mut rows = table.rows().iter();
        Ok(rows.any(|row| {
            row.resource_type() == ResourceType::STORE_PROVIDER
                && row.display_name() == info.display_name()
        }))
    };
    if !has_row()? {
        return Err(Fault::NotAsked(
            "the default store has no status row".into(),
        ));
    }
    drop(store);
    ensure(!has_row()?, || "a store that was released has a status row")?;
    if let Some(folder) = asked.if_asked(scene.item(Item::Folder))? {
        let opened = session.open_entry(Some(folder.as_bytes()), 0);
        ensure(
            opened.is_err(),
            || "OpenEntry opens a folder of a store that was released",
        )?;
    }
    let store = open()?;
    ensure(
        has_row()?,
        || "a store that is open again has no status row",
    )?;
    drop(store);
    end(session)
}
