//! A page of output formats: whole transforms, their quality, and the codec alone.

use super::page::{head, load, ratio, section};
use super::report::{Case, Codec, Cost, Outcome, Report, least, median};

/// What has a page, mostly one output format, and what is compared there.
pub struct Family {
    /// Which transforms it has.
    pub holds: fn(&Case) -> bool,
    /// As people name it.
    pub name: &'static str,
    /// Whose codec is the other one.
    pub against: &'static str,
    /// What stands below the title.
    pub picture: &'static str,
    /// What there is to know of the codecs' table.
    pub codecs: &'static str,
    /// How the two encoders were set.
    pub settings: &'static str,
}

/// Formats that have no page of their own: AVIF, PNG, and what moves.
pub const FORMATS: Family = Family {
    holds: |case| matches!(case.format.as_str(), "avif" | "png") || moves(case),
    name: "AVIF, PNG and animations",
    against: "",
    picture: "",
    codecs: "",
    settings: "an AVIF at the default effort (libvips: effort 4, by libaom in one thread; from \
        quality 80 on Selvedge keeps chroma in full, libvips from 90 on), a PNG without loss \
        (libvips: compression 6, its default filters), or an animated WebP at the default effort \
        (libwebp: method 4)",
};

/// JPEG.
pub const JPEG: Family = Family {
    holds: |case| case.format == "jpeg",
    name: "JPEG",
    against: "libjpeg-turbo",
    picture: "\n![CPU time against libvips](jpeg.svg)\n",
    codecs: "Milliseconds, the least of the rounds: ours by the clock, as `--steps` tells them; \
        those of djpeg and cjpeg in CPU time without start-up. The work is near, not equal: our \
        decode step also filters, down to a width where one is given and chroma to 4:2:0 where it \
        is not; djpeg turns planes into RGB rows (with its cheapest upsampling), from which cjpeg \
        begins.",
    settings: "a baseline JPEG, 4:2:0, with the standard Huffman tables (`compression=fast`)",
};

/// WebP.
pub const WEBP: Family = Family {
    holds: |case| case.format == "webp" && !moves(case),
    name: "WebP",
    against: "libwebp",
    picture: "",
    codecs: "Milliseconds, the least of the rounds, at most 1280 pixels wide: ours by the clock, as \
        `--steps` tells them; libwebp's in CPU time, encoding (method 4) within one process, by \
        Pillow, decoding by dwebp without start-up. Both encode the same RGB pixels, turning them \
        into planes included. What both decode is libwebp's, to planes where it is lossy and to \
        RGB where it is not.",
    settings: "a WebP at the default effort (libwebp: method 4)",
};

/// Whether the picture moves, by the kind's name in `workloads.py`.
fn moves(case: &Case) -> bool {
    case.kind.ends_with("animated")
}

/// The page.
pub fn markdown(report: &Report, family: &Family, quality: u8) -> String {
    let mut page = head(report, &format!("{}: Selvedge against libvips", family.name));
    page.push_str(&load(report));
    page.push_str(family.picture);
    let cases: Vec<&Case> = report.cases_of(family).collect();
    if !cases.is_empty() {
        page.extend([times(&cases), engines(&cases), qualities(&cases, report.scored)]);
    }
    let codecs: Vec<&Codec> = report.codecs_of(family).collect();
    if !codecs.is_empty() {
        page.push_str(&alone(&codecs, family));
    }
    page.push_str(&method(report, family, quality));
    page
}

impl Report {
    /// The transforms of a page.
    pub fn cases_of(&self, family: &Family) -> impl Iterator<Item = &Case> {
        self.cases.iter().filter(|case| (family.holds)(case))
    }

    /// What was measured of a codec alone.
    pub fn codecs_of(&self, family: &Family) -> impl Iterator<Item = &Codec> {
        self.codecs.iter().filter(|codec| codec.against == family.against)
    }
}

fn time(cost: &Cost) -> String {
    format!("{:.1} ({:.1})", median(cost.samples.iter().copied()), cost.least)
}

fn times(cases: &[&Case]) -> String {
    let rows = cases.iter().map(|case| {
        vec![
            format!("{} ({}, {:.1} MP)", case.kind, case.picture, case.megapixels),
            case.shape.clone(),
            time(&case.programs.ours.cost),
            time(&case.programs.libvips.cost),
            format!("{:.2}", case.median_ratio()),
            format!("**{:.2}**", case.least_ratio()),
            ratio(case.target),
        ]
    });
    section(
        "Whole transforms",
        "CPU milliseconds a transform: the median of the rounds, then the least. A ratio below 1 \
         means that Selvedge needs less; the target is the ratio that it is meant to reach.",
        &["source", "to", "Selvedge", "libvips", "ratio of medians", "of the least", "target"],
        2,
        rows,
    )
}

