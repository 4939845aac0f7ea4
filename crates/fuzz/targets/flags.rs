#![no_main]

#[path = "../../../tests/fuzz/flags.rs"]
mod flags;

libfuzzer_sys::fuzz_target!(|data: &[u8]| flags::body(data));
