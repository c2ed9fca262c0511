//! What all pages of the report have in common.

use std::fmt::Write;

use super::report::{Report, least, most};

/// A load above this is more than the measurement makes itself.
const QUIET: f64 = 1.5;

/// Title and circumstances.
pub fn head(report: &Report, title: &str) -> String {
    let facts = [
        format!("{}; {}.", report.date, report.machine),
        format!("{}.", report.versions.join(", ")),
        "Made by `cargo xtask bench`.".to_owned(),
    ];
    format!("# {title}\n\n{}\n", facts.join(" "))
}

/// How busy the machine was, and what to make of that.
pub fn load(report: &Report) -> String {
    let (low, high) = (least(&report.loads), most(&report.loads));
    let told = format!("\nLoad average {low:.1} to {high:.1}, of which the measurement makes 1.");
    if high <= QUIET {
        return format!("{told}\n");
    }
    format!(
        "{told} **The machine was busy with other work: trust the ratio of the least first.**\n"
    )
}

/// A section with a table: what stands above it, the columns (the first `texts` of them are text),
/// and the rows.
pub fn section(
    title: &str,
    above: &str,
    columns: &[&str],
    texts: usize,
    rows: impl Iterator<Item = Vec<String>>,
) -> String {
    let mut section = format!("\n## {title}\n\n{above}\n\n");
    let rules: Vec<&str> =
        (0..columns.len()).map(|at| if at < texts { "---" } else { "---:" }).collect();
    // Writing into a string cannot fail.
    let _ = writeln!(section, "| {} |\n|{}|", columns.join(" | "), rules.join("|"));
    for row in rows {
        let _ = writeln!(section, "| {} |", row.join(" | "));
    }
    section
}

/// A ratio, or a dash.
pub fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"))
}
