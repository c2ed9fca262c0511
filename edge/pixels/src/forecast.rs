//! What a transform will give and need, from the header and the plan alone.

mod memory;
mod part;
mod sizes;
mod unchanged;
mod ways;

use selvedge_plan::geometry::{self, Layout, Size};
use selvedge_plan::options::background::Colour;
use selvedge_plan::options::border::Border;
use selvedge_plan::options::draw::Overlay;
use selvedge_plan::options::edges::Edges;
use selvedge_plan::options::fit::Fit;
use selvedge_plan::options::quality::Quality;
use selvedge_plan::options::radius::Radius;
use selvedge_plan::orientation::Turn;
use selvedge_plan::plan::Output;
use selvedge_plan::{Plan, limits};

use crate::anim::{Film, Write};
use crate::ceiling::Ceiling;
use crate::codec::{Encode, Form, Format, Header, Planes, Style};
use crate::colour::in_space;
use crate::colours::{Colours, Key};
use crate::compose::Place;
use crate::draw;
use crate::effects::Retouch;
use crate::failure::Failure;
use crate::join;
use crate::metadata::{Carried, Load};
use crate::placeholder::{self, About, File, Note};
use crate::raster::{Channels, Space};
use crate::reduce::Reduce;
use crate::tilt::{self, Tilt};

/// What a transform will give and need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Media type of the output.
    pub media_type: &'static str,
    /// Size of the output.
    pub size: Size,
    /// Upper bound of bytes allocated at once, without the source.
    pub memory: u64,
    /// Work units of all steps.
    pub work: u64,
}

/// What small allocations, messages and an encoder's tables add up to.
pub(crate) const SLACK: u64 = 96 << 10;

/// Everything that is known before a pixel is decoded: the pipeline only follows it.
#[derive(Clone)]
pub(crate) struct Blueprint {
    /// The plan's turn after the source's own.
    pub turn: Turn,
    /// In the upright picture.
    pub layout: Layout,
    /// Changes to its pixels.
    pub retouch: Option<Retouch>,
    /// Rounded corners.
    pub radius: Option<Radius>,
    /// What is left of a turn after right angles.
    pub tilt: Option<Tilt>,
    /// Where it lies on the output.
    pub place: Place,
    /// What lies under the picture.
    pub background: Option<Colour>,
    /// The frame around it.
    pub border: Option<Border>,
    /// What is drawn over it.
    pub draw: Vec<Overlay>,
    /// What lies under it then, where there is no room for transparency.
    pub under: Option<Colour>,
    /// Whether transparency of the source gives way to a colour that nobody asked for.
    pub loses_alpha: bool,
    /// What becomes of the finished pixels.
    pub written: Written,
    /// How it is written, if it is a file.
    pub encode: Option<&'static Encode>,
    /// What is known of the picture already.
    pub about: About,
    /// What the source's numbers stand for.
    pub colours: Colours,
    /// What the output carries of the source's metadata.
    pub load: Load,
    /// That itself, once the source is admitted.
    pub carried: Carried,
    /// What makes sRGB of them, once the source is admitted.
    pub key: Option<Key>,
    /// By how much chroma is smaller in the output, if that has chroma.
    pub chroma: (u32, u32),
    /// Whether light is averaged instead of its codes.
    linear: bool,
    /// Whether planes stay planes from the decoder to the encoder.
    pub stays_planar: bool,
    /// What is taken of several frames.
    pub film: Option<Film>,
    pub style: Style,
    /// The most bytes of the file.
    pub ceiling: Option<Ceiling>,
    /// Stored size of the source.
    source: Size,
    /// The size that is decoded, where there are several.
    stored: Size,
    form: Form,
    denominators: &'static [u32],
    decode: Step,
    /// Bytes of pixels that are there already, until they are scaled.
    held: u64,
}

/// What becomes of the finished pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// A file as an address.
    DataUrl(Format),
    /// A file.
    File(Format),
    /// Something about them.
    Note(Note),
    /// Themselves.
    Pixels,
}

