//! The traits of a MAPI implementation, on which [`Mapi`](crate::Mapi) and [`Session`](crate::Session) run.
//!
//! Implement them to use the typed session over a MAPI of your own. To record or change the calls of a program over
//! any implementation, write a [`Layer`](layer::Layer) instead.
//!
//! The traits are shaped like COM interfaces: methods take `&self`, raw flag words and reserved parameters, and return
//! HRESULTs. Unlike the typed session they can be misused, and an implementation must answer misuse with an error.
//!
//! Implement the methods that your MAPI has. By default, every other method fails with MAPI_E_NO_SUPPORT. So should a
//! method that objects of this kind do not have, such as the recipients of a folder. [`RawSession`] is all of
//! IMAPISession; the traits of what it opens have part of MAPI's interfaces, and will grow.
//!
//! The errors of each call are documented with its typed method. Here, a method lists only those that the typed method
//! cannot cause, such as an undefined flag or a null pointer.
//!
//! # What every implementation must hold
//!
//! [`contract`](crate::contract) has the rules behind this. No page of the reference says which codes misuse gets, or
//! what a failed logoff leaves; those are our choice.
//!
//! - **Initialisation is counted.** Before the first [`initialize`](Subsystem::initialize) and
//!   after the last [`uninitialize`](Subsystem::uninitialize) every other call fails with
//!   MAPI_E_NOT_INITIALIZED.
//! - **Dropping an object is its Release.** It always works: before the logoff, after it, and after the
//!   last `uninitialize`. It waits for nothing but the end of the object itself. Dropping a session without a
//!   logoff ends it as a plain logoff does.
//! - **After a logoff that succeeded or failed for good**, every call on the session, and on every
//!   object that came from it, fails with MAPI_E_INVALID_OBJECT, and no new call of a sink starts. The same
//!   holds for a store after its logoff, and for a message after its submission.
//! - **A refused logoff changes nothing.** A logoff is refused with MAPI_E_UNKNOWN_FLAGS,
//!   MAPI_E_INVALID_PARAMETER, MAPI_E_USER_CANCEL or MAPI_E_BUSY, and with no other code ([`refuses_logoff`]).
//!   The typed session then gives the live session back; after any other failure, the logged-off one.
//! - **Arguments are checked before anything happens.** Undefined bits of a flag word are MAPI_E_UNKNOWN_FLAGS, a
//!   reserved word that is not zero is MAPI_E_INVALID_PARAMETER ([`check_flags`], [`check_zero`], [`check_logoff`]).
//! - **No lock is held while foreign code runs**, such as a sink.
//! - **Nothing panics**, even if a sink or other foreign code does ([`contain`]).

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

/// The result of a raw call: a success that may carry a warning, or a failure.
pub type RawResult<T> = Result<Success<T>, Failure>;

/// A MAPI subsystem: the functions of the library itself. See the [contract](self).
///
/// It is `'static`, so that generic programs can move what they open to other threads without a bound of their own.
pub trait Subsystem: 'static {
    /// The session object that [`logon_ex`](Self::logon_ex) returns.
    type Session: RawSession;
    /// The object that [`admin_profiles`](Self::admin_profiles) returns.
    type ProfileAdmin: RawProfAdmin<ServiceAdmin = <Self::Session as RawSession>::ServiceAdmin>;

    /// MAPIInitialize, with the version and the flags of MAPIINIT_0.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `version` is not 0.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - any other of
    ///   [`MAPIInitialize`](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiinitialize)
    ///   in the MAPI reference.
    #[track_caller]
    fn initialize(&self, version: u32, flags: u32) -> RawResult<()>;

    /// MAPIUninitialize. Without a matching `initialize` it does nothing.
    #[track_caller]
    fn uninitialize(&self);

    /// MAPILogonEx. The profile name is `None` for a null pointer; an empty name means the same.
    ///
    /// # Errors
    /// As [`Mapi::logon`](crate::Mapi::logon); and MAPI_E_LOGON_FAILED: a password was passed.
    #[track_caller]
    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<Self::Session>;

    /// MAPIAdminProfiles. A subsystem without profile administration fails with MAPI_E_NO_SUPPORT.
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

    /// Whether there is a profile of this name, if that is known without a MAPI call; by default, it is not. Tests that
    /// plan a fault for a profile which does not exist are told so.
    fn has_profile(&self, name: &str) -> Option<bool> {
        let _ = name;
        None
    }

    /// What the `Debug` of [`Mapi`](crate::Mapi) shows beside its type: by default, nothing. Return `Some(self)` if
    /// your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A session object: IMAPISession and IMAPIClientShutdown. Each client of a shared session has its own. See the
