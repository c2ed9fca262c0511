//! The canonical plan: what is done to a picture, with every wish resolved.

mod text;

use crate::available;
use crate::client::Client;
use crate::limits;
use crate::options::Options;
use crate::options::border::Border;
use crate::options::colour::Colour;
use crate::options::compression::Compression;
use crate::options::crop::Crop;
use crate::options::damaged::Damaged;
use crate::options::dpr::Dpr;
use crate::options::draw::Overlay;
use crate::options::edges::Edges;
use crate::options::effects::Effects;
use crate::options::fit::Fit;
use crate::options::flip::Flip;
use crate::options::format::Format;
use crate::options::gravity::Gravity;
use crate::options::max_bytes::MaxBytes;
use crate::options::metadata::Metadata;
use crate::options::page::Page;
use crate::options::quality::{Qualities, Quality};
use crate::options::radius::Radius;
use crate::options::rotate::Rotate;
use crate::options::segment::Segment;
use crate::options::side::{Side, Width};
use crate::options::trim::Trim;
use crate::options::upscale::Upscale;
use crate::options::zoom::Zoom;
use crate::orientation::Turn;
pub use crate::output::{Effort, Output, Scan};
use crate::problem::Problem;

/// What is done to a picture, in this order. Equal plans on equal sources give equal bytes.
/// All lengths are in device pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What becomes of a damaged source.
    pub damaged: Damaged,
    /// What is cut off the upright source.
    pub trim: Option<Trim>,
    /// What is kept of the source by its content.
    pub segment: Option<Segment>,
    /// Mirroring, before the turn.
    pub flip: Option<Flip>,
    /// Turning.
    pub rotate: Rotate,
    /// Width of the box in output pixels.
    pub width: Option<u32>,
    /// Height of the box in output pixels.
    pub height: Option<u32>,
    /// How the picture meets the box.
    pub fit: Fit,
    /// What stays when something is cut off.
    pub gravity: Gravity,
    /// How close a crop around faces is.
    pub zoom: Option<Zoom>,
    /// How pixels are found that the source does not have.
    pub upscale: Option<Upscale>,
    /// Whether light is averaged instead of its codes.
    pub linear: bool,
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
    /// Encoder quality.
    pub quality: Quality,
    /// What is written.
    pub output: Output,
    /// In which order a JPEG's coefficients are written.
    pub scan: Scan,
    /// How much effort the encoder makes.
    pub effort: Effort,
    /// Whether animations stay animated.
    pub anim: bool,
    /// Which page or frame is taken.
    pub page: Page,
    /// What of the source's metadata is kept.
    pub metadata: Metadata,
    /// Most bytes of the file.
    pub max_bytes: Option<MaxBytes>,
}

impl Plan {
    /// Resolves `options` for a client: the device pixel ratio is multiplied in, the format is
    /// chosen, and what has no effect is dropped.
    ///
    /// # Errors
    /// [`Code::BadOption`](crate::Code::BadOption) if a side times the ratio passes the limit, or if
    /// presets are left; [`Code::NotAvailable`](crate::Code::NotAvailable).
    pub fn new(options: &Options, client: &Client) -> Result<Self, Problem> {
        let plan = Self::resolve(options, client)?;
        available::check(&plan)?;
        Ok(plan)
    }