impl Written {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::DataUrl(_) => "text/plain",
            Self::File(format) => format.media_type(),
            Self::Note(note) => note.media_type(),
            Self::Pixels => "application/octet-stream",
        }
    }

    /// The format, if it is a file.
    fn format(self) -> Option<Format> {
        match self {
            Self::DataUrl(format) | Self::File(format) => Some(format),
            Self::Note(_) | Self::Pixels => None,
        }
    }

    /// How it is written with loss, or at all, if it is a file.
    pub fn encoder(self) -> Option<&'static Encode> {
        self.format().and_then(|format| format.codec().encode.as_ref())
    }

    /// How a file is written. What is PNG only because something shows through it loses nothing.
    fn style(self, plan: &Plan) -> Style {
        let style = Style::of(plan);
        match self {
            Self::File(Format::Png) if plan.output != Output::Png => {
                Style { quality: Quality::LOSSLESS, ..style }
            }
            _ => style,
        }
    }

    /// How an animation is written.
    pub fn animation(self) -> Option<&'static Write> {
        match self {
            Self::File(format) => format.codec().animated.and_then(|it| it.write.as_ref()),
            _ => None,
        }
    }

    /// Whether there is room for transparency.
    fn has_alpha(self) -> bool {
        match self {
            Self::DataUrl(_) | Self::File(_) => self.encoder().is_none_or(|encode| encode.alpha),
            Self::Note(note) => note.has_alpha(),
            Self::Pixels => true,
        }
    }
}

/// Memory and work of one step.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    memory: u64,
    work: u64,
}

impl Blueprint {
    /// For a file.
    pub fn new(header: &Header, film: Option<Film>, plan: &Plan) -> Result<Self, Failure> {
        let codec = header.format.codec();
        let played = film.as_ref().map(|film| Plan { output: film.output(plan), ..plan.clone() });
        let plan = played.as_ref().unwrap_or(plan);
        let form = film.as_ref().map_or(header.form, |film| film.form(header));
        let mut blueprint = Self::of_pixels(header.size, form, header.turn(), plan)?;
        let (was, is) = (form.channels(), blueprint.finished());
        blueprint.load = Load::of(plan, header.colours, blueprint.written, (was, is));
        blueprint.colours =
            if blueprint.load.keeps_profile() { Colours::SRGB } else { header.colours };
        blueprint.stays_planar &= blueprint.colours.kind().is_none();
        blueprint.about.file = Some(File { media_type: codec.media_type, bytes: 0 });
        blueprint.denominators = codec.denominators;
        let denominators: Vec<u32> = blueprint.ways().iter().map(Reduce::denominator).collect();
        blueprint.decode = Step {
            memory: film
                .as_ref()
                .and_then(|film| film.decode_memory(header))
                .unwrap_or_else(|| (codec.decode_memory)(header, &denominators)),
            work: match &film {
                Some(film) => film.decode_work(header, codec.decode_work),
                None => header.size.pixels().saturating_mul(codec.decode_work),
            },
        };
        if film.as_ref().is_some_and(Film::is_played) {
            blueprint.encode = blueprint.written.encoder();
            blueprint.ceiling = blueprint.ceiling.map(Ceiling::of_frames);
        }
        blueprint.film = film;
        Ok(blueprint)
    }

