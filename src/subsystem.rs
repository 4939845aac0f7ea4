//! The traits that a MAPI subsystem implements: what [`Mapi`](crate::Mapi) and
//! [`Session`](crate::Session) stand on.
//!
//! Implement them to put the typed session over a MAPI of your own. To stand between a program and any
//! implementation, to record or to change its calls, write a [`Layer`](layer::Layer) instead.
//!
//! The traits have the shape of COM: methods take `&self`, raw flag words and reserved parameters, and
//! answer with HRESULTs. So they can be misused, and an implementation must answer misuse; the typed
//! session on top is what makes it unsayable.
//!
//! Write what your MAPI has. Every other method fails by default with MAPI_E_NO_SUPPORT, as in MAPI, and so does a
//! method that an object of this kind does not have, such as the recipients of a folder. [`RawSession`] is the whole
//! of IMAPISession; the traits of what it opens are excerpts of MAPI's interfaces, and will grow.
//!
//! The errors of each call stand once, with the typed method. The methods here say only what the typed method cannot
//! do: a flag that it does not have, a null pointer.
//!
//! # What every implementation must hold
//!
//! The rules behind this stand in [`contract`](crate::contract). The codes of misuse, and what a
//! failed logoff leaves, are our reading of it.
//!
//! - **Initialisation is counted.** Before the first [`initialize`](Subsystem::initialize) and
//!   after the last [`uninitialize`](Subsystem::uninitialize) every other call fails with
//!   MAPI_E_NOT_INITIALIZED.
//! - **Dropping an object is its Release.** It always works: before the logoff, after it, after the
//!   last `uninitialize`; and it never blocks on anything but the object's own end. A session that
//!   is dropped without a logoff ends as by a plain one.
//! - **After a logoff that succeeded or failed for good**, every call on the session, and on every
//!   object that came from it, fails with MAPI_E_INVALID_OBJECT. No call of a sink starts any more. The same
//!   holds for a store that is logged off, and for a message that is submitted.
//! - **A logoff that is refused has changed nothing.** These codes, and no other, refuse:
//!   MAPI_E_UNKNOWN_FLAGS, MAPI_E_INVALID_PARAMETER, MAPI_E_USER_CANCEL, MAPI_E_BUSY
//!   ([`refuses_logoff`]). The typed
//!   session gives its owner the live session back on these and the logged-off one on any other
//!   failure.
//! - **Arguments are checked first.** Undefined bits of a flag word are MAPI_E_UNKNOWN_FLAGS, a
//!   reserved word that is not zero is MAPI_E_INVALID_PARAMETER, and nothing has happened then
//!   ([`check_flags`], [`check_zero`], [`check_logoff`]).
//! - **No lock is held while a sink is called**, or anything else that is not the implementation's
//!   own.
//! - **Nothing panics**, also where a sink or another's code does ([`contain`]).

mod checks;
mod info;

pub mod layer;

use std::fmt;

pub use self::checks::{InvalidArgument, check_flags, check_logoff, check_zero, refuses_logoff};
use crate::error::{Failure, MapiError, Success};
pub use crate::foreign::contain;
use crate::notification::Connection;
use crate::property::{PropName, PropProblem, PropTag, Property, Props};
use crate::table::{
    Bookmark, MsgServiceTable, MsgStoresTable, ProfileTable, ProviderTable, Restriction, SortOrder,
    StatusRow, StatusTable, StoreRow, Table, TablePosition,
};
use crate::types::{FormMessage, FormToken, ObjectInfo, ObjectType};
use crate::{AdviseSink, EntryId, HResult, MapiUid, UiParam};

/// What a raw call gives: a success that may carry a warning, or a failure.
pub type RawResult<T> = Result<Success<T>, Failure>;

