//! Files of the corpus in formats besides JPEG behave as its manifest says. What becomes of each format is tested
//! where edge and origin are compared.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use std::fs;
use std::path::Path;

use selvedge_pixels::{Budget, Failure, Job, Rendition, Source, probe, transform};
use selvedge_plan::{Client, Options, Plan};

fn transformed(file: Vec<u8>) -> Result<Rendition, Failure> {
    let options = Options::parse("width=64,format=png").unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    transform(Source::Encoded(file), Vec::new(), &plan, &mut job)
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
        let size = probe(&file).map(|header| header.size);
        match (fate, transformed(file)) {
            (Fate::Picture(width, height), Ok(_)) => {
                let size = size.unwrap();
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
