//! The store table and the status table (M1), and what changes them (M8).

use super::provider::entry_id;
use super::{
    ClientKey, Logon, MAPI_UID, Profile, ProfileProvider, Provider, ProviderKey, ProviderKind,
    ProviderState, Refusal, Result, Session, SessionKey, State, Step,
};
use crate::flags::{ResourceFlags, ResourceMethods, StatusCode, StoreSupportMask};
use crate::notification::{TableEvent, TableEventKind};
use crate::property::{Property, PropertyValue};
use crate::table::{Identity, MsgStoresTable, StatusRow, StatusTable, StoreRow};
use crate::types::{DefaultStore, ObjectType, ResourceType};
use crate::{EntryId, MapiUid, Notification};

/// What stands in every row for the file that the provider is in.
pub(super) const DLL_NAME: &str = "mapi-session";

/// The numbers of MAPI's own objects, and of the providers' status objects.
pub(super) mod number {
    pub(crate) const SUBSYSTEM: u32 = 1;
    pub(crate) const SPOOLER: u32 = 2;
    pub(crate) const ADDRESS_BOOK_STATUS: u32 = 3;
    pub(crate) const ADDRESS_BOOK: u32 = 4;
    /// From here on: this, and the provider's own number.
    pub(crate) const FIRST_PROVIDER: u32 = 0x100;
}

/// A provider of a session, with what the profile and the session say of it.
struct Row<'a> {
    it: &'a ProfileProvider,
    provider: &'a Provider,
    state: ProviderState,
}

