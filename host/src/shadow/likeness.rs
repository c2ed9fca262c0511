//! How like two pictures look.

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

/// Longest side of a part that is scored at once: it takes 40 MB, whatever the picture's size.
const PART: usize = 512;

/// Shortest side that SSIMULACRA2 is defined for.
const LEAST: usize = 8;

/// A picture as samples of 8 bits: grey, grey and alpha, RGB, or RGBA; sRGB with straight alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<u8>,
}

/// How far two pictures of one size are apart, over black and over white where they let anything
/// through: the lower of each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// SSIMULACRA2 of the worst part of at most 512 × 512 pixels: 100 is the same, 90 cannot be told apart,
    /// 70 is high quality, below 0 is another picture. `None` below 8 × 8 pixels.
    pub score: Option<f64>,
    /// Peak signal-to-noise ratio of the whole in dB; infinite where all pixels are the same.
    pub psnr: f64,
}

/// Where a part lies in its picture: columns from and to, rows from and to.
type Part = [usize; 4];

impl Pixels {
    /// `None` unless there are as many samples as the size says, of one to four channels.
    pub fn new(width: u32, height: u32, samples: Vec<u8>) -> Option<Self> {
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        let count = width.checked_mul(height)?;
        let channels = samples.len().checked_div(count)?;
        let fits = (1..=4).contains(&channels) && channels * count == samples.len();
        fits.then_some(Self { width, height, channels, samples })
    }

    /// Width and height.
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The colour of each pixel over a grey background, row by row.
    pub fn over(&self, grey: u8) -> impl Iterator<Item = [u8; 3]> {
        self.samples.chunks_exact(self.channels).map(move |pixel| over(pixel, grey))
    }

    fn has_alpha(&self) -> bool {
        matches!(self.channels, 2 | 4)
    }

    /// The colours of a part over a background.
    fn part(&self, [left, right, top, bottom]: Part, grey: u8) -> Vec<[u8; 3]> {
        let row = self.width.saturating_mul(self.channels).max(1);
        let rows = self.samples.chunks_exact(row).take(bottom).skip(top);
        let pixels = |row| <[u8]>::chunks_exact(row, self.channels).take(right).skip(left);
        rows.flat_map(pixels).map(|pixel| over(pixel, grey)).collect()
    }
}

impl Likeness {
    /// Of two pictures; `None` if their sizes differ.
    pub fn of(one: &Pixels, other: &Pixels) -> Option<Self> {
        if one.size() != other.size() {
            return None;
        }
        let transparent = one.has_alpha() || other.has_alpha();
        let greys: &[u8] = if transparent { &[0, 255] } else { &[0] };
        let all = greys.iter().map(|grey| over_one(one, other, *grey));
        all.reduce(|a, b| Self {
            score: a.score.zip(b.score).map(|(a, b)| a.min(b)),
            psnr: a.psnr.min(b.psnr),
        })
    }
}

/// Over one background.
fn over_one(one: &Pixels, other: &Pixels, grey: u8) -> Likeness {
    let (width, height) = one.size();
    let (mut worst, mut squares) = (100.0_f64, 0_u64);
    for (top, bottom) in cut(height) {
        for (left, right) in cut(width) {
            let at = [left, right, top, bottom];
            let (one, other) = (one.part(at, grey), other.part(at, grey));
            let apart = one.as_flattened().iter().zip(other.as_flattened());
            let apart: u64 = apart.map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum();
            squares += apart;
            if apart > 0 {
                worst = worst.min(score(&one, &other, right - left, bottom - top).unwrap_or(worst));
            }
        }
    }
    let mean = squares as f64 / (width as f64 * height as f64 * 3.0);
    let psnr = 10.0 * (255.0 * 255.0 / mean).log10();
    Likeness { score: (width.min(height) >= LEAST).then_some(worst), psnr }
}

/// A side in parts of about the same length.
fn cut(side: usize) -> impl Iterator<Item = (usize, usize)> {
    let parts = side.div_ceil(PART);
    (0..parts).map(move |part| (side * part / parts, side * (part + 1) / parts))
}

