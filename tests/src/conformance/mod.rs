//! Edge against origin: every file of a folder by every plan through both, byte for byte.

mod plans;
mod progress;
mod seen;

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use anyhow::{Context, Result, ensure};
use selvedge_plan::limits;

use crate::http::Client;
use crate::memory::{ISOLATE, keep};
use crate::process::Server;
use crate::upstream::{Upstream, encoded};
use crate::{edge, origin, samples, workspace};
pub use plans::{PLANS, Plan};
use progress::Progress;
pub use seen::Seen;

/// How many differences are shown.
const SHOWN: usize = 10;

/// Files that say what they are and are no images.
const TEXTS: [&str; 3] = ["md", "tsv", "txt"];

/// What came out.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Pairs of answers.
    pub compared: usize,
    /// Pairs with the same picture.
    pub equal: usize,
    /// Pairs with the same problem.
    pub refused_alike: usize,
    /// Pairs that were not compared, since they are the origin's: files too large for the edge, and
    /// HEIF that only libheif reads, or reads in what memory there is.
    pub handed_over: usize,
    /// Pairs that failed alike in a way that is a defect.
    pub broken_alike: usize,
    /// The first differences, told.
    pub differences: Vec<String>,
}

impl Tally {
    /// Whether edge and origin agree.
    pub fn is_clean(&self) -> bool {
        self.compared == self.equal + self.refused_alike
    }

    /// The line that scripts read.
    pub fn line(&self) -> String {
        let Self { compared, equal, refused_alike, .. } = self;
        format!("{compared} compared, {equal} equal, {refused_alike} refused alike")
    }

    fn count(&mut self, question: &Question, edge: &Seen, origin: &Seen) {
        let for_libheif = edge.is_code("unsupported") || edge.is_code("over-budget");
        let for_the_origin = edge.is_code("source-too-large") || (question.is_heif && for_libheif);
        if for_the_origin && edge != origin {
            self.handed_over += 1;
            return;
        }
        self.compared += 1;
        match (edge, origin) {
            (Seen::Picture { .. }, _) if edge == origin => self.equal += 1,
            (Seen::Problem { status, .. }, _) if edge == origin => {
                self.refused_alike += 1;
                self.broken_alike += usize::from(*status >= 500);
            }
            _ if self.differences.len() < SHOWN => {
                let told = format!("{}\n  edge:   {edge}\n  origin: {origin}", question.target);
                self.differences.push(told);
            }
            _ => {}
        }
    }
}

/// The command: `conformance [DIR]`. Status 1 on a difference, 2 for a call that makes no sense.
pub fn main(args: &[OsString]) -> ExitCode {
    let folder = match args {
        [] => None,
        [folder] if Path::new(folder).is_dir() => Some(Path::new(folder)),
        _ => {
            eprintln!("usage: conformance [DIR], where DIR is a folder with images");
            return ExitCode::from(2);
        }
    };
    let told = run(folder).and_then(|tally| {
        tell(&tally)?;
        Ok(tally.is_clean())
    });
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("conformance: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn tell(tally: &Tally) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for difference in &tally.differences {
        writeln!(out, "{difference}")?;
    }
    let more = tally.compared - tally.equal - tally.refused_alike - tally.differences.len();
    if more > 0 {
        writeln!(out, "and {more} more")?;
    }
    if tally.broken_alike > 0 {
        writeln!(out, "{} are failures of the server, alike", tally.broken_alike)?;
    }
    if tally.handed_over > 0 {
        writeln!(out, "{} handed over: too large for the edge, or for libheif", tally.handed_over)?;
    }
    writeln!(out, "{}", tally.line())?;
    Ok(())
}

/// Compares all files below `folder`; without one, those of the corpus if it is there, else of a
/// small generated set.
///
/// # Errors
/// If a server does not start, or there is no file.
pub fn run(folder: Option<&Path>) -> Result<Tally> {
    let folder = match folder.map(Path::to_owned).or_else(workspace::corpus) {
        Some(folder) => folder,
        None => generated()?,
    };
    let folder =
        folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
    let files = files(&folder)?;
    ensure!(!files.is_empty(), "no file below {}", folder.display());
    let asked = questions(&folder, &files)?;
    eprintln!("{} files × {} plans", files.len(), PLANS.len());

    let upstream = Upstream::folder(folder.clone())?;
    let below = format!("SOURCE={}/", upstream.url());
    let edge = edge::start_with(&[&below], None, &["--heap"])?;
    // The host does not follow links out of its folder, which the upstream does.
    let all_inside =
        files.iter().all(|file| file.canonicalize().is_ok_and(|file| file.starts_with(&folder)));
    let source = if all_inside {
        folder.to_string_lossy().into_owned()
    } else {
        format!("{}/", upstream.url())
    };
    let origin = start_like_the_edge(&source)?;
    let tally = compare(&asked, &edge, &origin)?;
    let memory = edge.memory();
    eprintln!("most memory at the edge, in bytes: {memory:?}");
    if workspace::corpus().and_then(|corpus| corpus.canonicalize().ok()) == Some(folder) {
        let mut counted = memory.json();
        counted["files"] = files.len().into();
        counted["plans"] = PLANS.len().into();
        keep("corpus", &counted)?;
    }
    // Requests overlap here, so the heap has files of others than the one that is transformed.
    for (what, limit, most) in [
        ("one transform", 2 * limits::MEMORY_EDGE, memory.transform),
        ("an isolate", ISOLATE, memory.together),
    ] {
        ensure!(most <= limit, "expected at most {limit} bytes of {what}, got {most}: {memory:?}");
    }
    Ok(tally)
}

