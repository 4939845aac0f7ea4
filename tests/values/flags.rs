//! The flag words against a table of its own: C names and numbers as MAPI's headers give them.

use std::fmt::Debug;

use mapi_session::flags::{
    AddressBookFlags, FlushFlags, FuzzyLevel, InitFlags, MessageFlags, MsgServiceFlags,
    ObjectAccess, ProfileFlags, ProfileSectionFlags, ReadFlags, ResourceFlags, ResourceMethods,
    ServiceFlags, SettingsFlags, ShowFormFlags, StatusCode, StoreLogoffFlags, StoreSupportMask,
    ValidateFlags,
};
use mapi_session::notification::TableEventKind;
use mapi_session::property::PropTag;
use mapi_session::types::{ObjectType, RecipientType, ResourceType};
use mapi_session::{EventMask, LogoffFlags, LogonFlags, OpenEntryFlags, OpenStoreFlags};

struct Row {
    word: &'static str,
    /// The constant's name, and its number as the crate has it.
    name: &'static str,
    constant: u32,
    /// MAPI's name, and its number as the header has it.
    c_name: &'static str,
    number: u32,
}

macro_rules! rows {
    ($($word:ident { $($number:literal $c_name:ident $name:ident)+ })+) => {
        &[$($(Row {
            word: stringify!($word),
            name: stringify!($name),
            constant: $word::$name.bits(),
            c_name: stringify!($c_name),
            number: $number,
        }),+),+]
    };
}

