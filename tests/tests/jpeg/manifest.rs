//! Every JPEG of the corpus behaves as its manifest says. Files that are not there are not missed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use selvedge_pixels::Failure;
use selvedge_tests::tools::note;
use selvedge_tests::workspace;

use crate::distance::distance;
use crate::native::{pixels, transformed};

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// A picture, with this orientation.
    Picture(u8),
    /// An upright picture, with a warning in which these words are.
    Told(&'static str),
    /// A failure of this kind, and with `damaged=keep` a picture and a warning.
    Damaged(Kind),
    /// A failure of this kind, however lenient.
    Refused(Kind),
    /// Random damage: a picture or a failure that blames the file.
    Either,
}
use Fate::{Damaged, Either, Picture, Refused, Told};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Malformed,
    TooLarge,
    Truncated,
    Unsupported,
}
use Kind::{Malformed, TooLarge, Truncated, Unsupported};

/// By the notes of the manifest. Files of `jpeg/` that are not here are upright pictures.
const FATES: &[(&str, Fate)] = &[
    ("bad/app1-1mb.jpg", Picture(1)),
    ("bad/bad-dqt-len.jpg", Refused(Malformed)),
    ("bad/bad-huffman.jpg", Refused(Malformed)),
    ("bad/bitrot.jpg", Damaged(Malformed)),
    ("bad/bomb-65500sq.jpg", Refused(TooLarge)),
    ("bad/bomb-scans-prog.jpg", Either),
    ("bad/double-soi.jpg", Refused(Malformed)),
    ("bad/exif-count-huge.jpg", Picture(1)),
    ("bad/exif-ifd-loop.jpg", Picture(6)),
    ("bad/exif-orient-65535.jpg", Picture(1)),
    ("bad/exif-orient-9.jpg", Picture(1)),
    ("bad/exif-orient-be-string.jpg", Picture(1)),
    ("bad/header-only.jpg", Refused(Truncated)),
    ("bad/html-as.jpg", Refused(Unsupported)),
    ("bad/icc-chunk-7-of-2.jpg", Picture(1)),
    ("bad/icc-garbage.jpg", Told("profile")),
    ("bad/jpg-named.webp", Picture(1)),
    ("bad/leading-junk.jpg", Refused(Unsupported)),
    ("bad/no-eoi.jpg", Picture(1)),
    ("bad/pil-invalid-exif.jpg", Picture(1)),
    ("bad/pil-truncated-jpeg.jpg", Picture(1)), // all of it but the end marker
    ("bad/png-named.jpg", Told("transparen")),
    ("bad/polyglot-html.jpg", Picture(1)),
    ("bad/polyglot-pdf.jpg", Refused(Unsupported)),
    ("bad/random.jpg", Refused(Unsupported)),
    ("bad/sharp-corrupt-header.jpg", Refused(Truncated)),
    ("bad/sharp-truncated.jpg", Damaged(Truncated)),
    ("bad/soi-only.jpg", Refused(Truncated)),
    ("bad/trailing-256k.jpg", Picture(1)),
    ("bad/trunc-40-prog.jpg", Damaged(Truncated)),
    ("bad/trunc-50.jpg", Damaged(Truncated)),
    ("bad/trunc-97.jpg", Damaged(Truncated)),
    ("bad/zero-height.jpg", Refused(Unsupported)),
    ("bad/zero.jpg", Refused(Unsupported)),
    ("jpeg/big-12bit.jpg", Refused(Unsupported)),
    ("jpeg/giant-280mp-gray.jpg", Refused(TooLarge)),
    ("jpeg/orient-land-2.jpg", Picture(2)),
    ("jpeg/orient-land-3.jpg", Picture(3)),
    ("jpeg/orient-land-4.jpg", Picture(4)),
    ("jpeg/orient-land-5.jpg", Picture(5)),
    ("jpeg/orient-land-6.jpg", Picture(6)),
    ("jpeg/orient-land-7.jpg", Picture(7)),
    ("jpeg/orient-land-8.jpg", Picture(8)),
    ("jpeg/pepper-640-arith.jpg", Refused(Unsupported)),
];

fn fate(file: &str) -> Fate {
    let known = FATES.iter().find(|(name, _)| *name == file);
    let unknown = if file.starts_with("jpeg/") { Picture(1) } else { Either };
    known.map_or(unknown, |(_, fate)| *fate)
}

