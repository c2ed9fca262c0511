//! What chunks say of the colours, the first of these that there is: `cICP`, `iCCP`, `sRGB`, `gAMA`
//! with or without `cHRM` (PNG third edition §4.3, §11.3.2).

use std::borrow::Cow;

use super::chunks::{Chunks, Kind};
use super::crc::Crc;
use crate::budget::zeros;
use crate::codec::{Form, Profile};
use crate::colours::Colours;
use crate::failure::Failure;
use crate::inflate::{Inflate, SMALL};
use crate::profile::{self, BT709, Light, Places, Stated};

/// What writers round the inverse of sRGB's gamma to. The ones who write it mean sRGB: it stands
/// beside `sRGB`, for readers that do not know that (§11.3.2.5).
const GAMMA_OF_SRGB: u32 = 45_455;

/// Bytes by which a profile is inflated to find out how long it is.
const START: usize = 128;

/// Most bytes that one of a stream stands for: four matches of 258, each in two bits (RFC 1951 §3.2.5).
const RATIO: usize = 1_032;

/// Colours that are not a profile's.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn stated(file: &[u8], crc: &Crc, form: &Form) -> Result<Colours, Failure> {
    let find = |kind| payload(file, kind, crc);
    let stated = if let Some(stated) = find(b"cICP").and_then(coding_independent) {
        stated
    } else if find(b"sRGB").is_some() {
        return Ok(Colours::SRGB);
    } else if let Some(gamma) = find(b"gAMA").and_then(|payload| number(payload, 0)) {
        let light = match gamma {
            // Nothing could be seen.
            0 => return Ok(Colours::SRGB),
            GAMMA_OF_SRGB => Light::Srgb,
            gamma => Light::Gamma(gamma),
        };
        Stated { light, places: find(b"cHRM").and_then(places).unwrap_or(BT709) }
    } else {
        return Ok(Colours::SRGB);
    };
    Ok(if stated.is_srgb(form)? { Colours::SRGB } else { Colours::Stated(stated) })
}

/// The profile of `iCCP`, if no `cICP` goes before it: a name, a zero, the method, and a zlib stream.
/// Empty if it is none.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn profile(file: &[u8]) -> Result<Profile<'_>, Failure> {
    let crc = Crc::new();
    let find = |kind| payload(file, kind, &crc);
    if find(b"cICP").and_then(coding_independent).is_some() {
        return Ok(None);
    }
    let Some(payload) = find(b"iCCP") else { return Ok(None) };
    let stream = payload.iter().position(|byte| *byte == 0).and_then(|end| payload.get(end + 2..));
    let stream = stream.unwrap_or_default();
    let length = inflated(stream, START)?.and_then(|start| number(&start, 0)).unwrap_or(0);
    // What says that it is longer than it can be is given no memory.
    let most = profile::LARGEST.min(stream.len().saturating_mul(RATIO));
    let length = usize::try_from(length).ok().filter(|length| *length <= most);
    let profile = length.map(|length| inflated(stream, length)).transpose()?.flatten();
    Ok(Some(Cow::Owned(profile.unwrap_or_default())))
}

/// The first `length` bytes of what a zlib stream holds, if it holds so many.
fn inflated(stream: &[u8], length: usize) -> Result<Option<Vec<u8>>, Failure> {
    let mut bytes = zeros(length)?;
    let mut inflate = Inflate::new(SMALL)?;
    match inflate.begin_whole(stream).and_then(|()| inflate.read(&mut bytes)) {
        Ok(()) => Ok(Some(bytes)),
        Err(Failure::Malformed(_) | Failure::Truncated(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// What an intact chunk of a kind holds, the first one.
fn payload<'a>(file: &'a [u8], kind: &Kind, crc: &Crc) -> Option<&'a [u8]> {
    Chunks::ahead(file).find(|chunk| chunk.kind == *kind)?.intact(crc).ok()
}

fn number(payload: &[u8], index: usize) -> Option<u32> {
    payload.get(index * 4..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// White, red, green and blue (§11.3.2.1).
fn places(payload: &[u8]) -> Option<Places> {
    let mut places = Places::default();
    for (index, place) in places.iter_mut().enumerate() {
        *place = [number(payload, index * 2)?, number(payload, index * 2 + 1)?];
    }
    Some(places)
}

/// Primaries, curve, matrix and range by their numbers in ITU-T H.273; in PNG the matrix is none, and
/// what has not the full range is video.
fn coding_independent(payload: &[u8]) -> Option<Stated> {
    let &[primaries, curve, 0, 1] = payload else { return None };
    Stated::of_code_points(primaries, curve)
}
