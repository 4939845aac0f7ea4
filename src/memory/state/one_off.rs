//! One-off entry identifiers: a recipient who is in no address book.

use crate::{EntryId, MapiUid};

/// MAPI_ONE_OFF_UID
pub(super) const UID: MapiUid = MapiUid::new([
    0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19, 0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02,
]);
/// MAPI_ONE_OFF_UNICODE
const UNICODE: u16 = 0x8000;

/// PR_SEARCH_KEY of an address.
pub(super) fn search_key(address_type: &str, address: &str) -> Vec<u8> {
    let key = format!("{address_type}:{address}\0");
    key.to_uppercase().into_bytes()
}

/// The identifier of who has this name and this search key.
pub(super) fn entry_id(display_name: &str, search_key: &[u8]) -> EntryId {
    let key = String::from_utf8_lossy(search_key);
    let key = key.trim_end_matches('\0');
    let (address_type, address) = key.split_once(':').unwrap_or(("", key));
    let (flags, version) = ([0; 4], [0; 2]);
    let mut bytes = [
        &flags,
        &UID.as_bytes()[..],
        &version,
        &UNICODE.to_le_bytes(),
    ]
    .concat();
    for text in [display_name, address_type, address] {
        // A string ends at its first null.
        let text = text.split('\0').next().unwrap_or_default();
        let units = text.encode_utf16().chain([0]);
        bytes.extend(units.flat_map(u16::to_le_bytes));
    }
    EntryId::new(bytes)
}

/// The display name in an identifier of this form: three strings that end it, after flags, identifier,
/// version and flags. Text that is not Unicode is taken for what it is in UTF-8.
pub(super) fn display_name(entry_id: &[u8]) -> Option<String> {
    let version = entry_id.get(20..22)?;
    let flags = u16::from_le_bytes(entry_id.get(22..24)?.try_into().ok()?);
    let texts = &entry_id[24..];
    let texts = match flags & UNICODE {
        0 => String::from_utf8_lossy(texts).into_owned(),
        _ if texts.len() % 2 != 0 => return None,
        _ => {
            let units = texts.chunks_exact(2);
            let units: Vec<_> = units.map(|it| u16::from_le_bytes([it[0], it[1]])).collect();
            String::from_utf16_lossy(&units)
        }
    };
    let is_whole = version == [0; 2] && texts.ends_with('\0') && texts.matches('\0').count() == 3;
    is_whole.then(|| texts.split('\0').next().unwrap_or_default().to_owned())
}
