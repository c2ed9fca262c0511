//! libFuzzer's way into [`selvedge_fuzz::avif::avif`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| selvedge_fuzz::avif::avif(input));
