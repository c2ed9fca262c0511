//! The page of lossy WebP over many photographs.

use super::page::{head, load, ratio, section};
use super::report::{Curve, Report};

/// The page.
pub fn markdown(report: &Report, curve: &Curve) -> String {
    let mut page = head(report, "Lossy WebP: Selvedge against libwebp");
    page.push_str(&load(report));
    page.push_str("\n![Score against bits a pixel](webp.svg)\n");
    let columns = ["encoder", "quality", "bits a pixel", "SSIMULACRA2", "bytes", "target", "time"];
    let rows = curve.curves.iter().flat_map(|line| {
        line.points.iter().map(move |point| {
            vec![
                line.name.clone(),
                point.quality.to_string(),
                format!("{:.3}", point.bits),
                format!("{:.2}", point.score),
                format!("**{}**", ratio(point.bytes)),
                ratio(line.target),
                format!("{:.2}", point.time),
            ]
        })
    });
    let above = format!(
        "Means over {} photographs, each once and at most 1280 pixels wide. Both encoders begin \
         from the same RGB pixels, which are the score's reference too. Bytes: over those that \
         libwebp (method 4) needs for the same score, between the points of its own curve (the \
         geometric mean over the photographs; a dash where a score is beyond that curve). Time: \
         over libwebp's at the same quality, of all photographs together, each in its fastest turn.",
        curve.photographs
    );
    page.push_str(&section("Rate and distortion", &above, &columns, 1, rows));
    page
}
