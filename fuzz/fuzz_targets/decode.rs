//! libFuzzer's way into [`selvedge_fuzz::decode`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| selvedge_fuzz::decode(input));
