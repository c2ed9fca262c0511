//! Geometry against tables that were worked out by hand: in the plan, and as seen through both
//! servers.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use selvedge_plan::geometry::{self, FRACTION_BITS, Size};
use selvedge_plan::orientation::Turn;
use selvedge_plan::{Client, Options, Plan};
use selvedge_tests::pair::Pair;
use selvedge_tests::samples::{self, Canvas, Jpeg};
use selvedge_tests::{picture, workspace};

/// A row of a table.
struct Vector {
    stored: Size,
    exif: u8,
    options: &'static str,
    expected: &'static str,
}

impl Vector {
    fn read(line: &'static str) -> Result<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next().with_context(|| format!("too short: {line}"));
        let (width, height) = next()?.split_once('x').context("WxH")?;
        Ok(Self {
            stored: Size { width: width.parse()?, height: height.parse()? },
            exif: next()?.parse()?,
            options: next()?,
            expected: next()?,
        })
    }

    fn plan(&self) -> Result<Plan> {
        Ok(Plan::new(&Options::parse(self.options)?, &Client::default())?)
    }

    fn file(&self) -> String {
        let Size { width, height } = self.stored;
        format!("{width}x{height}-{}.jpg", self.exif)
    }

    fn draw(&self, folder: &Path) -> Result<()> {
        let jpeg = Jpeg { orientation: Some(self.exif), ..Jpeg::default() };
        let plain = Canvas::plain(self.stored.width, self.stored.height, [90, 140, 120]);
        samples::put(&folder.join(self.file()), &jpeg.encode(&plain)?)?;
        Ok(())
    }
}

fn vectors(table: &'static str) -> Result<Vec<Vector>> {
    let rows = table.lines().filter(|line| line.contains('\t'));
    rows.map(Vector::read).collect()
}

fn sizes() -> Result<Vec<Vector>> {
    vectors(include_str!("../vectors/geometry.tsv"))
}

/// All rows that are wrong at once, since they tell more together.
fn none_wrong(wrong: &[String]) -> Result<()> {
    ensure!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

#[test]
fn outputs_have_the_sizes_of_the_table() -> Result<()> {
    let mut wrong = Vec::new();
    for vector in sizes()? {
        let plan = vector.plan()?;
        let turn = Turn::from_exif(vector.exif.into()).then(plan.turn());
        let Ok(layout) = geometry::layout(turn.size(vector.stored), &plan) else {
            wrong.push(format!("{} {}: too large", vector.file(), vector.options));
            continue;
        };
        let got = format!("{}x{}", layout.canvas.width, layout.canvas.height);
        if got != vector.expected {
            let (file, options, expected) = (vector.file(), vector.options, vector.expected);
            wrong.push(format!("{file} {options}: expected {expected}, got {got}"));
        }
    }
    none_wrong(&wrong)
}

#[test]
fn regions_are_those_of_the_table() -> Result<()> {
    let mut wrong = Vec::new();
    for vector in vectors(include_str!("../vectors/cuts.tsv"))? {
        let plan = vector.plan()?;
        let turn = Turn::from_exif(vector.exif.into()).then(plan.turn());
        let Ok(layout) = geometry::layout(turn.size(vector.stored), &plan) else {
            wrong.push(format!("{} {}: too large", vector.file(), vector.options));
            continue;
        };
        let region = turn.source_region(layout.region, vector.stored);
        let sides = [region.x, region.y, region.width, region.height];
        let whole = sides.iter().all(|side| side % (1 << FRACTION_BITS) == 0);
        let sides = sides.map(|side| (side >> FRACTION_BITS).to_string());
        let got = sides.join(",");
        if got != vector.expected || !whole {
            let (file, options, expected) = (vector.file(), vector.options, vector.expected);
            wrong.push(format!("{file} {options}: expected {expected}, got {got}"));
        }
    }
    none_wrong(&wrong)
}

#[test]
fn the_tables_are_complete() -> Result<()> {
    let sizes = sizes()?;
    let covered: BTreeSet<(String, bool, bool, u8)> = sizes
        .iter()
        .map(|vector| {
            let plan = vector.plan()?;
            let fit = plan.fit.name().to_owned();
            Ok((fit, plan.width.is_some(), plan.height.is_some(), vector.exif))
        })
        .collect::<Result<_>>()?;
    for fit in selvedge_plan::options::fit::Fit::ALL {
        for (width, height) in [(true, true), (true, false), (false, true)] {
            for exif in [1, 6] {
                let wanted = (fit.name().to_owned(), width, height, exif);
                ensure!(covered.contains(&wanted), "no row for {wanted:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn both_servers_give_these_sizes() -> Result<()> {
    let folder = workspace::scratch("geometry")?;
    let vectors = sizes()?;
    for vector in &vectors {
        vector.draw(&folder)?;
    }
    let pair = Pair::serving(&folder)?;
    let mut wrong = Vec::new();
    for (name, server) in pair.sides() {
        let mut client = server.client();
        for vector in &vectors {
            let target = format!("/image/{}/{}", vector.options, vector.file());
            let answer = client.get(&target)?;
            let got = match picture::size(&answer.body) {
                Ok((width, height)) => format!("{width}x{height}"),
                Err(_) => format!("{answer:?}"),
            };
            if got != vector.expected {
                let expected = vector.expected;
                wrong.push(format!("{name} {target}: expected {expected}, got {got}"));
            }
        }
    }
    none_wrong(&wrong)
}