fn engines(cases: &[&Case]) -> String {
    let rows = cases.iter().map(|case| {
        let programs = &case.programs;
        let (checked, unchecked) = (&programs.ours.cost, &programs.unchecked);
        vec![
            case.kind.clone(),
            case.shape.clone(),
            time(checked),
            time(unchecked),
            time(&programs.v8),
            format!("**{:.2}**", programs.v8.least / checked.least),
            format!("{:.2}", programs.v8.least / unchecked.least),
        ]
    });
    section(
        "The same component in V8",
        "CPU milliseconds, as above. wasmtime checks for a deadline as in service; V8 does not, so \
         it also stands against wasmtime without. All three wrote the same bytes. The target is a \
         ratio of 1.15 at most.",
        &["source", "to", "wasmtime", "without checks", "V8", "V8 / wasmtime", "V8 / without"],
        2,
        rows,
    )
}

fn qualities(cases: &[&Case], scored: bool) -> String {
    let score = |outcome: &Outcome| {
        outcome.ssimulacra2.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"))
    };
    let rows = cases.iter().map(|case| {
        let (ours, libvips) = (&case.programs.ours, &case.programs.libvips);
        vec![
            case.kind.clone(),
            case.shape.clone(),
            format!("{} / {}", ours.bytes, libvips.bytes),
            format!("{:.2} / {:.2}", ours.psnr, libvips.psnr),
            format!("{} / {}", score(ours), score(libvips)),
        ]
    });
    let mut table = section(
        "Quality",
        "Selvedge, then libvips. The reference is the source decoded at full size and reduced by \
         Lanczos3 in double precision, without a box shrink before; what is transparent is seen \
         on middle grey.",
        &["source", "to", "bytes", "PSNR, dB", "SSIMULACRA2"],
        2,
        rows,
    );
    if !scored {
        table.push_str(
            "\nSSIMULACRA2 was left out: neither `ssimulacra2` nor `ssimulacra2_rs` is on PATH.\n",
        );
    }
    table
}

fn alone(codecs: &[&Codec], family: &Family) -> String {
    let rows = codecs.iter().map(|codec| {
        vec![
            codec.kind.clone(),
            codec.work.clone(),
            format!("{:.1}", least(&codec.ours)),
            format!("{:.1}", least(&codec.theirs)),
            format!("**{:.2}**", codec.least_ratio()),
            ratio(codec.target),
        ]
    });
    let title = format!("The codec alone, against {}", family.against);
    let columns = ["source", "work", "Selvedge", family.against, "ratio", "target"];
    section(&title, family.codecs, &columns, 2, rows)
}

fn method(report: &Report, family: &Family, quality: u8) -> String {
    let pinned = if report.pinned {
        "All run on one core."
    } else {
        "This system cannot keep programs on one core, so they were not."
    };
    format!(
        "\n## How this was measured\n\n\
         - Selvedge is the component in wasmtime, by `selvedge transform --repeat`, with its \
         checks for a deadline as in service; libvips is `pyvips.Image.thumbnail_buffer` with one \
         thread and no caches, and `gravity` where the picture is padded. {pinned}\n\
         - In V8 it is the same component, by the modules and the glue of the Worker, in Node.js \
         with `--no-liftoff`: everything runs as optimised code from its first turn, as it does in \
         an isolate that has been busy for a second. There one instance serves all turns, as at the \
         edge; in wasmtime each turn has a fresh one, as at the origin.\n\
         - A turn reads the file, decodes, shrinks and encodes {}, quality {quality} where it loses, no metadata.\n\
         - A sample is the CPU time (user and system, all threads) of a process that does many \
         turns less that of one that does two, divided by the turns between. The least is the \
         shortest of the long processes less the shortest of the short ones.\n\
         - Rounds: {}. In each, every program has its turn at every picture. Other work on a \
         machine mostly adds CPU time, so the least is what is disturbed least.\n\
         - Pictures are chosen by size: one of each kind, the plainest and nearest to its size. \
         The PNG is that with the most detail of those with soft edges.\n",
        family.settings,
        report.loads.len(),
    )
}
