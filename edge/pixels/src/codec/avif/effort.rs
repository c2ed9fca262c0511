//! What encoding costs.

use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::quality;
use crate::codec::Style;
use crate::raster::Channels;

/// Work units for each pixel. Alpha is a picture too, without chroma.
pub fn work(_: Size, channels: Channels, style: Style) -> u64 {
    let (halved, full) = match style.effort {
        Effort::Best => (9_000, 14_600),
        Effort::Fast => (2_000, 3_200),
        Effort::Full => (3_200, 5_200),
    };
    let picture = if quality::chroma(style.quality) == (1, 1) { full } else { halved };
    if channels.has_alpha() { picture + halved / 2 } else { picture }
}
