//! The report as a picture: a bar for each transform, and a line where libvips is.

use std::fmt::Write;

use super::report::{Case, Report};

/// Lengths in user units: what stands left of the bars, the bars, and what stands right of them.
const LABELS: f64 = 210.0;
const BARS: f64 = 330.0;
const NUMBERS: f64 = 230.0;

/// A row, the bar in it, and what stands above the rows and below.
const ROW: f64 = 30.0;
const BAR: f64 = 16.0;
const HEAD: f64 = 64.0;
const FOOT: f64 = 34.0;

/// Readable on a white page and on a black one; readers of both exist.
const STYLE: &str = "\
    text{font:13px system-ui,sans-serif;fill:#1f2328}\
    .title{font-size:15px;font-weight:600}.small{font-size:12px;fill:#59636e}.end{text-anchor:end}\
    .middle{text-anchor:middle}.faster{fill:#1a7f6b}.slower{fill:#b35900}.line{stroke:#59636e}\
    @media (prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}\
    .faster{fill:#3fb99f}.slower{fill:#e08a3c}.line{stroke:#9198a1}}";

/// The plot of the ratios.
pub fn svg(report: &Report) -> String {
    let (width, rows) = (LABELS + BARS + NUMBERS, report.cases.len() as f64);
    let (bottom, height) = (HEAD + ROW * rows, HEAD + ROW * rows + FOOT);
    let scale = BARS / report.cases.iter().map(Case::least_ratio).fold(1.1, f64::max);
    let one = LABELS + scale;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\">\n<style>{STYLE}</style>\n\
         <title>CPU time of Selvedge against libvips, JPEG to JPEG</title>\n"
    );
    let mut text = |class: &str, x: f64, y: f64, words: &str| {
        let words = escape(words);
        // Writing into a string cannot fail.
        let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>");
    };
    text("title", 10.0, 24.0, "CPU time of a transform, JPEG to JPEG (less is better)");
    text("small middle", one, HEAD - 10.0, "libvips = 1");
    text("small", 10.0, bottom + 22.0, &format!("{}; {}", report.date, report.machine));
    for (row, case) in report.cases.iter().enumerate() {
        let line = HEAD + ROW * row as f64 + ROW / 2.0 + 5.0;
        let ratio = case.least_ratio();
        let (ours, theirs) = (case.programs.ours.least, case.programs.libvips.least);
        text("end", LABELS - 10.0, line, &format!("{} to {} px", case.kind, case.width));
        let numbers = format!("{ratio:.2} ({ours:.1} ms, libvips {theirs:.1} ms)");
        text("", LABELS + scale * ratio.max(1.0) + 8.0, line, &numbers);
    }
    for (row, case) in report.cases.iter().enumerate() {
        let ratio = case.least_ratio();
        let class = if ratio <= 1.0 { "faster" } else { "slower" };
        let (top, length) = (HEAD + ROW * row as f64 + (ROW - BAR) / 2.0, scale * ratio);
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{LABELS}\" y=\"{top:.1}\" width=\"{length:.1}\" \
             height=\"{BAR}\" rx=\"2\"/>"
        );
    }
    let (top, end) = (HEAD - 4.0, bottom + 4.0);
    let _ = writeln!(
        svg,
        "<line class=\"line\" x1=\"{one:.1}\" y1=\"{top}\" x2=\"{one:.1}\" y2=\"{end}\" \
         stroke-dasharray=\"4 3\"/>\n</svg>"
    );
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