const ROWS: &[Row] = rows! {
    InitFlags {
        0x00000001 MAPI_MULTITHREAD_NOTIFICATIONS MULTITHREAD_NOTIFICATIONS
        0x00000008 MAPI_NO_COINIT NO_COINIT
        0x00010000 MAPI_NT_SERVICE NT_SERVICE
    }
    LogonFlags {
        0x00000001 MAPI_LOGON_UI LOGON_UI
        0x00000002 MAPI_NEW_SESSION NEW_SESSION
        0x00000004 MAPI_APP_PROFILE APP_PROFILE
        0x00000008 MAPI_ALLOW_OTHERS ALLOW_OTHERS
        0x00000010 MAPI_EXPLICIT_PROFILE EXPLICIT_PROFILE
        0x00000020 MAPI_EXTENDED EXTENDED
        0x00000040 MAPI_USE_DEFAULT USE_DEFAULT
        0x00001000 MAPI_FORCE_DOWNLOAD FORCE_DOWNLOAD
        0x00002000 MAPI_SERVICE_UI_ALWAYS SERVICE_UI_ALWAYS
        0x00008000 MAPI_NO_MAIL NO_MAIL
        0x00010000 MAPI_NT_SERVICE NT_SERVICE
        0x00020000 MAPI_PASSWORD_UI PASSWORD_UI
        0x00100000 MAPI_TIMEOUT_SHORT TIMEOUT_SHORT
        0x00200000 MAPI_BG_SESSION BG_SESSION
        0x80000000 MAPI_UNICODE UNICODE
    }
    LogoffFlags {
        0x00000001 MAPI_LOGOFF_SHARED SHARED
        0x00000002 MAPI_LOGOFF_UI UI
    }
    OpenStoreFlags {
        0x00000001 MDB_NO_DIALOG NO_DIALOG
        0x00000004 MDB_WRITE WRITE
        0x00000008 MAPI_DEFERRED_ERRORS DEFERRED_ERRORS
        0x00000010 MAPI_BEST_ACCESS BEST_ACCESS
        0x00000020 MDB_TEMPORARY TEMPORARY
        0x00000080 MDB_NO_MAIL NO_MAIL
        0x00000100 MDB_ONLINE ONLINE
    }
    OpenEntryFlags {
        0x00000001 MAPI_MODIFY MODIFY
        0x00000002 SHOW_SOFT_DELETES SHOW_SOFT_DELETES
        0x00000008 MAPI_DEFERRED_ERRORS DEFERRED_ERRORS
        0x00000010 MAPI_BEST_ACCESS BEST_ACCESS
        0x00000200 MAPI_NO_CACHE NO_CACHE
        0x00004000 MAPI_CACHE_ONLY CACHE_ONLY
    }
    AddressBookFlags {
        0x00000001 AB_NO_DIALOG NO_DIALOG
    }
    ProfileSectionFlags {
        0x00000001 MAPI_MODIFY MODIFY
        0x00000008 MAPI_DEFERRED_ERRORS DEFERRED_ERRORS
        0x00080000 MAPI_FORCE_ACCESS FORCE_ACCESS
    }
    ShowFormFlags {
        0x00000001 MAPI_POST_MESSAGE POST_MESSAGE
        0x00000002 MAPI_NEW_MESSAGE NEW_MESSAGE
    }
    StoreLogoffFlags {
        0x00000001 LOGOFF_NO_WAIT NO_WAIT
        0x00000002 LOGOFF_ORDERLY ORDERLY
        0x00000004 LOGOFF_PURGE PURGE
        0x00000008 LOGOFF_ABORT ABORT
        0x00000010 LOGOFF_QUIET QUIET
        0x00010000 LOGOFF_COMPLETE COMPLETE
        0x00020000 LOGOFF_INBOUND INBOUND
        0x00040000 LOGOFF_OUTBOUND OUTBOUND
        0x00080000 LOGOFF_OUTBOUND_QUEUE OUTBOUND_QUEUE
    }
    EventMask {
        0x00000001 fnevCriticalError CRITICAL_ERROR
        0x00000002 fnevNewMail NEW_MAIL
        0x00000004 fnevObjectCreated OBJECT_CREATED
        0x00000008 fnevObjectDeleted OBJECT_DELETED
        0x00000010 fnevObjectModified OBJECT_MODIFIED
        0x00000020 fnevObjectMoved OBJECT_MOVED
        0x00000040 fnevObjectCopied OBJECT_COPIED
        0x00000080 fnevSearchComplete SEARCH_COMPLETE
        0x00000100 fnevTableModified TABLE_MODIFIED
        0x00000200 fnevStatusObjectModified STATUS_OBJECT_MODIFIED
        0x00010000 fnevIndexing INDEXING
        0x40000000 fnevReservedForMapi RESERVED_FOR_MAPI
        0x80000000 fnevExtended EXTENDED
    }
    ProfileFlags {
        0x00000001 MAPI_DEFAULT_SERVICES DEFAULT_SERVICES
        0x00000004 MAPI_APP_PROFILE APP_PROFILE
        0x00000008 MAPI_DIALOG DIALOG
    }
    MsgServiceFlags {
        0x00000002 SERVICE_UI_ALWAYS UI_ALWAYS
        0x00000008 MSG_SERVICE_UI_READ_ONLY UI_READ_ONLY
        0x00000010 SERVICE_UI_ALLOWED UI_ALLOWED
        0x00000080 SERVICE_NO_RESTART_WARNING NO_RESTART_WARNING
    }
    ResourceFlags {
        0x00000001 STATUS_DEFAULT_OUTBOUND DEFAULT_OUTBOUND
        0x00000002 STATUS_DEFAULT_STORE DEFAULT_STORE
        0x00000004 STATUS_PRIMARY_IDENTITY PRIMARY_IDENTITY
        0x00000008 STATUS_SIMPLE_STORE SIMPLE_STORE
        0x00000010 STATUS_XP_PREFER_LAST XP_PREFER_LAST
        0x00000020 STATUS_NO_PRIMARY_IDENTITY NO_PRIMARY_IDENTITY
        0x00000040 STATUS_NO_DEFAULT_STORE NO_DEFAULT_STORE
        0x00000080 STATUS_TEMP_SECTION TEMP_SECTION
        0x00000100 STATUS_OWN_STORE OWN_STORE
        0x00000200 HOOK_INBOUND HOOK_INBOUND
        0x00000400 HOOK_OUTBOUND HOOK_OUTBOUND
        0x00000800 STATUS_NEED_IPM_TREE NEED_IPM_TREE
        0x00001000 STATUS_PRIMARY_STORE PRIMARY_STORE
        0x00002000 STATUS_SECONDARY_STORE SECONDARY_STORE
    }
    ResourceMethods {
        0x00000001 STATUS_VALIDATE_STATE VALIDATE_STATE
        0x00000002 STATUS_SETTINGS_DIALOG SETTINGS_DIALOG
        0x00000004 STATUS_CHANGE_PASSWORD CHANGE_PASSWORD
        0x00000008 STATUS_FLUSH_QUEUES FLUSH_QUEUES
    }
    ServiceFlags {
        0x00000001 SERVICE_DEFAULT_STORE DEFAULT_STORE
        0x00000002 SERVICE_SINGLE_COPY SINGLE_COPY
        0x00000004 SERVICE_CREATE_WITH_STORE CREATE_WITH_STORE
        0x00000008 SERVICE_PRIMARY_IDENTITY PRIMARY_IDENTITY
        0x00000020 SERVICE_NO_PRIMARY_IDENTITY NO_PRIMARY_IDENTITY
    }
    StatusCode {
        0x00000001 STATUS_AVAILABLE AVAILABLE
        0x00000002 STATUS_OFFLINE OFFLINE
        0x00000004 STATUS_FAILURE FAILURE
        0x00010000 STATUS_INBOUND_ENABLED INBOUND_ENABLED
        0x00020000 STATUS_INBOUND_ACTIVE INBOUND_ACTIVE
        0x00040000 STATUS_INBOUND_FLUSH INBOUND_FLUSH
        0x00100000 STATUS_OUTBOUND_ENABLED OUTBOUND_ENABLED
        0x00200000 STATUS_OUTBOUND_ACTIVE OUTBOUND_ACTIVE
        0x00400000 STATUS_OUTBOUND_FLUSH OUTBOUND_FLUSH
        0x00800000 STATUS_REMOTE_ACCESS REMOTE_ACCESS
    }
    ValidateFlags {
        0x00000001 SUPPRESS_UI SUPPRESS_UI
        0x00010000 REFRESH_XP_HEADER_CACHE REFRESH_HEADERS
        0x00020000 PROCESS_XP_HEADER_CACHE PROCESS_HEADERS
        0x00040000 FORCE_XP_CONNECT CONNECT
        0x00080000 FORCE_XP_DISCONNECT DISCONNECT
        0x00100000 CONFIG_CHANGED CONFIG_CHANGED
        0x00200000 ABORT_XP_HEADER_OPERATION ABORT
        0x00400000 SHOW_XP_SESSION_UI SHOW_UI
    }
    SettingsFlags {
        0x00000001 UI_READONLY READ_ONLY
    }
    FlushFlags {
        0x00000002 FLUSH_UPLOAD UPLOAD
        0x00000004 FLUSH_DOWNLOAD DOWNLOAD
        0x00000008 FLUSH_FORCE FORCE
        0x00000010 FLUSH_NO_UI NO_UI
        0x00000020 FLUSH_ASYNC_OK ASYNC_OK
    }
    FuzzyLevel {
        0x00000001 FL_SUBSTRING SUBSTRING
        0x00000002 FL_PREFIX PREFIX
        0x00010000 FL_IGNORECASE IGNORE_CASE
        0x00020000 FL_IGNORENONSPACE IGNORE_NON_SPACE
        0x00040000 FL_LOOSE LOOSE
    }
    ReadFlags {
        0x00000001 SUPPRESS_RECEIPT SUPPRESS_RECEIPT
        0x00000002 MESSAGE_DIALOG MESSAGE_DIALOG
        0x00000004 CLEAR_READ_FLAG CLEAR
        0x00000008 MAPI_DEFERRED_ERRORS DEFERRED_ERRORS
        0x00000010 GENERATE_RECEIPT_ONLY GENERATE_RECEIPT_ONLY
        0x00000020 CLEAR_RN_PENDING CLEAR_RN_PENDING
        0x00000040 CLEAR_NRN_PENDING CLEAR_NRN_PENDING
    }
    MessageFlags {
        0x00000001 MSGFLAG_READ READ
        0x00000002 MSGFLAG_UNMODIFIED UNMODIFIED
        0x00000004 MSGFLAG_SUBMIT SUBMIT
        0x00000008 MSGFLAG_UNSENT UNSENT
        0x00000010 MSGFLAG_HASATTACH HAS_ATTACHMENT
        0x00000020 MSGFLAG_FROMME FROM_ME
        0x00000040 MSGFLAG_ASSOCIATED ASSOCIATED
        0x00000080 MSGFLAG_RESEND RESEND
        0x00000100 MSGFLAG_RN_PENDING RN_PENDING
        0x00000200 MSGFLAG_NRN_PENDING NRN_PENDING
    }
    ObjectAccess {
        0x00000001 MAPI_ACCESS_MODIFY MODIFY
        0x00000002 MAPI_ACCESS_READ READ
        0x00000004 MAPI_ACCESS_DELETE DELETE
        0x00000008 MAPI_ACCESS_CREATE_HIERARCHY CREATE_HIERARCHY
        0x00000010 MAPI_ACCESS_CREATE_CONTENTS CREATE_CONTENTS
        0x00000020 MAPI_ACCESS_CREATE_ASSOCIATED CREATE_ASSOCIATED
    }
    StoreSupportMask {
        0x00000001 STORE_ENTRYID_UNIQUE ENTRYID_UNIQUE
        0x00000002 STORE_READONLY READONLY
        0x00000004 STORE_SEARCH_OK SEARCH_OK
        0x00000008 STORE_MODIFY_OK MODIFY_OK
        0x00000010 STORE_CREATE_OK CREATE_OK
        0x00000020 STORE_ATTACH_OK ATTACH_OK
        0x00000040 STORE_OLE_OK OLE_OK
        0x00000080 STORE_SUBMIT_OK SUBMIT_OK
        0x00000100 STORE_NOTIFY_OK NOTIFY_OK
        0x00000200 STORE_MV_PROPS_OK MV_PROPS_OK
        0x00000400 STORE_CATEGORIZE_OK CATEGORIZE_OK
        0x00000800 STORE_RTF_OK RTF_OK
        0x00001000 STORE_RESTRICTION_OK RESTRICTION_OK
        0x00002000 STORE_SORT_OK SORT_OK
        0x00004000 STORE_PUBLIC_FOLDERS PUBLIC_FOLDERS
        0x00008000 STORE_UNCOMPRESSED_RTF UNCOMPRESSED_RTF
        0x00010000 STORE_HTML_OK HTML_OK
        0x00020000 STORE_ANSI_OK ANSI_OK
        0x00040000 STORE_UNICODE_OK UNICODE_OK
        0x00080000 STORE_LOCALSTORE LOCALSTORE
        0x00200000 STORE_ITEMPROC ITEMPROC
        0x00800000 STORE_PUSHER_OK PUSHER_OK
        0x10000000 STORE_RULES_OK RULES_OK
    }
};

