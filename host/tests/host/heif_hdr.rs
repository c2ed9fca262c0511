//! HEIC and AVIF for brighter displays: what usual ones show of them (`tests/golden/avif.py` tells how).

use std::fs;
use std::path::{Path, PathBuf};

use crate::heif::{program, transform};
use crate::heif_colours::{distance, table};
use crate::setup::Folder;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/avif").join(name)
}

#[test]
fn light_is_shown_as_far_as_white() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    let text = fs::read_to_string(golden("expected.tsv")).unwrap();
    let mut seen = 0;
    for line in text.lines() {
        let (name, shown) = line.split_once('\t').unwrap();
        let shown = table(shown);
        let png = golden(&format!("{name}.png"));
        let png = transform(&png, &folder.path().join("png"), "format=pixels");
        for ending in ["avif", "heic"] {
            let file = golden(&format!("{name}.{ending}"));
            // Ten bits become eight before light is computed: next to black a step of a channel is some codes.
            for expected in [&shown, png.as_chunks::<3>().0] {
                let (mean, most) = distance(&file, &folder, expected);
                assert!(mean < 0.5 && most < 16, "{name}.{ending}: {mean}, {most} most");
            }

            let mut untold = fs::read(&file).unwrap();
            let start = untold.windows(6).position(|bytes| bytes == b"nclx\0\x09").unwrap();
            // Primaries of BT.709 and the curve of sRGB (ITU-T H.273 §8.1, §8.2).
            untold[start + 4..start + 8].copy_from_slice(&[0, 1, 0, 13]);
            let (mean, _) = distance(&folder.write("untold", untold), &folder, &shown);
            assert!(mean > 20.0, "{name}.{ending}: {mean} as it is stored");
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn of_a_gain_map_there_is_the_picture_alone() {
    let folder = Folder::new();
    if program().is_none() {
        return;
    }
    let made = |name: &str| transform(&golden(name), &folder.path().join("out.png"), "");
    assert_eq!(made("gain-map.avif"), made("base.avif"));
}
