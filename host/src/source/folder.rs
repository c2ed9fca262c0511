//! A folder as a source. Nothing outside of it can be reached, whatever path or link says so.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use selvedge_plan::source::SourcePath;
use selvedge_plan::{Code, Problem};
use tokio::task;

use super::too_large;

/// A folder with pictures.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder's one true name, without links.
    root: PathBuf,
}

/// A regular file below the folder.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    length: u64,
    changed_nanos: u128,
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    /// If there is none.
    pub fn new(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let root =
            path.canonicalize().map_err(|error| format!("source folder {shown}: {error}"))?;
        if root.is_dir() {
            Ok(Self { root })
        } else {
            Err(format!("source {shown}: expected a folder or an address"))
        }
    }

    /// Opens the file at `path`, if it has at most `limit` bytes.
    pub async fn open(&self, path: &SourcePath, limit: u64) -> Result<OpenFile, Problem> {
        let root = self.root.clone();
        let wanted = path.segments().iter().fold(root.clone(), |at, segment| at.join(segment));
        blocking(move || open(&root, &wanted, limit)).await
    }
}

impl OpenFile {
    /// Length and time of change: what every web server uses, at the precision of the file system.
    pub fn validator(&self) -> String {
        format!("file-{}-{}", self.length, self.changed_nanos)
    }

    /// Bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads the file.
    pub async fn read(self) -> Result<Vec<u8>, Problem> {
        blocking(move || {
            let mut bytes = Vec::new();
            // One byte more than expected, so that a file that grows is seen.
            let expected = self.length;
            self.file.take(expected.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
            if u64::try_from(bytes.len()) == Ok(expected) {
                Ok(bytes)
            } else {
                Err(Problem::new(Code::SourceFailed, "the file was changed while it was read"))
            }
        })
        .await
    }
}

fn open(root: &Path, wanted: &Path, limit: u64) -> Result<OpenFile, Problem> {
    let path = wanted.canonicalize().map_err(failed)?;
    // Seen from outside a way out of the folder is no way at all, and a device or pipe no file.
    let kind = fs::symlink_metadata(&path).map_err(failed)?;
    if !path.starts_with(root) || !kind.is_file() {
        return Err(not_found());
    }
    let file = options().open(&path).map_err(failed)?;
    let data = file.metadata().map_err(failed)?;
    if !data.is_file() {
        return Err(not_found());
    }
    if data.len() > limit {
        return Err(too_large(limit, data.len()));
    }
    let changed = data.modified().map_err(failed)?;
    let changed_nanos = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    Ok(OpenFile { length: data.len(), file, changed_nanos })
}

/// Between the look at a path and its opening, somebody may put a link or a pipe there. Neither is
/// followed or waited for.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    options
}

fn failed(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::InvalidFilename => not_found(),
        io::ErrorKind::PermissionDenied => Problem::new(
            Code::SourceFailed,
            "the server may not read the file: check its permissions",
        ),
        // The system's message may name paths of the server.
        kind => Problem::new(Code::SourceFailed, format!("the file cannot be read: {kind}")),
    }
}

fn not_found() -> Problem {
    Problem::new(Code::SourceNotFound, "there is no such file")
}

/// File systems may be slow, and network ones very slow: their calls do not stop other requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let lost = |_| Problem::new(Code::Internal, "reading the source was aborted");
    task::spawn_blocking(work).await.map_err(lost)?
}
