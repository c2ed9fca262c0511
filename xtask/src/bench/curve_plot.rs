//! Rate and distortion as a picture: one line for each encoder.

use super::report::{Curve, Line, Point, Report};
use super::svg::Svg;

/// The whole, and where its axes cross and end, in user units.
const WIDTH: f64 = 770.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 90.0;
const BOTTOM: f64 = 390.0;

/// The lines' colours, by the classes of the style.
const CLASSES: [&str; 5] = ["one", "two", "three", "four", "five"];

/// One axis: values at its ends, and where those are drawn.
struct Axis {
    values: (f64, f64),
    places: (f64, f64),
    /// From one mark to the next.
    step: f64,
}

impl Axis {
    /// From a whole step below all values to one above.
    fn around(values: impl Iterator<Item = f64> + Clone, step: f64, places: (f64, f64)) -> Self {
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        Self { values: ((low / step).floor() * step, (high / step).ceil() * step), places, step }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value - self.values.0) / (self.values.1 - self.values.0);
        self.places.0 + part * (self.places.1 - self.places.0)
    }

    fn marks(&self) -> impl Iterator<Item = f64> {
        let (low, step) = (self.values.0, self.step);
        let count = ((self.values.1 - low) / step).round() as u32;
        (0..=count).map(move |mark| low + f64::from(mark) * step)
    }
}

/// The plot of the scores against the bits.
pub fn svg(report: &Report, curve: &Curve) -> String {
    let points = || curve.curves.iter().flat_map(|line| &line.points);
    let across = Axis::around(points().map(|point| point.bits), 0.5, (LEFT, RIGHT));
    let up = Axis::around(points().map(|point| point.score), 5.0, (BOTTOM, TOP));
    let mut svg = Svg::new(WIDTH, HEIGHT, "Lossy WebP: score against bits a pixel");
    let title = format!("Lossy WebP: SSIMULACRA2, mean of {} photographs", curve.photographs);
    svg.text("title", 10.0, 24.0, &title);
    svg.text("small end", RIGHT, BOTTOM + 38.0, "bits a pixel");
    let machine = format!("{}; {}", report.date, report.machine);
    svg.text("small", 10.0, HEIGHT - 12.0, &machine);
    for mark in across.marks() {
        svg.text("small middle", across.at(mark), BOTTOM + 18.0, &format!("{mark:.1}"));
    }
    for mark in up.marks() {
        let y = up.at(mark);
        svg.text("small end", LEFT - 8.0, y + 4.0, &format!("{mark:.0}"));
        svg.element(&format!(
            "<line class=\"line\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\" \
             stroke-opacity=\"0.3\"/>"
        ));
    }
    for (line, (class, place)) in curve.curves.iter().zip(CLASSES.iter().zip(0_u8..)) {
        // Three names to a row.
        let x = LEFT + 230.0 * f64::from(place % 3);
        let y = 48.0 + 20.0 * f64::from(place / 3);
        svg.element(&drawn(class, &[(x, y), (x + 30.0, y)]));
        svg.text("", x + 38.0, y + 4.0, &line.name);
        svg.element(&drawn(class, &places(line, &across, &up)));
    }
    svg.finish()
}

fn places(line: &Line, across: &Axis, up: &Axis) -> Vec<(f64, f64)> {
    let place = |point: &Point| (across.at(point.bits), up.at(point.score));
    line.points.iter().map(place).collect()
}

/// A line through points, with a dot at each.
fn drawn(class: &str, points: &[(f64, f64)]) -> String {
    let text: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let dots: String = points
        .iter()
        .map(|(x, y)| format!("<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>"))
        .collect();
    format!("<polyline class=\"{class}\" stroke-width=\"2\" points=\"{}\"/>{dots}", text.join(" "))
}
