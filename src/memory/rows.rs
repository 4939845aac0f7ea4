//! The rows of a session's tables (M1), and the events of their changes (M8).

use super::MAPI_UID;
use super::profiles::StoredProfile;
use super::providers::{ProviderKind, StoredProvider, entry_id};
use super::resources::{ProviderState, Standing};
use crate::{
    EntryId, HResult, Identity, MsgStoresTable, Notification, ObjectType, Property, PropertyValue,
    ResourceFlags, ResourceType, StatusCode, StatusRow, StatusTable, StoreRow, TableEvent,
};

/// What stands in every row for the file that the provider is in.
const DLL_NAME: &str = "mapi-session";

/// The numbers of MAPI's own objects, and of the providers' status objects.
pub(super) mod number {
    pub(in super::super) const SUBSYSTEM: u32 = 1;
    pub(in super::super) const SPOOLER: u32 = 2;
    pub(in super::super) const ADDRESS_BOOK_STATUS: u32 = 3;
    pub(in super::super) const ADDRESS_BOOK: u32 = 4;
    /// From here on: this, and the provider's own number.
    pub(in super::super) const FIRST_PROVIDER: u32 = 0x100;
}

pub(super) fn stores(
    profile: &StoredProfile,
    flags: impl Iterator<Item = ResourceFlags>,
) -> MsgStoresTable {
    let providers = profile.providers().iter().zip(flags);
    providers
        .filter(|(provider, flags)| {
            provider.kind == ProviderKind::Store && !flags.contains(ResourceFlags::TEMP_SECTION)
        })
        .map(|(provider, flags)| {
            StoreRow::new(provider.entry_id(0), provider.name.clone(), flags)
                .of_provider(provider.uid, provider.name.as_str())
                .with_keys(instance_key(provider), provider.uid.0)
        })
        .collect()
}

pub(super) fn status(
    profile: &StoredProfile,
    states: &[ProviderState],
    wants_mail: bool,
) -> StatusTable {
    let spooler = if wants_mail {
        StatusCode::AVAILABLE
    } else {
        StatusCode::FAILURE
    };
    let own = [
        (
            number::SUBSYSTEM,
            ResourceType::SUBSYSTEM,
            StatusCode::AVAILABLE,
        ),
        (number::SPOOLER, ResourceType::SPOOLER, spooler),
        (
            number::ADDRESS_BOOK_STATUS,
            ResourceType::ADDRESS_BOOK,
            StatusCode::AVAILABLE,
        ),
    ];
    let own = own.map(|(number, resource_type, status_code)| StatusRow {
        entry_id: entry_id(MAPI_UID, number),
        display_name: own_name(number).into(),
        resource_type,
        resource_flags: ResourceFlags::NO_PRIMARY_IDENTITY,
        resource_methods: 0,
        status_code,
        provider_dll_name: DLL_NAME.into(),
        instance_key: status_key(number),
        row_id: 0,
        identity: None,
    });
    let reported = profile.in_order().filter_map(|(place, provider)| {
        let state = &states[place];
        has_status(provider, state.standing, wants_mail)
            .then(|| provider_row(profile, provider, state))
    });
    let rows = own.into_iter().chain(reported).zip(0..);
    rows.map(|(row, row_id)| StatusRow { row_id, ..row })
        .collect()
}

/// Whether a provider has a row in the status table, and a status object.
pub(super) fn has_status(provider: &StoredProvider, standing: Standing, wants_mail: bool) -> bool {
    match provider.kind {
        ProviderKind::Transport => wants_mail && standing == Standing::LoggedOn,
        _ => provider.reports_status,
    }
}

fn provider_row(
    profile: &StoredProfile,
    provider: &StoredProvider,
    state: &ProviderState,
) -> StatusRow {
    let number = number::FIRST_PROVIDER + provider.serial();
    let status_code = match state.standing {
        Standing::LoggedOn => StatusCode::AVAILABLE,
        _ => StatusCode::FAILURE,
    };
    StatusRow {
        entry_id: entry_id(MAPI_UID, number),
        display_name: provider.name.clone(),
        resource_type: provider.kind.resource_type(),
        resource_flags: state.status_flags,
        resource_methods: 0,
        status_code,
        provider_dll_name: DLL_NAME.into(),
        instance_key: status_key(number),
        row_id: 0,
        identity: identity(profile, provider, state),
    }
}

/// A provider's own identity; and of those of the service that gives the primary one, that one.
fn identity(
    profile: &StoredProfile,
    provider: &StoredProvider,
    state: &ProviderState,
) -> Option<Identity> {
    let is_primary = state.status_flags.contains(ResourceFlags::PRIMARY_IDENTITY);
    let of_service = || {
        let of_service = profile.in_order().map(|(_, other)| other);
        of_service
            .filter(|other| is_primary && other.service == provider.service)
            .find_map(|other| other.identity.clone())
    };
    provider.identity.clone().or_else(of_service)
}

/// The name of one of MAPI's own objects.
pub(super) fn own_name(number: u32) -> &'static str {
    match number {
        number::SUBSYSTEM => "MAPI subsystem",
        number::SPOOLER => "MAPI spooler",
        _ => "Address book",
    }
}

/// A store's row of the store table has changed.
pub(super) fn store_changed(
    profile: &StoredProfile,
    states: &[ProviderState],
    place: usize,
) -> Notification {
    let (provider, flags) = (&profile.providers()[place], states[place].table_flags);
    let is_default = flags.contains(ResourceFlags::DEFAULT_STORE);
    let before = profile.providers()[..place].iter().zip(states);
    let prior = before.rev().find(|(other, state)| {
        other.kind == ProviderKind::Store
            && !state.table_flags.contains(ResourceFlags::TEMP_SECTION)
    });
    row_changed(
        instance_key(provider).into(),
        prior.map(|(other, _)| instance_key(other).into()),
        ObjectType::STORE,
        &provider.entry_id(0),
        flags,
        Some((PR_DEFAULT_STORE, PropertyValue::Boolean(is_default))),
    )
}

/// A store's row of the status table has changed.
pub(super) fn status_changed(
    profile: &StoredProfile,
    states: &[ProviderState],
    place: usize,
) -> Notification {
    let number = number::FIRST_PROVIDER + profile.providers()[place].serial();
    // No transport is before a store.
    let before = profile.in_order().take_while(|(other, _)| *other != place);
    let prior = before.filter(|(_, other)| other.reports_status).last();
    let prior = prior.map_or(number::ADDRESS_BOOK_STATUS, |(_, other)| {
        number::FIRST_PROVIDER + other.serial()
    });
    row_changed(
        status_key(number),
        Some(status_key(prior)),
        ObjectType::STATUS,
        &entry_id(MAPI_UID, number),
        states[place].status_flags,
        None,
    )
}

const TABLE_ROW_MODIFIED: u32 = 5;

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
        (PR_OBJECT_TYPE, long(object_type.0)),
        (PR_RESOURCE_FLAGS, long(flags.bits())),
    ];
    let columns = columns.into_iter().chain(column);
    Notification::Table(TableEvent {
        event: TABLE_ROW_MODIFIED,
        hresult: HResult::S_OK,
        index: Some(instance_key),
        prior,
        row: columns
            .map(|(tag, value)| Property { tag, value })
            .collect(),
    })
}

/// The provider's number, which no other has.
fn instance_key(provider: &StoredProvider) -> &[u8] {
    &provider.uid.0[8..]
}

fn status_key(number: u32) -> Box<[u8]> {
    Box::new(number.to_be_bytes())
}
