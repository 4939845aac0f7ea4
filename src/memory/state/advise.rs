//! Advise and Unadvise, and who is told of what.

use super::slab::Key;
use super::{
    ClientKey, Delivery, Kind, MAPI_UID, Message, ObjectKey, Refusal, Registration, Result,
    Session, SessionKey, State, Subscribers, check_flags, hex,
};
use crate::flags::StoreSupportMask;
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
        let session = self.live(client)?.client.session;
        check_flags(&subscription.mask())?;
        let target = entry_id.map(|it| self.resolve_target(client, it));
        let target = target.transpose()?;
        let registration = self.open(
            client,
            Kind::Registration(Registration {
                target: target.clone(),
                position: 0,
            }),
            false,
        );
        let subscribers = self.subscribers_mut(session, target.as_deref());
        let added_at = subscribers.add(registration, subscription.clone());
        self.set_position(registration, added_at);
        Ok(Connection::new(registration.to_number()))
    }

    /// The object that a registration names, if its provider sends notifications (rule N10).
    fn resolve_target(&self, client: ClientKey, entry_id: &[u8]) -> Result<Box<[u8]>> {
        let on = self.live(client)?;
        let entry_id = &*self.canonical(&on, entry_id);
        let Some(uid) = provider_uid(entry_id) else {
            return Err(super::too_short(entry_id));
        };
        let support = match on.profile.find(uid) {
            Some(it) if self.is_logged_on(on.session, it.key) => {
                Some(self.profiles.providers[it.key].support)
            }
            _ if uid == MAPI_UID => Some(StoreSupportMask::empty()),
            _ => None,
        };
        match support {
            Some(support) if support.contains(StoreSupportMask::NOTIFY_OK) => {
                Ok(object_of(entry_id).into())
            }
            Some(_) => Err(Refusal::NoNotifications(hex(entry_id)).into()),
            None => Err(Refusal::AdviseOnUnknown(hex(entry_id)).into()),
        }
    }

    /// N7. Gives the one who is to be told no more.
    pub(crate) fn unadvise(
        &mut self,
        client: ClientKey,
        connection: Connection,
    ) -> Result<Option<Subscription>> {
        self.live(client)?;
        let key = Key::from_number(connection.get());
        let is_its_own = |key: &ObjectKey| {
            let object = self.objects.get(*key);
            object.is_some_and(|it| it.client == client && matches!(it.kind, Kind::Registration(_)))
        };
        let Some(key) = key.filter(is_its_own) else {
            return Err(Refusal::NotRegistered(connection.get()).into());
        };
        Ok(match self.detach(key) {
            Some((session, object)) => match &object.kind {
                Kind::Registration(it) => self.unsubscribe(session, it),
                _ => None,
            },
            None => None,
        })
    }

    /// Takes a registration off the list of its target.
    pub(super) fn unsubscribe(
        &mut self,
        session: SessionKey,
        registration: &Registration,
    ) -> Option<Subscription> {
        let Registration { target, position } = registration;
        let subscribers = self.subscribers_mut(session, target.as_deref());
        let (subscription, moved) = subscribers.remove(*position)?;
        let is_empty = subscribers.is_empty();
        if let Some(moved) = moved {
            self.set_position(moved, *position);
        }
        if let (true, Some(target)) = (is_empty, target) {
            self.subscribers.remove(target);
        }
        Some(subscription)
    }

    fn set_position(&mut self, registration: ObjectKey, new: usize) {
        if let Kind::Registration(registration) = &mut self.objects[registration].kind {
            registration.position = new;
        }
    }

    fn subscribers_mut(&mut self, session: SessionKey, target: Option<&[u8]>) -> &mut Subscribers {
        match target {
            None => &mut self.sessions[session].subscribers,
            Some(target) => self.subscribers.entry(target.into()).or_default(),
        }
    }

    /// An event of an object, or of every session itself.
    pub(crate) fn notify(&mut self, target: Option<&EntryId>, event: &Notification) {
        let told = match target {
            Some(target) => {
                let told = self.subscribers.get(object_of(target.as_bytes()));
                told.cloned().into_iter().collect()
            }
            None => self.subscribers_by_age(None),
        };
        for subscribers in told {
            self.tell(subscribers, event.clone());
        }
    }

    /// Who registered with the sessions themselves, but for one session.
    pub(super) fn subscribers_by_age(&self, except: Option<SessionKey>) -> Vec<Subscribers> {
        let sessions = self.sessions_by_age(|session| !session.subscribers.is_empty());
        let others = sessions.into_iter().filter(|key| Some(*key) != except);
        let subscribers = others.map(|key| self.sessions[key].subscribers.clone());
        subscribers.collect()
    }

    /// The shared sessions first, and older ones before younger ones.
    pub(super) fn sessions_by_age(&self, which: impl Fn(&Session) -> bool) -> Vec<SessionKey> {
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
        // What a sink causes has its turn when what that is told is told: it may overtake neither
        // that nor what the sink has caused before.
        match delivery.is_late && !is_telling() {
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

/// The events that a registration asks for. N1: of the session itself, critical errors always.
pub(crate) fn asked_for(entry_id: Option<&[u8]>, mask: EventMask) -> EventMask {
    match entry_id {
        None => mask | EventMask::CRITICAL_ERROR,
        Some(_) => mask,
    }
}

/// What two identifiers of one object have in common: all but the flags.
fn object_of(entry_id: &[u8]) -> &[u8] {
    entry_id.get(4..).unwrap_or_default()
}
