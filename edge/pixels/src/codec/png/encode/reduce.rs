//! The least that the pixels take without loss: no alpha, a palette, fewer bits.
//!
//! Colours stay colours and grey stays grey, since a profile that is kept holds for one of them only
//! (PNG §11.3.2.3); grey in three channels becomes a palette of grey.

use std::borrow::Cow;

use crate::budget::zeros;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Most colours of a palette (PNG §11.2.2).
const COLOURS: usize = 256;

/// Places of the table that colours are looked up in, a power of two well above their number.
const PLACES: usize = 1 << 11;

/// Pixels as they are stored.
pub struct Reduced<'a> {
    /// Colour type (PNG §11.2.1).
    pub colour: u8,
    /// Bits a sample.
    pub depth: u8,
    /// Rows, each of whole bytes.
    pub samples: Cow<'a, [u8]>,
    /// Red, green and blue of each colour; none if there is no palette.
    pub palette: Vec<u8>,
    /// The alpha of the first colours; the others are opaque.
    pub alphas: Vec<u8>,
    /// Whether near samples look alike: those of a picture without a palette do, and numbers of
    /// greys, which are in order.
    pub ordered: bool,
}

impl Reduced<'_> {
    /// Bits a pixel.
    pub fn pixel_bits(&self) -> usize {
        let samples = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        samples * usize::from(self.depth)
    }
}

/// Finds out what the pixels need, and stores them so.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn reduce(raster: &Raster) -> Result<Reduced<'_>, Failure> {
    let seen = Seen::of(raster);
    let pixels = raster.size.pixels() as usize;
    let grey = raster.channels.count() < 3;
    let (colour, channels) = match (grey, seen.opaque) {
        (true, true) => (0, Channels::Grey),
        (true, false) => (4, Channels::GreyAlpha),
        (false, true) => (2, Channels::Rgb),
        (false, false) => (6, Channels::Rgba),
    };
    if let Some(table) = seen.table {
        let depth = palette_depth(table.count);
        // The palette takes room itself.
        if pixels * (channels.count() * 8 - usize::from(depth)) / 8 > table.count * 8 + 24 {
            let ordered = seen.grey && seen.opaque;
            return Ok(Reduced { ordered, ..indexed(raster, table, depth)? });
        }
    }
    let (palette, alphas) = (Vec::new(), Vec::new());
    if colour == 0 && seen.grey_depth < 8 {
        let depth = seen.grey_depth;
        let samples = packed(raster, depth, |pixel| pixel[0] >> (8 - depth))?;
        let samples = samples.into();
        return Ok(Reduced { colour, depth, samples, palette, alphas, ordered: true });
    }
    let samples = if channels == raster.channels {
        Cow::Borrowed(raster.samples.as_slice())
    } else {
        let (from, to) = (raster.channels.count(), channels.count());
        let mut samples: Vec<u8> = zeros(pixels * to)?;
        let places = samples.chunks_exact_mut(to).zip(raster.samples.chunks_exact(from));
        for (place, pixel) in places {
            place.copy_from_slice(&pixel[..to]);
        }
        Cow::Owned(samples)
    };
    Ok(Reduced { colour, depth: 8, samples, palette, alphas, ordered: true })
}

/// What there is to see in the pixels.
struct Seen {
    grey: bool,
    opaque: bool,
    /// Bits that hold every grey.
    grey_depth: u8,
    /// The colours, unless there are too many, or the picture is grey.
    table: Option<Table>,
}

impl Seen {
    fn of(raster: &Raster) -> Self {
        let (is_grey, has_alpha) = (raster.channels.count() < 3, raster.channels.has_alpha());
        let mut table = (!is_grey).then(Table::new);
        let (mut grey, mut opaque, mut depths) = (true, true, [true; 3]);
        let mut before = None;
        for pixel in raster.samples.chunks_exact(raster.channels.count()) {
            let rgba = rgba(pixel);
            if before == Some(rgba) {
                continue;
            }
            before = Some(rgba);
            let [r, g, b, alpha] = rgba;
            grey &= r == g && g == b;
            opaque &= alpha == 255;
            for (fits, step) in depths.iter_mut().zip([255, 85, 17]) {
                *fits &= r % step == 0;
            }
            if table.as_mut().is_some_and(|table| !table.add(rgba)) {
                table = None;
            }
            // There is nothing left to find out.
            let is_plain = !has_alpha || !opaque;
            if table.is_none() && is_plain && !(is_grey && depths.contains(&true)) {
                break;
            }
        }
        let fits = depths.iter().position(|fits| *fits);
        Self { grey, opaque, grey_depth: fits.map_or(8, |power| 1 << power), table }
    }
}

/// A pixel with all that it may have.
fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [grey] => [grey, grey, grey, 255],
        [grey, alpha] => [grey, grey, grey, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha] => [r, g, b, alpha],
        _ => [0; 4],
    }
}

/// Colours by their hash, with the number of each.
struct Table {
    places: Vec<Option<([u8; 4], u8)>>,
    count: usize,
}

impl Table {
    fn new() -> Self {
        Self { places: vec![None; PLACES], count: 0 }
    }

    /// The place where a colour is or would be.
    fn place(&self, colour: [u8; 4]) -> usize {
        let hash = u32::from_le_bytes(colour).wrapping_mul(0x9e37_79b1) >> 21;
        let mut place = hash as usize % PLACES;
        while self.places[place].is_some_and(|(other, _)| other != colour) {
            place = (place + 1) % PLACES;
        }
        place
    }