/// A MAPI subsystem: the functions of the library itself. See the [contract](self).
///
/// It borrows nothing, so that a program which is generic over its subsystem can move what it has to
/// other threads, and needs no bound of its own for that.
pub trait Subsystem: 'static {
    /// The session object that a logon gives.
    type Session: RawSession;
    /// The administration object that MAPIAdminProfiles gives.
    type ProfileAdmin: RawProfAdmin<ServiceAdmin = <Self::Session as RawSession>::ServiceAdmin>;

    /// MAPIInitialize, with the version and the flags of MAPIINIT_0.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `version` is not 0.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - what else the
    ///   [reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiinitialize)
    ///   names.
    #[track_caller]
    fn initialize(&self, version: u32, flags: u32) -> RawResult<()>;

    /// MAPIUninitialize. One that no `initialize` stands against does nothing.
    #[track_caller]
    fn uninitialize(&self);

    /// MAPILogonEx. A profile name is `None` for a null pointer; an empty one means the same.
    ///
    /// # Errors
    /// As [`Mapi::logon`](crate::Mapi::logon); and MAPI_E_LOGON_FAILED: there is a password.
    #[track_caller]
    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<Self::Session>;

    /// MAPIAdminProfiles. A subsystem may have none: then it fails with MAPI_E_NO_SUPPORT.
    ///
    /// # Errors
    /// As [`Mapi::admin_profiles`](crate::Mapi::admin_profiles); and MAPI_E_UNKNOWN_FLAGS: `flags` is not
    /// zero.
    ///
    /// [`MAPIAdminProfiles`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiadminprofiles) in the MAPI reference.
    #[track_caller]
    fn admin_profiles(&self, flags: u32) -> RawResult<Self::ProfileAdmin> {
        let _ = flags;
        no_support()
    }

    /// Whether there is a profile of this name, where that is known without a call of MAPI: tests that
    /// plan for another one are told. The default knows nothing.
    fn has_profile(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// What the `Debug` of [`Mapi`](crate::Mapi) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A session object: IMAPISession, and IMAPIClientShutdown, which it also is. Each client of a
/// shared session has its own. See the [contract](self).
///
/// The methods stand in the order of the vtable. Each first of all fails on a library
/// that is not initialised, and on a session that has ended.
///
/// [`IMAPISession : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawSession {
    /// The store object that OpenMsgStore gives.
    type MsgStore: RawMsgStore<Object = Self::Object>;
    /// What OpenEntry gives, where it is no store; and the address book.
    type Object: RawObject;
    /// The section object that OpenProfileSection gives.
    type ProfileSection: RawProfileSection;
    /// The administration object that AdminServices gives.
    type ServiceAdmin: RawServiceAdmin<ProfileSection = Self::ProfileSection>;
    /// The table object that GetMsgStoresTable gives.
    type StoreTable: RawTable<Row = StoreRow>;
    /// The table object that GetStatusTable gives.
    type StatusTable: RawTable<Row = StatusRow>;

    /// IMAPISession::GetLastError: what is known of the last failure, or success with a warning, of
    /// this session object, if that had this HRESULT; else nothing.
    ///
    /// # Errors
    /// As [`Session::last_error`](crate::Session::last_error); and MAPI_E_UNKNOWN_FLAGS: a bit other than
    /// MAPI_UNICODE.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IMAPISession::GetMsgStoresTable, read in full.
    ///
    /// # Errors
    /// As [`Session::msg_stores_table`](crate::Session::msg_stores_table); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    #[track_caller]
    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable> {
        no_support()
    }

    /// IMAPISession::GetMsgStoresTable, as an object that stays open and tells what changes.
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    #[track_caller]
    fn open_msg_stores_table(&self, flags: u32) -> RawResult<Self::StoreTable> {
        no_support()
    }

    /// IMAPISession::OpenMsgStore, for the standard interface. The entry identifier is `None` for a
    /// null pointer. Success may carry MAPI_W_ERRORS_RETURNED.
    ///
    /// # Errors
    /// As [`Session::open_msg_store`](crate::Session::open_msg_store); and MAPI_E_INVALID_ENTRYID: there is
    /// no entry identifier.
    #[track_caller]
    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<Self::MsgStore> {
        no_support()
    }

    /// IMAPISession::OpenAddressBook, for the standard interface. It always gives an address book:
    /// with MAPI_W_ERRORS_RETURNED where a provider failed.
    ///
    /// # Errors
    /// As [`Session::open_address_book`](crate::Session::open_address_book).
    #[track_caller]
    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<Self::Object> {
        no_support()
    }

    /// IMAPISession::OpenProfileSection, for the standard interface.
    ///
    /// # Errors
    /// As [`Session::open_profile_section`](crate::Session::open_profile_section).
    #[track_caller]
    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProfileSection> {
        no_support()
    }

    /// IMAPISession::GetStatusTable, read in full.
    ///
    /// # Errors
    /// As [`Session::status_table`](crate::Session::status_table); and MAPI_E_UNKNOWN_FLAGS: a bit other
    /// than MAPI_UNICODE.
    #[track_caller]
    fn status_table(&self, flags: u32) -> RawResult<StatusTable> {
        no_support()
    }

    /// IMAPISession::GetStatusTable, as an object that stays open and tells what changes.
    ///
    /// # Errors
    /// As [`status_table`](Self::status_table).
    #[track_caller]
    fn open_status_table(&self, flags: u32) -> RawResult<Self::StatusTable> {
        no_support()
    }

    /// IMAPISession::OpenEntry, for the standard interface of whatever it is. A store's identifier
    /// opens the store, as OpenMsgStore does with MDB_NO_DIALOG.
    ///
    /// # Errors
    /// As [`Session::open_entry`](crate::Session::open_entry); and MAPI_E_INVALID_ENTRYID: there is no
    /// entry identifier.
    #[track_caller]
    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<Self::MsgStore, Self::Object>> {
        no_support()
    }

    /// IMAPISession::CompareEntryIDs: whether both are of the same object.
    ///
    /// # Errors
    /// As [`Session::compare_entry_ids`](crate::Session::compare_entry_ids); and MAPI_E_INVALID_PARAMETER:
    /// `flags` is not zero.
    #[track_caller]
    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool> {
        no_support()
    }

    /// IMAPISession::Advise. Without an entry identifier it registers for the session itself: then
    /// critical errors are always delivered, extended events by the mask, and nothing else.
    ///
    /// # Errors
    /// As [`Session::advise_object`](crate::Session::advise_object).
    #[track_caller]
    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        no_support()
    }

    /// IMAPISession::Unadvise. After it has returned no new call of the sink starts; the sink is
    /// dropped after its last call.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is not a number that Advise of this session object gave and
    /// that is still registered.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// IMAPISession::MessageOptions, which the reference says is not supported.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: always, where the subsystem follows the reference.
    #[track_caller]
    fn message_options(
        &self,
        ui_param: UiParam,
        flags: u32,
        address_type: &str,
        message: &Self::Object,
    ) -> RawResult<()> {
        no_support()
    }

    /// IMAPISession::QueryDefaultMessageOpt, which the reference says is not supported.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: always, where the subsystem follows the reference.
    #[track_caller]
    fn query_default_message_opt(
        &self,
        address_type: &str,
        flags: u32,
    ) -> RawResult<Vec<Property>> {
        no_support()
    }

    /// IMAPISession::EnumAdrTypes: the address types of the transports that are active.
    ///
    /// # Errors
    /// As [`Session::enum_adr_types`](crate::Session::enum_adr_types); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    #[track_caller]
    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>> {
        no_support()
    }

    /// IMAPISession::QueryIdentity. Where nobody represents the session: success with
    /// MAPI_W_NO_SERVICE, and an identifier that opens nothing.
    ///
    /// # Errors
    /// As [`Session::query_identity`](crate::Session::query_identity).
    #[track_caller]
    fn query_identity(&self) -> RawResult<EntryId> {
        no_support()
    }

    /// IMAPISession::Logoff. `ui_param` is ignored unless MAPI_LOGOFF_UI is set.
    ///
    /// # Errors
    /// As [`Session::logoff_raw`](crate::Session::logoff_raw). A logoff that is refused has changed nothing; any
    /// other failure has ended the session.
    #[track_caller]
    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPISession::SetDefaultStore. Without an entry identifier no store is it any more.
    ///
    /// # Errors
    /// As [`Session::set_default_store`](crate::Session::set_default_store); and MAPI_E_INVALID_PARAMETER:
    /// `flags` is none of the five values.
    #[track_caller]
    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()> {
        no_support()
    }

    /// IMAPISession::AdminServices.
    ///
    /// # Errors
    /// As [`Session::admin_services`](crate::Session::admin_services); and MAPI_E_INVALID_PARAMETER:
    /// `flags` is not zero.
    #[track_caller]
    fn admin_services(&self, flags: u32) -> RawResult<Self::ServiceAdmin> {
        no_support()
    }

    /// IMAPISession::ShowForm, for the standard interface. The token is used up, whatever becomes of
    /// the form.
    ///
    /// # Errors
    /// As [`PreparedForm::show_form`](crate::session::form::PreparedForm::show_form); and MAPI_E_INVALID_PARAMETER: `token` is not
    /// one that PrepareForm gave this session object, or it has been used.
    #[track_caller]
    fn show_form(
        &self,
        ui_param: UiParam,
        store: &Self::MsgStore,
        parent_folder: &Self::Object,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()> {
        no_support()
    }

    /// IMAPISession::PrepareForm, for the standard interface.
    ///
    /// # Errors
    /// As [`Session::prepare_form`](crate::Session::prepare_form); and MAPI_E_INVALID_PARAMETER: the object
    /// is no message.
    #[track_caller]
    fn prepare_form(&self, message: &Self::Object) -> RawResult<FormToken> {
        no_support()
    }

    /// Gives back a prepared message that is not going to be shown; a token that is not the session
    /// object's, or is used up, changes nothing. MAPI has no such call: without it the message stays
    /// open until the session ends, which is what the default does.
    fn discard_form(&self, token: FormToken) {
        let _ = token;
    }

    /// IMAPIClientShutdown::QueryFastShutdown.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: the subsystem, or a provider of the session, does not support it.
    #[track_caller]
    fn query_fast_shutdown(&self) -> RawResult<()> {
        no_support()
    }

    /// IMAPIClientShutdown::NotifyProcessShutdown.
    ///
    /// # Errors
    /// MAPI_E_CALL_FAILED: the query has not been made, or did not succeed.
    #[track_caller]
    fn notify_process_shutdown(&self) -> RawResult<()> {
        no_support()
    }

    /// IMAPIClientShutdown::DoFastShutdown. After it has succeeded the client makes no call of MAPI
    /// any more: dropping the session object and whatever came from it must make none either.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: fast shutdown is not supported. MAPI_E_CALL_FAILED: the notification has
    /// not been made.
    #[track_caller]
    fn do_fast_shutdown(&self) -> RawResult<()> {
        no_support()
    }

    /// What the `Debug` of [`Session`](crate::Session) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// What OpenEntry opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_enums,
    reason = "what is no message store is an object, with its type"
)]
pub enum RawEntry<M, O> {
    /// A message store.
    MsgStore(M),
    /// Anything else, and what it is.
    Object(ObjectType, O),
}

