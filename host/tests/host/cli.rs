//! The program, as a person or a script uses it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::picture::{png, png_size};
use crate::setup::{self, Folder};

pub fn selvedge(args: &[&str]) -> Command {
    let mut command = Command::new(setup::PROGRAM);
    command
        .args(args)
        .env("SELVEDGE_COMPONENT", setup::component_path())
        .env("XDG_CACHE_HOME", setup::cache_folder())
        .env_remove("SELVEDGE_KEYS")
        .env_remove("RUST_LOG")
        .stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    selvedge(args).output().unwrap()
}

/// One line on standard error, and this status.
pub fn refuses(args: &[&str], status: i32, part: &str) {
    let output = run(args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{args:?}: {text}");
    assert!(text.contains(part), "{args:?}: {text}");
    assert!(!text.contains("panicked"), "{text}");
    if status == 1 {
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_amiss_is_told_and_the_picture_written() {
    let folder = Folder::new();
    let whole = folder.write("in.png", png(64, 48));
    let jpeg = folder.path().join("whole.jpg");
    assert!(run(&["transform", text(&whole), text(&jpeg)]).status.success());
    let bytes = std::fs::read(&jpeg).unwrap();
    let cut = folder.write("cut.jpg", &bytes[..bytes.len() - 20]);
    let output = folder.path().join("out.jpg");
    refuses(&["transform", text(&cut), text(&output)], 1, "truncated");
    let told = "selvedge: warning: the file ends in its picture data\n";
    let done = run(&["transform", text(&cut), text(&output), "damaged=keep"]);
    assert!(done.status.success() && output.is_file(), "{done:?}");
    assert_eq!(String::from_utf8(done.stderr).unwrap(), told);
    let many = folder.path().join("many");
    let done = run(&["transform", "--out-dir", text(&many), "damaged=keep", text(&cut)]);
    assert!(done.status.success() && many.join("cut.jpg").is_file(), "{done:?}");
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("cut.jpg: the file ends in its picture data"), "{told}");
}

#[test]
fn transform_writes_what_the_name_or_the_options_say() {
    let folder = Folder::new();
    let input = folder.write("in.png", png(64, 48));
    for (output, options, magic) in [
        ("a.jpg", Some("width=32"), b"\xff\xd8\xff".as_slice()),
        ("b.webp", Some("width=32"), b"RIFF"),
        ("c.png", None, b"\x89PNG"),
        ("d.webp", Some("format=png"), b"\x89PNG"),
    ] {
        let output = folder.path().join(output);
        let mut args = vec!["transform", text(&input), text(&output)];
        args.extend(options);
        args.extend(["--repeat", "2"]);
        let done = run(&args);
        assert!(done.status.success(), "{done:?}");
        assert!(done.stderr.is_empty(), "{done:?}");
        assert!(std::fs::read(output).unwrap().starts_with(magic));
    }
}

#[test]
fn transform_reads_and_writes_pipes() {
    let args = ["transform", "-", "-", "width=16,format=png", "--repeat", "3"];
    let mut child = selvedge(&args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&png(32, 32)).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(png_size(&output.stdout), (16, 16));
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let folder = Folder::new();
    let input = folder.write("in.png", png(600, 600));
    for args in [
        vec!["transform", text(&input), "-", "format=png"],
        vec!["probe", text(&input)],
        vec!["--help"],
    ] {
        let mut child =
            selvedge(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(!text.contains("panicked"), "{args:?}: {text}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}");
    }
}

#[test]
fn failures_are_one_line_and_usage_is_two() {
    let folder = Folder::new();
    let input = folder.write("in.png", png(8, 8));
    let broken = folder.write("broken.png", "no\npicture");
    let output = folder.path().join("out.png");
    let (input, output) = (text(&input), text(&output));
    refuses(&["transform", input, output, "widht=1"], 1, "`widht`");
    refuses(&["transform", text(&broken), output], 1, "unsupported");
    refuses(&["transform", "no-such\nfile", output], 1, "no-such");
    refuses(&["transform", input, "/no/such/folder/a.png"], 1, "/no/such");
    refuses(&["transform", input, output, "--work", "1"], 1, "over-budget");
    refuses(&["probe", text(&broken)], 1, "unsupported");
    refuses(&["--component", "no-such.wasm", "probe", input], 1, "no-such.wasm");
    refuses(&["--component", input, "probe", input], 1, "selvedge: ");
    refuses(&["transform", input], 2, "IN OUT");
    refuses(&["transform", input, output, "width=1", "more"], 2, "--out-dir");
    refuses(&["transform", input, output, "--repeat", "0"], 2, "--repeat");
    refuses(&["transform", "--out-dir", "x", "width=1"], 2, "FILE");
    refuses(&["nonsense"], 2, "nonsense");
    refuses(&[], 2, "Usage");
}

#[test]
fn steps_are_told() {
    let folder = Folder::new();
    let input = folder.write("in.png", png(64, 48));
    let output = folder.path().join("a.png");
    let done = run(&["transform", text(&input), text(&output), "width=8", "--steps"]);
    let told = String::from_utf8(done.stderr).unwrap();
    for step in ["decode", "encode", "transform"] {
        assert!(told.lines().any(|line| line.starts_with(step)), "{told}");
    }
}

#[test]
fn without_a_deadline_the_picture_is_the_same() {
    let folder = Folder::new();
    let input = folder.write("in.png", png(64, 48));
    let output = |flags: &[&str]| {
        let mut args = vec!["transform", text(&input), "-", "width=8,format=webp"];
        args.extend(flags);
        run(&args).stdout
    };
    let with = output(&[]);
    assert!(!with.is_empty());
    assert_eq!(with, output(&["--deadline-ms", "0"]));
}

#[test]
fn many_files_at_once() {
    let folder = Folder::new();
    let a = folder.write("a.png", png(8, 8));
    let twin = folder.write("x/b.png", png(8, 8));
    let other = folder.write("y/b.apng", png(9, 9));
    let broken = folder.write("broken.png", "no picture");
    let out = folder.path().join("out");
    let files = [text(&a), text(&twin), text(&other), text(&broken), "missing.png"];
    let mut args = vec!["transform", "--out-dir", text(&out), "width=4,format=webp"];
    args.extend(files);
    let done = run(&args);
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(told.contains("broken.png: unsupported"), "{told}");
    assert!(told.contains("missing.png: "), "{told}");
    assert!(told.ends_with("selvedge: 2 of 5 files failed\n"), "{told}");
    for name in ["a.webp", "b.png.webp", "b.apng.webp"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    // Into the folder where they are, they would be lost.
    let here = run(&["transform", "--out-dir", text(folder.path()), "format=png", text(&a)]);
    assert_eq!(here.status.code(), Some(1));
    assert_eq!(std::fs::read(&a).unwrap(), png(8, 8));
}

#[test]
fn a_folder_is_all_pictures_below_it() {
    let folder = Folder::new();
    for name in
        ["in/a.PNG", "in/x/b.png", "in/x/y/b.png", "in/x/b.apng", "in/.c.png", "in/.d/d.png"]
    {
        folder.write(name, png(8, 8));
    }
    folder.write("in/notes.txt", "no picture");
    std::os::unix::fs::symlink("..", folder.path().join("in/x/round")).unwrap();
    // Pictures that were made lie within; they are not made again of themselves.
    let (pictures, out) = (folder.path().join("in"), folder.path().join("in/made"));
    for _ in 0..2 {
        let args = ["transform", "--out-dir", text(&out), "width=4,format=webp", text(&pictures)];
        let done = run(&args);
        assert!(done.status.success() && done.stderr.is_empty(), "{done:?}");
    }
    for name in ["a.webp", "x/b.apng.webp", "x/b.png.webp", "x/y/b.webp"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let list = |folder: &str| std::fs::read_dir(out.join(folder)).unwrap().count();
    assert_eq!((list(""), list("x"), list("x/y")), (2, 3, 1), "and no others");
}

#[test]
fn probe_prints_json() {
    let folder = Folder::new();
    let input = folder.write("in.png", png(64, 48));
    let report: serde_json::Value =
        serde_json::from_slice(&run(&["probe", text(&input)]).stdout).unwrap();
    let expected = serde_json::json!({
        "media_type": "image/png", "width": 64, "height": 48, "orientation": 1, "alpha": false,
        "depth": 8, "progressive": false, "bytes": png(64, 48).len(),
    });
    assert_eq!(report, expected);
}

#[test]
fn sign_makes_what_serve_takes() {
    let keys = "k1:000102030405060708090a0b0c0d0e0f";
    let path = "/image/width=100/a.jpg";
    let signed = "/image/sig=k1.yNpl4KkdzXRHPtZ4Ii90KcPRFvh4u0gvaePRV-dSDq0/width=100/a.jpg\n";
    let by_flag = run(&["sign", path, "--keys", keys]);
    assert_eq!(String::from_utf8(by_flag.stdout).unwrap(), signed);
    let by_variable = selvedge(&["sign", path]).env("SELVEDGE_KEYS", keys).output();
    assert_eq!(String::from_utf8(by_variable.unwrap().stdout).unwrap(), signed);
    refuses(&["sign", path], 1, "SELVEDGE_KEYS");
    refuses(&["sign", "/image/widht=1/a", "--keys", keys], 1, "widht");
    refuses(&["sign", "/other/a", "--keys", keys], 1, "/image/");
    refuses(&["sign", signed.trim(), "--keys", keys], 1, "already");
    refuses(&["sign", path, "--keys", "k1:00"], 1, "hexadecimal");
}
