//! The objects that a session opens: stores, what is in them, and profile sections.

use std::fmt;
use std::sync::Arc;

use super::forms::Form;
use super::outgoing::Whereabouts;
use super::providers::{
    PROVIDERS_OWN, ProviderCall, ProviderKind, StoredProvider, entry_id, object_number, own_uid,
};
use super::resources::{Disabling, ProviderState, Standing};
use super::rows::{self, number, own_name};
use super::sharing::Client;
use super::{MAPI_UID, check_flags, unknown_flags};
use crate::subsystem::{
    Failure, RawMsgStore, RawObject, RawProfileSection, RawResult, Success, Warning,
};
use crate::sync::{AtomicBool, Ordering};
use crate::types::{Hex, provider_uid};
use crate::{
    HResult, MapiUid, ObjectInfo, ObjectType, OpenEntryFlags, ProfileSectionFlags, Property,
    StoreLogoffFlags, StoreSupportMask,
};

/// How an object is to be opened.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Wanted {
    Read,
    Write,
    Best,
}

impl From<OpenEntryFlags> for Wanted {
    fn from(flags: OpenEntryFlags) -> Self {
        match flags {
            _ if flags.contains(OpenEntryFlags::MODIFY) => Self::Write,
            _ if flags.contains(OpenEntryFlags::BEST_ACCESS) => Self::Best,
            _ => Self::Read,
        }
    }
}

impl Wanted {
    /// Whether it is opened for writing.
    #[inline]
    fn settled_by(self, may_write: bool, what: impl Fn() -> String) -> Result<bool, Failure> {
        match self {
            Self::Write if !may_write => Err(only_read(&what())),
            Self::Read => Ok(false),
            Self::Write | Self::Best => Ok(may_write),
        }
    }
}

#[cold]
fn only_read(what: &str) -> Failure {
    Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!("{what} can only be read"))
}

/// How a store is to be opened.
pub(super) struct OpenStore {
    pub(super) place: usize,
    pub(super) wanted: Wanted,
    /// The parent of dialogs, where there may be any.
    pub(super) dialogs: Option<crate::UiParam>,
    pub(super) deferred: bool,
    pub(super) online: bool,
}

/// An object of a provider is open: the session object that it came from lives, and so does the
/// store (O3).
#[derive(Debug)]
struct Opened {
    client: Arc<Client>,
    place: usize,
    /// Of a cached store, and what was opened from it: which of the two it is.
    connection: Option<Connection>,
    /// It is among the provider's [openings](super::openings). Few are.
    is_counted: bool,
    /// It is the store itself, and that is not logged off. Changed under the lock of the openings.
    is_store: AtomicBool,
}

impl Opened {
    /// One whose connection is counted.
    #[inline]
    fn new(
        client: &Arc<Client>,
        place: usize,
        connection: Option<Connection>,
        is_store: bool,
    ) -> Result<Self, Failure> {
        let mut opened = Self {
            client: Arc::clone(client),
            place,
            connection,
            is_counted: false,
            is_store: AtomicBool::new(is_store),
        };
        if client.counts(place, is_store) {
            client.count_opening(place, is_store)?;
            opened.is_counted = true;
        }
        Ok(opened)
    }

    #[inline]
    fn provider(&self) -> &StoredProvider {
        &self.client.profile().providers()[self.place]
    }

    #[cold]
    fn uncount(&self) {
        if let Some(connection) = self.connection {
            self.client
                .resources()
                .change_provider(self.client.profile(), self.place, |state| {
                    *connection.counts(state).0 -= 1;
                });
        }
        if self.is_counted {
            let is_store = self.is_store.load(Ordering::Acquire);
            self.client.uncount_opening(self.place, is_store);
        }
    }
}

impl Drop for Opened {
    #[inline]
    fn drop(&mut self) {
        if self.connection.is_some() || self.is_counted {
            self.uncount();
        }
    }
}

impl Client {
    /// Whether it matters that an object is open: somebody is told of the store's last (T3), or
    /// transports may be at work in it (T2).
    #[inline]
    pub(super) fn counts(&self, place: usize, is_store: bool) -> bool {
        let provider = &self.profile().providers()[place];
        provider.kind == ProviderKind::Store
            && (provider.has_hook() || is_store && self.profile().has_transports())
    }