#[test]
fn constants_have_the_headers_numbers() {
    for row in ROWS {
        assert_eq!(row.constant, row.number, "{}", row.c_name);
    }
}

/// What subsystems take for defined is the union of a word's constants, so it must hold no other.
#[test]
fn a_word_has_its_rows_and_no_other_flags() {
    #[track_caller]
    fn check(word: &str, all: u32, names: &[(&str, u32)]) {
        let rows = || ROWS.iter().filter(|row| row.word == word);
        let wanted: Vec<_> = rows().map(|row| (row.name, row.number)).collect();
        assert_eq!(names, wanted, "{word}");
        assert_eq!(all, rows().fold(0, |all, row| all | row.number), "{word}");
    }
    macro_rules! check {
        ($($word:ident)+) => {$(
            let all = $word::all();
            let names = all.iter_names().map(|(name, flag)| (name, flag.bits()));
            check(stringify!($word), all.bits(), &names.collect::<Vec<_>>());
        )+};
    }
    check!(
        InitFlags LogonFlags LogoffFlags OpenStoreFlags OpenEntryFlags AddressBookFlags
        ProfileSectionFlags ShowFormFlags StoreLogoffFlags EventMask ProfileFlags MsgServiceFlags
        ResourceFlags ResourceMethods ServiceFlags StatusCode ValidateFlags SettingsFlags FlushFlags
        FuzzyLevel ObjectAccess StoreSupportMask ReadFlags MessageFlags
    );
}

