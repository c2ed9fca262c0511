//! A Python with libvips and libwebp in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::step::note;
use crate::workspace;

/// The packages that bring libvips and libwebp along, built by the makers of pyvips and Pillow.
const PACKAGES: [&str; 2] = ["pyvips[binary]", "pillow"];

/// A Python that can `import pyvips, PIL`.
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
pub fn with_libraries() -> Result<Python> {
    let folder = workspace::products().join("python");
    let program = folder.join("bin").join("python3");
    if !has_packages(&program) {
        note(format!("installing {} by pip", PACKAGES.join(" and ")));
        let made = runs(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        let pip = ["-m", "pip", "install", "-q"];
        if !made
            || !runs(Command::new(&program).args(pip).args(PACKAGES))
            || !has_packages(&program)
        {
            bail!(
                "cannot install {} into target/python: Python 3 with venv and pip is needed \
                 (Debian: `apt-get install python3-venv`), and a way to PyPI",
                PACKAGES.join(" and ")
            );
        }
    }
    Ok(Python { program })
}

/// Whether it has them, with a libvips of its own.
fn has_packages(python: &Path) -> bool {
    runs(Command::new(python).args(["-c", "import pyvips, _libvips, PIL"]))
}

fn runs(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
