//! The page of linear memory.

use super::page::{head, section};
use super::report::{Memory, Report, Used};

/// The page.
pub fn markdown(report: &Report) -> String {
    let mut page = head(report, "Linear memory of a transform to 800 pixels, JPEG");
    let columns = ["source", "file", "peak", "peak less file", "target", "forecast", "/ peak"];
    let above = "MiB. The peak is what the component's record of the output tells (`selvedge \
        transform --record`): the most bytes in use at once, with the source's file, the stack and \
        the component's own tables. The forecast is what it promised before it decoded, here with \
        the file; it must never be below the peak, and is meant to be at most 1.5 times as much. \
        Memory does not depend on the machine or its load.";
    page.push_str(&section("Peaks", above, &columns, 1, report.memory.iter().map(row)));
    page
}

fn row(memory: &Memory) -> Vec<String> {
    let source = format!("{} ({}, {:.1} MP)", memory.kind, memory.picture, memory.megapixels);
    let target = memory.target.map_or_else(|| "–".to_owned(), |mebibytes| format!("{mebibytes}"));
    let Some(used @ Used { source: file, peak, forecast }) = &memory.used else {
        let dash = || "–".to_owned();
        let why = memory.missing.clone().unwrap_or_default();
        return vec![format!("{source}: {why}"), dash(), dash(), dash(), target, dash(), dash()];
    };
    vec![
        source,
        mebibytes(*file),
        mebibytes(*peak),
        format!("**{}**", mebibytes(peak.saturating_sub(*file))),
        target,
        mebibytes(forecast + file),
        format!("{:.2}", used.forecast_ratio()),
    ]
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}
