//! The canonical plan: what is done to a picture, with every wish resolved.

use crate::accept::Class;
use crate::limits;
use crate::options::Options;
use crate::options::background::Colour;
use crate::options::dpr::Dpr;
use crate::options::fit::Fit;
use crate::options::flip::Flip;
use crate::options::format::Format;
use crate::options::gravity::Gravity;
use crate::options::quality::Quality;
use crate::options::rotate::Rotate;
use crate::options::side::Side;
use crate::orientation::Turn;
use crate::problem::Problem;

/// What is done to a picture. Equal plans on equal sources give equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Width of the box in output pixels.
    pub width: Option<u32>,
    /// Height of the box in output pixels.
    pub height: Option<u32>,
    /// How the picture meets the box.
    pub fit: Fit,
    /// What stays when something is cut off.
    pub gravity: Gravity,
    /// Mirroring, before the turn.
    pub flip: Option<Flip>,
    /// Turning.
    pub rotate: Rotate,
    /// Colour under transparency and in `pad` space.
    pub background: Option<Colour>,
    /// Encoder quality.
    pub quality: Quality,
    /// What is written.
    pub output: Output,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// JPEG.
    Jpeg,
    /// JPEG, or PNG where there is transparency to keep.
    Natural,
    /// Uncompressed pixels.
    Pixels,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl Output {
    /// The media type, where it does not depend on the source.
    pub fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Jpeg => Some("image/jpeg"),
            Self::Natural => None,
            Self::Pixels => Some("application/octet-stream"),
            Self::Png => Some("image/png"),
            Self::Webp => Some("image/webp"),
        }
    }
}

impl Plan {
    /// Resolves `options` for a client of `class`: the device pixel ratio is multiplied in, the
    /// format is chosen, and what has no effect is dropped.
    ///
    /// # Errors
    /// [`Code::BadOption`](crate::Code::BadOption) if a side times the ratio passes the limit.
    pub fn new(options: &Options, class: Class) -> Result<Self, Problem> {
        let width = in_output_pixels(options.width, options.dpr)?;
        let height = in_output_pixels(options.height, options.dpr)?;
        let fit = options.fit.unwrap_or(Fit::ScaleDown);
        let boxed = width.is_some() && height.is_some();
        let gravity = options.gravity.filter(|_| boxed && fit.cuts());
        Ok(Self {
            width,
            height,
            fit,
            gravity: gravity.unwrap_or(Gravity::CENTRE),
            flip: options.flip,
            rotate: options.rotate.unwrap_or(Rotate::Deg0),
            background: options.background,
            quality: options.quality.unwrap_or(Quality::DEFAULT),
            output: match options.format {
                None => Output::Natural,
                Some(Format::Auto) => class.output(),
                Some(Format::Jpeg) => Output::Jpeg,
                Some(Format::Pixels) => Output::Pixels,
                Some(Format::Png) => Output::Png,
                Some(Format::Webp) => Output::Webp,
            },
        })
    }

    /// What the plan itself turns, on top of the source's own orientation.
    pub fn turn(&self) -> Turn {
        self.flip.map_or(Turn::NONE, Flip::turn).then(self.rotate.turn())
    }

    /// The canonical text: an option text that resolves to this plan again, for any class. Defaults
    /// are left out; the plan that changes nothing is the empty text.
    pub fn text(&self) -> String {
        let turns = !matches!(self.rotate, Rotate::Deg0 | Rotate::Deg360);
        Options {
            background: self.background,
            dpr: None,
            fit: Some(self.fit).filter(|fit| *fit != Fit::ScaleDown),
            flip: self.flip,
            format: match self.output {
                Output::Jpeg => Some(Format::Jpeg),
                Output::Natural => None,
                Output::Pixels => Some(Format::Pixels),
                Output::Png => Some(Format::Png),
                Output::Webp => Some(Format::Webp),
            },
            gravity: Some(self.gravity).filter(|gravity| *gravity != Gravity::CENTRE),
            height: self.height.and_then(Side::new),
            quality: Some(self.quality).filter(|quality| *quality != Quality::DEFAULT),
            rotate: Some(self.rotate).filter(|_| turns),
            width: self.width.and_then(Side::new),
        }
        .print()
    }
}

fn in_output_pixels(side: Option<Side>, dpr: Option<Dpr>) -> Result<Option<u32>, Problem> {
    let (Some(side), Some(dpr)) = (side, dpr) else {
        return Ok(side.map(Side::pixels));
    };
    let pixels = dpr.apply(side.pixels());
    if Side::new(pixels).is_none() {
        let expected = format!("a side times dpr of at most {}", limits::OUTPUT_SIDE);
        return Err(Problem::option("dpr", &expected, &pixels.to_string()));
    }
    Ok(Some(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(options: &str, class: Class) -> String {
        Plan::new(&Options::parse(options).unwrap(), class).unwrap().text()
    }

    #[test]
    fn equal_requests_have_equal_text() {
        for (options, canonical) in [
            ("w=200,dpr=2", "width=400"),
            ("width=333,dpr=1.5", "width=500"),
            ("width=400,fit=scale-down,quality=85,rotate=360", "width=400"),
            ("height=10,gravity=left,fit=cover", "height=10,fit=cover"),
            ("width=9,height=9,gravity=left", "width=9,height=9"),
            ("width=9,height=9,gravity=0x0.5,fit=crop", "width=9,height=9,fit=crop,gravity=left"),
            ("format=auto,width=5", "width=5"),
        ] {
            assert_eq!(text(options, Class::Legacy), canonical);
            assert_eq!(text(canonical, Class::Legacy), canonical);
            assert_eq!(text(canonical, Class::Webp), canonical, "no class left to resolve");
        }
        assert_eq!(text("format=auto,width=5", Class::Webp), "width=5,format=webp");
    }
}
