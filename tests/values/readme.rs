//! What the README says of the tests is so.

use std::fs;

/// The rows of its table of methods: a method, and a test that shows it.
fn rows() -> Vec<(String, String, String)> {
    let readme = fs::read_to_string("README.md").unwrap();
    let (_, table) = readme
        .split_once("| method | here | test |\n|---|---|---|\n")
        .unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [method, _, test] = cells[..] else {
            panic!("three cells: {row}");
        };
        let (file, name) = test.split_once(": `").unwrap();
        (
            method.into(),
            file.into(),
            name.trim_end_matches('`').into(),
        )
    })
    .collect()
}

#[test]
fn every_method_has_a_row_with_a_test_that_exists() {
    let rows = rows();
    let methods: Vec<_> = rows.iter().map(|(method, ..)| method.as_str()).collect();
    assert_eq!(
        methods,
        [
            "GetLastError",
            "GetMsgStoresTable",
            "OpenMsgStore",
            "OpenAddressBook",
            "OpenProfileSection",
            "GetStatusTable",
            "OpenEntry",
            "CompareEntryIDs",
            "Advise",
            "Unadvise",
            "MessageOptions",
            "QueryDefaultMessageOpt",
            "EnumAdrTypes",
            "QueryIdentity",
            "Logoff",
            "SetDefaultStore",
            "AdminServices",
            "ShowForm",
            "PrepareForm",
            "QueryFastShutdown",
            "NotifyProcessShutdown",
            "DoFastShutdown",
        ],
        "the vtables' order"
    );
    for (method, file, test) in rows {
        let source = fs::read_to_string(format!("tests/session/{file}.rs")).unwrap();
        assert!(
            source.contains(&format!("#[test]\nfn {test}() {{")),
            "{method}: there is no test {test} in {file}"
        );
    }
}
