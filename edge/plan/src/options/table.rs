//! The table of all options, and what is found in it by its name.

use super::{
    Setting, anim, background, blur, border, compression, crop, damaged, download, dpr, draw,
    duotone, expires, factor, filter, fit, flip, format, gravity, hue, linear, max_bytes, metadata,
    onerror, padding, page, pixelate, preset, quality, radius, rotate, segment, sharpen, side,
    tint, trim, upscale, zoom,
};
use crate::problem::{Code, Problem};

/// Every option, in the order of the pipeline, which is the canonical order too.
pub const TABLE: &[&Setting] = &[
    &damaged::SETTING,
    &trim::SETTING,
    &segment::SETTING,
    &flip::SETTING,
    &rotate::SETTING,
    &side::WIDTH,
    &side::HEIGHT,
    &dpr::SETTING,
    &fit::SETTING,
    &gravity::SETTING,
    &zoom::SETTING,
    &upscale::SETTING,
    &linear::SETTING,
    &crop::SETTING,
    &factor::BRIGHTNESS,
    &factor::CONTRAST,
    &factor::GAMMA,
    &factor::SATURATION,
    &hue::SETTING,
    &filter::SETTING,
    &tint::SETTING,
    &duotone::SETTING,
    &blur::SETTING,
    &pixelate::SETTING,
    &sharpen::SETTING,
    &background::SETTING,
    &radius::SETTING,
    &padding::SETTING,
    &border::SETTING,
    &draw::SETTING,
    &quality::SETTING,
    &quality::SLOW,
    &format::SETTING,
    &compression::SETTING,
    &anim::SETTING,
    &page::SETTING,
    &metadata::SETTING,
    &max_bytes::SETTING,
    &onerror::SETTING,
    &preset::SETTING,
    &expires::SETTING,
    &download::SETTING,
];

/// The option of a name, and which part of it is meant.
pub(crate) fn find(name: &str) -> Result<(&'static Setting, &str), Problem> {
    let (main, part) = name.split_once('.').unwrap_or((name, ""));
    let by_name = TABLE.iter().copied().find(|setting| setting.names.contains(&main));
    by_name.filter(|setting| setting.has_part(part)).map(|setting| (setting, part)).ok_or_else(
        || {
            let known: Vec<&str> = TABLE.iter().map(|setting| setting.name()).collect();
            Problem::new(
                Code::BadOption,
                format!("option `{name}`: unknown; the options are {}", known.join(", ")),
            )
        },
    )
}
