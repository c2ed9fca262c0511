//! Real files of HEIC and AVIF, beside what libheif's own program makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::heif::{program, transform};
use crate::setup::Folder;

/// The files of folders beside this one, as far as they are there.
fn files(folders: &[&str]) -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = folders.iter().filter_map(|name| fs::read_dir(here.join(name)).ok());
    let mut paths: Vec<PathBuf> = folders.flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it != "tsv"));
    paths.sort();
    paths
}

/// The file as PNG, with its profile, by `heif-convert`; `None` where that is not installed.
fn converted(file: &Path, folder: &Folder) -> Option<PathBuf> {
    let png = folder.path().join("reference.png");
    let done = Command::new("heif-convert").args([file, &png]).output().ok()?;
    assert!(done.status.success(), "{}: {done:?}", file.display());
    Some(png)
}

/// How far our pixels by `options` are from those of what heif-convert makes of each file, on average.
fn apart(files: &[PathBuf], options: &str) -> Vec<(PathBuf, f64)> {
    let folder = Folder::new();
    let mut found = Vec::new();
    if program().is_none() {
        return found;
    }
    for file in files {
        let Some(reference) = converted(file, &folder) else {
            let nothing_skipped = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!nothing_skipped, "heif-convert is missing: install libheif-examples");
            eprintln!("skipped: heif-convert is missing");
            return found;
        };
        let pixels = |file: &Path| transform(file, &folder.path().join("pixels"), options);
        let (ours, theirs) = (pixels(file), pixels(&reference));
        assert_eq!(ours.len(), theirs.len(), "{}", file.display());
        let apart = ours.iter().zip(&theirs).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
        found.push((file.clone(), apart as f64 / ours.len() as f64));
    }
    found
}

#[test]
fn real_files_are_what_libheif_shows() {
    // The developers' pictures, which are not everywhere.
    let files = files(&["../../shared/corpus/avif", "../../shared/corpus/heic"]);
    for (file, mean) in apart(&files, "width=300,format=pixels") {
        // More than 8 bits are rounded here and cut off there.
        assert!(mean < 1.0, "{}: {mean}", file.display());
    }
}

#[test]
fn stills_of_every_shape_are_what_libheif_shows() {
    let mut files = files(&["../tests/golden/heic"]);
    // libheif's program makes colours of it, and `edge/heic` compares its pixels.
    files.retain(|file| !file.ends_with("grey.heic"));
    assert!(files.len() > 9);
    for (file, mean) in apart(&files, "width=24,format=pixels") {
        // libheif gives each sample of chroma to four pixels, which at hard edges of a small picture is
        // seen. One that is turned the wrong way is 30 apart or more, and one of another matrix 5.
        assert!(mean < 2.0, "{}: {mean}", file.display());
    }
}
