#![no_main]

#[path = "../../../tests/fuzz/calls.rs"]
mod calls;

libfuzzer_sys::fuzz_target!(|data: &[u8]| calls::body(data));
