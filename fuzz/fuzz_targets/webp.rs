//! libFuzzer's way into [`selvedge_fuzz::webp::webp`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| selvedge_fuzz::webp::webp(input));
