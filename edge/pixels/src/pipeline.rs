//! The pipeline as a list.

use std::borrow::Cow;

use selvedge_plan::Plan;
use selvedge_plan::geometry::Size;
use selvedge_plan::orientation::Turn;
use selvedge_plan::plan::Output;

use crate::anim::play;
use crate::budget::Job;
use crate::codec::{Form, Format, Header};
use crate::colour;
use crate::colours::{self, Colours};
use crate::compose::{Place, compose, is_clear};
use crate::corners;
use crate::draw::{self, Overlays};
use crate::failure::Failure;
use crate::forecast::{Blueprint, Forecast, Written};
use crate::frame;
use crate::join::join;
use crate::look::{self, Seen};
use crate::metadata::Carried;
use crate::orient::orient;
use crate::profile;
use crate::raster::{Pixels, Planar, Raster};
use crate::reduce::Reduce;
use crate::tag::Tag;
use crate::write::write;

/// What is transformed.
pub enum Source {
    /// A file.
    Encoded(Vec<u8>),
    /// Pixels that something else decoded, upright, and what they are tagged with.
    Pixels(Raster, Tag),
    /// Planes that something else decoded, how they are turned, and what they are tagged with.
    Planes(Planar, Turn, Tag),
}

/// What comes out.
pub enum Picture {
    /// A file of [`Rendition::media_type`].
    Encoded(Vec<u8>),
    /// Pixels, for something else to encode.
    Pixels(Raster),
}

/// A finished transform.
pub struct Rendition {
    /// The picture.
    pub picture: Picture,
    /// Its media type.
    pub media_type: &'static str,
    /// Its size.
    pub size: Size,
}

/// Reads the header of a file from its first bytes.
///
/// # Errors
/// [`Failure::Unsupported`], [`Failure::Malformed`], [`Failure::Truncated`] or
/// [`Failure::TooLarge`].
pub fn probe(head: &[u8]) -> Result<Header, Failure> {
    let codec = Format::sniff(head)?.codec();
    let mut header = (codec.probe)(head)?;
    if let Some(profile) = (codec.profile)(head)? {
        header.colours = Colours::of_profile(&profile, &header.form)?;
    }
    Ok(header)
}

/// What the ICC profile in the first bytes of a file calls itself: empty if it does not say, `None`
/// if there is none.
pub fn profile_name(head: &[u8]) -> Option<String> {
    let profile = (Format::sniff(head).ok()?.codec().profile)(head).ok()??;
    profile::name(&profile)
}

/// Tells what a transform of the file that begins with `head` will give and need. Of an animation that
/// goes on behind `head` only the frames within it count.
///
/// # Errors
/// As [`probe`], and [`Failure::TooLarge`] if the output would pass a limit.
pub fn estimate(head: &[u8], plan: &Plan) -> Result<Forecast, Failure> {
    let header = probe(head)?;
    Ok(Seen::File(head, &header).forecast(plan)?.1)
}

/// The same for planes as [`Planar::halved`] takes them, of this size and turned so; with their bytes.
///
/// # Errors
/// [`Failure::TooLarge`] if the output would pass a limit.
pub fn estimate_planes(
    size: Size,
    is_grey: bool,
    turn: Turn,
    tag: &Tag,
    plan: &Plan,
) -> Result<Forecast, Failure> {
    let planes = Pixels::Planar(Planar::outlined(size, is_grey));
    let colours = tag.colours(&Form::of(&planes))?;
    Ok(Seen::Pixels(&planes, turn, colours).forecast(plan)?.1)
}

