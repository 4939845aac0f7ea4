//! What the checks share: an initialised subsystem, its sessions, and what they expect of a call.

use std::cell::RefCell;
use std::fmt::Display;
use std::sync::mpsc;

use super::stage::{FAULTY, Item, PROFILE, Setting, Stage};
use crate::error::Success;
use crate::memory::Answer;
use crate::subsystem::{RawResult, RawSession, Subsystem};
use crate::{EntryId, EventMask, HResult, LogoffFlags, LogonFlags, Notification, UiParam};

/// Why a rule did not hold.
pub(super) enum Fault {
    Broken(String),
    NotAsked(String),
}

pub(super) type Verdict<T = ()> = Result<T, Fault>;

pub(super) fn works<T>(what: impl Display, result: RawResult<T>) -> Verdict<T> {
    let value = result.map(Success::ignore_warning);
    value.map_err(|failure| Fault::Broken(format!("{what}: {failure}")))
}

pub(super) fn fails<T>(what: impl Display, result: RawResult<T>, wanted: HResult) -> Verdict {
    let hresult = match result {
        Ok(success) => success.hresult(),
        Err(failure) => failure.hresult(),
    };
    ensure(hresult == wanted, || {
        format!("{what}: {hresult} instead of {wanted}")
    })
}

pub(super) fn ensure<R: Into<String>>(holds: bool, otherwise: impl FnOnce() -> R) -> Verdict {
    if holds {
        return Ok(());
    }
    Err(Fault::Broken(otherwise().into()))
}

/// Each bit that a flag word does not define.
pub(super) fn undefined_bits(defined: u32) -> impl Iterator<Item = u32> {
    let bits = (0..u32::BITS).map(|bit| 1 << bit);
    bits.filter(move |bit| defined & bit == 0)
}

/// A rule that is asked: where its scenes come from, and what it had to leave out.
pub(super) struct Asked<'a, B> {
    stage: &'a dyn Fn(Setting) -> Option<Stage<B>>,
    left_out: RefCell<Vec<String>>,
}

impl<'a, B: Subsystem> Asked<'a, B> {
    pub(super) fn new(stage: &'a dyn Fn(Setting) -> Option<Stage<B>>) -> Self {
        Self {
            stage,
            left_out: RefCell::default(),
        }
    }

    /// A stage whose library is not initialised.
    pub(super) fn stage(&self, setting: Setting) -> Verdict<Stage<B>> {
        (self.stage)(setting)
            .ok_or_else(|| Fault::NotAsked(format!("there is no stage for {setting:?}")))
    }

    pub(super) fn scene(&self, setting: Setting) -> Verdict<Scene<B>> {
        self.scene_with(setting, 0)
    }

    /// With these flags of MAPIInitialize.
    pub(super) fn scene_with(&self, setting: Setting, flags: u32) -> Verdict<Scene<B>> {
        let stage = self.stage(setting)?;
        works("MAPIInitialize", stage.subsystem.initialize(0, flags))?;
        Ok(Scene { stage })
    }

    pub(super) fn plain(&self) -> Verdict<Scene<B>> {
        self.scene(Setting::Plain)
    }

    /// Notes what cannot be asked, and goes on without it.
    pub(super) fn if_asked<T>(&self, verdict: Verdict<T>) -> Verdict<Option<T>> {
        match verdict {
            Ok(value) => Ok(Some(value)),
            Err(Fault::NotAsked(why)) => {
                self.left_out.borrow_mut().push(why);
                Ok(None)
            }
            Err(broken) => Err(broken),
        }
    }

    pub(super) fn left_out(&self) -> Option<String> {
        let left_out = self.left_out.take();
        (!left_out.is_empty()).then(|| left_out.join("; "))
    }
}

/// A subsystem that is initialised until the scene ends. What comes from it is to be dropped first.
pub(super) struct Scene<B: Subsystem> {
    pub(super) stage: Stage<B>,
}

impl<B: Subsystem> Drop for Scene<B> {
    fn drop(&mut self) {
        self.stage.subsystem.uninitialize();
    }
}

pub(super) const NEW: LogonFlags = LogonFlags::NEW_SESSION;
/// What every logon asks for.
const ALWAYS: LogonFlags = LogonFlags::EXTENDED.union(LogonFlags::UNICODE);

/// Everything that the end of a client's session tells.
pub(super) const ENDS: EventMask = EventMask::CRITICAL_ERROR.union(EventMask::EXTENDED);