/// [contract](self).
///
/// The methods are in the order of the vtable. Each first checks that the library is initialised and that the session
/// has not ended.
///
/// [`IMAPISession : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawSession {
    /// The store object that [`open_msg_store`](Self::open_msg_store) returns.
    type MsgStore: RawMsgStore<Object = Self::Object>;
    /// The object that [`open_entry`](Self::open_entry) returns for anything but a store; and the address book.
    type Object: RawObject;
    /// The object that [`open_profile_section`](Self::open_profile_section) returns.
    type ProfileSection: RawProfileSection;
    /// The object that [`admin_services`](Self::admin_services) returns.
    type ServiceAdmin: RawServiceAdmin<ProfileSection = Self::ProfileSection>;
    /// An open table of the message stores.
    type StoreTable: RawTable<Row = StoreRow>;
    /// An open status table.
    type StatusTable: RawTable<Row = StatusRow>;

    /// IMAPISession::GetLastError: the details of the last failure or warning of this session object, if it had this
    /// HRESULT; otherwise `None`.
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

    /// IMAPISession::GetMsgStoresTable, as an object that stays open and reports changes.
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

    /// IMAPISession::OpenAddressBook, for the standard interface. If a provider fails, it still succeeds, with
    /// MAPI_W_ERRORS_RETURNED.
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

    /// IMAPISession::GetStatusTable, as an object that stays open and reports changes.
    ///
    /// # Errors
    /// As [`status_table`](Self::status_table).
    #[track_caller]
    fn open_status_table(&self, flags: u32) -> RawResult<Self::StatusTable> {
        no_support()
    }

    /// IMAPISession::OpenEntry, for the standard interface of the object. A store's identifier opens the store, as
    /// OpenMsgStore does with MDB_NO_DIALOG.
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

    /// IMAPISession::CompareEntryIDs: whether both identifiers are of the same object.
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

    /// IMAPISession::Advise. Without an entry identifier, it registers for the session itself: the sink always gets
    /// critical errors, extended events if the mask has them, and nothing else.
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

    /// IMAPISession::Unadvise. After it has returned, no new call of the sink starts. The sink is dropped after its
    /// last call.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this session object.
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

    /// IMAPISession::QueryIdentity. If the session has no identity, it succeeds with MAPI_W_NO_SERVICE and an
    /// identifier that opens nothing.
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
    /// As [`Session::logoff_raw`](crate::Session::logoff_raw). A refused logoff changes nothing; after any other
    /// failure, the session has ended.
    #[track_caller]
    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPISession::SetDefaultStore. Without an entry identifier, no store is the default any more.
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

    /// IMAPISession::ShowForm, for the standard interface. It uses up the token, even if it fails.
    ///
    /// # Errors
    /// As [`PreparedForm::show_form`](crate::session::form::PreparedForm::show_form); and MAPI_E_INVALID_PARAMETER:
    /// PrepareForm of this session object did not return `token`, or it has been used.
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

    /// Releases a prepared message that is not going to be shown. An unknown or used token changes nothing. MAPI has no
    /// such call, and by default this does nothing: the message stays open until the session ends.
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
    /// MAPI_E_CALL_FAILED: [`query_fast_shutdown`](Self::query_fast_shutdown) has not been called, or failed.
    #[track_caller]
    fn notify_process_shutdown(&self) -> RawResult<()> {
        no_support()
    }

    /// IMAPIClientShutdown::DoFastShutdown. After it has succeeded, the client makes no MAPI call any more. Dropping
    /// the session object, and what came from it, must make none either.
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: fast shutdown is not supported.
    /// - MAPI_E_CALL_FAILED: [`notify_process_shutdown`](Self::notify_process_shutdown) has not been called.
    #[track_caller]
    fn do_fast_shutdown(&self) -> RawResult<()> {
        no_support()
    }

    /// What the `Debug` of [`Session`](crate::Session) shows beside its type: by default, nothing. Return `Some(self)`
    /// if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// What OpenEntry has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_enums,
    reason = "what is no message store is an object, with its type"
)]
pub enum RawEntry<M, O> {
    /// A message store.
    MsgStore(M),
    /// Anything else, with its type.
    Object(ObjectType, O),
}

