//! Damage by chance, the same chance for the same seed.
//!
//! Two variables make for a longer run: `SELVEDGE_FUZZ_INPUTS`, how many damaged files are tried, which
//! is the seed too; and `SELVEDGE_FUZZ_SEEDS`, a folder of more files to damage, such as those that
//! `cargo xtask fuzz` kept.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{samples, workspace};

/// Bytes that mean something in a file: ends of ranges, and markers of JPEG.
const TELLING: [u8; 16] = [
    0x00, 0x01, 0x02, 0x10, 0x11, 0x3f, 0x7f, 0x80, 0xc0, 0xc2, 0xc4, 0xd0, 0xd9, 0xda, 0xdb, 0xff,
];

/// So many damaged files, `usual` or as many as the environment says.
///
/// # Errors
/// If a file to damage cannot be read, or the environment asks for what is no number.
pub fn damaged_files(usual: usize) -> Result<impl Iterator<Item = Vec<u8>>> {
    damaged(pictures()?, usual)
}

/// So many damaged PNGs, in the same way.
///
/// # Errors
/// As [`damaged_files`].
pub fn damaged_pngs(usual: usize) -> Result<impl Iterator<Item = Vec<u8>>> {
    let mut files = pictures()?;
    files.retain(|path| path.extension().is_some_and(|it| it == "png"));
    damaged(files, usual)
}

/// So many damaged stills of HEIC, in the same way.
///
/// # Errors
/// As [`damaged_files`].
pub fn damaged_stills(usual: usize) -> Result<impl Iterator<Item = Vec<u8>>> {
    let mut files = workspace::files_below(&workspace::root().join("tests/golden/heic"))?;
    files.retain(|path| path.extension().is_some_and(|it| it == "heic"));
    damaged(files, usual)
}

/// Files to damage.
fn pictures() -> Result<Vec<PathBuf>> {
    let mut files = samples::small_set(&workspace::scratch("small")?)?;
    for folder in ["colours", "metadata"] {
        let golden = workspace::root().join("tests/golden").join(folder);
        let pictures = workspace::files_below(&golden)?.into_iter();
        files.extend(pictures.filter(|path| path.extension().is_some_and(|it| it != "tsv")));
    }
    Ok(files)
}

fn damaged(mut files: Vec<PathBuf>, usual: usize) -> Result<impl Iterator<Item = Vec<u8>>> {
    if let Some(folder) = env::var_os("SELVEDGE_FUZZ_SEEDS") {
        files.extend(workspace::files_below(folder.as_ref())?);
    }
    let seeds: Vec<Vec<u8>> = files.iter().map(fs::read).collect::<Result<_, _>>()?;
    let asked = env::var("SELVEDGE_FUZZ_INPUTS").ok();
    let asked: Option<usize> = asked.map(|text| text.parse().context(text)).transpose()?;
    let mut mutator = Mutator::new(asked.unwrap_or(0) as u64);
    Ok((0..asked.unwrap_or(usual)).map(move |_| mutator.damaged(&seeds)))
}

/// A source of damage.
#[derive(Clone, Debug)]
pub struct Mutator {
    state: u64,
}

impl Mutator {
    /// The damage that follows from a seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A number below `end`, which may not be 0 (splitmix64, Steele et al., OOPSLA 2014).
    pub fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % (end.max(1) as u64)) as usize
    }

    /// A damaged version of one of `seeds`, with parts of others in it.
    pub fn damaged(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let Some(seed) = seeds.get(self.below(seeds.len())) else { return Vec::new() };
        let mut file = seed.clone();
        for _ in 0..1 + self.below(6) {
            self.damage(&mut file, seeds);
        }
        file
    }

    fn damage(&mut self, file: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        // Half of it in the headers, which are short and matter most.
        let end = if self.below(2) == 0 { file.len().min(700) } else { file.len() };
        let at = self.below(end);
        let length = 1 << self.below(10);
        let to = (at + self.below(length) + 1).min(file.len());
        match self.below(8) {
            0 => file.truncate(at),
            1 => drop(file.drain(at.min(to)..to)),
            2 => {
                let copy = file.get(at..to).unwrap_or_default().to_vec();
                let place = self.below(file.len());
                file.splice(place..place, copy);
            }
            3 => {
                let other = seeds.get(self.below(seeds.len())).map_or(&[][..], Vec::as_slice);
                let from = self.below(other.len());
                let part = other.get(from..from + (to - at.min(to))).unwrap_or_default().to_vec();
                file.splice(at.min(to)..to, part);
            }
            4 | 5 => {
                let value = TELLING[self.below(TELLING.len())];
                file.get_mut(at).into_iter().for_each(|byte| *byte = value);
            }
            6 => {
                let value = TELLING[self.below(TELLING.len())];
                file.insert(at, value);
            }
            _ => {
                let bit = 1 << self.below(8);
                file.get_mut(at).into_iter().for_each(|byte| *byte ^= bit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_damage_and_another_is_another() {
        let seeds = vec![vec![7; 900], Vec::new(), b"abc".to_vec()];
        let run = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..200).map(|_| mutator.damaged(&seeds)).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!(Mutator::new(1).damaged(&[]).is_empty());
    }
}
