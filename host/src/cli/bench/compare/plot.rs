//! The distributions as a picture: old against new, a panel for each quantity.

use super::measured::{Measured, NAMES, at};

const WIDTH: f64 = 720.0;
const PANEL: f64 = 190.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 20.0;
/// Of a panel, for what is written above and below its lines.
const ABOVE: f64 = 34.0;
const BELOW: f64 = 22.0;

/// The picture: how large the number is that so many percent of the pictures are below.
pub fn svg(measured: &Measured) -> String {
    let height = PANEL * NAMES.len() as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\"><rect width=\"{WIDTH}\" height=\"{height}\" \
         fill=\"#fff\"/>"
    );
    for (row, (name, numbers)) in NAMES.iter().zip(measured.pooled()).enumerate() {
        let top = PANEL * row as f64;
        let lines = [
            ("stable", numbers.stable.as_slice(), "#0072b2"),
            ("candidate", &numbers.candidate, "#d55e00"),
        ];
        svg.push_str(&panel(name, top, &lines));
    }
    svg.push_str("</svg>\n");
    svg
}

fn panel(name: &str, top: f64, lines: &[(&str, &[f64], &str)]) -> String {
    let all = || lines.iter().flat_map(|(_, sorted, _)| sorted.iter().copied());
    let (least, most) = (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max));
    // From zero, unless that would make a line of all that there is to see.
    let base = if least > most / 2.0 { least - (most - least) / 4.0 } else { 0.0 };
    let span = (most - base).max(f64::MIN_POSITIVE);
    let bottom = top + PANEL - BELOW;
    let x = |percent: usize| LEFT + percent as f64 / 100.0 * (WIDTH - LEFT - RIGHT);
    let y = |number: f64| bottom - (number - base) / span * (PANEL - ABOVE - BELOW);
    let mut svg =
        format!("<text x=\"{LEFT}\" y=\"{:.1}\" font-weight=\"bold\">{name}</text>", top + 18.0);
    if !least.is_finite() {
        return svg;
    }
    for number in [base, base + span / 2.0, most] {
        svg.push_str(&format!(
            "<path d=\"M{LEFT} {y:.1}H{end}\" stroke=\"#ddd\"/><text x=\"{at}\" y=\"{text:.1}\" \
             text-anchor=\"end\">{number:.digits$}</text>",
            y = y(number),
            end = WIDTH - RIGHT,
            at = LEFT - 6.0,
            text = y(number) + 4.0,
            digits = if span < 20.0 { 1 } else { 0 },
        ));
    }
    for percent in [0, 25, 50, 75, 100] {
        svg.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{percent} %</text>",
            x(percent),
            bottom + 16.0
        ));
    }
    for (place, (who, sorted, colour)) in lines.iter().enumerate() {
        if sorted.is_empty() {
            continue;
        }
        let points =
            (0..=100).map(|percent| format!("{:.1} {:.1}", x(percent), y(at(sorted, percent))));
        let path = points.collect::<Vec<_>>().join("L");
        svg.push_str(&format!(
            "<path d=\"M{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\
             <text x=\"{}\" y=\"{:.1}\" fill=\"{colour}\">{who} ({})</text>",
            LEFT + 200.0 + 140.0 * place as f64,
            top + 18.0,
            sorted.len()
        ));
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::super::measured::Took;
    use super::*;

    #[test]
    fn both_are_there_where_both_have_numbers() {
        let mut measured = Measured::default();
        for number in [5.0, 6.0, 9.0] {
            let took = |latency| Took { latency, cpu: 0.0 };
            measured.took("width=8", took(number), took(number * 3.0));
        }
        let svg = svg(&measured);
        assert_eq!(svg.matches("stable (3)").count(), 2, "{svg}");
        assert_eq!(svg.matches("candidate (3)").count(), 2, "{svg}");
        assert!(NAMES.iter().all(|name| svg.contains(name)) && !svg.contains("NaN"), "{svg}");
    }

    #[test]
    fn what_takes_longer_is_higher() {
        let svg = panel("ms", 0.0, &[("stable", &[1.0], "#000"), ("candidate", &[3.0], "#fff")]);
        let first = |colour: &str| {
            let path = svg.split("<path d=\"M").find(|path| path.contains(colour)).unwrap();
            path.split(['L', ' ']).nth(1).unwrap().parse::<f64>().unwrap()
        };
        assert!(first("#fff") < first("#000"), "{svg}");
    }
}