/// A reader of docs.rs finds a flag by its C name. The compiler keeps no trace of an alias: hence the
/// source.
#[test]
fn each_flag_has_its_c_name_as_an_alias() {
    let source = include_str!("../../src/flags.rs");
    // One that bears its C name is found by it.
    for row in ROWS.iter().filter(|row| row.name != row.c_name) {
        let (_, word) = source
            .split_once(&format!("pub struct {}: u32 {{", row.word))
            .unwrap();
        let (word, _) = word.split_once("\n}").unwrap();
        let alias = format!("#[doc(alias = \"{}\")]", row.c_name);
        let (_, after) = word.split_once(&alias).expect(row.c_name);
        let (_, constant) = after.split_once("const ").unwrap();
        let (name, _) = constant.split_once(' ').unwrap();
        assert_eq!(name, row.name, "{}", row.c_name);
    }
}

/// Every single bit, and words of many.
fn words() -> impl Iterator<Item = u32> {
    let mixed = [
        0,
        u32::MAX,
        0x5555_5555,
        0xAAAA_AAAA,
        0x8000_002A,
        0x3B,
        0x7FFF_FFFF,
    ];
    (0..u32::BITS).map(|bit| 1 << bit).chain(mixed)
}

// L7, E6: an undefined bit must reach the subsystem, for the subsystem to refuse it.
#[test]
fn all_bits_survive_from_and_to_u32() {
    #[track_caller]
    fn survives<F: From<u32> + Into<u32> + Copy + PartialEq + Debug>() {
        for word in words() {
            let flags = F::from(word);
            assert_eq!(flags.into(), word, "{flags:?}");
            assert_eq!(flags, F::from(word));
            assert_ne!(flags, F::from(word ^ 0x0400_0000), "{flags:?}");
        }
    }
    survives::<InitFlags>();
    survives::<OpenEntryFlags>();
    survives::<AddressBookFlags>();
    survives::<ProfileSectionFlags>();
    survives::<ShowFormFlags>();
    survives::<StoreLogoffFlags>();
    survives::<ServiceFlags>();
    survives::<ResourceMethods>();
    survives::<StatusCode>();
    survives::<ValidateFlags>();
    survives::<SettingsFlags>();
    survives::<FlushFlags>();
    survives::<ObjectAccess>();
    survives::<StoreSupportMask>();
    survives::<LogonFlags>();
    survives::<LogoffFlags>();
    survives::<OpenStoreFlags>();
    survives::<EventMask>();
    survives::<ProfileFlags>();
    survives::<MsgServiceFlags>();
    for word in words() {
        assert_eq!(ResourceFlags::from_bits_retain(word).bits(), word);
    }
}