/// An object with properties (IMAPIProp): a store, a folder, a message, a profile section and most others. See the
/// [contract](self).
///
/// [`IMAPIProp : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapipropiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawProp {
    /// IMAPIProp::GetLastError: the details of the last failure or warning of this object, if it had this HRESULT;
    /// otherwise `None`.
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

    /// IMAPIProp::GetProps: these properties in this order, or for `None` all listed ones in the order of their tags.
    /// A tag may leave out its type (PT_UNSPECIFIED). In place of a property that the object does not have there is an
    /// error, and the success carries MAPI_W_ERRORS_RETURNED.
    ///
    /// # Errors
    /// As [`Object::props`](crate::Object::props); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE, which is the width of texts whose tag does not say it.
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

    /// IMAPIProp::SetProps. It returns the properties that could not be set, and sets the others.
    ///
    /// # Errors
    /// As [`Object::set_props`](crate::Object::set_props).
    ///
    /// [`IMAPIProp::SetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-setprops) in the MAPI reference.
    #[track_caller]
    fn set_props(&self, props: &[Property]) -> RawResult<Vec<PropProblem>> {
        no_support()
    }

    /// IMAPIProp::DeleteProps. It returns the properties that could not be deleted, and deletes the others.
    ///
    /// # Errors
    /// As [`set_props`](Self::set_props).
    ///
    /// [`IMAPIProp::DeleteProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-deleteprops) in the MAPI reference.
    #[track_caller]
    fn delete_props(&self, tags: &[PropTag]) -> RawResult<Vec<PropProblem>> {
        no_support()
    }

    /// IMAPIProp::OpenProperty as an IStream, read to its end, for a value that is too large for
    /// [`props`](Self::props): the bytes of a PT_BINARY, or a text in UTF-16 or, as PT_STRING8, in the ANSI code page.
    ///
    /// # Errors
    /// As [`Object::read_stream`](crate::Object::read_stream).
    ///
    /// [`IMAPIProp::OpenProperty`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-openproperty) in the MAPI reference.
    #[track_caller]
    fn read_stream(&self, tag: PropTag) -> RawResult<Vec<u8>> {
        no_support()
    }

    /// IMAPIProp::GetIDsFromNames: the tags of these names, without types. MAPI_CREATE adds names that are new. If some
    /// are unknown, the success carries MAPI_W_ERRORS_RETURNED, and their tags are PT_ERROR.
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

    /// IMAPIProp::GetNamesFromIDs: the names of these tags. If some have none, the success carries
    /// MAPI_W_ERRORS_RETURNED.
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

    /// The type, name and class of the object, of its [`props`](Self::props).
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
    /// What [`open_entry`](Self::open_entry) returns.
    type Object: RawObject;

    /// PR_STORE_SUPPORT_MASK. A store that was opened for reading has neither STORE_MODIFY_OK nor STORE_CREATE_OK.
    ///
    /// # Errors
    /// As [`RawProp::props`].
    #[track_caller]
    fn support_mask(&self) -> RawResult<u32> {
        info::support_mask(self)
    }

    /// IMsgStore::OpenEntry, of a folder or a message of this store. Without an identifier, or with an empty one, it
    /// opens the root folder.
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

    /// IMsgStore::Advise, for an object of this store, or for the whole store (`None`).
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

    /// IMsgStore::Unadvise. Releasing the store object ends its registrations too.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this store object.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// IMsgStore::GetReceiveFolder: the folder in which messages of this class arrive, and the class for which it is
    /// registered. For `None` (a null pointer), the default receive folder.
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

    /// IMsgStore::StoreLogoff: takes its flags and returns them. If LOGOFF_COMPLETE is among the returned ones, every
    /// further call fails with MAPI_E_INVALID_OBJECT; otherwise the store stays open.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `flags` is not exactly one of the five flags.
    /// - MAPI_E_INVALID_OBJECT: as [`RawProp::props`].
    #[track_caller]
    fn store_logoff(&self, flags: u32) -> RawResult<u32> {
        no_support()
    }

    /// What the `Debug` of [`MsgStore`](crate::MsgStore) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A folder, a message, a mail user, a container of the address book, a status object, or the
