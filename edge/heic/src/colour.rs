//! What luma and chroma mean (ITU-T H.273), and how they become JPEG's: full range, and the matrix of
//! ITU-R BT.601 (JFIF 1.02).

use heifer_hevc_dec::params::Sps;
use selvedge_pixels::{Failure, Tag};

use crate::boxes::{Reader, unsupported};

/// Numbers for what is not known (H.273 §8).
const UNKNOWN: u16 = 2;

/// What the numbers of a picture mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    primaries: u16,
    transfer: u16,
    matrix: u16,
    is_full: bool,
}

impl Meaning {
    /// Of a `colr` box of the kind `nclx` (ISO/IEC 14496-12 §12.1.5).
    ///
    /// # Errors
    /// [`Failure::Malformed`].
    pub fn read(body: &mut Reader<'_>) -> Result<Self, Failure> {
        let (primaries, transfer, matrix) = (body.u16()?, body.u16()?, body.u16()?);
        Ok(Self { primaries, transfer, matrix, is_full: body.u8()? & 0x80 != 0 })
    }

    /// What the coded picture itself says (H.265 §E.3.1).
    pub fn of_sequence(sps: &Sps) -> Self {
        let Some(vui) = &sps.vui else {
            let (primaries, transfer, matrix) = (UNKNOWN, UNKNOWN, UNKNOWN);
            return Self { primaries, transfer, matrix, is_full: false };
        };
        Self {
            primaries: vui.colour_primaries.into(),
            transfer: vui.transfer_characteristics.into(),
            matrix: vui.matrix_coeffs.into(),
            is_full: vui.video_full_range_flag,
        }
    }

    /// What the colours are.
    pub fn tag(self) -> Tag {
        match (u8::try_from(self.primaries), u8::try_from(self.transfer)) {
            (Ok(primaries), Ok(transfer)) => Tag::CodePoints { primaries, transfer },
            _ => Tag::Srgb,
        }
    }

    /// What makes JPEG's samples of them.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] for a matrix of which stills have none.
    pub fn conversion(self) -> Result<Conversion, Failure> {
        // Shares of red and blue in luma (H.273 table 4).
        let shares = match self.matrix {
            1 => Some((0.2126, 0.0722)),
            UNKNOWN | 5 | 6 => None,
            9 => Some((0.2627, 0.0593)),
            _ => return Err(unsupported("an unusual matrix of colours")),
        };
        Ok(Conversion {
            luma: if self.is_full { None } else { Some(table(16, 219)) },
            chroma: if self.is_full { None } else { Some(table(128, 224)) },
            matrix: shares.map(|(red, blue)| Matrix::new(red, blue)),
        })
    }
}

/// What makes JPEG's samples of others.
pub struct Conversion {
    luma: Option<[u8; 256]>,
    chroma: Option<[u8; 256]>,
    matrix: Option<Matrix>,
}

impl Conversion {
    /// Converts rows in place: those of luma that share a row of chroma, and that.
    pub fn run(&self, luma: &mut [&mut [u8]], blue: &mut [u8], red: &mut [u8]) {
        if let Some(table) = &self.luma {
            luma.iter_mut().for_each(|row| map(row, table));
        }
        if let Some(table) = &self.chroma {
            map(blue, table);
            map(red, table);
        }
        if let Some(matrix) = &self.matrix {
            matrix.run(luma, blue, red);
        }
    }
}

fn map(row: &mut [u8], table: &[u8; 256]) {
    for sample in row {
        *sample = table[usize::from(*sample)];
    }
}

/// From `span` steps to 255; `centre` stays what it is if it is 128, and becomes 0 if it is 16.
fn table(centre: i32, span: i32) -> [u8; 256] {
    let stays = if centre == 128 { 128 } else { 0 };
    core::array::from_fn(|code| {
        // Rounded half up, with a whole number of spans added so that nothing is negative.
        let scaled = (2 * 255 * (code as i32 - centre) + span + 1_024 * span) / (2 * span) - 512;
        (scaled + stays).clamp(0, 255) as u8
    })
}

/// From the samples of one matrix to those of another, in 1/65536.
struct Matrix {
    /// What chroma adds to luma: of blue, of red.
    luma: [i32; 2],
    /// The new chroma of blue, out of the old ones.
    blue: [i32; 2],
    red: [i32; 2],
}

