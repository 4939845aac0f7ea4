//! The methods of status objects (M15): IMAPIStatus.

use super::entries::provider_of_status;
use super::provider::object_number;
use super::providers::errors_returned;
use super::tables::{self, number};
use super::{
    ClientKey, Kind, Logon, MAPI_UID, ObjectKey, Outcome, Provider, ProviderKey, Refusal, Result,
    SessionKey, State, Step, check_flags, hex, quoted,
};
use crate::UiParam;
use crate::error::Success;
use crate::flags::{FlushFlags, ResourceMethods, SettingsFlags, ValidateFlags};
use crate::memory::provider::{ProviderAnswer, ProviderCall};
use crate::memory::user::Question;
use crate::types::{ObjectType, ResourceType, provider_uid};

/// What a status object is of.
#[derive(Clone, Copy)]
enum Resource {
    Subsystem,
    Spooler,
    AddressBook,
    Provider(ProviderKey),
}

impl State {
    /// IMAPIStatus::ValidateState
    pub(crate) fn validate_state(
        &mut self,
        key: ObjectKey,
        parent: UiParam,
        flags: u32,
    ) -> Step<Outcome<()>> {
        let flags = ValidateFlags::from(flags);
        Step::checked(|| {
            self.opened(key)?;
            check_flags(&flags)?;
            let (client, resource) = self.status_object(key, ResourceMethods::VALIDATE_STATE)?;
            let is_quiet = flags.contains(ValidateFlags::SUPPRESS_UI);
            let may_ask = !is_quiet && !self.clients[client].is_service();
            let dialogs = may_ask.then_some(parent);
            Ok(match resource {
                Resource::Provider(provider) => {
                    self.validate_provider(client, provider, dialogs, flags)
                }
                Resource::Subsystem => self.validate_subsystem(client, flags)?,
                Resource::Spooler => self.validate_spooler(client, dialogs)?,
                Resource::AddressBook => Step::Done(Ok(Success::new(()))),
            })
        })
    }

    /// A provider that is not logged on is logged on again where its configuration has changed.
    fn validate_provider(
        &mut self,
        client: ClientKey,
        provider: ProviderKey,
        dialogs: Option<UiParam>,
        flags: ValidateFlags,
    ) -> Step<Outcome<()>> {
        let session = self.clients[client].session;
        let is_logged_on = self.is_logged_on(&self.sessions[session], provider);
        let ready = match flags.contains(ValidateFlags::CONFIG_CHANGED) && !is_logged_on {
            true => {
                let logged_on = self.log_on(session, provider, dialogs);
                logged_on.then(self, |_, _| Step::Done(()))
            }
            false => Step::Done(()),
        };
        ready.then(self, move |state, ()| {
            Step::checked(|| {
                let on = state.live(client)?;
                if !state.is_logged_on(on.session, provider) {
                    return Err(Refusal::NotAvailable(state.name_of(provider)).into());
                }
                Ok(state.ask_one(client, provider, ProviderCall::ValidateState(flags)))
            })
        })
    }

    /// What the providers that are logged on say; no failure of one keeps the others from being asked.
    fn validate_subsystem(
        &mut self,
        client: ClientKey,
        flags: ValidateFlags,
    ) -> Result<Step<Outcome<()>>> {
        let on = self.live(client)?;
        let all = self.logged_on(&on, |_| true);
        let call = ProviderCall::ValidateState(flags);
        let asked = self.for_each(all.into_iter(), Vec::new(), move |state, provider| {
            state.ask_one_of_all(client, provider, call)
        });
        Ok(self.all_asked(client, asked))
    }

    /// All transports are logged on, whether they are already or not.
    fn validate_spooler(
        &mut self,
        client: ClientKey,
        dialogs: Option<UiParam>,
    ) -> Result<Step<Outcome<()>>> {
        let on = self.live(client)?;
        Self::check_spooler(&on)?;
        let session = on.client.session;
        let keys = on.profile.in_order().map(|it| it.key);
        let transports = keys.filter(|key| self.profiles.providers[*key].is_transport());
        let transports: Vec<_> = transports.collect();
        let tried = self.for_each(
            transports.into_iter(),
            Vec::new(),
            move |state, transport| {
                let tried = state.log_on(session, transport, dialogs);
                tried.then(state, move |state, tried| {
                    let transport = state.profiles.providers.get(transport);
                    let failed = transport.zip(tried.err()).map(|(transport, failure)| {
                        let name = quoted(&transport.name);
                        format!("the logon of {name} failed with {}", failure.hresult())
                    });
                    Step::Done(failed.into_iter().collect())
                })
            },
        );
        Ok(self.all_asked(client, tried))
    }

