//! What outputs carry of their sources' metadata, as exiftool and Pillow see it
//! (`tests/golden/metadata.py` tells what the sources have).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use selvedge_pixels::{Budget, Job, Picture, Raster, Source, probe, profile_name, transform};
use selvedge_plan::{Client, Options, Plan};

const FORMATS: [(&str, &str); 3] = [("jpeg", "jpg"), ("png", "png"), ("webp", "webp")];

fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/metadata");
    fs::read(folder.join(name)).unwrap()
}

fn picture(file: Vec<u8>, options: &str) -> (Picture, Vec<String>) {
    let options = Options::parse(options).unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let made = transform(Source::Encoded(file), Vec::new(), &plan, &mut job).unwrap();
    (made.picture, job.warnings())
}

fn encoded(file: Vec<u8>, options: &str) -> Vec<u8> {
    match picture(file, options) {
        (Picture::Encoded(file), warnings) if warnings.is_empty() => file,
        (_, warnings) => panic!("{options}: pixels, or {warnings:?}"),
    }
}

fn pixels(file: Vec<u8>, options: &str) -> Raster {
    match picture(file, &format!("{options}format=pixels")).0 {
        Picture::Pixels(raster) => raster,
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

/// Runs a judge of ours, which says it is skipped where that is missing; in CI that is a failure.
fn judged(program: &str, arguments: &[&str], package: &str) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).output() else {
        assert!(std::env::var_os("CI").is_none(), "`{program}` is missing: install {package}");
        eprintln!("skipped: `{program}` is missing (Debian package {package})");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What exiftool tells of a file: `Group:Tag value` each.
fn tags(file: &[u8], path: &Path) -> Option<Vec<String>> {
    fs::write(path, file).unwrap();
    let path = path.to_str().unwrap();
    let groups = ["-EXIF:All", "-XMP:All", "-ICC_Profile:ProfileDescription", "-PNG:Copyright"];
    let more = ["-a", "-G1", "-S", "-n", "-Warning", "-Error", path];
    let told = judged("exiftool", &[&groups[..], &more].concat(), "libimage-exiftool-perl")?;
    Some(told.lines().map(|line| line.replacen("] ", ":", 1).replace('[', "")).collect())
}

#[test]
fn nothing_is_kept_if_nothing_is_asked_for() {
    let folder = folder("none");
    for (format, extension) in FORMATS {
        for source in ["full.jpg", "full.png", "full.webp", "gain-map.jpg"] {
            let file = encoded(sample(source), &format!("format={format},metadata=none"));
            let Some(tags) = tags(&file, &folder.join(format!("out.{extension}"))) else { return };
            assert!(tags.is_empty(), "{source} {format}: {tags:?}");
        }
    }
}

#[test]
fn rights_alone_are_kept_by_default() {
    let folder = folder("copyright");
    for (format, extension) in FORMATS {
        for (_, source) in FORMATS {
            for (name, artist, copyright) in [
                ("full", "A. Maker", "© 2026 A. Owner"),
                ("xmp-only", "One; Two", "© 2026 An Owner & Sons"),
            ] {
                let options = format!("format={format}");
                let file = encoded(sample(&format!("{name}.{source}")), &options);
                let path = folder.join(format!("out.{extension}"));
                let Some(mut tags) = tags(&file, &path) else { return };
                // What every reader takes for granted in a JPEG's EXIF data.
                tags.retain(|tag| !tag.contains("ExifTool"));
                let expected =
                    [format!("IFD0:Artist: {artist}"), format!("IFD0:Copyright: {copyright}")];
                assert_eq!(tags, expected, "{name}.{source} {format}");
                let none = encoded(
                    sample(&format!("{name}.{source}")),
                    &format!("{options},metadata=none"),
                );
                assert!(file.len() - none.len() < 160, "{} bytes", file.len() - none.len());
            }
        }
    }
}

#[test]
fn all_is_kept_that_is_still_true() {
    let folder = folder("keep");
    for (format, extension) in FORMATS {
        for (_, source) in FORMATS {
            let file = encoded(
                sample(&format!("full.{source}")),
                &format!("format={format},metadata=keep"),
            );
            assert_eq!(profile_name(&file).as_deref(), Some("Adobe"));
            assert_eq!(probe(&file).unwrap().orientation, 1);
            let Some(tags) = tags(&file, &folder.join(format!("out.{extension}"))) else { return };
            for expected in [
                "IFD0:Orientation: 1",
                "IFD0:Copyright: © 2026 A. Owner",
                "IFD0:Model: Model",
                "GPS:GPSLatitude: 48.2",
                "XMP-dc:Creator: One, Two",
                "XMP-tiff:Orientation: 1",
                "ICC_Profile:ProfileDescription: Adobe",
            ] {
                let found = tags.iter().any(|tag| tag == expected);
                assert!(found, "{source} {format}: no {expected} in {tags:#?}");
            }
            let gone = ["Thumbnail", "ExifTool:Error", "ExifTool:Warning"];
            let left = tags.iter().find(|tag| gone.iter().any(|gone| tag.contains(gone)));
            assert_eq!(left, None, "{source} {format}");
        }
    }
}

#[test]
fn colours_are_left_to_the_profile_that_is_kept() {
    for (_, source) in FORMATS {
        let source = format!("full.{source}");
        // Turned by the source's own orientation, and no otherwise changed.
        let kept = encoded(sample(&source), "format=png,metadata=keep");
        let converted = encoded(sample(&source), "format=png");
        let stored = pixels(without_profile(&kept), "");
        assert_ne!(stored, pixels(converted.clone(), ""), "{source}");
        assert_eq!(pixels(kept, ""), pixels(converted, ""), "{source}: converted sooner or later");
    }
    // A plane stays a plane, so nothing but the segments differs.
    let [kept, none] = ["keep", "none"].map(|metadata| {
        let file = sample("xmp-only.jpg");
        encoded(file, &format!("width=12,format=jpeg,metadata={metadata}"))
    });
    assert!(kept.ends_with(&none[20..]), "behind the first segment all is the same");
}

#[test]
fn a_profile_is_kept_only_with_pixels_that_it_is_for() {
    let keep = |file: &str, options: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
        let file = fs::read(folder.join(file)).unwrap();
        let kept = encoded(file.clone(), &format!("{options},metadata=keep"));
        (profile_name(&kept), kept, encoded(file, &format!("{options},metadata=none")))
    };
    for (file, options, profile) in [
        ("colours/grey-gamma.png", "format=png", Some("1.8")),
        ("colours/grey-gamma.png", "format=jpeg", Some("1.8")),
        ("colours/grey-gamma.png", "format=webp", None),
        ("colours/grey-of-colours.png", "format=png", None),
        ("colours/grey-gamma.png", "format=png,border=1,border.color=red", None),
        ("colours/p3.png", "format=webp", Some("P3")),
        ("colours/p3.png", "format=jpeg,filter=grayscale", None),
        ("colours/inks-8.jpg", "format=jpeg", None),
        ("colours/gamma.png", "format=png", None),
    ] {
        let (name, kept, converted) = keep(file, options);
        assert_eq!(name.as_deref(), profile, "{file} {options}");
        assert_eq!(kept == converted, profile.is_none(), "{file} {options}");
    }
}

/// A PNG file of ours without its `iCCP`, which is the chunk behind the first.
fn without_profile(file: &[u8]) -> Vec<u8> {
    let (head, rest) = file.split_at(33);
    assert_eq!(rest[4..8], *b"iCCP");
    let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
    [head, &rest[length + 12..]].concat()
}

#[test]
fn pillow_reads_it_all() {
    let folder = folder("pillow");
    let script = "import sys
from PIL import Image
for path in sys.argv[1:]:
    image = Image.open(path)
    image.load()
    exif = image.getexif()
    xmp = image.info.get('xmp') or image.info.get('XML:com.adobe.xmp') or ''
    xmp = xmp.encode() if isinstance(xmp, str) else xmp
    icc = image.info.get('icc_profile') or b''
    print(exif[0x10f], exif[0x112], len(exif.get_ifd(0x8825)), b'Sons' in xmp, len(icc))";
    let pillow = ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        let run = Command::new(python).args(["-c", "import PIL.Image"]).output();
        run.is_ok_and(|output| output.status.success())
    });
    let Some(python) = pillow else {
        assert!(std::env::var_os("CI").is_none(), "Pillow is missing: install python3-pil");
        eprintln!("skipped: Python has no Pillow (Debian package python3-pil)");
        return;
    };
    for (format, extension) in FORMATS {
        let path = folder.join(format!("out.{extension}"));
        let options = format!("format={format},metadata=keep");
        fs::write(&path, encoded(sample("full.jpg"), &options)).unwrap();
        let told = judged(python, &["-c", script, path.to_str().unwrap()], "python3-pil").unwrap();
        assert_eq!(told.trim(), "Maker 1 5 True 476", "{format}");
    }
}

