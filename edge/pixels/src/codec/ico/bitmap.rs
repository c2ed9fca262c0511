//! A bitmap of an icon: colours, and below them a bit for each pixel that is not to be seen.

use super::super::bmp::bitmap::{Bitmap, Coding};
use super::super::bmp::rows;
use crate::budget::Job;
use crate::failure::Failure;
use crate::raster::Channels;
use crate::reduce::Reduce;

use selvedge_plan::geometry::Size;

/// Decodes it to RGBA.
///
/// # Errors
/// Any [`Failure`].
pub fn decode(stored: &[u8], size: Size, way: &mut Reduce, job: &Job<'_>) -> Result<(), Failure> {
    let mut bitmap = Bitmap::read(stored)?;
    // Its height counts the rows of bits, too.
    if (bitmap.size.width, bitmap.size.height) != (size.width, 2 * size.height) {
        return Err(Failure::malformed("a bitmap of another size than the directory says"));
    }
    let data = stored.get(bitmap.end..).unwrap_or_default();
    let stride = rows::stride(size.width, bitmap.bits());
    let height = size.height as usize;
    let (colours, hidden) = data.split_at_checked(stride * height).unwrap_or((data, &[]));
    let coding = match bitmap.coding {
        // Writers before the times of alpha left it 0, and then the bits count.
        Coding::Fields(32, masks)
            if colours.chunks_exact(4).any(|pixel| pixel.get(3) != Some(&0)) =>
        {
            Coding::Fields(32, masks.with_alpha())
        }
        Coding::Runs(_) => return Err(Failure::malformed("runs in an icon")),
        coding => coding,
    };
    bitmap.coding = coding;
    let has_alpha = matches!(coding, Coding::Fields(_, masks) if masks.has_alpha());
    let channels = if has_alpha { Channels::Rgba } else { Channels::Rgb };
    let bits = rows::stride(size.width, 1);
    let width = size.width as usize;
    let (mut row, mut opaque) = (job.bytes(width * 4)?, job.bytes(width * 3)?);
    way.begin(Channels::Rgba, job)?;
    for y in 0..height {
        let stored = if bitmap.top_down { y } else { height - 1 - y };
        let line = |data: &'_ [u8], stride: usize| -> Option<std::ops::Range<usize>> {
            let range = stored * stride..(stored + 1) * stride;
            (range.end <= data.len()).then_some(range)
        };
        let found = line(colours, stride).and_then(|range| colours.get(range));
        let below = line(hidden, bits).and_then(|range| hidden.get(range));
        let (Some(found), true) = (found, has_alpha || below.is_some()) else {
            job.damage().forgive(Failure::truncated("picture data"))?;
            row.fill(0);
            way.row(&row);
            continue;
        };
        if has_alpha {
            rows::unpack(&bitmap, found, channels, &mut row);
        } else {
            rows::unpack(&bitmap, found, channels, &mut opaque);
            let below = below.unwrap_or_default();
            let pixels = row.as_chunks_mut::<4>().0.iter_mut().zip(opaque.as_chunks::<3>().0);
            for (x, (place, [r, g, b])) in pixels.enumerate() {
                let is_hidden = below.get(x / 8).is_some_and(|byte| byte << (x % 8) & 0x80 != 0);
                *place = if is_hidden { [0; 4] } else { [*r, *g, *b, 255] };
            }
        }
        way.row(&row);
    }
    Ok(())
}