#[test]
fn debug_shows_the_names_and_the_bits_that_have_none() {
    macro_rules! check {
        ($($word:ident)+) => {$(for word in words() {
            let rows = || ROWS.iter().filter(|row| row.word == stringify!($word));
            let named = rows().filter(|row| word & row.number != 0);
            let mut parts: Vec<_> = named.map(|row| row.name.to_string()).collect();
            let unnamed = rows().fold(word, |rest, row| rest & !row.number);
            if unnamed != 0 || word == 0 {
                parts.push(format!("{unnamed:#x}"));
            }
            let wanted = format!("{}({})", stringify!($word), parts.join(" | "));
            assert_eq!(format!("{:?}", $word::from_bits_retain(word)), wanted);
        })+};
    }
    check!(
        InitFlags LogonFlags LogoffFlags OpenStoreFlags OpenEntryFlags AddressBookFlags
        ProfileSectionFlags ShowFormFlags StoreLogoffFlags EventMask ProfileFlags MsgServiceFlags
        ResourceFlags ResourceMethods ServiceFlags StatusCode ValidateFlags SettingsFlags FlushFlags
        FuzzyLevel ObjectAccess StoreSupportMask ReadFlags MessageFlags
    );
}

#[test]
fn an_open_number_is_kept() {
    assert_eq!(ResourceType::STORE_PROVIDER.get(), 33);
    assert_eq!(ResourceType::new(0x99).get(), 0x99);
    assert_eq!(ObjectType::new(0x99).get(), 0x99);
    assert_eq!(RecipientType::new(0x99).get(), 0x99);
    assert_eq!(u32::from(PropTag::SUBJECT), 0x0037_001F);
}

