//! HEIC and AVIF by libheif, in processes of their own: what a file makes of the decoder stays there.

mod process;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use selvedge_heif::{Codec, Refusal, Reply, Request, Shape};
use tracing::warn;

use crate::bindings::{CodePoints, Colours, Decoded, Excess, Failure, Raster};
use crate::failure::TransformError;
use crate::stop::Stop;
use process::{Lost, Process};

/// The program, where neither this variable nor an argument names it: it lies beside this one.
pub const VARIABLE: &str = "SELVEDGE_HEIF";

/// Its name.
const PROGRAM: &str = "selvedge-heif";

/// What is missing, where there is no such program.
const ABSENT: &str = "HEIC and AVIF are read and written by libheif, which this server was built \
                      without: install its development files (Debian: `apt-get install \
                      libheif-dev`) and build again by `cargo xtask build`";

/// Processes with libheif: as many as are used at once, each for many files.
pub struct Heif {
    program: Option<PathBuf>,
    idle: Mutex<Vec<Process>>,
}

impl Heif {
    /// Processes of this program, or else of the one beside the program that runs. Where there is
    /// none, each use is refused with the reason.
    pub fn new(given: Option<&Path>) -> Self {
        let beside = || Some(std::env::current_exe().ok()?.with_file_name(PROGRAM));
        let program = given.map(Path::to_owned).or_else(beside).filter(|path| path.is_file());
        Self { program, idle: Mutex::default() }
    }

    /// Whether there is a program at all.
    pub fn is_there(&self) -> bool {
        self.program.is_some()
    }

    /// The upright pixels of a file, which may take so many bytes, and what they stand for.
    ///
    /// # Errors
    /// What is wrong with the file, that it took longer than `deadline`, or that it was stopped.
    pub fn decode(
        &self,
        file: &[u8],
        memory: u64,
        deadline: Duration,
        stop: &Stop,
    ) -> Result<Decoded, TransformError> {
        let pixels = memory / 4;
        let (reply, mut body) = self.ask(Request::Decode { pixels }, &[file], deadline, stop)?;
        let (shape, coded) = match reply {
            Reply::Pixels { shape, coded } if shape.body() == body.len() as u64 => (shape, coded),
            Reply::Refused(refusal) => return Err(refused(refusal, pixels)),
            Reply::Pixels { .. } | Reply::File => return Err(Lost::Confused.into()),
        };
        let profile = body.split_off(body.len().saturating_sub(shape.profile as usize));
        let Shape { width, height, channels, .. } = shape;
        let colours = match coded {
            _ if !profile.is_empty() => Colours::Profile(profile),
            Some(selvedge_heif::CodePoints { primaries, transfer }) => {
                Colours::Coded(CodePoints { primaries, transfer })
            }
            None => Colours::Srgb,
        };
        Ok(Decoded { raster: Raster { width, height, channels, samples: body }, colours })
    }

    /// A file of these pixels.
    ///
    /// # Errors
    /// What libheif says, that it took longer than `deadline`, or that it was stopped.
    pub fn encode(
        &self,
        codec: Codec,
        quality: u8,
        raster: &Raster,
        deadline: Duration,
        stop: &Stop,
    ) -> Result<Vec<u8>, TransformError> {
        let coloured = with_colours(raster);
        let (channels, samples) = coloured.as_ref().map_or_else(
            || (raster.channels, raster.samples.as_slice()),
            |samples| (raster.channels + 2, samples.as_slice()),
        );
        let shape = Shape { width: raster.width, height: raster.height, channels, profile: 0 };
        let request = Request::Encode { codec, quality, shape };
        match self.ask(request, &[samples], deadline, stop)? {
            (Reply::File, file) => Ok(file),
            (Reply::Refused(refusal), _) => Err(refused(refusal, 0)),
            (Reply::Pixels { .. }, _) => Err(Lost::Confused.into()),
        }
    }

