//! Showmax: what maps, and what does not.

use super::{Chapter, maps, refused};
use crate::dialects::showmax::DIALECT;

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "Quality is 75 unless given, as there. How a crop and an overlay are written there was never \
          published: here `crop` is a rectangle of the original, `c` behind a size cuts to it, and \
          `overlay` is a preset of the server, which draws the badge. It claims every path that no \
          other dialect does.",
    sample: "/photos/a.jpg?{}",
    rows: &[
        maps("width=800&height=500", "width=800,height=500,quality=75"),
        maps("800x500", "width=800,height=500,quality=75"),
        maps("800x500f", "width=800,height=500,fit=squeeze,quality=75"),
        maps("", "quality=75"),
        maps("800x500c", "width=800,height=500,fit=cover,quality=75"),
        maps("crop=10,20,300,200", "trim=20;0;0;10,trim.width=300,trim.height=200,quality=75"),
        maps("800x500&overlay=last-chance", "width=800,height=500,quality=75,preset=last-chance"),
        refused("crop=1", "a crop has four numbers"),
        refused("colors", "say `format=json` in the project's own dialect"),
    ],
};
