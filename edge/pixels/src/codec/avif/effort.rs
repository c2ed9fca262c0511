//! How much is tried for each block, and what that costs.

use rav1e::config::SpeedSettings;
use rav1e::prelude::{BlockSize, PartitionRange, SceneDetectionSpeed};
use selvedge_plan::geometry::Size;
use selvedge_plan::plan::Effort;

use super::quality;
use crate::codec::Style;
use crate::raster::Channels;

/// Pictures larger than this are coded as `compression=fast` has it, whatever is asked for.
const CAREFUL_PIXELS: u64 = 1 << 19;

/// The effort that is made: by the plan and the size alone, so that equal plans give equal bytes.
pub fn made(size: Size, asked: Effort) -> Effort {
    if size.pixels() > CAREFUL_PIXELS { Effort::Fast } else { asked }
}

/// rav1e's preset 8, changed where pictures want something else than video does: blocks are small, which
/// takes less time and fewer bytes than the preset's up to 64 pixels, and directions of prediction are
/// not refined. The presets 9 and 10 have large blocks only, and are slower and worse than this. The
/// best effort decides between transforms: 2 % fewer bytes at the same score for 2.4 times the time.
pub fn settings(effort: Effort) -> SpeedSettings {
    let mut settings = SpeedSettings::from_preset(8);
    settings.rdo_lookahead_frames = 1;
    settings.scene_detection_mode = SceneDetectionSpeed::None;
    settings.prediction.fine_directional_intra = false;
    let smallest = match effort {
        Effort::Fast => BlockSize::BLOCK_8X8,
        Effort::Best | Effort::Full => BlockSize::BLOCK_4X4,
    };
    settings.transform.rdo_tx_decision = effort == Effort::Best;
    settings.partition.partition_range = PartitionRange::new(smallest, BlockSize::BLOCK_16X16);
    settings.cdef = effort != Effort::Fast;
    settings
}

/// Work units for each pixel. Alpha is a picture too, without chroma.
pub fn work(size: Size, channels: Channels, style: Style) -> u64 {
    let (halved, full) = match made(size, style.effort) {
        Effort::Best => (9_000, 14_600),
        Effort::Fast => (2_000, 3_200),
        Effort::Full => (3_200, 5_200),
    };
    let picture = if quality::chroma(style.quality) == (1, 1) { full } else { halved };
    if channels.has_alpha() { picture + halved / 2 } else { picture }
}
