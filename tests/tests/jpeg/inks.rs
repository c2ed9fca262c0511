//! JPEG in four inks, as browsers show it where no profile says what inks look like.

use std::fs;

use anyhow::{Context, Result, ensure};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use selvedge_tests::jpeg;
use selvedge_tests::samples::{Canvas, landscape};
use selvedge_tests::tools::{self, piped};
use selvedge_tests::workspace;

use crate::distance::distance;
use crate::native::{Made, pixels};

/// Samples in four inks or three colours, stored as they are given.
pub fn stored(samples: &[u8], colour: ColorType) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 95);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.encode(samples, 150, 101, colour)?;
    Ok(file)
}

/// How far a picture is from the pixels that went into it.
pub fn is_near(file: &[u8], picture: &Canvas) -> Result<()> {
    let made: Made = pixels(file, "")?;
    ensure!(made.channels == 3, "{} channels", made.channels);
    let apart = distance(made.bytes.iter().zip(&picture.rgb()));
    ensure!(apart.mean < 3.0, "{apart:?}");
    Ok(())
}

/// A picture as cyan, magenta, yellow and black.
fn inks_of(picture: &Canvas) -> Vec<u8> {
    let pixel = |[red, green, blue, _]: &[u8; 4]| {
        // A little less than all of the black that there could be.
        let light = red.max(green).max(blue).saturating_add(20).max(1);
        let ink = |c: &u8| 255 - (u32::from(*c) * 255 / u32::from(light)) as u8;
        [ink(red), ink(green), ink(blue), 255 - light]
    };
    picture.pixels.iter().flat_map(pixel).collect()
}

#[test]
fn four_inks_are_told_by_adobes_rules() -> Result<()> {
    let picture = landscape(150, 101);
    let inks = inks_of(&picture);
    for colour in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let file = stored(&inks, colour)?;
        ensure!(jpeg::place(&file, 0xee).is_some(), "the encoder wrote no Adobe segment");
        is_near(&file, &picture).with_context(|| format!("{colour:?}"))?;
    }
    // Without Adobe's segment browsers take them for inverted all the same.
    let file = stored(&inks, ColorType::Cmyk)?;
    let adobe = jpeg::place(&file, 0xee).context("no Adobe segment")?;
    is_near(&jpeg::spliced(&file, adobe, &[]), &picture)
}

/// Pillow multiplies light by what each ink lets through, as browsers do.
#[test]
fn inks_without_a_profile_are_what_pillow_shows() -> Result<()> {
    const SCRIPT: &str = "
import io, sys
from PIL import Image
picture = Image.open(io.BytesIO(sys.stdin.buffer.read()))
assert picture.mode == 'CMYK' and not picture.info.get('icc_profile'), picture.mode
sys.stdout.buffer.write(picture.convert('RGB').tobytes())
";
    let Some(python) = tools::pillow()? else { return Ok(()) };
    let inks = inks_of(&landscape(150, 101));
    let mut files = vec![
        ("CMYK".to_owned(), stored(&inks, ColorType::Cmyk)?),
        ("YCCK".to_owned(), stored(&inks, ColorType::CmykAsYcck)?),
    ];
    if let Some(corpus) = workspace::corpus() {
        for name in ["cmyk-noicc.jpg", "cmyk-four-components.jpg"] {
            files.push((name.to_owned(), fs::read(corpus.join("jpeg").join(name))?));
        }
    }
    for (name, file) in files {
        let seen = piped(&python, &["-c", SCRIPT], &file, None)?;
        let made = pixels(&file, "")?;
        ensure!(made.bytes.len() == seen.len(), "{name}: {} × {}", made.width, made.height);
        let apart = distance(made.bytes.iter().zip(&seen));
        ensure!(apart.far == 0, "{name}: {apart:?}");
    }
    Ok(())
}
