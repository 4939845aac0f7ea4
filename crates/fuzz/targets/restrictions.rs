#![no_main]

#[path = "../../../tests/fuzz/restrictions.rs"]
mod restrictions;

libfuzzer_sys::fuzz_target!(|data: &[u8]| restrictions::body(data));