    /// Counts an object of a store as open, until it is released or the session ends.
    #[cold]
    pub(super) fn count_opening(
        self: &Arc<Self>,
        place: usize,
        is_store: bool,
    ) -> Result<(), Failure> {
        self.will_open()?;
        let mut openings = self.profile().providers()[place].openings.lock();
        // Under the lock under which the session's end forgets them.
        self.check_live()?;
        openings.add(self.id(), is_store);
        Ok(())
    }

    /// An object that was counted is released. Where it was the store's last, the transports are
    /// told how it was logged off (T3).
    pub(super) fn uncount_opening(&self, place: usize, is_store: bool) {
        let provider = &self.profile().providers()[place];
        let last = provider.openings.lock().remove(self.id(), is_store);
        // What opened under MAPI_DEFERRED_ERRORS may have a provider that never logged on.
        let has_logged_on = || {
            let resources = self.resources();
            resources.provider(self.profile(), place).has_logged_on
        };
        if let Some(how) = last.filter(|_| has_logged_on()) {
            provider.call(ProviderCall::StoreLogoff(how));
        }
    }

    /// The end of the session releases what the client has not.
    pub(super) fn forget_openings(&self) {
        for provider in self.profile().providers() {
            provider.openings.lock().forget(self.id());
        }
        self.profile().sections().close_all(self.id());
    }
}

/// A message store object of the subsystem in memory. Dropping it is Release.
pub struct MemoryMsgStore {
    opened: Opened,
    is_writable: bool,
    /// Why it cannot be used, where the opening did not say (MAPI_DEFERRED_ERRORS).
    deferred: Option<Failure>,
}

/// To which of a cached store's two sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Connection {
    Cache,
    Server,
}

impl Connection {
    /// The side that the session has the store open on, or else would.
    fn in_use(state: &ProviderState) -> Self {
        match state.open_online {
            0 => Self::Cache,
            _ => Self::Server,
        }
    }

    /// Those of the session to this side, and those to the other.
    fn counts(self, state: &mut ProviderState) -> (&mut usize, &mut usize) {
        match self {
            Self::Cache => (&mut state.open_cached, &mut state.open_online),
            Self::Server => (&mut state.open_online, &mut state.open_cached),
        }
    }
}

impl Client {
    /// M2.
    #[inline]
    pub(super) fn open_store(self: &Arc<Self>, how: &OpenStore) -> RawResult<MemoryMsgStore> {
        let provider = &self.profile().providers()[how.place];
        if self.resources().is_untouched() && !provider.cached && !provider.has_hook() {
            if let Ok(is_writable) = self.may_write(provider, how.wanted) {
                let store = MemoryMsgStore::new(self, how.place, None, is_writable)?;
                return Ok(Success::new(store));
            }
        }
        self.open_connected(how)
    }

    /// Where the provider has a say in it, or it cannot be opened.
    #[inline(never)]
    fn open_connected(self: &Arc<Self>, how: &OpenStore) -> RawResult<MemoryMsgStore> {
        match self.connect(how) {
            Ok((is_writable, connection, warning)) => {
                let store = MemoryMsgStore::new(self, how.place, connection, is_writable)?;
                Ok(Success::from_parts(store, warning))
            }
            Err(failure) if how.deferred => {
                let mut store = MemoryMsgStore::new(self, how.place, None, false)?;
                store.deferred = Some(failure);
                Ok(Success::new(store))
            }
            Err(failure) => Err(failure),
        }
    }

    #[inline]
    fn may_write(&self, provider: &StoredProvider, wanted: Wanted) -> Result<bool, Failure> {
        wanted.settled_by(!provider.is_read_only(), || {
            format!("the store {:?}", provider.name)
        })
    }

    /// Opens a store whose provider may have to be logged on, asked, or kept to one side.
    fn connect(
        &self,
        how: &OpenStore,
    ) -> Result<(bool, Option<Connection>, Option<Warning>), Failure> {
        let profile = self.profile();
        let provider = &profile.providers()[how.place];
        let state = self.resources().provider(profile, how.place);
        self.log_store_on(how, state.standing)?;
        if state.sends_no_more {
            self.resources()
                .change_provider(profile, how.place, |state| state.sends_no_more = false);
        }
        let is_writable = self.may_write(provider, how.wanted)?;
        let answer = provider.call(ProviderCall::Open);
        if answer.is_failure() {
            return Err(Failure::new(answer).because(format!(
                "the provider of the store {:?} says so",
                provider.name
            )));
        }
        let warning = Warning::new(answer).map(|warning| {
            warning.because(format!(
                "the provider of the store {:?} says so",
                provider.name
            ))
        });
        let connection = provider.cached.then_some(match how.online {
            true => Connection::Server,
            false => Connection::Cache,
        });
        if let Some(connection) = connection {
            self.resources()
                .change_provider(profile, how.place, |state| {
                    let (same, other) = connection.counts(state);
                    if *other > 0 {
                        return Err(Failure::new(HResult::MAPI_E_FAILONEPROVIDER).because(
                            format!(
                                "the session has the store {:?} open, {}",
                                provider.name,
                                match connection {
                                    Connection::Server =>
                                        "in its local copy, and MDB_ONLINE is set",
                                    Connection::Cache => "on its server, and MDB_ONLINE is not set",
                                }
                            ),
                        ));
                    }
                    *same += 1;
                    Ok(())
                })?;
        }
        Ok((is_writable, connection, warning))
    }

