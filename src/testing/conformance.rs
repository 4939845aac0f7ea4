//! A suite that asks a MAPI subsystem every rule of the [contract](crate::contract) that can be
//! asked through the traits of [`subsystem`](crate::subsystem), misuse included.
//!
//! ```
//! use mapi_session::testing::conformance;
//!
//! let report = conformance::check(conformance::memory);
//! report.assert_all();
//! ```
//!
//! For your subsystem, write a function that sets the [`Stage`]: a fresh subsystem with the profiles
//! below, and what is known of it. A wrapper takes its stage from the subsystem that it wraps:
//!
//! ```
//! use mapi_session::testing::conformance::{self, Rule, Suite};
//! # struct Wrapper;
//! # impl Wrapper { fn new(memory: mapi_session::memory::Memory) -> mapi_session::memory::Memory { memory } }
//!
//! let report = Suite::new()
//!     .without(Rule::L8)
//!     .check(|setting| Some(conformance::memory(setting)?.map(Wrapper::new)));
//! println!("{report}");
//! assert_eq!(report.broken().count(), 0);
//! ```
//!
//! # The profiles
//!
//! - [`PROFILE`], the default profile: message stores, one of them the default one; an address book
//!   whose user is the primary identity; another one with a user; a transport.
//! - [`OTHER`]: a default message store, and nobody who represents the session.
//! - [`FAULTY`]: a cached message store whose provider opts out of fast shutdown, and fails its
//!   logoff; and a store and an address book that both lack configuration.
//!
//! Each store and object that a rule needs is an [`Item`], whose entry identifier the stage gives. The
//! suite asks as much of a rule as the stage allows. The [`Report`] tells what it left out.
//!
//! The suite changes the profile sections, the services, the default store and the primary identity of
//! [`PROFILE`], adds a store to it, posts and sends a message, and creates a folder `Conformance` with
//! messages in the default store. It creates the profiles `New`, `Copy`,
//! `Renamed`, `App` and `Later`, and deletes [`OTHER`]: do not run it on profiles that anybody needs.
//!
//! # Stability
//!
//! The names of the rules are not a stable API. See [`Rule`].

mod ending;
mod folders;
mod logon;
mod methods;
mod notification;
mod objects;
mod profiles;
mod props;
mod scene;
mod sharing;
mod shutdown;
mod stage;
mod status;
mod tables;

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use scene::{Asked, Fault, Verdict};
pub use stage::{FAULTY, Item, OTHER, PROFILE, Setting, Stage, memory};

use crate::foreign::contain;
use crate::subsystem::Subsystem;

/// Checks a subsystem against all rules.
///
/// Each rule is checked on a thread of its own. It calls `stage` there, whenever the rule needs a
/// fresh subsystem, which stays on that thread. What happens when a sink makes calls in the middle of
/// an event can be checked only if events arrive on the thread that causes them.
pub fn check<B: Subsystem>(
    stage: impl Fn(Setting) -> Option<Stage<B>> + Send + Sync + 'static,
) -> Report {
    Suite::new().check(stage)
}

/// The suite, and which of its rules to run.
#[derive(Clone, Debug)]
pub struct Suite {
    without: BTreeSet<Rule>,
    patience: Duration,
}

impl Suite {
    /// Selects all rules.
    #[must_use]
    pub fn new() -> Self {
        Self {
            without: BTreeSet::new(),
            patience: Duration::from_secs(30),
        }
    }

    /// Leaves out a rule that the subsystem does not claim to hold.
    #[must_use]
    pub fn without(mut self, rule: Rule) -> Self {
        self.without.insert(rule);
        self
    }

    /// Selects only this rule.
    #[must_use]
    pub fn only(mut self, rule: Rule) -> Self {
        self.without = Rule::ALL.iter().copied().collect();
        self.without.remove(&rule);
        self
    }

    /// Sets how long a rule may take before it counts as broken because it hangs. The default is 30
    /// seconds. A thread that hangs is left behind.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Checks a subsystem, as [`check`] does.
    pub fn check<B: Subsystem>(
        &self,
        stage: impl Fn(Setting) -> Option<Stage<B>> + Send + Sync + 'static,
    ) -> Report {
        let stage = Arc::new(stage);
        let outcome = |rule: Rule| match self.without.contains(&rule) {
            true => Outcome::NotAsked("the subsystem does not claim it".into()),
            false => self.ask_apart(rule, &stage),
        };
        Report {
            outcomes: Rule::ALL.iter().map(|&it| (it, outcome(it))).collect(),
        }
    }

