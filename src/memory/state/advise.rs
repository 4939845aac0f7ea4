//! Advise and Unadvise, and who is told of what.

use super::provider::entry_id as id_of;
use super::slab::Key;
use super::tables::number;
use super::{
    ClientKey, Delivery, Kind, MAPI_UID, Message, ObjectKey, ProviderKind, Refusal, Registration,
    Result, Session, SessionKey, State, Subscribers, check_flags, hex,
};
use crate::memory::notification::{Subscription, is_telling};
use crate::notification::Connection;
use crate::types::provider_uid;
use crate::{EntryId, EventMask, Notification};

impl State {
    /// IMAPISession::Advise (rule N1).
    pub(crate) fn advise(
        &mut self,
        client: ClientKey,
        entry_id: Option<&[u8]>,
        subscription: &Subscription,
    ) -> Result<Connection> {
        self.live(client)?;
        check_flags(&subscription.mask())?;
        let target = entry_id.map(|it| self.find_target(client, it, subscription.mask()));
        let target = target.transpose()?;
        self.register(client, None, target.as_deref(), subscription)
    }

    /// Advise of an object: IMsgStore, IAddrBook, IMAPITable.
    pub(crate) fn advise_on(
        &mut self,
        object: ObjectKey,
        entry_id: Option<&[u8]>,
        subscription: &Subscription,
    ) -> Result<Connection> {
        let client = self.opened(object)?.client;
        check_flags(&subscription.mask())?;
        let target = self.find_target_of(object, entry_id, subscription.mask())?;
        self.register(client, Some(object), target.as_deref(), subscription)
    }

    fn register(
        &mut self,
        client: ClientKey,
        by: Option<ObjectKey>,
        target: Option<&[u8]>,
        subscription: &Subscription,
    ) -> Result<Connection> {
        let session = self.live(client)?.client.session;
        let registration = Registration {
            by,
            target: target.map(Into::into),
            position: 0,
        };
        let registration = self.open(client, Kind::Registration(registration), false);
        if let Some(object) = by.and_then(|by| self.objects.get_mut(by)) {
            object.registrations += 1;
        }
        let subscribers = self.subscribers_mut(session, by, target);
        let added_at = subscribers.map(|it| it.add(registration, subscription.clone()));
        self.set_position(registration, added_at.unwrap_or_default());
        Ok(Connection::new(registration.to_number()))
    }

    /// The object that a registration names, if its provider sends such notifications (rule N10).
    fn find_target(
        &self,
        client: ClientKey,
        entry_id: &[u8],
        events: EventMask,
    ) -> Result<Box<[u8]>> {
        let on = self.live(client)?;
        let entry_id = &*self.canonical(&on, entry_id);
        let Some(uid) = provider_uid(entry_id) else {
            return Err(super::too_short(entry_id));
        };
        let sent = match on.profile.find(uid) {
            Some(it) if self.is_logged_on(on.session, it.key) => {
                self.profiles.providers[it.key].events
            }
            _ if is_address_book(entry_id) => EventMask::OF_OBJECTS,
            _ if uid == MAPI_UID => EventMask::empty(),
            _ => return Err(Refusal::AdviseOnUnknown(hex(entry_id)).into()),
        };
        check_sent(entry_id, events, sent)?;
        Ok(object_of(entry_id).into())
    }

    /// The same, by the Advise of an object; nothing for that of a table.
    fn find_target_of(
        &self,
        object: ObjectKey,
        entry_id: Option<&[u8]>,
        events: EventMask,
    ) -> Result<Option<Box<[u8]>>> {
        let opened = self.opened(object)?;
        let target = match &opened.kind {
            Kind::Table(_) | Kind::View(_) => return check_table_events(events).map(|()| None),
            Kind::Provided(it) if it.is_store() => {
                let store = &self.profiles.providers[it.provider];
                let own = store.entry_id(0);
                let entry_id = entry_id.unwrap_or(own.as_bytes());
                if provider_uid(entry_id).is_some_and(|uid| uid != store.uid) {
                    let name = store.name.as_str().into();
                    return Err(Refusal::NotOfTheStore(hex(entry_id), name).into());
                }
                self.find_target(opened.client, entry_id, events)
            }
            Kind::Mapi {
                number: number::ADDRESS_BOOK,
                ..
            } => {
                let own = id_of(MAPI_UID, number::ADDRESS_BOOK);
                let entry_id = entry_id.unwrap_or(own.as_bytes());
                let on = self.live(opened.client)?;
                let provider = provider_uid(entry_id).and_then(|uid| on.profile.find(uid));
                let kind = provider.map(|it| self.profiles.providers[it.key].kind);
                if kind.is_some_and(|kind| kind != ProviderKind::AddressBook) {
                    return Err(Refusal::AdviseOnUnknown(hex(entry_id)).into());
                }
                // Here, and not by the session's, tables can be asked for too.
                let events = events - EventMask::TABLE_MODIFIED;
                self.find_target(opened.client, entry_id, events)
            }
            _ => return Err(Refusal::NoAdvise.into()),
        };
        target.map(Some)
    }

