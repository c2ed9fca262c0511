//! A Python with libvips in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step::note;
use crate::workspace;

/// The package that brings libvips along, built by the makers of pyvips.
const PACKAGE: &str = "pyvips[binary]";

/// A Python that can `import pyvips`.
pub struct Python {
    program: PathBuf,
}

impl Python {
    /// The interpreter, which leaves no compiled scripts in the project.
    pub fn command(&self) -> Command {
        let mut python = Command::new(&self.program);
        python.env("PYTHONDONTWRITEBYTECODE", "1");
        python
    }
}

/// The project's own Python, into which libvips is installed if need be. The machine's own Python
/// is not asked: its libvips may be years older, and to win against that would prove little.
pub fn with_pyvips() -> Result<Python> {
    let folder = workspace::products().join("python");
    let program = folder.join("bin").join("python3");
    if !has_pyvips(&program) {
        note(format!("installing {PACKAGE} by pip"));
        let made = runs(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        let pip = ["-m", "pip", "install", "-q", PACKAGE];
        if !made || !runs(Command::new(&program).args(pip)) || !has_pyvips(&program) {
            bail!(
                "cannot install {PACKAGE} into target/python: Python 3 with venv and pip is needed \
                 (Debian: `apt-get install python3-venv`), and a way to PyPI"
            );
        }
    }
    Ok(Python { program })
}

/// Whether it has a libvips, of its own.
fn has_pyvips(python: &Path) -> bool {
    runs(Command::new(python).args(["-c", "import pyvips, _libvips"]))
}

fn runs(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
