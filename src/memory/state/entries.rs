//! OpenEntry and CompareEntryIDs: what an entry identifier names (M5, M6).

use super::outgoing::MessageState;
use super::provider::{PROVIDERS_OWN, entry_id as id_of, object_number, own_uid};
use super::tables::{self, number};
use super::{
    Access, ClientKey, Kind, Logon, MAPI_UID, ObjectKey, OpenStore, Outcome, ProfileProvider,
    Provided, Provider, ProviderKey, ProviderKind, Refusal, Result, Side, State, Step, check_flags,
    check_zero, hex,
};
use crate::error::Success;
use crate::types::{ObjectInfo, ObjectType, is_same_object, provider_uid};
use crate::{HResult, OpenEntryFlags};

/// What OpenEntry opened.
pub(crate) enum Entry {
    MsgStore(ObjectKey),
    Object(ObjectType, ObjectKey),
}

impl State {
    /// IMAPISession::OpenEntry (rule M5).
    pub(crate) fn open_entry(
        &mut self,
        client: ClientKey,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> Step<Outcome<Entry>> {
        Step::checked(|| self.find_and_open(client, entry_id, OpenEntryFlags::from(flags)))
    }

    fn find_and_open(
        &mut self,
        client: ClientKey,
        entry_id: Option<&[u8]>,
        flags: OpenEntryFlags,
    ) -> Result<Step<Outcome<Entry>>> {
        let on = self.live(client)?;
        check_flags(&flags)?;
        let entry_id = check_present(entry_id)?;
        let uid = provider_uid(entry_id).ok_or_else(|| Refusal::UnknownEntryId(hex(entry_id)))?;
        let access = Access::from(flags);
        let deferred = flags.contains(OpenEntryFlags::DEFERRED_ERRORS);
        let provider = on.profile.find(uid).map(|it| it.key);
        let (object_type, object) = match provider {
            _ if uid == MAPI_UID => self.open_mapi_object(client, entry_id, access)?,
            None => return Err(Refusal::UnknownEntryId(hex(entry_id)).into()),
            Some(provider) if self.is_own_entry_id(provider, entry_id) => {
                let how = OpenStore {
                    provider,
                    access,
                    dialogs: None,
                    deferred,
                    online: false,
                };
                return Ok(self.open_store(client, how).then(self, |_, opened| {
                    Step::Done(opened.map(|store| store.map(Entry::MsgStore)))
                }));
            }
            Some(provider) => {
                self.open_inside(client, provider, entry_id, access, deferred, None)?
            }
        };
        Ok(Step::Done(Ok(Success::new(Entry::Object(
            object_type,
            object,
        )))))
    }

    /// Whether an entry identifier of this provider is that of a store itself.
    pub(super) fn is_own_entry_id(&self, provider: ProviderKey, entry_id: &[u8]) -> bool {
        entry_id.len() == PROVIDERS_OWN && self.profiles.providers[provider].is_store()
    }

    /// An object inside a provider; through a store, on its side.
    fn open_inside(
        &mut self,
        client: ClientKey,
        key: ProviderKey,
        entry_id: &[u8],
        access: Access,
        deferred: bool,
        side: Option<Side>,
    ) -> Result<(ObjectType, ObjectKey)> {
        let on = self.live(client)?;
        if !self.is_logged_on(on.session, key) {
            return Err(Refusal::UnknownEntryId(hex(entry_id)).into());
        }
        let provider = &self.profiles.providers[key];
        let number = object_number(entry_id).unwrap_or(u32::MAX);
        let object_type = match (number, provider.kind) {
            (0, ProviderKind::AddressBook) if entry_id.len() == PROVIDERS_OWN => {
                ObjectType::ADDRESS_BOOK_CONTAINER
            }
            _ => match provider.object(number) {
                Some(object) => object.object_type,
                None => return Err(Refusal::NoObject(hex(entry_id)).into()),
            },
        };
        let (is_writable, deferred) = match may_write(provider, number, entry_id, access) {
            Ok(is_writable) => (is_writable, None),
            Err(failure) if deferred && failure.hresult() != HResult::MAPI_E_NOT_FOUND => {
                (false, Some(failure))
            }
            Err(failure) => return Err(failure),
        };
        // The side that the session has the store open on, or else would.
        let state = on.session.providers.get(&key);
        let in_use = match state.is_some_and(|state| state.open_online > 0) {
            true => Side::Server,
            false => Side::Cache,
        };
        let side = side.or(provider.cached.then_some(in_use));
        let provided = Provided {
            provider: key,
            side,
            number,
            object_type,
            is_over: false,
        };
        let opened = self.open_provided(client, provided, is_writable);
        self.objects[opened].deferred = deferred;
        Ok((object_type, opened))
    }

    /// IMsgStore::OpenEntry.
    pub(crate) fn open_store_entry(
        &mut self,
        store: ObjectKey,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> Result<(ObjectType, ObjectKey)> {
        let object = self.opened(store)?;
        let (client, is_writable) = (object.client, object.is_writable);
        let provider = object.store()?;
        let side = object.provided().and_then(|it| it.side);
        let flags = OpenEntryFlags::from(flags);
        check_flags(&flags)?;
        let entry_id = check_present(entry_id)?;
        let store = &self.profiles.providers[provider];
        if provider_uid(entry_id) != Some(store.uid) {
            return Err(Refusal::NotOfTheStore(hex(entry_id), store.name.as_str().into()).into());
        }
        let access = match Access::from(flags) {
            Access::Best if !is_writable => Access::Read,
            Access::Write if !is_writable => {
                return Err(Refusal::StoreOpenForReading(store.name.as_str().into()).into());
            }
            access => access,
        };
        let deferred = flags.contains(OpenEntryFlags::DEFERRED_ERRORS);
        self.open_inside(client, provider, entry_id, access, deferred, side)
    }

    /// What MAPI itself provides: the address book, and the status objects.
    fn open_mapi_object(
        &mut self,
        client: ClientKey,
        entry_id: &[u8],
        access: Access,
    ) -> Result<(ObjectType, ObjectKey)> {
        let on = self.live(client)?;
        let number = object_number(entry_id).unwrap_or(0);
        let object_type = match number {
            number::ADDRESS_BOOK => ObjectType::ADDRESS_BOOK,
            number::SUBSYSTEM..=number::ADDRESS_BOOK_STATUS => ObjectType::STATUS,
            _ if self.has_status(&on, number) => ObjectType::STATUS,
            _ => return Err(Refusal::NoObject(hex(entry_id)).into()),
        };
        // A status object that can only be read is opened for reading all the same.
        if object_type != ObjectType::STATUS {
            access.settled_by(false, || Refusal::ObjectReadOnly(hex(entry_id)))?;
        }
        let kind = Kind::Mapi {
            number,
            object_type,
        };
        Ok((object_type, self.open(client, kind, false)))
    }

    fn has_status(&self, on: &Logon<'_>, number: u32) -> bool {
        provider_of_status(on, number).is_some_and(|it| {
            let provider = &self.profiles.providers[it.key];
            let is_logged_on = self.is_logged_on(on.session, it.key);
            tables::has_status(provider, is_logged_on, on.client.wants_mail())
        })
    }

    /// GetProps, of what a session knows of an object.
    pub(crate) fn info(&self, key: ObjectKey) -> Result<ObjectInfo> {
        let object = self.opened(key)?;
        let on = self.live(object.client)?;
        let info = match object.kind {
            Kind::Provided(it) => {
                let provider = &self.profiles.providers[it.provider];
                let info = ObjectInfo::new(provider.entry_id(it.number), it.object_type);
                match provider.object(it.number) {
                    Some(object) => info
                        .with_display_name(&object.name)
                        .with_parent_id(Some(provider.entry_id(object.parent))),
                    None => info.with_display_name(&provider.name),
                }
            }
            Kind::Mapi {
                number,
                object_type,
            } => {
                let id = id_of(MAPI_UID, number);
                let name = match provider_of_status(&on, number) {
                    Some(it) => &self.profiles.providers[it.key].name,
                    // Its store has left the profile.
                    None if number >= number::FIRST_PROVIDER => {
                        return Err(Refusal::NoObject(hex(id.as_bytes())).into());
                    }
                    None => tables::own_name(number, on.profile),
                };
                ObjectInfo::new(id, object_type).with_display_name(name)
            }
            _ => return Err(Refusal::LoggedOff.into()),
        };
        Ok(info.with_writable(object.is_writable))
    }

    /// IMAPISession::CompareEntryIDs (rule M6).
    pub(crate) fn compare_entry_ids(
        &self,
        client: ClientKey,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> Result<bool> {
        let on = self.live(client)?;
        check_zero("ulFlags", flags)?;
        let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
        match (provider_uid(one), provider_uid(other)) {
            (Some(uid), Some(same)) if uid == same && self.answers_for(&on, uid) => {
                Ok(is_same_object(one, other))
            }
            _ => Err(Refusal::NotOfOneProvider(hex(one), hex(other)).into()),
        }
    }

    fn answers_for(&self, on: &Logon<'_>, uid: crate::MapiUid) -> bool {
        match on.profile.find(uid) {
            Some(it) => self.is_logged_on(on.session, it.key),
            None => uid == MAPI_UID,
        }
    }
}

/// Whether an object is opened for writing. One that has been sent is gone.
fn may_write(provider: &Provider, number: u32, entry_id: &[u8], access: Access) -> Result<bool> {
    match provider.mail.find(number) {
        MessageState::Sent => Err(Refusal::NoObject(hex(entry_id)).into()),
        MessageState::Submitted => {
            access.settled_by(false, || Refusal::InOutgoingQueue(hex(entry_id)))
        }
        MessageState::InItsFolder => access.settled_by(!provider.is_read_only(), || {
            Refusal::ObjectReadOnly(hex(entry_id))
        }),
    }
}

/// The provider whose status object would have this number.
fn provider_of_status<'a>(on: &Logon<'a>, number: u32) -> Option<&'a ProfileProvider> {
    let serial = number.checked_sub(number::FIRST_PROVIDER)?;
    on.profile.find(own_uid(serial.into()))
}

fn check_present(entry_id: Option<&[u8]>) -> Result<&[u8]> {
    match entry_id {
        None | Some([]) => Err(Refusal::NoEntryId.into()),
        Some(entry_id) => Ok(entry_id),
    }
}