/// address book itself. See the [contract](self).
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawObject: RawProp {
    /// The table of a folder's contents, of a message's recipients and of its attachments.
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

    /// IMAPIContainer::GetHierarchyTable: the subfolders of a folder. With CONVENIENT_DEPTH, also their subfolders, and
    /// each row has PR_DEPTH.
    ///
    /// # Errors
    /// As [`Folder::hierarchy_table`](crate::Folder::hierarchy_table).
    ///
    /// [`IMAPIContainer::GetHierarchyTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapicontainer-gethierarchytable) in the MAPI reference.
    #[track_caller]
    fn hierarchy_table(&self, flags: u32) -> RawResult<Self::Table> {
        no_support()
    }

    /// IMAPIFolder::CreateMessage. Until SaveChanges, nobody else can see the message, and releasing it discards it.
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

    /// IMAPIFolder::DeleteMessages. If some of them could not be deleted, the success carries
    /// MAPI_W_PARTIAL_COMPLETION.
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

    /// IMAPIFolder::SetReadFlags, of these messages, or of all in the folder (`None`). If it failed for some, the
    /// success carries MAPI_W_PARTIAL_COMPLETION.
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

    /// IMessage::ModifyRecipients. Without a flag, these replace all recipients. MODRECIP_ADD adds them;
    /// MODRECIP_MODIFY and MODRECIP_REMOVE change and remove the recipients with their PR_ROWID.
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

    /// IMessage::CreateAttach. It returns the new attachment, and its PR_ATTACH_NUM.
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

    /// IMessage::SubmitMessage. After it has succeeded, every call on the object fails with MAPI_E_INVALID_OBJECT.
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
    /// - MAPI_E_INVALID_PARAMETER: the old or the new password is missing.
    ///
    /// [`IMAPIStatus::ChangePassword`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-changepassword) in the MAPI reference.
    #[track_caller]
    fn change_password(&self, old: Option<&str>, new: Option<&str>, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::FlushQueues. On the spooler's status object, `transport` is the entry identifier of one transport's
    /// status row, or `None` for all transports.
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

    /// IAddrBook::Advise, for an entry of the address book, or for all of it (`None`); then the sink always gets
    /// critical errors.
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

    /// IAddrBook::Unadvise. Releasing the object ends its registrations too.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this object.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// What the `Debug` of [`Object`](crate::Object) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A table whose rows are properties, with all methods of IMAPITable. Its cursor begins before the first row. See the
/// [contract](self).
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

    /// IMAPITable::QueryColumns: the current columns, or with TBL_ALL_COLUMNS all possible ones.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_ALL_COLUMNS.
    ///
    /// [`IMAPITable::QueryColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-querycolumns) in the MAPI reference.
    #[track_caller]
    fn query_columns(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        no_support()
    }

    /// IMAPITable::GetRowCount: the number of rows that meet the restriction.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_NOWAIT.
    ///
    /// [`IMAPITable::GetRowCount`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-getrowcount) in the MAPI reference.
    #[track_caller]
    fn row_count(&self, flags: u32) -> RawResult<u32> {
        no_support()
    }

    /// IMAPITable::SeekRow: moves the cursor by so many rows from `origin`, stops at either end, and returns by how
    /// many rows it has moved. MAPI_W_POSITION_CHANGED warns that the row of a bookmark is gone, and that the next row takes
    /// its place.
    ///
    /// # Errors
    /// As [`LiveTable::seek`](crate::session::table::LiveTable::seek).
    ///
    /// [`IMAPITable::SeekRow`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-seekrow) in the MAPI reference.
    #[track_caller]
    fn seek_row(&self, origin: Bookmark, rows: i32) -> RawResult<i32> {
        no_support()
    }

    /// IMAPITable::Restrict: shows only the rows that meet the restriction, or all (`None`). It moves the cursor before
    /// the first row.
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

    /// IMAPITable::SortTable, by the first of these, then by the next. It moves the cursor before the first row.
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

    /// IMAPITable::FindRow: moves the cursor to the next row from `origin` on that meets the restriction, or with
    /// DIR_BACKWARD to the last one before it.
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

    /// IMAPITable::QuerySortOrder: what the rows are sorted by; empty if they are not sorted.
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

    /// IMAPITable::CreateBookmark: a bookmark at the row that would be read next. It stays with this row until
    /// [`free_bookmark`](Self::free_bookmark), a new restriction or a new sort order.
    ///
    /// # Errors
    /// - MAPI_E_NO_SUPPORT: this is an attachment table.
    /// - MAPI_E_UNABLE_TO_COMPLETE: the table has too many bookmarks.
    ///
    /// [`IMAPITable::CreateBookmark`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-createbookmark) in the MAPI reference.
    #[track_caller]
    fn create_bookmark(&self) -> RawResult<Bookmark> {
        no_support()
    }

    /// IMAPITable::FreeBookmark. On the three predefined bookmarks it does nothing.
    ///
    /// # Errors
    /// MAPI_E_INVALID_BOOKMARK: there is no such bookmark.
    ///
    /// [`IMAPITable::FreeBookmark`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-freebookmark) in the MAPI reference.
    #[track_caller]
    fn free_bookmark(&self, bookmark: Bookmark) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::QueryRows: reads so many rows from the cursor on, and moves it behind them. A negative number reads
    /// the rows before the cursor. At an end of the table, fewer rows come back, or none.
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
    /// What the `Debug` of [`ProfileSection`](crate::ProfileSection) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A message service administration object (IMsgServiceAdmin, IMsgServiceAdmin2), opened from a session or from profile
/// administration. Its changes take effect in sessions that begin afterwards. If the profile has been deleted, or will
/// be when its last session ends, changes fail with MAPI_E_NOT_FOUND. See the [contract](self).
///
/// [`IMsgServiceAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadminiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawServiceAdmin {
    /// The object that [`open_profile_section`](Self::open_profile_section) returns.
    type ProfileSection: RawProfileSection;
    /// The object that [`admin_providers`](Self::admin_providers) returns.
    type ProviderAdmin: RawProviderAdmin<ProfileSection = Self::ProfileSection>;

    /// IMsgServiceAdmin::GetLastError: the details of the last failure or warning of this object, if it had this
    /// HRESULT; otherwise `None`.
    ///
    /// # Errors
    /// As [`RawSession::last_error`].
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IMsgServiceAdmin::GetMsgServiceTable, read in full, in the order of the display names. Its page has no flags. If
    /// the profile is to be deleted, the table is as the session knows it.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE; and as [`RawSession::msg_stores_table`].
    #[track_caller]
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        no_support()
    }

    /// IMsgServiceAdmin::CreateMsgService, of an installed service. `display_name` is used only if MAPISVC.INF has no
    /// display name for it.
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

    /// IMsgServiceAdmin::CopyMsgService, to the profile of `destination`, which may be this one. In C, `destination`
    /// can also be a session.
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

    /// IMsgServiceAdmin::MsgServiceTransportOrder. The list has all transports of the profile, in the order in which
    /// they are to deliver.
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

    /// IMsgServiceAdmin::GetProviderTable, read in full: the providers of the whole profile, in the order of
    /// PR_PROVIDER_ORDINAL.
    ///
    /// # Errors
    /// As [`msg_service_table`](Self::msg_service_table).
    ///
    /// [`IMsgServiceAdmin::GetProviderTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-getprovidertable) in the MAPI reference.
    #[track_caller]
    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        no_support()
    }

    /// IMsgServiceAdmin2::CreateMsgServiceEx, which returns the identifier of the new service.
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

    /// What the `Debug` of [`ServiceAdmin`](crate::ServiceAdmin) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// An open table (IMAPITable), which reports changes of its rows. See the [contract](self).
