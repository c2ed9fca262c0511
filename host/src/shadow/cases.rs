//! The worst cases, in a folder: each with its ticket, files, and both pictures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use selvedge_plan::ticket::Ticket;
use tracing::warn;

use super::run::{Outcome, Run};
use crate::files::{own_folder, write_whole};
use crate::ticket::digest;

/// The folder of cases in the one of shadow runs.
const FOLDER: &str = "cases";

const RUN: &str = "run.json";
const TICKET: &str = "ticket.txt";
const SENT: &str = "sent";
const SHADOW: &str = "shadow";

/// All that it takes to see a run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The component of the shadow, the files, the plan, and the picture that was sent: what it is expected
    /// to make.
    pub ticket: Ticket,
    /// The source, then what is drawn over it.
    pub files: Vec<Vec<u8>>,
    /// The picture that was sent.
    pub sent: Vec<u8>,
    /// The one of the shadow; empty if there is none.
    pub shadow: Vec<u8>,
}

/// The worst cases of each kind.
#[derive(Debug)]
pub struct Cases {
    folder: PathBuf,
    keep: usize,
    kept: Vec<Kept>,
}

/// A case that is in the folder.
#[derive(Debug)]
struct Kept {
    name: String,
    fails: bool,
    badness: f64,
}

impl Cases {
    /// Those in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// If it cannot be made or read, or somebody else could write to it.
    pub fn open(folder: &Path, keep: usize) -> Result<Self, String> {
        let folder = folder.join(FOLDER);
        own_folder(&folder)?;
        let failed = |error| format!("{}: {error}", folder.display());
        let kept = names(&folder).map_err(failed)?.into_iter().filter_map(|name| {
            let place = read_run(&folder.join(&name)).ok().and_then(|run| place(&run.outcome));
            if place.is_none() {
                // Of a server that ended while it wrote.
                let _ = fs::remove_dir_all(folder.join(&name));
            }
            place.map(|(fails, badness)| Kept { name, fails, badness })
        });
        Ok(Self { keep, kept: kept.collect(), folder })
    }

    /// Keeps a case, if it is among the worst of its kind: failures do not push out pictures that differ. One
    /// case is kept once.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn offer(&mut self, run: &Run, case: &Case) -> io::Result<()> {
        let Some((fails, badness)) = place(&run.outcome) else { return Ok(()) };
        let ticket = case.ticket.to_string();
        let digest = digest(ticket.as_bytes());
        let name = format!("{}-{}", run.outcome.name(), digest.get(..16).unwrap_or_default());
        let rivals = self.kept.iter().enumerate().filter(|(_, kept)| kept.fails == fails);
        let count = rivals.clone().count();
        let mildest = rivals.min_by(|(_, a), (_, b)| a.badness.total_cmp(&b.badness));
        let mildest = mildest.map(|(at, kept)| (at, kept.badness));
        let known = self.kept.iter().any(|kept| kept.name == name);
        let full = count >= self.keep;
        if known || (full && mildest.is_none_or(|(_, mildest)| badness <= mildest)) {
            return Ok(());
        }
        write(&self.folder.join(&name), run, case, &ticket)?;
        if let Some((at, _)) = mildest.filter(|_| full) {
            let gone = self.kept.swap_remove(at);
            fs::remove_dir_all(self.folder.join(gone.name))?;
        }
        self.kept.push(Kept { name, fails, badness });
        Ok(())
    }

    /// All cases in a folder of shadow runs, the worst first.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(folder: &Path) -> io::Result<Vec<(Run, Case)>> {
        let folder = folder.join(FOLDER);
        let mut all = Vec::new();
        for name in names(&folder)? {
            match read(&folder.join(&name)) {
                Ok(found) => all.push(found),
                // A server that runs may remove it just now.
                Err(error) => warn!(name, %error, "a case is passed over"),
            }
        }
        let badness = |(run, _): &(Run, Case)| run.outcome.badness().unwrap_or(0.0);
        all.sort_by(|a, b| badness(b).total_cmp(&badness(a)));
        Ok(all)
    }
}

/// Of which kind a case is, and how bad; `None` if there is nothing to see.
fn place(outcome: &Outcome) -> Option<(bool, f64)> {
    Some((matches!(outcome, Outcome::Failed { .. }), outcome.badness()?))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

fn write(folder: &Path, run: &Run, case: &Case, ticket: &str) -> io::Result<()> {
    own_folder(folder).map_err(io::Error::other)?;
    for (number, file) in case.files.iter().enumerate() {
        write_whole(&folder.join(format!("source-{number}")), &[file])?;
    }
    write_whole(&folder.join(SENT), &[&case.sent])?;
    write_whole(&folder.join(SHADOW), &[&case.shadow])?;
    write_whole(&folder.join(TICKET), &[ticket.as_bytes(), b"\n"])?;
    // The last one: a case without it is none.
    write_whole(&folder.join(RUN), &[&serde_json::to_vec(run)?])
}

fn read_run(folder: &Path) -> io::Result<Run> {
    Ok(serde_json::from_slice(&fs::read(folder.join(RUN))?)?)
}

fn read(folder: &Path) -> io::Result<(Run, Case)> {
    let run = read_run(folder)?;
    let ticket = fs::read_to_string(folder.join(TICKET))?;
    let ticket: Ticket = ticket.parse().map_err(io::Error::other)?;
    let files =
        (0..ticket.files.len()).map(|number| fs::read(folder.join(format!("source-{number}"))));
    let files = files.collect::<io::Result<_>>()?;
    let (sent, shadow) = (fs::read(folder.join(SENT))?, fs::read(folder.join(SHADOW))?);
    Ok((run, Case { ticket, files, sent, shadow }))
}

#[cfg(test)]
mod tests {
    use super::super::run::sample;
    use super::*;

    fn case(number: u32, outcome: Outcome) -> (Run, Case) {
        let digest = format!("{number:064x}");
        let ticket = Ticket {
            component: digest.clone(),
            files: vec![digest.clone()],
            picture: digest,
            plan: "width=8".to_owned(),
        };
        let case = Case { ticket, files: vec![b"source".to_vec()], sent: vec![1], shadow: vec![2] };
        (sample(number, outcome), case)
    }

    fn differs(score: f64) -> Outcome {
        Outcome::Differs { score: Some(score), psnr: Some(30.0) }
    }

    #[test]
    fn the_worst_of_each_kind_are_kept_over_restarts() {
        let folder = std::env::temp_dir().join(format!("selvedge-cases-{}", std::process::id()));
        let offer = |number, outcome| {
            let (run, case) = case(number, outcome);
            // Opened anew each time, as by a server that starts again.
            Cases::open(&folder, 2).unwrap().offer(&run, &case).unwrap();
        };
        let failed = || Outcome::Failed { why: "trap".to_owned(), detail: String::new() };
        for (number, outcome) in [
            (1, differs(90.0)),
            (2, Outcome::Equal),
            (3, failed()),
            (4, failed()),
            (5, failed()),
            (6, differs(50.0)),
            (7, differs(70.0)),
            (8, differs(95.0)),
            (6, differs(50.0)),
            (9, Outcome::SamePixels),
        ] {
            offer(number, outcome);
        }
        let kept = Cases::read(&folder).unwrap();
        let scores: Vec<_> = kept.iter().map(|(run, _)| run.outcome.score()).collect();
        assert_eq!(scores, [None, None, Some(50.0), Some(70.0)]);
        assert_eq!(kept[2], case(6, differs(50.0)));
        fs::remove_dir_all(folder).unwrap();
    }
}
