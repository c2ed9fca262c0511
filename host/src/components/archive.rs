//! A folder of components, each under the digest of its bytes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::component::{ComponentFile, STILLS_NAME};

/// Digits of a digest.
const DIGITS: usize = 64;

/// Fewest digits by which a component can be named.
const SHORTEST: usize = 8;

/// A folder of components.
#[derive(Clone, Debug)]
pub struct Archive {
    folder: PathBuf,
}

/// A component in an archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// When it was added.
    pub added: SystemTime,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Bytes.
    pub size: u64,
}

impl Archive {
    /// The archive in `folder`, which is made when something is added.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// All components, the newest first.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn list(&self) -> io::Result<Vec<Entry>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let digest = name.to_str().and_then(|name| name.strip_suffix(".wasm"));
            if let Some(digest) = digest.filter(|digest| is_hexadecimal(digest, DIGITS)) {
                let data = entry.metadata()?;
                let (added, size) = (data.modified()?, data.len());
                found.push(Entry { added, digest: digest.to_owned(), size });
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        Ok(found)
    }

    /// Adds a component, if it is one of this contract and, where that is given, of this digest.
    ///
    /// # Errors
    /// Why it is refused, or that it cannot be written.
    pub fn add(&self, component: &ComponentFile, pinned: Option<&str>) -> Result<(), String> {
        component.check_contract()?;
        let digest = component.digest();
        if let Some(pinned) = pinned.filter(|pinned| *pinned != digest) {
            return Err(format!("the component is {digest}, expected {pinned}"));
        }
        // What belongs to it is there before it is.
        if let Some(stills) = component.stills() {
            self.write(&self.stills(stills.digest()), stills.bytes())?;
        }
        self.write(&self.path(digest), component.bytes())
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), String> {
        let write = || {
            fs::create_dir_all(&self.folder)?;
            // Nobody ever reads half a file.
            let half = path.with_extension("half");
            fs::write(&half, bytes)?;
            fs::rename(&half, path)
        };
        write().map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Removes all but the newest `keep` and those that are in use.
    ///
    /// # Errors
    /// If the folder cannot be read, or a file cannot be removed.
    pub fn collect(&self, keep: usize, used: &[String]) -> io::Result<Vec<Entry>> {
        let old = self.old(keep, used)?;
        for entry in &old {
            fs::remove_file(self.path(&entry.digest))?;
        }
        self.collect_stills()?;
        Ok(old)
    }

    /// What [`Archive::collect`] would remove.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn old(&self, keep: usize, used: &[String]) -> io::Result<Vec<Entry>> {
        let old = self.list()?.into_iter().skip(keep);
        Ok(old.filter(|entry| !used.contains(&entry.digest)).collect())
    }

    /// The component whose digest begins with `name`.
    ///
    /// # Errors
    /// If there is none or more than one, or its bytes are not what its name says.
    pub fn open(&self, name: &str) -> Result<ComponentFile, String> {
        let known = self.list().map_err(|error| format!("{}: {error}", self.folder.display()))?;
        let mut fit = known.iter().filter(|entry| entry.digest.starts_with(name));
        let (Some(entry), None) = (fit.next(), fit.next()) else {
            return Err(format!("expected one component {name} in {}", self.folder.display()));
        };
        let component = ComponentFile::open(Some(&self.path(&entry.digest)))?;
        if component.digest() != entry.digest {
            return Err(format!(
                "the component {} is damaged: it is {}",
                entry.digest,
                component.digest()
            ));
        }
        Ok(component)
    }

    /// Removes what decoded stills for components that are gone.
    fn collect_stills(&self) -> io::Result<()> {
        let left = self.list()?.into_iter().filter_map(|entry| {
            ComponentFile::open(Some(&self.path(&entry.digest)))
                .ok()?
                .stills()
                .map(|stills| self.stills(stills.digest()))
        });
        let left: BTreeSet<PathBuf> = left.collect();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            if name.ends_with(STILLS_NAME) && !left.contains(&path) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Where that lies which decodes stills for a component.
    fn stills(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{digest}.{STILLS_NAME}"))
    }

    fn path(&self, digest: &str) -> PathBuf {
        self.folder.join(format!("{digest}.wasm"))
    }
}

/// Whether a text names a component by its digest, or the beginning of that.
pub fn is_digest(text: &str) -> bool {
    (SHORTEST..=DIGITS).any(|digits| is_hexadecimal(text, digits))
}

fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
