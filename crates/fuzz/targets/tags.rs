#![no_main]

#[path = "../../../tests/fuzz/tags.rs"]
mod tags;

libfuzzer_sys::fuzz_target!(|data: &[u8]| tags::body(data));
