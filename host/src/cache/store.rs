//! Entries in a folder, with a budget of bytes. Whatever goes wrong with the disk is a miss, and no
//! entry that is cut, changed or another's is ever given out.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use tokio::task;
use tracing::{info, warn};

use super::counts::Counts;
use super::entry::Entry;
use super::index::{Index, Name};
use crate::component::hexadecimal;
use crate::files::{TEMPORARY, own_folder, write_whole};

/// After this long nobody writes a file any more: who began was killed.
const ABANDONED: Duration = Duration::from_secs(600);

/// A store. Several processes may share its folder, while one takes over from the other: each keeps to
/// the budget by what it knows.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    index: Index,
    failing: AtomicBool,
    counts: Counts,
}

impl Store {
    /// The store in `folder`, which is made if it is not there. What is in it already is counted by a
    /// thread of its own.
    ///
    /// # Errors
    /// If it cannot be made, or somebody else could write to it.
    pub fn open(folder: &Path, bytes: u64, counts: Counts) -> Result<Self, String> {
        own_folder(folder)?;
        for first in 0..=u8::MAX {
            own_folder(&folder.join(hexadecimal(&[first])))?;
        }
        let (index, failing) = (Index::new(bytes)?, AtomicBool::new(false));
        let inner = Inner { folder: folder.to_owned(), index, failing, counts };
        let store = Self(Arc::new(inner));
        let inner = Arc::clone(&store.0);
        let counting = thread::Builder::new().name("cache".to_owned());
        counting.spawn(move || inner.count()).map_err(|error| format!("no thread: {error}"))?;
        Ok(store)
    }

    /// What is kept under `name`.
    pub async fn get(&self, name: Name) -> Option<Entry> {
        let inner = Arc::clone(&self.0);
        task::spawn_blocking(move || inner.get(&name)).await.ok().flatten()
    }

    /// Keeps `entry` under `name`, if the disk lets it, and gives it back.
    ///
    /// # Errors
    /// If the thread that wrote it broke.
    pub async fn put(&self, name: Name, entry: Entry) -> Result<Entry, task::JoinError> {
        let inner = Arc::clone(&self.0);
        let put = move || {
            inner.put(name, &entry);
            inner.weigh();
            entry
        };
        task::spawn_blocking(put).await
    }

    /// What happened since the start.
    pub fn counts(&self) -> &Counts {
        &self.0.counts
    }
}

impl Inner {
    fn get(&self, name: &Name) -> Option<Entry> {
        let path = self.path(name);
        let read = || {
            let file = File::open(&path)?;
            let size = file.metadata()?.len();
            Entry::read(file, size, name)
        };
        match read() {
            Ok(Some(entry)) => {
                self.index.used(name);
                self.counts.hits.inc();
                return Some(entry);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.counts.misses.inc();
                self.index.forget(name);
            }
            Ok(None) | Err(_) => {
                self.counts.damaged.inc();
                self.remove(name);
            }
        }
        None
    }

    fn put(&self, name: Name, entry: &Entry) {
        // Room is made first, so that the disk never holds more than the budget.
        for gone in self.index.add(name, entry.size()) {
            self.remove(&gone);
        }
        if !self.index.has(&name) {
            return;
        }
        let Some(frame) = entry.frame(&name) else {
            return self.remove(&name);
        };
        let parts = [frame.as_slice(), &entry.head, &entry.body];
        match write_whole(&self.path(&name), &parts) {
            Ok(()) if self.failing.swap(false, Ordering::Relaxed) => {
                info!("the cache is written again")
            }
            Ok(()) => {}
            Err(error) => {
                self.remove(&name);
                self.counts.failures.inc();
                // Told once, and not with each request.
                if !self.failing.swap(true, Ordering::Relaxed) {
                    warn!(folder = %self.folder.display(), %error, "the cache cannot be written");
                }
            }
        }
    }

    fn weigh(&self) {
        self.counts.bytes.set(i64::try_from(self.index.bytes()).unwrap_or(i64::MAX));
    }

    fn remove(&self, name: &Name) {
        self.index.forget(name);
        let _ = fs::remove_file(self.path(name));
    }

    fn path(&self, name: &Name) -> PathBuf {
        let text = hexadecimal(name);
        let (folder, file) = text.split_at(2);
        self.folder.join(folder).join(file)
    }

    /// Adds what an earlier process left, the oldest first, and removes what it left half done.
    fn count(&self) {
        let mut found: Vec<(SystemTime, u64, Name)> = Vec::new();
        for first in 0..=u8::MAX {
            let folder = self.folder.join(hexadecimal(&[first]));
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let Some((changed, size)) = written(&entry) else { continue };
                match name(first, &path) {
                    Some(name) => found.push((changed, size, name)),
                    None if is_abandoned(&path, changed) => drop(fs::remove_file(path)),
                    None => {}
                }
            }
        }
        found.sort_unstable();
        for (_, size, name) in found {
            if !self.index.has(&name) {
                for gone in self.index.add(name, size) {
                    self.remove(&gone);
                }
            }
        }
        self.weigh();
    }
}

fn written(entry: &fs::DirEntry) -> Option<(SystemTime, u64)> {
    let data = entry.metadata().ok()?;
    Some((data.modified().ok()?, data.len()))
}

fn is_abandoned(path: &Path, changed: SystemTime) -> bool {
    path.extension().is_some_and(|extension| extension == TEMPORARY)
        && changed.elapsed().is_ok_and(|age| age > ABANDONED)
}

/// The name of the entry that a file holds, from the folder's number and its own name.
fn name(first: u8, path: &Path) -> Option<Name> {
    let text = path.file_name()?.to_str()?;
    let mut name = [first; 32];
    let digits = text.as_bytes().chunks_exact(2);
    if text.len() != 2 * (name.len() - 1) {
        return None;
    }
    for (byte, pair) in name.iter_mut().skip(1).zip(digits) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(name)
}
