#![no_main]

#[path = "../../../tests/fuzz/codes.rs"]
mod codes;

libfuzzer_sys::fuzz_target!(|data: &[u8]| codes::body(data));
