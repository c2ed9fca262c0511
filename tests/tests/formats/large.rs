//! A large PNG in little memory, by what the component itself says that it took.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use selvedge_tests::samples::{self, Canvas, landscape};
use selvedge_tests::tools::note;
use selvedge_tests::workspace;
use serde_json::Value;

/// For what is not the file itself.
const MOST: u64 = 32 << 20;

#[test]
fn a_png_of_24_megapixels_is_scaled_in_32_mebibytes() -> Result<()> {
    let folder = workspace::scratch("large-png")?;
    // Of tiles: to draw it all would take longer than to scale it.
    let tile = landscape(500, 400);
    let picture = Canvas::draw(6_000, 4_000, |x, y| tile.at(x % 500, y % 400));
    let source = samples::put(&folder.join("24mp.png"), &samples::png(&picture)?)?;
    for options in ["width=800,format=png", "width=800,format=jpeg,background=white"] {
        let made = folder.join(format!("{}.made", std::process::id()));
        let mut command = Command::new(workspace::host()?);
        let done = command.arg("transform").args([&source, &made]).args([options, "--record"]);
        let done = done.output()?;
        fs::remove_file(&made).ok();
        let told = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success(), "{options}: {told}");
        let record: Value = serde_json::from_str(told.lines().last().unwrap_or_default())?;
        let number = |name: &str| record[name].as_u64().context("no such field in the record");
        let (memory, file) = (number("memory")?, number("source_bytes")?);
        note(&format!("{options}: {memory} bytes, {file} of them the file's"));
        ensure!(memory > file && memory - file <= MOST, "{options}: {record}");
    }
    Ok(())
}