    /// Adds a colour; `false` if there are too many.
    fn add(&mut self, colour: [u8; 4]) -> bool {
        let place = self.place(colour);
        if self.places[place].is_some() {
            return true;
        }
        if self.count == COLOURS {
            return false;
        }
        self.places[place] = Some((colour, 0));
        self.count += 1;
        true
    }

    /// Numbers the colours, clear ones first so that fewer alphas are stored, and gives them.
    fn number(&mut self) -> Vec<[u8; 4]> {
        let mut colours: Vec<[u8; 4]> =
            self.places.iter().flatten().map(|(colour, _)| *colour).collect();
        colours.sort_unstable_by_key(|[r, g, b, alpha]| [*alpha, *g, *r, *b]);
        for (number, colour) in (0..).zip(&colours) {
            let place = self.place(*colour);
            self.places[place] = Some((*colour, number));
            if number == u8::MAX {
                break;
            }
        }
        colours
    }

    fn index(&self, colour: [u8; 4]) -> u8 {
        self.places[self.place(colour)].map_or(0, |(_, number)| number)
    }
}

fn indexed(raster: &Raster, mut table: Table, depth: u8) -> Result<Reduced<'_>, Failure> {
    let colours = table.number();
    let samples = packed(raster, depth, |pixel| table.index(rgba(pixel)))?;
    let palette = colours.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    let alphas = colours.iter().map(|[.., alpha]| *alpha).take_while(|alpha| *alpha < 255);
    let alphas = alphas.collect();
    let samples = samples.into();
    Ok(Reduced { colour: 3, depth, samples, palette, alphas, ordered: false })
}

/// Bits of the number of a colour (PNG §11.2.1).
pub fn palette_depth(colours: usize) -> u8 {
    match colours {
        0..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        _ => 8,
    }
}

/// One sample of `depth` bits for each pixel.
fn packed(raster: &Raster, depth: u8, sample: impl Fn(&[u8]) -> u8) -> Result<Vec<u8>, Failure> {
    let stride = (raster.size.width as usize * usize::from(depth)).div_ceil(8);
    let mut samples = zeros(stride * raster.size.height as usize)?;
    let count = raster.channels.count();
    for (place, row) in samples.chunks_exact_mut(stride).zip(raster.rows()) {
        pack(row.chunks_exact(count).map(&sample), depth, place);
    }
    Ok(samples)
}

/// A row of samples of `depth` bits, the first one of a byte highest (PNG §7.2).
pub fn pack(mut samples: impl Iterator<Item = u8>, depth: u8, row: &mut [u8]) {
    for byte in row {
        let each = (0..8 / depth).rev().zip(samples.by_ref());
        *byte = each.fold(0, |byte, (index, sample)| byte | sample << (index * depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_plan::geometry::Size;

    /// A picture of 101 × 67 pixels, each of as many samples as there are channels.
    fn raster(channels: Channels, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Raster {
        let size = Size { width: 101, height: 67 };
        let mut samples = Vec::new();
        for y in 0..size.height {
            for x in 0..size.width {
                samples.extend(&pixel(x, y)[..channels.count()]);
            }
        }
        Raster::new(size, channels, samples).unwrap()
    }

    #[test]
    fn pixels_take_the_least_that_holds_them() {
        type Pixel = fn(u32, u32) -> [u8; 4];
        let kinds: [(Channels, Pixel, (u8, u8)); 10] = [
            (Channels::Grey, |x, _| [(x % 2 * 255) as u8; 4], (0, 1)),
            (Channels::Grey, |x, _| [(x % 4 * 85) as u8; 4], (0, 2)),
            (Channels::Grey, |x, _| [(x % 16 * 17) as u8; 4], (0, 4)),
            (Channels::Grey, |x, y| [(x + y) as u8; 4], (0, 8)),
            (Channels::GreyAlpha, |_, y| [y as u8, 255, 0, 0], (0, 8)),
            (Channels::GreyAlpha, |x, y| [y as u8, x as u8, 0, 0], (4, 8)),
            (Channels::Rgb, |x, _| [255, (x % 2) as u8, 0, 255], (3, 1)),
            (Channels::Rgb, |x, _| [x as u8, x as u8, x as u8, 255], (3, 8)),
            (Channels::Rgba, |x, y| [x as u8, y as u8, 0, 255], (2, 8)),
            (Channels::Rgba, |x, y| [x as u8, y as u8, 0, (x * 7) as u8], (6, 8)),
        ];
        for (channels, pixel, expected) in kinds {
            let raster = raster(channels, pixel);
            let reduced = reduce(&raster).unwrap();
            assert_eq!((reduced.colour, reduced.depth), expected, "{channels:?}");
        }
    }

    #[test]
    fn only_what_is_not_opaque_has_an_alpha() {
        let alpha = |x| if x == 5 { 100 } else { 255 };
        let raster = raster(Channels::Rgba, |x, _| [9, 9, x as u8, alpha(x)]);
        let reduced = reduce(&raster).unwrap();
        assert_eq!((reduced.colour, reduced.depth), (3, 8));
        assert_eq!((reduced.palette.len(), reduced.alphas), (101 * 3, vec![100]));
    }
}