// The rows of MAPIDefS.h. A number that has no name is kept, and shown.
/// A kind's numbers and names in the headers, each named as it says of itself.
macro_rules! kinds {
    ($Kind:ident in $file:literal: $($number:literal $name:literal $constant:ident;)*) => {
        let source = include_str!(concat!("../../src/", $file));
        $(
            let kind = $Kind::$constant;
            assert_eq!(kind, $Kind::new($number), $name);
            assert_eq!((kind.get(), kind.name()), ($number, Some($name)));
            assert_eq!(format!("{kind:?}"), concat!(stringify!($Kind), "(", $name, ")"));
            assert!(source.contains(concat!("#[doc(alias = \"", $name, "\")]")), $name);
        )*
        for number in [0, 0x2A, u32::MAX] {
            let kind = $Kind::new(number);
            assert_eq!((kind.get(), kind.name()), (number, None));
            let shown = format!(concat!(stringify!($Kind), "({:#x})"), number);
            assert_eq!(format!("{kind:?}"), shown);
        }
    };
}

#[test]
fn kinds_have_the_headers_numbers_and_names() {
    kinds! { TableEventKind in "notification.rs":
        1 "TABLE_CHANGED" CHANGED;
        2 "TABLE_ERROR" ERROR;
        3 "TABLE_ROW_ADDED" ROW_ADDED;
        4 "TABLE_ROW_DELETED" ROW_DELETED;
        5 "TABLE_ROW_MODIFIED" ROW_MODIFIED;
        6 "TABLE_SORT_DONE" SORT_DONE;
        7 "TABLE_RESTRICT_DONE" RESTRICT_DONE;
        8 "TABLE_SETCOL_DONE" SETCOL_DONE;
        9 "TABLE_RELOAD" RELOAD;
    }
    kinds! { ObjectType in "types.rs":
        1 "MAPI_STORE" STORE;
        2 "MAPI_ADDRBOOK" ADDRESS_BOOK;
        3 "MAPI_FOLDER" FOLDER;
        4 "MAPI_ABCONT" ADDRESS_BOOK_CONTAINER;
        5 "MAPI_MESSAGE" MESSAGE;
        6 "MAPI_MAILUSER" MAIL_USER;
        7 "MAPI_ATTACH" ATTACHMENT;
        8 "MAPI_DISTLIST" DISTRIBUTION_LIST;
        9 "MAPI_PROFSECT" PROFILE_SECTION;
        10 "MAPI_STATUS" STATUS;
        11 "MAPI_SESSION" SESSION;
        12 "MAPI_FORMINFO" FORM_INFO;
    }
    kinds! { ResourceType in "types.rs":
        33 "MAPI_STORE_PROVIDER" STORE_PROVIDER;
        34 "MAPI_AB" ADDRESS_BOOK;
        35 "MAPI_AB_PROVIDER" ADDRESS_BOOK_PROVIDER;
        36 "MAPI_TRANSPORT_PROVIDER" TRANSPORT_PROVIDER;
        37 "MAPI_SPOOLER" SPOOLER;
        38 "MAPI_PROFILE_PROVIDER" PROFILE_PROVIDER;
        39 "MAPI_SUBSYSTEM" SUBSYSTEM;
        40 "MAPI_HOOK_PROVIDER" HOOK_PROVIDER;
    }
}