    /// Asks on a thread of its own, so that what hangs is not waited for.
    fn ask_apart<B, S>(&self, rule: Rule, stage: &Arc<S>) -> Outcome
    where
        B: Subsystem,
        S: Fn(Setting) -> Option<Stage<B>> + Send + Sync + 'static,
    {
        let (asked, end) = mpsc::channel::<()>();
        let stage = Arc::clone(stage);
        let asking = thread::Builder::new()
            .name(format!("conformance {rule}"))
            .spawn(move || {
                // Dropped last, also by a panic.
                let _asked = asked;
                ask(rule, &*stage)
            });
        let asking = match asking {
            Ok(asking) => asking,
            Err(error) => return Outcome::NotAsked(format!("no thread: {error}")),
        };
        if end.recv_timeout(self.patience) == Err(RecvTimeoutError::Timeout) {
            return Outcome::Broken(format!("no answer within {:?}", self.patience));
        }
        asking.join().unwrap_or_else(|payload| {
            let reason = panicked(&*payload);
            contain("the end of what was thrown", || drop(payload));
            Outcome::Broken(reason)
        })
    }
}

impl Default for Suite {
    fn default() -> Self {
        Self::new()
    }
}

fn ask<B: Subsystem>(rule: Rule, stage: &dyn Fn(Setting) -> Option<Stage<B>>) -> Outcome {
    let asked = Asked::new(stage);
    match rule.verdict(&asked) {
        Ok(()) => match asked.left_out() {
            None => Outcome::Held,
            Some(left_out) => Outcome::Partly(left_out),
        },
        Err(Fault::Broken(reason)) => Outcome::Broken(reason),
        Err(Fault::NotAsked(why)) => Outcome::NotAsked(why),
    }
}

fn panicked(payload: &(dyn Any + Send)) -> String {
    let message = payload.downcast_ref::<&str>().copied();
    let message = message.or(payload.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", message.unwrap_or("with no message"))
}

/// The outcome of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The subsystem holds it.
    Held,
    /// The subsystem holds as much of it as could be asked; this is what could not.
    Partly(String),
    /// The subsystem breaks it: how, in one line.
    Broken(String),
    /// It was not asked: why.
    NotAsked(String),
}

/// The outcome of every rule, in the order of the contract. It displays as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    outcomes: Vec<(Rule, Outcome)>,
}

impl Report {
    /// Returns all rules with their outcomes.
    #[must_use]
    pub fn outcomes(&self) -> &[(Rule, Outcome)] {
        &self.outcomes
    }

    /// Returns the rules that are broken, and how.
    pub fn broken(&self) -> impl Iterator<Item = (Rule, &str)> {
        self.outcomes
            .iter()
            .filter_map(|(rule, outcome)| match outcome {
                Outcome::Broken(reason) => Some((*rule, reason.as_str())),
                _ => None,
            })
    }

    /// Asserts that no rule is broken.
    ///
    /// # Panics
    /// If a rule is broken, with all broken ones.
    #[track_caller]
    #[expect(clippy::panic, reason = "an assertion, for tests")]
    pub fn assert_all(&self) {
        let broken = self
            .broken()
            .map(|(rule, reason)| format!("\n{rule}: {reason}"));
        let broken = broken.collect::<String>();
        if !broken.is_empty() {
            panic!("the subsystem breaks the contract of a MAPI session:{broken}");
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rule, outcome) in &self.outcomes {
            let number = rule.number();
            match outcome {
                Outcome::Held => writeln!(f, "{number:<4} held       {}", rule.summary())?,
                Outcome::Partly(but) => writeln!(f, "{number:<4} in part    but for: {but}")?,
                Outcome::Broken(reason) => writeln!(f, "{number:<4} BROKEN     {reason}")?,
                Outcome::NotAsked(why) => writeln!(f, "{number:<4} not asked  {why}")?,
            }
        }
        Ok(())
    }
}

