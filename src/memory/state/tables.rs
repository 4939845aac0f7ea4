//! The store table and the status table (M1), and what changes them (M8).

use super::provider::{DLL_NAME, entry_id};
use super::{
    ClientKey, Logon, LogonState, MAPI_UID, Profile, ProfileProvider, Provider, ProviderKey,
    ProviderKind, ProviderState, Refusal, Result, Session, SessionKey, State, Step,
};
use crate::MapiUid;
use crate::flags::{ResourceFlags, ResourceMethods, StatusCode, StoreSupportMask};
use crate::table::{Identity, MsgStoresTable, StatusRow, StatusTable, StoreRow};
use crate::types::{DefaultStore, ResourceType};

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
        let here = providers.filter(|it| !it.is_removed);
        here.map(move |it| Row {
            it,
            provider: &self.profiles.providers[it.key],
            state: self.provider_state(session, it),
        })
    }

    /// IMAPISession::GetMsgStoresTable (rule M1).
    pub(crate) fn msg_stores_table(&self, client: ClientKey, flags: u32) -> Result<MsgStoresTable> {
        let on = self.live(client)?;
        self.check_text_flags(flags)?;
        Ok(self.store_rows(&on))
    }

    pub(super) fn store_rows(&self, on: &Logon<'_>) -> MsgStoresTable {
        let rows = self.rows(on.session, on.profile.providers.iter());
        let listed = rows.filter(Row::is_in_store_table);
        let rows = listed.map(
            |Row {
                 provider, state, ..
             }| {
                let name = provider.name.clone();
                StoreRow::new(provider.entry_id(0), name, state.table_flags)
                    .with_provider(provider.provider_type)
                    .with_provider_display(provider.display())
                    .with_service_uid(provider.service)
                    .with_instance_key(instance_key(provider))
                    .with_record_key(*provider.uid.as_bytes())
            },
        );
        rows.collect()
    }

    /// IMAPISession::GetStatusTable (rules M1, L11).
    pub(crate) fn status_table(
        &mut self,
        client: ClientKey,
        flags: u32,
    ) -> Step<Result<StatusTable>> {
        Step::checked(|| {
            self.live(client)?;
            self.check_text_flags(flags)?;
            Ok(self.with_transports(client, Self::status_rows))
        })
    }

    pub(super) fn status_rows(&self, on: &Logon<'_>) -> StatusTable {
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
            let code = status_code(is_available, false);
            status_row(number, name, resource_type, flags, code, None)
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
        rows.filter(move |row| has_status(row.provider, row.state.logon, wants_mail))
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
        let of_service = on.profile.in_order().filter(|it| it.service == primary);
        let identities = of_service.filter_map(|it| {
            let identity = self.profiles.providers[it.key].identity.as_ref()?;
            Some((it.may_be_primary, identity))
        });
        // The first of those that are described as giving it, if there are any.
        let (_, identity) = identities.min_by_key(|(may_be_primary, _)| !may_be_primary)?;
        Some((primary, identity))
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
            let it = store.and_then(|store| on.profile.find(store.uid));
            store.zip(it).map_or(Ok(()), check_default_store)?;
        }
        let uid = store.map(|store| store.uid);

        let session = on.client.session;
        if which != DefaultStore::SimpleTemporary {
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
        self.mark_default_store(session, which, chosen);
        self.tell_of_changed_rows(session);
        Ok(())
    }

    /// Makes this store, and no other, what `which` says; or none.
    fn mark_default_store(
        &mut self,
        session: SessionKey,
        which: DefaultStore,
        chosen: Option<ProviderKey>,
    ) {
        let flag = default_store_flag(which);
        let in_store_table = !matches!(which, DefaultStore::Primary | DefaultStore::Secondary);
        let profile = &self.profiles.versions[self.sessions[session].profile];
        for it in profile.providers.clone() {
            let set = chosen == Some(it.key);
            let mut state = self.provider_state(&self.sessions[session], &it);
            let was = (state.table_flags, state.status_flags);
            if in_store_table {
                state.table_flags.set(flag, set);
            }
            state.status_flags.set(flag, set);
            if (state.table_flags, state.status_flags) != was {
                *self.provider_state_mut(session, it.key) = state;
            }
        }
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

/// Whether a provider has a row in the status table, and a status object.
pub(super) fn has_status(provider: &Provider, logon: LogonState, wants_mail: bool) -> bool {
    match provider.kind {
        ProviderKind::Transport => wants_mail && logon == LogonState::LoggedOn,
        // O6
        _ => provider.reports_status && logon != LogonState::Released,
    }
}

fn provider_row<'a>(row: &Row<'a>, primary: Option<(MapiUid, &'a Identity)>) -> StatusRow {
    let (provider, state) = (row.provider, row.state);
    status_row(
        status_number(provider),
        &provider.name,
        provider.kind.resource_type(),
        state.status_flags,
        status_code(state.is_logged_on(), provider.offline),
        row.identity(primary),
    )
    .with_resource_path(provider.resource_path.as_str())
    .with_resource_methods(methods_of_provider(provider))
    .with_provider_display(provider.display())
    .with_provider_dll_name(provider.dll_name())
}

fn status_code(is_available: bool, is_offline: bool) -> StatusCode {
    match (is_available, is_offline) {
        (false, _) => StatusCode::FAILURE,
        (true, true) => StatusCode::OFFLINE,
        (true, false) => StatusCode::AVAILABLE,
    }
}

fn status_row(
    number: u32,
    name: &str,
    resource_type: ResourceType,
    resource_flags: ResourceFlags,
    status_code: StatusCode,
    identity: Option<&Identity>,
) -> StatusRow {
    StatusRow::new(entry_id(MAPI_UID, number), name, resource_type)
        .with_resource_flags(resource_flags)
        .with_resource_methods(methods_of(resource_type))
        .with_status_code(status_code)
        .with_provider_display("MAPI")
        .with_provider_dll_name(DLL_NAME)
        .with_instance_key(status_key(number))
        .with_identity(identity.cloned())
}

/// What the status objects of a kind support (M1): all are validated; the spooler's and a transport's can be told
/// to flush their queues.
pub(super) fn methods_of(resource_type: ResourceType) -> ResourceMethods {
    match resource_type {
        ResourceType::SPOOLER | ResourceType::TRANSPORT_PROVIDER => {
            ResourceMethods::VALIDATE_STATE | ResourceMethods::FLUSH_QUEUES
        }
        _ => ResourceMethods::VALIDATE_STATE,
    }
}

/// The same of a provider, which can have the other two.
pub(super) fn methods_of_provider(provider: &Provider) -> ResourceMethods {
    let mut methods = methods_of(provider.kind.resource_type());
    methods.set(ResourceMethods::SETTINGS_DIALOG, provider.settings_dialog);
    let has_password = provider.password.is_some();
    methods.set(ResourceMethods::CHANGE_PASSWORD, has_password);
    methods
}

/// The name of one of MAPI's own objects; the subsystem has that of the profile (M1).
pub(super) fn own_name(number: u32, profile: &Profile) -> &str {
    match number {
        number::SUBSYSTEM => &profile.name,
        number::SPOOLER => "MAPI spooler",
        _ => "Address book",
    }
}

fn check_default_store((store, it): (&Provider, &ProfileProvider)) -> Result<()> {
    if it.flags.contains(ResourceFlags::NO_DEFAULT_STORE) {
        return Err(Refusal::NeverDefaultStore(store.name.as_str().into()).into());
    }
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
