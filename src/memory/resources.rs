//! What a session has of its providers: which of them are logged on, and what it says of them.

use std::sync::Arc;

use super::profiles::StoredProfile;
use super::providers::{LogonFailure, StoredProvider};
use super::users::User;
use crate::sync::{AtomicBool, Mutex, Ordering};
use crate::{DefaultStore, HResult, MapiUid, ResourceFlags, UiParam};

/// The state of a session's providers, as far as it is not what the profile says.
#[derive(Default)]
pub(super) struct Resources {
    /// Something may be otherwise than the profile says: look at the state.
    is_touched: AtomicBool,
    state: Mutex<ResourceState>,
}

#[derive(Default)]
struct ResourceState {
    /// By their places in the profile; nothing as long as all is as that says.
    providers: Option<Box<[ProviderState]>>,
    /// The session is gone.
    has_ended: bool,
}

/// A provider in a session.
#[derive(Clone)]
pub(super) struct ProviderState {
    pub(super) standing: Standing,
    /// Its logon has succeeded: it is logged off when the session ends, even where its service has
    /// been disabled since.
    pub(super) has_logged_on: bool,
    /// In the store table.
    pub(super) table_flags: ResourceFlags,
    /// In the status table.
    pub(super) status_flags: ResourceFlags,
    /// How many objects have the store open in its local copy, and how many on its server.
    pub(super) open_cached: usize,
    pub(super) open_online: usize,
    /// StoreLogoff has said that no more messages are to be sent.
    pub(super) sends_no_more: bool,
}

/// Whether a provider is logged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    LoggedOn,
    /// A transport, before it is needed (L9); any provider, before its session has come to it.
    NotStarted,
    /// A transport that is being logged on.
    Starting,
    /// It could not log on, and can be logged on again when it is opened.
    Pending,
    /// Its service is disabled (L10), because of this.
    Disabled(HResult),
}

/// What a provider that cannot log on takes with it.
#[derive(Clone, Copy)]
pub(super) enum Disabling {
    /// Its whole service (L10).
    Service,
    /// Nothing: somebody opens it later than at logon, and can do so again.
    Nothing,
}

impl ResourceState {
    fn providers(&mut self, profile: &StoredProfile) -> &mut [ProviderState] {
        self.providers
            .get_or_insert_with(|| ProviderState::all_of(profile))
    }

    /// L10.
    fn disable(&mut self, profile: &StoredProfile, service: MapiUid, error: HResult) {
        let states = self.providers(profile).iter_mut();
        for (state, provider) in states.zip(profile.providers()) {
            if provider.service == service {
                state.standing = Standing::Disabled(error);
            }
        }
    }
}

impl Standing {
    /// As the profile says.
    pub(super) fn of(provider: &StoredProvider) -> Self {
        match provider.is_transport() {
            true => Self::NotStarted,
            false => Self::LoggedOn,
        }
    }
}

impl ProviderState {
    /// As the profile says.
    fn of(provider: &StoredProvider, flags: ResourceFlags) -> Self {
        Self {
            standing: Standing::of(provider),
            has_logged_on: !provider.is_transport(),
            table_flags: flags,
            status_flags: flags,
            open_cached: 0,
            open_online: 0,
            sends_no_more: false,
        }
    }

    fn all_of(profile: &StoredProfile) -> Box<[Self]> {
        let providers = profile.providers().iter().zip(profile.flags());
        let state =
            |(provider, flags): (&Arc<StoredProvider>, &ResourceFlags)| Self::of(provider, *flags);
        providers.map(state).collect()
    }
}

impl Resources {
    /// Logs on the address books and the stores of a new session (L9). No lock may be held.
    pub(super) fn start(&self, profile: &StoredProfile, dialogs: Option<(&User, UiParam)>) {
        self.change(|state| {
            for provider in state.providers(profile) {
                provider.standing = Standing::NotStarted;
                provider.has_logged_on = false;
            }
        });
        for (place, provider) in profile.in_order() {
            if !provider.is_transport() {
                // What went wrong is in its standing.
                let _ = self.log_on(profile, place, dialogs, Disabling::Service);
            }
        }
    }

    /// Logs a provider on, unless its service is disabled. No lock may be held.
    pub(super) fn log_on(
        &self,
        profile: &StoredProfile,
        place: usize,
        dialogs: Option<(&User, UiParam)>,
        disabling: Disabling,
    ) -> Result<(), LogonFailure> {
        let provider = &*profile.providers()[place];
        if let Standing::Disabled(error) = self.provider(profile, place).standing {
            return Err(LogonFailure::OfTheService(error));
        }
        let logged_on = provider.log_on(dialogs);
        let is_surplus = self.change(|state| {
            let has_ended = state.has_ended;
            let it = &mut state.providers(profile)[place];
            // Somebody else who opened it meanwhile may have been quicker.
            match (&logged_on, disabling) {
                (Ok(()), _) if has_ended || it.has_logged_on => return true,
                (Ok(()), _) => it.has_logged_on = true,
                (Err(LogonFailure::OfTheService(error)), Disabling::Service) => {
                    state.disable(profile, provider.service, *error);
                    return false;
                }
                (Err(_), _) => {}
            }
            if !matches!(it.standing, Standing::Disabled(_)) {
                it.standing = match it.has_logged_on {
                    true => Standing::LoggedOn,
                    false => Standing::Pending,
                };
            }
            false
        });
        if let Err(failure) = &logged_on {
            let hresult = failure.hresult();
            trace!(WARN, provider = provider.name, %hresult, "a provider could not log on");
        } else if is_surplus {
            provider.log_off();
        }
        logged_on
    }