/// What has properties: IMAPIProp, of which stores, folders, messages, sections and nearly all other
/// objects are. See the [contract](self).
///
/// [`IMAPIProp : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapipropiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawProp {
    /// IMAPIProp::GetLastError: what is known of the last failure, or success with a warning, of
    /// this object, if that had this HRESULT; else nothing.
    ///
    /// # Errors
    /// As [`RawSession::last_error`].
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IMAPIProp::SaveChanges.
    ///
    /// # Errors
    /// As [`Object::save_changes`](crate::Object::save_changes).
    ///
    /// [`IMAPIProp::SaveChanges`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-savechanges) in the MAPI reference.
    #[track_caller]
    fn save_changes(&self, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIProp::GetProps, of these properties in this order; `None` is all that are listed, by tag. Of a
    /// tag without a type the type is that of the property. What the object does not have is there as an
    /// error, and the success is one with MAPI_W_ERRORS_RETURNED then.
    ///
    /// # Errors
    /// As [`Object::props`](crate::Object::props); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE, which is for the texts whose tag does not say
    ///   their width.
    /// - MAPI_E_BAD_CHARWIDTH: the object has no texts of this width.
    ///
    /// [`IMAPIProp::GetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops) in the MAPI reference.
    #[track_caller]
    fn props(&self, tags: Option<&[PropTag]>, flags: u32) -> RawResult<Vec<Property>> {
        no_support()
    }

    /// IMAPIProp::GetPropList: the tags of all properties that are listed.
    ///
    /// # Errors
    /// As [`props`](Self::props).
    ///
    /// [`IMAPIProp::GetPropList`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getproplist) in the MAPI reference.
    #[track_caller]
    fn prop_list(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        no_support()
    }

    /// IMAPIProp::SetProps. It gives the properties that could not be set; the others are.
    ///
    /// # Errors
    /// As [`Object::set_props`](crate::Object::set_props).
    ///
    /// [`IMAPIProp::SetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-setprops) in the MAPI reference.
    #[track_caller]
    fn set_props(&self, props: &[Property]) -> RawResult<Vec<PropProblem>> {
        no_support()
    }

    /// IMAPIProp::DeleteProps. It gives the properties that could not be deleted; the others are.
    ///
    /// # Errors
    /// As [`set_props`](Self::set_props).
    ///
    /// [`IMAPIProp::DeleteProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-deleteprops) in the MAPI reference.
    #[track_caller]
    fn delete_props(&self, tags: &[PropTag]) -> RawResult<Vec<PropProblem>> {
        no_support()
    }

    /// IMAPIProp::OpenProperty of a value that is too large for [`props`](Self::props), by IStream, read to
    /// its end: the bytes of a PT_BINARY, a text in UTF-16 or, as PT_STRING8, in the ANSI code page.
    ///
    /// # Errors
    /// As [`Object::read_stream`](crate::Object::read_stream).
    ///
    /// [`IMAPIProp::OpenProperty`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-openproperty) in the MAPI reference.
    #[track_caller]
    fn read_stream(&self, tag: PropTag) -> RawResult<Vec<u8>> {
        no_support()
    }

    /// IMAPIProp::GetIDsFromNames: their tags, without types; with MAPI_CREATE, names that are new become
    /// properties. A success with MAPI_W_ERRORS_RETURNED has a PT_ERROR for each name that is none.
    ///
    /// # Errors
    /// As [`Object::ids_from_names`](crate::Object::ids_from_names); and MAPI_E_UNKNOWN_FLAGS: a bit other
    /// than MAPI_CREATE.
    ///
    /// [`IMAPIProp::GetIDsFromNames`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getidsfromnames) in the MAPI reference.
    #[track_caller]
    fn ids_from_names(&self, names: &[PropName], flags: u32) -> RawResult<Vec<PropTag>> {
        no_support()
    }

    /// IMAPIProp::GetNamesFromIDs, of these tags. A success with MAPI_W_ERRORS_RETURNED lacks some.
    ///
    /// # Errors
    /// As [`Object::names_from_ids`](crate::Object::names_from_ids); and MAPI_E_UNKNOWN_FLAGS: a bit other
    /// than MAPI_NO_STRINGS and MAPI_NO_IDS.
    ///
    /// [`IMAPIProp::GetNamesFromIDs`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getnamesfromids) in the MAPI reference.
    #[track_caller]
    fn names_from_ids(&self, tags: &[PropTag], flags: u32) -> RawResult<Vec<Option<PropName>>> {
        no_support()
    }

    /// What is known of the object: some of its [`props`](Self::props).
    ///
    /// # Errors
    /// As [`props`](Self::props).
    #[track_caller]
    fn info(&self) -> RawResult<ObjectInfo> {
        info::of(self)
    }
}

