//! Wrap any subsystem: a [`Layer`] sees every call on it, and passes the call on, changes it, or answers it itself.
//!
//! [`Layered`] is the subsystem with its layer. It implements [`Subsystem`], and wraps and numbers the objects that are
//! opened. The feature `testing` has two layers ready for use, `Recorder` and `Faults`.
//!
//! This layer refuses every password, and counts the calls that fail:
//!
//! ```
//! use std::sync::atomic::{AtomicUsize, Ordering};
//!
//! use mapi_session::error::Failure;
//! use mapi_session::memory::Memory;
//! use mapi_session::subsystem::{RawResult, layer::{Arg, Layer, Layered, RawCall}};
//! use mapi_session::{HResult, LogonRequest, Mapi};
//!
//! #[derive(Default)]
//! struct Strict {
//!     failed: AtomicUsize,
//! }
//!
//! impl Layer for Strict {
//!     fn call<'a, T: 'static>(
//!         &self,
//!         call: &mut RawCall<'a>,
//!         below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
//!     ) -> RawResult<T> {
//!         let answer = match call.arg("lpszPassword") {
//!             Some(Arg::Text(Some(_))) => Err(Failure::new(HResult::MAPI_E_NO_ACCESS)),
//!             _ => below(call),
//!         };
//!         self.failed.fetch_add(usize::from(answer.is_err()), Ordering::Relaxed);
//!         answer
//!     }
//! }
//!
//! let strict = Layered::new(Memory::default(), Strict::default());
//! let mapi = Mapi::initialize(strict.clone())?;
//! mapi.logon(&LogonRequest::new_session("Outlook")).unwrap_err();
//! assert_eq!(strict.layer().failed.load(Ordering::Relaxed), 1);
//! # Ok::<(), mapi_session::Error>(())
//! ```

use std::any::Any;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{
    RawEntry, RawMsgStore, RawObject, RawProfAdmin, RawProfileSection, RawProp, RawPropTable,
    RawProviderAdmin, RawResult, RawServiceAdmin, RawSession, RawTable, Subsystem,
};
use crate::error::{Call, Failure, MapiError, Success};
use crate::foreign::Guarded;
use crate::notification::Connection;
use crate::property::{PropName, PropProblem, PropTag, Property, Props};
use crate::table::{
    Bookmark, MsgServiceTable, MsgStoresTable, ProfileTable, ProviderTable, Restriction, SortOrder,
    StatusTable, Table, TablePosition,
};
use crate::types::{FormMessage, FormToken, Hex, ObjectInfo, ObjectType};
use crate::{AdviseSink, EntryId, HResult, MapiUid, UiParam};

/// A layer between a program and a subsystem, which sees every call.
///
/// Its methods are called without a lock, on the thread that makes the call. They have to keep the
/// [contract](crate::subsystem) of a subsystem: a layer that answers itself must also answer misuse,
/// and must not panic.
pub trait Layer: 'static {
    /// Handles a call. Call `below` to pass it on, with the arguments that it then has (see [`RawCall::set`]), or
    /// return an answer without it.
    ///
    /// `T` is the value of the call; if the call opens something, the object, wrapped for this layer. To make a `T`,
    /// see [`RawCall::answer`]; to look into one, [`Any`].
    ///
    /// MAPIUninitialize has no answer, so what this returns for it is dropped.
    ///
    /// # Errors
    /// Those of the call.
    fn call<'a, T: 'static>(
        &self,
        call: &mut RawCall<'a>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T>;

    /// Chooses the sink to register below for the one that a client registers. By default it is the client's own. The
    /// Advise follows as a [`call`](Self::call).
    fn sink<S: AdviseSink + 'static>(
        &self,
        call: &RawCall<'_>,
        sink: S,
    ) -> impl AdviseSink + 'static {
        let _ = call;
        sink
    }

    /// Handles a release. `below`, the object below, is released when this returns, unless you keep a clone of it.
    fn released<R: 'static>(&self, call: &RawCall<'_>, below: &Arc<R>) {
        let _ = (call, below);
    }
}

