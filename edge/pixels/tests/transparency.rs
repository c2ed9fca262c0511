//! What is told of transparency that a format has no room for.

use selvedge_pixels::{Budget, Channels, Job, Picture, Raster, Source, Tag, transform};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

#[test]
fn transparency_is_not_lost_in_silence() {
    const LOST: &str = "the format has no transparency: the picture lies on white";
    for (alpha, options, told) in [
        (128, "format=jpeg", true),
        (255, "format=jpeg", false),
        (128, "format=jpeg,background=red", false),
        (0, "format=jpeg,blur=1", true),
        // Padding is white unless it is said otherwise, in every format.
        (0, "format=jpeg,padding=2", false),
        (128, "format=png", false),
        (128, "format=webp", false),
        (128, "", false),
    ] {
        let pixels = [[10, 20, 30, alpha]; 6].concat();
        let size = Size { width: 3, height: 2 };
        let raster = Raster::new(size, Channels::Rgba, pixels).unwrap();
        let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
        let mut trace = |_: &'static str| {};
        let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        transform(Source::Pixels(raster, Tag::Srgb), Vec::new(), &plan, &mut job).unwrap();
        let warned = job.warnings().iter().any(|warning| warning == LOST);
        assert_eq!(warned, told, "{alpha} {options}: {:?}", job.warnings());
    }
}

#[test]
fn what_is_png_because_of_transparency_loses_nothing() {
    let written = |options: &str| {
        let noise = (0..40 * 40_u32).map(|i| i.wrapping_mul(0x9e37_79b1));
        let noise = noise.map(|n| (n ^ n >> 15).wrapping_mul(0x85eb_ca6b));
        let pixels = noise.flat_map(|noise| noise.to_le_bytes());
        let size = Size { width: 40, height: 40 };
        let raster = Raster::new(size, Channels::Rgba, pixels.collect()).unwrap();
        let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap();
        let mut trace = |_: &'static str| {};
        let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let made = transform(Source::Pixels(raster, Tag::Srgb), Vec::new(), &plan, &mut job);
        match made.unwrap().picture {
            Picture::Encoded(file) => Some(file),
            Picture::Pixels(_) => None,
        }
    };
    let exact = written("format=png");
    assert!(exact.is_some() && exact == written("quality=10"));
    assert!(written("format=png,quality=10") != exact && written("quality.png=10") == exact);
}