    /// N7: Unadvise of a session, or of the object. Gives the one who is to be told no more.
    pub(crate) fn unadvise(
        &mut self,
        client: ClientKey,
        by: Option<ObjectKey>,
        connection: Connection,
    ) -> Result<Option<Subscription>> {
        self.live(client)?;
        let key = Key::from_number(connection.get());
        let is_its_own = |key: &ObjectKey| {
            let object = self.objects.get(*key).filter(|it| it.client == client);
            object.is_some_and(|it| matches!(&it.kind, Kind::Registration(it) if it.by == by))
        };
        let Some(key) = key.filter(is_its_own) else {
            return Err(Refusal::NotRegistered(connection.get()).into());
        };
        Ok(self.end_registration(key))
    }

    pub(crate) fn unadvise_on(
        &mut self,
        object: ObjectKey,
        connection: Connection,
    ) -> Result<Option<Subscription>> {
        let client = self.opened(object)?.client;
        self.unadvise(client, Some(object), connection)
    }

    fn end_registration(&mut self, key: ObjectKey) -> Option<Subscription> {
        match self.detach(key) {
            Some((session, object)) => match &object.kind {
                Kind::Registration(it) => self.unsubscribe(session, it),
                _ => None,
            },
            None => None,
        }
    }

    /// The release of an object ends the registrations that its own Advise has made.
    pub(super) fn end_registrations(&mut self, by: ObjectKey) {
        let object = self.objects.get(by).filter(|it| it.registrations > 0);
        let Some(object) = object else { return };
        let extras = self.clients.get(object.client).and_then(|it| it.extras());
        let all = extras.into_iter().flat_map(|it| &it.objects);
        let is_by = |key: &&ObjectKey| match self.objects.get(**key).map(|it| &it.kind) {
            Some(Kind::Registration(it)) => it.by == Some(by),
            _ => false,
        };
        for key in all.filter(is_by).copied().collect::<Vec<_>>() {
            let ended = self.end_registration(key);
            self.outbox.extend(ended.map(Message::Cancel));
        }
    }

    /// Takes a registration off the list of its target.
    pub(super) fn unsubscribe(
        &mut self,
        session: SessionKey,
        registration: &Registration,
    ) -> Option<Subscription> {
        let Registration {
            by,
            target,
            position,
        } = registration;
        if let Some(object) = by.and_then(|by| self.objects.get_mut(by)) {
            object.registrations -= 1;
        }
        let subscribers = self.subscribers_mut(session, *by, target.as_deref())?;
        let (subscription, moved) = subscribers.remove(*position)?;
        let is_empty = subscribers.is_empty();
        if let Some(moved) = moved {
            self.set_position(moved, *position);
        }
        match (target, by) {
            (Some(target), _) if is_empty => _ = self.subscribers.remove(target),
            (None, Some(table)) if is_empty => self.unwatch_table(session, *table),
            _ => {}
        }
        Some(subscription)
    }

    fn set_position(&mut self, registration: ObjectKey, new: usize) {
        if let Kind::Registration(registration) = &mut self.objects[registration].kind {
            registration.position = new;
        }
    }

    /// Nothing where the table that they registered with is gone.
    fn subscribers_mut(
        &mut self,
        session: SessionKey,
        by: Option<ObjectKey>,
        target: Option<&[u8]>,
    ) -> Option<&mut Subscribers> {
        match (target, by) {
            (Some(target), _) => Some(self.subscribers.entry(target.into()).or_default()),
            (None, None) => Some(&mut self.sessions[session].subscribers),
            (None, Some(table)) => match self.objects.get(table)?.kind {
                Kind::View(_) => self.view_subscribers_mut(table),
                _ => self.table_subscribers_mut(table),
            },
        }
    }

    /// An event of an object, or of every session itself.
    pub(crate) fn notify(&mut self, target: Option<&EntryId>, event: &Notification) {
        let told = match target {
            Some(target) => {
                let own = object_of(target.as_bytes());
                let whole = self.whole_of(target, event).filter(|it| **it != *own);
                let keys = [Some(own), whole.as_deref()].into_iter().flatten();
                let told = keys.filter_map(|key| self.subscribers.get(key));
                told.cloned().collect()
            }
            None => self.subscribers_by_age(None),
        };
        for subscribers in told {
            self.tell(subscribers, event.clone());
        }
    }

