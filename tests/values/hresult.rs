//! `HResult` against a list of its own: names and numbers as MAPI's headers give them.

use std::collections::BTreeSet;

use mapi_session::HResult;
use mapi_session::hresult::Retry;

/// One name: its text, its constant, and the number that both have to mean.
type Row = (&'static str, HResult, u32);

macro_rules! rows {
    ($($number:literal $name:ident)+) => {
        &[$((stringify!($name), HResult::$name, $number)),+]
    };
}

/// Every name; where a number has two, the main one first.
const ROWS: &[Row] = rows! {
    0x00000000 S_OK
    0x00000000 SUCCESS_SUCCESS
    0x00000001 S_FALSE
    0x00040203 MAPI_W_NO_SERVICE
    0x00040380 MAPI_W_ERRORS_RETURNED
    0x00040481 MAPI_W_POSITION_CHANGED
    0x00040482 MAPI_W_APPROX_COUNT
    0x00040580 MAPI_W_CANCEL_MESSAGE
    0x00040680 MAPI_W_PARTIAL_COMPLETION
    0x00040820 SYNC_W_PROGRESS
    0x00040821 SYNC_W_CLIENT_CHANGE_NEWER
    0x80004001 E_NOTIMPL
    0x80004002 MAPI_E_INTERFACE_NOT_SUPPORTED
    0x80004002 E_NOINTERFACE
    0x80004003 E_POINTER
    0x80004004 E_ABORT
    0x80004005 MAPI_E_CALL_FAILED
    0x80004005 E_FAIL
    0x80004005 SYNC_E_ERROR
    0x8000FFFF E_UNEXPECTED
    0x80010106 RPC_E_CHANGED_MODE
    0x80010108 RPC_E_DISCONNECTED
    0x8001010E RPC_E_WRONG_THREAD
    0x80040102 MAPI_E_NO_SUPPORT
    0x80040103 MAPI_E_BAD_CHARWIDTH
    0x80040105 MAPI_E_STRING_TOO_LONG
    0x80040106 MAPI_E_UNKNOWN_FLAGS
    0x80040106 SYNC_E_UNKNOWN_FLAGS
    0x80040107 MAPI_E_INVALID_ENTRYID
    0x80040108 MAPI_E_INVALID_OBJECT
    0x80040109 MAPI_E_OBJECT_CHANGED
    0x8004010A MAPI_E_OBJECT_DELETED
    0x8004010B MAPI_E_BUSY
    0x8004010D MAPI_E_NOT_ENOUGH_DISK
    0x8004010E MAPI_E_NOT_ENOUGH_RESOURCES
    0x8004010F MAPI_E_NOT_FOUND
    0x80040110 MAPI_E_VERSION
    0x80040111 MAPI_E_LOGON_FAILED
    0x80040112 MAPI_E_SESSION_LIMIT
    0x80040113 MAPI_E_USER_CANCEL
    0x80040114 MAPI_E_UNABLE_TO_ABORT
    0x80040115 MAPI_E_NETWORK_ERROR
    0x80040116 MAPI_E_DISK_ERROR
    0x80040117 MAPI_E_TOO_COMPLEX
    0x80040118 MAPI_E_BAD_COLUMN
    0x80040119 MAPI_E_EXTENDED_ERROR
    0x8004011A MAPI_E_COMPUTED
    0x8004011B MAPI_E_CORRUPT_DATA
    0x8004011C MAPI_E_UNCONFIGURED
    0x8004011D MAPI_E_FAILONEPROVIDER
    0x8004011E MAPI_E_UNKNOWN_CPID
    0x8004011F MAPI_E_UNKNOWN_LCID
    0x80040120 MAPI_E_PASSWORD_CHANGE_REQUIRED
    0x80040121 MAPI_E_PASSWORD_EXPIRED
    0x80040122 MAPI_E_INVALID_WORKSTATION_ACCOUNT
    0x80040123 MAPI_E_INVALID_ACCESS_TIME
    0x80040124 MAPI_E_ACCOUNT_DISABLED
    0x80040125 MAPI_E_RECONNECTED
    0x80040126 MAPI_E_OFFLINE
    0x80040154 REGDB_E_CLASSNOTREG
    0x800401F0 CO_E_NOTINITIALIZED
    0x80040200 MAPI_E_END_OF_SESSION
    0x80040201 MAPI_E_UNKNOWN_ENTRYID
    0x80040202 MAPI_E_MISSING_REQUIRED_COLUMN
    0x80040204 MAPI_E_PROFILE_DELETED
    0x80040301 MAPI_E_BAD_VALUE
    0x80040302 MAPI_E_INVALID_TYPE
    0x80040303 MAPI_E_TYPE_NO_SUPPORT
    0x80040304 MAPI_E_UNEXPECTED_TYPE
    0x80040305 MAPI_E_TOO_BIG
    0x80040306 MAPI_E_DECLINE_COPY
    0x80040307 MAPI_E_UNEXPECTED_ID
    0x80040400 MAPI_E_UNABLE_TO_COMPLETE
    0x80040401 MAPI_E_TIMEOUT
    0x80040402 MAPI_E_TABLE_EMPTY
    0x80040403 MAPI_E_TABLE_TOO_BIG
    0x80040405 MAPI_E_INVALID_BOOKMARK
    0x80040500 MAPI_E_WAIT
    0x80040501 MAPI_E_CANCEL
    0x80040502 MAPI_E_NOT_ME
    0x80040600 MAPI_E_CORRUPT_STORE
    0x80040601 MAPI_E_NOT_IN_QUEUE
    0x80040602 MAPI_E_NO_SUPPRESS
    0x80040604 MAPI_E_COLLISION
    0x80040605 MAPI_E_NOT_INITIALIZED
    0x80040606 MAPI_E_NON_STANDARD
    0x80040607 MAPI_E_NO_RECIPIENTS
    0x80040608 MAPI_E_SUBMITTED
    0x80040609 MAPI_E_HAS_FOLDERS
    0x8004060A MAPI_E_HAS_MESSAGES
    0x8004060B MAPI_E_FOLDER_CYCLE
    0x8004060C MAPI_E_STORE_FULL
    0x8004060D MAPI_E_LOCKID_LIMIT
    0x80040700 MAPI_E_AMBIGUOUS_RECIP
    0x80040800 SYNC_E_OBJECT_DELETED
    0x80040801 SYNC_E_IGNORE
    0x80040802 SYNC_E_CONFLICT
    0x80040803 SYNC_E_NO_PARENT
    0x80040804 SYNC_E_CYCLE
    0x80040805 SYNC_E_UNSYNCHRONIZED
    0x80040900 MAPI_E_NAMED_PROP_QUOTA_EXCEEDED
    0x80070005 MAPI_E_NO_ACCESS
    0x80070005 E_ACCESSDENIED
    0x80070006 E_HANDLE
    0x8007000E MAPI_E_NOT_ENOUGH_MEMORY
    0x8007000E E_OUTOFMEMORY
    0x80070057 MAPI_E_INVALID_PARAMETER
    0x80070057 E_INVALIDARG
    0x80070057 SYNC_E_INVALID_PARAMETER
    0x8007007E ERROR_MOD_NOT_FOUND
    0x800700C1 ERROR_BAD_EXE_FORMAT
    0x800703FA ERROR_KEY_DELETED
    0x800706BA RPC_S_SERVER_UNAVAILABLE
};

#[test]
fn names_and_numbers_agree() {
    for &(name, constant, number) in ROWS {
        assert_eq!(constant.get(), number, "{name}");
        assert_eq!(name.parse(), Ok(constant));
        assert_eq!(number.to_string().parse(), Ok(constant));
        assert_eq!(format!("{name} (0x{number:08X})").parse(), Ok(constant));
    }
}

#[test]
fn the_main_name_is_shown() {
    for number in numbers() {
        let status = HResult::new(number);
        let (name, ..) = ROWS.iter().find(|row| row.2 == number).unwrap();
        assert_eq!(status.name(), Some(*name));
        assert_eq!(status.to_string(), format!("{name} (0x{number:08X})"));
        assert_eq!(format!("{status:?}"), format!("HResult({name})"));
    }
}

#[test]
fn known_is_every_number_once_in_order() {
    assert!(HResult::known().map(HResult::get).eq(numbers()));
}

#[test]
fn meanings_are_sentences_and_differ() {
    let mut seen = BTreeSet::new();
    for status in HResult::known() {
        let meaning = status.meaning().unwrap();
        assert!(meaning.len() > 1 && meaning.ends_with('.'), "{status}");
        assert!(seen.insert(meaning), "{status}");
    }
}

// Names that no header has, and pages use all the same: copying-a-message-service and
// iprofadmin-copyprofile; working-with-unicode-columns; openimsgsession; imapiformmgr-createform;
// imapistatus-validatestate. They are read, and never shown.
#[test]
fn names_that_only_pages_use_are_read() {
    let source = include_str!("../../src/hresult/codes.rs");
    for (name, main) in [
        ("MAPI_E_ACCESS_DENIED", HResult::MAPI_E_NO_ACCESS),
        ("MAPI_E_BAD_CHAR_WIDTH", HResult::MAPI_E_BAD_CHARWIDTH),
        ("MAPI_E_INVALID_FLAGS", HResult::MAPI_E_UNKNOWN_FLAGS),
        ("MAPI_E_NO_INTERFACE", HResult::E_NOINTERFACE),
        ("MAPI_E_USER_CANCELED", HResult::MAPI_E_USER_CANCEL),
    ] {
        assert_eq!(name.parse(), Ok(main));
        let number = main.get();
        assert_eq!(format!("{name} (0x{number:08X})").parse(), Ok(main));
        assert_ne!(main.name(), Some(name));
        assert!(
            source.contains(&format!("~ {name:?}")),
            "found by it: {name}"
        );
    }
    // One page has it, where others have MAPI_E_UNEXPECTED_ID; it could as well be E_UNEXPECTED.
    assert!("MAPI_E_UNEXPECTED".parse::<HResult>().is_err());
}

// MFCMAPI issues 199, 479, 981: the codes of COM and of the loader reach a MAPI program every day,
// and their texts lead to the cause. The numbers are those of winerror.h; 0x8007.... is
// HRESULT_FROM_WIN32 of the Win32 error that gives the name.
#[test]
fn codes_of_com_and_of_the_loader_lead_to_the_cause() {
    for (number, name, cause) in [
        (0x8001_0106, "RPC_E_CHANGED_MODE", "in another mode"),
        (0x8001_0108, "RPC_E_DISCONNECTED", "Outlook was closed"),
        (0x8001_010E, "RPC_E_WRONG_THREAD", "another thread"),
        (0x8004_0154, "REGDB_E_CLASSNOTREG", "bitness"),
        (0x8004_01F0, "CO_E_NOTINITIALIZED", "CoInitializeEx"),
        (0x8007_0000 | 126, "ERROR_MOD_NOT_FOUND", "depends on"),
        (0x8007_0000 | 193, "ERROR_BAD_EXE_FORMAT", "32-bit"),
        (0x8007_0000 | 1018, "ERROR_KEY_DELETED", "signed out"),
        (
            0x8007_0000 | 1722,
            "RPC_S_SERVER_UNAVAILABLE",
            "not running",
        ),
    ] {
        let status = HResult::new(number);
        assert_eq!(status.name(), Some(name));
        let meaning = status.meaning().unwrap();
        assert!(meaning.contains(cause), "{status}: {meaning}");
    }
}

// Reported: E_FAIL comes from MAPIInitialize too, where no server is. It states no reason.
#[test]
fn a_failure_without_a_reason_is_given_none() {
    let meaning = HResult::E_FAIL.meaning().unwrap();
    assert!(!meaning.contains("server"), "{meaning}");
}

#[test]
fn unknown_numbers_are_kept() {
    let status = HResult::new(0x80041234);
    assert_eq!(status.get(), 0x80041234);
    assert_eq!(status.name(), None);
    assert_eq!(status.meaning(), None);
    assert_eq!(status.to_string(), "0x80041234");
    assert_eq!(format!("{status:?}"), "HResult(0x80041234)");
    assert_eq!(HResult::new(0xABC).to_string(), "0x00000ABC");
}

#[test]
fn simple_mapi_has_no_names() {
    // 1 has one, but it is COM's.
    assert_eq!(HResult::new(1), HResult::S_FALSE);
    for number in 2..=26 {
        assert_eq!(HResult::new(number).name(), None, "{number}");
    }
}

#[test]
fn parts() {
    for (number, severity, facility, code) in [
        (0x00000000, 0, 0, 0),
        (0x00040380, 0, 4, 0x380),
        (0x80004005, 1, 0, 0x4005),
        (0x80040201, 1, 4, 0x201),
        (0x80070005, 1, 7, 5),
        (0x7FFFFFFF, 0, 0x7FF, 0xFFFF),
        (0xF8000000, 1, 0, 0),
    ] {
        let status = HResult::new(number);
        assert_eq!(status.severity(), severity, "{status}");
        assert_eq!(status.facility(), facility, "{status}");
        assert_eq!(status.code(), code, "{status}");
        assert_eq!(status.is_success(), severity == 0, "{status}");
        assert_eq!(status.is_failure(), severity == 1, "{status}");
    }
}

#[test]
fn warnings_are_successes_other_than_ok() {
    assert!(!HResult::S_OK.is_warning());
    assert!(HResult::S_FALSE.is_warning());
    assert!(HResult::MAPI_W_ERRORS_RETURNED.is_warning());
    assert!(!HResult::MAPI_E_NOT_FOUND.is_warning());
}

#[test]
fn numbers_are_read_in_every_base() {
    for text in [
        "2147746063",
        "-2147221233",
        "0x8004010F",
        "0X8004010f",
        "0x008004010F",
    ] {
        assert_eq!(text.parse(), Ok(HResult::MAPI_E_NOT_FOUND), "{text}");
    }
    assert_eq!("0".parse(), Ok(HResult::S_OK));
    assert_eq!("-1".parse(), Ok(HResult::new(u32::MAX)));
    assert_eq!("-2147483648".parse(), Ok(HResult::new(0x80000000)));
    assert_eq!("4294967295".parse(), Ok(HResult::new(u32::MAX)));
}

#[test]
fn bad_text_is_quoted() {
    for text in [
        "",
        " ",
        " 5",
        "5 ",
        "+5",
        "--5",
        "-+5",
        "4294967296",
        "-2147483649",
        "0x",
        "08004010F",
        "8004010G",
        "+8004010F",
        "80040111 ",
        "0x+5",
        "0x-5",
        "-0x5",
        "0x100000000",
        "0xG",
        "MAPI_E_NOT",
        "mapi_e_not_found",
        " MAPI_E_NOT_FOUND",
        "MAPI_E_NOT_FOUND\n",
        "MAPI_E_NOT_FOUND (2147746063)",
        "MAPI_E_NOT_FOUND == 2147746063",
        "MAPI_E_NOT_FOUND == ",
        "MAPI_E_NOT_FOUND =0x8004010F",
        "MAPI_E_UNHEARD_OF == 0x8004010F",
        "0x8004010F (MAPI_E_UNHEARD_OF)",
        "0x8004010F (0x8004010F)",
        "MAPI_E_NOT_FOUND (MAPI_E_NOT_FOUND)",
        "()",
        "(5)",
        "(2147746063)",
        "(MAPI_E_NOT_FOUND)",
        "(80040111",
        "80040111)",
        "MAPI_E_NOT_FOUND (0x8004010F",
        "MAPI_E_NOT_FOUND(0x8004010F)",
        "MAPI_E_UNHEARD_OF (0x8004010F)",
    ] {
        let error = text.parse::<HResult>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("{text:?} is no ")), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
}

// KB Q181739 prints "(80040111)": eight bare digits that begin with 8 are a failure in hex, never a
// success in decimal. Digits with a letter among them can only be hex. All other digits are decimal.
#[test]
fn eight_bare_digits_are_read_as_they_are_printed() {
    for (text, number) in [
        ("80040111", 0x8004_0111),
        ("(80040111)", 0x8004_0111),
        ("(0x80040111)", 0x8004_0111),
        ("8004010F", 0x8004_010F),
        ("8004010f", 0x8004_010F),
        ("(8004010f)", 0x8004_010F),
        ("8000FFFF", 0x8000_FFFF),
        ("80000000", 0x8000_0000),
        ("89999999", 0x8999_9999),
        ("0004048A", 0x0004_048A),
        ("C0000005", 0xC000_0005),
        ("79999999", 79_999_999),
        ("90000000", 90_000_000),
        ("00040380", 40_380),
        ("8004011", 8_004_011),
        ("800401110", 800_401_110),
        ("080040111", 80_040_111),
    ] {
        assert_eq!(text.parse(), Ok(HResult::new(number)), "{text}");
    }
}

// MFCMAPI prints "NAME == 0x...", other tools a name and a number in either order: each is read, by
// a second name too.
#[test]
fn a_name_beside_its_number_is_read() {
    for &(name, constant, number) in ROWS {
        for text in [
            format!("{name} == 0x{number:08X}"),
            format!("{name} == {number:#x}"),
            format!("{name} (0x{number:08X})"),
            format!("0x{number:08X} ({name})"),
            format!("{number:#x} ({name})"),
        ] {
            assert_eq!(text.parse(), Ok(constant), "{text}");
        }
    }
    assert_eq!("E_FAIL (80004005)".parse(), Ok(HResult::MAPI_E_CALL_FAILED));
}

// Text that means two codes means none; the error names both.
#[test]
fn a_name_beside_another_number_is_a_contradiction() {
    for text in [
        "MAPI_E_NOT_FOUND (0x80040110)",
        "MAPI_E_NOT_FOUND (80040110)",
        "MAPI_E_NOT_FOUND == 0x80040110",
        "0x80040110 (MAPI_E_NOT_FOUND)",
    ] {
        let error = text.parse::<HResult>().unwrap_err().to_string();
        let expected = "contradicts itself: MAPI_E_NOT_FOUND is 0x8004010F, not 0x80040110";
        assert_eq!(error, format!("{text:?} {expected}"));
    }
}

// An error goes to logs: however long the text was, its message is a line of bounded length.
#[test]
fn long_text_is_quoted_shortened() {
    for text in [
        "A".repeat(5 << 20),
        "\u{10FFFF}\n".repeat(1 << 20),
        format!("MAPI_E_NOT_FOUND (0x{}80040110)", "0".repeat(5 << 20)),
        "(".repeat(5 << 20),
        "9".repeat(5 << 20),
    ] {
        let error = text.parse::<HResult>().unwrap_err();
        let (message, debug) = (error.to_string(), format!("{error:?}"));
        assert!(message.len() < 1000 && debug.len() < 1000, "{message}");
        assert!(message.contains("\u{2026}"), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
}

#[test]
fn converts_from_and_to_integers() {
    let status = HResult::MAPI_E_NOT_FOUND;
    assert_eq!(HResult::from(0x8004010F_u32), status);
    assert_eq!(HResult::from(-2147221233_i32), status);
    assert_eq!(u32::from(status), 0x8004010F);
    assert_eq!(i32::from(status), -2147221233);
    assert_eq!(i32::from(HResult::S_FALSE), 1);
    assert_eq!(format!("{status:x} {status:#X}"), "8004010f 0x8004010F");
}

#[test]
fn text_round_trips() {
    let mut number = 0_u32;
    for _ in 0..100_000 {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let status = HResult::new(number);
        assert_eq!(status.to_string().parse(), Ok(status));
        assert_eq!(format!("{status:#X}").parse(), Ok(status));
        // In decimal, unless that has eight digits and begins with 8, which is hex.
        if !(80_000_000..90_000_000).contains(&number) {
            assert_eq!(u32::from(status).to_string().parse(), Ok(status));
            assert_eq!(i32::from(status).to_string().parse(), Ok(status));
        }
    }
}

fn numbers() -> BTreeSet<u32> {
    ROWS.iter().map(|row| row.2).collect()
}

// M12, and a report: a program that made a call again after its session was lost did so 1,000 times,
// and only a new logon works. Each code says which of the two it asks for; no other code asks.
#[test]
fn only_a_lost_connection_asks_for_a_retry() {
    let asking: Vec<_> = HResult::known()
        .filter_map(|code| Some((code, code.retry()?)))
        .collect();
    let expected = [
        (HResult::MAPI_E_RECONNECTED, Retry::Call),
        (HResult::MAPI_E_END_OF_SESSION, Retry::Logon),
    ];
    assert_eq!(asking, expected);
    assert_eq!(HResult::new(0x8004_1234).retry(), None);
}
