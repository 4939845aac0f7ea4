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
//! [`RawSession`] is a whole interface, so all its methods are to be written. The traits of what it opens
//! are excerpts of MAPI's interfaces and will grow: each of their methods fails by default with
//! MAPI_E_NO_SUPPORT, as a method that a provider does not have.
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
//!   object that came from it, fails with MAPI_E_INVALID_OBJECT. No call of a sink starts any more.
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
    /// - MAPI_E_NOT_INITIALIZED: the library is not initialised.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: MAPI_LOGON_UI with MAPI_PASSWORD_UI; MAPI_NT_SERVICE without
    ///   MAPI_NO_MAIL, with a dialog, or for one of `initialize` and the logon only.
    /// - MAPI_E_LOGON_FAILED: there is a password; no profile was found; too many sessions are
    ///   open.
    /// - MAPI_E_USER_CANCEL: the user was asked for a profile, or shown a service's configuration
    ///   (MAPI_SERVICE_UI_ALWAYS), and cancelled.
    /// - MAPI_E_TIMEOUT: MAPI_TIMEOUT_SHORT, and another logon was in progress for too long.
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
    /// - MAPI_E_NOT_INITIALIZED: the library is not initialised.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` is not zero.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>>;

    /// IMAPISession::GetMsgStoresTable, read in full.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    #[track_caller]
    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable>;

    /// IMAPISession::GetMsgStoresTable, as an object that stays open and tells what changes.
    ///
    /// # Errors
    /// As [`msg_stores_table`](Self::msg_stores_table).
    #[track_caller]
    fn open_msg_stores_table(&self, flags: u32) -> RawResult<Self::StoreTable>;

    /// IMAPISession::OpenMsgStore, for the standard interface. The entry identifier is `None` for a
    /// null pointer. Success may carry MAPI_W_ERRORS_RETURNED.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_ENTRYID: there is no entry identifier, or it ends before its provider's
    ///   identifier does.
    /// - MAPI_E_NOT_FOUND: no store of the session has this identifier.
    /// - MAPI_E_NO_ACCESS: MDB_WRITE on a store that can only be read.
    /// - MAPI_E_LOGON_FAILED: the provider lacks configuration, and MDB_NO_DIALOG is set; or its
    ///   message service is disabled.
    /// - MAPI_E_USER_CANCEL: it asked the user, who cancelled.
    /// - MAPI_E_FAILONEPROVIDER: MDB_ONLINE while the session has the cached store open, or the
    ///   other way round.
    /// - MAPI_E_UNKNOWN_FLAGS, MAPI_E_NETWORK_ERROR: MDB_ONLINE, where the provider does not know it or
    ///   is offline.
    /// - MAPI_E_UNKNOWN_CPID, MAPI_E_UNKNOWN_LCID, and whatever else the provider answers.
    ///
    /// Under MAPI_DEFERRED_ERRORS what comes from the provider may wait for the first use.
    #[track_caller]
    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<Self::MsgStore>;

    /// IMAPISession::OpenAddressBook, for the standard interface. It always gives an address book:
    /// with MAPI_W_ERRORS_RETURNED where a provider failed.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    #[track_caller]
    fn open_address_book(&self, ui_param: UiParam, flags: u32) -> RawResult<Self::Object>;

    /// IMAPISession::OpenProfileSection, for the standard interface.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_ACCESS: the section is open for writing; or MAPI_MODIFY, and it is open; or it
    ///   is a provider's own, and MAPI_FORCE_ACCESS is not set.
    /// - MAPI_E_NOT_FOUND: there is no such section, and MAPI_MODIFY is not set.
    #[track_caller]
    fn open_profile_section(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProfileSection>;

    /// IMAPISession::GetStatusTable, read in full.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    #[track_caller]
    fn status_table(&self, flags: u32) -> RawResult<StatusTable>;

    /// IMAPISession::GetStatusTable, as an object that stays open and tells what changes.
    ///
    /// # Errors
    /// As [`status_table`](Self::status_table).
    #[track_caller]
    fn open_status_table(&self, flags: u32) -> RawResult<Self::StatusTable>;

    /// IMAPISession::OpenEntry, for the standard interface of whatever it is. A store's identifier
    /// opens the store, as OpenMsgStore does with MDB_NO_DIALOG.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_ENTRYID: there is no entry identifier, or it is empty.
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the session answers for it; or it ends before its
    ///   provider's identifier does.
    /// - MAPI_E_NOT_FOUND: the provider has no such object.
    /// - MAPI_E_NO_ACCESS: MAPI_MODIFY on what can only be read, or in a store that the session has
    ///   open for reading. A provider may open it for reading instead.
    /// - MAPI_E_SUBMITTED: MAPI_MODIFY on a message in the outgoing queue.
    ///
    /// Under MAPI_DEFERRED_ERRORS what comes from the provider waits for the first use, also that
    /// there is no such object.
    #[track_caller]
    fn open_entry(
        &self,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<RawEntry<Self::MsgStore, Self::Object>>;

    /// IMAPISession::CompareEntryIDs: whether both are of the same object.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    /// - MAPI_E_UNKNOWN_ENTRYID: they are not of one provider that the session has open, or one of
    ///   them is of no object.
    #[track_caller]
    fn compare_entry_ids(
        &self,
        one: Option<&[u8]>,
        other: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<bool>;

    /// IMAPISession::Advise. Without an entry identifier it registers for the session itself: then
    /// critical errors are always delivered, extended events by the mask, and nothing else.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `event_mask` has an undefined bit.
    /// - MAPI_E_INVALID_ENTRYID: the entry identifier ends before its provider's identifier does.
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the session answers for it.
    /// - MAPI_E_NO_SUPPORT: its provider sends no notifications, or none of a type in the mask.
    #[track_caller]
    fn advise<S: AdviseSink + 'static>(
        &self,
        entry_id: Option<&[u8]>,
        event_mask: u32,
        sink: S,
    ) -> RawResult<Connection>;

    /// IMAPISession::Unadvise. After it has returned no new call of the sink starts; the sink is
    /// dropped after its last call.
    ///
    /// # Errors
    /// MAPI_E_NOT_FOUND: `connection` is not a number that Advise of this session object gave and
    /// that is still registered.
    #[track_caller]
    fn unadvise(&self, connection: Connection) -> RawResult<()>;

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
    ) -> RawResult<()>;

    /// IMAPISession::QueryDefaultMessageOpt, which the reference says is not supported.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: always, where the subsystem follows the reference.
    #[track_caller]
    fn query_default_message_opt(&self, address_type: &str, flags: u32)
    -> RawResult<Vec<Property>>;

    /// IMAPISession::EnumAdrTypes: the address types of the transports that are active.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    #[track_caller]
    fn enum_adr_types(&self, flags: u32) -> RawResult<Vec<String>>;

    /// IMAPISession::QueryIdentity. Where nobody represents the session: success with
    /// MAPI_W_NO_SERVICE, and an identifier that opens nothing.
    ///
    /// # Errors
    /// None but those of every method.
    #[track_caller]
    fn query_identity(&self) -> RawResult<EntryId>;

    /// IMAPISession::Logoff. `ui_param` is ignored unless MAPI_LOGOFF_UI is set.
    ///
    /// # Errors
    /// Refused, with nothing changed:
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: `reserved` is not zero.
    /// - MAPI_E_USER_CANCEL: MAPI_LOGOFF_UI was set, and the user does not want to.
    /// - MAPI_E_BUSY: another call is logging this session off at this moment.
    ///
    /// Any other failure has ended the session.
    #[track_caller]
    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()>;

    /// IMAPISession::SetDefaultStore. Without an entry identifier no store is it any more.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `flags` is none of the five values.
    /// - MAPI_E_INVALID_ENTRYID: the entry identifier ends before its provider's identifier does.
    /// - MAPI_E_NOT_FOUND: no store of the session has this identifier.
    /// - MAPI_E_NO_SUPPORT: it would be the default store, and cannot submit, create and modify.
    #[track_caller]
    fn set_default_store(&self, flags: u32, entry_id: Option<&[u8]>) -> RawResult<()>;

    /// IMAPISession::AdminServices.
    ///
    /// # Errors
    /// MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    #[track_caller]
    fn admin_services(&self, flags: u32) -> RawResult<Self::ServiceAdmin>;

    /// IMAPISession::ShowForm, for the standard interface. The token is used up, whatever becomes of
    /// the form.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: `token` is not one that PrepareForm gave this session object, or
    ///   has been used; or its message is not in that store, or was not created in that folder.
    /// - MAPI_E_USER_CANCEL: the user cancelled the form.
    #[track_caller]
    fn show_form(
        &self,
        ui_param: UiParam,
        store: &Self::MsgStore,
        parent_folder: &Self::Object,
        token: FormToken,
        flags: u32,
        message: &FormMessage,
    ) -> RawResult<()>;

    /// IMAPISession::PrepareForm, for the standard interface.
    ///
    /// # Errors
    /// MAPI_E_INVALID_PARAMETER: the object is no message of this session object.
    #[track_caller]
    fn prepare_form(&self, message: &Self::Object) -> RawResult<FormToken>;

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
    fn query_fast_shutdown(&self) -> RawResult<()>;

    /// IMAPIClientShutdown::NotifyProcessShutdown.
    ///
    /// # Errors
    /// MAPI_E_CALL_FAILED: the query has not been made, or did not succeed.
    #[track_caller]
    fn notify_process_shutdown(&self) -> RawResult<()>;

    /// IMAPIClientShutdown::DoFastShutdown. After it has succeeded the client makes no call of MAPI
    /// any more: dropping the session object and whatever came from it must make none either.
    ///
    /// # Errors
    /// MAPI_E_NO_SUPPORT: fast shutdown is not supported. MAPI_E_CALL_FAILED: the notification has
    /// not been made.
    #[track_caller]
    fn do_fast_shutdown(&self) -> RawResult<()>;

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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_ACCESS: the object was opened for reading.
    /// - MAPI_E_OBJECT_CHANGED: another has saved the object since it was opened, and FORCE_SAVE is not
    ///   set.
    /// - MAPI_E_OBJECT_DELETED: the object has been deleted since it was opened.
    /// - MAPI_E_INVALID_OBJECT: as [`props`](Self::props).
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has a bit other than MAPI_UNICODE, which is for the texts whose tag
    ///   does not say their width.
    /// - MAPI_E_BAD_CHARWIDTH: the object has no texts of this width.
    /// - MAPI_E_INVALID_PARAMETER: there are no tags.
    /// - MAPI_E_INVALID_OBJECT: what the object came from is gone: the session is logged off, or the store
    ///   is, or the message has been submitted.
    /// - under MAPI_DEFERRED_ERRORS, what the opening did not say.
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
    /// - MAPI_E_NO_ACCESS: the object was opened for reading.
    /// - MAPI_E_INVALID_PARAMETER: there are no properties, or one has a value of another type.
    /// - MAPI_E_INVALID_OBJECT: as [`props`](Self::props).
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
    /// - MAPI_E_NOT_FOUND: the object has no such property.
    /// - MAPI_E_INTERFACE_NOT_SUPPORTED: a property of this type is no stream.
    /// - MAPI_E_INVALID_OBJECT: as [`props`](Self::props).
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has a bit other than MAPI_CREATE.
    /// - MAPI_E_INVALID_PARAMETER: there are no names. (All names at once, for null, are not in this trait.)
    /// - MAPI_E_NO_SUPPORT: the object has no named properties.
    /// - MAPI_E_INVALID_OBJECT: as [`props`](Self::props).
    ///
    /// [`IMAPIProp::GetIDsFromNames`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getidsfromnames) in the MAPI reference.
    #[track_caller]
    fn ids_from_names(&self, names: &[PropName], flags: u32) -> RawResult<Vec<PropTag>> {
        no_support()
    }

    /// IMAPIProp::GetNamesFromIDs, of these tags. A success with MAPI_W_ERRORS_RETURNED lacks some.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has a bit other than MAPI_NO_STRINGS and MAPI_NO_IDS.
    /// - MAPI_E_INVALID_PARAMETER: there are no tags.
    /// - MAPI_E_NO_SUPPORT, MAPI_E_INVALID_OBJECT: as [`ids_from_names`](Self::ids_from_names).
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
    /// As [`RawSession::open_entry`]. An identifier of another store is MAPI_E_UNKNOWN_ENTRYID.
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
    /// As [`RawSession::advise`]. An identifier of another store is MAPI_E_UNKNOWN_ENTRYID.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_NO_SUPPORT: the store has no receive folders.
    /// - MAPI_E_INVALID_OBJECT: as [`RawProp::props`].
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
    /// As [`receive_folder`](Self::receive_folder).
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_SUPPORT: the object holds nothing; or MAPI_ASSOCIATED, and the folder has no associated
    ///   messages.
    /// - MAPI_E_INVALID_OBJECT: as [`RawProp::props`].
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
    /// As [`contents_table`](Self::contents_table).
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_ACCESS: the folder cannot be written to.
    /// - MAPI_E_NO_SUPPORT: the object is no folder.
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: the type is neither FOLDER_GENERIC nor FOLDER_SEARCH, or the name is
    ///   empty.
    /// - MAPI_E_COLLISION: the folder has one of this name, and OPEN_IF_EXISTS is not set.
    /// - MAPI_E_NO_ACCESS: the folder cannot be written to.
    /// - MAPI_E_NO_SUPPORT: the object is no folder, or has no folders of this type.
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_ACCESS: the folder cannot be written to.
    /// - MAPI_E_NO_SUPPORT: the object is no folder.
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
    /// As [`delete_messages`](Self::delete_messages).
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_NO_SUPPORT: the object is no message.
    /// - MAPI_E_INVALID_OBJECT: as [`RawProp::props`].
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: several flags; or a recipient lacks PR_RECIPIENT_TYPE or
    ///   PR_DISPLAY_NAME, or PR_ROWID where it is needed.
    /// - MAPI_E_NO_ACCESS: the message was opened for reading.
    /// - MAPI_E_NO_SUPPORT: the object is no message.
    ///
    /// [`IMessage::ModifyRecipients`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-modifyrecipients) in the MAPI reference.
    #[track_caller]
    fn modify_recipients(&self, flags: u32, recipients: &[Props]) -> RawResult<()> {
        no_support()
    }

    /// IMessage::GetAttachmentTable.
    ///
    /// # Errors
    /// As [`recipient_table`](Self::recipient_table).
    ///
    /// [`IMessage::GetAttachmentTable`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-getattachmenttable) in the MAPI reference.
    #[track_caller]
    fn attachment_table(&self, flags: u32) -> RawResult<Self::Table> {
        no_support()
    }

    /// IMessage::OpenAttach, by PR_ATTACH_NUM.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NOT_FOUND: the message has no such attachment.
    /// - MAPI_E_NO_SUPPORT: the object is no message.
    /// - MAPI_E_INVALID_OBJECT: as [`RawProp::props`].
    ///
    /// [`IMessage::OpenAttach`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-openattach) in the MAPI reference.
    #[track_caller]
    fn open_attach(&self, number: u32, flags: u32) -> RawResult<Self>
    where
        Self: Sized,
    {
        no_support()
    }

    /// IMessage::SubmitMessage. When it has succeeded, nothing but release may be called on the
    /// object: all else fails with MAPI_E_INVALID_OBJECT.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than FORCE_SUBMIT.
    /// - MAPI_E_NO_SUPPORT: the object is no message, or its store sends none.
    /// - MAPI_E_NO_ACCESS: the message was opened for reading.
    /// - MAPI_E_SUBMITTED: it is in the outgoing queue already.
    /// - MAPI_E_NOT_FOUND: it has been sent since it was opened.
    ///
    /// [`IMessage::SubmitMessage`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imessage-submitmessage) in the MAPI reference.
    #[track_caller]
    fn submit_message(&self, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::ValidateState.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_SUPPORT: the object is no status object.
    /// - MAPI_E_BUSY: another operation is in progress.
    /// - whatever else is wrong with the resource.
    ///
    /// [`IMAPIStatus::ValidateState`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-validatestate) in the MAPI reference.
    #[track_caller]
    fn validate_state(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::SettingsDialog.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than UI_READONLY.
    /// - MAPI_E_NO_SUPPORT: the object is no status object, or PR_RESOURCE_METHODS of its row lacks
    ///   STATUS_SETTINGS_DIALOG.
    /// - MAPI_E_USER_CANCEL: the user cancelled the dialog.
    ///
    /// [`IMAPIStatus::SettingsDialog`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapistatus-settingsdialog) in the MAPI reference.
    #[track_caller]
    fn settings_dialog(&self, ui_param: UiParam, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPIStatus::ChangePassword. A password is `None` for a null pointer.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    /// - MAPI_E_INVALID_PARAMETER: there is no old password, or no new one.
    /// - MAPI_E_NO_SUPPORT: the object is no status object, or PR_RESOURCE_METHODS of its row lacks
    ///   STATUS_CHANGE_PASSWORD.
    /// - MAPI_E_NO_ACCESS: the old password is wrong.
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_NO_SUPPORT: the object is no status object, or PR_RESOURCE_METHODS of its row lacks
    ///   STATUS_FLUSH_QUEUES.
    /// - MAPI_E_INVALID_PARAMETER: a transport's status object is told a transport.
    /// - MAPI_E_UNKNOWN_ENTRYID: the identifier is that of no active transport.
    /// - MAPI_E_BUSY: another operation is in progress.
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
    /// As [`RawSession::advise`]; and MAPI_E_NO_SUPPORT: the object is not the address book.
    /// An identifier of no address book provider is MAPI_E_UNKNOWN_ENTRYID.
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has a bit other than TBL_BATCH and TBL_ASYNC.
    /// - MAPI_E_INVALID_PARAMETER: there are no columns.
    /// - MAPI_E_INVALID_OBJECT: the session that the table came from is logged off.
    ///
    /// [`IMAPITable::SetColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-setcolumns) in the MAPI reference.
    #[track_caller]
    fn set_columns(&self, tags: &[PropTag], flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::QueryColumns: the columns of now; with TBL_ALL_COLUMNS all that there can be.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_ALL_COLUMNS.
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
    ///
    /// [`IMAPITable::QueryColumns`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-querycolumns) in the MAPI reference.
    #[track_caller]
    fn query_columns(&self, flags: u32) -> RawResult<Vec<PropTag>> {
        no_support()
    }

    /// IMAPITable::GetRowCount: of the rows that are not restricted away.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than TBL_NOWAIT.
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
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
    /// - MAPI_E_INVALID_BOOKMARK: `origin` is no bookmark of this table.
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
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
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has a bit other than TBL_BATCH and TBL_ASYNC.
    /// - MAPI_E_TOO_COMPLEX: the table cannot be restricted so.
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
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
    /// As [`restrict`](Self::restrict).
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
    /// - MAPI_E_NOT_FOUND: there is none. The cursor stays.
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than DIR_BACKWARD.
    /// - MAPI_E_INVALID_BOOKMARK: as [`seek_row`](Self::seek_row).
    /// - MAPI_E_TOO_COMPLEX, MAPI_E_INVALID_OBJECT: as [`restrict`](Self::restrict).
    ///
    /// [`IMAPITable::FindRow`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-findrow) in the MAPI reference.
    #[track_caller]
    fn find_row(&self, restriction: &Restriction, origin: Bookmark, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMAPITable::QuerySortOrder: what the rows are sorted by; nothing where they are not.
    ///
    /// # Errors
    /// MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
    ///
    /// [`IMAPITable::QuerySortOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-querysortorder) in the MAPI reference.
    #[track_caller]
    fn query_sort_order(&self) -> RawResult<Vec<SortOrder>> {
        no_support()
    }

    /// IMAPITable::QueryPosition: where the cursor is.
    ///
    /// # Errors
    /// MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
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
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
    ///
    /// [`IMAPITable::CreateBookmark`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapitable-createbookmark) in the MAPI reference.
    #[track_caller]
    fn create_bookmark(&self) -> RawResult<Bookmark> {
        no_support()
    }

    /// IMAPITable::FreeBookmark. The three that every table has stay.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_BOOKMARK: there is no such bookmark.
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
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
    /// - MAPI_E_INVALID_OBJECT: as [`set_columns`](Self::set_columns).
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    #[track_caller]
    fn msg_service_table(&self, flags: u32) -> RawResult<MsgServiceTable> {
        no_support()
    }

    /// IMsgServiceAdmin::CreateMsgService, of a service that is installed. Its name for a person is
    /// `display_name` where MAPISVC.INF has none.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE, SERVICE_UI_ALWAYS (0x2),
    ///   SERVICE_UI_ALLOWED (0x10) and SERVICE_NO_RESTART_WARNING (0x80).
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    /// - MAPI_E_NOT_FOUND: no service of this name is installed.
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
    /// MAPI_E_NOT_FOUND: the profile has no such service.
    #[track_caller]
    fn delete_msg_service(&self, uid: MapiUid) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::CopyMsgService, to the profile of `destination`, which may be this one. In C
    /// a session can stand for its profile too.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than SERVICE_UI_ALWAYS (0x2).
    /// - MAPI_E_NOT_FOUND: the profile has no such service.
    /// - MAPI_E_NO_ACCESS: the destination has the service, which allows no second one.
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
    /// MAPI_E_NO_SUPPORT: always, where the subsystem follows the reference.
    ///
    /// [`IMsgServiceAdmin::RenameMsgService`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-renamemsgservice) in the MAPI reference.
    #[track_caller]
    fn rename_msg_service(&self, uid: MapiUid, flags: u32, display_name: &str) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::ConfigureMsgService.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE, SERVICE_UI_ALWAYS (0x2),
    ///   MSG_SERVICE_UI_READ_ONLY (0x8) and SERVICE_UI_ALLOWED (0x10).
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and the session has no Unicode.
    /// - MAPI_E_NOT_FOUND: the profile has no such service.
    /// - MAPI_E_NOT_INITIALIZED: the service has no entry point function.
    /// - MAPI_E_USER_CANCEL: the user was shown the configuration, and cancelled.
    /// - MAPI_E_UNCONFIGURED: the service lacks configuration; there are no properties, and no user
    ///   may be asked.
    /// - MAPI_E_EXTENDED_ERROR: the service says more of its error by GetLastError.
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
    /// - MAPI_E_INVALID_PARAMETER: `flags` is not zero; or a transport is there twice.
    /// - MAPI_E_BUSY: the profile has more transports, or fewer.
    /// - MAPI_E_NOT_FOUND: one is no transport of the profile.
    ///
    /// [`IMsgServiceAdmin::MsgServiceTransportOrder`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-msgservicetransportorder) in the MAPI reference.
    #[track_caller]
    fn msg_service_transport_order(&self, uids: &[MapiUid], flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IMsgServiceAdmin::AdminProviders.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    /// - MAPI_E_NOT_FOUND: the profile has no such service.
    ///
    /// [`IMsgServiceAdmin::AdminProviders`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgserviceadmin-adminproviders) in the MAPI reference.
    #[track_caller]
    fn admin_providers(&self, uid: MapiUid, flags: u32) -> RawResult<Self::ProviderAdmin> {
        no_support()
    }

    /// IMsgServiceAdmin::SetPrimaryIdentity; `None` clears it.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `flags` is not zero.
    /// - MAPI_E_NOT_FOUND: the profile has no such service.
    /// - MAPI_E_NO_ACCESS: the service has no identity to give.
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
    /// MAPI_E_INVALID_OBJECT: the session that the table came from is logged off.
    #[track_caller]
    fn rows(&self) -> RawResult<Table<Self::Row>> {
        no_support()
    }

    /// IMAPITable::Advise.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `event_mask` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: it has none.
    /// - MAPI_E_NO_SUPPORT: it has another than fnevTableModified, fnevCriticalError and
    ///   fnevExtended; or the table sends no notifications.
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

    /// What the `Debug` of [`LiveTable`](crate::session::LiveTable) shows beside its type.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IProviderAdmin::GetProviderTable, read in full, by PR_PROVIDER_ORDINAL: the providers of the
    /// service.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    #[track_caller]
    fn provider_table(&self, flags: u32) -> RawResult<ProviderTable> {
        no_support()
    }

    /// IProviderAdmin::CreateProvider, with properties for its profile section. Gives its identifier.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DIALOG and MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    /// - MAPI_E_NOT_FOUND: the service has no provider of this name.
    /// - MAPI_E_USER_CANCEL: MAPI_DIALOG, and the user cancelled.
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
    /// MAPI_E_NOT_FOUND: the service has no such provider.
    ///
    /// [`IProviderAdmin::DeleteProvider`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprovideradmin-deleteprovider) in the MAPI reference.
    #[track_caller]
    fn delete_provider(&self, uid: MapiUid) -> RawResult<()> {
        no_support()
    }

    /// IProviderAdmin::OpenProfileSection, for the standard interface.
    ///
    /// # Errors
    /// As [`RawSession::open_profile_section`]; and MAPI_E_NO_ACCESS for MAPI_MODIFY on a provider's
    /// own section, also with MAPI_FORCE_ACCESS.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    #[track_caller]
    fn last_error(&self, hresult: HResult, flags: u32) -> RawResult<Option<MapiError>> {
        no_support()
    }

    /// IProfAdmin::GetProfileTable, read in full: without the profiles that are to be deleted.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_APP_PROFILE.
    #[track_caller]
    fn profile_table(&self, flags: u32) -> RawResult<ProfileTable> {
        no_support()
    }

    /// IProfAdmin::CreateProfile.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DEFAULT_SERVICES, MAPI_APP_PROFILE and
    ///   MAPI_DIALOG.
    /// - MAPI_E_INVALID_PARAMETER: the name breaks the rule for names; or there is a password.
    /// - MAPI_E_NO_ACCESS: there is such a profile, or one in use is to have this name.
    /// - MAPI_E_USER_CANCEL: MAPI_DIALOG, and the user cancelled.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_APP_PROFILE.
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_NO_ACCESS: it is an "app" profile, and MAPI_APP_PROFILE is not set.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_APP_PROFILE and MAPI_DIALOG.
    /// - MAPI_E_LOGON_FAILED: there is a password.
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - MAPI_E_NO_ACCESS: it is an "app" profile, and MAPI_APP_PROFILE is not set; or the new name is
    ///   taken.
    /// - MAPI_E_INVALID_PARAMETER: the new name breaks the rule for names.
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
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    /// - MAPI_E_NOT_FOUND: there is no such profile.
    /// - E_FAIL: it is an "app" profile.
    #[track_caller]
    fn set_default_profile(&self, name: Option<&str>, flags: u32) -> RawResult<()> {
        no_support()
    }

    /// IProfAdmin::AdminServices. It begins no session.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_DIALOG and MAPI_UNICODE.
    /// - MAPI_E_BAD_CHARWIDTH: MAPI_UNICODE, and there is no Unicode.
    /// - MAPI_E_LOGON_FAILED: there is no such profile, or there is a password.
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
