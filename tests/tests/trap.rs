//! A trap in the isolate: the origin answers, and the next request is as if nothing had been.

use std::fs;

use anyhow::{Context, Result, ensure};
use selvedge_tests::samples::{self, Jpeg, landscape};
use selvedge_tests::stage::{is_picture, is_problem};
use selvedge_tests::upstream::Upstream;
use selvedge_tests::{edge, origin, workspace};

/// `(module (func (export "run") unreachable))`.
const TRAP: [u8; 34] = [
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
    0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // a type: nothing to nothing
    0x03, 0x02, 0x01, 0x00, // a function of it
    0x07, 0x07, 0x01, 0x03, b'r', b'u', b'n', 0x00, 0x00, // exported
    0x0a, 0x05, 0x01, 0x03, 0x00, 0x00, 0x0b, // unreachable
];

/// The component's own bindings, but that a width of 13 traps: no input is known by which the component does so
/// itself.
const TRAPPING: &str = r#"
import * as real from "./component-real.js";
import trap from "./trap.wasm";
export const { digest, modules } = real;
export const instantiate = (...all) => {
  const made = real.instantiate(...all);
  const transform = (source, overlays, options, budget) => {
    if (options.includes("width=13")) new WebAssembly.Instance(trap).exports.run();
    return made.transformer.transform(source, overlays, options, budget);
  };
  return { ...made, transformer: { ...made.transformer, transform } };
};
"#;

#[test]
fn a_trap_stays_with_its_request() -> Result<()> {
    let bundle = workspace::scratch("trapping")?;
    let real = workspace::bundle()?;
    for file in workspace::files_below(&real)? {
        let name = file.strip_prefix(&real)?;
        let name = if name.ends_with("component.js") { "component-real.js".as_ref() } else { name };
        samples::put(&bundle.join(name), &fs::read(&file)?)?;
    }
    samples::put(&bundle.join("component.js"), TRAPPING.as_bytes())?;
    samples::put(&bundle.join("trap.wasm"), &TRAP)?;
    let folder = workspace::scratch("trapping-files")?;
    samples::put(&folder.join("a.jpg"), &Jpeg::default().encode(&landscape(120, 80))?)?;
    let upstream = Upstream::folder(folder)?;
    let origin = origin::start(&format!("{}/", upstream.url()), &[])?;
    let source = format!("SOURCE={}/", upstream.url());
    let flags = ["--bundle", bundle.to_str().context("a path that is text")?];

    let alone = edge::start_with(&[&source], None, &flags)?;
    let before = alone.get("/image/width=14/a.jpg")?;
    is_picture(&before, "edge")?;
    for _ in 0..3 {
        is_problem(&alone.get("/image/width=13/a.jpg")?, 500, "internal")?;
        let after = alone.get("/image/width=14/a.jpg")?;
        is_picture(&after, "edge")?;
        ensure!(after.body == before.body, "another picture after a trap");
    }

    let behind = format!("ORIGIN={}", origin.url());
    let backed = edge::start_with(&[&source, &behind], None, &flags)?;
    let made = backed.get("/image/width=13/a.jpg")?;
    is_picture(&made, "origin")?;
    ensure!(made.body == origin.get("/image/width=13/a.jpg")?.body, "another picture");
    is_picture(&backed.get("/image/width=14/a.jpg")?, "edge")
}
