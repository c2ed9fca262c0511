//! What is where: corners after turning, bands after cutting, background after padding, in pixels
//! that both servers gave.

use std::sync::LazyLock;

use anyhow::{Result, ensure};
use selvedge_tests::pair::Pair;
use selvedge_tests::picture::{Pixels, alike};
use selvedge_tests::process::Server;
use selvedge_tests::samples::{self, CORNERS, Canvas, Jpeg, card, stored_for};
use selvedge_tests::workspace;

static PAIR: LazyLock<Result<Pair>> = LazyLock::new(|| {
    let folder = workspace::scratch("orientation")?;
    let bands = |width: u32, height: u32| {
        Canvas::draw(width, height, |x, y| {
            let part = if width > height { x * 3 / width } else { y * 3 / height };
            let [red, green, blue] = BANDS[part as usize];
            [red, green, blue, 255]
        })
    };
    for (name, upright) in
        [("card", card(240, 160)), ("wide", bands(300, 100)), ("tall", bands(100, 300))]
    {
        for orientation in 1..=8 {
            let jpeg =
                Jpeg { orientation: Some(orientation), full_chroma: true, ..Jpeg::default() };
            let file = jpeg.encode(&stored_for(&upright, orientation))?;
            samples::put(&folder.join(format!("{name}-{orientation}.jpg")), &file)?;
        }
    }
    Pair::serving(&folder)
});

/// Of `wide` from left to right, of `tall` from top to bottom.
const BANDS: [[u8; 3]; 3] = [CORNERS[0], CORNERS[1], CORNERS[2]];

/// Asks both servers, and checks what they gave.
fn both(target: &str, check: impl Fn(&Pixels) -> Result<()>) -> Result<()> {
    let pair = PAIR.as_ref().map_err(|error| anyhow::anyhow!("{error:#}"))?;
    for (name, server) in pair.sides() {
        let checked = pixels(server, target).and_then(|pixels| check(&pixels));
        checked.map_err(|error| error.context(format!("{name}: {target}")))?;
    }
    Ok(())
}

fn pixels(server: &Server, target: &str) -> Result<Pixels> {
    let answer = server.get(target)?;
    ensure!(answer.status == 200, "{answer:?}");
    Pixels::of_png(&answer.body)
}

/// Checks the colours a sixth of the sides off the corners, by their numbers in [`CORNERS`].
fn corners(pixels: &Pixels, expected: [usize; 4]) -> Result<()> {
    let (near_x, near_y) = (pixels.width / 6, pixels.height / 6);
    let (far_x, far_y) = (pixels.width - 1 - near_x, pixels.height - 1 - near_y);
    let places = [(near_x, near_y), (far_x, near_y), (near_x, far_y), (far_x, far_y)];
    let seen = places.map(|(x, y)| {
        let pixel = pixels.at(x, y).unwrap_or_default();
        CORNERS.iter().position(|corner| alike(pixel, *corner))
    });
    ensure!(seen == expected.map(Some), "expected corners {expected:?}, got {seen:?}");
    Ok(())
}

#[test]
fn every_orientation_stands_upright() -> Result<()> {
    for orientation in 1..=8 {
        for options in ["quality=85", "width=120", "width=500,fit=contain"] {
            let target = format!("/image/{options},format=png/card-{orientation}.jpg");
            both(&target, |pixels| {
                ensure!(pixels.width > pixels.height, "it lies on its side");
                corners(pixels, [0, 1, 2, 3])?;
                // The arrow's head is above the middle, its shaft below.
                let (x, y) = (pixels.width / 2, pixels.height / 2);
                let beside = |y| pixels.at(x + pixels.width / 16, y);
                let ink = [40, 44, 52];
                let head = alike(beside(y - pixels.height / 24)?, ink);
                let foot = alike(beside(y + pixels.height / 8)?, ink);
                ensure!(head && !foot, "the arrow does not point up");
                Ok(())
            })?;
        }
    }
    Ok(())
}

