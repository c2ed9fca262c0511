//! Damaged files: refused, or with `damaged=keep` what libjpeg shows of them, and a warning.

use std::ops::Range;

use anyhow::{Context, Result, ensure};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use selvedge_pixels::Failure;
use selvedge_tests::netpbm::Netpbm;
use selvedge_tests::pair::Pair;
use selvedge_tests::samples::{self, landscape};
use selvedge_tests::{jpeg, tools, workspace};

use crate::native::{self, failure, pixels};

const KEEP: &str = "damaged=keep";

/// Files without chroma of its own size, so that no upsampling comes between us and a reference.
fn wholes() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let file = |progressive: bool, grey: bool, restart: u16| -> Result<Vec<u8>> {
        let picture = landscape(150, 101);
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, 85);
        encoder.set_sampling_factor(SamplingFactor::F_1_1);
        encoder.set_progressive(progressive);
        encoder.set_restart_interval(restart);
        let (samples, colour) =
            if grey { (picture.grey(), ColorType::Luma) } else { (picture.rgb(), ColorType::Rgb) };
        encoder.encode(&samples, 150, 101, colour)?;
        Ok(file)
    };
    Ok(vec![
        ("baseline", file(false, false, 0)?),
        ("grey", file(false, true, 0)?),
        ("restarts", file(false, false, 19)?),
        ("short restarts", file(false, true, 3)?),
        ("progressive", file(true, false, 0)?),
        ("progressive restarts", file(true, false, 7)?),
    ])
}

/// What libjpeg shows. It would smooth the blocks of a progressive file that lacks scans, so the
/// coefficients that it reads are first written to a sequential file.
fn shown(file: &[u8]) -> Result<Option<Netpbm>> {
    let tool = |name| tools::program(name, "libjpeg-turbo-progs");
    let (Some(jpegtran), Some(djpeg)) = (tool("jpegtran")?, tool("djpeg")?) else {
        return Ok(None);
    };
    // It warns by a status of 2.
    let sequential = tools::piped(&jpegtran, &[], file, Some(2))?;
    Netpbm::read(&tools::piped(&djpeg, &["-pnm", "-dct", "int"], &sequential, None)?).map(Some)
}

/// Checks that a file is refused by default, and else is what libjpeg makes of it.
fn is_kept_like_libjpeg(file: &[u8]) -> Result<()> {
    let refused = failure(file, "quality=85")?;
    let typed = matches!(refused, Failure::Truncated(_) | Failure::Malformed(_));
    ensure!(typed, "refused as {refused:?}");
    let kept = pixels(file, KEEP)?;
    ensure!(!kept.warnings.is_empty(), "no warning");
    if let Some(shown) = shown(file)? {
        let distance = kept.distance(&shown)?;
        // Both read on alike behind a wrong code. But where a segment is empty libjpeg still makes up
        // one unit of zero bits, and where a run goes too far it keeps the value: two units at most.
        let units = 2 * 64 * kept.channels;
        ensure!(distance.far <= units && distance.mean <= 0.2, "{distance:?} from djpeg's");
    }
    Ok(())
}

#[test]
fn a_cut_file_gives_what_is_there() -> Result<()> {
    for (name, file) in wholes()? {
        let start = jpeg::data(&file).context("no data")?.start;
        for part in [1, 5, 17, 40, 64, 90, 99] {
            let cut = start + (file.len() - 2 - start) * part / 100;
            let cut = file.get(..cut).context("too short")?;
            is_kept_like_libjpeg(cut).with_context(|| format!("{name}, {part} %"))?;
        }
    }
    Ok(())
}

#[test]
fn reading_goes_on_at_the_next_restart() -> Result<()> {
    for (name, file) in wholes()? {
        let restarts = jpeg::restarts(&file);
        let between = |a: usize, b: usize| -> Option<Range<usize>> {
            Some(*restarts.get(a)?..*restarts.get(b)?)
        };
        let Some(one) = between(2, 3) else {
            ensure!(!name.contains("restarts"), "{name}: no restarts");
            continue;
        };
        let two = between(2, 4).context("too few restarts")?;
        let marker = |at: usize| at..at + 2;
        for (damage, damaged) in [
            ("a segment is missing", jpeg::spliced(&file, one.clone(), &[])),
            ("two segments are missing", jpeg::spliced(&file, two.clone(), &[])),
            ("a segment is empty", jpeg::spliced(&file, one.start + 2..one.end, &[])),
            ("a marker is missing", jpeg::spliced(&file, marker(two.start), &[])),
            ("another marker", jpeg::spliced(&file, marker(two.end), b"\xff\x45")),
            ("an earlier marker", jpeg::spliced(&file, marker(two.end), b"\xff\xd2")),
            ("little is left", jpeg::spliced(&file, one.start + 3..one.end, &[0])),
        ] {
            is_kept_like_libjpeg(&damaged).with_context(|| format!("{name}: {damage}"))?;
        }
    }
    Ok(())
}

