//! libFuzzer's way into [`selvedge_fuzz::png::png`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| selvedge_fuzz::png::png(input));