impl Matrix {
    /// From that in which luma has these shares of red and blue.
    fn new(red: f64, blue: f64) -> Self {
        let green = 1.0 - red - blue;
        // What one step of chroma adds to red, green and blue: of blue, of red.
        let of_blue = [0.0, -2.0 * blue * (1.0 - blue) / green, 2.0 * (1.0 - blue)];
        let of_red = [2.0 * (1.0 - red), -2.0 * red * (1.0 - red) / green, 0.0];
        let columns = [of_blue, of_red].map(|[r, g, b]| {
            let luma = 0.299 * r + 0.587 * g + 0.114 * b;
            [luma, (b - luma) / 1.772, (r - luma) / 1.402]
        });
        let row = |row: usize| {
            columns.map(|column| {
                let scaled = column[row] * 65_536.0;
                (scaled + if scaled < 0.0 { -0.5 } else { 0.5 }) as i32
            })
        };
        Self { luma: row(0), blue: row(1), red: row(2) }
    }

    fn run(&self, luma: &mut [&mut [u8]], blue: &mut [u8], red: &mut [u8]) {
        let times = |[of_blue, of_red]: [i32; 2], blue: i32, red: i32| {
            (of_blue * blue + of_red * red + 0x8000) >> 16
        };
        for (x, (blue, red)) in blue.iter_mut().zip(red).enumerate() {
            let (b, r) = (i32::from(*blue) - 128, i32::from(*red) - 128);
            *blue = (times(self.blue, b, r) + 128).clamp(0, 255) as u8;
            *red = (times(self.red, b, r) + 128).clamp(0, 255) as u8;
            let more = times(self.luma, b, r);
            for row in luma.iter_mut() {
                for sample in row.iter_mut().skip(2 * x).take(2) {
                    *sample = (i32::from(*sample) + more).clamp(0, 255) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Luma and chroma of a colour, by the shares of red and blue, in full or video range.
    fn coded([r, g, b]: [f64; 3], (red, blue): (f64, f64), is_full: bool) -> [u8; 3] {
        let luma = red * r + (1.0 - red - blue) * g + blue * b;
        let chroma = [(b - luma) / (2.0 * (1.0 - blue)), (r - luma) / (2.0 * (1.0 - red))];
        let (black, span, chroma_span) =
            if is_full { (0.0, 255.0, 255.0) } else { (16.0, 219.0, 224.0) };
        let [cb, cr] = chroma.map(|part| part * chroma_span / 255.0 + 128.0);
        [luma * span / 255.0 + black, cb, cr].map(|code| code.round().clamp(0.0, 255.0) as u8)
    }

    #[test]
    fn every_meaning_becomes_that_of_jpeg() {
        for (matrix, shares) in [(1, (0.2126, 0.0722)), (6, (0.299, 0.114)), (9, (0.2627, 0.0593))]
        {
            for is_full in [true, false] {
                let meaning = Meaning { primaries: 1, transfer: 13, matrix, is_full };
                let conversion = meaning.conversion().unwrap();
                for colour in 0..512_u32 {
                    let part = |shift: u32| f64::from(colour >> shift & 7) * 255.0 / 7.0;
                    let colour = [part(6), part(3), part(0)];
                    let [y, b, r] = coded(colour, shares, is_full);
                    let (mut rows, mut blue, mut red) = ([[y, y], [y, y]], [b], [r]);
                    let [first, second] = &mut rows;
                    conversion.run(&mut [first, second], &mut blue, &mut red);
                    let expected = coded(colour, (0.299, 0.114), true);
                    for got in rows.into_iter().flatten().map(|y| [y, blue[0], red[0]]) {
                        let apart = got.iter().zip(expected).map(|(got, it)| got.abs_diff(it));
                        // What eight bits of the other coding cannot tell apart.
                        assert!(apart.max() <= Some(2), "{matrix} {is_full} {colour:?}: {got:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_matrix_that_stills_do_not_have_is_left_to_others() {
        let meaning = Meaning { primaries: 1, transfer: 13, matrix: 0, is_full: true };
        assert!(matches!(meaning.conversion(), Err(Failure::Unsupported(_))));
    }
}