/// Gives the origin the edge's limits, so that both refuse the same; and time enough, since the edge
/// has no deadline.
fn start_like_the_edge(source: &str) -> Result<Server> {
    let (memory, work) = (limits::MEMORY_EDGE.to_string(), limits::WORK_EDGE.to_string());
    let limits = ["--memory", &memory, "--work", &work, "--deadline-ms", "600000"];
    origin::start(source, &limits)
}

fn generated() -> Result<PathBuf> {
    let folder = workspace::scratch("small")?;
    samples::small_set(&folder)?;
    eprintln!("no corpus here; comparing a small generated set");
    Ok(folder)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = workspace::files_below(folder)?;
    files.retain(|file| {
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        !TEXTS.contains(&ending.to_ascii_lowercase().as_str())
    });
    Ok(files)
}

/// One request, to be sent to both.
#[derive(Clone)]
struct Question {
    target: String,
    accept: &'static str,
    /// Whether the file is HEIF, thus HEIC or AVIF, which libheif may read where the edge does not.
    is_heif: bool,
}

/// File by file, so that what the edge has fetched once is still at hand for the next plan.
fn questions(folder: &Path, files: &[PathBuf]) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for file in files {
        let below = file.strip_prefix(folder).unwrap_or(file);
        let is_heif = is_heif(file)?;
        let path = encoded(&below.to_string_lossy());
        questions.extend(PLANS.iter().map(|plan| Question {
            target: format!("/image/{}/{path}", plan.options),
            accept: plan.accept,
            is_heif,
        }));
    }
    Ok(questions)
}

/// Whether a file begins with a `ftyp` box (ISO/IEC 14496-12 §4.3).
fn is_heif(file: &Path) -> Result<bool> {
    let mut first = Vec::new();
    File::open(file)?.take(8).read_to_end(&mut first)?;
    Ok(first.ends_with(b"ftyp"))
}

fn compare(asked: &[Question], edge: &Server, origin: &Server) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut progress = Progress::start(asked.len());
    // Each side goes on at its own pace: both have a core to themselves.
    let (edge, origin) = (ask(edge, asked), ask(origin, asked));
    for question in asked {
        let (edge, origin) = (edge.recv()?, origin.recv()?);
        tally.count(question, &edge, &origin);
        progress.advance(&question.target);
    }
    progress.finish();
    Ok(tally)
}

/// Asks everything over one connection, in order.
fn ask(server: &Server, asked: &[Question]) -> Receiver<Seen> {
    let (sender, answers) = mpsc::channel();
    let (mut client, asked): (Client, Vec<Question>) = (server.client(), asked.to_vec());
    thread::spawn(move || {
        for question in asked {
            let headers = [("accept", question.accept)];
            let answer = client.send("GET", &question.target, &headers);
            if sender.send(Seen::of(answer)).is_err() {
                break;
            }
        }
    });
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(digest: &str) -> Seen {
        Seen::Picture { media_type: "image/png".to_owned(), bytes: 1, digest: digest.to_owned() }
    }

    fn problem(status: u16, code: &str) -> Seen {
        Seen::Problem { status, code: code.to_owned() }
    }

    fn about(target: &str, is_heif: bool) -> Question {
        Question { target: target.to_owned(), accept: "", is_heif }
    }

    #[test]
    fn only_what_is_the_same_is_equal() {
        let mut tally = Tally::default();
        tally.count(&about("same", false), &picture("a"), &picture("a"));
        tally.count(
            &about("refused", false),
            &problem(415, "unsupported"),
            &problem(415, "unsupported"),
        );
        tally.count(&about("broken", false), &problem(500, "internal"), &problem(500, "internal"));
        tally.count(&about("large", false), &problem(413, "source-too-large"), &picture("a"));
        for (status, code) in [(415, "unsupported"), (413, "over-budget")] {
            tally.count(&about("heic", true), &problem(status, code), &picture("a"));
        }
        assert!(tally.is_clean());
        assert_eq!(tally.line(), "3 compared, 1 equal, 2 refused alike");
        assert_eq!((tally.handed_over, tally.broken_alike), (3, 1));
        for (edge, origin) in [
            (picture("a"), picture("b")),
            (picture("a"), problem(413, "over-budget")),
            (problem(415, "unsupported"), picture("a")),
            (problem(422, "malformed"), problem(422, "truncated")),
            (picture("a"), Seen::Nothing("gone".to_owned())),
            (Seen::Odd("x".to_owned()), Seen::Odd("x".to_owned())),
        ] {
            let before = tally.differences.len();
            tally.count(&about("other", false), &edge, &origin);
            assert!(!tally.is_clean());
            assert_eq!(tally.differences.len(), before + 1, "{edge} {origin}");
        }
        assert_eq!(tally.line(), "9 compared, 1 equal, 2 refused alike");
    }
}
