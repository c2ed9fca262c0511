//! The `selvedge` command. All of it lives in the library, so that tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    selvedge::cli::main()
}