/// SSIMULACRA2 of two parts; `None` where it is not defined.
fn score(one: &[[u8; 3]], other: &[[u8; 3]], width: usize, height: usize) -> Option<f64> {
    let picture = |colours: &[[u8; 3]]| {
        let colours = colours.iter().map(|colour| colour.map(|sample| f32::from(sample) / 255.0));
        let (transfer, primaries) = (TransferCharacteristic::SRGB, ColorPrimaries::BT709);
        Rgb::new(colours.collect(), width, height, transfer, primaries).ok()
    };
    compute_frame_ssimulacra2(picture(one)?, picture(other)?).ok()
}

fn over(pixel: &[u8], grey: u8) -> [u8; 3] {
    match *pixel {
        [light] => [light; 3],
        [light, alpha] => [mixed(light, alpha, grey); 3],
        [red, green, blue] => [red, green, blue],
        [red, green, blue, alpha] => [red, green, blue].map(|sample| mixed(sample, alpha, grey)),
        _ => [0; 3],
    }
}

fn mixed(sample: u8, alpha: u8, grey: u8) -> u8 {
    let [sample, alpha, grey] = [sample, alpha, grey].map(u32::from);
    let sum = sample * alpha + grey * (255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, sample: impl Fn(u32, u32) -> [u8; 3]) -> Pixels {
        let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = all.flat_map(|(x, y)| sample(x, y)).collect();
        Pixels::new(width, height, samples).unwrap()
    }

    fn wavy(x: u32, y: u32) -> [u8; 3] {
        [(x * 5 % 256) as u8, (y * 3 % 256) as u8, ((x ^ y) * 2 % 256) as u8]
    }

    #[test]
    fn the_same_is_the_same_and_more_noise_is_worse() {
        let plain = picture(96, 64, wavy);
        let same = Likeness::of(&plain, &plain).unwrap();
        assert_eq!((same.score, same.psnr), (Some(100.0), f64::INFINITY));
        let noisy = |most: u32| {
            let noise = move |x, y| {
                wavy(x, y).map(|sample| sample.saturating_add(((x * 7 + y * 13) % most) as u8))
            };
            Likeness::of(&plain, &picture(96, 64, noise)).unwrap()
        };
        let (little, much) = (noisy(4), noisy(64));
        assert!(100.0 > little.score.unwrap() && little.score > much.score, "{little:?} {much:?}");
        assert!(little.psnr > much.psnr && much.psnr > 10.0, "{little:?} {much:?}");
        let two = |sample: u8| picture(8, 8, move |_, _| [sample; 3]);
        // 20 log10(255 / 10)
        let apart = Likeness::of(&two(100), &two(110)).unwrap();
        assert!((apart.psnr - 28.130_8).abs() < 1e-4, "{apart:?}");
    }

    #[test]
    fn a_fault_in_a_corner_counts_the_same_in_a_larger_picture() {
        let fault = |x, y| if x < 64 && y < 64 { [0; 3] } else { wavy(x, y) };
        let small = Likeness::of(&picture(512, 512, wavy), &picture(512, 512, fault)).unwrap();
        let large = Likeness::of(&picture(1_536, 512, wavy), &picture(1_536, 512, fault)).unwrap();
        assert_eq!(small.score, large.score);
        assert!(large.psnr > small.psnr);
    }

    #[test]
    fn what_lets_light_through_is_compared_over_black_and_white() {
        let clear = |grey: u8| {
            let samples = [grey, 0].repeat(64);
            Pixels::new(8, 8, samples).unwrap()
        };
        assert_eq!(Likeness::of(&clear(0), &clear(255)).unwrap().score, Some(100.0));
        let black = Pixels::new(8, 8, vec![0; 64]).unwrap();
        let apart = Likeness::of(&clear(0), &black).unwrap();
        assert_eq!(apart.psnr, 0.0, "white shows through the one and not the other");
        assert!(apart.score.unwrap() < 90.0, "{apart:?}");
    }

    #[test]
    fn what_has_no_score_has_none() {
        let small = picture(7, 100, wavy);
        assert_eq!(Likeness::of(&small, &small).unwrap().score, None);
        assert_eq!(Likeness::of(&small, &picture(8, 100, wavy)), None);
        for samples in [0, 1, 25, 15 * 3] {
            assert_eq!(Pixels::new(3, 3, vec![0; samples]), None);
        }
    }
}
