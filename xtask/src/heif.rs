//! The program with libheif, where that can be had.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;
use selvedge_tests::tools;

use crate::step::{note, step};
use crate::{host, process, workspace};

const ADVICE: &str = "libheif (1.14 or newer) is not installed: HEIC will be refused. To have it, \
                      install its development files (Debian: `apt-get install libheif-dev \
                      pkg-config`) and build again";

/// Builds `target/release/selvedge-heif`, if libheif is there or can be installed quietly.
pub fn build() -> Result<()> {
    step("Building what runs libheif", || {
        if !is_there() {
            tools::apt_install("libheif-dev");
            tools::apt_install("pkg-config");
        }
        if !is_there() {
            note(ADVICE);
            return Ok(());
        }
        let build = ["build", "--release", "--package", "selvedge-heif"];
        process::run(workspace::cargo().args(build).args(features()))?;
        host::take(&product())
    })
}

/// Gets the program of libheif's own that tests compare with, if it can be installed quietly.
///
/// # Errors
/// If it is missing where nothing may be skipped.
pub fn reference() -> Result<()> {
    if is_there() {
        tools::program("heif-convert", "libheif-examples")?;
    }
    Ok(())
}

/// The program.
pub fn product() -> PathBuf {
    workspace::host().with_file_name("selvedge-heif")
}

/// What cargo is told wherever it deals with the crate.
pub fn features() -> &'static [&'static str] {
    if is_there() { &["--features", "selvedge-heif/libheif"] } else { &[] }
}

/// Whether libheif can be linked.
fn is_there() -> bool {
    let mut ask = Command::new("pkg-config");
    ask.args(["--atleast-version=1.14", "libheif"]).stdout(Stdio::null()).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}
