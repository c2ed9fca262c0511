//! Files that only this user can write to, and that are never seen half written.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a file is called while it is written, after a number: whatever has this at its end may be removed
/// when no process writes it any more.
pub const TEMPORARY: &str = "tmp";

/// Makes `folder` where it is not there.
///
/// # Errors
/// If it cannot be made, or somebody else could write to it.
pub fn own_folder(folder: &Path) -> Result<(), String> {
    let failed = |error: io::Error| format!("{}: {error}", folder.display());
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(folder).map_err(failed)?;
    ours(folder).map_err(failed)
}

/// Whether a file or folder is this user's, and nobody else may write to it. No link is followed.
///
/// # Errors
/// If not.
pub fn ours(path: &Path) -> io::Result<()> {
    let user = nix::unistd::geteuid().as_raw();
    let data = fs::symlink_metadata(path)?;
    let problem = if data.is_symlink() {
        "it is a symbolic link".to_owned()
    } else if data.uid() != user {
        format!("it belongs to user {}, expected {user}", data.uid())
    } else if data.mode() & 0o022 != 0 {
        format!("others may write to it (mode {:03o})", data.mode() & 0o777)
    } else {
        return Ok(());
    };
    Err(io::Error::new(io::ErrorKind::PermissionDenied, problem))
}

/// Writes `parts` one after the other under another name first, so that no reader ever sees half a file.
///
/// # Errors
/// If that fails; then nothing is changed.
pub fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{count}.{TEMPORARY}", process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options
        .open(&temporary)
        .and_then(|mut file| parts.iter().try_for_each(|part| file.write_all(part)))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}
