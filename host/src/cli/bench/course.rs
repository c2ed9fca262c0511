//! A load in its course, as a picture: requests, latencies and memory above one another.

use std::time::Duration;

use super::report::{Outcome, percentile};
use super::watched::Sample;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = WIDTH - 20.0;
const PANEL: f64 = 150.0;

/// Parts of the time that are told apart: hours, if it is a day.
const PARTS: usize = 24;

const BLUE: &str = "#0072b2";
const ORANGE: &str = "#d55e00";

/// A line of a panel: its name, its colour, and its points as shares of the time, with values.
type Line = (&'static str, &'static str, Vec<(f64, f64)>);

/// The picture of a load of so long; `hours` if that stands for a day.
pub fn svg(outcomes: &[Outcome], samples: &[Sample], length: Duration, hours: bool) -> String {
    let seconds = length.as_secs_f64().max(1e-9);
    let mut parts = vec![Vec::new(); PARTS];
    for outcome in outcomes.iter().filter(|outcome| outcome.status == Some(200)) {
        let part = (outcome.due.as_secs_f64() / seconds * PARTS as f64) as usize;
        if let Some(part) = parts.get_mut(part) {
            part.push(outcome.took);
        }
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    let line = |value: &dyn Fn(&[Duration]) -> f64| -> Vec<(f64, f64)> {
        let middle = |part: usize| (part as f64 + 0.5) / PARTS as f64;
        parts.iter().enumerate().map(|(at, part)| (middle(at), value(part))).collect()
    };
    let millis =
        |share: f64| line(&move |part: &[Duration]| percentile(part, share).as_secs_f64() * 1e3);
    let memory = |of: fn(&Sample) -> u64| -> Vec<(f64, f64)> {
        let mib = |sample: &Sample| of(sample) as f64 / f64::from(1 << 20);
        samples.iter().map(|sample| (sample.at.as_secs_f64() / seconds, mib(sample))).collect()
    };
    let rate = line(&|part: &[Duration]| part.len() as f64 * PARTS as f64 / seconds);
    let mut panels: Vec<(&str, Vec<Line>)> = vec![
        ("answers a second", vec![("", BLUE, rate)]),
        ("milliseconds", vec![("p50", BLUE, millis(0.5)), ("p99", ORANGE, millis(0.99))]),
    ];
    if !samples.is_empty() {
        let process = ("process", BLUE, memory(|sample| sample.resident));
        let group = ("with page cache", ORANGE, memory(|sample| sample.group));
        panels.push(("MiB", vec![process, group]));
    }
    let height = PANEL * panels.len() as f64 + 30.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\"><rect width=\"{WIDTH}\" height=\"{height}\" \
         fill=\"#fff\"/>"
    );
    for (number, (unit, lines)) in panels.iter().enumerate() {
        svg.push_str(&panel(number as f64 * PANEL, unit, lines));
    }
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let (unit, full) = if hours { ("h", 24.0) } else { ("s", seconds) };
        svg.push_str(&format!(
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{:.0} {unit}</text>",
            LEFT + share * (RIGHT - LEFT),
            height - 8.0,
            share * full
        ));
    }
    svg.push_str("</svg>\n");
    svg
}

fn panel(top: f64, unit: &str, lines: &[Line]) -> String {
    let values = lines.iter().flat_map(|(_, _, points)| points.iter().map(|(_, value)| *value));
    let step = step(values.fold(1.0, f64::max));
    let most = 4.0 * step;
    let bottom = top + PANEL - 10.0;
    let y = |value: f64| bottom - value / most * (PANEL - 30.0);
    let mut svg = format!(
        "<text x=\"{LEFT}\" y=\"{:.0}\">{unit}</text><path d=\"M{LEFT} {bottom}H{RIGHT}\" stroke=\"#999\"/>",
        top + 14.0
    );
    for line in 1..=4 {
        let value = f64::from(line) * step;
        svg.push_str(&format!(
            "<path d=\"M{LEFT} {at:.1}H{RIGHT}\" stroke=\"#ddd\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{value:.0}</text>",
            LEFT - 6.0,
            y(value) + 4.0,
            at = y(value)
        ));
    }
    for (number, (name, colour, points)) in lines.iter().enumerate() {
        let path: Vec<String> = points
            .iter()
            .map(|(share, value)| format!("{:.1} {:.1}", LEFT + share * (RIGHT - LEFT), y(*value)))
            .collect();
        svg.push_str(&format!(
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{}\" y=\"{:.0}\" fill=\"{colour}\">{name}</text>",
            path.join("L"),
            LEFT + 140.0 + 120.0 * number as f64,
            top + 14.0
        ));
    }
    svg
}

/// A quarter of the axis for values up to `most`: 1, 2 or 5, or these times a power of ten.
fn step(most: f64) -> f64 {
    let decade = 10_f64.powf((most / 4.0).log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|digit| digit * decade);
    steps.into_iter().find(|step| step * 4.0 >= most).unwrap_or(10.0 * decade)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_panel_for_what_is_known() {
        let outcome = |at: u64, millis| Outcome {
            status: Some(200),
            again: false,
            due: Duration::from_secs(at),
            took: Duration::from_millis(millis),
            cost: None,
        };
        let outcomes = [outcome(0, 10), outcome(5, 20), outcome(9, 30)];
        let sample = Sample { at: Duration::from_secs(5), resident: 30 << 20, group: 90 << 20 };
        let length = Duration::from_secs(10);
        let both = svg(&outcomes, &[sample], length, true);
        assert!(both.contains("p99") && both.contains("with page cache") && both.contains("24 h"));
        let alone = svg(&outcomes, &[], length, false);
        assert!(alone.contains("p99") && !alone.contains("MiB") && alone.contains("10 s"));
        assert!(!both.contains("NaN") && !alone.contains("NaN"));
        assert_eq!([70.0, 80.0, 81.0, 470.0].map(step), [20.0, 20.0, 50.0, 200.0]);
    }
}
