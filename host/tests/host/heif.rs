//! HEIC and AVIF through libheif's process, on the command line and over HTTP.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::{refuses, selvedge, text};
use crate::client::get;
use crate::picture::{png, png_size};
use crate::serving::serving;
use crate::setup::Folder;

/// libheif's process; `None` where the build found no libheif, which `cargo xtask test` says.
pub fn program() -> Option<PathBuf> {
    let named = std::env::var_os("SELVEDGE_HEIF").map(PathBuf::from);
    let found = named.filter(|path| path.is_file());
    let nothing_skipped = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(found.is_some() || !nothing_skipped, "libheif is missing: install libheif-dev");
    found
}

/// A HEIC of 64 × 48 pixels, made of a PNG.
fn heic(folder: &Folder) -> Option<PathBuf> {
    program()?;
    let input = folder.write("in.png", png(64, 48));
    let output = folder.path().join("made.heic");
    let done = selvedge(&["transform", text(&input), text(&output), "quality=90"]).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{done:?}");
    let bytes = fs::read(&output).unwrap();
    assert_eq!(bytes.get(4..12), Some(b"ftypheic".as_slice()));
    Some(output)
}

pub fn transform(from: &Path, to: &Path, options: &str) -> Vec<u8> {
    let done = selvedge(&["transform", text(from), text(to), options]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    fs::read(to).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let folder = Folder::new();
    let Some(made) = heic(&folder) else { return };
    let back = transform(&made, &folder.path().join("back.png"), "width=32");
    assert_eq!(png_size(&back), (32, 24));
    let pixels = |from: &Path| transform(from, &folder.path().join("p"), "width=16,format=pixels");
    let (before, after) = (pixels(&folder.path().join("in.png")), pixels(&made));
    assert_eq!(before.len(), after.len());
    let apart = before.iter().zip(&after).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
    let mean = f64::from(apart) / before.len() as f64;
    assert!(mean < 6.0, "{mean}");
}

#[test]
fn a_cut_file_is_truncated_and_another_is_malformed() {
    let folder = Folder::new();
    let Some(made) = heic(&folder) else { return };
    let bytes = fs::read(&made).unwrap();
    let cut = folder.write("cut.heic", &bytes[..bytes.len() - 40]);
    let empty = folder.write("empty.heic", b"\0\0\0\x14ftypheic\0\0\0\0heic");
    let output = folder.path().join("out.png");
    refuses(&["transform", text(&cut), text(&output)], 1, "truncated");
    refuses(&["transform", text(&empty), text(&output)], 1, "malformed");
}

#[test]
fn more_pixels_than_there_is_memory_for_are_refused() {
    let folder = Folder::new();
    let Some(made) = heic(&folder) else { return };
    let output = folder.path().join("out.png");
    let little = ["--memory", "10000"];
    refuses(&[&["transform", text(&made), text(&output)], &little[..]].concat(), 1, "too-large");
}

#[test]
fn without_the_program_it_is_said_how_to_get_it() {
    let folder = Folder::new();
    let output = folder.path().join("out.png");
    let mut command: Command = selvedge(&["transform", text(&golden("alpha")), text(&output)]);
    let done = command.env("SELVEDGE_HEIF", "/nowhere").output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("unsupported") && told.contains("libheif-dev"), "{told}");
}

/// libheif judges what the component itself writes as AVIF: colours, sides of one pixel, alpha.
#[test]
fn the_components_own_avif_is_read() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    let input = folder.write("in.png", png(64, 48));
    for (number, options) in
        ["width=64", "width=33,height=17,fit=squeeze", "width=1", "width=50,radius=20"]
            .into_iter()
            .enumerate()
    {
        let avif = folder.path().join(format!("{number}.avif"));
        transform(&input, &avif, &format!("{options},format=avif,quality=95"));
        let plain = folder.path().join("p");
        let before = transform(&input, &plain, &format!("{options},format=pixels"));
        let after = transform(&avif, &plain, "format=pixels");
        assert_eq!(before.len(), after.len(), "{options}");
        let apart = before.iter().zip(&after).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
        let mean = f64::from(apart) / before.len() as f64;
        assert!(mean < 8.0, "{options}: {mean}");
    }
}