impl<B: Subsystem> Scene<B> {
    pub(super) fn try_logon(&self, name: Option<&str>, flags: LogonFlags) -> RawResult<B::Session> {
        let flags = (flags | ALWAYS).bits();
        let subsystem = &self.stage.subsystem;
        subsystem.logon_ex(UiParam::NONE, name, None, flags)
    }

    pub(super) fn logon(&self, name: Option<&str>, flags: LogonFlags) -> Verdict<B::Session> {
        let what = format!("a logon to {name:?} with {flags:?}");
        works(what, self.try_logon(name, flags))
    }

    pub(super) fn individual(&self) -> Verdict<B::Session> {
        self.logon(Some(PROFILE), NEW)
    }

    /// The first client of a shared session.
    pub(super) fn shared(&self) -> Verdict<B::Session> {
        self.logon(Some(PROFILE), NEW | LogonFlags::ALLOW_OTHERS)
    }

    /// A further client.
    pub(super) fn join(&self) -> Verdict<B::Session> {
        self.logon(None, LogonFlags::empty())
    }

    /// A session with providers that cannot do everything. That it logs on is L10.
    pub(super) fn faulty(&self) -> Verdict<B::Session> {
        self.item(Item::CachedStore)?;
        let session = self
            .try_logon(Some(FAULTY), NEW)
            .map(Success::ignore_warning);
        session.map_err(|failure| Fault::NotAsked(format!("no session on {FAULTY:?}: {failure}")))
    }

    pub(super) fn item(&self, item: Item) -> Verdict<&EntryId> {
        let items = &self.stage.items;
        items
            .get(&item)
            .ok_or_else(|| Fault::NotAsked(format!("the stage has no {item:?}")))
    }

    /// The default store, by the stage, or else by the session's table.
    pub(super) fn default_store(&self, session: &B::Session) -> Verdict<EntryId> {
        if let Ok(known) = self.item(Item::DefaultStore) {
            return Ok(known.clone());
        }
        let stores = works("GetMsgStoresTable", session.msg_stores_table(0))?;
        let default = stores.default_store().map(|row| row.entry_id().clone());
        default.ok_or_else(|| Fault::NotAsked("there is no default store".into()))
    }

    /// Insists that the session is on the profile that has this store.
    pub(super) fn has_store(&self, session: &B::Session, store: Item) -> Verdict {
        let id = self.item(store)?.as_bytes();
        let opened = session.open_msg_store(UiParam::NONE, Some(id), 0);
        let what = format!("a session that should be on the profile with the {store:?} opens it");
        works(what, opened).map(drop)
    }

    pub(super) fn answer(&self, answer: Answer) -> Verdict {
        let control = self.stage.controls.answer.as_ref();
        let set = control.ok_or_else(|| Fault::NotAsked("the stage has no user".into()))?;
        set(answer);
        Ok(())
    }

    pub(super) fn default_service(&self) -> Verdict<&str> {
        let name = self.stage.default_service.as_deref();
        name.ok_or_else(|| Fault::NotAsked("the stage has no default service".into()))
    }

    /// The parents of the dialogs so far, where the stage knows.
    pub(super) fn dialogs(&self) -> Vec<UiParam> {
        let dialogs = &self.stage.controls.dialogs;
        dialogs.as_ref().map_or_else(Vec::new, |dialogs| dialogs())
    }

    pub(super) fn settle(&self) {
        if let Some(settle) = &self.stage.controls.settle {
            settle();
        }
    }
}

pub(super) fn log_off<S: RawSession>(session: &S, flags: LogoffFlags) -> Verdict {
    let logged_off = session.logoff(UiParam::NONE, flags.bits(), 0);
    works(format!("a logoff with {flags:?}"), logged_off)
}

/// Logs off plainly and releases.
pub(super) fn end<S: RawSession>(session: S) -> Verdict {
    log_off(&session, LogoffFlags::empty())?;
    drop(session);
    Ok(())
}

/// Insists that the session can be used.
pub(super) fn is_live<S: RawSession>(what: &str, session: &S) -> Verdict {
    works(
        format!("GetMsgStoresTable {what}"),
        session.msg_stores_table(0),
    )
    .map(drop)
}

/// What a registration hears. The sender is its sink: when that is dropped, the receiver knows.
pub(super) fn listen<S: RawSession>(
    session: &S,
    mask: EventMask,
) -> Verdict<mpsc::Receiver<Notification>> {
    let (sink, heard) = mpsc::channel();
    works(
        "Advise on the session",
        session.advise(None, mask.bits(), sink),
    )?;
    Ok(heard)
}

pub(super) fn events(heard: &mpsc::Receiver<Notification>) -> Vec<EventMask> {
    heard.try_iter().map(|event| event.event()).collect()
}