#[test]
fn files_behave_as_their_manifest_says() -> Result<()> {
    let Some(corpus) = workspace::corpus() else {
        note("no corpus here: only generated files are tested");
        return Ok(());
    };
    let manifest = fs::read_to_string(corpus.join("MANIFEST.tsv"))?;
    let mut wrong = Vec::new();
    let mut seen = 0;
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [file, format, width, height, ..] = columns[..] else { continue };
        let is_one = file.ends_with(".jpg") || format.eq_ignore_ascii_case("jpeg");
        let path = corpus.join(file);
        if !is_one || !path.is_file() {
            continue;
        }
        seen += 1;
        let size = width.parse().ok().zip(height.parse().ok());
        if let Err(why) = check(&path, fate(file), size) {
            wrong.push(format!("{file}: {:?}: {why:#}", fate(file)));
        }
    }
    note(&format!("{seen} files"));
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

fn check(path: &Path, fate: Fate, size: Option<(u32, u32)>) -> Result<()> {
    const SMALL: &str = "width=200,height=200,format=jpeg";
    let file = fs::read(path)?;
    let strict = transformed(selvedge_pixels::Source::Encoded(file.clone()), SMALL)?;
    let kept = format!("{SMALL},damaged=keep");
    let lenient = transformed(selvedge_pixels::Source::Encoded(file.clone()), &kept)?;
    match (fate, strict) {
        (Picture(orientation), Ok(made)) => {
            ensure!(made.warnings.is_empty(), "warnings: {:?}", made.warnings);
            ensure!(lenient.as_ref() == Ok(&made), "lenient differs");
            shown(&file, &made.bytes, orientation, size)?;
        }
        (Told(words), Ok(made)) => {
            let told = made.warnings.iter().any(|warning| warning.contains(words));
            ensure!(told, "warnings: {:?}", made.warnings);
            ensure!(lenient.as_ref() == Ok(&made), "lenient differs");
            shown(&file, &made.bytes, 1, size)?;
        }
        (Damaged(kind), Err(failure)) => {
            ensure!(is_kind(&failure, kind), "{failure:?}");
            let kept = lenient.map_err(|failure| anyhow::anyhow!("kept: {failure:?}"))?;
            ensure!(!kept.warnings.is_empty(), "no warning");
        }
        (Refused(kind), Err(failure)) => {
            ensure!(is_kind(&failure, kind), "{failure:?}");
            ensure!(lenient == Err(failure), "lenient: {lenient:?}");
        }
        (Either, Ok(_)) => {}
        (Either, Err(failure)) => {
            let blames = [Malformed, Truncated, TooLarge, Unsupported];
            ensure!(blames.into_iter().any(|kind| is_kind(&failure, kind)), "{failure:?}");
        }
        (_, other) => anyhow::bail!("{:?}", other.map(|made| (made.width, made.height))),
    }
    Ok(())
}

/// Checks what is known of a file that a picture was made of, and that nothing of it is passed through.
fn shown(file: &[u8], made: &[u8], orientation: u8, size: Option<(u32, u32)>) -> Result<()> {
    let header = selvedge_pixels::probe(file).map_err(|why| anyhow::anyhow!("{why:?}"))?;
    ensure!(header.orientation == orientation, "orientation {}", header.orientation);
    let stored = (header.size.width, header.size.height);
    ensure!(stored == size.context("the manifest has no size")?, "{stored:?}");
    ensure!(!contains(made, b"<script"), "something is passed through");
    Ok(())
}

fn is_kind(failure: &Failure, kind: Kind) -> bool {
    match failure {
        Failure::Malformed(_) => kind == Malformed,
        Failure::TooLarge(_) => kind == TooLarge,
        Failure::Truncated(_) => kind == Truncated,
        Failure::Unsupported(_) => kind == Unsupported,
        Failure::BadOption(_) | Failure::OverBudget(_) => false,
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn the_eight_orientations_look_alike() -> Result<()> {
    let Some(corpus) = workspace::corpus() else { return Ok(()) };
    let file = |orientation: u32| corpus.join(format!("jpeg/orient-land-{orientation}.jpg"));
    if !(1..=8).all(|orientation| file(orientation).is_file()) {
        return Ok(());
    }
    let options = "width=120";
    let upright = pixels(&fs::read(file(1))?, options)?;
    for orientation in 2..=8 {
        let other = pixels(&fs::read(file(orientation))?, options)?;
        ensure!((other.width, other.height) == (upright.width, upright.height), "{orientation}");
        let apart = distance(other.bytes.iter().zip(&upright.bytes));
        ensure!(apart.mean < 4.0, "{orientation}: {apart:?}");
    }
    Ok(())
}
