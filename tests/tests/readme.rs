//! What the documentation says of options, problems and commands is what the code says.

use std::fs;

use anyhow::{Context, Result, ensure};
use selvedge_plan::Code;
use selvedge_plan::reference;
use selvedge_tests::workspace;

fn text(name: &str) -> Result<String> {
    fs::read_to_string(workspace::root().join(name)).with_context(|| name.to_owned())
}

/// Checks that a table is there, row after row, and shows how it should be if not.
fn has_table(name: &str, rows: &[String]) -> Result<()> {
    let table = rows.join("\n");
    ensure!(text(name)?.contains(&table), "{name}: expected this table:\n{table}");
    Ok(())
}

#[test]
fn the_references_are_as_the_code_writes_them() -> Result<()> {
    for (name, flag, written) in [
        ("docs/options.md", "--markdown", reference::options()),
        ("docs/dialects.md", "--dialects", reference::dialects()),
    ] {
        ensure!(text(name)? == written, "{name} differs: write it by `selvedge options {flag}`");
    }
    Ok(())
}

#[test]
fn the_documentation_lists_every_problem() -> Result<()> {
    let row = |code: &Code| {
        let cloudflare: Vec<String> = code.cloudflare().iter().map(u16::to_string).collect();
        let (name, status, cloudflare) = (code.name(), code.status(), cloudflare.join(", "));
        format!("| `{name}` | {status} | {cloudflare} | {} |", code.title())
    };
    let rows: Vec<String> = Code::ALL.iter().map(row).collect();
    has_table("docs/answers.md", &rows)
}

#[test]
fn the_cost_is_that_of_what_was_measured() -> Result<()> {
    let page = text("docs/bench/worker.md")?;
    let row = |picture: &str, section: &str, name: &str| {
        let (_, rest) = page.split_once(&format!("## {section}\n")).context("no such section")?;
        let begin = format!("| {name} | ");
        let row = rest.lines().find_map(|line| line.strip_prefix(&begin)).context("no such row")?;
        let cpu: f64 = row.split(' ').next().unwrap_or_default().parse()?;
        // Two cents a million milliseconds, and thirty a million requests.
        let dollars = (cpu * 2.0).round() / 100.0;
        let sum = 0.30 + dollars;
        let sum = format!("0.30 $ + {dollars:.2} $ = **{sum:.2} $**");
        anyhow::Ok(format!("| {picture} | {cpu:.1} ms | {sum} |"))
    };
    let (large, small) = ("12 megapixels", "2 megapixels, and hits");
    let rows = [
        row("1080p JPEG → 800 px JPEG", small, "Selvedge")?,
        row("12 MP JPEG → 800 px JPEG", large, "Selvedge")?,
        row("from the cache", small, "Selvedge, from the cache")?,
    ];
    has_table("docs/deploy-cloudflare.md", &rows)
}

#[test]
fn ci_runs_the_command_of_the_readme() -> Result<()> {
    let script = text(".ci/run")?;
    let command = script.lines().last().unwrap_or_default();
    ensure!(command == "cargo xtask test", "{command}");
    ensure!(text("README.md")?.lines().any(|line| line.starts_with(command)), "{command}");
    Ok(())
}

#[test]
fn the_tests_that_are_named_exist() -> Result<()> {
    let root = workspace::root();
    let mut sources = String::new();
    for folder in ["edge", "host", "tests"] {
        for file in workspace::files_below(&root.join(folder))? {
            if file.extension().is_some_and(|ending| ending == "rs") {
                sources.push_str(&fs::read_to_string(file)?);
            }
        }
    }
    let history = text("SECURITY.md")?;
    let history = history.split("| test |").nth(1).context("no column of tests")?;
    let rows = history.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |"));
    let mut named = 0;
    for row in rows {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        // What stands between backticks and is a name: files have dots.
        for name in tests.split('`').skip(1).step_by(2).filter(|name| !name.contains('.')) {
            ensure!(sources.contains(&format!("fn {name}(")), "there is no test `{name}`: {row}");
            named += 1;
        }
    }
    ensure!(named > 20, "only {named} tests are named");
    Ok(())
}