    fn log_store_on(&self, how: &OpenStore, standing: Standing) -> Result<(), Failure> {
        let (profile, resources) = (self.profile(), self.resources());
        let provider = &profile.providers()[how.place];
        let failed = |hresult: HResult| {
            let lacks_configuration = hresult == HResult::MAPI_E_UNCONFIGURED
                || (hresult == HResult::MAPI_E_FAILONEPROVIDER && provider.is_unconfigured());
            let code = if lacks_configuration {
                HResult::MAPI_E_LOGON_FAILED
            } else {
                hresult
            };
            Failure::new(code).because(format!(
                "the provider of the store {:?} could not log on: {hresult}",
                provider.name
            ))
        };
        match standing {
            Standing::LoggedOn => Ok(()),
            Standing::Disabled(hresult) => {
                Err(Failure::new(HResult::MAPI_E_LOGON_FAILED).because(format!(
                    "the service of the store {:?} is disabled for this session: {hresult}",
                    provider.name
                )))
            }
            _ => {
                let dialogs = how.dialogs.map(|parent| (&self.system().user, parent));
                resources
                    .log_on(profile, how.place, dialogs, Disabling::Nothing)
                    .map_err(|failure| failed(failure.hresult()))
            }
        }
    }

    /// M5, of an object inside a provider; through a store, on its connection.
    pub(super) fn open_object(
        self: &Arc<Self>,
        place: usize,
        entry_id: &[u8],
        wanted: Wanted,
        deferred: bool,
        connection: Option<Connection>,
    ) -> Result<(ObjectType, MemoryObject), Failure> {
        if !self.resources().is_logged_on(self.profile(), place) {
            return Err(unknown(entry_id));
        }
        let provider = &self.profile().providers()[place];
        let number = object_number(entry_id).unwrap_or(u32::MAX);
        let object_type = match (number, provider.kind) {
            (0, ProviderKind::AddressBook) if entry_id.len() == PROVIDERS_OWN => {
                ObjectType::ADDRESS_BOOK_CONTAINER
            }
            _ => match provider.object(number) {
                Some(object) => object.object_type,
                None => return Err(not_found(entry_id)),
            },
        };
        let whereabouts = provider.mail.lock().find(number);
        let may_write = match whereabouts {
            Whereabouts::Sent => return Err(not_found(entry_id)),
            Whereabouts::Submitted => false,
            Whereabouts::Here => !provider.is_read_only(),
        };
        let is_writable = match whereabouts {
            Whereabouts::Submitted if wanted == Wanted::Write => {
                Err(Failure::new(HResult::MAPI_E_SUBMITTED).because(format!(
                    "the message {} is in the outgoing queue",
                    Hex(entry_id)
                )))
            }
            _ => wanted.settled_by(may_write, || format!("the object {}", Hex(entry_id))),
        };
        let (is_writable, deferred) = match is_writable {
            Ok(is_writable) => (is_writable, None),
            Err(failure) if deferred => (false, Some(failure)),
            Err(failure) => return Err(failure),
        };
        let connection = (connection.is_some() || provider.cached).then(|| {
            self.resources()
                .change_provider(self.profile(), place, |state| {
                    let side = connection.unwrap_or_else(|| Connection::in_use(state));
                    *side.counts(state).0 += 1;
                    side
                })
        });
        let object = MemoryObject {
            kind: Kind::Provided(Opened::new(self, place, connection, false)?, number),
            object_type,
            is_writable,
            deferred,
            is_submitted: AtomicBool::new(false),
        };
        Ok((object_type, object))
    }
}