#[test]
fn wrong_codes_are_read_over() -> Result<()> {
    let mut kept = 0;
    for (name, file) in wholes()?.into_iter().filter(|(name, _)| !name.contains("progressive")) {
        let data = jpeg::data(&file).context("no data")?;
        for place in 0..40 {
            let at = data.start + data.len() * place / 40;
            let damaged = jpeg::spliced(&file, at..at + 3, b"\xfe\xdb\x71");
            // It may by chance be another picture, and nothing wrong with it.
            if native::transformed(selvedge_pixels::Source::Encoded(damaged.clone()), "")?.is_ok() {
                continue;
            }
            is_kept_like_libjpeg(&damaged).with_context(|| format!("{name}, {place}"))?;
            kept += 1;
        }
    }
    ensure!(kept > 10, "only {kept} were damaged");
    Ok(())
}

#[test]
fn what_is_left_of_components_is_kept() -> Result<()> {
    // A scan for each component: the second one is cut off, the third one missing.
    let Some(cjpeg) = tools::program("cjpeg", "libjpeg-turbo-progs")? else {
        return Ok(());
    };
    let script = workspace::scratch("damage")?.join("scans.txt");
    std::fs::write(&script, "0;\n1;\n2;\n")?;
    let picture = landscape(150, 101);
    let ppm = [b"P6\n150 101\n255\n".as_slice(), &picture.rgb()].concat();
    let args = ["-sample", "1x1", "-scans", &script.to_string_lossy()];
    let file = tools::piped(&cjpeg, &args, &ppm, None)?;
    let second = jpeg::data(&file).context("no data")?.end;
    for more in [0, 30] {
        let cut = file.get(..second + more).context("too short")?;
        let kept = pixels(cut, KEEP).with_context(|| format!("{more} bytes more"))?;
        ensure!(kept.warnings == ["the file ends in its picture data"], "{:?}", kept.warnings);
        let grey = kept.bytes.chunks_exact(3).all(|pixel| pixel[0] == pixel[1]);
        ensure!(grey, "luma alone is grey");
        ensure!(kept.bytes.iter().any(|sample| *sample != kept.bytes[0]), "luma is lost");
    }
    Ok(())
}

#[test]
fn a_file_without_a_picture_is_refused_however_lenient() -> Result<()> {
    let (_, file) = wholes()?.swap_remove(0);
    let start = jpeg::data(&file).context("no data")?.start;
    for length in (0..start).step_by(7).chain([start]) {
        let cut = file.get(..length).context("too short")?;
        failure(cut, KEEP).with_context(|| format!("{length} bytes"))?;
    }
    let tables = jpeg::place(&file, 0xc4).context("no tables")?;
    let bare = jpeg::spliced(&file, tables, &[]);
    ensure!(matches!(failure(&bare, KEEP)?, Failure::Malformed(_)), "without tables");
    Ok(())
}

#[test]
fn a_whole_file_is_the_same_however_lenient() -> Result<()> {
    for (name, file) in wholes()? {
        let (strict, lenient) = (pixels(&file, "")?, pixels(&file, KEEP)?);
        ensure!(strict == lenient && lenient.warnings.is_empty(), "{name}");
    }
    Ok(())
}

#[test]
fn both_servers_warn_alike() -> Result<()> {
    let folder = workspace::scratch("damage")?;
    let (_, file) = wholes()?.swap_remove(2);
    samples::put(&folder.join("whole.jpg"), &file)?;
    samples::put(&folder.join("cut.jpg"), file.get(..file.len() / 2).context("too short")?)?;
    let pair = Pair::serving(&folder)?;
    let mut pictures = Vec::new();
    for (name, server) in pair.sides() {
        let refused = server.get("/image/width=100/cut.jpg")?;
        ensure!(refused.status == 422, "{name}: {refused:?}");
        let target = "/image/width=100,damaged=keep/cut.jpg";
        let kept = server.get(target)?;
        let warning = kept.header("selvedge-warning");
        ensure!(kept.status == 200, "{name}: {kept:?}");
        ensure!(warning == Some("\"the file ends in its picture data\""), "{name}: {kept:?}");
        let head = server.send("HEAD", target, &[])?;
        ensure!(head.header("etag") == kept.header("etag"), "{name}: {head:?}");
        let whole = server.get("/image/width=100,damaged=keep/whole.jpg")?;
        ensure!(whole.status == 200, "{name}: {whole:?}");
        ensure!(whole.header("selvedge-warning").is_none(), "{name}: {whole:?}");
        pictures.push((kept.body, whole.body));
    }
    ensure!(pictures.first() == pictures.last(), "the sides differ");
    Ok(())
}
