//! An animation through the pipeline.

use selvedge_plan::Plan;

use super::spare::smaller;
use super::{Canvas, Film};
use crate::budget::Job;
use crate::codec::{Form, Header};
use crate::draw::{self, Overlays};
use crate::failure::Failure;
use crate::forecast::Blueprint;
use crate::pipeline::{self, Picture, Rendition};
use crate::reduce::Reduce;

/// Takes each frame through all steps.
///
/// # Errors
/// Any [`Failure`].
pub(crate) fn play(
    file: &[u8],
    header: &Header,
    film: &Film,
    overlays: Vec<Vec<u8>>,
    plan: &Plan,
    blueprint: &Blueprint,
    job: &mut Job<'_>,
) -> Result<Rendition, Failure> {
    let size = blueprint.place.canvas;
    let written = blueprint.written;
    let write = written.animation().ok_or(Failure::Unsupported("an animation".into()))?;
    // Once for all frames; with them the rest still has to fit.
    let drawn = draw::decode(overlays, size, plan, job)?;
    job.admit(blueprint.forecast().memory, 0)?;
    let mut writer = (write.begin)(size, film.timeline.plays, blueprint.style)?;
    let mut frames = (film.animated.open)(file)?;
    let mut canvas = Canvas::new(header.size, job)?;
    let Form::Packed(channels) = film.form(header) else {
        return Err(Failure::malformed("planes where pixels were expected"));
    };
    for number in 0..film.timeline.frames {
        job.step("decode", blueprint.decode_work())?;
        let milliseconds = match frames.next(&mut canvas) {
            Ok(Some(milliseconds)) => milliseconds,
            Ok(None) => break,
            Err(failure) => {
                job.damage().forgive(failure)?;
                if number > 0 {
                    break;
                }
                // Of a first frame there is what was decoded before.
                0
            }
        };
        let mut ways = blueprint.ways();
        for way in &mut ways {
            canvas.show(way, channels, job)?;
        }
        let rasters = ways.into_iter().map(Reduce::finish).collect::<Result<_, _>>()?;
        let overlays = Overlays::Pixels(&drawn);
        let finished = pipeline::finish(rasters, overlays, plan, blueprint, job)?;
        job.step("encode", blueprint.encode_work())?;
        writer.frame(pipeline::packed(finished, job)?, milliseconds, job)?;
    }
    let mut output = writer.finish()?;
    let same_format = header.format.media_type() == written.media_type();
    if same_format && blueprint.changes_nothing() && job.warnings().is_empty() {
        output = smaller(file, film.animated, output)?;
    }
    let made = blueprint.carried.put(written, output)?;
    blueprint.ceiling.iter().for_each(|ceiling| ceiling.check(&made, job));
    Ok(Rendition { picture: Picture::Encoded(made), media_type: written.media_type(), size })
}
