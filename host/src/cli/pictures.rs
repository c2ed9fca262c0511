//! Which files a batch is of, and where each one's picture goes.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Endings of files that are taken from a folder. What is named is tried whatever its name is.
const ENDINGS: [&str; 16] = [
    "apng", "avif", "bmp", "gif", "heic", "heif", "ico", "jfif", "jpe", "jpeg", "jpg", "png",
    "svg", "tif", "tiff", "webp",
];

/// A file, and its picture's place below the folder for all of them, without an ending of its own.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub path: PathBuf,
    /// Where its picture goes.
    pub target: PathBuf,
}

/// All that `operands` name: files, and folders with what is below them, whose folders are kept. What is in
/// `out` is left out, since it was made here.
///
/// # Errors
/// If a folder cannot be read.
pub fn all(operands: &[OsString], out: &Path) -> Result<Vec<Picture>, String> {
    let mut pictures = Vec::new();
    let out = out.canonicalize().ok();
    for operand in operands.iter().map(Path::new) {
        if operand.is_dir() {
            below(operand, Path::new(""), out.as_deref(), &mut pictures)
                .map_err(|(path, error)| format!("{}: {error}", path.display()))?;
        } else {
            let target = operand.file_stem().unwrap_or_default().into();
            pictures.push(Picture { path: operand.to_owned(), target });
        }
    }
    // Sources that differ only in their endings keep them, so that none overwrites another.
    let mut seen = BTreeSet::new();
    let again = |picture: &&Picture| !seen.insert(picture.target.clone());
    let twice: BTreeSet<PathBuf> =
        pictures.iter().filter(again).map(|picture| picture.target.clone()).collect();
    for picture in pictures.iter_mut().filter(|picture| twice.contains(&picture.target)) {
        picture.target.set_file_name(picture.path.file_name().unwrap_or_default());
    }
    Ok(pictures)
}

fn below(
    folder: &Path,
    target: &Path,
    out: Option<&Path>,
    pictures: &mut Vec<Picture>,
) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error| (folder.to_owned(), error);
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<io::Result<Vec<_>>>();
    let mut entries = entries.map_err(failed)?;
    entries.sort_unstable_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        // Links to folders may lead round in a circle; hidden files are not meant.
        let is_folder = entry.file_type().map_err(failed)?.is_dir();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if !is_folder {
            if path.is_file() && has_ending(&path) {
                let target = target.join(path.file_stem().unwrap_or_default());
                pictures.push(Picture { path, target });
            }
        } else if out.is_none() || path.canonicalize().ok().as_deref() != out {
            below(&path, &target.join(name), out, pictures)?;
        }
    }
    Ok(())
}

fn has_ending(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}