/// A subsystem, `B`, with a layer over it. Its clones share the layer.
pub struct Layered<B, L> {
    below: B,
    stack: Arc<Stack<L>>,
}

impl<B: Subsystem, L: Layer> Layered<B, L> {
    /// Puts a layer over a subsystem.
    pub fn new(below: B, layer: L) -> Self {
        let stack = Arc::new(Stack {
            layer,
            opened: AtomicU32::new(0),
        });
        Self { below, stack }
    }

    /// Returns the subsystem below.
    pub fn below(&self) -> &B {
        &self.below
    }

    /// The layer.
    pub fn layer(&self) -> &L {
        &self.stack.layer
    }

    fn call<'a, T: 'static>(
        &self,
        call: Call,
        args: Args<'a>,
        place: &'static Location<'static>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let mut call = RawCall::new(call, None, args, place);
        self.stack.layer.call(&mut call, below)
    }
}

/// The methods of one trait, each from its row of the table: they hand the call to the layer, and that
/// to what is below.
macro_rules! forward {
    (Subsystem Subsystem $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawSession RawSession $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawMsgStore RawMsgStore $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawObject RawObject $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawPropTable RawPropTable $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawProp RawProp $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawServiceAdmin RawServiceAdmin $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawTable RawTable $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawProviderAdmin RawProviderAdmin $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    (RawProfAdmin RawProfAdmin $group:tt $($_rest:tt)*) => { forward! { @rows $group } };
    ($Trait:ident $_other:ident $_group:tt $($rest:tt)*) => { forward! { $Trait $($rest)* } };
    (@rows { $($call:ident $name:literal $({ $($methods:tt)* })?)* }) => {
        $($(forward! { @methods $call $($methods)* })?)*
    };
    (@methods $call:ident by hand $names:tt) => {};
    (@methods $call:ident $method:ident $args:tt -> $Value:ty $(; $($others:tt)*)?) => {
        forward! { @method $call $method $args $Value, |below, _open| below }
        $(forward! { @methods $call $($others)* })?
    };
    (@methods $call:ident $method:ident $args:tt
        opens $Value:ty = |$below:ident, $open:ident| $wrapped:expr) => {
        forward! { @method $call $method $args $Value, |$below, $open| $wrapped }
    };
    (@method $call:ident $method:ident ($($arg:ident: $Type:ty = $name:literal),*)
        $Value:ty, |$below:ident, $open:ident| $wrapped:expr) => {
        fn $method(&self, $($arg: $Type),*) -> RawResult<$Value> {
            let args = Args::new();
            $(let args = Argument::push($arg, $name, args);)*
            self.call(Call::$call, args, Location::caller(), |call| {
                $(let $arg = Argument::below($arg, call.arg($name));)*
                let below = self.below.$method($($arg),*)?;
                Ok(below.map(|$below| {
                    let $open = Opening { call, stack: &self.stack };
                    $wrapped
                }))
            })
        }
    };
}

#[deny(clippy::missing_trait_methods)]
impl<B: Subsystem, L: Layer> Subsystem for Layered<B, L> {
    type Session = LayeredObject<B::Session, L>;
    type ProfileAdmin = LayeredObject<B::ProfileAdmin, L>;

    calls!(forward Subsystem);

    fn uninitialize(&self) {
        let place = Location::caller();
        let _ = self.call(Call::UNINITIALIZE, Args::new(), place, |_| {
            self.below.uninitialize();
            Ok(Success::new(()))
        });
    }

    fn has_profile(&self, name: &str) -> Option<bool> {
        self.below.has_profile(name)
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<B: Clone, L> Clone for Layered<B, L> {
    fn clone(&self) -> Self {
        Self {
            below: self.below.clone(),
            stack: Arc::clone(&self.stack),
        }
    }
}

impl<B, L> fmt::Debug for Layered<B, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layered")
    }
}

/// An object from a [`Layered`] subsystem: a session, or what one has opened. `R` is the object below.
pub struct LayeredObject<R: 'static, L: Layer> {
    below: Arc<R>,
    stack: Arc<Stack<L>>,
    origin: Origin,
    place: &'static Location<'static>,
}