    /// For pixels that need no decoding.
    pub fn of_pixels(
        source: Size,
        form: Form,
        orientation: Turn,
        plan: &Plan,
    ) -> Result<Self, Failure> {
        let turn = orientation.then(plan.turn());
        let about = About {
            size: laid_out(turn.size(source), plan)?.2.canvas,
            source: orientation.size(source),
            file: None,
        };
        let reduced = placeholder::reduced(plan);
        let plan = reduced.as_ref().unwrap_or(plan);
        let (layout, tilt, place) = laid_out(turn.size(source), plan)?;
        let white_under = plan.padding.is_some()
            || plan.fit == Fit::Pad && plan.width.is_some() && plan.height.is_some();
        let asked = plan.background.or(white_under.then_some(Colour::WHITE));
        let alpha = form.channels().has_alpha() || plan.radius.is_some() || tilt.is_some();
        let spaced = layout.canvas != layout.scaled || plan.padding.is_some();
        let border = plan.border;
        let clear_border = border.is_some_and(|border| border.colour.alpha != 255);
        let opaque = match asked {
            Some(colour) => colour.alpha == 255 || !(alpha || spaced || clear_border),
            None => !(alpha || clear_border),
        };
        // A border needs something to lie on. Where it hides all of that, it is its own colour.
        let mut background = asked.or_else(|| {
            border.map(|border| if opaque { border.colour } else { Colour::TRANSPARENT })
        });
        let opaque = opaque && !draw::opens(&plan.draw);
        let mut ground = None;
        let mut loses_alpha = false;
        let written = match plan.output {
            Output::Avif if place.canvas.pixels() > limits::AVIF_PIXELS => {
                Written::File(Format::Webp)
            }
            // With `max-bytes` it would be written many times.
            Output::AvifOrPixels
                if place.canvas.pixels() > limits::AVIF_PIXELS || plan.max_bytes.is_some() =>
            {
                Written::Pixels
            }
            Output::Avif | Output::AvifOrPixels => Written::File(Format::Avif),
            Output::Gif => Written::File(Format::Gif),
            Output::Jpeg => Written::File(Format::Jpeg),
            Output::Natural if opaque => Written::File(Format::Jpeg),
            Output::Natural | Output::Png => Written::File(Format::Png),
            Output::Webp => Written::File(Format::Webp),
            Output::DataUri => Written::DataUrl(Format::Webp),
            Output::Blurhash => Written::Note(Note::Blurhash),
            Output::Json => Written::Note(Note::Info),
            Output::Thumbhash => Written::Note(Note::Thumbhash),
            Output::Pixels => Written::Pixels,
            other => {
                let what = other.media_type().unwrap_or("this");
                return Err(Failure::Unsupported(format!("{what} is not written")));
            }
        };
        if !opaque && !written.has_alpha() {
            loses_alpha = plan.background.is_none() && form.channels().has_alpha();
            // No room for transparency: a clear background becomes white, a tinted one opaque.
            let under = background.filter(|colour| colour.alpha != 0).unwrap_or(Colour::WHITE);
            let colour = Some(Colour { alpha: 255, ..under });
            // Overlays are drawn on what is there, and that is put on its ground afterwards.
            if plan.draw.is_empty() {
                background = colour;
            } else {
                ground = colour;
            }
        }
        let encode = written.format().and_then(|format| format.codec().encoder(plan));
        let chroma = encode.map_or((1, 1), |encode| encode.chroma(plan.quality));
        let takes_planes = encode.is_some_and(Encode::takes_planes);
        let retouch = Retouch::new(&plan.effects);
        let whole_samples = place.left % chroma.0 == 0 && place.top % chroma.1 == 0;
        let inks = matches!(form, Form::Planes(Planes { space: Space::Cmyk | Space::Ycck, .. }));
        // What light inks leave is known only when they are scaled and converted.
        let linear = plan.linear && !inks;
        let stays_planar = takes_planes
            && !linear
            && retouch.is_none()
            && plan.radius.is_none()
            && tilt.is_none()
            && border.is_none()
            && plan.draw.is_empty()
            && match form {
                Form::Planes(Planes { space: space @ (Space::Grey | Space::YCbCr), .. }) => {
                    let shows =
                        |colour: Colour| colour.alpha == 255 && in_space(space, colour).is_some();
                    !spaced || (whole_samples && background.is_some_and(shows))
                }
                _ => false,
            };
        let (denominators, decode) = (&[] as &[u32], Step::default());
        Ok(Self {
            turn,
            layout,
            retouch,
            radius: plan.radius,
            tilt,
            place,
            background,
            border,
            draw: plan.draw.clone(),
            under: ground,
            loses_alpha,
            written,
            encode,
            about,
            colours: Colours::SRGB,
            load: Load::NONE,
            carried: Carried::default(),
            key: None,
            linear,
            chroma,
            stays_planar,
            film: None,
            style: written.style(plan),
            ceiling: written.format().and_then(|format| Ceiling::of(plan, format)),
            source,
            stored: source,
            form,
            denominators,
            decode,
            held: 0,
        })
    }

    /// The same of pixels that are there already, with so many bytes.
    pub fn holding(self, bytes: u64) -> Self {
        Self { held: bytes, ..self }
    }

    /// The size that the stored, not yet turned picture is scaled to.
    pub fn scaled_as_stored(&self) -> Size {
        self.turn.size(self.layout.scaled)
    }

    /// What the planes are, if there are planes.
    pub fn space(&self) -> Option<Space> {
        match &self.form {
            Form::Packed(_) => None,
            Form::Planes(planes) => Some(planes.space),
        }
    }

