//! The options of a request, one file each, and the table that names them all.
//!
//! Text becomes [`Options`] here and nowhere else; names and meanings are Cloudflare Images'. The
//! table is in the order of the pipeline, and so is the canonical text.

pub mod anim;
pub mod background;
pub mod blur;
pub mod border;
pub mod colour;
pub mod compression;
pub mod crop;
pub mod damaged;
pub mod download;
pub mod dpr;
pub mod draw;
pub mod duotone;
pub mod edges;
pub mod effects;
pub(crate) mod escape;
pub mod expires;
pub mod factor;
pub mod filter;
pub mod fit;
pub mod flip;
pub mod format;
pub mod gravity;
pub mod hue;
pub mod linear;
pub mod max_bytes;
pub mod metadata;
pub(crate) mod number;
pub mod onerror;
pub mod padding;
pub mod page;
mod pairs;
pub mod pixelate;
pub mod preset;
pub mod quality;
pub mod radius;
pub mod rotate;
pub mod segment;
pub mod setting;
pub mod sharpen;
pub mod side;
mod table;
pub mod tint;
pub mod trim;
pub mod upscale;
pub mod zoom;

use border::Border;
use colour::Colour;
use compression::Compression;
use crop::Crop;
use damaged::Damaged;
use download::Download;
use dpr::Dpr;
use draw::Overlay;
use edges::Edges;
use effects::Effects;
use expires::Expires;
use fit::Fit;
use flip::Flip;
use format::Format;
use gravity::Gravity;
use max_bytes::MaxBytes;
use metadata::Metadata;
use onerror::OnError;
use page::Page;
use preset::Preset;
use quality::{Qualities, Quality};
use radius::Radius;
use rotate::Rotate;
use segment::Segment;
pub use setting::{Setting, Stage};
use side::{Side, Width};
pub use table::TABLE;
pub(crate) use table::find;
use trim::Trim;
use upscale::Upscale;
use zoom::Zoom;

/// What a request asks for. A field of `None` was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What becomes of a damaged source.
    pub damaged: Option<Damaged>,
    /// What is cut off the upright source.
    pub trim: Option<Trim>,
    /// What is kept of the source by its content.
    pub segment: Option<Segment>,
    /// Mirroring, before `rotate`.
    pub flip: Option<Flip>,
    /// Turning, after `flip`.
    pub rotate: Option<Rotate>,
    /// Width in CSS pixels, or the client's.
    pub width: Option<Width>,
    /// Height in CSS pixels.
    pub height: Option<Side>,
    /// Multiplies what is in CSS pixels.
    pub dpr: Option<Dpr>,
    /// How the picture meets the box of width and height.
    pub fit: Option<Fit>,
    /// What stays when something is cut off.
    pub gravity: Option<Gravity>,
    /// How close a crop around faces is.
    pub zoom: Option<Zoom>,
    /// How pixels are found that the source does not have.
    pub upscale: Option<Upscale>,
    /// Whether light is averaged instead of its codes.
    pub linear: Option<bool>,
    /// What is cut out of the scaled picture.
    pub crop: Option<Crop>,
    /// Changes to the pixels of the output.
    pub effects: Effects,
    /// Colour under transparency and in `pad` space.
    pub background: Option<Colour>,
    /// Rounded corners.
    pub radius: Option<Radius>,
    /// Space around the picture.
    pub padding: Option<Edges>,
    /// A frame around picture and padding.
    pub border: Option<Border>,
    /// Pictures over the picture, the last one on top.
    pub draw: Vec<Overlay>,
    /// Encoder quality, for all formats and for single ones.
    pub quality: Qualities,
    /// Encoder quality for clients on slow connections.
    pub slow_quality: Option<Quality>,
    /// Output format.
    pub format: Option<Format>,
    /// How much effort the encoder makes.
    pub compression: Option<Compression>,
    /// Whether animations stay animated.
    pub anim: Option<bool>,
    /// Which page or frame is taken.
    pub page: Option<Page>,
    /// What of the source's metadata is kept.
    pub metadata: Option<Metadata>,
    /// Most bytes of the file.
    pub max_bytes: Option<MaxBytes>,
    /// What a failure is answered with.
    pub onerror: Option<OnError>,
    /// Options that the server has under a name.
    pub preset: Option<Preset>,
    /// When the address ends.
    pub expires: Option<Expires>,
    /// The name under which the picture is saved.
    pub download: Option<Download>,
}

/// Checks how values of an option are printed, that this reads back, and what is refused.
#[cfg(test)]
pub(crate) fn check(name: &str, good: &[(&str, &str)], bad: &[&str]) {
    for (value, canonical) in good {
        let options = Options::parse(&format!("{name}={value}")).unwrap();
        assert_eq!(options.print(), *canonical, "{name}={value}");
        assert_eq!(Options::parse(canonical).unwrap(), options, "{canonical}");
    }
    for value in bad {
        let problem = Options::parse(&format!("{name}={value}")).unwrap_err();
        assert_eq!(problem.code, crate::Code::BadOption);
        assert!(problem.detail.contains(&format!("`{name}`")), "{}", problem.detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut names: Vec<&str> =
            TABLE.iter().flat_map(|setting| setting.names).copied().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn the_table_is_in_the_order_of_the_stages() {
        let place = |setting: &&Setting| Stage::ALL.iter().position(|s| *s == setting.stage);
        assert!(TABLE.is_sorted_by_key(place));
    }

    #[test]
    fn printing_is_canonical_and_reads_back() {
        let text = "f=webp,h=300,q=80,w=400,g=0.50x1.0,background=%23FFF,fit=cover,dpr=2.0,\
                    rotate=90,flip=hv,trim.left=5,blur=3";
        let options = Options::parse(text).unwrap();
        let printed = options.print();
        assert_eq!(
            printed,
            "trim=0;0;0;5,flip=hv,rotate=90,width=400,height=300,dpr=2,fit=cover,gravity=bottom,\
             blur=3,background=#ffffff,quality=80,format=webp"
        );
        assert_eq!(Options::parse(&printed).unwrap(), options);
    }
}
