//! PNGs that are made to take all there is: each is refused, or is the small picture that it is, in memory
//! and work that do not depend on what it claims.

use std::io::Write;

use anyhow::{Result, ensure};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use selvedge_pixels::{Budget, Failure, Job, Source, estimate};

use crate::native::{failure, plan, transformed};

/// Most bytes beside the file, whatever is done of a picture of so few pixels.
const LITTLE: u64 = 4 << 20;

/// Work units of the same.
const SHORT: u64 = 40_000_000;

/// What bombs become: more than any budget.
const HUGE: usize = 200 << 20;

fn chunk(kind: &[u8; 4], payload: &[u8]) -> Vec<u8> {
    let body = [kind, payload].concat();
    let length = (payload.len() as u32).to_be_bytes();
    [&length, body.as_slice(), &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// A zlib stream of `length` times the same, behind `start`.
fn bomb(start: &[u8], byte: u8, length: usize) -> Result<Vec<u8>> {
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::best());
    stream.write_all(start)?;
    let piece = [byte; 1 << 16];
    for _ in 0..length / piece.len() {
        stream.write_all(&piece)?;
    }
    Ok(stream.finish()?)
}

/// A PNG of RGB with such chunks before its data.
fn png(width: u32, height: u32, before: &[Vec<u8>], data: &[u8]) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let ihdr = chunk(b"IHDR", &[sides.as_slice(), &[8, 2, 0, 0, 0]].concat());
    let end = [chunk(b"IDAT", data), chunk(b"IEND", &[])].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), ihdr, before.concat(), end].concat()
}

/// What 16 × 16 black pixels are without compression.
fn small() -> Result<Vec<u8>> {
    bomb(&[0; 16 * (16 * 3 + 1)], 0, 0)
}

const OPTIONS: [&str; 4] =
    ["width=8,format=png", "format=webp,metadata=keep", "format=jpeg,metadata=none", "format=json"];

/// Checks that a picture is made within what a small one may take; `selvedge_fuzz` counts bytes.
fn is_small(name: &str, file: &[u8], warns: usize) -> Result<()> {
    for options in OPTIONS {
        let forecast = estimate(file, &plan(options)?);
        let forecast = forecast.map_err(|why| anyhow::anyhow!("{name}: {why:?}"))?;
        ensure!(forecast.memory <= LITTLE, "{name} {options}: {} bytes", forecast.memory);
        ensure!(forecast.work <= SHORT, "{name} {options}: {} units", forecast.work);
        let mut trace = |_: &'static str| {};
        let mut job = Job::new(Budget { memory: LITTLE, work: SHORT }, 0, &mut trace);
        let source = Source::Encoded(file.to_vec());
        let made = selvedge_pixels::transform(source, Vec::new(), &plan(options)?, &mut job);
        ensure!(made.is_ok(), "{name} {options}: {:?}", made.err());
    }
    let made = transformed(Source::Encoded(file.to_vec()), "format=pixels")?;
    let made = made.map_err(|why| anyhow::anyhow!("{name}: {why:?}"))?;
    ensure!(made.warnings.len() == warns, "{name}: {:?}", made.warnings);
    selvedge_fuzz::decode(file);
    Ok(())
}

#[test]
fn sizes_beyond_all_limits_are_refused_by_the_header() -> Result<()> {
    for (width, height) in
        [(0x7fff_ffff, 0x7fff_ffff), (0xffff_ffff, 0xffff_ffff), (65_535, 65_535), (1, 0x7fff_ffff)]
    {
        let file = png(width, height, &[], &small()?);
        let why = failure(&file, "width=8")?;
        let is_typed = matches!(why, Failure::TooLarge(_) | Failure::Malformed(_));
        ensure!(is_typed, "{width} × {height}: {why:?}");
        ensure!(estimate(&file, &plan("width=8")?).err() == Some(why), "{width} × {height}");
        // That no more than a mebibyte is taken for a refusal is what it checks.
        selvedge_fuzz::decode(&file);
    }
    Ok(())
}

#[test]
fn data_beyond_the_picture_are_not_inflated() -> Result<()> {
    is_small("data", &png(16, 16, &[], &bomb(&[0; 16 * 49], 0, HUGE)?), 0)
}

#[test]
fn a_profile_is_inflated_as_far_as_it_says() -> Result<()> {
    let named = |stream: Vec<u8>| chunk(b"iCCP", &[b"bomb\0\0", stream.as_slice()].concat());
    // Long, without saying so; saying more than is read; and saying little.
    for (says, warns) in [([0; 4], 1), ([0x0c, 0x80, 0, 0], 1), ([0, 0, 2, 0], 1)] {
        let profile = named(bomb(&says, 0, HUGE)?);
        is_small("profile", &png(16, 16, &[profile], &small()?), warns)?;
    }
    Ok(())
}

#[test]
fn texts_are_not_inflated() -> Result<()> {
    let stream = bomb(&[], b'x', 8 << 20)?;
    let ztxt = chunk(b"zTXt", &[b"Comment\0\0", stream.as_slice()].concat());
    let xmp = b"XML:com.adobe.xmp\0\x01\0\0\0".as_slice();
    let itxt = chunk(b"iTXt", &[xmp, &bomb(b"<x:xmpmeta>", b' ', HUGE)?].concat());
    let mut texts = vec![ztxt; 32];
    texts.push(itxt);
    is_small("texts", &png(16, 16, &texts, &small()?), 0)
}

#[test]
fn many_chunks_take_no_more_than_their_bytes() -> Result<()> {
    let text = chunk(b"tEXt", b"a\0b");
    is_small("chunks", &png(16, 16, &vec![text; 20_000], &small()?), 0)?;
    let data = small()?;
    let pieces: Vec<Vec<u8>> = data.iter().map(|byte| chunk(b"IDAT", &[*byte])).collect();
    is_small("data in pieces", &png(16, 16, &pieces, &[]), 0)
}
