//! The thread on which sinks are told, where MAPIInitialize has asked for one (N14).

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;

use crate::foreign::contain;
use crate::sync::{Condvar, Mutex, ThreadBuilder};

/// Runs what it is given on a thread of its own, one after the other. When it is dropped, the thread
/// does what is left, and ends.
pub(super) struct Notifier(Arc<Shared>);

/// A handle to give it something to do; it keeps the thread from ending no longer than it lives.
#[derive(Clone)]
pub(super) struct ToNotifier(Arc<Shared>);

type Job = Box<dyn FnOnce() + Send>;

struct Shared {
    queue: Mutex<Queue>,
    has_news: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

impl Notifier {
    pub(super) fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue::default()),
            has_news: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        let thread = ThreadBuilder::new().name("MAPI notifications".into());
        // Not joined: a sink may wait for whoever ends it, or end it itself.
        thread.spawn(move || theirs.run())?;
        Ok(Self(shared))
    }

    pub(super) fn handle(&self) -> ToNotifier {
        ToNotifier(Arc::clone(&self.0))
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        self.0.queue.lock().is_closed = true;
        self.0.has_news.notify_all();
    }
}

impl ToNotifier {
    /// Has it done after all that was given before; gives it back where the thread ends.
    pub(super) fn give(&self, job: Job) -> Result<(), Job> {
        let mut queue = self.0.queue.lock();
        if queue.is_closed {
            return Err(job);
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.0.has_news.notify_all();
        Ok(())
    }
}

impl Shared {
    fn run(&self) {
        while let Some(job) = self.next() {
            contain("a notification", job);
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.queue.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if queue.is_closed {
                return None;
            }
            self.has_news.wait(&mut queue);
        }
    }
}
