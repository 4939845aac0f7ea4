//! Every refusal of the in-memory MAPI, a row each: its rule, what was wrong, its code.

use std::time::Duration;

use crate::error::Failure;
use crate::flags::{ResourceMethods, StoreSupportMask};
use crate::property::PropTag;
use crate::quote::start_of;
use crate::{EventMask, HResult};

macro_rules! refusals {
    ($(
        $($rule:ident),+: $name:ident $(($($field:ident: $type:ty),*))? =
            $($code:ident)? $(*$answer:ident)?, $text:literal;
    )*) => {
        /// Why a call is refused.
        #[derive(Debug, thiserror::Error)]
        pub(super) enum Refusal {
            $(#[error($text)] $name $(($($type),*))?,)*
        }

        impl Refusal {
            fn hresult(&self) -> HResult {
                #[allow(unused_variables)]
                match self {
                    $(Self::$name $(($($field),*))? => $(HResult::$code)? $(*$answer)?,)*
                }
            }
        }
    };
}

/// What most rules give.
pub(super) type Result<T, E = Failure> = std::result::Result<T, E>;

type Text = Box<str>;

refusals! {
    I1: NotInitialized = MAPI_E_NOT_INITIALIZED, "the library is not initialised";
    N14: NoThread(why: Text) = MAPI_E_INVALID_OBJECT, "there is no thread for notifications: {0}";
    M10: NoUnicode = MAPI_E_BAD_CHARWIDTH, "MAPI_UNICODE is set, and the session has no Unicode";
    M1: OnlyUnicode = MAPI_E_BAD_CHARWIDTH,
        "MAPI_UNICODE is not set, and the session has nothing but Unicode";
    M11: NotSupported(call: &'static str) = MAPI_E_NO_SUPPORT,
        "the reference says that {0} is not supported";

    L7: TwoDialogs = MAPI_E_INVALID_PARAMETER,
        "MAPI_LOGON_UI and MAPI_PASSWORD_UI exclude each other";
    L12: ServiceWithMail = MAPI_E_INVALID_PARAMETER,
        "MAPI_NT_SERVICE goes with MAPI_NO_MAIL, which is not set";
    L12: ServiceWithDialogs = MAPI_E_INVALID_PARAMETER,
        "MAPI_NT_SERVICE is set, and a service shows no dialogs";
    L12: ServiceAtLogonOnly = MAPI_E_INVALID_PARAMETER,
        "MAPI_NT_SERVICE is set, and MAPIInitialize was called without it";
    L12: NoServiceAtLogon = MAPI_E_INVALID_PARAMETER,
        "MAPIInitialize was called with MAPI_NT_SERVICE, which is not set for the logon";
    L12: DialogOfService = MAPI_E_INVALID_PARAMETER,
        "the session is a service's, which shows no dialogs";
    L6: Password = MAPI_E_LOGON_FAILED, "a password was passed, and it must be null";
    L5: LogonToBadName(fault: Text) = MAPI_E_LOGON_FAILED, "{0}";
    L2: LogonToNoProfile(name: Text) = MAPI_E_LOGON_FAILED, "there is no profile {0}";
    L2: NoDefaultProfile = MAPI_E_LOGON_FAILED, "there is no default profile";
    L1: NoProfileNamed = MAPI_E_LOGON_FAILED,
        "no profile is named, and neither MAPI_USE_DEFAULT nor MAPI_LOGON_UI is set";
    L1, S2: NothingToJoin = MAPI_E_LOGON_FAILED,
        "no shared session is open, and no profile is named";
    L1: NoneChosen = MAPI_E_LOGON_FAILED,
        "the user accepted the choice of a profile with none chosen";
    L1: NotOffered(picked: Text, offered: Text) = MAPI_E_LOGON_FAILED,
        "the user picked {0}, and the dialog offered {1}";
    L13: TooManySessions(limit: usize) = MAPI_E_LOGON_FAILED,
        "as many sessions are open as the limit allows, {0}";
    L8: LogonTimeout(patience: Duration) = MAPI_E_TIMEOUT,
        "another logon is still in progress after {0:?}";

    L3, E7: Cancelled = MAPI_E_USER_CANCEL, "the user cancelled";
    L3, E7: NoAnswer = MAPI_E_USER_CANCEL,
        "no answer was set for the dialog, so the user cancelled";
    E7: PickedAtLogoff(picked: Text) = MAPI_E_USER_CANCEL,
        "picking {0} does not answer whether to log off, so the user cancelled";
    M11: PickedAtForm(picked: Text) = MAPI_E_USER_CANCEL,
        "picking {0} does not answer a form, so the user cancelled";

    E1, O2: LoggedOff = MAPI_E_INVALID_OBJECT, "the session is logged off";
    E8: BeingLoggedOff = MAPI_E_BUSY, "another call is logging this session off";

    N7: NotRegistered(connection: u64) = MAPI_E_NOT_FOUND,
        "{0:#X} is no registration of this object";
    N10: NoNotifications(entry_id: Text) = MAPI_E_NO_SUPPORT,
        "the provider of EntryId({0}) sends no notifications";
    N10: NoSuchEvents(entry_id: Text, lacking: EventMask) = MAPI_E_NO_SUPPORT,
        "nobody is told of {1:?} of EntryId({0})";
    N12: NoAdvise = MAPI_E_NO_SUPPORT,
        "only the session, a store, the address book and a table have an Advise";
    N11: NoTableEvents = MAPI_E_INVALID_PARAMETER,
        "ulEventMask is zero, and a table tells of fnevTableModified";
    N11: NotOfTables(events: EventMask) = MAPI_E_NO_SUPPORT,
        "a table tells nobody of {0:?}, only of fnevTableModified";
    N10: AdviseOnUnknown(entry_id: Text) = MAPI_E_UNKNOWN_ENTRYID,
        "no provider of the session answers for EntryId({0})";

    M2, M8, N10: EntryIdTooShort(entry_id: Text, length: usize) = MAPI_E_INVALID_ENTRYID,
        "an entry identifier has 20 bytes or more, and \"{0}\" has {1}";
    M5: NoEntryId = MAPI_E_INVALID_ENTRYID, "there is no entry identifier";
    M5: UnknownEntryId(entry_id: Text) = MAPI_E_UNKNOWN_ENTRYID,
        "no provider of the session answers for \"{0}\"";
    M14: NotOfTheStore(entry_id: Text, store: Text) = MAPI_E_UNKNOWN_ENTRYID,
        "\"{0}\" is not of the store {1:?}";
    M6: ComparesNoObject(entry_id: Text) = MAPI_E_UNKNOWN_ENTRYID, "there is no object {0}";
    M6: NotOfOneProvider(one: Text, other: Text) = MAPI_E_UNKNOWN_ENTRYID,
        "\"{0}\" and \"{1}\" are not of one provider of the session";
    M5, M14: NoObject(entry_id: Text) = MAPI_E_NOT_FOUND, "there is no object {0}";
    M5, M14: ObjectReadOnly(entry_id: Text) = MAPI_E_NO_ACCESS, "the object {0} can only be read";
    M5, M14: InOutgoingQueue(entry_id: Text) = MAPI_E_SUBMITTED,
        "the message {0} is in the outgoing queue";

    M2: NoStore(entry_id: Text) = MAPI_E_NOT_FOUND,
        "no store of the session has the identifier {0}";
    M2: StoreReadOnly(store: Text) = MAPI_E_NO_ACCESS, "the store {0:?} can only be read";
    M5, M14: StoreOpenForReading(store: Text) = MAPI_E_NO_ACCESS,
        "the store {0:?} was opened for reading, and MAPI_MODIFY is set";
    M2: ProviderRefused(store: Text, answer: HResult) = *answer,
        "the provider of the store {0:?} says so";
    M2, L10: StoreLogonFailed(store: Text, code: HResult, cause: HResult) = *code,
        "the provider of the store {0:?} could not log on: {2}";
    L10: ServiceDisabled(store: Text, cause: HResult) = MAPI_E_LOGON_FAILED,
        "the service of the store {0:?} is disabled for this session: {1}";
    M2: CacheFlag(store: Text, flag: &'static str) = MAPI_E_UNKNOWN_FLAGS,
        "the provider of the store {0:?} does not know {1}";
    M2: StoreOffline(store: Text) = MAPI_E_NETWORK_ERROR,
        "the store {0:?} is offline, and MDB_ONLINE is set";
    M2: OpenInCache(store: Text) = MAPI_E_FAILONEPROVIDER,
        "the session has the store {0:?} open, in its local copy, and MDB_ONLINE is set";
    M2: OpenOnServer(store: Text) = MAPI_E_FAILONEPROVIDER,
        "the session has the store {0:?} open, on its server, and MDB_ONLINE is not set";
    T1: StoreLogoffFlags(flags: u32) = MAPI_E_INVALID_PARAMETER,
        "*lpulFlags is {0:#010X}, and must be exactly one of the five LOGOFF_ flags";
    O6: StatusGone = MAPI_E_INVALID_OBJECT, "the provider of the status object is logged off";
    T2: StoreLoggedOff = MAPI_E_INVALID_OBJECT, "the store is logged off";

    T4: Submitted = MAPI_E_INVALID_OBJECT, "the message is submitted";
    T4: NotAMessage = MAPI_E_NO_SUPPORT, "only messages are submitted";
    T4: MessageReadOnly(entry_id: Text) = MAPI_E_NO_ACCESS,
        "the message {0} was opened for reading";
    T4: StoreSendsNothing(store: Text) = MAPI_E_NO_SUPPORT, "the store {0:?} sends no messages";
    T4: AlreadySubmitted = MAPI_E_SUBMITTED, "the message is not in its folder any more";
    T4: AlreadySent = MAPI_E_NOT_FOUND, "the message is not in its folder any more";

    M4: NoSection(uid: Text) = MAPI_E_NOT_FOUND, "the profile has no section {0}";
    M4, M9: SectionOfNoProvider(uid: Text) = MAPI_E_NO_ACCESS,
        "the section {0} is that of a provider which the session does not have";
    M4: SectionOfProvider(uid: Text) = MAPI_E_NO_ACCESS,
        "the section {0} is a provider's own, and MAPI_FORCE_ACCESS is not set";
    M4: SectionHasWriter(uid: Text) = MAPI_E_NO_ACCESS, "the section {0} is open for writing";
    M4: SectionHasReaders(uid: Text) = MAPI_E_NO_ACCESS,
        "the section {0} is open, and MAPI_MODIFY is set";
    M4: SectionReadOnly(uid: Text) = MAPI_E_NO_ACCESS,
        "the profile section {0} was opened for reading";

    M15: NotAStatusObject = MAPI_E_NO_SUPPORT, "the object is no status object";
    M15: LacksMethod(name: Text, method: ResourceMethods) = MAPI_E_NO_SUPPORT,
        "the status object of {0:?} has no {1:?}";
    M15: NotAvailable(name: Text) = MAPI_E_LOGON_FAILED, "{0:?} is not logged on";
    M15: ResourceSays(name: Text, answer: HResult) = *answer, "{0:?} says so";
    M15: PickedAtSettings(picked: Text) = MAPI_E_USER_CANCEL,
        "picking {0} does not answer a configuration, so the user cancelled";
    M15: NoPassword(parameter: &'static str) = MAPI_E_INVALID_PARAMETER, "{0} is null";
    M15: WrongPassword(name: Text) = MAPI_E_NO_ACCESS, "the old password of {0:?} is another one";
    M15: TransportOfTransport = MAPI_E_INVALID_PARAMETER,
        "lpTargetTransport is for the spooler, and the status object is a transport's";
    M15: NoTransport(entry_id: Text) = MAPI_E_UNKNOWN_ENTRYID,
        "no active transport has a status object {0}";

    M8: DefaultStoreValue(flags: u32) = MAPI_E_INVALID_PARAMETER,
        "ulFlags is {0:#X}, and must be one of the five values from 1 to 5";
    M8: NoDefaultStore(store: Text, missing: StoreSupportMask) = MAPI_E_NO_SUPPORT,
        "the store {0:?} cannot be a default store: it lacks {1:?}";
    M8: NeverDefaultStore(store: Text) = MAPI_E_NO_SUPPORT,
        "the store {0:?} cannot be a default store: it has STATUS_NO_DEFAULT_STORE";

    M9: NotInstalled(service: Text) = MAPI_E_NOT_FOUND, "no service {0} is installed";
    M9: SingleCopy(service: Text) = MAPI_E_NO_ACCESS,
        "the profile has the service {0}, which can be in a profile only once";
    M9: NoService(uid: Text) = MAPI_E_NOT_FOUND, "the profile has no service {0}";
    M9: NoIdentity(uid: Text) = MAPI_E_NO_ACCESS,
        "no provider of the service {0} has an identity to give";

    M11: NotAForm = MAPI_E_INVALID_PARAMETER, "the object is no message of this session object";
    M11: UnknownToken(token: u32) = MAPI_E_INVALID_PARAMETER,
        "{0:#X} is no token that PrepareForm gave this session object, or it is used up";
    M11: FormOfOtherStore(store: Text) = MAPI_E_INVALID_PARAMETER,
        "the token's message is not in {0}";
    M11: FormInOtherFolder(folder: Text) = MAPI_E_INVALID_PARAMETER,
        "the token's message was not created in {0}";

    F2: FastShutdownDisabled = MAPI_E_NO_SUPPORT, "fast shutdown is disabled";
    F2: FastShutdownUnsupported(provider: Text, answer: HResult) = MAPI_E_NO_SUPPORT,
        "the provider {0:?} does not support it: {1}";
    F1: FastShutdownOutOfOrder(call: &'static str) = MAPI_E_CALL_FAILED,
        "{0} has not succeeded before";

    L5: BadProfileName(fault: Text) = MAPI_E_INVALID_PARAMETER, "{0}";
    P1: NoProfile(name: Text) = MAPI_E_NOT_FOUND, "there is no profile {0}";
    P1: ProfileExists(name: Text) = MAPI_E_NO_ACCESS, "there is a profile {0} already";
    P2: NameTaken(name: Text) = MAPI_E_NO_ACCESS,
        "a profile in use keeps the name {0} taken until its last session has ended";
    P1: AppProfile(name: Text) = MAPI_E_NO_ACCESS,
        "{0} is an \"app\" profile, and MAPI_APP_PROFILE is not set";
    P1: AppAsDefault(name: Text) = MAPI_E_CALL_FAILED,
        "the \"app\" profile {0} cannot be the default profile";
    P1: SecondDefault(name: Text, other: Text) = MAPI_E_INVALID_PARAMETER,
        "{0} is to be the default profile, and {1} already is";
    P1: TwoStoresOfAKind(holder: Text, kind: &'static str, stores: Text) = MAPI_E_INVALID_PARAMETER,
        "the {0} has two {1} stores, {2}";
    P1: DefaultThatIsNone(store: Text) = MAPI_E_INVALID_PARAMETER,
        "the store {0} is the default one, and described as one that cannot be";
    P1: StoreOfNoProfile(store: Text) = MAPI_E_INVALID_PARAMETER,
        "the store {0} is in no profile, and is to be one's default, primary or secondary store";
    P1, P3: ProfilePassword = MAPI_E_INVALID_PARAMETER,
        "a password was passed, and it must be null or empty";
    P1, P3: ProfileHasNoPassword = MAPI_E_LOGON_FAILED,
        "a password was passed, and profiles have none";
    P3: AdminOfNoProfile(name: Text) = MAPI_E_LOGON_FAILED, "there is no profile {0}";
    P3, M9: ProfileDeleted = MAPI_E_NOT_FOUND, "the profile is deleted, or is to be";
    P4: DefaultNotInstalled(service: Text) = MAPI_E_NOT_FOUND,
        "no service {0} is installed, and new profiles are to have it";
    P7: NoEntryPoint(uid: Text) = MAPI_E_NOT_INITIALIZED,
        "the service {0} has no entry point function";
    P7: NotConfigured(uid: Text) = MAPI_E_UNCONFIGURED,
        "the service {0} lacks configuration: there are no properties, and no dialog is allowed";
    R1: NoTags = MAPI_E_INVALID_PARAMETER, "there are no property tags";
    R2: NoProps = MAPI_E_INVALID_PARAMETER, "there are no properties to set";
    R2: UnfitValue(tag: PropTag) = MAPI_E_INVALID_PARAMETER,
        "the value given for {0} cannot be that of such a property";
    R2: OpenForReading = MAPI_E_NO_ACCESS,
        "the object was opened for reading, and KEEP_OPEN_READWRITE is set";
    R2: ObjectReadOnlyOpen = MAPI_E_NO_ACCESS, "the object was opened for reading";
    R2: PropsNotSettable = MAPI_E_NO_SUPPORT, "only folders, messages, attachments and sections have properties to set";
    R2: ObjectDeleted = MAPI_E_OBJECT_DELETED, "the object has been deleted since it was opened";
    R2: ObjectChanged = MAPI_E_OBJECT_CHANGED,
        "somebody has saved the message since it was first changed, and FORCE_SAVE is not set";
    R3: StreamOfNoType(tag: PropTag) = MAPI_E_INVALID_PARAMETER, "the tag {0} says no type";
    R3: NoProperty(tag: PropTag) = MAPI_E_NOT_FOUND, "there is no {0}";
    R3: NoStream(tag: PropTag) = MAPI_E_INTERFACE_NOT_SUPPORTED, "{0} is no text, and no bytes";
    R4: NoNames = MAPI_E_INVALID_PARAMETER, "there are no names";
    R4: NoNamedProps = MAPI_E_NO_SUPPORT, "only what is in a store has named properties";
    C1: NoContents = MAPI_E_NO_SUPPORT, "only a folder has contents";
    C1: NoAssociated = MAPI_E_NO_SUPPORT, "the folder has no associated messages";
    C2: FolderReadOnly(folder: Text) = MAPI_E_NO_ACCESS, "the folder {0} can only be read";
    C3: FolderType(number: u32) = MAPI_E_INVALID_PARAMETER,
        "{0} is no type of a folder that can be created";
    C3: NoSearchFolders = MAPI_E_NO_SUPPORT, "the store has no search folders";
    C3: NoFolderName = MAPI_E_INVALID_PARAMETER, "the folder has no name";
    C3: FolderExists(name: Text) = MAPI_E_COLLISION, "the folder has a folder {0} already";
    C4: ReadFlags(flags: u32) = MAPI_E_INVALID_PARAMETER, "the flags {0:#X} exclude each other";
    C5: NoMessage = MAPI_E_NO_SUPPORT, "the object is no message";
    C5: RecipientFlags(flags: u32) = MAPI_E_INVALID_PARAMETER,
        "ulFlags is {0:#X}, and may be one of the MODRECIP_ flags";
    C5: RecipientLacks(index: usize, tag: PropTag) = MAPI_E_INVALID_PARAMETER,
        "the recipient at {0} has no {1}";
    C5: NoSuchRecipient(row: i32) = MAPI_E_INVALID_PARAMETER,
        "no recipient has the PR_ROWID {0}";
    C6: NoAttachment(number: u32) = MAPI_E_NOT_FOUND, "the message has no attachment {0}";
    C9: MessageReleased = MAPI_E_INVALID_OBJECT, "the message of the attachment has been released";
    C5: NoRecipients = MAPI_E_NO_RECIPIENTS, "the message has no recipients";
    B1: NoColumns = MAPI_E_INVALID_PARAMETER, "there are no columns";
    B1: NoRowsAsked = MAPI_E_INVALID_PARAMETER, "lRowCount is zero";
    B2: NoBookmark(number: u32) = MAPI_E_INVALID_BOOKMARK, "the table has no bookmark {0}";
    B7: NoBookmarks = MAPI_E_NO_SUPPORT, "attachment tables have no bookmarks";
    B7: TooManyBookmarks(limit: usize) = MAPI_E_UNABLE_TO_COMPLETE,
        "the table has {0} bookmarks, and can have no more";
    B4: SortByObject(tag: PropTag) = MAPI_E_TOO_COMPLEX, "{0} is an object, which has no order";
    B5: NoRowFound = MAPI_E_NOT_FOUND, "no row meets the restriction";
    P8: OtherSubsystem = MAPI_E_INVALID_PARAMETER,
        "the destination is not of the same subsystem";
    P9: TransportCount(given: usize, there: usize) = MAPI_E_BUSY,
        "cUID is {0}, and the profile has {1} transports";
    P9: NoSuchTransport(uid: Text) = MAPI_E_NOT_FOUND, "the profile has no transport {0}";
    P9: TransportTwice(uid: Text) = MAPI_E_INVALID_PARAMETER, "the transport {0} is there twice";
    P11: NoSuchProvider(provider: Text) = MAPI_E_NOT_FOUND,
        "the service is not installed with a provider {0}";
    P11: NoProvider(uid: Text) = MAPI_E_NOT_FOUND, "the service has no provider {0}";
    P12: SectionIsMapis(uid: Text) = MAPI_E_NO_ACCESS,
        "the section {0} is MAPI's own, and MAPI_MODIFY is set";
    P12: ProviderSectionReadOnly(uid: Text) = MAPI_E_NO_ACCESS,
        "the section {0} is a provider's own, and IProviderAdmin opens it for reading only";
    P12: SectionTwice(uid: Text) = MAPI_E_INVALID_PARAMETER,
        "the section {0} is described twice, or is MAPI's own";
    P12: BadSectionProperty(tag: PropTag, problem: HResult) = MAPI_E_INVALID_PARAMETER,
        "no section can have the property {0}: {1}";
    P1: NestedTooDeep(folder: Text, limit: usize) = MAPI_E_INVALID_PARAMETER,
        "folders nest at most {1} deep, and {0} with what is inside it does already";
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::new(refusal.hresult()).because(refusal.to_string())
    }
}

/// Bytes in hexadecimal, shortened where they are many.
pub(super) fn hex(bytes: &[u8]) -> Text {
    const MOST: usize = 64;
    let shown = &bytes[..bytes.len().min(MOST)];
    let mut text = crate::types::Hex(shown).to_string();
    if bytes.len() > MOST {
        text += &format!("... ({} bytes)", bytes.len());
    }
    text.into()
}

/// A text in quotes, shortened where it is long.
pub(super) fn quoted(text: &str) -> Text {
    const MOST: usize = 1024;
    let start = start_of(text, MOST);
    match start.len() == text.len() {
        true => format!("{text:?}"),
        false => format!("{start:?}... ({} bytes)", text.len()),
    }
    .into()
}
