//! Alpha planes: `ALPH` chunks (RFC 9649 §2.7.1.2).

use super::vp8l;
use super::vp8l::decode::Decoder;
pub use super::vp8l::encode::cells::CELL;
use crate::budget::zeros;
use crate::failure::Failure;
use crate::raster::Raster;

/// How samples are predicted from those before them; as they are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    None,
    /// From the left.
    Horizontal,
    /// From above.
    Vertical,
    /// left + above - above left.
    Gradient,
}

impl Filter {
    const ALL: [Self; 4] = [Self::None, Self::Horizontal, Self::Vertical, Self::Gradient];

    /// The prediction of a sample that is in neither the first row nor the first column.
    #[inline(always)]
    fn predict(self, left: u8, above: u8, corner: u8) -> u8 {
        match self {
            Self::None => 0,
            Self::Horizontal => left,
            Self::Vertical => above,
            Self::Gradient => {
                (i16::from(left) + i16::from(above) - i16::from(corner)).clamp(0, 255) as u8
            }
        }
    }

    /// Undoes the filter on a row, which `above` then is.
    fn undo(self, row: &mut [u8], above: &mut Vec<u8>) {
        // The first row is predicted from the left, the first column from above.
        let filter = if above.is_empty() && self != Self::None { Self::Horizontal } else { self };
        above.resize(row.len(), 0);
        if filter != Self::None {
            let first = above.first().copied().unwrap_or(0);
            let (mut left, mut corner) = (first, first);
            for (sample, above) in row.iter_mut().zip(above.iter()) {
                *sample = sample.wrapping_add(filter.predict(left, *above, corner));
                (left, corner) = (*sample, *above);
            }
        }
        above.copy_from_slice(row);
    }

    /// The residuals of a plane.
    fn apply(self, plane: &[u8], wide: usize, mut give: impl FnMut(u8)) {
        let mut above: Option<&[u8]> = None;
        for row in plane.chunks(wide) {
            let filter = match (above, self) {
                (None, Self::Vertical | Self::Gradient) => Self::Horizontal,
                _ => self,
            };
            let above_row = above.unwrap_or(row);
            let first = above.and_then(|above| above.first()).copied().unwrap_or(0);
            let (mut left, mut corner) = (first, first);
            for (sample, above) in row.iter().zip(above_row) {
                give(sample.wrapping_sub(filter.predict(left, *above, corner)));
                (left, corner) = (*sample, *above);
            }
            above = Some(row);
        }
    }
}

/// An alpha plane being decoded.
pub struct Alpha<'a> {
    filter: Filter,
    source: Source<'a>,
    row: Vec<u8>,
    above: Vec<u8>,
}

enum Source<'a> {
    Raw(&'a [u8]),
    Coded(Box<Decoder<'a>>),
}

impl<'a> Alpha<'a> {
    /// Begins to decode a chunk.
    ///
    /// # Errors
    /// [`Failure::Truncated`], [`Failure::Malformed`] or [`Failure::OverBudget`].
    pub fn new(chunk: &'a [u8], (wide, high): (usize, usize)) -> Result<Self, Failure> {
        // From the lowest bits: compression, filter, what was done before, and two reserved ones.
        let Some((head, data)) = chunk.split_first() else {
            return Err(Failure::truncated("alpha plane"));
        };
        let source = match head & 3 {
            0 => Source::Raw(data),
            1 => Source::Coded(Box::new(Decoder::headless(data, (wide, high))?)),
            _ => return Err(Failure::malformed("alpha is compressed in no known way")),
        };
        let filter = Filter::ALL[usize::from(head >> 2 & 3)];
        Ok(Self { filter, source, row: zeros(wide)?, above: Vec::new() })
    }

    /// Decodes the next row.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn next_row(&mut self) -> Result<&[u8], Failure> {
        match &mut self.source {
            Source::Raw(data) => {
                let row = data.split_off(..self.row.len());
                self.row.copy_from_slice(row.ok_or(Failure::truncated("alpha plane"))?);
            }
            Source::Coded(decoder) => {
                for (sample, pixel) in self.row.iter_mut().zip(decoder.next_row()?) {
                    *sample = (*pixel >> 8) as u8;
                }
            }
        }
        self.filter.undo(&mut self.row, &mut self.above);
        Ok(&self.row)
    }
}

/// Upper bound of what decoding a plane allocates.
pub fn decode_memory(wide: u64, high: u64) -> u64 {
    vp8l::decode::memory(wide, high) + 2 * wide
}

