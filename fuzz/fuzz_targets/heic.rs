//! libFuzzer's way into [`selvedge_fuzz::heic::heic`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| selvedge_fuzz::heic::heic(input));
