//! Where a photograph was taken is told only if that is asked for: real files, by exiftool.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use selvedge_pixels::Source;
use selvedge_tests::tools::{self, note, piped};
use selvedge_tests::workspace;

use crate::native::transformed;

/// All that tells of a place, and whose the picture is; `Group:Tag value` each.
const PLACES: [&str; 4] = ["-GPS:All", "-XMP-exif:GPS*", "-Composite:GPS*", "-Location*"];
const RIGHTS: [&str; 4] = ["-IFD0:Artist", "-IFD0:Copyright", "-XMP-dc:Creator", "-XMP-dc:Rights"];

/// What exiftool tells of a file.
fn tags(exiftool: &Path, which: &[&str], file: &[u8]) -> Result<Vec<String>> {
    let arguments = [which, &["-a", "-G1", "-S", "-n", "-"]].concat();
    let told = String::from_utf8(piped(exiftool, &arguments, file, Some(1))?)?;
    Ok(told.lines().map(str::to_owned).collect())
}

/// The files of the corpus of which the manifest says that they have places, and that are read here.
fn files(corpus: &Path) -> Result<Vec<PathBuf>> {
    let manifest = fs::read_to_string(corpus.join("MANIFEST.tsv"))?;
    let rows = manifest.lines().filter(|row| row.contains("gps"));
    let names = rows.filter_map(|row| row.split('\t').next());
    let read = names.filter(|name| !name.starts_with("avif/") && !name.starts_with("heic/"));
    Ok(read.map(|name| corpus.join(name)).filter(|path| path.is_file()).collect())
}

#[test]
fn places_are_gone_unless_all_is_kept() -> Result<()> {
    let Some(corpus) = workspace::corpus() else {
        note("no corpus here: files of our own are tested beside the pipeline");
        return Ok(());
    };
    let Some(exiftool) = tools::program("exiftool", "libimage-exiftool-perl")? else {
        return Ok(());
    };
    let (files, mut found) = (files(&corpus)?, 0);
    for path in &files {
        let file = fs::read(path)?;
        let (places, rights) = (tags(&exiftool, &PLACES, &file)?, tags(&exiftool, &RIGHTS, &file)?);
        found += usize::from(!places.is_empty());
        for format in ["jpeg", "png", "webp"] {
            for metadata in ["", "none", "copyright", "keep"] {
                let metadata_is = format!(",metadata={metadata}");
                let metadata_is = if metadata.is_empty() { "" } else { &metadata_is };
                let options = format!("width=64,format={format}{metadata_is}");
                let about = || format!("{}: {options}", path.display());
                let made = transformed(Source::Encoded(file.clone()), &options)?;
                let made = made.map_err(|why| anyhow::anyhow!("{why:?}")).with_context(about)?;
                let left = tags(&exiftool, &PLACES, &made.bytes)?;
                let expected = if metadata == "keep" { &places[..] } else { &[] };
                ensure!(left == expected, "{}: {left:#?}, of {places:#?}", about());
                let left = tags(&exiftool, &RIGHTS, &made.bytes)?;
                let expected = if metadata == "none" { &[] } else { &rights[..] };
                ensure!(left == expected, "{}: {left:#?}, of {rights:#?}", about());
            }
        }
    }
    note(&format!("{found} of {} files tell of places", files.len()));
    ensure!(found > 0, "no file of the corpus tells of a place");
    Ok(())
}