impl MemoryMsgStore {
    #[inline]
    fn new(
        client: &Arc<Client>,
        place: usize,
        connection: Option<Connection>,
        is_writable: bool,
    ) -> Result<Self, Failure> {
        Ok(Self {
            opened: Opened::new(client, place, connection, true)?,
            is_writable,
            deferred: None,
        })
    }

    /// Whether the store's provider is at this place, and came from this client.
    pub(super) fn is_of(&self, client: &Client, place: usize) -> bool {
        client.is(&self.opened.client) && self.opened.place == place
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        self.opened.client.check()?;
        self.check_logged_on()?;
        self.deferred.clone().map_or(Ok(()), Err)
    }

    fn check_logged_on(&self) -> Result<(), Failure> {
        match self.opened.is_store.load(Ordering::Acquire) {
            true => Ok(()),
            false => {
                Err(Failure::new(HResult::MAPI_E_INVALID_OBJECT).because("the store is logged off"))
            }
        }
    }

    /// T1, T2.
    fn log_off(&self, flags: u32) -> RawResult<u32> {
        self.check()?;
        let how = StoreLogoffFlags::from(flags);
        let in_flags = StoreLogoffFlags::NO_WAIT
            | StoreLogoffFlags::ORDERLY
            | StoreLogoffFlags::PURGE
            | StoreLogoffFlags::ABORT
            | StoreLogoffFlags::QUIET;
        if !in_flags.contains(how) || flags.count_ones() != 1 {
            return Err(
                Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because(format!(
                    "*lpulFlags is {flags:#010X}, and must be exactly one of the five LOGOFF_ flags"
                )),
            );
        }
        let Opened { client, place, .. } = &self.opened;
        let (provider, session) = (self.opened.provider(), client.session_serial());
        // A flush is the transports' work. Looked up before the mail is locked: they lock it too.
        let flushes = how == StoreLogoffFlags::PURGE && client.has_active_transports()?;

        let mut openings = provider.openings.lock();
        self.check_logged_on()?;
        let mut mail = provider.mail.lock();
        // What others have open is only released.
        let is_mine = !openings.has_others(client.id());
        if is_mine {
            let busy = StoreLogoffFlags::INBOUND | StoreLogoffFlags::OUTBOUND;
            let is_cautious = how.intersects(StoreLogoffFlags::QUIET | StoreLogoffFlags::ABORT);
            if is_cautious && mail.activity().intersects(busy) {
                return Ok(Success::new(mail.activity().bits()));
            }
            match how {
                StoreLogoffFlags::PURGE if flushes => mail.flush(session),
                StoreLogoffFlags::ORDERLY => mail.finish(session),
                _ => {}
            }
        }
        let activity = mail.activity();
        drop(mail);
        openings.log_off(client.id(), is_mine.then_some(how));
        self.opened.is_store.store(false, Ordering::Release);
        drop(openings);
        if is_mine && how == StoreLogoffFlags::ORDERLY {
            client
                .resources()
                .change_provider(client.profile(), *place, |state| state.sends_no_more = true);
        }
        Ok(Success::new((activity | StoreLogoffFlags::COMPLETE).bits()))
    }

    fn open_object(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, MemoryObject)> {
        self.check()?;
        let flags = OpenEntryFlags::from(flags);
        check_flags(&flags)?;
        let entry_id = check_present(entry_id)?;
        let (client, place) = (&self.opened.client, self.opened.place);
        let provider = self.opened.provider();
        if provider_uid(entry_id) != Some(provider.uid) {
            return Err(
                Failure::new(HResult::MAPI_E_UNKNOWN_ENTRYID).because(format!(
                    "\"{}\" is not of the store {:?}",
                    Hex(entry_id),
                    provider.name
                )),
            );
        }
        let wanted = match Wanted::from(flags) {
            Wanted::Best if !self.is_writable => Wanted::Read,
            Wanted::Write if !self.is_writable => {
                return Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!(
                    "the store {:?} was opened for reading, and MAPI_MODIFY is set",
                    provider.name
                )));
            }
            wanted => wanted,
        };
        let deferred = flags.contains(OpenEntryFlags::DEFERRED_ERRORS);
        Ok(Success::new(client.open_object(
            place,
            entry_id,
            wanted,
            deferred,
            self.opened.connection,
        )?))
    }
}

impl RawMsgStore for MemoryMsgStore {
    type Object = MemoryObject;

    fn info(&self) -> RawResult<ObjectInfo> {
        self.check()?;
        let provider = self.opened.provider();
        Ok(Success::new(ObjectInfo {
            entry_id: provider.entry_id(0),
            object_type: ObjectType::STORE,
            display_name: provider.name.clone(),
            parent_id: None,
            is_writable: self.is_writable,
        }))
    }