///
/// [`IMAPITable : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitableiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawTable {
    /// The type of a row.
    type Row: 'static;

    /// HrQueryAllRows: all current rows.
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
    /// - MAPI_E_INVALID_PARAMETER: `event_mask` is empty.
    /// - MAPI_E_NO_SUPPORT: `event_mask` has a bit other than fnevTableModified, fnevCriticalError and fnevExtended.
    ///
    /// [`IMAPITable::Advise`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-advise) in the MAPI reference.
    #[track_caller]
    fn advise<S: AdviseSink + 'static>(&self, event_mask: u32, sink: S) -> RawResult<Connection> {
        no_support()
    }

    /// IMAPITable::Unadvise. Releasing the table ends its registrations too.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is no registration of this table object.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()> {
        no_support()
    }

    /// What the `Debug` of [`LiveTable`](crate::session::table::LiveTable) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A provider administration object (IProviderAdmin) of one message service. Its changes take effect in sessions that
/// begin afterwards. After its service is deleted, every method fails with MAPI_E_NOT_FOUND. See the [contract](self).
///
/// [`IProviderAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradminiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawProviderAdmin {
    /// The object that [`open_profile_section`](Self::open_profile_section) returns.
    type ProfileSection: RawProfileSection;

    /// IProviderAdmin::GetLastError: the details of the last failure of this object, if it had this HRESULT; otherwise
    /// `None`.
    ///
    /// # Errors
    /// As [`ProviderAdmin::last_error`](crate::ProviderAdmin::last_error); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IProviderAdmin::GetProviderTable, read in full: the providers of the service, in the order of
    /// PR_PROVIDER_ORDINAL.
    ///
    /// # Errors
    /// As [`ProviderAdmin::provider_table`](crate::ProviderAdmin::provider_table); and
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    #[track_caller]
    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        no_support()
    }

    /// IProviderAdmin::CreateProvider, with properties for its profile section. It returns the identifier of the
    /// provider.
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

    /// IProviderAdmin::DeleteProvider. Running sessions keep the provider.
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

    /// What the `Debug` of [`ProviderAdmin`](crate::ProviderAdmin) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// A profile administration object (IProfAdmin). Profiles have no passwords, so every password has to be null or empty.