#[test]
fn turns_move_the_corners() -> Result<()> {
    // Corners are listed top left, top right, bottom left, bottom right.
    for (turn, expected) in [
        ("flip=h", [1, 0, 3, 2]),
        ("flip=v", [2, 3, 0, 1]),
        ("flip=hv", [3, 2, 1, 0]),
        ("rotate=90", [2, 0, 3, 1]),
        ("rotate=180", [3, 2, 1, 0]),
        ("rotate=270", [1, 3, 0, 2]),
        ("rotate=360", [0, 1, 2, 3]),
        // Mirrored first, then turned.
        ("flip=h,rotate=90", [3, 1, 2, 0]),
        ("rotate=90,flip=h", [3, 1, 2, 0]),
        ("flip=v,rotate=270", [3, 1, 2, 0]),
    ] {
        for orientation in [1, 3, 6, 7] {
            let target = format!("/image/width=120,{turn},format=png/card-{orientation}.jpg");
            both(&target, |pixels| corners(pixels, expected))?;
        }
    }
    Ok(())
}

#[test]
fn gravity_keeps_the_right_part() -> Result<()> {
    for (gravity, wide, tall) in [
        ("center", 1, 1),
        ("left", 0, 1),
        ("right", 2, 1),
        ("top", 1, 0),
        ("bottom", 1, 2),
        ("0x0", 0, 0),
        ("1x1", 2, 2),
        ("0x1", 0, 2),
        ("0.5x0.5", 1, 1),
    ] {
        // A square of one third: of the whole height, smaller, and larger without enlarging.
        for cut in [
            "width=100,height=100,fit=cover",
            "width=60,height=60,fit=cover",
            "width=150,height=150,fit=cover",
            "width=60,height=60,fit=crop",
            "width=100,height=100,fit=crop",
            "width=60,height=60,fit=aspect-crop",
            "width=2000,height=2000,fit=aspect-crop",
        ] {
            for (name, band) in [("wide", wide), ("tall", tall)] {
                for orientation in [1, 6] {
                    let options = format!("{cut},gravity={gravity},format=png");
                    let target = format!("/image/{options}/{name}-{orientation}.jpg");
                    both(&target, |pixels| only(pixels, BANDS[band]))?;
                }
            }
        }
    }
    Ok(())
}

/// Checks that there is one colour everywhere but at the very edge, where its neighbour bleeds in.
fn only(pixels: &Pixels, colour: [u8; 3]) -> Result<()> {
    ensure!(pixels.width == pixels.height, "not a square");
    let near = pixels.width / 8;
    let far = pixels.width - 1 - near;
    for (x, y) in [(near, near), (far, near), (near, far), (far, far)] {
        let got = pixels.at(x, y)?;
        ensure!(alike(got, colour), "at {x}, {y} expected {colour:?}, got {got:?}");
    }
    Ok(())
}

#[test]
fn padding_is_background() -> Result<()> {
    for (options, colour) in [
        ("width=120,height=120,fit=pad", [255, 255, 255, 255]),
        ("width=120,height=120,fit=pad,background=%23204060", [0x20, 0x40, 0x60, 255]),
        ("width=120,height=120,fit=pad,background=transparent", [0, 0, 0, 0]),
    ] {
        for orientation in [1, 6] {
            let target = format!("/image/{options},format=png/wide-{orientation}.jpg");
            both(&target, |pixels| {
                // 300 × 100 in 120 × 120 is 120 × 40, so 40 rows above and below.
                for y in [0, 39, 80, 119] {
                    let got = pixels.at(60, y)?;
                    ensure!(got == colour, "row {y}: expected {colour:?}, got {got:?}");
                }
                ensure!(alike(pixels.at(20, 60)?, BANDS[0]), "left band");
                ensure!(alike(pixels.at(60, 60)?, BANDS[1]), "middle band");
                ensure!(alike(pixels.at(100, 60)?, BANDS[2]), "right band");
                Ok(())
            })?;
        }
    }
    Ok(())
}