    /// The transports, when they are first needed (L9). Those that somebody else is starting are
    /// not waited for. No lock may be held.
    pub(super) fn start_transports(&self, profile: &StoredProfile) {
        let transports = profile
            .in_order()
            .filter(|(_, provider)| provider.is_transport());
        for (place, _) in transports {
            let mine = self.change(|state| {
                let has_ended = state.has_ended;
                let state = &mut state.providers(profile)[place];
                let mine = state.standing == Standing::NotStarted && !has_ended;
                if mine {
                    state.standing = Standing::Starting;
                }
                mine
            });
            if mine {
                // What went wrong is in its standing.
                let _ = self.log_on(profile, place, None, Disabling::Service);
            }
        }
    }

    /// Whether all is as the profile says, and every provider but the transports is logged on.
    #[inline]
    pub(super) fn is_untouched(&self) -> bool {
        !self.is_touched.load(Ordering::Acquire)
    }

    fn change<T>(&self, change: impl FnOnce(&mut ResourceState) -> T) -> T {
        let mut state = self.state.lock();
        self.is_touched.store(true, Ordering::Release);
        change(&mut state)
    }

    /// A provider as it stands.
    pub(super) fn provider(&self, profile: &StoredProfile, place: usize) -> ProviderState {
        match &self.state.lock().providers {
            Some(states) => states[place].clone(),
            None => ProviderState::of(&profile.providers()[place], profile.flags()[place]),
        }
    }

    /// All providers as they stand.
    pub(super) fn providers(&self, profile: &StoredProfile) -> Box<[ProviderState]> {
        let known = self.state.lock().providers.clone();
        known.unwrap_or_else(|| ProviderState::all_of(profile))
    }

    /// Looks at all providers as they stand, and stay meanwhile; unless the session is gone, or no
    /// provider has been called yet.
    pub(super) fn look<T>(&self, look: impl FnOnce(&[ProviderState]) -> T) -> Option<T> {
        let state = self.state.lock();
        match &state.providers {
            Some(states) if !state.has_ended => Some(look(states)),
            _ => None,
        }
    }

    /// Whether this provider is logged on.
    #[inline]
    pub(super) fn is_logged_on(&self, profile: &StoredProfile, place: usize) -> bool {
        if self.is_untouched() {
            return !profile.has_transports() || !profile.providers()[place].is_transport();
        }
        self.provider(profile, place).standing == Standing::LoggedOn
    }

    /// Changes one provider's state.
    pub(super) fn change_provider<T>(
        &self,
        profile: &StoredProfile,
        place: usize,
        change: impl FnOnce(&mut ProviderState) -> T,
    ) -> T {
        self.change(|state| change(&mut state.providers(profile)[place]))
    }

    /// M8: makes the store at this place, and no other, what `which` says; or none. Gives the
    /// places whose rows in the store table, and in the status table, are others now; where there is
    /// no row, none is.
    pub(super) fn set_default_store(
        &self,
        profile: &StoredProfile,
        which: DefaultStore,
        chosen: Option<usize>,
    ) -> (Vec<usize>, Vec<usize>) {
        let flag = default_store_flag(which);
        let in_store_table = !matches!(which, DefaultStore::Primary | DefaultStore::Secondary);
        self.change(|state| {
            let (mut stores, mut statuses) = (Vec::new(), Vec::new());
            for (place, provider) in state.providers(profile).iter_mut().enumerate() {
                let set = chosen == Some(place);
                if in_store_table && provider.table_flags.contains(flag) != set {
                    provider.table_flags.set(flag, set);
                    if !provider.table_flags.contains(ResourceFlags::TEMP_SECTION) {
                        stores.push(place);
                    }
                }
                if provider.status_flags.contains(flag) != set {
                    provider.status_flags.set(flag, set);
                    if profile.providers()[place].reports_status {
                        statuses.push(place);
                    }
                }
            }
            (stores, statuses)
        })
    }

    /// The session ends. Gives the places of the providers that are logged on, in log-off order:
    /// none where no provider has ever been called.
    pub(super) fn end(&self, profile: &StoredProfile) -> Vec<usize> {
        let mut state = self.state.lock();
        state.has_ended = true;
        let Some(states) = &state.providers else {
            return Vec::new();
        };
        let places = profile.in_order().map(|(place, _)| place);
        places
            .filter(|&place| states[place].has_logged_on)
            .collect()
    }
}

/// The bit of PR_RESOURCE_FLAGS that SetDefaultStore sets.
pub(super) fn default_store_flag(which: DefaultStore) -> ResourceFlags {
    match which {
        DefaultStore::Default => ResourceFlags::DEFAULT_STORE,
        DefaultStore::SimpleTemporary | DefaultStore::SimplePermanent => {
            ResourceFlags::SIMPLE_STORE
        }
        DefaultStore::Primary => ResourceFlags::PRIMARY_STORE,
        DefaultStore::Secondary => ResourceFlags::SECONDARY_STORE,
    }
}
