//! Next.js: what maps, and what does not.

use super::{Chapter, maps, refused};
use crate::dialects::next::DIALECT;

/// What the documentation says of it.
pub const CHAPTER: Chapter = Chapter {
    dialect: &DIALECT,
    doc: "The format is negotiated and the quality is 75 unless given, as there; a picture is never \
          enlarged. Allowed widths and qualities are this server's policy.",
    sample: "/_next/image?url=%2Fphotos%2Fa.jpg&{}",
    rows: &[
        maps("w=640&q=60", "width=640,quality=60,format=auto"),
        maps("w=640", "width=640,quality=75,format=auto"),
        refused("h=640&w=640", "Next.js has no height"),
    ],
};