/// Transforms a source by a plan, within the budget of the job. `overlays` are the files that the plan
/// draws, in its order.
///
/// # Errors
/// Any [`Failure`].
pub fn transform(
    source: Source,
    overlays: Vec<Vec<u8>>,
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<Rendition, Failure> {
    draw::check(&overlays, plan)?;
    job.meet_damage(plan.damaged);
    let (blueprint, rasters) = match source {
        Source::Encoded(file) => {
            let (header, blueprint) = admit(&file, plan, job)?;
            if let Some(film) = blueprint.film.as_ref().filter(|film| film.is_played()) {
                return play(&file, &header, film, overlays, plan, &blueprint, job);
            }
            let rasters = decode(file, &header, &blueprint, job)?;
            (blueprint, rasters)
        }
        Source::Pixels(raster, tag) => take(Pixels::Packed(raster), Turn::NONE, tag, plan, job)?,
        Source::Planes(planar, turn, tag) => take(Pixels::Planar(planar), turn, tag, plan, job)?,
    };
    let drawn = finish(rasters, Overlays::Files(overlays), plan, &blueprint, job)?;

    job.step("encode", blueprint.encode_work())?;
    let size = drawn.size();
    let media_type = blueprint.written.media_type();
    let picture = match blueprint.written {
        Written::DataUrl(format) | Written::File(format) => {
            Picture::Encoded(write(drawn, format, &blueprint, job)?)
        }
        Written::Note(note) => {
            Picture::Encoded(note.write(packed(drawn, job)?, &blueprint.about, job)?)
        }
        Written::Pixels => Picture::Pixels(packed(drawn, job)?),
    };
    Ok(Rendition { picture, media_type, size })
}

/// From what was scaled to the finished pixels.
pub(crate) fn finish(
    rasters: Vec<Raster>,
    overlays: Overlays<'_>,
    plan: &Plan,
    blueprint: &Blueprint,
    job: &mut Job<'_>,
) -> Result<Pixels, Failure> {
    job.step("compose", blueprint.compose_work())?;
    let scaled = assemble(rasters, blueprint, job)?;
    let coloured = colours::turn(scaled, blueprint, job)?;
    if blueprint.loses_alpha && is_clear(&coloured) {
        job.warn("the format has no transparency: the picture lies on white");
    }
    let upright = orient(coloured, blueprint.turn, job)?;
    let retouched = retouch(upright, blueprint, job)?;
    let rounded = round(retouched, blueprint, job)?;
    let tilted = tilt(rounded, blueprint, job)?;
    let composed = compose(tilted, &blueprint.place, blueprint.background, job)?;
    let framed = frame(composed, blueprint, job)?;
    draw(framed, overlays, plan, blueprint, job)
}

/// Sniffs, probes and admits a file.
fn admit(file: &[u8], plan: &Plan, job: &mut Job<'_>) -> Result<(Header, Blueprint), Failure> {
    job.step("probe", 0)?;
    let header = probe(file)?;
    let mut blueprint = admitted(&Seen::File(file, &header), plan, job)?;
    if let Some(about) = &mut blueprint.about.file {
        about.bytes = file.len() as u64;
    }
    let profile = || {
        let profile = (header.format.codec().profile)(file)?;
        Ok(profile.map(Cow::into_owned).unwrap_or_default())
    };
    blueprint.key = colours::Key::of(blueprint.colours, header.form, profile, job)?;
    blueprint.carried = Carried::of(file, &header, blueprint.load, job)?;
    if let Some(film) = &blueprint.film {
        film.admit(plan, job)?;
    }
    Ok((header, blueprint))
}

/// Decodes to the final size: one raster, or one for each plane.
fn decode(
    file: Vec<u8>,
    header: &Header,
    blueprint: &Blueprint,
    job: &mut Job<'_>,
) -> Result<Vec<Raster>, Failure> {
    job.step("decode", blueprint.decode_work())?;
    let mut ways = blueprint.ways();
    match &blueprint.film {
        Some(film) if !film.is_first() => film.page(&file, header, &mut ways, job)?,
        _ => (header.format.codec().decode)(&file, header, &mut ways, job)?,
    }
    // `file` ends here: from now on the source takes no memory.
    ways.into_iter().map(Reduce::finish).collect()
}

/// Admits pixels, and brings them to the final size.
fn take(
    pixels: Pixels,
    turn: Turn,
    tag: Tag,
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<(Blueprint, Vec<Raster>), Failure> {
    let form = Form::of(&pixels);
    let colours = tag.colours(&form)?;
    job.release(pixels.bytes());
    let mut blueprint = admitted(&Seen::Pixels(&pixels, turn, colours), plan, job)?;
    blueprint.key = colours::Key::of(colours, form, || Ok(tag.into_profile()), job)?;

    job.step("resize", blueprint.decode_work())?;
    let mut ways = blueprint.ways();
    for (way, raster) in ways.iter_mut().zip(pixels.into_rasters()) {
        way.whole(raster, job)?;
    }
    let rasters = ways.into_iter().map(Reduce::finish).collect::<Result<_, _>>()?;
    Ok((blueprint, rasters))
}

/// Admits a source, and looks at it where the plan asks for what only pixels tell.
fn admitted(seen: &Seen<'_>, plan: &Plan, job: &mut Job<'_>) -> Result<Blueprint, Failure> {
    let (blueprint, forecast) = seen.forecast(plan)?;
    job.admit(forecast.memory, forecast.work)?;
    let blueprint = match look::settle(seen, plan, job)? {
        None => blueprint,
        Some(settled) => {
            // What was cut off may have made the rest larger than was forecast.
            let (blueprint, forecast) = seen.forecast(&settled)?;
            job.admit(forecast.memory, forecast.work)?;
            blueprint
        }
    };
    if plan.output == Output::Avif && blueprint.written == Written::File(Format::Webp) {
        job.warn("the picture is larger than AVIF is written (2.56 megapixels): this is WebP");
    }
    Ok(blueprint)
}

/// The picture of a blueprint before anything is done to its pixels.
pub(crate) fn upright(
    seen: &Seen<'_>,
    blueprint: &Blueprint,
    job: &Job<'_>,
) -> Result<Raster, Failure> {
    let mut ways = blueprint.ways();
    seen.read(&mut ways, job)?;
    let rasters = ways.into_iter().map(Reduce::finish).collect::<Result<_, _>>()?;
    let scaled = assemble(rasters, blueprint, job)?;
    packed(orient(scaled, blueprint.turn, job)?, job)
}

/// The scaled rasters as pixels: planes stay planes if they can, else they are packed.
fn assemble(
    mut rasters: Vec<Raster>,
    blueprint: &Blueprint,
    job: &Job<'_>,
) -> Result<Pixels, Failure> {
    let Some(space) = blueprint.space() else {
        let raster = rasters.pop().ok_or(Failure::truncated("picture data"))?;
        return Ok(Pixels::Packed(raster));
    };
    if let Some((planes, size, mut way)) = blueprint.joined() {
        join(&rasters, planes, size, &mut way, job)?;
        return Ok(Pixels::Packed(way.finish()?));
    }
    let size = blueprint.scaled_as_stored();
    let chroma = if blueprint.stays_planar { blueprint.chroma } else { (1, 1) };
    let planar = Planar { size, space, chroma, planes: rasters };
    if blueprint.stays_planar || blueprint.colours.takes_inks() {
        Ok(Pixels::Planar(planar))
    } else {
        Ok(Pixels::Packed(colour::pack(planar, job)?))
    }
}

/// Changes the pixels as the plan says.
fn retouch(pixels: Pixels, blueprint: &Blueprint, job: &mut Job<'_>) -> Result<Pixels, Failure> {
    let Some(retouch) = &blueprint.retouch else { return Ok(pixels) };
    job.step("effects", blueprint.effects_work())?;
    let retouched = retouch.run(packed(pixels, job)?, job)?;
    job.step("compose", 0)?;
    Ok(Pixels::Packed(retouched))
}

/// Rounds the corners as the plan says.
fn round(pixels: Pixels, blueprint: &Blueprint, job: &Job<'_>) -> Result<Pixels, Failure> {
    let Some(radius) = blueprint.radius else { return Ok(pixels) };
    Ok(Pixels::Packed(corners::round(packed(pixels, job)?, radius, job)?))
}

/// Turns by what is no right angle as the plan says.
fn tilt(pixels: Pixels, blueprint: &Blueprint, job: &Job<'_>) -> Result<Pixels, Failure> {
    let Some(tilt) = &blueprint.tilt else { return Ok(pixels) };
    Ok(Pixels::Packed(tilt.run(packed(pixels, job)?, job)?))
}

/// Draws the border as the plan says.
fn frame(pixels: Pixels, blueprint: &Blueprint, job: &Job<'_>) -> Result<Pixels, Failure> {
    let Some(border) = blueprint.border else { return Ok(pixels) };
    Ok(Pixels::Packed(frame::frame(packed(pixels, job)?, border, job)?))
}

/// Draws the overlays of the plan.
fn draw(
    pixels: Pixels,
    overlays: Overlays<'_>,
    plan: &Plan,
    blueprint: &Blueprint,
    job: &mut Job<'_>,
) -> Result<Pixels, Failure> {
    if plan.draw.is_empty() {
        return Ok(pixels);
    }
    job.step("draw", blueprint.draw_work())?;
    let drawn = draw::draw(packed(pixels, job)?, overlays, plan, job)?;
    let (canvas, left, top) = (drawn.size, 0, 0);
    compose(Pixels::Packed(drawn), &Place { canvas, left, top }, blueprint.under, job)
}

/// Pixels as one raster.
///
/// # Errors
/// [`Failure::OverBudget`].
pub(crate) fn packed(pixels: Pixels, job: &Job<'_>) -> Result<Raster, Failure> {
    match pixels {
        Pixels::Packed(raster) => Ok(raster),
        Pixels::Planar(planar) => colour::pack(planar, job),
    }
}
