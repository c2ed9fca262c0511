//! PngSuite, of which the corpus has a half, against Pillow and against the `png` crate. Files of every
//! colour type, depth and order of rows that need neither are in `tests/golden/files.tsv`.

use std::fs;

use anyhow::{Context, Result, ensure};
use selvedge_tests::picture::Pixels;
use selvedge_tests::tools::{self, note, piped};
use selvedge_tests::workspace;

use crate::native::pixels;
use crate::rgba;

/// What says how colours are meant, which neither reference follows.
const COLOURS: [&[u8]; 4] = [b"gAMA", b"cHRM", b"sRGB", b"iCCP"];

/// RGBA of files that are named on the standard input, a line for each.
const SCRIPT: &str = "
import sys
from PIL import Image
for path in sys.stdin.read().splitlines():
    picture = Image.open(path)
    if picture.mode.startswith('I'):
        # 16 bits of grey, which Pillow does not narrow by itself.
        picture = picture.convert('I').point(lambda level: level * (1 / 256) + 0).convert('L')
    print(picture.convert('RGBA').tobytes().hex())
";

/// A PNG without what says how colours are meant.
fn plain(file: &[u8]) -> Result<Vec<u8>> {
    let (head, mut rest) = file.split_at_checked(8).context("too short")?;
    let mut plain = head.to_vec();
    while let Some((length, _)) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize + 12;
        let (chunk, behind) = rest.split_at_checked(length).context("cut")?;
        if !COLOURS.iter().any(|kind| chunk.get(4..8) == Some(kind)) {
            plain.extend(chunk);
        }
        rest = behind;
    }
    Ok(plain)
}

/// How far our pixels are from RGBA at most, clear ones aside.
fn apart(file: &[u8], expected: &[[u8; 4]]) -> Result<u8> {
    let made = pixels(file, "")?;
    let ours = rgba(&made);
    ensure!(ours.len() == expected.len(), "{} pixels, not {}", ours.len(), expected.len());
    let pairs = ours.iter().zip(expected).filter(|(a, b)| a[3] > 0 || b[3] > 0);
    Ok(pairs.flat_map(|(a, b)| (0..4).map(move |i| a[i].abs_diff(b[i]))).max().unwrap_or(0))
}

#[test]
fn png_suite_is_what_pillow_and_libpngs_kin_show() -> Result<()> {
    let Some(corpus) = workspace::corpus() else {
        note("no corpus here: only the generated files are tested");
        return Ok(());
    };
    let Some(python) = tools::pillow()? else { return Ok(()) };
    let files = workspace::files_below(&corpus.join("png/suite"))?;
    ensure!(files.len() > 70, "only {} files", files.len());
    let names: Vec<String> = files.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let seen = piped(&python, &["-c", SCRIPT], names.join("\n").as_bytes(), None)?;
    let seen = String::from_utf8(seen)?;
    let mut wrong = Vec::new();
    for (path, hex) in files.iter().zip(seen.lines()) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let file = plain(&fs::read(path)?)?;
        // Both cut 16 bits off, which we round.
        let sixteen = name.ends_with("16");
        let library = Pixels::of_png(&file)?;
        let mut references = vec![("png", library.rgba().to_vec())];
        // Pillow knows no clear colour of 16 bits.
        if !(sixteen && name.starts_with('t')) {
            let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap_or(""), 16);
            let bytes: Vec<u8> = hex.as_bytes().chunks(2).map(byte).collect::<Result<_, _>>()?;
            references.push(("Pillow", bytes.as_chunks().0.to_vec()));
        }
        for (who, rgba) in references {
            match apart(&file, &rgba) {
                Ok(apart) if apart <= u8::from(sixteen) => {}
                other => wrong.push(format!("{name}, {who}: {other:?}")),
            }
        }
    }
    note(&format!("{} files of PngSuite", seen.lines().count()));
    ensure!(wrong.is_empty() && seen.lines().count() == files.len(), "{}", wrong.join("\n"));
    Ok(())
}
