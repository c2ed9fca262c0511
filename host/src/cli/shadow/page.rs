//! The page of the worst cases: both pictures and where they differ, side by side, all in one file.

use std::fmt::{Arguments, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::bindings::Raster;
use crate::observe::status::escaped;
use crate::shadow::{Arm, COLUMNS, Case, Effort, Outcome, Pixels, Run, Summary};
use crate::transform::{Limits, Transformer};

/// What a difference is multiplied by, so that it is seen.
const LOUDER: u8 = 8;

const STYLE: &str = "body{font:14px sans-serif;margin:2em;color:#222}table{border-collapse:collapse}\
td,th{text-align:right;padding:.2em .6em;border-bottom:1px solid #ddd}th:first-child{text-align:left}\
.case{margin:2em 0;border-top:2px solid #222}.row{display:flex;gap:1em}figure{margin:0;flex:1}\
img{max-width:100%;background:repeating-conic-gradient(#ddd 0 25%,#fff 0 50%) 0/16px 16px}\
code{word-break:break-all;background:#f3f3f3}";

/// The page. `transformer` decodes the pictures.
pub fn page(
    summary: &Summary,
    cases: &[(Run, Case)],
    transformer: &Transformer,
    limits: &Limits,
) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Shadow runs</title>\
         <style>{STYLE}</style><h1>Shadow runs</h1>"
    );
    table(&mut html, summary);
    add(
        &mut html,
        format_args!(
            "<p>Below are the worst cases. Differences are absolute, over black, and {LOUDER} times \
             as large as they are. Files and tickets lie in the folder of shadow runs."
        ),
    );
    for (run, case) in cases {
        let difference = difference(case, transformer, limits);
        one(&mut html, run, case, difference.as_deref());
    }
    html
}

fn table(html: &mut String, summary: &Summary) {
    add(html, format_args!("<table><tr><th>stable<th>candidate<th>format"));
    for column in COLUMNS {
        add(html, format_args!("<th>{column}"));
    }
    for (names, cells) in summary.rows() {
        html.push_str("<tr>");
        for cell in names.iter().chain(&cells) {
            add(html, format_args!("<td>{}", escaped(cell)));
        }
    }
    html.push_str("</table>");
    let failures = summary.failures();
    if !failures.is_empty() {
        add(html, format_args!("<p>No picture: {}", escaped(&failures)));
    }
}

fn one(html: &mut String, run: &Run, case: &Case, difference: Option<&[u8]>) {
    let sent = (run.answered, Some(&run.sent), case.sent.as_slice());
    let shadow = (run.in_shadow(), run.shadow.as_ref(), case.shadow.as_slice());
    let (stable, candidate) = match run.answered {
        Arm::Candidate => (shadow, sent),
        Arm::Stable => (sent, shadow),
    };
    let (title, ticket) = (escaped(&title(run)), escaped(&case.ticket.to_string()));
    add(html, format_args!("<div class=\"case\"><h2>{title}</h2><div class=\"row\">"));
    for (arm, effort, picture) in [stable, candidate] {
        let sent = if arm == run.answered { ", which was sent" } else { "" };
        add(html, format_args!("<figure><figcaption>{}{sent}</figcaption>", arm.name()));
        match effort {
            Some(effort) => image(html, &effort.format, picture),
            None => html.push_str("<p>no picture"),
        }
        html.push_str("</figure>");
    }
    html.push_str("<figure><figcaption>difference</figcaption>");
    match difference {
        Some(difference) => image(html, "png", difference),
        None => html.push_str("<p>none can be shown"),
    }
    html.push_str("</figure></div>");
    efforts(html, stable.1, candidate.1);
    let sources: Vec<String> =
        (0..case.files.len()).map(|number| format!(" --source source-{number}")).collect();
    add(
        html,
        format_args!(
            "<p>Plan <code>{}</code><p>To see it again: <code>selvedge verify \"{ticket}\"{}</code></div>",
            escaped(&run.plan),
            sources.concat()
        ),
    );
}

fn title(run: &Run) -> String {
    let number =
        |value: &Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.1}"));
    match &run.outcome {
        Outcome::Differs { score, psnr } => {
            format!("differs: SSIMULACRA2 {}, PSNR {} dB", number(score), number(psnr))
        }
        Outcome::Failed { detail, .. } => {
            format!("{} failed: {}: {detail}", run.in_shadow().name(), run.result())
        }
        outcome => outcome.name().to_owned(),
    }
}

fn efforts(html: &mut String, stable: Option<&Effort>, candidate: Option<&Effort>) {
    html.push_str("<table><tr><th><th>size<th>bytes<th>work units<th>CPU ms<th>peak KiB");
    for (name, effort) in [("stable", stable), ("candidate", candidate)] {
        let Some(Effort { width, height, bytes, work, cpu, memory, .. }) = effort else { continue };
        let (millis, kibibytes) = (*cpu as f64 / 1e3, memory >> 10);
        add(
            html,
            format_args!(
                "<tr><th>{name}<td>{width} × {height}<td>{bytes}<td>{work}<td>{millis:.1}<td>{kibibytes}"
            ),
        );
    }
    html.push_str("</table>");
}

/// Where the two pictures of a case differ, as PNG; `None` if they cannot be compared by pixels.
fn difference(case: &Case, transformer: &Transformer, limits: &Limits) -> Option<Vec<u8>> {
    let decode = |picture: &[u8]| {
        let raw = transformer.transform(picture.to_vec(), &[], "format=pixels", limits).ok()?;
        Pixels::new(raw.width, raw.height, raw.bytes).map(|pixels| (raw.width, raw.height, pixels))
    };
    let (width, height, sent) = decode(&case.sent)?;
    let (.., shadow) = decode(&case.shadow)?;
    if sent.size() != shadow.size() {
        return None;
    }
    let apart = |(one, other): (u8, u8)| one.abs_diff(other).saturating_mul(LOUDER);
    let samples = sent.over(0).flatten().zip(shadow.over(0).flatten()).map(apart).collect();
    transformer.encode(Raster { width, height, channels: 3, samples }, "format=png", limits).ok()
}

fn image(html: &mut String, format: &str, file: &[u8]) {
    let (format, text) = (escaped(format), STANDARD.encode(file));
    add(html, format_args!("<img alt=\"\" src=\"data:image/{format};base64,{text}\">"));
}

/// Writing to a string cannot fail.
fn add(html: &mut String, text: Arguments<'_>) {
    let _ = html.write_fmt(text);
}