    fn support_mask(&self) -> RawResult<u32> {
        self.check()?;
        let mut support = self.opened.provider().support;
        if !self.is_writable {
            support -= StoreSupportMask::MODIFY_OK | StoreSupportMask::CREATE_OK;
        }
        Ok(Success::new(support.bits()))
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, MemoryObject)> {
        self.open_object(entry_id, flags)
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        self.log_off(flags)
    }
}

impl fmt::Debug for MemoryMsgStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryMsgStore({:?})", self.opened.provider().name)
    }
}

/// A folder, a message, a user, a status object or the address book, of the subsystem in memory.
/// Dropping it is Release.
pub struct MemoryObject {
    kind: Kind,
    object_type: ObjectType,
    is_writable: bool,
    /// Why it cannot be used, where the opening did not say (MAPI_DEFERRED_ERRORS).
    deferred: Option<Failure>,
    is_submitted: AtomicBool,
}

enum Kind {
    /// A provider's, with its number there; zero for the provider's own.
    Provided(Opened, u32),
    /// MAPI's own, with its number.
    Mapi(Arc<Client>, u32),
}

impl MemoryObject {
    /// M3.
    pub(super) fn address_book(client: &Arc<Client>) -> Self {
        Self::new_of_mapi(client, number::ADDRESS_BOOK, ObjectType::ADDRESS_BOOK)
    }

    fn new_of_mapi(client: &Arc<Client>, number: u32, object_type: ObjectType) -> Self {
        Self {
            kind: Kind::Mapi(Arc::clone(client), number),
            object_type,
            is_writable: false,
            deferred: None,
            is_submitted: AtomicBool::new(false),
        }
    }

    /// M5, of what MAPI itself provides: the address book, and the status objects.
    pub(super) fn of_mapi(
        client: &Arc<Client>,
        entry_id: &[u8],
        wanted: Wanted,
    ) -> Result<(ObjectType, Self), Failure> {
        let number = object_number(entry_id).unwrap_or(0);
        let object_type = match number {
            number::ADDRESS_BOOK => ObjectType::ADDRESS_BOOK,
            number::SUBSYSTEM..=number::ADDRESS_BOOK_STATUS => ObjectType::STATUS,
            _ if has_status(client, number) => ObjectType::STATUS,
            _ => return Err(not_found(entry_id)),
        };
        wanted.settled_by(false, || format!("the object {}", Hex(entry_id)))?;
        Ok((object_type, Self::new_of_mapi(client, number, object_type)))
    }

    fn client(&self) -> &Arc<Client> {
        match &self.kind {
            Kind::Provided(opened, _) => &opened.client,
            Kind::Mapi(client, _) => client,
        }
    }

    pub(super) fn check(&self) -> Result<(), Failure> {
        self.client().check()?;
        if self.is_submitted.load(Ordering::Acquire) {
            return Err(
                Failure::new(HResult::MAPI_E_INVALID_OBJECT).because("the message is submitted")
            );
        }
        self.deferred.clone().map_or(Ok(()), Err)
    }

    /// The message, for a form of this client.
    pub(super) fn as_form(&self, client: &Client) -> Result<Form, Failure> {
        self.check()?;
        match &self.kind {
            Kind::Provided(opened, number)
                if client.is(&opened.client) && self.object_type == ObjectType::MESSAGE =>
            {
                Ok(Form {
                    place: opened.place,
                    message: *number,
                })
            }
            _ => Err(Failure::new(HResult::MAPI_E_INVALID_PARAMETER)
                .because("the object is no message of this session object")),
        }
    }

    /// Whether it is a folder of the store at this place, and came from this client.
    pub(super) fn is_folder_of(&self, client: &Client, place: usize) -> bool {
        match &self.kind {
            Kind::Provided(opened, _) => {
                client.is(&opened.client)
                    && opened.place == place
                    && self.object_type == ObjectType::FOLDER
            }
            Kind::Mapi(..) => false,
        }
    }

