#![no_main]

#[path = "../../../tests/fuzz/descriptions.rs"]
mod descriptions;

libfuzzer_sys::fuzz_target!(|data: &[u8]| descriptions::body(data));