/// A message store object: IMsgStore. See the [contract](self).
///
/// [`IMsgStore : IMAPIProp`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstoreimapiprop) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawMsgStore: RawProp {
    /// What OpenEntry gives.
    type Object: RawObject;

    /// PR_STORE_SUPPORT_MASK, of the [`props`](RawProp::props). A store that was opened for reading has
    /// neither STORE_MODIFY_OK nor STORE_CREATE_OK.
    ///
    /// # Errors
    /// As [`RawProp::props`].
    #[track_caller]
    fn support_mask(&self) -> RawResult<u32> {
        info::support_mask(self)
    }

    /// IMsgStore::OpenEntry, of a folder or a message of this store; without an identifier, or with
    /// an empty one, of its root folder.
    ///
    /// # Errors
    /// As [`MsgStore::open_entry`](crate::MsgStore::open_entry).
    #[track_caller]
    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<(ObjectType, Self::Object)> {
        no_support()
    }

    /// IMsgStore::Advise, of this store or of an object in it; `None` is the whole store, with all
    /// that is in it.
    ///
    /// # Errors
    /// As [`MsgStore::advise`](crate::MsgStore::advise).
    ///
    /// [`IMsgStore::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-advise) in the MAPI reference.
    #[track_caller]
    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        no_support()
    }

    /// IMsgStore::Unadvise. The release of the store object ends its registrations too.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this store object.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// IMsgStore::GetReceiveFolder: where messages of this class arrive, and the class that this is
    /// registered for. A class is `None` for a null pointer: the folder of all that have no other.
    ///
    /// # Errors
    /// As [`MsgStore::open_receive_folder`](crate::MsgStore::open_receive_folder); and
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    ///
    /// [`IMsgStore::GetReceiveFolder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-getreceivefolder) in the MAPI reference.
    #[track_caller]
    fn receive_folder(
        &self,
        message_class: Option<&str>,
        flags: u32,
    ) -> RawResult<(EntryId, String)> {
        no_support()
    }

    /// IMsgStore::GetReceiveFolderTable.
    ///
    /// # Errors
    /// As [`MsgStore::receive_folder_table`](crate::MsgStore::receive_folder_table); and
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    ///
    /// [`IMsgStore::GetReceiveFolderTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstore-getreceivefoldertable) in the MAPI reference.
    #[track_caller]
    fn receive_folder_table(&self, flags: u32) -> RawResult<<Self::Object as RawObject>::Table> {
        no_support()
    }

    /// IMsgStore::StoreLogoff, with its flags in and out. If LOGOFF_COMPLETE is among those that
    /// come out, every further call but release fails with MAPI_E_INVALID_OBJECT; else the store
    /// stays as it is.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: not exactly one of the five flags that go in.
    /// - MAPI_E_INVALID_OBJECT: as [`RawProp::props`].
    #[track_caller]
    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        no_support()
    }

    /// What the `Debug` of [`MsgStore`](crate::MsgStore) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A folder, a message, a mail user, a container of the address book, a status object, or the