/// One row a rule: the row makes the variant, its doc, and what asks it.
macro_rules! rules {
    ($($rule:ident $summary:literal $how:ident $what:tt)*) => {
        /// The rules of the [contract](crate::contract), by their numbers.
        ///
        /// The names are not a stable API: any release may add, remove or renumber rules. A test that names
        /// one may have to change with it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = $summary]
                $rule,
            )*
        }

        impl Rule {
            /// All of them, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$rule),*];

            /// The number, such as `E6`.
            #[must_use]
            pub const fn number(self) -> &'static str {
                match self {
                    $(Self::$rule => stringify!($rule),)*
                }
            }

            /// What it is about, in a few words.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$rule => $summary,)*
                }
            }

            fn verdict<B: Subsystem>(self, asked: &Asked<'_, B>) -> Verdict {
                match self {
                    $(Self::$rule => rules!(@$how asked $what),)*
                }
            }
        }
    };
    (@ask $asked:ident ($($check:tt)*)) => { $($check)*($asked) };
    (@unasked $asked:ident $why:literal) => { Err(Fault::NotAsked($why.into())) };
}

rules! {
    I1 "nothing works before MAPIInitialize" ask (logon::i1)
    I2 "initialisations are counted" ask (logon::i2)
    I3 "the arguments of MAPIInitialize" ask (logon::i3)
    I4 "the session is released before the library" unasked "its caller keeps it"
    I5 "each thread initialises for itself" unasked "its caller keeps it"
    L1 "which profile a logon takes" ask (logon::l1)
    L2 "an unknown profile" ask (logon::l2)
    L3 "the user cancels a logon" ask (logon::l3)
    L4 "a window handle without a dialog" ask (logon::l4)
    L5 "malformed profile names" ask (logon::l5)
    L6 "no password" ask (logon::l6)
    L7 "the flags of a logon" ask (logon::l7)
    L8 "logons wait for each other" ask (logon::l8)
    L9 "the order in which providers start" unasked "the traits do not show the providers' calls"
    L10 "a provider cannot log on" ask (logon::l10)
    L11 "a session without mail" ask (logon::l11)
    L12 "a service's logon" ask (logon::l12)
    L13 "a limit on sessions" ask (logon::l13)
    L14 "each service shows its configuration" ask (logon::l14)
    S1 "an individual session" ask (sharing::s1)
    S2 "joining a shared session" ask (sharing::s2)
    S3 "a second shared session" ask (sharing::s3)
    S4 "each client has a session object of its own" ask (sharing::s4)
    S5 "a shared session's end" ask (sharing::s5)
    S6 "nobody joins after MAPI_LOGOFF_SHARED" ask (sharing::s6)
    O1 "objects are released before the logoff" unasked "the typed session keeps it"
    O2 "objects that outlive their session" ask (objects::o2)
    O3 "an object keeps its store" ask (objects::o3)
    O4 "the same stores after another logon" ask (objects::o4)
    O5 "a store that is opened again" ask (objects::o5)
    O6 "a store that is released" ask (objects::o6)
    N1 "what a registration hears" ask (notification::n1)
    N2 "another client has logged off" ask (notification::n2)
    N3 "another client ends the session" ask (notification::n3)
    N4 "a client does not hear of its own logoff" ask (notification::n4)
    N5 "a sink calls back" ask (notification::n5)
    N6 "this-thread sinks" unasked "the typed session keeps it"
    N7 "after Unadvise" ask (notification::n7)
    N8 "events that arrive late" unasked "an option of the subsystem in memory"
    N9 "a sink panics" ask (notification::n9)
    N10 "whose events can be asked for" ask (notification::n10)
    N11 "tables that stay open" ask (notification::n11)
    N12 "stores and the address book have an Advise" ask (notification::n12)
    N13 "stores that come and go" unasked "the traits do not say how"
    N14 "a thread for notifications" ask (notification::n14)
    N15 "new mail" unasked "the traits do not say how mail arrives"
    E1 "calls after the logoff" ask (ending::e1)
    E2 "the window handle of a logoff" ask (ending::e2)
    E3 "MAPI_LOGOFF_SHARED on an individual session" ask (ending::e3)
    E4 "MAPI_LOGOFF_SHARED on a shared session" ask (ending::e4)
    E5 "what Outlook makes of MAPI_LOGOFF_SHARED" ask (ending::e5)
    E6 "the arguments of a logoff" ask (ending::e6)
    E7 "the user cancels a logoff" ask (ending::e7)
    E8 "a refused logoff has changed nothing" ask (ending::e8)
    E9 "the order in which a session ends" unasked "the traits do not show the providers' calls"
    E10 "a provider fails its logoff" ask (ending::e10)
    E11 "a live session is released" ask (ending::e11)
    E12 "what the caller owns outlives the logoff" ask (ending::e12)
    E13 "sessions leave no growth" unasked "the traits do not show memory"
    T1 "the flags of StoreLogoff" ask (shutdown::t1)
    T2 "StoreLogoff, and mail on its way" ask (shutdown::t2)
    T3 "a store without StoreLogoff" unasked "the traits do not show the providers' calls"
    T4 "mail that is not sent yet" ask (shutdown::t4)
    F1 "fast shutdown in its order" ask (shutdown::f1)
    F2 "fast shutdown that is not supported" ask (shutdown::f2)
    F3 "the order of providers in a fast shutdown" unasked "the traits do not show the providers' calls"
    F4 "no call after DoFastShutdown" unasked "the typed session keeps it"
    M1 "the tables" ask (methods::m1)
    M2 "OpenMsgStore" ask (methods::m2)
    M3 "OpenAddressBook" ask (methods::m3)
    M4 "OpenProfileSection" ask (methods::m4)
    M5 "OpenEntry" ask (methods::m5)
    M6 "CompareEntryIDs" ask (methods::m6)
    M7 "QueryIdentity" ask (methods::m7)
    M8 "SetDefaultStore" ask (methods::m8)
    M9 "AdminServices" ask (methods::m9)
    M10 "GetLastError" ask (methods::m10)
    M11 "forms, address types and message options" ask (methods::m11)
    M12 "codes that ask for a retry" unasked "its caller keeps it"
    M13 "deferred errors" ask (methods::m13)
    M14 "IMsgStore::OpenEntry, and the root folder" ask (methods::m14)
    M15 "the methods of status objects" ask (status::m15)
    M16 "GetLastError of every object" ask (status::m16)
    M17 "a store that the profile does not have" ask (methods::m17)
    M18 "a provider's further identifiers" ask (methods::m18)
    R1 "GetProps and GetPropList" ask (props::r1)
    R2 "SetProps, DeleteProps and SaveChanges" ask (props::r2)
    R3 "values that are streamed" ask (props::r3)
    R4 "named properties" ask (props::r4)
    C1 "what folders hold" ask (folders::c1)
    C2 "CreateMessage, and a message's SaveChanges" ask (folders::c2)
    C3 "CreateFolder" ask (folders::c3)
    C4 "DeleteMessages and SetReadFlags" ask (folders::c4)
    C5 "recipients" ask (folders::c5)
    C6 "attachments" ask (folders::c6)
    C7 "GetReceiveFolder" ask (folders::c7)
    C8 "GetReceiveFolderTable" ask (folders::c8)
    C9 "CreateAttach" ask (folders::c9)
    B1 "QueryRows and columns" ask (tables::b1)
    B2 "SeekRow and GetRowCount" ask (tables::b2)
    B3 "Restrict" ask (tables::b3)
    B4 "SortTable" ask (tables::b4)
    B5 "FindRow" ask (tables::b5)
    B6 "what tables of folders tell" ask (tables::b6)
    B7 "bookmarks and QueryPosition" ask (tables::b7)
    P1 "profile administration" ask (profiles::p1)
    P2 "a profile that is renamed or deleted while in use" ask (profiles::p2)
    P3 "administration without a session" ask (profiles::p3)
    P4 "a new profile's services" ask (profiles::p4)
    P5 "the tables of services and providers" ask (profiles::p5)
    P6 "CreateMsgServiceEx" ask (profiles::p6)
    P7 "ConfigureMsgService" ask (profiles::p7)
    P8 "CopyMsgService and RenameMsgService" ask (profiles::p8)
    P9 "MsgServiceTransportOrder" ask (profiles::p9)
    P10 "SetPrimaryIdentity" ask (profiles::p10)
    P11 "the administration of providers" ask (profiles::p11)
    P12 "the sections of every profile" ask (profiles::p12)
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.number())
    }
}

/// Reads a rule's number.
impl FromStr for Rule {
    type Err = ParseRuleError;

    fn from_str(number: &str) -> Result<Self, ParseRuleError> {
        let rule = Self::ALL.iter().find(|rule| rule.number() == number);
        rule.copied().ok_or_else(|| ParseRuleError(number.into()))
    }
}

/// An error of reading a [`Rule`]: there is none of this number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no rule of the contract")]
pub struct ParseRuleError(String);
