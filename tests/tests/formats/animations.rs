//! Animations that we write, as Pillow plays them. That ours plays others' as Pillow does, and that nothing
//! is lost from frame to frame, is tested beside the pipeline (`tests/golden/frames.tsv`).

use anyhow::{Context, Result, ensure};
use selvedge_pixels::Source;
use selvedge_tests::tools::{self, note, piped};

use crate::native::{pixels, transformed};
use crate::rgba;

const FRAMES: &str = include_str!("../../golden/frames.tsv");

/// Milliseconds and RGBA of each frame of the files on the standard input, each in a line of its own; an
/// empty line behind each file.
const SCRIPT: &str = "
import io, sys
from PIL import Image
for line in sys.stdin:
    picture = Image.open(io.BytesIO(bytes.fromhex(line)))
    for number in range(getattr(picture, 'n_frames', 1)):
        picture.seek(number)
        picture.load()
        print(picture.info.get('duration', 0), picture.convert('RGBA').tobytes().hex())
    print()
";

fn bytes(hex: &str) -> Result<Vec<u8>> {
    let byte = |pair: &[u8]| Ok(u8::from_str_radix(str::from_utf8(pair)?, 16)?);
    hex.as_bytes().chunks(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How far a page of ours is from RGBA at most, as far as that is seen; what is clear does not count if the
/// other one is `opaque`.
fn apart(file: &[u8], page: usize, expected: &[u8], opaque: bool) -> Result<u8> {
    let made = pixels(file, &format!("page={page},anim=false"))?;
    let ours = rgba(&made);
    let theirs = expected.as_chunks::<4>().0;
    ensure!(ours.len() == theirs.len(), "{} pixels", ours.len());
    // Of what is nearly clear its colour is hardly seen, and much rounded.
    let of = |(a, b): (&[u8; 4], &[u8; 4])| {
        let most = (0..3).map(|i| a[i].abs_diff(b[i])).max().unwrap_or(0);
        let seen = u32::from(most) * u32::from(a[3].max(b[3])) / 255;
        a[3].abs_diff(b[3]).max(seen as u8)
    };
    let pairs = ours.iter().zip(theirs).filter(|(a, _)| !opaque || a[3] > 0);
    Ok(pairs.map(of).max().unwrap_or(0))
}

#[test]
fn pillow_plays_what_we_write() -> Result<()> {
    let Some(python) = tools::pillow()? else { return Ok(()) };
    let (mut files, mut input) = (Vec::new(), String::new());
    for line in FRAMES.lines() {
        let mut columns = line.split('\t');
        let (name, source) = columns.next().zip(columns.next()).context("a line cut off")?;
        let times: Vec<u32> = columns
            .nth(1)
            .context("no times")?
            .split(';')
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        for options in [
            "format=gif",
            "format=gif,width=7",
            "format=webp,quality=100",
            "format=webp,quality=70",
            "format=webp,height=6,quality=100",
        ] {
            let made = transformed(Source::Encoded(bytes(source)?), options)?;
            let made = made.map_err(|why| anyhow::anyhow!("{name} {options}: {why:?}"))?;
            input.push_str(&hex(&made.bytes));
            input.push('\n');
            files.push((format!("{name} by {options}"), made.bytes, times.clone()));
        }
    }
    let seen = String::from_utf8(piped(&python, &["-c", SCRIPT], input.as_bytes(), None)?)?;
    let mut told = seen.trim_end_matches('\n').split("\n\n");
    let (mut frames, mut wrong) = (0, Vec::new());
    for (name, file, times) in &files {
        let (is_webp, mut milliseconds, mut opaque) = (name.contains("format=webp"), 0, false);
        let lines = told.next().context("fewer files than were asked for")?.lines();
        for (number, line) in lines.enumerate() {
            let (time, rgba) = line.split_once(' ').context("no frame")?;
            let rgba = bytes(rgba)?;
            milliseconds += time.parse::<u32>()?;
            frames += 1;
            if number == 0 && !is_webp {
                // Where the first frame of a GIF is opaque, Pillow clears to a colour; browsers never do.
                opaque = rgba.as_chunks::<4>().0.iter().all(|pixel| pixel[3] == 255);
            }
            // Pixels that are half clear over others are rounded, and the first picture comes as planes,
            // whose chroma libwebp scales in another way.
            let most = match (is_webp, number) {
                (true, 0) => 24,
                (true, _) => 2,
                (false, _) => 0,
            };
            match apart(file, number, &rgba, opaque) {
                Ok(apart) if apart <= most => {}
                other => wrong.push(format!("frame {number} of {name}: {other:?}")),
            }
        }
        // GIF counts hundredths of a second.
        let expected: u32 = times.iter().sum();
        if milliseconds.abs_diff(expected) > 20 {
            wrong.push(format!("{name}: {milliseconds} ms, expected {expected}"));
        }
    }
    note(&format!("{frames} frames of {} files", files.len()));
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}
