//! Every format that is read by every one that is written: the table of `docs/formats.md`. That the component makes
//! the same of them in V8 and in wasmtime as this build is tested where the builds are compared; the files that only
//! this table has are among the samples there.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use std::fs;
use std::path::Path;

use selvedge_pixels::{
    Budget, Channels, Failure, Job, Picture, Raster, Rendition, Source, Tag, probe, transform,
};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

const FILES: &str = include_str!("../../../tests/golden/files.tsv");
const FRAMES: &str = include_str!("../../../tests/golden/frames.tsv");
const PAGE: &str = include_str!("../../../docs/formats.md");

const SHAPES: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='9'><circle r='9'/></svg>";

/// What is asked for, and what comes of it where nothing moves and nothing is clear.
const OUTPUTS: [(&str, &str); 6] = [
    ("", "image/jpeg"),
    ("format=jpeg", "image/jpeg"),
    ("format=baseline-jpeg", "image/jpeg"),
    ("format=png", "image/png"),
    ("format=webp", "image/webp"),
    ("format=gif", "image/gif"),
];

/// A kind of file.
struct Kind {
    format: &'static str,
    clear: bool,
    moves: bool,
    file: Vec<u8>,
}

fn transformed(source: Source, options: &str) -> Result<Rendition, Failure> {
    let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    transform(source, Vec::new(), &plan, &mut job)
}

fn file(rendition: Rendition) -> Vec<u8> {
    match rendition.picture {
        Picture::Encoded(file) => file,
        Picture::Pixels(_) => panic!("pixels instead of a file"),
    }
}

/// A file of the pipeline's own: its encoders have tests of their own.
fn made(clear: bool, options: &str) -> Vec<u8> {
    let size = Size { width: 31, height: 23 };
    let pixel = |i: u32| {
        let (x, y) = (i % size.width, i / size.width);
        [x as u8 * 8, y as u8 * 11, 90, if clear && x < 9 { 0 } else { 255 }]
    };
    let pixels = (0..size.width * size.height).map(pixel);
    let (channels, samples) = match clear {
        true => (Channels::Rgba, pixels.flatten().collect()),
        false => (Channels::Rgb, pixels.flat_map(|[r, g, b, _]| [r, g, b]).collect()),
    };
    let raster = Raster::new(size, channels, samples).unwrap();
    file(transformed(Source::Pixels(raster, Tag::Srgb), options).unwrap())
}

/// A file of a table in `tests/golden/`.
fn golden(table: &str, name: &str) -> Vec<u8> {
    let line = table.lines().find(|line| line.split('\t').next() == Some(name)).unwrap();
    let hex = line.split('\t').nth(1).unwrap();
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn again(file: &[u8], options: &str) -> Result<Rendition, Failure> {
    transformed(Source::Encoded(file.to_vec()), options)
}

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    let mut add = |format, clear, moves, file| kinds.push(Kind { format, clear, moves, file });
    let clear_gif = golden(FRAMES, "gif-after-22");
    let gif = file(again(&clear_gif, "background=white,format=gif").unwrap());
    add("BMP", false, false, golden(FILES, "bmp-24"));
    add("BMP", true, false, golden(FILES, "bmp-32-argb"));
    add("GIF", false, false, made(false, "format=gif"));
    add("GIF", true, false, made(true, "format=gif"));
    add("GIF", false, true, gif.clone());
    add("GIF", true, true, clear_gif.clone());
    add("ICO", true, false, golden(FILES, "ico-of-two"));
    add("JPEG", false, false, made(false, "format=jpeg"));
    add("PNG", false, false, made(false, "format=png"));
    add("PNG", true, false, made(true, "format=png"));
    add("SVG", true, false, SHAPES.to_vec());
    add("TIFF", false, false, golden(FILES, "tiff-RGB-lzw"));
    add("TIFF", true, false, golden(FILES, "tiff-RGBA-lzw-tiles"));
    add("WebP", false, false, made(false, "format=webp"));
    add("WebP", true, false, made(true, "format=webp"));
    add("WebP", false, true, file(again(&gif, "format=webp").unwrap()));
    add("WebP", true, true, file(again(&clear_gif, "format=webp").unwrap()));
    kinds
}

/// A kind as it stands in the table.
fn told(name: &str, clear: bool, moves: bool) -> String {
    let moves = if moves { ", moves" } else { "" };
    format!("{name}{moves}{}", if clear { ", clear" } else { "" })
}