    /// Channels of a raster on one of the [`Blueprint::ways`].
    fn channels_on_way(&self) -> Channels {
        match &self.form {
            Form::Packed(channels) => *channels,
            Form::Planes(_) => Channels::Grey,
        }
    }

    /// Decoding and reducing go hand in hand.
    pub fn decode_work(&self) -> u64 {
        let channels = self.channels_on_way();
        let reduce: u64 = self.ways().iter().map(|way| way.work(channels)).sum();
        let join = self.joined().map_or(0, |(_, size, way)| {
            size.pixels().saturating_mul(join::WORK).saturating_add(way.work(Channels::Rgb))
        });
        self.decode.work.saturating_add(reduce).saturating_add(join)
    }

    /// What makes sRGB of them.
    pub fn colour_work(&self) -> u64 {
        self.colours.work(self.layout.scaled)
    }

    /// What changes pixels.
    pub fn effects_work(&self) -> u64 {
        let channels = self.form.channels();
        self.retouch.as_ref().map_or(0, |retouch| retouch.work(self.layout.scaled, channels))
    }

    /// Turning and composing, about two nanoseconds a pixel, and more for what is not a right angle.
    pub fn compose_work(&self) -> u64 {
        let tilt = self.tilt.map_or(0, |tilt| tilt.size.pixels().saturating_mul(tilt::WORK));
        self.place.canvas.pixels().saturating_mul(2).saturating_add(tilt)
    }

    /// Drawing, without decoding what is drawn.
    pub fn draw_work(&self) -> u64 {
        draw::work(self.place.canvas, &self.draw)
    }

    pub fn encode_work(&self) -> u64 {
        let pixels = self.place.canvas.pixels();
        match (self.written, self.encode) {
            (_, Some(encode)) => {
                let turns = self.ceiling.map_or(1, Ceiling::turns);
                let work = (encode.work)(self.place.canvas, self.finished(), self.style);
                pixels.saturating_mul(work).saturating_mul(turns)
            }
            (Written::Note(_), _) => pixels.saturating_mul(4).saturating_add(placeholder::WORK),
            _ => 0,
        }
    }

    /// How often all of that is done.
    fn frames(&self) -> u64 {
        self.film.as_ref().map_or(1, Film::shown)
    }

    pub fn forecast(&self) -> Forecast {
        let steps = [
            self.decode_work(),
            self.colour_work(),
            self.effects_work(),
            self.compose_work(),
            self.draw_work(),
            self.encode_work(),
        ];
        Forecast {
            media_type: self.written.media_type(),
            size: self.place.canvas,
            memory: self.memory(),
            work: steps.into_iter().fold(0, u64::saturating_add).saturating_mul(self.frames()),
        }
    }
}

/// What a plan makes of a picture of this size.
fn laid_out(turned: Size, plan: &Plan) -> Result<(Layout, Option<Tilt>, Place), Failure> {
    let layout = geometry::layout(turned, plan)?;
    let tilt = plan.rotate.rest().map(|hundredths| Tilt::new(hundredths, layout));
    let place = placed(&layout, tilt.as_ref(), plan)?;
    Ok((layout, tilt, place))
}

/// Where the picture lies on the output, with its padding and its border around it.
fn placed(layout: &Layout, tilt: Option<&Tilt>, plan: &Plan) -> Result<Place, Failure> {
    let (canvas, left, top) = match tilt {
        Some(tilt) => (tilt.size, 0, 0),
        None => (layout.canvas, layout.left, layout.top),
    };
    let padding = plan.padding.unwrap_or_default();
    let border = plan.border.map_or(Edges::default(), |border| border.width);
    let around = |side: u32, before: [u32; 2], after: [u32; 2]| {
        before.into_iter().chain(after).fold(side, u32::saturating_add)
    };
    let before = ([padding.left, border.left], [padding.top, border.top]);
    let canvas = Size {
        width: around(canvas.width, before.0, [padding.right, border.right]),
        height: around(canvas.height, before.1, [padding.bottom, border.bottom]),
    };
    geometry::check(canvas)?;
    Ok(Place { canvas, left: around(left, before.0, [0; 2]), top: around(top, before.1, [0; 2]) })
}
