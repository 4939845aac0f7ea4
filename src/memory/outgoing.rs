//! Messages on their way: a store's outgoing queue, and what the transports do with it as time
//! passes.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::profiles::StoredProfile;
use super::providers::{ProviderKind, StoredProvider};
use super::resources::{ProviderState, Resources, Standing};
use super::sharing::Client;
use crate::subsystem::Failure;
use crate::{HResult, StoreLogoffFlags};

/// The messages of a store that are on their way, by their numbers.
#[derive(Default)]
pub(super) struct Mail {
    /// The outgoing queue.
    waiting: VecDeque<u32>,
    /// The message that a session's transports are sending, and the session.
    sending: Option<(u32, u64)>,
    sent: BTreeSet<u32>,
    /// How many messages are arriving.
    arriving: usize,
}

/// Where a message of a store is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// In its folder.
    Here,
    /// In the outgoing queue, or being sent.
    Submitted,
    Sent,
}

impl Mail {
    pub(super) fn find(&self, message: u32) -> Whereabouts {
        if self.sent.contains(&message) {
            Whereabouts::Sent
        } else if self.on_their_way().any(|other| other == message) {
            Whereabouts::Submitted
        } else {
            Whereabouts::Here
        }
    }

    /// What is not sent yet, in its order.
    pub(super) fn on_their_way(&self) -> impl Iterator<Item = u32> {
        let sending = self.sending.map(|(message, _)| message);
        sending.into_iter().chain(self.waiting.iter().copied())
    }

    pub(super) fn submit(&mut self, message: u32) -> Result<(), HResult> {
        match self.find(message) {
            Whereabouts::Here => {
                self.waiting.push_back(message);
                Ok(())
            }
            Whereabouts::Submitted => Err(HResult::MAPI_E_SUBMITTED),
            Whereabouts::Sent => Err(HResult::MAPI_E_NOT_FOUND),
        }
    }

    pub(super) fn arrive(&mut self, messages: usize) {
        self.arriving = self.arriving.saturating_add(messages);
    }

    /// What goes on, as StoreLogoff tells it.
    pub(super) fn activity(&self) -> StoreLogoffFlags {
        let mut activity = StoreLogoffFlags::empty();
        activity.set(StoreLogoffFlags::INBOUND, self.arriving > 0);
        activity.set(StoreLogoffFlags::OUTBOUND, self.sending.is_some());
        activity.set(StoreLogoffFlags::OUTBOUND_QUEUE, !self.waiting.is_empty());
        activity
    }

    /// The transports of a session do one thing each way: a message goes out, or the next begins
    /// to; and one arrives.
    fn pass_time(&mut self, session: u64, may_begin: bool) {
        match self.sending {
            Some((message, sender)) if sender == session => {
                self.sending = None;
                self.sent.insert(message);
            }
            None if may_begin => {
                self.sending = self.waiting.pop_front().map(|message| (message, session));
            }
            _ => {}
        }
        self.arriving = self.arriving.saturating_sub(1);
    }

    /// The message that the session is sending goes out.
    pub(super) fn finish(&mut self, session: u64) {
        if let Some((message, _)) = self.sending.take_if(|(_, sender)| *sender == session) {
            self.sent.insert(message);
        }
    }

    /// All messages go out.
    pub(super) fn flush(&mut self, session: u64) {
        self.finish(session);
        self.sent.extend(self.waiting.drain(..));
    }

    /// The session's transports are gone: what they were sending waits for others.
    pub(super) fn give_up(&mut self, session: u64) {
        if let Some((message, _)) = self.sending.take_if(|(_, sender)| *sender == session) {
            self.waiting.push_front(message);
        }
    }
}

impl Client {
    /// Whether any transport of the session is logged on, now that one is needed.
    pub(super) fn has_active_transports(self: &Arc<Self>) -> Result<bool, Failure> {
        self.start_transports()?;
        let profile = self.profile();
        let transports = |states: &[_]| active(profile, states, ProviderKind::Transport).count();
        Ok(self
            .resources()
            .look(transports)
            .is_some_and(|active| active > 0))
    }
}

fn active<'a>(
    profile: &'a StoredProfile,
    states: &'a [ProviderState],
    kind: ProviderKind,
) -> impl Iterator<Item = (&'a ProviderState, &'a StoredProvider)> {
    let all = states.iter().zip(profile.providers());
    all.filter(move |(state, provider)| {
        provider.kind == kind && state.standing == Standing::LoggedOn
    })
    .map(|(state, provider)| (state, &**provider))
}

/// The transports of a session, where any is logged on, work on the mail of each of its stores.
pub(super) fn pass_time(session: u64, profile: &StoredProfile, resources: &Resources) {
    // As one with the end of the session: nothing is begun that nobody would give up.
    resources.look(|states| {
        let active = |kind| active(profile, states, kind);
        if active(ProviderKind::Transport).next().is_some() {
            for (state, store) in active(ProviderKind::Store) {
                store.mail.lock().pass_time(session, !state.sends_no_more);
            }
        }
    });
}