#[test]
fn of_a_gain_map_there_is_the_picture_and_nothing_that_tells_of_it() {
    let expected = pixels(sample("gain-map-base.png"), "");
    let made = pixels(sample("gain-map.jpg"), "");
    let most = made.samples.iter().zip(&expected.samples).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(made.size == expected.size && most <= Some(2), "{most:?}");
    for metadata in ["none", "copyright", "keep"] {
        for (format, _) in FORMATS {
            let file =
                encoded(sample("gain-map.jpg"), &format!("format={format},metadata={metadata}"));
            for mark in [&b"hdrgm"[..], b"MPF", b"21496", b"Container"] {
                assert!(
                    !file.windows(mark.len()).any(|window| window == mark),
                    "{metadata} {format}"
                );
            }
        }
    }
}

#[test]
fn what_is_too_long_is_told_of() {
    let whole = sample("xmp-only.png");
    let at = whole.windows(4).position(|window| window == b"iTXt").unwrap();
    let length = u32::from_be_bytes(whole[at - 4..at].try_into().unwrap()) as usize;
    let mut payload = whole[at + 4..at + 4 + length].to_vec();
    payload.resize(70_000, b' ');
    let mut file = whole[..at - 4].to_vec();
    file.extend((payload.len() as u32).to_be_bytes());
    file.extend(b"iTXt");
    file.extend(&payload);
    file.extend(crc(&file[at..]).to_be_bytes());
    file.extend(&whole[at + 4 + length + 4..]);
    let (_, warnings) = picture(file.clone(), "format=webp,metadata=keep");
    assert_eq!(warnings, ["the source's XMP is too long to be kept"]);
    let (_, warnings) = picture(file, "format=webp");
    assert!(warnings.is_empty(), "whose it is was found in it: {warnings:?}");
}

/// CRC-32 of ISO 3309.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        let shift = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| shift(sum))
    })
}
