//! Every refusal of the in-memory MAPI, a row each: its rule, what was wrong, its code.

use std::time::Duration;

use crate::HResult;
use crate::error::Failure;
use crate::flags::StoreSupportMask;
use crate::quote::start_of;
use crate::subsystem::InvalidArgument;

macro_rules! refusals {
    ($(
        $(#[doc = $rule:literal])*
        $name:ident { $($field:ident: $type:ty),* } = $hresult:expr, $text:literal;
    )*) => {
        /// Why a call is refused.
        #[derive(Clone, Debug, thiserror::Error)]
        pub(super) enum Refusal {
            $(
                $(#[doc = $rule])*
                #[error($text)]
                $name { $($field: $type),* },
            )*
        }

        impl Refusal {
            pub(super) fn hresult(&self) -> HResult {
                #[allow(unused_variables)]
                match self {
                    $(Self::$name { $($field),* } => $hresult,)*
                }
            }
        }
    };
}

refusals! {
    /// I1
    NotInitialized {} = HResult::MAPI_E_NOT_INITIALIZED, "the library is not initialised";
    /// I3, E6, L7
    InvalidArgument { fault: InvalidArgument } = fault.hresult(), "{fault}";
    /// M10
    NoUnicode {} = HResult::MAPI_E_BAD_CHARWIDTH,
        "MAPI_UNICODE is set, and the session has no Unicode";
    /// M11
    NotSupported { call: &'static str } = HResult::MAPI_E_NO_SUPPORT,
        "the reference says that {call} is not supported";

    /// L7
    TwoDialogs {} = HResult::MAPI_E_INVALID_PARAMETER,
        "MAPI_LOGON_UI and MAPI_PASSWORD_UI exclude each other";
    /// L12
    ServiceWithMail {} = HResult::MAPI_E_INVALID_PARAMETER,
        "MAPI_NT_SERVICE goes with MAPI_NO_MAIL, which is not set";
    /// L6
    Password {} = HResult::MAPI_E_LOGON_FAILED, "a password was passed, and it must be null";
    /// L5
    LogonToBadName { fault: Box<str> } = HResult::MAPI_E_LOGON_FAILED, "{fault}";
    /// L2
    LogonToNoProfile { name: Box<str> } = HResult::MAPI_E_LOGON_FAILED, "there is no profile {name}";
    /// L2
    NoDefaultProfile {} = HResult::MAPI_E_LOGON_FAILED, "there is no default profile";
    /// L1
    NoProfileNamed {} = HResult::MAPI_E_LOGON_FAILED,
        "no profile is named, and neither MAPI_USE_DEFAULT nor MAPI_LOGON_UI is set";
    /// L1, S2
    NothingToJoin {} = HResult::MAPI_E_LOGON_FAILED,
        "no shared session is open, and no profile is named";
    /// L1
    NoneChosen {} = HResult::MAPI_E_LOGON_FAILED,
        "the user accepted the choice of a profile with none chosen";
    /// L1
    NotOffered { picked: Box<str>, offered: Box<str> } = HResult::MAPI_E_LOGON_FAILED,
        "the user picked {picked}, and the dialog offered {offered}";
    /// L13
    TooManySessions { limit: usize } = HResult::MAPI_E_LOGON_FAILED,
        "as many sessions are open as the limit allows, {limit}";
    /// L8
    LogonTimeout { patience: Duration } = HResult::MAPI_E_TIMEOUT,
        "another logon is still in progress after {patience:?}";

    /// L3, E7
    Cancelled {} = HResult::MAPI_E_USER_CANCEL, "the user cancelled";
    /// L3, E7
    NoAnswer {} = HResult::MAPI_E_USER_CANCEL,
        "no answer was set for the dialog, so the user cancelled";
    /// E7
    PickedAtLogoff { picked: Box<str> } = HResult::MAPI_E_USER_CANCEL,
        "picking {picked} does not answer whether to log off, so the user cancelled";
    /// M11
    PickedAtForm { picked: Box<str> } = HResult::MAPI_E_USER_CANCEL,
        "picking {picked} does not answer a form, so the user cancelled";

    /// E1, O2
    LoggedOff {} = HResult::MAPI_E_INVALID_OBJECT, "the session is logged off";
    /// E8
    BeingLoggedOff {} = HResult::MAPI_E_BUSY, "another call is logging this session off";

    /// N7
    NotRegistered { connection: u64 } = HResult::MAPI_E_INVALID_PARAMETER,
        "{connection:#X} is no registration of this session object";
    /// N10
    NoNotifications { entry_id: Box<str> } = HResult::MAPI_E_NO_SUPPORT,
        "the provider of EntryId({entry_id}) sends no notifications";
    /// N10
    AdviseOnUnknown { entry_id: Box<str> } = HResult::MAPI_E_UNKNOWN_ENTRYID,
        "no provider of the session answers for EntryId({entry_id})";

    /// M2, M8, N10
    EntryIdTooShort { entry_id: Box<str>, length: usize } = HResult::MAPI_E_INVALID_ENTRYID,
        "an entry identifier has 20 bytes or more, and \"{entry_id}\" has {length}";
    /// M5
    NoEntryId {} = HResult::MAPI_E_INVALID_ENTRYID, "there is no entry identifier";
    /// M5
    UnknownEntryId { entry_id: Box<str> } = HResult::MAPI_E_UNKNOWN_ENTRYID,
        "no provider of the session answers for \"{entry_id}\"";
    /// M5
    NotOfTheStore { entry_id: Box<str>, store: Box<str> } = HResult::MAPI_E_UNKNOWN_ENTRYID,
        "\"{entry_id}\" is not of the store {store:?}";
    /// M6
    NotOfOneProvider { one: Box<str>, other: Box<str> } = HResult::MAPI_E_UNKNOWN_ENTRYID,
        "\"{one}\" and \"{other}\" are not of one provider of the session";
    /// M5
    NoObject { entry_id: Box<str> } = HResult::MAPI_E_NOT_FOUND, "there is no object {entry_id}";
    /// M5
    ObjectReadOnly { entry_id: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the object {entry_id} can only be read";
    /// M5
    InOutgoingQueue { entry_id: Box<str> } = HResult::MAPI_E_SUBMITTED,
        "the message {entry_id} is in the outgoing queue";

    /// M2
    NoStore { entry_id: Box<str> } = HResult::MAPI_E_NOT_FOUND,
        "no store of the session has the identifier {entry_id}";
    /// M2
    StoreReadOnly { store: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the store {store:?} can only be read";
    /// M5
    StoreOpenForReading { store: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the store {store:?} was opened for reading, and MAPI_MODIFY is set";
    /// M2
    ProviderRefused { store: Box<str>, answer: HResult } = *answer,
        "the provider of the store {store:?} says so";
    /// M2, L10
    StoreLogonFailed { store: Box<str>, code: HResult, cause: HResult } = *code,
        "the provider of the store {store:?} could not log on: {cause}";
    /// L10
    ServiceDisabled { store: Box<str>, cause: HResult } = HResult::MAPI_E_LOGON_FAILED,
        "the service of the store {store:?} is disabled for this session: {cause}";
    /// M2
    OpenInCache { store: Box<str> } = HResult::MAPI_E_FAILONEPROVIDER,
        "the session has the store {store:?} open, in its local copy, and MDB_ONLINE is set";
    /// M2
    OpenOnServer { store: Box<str> } = HResult::MAPI_E_FAILONEPROVIDER,
        "the session has the store {store:?} open, on its server, and MDB_ONLINE is not set";
    /// T1
    StoreLogoffFlags { flags: u32 } = HResult::MAPI_E_INVALID_PARAMETER,
        "*lpulFlags is {flags:#010X}, and must be exactly one of the five LOGOFF_ flags";
    /// T2
    StoreLoggedOff {} = HResult::MAPI_E_INVALID_OBJECT, "the store is logged off";

    /// T4
    Submitted {} = HResult::MAPI_E_INVALID_OBJECT, "the message is submitted";
    /// T4
    NotAMessage {} = HResult::MAPI_E_NO_SUPPORT, "only messages are submitted";
    /// T4
    MessageReadOnly { entry_id: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the message {entry_id} was opened for reading";
    /// T4
    StoreSendsNothing { store: Box<str> } = HResult::MAPI_E_NO_SUPPORT,
        "the store {store:?} sends no messages";
    /// T4
    AlreadySubmitted {} = HResult::MAPI_E_SUBMITTED,
        "the message is not in its folder any more";
    /// T4
    AlreadySent {} = HResult::MAPI_E_NOT_FOUND, "the message is not in its folder any more";

    /// M4
    NoSection { uid: Box<str> } = HResult::MAPI_E_NOT_FOUND, "the profile has no section {uid}";
    /// M4, M9
    SectionOfNoProvider { uid: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the section {uid} is that of a provider which the session does not have";
    /// M4
    SectionOfProvider { uid: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the section {uid} is a provider's own, and MAPI_FORCE_ACCESS is not set";
    /// M4
    SectionHasWriter { uid: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the section {uid} is open for writing";
    /// M4
    SectionHasReaders { uid: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the section {uid} is open, and MAPI_MODIFY is set";
    /// M4
    SectionReadOnly { uid: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "the profile section {uid} was opened for reading";

    /// M8
    DefaultStoreValue { flags: u32 } = HResult::MAPI_E_INVALID_PARAMETER,
        "ulFlags is {flags:#X}, and must be one of the five values from 1 to 5";
    /// M8
    NoDefaultStore { store: Box<str>, missing: StoreSupportMask } = HResult::MAPI_E_NO_SUPPORT,
        "the store {store:?} cannot be a default store: it lacks {missing:?}";

    /// M9
    NotInstalled { service: Box<str> } = HResult::MAPI_E_NOT_FOUND,
        "no service {service} is installed";
    /// M9
    NoService { uid: Box<str> } = HResult::MAPI_E_NOT_FOUND, "the profile has no service {uid}";
    /// M9
    NoIdentity { uid: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "no provider of the service {uid} has an identity to give";

    /// M11
    NotAForm {} = HResult::MAPI_E_INVALID_PARAMETER,
        "the object is no message of this session object";
    /// M11
    UnknownToken { token: u32 } = HResult::MAPI_E_INVALID_PARAMETER,
        "{token:#X} is no token that PrepareForm gave this session object, or it is used up";
    /// M11
    FormOfOtherStore { store: Box<str> } = HResult::MAPI_E_INVALID_PARAMETER,
        "the token's message is not in {store}";
    /// M11
    FormInOtherFolder { folder: Box<str>, store: Box<str> } = HResult::MAPI_E_INVALID_PARAMETER,
        "{folder} is no folder of {store}";

    /// F2
    FastShutdownDisabled {} = HResult::MAPI_E_NO_SUPPORT, "fast shutdown is disabled";
    /// F2
    FastShutdownUnsupported { provider: Box<str>, answer: HResult } = HResult::MAPI_E_NO_SUPPORT,
        "the provider {provider:?} does not support it: {answer}";
    /// F1
    FastShutdownOutOfOrder { call: &'static str } = HResult::MAPI_E_CALL_FAILED,
        "{call} has not succeeded before";

    /// L5
    BadProfileName { fault: Box<str> } = HResult::MAPI_E_INVALID_PARAMETER, "{fault}";
    /// P1
    NoProfile { name: Box<str> } = HResult::MAPI_E_NOT_FOUND, "there is no profile {name}";
    /// P1
    ProfileExists { name: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "there is a profile {name} already";
    /// P2
    NameTaken { name: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "a profile in use keeps the name {name} taken until its last session has ended";
    /// P1
    AppProfile { name: Box<str> } = HResult::MAPI_E_NO_ACCESS,
        "{name} is an \"app\" profile, and MAPI_APP_PROFILE is not set";
    /// P1
    AppAsDefault { name: Box<str> } = HResult::MAPI_E_CALL_FAILED,
        "the \"app\" profile {name} cannot be the default profile";
    /// P1
    SecondDefault { name: Box<str>, other: Box<str> } = HResult::MAPI_E_INVALID_PARAMETER,
        "{name} is to be the default profile, and {other} already is";
    /// P1
    TwoDefaultStores { holder: Box<str>, stores: Box<str> } = HResult::MAPI_E_INVALID_PARAMETER,
        "the {holder} has two default stores, {stores}";
    /// P1
    NestedTooDeep { folder: Box<str>, limit: usize } = HResult::MAPI_E_INVALID_PARAMETER,
        "folders nest at most {limit} deep, and {folder} with what is inside it does already";
}

impl From<InvalidArgument> for Refusal {
    fn from(fault: InvalidArgument) -> Self {
        Self::InvalidArgument { fault }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::new(refusal.hresult()).because(refusal.to_string())
    }
}

/// Bytes in hexadecimal, shortened where they are many.
pub(super) fn hex(bytes: &[u8]) -> Box<str> {
    const MOST: usize = 64;
    let shown = &bytes[..bytes.len().min(MOST)];
    let mut text = crate::types::Hex(shown).to_string();
    if bytes.len() > MOST {
        text += &format!("... ({} bytes)", bytes.len());
    }
    text.into()
}

/// A text in quotes, shortened where it is long.
pub(super) fn quoted(text: &str) -> Box<str> {
    const MOST: usize = 1024;
    let start = start_of(text, MOST);
    match start.len() == text.len() {
        true => format!("{text:?}"),
        false => format!("{start:?}... ({} bytes)", text.len()),
    }
    .into()
}
