//! The README's excerpt of the report.

use anyhow::{Context, Result};

use super::page::ratio;
use super::report::{Outcome, Report};
use crate::workspace;

/// The excerpt stands between these.
const BEGIN: &str = "<!-- Made by `cargo xtask bench`, up to the next such mark. -->\n";
const END: &str = "<!-- End of what `cargo xtask bench` made. -->\n";

/// What the excerpt may lead to: a page in `docs/bench`, and what it is called.
const PAGES: [(&str, &str); 5] = [
    ("jpeg.md", "JPEG"),
    ("webp.md", "WebP"),
    ("webp-curve.md", "bytes of WebP at equal scores"),
    ("formats.md", "AVIF, PNG and animations"),
    ("memory.md", "memory"),
];

/// Puts the report's excerpt in the place of the one before it.
pub fn update(report: &Report) -> Result<()> {
    let path = workspace::root().join("README.md");
    let text = String::from_utf8(workspace::read(&path)?)?;
    workspace::write(&path, replaced(&text, &excerpt(report))?)
}

fn replaced(text: &str, excerpt: &str) -> Result<String> {
    let (before, rest) = text.split_once(BEGIN).context("README.md has no mark for the excerpt")?;
    let (_, after) = rest.split_once(END).context("README.md does not end its excerpt")?;
    Ok(format!("{before}{BEGIN}\n{excerpt}\n{END}{after}"))
}

fn excerpt(report: &Report) -> String {
    let versions = report.versions.join(", ");
    let mut text = format!(
        "{}; {}; {versions}. At quality 80 and equal settings, on one core: CPU time of a \
         transform in wasmtime over that of native libvips, its target, CPU time in V8 over that \
         in wasmtime, and SSIMULACRA2 (Selvedge / libvips).\n\n\
         | source | to | CPU | target | V8 | SSIMULACRA2 |\n|---|---|---:|---:|---:|---:|\n",
        report.date, report.machine
    );
    let score = |outcome: &Outcome| outcome.ssimulacra2.map_or("–".into(), |s| format!("{s:.1}"));
    for case in &report.cases {
        let programs = &case.programs;
        text.push_str(&format!(
            "| {} | {} | **{:.2}** | {} | {:.2} | {} / {} |\n",
            case.kind,
            case.shape,
            case.least_ratio(),
            ratio(case.target),
            programs.v8.least / programs.ours.cost.least,
            score(&programs.ours),
            score(&programs.libvips),
        ));
    }
    let folder = workspace::root().join("docs").join("bench");
    let is_there = |page: &&(&str, &str)| folder.join(page.0).is_file();
    // A page that this run left out may be there from one before.
    let links = PAGES.iter().filter(is_there);
    let links = links.map(|(page, name)| format!("[{name}](docs/bench/{page})"));
    text.push_str(&format!(
        "\n![CPU time against libvips](docs/bench/jpeg.svg)\n\n\
         `cargo xtask bench` measures it anew. All of it, slower rows too: {}.\n",
        links.collect::<Vec<_>>().join(", ")
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_takes_the_place_of_the_one_before() {
        let old = format!("a\n{BEGIN}\nold\n{END}b\n");
        let new = replaced(&old, "new\n").expect("both marks are there");
        assert_eq!(new, format!("a\n{BEGIN}\nnew\n\n{END}b\n"));
        assert!(replaced("a\n", "new\n").is_err());
    }

    #[test]
    fn the_readme_has_the_marks() {
        let text = workspace::read(&workspace::root().join("README.md")).expect("it is there");
        let text = String::from_utf8(text).expect("it is text");
        assert!(replaced(&text, "").is_ok());
    }
}
