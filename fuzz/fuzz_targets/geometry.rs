//! libFuzzer's way into [`selvedge_fuzz::decisions::geometry`].
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| selvedge_fuzz::decisions::geometry(input));
