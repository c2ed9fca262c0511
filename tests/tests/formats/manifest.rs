//! Every PNG, GIF and WebP of the corpus behaves as its manifest says. Files that are not there are not
//! missed.

use std::fs;

use anyhow::{Result, bail, ensure};
use selvedge_pixels::{Failure, Source};
use selvedge_tests::tools::note;
use selvedge_tests::workspace;

use crate::native::transformed;

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Picture,
    Malformed,
    TooLarge,
    Truncated,
    Unsupported,
}
use Fate::{Malformed, Picture, TooLarge, Truncated, Unsupported};

/// By the notes of the manifest. Files of `png/`, `gif/` and `webp/` are pictures.
const FATES: &[(&str, Fate)] = &[
    ("bad/anim-outside.webp", Malformed),
    ("bad/bitrot.gif", Malformed),
    ("bad/bitrot.png", Malformed),
    ("bad/bomb-16000x16000-rgb.png", TooLarge),
    ("bad/bomb-30000x30000-1bit.png", TooLarge),
    ("bad/bomb-65535sq.gif", TooLarge),
    ("bad/bomb-frames.gif", TooLarge),
    ("bad/bomb-max-dims.png", TooLarge),
    ("bad/bomb-vp8-16383.webp", TooLarge),
    ("bad/bomb-vp8x-canvas.webp", Malformed),
    ("bad/bomb-zero-dims.png", Malformed),
    ("bad/frame-outside.gif", Malformed),
    ("bad/gif-invalid-multiframe.gif", Malformed),
    ("bad/hdr-only.gif", Truncated),
    ("bad/idat-crc.png", Malformed),
    ("bad/lzw-min-12.gif", Malformed),
    ("bad/one-byte.webp", Unsupported),
    ("bad/pil-broken.png", Truncated),
    ("bad/pil-decompression-bomb.gif", Malformed),
    ("bad/png-15403836-rows.png", TooLarge),
    ("bad/png-65536x65536-palette.png", TooLarge),
    ("bad/polyglot-js.gif", Malformed),
    ("bad/riff-only.webp", Truncated),
    ("bad/sharp-truncated.png", Truncated),
    ("bad/sig-only.png", Truncated),
    ("bad/text-as.png", Unsupported),
    ("bad/trunc-50.gif", Truncated),
    ("bad/trunc-50.png", Truncated),
    ("bad/trunc-50.webp", Truncated),
    ("bad/xc1n0g08.png", Malformed),
    ("bad/xcrn0g04.png", Unsupported),
    ("bad/xd0n2c08.png", Malformed),
    ("bad/xd9n2c08.png", Malformed),
    ("bad/xhdn0g08.png", Malformed),
    ("bad/xs1n0g01.png", Unsupported),
    ("bad/xs4n0g01.png", Unsupported),
    ("bad/zero.png", Unsupported),
];

const ENDINGS: [&str; 3] = ["png", "gif", "webp"];

#[test]
fn files_behave_as_their_manifest_says() -> Result<()> {
    let Some(corpus) = workspace::corpus() else {
        note("no corpus here: only generated files are tested");
        return Ok(());
    };
    let manifest = fs::read_to_string(corpus.join("MANIFEST.tsv"))?;
    let (mut seen, mut wrong) = (0, Vec::new());
    for row in manifest.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [file, _, width, height, ..] = columns[..] else { continue };
        let path = corpus.join(file);
        if !ENDINGS.iter().any(|ending| file.ends_with(ending)) || !path.is_file() {
            continue;
        }
        seen += 1;
        let known = FATES.iter().find(|(name, _)| *name == file);
        let fate = known.map_or(Picture, |(_, fate)| *fate);
        if let Err(why) = check(&fs::read(&path)?, fate, (width, height)) {
            wrong.push(format!("{file}: {fate:?}: {why:#}"));
        }
    }
    note(&format!("{seen} files"));
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

fn check(file: &[u8], fate: Fate, (width, height): (&str, &str)) -> Result<()> {
    let made = transformed(Source::Encoded(file.to_vec()), "width=64,height=64,format=webp")?;
    match (fate, made) {
        (Picture, Ok(_)) => {
            let header = selvedge_pixels::probe(file).map_err(|why| anyhow::anyhow!("{why:?}"))?;
            let size = (header.size.width.to_string(), header.size.height.to_string());
            ensure!((size.0.as_str(), size.1.as_str()) == (width, height), "{size:?}");
            Ok(())
        }
        (Malformed, Err(Failure::Malformed(_)))
        | (TooLarge, Err(Failure::TooLarge(_)))
        | (Truncated, Err(Failure::Truncated(_)))
        | (Unsupported, Err(Failure::Unsupported(_))) => Ok(()),
        (_, made) => bail!("{:?}", made.map(|made| made.warnings)),
    }
}
