//! Identifiers as text: what people copy from one program to another.

use mapi_session::{EntryId, MapiUid};

/// The Exchange address book provider, muidEMSAB of edkmdb.h.
const EMSAB: MapiUid = MapiUid::new([
    0xDC, 0xA7, 0x40, 0xC8, 0xC0, 0x42, 0x10, 0x1A, 0xB4, 0xB9, 0x08, 0x00, 0x2B, 0x2F, 0xE1, 0x82,
]);

// Outlook's object model gives an EntryID as hex: what it gives is read, and written the same, in
// short and in long identifiers.
#[test]
fn entry_ids_are_written_and_read_in_hex() {
    for (bytes, text) in [
        (vec![], String::new()),
        (vec![0], "00".to_owned()),
        (vec![0x0F, 0xF0], "0FF0".to_owned()),
        (vec![0; 4], "00000000".to_owned()),
        (EMSAB.as_bytes().to_vec(), EMSAB.to_string()),
        (
            (0..=255).collect(),
            (0..=255).map(|byte| format!("{byte:02X}")).collect(),
        ),
    ] {
        let entry_id = EntryId::new(&bytes);
        assert_eq!(entry_id.to_string(), text);
        assert_eq!(format!("{entry_id:?}"), format!("EntryId({text})"));
        for text in [text.to_lowercase(), text] {
            assert_eq!(text.parse::<EntryId>().as_ref(), Ok(&entry_id), "{text}");
        }
    }
}

// A MAPIUID is a GUID in little-endian order (page mapiuid): its first three fields stand in
// reverse. MS-OXNSPI writes GUID_NSPI with hyphens, edkmdb.h the same as the bytes of muidEMSAB.
#[test]
fn uids_are_written_and_read_in_hex_and_read_as_guids() {
    assert_eq!(EMSAB.to_string(), "DCA740C8C042101AB4B908002B2FE182");
    for text in [
        "DCA740C8C042101AB4B908002B2FE182",
        "dca740c8c042101ab4b908002b2fe182",
        "{C840A7DC-42C0-1A10-B4B9-08002B2FE182}",
        "{c840a7dc-42c0-1a10-b4b9-08002b2fe182}",
    ] {
        assert_eq!(text.parse(), Ok(EMSAB), "{text}");
    }
}

// What is not exactly an identifier is refused, and the error quotes it and says why.
#[test]
fn other_text_is_no_entry_id() {
    for (text, reason) in [
        ("0", "odd number"),
        ("000", "odd number"),
        ("0G", "'G'"),
        ("0x00", "'x'"),
        (" 00", "' '"),
        ("00\n", "'\\n'"),
        ("+0", "'+'"),
        ("\u{FF10}\u{FF10}", "is no hex digit"),
    ] {
        let error = text.parse::<EntryId>().unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{text:?} is no entry")),
            "{error}"
        );
        assert!(error.contains(reason), "{error}");
    }
}

// A MAPIUID has exactly 16 bytes, and a GUID its braces and four hyphens.
#[test]
fn other_text_is_no_uid() {
    for text in [
        "",
        "{}",
        "DCA740C8C042101AB4B908002B2FE1",
        "DCA740C8C042101AB4B908002B2FE18",
        "DCA740C8C042101AB4B908002B2FE18200",
        "DCA740C8C042101AB4B908002B2FE18G",
        "\u{E9}A740C8C042101AB4B908002B2FE182",
        "{DCA740C8C042101AB4B908002B2FE182}",
        "C840A7DC-42C0-1A10-B4B9-08002B2FE182",
        "{C840A7DC-42C0-1A10-B4B9-08002B2FE182",
        "{C840A7DC-42C01A10-B4B9-08002B2FE182}",
        "{C840A7DC-42C0-1A10-B4B908-002B2FE182}",
        "{C840A7DC-42C0-1A10-B4B9-08002B2FE182-}",
        "{C840A7DG-42C0-1A10-B4B9-08002B2FE182}",
    ] {
        let error = text.parse::<MapiUid>().unwrap_err().to_string();
        let expected = format!("{text:?} is no MAPIUID: ");
        assert!(error.starts_with(&expected), "{error}");
    }
}

// An error goes to logs: however long the text was, its message is a line of bounded length.
#[test]
fn long_text_is_quoted_shortened() {
    for text in [
        "0".repeat((5 << 20) + 1),
        "-".repeat(5 << 20),
        format!("{{{}}}", "-".repeat(5 << 20)),
        "\n".repeat(5 << 20),
    ] {
        for error in [
            text.parse::<EntryId>().unwrap_err(),
            text.parse::<MapiUid>().unwrap_err(),
        ] {
            let (message, debug) = (error.to_string(), format!("{error:?}"));
            assert!(message.len() < 1000 && debug.len() < 1000, "{message}");
            assert!(message.contains('\u{2026}'), "{message}");
            assert!(!message.contains('\n'), "{message}");
        }
    }
}
