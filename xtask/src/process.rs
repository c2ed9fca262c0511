//! Running other programs, and saying which one failed.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a program may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);

/// Runs a program to its end, with its output on ours.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", told(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", told(command));
    }
    Ok(())
}

/// Runs a program to its end and gives what it wrote to stdout.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    command.stderr(Stdio::inherit());
    let output = command.output().with_context(|| format!("cannot start {}", told(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}", told(command), output.status);
    }
    Ok(output.stdout)
}

/// A program that runs beside this one, and is stopped with it.
pub struct Companion {
    name: &'static str,
    child: Child,
}

impl Companion {
    /// Starts a program. Its stdin stays open as long as this value lives.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command.stdin(Stdio::piped()).spawn();
        let child = child.with_context(|| format!("cannot start {}", told(command)))?;
        Ok(Self { name, child })
    }

    /// Its stdout, once, if it was asked for.
    pub fn stdout(&mut self) -> Result<std::process::ChildStdout> {
        self.child.stdout.take().with_context(|| format!("{} has no stdout to read", self.name))
    }

    /// Fails with its name if it has ended.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended by itself with {status}", self.name),
            None => Ok(()),
        }
    }
}

impl Drop for Companion {
    /// Asks it to end, waits, and ends it by force if that does not help.
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let id = self.child.id().to_string();
        // The standard library can only kill. Where there is no such program, force it is.
        let asked = Command::new("kill").args(["-TERM", &id]).stderr(Stdio::null()).status();
        let asked_at = Instant::now();
        while asked.is_ok() && asked_at.elapsed() < GRACE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

fn told(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy()));
    format!("`{}`", words.join(" "))
}
