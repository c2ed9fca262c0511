//! What goes to npm: the component in Node.js and Deno, the loaders of frameworks, and the size of the Worker's upload.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use selvedge_plan::allow::AllowList;
use selvedge_plan::unsigned::Unsigned;
use selvedge_plan::{Asked, Fields, Rules, decide};
use selvedge_tests::samples::{self, Jpeg, landscape};
use selvedge_tests::{origin, picture, tools, workspace};

/// Transforms a file by plans, and prints a digest for each; then what it says of bad input.
const NODE: &str = r#"
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { Failure, open } from "selvedge";

const [file, ...plans] = process.argv.slice(2);
const images = await open();
const source = await readFile(file);
for (const plan of plans) {
  const { bytes, mediaType, width, height } = images.transform(source, plan);
  console.log(createHash("sha256").update(bytes).digest("hex"), mediaType, width, height);
}
const { width, height, mediaType } = images.probe(source.subarray(0, 65536));
const { memory, work } = images.estimate(source.subarray(0, 65536), plans[0]);
console.log(mediaType, width, height, memory > 0 && work > 0);
for (const [bytes, plan, settings] of [
  [new Uint8Array([1, 2, 3]), "width=5"],
  [source.subarray(0, 2000), "width=5"],
  [source, "width=abc"],
  [source, "width=5", { memory: 1 << 20 }],
]) {
  try {
    images.transform(bytes, plan, settings);
  } catch (error) {
    console.log(error instanceof Failure, error.code, error.limit ?? "-");
  }
}
const again = images.transform(source, plans[0]);
console.log(createHash("sha256").update(again.bytes).digest("hex"));
"#;

const PLANS: [&str; 3] = [
    "width=100,format=jpeg",
    "width=64,height=64,fit=cover,format=webp",
    "width=90,format=png,rotate=90",
];

/// How the script is run, given its name and the arguments that it gets.
type Run = (PathBuf, &'static [&'static str]);

#[test]
fn the_package_gives_the_same_pictures_in_node() -> Result<()> {
    is_the_same_in("package-node", ("node".into(), &[]))
}

#[test]
fn the_package_gives_the_same_pictures_in_deno() -> Result<()> {
    let Some(deno) = tools::deno()? else { return Ok(()) };
    // No leave but to read files: neither network nor environment.
    let args = &["run", "--no-lock", "--no-prompt", "--node-modules-dir=manual", "--allow-read"];
    is_the_same_in("package-deno", (deno, args))
}

/// The same for HEIC, without what decodes it and with that.
const STILL: &str = r#"
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { Failure, open } from "selvedge";

const [file, ...plans] = process.argv.slice(2);
const source = await readFile(file);
try {
  (await open()).transform(source, plans[0]);
} catch (error) {
  console.log(error instanceof Failure, error.code);
}
const images = await open({ heic: true });
const { mediaType, width, height } = images.probe(source.subarray(0, 65536));
console.log(mediaType, width, height);
for (const plan of plans) {
  const forecast = images.estimate(source, plan);
  const made = images.transform(source, plan, { memory: forecast.memory + source.length, work: forecast.work });
  console.log(createHash("sha256").update(made.bytes).digest("hex"), made.mediaType);
}
"#;

#[test]
fn the_package_decodes_heic_where_that_is_wanted() -> Result<()> {
    let folder = workspace::scratch("package-heic")?;
    let file = folder.join("photo.heic");
    let golden = workspace::root().join("tests/golden/heic/grid-rotated.heic");
    samples::put(&file, &std::fs::read(golden)?)?;
    let printed = printed(&folder, STILL, ("node".into(), &[]), &file)?;
    let mut expected = vec!["true unsupported".to_owned(), "image/heic 101 150".to_owned()];
    let origin = origin::start(&folder.to_string_lossy(), &[])?;
    for plan in PLANS {
        let answer = origin.get(&format!("/image/{plan}/photo.heic"))?;
        expected.push(format!("{} {}", picture::sha256(&answer.body), answer.media_type()));
    }
    ensure!(printed.lines().eq(&expected), "{printed}");
    Ok(())
}