impl<R, L: Layer> LayeredObject<R, L> {
    /// Returns the object below. The layer does not see calls on it.
    #[must_use]
    pub fn below(&self) -> &R {
        &self.below
    }

    fn call<'a, T: 'static>(
        &'a self,
        call: Call,
        args: Args<'a>,
        place: &'static Location<'static>,
        below: impl FnOnce(&mut RawCall<'a>) -> RawResult<T>,
    ) -> RawResult<T> {
        let mut call = RawCall::new(call, Some(&self.origin), args, place);
        self.stack.layer.call(&mut call, below)
    }
}

/// Advise of an interface: the layer sees the call, and gives the sink to register below.
macro_rules! forward_advise {
    ($call:ident($($arg:ident: $Type:ty = $name:literal as $variant:ident),*)) => {
        fn advise<S: AdviseSink + 'static>(&self, $($arg: $Type,)* sink: S) -> RawResult<Connection> {
            let args = vec![$(($name, Arg::$variant($arg))),*];
            let mut call = RawCall::new(Call::$call, Some(&self.origin), args, Location::caller());
            let sink = self.stack.layer.sink(&call, Guarded::new(sink));
            self.stack.layer.call(&mut call, |call| {
                $(let $arg = Argument::below($arg, call.arg($name));)*
                self.below.advise($($arg,)* sink)
            })
        }
    };
    ($call:ident of an entry) => {
        forward_advise!($call(
            entry_id: Option<&[u8]> = "lpEntryID" as Bytes,
            event_mask: u32 = "ulEventMask" as Number
        ));
    };
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawSession + 'static, L: Layer> RawSession for LayeredObject<R, L> {
    type MsgStore = LayeredObject<R::MsgStore, L>;
    type Object = LayeredObject<R::Object, L>;
    type ProfileSection = LayeredObject<R::ProfileSection, L>;
    type ServiceAdmin = LayeredObject<R::ServiceAdmin, L>;
    type StoreTable = LayeredObject<R::StoreTable, L>;
    type StatusTable = LayeredObject<R::StatusTable, L>;

    calls!(forward RawSession);
    forward_advise!(SESSION_ADVISE of an entry);

