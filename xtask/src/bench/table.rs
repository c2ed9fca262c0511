//! The report as Markdown.

use std::fmt::Write;

use super::report::{Case, Codec, Outcome, Report, least, median, most};

/// A load above this is more than the measurement makes itself.
const QUIET: f64 = 1.5;

/// The page.
pub fn markdown(report: &Report, quality: u8) -> String {
    let mut page = String::from("# JPEG: Selvedge against libvips\n\n");
    let facts = [
        format!("{}; {}.", report.date, report.machine),
        format!("{}.", report.versions.join(", ")),
        load(report),
        "Made by `cargo xtask bench`.".to_owned(),
    ];
    page.extend([&facts.join(" "), "\n\n![CPU time against libvips](jpeg.svg)\n\n"]);
    page.push_str("## Whole transforms\n\n");
    page.push_str(&transforms(&report.cases));
    page.push_str("\n## Quality\n\n");
    page.push_str(&qualities(&report.cases, report.scored));
    if !report.codecs.is_empty() {
        page.push_str("\n## Codecs alone, against libjpeg-turbo\n\n");
        page.push_str(&codecs(&report.codecs));
    }
    page.push_str("\n## How this was measured\n\n");
    page.push_str(&method(report, quality));
    page
}

/// How busy the machine was, and what to make of that.
fn load(report: &Report) -> String {
    let (low, high) = (least(&report.loads), most(&report.loads));
    let told = format!("Load average {low:.1} to {high:.1}, of which the measurement makes 1.");
    if high <= QUIET {
        return told;
    }
    format!("{told} **The machine was busy with other work: trust the ratio of the least first.**")
}

fn transforms(cases: &[Case]) -> String {
    let mut table = String::from(
        "CPU milliseconds a transform: the median of the rounds, then the least. A ratio below 1 \
         means that Selvedge needs less.\n\n\
         | source | to width | Selvedge | libvips | ratio of medians | ratio of the least |\n\
         |---|---:|---:|---:|---:|---:|\n",
    );
    for case in cases {
        let time = |outcome: &Outcome| {
            format!("{:.1} ({:.1})", median(outcome.samples.iter().copied()), outcome.least)
        };
        line(
            &mut table,
            &[
                format!("{} ({}, {:.1} MP)", case.kind, case.picture, case.megapixels),
                case.width.to_string(),
                time(&case.programs.ours),
                time(&case.programs.libvips),
                format!("{:.2}", case.median_ratio()),
                format!("**{:.2}**", case.least_ratio()),
            ],
        );
    }
    table
}

fn qualities(cases: &[Case], scored: bool) -> String {
    let mut table = String::from(
        "Selvedge, then libvips. The reference is the source decoded at full size and reduced by \
         Lanczos3 in double precision, without a box shrink before.\n\n\
         | source | to width | bytes | PSNR, dB | SSIMULACRA2 |\n|---|---:|---:|---:|---:|\n",
    );
    for case in cases {
        let (ours, libvips) = (&case.programs.ours, &case.programs.libvips);
        let score = |outcome: &Outcome| {
            outcome.ssimulacra2.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
        };
        line(
            &mut table,
            &[
                case.kind.clone(),
                case.width.to_string(),
                format!("{} / {}", ours.bytes, libvips.bytes),
                format!("{:.2} / {:.2}", ours.psnr, libvips.psnr),
                format!("{} / {}", score(ours), score(libvips)),
            ],
        );
    }
    if !scored {
        table.push_str(
            "\nSSIMULACRA2 was left out: neither `ssimulacra2` nor `ssimulacra2_rs` is on PATH.\n",
        );
    }
    table
}

fn codecs(codecs: &[Codec]) -> String {
    let mut table = String::from(
        "Milliseconds, the least of the rounds: ours by the clock, as `--steps` tells them; those \
         of djpeg and cjpeg in CPU time without start-up. The work is near, not equal: our decode \
         step also filters, down to a width where one is given and chroma to 4:2:0 where it is \
         not; djpeg turns planes into RGB rows (with its cheapest upsampling), from which cjpeg \
         begins.\n\n\
         | source | work | Selvedge | libjpeg-turbo | ratio |\n|---|---|---:|---:|---:|\n",
    );
    for codec in codecs {
        line(
            &mut table,
            &[
                codec.kind.clone(),
                codec.work.clone(),
                format!("{:.1}", least(&codec.ours)),
                format!("{:.1}", least(&codec.theirs)),
                format!("**{:.2}**", codec.least_ratio()),
            ],
        );
    }
    table
}

fn method(report: &Report, quality: u8) -> String {
    let pinned = if report.pinned {
        "All run on one core."
    } else {
        "This system cannot keep programs on one core, so they were not."
    };
    format!(
        "- Selvedge is the component in wasmtime, by `selvedge transform --repeat`, with its \
         checks for a deadline as in service; libvips is \
         `pyvips.Image.thumbnail_buffer` with one thread and no caches. {pinned}\n\
         - A turn reads the file, decodes, shrinks to the width and encodes a baseline JPEG of \
         quality {quality}, 4:2:0, with the standard Huffman tables and no metadata.\n\
         - A sample is the CPU time (user and system, all threads) of a process that does many \
         turns less that of one that does two, divided by the turns between. The least is the \
         shortest of the long processes less the shortest of the short ones.\n\
         - Rounds: {}. In each, every program has its turn at every picture. Other work on a machine mostly adds CPU \
         time, so the least is what is disturbed least.\n\
         - Pictures are chosen by size: one of each kind, the plainest and nearest to its size.\n",
        report.loads.len(),
    )
}

fn line(table: &mut String, cells: &[String]) {
    // Writing into a string cannot fail.
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}