    /// The same for what may not be available yet.
    pub(crate) fn resolve(options: &Options, client: &Client) -> Result<Self, Problem> {
        if let Some(preset) = &options.preset {
            let names = preset.names().join(";");
            return Err(Problem::option("preset", "a server, which knows presets", &names));
        }
        let dpr = options.dpr.unwrap_or(Dpr::ONE);
        let width = match options.width {
            Some(Width::Auto) => Some(client.width(options.dpr)),
            Some(Width::Pixels(side)) => Some(in_device_pixels(side, dpr)?),
            None => None,
        };
        let height = options.height.map(|side| in_device_pixels(side, dpr)).transpose()?;
        let fit = options.fit.unwrap_or(Fit::ScaleDown);
        let cuts = width.is_some() && height.is_some() && fit.cuts();
        let gravity = options.gravity.filter(|_| cuts).unwrap_or(Gravity::CENTRE);
        let (flip, rotate) = turn(options.flip, options.rotate.unwrap_or(Rotate::NONE));
        let fast = options.compression == Some(Compression::Fast);
        let (mut output, baseline) = Output::of(options.format, fast, client.class);
        if options.format == Some(Format::Auto)
            && output == Output::Avif
            && !(is_small(width, height) && options.max_bytes.is_none())
        {
            output = Output::Webp;
        }
        let is_jpeg = matches!(output, Output::Jpeg | Output::Natural);
        Ok(Self {
            damaged: options.damaged.unwrap_or_default(),
            trim: options.trim.map(|trim| trim.times(dpr)).filter(|trim| !trim.is_none()),
            segment: options.segment,
            flip,
            rotate,
            width,
            height,
            fit,
            gravity,
            zoom: options.zoom.filter(|_| gravity == Gravity::Face),
            upscale: options.upscale.filter(|upscale| *upscale != Upscale::Interpolate),
            linear: options.linear.unwrap_or(false),
            crop: options.crop.map(|crop| crop.times(dpr)),
            effects: options.effects.clone(),
            background: options.background,
            radius: options.radius.map(|it| it.times(dpr)).filter(|radius| !radius.is_none()),
            padding: options.padding.map(|it| it.times(dpr)).filter(|edges| !edges.is_none()),
            border: options.border.map(|it| it.times(dpr)).filter(|it| !it.width.is_none()),
            draw: options.draw.iter().cloned().map(|overlay| overlay.times(dpr)).collect(),
            quality: quality(options, output, client.slow),
            output,
            scan: if is_jpeg && (baseline || fast) { Scan::Baseline } else { Scan::Progressive },
            effort: Effort::of(options.compression, output),
            anim: options.anim.unwrap_or(true),
            page: options.page.unwrap_or_default(),
            metadata: options.metadata.unwrap_or_default(),
            max_bytes: options.max_bytes,
        })
    }

    /// What the plan itself turns by right angles, on top of the source's own orientation.
    pub fn turn(&self) -> Turn {
        self.flip.map_or(Turn::NONE, Flip::turn).then(self.rotate.turn())
    }
}

fn in_device_pixels(side: Side, dpr: Dpr) -> Result<u32, Problem> {
    let pixels = dpr.apply(side.pixels());
    if Side::new(pixels).is_none() {
        let expected = format!("a side times dpr of at most {}", limits::OUTPUT_SIDE);
        return Err(Problem::option("dpr", &expected, &pixels.to_string()));
    }
    Ok(pixels)
}

/// The one way to write a turn: mirrored across at most, then turned.
fn turn(flip: Option<Flip>, rotate: Rotate) -> (Option<Flip>, Rotate) {
    match flip {
        None | Some(Flip::Horizontal) => (flip, rotate),
        Some(Flip::Vertical) => (Some(Flip::Horizontal), rotate.opposite()),
        Some(Flip::Both) => (None, rotate.opposite()),
    }
}

/// Whether what is asked for is small enough that AVIF may be chosen for it, whatever the source is.
fn is_small(width: Option<u32>, height: Option<u32>) -> bool {
    let longest = width.max(height);
    longest.is_some_and(|side| side <= limits::AVIF_AUTO_SIDE)
}

/// The quality that holds for `output`: a slow client's own goes before a format's own.
fn quality(options: &Options, output: Output, slow: bool) -> Quality {
    let Qualities { all, avif, jpeg, png, webp } = options.quality;
    let own = match output {
        Output::Avif | Output::AvifOrPixels => avif,
        Output::Jpeg | Output::Natural => jpeg,
        Output::Png => png,
        Output::Webp => webp,
        _ => None,
    };
    let slow = options.slow_quality.filter(|_| slow);
    slow.or(own).or(all).unwrap_or(usual(output))
}

