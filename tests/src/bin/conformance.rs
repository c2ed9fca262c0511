//! `conformance [DIR]`: edge against origin, byte by byte.

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    selvedge_tests::conformance::main(&args)
}
