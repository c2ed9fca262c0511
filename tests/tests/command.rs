//! The component as a command, in a stock engine: the wasmtime that PyPI has.

use std::process::Command;

use anyhow::{Result, ensure};
use selvedge_tests::samples::{self, Jpeg, landscape};
use selvedge_tests::stage::is_picture;
use selvedge_tests::{origin, tools, workspace};

#[test]
fn a_stock_engine_makes_the_same_picture() -> Result<()> {
    let Some(python) = tools::python_with("wasmtime", "wasmtime==50.0.1")? else {
        return Ok(());
    };
    let folder = workspace::scratch("command")?;
    samples::put(&folder.join("in.jpg"), &Jpeg::default().encode(&landscape(203, 135))?)?;
    let run = |arguments: &[&str]| {
        Command::new(&python)
            .arg(workspace::root().join("tests/src/stock.py"))
            .arg(workspace::command()?)
            .arg(&folder)
            .args(arguments)
            .output()
            .map_err(anyhow::Error::from)
    };
    let origin = origin::start(&folder.to_string_lossy(), &[])?;
    for (output, options, target) in [
        ("out.webp", "width=100", "/image/width=100,format=webp/in.jpg"),
        ("out.jpg", "width=60,height=60,fit=cover", "/image/width=60,height=60,fit=cover/in.jpg"),
        ("out.bin", "width=50,format=png", "/image/width=50,format=png/in.jpg"),
    ] {
        let ended = run(&["in.jpg", output, options])?;
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        ensure!(ended.status.success(), "{told}");
        let answer = origin.get(target)?;
        is_picture(&answer, "origin")?;
        ensure!(std::fs::read(folder.join(output))? == answer.body, "{output}: {told}");
    }
    // What is wrong is said, and ends with a status of its own.
    for (arguments, part) in [
        (&["in.jpg", "out.jpg", "width=abc"][..], "bad-option"),
        (&["none.jpg", "out.jpg"][..], "none.jpg"),
        (&["out.bin"][..], "usage"),
    ] {
        let ended = run(arguments)?;
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        ensure!(!ended.status.success() && told.contains(part), "{arguments:?}: {told}");
    }
    Ok(())
}
