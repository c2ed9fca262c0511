//! Planes as libjpeg-turbo decodes them: at full size, in every sampling, and scaled down.

use std::fs;

use anyhow::{Context, Result, ensure};
use selvedge_pixels::{Channels, Raster, Source, Tag};
use selvedge_plan::geometry::Size;
use selvedge_tests::netpbm::Netpbm;
use selvedge_tests::samples::{Canvas, landscape};
use selvedge_tests::tools::{self, note, piped};
use selvedge_tests::workspace;

use crate::distance::distance;
use crate::native::{self, pixels};

/// Sides that every sampling factor divides, and no block.
const SIDES: (u32, u32) = (204, 132);

/// Sampling factors across and down of the three planes.
const SAMPLINGS: [[(u32, u32); 3]; 13] = [
    [(1, 1), (1, 1), (1, 1)], // 4:4:4
    [(2, 1), (1, 1), (1, 1)], // 4:2:2
    [(2, 2), (1, 1), (1, 1)], // 4:2:0
    [(1, 2), (1, 1), (1, 1)], // 4:4:0
    [(4, 1), (1, 1), (1, 1)], // 4:1:1
    [(4, 2), (1, 1), (1, 1)], // 4:1:0
    [(1, 4), (1, 1), (1, 1)],
    [(3, 1), (1, 1), (1, 1)],
    [(1, 3), (1, 1), (1, 1)],
    [(2, 2), (2, 1), (1, 2)],
    [(2, 2), (1, 2), (2, 1)],
    [(1, 1), (2, 1), (1, 1)], // the second plane is the largest
    [(2, 1), (2, 1), (1, 1)],
];

/// Stands for a script with a scan for each plane.
const ONE_BY_ONE: &str = "{one-by-one}";

/// Ways to write a file.
const KINDS: [&[&str]; 5] = [
    &["-quality", "90"],
    &["-quality", "60", "-optimize", "-restart", "3B"],
    &["-quality", "100", "-dct", "float"],
    &["-quality", "75", "-progressive", "-restart", "1"],
    &["-quality", "80", "-scans", ONE_BY_ONE],
];

fn ppm(picture: &Canvas) -> Vec<u8> {
    let header = format!("P6\n{} {}\n255\n", picture.width, picture.height);
    [header.as_bytes(), &picture.rgb()].concat()
}

#[test]
fn full_planes_agree_in_every_sampling() -> Result<()> {
    let tool = |name| tools::program(name, "libjpeg-turbo-progs");
    let (Some(cjpeg), Some(djpeg)) = (tool("cjpeg")?, tool("djpeg")?) else {
        return Ok(());
    };
    let (width, height) = SIDES;
    let picture = ppm(&landscape(width, height));
    let script = workspace::scratch("planes")?.join("one-by-one.txt");
    fs::write(&script, "0;\n1;\n2;\n")?;
    let script = script.to_string_lossy();
    let (mut most, mut mean) = (0, 0.0_f64);
    for sampling in SAMPLINGS {
        let factors = sampling.map(|(across, down)| format!("{across}x{down}")).join(",");
        let across = sampling.iter().map(|(across, _)| *across).max().unwrap_or(1);
        let down = sampling.iter().map(|(_, down)| *down).max().unwrap_or(1);
        for kind in KINDS {
            let context = || format!("{factors} {kind:?}");
            // Colours that are stored as they are: what djpeg repeats is the plane itself.
            let args = [kind, &["-rgb", "-sample", &factors]].concat().into_iter();
            let args: Vec<&str> =
                args.map(|arg| if arg == ONE_BY_ONE { &script } else { arg }).collect();
            let file = piped(&cjpeg, &args, &picture, None).with_context(context)?;
            let seen = piped(&djpeg, &["-dct", "int", "-nosmooth", "-pnm"], &file, None)?;
            let seen = Netpbm::read(&seen)?;
            for (plane, (a, d)) in sampling.iter().enumerate() {
                let (w, h) = (width * a / across, height * d / down);
                // At the size of the plane nothing is left to resample of it.
                let made = pixels(&file, &format!("width={w},height={h},fit=squeeze"))?;
                let expected = (0..h).flat_map(|y| (0..w).map(move |x| (x, y))).map(|(x, y)| {
                    let index = y * (down / d) * width + x * (across / a);
                    &seen.rgba[index as usize][plane]
                });
                let apart = distance(made.bytes.iter().skip(plane).step_by(3).zip(expected));
                let fits = apart.most <= 1 && apart.mean <= 0.1;
                ensure!(fits, "{}, plane {plane}: {apart:?}", context());
                (most, mean) = (most.max(apart.most), mean.max(apart.mean));
            }
        }
    }
    note(&format!("full planes differ by at most {most}, and by at most {mean} on average"));
    Ok(())
}

/// By how much a scaled decode may differ from djpeg's at 1/2, 1/4 and 1/8, at most and on average,
/// once both went through the same filter. Ours takes the lowest coefficients alone; libjpeg's 4 × 4
/// and 2 × 2 transforms let some of the higher ones in, which is where they differ. Without the scans
/// of a last bit, which the progressive decoder gives up, they differ a little more.
const SCALED: [(&str, [(u8, f64); 3]); 2] = [
    ("-baseline", [(12, 0.25), (10, 0.35), (0, 0.0)]),
    ("-progressive", [(12, 0.6), (10, 0.45), (0, 0.0)]),
];

#[test]
fn scaled_decodes_agree() -> Result<()> {
    let tool = |name| tools::program(name, "libjpeg-turbo-progs");
    let (Some(cjpeg), Some(djpeg)) = (tool("cjpeg")?, tool("djpeg")?) else {
        return Ok(());
    };
    let (width, height) = (1_344, 896);
    let picture = ppm(&landscape(width, height));
    for (kind, bounds) in SCALED {
        let args = ["-grayscale", "-quality", "85", kind];
        let file = piped(&cjpeg, &args, &picture, None)?;
        for (denominator, (most, mean)) in [2, 4, 8].into_iter().zip(bounds) {
            let scale = format!("1/{denominator}");
            let args = ["-dct", "int", "-pnm", "-scale", &scale];
            let seen = Netpbm::read(&piped(&djpeg, &args, &file, None)?)?;
            let size = Size { width: seen.width, height: seen.height };
            ensure!(size.width == width / denominator, "djpeg made {size:?}");
            // The largest output for which the decoder scales so much.
            let options = format!("width={},format=pixels", size.width * 4 / 7);
            let samples = seen.rgba.iter().map(|pixel| pixel[0]).collect();
            let raster = Raster::new(size, Channels::Grey, samples)
                .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
            let reference = native::transformed(Source::Pixels(raster, Tag::Srgb), &options)?;
            let made = native::transformed(Source::Encoded(file.clone()), &options)?;
            let (Ok(reference), Ok(made)) = (reference, made) else {
                anyhow::bail!("{kind} {scale}: refused");
            };
            let apart = distance(made.bytes.iter().zip(&reference.bytes));
            let told =
                format!("{kind} {scale}: {} at most, {:.4} on average", apart.most, apart.mean);
            note(&told);
            ensure!(apart.most <= most && apart.mean <= mean, "{told}");
        }
    }
    Ok(())
}
