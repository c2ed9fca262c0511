//! Planes that something else decoded, beside the same picture as upright pixels.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use selvedge_pixels::{
    Budget, Channels, Excess, Failure, Job, Picture, Planar, Raster, Source, Tag, estimate_planes,
    transform,
};
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;
use selvedge_plan::{Client, Options, Plan};

const SIZE: Size = Size { width: 131, height: 87 };

/// Luma and chroma: slopes, of which chroma has flatter ones.
fn planes(is_grey: bool) -> [Vec<u8>; 3] {
    let plane = |width: u32, height: u32, code: fn(u32, u32) -> u32| {
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        places.map(|(x, y)| code(x, y) as u8).collect::<Vec<u8>>()
    };
    let luma = plane(SIZE.width, SIZE.height, |x, y| 60 + x / 2 + y / 2);
    if is_grey {
        return [luma, Vec::new(), Vec::new()];
    }
    let (width, height) = (SIZE.width.div_ceil(2), SIZE.height.div_ceil(2));
    [luma, plane(width, height, |x, _| 100 + x / 2), plane(width, height, |_, y| 150 - y / 2)]
}

/// The same as pixels.
fn packed([luma, blue, red]: &[Vec<u8>; 3]) -> Raster {
    let Size { width, height } = SIZE;
    let pixel = |(x, y): (u32, u32)| {
        let at = |plane: &[u8], x, y, width| f64::from(plane[(y * width + x) as usize]);
        let luma = at(luma, x, y, width);
        let chroma = |plane: &[u8]| match plane.is_empty() {
            true => 0.0,
            false => at(plane, x / 2, y / 2, width.div_ceil(2)) - 128.0,
        };
        let (blue, red) = (chroma(blue), chroma(red));
        [luma + 1.402 * red, luma - 0.344 * blue - 0.714 * red, luma + 1.772 * blue]
            .map(|part| part.round().clamp(0.0, 255.0) as u8)
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Raster::new(SIZE, Channels::Rgb, places.flat_map(pixel).collect()).unwrap()
}

fn pixels(source: Source, options: &str) -> Raster {
    let plan = Options::parse(&format!("{options},format=pixels"));
    let plan = Plan::new(&plan.unwrap(), &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    match transform(source, Vec::new(), &plan, &mut job).unwrap().picture {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

/// Grey pixels as colours.
fn rgb(raster: &Raster) -> Vec<u8> {
    match raster.channels {
        Channels::Grey => raster.samples.iter().flat_map(|grey| [*grey; 3]).collect(),
        _ => raster.samples.clone(),
    }
}

#[test]
fn planes_become_what_pixels_become() {
    let tag = || Tag::CodePoints { primaries: 12, transfer: 13 };
    for is_grey in [false, true] {
        for options in [
            "width=131",
            "width=60",
            "width=33,height=33,fit=cover,rotate=90",
            "trim=10;7;20;31,width=40",
            "width=300",
            "width=80,linear=true",
            "width=80,blur=3,radius=0",
        ] {
            for tag in [|| Tag::Srgb, tag] {
                let planes = planes(is_grey);
                let upright = Source::Pixels(packed(&planes), tag());
                let planar = Planar::halved(SIZE, planes).unwrap();
                let (got, expected) = (
                    pixels(Source::Planes(planar, Turn::NONE, tag()), options),
                    pixels(upright, options),
                );
                assert_eq!(got.size, expected.size, "{options}");
                let (got, expected) = (rgb(&got), rgb(&expected));
                let apart = got.iter().zip(&expected).map(|(a, b)| a.abs_diff(*b));
                let sum: u32 = apart.clone().map(u32::from).sum();
                let mean = f64::from(sum) / got.len() as f64;
                assert!(mean < 0.7 && apart.max() <= Some(6), "{options} {is_grey}: {mean}");
            }
        }
    }
}

#[test]
fn planes_are_forecast_before_they_are_there() {
    for is_grey in [false, true] {
        for options in ["width=60,format=webp", "format=png,rotate=90", "width=40,trim=border"] {
            let plan = Options::parse(options).unwrap();
            let plan = Plan::new(&plan, &Client::default()).unwrap();
            let forecast = estimate_planes(SIZE, is_grey, Turn::CW_90, &Tag::Srgb, &plan).unwrap();
            let planes = planes(is_grey);
            let bytes: usize = planes.iter().map(Vec::len).sum();
            let run = |budget: Budget| {
                let planar = Planar::halved(SIZE, planes.clone()).unwrap();
                let source = Source::Planes(planar, Turn::CW_90, Tag::Srgb);
                let mut trace = |_: &'static str| {};
                // Planes that are there count from the start.
                let mut job = Job::new(budget, bytes as u64, &mut trace);
                let made = transform(source, Vec::new(), &plan, &mut job);
                made.map(|made| (made.media_type, made.size, job.work()))
            };
            let enough = Budget { memory: forecast.memory, work: forecast.work };
            let (media_type, size, work) = run(enough).unwrap();
            assert_eq!((media_type, size), (forecast.media_type, forecast.size), "{options}");
            assert!(work <= forecast.work, "{options}");
            let short = run(Budget { memory: forecast.memory - 1, ..enough });
            let Err(Failure::OverBudget(Excess { actual, .. })) = short else {
                panic!("{options}: {short:?}");
            };
            assert_eq!(actual, forecast.memory, "{options}");
        }
    }
}

#[test]
fn planes_are_turned_as_they_say() {
    let whole = |turn: Turn| {
        let planar = Planar::halved(SIZE, planes(false)).unwrap();
        pixels(Source::Planes(planar, turn, Tag::Srgb), "quality=80")
    };
    let stored = whole(Turn::NONE);
    let turned = whole(Turn::CW_90);
    assert_eq!((turned.size.width, turned.size.height), (SIZE.height, SIZE.width));
    let at = |raster: &Raster, x: u32, y: u32| {
        let start = (y * raster.size.width + x) as usize * 3;
        raster.samples[start..start + 3].to_vec()
    };
    for (x, y) in [(0, 0), (130, 86), (17, 40)] {
        assert_eq!(at(&turned, SIZE.height - 1 - y, x), at(&stored, x, y));
    }
}

#[test]
fn planes_have_the_length_that_their_size_asks_for() {
    for wrong in 0..3 {
        let mut planes = planes(false);
        planes[wrong].pop();
        assert!(matches!(Planar::halved(SIZE, planes), Err(Failure::Malformed(_))), "{wrong}");
    }
}
