//! Latencies by percentile, as a picture: nines at equal distances, since it is the slow few that
//! matter, and time in powers of ten.

use std::time::Duration;

use super::report::{Report, percentile};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 360.0;
const MARGIN: f64 = 72.0;

/// Powers of ten of milliseconds that are shown: 0.1 ms to 10 s.
const DECADES: std::ops::RangeInclusive<i32> = -1..=4;

/// Up to how many nines: 99.99 %.
const NINES: f64 = 4.0;

/// The picture.
pub fn svg(report: &Report) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\"><rect width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         fill=\"#fff\"/>"
    );
    for decade in DECADES {
        let at = y(Duration::from_secs_f64(10_f64.powi(decade) / 1e3));
        let label = 10_f64.powi(decade);
        let end = WIDTH - 20.0;
        let text = MARGIN - 6.0;
        svg.push_str(&format!(
            "<path d=\"M{MARGIN} {at:.1}H{end}\" stroke=\"#ddd\"/>\
             <text x=\"{text}\" y=\"{:.1}\" text-anchor=\"end\">{label} ms</text>",
            at + 4.0
        ));
    }
    for (share, label) in
        [(0.0, "0"), (0.5, "50 %"), (0.9, "90"), (0.99, "99"), (0.999, "99.9"), (0.9999, "99.99")]
    {
        svg.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>",
            x(share),
            HEIGHT - 20.0
        ));
    }
    let rows = [("answered", &report.good, "#0072b2"), ("sent away", &report.sent_away, "#d55e00")];
    for (row, (name, sorted, colour)) in rows.into_iter().enumerate() {
        if sorted.is_empty() {
            continue;
        }
        let mut path = String::new();
        for step in 0..=200 {
            let share = 1.0 - 10_f64.powf(-NINES * f64::from(step) / 200.0);
            let command = if step == 0 { 'M' } else { 'L' };
            path.push_str(&format!("{command}{:.1} {:.1}", x(share), y(percentile(sorted, share))));
        }
        svg.push_str(&format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{}\" y=\"{}\" fill=\"{colour}\">{name} ({})</text>",
            MARGIN + 12.0,
            24 + 18 * row,
            sorted.len()
        ));
    }
    svg.push_str("</svg>\n");
    svg
}

fn x(share: f64) -> f64 {
    let nines = -(1.0 - share).max(1e-9).log10();
    MARGIN + nines.min(NINES) / NINES * (WIDTH - MARGIN - 40.0)
}

fn y(took: Duration) -> f64 {
    let (first, last) = (f64::from(*DECADES.start()), f64::from(*DECADES.end()));
    let decades = (took.as_secs_f64() * 1e3).max(1e-9).log10().clamp(first, last);
    HEIGHT - 40.0 - (decades - first) / (last - first) * (HEIGHT - 60.0)
}

#[cfg(test)]
mod tests {
    use super::super::report::Outcome;
    use super::*;

    #[test]
    fn there_is_a_line_for_each_kind_of_answer() {
        let outcome = |status, millis| Outcome {
            status: Some(status),
            again: false,
            due: Duration::ZERO,
            took: Duration::from_millis(millis),
            cost: None,
        };
        let report =
            |outcomes: Vec<Outcome>| Report::new(&outcomes, &[], 1.0, Duration::from_secs(1));
        let both = svg(&report(vec![outcome(200, 10), outcome(200, 20), outcome(503, 1)]));
        assert!(both.contains("answered (2)") && both.contains("sent away (1)"), "{both}");
        let one = svg(&report(vec![outcome(200, 10)]));
        assert!(!one.contains("sent away"), "{one}");
        // Slower is higher.
        assert!(y(Duration::from_millis(20)) < y(Duration::from_millis(10)));
        assert!(x(0.5) < x(0.9) && x(0.9) < x(0.99));
    }
}