#[test]
fn a_heic_is_kept_below_its_most_bytes() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    let input = folder.write("in.png", png(200, 150));
    let output = folder.path().join("out.heic");
    let whole = transform(&input, &output, "quality=95").len();
    let most = whole * 2 / 3;
    let kept = transform(&input, &output, &format!("quality=95,max-bytes={most}")).len();
    assert!(kept <= most && kept > most / 2, "{kept} of {whole}");
    let options = "quality=95,max-bytes=100";
    let done = selvedge(&["transform", text(&input), text(&output), options]).output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success() && told.contains("max-bytes"), "{told}");
}

#[test]
fn an_avif_too_large_for_the_component_is_written_all_the_same() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    let input = folder.write("in.png", png(1_800, 1_500));
    let output = folder.path().join("out.avif");
    let made = transform(&input, &output, "");
    assert!(made.get(4..).unwrap().starts_with(b"ftypavif"));
    let back = transform(&output, &folder.path().join("back.png"), "");
    assert_eq!(png_size(&back), (1_800, 1_500));
    // Without libheif there is WebP, and a warning.
    let mut command: Command = selvedge(&["transform", text(&input), text(&output)]);
    let done = command.env("SELVEDGE_HEIF", "/nowhere").output().unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success() && told.contains("WebP"), "{told}");
    assert!(fs::read(&output).unwrap().starts_with(b"RIFF"));
}

#[test]
fn servers_write_and_read_it() {
    let folder = Folder::new();
    if heic(&folder).is_none() {
        return;
    }
    let server = serving(&folder);
    let written = get(server.address, "/image/width=32,format=heic/in.png");
    assert_eq!((written.status, written.header("content-type")), (200, Some("image/heic")));
    assert!(written.header("server-timing").unwrap().contains("heif-encode;dur="));
    assert!(written.body.get(4..).unwrap().starts_with(b"ftypheic"));
    let read = get(server.address, "/image/width=32,format=png/made.heic");
    assert_eq!((read.status, png_size(&read.body)), (200, (32, 24)));
    assert!(read.header("server-timing").unwrap().contains("heic-decode;dur="));
}

/// A still of `tests/golden/heic`.
fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/golden/heic/{name}.heic"))
}

#[test]
fn stills_are_read_without_libheif() {
    let folder = Folder::new();
    for (name, options, size) in [
        ("plain", "", (96, 64)),
        ("grey", "width=48", (48, 32)),
        ("grid", "", (150, 101)),
        ("grid-rotated", "", (101, 150)),
        ("grid-mirrored-rotated", "width=50", (50, 74)),
        ("cut-turned", "", (51, 40)),
    ] {
        let output = folder.path().join("out.png");
        let mut command = selvedge(&["transform", text(&golden(name)), text(&output), options]);
        let done = command.env("SELVEDGE_HEIF", "/nowhere").output().unwrap();
        assert!(done.status.success(), "{name}: {done:?}");
        assert_eq!(png_size(&fs::read(&output).unwrap()), size, "{name}");
    }
}

#[test]
fn a_still_is_forecast_with_its_decoding() {
    let folder = Folder::new();
    let output = folder.path().join("out.jpg");
    let still = golden("grid-rotated");
    let mut command = selvedge(&["transform", text(&still), text(&output), "--record"]);
    let done = command.env("SELVEDGE_HEIF", "/nowhere").output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let record: serde_json::Value = serde_json::from_slice(&done.stderr).unwrap();
    let [memory, work, charged] =
        ["forecast_memory", "forecast_work", "work"].map(|name| record[name].as_u64().unwrap());
    assert!(work > charged && memory > 101 * 150, "{record}");
}

#[test]
fn what_the_component_does_not_read_libheif_does() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    for name in ["alpha", "full-chroma"] {
        let output = folder.path().join("out.png");
        assert_eq!(png_size(&transform(&golden(name), &output, "")), (96, 64), "{name}");
    }
}
