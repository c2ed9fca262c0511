//! `formats`: makes every format of every other, and writes the tables of it.

use std::process::ExitCode;

fn main() -> ExitCode {
    selvedge_tests::matrix::main()
}
