//! Transforms as a picture: a bar for each, and a line where libvips is.

use super::report::{Case, Report};
use super::svg::Svg;

/// Lengths in user units: what stands left of the bars, the bars, and what stands right of them.
const LABELS: f64 = 270.0;
const BARS: f64 = 330.0;
const NUMBERS: f64 = 230.0;

/// A row, the bar in it, and what stands above the rows and below.
const ROW: f64 = 30.0;
const BAR: f64 = 16.0;
const HEAD: f64 = 64.0;
const FOOT: f64 = 34.0;

/// The plot of the ratios.
pub fn svg(report: &Report, cases: &[&Case]) -> String {
    let (width, rows) = (LABELS + BARS + NUMBERS, cases.len() as f64);
    let (bottom, height) = (HEAD + ROW * rows, HEAD + ROW * rows + FOOT);
    let scale = BARS / cases.iter().map(|case| case.least_ratio()).fold(1.1, f64::max);
    let one = LABELS + scale;
    let mut svg = Svg::new(width, height, "CPU time of Selvedge against libvips");
    svg.text("title", 10.0, 24.0, "CPU time of a transform from JPEG to JPEG (less is better)");
    svg.text("small middle", one, HEAD - 10.0, "libvips = 1");
    svg.text("small", 10.0, bottom + 22.0, &format!("{}; {}", report.date, report.machine));
    for (row, case) in cases.iter().enumerate() {
        let top = HEAD + ROW * row as f64;
        let line = top + ROW / 2.0 + 5.0;
        let ratio = case.least_ratio();
        let (ours, theirs) = (case.programs.ours.cost.least, case.programs.libvips.cost.least);
        svg.text("end", LABELS - 10.0, line, &format!("{} to {}", case.kind, case.shape));
        let numbers = format!("{ratio:.2} ({ours:.1} ms, libvips {theirs:.1} ms)");
        svg.text("", LABELS + scale * ratio.max(1.0) + 8.0, line, &numbers);
        let class = if ratio <= 1.0 { "faster" } else { "slower" };
        let (top, length) = (top + (ROW - BAR) / 2.0, scale * ratio);
        svg.element(&format!(
            "<rect class=\"{class}\" x=\"{LABELS}\" y=\"{top:.1}\" width=\"{length:.1}\" \
             height=\"{BAR}\" rx=\"2\"/>"
        ));
    }
    let (top, end) = (HEAD - 4.0, bottom + 4.0);
    svg.element(&format!(
        "<line class=\"line\" x1=\"{one:.1}\" y1=\"{top}\" x2=\"{one:.1}\" y2=\"{end}\" \
         stroke-dasharray=\"4 3\"/>"
    ));
    svg.finish()
}
