//! The methods, one by one: what arrives, and what comes back.

use mapi_session::notification::Connection;
use mapi_session::property::{PropTag, Property};
use mapi_session::subsystem::{RawSession, Subsystem};
use mapi_session::{HResult, LogonFlags, MapiUid, UiParam};
use mapi_session_outlook::{Outlook, OutlookSession};

use crate::fake;

const UNICODE: u32 = LogonFlags::UNICODE.bits();

fn session() -> (Outlook, OutlookSession) {
    fake::load();
    let outlook = Outlook::new();
    outlook.initialize(0, 0).unwrap();
    let session = outlook.logon_ex(UiParam::NONE, None, None, 0).unwrap();
    fake::record();
    (outlook, session.ignore_warning())
}

#[test]
fn arguments_arrive_as_they_are() {
    let (_outlook, session) = session();
    let ui = UiParam::new(0x2_0000_0001);
    let _ = session.msg_stores_table(UNICODE);
    let _ = session.status_table(0xFF);
    let _ = session.open_msg_store(ui, Some(&[1, 2, 0xFE]), 0x94);
    let _ = session.open_msg_store(ui, None, 0);
    let _ = session.open_address_book(ui, 1);
    let _ = session.open_profile_section(MapiUid::new([7; 16]), 0x8_0000);
    let _ = session.open_entry(Some(&[]), 0x10);
    let _ = session.compare_entry_ids(Some(&[1]), Some(&[2, 3]), 4);
    let _ = session.set_default_store(5, None);
    let _ = session.set_default_store(1, Some(&[9]));
    let _ = session.admin_services(3);
    assert_eq!(
        fake::record(),
        [
            "GetMsgStoresTable(0x80000000)",
            "GetStatusTable(0xFF)",
            "OpenMsgStore(0x200000001, 0102FE, 0x94)",
            "OpenMsgStore(0x200000001, null, 0x0)",
            "OpenAddressBook(0x200000001, 0x1)",
            "OpenProfileSection([07, 07, 07, 07, 07, 07, 07, 07, 07, 07, 07, 07, 07, 07, 07, 07], 0x80000)",
            "OpenEntry(, 0x10)",
            "CompareEntryIDs(01, 0203, 0x4)",
            "SetDefaultStore(0x5, null)",
            "SetDefaultStore(0x1, 09)",
            "AdminServices(0x3)",
        ]
    );
}

#[test]
fn a_success_without_an_object_is_a_failure() {
    let (_outlook, session) = session();
    let failure = session.open_msg_store(UiParam::NONE, None, 0).unwrap_err();
    assert_eq!(failure.hresult(), HResult::E_UNEXPECTED);
}

#[test]
fn failures_come_back_as_they_are() {
    let (_outlook, session) = session();
    for hresult in [HResult::MAPI_E_NO_ACCESS, HResult::new(0x8123_4567)] {
        for call in [
            "OpenMsgStore",
            "QueryIdentity",
            "EnumAdrTypes",
            "GetLastError",
            "GetMsgStoresTable",
        ] {
            fake::answers(call, hresult);
        }
        let store = session.open_msg_store(UiParam::NONE, None, 0).unwrap_err();
        assert_eq!(store.hresult(), hresult);
        assert_eq!(session.query_identity().unwrap_err().hresult(), hresult);
        assert_eq!(session.enum_adr_types(0).unwrap_err().hresult(), hresult);
        assert_eq!(
            session.last_error(HResult::S_OK, 0).unwrap_err().hresult(),
            hresult
        );
        assert_eq!(session.msg_stores_table(0).unwrap_err().hresult(), hresult);
    }
}

#[test]
fn what_mapi_allocates_is_copied() {
    let (_outlook, session) = session();
    for flags in [0, UNICODE] {
        let error = session
            .last_error(HResult::MAPI_E_NO_ACCESS, flags)
            .unwrap();
        let error = error.ignore_warning().unwrap();
        assert_eq!(
            (error.error(), error.component()),
            ("The server is away.", "Transport")
        );
        assert_eq!((error.low_level_error(), error.context()), (7, 9));
        let types = session.enum_adr_types(flags).unwrap().ignore_warning();
        assert_eq!(types, ["SMTP", "EX"]);
        let options = session.query_default_message_opt("SMTP", flags).unwrap();
        assert_eq!(
            options.ignore_warning(),
            [
                Property::new(PropTag::ROWID, -1),
                Property::new(PropTag::DISPLAY_NAME, "Ännchen"),
            ]
        );
    }
    assert_eq!(
        session
            .query_identity()
            .unwrap()
            .ignore_warning()
            .as_bytes(),
        [1, 2, 3]
    );
    assert_eq!(
        fake::record(),
        [
            "GetLastError(0x80070005, 0x0)",
            "EnumAdrTypes(0x0)",
            "QueryDefaultMessageOpt(\"SMTP\", 0x0)",
            "GetLastError(0x80070005, 0x80000000)",
            "EnumAdrTypes(0x80000000)",
            "QueryDefaultMessageOpt(L\"SMTP\", 0x80000000)",
            "QueryIdentity()"
        ]
    );
    assert_eq!(fake::outstanding(), 0);
}

#[test]
fn numbers_that_mapi_did_not_give_do_not_reach_it() {
    let (_outlook, session) = session();
    let failure = session.unadvise(Connection::new(0x1234)).unwrap_err();
    assert_eq!(failure.hresult(), HResult::MAPI_E_NOT_FOUND);
    assert_eq!(fake::record(), [""; 0]);
}
