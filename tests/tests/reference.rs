//! Our files as other people's decoders read them: libjpeg-turbo, libwebp and Pillow.

use std::fs;
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, ensure};
use selvedge_tests::netpbm::Netpbm;
use selvedge_tests::picture::{self, Pixels};
use selvedge_tests::process::Server;
use selvedge_tests::tools::piped;
use selvedge_tests::{origin, samples, tools, workspace};
use sha2::{Digest, Sha256};

static ORIGIN: LazyLock<Result<Server>> = LazyLock::new(|| {
    let folder = workspace::scratch("small")?;
    samples::small_set(&folder)?;
    origin::start(&folder.to_string_lossy(), &[])
});

/// Plans, each with the size that it makes of 97 × 61.
const PLANS: [(&str, u32, u32); 4] = [
    ("", 97, 61),
    (",width=50", 50, 31),
    (",width=40,height=40,fit=cover,rotate=90", 40, 40),
    (",width=190,fit=contain,flip=h", 190, 119),
];

const FILES: [&str; 6] = [
    "alpha.png",
    "photo-grey.jpg",
    "photo-progressive.jpg",
    "interlaced.png",
    "alpha.webp",
    "frames.gif",
];

/// What the origin makes.
fn made(options: &str, file: &str) -> Result<Vec<u8>> {
    let origin = ORIGIN.as_ref().map_err(|error| anyhow!("{error:#}"))?;
    let answer = origin.get(&format!("/image/{options}/{file}"))?;
    ensure!(answer.status == 200, "{options} {file}: {answer:?}");
    Ok(answer.body)
}

/// Every file by every plan in a format and a quality, beside the pixels that went into the encoder:
/// our own PNG on the same background.
fn each(format: &str, quality: u8, check: impl Fn(&[u8], &Pixels) -> Result<()>) -> Result<()> {
    // JPEG has no transparency, so it is painted white; the PNG must be too.
    let background = if format == "jpeg" { ",background=white" } else { "" };
    for file in FILES {
        for (options, width, height) in PLANS {
            // Programs that read stills read no animations.
            let options = format!("quality={quality}{options}{background},anim=false");
            let picture = made(&format!("{options},format={format}"), file)?;
            let pixels = Pixels::of_png(&made(&format!("{options},format=png"), file)?)?;
            let size = (pixels.width, pixels.height);
            ensure!(size == (width, height), "{options} {file}: {size:?}");
            ensure!(picture::size(&picture)? == size, "{options} {file}");
            check(&picture, &pixels).with_context(|| format!("{options},{format} {file}"))?;
        }
    }
    Ok(())
}

/// Checks that a decoder saw nearly the pixels that were encoded: on average, since single ones may
/// be far off in a lossy format.
fn is_near(seen: &Netpbm, pixels: &Pixels, most: f64) -> Result<()> {
    let size = (seen.width, seen.height);
    ensure!(size == (pixels.width, pixels.height), "decoded to {size:?}");
    let weighed = |[red, green, blue, alpha]: [u8; 4]| {
        // The colour of clear pixels does not count.
        let shown = |c: u8| f64::from(c) * f64::from(alpha) / 255.0;
        [shown(red), shown(green), shown(blue), f64::from(alpha)]
    };
    let sum: f64 = seen
        .rgba
        .iter()
        .zip(pixels.rgba())
        .flat_map(|(a, b)| weighed(*a).into_iter().zip(weighed(*b)))
        .map(|(a, b)| (a - b).abs())
        .sum();
    let mean = sum / (pixels.rgba().len() * 4) as f64;
    ensure!(mean <= most, "differs by {mean:.2} on average, expected at most {most}");
    Ok(())
}

#[test]
fn djpeg_reads_our_jpeg() -> Result<()> {
    let Some(djpeg) = tools::program("djpeg", "libjpeg-turbo-progs")? else {
        return Ok(());
    };
    each("jpeg", 90, |file, pixels| {
        let seen = Netpbm::read(&piped(&djpeg, &["-pnm"], file, None)?)?;
        is_near(&seen, pixels, 4.0)
    })
}

#[test]
fn dwebp_reads_our_webp() -> Result<()> {
    let Some(dwebp) = tools::program("dwebp", "webp")? else {
        return Ok(());
    };
    each("webp", 90, |file, pixels| {
        let seen = piped(&dwebp, &["-quiet", "-pam", "-o", "-", "--", "-"], file, None)?;
        // Chroma is always halved, which a palette of six levels a colour shows.
        is_near(&Netpbm::read(&seen)?, pixels, 6.0)
    })
}

/// Checks that Pillow sees in files of a format exactly what was encoded.
fn pillow_sees_all(format: &str, quality: u8) -> Result<()> {
    const SCRIPT: &str = "
import hashlib, io, sys
from PIL import Image
picture = Image.open(io.BytesIO(sys.stdin.buffer.read()))
assert picture.format == sys.argv[1].upper(), picture.format
print(*picture.size, hashlib.sha256(picture.convert('RGBA').tobytes()).hexdigest())
";
    let Some(python) = tools::pillow()? else {
        return Ok(());
    };
    each(format, quality, |file, pixels| {
        let seen = String::from_utf8(piped(&python, &["-c", SCRIPT, format], file, None)?)?;
        let digest = Sha256::digest(pixels.rgba().concat());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = format!("{} {} {digest}", pixels.width, pixels.height);
        ensure!(seen.trim() == expected, "expected {expected}, Pillow saw {seen}");
        Ok(())
    })
}

#[test]
fn pillow_reads_our_png() -> Result<()> {
    pillow_sees_all("png", 90)
}

#[test]
fn pillow_reads_our_lossless_webp() -> Result<()> {
    pillow_sees_all("webp", 100)
}

#[test]
fn a_png_at_full_size_loses_nothing() -> Result<()> {
    let folder = workspace::scratch("small")?;
    for file in ["alpha.png", "palette.png", "interlaced.png", "depth-16.png"] {
        let made = Pixels::of_png(&made("format=png", file)?)?;
        let source = Pixels::of_png(&fs::read(folder.join(file))?)?;
        ensure!(made == source, "{file}: other pixels");
    }
    Ok(())
}