    fn discard_form(&self, token: FormToken) {
        self.below.discard_form(token);
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawProp, L: Layer> RawProp for LayeredObject<R, L> {
    calls!(forward RawProp);

    /// From the properties, which the layer sees.
    fn info(&self) -> RawResult<ObjectInfo> {
        super::info::of(self)
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawMsgStore<Object: RawObject> + 'static, L: Layer> RawMsgStore for LayeredObject<R, L> {
    type Object = LayeredObject<R::Object, L>;

    calls!(forward RawMsgStore);
    forward_advise!(STORE_ADVISE of an entry);

    fn support_mask(&self) -> RawResult<u32> {
        super::info::support_mask(self)
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawObject, L: Layer> RawObject for LayeredObject<R, L> {
    type Table = LayeredObject<R::Table, L>;

    calls!(forward RawObject);
    forward_advise!(ADDR_BOOK_ADVISE of an entry);

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawProfileSection, L: Layer> RawProfileSection for LayeredObject<R, L> {
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawServiceAdmin + 'static, L: Layer> RawServiceAdmin for LayeredObject<R, L> {
    type ProfileSection = LayeredObject<R::ProfileSection, L>;
    type ProviderAdmin = LayeredObject<R::ProviderAdmin, L>;

    calls!(forward RawServiceAdmin);

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawTable, L: Layer> RawTable for LayeredObject<R, L> {
    type Row = R::Row;

    calls!(forward RawTable);
    forward_advise!(TABLE_ADVISE(event_mask: u32 = "ulEventMask" as Number));

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawPropTable, L: Layer> RawPropTable for LayeredObject<R, L> {
    calls!(forward RawPropTable);
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawProviderAdmin + 'static, L: Layer> RawProviderAdmin for LayeredObject<R, L> {
    type ProfileSection = LayeredObject<R::ProfileSection, L>;

    calls!(forward RawProviderAdmin);

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

#[deny(clippy::missing_trait_methods)]
impl<R: RawProfAdmin + 'static, L: Layer> RawProfAdmin for LayeredObject<R, L> {
    type ServiceAdmin = LayeredObject<R::ServiceAdmin, L>;

    calls!(forward RawProfAdmin);

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<R: 'static, L: Layer> Drop for LayeredObject<R, L> {
    fn drop(&mut self) {
        let call = RawCall::new(Call::RELEASE, Some(&self.origin), Args::new(), self.place);
        self.stack.layer.released(&call, &self.below);
    }
}

impl<R, L: Layer> fmt::Debug for LayeredObject<R, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LayeredObject({})", self.origin.object)
    }
}

/// A call that reaches a [`Layer`], on its way to the subsystem below.
pub struct RawCall<'a> {
    call: Call,
    /// Nothing for the library's own.
    on: Option<&'a Origin>,
    args: Args<'a>,
    place: &'static Location<'static>,
    opened: Option<(ObjectId, OpenKind)>,
}

impl<'a> RawCall<'a> {
    fn new(
        call: Call,
        on: Option<&'a Origin>,
        args: Args<'a>,
        place: &'static Location<'static>,
    ) -> Self {
        Self {
            call,
            on,
            args,
            place,
            opened: None,
        }
    }

    /// Returns which call it is.
    #[must_use]
    pub fn call(&self) -> Call {
        self.call
    }

    /// Returns the session of the object on which the call is made; `None` for calls on the library and on profile
    /// administration.
    #[must_use]
    pub fn session(&self) -> Option<ObjectId> {
        self.on?.session
    }

    /// Returns the object on which the call is made; `None` for calls on the library.
    #[must_use]
    pub fn object(&self) -> Option<ObjectId> {
        self.on.map(|it| it.object)
    }

    /// Returns the arguments, with their names in C. A structure is replaced by its members; a sink is
    /// left out.
    #[must_use]
    pub fn args(&self) -> &[(&'static str, Arg<'a>)] {
        &self.args
    }

    /// Returns the argument with this name in C, such as `"ulFlags"`.
    #[must_use]
    pub fn arg(&self, name: &str) -> Option<Arg<'a>> {
        let mut args = self.args.iter();
        args.find(|(known, _)| *known == name).map(|(_, arg)| *arg)
    }

    /// Returns the argument with this name, if it is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        match self.arg(name) {
            Some(Arg::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Returns the flags: `ulFlags`, `flFlags` or `*lpulFlags`.
    #[must_use]
    pub fn flags(&self) -> Option<u32> {
        FLAG_WORDS.iter().find_map(|name| self.number(name))
    }

    /// Returns the entry identifiers among the arguments.
    pub fn entry_ids(&self) -> impl Iterator<Item = &'a [u8]> {
        self.args.iter().filter_map(|(name, arg)| match *arg {
            Arg::Bytes(Some(bytes)) if name.starts_with("lpEntryID") => Some(bytes),
            _ => None,
        })
    }

    /// Returns the entry identifier with which the object was opened.
    #[must_use]
    pub fn opened_with(&self) -> Option<&'a [u8]> {
        self.on?.entry_id.as_deref()
    }

    /// Returns the name of the profile that a logon asks for; for any other call, the one that its
    /// session's logon asked for.
    #[must_use]
    pub fn profile(&self) -> Option<&'a str> {
        match self.arg("lpszProfileName") {
            Some(Arg::Text(name)) => name,
            _ => self.on?.profile.as_deref(),
        }
    }

    /// Returns the line of the program that makes the call.
    ///
    /// It is not known for a call that is made when a value is dropped: a Release has the line where the object was
    /// opened instead; the Unadvise of a [`Registration`](crate::Registration) and the MAPIUninitialize of a
    /// [`Mapi`](crate::Mapi) have a line of this crate. So has every call that another layer passes on.
    #[must_use]
    pub fn place(&self) -> &'static Location<'static> {
        self.place
    }

    /// Returns the object that the call has opened, after it was passed on.
    #[must_use]
    pub fn opened(&self) -> Option<(ObjectId, OpenKind)> {
        self.opened
    }

    /// Changes the argument with this name, before the call is passed on. Returns `false`, and changes nothing, if the
    /// call has no argument of this name and kind. An [`Arg::Object`], [`Arg::Properties`] and the members of a
    /// structure cannot be changed.
    pub fn set(&mut self, name: &str, to: Arg<'a>) -> bool {
        let same = |arg: &Arg<'_>| std::mem::discriminant(arg) == std::mem::discriminant(&to);
        let mut args = self.args.iter_mut();
        let found = args.find(|(known, arg)| *known == name && same(arg));
        found.map(|(_, arg)| *arg = to).is_some()
    }

    /// Returns a success with this value, for a layer that answers the call itself. The value has the type of the raw
    /// method's, such as `()` for IMAPISession::Logoff.
    ///
    /// # Errors
    /// E_UNEXPECTED: the value of this call has another type. This includes every call that opens something.
    pub fn answer<T: 'static>(&self, value: impl Any) -> RawResult<T> {
        let mut value = Some(value);
        let value = (&mut value as &mut dyn Any).downcast_mut::<Option<T>>();
        let value = value.and_then(Option::take).map(Success::new);
        value.ok_or_else(|| {
            let reason = format!("a layer answers {} with what it does not give", self.call);
            Failure::new(HResult::E_UNEXPECTED).because(reason)
        })
    }
}

impl fmt::Debug for RawCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall")
            .field("call", &self.call)
            .field("args", &self.args)
            .finish_non_exhaustive()
    }
}

