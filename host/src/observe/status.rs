//! The status page: the last minutes in pictures that the server draws itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use super::history::{Arm, SLICE, SLICES, Slice};
use super::metrics::Standing;
use crate::shadow::Tally;

/// Size of a picture.
const WIDTH: usize = 720;
const HEIGHT: usize = 160;

/// Colours that are told apart with most kinds of colour blindness (after Okabe and Ito).
const COLOURS: [&str; 8] =
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999"];

const STYLE: &str = "body{font:14px sans-serif;margin:2em;max-width:60em;color:#222}\
svg{background:#f6f6f6;display:block}h2{font-size:1em;margin:1.5em 0 .3em}\
td,th{text-align:left;padding:.1em 1em .1em 0}i{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}";

/// The page.
pub fn page(
    slices: &[Slice],
    standing: &Standing,
    loaded: &[(String, &str)],
    shadow: Option<&Tally>,
) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" \
         content=\"5\"><title>Selvedge</title><style>{STYLE}</style><h1>Selvedge</h1>"
    );
    let minutes = SLICE.as_secs() * SLICES as u64 / 60;
    let now = [
        ("ready", if standing.ready { "yes" } else { "no" }.to_owned()),
        ("transforms", format!("{} of {}", standing.running, standing.cores)),
        ("waiting", standing.waiting.to_string()),
        ("fetches", standing.fetching.to_string()),
        ("files", mebibytes(standing.file_memory)),
        ("forecast memory", mebibytes(standing.transform_memory)),
        ("process", mebibytes(standing.resident)),
    ];
    html.push_str("<table><tr>");
    for (name, _) in &now {
        add(&mut html, format_args!("<th>{name}"));
    }
    html.push_str("<tr>");
    for (_, value) in &now {
        add(&mut html, format_args!("<td>{value}"));
    }
    add(&mut html, format_args!("</table><p>The last {minutes} minutes, the newest at the right."));
    components(&mut html, slices, loaded);
    if let Some(tally) = shadow {
        add(&mut html, format_args!("<p>Shadow: {tally}"));
    }
    let seconds = SLICE.as_secs_f64();
    let rate = |slice: &Slice| slice.requests as f64 / seconds;
    figure(&mut html, "Answers a second", &[("answers", slices.iter().map(rate).collect())]);
    figure(&mut html, "Milliseconds a picture, by component", &by_component(slices));
    figure(&mut html, "Milliseconds a picture, by step", &by_step(slices));
    let waiting = |slice: &Slice| slice.waiting as f64;
    figure(&mut html, "Waiting for a core", &[("waiting", slices.iter().map(waiting).collect())]);
    let memory = |slice: &Slice| slice.resident as f64 / f64::from(1_u32 << 20);
    figure(&mut html, "Memory in MiB", &[("memory", slices.iter().map(memory).collect())]);
    problems(&mut html, slices);
    html
}

/// What each component did, whether it is still loaded or not.
fn components(html: &mut String, slices: &[Slice], loaded: &[(String, &str)]) {
    let mut all: BTreeMap<&str, Arm> = BTreeMap::new();
    for (component, _) in loaded {
        all.entry(component).or_default();
    }
    for (component, arm) in slices.iter().flat_map(|slice| &slice.components) {
        all.entry(component).or_default().add(arm);
    }
    html.push_str(
        "<table><tr><th>component<th>is<th>answers<th>failures<th>made<th>ms each<th>bytes each",
    );
    for (component, arm) in all {
        let role = loaded.iter().find(|(known, _)| known == component);
        let role = role.map_or("gone", |(_, role)| role);
        let (component, made) = (escaped(component), arm.made.max(1));
        let (mean, bytes) = (arm.transform.as_secs_f64() * 1e3 / made as f64, arm.bytes / made);
        let Arm { requests, failures, made, .. } = arm;
        add(
            html,
            format_args!(
                "<tr><td>{component}<td>{role}<td>{requests}<td>{failures}<td>{made}<td>{mean:.1}<td>{bytes}"
            ),
        );
    }
    html.push_str("</table>");
}

