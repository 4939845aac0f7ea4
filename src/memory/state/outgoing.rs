//! The messages of a store that are on their way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::mem::take;

use super::SessionKey;
use crate::flags::StoreLogoffFlags;

/// A store's outgoing queue, and what the transports do with it. Messages go by their numbers.
#[derive(Clone, Default)]
pub(super) struct Mail {
    /// The outgoing queue.
    waiting: VecDeque<u32>,
    /// The message that a session's transports are sending, and the session.
    sending: Option<(u32, SessionKey)>,
    /// Each message that has ever been submitted, and whether it is sent.
    is_sent: BTreeMap<u32, bool>,
    /// What has been sent and is in its folder still.
    sent: BTreeSet<u32>,
    /// How many messages are arriving.
    arriving: usize,
}

/// Where a message of a store is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageState {
    InItsFolder,
    /// In the outgoing queue, or being sent.
    Submitted,
    Sent,
}

impl Mail {
    pub(super) fn find(&self, message: u32) -> MessageState {
        match self.is_sent.get(&message) {
            None => MessageState::InItsFolder,
            Some(false) => MessageState::Submitted,
            Some(true) => MessageState::Sent,
        }
    }

    /// What is not sent yet, in its order.
    pub(super) fn on_their_way(&self) -> impl Iterator<Item = u32> {
        let sending = self.sending.map(|(message, _)| message);
        sending.into_iter().chain(self.waiting.iter().copied())
    }

    /// Takes a message that is in its folder.
    pub(super) fn submit(&mut self, message: u32) {
        self.waiting.push_back(message);
        self.is_sent.insert(message, false);
    }

    pub(super) fn arrive(&mut self, messages: usize) {
        self.arriving = self.arriving.saturating_add(messages);
    }

    /// All that is arriving has arrived.
    pub(super) fn receive(&mut self) {
        self.arriving = 0;
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
    pub(super) fn pass_time(&mut self, session: SessionKey, may_begin: bool) {
        match self.sending {
            Some(_) => self.finish(session),
            None if may_begin => {
                self.sending = self.waiting.pop_front().map(|message| (message, session));
            }
            None => {}
        }
        self.arriving = self.arriving.saturating_sub(1);
    }

    /// The message that the session is sending goes out.
    pub(super) fn finish(&mut self, session: SessionKey) {
        if let Some((message, _)) = self.sending.take_if(|(_, sender)| *sender == session) {
            self.is_sent.insert(message, true);
            self.sent.insert(message);
        }
    }

    /// All messages go out.
    pub(super) fn flush(&mut self, session: SessionKey) {
        self.finish(session);
        for message in self.waiting.drain(..) {
            self.is_sent.insert(message, true);
            self.sent.insert(message);
        }
    }

    /// What has been sent since this was asked last.
    pub(super) fn take_sent(&mut self) -> BTreeSet<u32> {
        take(&mut self.sent)
    }

    /// Every message that has ever been submitted, in the order of their numbers.
    pub(super) fn submitted(&self) -> impl Iterator<Item = u32> {
        self.is_sent.keys().copied()
    }

    /// The session's transports are gone: what they were sending waits for others.
    pub(super) fn give_up(&mut self, session: SessionKey) {
        if let Some((message, _)) = self.sending.take_if(|(_, sender)| *sender == session) {
            self.waiting.push_front(message);
        }
    }
}