/// address book itself. See the [contract](self).
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawObject: RawProp {
    /// The table of what a folder holds, of a message's recipients and of its attachments.
    type Table: RawPropTable;

    /// IMAPIContainer::GetContentsTable: the messages of a folder.
    ///
    /// # Errors
    /// As [`Folder::contents_table`](crate::Folder::contents_table); and MAPI_E_NO_SUPPORT:
    /// MAPI_ASSOCIATED, and the folder has no associated messages.
    ///
    /// [`IMAPIContainer::GetContentsTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapicontainer-getcontentstable) in the MAPI reference.
    #[track_caller]
    fn contents_table(&self, flags: u32) -> RawResult<Self::Table> {
        no_support()
    }

    /// IMAPIContainer::GetHierarchyTable: the folders of a folder; under CONVENIENT_DEPTH with theirs, and
    /// PR_DEPTH.
    ///
    /// # Errors
    /// As [`Folder::hierarchy_table`](crate::Folder::hierarchy_table).
    ///
    /// [`IMAPIContainer::GetHierarchyTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapicontainer-gethierarchytable) in the MAPI reference.
    #[track_caller]
    fn hierarchy_table(&self, flags: u32) -> RawResult<Self::Table> {
        no_support()
    }

    /// IMAPIFolder::CreateMessage. The message is nobody else's before SaveChanges; released without, it
    /// is gone.
    ///
    /// # Errors
    /// As [`Folder::create_message`](crate::Folder::create_message).
    ///
    /// [`IMAPIFolder::CreateMessage`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-createmessage) in the MAPI reference.
    #[track_caller]
    fn create_message(&self, flags: u32) -> RawResult<Self>
    where
        Self: Sized,
    {
        no_support()
    }

    /// IMAPIFolder::CreateFolder.
    ///
    /// # Errors
    /// As [`Folder::create_folder`](crate::Folder::create_folder); and
    /// - MAPI_E_INVALID_PARAMETER: the type is neither FOLDER_GENERIC nor FOLDER_SEARCH.
    /// - MAPI_E_COLLISION: the folder has one of this name, and OPEN_IF_EXISTS is not set.
    /// - MAPI_E_NO_SUPPORT: the object has no folders of this type.
    ///
    /// [`IMAPIFolder::CreateFolder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-createfolder) in the MAPI reference.
    #[track_caller]
    fn create_folder(
        &self,
        folder_type: u32,
        name: &str,
        comment: &str,
        flags: u32,
    ) -> RawResult<Self>
    where
        Self: Sized,
    {
        no_support()
    }

    /// IMAPIFolder::DeleteMessages. A success with MAPI_W_PARTIAL_COMPLETION has left some of them.
    ///
    /// # Errors
    /// As [`Folder::delete_messages`](crate::Folder::delete_messages).
    ///
    /// [`IMAPIFolder::DeleteMessages`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-deletemessages) in the MAPI reference.
    #[track_caller]
    fn delete_messages(
        &self,
        entry_ids: &[EntryId],
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IMAPIFolder::SetReadFlags, of these messages; `None` is all of the folder's. A success with
    /// MAPI_W_PARTIAL_COMPLETION has left some of them.
    ///
    /// # Errors
    /// As [`Folder::set_read_flags`](crate::Folder::set_read_flags).
    ///
    /// [`IMAPIFolder::SetReadFlags`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapifolder-setreadflags) in the MAPI reference.
    #[track_caller]
    fn set_read_flags(
        &self,
        entry_ids: Option<&[EntryId]>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IMessage::GetRecipientTable.
    ///
    /// # Errors
    /// As [`Message::recipients`](crate::Message::recipients); and MAPI_E_UNKNOWN_FLAGS: a bit other than
    /// MAPI_UNICODE.
    ///
    /// [`IMessage::GetRecipientTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getrecipienttable) in the MAPI reference.
    #[track_caller]
    fn recipient_table(&self, flags: u32) -> RawResult<Self::Table> {
        no_support()
    }

    /// IMessage::ModifyRecipients: with no flag they take the place of all, with MODRECIP_ADD they are
    /// added, with MODRECIP_MODIFY and MODRECIP_REMOVE those change that PR_ROWID names.
    ///
    /// # Errors
    /// As [`Message::set_recipients`](crate::Message::set_recipients); and MAPI_E_INVALID_PARAMETER:
    /// several flags; or a recipient lacks PR_ROWID where it is needed.
    ///
    /// [`IMessage::ModifyRecipients`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-modifyrecipients) in the MAPI reference.
    #[track_caller]
    fn modify_recipients(&self, flags: u32, recipients: &[Props]) -> RawResult<()> {
        no_support()
    }

    /// IMessage::GetAttachmentTable.
    ///
    /// # Errors
    /// As [`Message::attachment_table`](crate::Message::attachment_table); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    ///
    /// [`IMessage::GetAttachmentTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getattachmenttable) in the MAPI reference.
    #[track_caller]
    fn attachment_table(&self, flags: u32) -> RawResult<Self::Table> {
        no_support()
    }

    /// IMessage::OpenAttach, by PR_ATTACH_NUM.
    ///
    /// # Errors
    /// As [`Message::open_attachment`](crate::Message::open_attachment).
    ///
    /// [`IMessage::OpenAttach`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-openattach) in the MAPI reference.
    #[track_caller]
    fn open_attach(&self, number: u32, flags: u32) -> RawResult<Self>
    where
        Self: Sized,
    {
        no_support()
    }

    /// IMessage::CreateAttach. The number of the new attachment is its PR_ATTACH_NUM.
    ///
    /// # Errors
    /// As [`Message::create_attachment`](crate::Message::create_attachment); and MAPI_E_UNKNOWN_FLAGS: a
    /// bit other than MAPI_DEFERRED_ERRORS.
    ///
    /// [`IMessage::CreateAttach`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-createattach) in the MAPI reference.
    #[track_caller]
    fn create_attach(&self, flags: u32) -> RawResult<Self>
    where
        Self: Sized,
    {
        no_support()
    }

    /// IMessage::SubmitMessage. When it has succeeded, nothing but release may be called on the
    /// object: all else fails with MAPI_E_INVALID_OBJECT.
    ///
    /// # Errors
    /// As [`Message::submit`](crate::Message::submit); and MAPI_E_UNKNOWN_FLAGS: a bit other than
    /// FORCE_SUBMIT.
    ///
    /// [`IMessage::SubmitMessage`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-submitmessage) in the MAPI reference.
    #[track_caller]
    fn submit_message(&self, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::ValidateState.
    ///
    /// # Errors
    /// As [`Status::validate_state`](crate::Status::validate_state).
    ///
    /// [`IMAPIStatus::ValidateState`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-validatestate) in the MAPI reference.
    #[track_caller]
    fn validate_state(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::SettingsDialog.
    ///
    /// # Errors
    /// As [`Status::settings_dialog`](crate::Status::settings_dialog); and
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than UI_READONLY.
    ///
    /// [`IMAPIStatus::SettingsDialog`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-settingsdialog) in the MAPI reference.
    #[track_caller]
    fn settings_dialog(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::ChangePassword. A password is `None` for a null pointer.
    ///
    /// # Errors
    /// As [`Status::change_password`](crate::Status::change_password); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    /// - MAPI_E_INVALID_PARAMETER: there is no old password, or no new one.
    ///
    /// [`IMAPIStatus::ChangePassword`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-changepassword) in the MAPI reference.
    #[track_caller]
    fn change_password(&self, old: Option<&str>, new: Option<&str>, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::FlushQueues. The spooler can be told which transport is meant, by the entry
    /// identifier of its status row; `None` is all of them.
    ///
    /// # Errors
    /// As [`Status::flush_queues_of`](crate::Status::flush_queues_of).
    ///
    /// [`IMAPIStatus::FlushQueues`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-flushqueues) in the MAPI reference.
    #[track_caller]
    fn flush_queues(
        &self,
        ui_param: UiParam,
        transport: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IAddrBook::Advise, of the address book or of an entry in it; `None` is the whole address
    /// book: then critical errors are always delivered.
    ///
    /// # Errors
    /// As [`Object::advise`](crate::Object::advise).
    ///
    /// [`IAddrBook::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iaddrbook-advise) in the MAPI reference.
    #[track_caller]
    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection> {
        no_support()
    }

    /// IAddrBook::Unadvise. The release of the object ends its registrations too.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this object.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// What the `Debug` of [`Object`](crate::Object) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A table whose rows are properties: IMAPITable in full. It has a cursor, before its first row at first.
/// See the [contract](self).
///
/// [`IMAPITable : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitableiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawPropTable: RawTable<Row = Props> {
    /// IMAPITable::GetLastError.
    ///
    /// # Errors
    /// As [`RawSession::last_error`].
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IMAPITable::SetColumns.
    ///
    /// # Errors
    /// As [`LiveTable::set_columns`](crate::session::table::LiveTable::set_columns); and
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_BATCH and TBL_ASYNC.
    ///
    /// [`IMAPITable::SetColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-setcolumns) in the MAPI reference.
    #[track_caller]
    fn set_columns(&self, tags: &[PropTag], flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::QueryColumns: the columns of now; with TBL_ALL_COLUMNS all that there can be.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_ALL_COLUMNS.
    ///
    /// [`IMAPITable::QueryColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-querycolumns) in the MAPI reference.
    #[track_caller]
    fn query_columns(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        no_support()
    }

    /// IMAPITable::GetRowCount: of the rows that are not restricted away.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_NOWAIT.
    ///
    /// [`IMAPITable::GetRowCount`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-getrowcount) in the MAPI reference.
    #[track_caller]
    fn row_count(&self, flags: u32) -> RawResult<u32> {
        no_support()
    }

    /// IMAPITable::SeekRow: moves the cursor by so many rows from there, and says by how many it has
    /// moved. It stops at either end. MAPI_W_POSITION_CHANGED warns that the row of a bookmark is no longer
    /// there, and that the next one stands for it.
    ///
    /// # Errors
    /// As [`LiveTable::seek`](crate::session::table::LiveTable::seek).
    ///
    /// [`IMAPITable::SeekRow`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-seekrow) in the MAPI reference.
    #[track_caller]
    fn seek_row(&self, origin: Bookmark, rows: i32) -> RawResult<i32> {
        no_support()
    }

    /// IMAPITable::Restrict: shows the rows that meet it; `None` shows all. The cursor is before the first
    /// row then.
    ///
    /// # Errors
    /// As [`LiveTable::restrict`](crate::session::table::LiveTable::restrict); and MAPI_E_UNKNOWN_FLAGS: a
    /// bit other than TBL_BATCH and TBL_ASYNC.
    ///
    /// [`IMAPITable::Restrict`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-restrict) in the MAPI reference.
    #[track_caller]
    fn restrict(&self, restriction: Option<&Restriction>, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::SortTable, by the first of these, then by the next. The cursor is before the first row
    /// then.
    ///
    /// # Errors
    /// As [`LiveTable::sort`](crate::session::table::LiveTable::sort); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than TBL_BATCH and TBL_ASYNC.
    ///
    /// [`IMAPITable::SortTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-sorttable) in the MAPI reference.
    #[track_caller]
    fn sort_table(&self, order: &[SortOrder], flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::FindRow: moves the cursor to the next row from there that meets the restriction; with
    /// DIR_BACKWARD to the last before it.
    ///
    /// # Errors
    /// As [`LiveTable::find_row`](crate::session::table::LiveTable::find_row); and MAPI_E_UNKNOWN_FLAGS: a
    /// bit other than DIR_BACKWARD.
    ///
    /// [`IMAPITable::FindRow`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-findrow) in the MAPI reference.
    #[track_caller]
    fn find_row(&self, restriction: &Restriction, origin: Bookmark, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::QuerySortOrder: what the rows are sorted by; nothing where they are not.
    ///
    /// # Errors
    /// None but those of every method.
    ///
    /// [`IMAPITable::QuerySortOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-querysortorder) in the MAPI reference.
    #[track_caller]
    fn query_sort_order(&self) -> RawResult<Vec<SortOrder>> {
        no_support()
    }

    /// IMAPITable::QueryPosition: where the cursor is.
    ///
    /// # Errors
    /// None but those of every method.
    ///
    /// [`IMAPITable::QueryPosition`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-queryposition) in the MAPI reference.
    #[track_caller]
    fn query_position(&self) -> RawResult<TablePosition> {
        no_support()
    }

    /// IMAPITable::CreateBookmark: a bookmark at the row that would be read next. It stays with this row,
    /// until [`free_bookmark`](Self::free_bookmark), a new restriction or a new order.
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: it is an attachment table.
    /// - MAPI_E_UNABLE_TO_COMPLETE: there are too many.
    ///
    /// [`IMAPITable::CreateBookmark`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-createbookmark) in the MAPI reference.
    #[track_caller]
    fn create_bookmark(&self) -> RawResult<Bookmark> {
        no_support()
    }

    /// IMAPITable::FreeBookmark. The three that every table has stay.
    ///
    /// # Errors
    /// MAPI_E_INVALID_BOOKMARK: there is no such bookmark.
    ///
    /// [`IMAPITable::FreeBookmark`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-freebookmark) in the MAPI reference.
    #[track_caller]
    fn free_bookmark(&self, bookmark: Bookmark) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::QueryRows: so many rows from the cursor on, which moves behind them; a negative number
    /// reads those before it. There are fewer at an end of the table, and none past it.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_NOADVANCE.
    /// - MAPI_E_INVALID_PARAMETER: `rows` is zero.
    ///
    /// [`IMAPITable::QueryRows`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-queryrows) in the MAPI reference.
    #[track_caller]
    fn query_rows(&self, rows: i32, flags: u32) -> RawResult<Vec<Props>> {
        no_support()
    }
}

/// A profile section object: IProfSect. See the [contract](self).
///
/// [`IProfSect : IMAPIProp`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofsectimapiprop) in the MAPI reference.
pub trait RawProfileSection: RawProp {
    /// What the `Debug` of [`ProfileSection`](crate::ProfileSection) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A message service administration object: IMsgServiceAdmin, and IMsgServiceAdmin2. It came from a
/// session, or from profile administration. What it changes is for the sessions that begin afterwards;
/// where none will, because the profile is deleted or is to be, it fails with MAPI_E_NOT_FOUND. See the
/// [contract](self).
///
/// [`IMsgServiceAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadminiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawServiceAdmin {
    /// The section object that OpenProfileSection gives.
    type ProfileSection: RawProfileSection;
    /// The administration object that AdminProviders gives.
    type ProviderAdmin: RawProviderAdmin<ProfileSection = Self::ProfileSection>;

    /// IMsgServiceAdmin::GetLastError: what is known of the last failure, or success with a warning, of
    /// this object, if that had this HRESULT; else nothing.
    ///
    /// # Errors
    /// As [`RawSession::last_error`].
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IMsgServiceAdmin::GetMsgServiceTable, read in full, by the names for a person. The page has no
    /// flags; of a profile that is to be deleted, it is as the session knows it.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE; and as [`RawSession::msg_stores_table`].
    #[track_caller]
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        no_support()
    }

    /// IMsgServiceAdmin::CreateMsgService, of a service that is installed. Its name for a person is
    /// `display_name` where MAPISVC.INF has none.
    ///
    /// # Errors
    /// As [`ServiceAdmin::create_msg_service`](crate::ServiceAdmin::create_msg_service); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE, SERVICE_UI_ALWAYS (0x2), SERVICE_UI_ALLOWED
    ///   (0x10) and SERVICE_NO_RESTART_WARNING (0x80).
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    /// - MAPI_E_USER_CANCEL: the user was shown its configuration, and cancelled.
    #[track_caller]
    fn create_msg_service(
        &self,
        service: &str,
        display_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::DeleteMsgService.
    ///
    /// # Errors
    /// As [`ServiceAdmin::delete_msg_service`](crate::ServiceAdmin::delete_msg_service).
    #[track_caller]
    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::CopyMsgService, to the profile of `destination`, which may be this one. In C
    /// a session can stand for its profile too.
    ///
    /// # Errors
    /// As [`ServiceAdmin::copy_msg_service`](crate::ServiceAdmin::copy_msg_service); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than SERVICE_UI_ALWAYS (0x2).
    /// - MAPI_E_INVALID_PARAMETER: `destination` is of another subsystem.
    /// - MAPI_E_USER_CANCEL: the user was shown its configuration, and cancelled.
    ///
    /// [`IMsgServiceAdmin::CopyMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-copymsgservice) in the MAPI reference.
    #[track_caller]
    fn copy_msg_service(
        &self,
        uid: MapiUid,
        destination: &Self,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::RenameMsgService, which the reference says is not supported.
    ///
    /// # Errors
    /// As [`ServiceAdmin::rename_msg_service`](crate::ServiceAdmin::rename_msg_service).
    ///
    /// [`IMsgServiceAdmin::RenameMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-renamemsgservice) in the MAPI reference.
    #[track_caller]
    fn rename_msg_service(&self, uid: MapiUid, flags: u32, display_name: &str) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::ConfigureMsgService.
    ///
    /// # Errors
    /// As
    /// [`ServiceAdmin::configure_msg_service_with_ui`](crate::ServiceAdmin::configure_msg_service_with_ui);
    /// and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE, SERVICE_UI_ALWAYS (0x2),
    ///   MSG_SERVICE_UI_READ_ONLY (0x8) and SERVICE_UI_ALLOWED (0x10).
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    ///
    /// [`IMsgServiceAdmin::ConfigureMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-configuremsgservice) in the MAPI reference.
    #[track_caller]
    fn configure_msg_service(
        &self,
        uid: MapiUid,
        ui_param: UiParam,
        flags: u32,
        props: &[Property],
    ) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::OpenProfileSection, for the standard interface.
    ///
    /// # Errors
    /// As [`RawSession::open_profile_section`].
    ///
    /// [`IMsgServiceAdmin::OpenProfileSection`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-openprofilesection) in the MAPI reference.
    #[track_caller]
    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProfileSection> {
        no_support()
    }

    /// IMsgServiceAdmin::MsgServiceTransportOrder: all transports of the profile, in the order in
    /// which they are to deliver.
    ///
    /// # Errors
    /// As [`ServiceAdmin::msg_service_transport_order`](crate::ServiceAdmin::msg_service_transport_order);
    /// and MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    ///
    /// [`IMsgServiceAdmin::MsgServiceTransportOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-msgservicetransportorder) in the MAPI reference.
    #[track_caller]
    fn msg_service_transport_order(&self, uids: &[MapiUid], flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::AdminProviders.
    ///
    /// # Errors
    /// As [`ServiceAdmin::admin_providers`](crate::ServiceAdmin::admin_providers); and
    /// MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    ///
    /// [`IMsgServiceAdmin::AdminProviders`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-adminproviders) in the MAPI reference.
    #[track_caller]
    fn admin_providers(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProviderAdmin> {
        no_support()
    }

    /// IMsgServiceAdmin::SetPrimaryIdentity; `None` clears it.
    ///
    /// # Errors
    /// As [`ServiceAdmin::set_primary_identity`](crate::ServiceAdmin::set_primary_identity); and
    /// MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    #[track_caller]
    fn set_primary_identity(&self, uid: Option<MapiUid>, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::GetProviderTable, read in full, by PR_PROVIDER_ORDINAL: the providers of the
    /// whole profile.
    ///
    /// # Errors
    /// As [`msg_service_table`](Self::msg_service_table).
    ///
    /// [`IMsgServiceAdmin::GetProviderTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getprovidertable) in the MAPI reference.
    #[track_caller]
    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        no_support()
    }

    /// IMsgServiceAdmin2::CreateMsgServiceEx, which gives the identifier of the new service.
    ///
    /// # Errors
    /// As [`create_msg_service`](Self::create_msg_service).
    ///
    /// [IMsgServiceAdmin2::CreateMsgServiceEx](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin2-createmsgserviceex) in the MAPI reference.
    #[track_caller]
    fn create_msg_service_ex(
        &self,
        service: &str,
        display_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MapiUid> {
        no_support()
    }

    /// What the `Debug` of [`ServiceAdmin`](crate::ServiceAdmin) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A table that is open, and tells what changes: IMAPITable. See the [contract](self).
///
/// [`IMAPITable : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitableiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawTable {
    /// What a row is read as.
    type Row: 'static;

    /// HrQueryAllRows: all rows, as they are now.
    ///
    /// # Errors
    /// As [`LiveTable::all_rows`](crate::session::table::LiveTable::all_rows).
    #[track_caller]
    fn rows(&self) -> RawResult<Table<Self::Row>> {
        no_support()
    }

    /// IMAPITable::Advise.
    ///
    /// # Errors
    /// As [`LiveTable::advise`](crate::session::table::LiveTable::advise); and
    /// - MAPI_E_UNKNOWN_FLAGS: `event_mask` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: it has none.
    /// - MAPI_E_NO_SUPPORT: it has another than fnevTableModified, fnevCriticalError and fnevExtended.
    ///
    /// [`IMAPITable::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-advise) in the MAPI reference.
    #[track_caller]
    fn advise<S: AdviseSink + 'static>(&self, event_mask: u32, sink: S) -> RawResult<Connection> {
        no_support()
    }

    /// IMAPITable::Unadvise. The release of the table ends its registrations too.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this table object.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// What the `Debug` of [`LiveTable`](crate::session::table::LiveTable) shows beside its type.
    /// `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A provider administration object, of one message service: IProviderAdmin. What it changes is for
/// the sessions that begin afterwards. Where its service is deleted, every method fails with
/// MAPI_E_NOT_FOUND. See the [contract](self).
///
/// [`IProviderAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradminiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawProviderAdmin {
    /// The section object that OpenProfileSection gives.
    type ProfileSection: RawProfileSection;

    /// IProviderAdmin::GetLastError: what is known of the last failure of this object, if that had
    /// this HRESULT; else nothing.
    ///
    /// # Errors
    /// As [`ProviderAdmin::last_error`](crate::ProviderAdmin::last_error); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IProviderAdmin::GetProviderTable, read in full, by PR_PROVIDER_ORDINAL: the providers of the
    /// service.
    ///
    /// # Errors
    /// As [`ProviderAdmin::provider_table`](crate::ProviderAdmin::provider_table); and
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    #[track_caller]
    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        no_support()
    }

    /// IProviderAdmin::CreateProvider, with properties for its profile section. Gives its identifier.
    ///
    /// # Errors
    /// As [`ProviderAdmin::create_provider_with_ui`](crate::ProviderAdmin::create_provider_with_ui); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DIALOG and MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    ///
    /// [`IProviderAdmin::CreateProvider`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-createprovider) in the MAPI reference.
    #[track_caller]
    fn create_provider(
        &self,
        provider: &str,
        props: &[Property],
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<MapiUid> {
        no_support()
    }

    /// IProviderAdmin::DeleteProvider. The sessions that have the provider keep it.
    ///
    /// # Errors
    /// As [`ProviderAdmin::delete_provider`](crate::ProviderAdmin::delete_provider).
    ///
    /// [`IProviderAdmin::DeleteProvider`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-deleteprovider) in the MAPI reference.
    #[track_caller]
    fn delete_provider(&self, uid: MapiUid) -> RawResult<()> {
        no_support()
    }

    /// IProviderAdmin::OpenProfileSection, for the standard interface.
    ///
    /// # Errors
    /// As [`ProviderAdmin::open_profile_section`](crate::ProviderAdmin::open_profile_section).
    ///
    /// [`IProviderAdmin::OpenProfileSection`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-openprofilesection) in the MAPI reference.
    #[track_caller]
    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProfileSection> {
        no_support()
    }

    /// What the `Debug` of [`ProviderAdmin`](crate::ProviderAdmin) shows beside its
    /// type. `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A profile administration object: IProfAdmin. Passwords are null or empty: profiles have none. See
/// the [contract](self).
///
/// Each method first of all fails with MAPI_E_NOT_INITIALIZED on a library that is not initialised.
///
/// [`IProfAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadminiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawProfAdmin {
    /// The administration object that AdminServices gives.
    type ServiceAdmin: RawServiceAdmin;

    /// IProfAdmin::GetLastError: what is known of the last failure of this object, if that had this
    /// HRESULT; else nothing.
    ///
    /// # Errors
    /// As [`ProfileAdmin::last_error`](crate::ProfileAdmin::last_error); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IProfAdmin::GetProfileTable, read in full: without the profiles that are to be deleted.
    ///
    /// # Errors
    /// As [`ProfileAdmin::profile_table`](crate::ProfileAdmin::profile_table); and MAPI_E_UNKNOWN_FLAGS: a
    /// bit other than MAPI_APP_PROFILE.
    #[track_caller]
    fn profile_table(&self, flags: u32) -> RawResult<ProfileTable> {
        no_support()
    }

    /// IProfAdmin::CreateProfile.
    ///
    /// # Errors
    /// As [`ProfileAdmin::create_profile`](crate::ProfileAdmin::create_profile); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DEFAULT_SERVICES, MAPI_APP_PROFILE and MAPI_DIALOG.
    /// - MAPI_E_INVALID_PARAMETER: there is a password.
    #[track_caller]
    fn create_profile(
        &self,
        name: &str,
        password: Option<&str>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::DeleteProfile. A profile in use is deleted when its last session has ended.
    ///
    /// # Errors
    /// As [`ProfileAdmin::delete_profile`](crate::ProfileAdmin::delete_profile); and MAPI_E_UNKNOWN_FLAGS:
    /// a bit other than MAPI_APP_PROFILE.
    #[track_caller]
    fn delete_profile(&self, name: &str, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::ChangeProfilePassword, which does nothing.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    #[track_caller]
    fn change_profile_password(
        &self,
        name: &str,
        old_password: Option<&str>,
        new_password: Option<&str>,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::CopyProfile. The copy is not the default profile.
    ///
    /// # Errors
    /// As [`ProfileAdmin::copy_profile`](crate::ProfileAdmin::copy_profile); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_APP_PROFILE and MAPI_DIALOG.
    /// - MAPI_E_LOGON_FAILED: there is a password.
    #[track_caller]
    fn copy_profile(
        &self,
        old_name: &str,
        old_password: Option<&str>,
        new_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::RenameProfile. A profile in use is renamed when its last session has ended.
    ///
    /// # Errors
    /// As [`copy_profile`](Self::copy_profile); MAPI_DIALOG is undefined.
    #[track_caller]
    fn rename_profile(
        &self,
        old_name: &str,
        old_password: Option<&str>,
        new_name: &str,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::SetDefaultProfile; `None` leaves no default profile.
    ///
    /// # Errors
    /// As [`ProfileAdmin::set_default_profile`](crate::ProfileAdmin::set_default_profile); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    #[track_caller]
    fn set_default_profile(&self, name: Option<&str>, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::AdminServices. It begins no session.
    ///
    /// # Errors
    /// As [`ProfileAdmin::admin_services`](crate::ProfileAdmin::admin_services); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DIALOG and MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    /// - MAPI_E_LOGON_FAILED: there is a password.
    ///
    /// [`IProfAdmin::AdminServices`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadmin-adminservices) in the MAPI reference.
    #[track_caller]
    fn admin_services(
        &self,
        name: &str,
        password: Option<&str>,
        ui_param: UiParam,
        flags: u32,
    ) -> RawResult<Self::ServiceAdmin> {
        no_support()
    }

    /// What the `Debug` of [`ProfileAdmin`](crate::ProfileAdmin) shows beside its
    /// type. `Some(self)` where this has a `Debug` that makes no MAPI call; the default shows nothing.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// What a method answers that a subsystem does not have.
fn no_support<T>() -> RawResult<T> {
    Err(HResult::MAPI_E_NO_SUPPORT.into())
}