    /// One request to a process that has nothing to do, or to a new one. Whatever is not a reply
    /// is the end of that process, and of no other.
    fn ask(
        &self,
        request: Request,
        body: &[&[u8]],
        deadline: Duration,
        stop: &Stop,
    ) -> Result<(Reply, Vec<u8>), TransformError> {
        let program = self.program.as_deref();
        let program = program.ok_or_else(|| unsupported(ABSENT.to_owned()))?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut process = match idle {
            Some(process) => process,
            None => Process::start(program)?,
        };
        let answer = process.ask(&request, body, deadline, stop).inspect_err(|lost| {
            if !matches!(lost, Lost::Left) {
                warn!(program = %program.display(), "{lost}");
            }
        })?;
        if !process.is_worn() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(process);
        }
        Ok(answer)
    }
}

/// The samples as RGB or RGBA, where they are grey.
fn with_colours(raster: &Raster) -> Option<Vec<u8>> {
    match raster.channels {
        1 => Some(raster.samples.iter().flat_map(|grey| [*grey; 3]).collect()),
        2 => {
            let pixels = raster.samples.as_chunks::<2>().0;
            Some(pixels.iter().flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha]).collect())
        }
        _ => None,
    }
}

fn refused(refusal: Refusal, limit: u64) -> TransformError {
    TransformError::Refused(match refusal {
        Refusal::Malformed(why) => Failure::Malformed(why.trim().to_owned()),
        Refusal::TooManyPixels(actual) => {
            Failure::TooLarge(Excess { what: "source pixels".to_owned(), limit, actual })
        }
        Refusal::Truncated(why) => Failure::Truncated(why.trim().to_owned()),
        Refusal::Unsupported(why) => Failure::Unsupported(why.trim().to_owned()),
    })
}

fn unsupported(why: String) -> TransformError {
    TransformError::Refused(Failure::Unsupported(why))
}

impl From<Lost> for TransformError {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Late(deadline) => Self::Deadline(deadline),
            Lost::Left => Self::Stopped,
            Lost::Absent(_) => unsupported(lost.to_string()),
            Lost::Gone(_) | Lost::Confused => {
                Self::Refused(Failure::Malformed(format!("{lost}; the file may be damaged")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_gets_colours() {
        let raster = |channels, samples: &[u8]| Raster {
            width: 1,
            height: 1,
            channels,
            samples: samples.to_vec(),
        };
        assert_eq!(with_colours(&raster(1, &[7])), Some(vec![7, 7, 7]));
        assert_eq!(with_colours(&raster(2, &[7, 9])), Some(vec![7, 7, 7, 9]));
        assert_eq!(with_colours(&raster(3, &[1, 2, 3])), None);
    }

    #[test]
    fn without_a_program_each_use_says_what_to_do() {
        let heif = Heif::new(Some(Path::new("/nowhere/selvedge-heif")));
        assert!(!heif.is_there());
        let error =
            heif.decode(&[], 1 << 20, Duration::from_secs(1), &Stop::default()).unwrap_err();
        assert!(error.to_string().contains("libheif-dev"), "{error}");
    }

    #[test]
    fn what_takes_too_long_is_stopped() {
        // It sleeps for as many seconds as its arguments say, together.
        let heif = Heif::new(Some(Path::new("/bin/sleep")));
        let error =
            heif.decode(&[], 1 << 20, Duration::from_millis(50), &Stop::default()).unwrap_err();
        assert!(matches!(error, TransformError::Deadline(_)), "{error}");
    }

    #[test]
    fn what_nobody_waits_for_is_stopped() {
        let heif = Heif::new(Some(Path::new("/bin/sleep")));
        let (guard, stop) = Stop::pair();
        let error = std::thread::scope(|scope| {
            // Without a stop it would sleep for weeks, and end at the longest deadline.
            let work = scope.spawn(|| heif.decode(&[], 1 << 20, Duration::ZERO, &stop));
            drop(guard);
            work.join().unwrap().unwrap_err()
        });
        assert!(matches!(error, TransformError::Stopped), "{error}");
        assert!(heif.idle.lock().unwrap().is_empty(), "its process is not used again");
    }

    #[test]
    fn a_program_that_answers_nothing_hurts_one_request() {
        for program in ["/bin/false", "/bin/true"] {
            let heif = Heif::new(Some(Path::new(program)));
            let stop = Stop::default();
            let error =
                heif.decode(&[1; 1 << 20], 1 << 20, Duration::from_secs(9), &stop).unwrap_err();
            let TransformError::Refused(Failure::Malformed(why)) = &error else {
                panic!("{error}");
            };
            assert!(why.contains("damaged"), "{why}");
        }
    }
}
