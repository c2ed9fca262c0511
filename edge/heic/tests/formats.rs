//! Stills in every format that is written: the line of HEIC in the table of `docs/formats.md`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use std::fs;

use selvedge_heic::decode;
use selvedge_pixels::{Budget, Job, Picture, Source, probe, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;
use selvedge_plan::{Client, Options, Plan};

const PAGE: &str = include_str!("../../../docs/formats.md");

/// As the columns of the table, and what the cells are.
const OUTPUTS: [(&str, &str); 6] = [
    ("", "jpeg"),
    ("format=jpeg", "jpeg"),
    ("format=baseline-jpeg", "jpeg"),
    ("format=png", "png"),
    ("format=webp", "webp"),
    ("format=gif", "gif"),
];

/// Its media type without `image/`, and its size, once it is read back.
fn made(still: &[u8], options: &str) -> (String, Size) {
    let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let decoded = decode(still, &mut job).unwrap();
    let turn = Turn::from_exif(decoded.orientation.into());
    let source = Source::Planes(decoded.planar, turn, decoded.tag);
    match transform(source, Vec::new(), &plan, &mut job).unwrap().picture {
        Picture::Encoded(file) => {
            let header = probe(&file).unwrap();
            let format = header.format.media_type().trim_start_matches("image/");
            (format.to_owned(), header.size)
        }
        Picture::Pixels(_) => panic!("pixels instead of a file"),
    }
}

#[test]
fn stills_become_every_format() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/heic/grid-rotated.heic");
    let still = fs::read(golden).unwrap();
    let cells = OUTPUTS.map(|(options, expected)| {
        let (format, size) = made(&still, options);
        assert_eq!((format.as_str(), size), (expected, Size { width: 101, height: 150 }));
        format
    });
    let row = format!("\n| HEIC | {} |\n", cells.join(" | "));
    assert!(PAGE.contains(&row), "docs/formats.md: expected this line:{row}");
}