impl State {
    fn rows<'a>(
        &'a self,
        session: &'a Session,
        providers: impl Iterator<Item = &'a ProfileProvider>,
    ) -> impl Iterator<Item = Row<'a>> {
        providers.map(move |it| Row {
            it,
            provider: &self.profiles.providers[it.key],
            state: self.provider_state(session, it),
        })
    }

    /// IMAPISession::GetMsgStoresTable (rule M1).
    pub(crate) fn msg_stores_table(&self, client: ClientKey, flags: u32) -> Result<MsgStoresTable> {
        let on = self.live(client)?;
        self.check_unicode(flags)?;
        let rows = self.rows(on.session, on.profile.providers.iter());
        let listed = rows.filter(Row::is_in_store_table);
        let rows = listed.map(
            |Row {
                 provider, state, ..
             }| {
                let name = provider.name.clone();
                StoreRow::new(provider.entry_id(0), name, state.table_flags)
                    .with_provider(provider.uid)
                    .with_provider_display(provider.name.as_str())
                    .with_service_uid(provider.service)
                    .with_instance_key(instance_key(provider))
                    .with_record_key(*provider.uid.as_bytes())
            },
        );
        Ok(rows.collect())
    }

    /// IMAPISession::GetStatusTable (rules M1, L11).
    pub(crate) fn status_table(
        &mut self,
        client: ClientKey,
        flags: u32,
    ) -> Step<Result<StatusTable>> {
        Step::checked(|| {
            self.live(client)?;
            self.check_unicode(flags)?;
            Ok(self.with_transports(client, Self::status_rows))
        })
    }

    fn status_rows(&self, on: &Logon<'_>) -> StatusTable {
        let wants_mail = on.client.wants_mail();
        let own = [
            (number::SUBSYSTEM, ResourceType::SUBSYSTEM, true),
            (number::SPOOLER, ResourceType::SPOOLER, wants_mail),
            (
                number::ADDRESS_BOOK_STATUS,
                ResourceType::ADDRESS_BOOK,
                true,
            ),
        ];
        let own = own.map(|(number, resource_type, is_available)| {
            let flags = ResourceFlags::NO_PRIMARY_IDENTITY;
            let name = own_name(number, on.profile);
            status_row(number, name, resource_type, flags, is_available, None)
        });
        let primary = self.primary_identity(on);
        let reported = self.reported(on).map(|row| provider_row(&row, primary));
        let rows = own.into_iter().chain(reported).zip(0..);
        rows.map(|(row, row_id)| row.with_row_id(row_id)).collect()
    }

    /// The providers that have a row in the status table.
    fn reported<'a>(&'a self, on: &Logon<'a>) -> impl Iterator<Item = Row<'a>> {
        let wants_mail = on.client.wants_mail();
        let rows = self.rows(on.session, on.profile.in_order());
        rows.filter(move |row| has_status(row.provider, row.state.is_logged_on(), wants_mail))
    }

    /// The identities that the rows of the status table tell, and whether each row is tagged as the
    /// primary one's.
    pub(super) fn identities<'a>(
        &'a self,
        on: &Logon<'a>,
    ) -> impl Iterator<Item = (bool, &'a Identity)> {
        let primary = self.primary_identity(on);
        self.reported(on)
            .filter_map(move |row| Some((row.is_primary(), row.identity(primary)?)))
    }

    /// The first identity of the service that gives the session its primary one, and the service.
    fn primary_identity<'a>(&'a self, on: &Logon<'a>) -> Option<(MapiUid, &'a Identity)> {
        let mut rows = self.rows(on.session, on.profile.providers.iter());
        let primary = rows.find(Row::is_primary)?.it.service;
        let mut of_service = on.profile.in_order().filter(|it| it.service == primary);
        of_service.find_map(|it| {
            let identity = self.profiles.providers[it.key].identity.as_ref()?;
            Some((primary, identity))
        })
    }

    /// IMAPISession::SetDefaultStore (rule M8).
    pub(crate) fn set_default_store(
        &mut self,
        client: ClientKey,
        flags: u32,
        entry_id: Option<&[u8]>,
    ) -> Result<()> {
        let on = self.live(client)?;
        let Some(which) = DefaultStore::from_raw(flags) else {
            return Err(Refusal::DefaultStoreValue(flags).into());
        };
        let chosen = entry_id.map(|it| self.find_store(&on, it)).transpose()?;
        let store = chosen.map(|key| &self.profiles.providers[key]);
        if which == DefaultStore::Default {
            store.map_or(Ok(()), check_default_store)?;
        }
        let uid = store.map(|store| store.uid);

        let (session, profile) = (on.client.session, on.session.profile);
        if matches!(which, DefaultStore::Default | DefaultStore::SimplePermanent) {
            let name = on.profile.name.clone();
            // A profile that is to be deleted is not changed any more.
            let _ = self.profiles.change(&name, |_, profile| {
                // A store that is deleted meanwhile is this session's alone.
                if uid.is_none_or(|uid| profile.find(uid).is_some()) {
                    profile.set_flag(default_store_flag(which), uid);
                }
                Ok(())
            });
        }
        let (stores, statuses) = self.mark_default_store(session, which, chosen);
        let (session, profile) = (&self.sessions[session], &self.profiles.versions[profile]);
        let stores = stores.into_iter();
        let stores = stores.filter_map(|key| self.store_changed(session, profile, key));
        let statuses = statuses.into_iter();
        let statuses = statuses.filter_map(|key| self.status_changed(session, profile, key));
        let events: Vec<_> = stores.chain(statuses).collect();
        let subscribers = session.subscribers.clone();
        for event in events {
            self.tell(subscribers.clone(), event);
        }
        Ok(())
    }

    /// Makes this store, and no other, what `which` says; or none. Gives the stores whose rows in
    /// the store table, and in the status table, are others now; where there is no row, none is.
    fn mark_default_store(
        &mut self,
        session: SessionKey,
        which: DefaultStore,
        chosen: Option<ProviderKey>,
    ) -> (Vec<ProviderKey>, Vec<ProviderKey>) {
        let flag = default_store_flag(which);
        let in_store_table = !matches!(which, DefaultStore::Primary | DefaultStore::Secondary);
        let (mut stores, mut statuses) = (Vec::new(), Vec::new());
        let profile = &self.profiles.versions[self.sessions[session].profile];
        for it in profile.providers.clone() {
            let set = chosen == Some(it.key);
            let mut state = self.provider_state(&self.sessions[session], &it);
            let in_table = in_store_table && state.table_flags.contains(flag) != set;
            let in_status = state.status_flags.contains(flag) != set;
            if in_table {
                state.table_flags.set(flag, set);
                if !state.table_flags.contains(ResourceFlags::TEMP_SECTION) {
                    stores.push(it.key);
                }
            }
            if in_status {
                state.status_flags.set(flag, set);
                if self.profiles.providers[it.key].reports_status {
                    statuses.push(it.key);
                }
            }
            if in_table || in_status {
                *self.provider_state_mut(session, it.key) = state;
            }
        }
        (stores, statuses)
    }

    /// A store's row of the store table has changed.
    fn store_changed(
        &self,
        session: &Session,
        profile: &Profile,
        key: ProviderKey,
    ) -> Option<Notification> {
        let rows = self.rows(session, profile.providers.iter());
        let (changed, prior) = with_prior(rows.filter(Row::is_in_store_table), key)?;
        let flags = changed.state.table_flags;
        let is_default = flags.contains(ResourceFlags::DEFAULT_STORE);
        Some(row_changed(
            instance_key(changed.provider).into(),
            prior.map(|row| instance_key(row.provider).into()),
            ObjectType::STORE,
            &changed.provider.entry_id(0),
            flags,
            Some((PR_DEFAULT_STORE, PropertyValue::Boolean(is_default))),
        ))
    }

    /// A store's row of the status table has changed. No transport's is before it.
    fn status_changed(
        &self,
        session: &Session,
        profile: &Profile,
        key: ProviderKey,
    ) -> Option<Notification> {
        let rows = self.rows(session, profile.in_order());
        let (changed, prior) = with_prior(rows.filter(|row| row.provider.reports_status), key)?;
        let prior = prior.map_or(number::ADDRESS_BOOK_STATUS, |row| {
            status_number(row.provider)
        });
        let number = status_number(changed.provider);
        Some(row_changed(
            status_key(number),
            Some(status_key(prior)),
            ObjectType::STATUS,
            &entry_id(MAPI_UID, number),
            changed.state.status_flags,
            None,
        ))
    }
}

