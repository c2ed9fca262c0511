//! Every format that is read by every one that is written, at both sides: what comes of it, and its digest.

mod kinds;

use std::env;
use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::pair::Pair;
use crate::picture::{holds, sha256};
use crate::{samples, workspace};
pub use kinds::{Kind, kinds};

/// What is asked for, and what comes of it where nothing moves and nothing is clear.
const OUTPUTS: [(&str, &str); 7] = [
    ("", "jpeg"),
    ("format=jpeg", "jpeg"),
    ("format=baseline-jpeg", "jpeg"),
    ("format=png", "png"),
    ("format=webp", "webp"),
    ("format=gif", "gif"),
    ("format=avif", "avif"),
];

/// The pages, and how their tables begin.
const TABLE: (&str, &str) = ("docs/formats.md", "| source | no wish | ");
const DIGESTS: (&str, &str) = ("docs/formats-digests.md", "| source | made by | no wish | ");

/// Digits of a digest that are shown.
const DIGITS: usize = 10;

/// What one kind of file becomes.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Who makes it.
    pub by: &'static str,
    /// What comes of each wish, and the digest of its bytes.
    pub cells: Vec<(String, String)>,
}

/// A kind as it stands in the tables.
fn told(format: &str, clear: bool, moves: bool) -> String {
    let moves = if moves { ", moves" } else { "" };
    format!("{format}{moves}{}", if clear { ", clear" } else { "" })
}

/// What must come of a kind, by what formats hold.
fn expected(kind: &Kind, options: &str, format: &str) -> String {
    // Without a wish, what JPEG cannot hold decides.
    let format = match options {
        "" if kind.moves => "gif",
        "" if kind.clear => "png",
        // AVIF is written as a still; WebP is kin to it, and moves.
        "format=avif" if kind.moves => "webp",
        _ => format,
    };
    let moves = kind.moves && matches!(format, "gif" | "webp");
    told(format, kind.clear && format != "jpeg", moves)
}

/// Asks both servers for everything. Where there is no libheif, rows that take it are left out.
///
/// # Errors
/// If an answer is not what formats can hold, or the sides differ.
pub fn rows() -> Result<Vec<Row>> {
    let (folder, kinds) = (workspace::scratch("matrix")?, kinds()?);
    for (number, kind) in kinds.iter().enumerate() {
        samples::put(&folder.join(number.to_string()), &kind.file)?;
    }
    let pair = Pair::serving(&folder)?;
    let rows = kinds.iter().enumerate().filter_map(|(number, kind)| {
        let row = row(kind, &number.to_string(), &pair).with_context(|| kind.name());
        row.transpose()
    });
    rows.collect()
}

fn row(kind: &Kind, file: &str, pair: &Pair) -> Result<Option<Row>> {
    let mut cells = Vec::new();
    for (options, format) in OUTPUTS {
        // The first option says what is so anyway.
        let target = format!("/image/fit=scale-down,{options}/{file}").replace(",/", "/");
        let (edge, origin) = (pair.edge.get(&target)?, pair.origin.get(&target)?);
        let unsupported = Some("unsupported".to_owned());
        if kind.by_libheif {
            ensure!(edge.code() == unsupported, "expected the edge to refuse it: {edge:?}");
            let strict = env::var("CI").is_ok_and(|value| value == "true");
            if origin.code() == unsupported && !strict {
                return Ok(None);
            }
        } else {
            let same = edge.body == origin.body && edge.media_type() == origin.media_type();
            ensure!(same, "{target}: another one at the edge: {edge:?}, {origin:?}");
        }
        ensure!(origin.status == 200, "{target}: {origin:?}");
        let (clear, moves) = holds(&origin.body).with_context(|| target.clone())?;
        let made = told(origin.media_type().trim_start_matches("image/"), clear, moves);
        let expected = expected(kind, options, format);
        ensure!(made == expected, "{target}: expected {expected}, got {made}");
        let digest = sha256(&origin.body).chars().take(DIGITS).collect();
        cells.push((made, digest));
    }
    let by = if kind.by_libheif { "origin" } else { "both" };
    Ok(Some(Row { name: kind.name(), by, cells }))
}

/// Both tables, each with its page and the beginning of its first line.
fn tables(rows: &[Row]) -> [((&'static str, &'static str), Vec<String>); 2] {
    let heads = OUTPUTS.map(|(options, _)| match options {
        "" => "no wish".to_owned(),
        options => format!("`{options}`"),
    });
    let table = |first: &str, line: &dyn Fn(&Row) -> String| {
        let rules = "---|".repeat(first.split(" | ").count() + heads.len());
        let head = format!("| {first} | {} |", heads.join(" | "));
        [head, format!("|{rules}")].into_iter().chain(rows.iter().map(line)).collect()
    };
    let joined = |cells: Vec<&str>| cells.join(" | ");
    let made = |row: &Row| joined(row.cells.iter().map(|(made, _)| &**made).collect());
    let digests = |row: &Row| joined(row.cells.iter().map(|(_, digest)| &**digest).collect());
    [
        (TABLE, table("source", &|row| format!("| {} | {} |", row.name, made(row)))),
        (
            DIGESTS,
            table("source | made by", &|row| {
                format!("| {} | {} | {} |", row.name, row.by, digests(row))
            }),
        ),
    ]
}

/// The lines of the table in a page that begins so.
fn lines_of<'a>(page: &'a str, begin: &str) -> Vec<&'a str> {
    let after = page.lines().skip_while(|line| !line.starts_with(begin));
    after.take_while(|line| line.starts_with('|')).collect()
}

/// Checks that the pages have what was made.
///
/// # Errors
/// If they do not, with what they should have.
pub fn check(rows: &[Row]) -> Result<()> {
    let all = kinds()?;
    let left_out = |line: &str| {
        let begins = |name: String| line.starts_with(&format!("| {name} | "));
        all.iter()
            .map(Kind::name)
            .any(|name| !rows.iter().any(|row| row.name == name) && begins(name))
    };
    for ((name, begin), lines) in tables(rows) {
        let page = fs::read_to_string(workspace::root().join(name))?;
        let mut found = lines_of(&page, begin);
        found.retain(|line| !left_out(line));
        let table = lines.join("\n");
        ensure!(
            found == lines,
            "{name} differs: `cargo xtask formats` writes this table:\n{table}"
        );
    }
    Ok(())
}

/// Writes the tables into their pages.
fn write(rows: &[Row]) -> Result<()> {
    ensure!(rows.len() == kinds()?.len(), "libheif is missing: install libheif-dev");
    for ((name, begin), lines) in tables(rows) {
        let path = workspace::root().join(name);
        let page = fs::read_to_string(&path)?;
        let old = lines_of(&page, begin).join("\n");
        ensure!(!old.is_empty(), "{name} has no table that begins with {begin}");
        fs::write(&path, page.replace(&old, &lines.join("\n")))?;
    }
    Ok(())
}

/// The command: `formats`.
pub fn main() -> ExitCode {
    match rows().and_then(|rows| write(&rows)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("formats: {error:#}");
            ExitCode::FAILURE
        }
    }
}
