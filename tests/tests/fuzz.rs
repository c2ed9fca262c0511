//! A few thousand damaged files, the same at every run, through what holds for any input.

use std::fs;
use std::panic::catch_unwind;

use anyhow::{Result, bail};
use selvedge_tests::mutate::{damaged_files, damaged_pngs, damaged_stills};
use selvedge_tests::tools::note;
use selvedge_tests::workspace;

/// Inputs of a run that nobody asked to be longer: some seconds.
const INPUTS: usize = 20_000;

/// The same for stills of HEIC, of which each takes longer.
const STILLS: usize = 4_000;

#[test]
fn any_input_is_a_picture_or_a_typed_failure_within_its_forecast() -> Result<()> {
    hold(damaged_files(INPUTS)?, selvedge_fuzz::decode)
}

#[test]
fn any_png_is_so_past_its_checksums() -> Result<()> {
    hold(damaged_pngs(INPUTS)?, selvedge_fuzz::png::png)
}

#[test]
fn any_still_is_decoded_or_a_typed_failure_within_its_forecast() -> Result<()> {
    hold(damaged_stills(STILLS)?, selvedge_fuzz::heic::heic)
}

fn hold(inputs: impl Iterator<Item = Vec<u8>>, property: fn(&[u8])) -> Result<()> {
    let mut done = 0;
    for input in inputs {
        if catch_unwind(|| property(&input)).is_err() {
            let file = workspace::scratch("fuzz")?.join("failed");
            fs::write(&file, &input)?;
            bail!("input {done} is kept as {}", file.display());
        }
        done += 1;
    }
    note(&format!("{done} inputs"));
    Ok(())
}