    /// IMAPIStatus::SettingsDialog. What the user gives here is what an unconfigured provider lacks.
    pub(crate) fn settings_dialog(
        &mut self,
        key: ObjectKey,
        parent: UiParam,
        flags: u32,
    ) -> Step<Result<()>> {
        let flags = SettingsFlags::from(flags);
        Step::checked(|| {
            self.opened(key)?;
            check_flags(&flags)?;
            let method = ResourceMethods::SETTINGS_DIALOG;
            let (client, provider) = self.status_of_provider(key, method)?;
            if self.clients[client].is_service() {
                return Err(Refusal::DialogOfService.into());
            }
            let read_only = flags.contains(SettingsFlags::READ_ONLY);
            let question = Question::ProviderSettings {
                provider: self.profiles.providers[provider].name.clone(),
                read_only,
            };
            Ok(Step::ask(question, parent, move |state, answer| {
                Step::Done(state.settings_answered(client, provider, read_only, answer))
            }))
        })
    }

    fn settings_answered(
        &mut self,
        client: ClientKey,
        provider: ProviderKey,
        read_only: bool,
        answer: Result<Option<String>>,
    ) -> Result<()> {
        self.live(client)?;
        if let Some(picked) = answer? {
            return Err(Refusal::PickedAtSettings(quoted(&picked)).into());
        }
        if !read_only {
            self.profiles.providers[provider].unconfigured = false;
        }
        Ok(())
    }

    /// IMAPIStatus::ChangePassword
    pub(crate) fn change_password(
        &mut self,
        key: ObjectKey,
        old: Option<&str>,
        new: Option<&str>,
        flags: u32,
    ) -> Step<Outcome<()>> {
        Step::checked(|| {
            self.opened(key)?;
            self.check_text_flags(flags)?;
            let method = ResourceMethods::CHANGE_PASSWORD;
            let (client, provider) = self.status_of_provider(key, method)?;
            let old = String::from(old.ok_or(Refusal::NoPassword("lpOldPass"))?);
            let new = String::from(new.ok_or(Refusal::NoPassword("lpNewPass"))?);
            self.check_password(provider, &old)?;
            let asked = self.ask_one(client, provider, ProviderCall::ChangePassword);
            Ok(asked.then(self, move |state, answer| {
                // The provider may have taken a while.
                let changed = answer.and_then(|success| {
                    state.check_password(provider, &old)?;
                    state.profiles.providers[provider].password = Some(new);
                    Ok(success)
                });
                Step::Done(changed)
            }))
        })
    }

    fn check_password(&self, provider: ProviderKey, old: &str) -> Result<()> {
        let provider = &self.profiles.providers[provider];
        match provider.password.as_deref() == Some(old) {
            true => Ok(()),
            false => Err(Refusal::WrongPassword(provider.name.as_str().into()).into()),
        }
    }

    /// IMAPIStatus::FlushQueues
    pub(crate) fn flush_queues(
        &mut self,
        key: ObjectKey,
        transport: Option<&[u8]>,
        flags: u32,
    ) -> Step<Outcome<()>> {
        let flags = FlushFlags::from(flags);
        Step::checked(|| {
            self.opened(key)?;
            check_flags(&flags)?;
            let (client, resource) = self.status_object(key, ResourceMethods::FLUSH_QUEUES)?;
            let call = ProviderCall::FlushQueues(flags);
            let one = match (resource, transport) {
                (Resource::Provider(_), Some(_)) => {
                    return Err(Refusal::TransportOfTransport.into());
                }
                (Resource::Provider(transport), None) => Some(transport),
                (_, named) => {
                    let on = self.live(client)?;
                    Self::check_spooler(&on)?;
                    named.map(|it| self.find_transport(&on, it)).transpose()?
                }
            };
            if let Some(transport) = one {
                let asked = self.ask_one(client, transport, call);
                return Ok(asked.then(self, move |state, answer| {
                    Step::Done(answer.inspect(|_| state.flush_mail(client, flags)))
                }));
            }
            let ready = self.need_transports(client);
            Ok(ready.then(self, move |state, ()| {
                Step::checked(|| state.flush_all(client, flags))
            }))
        })
    }

    /// The spooler flushes by all transports.
    fn flush_all(&mut self, client: ClientKey, flags: FlushFlags) -> Result<Step<Outcome<()>>> {
        let on = self.live(client)?;
        let all = self.logged_on(&on, Provider::is_transport);
        let transports = all.len();
        let call = ProviderCall::FlushQueues(flags);
        let asked = self.for_each(all.into_iter(), Vec::new(), move |state, transport| {
            state.ask_one_of_all(client, transport, call)
        });
        let asked = asked.then(self, move |state, failures| {
            if failures.len() < transports {
                state.flush_mail(client, flags);
            }
            Step::Done(failures)
        });
        Ok(self.all_asked(client, asked))
    }

    /// What waits goes out, and what is arriving has arrived; but for the mail of stores that are to
    /// send nothing more (T2).
    fn flush_mail(&mut self, client: ClientKey, flags: FlushFlags) {
        let Some(client) = self.clients.get(client) else {
            return;
        };
        let key: SessionKey = client.session;
        let session = &self.sessions[key];
        let mut sent = Vec::new();
        for it in &self.profiles.versions[session.profile].providers {
            let state = self.provider_state(session, it);
            let store = &mut self.profiles.providers[it.key];
            if !store.is_store() || !state.is_logged_on() {
                continue;
            }
            if flags.contains(FlushFlags::UPLOAD) {
                match state.sends_no_more {
                    true => store.mail.finish(key),
                    false => store.mail.flush(key),
                }
                sent.push(it.key);
            }
            if flags.contains(FlushFlags::DOWNLOAD) {
                store.mail.receive();
            }
        }
        sent.into_iter().for_each(|it| self.remove_sent(it));
    }