/// The quality when nothing is asked for.
fn usual(output: Output) -> Quality {
    if output == Output::Png { Quality::LOSSLESS } else { Quality::DEFAULT }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accept::Class;

    fn text(options: &str, class: Class) -> String {
        let client = Client { class, ..Client::default() };
        Plan::resolve(&Options::parse(options).unwrap(), &client).unwrap().text()
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
            ("damaged=refuse,width=5", "width=5"),
            ("width=5,damaged=keep", "damaged=keep,width=5"),
            ("width=auto", "width=1200"),
            ("flip=hv", "rotate=180"),
            ("flip=v", "flip=h,rotate=180"),
            ("flip=hv,rotate=180", ""),
            ("flip=v,rotate=90", "flip=h,rotate=270"),
            ("flip=v,rotate=12.5", "flip=h,rotate=192.5"),
            ("trim=0;0;0;0,padding=0,border=0,border.color=red,radius=0", ""),
            ("trim.top=5,trim.width=9,dpr=2", "trim=10;0;0;0,trim.width=18"),
            ("trim=65535;0;0;0,dpr=3", "trim=65535;0;0;0"),
            (
                "padding=3,border=1;2,crop=1;2;3;4,radius=7,dpr=3",
                "crop=3;6;9;12,radius=21,padding=9,border=3;6;3;6",
            ),
            (
                "draw.0.url=a.png,draw.0.width=5,draw.0.height=0.5,dpr=2",
                "draw.0.url=a.png,draw.0.width=10,draw.0.height=0.5",
            ),
            ("zoom=0.5", ""),
            ("upscale=interpolate,metadata=copyright,anim=true,page=0", ""),
            ("anim=false,page=3", "anim=false,page=3"),
            ("linear=false", ""),
            ("linear=true,w=5", "width=5,linear=true"),
            ("format=baseline-jpeg", "format=baseline-jpeg"),
            ("format=baseline-jpeg,compression=fast", "format=jpeg,compression=fast"),
            ("format=auto,compression=fast", "compression=fast"),
            ("format=webp,compression=fast", "format=webp,compression=fast"),
            ("format=webp,compression=best", "format=webp,compression=best"),
            ("format=png,compression=best", "format=png"),
            ("compression=best", ""),
            ("quality=50,quality.jpeg=60", "quality=60"),
            ("quality=50,quality.webp=60", "quality=50"),
            ("format=webp,quality=50,quality.webp=60", "quality=60,format=webp"),
            ("format=png,quality=100", "format=png"),
            ("format=png,quality=85", "quality=85,format=png"),
            ("format=png,quality.png=high,quality=5", "quality=90,format=png"),
            ("quality.png=5", ""),
            ("scq=10", ""),
            ("onerror=redirect,expires=5,download=a", ""),
        ] {
            assert_eq!(text(options, Class::Legacy), canonical, "{options}");
            assert_eq!(text(canonical, Class::Legacy), canonical);
            assert_eq!(text(canonical, Class::Webp), canonical, "no class left to resolve");
        }
        assert_eq!(text("format=auto,width=5", Class::Webp), "width=5,format=webp");
        assert_eq!(text("format=auto,compression=fast", Class::Webp), "compression=fast");
        let best = "format=auto,compression=best";
        assert_eq!(text(best, Class::Webp), "format=webp,compression=best");
        assert_eq!(text(best, Class::Legacy), "");
    }

    #[test]
    fn slow_clients_get_their_quality() {
        let options = Options::parse("quality=80,quality.jpeg=70,scq=30").unwrap();
        let slow = Client { slow: true, ..Client::default() };
        assert_eq!(Plan::new(&options, &slow).unwrap().text(), "quality=30");
        assert_eq!(Plan::new(&options, &Client::default()).unwrap().text(), "quality=70");
    }

    #[test]
    fn what_a_plan_cannot_hold_is_refused() {
        for (options, part) in [
            ("width=6000,dpr=3", "`dpr`: expected a side times dpr of at most 16383, got `18000`"),
            ("preset=a", "`preset`"),
        ] {
            let options = Options::parse(options).unwrap();
            let problem = Plan::resolve(&options, &Client::default()).unwrap_err();
            assert!(problem.detail.contains(part), "{}", problem.detail);
        }
    }
}
