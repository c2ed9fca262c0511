//! What is found in the pixels before anything is cut out of them: surrounds, and what there is to see.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong here must stop them"
)]

use selvedge_pixels::{
    Budget, Channels, Failure, Job, Picture, Raster, Source, Tag, estimate, transform,
};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

const BACK: [u8; 3] = [240, 240, 235];
const INNER: [u8; 3] = [20, 90, 160];

/// A box from (30, 10) to before (90, 50) in a picture of 120 x 80.
fn boxed() -> Raster {
    let size = Size { width: 120, height: 80 };
    let pixel = |i: u32| {
        let (x, y) = (i % 120, i / 120);
        if (30..90).contains(&x) && (10..50).contains(&y) { INNER } else { BACK }
    };
    Raster::new(size, Channels::Rgb, (0..120 * 80).flat_map(pixel).collect()).unwrap()
}

fn plan(options: &str) -> Plan {
    Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
}

fn run(source: Source, options: &str) -> Result<Picture, Failure> {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    transform(source, Vec::new(), &plan(options), &mut job).map(|rendition| rendition.picture)
}

fn pixels(source: Source, options: &str) -> Raster {
    match run(source, &format!("{options},format=pixels")).unwrap() {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

fn file(options: &str) -> Vec<u8> {
    match run(Source::Pixels(boxed(), Tag::Srgb), options).unwrap() {
        Picture::Encoded(file) => file,
        Picture::Pixels(_) => panic!("pixels instead of a file"),
    }
}

#[test]
fn a_surround_is_cut_off() {
    for (options, width, height) in [
        ("trim=border", 60, 40),
        ("trim=border,trim.border.color=rgb(240,240,235)", 60, 40),
        ("trim=border,trim.border.color=red", 120, 80),
        ("trim=border,trim.border.keep=3", 66, 46),
        ("trim=border,trim.border.keep=15", 90, 65),
        ("trim=border,trim.border.tolerance=255", 120, 80),
        ("trim=border,rotate=90", 40, 60),
        ("trim=border,width=30", 30, 20),
    ] {
        let got = pixels(Source::Pixels(boxed(), Tag::Srgb), options).size;
        assert_eq!(got, Size { width, height }, "{options}");
        for format in ["png", "jpeg", "webp"] {
            let file = file(&format!("quality=95,format={format}"));
            assert_eq!(pixels(Source::Encoded(file), options).size, got, "{options} {format}");
        }
    }
}

#[test]
fn what_is_left_is_what_was_inside() {
    let inner = pixels(Source::Pixels(boxed(), Tag::Srgb), "trim=border");
    assert!(inner.samples.chunks_exact(3).all(|pixel| pixel == INNER));
}

#[test]
fn a_cut_holds_what_there_is_to_see() {
    for gravity in ["auto", "entropy"] {
        for (options, columns) in [("width=40,height=80", 40), ("width=80,height=80", 80)] {
            let options = format!("{options},fit=cover,gravity={gravity}");
            let seen = pixels(Source::Pixels(boxed(), Tag::Srgb), &options);
            assert_eq!(seen.size.width, columns);
            let inside = seen.samples.chunks_exact(3).filter(|pixel| *pixel == INNER).count();
            // The centre would show 40 and 60 columns of the box; a side of it is what counts.
            let expected = if columns == 40 { 30 } else { 60 };
            assert!(inside >= expected * 40, "{options}: {inside}");
        }
    }
}

#[test]
fn a_look_goes_where_the_detail_is() {
    let size = Size { width: 300, height: 100 };
    for at in [0, 100, 230] {
        let pixel = |i: u32| {
            let (x, y) = (i % 300, i / 300);
            let busy = x >= at && x < at + 60 && (x / 10 + y / 10) % 2 == 0;
            if busy { [0, 0, 0] } else { [150, 150, 150] }
        };
        let samples = (0..30_000).flat_map(pixel).collect();
        let source = Raster::new(size, Channels::Rgb, samples).unwrap();
        let cut =
            pixels(Source::Pixels(source, Tag::Srgb), "width=80,height=100,fit=crop,gravity=auto");
        let dark = cut.samples.chunks_exact(3).filter(|pixel| pixel[0] < 75).count();
        assert!(dark > 2_900, "{at}: {dark} of 3000");
    }
}

#[test]
fn a_look_is_forecast_and_kept_within_the_budget() {
    let file = file("format=png");
    let plain = estimate(&file, &plan("width=20,height=40,fit=cover")).unwrap();
    for options in
        ["trim=border,width=20,height=40,fit=cover", "width=20,height=40,fit=cover,gravity=auto"]
    {
        let forecast = estimate(&file, &plan(options)).unwrap();
        assert!(forecast.work > plain.work && forecast.memory >= plain.memory, "{options}");
        let mut trace = |_: &'static str| {};
        let budget = Budget { work: plain.work, ..Budget::UNLIMITED };
        let mut job = Job::new(budget, 0, &mut trace);
        let refused =
            transform(Source::Encoded(file.clone()), Vec::new(), &plan(options), &mut job);
        assert!(matches!(refused, Err(Failure::OverBudget(_))), "{options}");
    }
}
