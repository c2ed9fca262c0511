//! All runs of late, a line each, in two files: the one that is written, and the one before it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::run::Run;

/// Bytes of one file: some ten thousand runs.
const MOST: u64 = 8 << 20;

const NOW: &str = "runs.jsonl";
const BEFORE: &str = "runs-before.jsonl";

/// The files in a folder.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    file: File,
    size: u64,
    most: u64,
}

impl Ledger {
    /// Goes on with what is in `folder`.
    ///
    /// # Errors
    /// If it cannot be written to.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::with_size(folder, MOST)
    }

    fn with_size(folder: &Path, most: u64) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).mode(0o600).open(folder.join(NOW))?;
        let size = file.metadata()?.len();
        Ok(Self { folder: folder.to_owned(), file, size, most })
    }

    /// Adds a run.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, run: &Run) -> io::Result<()> {
        if self.size >= self.most {
            fs::rename(self.folder.join(NOW), self.folder.join(BEFORE))?;
            *self = Self::with_size(&self.folder, self.most)?;
        }
        let mut line = serde_json::to_vec(run)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.size = self.size.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    /// All runs in `folder`, the oldest first. A line that was cut off is passed over.
    ///
    /// # Errors
    /// If there are none, or they cannot be read.
    pub fn read(folder: &Path) -> io::Result<Vec<Run>> {
        let before =
            fs::read_to_string(folder.join(BEFORE)).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(String::new()),
                _ => Err(error),
            })?;
        let now = fs::read_to_string(folder.join(NOW))?;
        let lines = before.lines().chain(now.lines());
        Ok(lines.filter_map(|line| serde_json::from_str(line).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::Outcome;
    use super::super::run::sample;
    use super::*;

    #[test]
    fn the_newest_runs_are_kept_over_restarts() {
        let folder = std::env::temp_dir().join(format!("selvedge-ledger-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        assert!(Ledger::read(&folder).is_err());
        let line = serde_json::to_vec(&sample(0, Outcome::Equal)).unwrap().len() as u64;
        for number in 0..10 {
            // Three to a file, opened anew each time.
            let mut ledger = Ledger::with_size(&folder, 3 * line).unwrap();
            ledger.add(&sample(number, Outcome::Equal)).unwrap();
        }
        OpenOptions::new()
            .append(true)
            .open(folder.join(NOW))
            .unwrap()
            .write_all(b"{\"at")
            .unwrap();
        let kept: Vec<u64> = Ledger::read(&folder).unwrap().iter().map(|run| run.at).collect();
        assert_eq!(kept, [6, 7, 8, 9]);
        fs::remove_dir_all(folder).unwrap();
    }
}
