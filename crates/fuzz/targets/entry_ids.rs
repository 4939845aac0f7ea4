#![no_main]

#[path = "../../../tests/fuzz/entry_ids.rs"]
mod entry_ids;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry_ids::body(data));
