//! The traits that a MAPI subsystem implements: what [`Mapi`](crate::Mapi) and
//! [`Session`](crate::Session) stand on.
//!
//! Implement them to put the typed session over a MAPI of your own, or over another implementation,
//! to record or to disturb it. They have the shape of COM: methods take `&self`, raw flag words and
//! reserved parameters, and answer with HRESULTs. So they can be misused, and an implementation
//! must answer misuse; the typed session on top is what makes it unsayable.
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
//!   MAPI_E_UNKNOWN_FLAGS, MAPI_E_INVALID_PARAMETER, MAPI_E_USER_CANCEL, MAPI_E_BUSY. The typed
//!   session gives its owner the live session back on these and the logged-off one on any other
//!   failure.
//! - **Arguments are checked first.** Undefined bits of a flag word are MAPI_E_UNKNOWN_FLAGS, a
//!   reserved word that is not zero is MAPI_E_INVALID_PARAMETER, and nothing has happened then.
//! - **No lock is held while a sink is called**, or anything else that is not the implementation's
//!   own.
//! - **Nothing panics.**

pub use crate::error::{Failure, Success, Warning};
use crate::{AdviseSink, Connection, MsgStoresTable, UiParam};

/// What a raw call gives: a success that may carry a warning, or a failure.
pub type RawResult<T> = Result<Success<T>, Failure>;

/// A MAPI subsystem: the functions of the library itself. See the [contract](self).
pub trait Subsystem {
    /// The session object that a logon gives.
    type Session: RawSession;

    /// MAPIInitialize, with the version and the flags of MAPIINIT_0.
    ///
    /// # Errors
    /// - MAPI_E_INVALID_PARAMETER: `version` is not 0.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - what else the
    ///   [reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/mapiinitialize)
    ///   names.
    fn initialize(&self, version: u32, flags: u32) -> RawResult<()>;

    /// MAPIUninitialize. One that no `initialize` stands against does nothing.
    fn uninitialize(&self);

    /// MAPILogonEx. A profile name is `None` for a null pointer; an empty one means the same.
    ///
    /// # Errors
    /// - MAPI_E_NOT_INITIALIZED: the library is not initialised.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_PARAMETER: MAPI_LOGON_UI with MAPI_PASSWORD_UI, or MAPI_NT_SERVICE without
    ///   MAPI_NO_MAIL.
    /// - MAPI_E_LOGON_FAILED: there is a password; no profile was found; too many sessions are
    ///   open.
    /// - MAPI_E_USER_CANCEL: the user was asked for a profile and cancelled.
    /// - MAPI_E_TIMEOUT: MAPI_TIMEOUT_SHORT, and another logon was in progress for too long.
    fn logon_ex(
        &self,
        ui_param: UiParam,
        profile_name: Option<&str>,
        password: Option<&str>,
        flags: u32,
    ) -> RawResult<Self::Session>;
}

/// A session object: IMAPISession. Each client of a shared session has its own. See the
/// [contract](self).
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisessioniunknown).
pub trait RawSession {
    /// The store object that OpenMsgStore gives.
    type MsgStore: RawMsgStore;

    /// IMAPISession::GetMsgStoresTable, read in full.
    ///
    /// # Errors
    /// MAPI_E_UNKNOWN_FLAGS: a bit other than MAPI_UNICODE.
    fn msg_stores_table(&self, flags: u32) -> RawResult<MsgStoresTable>;

    /// IMAPISession::OpenMsgStore, for the standard interface. The entry identifier is `None` for a
    /// null pointer.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    /// - MAPI_E_INVALID_ENTRYID: there is no entry identifier, or it ends before its provider's
    ///   identifier does.
    /// - MAPI_E_NOT_FOUND: no store of the profile has this identifier.
    /// - MAPI_E_NO_ACCESS: MDB_WRITE on a store that can only be read.
    fn open_msg_store(
        &self,
        ui_param: UiParam,
        entry_id: Option<&[u8]>,
        flags: u32,
    ) -> RawResult<Self::MsgStore>;

    /// IMAPISession::Advise. Without an entry identifier it registers for the session itself, and
    /// then critical errors are always delivered.
    ///
    /// # Errors
    /// - MAPI_E_UNKNOWN_FLAGS: `event_mask` has an undefined bit.
    /// - MAPI_E_INVALID_ENTRYID: the entry identifier ends before its provider's identifier does.
    /// - MAPI_E_UNKNOWN_ENTRYID: no provider of the profile answers for it.
    /// - MAPI_E_NO_SUPPORT: its provider sends no notifications.
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
    /// MAPI_E_INVALID_PARAMETER: `connection` is not the number of a registration of this session
    /// object.
    fn unadvise(&self, connection: Connection) -> RawResult<()>;

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
    fn logoff(&self, ui_param: UiParam, flags: u32, reserved: u32) -> RawResult<()>;
}

/// A message store object: IMsgStore. See the [contract](self).
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imsgstoreimapiprop).
pub trait RawMsgStore {
    /// PR_ACCESS_LEVEL: whether the store was opened for writing (MAPI_MODIFY), or only for
    /// reading.
    ///
    /// # Errors
    /// MAPI_E_INVALID_OBJECT: the session that the store came from is logged off.
    fn is_writable(&self) -> RawResult<bool>;
}
