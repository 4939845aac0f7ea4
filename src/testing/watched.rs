//! One wrapper over any subsystem, for all who want to see or to disturb what reaches it.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

use crate::error::{Call, MapiError, Success};
use crate::notification::Connection;
use crate::property::Property;
use crate::subsystem::{
    RawEntry, RawMsgStore, RawObject, RawProfileSection, RawResult, RawServiceAdmin, RawSession,
    Subsystem,
};
use crate::table::{MsgServiceTable, MsgStoresTable, StatusTable};
use crate::types::{FormMessage, FormToken, Hex, ObjectInfo, ObjectType};
use crate::{AdviseSink, EntryId, HResult, MapiUid, UiParam};

/// Whoever watches a subsystem of the type `B`.
pub trait Watch<B: Subsystem>: 'static {
    /// A call arrives; `go` makes it below.
    fn call<T>(&self, call: RawCall<'_>, go: impl FnOnce() -> RawResult<T>) -> RawResult<T>;

    /// The same of IMAPISession::Logoff, which need not reach the subsystem below.
    fn logoff(&self, call: RawCall<'_>, go: impl FnOnce() -> RawResult<()>) -> RawResult<()> {
        self.call(call, go)
    }

    /// MAPIUninitialize, which has no answer.
    fn uninitialize(&self, call: RawCall<'_>, go: impl FnOnce());

    /// A call has opened an object. Gives its number. It follows [`call`](Self::call), whose note
    /// it finds.
    fn opened(&self, what: Opened<'_>) -> ObjectId;

    /// A client registers a sink: the one to register below.
    fn sink<S: AdviseSink + 'static>(
        &self,
        session: ObjectId,
        sink: S,
    ) -> impl AdviseSink + 'static;

    /// A call has made a registration, or has ended one or failed to.
    fn registered(
        &self,
        session: ObjectId,
        connection: Connection,
        place: &'static Location<'static>,
    );
    fn unregistered(&self, session: ObjectId, connection: Connection, has_ended: bool);

    /// An object is about to be released below.
    fn released(&self, object: ObjectId);

    /// The same of a session; kept, it lives on.
    fn session_released(&self, session: ObjectId, below: &Arc<B::Session>);
}

/// The number of an object that came from a subsystem, by the order in which they were opened; from
/// 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(super) u32);

impl ObjectId {
    /// The subsystem itself.
    pub(super) const LIBRARY: Self = Self(0);
}

/// A call that reaches a subsystem.
#[derive(Clone, Copy)]
pub struct RawCall<'a> {
    pub(super) call: Call,
    /// The session that the object came from, or the object itself where it is one.
    pub(super) session: ObjectId,
    pub(super) object: ObjectId,
    pub(super) args: &'a [(&'static str, Arg<'a>)],
    pub(super) place: &'static Location<'static>,
    /// What the watch notes of this call while it lasts.
    pub(super) note: &'a Cell<Option<u64>>,
}

impl<'a> RawCall<'a> {
    /// The argument of this name, where it is a number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.args.iter().find_map(|(known, arg)| match arg {
            Arg::Number(number) if *known == name => Some(*number),
            _ => None,
        })
    }

    /// The name of the profile that a logon asks for.
    pub(super) fn profile(&self) -> Option<&'a str> {
        self.args.iter().find_map(|(name, arg)| match *arg {
            Arg::Text(Some(text)) if *name == "lpszProfileName" => Some(text),
            _ => None,
        })
    }

    /// The entry identifiers among the arguments.
    pub(super) fn entry_ids(&self) -> impl Iterator<Item = &'a [u8]> {
        self.args.iter().filter_map(|(name, arg)| match *arg {
            Arg::Bytes(Some(bytes)) if name.starts_with("lpEntryID") => Some(bytes),
            _ => None,
        })
    }
}

