//! The status codes that have a name: one row each, sorted by number.

use super::HResult;

/// One row of the table.
pub(super) struct Code {
    pub(super) value: HResult,
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
}

/// A row: number, name, other constants with the number, names that have no constant and are only
/// read, and what it means.
macro_rules! codes {
    ($($value:literal $name:ident $(| $alias:ident)* $(~ $spelling:literal)* $meaning:literal;)+) => {
        /// Every status code that has a name, by number.
        impl HResult {
            $(
                #[doc = concat!(
                    $meaning, "\n\n`", stringify!($value), "`",
                    $(", also [`", stringify!($alias), "`](Self::", stringify!($alias), ")",)*
                    $(", read from `", $spelling, "` too",)*
                )]
                $(#[doc(alias = $spelling)])*
                pub const $name: Self = Self($value);

                $(
                    #[doc = concat!(
                        "`", stringify!($value), "`, another name for ",
                        "[`", stringify!($name), "`](Self::", stringify!($name), ").",
                    )]
                    pub const $alias: Self = Self::$name;
                )*
            )+
        }

        /// Every row, sorted by number.
        pub(super) static CODES: &[Code] = &[
            $(Code { value: HResult::$name, name: stringify!($name), meaning: $meaning }),+
        ];

        /// Every name, second names too, sorted.
        pub(super) static NAMES: &[(&str, HResult)] = &sorted([
            $(
                (stringify!($name), HResult::$name),
                $((stringify!($alias), HResult::$alias),)*
                $(($spelling, HResult::$name),)*
            )+
        ]);
    };
}

