//! Files that are odd, and whole: each is the picture that it is to everybody else.

use anyhow::{Context, Result, ensure};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use selvedge_pixels::{Failure, Source};
use selvedge_tests::jpeg::{self, segment};
use selvedge_tests::samples::{Jpeg, exif_orientation, landscape};
use selvedge_tests::tools::{self, piped};
use selvedge_tests::workspace;

use crate::inks::{is_near, stored};
use crate::native::{failure, pixels, transformed};

const EOI: &[u8] = b"\xff\xd9";

fn plain() -> Result<Vec<u8>> {
    Ok(Jpeg::default().encode(&landscape(150, 101))?)
}

/// Checks that files are the same picture, to the last sample.
fn are_same(file: &[u8], variants: &[(&str, Vec<u8>)]) -> Result<()> {
    for options in ["", "width=60"] {
        let expected = pixels(file, options)?;
        for (name, variant) in variants {
            let made = pixels(variant, options).with_context(|| (*name).to_owned())?;
            ensure!(made == expected, "{name}: another picture");
        }
    }
    Ok(())
}

#[test]
fn what_stands_around_a_picture_does_not_matter() -> Result<()> {
    let file = plain()?;
    let other = Jpeg::default().encode(&landscape(40, 70))?;
    let end = file.len() - EOI.len();
    let without_end = file.get(..end).context("too short")?;
    let tables = jpeg::place(&file, 0xdb).context("no tables")?.start;
    let filled = jpeg::spliced(&file, tables..tables, &[0xff; 9]);
    let behind = |more: &[u8]| [file.as_slice(), more].concat();
    let sizes = [("X", 1), ("JFXX\0\x10", 0), ("Photoshop 3.0\0", 13), ("MPF\0", 2)];
    let thumbnail =
        |(name, number): (&str, u8)| segment(0xe0 + number, &[name.as_bytes(), &other].concat());
    let embedded: Vec<u8> = sizes.into_iter().flat_map(thumbnail).collect();
    are_same(
        &file,
        &[
            ("no end marker", without_end.to_vec()),
            ("half an end marker", [without_end, b"\xff"].concat()),
            ("fill bytes before a segment", filled),
            ("fill bytes before the end", [without_end, &[0xff; 70], EOI].concat()),
            ("more data than the picture needs", [without_end, &[0; 40_000], EOI].concat()),
            ("zeros behind it", behind(&[0; 5_000])),
            ("another picture behind it", behind(&other)),
            ("a header cut off behind it", behind(b"\xff\xd8\xff\xda\0")),
            ("pictures inside application segments", jpeg::behind_start(&file, &embedded)),
            ("a comment with markers", jpeg::behind_start(&file, &segment(0xfe, &other))),
            ("markers without length", jpeg::behind_start(&file, b"\xff\x01\xff\xd3")),
        ],
    )
}

/// EXIF data whose first directory has `orientation`, if any, and whose second one has another and a
/// thumbnail.
fn exif_with_thumbnail(orientation: Option<u16>, thumbnail: &[u8]) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &1_u32.to_be_bytes(), &value].concat()
    };
    let short = |value: u16| [(value >> 8) as u8, value as u8, 0, 0];
    let first: Vec<Vec<u8>> =
        orientation.map(|value| entry(0x0112, 3, short(value))).into_iter().collect();
    let second_at = 8 + 2 + 12 * first.len() as u32 + 4;
    let data_at = second_at + 2 + 3 * 12 + 4;
    let second = [
        entry(0x0112, 3, short(3)),
        entry(0x0201, 4, data_at.to_be_bytes()),
        entry(0x0202, 4, (thumbnail.len() as u32).to_be_bytes()),
    ];
    let directory = |entries: &[Vec<u8>], next: u32| {
        let count = (entries.len() as u16).to_be_bytes();
        [&count[..], &entries.concat(), &next.to_be_bytes()].concat()
    };
    let parts = [
        b"Exif\0\0MM\0*\0\0\0\x08".to_vec(),
        directory(&first, second_at),
        directory(&second, 0),
        thumbnail.to_vec(),
    ];
    segment(0xe1, &parts.concat())
}