/// A raw argument.
#[derive(Clone, Copy)]
pub(super) enum Arg<'a> {
    Number(u32),
    Window(UiParam),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
    Code(HResult),
    Connection(Connection),
    Object(ObjectId),
}

/// An object that was opened.
pub struct Opened<'a> {
    pub(super) by: RawCall<'a>,
    pub(super) kind: OpenKind,
}

/// What can be left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OpenKind {
    /// A session object.
    SessionObject,
    /// A message store.
    StoreObject,
    /// What OpenEntry gives, or the address book.
    EntryObject(ObjectType),
    /// A profile section.
    SectionObject,
    /// The administration of message services.
    AdminObject,
}

/// A subsystem that is watched.
pub(super) struct Watched<B, W> {
    pub(super) below: B,
    pub(super) watch: Arc<W>,
}

impl<B: Clone, W> Clone for Watched<B, W> {
    fn clone(&self) -> Self {
        Self {
            below: self.below.clone(),
            watch: Arc::clone(&self.watch),
        }
    }
}

/// A tuple of one [`Watched`], as a subsystem. Its clones share the watch.
macro_rules! watched_subsystem {
    ($Wrapper:ident, $Watch:ty) => {
        impl<B: crate::subsystem::Subsystem + Clone> Clone for $Wrapper<B> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl<B: crate::subsystem::Subsystem> std::fmt::Debug for $Wrapper<B> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($Wrapper))
            }
        }

        impl<B: crate::subsystem::Subsystem> crate::subsystem::Subsystem for $Wrapper<B> {
            type Session = crate::testing::WatchedSession<B, $Watch>;

            fn initialize(&self, version: u32, flags: u32) -> crate::subsystem::RawResult<()> {
                self.0.initialize(version, flags)
            }

            fn uninitialize(&self) {
                self.0.uninitialize();
            }

            fn logon_ex(
                &self,
                ui_param: crate::UiParam,
                profile_name: Option<&str>,
                password: Option<&str>,
                flags: u32,
            ) -> crate::subsystem::RawResult<Self::Session> {
                self.0.logon_ex(ui_param, profile_name, password, flags)
            }

            fn as_debug(&self) -> Option<&dyn std::fmt::Debug> {
                self.0.as_debug()
            }
        }
    };
}

pub(super) use watched_subsystem;

/// A call of this object, handed on to the one below.
macro_rules! hand_on {
    ($self:ident, $call:ident, [$($name:literal $arg:expr),* $(,)?], $below:expr) => {
        hand_on!($self, $call by call, [$($name $arg),*], $below)
    };
    ($self:ident, $call:ident by $watch:ident, [$($name:literal $arg:expr),* $(,)?], $below:expr) => {{
        let args = [$(($name, $arg)),*];
        let note = Cell::new(None);
        let call = $self.call(Call::$call, &args, &note, Location::caller());
        $self.watch.$watch(call, || $below)
    }};
}

/// The same, of a call that opens something: the value and the call.
macro_rules! open {
    ($self:ident, $call:ident, [$($name:literal $arg:expr),* $(,)?], $below:expr, |$raw:pat_param, $opened:ident| $wrap:expr) => {{
        let args = [$(($name, $arg)),*];
        let note = Cell::new(None);
        let call = $self.call(Call::$call, &args, &note, Location::caller());
        let ($raw, warning) = $self.watch.call(call, || $below)?.into_parts();
        let $opened = |kind| $self.watch.opened(Opened { by: call, kind });
        Ok(Success::from_parts($wrap, warning))
    }};
}

impl<B: Subsystem, W: Watch<B>> Watched<B, W> {
    fn call<'a>(
        &self,
        call: Call,
        args: &'a [(&'static str, Arg<'a>)],
        note: &'a Cell<Option<u64>>,
        place: &'static Location<'static>,
    ) -> RawCall<'a> {
        RawCall {
            call,
            session: ObjectId::LIBRARY,
            object: ObjectId::LIBRARY,
            args,
            place,
            note,
        }
    }
}

