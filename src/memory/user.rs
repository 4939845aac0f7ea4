//! The user: whoever answers the dialogs that the subsystem shows.

use std::collections::VecDeque;
use std::sync::Arc;

use super::error::{Refusal, Result};
use crate::foreign::{Guarded, contain};
use crate::sync::Mutex;
use crate::{HResult, UiParam};

/// An answer of the user to a dialog.
///
/// An answer that does not fit the question makes the call fail. If a choice of profiles is answered
/// without a pick, or with one that was not offered, that is MAPI_E_LOGON_FAILED. If the question
/// whether to log off is answered with a profile, that counts as Cancel.
///
/// In TOML or JSON: `"accept"`, `"cancel"`, or `{ pick = "Outlook" }`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Answer {
    /// OK, with what the dialog shows. A choice of profiles shows an empty field, so pick one there.
    Accept,
    /// Cancel.
    Cancel,
    /// OK, with this profile.
    Pick(String),
}

/// A dialog that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dialog {
    question: Question,
    parent: UiParam,
}

impl Dialog {
    /// Makes a dialog with this question, modal to this window.
    #[must_use]
    pub fn new(question: Question, parent: UiParam) -> Self {
        Self { question, parent }
    }

    /// Returns what it asked.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// Returns the window that it was modal to.
    #[must_use]
    pub fn parent(&self) -> UiParam {
        self.parent
    }
}

/// What a dialog asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Question {
    /// Which profile to log on to.
    ChooseProfile {
        /// The names that can be picked, sorted.
        offered: Vec<String>,
    },
    /// Whether to log off.
    ConfirmLogoff,
    /// To give a provider what it needs to log on. OK counts as having given it.
    ConfigureProvider {
        /// The provider's name.
        provider: String,
        /// What it answered to its logon.
        error: HResult,
    },
    /// A message service's configuration: while the service is created, copied or configured; or at a
    /// logon with [`SERVICE_UI_ALWAYS`](crate::LogonFlags::SERVICE_UI_ALWAYS), before anything of it
    /// is logged on. OK counts as having given what its providers lack.
    ConfigureService {
        /// The service's name, for a person.
        service: String,
        /// The user can only look at it: OK changes nothing.
        read_only: bool,
    },
    /// The configuration of a provider, from its status object. OK gives what it may have lacked,
    /// where that can be changed.
    ProviderSettings {
        /// The provider's name.
        provider: String,
        /// Nothing can be changed: UI_READONLY.
        read_only: bool,
    },
    /// A form that shows a message: OK sends or posts it.
    MessageForm {
        /// The message's class.
        message_class: String,
    },
}

/// The user at the screen, from [`Memory::user`](super::Memory::user).
///
/// Answers are used in the order in which they were set. When none is left, the user cancels, unless
/// [`answer_otherwise`](Self::answer_otherwise) decides something else.
#[derive(Default)]
pub struct User {
    desk: Mutex<Desk>,
}

#[derive(Default)]
struct Desk {
    answers: VecDeque<Guarded<Decision>>,
    otherwise: Option<Arc<Guarded<Habit>>>,
    dialogs: Vec<Dialog>,
}

type Habit = Box<dyn Fn(&Dialog) -> Answer + Send + Sync>;
type Decision = Box<dyn FnOnce(&Dialog) -> Answer + Send>;

impl User {
    /// Sets the answer to the next dialog that has none yet.
    pub fn answer(&self, answer: Answer) {
        self.answer_with(move |_| answer);
    }

    /// Sets a closure that answers the next dialog that has no answer yet, while it is shown.
    ///
    /// The closure runs on the thread of the call that shows the dialog, with no lock of the subsystem
    /// held. It may take its time and use MAPI itself. While it decides on a logon, logons on other
    /// threads wait, as in MAPI. If it panics, the user cancels. Until it is called, a `Memory` that
    /// it captures keeps itself alive.
    pub fn answer_with(&self, decide: impl FnOnce(&Dialog) -> Answer + Send + 'static) {
        self.desk
            .lock()
            .answers
            .push_back(Guarded::new(Box::new(decide)));
    }

    /// Sets a closure that answers every dialog for which no other answer is left. It is called as
    /// that of [`answer_with`](Self::answer_with) is.
    ///
    /// ```
    /// use mapi_session::memory::{Answer, Memory, Profile, Question};
    /// use mapi_session::{LogonRequest, Mapi, UiParam};
    ///
    /// let memory = Memory::builder().profile(Profile::new("Outlook")).build()?;
    /// memory.user().answer_otherwise(|dialog| match dialog.question() {
    ///     Question::ChooseProfile { .. } => Answer::Pick("Outlook".into()),
    ///     _ => Answer::Accept,
    /// });
    /// let mapi = Mapi::initialize(memory)?;
    /// mapi.logon(&LogonRequest::ask_user(UiParam::NONE))?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    pub fn answer_otherwise(&self, decide: impl Fn(&Dialog) -> Answer + Send + Sync + 'static) {
        let decide: Habit = Box::new(decide);
        let habit = Some(Arc::new(Guarded::new(decide)));
        let before = std::mem::replace(&mut self.desk.lock().otherwise, habit);
        // It is dropped here, without the lock.
        drop(before);
    }

    /// Returns the dialogs that were shown so far, in order, without those that
    /// [`take_dialogs`](Self::take_dialogs) took.
    #[must_use]
    pub fn dialogs(&self) -> Vec<Dialog> {
        self.desk.lock().dialogs.clone()
    }

    /// Returns the dialogs that were shown so far, in order, and forgets them.
    #[must_use]
    pub fn take_dialogs(&self) -> Vec<Dialog> {
        std::mem::take(&mut self.desk.lock().dialogs)
    }

    /// Shows a dialog. No lock may be held. Gives what the user picked, if anything, or why there is
    /// no OK.
    pub(super) fn ask(&self, question: Question, parent: UiParam) -> Result<Option<String>> {
        let dialog = Dialog::new(question, parent);
        let (decision, habit) = {
            let mut desk = self.desk.lock();
            desk.dialogs.push(dialog.clone());
            (desk.answers.pop_front(), desk.otherwise.clone())
        };
        let answer = contain("a user's decision", || match decision {
            Some(decide) => decide.into_inner().map(|decide| decide(&dialog)),
            None => habit.as_ref()?.get().map(|decide| decide(&dialog)),
        });
        match answer.unwrap_or(Some(Answer::Cancel)) {
            None => Err(Refusal::NoAnswer.into()),
            Some(Answer::Cancel) => Err(Refusal::Cancelled.into()),
            Some(Answer::Accept) => Ok(None),
            Some(Answer::Pick(picked)) => Ok(Some(picked)),
        }
    }
}
