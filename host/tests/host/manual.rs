//! Manual pages and completions, as the programs that read them do.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::cli::{selvedge, text};
use crate::setup::Folder;

/// What a program makes of a text on its standard input; nothing if there is no such program here.
fn reads(program: &str, args: &[&str], input: &[u8]) -> Option<Output> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        assert!(std::env::var_os("CI").is_none(), "{program} is missing");
        eprintln!("skipped: no {program} here");
        return None;
    };
    child.stdin.take().unwrap().write_all(input).unwrap();
    Some(child.wait_with_output().unwrap())
}

#[test]
fn each_command_has_a_page() {
    let folder = Folder::new();
    assert!(selvedge(&["man", text(folder.path())]).status().unwrap().success());
    for (name, part) in [
        ("selvedge", "selvedge-transform(1)"),
        ("selvedge-serve", "--listen"),
        ("selvedge-transform", "--out-dir"),
        ("selvedge-bench", "--rate"),
    ] {
        let page = fs::read(folder.path().join(format!("{name}.1"))).unwrap();
        let Some(shown) = reads("man", &["--warnings", "-E", "UTF-8", "-l", "-"], &page) else {
            continue;
        };
        assert!(shown.status.success() && shown.stderr.is_empty(), "{shown:?}");
        let shown = String::from_utf8(shown.stdout).unwrap().replace('\u{2010}', "-");
        assert!(shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn a_shell_completes() {
    let script = selvedge(&["completions", "bash"]).output().unwrap().stdout;
    let asks = "\nCOMP_WORDS=(selvedge tra) COMP_CWORD=1\n_selvedge selvedge tra selvedge\n\
                echo \"${COMPREPLY[@]}\"\n";
    let all = [script.as_slice(), asks.as_bytes()].concat();
    if let Some(done) = reads("bash", &["--norc"], &all) {
        assert_eq!(String::from_utf8(done.stdout).unwrap(), "transform\n", "{:?}", done.stderr);
    }
}