    fn submit(&self, flags: u32) -> RawResult<()> {
        const FORCE_SUBMIT: u32 = 1;
        self.check()?;
        if flags & !FORCE_SUBMIT != 0 {
            return Err(unknown_flags(flags & !FORCE_SUBMIT));
        }
        let (opened, number) = match &self.kind {
            Kind::Provided(opened, number) if self.object_type == ObjectType::MESSAGE => {
                (opened, *number)
            }
            _ => {
                return Err(
                    Failure::new(HResult::MAPI_E_NO_SUPPORT).because("only messages are submitted")
                );
            }
        };
        if !self.is_writable {
            let message = opened.provider().entry_id(number);
            return Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!(
                "the message {} was opened for reading",
                Hex(message.as_bytes())
            )));
        }
        opened.client.submit(opened.place, number)?;
        self.is_submitted.store(true, Ordering::Release);
        Ok(Success::new(()))
    }
}

impl RawObject for MemoryObject {
    fn info(&self) -> RawResult<ObjectInfo> {
        self.check()?;
        let (entry_id, display_name, parent_id) = match &self.kind {
            Kind::Provided(opened, number) => {
                let provider = opened.provider();
                let (name, parent_id) = match provider.object(*number) {
                    Some(object) => (&object.name, Some(provider.entry_id(object.parent))),
                    None => (&provider.name, None),
                };
                (provider.entry_id(*number), name.clone(), parent_id)
            }
            Kind::Mapi(client, number) => {
                let name = match provider_of_status(client, *number) {
                    Some(place) => client.profile().providers()[place].name.clone(),
                    None => own_name(*number).into(),
                };
                (entry_id(MAPI_UID, *number), name, None)
            }
        };
        Ok(Success::new(ObjectInfo {
            entry_id,
            object_type: self.object_type,
            display_name,
            parent_id,
            is_writable: self.is_writable,
        }))
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        self.submit(flags)
    }
}

impl fmt::Debug for MemoryObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryObject({:?})", self.object_type)
    }
}

/// A profile section object of the subsystem in memory. Dropping it is Release.
pub struct MemoryProfileSection {
    client: Arc<Client>,
    uid: MapiUid,
    flags: ProfileSectionFlags,
}

impl MemoryProfileSection {
    /// One that is counted as open.
    pub(super) fn new(client: &Arc<Client>, uid: MapiUid, flags: ProfileSectionFlags) -> Self {
        Self {
            client: Arc::clone(client),
            uid,
            flags,
        }
    }
}

impl RawProfileSection for MemoryProfileSection {
    fn props(&self) -> RawResult<Vec<Property>> {
        self.client.check()?;
        let props = self.client.profile().sections().props(self.uid)?;
        Ok(Success::new(props))
    }

    fn set_props(&self, props: &[Property]) -> RawResult<()> {
        self.client.check()?;
        if !self.flags.contains(ProfileSectionFlags::MODIFY) {
            return Err(Failure::new(HResult::MAPI_E_NO_ACCESS).because(format!(
                "the profile section {} was opened for reading",
                Hex(&self.uid.0)
            )));
        }
        let mut sections = self.client.profile().sections();
        Ok(Success::new(sections.set_props(self.uid, props)?))
    }
}

impl Drop for MemoryProfileSection {
    fn drop(&mut self) {
        let mut sections = self.client.profile().sections();
        sections.close(self.uid, self.client.id());
    }
}

impl fmt::Debug for MemoryProfileSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryProfileSection({:?})", self.uid)
    }
}

/// The place of the provider whose status object would have this number.
fn provider_of_status(client: &Client, number: u32) -> Option<usize> {
    let serial = number.checked_sub(number::FIRST_PROVIDER)?;
    client.profile().place_of(own_uid(serial.into()))
}

fn has_status(client: &Client, number: u32) -> bool {
    let profile = client.profile();
    provider_of_status(client, number).is_some_and(|place| {
        let standing = client.resources().provider(profile, place).standing;
        rows::has_status(&profile.providers()[place], standing, client.wants_mail())
    })
}

pub(super) fn check_present(entry_id: Option<&[u8]>) -> Result<&[u8], Failure> {
    match entry_id {
        None | Some([]) => {
            Err(Failure::new(HResult::MAPI_E_INVALID_ENTRYID)
                .because("there is no entry identifier"))
        }
        Some(entry_id) => Ok(entry_id),
    }
}

#[cold]
pub(super) fn unknown(entry_id: &[u8]) -> Failure {
    Failure::new(HResult::MAPI_E_UNKNOWN_ENTRYID).because(format!(
        "no provider of the session answers for \"{}\"",
        Hex(entry_id)
    ))
}

#[cold]
fn not_found(entry_id: &[u8]) -> Failure {
    Failure::new(HResult::MAPI_E_NOT_FOUND).because(format!("there is no object {}", Hex(entry_id)))
}
