//! A chunk that is a JPEG file but for its tables (TIFF technical note 2).

use selvedge_plan::geometry::Size;

use super::super::jpeg::CODEC;
use super::layout::Layout;
use crate::budget::Job;
use crate::codec::{Form, Format, Header, Planes};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::join::{self, join};
use crate::raster::{Channels, Raster, Space};
use crate::reduce::{Reduce, Way};

/// What begins and ends a file (ITU-T T.81 table B.1).
const START: [u8; 2] = [0xff, 0xd8];
const END: [u8; 2] = [0xff, 0xd9];

/// An Adobe segment that says whether three components are luma and chroma: the chunk itself does not.
const fn adobe(transform: u8) -> [u8; 16] {
    [0xff, 0xee, 0, 14, b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform]
}

/// Decodes a chunk to grey or RGB, all of it at once.
///
/// # Errors
/// Any [`Failure`].
pub fn decode(layout: &Layout<'_>, stored: &[u8], job: &Job<'_>) -> Result<Raster, Failure> {
    let shared = layout.jpeg_tables();
    let tables = shared.strip_prefix(&START).unwrap_or_default();
    let tables = tables.strip_suffix(&END).unwrap_or(tables);
    let stored = stored.strip_prefix(&START).ok_or_else(|| Failure::truncated("picture data"))?;
    let length = 18 + tables.len() + stored.len();
    let mut file = Vec::new();
    file.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
    file.extend(START);
    file.extend(adobe(u8::from(layout.is_jpeg_ycbcr)));
    file.extend_from_slice(tables);
    file.extend_from_slice(stored);

    let header = (CODEC.probe)(&file)?;
    let Form::Planes(planes) = header.form else {
        return Err(Failure::malformed("pixels where planes were expected"));
    };
    let size = header.size;
    let fits = size.width == layout.chunk.width && size.height <= layout.chunk.height;
    let (together, _) = layout.planes();
    if !fits || planes.space.count() != together as usize {
        return Err(Failure::malformed("a JPEG of another size or kind than its chunk"));
    }
    if header.progressive {
        return Err(Failure::Unsupported("TIFF with progressive JPEG in it".into()));
    }
    let mut ways = ways(&planes, size);
    (CODEC.decode)(&file, &header, &mut ways, job)?;
    drop(file);
    let mut rasters: Vec<Raster> =
        ways.into_iter().map(Reduce::finish).collect::<Result<_, _>>()?;
    if planes.space == Space::Grey {
        return rasters.pop().ok_or_else(|| Failure::truncated("picture data"));
    }
    let mut way = Reduce::new(Way::whole(size), &[]);
    join(&rasters, &planes, size, &mut way, job)?;
    way.finish()
}

/// The ways of planes in their own sizes.
fn ways(planes: &Planes, size: Size) -> Vec<Reduce> {
    let (across, down) = planes.largest();
    let side = |all: u32, part: u32, largest: u32| (all * part).div_ceil(largest);
    let of_plane = |(a, d): (u32, u32)| {
        let size = Size { width: side(size.width, a, across), height: side(size.height, d, down) };
        Reduce::new(Way::whole(size), &[])
    };
    planes.each().map(of_plane).collect()
}

/// Upper bound of bytes for a chunk, and of those that are kept.
pub fn memory(layout: &Layout<'_>) -> (u64, u64) {
    let (together, _) = layout.planes();
    let space = if together == 1 { Space::Grey } else { Space::YCbCr };
    // The most that sampling factors may make of rows and columns.
    let form = Form::Planes(Planes { space, factors: [(4, 4); 4] });
    let header = Header {
        format: Format::Jpeg,
        size: layout.chunk,
        orientation: 1,
        form,
        depth: 8,
        progressive: false,
        colours: Colours::SRGB,
    };
    let decode = (CODEC.decode_memory)(&header, &[1, 1, 1]);
    let pixels = layout.chunk.pixels() * u64::from(together);
    let ways = Reduce::new(Way::whole(layout.chunk), &[]).memory(Channels::Grey);
    let joined = Reduce::new(Way::whole(layout.chunk), &[]).memory(Channels::Rgb);
    let joined = joined + join::memory(layout.chunk.width.into());
    (decode + ways * u64::from(together) + joined, pixels)
}