/// See the [contract](self).
///
/// Every method fails with MAPI_E_NOT_INITIALIZED if the library is not initialised.
///
/// [`IProfAdmin : IUnknown`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofadminiunknown) in the MAPI reference.
#[expect(unused_variables, reason = "the defaults use no argument")]
pub trait RawProfAdmin {
    /// The object that [`admin_services`](Self::admin_services) returns.
    type ServiceAdmin: RawServiceAdmin;

    /// IProfAdmin::GetLastError: the details of the last failure of this object, if it had this HRESULT; otherwise
    /// `None`.
    ///
    /// # Errors
    /// As [`ProfileAdmin::last_error`](crate::ProfileAdmin::last_error); and MAPI_E_UNKNOWN_FLAGS: a bit
    /// other than MAPI_UNICODE.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IProfAdmin::GetProfileTable, read in full, without profiles that are to be deleted.
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
    /// - MAPI_E_INVALID_PARAMETER: a password was passed.
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
    /// - MAPI_E_LOGON_FAILED: a password was passed.
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

    /// IProfAdmin::AdminServices. It does not begin a session.
    ///
    /// # Errors
    /// As [`ProfileAdmin::admin_services`](crate::ProfileAdmin::admin_services); and
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DIALOG and MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    /// - MAPI_E_LOGON_FAILED: a password was passed.
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

    /// What the `Debug` of [`ProfileAdmin`](crate::ProfileAdmin) shows beside its type: by default, nothing.
    /// Return `Some(self)` if your type has a `Debug` that makes no MAPI call.
    fn as_debug(&self) -> Option<&dyn fmt::Debug> {
        None
    }
}

/// The answer of a method that a subsystem does not implement.
fn no_support<T>() -> RawResult<T> {
    Err(HResult::MAPI_E_NO_SUPPORT.into())
}