impl<B: Subsystem, W: Watch<B>> Subsystem for Watched<B, W> {
    type Session = WatchedSession<B, W>;

    fn initialize(&self, version: u32, flags: u32) -> RawResult<()> {
        hand_on!(self, Initialize,
            ["ulVersion" Arg::Number(version), "ulFlags" Arg::Number(flags)],
            self.below.initialize(version, flags))
    }

    fn uninitialize(&self) {
        let note = Cell::new(None);
        let call = self.call(Call::Uninitialize, &[], &note, Location::caller());
        self.watch.uninitialize(call, || self.below.uninitialize());
    }

    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<Self::Session> {
        open!(self, LogonEx,
        ["ulUIParam" Arg::Window(ui_param), "lpszProfileName" Arg::Text(profile_name),
         "lpszPassword" Arg::Text(password), "flFlags" Arg::Number(flags)],
        self.below.logon_ex(ui_param, profile_name, password, flags),
        |raw, opened| WatchedSession {
            below: Arc::new(raw),
            watch: Arc::clone(&self.watch),
            id: opened(OpenKind::SessionObject),
        })
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

/// A session object that is watched.
pub struct WatchedSession<B: Subsystem, W: Watch<B>> {
    below: Arc<B::Session>,
    watch: Arc<W>,
    id: ObjectId,
}

/// What a session has opened, watched.
pub struct WatchedObject<R, B: Subsystem, W: Watch<B>> {
    below: R,
    watch: Arc<W>,
    session: ObjectId,
    id: ObjectId,
    subsystem: PhantomData<fn() -> B>,
}

impl<B: Subsystem, W: Watch<B>> WatchedSession<B, W> {
    fn call<'a>(
        &self,
        call: Call,
        args: &'a [(&'static str, Arg<'a>)],
        note: &'a Cell<Option<u64>>,
        place: &'static Location<'static>,
    ) -> RawCall<'a> {
        RawCall {
            call,
            session: self.id,
            object: self.id,
            args,
            place,
            note,
        }
    }

    fn wrap<R>(&self, below: R, id: ObjectId) -> WatchedObject<R, B, W> {
        WatchedObject {
            below,
            watch: Arc::clone(&self.watch),
            session: self.id,
            id,
            subsystem: PhantomData,
        }
    }
}

impl<R, B: Subsystem, W: Watch<B>> WatchedObject<R, B, W> {
    fn call<'a>(
        &self,
        call: Call,
        args: &'a [(&'static str, Arg<'a>)],
        note: &'a Cell<Option<u64>>,
        place: &'static Location<'static>,
    ) -> RawCall<'a> {
        RawCall {
            call,
            session: self.session,
            object: self.id,
            args,
            place,
            note,
        }
    }
}

