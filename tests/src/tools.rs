//! Programs of other people's that judge our output. What is missing is installed where that can be
//! done quietly; what cannot is a reason to skip, except where nothing may be skipped.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail, ensure};

use crate::workspace;

/// One installation at a time: package managers lock.
static INSTALLING: Mutex<()> = Mutex::new(());

/// The path of `program`, which the Debian package `package` holds; `None` if it is to be skipped.
///
/// # Errors
/// If it is missing and the environment says `CI=true`.
pub fn program(program: &str, package: &str) -> Result<Option<PathBuf>> {
    let _alone = INSTALLING.lock();
    if let Some(path) = find(program) {
        return Ok(Some(path));
    }
    apt_install(package);
    match find(program) {
        Some(path) => Ok(Some(path)),
        None => skipped(&format!("`{program}` is missing: install the package {package}")),
    }
}

/// A Python that has Pillow; `None` if it is to be skipped.
///
/// # Errors
/// If it is missing and the environment says `CI=true`.
pub fn pillow() -> Result<Option<PathBuf>> {
    let found = python("PIL.Image", "pillow");
    let debian = || {
        apt_install("python3-pil");
        let debian = PathBuf::from("/usr/bin/python3");
        has_module(&debian, "PIL.Image").then_some(debian)
    };
    match found.or_else(debian) {
        Some(python) => Ok(Some(python)),
        None => skipped("Python has no Pillow: install it with `pip install pillow`"),
    }
}

/// A Python that has `module`, which pip installs as `package`; `None` if it is to be skipped.
///
/// # Errors
/// If it is missing and the environment says `CI=true`.
pub fn python_with(module: &str, package: &str) -> Result<Option<PathBuf>> {
    match python(module, package) {
        Some(python) => Ok(Some(python)),
        None => skipped(&format!("Python has no {module}: `pip install {package}`")),
    }
}

/// A Python that has `module`: one that is there, else one of our own into which pip installs `package`.
fn python(module: &str, package: &str) -> Option<PathBuf> {
    let _alone = INSTALLING.lock();
    let own = workspace::root().join("target/python");
    let own_python = own.join("bin/python3");
    let known = [own_python.clone(), "/usr/bin/python3".into(), "python3".into()];
    if let Some(python) = known.into_iter().find(|python| has_module(python, module)) {
        return Some(python);
    }
    // In a place of our own, so that nothing of the machine's is changed.
    let made = own_python.is_file() || runs(Command::new("python3").args(["-m", "venv"]).arg(&own));
    let install = ["-m", "pip", "install", "-q", package];
    (made && runs(Command::new(&own_python).args(install))).then_some(own_python)
}

/// Deno, which npm has as a package; `None` if it is to be skipped.
///
/// # Errors
/// If it is missing and the environment says `CI=true`.
pub fn deno() -> Result<Option<PathBuf>> {
    let _alone = INSTALLING.lock();
    // In a place of our own, so that nothing of the machine's is changed.
    let folder = workspace::root().join("target/deno");
    let own = folder.join("node_modules/.bin/deno");
    if let Some(path) = find("deno").or_else(|| own.is_file().then(|| own.clone())) {
        return Ok(Some(path));
    }
    let mut npm = Command::new("npm");
    if runs(npm.args(["install", "--no-save", "--prefix"]).arg(&folder).arg("deno@2")) {
        return Ok(Some(own));
    }
    skipped("Deno is missing: `npm install deno`")
}

fn has_module(python: &Path, module: &str) -> bool {
    runs(Command::new(python).args(["-c", &format!("import {module}")]))
}

/// What a program writes to stdout, given `input` on stdin.
///
/// # Errors
/// If it does not run, or is not content, with what it says. `warns` is a status that counts as
/// success too.
pub fn piped(program: &Path, args: &[&str], input: &[u8], warns: Option<i32>) -> Result<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    let output = thread::scope(|scope| {
        // A program that has seen enough closes its end: what counts is what it says.
        scope.spawn(move || stdin.write_all(input).ok());
        child.wait_with_output()
    })?;
    let told = String::from_utf8_lossy(&output.stderr);
    let fine = output.status.success() || warns.is_some() && output.status.code() == warns;
    ensure!(fine, "{} {args:?} says: {told}", program.display());
    Ok(output.stdout)
}

/// Says why something is skipped, also where the output of tests that pass is held back.
///
/// # Errors
/// If nothing may be skipped.
fn skipped<T>(reason: &str) -> Result<Option<T>> {
    if env::var("CI").is_ok_and(|value| value == "true") {
        bail!("{reason}; with CI=true nothing is skipped");
    }
    note(&format!("skipped: {reason}"));
    Ok(None)
}

/// Tells something from within a test that may pass: print macros would be held back.
pub fn note(text: &str) {
    writeln!(io::stderr(), "    {text}").ok();
}

fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut candidates = env::split_paths(&path).map(|folder| folder.join(program));
    candidates.find(|candidate| candidate.is_file())
}

/// Installs a Debian package if that can be done without asking anybody.
pub fn apt_install(package: &str) {
    let is_root = Command::new("id").arg("-u").output();
    let is_root = is_root.is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if !is_root || find("apt-get").is_none() {
        return;
    }
    note(&format!("installing {package}"));
    let apt = |args: &[&str]| {
        let mut apt = Command::new("apt-get");
        runs(apt.args(args).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    let install = ["install", "-qq", "-y", "--no-install-recommends", package];
    // Without lists of packages nothing is found; they are fetched once.
    if !apt(&install) && apt(&["update", "-qq"]) {
        apt(&install);
    }
}

/// Whether a program runs to its end and is content.
fn runs(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