/// Encodes a plane without loss, as the payload of a chunk.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode(plane: &Raster) -> Result<Vec<u8>, Failure> {
    let (samples, wide) = (plane.samples.as_slice(), plane.size.width as usize);
    let (filter, number) = best_filter(samples, wide);
    let mut pixels: Vec<u32> = zeros(samples.len())?;
    let mut places = pixels.iter_mut();
    filter.apply(samples, wide, |residual| {
        if let Some(place) = places.next() {
            *place = u32::from(residual) << 8;
        }
    });
    let coded = vp8l::encode::encode_headless(pixels, wide)?;
    let (head, data) = if coded.len() < samples.len() {
        (number << 2 | 1, coded.as_slice())
    } else {
        (0, samples)
    };
    let mut chunk: Vec<u8> = Vec::new();
    let length = data.len() + 1;
    chunk.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
    chunk.push(head);
    chunk.extend_from_slice(data);
    Ok(chunk)
}

/// Encodes a plane whose cells of [`CELL`] samples a side are all 0 or all 255.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn encode_cells(plane: &Raster) -> Result<Vec<u8>, Failure> {
    let across = plane.size.width.div_ceil(CELL as u32) as usize;
    let corners = plane.rows().step_by(CELL).flat_map(|row| row.iter().step_by(CELL));
    let mut cells: Vec<u8> = zeros(across * plane.size.height.div_ceil(CELL as u32) as usize)?;
    cells.iter_mut().zip(corners).for_each(|(place, corner)| *place = *corner);
    let coded = vp8l::encode::cells::encode(&cells, across, plane.size.height as usize)?;
    let mut chunk: Vec<u8> = zeros(coded.len() + 1)?;
    if let Some((head, data)) = chunk.split_first_mut() {
        *head = 1;
        data.copy_from_slice(&coded);
    }
    Ok(chunk)
}

/// The filter whose residuals, where they are not the same as their neighbours, take least.
fn best_filter(plane: &[u8], wide: usize) -> (Filter, u8) {
    let cost = |filter: Filter| {
        let (mut counts, mut before) = ([0_u32; 256], 0);
        filter.apply(plane, wide, |residual| {
            counts[usize::from(residual)] += u32::from(residual != before);
            before = residual;
        });
        vp8l::encode::cost(&counts)
    };
    let all = Filter::ALL.into_iter().zip(0..);
    all.min_by_key(|(filter, _)| cost(*filter)).unwrap_or((Filter::None, 0))
}

/// Upper bound of what encoding a plane allocates.
pub fn encode_memory(size: selvedge_plan::geometry::Size) -> u64 {
    vp8l::encode::memory(size) + size.pixels()
}

#[cfg(test)]
mod tests {
    use selvedge_plan::geometry::Size;

    use super::*;
    use crate::raster::Channels;

    fn plane(wide: usize, high: usize, sample: impl Fn(usize, usize) -> u8) -> Raster {
        let samples = (0..wide * high).map(|i| sample(i % wide, i / wide)).collect();
        let size = Size { width: wide as u32, height: high as u32 };
        Raster { size, channels: Channels::Grey, samples }
    }

    fn decoded(chunk: &[u8], plane: &Raster) -> Vec<u8> {
        let size = (plane.size.width as usize, plane.size.height as usize);
        let mut alpha = Alpha::new(chunk, size).unwrap();
        (0..size.1).flat_map(|_| alpha.next_row().unwrap().to_vec()).collect()
    }

    #[test]
    fn planes_survive_the_way_there_and_back() {
        let noise = |x: usize, y: usize| (((x * 7919 + y * 104_729) * 2_654_435) >> 7) as u8;
        for plane in [
            plane(1, 1, |_, _| 7),
            plane(60, 40, |x, y| (x * 3 + y * 2) as u8),
            plane(33, 21, |x, y| if x > y { 255 } else { 0 }),
            plane(50, 30, noise),
        ] {
            let chunk = encode(&plane).unwrap();
            assert_eq!(decoded(&chunk, &plane), plane.samples);
        }
    }

    #[test]
    fn every_filter_is_undone() {
        let plane = plane(13, 9, |x, y| (x * x * 5 + y * 31) as u8);
        for (filter, number) in Filter::ALL.into_iter().zip(0..) {
            let mut chunk = vec![number << 2];
            filter.apply(&plane.samples, 13, |residual| chunk.push(residual));
            assert_eq!(decoded(&chunk, &plane), plane.samples, "{filter:?}");
            chunk.pop();
            let mut alpha = Alpha::new(&chunk, (13, 9)).unwrap();
            assert!((0..9).any(|_| alpha.next_row().is_err()));
        }
    }
}