impl<B: Subsystem, W: Watch<B>> RawSession for WatchedSession<B, W> {
    type MsgStore = WatchedObject<<B::Session as RawSession>::MsgStore, B, W>;
    type Object = WatchedObject<<B::Session as RawSession>::Object, B, W>;
    type ProfileSection = WatchedObject<<B::Session as RawSession>::ProfileSection, B, W>;
    type ServiceAdmin = WatchedObject<<B::Session as RawSession>::ServiceAdmin, B, W>;

    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        hand_on!(
            self,
            GetLastError,
            ["hResult" Arg::Code(hresult), "ulFlags" Arg::Number(flags)],
            self.below.last_error(hresult, flags)
        )
    }

    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        hand_on!(
            self,
            GetMsgStoresTable,
            ["ulFlags" Arg::Number(flags)],
            self.below.msg_stores_table(flags)
        )
    }

    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<Self::MsgStore> {
        open!(
            self,
            OpenMsgStore,
            [
                "ulUIParam" Arg::Window(ui_param),
                "lpEntryID" Arg::Bytes(entry_id),
                "ulFlags" Arg::Number(flags),
            ],
            self.below.open_msg_store(ui_param, entry_id, flags),
            |raw, opened| self.wrap(raw, opened(OpenKind::StoreObject))
        )
    }

    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<Self::Object> {
        open!(
            self,
            OpenAddressBook,
            ["ulUIParam" Arg::Window(ui_param), "ulFlags" Arg::Number(flags)],
            self.below.open_address_book(ui_param, flags),
            |raw, opened| self.wrap(raw, opened(OpenKind::EntryObject(ObjectType::ADDRESS_BOOK)))
        )
    }

    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProfileSection> {
        open!(
            self,
            OpenProfileSection,
            ["lpUID" Arg::Bytes(Some(&uid.0)), "ulFlags" Arg::Number(flags)],
            self.below.open_profile_section(uid, flags),
            |raw, opened| self.wrap(raw, opened(OpenKind::SectionObject))
        )
    }

    fn status_table(&self, flags: u32) -> RawResult<StatusTable> {
        hand_on!(
            self,
            GetStatusTable,
            ["ulFlags" Arg::Number(flags)],
            self.below.status_table(flags)
        )
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<Self::MsgStore, Self::Object>> {
        open!(
            self,
            OpenEntry,
            ["lpEntryID" Arg::Bytes(entry_id), "ulFlags" Arg::Number(flags)],
            self.below.open_entry(entry_id, flags),
            |raw, opened| match raw {
                RawEntry::MsgStore(raw) => {
                    RawEntry::MsgStore(self.wrap(raw, opened(OpenKind::StoreObject)))
                }
                RawEntry::Object(object_type, raw) => {
                    let id = opened(OpenKind::EntryObject(object_type));
                    RawEntry::Object(object_type, self.wrap(raw, id))
                }
            }
        )
    }

    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        hand_on!(
            self,
            CompareEntryIds,
            [
                "lpEntryID1" Arg::Bytes(one),
                "lpEntryID2" Arg::Bytes(other),
                "ulFlags" Arg::Number(flags),
            ],
            self.below.compare_entry_ids(one, other, flags)
        )
    }

    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        let place = Location::caller();
        let args = [
            ("lpEntryID", Arg::Bytes(entry_id)),
            ("ulEventMask", Arg::Number(event_mask)),
        ];
        let note = Cell::new(None);
        let call = self.call(Call::Advise, &args, &note, place);
        let sink = self.watch.sink(self.id, sink);
        let advised = self
            .watch
            .call(call, || self.below.advise(entry_id, event_mask, sink))?;
        Ok(advised.map(|connection| {
            self.watch.registered(self.id, connection, place);
            connection
        }))
    }

    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        let cancelled = hand_on!(
            self,
            Unadvise,
            ["ulConnection" Arg::Connection(connection)],
            self.below.unadvise(connection)
        );
        self.watch
            .unregistered(self.id, connection, cancelled.is_ok());
        cancelled
    }

    fn message_options(
        &self,
        ui_param: UiParam,
        flags: u32,
        address_type: &str,
        message: &Self::Object,
    ) -> RawResult<()> {
        hand_on!(
            self,
            MessageOptions,
            [
                "ulUIParam" Arg::Window(ui_param),
                "ulFlags" Arg::Number(flags),
                "lpszAdrType" Arg::Text(Some(address_type)),
                "lpMessage" Arg::Object(message.id),
            ],
            self.below
                .message_options(ui_param, flags, address_type, &message.below)
        )
    }

    fn query_default_message_opt(
        &self,
        address_type: &str,
        flags: u32,
    ) -> RawResult<Vec<Property>> {
        hand_on!(
            self,
            QueryDefaultMessageOpt,
            [
                "lpszAdrType" Arg::Text(Some(address_type)),
                "ulFlags" Arg::Number(flags),
            ],
            self.below.query_default_message_opt(address_type, flags)
        )
    }

    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
        hand_on!(
            self,
            EnumAdrTypes,
            ["ulFlags" Arg::Number(flags)],
            self.below.enum_adr_types(flags)
        )
    }

    fn query_identity(&self) -> RawResult<EntryId> {
        hand_on!(self, QueryIdentity, [], self.below.query_identity())
    }

    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        hand_on!(
            self,
            Logoff by logoff,
            [
                "ulUIParam" Arg::Window(ui_param),
                "ulFlags" Arg::Number(flags),
                "ulReserved" Arg::Number(reserved),
            ],
            self.below.logoff(ui_param, flags, reserved)
        )
    }

    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        hand_on!(
            self,
            SetDefaultStore,
            ["ulFlags" Arg::Number(flags), "lpEntryID" Arg::Bytes(entry_id)],
            self.below.set_default_store(flags, entry_id)
        )
    }

    fn admin_services(&self, flags: u32) -> RawResult<Self::ServiceAdmin> {
        open!(
            self,
            AdminServices,
            ["ulFlags" Arg::Number(flags)],
            self.below.admin_services(flags),
            |raw, opened| self.wrap(raw, opened(OpenKind::AdminObject))
        )
    }

    fn show_form(
        &self,
        ui_param: UiParam,
        store: &Self::MsgStore,
        parent_folder: &Self::Object,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()> {
        hand_on!(
            self,
            ShowForm,
            [
                "ulUIParam" Arg::Window(ui_param),
                "lpMsgStore" Arg::Object(store.id),
                "lpParentFolder" Arg::Object(parent_folder.id),
                "ulMessageToken" Arg::Number(token.0),
                "ulFlags" Arg::Number(flags),
                "ulMessageStatus" Arg::Number(message.status),
                "ulMessageFlags" Arg::Number(message.flags),
                "ulAccess" Arg::Number(message.access),
                "lpszMessageClass" Arg::Text(Some(&message.class)),
            ],
            self.below.show_form(
                ui_param,
                &store.below,
                &parent_folder.below,
                token,
                flags,
                message
            )
        )
    }

    fn prepare_form(&self, message: &Self::Object) -> RawResult<FormToken> {
        hand_on!(
            self,
            PrepareForm,
            ["lpMessage" Arg::Object(message.id)],
            self.below.prepare_form(&message.below)
        )
    }

    fn discard_form(&self, token: FormToken) {
        self.below.discard_form(token);
    }

    fn query_fast_shutdown(&self) -> RawResult<()> {
        hand_on!(
            self,
            QueryFastShutdown,
            [],
            self.below.query_fast_shutdown()
        )
    }

    fn notify_process_shutdown(&self) -> RawResult<()> {
        hand_on!(
            self,
            NotifyProcessShutdown,
            [],
            self.below.notify_process_shutdown()
        )
    }

    fn do_fast_shutdown(&self) -> RawResult<()> {
        hand_on!(self, DoFastShutdown, [], self.below.do_fast_shutdown())
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<B: Subsystem, W: Watch<B>> Drop for WatchedSession<B, W> {
    fn drop(&mut self) {
        self.watch.session_released(self.id, &self.below);
    }
}

impl<R: RawMsgStore, B: Subsystem, W: Watch<B>> RawMsgStore for WatchedObject<R, B, W>
where
    R::Object: RawObject,
{
    type Object = WatchedObject<R::Object, B, W>;

    fn info(&self) -> RawResult<ObjectInfo> {
        hand_on!(self, GetStoreProps, [], self.below.info())
    }

    fn support_mask(&self) -> RawResult<u32> {
        hand_on!(self, GetStoreProps, [], self.below.support_mask())
    }

    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, Self::Object)> {
        open!(
            self,
            OpenStoreEntry,
            ["lpEntryID" Arg::Bytes(entry_id), "ulFlags" Arg::Number(flags)],
            self.below.open_entry(entry_id, flags),
            |(object_type, raw), opened| {
                let object = WatchedObject {
                    below: raw,
                    watch: Arc::clone(&self.watch),
                    session: self.session,
                    id: opened(OpenKind::EntryObject(object_type)),
                    subsystem: PhantomData,
                };
                (object_type, object)
            }
        )
    }

    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        hand_on!(
            self,
            StoreLogoff,
            ["*lpulFlags" Arg::Number(flags)],
            self.below.store_logoff(flags)
        )
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<R: RawObject, B: Subsystem, W: Watch<B>> RawObject for WatchedObject<R, B, W> {
    fn info(&self) -> RawResult<ObjectInfo> {
        hand_on!(self, GetProps, [], self.below.info())
    }

    fn submit_message(&self, flags: u32) -> RawResult<()> {
        hand_on!(
            self,
            SubmitMessage,
            ["ulFlags" Arg::Number(flags)],
            self.below.submit_message(flags)
        )
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<R: RawProfileSection, B: Subsystem, W: Watch<B>> RawProfileSection for WatchedObject<R, B, W> {
    fn props(&self) -> RawResult<Vec<Property>> {
        hand_on!(self, GetSectionProps, [], self.below.props())
    }

    fn set_props(&self, props: &[Property]) -> RawResult<()> {
        hand_on!(
            self,
            SetSectionProps,
            ["cValues" Arg::Number(props.len() as u32)],
            self.below.set_props(props)
        )
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<R: RawServiceAdmin, B: Subsystem, W: Watch<B>> RawServiceAdmin for WatchedObject<R, B, W> {
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        hand_on!(
            self,
            GetMsgServiceTable,
            ["ulFlags" Arg::Number(flags)],
            self.below.msg_service_table(flags)
        )
    }

    fn create_msg_service(&self, service: &str, display_name: &str, flags: u32) -> RawResult<()> {
        hand_on!(
            self,
            CreateMsgService,
            [
                "lpszService" Arg::Text(Some(service)),
                "lpszDisplayName" Arg::Text(Some(display_name)),
                "ulFlags" Arg::Number(flags),
            ],
            self.below.create_msg_service(service, display_name, flags)
        )
    }

    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        hand_on!(
            self,
            DeleteMsgService,
            ["lpUID" Arg::Bytes(Some(&uid.0))],
            self.below.delete_msg_service(uid)
        )
    }

    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        let bytes = uid.as_ref().map(|uid| &uid.0[..]);
        hand_on!(
            self,
            SetPrimaryIdentity,
            ["lpUID" Arg::Bytes(bytes), "ulFlags" Arg::Number(flags)],
            self.below.set_primary_identity(uid, flags)
        )
    }

    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        self.below.as_debug()
    }
}

impl<R, B: Subsystem, W: Watch<B>> Drop for WatchedObject<R, B, W> {
    fn drop(&mut self) {
        self.watch.released(self.id);
    }
}

impl<B: Subsystem, W: Watch<B>> fmt::Debug for WatchedSession<B, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WatchedSession({})", self.id)
    }
}

impl<R, B: Subsystem, W: Watch<B>> fmt::Debug for WatchedObject<R, B, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WatchedObject({})", self.id)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// As a debugger of C++ shows it.
impl fmt::Display for Arg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Number(number) => write!(f, "{number:#X}"),
            Self::Connection(connection) => write!(f, "{:#X}", connection.0),
            Self::Window(window) => write!(f, "{:#X}", window.get()),
            Self::Code(hresult) => write!(f, "{hresult}"),
            Self::Object(id) => write!(f, "{id}"),
            Self::Text(None) | Self::Bytes(None) => f.write_str("NULL"),
            Self::Text(Some(text)) => write!(f, "{text:?}"),
            Self::Bytes(Some(bytes)) => write!(f, "{}", Hex(bytes)),
        }
    }
}