#[test]
fn the_thumbnail_and_its_orientation_are_not_the_pictures() -> Result<()> {
    let file = plain()?;
    let thumbnail = Jpeg::default().encode(&landscape(64, 48))?;
    for (orientation, size) in [(None, (150, 101)), (Some(1), (150, 101)), (Some(6), (101, 150))] {
        let exif = exif_with_thumbnail(orientation, &thumbnail);
        let with_exif = jpeg::behind_start(&file, &exif);
        let upright = pixels(&with_exif, "")?;
        ensure!((upright.width, upright.height) == size, "{orientation:?}: {upright:?}");
        let bare = segment(0xe1, &exif_orientation(orientation.unwrap_or(1) as u8));
        let expected = pixels(&jpeg::behind_start(&file, &bare), "")?;
        ensure!(upright == expected, "{orientation:?}: another picture");
        // Of several the first one counts.
        let both = jpeg::behind_start(&with_exif, &bare);
        let other = jpeg::behind_start(&both, &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0"));
        ensure!(pixels(&other, "")? == expected, "{orientation:?}: with two of them");
    }
    Ok(())
}

#[test]
fn three_colours_are_told_by_libjpegs_rules() -> Result<()> {
    let picture = landscape(150, 101);
    let adobe =
        |transform: u8| segment(0xee, &[b"Adobe\0\x64\0\0\0\0".as_slice(), &[transform]].concat());
    let names = |file: &[u8], names: &[u8; 3]| -> Result<Vec<u8>> {
        let mut file = file.to_vec();
        let frame = jpeg::place(&file, 0xc0).context("no frame")?.start;
        let scan = jpeg::place(&file, 0xda).context("no scan")?.start;
        for (i, name) in names.iter().enumerate() {
            *file.get_mut(frame + 10 + 3 * i).context("too short")? = *name;
            *file.get_mut(scan + 5 + 2 * i).context("too short")? = *name;
        }
        Ok(file)
    };
    let jfif = |file: &[u8]| -> Result<Vec<u8>> {
        let place = jpeg::place(file, 0xe0).context("no JFIF segment")?;
        Ok(jpeg::spliced(file, place, &[]))
    };
    // The encoder is told that red, green and blue are luma and chroma, so it stores them as they are.
    let rgb = stored(&picture.rgb(), ColorType::Ycbcr)?;
    let bare_rgb = jfif(&rgb)?;
    for (name, file) in [
        ("Adobe's transform 0", jpeg::behind_start(&bare_rgb, &adobe(0))),
        ("named R, G, B", names(&bare_rgb, b"RGB")?),
        ("both", jpeg::behind_start(&names(&bare_rgb, b"RGB")?, &adobe(0))),
    ] {
        is_near(&file, &picture).context(name)?;
    }
    let ycbcr = stored(&picture.rgb(), ColorType::Rgb)?;
    let bare = jfif(&ycbcr)?;
    for (name, file) in [
        ("JFIF", ycbcr.clone()),
        ("JFIF, against Adobe's transform 0", jpeg::behind_start(&ycbcr, &adobe(0))),
        ("JFIF, against names", names(&ycbcr, b"RGB")?),
        ("neither", bare.clone()),
        ("neither, and other names", names(&bare, b"abc")?),
        (
            "Adobe's transform 1, against names",
            jpeg::behind_start(&names(&bare, b"RGB")?, &adobe(1)),
        ),
    ] {
        is_near(&file, &picture).context(name)?;
    }
    Ok(())
}

#[test]
fn what_is_not_read_is_said_to_be_unsupported() -> Result<()> {
    let file = plain()?;
    let frame = jpeg::place(&file, 0xc0).context("no frame")?.start;
    let with = |at: usize, bytes: &[u8]| jpeg::spliced(&file, at..at + bytes.len(), bytes);
    let two = [b"\xff\xc0\0\x0e\x08\0\x20\0\x20\x02\x01\x11\0\x02\x11\0".as_slice()].concat();
    let two = jpeg::spliced(&file, frame..frame + 19, &two);
    for (name, file, told) in [
        ("12 bits", with(frame + 4, &[12]), "12 bits"),
        ("height 0", with(frame + 5, &[0, 0]), "height"),
        ("two components", two, "2 components"),
        ("lossless", with(frame, b"\xff\xc3"), "lossless"),
        ("hierarchical", with(frame, b"\xff\xc5"), "hierarchical"),
        (
            "hierarchical from the start",
            jpeg::spliced(&file, frame..frame, b"\xff\xde\0\x04\0\0"),
            "",
        ),
        ("arithmetic", with(frame, b"\xff\xc9"), "arithmetic"),
        ("arithmetic and progressive", with(frame, b"\xff\xca"), "arithmetic"),
    ] {
        for options in ["", "damaged=keep"] {
            match failure(&file, options).with_context(|| name.to_owned()) {
                Ok(Failure::Unsupported(what)) => ensure!(what.contains(told), "{name}: {what}"),
                other => ensure!(name.contains("from the start"), "{name}: {other:?}"),
            }
        }
    }
    Ok(())
}

#[test]
fn frames_are_where_they_may_be() -> Result<()> {
    let file = plain()?;
    let frame = jpeg::place(&file, 0xc0).context("no frame")?;
    let (header, scan) = (frame.clone(), jpeg::place(&file, 0xda).context("no scan")?.start);
    let frame = file.get(frame).context("no frame")?;
    let bare = jpeg::spliced(&file, header.clone(), &[]);
    are_same(
        &file,
        &[
            ("first of all", jpeg::behind_start(&bare, frame)),
            ("last of all", jpeg::spliced(&bare, scan - frame.len()..scan - frame.len(), frame)),
        ],
    )?;
    for (name, file) in [
        ("twice", jpeg::behind_start(&file, frame)),
        ("behind the scan", [bare.as_slice(), frame, EOI].concat()),
        ("not at all", bare),
    ] {
        let failure = failure(&file, "")?;
        let typed = matches!(failure, Failure::Malformed(_) | Failure::Truncated(_));
        ensure!(typed, "{name}: {failure:?}");
    }
    Ok(())
}

#[test]
fn restart_intervals_change_between_scans() -> Result<()> {
    let Some(cjpeg) = tools::program("cjpeg", "libjpeg-turbo-progs")? else {
        return Ok(());
    };
    let script = workspace::scratch("odd")?.join("scans.txt");
    std::fs::write(&script, "0;\n1;\n2;\n")?;
    let script = script.to_string_lossy();
    let picture = landscape(150, 101);
    let ppm = [b"P6\n150 101\n255\n".as_slice(), &picture.rgb()].concat();
    let with = |more: &[&str]| {
        piped(&cjpeg, &[&["-sample", "2x2", "-scans", &script], more].concat(), &ppm, None)
    };
    let (never, often) = (with(&[])?, with(&["-restart", "5B"])?);
    let (of_never, of_often) = (jpeg::scans(&never), jpeg::scans(&often));
    let (Some(first), Some(second)) = (of_never.get(1), of_often.get(1)) else {
        anyhow::bail!("expected three scans, got {of_never:?} {of_often:?}");
    };
    let interval = |units: u8| segment(0xdd, &[0, units]);
    let second = often.get(second.clone()).context("too short")?;
    let mixed = [interval(5).as_slice(), second, &interval(0)].concat();
    let mixed = jpeg::spliced(&never, first.clone(), &mixed);
    are_same(&never, &[("always", often), ("in the second scan", mixed)])
}

#[test]
fn the_smallest_and_the_longest() -> Result<()> {
    for (width, height) in [(1_u16, 1_u16), (65_500, 1), (1, 65_500), (65_500, 3), (17, 65_500)] {
        let (w, h) = (usize::from(width), usize::from(height));
        let samples: Vec<u8> =
            (0..w * h).flat_map(|i| [(i / 300) as u8, (i / 7) as u8, 90]).collect();
        for (factor, progressive) in [(SamplingFactor::F_2_2, false), (SamplingFactor::F_1_1, true)]
        {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 80);
            encoder.set_sampling_factor(factor);
            encoder.set_progressive(progressive);
            encoder.encode(&samples, width, height, ColorType::Rgb)?;
            for options in
                ["width=800,height=800", "width=1,height=1", "width=30,height=40,fit=squeeze"]
            {
                for format in ["jpeg", "png", "pixels"] {
                    let options = format!("{options},format={format}");
                    let made = transformed(Source::Encoded(file.clone()), &options)?;
                    let made = made.map_err(|failure| anyhow::anyhow!("{failure:?}"));
                    let made = made.with_context(|| format!("{width} × {height}: {options}"))?;
                    ensure!(made.width <= 800 && made.height <= 800, "{options}");
                    ensure!(made.width > 0 && made.height > 0, "{options}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_bomb_of_scans_is_refused_by_the_limit() -> Result<()> {
    let file = Jpeg { progressive: true, ..Jpeg::default() }.encode(&landscape(150, 101))?;
    let last = jpeg::scans(&file).pop().context("no scans")?;
    let scan = file.get(last.clone()).context("too short")?;
    let bomb = jpeg::spliced(&file, last.end..last.end, &scan.repeat(60_000));
    for options in ["", "width=20", "damaged=keep"] {
        let failure = failure(&bomb, options)?;
        ensure!(matches!(failure, Failure::TooLarge(_)), "{options}: {failure:?}");
    }
    Ok(())
}