pub(crate) const FLAG_WORDS: [&str; 3] = ["ulFlags", "flFlags", "*lpulFlags"];

type Args<'a> = Vec<(&'static str, Arg<'a>)>;

/// A raw argument. Its `Display` is as in a C++ debugger.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Arg<'a> {
    /// A number, or a word of flags.
    Number(u32),
    /// The parent window of a dialog.
    Window(UiParam),
    /// A string; none for a null pointer.
    Text(Option<&'a str>),
    /// An entry identifier; none for a null pointer.
    Bytes(Option<&'a [u8]>),
    /// A MAPIUID; none for a null pointer.
    Uid(Option<MapiUid>),
    /// An HRESULT.
    Code(HResult),
    /// The number of a registration.
    Connection(Connection),
    /// A number with a sign.
    Signed(i32),
    /// Several MAPIUIDs.
    Uids(&'a [MapiUid]),
    /// Entry identifiers; none for a null pointer.
    EntryIds(Option<&'a [EntryId]>),
    /// A property tag.
    Tag(PropTag),
    /// Property tags; none for a null pointer.
    Tags(Option<&'a [PropTag]>),
    /// The names of properties.
    Names(&'a [PropName]),
    /// Properties; shown as their number.
    Properties(&'a [Property]),
    /// The rows of a table, or recipients; shown as their number.
    Rows(&'a [Props]),
    /// A restriction; none for a null pointer.
    Restriction(Option<&'a Restriction>),
    /// A sort order.
    Sort(&'a [SortOrder]),
    /// An object that came from the layered subsystem.
    Object(ObjectId),
}

impl fmt::Display for Arg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Number(number) => write!(f, "{number:#X}"),
            Self::Window(window) => write!(f, "{:#X}", window.get()),
            Self::Text(Some(text)) => write!(f, "{text:?}"),
            Self::Bytes(Some(bytes)) => write!(f, "{}", Hex(bytes)),
            Self::Uid(Some(uid)) => write!(f, "{uid}"),
            Self::Text(None) | Self::Bytes(None) | Self::Uid(None) | Self::Tags(None) => {
                f.write_str("NULL")
            }
            Self::Code(hresult) => write!(f, "{hresult}"),
            Self::Connection(connection) => write!(f, "{:#X}", connection.get()),
            Self::Signed(number) => write!(f, "{number}"),
            Self::Tag(tag) => write!(f, "{:#010X}", tag.get()),
            Self::EntryIds(None) | Self::Restriction(None) => f.write_str("NULL"),
            Self::EntryIds(Some(ids)) => list(f, ids, |id, f| write!(f, "{}", Hex(id.as_bytes()))),
            Self::Rows(rows) => write!(f, "{:#X}", rows.len()),
            Self::Restriction(Some(restriction)) => {
                write!(f, "{} terms", restriction.terms().len())
            }
            Self::Sort(order) => list(f, order, |it, f| write!(f, "{:#010X}", it.tag().get())),
            Self::Names(names) => list(f, names, |name, f| write!(f, "{name:?}")),
            Self::Uids(uids) => list(f, uids, |uid, f| write!(f, "{uid}")),
            Self::Tags(Some(tags)) => list(f, tags, |tag, f| write!(f, "{:#010X}", tag.get())),
            Self::Properties(properties) => write!(f, "{:#X}", properties.len()),
            Self::Object(id) => write!(f, "{id}"),
        }
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    show: impl Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    f.write_str("{")?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        show(item, f)?;
    }
    f.write_str("}")
}

/// An argument of a raw method, to a layer and from there to what is below.
trait Argument<'a>: Copy {
    type Below;

    fn arg(self) -> Arg<'a>;

    fn push(self, name: &'static str, mut args: Args<'a>) -> Args<'a> {
        args.push((name, self.arg()));
        args
    }

    /// What goes below where the layer gives this on.
    fn below(self, given: Option<Arg<'a>>) -> Self::Below;
}

macro_rules! arguments {
    ($($Type:ty: |$value:ident| $variant:ident($arg:expr), |$given:pat_param| $back:expr;)*) => {
        $(impl<'a> Argument<'a> for $Type {
            type Below = Self;

            fn arg(self) -> Arg<'a> {
                let $value = self;
                Arg::$variant($arg)
            }

            fn below(self, given: Option<Arg<'a>>) -> Self {
                match given {
                    Some(Arg::$variant($given)) => $back,
                    _ => self,
                }
            }
        })*
    };
}

arguments! {
    u32: |it| Number(it), |it| it;
    i32: |it| Signed(it), |it| it;
    Bookmark: |it| Number(it.get()), |it| Bookmark::new(it);
    PropTag: |it| Tag(it), |it| it;
    Option<&'a [EntryId]>: |it| EntryIds(it), |it| it;
    &'a [EntryId]: |it| EntryIds(Some(it)), |it| it.unwrap_or_default();
    &'a [Props]: |it| Rows(it), |it| it;
    &'a [PropName]: |it| Names(it), |it| it;
    Option<&'a Restriction>: |it| Restriction(it), |it| it;
    &'a [SortOrder]: |it| Sort(it), |it| it;
    UiParam: |it| Window(it), |it| it;
    Option<&'a str>: |it| Text(it), |it| it;
    &'a str: |it| Text(Some(it)), |it| it.unwrap_or_default();
    Option<&'a [u8]>: |it| Bytes(it), |it| it;
    MapiUid: |it| Uid(Some(it)), |it| it.unwrap_or_default();
    Option<MapiUid>: |it| Uid(it), |it| it;
    HResult: |it| Code(it), |it| it;
    Connection: |it| Connection(it), |it| it;
    FormToken: |it| Number(it.get()), |it| FormToken::new(it);
    &'a [MapiUid]: |it| Uids(it), |it| it;
    Option<&'a [PropTag]>: |it| Tags(it), |it| it;
    &'a [PropTag]: |it| Tags(Some(it)), |it| it.unwrap_or_default();
    &'a [Property]: |it| Properties(it), |it| it;
}

impl<'a> Argument<'a> for &'a Restriction {
    type Below = Self;

    fn arg(self) -> Arg<'a> {
        Arg::Restriction(Some(self))
    }

    fn below(self, given: Option<Arg<'a>>) -> Self {
        match given {
            Some(Arg::Restriction(Some(given))) => given,
            _ => self,
        }
    }
}

/// Four arguments of a call in C.
impl<'a> Argument<'a> for &'a FormMessage {
    type Below = Self;

    fn arg(self) -> Arg<'a> {
        Arg::Number(self.status())
    }

    fn push(self, status: &'static str, mut args: Args<'a>) -> Args<'a> {
        args.extend([
            (status, self.arg()),
            ("ulMessageFlags", Arg::Number(self.flags())),
            ("ulAccess", Arg::Number(self.access())),
            ("lpszMessageClass", Arg::Text(Some(self.class()))),
        ]);
        args
    }

    fn below(self, _: Option<Arg<'a>>) -> Self {
        self
    }
}

