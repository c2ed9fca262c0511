//! What encoding costs.

use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::quality;
use crate::codec::Style;
use crate::raster::Channels;

/// Work units for each pixel. Alpha is a picture too, without chroma.
pub fn work(_: Size, channels: Channels, style: Style) -> u64 {
    let (halved, full) = match style.effort {
        Effort::Best => (1_100, 1_300),
        Effort::Fast => (250, 400),
        Effort::Full => (500, 680),
    };
    let picture = if quality::chroma(style.quality) == (1, 1) { full } else { halved };
    if channels.has_alpha() { picture + halved / 2 } else { picture }
}