impl<'a> Row<'a> {
    fn is_in_store_table(&self) -> bool {
        let flags = self.state.table_flags;
        self.provider.is_store() && !flags.contains(ResourceFlags::TEMP_SECTION)
    }

    fn is_primary(&self) -> bool {
        let flags = self.state.status_flags;
        flags.contains(ResourceFlags::PRIMARY_IDENTITY)
    }

    /// What the provider tells once it is logged on (M7): who it is, else who the service is that
    /// gives the primary identity.
    fn identity(&self, primary: Option<(MapiUid, &'a Identity)>) -> Option<&'a Identity> {
        let of_service =
            primary.filter(|(service, _)| self.is_primary() && *service == self.it.service);
        let of_service = of_service.map(|(_, identity)| identity);
        let identity = self.provider.identity.as_ref().or(of_service);
        identity.filter(|_| self.state.is_logged_on())
    }
}

/// The row of this provider, and the one before it.
fn with_prior<'a>(
    rows: impl Iterator<Item = Row<'a>>,
    key: ProviderKey,
) -> Option<(Row<'a>, Option<Row<'a>>)> {
    let mut prior = None;
    for row in rows {
        if row.it.key == key {
            return Some((row, prior));
        }
        prior = Some(row);
    }
    None
}

/// Whether a provider has a row in the status table, and a status object.
pub(super) fn has_status(provider: &Provider, is_logged_on: bool, wants_mail: bool) -> bool {
    match provider.kind {
        ProviderKind::Transport => wants_mail && is_logged_on,
        _ => provider.reports_status,
    }
}

fn provider_row<'a>(row: &Row<'a>, primary: Option<(MapiUid, &'a Identity)>) -> StatusRow {
    let (provider, state) = (row.provider, row.state);
    status_row(
        status_number(provider),
        &provider.name,
        provider.kind.resource_type(),
        state.status_flags,
        state.is_logged_on(),
        row.identity(primary),
    )
}

fn status_row(
    number: u32,
    name: &str,
    resource_type: ResourceType,
    resource_flags: ResourceFlags,
    is_available: bool,
    identity: Option<&Identity>,
) -> StatusRow {
    StatusRow::new(entry_id(MAPI_UID, number), name, resource_type)
        .with_resource_flags(resource_flags)
        .with_resource_methods(methods_of(resource_type))
        .with_status_code(match is_available {
            true => StatusCode::AVAILABLE,
            false => StatusCode::FAILURE,
        })
        .with_provider_dll_name(DLL_NAME)
        .with_instance_key(status_key(number))
        .with_identity(identity.cloned())
}

/// What a status object supports (M1): all are validated; the spooler's and a transport's can be told
/// to flush their queues.
fn methods_of(resource_type: ResourceType) -> ResourceMethods {
    match resource_type {
        ResourceType::SPOOLER | ResourceType::TRANSPORT_PROVIDER => {
            ResourceMethods::VALIDATE_STATE | ResourceMethods::FLUSH_QUEUES
        }
        _ => ResourceMethods::VALIDATE_STATE,
    }
}

/// The name of one of MAPI's own objects; the subsystem has that of the profile (M1).
pub(super) fn own_name(number: u32, profile: &Profile) -> &str {
    match number {
        number::SUBSYSTEM => &profile.name,
        number::SPOOLER => "MAPI spooler",
        _ => "Address book",
    }
}

fn check_default_store(store: &Provider) -> Result<()> {
    let needed =
        StoreSupportMask::SUBMIT_OK | StoreSupportMask::CREATE_OK | StoreSupportMask::MODIFY_OK;
    let missing = needed - store.support;
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Refusal::NoDefaultStore(store.name.as_str().into(), missing).into()),
    }
}

