//! Drawing other pictures over the finished one, the last one on top.

mod blend;
mod place;

use selvedge_plan::Plan;
use selvedge_plan::geometry::Size;
use selvedge_plan::options::draw::{Composite, Overlay};

use crate::budget::Job;
use crate::channels::widen;
use crate::failure::Failure;
use crate::pipeline::{self, Picture, Source};
use crate::raster::{Channels, Raster};
use blend::Blend;
use place::Place;

/// Work units to draw over one pixel of the canvas.
const WORK: u64 = 12;

/// Checks that there is a file for each overlay of the plan, and no other.
///
/// # Errors
/// [`Failure::BadOption`].
pub fn check(files: &[Vec<u8>], plan: &Plan) -> Result<(), Failure> {
    if files.len() == plan.draw.len() {
        return Ok(());
    }
    let (expected, got) = (plan.draw.len(), files.len());
    Err(Failure::BadOption(format!("option `draw`: expected {expected} files to draw, got {got}")))
}

/// What is drawn, in the order of the plan.
pub enum Overlays<'a> {
    /// Files, for one picture: each is decoded when it is drawn, so that of one alone there are pixels
    /// at a time.
    Files(Vec<Vec<u8>>),
    /// Pixels, for every frame of an animation.
    Pixels(&'a [Raster]),
}

/// Draws over a picture as the plan says.
///
/// # Errors
/// Any [`Failure`], which names the overlay.
pub fn draw(
    raster: Raster,
    overlays: Overlays<'_>,
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<Raster, Failure> {
    let channels = drawn(raster.channels, &plan.draw);
    let mut canvas = widen(raster, channels, job)?;
    match overlays {
        Overlays::Files(files) => {
            for (number, (overlay, file)) in plan.draw.iter().zip(files).enumerate() {
                let held = canvas.samples.len() as u64;
                let picture = decoded(file, (number, overlay), canvas.size, held, plan, job)?;
                paint(&mut canvas, &picture, overlay);
            }
        }
        Overlays::Pixels(pictures) => {
            for (overlay, picture) in plan.draw.iter().zip(pictures) {
                paint(&mut canvas, picture, overlay);
            }
        }
    }
    Ok(canvas)
}

/// Decodes all files that a plan draws over pictures of the size `below`, to be held from now on.
///
/// # Errors
/// Any [`Failure`], which names the overlay.
pub fn decode(
    files: Vec<Vec<u8>>,
    below: Size,
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<Vec<Raster>, Failure> {
    let mut pictures: Vec<Raster> = Vec::new();
    for (number, (overlay, file)) in plan.draw.iter().zip(files).enumerate() {
        let picture = decoded(file, (number, overlay), below, 0, plan, job)?;
        job.hold(picture.samples.len() as u64);
        pictures.push(picture);
    }
    Ok(pictures)
}

/// The pixels of one overlay, beside `held` bytes.
fn decoded(
    file: Vec<u8>,
    (number, overlay): (usize, &Overlay),
    below: Size,
    held: u64,
    plan: &Plan,
    job: &mut Job<'_>,
) -> Result<Raster, Failure> {
    let looks =
        overlay.plan(below, plan.damaged).map_err(|problem| Failure::BadOption(problem.detail))?;
    let rendition = job.beside(held, &format!("draw.{number}"), |job| {
        pipeline::transform(Source::Encoded(file), Vec::new(), &looks, job)
    })?;
    match rendition.picture {
        Picture::Pixels(picture) => Ok(picture),
        Picture::Encoded(_) => Err(Failure::malformed("a file where pixels were expected")),
    }
}

/// The channels of a picture of `channels` with overlays, whatever these are made of.
pub fn drawn(channels: Channels, overlays: &[Overlay]) -> Channels {
    let coloured = channels.coloured();
    if opens(overlays) { coloured.with_alpha() } else { coloured }
}

/// Whether something opaque may be transparent afterwards.
pub fn opens(overlays: &[Overlay]) -> bool {
    overlays.iter().any(|overlay| match overlay.composite.unwrap_or(Composite::Over) {
        Composite::In | Composite::Out | Composite::Xor => true,
        Composite::Atop | Composite::Lighter | Composite::Over => false,
    })
}

/// Work units to draw over a canvas, without those to decode what is drawn.
pub fn work(canvas: Size, overlays: &[Overlay]) -> u64 {
    canvas.pixels().saturating_mul(WORK).saturating_mul(overlays.len() as u64)
}

/// Draws one picture over the canvas. Beyond its edges it counts as transparent.
fn paint(canvas: &mut Raster, picture: &Raster, overlay: &Overlay) {
    let blend = Blend::of(overlay);
    let [across, down] = Place::of(overlay, picture.size, canvas.size);
    let (stride, count) = (canvas.stride(), canvas.channels.count());
    let (from_stride, from_count) = (picture.stride(), picture.channels.count());
    if blend.erases() {
        let (columns, rows) = (across.covered(), down.covered());
        for (y, row) in canvas.samples.chunks_exact_mut(stride).enumerate() {
            let kept = if rows.contains(&y) { columns.clone() } else { 0..0 };
            row.get_mut(..kept.start * count).unwrap_or_default().fill(0);
            row.get_mut(kept.end * count..).unwrap_or_default().fill(0);
        }
    }
    for vertical in down.runs() {
        let rows = canvas.samples.chunks_exact_mut(stride).skip(vertical.to);
        let from_rows = picture.samples.chunks_exact(from_stride).skip(vertical.from);
        for (row, from_row) in rows.zip(from_rows).take(vertical.length) {
            for run in across.runs() {
                let places = row.chunks_exact_mut(count).skip(run.to);
                let pixels = from_row.chunks_exact(from_count).skip(run.from);
                for (place, pixel) in places.zip(pixels).take(run.length) {
                    blend.pixel(place, pixel);
                }
            }
        }
    }
}
