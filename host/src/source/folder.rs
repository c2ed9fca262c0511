//! A folder as a source. Nothing outside of it can be reached, whatever path or link says so.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};
use futures_util::future::BoxFuture;
use selvedge_plan::{Code, Problem, Source};
use tokio::task;

use super::fetch::{Body, Facts, Fetch};
use super::origin::{Ask, Found, Origin};

/// A folder with pictures.
#[derive(Clone, Debug)]
pub struct Folder {
    /// What all paths are resolved beneath, by the system itself where it can (openat2 on Linux): no link
    /// leads out, also none that is put there between a look and a use.
    root: Arc<Dir>,
    /// What the operator calls it.
    name: PathBuf,
}

/// A regular file below the folder.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    length: u64,
}

impl Folder {
    /// The folder at `path`.
    ///
    /// # Errors
    /// If there is none.
    pub fn new(path: &Path) -> Result<Self, String> {
        let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(|error| {
            format!("`{}`: expected a folder or an address: {error}", path.display())
        })?;
        Ok(Self { root: Arc::new(root), name: path.to_owned() })
    }

    async fn fetch(&self, source: &Source, ask: Ask<'_>) -> Result<Found, Problem> {
        let Source::Path(path) = source else {
            return Err(not_found());
        };
        let wanted: PathBuf = path.segments().iter().collect();
        let root = Arc::clone(&self.root);
        let (facts, file) = blocking(move || open(&root, &wanted)).await?;
        Fetch::new(facts, Body::File(file), ask.byte_limit).map(Found::Whole)
    }
}

impl Origin for Folder {
    fn is_here(&self) -> bool {
        true
    }

    fn location(&self, source: &Source) -> String {
        format!("{}\n{}", self.name.display(), source.text())
    }

    fn open<'a>(
        &'a self,
        source: &'a Source,
        ask: Ask<'a>,
    ) -> BoxFuture<'a, Result<Found, Problem>> {
        Box::pin(self.fetch(source, ask))
    }
}

impl OpenFile {
    /// Reads the file, and one byte more than there were, so that a file that grows is seen.
    pub async fn read(self) -> Result<Vec<u8>, Problem> {
        blocking(move || {
            let mut bytes = Vec::new();
            let most = self.length.saturating_add(1);
            let room = usize::try_from(most).unwrap_or(usize::MAX);
            bytes
                .try_reserve_exact(room)
                .map_err(|_| failed(&io::ErrorKind::OutOfMemory.into()))?;
            self.file.take(most).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
            Ok(bytes)
        })
        .await
    }
}

fn open(root: &Dir, wanted: &Path) -> Result<(Facts, OpenFile), Problem> {
    let mut options = OpenOptions::new();
    // Neither is a pipe waited for, nor does a terminal become ours.
    options.read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    let file = root.open_with(wanted, &options).map_err(|error| failed(&error))?.into_std();
    let data = file.metadata().map_err(|error| failed(&error))?;
    // Seen from outside a device, a pipe or a folder is no file.
    if !data.is_file() {
        return Err(not_found());
    }
    let changed = data.modified().map_err(|error| failed(&error))?;
    let changed_nanos = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let length = data.len();
    // Length and time of change: what every web server uses, at the precision of the file system.
    let validator = Some(format!("file-{length}-{changed_nanos}"));
    let facts = Facts { validator, length: Some(length), ..Facts::default() };
    Ok((facts, OpenFile { file, length }))
}

fn failed(error: &io::Error) -> Problem {
    let kind = error.kind();
    // A loop of links has no stable kind. A way out of the folder is `PermissionDenied` without a number
    // of the system's.
    let nowhere = error.raw_os_error() == Some(libc::ELOOP)
        || matches!(
            kind,
            io::ErrorKind::NotFound
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::IsADirectory
                | io::ErrorKind::InvalidFilename
        )
        || kind == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none();
    if nowhere {
        return not_found();
    }
    let detail = match kind {
        io::ErrorKind::PermissionDenied => {
            "the server may not read the file: check its permissions".to_owned()
        }
        // The system's message may name paths of the server.
        kind => format!("the file cannot be read: {kind}"),
    };
    Problem::new(Code::SourceFailed, detail)
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
