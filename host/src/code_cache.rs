//! Compiled components on disk, so that only the first start compiles.
//!
//! A compiled component is machine code that the engine runs as it is. So the folder must be ours
//! alone, and every file in it carries a checksum; whatever is not in order is thrown away and
//! compiled anew.

use std::env;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use tracing::info;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::component::hexadecimal;
use crate::files::{ours, own_folder, write_whole};

/// Compiled components that are kept: a few versions, with and without a setting.
const KEPT: usize = 8;

/// A folder of compiled components that only this user can write to.
#[derive(Clone, Debug)]
pub struct CodeCache {
    folder: PathBuf,
}

impl CodeCache {
    /// The cache in the user's cache folder: `$XDG_CACHE_HOME/selvedge`, else `~/.cache/selvedge`.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_user() -> Result<Self, String> {
        let absolute = |name: &str| {
            let path = PathBuf::from(env::var_os(name)?);
            path.is_absolute().then_some(path)
        };
        let folder = absolute("XDG_CACHE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
            .ok_or("neither XDG_CACHE_HOME nor HOME is an absolute path")?;
        Self::at(&folder.join("selvedge"))
    }

    /// The cache in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// If it cannot be made, or somebody else could write to it.
    pub fn at(folder: &Path) -> Result<Self, String> {
        own_folder(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The compiled component of this digest, if there is a sound one for `engine`. One that is not
    /// sound is removed.
    pub fn load(&self, engine: &Engine, digest: &str) -> Option<Component> {
        let path = self.path(engine, digest);
        if !path.exists() {
            return None;
        }
        match checked(engine, &path) {
            Ok(component) => Some(component),
            Err(error) => {
                info!("compiled code was not usable and is removed: {error}");
                let _ = fs::remove_file(&path);
                let _ = fs::remove_file(checksum_path(&path));
                None
            }
        }
    }

    /// Keeps `code`, which [`Engine::precompile_component`] made for `engine`, and loads it as the
    /// next start will; `None` if it cannot be read back.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn store(
        &self,
        engine: &Engine,
        digest: &str,
        code: &[u8],
    ) -> io::Result<Option<Component>> {
        let path = self.path(engine, digest);
        let checksum = hexadecimal(&Sha256::digest(code));
        write_whole(&path, &[code])?;
        // Between the two renames a reader sees a checksum that does not fit, and compiles.
        write_whole(&checksum_path(&path), &[checksum.as_bytes()])?;
        self.prune();
        Ok(self.load(engine, digest))
    }

    fn path(&self, engine: &Engine, digest: &str) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let name = format!("{digest}-{:016x}.cwasm", hasher.finish());
        self.folder.join(name)
    }

    /// Removes all but the newest few.
    fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let compiled = entry.path().extension().is_some_and(|e| e == "cwasm");
                let changed = entry.metadata().ok()?.modified().ok()?;
                compiled.then(|| (changed, entry.path()))
            })
            .collect();
        files.sort_unstable_by(|a, b| b.cmp(a));
        for (_, path) in files.iter().skip(KEPT) {
            let _ = fs::remove_file(path);
            let _ = fs::remove_file(checksum_path(path));
        }
    }
}

/// Loads a file after its owner, its mode and its checksum were found to be right.
fn checked(engine: &Engine, path: &Path) -> Result<Component, String> {
    let io = |error: io::Error| error.to_string();
    ours(path).map_err(io)?;
    let expected = fs::read_to_string(checksum_path(path)).map_err(io)?;
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path).map_err(io)?, &mut hasher).map_err(io)?;
    let got = hexadecimal(&hasher.finalize());
    if got != expected {
        return Err(format!("its checksum is {got}, expected {expected}"));
    }
    #[expect(unsafe_code, reason = "wasmtime cannot verify machine code")]
    // SAFETY: the file must be what `Engine::precompile_component` wrote, unchanged, now and while
    // it is mapped. It lies in a folder that only this user can write to (`CodeCache::at` checks
    // owner and mode), it is itself owned by this user and not writable by others (`ours`), its
    // bytes have the checksum that was stored beside it, and Selvedge changes such files only by
    // renaming new ones over them, which leaves a mapped file as it is. The engine itself refuses
    // code that was compiled by another version or for other settings.
    let component = unsafe { Component::deserialize_file(engine, path) };
    component.map_err(|error| error.to_string())
}

fn checksum_path(path: &Path) -> PathBuf {
    path.with_extension("cwasm.sha256")
}
