//! Rectangles of a picture have the pixels of that place, however the picture is turned and scaled.

use anyhow::{Result, ensure};
use selvedge_tests::picture::Pixels;
use selvedge_tests::samples::{self, Jpeg, landscape, png};
use selvedge_tests::{origin, workspace};

/// A rectangle: left, top, width, height.
type Place = (u32, u32, u32, u32);

/// The largest and the mean difference between `part` and that place in `whole`.
fn differences(whole: &Pixels, part: &Pixels, place: Place) -> Result<(u8, f64)> {
    let (left, top, width, height) = place;
    ensure!((part.width, part.height) == (width, height), "{} x {}", part.width, part.height);
    let (mut largest, mut sum) = (0, 0.0);
    for y in 0..height {
        for x in 0..width {
            let (a, b) = (whole.at(left + x, top + y)?, part.at(x, y)?);
            for difference in a.iter().zip(&b).map(|(a, b)| a.abs_diff(*b)) {
                largest = largest.max(difference);
                sum += f64::from(difference);
            }
        }
    }
    Ok((largest, sum / f64::from(width * height * 4)))
}

#[test]
fn a_part_has_the_pixels_of_its_place() -> Result<()> {
    let folder = workspace::scratch("crops")?;
    let photo = landscape(300, 200);
    samples::put(&folder.join("a.png"), &png(&photo)?)?;
    samples::put(&folder.join("a.jpg"), &Jpeg::default().encode(&photo)?)?;
    let turned = Jpeg { orientation: Some(6), ..Jpeg::default() };
    samples::put(&folder.join("turned.jpg"), &turned.encode(&photo)?)?;
    let server = origin::start(&folder.to_string_lossy(), &[])?;
    let get = |options: &str, file: &str| -> Result<Pixels> {
        let answer = server.get(&format!("/image/{options},format=png/{file}"))?;
        ensure!(answer.status == 200, "{options} {file}: {answer:?}");
        Pixels::of_png(&answer.body)
    };
    for file in ["a.png", "a.jpg", "turned.jpg"] {
        // Nothing is scaled: every pixel is the same, but for colour at an edge that falls between two
        // samples of it.
        let (most, on_average) = if file == "a.png" { (0, 0.0) } else { (24, 0.5) };
        for (whole, part, place) in [
            ("quality=100", "trim=10;20;30;40", (40, 10, 0, 0)),
            (
                "quality=100",
                "trim.left=41,trim.top=7,trim.width=51,trim.height=33",
                (41, 7, 51, 33),
            ),
            ("quality=100", "crop=41;7;51;33", (41, 7, 51, 33)),
            ("rotate=90", "rotate=90,crop=41;7;51;33", (41, 7, 51, 33)),
            ("flip=h", "flip=h,crop=0;0;20;10", (0, 0, 20, 10)),
            // The edge that is cut off comes before the turn: the left one is then at the top.
            ("rotate=90", "trim.left=30,rotate=90", (0, 30, 0, 0)),
        ] {
            let (whole, cut) = (get(whole, file)?, get(part, file)?);
            let (left, top, width, height) = place;
            let place = if width == 0 {
                (left, top, cut.width, cut.height)
            } else {
                (left, top, width, height)
            };
            let (largest, mean) = differences(&whole, &cut, place)?;
            let same = largest <= most && mean <= on_average;
            ensure!(same, "{file} {part}: {largest} at most, {mean} on average");
        }
        // Scaled: what the filter sees beyond an edge is missing there.
        for (whole, part, place) in [
            ("width=100", "width=100,crop=10;12;40;30", (10, 12, 40, 30)),
            (
                "width=500,fit=contain",
                "width=500,fit=contain,crop=100;50;200;100",
                (100, 50, 200, 100),
            ),
            (
                "width=90,height=90,fit=pad",
                "width=90,height=90,fit=pad,crop=5;5;80;80",
                (5, 5, 80, 80),
            ),
            ("width=60,dpr=2", "width=60,crop=10;10;20;20,dpr=2", (20, 20, 40, 40)),
        ] {
            let (whole, cut) = (get(whole, file)?, get(part, file)?);
            let (largest, mean) = differences(&whole, &cut, place)?;
            ensure!(
                mean < 1.5 && largest < 80,
                "{file} {part}: {largest} at most, {mean} on average"
            );
        }
    }
    Ok(())
}
