//! OpenEntry and CompareEntryIDs: what an entry identifier names (M5, M6).

use super::outgoing::MessageState;
use super::provider::{ROOT_FOLDER, is_providers_own, object_number, own_uid};
use super::tables::{self, number};
use super::{
    Access, ClientKey, Kind, Logon, MAPI_UID, ObjectKey, OpenStore, Outcome, ProfileProvider,
    Provided, ProviderKey, Refusal, Result, Session, State, Step, check_flags, check_zero, hex,
    one_off,
};
use crate::OpenEntryFlags;
use crate::error::Success;
use crate::types::{ObjectType, is_same_object, provider_uid};

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
        let entry_id = &*self.canonical(&on, check_present(entry_id)?);
        let uid = provider_uid(entry_id).ok_or_else(|| Refusal::UnknownEntryId(hex(entry_id)))?;
        let access = Access::from(flags);
        let deferred = flags.contains(OpenEntryFlags::DEFERRED_ERRORS);
        let known = on.profile.find(uid).map(|it| it.key);
        let provider = known.or_else(|| self.admit_outside(client, entry_id));
        self.check_cache_flag(provider, flags)?;
        let (object_type, object) = match provider {
            _ if uid == MAPI_UID => self.open_mapi_object(client, entry_id, access)?,
            None if uid == one_off::UID => self.open_one_off(client, entry_id, access)?,
            None => return Err(Refusal::UnknownEntryId(hex(entry_id)).into()),
            Some(provider) if self.is_own_entry_id(provider, entry_id) => {
                let how = OpenStore {
                    provider,
                    access,
                    dialogs: None,
                    deferred,
                    online: false,
                    temporary: false,
                    no_mail: !self.clients[client].wants_mail(),
                };
                return Ok(self.open_store(client, how).then(self, |_, opened| {
                    Step::Done(opened.map(|store| store.map(Entry::MsgStore)))
                }));
            }
            Some(provider) => self.open_inside(client, provider, entry_id, access, deferred)?,
        };
        Ok(Step::Done(Ok(Success::new(Entry::Object(
            object_type,
            object,
        )))))
    }

    /// Whether an entry identifier of this provider is that of a store itself.
    pub(super) fn is_own_entry_id(&self, provider: ProviderKey, entry_id: &[u8]) -> bool {
        is_providers_own(entry_id) && self.profiles.providers[provider].is_store()
    }

    /// A provider may not know MAPI_NO_CACHE (M2).
    fn check_cache_flag(&self, provider: Option<ProviderKey>, flags: OpenEntryFlags) -> Result<()> {
        let provider = provider.map(|it| &self.profiles.providers[it]);
        match provider.filter(|it| it.without_cache_flags) {
            Some(it) if flags.contains(OpenEntryFlags::NO_CACHE) => {
                Err(Refusal::CacheFlag(it.name.as_str().into(), "MAPI_NO_CACHE").into())
            }
            _ => Ok(()),
        }
    }

    /// An object inside a provider.
    fn open_inside(
        &mut self,
        client: ClientKey,
        key: ProviderKey,
        entry_id: &[u8],
        access: Access,
        deferred: bool,
    ) -> Result<(ObjectType, ObjectKey)> {
        let on = self.live(client)?;
        if !self.is_logged_on(on.session, key) {
            return Err(Refusal::UnknownEntryId(hex(entry_id)).into());
        }
        let provider = &self.profiles.providers[key];
        let number = object_number(entry_id).unwrap_or(u32::MAX);
        let found = provider.find_object(entry_id);
        let settled = match found {
            Some(_) => self.may_write(on.session, key, entry_id, access),
            None => Err(Refusal::NoObject(hex(entry_id)).into()),
        };
        // M13
        let (is_writable, failure) = match settled {
            Ok(is_writable) => (is_writable, None),
            Err(failure) if deferred => (false, Some(failure)),
            Err(failure) => return Err(failure),
        };
        let sent = provider.object(number).map(|it| it.object_type);
        let object_type = found.or(sent).unwrap_or(match provider.is_store() {
            true if provider.is_deleted(number) => ObjectType::MESSAGE,
            true => ObjectType::FOLDER,
            false => ObjectType::MAIL_USER,
        });
        let provided = Provided {
            provider: key,
            number,
            object_type,
            is_over: false,
        };
        let opened = self.open(client, Kind::Provided(provided), is_writable);
        self.objects[opened].deferred = failure;
        self.refer_to_store(client, key);
        Ok((object_type, opened))
    }

    /// Whether an object that is there is opened for writing.
    pub(super) fn may_write(
        &self,
        session: &Session,
        key: ProviderKey,
        entry_id: &[u8],
        access: Access,
    ) -> Result<bool> {
        let provider = &self.profiles.providers[key];
        let number = object_number(entry_id).unwrap_or(u32::MAX);
        if provider.mail.find(number) == MessageState::Submitted {
            return access.settled_by(false, || Refusal::InOutgoingQueue(hex(entry_id)));
        }
        let store = session.open_store(key);
        if store.is_some_and(|it| it.is_writable == Some(false)) {
            return access.settled_by(false, || Refusal::StoreOpenForReading(self.name_of(key)));
        }
        let access = match provider.downgrades {
            true => access.downgraded(),
            false => access,
        };
        access.settled_by(!provider.can_only_read(number), || {
            Refusal::ObjectReadOnly(hex(entry_id))
        })
    }

    /// IMsgStore::OpenEntry (rule M14).
    pub(crate) fn open_store_entry(
        &mut self,
        store: ObjectKey,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> Result<(ObjectType, ObjectKey)> {
        let object = self.opened(store)?;
        let client = object.client;
        let key = object.store()?;
        let flags = OpenEntryFlags::from(flags);
        check_flags(&flags)?;
        let on = self.live(client)?;
        let store = &self.profiles.providers[key];
        let root;
        let entry_id = match entry_id {
            Some(entry_id) if !entry_id.is_empty() => &*self.canonical(&on, entry_id),
            _ => {
                root = store.entry_id(ROOT_FOLDER);
                root.as_bytes()
            }
        };
        if provider_uid(entry_id) != Some(store.uid) {
            return Err(Refusal::NotOfTheStore(hex(entry_id), store.name.as_str().into()).into());
        }
        self.check_cache_flag(Some(key), flags)?;
        let deferred = flags.contains(OpenEntryFlags::DEFERRED_ERRORS);
        self.open_inside(client, key, entry_id, Access::from(flags), deferred)
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
        let object_type = self.mapi_object(&on, number);
        let object_type = object_type.ok_or_else(|| Refusal::NoObject(hex(entry_id)))?;
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

    /// What MAPI's own object of this number is, if there is one.
    pub(super) fn mapi_object(&self, on: &Logon<'_>, number: u32) -> Option<ObjectType> {
        match number {
            number::ADDRESS_BOOK => Some(ObjectType::ADDRESS_BOOK),
            number::SUBSYSTEM..=number::ADDRESS_BOOK_STATUS => Some(ObjectType::STATUS),
            _ => self.has_status(on, number).then_some(ObjectType::STATUS),
        }
    }

    /// A mail user who is in no address book: the identifier says all of it.
    fn open_one_off(
        &mut self,
        client: ClientKey,
        entry_id: &[u8],
        access: Access,
    ) -> Result<(ObjectType, ObjectKey)> {
        if one_off::display_name(entry_id).is_none() {
            return Err(Refusal::UnknownEntryId(hex(entry_id)).into());
        }
        access.settled_by(false, || Refusal::ObjectReadOnly(hex(entry_id)))?;
        let opened = self.open(client, Kind::OneOff(entry_id.into()), false);
        Ok((ObjectType::MAIL_USER, opened))
    }

    fn has_status(&self, on: &Logon<'_>, number: u32) -> bool {
        provider_of_status(on, number).is_some_and(|it| {
            let provider = &self.profiles.providers[it.key];
            let logon = self.logon_state(on.session, it.key);
            tables::has_status(provider, logon, on.client.wants_mail())
        })
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
        let one = &*self.canonical(&on, one.unwrap_or_default());
        let other = &*self.canonical(&on, other.unwrap_or_default());
        if provider_uid(one).is_none() || provider_uid(one) != provider_uid(other) {
            return Err(Refusal::NotOfOneProvider(hex(one), hex(other)).into());
        }
        for entry_id in [one, other] {
            if !self.refers_to_object(&on, entry_id) {
                return Err(Refusal::ComparesNoObject(hex(entry_id)).into());
            }
        }
        Ok(is_same_object(one, other))
    }

    fn refers_to_object(&self, on: &Logon<'_>, entry_id: &[u8]) -> bool {
        let uid = provider_uid(entry_id);
        match uid.and_then(|uid| on.profile.find(uid)) {
            Some(it) if self.is_logged_on(on.session, it.key) => {
                let provider = &self.profiles.providers[it.key];
                self.is_own_entry_id(it.key, entry_id) || provider.find_object(entry_id).is_some()
            }
            Some(_) => false,
            None if uid == Some(one_off::UID) => one_off::display_name(entry_id).is_some(),
            None => {
                let number = object_number(entry_id).filter(|_| uid == Some(MAPI_UID));
                number.is_some_and(|number| self.mapi_object(on, number).is_some())
            }
        }
    }
}

/// The provider whose status object would have this number.
pub(super) fn provider_of_status<'a>(on: &Logon<'a>, number: u32) -> Option<&'a ProfileProvider> {
    let serial = number.checked_sub(number::FIRST_PROVIDER)?;
    on.profile.find(own_uid(serial.into()))
}

fn check_present(entry_id: Option<&[u8]>) -> Result<&[u8]> {
    match entry_id {
        None | Some([]) => Err(Refusal::NoEntryId.into()),
        Some(entry_id) => Ok(entry_id),
    }
}