codes! {
    0x00000000 S_OK | SUCCESS_SUCCESS "The call did all that it was asked to do.";
    0x00000001 S_FALSE "The call worked, and its answer is no or there was nothing to do.";

    0x00040203 MAPI_W_NO_SERVICE "The call worked, but the session has no primary identity.";
    0x00040380 MAPI_W_ERRORS_RETURNED "The call worked, but a property came back as an error or a provider has one to report.";
    0x00040481 MAPI_W_POSITION_CHANGED "The call worked, but the bookmark is no longer at the row where it was.";
    0x00040482 MAPI_W_APPROX_COUNT "The call worked, but the number of rows is an estimate.";
    0x00040580 MAPI_W_CANCEL_MESSAGE "The spooler tells a transport provider to stop delivering the message.";
    0x00040680 MAPI_W_PARTIAL_COMPLETION "Some of the items were copied, moved or deleted, and some were not.";
    0x00040820 SYNC_W_PROGRESS "One step of the synchronization is done and more are left, so call again.";
    0x00040821 SYNC_W_CLIENT_CHANGE_NEWER "Both sides changed the object, and the client's change is the newer one.";

    0x80004001 E_NOTIMPL "The object has this method but does not implement it.";
    0x80004002 MAPI_E_INTERFACE_NOT_SUPPORTED | E_NOINTERFACE ~ "MAPI_E_NO_INTERFACE" "The object does not have the interface asked for.";
    0x80004003 E_POINTER "A pointer is null or leads nowhere.";
    0x80004004 E_ABORT "The operation was broken off.";
    0x80004005 MAPI_E_CALL_FAILED | E_FAIL | SYNC_E_ERROR "The call failed, and the code does not say why; the object's GetLastError may.";
    0x8000FFFF E_UNEXPECTED "The object is in a state that does not allow the call, such as a form already closed.";

    0x80010106 RPC_E_CHANGED_MODE "COM is initialized on this thread in another mode: apartment-threaded or multithreaded.";
    0x80010108 RPC_E_DISCONNECTED "What served the object has gone, such as when Outlook was closed; open the object again.";
    0x8001010E RPC_E_WRONG_THREAD "The COM object belongs to another thread; call it there, or marshal it to this one.";

    0x80040102 MAPI_E_NO_SUPPORT "The provider does not offer this operation; many operations are optional.";
    0x80040103 MAPI_E_BAD_CHARWIDTH ~ "MAPI_E_BAD_CHAR_WIDTH" "The provider has only Unicode or only 8-bit text, and MAPI_UNICODE asked for the other.";
    0x80040105 MAPI_E_STRING_TOO_LONG "A string is longer than the call allows.";
    0x80040106 MAPI_E_UNKNOWN_FLAGS | SYNC_E_UNKNOWN_FLAGS ~ "MAPI_E_INVALID_FLAGS" "A flag is set that the call does not know.";
    0x80040107 MAPI_E_INVALID_ENTRYID "The bytes passed as an entry identifier do not have the form of one.";
    0x80040108 MAPI_E_INVALID_OBJECT "The object was shut down by its provider and answers no more calls.";
    0x80040109 MAPI_E_OBJECT_CHANGED "Another user saved the object since it was opened; FORCE_SAVE overwrites their change.";
    0x8004010A MAPI_E_OBJECT_DELETED "The object was deleted since it was opened.";
    0x8004010B MAPI_E_BUSY "Another operation on the object, most often on a table, has to end first.";
    0x8004010D MAPI_E_NOT_ENOUGH_DISK "The disk has too little room left.";
    0x8004010E MAPI_E_NOT_ENOUGH_RESOURCES "The system ran out of something that the call needs.";
    0x8004010F MAPI_E_NOT_FOUND "Nothing matches: the object, property, row or profile asked for does not exist.";
    0x80040110 MAPI_E_VERSION "The two sides of the call are of versions that do not work together.";
    0x80040111 MAPI_E_LOGON_FAILED "The logon failed; most often the profile or the password is wrong.";
    0x80040112 MAPI_E_SESSION_LIMIT "A provider or the system allows no further session.";
    0x80040113 MAPI_E_USER_CANCEL ~ "MAPI_E_USER_CANCELED" "The user cancelled, most often in a dialog box.";
    0x80040114 MAPI_E_UNABLE_TO_ABORT "The operation can no longer be stopped.";
    0x80040115 MAPI_E_NETWORK_ERROR "The network failed, or the server behind it.";
    0x80040116 MAPI_E_DISK_ERROR "The disk could not be read or written.";
    0x80040117 MAPI_E_TOO_COMPLEX "The provider cannot handle so complex a request, such as a restriction or a sort order.";
    0x80040118 MAPI_E_BAD_COLUMN "A column was asked for that this kind of table does not have.";
    0x80040119 MAPI_E_EXTENDED_ERROR "The provider has its own error to report; the object's GetLastError tells it.";
    0x8004011A MAPI_E_COMPUTED "The provider computes this property, so it cannot be set; a copy may go on without it.";
    0x8004011B MAPI_E_CORRUPT_DATA "The data is damaged; after a save or a submit, take it for lost and write it again.";
    0x8004011C MAPI_E_UNCONFIGURED "The profile lacks settings that a provider needs to log on.";
    0x8004011D MAPI_E_FAILONEPROVIDER "This provider cannot log on, but the others of its message service may.";
    0x8004011E MAPI_E_UNKNOWN_CPID "The server is not set up for the client's code page.";
    0x8004011F MAPI_E_UNKNOWN_LCID "The server is not set up for the client's locale.";
    0x80040120 MAPI_E_PASSWORD_CHANGE_REQUIRED "The account needs a new password before it may log on.";
    0x80040121 MAPI_E_PASSWORD_EXPIRED "The account's password is too old to log on with.";
    0x80040122 MAPI_E_INVALID_WORKSTATION_ACCOUNT "The account may not log on from this computer.";
    0x80040123 MAPI_E_INVALID_ACCESS_TIME "The account may not log on at this time; in Exchange, also clocks too far apart.";
    0x80040124 MAPI_E_ACCOUNT_DISABLED "The account is disabled.";
    0x80040125 MAPI_E_RECONNECTED "The connection was lost and renewed during the call, so call again.";
    0x80040126 MAPI_E_OFFLINE "The connection is offline; most often a call in cached mode went past the cache.";

    0x80040154 REGDB_E_CLASSNOTREG "The COM class is not registered, or not for programs of this bitness (32-bit or 64-bit).";
    0x800401F0 CO_E_NOTINITIALIZED "COM is not initialized on this thread; each thread first calls CoInitialize or CoInitializeEx.";

    0x80040200 MAPI_E_END_OF_SESSION "The server dropped the session: log on again; a second call works only where the provider reconnects.";
    0x80040201 MAPI_E_UNKNOWN_ENTRYID "No open provider in the profile claims this entry identifier.";
    0x80040202 MAPI_E_MISSING_REQUIRED_COLUMN "A row lacks a column that the call needs, such as PR_ENTRYID.";
    0x80040204 MAPI_E_PROFILE_DELETED "The profile has been deleted.";

    0x80040301 MAPI_E_BAD_VALUE "The provider does not accept this value for the property.";
    0x80040302 MAPI_E_INVALID_TYPE "The property type is not a valid one here.";
    0x80040303 MAPI_E_TYPE_NO_SUPPORT "The property type is valid, but the provider does not support it.";
    0x80040304 MAPI_E_UNEXPECTED_TYPE "The property is of another type than the caller asked for.";
    0x80040305 MAPI_E_TOO_BIG "The data is larger than the call or its buffer can carry.";
    0x80040306 MAPI_E_DECLINE_COPY "The provider leaves the copying to MAPI, as MAPI_DECLINE_OK lets it.";
    0x80040307 MAPI_E_UNEXPECTED_ID "The property identifier is 0x8000 or above, and the object has no named properties.";

    0x80040400 MAPI_E_UNABLE_TO_COMPLETE "The operation was begun but could not be finished, such as the rebuilding of a table.";
    0x80040401 MAPI_E_TIMEOUT "The time allowed ran out before the operation ended.";
    0x80040402 MAPI_E_TABLE_EMPTY "A table that the call depends on has no rows.";
    0x80040403 MAPI_E_TABLE_TOO_BIG "The table has more rows than the caller said it would take.";
    0x80040405 MAPI_E_INVALID_BOOKMARK "The bookmark is not, or is no longer, one of this table's.";

    0x80040500 MAPI_E_WAIT "The transport provider cannot send the message yet; the spooler is to try again later.";
    0x80040501 MAPI_E_CANCEL "The transport provider asked to be given the message again, and now takes that back.";
    0x80040502 MAPI_E_NOT_ME "The transport provider does not handle this message; the spooler is to ask another.";

    0x80040600 MAPI_E_CORRUPT_STORE "The message store is damaged.";
    0x80040601 MAPI_E_NOT_IN_QUEUE "The message is not in the outgoing queue, most often because it has been sent.";
    0x80040602 MAPI_E_NO_SUPPRESS "The message store cannot hold read reports back.";
    0x80040604 MAPI_E_COLLISION "The destination already has a folder, object or property of that name.";
    0x80040605 MAPI_E_NOT_INITIALIZED "Something was never set up, such as MAPI itself or a folder's search criteria.";
    0x80040606 MAPI_E_NON_STANDARD "Something is not as the standard has it; Microsoft does not say what.";
    0x80040607 MAPI_E_NO_RECIPIENTS "The message cannot be sent because it has no recipients.";
    0x80040608 MAPI_E_SUBMITTED "The message has been submitted and can no longer be opened for writing.";
    0x80040609 MAPI_E_HAS_FOLDERS "The folder has subfolders, and DEL_FOLDERS was not set to delete them too.";
    0x8004060A MAPI_E_HAS_MESSAGES "The folder has messages, and DEL_MESSAGES was not set to delete them too.";
    0x8004060B MAPI_E_FOLDER_CYCLE "The object would be put inside itself; part of the copy or move may be done already.";
    0x8004060C MAPI_E_STORE_FULL "The message store has reached its size limit.";
    0x8004060D MAPI_E_LOCKID_LIMIT "Too many locks have been asked for.";

    0x80040700 MAPI_E_AMBIGUOUS_RECIP "A recipient matches more than one entry of the address book.";

    0x80040800 SYNC_E_OBJECT_DELETED "The change is to an object that has been deleted.";
    0x80040801 SYNC_E_IGNORE "The change is not taken, and the synchronization may go on without it.";
    0x80040802 SYNC_E_CONFLICT "The change conflicts with another change to the same object.";
    0x80040803 SYNC_E_NO_PARENT "The change is to an object whose parent folder does not exist here.";
    0x80040804 SYNC_E_CYCLE "The change would put a folder inside itself.";
    0x80040805 SYNC_E_UNSYNCHRONIZED "The synchronization did not take place, perhaps because of a conflict.";

    0x80040900 MAPI_E_NAMED_PROP_QUOTA_EXCEEDED "The message store can map no more named properties.";

    0x80070005 MAPI_E_NO_ACCESS | E_ACCESSDENIED ~ "MAPI_E_ACCESS_DENIED" "The caller lacks the right, or the object is open for reading only.";
    0x80070006 E_HANDLE "A handle is not, or is no longer, that of an open object.";
    0x8007000E MAPI_E_NOT_ENOUGH_MEMORY | E_OUTOFMEMORY "Memory ran out; for a single property, its value is too large and has to be streamed.";
    0x80070057 MAPI_E_INVALID_PARAMETER | E_INVALIDARG | SYNC_E_INVALID_PARAMETER "An argument is not valid.";
    0x8007007E ERROR_MOD_NOT_FOUND "A DLL, such as MAPI's or a provider's, could not be found, or another DLL that it depends on.";
    0x800700C1 ERROR_BAD_EXE_FORMAT "A DLL cannot be loaded into this process; most often one of them is 32-bit and the other 64-bit.";
    0x800703FA ERROR_KEY_DELETED "A registry key has been marked for deletion; most often its user has signed out.";
    0x800706BA RPC_S_SERVER_UNAVAILABLE "The RPC server is not running, or cannot be reached over the network.";
}

// Strictly ascending: binary search works, and no number has two rows.
const _: () = {
    let mut row = 1;
    while row < CODES.len() {
        assert!(CODES[row - 1].value.0 < CODES[row].value.0, "unsorted");
        row += 1;
    }
};

const fn sorted<const N: usize>(
    mut names: [(&'static str, HResult); N],
) -> [(&'static str, HResult); N] {
    let mut end = 1;
    while end < N {
        let mut at = end;
        while at > 0 && precedes(names[at].0.as_bytes(), names[at - 1].0.as_bytes()) {
            (names[at - 1], names[at]) = (names[at], names[at - 1]);
            at -= 1;
        }
        end += 1;
    }
    names
}

/// What `<` on slices says, which is no `const fn` yet.
const fn precedes(a: &[u8], b: &[u8]) -> bool {
    match (a, b) {
        ([x, a @ ..], [y, b @ ..]) => *x < *y || *x == *y && precedes(a, b),
        _ => a.len() < b.len(),
    }
}