impl<'a, R, L: Layer> Argument<'a> for &'a LayeredObject<R, L> {
    type Below = &'a R;

    fn arg(self) -> Arg<'a> {
        Arg::Object(self.origin.object)
    }

    fn below(self, _: Option<Arg<'a>>) -> &'a R {
        &self.below
    }
}

/// The number of an object from a [`Layered`] subsystem, counted from 1 in the order of opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(u32);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The kinds of objects that can be left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpenKind {
    /// A session object.
    SessionObject,
    /// A message store.
    StoreObject,
    /// An object that OpenEntry opens, or the address book.
    EntryObject(ObjectType),
    /// A profile section.
    SectionObject,
    /// The administration of message services.
    AdminObject,
    /// The message store table or the status table.
    TableObject,
    /// The administration of the providers of a message service.
    ProviderAdminObject,
    /// The administration of profiles.
    ProfileAdminObject,
}

impl fmt::Display for OpenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SessionObject => "the session",
            Self::StoreObject => "the message store",
            Self::EntryObject(_) => "the object",
            Self::SectionObject => "the profile section",
            Self::AdminObject => "the service administration",
            Self::TableObject => "the table",
            Self::ProviderAdminObject => "the provider administration",
            Self::ProfileAdminObject => "the profile administration",
        })
    }
}