/// Mean time of a transform by each component in each slice, in milliseconds.
fn by_component(slices: &[Slice]) -> Vec<(&str, Vec<f64>)> {
    let names: BTreeSet<&str> =
        slices.iter().flat_map(|slice| slice.components.keys().map(String::as_str)).collect();
    let mean = |slice: &Slice, name: &str| {
        let arm = slice.components.get(name).copied().unwrap_or_default();
        arm.transform.as_secs_f64() * 1e3 / (arm.made.max(1) as f64)
    };
    let row = |name| (name, slices.iter().map(|slice| mean(slice, name)).collect());
    names.into_iter().map(row).collect()
}

/// Mean time of each step in each slice, in milliseconds.
fn by_step(slices: &[Slice]) -> Vec<(&str, Vec<f64>)> {
    let names: BTreeSet<&str> =
        slices.iter().flat_map(|slice| slice.steps.keys().map(String::as_str)).collect();
    let mean = |slice: &Slice, name: &str| {
        let sum = slice.steps.get(name).copied().unwrap_or(Duration::ZERO);
        sum.as_secs_f64() * 1e3 / (slice.made.max(1) as f64)
    };
    let row = |name| (name, slices.iter().map(|slice| mean(slice, name)).collect());
    names.into_iter().map(row).collect()
}

/// Rows of values, stacked.
fn figure(html: &mut String, title: &str, rows: &[(&str, Vec<f64>)]) {
    let columns = rows.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let at = |values: &Vec<f64>, column| values.get(column).copied().unwrap_or(0.0);
    let sum = |column| rows.iter().map(|(_, values)| at(values, column)).sum::<f64>();
    let most = (0..columns).map(sum).fold(0.0, f64::max);
    add(html, format_args!("<h2>{} (at most {most:.1})", escaped(title)));
    if rows.len() > 1 {
        for (row, (name, _)) in rows.iter().enumerate() {
            add(
                html,
                format_args!("<i style=\"background:{}\"></i>{}", colour(row), escaped(name)),
            );
        }
    }
    add(html, format_args!("</h2><svg width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\">"));
    let (width, scale) =
        (WIDTH as f64 / columns.max(1) as f64, (HEIGHT - 4) as f64 / most.max(1e-9));
    for column in 0..columns {
        let mut bottom = HEIGHT as f64;
        for (row, (_, values)) in rows.iter().enumerate() {
            let height = at(values, column) * scale;
            if height > 0.0 {
                bottom -= height;
                add(
                    html,
                    format_args!(
                        "<rect x=\"{:.1}\" y=\"{bottom:.1}\" width=\"{width:.1}\" \
                         height=\"{height:.1}\" fill=\"{}\"/>",
                        column as f64 * width,
                        colour(row)
                    ),
                );
            }
        }
    }
    html.push_str("</svg>");
}

fn problems(html: &mut String, slices: &[Slice]) {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, count) in slices.iter().flat_map(|slice| &slice.problems) {
        *all.entry(code).or_default() += count;
    }
    html.push_str("<h2>Problems</h2><table>");
    for (code, count) in &all {
        add(html, format_args!("<tr><td>{}<td>{count}", escaped(code)));
    }
    html.push_str(if all.is_empty() { "</table>none" } else { "</table>" });
}

fn colour(row: usize) -> &'static str {
    COLOURS.get(row % COLOURS.len()).copied().unwrap_or_default()
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// Writing to a string cannot fail.
fn add(html: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = html.write_fmt(text);
}

/// Text that stays text in HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_what_happened() {
        let mut slice = Slice { requests: 50, made: 2, ..Slice::default() };
        slice.steps.insert("decode<b>".to_owned(), Duration::from_millis(30));
        slice.steps.insert("encode".to_owned(), Duration::from_millis(10));
        slice.problems.insert("busy", 7);
        let arm = Arm { requests: 9, failures: 1, made: 2, bytes: 14, ..Arm::default() };
        slice.components.insert("0123".to_owned(), arm);
        let loaded = [("4567".to_owned(), "stable")];
        let tally = Tally { equal: 7, ..Tally::default() };
        let page = page(&[Slice::default(), slice], &Standing::default(), &loaded, Some(&tally));
        for part in [
            "Answers a second (at most 10.0)",
            "by step (at most 20.0)",
            "decode&lt;b>",
            "<td>busy<td>7",
            "<td>0123<td>gone<td>9<td>1<td>2<td>0.0<td>7",
            "<td>4567<td>stable<td>0",
            "<p>Shadow: 7 runs: 7 equal",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(page.matches("<rect").count(), 3);
    }
}