    /// The active transport whose status row has this identifier.
    fn find_transport(&self, on: &Logon<'_>, entry_id: &[u8]) -> Result<ProviderKey> {
        let uid = provider_uid(entry_id).ok_or_else(|| super::too_short(entry_id))?;
        let number = object_number(entry_id).filter(|_| uid == MAPI_UID);
        let found = number.and_then(|number| provider_of_status(on, number));
        let found = found.map(|it| it.key).filter(|key| {
            self.profiles.providers[*key].is_transport() && self.is_logged_on(on.session, *key)
        });
        Ok(found.ok_or_else(|| Refusal::NoTransport(hex(entry_id)))?)
    }

    /// L11: there is no spooler for a session without mail.
    fn check_spooler(on: &Logon<'_>) -> Result<()> {
        match on.client.wants_mail() {
            true => Ok(()),
            false => {
                let name = tables::own_name(number::SPOOLER, on.profile);
                Err(Refusal::NotAvailable(name.into()).into())
            }
        }
    }

    fn logged_on(&self, on: &Logon<'_>, which: impl Fn(&Provider) -> bool) -> Vec<ProviderKey> {
        let keys = on.profile.in_order().map(|it| it.key);
        let them = keys.filter(|key| {
            self.is_logged_on(on.session, *key) && which(&self.profiles.providers[*key])
        });
        them.collect()
    }

    /// Calls a provider of a session that is live: its answer is that of the method.
    fn ask_one(
        &mut self,
        client: ClientKey,
        provider: ProviderKey,
        call: ProviderCall,
    ) -> Step<Outcome<()>> {
        self.ask_provider(provider, call, move |state, answer| {
            let judged = state.live(client).map(drop);
            Step::Done(judged.and_then(|()| state.judge_status(provider, answer)))
        })
    }

    fn judge_status(&self, provider: ProviderKey, answer: ProviderAnswer) -> Outcome<()> {
        let refusal = Refusal::ResourceSays(self.name_of(provider), answer.hresult());
        Ok(Success::from_parts((), answer.judged(refusal)?))
    }

    /// Calls one of several providers, unless the session has ended meanwhile. Gives what went wrong.
    fn ask_one_of_all(
        &mut self,
        client: ClientKey,
        provider: ProviderKey,
        call: ProviderCall,
    ) -> Step<Vec<String>> {
        if self.live(client).is_err() {
            return Step::Done(Vec::new());
        }
        let asked = self.ask_one(client, provider, call);
        asked.then(self, |_, answer| {
            let failure = answer.err().map(|failure| failure.to_string());
            Step::Done(failure.into_iter().collect())
        })
    }

    /// The method succeeds, and warns of what went wrong with some of the providers.
    fn all_asked(&mut self, client: ClientKey, asked: Step<Vec<String>>) -> Step<Outcome<()>> {
        asked.then(self, move |state, failures| {
            let is_live = state.live(client).map(drop);
            Step::Done(is_live.map(|()| Success::from_parts((), errors_returned(&failures))))
        })
    }

    fn status_of_provider(
        &self,
        key: ObjectKey,
        method: ResourceMethods,
    ) -> Result<(ClientKey, ProviderKey)> {
        match self.status_object(key, method)? {
            (client, Resource::Provider(provider)) => Ok((client, provider)),
            // MAPI's own have no method of which this is asked.
            _ => Err(Refusal::NotAStatusObject.into()),
        }
    }

    /// The client of a status object that has this method, and what it is of.
    fn status_object(
        &self,
        key: ObjectKey,
        method: ResourceMethods,
    ) -> Result<(ClientKey, Resource)> {
        let object = self.opened(key)?;
        let Kind::Mapi {
            number,
            object_type: ObjectType::STATUS,
        } = object.kind
        else {
            return Err(Refusal::NotAStatusObject.into());
        };
        let on = self.live(object.client)?;
        let (resource, methods, name) = match provider_of_status(&on, number) {
            Some(it) => {
                let provider = &self.profiles.providers[it.key];
                let methods = tables::methods_of_provider(provider);
                (Resource::Provider(it.key), methods, provider.name.as_str())
            }
            None => {
                let (resource, resource_type) = match number {
                    number::SUBSYSTEM => (Resource::Subsystem, ResourceType::SUBSYSTEM),
                    number::SPOOLER => (Resource::Spooler, ResourceType::SPOOLER),
                    _ => (Resource::AddressBook, ResourceType::ADDRESS_BOOK),
                };
                let name = tables::own_name(number, on.profile);
                (resource, tables::methods_of(resource_type), name)
            }
        };
        match methods.contains(method) {
            true => Ok((object.client, resource)),
            false => Err(Refusal::LacksMethod(name.into(), method).into()),
        }
    }
}