/// What a file is, by its pixels and frames.
fn seen(file: &[u8], media_type: &str) -> String {
    let Picture::Pixels(raster) = again(file, "format=pixels").unwrap().picture else {
        panic!("a file instead of pixels")
    };
    let mut pixels = raster.samples.chunks_exact(raster.channels.count());
    let clear = raster.channels.has_alpha() && pixels.any(|pixel| pixel.last() != Some(&255));
    let moves = again(file, "page=1,format=pixels").is_ok();
    told(media_type.trim_start_matches("image/"), clear, moves)
}

/// What must come of a kind, by what formats hold.
fn expected(kind: &Kind, options: &str, media_type: &str) -> String {
    // Without a wish, what JPEG cannot hold decides.
    let media_type = match options {
        "" if kind.moves => "image/gif",
        "" if kind.clear => "image/png",
        _ => media_type,
    };
    let moves = kind.moves && matches!(media_type, "image/gif" | "image/webp");
    let clear = kind.clear && media_type != "image/jpeg";
    told(media_type.trim_start_matches("image/"), clear, moves)
}

#[test]
fn every_format_becomes_every_format() {
    let head = OUTPUTS.map(|(options, _)| match options {
        "" => "no wish".to_owned(),
        options => format!("`{options}`"),
    });
    let mut table =
        format!("| source | {} |\n|---|{}", head.join(" | "), "---|".repeat(head.len()));
    for kind in kinds() {
        let name = told(kind.format, kind.clear, kind.moves);
        let cells = OUTPUTS.map(|(options, media_type)| {
            let rendition =
                again(&kind.file, options).unwrap_or_else(|why| panic!("{name}: {why:?}"));
            let media_type = (rendition.media_type, media_type);
            let cell = seen(&file(rendition), media_type.0);
            assert_eq!(cell, expected(&kind, options, media_type.1), "{name} by `{options}`");
            cell
        });
        table.push_str(&format!("\n| {name} | {} |", cells.join(" | ")));
    }
    assert!(PAGE.contains(&table), "docs/formats.md: expected this table:\n{table}");
}

/// What becomes of a file of the corpus.
enum Fate {
    Malformed,
    /// A picture of this size.
    Picture(u32, u32),
    TooLarge,
    /// A failure that has these words.
    Unsupported(&'static str),
}
use Fate::{Malformed, TooLarge, Unsupported};

const FATES: &[(&str, Fate)] = &[
    ("bad/bad-reallybig.bmp", TooLarge),
    ("bad/bad-width.bmp", TooLarge),
    ("bad/billion-laughs.svg", Malformed),
    ("bad/bomb-dims.bmp", TooLarge),
    ("bad/bomb-dims.tiff", TooLarge),
    ("bad/html-as.jpg", Unsupported("HTML")),
    ("bad/huge.svg", TooLarge),
    ("bad/ifd-loop.tiff", Malformed),
    ("bad/script.svg", Fate::Picture(10, 10)),
    ("bad/svg-not-webp.webp", Fate::Picture(256, 256)),
    ("bad/text-as.png", Unsupported("something else")),
    ("bad/xxe.svg", Malformed),
    ("bad/zero.jpg", Unsupported("an empty file")),
    ("other/1bit.tif", Fate::Picture(256, 4)),
    ("other/bicycles.jxl", Unsupported("JPEG XL")),
    ("other/check.svg", Fate::Picture(100, 100)),
    ("other/favicon.ico", Fate::Picture(48, 48)),
    ("other/patches.jxl", Unsupported("JPEG XL")),
    ("other/photoshop.tiff", Fate::Picture(317, 211)),
    ("other/rgb.tiff", Fate::Picture(246, 345)),
    ("other/small.bmp", Fate::Picture(16, 12)),
    ("other/struct-image.svg", Unsupported("pictures in it")),
];

#[test]
fn files_of_the_corpus_behave_as_its_manifest_says() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    for (name, fate) in FATES {
        // Without the corpus there is nothing to see.
        let Ok(file) = fs::read(corpus.join(name)) else { continue };
        match (fate, again(&file, "width=64,format=png")) {
            (Fate::Picture(width, height), Ok(_)) => {
                let size = probe(&file).unwrap().size;
                assert_eq!((size.width, size.height), (*width, *height), "{name}");
            }
            (Malformed, Err(Failure::Malformed(_))) | (TooLarge, Err(Failure::TooLarge(_))) => {}
            (Unsupported(words), Err(Failure::Unsupported(why))) => {
                assert!(why.contains(words), "{name}: {why}");
            }
            (_, other) => panic!("{name}: {:?}", other.map(|made| made.size)),
        }
    }
}