    /// What else hears of what happens to an object: its store, or the address book (N12).
    fn whole_of(&self, target: &EntryId, event: &Notification) -> Option<Box<[u8]>> {
        if !matches!(event, Notification::Object(_) | Notification::NewMail(_)) {
            return None;
        }
        let provider = self.profiles.find_provider(target.provider_uid()?)?;
        let provider = &self.profiles.providers[provider];
        let whole = match provider.kind {
            ProviderKind::Store => provider.entry_id(0),
            ProviderKind::AddressBook => id_of(MAPI_UID, number::ADDRESS_BOOK),
            ProviderKind::Transport => return None,
        };
        Some(object_of(whole.as_bytes()).into())
    }

    /// Who registered with the sessions themselves, but for one session.
    pub(super) fn subscribers_by_age(&self, except: Option<SessionKey>) -> Vec<Subscribers> {
        let sessions = self.sessions_by_age(&|session| !session.subscribers.is_empty());
        let others = sessions.into_iter().filter(|key| Some(*key) != except);
        let subscribers = others.map(|key| self.sessions[key].subscribers.clone());
        subscribers.collect()
    }

    /// The shared sessions first, and older ones before younger ones.
    pub(super) fn sessions_by_age(&self, which: &dyn Fn(&Session) -> bool) -> Vec<SessionKey> {
        let mut sessions: Vec<_> = self.sessions.iter().filter(|(_, it)| which(it)).collect();
        sessions.sort_by_key(|(_, session)| (!session.is_shared, session.serial));
        sessions.into_iter().map(|(key, _)| key).collect()
    }

    /// Tells all who asked for it, at once or, where events are held back, late (N8).
    pub(super) fn tell(&mut self, to: Subscribers, event: Notification) {
        if to.is_empty() {
            return;
        }
        let delivery = Delivery {
            to,
            event,
            is_late: self.held.holds_back(),
        };
        // What a sink causes, or what goes to the thread for notifications (N14), is held back when its
        // turn comes: it may not overtake what waits before it.
        let has_its_turn = is_telling() || self.notifier.is_some();
        match delivery.is_late && !has_its_turn {
            true => self.held.add(&delivery),
            false => self.outbox.push(Message::Tell(delivery)),
        }
    }

    /// Whether an event whose turn has come is held back.
    pub(crate) fn hold_back(&mut self, delivery: &Delivery) -> bool {
        let holds_back = self.held.holds_back();
        if holds_back {
            self.held.add(delivery);
        }
        holds_back
    }

    pub(crate) fn hold_notifications(&mut self) {
        self.held.holders += 1;
    }

    /// One holds back no more. Whether its thread is to deliver what was held back.
    pub(crate) fn let_notifications_go(&mut self) -> bool {
        let held = &mut self.held;
        held.holders -= 1;
        !std::mem::replace(&mut held.is_draining, true)
    }

    /// What is to be delivered next, unless somebody else holds back.
    pub(crate) fn next_held(&mut self) -> Option<(Subscription, Notification)> {
        let held = &mut self.held;
        let next = match held.holders {
            0 => held.queue.pop_front(),
            _ => None,
        };
        held.is_draining = next.is_some();
        next
    }
}

/// The events that a registration asks for. N1: of the session itself there are critical errors, which
/// come always, and extended events. What is no event stays, to be refused.
pub(crate) fn asked_for(entry_id: Option<&[u8]>, mask: u32) -> EventMask {
    let of_session = EventMask::EXTENDED.bits() | !EventMask::all().bits();
    match entry_id {
        None => EventMask::from(mask & of_session) | EventMask::CRITICAL_ERROR,
        Some(_) => mask.into(),
    }
}

/// N10: what its provider sends can be asked for.
fn check_sent(entry_id: &[u8], events: EventMask, sent: EventMask) -> Result<()> {
    if sent.is_empty() {
        return Err(Refusal::NoNotifications(hex(entry_id)).into());
    }
    match events - sent {
        lacking if lacking.is_empty() => Ok(()),
        lacking => Err(Refusal::NoSuchEvents(hex(entry_id), lacking).into()),
    }
}

/// N11
fn check_table_events(events: EventMask) -> Result<()> {
    let sent = EventMask::TABLE_MODIFIED | EventMask::CRITICAL_ERROR | EventMask::EXTENDED;
    match events - sent {
        _ if events.is_empty() => Err(Refusal::NoTableEvents.into()),
        lacking if lacking.is_empty() => Ok(()),
        lacking => Err(Refusal::NotOfTables(lacking).into()),
    }
}

fn is_address_book(entry_id: &[u8]) -> bool {
    object_of(entry_id) == object_of(id_of(MAPI_UID, number::ADDRESS_BOOK).as_bytes())
}

/// What two identifiers of one object have in common: all but the flags.
fn object_of(entry_id: &[u8]) -> &[u8] {
    entry_id.get(4..).unwrap_or_default()
}