/// What the example of this number prints, of those in what the package says of itself.
fn example(folder: &Path, number: usize, run: Run) -> Result<String> {
    let told = std::fs::read_to_string(workspace::root().join("clients/npm/README.md"))?;
    let mut blocks = told.split("```js\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script = blocks.nth(number).context("no such example")?;
    let file = folder.join("photo.jpg");
    samples::put(&file, &Jpeg::default().encode(&landscape(600, 500))?)?;
    printed(folder, script, run, &file)
}

#[test]
fn the_example_for_node_runs() -> Result<()> {
    let folder = workspace::scratch("example-node")?;
    let printed = example(&folder, 0, ("node".into(), &[]))?;
    let small = std::fs::read(folder.join("small.webp"))?;
    ensure!(picture::size(&small)? == (400, 333), "another size");
    ensure!(printed == format!("600 × 500 → 400 × 333, {} bytes\n", small.len()), "{printed}");
    Ok(())
}

#[test]
fn the_example_for_deno_runs() -> Result<()> {
    let Some(deno) = tools::deno()? else { return Ok(()) };
    let folder = workspace::scratch("example-deno")?;
    let args =
        &["run", "--no-lock", "--no-prompt", "--node-modules-dir=manual", "-R", "-W=small.jpg"];
    let printed = example(&folder, 1, (deno, args))?;
    ensure!(printed == "image/jpeg 400 400\n", "{printed}");
    let small = std::fs::read(folder.join("small.jpg"))?;
    ensure!(picture::size(&small)? == (400, 400), "another size");
    Ok(())
}

/// What a script prints that has the package, of a file by the plans.
fn printed(folder: &Path, script: &str, (program, args): Run, file: &Path) -> Result<String> {
    samples::put(&folder.join("script.mjs"), script.as_bytes())?;
    samples::put(&folder.join("package.json"), br#"{"dependencies":{"selvedge":"*"}}"#)?;
    let modules = folder.join("node_modules");
    std::fs::create_dir_all(&modules)?;
    let (link, package) = (modules.join("selvedge"), workspace::package()?);
    // It may lead to where the project was before.
    if std::fs::read_link(&link).ok().as_ref() != Some(&package) {
        let _ = std::fs::remove_file(&link);
        std::os::unix::fs::symlink(package, &link)?;
    }
    let mut command = Command::new(program);
    command.current_dir(folder).args(args).arg("script.mjs").arg(file).args(PLANS);
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn is_the_same_in(name: &str, run: Run) -> Result<()> {
    let folder = workspace::scratch(name)?;
    let file = folder.join("photo.jpg");
    samples::put(&file, &Jpeg::default().encode(&landscape(203, 135))?)?;
    let printed = printed(&folder, NODE, run, &file)?;
    let lines: Vec<&str> = printed.lines().collect();
    let origin = origin::start(&folder.to_string_lossy(), &[])?;
    for (plan, line) in PLANS.iter().zip(&lines) {
        let answer = origin.get(&format!("/image/{plan}/photo.jpg"))?;
        let hash = picture::sha256(&answer.body);
        let expected = format!("{hash} {}", answer.media_type());
        ensure!(line.starts_with(&expected), "{plan}: expected {expected}, got {line}");
    }
    let rest = lines.get(PLANS.len()..).context("too few lines")?;
    let first = lines.first().and_then(|line| line.split(' ').next()).unwrap_or_default();
    ensure!(
        rest == [
            "image/jpeg 203 135 true",
            "true unsupported -",
            "true truncated -",
            "true bad-option -",
            "true over-budget 1048576",
            first,
        ],
        "{printed}"
    );
    Ok(())
}

/// What the loaders of frameworks make, which `clients/js/loaders/check.mjs` prints.
const LOADED: &str = "\
https://img.example.com/image/width=640,quality=75,format=auto/photos/a.jpg
https://img.example.com/image/width=1080,format=auto/https://photos.example.com/a.jpg?v=1
/image/width=32,format=webp,fit=cover/a.jpg
https://img.example.com/cdn-cgi/image/width=400,height=300,fit=squeeze,format=auto/_astro/a%20b.jpg
https://img.example.com/cdn-cgi/image/quality=60,format=webp/a.jpg
https://img.example.com/cdn-cgi/image/width=200,height=150,fit=squeeze,format=auto/_astro/a%20b.jpg 200w
https://img.example.com/cdn-cgi/image/width=800,height=600,fit=squeeze,format=auto/_astro/a%20b.jpg 800w
{\"loading\":\"lazy\",\"decoding\":\"async\",\"alt\":\"A\",\"width\":400,\"height\":300}
https://img.example.com/image/width=100,height=50,fit=contain,format=auto/a.jpg
/image/width=100,quality=50,blur=5,format=webp/a.jpg
";

#[test]
fn what_loaders_make_is_understood() -> Result<()> {
    let script = workspace::root().join("clients/js/loaders/check.mjs");
    let output = Command::new("node").arg(script).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout)?;
    ensure!(printed == LOADED, "{printed}");
    let rules = Rules {
        unsigned: Unsigned::All,
        paths: true,
        allow: AllowList::parse(["https://photos.example.com"]).map_err(anyhow::Error::msg)?,
        ..Rules::default()
    };
    let addresses = printed.lines().filter(|line| !line.starts_with('{'));
    for address in addresses.filter_map(|line| line.split(' ').next()) {
        let target = address.trim_start_matches("https://img.example.com");
        let fields = Fields::default();
        let authority = "img.example.com";
        let asked = Asked { method: "GET", target, authority, fields: &fields, now: 0 };
        decide(&asked, &rules).with_context(|| address.to_owned())?;
    }
    Ok(())
}

#[test]
fn the_upload_is_small() -> Result<()> {
    let output = Command::new("node")
        .current_dir(workspace::root())
        .args(["node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run"])
        .args(["--env", "production", "--outdir"])
        .arg(workspace::scratch("upload")?)
        .env("WRANGLER_SEND_METRICS", "false")
        .output()?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let size = told.split_once("gzip: ").and_then(|(_, rest)| rest.split_once(" KiB"));
    let size: f64 = size.with_context(|| told.clone())?.0.parse()?;
    ensure!(size <= 2_000_000.0 / 1_024.0, "{size} KiB");
    // What is uploaded is what was built, both components among it.
    for module in ["image.core.wasm", "heic.core.wasm"] {
        ensure!(told.contains(module), "{module}: {told}");
    }
    Ok(())
}
