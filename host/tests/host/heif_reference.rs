//! Real files of HEIC and AVIF, beside what libheif's own program makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::heif::{program, transform};
use crate::setup::Folder;

/// Stills of every shape; and the developers' pictures, which are not everywhere.
fn pictures() -> Vec<PathBuf> {
    let folders = ["../tests/golden/heic", "../../shared/corpus/avif", "../../shared/corpus/heic"];
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = folders.into_iter().filter_map(|name| fs::read_dir(here.join(name)).ok());
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

#[test]
fn real_files_are_what_libheif_shows() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    for picture in pictures() {
        let Some(reference) = converted(&picture, &folder) else {
            let nothing_skipped = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!nothing_skipped, "heif-convert is missing: install libheif-examples");
            eprintln!("skipped: heif-convert is missing");
            return;
        };
        let pixels =
            |file: &Path| transform(file, &folder.path().join("pixels"), "width=300,format=pixels");
        let (ours, theirs) = (pixels(&picture), pixels(&reference));
        let name = picture.display();
        assert_eq!(ours.len(), theirs.len(), "{name}");
        let apart = ours.iter().zip(&theirs).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
        let mean = apart as f64 / ours.len() as f64;
        // More than 8 bits are rounded here and cut off there.
        assert!(mean < 1.0, "{name}: {mean}");
    }
}