/// The bit of PR_RESOURCE_FLAGS that SetDefaultStore sets.
fn default_store_flag(which: DefaultStore) -> ResourceFlags {
    match which {
        DefaultStore::Default => ResourceFlags::DEFAULT_STORE,
        DefaultStore::SimpleTemporary | DefaultStore::SimplePermanent => {
            ResourceFlags::SIMPLE_STORE
        }
        DefaultStore::Primary => ResourceFlags::PRIMARY_STORE,
        DefaultStore::Secondary => ResourceFlags::SECONDARY_STORE,
    }
}

const PR_ENTRYID: u32 = 0x0FFF_0102;
const PR_OBJECT_TYPE: u32 = 0x0FFE_0003;
const PR_RESOURCE_FLAGS: u32 = 0x3009_0003;
const PR_DEFAULT_STORE: u32 = 0x3400_000B;

fn row_changed(
    instance_key: Box<[u8]>,
    prior: Option<Box<[u8]>>,
    object_type: ObjectType,
    entry_id: &EntryId,
    flags: ResourceFlags,
    column: Option<(u32, PropertyValue)>,
) -> Notification {
    let long = |value: u32| PropertyValue::Long(value as i32);
    let columns = [
        (
            PR_ENTRYID,
            PropertyValue::Binary(entry_id.as_bytes().into()),
        ),
        (PR_OBJECT_TYPE, long(object_type.get())),
        (PR_RESOURCE_FLAGS, long(flags.bits())),
    ];
    let columns = columns.into_iter().chain(column);
    let row = columns.map(|(tag, value)| Property { tag, value });
    let event = TableEvent::new(TableEventKind::ROW_MODIFIED)
        .with_index(Some(instance_key))
        .with_prior(prior)
        .with_row(row.collect());
    Notification::Table(event)
}

/// The provider's number, which no other has.
pub(super) fn instance_key(provider: &Provider) -> &[u8] {
    &provider.uid.as_bytes()[8..]
}

fn status_number(provider: &Provider) -> u32 {
    number::FIRST_PROVIDER + provider.serial()
}

fn status_key(number: u32) -> Box<[u8]> {
    Box::new(number.to_be_bytes())
}