/// The layer, shared by all that came from the subsystem.
struct Stack<L> {
    layer: L,
    opened: AtomicU32,
}

/// What a layer knows of an object.
struct Origin {
    /// Of a session, itself; of profile administration, none.
    session: Option<ObjectId>,
    object: ObjectId,
    /// The profile that its session's logon has asked for.
    profile: Option<Arc<str>>,
    entry_id: Option<Box<[u8]>>,
}

/// A call has opened something.
struct Opening<'c, 'a, L> {
    call: &'c mut RawCall<'a>,
    stack: &'c Arc<Stack<L>>,
}

impl<L: Layer> Opening<'_, '_, L> {
    fn object<R>(self, kind: OpenKind, below: R) -> LayeredObject<R, L> {
        let Self { call, stack } = self;
        let object = ObjectId(stack.opened.fetch_add(1, Ordering::Relaxed) + 1);
        call.opened = Some((object, kind));
        let by = call.on.map(|it| (it.session, it.profile.clone()));
        let is_session = kind == OpenKind::SessionObject;
        let (session, profile) =
            by.unwrap_or_else(|| (is_session.then_some(object), call.profile().map(Arc::from)));
        LayeredObject {
            below: Arc::new(below),
            stack: Arc::clone(stack),
            origin: Origin {
                session,
                object,
                profile,
                entry_id: call.entry_ids().next().map(Box::from),
            },
            place: call.place,
        }
    }
}
